"""Shortest-path trees of single origins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo._search import graph_of, shortest_tree
from geo._steps import FROM, MM_PER_M, TO, Steps
from geo.network import StreetNetwork
from geo.profiles import State

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Tree:
    """Everything one origin reaches within a limit.

    Attributes
    ----------
    origin_id
        Id of the house or site.
    profile_id
        Who is on the way.
    state
        Which ways count.
    limit_ms
        Longest time searched, milliseconds.
    node
        Nodes reached, ascending, shape ``(r,)``.
    time_ms, distance_mm
        Time to each node, and the length of that same way; access included. Of several
        equally quick ways one is taken, always the same.
    private, estimated
        Whether that way uses private stretches, or estimated ones.
    parent
        Row in ``node`` of the node before, −1 where the way enters the network.
    steps
        What it costs to get from the origin onto the network; no access point where the
        origin is not connected.
    link_xy
        Straight lines from the origin to its access points, shape ``(k, 2, 2)``.
    """

    origin_id: str
    profile_id: str
    state: State
    limit_ms: int
    node: Ints
    time_ms: Ints
    distance_mm: Ints
    private: Bools
    estimated: Bools
    parent: Ints
    steps: Steps
    link_xy: npt.NDArray[np.float64]


def grow_tree(
    network: StreetNetwork,
    steps: Steps,
    link_xy: npt.NDArray[np.float64],
    *,
    origin_id: str,
    profile_id: str,
    state: State,
    limit_ms: int,
) -> Tree:
    """Search from one origin.

    Parameters
    ----------
    network
        The network.
    steps, link_xy
        Access points of the origin.
    origin_id, profile_id, state, limit_ms
        See ``Tree``.
    """
    graph = graph_of(network, profile_id, state)
    start, cost_ms, cost_mm, entry = entries(network, steps)
    within = cost_ms <= limit_ms
    start, cost_ms, cost_mm, entry = start[within], cost_ms[within], cost_mm[within], entry[within]
    node, time_ms, parent_node = shortest_tree(graph, start, cost_ms, limit_ms)
    root = parent_node < 0
    begun = np.searchsorted(start, node[root])
    edge = graph.edge[graph.arcs(parent_node[~root], node[~root])]
    walked = _Stretches(len(node))
    walked.set(
        root,
        mm=cost_mm[begun],
        private=steps.private[entry[begun]] & (cost_mm[begun] > steps.gap_mm[entry[begun]]),
        estimated=steps.estimated[entry[begun]],
    )
    walked.set(
        ~root,
        mm=np.rint(network.edge_length_m[edge] * MM_PER_M).astype(np.int64),
        private=network.edge_private[edge],
        estimated=network.edge_estimated[edge],
    )
    parent = np.where(root, -1, np.searchsorted(node, parent_node))
    walked.add_up(parent)
    return Tree(
        origin_id=origin_id,
        profile_id=profile_id,
        state=state,
        limit_ms=limit_ms,
        node=node,
        time_ms=time_ms,
        distance_mm=walked.mm,
        private=walked.private,
        estimated=walked.estimated,
        parent=parent,
        steps=steps,
        link_xy=link_xy,
    )


class _Stretches:
    """What is walked to reach each node: at first from its parent, then from the door."""

    def __init__(self, count: int) -> None:
        self.mm = np.zeros(count, dtype=np.int64)
        self.private = np.zeros(count, dtype=bool)
        self.estimated = np.zeros(count, dtype=bool)

    def set(self, rows: Bools, *, mm: Ints, private: Bools, estimated: Bools) -> None:
        """Set the last stretch to some nodes."""
        self.mm[rows], self.private[rows], self.estimated[rows] = mm, private, estimated

    def add_up(self, parent: Ints) -> None:
        """Add up the stretches from the root; each round doubles how many are summed."""
        above = parent.copy()
        while len(rows := np.flatnonzero(above >= 0)):
            up = above[rows]
            # The right sides are complete before anything is written: all nodes step at once.
            self.mm[rows] = self.mm[rows] + self.mm[up]
            self.private[rows] = self.private[rows] | self.private[up]
            self.estimated[rows] = self.estimated[rows] | self.estimated[up]
            above[rows] = above[up]


def entries(network: StreetNetwork, steps: Steps) -> tuple[Ints, Ints, Ints, Ints]:
    """Return the nodes where the origin enters the network, ascending, each at its best.

    Returns
    -------
    node, cost_ms, cost_mm, entry
        The node, what it costs to get there, and the access point taken.
    """
    row = np.arange(len(steps.edge))
    node = np.concatenate([network.edge_from[steps.edge], network.edge_to[steps.edge]])
    entry = np.concatenate([row, row])
    ms = np.concatenate([steps.out_ms[FROM], steps.out_ms[TO]])
    possible = ms >= 0
    ms += steps.gap_ms[entry]
    mm = np.concatenate([steps.end_mm[FROM], steps.end_mm[TO]]) + steps.gap_mm[entry]
    node, entry, ms, mm = node[possible], entry[possible], ms[possible], mm[possible]
    order = np.lexsort((entry, mm, ms, node))
    node, first = np.unique(node[order], return_index=True)
    best = order[first]
    return node.astype(np.int64), ms[best], mm[best], entry[best]
