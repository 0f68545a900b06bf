"""The grounds on the hillside: ways, fence and gates.

The side gate in the south-west is locked, so that the way into the village leads through
the main gate in the south-east: about two and a half times the straight distance.
"""

from __future__ import annotations

from drawing.curves import smooth
from drawing.frame import Point
from drawing.noding import insert_point
from drawing.sheet import Line, Section, Sheet, Spot

MAIN_GATE: Point = (150.0, 790.0)
SIDE_GATE: Point = (-430.0, 800.0)

# From the side gate along the south to the main gate, then around the north; property
# lines are straight.
_SOUTH: list[Point] = [SIDE_GATE, (-352, 776), (-214, 762), (-60, 758), (64, 770), MAIN_GATE]
_NORTH: list[Point] = [
    MAIN_GATE,
    (214, 812),
    (228, 940),
    (216, 1090),
    (172, 1218),
    (118, 1300),
    (-34, 1330),
    (-236, 1322),
    (-372, 1276),
    (-452, 1188),
    (-474, 1040),
    (-466, 880),
    SIDE_GATE,
]

SERVICE: list[list[Point]] = [
    # the drive, the ring, the cross way, the yard
    [MAIN_GATE, (118, 846), (48, 902), (-50, 938), (-150, 964), (-250, 992), (-328, 1042)],
    [
        (-328, 1042),
        (-350, 1120),
        (-285, 1192),
        (-150, 1218),
        (-10, 1194),
        (72, 1122),
        (88, 1020),
        (48, 902),
    ],
    [(-150, 964), (-138, 1085), (-150, 1218)],
    [(88, 1020), (150, 1010), (196, 1040)],
    [(-150, 1218), (-158, 1262), (-120, 1282)],
]

_PATHS: list[tuple[list[Point], dict[str, str]]] = [
    # along the old lime trees, a little below the drive
    (
        [MAIN_GATE, (85, 816), (-20, 826), (-130, 834), (-240, 850), (-330, 880), (-404, 872)],
        {"surface": "fine_gravel"},
    ),
    # to the side gate
    ([(-328, 1042), (-352, 978), (-404, 872), SIDE_GATE], {"surface": "fine_gravel"}),
    ([(-250, 992), (-318, 936), (-404, 872)], {"surface": "fine_gravel"}),
    ([(-20, 826), (-32, 880), (-50, 938)], {"surface": "paving_stones"}),
    # the round through the park
    (
        [
            (-350, 1120),
            (-415, 1128),
            (-424, 1190),
            (-350, 1255),
            (-230, 1296),
            (-60, 1306),
            (80, 1276),
            (150, 1195),
            (190, 1090),
            (196, 1040),
        ],
        {"surface": "ground"},
    ),
    ([(-285, 1192), (-290, 1240), (-230, 1296)], {"surface": "ground"}),
    ([(72, 1122), (120, 1150), (150, 1195)], {"surface": "ground"}),
    # across the meadow in the middle
    (
        [(-196, 977), (-176, 1040), (-138, 1085), (-40, 1050), (20, 1000), (48, 902)],
        {"surface": "fine_gravel"},
    ),
    ([(-138, 1085), (-60, 1110), (0, 1140), (72, 1122)], {"surface": "fine_gravel"}),
]

VILLAGE_PATH: list[Point] = [SIDE_GATE, (-462, 724), (-462, 650), (-500, 570), (-548, 479)]
"""From the side gate down to the road to the village."""


def boundary() -> list[Point]:
    """Return the ring of the grounds, not closed, anticlockwise."""
    return [*_SOUTH[:-1], *_NORTH[:-1]]


def draw_grounds_ways(sheet: Sheet) -> None:
    """Draw the ways on the grounds, those that lead to the gates, and the fence."""
    for points in SERVICE:
        sheet.street("", "service", smooth(points), access="private", surface="asphalt")
    for points, tags in _PATHS:
        sheet.street("", "footway", smooth(points), **tags)
    down = sheet.street("Klinikweg", "footway", smooth(VILLAGE_PATH), surface="compacted")
    down.sections.append(
        Section(
            (-461, 728),
            (-463, 706),
            {
                "highway": "steps",
                "step_count": "24",
                "handrail": "yes",
                "surface": "concrete",
                "incline": "down",
            },
        )
    )
    fence = {"barrier": "fence", "fence_type": "bars", "height": "1.8"}
    sheet.lines.append(Line(list(_SOUTH), dict(fence)))
    sheet.lines.append(Line(list(_NORTH), dict(fence)))


def mark_gates(sheet: Sheet) -> None:
    """Put the gates onto the ways; after the streets have been joined."""
    gates = (
        (MAIN_GATE, {"barrier": "gate", "access": "yes", "name": "Haupttor", "wheelchair": "yes"}),
        (
            SIDE_GATE,
            {"barrier": "gate", "access": "private", "locked": "yes", "name": "Seitentor"},
        ),
    )
    for point, tags in gates:
        for line in sheet.streets:
            if point in line.points:
                insert_point(line, point)
        sheet.marks.append(Spot(point, tags))
