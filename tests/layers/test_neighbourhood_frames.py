"""Needs, reach, common ground and rankings as they leave the house."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from layers.compute import compute_snapshot
from layers.exports import write_all, write_format
from layers.layer_frames import layer_frames, typed
from layers.neighbourhood import describe_neighbourhood
from layers.neighbourhood_frames import FRAME_TYPES, neighbourhood_frames
from layers.snapshot import Snapshot
from layers.study import PlacementSettings, load_study
from tests.documents import ROOT
from tests.geo.drawings import draw
from tests.layers.peopled import peopled
from tests.layers.sample import sample_snapshot

TABLES = (
    "needs",
    "house_reach",
    "site_reach",
    "common_ground",
    "ranking",
    "ranking_criteria",
    "ranking_projects",
)


@pytest.fixture(scope="module")
def musterhausen() -> Snapshot:
    return compute_snapshot(load_study(ROOT / "examples/musterhausen"))


def test_one_to_four_people_are_never_told() -> None:
    # 10 m to a character: three people live 60 m from the house, four more 180 m from it. At 1 m/s
    # all seven come within 5 minutes; with a limit of 2 minutes only the three.
    town = draw(
        """
        h     a           b
        A-----C-----------D
        """,
        metres=10,
        ways={"ACD": "highway=footway"},
        houses={"h": ""},
        places={"a": ""},
    )
    people = peopled(town, {"a": 3.0, "b": 4.0}, {"h": 24.0}, minutes=(2, 5))
    neighbourhood = describe_neighbourhood(people)
    frames = neighbourhood_frames(replace(sample_snapshot(), neighbourhood=neighbourhood))
    raw = neighbourhood.house_reach.set_index("minutes")["neighbours"]
    assert raw.to_dict() == {2: 3.0, 5: 7.0}
    told = frames["house_reach"].set_index("minutes")["neighbours"]
    assert told[2] is pd.NA
    assert told[5] == 7


def test_without_people_and_projects_the_layers_are_empty() -> None:
    frames = layer_frames(sample_snapshot())
    for name in TABLES:
        assert len(frames[name]) == 0
        assert list(frames[name].columns)[: len(FRAME_TYPES[name])] == list(FRAME_TYPES[name])


def test_columns_and_types(musterhausen: Snapshot) -> None:
    frames = neighbourhood_frames(musterhausen)
    assert tuple(frames) == TABLES
    for name, types in FRAME_TYPES.items():
        frame = typed(frames[name], list(types))
        assert len(frame), name
        assert {column: str(frame[column].dtype) for column in types} == dict(types)
        if isinstance(frame, gpd.GeoDataFrame):
            assert frame["id"].is_unique
            assert frame.geometry.is_valid.all()


def test_numbers_fit_together(musterhausen: Snapshot) -> None:
    frames = neighbourhood_frames(musterhausen)
    criteria, ranking = frames["ranking_criteria"], frames["ranking"].set_index("id")
    sums = criteria.groupby("ranking_id")
    assert sums["weight"].sum().to_numpy() == pytest.approx(1.0, abs=1e-5)
    score = sums["share"].sum()
    assert score.to_numpy() == pytest.approx(ranking.loc[score.index, "score"], abs=1e-5)
    assert set(frames["needs"]["state"]) <= {"met", "only_on_campus", "not_met", "not_recorded"}
    missing = frames["needs"]["state"] == "not_recorded"
    assert frames["needs"].loc[missing, "gap_s"].isna().all()
    assert (frames["common_ground"]["neighbours_min"] >= 5).all()


def test_what_was_noticed_about_candidates_is_told() -> None:
    study = load_study(ROOT / "examples/musterhausen")
    placing = PlacementSettings(risk=True, risk_m=50)
    settings = study.settings.model_copy(update={"placement": placing, "projects": ("cafe",)})
    found = compute_snapshot(study.model_copy(update={"settings": settings})).findings
    assert [one.code for one in found].count("placement.risk_layer_off") == 1


def test_tables_can_be_written_again_without_computing(
    musterhausen: Snapshot, tmp_path: Path
) -> None:
    first, again = tmp_path / "first", tmp_path / "again"
    first.mkdir()
    again.mkdir()
    write_all(musterhausen, first)
    write_format(first / "snapshot.gpkg", "csv", again)
    for name in ("needs.csv", "ranking.csv"):
        assert (again / name).read_bytes() == (first / name).read_bytes()
        assert len((first / name).read_text(encoding="utf-8-sig").splitlines()) > 10
