"""Times as plain numbers, and the gates that are passed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from geo.door_times import door_times, open_gates, read_doors, time_table
from geo.profiles import State
from geo.travel_time import search
from tests.geo.drawings import RESIDENT, draw
from tests.geo.marked import WHEELS, draw_marked

TOWN = """
h---A---x-------y
        z
"""


def test_a_table_of_milliseconds() -> None:
    # At 1 m/s: h–x 80 m, x–y 80 m, z 10 m beside the way at x.
    town = draw(
        TOWN,
        metres=10,
        ways={"hAxy": "highway=footway"},
        houses={"h": ""},
        places={"x": "", "y": "", "z": ""},
    )
    goals = town.destinations
    found = time_table(town.network, town.origins, goals, RESIDENT, 100.0)
    assert goals.ids == ("x", "y", "z")
    # y is 160 s away, beyond 100 s.
    assert found.dtype == np.int32
    assert found.tolist() == [[80_000, -1, 90_000]]
    exact = time_table(town.network, town.origins, goals, RESIDENT, 160.0)
    assert exact.tolist() == [[80_000, 160_000, 90_000]]


def test_pairs_some_origins_at_a_time_are_those_of_all_at_once() -> None:
    # 300 origins are more than are held at the same time.
    town = draw(
        TOWN,
        metres=10,
        ways={"hAxy": "highway=footway"},
        houses={"h": ""},
        places={"x": "", "y": "", "z": ""},
    )
    origins = town.destinations.picked(["x", "y", "z"] * 100)
    parts = list(door_times(town.network, origins, town.destinations, RESIDENT, 100.0))
    assert len(parts) == 2
    origin = np.concatenate([part.origin for part in parts])
    door = np.concatenate([part.door for part in parts])
    ms = np.concatenate([part.time_ms for part in parts])
    # From x: itself, y after 80 s, z after 10 s; from y: x, itself, z after 90 s; from z: x
    # after 10 s, y after 90 s, itself at once, down to the way and back: 20 s.
    assert origin.tolist() == np.repeat(np.arange(300), 3).tolist()
    assert door.tolist() == [0, 1, 2] * 300
    assert (
        ms.reshape(100, 9).tolist()
        == [[0, 80_000, 10_000, 80_000, 0, 90_000, 10_000, 90_000, 20_000]] * 100
    )
    mm = np.concatenate([part.distance_mm for part in parts])
    assert mm.tolist() == ms.tolist()


def test_of_reversed_trees_the_ways_to_the_origin_are_read() -> None:
    # The escalator goes up from h to x.
    town = draw(
        "h---x",
        metres=10,
        ways={"hx": "highway=steps conveying=forward oneway=yes"},
        houses={"h": ""},
        places={"x": ""},
    )
    there = search(town.network, town.origins, RESIDENT, 600.0)
    back = search(town.network, town.origins, RESIDENT, 600.0, reverse=True)
    assert read_doors(town.network, there, town.destinations).door.tolist() == [0]
    assert read_doors(town.network, back, town.destinations).door.tolist() == []
    assert read_doors(town.network, (), town.destinations).time_ms.tolist() == []


def test_gates_count_where_they_are_passable() -> None:
    # The site has gates at G, of which something is not known, and at H, which is confirmed.
    picture = """
    p-----q
    | h   G-a
    |     |
    s--H--r
       b
    """
    town = draw_marked(
        picture,
        metres=50,
        ways={"hGa": "highway=footway", "hHb": "highway=footway"},
        sites={"campus": "pqrs"},
        houses={"h": "campus"},
        gates={"G": ("campus", "open"), "H": ("campus", "open")},
        unknown_nodes={"G": "kerb"},
        profile=replace(WHEELS, rest_m=None),
    )
    gates = town.origins.picked(["campus"])

    def letters(state: State) -> set[str]:
        kept = open_gates(town.network, gates, town.profile, state)
        assert kept.ids == ("campus",)
        spots = {xy: name for name, xy in town.spots.items()}
        return {spots[x, y] for x, y in np.round(kept.foot_xy, 6).tolist()}

    assert letters(State.POSSIBLE) == {"G", "H"}
    assert letters(State.CONFIRMED) == {"H"}


def test_a_locked_gate_is_none() -> None:
    town = draw(
        """
        p-----q
        | h   G-a
        s-----r
        """,
        metres=50,
        ways={"hGa": "highway=footway"},
        sites={"campus": "pqrs"},
        houses={"h": "campus"},
        gates={"G": ("campus", "locked")},
    )
    gates = open_gates(town.network, town.origins.picked(["campus"]), RESIDENT)
    assert gates.unconnected == ("campus",)
