"""The OpenAPI document: valid, complete, and the same as what requests are read by."""

from __future__ import annotations

import json

import pytest
from fastapi.routing import iter_route_contexts
from ogcapi_registry import validate_ogc_api
from openapi_pydantic.v3.v3_0 import OpenAPI

from api.ogc.parameters import items_parameters
from api.ogc.queryables import GEOMETRY, queryables
from api.service.settings import ServiceSettings
from tests.api.ogc.conftest import JsonObject, Served

OPENAPI_TYPE = "application/vnd.oai.openapi+json;version=3.0"
NOT_DESCRIBED = ("/static", "/karte/", "/dateien", "/hilfe", "/collections/{collection_id}/suche")
"""Parts that people reach by links and forms of pages, no interface for programs."""


@pytest.fixture
def document(served: Served) -> JsonObject:
    return served.get("/api")


def test_it_is_valid_openapi_3_0(served: Served, document: JsonObject) -> None:
    """Once by a model of the whole standard, once by the rules of OGC API Features."""
    assert served.client.get("/api").headers["content-type"] == OPENAPI_TYPE
    assert OpenAPI.model_validate(document).openapi == "3.0.3"
    result = validate_ogc_api(document, served.get("/conformance"))
    assert result.is_valid
    assert not result.errors
    # It misses filters where one feature is asked for by its id, where there is nothing to filter.
    others = [one for one in result.warnings if "/{featureId}." not in one["path"]]
    assert not others


def test_a_fault_in_it_would_be_found(served: Served, document: JsonObject) -> None:
    for path in list(document["paths"]):
        if path.endswith("/items"):
            named = document["paths"][path]["get"]["parameters"]
            named[:] = [one for one in named if one["name"] not in {"crs", "bbox-crs"}]
    assert not validate_ogc_api(document, served.get("/conformance")).is_valid


def test_references_lead_somewhere_and_names_are_unique(document: JsonObject) -> None:
    def walk(part: object) -> None:
        if isinstance(part, dict):
            if "$ref" in part and isinstance(part["$ref"], str):
                target: object = document
                for step in part["$ref"].removeprefix("#/").split("/"):
                    assert isinstance(target, dict)
                    target = target[step]
            for value in part.values():
                walk(value)
        elif isinstance(part, list):
            for value in part:
                walk(value)

    walk(document)
    names = [one["get"]["operationId"] for one in document["paths"].values()]
    assert len(names) == len(set(names))
    for one in document["paths"].values():
        assert one["get"]["summary"]
        assert {"200", "400", "404", "406", "413", "500"} <= set(one["get"]["responses"])
        parameters = one["get"]["parameters"]
        keys = [(parameter["in"], parameter["name"]) for parameter in parameters]
        assert len(keys) == len(set(keys))
        assert all(parameter["description"] for parameter in parameters)


def test_every_collection_has_its_paths_spelled_out(served: Served, document: JsonObject) -> None:
    paths = document["paths"]
    for name, collection in served.catalogue.collections.items():
        here = f"/collections/{name}"
        assert {here, f"{here}/queryables", f"{here}/items", f"{here}/items/{{featureId}}"} <= set(
            paths
        )
        written = paths[f"{here}/items"]["get"]["parameters"]
        read = items_parameters(collection, ServiceSettings())
        assert [one["name"] for one in written] == [one.name for one in read]
        assert [one["schema"] for one in written] == [dict(one.schema) for one in read]
        named = {one["name"] for one in written}
        assert named >= {
            one.name for one in queryables(collection).values() if one.type != GEOMETRY
        }
        (limit,) = [one for one in written if one["name"] == "limit"]
        assert limit["schema"]["default"] == 1000  # the size of QGIS's pages
        item = paths[f"{here}/items/{{featureId}}"]["get"]
        assert {"crs", "f"} <= {one["name"] for one in item["parameters"]}
        assert "Content-Crs" in item["responses"]["200"]["headers"]
    described = {path.split("/")[2] for path in paths if path.startswith("/collections/")}
    assert described == set(served.catalogue.collections)


def test_every_route_is_described(served: Served, document: JsonObject) -> None:
    known = {
        path.replace(f"/collections/{name}", "/collections/{collection_id}").replace(
            "{featureId}", "{feature_id:path}"
        )
        for name in served.catalogue.collections
        for path in document["paths"]
    }
    app = served.client.app
    for route in iter_route_contexts(app.routes):  # type: ignore[attr-defined]
        path = route.path or ""
        if not path.startswith(NOT_DESCRIBED):
            assert path in known, path


def test_nothing_internal_is_in_the_public_one(public: Served) -> None:
    text = json.dumps(public.get("/api"), ensure_ascii=False)
    for word in ("houses", "house_reach", "needs", "Ebene »Häuser«"):
        assert word not in text


def test_answers_are_as_they_are_described(served: Served, document: JsonObject) -> None:
    """Each collection's features hold just the properties that the document names."""
    for name in served.catalogue.collections:
        get = document["paths"][f"/collections/{name}/items"]["get"]
        page = get["responses"]["200"]["content"]["application/geo+json"]["schema"]
        wanted = page["properties"]["features"]["items"]["properties"]["properties"]["properties"]
        found = served.get(f"/collections/{name}/items", limit=5)
        assert set(page["required"]) <= set(found)
        for feature in found["features"]:
            assert list(feature["properties"]) == list(wanted)
