"""What is no longer there, not yet there, or closed for good: no place of the social space.

OSM says so in several ways: a prefix before the key (``disused:shop=bakery``), a tag of its
own (``disused=yes``), a date (``end_date``), opening hours that never open, or a value
(``shop=vacant``). Dates are compared with the date of the data, never with the clock, so that
an old extract gives the same answer for ever.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

GONE_PREFIXES = ("disused", "abandoned", "was", "demolished", "removed", "razed")
COMING_PREFIXES = ("proposed", "construction", "planned")
PREFIXES = GONE_PREFIXES + COMING_PREFIXES
"""Prefixes before a key (``disused:amenity``) that take the object out of use."""

_GONE_FLAGS = ("disused", "abandoned", "demolished", "removed", "razed", "ruins")
_COMING_FLAGS = ("proposed", "planned", "construction")
# construction=minor: works that leave the place in use.
_FLAG_OFF = {"no", "minor"}

VACANT_VALUES = {"vacant", "no", "closed", "disused", "abandoned", "empty"}
"""Values of a main key that say that nothing is there (``shop=vacant``)."""

_NEVER_OPEN = re.compile(
    r"(?:24/7|mo-su(?:,\s*ph)?|ph)?(?:\s*00:00-24:00)?\s*(?:off|closed)\s*(?:\"[^\"]*\")?",
    re.IGNORECASE,
)


class Ended(StrEnum):
    """Why an object is no place."""

    GONE = "gone"
    """Out of use, pulled down, or ended before the date of the data."""
    COMING = "coming"
    """Planned or being built."""
    CLOSED = "closed"
    """There, but its opening hours say that it never opens."""
    VACANT = "vacant"
    """An empty shop."""


def why_ended(tags: Mapping[str, str], today: date | None) -> Ended | None:
    """Tell whether the tags take an object out of use, and why.

    Parameters
    ----------
    tags
        Tags of one OSM object. Prefixed keys are not looked at: a shop with
        ``disused:amenity=pub`` is a living shop in a former pub; see ``former_tags``.
    today
        Date of the data. Without one, dates decide nothing.

    Returns
    -------
    Ended or None
        None for what is in use as far as the tags tell.
    """
    return _by_flag(tags) or _by_date(tags, today) or _by_hours(tags)


def _by_flag(tags: Mapping[str, str]) -> Ended | None:
    if any(tags.get(key, "no") not in _FLAG_OFF for key in _GONE_FLAGS):
        return Ended.GONE
    if tags.get("building") == "ruins":
        return Ended.GONE
    if any(tags.get(key, "no") not in _FLAG_OFF for key in _COMING_FLAGS):
        return Ended.COMING
    return Ended.COMING if tags.get("building") == "construction" else None


def _by_date(tags: Mapping[str, str], today: date | None) -> Ended | None:
    if today is None:
        return None
    last = last_day(tags.get("end_date", ""))
    if last is not None and last < today:
        return Ended.GONE
    starts = (first_day(tags.get(key, "")) for key in ("start_date", "opening_date"))
    coming = any(first is not None and first > today for first in starts)
    return Ended.COMING if coming else None


def _by_hours(tags: Mapping[str, str]) -> Ended | None:
    if tags.get("operational_status") in {"closed", "abandoned", "decommissioned"}:
        return Ended.CLOSED
    hours = tags.get("opening_hours", "").strip()
    return Ended.CLOSED if hours and _NEVER_OPEN.fullmatch(hours) else None


def former_tags(tags: Mapping[str, str]) -> tuple[Ended, dict[str, str]] | None:
    """Return what an object was or will be, read from its prefixed keys.

    Returns
    -------
    tuple of Ended and dict, or None
        The tags with the first lifecycle prefix found taken off (``disused:shop=bakery``
        gives ``shop=bakery``); None if there is no such prefix.
    """
    found: dict[str, str] = {}
    ended: Ended | None = None
    for key, value in tags.items():
        prefix, colon, rest = key.partition(":")
        if colon and rest and prefix in PREFIXES:
            found[rest] = value
            coming = prefix in COMING_PREFIXES
            ended = Ended.COMING if coming and ended is not Ended.GONE else Ended.GONE
    return None if ended is None else (ended, found)


def last_day(text: str) -> date | None:
    """Return the last day a date of OSM may mean; None if it cannot be read.

    ``2015`` may mean any day of that year, so the place has certainly ended only after
    31 December; ``~2015`` likewise. ``1990s`` and ``C19`` end with their decade and century.
    A range (``2014..2015``) ends with its end.
    """
    return _day(text, last=True)


def first_day(text: str) -> date | None:
    """Return the first day a date of OSM may mean; None if it cannot be read."""
    return _day(text, last=False)


def _day(text: str, *, last: bool) -> date | None:
    text = text.strip().casefold()
    if ".." in text:
        first, _, second = text.partition("..")
        text = (second if last else first).strip()
    text = re.sub(r"^(?:~|ca\.?\s*|before\s+|early\s+|mid\s+|late\s+)", "", text)
    if match := re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:t.*)?)?)?", text):
        year, month, day = (int(part) if part else 0 for part in match.groups())
        return _safe(year, month or (12 if last else 1), day, last=last)
    if match := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text):  # as Germans write it
        day, month, year = (int(part) for part in match.groups())
        return _safe(year, month, day, last=last)
    if match := re.fullmatch(r"(\d{3})0s", text):
        year = int(match.group(1)) * 10 + (9 if last else 0)
        return _safe(year, 12 if last else 1, 0, last=last)
    if match := re.fullmatch(r"c(\d{1,2})", text):
        year = int(match.group(1)) * 100 - (0 if last else 99)
        return _safe(year, 12 if last else 1, 0, last=last)
    return None


def _safe(year: int, month: int, day: int, *, last: bool) -> date | None:
    if not (1 <= year <= 9999 and 1 <= month <= 12):  # noqa: PLR2004 - the calendar
        return None
    length = calendar.monthrange(year, month)[1]
    if day == 0:
        day = length if last else 1
    return date(year, month, day) if 1 <= day <= length else None
