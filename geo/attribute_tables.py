"""Large tables without geometry, put into a GeoPackage of ours quickly."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pandas as pd

from geo.whole_files import output_error

LAST_CHANGE = "2000-01-01T00:00:00.000Z"
"""A GeoPackage carries the time of its last change; ours must not depend on the clock."""

_AT_ONCE = 100_000
"""Rows that stand in memory as Python values."""

_MAX_VALUES = 500
"""Values in one statement: many rows at once go quicker; SQLite before 3.32 takes 999."""


def append_table(path: Path, name: str, frame: pd.DataFrame) -> None:
    """Add an attribute table to a GeoPackage, in half the time that GDAL takes.

    The file is changed in place: for files that nobody reads yet.

    Parameters
    ----------
    path
        A GeoPackage without a table of this name.
    name
        Name of the table.
    frame
        Text, bool, integer and float columns; missing values become NULL.

    Raises
    ------
    geo.errors.OutputError
        If the table cannot be written.
    """
    table = _quoted(name)
    columns = ", ".join(f"{_quoted(key)} {_sql_type(frame[key])}" for key in frame.columns)
    names = ", ".join(_quoted(key) for key in frame.columns)
    marks = f"({', '.join('?' for _ in frame.columns)})"
    rows = _rows(frame)
    insert = f"INSERT INTO {table} ({names}) VALUES "  # noqa: S608 - quoted names
    batch = max(1, _MAX_VALUES // max(1, len(frame.columns)))
    whole = len(frame) // batch
    connection = sqlite3.connect(path)
    try:
        # The finished file is flushed once by whoever puts it in place.
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(
            f"CREATE TABLE {table} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, {columns})"
        )
        connection.executemany(insert + ", ".join([marks] * batch), _batches(rows, batch, whole))
        connection.executemany(insert + marks, rows)
        connection.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description,"
            " last_change, srs_id) VALUES (?, 'attributes', ?, '', ?, 0)",
            (name, name, LAST_CHANGE),
        )
        if connection.execute(
            "SELECT 1 FROM sqlite_master WHERE name = 'gpkg_ogr_contents'"
        ).fetchone():
            connection.execute(
                "INSERT INTO gpkg_ogr_contents (table_name, feature_count) VALUES (?, ?)",
                (name, len(frame)),
            )
        connection.commit()
    except sqlite3.Error as error:
        raise output_error(path, error) from error
    finally:
        connection.close()


def _rows(frame: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Yield the rows as Python values; never all of them at once."""
    for first in range(0, len(frame), _AT_ONCE):
        part = frame.iloc[first : first + _AT_ONCE]
        yield from zip(*(_cells(part[key]) for key in part.columns), strict=True)


def _batches(rows: Iterator[tuple[Any, ...]], size: int, count: int) -> Iterator[tuple[Any, ...]]:
    """Yield the values of ``size`` rows at a time, ``count`` times; leave the rest."""
    for _ in range(count):
        yield tuple(chain.from_iterable(islice(rows, size)))


def _quoted(name: str) -> str:
    return '"' + str(name).replace('"', '""') + '"'


def _sql_type(column: pd.Series[Any]) -> str:
    if pd.api.types.is_bool_dtype(column.dtype):
        return "BOOLEAN"
    if pd.api.types.is_integer_dtype(column.dtype):
        return "INTEGER"
    return "REAL" if pd.api.types.is_float_dtype(column.dtype) else "TEXT"


def _cells(column: pd.Series[Any]) -> list[Any]:
    """Return Python values, None where one is missing."""
    if not column.hasnans:
        return column.tolist()
    return column.astype(object).where(column.notna(), None).tolist()
