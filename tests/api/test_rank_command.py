"""The command ``rank``: what it prints, what it writes, bad input."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from api.rank_command import bar
from tests.api.conftest import Run

CANDIDATES = """
id;name;lon;lat;miete
a;Scheune am Weg;7.0019;51.0019;200
b;Laden an der Ecke;7.0000;51.0000;400
c;Alte Schule;7.0040;51.0000;
"""

CRITERIA = """
[miete]
column = "miete"
label = "Miete"
unit = "Euro"
worst = 500
best = 0
digits = 0
"""

POPULATION = "lon,lat,people\n7.0001,51.0001,40\n7.0035,51.0001,3\n"

SETTINGS = """
profiles = ["resident"]
projects = ["cafe", "laden"]
candidates = "orte.geojson"
criteria = "kriterien.toml"

[project.laden]
label = "Umsonstladen"
gender = "m"
serves = ["cafe"]
candidates = []
weights = { way = 0.6, miete = 0.4 }
"""


@pytest.fixture
def placed(study: Path) -> Path:
    """Return the tiny study with three points of its own and a criterion of its own."""
    rows = [line.split(";") for line in CANDIDATES.strip().splitlines()[1:]]
    features = [
        {
            "type": "Feature",
            "properties": {"id": key, "name": name}
            | ({"miete": float(rent)} if rent else {"miete": None}),
            "geometry": {"type": "Point", "coordinates": [float(lon), float(lat)]},
        }
        for key, name, lon, lat, rent in rows
    ]
    (study / "orte.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8"
    )
    (study / "kriterien.toml").write_text(CRITERIA, encoding="utf-8")
    text = (study / "study.toml").read_text(encoding="utf-8")
    (study / "study.toml").write_text(text + SETTINGS, encoding="utf-8")
    return study


def files(folder: Path) -> list[str]:
    """Return what lies in a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_ranking(sozialraum: Run, placed: Path) -> None:
    done = sozialraum("rank", placed, "--project", "laden")
    assert done.code == 0, done.said
    lines = done.out.splitlines()
    assert lines[0] == "Umsonstladen, zu Fuß: 3 Orte"
    # The barn stands beside the house and is cheap: it is first whatever the weights.
    assert lines[1].startswith("Empfehlung: »Scheune am Weg«.")
    assert "Platz 1 in 100 % der Fälle" in lines[1]
    assert lines[2].split() == ["Platz", "Ort", "A", "B", "Ergebnis", "Platz", "1", "in"]
    assert "  A = Weg der Bewohnerinnen und Bewohner, Gewicht 60 %" in lines
    # 500 Euro count 0, none counts 1: 200 are 0.6, of a weight of 0.4.
    words = next(line for line in lines if "Miete" in line and "Euro" in line).split()
    assert words == ["██▍", "Miete", "200", "Euro", "0,60", "40", "%", "0,24"]
    # The old school's rent is not known.
    assert "?" in next(line for line in lines[3:] if "Alte Schule" in line)
    assert "? = nicht erfasst, zählt 0" in done.out
    assert "Nicht erfasst und deshalb mit 0 gezählt: »Miete«." in done.out
    assert files(placed / "out") == ["geojson/ranking.geojson", "ranking.csv", "ranking.gpkg"]
    with (placed / "out/ranking.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    # All kinds of projects that the study asks for are written, whichever is shown.
    assert {row["Projekt"] for row in rows} == {"Nachbarschaftscafé", "Umsonstladen"}
    assert rows[-3]["Ort"] == "Scheune am Weg"


def test_all_projects_in_short(sozialraum: Run, placed: Path) -> None:
    done = sozialraum("rank", placed)
    assert done.code == 0
    assert "Nachbarschaftscafé, zu Fuß:" in done.out
    assert "Umsonstladen, zu Fuß:" in done.out
    assert "█" not in done.out


def test_why_and_several(sozialraum: Run, placed: Path, tmp_path: Path) -> None:
    words = ["rank", placed, "--project", "laden", "--out", tmp_path / "x", "--top", "1"]
    done = sozialraum(*words, "--why", "Ecke", "file:a", "--sites", "2")
    assert done.code == 0, done.said
    assert "»Scheune am Weg« liegt vor »Laden an der Ecke«, weil der Ort besser" in done.out
    assert "(200 statt 400 Euro)" in done.out
    assert "Weitere Orte: 2. Mit --top zeigt es mehr." in done.out
    assert "(genau: alle 3 Möglichkeiten verglichen)" in done.out
    assert files(tmp_path / "x") == ["geojson/ranking.geojson", "ranking.csv", "ranking.gpkg"]
    assert not (placed / "out").exists()


def test_the_same_bytes_again(sozialraum: Run, placed: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        sozialraum("rank", placed, "--out", tmp_path / name)
    for path in files(tmp_path / "a"):
        assert (tmp_path / "a" / path).read_bytes() == (tmp_path / "b" / path).read_bytes()


def test_another_profile(sozialraum: Run, placed: Path) -> None:
    done = sozialraum("rank", placed, "--project", "laden", "--profile", "wheelchair")
    assert done.code == 0, done.said
    assert done.out.startswith("Umsonstladen, mit dem Rollstuhl:")


def test_neighbours_from_a_file_are_no_estimate(sozialraum: Run, placed: Path) -> None:
    (placed / "menschen.csv").write_text(POPULATION, encoding="utf-8")
    text = (placed / "study.toml").read_text(encoding="utf-8")
    head = 'population = "menschen.csv"\npopulation_crs = "EPSG:4326"\n'
    (placed / "study.toml").write_text(
        text.replace("projects =", head + "projects ="), encoding="utf-8"
    )
    done = sozialraum("rank", placed, "--project", "cafe")
    assert done.code == 0, done.said
    assert "geschätzt" not in done.out
    with (placed / "out/ranking.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    # All three points are within ten minutes of both homes.
    assert {row["Menschen der Nachbarschaft"] for row in rows} == {"43"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--project", "caffe"], ["»caffe«", "--project", "»cafe«"]),
        (["--project", "cafe", "--profile", "rolator"], ["»rolator«", "--profile", "»rollator«"]),
        (["--project", "laden", "--why", "Schuene", "Alte Schule"], ["--why", "Scheune am Weg"]),
        (["--project", "laden", "--why", "Scheune", "file:a"], ["beide Male derselbe Ort"]),
        (["--project", "laden", "--sites", "9"], ["--sites", "nicht 9 Orte", "1 bis 3"]),
        (["--project", "laden", "--sites", "1"], ["--sites"]),
        (["--project", "laden", "--top", "0"], ["--top"]),
        (["--why", "a", "b"], ["--why", "--project"]),
        (["--sites", "2"], ["--sites", "--project"]),
    ],
)
def test_bad_questions(sozialraum: Run, placed: Path, words: list[str], said: list[str]) -> None:
    done = sozialraum("rank", placed, *words)
    assert done.code == 2
    assert [part for part in said if part not in done.said] == []
    # Nothing half-written.
    assert not (placed / "out").exists()


def test_a_study_without_projects(sozialraum: Run, study: Path) -> None:
    text = (study / "study.toml").read_text(encoding="utf-8")
    (study / "study.toml").write_text(f"{text}projects = []\n", encoding="utf-8")
    done = sozialraum("rank", study)
    assert done.code == 2
    assert "nennt keine Projektart" in done.said
    assert sozialraum("rank", study, "--project", "cafe").code == 0


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "    "), (0.001, "▏   "), (0.5, "██  "), (0.6, "██▍ "), (1.0, "████")],
)
def test_bars(value: float, text: str) -> None:
    assert bar(value) == text
