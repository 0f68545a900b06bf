"""GeoPackages from outside: databases that may try to run for ever or to crash the reader."""

from __future__ import annotations

import sqlite3
import struct
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo._wkb import WkbError, read_wkb
from geo.foreign_files import read_vector
from geo.vector_files import write_gpkg
from tests.geo.foreign_samples import (
    complaint,
)

if TYPE_CHECKING:
    from pathlib import Path


_ENDLESS = (
    "CREATE VIEW {name} AS WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r) "
    "SELECT x AS fid, NULL AS geom, 'features' AS data_type, 'evil' AS table_name, "
    "'geom' AS column_name, 0 AS srs_id, '' AS organization, 0 AS organization_coordsys_id, "
    "'' AS definition FROM r"
)


@pytest.fixture
def gpkg(tmp_path: Path, frame: gpd.GeoDataFrame) -> Path:
    write_gpkg({"areas": frame}, tmp_path / "a.gpkg", "EPSG:25832")
    return tmp_path / "a.gpkg"


def alter(path: Path, *statements: str) -> None:
    database = sqlite3.connect(path)
    try:
        for statement in statements:
            database.execute(statement)
        database.commit()
    finally:
        database.close()


def test_an_endless_view_as_a_layer_is_complaint(gpkg: Path) -> None:
    alter(
        gpkg,
        _ENDLESS.format(name="evil"),
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) "
        "VALUES ('evil', 'features', 'evil', 25832)",
        "INSERT INTO gpkg_geometry_columns VALUES ('evil', 'geom', 'POINT', 25832, 0, 0)",
    )
    assert "»evil« ist keine gespeicherte Tabelle" in complaint(gpkg)


@pytest.mark.parametrize(
    "table", ["gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys"]
)
def test_endless_views_in_place_of_the_system_tables(gpkg: Path, table: str) -> None:
    alter(
        gpkg,
        "PRAGMA foreign_keys = OFF",
        f"ALTER TABLE {table} RENAME TO {table}_old",
        _ENDLESS.format(name=table),
    )
    assert "kein GeoPackage" in complaint(gpkg)


def test_views_that_nobody_asked_for_do_no_harm(gpkg: Path) -> None:
    alter(gpkg, _ENDLESS.format(name="unused"))
    (layer,) = read_vector(gpkg)
    assert len(layer.records) == 2


def test_computed_columns_are_not_computed(gpkg: Path) -> None:
    alter(gpkg, "ALTER TABLE areas ADD COLUMN bomb AS (hex(zeroblob(900000000)))")
    (layer,) = read_vector(gpkg)
    assert "bomb" not in layer.records[0].properties


def test_work_without_end_is_stopped(gpkg: Path) -> None:
    numbers = "WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r LIMIT 20000) "
    alter(
        gpkg,
        "DROP TABLE gpkg_contents",
        "DROP TABLE gpkg_geometry_columns",
        "CREATE TABLE gpkg_contents (table_name, data_type)",
        "CREATE TABLE gpkg_geometry_columns (table_name, column_name, srs_id)",
        f"INSERT INTO gpkg_contents {numbers} SELECT 'evil', 'features' FROM r",  # noqa: S608
        f"INSERT INTO gpkg_geometry_columns {numbers} SELECT 'evil', 'geom', 0 FROM r",  # noqa: S608
    )
    complaint(gpkg)


@pytest.mark.parametrize(
    "blob", [b"", b"GP", b"GP\x00\x01" + b"\x00" * 4, b"XX" * 40, b"GP\x00\x3f" + b"\x00" * 90]
)
def test_broken_geometries_of_a_geopackage(gpkg: Path, blob: bytes) -> None:
    # The triggers of the spatial index call functions that only GIS programs have.
    alter(
        gpkg,
        "DROP TABLE rtree_areas_geom",
        *[
            f"DROP TRIGGER IF EXISTS rtree_areas_geom_{kind}"
            for kind in (
                "insert",
                "update1",
                "update2",
                "update3",
                "update4",
                "update5",
                "update6",
                "update7",
                "delete",
            )
        ],
        f"UPDATE areas SET geom = x'{blob.hex()}' WHERE fid = 1",  # noqa: S608
    )
    (layer,) = read_vector(gpkg)
    assert layer.records[0].fault
    assert layer.records[1].geometry is not None


@pytest.mark.parametrize("kind", [4, 5, 6, 7, 1006, 15, 10, 3000])
def test_nesting_without_end_does_not_end_the_process(kind: int) -> None:
    nested = (b"\x01" + struct.pack("<II", kind, 1)) * 500_000
    with pytest.raises(WkbError):
        read_wkb(nested + shapely.to_wkb(shapely.Point(7, 52)))


@pytest.mark.parametrize(
    "wkt",
    [
        "POINT (7 52)",
        "POINT Z (7 52 3)",
        "LINESTRING (7 52, 8 53)",
        "POLYGON ((0 0, 9 0, 9 9, 0 0), (5 2, 6 3, 5 3, 5 2))",
        "MULTIPOINT ((7 52), (8 53))",
        "MULTILINESTRING ((7 52, 8 53), (1 1, 2 2))",
        "MULTIPOLYGON Z (((0 0 1, 9 0 1, 9 9 1, 0 0 1)))",
        "MULTIPOLYGON EMPTY",
    ],
)
@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize("flavor", ["iso", "extended"])
def test_binary_of_every_kind(wkt: str, order: int, flavor: Any) -> None:
    geometry = shapely.from_wkt(wkt)
    blob = shapely.to_wkb(geometry, byte_order=order, flavor=flavor)
    assert read_wkb(blob) == shapely.force_2d(geometry)
    for end in range(len(blob)):
        with pytest.raises(WkbError):
            read_wkb(blob[:end])


@given(st.binary(max_size=200))
def test_any_bytes_are_a_geometry_or_a_fault(blob: bytes) -> None:
    try:
        geometry = read_wkb(blob)
    except WkbError:
        return
    assert geometry is not None


def test_a_geopackage_in_use_by_qgis_is_read(tmp_path: Path, frame: gpd.GeoDataFrame) -> None:
    # QGIS keeps an open file in write-ahead mode; the newest rows lie in the side file.
    path = tmp_path / "a.gpkg"
    write_gpkg({"areas": frame}, path, "EPSG:25832")
    database = sqlite3.connect(path)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        for function in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            database.create_function(function, 1, lambda _: 0)
        database.execute("UPDATE areas SET name = 'neu' WHERE fid = 1")
        database.commit()
        (layer,) = read_vector(path)
        assert layer.records[0].properties["name"] == "neu"
    finally:
        database.close()
