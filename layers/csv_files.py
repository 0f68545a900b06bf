"""Tables that German Excel opens with a double click, and that run nothing there.

Semicolons, decimal commas, UTF-8 with its mark, Windows line ends. A cell that a spreadsheet
would take for a formula begins with an apostrophe (OWASP ASVS 5, 1.2.10): text from outside,
a shop's name for example, must never calculate or call anything. Numbers stay numbers, also
negative ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo.whole_files import replacing

_ROWS = 100_000
"""Rows that are made into text at a time."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_STARTERS = frozenset("=+-@\u2212")
"""What begins a formula; U+2212 is the minus that spreadsheets read as one too."""
_CONTROL_STARTERS = frozenset("\t\r\n\0")
_SURROGATES = re.compile("[\ud800-\udfff]")


def safe_text(text: str) -> str:
    """Return a text as a cell that no spreadsheet takes for a formula, on one line.

    Control characters, line ends among them, become a space. An apostrophe is put in front
    if the first visible character begins a formula, in any width (``＝``, ``﹢``), after
    spaces and invisible characters too, or if the text begins with a tab or a line end.
    """
    safe = _CONTROL.sub(" ", _SURROGATES.sub("\ufffd", text))
    return f"'{safe}" if _starts_formula(text) else safe


def german_date(iso: str) -> str:
    """Return an ISO date as Germans write it: ``2026-03-12`` → ``12.03.2026``."""
    parts = iso.split("-")
    return ".".join(reversed(parts)) if len(parts) == len("ymd") else iso


def write_csv(frame: pd.DataFrame, path: Path, decimals: Mapping[str, int] | None = None) -> None:
    """Write a frame as a table for German Excel; the file appears whole.

    Parameters
    ----------
    frame
        Text, bool, integer and float columns. Missing values and numbers that are not
        finite become empty cells, truth values ``ja`` and ``nein``.
    path
        Target.
    decimals
        Digits after the comma of float columns; without it, as many as the number has.

    Raises
    ------
    geo.errors.OutputError
        If the file cannot be written.
    """
    digits = decimals or {}
    with (
        replacing(path) as temporary,
        temporary.open("w", encoding="utf-8-sig", newline="") as file,
    ):
        file.write(";".join(_cell(str(name)) for name in frame.columns) + "\r\n")
        for first in range(0, len(frame), _ROWS):
            part = frame.iloc[first : first + _ROWS]
            columns = [_cells(part[name], digits.get(str(name))) for name in part.columns]
            file.writelines(f"{';'.join(row)}\r\n" for row in zip(*columns, strict=True))


def _cell(text: str) -> str:
    """Return a text as a cell, in quotation marks where it needs them."""
    safe = safe_text(text)
    if ";" in safe or '"' in safe:
        return '"' + safe.replace('"', '""') + '"'
    return safe


def _starts_formula(text: str) -> bool:
    if text and text[0] in _CONTROL_STARTERS:
        return True
    for character in text:
        if _is_invisible(character):
            continue
        return any(part in _STARTERS for part in unicodedata.normalize("NFKC", character)[:1])
    return False


def _is_invisible(character: str) -> bool:
    """Whether a character shows nothing: spaces, controls, direction and joining marks."""
    return character.isspace() or unicodedata.category(character) in {"Cc", "Cf", "Zs"}


def _cells(column: pd.Series[Any], digits: int | None) -> list[str]:
    """Return the cells of a column as text."""
    missing = column.isna().to_numpy(dtype=bool, copy=True)
    if pd.api.types.is_bool_dtype(column.dtype):
        texts = ["ja" if value is True else "nein" for value in column.tolist()]
    elif pd.api.types.is_integer_dtype(column.dtype):
        texts = [str(value) for value in column.tolist()]
    elif pd.api.types.is_float_dtype(column.dtype):
        numbers = column.to_numpy(dtype="float64", na_value=float("nan"))
        missing |= ~np.isfinite(numbers)
        texts = _decimal_texts(numbers.tolist(), digits)
    else:
        # A name stands in many rows: each is looked at once.
        codes, values = pd.factorize(column)
        known = np.array([*(_cell(str(value)) for value in values), ""], dtype=object)
        texts = known[codes].tolist()
    if missing.any():
        return ["" if gone else text for gone, text in zip(missing, texts, strict=True)]
    return texts


def _decimal_texts(numbers: list[float], digits: int | None) -> list[str]:
    if digits is None:
        return [
            np.format_float_positional(number, trim="-").replace(".", ",") for number in numbers
        ]
    # Adding 0.0 after rounding turns -0.0 into 0.0.
    pattern = f"{{:.{digits}f}}".format
    return [pattern(round(number, digits) + 0.0).replace(".", ",") for number in numbers]
