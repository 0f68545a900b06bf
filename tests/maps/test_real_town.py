"""The map of a real town of 63,000: size, silence, accessibility."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from layers.compute import compute_snapshot
from layers.study import load_study
from maps.web_map import render_map
from tests.maps.conftest import DESK, TABLET, Opened
from tests.maps.test_page_browser import violations

pytestmark = pytest.mark.browser

MOST_BYTES = 2_500_000
EXTRACT = "neubrandenburg-2016.nometa.osm.pbf"


def feature(kind: str, key: str, geometry: dict[str, Any], **more: str) -> dict[str, Any]:
    properties = {"kind": kind, "id": key, "name": f"Muster {key}", **more}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def sites_file() -> str:
    """Write grounds with one house in the east of the town, and a house in its centre."""
    ring = [
        [13.275, 53.562],
        [13.283, 53.562],
        [13.283, 53.567],
        [13.275, 53.567],
        [13.275, 53.562],
    ]
    features = [
        feature("site", "s1", {"type": "Polygon", "coordinates": [ring]}),
        feature("house", "h1", {"type": "Point", "coordinates": [13.279, 53.565]}, site_id="s1"),
        feature("house", "h2", {"type": "Point", "coordinates": [13.2613, 53.5575]}),
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


@pytest.fixture(scope="module")
def html(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("studie")
    shutil.copyfile(shared_data / "osm" / EXTRACT, folder / "region.osm.pbf")
    (folder / "sites.geojson").write_text(sites_file(), encoding="utf-8")
    settings = 'name = "Neubrandenburg"\nextract = "region.osm.pbf"\nsites = "sites.geojson"\n'
    (folder / "study.toml").write_text(settings, encoding="utf-8")
    return render_map(compute_snapshot(load_study(folder)))


def test_the_file_is_small_enough_to_be_sent(html: str) -> None:
    assert len(html.encode("utf-8")) <= MOST_BYTES


@pytest.mark.parametrize("size", [DESK, TABLET], ids=["1280x800", "820x1180"])
def test_quiet_and_accessible(
    html: str, open_map: Callable[..., Opened], size: dict[str, int]
) -> None:
    opened = open_map(html, "#von=h2&bis=alle&luftlinie=ja", size)
    page = opened.page
    assert len(page.locator("#orte .place").all()) >= 60
    for zoom in range(12, 20):
        page.evaluate(f"map_karte.setZoom({zoom}, {{animate: false}})")
    assert violations(page) == []
    assert opened.requests == []
    assert opened.complaints == []
