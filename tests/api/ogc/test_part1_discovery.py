"""Abstract tests 1 to 12 of OGC API Features Part 1 (17-069r4, A.2): what there is, and where.

Each test carries the number and the name of the abstract test; its assertions are ours. They
run over every collection of both releases of the example.
"""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from api.ogc.conformance import CLASSES
from tests.api.ogc.conftest import Served, linked
from tests.api.ogc.shapes_of_answers import (
    COLLECTION,
    COLLECTIONS,
    CONFORMANCE,
    LANDING,
    check,
    relations,
)

CORE = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"
OWN = {("self", "application/json"), ("alternate", "text/html")}


def test_ats_01_http(served: Served) -> None:
    """A.2.1: every path that the service advertises answers HTTP 1.1 as it says it does."""
    todo = ["/", "/conformance", "/collections"]
    for one in served.collections:
        todo += [link["href"] for link in one["links"] if link["rel"] in {"self", "items"}]
    for address in todo:
        response = served.client.get(address)
        assert response.status_code == 200, address
        assert (
            served.client.head(address)
            .headers["content-type"]
            .startswith(response.headers["content-type"])
        )
        assert served.client.post(address).status_code == 405
        assert "GET" in served.client.options(address).headers["allow"]


def test_ats_02_crs84(served: Served) -> None:
    """A.2.2: without any wish for a CRS all geometries are longitude, latitude in WGS 84."""
    to_degrees = Transformer.from_crs("EPSG:25832", "EPSG:4326", always_xy=True)
    for one in served.spatial:
        table = served.table(one["id"]).set_index("key")
        for feature in served.everything(one["id"])[:100]:
            shown = shapely.from_geojson(json.dumps(feature["geometry"]))
            stored = shapely.transform(
                table.geometry[feature["id"]],
                lambda xy: np.column_stack(to_degrees.transform(xy[:, 0], xy[:, 1])),
            )
            # The file begins rings elsewhere: areas are compared by what they cover.
            apart = shapely.symmetric_difference(shown, stored).area
            assert (
                apart <= 2e-7 * stored.length if stored.length else shown.distance(stored) < 2e-7
            )


def test_ats_03_root_op(served: Served) -> None:
    response = served.client.get("/")
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"


def test_ats_04_root_success(served: Served) -> None:
    landing = served.get("/")
    check(landing, LANDING)
    assert relations(landing) >= OWN | {
        ("service-desc", "application/vnd.oai.openapi+json;version=3.0"),
        ("service-doc", "text/html"),
        ("conformance", "application/json"),
        ("data", "application/json"),
    }
    for relation in ("conformance", "data", "self", "service-desc"):
        (link,) = linked(landing, relation)
        response = served.client.get(link["href"])
        assert response.status_code == 200
        assert response.headers["content-type"] == link["type"]


def test_ats_05_api_definition_op(served: Served) -> None:
    for relation in ("service-desc", "service-doc"):
        (link,) = linked(served.get("/"), relation)
        assert served.client.get(link["href"]).status_code == 200


def test_ats_06_api_definition_success(served: Served) -> None:
    """A.2.5: the definition is what its media type says; ``test_part1_oas30`` looks closer."""
    (link,) = linked(served.get("/"), "service-desc")
    document = served.get(link["href"])
    assert document["openapi"].startswith("3.0.")
    assert document["paths"]


def test_ats_07_conformance_op(served: Served) -> None:
    assert served.client.get("/conformance").status_code == 200


def test_ats_08_conformance_success(served: Served) -> None:
    conformance = served.get("/conformance")
    check(conformance, CONFORMANCE)
    assert CORE in conformance["conformsTo"]
    assert conformance["conformsTo"] == list(CLASSES)
    assert relations(conformance) >= OWN


def test_ats_09_fc_md_op(served: Served) -> None:
    assert served.client.get("/collections").status_code == 200


def test_ats_10_fc_md_success(served: Served) -> None:
    """A.2.6: links, an entry for each layer of the file, items in every encoding, extents."""
    content = served.get("/collections")
    check(content, COLLECTIONS)
    assert relations(content) >= OWN
    layers = list(served.catalogue.exported.layers)
    assert [one["id"] for one in content["collections"]] == layers
    for one in content["collections"]:
        items = {link["type"] for link in linked(one, "items")}
        assert items == {"application/geo+json", "text/html"}
        for link in linked(one, "items"):
            assert link["href"].startswith(f"http://testserver/collections/{one['id']}/items")


def test_ats_10_fc_md_extent(served: Served) -> None:
    """A.2.6: extents hold all geometries and times, in every CRS's rounding."""
    for one in served.collections:
        extent = one.get("extent", {})
        features = served.everything(one["id"])
        drawn = [json.dumps(item["geometry"]) for item in features if item["geometry"]]
        assert bool(drawn) == ("spatial" in extent)
        if drawn:
            west, south, east, north = extent["spatial"]["bbox"][0]
            inner = shapely.total_bounds(shapely.from_geojson(drawn))
            assert west <= inner[0]
            assert south <= inner[1]
            assert east >= inner[2]
            assert north >= inner[3]
        dates = {
            item["properties"]["data_date"]
            for item in features
            if item["properties"].get("data_date")
        }
        if dates:
            first, last = extent["temporal"]["interval"][0]
            assert all(first[:10] <= day <= last[:10] for day in dates)


def test_ats_11_sfc_md_op(served: Served) -> None:
    for one in served.collections:
        assert served.client.get(f"/collections/{one['id']}").status_code == 200


def test_ats_12_sfc_md_success(served: Served) -> None:
    for listed in served.collections:
        alone = served.get(f"/collections/{listed['id']}")
        check(alone, COLLECTION)
        for name in ("id", "title", "description", "extent", "crs", "storageCrs"):
            assert alone.get(name) == listed.get(name)
        assert {(x["rel"], x["href"], x["type"]) for x in listed["links"]} <= {
            (x["rel"], x["href"], x["type"]) for x in alone["links"]
        }
        assert relations(alone) >= OWN


@pytest.mark.parametrize("name", ["gibt-es-nicht", "SITES", "sites'--", "%00", "metadata"])
def test_a_collection_that_is_not_there(served: Served, name: str) -> None:
    for tail in ("", "/items", "/items/x"):
        assert served.client.get(f"/collections/{name}{tail}").status_code == 404
