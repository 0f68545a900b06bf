"""Answers for one house on drawn maps, and the files they are written to."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
import shapely

from geo.errors import OutputError, StudyError
from geo.profiles import State
from geo.travel_time import search, travel_time_matrix
from layers.layer_info import HIDDEN_LAYER
from layers.study import Study, StudySettings
from layers.times import Answer, Question, answer, check_question, nearest_rows
from layers.times_files import write_answer
from tests.documents import described
from tests.geo.drawings import CORNER, RESIDENT, Town, draw
from tests.geo.marked import WHEELS, draw_marked
from tests.layers.walk_studies import ready_study

FOOTWAY = "highway=footway"
NAMES = {"x": "Markt-Apotheke", "y": "Tor-Apotheke", "z": "Adler-Apotheke"}

# x lies on known ways. y is 60 m away over an unknown way, 120 m on known ones; z lies behind
# an unknown way only.
PICTURE = """
    h--A--x
       |
       B-----y--D--z
       |     |
       C-----E
    """


def town() -> Town:
    return draw_marked(
        PICTURE,
        metres=10,
        ways={"hAx": FOOTWAY, "AB": FOOTWAY, "By": FOOTWAY, "BCEy": FOOTWAY, "yD": FOOTWAY,
              "Dz": FOOTWAY},
        unknown={3: "surface", 5: "surface"},
        houses={"h": ""},
        places={"x": "", "y": "", "z": ""},
    )  # fmt: skip


def ask(goal: str | None = None, **more: Any) -> Answer:
    asked = {key: more.pop(key) for key in ("state",) if key in more}
    ready = ready_study(town(), NAMES, **more)
    return answer(ready, Question(origin="h", goal=goal, profile=WHEELS.id, **asked))


def seen(times: pd.DataFrame) -> list[tuple[str, str, float]]:
    columns = ("to_id", "state", "distance_m")
    return [tuple(row[name] for name in columns) for row in times.to_dict("records")]


def test_all_places_in_both_states_the_quickest_first() -> None:
    # h to A 30 m, on to x 30 m; A to B 20 m, B to y 60 m; B over C and E to y 20+60+20 m.
    assert seen(ask().times) == [
        ("x", "confirmed", 60.0),
        ("x", "possible", 60.0),
        ("y", "possible", 110.0),
        ("y", "confirmed", 150.0),
        ("z", "possible", 170.0),
    ]


def test_the_table_has_each_place_once_on_sure_ways_if_there_are() -> None:
    assert seen(nearest_rows(ask().times, 20)) == [
        ("x", "confirmed", 60.0),
        ("y", "confirmed", 150.0),
        ("z", "possible", 170.0),
    ]
    assert len(nearest_rows(ask().times, 2)) == 2
    assert nearest_rows(ask(category="bench").times, 20).empty
    assert len(ask(category="bench").times) == 5


@pytest.mark.parametrize(("state", "count"), [(State.CONFIRMED, 2), (State.POSSIBLE, 3)])
def test_one_state_alone(state: State, count: int) -> None:
    found = ask(state=state)
    assert set(found.times["state"]) == {state.value}
    assert len(found.times) == count


def test_the_times_are_those_of_the_matrix() -> None:
    ready = ready_study(town(), NAMES)
    found = answer(ready, Question(origin="h")).times
    origins, goals = ready.origins(WHEELS), ready.destinations(WHEELS)
    trees = [search(ready.network, origins, WHEELS, 1800, state)[0] for state in State]
    matrix = travel_time_matrix(ready.network, trees, goals)
    columns = list(matrix.columns)
    told, computed = (
        frame.sort_values(["to_id", "state"], ignore_index=True)[columns]
        for frame in (found, matrix)
    )
    pd.testing.assert_frame_equal(told, computed)


def test_the_way_to_one_place_in_a_sentence() -> None:
    found = ask("Tor-Apotheke")
    assert found.sentences == (
        "Vom Haus h zur Tor-Apotheke sind es 150 m, mit dem Rollator 3 Minuten; auf dem ganzen "
        "Weg ist keine Sitzgelegenheit eingetragen.",
        "Vom Haus h zur Tor-Apotheke sind es 110 m, mit dem Rollator 2 Minuten; auf 60 m ist "
        "nicht bekannt, ob der Weg passierbar ist, und auf dem ganzen Weg ist keine "
        "Sitzgelegenheit eingetragen.",
    )
    assert set(found.times["to_id"]) == {"y"}


def test_equal_ways_are_told_once_and_seats_are_seen() -> None:
    # A seat in the middle of the 60 m to x.
    found = ask("x", seats=[(CORNER[0] + 30, CORNER[1])])
    assert found.sentences == (
        "Vom Haus h zur Markt-Apotheke sind es 60 m, mit dem Rollator 1 Minute.",
    )
    assert found.routes[State.CONFIRMED].longest_without_seat_m == 30.0
    assert set(found.routes) == {State.CONFIRMED, State.POSSIBLE}


def test_a_place_without_a_sure_way_says_both() -> None:
    first, second = ask("z").sentences
    assert "kein gesicherter Weg" in first
    assert second.startswith("Vom Haus h zur Adler-Apotheke sind es 170 m")


def test_beyond_the_limit_is_not_computed() -> None:
    assert ask("z", max_minutes=1, minutes=[1]).sentences == (
        "Vom Haus h zur Adler-Apotheke dauert es mit dem Rollator länger als 1 Minute; weiter "
        "wurde nicht gerechnet.",
    )


def test_on_foot_everything_is_sure() -> None:
    drawn = draw(PICTURE, metres=10, ways={"hAx": FOOTWAY}, houses={"h": ""}, places={"x": ""})
    ready = ready_study(drawn, NAMES)
    found = answer(ready, Question(origin="Haus h", goal="x"))
    assert found.sentences == ("Vom Haus h zur Markt-Apotheke sind es 60 m, zu Fuß 1 Minute.",)
    assert found.profile is RESIDENT
    with pytest.raises(StudyError, match="gesichert"):
        answer(ready, Question(origin="h", state=State.POSSIBLE))


def test_hidden_places_stay_hidden() -> None:
    ready = ready_study(town(), NAMES)
    ready.places.frame["layer"] = [HIDDEN_LAYER, "services", HIDDEN_LAYER]
    assert set(answer(ready, Question(origin="h")).times["to_id"]) == {"y"}


@pytest.mark.parametrize(
    ("question", "where"),
    [(Question(origin="Haus q"), "--from"), (Question(origin="h", goal="Edeka"), "--to")],
)
def test_what_is_not_there_is_said(question: Question, where: str) -> None:
    with pytest.raises(StudyError) as caught:
        answer(ready_study(town(), NAMES), question)
    assert caught.value.where == where


def study(**keys: Any) -> Study:
    known = {"name": "T", "extract": "x", "sites": "s", **keys}
    return Study(folder=Path(), settings=StudySettings.model_validate(known))


def test_a_question_sets_the_study_up_for_what_it_asks() -> None:
    asked = check_question(study(), Question(origin="h", profile="bicycle", minutes=7))
    assert asked.settings.profiles == ("bicycle",)
    assert asked.settings.max_minutes == 7
    first = check_question(study(profiles=("slow", "walk")), Question(origin="h"))
    assert first.settings.profiles == ("slow",)
    assert first.settings.max_minutes == study().settings.max_minutes


@pytest.mark.parametrize(
    ("question", "out", "said"),
    [
        (Question(origin="h", profile="rollstuhl"), None, "wheelchair"),
        (Question(origin="h"), "a.xlsx", r"\.csv"),
        (Question(origin="h"), "a.geojson", "--to"),
    ],
)
def test_a_question_that_cannot_be_answered(
    question: Question, out: str | None, said: str
) -> None:
    with pytest.raises((StudyError, OutputError), match=said):
        check_question(study(), question, None if out is None else Path(out))


def test_a_table_for_people(tmp_path: Path) -> None:
    write_answer(ask(), tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened, delimiter=";"))
    assert [(row["ort"], row["sicherheit"], row["distance_m"]) for row in rows][2:4] == [
        ("Tor-Apotheke", "nach Datenlage möglich", "110,0"),
        ("Tor-Apotheke", "gesichert", "150,0"),
    ]
    assert rows[0]["minuten"] == "1,0"
    assert rows[0]["quelle"] == "© OpenStreetMap-Mitwirkende"


def test_a_table_for_programs(tmp_path: Path) -> None:
    paths = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    for path in paths:
        write_answer(ask(), path)
    read = pl.read_parquet(paths[0])
    expected = ask().times.drop(columns="asked_for")
    assert read.to_dicts() == expected.to_dict("records")
    assert read.schema["travel_time_s"] == pl.Float64
    assert read.schema["by_hours"] == pl.Boolean
    told = json.loads(pl.read_parquet_metadata(paths[0])["sozialraum"])
    assert told["licence"] == "ODbL 1.0"
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert described("times") == list(read.columns)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.parquet", "b.parquet"]


def test_a_folder_that_is_not_there_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    for ending in ("csv", "parquet", "geojson"):
        with pytest.raises(OutputError, match="Ordner"):
            write_answer(ask("y"), tmp_path / "fehlt" / f"a.{ending}")
    assert list(tmp_path.iterdir()) == []


def test_ways_as_lines(tmp_path: Path) -> None:
    write_answer(ask("y"), tmp_path / "a.geojson")
    read = json.loads((tmp_path / "a.geojson").read_text(encoding="utf-8"))
    ways = read["features"]
    assert [way["properties"]["state"] for way in ways] == ["confirmed", "possible"]
    assert ways[1]["properties"]["unknown_m"] == 60.0
    assert read["licence"] == "ODbL 1.0"
    line = shapely.from_geojson(json.dumps(ways[0]["geometry"]))
    assert 5 < line.bounds[0] < 15  # degrees


def test_a_place_that_is_not_reached_gives_an_empty_file(tmp_path: Path) -> None:
    found = ask("z", max_minutes=1, minutes=[1])
    write_answer(found, tmp_path / "a.geojson")
    assert json.loads((tmp_path / "a.geojson").read_text(encoding="utf-8"))["features"] == []
    write_answer(found, tmp_path / "a.csv")
    assert len((tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()) == 1


def test_names_from_outside_calculate_nothing(tmp_path: Path) -> None:
    ready = ready_study(town(), {"x": "=cmd()", "y": "<script>"})
    found = answer(ready, Question(origin="h"))
    write_answer(replace(found), tmp_path / "a.csv")
    assert ";'=cmd();" in (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
