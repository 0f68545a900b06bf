"""Verdicts over the real tags of towns: how much is known, and what follows from what."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from geo.network import StreetNetwork, build_network
from geo.profiles import load_profiles
from geo.reader import read_extract
from geo.step_free import CONFIRMED, NO, POSSIBLE, assess_way, reason_label
from tests.geo.real_study import place_study
from tests.geo.verdict_words import ROLLATOR, WHEELCHAIR

PROFILES = {key: load_profiles()[key] for key in ("rollator", "wheelchair")}

# Percent of the metres open on foot that are closed, possible and confirmed, rounded; a
# change of the rules shows here. Without a model of the terrain hardly anything is confirmed
# for wheelchairs: inclines are hardly ever tagged.
SHARES = {
    "heidelberg.test": {"rollator": (15, 70, 16), "wheelchair": (15, 85, 1)},
    "berlin-miraustr-2026.nometa": {"rollator": (3, 48, 49), "wheelchair": (3, 96, 1)},
    "neubrandenburg-2016.nometa": {"rollator": (6, 90, 4), "wheelchair": (6, 94, 0)},
}


@pytest.fixture(scope="module", params=SHARES)
def town(request: pytest.FixtureRequest, shared_data: Path) -> tuple[str, StreetNetwork]:
    extract = read_extract(shared_data / "osm" / f"{request.param}.osm.pbf", ["amenity"])
    study = place_study(extract, seed=1, houses=5, places=5)
    network, _ = build_network(extract, study.sites, PROFILES)
    return request.param, network


def test_how_much_is_known(town: tuple[str, StreetNetwork]) -> None:
    name, network = town
    metres = np.where(network.edge_on_foot, network.edge_length_m, 0.0)
    for profile, expected in SHARES[name].items():
        state = network.passages[profile].edge_state
        found = [100 * metres[state == one].sum() / metres.sum()
                 for one in (NO, POSSIBLE, CONFIRMED)]  # fmt: skip
        assert found == pytest.approx(expected, abs=1.5), (profile, found)


def test_a_rollator_gets_along_wherever_a_wheelchair_does(
    town: tuple[str, StreetNetwork],
) -> None:
    _, network = town
    rollator, wheelchair = (network.passages[key] for key in PROFILES)
    assert (rollator.edge_state >= wheelchair.edge_state).all()
    assert (rollator.node_state >= wheelchair.node_state).all()
    assert (rollator.edge_state > wheelchair.edge_state).any()


def test_what_is_possible_has_a_question(town: tuple[str, StreetNetwork]) -> None:
    _, network = town
    for key in PROFILES:
        passage = network.passages[key]
        asked = passage.edge_missing != 0
        assert (asked == (passage.edge_state == POSSIBLE)).all()
        assert ((passage.node_missing != 0) == (passage.node_state == POSSIBLE)).all()


def test_every_reason_on_real_ways_has_words(town: tuple[str, StreetNetwork]) -> None:
    _, network = town
    by_id = {id(tags): tags for tags in network.edge_tags}
    reasons = {
        assess_way(tags, [], limits).reason
        for tags in by_id.values()
        for limits in (ROLLATOR, WHEELCHAIR)
    } - {""}
    assert "highway=steps" in reasons
    assert {one for one in reasons if reason_label(one) in {"", "nicht passierbar"}} == set()
