"""Who reaches points: by hand on the street of ``two_way_towns``, and what must always hold."""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.profiles import State, load_profiles
from layers.people import PARTS, PointReach, join_points, known_state, reach_points
from tests.geo.drawings import RESIDENT, draw
from tests.layers.peopled import peopled, points
from tests.layers.two_way_towns import street, street_people

LONG = bool(os.environ.get("TEST_ALL"))


def test_who_reaches_points_by_hand() -> None:
    found = reach_points(street_people(), points(street(), {"x": "", "G": ""}), RESIDENT)
    assert (found.profile_id, found.state, found.minutes) == (
        "resident", State.CONFIRMED, (5, 10, 15),
    )  # fmt: skip
    # x at 600 m: h at 150, k at 1,500. G at 300: 150 and 1,200 m.
    assert found.resident_ms.tolist() == [[450_000, 150_000], [900_000, 1_200_000]]
    # x: a (30) after 300 m, b (8) after 600 m. G: 600 and 900 m.
    assert found.neighbours.tolist() == [[30, 38, 38], [0, 30, 38]]
    # Residents within any time up to the limit: 7 minutes are 420 s, 7.5 are 450.
    places = np.array([24.0, 8.0])
    assert found.residents(places, 7).tolist() == [0, 24]
    assert found.residents(places, 7.5).tolist() == [24, 24]
    assert found.residents(places, 20).tolist() == [32, 32]


def test_both_sides_stop_at_a_locked_gate() -> None:
    spots = points(street(), {"x": "", "h": "campus"})
    found = reach_points(street_people("locked"), spots, RESIDENT)
    # k reaches x after 900 m, h reaches itself; nothing else crosses the fence.
    assert found.resident_ms.tolist() == [[-1, 0], [900_000, -1]]
    assert found.neighbours.tolist() == [[30, 38, 38], [0, 0, 0]]


def test_a_point_joined_to_no_way_is_reached_by_nobody() -> None:
    town = draw(
        """
        h-----a



        u
        """,
        metres=100,
        ways={"ha": "highway=footway"},
        houses={"h": ""},
    )
    people = peopled(town, {"a": 5}, {"h": 3})
    found = reach_points(people, points(town, {"u": "", "a": ""}), RESIDENT)
    assert found.resident_ms.tolist() == [[-1, 600_000]]
    assert found.neighbours.tolist() == [[0, 0, 0], [5, 5, 5]]


def test_shares_of_people_add_up_the_same_in_any_order() -> None:
    # Ten people of a cell on ten homes, and thirds of persons: floats would depend on the order.
    homes = {"A": 0.1, "B": 1 / 3, "C": 0.7, "D": 1e-3, "E": 123_456.7, "F": 0.2}

    def counts(order: str) -> bytes:
        town = draw(
            f"{'-'.join(order)}-x",
            metres=10,
            ways={f"{order}x": "highway=footway"},
            houses={"x": ""},
        )
        people = peopled(town, homes, {"x": 1})
        return reach_points(people, points(town, {"x": ""}), RESIDENT).neighbours.tobytes()

    found = {counts(order) for order in ("ABCDEF", "FEDCBA", "CAFEBD")}
    # 0.1 + 0.333333 + 0.7 + 0.001 + 123,456.7 + 0.2
    assert found == {np.full(3, 123_458_034_333 / PARTS).tobytes()}


def test_joining_once_serves_all_who_go_on_foot() -> None:
    people = street_people()
    spots = points(street(), {"x": "", "G": ""})
    walk, slow = load_profiles()["walk"], load_profiles()["slow"]
    joined = join_points(people, spots, (RESIDENT, walk, slow))
    assert joined["walk"] is joined["slow"] is joined["resident"]
    one = reach_points(people, spots, RESIDENT)
    other = reach_points(people, spots, RESIDENT, joined=joined["resident"])
    assert one.neighbours.tolist() == other.neighbours.tolist()
    assert one.resident_ms.tolist() == other.resident_ms.tolist()


def test_possible_ways_count_where_not_all_are_sure() -> None:
    profiles = load_profiles()
    assert known_state(profiles["resident"]) is State.CONFIRMED
    assert known_state(profiles["wheelchair"]) is State.POSSIBLE


# -- what must always hold ----------------------------------------------------------------------

SPOTS = "ABCDEF"
EXTRA = ("AD", "BE", "AE", "BF")
OPEN_OR_LOCKED = st.sampled_from(("open", "locked", "Mo-Fr 08:00-18:00"))


def counted(gates: Sequence[str], extra: Sequence[str], homes: dict[str, float]) -> PointReach:
    """Return who reaches every spot of a small town of one site with two gates.

    All spots outside hang together, and so do those inside, whatever is drawn.
    """
    town = draw(
        """
        p-------q
        | h   --G-A---B---C
        |       |
        | i   --H-D---E---F
        s-------r
        """,
        metres=20,
        ways=dict.fromkeys(("hG", "iH", "hi", "GA", "HD", "ABCFED", *extra), "highway=footway"),
        sites={"campus": "pqrs"},
        houses={"h": "campus", "i": "campus"},
        gates={"G": ("campus", gates[0]), "H": ("campus", gates[1])},
    )
    people = peopled(town, homes, {"h": 20, "i": 4}, minutes=(1, 3, 5), max_minutes=5)
    spots = {**dict.fromkeys(SPOTS, ""), "h": "campus", "i": "campus"}
    return reach_points(people, points(town, spots), RESIDENT)


@settings(max_examples=300 if LONG else 6, deadline=None)
@given(
    gates=st.tuples(OPEN_OR_LOCKED, OPEN_OR_LOCKED),
    extra=st.lists(st.sampled_from(EXTRA), unique=True),
    homes=st.dictionaries(
        st.sampled_from(SPOTS), st.floats(min_value=0.01, max_value=500), min_size=1
    ),
    opened=st.sampled_from(((0,), (1,), (0, 1))),
    more=st.tuples(st.sampled_from(SPOTS), st.floats(min_value=0.01, max_value=500)),
)
def test_an_opened_gate_and_another_home_never_lower_a_count(
    gates: tuple[str, str],
    extra: list[str],
    homes: dict[str, float],
    opened: tuple[int, ...],
    more: tuple[str, float],
) -> None:
    before = counted(gates, extra, homes)
    # Longer thresholds never count fewer, and nobody counts twice.
    assert (np.diff(before.neighbours, axis=1) >= 0).all()
    assert before.neighbours.max() <= sum(homes.values()) + 1e-5
    places = np.array([20.0, 4.0])
    wider = ["open" if number in opened else gates[number] for number in (0, 1)]
    after = counted(wider, extra, homes)
    assert (after.neighbours >= before.neighbours).all()
    for minutes in before.minutes:
        assert (after.residents(places, minutes) >= before.residents(places, minutes)).all()
    spot, count = more
    fuller = counted(gates, extra, {**homes, spot: homes.get(spot, 0.0) + count})
    assert (fuller.neighbours >= before.neighbours).all()
    assert (fuller.neighbours[SPOTS.index(spot)] > before.neighbours[SPOTS.index(spot)]).all()
    if gates == ("locked", "locked"):
        # Inside nobody comes, outside nobody of the campus.
        assert (before.neighbours[-2:] == 0).all()
        assert (before.resident_ms[:, :-2] == -1).all()


def test_a_home_joined_to_no_way_changes_nothing() -> None:
    # u lives 400 m from the only way; homes are joined within 300 m.
    town = draw(
        """
        h-----a



        u
        """,
        metres=100,
        ways={"ha": "highway=footway"},
        houses={"h": ""},
    )
    spots = points(town, {"a": "", "h": ""})
    one = reach_points(peopled(town, {"a": 5}, {"h": 3}), spots, RESIDENT)
    other = reach_points(peopled(town, {"a": 5, "u": 99}, {"h": 3}), spots, RESIDENT)
    # From a to h it is 600 m.
    assert one.neighbours.tolist() == other.neighbours.tolist() == [[5, 5, 5], [0, 5, 5]]
