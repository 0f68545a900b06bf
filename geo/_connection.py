"""What hangs together for somebody, as far as the map tells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo._steps import FROM, TO, Steps, between
from geo.network import StreetNetwork
from geo.profiles import State

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def joined(network: StreetNetwork, profile_id: str, start: Steps, goal: Steps) -> Bools:
    """Whether access points hang together with an origin by ways that may be passable.

    Directions and distance do not matter, nor does what is not known; only what is known to
    be impassable, ways and nodes, parts.

    Parameters
    ----------
    network
        The network.
    profile_id
        Who is on the way.
    start, goal
        Access points of the origin, and those asked about.

    Returns
    -------
    numpy.ndarray
        For each access point of ``goal``, shape ``(k,)``.
    """
    parts = _parts(network, profile_id)
    edges = len(network.edge_from)
    ends = network.edge_from, network.edge_to
    home = np.zeros(int(parts.number.max(initial=0)) + 1, dtype=bool)
    home[parts.number[start.edge[parts.usable[start.edge]]]] = True
    met = np.zeros(len(network.node_xy), dtype=bool)
    for end in (FROM, TO):
        # From the very end of an edge all others there are open, be the edge itself or not.
        met[ends[end][start.edge[start.at_end[end]]]] = True
    home[parts.number[edges + np.flatnonzero(met & ~parts.closed)]] = True
    walked = np.flatnonzero(home[parts.number[:edges]] & parts.usable)
    for end in (FROM, TO):
        met[ends[end][walked]] = True
    found = home[parts.number[goal.edge]] & parts.usable[goal.edge]
    for end in (FROM, TO):
        # A node that lets nobody pass is come to all the same.
        rows = np.flatnonzero(goal.at_end[end])
        found[rows] |= met[ends[end][goal.edge[rows]]]
    for row in range(len(start.edge)):
        found[between(start, row, goal)[0]] = True
    return found


@dataclass(frozen=True, eq=False)
class _Parts:
    """Edges and nodes (counted on from the edges) by the part they belong to.

    ``usable`` are edges that may be passable, ``closed`` nodes that are known not to be.
    """

    number: Ints
    usable: Bools
    closed: Bools


def _parts(network: StreetNetwork, profile_id: str) -> _Parts:
    memory = network._memory  # noqa: SLF001
    key = ("edge parts", profile_id)
    if key not in memory:
        memory[key] = _find_parts(network, profile_id)
    parts: _Parts = memory[key]
    return parts


def _find_parts(network: StreetNetwork, profile_id: str) -> _Parts:
    passage = network.passages[profile_id]
    forward, backward = passage.weights(State.POSSIBLE)
    closed = passage.closed_nodes(State.POSSIBLE)
    edges, nodes = len(forward), len(closed)
    usable = (forward >= 0) | (backward >= 0)
    edge = np.tile(np.flatnonzero(usable), 2)
    node = np.concatenate([network.edge_from[usable], network.edge_to[usable]])
    open_ = ~closed[node]
    links = coo_array(
        (np.ones(np.count_nonzero(open_)), (edge[open_], edges + node[open_])),
        shape=(edges + nodes, edges + nodes),
    )
    _, part = connected_components(links, directed=False)
    return _Parts(part.astype(np.int64), usable, closed)
