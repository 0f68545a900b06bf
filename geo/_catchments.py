"""Which of two sets of lines is nearer: what lies beside ways that are not reached."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import cKDTree

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Shapes = npt.NDArray[Any]

STEP_M = 4.0
"""Lines stand for points so far apart; the border between two lines is as exact as that
allows, under a metre where they run 3 m apart."""


def nearer_to(lines: Shapes, group: Ints, others: Shapes, within_m: float) -> Shapes:
    """Return what lies nearer to some lines than to others.

    Parameters
    ----------
    lines, others
        LineStrings.
    group
        Of each of ``lines``, 0, 1, 2, …: the lines of a group are one.
    within_m
        What is farther from the others does not matter.

    Returns
    -------
    numpy.ndarray
        Per group a polygon or MultiPolygon, right within half of ``within_m`` of the others;
        empty where none is near.
    """
    found = np.full(int(group.max(initial=-1)) + 1, shapely.Polygon(), dtype=object)
    mine, owner = _strew(lines)
    theirs, _ = _strew(others)
    if not len(mine) or not len(theirs):
        return found
    near = np.isfinite(cKDTree(theirs).query(mine, distance_upper_bound=within_m)[0])
    mine, owner = mine[near], owner[near]
    if not len(mine):
        return found
    # The same spot twice has only one cell; what is as near to both counts as nearer to the
    # first.
    points, back = np.unique(np.concatenate([mine, theirs]), axis=0, return_inverse=True)
    frame = shapely.box(*(points.min(axis=0) - within_m), *(points.max(axis=0) + within_m))
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), extend_to=frame, ordered=True)
    )
    cell, label = back.ravel()[: len(mine)], group[owner]
    for number in np.unique(label):
        found[number] = shapely.coverage_union_all(cells[np.unique(cell[label == number])])
    return found


def _strew(lines: Shapes) -> tuple[Floats, Ints]:
    """Strew points along lines, never at their ends; return them and whose they are."""
    count = np.maximum(np.ceil(shapely.length(lines) / STEP_M), 1).astype(np.int64)
    owner = np.repeat(np.arange(len(lines)), count)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    share = (number + 0.5) / count[owner]
    spots = shapely.line_interpolate_point(lines[owner], share, normalized=True)
    return np.round(shapely.get_coordinates(spots), 2), owner
