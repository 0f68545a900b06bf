"""The skeleton: river, brook, railway, the ring around the old town and the roads out of it."""

from __future__ import annotations

from drawing.curves import between, cut, length, nearest, offset, smooth
from drawing.frame import Point
from drawing.sheet import Line, Section, Sheet

RIVER = "Musterhausener Aa"
BROOK = "Mühlenbach"

# The ring follows the former town wall; its corners are where the gates were.
_RING: list[Point] = [
    (-236, -332),
    (-176, -268),
    (-96, -226),
    (-42, -216),
    (60, -218),
    (140, -238),
    (190, -276),
    (246, -352),
    (290, -440),
    (286, -500),
    (254, -572),
    (196, -646),
    (118, -688),
    (0, -720),
    (-110, -712),
    (-216, -654),
    (-296, -560),
    (-322, -470),
    (-296, -400),
]
_RING_PARTS = {
    "Nordwall": ((-236, -332), (190, -276)),
    "Ostwall": ((190, -276), (196, -646)),
    "Südwall": ((196, -646), (-216, -654)),
}

# name, highway, maximum speed, points
_ROADS: list[tuple[str, str, str, list[Point]]] = [
    (
        "Bergstraße",
        "tertiary",
        "50",
        [(52, -218), (70, -120), (112, 40), (182, 205), (226, 350), (234, 465), (216, 562)],
    ),
    (
        "Münsterstraße",
        "secondary",
        "50",
        [
            (-320, -456),
            (-450, -420),
            (-620, -386),
            (-850, -394),
            (-1150, -440),
            (-1500, -420),
            (-2340, -330),
        ],
    ),
    (
        "Obermühlener Straße",
        "tertiary",
        "50",
        [(-602, -389), (-645, -220), (-632, -40), (-672, 160), (-728, 330)],
    ),
    (
        "Am Hang",
        "unclassified",
        "50",
        [(216, 562), (60, 524), (-130, 480), (-330, 462), (-540, 480), (-742, 455)],
    ),
    (
        "Osnabrücker Straße",
        "secondary",
        "50",
        [
            (190, -276),
            (330, -145),
            (480, 45),
            (620, 275),
            (790, 500),
            (920, 720),
            (1000, 980),
            (1100, 1180),
            (1035, 1330),
            (1150, 1500),
            (1085, 1740),
            (1160, 2040),
            (1090, 2290),
            (1180, 2560),
            (1240, 2800),
            (1200, 3240),
        ],
    ),
    (
        "Bielefelder Straße",
        "secondary",
        "50",
        [
            (290, -446),
            (430, -438),
            (650, -400),
            (900, -332),
            (1250, -330),
            (1600, -382),
            (2340, -360),
        ],
    ),
    (
        "Bahnhofstraße",
        "tertiary",
        "30",
        [(118, -688), (150, -790), (168, -930), (172, -1080), (186, -1166)],
    ),
    (
        "Hammer Straße",
        "secondary",
        "50",
        [
            (-160, -680),
            (-186, -790),
            (-216, -950),
            (-262, -1110),
            (-296, -1240),
            (-344, -1420),
            (-430, -1650),
            (-560, -2040),
        ],
    ),
    (
        "Ostring",
        "tertiary",
        "50",
        [
            (620, 275),
            (790, 190),
            (930, 25),
            (988, -175),
            (988, -332),
            (962, -500),
            (930, -660),
            (902, -850),
            (872, -1010),
            (858, -1130),
            (842, -1308),
        ],
    ),
    (
        "Eisenbahnstraße",
        "residential",
        "30",
        [(-276, -1156), (-50, -1180), (186, -1166), (420, -1142), (640, -1092), (872, -1010)],
    ),
    (
        "Industriestraße",
        "unclassified",
        "50",
        [
            (-338, -1395),
            (-100, -1432),
            (250, -1412),
            (600, -1368),
            (842, -1308),
            (1150, -1284),
            (1480, -1300),
        ],
    ),
    ("Parkallee", "unclassified", "30", [(216, 562), (214, 650), (188, 730), (150, 790)]),
]

_RIVER_COURSE: list[Point] = [
    (2340, -640),
    (1700, -600),
    (1400, -690),
    (1150, -640),
    (930, -675),
    (700, -640),
    (480, -745),
    (200, -812),
    (-50, -778),
    (-250, -802),
    (-450, -838),
    (-650, -770),
    (-850, -782),
    (-1100, -880),
    (-1400, -830),
    (-1700, -900),
    (-2340, -850),
]
_BROOK_COURSE: list[Point] = [
    (-1010, 1640),
    (-985, 1450),
    (-1010, 1250),
    (-955, 1050),
    (-900, 860),
    (-880, 700),
    (-850, 560),
    (-838, 440),
    (-850, 300),
    (-930, 120),
    (-960, -90),
    (-1010, -280),
    (-1000, -430),
    (-960, -600),
    (-905, -785),
]
_RAIL_COURSE: list[Point] = [
    (-2340, -1090),
    (-1600, -1140),
    (-1100, -1205),
    (-600, -1246),
    (-300, -1250),
    (0, -1240),
    (300, -1216),
    (640, -1172),
    (1000, -1110),
    (1400, -1060),
    (2340, -1085),
]


def draw_main_roads(sheet: Sheet) -> None:
    """Draw waters, tracks and main roads."""
    _draw_waters(sheet)
    _draw_railway(sheet)
    _draw_ring(sheet)
    for name, highway, maxspeed, points in _ROADS:
        line = sheet.street(name, highway, smooth(points), maxspeed=maxspeed, surface="asphalt")
        if name == "Ostring":
            # Under the railway.
            under = {"tunnel": "yes", "layer": "-1", "maxheight": "3.8"}
            line.sections.append(Section((860, -1105), (856, -1160), under))
        if highway == "secondary":
            _outside_town(line)
    _speed_on_hills(sheet)


def _outside_town(line: Line) -> None:
    """Give a main road its number and the speed of open country beyond the town."""
    refs = {
        "Münsterstraße": "L 591",
        "Bielefelder Straße": "L 591",
        "Osnabrücker Straße": "L 808",
        "Hammer Straße": "L 808",
    }
    line.tags["ref"] = refs[line.name]
    out = {
        "Münsterstraße": (-1130, -440),
        "Bielefelder Straße": (1440, -350),
        "Osnabrücker Straße": (700, 385),
        "Hammer Straße": (-400, -1560),
    }
    line.sections.append(Section(out[line.name], line.points[-1], {"maxspeed": "100"}))


def _speed_on_hills(sheet: Sheet) -> None:
    climb = sheet.street_at("Osnabrücker Straße", (1100, 1180))
    climb.sections.append(Section((1000, 980), (1085, 1740), {"incline": "8%", "maxspeed": "70"}))
    alley = sheet.street_at("Parkallee", (188, 730))
    alley.sections.append(Section((214, 650), (150, 790), {"incline": "6%"}))
    hill = sheet.street_at("Bergstraße", (226, 350))
    hill.sections.append(Section((182, 205), (216, 562), {"incline": "4%"}))


def _draw_ring(sheet: Sheet) -> None:
    ring = smooth(_RING, closed=True)
    for name, (start, end) in _RING_PARTS.items():
        sheet.street(name, "tertiary", between(ring, start, end), maxspeed="30", surface="asphalt")
    west = cut(ring, nearest(ring, (-216, -654))[0], length(ring))
    sheet.street("Westwall", "tertiary", west, maxspeed="30", surface="asphalt")


def _draw_waters(sheet: Sheet) -> None:
    river = smooth(_RIVER_COURSE)
    sheet.waters.append(Line(river, {"waterway": "river", "name": RIVER}))
    sheet.area([*offset(river, 8), *offset(river, -8)[::-1]], natural="water", water="river")
    brook = smooth(_BROOK_COURSE)
    # The brook ends in the river.
    brook[-1] = min(river, key=lambda p: abs(p[0] + 905) + abs(p[1] + 785))
    sheet.waters.append(Line(brook, {"waterway": "stream", "name": BROOK}))


def _draw_railway(sheet: Sheet) -> None:
    tags = {
        "railway": "rail",
        "usage": "branch",
        "gauge": "1435",
        "electrified": "no",
        "operator": "Musterhausener Eisenbahn (fiktiv)",
    }
    sheet.rails.append(Line(smooth(_RAIL_COURSE), tags))
    siding = smooth(
        [(-230, -1250), (-150, -1256), (0, -1252), (300, -1229), (420, -1212), (500, -1193)]
    )
    sheet.rails.append(Line(siding, {"railway": "rail", "service": "siding", "gauge": "1435"}))
