"""What of an extract is drawn on the base map, and as what."""

from __future__ import annotations

from datetime import date

from geo.extract import Tags

STREETS = frozenset(
    {"motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link",
     "secondary", "secondary_link", "tertiary", "tertiary_link", "unclassified",
     "residential", "living_street", "service", "road", "busway"}
)  # fmt: skip
PATHS = frozenset(
    {"bridleway", "corridor", "cycleway", "footway", "path", "pedestrian", "steps", "track"}
)
PLACES = frozenset(
    {"city", "hamlet", "isolated_dwelling", "neighbourhood", "quarter", "suburb", "town",
     "village"}
)  # fmt: skip
_RAILWAYS = frozenset({"funicular", "light_rail", "narrow_gauge", "rail", "tram"})
_WATER_LINES = frozenset({"canal", "ditch", "drain", "river", "stream"})
_WATER_AREAS = {
    "natural": frozenset({"water", "bay"}),
    "landuse": frozenset({"basin", "reservoir"}),
    "waterway": frozenset({"riverbank", "dock"}),
    "leisure": frozenset({"swimming_pool"}),
}
_WOOD = {"landuse": frozenset({"forest"}), "natural": frozenset({"wood"})}
_GREEN = {
    "landuse": frozenset(
        {"allotments", "cemetery", "flowerbed", "grass", "greenery", "greenfield", "meadow",
         "orchard", "plant_nursery", "recreation_ground", "village_green", "vineyard"}
    ),
    "leisure": frozenset(
        {"common", "dog_park", "garden", "golf_course", "miniature_golf", "park", "pitch",
         "playground", "sports_centre", "stadium", "track"}
    ),
    "natural": frozenset({"fell", "grassland", "heath", "moor", "scrub", "shrubbery", "wetland"}),
    "amenity": frozenset({"grave_yard"}),
}  # fmt: skip
_BUILT_UP = {
    "landuse": frozenset(
        {"commercial", "education", "farmyard", "garages", "industrial", "institutional",
         "military", "railway", "religious", "residential", "retail"}
    ),
    "amenity": frozenset(
        {"clinic", "college", "hospital", "kindergarten", "monastery", "nursing_home",
         "prison", "school", "social_facility", "university"}
    ),
    "healthcare": frozenset({"clinic", "hospital"}),
}  # fmt: skip
_NOT = frozenset({"no", "none", "false"})
_NO_BUILDING = _NOT | {
    "abandoned", "collapsed", "construction", "demolished", "destroyed", "planned",
    "proposed", "razed", "removed",
}  # fmt: skip
_ENDED_KEYS = ("abandoned", "demolished", "destroyed", "razed", "removed", "proposed", "planned")

_KEYS = frozenset(
    {"amenity", "area", "building", "healthcare", "highway", "landuse", "leisure", "natural",
     "place", "railway", "waterway"}
)  # fmt: skip

_AREA_LAYERS = (
    ("water", _WATER_AREAS), ("wood", _WOOD), ("green", _GREEN), ("built_up", _BUILT_UP),
)  # fmt: skip


_LINE_LAYERS = (("railway", "railway", _RAILWAYS), ("water", "waterway", _WATER_LINES))


def may_be_drawn(tags: Tags) -> bool:
    """Whether any key of the base map is there at all (a quick first look)."""
    return not _KEYS.isdisjoint(tags)


def draw_area(tags: Tags, today: date | None) -> tuple[str, str] | None:
    """Return layer and kind of an area on the base map, or None if it is not drawn.

    Parameters
    ----------
    tags
        Tags of a closed way that means an area, or of a multipolygon.
    today
        Date of the data: what has ended by then is not drawn.
    """
    if has_ended(tags, today):
        return None
    building = tags.get("building")
    if building is not None and building not in _NO_BUILDING:
        return "building", building
    highway = tags.get("highway")
    if highway in PATHS:
        return "path", highway
    if highway in STREETS:
        return "street", highway
    if not _is_underground(tags):
        for layer, values in _AREA_LAYERS:
            for key, kinds in values.items():
                kind = tags.get(key)
                if kind in kinds:
                    return layer, kind
    return None


def draw_line(tags: Tags, today: date | None) -> tuple[str, str] | None:
    """Return layer and kind of a line on the base map, or None if it is not drawn.

    Watercourses and railways in a tunnel are not drawn, streets and paths are.
    """
    if has_ended(tags, today):
        return None
    highway = tags.get("highway")
    if highway in STREETS:
        return "street", highway
    if highway in PATHS:
        return "path", highway
    if _is_underground(tags):
        return None
    for layer, key, kinds in _LINE_LAYERS:
        kind = tags.get(key)
        if kind in kinds:
            return layer, kind
    return None


def has_ended(tags: Tags, today: date | None) -> bool:
    """Whether the tags say that the thing is gone, or not there yet.

    An ``end_date`` counts if it lies before `today`; without a date of the data, every
    full date is taken to be past, for nobody tags one that is not.
    """
    for key in _ENDED_KEYS:
        if key in tags and tags[key] not in _NOT:
            return True
    end = tags.get("end_date")
    if not end or not end[:4].isdigit():
        return False
    return today is None or end[:10] < today.isoformat()[: len(end[:10])]


def _is_underground(tags: Tags) -> bool:
    return tags.get("tunnel", "no") not in _NOT or tags.get("location") == "underground"
