"""How many metres of ways an origin reaches, how many of them are known, and seats along them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo._steps import FROM, MM_PER_M, TO
from geo.network import MS_PER_S, StreetNetwork
from geo.profiles import State
from geo.routes import SEAT_NEAR_M
from geo.step_free import CONFIRMED
from geo.travel_time import Tree

Ints = npt.NDArray[np.int64]

COLUMNS = {
    "house_id": "str",
    "profile": "str",
    "minutes": "int64",
    "reached_m": "float64",
    "confirmed_m": "float64",
    "unknown_percent": "Float64",
    "seated_percent": "Float64",
}
"""Columns of the table and their types."""


@dataclass(frozen=True, eq=False)
class Stretches:
    """Parts of edges that do not overlap, sorted by edge and position.

    Attributes
    ----------
    edge
        Edge of the network, shape ``(k,)``.
    low_mm, high_mm
        Where the part begins and ends, millimetres from the edge's first node.
    """

    edge: Ints
    low_mm: Ints
    high_mm: Ints

    @property
    def mm(self) -> Ints:
        """Millimetres of each part."""
        return self.high_mm - self.low_mm


def measure_coverage(
    network: StreetNetwork,
    trees: Sequence[Tree],
    minutes: Sequence[int],
    seats: npt.NDArray[np.float64],
) -> pd.DataFrame:
    """Measure the ways that origins reach, partly reached edges included.

    Parameters
    ----------
    network
        The network searched.
    trees
        As ``geo.travel_time.search`` makes them, at least as far as the longest threshold;
        only those over possible ways count, for only there is anything unknown.
    minutes
        Thresholds.
    seats
        Where people can sit down, metres in the CRS of the network, shape ``(s, 2)``.

    Returns
    -------
    pandas.DataFrame
        One row per tree and threshold, sorted by ``house_id``, ``profile`` and ``minutes``:
        ``reached_m`` (metres of ways, confirmed or not, to 0.1 m), ``confirmed_m`` (those
        that are confirmed), ``unknown_percent`` (the share of the others, to 0.1),
        ``seated_percent`` (the share from which a seat is no farther along the ways than
        half the profile's ``rest_m``: then there is one at least every ``rest_m``). Shares
        are missing where nothing is reached, the last one also where rests do not matter.

    Raises
    ------
    ValueError
        If a tree does not reach as far as the longest threshold.

    Notes
    -----
    Straight links, which stand for ways that nobody has mapped, are no ways. Each length is
    rounded to a millimetre before it is added, so that the order does not matter.
    """
    rows = []
    seated: dict[str, Stretches | None] = {}
    ordered = sorted(trees, key=lambda tree: (tree.origin_id, tree.profile_id))
    for tree in ordered:
        if tree.state is not State.POSSIBLE:
            continue
        if tree.limit_ms < max(minutes) * 60 * MS_PER_S:
            raise ValueError(f"tree of {tree.origin_id} ends before {max(minutes)} minutes")
        key = tree.profile_id
        if key not in seated:
            rest_m = network.profiles[key].rest_m
            seated[key] = None if rest_m is None else seated_stretches(network, key, seats, rest_m)
        rows += [
            (tree.origin_id, key, minute, *_measure(network, tree, minute, seated[key]))
            for minute in sorted(minutes)
        ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def reached_stretches(network: StreetNetwork, tree: Tree, limit_ms: int) -> Stretches:
    """Return the parts of edges that a tree walks along within a limit."""
    within = tree.time_ms <= limit_ms
    node, time_ms = tree.node[within].astype(np.int64), tree.time_ms[within]
    closed = network.passages[tree.profile_id].closed_nodes(tree.state)[node]
    # A closed node is come to, but not passed over.
    node, left_ms = node[~closed], limit_ms - time_ms[~closed]
    first, edges, at_to = _incident(network)
    count = first[node + 1] - first[node]
    flat = np.repeat(first[node] - np.cumsum(count) + count, count) + np.arange(count.sum())
    edge, at_to = edges[flat], at_to[flat]
    forward, backward = network.weights(tree.profile_id, tree.state)
    weight = np.where(at_to, backward[edge], forward[edge])
    usable = weight >= 0
    edge, at_to, weight = edge[usable], at_to[usable], weight[usable]
    whole = _mm(network.edge_length_m[edge])
    walked = _walked(whole, weight, np.repeat(left_ms, count)[usable])
    low, high = np.where(at_to, whole - walked, 0), np.where(at_to, whole, walked)
    begun = [_from_door(network, tree, row, limit_ms) for row in range(len(tree.steps.edge))]
    first_edges = tree.steps.edge.astype(np.int64)
    return merged(
        np.concatenate([edge, first_edges]),
        np.concatenate([low, np.array([one[0] for one in begun], dtype=np.int64)]),
        np.concatenate([high, np.array([one[1] for one in begun], dtype=np.int64)]),
    )


def seated_stretches(
    network: StreetNetwork, profile_id: str, seats: npt.NDArray[np.float64], rest_m: float
) -> Stretches:
    """Return the parts of edges from which a seat is at most half of ``rest_m`` away.

    Parameters
    ----------
    network, profile_id
        Distances run along the ways that the profile can pass, confirmed or not, in either
        direction.
    seats
        Shape ``(s, 2)``; each counts for the nearest such way within ``geo.routes.SEAT_NEAR_M``.
    rest_m
        Metres from one seat to the next.
    """
    usable = np.flatnonzero(_passable(network, profile_id))
    points: Any = shapely.points(seats.reshape(-1, 2))
    seat, near = shapely.STRtree(network.edge_geometry[usable]).query_nearest(
        points, max_distance=SEAT_NEAR_M, all_matches=True
    )
    edge = usable[near]
    whole = _mm(network.edge_length_m)
    along: Any = shapely.line_locate_point(network.edge_geometry[edge], points[seat])
    at = _mm(along)
    at = np.clip(at, 0, whole[edge])
    reach = round(rest_m / 2 * MM_PER_M)
    node_mm = _seat_distance(network, profile_id, edge, at, reach)
    left = np.clip(reach - node_mm, 0, None)
    left[network.passages[profile_id].closed_nodes(State.POSSIBLE)] = 0
    begin, end = left[network.edge_from[usable]], left[network.edge_to[usable]]
    length = whole[usable]
    return merged(
        np.concatenate([usable, usable, edge]),
        np.concatenate([np.zeros_like(length), np.maximum(length - end, 0), at - reach]),
        np.concatenate([np.minimum(begin, length), length, at + reach]),
        whole,
    )


def merged(edge: Ints, low: Ints, high: Ints, whole: Ints | None = None) -> Stretches:
    """Join parts of edges that overlap or touch; empty ones fall out.

    Parameters
    ----------
    edge, low, high
        Edge, and millimetres from its first node.
    whole
        Millimetres of every edge, to cut parts that run beyond; not needed where none does.
    """
    if whole is not None:
        low, high = np.maximum(low, 0), np.minimum(high, whole[edge])
    kept = high > low
    edge, low, high = edge[kept], low[kept], high[kept]
    order = np.lexsort((low, edge))
    edge, low, high = edge[order], low[order], high[order]
    if not len(edge):
        return Stretches(edge, low, high)
    # All edges laid end to end, with a gap between them: one running maximum serves all.
    shift = edge * (int(high.max()) + 1)
    farthest = np.maximum.accumulate(high + shift)
    begins = np.ones(len(edge), dtype=bool)
    begins[1:] = low[1:] + shift[1:] > farthest[:-1]
    starts = np.flatnonzero(begins)
    ends = np.append(starts[1:], len(edge)) - 1
    return Stretches(edge[starts], low[starts], farthest[ends] - shift[ends])


def overlap_mm(parts: Stretches, others: Stretches) -> int:
    """Return the millimetres that two sets of stretches have in common."""
    first = np.searchsorted(others.edge, parts.edge, side="left")
    count = np.searchsorted(others.edge, parts.edge, side="right") - first
    mine = np.repeat(np.arange(len(parts.edge)), count)
    theirs = np.repeat(first - np.cumsum(count) + count, count) + np.arange(count.sum())
    low = np.maximum(parts.low_mm[mine], others.low_mm[theirs])
    high = np.minimum(parts.high_mm[mine], others.high_mm[theirs])
    return int(np.clip(high - low, 0, None).sum())


def _measure(
    network: StreetNetwork, tree: Tree, minute: int, seated: Stretches | None
) -> tuple[float, float, float | None, float | None]:
    reached = reached_stretches(network, tree, minute * 60 * MS_PER_S)
    real = ~network.edge_estimated[reached.edge]
    reached = Stretches(reached.edge[real], reached.low_mm[real], reached.high_mm[real])
    total = int(reached.mm.sum())
    state = network.passages[tree.profile_id].edge_state[reached.edge]
    confirmed = int(reached.mm[state == CONFIRMED].sum())
    return (
        round(total / MM_PER_M, 1),
        round(confirmed / MM_PER_M, 1),
        _percent(total - confirmed, total),
        None if seated is None else _percent(overlap_mm(reached, seated), total),
    )


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def _walked(whole_mm: Ints, weight_ms: Ints, left_ms: Ints) -> Ints:
    """Return how far along edges people come in the time that is left."""
    share = np.divide(left_ms, weight_ms, out=np.ones(len(whole_mm)), where=weight_ms > left_ms)
    return np.rint(whole_mm * share).astype(np.int64)


def _from_door(network: StreetNetwork, tree: Tree, row: int, limit_ms: int) -> tuple[int, int]:
    """Return which part of the edge at the door is reached without leaving it."""
    steps = tree.steps
    edge = int(steps.edge[row])
    at, whole = int(steps.end_mm[FROM, row]), int(steps.end_mm[:, row].sum())
    left = limit_ms - int(steps.gap_ms[row])
    if left < 0:
        return at, at
    reach = [0, 0]
    for side, weights in enumerate(network.weights(tree.profile_id, tree.state)):
        if steps.onward[side, row]:
            weight = max(int(weights[edge]), 1)
            reach[side] = round(whole * left / weight)
    return max(at - reach[TO], 0), min(at + reach[FROM], whole)


def _passable(network: StreetNetwork, profile_id: str) -> npt.NDArray[np.bool_]:
    forward, backward = network.weights(profile_id, State.POSSIBLE)
    return np.asarray((forward >= 0) | (backward >= 0))


def _incident(network: StreetNetwork) -> tuple[Ints, Ints, npt.NDArray[np.bool_]]:
    """Return the edges at every node in rows, and whether the node is the edge's second."""
    key = ("incident edges",)
    if key not in network._memory:  # noqa: SLF001
        count = len(network.edge_from)
        node = np.concatenate([network.edge_from, network.edge_to])
        order = np.argsort(node, kind="stable")
        sizes = np.bincount(node, minlength=len(network.node_xy))
        network._memory[key] = (  # noqa: SLF001
            np.concatenate([[0], np.cumsum(sizes)]),
            np.tile(np.arange(count), 2)[order],
            (np.arange(2 * count) >= count)[order],
        )
    found: tuple[Ints, Ints, npt.NDArray[np.bool_]] = network._memory[key]  # noqa: SLF001
    return found


def _seat_distance(
    network: StreetNetwork, profile_id: str, edge: Ints, at: Ints, reach: int
) -> Ints:
    """Return the millimetres from every node to the nearest seat, ``reach`` where none is."""
    count = len(network.node_xy)
    found = np.full(count, reach, dtype=np.int64)
    if not len(edge):
        return found
    whole = _mm(network.edge_length_m)
    passable = np.flatnonzero(_passable(network, profile_id))
    closed = network.passages[profile_id].closed_nodes(State.POSSIBLE)
    source = np.concatenate([network.edge_from[passable], network.edge_to[passable]])
    target = np.concatenate([network.edge_to[passable], network.edge_from[passable]])
    length = np.tile(whole[passable], 2)
    open_ = ~closed[source]
    # The seats are the arcs of one more node, from which the search sets out.
    first = np.full(2 * len(edge), count)
    ends = np.concatenate([network.edge_from[edge], network.edge_to[edge]])
    mm = np.concatenate([at, whole[edge] - at])
    source = np.concatenate([source[open_], first])
    target = np.concatenate([target[open_], ends])
    length = np.concatenate([length[open_], mm])
    # Nought would mean "no arc": half a millimetre is less than anything that is told.
    arcs = _shortest_arcs(source, target, np.maximum(length, 0.5), count + 1)
    distance = dijkstra(arcs, directed=True, indices=[count], limit=float(reach))[0, :count]
    near = np.isfinite(distance)
    found[near] = np.rint(distance[near]).astype(np.int64)
    return found


def _shortest_arcs(source: Any, target: Any, length: Any, count: int) -> csr_array:
    """Make a matrix of arcs; of several between two nodes the shortest counts."""
    key = source.astype(np.int64) * count + target
    order = np.lexsort((length, key))
    key, first = np.unique(key[order], return_index=True)
    weights = length[order[first]]
    return csr_array((weights, (key // count, key % count)), shape=(count, count))


def _mm(metres: npt.NDArray[Any]) -> Ints:
    whole: Ints = np.rint(metres * MM_PER_M).astype(np.int64)
    return whole
