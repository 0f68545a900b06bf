"""What rolls on which ground: surface, smoothness and tracktype."""

from __future__ import annotations

from geo._facts import SMOOTHNESS, bits
from geo._verdicts import CONFIRMED, NO, OPEN, POSSIBLE, Part
from geo.profiles import Limits

# Ground on which small wheels roll, whatever its state of repair: firm, even, with narrow
# joints (DIN 18040-3, 4.4: eben, erschütterungsarm berollbar; bound surfaces and slabs).
_EVEN = frozenset(
    {
        "asphalt", "chipseal", "concrete", "concrete:plates", "concrete:lanes", "concrete_plates",
        "paving_stones", "paving_stones:20", "paving_stones:30", "paving_stones:50",
        "paving_stone", "paving_stones:lanes", "bricks", "brick", "tiles", "tile", "granite",
        "metal", "wood", "rubber", "tartan", "acrylic", "plastic", "carpet", "linoleum", "glass",
        "cobblestone:flattened",
    }
)  # fmt: skip

# Ground that rolls well or badly depending on how it was laid and kept. openrouteservice
# calls cobblestone, sett, gravel and compacted problematic; DIN 18040-3, 4.4 accepts
# compacted ground (wassergebundene Decke) if it is well kept. "paved" and "unpaved" leave
# open which of them it is.
_UNEVEN = frozenset(
    {
        "paved", "unpaved", "sett", "cobblestone", "compacted", "fine_gravel", "gravel",
        "pebblestone", "grass_paver", "metal_grid", "stone", "crushed_limestone", "shells",
        "artificial_turf",
    }
)  # fmt: skip

# Ground that wheels sink into or get stuck on. openrouteservice closes earth, grass, dirt and
# ranks ground and woodchips below them; "ground" and "soil" are general words for these (OSM
# wiki Key:surface). Somebody who was there may have said otherwise with smoothness.
_SOFT = frozenset(
    {"earth", "dirt", "ground", "soil", "grass", "woodchips", "clay", "unhewn_cobblestone",
     "bark", "bark_mulch", "mulch", "leaves", "tree_roots", "rocky"}
)  # fmt: skip

# No smoothness makes these passable (openrouteservice closes mud, sand, snow, ice, salt).
_HOPELESS = frozenset(
    {"mud", "sand", "snow", "ice", "salt", "rock", "rocks", "stepping_stones", "water", "boulders"}
)

# OSM wiki Key:tracktype: 1 solid, 2 mostly solid, 3 hard and soft mixed, 4 and 5 soft.
# openrouteservice closes 4 and 5.
_TRACKS = {"grade1": 0, "grade2": 1, "grade3": 1, "grade4": 2, "grade5": 2}

_CLASSES = {
    **dict.fromkeys(_EVEN, 0), **dict.fromkeys(_UNEVEN, 1), **dict.fromkeys(_SOFT, 2),
    **dict.fromkeys(_HOPELESS, 3),
}  # fmt: skip
_EVEN_CLASS, _UNEVEN_CLASS, _SOFT_CLASS, _HOPELESS_CLASS = range(4)

_RANK = {value: rank for rank, value in enumerate(SMOOTHNESS)}
_ROUGH_FROM = _RANK["intermediate"]

_SURFACE, _SMOOTHNESS = bits("surface"), bits("smoothness")


def judge_ground(
    surface: str | None,
    smoothness: str | None,
    tracktype: str | None,
    limits: Limits,
    *,
    evidence: bool = False,
) -> tuple[Part, bool]:
    """Judge what a way is made of.

    Parameters
    ----------
    surface, smoothness, tracktype
        Values of the tags, several joined by ``;`` (the worst counts).
    limits
        What can be passed.
    evidence
        Whether nothing at all known is a question even for profiles that do not need the
        surface: paths and tracks may be anything.

    Returns
    -------
    part : Part
        Verdict on the ground.
    rough : bool
        Whether it slows.

    Notes
    -----
    ``smoothness`` is the word of somebody who judged the way for wheels, and decides over
    ``surface``, save for ground that cannot be rolled on at all. OSM wiki *Key:smoothness*:
    wheelchairs down to ``intermediate``.
    """
    ground, said = _ground(surface, tracktype)
    rank = _rank(smoothness)
    if ground == _HOPELESS_CLASS:
        return (NO, _SURFACE, said), True
    if rank is not None:
        rough = rank >= _ROUGH_FROM
        if rank > _RANK[limits.worst_smoothness]:
            return (NO, _SMOOTHNESS, f"smoothness={SMOOTHNESS[rank]}"), rough
        return OPEN, rough
    if ground == _SOFT_CLASS:
        return (NO, _SMOOTHNESS, said), True
    asked = 0
    if ground is None:
        if evidence or "surface" in limits.needs:
            asked = _SURFACE
    elif ground == _UNEVEN_CLASS and "surface" in limits.needs:
        asked = _SMOOTHNESS
    if "smoothness" in limits.needs:
        asked |= _SMOOTHNESS
    return (POSSIBLE if asked else CONFIRMED, asked, ""), ground == _UNEVEN_CLASS


def _ground(surface: str | None, tracktype: str | None) -> tuple[int | None, str]:
    """Return the class of the ground, None if not known, and the tag that says so."""
    ground: int | None = None
    said = ""
    if surface is not None:
        ground = _CLASSES.get(surface)
        if ground is None and ";" in surface:
            known = [_CLASSES.get(one.strip()) for one in surface.split(";") if one.strip()]
            bad = [one for one in known if one is not None]
            # One unknown among good ones leaves the whole unknown, among bad ones not.
            if bad and (len(bad) == len(known) or max(bad) >= _SOFT_CLASS):
                ground = max(bad)
        said = f"surface={surface}"
    # A firm surface is firm on any track; everything else is as soft as its track.
    if tracktype is not None and ground != _EVEN_CLASS:
        tracks = [_TRACKS.get(one.strip()) for one in tracktype.split(";")]
        if None not in tracks:
            track = max(one for one in tracks if one is not None)
            if ground is None or track > ground:
                ground, said = track, f"tracktype={tracktype}"
    return ground, said


def _rank(smoothness: str | None) -> int | None:
    if smoothness is None:
        return None
    rank = _RANK.get(smoothness)
    if rank is None and ";" in smoothness:
        ranks = [_RANK.get(one.strip()) for one in smoothness.split(";") if one.strip()]
        if ranks and None not in ranks:
            rank = max(one for one in ranks if one is not None)
    return rank
