"""Shortest-path trees of many origins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo._search import Starts, graph_of, grow_all, ready_kernel
from geo._steps import Steps, ends_of, step_costs
from geo.network import StreetNetwork
from geo.profiles import Profile, State
from geo.snapping import Snapped

Ints = npt.NDArray[np.int64]
Ints32 = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Tree:
    """Everything one origin reaches within a limit, or all from where it is reached.

    Of several equally quick ways to a node the shortest counts; of these the one with the
    least unknown metres, then the one with the fewest private edges, estimated edges and
    gates with hours. So nothing below but ``parent`` and ``edge`` depends on how nodes and
    edges are numbered.

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
        Nodes reached, ascending, int32, shape ``(r,)``. A node that is closed to the profile
        is come to, never passed over.
    time_ms, distance_mm
        Time to each node, and the length of that same way; access included. int32.
    private, estimated, by_hours
        Whether that way uses private stretches, or estimated ones, or passes a gate that is
        open at certain hours only.
    unknown_mm
        Millimetres of that way that are only possibly passable; 0 in state confirmed. int32.
    parent
        Row in ``node`` of the node before, −1 where the way enters the network. int32.
    edge
        Edge walked along from there; where the way enters the network,
        −1 − (2 · row in ``steps`` + end of its edge: 0 the first, 1 the last). int32.
    steps
        What it costs to get from the origin onto the network; no access point where the
        origin is not connected.
    link_xy
        Straight lines from the origin to its access points, shape ``(k, 2, 2)``.
    reverse
        Whether the ways lead to the origin: times and all else are then those of the way
        from the node to the origin, and ``parent`` is the next node on it.
    """

    origin_id: str
    profile_id: str
    state: State
    limit_ms: int
    node: Ints32
    time_ms: Ints32
    distance_mm: Ints32
    private: Bools
    estimated: Bools
    by_hours: Bools
    unknown_mm: Ints32
    parent: Ints32
    edge: Ints32
    steps: Steps
    link_xy: npt.NDArray[np.float64]
    reverse: bool = False

    @property
    def flags(self) -> npt.NDArray[np.uint8]:
        """What is said of each way, as bits of ``geo._kernel``."""
        kernel = ready_kernel()
        return np.asarray(
            kernel.IS_PRIVATE * self.private.view(np.uint8)
            | kernel.IS_ESTIMATED * self.estimated.view(np.uint8)
            | kernel.IS_BY_HOURS * self.by_hours.view(np.uint8),
            dtype=np.uint8,
        )


def grow_trees(
    network: StreetNetwork,
    origins: Snapped,
    profile: Profile,
    *,
    state: State,
    limit_ms: int,
    reverse: bool,
) -> Iterator[Tree]:
    """Search from all origins, in their order.

    Parameters
    ----------
    network
        The network.
    origins
        Where they meet it.
    profile, state, limit_ms, reverse
        See ``Tree``.
    """
    kernel = ready_kernel()
    steps = step_costs(network, origins, profile, state)
    link_xy = np.stack([origins.start_xy, origins.foot_xy], axis=1)
    point_first = np.searchsorted(origins.owner, np.arange(len(origins.ids) + 1))
    starts = starts_of(network, steps, origins, profile, state=state, reverse=reverse)
    graph = graph_of(network, profile.id, state, reverse=reverse)
    number = 0
    for grown in grow_all(graph, starts, limit_ms):
        node, ms, mm, unknown, parent, edge, flags = grown.columns
        private, estimated, by_hours = (
            (flags & bit) != 0
            for bit in (kernel.IS_PRIVATE, kernel.IS_ESTIMATED, kernel.IS_BY_HOURS)
        )
        for row in range(len(grown.first) - 1):
            of = slice(int(grown.first[row]), int(grown.first[row + 1]))
            points = slice(int(point_first[number]), int(point_first[number + 1]))
            yield Tree(
                origin_id=origins.ids[number],
                profile_id=profile.id,
                state=state,
                limit_ms=limit_ms,
                node=node[of],
                time_ms=ms[of],
                distance_mm=mm[of],
                private=private[of],
                estimated=estimated[of],
                by_hours=by_hours[of],
                unknown_mm=unknown[of],
                parent=parent[of],
                edge=edge[of],
                steps=steps.only(points),
                link_xy=link_xy[points],
                reverse=reverse,
            )
            number += 1


def starts_of(
    network: StreetNetwork,
    steps: Steps,
    origins: Snapped,
    profile: Profile,
    *,
    state: State,
    reverse: bool,
) -> Starts:
    """Return where the searches of all origins begin; ``Tree.edge`` says what was taken.

    Parameters
    ----------
    network
        The network.
    steps, origins
        Access points, and whose they are.
    profile, state, reverse
        See ``Tree``.
    """
    closed = network.passages[profile.id].closed_nodes(state)
    ends = ends_of(network, steps, closed, last=reverse)
    owner = origins.owner[ends.row]
    row = ends.row - np.searchsorted(origins.owner, owner)
    label = np.column_stack([ends.label, -1 - (2 * row + ends.end)])
    first = np.searchsorted(owner, np.arange(len(origins.ids) + 1))
    return Starts(first.astype(np.int64), ends.node, np.ascontiguousarray(label))
