"""Our own files: right by their standards, whole, and the same bytes every time."""

from __future__ import annotations

import errno
import json
import math
import os
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geojson_pydantic import FeatureCollection

from geo import whole_files
from geo.errors import CrsError, OutputError
from geo.vector_files import (
    layer_names,
    read_layer,
    write_flatgeobuf,
    write_geojson,
    write_gpkg,
)

if TYPE_CHECKING:
    from pathlib import Path

METRIC = "EPSG:25832"


@pytest.fixture
def places() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "id": ["n2", "n1", "w3"],
            "name": ["Café »Größe« 🌳", None, "</script>${x}"],
            "open": pd.Series([True, None, False], dtype=object),
            "metres": [1.5, math.nan, math.inf],
            "count": [1, 2, 3],
            "tags": pd.Series([{"a": "b"}, None, ["x"]], dtype=object),
            "outline": pd.Series([None, shapely.Point(0, 0), None], dtype=object),
        },
        geometry=[
            shapely.Point(430000.123, 5782000.456),
            shapely.Point(430100, 5782100),
            shapely.Point(430200, 5782200),
        ],
        crs=METRIC,
    )


@pytest.fixture
def areas() -> gpd.GeoDataFrame:
    # A ring drawn clockwise with a hole drawn anticlockwise: both the wrong way round.
    wrong = shapely.Polygon(
        [(0, 0), (0, 100), (100, 100), (100, 0)], [[(20, 20), (80, 20), (80, 80), (20, 80)]]
    )
    shifted = shapely.transform(wrong, lambda xy: np.add(xy, (430000, 5782000)))
    return gpd.GeoDataFrame(
        {"id": ["a", "b"]}, geometry=[shifted, shapely.MultiPolygon([shifted])], crs=METRIC
    )


def test_geojson_follows_rfc_7946(
    tmp_path: Path, places: gpd.GeoDataFrame, areas: gpd.GeoDataFrame
) -> None:
    write_geojson(places, tmp_path / "places.geojson")
    text = (tmp_path / "places.geojson").read_text(encoding="utf-8")
    document = json.loads(text, parse_constant=pytest.fail)
    FeatureCollection.model_validate(document)
    assert "crs" not in document
    assert [feature["id"] for feature in document["features"]] == ["n1", "n2", "w3"]
    second = document["features"][1]
    assert second["properties"] == {
        "id": "n2",
        "name": "Café »Größe« 🌳",
        "open": True,
        "metres": 1.5,
        "count": 1,
        "tags": {"a": "b"},
    }
    assert document["features"][0]["properties"]["metres"] is None
    assert document["features"][2]["properties"]["metres"] is None
    longitude, latitude = second["geometry"]["coordinates"]
    assert 7 < longitude < 9
    assert 52 < latitude < 53
    assert round(longitude, 7) == longitude
    write_geojson(areas, tmp_path / "areas.geojson")
    for feature in json.loads((tmp_path / "areas.geojson").read_text())["features"]:
        polygon = shapely.get_parts(shapely.geometry.shape(feature["geometry"]))[0]
        assert polygon.exterior.is_ccw
        assert not polygon.interiors[0].is_ccw


def test_geojson_round_trip_within_a_centimetre(tmp_path: Path) -> None:
    xy = np.random.default_rng(5).uniform([300000, 5690000], [530000, 5830000], (500, 2))
    frame = gpd.GeoDataFrame(
        {"id": [f"{number:04d}" for number in range(500)]}, geometry=shapely.points(xy), crs=METRIC
    )
    write_geojson(frame, tmp_path / "x.geojson")
    back = gpd.read_file(tmp_path / "x.geojson").to_crs(METRIC)
    assert list(back["id"]) == list(frame["id"])
    assert back.geometry.distance(frame.geometry).max() < 0.01


def test_rounding_never_makes_an_area_invalid(tmp_path: Path) -> None:
    # A spike a millimetre wide crosses itself when its corners move by half a centimetre.
    spiked = shapely.Polygon(
        [
            (7.0, 52.0),
            (7.001, 52.0),
            (7.001, 52.001),
            (7.00050001, 52.00100000),
            (7.00050000, 52.00000001),
            (7.00049999, 52.001),
            (7.0, 52.001),
        ]
    )
    assert spiked.is_valid
    frame = gpd.GeoDataFrame({"id": ["a"]}, geometry=[spiked], crs="EPSG:4326")
    write_geojson(frame, tmp_path / "x.geojson")
    document = json.loads((tmp_path / "x.geojson").read_text())
    drawn = shapely.geometry.shape(document["features"][0]["geometry"])
    assert drawn.is_valid
    assert drawn.area == pytest.approx(spiked.area, rel=1e-3)


def test_features_without_geometry_or_ids(tmp_path: Path, places: gpd.GeoDataFrame) -> None:
    drawn = gpd.GeoSeries(shapely.from_wkt([None, "POINT EMPTY", "POINT (1 2)"]), crs="EPSG:4326")
    write_geojson(places.set_geometry(drawn), tmp_path / "x", None)
    features = json.loads((tmp_path / "x").read_text())["features"]
    assert [feature["geometry"] is None for feature in features] == [True, True, False]
    assert [feature["properties"]["id"] for feature in features] == ["n2", "n1", "w3"]
    assert all("id" not in feature for feature in features)
    write_geojson(places[["geometry"]].iloc[:0], tmp_path / "empty", None)
    assert json.loads((tmp_path / "empty").read_text())["features"] == []


def test_geojson_refuses_doubled_ids_and_unknown_crs(
    tmp_path: Path, places: gpd.GeoDataFrame
) -> None:
    with pytest.raises(ValueError, match="not unique"):
        write_geojson(places.assign(id="same"), tmp_path / "x")
    unknown = gpd.GeoDataFrame({"id": ["a"]}, geometry=[shapely.Point(0, 0)])
    with pytest.raises(CrsError):
        write_geojson(unknown, tmp_path / "x")
    with pytest.raises(CrsError):
        write_gpkg({"x": unknown}, tmp_path / "x.gpkg", METRIC)
    assert list(tmp_path.iterdir()) == []


def test_geopackage_holds_what_was_given(
    tmp_path: Path, places: gpd.GeoDataFrame, areas: gpd.GeoDataFrame
) -> None:
    path = tmp_path / "snapshot.gpkg"
    access = pd.DataFrame({"house_id": ["a", "b"], "nearest_s": [61.5, math.nan], "n_05": [1, 0]})
    write_gpkg(
        {
            "places": places.to_crs("EPSG:4326"),
            "areas": areas,
            "access": access,
            "empty": places.iloc[:0],
        },
        path,
        METRIC,
    )
    assert set(layer_names(path)) == {"places", "areas", "access", "empty"}
    read = read_layer(path, "places")
    assert isinstance(read, gpd.GeoDataFrame)
    assert read.crs == METRIC
    assert list(read["id"]) == ["n2", "n1", "w3"]
    assert list(read["name"].fillna("-")) == ["Café »Größe« 🌳", "-", "</script>${x}"]
    assert read["tags"][0] == '{"a":"b"}'
    assert "outline" not in read
    assert read.geometry.distance(places.geometry).max() < 0.001
    assert set(read_layer(path, "areas").geom_type) == {"MultiPolygon"}
    plain = read_layer(path, "access")
    assert not isinstance(plain, gpd.GeoDataFrame)
    assert plain["nearest_s"].to_list()[0] == 61.5
    assert plain["n_05"].to_list() == [1, 0]
    assert len(read_layer(path, "empty")) == 0
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (10200,)
        kinds = dict(database.execute("SELECT table_name, data_type FROM gpkg_contents"))
        flags = database.execute('SELECT "open" FROM places').fetchall()
    database.close()
    assert kinds == {
        "places": "features",
        "areas": "features",
        "access": "attributes",
        "empty": "features",
    }
    assert flags == [(1,), (None,), (0,)]


def test_same_input_gives_same_bytes(
    tmp_path: Path, places: gpd.GeoDataFrame, areas: gpd.GeoDataFrame
) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        write_geojson(places, tmp_path / folder / "x.geojson")
        write_gpkg({"a": places, "b": areas}, tmp_path / folder / "x.gpkg", METRIC)
        write_flatgeobuf(areas, tmp_path / folder / "x.fgb")
    for name in ("x.geojson", "x.gpkg", "x.fgb"):
        first = (tmp_path / "one" / name).read_bytes()
        assert first == (tmp_path / "two" / name).read_bytes()
        assert len(first) > 100


def test_flatgeobuf_holds_what_was_given(tmp_path: Path, areas: gpd.GeoDataFrame) -> None:
    write_flatgeobuf(areas, tmp_path / "areas.fgb")
    back = gpd.read_file(tmp_path / "areas.fgb").sort_values("id")
    assert list(back["id"]) == ["a", "b"]
    assert back.crs == METRIC
    assert back.area.sum() == pytest.approx(areas.area.sum())


def test_reading_what_is_not_there_is_said_in_german(
    tmp_path: Path, places: gpd.GeoDataFrame
) -> None:
    with pytest.raises(OutputError, match="fehlt"):
        read_layer(tmp_path / "none.gpkg", "x")
    with pytest.raises(OutputError, match="fehlt"):
        layer_names(tmp_path / "none.gpkg")
    write_gpkg({"places": places}, tmp_path / "x.gpkg", METRIC)
    with pytest.raises(OutputError, match="»sites«"):
        read_layer(tmp_path / "x.gpkg", "sites")


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, places: gpd.GeoDataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "x.geojson"
    target.write_text("old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="kein Platz") as caught:
        write_geojson(places, target)
    assert str(target) in str(caught.value)
    assert "Abhilfe" in str(caught.value)
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["x.geojson"]


def test_an_interrupted_write_leaves_nothing(tmp_path: Path) -> None:
    def interrupted() -> None:
        with whole_files.replacing(tmp_path / "x") as temporary:
            temporary.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("target", "reason"),
    [("missing/x.geojson", "Den Ordner"), ("file/x.geojson", "kein Ordner"), ("dir", "Ordner")],
)
def test_impossible_targets_are_named(
    tmp_path: Path, places: gpd.GeoDataFrame, target: str, reason: str
) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "dir" / "sub").mkdir(parents=True)
    with pytest.raises(OutputError, match=reason):
        write_geojson(places, tmp_path / target)


# A child process that may write only so many bytes to a file stands for the full disk: GDAL
# and SQLite meet the fault deep inside their own code.
_CHILD = """
import resource, signal, sys
from pathlib import Path
import geopandas, shapely
from geo.errors import OutputError
from geo import vector_files
n = 5000
frame = geopandas.GeoDataFrame(
    {"id": [f"{i:05d}" for i in range(n)], "t": ["x" * 50] * n},
    geometry=[shapely.Point(430000 + i, 5780000) for i in range(n)], crs="EPSG:25832")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
path = Path(sys.argv[1])
try:
    if path.suffix == ".gpkg":
        vector_files.write_gpkg({"x": frame}, path, "EPSG:25832")
    elif path.suffix == ".fgb":
        vector_files.write_flatgeobuf(frame, path)
    else:
        vector_files.write_geojson(frame, path)
except OutputError as error:
    print(error)
    sys.exit(2)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits of POSIX")
@pytest.mark.parametrize("name", ["x.gpkg", "x.fgb", "x.geojson"])
def test_a_full_disk_is_an_error_in_every_format(tmp_path: Path, name: str) -> None:
    target = tmp_path / name
    target.write_bytes(b"old")
    result = subprocess.run(
        [sys.executable, "-c", _CHILD, str(target)], capture_output=True, text=True, check=False
    )
    assert result.returncode == 2, result.stdout + result.stderr
    assert "Die Datei kann nicht geschrieben werden" in result.stdout
    assert str(target) in result.stdout
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere"
)
def test_a_read_only_folder_is_named(tmp_path: Path, places: gpd.GeoDataFrame) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(OutputError, match="darf nicht geschrieben"):
            write_geojson(places, tmp_path / "x.geojson")
    finally:
        tmp_path.chmod(0o700)


def test_large_tables_keep_every_row(tmp_path: Path) -> None:
    rows = 100_000
    table = pd.DataFrame(
        {
            "from_id": [f"h{number % 10}" for number in range(rows)],
            "to_id": [f"n{number}" for number in range(rows)],
            "travel_time_s": np.arange(rows) / 10,
        }
    )
    write_gpkg({"travel_times": table}, tmp_path / "x.gpkg", METRIC)
    back = read_layer(tmp_path / "x.gpkg", "travel_times")
    assert back["to_id"].to_list() == table["to_id"].to_list()
    assert back["travel_time_s"].to_list() == table["travel_time_s"].to_list()
