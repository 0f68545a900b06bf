"""Rows as GeoJSON features in any CRS, for answers of a service."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import WGS84, transformer
from geo.vector_files import DECIMALS, _joined, _json_column, _json_objects

METRE_DECIMALS = 2
"""Decimals of coordinates in metres: a centimetre, as in degrees."""


def feature_texts(
    frame: gpd.GeoDataFrame | pd.DataFrame, ids: pd.Series[Any], crs: str, *, swap: bool = False
) -> list[str]:
    """Return each row as the text of a GeoJSON feature.

    Parameters
    ----------
    frame
        Rows; without a geometry column the features' geometry is ``null``.
    ids
        Their ids, in the same order.
    crs
        Of the coordinates, as ``pyproj`` knows it.
    swap
        Whether the second axis comes first, as EPSG:4326 has it.

    Returns
    -------
    list of str
        Strict JSON, no NaN; areas with their outer rings anticlockwise.
    """
    parts = [
        ['"type":"Feature"'] * len(frame),
        _json_column("id", ids),
        [f'"geometry":{text}' for text in _geometries(frame, crs, swap=swap)],
        [f'"properties":{values}' for values in _json_objects(frame)],
    ]
    return list(_joined(parts))


def _geometries(frame: gpd.GeoDataFrame | pd.DataFrame, crs: str, *, swap: bool) -> list[str]:
    if not isinstance(frame, gpd.GeoDataFrame):
        return ["null"] * len(frame)
    there = transformer(str(frame.crs), crs)
    decimals = DECIMALS if crs == WGS84 else METRE_DECIMALS

    def moved(points: Any) -> Any:
        xy = np.column_stack(there.transform(points[:, 0], points[:, 1]))
        return np.round(xy, decimals) + 0.0

    shapes = shapely.orient_polygons(shapely.transform(frame.geometry.to_numpy(), moved))
    if swap:
        shapes = shapely.transform(shapes, lambda points: points[:, ::-1])
    return ["null" if text is None else text for text in shapely.to_geojson(shapes)]
