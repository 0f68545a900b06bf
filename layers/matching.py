"""Finding a house or a place by what somebody types: its id, its name or a part of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from geo.errors import StudyError

_SHOWN = 8
_NEAR = 0.55
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Named:
    """Something that can be asked for.

    Attributes
    ----------
    id
        Its id.
    name
        Its name, "" for none.
    hint
        What tells it from others of that name: its kind, its address.
    """

    id: str
    name: str
    hint: str = ""


def find_named(asked: str, known: Sequence[Named], *, what: str, where: str) -> int:
    """Return which of several things is meant.

    An id wins over a name, a whole name over a part of one; case does not matter.

    Parameters
    ----------
    asked
        What somebody typed.
    known
        All there are.
    what
        What they are, German, with its article: ``ein Haus oder Gelände``.
    where
        The option it was typed at.

    Raises
    ------
    StudyError
        If nothing or more than one thing fits; the remedy lists what comes near.
    """
    text = " ".join(asked.split()).casefold()
    names = [one.name.casefold() for one in known]
    fits = (
        [one.id.casefold() == text for one in known],
        [name == text for name in names],
        [text in name for name in names],
    )
    shown = f"»{asked[:_LONGEST]}«"
    for fit in fits if text else ():
        found = [row for row, fitting in enumerate(fit) if fitting]
        if len(found) == 1:
            return found[0]
        if found:
            raise StudyError(
                f"{shown} kann mehreres meinen: {_listed([known[row] for row in found])}.",
                where=where,
                remedy="Die Kennung angeben, die in Klammern steht, oder mehr vom Namen.",
            )
    near = _nearest(text, known)
    if near:
        remedy = f"Gemeint ist vielleicht: {_listed(near)}."
    elif len(known) <= _SHOWN:
        remedy = f"Bekannt sind: {_listed(known)}." if known else "Die Studie hat keine."
    else:
        remedy = "Die Kennung oder den Namen angeben, wie ihn die Daten schreiben."
    raise StudyError(
        f"{what[:1].upper()}{what[1:]} {shown} gibt es hier nicht.", where=where, remedy=remedy
    )


def _nearest(text: str, known: Sequence[Named]) -> list[Named]:
    """Return what comes nearest to a text, the nearest first."""
    scored = sorted(
        ((-_likeness(text, one), one.name, one.id, one) for one in known), key=lambda row: row[:3]
    )
    return [one for score, *_, one in scored[:_SHOWN] if -score >= _NEAR]


def _likeness(text: str, one: Named) -> float:
    """Return how much of a text is like a name, one of its words, or an id; 0 to 1."""
    name = one.name.casefold()
    ratios = [
        SequenceMatcher(None, text, other).ratio()
        for other in {name, *name.split(), one.id.casefold()}
        if other
    ]
    return max(ratios, default=0.0)


def _listed(found: Sequence[Named]) -> str:
    told = [
        f"{one.name[:_LONGEST] or 'ohne Namen'} ({', '.join(filter(None, [one.id, one.hint]))})"
        for one in found[:_SHOWN]
    ]
    more = len(found) - len(told)
    return "; ".join(told) + (f" und {more} weitere" if more else "")
