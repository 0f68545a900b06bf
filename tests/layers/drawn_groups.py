"""Drawings written as short lines, and the groups that merging makes of them.

``"n1 5,5 shop=bakery|name=Müller"`` is a node five metres east and north,
``"w1 0,0+10 shop=bakery"`` a square with sides of ten metres,
``"w2 2,0-12,0 highway=platform"`` a line and ``"area n1 w2"`` a stop area of two members.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from shapely import LineString, Point, Polygon, box

from layers._choosing import points_of
from layers._stops import settle_sides
from layers.merging import Drawings, group_drawings
from layers.taxonomy import load_taxonomy

TAXONOMY = load_taxonomy()
Case = tuple[str, str, list[str]]
"""What is tested, the groups expected (``"n1 w1; n2 n3"``), the drawings."""


def groups(lines: Sequence[str], houses: Sequence[Polygon] = ()) -> set[frozenset[str]]:
    """Return the groups of more than one drawing, as sets of ids."""
    areas = [line.split()[1:] for line in lines if line.startswith("area ")]
    parsed = [_parse(line) for line in lines if not line.startswith("area ")]
    categories = [TAXONOMY.match(tags, 1e9) for _, tags, _ in parsed]
    assert None not in categories
    geometry = np.array([shape for _, _, shape in parsed], dtype=object)
    points = points_of(geometry)
    house_of = [
        next((row for row, house in enumerate(houses) if house.covers(point)), -1)
        for point in points
    ]
    ids = [osm_id for osm_id, _, _ in parsed]
    tags = [tags for _, tags, _ in parsed]
    known = [category for category in categories if category is not None]
    stop_areas = {f"r{number}": members for number, members in enumerate(areas, start=1)}
    drawings = Drawings(
        ids=ids,
        tags=tags,
        categories=settle_sides(ids, tags, known, geometry, stop_areas),
        geometry=geometry,
        points=points,
        stop_areas=stop_areas,
        houses=np.array(house_of, dtype=np.int64),
    )
    found = group_drawings(drawings).members.values()
    return {frozenset(drawings.ids[index] for index in members) for members in found}


def expected(text: str) -> set[frozenset[str]]:
    """Return the groups that a text like ``"n1 w1; n2 n3"`` means."""
    return {frozenset(group.split()) for group in text.split(";") if group.strip()}


def _parse(line: str) -> tuple[str, dict[str, str], Any]:
    osm_id, where, tags = line.split(" ", 2)
    return osm_id, dict(one.split("=", 1) for one in tags.split("|")), _shape(where)


def _shape(where: str) -> Any:
    if "+" in where:
        corner, side = where.split("+")
        east, north = _point(corner)
        return box(east, north, east + float(side), north + float(side))
    if "-" in where:
        return LineString([_point(end) for end in where.split("-")])
    return Point(_point(where))


def _point(text: str) -> tuple[float, float]:
    east, north = text.split(",")
    return float(east), float(north)
