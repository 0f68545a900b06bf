"""The shape of a fault, kind by kind: what is wrong, in German, and nothing of the machine."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.testclient import TestClient

from api.service import faults
from api.service.app import create_app
from api.service.problems import Problem, bad_request
from api.service.settings import ServiceSettings
from api.service.store import SnapshotStore
from geo.errors import OutputError

PRIVATE = "/srv/geheim/Petra Muster"
MACHINE = re.compile(r"Traceback|File \"|\.py\b|/srv|/tmp|/usr|Error\b|Exception|Petra|site-pack")


def raise_value_error() -> None:
    raise ValueError(PRIVATE)


def raise_output_error() -> None:
    raise OutputError("Die Datei fehlt.", where=PRIVATE, remedy=PRIVATE)


def raise_recursion() -> None:
    raise_recursion()


def raise_http() -> None:
    raise HTTPException(406, PRIVATE)


def raise_problem() -> None:
    raise bad_request("»limit« ist keine Zahl.")


def raise_rare() -> None:
    raise HTTPException(418, PRIVATE)


def typed(number: int) -> int:
    return number


ROUTES: dict[str, Callable[..., Any]] = {
    "wert": raise_value_error,
    "datei": raise_output_error,
    "tief": raise_recursion,
    "format": raise_http,
    "problem": raise_problem,
    "selten": raise_rare,
    "zahl": typed,
}
LONG = "a" * 9000

# Kind of failure: method, path, headers, expected status, part of the German sentence.
KINDS: dict[str, tuple[str, str, dict[str, str], int, str]] = {
    "unknown path": ("GET", "/gibt/es/nicht", {}, 404, "gibt es hier nicht"),
    "unknown file": ("GET", "/static/../../etc/passwd", {}, 404, "gibt es"),
    "unknown layer": ("GET", "/collections/nix", {}, 404, "gibt es nicht"),
    "unknown feature": ("GET", "/collections/services/items/nix", {}, 404, "gibt es"),
    "unknown parameter": ("GET", "/collections/services/items?x=1", {}, 400, ""),
    "bad value": ("GET", "/collections/services/items?limit=-1", {}, 400, ""),
    "bad value of a typed one": ("GET", "/hilfe/zahl?number=x", {}, 400, "nicht möglich"),
    "method": ("POST", "/collections", {}, 405, "nur lesen"),
    "unknown method": ("BREW", "/health", {}, 405, "nur lesen"),
    "format": ("GET", "/hilfe/format", {}, 406, "Format"),
    "body": ("POST", "/collections", {"Content-Length": "1048577"}, 413, "keine Daten"),
    "length": ("GET", "/", {"Content-Length": "viel"}, 400, "keine Zahl"),
    "address": ("GET", "/?q=" + LONG, {}, 414, "zu lang"),
    "header": ("GET", "/", {"X-Long": LONG}, 431, "zu lang"),
    "headers": ("GET", "/", {f"X-{number}": "1" for number in range(101)}, 431, "zu viele"),
    "parameters": ("GET", "/?" + "a=1&" * 64, {}, 400, "höchstens 64"),
    "host": ("GET", "/", {"Host": "a b"}, 400, "Host"),
    "problem": ("GET", "/hilfe/problem", {}, 400, "keine Zahl"),
    "rare": ("GET", "/hilfe/selten", {}, 418, "nicht beantworten"),
    "fault": ("GET", "/hilfe/wert", {}, 500, "läuft weiter"),
    "fault with a path": ("GET", "/hilfe/datei", {}, 500, "läuft weiter"),
    "recursion": ("GET", "/hilfe/tief", {}, 500, "läuft weiter"),
}


@pytest.fixture
def failing(store: SnapshotStore) -> TestClient:
    """Return a service with routes that fail in every way."""
    app = create_app(ServiceSettings(), store)
    router = APIRouter()
    for name, endpoint in ROUTES.items():
        router.add_api_route(f"/hilfe/{name}", endpoint)
    app.include_router(router)
    app.routes.insert(0, app.routes.pop())  # before routes that take any name
    return TestClient(app, follow_redirects=False)


@pytest.mark.parametrize("kind", KINDS)
def test_the_shape_of_a_fault(failing: TestClient, kind: str) -> None:
    method, path, headers, status, words = KINDS[kind]
    response = failing.request(method, path, headers=headers)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    content = response.json()
    assert sorted(content) == ["detail", "status", "title", "type"]
    assert content["type"] == "about:blank"
    assert content["status"] == status
    assert words in content["detail"]
    assert content["detail"].endswith(".")
    assert content["title"]
    assert not MACHINE.search(response.text)
    if status == 405:
        assert response.headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("kind", KINDS)
def test_a_browser_gets_a_page_that_says_the_same(failing: TestClient, kind: str) -> None:
    method, path, headers, status, _ = KINDS[kind]
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    told = failing.request(method, path, headers=headers).json()["detail"]
    response = failing.request(method, path, headers={**headers, **browser})
    assert response.status_code == status
    assert response.headers["content-type"].startswith("text/html")
    assert told.replace(">", "&gt;") in response.text
    assert 'lang="de"' in response.text
    assert not MACHINE.search(response.text)


def test_f_wins_over_the_browser(failing: TestClient) -> None:
    browser = {"Accept": "text/html"}
    kind = failing.get("/nix?f=json", headers=browser).headers["content-type"]
    assert kind == "application/problem+json"
    assert failing.get("/nix?f=html").headers["content-type"].startswith("text/html")


def test_a_page_that_fails_does_not_hide_the_fault(
    failing: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> str:
        raise KeyError(PRIVATE)

    monkeypatch.setattr(faults, "render", broken)
    response = failing.get("/nix", headers={"Accept": "text/html"})
    assert response.status_code == 404
    assert response.json()["detail"] == "Diese Adresse gibt es hier nicht."


def test_the_log_names_kind_and_place_of_a_fault_and_no_value(
    failing: TestClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOZIALRAUM_DEBUG", raising=False)
    monkeypatch.setattr(logging.getLogger("sozialraum.service"), "propagate", True)
    failing.get("/hilfe/wert?name=Petra")
    assert re.fullmatch(r"Interner Fehler: ValueError in test_problems.py:\d+", caplog.messages[0])
    assert "Petra" not in caplog.text
    caplog.clear()
    monkeypatch.setenv("SOZIALRAUM_DEBUG", "1")
    failing.get("/hilfe/wert?name=Petra")
    assert "Traceback" in caplog.text


def test_too_many_at_once_are_asked_to_come_back(store: SnapshotStore) -> None:
    app = create_app(ServiceSettings(max_running=1), store)
    inner: list[Any] = []
    router = APIRouter()
    # While this request is worked on, the service is asked once more.
    router.add_api_route("/hilfe/innen", lambda: inner.append(TestClient(app).get("/health")))
    app.include_router(router)
    app.routes.insert(0, app.routes.pop())
    assert TestClient(app).get("/hilfe/innen").status_code == 200
    refused = inner[0]
    assert refused.status_code == 503
    assert refused.headers["retry-after"] == "2"
    assert "noch einmal" in refused.json()["detail"]
    assert TestClient(app).get("/health").status_code == 200, "the place is free again"


def test_a_fault_keeps_what_it_says() -> None:
    fault = Problem(503, "Gleich.", {"Retry-After": "1"})
    assert (fault.status, fault.detail, fault.headers) == (503, "Gleich.", {"Retry-After": "1"})
    assert str(fault) == "Gleich."
