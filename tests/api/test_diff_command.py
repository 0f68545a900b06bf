"""The command ``diff``: which files it takes, what it prints and writes, and what it refuses."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from api.cli import run
from layers.layer_frames import layer_columns, typed
from layers.store import write_exported
from tests.layers.test_changes import CRS, places, release


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Write two releases: a place moved, one came, one went."""
    sites = gpd.GeoDataFrame(
        {"id": ["s"], "name": ["Gelände"], "area_m2": [1e4], "source": [""], "licence": [""]},
        geometry=[shapely.box(400_000, 5_700_000, 400_100, 5_700_100)],
        crs=CRS,
    )
    held = typed(sites, layer_columns("sites", ()))
    parts = [
        places({"id": "n1", "x": 0, "name": "A"}, {"id": "n2", "x": 300, "name": "[bold]B"}),
        places({"id": "n1", "x": 20, "name": "A"}, {"id": "n3", "x": 600, "name": "C"}),
    ]
    found = []
    for name, part in zip(("alt", "neu"), parts, strict=True):
        folder = tmp_path / name
        folder.mkdir()
        made = release({"snapshot": name}, sites=held, services=part)
        categories = made.categories.assign(
            layer="services", category_group="g", role="r", completeness="high", partner=False,
            indicator=True,
        )  # fmt: skip
        texts = {"house_id": "str", "profile": "str", "position": "int64", "text": "str"}
        summaries = pd.DataFrame({name: [] for name in texts}).astype(texts)
        made = replace(made, categories=categories, summaries=summaries)
        write_exported(made, folder / "snapshot.gpkg")
        found.append(folder)
    return found[0], found[1]


def test_it_prints_and_writes(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = files
    assert run(["diff", str(old / "snapshot.gpkg"), str(new), "--out", str(tmp_path / "d")]) == 0
    said = capsys.readouterr().out
    assert "Verglichen: Ort (Daten vom 01.01.2025, Stand alt)" in said
    # Before, now, new, gone, changed, under another id.
    assert any(line.split() == ["Versorgung", "2", "2", "1", "1", "1", "0"]
               for line in said.splitlines())  # fmt: skip
    assert "[bold]B (Laden)" in said
    assert "Lage: 20 m verschoben" in said
    document = json.loads((tmp_path / "d" / "aenderungen.geojson").read_text(encoding="utf-8"))
    assert [one["properties"]["change"] for one in document["features"]] == [
        "added", "removed", "changed",
    ]  # fmt: skip
    assert (tmp_path / "d" / "aenderungen.csv").read_bytes().count(b"\r\n") == 4


def test_the_same_file_twice(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["diff", str(files[0]), str(files[0])]) == 0
    assert "Es hat sich nichts geändert." in capsys.readouterr().out


def test_an_older_file_is_taken_with_what_it_has(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = files
    with sqlite3.connect(old / "snapshot.gpkg") as database:
        database.execute("DELETE FROM metadata WHERE key = 'release'")
        database.execute("ALTER TABLE services DROP COLUMN operator")
    database.close()
    assert run(["diff", str(old), str(new)]) == 0
    said = capsys.readouterr().out
    assert "»operator«" in said
    assert "[bold]B" in said


def test_what_is_no_result_is_refused(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.gpkg"
    other.write_text("<OGRVRTDataSource/>", encoding="utf-8")
    empty = tmp_path / "empty"
    empty.mkdir()
    for wrong, word in (
        (tmp_path / "none", "gibt es nicht"),
        (empty, "keine Datei snapshot.gpkg"),
        (other, "kein GeoPackage"),
    ):
        target = tmp_path / "written"
        assert run(["diff", str(files[0]), str(wrong), "--out", str(target)]) == 2
        said = capsys.readouterr().err
        assert word in said
        assert "Abhilfe" in said
        assert not target.exists()
