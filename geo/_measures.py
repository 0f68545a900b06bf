"""Widths, heights and inclines as people write them in OSM tags."""

from __future__ import annotations

import math
import re
from functools import lru_cache

# OSM wiki, Map features/Units: metres unless a unit is named; a comma is a common slip.
_LENGTH = re.compile(r"([0-9]{1,6}(?:[.,][0-9]{1,6})?)\s*(m|cm|mm|meters?|metres?|ft|in)?")
_FEET = re.compile(
    r"([0-9]{1,6}(?:[.,][0-9]{1,6})?)\s*['’′](?:\s*([0-9]{1,6}(?:[.,][0-9]{1,6})?)\s*[\"”″]?)?"
)
_INCHES = re.compile(r"([0-9]{1,6}(?:[.,][0-9]{1,6})?)\s*[\"”″]")
_FOOT_M, _INCH_M = 0.3048, 0.0254
_UNITS = {"cm": 0.01, "mm": 0.001, "ft": _FOOT_M, "in": _INCH_M}
_BETWEEN = re.compile(r"\s*(?:-|–|;|/|\bbis\b|\bto\b)\s*")
_ABOUT = re.compile(r"^(?:~|≈|<=?|≤|ca\.?|circa|about)\s*")

_RATIO = re.compile(r"1\s*(?::|in)\s*([0-9]{1,6}(?:[.,][0-9]{1,6})?)")
_NUMBER = re.compile(r"([0-9]{1,6}(?:[.,][0-9]{1,6})?)\s*(%|°|percent|prozent|deg(?:rees?)?)?")
_STEEPEST_DEGREES = 60.0
"""Steeper than this nobody walks: a slip of the pen."""

_LOWEST_WALL_M = 1.0


@lru_cache(maxsize=4096)
def length_m(text: str) -> float | None:
    r"""Read a length in metres; of a range or list the smallest counts.

    Parameters
    ----------
    text
        Value of ``width`` and the like: ``"1.2"``, ``"1,2 m"``, ``"90 cm"``, ``"3'6\""``,
        ``"1-1.5"``.

    Returns
    -------
    float or None
        Metres; None if it cannot be read.
    """
    parts = [_one_length(part) for part in _BETWEEN.split(_plain(text))]
    known = [part for part in parts if part is not None]
    return round(min(known), 4) if len(known) == len(parts) else None


@lru_cache(maxsize=1024)
def height_cm(text: str) -> float | None:
    """Read the height of a kerb or step in centimetres; of a range the largest counts.

    No kerb is a metre high: plain numbers from 1 on are meant as centimetres.
    """
    heights = []
    for part in _BETWEEN.split(_plain(text)):
        metres = _one_length(part)
        if metres is None:
            return None
        plain = part.replace(",", ".").replace(".", "", 1).isdigit()
        heights.append(metres if plain and metres >= _LOWEST_WALL_M else metres * 100)
    return round(max(heights), 4)


@lru_cache(maxsize=1024)
def incline_percent(text: str) -> float | None:
    """Read an incline in percent without its sign; of a range the steepest counts.

    Parameters
    ----------
    text
        Value of ``incline``: ``"6%"``, ``"-10 %"``, ``"5°"``, ``"1:12"``; a number without
        a unit is meant in percent (OSM wiki *Key:incline*).

    Returns
    -------
    float or None
        Percent; None for ``up``, ``down``, ``steep`` and all that says no number.
    """
    text = text.strip().lower()
    if text in {"no", "none"}:
        return 0.0
    ratio = _RATIO.fullmatch(text)
    if ratio:
        run = _decimal(ratio[1])
        return round(100.0 / run, 4) if run > 0 else None
    steepest = 0.0
    for part in re.split(r"\s*(?:;|/|(?<=[0-9%°])\s*[-–]|\bbis\b)\s*", _ABOUT.sub("", text)):
        found = _NUMBER.fullmatch(part.lstrip("+-−–± "))
        if not found:
            return None
        value = _decimal(found[1])
        if found[2] and found[2][0] in "°d":
            if value > _STEEPEST_DEGREES:
                return None
            value = 100.0 * math.tan(math.radians(value))
        steepest = max(steepest, value)
    return round(steepest, 4)


def _plain(text: str) -> str:
    return _ABOUT.sub("", text.strip().lower())


def _one_length(text: str) -> float | None:
    text = text.strip()
    found = _LENGTH.fullmatch(text)
    if found:
        return _decimal(found[1]) * _UNITS.get(found[2] or "m", 1.0)
    found = _FEET.fullmatch(text)
    if found:
        return _decimal(found[1]) * _FOOT_M + _decimal(found[2] or "0") * _INCH_M
    found = _INCHES.fullmatch(text)
    return _decimal(found[1]) * _INCH_M if found else None


def _decimal(text: str) -> float:
    return float(text.replace(",", "."))
