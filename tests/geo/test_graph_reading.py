"""Graphs of osmnx and of others taken in: what they say, what they lack, what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import networkx as nx
import osmnx as ox
import pytest
import shapely

from geo.errors import GraphError
from geo.network import StreetNetwork
from geo.osmnx_graph import from_multidigraph, to_multidigraph
from geo.profiles import load_profiles

PROFILES = load_profiles()

OSM = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
  <node id="1" version="1" lat="51.8800" lon="7.5000"/>
  <node id="2" version="1" lat="51.8800" lon="7.5010"/>
  <node id="3" version="1" lat="51.8805" lon="7.5010"/>
  <node id="4" version="1" lat="51.8805" lon="7.5020"/>
  <node id="5" version="1" lat="51.8795" lon="7.5010"/>
  <way id="11" version="1"><nd ref="1"/><nd ref="2"/>
    <tag k="highway" v="residential"/><tag k="oneway" v="yes"/></way>
  <way id="12" version="1"><nd ref="2"/><nd ref="3"/><nd ref="4"/>
    <tag k="highway" v="footway"/><tag k="name" v="Weg"/></way>
  <way id="13" version="1"><nd ref="5"/><nd ref="2"/><tag k="highway" v="steps"/></way>
</osm>
"""


def a_graph(*edges: dict[str, Any], crs: Any = "EPSG:25832") -> nx.MultiDiGraph[Any]:
    """Make a graph of edges 1 → 2, 2 → 3 … of 100 m each, in a row to the east."""
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph(crs=crs)
    for node in range(1, len(edges) + 2):
        graph.add_node(node, x=400_000.0 + 100 * node, y=5_750_000.0)
    for number, said in enumerate(edges, start=1):
        graph.add_edge(
            number, number + 1,
            **{"osmid": 10 * number, "length": 100.0, "highway": "footway"} | said,
        )  # fmt: skip
    return graph


def read(*edges: dict[str, Any]) -> StreetNetwork:
    return from_multidigraph(a_graph(*edges), PROFILES)


def codes(network: StreetNetwork) -> dict[str, int]:
    return {found.code: found.count for found in network.findings}


def test_a_graph_that_osmnx_made_itself(tmp_path: Path) -> None:
    path = tmp_path / "karte.osm"
    path.write_text(OSM, encoding="utf-8")
    graph = ox.graph_from_xml(path, simplify=True, retain_all=True)
    for given in (graph, ox.project_graph(graph)):
        network = from_multidigraph(given, PROFILES)
        assert sorted(network.edge_way.tolist()) == [11, 12, 13]
        assert sorted(network.node_osm.tolist()) == [1, 2, 4, 5]
        street, path_, steps = network.edge_way.argsort()
        assert network.edge_length_m[path_] == pytest.approx(124.4, abs=0.5)
        assert len(shapely.get_coordinates(network.edge_geometry[path_])) == 3
        # walked both ways, ridden along and pushed back
        forward, backward = network.weights("walk")
        assert forward[street] == backward[street] > 0
        assert network.edge_tags[street]["oneway"] == "yes"
        ridden, pushed = network.weights("bicycle")
        assert network.node_osm[network.edge_from[street]] == 1
        assert pushed[street] == pytest.approx(3.5 * ridden[street], rel=1e-3)
        assert forward[steps] == pytest.approx(network.edge_length_m[steps] / 0.625 * 1000, abs=1)
        assert network.findings == ()
    assert from_multidigraph(graph, PROFILES).crs == "EPSG:25832"


def test_the_order_of_a_graph_does_not_matter() -> None:
    network = read({"osmid": 30}, {"osmid": 20}, {"osmid": 10})
    assert network.edge_way.tolist() == [10, 20, 30]
    assert network.weights("walk")[0].tolist() == [80_000] * 3


def test_two_directions_are_one_street() -> None:
    graph = a_graph({"reversed": False, "name": "hin"})
    graph.add_edge(2, 1, osmid=10, length=100.0, highway="footway", reversed=True, name="her")
    network = from_multidigraph(graph, PROFILES)
    assert network.edge_way.tolist() == [10]
    assert network.edge_tags[0]["name"] == "hin"
    assert network.node_osm[[network.edge_from[0], network.edge_to[0]]].tolist() == [1, 2]


def test_an_edge_that_runs_against_its_way_is_turned() -> None:
    network = read({"reversed": True, "conveying": "forward", "highway": "steps"})
    assert network.node_osm[[network.edge_from[0], network.edge_to[0]]].tolist() == [2, 1]
    assert network.weights("walk")[0][0] > 0
    assert network.weights("walk")[1][0] == -1
    begin = shapely.get_coordinates(network.edge_geometry[0])[0]
    assert begin.tolist() == network.node_xy[network.edge_from[0]].tolist()


def test_what_osmnx_writes_beside_the_tags_is_no_tag() -> None:
    network = read({"speed_kph": "5", "grade": "0.1", "osmid": "10", "tags": "{}", "key": "0"})
    assert network.edge_tags == [{"highway": "footway"}]


@pytest.mark.parametrize(
    ("said", "tag"),
    [(True, "yes"), ("True", "yes"), ("yes", "yes"), (False, None), ("False", None)],
)
def test_one_way_as_a_truth_value_or_as_text(said: Any, tag: str | None) -> None:
    network = read({"highway": "residential", "oneway": said, "reversed": True})
    assert network.edge_tags[0].get("oneway") == tag
    # the one direction of a one-way street is that of its edge, else it is turned
    assert network.node_osm[network.edge_from[0]] == (1 if tag else 2)


def test_streets_side_by_side_stay_apart() -> None:
    graph = a_graph({})
    bent = shapely.LineString([(400_100, 5_750_000), (400_150, 5_750_050), (400_200, 5_750_000)])
    graph.add_edge(1, 2, osmid=10, length=bent.length, highway="footway", geometry=bent)
    graph.add_edge(1, 2, osmid=11, length=100.0, highway="footway")
    assert from_multidigraph(graph, PROFILES).edge_way.tolist() == [10, 10, 11]


def test_a_geometry_drawn_the_wrong_way_round_is_turned_and_text_is_read() -> None:
    line = "LINESTRING (400200 5750000, 400150 5750010, 400100 5750000)"
    network = read({"geometry": line, "length": 102.0})
    assert network.node_osm[network.edge_from[0]] == 1
    assert shapely.get_coordinates(network.edge_geometry[0])[0].tolist() == [400_100, 5_750_000]


def test_merged_ways_say_together_what_they_agree_on() -> None:
    network = read(
        {
            "osmid": [12, 11],
            "highway": ["footway", "steps"],
            "surface": ["asphalt", "asphalt"],
            "name": ["A", "B"],
            "access": ["yes", "private"],
            "foot": "yes",
            "reversed": [False, True],
        },
        {"highway": ["residential", "footway"], "oneway": [True, False]},
    )
    assert network.edge_way.tolist() == [11, 20]
    first, second = network.edge_tags
    assert first == {
        "highway": "steps",
        "surface": "asphalt",
        "access": "private;yes",
        "foot": "yes",
    }
    assert second == {"highway": "footway"}
    assert codes(network) == {"graph.merged": 2}


def test_ways_nobody_may_use_and_private_ones_are_left_out_and_counted() -> None:
    network = read({}, {"highway": "motorway"}, {"access": "private"}, {"access": "no"})
    assert network.edge_way.tolist() == [10]
    assert codes(network) == {"graph.not_passable": 2, "graph.private": 1}
    cycle = read({"highway": "cycleway", "foot": "no"})
    assert cycle.weights("walk")[0].tolist() == [-1]
    assert cycle.weights("bicycle")[0].tolist() == [round(100 / 3.5 * 1000)]
    assert not cycle.edge_on_foot[0]


def test_words_of_ours_in_a_foreign_graph_are_not_believed() -> None:
    with pytest.raises(GraphError, match="keinen Weg"):
        read({"access": "private", "private": "True"})
    network = read({"estimated": "True", "tags": "no JSON at all"})
    assert not network.edge_estimated[0]
    with pytest.raises(GraphError, match="keinen Weg"):
        read({"highway": "motorway", "estimated": True, "tags": '{"highway": "footway"}'})


def test_a_closed_node_parts_the_ways() -> None:
    graph = a_graph({}, {})
    graph.nodes[2]["barrier"] = "wall"
    network = from_multidigraph(graph, PROFILES)
    assert sorted(network.node_osm.tolist()) == [1, 2, 2, 3]
    assert network.edge_to[0] != network.edge_from[1]
    graph.nodes[2]["barrier"] = "gate"
    network = from_multidigraph(graph, PROFILES)
    assert network.edge_to[0] == network.edge_from[1]
    assert network.node_tags[2] == {"barrier": "gate"}


def test_lengths_that_do_not_fit_are_said() -> None:
    assert codes(read({"length": 104.9})) == {}
    assert codes(read({"length": 106.0})) == {"graph.lengths": 1}
    assert codes(read({"length": 94.0})) == {"graph.lengths": 1}
    # within five metres nothing is said of short edges
    graph = a_graph({"length": 5.0})
    graph.nodes[2]["x"] = 400_101.0
    assert codes(from_multidigraph(graph, PROFILES)) == {}
    assert read({"length": 200.0}).weights("walk")[0].tolist() == [80_000]


def test_ids_that_are_no_numbers() -> None:
    graph = nx.relabel_nodes(a_graph({"osmid": None}, {"osmid": "77"}), {1: "a", 2: "2"})
    network = from_multidigraph(graph, PROFILES)
    assert sorted(network.node_osm.tolist()) == [0, 2, 3]
    assert network.edge_way.tolist() == [0, 77]


def test_a_loop_is_one_street() -> None:
    ring = shapely.LineString(
        [(400_100, 5_750_000), (400_150, 5_750_000), (400_150, 5_750_060), (400_100, 5_750_000)]
    )
    graph = a_graph({})
    for against, line in ((False, ring), (True, shapely.reverse(ring))):
        graph.add_edge(1, 1, osmid=5, length=ring.length, highway="footway", geometry=line,
                       reversed=against)  # fmt: skip
    network = from_multidigraph(graph, PROFILES)
    assert network.edge_way.tolist() == [5, 10]
    assert from_multidigraph(to_multidigraph(network), PROFILES).edge_way.tolist() == [5, 10]


def broken(change: Any) -> nx.MultiDiGraph[Any]:
    graph = a_graph({}, {})
    change(graph)
    return graph


@pytest.mark.parametrize(
    ("graph", "said"),
    [
        (nx.Graph(), "kein gerichteter Graph"),
        (nx.DiGraph(crs="EPSG:25832"), "kein gerichteter Graph"),
        (nx.MultiGraph(crs="EPSG:25832"), "kein gerichteter Graph"),
        ("netz.graphml", "kein gerichteter Graph"),
        (nx.MultiDiGraph(), "fehlt das Koordinatensystem"),
        (a_graph({}, crs=""), "fehlt das Koordinatensystem"),
        (a_graph({}, crs="EPSG:0"), "nicht bekannt"),
        (nx.MultiDiGraph(crs="EPSG:25832"), "keinen Weg"),
        (nx.MultiDiGraph(crs="EPSG:4326"), "keinen Weg"),
        (a_graph({}, crs="EPSG:4326"), "passen nicht zu seinem"),
        (broken(lambda g: g.nodes[2].pop("x")), "fehlen die Koordinaten"),
        (broken(lambda g: g.nodes[2].update(y="oben")), "fehlen die Koordinaten"),
        (broken(lambda g: g.nodes[2].update(y=float("inf"))), "fehlen die Koordinaten"),
        (broken(lambda g: g.add_edge(1, 9, length=1.0)), "fehlen die Koordinaten"),
        (broken(lambda g: g.edges[1, 2, 0].pop("length")), "fehlt die Länge"),
        (broken(lambda g: g.edges[1, 2, 0].update(length=-1.0)), "fehlt die Länge"),
        (broken(lambda g: g.edges[1, 2, 0].update(length="weit")), "fehlt die Länge"),
        (broken(lambda g: g.edges[1, 2, 0].update(geometry="LINESTRING (")), "keine Linie"),
        (broken(lambda g: g.edges[1, 2, 0].update(geometry=shapely.Point(1, 2))), "keine Linie"),
        (broken(lambda g: g.edges[1, 2, 0].update(geometry=shapely.LineString())), "keine Linie"),
        (broken(lambda g: g.graph.update(sozialraumkarte="network")), "keinen Weg"),
    ],
)
def test_what_cannot_be_read_is_said_in_german(graph: Any, said: str) -> None:
    with pytest.raises(GraphError, match=said) as caught:
        from_multidigraph(graph, PROFILES)
    assert caught.value.remedy


@pytest.mark.parametrize("tags", ["{", "[1]", '"x"', 7])
def test_spoilt_tags_of_a_graph_from_here(tags: Any) -> None:
    graph = to_multidigraph(read({}))
    graph.edges[1, 2, 0]["tags"] = tags
    with pytest.raises(GraphError, match="nicht lesbar"):
        from_multidigraph(graph, PROFILES)
