"""The network as a graph of osmnx, and back: osmnx's own functions work, times stay."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import osmnx as ox
import pytest
import shapely

from geo.errors import CrsError, GraphError
from geo.network import StreetNetwork, build_network
from geo.osmnx_graph import from_multidigraph, to_multidigraph
from geo.profiles import State, load_profiles
from geo.reader import read_extract
from geo.snapping import Snapped
from geo.travel_time import search
from tests.geo.drawings import CORNER, Town, draw
from tests.geo.real_study import place_study

PROFILES = load_profiles()
ALL_STATES = [
    (key, state) for key, profile in PROFILES.items() for state in profile.states
]  # fmt: skip


def network_of(town: Town) -> StreetNetwork:
    """Build a drawn town's network with every profile."""
    return build_network(town.extract, town.given, PROFILES)[0]


def a_town() -> Town:
    """Grounds with a locked gate, an estimated link, steps, an escalator, kerbs and a loop."""
    return draw(
        """
        h     q--r--s
              |     |
        A--B--C--D--E--k--F--G
           |  |     |
        L--M--N--O--P     g   # g: a gate without a way
           l--------p
        """,
        metres=10,
        ways={
            "ABC": "highway=residential oneway=yes surface=asphalt",
            "CDE": "highway=footway surface=asphalt width=2",
            "EkFG": "highway=footway surface=asphalt name=Weg",
            "CqrsE": "highway=path",
            "BM": "highway=steps",
            "CN": "highway=steps conveying=forward",
            "LMNOP": "highway=service access=private surface=asphalt",
            "EP": "highway=cycleway foot=no oneway=yes",
            "MlpP": "highway=footway",
        },
        nodes={"k": "kerb=raised", "N": "barrier=gate locked=yes", "F": "barrier=gate"},
        sites={"klinik": "LPpl"},
        houses={"h": ""},
        gates={"g": ("klinik", "open"), "L": ("klinik", "open")},
    )


def steps_of(network: StreetNetwork, profile_id: str, state: State) -> list[tuple[Any, ...]]:
    """Return what can be gone in one step: from, to, way and milliseconds, sorted."""
    weights = network.weights(profile_id, state)
    closed = network.passages[profile_id].closed_nodes(state)
    at = np.round(network.node_xy, 3)
    found = []
    for edge in range(len(network.edge_from)):
        ends = [network.edge_from[edge], network.edge_to[edge]]
        for (begin, end), weight in zip((ends, ends[::-1]), weights, strict=True):
            if weight[edge] >= 0 and not closed[begin]:
                way = int(network.edge_way[edge])
                found.append((*at[begin], *at[end], way, int(weight[edge])))
    return sorted(found)


def test_a_graph_says_what_osmnx_says_of_its_own() -> None:
    town = draw(
        """
        A-----B
        |     |
        C-----D
        """,
        metres=10,
        ways={"AB": "highway=residential name=Gasse oneway=yes", "ACDB": "highway=footway"},
    )
    graph = to_multidigraph(network_of(town), "bicycle")
    assert graph.graph["crs"] == "EPSG:25832"
    a, b = ord("A"), ord("B")
    assert set(graph.nodes) == {a, b}
    x, y = CORNER
    assert graph.nodes[b]["x"] == pytest.approx(x + 60, abs=1e-3)
    assert graph.nodes[b]["y"] == pytest.approx(y, abs=1e-3)
    assert graph.nodes[b]["street_count"] == 2
    assert graph.nodes[b]["osm_id"] == b
    assert sorted(graph.edges(keys=True)) == [(a, b, 0), (a, b, 1), (b, a, 0), (b, a, 1)]
    ridden, pushed = graph.edges[a, b, 0], graph.edges[b, a, 0]
    assert ridden["osmid"] == pushed["osmid"] == 1
    assert ridden["length"] == pytest.approx(60, abs=1e-3)
    assert ridden["travel_time"] == pytest.approx(60 / 3.5, abs=1e-3)
    assert pushed["travel_time"] == pytest.approx(60, abs=1e-3)
    assert (ridden["reversed"], pushed["reversed"]) == (False, True)
    assert ridden["oneway"] is pushed["oneway"] is False
    assert ridden["state"] == "confirmed"
    assert ridden["missing"] == ""
    assert ridden["name"] == "Gasse"
    assert ridden["highway"] == "residential"
    assert json.loads(ridden["tags"])["oneway"] == "yes"
    begin = shapely.get_coordinates(pushed["geometry"])[0]
    assert begin.tolist() == [graph.nodes[b]["x"], graph.nodes[b]["y"]]
    around = graph.edges[b, a, 1]
    assert len(shapely.get_coordinates(around["geometry"])) == 4
    assert around["length"] == pytest.approx(100, abs=1e-3)
    assert around["private"] is around["estimated"] is False


def test_one_way_edges_are_said_to_be_so() -> None:
    town = draw("A----B", metres=10, ways={"AB": "highway=footway oneway:foot=-1"})
    graph = to_multidigraph(network_of(town), "walk")
    ((u, v, data),) = graph.edges(data=True)
    assert (u, v) == (ord("B"), ord("A"))
    assert data["oneway"] is True
    assert data["reversed"] is True
    again = from_multidigraph(graph, PROFILES)
    assert again.edge_from[0] == list(graph.nodes).index(ord("A"))
    assert again.weights("walk")[0].tolist() == [-1]
    assert again.weights("walk")[1].tolist() == [40_000]


def test_without_a_profile_every_edge_runs_both_ways_and_has_no_time() -> None:
    network = network_of(a_town())
    graph = to_multidigraph(network)
    assert graph.number_of_edges() == 2 * len(network.edge_from)
    assert graph.number_of_nodes() == len(network.node_xy)
    assert not any("travel_time" in data for _, _, data in graph.edges(data=True))
    assert not any(data["oneway"] for _, _, data in graph.edges(data=True))


def test_possible_ways_say_what_is_missing() -> None:
    town = draw("A----B", metres=10, ways={"AB": "highway=footway"})
    network = network_of(town)
    assert to_multidigraph(network, "wheelchair").number_of_edges() == 0
    graph = to_multidigraph(network, "wheelchair", State.POSSIBLE)
    data = graph.edges[ord("A"), ord("B"), 0]
    assert data["state"] == "possible"
    assert "surface" in data["missing"].split(",")
    assert graph.graph["profile"] == "wheelchair"
    assert graph.graph["state"] == "possible"


def test_degrees_on_request() -> None:
    network = network_of(a_town())
    graph = to_multidigraph(network, "walk", crs="EPSG:4326")
    assert graph.graph["crs"] == "EPSG:4326"
    for node, data in graph.nodes(data=True):
        assert 7.4 < data["x"] < 7.6, node
        assert 51.8 < data["y"] < 52.0, node
    metric = to_multidigraph(network, "walk")
    for edge in metric.edges(keys=True):
        assert graph.edges[edge]["length"] == metric.edges[edge]["length"]
        line = graph.edges[edge]["geometry"]
        assert shapely.get_coordinates(line)[0].tolist() == [
            graph.nodes[edge[0]]["x"],
            graph.nodes[edge[0]]["y"],
        ]
    again = from_multidigraph(graph, PROFILES)
    assert again.crs == "EPSG:25832"
    for profile_id, state in ALL_STATES:
        if profile_id in {"resident", "walk", "slow"}:
            assert steps_of(again, profile_id, state) == steps_of(network, profile_id, state)


def test_nodes_that_are_no_node_of_osm_have_negative_keys() -> None:
    network = network_of(a_town())
    graph = to_multidigraph(network)
    copies = [key for key, data in graph.nodes(data=True) if data["osm_id"] == ord("N")]
    assert len(copies) > 1  # the locked gate, once for every way that ends there
    assert all(key < 0 for key in copies)
    made = [key for key, data in graph.nodes(data=True) if data["osm_id"] == 0]
    assert made
    assert all(key < 0 for key in made)
    assert len(set(graph.nodes)) == len(network.node_xy)


def at_the_first_node_of(network: StreetNetwork, edges: list[int]) -> Snapped:
    """Return houses that stand upon the nodes where edges begin."""
    count = len(edges)
    spots = network.node_xy[network.edge_from[edges]]
    return Snapped(
        ids=tuple(f"h{edge:05d}" for edge in edges),
        owner=np.arange(count),
        edge=np.array(edges),
        offset_m=np.zeros(count),
        gap_m=np.zeros(count),
        estimated=np.zeros(count, dtype=bool),
        start_xy=spots,
        foot_xy=spots,
    )


def check_times(network: StreetNetwork, profile_id: str, state: State, edges: list[int]) -> int:
    """Compare times from nodes to all nodes with networkx's on the graph; return how many."""
    graph = to_multidigraph(network, profile_id, state)
    keys = list(graph.nodes)
    compared = 0
    origins = at_the_first_node_of(network, edges)
    for edge, tree in zip(
        edges, search(network, origins, PROFILES[profile_id], 36_000, state), strict=True
    ):
        start = keys[network.edge_from[edge]]
        expected = nx.single_source_dijkstra_path_length(graph, start, weight="travel_time")
        found = {keys[node]: ms for node, ms in zip(tree.node, tree.time_ms.tolist(), strict=True)}
        assert found == {key: round(seconds * 1000) for key, seconds in expected.items()}
        compared += len(found)
    return compared


@pytest.mark.parametrize(("profile_id", "state"), ALL_STATES)
def test_times_are_the_same_to_networkx(profile_id: str, state: State) -> None:
    network = network_of(a_town())
    passage = network.passages[profile_id]
    open_ = ~passage.closed_nodes(state)[network.edge_from]
    compared = check_times(network, profile_id, state, np.flatnonzero(open_).tolist())
    assert compared >= np.count_nonzero(open_)


@pytest.mark.parametrize(("profile_id", "state"), ALL_STATES)
def test_a_round_trip_keeps_the_times(profile_id: str, state: State) -> None:
    network = network_of(a_town())
    assert steps_of(network, "resident", State.CONFIRMED)
    for graph in (to_multidigraph(network), to_multidigraph(network, profile_id, state)):
        if graph.number_of_edges():
            again = from_multidigraph(graph, PROFILES)
            assert steps_of(again, profile_id, state) == steps_of(network, profile_id, state)
            assert again.findings == ()


def test_a_round_trip_keeps_what_is_private_estimated_or_open_by_hours() -> None:
    network = network_of(a_town())
    assert network.edge_private.any()
    assert network.edge_estimated.any()
    again = from_multidigraph(to_multidigraph(network), PROFILES)
    assert again.edge_private.sum() == network.edge_private.sum()
    assert again.edge_estimated.sum() == network.edge_estimated.sum()
    assert again.node_by_hours.sum() == network.node_by_hours.sum()
    assert again.edge_length_m.sum() == pytest.approx(network.edge_length_m.sum())
    assert sorted(again.node_osm.tolist()) == sorted(network.node_osm.tolist())


def test_a_gate_of_the_study_stays_as_step_free_as_the_study_says() -> None:
    town = draw(
        """
        A--g--B
        c-----d
        e-----f
        """,
        metres=10,
        ways={"AgB": "highway=footway surface=asphalt smoothness=good width=2 incline=0%"},
        nodes={"g": "barrier=gate width=2 wheelchair=yes"},
        sites={"klinik": "cgBdfe"},
        gates={"g": ("klinik", "open")},
    )
    network = network_of(town)
    ((node,),) = network.gate_nodes.values()
    # The study does not know of steps at its gate, whatever the map says of it.
    assert network.passages["wheelchair"].node_state[node] == 1
    again = from_multidigraph(to_multidigraph(network), PROFILES)

    def states(made: StreetNetwork) -> list[tuple[float, ...]]:
        spots = np.round(made.node_xy, 3)
        return sorted(zip(*spots.T, made.passages["wheelchair"].node_state, strict=True))

    assert states(again) == states(network)


def test_osmnx_s_own_functions_work(tmp_path: Path) -> None:
    network = network_of(a_town())
    graph = to_multidigraph(network, "walk")
    nodes, edges = ox.graph_to_gdfs(graph)
    assert nodes.crs == edges.crs == "EPSG:25832"
    assert len(nodes) == len(network.node_xy)
    assert edges.geometry.length.to_numpy() == pytest.approx(edges["length"].to_numpy())
    back = ox.graph_from_gdfs(nodes, edges, graph_attrs=graph.graph)
    assert set(back.edges) == set(graph.edges)

    x, y = CORNER
    origin = ox.distance.nearest_nodes(graph, x + 1, y - 21)
    target = ox.distance.nearest_nodes(graph, x + 200, y - 22)
    assert origin == ord("A")
    route = ox.shortest_path(graph, origin, target, weight="travel_time")
    assert route is not None
    way = ox.routing.route_to_gdf(graph, route, weight="travel_time")
    assert way["travel_time"].sum() == pytest.approx(
        nx.shortest_path_length(graph, origin, target, weight="travel_time")
    )
    assert ox.stats.basic_stats(graph)["n"] == len(network.node_xy)
    assert ox.convert.to_undirected(graph).number_of_edges() <= graph.number_of_edges()

    path = tmp_path / "netz.graphml"
    ox.save_graphml(graph, path)
    loaded = ox.load_graphml(path)
    assert loaded.graph["crs"] == "EPSG:25832"
    assert steps_of(from_multidigraph(loaded, PROFILES), "walk", State.CONFIRMED) == steps_of(
        network, "walk", State.CONFIRMED
    )
    sample = next(iter(loaded.edges(data=True)))[2]
    assert isinstance(sample["osmid"], int)
    assert isinstance(sample["reversed"], bool)


@pytest.mark.parametrize("name", ["muenster-gievenbeck-derived", "dortmund-aplerbeck-2026"])
def test_real_extracts_come_back_as_they_went(name: str, shared_data: Path) -> None:
    extract = read_extract(shared_data / "osm" / f"{name}.nometa.osm.pbf", ())
    study = place_study(extract, seed=3, houses=5, places=5)
    network, _ = build_network(extract, study.sites, PROFILES)
    again = from_multidigraph(to_multidigraph(network), PROFILES)
    for profile_id, state in ALL_STATES:
        assert steps_of(again, profile_id, state) == steps_of(network, profile_id, state)
    compared = check_times(network, "bicycle", State.CONFIRMED, list(range(0, 300, 50)))
    assert compared > 500


def test_a_profile_or_crs_that_is_not_there() -> None:
    network = network_of(draw("A--B", metres=10, ways={"AB": "highway=footway"}))
    with pytest.raises(GraphError, match="kein Profil »auto«") as caught:
        to_multidigraph(network, "auto")
    assert "bicycle, resident" in str(caught.value.remedy)
    with pytest.raises(CrsError, match="»EPSG:0« ist kein bekanntes"):
        to_multidigraph(network, crs="EPSG:0")
