"""Abstract tests 13 to 29 of OGC API Features Part 1 (17-069r4, A.2): the features themselves.

Each test carries the number and the name of the abstract test; its assertions are ours. They
run over every collection of both releases of the example.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
import shapely

from api.service.settings import ServiceSettings
from tests.api.ogc.conftest import JsonObject, Served, linked
from tests.api.ogc.shapes_of_answers import (
    FEATURE,
    FEATURES,
    PROBLEM,
    assert_same,
    check,
    relations,
)

DATA_DATE = "2026-03-12"
"""Of the example's extract."""

OWN = {("self", "application/geo+json"), ("alternate", "text/html")}


def described(served: Served, collection: str, name: str) -> JsonObject:
    """Return how the API definition describes a parameter of ``/items``."""
    document = served.get("/api")
    paths = (f"/collections/{collection}/items", "/collections/{collectionId}/items")
    (path,) = [one for one in paths if one in document["paths"]]
    found = []
    for parameter in document["paths"][path]["get"]["parameters"]:
        while "$ref" in parameter:
            step = document
            for key in parameter["$ref"].removeprefix("#/").split("/"):
                step = step[key]
            parameter = step  # noqa: PLW2901
        if parameter["name"] == name:
            found.append(parameter)
    (one,) = found
    return dict(one)


def test_ats_13_fc_op(served: Served) -> None:
    for one in served.collections:
        response = served.client.get(f"/collections/{one['id']}/items")
        assert response.status_code == 200
        assert response.headers["content-type"] == "application/geo+json"


def test_ats_14_fc_bbox_definition(served: Served) -> None:
    for one in served.collections:
        parameter = described(served, one["id"], "bbox")
        assert parameter["in"] == "query"
        assert not parameter.get("required", False)
        assert parameter["style"] == "form"
        assert parameter["explode"] is False
        schema = parameter["schema"]
        assert schema["type"] == "array"
        assert schema["items"]["type"] == "number"
        assert (schema["minItems"], schema["maxItems"]) == (4, 6)


@pytest.mark.parametrize("heights", [False, True])
def test_ats_15_fc_bbox_response(served: Served, *, heights: bool) -> None:
    """A.2.7: exactly what touches the box, and what has no geometry; tested by brute force."""
    for one in served.collections:
        everything = served.everything(one["id"])
        west, south, east, north = (
            one.get("extent", {}).get("spatial", {}).get("bbox", [[7, 51, 8, 52]])[0]
        )
        for share in (0.0, 0.3, 0.6):
            box = [
                west + share * (east - west), south + share * (north - south),
                west + (share + 0.3) * (east - west), south + (share + 0.3) * (north - south),
            ]  # fmt: skip
            area = shapely.box(*box)
            numbers = [*box[:2], -5, *box[2:], 5000] if heights else box
            found = served.ids(one["id"], bbox=",".join(map(repr, numbers)), limit=10_000)
            assert_same(
                found,
                [
                    item["id"]
                    for item in everything
                    if item["geometry"] is None
                    or shapely.from_geojson(json.dumps(item["geometry"])).intersects(area)
                ],
            )


def test_ats_16_fc_limit_definition(served: Served) -> None:
    settings = ServiceSettings()
    for one in served.collections:
        parameter = described(served, one["id"], "limit")
        assert parameter["in"] == "query"
        assert not parameter.get("required", False)
        schema = parameter["schema"]
        assert schema["type"] == "integer"
        assert schema["minimum"] == 1
        assert schema["maximum"] == settings.max_limit == 10_000
        assert schema["default"] == settings.default_limit == 1000


def test_ats_17_fc_limit_response(served: Served) -> None:
    """A.2.7: never more than asked for, never more than there may be, and no error above it."""
    for one in served.collections:
        path = f"/collections/{one['id']}/items"
        matched = served.get(path)["numberMatched"]
        for limit in (1, 7, 10_000, 10_001, 10**30):
            page = served.get(path, limit=limit)
            assert len(page["features"]) == min(limit, matched, 10_000)
        assert len(served.get(path)["features"]) == min(1000, matched)


def test_ats_18_fc_time_definition(served: Served) -> None:
    for one in served.collections:
        parameter = described(served, one["id"], "datetime")
        assert parameter["in"] == "query"
        assert not parameter.get("required", False)
        assert parameter["schema"]["type"] == "string"


@pytest.mark.parametrize(
    ("asked", "matches"),
    [
        # All features of the example are of the day 2026-03-12, from 00:00:00Z to its end.
        ("2026-03-12", True),
        ("2026-03-13", False),
        ("2026-03-12T00:00:00Z", True),
        ("2026-03-12t23:59:59.999999z", True),
        ("2026-03-13T00:00:00Z", False),
        ("2026-03-13T00:59:59+01:00", True),
        ("2026-03-11T23:30:00-01:00", True),
        ("2026-03-01T00:00:00Z/2026-03-31T00:00:00Z", True),
        ("2026-03-13T00:00:00Z/2026-03-31T00:00:00Z", False),
        ("2026-03-12T12:00:00Z/..", True),
        ("2026-03-12T12:00:00Z/", True),
        ("2026-03-13T00:00:00Z/..", False),
        ("../2026-03-12T00:00:00Z", True),
        ("/2026-03-12T00:00:00Z", True),
        ("../2026-03-11T23:59:59Z", False),
        ("2026-03-01/2026-03-12", True),
    ],
)
def test_ats_19_fc_time_response(served: Served, asked: str, *, matches: bool) -> None:
    """A.2.7: what has a date matches or not; what has none always does."""
    for one in served.collections:
        everything = served.everything(one["id"])
        if "data_date" not in everything[0]["properties"]:
            page = served.get(f"/collections/{one['id']}/items", datetime=asked, limit=1)
            assert page["numberMatched"] == len(everything)
            continue
        found = served.ids(one["id"], datetime=asked, limit=10_000)
        assert_same(
            found,
            [
                item["id"]
                for item in everything
                if matches or item["properties"].get("data_date") is None
            ],
        )
        assert everything[0]["properties"]["data_date"] == DATA_DATE


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "0"), ("limit", "-1"), ("limit", "1.5"), ("limit", "zehn"), ("limit", ""),
        ("limit", "１０"), ("limit", "NaN"), ("offset", "-1"), ("offset", "1e3"), ("offset", "x"),
        ("bbox", ""), ("bbox", "7,51,8"), ("bbox", "7,51,8,52,9"), ("bbox", "7,51,8,x"),
        ("bbox", "7,51,8,NaN"), ("bbox", "7,51,8,Infinity"), ("bbox", "7,51,8,1e400"),
        ("bbox", "7,52,8,51"), ("bbox", "7,51,1,8,52,0"), ("bbox", "7;51;8;52"),
        ("bbox", "7,51,181,52"), ("bbox", "7,-91,8,52"), ("bbox", "0x7,51,8,52"),
        ("datetime", ""), ("datetime", ".."), ("datetime", "../.."), ("datetime", "/"),
        ("datetime", "2026-02-30"), ("datetime", "2026-03-12T25:00:00Z"),
        ("datetime", "2026-03-12T00:00:00"), ("datetime", "gestern"),
        ("datetime", "2026-03-13/2026-03-12"), ("datetime", "2026-03-12/2026-03-13/.."),
        ("f", "xml"), ("crs", "EPSG:25832"), ("crs", ""), ("filter-lang", "cql2-json"),
        ("filter-crs", "EPSG:1"), ("bbox-crs", "http://www.opengis.net/def/crs/EPSG/0/9999"),
    ],
)  # fmt: skip
def test_ats_20_query_param_invalid(served: Served, name: str, value: str) -> None:
    """A.2.7: 400, and a sentence that names the parameter."""
    for collection in ("sites", "access"):
        path = f"/collections/{collection}/items"
        response = served.client.get(path, params={name: value})
        assert response.status_code == 400, response.text
        assert response.headers["content-type"] == "application/problem+json"
        check(response.json(), PROBLEM)
        assert f"»{name}«" in response.json()["detail"]


@pytest.mark.parametrize(
    "path",
    ["/", "/conformance", "/collections", "/collections/sites", "/collections/sites/items",
     "/collections/access/items", "/collections/sites/items/musterhausen"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["unbekannt", "Limit", "bbox ", "geometry", "__proto__", ""])
def test_ats_21_query_param_unknown(served: Served, path: str, name: str) -> None:
    """A.2.7: 400, and a sentence that says what there is."""
    response = served.client.get(path, params={name: "1"})
    assert response.status_code == 400
    detail = response.json()["detail"]
    assert f"»{name}«" in detail
    assert "Möglich sind: f" in detail


def test_a_parameter_stands_there_once(served: Served) -> None:
    response = served.client.get("/collections/sites/items?limit=1&limit=2")
    assert response.status_code == 400
    assert "»limit«" in response.json()["detail"]


def test_ats_22_fc_response(served: Served) -> None:
    """A.2.7: every layer's features arrive with every value that its file holds."""
    for one in served.collections:
        page = served.get(f"/collections/{one['id']}/items", limit=10_000)
        check(page, FEATURES)
        table = served.table(one["id"]).set_index("key").sort_index()
        assert_same([item["id"] for item in page["features"]], list(table.index))
        for name in page["features"][0]["properties"]:
            shown = [item["properties"][name] for item in page["features"]]
            assert_same(shown, [_plain(value) for value in table[name].tolist()])


def _plain(value: Any) -> Any:
    return None if value is None or value != value else value  # noqa: PLR0124  (NaN)


def test_ats_23_fc_links(served: Served) -> None:
    for one in served.collections:
        for page in served.pages(f"/collections/{one['id']}/items", limit=400):
            assert relations(page) >= OWN
            (own,) = linked(page, "self")
            again = served.get(own["href"])
            assert_same(again["features"], page["features"])


def test_ats_24_fc_time_stamp(served: Served) -> None:
    page = served.get("/collections/sites/items")
    stamp = datetime.fromisoformat(page["timeStamp"])
    assert page["timeStamp"].endswith("Z")
    assert stamp <= datetime.now(UTC)


def test_ats_25_fc_number_matched(served: Served) -> None:
    """A.2.7: the number of all that match, on every page of whatever size."""
    for one in served.collections:
        rows = len(served.table(one["id"]))
        for limit in (1, 3):
            page = served.get(f"/collections/{one['id']}/items", limit=limit)
            assert page["numberMatched"] == rows
        west, south = one.get("extent", {}).get("spatial", {}).get("bbox", [[7, 51]])[0][:2]
        corner = f"{west},{south},{west},{south}"
        page = served.get(f"/collections/{one['id']}/items", bbox=corner, limit=1)
        assert page["numberMatched"] == len(served.ids(one["id"], bbox=corner))


def test_ats_26_fc_number_returned(served: Served) -> None:
    for one in served.collections:
        for limit in (1, 5, 10_000):
            page = served.get(f"/collections/{one['id']}/items", limit=limit)
            assert page["numberReturned"] == len(page["features"])


def _some(served: Served, collection: str) -> list[JsonObject]:
    features = served.everything(collection)
    return features[:: max(1, len(features) // 5)]


def test_ats_27_f_op(served: Served) -> None:
    for one in served.collections:
        for feature in _some(served, one["id"]):
            path = f"/collections/{one['id']}/items/{quote(feature['id'], safe='')}"
            response = served.client.get(path)
            assert response.status_code == 200
            assert response.headers["content-type"] == "application/geo+json"
        assert served.client.get(f"/collections/{one['id']}/items/x~y").status_code == 404


def test_ats_28_f_success(served: Served) -> None:
    """A.2.8: a feature alone is the same as among the others."""
    for one in served.collections:
        for listed in _some(served, one["id"]):
            path = f"/collections/{one['id']}/items/{quote(listed['id'], safe='')}"
            alone = served.get(path)
            check(alone, FEATURE)
            links = alone.pop("links")
            assert alone == listed
            assert links


def test_ats_29_f_links(served: Served) -> None:
    for one in served.collections:
        for listed in _some(served, one["id"]):
            path = f"/collections/{one['id']}/items/{quote(listed['id'], safe='')}"
            alone = served.get(path)
            assert relations(alone) >= OWN | {("collection", "application/json")}
            (own,) = linked(alone, "self")
            assert served.get(own["href"])["id"] == listed["id"]
            (collection,) = linked(alone, "collection")
            assert served.get(collection["href"])["id"] == one["id"]
