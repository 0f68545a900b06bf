"""Isochrones beside water and railways, and on ways that are not for everybody: drawn."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.isochrones import RADIUS_M, isochrones
from geo.profiles import load_profiles
from tests.geo.drawings import CORNER, Town, draw

WHEELCHAIR = load_profiles()["wheelchair"]
SURE = (
    "highway=footway surface=asphalt smoothness=good width=2 incline=0% kerb=flush wheelchair=yes"
)
BOTH = pytest.mark.parametrize("detailed", [False, True])


def divided(town: Town, *obstacles: str) -> Town:
    """Return the town with obstacles between spots."""
    lines = []
    for line in obstacles:
        # Longer than drawn, so that nothing is seen round its ends.
        xy = np.array([town.spots[spot] for spot in line])
        beyond = 60 * (xy[-1] - xy[0]) / np.hypot(*(xy[-1] - xy[0]))
        lines.append(shapely.LineString([xy[0] - beyond, *xy[1:-1], xy[-1] + beyond]))
    network = replace(town.network, obstacles=np.array(lines, dtype=object), _memory={})
    return replace(town, network=network)


def areas(
    town: Town, minutes: tuple[int, ...] = (5, 10, 15), *, detailed: bool = False,
    state: str = "confirmed",
) -> dict[int, Any]:  # fmt: skip
    trees = town.trees(max(minutes) * 60, state)
    frame = isochrones(town.network, trees, minutes, detailed=detailed)
    moved = frame.geometry.translate(-CORNER[0], -CORNER[1])
    assert frame.is_valid.all()
    return dict(zip(frame["minutes"].tolist(), moved.tolist(), strict=True))


def at(x: float, y: float) -> shapely.Point:
    return shapely.Point(x, y)


def banks(across: int, ways: dict[str, str]) -> Town:
    """Two streets of 300 m on both sides of a river, every character 5 m."""
    street = "-" * 59
    gap = [" " * 61] * (across // 10 - 1)
    river = "P" + " " * 30 + "R" + " " * 30 + "Q"
    rows = [f" h{street}B", *gap, river, *gap, f" C{street}D"]
    return divided(draw("\n".join(rows), metres=5, ways=ways, houses={"h": ""}), "PRQ")


@BOTH
@pytest.mark.parametrize("across", [10, 20, 30])
def test_nothing_spills_over_a_river_without_a_bridge(across: int, *, detailed: bool) -> None:
    town = banks(across, {"hB": "highway=footway", "CD": "highway=footway"})
    for area in areas(town, detailed=detailed).values():
        # As far as the middle of the river, and not farther.
        assert area.bounds[1] == pytest.approx(-across / 2, abs=0.5)
        assert area.covers(at(150, -across / 2 + 0.5))


@BOTH
@pytest.mark.parametrize("across", [10, 20, 30])
def test_over_a_bridge_both_banks_are_one_area(across: int, *, detailed: bool) -> None:
    ways = {"hB": "highway=footway", "CD": "highway=footway", "BD": "highway=footway bridge=yes"}
    found = areas(banks(across, ways), detailed=detailed)
    # B is reached after 300 s, the middle of the other bank after 450 s and the bridge.
    assert not found[5].intersects(shapely.LineString([(5, -across), (295, -across)]))
    assert found[10].covers(at(200, -across - 20))
    assert not found[10].covers(at(5, -across))
    assert found[15].covers(shapely.box(20, -across - 30, 290, 30))
    for shorter, longer in pairwise(found.values()):
        assert longer.covers(shorter)


@BOTH
def test_an_underpass_leads_under_a_railway(*, detailed: bool) -> None:
    picture = """
        P                              Q
                 D
        h--------A---------------------B

        R--------M---------------------S   # the railway

        C--------E---------------------F
        """
    ways = {"hAB": "highway=footway", "CEF": "highway=footway"}
    closed = divided(draw(picture, metres=10, ways=ways, houses={"h": ""}), "RMS")
    assert areas(closed, (15,), detailed=detailed)[15].bounds[1] == pytest.approx(-40, abs=0.5)
    # The cells at both ends of the way under it lie on their own side of the railway.
    under = {**ways, "AE": "highway=footway tunnel=yes"}
    town = divided(draw(picture, metres=10, ways=under, houses={"h": ""}), "RMS")
    found = areas(town, (1, 2, 3), detailed=detailed)
    # A after 90 s, E after 130 s: 50 s are left there.
    assert found[1].bounds[3] - found[1].bounds[1] < 2 * RADIUS_M + 1
    assert found[2].covers(at(90, -46))
    assert not found[2].covers(at(90, -56))
    assert not found[2].covers(at(60, -60))
    assert found[3].covers(at(60, -70))
    assert found[3].covers(at(125, -60))
    assert not found[3].covers(at(150, -60))


@BOTH
def test_a_canal_with_two_shores_is_water_between_them(*, detailed: bool) -> None:
    picture = """
        h-----------------------------B

        P-----------------------------Q
        R-----------------------------S
        C-----------------------------D
        """
    ways = {"hB": "highway=footway", "CD": "highway=footway"}
    town = divided(draw(picture, metres=12, ways=ways, houses={"h": ""}), "PQ", "RS")
    area = areas(town, (15,), detailed=detailed)[15]
    assert area.bounds[1] == pytest.approx(-24, abs=0.5)


@BOTH
def test_what_the_other_bank_is_nearer_to_still_belongs_to_this_one(*, detailed: bool) -> None:
    """25 m from the street, 3 m before the river: the path beyond it does not matter."""
    picture = """
        h-----------------------------------------------B



        P                                               Q
        C-----------------------------------------------D
        """
    # Beyond the river one gets after 5 min only.
    ways = {"hB": "highway=footway", "CD": "highway=footway", "BD": "highway=footway"}
    town = divided(draw(picture, metres=7, ways=ways, houses={"h": ""}), "PQ")
    area = areas(town, (5,), detailed=detailed)[5]
    assert area.covers(at(150, -26))
    assert area.bounds[1] == pytest.approx(-28, abs=0.5)
    # Without the river the middle between both decides.
    dry = draw(picture, metres=7, ways=ways, houses={"h": ""})
    area = areas(dry, (5,), detailed=detailed)[5].intersection(shapely.box(100, -50, 200, 0))
    assert area.bounds[1] == pytest.approx(-17.5, abs=0.5 if detailed else 5)


def wheels(picture: str, ways: dict[str, str], **more: Any) -> Town:
    return draw(picture, metres=10, ways=ways, houses={"h": ""}, profile=WHEELCHAIR, **more)


@BOTH
def test_what_lies_at_steps_is_not_reached_on_wheels(*, detailed: bool) -> None:
    town = wheels(
        """
        h---A-----------------------------B
            |
            C-----------------------------D
        """,
        {"hAB": SURE, "ACD": "highway=steps"},
    )
    area = areas(town, (10,), detailed=detailed)[10]
    assert area.covers(at(200, -5))
    assert not area.covers(at(200, -15 if detailed else -19))
    assert not area.covers(at(200, -20))
    walking = draw(
        "h---A-----B\n    |\n    C-----D", metres=10, ways={"hAB": SURE, "ACD": "highway=steps"},
        houses={"h": ""},
    )  # fmt: skip
    assert areas(walking, (10,), detailed=detailed)[10].covers(at(60, -20))


@BOTH
def test_a_node_that_is_closed_ends_the_way(*, detailed: bool) -> None:
    ways = {"hKB": SURE}
    picture = "h---------K--------------------B"
    raised = wheels(picture, ways, nodes={"K": "kerb=raised"})
    area = areas(raised, (10,), detailed=detailed)[10]
    assert area.covers(at(95, 0))
    assert area.bounds[2] < 150
    lowered = wheels(picture, ways, nodes={"K": "kerb=flush"})
    assert areas(lowered, (10,), detailed=detailed)[10].covers(at(300, 0))


def test_possible_ways_are_drawn_with_the_possible_ones_only() -> None:
    town = wheels("h---------A--------------------B", {"hA": SURE, "AB": "highway=footway"})
    sure = areas(town, (10,))[10]
    maybe = areas(town, (10,), state="possible")[10]
    assert maybe.covers(at(250, 0))
    assert not sure.covers(at(160, 0))
    assert maybe.covers(sure)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=5, max_size=12),
    st.lists(st.sampled_from([SURE, "highway=footway", "highway=steps"]), min_size=3, max_size=3),
    st.integers(5, 25),
    st.booleans(),
)
def test_confirmed_lies_within_possible_and_shorter_within_longer(
    spots: list[tuple[int, int]],
    tags: list[str],
    metres: int,
    detailed: bool,  # noqa: FBT001
) -> None:
    names = "hABCDEFGIJKL"[: len(spots)]
    grid: dict[tuple[int, int], str] = {}
    for name, spot in zip(names, spots, strict=True):
        grid.setdefault(spot, name)
    drawn = "".join(grid.values())
    if len(drawn) < 4:
        return
    picture = "\n".join("".join(grid.get((x, y), ".") for x in range(31)) for y in range(31))
    ways = dict(zip((drawn, drawn[::-2], drawn[::3]), tags, strict=True))
    ways = {name: said for name, said in ways.items() if len(name) > 1}
    town = draw(picture, metres=metres, ways=ways, houses={"h": ""}, profile=WHEELCHAIR)
    town = divided(town, drawn[-1] + drawn[1])
    minutes = (1, 2, 4, 6)
    trees = [*town.trees(360), *town.trees(360, "possible")]
    frame = isochrones(town.network, trees, minutes, detailed=detailed)
    assert frame.is_valid.all()
    found = frame.set_index(["state", "minutes"]).geometry
    for state in set(frame["state"]):
        for shorter, longer in pairwise(minutes):
            assert found[state, longer].covers(found[state, shorter])
    for minute in minutes:
        if ("confirmed", minute) in found.index:
            assert found["possible", minute].covers(found["confirmed", minute])


@BOTH
def test_threads_do_not_matter(*, detailed: bool) -> None:
    picture = """
        h---A---B---C
            |   |   |
        i---D---E---k
        """
    town = draw(picture, metres=60, ways={"hABC": "highway=footway", "iDEk": "highway=footway",
                                          "AD": "highway=footway", "BE": "highway=steps"},
                houses={"h": "", "i": "", "k": ""})  # fmt: skip
    fresh = replace(town.network, _memory={})
    trees = town.trees(900)
    one = isochrones(town.network, trees, threads=1, detailed=detailed)
    many = isochrones(fresh, trees[::-1], threads=3, detailed=detailed)
    assert one.equals(many)
    assert [area.wkb for area in one.geometry] == [area.wkb for area in many.geometry]
