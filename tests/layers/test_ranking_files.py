"""The files of a ranking: their columns, what they say, and that they tell of no few people."""

from __future__ import annotations

import csv
import itertools
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest

from geo.vector_files import layer_names
from layers.criteria import Criterion
from layers.placement import Placement, Ranking
from layers.projects import load_projects
from layers.ranking_files import (
    CRITERIA_TYPES,
    PROJECT_TYPES,
    RANKING_TYPES,
    criteria_frame,
    projects_frame,
    ranking_frame,
    write_ranking,
)
from tests.geo.drawings import draw
from tests.layers.peopled import peopled
from tests.layers.ranked import evidence, ranking

RENT = Criterion("miete", "Miete", "Euro", 500.0, 0.0, 0, column="miete")


def placement(*rankings: Ranking, **settings: Any) -> Placement:
    """Return rankings of a study; only its names, its date and its sources matter here."""
    town = draw(
        """
        h
        A---B
            x
        """,
        metres=10,
        ways={"AB": "highway=footway"},
        houses={"h": ""},
        places={"x": ""},
    )
    return Placement(peopled(town, {"x": 4}, {"h": 10}, **settings), rankings)


def town(**changed: Any) -> Ranking:
    """Three candidates: two with many neighbours, one with three."""
    known: dict[str, Any] = {
        "near": [412.4, 3.0, 206.2],
        "now": [12],
        "names": ["Bürgerhaus", "=Bücherei", "Kirche"],
        "own": {"miete": [100.0, 250.0, math.nan]},
    }
    found = evidence([[4, 9, 12]], **(known | changed))
    return ranking(found, {"minutes_saved": 0.5, "neighbours": 0.3, "miete": 0.2}, RENT)


def cells(path: Path) -> list[dict[str, str]]:
    """Read a table for people."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def test_the_layer() -> None:
    frame = ranking_frame(placement(town()))
    assert list(frame.columns) == [*RANKING_TYPES, "geometry"]
    assert {name: str(frame[name].dtype) for name in RANKING_TYPES} == dict(RANKING_TYPES)
    assert frame["id"].tolist() == ["cafe-resident-n1", "cafe-resident-n2", "cafe-resident-n3"]
    # 0.5 × 8/10 + 0.3 + 0.2 × 0.8; 0.5 × 3/10 + 0.3 × 2.5/412.4 + 0.2 × 0.5; 0.3 × 0.5.
    assert frame["score"].tolist() == [0.86, 0.251819, 0.15]
    assert frame["rank"].tolist() == [1, 2, 3]
    assert frame["recommended"].tolist() == [True, False, False]
    assert frame["neighbours"].tolist() == [412, pd.NA, 206]
    assert frame["known_percent"].tolist() == [100.0, 100.0, 80.0]
    assert frame["source"].tolist() == ["© OpenStreetMap-Mitwirkende"] * 3


def test_criteria_and_projects() -> None:
    made = placement(town())
    frame = criteria_frame(made)
    assert {name: str(frame[name].dtype) for name in CRITERIA_TYPES} == dict(CRITERIA_TYPES)
    second = frame[frame["ranking_id"] == "cafe-resident-n2"].set_index("criterion")
    assert second["status"].to_dict() == {
        "minutes_saved": "known", "neighbours": "fewer_than_5", "miete": "known",
    }  # fmt: skip
    assert second["raw"].tolist() == [3.0, pd.NA, 250.0]
    third = frame[frame["ranking_id"] == "cafe-resident-n3"].set_index("criterion")
    assert third.loc["miete", "status"] == "unknown"
    assert third.loc["miete", "share"] == 0.0
    # Weights of a row add up to 1, shares to the score.
    sums = frame.groupby("ranking_id")[["weight", "share"]].sum()
    assert sums["weight"].tolist() == pytest.approx([1.0] * 3)
    assert sums["share"].tolist() == pytest.approx(ranking_frame(made)["score"].tolist(), abs=2e-6)
    projects = projects_frame(made)
    assert {name: str(projects[name].dtype) for name in PROJECT_TYPES} == dict(PROJECT_TYPES)
    (row,) = projects.to_dict("records")
    assert (row["recommended_id"], row["no_recommendation"]) == ("cafe-resident-n1", "")
    assert (row["minutes"], row["candidates"], row["written"]) == (10, 3, 3)


def test_nothing_to_rank_and_nothing_recommended() -> None:
    nothing = placement()
    assert ranking_frame(nothing).columns.tolist() == [*RANKING_TYPES, "geometry"]
    assert len(ranking_frame(nothing)) == len(criteria_frame(nothing)) == 0
    assert str(ranking_frame(nothing).crs) == "EPSG:25832"
    empty = placement(ranking(evidence([[]]), {"neighbours": 1.0}))
    assert len(ranking_frame(empty)) == 0
    (row,) = projects_frame(empty).to_dict("records")
    assert row["recommended_id"] == ""
    assert row["no_recommendation"].startswith("Es gibt keinen Ort")
    level = placement(ranking(evidence([[4, 4]], near=[9, 9]), {"neighbours": 1.0}))
    assert ranking_frame(level)["recommended"].tolist() == [False, False]


def test_the_files(tmp_path: Path) -> None:
    write_ranking(placement(town()), tmp_path)
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.*")) == [
        "geojson/ranking.geojson", "ranking.csv", "ranking.gpkg",
    ]  # fmt: skip
    rows = cells(tmp_path / "ranking.csv")
    assert [row["Platz"] for row in rows] == ["1", "2", "3"]
    assert rows[0]["Empfohlen"] == "ja"
    assert rows[0]["Menschen der Nachbarschaft"] == "412"
    assert rows[0]["Kürzere Wege (Minuten)"] == "8,0"
    assert rows[0]["Kürzere Wege: Anteil"] == "0,400"
    assert rows[0]["Kürzere Wege: Gewicht"] == "0,500"
    # Text from outside never calculates.
    assert rows[1]["Ort"] == "'=Bücherei"
    assert rows[1]["Nachbarinnen und Nachbarn (Menschen)"] == "unter 5"
    assert rows[1]["Menschen der Nachbarschaft"] == "unter 5"
    assert rows[2]["Miete (Euro)"] == ""
    assert rows[2]["Begründung"].endswith(".")
    geojson = json.loads((tmp_path / "geojson/ranking.geojson").read_text(encoding="utf-8"))
    assert geojson["attribution"] == "© OpenStreetMap-Mitwirkende"
    assert geojson["features"][0]["id"] == "cafe-resident-n1"
    assert geojson["features"][1]["properties"]["neighbours"] is None
    assert layer_names(tmp_path / "ranking.gpkg") == [
        "ranking", "ranking_criteria", "ranking_projects",
    ]  # fmt: skip
    read: Any = gpd.read_file(tmp_path / "ranking.gpkg", layer="ranking")
    assert str(read.crs) == "EPSG:25832"
    assert read["score"].tolist() == [0.86, 0.251819, 0.15]


def test_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_ranking(placement(town()), tmp_path / name)
    for path in sorted((tmp_path / "a").rglob("*.*")):
        other = tmp_path / "b" / path.relative_to(tmp_path / "a")
        assert path.read_bytes() == other.read_bytes()


def test_no_file_tells_one_to_four_people_apart(tmp_path: Path) -> None:
    """One person, two, three or four: all files are the same, to the byte."""
    for few in (1.0, 2.0, 3.0, 4.0):
        folder = tmp_path / str(few)
        folder.mkdir()
        # The bridge value grows with every neighbour, too.
        garden = evidence([[4, 9, 12]], near=[90, few, 30], bridge=[0.4, few / 100, 0.3])
        garden = replace(garden, project=load_projects()["garden"])
        more = ranking(garden, {"neighbours": 0.5, "bridge": 0.5})
        write_ranking(placement(town(near=[412.4, few, 206.2]), more), folder)
    folders = sorted(tmp_path.iterdir())
    for one, other in itertools.pairwise(folders):
        for path in sorted(one.rglob("*.*")):
            assert path.read_bytes() == (other / path.relative_to(one)).read_bytes()


def test_own_points_and_invented_places_name_their_sources(tmp_path: Path) -> None:
    found = town()
    found.evidence.frame.loc[1, "source"] = "file"
    frame = ranking_frame(placement(found))
    both = "Eigene Angaben der Studie; abgeleitet aus OpenStreetMap: © OpenStreetMap-Mitwirkende"
    assert frame["source"].tolist()[1] == both
    assert "Weitergabe nur nach Freigabe" in frame["licence"].tolist()[1]
    invented = ranking_frame(placement(town(), fictional=True))
    assert invented["source"].tolist() == ["Erfundene Daten im Format von OpenStreetMap"] * 3
    write_ranking(placement(found), tmp_path)
    geojson = json.loads((tmp_path / "geojson/ranking.geojson").read_text(encoding="utf-8"))
    assert geojson["attribution"] == both


def test_criteria_of_several_projects_stand_side_by_side(tmp_path: Path) -> None:
    garden = replace(evidence([[4, 9]], near=[9, 30]), project=load_projects()["garden"])
    made = placement(ranking(garden, {"neighbours": 1.0}), town())
    write_ranking(made, tmp_path)
    rows = cells(tmp_path / "ranking.csv")
    # Kinds of projects in the study's order, not in that of the alphabet.
    assert [row["Projekt"] for row in rows] == [
        "Gemeinschaftsgarten", "Gemeinschaftsgarten", *["Nachbarschaftscafé"] * 3,
    ]  # fmt: skip
    assert [row["Miete: Wert"] for row in rows] == ["", "", "0,800", "0,500", "0,000"]
    assert [row["Nachbarinnen und Nachbarn: Gewicht"] for row in rows] == [
        "1,000", "1,000", "0,300", "0,300", "0,300",
    ]  # fmt: skip
    twice = Criterion("pacht", "Miete", "Euro", 500.0, 0.0, 0, column="miete")
    both = evidence([[4, 9]], own={"miete": [1.0, 2.0]})
    write_ranking(placement(ranking(both, {"miete": 0.5, "pacht": 0.5}, RENT, twice)), tmp_path)
    headings = list(cells(tmp_path / "ranking.csv")[0])
    assert {"Miete [miete] (Euro)", "Miete [pacht] (Euro)"} <= set(headings)
