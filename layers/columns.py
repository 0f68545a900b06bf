"""What every exported column means: the one description that all who show columns read.

The data dictionary (``docs/generate.py``), the field names of the GeoPackage, the queryables of
the service, its pages and the note beside the files take titles and texts from here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

TEXT, NUMBER, INTEGER, BOOLEAN = "text", "number", "integer", "boolean"

_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_SEE = re.compile(r",? siehe \[[^\]]+\]\([^)]*\)")


@dataclass(frozen=True, slots=True)
class Column:
    """What a column is, for readers of the files.

    Attributes
    ----------
    name
        Its name in the files.
    title
        German name, short: what a GIS shows at the head of the column.
    text
        German sentence without markup: what it says.
    unit
        Unit of a number, e.g. ``"m²"``; else "".
    type
        ``"text"``, ``"number"``, ``"integer"`` or ``"boolean"``.
    codes
        German words by fixed value; empty where values are free or depend on the study.
    others
        Whether values occur that ``codes`` does not name.
    words_from
        ``"profile"`` or ``"category"`` where the values are those of the study, else "".
    markdown
        The text with its links and marks, for the data dictionary.
    public_text
        What it says in the public release, where that is something else.
    """

    name: str
    title: str
    text: str
    unit: str = ""
    type: str = TEXT
    codes: Mapping[str, str] = field(default_factory=dict)
    others: bool = False
    words_from: str = ""
    markdown: str = ""
    public_text: str = ""

    @property
    def words(self) -> str:
        """The fixed values with what they mean: ``"yes ja, no nein"``; "" where there are none."""
        return ", ".join(f"{value} {word}" for value, word in self.codes.items())


def column_info(layer: str, name: str) -> Column:
    """Return what a column of a layer or table is.

    Parameters
    ----------
    layer
        Name of a layer, of another table of the GeoPackage, or of a file (``"places.csv"``).
    name
        Name of the column; counts within thresholds (``n_05``, ``n_20``) follow a pattern.

    Raises
    ------
    LookupError
        If there is no such table, or it has no such column.
    """
    table = _tables()[described_as(layer)]
    if name in table and "*" not in name:
        return _column(name, table[name], "")
    for pattern, raw in table.items():
        found = _matched(pattern, name)
        if found is not None:
            return _column(name, raw, found)
    raise LookupError(f"{layer} has no column {name}")


def table_columns(table: str, minutes: Sequence[int] = (), crs: str = "") -> list[Column]:
    """Return the columns of a layer, table or file in their order.

    Parameters
    ----------
    table
        As for ``column_info``.
    minutes
        Thresholds: one column each stands for ``n_*``.
    crs
        CRS whose number stands in names like ``ost_*``, e.g. ``"EPSG:25832"``.

    Raises
    ------
    LookupError
        If there is no such table.
    """
    number = crs.rpartition(":")[2]
    names: list[str] = []
    for pattern in _tables()[described_as(table)]:
        if pattern == "n_*":
            names += [f"n_{value:02d}" for value in minutes]
        else:
            names.append(pattern.replace("*", number))
    return [column_info(table, name) for name in names]


def described_as(table: str) -> str:
    """Return the table whose columns a table has: its own name, or that of another."""
    same: str = _raw()["same"].get(table, table)
    return same


def described_tables() -> tuple[str, ...]:
    """Return the names of all tables and files that have a description of their own."""
    return tuple(_tables())


def code_words(name: str) -> Mapping[str, str]:
    """Return the German words of a list of codes, e.g. of ``"wheelchair"``."""
    words: dict[str, str] = dict(_raw()["codes"][name])
    return words


@cache
def _raw() -> dict[str, Any]:
    text = (files("layers") / "data" / "columns.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _tables() -> dict[str, dict[str, Any]]:
    tables: dict[str, dict[str, Any]] = _raw()["tables"]
    return tables


def _matched(pattern: str, name: str) -> str | None:
    """Return the digits that a pattern with ``*`` leaves open, or None."""
    if "*" not in pattern:
        return None
    before, _, after = pattern.partition("*")
    found = re.fullmatch(rf"{re.escape(before)}(\d+){re.escape(after)}", name)
    return found[1] if found else None


def _column(name: str, raw: Mapping[str, Any], matched: str) -> Column:
    number = str(int(matched)) if matched else ""
    codes = raw.get("codes", "")
    markdown = raw["text"].replace("{}", number)
    return Column(
        name=name,
        title=raw["title"].replace("{}", number),
        text=_plain(markdown),
        unit=raw.get("unit", ""),
        type=raw.get("type", TEXT),
        codes=code_words(codes) if codes else {},
        others=bool(raw.get("others", False)),
        words_from=codes if codes in {"profile", "category"} else "",
        markdown=markdown,
        public_text=_plain(raw.get("public", "")),
    )


def _plain(markdown: str) -> str:
    """Return a text without links and marks, with a capital at its head."""
    text = _LINK.sub(r"\1", _SEE.sub("", markdown)).replace("`", "")
    return text[:1].upper() + text[1:]
