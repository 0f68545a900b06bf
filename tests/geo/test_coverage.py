"""Metres reached, known and with seats, on drawn towns: at 1 m/s seconds are metres."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest

from geo.coverage import (
    COLUMNS,
    measure_coverage,
    merged,
    overlap_mm,
    reached_stretches,
    seated_stretches,
)
from geo.profiles import Limits, Mode, Profile, State
from geo.snapping import snap_origins
from geo.travel_time import Tree, search
from tests.geo.drawings import Town, draw

WHEELS = Profile(
    id="wheels",
    label="Auf Rädern",
    speed_m_s=1.0,
    steps_speed_m_s=None,
    source="Test",
    mode=Mode.WHEELS,
    limits=Limits(
        easy_incline_percent=3.0,
        max_incline_percent=6.0,
        incline_factor=1.0,
        max_kerb_cm=3.0,
        min_width_m=0.9,
        worst_smoothness="intermediate",
        rough_factor=1.0,
        needs=("surface",),
    ),
    rest_m=100.0,
)
KNOWN = "highway=footway surface=asphalt"
UNKNOWN = "highway=footway"


def trees(town: Town, limit_s: float = 900, state: State = State.POSSIBLE) -> tuple[Tree, ...]:
    origins = snap_origins(town.network, town.sites, WHEELS)
    return search(town.network, origins, WHEELS, limit_s, state)


def seats_at(town: Town, spots: str) -> Any:
    return np.array([town.spots[spot] for spot in spots]).reshape(-1, 2)


def measured(town: Town, minutes: Sequence[int] = (5,), seats: str = "") -> dict[str, Any]:
    frame = measure_coverage(town.network, trees(town), minutes, seats_at(town, seats))
    return {str(key): value for key, value in frame.iloc[0].items()}


def test_a_street_known_in_part_and_reached_in_part() -> None:
    town = draw(
        "h---A---B",
        metres=50,
        ways={"hA": KNOWN, "AB": UNKNOWN},
        houses={"h": ""},
        profile=WHEELS,
    )
    # 200 m known; of the next 200 m half is reached in five minutes.
    found = measured(town)
    assert (found["reached_m"], found["confirmed_m"]) == (300.0, 200.0)
    assert found["unknown_percent"] == 33.3
    assert found["seated_percent"] == 0.0
    later = measured(town, (15,))
    assert (later["reached_m"], later["unknown_percent"]) == (400.0, 50.0)


def test_from_the_middle_of_an_edge_both_ways() -> None:
    town = draw(
        "A----h----B",
        metres=100,
        ways={"AB": KNOWN},
        houses={"h": ""},
        profile=WHEELS,
    )
    assert measured(town)["reached_m"] == 600.0
    assert measured(town, (15,))["reached_m"] == 1000.0


def test_an_edge_reached_from_both_ends_counts_once() -> None:
    # A ring of 800 m: 300 m one way, 300 m the other way round.
    town = draw(
        """
        h---B
        |   |
        D---C
        """,
        metres=50,
        ways={"hBCDh": KNOWN},
        houses={"h": ""},
        profile=WHEELS,
    )
    whole = float(town.network.edge_length_m.sum())
    assert whole == pytest.approx(600.0)  # 200 + 100 + 200 + 100
    assert measured(town, (1,))["reached_m"] == 120.0
    assert measured(town, (4,))["reached_m"] == 480.0
    assert measured(town, (5,))["reached_m"] == 600.0
    assert measured(town, (15,))["reached_m"] == 600.0


def test_what_is_not_passable_is_not_reached() -> None:
    town = draw(
        "h---A---B",
        metres=50,
        ways={"hA": KNOWN, "AB": "highway=steps"},
        houses={"h": ""},
        profile=WHEELS,
    )
    found = measured(town, (15,))
    assert (found["reached_m"], found["unknown_percent"]) == (200.0, 0.0)


def test_beyond_a_closed_node_nothing_is_reached() -> None:
    town = draw(
        "h---A---B",
        metres=50,
        ways={"hAB": KNOWN},
        nodes={"A": "kerb=raised"},
        houses={"h": ""},
        profile=WHEELS,
    )
    assert measured(town, (15,))["reached_m"] == 200.0


def test_metres_to_the_way_are_time_but_no_way() -> None:
    town = draw(
        """
        h
        |
        A-----B
        """,
        metres=25,
        ways={"AB": KNOWN},
        houses={"h": ""},
        profile=WHEELS,
    )
    # 50 m from the door to the way: of the first minute 10 m are left.
    assert measured(town, (1,))["reached_m"] == 10.0


def test_seats_every_so_many_metres() -> None:
    # Seats at 100 m and 200 m along 400 m: from 50 m to 250 m one is at most 50 m away.
    town = draw(
        "h-s-t---B",
        metres=50,
        ways={"hB": KNOWN},
        houses={"h": ""},
        profile=WHEELS,
    )
    assert measured(town, (15,), "st")["seated_percent"] == 50.0
    assert measured(town, (15,), "s")["seated_percent"] == 25.0
    assert measured(town, (1,), "st")["seated_percent"] == 16.7  # 50 to 60 m of 60 m
    assert measured(town, (15,), "")["seated_percent"] == 0.0


def test_a_seat_round_the_corner_counts_along_the_ways() -> None:
    # From the corner 20 m to the seat: 30 m of every other street there.
    town = draw(
        """
                  s
        h---------A-----B
                  C
        """,
        metres=20,
        ways={"hA": KNOWN, "AB": KNOWN, "As": KNOWN, "AC": KNOWN},
        houses={"h": ""},
        profile=WHEELS,
    )
    found = measured(town, (15,), "s")
    assert found["reached_m"] == 360.0
    # 30 m of hA, 30 m of AB, all 20 m to the seat and to C.
    assert found["seated_percent"] == round(100 * 100 / 360, 1)


def test_a_seat_beyond_steps_does_not_help() -> None:
    town = draw(
        """
        s
        h---------B
        """,
        metres=20,
        ways={"hB": KNOWN, "sh": "highway=steps"},
        houses={"h": ""},
        profile=WHEELS,
    )
    assert measured(town, (15,), "s")["seated_percent"] == 0.0


@pytest.mark.parametrize(("metres", "percent"), [(4.9, 86.7), (5.1, 0.0)])
def test_how_far_a_seat_may_stand_from_the_way(metres: float, percent: float) -> None:
    # The seat stands two rows up, eight columns along a street of 21 columns: from the
    # house to 8 · 4.9 m + 50 m one is near enough, that is 89.2 m of 102.9 m.
    town = draw(
        """
        ........s
        .........
        h--------------------B
        """,
        metres=metres,
        ways={"hB": KNOWN},
        houses={"h": ""},
        profile=WHEELS,
    )
    assert measured(town, (15,), "s")["seated_percent"] == percent


def test_rows_types_and_what_is_left_out() -> None:
    town = draw(
        "x  h---A",
        metres=200,
        ways={"hA": UNKNOWN},
        houses={"h": "", "x": ""},
        profile=WHEELS,
    )
    both = [*trees(town, state=State.CONFIRMED), *trees(town)]
    frame = measure_coverage(town.network, both, (10, 5), seats_at(town, ""))
    assert frame.dtypes.astype(str).to_dict() == COLUMNS
    assert frame[["house_id", "minutes"]].to_numpy().tolist() == [
        ["h", 5], ["h", 10], ["x", 5], ["x", 10],
    ]  # fmt: skip
    assert frame["unknown_percent"].tolist()[:2] == [100.0, 100.0]
    # 600 m from any way: not connected, so nothing is known of it.
    assert frame["reached_m"].tolist()[2:] == [0.0, 0.0]
    assert frame["unknown_percent"].isna().tolist() == [False, False, True, True]
    assert frame["seated_percent"].isna().tolist() == [False, False, True, True]
    with pytest.raises(ValueError, match="before 20 minutes"):
        measure_coverage(town.network, both, (20,), seats_at(town, ""))


def test_nothing_to_measure() -> None:
    town = draw("h---A", metres=50, ways={"hA": KNOWN}, houses={"h": ""}, profile=WHEELS)
    frame = measure_coverage(town.network, (), (5,), seats_at(town, ""))
    assert frame.empty
    assert frame.dtypes.astype(str).to_dict() == COLUMNS


# ------------------------------------------------------- against a naive count


def naive_union(parts: Sequence[tuple[int, int, int]]) -> dict[tuple[int, int], bool]:
    return {(edge, mm): True for edge, low, high in parts for mm in range(low, high)}


def test_joining_and_overlapping_equal_a_naive_count() -> None:
    rng = np.random.default_rng(7)
    for _ in range(300):
        sets = []
        for _ in range(2):
            count = int(rng.integers(0, 12))
            edge, low = rng.integers(0, 4, count), rng.integers(0, 30, count)
            sets.append((edge, low, low + rng.integers(0, 12, count)))
        joined = [merged(*parts) for parts in sets]
        naive = [
            naive_union(list(zip(*(part.tolist() for part in parts), strict=True)))
            for parts in sets
        ]
        for one, expected in zip(joined, naive, strict=True):
            assert int(one.mm.sum()) == len(expected)
            again = naive_union(
                list(
                    zip(one.edge.tolist(), one.low_mm.tolist(), one.high_mm.tolist(), strict=True)
                )
            )
            assert again == expected
        assert overlap_mm(*joined) == len(naive[0].keys() & naive[1].keys())


def test_random_towns_equal_a_count_metre_by_metre() -> None:
    """Split every edge into metres and search those: the same reached and seated metres."""
    town = draw(
        """
        h---A-------B
        |   |       |
        |   C---s---D----E
        |           |    |
        F-----G-----H----I
        """,
        metres=12,
        ways={
            "hA": KNOWN, "AB": UNKNOWN, "ACsDB": KNOWN, "DE": UNKNOWN, "EI": KNOWN,
            "hF": UNKNOWN, "FGH": KNOWN, "HD": UNKNOWN, "HI": "highway=steps",
        },
        houses={"h": ""},
        profile=WHEELS,
    )  # fmt: skip
    network = town.network
    (tree,) = trees(town)
    for seconds in (10, 37, 60, 90, 100, 120, 150, 300):
        found = reached_stretches(network, tree, seconds * 1000)
        assert int(found.mm.sum()) == _metre_by_metre(town, [town.spots["h"]], seconds) * 1000
    near = seated_stretches(network, "wheels", seats_at(town, "s"), 80.0)
    assert int(near.mm.sum()) == _metre_by_metre(town, [town.spots["s"]], 40) * 1000


def _metre_by_metre(town: Town, starts: Sequence[tuple[float, float]], limit: int) -> int:
    """Walk from spot to spot a metre apart, breadth first, and count the metres."""
    network = town.network
    forward, _ = network.weights("wheels", State.POSSIBLE)
    beside: dict[tuple[int, int], set[tuple[int, int]]] = {}
    for line in network.edge_geometry[forward >= 0]:
        metres = round(line.length)
        spots = [
            (round(point.x), round(point.y))
            for point in (line.interpolate(step) for step in range(metres + 1))
        ]
        for one, other in pairwise(spots):
            beside.setdefault(one, set()).add(other)
            beside.setdefault(other, set()).add(one)
    time = {(round(x), round(y)): 0 for x, y in starts}
    queue = list(time)
    for spot in queue:
        for other in beside[spot]:
            if other not in time:
                time[other] = time[spot] + 1
                queue.append(other)
    return sum(
        min(time[one], time[other]) < limit
        for one, others in beside.items()
        for other in others
        if one < other
    )


def test_the_table_is_a_plain_frame() -> None:
    town = draw("h---A", metres=50, ways={"hA": KNOWN}, houses={"h": ""}, profile=WHEELS)
    frame = measure_coverage(town.network, trees(town), (5,), seats_at(town, ""))
    assert type(frame) is pd.DataFrame
