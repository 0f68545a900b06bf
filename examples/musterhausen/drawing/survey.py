"""What walks with rollator and wheelchair have found out about the ways, and what not yet.

Some quarters are described to the kerb, others not at all, as it is in real towns: so there
is something sure, something possible, and something closed.
"""

from __future__ import annotations

import shapely
from shapely import Polygon

from drawing.curves import at, left_of, length, shifted, snap
from drawing.grounds import boundary
from drawing.sheet import Line, Sheet, Spot, Tags

_BENCH_EVERY = 85.0
_LONG = 150.0

_SIDEWALKS: Tags = {
    "sidewalk:both:surface": "paving_stones",
    "sidewalk:both:smoothness": "good",
    "sidewalk:both:width": "1.8",
    "sidewalk:both:kerb": "lowered",
    "incline": "0%",
}
_LEVEL: Tags = {"smoothness": "good", "incline": "0%"}
_SHARED: Tags = {"sidewalk": "no", "maxspeed": "30", "smoothness": "good", "incline": "2%"}
_ROUGH: Tags = {"smoothness": "bad", "incline": "0%"}
_EVEN_SETT: Tags = {"smoothness": "intermediate", "incline": "0%"}

# Streets that a walk has described, by what it found.
_FOUND: list[tuple[Tags, tuple[str, ...]]] = [
    (
        _SIDEWALKS,
        (
            "Bergstraße", "Nordstraße", "Südwall", "Brückenstraße", "Klosterstraße",
            "Schmiedestraße", "Wilhelmstraße", "Lindenweg",
        ),
    ),
    (_SIDEWALKS | {"sidewalk:both:kerb": "raised"}, ("Ahornweg", "Steinweg")),
    (_SIDEWALKS | {"sidewalk:both:width": "0.7"}, ("Neustraße", "Hospitalstraße")),
    (_SHARED, ("Parkallee", "Am Hang")),
    (_LEVEL, ("Lange Straße", "Oststraße", "Stadtgasse", "Bahnhofsvorplatz", "Erlenweg")),
    (_EVEN_SETT, ("Markt", "Kirchstraße")),
    (_ROUGH, ("Rosengasse", "Webergasse", "Kirchgasse")),
]  # fmt: skip

# On the grounds, by what a way is made of.
_ON_GROUNDS: dict[str, Tags] = {
    "asphalt": {"smoothness": "good", "incline": "2%", "width": "4"},
    "paving_stones": {"smoothness": "good", "incline": "1%", "width": "2"},
}
_LIME_PATH: Tags = {"smoothness": "intermediate", "incline": "1%", "width": "2"}
_PARK_ROUND: Tags = {"smoothness": "bad"}


def describe_ways(sheet: Sheet) -> None:
    """Give the ways that have been looked at their tags; after the pavements."""
    for tags, names in _FOUND:
        for name in names:
            for line in sheet.named(name):
                line.tags.update(tags)
    grounds = Polygon(boundary()).buffer(1)
    inside = [line for line in sheet.streets if _lies_in(line, grounds)]
    for line in inside:
        line.tags.update(_ON_GROUNDS.get(line.tags.get("surface", ""), {}))
    gravel = [line for line in inside if line.tags.get("surface") == "fine_gravel"]
    max(gravel, key=lambda line: length(line.points)).tags.update(_LIME_PATH)
    ground = [line for line in inside if line.tags.get("surface") == "ground"]
    max(ground, key=lambda line: length(line.points)).tags.update(_PARK_ROUND)
    # The pavements of the street to the station; those of the road out of town are not known.
    for line in sheet.streets:
        if line.tags.get("footway") == "sidewalk" and line.points[0][1] < -600:
            line.tags.update(_LEVEL)


def place_benches(sheet: Sheet) -> None:
    """Put benches along the drives on the grounds and up to the bus stop."""
    grounds = Polygon(boundary()).buffer(1)
    drives = [
        line
        for line in sheet.streets
        if line.tags["highway"] == "service" and _lies_in(line, grounds)
    ]
    for line in [*drives, *sheet.named("Parkallee"), *sheet.named("Am Hang")]:
        whole = length(line.points)
        if whole < _LONG:
            continue
        for step in range(1, int(whole / _BENCH_EVERY) + 1):
            point, along = at(line.points, step * _BENCH_EVERY)
            place = snap(shifted(point, left_of(along), -5.0))
            sheet.spots.append(Spot(place, {"amenity": "bench", "backrest": "yes"}))


def _lies_in(line: Line, ring: Polygon) -> bool:
    point, _ = at(line.points, length(line.points) / 2)
    return bool(ring.contains(shapely.Point(point)))
