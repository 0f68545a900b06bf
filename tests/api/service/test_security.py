"""Every answer of every route, whatever its status, carries what it must."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from starlette.testclient import TestClient

from api.service import app as app_module
from api.service.app import create_app
from api.service.security import CSP, POLICIES, check_routes, policy_of, route_paths
from api.service.settings import ServiceSettings
from api.service.store import SnapshotStore

ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
}
EXAMPLES = {
    "collection_id": "services",
    "feature_id:path": "nicht-da",
    "name": "places.json",
    "path:path": "snapshot.gpkg",
    "topic": "qgis",
}
"""A value for each variable part of a path; where it leads nowhere, the 404 is looked at."""


@pytest.fixture(params=["public", "internal"])
def service(request: pytest.FixtureRequest, musterhausen: Path) -> tuple[TestClient, bool]:
    """Return each release of the example as a service, and whether it is the internal one."""
    internal = request.param == "internal"
    folder = musterhausen / "out" if internal else musterhausen / "out/public"
    app = create_app(ServiceSettings(internal=internal), SnapshotStore(folder))
    return TestClient(app, follow_redirects=False, raise_server_exceptions=False), internal


def addresses(app: Any) -> list[str]:
    """Return an address for each route."""
    found = [
        re.sub(r"{([^}]+)}", lambda part: EXAMPLES.get(part[1], "x"), path)
        for path in route_paths(app.routes)
    ]
    assert len(found) > 12
    return found


def requests(address: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield ways of asking that end in 200, 304, 4xx and a preflight's answer."""
    for accept in ("application/json", "text/html,application/xhtml+xml"):
        yield "GET", address, {"Accept": accept}
        yield "GET", address + "?gibt_es_nicht=1", {"Accept": accept}
        yield "GET", address + "?f=xyz", {"Accept": accept}
        yield "GET", address + "?" + "&".join(["a=1"] * 100), {"Accept": accept}
        yield "GET", address + "?q=" + "a" * 9000, {"Accept": accept}
        yield "POST", address, {"Accept": accept}
        yield "DELETE", address, {"Accept": accept}
        yield "PUT", address, {"Accept": accept, "Content-Length": str(2**30)}
        yield "GET", address, {"Accept": accept, "X-Lang": "a" * 9000}
    yield "GET", address, {"If-None-Match": "*"}
    yield "HEAD", address, {}
    yield "OPTIONS", address, {"Origin": "https://other.example"}
    yield "GET", address + "/", {}


def check(headers: Any, where: str, status: int, *, path: str, internal: bool) -> None:
    """Check the headers of one answer."""
    for name, value in ALWAYS.items():
        assert headers.get(name) == value, where
    assert "geolocation=()" in headers["permissions-policy"], where
    # What is kept keeps its own policy: that of a 304 would take its place.
    assert ("content-security-policy" in headers) == (status != 304), where
    csp = headers.get("content-security-policy", CSP)
    assert csp.startswith("default-src 'none'"), where
    assert "frame-ancestors 'none'" in csp, where
    assert "unsafe" not in csp, where
    if headers.get("content-type", "").startswith("text/html"):
        assert csp == CSP, where
    assert headers["cache-control"], where
    if internal or status >= 400:
        assert headers["cache-control"] == "no-store", where
    shared = policy_of(path).shared and not internal
    assert headers.get("access-control-allow-origin") == ("*" if shared else None), where
    assert "access-control-allow-credentials" not in headers, where
    wanted = "cross-origin" if shared else "same-origin"
    assert headers["cross-origin-resource-policy"] == wanted, where
    if status in {200, 304} and policy_of(path).kept:
        assert headers["etag"].startswith('W/"') or status == 200, where
        assert "Accept-Encoding" in headers["vary"], where
    assert "server" not in headers, where


def test_every_answer_of_every_route_carries_its_headers(
    service: tuple[TestClient, bool],
) -> None:
    client, internal = service
    seen: dict[int, str] = {}
    for address in addresses(client.app):
        for method, asked, sent in requests(address):
            response = client.request(method, asked, headers=sent)
            where = f"{method} {asked[:60]} {response.status_code}"
            seen[response.status_code] = where
            path = asked.partition("?")[0]
            check(response.headers, where, response.status_code, path=path, internal=internal)
            if "etag" in response.headers and method == "GET" and response.status_code == 200:
                known = {**sent, "If-None-Match": response.headers["etag"]}
                again = client.request(method, asked, headers=known)
                assert again.status_code == 304, where
                assert again.content == b""
                check(again.headers, where + " 304", 304, path=path, internal=internal)
    assert {200, 204, 304, 308, 400, 404, 405, 413, 414, 431} <= set(seen)
    assert not {status: where for status, where in seen.items() if status >= 500}


def test_a_fault_inside_carries_them_too(store: SnapshotStore) -> None:
    app = create_app(ServiceSettings(), store)

    def broken() -> None:
        raise ValueError

    router = APIRouter()
    router.add_api_route("/hilfe/kaputt", broken)
    app.include_router(router)
    app.routes.insert(0, app.routes.pop())  # before routes that take any name
    response = TestClient(app).get("/hilfe/kaputt")
    assert response.status_code == 500
    check(response.headers, "500", 500, path="/hilfe/kaputt", internal=False)


def test_a_route_without_a_policy_does_not_start(
    store: SnapshotStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgotten = APIRouter()
    forgotten.add_api_route("/collections/neu", lambda: 1)
    check_routes(forgotten.routes)
    forgotten.add_api_route("/vergessen/{name}", lambda: 1)
    monkeypatch.setattr(app_module, "_ROUTERS", (*app_module._ROUTERS, forgotten))
    with pytest.raises(RuntimeError, match="/vergessen"):
        create_app(ServiceSettings(), store)


def test_every_policy_is_used(store: SnapshotStore) -> None:
    paths = route_paths(create_app(ServiceSettings(), store).routes)
    assert {path.split("/")[1] for path in paths} == set(POLICIES)


def test_no_route_takes_anything_but_reading(store: SnapshotStore) -> None:
    app = create_app(ServiceSettings(), store)
    client = TestClient(app)
    for address in addresses(app):
        for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"):
            response = client.request(method, address)
            assert response.status_code == 405, (method, address)
            assert response.headers["allow"] == "GET, HEAD, OPTIONS"


def test_a_map_of_another_site_may_read_the_public_layers(client: TestClient) -> None:
    asked = {"Origin": "https://geoportal.example", "Access-Control-Request-Method": "GET",
             "Access-Control-Request-Headers": "x-requested-with"}  # fmt: skip
    response = client.options("/collections/services/items", headers=asked)
    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert response.headers["access-control-allow-headers"] == "*"
    response = client.get("/collections/services/items", headers=asked)
    exposed = response.headers["access-control-expose-headers"].split(", ")
    assert {"Content-Crs", "Link", "ETag"} <= set(exposed)
    assert "access-control-allow-origin" not in client.get("/health").headers
    assert client.options("/gibt/es/nicht").status_code == 404


def test_nothing_is_made_at_import() -> None:
    made = [name for name, value in vars(app_module).items() if isinstance(value, FastAPI)]
    assert made == []
