"""Every profile, state and direction on real towns, against networkx on the same edges.

With ``TEST_ALL=1`` at least 1,000 pairs on each of four extracts; else one town, fewer pairs.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from geo.network import StreetNetwork, build_network
from geo.profiles import Profile, State, load_profiles
from geo.reader import read_extract
from geo.snapping import Snapped, snap_origins, snap_places
from geo.travel_time import search, travel_time_matrix
from tests.geo.drawings import draw
from tests.geo.edge_oracle import EdgeOracle
from tests.geo.real_study import place_study

LONG = bool(os.environ.get("TEST_ALL"))
TOWNS = {
    "berlin-miraustr-2026.nometa": 5,
    "neubrandenburg-2016.nometa": 6,
    "heidelberg.test": 7,
    "liechtenstein-2015.nometa": 8,
}
LIMIT_S = 3600.0 if LONG else 1200.0


def seconds(network: StreetNetwork, starts: Snapped, goals: Snapped, who: Profile, state: State,
            *, reverse: bool = False) -> dict[tuple[str, str], float]:  # fmt: skip
    """Return the times from starts to goals; reversed, searched from the goals."""
    centre, others = (goals, starts) if reverse else (starts, goals)
    trees = search(network, centre, who, LIMIT_S, state, reverse=reverse)
    matrix = travel_time_matrix(network, trees, others)
    pairs = zip(matrix["from_id"], matrix["to_id"], strict=True)
    return dict(zip(pairs, matrix["travel_time_s"].tolist(), strict=True))


@pytest.mark.parametrize("name", TOWNS if LONG else list(TOWNS)[:1])
def test_all_profiles_equal_networkx_on_real_towns(shared_data: Path, name: str) -> None:
    extract = read_extract(shared_data / "osm" / f"{name}.osm.pbf", ())
    study = place_study(
        extract, seed=TOWNS[name], houses=40 if LONG else 8, places=120 if LONG else 40
    )
    profiles = load_profiles()
    network, sites = build_network(extract, study.sites, profiles)
    compared: dict[tuple[str, State], int] = {}
    for who in profiles.values():
        starts = snap_origins(network, sites, who)
        goals = snap_places(network, study.places, who)
        for state in who.states:
            expected = EdgeOracle(network, who, state).times(starts, goals, LIMIT_S)
            for reverse in (False, True):
                found = seconds(network, starts, goals, who, state, reverse=reverse)
                assert found.keys() == expected.keys()
                differing = [
                    (pair, found[pair], ms)
                    for pair, ms in expected.items()
                    if abs(found[pair] * 1000 - ms) > 50.001
                ]
                assert differing == []
            compared[who.id, state] = len(expected)
    assert compared["resident", State.CONFIRMED] >= (1000 if LONG else 50)
    assert compared["wheelchair", State.POSSIBLE] >= (200 if LONG else 20)


def test_the_judge_takes_closed_nodes_apart() -> None:
    """A place beyond a closed node is not reached, one at the node is."""
    profiles = load_profiles()
    town = draw(
        "h-A-----K-----x",
        metres=10,
        ways={"AK": "highway=footway surface=asphalt", "Kx": "highway=footway surface=asphalt"},
        nodes={"K": "kerb=raised"},
        houses={"h": ""},
        places={"x": "", "K": ""},
        profile=profiles["rollator"],
    )
    who = profiles["rollator"]
    starts = snap_origins(town.network, town.sites, who)
    goals = snap_places(town.network, town.places, who)
    times = EdgeOracle(town.network, who, State.POSSIBLE).times(starts, goals, LIMIT_S)
    assert [goal for _, goal in times] == ["K"]
    assert np.isclose(times["h", "K"], 1000 * 80 / who.speed_m_s)
    assert seconds(town.network, starts, goals, who, State.POSSIBLE).keys() == times.keys()
