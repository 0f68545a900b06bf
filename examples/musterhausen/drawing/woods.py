"""The wood on the ridge, the copses in the fields, and what walkers find there."""

from __future__ import annotations

from drawing.curves import nearest, smooth
from drawing.frame import EAST, WEST, Point
from drawing.sheet import Area, Line, Relation, Sheet, Spot

_OVER = 30.0
"""How far the wood reaches over the edge of the drawing, metres."""

RIDGE_WOOD: list[Point] = [
    (WEST - _OVER, 1420),
    (-2040, 1460),
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
    (2040, 1290),
    (EAST + _OVER, 1240),
]
# The far side of the ridge, from east to west.
_FAR_SIDE: list[Point] = [
    (EAST + _OVER, 2420),
    (1980, 2500),
    (1560, 2430),
    (1300, 2520),
    (960, 2440),
    (600, 2560),
    (250, 2480),
    (-150, 2600),
    (-520, 2500),
    (-900, 2580),
    (-1400, 2480),
    (-1800, 2600),
    (WEST - _OVER, 2520),
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
    (
        [(-420, 2020), (-330, 2070), (-230, 2040), (-250, 1960), (-380, 1950)],
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


def draw_woods(sheet: Sheet) -> None:
    """Draw the wood on the ridge with its clearings, the copses, and what is seen there."""
    edge = smooth(RIDGE_WOOD, tolerance=1.0)
    rest = smooth(_FAR_SIDE, tolerance=1.0)
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


def draw_hiking_route(sheet: Sheet) -> None:
    """Sign a round walk over the ridge; its operator is no house of the operator."""
    posts: list[Point] = [(-250, 1700), (60, 1575), (-400, 1480), (-640, 1540)]
    tracks = [line for line in sheet.streets if line.tags["highway"] == "track"]

    def passing(post: Point) -> Line:
        return min(tracks, key=lambda line: nearest(line.points, post)[1])

    sheet.relations.append(
        Relation(
            [(passing(post), "") for post in posts],
            {
                "type": "route",
                "route": "hiking",
                "name": "Musterberg-Rundweg",
                "operator": "LWL (fiktiv)",
            },
        )
    )
