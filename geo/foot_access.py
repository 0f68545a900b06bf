"""Who may walk where: OSM tags of ways and nodes read as a pedestrian would.

The rules follow the published practice of OSRM's foot profile and the German habits of
tagging. ``tests/geo/foot_access_table.csv`` sets them beside OSRM's and Valhalla's, row by
row, with a reason for every difference; ``docs/zugang.md`` sums them up for readers.

Sources: OSM wiki *Key:access*, *Key:foot*, *OSM tags for routing/Access restrictions*
(table for Germany); StVO §§ 2, 18, 25 and its signs; OSRM's behaviour tests for the foot
profile.
"""

from __future__ import annotations

import re
from enum import StrEnum

from geo._traffic_signs import german_signs
from geo.extract import Tags


class Access(StrEnum):
    """Whether a pedestrian may pass."""

    YES = "yes"
    """Everybody may."""
    PRIVATE = "private"
    """Only who belongs there may: usable inside the study's own grounds, and marked."""
    NO = "no"
    """Nobody may, or there is nothing to walk on."""


# Walkable unless a tag says otherwise.
#
# cycleway: in Germany often drawn for what is a shared way in fact; only an explicit
# foot=no closes it (GraphHopper and Valhalla do the same, OSRM does not).
_OPEN_HIGHWAYS = frozenset(
    {
        "primary", "primary_link", "secondary", "secondary_link", "tertiary", "tertiary_link",
        "unclassified", "residential", "living_street", "service", "road", "track", "path",
        "footway", "pedestrian", "steps", "cycleway", "corridor", "elevator", "platform", "pier",
    }
)  # fmt: skip

# Not there, not there yet, not there any more, or not for walking: no tag can open these.
_NEVER_HIGHWAYS = frozenset(
    {
        "construction", "proposed", "planned", "abandoned", "disused", "razed", "demolished",
        "removed", "dismantled", "destroyed", "no", "raceway", "via_ferrata", "bus_stop",
        "rest_area", "services", "escape", "emergency_bay", "bus_guideway",
    }
)  # fmt: skip

# Closed to pedestrians as a rule in Germany, but where a pavement is drawn on it, or the tag
# says that it is no Kraftfahrstraße, people may walk along it (§§ 18, 25 StVO).
_TRUNKS = frozenset({"trunk", "trunk_link"})

_SIDEWALKS = frozenset({"both", "left", "right", "yes"})

# Lifecycle keys that say with "yes" that the way is not (or no longer) usable.
_GONE_KEYS = frozenset(
    {
        "abandoned", "disused", "razed", "demolished", "removed", "dismantled", "destroyed",
        "impassable",
    }
)  # fmt: skip

# construction=minor and =widening stand on ways that stay in use.
_HARMLESS_CONSTRUCTION = frozenset({"no", "minor", "widening"})

# SAC T4 and above need the hands; nobody walks there to the shop.
_ALPINE = frozenset({"alpine_hiking", "demanding_alpine_hiking", "difficult_alpine_hiking"})

_YES_VALUES = frozenset({"yes", "designated", "permissive", "official", "public", "allowed"})

# Closed for everybody. "use_sidepath": the parallel footway is drawn by itself. Means of
# transport: open for these alone.
_NO_VALUES = frozenset(
    {"no", "none", "use_sidepath", "never", "prohibited", "restricted", "military", "emergency",
     "psv", "bus", "taxi", "tram", "train"}
)  # fmt: skip

# Closed for the public, open for people of the grounds. OSRM closes delivery,
# agricultural and forestry to everybody; off the grounds we do too, but on the own
# grounds the supply road of the kitchen is the way residents take, and is marked.
_PRIVATE_VALUES = frozenset(
    {"private", "delivery", "agricultural", "forestry", "permit", "residents", "resident",
     "members", "employees", "employee", "staff"}
)  # fmt: skip

# Nodes that close the way they stand on unless a tag lets people pass; everything else
# (gate, bollard, lift_gate, stile, turnstile, kissing_gate, kerb …) is passed on foot.
_WALLS = frozenset({"wall", "fence", "retaining_wall", "city_wall", "debris"})

_SILENT = frozenset({"", "unknown"})

# A fence that only animals with a collar hear.
_UNSEEN_FENCES = frozenset({"audible", "audio"})

_YES_WORDS = frozenset({"yes", "1", "true"})
_REVERSE_WORDS = frozenset({"-1", "reverse"})

_TIMES = re.compile(
    r"\d{1,2}:\d{2}|\b(?:mo|tu|we|th|fr|sa|su|ph|sunrise|sunset|dawn|dusk|jan|feb|mar|apr|may|"
    r"jun|jul|aug|sep|oct|nov|dec|24/7)\b"
)


def foot_access(tags: Tags) -> Access:
    """Say whether a way may be walked on.

    ``foot=*`` decides before ``access=*``; both before what the kind of way implies.
    Permission at certain hours (``foot:conditional=yes @ (08:00-20:00)``) counts as
    permission, just as a gate with opening hours counts as passable. Tags for other
    means of transport (``vehicle``, ``bicycle``, ``sidewalk=separate`` …) do not decide:
    where the pavement is drawn by itself the road stays walkable, because the crossings
    and gaps between the two are rarely drawn completely.

    Ferries are closed: their time depends on a timetable, not on walking speed.

    Parameters
    ----------
    tags
        Tags of an OSM way.

    Returns
    -------
    Access
        ``NO`` also for everything that is no way at all.
    """
    if not exists(tags):
        return Access.NO
    highway = _value(tags, "highway")
    explicit = _explicit(tags)
    if highway in _NEVER_HIGHWAYS:
        return Access.NO
    if highway in _OPEN_HIGHWAYS:
        # A Kraftfahrstraße (motorroad) is closed to pedestrians by § 18 StVO, a cycle track
        # with sign 237 alone by no. 16 of annex 2 to § 41.
        needs_permission = _value(tags, "motorroad") == "yes" or (
            highway == "cycleway" and _is_for_bicycles_alone(tags)
        )
    elif highway in _TRUNKS:
        needs_permission = not _is_walkable_trunk(tags)
    elif highway:
        # motorway, bridleway (Zeichen 238), busway, values nobody knows
        needs_permission = True
    elif _is_walkable_thing(tags):
        needs_permission = False
    else:
        return Access.NO
    # access=yes on a motorway speaks of traffic, not of pedestrians (unlike OSRM).
    if needs_permission and _foot_value(tags) is not Access.YES:
        return Access.NO
    return explicit or Access.YES


def foot_direction(tags: Tags) -> int:
    """Return the only direction in which a way may be walked, if there is but one.

    ``oneway=*`` is meant for vehicles and does not bind pedestrians; ``oneway:foot=*``,
    ``foot:forward=no``, ``foot:backward=no`` and the direction of an escalator
    (``conveying=forward`` or ``backward``, or ``conveying=yes`` with ``oneway``) do.

    Returns
    -------
    int
        ``1`` only in the way's direction, ``-1`` only against it, ``0`` both.
    """
    said = _value(tags, "oneway:foot") or _value(tags, "foot:oneway")
    if said:
        return _direction(said)
    ahead = read_access(_value(tags, "foot:forward")) is not Access.NO
    back = read_access(_value(tags, "foot:backward")) is not Access.NO
    if ahead != back:
        return 1 if ahead else -1
    conveying = _value(tags, "conveying")
    if conveying == "yes":
        return _direction(_value(tags, "oneway"))
    return {"forward": 1, "backward": -1}.get(conveying, 0)


def node_passable(tags: Tags) -> Access:
    """Say whether a pedestrian gets past a node of a way.

    Gates and bollards are passed. ``locked=yes`` closes a gate unless ``foot`` allows it
    by name (the gate is then locked for cars, with a way round). Walls and fences close
    unless a tag lets people pass, as OSRM has it.

    Parameters
    ----------
    tags
        Tags of an OSM node.
    """
    if not tags:
        return Access.YES
    foot = _foot_value(tags)
    explicit = foot or _access_value(tags)
    if _value(tags, "locked") == "yes" and foot is not Access.YES:
        return Access.NO
    if explicit is not None:
        return explicit
    if _value(tags, "barrier") in _WALLS and _value(tags, "sensory") not in _UNSEEN_FENCES:
        return Access.NO
    return Access.YES


def _direction(value: str) -> int:
    """Read a value of ``oneway``."""
    return (value in _YES_WORDS) - (value in _REVERSE_WORDS)


def exists(tags: Tags) -> bool:
    """Whether the way exists today and can be walked without the hands.

    Parameters
    ----------
    tags
        Tags of an OSM way.
    """
    if not _GONE_KEYS.isdisjoint(tags) and any(_value(tags, key) == "yes" for key in _GONE_KEYS):
        return False
    if _value(tags, "status") == "impassable":
        return False
    construction = _value(tags, "construction")
    if construction and construction not in _HARMLESS_CONSTRUCTION:
        return False
    return _value(tags, "sac_scale") not in _ALPINE


def _is_for_bicycles_alone(tags: Tags) -> bool:
    """Whether a cycle track stands under sign 237 and no sign that lets people walk."""
    signs = german_signs(_value(tags, "traffic_sign"))
    return "237" in signs and signs.isdisjoint({"239", "240", "241"})


def _is_walkable_trunk(tags: Tags) -> bool:
    """Whether a trunk road has a pavement, or is said to be no Kraftfahrstraße."""
    motorroad = _value(tags, "motorroad")
    if motorroad:
        return motorroad == "no"
    return any(
        _value(tags, key) in _SIDEWALKS
        for key in ("sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right")
    )


def _is_walkable_thing(tags: Tags) -> bool:
    """Platforms and piers, which need no ``highway`` key."""
    return (
        _value(tags, "railway") == "platform"
        or _value(tags, "public_transport") == "platform"
        or _value(tags, "man_made") == "pier"
    )


def _explicit(tags: Tags) -> Access | None:
    """Return what the access tags say, ``foot`` before ``access``; None if they are silent."""
    return _foot_value(tags) or _access_value(tags)


def _foot_value(tags: Tags) -> Access | None:
    return _with_hours(tags, "foot")


def _access_value(tags: Tags) -> Access | None:
    return _with_hours(tags, "access")


def _with_hours(tags: Tags, key: str) -> Access | None:
    """Read one access key; permission at certain hours counts as permission."""
    plain = read_access(_value(tags, key))
    if plain is Access.YES:
        return plain
    for rule in _value(tags, f"{key}:conditional").split(";"):
        value, _, condition = rule.partition("@")
        if value.strip() in _YES_VALUES and _TIMES.search(condition):
            return Access.YES
    return plain


def read_access(value: str) -> Access | None:
    """Read a value of an access key; of several (``a;b``) the strictest counts.

    Parameters
    ----------
    value
        Value of ``foot``, ``access``, ``vehicle``, ``bicycle`` … in small letters.

    Returns
    -------
    Access or None
        None where nothing is said, or that it is not known.
    """
    if value in _SILENT:
        return None
    parts = [part.strip() for part in value.split(";")]
    if any(part in _NO_VALUES for part in parts):
        return Access.NO
    if any(part in _PRIVATE_VALUES for part in parts):
        return Access.PRIVATE
    # customers, destination, discouraged, and values nobody knows: people may (as OSRM)
    return Access.YES


def _value(tags: Tags, key: str) -> str:
    value = tags.get(key)
    return value.strip().lower() if value else ""
