"""The part of a base map that is near something."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from geo.crs import WGS84


def cut_to(base: gpd.GeoDataFrame, boxes: Any) -> gpd.GeoDataFrame:
    """Keep what of a base map lies in some boxes, cut where it runs far beyond all of them.

    Parameters
    ----------
    base
        As ``geo.extract.Extract.base``, EPSG:4326.
    boxes
        Polygons in EPSG:4326, shape ``(n,)``; none: nothing is kept.
    """
    near = shapely.union_all(boxes)
    shapely.prepare(near)
    shapes = base.geometry.to_numpy()
    kept = base[shapely.intersects(shapes, near)].reset_index(drop=True)
    shapes = kept.geometry.to_numpy().copy()
    far = ~shapely.contains_properly(near, shapes)
    shapes[far] = shapely.clip_by_rect(shapes[far], *near.bounds) if far.any() else shapes[far]
    kept = kept.set_geometry(shapes, crs=WGS84)
    return kept[~np.asarray(kept.geometry.is_empty)].reset_index(drop=True)
