"""Shapes in filters: made from their coordinates, and checked."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import shapely
from lark import Token, Tree

from api.ogc.crs import OfferedCrs
from api.ogc.filters_grammar import at
from api.service.problems import bad_request
from geo.crs import WGS84

MAX_METRES = 1e8
"""Largest coordinate of a CRS in metres: over twice around the Earth."""
_WEST_TO_NORTH = 4
_WITH_HEIGHTS = 6
_NODE = Tree[Token]
_Position = tuple[float, float]


def read_shape(node: _NODE, crs: OfferedCrs) -> Any:
    """Return a shape of the filter, x before y.

    Parameters
    ----------
    node
        As the grammar makes it.
    crs
        Of its coordinates, in the order of its axes.

    Raises
    ------
    api.service.problems.Problem
        400 if coordinates lie outside the CRS, or the shape is not valid.
    """
    place = _place(node)
    try:
        shape = _made(node, crs)
    except (ValueError, shapely.errors.GEOSException):
        shape = None
    if shape is None or shape.is_empty or not shapely.is_valid(shape):
        raise bad_request(
            f"Die Geometrie {at(place)} ist ungültig: Flächen müssen geschlossen sein und dürfen "
            "sich nicht selbst schneiden, Linien brauchen zwei verschiedene Punkte."
        )
    return shape


def _made(node: _NODE, crs: OfferedCrs) -> Any:
    return _MAKERS[str(node.data)](node, crs)


def _bbox(node: _NODE, crs: OfferedCrs) -> Any:
    numbers = [float(str(child)) for child in node.children[1:]]
    if len(numbers) == _WITH_HEIGHTS:
        numbers = [numbers[0], numbers[1], numbers[3], numbers[4]]
    if len(numbers) != _WEST_TO_NORTH:
        raise bad_request(f"BBOX {at(_place(node))} braucht vier Zahlen, oder sechs mit Höhen.")
    west, south = _checked(numbers[0], numbers[1], crs, _place(node))
    east, north = _checked(numbers[2], numbers[3], crs, _place(node))
    if south > north or (west > east and crs.code != WGS84):
        raise bad_request(
            f"BBOX {at(_place(node))} nennt zuerst die kleineren, dann die größeren Zahlen."
        )
    if west > east:  # over the 180th meridian
        return shapely.MultiPolygon(
            [shapely.box(west, south, 180, north), shapely.box(-180, south, east, north)]
        )
    if west == east or south == north:
        ends = [(west, south), (east, north)]
        return shapely.Point(ends[0]) if ends[0] == ends[1] else shapely.LineString(ends)
    return shapely.box(west, south, east, north)


def _collection(node: _NODE, crs: OfferedCrs) -> Any:
    parts = [child for child in node.children if isinstance(child, Tree)]
    return shapely.GeometryCollection([_made(part, crs) for part in parts])


def _parts(node: _NODE) -> list[_NODE]:
    return [child for child in node.children if isinstance(child, Tree)]


def _position(node: _NODE, crs: OfferedCrs) -> _Position:
    first, second = (child for child in node.children[:2] if isinstance(child, Token))
    return _checked(float(first), float(second), crs, (first.start_pos or 0) + 1)


def _line(node: _NODE, crs: OfferedCrs) -> list[_Position]:
    return [_position(part, crs) for part in _parts(node)]


def _area(node: _NODE, crs: OfferedCrs) -> Any:
    rings = [_line(part, crs) for part in _parts(node)]
    if any(ring[0] != ring[-1] for ring in rings):
        raise ValueError
    return shapely.Polygon(rings[0], rings[1:])


_MAKERS: dict[str, Callable[[_NODE, OfferedCrs], Any]] = {
    "point": lambda node, crs: shapely.Point(_position(_parts(node)[0], crs)),
    "linestring": lambda node, crs: shapely.LineString(_line(_parts(node)[0], crs)),
    "polygon": lambda node, crs: _area(_parts(node)[0], crs),
    "multipoint": lambda node, crs: shapely.MultiPoint(_line(node, crs)),
    "multilinestring": lambda node, crs: shapely.MultiLineString(
        [_line(part, crs) for part in _parts(node)]
    ),
    "multipolygon": lambda node, crs: shapely.MultiPolygon(
        [_area(part, crs) for part in _parts(node)]
    ),
    "collection": _collection,
    "bbox": _bbox,
}


def _checked(first: float, second: float, crs: OfferedCrs, place: int) -> _Position:
    """Return x and y of two numbers in the order of the axes, if they lie within the CRS."""
    x, y = (second, first) if crs.swap else (first, second)
    degrees = crs.code == WGS84
    limits = (180.0, 90.0) if degrees else (MAX_METRES, MAX_METRES)
    if not (math.isfinite(x) and math.isfinite(y) and abs(x) <= limits[0] and abs(y) <= limits[1]):
        order = (
            "erst die Breite, dann die Länge" if crs.swap else "erst die Länge, dann die Breite"
        )
        raise bad_request(
            f"Die Koordinate {at(place)} liegt außerhalb des Koordinatensystems"
            + (f"; in Grad steht {order}." if degrees else ".")
        )
    return x, y


def _place(node: _NODE) -> int:
    todo: Sequence[Token | _NODE] = node.children
    while todo:
        first = todo[0]
        if isinstance(first, Token):
            return (first.start_pos or 0) + 1
        todo = first.children
    return 1
