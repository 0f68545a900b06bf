"""The search itself, behind one small function that a compiled kernel can replace."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.network import StreetNetwork
from geo.profiles import State

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Graph:
    """A network as arcs in rows, for one profile.

    Attributes
    ----------
    first
        Arcs of node ``i`` are ``first[i]:first[i + 1]``, shape ``(n + 1,)``.
    target
        Node an arc leads to, ascending within a row, shape ``(a,)``.
    weight_ms
        Milliseconds, shape ``(a,)``.
    edge
        Edge of the network that the arc walks along, shape ``(a,)``. Of several edges
        between two nodes only the quickest is here (among equals the shortest, then the
        first).
    key
        ``source * n + target`` of each arc, ascending, for finding arcs.
    """

    first: npt.NDArray[np.int32]
    target: npt.NDArray[np.int32]
    weight_ms: Ints
    edge: Ints
    key: Ints

    def arcs(self, source: Ints, target: Ints) -> Ints:
        """Find the arcs between pairs of nodes; every pair must have one."""
        return np.searchsorted(self.key, source * (len(self.first) - 1) + target)


def graph_of(network: StreetNetwork, profile_id: str, state: State = State.CONFIRMED) -> Graph:
    """Return the arcs of a network for one profile and state, made when first asked for."""
    key = ("graph", profile_id, state)
    if key not in network._memory:  # noqa: SLF001
        network._memory[key] = _make_graph(network, profile_id, state)  # noqa: SLF001
    graph: Graph = network._memory[key]  # noqa: SLF001
    return graph


def _make_graph(network: StreetNetwork, profile_id: str, state: State) -> Graph:
    forward, backward = network.weights(profile_id, state)
    closed = network.passages[profile_id].closed_nodes(state)
    edge = np.arange(len(network.edge_from))
    source = np.concatenate([network.edge_from, network.edge_to]).astype(np.int64)
    target = np.concatenate([network.edge_to, network.edge_from]).astype(np.int64)
    weight = np.concatenate([forward, backward])
    edge = np.concatenate([edge, edge])
    # A closed node is come to, but not passed over.
    passable = (weight >= 0) & (source != target) & ~closed[source]
    source, target, weight, edge = (
        source[passable], target[passable], weight[passable], edge[passable],
    )  # fmt: skip
    order = np.lexsort((edge, network.edge_length_m[edge], weight, target, source))
    source, target, weight, edge = source[order], target[order], weight[order], edge[order]
    best = np.ones(len(source), dtype=bool)
    best[1:] = (source[1:] != source[:-1]) | (target[1:] != target[:-1])
    count = len(network.node_xy)
    first = np.concatenate([[0], np.cumsum(np.bincount(source[best], minlength=count))])
    return Graph(
        first=first.astype(np.int32),
        target=target[best].astype(np.int32),
        weight_ms=weight[best],
        edge=edge[best],
        key=source[best] * count + target[best],
    )


def shortest_tree(
    graph: Graph, start: Ints, start_ms: Ints, limit_ms: int
) -> tuple[Ints, Ints, Ints]:
    """Find all nodes reached within a limit, from several starts at once.

    Times are whole milliseconds; scipy computes with floats, in which whole numbers up to
    2⁵³ are exact. A time equal to the limit is within it.

    Parameters
    ----------
    graph
        The arcs.
    start, start_ms
        Nodes to start from, each at most once, and the time already spent there.
    limit_ms
        Longest time.

    Returns
    -------
    node, time_ms, parent
        Nodes reached, ascending; their times; the node each was reached from, −1 for a
        start.
    """
    count = len(graph.first) - 1
    # The starts become the arcs of one more node, from which the search sets out.
    arcs = len(graph.target)
    matrix = csr_array(
        (
            np.concatenate([graph.weight_ms, start_ms]).astype(np.float64),
            np.concatenate([graph.target, start]).astype(np.int32),
            np.append(graph.first, arcs + len(start)).astype(np.int32),
        ),
        shape=(count + 1, count + 1),
    )
    time, parent = dijkstra(
        matrix, directed=True, indices=[count], limit=float(limit_ms), return_predecessors=True
    )
    node = np.flatnonzero(np.isfinite(time[0, :count]))
    parents = parent[0, node].astype(np.int64)
    parents[parents == count] = -1
    return node, time[0, node].astype(np.int64), parents
