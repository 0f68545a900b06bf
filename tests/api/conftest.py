"""A tiny study, cheap enough to be built in many tests."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.cli import run
from tests.osm_xml import write_osm

EXAMPLE = Path(__file__).resolve().parents[2] / "examples/musterhausen"

Run = Callable[..., "Outcome"]


class Outcome:
    """What a call of the command line gave: exit code, stdout, stderr."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def said(self) -> str:
        """All that was printed, white space folded (the terminal wraps lines)."""
        return " ".join((self.out + self.err).split())


@pytest.fixture
def sozialraum(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call the command line in this process."""
    monkeypatch.delenv("SOZIALRAUM_DEBUG", raising=False)

    def call(*words: str | Path) -> Outcome:
        capfd.readouterr()
        code = run([str(word) for word in words])
        printed = capfd.readouterr()
        return Outcome(code, printed.out, printed.err)

    return call


TOWN_DRAWING = """
A street of 280 m with a bakery at its end, and a path of 222 m that leads to a house.

  6 café   4 house (7.002, 51.002)
  |        |
  1--------2--------3-5 bakery
"""
TOWN_NODES: dict[int, Any] = {
    1: (7.000, 51.000),
    2: (7.002, 51.000),
    3: (7.004, 51.000),
    4: (7.002, 51.002),
    5: (7.0041, 51.0001, {"shop": "bakery", "name": "Bäckerei Ähre"}),
    6: (7.0001, 51.0001, {"amenity": "cafe", "name": "Café am Tor", "wheelchair": "yes"}),
}
TOWN_WAYS: dict[int, Any] = {
    10: ([1, 2, 3], {"highway": "residential", "name": "Dorfstraße"}),
    11: ([2, 4], {"highway": "footway"}),
}
HOUSE = {"kind": "house", "id": "haus-1", "name": "Haus Linde"}


def feature(properties: dict[str, Any], geometry: dict[str, Any]) -> dict[str, Any]:
    """Return a GeoJSON feature."""
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def point(longitude: float, latitude: float) -> dict[str, Any]:
    """Return a GeoJSON point."""
    return {"type": "Point", "coordinates": [longitude, latitude]}


def write_sites(path: Path, *features: dict[str, Any]) -> None:
    """Write a file of sites."""
    collection = {"type": "FeatureCollection", "features": list(features)}
    path.write_text(json.dumps(collection), encoding="utf-8")


@pytest.fixture(scope="session")
def _study_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vorlage") / "studie"
    folder.mkdir()
    write_osm(folder / "region.osm", TOWN_NODES, TOWN_WAYS, timestamp="2026-03-12T08:00:00Z")
    write_sites(folder / "sites.geojson", feature(HOUSE, point(7.002, 51.0019)))
    (folder / "study.toml").write_text(
        'name = "Teststadt"\nextract = "region.osm"\nsites = "sites.geojson"\n', encoding="utf-8"
    )
    return folder


@pytest.fixture
def study(_study_template: Path, tmp_path: Path) -> Path:
    """Return a fresh copy of the tiny study."""
    return Path(shutil.copytree(_study_template, tmp_path / "studie"))


@pytest.fixture(scope="session")
def musterhausen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the example study, built with both releases; not to be written to."""
    folder = tmp_path_factory.mktemp("beispiel") / "musterhausen"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("out", "drawing"))
    assert run(["build", str(folder)]) == 0
    return folder
