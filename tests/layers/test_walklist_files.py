"""The files of a walklist: what is in them, and that nothing from outside acts in them."""

from __future__ import annotations

import csv
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import geopandas as gpd
import pytest

from geo.errors import OutputError
from layers.walklist import Walklist, find_walklist
from layers.walklist_files import CSV_FILE, GEOJSON_FILE, GPKG_FILE, PAGE_FILE, write_walklist
from layers.walklist_page import walklist_intro
from tests.documents import described
from tests.geo.marked import WHEELS, draw_marked
from tests.layers.walk_studies import ready_study

FOOTWAY = "highway=footway"
HOSTILE = "<img~src=x~onerror=alert(1)>"


def written(
    folder: Path, *, street: str = "Markt", top: int = 20, known: bool = False
) -> Walklist:
    town = draw_marked(
        "h--A--B--K--C--x",
        metres=10,
        ways={"hA": FOOTWAY, "AB": f"highway=residential name={street}", "BK": FOOTWAY,
              "KCx": FOOTWAY},
        nodes={"K": "barrier=kerb kerb=yes"},
        unknown={} if known else {2: "surface width"},
        unknown_nodes={} if known else {"K": "kerb"},
        houses={"h": ""},
        places={"x": "", "B": ""},
    )  # fmt: skip
    ready = ready_study(town, fictional=True)
    walk = find_walklist(ready, [WHEELS], 1800)
    write_walklist(walk, ready, folder, top)
    return walk


class Page(HTMLParser):
    """What a page has: elements with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_all_files_tell_the_same(tmp_path: Path) -> None:
    walk = written(tmp_path)
    ids = walk.frame["id"].tolist()
    assert ids == ["w2:surface+width", "n75:kerb"]
    with (tmp_path / CSV_FILE).open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened, delimiter=";"))
    assert [row["id"] for row in rows] == ids
    assert [(row["wege"], row["allein"], row["zusammen"]) for row in rows] == [
        ("2", "1", "1"), ("1", "0", "2"),
    ]  # fmt: skip
    assert rows[0]["meter"] == "30,0"
    assert described("walklist.csv") == list(rows[0])
    assert described("walklist") == [name for name in walk.frame.columns if name != "geometry"]
    assert rows[0]["quelle"].startswith("Erfundene")
    features = json.loads((tmp_path / GEOJSON_FILE).read_text(encoding="utf-8"))["features"]
    assert [one["geometry"]["type"] for one in features] == ["Point", "MultiLineString"]
    ways = gpd.read_file(tmp_path / GPKG_FILE, layer="walklist_ways")
    spots = gpd.read_file(tmp_path / GPKG_FILE, layer="walklist_spots")
    assert [*ways["id"], *spots["id"]] == ids
    assert ways.crs == walk.frame.crs
    assert ways.geometry.iloc[0].length == pytest.approx(30, abs=0.01)


def test_the_same_list_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    for folder in (first, second):
        folder.mkdir()
        written(folder)
    for name in (CSV_FILE, GPKG_FILE, GEOJSON_FILE, PAGE_FILE):
        assert (first / name).read_bytes() == (second / name).read_bytes()


def test_the_page_can_be_taken_along(tmp_path: Path) -> None:
    walk = written(tmp_path)
    page = Page((tmp_path / PAGE_FILE).read_text(encoding="utf-8"))
    assert "1. Markt" in page.text
    assert "2. Bordstein" in page.text
    assert "Dieser Ort ist erfunden" in page.text
    assert walklist_intro(walk, 2) in page.text
    questions = [one for row in walk.frame["questions"] for one in row.split("\n")]
    assert sum(tag == "li" for tag, _ in page.elements) == len(questions) == 3
    assert all(question in page.text for question in questions)
    assert [tag for tag, _ in page.elements if tag == "circle"] == ["circle"] * 2
    assert not {"script", "img", "link", "iframe", "a"} & {tag for tag, _ in page.elements}
    assert not re.search(r"https?:", (tmp_path / PAGE_FILE).read_text(encoding="utf-8"))


def test_names_from_outside_stay_text(tmp_path: Path) -> None:
    written(tmp_path, street=HOSTILE)
    text = (tmp_path / PAGE_FILE).read_text(encoding="utf-8")
    page = Page(text)
    assert "<img src=x onerror=alert(1)>" in page.text
    assert not any(tag == "img" for tag, _ in page.elements)
    written(tmp_path, street="=cmd()")
    assert ";'=cmd();" in (tmp_path / CSV_FILE).read_text(encoding="utf-8-sig")


def test_only_the_first_are_printed(tmp_path: Path) -> None:
    written(tmp_path, top=1)
    page = Page((tmp_path / PAGE_FILE).read_text(encoding="utf-8"))
    assert "2. Bordstein" not in page.text
    assert len((tmp_path / CSV_FILE).read_text(encoding="utf-8").splitlines()) == 3


def test_what_settling_brings_is_said_with_its_numbers(tmp_path: Path) -> None:
    walk = written(tmp_path)
    assert walklist_intro(walk, 1) == (
        "Diese Stelle ist in der Karte nicht vollständig beschrieben; Wege auf Rädern hängen "
        "davon ab. Ist sie geklärt und in Ordnung, so wird 1 von 2 Wegen, die heute nur nach "
        "Datenlage möglich sind, gesichert."
    )
    assert walklist_intro(walk, 2) == (
        "Diese 2 Stellen sind in der Karte nicht vollständig beschrieben; Wege auf Rädern hängen "
        "davon ab. Sind alle geklärt und in Ordnung, so werden 2 von 2 Wegen, die heute nur nach "
        "Datenlage möglich sind, gesichert."
    )


def test_where_nothing_is_missing_the_files_say_so(tmp_path: Path) -> None:
    walk = written(tmp_path, known=True)
    assert walk.frame.empty
    text = (tmp_path / PAGE_FILE).read_text(encoding="utf-8")
    assert "keine offenen Fragen" in text
    assert "<svg" not in text
    assert len((tmp_path / CSV_FILE).read_text(encoding="utf-8").splitlines()) == 1
    assert gpd.read_file(tmp_path / GPKG_FILE, layer="walklist_ways").empty


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "geojson").write_text("", encoding="utf-8")
    with pytest.raises(OutputError):
        written(tmp_path)
