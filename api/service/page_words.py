"""Words of the pages: dates, numbers and values as German readers write them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from layers.columns import Column, column_info

_ADDRESS = re.compile(r"https?://[^\s\"<>]+", re.IGNORECASE)
_KILO = 1000
_NO_CODES: Mapping[str, str] = {}
UNKNOWN = "keine Angabe"
_WHEN_EMPTY: Mapping[str, str] = {
    "on_campus": "außerhalb",
    "site_id": "keines",
    "nearest_id": "keiner in der gerechneten Zeit",
    "now_s": "keiner in der gerechneten Zeit",
    "nearest_s": "entfällt",
    "nearest_m": "entfällt",
    "detour": "entfällt",
}
"""What it says that a value is missing, where that is known (``layers/data/columns.toml``)."""

_LONG = 160
_DECIMALS = 3
_MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as it is shown.

    Attributes
    ----------
    text
        What stands there.
    href
        Address that a click opens; "" if it is no link.
    kind
        ``"text"``, ``"long"``, ``"number"`` or ``"none"``: how it is set.
    inside
        Whether the link leads to another page of the service.
    """

    text: str
    href: str = ""
    kind: str = "text"
    inside: bool = False


def column_of(layer: str, name: str) -> Column:
    """Return what a column is; of one that nobody has described, its bare name."""
    try:
        return column_info(layer, name)
    except LookupError:
        return Column(name=name, title=name, text="")


def cell(value: Any, column: Column, words: Mapping[str, Mapping[str, str]]) -> Cell:
    """Return how a value of a feature is shown.

    Parameters
    ----------
    value
        As in the JSON: text, number, truth value or None.
    column
        What the column is.
    words
        German words of the study by what they are words of (``profile``, ``category``).
    """
    if value is None or value == "":
        return Cell(_WHEN_EMPTY.get(column.name, UNKNOWN), kind="none")
    if isinstance(value, bool):
        return Cell("ja" if value else "nein")
    if isinstance(value, int | float):
        if column.unit == "s":  # people read minutes
            return Cell(f"{number_text(round(value / _MINUTE_S, 1))}\u00a0min", kind="number")
        unit = f"\u00a0{column.unit}" if column.unit else ""
        decimals = 0 if column.unit == "m" else _DECIMALS
        return Cell(number_text(round(value, decimals)) + unit, kind="number")
    text = str(value)
    if _ADDRESS.fullmatch(text):
        return Cell(text, href=text)
    codes = column.codes or words.get(column.words_from, _NO_CODES)
    told = codes.get(text, date_text(text) if column.name == "data_date" else text)
    return Cell(told, kind="long" if len(told) > _LONG else "text")


def number_text(value: float) -> str:
    """Return a number with a decimal comma and points between thousands.

    >>> number_text(1234.5), number_text(12), number_text(0.25)
    ('1.234,5', '12', '0,25')
    """
    if isinstance(value, float) and not math.isfinite(value):
        return UNKNOWN
    text = f"{value:,d}" if isinstance(value, int) else f"{round(value, 6):,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,"))


def date_text(text: str) -> str:
    """Return an ISO date as Germans write it; other text as it is, nothing as »unbekannt«.

    >>> date_text("2026-03-12"), date_text("")
    ('12.03.2026', 'unbekannt')
    """
    if not text:
        return "unbekannt"
    try:
        return f"{date.fromisoformat(text[:10]):%d.%m.%Y}"
    except ValueError:
        return text


def size_text(size: int) -> str:
    """Return the size of a file in words.

    >>> size_text(900), size_text(25_300), size_text(1_250_000)
    ('900 Byte', '25 kB', '1,2 MB')
    """
    if size < _KILO:
        return f"{size} Byte"
    if size < _KILO**2:
        return f"{size / _KILO:.0f} kB"
    return f"{size / _KILO**2:.1f}".replace(".", ",") + " MB"


def count_text(count: int, one: str, many: str) -> str:
    """Return a number with its noun in the right form.

    >>> count_text(1, "Objekt", "Objekte"), count_text(0, "Objekt", "Objekte")
    ('1 Objekt', 'keine Objekte')
    """
    if count == 0:
        return f"keine {many}"
    return f"{number_text(count)} {one if count == 1 else many}"
