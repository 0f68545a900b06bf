"""Cells of a grid from the points that stand for them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS

Floats = npt.NDArray[np.float64]

_SMALLEST_M = 50.0
_LARGEST_M = 20_000.0
_SMALLEST_DEGREES = 0.0005
_LARGEST_DEGREES = 0.2
_FEWEST = 4
_TOLERANCE = 1e-3


def grid_step(x: Floats, y: Floats, crs: CRS) -> tuple[float, float] | None:
    """Return the spacing of points if they form a grid, else None.

    Points form a grid if on each axis all differences between them are whole multiples of
    the smallest one, and that is as wide as the cells of a grid are (50 m to 20 km, or 0.0005
    to 0.2 degrees). In metres both axes must have the same spacing.

    Parameters
    ----------
    x, y
        Coordinates, shape ``(n,)``.
    crs
        Theirs.
    """
    if len(x) < _FEWEST:
        return None
    low, high = (_SMALLEST_DEGREES, _LARGEST_DEGREES)
    if crs.is_projected:
        low, high = (_SMALLEST_M, _LARGEST_M)
    steps = (_axis_step(x), _axis_step(y))
    if any(step is None or not low <= step <= high for step in steps):
        return None
    width, height = float(steps[0] or 0), float(steps[1] or 0)
    if crs.is_projected and abs(width - height) > _TOLERANCE * width:
        return None
    return width, height


def _axis_step(values: Floats) -> float | None:
    known = np.unique(values)
    gaps = np.diff(known)
    gaps = gaps[gaps > 1e-9]  # noqa: PLR2004 - rounding of degrees
    if not len(gaps):
        return None
    step = float(gaps.min())
    multiples = gaps / step
    # Degrees are rounded: many steps in a row must still be whole ones.
    off = np.abs(multiples - np.round(multiples))
    return step if np.all(off < _TOLERANCE * np.maximum(1, multiples)) else None


def are_corners(x: Floats, y: Floats, step: tuple[float, float], crs: CRS) -> bool:
    """Whether points are the south-west corners of cells rather than their middles.

    Grids in metres begin at whole multiples of their spacing, so only corners are multiples.
    """
    if not crs.is_projected:
        return False
    return all(
        bool(np.all(np.abs(values / size - np.round(values / size)) < _TOLERANCE))
        for values, size in ((x, step[0]), (y, step[1]))
    )


def cells_around(
    x: Floats, y: Floats, step: tuple[float, float], *, corners: bool
) -> npt.NDArray[Any]:
    """Return cells of a size around their middles, or north-east of their corners."""
    width, height = step
    west = x if corners else x - width / 2
    south = y if corners else y - height / 2
    return np.asarray(shapely.box(west, south, west + width, south + height))
