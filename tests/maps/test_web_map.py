"""The file as a whole: complete, closed, and the same every time."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import folium
import pytest
from branca.element import Figure
from folium.plugins import Fullscreen

import hatch_build
from maps.assets import localise, read_asset
from maps.web_map import render_map
from tests.layers.sample import sample_snapshot


@pytest.fixture(scope="module")
def html() -> str:
    return render_map(sample_snapshot())


class Outline(HTMLParser):
    """Collects what the document loads and runs."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.addresses: list[str] = []
        self.handlers: list[str] = []
        self.inline: list[tuple[str, str]] = []
        self.policy = ""
        self._open: tuple[str, dict[str, str | None]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        for name in ("src", "href", "srcset", "data", "action"):
            address = values.get(name)
            if address and not address.startswith("#"):
                self.addresses.append(address)
        self.handlers += [name for name in values if name.startswith("on") or name == "style"]
        if values.get("http-equiv") == "Content-Security-Policy":
            self.policy = values["content"] or ""
        self._open = (tag, values)

    def handle_data(self, data: str) -> None:
        if self._open and self._open[0] in {"script", "style"} and "type" not in self._open[1]:
            self.inline.append((self._open[0], data))

    def handle_endtag(self, _tag: str) -> None:
        self._open = None


def outline(html: str) -> Outline:
    parser = Outline()
    parser.feed(html)
    return parser


def test_is_the_same_every_time(html: str) -> None:
    assert render_map(sample_snapshot()) == html


def test_loads_nothing_and_has_no_handlers_in_its_markup(html: str) -> None:
    parsed = outline(html)
    assert parsed.addresses == []
    assert parsed.handlers == []


def test_policy_allows_nothing_but_what_is_inside(html: str) -> None:
    parsed = outline(html)
    rules = dict(rule.strip().split(" ", 1) for rule in parsed.policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == rules["font-src"] == "data:"
    assert rules["base-uri"] == rules["form-action"] == "'none'"
    assert "unsafe" not in parsed.policy
    assert "http" not in parsed.policy
    for tag, text in parsed.inline:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in rules[f"{tag}-src"]
    assert len(parsed.inline) == len(re.findall("sha256-", parsed.policy))


def test_styles_load_nothing(html: str) -> None:
    for tag, text in outline(html).inline:
        if tag == "style":
            addresses = re.findall(r"url\(\s*[\"']?([^)\"']{0,40})", text)
            assert all(address.startswith("data:") for address in addresses), addresses


def test_a_link_without_a_local_file_is_an_error() -> None:
    drawn = folium.Map(tiles=None)
    Fullscreen().add_to(drawn)  # type: ignore[no-untyped-call]
    page = drawn.get_root()
    assert isinstance(page, Figure)
    page.render()
    with pytest.raises(LookupError, match="fullscreen"):
        localise(page.header._children.items())


def test_a_file_that_was_not_built_is_an_error() -> None:
    with pytest.raises(LookupError, match="no file"):
        read_asset("nothing.js")


def test_licences_of_everything_inside_are_named(html: str) -> None:
    for name in ("leaflet 1.", "@mapbox/maki", "@rapideditor/temaki", "@fontsource/atkinson"):
        assert name in html


def test_a_study_without_houses_gates_or_places_is_drawn() -> None:
    sample = sample_snapshot()
    html = render_map(
        dataclasses.replace(
            sample,
            houses=sample.houses.iloc[:0],
            gates=sample.gates.iloc[:0],
            places=sample.places.iloc[:0],
            isochrones=sample.isochrones.iloc[:0],
            travel_times=sample.travel_times.iloc[:0],
            access=sample.access.iloc[:0],
            data_date=None,
        )
    )
    assert "Waldhof" in html


def test_words_that_wound_are_not_used() -> None:
    maps = Path(hatch_build.__file__).parent / "maps"
    sources = [*(maps / "frontend/src").rglob("*.ts"), maps / "data/page.html"]
    assert len(sources) > 20
    for path in sources:
        text = path.read_text(encoding="utf-8").lower()
        for word in (
            "problemort",
            "betroffene",
            "insass",
            "patient",
            "brennpunkt",
            "heimbewohner",
        ):
            assert word not in text, f"{word} in {path.name}"
