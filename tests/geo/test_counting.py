"""Counting who reaches what: by hand, from both sides, and against networkx on real towns."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import shapely

from geo.counting import Crowd, times_until, weights_within
from geo.extract import Extract
from geo.network import StreetNetwork, build_network
from geo.profiles import State, load_profiles
from geo.reader import read_extract
from geo.snapping import Snapped, snap_places
from tests.geo.drawings import RESIDENT, Town, draw
from tests.geo.edge_oracle import EdgeOracle
from tests.geo.marked import WHEELS, draw_marked
from tests.geo.real_study import place_study

Ints = npt.NDArray[np.int64]
LONG = bool(os.environ.get("TEST_ALL"))
LIMITS_MS = np.array([300_000, 600_000, 900_000])


def crowd_of(town: Town, weight: dict[str, int], state: State = State.CONFIRMED) -> Crowd:
    """Return people at some of a town's places."""
    starts = town.destinations.picked(sorted(weight))
    whole = np.array([weight[name] for name in sorted(weight)], dtype=np.int64)
    return Crowd(town.network, starts, whole, town.profile, state)


def every_node(town: Town) -> Ints:
    """Return the nodes of a town's network."""
    return np.arange(len(town.network.node_xy))


def both_ways(crowd: Crowd, goals: Snapped, limits_ms: Ints = LIMITS_MS) -> list[list[int]]:
    """Count from both sides, which must be the same."""
    found = [
        weights_within(crowd, goals, limits_ms, from_starts=side).tolist()
        for side in (True, False, None)
    ]
    assert found[0] == found[1] == found[2]
    counts: list[list[int]] = found[0]
    return counts


def test_a_time_equal_to_the_limit_is_within_it() -> None:
    # x is 300 m from a and 600 m from b, at 1 m/s: exactly 5 and 10 minutes.
    town = draw(
        "a-----x-----------b",
        metres=50,
        ways={"axb": "highway=footway"},
        places={"a": "", "b": "", "x": ""},
    )
    crowd = crowd_of(town, {"a": 3, "b": 4})
    goals = town.destinations.picked(["x"])
    assert both_ways(crowd, goals) == [[3, 7, 7]]
    assert both_ways(crowd, goals, LIMITS_MS - 1) == [[0, 3, 7]]


def test_one_way_streets_are_walked_towards_the_goal() -> None:
    # An escalator leads from a to x only: people of x do not come down to a.
    town = draw(
        "a-----x",
        metres=10,
        ways={"ax": "highway=steps conveying=forward oneway=yes"},
        places={"a": "", "x": ""},
    )
    crowd = crowd_of(town, {"a": 3, "x": 50})
    assert both_ways(crowd, town.destinations.picked(["a", "x"])) == [[3] * 3, [53] * 3]


def test_people_on_the_edge_of_the_goal_come_directly() -> None:
    # Both lie between the ends of one edge: 20 m apart, 5 m beside the way each.
    town = draw(
        """
              a   x
        A-------------------------------------------------B
        """,
        metres=5,
        ways={"AB": "highway=footway"},
        places={"a": "", "x": ""},
    )
    crowd = crowd_of(town, {"a": 3})
    goals = town.destinations.picked(["x"])
    assert both_ways(crowd, goals, np.array([29_999, 30_000])) == [[0, 3]]


def test_an_owner_with_several_doors_counts_once() -> None:
    town = draw(
        """
        A-----C-----D-----B
              u
        """,
        metres=10,
        ways={"ACDB": "highway=footway"},
        places={"A": "", "u": ""},
        entrances={"u": "CD"},
    )
    crowd = crowd_of(town, {"u": 5})
    # u is left by C (60 m from A) or D (120 m).
    assert both_ways(crowd, town.destinations.picked(["A"]), np.array([59_999, 60_000, 120_000])) \
        == [[0, 5, 5]]  # fmt: skip


def test_nobody_and_nowhere() -> None:
    town = draw(
        "a-----x",
        metres=10,
        ways={"ax": "highway=footway"},
        places={"a": "", "x": ""},
    )
    crowd = crowd_of(town, {"a": 3})
    nobody = replace(crowd, starts=crowd.starts.some(0, 0), weight=crowd.weight[:0])
    goals = town.destinations
    assert both_ways(nobody, goals) == [[0, 0, 0], [0, 0, 0]]
    assert weights_within(crowd, goals.some(0, 0), LIMITS_MS).shape == (0, 3)
    wanted = np.ones((len(town.network.node_xy), 1), dtype=bool)
    assert (times_until(nobody, every_node(town), wanted, np.array([1]), 900_000) == -1).all()


def test_a_home_joined_to_no_way_comes_to_nothing() -> None:
    town = draw(
        """
        a-----x


              u
        """,
        metres=200,
        ways={"ax": "highway=footway"},
        places={"a": "", "x": "", "u": ""},
    )
    assert town.destinations.unconnected == ("u",)
    crowd = crowd_of(town, {"a": 3, "u": 9})
    assert both_ways(crowd, town.destinations.picked(["x", "u"]), np.array([1_200_000])) \
        == [[3], [0]]  # fmt: skip


def test_large_weights_add_up_exactly() -> None:
    # Sums beyond 2⁵³ lose units as floats.
    town = draw(
        "a--b--x",
        metres=10,
        ways={"abx": "highway=footway"},
        places={"a": "", "b": "", "x": ""},
    )
    crowd = crowd_of(town, {"a": 2**60, "b": 1})
    assert both_ways(crowd, town.destinations.picked(["x"]), np.array([100_000])) == [[2**60 + 1]]


def test_the_time_until_enough_have_come() -> None:
    # a, b, c, d live 100, 200, 300, 400 m from x, and 2, 3, 4, 5 are they.
    town = draw(
        "x-a-b-c-d",
        metres=50,
        ways={"xabcd": "highway=footway"},
        places=dict.fromkeys("xabcd", ""),
    )
    crowd = crowd_of(town, {"a": 2, "b": 3, "c": 4, "d": 5})
    needs = np.array([1, 2, 3, 5, 6, 14, 15])
    node = int(np.flatnonzero(town.network.node_osm == ord("x"))[0])
    wanted = np.zeros((len(town.network.node_xy), len(needs)), dtype=bool)
    wanted[node] = True
    found = times_until(crowd, every_node(town), wanted, needs, 900_000)
    # 1 and 2: with a. 3 to 5: with b. 6 to 9: with c. 14: with d. 15 are not there.
    assert (found[node] / 1000).tolist() == [100, 100, 200, 200, 300, 400, -0.001]
    # Nobody asked for the other nodes.
    assert (np.delete(found, node, axis=0) == -1).all()
    # A time equal to the limit is within it.
    assert times_until(crowd, every_node(town), wanted, needs, 400_000)[node, 5] == 400_000
    assert times_until(crowd, every_node(town), wanted, needs, 399_999)[node, 5] == -1


def test_spots_on_ways_and_what_is_known_of_them() -> None:
    # Spots at 100 and 250 m of a way of 400 m; a (2 people) lives at 200 m, b (3) at its end.
    town = draw(
        "A-------a-------b",
        metres=25,
        ways={"Ab": "highway=footway"},
        places={"a": "", "b": ""},
    )
    crowd = crowd_of(town, {"a": 2, "b": 3})
    spots = replace(
        town.destinations,
        edge=np.zeros(2, dtype=np.int64),
        offset_m=np.array([100.0, 250.0]),
        gap_m=np.zeros(2),
    )
    wanted, needs = np.ones((2, 2), dtype=bool), np.array([2, 3])
    # At 100 m: a after 100 s, b after 300. At 250 m: a after 50 s, b, who alone are three, after
    # 150: with b there are five.
    expected = [[100_000, 300_000], [50_000, 150_000]]
    assert times_until(crowd, spots, wanted, needs, 900_000).tolist() == expected
    for later in (0, 1, 500_000):
        latest = np.array(expected) + later
        latest[1, 0] = -1
        found = times_until(crowd, spots, wanted, needs, 900_000, latest=latest)
        assert found.tolist() == expected
    asked = np.array([[True, False], [False, True]])
    found = times_until(crowd, spots, asked, needs, 200_000, latest=np.array(expected))
    assert found.tolist() == [[100_000, -1], [-1, 150_000]]
    several = replace(spots, owner=np.zeros(2, dtype=np.int64))
    with pytest.raises(ValueError, match="a spot is one access point"):
        times_until(crowd, several, wanted, needs, 900_000)


def test_many_who_come_at_the_same_moment_count_together() -> None:
    town = draw(
        """
          b
        a-x-c
        """,
        metres=100,
        ways={"axc": "highway=footway", "bx": "highway=footway"},
        places=dict.fromkeys("abcx", ""),
    )
    crowd = crowd_of(town, {"a": 2, "b": 2, "c": 2})
    needs = np.array([1, 5, 6])
    node = int(np.flatnonzero(town.network.node_osm == ord("x"))[0])
    wanted = np.zeros((len(town.network.node_xy), 3), dtype=bool)
    wanted[node] = True
    # a and c are there after 200 m, b, one line above, after 100 m.
    assert times_until(crowd, every_node(town), wanted, needs, 900_000)[node].tolist() == [
        100_000,
        200_000,
        200_000,
    ]


def test_a_closed_node_is_come_to_but_not_passed() -> None:
    town = draw_marked(
        "a---K---x",
        metres=10,
        ways={"aK": "highway=footway", "Kx": "highway=footway"},
        places=dict.fromkeys("aKx", ""),
        closed="K",
        profile=replace(WHEELS, rest_m=None),
    )
    crowd = crowd_of(town, {"a": 3}, State.POSSIBLE)
    assert both_ways(crowd, town.destinations.picked(["K", "x"])) == [[3] * 3, [0] * 3]
    at = {chr(osm): row for row, osm in enumerate(town.network.node_osm.tolist())}
    wanted = np.ones((len(town.network.node_xy), 1), dtype=bool)
    found = times_until(crowd, every_node(town), wanted, np.array([3]), 900_000)
    assert found[at["K"], 0] == 40_000
    assert found[at["x"], 0] == -1


# -- real towns -----------------------------------------------------------------------------


def homes_near(
    network: StreetNetwork, extract: Extract, middle: Any, count: int, step: int
) -> Any:
    """Return every so many-th of the addresses nearest to a spot as places."""
    homes = extract.addresses.to_crs(network.crs).drop_duplicates("osm_id")
    away = homes.geometry.distance(shapely.Point(middle)).to_numpy()
    homes = homes.iloc[np.argsort(away, kind="stable")[: step * count : step]]
    homes = homes.assign(id=homes["osm_id"].astype("str"), on_campus="", outline=None)
    return homes[["id", "on_campus", "outline", "geometry"]]


def cases(shared_data: Path, name: str) -> Iterator[tuple[Crowd, Snapped]]:
    """Yield crowds and goals on a real extract, for every profile and state."""
    extract = read_extract(shared_data / "osm" / f"{name}.osm.pbf", ())
    study = place_study(extract, seed=11, houses=12, places=40)
    profiles = load_profiles()
    if not LONG:
        some = ("resident", "wheelchair") if "dreieich" in name else ("resident",)
        profiles = {key: profiles[key] for key in some}
    network, _ = build_network(extract, study.sites, profiles)
    middle = shapely.get_coordinates(study.places.geometry.to_numpy()).mean(axis=0)
    homes = homes_near(network, extract, middle, 60 if LONG else 24, step=40)
    rng = np.random.default_rng(3)
    weight = rng.integers(1, 4_000_000, len(homes))
    for who in profiles.values():
        starts, goals = snap_places(network, homes, who), snap_places(network, study.places, who)
        for state in who.states:
            yield Crowd(network, starts, weight, who, state), goals


@pytest.mark.parametrize("name", ["neubrandenburg-2016.nometa", "dreieich-2022.nometa"])
def test_counts_equal_those_of_networkx(shared_data: Path, name: str) -> None:
    reached = 0
    for crowd, goals in cases(shared_data, name):
        times = EdgeOracle(crowd.network, crowd.profile, crowd.state).times(
            crowd.starts, goals, LIMITS_MS[-1] / 1000
        )
        of = dict(zip(crowd.starts.ids, crowd.weight.tolist(), strict=True))
        row = {name: number for number, name in enumerate(goals.ids)}
        expected = np.zeros((len(goals.ids), 3), dtype=np.int64)
        for (home, goal), ms in times.items():
            expected[row[goal]] += of[home] * (ms <= LIMITS_MS)
        assert both_ways(crowd, goals) == expected.tolist()
        reached += len(times)
        _compare_enough(crowd, goals, times, of)
    assert reached >= 200


def _compare_enough(
    crowd: Crowd, goals: Snapped, times: dict[tuple[str, str], int], of: dict[str, int]
) -> None:
    """Compare the time until enough have come, for goals that stand at a node."""
    network = crowd.network
    first = np.searchsorted(goals.owner, np.arange(len(goals.ids)))
    needs = np.array([1, 2_000_000, 9_000_000, 30_000_000])
    wanted = np.ones((len(network.node_xy), len(needs)), dtype=bool)
    nodes = np.arange(len(network.node_xy))
    found = times_until(crowd, nodes, wanted, needs, int(LIMITS_MS[-1]))
    for number, name in enumerate(goals.ids):
        rows = np.flatnonzero(goals.owner == number)
        edge, offset = goals.edge[first[number]] if len(rows) else 0, goals.offset_m[rows]
        if len(rows) != 1 or goals.gap_m[rows[0]] > 0 or 0 < offset[0] < _length(network, edge):
            continue
        node = (network.edge_to if offset[0] else network.edge_from)[edge]
        come = sorted((ms, of[home]) for (home, goal), ms in times.items() if goal == name)
        for column, need in enumerate(needs.tolist()):
            total, expected = 0, -1
            for ms, many in come:
                total += many
                if total >= need:
                    expected = ms
                    break
            assert found[node, column] == expected


def _length(network: StreetNetwork, edge: int) -> float:
    return float(network.edge_length_m[edge])


def test_who_lives_too_far_away_is_left_out_before_searching(shared_data: Path) -> None:
    extract = read_extract(shared_data / "osm" / "dreieich-2022.nometa.osm.pbf", ())
    study = place_study(extract, seed=2, houses=3, places=10)
    network, _ = build_network(extract, study.sites, {"resident": RESIDENT})
    homes = homes_near(network, extract, network.node_xy.mean(axis=0), 10**6, step=1)
    starts = snap_places(network, homes, RESIDENT)
    crowd = Crowd(network, starts, np.ones(len(homes), dtype=np.int64), RESIDENT)
    goals = snap_places(network, study.places, RESIDENT)
    # Back from the goals nothing has to be left out.
    counts = weights_within(crowd, goals, LIMITS_MS, from_starts=False)
    reached = np.flatnonzero(counts[:, 0])
    assert len(reached) > 0
    for row in reached.tolist():
        goal = goals.some(row, row + 1)
        near = crowd.near(goal, 300_000)
        assert 0 < len(near.starts.ids) < len(crowd.starts.ids)
        found = weights_within(near, goal, LIMITS_MS[:1], from_starts=True)
        assert found.tolist() == counts[row : row + 1, :1].tolist()
