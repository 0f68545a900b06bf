"""Churches, schools and public houses of the town."""

from __future__ import annotations

from drawing.old_town import CHURCH
from drawing.plots import ANGLE, CHAPEL, CLOISTER, COMB, CRUCIFORM, Block, Plot, draw_plot
from drawing.sheet import Sheet

_CHURCHES = [
    Plot(
        [(-56, -450), (14, -454), (24, -392), (-46, -384)],
        {},
        [
            Block(
                CHURCH,
                0,
                0,
                4,
                {
                    "building": "church",
                    "amenity": "place_of_worship",
                    "religion": "christian",
                    "denomination": "roman_catholic",
                    "name": "St. Marien",
                    "wheelchair": "yes",
                    "opening_hours": "Mo-Su 08:00-18:00",
                },
                CRUCIFORM,
            )
        ],
    ),
    Plot(
        [(66, -968), (152, -968), (148, -884), (66, -884)],
        {},
        [
            Block(
                (104, -908),
                0,
                0,
                2,
                {
                    "building": "church",
                    "amenity": "place_of_worship",
                    "religion": "christian",
                    "denomination": "protestant",
                    "name": "Erlöserkirche",
                    "wheelchair": "limited",
                },
                CHAPEL,
            ),
            Block(
                (108, -944),
                26,
                14,
                2,
                {
                    "building": "yes",
                    "amenity": "community_centre",
                    "community_centre": "parish_hall",
                    "name": "Gemeindehaus Erlöserkirche",
                    "wheelchair": "yes",
                },
            ),
        ],
        paths=[[(104, -984), (88, -934), (90, -912), (60, -908), (46, -908)]],
    ),
    Plot(
        [(520, -1062), (588, -1048), (580, -1000), (512, -1014)],
        {},
        [
            Block(
                (546, -1030),
                24,
                20,
                12,
                {
                    "building": "mosque",
                    "amenity": "place_of_worship",
                    "religion": "muslim",
                    "name": "Moschee Musterhausen",
                },
            )
        ],
        service=[[(556, -1114), (552, -1060), (566, -1020)]],
    ),
]

_SCHOOLS = [
    Plot(
        [(330, -350), (420, -340), (436, -262), (404, -226), (340, -236)],
        {"amenity": "school", "name": "Grundschule am Ostwall", "wheelchair": "limited"},
        [
            Block((372, -312), 0, 0, 8, {"building": "school"}, ANGLE),
            Block(
                (402, -258),
                28,
                16,
                10,
                {"building": "sports_hall", "leisure": "sports_hall", "name": "Turnhalle Ostwall"},
            ),
        ],
        paths=[[(262, -352), (318, -362), (336, -354)], [(396, -200), (374, -240), (374, -292)]],
    ),
    Plot(
        [(-310, 166), (-146, 180), (-146, 282), (-316, 272)],
        {"amenity": "school", "name": "Gesamtschule Musterhausen", "wheelchair": "yes"},
        [
            Block((-240, 212), 0, 0, 4, {"building": "school", "building:levels": "3"}, COMB),
            Block(
                (-174, 244),
                42,
                24,
                4,
                {
                    "building": "sports_hall",
                    "leisure": "sports_hall",
                    "name": "Sporthalle am Nordring",
                    "wheelchair": "yes",
                },
            ),
        ],
        service=[[(-322, 114), (-330, 190), (-330, 262)]],
        paths=[[(-240, 128), (-244, 196), (-200, 196), (-196, 262), (-200, 296)]],
    ),
    Plot(
        [(-232, -118), (-186, -112), (-190, -66), (-236, -70)],
        {"amenity": "kindergarten", "name": "Kindertagesstätte Pusteblume"},
        [Block((-210, -92), 24, 16, 86, {"building": "kindergarten"})],
        paths=[[(-276, -90), (-222, -90)]],
    ),
    Plot(
        [(-600, -560), (-540, -566), (-536, -530), (-596, -524)],
        {"amenity": "kindergarten", "name": "Kindergarten St. Marien"},
        [Block((-568, -545), 30, 14, -4, {"building": "kindergarten"})],
        paths=[[(-568, -506), (-566, -536)]],
    ),
    Plot(
        [(1086, -92), (1130, -88), (1130, -46), (1084, -50)],
        {"amenity": "kindergarten", "name": "Kita Lerchenfeld", "wheelchair": "yes"},
        [Block((1108, -70), 26, 15, 5, {"building": "kindergarten"})],
    ),
]

_PUBLIC = [
    Plot(
        [(-30, -541), (20, -548), (20, -570), (-26, -568)],
        {},
        [
            Block(
                (-5, -556),
                36,
                16,
                -6,
                {
                    "building": "public",
                    "amenity": "townhall",
                    "name": "Rathaus Musterhausen",
                    "wheelchair": "yes",
                    "addr:street": "Markt",
                    "addr:housenumber": "1",
                    "opening_hours": "Mo-Fr 08:00-12:30; Th 14:00-17:30",
                    "building:levels": "3",
                },
            )
        ],
    ),
    Plot(
        [(-284, -446), (-222, -446), (-214, -376), (-256, -362)],
        {},
        [
            Block(
                (-247, -410),
                0,
                0,
                -84,
                {
                    "building": "public",
                    "name": "Altes Kloster",
                    "historic": "monastery",
                    "heritage": "4",
                },
                CLOISTER,
            )
        ],
        paths=[[(-202, -396), (-238, -404)]],
    ),
    Plot(
        [(122, -566), (164, -560), (162, -528), (122, -532)],
        {},
        [
            Block(
                (142, -546),
                34,
                18,
                4,
                {
                    "building": "public",
                    "amenity": "community_centre",
                    "name": "Bürgerhaus Alte Weberei",
                    "wheelchair": "yes",
                    "operator": "Stadt Musterhausen",
                },
            )
        ],
    ),
    Plot(
        [(560, -372), (700, -344), (706, -260), (560, -268)],
        {
            "amenity": "social_facility",
            "social_facility": "nursing_home",
            "social_facility:for": "senior",
            "name": "Seniorenzentrum am Ostwall",
            "wheelchair": "yes",
        },
        [
            Block((616, -312), 0, 0, 10, {"building": "yes", "building:levels": "3"}, ANGLE),
            Block((676, -290), 22, 14, 10, {"building": "yes"}),
        ],
        service=[[(640, -402), (650, -330), (690, -322)]],
        paths=[[(580, -190), (606, -262), (628, -300)]],
    ),
    Plot(
        [(-334, -1060), (-262, -1066), (-250, -1006), (-330, -1000)],
        {"amenity": "fire_station", "name": "Feuerwehr Musterhausen"},
        [Block((-296, -1034), 40, 18, 4, {"building": "fire_station"})],
        service=[[(-242, -1034), (-262, -1016), (-316, -1016)]],
    ),
    Plot(
        [(-122, 196), (-60, 200), (-60, 262), (-124, 258)],
        {},
        [
            Block(
                (-92, 228),
                44,
                28,
                4,
                {
                    "building": "yes",
                    "leisure": "swimming_pool",
                    "sport": "swimming",
                    "indoor": "yes",
                    "name": "Hallenbad Musterhausen",
                    "wheelchair": "limited",
                    "opening_hours": "Tu-Fr 14:00-20:00; Sa,Su 09:00-17:00",
                },
            )
        ],
        paths=[[(-92, 136), (-92, 212)]],
    ),
]


def draw_public_plots(sheet: Sheet) -> None:
    """Draw churches, schools and public houses."""
    for group in (_CHURCHES, _SCHOOLS, _PUBLIC):
        for plot in group:
            draw_plot(sheet, plot)
