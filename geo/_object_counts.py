"""Count what a file of OSM data holds."""

from __future__ import annotations

from geo._file_findings import count_members
from geo._osm_data import OsmData

_KEYS = ("building", "amenity", "shop", "healthcare", "leisure", "office", "wheelchair")
_WAY_KEYS = ("highway", "steps", "sidewalk")
_NODE_KEYS = ("bus_stop", "entrance", "kerb", "crossing")


def count_objects(data: OsmData) -> dict[str, int]:
    """Count what a file holds.

    Returns
    -------
    dict
        ``nodes``, ``ways``, ``relations``; ``relation_members`` and
        ``relation_members_missing`` (outside the file); objects of any kind with a key
        (``building``, ``amenity``, ``shop``, ``healthcare``, ``leisure``, ``office``,
        ``wheelchair``), with ``addr:housenumber`` (``address``), or with
        ``amenity=social_facility`` or the key ``social_facility``; ways with ``highway``,
        ``highway=steps`` and ``sidewalk`` in any form; nodes with ``highway=bus_stop``,
        ``entrance``, ``kerb`` and ``highway=crossing``.
    """
    members, missing, _ = count_members(data)
    counts = {
        "nodes": len(data.node_ids),
        "ways": len(data.way_ids),
        "relations": len(data.relations),
        "relation_members": members,
        "relation_members_missing": missing,
        **dict.fromkeys((*_KEYS, "address", "social_facility", *_WAY_KEYS, *_NODE_KEYS), 0),
    }
    relations = [relation.tags for relation in data.relations.values()]
    for tags in (*data.node_tags.values(), *data.way_tags, *relations):
        for key in _KEYS:
            if key in tags:
                counts[key] += 1
        counts["address"] += "addr:housenumber" in tags
        counts["social_facility"] += (
            "social_facility" in tags or tags.get("amenity") == "social_facility"
        )
    for tags in data.way_tags:
        if "highway" in tags:
            counts["highway"] += 1
            counts["steps"] += tags["highway"] == "steps"
            counts["sidewalk"] += any(key.partition(":")[0] == "sidewalk" for key in tags)
    for tags in data.node_tags.values():
        counts["bus_stop"] += tags.get("highway") == "bus_stop"
        counts["crossing"] += tags.get("highway") == "crossing"
        counts["entrance"] += "entrance" in tags
        counts["kerb"] += "kerb" in tags
    return counts
