"""The programs of city GIS officers against a running service: GDAL, OWSLib, QGIS.

Each reads the layers of the example's public release; what arrives is compared with the
GeoPackage that lies beside, feature by feature.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio  # type: ignore[import-untyped]
import pytest
from owslib.ogcapi.features import Features  # type: ignore[import-untyped]

from tests.api.running_service import running

QGIS_PYTHON = "/usr/bin/python3"
PAGE = 50
"""So small that the larger layers need several pages."""

QGIS_CLIENT = """
import json, sys
from qgis.core import (QgsApplication, QgsFeatureRequest, QgsRectangle, QgsVectorLayer)

QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()
address, layer, category = sys.argv[1:4]
source = f"url='{address}' typename='{layer}' restrictToRequestBBOX='0' pageSize='50'"
shown = QgsVectorLayer(source, layer, "OAPIF")
assert shown.isValid(), shown.error().message()
ids = [feature["id"] for feature in shown.getFeatures()]
wanted = QgsFeatureRequest().setFilterExpression(f"\\"category\\" = '{category}'")
filtered = [feature["id"] for feature in shown.getFeatures(wanted)]
extent = shown.extent()
west = QgsRectangle(extent.xMinimum() - 1, extent.yMinimum() - 1, extent.center().x(),
                    extent.yMaximum() + 1)
boxed = [feature["id"] for feature in shown.getFeatures(QgsFeatureRequest().setFilterRect(west))]
print(json.dumps({"ids": ids, "filtered": filtered, "boxed": boxed, "middle": extent.center().x(),
                  "crs": shown.crs().authid()}))
"""


@pytest.fixture(scope="module")
def service(musterhausen: Path) -> Iterator[str]:
    with running(musterhausen) as address:
        yield address


@pytest.fixture(scope="module")
def layers(musterhausen: Path) -> dict[str, gpd.GeoDataFrame]:
    """Return the spatial layers of the public GeoPackage, read by GDAL."""
    file = musterhausen / "out/public/snapshot.gpkg"
    return {
        name: gpd.read_file(file, layer=name)
        for name, kind in pyogrio.list_layers(file)
        if kind is not None
    }


def test_gdal_reads_all_features_once_in_the_metric_crs(
    service: str, layers: dict[str, gpd.GeoDataFrame]
) -> None:
    for name, expected in layers.items():
        found = pyogrio.read_dataframe(f"OAPIF:{service}", layer=name, PAGE_SIZE=PAGE)
        assert found.crs == "EPSG:25832"
        assert sorted(found["id"]) == sorted(expected["id"])
        joined = found.set_index("id").loc[expected["id"]].geometry.to_numpy()
        away = gpd.GeoSeries(joined, crs=found.crs).hausdorff_distance(
            gpd.GeoSeries(expected.geometry.to_numpy(), crs=expected.crs)
        )
        assert away.max() < 0.02


def test_gdal_pushes_filter_and_bbox_to_the_service(
    service: str, layers: dict[str, gpd.GeoDataFrame]
) -> None:
    expected = layers["services"]
    category = expected["category"].value_counts().index[0]
    found = pyogrio.read_dataframe(
        f"OAPIF:{service}", layer="services", where=f"category = '{category}'"
    )
    assert sorted(found["id"]) == sorted(expected.loc[expected["category"] == category, "id"])
    west, south, east, north = expected.total_bounds
    # GDAL rounds the box that it sends, so no place may lie on its edge.
    box = (west - 1, south - 1, (west + east) / 2, north + 1)
    found = pyogrio.read_dataframe(f"OAPIF:{service}", layer="services", bbox=box)
    assert sorted(found["id"]) == sorted(expected.cx[box[0] : box[2], box[1] : box[3]]["id"])


def test_gdal_of_the_system_reads_it_too(
    service: str, layers: dict[str, gpd.GeoDataFrame]
) -> None:
    if shutil.which("ogrinfo") is None:
        if os.environ.get("CI"):
            pytest.fail("ogrinfo is missing in CI")
        pytest.skip("ogrinfo is not installed")
    told = subprocess.run(
        ["ogrinfo", "-ro", "-al", "-so", f"OAPIF:{service}", "services"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert f"Feature Count: {len(layers['services'])}" in told.stdout
    assert "ERROR" not in told.stderr


def test_owslib_reads_collections_queryables_and_items(
    service: str, layers: dict[str, gpd.GeoDataFrame]
) -> None:
    client = Features(service + "/")
    assert {"services", "transit", "gates"} <= set(client.feature_collections())
    queryables = client.collection_queryables("services")
    assert "category" in queryables["properties"]
    expected = layers["services"].to_crs("EPSG:4326")
    got: list[str] = []
    while len(got) < len(expected):
        page = client.collection_items("services", limit=PAGE, offset=len(got))
        assert page["numberReturned"] == len(page["features"]) > 0
        got += [feature["id"] for feature in page["features"]]
    assert sorted(got) == sorted(expected["id"])
    category = expected["category"].iloc[0]
    page = client.collection_items("services", filter=f"category = '{category}'", limit=1000)
    wanted = expected.loc[expected["category"] == category, "id"]
    assert sorted(feature["id"] for feature in page["features"]) == sorted(wanted)
    box = list(expected.geometry.iloc[0].buffer(0.002).bounds)
    page = client.collection_items("services", bbox=box, limit=1000)
    wanted = expected.cx[box[0] : box[2], box[1] : box[3]]["id"]
    assert sorted(feature["id"] for feature in page["features"]) == sorted(wanted)
    assert client.api()["openapi"].startswith("3.0")


def test_qgis_reads_filters_and_pages(
    service: str, layers: dict[str, gpd.GeoDataFrame], tmp_path: Path
) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)}
    environment.pop("PYTHONPATH", None)
    there = subprocess.run(
        [QGIS_PYTHON, "-c", "import qgis.core"],
        capture_output=True, env=environment, check=False,
    )  # fmt: skip
    if there.returncode:
        pytest.skip("QGIS (Debian's python3-qgis) is not installed")
    expected: Any = layers["services"]
    category = expected["category"].value_counts().index[0]
    ran = subprocess.run(
        [QGIS_PYTHON, "-c", QGIS_CLIENT, service, "services", category],
        capture_output=True, text=True, env=environment, check=False,
    )  # fmt: skip
    assert ran.stdout, ran.stderr
    told = json.loads(ran.stdout.splitlines()[-1])
    assert sorted(told["ids"]) == sorted(expected["id"])
    assert sorted(told["filtered"]) == sorted(expected.loc[expected["category"] == category, "id"])
    lonlat = expected.to_crs("EPSG:4326") if told["crs"] != "EPSG:25832" else expected
    assert sorted(told["boxed"]) == sorted(lonlat.loc[lonlat.geometry.x <= told["middle"], "id"])
