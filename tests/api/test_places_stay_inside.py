"""How many people a house has room for never leaves: no file of a build contains it."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.api.conftest import HOUSE, Run, feature, point, write_sites

CANARY = 7919
"""A prime that stands for the places of a house and for nothing else."""


def _tables(path: Path) -> str:
    """Return all values of all tables of a GeoPackage as text."""
    with sqlite3.connect(path) as connection:
        names = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        rows = [
            str(row)
            for name in names
            for row in connection.execute(f'SELECT * FROM "{name}"')  # noqa: S608 - our own file
        ]
    return "\n".join([*names, *rows])


def _contents(out: Path) -> dict[str, str]:
    contents = {}
    for path in sorted(out.rglob("*")):
        if path.suffix == ".gpkg":
            contents[path.name] = _tables(path)
        elif path.is_file():
            contents[str(path.relative_to(out))] = path.read_bytes().decode("latin-1")
    return contents


def test_no_file_of_a_build_tells_the_places(sozialraum: Run, study: Path) -> None:
    house = {**HOUSE, "places": CANARY}
    write_sites(study / "sites.geojson", feature(house, point(7.002, 51.0019)))
    assert str(CANARY) in (study / "sites.geojson").read_text(encoding="utf-8")
    outcome = sozialraum("build", study)
    assert outcome.code == 0, outcome.said
    contents = _contents(study / "out")
    # The test sees what stands in the files.
    assert any("Haus Linde" in text for text in contents.values())
    assert {"snapshot.gpkg", "karte.html", "access.csv"} <= set(contents)
    told = [name for name, text in contents.items() if str(CANARY) in text]
    assert told == []
    assert str(CANARY) not in outcome.said
    houses = json.loads(contents["geojson/houses.geojson"].encode("latin-1"))
    assert "places" not in houses["features"][0]["properties"]


@pytest.mark.parametrize("places", [-1, "24 Plätze"])
def test_places_that_are_no_number_are_told(sozialraum: Run, study: Path, places: object) -> None:
    house = {**HOUSE, "places": places}
    write_sites(study / "sites.geojson", feature(house, point(7.002, 51.0019)))
    outcome = sozialraum("build", study)
    assert outcome.code == 2
    assert "haus-1" in outcome.said
    assert "»places«" in outcome.said
    assert "zum Beispiel 24" in outcome.said
    assert not (study / "out").exists()
