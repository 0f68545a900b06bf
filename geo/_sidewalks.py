"""What a road offers: its sidewalks, side by side, and the carriageway itself."""

from __future__ import annotations

from geo._facts import bits
from geo._hindrances import judge_width, kerb_limit
from geo._measures import length_m
from geo._surfaces import judge_ground
from geo._verdicts import CONFIRMED, NO, OPEN, POSSIBLE, Option, Part, worst
from geo.extract import Tags
from geo.profiles import Limits

ROADS = frozenset(
    {
        "motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link",
        "secondary", "secondary_link", "tertiary", "tertiary_link", "unclassified",
        "residential", "road", "busway", "living_street", "service",
    }
)  # fmt: skip
"""Classes with a carriageway, on which ``sidewalk=*`` may say where people walk."""

_SHARED = frozenset({"living_street", "service"})
"""People walk on the carriageway here (StVO Anlage 3, Zeichen 325.1; drives and car parks)."""

_CALM_KMH = 30.0

_SIDES = {
    "both": ("yes", "yes"), "yes": ("yes", "yes"), "left": ("yes", "no"), "right": ("no", "yes"),
    "left;right": ("yes", "yes"), "no": ("no", "no"), "none": ("no", "no"),
    "separate": ("separate", "separate"),
}  # fmt: skip
_KINDS = {
    "yes": "yes", "raised": "yes", "ground": "yes", "lane": "yes", "separate": "separate",
    "no": "no", "none": "no",
}  # fmt: skip

_SIDEWALK, _KERB = bits("sidewalk"), bits("kerb")


def road_options(tags: Tags, limits: Limits) -> list[Option]:
    """Return the ways of getting along a road, the sidewalks first.

    Parameters
    ----------
    tags
        Tags of the road.
    limits
        What can be passed.

    Notes
    -----
    Rules: where there is a sidewalk, it has to be used (StVO § 25), and the carriageway is
    possible at best, as it is beside sidewalks drawn as ways of their own. Without sidewalks
    the carriageway counts with its own surface: confirmed where people share it with cars
    by its kind, or at 30 km/h and less where the map says that there is no sidewalk;
    elsewhere somebody has to see whether there is room. A road of which the map does not
    say whether it has sidewalks is possible at best, save for the shared kinds.
    """
    left, right = _sides(tags)
    options = [_sidewalk(tags, "left", limits)] if left == "yes" else []
    if right == "yes" and (other := _sidewalk(tags, "right", limits)) not in options:
        options.append(other)

    part, rough = judge_ground(
        tags.get("surface"), tags.get("smoothness"), tags.get("tracktype"), limits
    )
    hard, cap = OPEN, OPEN
    if tags["highway"] in _SHARED:
        # A drive may be a narrow alley; on other roads the width is that of the carriageway.
        hard = judge_width(tags, limits)
    elif "yes" in {left, right} or "separate" in {left, right}:
        # Nothing tagged on this way can confirm the carriageway; its ground is no question.
        cap = POSSIBLE, _SIDEWALK, ""
        part = part if part[0] == NO else OPEN
    elif left == right == "no":
        if not _is_calm(tags):
            part = worst(part, (POSSIBLE, _SIDEWALK, ""))
    else:
        # However bad the carriageway is, there may be a good sidewalk.
        part = (
            (POSSIBLE, _SIDEWALK, "") if part[0] == NO else worst(part, (POSSIBLE, _SIDEWALK, ""))
        )
    options.append(Option(hard, part, cap, rough, tags.get("incline"), tags.get("wheelchair")))
    return options


def _sides(tags: Tags) -> tuple[str, str]:
    """Return ``yes``, ``no``, ``separate`` or "" (not known) for the left and right side."""
    general = tags.get("sidewalk")
    if general is None:
        # An older habit: footway=left, both, none on the road.
        general = tags.get("footway", "")
    left, right = _SIDES.get(general, ("", ""))
    both = tags.get("sidewalk:both")
    if both is not None:
        left = right = _KINDS.get(both, "")
    left = _side(tags, "left", left)
    return left, _side(tags, "right", right)


def _side(tags: Tags, side: str, before: str) -> str:
    said = tags.get(f"sidewalk:{side}")
    if said is not None:
        return _KINDS.get(said, before)
    if before:
        return before
    # Nobody describes a sidewalk that is not there.
    if f"sidewalk:{side}:surface" in tags or f"sidewalk:{side}:smoothness" in tags:
        return "yes"
    return "yes" if "sidewalk:both:surface" in tags else before


_TOLD = ("surface", "smoothness", "width", "est_width", "kerb", "incline", "wheelchair")
_NAMES = {
    side: {
        key: (f"sidewalk:{side}:{key}", f"sidewalk:both:{key}", f"sidewalk:{key}") for key in _TOLD
    }
    for side in ("left", "right")
}
"""The keys that may tell something of a side, the most special first."""


def _sidewalk(tags: Tags, side: str, limits: Limits) -> Option:
    told: dict[str, str] = {}
    for key, names in _NAMES[side].items():
        for name in names:
            if name in tags:
                told[key] = tags[name]
                break
    surface = told.get("surface") or tags.get("footway:surface")
    smoothness = told.get("smoothness") or tags.get("footway:smoothness")
    ground, rough = judge_ground(surface, smoothness, None, limits)
    soft = worst(ground, _kerbs(tags, side, told.get("kerb"), limits))
    incline = told.get("incline") or tags.get("incline")
    wheelchair = told.get("wheelchair") or tags.get("wheelchair")
    return Option(judge_width(told, limits), soft, OPEN, rough, incline, wheelchair)


def _kerbs(tags: Tags, side: str, kerb: str | None, limits: Limits) -> Part:
    """Judge the kerbs that a sidewalk has at every side street and drive.

    ``kerb:left=raised`` says what the edge is like along the road, not where streets are
    crossed: only low kerbs answer the question.
    """
    if "kerb" not in limits.needs:
        return OPEN
    own = tags.get("kerb:left" if side == "left" else "kerb:right")
    for value in (kerb, own, tags.get("kerb:both"), tags.get("kerb")):
        if value is not None and kerb_limit(value, None, limits)[0] == CONFIRMED:
            return OPEN
    return POSSIBLE, _KERB, ""


def _is_calm(tags: Tags) -> bool:
    """Whether people can be expected to walk on the carriageway where no sidewalk is."""
    limit = tags.get("maxspeed", "")
    if limit == "walk" or tags.get("bicycle_road") == "yes":
        return True
    if limit.startswith("DE:"):
        limit = {"DE:zone30": "30", "DE:zone:30": "30", "DE:walk": "7",
                 "DE:living_street": "7"}.get(limit, "")  # fmt: skip
    return limit.isdecimal() and length_m(limit) is not None and float(limit) <= _CALM_KMH
