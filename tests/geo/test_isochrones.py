"""Isochrones: drawn towns with areas known by hand, and points checked on real towns."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.isochrone_quality import measure
from geo.isochrones import RADIUS_M, isochrones
from geo.reader import read_extract
from tests.geo.drawings import CORNER, Town, draw


def areas(town: Town, minutes: tuple[int, ...] = (5, 10, 15), origin: str = "h") -> dict[int, Any]:
    """Return the areas of an origin by minutes, moved to the corner."""
    frame = isochrones(town.network, town.trees(max(minutes) * 60), minutes)
    frame = frame[frame["house_id"] == origin]
    moved = frame.geometry.translate(-CORNER[0], -CORNER[1])
    return dict(zip(frame["minutes"].tolist(), moved.tolist(), strict=True))


def at(x: float, y: float) -> shapely.Point:
    return shapely.Point(x, y)


STREET = "h-------------------B"


def test_a_straight_street_is_a_strip_that_ends_where_the_time_is_up() -> None:
    town = draw(STREET, metres=100, ways={"hB": "highway=footway"}, houses={"h": ""})
    found = areas(town)
    assert list(found) == [5, 10, 15]
    for minutes, area in found.items():
        assert area.bounds == pytest.approx(
            (-RADIUS_M, -RADIUS_M, minutes * 60, RADIUS_M), abs=0.5
        )
        # A strip with a round cap behind the house.
        strip = minutes * 60 * 2 * RADIUS_M + np.pi * RADIUS_M**2 / 2
        assert area.area == pytest.approx(strip, rel=0.01)


def test_a_frame_with_the_promised_columns_and_rounded_coordinates() -> None:
    town = draw(
        "h---i---B",
        metres=40,
        ways={"hiB": "highway=footway"},
        houses={"h": "", "i": ""},
    )
    frame = isochrones(town.network, town.trees(900), (15, 5))
    assert isinstance(frame, gpd.GeoDataFrame)
    assert frame.columns.tolist() == ["house_id", "profile", "state", "minutes", "geometry"]
    assert frame["house_id"].tolist() == ["h", "h", "i", "i"]
    assert frame["minutes"].tolist() == [5, 15, 5, 15]
    assert set(frame["profile"]) == {"resident"}
    assert frame.crs == "EPSG:25832"
    assert set(frame.geom_type) == {"MultiPolygon"}
    xy = shapely.get_coordinates(frame.geometry.to_numpy())
    assert np.abs(xy * 10 - np.round(xy * 10)).max() < 1e-6


def test_seconds_on_steps_count_double() -> None:
    town = draw(STREET, metres=100, ways={"hB": "highway=steps"}, houses={"h": ""})
    assert areas(town, (5,))[5].bounds[2] == pytest.approx(150, abs=0.5)


def test_a_block_too_wide_for_its_streets_is_a_hole() -> None:
    town = draw(
        """
        h---B
        |   |
        C---D
        """,
        metres=50,
        ways={"hBDCh": "highway=footway"},
        houses={"h": ""},
    )
    area = areas(town, (15,))[15]
    assert not area.covers(at(100, -50))
    (part,) = area.geoms
    (hole,) = part.interiors
    # 200 × 100 m, less 35 m on every side.
    assert shapely.Polygon(hole).area == pytest.approx(130 * 30, rel=0.02)


RIVER = """
    h---------------B
    ================   # 60 m of water
    C---------------D
    """


def test_nothing_spills_over_a_river_without_a_bridge() -> None:
    ways = {"hB": "highway=footway", "CD": "highway=footway"}
    town = draw(RIVER, metres=30, ways=ways, houses={"h": ""})
    area = areas(town)[15]
    assert area.covers(at(240, -20))
    # Past the middle of the water the other bank is nearer, and nobody gets there.
    assert not area.intersects(shapely.LineString([(0, -36), (480, -36)]))
    bridge = draw(RIVER, metres=30, ways={**ways, "BD": "highway=footway"}, houses={"h": ""})
    assert areas(bridge)[15].covers(at(400, -60))
    assert not areas(bridge)[5].covers(at(400, -60))


def test_a_closed_fence_keeps_the_street_behind_it_out() -> None:
    town = draw(
        """
        P-----------Q
        | h---A-----L---C
        S-----------R   |
        |               |
        G               |
        |               |
        E---------------D
        """,
        metres=30,
        ways={"hAL": "highway=footway", "LC": "highway=footway", "CDES": "highway=footway",
              "hS": "highway=footway"},
        sites={"klinik": "PQRS"},
        houses={"h": "klinik"},
        gates={"S": ("klinik", "open")},
    )  # fmt: skip
    area = areas(town)[5]
    assert area.covers(at(350, -30))
    # C is 120 m from the fence, but 870 m on foot.
    assert not area.covers(at(470, -30))


def test_a_house_far_from_its_street_lies_in_its_own_area() -> None:
    town = draw(
        """
        A---------B
             |
             h
        """,
        metres=100,
        ways={"AB": "highway=footway"},
        houses={"h": ""},
    )
    found = areas(town)
    for area in found.values():
        assert area.covers(at(500, -200))
    # 200 s to the street, 100 s to both sides.
    assert found[5].covers(at(590, 0))
    assert not found[5].covers(at(610, 0))


def test_who_is_not_connected_has_no_area() -> None:
    town = draw(
        "A---B                 h", metres=40, ways={"AB": "highway=footway"}, houses={"h": ""}
    )
    frame = isochrones(town.network, town.trees(900))
    assert frame.empty
    assert frame.columns.tolist() == ["house_id", "profile", "state", "minutes", "geometry"]


def test_an_island_has_the_area_of_the_island() -> None:
    town = draw(
        """
        A---B                 h---D---E
            C
        """,
        metres=40,
        ways={"ABC": "highway=footway", "hDE": "highway=footway"},
        houses={"h": ""},
    )
    area = areas(town, (5,))[5]
    assert area.covers(at(22 * 40 + 160, 0))
    assert not area.covers(at(80, 0))


def test_a_site_starts_at_all_its_gates() -> None:
    town = draw(
        """
        P-------Q
        G       L-------B
        S-------R
        """,
        metres=100,
        ways={"LB": "highway=footway"},
        sites={"klinik": "PQRS"},
        gates={"L": ("klinik", "open"), "G": ("klinik", "open")},
    )
    area = areas(town, (5,), origin="klinik")[5]
    assert area.covers(at(1090, -100))
    assert not area.covers(at(1110, -100))


def test_the_search_must_reach_as_far_as_the_area() -> None:
    town = draw(STREET, metres=100, ways={"hB": "highway=footway"}, houses={"h": ""})
    with pytest.raises(ValueError, match="15 minutes"):
        isochrones(town.network, town.trees(600))


def test_areas_do_not_depend_on_what_was_drawn_before() -> None:
    picture = """
        h---A---B---C
            |   |
            D---E---i
        """
    ways = {"hABC": "highway=footway", "ADEi": "highway=footway", "BE": "highway=steps"}
    both = draw(picture, metres=60, ways=ways, houses={"h": "", "i": ""})
    alone = draw(picture, metres=60, ways=ways, houses={"i": ""})
    together = isochrones(both.network, both.trees(900))
    again = isochrones(both.network, both.trees(900))
    only = isochrones(alone.network, alone.trees(900))
    assert together.equals(again)
    mine = together[together["house_id"] == "i"].geometry.tolist()
    assert [area.wkb for area in mine] == [area.wkb for area in only.geometry]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=4, max_size=14),
    st.integers(5, 30),
    st.sampled_from([(1, 2, 3), (5, 10, 15), (3, 4, 5)]),
)
def test_areas_are_valid_nested_and_hold_their_origin(
    spots: list[tuple[int, int]], metres: int, minutes: tuple[int, ...]
) -> None:
    """Whatever the streets: valid, rounded, the shorter within the longer, the origin inside."""
    names = "hABCDEFGIJKLMN"[: len(spots)]
    grid: dict[tuple[int, int], str] = {}
    for name, spot in zip(names, spots, strict=True):
        grid.setdefault(spot, name)
    picture = "\n".join(
        "".join(grid.get((column, row), ".") for column in range(41)) for row in range(41)
    )
    drawn = "".join(grid.values())
    if len(drawn) < 2:
        return
    ways = {drawn: "highway=footway", **({drawn[::-2]: "highway=steps"} if len(drawn) > 3 else {})}
    town = draw(picture, metres=metres, ways=ways, houses={"h": ""})
    found = areas(town, minutes)
    origin = shapely.Point(np.array(town.spots["h"]) - CORNER)
    for area in found.values():
        assert area.is_valid
        assert area.covers(origin)
    for shorter, longer in pairwise(minutes):
        assert found[longer].covers(found[shorter])


@pytest.mark.parametrize("name", ["neubrandenburg-2016.nometa", "berlin-miraustr-2026.nometa"])
@pytest.mark.parametrize("profile_id", ["resident", "wheelchair"])
def test_points_on_real_towns_lie_where_their_time_says(
    shared_data: Path, name: str, profile_id: str
) -> None:
    extract = read_extract(shared_data / "osm" / f"{name}.osm.pbf", ())
    quality = measure(extract, houses=5, points=400, seed=7, profile_id=profile_id)
    assert quality.precision >= 0.97
    assert quality.recall >= 0.99
    assert quality.invalid == quality.not_nested == 0


def test_in_detail_hardly_any_point_is_wrong(shared_data: Path) -> None:
    extract = read_extract(shared_data / "osm" / "berlin-miraustr-2026.nometa.osm.pbf", ())
    quality = measure(extract, houses=2, points=400, seed=7, detailed=True)
    assert quality.precision >= 0.99
    assert quality.recall >= 0.995
    assert quality.invalid == quality.not_nested == 0
