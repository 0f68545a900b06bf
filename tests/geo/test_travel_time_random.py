"""Travel times on random networks, against networkx; many more of them with ``TEST_ALL=1``.

Every profile, state and direction is searched. What is asked of the judge is more than the
time: of equally quick ways the shortest, of these the one with the least unknown metres, of
these the one with the fewest private edges. All four are one whole number there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import networkx as nx
import numpy as np
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from geo._reached import Reader
from geo._steps import step_costs
from geo.network import StreetNetwork, build_network
from geo.profiles import Profile, State, load_profiles
from geo.snapping import Snapped
from geo.step_free import CONFIRMED, NO, POSSIBLE
from geo.sweeps import sweep
from geo.travel_time import PairState, Tree, pair_states, search, travel_time_matrix
from tests.geo.drawings import RESIDENT, make_extract, make_sites

LONG = bool(os.environ.get("TEST_ALL"))
PHASES = set(Phase) if LONG else {Phase.explicit, Phase.reuse, Phase.generate}
PROFILES = load_profiles()
VARIANTS = [(profile, state) for profile in PROFILES.values() for state in profile.states]
PART = 1 << 40
"""Time, length, unknown length and private edges of a way as digits of one number."""

KINDS: list[dict[str, str]] = [
    {"highway": "footway"},
    {"highway": "footway", "surface": "asphalt", "incline": "0%", "width": "2"},
    {"highway": "footway", "surface": "asphalt", "incline": "5%", "width": "2"},
    {"highway": "residential", "oneway": "yes", "sidewalk": "both"},
    {"highway": "steps"},
    {"highway": "path", "oneway:foot": "yes"},
    {"highway": "steps", "conveying": "backward"},
    {"highway": "cycleway", "foot": "no", "oneway": "yes"},
]
KERBS = [{}, {}, {}, {"kerb": "raised"}, {"kerb": "lowered"}, {"kerb": "yes"}]


@st.composite
def random_networks(draw_: st.DrawFn) -> StreetNetwork:
    """Networks of up to 12 nodes in any tangle, loops, doubled ways and escalators included.

    What the tags leave alike is set at random: states, private and estimated edges, gates.
    """
    count = draw_(st.integers(2, 12))
    coordinate = st.integers(0, 30)
    spots = draw_(st.lists(st.tuples(coordinate, coordinate), min_size=count, max_size=count))
    node = st.integers(1, count)
    way = st.tuples(st.lists(node, min_size=2, max_size=4), st.sampled_from(KINDS))
    ways = draw_(st.lists(way, min_size=1, max_size=16))
    kerbs = draw_(st.lists(st.sampled_from(KERBS), min_size=count, max_size=count))
    extract = make_extract(
        dict(enumerate(ways, start=1)),
        {
            number: (400_000.0 + 10 * x, 5_750_000.0 + 10 * y)
            for number, (x, y) in enumerate(spots, start=1)
        },
        dict(enumerate(kerbs, start=1)),
    )
    network, _ = build_network(extract, make_sites({}, {}, {}), PROFILES)
    return scattered(network, np.random.default_rng(draw_(st.integers(0, 2**32))))


def scattered(network: StreetNetwork, rng: np.random.Generator) -> StreetNetwork:
    edges, nodes = len(network.edge_from), len(network.node_xy)
    passages = dict(network.passages)
    for key, profile in network.profiles.items():
        if profile.limits is not None:
            own = passages[key]
            edge_state = np.where(
                own.edge_state != NO, rng.choice([POSSIBLE, CONFIRMED], edges), own.edge_state
            )
            node_state = np.where(
                rng.random(nodes) < 0.7, own.node_state, rng.choice([NO, POSSIBLE], nodes)
            )
            passages[key] = replace(
                own,
                edge_state=edge_state.astype(np.int8),
                node_state=node_state.astype(np.int8),
            )
    return replace(
        network,
        passages=passages,
        edge_private=rng.random(edges) < 0.2,
        edge_estimated=rng.random(edges) < 0.2,
        node_by_hours=rng.random(nodes) < 0.2,
        _memory={},
    )


def points_on(network: StreetNetwork, chosen: list[tuple[int, float, int]]) -> Snapped:
    """Make owners with one or two access points: an edge, a share of it, a gap in metres."""
    edge = np.array([number % len(network.edge_from) for number, _, _ in chosen])
    share = np.array([share for _, share, _ in chosen])
    owner = np.array([number * 2 // 3 for number in range(len(chosen))])
    return Snapped(
        ids=tuple(f"{number:02d}" for number in range(int(owner[-1]) + 1)),
        owner=owner,
        edge=edge,
        offset_m=network.edge_length_m[edge] * share,
        gap_m=np.array([float(gap) for _, _, gap in chosen]),
        estimated=np.zeros(len(chosen), dtype=bool),
        start_xy=np.zeros((len(chosen), 2)),
        foot_xy=np.zeros((len(chosen), 2)),
    )


@dataclass(frozen=True)
class Point:
    """An access point with its own node in the judge's graph."""

    name: str
    edge: int
    share: float
    gap_m: int


class Judge:
    """A network for one profile and state; a closed node is one for every end of an edge there."""

    def __init__(
        self,
        network: StreetNetwork,
        profile: Profile,
        state: State,
        starts: Snapped,
        goals: Snapped,
    ) -> None:
        self.network, self.profile = network, profile
        self.weights = network.weights(profile.id, state)
        self.passage = network.passages[profile.id]
        self.closed = self.passage.closed_nodes(state)
        self.graph: nx.DiGraph[Any] = nx.DiGraph()
        self.starts = self._points("s", starts)
        self.goals = self._points("g", goals)
        self.graph.add_nodes_from(("s", owner) for owner in starts.ids)
        self.graph.add_nodes_from(("g", owner) for owner in goals.ids)
        self.graph.add_nodes_from(range(len(network.node_xy)))
        for edge in range(len(network.edge_from)):
            self._draw(edge)

    def best(self, start: str) -> dict[Any, tuple[int, ...]]:
        """Return the digits of the best way to everything."""
        found = nx.single_source_dijkstra_path_length(self.graph, ("s", start), weight="cost")
        return {
            node: tuple(int(cost) // PART**digit % PART for digit in (3, 2, 1, 0))
            for node, cost in found.items()
        }

    def _points(self, kind: str, snapped: Snapped) -> list[tuple[Any, Point]]:
        length = self.network.edge_length_m[snapped.edge]
        found = []
        for row, owner in enumerate(snapped.owner.tolist()):
            share = float(snapped.offset_m[row] / length[row]) if length[row] else 0.0
            point = Point(
                kind, int(snapped.edge[row]), min(max(share, 0.0), 1.0),
                int(snapped.gap_m[row]),
            )  # fmt: skip
            found.append(((kind, snapped.ids[owner]), point))
        return found

    def _draw(self, edge: int) -> None:
        """Draw an edge, and everything on it, as arcs between each two of its stops."""
        ends = int(self.network.edge_from[edge]), int(self.network.edge_to[edge])
        starts = [found for found in self.starts if found[1].edge == edge]
        goals = [found for found in self.goals if found[1].edge == edge]
        a, b = ((node, edge, end) if self.closed[node] else node for end, node in enumerate(ends))
        self._arc(a, b, edge, 0.0, 1.0)
        self._arc(b, a, edge, 1.0, 0.0)
        for node, stop in zip(ends, (a, b), strict=True):
            if self.closed[node]:  # it is come to, whatever the edge
                self.graph.add_edge(stop, node, cost=0)
        for name, point in starts:
            self._arc(name, a, edge, point.share, 0.0, point.gap_m)
            self._arc(name, b, edge, point.share, 1.0, point.gap_m)
            for goal, other in goals:
                self._arc(name, goal, edge, point.share, other.share, point.gap_m, other.gap_m)
        for goal, point in goals:
            for share, stop, node in ((0.0, a, ends[0]), (1.0, b, ends[1])):
                at_node = node if point.share == share else stop
                self._arc(at_node, goal, edge, share, point.share, 0, point.gap_m)

    def _arc(
        self, one: Any, other: Any, edge: int, begin: float, end: float, *gaps_m: int
    ) -> None:
        ms, mm = 0, 0
        length = float(self.network.edge_length_m[edge])
        if begin != end:
            weight = int(self.weights[0 if begin < end else 1][edge])
            if weight < 0:
                return
            ms = abs(round(weight * end) - round(weight * begin))
            mm = abs(self._mm(length, end) - self._mm(length, begin))
        speed = self.profile.access_speed_m_s
        whole = isinstance(one, int | tuple) and not gaps_m
        cost = PART**3 * (ms + sum(round(gap / speed * 1000) for gap in gaps_m))
        cost += PART**2 * (mm + 1000 * sum(gaps_m))
        cost += PART * mm * int(self.passage.edge_state[edge] == POSSIBLE)
        cost += int(self.network.edge_private[edge] and (whole or mm > 0))
        known = self.graph.get_edge_data(one, other, {"cost": cost + 1})["cost"]
        if cost < known:
            self.graph.add_edge(one, other, cost=cost)

    def _mm(self, length: float, share: float) -> int:
        """Parts of an edge add up to the whole, in both directions."""
        return round(length * 1000) if share == 1 else round(length * share * 1000)


def read(
    network: StreetNetwork, tree: Tree, goals: Snapped
) -> Iterator[tuple[str, tuple[int, int, int, bool]]]:
    steps = step_costs(network, goals, PROFILES[tree.profile_id], tree.state)
    found = Reader(network).read(tree, steps, goals.owner)
    assert (np.diff(found.owner) > 0).all()
    for owner, ms, mm, unknown, private in zip(
        found.owner.tolist(), found.time_ms.tolist(), found.distance_mm.tolist(),
        found.unknown_mm.tolist(), found.private.tolist(), strict=True,
    ):  # fmt: skip
        yield goals.ids[owner], (ms, mm, unknown, private)


on_edge = st.tuples(
    st.integers(0, 1000), st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), st.integers(0, 50)
)
some_points = st.lists(on_edge, min_size=1, max_size=4)


@settings(max_examples=10_000 if LONG else 150, deadline=None, phases=PHASES)
@given(random_networks(), some_points, some_points, st.integers(0, 1200))
def test_all_profiles_states_and_directions_equal_networkx(
    network: StreetNetwork,
    starts: list[tuple[int, float, int]],
    ends: list[tuple[int, float, int]],
    limit_s: int,
) -> None:
    if not len(network.edge_from):
        return
    origins, goals = points_on(network, starts), points_on(network, ends)
    for profile, state in VARIANTS:
        judge = Judge(network, profile, state, origins, goals)
        ahead = search(network, origins, profile, limit_s, state)
        back = search(network, goals, profile, limit_s, state, reverse=True)
        found: dict[tuple[str, str], Any] = {}
        expected: dict[tuple[str, str], Any] = {}
        for tree in ahead:
            best = judge.best(tree.origin_id)
            found |= {(tree.origin_id, goal): way for goal, way in read(network, tree, goals)}
            expected |= {
                (tree.origin_id, node[1]): (*way[:3], way[3] > 0)
                for node, way in best.items()
                if isinstance(node, tuple) and node[0] == "g" and way[0] <= limit_s * 1000
            }
            nodes = {
                node: (*way[:3], way[3] > 0)
                for node, way in best.items()
                if isinstance(node, int) and way[0] <= limit_s * 1000
            }
            assert nodes == dict(
                zip(
                    tree.node.tolist(),
                    zip(tree.time_ms.tolist(), tree.distance_mm.tolist(),
                        tree.unknown_mm.tolist(), tree.private.tolist(), strict=True),
                    strict=True,
                )
            )  # fmt: skip
            hang_together(network, judge, tree)
        assert found == expected
        reversed_ = {
            (start, tree.origin_id): way
            for tree in back
            for start, way in read(network, tree, origins)
        }
        assert reversed_ == expected


def hang_together(network: StreetNetwork, judge: Judge, tree: Tree) -> None:
    """Edges and parents of a tree give its times, and where it enters is an access point."""
    for row, (parent, edge) in enumerate(zip(tree.parent, tree.edge, strict=True)):
        if parent < 0:
            point, end = divmod(-1 - int(edge), 2)
            assert tree.steps.out_ms[end, point] >= 0
            ends = network.edge_from, network.edge_to
            assert ends[end][tree.steps.edge[point]] == tree.node[row]
            spent = tree.steps.out_ms[end, point] + tree.steps.gap_ms[point]
            assert tree.time_ms[row] == spent
            continue
        way = network.edge_from[edge], network.edge_to[edge]
        walked = int(tree.node[parent]), int(tree.node[row])
        assert walked in {way, way[::-1]}
        spent = {
            int(weight[edge])
            for weight, direction in zip(judge.weights, (way, way[::-1]), strict=True)
            if direction == walked and weight[edge] >= 0
        }
        assert tree.time_ms[row] - tree.time_ms[parent] in spent


@settings(max_examples=3_000 if LONG else 60, deadline=None, phases=PHASES)
@given(random_networks(), some_points, st.integers(0, 600), st.sampled_from([-1, 1]))
def test_a_sweep_is_the_least_of_all_trees(
    network: StreetNetwork, ends: list[tuple[int, float, int]], limit_s: int, direction: int
) -> None:
    if not len(network.edge_from):
        return
    places, reverse = points_on(network, ends), direction < 0
    for profile, state in VARIANTS:
        least = dict.fromkeys(range(len(network.node_xy)), (-1, -1, -1))
        for owner, tree in enumerate(
            search(network, places, profile, limit_s, state, reverse=reverse)
        ):
            for node, ms, mm in zip(
                tree.node.tolist(), tree.time_ms.tolist(), tree.distance_mm.tolist(), strict=True
            ):
                if least[node] == (-1, -1, -1) or (ms, mm, owner) < least[node]:
                    least[node] = (ms, mm, owner)
        swept = sweep(network, places, profile, limit_s, state, reverse=reverse)
        assert least == dict(
            enumerate(
                zip(swept.time_ms.tolist(), swept.distance_mm.tolist(), swept.owner.tolist(),
                    strict=True)
            )
        )  # fmt: skip


@settings(max_examples=3_000 if LONG else 60, deadline=None, phases=PHASES)
@given(random_networks(), some_points, some_points)
def test_not_reachable_is_said_only_where_no_way_may_lead(
    network: StreetNetwork,
    starts: list[tuple[int, float, int]],
    ends: list[tuple[int, float, int]],
) -> None:
    if not len(network.edge_from):
        return
    origins, goals = points_on(network, starts), points_on(network, ends)
    for profile, state in VARIANTS:
        judge = Judge(network, profile, State.POSSIBLE, origins, goals)
        names = {("s", name) for name in origins.ids} | {("g", name) for name in goals.ids}
        around = judge.graph.to_undirected()
        spots = around.subgraph(set(around) - names)
        closed = {node for node in spots if isinstance(node, int) and judge.closed[node]}
        # A closed node is come to from all sides, but joins none of them.
        parts = spots.subgraph(set(spots) - closed)
        for tree in search(network, origins, profile, 5, state):
            start = ("s", tree.origin_id)
            home = set(around[start]) & set(spots)
            home |= {
                node
                for part in nx.connected_components(parts)
                if part & home
                for node in part.union(*(spots[one] for one in part))
            }
            shown = pair_states(network, tree, goals)
            reached = {goal for goal, _ in read(network, tree, goals)}
            for goal, shown_state in zip(goals.ids, shown, strict=True):
                if goal in reached:
                    assert shown_state is PairState.REACHED
                elif set(around["g", goal]) & (home | {start}):
                    assert shown_state is PairState.BEYOND_LIMIT
                else:
                    assert shown_state is PairState.NOT_REACHABLE


@settings(max_examples=2_000 if LONG else 60, deadline=None, phases=PHASES)
@given(random_networks(), some_points, some_points, st.integers(0, 900), st.integers(0, 900))
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
    both = near.merge(far, on=["from_id", "to_id"], suffixes=("", "_far"))
    assert len(both) == len(near)
    for column in near.columns[4:]:
        assert (both[column] == both[f"{column}_far"]).all()
    assert (far["travel_time_s"] * 1000 <= (limit_s + more_s) * 1000 + 50).all()


@settings(max_examples=500 if LONG else 40, deadline=None, phases=PHASES)
@given(random_networks(), some_points, some_points)
def test_reading_many_trees_at_once_is_reading_each(
    network: StreetNetwork,
    starts: list[tuple[int, float, int]],
    ends: list[tuple[int, float, int]],
) -> None:
    if not len(network.edge_from):
        return
    origins, goals = points_on(network, starts), points_on(network, ends)
    trees = [
        tree
        for profile, state in VARIANTS
        for reverse in (False, True)
        for tree in search(network, origins, profile, 600, state, reverse=reverse)
    ]
    frame = travel_time_matrix(network, trees, goals)
    found = sorted(
        (row["from_id"], row["to_id"], row["profile"], row["state"], row["travel_time_s"],
         row["distance_m"], row["unknown_m"], row["private"])
        for row in frame.to_dict("records")
    )  # fmt: skip
    expected = sorted(
        (*((goal, tree.origin_id) if tree.reverse else (tree.origin_id, goal)), tree.profile_id,
         tree.state.value, round(ms / 1000, 1), round(mm / 1000, 1), round(unknown / 1000, 1),
         private)
        for tree in trees
        for goal, (ms, mm, unknown, private) in read(network, tree, goals)
    )  # fmt: skip
    assert found == expected
    names = ["from_id", "to_id", "profile", "state"]
    assert frame[names].equals(frame[names].sort_values(names, ignore_index=True))
