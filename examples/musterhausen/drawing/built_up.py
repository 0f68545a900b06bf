"""What is built up: the surfaces around houses, works and the old town."""

from __future__ import annotations

import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from drawing.lots import Zones
from drawing.sheet import Sheet
from drawing.surfaces import parts, ring_of

_REACH = 32.0
_KINDS = {"works": "industrial"}


def draw_built_up(sheet: Sheet) -> BaseGeometry:
    """Draw residential and industrial land around the buildings; return all of it."""
    zones = Zones(sheet)
    groups: dict[str, list[Polygon]] = {"residential": [], "industrial": []}
    for building in sheet.buildings:
        style = zones.style(building.ring[0])
        if style and building.tags["building"] != "hut":
            kind = _KINDS.get(style, "residential")
            groups[kind].append(Polygon(building.ring))
    shapes: list[BaseGeometry] = []
    for kind, rings in groups.items():
        shape = shapely.union_all([ring.buffer(_REACH, quad_segs=2) for ring in rings])
        shape = _filled(shapely.normalize(shape.buffer(-_REACH * 0.6, quad_segs=2)).simplify(4))
        if shapes:
            shape = shape.difference(shapes[0].buffer(3))
        shapes.append(shape)
        for part in parts(shape):
            if part.area > 3000:
                sheet.area(ring_of(part.exterior), landuse=kind)
    free = [Polygon(ring).buffer(6) for ring in sheet.keep_free]
    return shapely.union_all([*(shape.buffer(4) for shape in shapes), *free])


def _filled(shape: BaseGeometry) -> BaseGeometry:
    """Take gardens inside a block as built up too."""
    return shapely.union_all([Polygon(part.exterior) for part in parts(shape)])
