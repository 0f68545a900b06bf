"""Contours of grids: exact coordinates by hand, and against contourpy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from contourpy import FillType, contour_generator
from hypothesis import given, settings
from hypothesis import strategies as st

from geo._contour import contour

CELL = 10.0


def grid(picture: str, inside: float = -10.0, outside: float = 10.0) -> Any:
    """Read rows from north to south: ``#`` inside, ``.`` outside, digits as tenths inside."""
    rows = [line.strip() for line in picture.strip().splitlines()][::-1]
    values = {"#": inside, ".": outside}
    return np.array([[values[sign] if sign in values else -float(sign) for sign in row]
                     for row in rows])  # fmt: skip


def drawn(picture: str, smallest_m2: float = 0.0, **values: float) -> Any:
    (area,) = contour([(0, 0, grid(picture, **values))], CELL, smallest_m2)
    assert area.is_valid
    assert area.geom_type == "MultiPolygon"
    return area


def rings(area: Any) -> list[list[tuple[float, float]]]:
    """Return the corners of all rings, outline first, each begun at its lowest corner."""
    found = []
    for part in area.geoms:
        for ring in (part.exterior, *part.interiors):
            corners = list(ring.coords)[:-1]
            first = corners.index(min(corners, key=lambda xy: (xy[1], xy[0])))
            found.append(corners[first:] + corners[:first])
    return found


def test_one_cell_is_a_diamond_counterclockwise() -> None:
    area = drawn("...\n.#.\n...")
    assert rings(area) == [[(10, 5), (15, 10), (10, 15), (5, 10)]]


def test_lines_run_where_the_value_is_nought() -> None:
    # From -2 to +8 a fifth of the way, from -8 to +8 half of it.
    area = drawn("....\n.28.\n....", outside=8.0)
    assert rings(area) == [[(20, 5), (25, 10), (20, 15), (10, 12), (8, 10), (10, 8)]]


def test_coordinates_are_whole_decimetres() -> None:
    area = drawn("...\n.1.\n...", outside=2.0)  # a third of the way: 3.33 m
    assert rings(area) == [[(10, 6.7), (13.3, 10), (10, 13.3), (6.7, 10)]]


def test_grids_begin_where_they_are_said_to() -> None:
    values = grid("...\n.#.\n...")
    one, other = contour([(0, 0, values), (41_000, -3, values)], CELL, 0.0)
    assert shapely.affinity.translate(one, 410_000, -30).equals_exact(other, 0.0)


def test_a_hole_runs_clockwise() -> None:
    area = drawn(".....\n.###.\n.#.#.\n.###.\n.....")
    outline, hole = rings(area)
    assert outline == [(10, 5), (20, 5), (30, 5), (35, 10), (35, 20), (35, 30), (30, 35),
                       (20, 35), (10, 35), (5, 30), (5, 20), (5, 10)]  # fmt: skip
    assert hole == [(20, 15), (15, 20), (20, 25), (25, 20)]


def test_an_island_in_a_hole_is_a_part_of_its_own() -> None:
    area = drawn(
        """
        .........
        .#######.
        .#.....#.
        .#.###.#.
        .#.#.#.#.
        .#.###.#.
        .#.....#.
        .#######.
        .........
        """
    )
    outer, inner = area.geoms
    assert [len(part.interiors) for part in (outer, inner)] == [1, 1]
    assert outer.bounds == (5, 5, 75, 75)
    assert shapely.Polygon(outer.interiors[0]).bounds == (15, 15, 65, 65)
    assert inner.bounds == (25, 25, 55, 55)
    assert shapely.Polygon(inner.interiors[0]).bounds == (35, 35, 45, 45)


def test_holes_side_by_side_lie_in_the_same_part() -> None:
    area = drawn("........\n.######.\n.#.#.##.\n.######.\n........")
    (part,) = area.geoms
    assert sorted(shapely.Polygon(hole).bounds for hole in part.interiors) == [
        (15, 15, 25, 25), (35, 15, 45, 25)]  # fmt: skip


@pytest.mark.parametrize(
    ("inside", "outside", "parts"), [(-10.0, 4.0, 1), (-4.0, 10.0, 2), (-5.0, 5.0, 2)]
)
@pytest.mark.parametrize("picture", ["....\n.#..\n..#.\n....", "....\n..#.\n.#..\n...."])
def test_where_corners_alternate_the_mean_decides(
    picture: str, inside: float, outside: float, parts: int
) -> None:
    assert len(drawn(picture, inside=inside, outside=outside).geoms) == parts


def test_a_saddle_that_holds_together_has_a_waist() -> None:
    area = drawn("....\n..#.\n.#..\n....", inside=-9.0, outside=1.0)
    assert rings(area) == [[(10, 1), (19, 10), (20, 11), (29, 20), (20, 29), (11, 20),
                            (10, 19), (1, 10)]]  # fmt: skip
    area = drawn("....\n.#..\n..#.\n....", inside=-9.0, outside=1.0)
    assert rings(area) == [[(20, 1), (29, 10), (20, 19), (19, 20), (10, 29), (1, 20),
                            (10, 11), (11, 10)]]  # fmt: skip


def test_small_parts_and_holes_are_left_out() -> None:
    picture = """
        .........
        .####..#.
        .#.##....
        .####....
        .........
        """
    every = drawn(picture)
    assert len(every.geoms) == 2
    assert len(every.geoms[0].interiors) == 1
    # A diamond of one cell has 50 m².
    assert drawn(picture, smallest_m2=50.0).equals(every)
    (part,) = drawn(picture, smallest_m2=50.1).geoms
    assert not part.interiors
    assert part.equals(shapely.Polygon(every.geoms[0].exterior))


def test_with_a_part_its_holes_go() -> None:
    picture = ".....\n.###.\n.#.#.\n.###.\n....."
    assert drawn(picture, smallest_m2=2000.0).is_empty


def test_nothing_inside_is_an_empty_area() -> None:
    values = grid("...\n.#.\n...")
    nothing = grid("...\n...\n...")
    one, two, three = contour([(0, 0, nothing), (0, 0, values), (0, 0, nothing)], CELL, 0.0)
    assert one.is_empty
    assert three.is_empty
    assert two.area == 50


def _by_contourpy(values: Any) -> Any:
    """Draw with another implementation, by the same rule for saddles."""
    drawer = contour_generator(z=values, fill_type=FillType.ChunkCombinedOffsetOffset)
    chunks: Any = drawer.filled(-np.inf, 0.0)
    points, ring_ends, part_ends = (chunk[0] for chunk in chunks)
    if points is None:
        return shapely.MultiPolygon()
    offsets = (*(ends.astype(np.int64) for ends in (ring_ends, part_ends)),
               np.array([0, len(part_ends) - 1]))  # fmt: skip
    kind = shapely.GeometryType.MULTIPOLYGON
    return shapely.from_ragged_array(kind, np.rint(points * 100) / 10, offsets)[0]


def _random(seed: int) -> Any:
    rng = np.random.default_rng(seed)
    values = rng.uniform(-10, 10, rng.integers(3, 18, 2)) + rng.uniform(-5, 5)
    values = np.where(values <= 0, np.minimum(values, -0.3), values.clip(0.3, 10))
    values[[0, -1]] = 10
    values[:, [0, -1]] = 10
    return values


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**6))
def test_the_same_as_contourpy(seed: int) -> None:
    values = _random(seed)
    (mine,) = contour([(0, 0, values)], CELL, 0.0)
    theirs = _by_contourpy(values)
    assert mine.is_valid
    assert len(mine.geoms) == len(theirs.geoms)
    assert len(shapely.get_rings(mine)) == len(shapely.get_rings(theirs))
    assert shapely.get_num_coordinates(mine) == shapely.get_num_coordinates(theirs)
    if not mine.is_empty:
        # Ties may be rounded either way.
        assert shapely.hausdorff_distance(mine.boundary, theirs.boundary) <= 0.11


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 2), st.integers(0, 2))
def test_greater_values_give_an_area_within(seed: int, column: int, row: int) -> None:
    """Nested after rounding, whatever part of the plane each grid shows."""
    values = _random(seed)
    rng = np.random.default_rng(seed + 1)
    greater = np.minimum(values + rng.choice([0.0, 0.5, 6.0], values.shape), 10)
    greater = np.where(np.abs(greater) < 0.3, 0.3, greater)
    greater = greater[row:, column:].copy()
    if min(greater.shape) < 3:
        return
    greater[[0, -1]] = 10
    greater[:, [0, -1]] = 10
    larger, smaller = contour(
        [(400_000, 575_000, values), (400_000 + column, 575_000 + row, greater)], CELL, 100.0
    )
    assert smaller.is_empty or larger.covers(smaller)
