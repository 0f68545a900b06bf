"""What a GeoPackage says about itself, read back by SQL as the standard lays it down."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio  # type: ignore[import-untyped]
import pytest
import shapely

from geo.errors import OutputError
from geo.gpkg_records import ColumnRecord, MetadataRecord, Records, StyleRecord, write_records
from geo.vector_files import write_gpkg

STATES = {"yes": "ja", "no": "nein"}
RECORDS = Records(
    titles={"gates": ("Tore", "Alle Tore's")},
    columns={
        "gates": {
            "id": ColumnRecord("Kennung", "Kennung des Tores"),
            "free": ColumnRecord("Stufenlos", "ob stufenlos", STATES),
            "wide": ColumnRecord("Breit", "ob breit", STATES),
        }
    },
    styles={"gates": StyleRecord("Stil", "<qgis/>", "<sld/>")},
    metadata=(MetadataRecord("http://www.isotc211.org/2005/gmd", "text/xml", "<a/>"),),
)


def written(path: Path, records: Records = RECORDS) -> Path:
    frame = gpd.GeoDataFrame(
        {"id": ["a"], "free": ["yes"], "wide": ["no"]},
        geometry=[shapely.Point(440_000, 5_749_000)],
        crs="EPSG:25832",
    )
    write_gpkg({"gates": frame}, path, "EPSG:25832")
    write_records(path, records)
    return path


def rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("gpkg") / "a.gpkg")


def test_titles(file: Path) -> None:
    found = rows(file, "SELECT table_name, identifier, description FROM gpkg_contents")
    assert found == [("gates", "Tore", "Alle Tore's"), ("layer_styles", "layer_styles", "")]


def test_columns_and_their_words(file: Path) -> None:
    found = rows(
        file, "SELECT column_name, title, description, constraint_name FROM gpkg_data_columns"
    )
    # Two columns with the same words share their list.
    assert found == [
        ("id", "Kennung", "Kennung des Tores", None),
        ("free", "Stufenlos", "ob stufenlos", "free_1"),
        ("wide", "Breit", "ob breit", "free_1"),
    ]
    found = rows(file, "SELECT * FROM gpkg_data_column_constraints ORDER BY value")
    assert found == [
        ("free_1", "enum", "no", None, None, None, None, "nein"),
        ("free_1", "enum", "yes", None, None, None, None, "ja"),
    ]


def test_styles_lie_where_qgis_looks_for_them(file: Path) -> None:
    query = (
        "SELECT styleQML, styleSLD FROM layer_styles WHERE f_table_catalog = '' AND"
        " f_table_schema = '' AND f_table_name = 'gates' AND f_geometry_column = 'geom'"
        " AND useAsDefault"
    )
    assert rows(file, query) == [("<qgis/>", "<sld/>")]


def test_metadata_is_about_the_whole_file(file: Path) -> None:
    query = (
        "SELECT reference_scope, table_name, md_scope, md_standard_uri, mime_type, metadata"
        " FROM gpkg_metadata_reference JOIN gpkg_metadata ON md_file_id = id"
    )
    assert rows(file, query) == [
        ("geopackage", None, "dataset", "http://www.isotc211.org/2005/gmd", "text/xml", "<a/>")
    ]


def test_every_table_is_listed_and_every_extension_named(file: Path) -> None:
    # Requirements 14 and 58 to 64 of the standard: a table is a content, or of the standard.
    listed = {name for (name,) in rows(file, "SELECT table_name FROM gpkg_contents")}
    tables = {
        name for (name,) in rows(file, "SELECT name FROM sqlite_master WHERE type = 'table'")
    }
    other = {
        name for name in tables - listed if not name.startswith(("gpkg_", "sqlite_", "rtree_"))
    }
    assert other == set()
    used = {
        (table, name)
        for table, name in rows(file, "SELECT table_name, extension_name FROM gpkg_extensions")
    }
    assert used == {
        ("gates", "gpkg_rtree_index"),
        ("gpkg_data_columns", "gpkg_schema"),
        ("gpkg_data_column_constraints", "gpkg_schema"),
        ("gpkg_metadata", "gpkg_metadata"),
        ("gpkg_metadata_reference", "gpkg_metadata"),
    }
    assert rows(file, "PRAGMA integrity_check") == [("ok",)]
    assert rows(file, "PRAGMA foreign_key_check") == []
    assert rows(file, "PRAGMA user_version") == [(10200,)]


def test_gdal_reads_it_without_a_warning(file: Path) -> None:
    # Warnings are errors here.
    info = pyogrio.read_info(file, layer="gates", force_total_bounds=True)
    assert info["layer_metadata"] == {"IDENTIFIER": "Tore", "DESCRIPTION": "Alle Tore's"}
    assert len(pyogrio.read_dataframe(file, layer="gates")) == 1


def test_same_records_same_bytes(file: Path, tmp_path: Path) -> None:
    assert written(tmp_path / "b.gpkg").read_bytes() == file.read_bytes()


def test_what_is_not_said_makes_no_table(tmp_path: Path) -> None:
    path = written(tmp_path / "c.gpkg", Records())
    found = rows(path, "SELECT name FROM sqlite_master WHERE type = 'table'")
    assert not {name for (name,) in found} & {"layer_styles", "gpkg_metadata", "gpkg_data_columns"}


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    path = tmp_path / "no.gpkg"
    path.write_text("no database")
    with pytest.raises(OutputError):
        write_records(path, RECORDS)
