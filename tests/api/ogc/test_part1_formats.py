"""Abstract tests of the encodings and the API definition (OGC 17-069r4, A.3, A.4 and A.7).

Each test carries the name of the abstract test; its assertions are ours.
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any
from urllib.parse import unquote

from geojson_pydantic import Feature, FeatureCollection
from lxml import html  # type: ignore[import-untyped]

from tests.api.ogc.conftest import Served, linked

OPENAPI = "application/vnd.oai.openapi+json;version=3.0"


def no_constant(name: str) -> None:
    """Refuse NaN and Infinity, which are no JSON."""
    raise AssertionError(name)


def _right_handed(polygon: list[list[list[float]]]) -> bool:
    """Whether the outer ring runs anticlockwise and the holes clockwise (shoelace formula)."""
    areas = [sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) for ring in polygon]
    return areas[0] > 0 and all(area < 0 for area in areas[1:])


def test_ats_geojson_definition(served: Served) -> None:
    for one in served.collections:
        path = f"/collections/{one['id']}"
        assert served.client.get(path).headers["content-type"] == "application/json"
        for accept in ("application/geo+json", "application/json", "*/*", "application/xml", ""):
            response = served.client.get(f"{path}/items?limit=1", headers={"Accept": accept})
            assert response.headers["content-type"] == "application/geo+json"


def test_ats_geojson_content(served: Served) -> None:
    """RFC 7946 by the models of geojson-pydantic, the order of rings by the shoelace formula."""
    for one in served.collections:
        text = served.client.get(f"/collections/{one['id']}/items?limit=300").text
        content: dict[str, Any] = json.loads(text, parse_constant=no_constant)
        FeatureCollection[Feature].model_validate(content)  # type: ignore[type-arg]
        assert "crs" not in content
        assert linked(content, "self")
        for feature in content["features"]:
            geometry = feature["geometry"] or {"type": ""}
            if geometry["type"] == "Polygon":
                assert _right_handed(geometry["coordinates"])
            elif geometry["type"] == "MultiPolygon":
                assert all(map(_right_handed, geometry["coordinates"]))


def _pages(served: Served) -> list[str]:
    addresses = ["/", "/conformance", "/collections"]
    for one in served.collections:
        path = f"/collections/{one['id']}"
        feature = served.get(f"{path}/items", limit=1)["features"][0]["id"]
        addresses += [path, f"{path}/items?limit=2", f"{path}/items/{feature}"]
    return addresses


def test_ats_html_definition(served: Served) -> None:
    """Every resource is a page as well: by ``f``, and by what a browser accepts."""
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    for address in _pages(served):
        joined = "&" if "?" in address else "?"
        by_parameter = served.client.get(f"{address}{joined}f=html")
        by_header = served.client.get(address, headers={"Accept": browser})
        for response in (by_parameter, by_header):
            assert response.status_code == 200
            assert response.headers["content-type"].startswith("text/html")
        program = "application/json, text/html;q=0.5"
        answer = served.client.get(address, headers={"Accept": program})
        assert "json" in answer.headers["content-type"]


def test_ats_html_content(served: Served) -> None:
    """HTML 5 that says the same: the title of the collection, the ids of its features."""
    for one in served.collections:
        path = f"/collections/{one['id']}"
        text = served.client.get(f"{path}?f=html").text
        assert text.lstrip().lower().startswith("<!doctype html>")
        shown = html.fromstring(text).text_content()
        assert one["title"] in shown
        features = served.get(f"{path}/items", limit=2)["features"]
        page = html.fromstring(served.client.get(f"{path}/items?limit=2&f=html").text)
        targets = {unquote(href).partition("?")[0] for href in page.xpath("//a/@href")}
        for feature in features:
            assert any(target.endswith(f"/items/{feature['id']}") for target in targets)


def test_ats_oas30_oas_definition_1(served: Served) -> None:
    landing = served.get("/")
    (described,) = linked(landing, "service-desc")
    (shown,) = linked(landing, "service-doc")
    assert described["type"] == OPENAPI
    assert served.client.get(described["href"]).headers["content-type"] == OPENAPI
    assert shown["type"] == "text/html"
    assert served.client.get(shown["href"]).headers["content-type"].startswith("text/html")


def test_ats_oas30_oas_definition_2(served: Served) -> None:
    """The members that OpenAPI 3.0 demands; its whole schema is tested beside the document."""
    document = served.get("/api")
    assert document["openapi"].startswith("3.0.")
    assert {"title", "version"} <= set(document["info"])
    for path, described in document["paths"].items():
        assert path.startswith("/")
        for operation in described.values():
            if isinstance(operation, dict) and "responses" in operation:
                assert operation["responses"]


def test_ats_oas30_oas_impl(served: Served) -> None:
    """Every path without a variable is there, and so is every path that the standard names."""
    document = served.get("/api")
    paths = set(document["paths"])
    assert {"/", "/conformance", "/collections"} <= paths
    for one in served.collections:
        items = f"/collections/{one['id']}/items"
        assert items in paths or "/collections/{collectionId}/items" in paths
    plain = [path for path in paths if "{" not in path and "get" in document["paths"][path]]
    for path in plain:
        if not path.startswith("/karte"):
            assert served.client.get(path).status_code == 200, path


def test_ats_oas30_exception_codes(served: Served) -> None:
    """Each operation says what it answers when something is wrong."""
    document = served.get("/api")
    for path, described in document["paths"].items():
        if path.startswith("/collections") and "get" in described:
            answers = set(described["get"]["responses"])
            assert {"200", "400"} <= answers, path
            assert "404" in answers or path == "/collections", path


def test_ats_oas30_completeness(served: Served) -> None:
    """The media types that the service really answers with stand in the definition."""
    document = served.get("/api")
    for path in ("/", "/conformance", "/collections"):
        content = _content(document, document["paths"][path]["get"]["responses"]["200"])
        assert {"application/json", "text/html"} <= set(content)


def _content(document: dict[str, Any], response: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in response:
        step: Any = document
        for key in response["$ref"].removeprefix("#/").split("/"):
            step = step[key]
        response = step
    found: dict[str, Any] = response["content"]
    return found


def test_ats_oas30_security(served: Served) -> None:
    """Nothing is locked, so no security scheme may be named."""
    document = served.get("/api")
    assert not document.get("security")
    assert not document.get("components", {}).get("securitySchemes")
