"""Travel times: drawn towns with seconds derived by hand, and a second engine on real towns.

Random networks have a file of their own.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.network import build_network
from geo.profiles import Profile, load_profiles, with_speed
from geo.reader import read_extract
from geo.snapping import snap_origins, snap_places
from geo.travel_time import (
    PairState,
    pair_states,
    search,
    travel_time_matrix,
)  # fmt: skip
from tests.geo.drawings import RESIDENT, draw
from tests.geo.oracle import Oracle
from tests.geo.real_study import place_study

WALK = Profile("walk", "zu Fuß", speed_m_s=1.25, steps_speed_m_s=0.625, source="Test")


def test_seconds_from_door_to_door() -> None:
    town = draw(
        """
        h
        A-----B-----C
                    x
        """,
        metres=10,
        ways={"AB": "highway=footway", "BC": "highway=steps"},
        houses={"h": ""},
        places={"x": ""},
    )
    matrix = town.matrix()
    assert matrix.columns.tolist() == [
        "from_id", "to_id", "profile", "state", "travel_time_s", "distance_m", "estimated",
        "private", "by_hours", "unknown_m",
    ]  # fmt: skip
    # 10 to A, 60 to B, 60 of steps at half speed, 10 to x; steps are as long as they are.
    assert matrix.to_dict("records") == [
        {
            "from_id": "h", "to_id": "x", "profile": "resident", "state": "confirmed",
            "travel_time_s": 200.0, "distance_m": 140.0, "estimated": False, "private": False,
            "by_hours": False, "unknown_m": 0.0,
        }
    ]  # fmt: skip


def test_the_profile_s_speed_counts_for_access_and_egress_too() -> None:
    town = draw(
        """
        h           x
        A-----B-----C
        """,
        metres=10,
        ways={"ABC": "highway=footway"},
        houses={"h": ""},
        places={"x": ""},
        profile=WALK,
    )
    assert town.seconds() == {("h", "x"): 140 / 1.25}
    slow = draw(
        "A-----B",
        metres=10,
        ways={"AB": "highway=footway"},
        houses={"A": ""},
        places={"B": ""},
        profile=with_speed(RESIDENT, 0.3),
    )
    assert slow.seconds() == {("A", "B"): 200.0}


def test_origin_and_place_on_one_edge_walk_directly_both_ways() -> None:
    town = draw(
        """
          h     i
        A----------------B
             x     y
        """,
        metres=10,
        ways={"AB": "highway=footway"},
        houses={"h": "", "i": ""},
        places={"x": "", "y": ""},
    )
    assert town.seconds() == {
        ("h", "x"): 50.0, ("h", "y"): 110.0, ("i", "x"): 50.0, ("i", "y"): 50.0,
    }  # fmt: skip


def test_the_way_round_may_be_quicker_than_along_the_own_edge() -> None:
    town = draw(
        """
        A-h--------x-B
        C------------D
        """,
        metres=10,
        # A wide bend joins A and B; h and x lie at its two ends.
        ways={"AhxB": "highway=steps", "AC": "highway=footway", "CD": "highway=footway",
              "DB": "highway=footway"},
        houses={"h": ""},
        places={"x": ""},
    )  # fmt: skip
    # Along the steps 90 m at half speed: 180 s. Round: 40 + 10 + 130 + 10 + 40 = 230 s.
    assert town.seconds() == {("h", "x"): 180.0}
    quick = draw(
        """
        A-h----------------------x-B
        C--------------------------D
        """,
        metres=10,
        ways={"AhxB": "highway=steps", "AC": "highway=footway", "CD": "highway=footway",
              "DB": "highway=footway"},
        houses={"h": ""},
        places={"x": ""},
    )  # fmt: skip
    # Along 460 s; round 40 + 10 + 270 + 10 + 40 = 370 s and 2 × 20 + 290 = 330 m.
    assert quick.seconds() == {("h", "x"): 370.0}
    assert quick.matrix()["distance_m"].tolist() == [330.0]


def test_an_escalator_is_taken_in_its_direction_only() -> None:
    picture = """
        A----h----B
        |         |
        C----x----D
        """
    ways = {
        "AB": "highway=footway",
        "AC": "highway=steps conveying=forward",
        "BD": "highway=steps conveying=backward",
        "CD": "highway=footway",
    }
    down = draw(picture, metres=10, ways=ways, houses={"h": ""}, places={"x": ""})
    # Down at A: 50 + 40 + 50. Up again only at B.
    assert down.seconds() == {("h", "x"): 140.0}
    up = draw(picture, metres=10, ways=ways, houses={"x": ""}, places={"h": ""})
    assert up.seconds() == {("x", "h"): 140.0}
    no_way_up = {**ways, "BD": "highway=steps conveying=forward"}
    stuck = draw(picture, metres=10, ways=no_way_up, houses={"x": ""}, places={"h": ""})
    assert stuck.seconds() == {}


def test_on_an_escalator_nobody_turns_back() -> None:
    town = draw(
        """
          h     i
        A---------B
             x
        """,
        metres=10,
        ways={"AB": "highway=steps conveying=forward"},
        houses={"h": "", "i": ""},
        places={"x": ""},
    )
    # From h on with the escalator, 30 m at half speed; i would have to go against it.
    assert town.seconds() == {("h", "x"): 80.0}


def test_the_nearest_of_several_entrances_counts() -> None:
    town = draw(
        """
        h---A-----------------------B
            K-----------------------L
            |           x           |
            N-----------------------M
        """,
        metres=10,
        ways={"hAB": "highway=footway"},
        houses={"h": ""},
        places={"x": ""},
        outlines={"x": "KLMN"},
        entrances={"x": "LN"},
    )
    # By N: 40 along and 30 across; by L it were 280 and 10.
    assert town.seconds() == {("h", "x"): 70.0}


def test_a_park_around_the_house_is_there_at_once() -> None:
    town = draw(
        """
        K-----------L
        |           |
        A--h--B-----+-----C
        |           |
        N-----------M
              x
        """,
        metres=10,
        ways={"AhBC": "highway=footway", "BL": "highway=path"},
        houses={"h": ""},
        places={"x": ""},
        outlines={"x": "KLMN"},
    )
    # The junction B inside is 30 m away, A on the rim too.
    assert town.seconds() == {("h", "x"): 30.0}


def test_a_limit_is_met_exactly() -> None:
    town = draw(
        "A------------B----x",
        metres=10,
        ways={"ABx": "highway=footway"},
        houses={"A": ""},
        places={"x": "", "B": ""},
    )
    assert town.seconds(limit_s=180) == {("A", "B"): 130.0, ("A", "x"): 180.0}
    assert town.seconds(limit_s=179.999) == {("A", "B"): 130.0}
    assert town.seconds(limit_s=0) == {}


def test_not_reachable_not_computed_and_not_connected_are_different() -> None:
    town = draw(
        """
        h----A-----------B              D---E


                                             o
        """,
        metres=40,
        ways={"hAB": "highway=footway", "DE": "highway=footway"},
        houses={"h": ""},
        places={"A": "", "B": "", "E": "", "o": ""},
    )
    states = pair_states(town.network, town.trees(300)[0], town.destinations)
    # E stands on another piece of network 900 m off; o is 120 m from E, 300 s are no limit.
    assert states.tolist() == [
        PairState.REACHED, PairState.BEYOND_LIMIT, PairState.NOT_REACHABLE,
        PairState.NOT_REACHABLE,
    ]  # fmt: skip
    lost = draw(
        """
        h----A                 o
        """,
        metres=40,
        ways={"hA": "highway=footway"},
        houses={"h": "", "o": ""},
        places={"A": "", "o": ""},
    )
    from_h, from_o = (
        pair_states(lost.network, tree, lost.destinations).tolist() for tree in lost.trees()
    )
    assert from_h == [PairState.REACHED, PairState.NOT_CONNECTED]
    assert from_o == [PairState.NOT_CONNECTED, PairState.NOT_CONNECTED]


def test_a_river_without_a_bridge_is_the_end_and_a_bridge_is_a_detour() -> None:
    picture = """
        h----A-----B-----C

        =====================   # the river, too wide to take the other bank for an island

        x----D-----E-----F
        """
    ways = {"hABC": "highway=footway", "xDEF": "highway=footway"}
    places = {"x": ""}
    without = draw(picture, metres=80, ways=ways, houses={"h": ""}, places=places)
    assert without.seconds() == {}
    bridge = {**ways, "CF": "highway=footway bridge=yes"}
    across = draw(picture, metres=80, ways=bridge, houses={"h": ""}, places=places)
    # 17 × 80 m to C, 4 × 80 m over the bridge, 17 × 80 m back.
    assert across.seconds(limit_s=3600) == {("h", "x"): 38 * 80.0}


def test_private_ways_are_used_on_the_grounds_and_marked() -> None:
    picture = """
        P-----------Q
        |  h--A     |
        |     |     |
        |     B-----G--------x
        |  y        |
        S-----------R
        """
    ways = {
        "hA": "highway=footway",
        "AB": "highway=service access=private",
        "BGx": "highway=footway",
        "BR": "highway=footway",
    }
    town = draw(
        picture,
        metres=10,
        ways=ways,
        sites={"klinik": "PQRS"},
        houses={"h": "klinik"},
        places={"x": "", "A": "klinik"},
    )
    matrix = town.matrix().set_index(["from_id", "to_id"])
    assert matrix.loc[("h", "x"), "travel_time_s"] == 200.0
    assert matrix.loc[("h", "x"), "private"]
    assert not matrix.loc[("h", "A"), "private"]
    assert not matrix.loc[("klinik", "x"), "private"]
    # The same house, the same ways, but the grounds are not ours: the way is closed.
    elsewhere = draw(picture, metres=10, ways=ways, houses={"h": ""}, places={"x": ""})
    assert sorted(set(elsewhere.network.edge_way.tolist())) == [1, 3, 4]
    assert not elsewhere.matrix()["private"].any()


def test_the_matrix_is_sorted_as_text_and_the_same_every_time() -> None:
    town = draw(
        """
        a----b----c----d----1----2
        """,
        metres=10,
        ways={"abcd12": "highway=footway"},
        houses={"b": "", "a": ""},
        places={"d": "", "2": "", "1": "", "c": ""},
    )
    frame = town.matrix()
    pairs = list(zip(frame["from_id"], frame["to_id"], strict=True))
    assert pairs == sorted(pairs)
    assert [to for _, to in pairs[:4]] == ["1", "2", "c", "d"]
    assert frame.equals(town.matrix())


def test_two_profiles_share_a_network() -> None:
    town = draw(
        "a----b", metres=10, ways={"ab": "highway=footway"}, houses={"a": ""}, places={"b": ""}
    )
    network, sites = build_network(town.extract, town.given, {"resident": RESIDENT, "walk": WALK})
    origins, destinations = snap_origins(network, sites), snap_places(network, town.places)
    trees = [
        tree for profile in (WALK, RESIDENT) for tree in search(network, origins, profile, 99)
    ]
    frame = travel_time_matrix(network, trees, destinations)
    assert frame["profile"].tolist() == ["resident", "walk"]
    assert frame["travel_time_s"].tolist() == [50.0, 40.0]


@pytest.mark.parametrize(
    ("name", "seed"),
    [("neubrandenburg-2016", 8), ("berlin-miraustr-2026", 4)],
)
def test_travel_times_equal_the_second_engine_on_real_towns(
    shared_data: Path, name: str, seed: int
) -> None:
    extract = read_extract(shared_data / "osm" / f"{name}.nometa.osm.pbf", ())
    study = place_study(extract, seed=seed, houses=10, places=60)
    network, sites = build_network(extract, study.sites, load_profiles())
    origins, destinations = snap_origins(network, sites), snap_places(network, study.places)
    trees = search(network, origins, RESIDENT, 1800)
    frame = travel_time_matrix(network, trees, destinations)
    found = {
        (row["from_id"], row["to_id"]): row["travel_time_s"] for row in frame.to_dict("records")
    }
    expected = Oracle(extract, study.sites, RESIDENT).travel_times(study.places, 1800)
    assert len(expected) >= 200
    assert found.keys() == expected.keys()
    assert max(abs(found[pair] - expected[pair]) for pair in expected) <= 0.1
    assert frame["private"].any()
