"""The map and the files of the front end as answers: what is handed out, how long, and no more."""

from __future__ import annotations

import base64
import gzip
import hashlib
import http.client
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from maps.front_end import front_end_digest, front_end_files
from maps.served_map import served_files
from maps.web_map import compose
from tests.layers.sample import sample_snapshot
from tests.maps.served import Running, running, write_release

CANARY = "geheim-4711"
FOR_EVER = "public, max-age=31536000, immutable"

NAMES = (
    "../geheim.txt", "../../geheim.txt", "..\\geheim.txt", "....//geheim.txt", "..;/geheim.txt",
    "./geheim.txt", "/geheim.txt", "//geheim.txt", "geheim.txt", "geheim.txt\0.js", "\0geheim.txt",
    "teile.json/../../geheim.txt", "places.json/../../geheim.txt", "map.js/../../geheim.txt",
    "seite.html", "teile.json", "..", ".", "", " ", "~", "%", "*", "?", "con", "nul.js", "aux.css",
    "PLACES.JSON", "Map.js", "places.json.", "places.json ", "places.json/", "places.json;.js",
    "places.json::$DATA", "map.js.map", ".env", "__init__.py", "page.html", "symbols.toml",
    "sources.sha256", "glyphs.json", "etc/passwd", "/etc/passwd", "../../../../../etc/passwd",
    "file:///etc/passwd", "http://127.0.0.1/geheim.txt", "\\\\127.0.0.1\\c$\\geheim.txt",
    "\u2025/geheim.txt", "\uff0e\uff0e/geheim.txt", "..\uff0fgeheim.txt", "geheim\u200b.txt",
    "{{7*7}}", "<script>", "' OR '1'='1", "a" * 3000, "${HOME}", "`id`", "|id", "\r\nX: y", "é.js",
)  # fmt: skip
"""As somebody might write them; each is asked for quoted once, quoted twice, and as it is."""


class Linked(HTMLParser):
    """What a page loads, and what stands inline in it."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.inline: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in {"script", "link"}:
            self.addresses.append(values.get("src") or values.get("href") or "")
        self._in_script = tag in {"script", "style"}
        self.inline += [name for name in values if name.startswith("on") or name == "style"]

    def handle_data(self, data: str) -> None:
        if self._in_script and data.strip():
            self.inline.append(data)

    def handle_endtag(self, _tag: str) -> None:
        self._in_script = False


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Return a service of the public release of the sample town, with secrets beside its files."""
    out = tmp_path_factory.mktemp("karte") / "out"
    write_release(sample_snapshot(), out, internal=False)
    for folder in (out, out / "public", out / "public/karte"):
        (folder / "geheim.txt").write_text(CANARY, encoding="utf-8")
    with running(out, internal=False) as started:
        yield started


def ask(service: Running, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Ask for a path just as it is written, without a library that would tidy it up."""
    connection = http.client.HTTPConnection(service.address.removeprefix("http://"), timeout=20)
    try:
        connection.putrequest("GET", path, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        given = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, given, answer.read()
    finally:
        connection.close()


def table(service: Running) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((service.folder / "karte/teile.json").read_bytes())
    return content


def test_the_page_holds_nothing_inline_and_all_that_it_links_to_is_there(service: Running) -> None:
    status, headers, body = ask(service, "/karte", Accept="text/html")
    assert status == 200
    assert headers["content-type"] == "text/html; charset=utf-8"
    rules = dict(
        rule.strip().split(" ", 1) for rule in headers["content-security-policy"].split(";")
    )
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == "'self'"
    parsed = Linked()
    parsed.feed(body.decode())
    assert parsed.inline == []
    addresses = [address for address in parsed.addresses if not address.startswith("data:image/")]
    assert len(addresses) == 6
    for address in addresses:
        status, headers, _ = ask(service, f"/{address}")
        assert (status, headers["cache-control"]) == (200, FOR_EVER), address
        assert headers["x-content-type-options"] == "nosniff"
        kind = "css" if ".css" in address else "javascript"
        assert headers["content-type"] == f"text/{kind}; charset=utf-8"


def test_data_are_those_of_the_build_and_kept_for_ever(service: Running) -> None:
    listed = table(service)
    plan = ask(service, f"/karte/daten/start.js?stand={listed['stand']}")[2].decode()
    addresses = re.findall(r'"address": "([^"]+)"', plan)
    assert len(addresses) == len(listed["parts"]) - 2
    known = {part["name"]: part for part in listed["parts"]}
    for address in addresses:
        status, headers, body = ask(service, f"/{address}")
        part = known[address.split("/")[-1].split("?")[0]]
        assert (status, headers["cache-control"]) == (200, FOR_EVER)
        assert hashlib.sha256(body).hexdigest() == part["sha256"]
        assert len(body) == part["bytes"]
        packed = ask(service, f"/{address}", Accept_Encoding="gzip")
        if "content-encoding" in packed[1]:
            assert gzip.decompress(packed[2]) == body
        again = ask(service, f"/{address}", If_None_Match=headers["etag"])
        assert (again[0], again[1]["cache-control"], again[2]) == (304, FOR_EVER, b"")


def test_without_its_state_an_address_is_asked_for_again(service: Running) -> None:
    for path in ("/karte", "/karte/daten/places.json", "/static/map.js", "/static/map.js?v=0"):
        status, headers, _ = ask(service, path)
        assert (status, headers["cache-control"]) == (200, "public, no-cache"), path
        again = ask(service, path, If_None_Match=headers["etag"])
        assert (again[0], again[1]["cache-control"]) == (304, "public, no-cache")


def test_an_earlier_state_is_gone(service: Running) -> None:
    for name in ("places.json", "start.js", "projects.json"):
        status, headers, body = ask(service, f"/karte/daten/{name}?stand=0123456789abcdef")
        assert (status, headers["cache-control"]) == (410, "no-store")
        assert "Es gibt einen neuen Stand der Karte." in json.loads(body)["detail"]


def test_every_file_of_the_front_end_is_handed_out(service: Running) -> None:
    assert {"map.js", "map.css", "leaflet.js", "leaflet.css", "grund.css"} <= set(
        front_end_files()
    )
    for name, content in front_end_files().items():
        status, _, body = ask(service, f"/static/{name}")
        assert (status, body) == (200, content)
    style = front_end_files()["grund.css"].decode()
    for address in re.findall(r"url\(([^)]*)\)", style):
        status, headers, _ = ask(service, f"/static/{address}")
        assert (status, headers["content-type"]) == (200, "font/woff2")
        assert headers["cache-control"] == FOR_EVER


def test_there_are_enough_hostile_names() -> None:
    assert len(set(NAMES)) >= 60


@pytest.mark.parametrize("place", ["/static/", "/karte/daten/"])
def test_nothing_else_is_handed_out(service: Running, place: str) -> None:
    stand = table(service)["stand"]
    for name in NAMES:
        once = quote(name.encode("utf-8", "surrogatepass"), safe="")
        plain = name if re.fullmatch(r"[\x21-\x7e]+", name) else once
        for path in {once, quote(once, safe=""), plain}:
            for query in ("", f"?stand={stand}"):
                status, headers, body = ask(service, f"{place}{path}{query}")
                # An empty name, or dots that a client resolves, lead to a page or nowhere.
                assert status in {308, 400, 404, 414}, (place, path)
                assert CANARY.encode() not in body
                assert b"root:" not in body
                assert headers["x-content-type-options"] == "nosniff"


def of_another_front_end(out: Path) -> Path:
    """Write a release, and let its map seem drawn by another version of the program."""
    write_release(sample_snapshot(), out, internal=True)
    path = out / "karte/teile.json"
    content = path.read_text(encoding="utf-8")
    assert content.count(front_end_digest()) == 1
    path.write_text(content.replace(front_end_digest(), "0" * 64), encoding="utf-8")
    return out


def test_after_an_update_the_map_is_shown_as_the_file_that_carries_its_front_end(
    tmp_path: Path,
) -> None:
    out = of_another_front_end(tmp_path / "out")
    with running(out, internal=True) as service:
        status, headers, body = ask(service, "/karte", Accept="text/html")
        assert status == 200
        assert headers["content-type"].startswith("text/html")
        assert body == (out / "karte.html").read_bytes()
        rules = dict(
            rule.strip().split(" ", 1) for rule in headers["content-security-policy"].split(";")
        )
        # Nothing but the very texts that stand in the page, each named by its digest.
        for kind in ("script", "style"):
            texts = re.findall(rf"<{kind}>(.*?)</{kind}>".encode(), body, re.DOTALL)
            digests = [base64.b64encode(hashlib.sha256(one).digest()).decode() for one in texts]
            assert rules.pop(f"{kind}-src") == " ".join(f"'sha256-{one}'" for one in digests)
        assert rules == {
            "default-src": "'none'", "img-src": "data:", "font-src": "data:",
            "base-uri": "'none'", "form-action": "'none'", "frame-ancestors": "'none'",
        }  # fmt: skip
        note = json.loads(ask(service, "/health")[2])["note"]
        assert "sozialraum build" in note


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("script-src 'sha256-", "script-src 'unsafe-inline' 'sha256-"),
        ("img-src data:", "img-src *"),
        ("default-src 'none'", "default-src https:"),
        ('http-equiv="Content-Security-Policy"', 'name="x"'),
    ],
)
def test_a_file_that_may_do_more_is_not_shown(tmp_path: Path, before: str, after: str) -> None:
    out = of_another_front_end(tmp_path / "out")
    path = out / "karte.html"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    with running(out, internal=True) as service:
        status, headers, body = ask(service, "/karte", Accept="text/html")
        assert status == 409
        assert headers["content-security-policy"].count("'self'") > 3
        assert "mit einer anderen Fassung des Programms gezeichnet" in body.decode()
        assert "sozialraum build" in body.decode()


def test_the_internal_map_is_kept_nowhere(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_release(sample_snapshot(), out, internal=True)
    with running(out, internal=True) as service:
        stand = table(service)["stand"]
        for path in ("/karte", f"/karte/daten/places.json?stand={stand}"):
            status, headers, _ = ask(service, path)
            assert (status, headers["cache-control"]) == (200, "no-store")


def test_files_are_the_same_every_time_and_hold_what_the_page_holds() -> None:
    parts = compose(sample_snapshot())
    files, page = served_files(parts), parts.file()
    assert served_files(compose(sample_snapshot())) == files
    assert parts.file() == page
    for name, text in files.items():
        if name not in {"start.js", "seite.html", "teile.json"}:
            assert f">{text}</script>" in page, name
    calls = re.findall(r"sozialraum\.(\w+)\(map_karte", page)
    assert calls == re.findall(r"sozialraum\.(\w+)\(map_karte", files["start.js"])
    assert calls[-1] == "page"


def test_another_snapshot_or_release_is_another_state() -> None:
    sample = sample_snapshot()
    nobody = replace(sample, houses=sample.houses.iloc[:0])
    made = [
        compose(sample),
        compose(replace(sample, id="0" * 16)),
        compose(nobody),
        compose(nobody, "public"),
    ]
    states = {json.loads(served_files(parts)["teile.json"])["stand"] for parts in made}
    assert len(states) == len(made)


def test_a_public_map_with_houses_is_refused() -> None:
    with pytest.raises(ValueError, match="no houses"):
        compose(sample_snapshot(), "public")
