"""Ready files for programs, and downloads: right formats, and nothing beside the release."""

from __future__ import annotations

import hashlib
import http.client
import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.service.catalogue import Catalogue, load_catalogue
from api.service.guide_files import qgis_connections
from api.service.page_downloads import release_files
from tests.api.service.page_sample import (
    WRITABLE,
    app_of,
    client_of,
    hostile_catalogue,
    serving,
)

METRIC = "http://www.opengis.net/def/crs/EPSG/0/25832"
BASE = "https://stadt.example/karte"

# As QGIS's own dialogue lists and imports connections, without clicking.
QGIS_IMPORT = """
import sys
from qgis.core import QgsApplication, QgsSettings
from qgis.gui import QgsManageConnectionsDialog
from qgis.PyQt.QtWidgets import QListWidget
app = QgsApplication([], True)
app.initQgis()
dialog = QgsManageConnectionsDialog(None, QgsManageConnectionsDialog.Import,
                                    QgsManageConnectionsDialog.WFS, sys.argv[1])
dialog.selectAll()
dialog.doExportImport()
settings = QgsSettings()
settings.beginGroup("/qgis/connections-wfs")
for name in settings.childGroups():
    print("CONNECTION", name, settings.value(name + "/url"), settings.value(name + "/version"))
"""


@pytest.fixture(scope="module")
def catalogue(musterhausen: Path) -> Catalogue:
    return load_catalogue(musterhausen / "out/public")


@pytest.fixture(scope="module")
def client(catalogue: Catalogue) -> TestClient:
    return client_of(catalogue, url=BASE)


def test_masterportal_gets_every_layer_of_the_map(
    client: TestClient, catalogue: Catalogue
) -> None:
    answer = client.get("/hilfe/masterportal/services.json")
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''services.json"
    entries = answer.json()
    spatial = [name for name, one in catalogue.collections.items() if one.crs]
    assert [one["collection"] for one in entries] == spatial
    assert len({one["id"] for one in entries}) == len(entries)
    for one in entries:
        assert (one["typ"], one["url"]) == ("OAF", BASE)
        assert one["crs"] == one["bboxCrs"] == METRIC
        shown = catalogue.collections[one["collection"]]
        assert set(one["gfiAttributes"]) <= set(shown.columns)
        assert "Stand 12.03.2026" in one["layerAttribution"] or one["collection"] == "sites"
    services = next(one for one in entries if one["collection"] == "services")
    assert services["gfiAttributes"]["opening_hours"] == "Öffnungszeiten"
    assert services["name"] == "Versorgung (Musterhausen (fiktiv))"


def test_what_masterportal_will_ask_for_is_answered(client: TestClient) -> None:
    for one in client.get("/hilfe/masterportal/services.json").json():
        answer = client.get(
            f"/collections/{one['collection']}/items",
            params={"crs": one["crs"], "bbox-crs": one["bboxCrs"], "limit": one["limit"],
                    "bbox": "300000,5700000,500000,5800000"},
            headers={"Accept": "application/geo+json"},
        )  # fmt: skip
        assert answer.status_code == 200
        assert answer.headers["content-crs"] == f"<{METRIC}>"
        assert answer.json()["numberReturned"] > 0


def test_masterportal_styles_have_the_colours_of_the_map(client: TestClient) -> None:
    styles = {
        one["styleId"]: one["rules"] for one in client.get("/hilfe/masterportal/style.json").json()
    }
    entries = client.get("/hilfe/masterportal/services.json").json()
    assert set(styles) == {one["styleId"] for one in entries}
    rules = {one["collection"]: styles[one["styleId"]] for one in entries}
    assert "#0B62A4" in rules["services"][0]["style"]["imageName"]
    ET.fromstring(rules["services"][0]["style"]["imageName"])  # noqa: S314  (our own)
    minutes = [rule["conditions"]["properties"]["minutes"] for rule in rules["isochrones"]]
    assert minutes == [5, 10, 15]
    # #00695C, and the fill of the nearest as in symbols.toml.
    assert rules["isochrones"][0]["style"]["polygonFillColor"] == [0, 105, 92, 0.26]


def test_the_connection_file_is_what_qgis_writes() -> None:
    root = ET.fromstring(qgis_connections("Karte", BASE))  # noqa: S314
    assert root.tag == "qgsWFSConnections"
    (one,) = root
    assert one.tag == "wfs"
    assert one.attrib["url"] == f"{BASE}/"
    assert one.attrib["version"] == "OGC_API_FEATURES"


@pytest.mark.parametrize("name", WRITABLE, ids=range(len(WRITABLE)))
def test_any_name_of_a_study_makes_a_file_that_can_be_read(name: str) -> None:
    (one,) = ET.fromstring(qgis_connections(name, BASE))  # noqa: S314
    assert " ".join(one.attrib["name"].split()) == " ".join(
        re.sub("[\ufffe\uffff]", "", name).split()
    )


def test_qgis_imports_the_connection(tmp_path: Path, client: TestClient) -> None:
    python = Path("/usr/bin/python3")
    has = python.exists() and subprocess.run(
        [python, "-c", "import qgis.gui"], capture_output=True, check=False
    )
    if not has or has.returncode:
        pytest.skip("QGIS is not installed")
    path = tmp_path / "verbindung.xml"
    path.write_bytes(client.get("/hilfe/qgis/sozialraumkarte-qgis.xml").content)
    done = subprocess.run(
        [python, "-c", QGIS_IMPORT, path],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        env={"QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path), "PATH": "/usr/bin:/bin",
             "LANG": "C.UTF-8", "XDG_RUNTIME_DIR": str(tmp_path)},
    )  # fmt: skip
    expected = f"CONNECTION Sozialraumkarte Musterhausen (fiktiv) {BASE}/ OGC_API_FEATURES"
    assert expected in done.stdout.splitlines()


def test_every_listed_file_arrives_whole(client: TestClient, catalogue: Catalogue) -> None:
    files = release_files(catalogue.folder)
    assert {"snapshot.gpkg", "karte.html", "LIESMICH.txt", "geojson/services.geojson"} <= set(
        files
    )
    listed = client.get("/dateien").text
    for name, one in files.items():
        assert f"/karte/dateien/{name}" in listed
        answer = client.get(f"/dateien/{name}")
        assert answer.status_code == 200
        digest = hashlib.sha256(answer.content).digest()
        assert digest == hashlib.sha256((catalogue.folder / name).read_bytes()).digest()
        assert answer.headers["content-type"] == one.media_type
        assert answer.headers["content-disposition"].startswith("attachment; ")
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert files["snapshot.gpkg"].media_type == "application/geopackage+sqlite3"
    assert files["geojson/services.geojson"].title == "Versorgung"


def test_a_file_that_is_there_already_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/dateien/places.csv")
    again = client.get("/dateien/places.csv", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""


TRAVERSALS = (
    "../report.json", "..%2freport.json", "%2e%2e/report.json", "%2e%2e%2freport.json",
    "..\\report.json", "....//report.json", "/etc/passwd", "%2fetc%2fpasswd", "//etc/passwd",
    "geojson/../../snapshot.gpkg", "geojson/..%2f..%2fsnapshot.gpkg", "snapshot.gpkg%00.txt",
    "snapshot.gpkg/", "./snapshot.gpkg", "SNAPSHOT.GPKG", "karte/page.json", "report.json",
    "public/snapshot.gpkg", ".geheim.csv", "verweis.csv", "programm.py", "geojson", "",
)  # fmt: skip


def test_nothing_beside_the_release_can_be_had(catalogue: Catalogue, tmp_path: Path) -> None:
    secret = tmp_path / "report.json"
    secret.write_text("geheim", encoding="utf-8")
    folder = Path(shutil.copytree(catalogue.folder, tmp_path / "fassung"))
    (folder / ".geheim.csv").write_text("geheim", encoding="utf-8")
    (folder / "programm.py").write_text("geheim", encoding="utf-8")
    (folder / "verweis.csv").symlink_to(secret)
    (folder / "public").mkdir()
    shutil.copy(folder / "snapshot.gpkg", folder / "public/snapshot.gpkg")
    with serving(app_of(replace(catalogue, folder=folder))) as address:
        connection = http.client.HTTPConnection(address.removeprefix("http://"))
        for name in TRAVERSALS:
            # As raw as a client can send it: nothing is tidied up on the way.
            connection.request("GET", f"/dateien/{name}")
            answer = connection.getresponse()
            content = answer.read()
            assert answer.status in {308, 400, 404}, name
            assert b"geheim" not in content, name
            assert b"SQLite" not in content, name
        connection.close()


def test_hostile_texts_stay_texts_in_the_files(musterhausen: Path) -> None:
    client = client_of(hostile_catalogue(musterhausen / "out/public"))
    entries: list[dict[str, Any]] = client.get("/hilfe/masterportal/services.json").json()
    assert entries[0]["name"].endswith("(<script>hit('study')</script>)")
    root = ET.fromstring(client.get("/hilfe/qgis/sozialraumkarte-qgis.xml").content)  # noqa: S314
    assert root[0].attrib["name"] == "Sozialraumkarte <script>hit('study')</script>"
    assert json.loads(client.get("/hilfe/masterportal/style.json").content)
