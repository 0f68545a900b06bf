"""Rows as GeoJSON features: in files, and in any CRS in answers of a service."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy.typing as npt
import pandas as pd
import shapely

from geo.json_rows import joined, json_column, json_objects


def feature_texts(
    frame: gpd.GeoDataFrame | pd.DataFrame,
    ids: pd.Series[Any] | None,
    shapes: npt.NDArray[Any] | None,
    *,
    swap: bool = False,
) -> list[str]:
    """Return each row as the text of a GeoJSON feature.

    Parameters
    ----------
    frame
        Rows; their own geometries are not looked at.
    ids
        Their ids, in the same order; None for features without.
    shapes
        Their geometries as they are written (``geo.written_shapes``), in the same order;
        None if they have none.
    swap
        Whether the second axis comes first, as EPSG:4326 has it.

    Returns
    -------
    list of str
        Strict JSON, no NaN; the geometry of a row without one is ``null``.
    """
    parts = [
        ['"type":"Feature"'] * len(frame),
        *([] if ids is None else [json_column("id", ids)]),
        [f'"geometry":{text}' for text in _geometries(shapes, len(frame), swap=swap)],
        [f'"properties":{values}' for values in json_objects(frame)],
    ]
    return list(joined(parts))


def _geometries(shapes: npt.NDArray[Any] | None, count: int, *, swap: bool) -> Sequence[str]:
    if shapes is None:
        return ["null"] * count
    if swap:
        shapes = shapely.transform(shapes, lambda xy: xy[:, ::-1])
    return ["null" if text is None else str(text) for text in shapely.to_geojson(shapes)]
