"""Tables of a GeoPackage, read in the guarded process by SQLite alone.

Only the standard library is imported here, so that the process starts at once. Stored tables
are read, and of them stored columns; an authorizer refuses everything else, so no view, trigger
or attached file can run.
"""

from __future__ import annotations

import re
import sqlite3
from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from geo._guarded_child import Sender
from geo.errors import OutputError

_MAGIC = b"SQLite format 3\x00"
_SYSTEM = ("gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys")
_AT_ONCE = 50_000
"""Rows that stand in memory as Python values."""

_SHAPES_AT_ONCE = 256
"""Geometries that do: one may be large."""

_MOST_COLUMNS = 200
_ALLOWED = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_PRAGMA,
    sqlite3.SQLITE_FUNCTION,
}
_REMEDY = "Die Studie mit »sozialraum build« neu bauen, oder die Datei noch einmal holen."


def answer(arguments: Mapping[str, Any], sender: Sender) -> None:
    """Read tables and send them column by column.

    Parameters
    ----------
    arguments
        ``path``; ``tables``, the names that are wanted, or None for all with content of their
        own; ``rows``, how many they may have together.
    sender
        Where to.
    """
    path = Path(arguments["path"])
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise OutputError("Die Datei ist kein GeoPackage.", where=path, remedy=_REMEDY)
    try:
        with _opened(path) as database:
            _send_all(database, path, arguments, sender)
    except (sqlite3.Error, OverflowError) as error:
        raise OutputError(
            f"Das GeoPackage ist beschädigt ({error}).", where=path, remedy=_REMEDY
        ) from error


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    uri = f"{path.resolve().as_uri()}?mode=ro"
    try:
        connection = sqlite3.connect(uri, uri=True)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        # Left in write-ahead mode in a folder that cannot be written.
        connection = sqlite3.connect(uri.replace("mode=ro", "immutable=1"), uri=True)
    try:
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        connection.set_authorizer(
            lambda action, *_: sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY
        )
        connection.text_factory = lambda text: text.decode("utf-8", errors="replace")
        yield connection
    finally:
        connection.close()


def _send_all(
    database: sqlite3.Connection, path: Path, arguments: Mapping[str, Any], sender: Sender
) -> None:
    stored = {
        name
        for name, sql in database.execute("SELECT name, sql FROM sqlite_master WHERE type='table'")
        # Virtual tables are run by code, not stored.
        if re.match(r"\s*CREATE\s+TABLE\b", str(sql), re.IGNORECASE)
    }
    if not stored.issuperset(_SYSTEM):
        raise OutputError(
            "Die Datei ist eine Datenbank, aber kein GeoPackage.", where=path, remedy=_REMEDY
        )
    spatial = {
        name: (column, organization, code)
        for name, column, organization, code in database.execute(
            "SELECT g.table_name, g.column_name, s.organization, s.organization_coordsys_id "
            "FROM gpkg_geometry_columns g LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id"
        ).fetchmany(1000)
    }
    named = [
        str(name)
        for (name,) in database.execute(
            "SELECT table_name FROM gpkg_contents WHERE data_type IN ('features', 'attributes')"
        ).fetchmany(1000)
    ]
    wanted = arguments["tables"]
    left = int(arguments["rows"])
    chosen = [name for name in named if wanted is None or name in wanted]
    for name in chosen:
        if name not in stored:
            raise OutputError(
                f"Die Ebene »{name[:60]}« ist keine gespeicherte Tabelle, sondern eine Abfrage.",
                where=path,
                remedy=_REMEDY,
            )
    sender.plain([[name, *_crs(spatial.get(name))] for name in chosen])
    for name in chosen:
        drawn = spatial[name][0] if name in spatial else None
        left -= _send_table(database, name, drawn, left, sender)
        if left < 0:
            raise OutputError(
                f"Die Datei hat mehr als {arguments['rows']:,} Zeilen.".replace(",", "."),
                where=path,
                remedy=_REMEDY,
            )


def _crs(found: tuple[Any, Any, Any] | None) -> tuple[str, str]:
    if found is None:
        return "", ""
    column, organization, code = found
    return str(column), f"{organization}:{code}"


def _send_table(
    database: sqlite3.Connection, name: str, drawn: str | None, most: int, sender: Sender
) -> int:
    """Send a table; return how many rows it has."""
    columns = [
        (str(row[1]), str(row[2]).upper())
        for row in database.execute(f"PRAGMA table_xinfo({_quoted(name)})")
        # The last field tells computed columns, the one before it the key of the row.
        if row[-1] == 0 and not (row[5] and str(row[1]).lower() == "fid")
        if str(row[1]) == drawn or "BLOB" not in str(row[2]).upper()
    ][:_MOST_COLUMNS]
    named = [column for column, _ in columns if column != drawn]
    gathered = [
        _Column(boolean=kind.startswith("BOOL")) for column, kind in columns if column != drawn
    ]
    count = 0
    for block in _blocks(database, name, named, max(most, 0) + 1, _AT_ONCE):
        count += len(block)
        for column, values in zip(gathered, zip(*block, strict=True), strict=False):
            column.add(values)
    shown = drawn if any(column == drawn for column, _ in columns) else None
    sender.plain([named, count, shown is not None])
    for column in gathered:
        column.send(sender)
    if shown is not None:
        for block in _blocks(database, name, [shown], count, _SHAPES_AT_ONCE):
            _send_shapes([value for value, *_ in block], sender)
    return count


def _blocks(
    database: sqlite3.Connection, name: str, columns: Sequence[str], most: int, at_once: int
) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of a table, so many at once, in the order in which they were stored."""
    listed = ", ".join(map(_quoted, columns)) or "1"
    rows = database.execute(
        f"SELECT {listed} FROM {_quoted(name)} ORDER BY rowid LIMIT ?",  # noqa: S608 - quoted
        (most,),
    )
    while block := rows.fetchmany(at_once):
        yield block


def _send_shapes(values: Sequence[Any], sender: Sender) -> None:
    blobs = [value if isinstance(value, bytes) else None for value in values]
    lengths = array("q", [-1 if value is None else len(value) for value in blobs])
    sender.binary(lengths.tobytes())
    sender.binary(b"".join(value for value in blobs if value is not None))


class _Column:
    """A column of texts or of numbers, as compact as it can be kept."""

    def __init__(self, *, boolean: bool) -> None:
        self._boolean = boolean
        self._known: dict[Any, int] = {}
        self._codes = array("i")
        self._numbers: array[Any] | None = None
        self._whole = True
        self._missing = bytearray()

    def add(self, values: Sequence[Any]) -> None:
        kinds = set(map(type, values))
        if kinds <= {int, float, type(None)} and not self._codes:
            self._add_numbers(values, kinds)
        elif kinds <= {str, type(None)} and self._only_missing():
            self._to_texts()
            known = self._known
            self._codes.extend(
                -1 if value is None else known.setdefault(value, len(known)) for value in values
            )
        else:
            raise OutputError("Eine Spalte enthält Text und Zahlen durcheinander.", remedy=_REMEDY)

    def _add_numbers(self, values: Sequence[Any], kinds: set[type]) -> None:
        self._whole = self._whole and float not in kinds
        if self._numbers is None:
            self._numbers = array("q" if self._whole else "d")
        elif not self._whole and self._numbers.typecode == "q":
            self._numbers = array("d", self._numbers)
        if type(None) in kinds:
            self._missing += bytes(value is None for value in values)
            values = [0 if value is None else value for value in values]
        else:
            self._missing += bytes(len(values))
        self._numbers.extend(values)

    def _only_missing(self) -> bool:
        return self._numbers is None or all(self._missing)

    def _to_texts(self) -> None:
        """Take what was missing so far as missing text."""
        if self._numbers is not None:
            self._codes.extend([-1] * len(self._numbers))
            self._numbers = None

    def send(self, sender: Sender) -> None:
        if self._numbers is None:
            sender.plain("texts")
            sender.plain(list(self._known))
            sender.binary(self._codes.tobytes())
            return
        kind = "whole" if self._numbers.typecode == "q" else "real"
        sender.plain("truth" if self._boolean and kind == "whole" else kind)
        sender.binary(self._numbers.tobytes())
        sender.binary(self._missing)


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
