"""Every file and answer of both releases names whose data it holds, the licence and the date."""

from __future__ import annotations

import csv
import dataclasses
import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pyogrio  # type: ignore[import-untyped]
import pytest
from starlette.testclient import TestClient

from api.map_files import write_map
from api.public_release import PUBLIC_FOLDER, write_public
from api.service.app import create_app
from api.service.settings import ServiceSettings
from api.service.store import SnapshotStore
from layers.exports import write_all, write_format
from layers.layer_frames import INTERNAL, PUBLIC, Exported
from layers.layer_info import LAYERS, OSM, OWN
from layers.report import write_report
from layers.sources import AFTER_RELEASE
from layers.store import SNAPSHOT_FILE, read_exported
from layers.whitelist import load_release
from maps.gis_styles import gis_styles
from tests.layers import sample

DATE, GERMAN_DATE = "2026-03-12", "12.03.2026"
PUBLISHER = "Stadt Musterhausen"
FORMATS = ("geojson", "fgb", "csv", "gpkg")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Write both releases of the sample in all formats."""
    out = tmp_path_factory.mktemp("out")
    snapshot = dataclasses.replace(sample.sample_snapshot(), fictional=False, publisher=PUBLISHER)
    exported = write_all(snapshot, out, gis_styles)
    write_map(snapshot, INTERNAL, out)
    release = dataclasses.replace(load_release(), licence="CC-BY-4.0")
    write_public(snapshot, exported, release, out)
    write_report(snapshot, out, {}, exported)
    made = {INTERNAL: out, PUBLIC: out / PUBLIC_FOLDER}
    for folder in made.values():
        (folder / "mehr").mkdir()
        for one in FORMATS:
            write_format(folder / SNAPSHOT_FILE, one, folder / "mehr", gis_styles)
    return made


@pytest.fixture(params=[INTERNAL, PUBLIC])
def folder(request: pytest.FixtureRequest, folders: Mapping[str, Path]) -> Path:
    return folders[request.param]


def expected(folder: Path, layer: str) -> tuple[str, str, str]:
    """Return attribution, licence and date that a layer must be shown with."""
    public = folder.name == PUBLIC_FOLDER
    own = f"{PUBLISHER} (eigene Angaben)" if public else OWN.attribution
    licence = "CC BY 4.0" if public else OWN.licence
    date = DATE if LAYERS[layer].derived else ""
    if not LAYERS[layer].own:
        return OSM.attribution, OSM.licence, date
    if not LAYERS[layer].derived:
        return own, licence, date
    if layer == "gates":
        return (
            f"{own}; Abgeleitetes: {OSM.attribution}",
            f"{licence}; Abgeleitetes: ODbL 1.0",
            date,
        )
    after = "" if public else f"; {AFTER_RELEASE}"
    return (
        f"{own}; abgeleitet aus OpenStreetMap: {OSM.attribution}",
        f"{OSM.licence}{after}",
        date,
    )


def spatial(exported: Exported) -> list[str]:
    return [name for name, frame in exported.layers.items() if "geometry" in frame.columns]


def read(folder: Path) -> Exported:
    return read_exported(folder / SNAPSHOT_FILE)


def test_geojson_files(folder: Path) -> None:
    for where in (folder, folder / "mehr"):
        files = sorted((where / "geojson").iterdir())
        assert [path.stem for path in files] == sorted(spatial(read(folder)))
        for path in files:
            told = json.loads(path.read_text(encoding="utf-8"))
            assert (
                told["attribution"], told["licence"], told.get("timestamp", "")
            ) == expected(folder, path.stem)  # fmt: skip


def test_flatgeobuf_files(folder: Path) -> None:
    files = sorted((folder / "mehr/fgb").iterdir())
    assert [path.stem for path in files] == sorted(spatial(read(folder)))
    for path in files:
        told = pyogrio.read_info(path)["layer_metadata"]
        assert told["TITLE"] == LAYERS[path.stem].title
        assert (
            told["DESCRIPTION"]
            == LAYERS[path.stem].told(PUBLIC if folder.name == PUBLIC_FOLDER else INTERNAL).text
        )
        assert (
            told["attribution"], told["licence"], told.get("timestamp", "")
        ) == expected(folder, path.stem)  # fmt: skip


def test_tables(folder: Path) -> None:
    files = sorted({*folder.glob("*.csv"), *(folder / "mehr").glob("*.csv")})
    names = {path.name for path in files} - {"freigabe.csv"}
    assert {"access.csv", "coverage.csv", "places.csv", "travel_times.csv"} <= names
    for path in files:
        if path.name == "freigabe.csv":
            continue
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, delimiter=";"))
        for row in rows:
            told = {key.lower(): value for key, value in row.items()}
            assert OSM.attribution in told["quelle"], path
            assert OSM.licence in told["lizenz"], path
            assert told["stand"] == GERMAN_DATE, path


def test_geopackages(folder: Path) -> None:
    for path in (folder / SNAPSHOT_FILE, folder / "mehr" / SNAPSHOT_FILE):
        with closing(sqlite3.connect(path)) as database:
            rows = database.execute("SELECT layer, source, licence, data_date FROM layer_info")
            listed = {layer: told for layer, *told in rows}
            facts = dict(database.execute("SELECT key, value FROM metadata").fetchall())
            (record,) = database.execute("SELECT metadata FROM gpkg_metadata").fetchone()
        assert list(listed) == list(read(folder).layers)
        for layer, (source, licence, date) in listed.items():
            assert (source, licence) == expected(folder, layer)[:2]
            assert date == DATE
        assert (facts["attribution"], facts["licence"]) == (OSM.attribution, OSM.licence)
        assert facts["data_date"] == DATE
        assert OSM.attribution in record
        # Rows of places say so themselves, wherever they are copied to.
        for layer in spatial(read(folder)):
            frame = read(folder).layers[layer]
            assert (frame["licence"].str.len() > 0).all()
            assert (frame["source"].str.len() > 0).all()


def test_notes_and_metadata(folder: Path) -> None:
    note = (folder / "LIESMICH.txt").read_text(encoding="utf-8-sig")
    catalogue = json.loads((folder / "dcat.jsonld").read_text(encoding="utf-8"))
    record = (folder / "metadaten.xml").read_text(encoding="utf-8")
    for layer in read(folder).layers:
        source, licence, date = expected(folder, layer)
        block = note.split(f"\n{layer} – ")[1].split("\n")
        assert f"Quelle: {source}. Lizenz: {licence}." in block[2]
        assert (block[3].strip() == f"Stand: {GERMAN_DATE}") == bool(date)
        assert f"{source}. Lizenz: {licence}." in record
    assert f"<gco:Date>{DATE}</gco:Date>" in record
    assert catalogue["dct:modified"]["@value"] == DATE
    for part in catalogue["dcat:distribution"]:
        assert part["dcatde:licenseAttributionByText"]["@value"]
        assert part["dct:rights"]["rdfs:label"]["@value"]
        path = Path(part["dcat:downloadURL"]["@id"])
        if path.parts[0] == "geojson":
            assert part["dcatde:licenseAttributionByText"]["@value"] == expected(
                folder, path.stem
            )[0]  # fmt: skip


def test_maps(folder: Path) -> None:
    own = expected(folder, "sites")
    credit = f"{OSM.attribution} (ODbL), Stand {GERMAN_DATE}"
    page = (folder / "karte.html").read_text(encoding="utf-8")
    parts = [
        path.read_text(encoding="utf-8") for path in sorted((folder / "karte").glob("*.json"))
    ]
    served = "\n".join(parts)
    for text in (page, served):
        assert credit in text
        assert f"{own[0]}; {own[1]}" in text


def test_answers_of_the_service(folder: Path, folders: Mapping[str, Path]) -> None:
    settings = ServiceSettings(internal=folder == folders[INTERNAL])
    store = SnapshotStore(folder)
    with TestClient(create_app(settings, store)) as client:
        listed: dict[str, Any] = client.get("/collections?f=json").json()
        assert [one["id"] for one in listed["collections"]] == list(read(folder).layers)
        for told in listed["collections"]:
            source, licence, date = expected(folder, told["id"])
            assert (told["attribution"], told["license"]) == (source, licence)
            alone = client.get(f"/collections/{told['id']}?f=json").json()
            assert (alone["attribution"], alone["license"]) == (source, licence)
            if date:
                assert DATE in json.dumps(told["extent"]["temporal"])
            page = client.get(f"/collections/{told['id']}?f=html").text
            for text in (source, licence):
                assert text in page, told["id"]
        for path in ("/", "/collections", "/dateien", "/hilfe"):
            page = client.get(path, headers={"accept": "text/html"}).text
            assert "OpenStreetMap-Mitwirkende" in page, path
            assert GERMAN_DATE in page, path
        api: dict[str, Any] = client.get("/api?f=json").json()
        assert api["info"]["license"]["name"] == OSM.licence
        landing: dict[str, Any] = client.get("/?f=json").json()
        assert OSM.attribution in json.dumps(landing, ensure_ascii=False)
