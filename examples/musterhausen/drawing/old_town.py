"""The lanes of the old town: bent, narrow, older than any plan."""

from __future__ import annotations

from drawing.curves import smooth
from drawing.frame import Point
from drawing.sheet import Section, Sheet, Zone

MARKET: list[Point] = [
    (-52, -488),
    (-8, -478),
    (36, -484),
    (62, -496),
    (58, -538),
    (20, -548),
    (-34, -540),
    (-58, -522),
]
"""The market square."""

CHURCHYARD: list[Point] = [
    (-60, -396),
    (-24, -376),
    (14, -380),
    (38, -400),
    (36, -436),
    (14, -460),
    (-36, -466),
    (-70, -442),
]
"""The square around the church."""

CHURCH: Point = (-18, -420)

# name, highway, points, further tags
_LANES: list[tuple[str, str, list[Point], dict[str, str]]] = [
    (
        "Lange Straße",
        "pedestrian",
        [(-320, -456), (-240, -458), (-175, -474), (-118, -498), (-58, -506)],
        {"surface": "paving_stones", "lit": "yes"},
    ),
    (
        "Oststraße",
        "pedestrian",
        [(60, -514), (118, -506), (172, -488), (236, -474), (290, -446)],
        {"surface": "paving_stones", "lit": "yes"},
    ),
    (
        "Kirchstraße",
        "living_street",
        [(60, -218), (52, -282), (40, -330), (24, -362), (14, -380)],
        {"surface": "sett"},
    ),
    ("Kirchgasse", "footway", [(-12, -463), (-10, -478)], {"surface": "sett"}),
    (
        "Brückenstraße",
        "residential",
        [(40, -544), (62, -590), (84, -640), (118, -688)],
        {"surface": "paving_stones"},
    ),
    (
        "Mühlenstraße",
        "residential",
        [(-58, -522), (-96, -562), (-128, -606), (-160, -680)],
        {"surface": "paving_stones"},
    ),
    (
        "Klosterstraße",
        "residential",
        [(-236, -332), (-206, -372), (-190, -420), (-175, -474)],
        {"surface": "paving_stones"},
    ),
    (
        "Webergasse",
        "residential",
        [(-190, -420), (-140, -412), (-100, -408), (-65, -420)],
        {"surface": "sett"},
    ),
    (
        "Schmiedestraße",
        "residential",
        [
            (-42, -216),
            (-56, -280),
            (-88, -330),
            (-118, -370),
            (-140, -412),
            (-148, -450),
            (-150, -485),
        ],
        {"surface": "paving_stones"},
    ),
    (
        "Rosengasse",
        "living_street",
        [(-88, -330), (-50, -338), (-20, -352), (14, -380)],
        {"surface": "sett"},
    ),
    (
        "Nordstraße",
        "residential",
        [(190, -276), (142, -318), (122, -370), (110, -420), (112, -468), (118, -506)],
        {"surface": "asphalt"},
    ),
    (
        "Gildestraße",
        "residential",
        [(40, -330), (84, -344), (132, -344)],
        {"surface": "paving_stones"},
    ),
    (
        "Hinter der Kirche",
        "living_street",
        [(37, -418), (72, -424), (110, -420)],
        {"surface": "sett"},
    ),
    (
        "Steinweg",
        "residential",
        [(110, -420), (160, -412), (214, -424), (290, -432)],
        {"surface": "paving_stones"},
    ),
    (
        "Ritterstraße",
        "residential",
        [(132, -344), (180, -352), (214, -372), (226, -400), (214, -424)],
        {"surface": "paving_stones"},
    ),
    (
        "Neustraße",
        "residential",
        [(172, -488), (166, -540), (172, -592), (196, -646)],
        {"surface": "asphalt"},
    ),
    (
        "Färberstraße",
        "residential",
        [(62, -590), (110, -580), (168, -566)],
        {"surface": "paving_stones"},
    ),
    (
        "Gerberstraße",
        "residential",
        [(172, -592), (124, -634), (84, -640)],
        {"surface": "paving_stones"},
    ),
    (
        "Stiftstraße",
        "residential",
        [(-96, -562), (-40, -584), (10, -590), (62, -590)],
        {"surface": "paving_stones"},
    ),
    (
        "Wasserstraße",
        "residential",
        [(-20, -586), (-24, -640), (-8, -720)],
        {"surface": "paving_stones"},
    ),
    (
        "Krumme Straße",
        "residential",
        [(-175, -474), (-196, -520), (-186, -570), (-150, -600), (-128, -606)],
        {"surface": "paving_stones"},
    ),
    (
        "Hospitalstraße",
        "residential",
        [(-300, -552), (-240, -540), (-196, -520)],
        {"surface": "asphalt"},
    ),
    (
        "Stadtgasse",
        "footway",
        [(236, -474), (238, -520), (226, -560), (174, -576)],
        {"surface": "paving_stones", "lit": "yes"},
    ),
]


def draw_old_town(sheet: Sheet) -> None:
    """Draw the lanes within the ring, the market and the churchyard."""
    for name, highway, points, tags in _LANES:
        line = sheet.street(name, highway, smooth(points), **tags)
        if highway == "residential":
            line.tags["maxspeed"] = "30"
    # The square around the church has corners.
    sheet.street("Kirchplatz", "living_street", [*CHURCHYARD[2:], *CHURCHYARD[:3]], surface="sett")
    sheet.area(
        MARKET,
        place="square",
        amenity="marketplace",
        name="Wochenmarkt Musterhausen",
        surface="sett",
        opening_hours="We,Sa 07:00-13:00",
    )
    across = smooth([(-58, -506), (-20, -512), (20, -516), (60, -514)])
    sheet.street("Markt", "pedestrian", across, surface="sett", lit="yes")
    sheet.street(
        "Markt",
        "pedestrian",
        smooth([(40, -544), (26, -516), (8, -496), (-10, -478)]),
        surface="sett",
        lit="yes",
    )
    sheet.street("Markt", "pedestrian", [(-58, -522), (-58, -506)], surface="sett", lit="yes")
    stairs = sheet.street_at("Stadtgasse", (238, -520))
    stairs.sections.append(
        Section(
            (238, -518), (237, -524), {"highway": "steps", "step_count": "9", "handrail": "yes"}
        )
    )
    ring = [
        point
        for name in ("Nordwall", "Ostwall", "Südwall", "Westwall")
        for point in next(sheet.named(name)).points[:-1]
    ]
    sheet.zones.append(Zone(ring, "core"))
