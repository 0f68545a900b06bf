"""With rollator and wheelchair the example has something sure, something possible, and no."""

from __future__ import annotations

import pytest

from geo.step_free import CONFIRMED, NO, POSSIBLE
from layers.searching import Found, search_all
from layers.study import StudySettings, load_study
from layers.study_network import StudyNetwork, prepare

from .conftest import FOLDER

WHEELS = ("rollator", "wheelchair")
HOUSES = ("haus-a", "haus-b", "haus-c")


@pytest.fixture(scope="module")
def ready() -> StudyNetwork:
    study = load_study(FOLDER)
    chosen = study.settings.model_dump() | {"profiles": ("resident", *WHEELS)}
    return prepare(study.model_copy(update={"settings": StudySettings.model_validate(chosen)}))


@pytest.fixture(scope="module")
def found(ready: StudyNetwork) -> Found:
    return search_all(ready)


@pytest.mark.parametrize("profile", WHEELS)
def test_ways_of_all_three_states(ready: StudyNetwork, profile: str) -> None:
    state = ready.network.passages[profile].edge_state
    metres = ready.network.edge_length_m
    for one in (NO, POSSIBLE, CONFIRMED):
        assert metres[state == one].sum() > 5000, one


@pytest.mark.parametrize("profile", WHEELS)
def test_areas_are_two_tone(found: Found, profile: str) -> None:
    areas = found.isochrones[found.isochrones["profile"] == profile]
    longest = areas[areas["minutes"] == 15]
    keys = zip(longest["house_id"], longest["state"], strict=True)
    size = dict(zip(keys, longest.geometry.area.tolist(), strict=True))
    for house in HOUSES:
        sure, possible = size[house, "confirmed"], size[house, "possible"]
        assert 0.3 * possible < sure < 0.95 * possible


@pytest.mark.parametrize("profile", WHEELS)
def test_a_good_part_of_the_ways_is_known_and_a_part_is_not(found: Found, profile: str) -> None:
    table = found.coverage[found.coverage["profile"] == profile]
    last = table[table["minutes"] == 15].set_index("house_id")
    assert last.loc[list(HOUSES), "unknown_percent"].between(10, 60).all()
    if profile == "rollator":
        assert last.loc[list(HOUSES), "seated_percent"].between(20, 80).all()


def test_the_bus_stop_is_surely_reached_by_wheelchair(found: Found) -> None:
    times = found.travel_times
    sure = times[(times["profile"] == "wheelchair") & (times["state"] == "confirmed")]
    assert set(HOUSES) <= set(sure["from_id"])
    # Off the grounds and within half an hour: what the walk to the gate has described.
    assert (sure["distance_m"] > 1000).any()


def test_steps_keep_the_side_path_closed_on_wheels(ready: StudyNetwork) -> None:
    network = ready.network
    steps = [tags.get("highway") == "steps" for tags in network.edge_tags]
    for profile in WHEELS:
        assert (network.passages[profile].edge_state[steps] == NO).all()
