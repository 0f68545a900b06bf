"""Who may ride a bicycle where: OSM tags of ways read as a cyclist would.

Where riding is not allowed but walking is, a bicycle is pushed: who pushes one counts as a
pedestrian (§ 25 Abs. 2 StVO), also against a one-way street.

Sources: StVO §§ 2, 18, 25, 26, 41 with annexes 1 to 3; OSM wiki *Key:bicycle*,
*Key:cycleway*, *Key:oneway:bicycle*, *Bicycle/Radverkehrsanlagen kartieren*, *OSM tags for
routing/Access restrictions* (table for Germany); OSRM's bicycle profile, which pushes in the
same places. ``docs/zugang.md`` sums the rules up for readers.
"""

from __future__ import annotations

from enum import StrEnum

from geo._traffic_signs import german_signs
from geo.extract import Tags
from geo.foot_access import Access, exists, foot_access, foot_direction, read_access


class Ride(StrEnum):
    """How a cyclist gets along a way."""

    RIDE = "ride"
    PUSH = "push"
    """Cycling is not allowed, walking is."""
    NO = "no"


_NOWHERE = (Ride.NO, Ride.NO)
_BOTH_WAYS = (Ride.RIDE, Ride.RIDE)

# Ridden unless a tag says otherwise. path: a way for all but motor vehicles (OSM wiki).
_RIDDEN = frozenset(
    {
        "primary", "primary_link", "secondary", "secondary_link", "tertiary", "tertiary_link",
        "unclassified", "residential", "living_street", "service", "road", "track", "path",
        "cycleway",
    }
)  # fmt: skip

# For people on foot: ridden only where a tag or sign says so (§ 2 Abs. 1 and 5 StVO, signs
# 239 and 242); the others by law for riders on horseback, buses or motor vehicles alone.
# What is in neither set is not ridden, whatever is allowed: steps, lifts, unknown kinds.
_RIDDEN_BY_LEAVE = frozenset(
    {
        "footway", "pedestrian", "corridor", "platform", "pier", "bridleway", "busway",
        "motorway", "motorway_link", "trunk", "trunk_link",
    }
)  # fmt: skip

_TRUNKS = frozenset({"trunk", "trunk_link"})

# Cycle tracks and lanes drawn as part of the road.
_CYCLEWAYS = frozenset(
    {
        "lane", "track", "shared_lane", "share_busway", "opposite_lane", "opposite_track",
        "opposite_share_busway",
    }
)  # fmt: skip
_SIDES = ("cycleway", "cycleway:both", "cycleway:left", "cycleway:right")

# Too rough for a bicycle of every day: pushed (OSM wiki, Key:smoothness, Key:mtb:scale).
_TOO_ROUGH = frozenset({"horrible", "very_horrible", "impassable"})

_YES_WORDS = frozenset({"yes", "1", "true"})
_NO_WORDS = frozenset({"no", "0", "false"})
_REVERSE_WORDS = frozenset({"-1", "reverse"})

# Signs by which one rides: cycle track, shared, parted, cycle street and zone.
_SIGNS_RIDE = frozenset({"237", "240", "241", "244"})
# Signs for walkers alone, and those that ban bicycles or all vehicles.
_SIGNS_PUSH = frozenset({"239", "242", "250", "254"})
# "Radverkehr frei", "Anlieger frei".
_SIGNS_FREE = frozenset({"1022-10", "1020-30"})
# "Radfahrer absteigen"
_SIGN_DISMOUNT = "1012-32"


def ride(tags: Tags) -> tuple[Ride, Ride]:
    """Say how a cyclist gets along a way and back.

    ``bicycle=*`` decides before ``vehicle=*`` and ``access=*``, these before German traffic
    signs on the way, and all of them before what the kind of way implies. A lane or track
    drawn as part of the road may be ridden whatever the road is, unless ``bicycle`` forbids
    it. Permission at certain hours does not count: by day, when places are open, one pushes.

    On a private way one rides where ``foot_access`` calls it private, too: such ways are
    usable inside the study's own grounds alone.

    Parameters
    ----------
    tags
        Tags of an OSM way.

    Returns
    -------
    forward, backward
        In the direction of the way and against it.
    """
    highway = _value(tags, "highway")
    if "conveying" in tags and _value(tags, "conveying") != "no":
        return _NOWHERE  # no bicycles on escalators
    rideable = highway in _RIDDEN or highway in _RIDDEN_BY_LEAVE
    if not rideable or not exists(tags) or _is_too_rough(tags):
        return _pushed(tags, foot_access(tags))
    leave = _leave(tags, highway)
    along, back = _directions(tags, highway)
    forward = along and _allowed(tags, "forward", leave)
    backward = back and _allowed(tags, "backward", leave)
    if forward and backward and leave is Access.YES:
        return _BOTH_WAYS
    foot = foot_access(tags)
    if leave is Access.PRIVATE and foot is not Access.PRIVATE:
        forward = backward = False  # open to walkers, private to vehicles
    push = _pushed(tags, foot)
    return (Ride.RIDE if forward else push[0], Ride.RIDE if backward else push[1])


def _pushed(tags: Tags, foot: Access) -> tuple[Ride, Ride]:
    """Say where a bicycle may be pushed: where its owner may walk."""
    if foot is Access.NO:
        return _NOWHERE
    only = foot_direction(tags)
    return (
        Ride.PUSH if only >= 0 else Ride.NO,
        Ride.PUSH if only <= 0 else Ride.NO,
    )


def _leave(tags: Tags, highway: str) -> Access:
    """Say who may ride on a way, whatever the direction."""
    bicycle = _value(tags, "bicycle")
    if bicycle == "use_sidepath":
        # The track beside the road has to be used (§ 2 Abs. 4 StVO); where it is drawn as
        # part of the road, it is ridden here, else it is a way by itself.
        return Access.YES if _has_cycleway(tags) else Access.NO
    if bicycle == "dismount":
        return Access.NO
    said = read_access(bicycle)
    if said is None and (
        _has_cycleway(tags)
        or tags.get("bicycle_road") == "yes"  # signs 244.1 and 244.3
        or tags.get("cyclestreet") == "yes"
    ):
        return Access.YES
    if said is None:
        said = read_access(_value(tags, "vehicle")) or read_access(_value(tags, "access"))
        # That somebody may go there says nothing of bicycles on a footway or a motorway.
        if not _implied(tags, highway):
            return Access.NO
    return said or Access.YES


def _implied(tags: Tags, highway: str) -> bool:
    """Whether one may ride by the signs on a way, or else by its kind."""
    if "traffic_sign" in tags:
        signs = german_signs(_value(tags, "traffic_sign"))
        if _SIGN_DISMOUNT in signs:
            return False
        if not signs.isdisjoint(_SIGNS_RIDE):
            return True
        if not signs.isdisjoint(_SIGNS_PUSH):
            return not signs.isdisjoint(_SIGNS_FREE)
    motorroad = _value(tags, "motorroad")
    if highway in _TRUNKS:
        return motorroad == "no"
    if highway == "path" and "designated" in (tags.get("foot"), tags.get("horse")):
        return False  # set apart for others: a footway or bridle path drawn as a path
    return highway in _RIDDEN and motorroad != "yes"  # § 18 Abs. 1 StVO


def _allowed(tags: Tags, direction: str, leave: Access) -> bool:
    """Whether one may ride in a direction, which may have tags of its own."""
    own = tags.get(f"bicycle:{direction}")
    if own is not None:
        return own != "dismount" and read_access(own) is Access.YES
    if "bicycle" not in tags and read_access(tags.get(f"vehicle:{direction}", "")) is Access.NO:
        return False  # sign 267 at the other end
    return leave is not Access.NO


def _directions(tags: Tags, highway: str) -> tuple[bool, bool]:
    """Say whether the way may be ridden along and against, as far as one-way rules go."""
    own = _value(tags, "oneway:bicycle")
    if own in _YES_WORDS:
        return True, False
    if own in _REVERSE_WORDS:
        return False, True
    if own in _NO_WORDS:
        return True, True
    oneway = _value(tags, "oneway")
    if oneway in _YES_WORDS or (not oneway and _is_oneway_by_kind(tags, highway)):
        return True, _is_contraflow(tags, "bicycle:backward")
    if oneway in _REVERSE_WORDS:
        return _is_contraflow(tags, "bicycle:forward"), True
    # "no", and streets whose direction changes during the day
    return True, True


def _is_oneway_by_kind(tags: Tags, highway: str) -> bool:
    """Whether a way is one-way without saying so (OSM wiki, Key:oneway)."""
    junction = tags.get("junction")
    return junction in {"roundabout", "circular"} or highway == "motorway"


def _is_contraflow(tags: Tags, direction_key: str) -> bool:
    """Whether bicycles may go against the one-way direction of a street."""
    said = tags.get(direction_key)
    if said is not None:
        return read_access(said.strip().lower()) is Access.YES
    for side in _SIDES:
        kind = tags.get(side)
        if kind is None:
            continue
        if kind.startswith("opposite"):
            return True
        # A lane with a direction of its own, e.g. on the left of a street one-way to the right.
        if kind in _CYCLEWAYS and _value(tags, f"{side}:oneway") in _NO_WORDS | _REVERSE_WORDS:
            return True
    return False


def _has_cycleway(tags: Tags) -> bool:
    """Whether a lane or track for bicycles is drawn as part of the way."""
    return any(tags.get(side) in _CYCLEWAYS for side in _SIDES)


def _is_too_rough(tags: Tags) -> bool:
    """Whether a bicycle of every day has to be pushed."""
    if tags.get("smoothness") in _TOO_ROUGH:
        return True
    if tags.get("sac_scale", "hiking") not in {"hiking", "strolling"}:
        return True
    # mtb:scale 2 and above: steps and loose stones, for those who train for it.
    return tags.get("mtb:scale", "0")[:1] not in {"0", "1"}


def _value(tags: Tags, key: str) -> str:
    value = tags.get(key)
    return value.strip().lower() if value else ""
