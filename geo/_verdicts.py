"""Verdicts on ways and nodes, and how several become one."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

NO, POSSIBLE, CONFIRMED = 0, 1, 2
"""Verdicts, in the order of certainty; the worst of several counts."""

Part: TypeAlias = tuple[int, int, str]
"""A verdict, what is not known (bits of ``FACTS``), and the tag that decides a ``NO``. With a
``NO`` the bits say what would have to be looked at if somebody says otherwise."""

OPEN: Part = (CONFIRMED, 0, "")


class Option(NamedTuple):
    """One way of getting along: a path, a sidewalk, the carriageway.

    Attributes
    ----------
    hard
        What no ``wheelchair`` tag changes: measured widths, steps.
    soft
        What is judged by kind.
    cap
        The best that this can ever be.
    rough
        Whether it slows.
    incline, wheelchair
        The tags that count here.
    level
        Whether it is level by its nature, so that its incline is no question.
    """

    hard: Part
    soft: Part
    cap: Part
    rough: bool
    incline: str | None
    wheelchair: str | None
    level: bool = False


def worst(*parts: Part) -> Part:
    """Join verdicts: the worst counts, and what is not known adds up.

    A ``NO`` carries the facts of all the others that are ``NO``, for the case that somebody
    says otherwise.
    """
    state, missing = CONFIRMED, 0
    for one, facts, why in parts:
        if one == NO:
            bits = 0
            for other, more, _ in parts:
                bits |= more if other == NO else 0
            return NO, bits, why
        state = min(state, one)
        missing |= facts
    return state, missing, ""
