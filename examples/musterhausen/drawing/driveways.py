"""Driveways to halls, blocks of flats and the houses whose mapper was thorough."""

from __future__ import annotations

import shapely
from shapely import LineString, Polygon

from drawing.curves import at, cut, distance, length, nearest, snap
from drawing.noding import insert_point
from drawing.sheet import Building, Line, Sheet

_ALWAYS = {"industrial", "warehouse", "commercial", "apartments", "supermarket"}
_SHARE_OF_HOUSES = 0.12


def draw_driveways(sheet: Sheet) -> None:
    """Lead driveways from streets to doors; after the streets have been joined."""
    ways = shapely.STRtree([LineString(line.points) for line in sheet.streets])
    rings = shapely.STRtree([Polygon(building.ring) for building in sheet.buildings])
    for building in list(sheet.buildings):
        line = _driveway(sheet, building)
        if line is None:
            continue
        # Shortened, so that neither the street nor the house itself counts.
        inner = LineString(cut(line.points, 0.5, length(line.points) - 0.2))
        if ways.query(inner, predicate="intersects").size:
            continue
        if rings.query(inner, predicate="intersects").size:
            continue
        street = sheet.street_at(building.street, line.points[0])
        line.points[0] = insert_point(street, line.points[0])
        sheet.streets.append(line)


def _driveway(sheet: Sheet, building: Building) -> Line | None:
    """Return the driveway of a building, or None if it gets none."""
    kind = building.tags["building"]
    if building.door is None or kind not in {*_ALWAYS, "house"}:
        return None
    if kind == "house" and sheet.random.random() > _SHARE_OF_HOUSES:
        return None
    street = sheet.street_at(building.street, building.door)
    if street.tags["highway"] in ("pedestrian", "secondary"):
        return None
    start = snap(at(street.points, nearest(street.points, building.door)[0])[0])
    span = distance(start, building.door)
    if not 5 < span < 60:
        return None
    end = snap(at([start, building.door], span - 0.8)[0])
    return Line([start, end], {"highway": "service", "service": "driveway"})
