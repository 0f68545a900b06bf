"""Features with odd ids, at the edge of the world, and without a geometry."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point

from api.service.bounded_cache import BoundedCache
from layers.store import SNAPSHOT_FILE, write_exported
from tests.api.ogc.conftest import Served, linked, serve
from tests.api.service.page_sample import app_of, serving

IDS = ["a/b", "Straße ü~1", "x+y&z", "?frage=1&x#y", "100 %", '"<b>"']
SLASHED = ["a/b", "a%2Fb", "a%252Fb", "a//b", "/a/"]
PLACES = [(179.95, 51.0), (-179.95, 51.0), (7.0, 51.0), (7.5, 51.0), (8.0, 51.0), None]


@pytest.fixture(scope="module")
def odd(musterhausen: Path, tmp_path_factory: pytest.TempPathFactory) -> Served:
    """Serve the example with six odd services: two beside the antimeridian, one nowhere."""
    folder = tmp_path_factory.mktemp("seltsam") / "out"
    shutil.copytree(musterhausen / "out", folder)
    known = serve(musterhausen / "out", internal=True).catalogue.exported
    layers: dict[str, Any] = dict(known.layers)
    points: Any = [None if place is None else Point(place) for place in PLACES]
    frame = layers["services"].iloc[: len(IDS)].reset_index(drop=True)
    frame = frame.assign(id=IDS)
    frame["data_date"] = ["2026-03-12", None, "2026-03-12", None, "2026-03-12", None]
    frame["data_date"] = frame["data_date"].astype("str")
    shapes = gpd.GeoSeries(points, crs="EPSG:4326").to_crs(known.crs)
    layers["services"] = frame.set_geometry(shapes)
    write_exported(replace(known, layers=layers), folder / SNAPSHOT_FILE)
    return serve(folder, internal=True)


@pytest.mark.parametrize("key", IDS)
def test_each_id_is_found_by_its_address(odd: Served, key: str) -> None:
    feature = odd.get(f"/collections/services/items/{quote(key, safe='')}")
    assert feature["id"] == key
    (own,) = linked(feature, "self")
    assert odd.get(own["href"])["id"] == key


@pytest.fixture(scope="module")
def connected(odd: Served) -> Iterator[HTTPConnection]:
    """Return a connection over a real socket, where the server itself takes addresses apart."""
    ids = sorted([*SLASHED, *IDS][: len(IDS)])
    shown = odd.catalogue.collections["services"]
    renamed = replace(
        shown,
        frame=shown.frame.assign(id=ids),
        ids=pd.Series(ids, dtype="str"),
        shapes_kept=BoundedCache(10**6),
    )
    layers = {**odd.catalogue.collections, "services": renamed}
    catalogue = replace(odd.catalogue, collections=layers, features=BoundedCache(10**6))
    with serving(app_of(catalogue, internal=True)) as address:
        made = HTTPConnection(address.removeprefix("http://"), timeout=20)
        yield made
        made.close()


@pytest.mark.parametrize("key", SLASHED)
def test_an_id_keeps_its_slashes_and_percent_signs_over_a_socket(
    connected: HTTPConnection, key: str
) -> None:
    path = f"/collections/services/items/{quote(key, safe='')}"
    for _ in range(2):  # its own address, then that which the answer names
        connected.request("GET", path)
        answer = connected.getresponse()
        feature = json.loads(answer.read())
        assert (answer.status, feature.get("id")) == (200, key)
        (own,) = linked(feature, "self")
        path = "/" + own["href"].split("/", 3)[3]


def test_pages_turn_at_each_id(odd: Served) -> None:
    assert odd.ids("services", limit=1) == sorted(IDS)


def test_across_the_antimeridian(odd: Served) -> None:
    """From 179 east over 180 to 179 west: both beside it, and the one that is nowhere."""
    assert set(odd.ids("services", bbox="179,50,-179,52")) == {IDS[0], IDS[1], IDS[5]}
    assert set(odd.ids("services", bbox="-180,50,180,52")) == set(IDS)
    assert set(odd.ids("services", bbox="6,50,7.5,52")) == {IDS[2], IDS[3], IDS[5]}
    box = {"bbox": "50,179,52,-179", "bbox-crs": "http://www.opengis.net/def/crs/EPSG/0/4326"}
    assert set(odd.ids("services", **box)) == {IDS[0], IDS[1], IDS[5]}


def test_metres_have_no_antimeridian(odd: Served) -> None:
    asked = {"bbox": "9,5,1,8", "bbox-crs": "http://www.opengis.net/def/crs/EPSG/0/25832"}
    assert "linke" in odd.get("/collections/services/items", status=400, **asked)["detail"]


def test_what_has_no_date_matches_any_time(odd: Served) -> None:
    assert set(odd.ids("services", datetime="2020-01-01")) == {IDS[1], IDS[3], IDS[5]}
    assert set(odd.ids("services", datetime="2026-03-12")) == set(IDS)


def test_a_cache_keeps_what_was_used_last_and_fits() -> None:
    cache: BoundedCache[str, int] = BoundedCache(100)
    for number, name in enumerate("abcd"):
        cache.put(name, number, 25)
    assert cache.get("a") == 0  # used last now, so »b« goes for »e«
    cache.put("e", 4, 25)
    assert cache.get_many("abcde") == [0, None, 2, 3, 4]
    assert cache.used == 100
    cache.put("f", 5, 26)  # more than a quarter of the room: not kept
    assert cache.get("f") is None
    cache.put("e", 6, 10)
    assert (cache.get("e"), cache.used) == (6, 85)


def test_geometries_in_other_crs_are_kept_within_a_bound(odd: Served) -> None:
    """With room for none they are made each time; what is found stays the same."""
    roomy = odd.catalogue.collections["services"]
    tight = replace(roomy, shapes_kept=BoundedCache(1))
    for code in ("EPSG:4326", "EPSG:3857", "EPSG:25832"):
        kept, made = roomy.shapes(code), tight.shapes(code)
        assert kept is not None
        assert made is not None
        assert kept is roomy.shapes(code)
        assert made is not tight.shapes(code)
        assert [str(one) for one in kept.written] == [str(one) for one in made.written]
        # Six rows; five have one coordinate pair.
        assert kept.size == 5 * 2 * 24 + 6 * 600
    assert tight.shapes_kept.used == 0
    assert roomy.shapes_kept.used > 0
