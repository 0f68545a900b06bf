"""Who reaches gates and places, by hand on the street of ``two_way_towns``."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from geo.profiles import State
from layers.reach_tables import house_reach, place_reach
from layers.small_numbers import shown_counts
from tests.geo.drawings import RESIDENT, draw
from tests.geo.marked import WHEELS, draw_marked
from tests.layers.peopled import peopled, points
from tests.layers.two_way_towns import HOMES, RESIDENTS, street, street_people


def test_neighbours_reach_the_gate_or_the_house_off_any_grounds() -> None:
    found = house_reach(street_people())
    assert found.columns.tolist() == [
        "house_id", "site_id", "profile", "state", "minutes", "neighbours", "gate",
    ]  # fmt: skip
    # The gate G: a (30 people) after 600 m, b (8) after 900 m: within 5, 10, 15 minutes (300,
    # 600, 900 m) 0, 30, 38. The way from G to h does not count.
    # The house k: b after 300 m, a after 600 m: 8, 38, 38.
    rows = found[["house_id", "site_id", "minutes", "neighbours", "gate"]].to_numpy().tolist()
    assert rows == [
        ["h", "campus", 5, 0, "open"],
        ["h", "campus", 10, 30, "open"],
        ["h", "campus", 15, 38, "open"],
        ["k", "", 5, 8, ""],
        ["k", "", 10, 38, ""],
        ["k", "", 15, 38, ""],
    ]
    assert set(found["profile"]) == {"resident"}
    assert set(found["state"]) == {"confirmed"}


def test_a_site_without_a_passable_gate_is_reached_by_nobody_and_says_so() -> None:
    found = house_reach(street_people("locked"))
    found = found[found["house_id"] == "h"]
    assert found["neighbours"].tolist() == [0, 0, 0]
    assert found["gate"].tolist() == ["closed"] * 3


def test_a_gate_with_hours_counts_as_open() -> None:
    found = house_reach(street_people("Mo-Fr 08:00-18:00"))
    assert found["neighbours"].tolist()[:3] == [0, 30, 38]
    assert found["gate"].tolist()[:3] == ["open"] * 3


def test_the_nearest_of_several_gates_counts() -> None:
    # The way runs around the grounds' corner: a is 100 m from H and 100 + 400 + 200 m from G.
    town = draw(
        """
        p-------q
        |   h   G
        |       |
        s---H---r
            a
        """,
        metres=100,
        ways={"hH": "highway=footway", "hG": "highway=footway", "Ha": "highway=footway"},
        sites={"campus": "pqrs"},
        houses={"h": "campus"},
        gates={"G": ("campus", "open"), "H": ("campus", "open")},
    )
    people = peopled(town, {"a": 5}, {"h": 1})
    assert house_reach(people)["neighbours"].tolist() == [5, 5, 5]


def test_a_house_joined_to_no_way_is_not_known() -> None:
    # k stands 500 m from the only way; joining ends at 300 m.
    town = draw(
        """
        A-----a



        k
        """,
        metres=100,
        ways={"Aa": "highway=footway"},
        houses={"k": ""},
    )
    found = house_reach(peopled(town, {"a": 5}, {"k": 1}))
    assert found["neighbours"].isna().all()
    assert found["gate"].tolist() == [""] * 3
    assert shown_counts(found["neighbours"].to_numpy()).isna().all()


def test_a_gate_not_known_to_be_step_free_counts_as_possible_only() -> None:
    # All is confirmed but the gate: 100 m from a to G.
    town = draw_marked(
        """
        p-----q
        | h   G-a
        s-----r
        """,
        metres=50,
        ways={"hGa": "highway=footway"},
        sites={"campus": "pqrs"},
        houses={"h": "campus"},
        gates={"G": ("campus", "open")},
        unknown_nodes={"G": "kerb"},
        profile=replace(WHEELS, rest_m=None),
    )
    people = peopled(town, {"a": 7}, {"h": 1})
    found = house_reach(people)
    told = found[found["minutes"] == 5].set_index("state")
    assert told["neighbours"].to_dict() == {"confirmed": 0, "possible": 7}
    assert told["gate"].to_dict() == {"confirmed": "closed", "possible": "open"}


def test_places_with_both_sides_and_the_bridge() -> None:
    town = street()
    people = street_people()
    found = place_reach(people, RESIDENT, points=points(town, {"x": "", "G": ""}))
    # x: h (24) after 450 m, k (8) after 900 m; a (30) after 300 m, b (8) after 600 m.
    #    5 min: 0 and 30: 0. 10 min: 24 and 38: 1 for the campus. 15 min: 32 and 38: 1.
    # G: h after 150 m, k after 1,200 m; a after 600 m, b after 900 m.
    #    5 min: 24 and 0: 0. 10 min: 24 and 30: 60/68. 15 min: 24 and 38: 1.
    columns = ["place_id", "minutes", "residents", "neighbours", "site_id"]
    assert found[columns].to_numpy().tolist() == [
        ["x", 5, 0, 30, ""],
        ["x", 10, 24, 38, "campus"],
        ["x", 15, 32, 38, "campus"],
        ["G", 5, 24, 0, ""],
        ["G", 10, 24, 30, "campus"],
        ["G", 15, 24, 38, "campus"],
    ]
    assert found["bridge"].tolist() == pytest.approx([0, 1, 1, 0, 60 / 68, 1])
    assert set(found["state"]) == {"confirmed"}


def test_the_places_of_the_study_by_default() -> None:
    town = draw(
        "h-----x-----a",
        metres=50,
        ways={"hxa": "highway=footway"},
        houses={"h": ""},
        places={"x": ""},
    )
    people = peopled(town, {"a": 6}, {"h": 12})
    found = place_reach(people, RESIDENT)
    # x lies 300 m from both: within 5 minutes all 12 and all 6 come.
    assert found["place_id"].tolist() == ["x"] * 3
    assert found["residents"].tolist() == [12, 12, 12]
    assert found["neighbours"].tolist() == [6, 6, 6]
    assert found["bridge"].tolist() == [1, 1, 1]


def test_both_states_are_told_apart() -> None:
    # The stretch xa is only possibly passable.
    town = draw_marked(
        "h--x--a",
        metres=50,
        ways={"hx": "highway=footway", "xa": "highway=footway"},
        houses={"h": ""},
        places={"x": ""},
        unknown={2: "surface"},
        profile=replace(WHEELS, rest_m=None),
    )
    people = peopled(town, {"a": 6}, {"h": 12})
    sure = place_reach(people, town.profile, State.CONFIRMED)
    known = place_reach(people, town.profile)
    assert known["state"].tolist() == ["possible"] * 3
    assert sure["residents"].tolist() == known["residents"].tolist() == [12] * 3
    assert sure["neighbours"].tolist() == [0] * 3
    assert known["neighbours"].tolist() == [6] * 3


def test_counts_of_one_to_four_are_not_shown() -> None:
    people = peopled(street(), {**HOMES, "b": 3.0}, RESIDENTS)
    found = house_reach(people)
    # k: b with 3 people within 5 minutes, 33 within 10; the raw 3 is for computing only.
    counts = found.loc[found["house_id"] == "k", "neighbours"]
    assert counts.tolist() == [3, 33, 33]
    assert np.array(shown_counts(counts).isna()).tolist() == [True, False, False]
