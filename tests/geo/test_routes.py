"""Ways as lines: as long as the matrix says, and with what is on them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from geo.extract import Extract
from geo.network import build_network
from geo.profiles import Profile, State, load_profiles
from geo.reader import read_extract
from geo.routes import Route, is_crossing_node, is_crossing_way, longest_without_seat, route
from geo.snapping import snap_origins, snap_places
from geo.travel_time import search, travel_time_matrix
from tests.geo.drawings import CORNER, Town, draw
from tests.geo.marked import draw_marked
from tests.geo.real_study import place_study

FOOTWAY = "highway=footway"


def routes(town: Town, state: State = State.CONFIRMED) -> dict[tuple[str, str], Route]:
    """Return all ways of a town; each is as long and takes as long as the matrix says."""
    origins = snap_origins(town.network, town.sites, town.profile)
    destinations = snap_places(town.network, town.places, town.profile)
    trees = search(town.network, origins, town.profile, 1800, state)
    matrix = travel_time_matrix(town.network, trees, destinations)
    found = {}
    for tree in trees:
        for place in destinations.ids:
            one = route(town.network, tree, destinations, place)
            if one is not None:
                found[tree.origin_id, place] = one
    pairs = zip(matrix["from_id"], matrix["to_id"], strict=True)
    assert set(found) == set(pairs)
    for row in matrix.to_dict("records"):
        one = found[row["from_id"], row["to_id"]]
        assert (one.time_s, one.length_m) == (row["travel_time_s"], row["distance_m"])
        assert one.line.length == pytest.approx(row["distance_m"], abs=0.06)
    return found


def corners(town: Town) -> dict[tuple[str, str], list[tuple[float, float]]]:
    """Return the corners of every way, in metres from the corner of the drawing."""
    return {
        pair: [(float(x), float(y)) for x, y in np.round(shapely.get_coordinates(one.line), 1)
               - np.array(CORNER)]
        for pair, one in routes(town).items()
    }  # fmt: skip


TOWN = """
      h
    A-----B-----C
          |     |
          D-----E
             x     y
    """


def test_a_way_leads_from_door_to_door() -> None:
    town = draw(
        TOWN,
        metres=10,
        ways={"ABC": FOOTWAY, "EDB": FOOTWAY, "CE": "highway=steps"},
        houses={"h": ""},
        places={"x": "", "y": "", "h": ""},
    )
    found = corners(town)
    # B is a junction, D a bend of the way drawn from E to B: it is walked against its drawing.
    assert found["h", "x"] == [(20, 0), (20, -10), (60, -10), (60, -30), (90, -30), (90, -40)]
    assert found["h", "h"] == [(20, 0), (20, -10), (20, 0)]


def test_a_way_from_several_gates_begins_at_the_best() -> None:
    town = draw(
        """
        P-----Q
        G     L---x
        S-----R
        """,
        metres=10,
        ways={"Lx": FOOTWAY, "GS": FOOTWAY, "SR": FOOTWAY},
        sites={"klinik": "PQRS"},
        gates={"G": ("klinik", "open"), "L": ("klinik", "open")},
        places={"x": ""},
    )
    assert corners(town)["klinik", "x"] == [(60, -10), (100, -10)]


def test_what_is_not_reached_has_no_way() -> None:
    town = draw(
        "h---A                                  B---x",
        metres=20,
        ways={"hA": FOOTWAY, "Bx": FOOTWAY},
        houses={"h": ""},
        places={"x": ""},
    )
    assert routes(town) == {}
    with pytest.raises(KeyError):
        route(town.network, town.trees()[0], town.destinations, "nowhere")


def test_steps_are_measured_and_flights_counted() -> None:
    town = draw(
        "h-A-B----C--D-x",
        metres=10,
        ways={
            "hA": FOOTWAY,
            "AB": "highway=steps",
            "BC": "highway=footway name=Berggasse",
            "CD": "highway=steps name=Berggasse",
            "Dx": "highway=footway name=Markt",
        },
        houses={"h": ""},
        places={"x": "", "B": ""},
    )
    found = routes(town)
    # A to B 20 m, C to D 30 m of steps, B to C between them is level.
    assert (found["h", "x"].steps_m, found["h", "x"].flights) == (50.0, 2)
    assert (found["h", "B"].steps_m, found["h", "B"].flights) == (20.0, 1)
    # Steps at half the speed: 20 + 2·20 + 50 + 2·30 + 20 s.
    assert found["h", "x"].time_s == 190.0
    assert found["h", "x"].streets == ("Berggasse", "Markt")


def test_two_flights_without_a_level_stretch_between_are_one() -> None:
    town = draw(
        "h-A--B--C-x",
        metres=10,
        ways={"hA": FOOTWAY, "AB": "highway=steps", "BC": "highway=steps", "Cx": FOOTWAY},
        houses={"h": ""},
        places={"x": ""},
    )
    assert routes(town)["h", "x"].flights == 1


def test_each_crossing_counts_once() -> None:
    town = draw(
        """
          P     R     S     U
        h-A-B-C-D-E-F-G-H-I-J-K-x
          Q     T     V     W
        """,
        metres=10,
        ways={
            # a footway over a road, with a node for the crossing
            "hAB": FOOTWAY,
            "PAQ": "highway=residential",
            # two halves of a drawn crossing, the node in its middle drawn as well
            "BC": FOOTWAY,
            "CD": "highway=footway footway=crossing",
            "DE": "highway=footway footway=crossing",
            "RDT": "highway=residential",
            # over an island: still one crossing
            "EF": "highway=footway footway=crossing",
            "FG": "highway=footway footway=traffic_island",
            "GH": "highway=footway footway=crossing",
            "SGV": "highway=residential",
            # the node says that nobody crosses here
            "HIJKx": FOOTWAY,
            "UJW": "highway=residential",
        },
        nodes={
            "A": "highway=crossing crossing=marked",
            "D": "highway=crossing",
            "G": "highway=crossing",
            "J": "highway=crossing crossing=no",
        },
        houses={"h": ""},
        places={"x": "", "B": "", "C": "", "K": ""},
    )
    found = routes(town)
    assert found["h", "B"].crossings == 1
    assert found["h", "C"].crossings == 1
    # C to H is one long crossing with an island.
    assert found["h", "x"].crossings == 2


def test_walking_along_a_road_crosses_nothing() -> None:
    town = draw(
        """
            P
        h-A-B-C-x
            Q
        """,
        metres=10,
        ways={"hABCx": "highway=residential name=Lange~Straße", "PBQ": FOOTWAY},
        nodes={"B": "highway=crossing"},
        houses={"h": ""},
        places={"x": "", "Q": ""},
    )
    found = routes(town)
    assert found["h", "x"].crossings == 0
    assert found["h", "Q"].crossings == 0  # from the road onto a path: no road is crossed
    assert found["h", "x"].streets == ("Lange Straße",)


@pytest.mark.parametrize(
    ("tags", "way", "node"),
    [
        ({"highway": "footway", "footway": "crossing"}, True, False),
        ({"highway": "cycleway", "cycleway": "crossing"}, True, False),
        ({"highway": "path", "path": "crossing"}, True, False),
        ({"highway": "residential", "footway": "crossing"}, False, False),
        ({"highway": "footway", "footway": "sidewalk"}, False, False),
        ({"highway": "crossing"}, False, True),
        ({"highway": "crossing", "crossing": "no"}, False, False),
        ({"highway": "traffic_signals", "crossing": "traffic_signals"}, False, True),
        ({"highway": "traffic_signals"}, False, False),
        ({"crossing": "unmarked"}, False, False),
        ({}, False, False),
    ],
)
def test_what_is_a_crossing(tags: dict[str, str], *, way: bool, node: bool) -> None:
    assert is_crossing_way(tags) is way
    assert is_crossing_node(tags) is node


def test_unknown_metres_and_spots_on_the_way() -> None:
    town = draw_marked(
        "h-A---B-----C--x",
        metres=10,
        ways={"hA": FOOTWAY, "AB": FOOTWAY, "BC": FOOTWAY, "Cx": FOOTWAY},
        unknown={3: "surface", 4: "surface"},
        unknown_nodes={"A": "kerb", "C": "kerb", "x": "kerb"},
        houses={"h": ""},
        places={"x": "", "B": "", "C": ""},
    )
    found = routes(town, State.POSSIBLE)
    # B to C 60 m and C to x 30 m; A and C are passed over, at x the way ends.
    assert (found["h", "x"].unknown_m, found["h", "x"].unknown_nodes) == (90.0, 2)
    assert (found["h", "B"].unknown_m, found["h", "B"].unknown_nodes) == (0.0, 1)
    assert found["h", "C"].unknown_nodes == 1
    assert found["h", "x"].state == "possible"
    assert found["h", "x"].edges.tolist() == [0, 1, 2, 3]
    assert found["h", "x"].metres.tolist() == [20, 40, 60, 30]


def test_a_way_within_one_edge_knows_only_what_it_walks() -> None:
    town = draw_marked(
        """
          h   x
        A---------B
        """,
        metres=10,
        ways={"AB": FOOTWAY},
        unknown={1: "surface"},
        houses={"h": ""},
        places={"x": ""},
    )
    found = routes(town, State.POSSIBLE)["h", "x"]
    assert (found.length_m, found.unknown_m) == (60.0, 40.0)
    assert routes(town) == {}  # nothing is confirmed


def test_private_grounds_gates_by_hours_and_straight_lines() -> None:
    town = draw(
        """
        P------Q
        | h    |
        | A----G----x
        |      |
        S------R
        """,
        metres=10,
        ways={"AG": "highway=service access=private", "Gx": FOOTWAY},
        sites={"klinik": "PQRS"},
        houses={"h": "klinik"},
        gates={"G": ("klinik", "Mo-Fr 08:00-18:00")},
        places={"x": ""},
    )
    found = routes(town)
    one = found["h", "x"]
    # 10 m from the door to A, 50 m of private way, 50 m outside.
    assert (one.private_m, one.estimated_m, one.by_hours) == (50.0, 0.0, 1)
    assert one.length_m == 110.0


def test_a_straight_line_to_a_gate_is_estimated() -> None:
    town = draw(
        """
        P------Q
        | h    |
        |      G----x
        |      |
        S------R
        """,
        metres=10,
        ways={"Gx": FOOTWAY},
        sites={"klinik": "PQRS"},
        houses={"h": "klinik"},
        gates={"G": ("klinik", "open")},
        places={"x": ""},
    )
    # From h straight to the gate: √(50² + 10²) m.
    assert routes(town)["h", "x"].estimated_m == pytest.approx(np.hypot(50, 10), abs=0.05)


def test_the_longest_stretch_without_a_seat() -> None:
    line = shapely.LineString([(0, 0), (100, 0), (100, 200)])
    # Without any seat the whole way counts, from door to door.
    assert longest_without_seat(line, np.empty((0, 2))) == 300.0
    # Seats after 40 m and after 150 m: 40, 110, 150 m; one 11 m off the way is none.
    seats = np.array([[40.0, 5.0], [108.0, 50.0], [70.0, 11.0]])
    assert longest_without_seat(line, seats) == 150.0
    assert longest_without_seat(line, seats, near_m=11) == 150.0
    assert longest_without_seat(line, [[100.0, 100.0]], near_m=0) == 200.0  # type: ignore[arg-type]


def test_a_seat_that_is_passed_twice_is_there_twice() -> None:
    there_and_back = shapely.LineString([(0, 0), (100, 0), (0, 0)])
    # At 20 m on the way there, at 180 m on the way back.
    assert longest_without_seat(there_and_back, np.array([[20.0, 3.0]])) == 160.0


def test_a_way_knows_the_seats_that_it_is_given() -> None:
    town = draw("h-A----x", metres=10, ways={"hAx": FOOTWAY}, houses={"h": ""}, places={"x": ""})
    tree = town.trees()[0]
    seat = np.array([[CORNER[0] + 30, CORNER[1] + 4]])
    one = route(town.network, tree, town.destinations, "x", seats=seat)
    assert one is not None
    assert one.longest_without_seat_m == 40.0
    assert routes(town)["h", "x"].longest_without_seat_m is None


REAL = ["berlin-miraustr-2026.nometa", "neubrandenburg-2016.nometa"]


@pytest.fixture(scope="module", params=REAL)
def extract(request: pytest.FixtureRequest, shared_data: Path) -> Extract:
    return read_extract(shared_data / "osm" / f"{request.param}.osm.pbf", ())


def test_real_ways_are_the_sum_of_their_edges(extract: Extract) -> None:
    study = place_study(extract, seed=5, houses=10, places=60)
    profiles: dict[str, Profile] = {
        key: load_profiles()[key] for key in ("resident", "rollator", "bicycle")
    }
    network, sites = build_network(extract, study.sites, profiles)
    checked = 0
    for profile in profiles.values():
        origins = snap_origins(network, sites, profile)
        destinations = snap_places(network, study.places, profile)
        for state in profile.states:
            trees = search(network, origins, profile, 1800, state)
            frame = travel_time_matrix(network, trees, destinations)
            by_origin = {tree.origin_id: tree for tree in trees}
            sample = frame.sample(min(len(frame), 80), random_state=1)
            for row in sample.to_dict("records"):
                one = route(network, by_origin[row["from_id"]], destinations, row["to_id"])
                assert one is not None
                assert one.line.length == pytest.approx(row["distance_m"], abs=0.2)
                assert (one.length_m, one.time_s) == (row["distance_m"], row["travel_time_s"])
                assert (one.private_m > 0) == row["private"]
                whole = network.edge_length_m[one.edges[1:-1]]
                assert one.metres[1:-1] == pytest.approx(whole, abs=0.001)
                # What is not on edges are the straight lines at one door each.
                place = destinations.owner == destinations.ids.index(row["to_id"])
                lines = np.add.outer(
                    by_origin[row["from_id"]].steps.gap_mm / 1000, destinations.gap_m[place]
                )
                rest = row["distance_m"] - one.metres.sum()
                assert np.abs(lines - rest).min() < 0.06
                assert one.unknown_m <= one.length_m
                if state is State.CONFIRMED:
                    assert (one.unknown_m, one.unknown_nodes) == (0.0, 0)
                assert one.unknown_m == row["unknown_m"]
                assert (one.by_hours > 0) == row["by_hours"]
                checked += 1
    assert checked >= 200
