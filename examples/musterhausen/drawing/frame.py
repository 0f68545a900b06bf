"""Where the drawing lies on the globe: metres of the plane to longitude and latitude."""

from __future__ import annotations

import math

Point = tuple[float, float]
"""A position in the plane of the drawing: metres east, metres north."""

# Open country in eastern Münsterland; the town is made up and nothing of what really
# lies there was taken over.
ORIGIN_LONGITUDE = 8.135
ORIGIN_LATITUDE = 51.885

WEST, SOUTH, EAST, NORTH = -2300.0, -2000.0, 2300.0, 3200.0
"""How far the drawing reaches, in metres: from the grounds more than half an hour on foot."""

# WGS 84
_SEMI_MAJOR = 6378137.0
_ECCENTRICITY_SQUARED = 6.69437999014e-3


def _metres_per_degree() -> tuple[float, float]:
    """Length of one degree of longitude and of latitude at the origin."""
    latitude = math.radians(ORIGIN_LATITUDE)
    root = math.sqrt(1 - _ECCENTRICITY_SQUARED * math.sin(latitude) ** 2)
    across = _SEMI_MAJOR / root * math.cos(latitude)
    along = _SEMI_MAJOR * (1 - _ECCENTRICITY_SQUARED) / root**3
    return math.radians(across), math.radians(along)


_PER_LONGITUDE, _PER_LATITUDE = _metres_per_degree()


def lonlat(point: Point) -> tuple[float, float]:
    """Return longitude and latitude (WGS 84, degrees, seven decimals) of a point."""
    x, y = point
    return (
        round(ORIGIN_LONGITUDE + x / _PER_LONGITUDE, 7),
        round(ORIGIN_LATITUDE + y / _PER_LATITUDE, 7),
    )
