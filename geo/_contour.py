"""Areas where values on a grid are not above nought, as rounded polygons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo._rings import WAYS_OUT, trace_rings

Floats = npt.NDArray[np.float64]

PER_M = 10
"""Coordinates are rounded to whole decimetres."""


def contour(
    grids: Sequence[tuple[int, int, Floats]], cell_m: float, smallest_m2: float
) -> npt.NDArray[Any]:
    """Draw the areas of several grids.

    Parameters
    ----------
    grids
        Of each: column and row of its first cell, whose centre lies at so many cells, and
        the values, above nought along the rim, shape ``(rows, columns)``.
    cell_m
        Size of the cells.
    smallest_m2
        Smaller parts and holes are left out.

    Returns
    -------
    numpy.ndarray
        A MultiPolygon for each grid, may be empty; coordinates in whole decimetres.

    Notes
    -----
    Between the centres of cells values are interpolated linearly. Where corners of a square
    of cells alternate, the mean of the four decides. So an area whose values are nowhere
    greater holds the other, rounding included, if no value is so close to nought that
    rounding takes the line to a centre: the line has to stay 1 dm off on either side.
    """
    points, ring_starts, part_starts, area_starts = [], [np.zeros(1, np.int64)], [], [0]
    used, rings, parts = 0, 0, 0
    part_starts.append(np.zeros(1, np.int64))
    for column, row, values in grids:
        xy, ring_of, part_of = trace_rings(
            values, column, row, cell_m * PER_M, smallest_m2 * PER_M**2, WAYS_OUT
        )
        points.append(xy)
        ring_starts.append(ring_of[1:] + used)
        part_starts.append(part_of[1:] + rings)
        used, rings, parts = used + len(xy), rings + len(ring_of) - 1, parts + len(part_of) - 1
        area_starts.append(parts)
    return shapely.from_ragged_array(
        shapely.GeometryType.MULTIPOLYGON,
        np.concatenate(points) / PER_M,
        (np.concatenate(ring_starts), np.concatenate(part_starts), np.array(area_starts)),
    )
