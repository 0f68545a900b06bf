"""The quarters around the old town, from the oldest to the youngest."""

from __future__ import annotations

from drawing.curves import smooth
from drawing.frame import Point
from drawing.quarter import Along, Quarter, draw_quarter
from drawing.sheet import Sheet

# Streets between quarters: name, highway, maximum speed, points.
_COLLECTORS: list[tuple[str, str, str, list[Point]]] = [
    (
        "Nordring",
        "residential",
        "30",
        [(-660, 128), (-520, 96), (-400, 100), (-300, 118), (-150, 142), (0, 130), (150, 118)],
    ),
    ("Schulstraße", "residential", "30", [(-236, -332), (-268, -200), (-280, -40), (-300, 118)]),
    ("Am Nordhang", "residential", "30", [(229, 372), (330, 424), (470, 424), (690, 366)]),
    (
        "Uferstraße",
        "residential",
        "30",
        [(-197, -850), (0, -838), (160, -858), (450, -806), (700, -728), (918, -742)],
    ),
    (
        "Am Mühlenteich",
        "residential",
        "30",
        [(-301, -548), (-380, -596), (-480, -622), (-650, -630), (-862, -606)],
    ),
    ("Brookweg", "residential", "30", [(-850, -394), (-874, -500), (-862, -606)]),
    (
        "Auenweg",
        "residential",
        "30",
        [(198, -645), (330, -668), (430, -672), (600, -602), (780, -596), (946, -590)],
    ),
    ("Am Bachkamp", "living_street", "", [(-888, 44), (-780, 62), (-648, 46)]),
    (
        "Am Lerchenfeld",
        "residential",
        "30",
        [(930, 25), (1080, 66), (1260, 54), (1395, -20), (1432, -180), (1424, -352)],
    ),
]

_QUARTERS = [
    # Before the First World War: between river and railway.
    Quarter(
        "gruender",
        bottom=[Along("Eisenbahnstraße", (-276, -1156), (186, -1166))],
        top=[Along("Uferstraße", (-197, -850), (160, -858))],
        left=[Along("Hammer Straße", (-276, -1156), (-197, -850))],
        right=[Along("Bahnhofstraße", (186, -1166), (160, -858))],
        plan=[
            ("Gartenstraße", [(0, 0.52), (0.33, 0.5), (0.66, 0.5), (1, 0.54)]),
            ("Wilhelmstraße", [(0.31, 0), (0.33, 0.5), (0.35, 1)]),
            ("Parkstraße", [(0.68, 0), (0.66, 0.5), (0.64, 1)]),
        ],
    ),
    Quarter(
        "gruender",
        bottom=[Along("Eisenbahnstraße", (186, -1166), (872, -1010))],
        top=[Along("Uferstraße", (160, -858), (918, -742))],
        left=[Along("Bahnhofstraße", (186, -1166), (160, -858))],
        right=[Along("Ostring", (872, -1010), (918, -742))],
        plan=[
            ("Gartenstraße", [(0, 0.54), (0.21, 0.52), (0.43, 0.56), (0.65, 0.5), (1, 0.5)]),
            ("Bleichstraße", [(0.2, 0), (0.22, 0.5), (0.2, 1)]),
            ("Fabrikstraße", [(0.42, 0), (0.43, 0.5), (0.45, 1)]),
            ("Roggenkamp", [(0.64, 0), (0.65, 0.5)]),
            ("Weizenkamp", [(0.66, 0.5), (0.67, 1)]),
            ("Haferkamp", [(0.83, 0), (0.82, 0.5), (0.85, 0.84)]),
        ],
    ),
    # 1950s: small houses for those who had to leave the east.
    Quarter(
        "siedlung",
        bottom=[
            Along("Münsterstraße", (-602, -389), (-320, -456)),
            Along("Westwall", (-320, -456), (-236, -332)),
        ],
        top=[Along("Nordring", (-660, 128), (-300, 118))],
        left=[Along("Obermühlener Straße", (-602, -389), (-660, 128))],
        right=[Along("Schulstraße", (-236, -332), (-300, 118))],
        plan=[
            ("Königsberger Straße", [(0, 0.27), (0.4, 0.3), (1, 0.24)]),
            ("Stettiner Straße", [(0, 0.52), (0.5, 0.5), (1, 0.5)]),
            ("Danziger Straße", [(0, 0.77), (0.5, 0.75), (1, 0.76)]),
            ("Breslauer Straße", [(0.42, 0), (0.45, 0.3), (0.5, 0.5), (0.52, 0.75), (0.5, 1)]),
            ("-", [(0.2, 0.77), (0.22, 1)]),
            ("-", [(0.78, 0.5), (0.76, 0.76)]),
        ],
    ),
    Quarter(
        "siedlung",
        bottom=[Along("Nordwall", (-236, -332), (52, -218))],
        top=[Along("Nordring", (-300, 118), (150, 118))],
        left=[Along("Schulstraße", (-236, -332), (-300, 118))],
        right=[Along("Bergstraße", (52, -218), (145, 118))],
        plan=[
            ("Wiesenstraße", [(0, 0.33), (0.35, 0.3), (1, 0.32)]),
            ("Feldstraße", [(0, 0.64), (0.4, 0.66), (1, 0.62)]),
            ("Mittelweg", [(0.34, 0), (0.36, 0.3), (0.32, 0.66), (0.36, 1)]),
            ("Kampstraße", [(0.66, 0.31), (0.7, 0.64), (0.68, 1)]),
        ],
    ),
    Quarter(
        "siedlung",
        bottom=[Along("Am Mühlenteich", (-862, -606), (-301, -548))],
        top=[Along("Münsterstraße", (-850, -394), (-320, -456))],
        left=[Along("Brookweg", (-862, -606), (-850, -394))],
        right=[Along("Westwall", (-301, -548), (-320, -456))],
        plan=[
            ("Gutenbergstraße", [(0, 0.52), (0.35, 0.5), (0.7, 0.54), (1, 0.5)]),
            ("Raiffeisenstraße", [(0.36, 0), (0.35, 0.5), (0.38, 1)]),
            ("Weststraße", [(0.7, 0), (0.7, 0.54), (0.68, 1)]),
        ],
    ),
    # 1960s and 1970s: bungalows on the slope, blocks of flats and rows in the east.
    Quarter(
        "bungalow",
        bottom=[Along("Nordwall", (52, -218), (190, -276))],
        top=[Along("Am Nordhang", (229, 372), (690, 366))],
        left=[Along("Bergstraße", (52, -218), (229, 372))],
        right=[Along("Osnabrücker Straße", (190, -276), (690, 366))],
        plan=[
            ("Buchenweg", [(0, 0.26), (0.5, 0.24), (1, 0.26)]),
            ("Eichenweg", [(0, 0.46), (0.5, 0.42), (1, 0.43)]),
            ("Ahornweg", [(0, 0.65), (0.4, 0.63), (0.7, 0.58), (1, 0.6)]),
            ("Lindenweg", [(0, 0.83), (0.5, 0.82), (1, 0.79)]),
            ("Ulmenweg", [(0.48, 0.42), (0.44, 0.63), (0.46, 0.82), (0.44, 1)]),
            ("~Eschenweg", [(0.74, 0.58), (0.74, 0.72)]),
            ("~Erlenweg", [(0.22, 0.83), (0.24, 0.97)]),
            ("~Kastanienweg", [(0.5, 0.24), (0.5, 0.09)]),
            ("~Haselweg", [(0.72, 0.81), (0.72, 0.93)]),
            ("-", [(0.74, 0.72), (0.73, 0.81)]),
        ],
    ),
    Quarter(
        "mixed",
        bottom=[Along("Bielefelder Straße", (290, -446), (988, -332))],
        top=[Along("Ostring", (620, 275), (930, 25))],
        left=[
            Along("Ostwall", (290, -446), (190, -276)),
            Along("Osnabrücker Straße", (190, -276), (620, 275)),
        ],
        right=[Along("Ostring", (988, -332), (930, 25))],
        plan=[
            ("Goethestraße", [(0, 0.45), (0.3, 0.36), (0.7, 0.38), (1, 0.45)]),
            ("Schillerstraße", [(0, 0.72), (0.4, 0.7), (1, 0.7)]),
            ("Lessingstraße", [(0.3, 0), (0.3, 0.36), (0.36, 0.7), (0.3, 1)]),
            ("Uhlandstraße", [(0.66, 0), (0.68, 0.38), (0.7, 0.7), (0.72, 1)]),
            ("~Heineweg", [(0.16, 0.71), (0.14, 0.55)]),
            ("~Kleistweg", [(0.52, 0.37), (0.53, 0.58)]),
            ("~Stormweg", [(0.17, 0.71), (0.15, 0.88)]),
            ("~Raabeweg", [(0.54, 0.7), (0.52, 0.88)]),
            ("~Mörikeweg", [(0.69, 0.53), (0.88, 0.56)]),
            ("~Eichendorffweg", [(0.84, 0), (0.84, 0.28)]),
            ("-", [(0.84, 0.28), (0.84, 0.41)]),
        ],
    ),
    Quarter(
        "blocks",
        bottom=[Along("Auenweg", (198, -645), (946, -590))],
        top=[Along("Bielefelder Straße", (290, -446), (988, -332))],
        left=[Along("Ostwall", (198, -645), (290, -446))],
        right=[Along("Ostring", (946, -590), (988, -332))],
        plan=[
            ("Mozartstraße", [(0, 0.52), (0.35, 0.5), (0.66, 0.48), (1, 0.46)]),
            ("Beethovenstraße", [(0.3, 0), (0.32, 0.5), (0.3, 1)]),
            ("Bachstraße", [(0.64, 0), (0.66, 0.48), (0.68, 1)]),
            ("~Händelweg", [(0.66, 0.24), (0.9, 0.22)]),
            ("~Haydnweg", [(0.31, 0.76), (0.55, 0.75)]),
            ("-", [(0.55, 0.75), (0.67, 0.74)]),
        ],
    ),
    # 1990s and later: cul-de-sacs with footpaths between them.
    Quarter(
        "young",
        bottom=[Along("Münsterstraße", (-918, -402), (-602, -389))],
        top=[Along("Am Bachkamp", (-888, 44), (-648, 46))],
        left=[(-918, -402), (-935, -280), (-900, -120), (-888, 44)],
        right=[Along("Obermühlener Straße", (-602, -389), (-648, 46))],
        plan=[
            ("~Rosenstraße", [(1, 0.45), (0.55, 0.47), (0.5, 0.66), (0.52, 0.84)]),
            ("~Tulpenweg", [(0.55, 0.47), (0.16, 0.46), (0.14, 0.62)]),
            ("~Nelkenweg", [(0.62, 0.47), (0.6, 0.24), (0.84, 0.22)]),
            ("~Asternweg", [(0.6, 0.24), (0.18, 0.22)]),
            ("~Dahlienweg", [(0.5, 0.66), (0.84, 0.68)]),
            ("~Krokusweg", [(0.52, 0.76), (0.2, 0.78)]),
            ("-", [(0.52, 0.84), (0.52, 1)]),
            ("-", [(0.6, 0.24), (0.6, 0)]),
        ],
    ),
    Quarter(
        "young",
        bottom=[Along("Bielefelder Straße", (988, -332), (1424, -352))],
        top=[Along("Am Lerchenfeld", (930, 25), (1395, -20))],
        left=[Along("Ostring", (988, -332), (930, 25))],
        right=[Along("Am Lerchenfeld", (1424, -352), (1395, -20))],
        plan=[
            ("~Amselweg", [(0, 0.44), (0.4, 0.42), (0.66, 0.5), (1, 0.46)]),
            ("~Drosselweg", [(0.4, 0.42), (0.38, 0.78)]),
            ("~Finkenweg", [(0.66, 0.5), (0.68, 0.8)]),
            ("~Meisenweg", [(0.36, 0.42), (0.34, 0.18), (0.56, 0.18)]),
            ("~Starenweg", [(0.18, 0.43), (0.16, 0.76)]),
            ("~Zeisigweg", [(0.76, 0.49), (0.78, 0.2)]),
            ("-", [(0.34, 0.18), (0.33, 0)]),
            ("-", [(0.38, 0.78), (0.37, 1)]),
            ("-", [(0.68, 0.8), (0.69, 1)]),
        ],
    ),
]


def draw_estates(sheet: Sheet) -> None:
    """Draw all quarters around the old town."""
    for name, highway, maxspeed, points in _COLLECTORS:
        line = sheet.street(name, highway, smooth(points), surface="asphalt")
        if maxspeed:
            line.tags["maxspeed"] = maxspeed
    for quarter in _QUARTERS:
        draw_quarter(sheet, quarter)
