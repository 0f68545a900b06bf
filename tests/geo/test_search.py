"""Searching backwards, sweeps, gates with hours, unknown metres, limits, and the first start."""

from __future__ import annotations

import time
from dataclasses import replace
from importlib import import_module
from typing import Any

import numpy as np
import pytest

from geo import _search
from geo.profiles import State, load_profiles
from geo.progress import silent
from geo.snapping import snap_origins, snap_places
from geo.sweeps import sweep
from geo.travel_time import (
    PairState,
    pair_states,
    ready_kernel,
    search,
    travel_time_matrix,
)  # fmt: skip
from tests.geo.drawings import RESIDENT, draw


def test_a_gate_with_hours_is_named_where_it_is_passed() -> None:
    picture = """
        P---------Q
        |  h      |
        |  y--A---G----x
        |     |   |
        S-----+---R
              B
        """
    ways = {"yAGx": "highway=footway", "AB": "highway=footway"}
    town = draw(
        picture,
        metres=10,
        ways=ways,
        sites={"klinik": "PQRS"},
        houses={"h": "klinik"},
        gates={"G": ("klinik", "Mo-Fr 08:00-18:00")},
        places={"x": "", "y": "klinik", "A": "klinik"},
    )
    by_hours = town.matrix().set_index(["from_id", "to_id"])["by_hours"]
    assert by_hours["h", "x"]
    assert not by_hours["h", "y"]
    assert not by_hours["h", "A"]
    # A site sets out from its gate; what lies inside is come to through it.
    assert by_hours["klinik", "x"] == town.network.node_by_hours[town.trees()[1].node].any()
    there = search(town.network, town.destinations, RESIDENT, 900, reverse=True)
    back = travel_time_matrix(town.network, there, town.origins)
    assert back.set_index(["from_id", "to_id"]).loc[("h", "x"), "by_hours"]
    always = draw(
        picture,
        metres=10,
        ways=ways,
        sites={"klinik": "PQRS"},
        houses={"h": "klinik"},
        gates={"G": ("klinik", "open")},
        places={"x": ""},
    )
    assert not always.matrix()["by_hours"].any()


def test_metres_of_unknown_state_are_added_up() -> None:
    rollator = load_profiles()["rollator"]
    sure = "highway=footway surface=asphalt smoothness=good width=2 incline=0%"
    town = draw(
        "h--A----B----C--x",
        metres=10,
        ways={"hA": sure, "AB": "highway=footway", "BCx": sure},
        houses={"h": ""},
        places={"x": "", "C": "", "A": ""},
        profile=rollator,
    )
    starts = snap_origins(town.network, town.sites, rollator)
    goals = snap_places(town.network, town.places, rollator)
    found = {}
    for state in rollator.states:
        trees = search(town.network, starts, rollator, 1800, state)
        frame = travel_time_matrix(town.network, trees, goals)
        assert set(frame["state"]) == {state.value}
        found[state] = dict(zip(frame["to_id"], frame["unknown_m"], strict=True))
    assert found[State.CONFIRMED] == {"A": 0.0}
    assert found[State.POSSIBLE] == {"A": 0.0, "C": 50.0, "x": 50.0}
    # Unknown is not no: nothing but the unknown stretch keeps x from being confirmed.
    (tree,) = search(town.network, starts, rollator, 1800, State.CONFIRMED)
    assert pair_states(town.network, tree, goals).tolist() == [
        PairState.REACHED, PairState.BEYOND_LIMIT, PairState.BEYOND_LIMIT,
    ]  # fmt: skip


def test_steps_part_a_network_for_wheels_and_not_for_feet() -> None:
    rollator = load_profiles()["rollator"]
    town = draw(
        "h--A----B--x",
        metres=20,
        ways={"hA": "highway=footway", "AB": "highway=steps", "Bx": "highway=footway"},
        houses={"h": ""},
        places={"x": "", "A": ""},
        profile=rollator,
    )
    starts = snap_origins(town.network, town.sites, rollator)
    goals = snap_places(town.network, town.places, rollator)
    (tree,) = search(town.network, starts, rollator, 20, State.POSSIBLE)
    assert pair_states(town.network, tree, goals).tolist() == [
        PairState.BEYOND_LIMIT, PairState.NOT_REACHABLE,
    ]  # fmt: skip


def test_who_reaches_a_place_is_asked_against_the_direction() -> None:
    town = draw(
        """
        A----h----B
        |         |
        C----x----D
        """,
        metres=10,
        ways={
            "AhB": "highway=footway",
            "AC": "highway=steps conveying=forward",
            "BD": "highway=steps conveying=backward",
            "CxD": "highway=footway",
        },
        houses={"h": ""},
        places={"x": "", "D": ""},
    )
    trees = search(town.network, town.destinations, RESIDENT, 900, reverse=True)
    assert [tree.reverse for tree in trees] == [True, True]
    frame = travel_time_matrix(town.network, trees, town.origins)
    assert frame.equals(town.matrix(900))
    # Down at A in 40 s, on to D along the bottom; up at D only.
    assert dict(zip(frame["to_id"], frame["travel_time_s"], strict=True)) == {
        "D": 190.0, "x": 140.0,
    }  # fmt: skip


def test_a_sweep_gives_every_node_its_nearest_place() -> None:
    town = draw(
        """
        A---B---C---D---E

        F---G
        """,
        metres=80,
        ways={"ABCDE": "highway=footway", "FG": "highway=footway", "BD": "highway=steps"},
        houses={"A": ""},
        places={"A": "", "E": ""},
    )
    swept = sweep(town.network, town.destinations, RESIDENT, 640)
    names = [chr(node) for node in town.network.node_osm]
    found = {
        name: (ms, mm, owner)
        for name, ms, mm, owner in zip(
            names, swept.time_ms.tolist(), swept.distance_mm.tolist(), swept.owner.tolist(),
            strict=True,
        )
    }  # fmt: skip
    assert found == {
        "A": (0, 0, 0), "B": (320_000, 320_000, 0), "D": (320_000, 320_000, 1),
        "E": (0, 0, 1), "F": (-1, -1, -1), "G": (-1, -1, -1),
    }  # fmt: skip
    less = sweep(town.network, town.destinations, RESIDENT, 319.999)
    assert sorted(less.time_ms.tolist()) == [-1, -1, -1, -1, 0, 0]
    assert (less.limit_ms, less.profile_id, less.state) == (319_999, "resident", "confirmed")


@pytest.mark.parametrize("limit_s", [-1, 10**7])
def test_a_limit_that_no_search_can_have_is_refused(limit_s: float) -> None:
    town = draw("A--B", metres=10, ways={"AB": "highway=footway"}, houses={"A": ""})
    with pytest.raises(ValueError, match="limit of"):
        town.trees(limit_s)


def test_long_limits_and_many_origins_change_nothing() -> None:
    town = draw(
        "A--B--C",
        metres=10,
        ways={"ABC": "highway=footway"},
        houses={"A": "", "B": ""},
        places={"C": ""},
    )
    assert town.seconds(10**6) == town.seconds(60) == {("A", "C"): 60.0, ("B", "C"): 30.0}
    origins = town.origins
    columns: dict[str, Any] = {
        name: np.repeat(getattr(origins, name), 100, axis=0)
        for name in ("edge", "offset_m", "gap_m", "estimated", "start_xy", "foot_xy")
    }
    ids = tuple(f"{number:03d}" for number in range(200))
    many = replace(origins, ids=ids, owner=np.arange(200), **columns)
    trees = search(town.network, many, RESIDENT, 60)
    assert [tree.origin_id for tree in trees] == list(many.ids)
    frame = travel_time_matrix(town.network, trees, town.destinations)
    assert frame["travel_time_s"].tolist() == [60.0] * 100 + [30.0] * 100
    assert frame["from_id"].tolist() == list(many.ids)


def test_nothing_to_search_is_no_fault() -> None:
    town = draw("A--B", metres=10, ways={"AB": "highway=footway"}, houses={"A": ""})
    assert len(town.matrix()) == 0
    frame = travel_time_matrix(town.network, [], town.destinations)
    assert len(frame) == 0
    assert frame.dtypes.to_dict() == town.matrix().dtypes.to_dict()


def test_who_waits_for_the_compiler_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    loaded = _search.ready_kernel()
    monkeypatch.setattr(_search, "_kernel", None)
    monkeypatch.setattr(_search, "_WAIT_S", 0.0)

    def slow(name: str) -> object:
        deadline = time.monotonic() + 5
        while not told and time.monotonic() < deadline:
            time.sleep(0.001)
        return import_module(name)

    monkeypatch.setattr(_search, "import_module", slow)
    assert ready_kernel(told.append) is loaded
    assert told == ["Rechenkern vorbereiten (nur beim ersten Mal)"]
    assert ready_kernel(told.append) is loaded
    assert len(told) == 1
    monkeypatch.setattr(_search, "_kernel", None)
    monkeypatch.setattr(_search, "_WAIT_S", 3600.0)
    monkeypatch.setattr(_search, "import_module", import_module)
    ready_kernel(silent)
    assert len(told) == 1
