"""Sentences on what is sure and what is only possible, for people on wheels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from geo.profiles import Profile
from layers._german import minutes_text, on_the_way

_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the ways that an origin reaches.

    Attributes
    ----------
    minutes
        Within how many minutes.
    unknown_percent
        Share of the metres of which something is not known; None if nothing is reached.
    seated_percent
        Share with a seat often enough; None where that does not matter.
    """

    minutes: int
    unknown_percent: float | None
    seated_percent: float | None


def how_sure(number: int, sure: int) -> str:
    """Return how many of some things are sure: `` (2 gesichert, 1 möglich)``, `` (gesichert)``."""
    if not number:
        return ""
    if sure in {0, number}:
        return " (gesichert)" if sure else " (möglich)"
    return f" ({sure} gesichert, {number - sure} möglich)"


def sure_kinds(number: int, sure: int) -> str:
    """Return how many of the kinds of places that are in reach are surely in reach."""
    known = "ganz auf Wegen, deren Zustand bekannt ist"
    if not number:
        return ""
    if sure == number:
        return f", {'' if number == 1 else 'alle '}{known}"
    if not sure:
        none = "aber nicht" if number == 1 else "aber keine davon"
        return f", {none} {known}"
    return f", davon {'eine' if sure == 1 else sure} {known}"


def known_ways(known: Known, profile: Profile) -> Iterator[str]:
    """Yield how much of the ways is not known, and how much has seats."""
    if known.unknown_percent is None:
        return
    reached = f"die in {minutes_text(known.minutes)} erreichbar sind"
    passes = f"man dort {on_the_way(profile)} durchkommt"
    if known.unknown_percent == 0:
        yield f"Von allen Wegen, {reached}, ist bekannt, dass {passes}."
    else:
        share = (
            f"Von keinem der Wege, {reached}, ist"
            if known.unknown_percent == 100  # noqa: PLR2004
            else f"Von den Wegen, {reached}, ist bei {percent_text(known.unknown_percent)} nicht"
        )
        yield f"{share} bekannt, ob {passes}."
    if known.seated_percent is None or profile.rest_m is None:
        return
    seat = f"mindestens alle {profile.rest_m:.0f} m eine Sitzgelegenheit erfasst."
    if known.seated_percent == 0:
        yield f"An keinem dieser Wege ist {seat}"
    elif known.seated_percent == 100:  # noqa: PLR2004
        yield f"An allen diesen Wegen ist {seat}"
    else:
        yield f"An {percent_text(known.seated_percent)} dieser Wege ist {seat}"


def words_explained(profile: Profile) -> str:
    """Return what "sure" and "possible" mean."""
    return (
        f"»Sicher« heißt: Vom ganzen Weg ist bekannt, dass man {on_the_way(profile)} durchkommt. "
        "»Möglich« heißt: Von einem Teil des Weges ist es nicht bekannt."
    )


def percent_text(percent: float) -> str:
    """Return whole percents, but neither none nor all where that is not so: ``78 %``."""
    if percent < _HALF:
        return "weniger als 1 %"
    if percent > 100 - _HALF:
        return "mehr als 99 %"
    return f"{min(max(round(percent), 1), 99)} %"
