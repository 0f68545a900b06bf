"""Equal questions are answered once: ETags, kept answers, compression."""

from __future__ import annotations

import gzip
import threading
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter, Response
from starlette.responses import FileResponse, StreamingResponse
from starlette.testclient import TestClient

from api.service.app import create_app
from api.service.compression import accepts_gzip, gzipped, is_compressible
from api.service.kept_answers import LARGEST
from api.service.settings import ServiceSettings
from api.service.store import SnapshotStore
from tests.api.service.releases import put

ITEMS = "/collections/services/items"


class Counted:
    """A service with routes that count how often they are asked."""

    def __init__(self, store: SnapshotStore, file: Path) -> None:
        self.calls: dict[str, int] = {}
        app = create_app(ServiceSettings(), store)
        router = APIRouter()
        routes: dict[str, Any] = {
            "text": lambda: Response("ä" * 4000, media_type="text/plain"),
            "klein": lambda: Response("ä", media_type="text/plain"),
            "bild": lambda: Response(b"\x89PNG" * 400, media_type="image/png"),
            "stuecke": lambda: StreamingResponse(
                iter([b"a" * 900, b"b" * 900]), media_type="text/csv"
            ),
            "gross": lambda: Response("x" * (LARGEST + 1), media_type="text/plain"),
            "datei": lambda: FileResponse(file, media_type="application/octet-stream"),
            "fort": lambda: Response("fort", 404),
            "eigen": lambda: Response("a" * 900, headers={"Cache-Control": "public, max-age=9"}),
        }
        for name, made in routes.items():
            router.add_api_route(f"/hilfe/{name}", self._counting(name, made))
        app.include_router(router)
        app.routes.insert(0, app.routes.pop())  # before routes that take any name
        self.client = TestClient(app)

    def _counting(self, name: str, made: Any) -> Any:
        def endpoint() -> Response:
            self.calls[name] = self.calls.get(name, 0) + 1
            response: Response = made()
            return response

        return endpoint

    def get(self, name: str, **headers: str) -> Any:
        """Ask for a route."""
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        return self.client.get(f"/hilfe/{name}", headers=named)


@pytest.fixture
def counted(store: SnapshotStore, tmp_path: Path) -> Counted:
    """Return a service that counts."""
    file = tmp_path / "datei.bin"
    file.write_bytes(bytes(range(256)) * 16)
    return Counted(store, file)


def test_an_equal_question_is_answered_once(counted: Counted) -> None:
    first = counted.get("text")
    for _ in range(5):
        again = counted.get("text")
        assert again.content == first.content
        assert again.headers == first.headers
    assert counted.calls["text"] == 1


def test_another_question_is_another_answer(counted: Counted) -> None:
    tags = {
        counted.get("text").headers["etag"],
        counted.get("text?x=1").headers["etag"],
        counted.get("text?x=2").headers["etag"],
        counted.get("text", Accept="text/html").headers["etag"],
        counted.get("text", Host="other.example").headers["etag"],
        counted.get("klein").headers["etag"],
    }
    assert len(tags) == 6
    assert counted.calls["text"] == 5


def test_nothing_new_costs_nothing(counted: Counted) -> None:
    etag = counted.get("text").headers["etag"]
    assert etag.startswith('W/"')
    for known in (etag, f'"x", {etag}', "*"):
        answer = counted.get("text", If_None_Match=known)
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == etag
        assert answer.headers["vary"] == "Accept, Accept-Encoding"
    assert counted.get("text", If_None_Match='W/"another"').status_code == 200
    assert counted.calls["text"] == 1


def test_what_is_not_there_is_never_unchanged(counted: Counted) -> None:
    answer = counted.get("fort", If_None_Match="*")
    assert answer.status_code == 404
    assert "etag" not in answer.headers
    counted.get("fort")
    assert counted.calls["fort"] == 2, "faults are not kept"


def test_a_new_snapshot_has_new_etags(store: SnapshotStore, folder: Path, release_b: Path) -> None:
    client = TestClient(create_app(ServiceSettings(), store))
    before = client.get(ITEMS)
    assert client.get(ITEMS).headers["etag"] == before.headers["etag"]
    put(release_b, folder)
    assert store.reload()
    after = client.get(ITEMS, headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert after.headers["etag"] != before.headers["etag"]
    assert "BBBB" in after.text
    assert "AAAA" not in after.text


def test_what_gets_smaller_is_compressed(counted: Counted) -> None:
    packed = counted.get("text", Accept_Encoding="gzip")
    plain = counted.get("text", Accept_Encoding="identity")
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < 200
    assert "content-encoding" not in plain.headers
    assert int(plain.headers["content-length"]) == 8000
    assert packed.content == plain.content
    assert packed.headers["etag"] == plain.headers["etag"]
    assert counted.calls["text"] == 1
    for name in ("klein", "bild"):
        assert "content-encoding" not in counted.get(name, Accept_Encoding="gzip").headers


def test_an_answer_in_pieces_is_put_together(counted: Counted) -> None:
    answer = counted.get("stuecke", Accept_Encoding="identity")
    assert answer.content == b"a" * 900 + b"b" * 900
    assert answer.headers["content-length"] == "1800"


def test_what_is_too_large_is_passed_on(counted: Counted) -> None:
    for _ in range(2):
        answer = counted.get("gross")
        assert len(answer.content) == LARGEST + 1
        assert answer.headers["etag"].startswith('W/"')
    assert counted.calls["gross"] == 2


def test_parts_of_a_file(counted: Counted) -> None:
    part = counted.get("datei", Range="bytes=0-9")
    assert part.status_code == 206
    assert part.content == bytes(range(10))
    assert counted.get("datei").content == bytes(range(256)) * 16


def test_head_says_what_get_says(counted: Counted) -> None:
    for name in ("text", "datei", "gross", "fort"):
        got, head = counted.get(name), counted.client.head(f"/hilfe/{name}")
        assert head.status_code == got.status_code
        assert head.content == b""
        assert dict(head.headers) == dict(got.headers)


def test_its_own_caching_stays(counted: Counted) -> None:
    assert counted.get("eigen").headers["cache-control"] == "public, max-age=9"
    assert counted.get("text").headers["cache-control"] == "public, no-cache"


def test_who_asks_the_same_at_once_waits_for_one_answer(store: SnapshotStore) -> None:
    app = create_app(ServiceSettings(), store)
    calls, entered, go = [], threading.Event(), threading.Event()

    def slow() -> str:
        calls.append(1)
        entered.set()
        assert go.wait(60)
        return "fertig" * 200

    router = APIRouter()
    router.add_api_route("/hilfe/langsam", slow)
    app.include_router(router)
    app.routes.insert(0, app.routes.pop())
    with TestClient(app) as client:  # one loop for all
        answers: list[str] = []
        ask = [
            threading.Thread(target=lambda: answers.append(client.get("/hilfe/langsam").text))
            for _ in range(6)
        ]
        ask[0].start()
        assert entered.wait(60)
        for thread in ask[1:]:
            thread.start()
        client.get("/health")
        go.set()
        for thread in ask:
            thread.join()
    assert len(calls) == 1
    assert len(answers) == 6
    assert len(set(answers)) == 1


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("gzip", True),
        ("gzip, deflate, br", True),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", True),
        ("*", True),
        ("GZIP", True),
        ("gzip; q=0.5", True),
        ("gzip;q=0", False),
        ("gzip;q=0, *", False),
        ("*;q=0", False),
        ("identity", False),
        ("br", False),
        ("", False),
        ("gzip;q=viel", False),
    ],
)
def test_who_understands_gzip(header: str, accepted: bool) -> None:  # noqa: FBT001
    assert accepts_gzip(header) is accepted


def test_compressed_bytes_are_the_same_each_time() -> None:
    body = b"Sozialraum" * 500
    assert gzipped(body) == gzipped(body)
    assert gzip.decompress(gzipped(body)) == body
    assert is_compressible("application/geo+json", 512)
    assert not is_compressible("application/geo+json", 511)
    assert not is_compressible("application/zip", 10**6)


def test_an_update_of_the_program_makes_all_answers_new(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages link to style sheets and scripts of the program that wrote them."""
    etag = client.get("/collections").headers["etag"]
    assert client.get("/collections", headers={"If-None-Match": etag}).status_code == 304
    monkeypatch.setattr("api.service.kept_answers.program_digest", lambda: "anders")
    after = client.get("/collections", headers={"If-None-Match": etag})
    assert after.status_code == 200
    assert after.headers["etag"] != etag
