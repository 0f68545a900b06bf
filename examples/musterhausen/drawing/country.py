"""Woods, fields, meadows and farms around the town."""

from __future__ import annotations

import shapely
from shapely import LinearRing, LineString, Polygon
from shapely.geometry.base import BaseGeometry

from drawing.curves import at, nearest, smooth, snap, unit
from drawing.frame import HALF_WIDTH, Point
from drawing.lots import Axes
from drawing.sheet import Area, Building, Line, Sheet, Spot

_EDGE = HALF_WIDTH + 30

RIDGE_WOOD: list[Point] = [
    (-_EDGE, 1460),
    (-1760, 1400),
    (-1500, 1290),
    (-1260, 1330),
    (-1090, 1240),
    (-1010, 1130),
    (-900, 1160),
    (-760, 1080),
    (-640, 1150),
    (-540, 1330),
    (-420, 1390),
    (-220, 1405),
    (-20, 1400),
    (130, 1385),
    (240, 1300),
    (300, 1180),
    (390, 1140),
    (520, 1190),
    (680, 1160),
    (820, 1230),
    (980, 1180),
    (1120, 1080),
    (1270, 1160),
    (1460, 1120),
    (1560, 1240),
    (1760, 1200),
    (_EDGE, 1290),
]
_CLEARINGS: list[tuple[list[Point], dict[str, str]]] = [
    (
        [(-840, 1560), (-760, 1600), (-690, 1560), (-700, 1480), (-780, 1450), (-850, 1490)],
        {"landuse": "meadow"},
    ),
    (
        [(500, 1500), (600, 1560), (720, 1530), (740, 1460), (620, 1430), (520, 1450)],
        {"natural": "heath", "name": "Kalkheide"},
    ),
    (
        [(-1560, 1520), (-1460, 1560), (-1380, 1500), (-1420, 1440), (-1530, 1450)],
        {"landuse": "meadow"},
    ),
]
_COPSES: list[list[Point]] = [
    [(-1560, 480), (-1480, 560), (-1360, 540), (-1330, 440), (-1420, 380), (-1520, 400)],
    [(1430, 580), (1540, 640), (1600, 720), (1520, 780), (1400, 720), (1380, 640)],
    [(-1330, -1500), (-1200, -1460), (-1090, -1520), (-1120, -1600), (-1260, -1610)],
    [(1080, -1640), (1200, -1600), (1240, -1700), (1140, -1730), (1050, -1710)],
    [(300, 700), (380, 760), (420, 860), (350, 880), (290, 800)],
    [(1780, -900), (1900, -930), (1960, -1010), (1850, -1050), (1760, -990)],
    [(-1950, 500), (-1890, 600), (-1860, 700), (-1930, 720), (-1990, 620)],
]
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
]


def draw_woods(sheet: Sheet) -> None:
    """Draw the wood on the ridge with its clearings, the copses, and what is seen there."""
    edge = smooth(RIDGE_WOOD, tolerance=1.0)
    rest = [(_EDGE, _EDGE), (-_EDGE, _EDGE)]
    inners = [smooth(ring, closed=True, tolerance=1.0)[:-1] for ring, _ in _CLEARINGS]
    sheet.areas.append(
        Area(
            [[*edge, *rest]],
            {"natural": "wood", "leaf_type": "mixed", "name": "Musterhausener Wald"},
            inners,
        )
    )
    for ring, (_, tags) in zip(inners, _CLEARINGS, strict=True):
        sheet.areas.append(Area([ring], dict(tags)))
    for ring in _COPSES:
        sheet.area(
            smooth(ring, closed=True, tolerance=1.0)[:-1], natural="wood", leaf_type="broadleaved"
        )
    sheet.spots.extend(
        [
            Spot((-260, 1745), {"natural": "peak", "name": "Musterberg", "ele": "238"}),
            Spot((-236, 1706), {"tourism": "viewpoint", "name": "Musterbergblick"}),
            Spot(
                (64, 1652),
                {"amenity": "shelter", "shelter_type": "weather_shelter", "name": "Kammhütte"},
            ),
        ]
    )


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
    edge = _EDGE - 5
    frame = shapely.box(-edge, -edge, edge, edge)
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
    open_land = frame.difference(shapely.union_all(taken))
    for cell in _by_place(shapely.get_parts(open_land)):
        for field in _divided(sheet, cell, 0):
            _draw_field(sheet, field)


def _by_place(shapes: object) -> list[Polygon]:
    parts = [shape for shape in shapes if isinstance(shape, Polygon) and shape.area > 1]  # type: ignore[attr-defined]
    return sorted(parts, key=lambda shape: tuple(round(v) for v in shape.bounds))


def _divided(sheet: Sheet, cell: Polygon, depth: int) -> list[Polygon]:
    """Cut a piece of land across its longer side until it has the size of a field."""
    limit = sheet.random.uniform(25_000, 75_000)
    if cell.area < limit or depth > 7:
        return [cell]
    box = cell.minimum_rotated_rectangle
    if not isinstance(box, Polygon):
        return [cell]
    corners = list(box.exterior.coords)
    a, b, c = corners[0], corners[1], corners[2]
    if (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 < (b[0] - c[0]) ** 2 + (b[1] - c[1]) ** 2:
        a, b, c = b, c, corners[3]
    share = sheet.random.uniform(0.38, 0.62)
    start = (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)
    end = (start[0] + c[0] - b[0], start[1] + c[1] - b[1])
    knife = LineString([start, end]).buffer(1.5, cap_style="square")
    result = []
    for part in _by_place(shapely.get_parts(cell.difference(knife))):
        result.extend(_divided(sheet, part, depth + 1))
    return result


def _draw_field(sheet: Sheet, field: Polygon) -> None:
    shape = field.buffer(-2).simplify(2.0)
    for part in _by_place(shapely.get_parts(shape)):
        if part.area < 900:
            continue
        ring = _ring(part.exterior)
        low = part.centroid.y < -560 and abs(part.centroid.y + 780) < 130
        meadow = low or part.area < 9000 or sheet.random.random() < 0.3
        area = sheet.area(ring, landuse="meadow" if meadow else "farmland")
        area.inners = [_ring(hole) for hole in part.interiors]
        if sheet.random.random() < 0.12:
            sheet.lines.append(Line(ring[:3], {"barrier": "hedge"}))


def _ring(ring: LinearRing) -> list[Point]:
    return [snap((x, y)) for x, y in ring.coords[:-1]]
