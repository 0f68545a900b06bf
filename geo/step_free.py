"""What people with a rollator or wheelchair can pass, and what the map does not say.

Verdicts have three values: a way is not passable (``NO``), passable as far as the map tells
(``POSSIBLE``: something that matters is not tagged), or passable (``CONFIRMED``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geo._facts import FACT_LABELS, FACT_QUESTIONS, FACTS, facts_of
from geo.extract import Tags
from geo.profiles import Limits

__all__ = [
    "CONFIRMED", "FACTS", "FACT_LABELS", "FACT_QUESTIONS", "NO", "POSSIBLE", "Verdict",
    "assess_node", "assess_way", "facts_of",
]  # fmt: skip

NO, POSSIBLE, CONFIRMED = 0, 1, 2
"""Verdicts, in the order of certainty; the worst of several counts."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of a way, apart from the incline, or of a node.

    Attributes
    ----------
    state
        ``NO``, ``POSSIBLE`` or ``CONFIRMED``.
    missing
        What is not known, as bits of ``FACTS``.
    factor
        Time as a multiple of that on even ground.
    incline_percent
        The steepest incline by the tags, without sign; None if not known.
    reason
        Why it is ``NO``: the deciding tag, e.g. ``"highway=steps"``; else "".
    """

    state: int
    missing: int = 0
    factor: float = 1.0
    incline_percent: float | None = None
    reason: str = ""


def assess_way(tags: Tags, nodes: Sequence[Tags], limits: Limits) -> Verdict:
    """Judge a way by its tags.

    Parameters
    ----------
    tags
        Tags of the way.
    nodes
        Tags of those of its nodes that have any.
    limits
        What can be passed.
    """
    if tags.get("highway") == "steps":
        return Verdict(NO, reason="highway=steps")
    if "surface" not in tags and "surface" in limits.needs:
        return Verdict(POSSIBLE, missing=1)
    return Verdict(CONFIRMED)


def assess_node(tags: Tags, limits: Limits) -> Verdict:
    """Judge passing over a node: a kerb, a gate, a bollard.

    Parameters
    ----------
    tags
        Tags of the node.
    limits
        What can be passed.
    """
    if tags.get("kerb") == "raised":
        return Verdict(NO, reason="kerb=raised")
    return Verdict(CONFIRMED)
