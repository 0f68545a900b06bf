"""Files that want to do harm, each made anew by us, for tests.

The ideas are known ones: virtual data sources and external entities that lead to other files or
addresses, archives that unpack to much or elsewhere, databases that compute for ever, and
geometries that are expensive to check or broken.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import struct
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from tests.geo.foreign_samples import shapefile


@dataclass(frozen=True)
class Place:
    """Where a hostile file is made, and what it should not reach.

    Attributes
    ----------
    folder
        Where to.
    secret
        A file beside it that nobody may read.
    port
        Of a listener on this computer that nobody may ask.
    good
        A GeoPackage to spoil.
    """

    folder: Path
    secret: Path
    port: int
    good: Path


def _vrt(source: str) -> str:
    return (
        f'<OGRVRTDataSource><OGRVRTLayer name="{Path(source).stem}"><SrcDataSource>'
        f"{source}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    )


def _xml(place: Place, text: str, ending: str = ".geojson") -> Path:
    path = place.folder / f"hostile{ending}"
    path.write_text(text, encoding="utf-8")
    return path


def _vrt_file(place: Place) -> Path:
    return _xml(place, _vrt(str(place.secret)))


def _vrt_passwd(place: Place) -> Path:
    return _xml(place, _vrt("CSV:/etc/passwd"))


def _vrt_address(place: Place) -> Path:
    return _xml(place, _vrt(f"/vsicurl/http://127.0.0.1:{place.port}/a.geojson"))


def _vrt_named_package(place: Place) -> Path:
    return _xml(place, _vrt(str(place.secret)), ".gpkg")


def _gml_entities(place: Place) -> Path:
    return _xml(
        place,
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "{place.secret.as_uri()}">'
        f'<!ENTITY u SYSTEM "http://127.0.0.1:{place.port}/e">]>'
        '<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml"><gml:featureMember>'
        "<x><name>&e;&u;</name></x></gml:featureMember></gml:FeatureCollection>",
    )


def _spoiled(place: Place, *statements: str, ending: str = ".gpkg") -> Path:
    path = place.folder / f"hostile{ending}"
    path.write_bytes(place.good.read_bytes())
    with sqlite3.connect(path) as database:
        for statement in statements:
            database.execute(statement)
    database.close()
    return path


_ENDLESS = "WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r)"


def _endless_view(place: Place) -> Path:
    # The one table that holds the good file's data becomes a view of the same name.
    return _spoiled(
        place,
        "CREATE TABLE kept AS SELECT * FROM houses",
        "DROP TABLE houses",
        f"CREATE VIEW houses AS {_ENDLESS} SELECT x AS fid, NULL AS geom, hex(x) AS id FROM r",  # noqa: S608
    )


def _endless_contents(place: Place) -> Path:
    return _spoiled(
        place,
        "DROP TABLE gpkg_contents",
        f"CREATE VIEW gpkg_contents AS {_ENDLESS} SELECT 't' || x AS table_name, "  # noqa: S608
        "'features' AS data_type, '' AS identifier FROM r",
    )


def _triggers(place: Place) -> Path:
    # Triggers and names that would attach and write, were they ever run as statements.
    other = place.folder / "attached.db"
    return _spoiled(
        place,
        f"CREATE TABLE \"x'; ATTACH '{other}' AS y; --\" (fid INTEGER PRIMARY KEY, geom BLOB)",
        "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES "  # noqa: S608
        f"('x''; ATTACH ''{other}'' AS y; --', 'attributes', 'x')",
        "CREATE TRIGGER t AFTER INSERT ON gpkg_contents BEGIN "
        "UPDATE gpkg_contents SET table_name = hex(zeroblob(900000000)); END",
    )


def _blob(place: Place, content: bytes) -> Path:
    """Put well-known binary in place of the first geometry."""
    header = b"GP\x00\x01" + struct.pack("<i", 25832)
    path = place.folder / "hostile.gpkg"
    path.write_bytes(place.good.read_bytes())
    with sqlite3.connect(path) as database:
        names = [
            name
            for (name,) in database.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'houses'"
            )
        ]
        for name in names:
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("UPDATE houses SET geom = ? WHERE fid = 1", (header + content,))
    database.close()
    return path


def _deep_binary(place: Place) -> Path:
    point = shapely.to_wkb(shapely.Point(1, 2))
    return _blob(place, (b"\x01" + struct.pack("<II", 7, 1)) * 1_000_000 + point)


def _nan_binary(place: Place) -> Path:
    return _blob(place, b"\x01" + struct.pack("<Idd", 1, float("nan"), float("inf")))


def _counts_lie(place: Place) -> Path:
    return _blob(place, b"\x01" + struct.pack("<III", 3, 1, 0xFFFFFFFF))


def _features(place: Place, *geometries: Any, ending: str = ".geojson") -> Path:
    path = place.folder / f"hostile{ending}"
    features = [
        {
            "type": "Feature",
            "properties": {"id": f"a{at}", "kind": "site", "name": "A", "people": 5},
            "geometry": geometry,
        }
        for at, geometry in enumerate(geometries)
    ]
    document = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def _spiral(place: Place) -> Path:
    chance = random.Random(1)  # noqa: S311 - the same spiral each time
    ring = [[chance.random() + 7, chance.random() + 52] for _ in range(400)]
    return _features(place, {"type": "Polygon", "coordinates": [[*ring, ring[0]]]})


def comb(teeth: int) -> list[list[float]]:
    """Return a valid ring whose edges all have overlapping boxes: the dearest one to check."""
    at = np.arange(teeth)
    x = np.where(at % 2 == 0, at, at + teeth) / teeth
    y = np.where(at % 2 == 0, -at, teeth - at) / teeth
    ring = np.column_stack([x + 7, y + 52]).round(6).tolist()
    return [*ring, [10, 49], [6.5, 49], [6.5, 52.0], ring[0]]


def _comb(place: Place) -> Path:
    return _features(place, {"type": "Polygon", "coordinates": [comb(60_000)]})


def _million(place: Place) -> Path:
    count = 1_000_000 if os.environ.get("TEST_ALL") else 210_000
    ring = [[7 + (at % 1000) / 1000, 52 + at / 1e7] for at in range(count)]
    return _features(place, {"type": "Polygon", "coordinates": [[*ring, ring[0]]]})


def _not_finite(place: Place) -> Path:
    path = _features(place, {"type": "Point", "coordinates": [1, 2]})
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[1, 2]", "[NaN, Infinity]"), encoding="utf-8")
    return path


def _enormous(place: Place) -> Path:
    return _features(place, {"type": "Point", "coordinates": [1e308, -1e308]})


def _deep_text(place: Place) -> Path:
    return _xml(place, '{"type":"FeatureCollection","features":' + "[" * 900_000)


def _packed(place: Place, members: Mapping[str, bytes]) -> Path:
    path = place.folder / "hostile.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def _good_parts(place: Place) -> dict[str, bytes]:
    frame = gpd.GeoDataFrame(
        {"id": ["a"], "kind": ["site"]},
        geometry=[shapely.box(400_000, 5_700_000, 400_300, 5_700_300)],
        crs="EPSG:25832",
    )
    return shapefile(frame, place.folder / "parts")


def _zip_bomb(place: Place) -> Path:
    parts = _good_parts(place)
    path = _packed(place, {f"a{ending}": parts[ending] for ending in (".shp", ".shx")})
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a.dbf", "w") as member,
    ):
        # Piece by piece: the memory of the test is not to hide that of the reader.
        for piece in (parts[".dbf"], *[b" " * (10 << 20)] * 30):
            member.write(piece)
    return path


def _zip_nested(place: Place) -> Path:
    inner = place.folder / "inner.zip"
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.shp", b"\0" * (50 << 20))
    return _packed(place, {"inner.zip": inner.read_bytes(), "more/inner2.zip": inner.read_bytes()})


def _zip_path(place: Place) -> Path:
    parts = _good_parts(place)
    return _packed(place, {f"../../outside{ending}": content for ending, content in parts.items()})


def _zip_link(place: Place) -> Path:
    path = place.folder / "hostile.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for ending in (".shp", ".shx", ".dbf"):
            info = zipfile.ZipInfo(f"a{ending}")
            info.external_attr = 0o120777 << 16
            archive.writestr(info, str(place.secret))
    return path


def _zip_vrt(place: Place) -> Path:
    parts = _good_parts(place)
    parts[".shp"] = _vrt(str(place.secret)).encode()
    return _packed(place, {f"a{ending}": content for ending, content in parts.items()})


def _zip_lying_shape(place: Place) -> Path:
    """Make a Shapefile whose record says that it has two thousand million points."""
    parts = _good_parts(place)
    shape = bytearray(parts[".shp"])
    struct.pack_into("<i", shape, 100 + 8 + 36 + 4, 2_000_000_000)
    parts[".shp"] = bytes(shape)
    return _packed(place, {f"a{ending}": content for ending, content in parts.items()})


HOSTILE: Mapping[str, Callable[[Place], Path]] = {
    made.__name__.removeprefix("_"): made
    for made in (
        _vrt_file, _vrt_passwd, _vrt_address, _vrt_named_package, _gml_entities,
        _endless_view, _endless_contents, _triggers, _deep_binary, _nan_binary, _counts_lie,
        _spiral, _comb, _million, _not_finite, _enormous, _deep_text,
        _zip_bomb, _zip_nested, _zip_path, _zip_link, _zip_vrt, _zip_lying_shape,
    )
}  # fmt: skip
"""Makers of hostile files by name."""
