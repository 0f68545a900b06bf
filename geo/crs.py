"""Coordinate reference systems: longitude/latitude outside, one metric CRS inside."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import geopandas as gpd
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError as PyprojCrsError

from geo.errors import CrsError

WGS84 = "EPSG:4326"
"""Longitude, latitude in degrees, in this order (as GeoJSON has it)."""

GERMANY_METRIC = "EPSG:25832"
"""ETRS89 / UTM zone 32N, in metres: the system of the cities in Westfalen."""

# All of Germany with a margin. Nationwide official products are delivered in UTM zone 32
# too; at Germany's eastern border the scale is wrong by less than 0.1 %.
_GERMANY_BOUNDS = (5.5, 46.5, 15.6, 55.2)


def metric_crs_for(longitude: float, latitude: float) -> str:
    """Return the metric CRS to measure in around a point.

    Parameters
    ----------
    longitude, latitude
        WGS 84, degrees.

    Returns
    -------
    str
        ``"EPSG:25832"`` in and around Germany, else the WGS 84 UTM zone of the point.
    """
    west, south, east, north = _GERMANY_BOUNDS
    if west <= longitude <= east and south <= latitude <= north:
        return GERMANY_METRIC
    zone = min(int((longitude + 180) // 6) + 1, 60)
    return f"EPSG:{(32600 if latitude >= 0 else 32700) + zone}"


def is_metric(crs: object) -> bool:
    """Whether a CRS is projected with metres on both axes."""
    if crs is None:
        return False
    try:
        parsed = CRS.from_user_input(crs)
    except PyprojCrsError:
        return False
    return parsed.is_projected and all(axis.unit_name == "metre" for axis in parsed.axis_info)


@lru_cache(maxsize=64)
def transformer(source: str, target: str) -> Transformer:
    """Return what transforms x and y, longitude and latitude, from one CRS to another.

    It is made once; making one takes longer than transforming thousands of points.
    """
    return Transformer.from_crs(source, target, always_xy=True)


def require_metric(frame: gpd.GeoDataFrame, name: str) -> None:
    """Refuse a frame that lengths cannot be measured in.

    Raises
    ------
    CrsError
        If the frame has no CRS, or one that is not metric.
    """
    if not is_metric(frame.crs):
        raise CrsError(
            f"»{name}« hat kein Koordinatensystem in Metern.",
            where=str(frame.crs),
            remedy="Die Daten vorher umrechnen, zum Beispiel nach EPSG:25832.",
        )


def projector(crs: str) -> Callable[[float, float], tuple[float, float]]:
    """Return what makes metres of longitude and latitude.

    Parameters
    ----------
    crs
        Metric CRS to make them in, e.g. ``"EPSG:25832"``.

    Returns
    -------
    callable
        Takes degrees in WGS 84, east then north, and returns metres, east then north.
    """
    transform = Transformer.from_crs(WGS84, crs, always_xy=True).transform

    def project(longitude: float, latitude: float) -> tuple[float, float]:
        east, north = transform(longitude, latitude)
        return float(east), float(north)

    return project
