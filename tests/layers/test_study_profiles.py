"""Who is on the way in a study: the keys ``profiles``, ``profile``, ``speed_m_s`` and ``dem``."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.errors import StudyError, TerrainError
from geo.profiles import load_profiles
from layers.compute import compute_snapshot
from layers.inputs import farthest_m, study_profiles
from layers.study import Study, load_study
from tests.layers.drawing import write_house
from tests.osm_xml import Node, Way, write_osm

HEAD = 'name = "T"\nextract = "region.osm.pbf"\nsites = "sites.geojson"\n'


def study_of(tmp_path: Path, text: str) -> Study:
    (tmp_path / "study.toml").write_text(HEAD + text, encoding="utf-8")
    return load_study(tmp_path)


def refused(tmp_path: Path, text: str) -> StudyError:
    with pytest.raises(StudyError) as caught:
        study_profiles(study_of(tmp_path, text))
    return caught.value


def test_all_profiles_are_computed_unless_the_study_chooses(tmp_path: Path) -> None:
    assert list(study_profiles(study_of(tmp_path, ""))) == list(load_profiles())
    chosen = study_of(tmp_path, 'profiles = ["wheelchair", "resident"]\n')
    assert list(study_profiles(chosen)) == ["wheelchair", "resident"]


def test_the_study_changes_single_values(tmp_path: Path) -> None:
    study = study_of(
        tmp_path,
        'profiles = ["rollator"]\n[profile.rollator]\nrest_m = 50\nspeed_m_s = 0.5\n',
    )
    rollator, known = study_profiles(study)["rollator"], load_profiles()["rollator"]
    assert (rollator.rest_m, rollator.speed_m_s) == (50.0, 0.5)
    assert (rollator.limits, rollator.label) == (known.limits, known.label)


def test_the_study_adds_a_profile_and_one_based_on_that(tmp_path: Path) -> None:
    study = study_of(
        tmp_path,
        'profiles = ["stock", "stock_langsam"]\n'
        '[profile.stock]\nbased_on = "slow"\nlabel = "Mit Gehstock"\nspeed_m_s = 0.6\n'
        '[profile.stock_langsam]\nbased_on = "stock"\nlabel = "Mit Gehstock, langsam"\n'
        "speed_m_s = 0.4\n",
    )
    found = study_profiles(study)
    assert {key: profile.speed_m_s for key, profile in found.items()} == {
        "stock": 0.6, "stock_langsam": 0.4,
    }  # fmt: skip
    assert found["stock"].label == "Mit Gehstock"


def test_speed_is_short_for_the_residents_speed(tmp_path: Path) -> None:
    study = study_of(tmp_path, "speed_m_s = 0.9\n")
    found = study_profiles(study)
    assert (found["resident"].speed_m_s, found["resident"].steps_speed_m_s) == (0.9, 0.45)
    assert found["walk"] == load_profiles()["walk"]
    both = study_of(tmp_path, "speed_m_s = 0.9\n[profile.resident]\nspeed_m_s = 1.1\n")
    assert study_profiles(both)["resident"].speed_m_s == 1.1


def test_the_farthest_profile_says_how_much_is_read(tmp_path: Path) -> None:
    assert farthest_m(study_of(tmp_path, "")) == 3.5 * 1800
    assert farthest_m(study_of(tmp_path, 'profiles = ["slow", "walk"]\n')) == 1.25 * 1800


def test_an_unknown_profile_is_named_with_those_that_there_are(tmp_path: Path) -> None:
    error = refused(tmp_path, 'profiles = ["resident", "rollstul"]\n')
    assert "»rollstul« gibt es nicht" in str(error)
    assert error.where == str(tmp_path / "study.toml")
    remedy = error.remedy or ""
    assert "Gemeint" not in remedy
    assert all(key in remedy for key in load_profiles())
    near = refused(tmp_path, 'profiles = ["wheelchar"]\n')
    assert (near.remedy or "").startswith("Gemeint ist wohl »wheelchair«.")
    several = refused(tmp_path, 'profiles = ["auto", "bus"]\n')
    assert "Diese Profile gibt es nicht: »auto«, »bus«" in str(several)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("profiles = []\n", "profiles"),
        ('profiles = ["resident", "resident"]\n', "nennt ein Profil zweimal"),
        ("profiles = [1]\n", "profiles"),
        ("profile = 3\n", "profile"),
        ("dem = 3\n", "dem"),
        ('dem = ""\n', "dem"),
        ("[profile]\nresident = 3\n", "profile.resident"),
    ],
)
def test_wrong_keys_are_said_in_german(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(StudyError, match=r"study\.toml enthält Fehler") as caught:
        study_of(tmp_path, text)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[profile.resident]\nspeed = 1.0\n", "speed"),
        ("[profile.resident]\nspeed_m_s = 40.0\n", "speed_m_s"),
        ('[profile.resident]\nspeed_m_s = "1"\n', "speed_m_s"),
        ("[profile.fremd]\nspeed_m_s = 1.0\n", "fremd"),
        ('[profile.fremd]\nbased_on = "niemand"\nlabel = "Fremd"\n', "niemand"),
    ],
)
def test_wrong_profiles_say_where(tmp_path: Path, text: str, said: str) -> None:
    error = refused(tmp_path, text)
    assert said in str(error)
    assert "study.toml" in str(error.where)
    assert error.remedy


# ------------------------------------------------------------------ what a stand rests on


@pytest.fixture
def town(tmp_path: Path) -> Path:
    write_house(tmp_path / "sites.geojson", (7.6, 52.0))
    nodes: dict[int, Node] = {1: (7.6, 52.0), 2: (7.605, 52.0), 3: (7.6, 52.004)}
    ways: dict[int, Way] = {
        10: ([1, 2], {"highway": "footway"}),
        11: ([1, 3], {"highway": "residential"}),
    }
    write_osm(tmp_path / "region.osm.pbf", nodes, ways)
    return tmp_path


def test_profiles_count_for_the_stand_however_they_are_written(town: Path) -> None:
    first = 'profiles = ["resident"]\n'
    base = compute_snapshot(study_of(town, first))
    wanted = {"extract", "profiles", "settings", "sites", "taxonomy", "weighing"}
    assert wanted == set(base.digests)
    same = compute_snapshot(study_of(town, f"{first}[profile.resident]\nspeed_m_s = 1.0\n"))
    assert same.id == base.id
    other = compute_snapshot(study_of(town, f"{first}[profile.resident]\nspeed_m_s = 0.9\n"))
    assert other.id != base.id
    unused = compute_snapshot(study_of(town, f"{first}[profile.bicycle]\nspeed_m_s = 3.0\n"))
    assert unused.id == base.id


def test_the_taxonomy_counts_for_the_stand(town: Path) -> None:
    text = 'profiles = ["resident"]\n'
    base = compute_snapshot(study_of(town, text))
    (town / "eigene.toml").write_text(
        '[[category]]\nid = "bakery"\noff = true\n', encoding="utf-8"
    )
    changed = compute_snapshot(study_of(town, f'{text}taxonomy = "eigene.toml"\n'))
    assert changed.digests["taxonomy"] != base.digests["taxonomy"]
    assert changed.id != base.id


def test_a_missing_terrain_model_is_said(town: Path) -> None:
    with pytest.raises(TerrainError, match="Höhenmodell gibt es nicht"):
        compute_snapshot(study_of(town, 'profiles = ["resident"]\ndem = "dgm.tif"\n'))
