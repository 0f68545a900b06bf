"""The network, against hand-drawn maps. Gates and boundaries have a file of their own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from geo.network import build_network
from geo.profiles import load_profiles, with_speed
from geo.reader import read_extract
from tests.geo.drawings import draw, make_extract, make_sites

PROFILES = load_profiles()
NOWHERE = make_sites({}, {}, {})


def test_ways_are_cut_where_they_share_nodes() -> None:
    town = draw(
        """
        A---B---C
            |
            D---E
        """,
        metres=10,
        ways={"ABC": "highway=residential", "BDE": "highway=footway"},
    )
    # D is a bend, no junction.
    assert town.edges() == [("AB", 40), ("BC", 40), ("BE", 60)]
    assert town.network.edge_way.tolist() == [1, 1, 2]
    assert [line.coords[-1] for line in town.network.edge_geometry] == [
        pytest.approx(town.spots[letter]) for letter in "BCE"
    ]


def test_ways_that_merely_cross_are_not_joined() -> None:
    town = draw(
        """
              C
              |
        A-----+-----B     # CD is a bridge over AB
              |
        h     D     x
        """,
        metres=10,
        ways={"AB": "highway=residential", "CD": "highway=footway bridge=yes layer=1"},
        houses={"h": ""},
        places={"x": ""},
    )
    assert town.edges() == [("AB", 120), ("CD", 40)]
    assert town.network.parts().nodes.tolist() == [2, 2]
    # h and x are 20 m from AB and 120 m apart along it.
    assert town.seconds() == {("h", "x"): 160.0}


def test_a_way_is_split_where_a_node_is_missing() -> None:
    town = draw("A--B--C--M--D--E", metres=10, ways={"ABCMDE": "highway=footway"}, missing="M")
    assert town.edges() == [("AC", 60), ("DE", 30)]
    (found,) = (one for one in town.network.findings if one.code == "network.missing_nodes")
    assert (found.count, found.examples) == (1, ("w1",))
    assert "Lücke" in found.message


def test_a_way_that_keeps_one_node_vanishes() -> None:
    town = draw("A--M--B--C", metres=10, ways={"AMBC": "highway=footway"}, missing="M")
    assert town.edges() == [("BC", 30)]


def test_an_extract_without_ways_makes_an_empty_network() -> None:
    network, _ = build_network(make_extract({}, {}), NOWHERE, PROFILES)
    assert len(network.edge_from) == len(network.node_xy) == 0
    assert network.findings == ()


def test_nodes_named_twice_and_negative_ids_do_no_harm() -> None:
    town = draw(
        "A--B--C",
        metres=10,
        ways={"AABBBC": "highway=footway"},
        way_ids={"AABBBC": -7},
    )
    assert town.edges() == [("AC", 60)]
    assert town.network.edge_way.tolist() == [-7]


def test_two_nodes_at_the_same_spot_stay_connected() -> None:
    xy = (400_000.0, 5_750_000.0)
    points = {1: xy, 2: xy, 3: (xy[0] + 30, xy[1]), 4: (xy[0] - 20, xy[1])}
    ways = {n: (refs, {"highway": "path"}) for n, refs in enumerate([[4, 1], [1, 2], [2, 3]])}
    network, _ = build_network(make_extract(ways, points), NOWHERE, PROFILES)
    assert network.parts().nodes.tolist() == [4]
    assert sorted(network.weights("resident")[0].tolist()) == [0, 20_000, 30_000]


def test_a_loop_and_two_ways_between_the_same_nodes_are_kept() -> None:
    town = draw(
        """
        A----B
        |    |   C
        E----F
        """,
        metres=10,
        ways={"ABFEA": "highway=footway", "FC": "highway=path", "FBC": "highway=path"},
    )
    assert town.edges() == [
        ("AB", 50), ("BC", pytest.approx(41.231)), ("BF", 20), ("FA", 70), ("FB", 20),
        ("FC", pytest.approx(41.231)),
    ]  # fmt: skip


def test_only_walkable_ways_become_edges() -> None:
    town = draw(
        """
        A---B---C
        |
        D---E
        """,
        metres=10,
        ways={
            "AB": "highway=footway",
            "BC": "highway=motorway",
            "AD": "highway=footway access=private",
            "DE": "highway=construction",
        },
    )
    assert town.edges() == [("AB", 40)]


def test_steps_take_twice_as_long_and_escalators_go_one_way() -> None:
    town = draw(
        "A---B---C---D",
        metres=10,
        ways={
            "AB": "highway=footway",
            "BC": "highway=steps",
            "CD": "highway=steps conveying=forward",
        },
    )
    forward, backward = town.network.weights("resident")
    assert forward.tolist() == [40_000, 80_000, 80_000]
    assert backward.tolist() == [40_000, 80_000, -1]
    assert forward.dtype == np.int64


def test_every_profile_has_its_own_weights() -> None:
    town = draw("A---B", metres=10, ways={"AB": "highway=footway"})
    slow = with_speed(PROFILES["resident"], 0.8)
    network, _ = build_network(
        town.extract, NOWHERE, {"resident": PROFILES["resident"], "slow": slow}
    )
    assert network.weights("resident")[0].tolist() == [40_000]
    assert network.weights("slow")[1].tolist() == [50_000]
    assert network.profiles["slow"].speed_m_s == 0.8


@pytest.mark.parametrize(
    ("barrier", "parts"),
    [
        ("barrier=gate", 1),
        ("barrier=bollard", 1),
        ("barrier=gate locked=yes", 2),
        ("barrier=gate access=no", 2),
        ("barrier=gate access=private", 2),
        ("barrier=wall", 2),
    ],
)
def test_barriers_close_or_let_through(barrier: str, parts: int) -> None:
    town = draw("A---G---B", metres=10, ways={"AGB": "highway=footway"}, nodes={"G": barrier})
    assert town.edges() == [("AG", 40), ("GB", 40)]
    assert len(town.network.parts().nodes) == parts


def test_a_locked_gate_at_a_junction_parts_all_that_meets_there() -> None:
    town = draw(
        """
        A---G---B
            |
            C
        """,
        metres=10,
        ways={"AGB": "highway=footway", "GC": "highway=footway"},
        nodes={"G": "barrier=gate locked=yes"},
    )
    assert town.network.parts().nodes.tolist() == [2, 2, 2]


SQUARE = """
    h-A---B
      |   |
      C---D-x
"""
PATHS = {"hA": "highway=footway", "Dx": "highway=footway"}


def test_a_square_is_crossed_straight() -> None:
    town = draw(
        SQUARE,
        metres=10,
        ways={"ABDCA": "highway=pedestrian area=yes", **PATHS},
        houses={"h": ""},
        places={"x": ""},
    )
    # 20 m to A, √(40² + 20²) = 44.7 m across, 20 m to x; round the rim it were 100 m.
    assert town.seconds() == {("h", "x"): 84.7}
    assert ("AD", 44.721) in town.edges()


@pytest.mark.parametrize("ring", ["highway=pedestrian", "highway=platform area=no"])
def test_a_closed_way_that_is_no_square_is_walked_round(ring: str) -> None:
    town = draw(
        SQUARE,
        metres=10,
        ways={"ABDCA": ring, **PATHS},
        houses={"h": ""},
        places={"x": ""},
    )
    assert town.seconds() == {("h", "x"): 100.0}


def test_a_square_is_not_crossed_from_a_locked_entrance() -> None:
    town = draw(
        SQUARE,
        metres=10,
        ways={"ABDCA": "highway=pedestrian area=yes", **PATHS},
        nodes={"A": "barrier=gate locked=yes"},
    )
    assert [name for name, _ in town.edges()] == ["AD", "DA", "Dx", "hA"]
    assert sorted(town.network.parts().nodes.tolist()) == [2, 4]


def test_entrances_of_a_square_that_do_not_see_each_other_are_joined_by_the_rim() -> None:
    town = draw(
        """
        A--Bb
        |  |
        |  C-----Dd
        E--------F
        e
        """,
        metres=10,
        ways={
            "ABCDFEA": "highway=pedestrian area=yes",
            "Bb": "highway=footway",
            "Dd": "highway=footway",
            "Ee": "highway=footway",
        },
    )
    ends = {frozenset(name) for name, _ in town.edges()}
    assert {frozenset("BE"), frozenset("DE")} <= ends
    # B and D are joined by a piece of the rim alone, 20 m + 60 m, not by the straight line.
    between = [metres for name, metres in town.edges() if set(name) == set("BD")]
    assert between == [80]


def test_a_self_crossing_square_keeps_its_rim() -> None:
    town = draw(
        """
        a-A---B
          C---D-d
        """,
        metres=10,
        ways={"ADBCA": "highway=pedestrian area=yes", "aA": "highway=path", "Dd": "highway=path"},
    )
    assert [metres for name, metres in town.edges() if name == "AD"] == [41.231]


def test_a_square_has_at_most_so_many_sight_lines() -> None:
    count = 60
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    rim = np.column_stack([400_000 + 80 * np.cos(angle), 5_750_000 + 80 * np.sin(angle)])
    points = {node: tuple(rim[node - 1]) for node in range(1, count + 1)}
    points |= {node + 1000: (xy[0] + 300, xy[1]) for node, xy in points.items()}
    ways = {1: ([*range(1, count + 1), 1], {"highway": "pedestrian", "area": "yes"})}
    ways |= {
        node + 1: ([node, node + 1000], {"highway": "footway"}) for node in range(1, count + 1)
    }
    network, _ = build_network(make_extract(ways, points), NOWHERE, PROFILES)
    sight_lines = np.sum(network.edge_way == 1) - count
    assert 40 * 39 / 2 - 40 <= sight_lines <= 40 * 39 / 2
    assert network.parts().nodes.tolist() == [2 * count]


def test_components_know_their_length_and_islands_are_small() -> None:
    town = draw(
        """
        A---B     D---E
            |
            C
        """,
        metres=10,
        ways={"ABC": "highway=footway", "DE": "highway=footway"},
    )
    assert town.network.parts().length_m == pytest.approx([60, 40])
    assert town.network.parts().nodes.tolist() == [2, 2]
    # Two parts are equally big: one of them counts as the main network.
    assert town.network.parts().island().tolist() == [False, True]
    (found,) = (one for one in town.network.findings if one.code == "network.components")
    assert "60,0 %" in found.message


def test_order_and_numbers_of_the_file_do_not_matter() -> None:
    ways = {"ABC": "highway=footway", "BDE": "highway=steps", "CE": "highway=path"}
    picture = """
        A---B---C
            |   |
            D---E
        """
    one = draw(picture, metres=10, ways=ways)
    other = draw(
        picture,
        metres=10,
        ways=dict(reversed(ways.items())),
        way_ids={"ABC": 30, "BDE": 20, "CE": -10},
    )
    assert one.edges() == other.edges()
    assert sorted(one.network.weights("resident")[0]) == sorted(
        other.network.weights("resident")[0]
    )


def test_real_extracts_make_networks_that_hang_together(shared_data: Path) -> None:
    for name, share in (("neubrandenburg-2016", 0.98), ("dortmund-aplerbeck-2026", 0.95)):
        extract = read_extract(shared_data / "osm" / f"{name}.nometa.osm.pbf", ())
        network, sites = build_network(extract, NOWHERE, PROFILES)
        again, _ = build_network(extract, NOWHERE, PROFILES)
        assert network.parts().length_m.max() > share * network.parts().length_m.sum()
        assert not network.edge_private.any()
        assert sites.gates.empty
        forward, backward = network.weights("resident")
        assert np.array_equal(forward, again.weights("resident")[0])
        assert np.array_equal(np.maximum(forward, backward) >= 0, network.edge_on_foot)
        ends = [(line.coords[0], line.coords[-1]) for line in network.edge_geometry[:500].tolist()]
        assert np.array_equal(
            [begin for begin, _ in ends], network.node_xy[network.edge_from[:500]]
        )
        assert np.array_equal([end for _, end in ends], network.node_xy[network.edge_to[:500]])
