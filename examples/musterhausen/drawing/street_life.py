"""Benches, trees, toilets, crossings, kerbs and bollards."""

from __future__ import annotations

import shapely
from shapely import LineString, Polygon

from drawing.curves import at, left_of, length, nearest, shifted, snap
from drawing.frame import Point
from drawing.grounds import boundary
from drawing.noding import insert_point
from drawing.sheet import Line, Sheet, Spot, Tags

_MAIN = {"secondary", "tertiary"}
_STREETS = {*_MAIN, "residential", "unclassified"}

# Where people sit, by street and share of its length.
_BENCHES: list[tuple[str, tuple[float, ...]]] = [
    ("Aapromenade", (0.08, 0.2, 0.33, 0.47, 0.6, 0.74, 0.9)),
    ("Lange Straße", (0.3, 0.7)),
    ("Oststraße", (0.35, 0.75)),
    ("Kirchplatz", (0.2, 0.45, 0.7)),
    ("Am Hang", (0.35, 0.62)),
    ("Parkallee", (0.3, 0.75)),
    ("Klinikweg", (0.55,)),
    ("Dorfstraße", (0.5,)),
    ("Bergstraße", (0.55,)),
    ("Am Mühlenteich", (0.4,)),
    ("Nordring", (0.3,)),
]

_SINGLE: list[tuple[Point, Tags]] = [
    (
        (44, -530),
        {
            "amenity": "toilets",
            "name": "WC am Markt",
            "wheelchair": "yes",
            "toilets:wheelchair": "yes",
            "centralkey": "eurokey",
            "fee": "no",
        },
    ),
    ((-206, -704), {"amenity": "toilets", "wheelchair": "no", "opening_hours": "08:00-20:00"}),
    ((232, -1184), {"amenity": "toilets", "wheelchair": "limited", "fee": "0.50 EUR"}),
    ((-740, 436), {"amenity": "post_box"}),
    ((-760, 560), {"amenity": "public_bookcase", "name": "Bücherzelle Obermühlen"}),
    ((30, -528), {"amenity": "drinking_water"}),
    ((-30, -528), {"amenity": "fountain"}),
    ((70, -478), {"amenity": "post_box"}),
    ((224, 548), {"amenity": "post_box"}),
    ((500, -190), {"amenity": "post_box"}),
    ((-408, 112), {"amenity": "post_box"}),
    ((200, -1172), {"amenity": "taxi"}),
    ((286, -1190), {"amenity": "bicycle_parking"}),
    ((52, -500), {"amenity": "bicycle_parking"}),
    (
        (-234, -392),
        {
            "amenity": "library",
            "name": "Stadtbücherei im Kloster",
            "wheelchair": "yes",
            "opening_hours": "Tu-Fr 10:00-18:00; Sa 10:00-13:00",
        },
    ),
    (
        (-262, -426),
        {
            "office": "educational_institution",
            "amenity": "college",
            "name": "Volkshochschule Musterhausen",
            "wheelchair": "yes",
        },
    ),
    ((-4, -563), {"amenity": "restaurant", "name": "Ratskeller", "cuisine": "german"}),
    (
        (-836, 604),
        {
            "tourism": "museum",
            "name": "Mühlenstube Obermühle",
            "opening_hours": '"nach Vereinbarung"',
        },
    ),
    (
        (-520, -1056),
        {"club": "sport", "name": "Sportverein Musterhausen", "office": "association"},
    ),
    ((-636, 296), {"club": "shooting", "name": "Schützenverein Obermühlen"}),
    ((-716, 404), {"club": "firefighters", "name": "Förderverein Löschzug Obermühlen"}),
    ((-140, 1110), {"historic": "memorial", "memorial": "stele", "name": "Gedenkort im Park"}),
    (
        (-246, -735),
        {
            "amenity": "cafe",
            "name": "Café im Mühlenmuseum",
            "opening_hours": "Apr-Oct: Sa,Su 14:00-17:00",
        },
    ),
    ((-866, -920), {"club": "allotments", "name": "Kleingartenverein Aaue"}),
    ((-496, -925), {"leisure": "fitness_station"}),
    ((-300, -620), {"leisure": "picnic_table"}),
    ((-230, -1478), {"office": "employment_agency", "name": "Integrationsfachdienst"}),
    (
        (288, -930),
        {
            "shop": "bakery",
            "name": "Backshop im Frischemarkt",
            "opening_hours": "Mo-Sa 07:00-20:00",
        },
    ),
    ((268, -908), {"amenity": "atm", "operator": "Volksbank Musterhausen"}),
    ((62, 190), {"amenity": "parcel_locker"}),
    (
        (-1118, 338),
        {
            "shop": "farm",
            "name": "Hofladen am Heideweg",
            "opening_hours": "Fr 14:00-18:00; Sa 09:00-13:00",
        },
    ),
    ((1560, -1478), {"leisure": "horse_riding", "name": "Reiterhof Südfeld"}),
    (
        (-650, -392),
        {
            "amenity": "fuel",
            "name": "Tankstelle Münsterstraße",
            "opening_hours": "Mo-Su 06:00-22:00",
        },
    ),
]

# Paths between estates that bicycles and prams must slow down on.
_BARRIERS: list[tuple[Point, Tags]] = [
    ((-565, 40), {"barrier": "bollard"}),
    ((724, -404), {"barrier": "cycle_barrier"}),
    ((890, -220), {"barrier": "bollard"}),
    ((1118, 20), {"barrier": "cycle_barrier"}),
    ((486, 220), {"barrier": "bollard"}),
    ((-760, 10), {"barrier": "bollard"}),
]


def draw_street_life(sheet: Sheet) -> None:
    """Draw what stands along the streets; after the houses."""
    _mark_crossings(sheet)
    for name, shares in _BENCHES:
        line = max(sheet.named(name), key=lambda own: length(own.points))
        for index, share in enumerate(shares):
            _draw_bench(sheet, line, share, index)
    sheet.spots.extend(Spot(point, dict(tags)) for point, tags in _SINGLE)
    for point, tags in _BARRIERS:
        paths = [line for line in sheet.streets if line.tags["highway"] == "footway"]
        path = min(paths, key=lambda line: nearest(line.points, point)[1])
        sheet.marks.append(Spot(insert_point(path, point), dict(tags)))
    gaps = _Gaps(sheet)
    for name, spacing in (("Parkallee", 14), ("Nordwall", 24), ("Ostwall", 24)):
        _plant_avenue(sheet, gaps, name, spacing)
    _plant_park(sheet, gaps)


def _draw_bench(sheet: Sheet, line: Line, share: float, index: int) -> None:
    point, along = at(line.points, share * length(line.points))
    away = {"footway": 2.5, "pedestrian": 3.4}.get(line.tags["highway"], 6.0)
    tags = {"amenity": "bench"}
    if index % 3 < 2:
        tags["backrest"] = "yes" if index % 2 == 0 else "no"
    sheet.spots.append(Spot(snap(shifted(point, left_of(along), away)), tags))


def _mark_crossings(sheet: Sheet) -> None:
    """Mark where a footpath crosses a street."""
    ends = {point for line in sheet.streets for point in (line.points[0], line.points[-1])}
    walks = {
        point
        for line in sheet.streets
        if line.tags["highway"] in ("footway", "cycleway")
        for point in line.points
    } - ends
    for street in sheet.streets:
        kind = street.tags["highway"]
        if kind not in _STREETS:
            continue
        for point in street.points[1:-1]:
            if point in walks:
                sheet.marks.append(Spot(point, _crossing_tags(kind, point)))


def _crossing_tags(kind: str, point: Point) -> Tags:
    tags = {"highway": "crossing", "crossing": "unmarked"}
    if kind in _MAIN:
        signals = int(point[0]) % 3 == 0
        tags["crossing"] = "traffic_signals" if signals else "zebra"
        tags["kerb"] = "lowered"
        if signals:
            tags["tactile_paving"] = "yes"
    return tags


class _Gaps:
    """Where there is room for a tree."""

    def __init__(self, sheet: Sheet) -> None:
        taken = [Polygon(building.ring).buffer(1) for building in sheet.buildings]
        taken.extend(LineString(line.points).buffer(3.5) for line in sheet.streets)
        taken.extend(Polygon(area.outers[0]) for area in sheet.areas if "water" in area.tags)
        self._taken = shapely.STRtree(taken)

    def open(self, place: Point) -> bool:
        """Whether nothing stands here."""
        return not self._taken.query(shapely.Point(place), predicate="intersects").size


def _plant_avenue(sheet: Sheet, gaps: _Gaps, name: str, spacing: float) -> None:
    """Plant trees on both sides of a street, where there is room."""
    for line in sheet.named(name):
        whole = length(line.points)
        for step in range(1, int(whole / spacing)):
            point, along = at(line.points, step * spacing)
            for side in (1, -1):
                place = snap(shifted(point, left_of(along), side * 6.2))
                if gaps.open(place):
                    sheet.spots.append(Spot(place, {"natural": "tree"}))


def _plant_park(sheet: Sheet, gaps: _Gaps) -> None:
    """Scatter old trees over the grounds and the town's park."""
    chance = sheet.random
    parks = [
        boundary(),
        next(area.outers[0] for area in sheet.areas if area.tags.get("name") == "Stadtpark"),
    ]
    for ring, count in zip(parks, (170, 50), strict=True):
        shape = Polygon(ring).buffer(-6)
        west, south, east, north = (round(value) for value in shape.bounds)
        for _ in range(count):
            place = snap((chance.uniform(west, east), chance.uniform(south, north)))
            if shape.contains(shapely.Point(place)) and gaps.open(place):
                sheet.spots.append(Spot(place, {"natural": "tree"}))
