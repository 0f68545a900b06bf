"""One stop is one place, however many poles, platforms and relations draw it."""

from __future__ import annotations

import numpy as np
import pytest
from shapely import LineString, Point

from layers._stops import settle_sides, stop_modes, stop_name
from layers.taxonomy import load_taxonomy
from tests.layers.drawn_groups import Case, expected, groups

CASES: list[Case] = [
    (
        "both directions",
        "n1 n2",
        ["n1 0,0 highway=bus_stop|name=Markt", "n2 90,0 highway=bus_stop|name=Markt"],
    ),
    (
        "the same name far away",
        "",
        ["n1 0,0 highway=bus_stop|name=Markt", "n2 210,0 highway=bus_stop|name=Markt"],
    ),
    (
        "another stop nearby",
        "",
        ["n1 0,0 highway=bus_stop|name=Markt", "n2 20,0 highway=bus_stop|name=Rathaus"],
    ),
    (
        "pole, platform, stop position",
        "n1 n2 w1",
        [
            "n1 0,0 highway=bus_stop|name=Markt",
            "w1 2,0-12,0 public_transport=platform|bus=yes|highway=platform",
            "n2 5,5 public_transport=stop_position|bus=yes",
        ],
    ),
    (
        "all of it, both directions, with a stop area",
        "n1 n2 n3 n4 w1",
        [
            "area n1 n2 w1 n3 n4",
            "n1 0,0 highway=bus_stop|name=Markt",
            "n2 5,4 public_transport=stop_position|bus=yes",
            "w1 0,1-10,1 public_transport=platform|bus=yes|highway=platform",
            "n3 60,0 highway=bus_stop|name=Markt",
            "n4 65,4 public_transport=stop_position|bus=yes",
        ],
    ),
    (
        "a stop area says what the names do not",
        "n1 n2",
        [
            "area n1 n2",
            "n1 0,0 highway=bus_stop|name=Markt (Nord)",
            "n2 120,0 highway=bus_stop|name=Alter Markt",
        ],
    ),
    (
        "a stop area that reaches too far",
        "",
        [
            "area n1 n2",
            "n1 0,0 highway=bus_stop|name=Markt",
            "n2 900,0 highway=bus_stop|name=Rathaus",
        ],
    ),
    (
        "one number",
        "n1 n2",
        [
            "n1 0,0 highway=bus_stop|name=Markt|ref:IFOPT=de:05515:46161:1:1",
            "n2 200,0 highway=bus_stop|ref:IFOPT=de:05515:46161:2:2",
        ],
    ),
    (
        "two numbers, one within the name of the other",
        "",
        [
            "n1 0,0 highway=bus_stop|name=Aplerbeck|ref:IFOPT=de:05913:37:1",
            "n2 30,0 highway=bus_stop|name=Bahnhof Aplerbeck|ref:IFOPT=de:05913:99:1",
        ],
    ),
    (
        "a number for every pole, one name",
        "n1 n2",
        [
            "n1 0,0 highway=bus_stop|name=Post|uic_ref=1",
            "n2 60,0 highway=bus_stop|name=Post|uic_ref=2",
        ],
    ),
    (
        "two numbers, one without a name",
        "",
        [
            "n1 0,0 highway=bus_stop|name=Post|uic_ref=1",
            "n2 60,0 highway=bus_stop|uic_ref=2",
        ],
    ),
    (
        "a platform that does not say what stops there, by the tram",
        "n1 w1",
        ["n1 0,0 railway=tram_stop|name=Ring", "w1 30,3-60,3 railway=platform"],
    ),
    (
        "a platform that does not say what stops there, by the station, a bus stop nearer",
        "n1 w1",
        [
            "n1 0,0 railway=station|name=Ring",
            "w1 30,3-60,3 railway=platform",
            "n2 50,10 highway=bus_stop|name=Ring",
        ],
    ),
    (
        "a stop position that does not say what stops there, by the station",
        "n1 n2",
        ["n1 0,0 railway=station|name=Ring", "n2 20,0 public_transport=stop_position"],
    ),
    (
        "the name of the town before it",
        "n1 n2",
        [
            "n1 0,0 railway=tram_stop|name=Friedhof",
            "n2 29,0 highway=bus_stop|name=Leimen Friedhof",
        ],
    ),
    (
        "two poles without names",
        "n1 n2",
        ["n1 0,0 highway=bus_stop", "n2 40,0 highway=bus_stop"],
    ),
    (
        "a pole without a name joins the nearest",
        "n1 n2",
        [
            "n1 0,0 highway=bus_stop|name=Markt",
            "n2 30,0 highway=bus_stop",
            "n3 70,0 highway=bus_stop|name=Rathaus",
        ],
    ),
    (
        "poles without names make no chain between two stops",
        "n1 n2 n3",
        [
            "n1 0,0 highway=bus_stop|name=Markt",
            "n2 60,0 highway=bus_stop",
            "n3 120,0 highway=bus_stop",
            "n4 180,0 highway=bus_stop|name=Rathaus",
        ],
    ),
    (
        "tram and bus at one name",
        "n1 n2",
        ["n1 0,0 highway=bus_stop|name=Markt", "n2 30,0 railway=tram_stop|name=Markt"],
    ),
    (
        "an unnamed tram platform near a bus stop",
        "",
        [
            "n1 0,0 highway=bus_stop|bus=yes|name=Markt",
            "w1 60,0-90,0 public_transport=platform|tram=yes",
        ],
    ),
    (
        "bays of a bus station",
        "n1 n2 w1",
        [
            "w1 0,0+50 amenity=bus_station|name=Bushof",
            "n1 5,5 highway=bus_stop|name=Schaan Bahnhof",
            "n2 40,40 highway=bus_stop|name=Schaan Bahnhof",
        ],
    ),
    (
        "a station and its platforms",
        "n1 w1 w2",
        [
            "n1 0,0 railway=station|name=Lengerich",
            "w1 5,0-200,0 railway=platform|train=yes|public_transport=platform|name=Gleis 1",
            "w2 5,12-200,12 railway=platform|train=yes|public_transport=platform",
        ],
    ),
    (
        "a bus stop before the station",
        "",
        ["n1 0,0 railway=station|name=Lengerich", "n2 20,0 highway=bus_stop|name=Lengerich"],
    ),
    (
        "a bus stop in the stop area of the station",
        "n1 w1; n2 n3",
        [
            "area n1 n2 n3 w1",
            "n1 0,0 railway=station|name=Lengerich",
            "n2 20,0 highway=bus_stop|name=Bahnhof",
            "n3 60,0 highway=bus_stop|name=Bahnhof",
            "w1 5,5-90,5 railway=platform|train=yes|public_transport=platform",
        ],
    ),
    (
        "a part that does not say goes with its stop area",
        "n1 w1",
        [
            "area n1 w1",
            "n1 0,0 railway=halt|name=Nendeln",
            "w1 5,5-90,5 public_transport=platform",
        ],
    ),
]


@pytest.mark.parametrize(("why", "result", "lines"), CASES, ids=[case[0] for case in CASES])
def test_cases(why: str, result: str, lines: list[str]) -> None:
    assert groups(lines) == expected(result), why


def test_a_platform_on_its_own_is_a_stop_and_no_station() -> None:
    taxonomy = load_taxonomy()
    for tags, category in (
        ({"railway": "platform"}, "bus_stop"),
        ({"railway": "platform", "train": "yes"}, "station"),
        ({"railway": "station"}, "station"),
    ):
        found = taxonomy.match(tags)
        assert found is not None
        line = LineString([(0, 0), (50, 0)])
        stop = taxonomy.by_id["bus_stop"]
        others = settle_sides(
            ["w1", "n2"],
            [tags, {"highway": "bus_stop"}],
            [found, stop],
            np.array([line, Point(900, 0)], dtype=object),
            {},
        )
        assert others[0].id == category


def test_a_chain_of_one_name_is_cut() -> None:
    lines = [f"n{number} {140 * number},0 highway=bus_stop|name=Ring" for number in range(1, 9)]
    found = groups(lines)
    assert sum(len(group) for group in found) >= 6
    for group in found:
        numbers = [int(osm_id[1:]) for osm_id in group]
        assert 140 * (max(numbers) - min(numbers)) <= 400


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Markt", ("markt",)),
        ("Gleis 2", ()),
        ("A", ()),
        ("1", ()),
        ("Bussteig 3", ()),
        ("9;10", ()),
        ("", ()),
        ("Rathaus", ("rathaus",)),
        ("Bahnhof", ("bahnhof",)),
    ],
)
def test_names_of_platforms_are_none(text: str, words: tuple[str, ...]) -> None:
    assert stop_name({"name": text}) == words


@pytest.mark.parametrize(
    ("tags", "modes"),
    [
        ({"highway": "bus_stop"}, {"bus"}),
        ({"railway": "tram_stop", "bus": "yes"}, {"tram", "bus"}),
        ({"railway": "halt"}, {"train"}),
        ({"railway": "station", "light_rail": "yes"}, {"light_rail"}),
        ({"public_transport": "platform"}, set()),
        ({"public_transport": "platform", "bus": "no", "tram": "yes"}, {"tram"}),
    ],
)
def test_what_stops_there(tags: dict[str, str], modes: set[str]) -> None:
    assert stop_modes(tags) == modes
