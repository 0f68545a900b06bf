"""Odd and hostile values in every parameter of every operation: refused in words, never a fault.

Every request of this file must be answered below 500, with JSON in strict UTF-8; what injects
must find the same as the literal that it would be.
"""

from __future__ import annotations

import asyncio
import json
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import pytest

from api.service.limits import MAX_URL
from tests.api.ogc.conftest import JsonObject, Served

VALUES = {
    "empty": "",
    "space": "%20",
    "not a number": "NaN",
    "infinity": "Infinity",
    "minus infinity": "-Infinity",
    "beyond floats": "1e400",
    "beyond 64 bits": str(2**63),
    "many digits": "9" * 5000,
    "negative": "-1",
    "zero": "0",
    "NUL": "%00",
    "text with NUL": "a%00b",
    "control signs": "%01%1b%7f",
    "a lone surrogate": "%ED%A0%80",
    "overlong UTF-8": "%C0%AF",
    "no UTF-8": "%FF%FE",
    "cut percent": "%",
    "broken percent": "%zz",
    "right-to-left override": "%E2%80%AE",
    "line separator": "%E2%80%A8",
    "emoji": "%F0%9F%92%A9",
    "CRLF": "%0d%0aX-Injected:%201",
    "deep JSON": quote("[" * 1500 + "]" * 1500),
    "deep brackets": quote("(" * 1500 + "1=1" + ")" * 1500),
    "open brackets": quote("(" * 2000),
    "many nots": "NOT%20" * 1000 + "1=1",
    "JSON": quote('{"op":"=","args":[{"property":"id"},1]}'),
    "markup": quote("<script>alert(1)</script>"),
    "template": quote("{{7*7}}${7*7}"),
    "path": quote("../../../../etc/passwd", safe=""),
    "format": quote("%s%n{0.__class__}"),
    "a list": "1,2,3,4",
    "a box of NaN": "NaN,NaN,NaN,NaN",
    "a huge box": "-1e308,-1e308,1e308,1e308",
    "many commas": "," * 2000,
    "wildcards": quote("%_" * 500),
    "a date": "2026-02-30",
    "endless time": quote("../.."),
    "year 0": "0000-00-00T00:00:00Z",
}
ONE_OF = 1 if os.environ.get("TEST_ALL") else 20
"""Of all pairs of a parameter and a value, so many make one that is asked."""
FAMILIES = {
    "boolean": ["x' OR '1'='1", "x' AND '1'='2", "1 OR 1=1", 'x" OR "1"="1'],
    "union": ["x' UNION SELECT name FROM sqlite_master--", "1 UNION ALL SELECT NULL,NULL"],
    "stacked": ["x'; DROP TABLE services;--", "1; DELETE FROM services"],
    "time": ["x' AND pg_sleep(30)--", "x'||(SELECT randomblob(1000000000))||'", "1-SLEEP(30)"],
    "error": ["x' AND 1=CAST((SELECT 1) AS int)--", "x' AND 1=1/0--", "extractvalue(1,'x')"],
    "comment": ["x'--", "x'/**/OR/**/1=1/*", "x'#", "x'-- -"],
}


@pytest.fixture(scope="module")
def operations(served: Served) -> list[tuple[str, list[str]]]:
    """Paths of a layer with areas, one with points, one without geometry, and of the rest."""
    document = served.get("/api")
    found = []
    for path, one in document["paths"].items():
        layer = path.split("/")[2] if path.startswith("/collections/") else "sites"
        if layer in {"sites", "services", "access"}:
            names = [parameter["name"] for parameter in one["get"]["parameters"]]
            names = [name for name in names if name != "featureId"]
            found.append((path.replace("{featureId}", "x"), names))
    return found


def strict(served: Served, address: str, **more: Any) -> tuple[int, JsonObject | None]:
    """Ask, and return the status and the JSON; fail on a fault of the service."""
    response = served.client.get(address, follow_redirects=False, **more)
    assert response.status_code < 500, (address[:200], response.text)
    assert "x-injected" not in response.headers
    if "json" not in response.headers.get("content-type", ""):
        return response.status_code, None
    content: JsonObject = json.loads(
        response.content.decode("utf-8", "strict"), parse_constant=_refuse
    )
    return response.status_code, content


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def test_every_value_in_every_parameter(
    served: Served, operations: list[tuple[str, list[str]]]
) -> None:
    asked = 0
    for path, names in operations:
        for number, name in enumerate([*names, "unknown"]):
            for place, value in enumerate(VALUES.values()):
                if (number + place) % ONE_OF:
                    continue
                status, content = strict(served, f"{path}?{name}={value}")
                assert status in {200, 308, 400, 404, 414}
                if status >= 400:
                    assert content is not None
                    assert content["status"] == status
                    assert content["detail"].isprintable()
                    assert len(content["detail"]) < 1500
                asked += 1
    assert asked > 2400 / ONE_OF


def test_unknown_values_are_refused_everywhere(
    served: Served, operations: list[tuple[str, list[str]]]
) -> None:
    for path, names in operations:
        if "f" not in names:  # the map, and the state of the service
            continue
        assert strict(served, f"{path}?unknown=1")[0] == 400
        assert strict(served, f"{path}?f=xml")[0] == (404 if path.endswith("/items/x") else 400)
        for name in names:
            assert strict(served, f"{path}?{name}=1&{name}=1")[0] == 400


def test_values_in_paths(served: Served) -> None:
    for value in VALUES.values():
        for path in (f"/collections/{value}", f"/collections/services/items/{value}", f"/{value}"):
            if not path.endswith("/"):
                status, _ = strict(served, path)
                assert status in {200, 308, 400, 404, 414}, path


def bare(served: Served, path: bytes, query: bytes, *headers: tuple[bytes, bytes]) -> int:
    """Ask past the client, which refuses such addresses itself; return the status."""
    said: list[int] = []
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "server": ("testserver", 80),
        "client": ("testclient", 50000),
        "root_path": "",
        "path": path.decode("latin-1"),
        "raw_path": path,
        "query_string": query,
        "headers": [(b"host", b"testserver"), *headers],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            said.append(message["status"])

    async def ask() -> None:
        await served.client.app(scope, receive, send)

    # In a thread of its own: where a browser test ran before, this one has a loop that runs.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, ask()).result()
    (status,) = said
    return status


def test_a_megabyte(served: Served) -> None:
    """Refused before anything reads it, in address, header and body."""
    items, large = b"/collections/services/items", b"a" * 2**20
    assert bare(served, items, b"filter=" + large) == 414
    assert bare(served, items, large + b"=1") == 414
    assert bare(served, b"/" + large, b"") == 414
    assert bare(served, items, b"", (b"accept", large)) == 431
    assert bare(served, items, b"", (b"x-large", large)) == 431
    assert bare(served, items, b"", *[(b"x-%d" % one, b"a") for one in range(1000)]) == 431
    assert bare(served, items, b"", (b"content-length", b"2000000")) == 413
    assert bare(served, items, b"&".join([b"f=json"] * 1000)) == 400
    assert bare(served, items, b"filter=" + b"a" * (MAX_URL - len(items) - 8)) == 400
    assert bare(served, items, b"limit=\xed\xa0\x80") == 400
    assert bare(served, items, b"filter=\x00\xff'") == 400


def test_odd_headers(served: Served) -> None:
    for value in (b"\xff\xfe", b"*/*;q=NaN", b"text/html;q=1e400", b",;=,", b"a/b;" * 900, b""):
        for name in ("Accept", "Accept-Language", "If-None-Match", "Range", "X-Forwarded-Host"):
            response = served.client.get("/collections", headers=[(name.encode(), value)])
            assert response.status_code < 500
            assert b"X-Injected" not in response.content


def test_other_methods_change_nothing(
    served: Served, operations: list[tuple[str, list[str]]]
) -> None:
    for path, _ in operations:
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            response = served.client.request(method, path, content=b'{"a":' * 2000)
            assert response.status_code == 405
            assert response.headers["content-type"] == "application/problem+json"


def matched(served: Served, parameter: str, text: str) -> int | None:
    status, content = strict(
        served, f"/collections/services/items?{parameter}={quote(text, safe='')}&limit=1"
    )
    return content["numberMatched"] if status == 200 and content is not None else None


@pytest.mark.parametrize("family", FAMILIES)
def test_what_injects_is_a_literal(served: Served, family: str) -> None:
    """As a value, and as a doubled text in a filter, an attack finds what a plain word finds."""
    columns = ("name", "category", "id", "kind") if ONE_OF == 1 else ("name", "id")
    for attack in FAMILIES[family]:
        doubled = attack.replace("'", "''")
        for column in columns:
            plain = matched(served, column, "no such text")
            assert plain == 0
            assert matched(served, column, attack) == plain
            assert matched(served, "filter", f"{column} = '{doubled}'") == plain
            everything = matched(served, "filter", f"{column} <> 'no such text'")
            assert matched(served, "filter", f"{column} <> '{doubled}'") == everything
            assert matched(served, "filter", f"{column} LIKE '{doubled}'") == plain
            assert matched(served, "query", f"{column} IN ('{doubled}')") == plain
        for name in ("limit", "offset", "crs", "bbox", "bbox-crs", "filter-crs", "filter-lang"):
            assert matched(served, name, attack) is None
        for name in ("partner", "wheelchair", "data_date", "datetime"):
            assert matched(served, name, attack) is None
        assert strict(served, f"/collections/{quote(attack, safe='')}")[0] == 404
        assert strict(served, f"/collections/services/items/{quote(attack, safe='')}")[0] == 404
        assert strict(served, f"/collections/services/items?{quote(attack, safe='')}=1")[0] == 400


def test_bare_injections_are_no_filters(served: Served) -> None:
    """Undoubled, an attack is refused, or says no more than its own words: true or false."""
    total = matched(served, "filter", "1=1")
    for family in FAMILIES.values():
        for attack in family:
            for text in (f"name = '{attack}'", attack):
                found = matched(served, "filter", text)
                assert found in {None, 0, total}
    # What is a filter by itself needs no injection: everyone may ask for everything here.
    assert matched(served, "filter", "name = 'x' OR '1'='1'") == total
