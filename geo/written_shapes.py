"""Geometries as they are written: moved to a CRS, rounded, still valid, right-handed."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo.crs import WGS84, transformer

DEGREE_DECIMALS = 7
"""Decimals of longitude and latitude in GeoJSON: about one centimetre (RFC 7946, 11.2)."""

METRE_DECIMALS = 2
"""Decimals of coordinates in metres: a centimetre, as in degrees."""


def written_shapes(shapes: Any, source: str, target: str) -> npt.NDArray[np.object_]:
    """Return geometries as an answer or a file holds them.

    Parameters
    ----------
    shapes
        Geometries, shape (n,); None where there is none.
    source, target
        Their CRS and the wanted one, e.g. ``"EPSG:25832"``. In ``"EPSG:4326"`` longitude
        comes first.

    Returns
    -------
    numpy.ndarray of object
        Shape (n,): two-dimensional, rounded to seven decimals in degrees and to centimetres
        in other systems, areas with their outer rings anticlockwise (RFC 7946, 3.1.6). An area
        that is valid stays so; None stands for what is missing, is empty or vanishes.
    """
    decimals = DEGREE_DECIMALS if target == WGS84 else METRE_DECIMALS
    moved = shapely.force_2d(np.asarray(shapes, dtype=object))
    moved[shapely.is_empty(moved)] = None
    if source != target:
        there = transformer(source, target)
        moved = shapely.transform(
            moved, lambda xy: np.column_stack(there.transform(xy[:, 0], xy[:, 1]))
        )
    rounded = _round(moved, decimals)
    # Rounding moves corners by up to half a centimetre; where that makes a sliver cross
    # itself, GEOS rounds again and keeps the area valid.
    broken = ~shapely.is_valid(rounded)
    broken[broken] = shapely.is_valid(moved[broken])
    if broken.any():
        mended = shapely.set_precision(moved[broken], 10.0**-decimals)
        rounded[broken] = _round(mended, decimals)
        rounded[shapely.is_empty(rounded)] = None
    oriented: npt.NDArray[np.object_] = shapely.orient_polygons(rounded)
    return oriented


def _round(shapes: Any, decimals: int) -> Any:
    # Adding 0.0 turns -0.0 into 0.0, which would be written with its sign.
    return shapely.transform(shapes, lambda xy: np.round(xy, decimals) + 0.0)
