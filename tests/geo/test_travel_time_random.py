"""Travel times on random networks, against networkx; more of them with ``TEST_ALL=1``."""

from __future__ import annotations

import os

import networkx as nx
import numpy as np
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from geo.network import StreetNetwork, build_network
from geo.snapping import Snapped
from geo.travel_time import search, travel_time_matrix
from tests.geo.drawings import RESIDENT, make_extract, make_sites

LONG = bool(os.environ.get("TEST_ALL"))
PHASES = set(Phase) if LONG else {Phase.explicit, Phase.reuse, Phase.generate}


@st.composite
def random_networks(draw_: st.DrawFn) -> StreetNetwork:
    """Networks of up to 12 nodes in any tangle, loops, doubled ways and escalators included."""
    count = draw_(st.integers(2, 12))
    coordinate = st.integers(0, 30)
    spots = draw_(st.lists(st.tuples(coordinate, coordinate), min_size=count, max_size=count))
    kinds = st.sampled_from(
        [
            {"highway": "footway"},
            {"highway": "steps"},
            {"highway": "path", "oneway:foot": "yes"},
            {"highway": "steps", "conveying": "backward"},
        ]
    )
    node = st.integers(1, count)
    way = st.tuples(st.lists(node, min_size=2, max_size=4), kinds)
    ways = draw_(st.lists(way, min_size=1, max_size=16))
    extract = make_extract(
        dict(enumerate(ways, start=1)),
        {
            number: (400_000.0 + 10 * x, 5_750_000.0 + 10 * y)
            for number, (x, y) in enumerate(spots, start=1)
        },
    )
    network, _ = build_network(extract, make_sites({}, {}, {}), {"resident": RESIDENT})
    return network


def points_on(network: StreetNetwork, chosen: list[tuple[int, float, int]]) -> Snapped:
    """Make owners with one access point each: an edge, a share of it, and a gap in metres."""
    edge = np.array([number % len(network.edge_from) for number, _, _ in chosen])
    share = np.array([share for _, share, _ in chosen])
    return Snapped(
        ids=tuple(f"{number:02d}" for number in range(len(chosen))),
        owner=np.arange(len(chosen)),
        edge=edge,
        offset_m=network.edge_length_m[edge] * share,
        gap_m=np.array([float(gap) for _, _, gap in chosen]),
        estimated=np.zeros(len(chosen), dtype=bool),
        start_xy=np.zeros((len(chosen), 2)),
        foot_xy=np.zeros((len(chosen), 2)),
    )


def brute_force(
    network: StreetNetwork, start: tuple[int, float, float], end: tuple[int, float, float]
) -> float:
    """Search with networkx: points are nodes, edges are cut where the points lie."""
    graph: nx.MultiDiGraph[object] = nx.MultiDiGraph()
    forward, backward = network.weights("resident")
    for edge, (a, b) in enumerate(zip(network.edge_from, network.edge_to, strict=True)):
        whole = (int(forward[edge]), int(backward[edge]))
        stops: list[tuple[float, object]] = [(0.0, int(a)), (1.0, int(b))]
        stops += [
            (share, name)
            for name, (on, share, _) in (("start", start), ("end", end))
            if on == edge
        ]
        for s, one in stops:
            for t, other in stops:
                if one == other:
                    continue
                weight = whole[0] if s <= t else whole[1]
                if s == t:
                    graph.add_edge(one, other, ms=0)
                elif weight >= 0:
                    graph.add_edge(one, other, ms=abs(round(weight * t) - round(weight * s)))
    graph.add_nodes_from(["start", "end"])
    gap = round(start[2] * 1000) + round(end[2] * 1000)
    try:
        return gap + nx.dijkstra_path_length(graph, "start", "end", weight="ms")
    except nx.NetworkXNoPath:
        return np.inf


on_edge = st.tuples(
    st.integers(0, 1000), st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), st.integers(0, 50)
)


@settings(max_examples=10_000 if LONG else 150, deadline=None, phases=PHASES)
@given(
    random_networks(),
    st.lists(on_edge, min_size=1, max_size=3),
    st.lists(on_edge, min_size=1, max_size=3),
)
def test_times_equal_networkx_on_random_networks(
    network: StreetNetwork,
    starts: list[tuple[int, float, int]],
    ends: list[tuple[int, float, int]],
) -> None:
    if not len(network.edge_from):
        return
    trees = search(network, points_on(network, starts), RESIDENT, 2000)
    frame = travel_time_matrix(network, trees, points_on(network, ends))
    found = {
        (row["from_id"], row["to_id"]): row["travel_time_s"] for row in frame.to_dict("records")
    }
    for i, start in enumerate(starts):
        for k, end in enumerate(ends):
            one, other = (
                # On an edge without length every point is its first.
                (edge, share if network.edge_length_m[edge] else 0.0, float(gap))
                for number, share, gap in (start, end)
                for edge in [number % len(network.edge_from)]
            )
            expected = brute_force(network, one, other)
            seconds = found.get((f"{i:02d}", f"{k:02d}"))
            if seconds is None:
                assert expected > 2_000_000
            else:
                # Rounded to 0.1 s; and half a millisecond may round either way.
                assert abs(1000 * seconds - expected) <= 52


@settings(max_examples=2_000 if LONG else 60, deadline=None, phases=PHASES)
@given(
    random_networks(),
    st.lists(on_edge, min_size=1, max_size=3),
    st.lists(on_edge, min_size=1, max_size=5),
    st.integers(0, 900),
    st.integers(0, 900),
)
def test_a_longer_limit_never_shrinks_what_is_reached(
    network: StreetNetwork,
    starts: list[tuple[int, float, int]],
    ends: list[tuple[int, float, int]],
    limit_s: int,
    more_s: int,
) -> None:
    if not len(network.edge_from):
        return
    origins, destinations = points_on(network, starts), points_on(network, ends)
    near, far = (
        travel_time_matrix(network, search(network, origins, RESIDENT, limit), destinations)
        for limit in (limit_s, limit_s + more_s)
    )
    pairs = ["from_id", "to_id"]
    both = near.merge(far, on=pairs, suffixes=("", "_far"))
    assert len(both) == len(near)
    assert (both["travel_time_s"] == both["travel_time_s_far"]).all()
    assert (far["travel_time_s"] * 1000 <= (limit_s + more_s) * 1000 + 50).all()


@settings(max_examples=500 if LONG else 40, deadline=None, phases=PHASES)
@given(random_networks(), st.lists(on_edge, min_size=1, max_size=2))
def test_the_distance_is_the_length_of_the_quickest_way(
    network: StreetNetwork, starts: list[tuple[int, float, int]]
) -> None:
    """Where nothing slows down, at 1 m/s, metres are seconds; steps make them fewer."""
    if not len(network.edge_from):
        return
    trees = search(network, points_on(network, starts), RESIDENT, 5000)
    plain = all(tags.get("highway") != "steps" for tags in network.edge_tags)
    for tree in trees:
        assert (tree.distance_mm <= tree.time_ms + 2 * len(tree.node)).all()
        assert (2 * tree.distance_mm >= tree.time_ms - 2 * len(tree.node)).all()
        if plain:
            assert np.abs(tree.distance_mm - tree.time_ms).max(initial=0) <= len(tree.node)
