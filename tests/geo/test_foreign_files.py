"""Files from outside: read right, or refused in German; never trusted."""

from __future__ import annotations

import random
import sqlite3
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pytest
import shapely

from geo.errors import VectorFileError
from geo.foreign_files import Limits, crs_from_code, read_vector
from geo.vector_files import write_gpkg
from tests.geo.foreign_samples import (
    SQUARE,
    areas_in_metres,
    complaint,
    drawn,
    geojson,
    packed,
    shapefile,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def test_the_three_formats_read_alike(tmp_path: Path, frame: gpd.GeoDataFrame) -> None:
    truth = [round(area) for area in frame.area]
    frame.to_crs("EPSG:4326").to_file(tmp_path / "a.GEOJSON", driver="GeoJSON")
    write_gpkg({"areas": frame}, tmp_path / "a.gpkg", "EPSG:25832")
    parts = shapefile(frame, tmp_path / "shp")
    packed(tmp_path / "a.zip", {f"deep/areas{ending}": data for ending, data in parts.items()})
    for name in ("a.GEOJSON", "a.gpkg", "a.zip"):
        (layer,) = read_vector(tmp_path / name)
        assert areas_in_metres(layer) == truth
        assert [record.properties["name"] for record in layer.records] == ["Größe 1", "Süd"]
        assert [record.properties["count"] for record in layer.records] == [1, 2]
        assert [record.position for record in layer.records] == [1, 2]


@pytest.mark.parametrize("epsg", [25832, 25833, 31467, 3857, 4258, 3035, 4647])
def test_any_crs_is_understood(tmp_path: Path, frame: gpd.GeoDataFrame, epsg: int) -> None:
    frame = frame.to_crs(epsg)
    write_gpkg({"areas": frame}, tmp_path / "a.gpkg", f"EPSG:{epsg}")
    packed(tmp_path / "a.zip", {f"a{k}": v for k, v in shapefile(frame, tmp_path / "s").items()})
    frame.to_file(tmp_path / "a.geojson", driver="GeoJSON", RFC7946="NO")
    for name in ("a.gpkg", "a.zip", "a.geojson"):
        (layer,) = read_vector(tmp_path / name)
        found = drawn(layer).to_crs("EPSG:4326").iloc[0].centroid
        # A change of datum without its grid may be off by a few metres.
        assert found.distance(SQUARE.centroid) < 5e-5, name


def test_a_missing_crs_stays_missing(tmp_path: Path, frame: gpd.GeoDataFrame) -> None:
    parts = shapefile(frame, tmp_path / "s")
    del parts[".prj"]
    (layer,) = read_vector(packed(tmp_path / "a.zip", {f"a{k}": v for k, v in parts.items()}))
    assert layer.crs is None
    write_gpkg({"areas": frame}, tmp_path / "a.gpkg", "EPSG:25832")
    with sqlite3.connect(tmp_path / "a.gpkg") as database:
        database.execute("UPDATE gpkg_geometry_columns SET srs_id = -1")
    database.close()
    (layer,) = read_vector(tmp_path / "a.gpkg")
    assert layer.crs is None
    assert len(layer.records) == 2


@pytest.mark.parametrize("encoding", ["UTF-8", "CP1252", "ISO-8859-1"])
@pytest.mark.parametrize("said", [True, False])
def test_umlauts_of_shapefiles(
    tmp_path: Path, frame: gpd.GeoDataFrame, encoding: str, *, said: bool
) -> None:
    parts = shapefile(frame, tmp_path / "s", encoding=encoding)
    parts.pop(".cpg", None)
    if said:
        parts[".cpg"] = encoding.encode()
    (layer,) = read_vector(packed(tmp_path / "a.zip", {f"a{k}": v for k, v in parts.items()}))
    assert [record.properties["name"] for record in layer.records] == ["Größe 1", "Süd"]


def test_several_shapefiles_are_several_layers(tmp_path: Path, frame: gpd.GeoDataFrame) -> None:
    one = shapefile(frame, tmp_path / "s", "AREAS")
    two = shapefile(frame.set_geometry(frame.centroid), tmp_path / "s", "points")
    members = {f"x\\AREAS{k.upper()}": v for k, v in one.items()}
    members |= {f"points{k}": v for k, v in two.items()}
    members |= {f"__MACOSX/._points{k}": b"junk" for k in two}
    layers = read_vector(packed(tmp_path / "a.zip", members | {"readme.txt": b"hello"}))
    assert [layer.name for layer in layers] == ["points", "AREAS"]


class Listener(BaseHTTPRequestHandler):
    hits: int = 0

    def do_GET(self) -> None:
        type(self).hits += 1
        self.send_response(404)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def listener() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("suffix", [".geojson", ".json", ".gpkg", ".zip"])
@pytest.mark.parametrize(
    "content",
    [
        '<OGRVRTDataSource><OGRVRTLayer name="passwd"><SrcDataSource>CSV:/etc/passwd'
        "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
        '\n <OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/vsicurl/http://127.0.0.1:PORT'
        "/a.geojson</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><gml>&x;</gml>',
        '<WFS_Capabilities xmlns:x="http://127.0.0.1:PORT/"/>',
        "<OGRWFSDataSource><URL>http://127.0.0.1:PORT/wfs</URL></OGRWFSDataSource>",
        "%PDF-1.7 http://127.0.0.1:PORT/",
        '"http://127.0.0.1:PORT/a.geojson"',
        "http://127.0.0.1:PORT/a.geojson",
        '{"type": "Topology", "objects": {}, "arcs": []}',
        '{"links": [{"href": "http://127.0.0.1:PORT/"}], "collections": []}',
        "kind,id\nsite,1\n",
        "\x00\x01\x02",
    ],
)
def test_nothing_but_the_three_formats_is_read(
    tmp_path: Path, listener: int, suffix: str, content: str
) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_text(content.replace("PORT", str(listener)))
    assert "root:" not in complaint(path)
    assert Listener.hits == 0


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".zip"])
def test_one_format_under_the_name_of_another(
    tmp_path: Path, frame: gpd.GeoDataFrame, suffix: str
) -> None:
    write_gpkg({"areas": frame}, tmp_path / "good.gpkg", "EPSG:25832")
    good_zip = packed(tmp_path / "good.zip", {"a.txt": b"x"})
    for source in (tmp_path / "good.gpkg", good_zip, geojson(tmp_path / "good.geojson")):
        if source.suffix != suffix:
            path = tmp_path / f"wrong{suffix}"
            path.write_bytes(source.read_bytes())
            complaint(path)


def test_missing_empty_and_foreign_names(tmp_path: Path) -> None:
    assert "gibt es nicht" in complaint(tmp_path / "none.geojson")
    (tmp_path / "empty.gpkg").touch()
    assert "leer" in complaint(tmp_path / "empty.gpkg")
    (tmp_path / "dir.zip").mkdir()
    assert "keine Datei" in complaint(tmp_path / "dir.zip")
    for name in ("a.shp", "a.kml", "a"):
        (tmp_path / name).write_text("x")
        assert "Endung" in complaint(tmp_path / name)


def test_broken_json_names_the_place(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text('{"type": "FeatureCollection",\n"features": [}')
    assert "Zeile 2, Spalte 14" in complaint(path)
    path.write_text('{"type": "FeatureCollection", "name": "Größe"}', encoding="cp1252")
    assert "UTF-8" in complaint(path)
    path.write_text("[" * 200_000)
    assert "verschachtelt" in complaint(path)
    path.write_text('{"type": "FeatureCollection", "features": [' + "1" * 5000 + "]}")
    assert "Zahl" in complaint(path)
    path.write_text('{"type": "FeatureCollection", "features": 7}')
    assert "features" in complaint(path)


def test_utf16_and_byte_order_marks_are_read(tmp_path: Path) -> None:
    text = geojson(tmp_path / "a.geojson", {"type": "Point", "coordinates": [7, 52]}).read_text()
    for encoding in ("utf-8-sig", "utf-16"):
        (tmp_path / "a.geojson").write_text(text, encoding=encoding)
        (layer,) = read_vector(tmp_path / "a.geojson")
        assert layer.records[0].geometry == shapely.Point(7, 52)


@pytest.mark.parametrize(
    ("geometry", "fault"),
    [
        ({"type": "Point", "coordinates": [float("nan"), 52]}, "endliche Zahl"),
        ({"type": "Point", "coordinates": [float("inf"), 52]}, "endliche Zahl"),
        ({"type": "Point", "coordinates": [10**400, 52]}, "endliche Zahl"),
        ({"type": "Point", "coordinates": ["7", "52"]}, "zwei Zahlen"),
        ({"type": "Point", "coordinates": [True, False]}, "zwei Zahlen"),
        ({"type": "Point", "coordinates": [7]}, "zwei Zahlen"),
        ({"type": "Point"}, "keine Koordinaten"),
        ({"type": "Circle", "coordinates": [7, 52]}, "gültigen Typ"),
        ({"type": ["Point"], "coordinates": [7, 52]}, "gültigen Typ"),
        ("POINT (7 52)", "gültigen Typ"),
        ({"type": "LineString", "coordinates": [[7, 52]]}, "zwei Punkte"),
        ({"type": "Polygon", "coordinates": [[[7, 52], [8, 52], [7, 52]]]}, "drei"),
        ({"type": "Polygon", "coordinates": [7, 52]}, "keine Liste"),
        ({"type": "MultiPolygon", "coordinates": [[[7, 52]]]}, "zwei Zahlen"),
        ({"type": "GeometryCollection"}, "Sammlung"),
    ],
)
def test_a_broken_geometry_spares_the_others(tmp_path: Path, geometry: Any, fault: str) -> None:
    good = {"type": "Point", "coordinates": [7, 52, 100.0]}
    (layer,) = read_vector(geojson(tmp_path / "a.geojson", good, geometry, good, None))
    assert [bool(record.fault) for record in layer.records] == [False, True, False, False]
    assert fault in layer.records[1].fault
    assert layer.records[1].geometry is None
    assert layer.records[2].geometry == shapely.Point(7, 52)
    assert not shapely.has_z(layer.records[2].geometry)


def test_an_open_ring_is_closed(tmp_path: Path) -> None:
    ring = [(7, 52), (7.01, 52), (7.01, 52.01)]
    (layer,) = read_vector(
        geojson(tmp_path / "a.geojson", {"type": "Polygon", "coordinates": [ring]})
    )
    assert layer.records[0].geometry == shapely.Polygon(ring)


@pytest.mark.parametrize("name", ["+proj=utm +nadgrids=/etc/passwd", "EPSG:1", "", "/etc/passwd"])
def test_only_plain_codes_name_a_crs(tmp_path: Path, name: str) -> None:
    assert crs_from_code(name) is None
    member = {"type": "name", "properties": {"name": name}}
    assert "Koordinatensystem" in complaint(geojson(tmp_path / "a.geojson", crs=member))
    assert "Koordinatensystem" in complaint(geojson(tmp_path / "a.geojson", crs=7))


@pytest.mark.parametrize(
    "name",
    [
        "EPSG:25832",
        "urn:ogc:def:crs:EPSG::25832",
        "urn:ogc:def:crs:EPSG:9.6:25832",
        "http://www.opengis.net/def/crs/EPSG/0/25832",
    ],
)
def test_the_spellings_of_a_code(name: str) -> None:
    crs = crs_from_code(name)
    assert crs is not None
    assert crs.to_epsg() == 25832


def test_limits_are_named(tmp_path: Path, frame: gpd.GeoDataFrame) -> None:
    point = {"type": "Point", "coordinates": [7, 52]}
    path = geojson(tmp_path / "a.geojson", *[point] * 11)
    assert "erlaubt sind 10" in complaint(path, Limits(records=10))
    assert "Eckpunkte" in complaint(path, Limits(vertices=10))
    assert "zu groß" in complaint(path, Limits(file_bytes=100))
    write_gpkg({"areas": frame, "b": frame}, tmp_path / "a.gpkg", "EPSG:25832")
    assert "mehr als 3 Objekte" in complaint(tmp_path / "a.gpkg", Limits(records=3))
    assert "Eckpunkte" in complaint(tmp_path / "a.gpkg", Limits(vertices=10))
    assert "Ebenen" in complaint(tmp_path / "a.gpkg", Limits(members=1))
    parts = {f"a{k}": v for k, v in shapefile(frame, tmp_path / "s").items()}
    packed(tmp_path / "a.zip", parts)
    assert "mehr als 1 Objekte" in complaint(tmp_path / "a.zip", Limits(records=1))
    assert "Eckpunkte" in complaint(tmp_path / "a.zip", Limits(vertices=5))
    assert "erlaubt sind 3" in complaint(tmp_path / "a.zip", Limits(members=3))
    assert "ausgepackt" in complaint(tmp_path / "a.zip", Limits(unpacked_bytes=100))


# --- archives ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["../../x.shp", "/x.shp", "a/../../x.shp", "C:\\x.shp"])
def test_no_path_leads_out_of_an_archive(
    tmp_path: Path, frame: gpd.GeoDataFrame, name: str
) -> None:
    parts = {f"a{k}": v for k, v in shapefile(frame, tmp_path / "s").items()}
    before = sorted(tmp_path.rglob("*"))
    path = packed(tmp_path / "a.zip", {**parts, name: b"x"})
    assert "hinausführt" in complaint(path)
    assert sorted(tmp_path.rglob("*")) == sorted([*before, path])


def test_links_bombs_and_locks_in_archives(tmp_path: Path, frame: gpd.GeoDataFrame) -> None:
    parts = {f"a{k}": v for k, v in shapefile(frame, tmp_path / "s").items()}
    path = packed(tmp_path / "a.zip", parts)
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("b.shp")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert "hinausführt" in complaint(path)
    packed(path, {**parts, "b.shp": b" " * (30 << 20)})
    assert "ausgepackt zu groß" in complaint(path)
    packed(path, {"inner.zip": packed(tmp_path / "i.zip", parts).read_bytes()})
    assert "kein Shapefile" in complaint(path)
    packed(path, {f"f{number}": b"" for number in range(10_000)})
    assert "10.000 Dateien" in complaint(path)
    locked = bytearray(packed(path, parts).read_bytes())
    # Bit 0 of the flags in the local and in the central headers says "encrypted".
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = locked.find(mark)
        while start >= 0:
            locked[start + at] |= 1
            start = locked.find(mark, start + 4)
    path.write_bytes(locked)
    assert "Passwort" in complaint(path)


@pytest.mark.parametrize("ending", [".shp", ".shx", ".dbf"])
def test_a_part_of_the_shapefile_is_missing(
    tmp_path: Path, frame: gpd.GeoDataFrame, ending: str
) -> None:
    parts = shapefile(frame, tmp_path / "s")
    del parts[ending]
    path = packed(tmp_path / "a.zip", {f"a{k}": v for k, v in parts.items()})
    assert ending in complaint(path)


def test_a_shapefile_that_is_something_else(tmp_path: Path, frame: gpd.GeoDataFrame) -> None:
    parts = shapefile(frame, tmp_path / "s")
    parts[".shp"] = b"<OGRVRTDataSource><OGRVRTLayer name='a'/></OGRVRTDataSource>"
    path = packed(tmp_path / "a.zip", {f"a{k}": v for k, v in parts.items()})
    assert "kein Shapefile" in complaint(path)


@pytest.mark.parametrize("name", ["a.gpkg", "a.zip", "a.geojson"])
def test_files_cut_or_changed_anywhere_are_refused_or_read(
    tmp_path: Path, frame: gpd.GeoDataFrame, name: str
) -> None:
    write_gpkg({"areas": frame}, tmp_path / "a.gpkg", "EPSG:25832")
    frame.to_crs("EPSG:4326").to_file(tmp_path / "a.geojson", driver="GeoJSON")
    packed(tmp_path / "a.zip", {f"a{k}": v for k, v in shapefile(frame, tmp_path / "s").items()})
    good = (tmp_path / name).read_bytes()
    mangled = tmp_path / f"mangled{(tmp_path / name).suffix}"
    chance = random.Random(7)  # noqa: S311 - a repeatable choice of places
    outcomes = set()
    for trial in range(60):
        place = chance.randrange(1, len(good))
        changed = bytearray(good)
        changed[place] ^= 1 << chance.randrange(8)
        mangled.write_bytes(good[:place] if trial % 3 == 0 else changed)
        try:
            read_vector(mangled)
            outcomes.add("read")
        except VectorFileError:
            outcomes.add("refused")
    assert "refused" in outcomes
