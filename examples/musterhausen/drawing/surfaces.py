"""Surfaces cut out of others: their parts in an order that every machine agrees on."""

from __future__ import annotations

import shapely
from shapely import LinearRing, Polygon
from shapely.geometry.base import BaseGeometry

from drawing.curves import snap
from drawing.frame import Point


def parts(shape: BaseGeometry) -> list[Polygon]:
    """Return the polygons of a shape, from west to east, each begun at its lowest corner.

    Where a ring begins and in which order parts come differs between releases of the
    geometry library; normal form and sorting take that away.
    """
    polygons = [
        part
        for part in shapely.get_parts(shapely.normalize(shape))
        if isinstance(part, Polygon) and part.area > 1
    ]
    return sorted(polygons, key=lambda part: tuple(round(value) for value in part.bounds))


def ring_of(ring: LinearRing) -> list[Point]:
    """Return the corners of a ring, not closed."""
    return [snap((x, y)) for x, y in ring.coords[:-1]]
