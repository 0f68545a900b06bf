"""What hangs together for somebody, as far as the map tells."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo._steps import FROM, TO, Steps
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
    part = _parts(network, profile_id)
    home = np.zeros(int(part.max(initial=0)) + 1, dtype=bool)
    home[part[start.edge]] = True
    found = home[part[goal.edge]]
    # What lies at the very end of an edge is come to from all other edges there, even over
    # an edge that is itself impassable, and even if the node lets nobody pass.
    met = np.zeros(len(network.node_xy), dtype=bool)
    met[_ends(network, np.flatnonzero(home[part]))] = True
    for steps, ends in ((start, False), (goal, True)):
        for end, node in ((FROM, network.edge_from), (TO, network.edge_to)):
            rows = np.flatnonzero(steps.end_mm[end] == 0)
            if ends:
                found[rows] |= met[node[steps.edge[rows]]]
            else:
                met[node[steps.edge[rows]]] = True
    return found


def _parts(network: StreetNetwork, profile_id: str) -> Ints:
    """Return which part of the network each edge belongs to; impassable ones are alone."""
    memory = network._memory  # noqa: SLF001
    key = ("edge parts", profile_id)
    if key not in memory:
        memory[key] = _find_parts(network, profile_id)
    parts: Ints = memory[key]
    return parts


def _find_parts(network: StreetNetwork, profile_id: str) -> Ints:
    passage = network.passages[profile_id]
    forward, backward = passage.weights(State.POSSIBLE)
    closed = passage.closed_nodes(State.POSSIBLE)
    edges, nodes = len(forward), len(closed)
    usable = np.flatnonzero((forward >= 0) | (backward >= 0))
    edge = np.tile(usable, 2)
    node = np.concatenate([network.edge_from[usable], network.edge_to[usable]])
    open_ = ~closed[node]
    links = coo_array(
        (np.ones(np.count_nonzero(open_)), (edge[open_], edges + node[open_])),
        shape=(edges + nodes, edges + nodes),
    )
    _, part = connected_components(links, directed=False)
    return part[:edges].astype(np.int64)


def _ends(network: StreetNetwork, edge: Ints) -> npt.NDArray[np.int32]:
    return np.concatenate([network.edge_from[edge], network.edge_to[edge]])
