"""Verdicts on ways and nodes written as short words, for tables of expectations."""

from __future__ import annotations

from dataclasses import replace

from geo.profiles import Limits, load_profiles
from geo.step_free import CONFIRMED, NO, POSSIBLE, Verdict, assess_node, assess_way, facts_of


def limits_of(profile: str) -> Limits:
    limits = load_profiles()[profile].limits
    assert limits is not None
    return limits


ROLLATOR, WHEELCHAIR = limits_of("rollator"), limits_of("wheelchair")
BARE = replace(ROLLATOR, needs=())
"""Somebody who does not ask: what is tagged as bad closes all the same."""


def tags_of(text: str) -> dict[str, str]:
    """Read ``"highway=footway surface=asphalt"``; ``_`` stands for a space in values."""
    return {
        key: value.replace("_", " ") if key in SPACED else value
        for key, _, value in (pair.partition("=") for pair in text.split())
    }


SPACED = {"width", "incline", "kerb:height", "est_width", "sidewalk:left:width",
          "step:height", "maxwidth:physical"}  # fmt: skip


def said(verdict: Verdict) -> str:
    """Write a verdict as the tables do: ``yes``, ``yes?incline``, ``?surface+kerb``, ``no:…``."""
    asks = "?incline" if verdict.asks_incline else ""
    if verdict.state == NO:
        assert verdict.missing == 0
        return f"no:{verdict.reason}"
    assert verdict.reason == ""
    if verdict.state == CONFIRMED:
        assert verdict.missing == 0
        return f"yes{asks}"
    assert verdict.state == POSSIBLE
    assert verdict.missing != 0
    return "?" + "+".join(facts_of(verdict.missing)) + asks


def way(text: str, limits: Limits = ROLLATOR, nodes: tuple[str, ...] = ()) -> str:
    return said(assess_way(tags_of(text), [tags_of(node) for node in nodes], limits))


def node(text: str, limits: Limits = ROLLATOR) -> str:
    return said(assess_node(tags_of(text), limits))
