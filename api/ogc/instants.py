"""The parameter ``datetime``: which features are of that time (Part 1, 7.15.4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
import numpy.typing as npt

from api.ogc.parameters import Query, shown
from api.service.catalogue import TIME_COLUMN, Collection
from api.service.problems import bad_request

_FULL_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# RFC 3339, 5.6: »T« and »Z« may be small, and a blank may stand for »T«.
_DATE_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}):([0-9]{2})(\.[0-9]+)?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_OPEN = ("", "..")
_EXAMPLE = (
    "Möglich sind ein Zeitpunkt wie »2026-03-12T00:00:00Z«, ein Tag wie »2026-03-12« oder eine "
    "Spanne wie »2026-01-01T00:00:00Z/..«."
)
_FIRST = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)
_DAY = timedelta(days=1) - timedelta(microseconds=1)

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Period:
    """A time that was asked for: ``first`` and ``last`` moment, both belong to it."""

    first: datetime
    last: datetime

    def rows(self, collection: Collection) -> npt.NDArray[np.bool_]:
        """Return which features are of this time, or of none."""
        if TIME_COLUMN not in collection.columns:
            return np.ones(len(collection.frame), dtype=np.bool_)
        dates = collection.frame[TIME_COLUMN]
        fitting = {text: self._meets(text) for text in dates.dropna().unique()}
        matched = dates.map(fitting, na_action="ignore").isin([True]) | dates.isna()
        return matched.to_numpy(dtype=np.bool_)

    def _meets(self, text: str) -> bool:
        span = _span(text)
        return span is None or (span[0] <= self.last and span[1] >= self.first)


def asked_period(query: Query) -> Period | None:
    """Return the time of a request, or None if it names none.

    Raises
    ------
    api.service.problems.Problem
        If it is neither a date-time of RFC 3339, nor a date, nor an interval of them.
    """
    if "datetime" not in query:
        return None
    text = query["datetime"]
    start, mark, end = text.partition("/")
    if (not mark and start in _OPEN) or (start in _OPEN and end in _OPEN):
        raise bad_request(f"»datetime« nennt keine Zeit. {_EXAMPLE}")
    first = _asked(start, _FIRST, _LAST)
    last = first if not mark else _asked(end, _FIRST, _LAST)
    if first[0] > last[1]:
        raise bad_request("In »datetime« liegt der Anfang nach dem Ende.")
    return Period(first[0], last[1])


def _asked(text: str, earliest: datetime, latest: datetime) -> Span:
    if text in _OPEN:
        return earliest, latest
    span = _span(text)
    if span is None:
        raise bad_request(f"»{shown(text)}« in »datetime« ist keine Zeit. {_EXAMPLE}")
    return span


def _span(text: str) -> Span | None:
    """Return the moments that a date (all its day, UTC) or date-time stands for."""
    try:
        if _FULL_DATE.fullmatch(text):
            day = datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
            return day, day + _DAY
        parts = _DATE_TIME.fullmatch(text)
        if parts is None:
            return None
        day_text, minute, second, fraction, zone = parts.groups()
        # A leap second (»:60«) is the last moment of its minute here.
        leap = second == "60"
        whole = f"{day_text}T{minute}:{'59' if leap else second}"
        moment = datetime.fromisoformat(whole + ("+00:00" if zone in "Zz" else zone))
        moment += timedelta(microseconds=999_999) if leap else _fraction(fraction)
        return (moment.astimezone(UTC),) * 2
    except (ValueError, OverflowError):
        return None


def _fraction(text: str | None) -> timedelta:
    return timedelta(seconds=float(text)) if text else timedelta()
