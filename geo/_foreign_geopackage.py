"""GeoPackages from outside, read by SQL through Python's own SQLite.

A GeoPackage is a database: a view in it can run for ever, a virtual table can reach other
files. So only real tables are read, only their stored columns, and only for a while.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
from typing import TYPE_CHECKING, Any

import shapely

from geo._wkb import WkbError, read_wkb
from geo.errors import VectorFileError
from geo.foreign_files import (
    Limits,
    Record,
    VectorLayer,
    crs_from_code,
    crs_from_wkt,
    number,
    too_large,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

_MAGIC = b"SQLite format 3\x00"
_SYSTEM_TABLES = ("gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys")
_REMEDY = "Als GeoPackage neu speichern, zum Beispiel in QGIS mit »Objekte speichern als«."
# Steps of SQLite's machine: reading 50,000 rows takes well under ten million.
_STEP = 1_000_000
_MAX_STEPS = 100
# Length of the envelope by its code in the header of a geometry (GeoPackage, 2.1.3.1.1).
_ENVELOPE_BYTES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}


def read(path: Path, limits: Limits) -> tuple[VectorLayer, ...]:
    """Read the feature tables; see ``geo.foreign_files.read_vector``."""
    with path.open("rb") as file:
        magic = file.read(len(_MAGIC))
    if magic != _MAGIC:
        raise VectorFileError(
            "Die Datei ist kein GeoPackage, auch wenn ihr Name es sagt.",
            where=path,
            remedy=_REMEDY,
        )
    try:
        with _opened(path, limits) as database:
            return _layers(database, path, limits)
    except (sqlite3.Error, OverflowError) as error:
        if "interrupted" in str(error):
            raise too_large(path, "Das Lesen des GeoPackages dauert zu lange.") from error
        raise VectorFileError(
            f"Das GeoPackage ist beschädigt ({error}).", where=path, remedy=_REMEDY
        ) from error


@contextlib.contextmanager
def _opened(path: Path, limits: Limits) -> Iterator[sqlite3.Connection]:
    uri = path.resolve().as_uri()
    connection = sqlite3.connect(f"{uri}?mode=ro", uri=True)
    try:
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            # A file left in write-ahead mode wants a side file even for reading, which a
            # read-only folder refuses. What the file itself holds can still be read.
            connection.close()
            connection = sqlite3.connect(f"{uri}?immutable=1", uri=True)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, limits.file_bytes)
        connection.text_factory = lambda text: text.decode("utf-8", errors="replace")
        steps = iter(range(_MAX_STEPS))
        connection.set_progress_handler(lambda: next(steps, None) is None, _STEP)
        connection.execute("PRAGMA trusted_schema = OFF")
        yield connection
    finally:
        connection.close()


def _layers(database: sqlite3.Connection, path: Path, limits: Limits) -> tuple[VectorLayer, ...]:
    tables = {
        name.lower(): name
        for name, sql in database.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
        )
        # Virtual tables are run by code, not stored.
        if re.match(r"\s*CREATE\s+TABLE\b", str(sql), re.IGNORECASE)
    }
    if any(name not in tables for name in _SYSTEM_TABLES):
        raise VectorFileError(
            "Die Datei ist eine Datenbank, aber kein GeoPackage mit Objekten.",
            where=path,
            remedy=_REMEDY,
        )
    found = database.execute(
        "SELECT c.table_name, g.column_name, g.srs_id, s.organization, "
        "s.organization_coordsys_id, s.definition "
        "FROM gpkg_contents c JOIN gpkg_geometry_columns g ON g.table_name = c.table_name "
        "LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id "
        "WHERE c.data_type = 'features' ORDER BY c.table_name"
    ).fetchmany(limits.members + 1)
    if len(found) > limits.members:
        raise too_large(path, f"Das GeoPackage hat mehr als {limits.members} Ebenen.")
    layers: list[VectorLayer] = []
    for name, column, srs_id, *definition in found:
        table = tables.get(str(name).lower())
        if table is None:
            raise VectorFileError(
                f"Die Ebene »{name}« ist keine gespeicherte Tabelle, sondern eine Abfrage.",
                where=path,
                remedy="Die Ebene in QGIS als eigene Tabelle speichern.",
            )
        records = _records(database, table, str(column), path, limits)
        layers.append(VectorLayer(table, _crs(srs_id, *definition), records))
    _check_sizes(layers, path, limits)
    return tuple(layers)


def _crs(srs_id: Any, organization: Any, code: Any, definition: Any) -> CRS | None:
    """Return the CRS of a table; the ids 0 and -1 mean that none is known."""
    if not isinstance(srs_id, int) or srs_id in {0, -1}:
        return None
    known = crs_from_code(f"{organization}:{code}")
    return known if known is not None else crs_from_wkt(str(definition))


def _records(
    database: sqlite3.Connection, table: str, geometry: str, path: Path, limits: Limits
) -> tuple[Record, ...]:
    # The last field says whether a column is computed; only stored ones are read.
    columns = [
        str(row[1])
        for row in database.execute(f"PRAGMA table_xinfo({_quoted(table)})")
        if row[-1] == 0
    ]
    drawn = next((name for name in columns if name.lower() == geometry.lower()), None)
    if drawn is None:
        raise VectorFileError(
            f"In der Ebene »{table}« fehlt die Spalte »{geometry}« mit den Geometrien.",
            where=path,
            remedy=_REMEDY,
        )
    names = [name for name in columns if name != drawn]
    listed = ", ".join(_quoted(name) for name in [drawn, *names])
    rows = database.execute(
        f"SELECT {listed} FROM {_quoted(table)} LIMIT ?",  # noqa: S608 - quoted names
        (limits.records + 1,),
    )
    return tuple(
        _record(position, row[0], dict(zip(names, row[1:], strict=True)))
        for position, row in enumerate(rows, start=1)
    )


def _record(position: int, blob: Any, properties: dict[str, Any]) -> Record:
    plain = {name: value for name, value in properties.items() if not isinstance(value, bytes)}
    if blob is None:
        return Record(position, None, plain, None)
    try:
        return Record(position, None, plain, _geometry(blob))
    except WkbError as error:
        return Record(position, None, plain, None, str(error))


def _geometry(blob: Any) -> BaseGeometry:
    """Read the binary of GeoPackage, section 2.1.3: a header, then well-known binary."""
    if not isinstance(blob, bytes) or blob[:2] != b"GP" or len(blob) < 8:  # noqa: PLR2004
        raise WkbError("die Geometrie ist nicht lesbar")
    envelope = _ENVELOPE_BYTES.get((blob[3] >> 1) & 0b111)
    extended = blob[3] & 0b100000
    if envelope is None or extended:
        raise WkbError("die Geometrie ist nicht lesbar")
    return read_wkb(blob[8 + envelope :])


def _check_sizes(layers: list[VectorLayer], path: Path, limits: Limits) -> None:
    if sum(len(layer.records) for layer in layers) > limits.records:
        raise too_large(path, f"Das GeoPackage enthält mehr als {number(limits.records)} Objekte.")
    records = [record for layer in layers for record in layer.records]
    if sum(int(shapely.get_num_coordinates(one.geometry)) for one in records) > limits.vertices:
        raise too_large(
            path,
            f"Die Flächen und Linien haben zusammen mehr als {number(limits.vertices)} Eckpunkte.",
        )


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
