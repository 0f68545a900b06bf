"""Tell closed ways that mean an area from lines that return to their start.

OSM has no area type: a closed way with ``building=yes`` is a house, one with
``highway=residential`` a street around a block. The rule here follows what the OSM wiki
says of each key (pages "Area", "Key:area" and the pages of the keys):

1. ``area=no`` is a line, ``area=yes`` an area, whatever else is tagged.
2. A ``highway`` is a line, except service areas.
3. Otherwise one key that describes something with an extent is enough, unless its value
   is one that is drawn as a line (``natural=tree_row``, ``leisure=track`` …).
4. Keys that describe lines (``barrier``, ``railway``, ``waterway``, ``power``,
   ``man_made`` …) make an area only with the values listed.

A multipolygon or boundary relation always means an area.
"""

from __future__ import annotations

from geo.extract import Tags

_NOT = frozenset({"no", "none", "false"})

_AREA_KEYS: dict[str, frozenset[str]] = {
    # key: values that mean a line all the same
    "allotments": frozenset(),
    "amenity": frozenset({"bench"}),
    "area:highway": frozenset(),
    "attraction": frozenset({"river_rafting", "train", "water_slide"}),
    "boundary": frozenset(),
    "building": frozenset(),
    "building:part": frozenset(),
    "cemetery": frozenset(),
    "club": frozenset(),
    "craft": frozenset(),
    "education": frozenset(),
    "emergency": frozenset({"designated", "destination", "official", "yes", "private"}),
    "golf": frozenset({"hole", "path", "cartpath"}),
    "healthcare": frozenset(),
    "historic": frozenset({"citywalls", "city_wall", "path", "railway", "road"}),
    "industrial": frozenset(),
    "landcover": frozenset(),
    "landuse": frozenset(),
    "leisure": frozenset({"track", "slipway"}),
    "military": frozenset({"trench"}),
    "natural": frozenset(
        {"arete", "cliff", "coastline", "crevasse", "earth_bank", "gorge", "gully", "ridge",
         "strait", "tree_row", "valley"}
    ),
    "office": frozenset(),
    "place": frozenset(),
    "playground": frozenset({"balancebeam", "zipwire"}),
    "public_transport": frozenset({"platform_edge"}),
    "shop": frozenset(),
    "social_facility": frozenset(),
    "tourism": frozenset({"trail_riding_route"}),
}  # fmt: skip

_AREA_VALUES: dict[str, frozenset[str]] = {
    "aeroway": frozenset(
        {"aerodrome", "apron", "hangar", "helipad", "heliport", "launchpad", "terminal"}
    ),
    "aerialway": frozenset({"station"}),
    "highway": frozenset({"rest_area", "services"}),
    "indoor": frozenset({"area", "corridor", "room"}),
    "man_made": frozenset(
        {"apiary", "beacon", "beehive", "bridge", "bunker_silo", "chimney",
         "clearcut", "communications_tower", "courtyard", "gasometer", "lighthouse",
         "observatory", "pumping_station", "quay", "reservoir_covered", "silo",
         "storage_tank", "street_cabinet", "tank", "telescope", "tower",
         "wastewater_plant", "water_tower", "water_well", "water_works", "watermill",
         "windmill", "works"}
    ),
    "power": frozenset(
        {"compensator", "converter", "generator", "plant", "substation", "switchgear",
         "transformer", "station", "sub_station"}
    ),
    "railway": frozenset({"platform", "roundhouse", "station", "traverser", "turntable", "wash"}),
    "waterway": frozenset({"boatyard", "dam", "dock", "fuel", "riverbank", "water_point"}),
}  # fmt: skip

_KEYS = frozenset(_AREA_KEYS) | frozenset(_AREA_VALUES) | {"area"}


def describes_something(tags: Tags) -> bool:
    """Whether any key says what the thing is, not only its name or source."""
    return not _KEYS.isdisjoint(tags)


def describing(tags: Tags) -> dict[str, str]:
    """Return the tags that say what the thing is."""
    return {key: value for key, value in tags.items() if key in _KEYS}


def describes_area(tags: Tags) -> bool:
    """Whether the tags describe something with an extent, if the way is closed."""
    if _KEYS.isdisjoint(tags):
        return False
    area = tags.get("area")
    if area is not None and area != "":
        return area != "no"
    highway = tags.get("highway")
    if highway is not None:
        return highway in _AREA_VALUES["highway"]
    for key, value in tags.items():
        lines = _AREA_KEYS.get(key)
        if lines is not None:
            if value not in lines and value not in _NOT:
                return True
        elif key in _AREA_VALUES and value in _AREA_VALUES[key]:
            return True
    return False
