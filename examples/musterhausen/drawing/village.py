"""The village of Obermühlen, below the grounds and beside the brook."""

from __future__ import annotations

from drawing.curves import smooth
from drawing.frame import Point
from drawing.sheet import Sheet, Zone

VILLAGE = "Obermühlen"

MILL_POND: list[Point] = [
    (-872, 640),
    (-850, 632),
    (-838, 660),
    (-842, 694),
    (-858, 722),
    (-878, 716),
    (-884, 676),
]

_STREETS: list[tuple[str, str, str, list[Point]]] = [
    (
        "Dorfstraße",
        "tertiary",
        "30",
        [
            (-728, 330),
            (-741, 395),
            (-742, 455),
            (-748, 545),
            (-768, 640),
            (-800, 738),
            (-884, 836),
        ],
    ),
    (
        "Westerweg",
        "unclassified",
        "50",
        [(-884, 836), (-1010, 925), (-1180, 975), (-1450, 1000), (-1750, 1080), (-2340, 1130)],
    ),
    (
        "Kirchweg",
        "residential",
        "30",
        [(-748, 545), (-694, 556), (-640, 540), (-598, 500), (-590, 478)],
    ),
    (
        "Am Bach",
        "residential",
        "30",
        [(-742, 455), (-786, 446), (-806, 500), (-804, 580), (-768, 640)],
    ),
    (
        "Mühlenweg",
        "residential",
        "30",
        [(-768, 640), (-812, 626), (-856, 612), (-920, 618), (-985, 650)],
    ),
    (
        "Schmiedeweg",
        "residential",
        "30",
        [(-768, 640), (-700, 662), (-646, 640), (-632, 590), (-640, 540)],
    ),
    (
        "Zum Kamp",
        "residential",
        "30",
        [(-800, 738), (-730, 752), (-672, 738), (-650, 700), (-646, 640)],
    ),
    (
        "Feldkamp",
        "residential",
        "30",
        [(-728, 330), (-664, 338), (-618, 372), (-604, 420), (-606, 474)],
    ),
]


def draw_village(sheet: Sheet) -> None:
    """Draw the streets of the village and where its houses stand."""
    for name, highway, maxspeed, points in _STREETS:
        sheet.street(name, highway, smooth(points), maxspeed=maxspeed, surface="asphalt")
    # Past the last houses the lane by the mill is a farm track.
    sheet.street(
        "",
        "track",
        smooth([(-985, 650), (-1100, 640), (-1190, 600)]),
        tracktype="grade2",
        surface="gravel",
    )
    ring: list[Point] = [
        (-790, 320),
        (-690, 300),
        (-590, 330),
        (-560, 430),
        (-560, 520),
        (-590, 620),
        (-620, 760),
        (-720, 800),
        (-850, 860),
        (-905, 800),
        (-850, 740),
        (-930, 660),
        (-960, 590),
        (-850, 590),
        (-826, 500),
        (-822, 420),
    ]
    sheet.zones.append(Zone(ring, "village"))
    sheet.area(
        smooth(MILL_POND, closed=True)[:-1],
        natural="water",
        water="pond",
        name="Obermühlener Mühlteich",
    )
