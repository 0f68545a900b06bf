"""What people with a rollator or wheelchair can pass, and what the map does not say.

Verdicts have three values: a way is not passable (``NO``), passable as far as the map tells
(``POSSIBLE``: something that matters is not tagged), or passable (``CONFIRMED``). What is
not known never closes a way. ``docs/barrierefreie-wege.md`` has all rules with their
sources, and the differences to other engines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geo._facts import FACT_LABELS, FACT_QUESTIONS, FACTS, bits, facts_of
from geo._hindrances import (
    YES,
    heed,
    judge_barrier,
    judge_entrance,
    judge_lift,
    judge_width,
    kerb_at,
)
from geo._measures import height_cm, incline_percent
from geo._reason_words import reason_label
from geo._sidewalks import ROADS, road_options
from geo._surfaces import judge_ground
from geo._verdicts import CONFIRMED, NO, OPEN, POSSIBLE, Option, Part, worst
from geo.extract import Tags
from geo.profiles import Limits

__all__ = [
    "CONFIRMED", "FACTS", "FACT_LABELS", "FACT_QUESTIONS", "NO", "POSSIBLE", "Verdict",
    "assess_node", "assess_way", "facts_of", "reason_label",
]  # fmt: skip

_KERB, _ACCESS, _BARRIER = bits("kerb"), bits("access"), bits("barrier")

# May be anything from asphalt to roots: openrouteservice uses path and track without any
# word on their ground only for want of better. Here they are possible, and a question.
_ANYTHING = frozenset({"path", "track", "bridleway"})
# Hiking trails from T2 on have steps and roots (OSM wiki Key:sac_scale; openrouteservice
# closes them); so have bicycle trails from 1 on (OSM wiki Key:mtb:scale).
_EASY_TRAILS = frozenset({"hiking", "strolling", "no", "none", "yes"})
_EASY_BIKE_TRAILS = ("0", "n", "")
_RAIL_CROSSINGS = frozenset({"crossing", "level_crossing", "tram_crossing", "tram_level_crossing"})
_NEVER = frozenset({"via_ferrata", "ladder"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of a way, apart from the incline, or of a node.

    Attributes
    ----------
    state
        ``NO``, ``POSSIBLE`` or ``CONFIRMED``.
    missing
        What is not known, as bits of ``FACTS``; never 0 with ``POSSIBLE``, always with the
        others.
    factor
        Time as a multiple of that on even ground.
    incline_percent
        The steepest incline by the tags, without sign; None if not known.
    asks_incline
        Whether the way is possible at best as long as its incline is not known: the profile
        needs it, or the tags say that it rises but not how much.
    reason
        Why it is ``NO``: the deciding tag, e.g. ``"highway=steps"``; else "". See
        ``reason_label``.
    """

    state: int
    missing: int = 0
    factor: float = 1.0
    incline_percent: float | None = None
    reason: str = ""
    asks_incline: bool = False


def assess_way(tags: Tags, nodes: Sequence[Tags], limits: Limits) -> Verdict:
    """Judge a way by its tags, and by the kerbs where it crosses a road.

    Parameters
    ----------
    tags
        Tags of the way.
    nodes
        Tags of those of its ends that have any.
    limits
        What can be passed.

    Returns
    -------
    Verdict
        Of several sides of a road that of the better one: the surest, then the one with the
        fewest questions, then the quickest, then the left one.

    Notes
    -----
    The incline is read but not judged: a terrain model may know better. Whoever calls
    closes a way steeper than ``limits.max_incline_percent`` for both directions.
    """
    highway = tags.get("highway", "")
    if highway in ROADS:
        options = road_options(tags, limits)
        if len(options) == 1:
            return _settle(options[0], limits)
        found = [(_settle(option, limits), option.cap is OPEN) for option in options]
        return max(found, key=_how_good)[0]
    if highway == "steps":
        return _settle(_steps(tags, limits), limits)
    return _settle(_path(tags, highway, nodes, limits), limits)


def assess_node(tags: Tags, limits: Limits) -> Verdict:
    """Judge passing over a node: a kerb, a gate, a bollard, a door, a lift.

    Parameters
    ----------
    tags
        Tags of the node.
    limits
        What can be passed.

    Notes
    -----
    A node with ``highway=crossing`` is passed along the road as well, where no kerb is: what
    it says of kerbs and wheelchairs counts for the ways that cross, see ``assess_way``.
    ``wheelchair`` of a bus stop says nothing of the way past it.
    """
    state, missing, reason = _at_node(tags, limits)
    return Verdict(state, missing if state == POSSIBLE else 0, reason=reason)


def _at_node(tags: Tags, limits: Limits) -> Part:
    highway, barrier = tags.get("highway"), tags.get("barrier", "kerb")
    kerb = None if highway == "crossing" else kerb_at(tags, limits)
    part = OPEN
    if highway == "elevator":
        part = judge_lift(tags, limits)
    elif barrier != "kerb":
        part = worst(judge_barrier(tags, limits), kerb or OPEN)
    elif "entrance" in tags or "door" in tags or "automatic_door" in tags:
        part = judge_entrance(tags, limits)
    elif kerb is not None:
        part = _heed_kerb(tags, kerb, limits)
    elif tags.get("railway") in _RAIL_CROSSINGS:
        part = heed(tags.get("wheelchair"), OPEN, OPEN, limits)
    return part


def _settle(option: Option, limits: Limits) -> Verdict:
    """Make a verdict of one way of getting along."""
    said = option.wheelchair
    part = heed(said, option.hard, option.soft, limits)
    state, missing, reason = worst(part, option.cap)
    percent = asks = None
    if option.incline is not None:
        percent = incline_percent(option.incline)
        asks = percent is None
    elif not option.level:
        asks = "incline" in limits.needs
    return Verdict(
        state,
        missing if state == POSSIBLE else 0,
        limits.rough_factor if option.rough else 1.0,
        percent,
        reason,
        bool(asks) and said not in YES,
    )


def _how_good(found: tuple[Verdict, bool]) -> tuple[int, bool, int, float]:
    # A sidewalk that could be confirmed goes before a carriageway that never can.
    verdict, open_ended = found
    return verdict.state, open_ended, -verdict.missing.bit_count(), -verdict.factor


def _path(tags: Tags, highway: str, nodes: Sequence[Tags], limits: Limits) -> Option:
    """Judge everything that is not a road: footways, squares, paths, platforms, ferries."""
    incline, wheelchair = tags.get("incline"), tags.get("wheelchair")
    if highway == "elevator":
        part = judge_lift(tags, limits)
        return Option(part, OPEN, OPEN, rough=False, incline=None, wheelchair=None, level=True)
    if tags.get("route") == "ferry":
        soft = POSSIBLE, _ACCESS, ""
        return Option(
            OPEN, soft, OPEN, rough=False, incline=None, wheelchair=wheelchair, level=True
        )
    ground, rough = judge_ground(
        tags.get("footway:surface") or tags.get("surface"),
        tags.get("footway:smoothness") or tags.get("smoothness"),
        tags.get("tracktype"),
        limits,
        evidence=highway in _ANYTHING,
    )
    hard = worst(judge_width(_own_width(tags), limits), _trail(tags, highway))
    soft = ground
    if "barrier" in tags and tags["barrier"] != "kerb":
        soft = worst(soft, judge_barrier(tags, limits))
    crossing = "crossing" in {tags.get("footway"), tags.get("path"), tags.get("cycleway")}
    if crossing or nodes:
        at_road, wheelchair = _at_the_road(tags, nodes, limits, crossing=crossing)
        soft = worst(soft, at_road)
    # A crossing is as level as the road is across (RASt 06: 2.5 %), a corridor as its floor.
    level = crossing or highway == "corridor" or tags.get("indoor") == "yes"
    return Option(hard, soft, OPEN, rough, incline, wheelchair, level)


def _own_width(tags: Tags) -> Tags:
    width = tags.get("footway:width")
    return tags if width is None else {**tags, "width": width}


def _trail(tags: Tags, highway: str) -> Part:
    if highway in _NEVER:
        return NO, 0, f"highway={highway}"
    sac = tags.get("sac_scale")
    if sac is not None and sac not in _EASY_TRAILS:
        return NO, 0, f"sac_scale={sac}"
    mtb = tags.get("mtb:scale")
    if mtb is not None and mtb[:1] not in _EASY_BIKE_TRAILS:
        return NO, 0, f"mtb:scale={mtb}"
    ford = tags.get("ford")
    if ford is not None and ford != "no":
        if ford == "stepping_stones":
            return NO, 0, "ford=stepping_stones"
        return POSSIBLE, _BARRIER, ""
    return OPEN


def _steps(tags: Tags, limits: Limits) -> Option:
    """Judge steps: closed unless there is a ramp, or one low step.

    Escalators are no way for wheels (DIN EN 115-1: not meant for wheelchairs). The incline of
    steps is that of the stairs, not of the ramp beside them.
    """
    ramp, wheelchair_ramp = tags.get("ramp"), tags.get("ramp:wheelchair")
    kinds = _ramp_kinds(tags)
    maybe: Part = (POSSIBLE, _ACCESS, "")
    hard, cap, level = (NO, 0, "highway=steps"), OPEN, True
    if tags.get("conveying", "no") != "no":
        hard = (NO, 0, f"conveying={tags['conveying']}")
    elif wheelchair_ramp == "yes" or ramp == "wheelchair":
        # Ramps beside steps tend to be steep.
        hard, level = OPEN, False
    elif wheelchair_ramp is None and ramp == "yes" and not kinds:
        hard = maybe
    elif "stroller" in kinds and not limits.wheelchair_no_closes:
        # Two rails: with a rollator perhaps, never with a wheelchair.
        hard = maybe
    elif _is_low_step(tags, limits):
        hard = OPEN
    elif tags.get("wheelchair") in YES:
        # Steps, and yet passable: somebody should look.
        hard = cap = maybe
    said = tags.get("wheelchair")
    return Option(hard, OPEN, cap, rough=False, incline=None, wheelchair=said, level=level)


def _ramp_kinds(tags: Tags) -> frozenset[str]:
    """Return for whom the ramps beside steps are: ``stroller``, ``bicycle``, ``luggage``."""
    kinds = ("stroller", "bicycle", "luggage")
    named = {kind for kind in kinds if tags.get(f"ramp:{kind}", "no") != "no"}
    return frozenset(named | ({tags["ramp"]} & set(kinds) if "ramp" in tags else set()))


def _is_low_step(tags: Tags, limits: Limits) -> bool:
    height = tags.get("step:height")
    cm = None if tags.get("step_count") != "1" or height is None else height_cm(height)
    return cm is not None and cm <= limits.max_kerb_cm


def _heed_kerb(tags: Tags, kerb: Part, limits: Limits) -> Part:
    """Join a kerb with ``wheelchair``: a height that is measured stands."""
    measured = kerb[2].startswith("kerb:height")
    hard, soft = (kerb, OPEN) if measured else (OPEN, kerb)
    return heed(tags.get("wheelchair"), hard, soft, limits)


def _at_the_road(
    tags: Tags, nodes: Sequence[Tags], limits: Limits, *, crossing: bool
) -> tuple[Part, str | None]:
    """Judge the kerbs between a way and the road it crosses or comes to.

    Parameters
    ----------
    tags, nodes
        Tags of the way and of its ends.
    limits
        What can be passed.
    crossing
        Whether the way is a crossing: then its kerbs have to be known.

    Returns
    -------
    part : Part
        ``NO`` where the crossing's node names a kerb that is too high; kerbs with nodes of
        their own are judged as nodes.
    wheelchair : str or None
        What the way, else the crossing's node, says of wheelchairs.

    Notes
    -----
    Known are the kerbs of a crossing if the way or the crossing's node tells of them, if
    one end is the crossing's node and the other a kerb, or if both ends are kerbs.
    """
    said = tags.get("wheelchair")
    parts: list[Part] = []
    kerbs, on_road, known = 0, False, False
    if crossing:
        own = kerb_at({**tags, "barrier": ""}, limits)
        if own is not None:
            parts.append(own)
            known = own[0] == CONFIRMED
    for node in nodes:
        at = kerb_at(node, limits)
        if node.get("highway") == "crossing":
            on_road = True
            if crossing:
                said = said or node.get("wheelchair")
            if at is not None:
                parts.append(at)
                known = known or at[0] == CONFIRMED
        elif at is not None and at[0] != POSSIBLE:
            kerbs += 1
    too_high = worst(*[part for part in parts if part[0] == NO])
    question: Part = (POSSIBLE, _KERB, "")
    if not crossing:
        # The last metre of a long way: no reason to close all of it.
        return OPEN if too_high[0] == CONFIRMED else question, said
    if known or "kerb" not in limits.needs or kerbs >= (1 if on_road else 2):
        return too_high, said
    return worst(too_high, question), said
