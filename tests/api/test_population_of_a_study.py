"""A study whose file of the population is wrong: told in German, the last results kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.api.conftest import Run

CASES = {
    "missing": (None, "", ["menschen.csv", "gibt es nicht"]),
    "no_crs": ("x,y,Einwohner\n1,2,3\n", "", ["Koordinatensystem", "population_crs"]),
    "wrong_crs": ("x,y,Einwohner\n1,2,3\n", 'population_crs = "EPSG:3035"', ["niemanden"]),
    "wrong_column": ("lon,lat,EW\n7,51,3\n", 'population_column = "ew2"', ["»ew2«", "»EW«"]),
    "bad_row": ("lon,lat,EW\n7.001,51,drei\n", "", ["Zeile 2", "keine Zahl"]),
    "swapped": ("lon,lat,EW\n51,7.001,3\n", "", ["vertauscht"]),
}


@pytest.mark.parametrize("case", CASES)
def test_a_wrong_population_stops_the_build(sozialraum: Run, study: Path, case: str) -> None:
    content, more, words = CASES[case]
    if content is not None:
        (study / "menschen.csv").write_text(content, encoding="utf-8")
    with (study / "study.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'profiles = ["resident"]\npopulation = "menschen.csv"\n{more}\n')
    (study / "out").mkdir()
    (study / "out" / "karte.html").write_text("die letzte gute Karte")
    outcome = sozialraum("build", study)
    assert outcome.code == 2, outcome.said
    for word in [*words, "Abhilfe"]:
        assert word in outcome.said.replace("- ", "-"), outcome.said
    assert "Traceback" not in outcome.said
    assert [path.name for path in (study / "out").iterdir()] == ["karte.html"]
    assert (study / "out" / "karte.html").read_text() == "die letzte gute Karte"
