"""What a walk should settle first: counted by hand on drawn maps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from geo.errors import StudyError
from geo.profiles import load_profiles
from geo.step_free import FACT_LABELS, FACT_QUESTIONS
from layers.study import Study, StudySettings
from layers.walklist import UNDRAWN, Walklist, find_walklist, study_on_wheels
from tests.geo.drawings import Town
from tests.geo.marked import WHEELS, draw_marked, mark
from tests.layers.walk_studies import ready_study

FOOTWAY = "highway=footway"


def listed(town: Town, minutes: float = 30, **more: Any) -> Walklist:
    return find_walklist(ready_study(town, **more), [WHEELS], 60 * minutes)


def rows(walk: Walklist, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in columns) for row in walk.frame.to_dict("records")]


# Two houses left, four places right. Everybody takes the bridge AB (way 3). Behind it x and y
# are free, u lies behind way 6 and z behind ways 6 and 7.
#
#   g                   u
#   |                   |
#   G---A-------B---C---D---E
#       |       x   y       z
#       H--h
BRIDGE = """
    g                   u
    |                   |
    G---A-------B---C---D---E
        |       x   y       z
        H--h
    """
BRIDGE_WAYS = {
    "gG": FOOTWAY,
    "GA": FOOTWAY,
    "AB": "highway=footway name=Brückenweg",
    "AHh": FOOTWAY,
    "BC": FOOTWAY,
    "CD": "highway=residential name=Lange~Straße",
    "DE": FOOTWAY,
    "Du": FOOTWAY,
}


def bridge(**more: Any) -> Town:
    known = {"unknown": {3: "surface", 6: "surface kerb", 7: "width"}, **more}
    return draw_marked(
        BRIDGE,
        metres=10,
        ways=BRIDGE_WAYS,
        houses={"g": "", "h": ""},
        places={"x": "", "y": "", "z": "", "u": ""},
        **known,
    )


def test_the_way_that_opens_most_comes_first() -> None:
    walk = listed(bridge())
    # 2 houses x 4 places wait for the bridge; u and z for way 6 too, z for way 7 as well.
    assert rows(walk, "osm_id", "pairs", "places", "houses") == [
        ("w3", 8, 4, 2),
        ("w6", 4, 2, 2),
        ("w7", 2, 1, 2),
    ]
    assert walk.waiting == 8
    # x and y wait for the bridge alone. With way 6 u opens too, with way 7 all of them.
    assert rows(walk, "alone", "together") == [(4, 4), (0, 6), (0, 8)]
    assert rows(walk, "rank", "metres") == [(1, 80.0), (2, 40.0), (3, 40.0)]
    assert walk.frame["id"].tolist() == ["w3:surface", "w6:surface+kerb", "w7:width"]
    assert walk.frame["profiles"].tolist() == ["rollator"] * 3


def test_what_is_missing_and_what_is_asked_is_said_in_german() -> None:
    row = listed(bridge()).frame.iloc[1]
    assert row["name"] == "Lange Straße"
    assert row["missing"] == f"{FACT_LABELS['surface']}, {FACT_LABELS['kerb']}"
    assert row["questions"].split("\n") == [FACT_QUESTIONS["surface"], FACT_QUESTIONS["kerb"]]
    assert listed(bridge()).frame.iloc[2]["name"] == "Fußweg ohne Namen"


def test_settling_the_first_opens_what_waits_for_it_alone() -> None:
    before = listed(bridge())
    after = listed(bridge(unknown={6: "surface kerb", 7: "width"}))
    assert after.waiting == before.waiting - before.frame["alone"].iloc[0]
    settled = listed(bridge(unknown={7: "width"}))
    assert settled.waiting == before.waiting - before.frame["together"].iloc[1]
    assert listed(bridge(unknown={})).frame.empty
    assert listed(bridge(unknown={})).waiting == 0


def test_places_out_of_time_do_not_count() -> None:
    # From h over H, A and B to x: 30 + 20 + 80 + 10 m; y 40 m more. From g 20 m more.
    walk = listed(bridge(), minutes=140 / 60)
    assert rows(walk, "osm_id", "pairs", "places", "houses") == [("w3", 1, 1, 1)]


def test_only_places_that_are_asked_for_count() -> None:
    assert listed(bridge(), category="bench").waiting == 0


def test_kerbs_are_spots_of_their_own() -> None:
    town = draw_marked(
        "h--A--K--B--x",
        metres=10,
        ways={
            "hAK": "highway=footway name=Am~Tor",
            "KBx": "highway=residential name=Markt",
        },
        nodes={"K": "barrier=kerb kerb=yes"},
        unknown_nodes={"K": "kerb"},
        houses={"h": ""},
        places={"x": "", "B": ""},
    )
    walk = listed(town)
    assert rows(walk, "osm_id", "name", "pairs", "metres") == [
        (f"n{ord('K')}", "Bordstein: Am Tor / Markt", 2, 0.0)
    ]
    assert walk.frame.geometry.iloc[0].geom_type == "Point"


def test_one_way_is_listed_once_even_where_it_is_in_pieces() -> None:
    # Way 2 is cut at B and C; x is reached over all of it, y over a part. Its pieces are one
    # look, and count once for each place.
    town = draw_marked(
        """
        h--A--B--C--D--x
              y  z
        """,
        metres=10,
        ways={"hA": FOOTWAY, "ABCD": FOOTWAY, "Dx": FOOTWAY, "By": FOOTWAY, "Cz": FOOTWAY},
        unknown={2: "surface"},
        houses={"h": ""},
        places={"x": "", "y": "", "z": ""},
    )
    walk = listed(town)
    assert rows(walk, "osm_id", "pairs", "metres") == [("w2", 3, 90.0)]
    assert shapely.get_num_geometries(walk.frame.geometry.iloc[0]) == 1


def test_of_ways_that_open_the_same_the_longer_comes_first() -> None:
    town = draw_marked(
        "h--A--B-----C--x",
        metres=10,
        ways={"hA": FOOTWAY, "AB": FOOTWAY, "BC": FOOTWAY, "Cx": FOOTWAY},
        unknown={2: "surface", 3: "surface"},
        houses={"h": ""},
        places={"x": ""},
    )
    assert rows(listed(town), "osm_id", "alone", "together") == [("w3", 0, 0), ("w2", 0, 1)]


def test_one_look_answers_for_both_profiles() -> None:
    town = bridge(unknown={3: "surface"})
    chair = replace(WHEELS, id="wheelchair")
    network = mark(town.network, chair, ways={3: "incline", 7: "width"})
    ready = ready_study(replace(town, network=network))
    walk = find_walklist(ready, [WHEELS, chair], 1800)
    # A pair of house and place counts once, whoever is on the way.
    assert rows(walk, "id", "pairs", "profiles") == [
        ("w3:surface+incline", 8, "rollator,wheelchair"),
        ("w7:width", 2, "wheelchair"),
    ]
    # With the rollator all 8 wait for the bridge alone.
    assert rows(walk, "alone", "together") == [(8, 8), (0, 8)]


def test_a_straight_line_to_a_gate_is_a_question_too() -> None:
    town = draw_marked(
        "h--A---B--x",
        metres=10,
        ways={"hA": FOOTWAY, "AB": FOOTWAY, "Bx": FOOTWAY},
        unknown={2: ""},
        houses={"h": ""},
        places={"x": ""},
    )
    network = town.network
    link = network.edge_way == 2
    way = np.where(link, 0, network.edge_way)
    drawn = replace(network, edge_way=way, edge_estimated=link, _memory={})
    walk = listed(replace(town, network=drawn))
    assert rows(walk, "osm_id", "missing", "name") == [("", UNDRAWN, "Gerade Linie zum Tor")]


def test_the_list_does_not_depend_on_the_order_of_houses() -> None:
    one = listed(bridge())
    town = bridge()
    turned = replace(
        town, sites=replace(town.sites, houses=town.sites.houses.iloc[::-1].reset_index(drop=True))
    )
    other = listed(turned)
    assert one.frame.drop(columns="geometry").equals(other.frame.drop(columns="geometry"))


def study(**keys: Any) -> Study:
    known = {"name": "T", "extract": "x", "sites": "s", **keys}
    return Study(folder=Path("ort"), settings=StudySettings.model_validate(known))


def test_whose_ways_are_looked_at() -> None:
    wheels = [key for key, one in load_profiles().items() if one.limits is not None]
    assert sorted(study_on_wheels(study(), None).settings.profiles) == sorted(wheels)
    assert study_on_wheels(study(profiles=("walk",)), "wheelchair").settings.profiles == (
        "wheelchair",
    )
    assert study_on_wheels(study(profiles=("walk", "rollator")), None).settings.profiles == (
        "rollator",
    )


@pytest.mark.parametrize(
    ("profiles", "asked", "said"),
    [
        (("walk",), None, "auf Rädern"),
        (("walk",), "resident", "auf Rädern"),
        (("walk",), "rollstuhl", "wheelchair"),
    ],
)
def test_who_needs_no_walk_is_told(profiles: tuple[str, ...], asked: str, said: str) -> None:
    with pytest.raises(StudyError, match=said):
        study_on_wheels(study(profiles=profiles), asked)


def test_many_houses_are_looked_at_some_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = listed(bridge())
    monkeypatch.setattr("layers.walklist._AT_ONCE", 1)
    parts = listed(bridge())
    assert whole.waiting == parts.waiting == 8
    assert whole.frame.drop(columns="geometry").equals(parts.frame.drop(columns="geometry"))
