"""What of an extract may belong to the network of people on foot.

Wide on purpose: which way is open to whom is decided from its tags by the network. Only
what nobody can walk on is left out here.
"""

from __future__ import annotations

from geo.extract import Tags

_NEVER_ON_FOOT = frozenset(
    {"abandoned", "bus_guideway",
     "construction", "demolished", "destroyed", "disused",
     "dismantled", "emergency_bay", "escape", "no", "none", "planned", "proposed", "raceway",
     "razed", "removed", "rest_area", "services"}
)  # fmt: skip
_MOTORWAYS = frozenset({"motorway", "motorway_link"})

NODE_KEYS = frozenset(
    {"access", "automatic_door", "barrier", "bollard", "crossing", "crossing:signals", "door",
     "entrance", "foot", "highway", "kerb", "kerb:both", "kerb:height", "kerb:left",
     "kerb:right", "level", "locked", "maxwidth", "maxwidth:physical", "public_transport",
     "railway", "step_count", "tactile_paving", "traffic_signals:sound", "wheelchair", "width"}
)  # fmt: skip
"""Keys that matter on a node of a way; a node with any of them keeps all its tags."""


def may_be_walked(tags: Tags) -> bool:
    """Whether a way or square can be part of the walking network.

    These are ways with any ``highway`` but those nobody can walk on, platforms, piers, and
    ferries that take people on foot.
    """
    highway = tags.get("highway")
    if highway in _MOTORWAYS:
        return tags.get("foot", "no") != "no"
    if highway is not None:
        return highway not in _NEVER_ON_FOOT
    if tags.get("public_transport") == "platform" or tags.get("railway") == "platform":
        return True
    if tags.get("man_made") == "pier":
        return True
    return tags.get("route") == "ferry" and tags.get("foot") != "no"
