"""The commands ``times`` and ``walklist``: what they print, what they write, bad input."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tests.api.conftest import HOUSE, Run, feature, point, write_sites


def test_the_nearest_places(sozialraum: Run, study: Path) -> None:
    done = sozialraum("times", study, "--from", "linde")
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0] == "Vom Haus Linde zu Fuß, bis 30 Minuten:"
    assert [name in done.out for name in ("Café am Tor", "Bäckerei Ähre")] == [True, True]
    # 222 m from the house to the street, then 140 m to either end; the café's end is nearer.
    assert done.out.index("Café am Tor") < done.out.index("Bäckerei Ähre")
    assert "Wie sicher" not in done.out


def test_on_wheels_the_table_says_how_sure_it_is(sozialraum: Run, study: Path) -> None:
    # Nothing is known of surfaces and kerbs in this town.
    done = sozialraum("times", study, "--from", "haus-1", "--profile", "wheelchair")
    assert done.code == 0
    assert "Wie sicher" in done.out
    assert "nach Datenlage möglich" in done.out
    sure = sozialraum(
        "times", study, "--from", "haus-1", "--profile", "wheelchair", "--state", "confirmed"
    )
    assert "kein Ort erreichbar, nach dem gefragt wird" in sure.out


def test_the_way_to_a_place(sozialraum: Run, study: Path) -> None:
    done = sozialraum("times", study, "--from", "haus-1", "--to", "Ähre")
    assert done.code == 0
    assert done.out.startswith("Vom Haus Linde zur Bäckerei Ähre sind es ")
    assert "Straßen: Dorfstraße" in done.out


def test_files_are_written(sozialraum: Run, study: Path, tmp_path: Path) -> None:
    for name in ("a.csv", "a.parquet"):
        done = sozialraum("times", study, "--from", "haus-1", "--out", tmp_path / name)
        assert done.code == 0
        assert f"Geschrieben: {tmp_path / name}" in done.out
    assert set(pl.read_parquet(tmp_path / "a.parquet")["to_name"]) == {
        "Bäckerei Ähre", "Café am Tor",
    }  # fmt: skip
    line = tmp_path / "weg.geojson"
    sozialraum("times", study, "--from", "haus-1", "--to", "Ähre", "--out", line)
    assert '"type":"LineString"' in line.read_text(encoding="utf-8")


def test_a_profile_that_the_study_does_not_compute(sozialraum: Run, study: Path) -> None:
    text = (study / "study.toml").read_text(encoding="utf-8")
    (study / "study.toml").write_text(f'{text}profiles = ["walk"]\n', encoding="utf-8")
    done = sozialraum("times", study, "--from", "haus-1", "--profile", "bicycle")
    assert (done.code, "mit dem Fahrrad" in done.out) == (0, True)
    assert "zügig zu Fuß" in sozialraum("times", study, "--from", "haus-1").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--from", "Haus Lnide"], ["--from", "Haus Linde", "haus-1"]),
        (["--from", "haus-1", "--to", "Bäkerei"], ["--to", "Bäckerei Ähre", "n5"]),
        (["--from", "haus-1", "--profile", "rolator"], ["--profile", "rollator"]),
        (["--from", "haus-1", "--state", "possible"], ["--state", "gesichert"]),
        (["--from", "haus-1", "--out", "a.pdf"], ["a.pdf", ".parquet"]),
        (["--from", "haus-1", "--out", "a.geojson"], ["a.geojson", "--to"]),
        (["--from", "haus-1", "--minutes", "0"], ["--minutes"]),
        (["--from", "haus-1", "--limit", "0"], ["--limit"]),
        (["--from", "haus-1", "--state", "sure"], ["--state", "confirmed"]),
        ([], ["--from"]),
    ],
)
def test_bad_questions(sozialraum: Run, study: Path, words: list[str], said: list[str]) -> None:
    done = sozialraum("times", study, *words)
    assert done.code == 2
    assert [word for word in said if word not in done.said] == []
    assert "Traceback" not in done.said


def test_a_walklist(sozialraum: Run, study: Path) -> None:
    done = sozialraum("walklist", study, "--top", "1")
    assert done.code == 0
    assert "gesichert" in done.out
    made = sorted(path.name for path in (study / "out").rglob("*.*"))
    assert made == ["begehungsliste.html", "walklist.csv", "walklist.geojson", "walklist.gpkg"]
    assert str(study / "out" / "walklist.csv") in done.out


def test_a_walklist_elsewhere_for_one_profile(
    sozialraum: Run, study: Path, tmp_path: Path
) -> None:
    done = sozialraum("walklist", study, "--profile", "wheelchair", "--out", tmp_path / "liste")
    assert done.code == 0
    table = (tmp_path / "liste" / "walklist.csv").read_text(encoding="utf-8-sig")
    assert ";wheelchair;" in table
    assert ";rollator" not in table
    assert not (study / "out").exists()


def test_a_walklist_for_nobody(sozialraum: Run, study: Path) -> None:
    for profile, word in (("walk", "auf Rädern"), ("rollstul", "wheelchair")):
        done = sozialraum("walklist", study, "--profile", profile)
        assert done.code == 2
        assert word in done.said
    assert not (study / "out").exists()


def test_names_that_look_like_markup_are_text(sozialraum: Run, study: Path) -> None:
    write_sites(
        study / "sites.geojson", feature(HOUSE | {"name": "[red]Haus"}, point(7.002, 51.0019))
    )
    done = sozialraum("times", study, "--from", "haus-1")
    assert done.out.startswith("Vom [red]Haus zu Fuß")


@pytest.mark.parametrize("name", ["times", "walklist"])
def test_help_is_german(sozialraum: Run, name: str) -> None:
    done = sozialraum(name, "--help")
    assert done.code == 0
    assert "Aufruf:" in done.out
    assert "Optionen" in done.out
    assert "Usage" not in done.out
