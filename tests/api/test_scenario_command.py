"""The command ``scenario``: what it prints and writes, and bad input."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.api.conftest import Run

VARIANT = """
name = "Zweites Café"
[[change]]
kind = "add_place"
id = "cafe"
category = "cafe"
name = "Café Neu"
lon = 7.0020
lat = 51.0001
"""


@pytest.fixture
def variant(tmp_path: Path) -> Path:
    path = tmp_path / "v.toml"
    path.write_text(VARIANT, encoding="utf-8")
    return path


def test_a_cafe_more(sozialraum: Run, study: Path, variant: Path) -> None:
    done = sozialraum("scenario", study, variant)
    assert done.code == 0
    # The new one lies on the path from the house to the street, 11 m before its end. To the
    # other it is 11 m and 140 m more, 150 s and so two minutes and a half.
    assert "Zum nächsten Café 4 statt 6 Minuten." in done.out
    assert "»Café Neu« erreichen in 10 Minuten Menschen aus 1 von 1 Haus" in done.out
    folder = study / "out" / "scenarios" / "zweites-cafe"
    assert f"Geschrieben: {folder}" in done.out
    table = (folder / "changes.csv").read_text(encoding="utf-8-sig")
    assert table.splitlines()[1].startswith("haus-1;")
    note = (folder / "LIESMICH.txt").read_text(encoding="utf-8-sig")
    assert "Ausgangslage:  Ergebnis Nr. " in note


def test_the_folder_can_be_named_and_is_the_same_each_time(
    sozialraum: Run, study: Path, variant: Path, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        assert sozialraum("scenario", study, variant, "--out", tmp_path / name).code == 0
    files = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert "isochrones.geojson" in files
    for name in files:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_wrong_variants_write_nothing(sozialraum: Run, study: Path, variant: Path) -> None:
    variant.write_text(VARIANT.replace('"cafe"\nname', '"kaffee"\nname'), encoding="utf-8")
    done = sozialraum("scenario", study, variant)
    assert done.code == 2
    assert "die Kategorie »kaffee« gibt es nicht" in done.said
    assert str(variant) in done.err
    assert not (study / "out").exists()
    assert sozialraum("scenario", study, variant.with_name("fehlt.toml")).code == 2


def test_a_profile_that_is_not_computed(sozialraum: Run, study: Path, variant: Path) -> None:
    done = sozialraum("scenario", study, variant, "--profile", "plane")
    assert done.code == 2
    assert "Möglich sind: " in done.err
