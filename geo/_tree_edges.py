"""Which edges a tree walks along: from node to node, from the door, and to a place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo._reached import SAME_EDGE, Reader
from geo._steps import FROM, Steps, between, step_costs
from geo._trees import Tree
from geo.network import StreetNetwork
from geo.snapping import Snapped

Ints = npt.NDArray[np.int64]


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


def tree_edges(tree: Tree) -> Ints:
    """Return the edge by which each node of a tree was come to, −1 where it was entered."""
    return np.maximum(tree.edge, -1).astype(np.int64)


def tree_entries(tree: Tree) -> tuple[Ints, Ints]:
    """Return how the tree entered the network, −1 for nodes that were come to by an edge.

    Returns
    -------
    entry, side
        For each node of the tree the access point taken, and towards which end of its edge
        (``FROM`` or ``TO``), shape ``(r,)`` each.
    """
    code = -1 - tree.edge.astype(np.int64)
    entered = code >= 0
    return np.where(entered, code >> 1, -1), np.where(entered, code & 1, -1)


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


def _direct_entry(tree: Tree, steps: Steps, row: int) -> int:
    """Return the access point of the origin from which the way stays on one edge."""
    costs = []
    for start in range(len(tree.steps.edge)):
        rows, ms, mm = between(tree.steps, start, steps)
        for found in np.flatnonzero(rows == row):
            gap_ms, gap_mm = tree.steps.gap_ms[start], tree.steps.gap_mm[start]
            costs.append((int(gap_ms + ms[found]), int(gap_mm + mm[found]), start))
    return min(costs)[2]
