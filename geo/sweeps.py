"""The nearest of many: how long from every spot of the network to the nearest place of a kind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo._search import Starts, graph_of, grow_all
from geo._steps import ends_of, step_costs
from geo.network import MS_PER_S, StreetNetwork
from geo.profiles import Profile, State
from geo.snapping import Snapped

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class NodeTimes:
    """For each of ``n`` nodes the nearest of several owners.

    Attributes
    ----------
    profile_id
        Who is on the way.
    state
        Which ways count.
    limit_ms
        Longest time searched, milliseconds. What is not within it is not computed; that it
        cannot be reached is not said.
    time_ms
        Milliseconds between the node and the nearest owner, its egress included; −1 where
        none is within the limit, shape ``(n,)``. A node that is closed to the profile has a
        time only if an owner is at that very spot: nobody sets out over it.
    distance_mm
        Length of that way, −1 likewise, shape ``(n,)``.
    owner
        Index of the owner in ``Snapped.ids``, −1 likewise, shape ``(n,)``. Of owners equally
        quick and equally far to reach the first.
    """

    profile_id: str
    state: State
    limit_ms: int
    time_ms: Ints
    distance_mm: Ints
    owner: Ints


def sweep(
    network: StreetNetwork,
    places: Snapped,
    profile: Profile,
    limit_s: float,
    state: State = State.CONFIRMED,
    *,
    reverse: bool = True,
) -> NodeTimes:
    """Find the nearest of several places from every node, in one search.

    Parameters
    ----------
    network
        As ``geo.network.build_network`` makes it, with weights for the profile.
    places
        As ``geo.snapping.snap_places`` makes them, e.g. all of one category.
    profile
        Who is on the way.
    limit_s
        Longest time, seconds; a time equal to it is within it.
    state
        Which ways count.
    reverse
        The way leads from the node to the place; if false, from the place to the node.

    Returns
    -------
    NodeTimes
        The same as the least over the trees of a search from every single place.
    """
    limit_ms = round(limit_s * MS_PER_S)
    steps = step_costs(network, places, profile, state)
    closed = network.passages[profile.id].closed_nodes(state)
    ends = ends_of(network, steps, closed, last=reverse)
    owner = places.owner[ends.row]
    # The owner stands where unknown metres stood: it stays the same along a way, so that of
    # equal ways that of the first owner wins. What else is said of arcs does not matter.
    nothing = np.zeros_like(owner)
    label = np.column_stack([ends.label[:, 0], owner, nothing, nothing - 1])
    starts = Starts(np.array([0, len(owner)]), ends.node, np.ascontiguousarray(label))
    graph = graph_of(network, profile.id, state, reverse=reverse).plain()
    (grown,) = grow_all(graph, starts, limit_ms)
    columns = []
    node = grown.columns[0]
    for column in grown.columns[1:4]:
        values = np.full(len(network.node_xy), -1, dtype=np.int64)
        values[node] = column
        columns.append(values)
    return NodeTimes(profile.id, state, limit_ms, *columns)
