"""Which edges a tree walks along: from node to node, from the door, and to a place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo._reached import SAME_EDGE, Reader
from geo._steps import FROM, MM_PER_M, TO, Steps, between, step_costs
from geo._trees import Tree
from geo.network import StreetNetwork
from geo.profiles import State
from geo.snapping import Snapped

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _Arcs:
    """The best edge between every two nodes that have one, keys ascending."""

    key: Ints
    edge: Ints


@dataclass(frozen=True, eq=False)
class Arrivals:
    """How a tree arrives at ``r`` places.

    Attributes
    ----------
    owner
        Index of the place, ascending, shape ``(r,)``.
    row
        Row of the place's access point in its ``Steps``.
    end
        From which end of its edge: ``FROM``, ``TO`` or ``SAME_EDGE``.
    node_row
        Row of that end in ``tree.node``; −1 for ``SAME_EDGE``.
    entry
        For ``SAME_EDGE`` the access point of the origin, else −1.
    time_ms, distance_mm
        From door to door.
    """

    owner: Ints
    row: Ints
    end: Ints
    node_row: Ints
    entry: Ints
    time_ms: Ints
    distance_mm: Ints


def tree_edges(network: StreetNetwork, tree: Tree) -> Ints:
    """Return the edge by which each node of a tree was come to, −1 where it was entered.

    Of several edges between two nodes the quickest counts, then the shortest, then the
    first, as in the search.
    """
    edge = np.full(len(tree.node), -1, dtype=np.int64)
    inner = np.flatnonzero(tree.parent >= 0)
    if len(inner):
        arcs = _arcs(network, tree.profile_id, tree.state)
        count = len(network.node_xy)
        above = tree.node[tree.parent[inner]].astype(np.int64)
        edge[inner] = arcs.edge[np.searchsorted(arcs.key, above * count + tree.node[inner])]
    return edge


def tree_entries(network: StreetNetwork, tree: Tree) -> tuple[Ints, Ints]:
    """Return how the tree entered the network, −1 for nodes that were come to by an edge.

    Returns
    -------
    entry, side
        For each node of the tree the access point taken, and towards which end of its edge
        (``FROM`` or ``TO``), shape ``(r,)`` each.
    """
    steps = tree.steps
    entry = np.full(len(tree.node), -1, dtype=np.int64)
    side = entry.copy()
    count = len(steps.edge)
    points = np.tile(np.arange(count), 2)
    sides = np.repeat([FROM, TO], count)
    nodes = np.concatenate([network.edge_from[steps.edge], network.edge_to[steps.edge]])
    out_ms = steps.out_ms.reshape(-1)
    ms = out_ms + steps.gap_ms[points]
    mm = steps.end_mm.reshape(-1) + steps.gap_mm[points]
    possible = np.flatnonzero(out_ms >= 0)
    order = np.lexsort((points[possible], mm[possible], ms[possible], nodes[possible]))
    order = possible[order]
    node, first = np.unique(nodes[order], return_index=True)
    best = order[first]
    roots = np.flatnonzero(tree.parent < 0)
    taken = best[np.searchsorted(node, tree.node[roots])]
    entry[roots], side[roots] = points[taken], sides[taken]
    return entry, side


def arrivals(
    network: StreetNetwork, tree: Tree, destinations: Snapped, steps: Steps | None = None
) -> tuple[Arrivals, Steps]:
    """Find how a tree arrives at the places within its limit.

    Parameters
    ----------
    network, tree, destinations
        What was searched, from where, and the places.
    steps
        Costs of the places' access points, if they are known already.

    Returns
    -------
    arrivals : Arrivals
        The quickest way to each place reached.
    steps : Steps
        Costs of the access points that ``Arrivals.row`` counts.
    """
    if steps is None:
        profile = network.profiles[tree.profile_id]
        steps = step_costs(network, destinations, profile, tree.state)
    reached = Reader(network).read(tree, steps, destinations.owner)
    through = reached.end != SAME_EDGE
    goal = steps.edge[reached.row]
    node = np.where(reached.end == FROM, network.edge_from[goal], network.edge_to[goal])
    node_row = np.full(len(goal), -1, dtype=np.int64)
    node_row[through] = np.searchsorted(tree.node, node[through])
    entry = np.full(len(goal), -1, dtype=np.int64)
    for number in np.flatnonzero(~through):
        entry[number] = _direct_entry(tree, steps, int(reached.row[number]))
    return (
        Arrivals(
            owner=reached.owner,
            row=reached.row,
            end=reached.end,
            node_row=node_row,
            entry=entry,
            time_ms=reached.time_ms,
            distance_mm=reached.distance_mm,
        ),
        steps,
    )


def edge_mm(network: StreetNetwork, edge: Ints) -> Ints:
    """Return whole millimetres along edges, as the search adds them up."""
    whole: Ints = np.rint(network.edge_length_m[edge] * MM_PER_M).astype(np.int64)
    return whole


def _direct_entry(tree: Tree, steps: Steps, row: int) -> int:
    """Return the access point of the origin from which the way stays on one edge."""
    costs = []
    for start in range(len(tree.steps.edge)):
        rows, ms, mm = between(tree.steps, start, steps)
        for found in np.flatnonzero(rows == row):
            gap_ms, gap_mm = tree.steps.gap_ms[start], tree.steps.gap_mm[start]
            costs.append((int(gap_ms + ms[found]), int(gap_mm + mm[found]), start))
    return min(costs)[2]


def _arcs(network: StreetNetwork, profile_id: str, state: State) -> _Arcs:
    key = ("tree arcs", profile_id, state)
    if key not in network._memory:  # noqa: SLF001
        network._memory[key] = _make_arcs(network, profile_id, state)  # noqa: SLF001
    arcs: _Arcs = network._memory[key]  # noqa: SLF001
    return arcs


def _make_arcs(network: StreetNetwork, profile_id: str, state: State) -> _Arcs:
    weight = np.concatenate(network.weights(profile_id, state))
    source = np.concatenate([network.edge_from, network.edge_to]).astype(np.int64)
    target = np.concatenate([network.edge_to, network.edge_from]).astype(np.int64)
    edge = np.tile(np.arange(len(network.edge_from)), 2)
    key = source * len(network.node_xy) + target
    usable = np.flatnonzero((weight >= 0) & (source != target))
    edge, key, weight = edge[usable], key[usable], weight[usable]
    order = np.lexsort((edge, edge_mm(network, edge), weight, key))
    key, first = np.unique(key[order], return_index=True)
    return _Arcs(key, edge[order[first]])
