"""What stands in the way at one spot: kerbs, gates, bollards, doors, steps, lifts; and widths."""

from __future__ import annotations

from geo._facts import bits
from geo._measures import height_cm, length_m
from geo._verdicts import NO, OPEN, POSSIBLE, Part, worst
from geo.extract import Tags
from geo.profiles import Limits

YES = frozenset({"yes", "designated", "official"})
"""Values of ``wheelchair`` that say: without help."""

# Room to turn between the rails of a staggered barrier (DIN 18040-3: 1.50 m by 1.50 m).
_TURNING_M = 1.5
LOWERED_CM = 3.0
"""Height of ``kerb=lowered`` (OSM wiki *Key:kerb*: about 3 cm)."""
RAISED_CM = 15.0
"""Height of a kerb that nobody has lowered (openrouteservice reckons with 15 cm)."""
_KERB_CM = {
    "flush": 0.0, "no": 0.0, "none": 0.0, "lowered": LOWERED_CM,
    "raised": RAISED_CM, "regular": RAISED_CM, "normal": RAISED_CM,
}  # fmt: skip

# Nothing in the way: what stands there stops cars only.
_FREE = frozenset(
    {"bollard", "entrance", "no", "height_restrictor", "toll_booth", "border_control"}
)
# Leaves that open: passable if they are wide enough.
_LEAVES = frozenset(
    {"gate", "wicket_gate", "swing_gate", "sliding_gate", "sliding_beam", "lift_gate", "block",
     "planter", "jersey_barrier", "door", "hampshire_gate", "bump_gate"}
)  # fmt: skip
# Made to keep wheels out. openrouteservice closes stile, turnstile and kissing_gate.
_CLOSED = frozenset(
    {"kissing_gate", "stile", "turnstile", "full-height_turnstile", "horse_stile",
     "cattle_grid", "log", "fence", "wall", "hedge", "guard_rail", "step", "steps"}
)  # fmt: skip
_STEPS = frozenset({"step", "steps"})
# Some of these are built wide enough, or have a gate beside them: then the word stands.
_SOME_ARE_WIDE = frozenset({"kissing_gate", "turnstile", "full-height_turnstile", "cattle_grid"})
_CYCLE = frozenset({"cycle_barrier", "motorcycle_barrier"})

_KERB, _WIDTH, _BARRIER, _ACCESS = bits("kerb"), bits("width"), bits("barrier"), bits("access")
_BY_HAND = frozenset({"no", "none", ""})


def judge_width(tags: Tags, limits: Limits) -> Part:
    """Judge how wide a way is; what is only estimated never closes it."""
    known = [tags[key] for key in ("width", "maxwidth:physical") if tags.get(key)]
    for text in known:
        metres = length_m(text)
        if metres is not None and metres < limits.min_width_m:
            return NO, _WIDTH, f"width={text}"
    measured = any(length_m(text) is not None for text in known)
    if not measured:
        guess = length_m(tags.get("est_width", ""))
        if guess is not None and guess < limits.min_width_m:
            return POSSIBLE, _WIDTH, ""
        if guess is None and "width" in limits.needs:
            return POSSIBLE, _WIDTH, ""
    return OPEN


def kerb_limit(kind: str | None, height: str | None, limits: Limits) -> Part:
    """Judge one kerb by its height, else by its kind.

    Parameters
    ----------
    kind, height
        Values of ``kerb`` and ``kerb:height``, None where not tagged.
    limits
        What can be passed.

    Notes
    -----
    OSM wiki *Key:kerb*: flush about 0, lowered about 3 cm, raised more; ``no`` is a spot
    without a kerb (openrouteservice reads it as not lowered). A rolled kerb may be 3 or 10
    cm high: not known, where openrouteservice reckons with 15 cm. Where several kinds are
    named, each has to be passed.
    """
    if height is not None:
        cm = height_cm(height)
        if cm is not None:
            if cm <= limits.max_kerb_cm:
                return OPEN
            return NO, _KERB, f"kerb:height={height}"
    if kind is not None and ";" in kind:
        return worst(*[kerb_limit(one.strip() or None, None, limits) for one in kind.split(";")])
    typical = _KERB_CM.get(kind or "")
    if typical is not None and typical <= limits.max_kerb_cm:
        return OPEN
    return (NO, _KERB, f"kerb={kind}") if typical == RAISED_CM else (POSSIBLE, _KERB, "")


def kerb_at(tags: Tags, limits: Limits) -> Part | None:
    """Judge the kerbs tagged on a node; None if there are none."""
    kind, height = tags.get("kerb"), tags.get("kerb:height")
    is_kerb = tags.get("barrier") == "kerb"
    if is_kerb and height is None:
        height = tags.get("height")
    sides = [tags[key] for key in ("kerb:left", "kerb:right", "kerb:both") if key in tags]
    if kind is None and height is None and not sides and not is_kerb:
        return None
    parts = [kerb_limit(side, None, limits) for side in sides]
    if kind is not None or height is not None or not parts:
        parts.append(kerb_limit(kind, height, limits))
    part = worst(*parts)
    if part[0] == POSSIBLE and "kerb" not in limits.needs:
        return OPEN
    return part


def heed(said: str | None, hard: Part, soft: Part, limits: Limits) -> Part:
    """Join what the tags say with what ``wheelchair`` says.

    Parameters
    ----------
    said
        Value of ``wheelchair``.
    hard
        What is measured, or wrong in a way that no word changes.
    soft
        What is judged by kind: a word of somebody who was there counts for more.
    limits
        What can be passed.

    Notes
    -----
    OSM wiki *Key:wheelchair*: ``yes`` is without help, ``limited`` with help or a step of at
    most 7 cm, ``no`` not. ``yes`` answers what is not known; where it contradicts what the
    other tags say, the way is possible, and somebody should look.
    """
    if said in YES:
        if hard[0] == NO:
            return hard
        return (POSSIBLE, soft[1], "") if soft[0] == NO else OPEN
    part = worst(hard, soft)
    if said == "no":
        if limits.wheelchair_no_closes:
            return NO, _ACCESS, "wheelchair=no"
        return worst(part, (POSSIBLE, _ACCESS, ""))
    if said == "limited":
        return worst(part, (POSSIBLE, _ACCESS, ""))
    return part


def judge_barrier(tags: Tags, limits: Limits) -> Part:
    """Judge a barrier, but for a kerb, by its kind and width."""
    kind, said = tags["barrier"], tags.get("wheelchair")
    soft = _barrier(tags, kind, limits)
    if said in YES and kind in _SOME_ARE_WIDE:
        soft = OPEN
    return heed(said, _gap(tags, kind, limits), soft, limits)


def judge_lift(tags: Tags, limits: Limits) -> Part:
    """Judge a lift: made for wheels, unless its car or door is too narrow."""
    return heed(tags.get("wheelchair"), judge_width(_inner(tags), limits), OPEN, limits)


def judge_entrance(tags: Tags, limits: Limits) -> Part:
    """Judge a door on the way: does it open by itself, is it wide enough, are there steps."""
    hard = judge_width(_inner(tags), limits)
    steps = tags.get("step_count", "0")
    if steps not in {"0", "no"} and tags.get("ramp:wheelchair") != "yes":
        soft: Part = (NO, _ACCESS, f"step_count={steps}")
        return heed(tags.get("wheelchair"), hard, soft, limits)
    soft = POSSIBLE, _BARRIER, ""
    kerb = kerb_at(tags, limits)
    if tags.get("door") in {"no", "open"} or tags.get("automatic_door", "no") not in _BY_HAND:
        soft = OPEN
    elif tags.get("door") == "revolving":
        soft = NO, _BARRIER, "door=revolving"
    return heed(tags.get("wheelchair"), hard, worst(soft, kerb or OPEN), limits)


def _inner(tags: Tags) -> dict[str, str]:
    width = tags.get("door:width") or tags.get("width") or tags.get("maxwidth") or ""
    return {"width": width, "maxwidth:physical": tags.get("maxwidth:physical", "")}


def _barrier(tags: Tags, kind: str, limits: Limits) -> Part:
    gap = _widest(tags, kind)
    if kind in _FREE:
        asks = "width" in limits.needs and kind == "bollard" and gap is None
        return (POSSIBLE, _WIDTH, "") if asks else OPEN
    if kind in _CYCLE:
        # Only the room round the corner says whether wheels get through.
        passed = (length_m(tags.get("spacing", "")) or 0.0) >= _TURNING_M
    else:
        passed = (kind in _LEAVES and gap is not None) or _is_low(tags, kind, limits)
    if passed:
        return OPEN
    if kind in _CLOSED:
        return NO, _BARRIER, f"barrier={kind}"
    # Whether there is room in it or beside it has to be seen; so with kinds not known here.
    return POSSIBLE, _BARRIER, ""


def _is_low(tags: Tags, kind: str, limits: Limits) -> bool:
    """Whether a step is known to be no higher than a kerb that can be passed."""
    if kind not in _STEPS:
        return False
    height = tags.get("step:height") or tags.get("height") or tags.get("kerb:height")
    cm = None if height is None else height_cm(height)
    return cm is not None and cm <= limits.max_kerb_cm


def _gap(tags: Tags, kind: str, limits: Limits) -> Part:
    widest = _widest(tags, kind)
    if widest is not None and widest[0] < limits.min_width_m:
        return NO, _WIDTH, widest[1]
    return OPEN


def _widest(tags: Tags, kind: str) -> tuple[float, str] | None:
    """Return the width of the gap and the tag that says it; None if not known.

    ``width`` of a bollard or block is its own, not that of the gap.
    """
    keys = ["maxwidth:physical", "opening", "maxwidth"]
    if kind in _LEAVES and kind not in {"block", "planter", "jersey_barrier"}:
        keys.append("width")
    found = [
        (metres, f"{key}={tags[key]}")
        for key in keys
        if key in tags and (metres := length_m(tags[key])) is not None
    ]
    return min(found) if found else None
