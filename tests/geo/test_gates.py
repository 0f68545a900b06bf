"""Boundaries of grounds, private ways and gates, against hand-drawn maps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from geo.findings import Finding, Severity
from geo.network import StreetNetwork, build_network
from geo.profiles import load_profiles
from geo.sites import Sites
from tests.geo.drawings import CORNER, Town, draw, make_extract, make_sites

PROFILES = load_profiles()

# Grounds PQRS with a main gate G and a side gate L. The drive CGBAD is private.
CAMPUS = """
    P-----------Q
    |           |
    |  A---B----G--C
    |  |        |  |
    |  h        |  |
    |  D--------L--E------x
    |           |
    S-----------R
"""
CAMPUS_WAYS = {
    "CGBAD": "highway=service access=private",
    "DLE": "highway=footway",
    "CEx": "highway=residential",
}


def campus(**changes: Any) -> Town:
    drawing: dict[str, Any] = {
        "metres": 10,
        "ways": CAMPUS_WAYS,
        "sites": {"klinik": "PQRS"},
        "houses": {"h": "klinik"},
        "places": {"x": ""},
    }
    return draw(CAMPUS, **{**drawing, **changes})


def finding(town: Town, code: str) -> Finding:
    (found,) = (one for one in town.network.findings if one.code == code)
    return found


def test_private_ways_count_on_the_own_grounds_and_are_marked() -> None:
    network = campus().network
    private = network.edge_private
    # On the grounds from G to D, and the mouth of the drive, 30 m from G to C.
    assert network.edge_way[private].tolist() == [1, 1]
    assert sorted(network.edge_length_m[private].round(3)) == [30, 120]
    assert sorted(network.edge_site[private].tolist()) == [-1, 0]
    assert finding(campus(), "network.private_ways").where == "klinik"


def test_private_ways_elsewhere_are_left_out() -> None:
    network = campus(sites={}, houses={}).network
    assert set(network.edge_way.tolist()) == {2, 3}
    assert not network.edge_private.any()


def test_the_mouth_of_a_private_drive_is_short() -> None:
    network = campus(metres=11).network  # C lies 33 m from the grounds
    assert network.edge_length_m[network.edge_private].round(3).tolist() == [132]


def test_edges_know_their_grounds() -> None:
    network = campus().network
    for line, site in zip(network.edge_geometry, network.edge_site, strict=True):
        assert (site == 0) == network.site_polygons[0].buffer(0.01).covers(line)
    assert sorted(network.edge_site.tolist()) == [-1, -1, -1, -1, 0, 0]


def test_gates_are_derived_where_ways_cross_the_boundary() -> None:
    town = campus()
    assert town.gates() == {f"klinik-tor-n{ord('G')}": "open", f"klinik-tor-n{ord('L')}": "open"}
    gates = town.sites.gates
    assert gates["derived"].all()
    assert gates["step_free"].tolist() == ["unknown", "unknown"]
    assert gates["name"].tolist() == ["Zugang 1", "Zugang 2"]  # counted around the boundary
    at = shapely.get_coordinates(gates.geometry.to_numpy()[0])[0]
    assert tuple(at) == pytest.approx(town.spots["G"])
    assert finding(town, "gates.derived").count == 2
    nodes = [node for gate in town.network.gate_nodes.values() for node in gate]
    assert [chr(osm) for osm in town.network.node_osm[nodes]] == ["G", "L"]
    # 10 m to D, 90 m to L, 30 m to E, 70 m to x.
    assert town.seconds()["h", "x"] == 200.0


def test_a_boundary_between_nodes_cuts_the_way_and_names_the_gate_after_it() -> None:
    town = draw(
        """
        P-------Q
        |   B---+---C
        S-------R
        """,
        metres=10,
        ways={"BC": "highway=footway name=Parkweg"},
        sites={"klinik": "PQRS"},
        way_ids={"BC": 4711},
    )
    assert town.edges() == [(".C", 40), ("B.", 40)]
    assert town.network.edge_site.tolist() == [0, -1]
    assert town.sites.gates["gate_id"].tolist() == ["klinik-tor-w4711"]
    assert town.sites.gates["name"].tolist() == ["Zugang 1 (Parkweg)"]


@pytest.mark.parametrize(
    ("barrier", "status", "step_free"),
    [
        ("barrier=gate", "open", "unknown"),
        ("barrier=gate locked=yes", "locked", "unknown"),
        ("barrier=gate access=private", "open", "unknown"),
        ("barrier=gate opening_hours=Mo-Fr~08:00-18:00", "Mo-Fr 08:00-18:00", "unknown"),
        ("barrier=kissing_gate", "open", "no"),
        ("barrier=gate wheelchair=no", "open", "no"),
        ("barrier=gate wheelchair=yes", "open", "yes"),
    ],
)
def test_what_the_map_says_of_a_derived_gate(barrier: str, status: str, step_free: str) -> None:
    # K stands 14 m before the boundary: it is the gate's barrier all the same.
    town = draw(
        """
        P-------Q
        |  B--K-+---C
        S-------R
        """,
        metres=7,
        ways={"BKC": "highway=footway"},
        nodes={"K": barrier},
        sites={"klinik": "PQRS"},
    )
    assert town.sites.gates["status"].tolist() == [status]
    assert town.sites.gates["step_free"].tolist() == [step_free]
    assert len(town.network.gate_nodes) == (status != "locked")
    # A private gate is passed by the people of the grounds, and marked.
    private = town.network.edge_private.any()
    assert private == ("private" in barrier)


def test_a_private_gate_off_the_grounds_is_closed() -> None:
    town = draw(
        "A---K---B",
        metres=10,
        ways={"AKB": "highway=footway"},
        nodes={"K": "barrier=gate access=private"},
    )
    assert len(town.network.parts().nodes) == 2


def test_a_gate_over_steps_is_not_step_free() -> None:
    town = draw(
        """
        P-----Q
        |  B--+--C
        S-----R
        """,
        metres=10,
        ways={"BC": "highway=steps"},
        sites={"klinik": "PQRS"},
    )
    assert town.sites.gates["step_free"].tolist() == ["no"]


def test_crossings_near_to_each_other_are_one_gate() -> None:
    town = draw(
        """
        P---------Q
        |   A-----+---B    # the carriageway
        |   C-----+---D    # its pavement, 8 m beside it
        |         |
        |   E-----+---F    # 16 m farther on
        S---------R
        """,
        metres=8,
        ways={"AB": "highway=service", "CD": "highway=footway", "EF": "highway=footway"},
        sites={"klinik": "PQRS"},
    )
    assert town.sites.gates["gate_id"].tolist() == ["klinik-tor-w1", "klinik-tor-w3"]
    assert [len(nodes) for nodes in town.network.gate_nodes.values()] == [2, 1]


def test_gate_ids_stay_when_other_ways_are_added() -> None:
    ways = {"CGBAD": CAMPUS_WAYS["CGBAD"], "CEx": CAMPUS_WAYS["CEx"]}
    before = set(campus(ways=ways).gates())
    assert len(before) == 1
    assert before < set(campus().gates())


def test_a_given_gate_closes_all_other_crossings() -> None:
    town = campus(gates={"G": ("klinik", "open")})
    assert town.gates() == {"G": "open"}
    closed = finding(town, "gates.closed_crossing")
    assert closed.severity is Severity.WARNING
    assert (closed.where, closed.count, closed.examples) == ("klinik", 1, ("w2",))
    assert "Tor" in closed.remedy
    # 20 m to A, 90 m to G, 30 m to C, 30 m to E, 70 m to x: the side gate is closed.
    assert town.seconds()["h", "x"] == 240.0


def test_a_locked_gate_is_a_detour_and_two_are_the_end() -> None:
    both = {"G": ("klinik", "open"), "L": ("klinik", "open")}
    assert campus(gates=both).seconds()["h", "x"] == 200.0
    side_locked = {**both, "L": ("klinik", "locked")}
    assert campus(gates=side_locked).seconds()["h", "x"] == 240.0
    all_locked = dict.fromkeys(both, ("klinik", "locked"))
    town = campus(gates=all_locked)
    assert town.seconds() == {}
    assert {"origin.island", "origin.no_gate"} <= town.codes()
    assert "gates.closed_crossing" not in town.codes()  # the study itself says they are
    (island,) = (one for one in town.origins.findings if one.code == "origin.island")
    assert "Tor" in island.remedy


def test_a_gate_open_by_hours_is_passed() -> None:
    gates = {"G": ("klinik", "locked"), "L": ("klinik", "Mo-Fr 08:00-18:00")}
    assert campus(gates=gates).seconds()["h", "x"] == 200.0


def test_what_the_study_says_of_a_gate_decides_over_the_map() -> None:
    nodes = {"L": "barrier=gate locked=yes"}
    assert campus(nodes=nodes).seconds()["h", "x"] == 240.0
    open_gate = {"L": ("klinik", "open")}
    assert campus(nodes=nodes, gates=open_gate).seconds()["h", "x"] == 200.0


def test_the_nearest_gate_within_reach_guards_a_crossing() -> None:
    # The crossing of BC lies 10 m from the locked gate t and 20 m from the open gate o.
    town = draw(
        """
        P---------Q
        |         t
        |   B-----+----C
        |         |
        S---------o
                  R
        """,
        metres=10,
        ways={"BC": "highway=footway"},
        sites={"klinik": "PQRS"},
        gates={"t": ("klinik", "locked"), "o": ("klinik", "open")},
    )
    # The way is cut at t; o is joined by straight lines to both ends of it.
    assert "gates.unjoined" in town.codes()
    assert list(town.network.gate_nodes) == ["o"]
    assert town.network.edge_estimated.sum() == 2


def test_a_gate_that_no_way_passes_is_joined_by_straight_lines() -> None:
    town = draw(
        """
        P-----------Q
        |           |
        |   A---B   |
        |   h       g     C
        |           |     |
        S-----------R     D---x
        """,
        metres=10,
        ways={"AB": "highway=footway", "CDx": "highway=residential"},
        sites={"klinik": "PQRS"},
        houses={"h": "klinik"},
        gates={"g": ("klinik", "open")},
        places={"x": ""},
    )
    network = town.network
    links = network.edge_length_m[network.edge_estimated]
    # √(40² + 10²) = 41.2 m from B to the gate, 60 m on to C.
    assert links.tolist() == pytest.approx([41.231, 60], abs=0.001)
    assert network.edge_way[network.edge_estimated].tolist() == [0, 0]
    warning = finding(town, "gates.unjoined")
    assert "innen 41 m, außen 60 m" in warning.message
    matrix = town.matrix()
    # 10 m to A, 40 m to B, 41.2 m to the gate, 60 m to C, 60 m to x.
    assert matrix.set_index("from_id").loc["h", "travel_time_s"] == 211.2
    assert matrix["estimated"].all()
    # The gate itself is where the site starts: 60 m to C and 60 m to x.
    assert matrix.set_index("from_id").loc["klinik", "travel_time_s"] == 120.0


def test_a_straight_line_splits_the_edge_it_meets() -> None:
    town = draw(
        """
        P-------Q
        |       g
        S-------R
                   A-------C
        """,
        metres=10,
        ways={"AC": "highway=footway"},
        sites={"klinik": "PQRS"},
        gates={"g": ("klinik", "open")},
    )
    # A, 30 m east and 20 m south of the gate, is the nearest point: nothing is split.
    assert town.edges() == [(".A", 36.056), ("AC", 80)]
    town = draw(
        """
        P-------Q
        |       g
        S-------R
            A-------C
        """,
        metres=10,
        ways={"AC": "highway=footway"},
        sites={"klinik": "PQRS"},
        gates={"g": ("klinik", "open")},
    )
    assert town.edges() == [("..", 20), (".C", 40), ("A.", 40)]


def test_a_gate_far_from_everything_stays_unjoined() -> None:
    town = draw(
        """
        P---Q
        |   g                                A---B
        S---R
        """,
        metres=10,
        ways={"AB": "highway=footway"},
        sites={"klinik": "PQRS"},
        gates={"g": ("klinik", "open")},
    )
    assert town.network.gate_nodes == {}
    assert "kein Weg gefunden" in finding(town, "gates.unjoined").message
    assert town.edges() == [("AB", 40)]


def test_two_grounds_side_by_side_share_a_crossing() -> None:
    town = draw(
        """
        P-------Q-------T
        |   A---+---B   |
        S-------R-------U
        """,
        metres=10,
        ways={"AB": "highway=footway"},
        sites={"east": "QTUR", "west": "PQRS"},
    )
    assert town.network.edge_site.tolist() == [1, 0]
    assert list(town.gates()) == ["east-tor-w1", "west-tor-w1"]
    closed = draw(
        """
        P-------Q-------T
        |   A---+---B   |
        S-------R-------U
        """,
        metres=10,
        ways={"AB": "highway=footway"},
        sites={"east": "QTUR", "west": "PQRS"},
        gates={"S": ("west", "open")},
    )
    assert len(closed.network.parts().nodes) == 2


def test_a_gate_does_not_lead_into_the_neighbour_s_closed_grounds() -> None:
    # At B the grounds east and west and the street meet; east is locked.
    town = draw(
        """
           C
        P--B--T
        |  |  |
        |A | D|
        S--V--U
        """,
        metres=20,
        ways={"CB": "highway=residential", "BA": "highway=footway", "BD": "highway=footway"},
        sites={"east": "BTUV", "west": "PBVS"},
        gates={"U": ("east", "locked")},
        places={"D": "east", "A": "west"},
    )
    assert len(town.network.parts().nodes) == 2
    assert ("west", "A") in town.seconds()
    assert ("west", "D") not in town.seconds()


def test_a_hole_in_the_grounds_is_outside() -> None:
    hole = shapely.Polygon(
        [(0, 0), (200, 0), (200, 100), (0, 100)], [[(80, 20), (160, 20), (160, 80), (80, 80)]]
    )
    network, sites = on_a_plane([(20, 50), (120, 50)], {1: [1, 2]}, {"klinik": hole})
    assert network.edge_site.tolist() == [0, -1]
    assert network.edge_length_m.tolist() == pytest.approx([60, 40])
    assert len(sites.gates) == 1


def on_a_plane(
    points: list[tuple[float, float]], ways: dict[int, list[int]], grounds: dict[str, Any]
) -> tuple[StreetNetwork, Sites]:
    """Build footways between points 1, 2, 3 … given in metres from the corner."""
    extract = make_extract(
        {way: (refs, {"highway": "footway"}) for way, refs in ways.items()},
        {n: (CORNER[0] + x, CORNER[1] + y) for n, (x, y) in enumerate(points, start=1)},
    )
    moved = {
        site: shapely.transform(area, lambda xy: xy + np.array(CORNER))
        for site, area in grounds.items()
    }
    return build_network(extract, make_sites(moved, {}, {}), PROFILES)


GROUNDS = {"klinik": shapely.box(0, 0, 200, 100)}


@pytest.mark.parametrize("metres", [0.0, 1.0, 2.5])
def test_a_street_that_wriggles_along_the_boundary_is_outside(metres: float) -> None:
    wriggles = [(20.0 * i, metres if i % 2 else -metres) for i in range(1, 10)]
    points = [(-50.0, -20.0), *wriggles, (250.0, -20.0), (100.0, 80.0)]
    # A path from inside joins the street in the middle: that is the gate.
    network, sites = on_a_plane(points, {1: list(range(1, 12)), 2: [12, 6]}, GROUNDS)
    assert network.edge_site.tolist() == [-1, -1, 0]
    assert sites.gates["gate_id"].tolist() == ["klinik-tor-n6"]


def test_a_street_drawn_as_the_boundary_is_outside() -> None:
    # Both ends lie on the boundary; only the path leads inside.
    points = [(0.0, 0.0), (100.0, 0.0), (200.0, 0.0), (100.0, 50.0)]
    network, sites = on_a_plane(points, {1: [1, 2, 3], 2: [2, 4]}, GROUNDS)
    assert network.edge_site.tolist() == [-1, -1, 0]
    assert sites.gates["gate_id"].tolist() == ["klinik-tor-n2"]


def test_a_path_along_the_fence_is_inside() -> None:
    points = [(50.0, 50.0), (50.0, 1.0), (100.0, -0.5), (150.0, 1.0), (150.0, 50.0)]
    network, sites = on_a_plane(points, {1: [1, 2, 3, 4, 5]}, GROUNDS)
    assert network.edge_site.tolist() == [0]
    assert sites.gates.empty


def test_a_short_path_within_the_band_lies_where_most_of_it_lies() -> None:
    for outside_m, site in ((0.5, 0), (2.0, -1)):
        points = [(100.0, -outside_m), (100.0, 1.0)]
        network, _ = on_a_plane(points, {1: [1, 2]}, GROUNDS)
        assert network.edge_site.tolist() == [site]


def test_a_way_that_ends_just_outside_stays_whole() -> None:
    # The path ends at the street, 2 m beyond the line drawn for the boundary.
    points = [(100.0, 50.0), (100.0, -2.0), (0.0, -2.0), (200.0, -2.0)]
    network, sites = on_a_plane(points, {1: [1, 2], 2: [3, 2, 4]}, GROUNDS)
    assert network.edge_length_m.round(1).tolist() == [52.0, 100.0, 100.0]
    assert network.edge_site.tolist() == [0, -1, -1]
    assert sites.gates["gate_id"].tolist() == ["klinik-tor-n2"]


def test_a_way_across_is_cut_twice_and_once_where_it_runs_along() -> None:
    across = [(-50.0, 50.0), (250.0, 50.0)]
    network, sites = on_a_plane(across, {1: [1, 2]}, GROUNDS)
    assert network.edge_length_m.round(1).tolist() == [50.0, 200.0, 50.0]
    assert sites.gates["gate_id"].tolist() == ["klinik-tor-w1", "klinik-tor-w1-2"]
    along = [(-50.0, -50.0), (60.0, 1.0), (140.0, 1.0), (140.0, 50.0)]
    network, sites = on_a_plane(along, {1: [1, 2, 3, 4]}, GROUNDS)
    assert network.edge_site.tolist() == [-1, 0]
    assert len(sites.gates) == 1


def test_a_cut_beside_a_node_is_made_at_the_node() -> None:
    points = [(100.0, 50.0), (100.0, 0.3), (100.0, -60.0)]
    network, _ = on_a_plane(points, {1: [1, 2, 3]}, GROUNDS)
    assert network.node_osm.tolist() == [1, 2, 3]
    assert network.edge_site.tolist() == [0, -1]


def test_grounds_that_nothing_crosses_have_no_gate_and_say_so() -> None:
    town = campus(ways={"CEx": "highway=residential"})
    assert town.sites.gates.empty
    assert finding(town, "gates.none").where == "klinik"
    assert not town.network.site_has_gates[0]
