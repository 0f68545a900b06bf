"""The buildings on the grounds: pavilions of an old institution in a landscaped park."""

from __future__ import annotations

from drawing.frame import Point
from drawing.grounds import boundary
from drawing.plots import CHAPEL, CLOISTER, PAVILION, Block, at_street, draw_block
from drawing.sheet import Area, Building, Sheet, Spot

OPERATOR = "LWL (fiktiv)"

HOUSES: dict[str, tuple[str, Point, float, Point]] = {
    "haus-a": ("Haus Linde", (-236, 1030), -20, (-246, 991)),
    "haus-b": ("Haus Ahorn", (-296, 1062), -28, (-306, 1026)),
    "haus-c": ("Haus Birke", (-274, 1142), 38, (-330, 1168)),
}
"""The three houses of the study: name, middle, turn, and where their path begins."""

_HISTORIC = {"building": "hospital", "historic": "building", "heritage": "4"}

# name, middle, turn, shape, further tags
_BLOCKS: list[tuple[str, Point, float, tuple[Point, ...], dict[str, str]]] = [
    ("Verwaltung", (92, 936), 60, tuple(CLOISTER), {"building": "office", "heritage": "4"}),
    ("Pavillon 1", (14, 866), -26, tuple(PAVILION), {}),
    ("Pavillon 2", (-92, 902), -14, tuple(PAVILION), {}),
    ("Pavillon 3", (-190, 928), -14, tuple(PAVILION), {}),
    ("Pavillon 4", (-8, 962), -18, tuple(PAVILION), {}),
    ("Pavillon 6", (124, 1058), 86, tuple(PAVILION), {}),
    ("Pavillon 7", (110, 1190), 120, tuple(PAVILION), {}),
    ("Pavillon 8", (-20, 1240), -10, tuple(PAVILION), {}),
    ("Pavillon 9", (-230, 1246), 12, tuple(PAVILION), {}),
    ("Tagesklinik", (24, 1092), 70, tuple(PAVILION), {}),
    ("Festsaal", (-68, 1156), 0, (), {"building": "public"}),
    ("Alte Gärtnerei", (-80, 1284), 0, (), {"building": "greenhouse"}),
]


def draw_pavilions(sheet: Sheet) -> None:
    """Draw the buildings of the grounds and the ways to their doors."""
    sheet.areas.append(
        Area(
            [boundary()],
            {
                "amenity": "hospital",
                "name": "LWL-Klinikpark Musterhausen (fiktiv)",
                "operator": OPERATOR,
                "healthcare": "hospital",
                "healthcare:speciality": "psychiatry",
                "emergency": "no",
            },
        )
    )
    for name, centre, turn, shape, tags in _BLOCKS:
        own = {**_HISTORIC, "name": name, **tags}
        building = draw_block(sheet, Block(centre, 30, 18, turn, own, shape))
        _path_to_door(sheet, building, at_street(sheet, centre), wheelchair="limited")
    for name, centre, turn, start in HOUSES.values():
        block = Block(
            centre,
            0,
            0,
            turn,
            {**_HISTORIC, "building": "residential", "name": name, "building:levels": "3"},
            PAVILION,
        )
        building = draw_block(sheet, block)
        _path_to_door(sheet, building, start)
    _special(sheet)


def _path_to_door(sheet: Sheet, building: Building, start: Point, wheelchair: str = "yes") -> None:
    """Lead a path from a way to the middle of the nearest side, and mark the door."""
    ring = building.ring
    sides = [[ring[index - 1], ring[index]] for index in range(1, len(ring))]
    index = min(range(len(sides)), key=lambda i: _off(sides[i], start))
    door = _middle(sides[index])
    ring.insert(index + 1, door)
    building.door = door
    path = sheet.street("", "footway", [start, door], surface="paving_stones")
    path.fixed_end = True
    sheet.marks.append(Spot(door, {"entrance": "main", "wheelchair": wheelchair}))


def _middle(side: list[Point]) -> Point:
    return (round((side[0][0] + side[1][0]) / 2, 2), round((side[0][1] + side[1][1]) / 2, 2))


def _off(side: list[Point], point: Point) -> float:
    middle = _middle(side)
    return float((middle[0] - point[0]) ** 2 + (middle[1] - point[1]) ** 2)


def _special(sheet: Sheet) -> None:
    """Draw café, chapel, workshop and kiosk."""
    sheet.area(
        [(122, 852), (150, 836), (172, 876), (146, 892)],
        amenity="parking",
        parking="surface",
        access="customers",
    )
    cafe = draw_block(
        sheet,
        Block(
            (-34, 1026),
            18,
            12,
            -24,
            {
                "building": "yes",
                "name": "Parkcafé",
                "amenity": "cafe",
                "operator": OPERATOR,
                "wheelchair": "yes",
                "opening_hours": "Mo-Fr 09:00-16:30; Sa,Su 13:00-17:00",
            },
        ),
    )
    _path_to_door(sheet, cafe, (-52, 1054))
    chapel = draw_block(
        sheet,
        Block(
            (-108, 1044),
            0,
            0,
            12,
            {
                "building": "chapel",
                "amenity": "place_of_worship",
                "religion": "christian",
                "denomination": "ecumenical",
                "name": "Klinikkapelle",
                "wheelchair": "limited",
                "heritage": "4",
            },
            CHAPEL,
        ),
    )
    _path_to_door(sheet, chapel, at_street(sheet, (-108, 1064)), wheelchair="limited")
    workshop = draw_block(
        sheet,
        Block(
            (176, 1072),
            32,
            16,
            84,
            {
                "building": "yes",
                "name": "Werkstatt im Park",
                "amenity": "social_facility",
                "social_facility": "workshop",
                "social_facility:for": "mental_health",
                "operator": OPERATOR,
            },
        ),
    )
    _path_to_door(sheet, workshop, (196, 1040))
    sheet.spots.append(
        Spot(
            (60, 886),
            {"shop": "kiosk", "name": "Kiosk am Haupttor", "opening_hours": "Mo-Fr 08:00-14:00"},
        )
    )
