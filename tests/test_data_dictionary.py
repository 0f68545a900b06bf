"""The data dictionary describes every column of every file, and no other."""

from __future__ import annotations

import csv
import json
import re
import runpy
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from layers.columns import described_as, described_tables
from layers.exports import write_all
from layers.layer_frames import layer_columns
from layers.layer_info import LAYERS
from layers.release import load_release
from layers.report import write_report
from maps.gis_styles import gis_styles
from tests.documents import ROOT, section
from tests.layers.sample import sample_snapshot

DICTIONARY = ROOT / "docs/datenwoerterbuch.md"
MINUTES = (5, 10, 15)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    write_all(sample_snapshot(), folder, gis_styles)
    write_report(sample_snapshot(), folder, {"Lesen": 1.0})
    return folder


def described(heading: str) -> list[str]:
    """Return what the first table under a heading describes, in its order."""
    return re.findall(r"^\| `([\w.]+)` \|", section(DICTIONARY, heading), re.MULTILINE)


def test_the_dictionary_is_up_to_date() -> None:
    generate = runpy.run_path(str(ROOT / "docs/generate.py"))
    text = DICTIONARY.read_text(encoding="utf-8")
    assert text == generate["dictionary_text"](), "run `make docs`"
    assert "[[" not in text


def test_every_description_has_its_place_in_the_dictionary() -> None:
    template = (ROOT / "docs/vorlagen/datenwoerterbuch.md.in").read_text(encoding="utf-8")
    placed = re.findall(r"^\[\[(.+)\]\]$", template, re.MULTILINE)
    assert sorted(placed) == sorted({*described_tables(), *LAYERS})


@pytest.mark.parametrize("layer", list(LAYERS))
def test_what_is_public_of_a_layer_is_said(layer: str) -> None:
    (said,) = re.findall(
        r"^Öffentliche Fassung: (.+)\.$", section(DICTIONARY, layer), re.MULTILINE
    )
    columns = layer_columns(layer, MINUTES)
    public = [name for name in columns if load_release().allows(layer, name)]
    if not public:
        assert said == "nicht enthalten"
    elif public == columns:
        assert said == "alle Spalten"
    else:
        assert re.findall(r"`(\w+)`", said) == [name for name in columns if name not in public]


@pytest.mark.parametrize("layer", list(LAYERS))
def test_columns_of_layers(layer: str) -> None:
    if described_as(layer) != layer:
        assert re.search(
            rf"Spalten wie bei\s+\[{described_as(layer)}\]", section(DICTIONARY, layer)
        )
    assert described(described_as(layer)) == layer_columns(layer, MINUTES)


@pytest.mark.parametrize("name", ["places.csv", "access.csv", "coverage.csv", "needs.csv"])
def test_columns_of_tables(name: str, files: Path) -> None:
    with (files / name).open(encoding="utf-8-sig", newline="") as opened:
        header = next(csv.reader(opened, delimiter=";"))
    assert described(name) == header


def test_tables_of_the_geopackage(files: Path) -> None:
    with closing(sqlite3.connect(files / "snapshot.gpkg")) as connection:
        tables = [name for (name,) in connection.execute("SELECT table_name FROM gpkg_contents")]
    assert {*LAYERS, *described("Weitere Tabellen in snapshot.gpkg")} == set(tables)


def test_keys_of_the_report(files: Path) -> None:
    report = json.loads((files / "report.json").read_text(encoding="utf-8"))
    assert described("report.json") == list(report)


def test_the_guide_names_every_file(files: Path) -> None:
    guide = section(ROOT / "docs/anleitung.md", "Rechnen")
    made = {path.name + "/" * path.is_dir() for path in files.iterdir()}
    assert [name for name in sorted(made | {"karte.html"}) if f"`{name}`" not in guide] == []
