"""The command ``confirm``: what it writes, what it prints, bad input."""

from __future__ import annotations

from pathlib import Path

import pytest

from layers.study import load_study
from tests.api.conftest import HOUSE, Run, feature, point, write_sites

GROUNDS = {
    "type": "Polygon",
    "coordinates": [
        [[7.0015, 51.0015], [7.0025, 51.0015], [7.0025, 51.0025], [7.0015, 51.0025],
         [7.0015, 51.0015]]
    ],
}  # fmt: skip
FULL = {
    "--house": "haus-1",
    "--category": "doctors",
    "--status": "missing",
    "--by": "Quartiersmanagement",
    "--on": "2026-11-22",
}


def words(**changed: str | None) -> list[str]:
    """Return the options of a call, some changed or (None) left out."""
    given = FULL | {f"--{key}": value for key, value in changed.items()}
    return [word for key, value in given.items() if value is not None for word in (key, value)]


def written(study: Path) -> list[str]:
    path = study / "confirmations.csv"
    return path.read_text(encoding="utf-8-sig").splitlines() if path.exists() else []


def test_a_record_is_written_and_listed(sozialraum: Run, study: Path) -> None:
    assert "noch nichts bestätigt" in sozialraum("confirm", study, "--list").out
    done = sozialraum("confirm", study, *words(note="Praxis seit 2024 zu"))
    assert done.code == 0
    assert done.out == (
        "Festgehalten: Arztpraxis, Haus Linde, fehlt (Quartiersmanagement, 22.11.2026).\n"
    )
    assert written(study) == [
        "house_id;category;status;by;on;note",
        "haus-1;doctors;missing;Quartiersmanagement;2026-11-22;Praxis seit 2024 zu",
    ]
    listed = sozialraum("confirm", study, "--list")
    assert listed.code == 0
    for word in ("haus-1", "Arztpraxis", "fehlt", "22.11.2026", "Praxis seit 2024 zu"):
        assert word in listed.out


def test_house_and_category_by_name(sozialraum: Run, study: Path) -> None:
    done = sozialraum(
        "confirm", study, *words(house="linde", category="apotheke", status="exists")
    )
    assert (done.code, "Apotheke, Haus Linde, vorhanden" in done.out) == (0, True)
    assert written(study)[1].startswith("haus-1;pharmacy;exists;")


def test_the_grounds_can_be_meant(sozialraum: Run, study: Path) -> None:
    grounds = {"kind": "site", "id": "park", "name": "Klinikpark"}
    write_sites(
        study / "sites.geojson",
        feature(grounds, GROUNDS),
        feature(HOUSE | {"site_id": "park"}, point(7.002, 51.002)),
    )
    done = sozialraum("confirm", study, *words(house="Klinikpark"))
    assert (done.code, written(study)[1][:5]) == (0, "park;")


def test_undo(sozialraum: Run, study: Path) -> None:
    sozialraum("confirm", study, *words(on="2026-01-01"))
    first = written(study)
    sozialraum("confirm", study, *words(status="exists"))
    pair = ["--house", "haus-1", "--category", "Arztpraxis", "--undo"]
    done = sozialraum("confirm", study, *pair)
    assert done.code == 0
    assert done.out == (
        "Zurückgenommen: Arztpraxis, Haus Linde, vorhanden (Quartiersmanagement, 22.11.2026).\n"
    )
    assert written(study) == first
    assert sozialraum("confirm", study, *pair).code == 0
    again = sozialraum("confirm", study, *pair)
    assert (again.code, "nichts bestätigt" in again.said) == (2, True)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ([], ["--house", "--undo"]),
        (words(house=None), ["»--house«"]),
        (words(status=None), ["»--status«"]),
        (words(by=None), ["»--by«"]),
        (words(on=None), ["»--on«"]),
        (words(house="Haus Lnide"), ["--house", "Haus Linde", "haus-1"]),
        (words(category="doctor"), ["--category", "Arztpraxis (doctors, Gesundheit)"]),
        (words(category="bench"), ["--category"]),  # a place, but nothing that is asked for
        (words(category="praxis"), ["kann mehreres meinen", "Zahnarztpraxis"]),
        (words(status="weg"), ["»weg«", "exists", "missing"]),
        (words(on="2026-02-30"), ["»2026-02-30«", "--on", "JJJJ-MM-TT"]),
        (words(by=" "), ["--by"]),
        (words(by="x" * 101), ["--by", "101 Zeichen"]),
        (words(note="x" * 301), ["--note", "301 Zeichen"]),
    ],
)
def test_bad_input(sozialraum: Run, study: Path, call: list[str], said: list[str]) -> None:
    sozialraum("confirm", study, *words(on="2020-01-01"))
    before = (study / "confirmations.csv").read_bytes()
    done = sozialraum("confirm", study, *call)
    assert done.code == 2
    assert [word for word in said if word not in done.said] == []
    assert "Traceback" not in done.said
    assert (study / "confirmations.csv").read_bytes() == before
    assert sorted(path.name for path in study.iterdir() if path.name.startswith(".")) == []


def test_a_broken_file_is_named_and_stays(sozialraum: Run, study: Path) -> None:
    path = study / "confirmations.csv"
    path.write_text("house_id;category;status;by;on\nhaus-1;doctors;weg;Amt;2026-01-01\n", "utf-8")
    before = path.read_bytes()
    for call in (words(), ["--list"], [*words(), "--undo"]):
        done = sozialraum("confirm", study, *call)
        assert (done.code, "confirmations.csv, Zeile 2" in done.said) == (2, True)
    assert path.read_bytes() == before


def test_text_from_outside_is_text(sozialraum: Run, study: Path) -> None:
    done = sozialraum("confirm", study, *words(by="[red]=cmd()", note="=1+1"))
    assert done.code == 0
    assert "[red]=cmd()" in done.out
    assert written(study)[1].endswith(";'=1+1")
    assert "[red]=cmd()" in sozialraum("confirm", study, "--list").out


def test_what_was_confirmed_does_not_stop_a_study(sozialraum: Run, study: Path) -> None:
    sozialraum("confirm", study, *words())
    assert sozialraum("check", study).code == 0
    assert load_study(study).settings.name == "Teststadt"


def test_help_is_german(sozialraum: Run) -> None:
    done = sozialraum("confirm", "--help")
    assert done.code == 0
    assert "Aufruf:" in done.out
    assert "Usage" not in done.out
