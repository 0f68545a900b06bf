"""Fields, meadows and farms around the town."""

from __future__ import annotations

from itertools import pairwise

import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from drawing.curves import at, distance, left_of, nearest, unit
from drawing.frame import EAST, NORTH, SOUTH, WEST, Point
from drawing.lots import Axes
from drawing.sheet import Building, Line, Sheet
from drawing.surfaces import parts, ring_of

_OVER = 25.0

_FARMS: list[Point] = [
    (-1110, 330),
    (-1320, 150),
    (-1540, -300),
    (-1690, 210),
    (-1690, 940),
    (-1230, 800),
    (-1240, -560),
    (-1560, -800),
    (-1000, -1560),
    (-1530, -1580),
    (-640, -1560),
    (240, -1840),
    (1010, -1800),
    (1560, -1480),
    (1220, 460),
    (1540, 380),
    (1800, 650),
    (1780, 130),
    (1480, 940),
    (1090, 660),
    (1420, -860),
    (1880, -1260),
    (-330, 390),
    (380, 560),
    (1740, -480),
    (-1880, -520),
    (-1500, 2690),
    (-880, 2730),
    (-330, 2920),
    (560, 2720),
    (930, 2950),
    (1690, 3010),
    (-2050, 2880),
    (-1150, 2990),
    (2140, 300),
    (-2160, 880),
    (-2130, -620),
    (2150, -1250),
]


def draw_farms(sheet: Sheet) -> None:
    """Draw the farms, open towards the nearest road, and the lane that leads there."""
    roads = [
        line
        for line in sheet.streets
        if line.tags["highway"] in ("track", "unclassified", "tertiary", "secondary")
    ]
    for number, centre in enumerate(_FARMS):
        road = min(roads, key=lambda line: nearest(line.points, centre)[1])
        gate = at(road.points, nearest(road.points, centre)[0])[0]
        inward = unit(gate, centre)
        yard = Axes(centre, (inward[1], -inward[0]), inward)
        # House, barns and shed around the yard: where, how wide and how deep.
        plan = [(-34, -8, 15, 24), (10, -4, 16, 34), (-22, 34, 36, 14), (-42, 22, 12, 18)]
        for index, box in enumerate(plan[: 3 + number % 2]):
            value = ("farm", "barn", "barn", "farm_auxiliary")[index]
            sheet.buildings.append(Building(yard.box(*box), {"building": value}))
        sheet.area(yard.box(-46, -18, 80, 76), landuse="farmyard")
        sheet.keep_free.append(yard.box(-46, -18, 80, 76))
        lane = sheet.street("", "service", [gate, yard.point(0, 12)], service="driveway")
        lane.fixed_end = True
        if number % 4 == 0:
            lane.tags["access"] = "private"


def draw_fields(sheet: Sheet, built: BaseGeometry) -> None:
    """Divide the open land between roads, tracks and brooks into fields and meadows."""
    lines: list[BaseGeometry] = [
        LineString(line.points)
        for line in (*sheet.streets, *sheet.waters, *sheet.rails)
        if line.tags.get("highway") not in ("footway", "path", "service")
    ]
    frame = shapely.box(WEST - _OVER, SOUTH - _OVER, EAST + _OVER, NORTH + _OVER)
    taken = [built.buffer(0)]
    taken.extend(
        Polygon(area.outers[0]).buffer(4)
        for area in sheet.areas
        if area.tags.get("natural") in ("wood", "water")
        or "leisure" in area.tags
        or area.tags.get("landuse") in ("farmyard", "cemetery", "allotments", "religious")
        or "amenity" in area.tags
    )
    taken.extend(line.buffer(7, quad_segs=2) for line in lines)
    river = LineString(sheet.waters[0].points)
    open_land = frame.difference(shapely.union_all(taken))
    for cell in parts(open_land):
        for field in _divided(sheet, cell, 0):
            _draw_field(sheet, field, river)


def _divided(sheet: Sheet, cell: Polygon, depth: int) -> list[Polygon]:
    """Cut a piece of land across its longer side until it has the size of a field."""
    limit = sheet.random.uniform(25_000, 75_000)
    if cell.area < limit or depth > 7:
        return [cell]
    along = _longest_side(cell)
    across = left_of(along)
    corners = [
        (x * along[0] + y * along[1], x * across[0] + y * across[1])
        for x, y in cell.exterior.coords
    ]
    us, vs = [u for u, _ in corners], [v for _, v in corners]
    share = sheet.random.uniform(0.38, 0.62)
    if max(us) - min(us) > max(vs) - min(vs):
        u = min(us) + (max(us) - min(us)) * share
        cut = [(u, min(vs) - 5), (u, max(vs) + 5)]
    else:
        v = min(vs) + (max(vs) - min(vs)) * share
        cut = [(min(us) - 5, v), (max(us) + 5, v)]
    start, end = ((u * along[0] + v * across[0], u * along[1] + v * across[1]) for u, v in cut)
    knife = LineString([start, end]).buffer(1.5, cap_style="square")
    result = []
    for part in parts(cell.difference(knife)):
        result.extend(_divided(sheet, part, depth + 1))
    return result


def _longest_side(cell: Polygon) -> Point:
    """Return the direction of the longest side: fields lie square to a road or a brook."""
    rough = parts(cell.simplify(3))
    ring = ring_of((rough[0] if rough else cell).exterior)
    a, b = max(pairwise([*ring, ring[0]]), key=lambda side: round(distance(*side), 1))
    return unit(a, b)


def _draw_field(sheet: Sheet, field: Polygon, river: LineString) -> None:
    shape = shapely.normalize(field.buffer(-2)).simplify(2.0)
    for part in parts(shape):
        if part.area < 900:
            continue
        ring = ring_of(part.exterior)
        # Grass where it is wet or steep, and where a field would be too small.
        steep = 690 < part.centroid.y < 1500 and abs(part.centroid.x) < 560
        wet = part.distance(river) < 60
        meadow = wet or steep or part.area < 9000 or sheet.random.random() < 0.3
        area = sheet.area(ring, landuse="meadow" if meadow else "farmland")
        area.inners = [ring_of(hole) for hole in part.interiors]
        if sheet.random.random() < 0.12:
            sheet.lines.append(Line(ring[:3], {"barrier": "hedge"}))
