"""What a GeoPackage says about itself: titles, columns, styles and metadata.

Standards: OGC 12-128r15 (GeoPackage 1.2), section 1.1.3 (contents), annexes F.8 (metadata) and
F.9 (schema: columns and their values). ``layer_styles`` is the table in which QGIS looks for
styles; it is listed as an attribute table, so that every table of the file is accounted for.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from geo.attribute_tables import LAST_CHANGE
from geo.whole_files import output_error

STYLES_TABLE = "layer_styles"

_SCHEMA_TABLES = """
CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
  mime_type TEXT, constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC,
  min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
"""

_METADATA_TABLES = """
CREATE TABLE gpkg_metadata (
  id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
  md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml',
  metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE gpkg_metadata_reference (
  reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
  timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
"""

# As QGIS makes it (qgsogrprovider, saveStyle): it looks the columns up by these names.
_STYLES_TABLE = f"""
CREATE TABLE {STYLES_TABLE} (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
  f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
  styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
  owner TEXT(30), ui TEXT(30), update_time DATETIME DEFAULT CURRENT_TIMESTAMP);
"""

_SCHEMA = ("gpkg_schema", "http://www.geopackage.org/spec121/#extension_schema")
_METADATA = ("gpkg_metadata", "http://www.geopackage.org/spec121/#extension_metadata")


@dataclass(frozen=True, slots=True)
class ColumnRecord:
    """What a column is: its name for people, what it says, and the words of its values.

    Attributes
    ----------
    title
        Name for people, unique within its table.
    description
        What it says.
    values
        Words by value, where the column holds no others; empty: any value.
    """

    title: str
    description: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StyleRecord:
    """How a GIS draws a table.

    Attributes
    ----------
    name
        Name of the style, at most 30 characters.
    qml
        For QGIS.
    sld
        For others, Styled Layer Descriptor 1.1; "" if the table has no geometry.
    """

    name: str
    qml: str
    sld: str = ""


@dataclass(frozen=True, slots=True)
class MetadataRecord:
    """A document about the whole file: the standard it follows, its media type, and itself."""

    standard: str
    media_type: str
    text: str


@dataclass(frozen=True, slots=True)
class Records:
    """All that a GeoPackage says about itself, by table name.

    Attributes
    ----------
    titles
        Title and description.
    columns
        Columns by name.
    styles
        How a GIS draws the table.
    metadata
        Documents about the file.
    """

    titles: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, ColumnRecord]] = field(default_factory=dict)
    styles: Mapping[str, StyleRecord] = field(default_factory=dict)
    metadata: Sequence[MetadataRecord] = ()


def write_records(path: Path, records: Records) -> None:
    """Put into a GeoPackage what it says about itself.

    The file is changed in place: for files that nobody reads yet. It must have none of these
    tables before. Same records, same bytes.

    Parameters
    ----------
    path
        A GeoPackage; titles, columns and styles are of tables that it has.
    records
        What to say.

    Raises
    ------
    geo.errors.OutputError
        If the file cannot be written.
    """
    connection = sqlite3.connect(path)
    try:
        # The finished file is flushed once by whoever puts it in place.
        connection.execute("PRAGMA synchronous = OFF")
        if records.columns:
            _write_columns(connection, records.columns)
        if records.styles:
            _write_styles(connection, records.styles)
        if records.metadata:
            _write_metadata(connection, records.metadata)
        connection.executemany(
            "UPDATE gpkg_contents SET identifier = ?, description = ? WHERE table_name = ?",
            [(title, text, table) for table, (title, text) in records.titles.items()],
        )
        connection.commit()
    except sqlite3.Error as error:
        raise output_error(path, error) from error
    finally:
        connection.close()


def _write_columns(
    connection: sqlite3.Connection, columns: Mapping[str, Mapping[str, ColumnRecord]]
) -> None:
    connection.executescript(_SCHEMA_TABLES)
    _extend(connection, _SCHEMA, ("gpkg_data_columns", "gpkg_data_column_constraints"))
    lists: dict[tuple[tuple[str, str], ...], str] = {}
    for table, described in columns.items():
        for name, column in described.items():
            words = tuple(column.values.items())
            if words and words not in lists:
                lists[words] = f"{name}_{len(lists) + 1}"
            connection.execute(
                "INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, NULL, ?)",
                (table, name, column.title, column.title, column.description, lists.get(words)),
            )
    connection.executemany(
        "INSERT INTO gpkg_data_column_constraints VALUES"
        " (?, 'enum', ?, NULL, NULL, NULL, NULL, ?)",
        [(name, value, word) for words, name in lists.items() for value, word in words],
    )


def _write_styles(connection: sqlite3.Connection, styles: Mapping[str, StyleRecord]) -> None:
    connection.executescript(_STYLES_TABLE)
    geometries = dict(
        connection.execute("SELECT table_name, column_name FROM gpkg_geometry_columns")
    )
    connection.executemany(
        f"INSERT INTO {STYLES_TABLE} (f_table_catalog, f_table_schema, f_table_name,"  # noqa: S608 - a constant
        " f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner, ui,"
        " update_time) VALUES ('', '', ?, ?, ?, ?, ?, 1, ?, '', NULL, ?)",
        [
            (
                table, geometries.get(table, ""), style.name, style.qml, style.sld, style.name,
                LAST_CHANGE,
            )
            for table, style in styles.items()
        ],
    )  # fmt: skip
    connection.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change,"
        " srs_id) VALUES (?, 'attributes', ?, '', ?, 0)",
        (STYLES_TABLE, STYLES_TABLE, LAST_CHANGE),
    )


def _write_metadata(connection: sqlite3.Connection, documents: Sequence[MetadataRecord]) -> None:
    connection.executescript(_METADATA_TABLES)
    _extend(connection, _METADATA, ("gpkg_metadata", "gpkg_metadata_reference"))
    for number, document in enumerate(documents, start=1):
        connection.execute(
            "INSERT INTO gpkg_metadata VALUES (?, 'dataset', ?, ?, ?)",
            (number, document.standard, document.media_type, document.text),
        )
        connection.execute(
            "INSERT INTO gpkg_metadata_reference VALUES"
            " ('geopackage', NULL, NULL, NULL, ?, ?, NULL)",
            (LAST_CHANGE, number),
        )


def _extend(
    connection: sqlite3.Connection, extension: tuple[str, str], tables: Sequence[str]
) -> None:
    name, definition = extension
    connection.execute(
        "CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT,"
        " extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,"
        " CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))"
    )
    connection.executemany(
        "INSERT INTO gpkg_extensions VALUES (?, NULL, ?, ?, 'read-write')",
        [(table, name, definition) for table in tables],
    )
