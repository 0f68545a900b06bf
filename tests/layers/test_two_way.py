"""Bridge values, by hand on the street of ``two_way_towns``."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.people import reach_points
from layers.two_way import best_site, bridge, bridge_values, homesteads, people_around
from tests.geo.drawings import RESIDENT, draw
from tests.layers.peopled import peopled, points
from tests.layers.two_way_towns import RESIDENTS, street, street_people

SHARES = st.floats(min_value=0, max_value=1)


def test_the_harmonic_mean_of_both_shares() -> None:
    # 2 · 1/2 · 1 / (3/2) = 2/3; the arithmetic mean would be 3/4.
    found = bridge(np.array([0.5, 1.0, 0.0, 0.0, 1.0]), np.array([1.0, 1.0, 1.0, 0.0, 0.25]))
    # 2 · 1 · 1/4 / (5/4) = 0.4
    assert found.tolist() == pytest.approx([2 / 3, 1.0, 0.0, 0.0, 0.4])


@given(SHARES, SHARES, SHARES)
def test_it_grows_with_either_side_and_punishes_unevenness(a: float, b: float, c: float) -> None:
    def value(one: float, other: float) -> float:
        return float(bridge(np.array(one), np.array(other)))

    low, high = sorted((b, c))
    assert value(a, low) <= value(a, high) + 1e-12
    assert value(a, b) == value(b, a)
    assert 0 <= value(a, b) <= min(1.0, 2 * min(a, b)) + 1e-12
    # The same sum, shared evenly.
    assert value(a, b) <= value((a + b) / 2, (a + b) / 2) + 1e-12


def test_sites_with_their_residents_and_the_people_around() -> None:
    homes = homesteads(street_people())
    assert homes.ids == ("campus", "k")
    assert homes.row.tolist() == [0, 1]
    assert homes.places.tolist() == [24, 8]
    # 15 minutes at 1.25 m/s are 1,125 m. From the fence (300 m) a is 600 m away and b 900 m;
    # from k a is 600 m and b 300 m away: 30 + 8 everywhere.
    assert homes.around.tolist() == [38, 38]


def test_people_around_end_at_the_circle_and_ignore_gates() -> None:
    people = street_people("locked")
    # 10 minutes are 750 m: of the campus only a (600 m), of k both.
    assert people_around(people, 10).tolist() == [30, 38]
    # 8 minutes are 600 m exactly: a person at the very edge lives within.
    assert people_around(people, 8).tolist() == [30, 38]
    assert people_around(people, 7.99).tolist() == [0, 8]


def test_bridge_values_by_hand() -> None:
    people = street_people()
    spots = points(street(), {"G": "", "x": "", "a": "", "h": "campus"})
    reach = reach_points(people, spots, RESIDENT)
    # Within 10 minutes (600 m):
    # G: h is there after 150 m, all 24 of the campus; of the neighbours those of a (600 m):
    #    30/38. Harmonic mean of 1 and 30/38: 2 · 30/38 / (68/38) = 60/68.
    # x: h after 450 m; a after 300 m, b after 600 m: both shares are 1.
    # a: h would need 750 m; k is there after 600 m; a itself, and b after 300 m: 1, for k.
    # h: at home; a would need 750 m: 0.
    values, sites = best_site(people, reach)
    assert values.tolist() == pytest.approx([60 / 68, 1.0, 1.0, 0.0])
    assert sites == ("campus", "campus", "k", "")
    assert bridge_values(people, reach).tolist() == values.tolist()
    # Within 5 minutes (300 m): G has residents, but a needs 600 m; at x it is a alone.
    assert bridge_values(people, reach, 5).tolist() == [0, 0, 0, 0]
    # Within 15 minutes (900 m): G is reached by a (600) and b (900 m): 1. x: 1. a: h after
    # 750 m: 1, and the campus comes before k. h: a after 750 m, b needs 1,050: 60/68.
    values, sites = best_site(people, reach, 15)
    assert values.tolist() == pytest.approx([1, 1, 1, 60 / 68])
    assert sites == ("campus", "campus", "campus", "campus")


def test_a_closed_gate_is_a_bridge_value_of_nought() -> None:
    spots = {"h": "campus", "x": ""}
    shut, opened = street_people("locked"), street_people("open")
    # Nobody of the campus comes to x, no neighbour comes to h; and k is 900 m from x.
    assert bridge_values(shut, reach_points(shut, points(street(), spots), RESIDENT)).max() == 0
    found = bridge_values(opened, reach_points(opened, points(street(), spots), RESIDENT), 15)
    assert (found > 0).all()


def test_the_share_of_places_counts_not_of_houses() -> None:
    # h (24) is at G after 100 m, i (8) after 600 m; 10 people live at a, 200 m from G.
    town = draw(
        """
        p-------q
        | i    hG a
        s-------r
        """,
        metres=100,
        ways={"ihGa": "highway=footway"},
        sites={"campus": "pqrs"},
        houses={"h": "campus", "i": "campus"},
        gates={"G": ("campus", "open")},
    )
    people = peopled(town, {"a": 10}, {"h": 24, "i": 8})
    reach = reach_points(people, points(town, {"a": ""}), RESIDENT)
    # a: h after 300 m, i after 800 m. In 5 and 10 minutes 24 of 32 come: share 3/4; all 10
    # people are there: 2 · 3/4 / (7/4) = 6/7. In 15 minutes all come.
    assert bridge_values(people, reach, 5)[0] == pytest.approx(6 / 7)
    assert bridge_values(people, reach, 10)[0] == pytest.approx(6 / 7)
    assert bridge_values(people, reach, 15)[0] == 1


def test_more_neighbours_than_live_around_count_as_all() -> None:
    # k's surroundings end after 1,125 m; with a bicycle's pace c would come from farther away,
    # here the threshold does it: 20 minutes on foot are 1,200 m.
    town = draw(
        "k-----------------------c",
        metres=50,
        ways={"kc": "highway=footway"},
        houses={"k": ""},
    )
    people = peopled(town, {"c": 5, "k": 1}, {"k": 8}, minutes=(5, 20), max_minutes=20)
    reach = reach_points(people, points(town, {"k": ""}), RESIDENT)
    # Around k lives one person; six reach it within 20 minutes.
    assert people_around(people).tolist() == [1]
    assert reach.neighbours.tolist() == [[1, 6]]
    assert bridge_values(people, reach, 20).tolist() == [1]


def test_nobody_around_nobody_to_meet() -> None:
    town = street()
    people = peopled(town, {}, RESIDENTS)
    reach = reach_points(people, points(town, {"x": ""}), RESIDENT)
    assert bridge_values(people, reach).tolist() == [0]
    assert best_site(people, reach)[1] == ("",)


def test_neighbours_are_counted_for_the_study_s_thresholds_only() -> None:
    people = street_people()
    reach = reach_points(people, points(street(), {"x": ""}), RESIDENT)
    with pytest.raises(ValueError, match="no counts within 7 minutes"):
        bridge_values(people, reach, 7)
