"""Markets, car parks and playgrounds of the town."""

from __future__ import annotations

from drawing.plots import Block, Plot, draw_plot
from drawing.sheet import Sheet

_CAR_PARKS = [
    Plot(
        [(-150, -344), (-118, -340), (-116, -300), (-152, -300)],
        {"amenity": "parking", "parking": "surface", "name": "Parkplatz Schmiedestraße"},
        service=[[(-76, -310), (-100, -322), (-134, -322)]],
    ),
    Plot(
        [(66, -296), (104, -290), (104, -262), (64, -266)],
        {"amenity": "parking", "parking": "surface", "name": "Parkplatz Nordstraße"},
        service=[[(158, -294), (128, -286), (84, -278)]],
    ),
    Plot(
        [(-92, -668), (-50, -672), (-52, -634), (-92, -630)],
        {"amenity": "parking", "parking": "surface", "name": "Parkplatz Wasserstraße"},
        service=[[(-24, -652), (-40, -652), (-72, -650)]],
    ),
    Plot(
        [(40, -656), (68, -660), (60, -626), (34, -622)],
        {"leisure": "garden", "name": "Stadtgarten", "access": "yes"},
        paths=[[(-22, -646), (26, -642), (48, -640), (78, -628)]],
    ),
]

_PLAYGROUNDS = [
    [(-398, -124), (-366, -120), (-368, -94), (-398, -98)],
    [(16, -58), (44, -56), (44, -36), (16, -38)],
    [(388, 250), (424, 256), (420, 284), (386, 280)],
    [(560, -30), (604, -22), (598, 10), (556, 4)],
    [(742, -524), (784, -520), (780, -494), (740, -498)],
    [(-724, -158), (-698, -156), (-698, -134), (-724, -136)],
    [(1280, -250), (1312, -248), (1310, -220), (1280, -222)],
    [(-700, 700), (-668, 696), (-668, 718), (-698, 722)],
]

_MARKETS = [
    Plot(
        [(206, -980), (318, -968), (316, -868), (198, -876)],
        {"landuse": "retail"},
        [
            Block(
                (280, -916),
                52,
                38,
                84,
                {
                    "building": "supermarket",
                    "shop": "supermarket",
                    "name": "Frischemarkt Aaue",
                    "wheelchair": "yes",
                    "opening_hours": "Mo-Sa 07:00-21:00",
                },
                street="Bahnhofstraße",
            )
        ],
        service=[[(172, -900), (236, -904), (234, -960), (216, -960), (218, -904)]],
        parking=[[(204, -972), (252, -966), (250, -884), (206, -886)]],
    ),
    Plot(
        [(20, 158), (136, 148), (148, 226), (26, 232)],
        {"landuse": "retail"},
        [
            Block(
                (62, 196),
                46,
                30,
                90,
                {
                    "building": "supermarket",
                    "shop": "supermarket",
                    "name": "Discount Nordring",
                    "wheelchair": "yes",
                    "opening_hours": "Mo-Sa 07:00-20:00",
                },
                street="Nordring",
            )
        ],
        service=[[(112, 122), (112, 168), (96, 176), (96, 216), (118, 214), (112, 168)]],
        parking=[[(88, 166), (128, 160), (130, 220), (88, 222)]],
    ),
    Plot(
        [(1010, -440), (1200, -446), (1200, -362), (1010, -356)],
        {"landuse": "retail"},
        [
            Block(
                (1050, -410),
                58,
                40,
                0,
                {
                    "building": "supermarket",
                    "shop": "supermarket",
                    "name": "Kaufpark Ost",
                    "wheelchair": "yes",
                    "opening_hours": "Mo-Sa 07:00-22:00",
                },
                street="Bielefelder Straße",
            ),
            Block(
                (1162, -416),
                40,
                26,
                0,
                {
                    "building": "retail",
                    "shop": "chemist",
                    "name": "Drogerie am Ostring",
                    "wheelchair": "yes",
                    "opening_hours": "Mo-Sa 08:30-19:00",
                },
                street="Bielefelder Straße",
            ),
        ],
        service=[
            [(1096, -331), (1096, -374), (1030, -374)],
            [(1096, -374), (1106, -428)],
            [(1096, -374), (1180, -378)],
        ],
        parking=[[(1086, -388), (1136, -388), (1136, -432), (1086, -432)]],
    ),
    Plot(
        [(-450, -1132), (-306, -1138), (-300, -1090), (-448, -1080)],
        {"landuse": "retail"},
        [
            Block(
                (-410, -1108),
                44,
                28,
                2,
                {
                    "building": "supermarket",
                    "shop": "supermarket",
                    "name": "Sparmarkt Süd",
                    "opening_hours": "Mo-Sa 08:00-20:00",
                },
                street="Am Bahndamm",
            )
        ],
        service=[[(-350, -1152), (-352, -1118), (-380, -1092)]],
        parking=[[(-378, -1132), (-330, -1134), (-328, -1098), (-376, -1094)]],
    ),
]


def draw_market_plots(sheet: Sheet) -> None:
    """Draw car parks, markets and playgrounds."""
    for group in (_CAR_PARKS, _MARKETS):
        for plot in group:
            draw_plot(sheet, plot)
    for ring in _PLAYGROUNDS:
        draw_plot(sheet, Plot(ring, {"leisure": "playground"}))
