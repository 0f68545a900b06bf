"""The exported files: valid, the same in every format and in every run, and harmless."""

from __future__ import annotations

import dataclasses
import json
import math
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from geojson_pydantic import FeatureCollection

from geo.errors import OutputError
from geo.vector_files import read_layer
from layers.columns import table_columns
from layers.exports import (
    collection_members,
    write_all,
    write_format,
)
from layers.layer_frames import Exported, export_snapshot, layer_frames
from layers.layer_info import LAYERS, PLACE_LAYERS
from layers.readme_file import readme_text
from layers.release import released
from layers.store import read_exported, write_exported, write_snapshot
from layers.whitelist import NEEDED, load_release
from tests.layers import sample

SPATIAL = [name for name, info in LAYERS.items() if info.spatial]
REAL = dataclasses.replace(sample.sample_snapshot(), fictional=False)
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    write_all(REAL, folder)
    return folder


def table(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, sep=";", decimal=",", encoding="utf-8-sig", keep_default_na=False)


def collection(out: Path, name: str) -> dict[str, Any]:
    def refuse(token: str) -> None:
        raise ValueError(f"no JSON: {token}")

    text = (out / "geojson" / f"{name}.geojson").read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text, parse_constant=refuse)
    return content


# ----------------------------------------------------------------------- which layers


def test_all_files_of_a_build(out: Path) -> None:
    assert sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()) == [
        "LIESMICH.txt",
        "access.csv",
        "coverage.csv",
        "dcat.jsonld",
        *(f"geojson/{name}.geojson" for name in sorted(SPATIAL)),
        "metadaten.xml",
        "needs.csv",
        "places.csv",
        "snapshot.gpkg",
    ]


def test_layers_and_columns_of_the_specification() -> None:
    frames = layer_frames(REAL)
    assert list(frames) == [
        "sites", "houses", "gates", "isochrones", "services", "transit", "meeting_places",
        "partners", "access", "travel_times", "coverage", "needs", "house_reach",
        "site_reach", "common_ground", "ranking", "ranking_criteria", "ranking_projects",
    ]  # fmt: skip
    wanted = {
        "isochrones": {"house_id", "profile", "state", "minutes"},
        "access": {
            "house_id", "profile", "state", "category", "nearest_id", "nearest_s", "nearest_m",
            "detour", "n_05", "n_10", "n_15", "n_on_campus", "status",
        },
        "travel_times": {
            "from_id", "to_id", "profile", "state", "travel_time_s", "distance_m", "by_hours",
            "unknown_m",
        },
        "coverage": {
            "house_id", "profile", "minutes", "reached_m", "confirmed_m", "unknown_percent",
            "seated_percent",
        },
    }  # fmt: skip
    place = {
        "id", "name", "category", "kind", "osm_ids", "on_campus", "wheelchair", "opening_hours",
    }  # fmt: skip
    wanted |= dict.fromkeys(PLACE_LAYERS, place)
    for name, columns in wanted.items():
        assert columns <= set(frames[name].columns)


def test_each_place_stands_in_its_layer_and_partners_twice() -> None:
    frames = layer_frames(REAL)
    ids = {name: frames[name]["id"].tolist() for name in PLACE_LAYERS}
    assert ids == {
        "services": ["n1", "n11", "n2", "n5", "w3"],
        "transit": ["n6", "n7"],
        "meeting_places": ["n4", "n9", "w8"],
        "partners": ["n10", "n9", "w8"],
    }


def test_the_risk_layer_is_in_no_file(out: Path, tmp_path: Path) -> None:
    for name in ("geojson", "gpkg", "csv", "fgb"):
        write_format(out / "snapshot.gpkg", name, tmp_path)
    files = [path for folder in (out, tmp_path) for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 2 * len(SPATIAL)
    for path in files:
        content = path.read_bytes()
        for word in ("Spielhalle", "Glückshaus", "adult_gaming_centre", "Glücksspiel"):
            assert word.encode() not in content, path
    assert "n12" in REAL.travel_times["to_id"].tolist()
    assert "n12" not in read_layer(out / "snapshot.gpkg", "travel_times")["to_id"].tolist()


# ---------------------------------------------------------------------------- GeoJSON


@pytest.mark.parametrize("name", SPATIAL)
def test_geojson_is_valid_by_a_foreign_validator(out: Path, name: str) -> None:
    text = (out / "geojson" / f"{name}.geojson").read_text(encoding="utf-8")
    parsed: Any = FeatureCollection.model_validate_json(text)
    assert len(parsed.features) == len(layer_frames(REAL)[name])


@pytest.mark.parametrize("name", SPATIAL)
def test_geojson_keeps_the_rules_of_rfc_7946(out: Path, name: str) -> None:
    content = collection(out, name)
    assert content["type"] == "FeatureCollection"
    # Section 4: no other CRS. Section 7.1: foreign members must not be named like our own.
    assert "crs" not in content
    assert not {"coordinates", "geometries", "geometry", "properties"} & set(content)
    ids = [feature["id"] for feature in content["features"]]
    assert len(set(ids)) == len(ids)
    for feature in content["features"]:
        assert set(feature) == {"type", "id", "geometry", "properties"}
        assert feature["properties"]["id"] == feature["id"]
        _check_geometry(feature["geometry"])


def _check_geometry(geometry: dict[str, Any]) -> None:
    depth = {"Point": 0, "MultiPolygon": 3}[geometry["type"]]
    positions = geometry["coordinates"]
    flat = [positions]
    for _ in range(depth):
        flat = [inner for outer in flat for inner in outer]
    for position in flat:
        assert len(position) == 2
        longitude, latitude = position
        assert 5 < longitude < 16
        assert 46 < latitude < 56
        assert all(len(str(value).partition(".")[2]) <= 7 for value in position)
    if depth:
        for polygon in positions:
            for number, ring in enumerate(polygon):
                assert ring[0] == ring[-1]
                assert len(ring) >= 4
                # Section 3.1.6: outer rings anticlockwise, holes clockwise.
                assert (_signed_area(ring) > 0) == (number == 0)


def _signed_area(ring: list[list[float]]) -> float:
    x, y = np.array(ring).T
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2


def test_the_sample_has_holes_to_turn(out: Path) -> None:
    for name in ("sites", "isochrones"):
        polygons = [
            polygon
            for feature in collection(out, name)["features"]
            for polygon in feature["geometry"]["coordinates"]
        ]
        assert any(len(polygon) > 1 for polygon in polygons)


def test_geojson_says_where_it_comes_from(out: Path) -> None:
    services = collection(out, "services")
    assert services["attribution"] == "© OpenStreetMap-Mitwirkende"
    assert services["licence"] == "ODbL 1.0"
    assert services["licence_url"] == "https://opendatacommons.org/licenses/odbl/1-0/"
    assert services["timestamp"] == "2026-03-12"
    houses = collection(out, "houses")
    assert "OpenStreetMap" not in json.dumps(houses, ensure_ascii=False)
    assert "timestamp" not in houses
    gates = {row["id"]: row["properties"] for row in collection(out, "gates")["features"]}
    assert gates["t-haupt"]["source"] == "Eigene Angaben der Studie"
    assert gates["t-seite"]["source"] == "© OpenStreetMap-Mitwirkende"


# ------------------------------------------------------------------------- GeoPackage


def test_geopackage_round_trip_keeps_everything(out: Path) -> None:
    made, read = export_snapshot(REAL), read_exported(out / "snapshot.gpkg")
    assert read.facts == made.facts
    assert read.minutes == made.minutes
    for name, frame in made.layers.items():
        pd.testing.assert_frame_equal(pd.DataFrame(read.layers[name]), pd.DataFrame(frame))
        if name in SPATIAL:
            assert read.layers[name].crs == made.layers[name].crs == "EPSG:25832"
    pd.testing.assert_frame_equal(read.categories, made.categories)
    pd.testing.assert_frame_equal(read.summaries, made.summaries)
    assert read.summaries["text"].str.contains("Nur auf dem Gelände: 1 Café").any()


def test_geopackage_is_version_1_2_and_sound(out: Path) -> None:
    connection = sqlite3.connect(out / "snapshot.gpkg")
    try:
        assert connection.execute("PRAGMA user_version").fetchone() == (10200,)
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        contents = dict(connection.execute("SELECT table_name, data_type FROM gpkg_contents"))
        assert contents == {
            **{name: "features" if name in SPATIAL else "attributes" for name in LAYERS},
            **dict.fromkeys(("categories", "summaries", "layer_info", "metadata"), "attributes"),
        }
        counted = connection.execute("SELECT table_name, feature_count FROM gpkg_ogr_contents")
        for name, rows in counted.fetchall():
            found = connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()  # noqa: S608
            assert found == (rows,)
        changed = connection.execute("SELECT DISTINCT last_change FROM gpkg_contents").fetchall()
        assert changed == [("2000-01-01T00:00:00.000Z",)]
    finally:
        connection.close()


def test_geopackage_says_where_each_layer_comes_from(out: Path) -> None:
    info = read_layer(out / "snapshot.gpkg", "layer_info").set_index("layer")
    assert info["licence"].to_dict()["partners"] == "ODbL 1.0"
    assert info["source"].to_dict()["houses"] == "Eigene Angaben der Studie"
    assert info["rows"].to_dict()["access"] == 27
    assert set(info["data_date"]) == {"2026-03-12"}


def test_ogrinfo_opens_the_geopackage(out: Path) -> None:
    ogrinfo = shutil.which("ogrinfo")
    if ogrinfo is None:
        pytest.skip("ogrinfo is not installed")
    found = subprocess.run(
        [ogrinfo, "-ro", "-so", "-al", str(out / "snapshot.gpkg")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stderr == ""
    for name in LAYERS:
        assert f"Layer name: {name}\n" in found.stdout
    assert found.stdout.count('ID["EPSG",25832]') == len(SPATIAL)


def test_coordinates_make_the_round_trip_within_a_centimetre(out: Path) -> None:
    metric = read_exported(out / "snapshot.gpkg").layers
    # The sample has no neighbourhood: these two layers are empty.
    for name in sorted({*SPATIAL} - {"common_ground", "ranking"}):
        degrees = gpd.read_file(out / "geojson" / f"{name}.geojson").to_crs("EPSG:25832")
        pair = metric[name].set_index("id").geometry, degrees.set_index("id").geometry
        assert sorted(pair[0].index) == sorted(pair[1].index)
        distance = pair[0].hausdorff_distance(pair[1].loc[pair[0].index])
        assert distance.max() < 0.01


def test_a_failed_write_leaves_the_last_good_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "snapshot.gpkg"
    write_snapshot(REAL, path)
    before = path.read_bytes()

    def fail(*_: object) -> None:
        raise OutputError("Der Datenträger ist voll.")

    monkeypatch.setattr("layers.store.append_table", fail)
    with pytest.raises(OutputError, match="voll"):
        write_snapshot(dataclasses.replace(REAL, id="f" * 16), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_reading_what_is_none_of_ours(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="fehlt"):
        read_exported(tmp_path / "snapshot.gpkg")
    (tmp_path / "snapshot.gpkg").write_text("kein GeoPackage")
    with pytest.raises(OutputError, match="neu bauen"):
        read_exported(tmp_path / "snapshot.gpkg")
    made = export_snapshot(REAL)
    facts = {key: value for key, value in made.facts.items() if key != "minutes"}
    changed: Exported = dataclasses.replace(made, facts=facts)
    write_exported(changed, tmp_path / "snapshot.gpkg")
    with pytest.raises(OutputError, match="passt nicht zu dieser Fassung"):
        read_exported(tmp_path / "snapshot.gpkg")


# ------------------------------------------------------------------------ one format


def test_every_format_can_be_made_again_with_the_same_bytes(out: Path, tmp_path: Path) -> None:
    for name in ("geojson", "gpkg", "csv"):
        write_format(out / "snapshot.gpkg", name, tmp_path)
    # The list of all files is one of the whole build.
    assert not (tmp_path / "dcat.jsonld").exists()
    for path in out.rglob("*"):
        if path.is_file() and path.name != "dcat.jsonld":
            assert (tmp_path / path.relative_to(out)).read_bytes() == path.read_bytes()
    assert (tmp_path / "travel_times.csv").is_file()


def test_flatgeobuf(out: Path, tmp_path: Path) -> None:
    write_format(out / "snapshot.gpkg", "fgb", tmp_path)
    assert sorted(path.stem for path in (tmp_path / "fgb").iterdir()) == sorted(SPATIAL)
    frame = gpd.read_file(tmp_path / "fgb" / "services.fgb")
    assert frame.crs == "EPSG:25832"
    assert sorted(frame["id"]) == ["n1", "n11", "n2", "n5", "w3"]


def test_an_unknown_format_is_named(out: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="»shp« gibt es nicht") as caught:
        write_format(out / "snapshot.gpkg", "shp", tmp_path)
    assert "geojson, gpkg, csv, fgb" in str(caught.value)


def test_another_metric_crs(tmp_path: Path) -> None:
    crs = "EPSG:32632"
    moved = {
        name: getattr(REAL, name).to_crs(crs)
        for name in ("sites", "houses", "gates", "places", "isochrones")
    }
    write_all(dataclasses.replace(REAL, crs=crs, **moved), tmp_path)
    assert read_layer(tmp_path / "snapshot.gpkg", "services").crs.to_epsg() == 32632
    assert {"ost_32632", "nord_32632"} <= set(table(tmp_path / "places.csv").columns)


# -------------------------------------------------------------- same input, same bytes


def test_two_runs_give_the_same_bytes(out: Path, tmp_path: Path) -> None:
    code = (
        "import dataclasses, sys; from pathlib import Path; from layers.exports import write_all;"
        "from tests.layers import sample;"
        "snapshot = dataclasses.replace(sample.sample_snapshot(), fictional=False);"
        "write_all(snapshot, Path(sys.argv[1]))"
    )
    subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"},
    )
    files = [path for path in out.rglob("*") if path.is_file()]
    assert len(files) == len(SPATIAL) + 8
    for path in files:
        assert (tmp_path / path.relative_to(out)).read_bytes() == path.read_bytes()


def test_the_order_of_places_does_not_matter(out: Path, tmp_path: Path) -> None:
    mixed = dataclasses.replace(REAL, places=REAL.places.sample(frac=1, random_state=3))
    write_all(mixed, tmp_path)
    for name in ("places.csv", "geojson/services.geojson", "snapshot.gpkg"):
        assert (tmp_path / name).read_bytes() == (out / name).read_bytes()


# ---------------------------------------------------------------------- special cases


def test_a_study_without_grounds_places_or_date(tmp_path: Path) -> None:
    bare = dataclasses.replace(
        REAL,
        data_date=None,
        sites=sample.sites().iloc[:0],
        gates=sample.gates().iloc[:0],
        houses=sample.houses().assign(site_id=""),
        places=sample.places().iloc[:0],
        isochrones=sample.isochrones().iloc[:0],
        travel_times=sample.travel_times().iloc[:0],
        access=REAL.access.iloc[:0],
        summaries={},
    )
    write_all(bare, tmp_path)
    assert collection(tmp_path, "services")["features"] == []
    assert "timestamp" not in collection(tmp_path, "services")
    read = read_exported(tmp_path / "snapshot.gpkg")
    assert len(read.layers["houses"]) == 2
    assert [len(read.layers[name]) for name in ("sites", "services", "travel_times")] == [0, 0, 0]
    assert table(tmp_path / "places.csv").empty
    assert "Stand nicht bekannt" in (tmp_path / "LIESMICH.txt").read_text(encoding="utf-8-sig")


def test_an_unconnected_house_has_empty_cells_not_noughts(tmp_path: Path) -> None:
    access = REAL.access.copy()
    counts = ["n_05", "n_10", "n_15", "n_on_campus"]
    access.loc[access["house_id"] == "h-linde", counts] = pd.NA
    write_all(dataclasses.replace(REAL, access=access), tmp_path)
    written = table(tmp_path / "access.csv")
    house = written[written["house_id"] == "h-linde"]
    assert set(house[counts].to_numpy().ravel()) == {""}
    assert set(written["n_05"]) == {"", "0", "1"}
    read = read_layer(tmp_path / "snapshot.gpkg", "access")
    assert read.loc[read["house_id"] == "h-linde", "n_05"].isna().all()
    assert all(math.isfinite(value) for value in read.loc[read["house_id"] != "h-linde", "n_05"])


def test_an_invented_place_is_not_laid_at_the_door_of_osm(tmp_path: Path) -> None:
    write_all(sample.sample_snapshot(), tmp_path)
    services = collection(tmp_path, "services")
    assert services["attribution"] == "Erfundene Daten im Format von OpenStreetMap"
    assert "erfunden" in (tmp_path / "LIESMICH.txt").read_text(encoding="utf-8-sig")
    assert "© OpenStreetMap-Mitwirkende" not in (tmp_path / "places.csv").read_text("utf-8-sig")


def test_the_note_explains_every_layer_and_file(out: Path) -> None:
    raw = (out / "LIESMICH.txt").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\r\n") == raw.count(b"\n")
    text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    assert text == readme_text(export_snapshot(REAL))
    for name, info in LAYERS.items():
        assert f"\n{name} – {info.title}\n" in text
    for path in out.iterdir():
        assert path.name in text or path.name == "LIESMICH.txt"
    assert "Stand 12.03.2026" in text
    assert "ODbL 1.0" in text


def test_members_of_a_layer_that_mixes_sources() -> None:
    members = collection_members(export_snapshot(REAL), "gates")
    assert members["attribution"] == (
        "Eigene Angaben der Studie; Abgeleitetes: © OpenStreetMap-Mitwirkende"
    )
    assert members["timestamp"] == "2026-03-12"


def test_the_note_explains_columns_in_the_words_of_the_data_dictionary() -> None:
    exported = export_snapshot(REAL)
    note = readme_text(exported)
    explained = re.findall(r"^(\w+): (.*)\.$", note.split("Spalten\n-------\n")[1], re.MULTILINE)
    assert len(explained) > 25
    described = {
        (column.name, column.text)
        for layer in exported.layers
        for column in table_columns(layer, exported.minutes)
    }
    for name, text in explained:
        assert any(name == one and text.startswith(said) for one, said in described), name
    assert "n_05: Orte außerhalb des Geländes in höchstens 5 Minuten." in note
    assert "wheelchair: Ob man mit dem Rollstuhl hineinkommt, nach OpenStreetMap: yes ja" in note
    assert "nearest_s: Wegezeit dorthin [s]." in note
    # What a release withholds is not explained, and grounds are not called houses.
    kept = dict(load_release().layers)
    kept["access"] = NEEDED["access"]
    public = readme_text(released(exported, dataclasses.replace(load_release(), layers=kept)))
    assert "\nnearest_s: " not in public
    assert "\nhouse_id: Kennung des Geländes; gerechnet ist ab den Toren.\n" in public
