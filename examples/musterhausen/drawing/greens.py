"""Park and pond, cemetery, sports grounds, allotments."""

from __future__ import annotations

from drawing.curves import rectangle, smooth
from drawing.frame import Point
from drawing.plots import CHAPEL, Block, Plot, draw_plot
from drawing.sheet import Area, Building, Sheet

MILL_POND: list[Point] = [
    (-404, -676),
    (-350, -656),
    (-296, -664),
    (-262, -700),
    (-286, -738),
    (-340, -752),
    (-396, -736),
    (-420, -706),
]

_PARK = Plot(
    [
        (-172, -694),
        (-222, -654),
        (-288, -572),
        (-370, -606),
        (-470, -640),
        (-540, -646),
        (-560, -720),
        (-500, -806),
        (-440, -822),
        (-300, -800),
        (-196, -778),
    ],
    {"leisure": "park", "name": "Stadtpark"},
    [
        Block(
            (-246, -744),
            16,
            11,
            20,
            {
                "building": "yes",
                "tourism": "museum",
                "name": "Mühlenmuseum",
                "historic": "watermill",
                "wheelchair": "limited",
                "opening_hours": "Apr-Oct: Sa,Su 14:00-17:00",
            },
        )
    ],
)

_CEMETERY = Plot(
    [(-634, 148), (-520, 116), (-432, 120), (-424, 262), (-530, 282), (-648, 232)],
    {"landuse": "cemetery", "name": "Städtischer Friedhof", "religion": "christian"},
    [Block((-464, 204), 0, 0, 80, {"building": "chapel", "name": "Friedhofskapelle"}, CHAPEL)],
    paths=[
        [(-480, 98), (-484, 186), (-506, 284)],
        [(-428, 176), (-484, 170), (-560, 166), (-640, 190)],
        [(-560, 166), (-552, 224), (-484, 240), (-426, 224)],
        [(-552, 224), (-548, 280)],
    ],
)

_SPORTS = Plot(
    [(-700, -880), (-470, -890), (-440, -1060), (-690, -1120)],
    {"leisure": "sports_centre", "name": "Sportpark an der Aa", "sport": "soccer;athletics"},
    [Block((-520, -1056), 28, 12, -12, {"building": "yes", "name": "Vereinsheim"})],
    service=[[(-420, -1150), (-456, -1062), (-500, -1036)]],
    paths=[[(-500, -1036), (-510, -960), (-470, -905)], [(-510, -960), (-560, -1010)]],
    inside=[
        (
            rectangle((-610, -960), 105, 68, -10),
            {"leisure": "pitch", "sport": "soccer", "surface": "grass"},
        ),
        (
            rectangle((-622, -1050), 90, 56, -10),
            {"leisure": "pitch", "sport": "soccer", "surface": "artificial_turf"},
        ),
        (rectangle((-496, -984), 18, 36, 10), {"leisure": "pitch", "sport": "tennis"}),
        (rectangle((-476, -942), 18, 36, 10), {"leisure": "pitch", "sport": "tennis"}),
    ],
)

_POOL = Plot(
    [(-430, -880), (-262, -872), (-272, -976), (-420, -990)],
    {
        "leisure": "sports_centre",
        "sport": "swimming",
        "name": "Freibad Musterhausen",
        "opening_hours": "May-Sep: 09:00-19:00",
        "wheelchair": "yes",
    },
    [Block((-292, -916), 34, 10, 80, {"building": "yes"})],
    paths=[[(-222, -944), (-280, -946), (-330, -938)]],
    inside=[
        (rectangle((-350, -920), 50, 21, 4), {"leisure": "swimming_pool", "natural": "water"}),
        (rectangle((-380, -958), 20, 12, 30), {"leisure": "swimming_pool", "natural": "water"}),
    ],
)

_ALLOTMENTS: list[tuple[list[Point], str]] = [
    (
        [(-900, -840), (-716, -812), (-716, -900), (-730, -1020), (-890, -1010)],
        "Kleingartenanlage Aaue",
    ),
]

# Footpaths of the park, along the river and over it.
_PATHS: list[tuple[str, list[Point]]] = [
    (
        "",
        [
            (-200, -668),
            (-232, -706),
            (-248, -724),
            (-300, -768),
            (-380, -768),
            (-440, -740),
            (-438, -690),
            (-400, -652),
            (-340, -634),
            (-290, -640),
            (-248, -676),
            (-232, -706),
        ],
    ),
    ("", [(-380, -598), (-372, -646)]),
    ("", [(-440, -740), (-520, -730), (-600, -700), (-650, -632)]),
    ("", [(-187, -772), (-240, -778), (-300, -768)]),
    ("", [(-380, -768), (-420, -800), (-440, -860), (-446, -905)]),
    (
        "Aapromenade",
        [
            (-184, -764),
            (-110, -746),
            (0, -744),
            (130, -762),
            (240, -778),
            (330, -752),
            (470, -704),
            (560, -648),
            (700, -618),
            (800, -634),
            (936, -640),
        ],
    ),
    ("", [(330, -752), (330, -668)]),
    ("", [(560, -648), (566, -616)]),
    ("Aasteg", [(430, -672), (446, -712), (462, -758), (452, -806)]),
    ("", [(0, -720), (0, -744)]),
]


def draw_greens(sheet: Sheet) -> None:
    """Draw parks and whatever is green between the houses."""
    for plot in (_PARK, _CEMETERY, _SPORTS, _POOL):
        draw_plot(sheet, plot)
    sheet.area(
        smooth(MILL_POND, closed=True)[:-1], natural="water", water="pond", name="Mühlenteich"
    )
    for name, points in _PATHS:
        sheet.street(name, "footway", smooth(points), surface="fine_gravel")
    for ring, name in _ALLOTMENTS:
        sheet.areas.append(Area([ring], {"landuse": "allotments", "name": name}))
        sheet.keep_free.append(ring)
        _draw_gardens(sheet, ring)


def _draw_gardens(sheet: Sheet, ring: list[Point]) -> None:
    """Draw the lanes of an allotment garden; huts come with the houses."""
    west, east = min(p[0] for p in ring), max(p[0] for p in ring)
    for y in (-868, -920, -972):
        sheet.street(
            "",
            "path",
            smooth([(west + 16, y - 4), (-800, y), (east - 16, y + 2)]),
            surface="gravel",
        )
    sheet.street("", "path", smooth([(-730, -860), (-732, -920), (-734, -976)]), surface="gravel")
    sheet.street(
        "",
        "track",
        smooth([(-732, -920), (-712, -1010), (-700, -1130), (-560, -1140)]),
        tracktype="grade2",
    )


def build_huts(sheet: Sheet) -> None:
    """Put a hut into every garden, left and right of the lanes."""
    chance = sheet.random
    for y in (-868, -920, -972):
        for index in range(9):
            for side in (1, -1):
                centre = (
                    -868 + index * 14 + chance.uniform(-1.5, 1.5),
                    y + side * chance.uniform(13, 17),
                )
                ring = rectangle(
                    centre, chance.uniform(3, 4.2), chance.uniform(3, 4), chance.uniform(-8, 8)
                )
                sheet.buildings.append(Building(ring, {"building": "hut"}))
