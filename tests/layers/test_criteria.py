"""Criteria: each formula by hand, and what a study changes, adds or gets wrong."""

from __future__ import annotations

import inspect
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from geo.errors import StudyError
from geo.profiles import State
from layers.criteria import (
    CRITERIA,
    Criterion,
    load_criteria,
    minutes_saved_by_origin,
    needs_met_by_origin,
    raw_values,
    study_criteria,
)
from layers.evidence import Evidence
from layers.need_table import MET, NOT_MET, NOT_RECORDED, ONLY_ON_CAMPUS
from layers.ranking import scale
from layers.study import Study, StudySettings
from tests.layers.ranked import evidence

DOC = Path(__file__).resolve().parents[2] / "docs" / "standortsuche.md"


def value(criterion: str, found: Evidence) -> list[float]:
    return [float(one) for one in raw_values(found, [criterion])[:, 0]]


# -- the product's ----------------------------------------------------------------------


def test_data_and_functions_are_the_same_criteria() -> None:
    assert list(load_criteria()) == list(CRITERIA)
    for key, function in CRITERIA.items():
        said = inspect.getdoc(function) or ""
        # Unit and source stand with the formula.
        assert "field.md" in said, key
        assert "shape ``(n,)``" in said, key


def test_the_documentation_says_what_the_data_say() -> None:
    lines = [line for line in DOC.read_text(encoding="utf-8").splitlines() if line[:3] == "| `"]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    # Other tables tell other things of the same criteria.
    rows = {row[0].strip("`"): row for row in cells if len(row) == 6}
    for key, one in load_criteria().items():
        best = "höchster Wert" if one.best is None else f"{one.best:g}"
        assert rows[key][1:5] == [one.label, one.unit or "–", f"{one.worst:g}", best]


def test_minutes_saved() -> None:
    # Two houses, 30 and 10 places, 12 and 4 minutes from a café today. Candidate 1 is 2 and 6
    # minutes away: saved 10 and max(0, 4 − 6) = 0, so (30 · 10 + 10 · 0) / 40 = 7.5. Candidate 2
    # is 12 and 2 minutes away: 0 and 2, so 20 / 40 = 0.5.
    found = evidence([[2, 12], [6, 2]], now=[12, 4], places=[30, 10])
    assert minutes_saved_by_origin(found).tolist() == [[10, 0], [0, 2]]
    assert value("minutes_saved", found) == [7.5, 0.5]


def test_beyond_the_limit_counts_as_the_limit() -> None:
    # The limit of 30 minutes is also the way today where there is none: 30 − 2 = 28 saved by
    # candidate 1, nothing by candidate 2, which nobody reaches.
    found = evidence([[2, None]], now=[None])
    assert value("minutes_saved", found) == [28, 0]
    assert value("way", found) == [2, 30]


def test_what_is_not_recorded_saves_an_unknown_time() -> None:
    # Of two houses only the second knows its way today (somebody looked): only it is asked,
    # for both candidates alike. 30 − 5 = 25 and 30 − 20 = 10.
    states = [[NOT_RECORDED, MET], [NOT_MET, MET]]
    found = evidence([[2, 3], [5, 20]], places=[30, 10], states=states)
    assert np.isnan(minutes_saved_by_origin(found)[0]).all()
    assert value("minutes_saved", found) == [25, 10]
    # Nobody knows: not 28 minutes saved, but not known.
    nobody = evidence([[2, 3], [5, 20]], states=[[NOT_RECORDED, MET]] * 2)
    assert np.isnan(value("minutes_saved", nobody)).all()


def test_way_and_residents() -> None:
    # (30 · 10 + 10 · 20) / 40 = 12.5; within 10 minutes are the 30 of 40: 75 %.
    found = evidence([[10], [20]], places=[30, 10])
    assert value("way", found) == [12.5]
    assert value("residents", found) == [75]
    # 10 minutes and a millisecond are too many.
    late = replace(found, reach=replace(found.reach, resident_ms=found.reach.resident_ms + 1))
    assert value("residents", late) == [0]


def test_needs_met() -> None:
    # House 1 (30 places) lacks both categories, house 2 (10) the first; the second is only on
    # campus for it, so lacking off campus too. Standard 10 minutes.
    # Candidate 1: reached by house 1 in 10 (within), by house 2 in 11: 2 · 30 / 40 = 1.5.
    # Candidate 2: reached by house 2 in 5 only: 2 · 10 / 40 = 0.5.
    # Candidate 3: both at once, but on the grounds: nothing is met off campus.
    states = [[NOT_MET, NOT_MET], [NOT_MET, ONLY_ON_CAMPUS]]
    found = evidence(
        [[10, None, 1], [11, 5, 1]], places=[30, 10], states=states, on_campus=["", "", "park"]
    )
    assert needs_met_by_origin(found).tolist() == [[2, 0, 0], [0, 2, 0]]
    assert value("needs_met", found) == [1.5, 0.5, 0]


def test_neither_what_is_met_nor_what_is_not_recorded_is_a_gap() -> None:
    assert value("needs_met", evidence([[1]], states=[[MET, NOT_RECORDED]])) == [0]


def test_neighbours_and_bridge_are_taken_as_they_are() -> None:
    found = evidence([[1, 1]], near=[120.5, 3], bridge=[0.25, 1])
    assert value("neighbours", found) == [120.5, 3]
    assert value("bridge", found) == [0.25, 1]


def test_step_free_confirmed_and_possible() -> None:
    # Within the largest threshold of 15 minutes: surely only house 1 (30 of 40 places, 75 %);
    # possibly house 2 as well, in 15 minutes exactly.
    found = evidence(
        [[1], [1]],
        places=[30, 10],
        step_free={State.CONFIRMED: [[14], [None]], State.POSSIBLE: [[14], [15]]},
    )
    assert value("step_free_confirmed", found) == [75]
    assert value("step_free_possible", found) == [100]


def test_step_free_is_not_known_without_anybody_on_wheels() -> None:
    found = evidence([[1]])
    assert np.isnan(value("step_free_confirmed", found)).all()
    assert np.isnan(value("step_free_possible", found)).all()


def test_transit_and_partner() -> None:
    # Beyond the largest threshold (15 minutes) a stop is as good as none.
    found = evidence([[1, 1, 1]], transit=[3, None, 0.5], partner=[0, 4.5, None])
    assert value("transit", found) == [3, 15, 0.5]
    assert value("partner", found) == [0, 4.5, 15]
    none = replace(found, transit_recorded=False, partners_recorded=False)
    assert np.isnan(value("transit", none)).all()
    assert np.isnan(value("partner", none)).all()


def test_nobody_at_home_is_not_known_rather_than_nought() -> None:
    found = evidence([[1]], places=[0])
    for key in ("minutes_saved", "way", "residents", "needs_met"):
        assert np.isnan(value(key, found)).all(), key


def test_values_stay_within_what_their_anchors_expect() -> None:
    found = evidence([[0, None], [7, 15]], near=[0, 9], bridge=[0, 1], transit=[0, None])
    scaled = scale(raw_values(found, list(CRITERIA)), list(load_criteria().values()))
    assert ((scaled >= 0) & (scaled <= 1)).all()


def test_less_is_better_where_worst_is_the_greater() -> None:
    # transit: 15 counts 0, 3 counts 1: 9 lies in the middle, 0 is no better than 3.
    transit = load_criteria()["transit"]
    raw = np.array([[15.0], [9.0], [3.0], [0.0], [math.nan]])
    assert scale(raw, [transit])[:, 0].tolist() == [0, 0.5, 1, 1, 0]


# -- a study's own ----------------------------------------------------------------------


def study(folder: Path, text: str | None, **settings: str) -> Study:
    if text is not None:
        (folder / "kriterien.toml").write_text(text, encoding="utf-8")
    known = {"name": "S", "extract": "x.osm", "sites": "s.geojson", "candidates": "orte.csv"}
    return Study(
        folder=folder,
        settings=StudySettings.model_validate({**known, "criteria": "kriterien.toml", **settings}),
    )


RENT = '[rent]\ncolumn = "miete"\nlabel = "Miete"\nunit = "Euro"\nworst = 2000\nbest = 500\n'


def test_a_study_adds_and_changes(tmp_path: Path) -> None:
    known = study_criteria(study(tmp_path, RENT + '[way]\nworst = 30\nlabel = "Weg"\n'))
    assert known["rent"] == Criterion("rent", "Miete", "Euro", 2000.0, 500.0, 0, "miete")
    before = load_criteria()["way"]
    assert known["way"] == replace(before, worst=30.0, label="Weg")
    assert list(known)[-1] == "rent"
    assert load_criteria()["way"] == before


def test_spread_and_no_unit(tmp_path: Path) -> None:
    text = '[size]\ncolumn = "m²"\nlabel = "Größe"\nunit = ""\nworst = 0\nbest = "spread"\n'
    assert study_criteria(study(tmp_path, text + "digits = 2\n"))["size"] == Criterion(
        "size", "Größe", "", 0.0, None, 2, "m²"
    )


def test_own_columns_are_read_and_what_is_not_there_is_not_known() -> None:
    rent = Criterion("rent", "Miete", "Euro", 2000.0, 500.0, 0, "miete")
    found = evidence([[1, 1]], own={"miete": [800.0, math.nan]})
    raw = raw_values(found, [rent, load_criteria()["way"]])
    assert raw[:, 0].tolist() == pytest.approx([800.0, math.nan], nan_ok=True)
    assert raw[:, 1].tolist() == [1, 1]
    # (2000 − 800) / (2000 − 500) = 0.8; not known counts 0.
    assert scale(raw[:, :1], [rent])[:, 0].tolist() == [0.8, 0]
    assert np.isnan(raw_values(evidence([[1, 1]]), [rent])).all()
    assert raw_values(found, []).shape == (2, 0)


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        (RENT + "wurst = 3", "[rent], wurst", ["Schlüssel »wurst«", "wohl »worst«"]),
        (RENT.replace("500", "2000"), "[rent], best", ["gleich", "unterscheidet es nichts"]),
        (RENT.replace("500", '"viel"'), "[rent], best", ["»best«", "keine Zahl", "spread"]),
        (RENT.replace("2000", '"spread"'), "[rent], worst", ["»worst«", "keine Zahl"]),
        (RENT.replace("2000", "nan"), "[rent], worst", ["keine Zahl"]),
        (RENT.replace("2000", "true"), "[rent], worst", ["keine Zahl"]),
        (RENT + "digits = 1.5", "[rent], digits", ["ganze Zahl von 0 bis 6"]),
        (RENT + "digits = -1", "[rent], digits", ["ganze Zahl"]),
        (RENT + "digits = true", "[rent], digits", ["ganze Zahl"]),
        (RENT.replace('"Miete"', "3"), "[rent], label", ["kein Text"]),
        (RENT.replace('"Miete"', '""'), "[rent], label", ["kein Text"]),
        (RENT.replace('"miete"', '""'), "[rent], column", ["kein Name einer Spalte"]),
        ('[rent]\nlabel = "Miete"', "[rent]", ["»column«", "»unit«", "»worst«", "»best«"]),
        ("[neighbour]\nworst = 1", "[neighbour]", ["wohl »neighbours«", "minutes_saved"]),
        ('[way]\ncolumn = "weg"', "[way], column", ["berechnet das Programm"]),
        ("[way]\nworst = 2", "[way], best", ["gleich"]),
        ("miete = 3", "[miete]", ["kein Kriterium"]),
        ("[Miete]\nworst = 1", "[Miete]", ["taugt nicht als Name"]),
        ("[rent", "kriterien.toml, am Ende", ["nicht lesbar"]),
        ("[rent]\nworst 3", "kriterien.toml, Zeile 2", ["nicht lesbar"]),
        ("[rent]\n[rent]", "kriterien.toml", ["nicht lesbar"]),
    ],
)
def test_faults_are_named(tmp_path: Path, text: str, where: str, words: list[str]) -> None:
    with pytest.raises(StudyError) as caught:
        study_criteria(study(tmp_path, text))
    assert "kriterien.toml" in str(caught.value.where)
    assert where in str(caught.value.where)
    assert caught.value.remedy
    for word in words:
        assert word in str(caught.value), word


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="gibt es nicht"):
        study_criteria(study(tmp_path, None))
    (tmp_path / "kriterien.toml").write_bytes(b"\xff\xfe[a]")
    with pytest.raises(StudyError, match="UTF-8"):
        study_criteria(study(tmp_path, None))
    (tmp_path / "kriterien.toml").unlink()
    (tmp_path / "kriterien.toml").mkdir()
    with pytest.raises(StudyError, match="kann nicht gelesen werden"):
        study_criteria(study(tmp_path, None))


def test_a_column_without_a_file_of_candidates(tmp_path: Path) -> None:
    study(tmp_path, RENT)
    settings = StudySettings.model_validate(
        {"name": "S", "extract": "x", "sites": "s", "criteria": "kriterien.toml"}
    )
    with pytest.raises(StudyError, match="»miete« einer Datei mit Standorten"):
        study_criteria(Study(folder=tmp_path, settings=settings))


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "kriterien.toml").write_text("\ufeff" + RENT, encoding="utf-8")
    assert "rent" in study_criteria(study(tmp_path, None))
