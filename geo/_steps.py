"""What it costs to get from an access point onto the network, and off it again."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from geo._search import MM_PER_M, ready_kernel, whole_mm
from geo.network import MS_PER_S, StreetNetwork
from geo.profiles import Profile, State
from geo.snapping import Snapped
from geo.step_free import POSSIBLE

__all__ = [
    "FROM", "MM_PER_M", "TO", "Ends", "Steps", "between", "direct", "ends_of", "step_costs",
]  # fmt: skip

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

FROM, TO = 0, 1
"""The two ends of an edge, as rows of the arrays below."""


@dataclass(frozen=True, eq=False)
class Steps:
    """Costs of ``k`` access points; rows ``FROM`` and ``TO`` are the ends of their edges.

    Attributes
    ----------
    edge
        Edge met, shape ``(k,)``.
    in_ms
        Milliseconds from each end of the edge to the point, −1 where that direction is not
        passable, shape ``(2, k)``.
    out_ms
        Milliseconds from the point to each end, −1 likewise, shape ``(2, k)``.
    end_mm
        Millimetres between the point and each end, shape ``(2, k)``.
    at_end
        Whether the point lies at each end of the edge itself, shape ``(2, k)``.
    onward
        Whether the edge is passable coming from each end, shape ``(2, k)``.
    gap_ms, gap_mm
        The straight line between owner and edge, shape ``(k,)``.
    private
        Whether the edge is private, shape ``(k,)``.
    estimated
        Whether the edge or the straight line is estimated, shape ``(k,)``.
    unknown
        Whether the edge is only possibly passable, shape ``(k,)``.
    barred
        Whether the point does not count: on confirmed ways on wheels nobody takes a straight
        line that stands for a way which is not mapped, shape ``(k,)``.
    """

    edge: Ints
    in_ms: Ints
    out_ms: Ints
    end_mm: Ints
    at_end: Bools
    onward: Bools
    gap_ms: Ints
    gap_mm: Ints
    private: Bools
    estimated: Bools
    unknown: Bools
    barred: Bools

    def only(self, rows: Ints | slice) -> Steps:
        """Return some access points; of a slice, views."""
        return Steps(**{part.name: getattr(self, part.name)[..., rows] for part in fields(Steps)})


def step_costs(
    network: StreetNetwork, snapped: Snapped, profile: Profile, state: State = State.CONFIRMED
) -> Steps:
    """Compute the costs of access points for a profile.

    The two parts of an edge add up to its weight exactly.

    Parameters
    ----------
    network
        With weights for the profile.
    snapped
        Access points.
    profile
        Who is on the way; the straight line is walked at its speed of access.
    state
        Which ways count.
    """
    edge = snapped.edge
    whole = np.stack([weight[edge] for weight in network.weights(profile.id, state)])
    barred = snapped.estimated & (profile.limits is not None and state is State.CONFIRMED)
    whole[:, barred] = -1
    length = network.edge_length_m[edge]
    share = np.divide(snapped.offset_m, length, out=np.zeros_like(length), where=length > 0).clip(
        0, 1
    )
    part = np.rint(whole * share).astype(np.int64)
    onward = whole >= 0
    at_from, at_to = (share <= 0) & ~barred, (share >= 1) & ~barred
    return Steps(
        edge=edge,
        in_ms=_either(onward, [part[FROM], whole[TO] - part[TO]], [at_from, at_to]),
        out_ms=_either(onward[::-1], [part[TO], whole[FROM] - part[FROM]], [at_from, at_to]),
        end_mm=np.stack([whole_mm(length * share), whole_mm(length) - whole_mm(length * share)]),
        at_end=np.stack([at_from, at_to]),
        onward=onward,
        gap_ms=np.rint(snapped.gap_m / profile.access_speed_m_s * MS_PER_S).astype(np.int64),
        gap_mm=whole_mm(snapped.gap_m),
        private=network.edge_private[edge],
        estimated=snapped.estimated | network.edge_estimated[edge],
        unknown=network.passages[profile.id].edge_state[edge] == POSSIBLE,
        barred=barred,
    )


@dataclass(frozen=True, eq=False)
class Ends:
    """The ends of edges by which access points are left or come to, in their order.

    Attributes
    ----------
    row, end
        Access point, and ``FROM`` or ``TO``, shape ``(k,)``.
    node
        Node at that end, shape ``(k,)``.
    label
        Key, unknown and marks as ``geo._kernel`` has them of the way between owner and node,
        shape ``(k, 3)``.
    """

    row: Ints
    end: Ints
    node: npt.NDArray[np.int32]
    label: Ints


def ends_of(network: StreetNetwork, steps: Steps, closed: Bools, *, last: bool) -> Ends:
    """List the ends by which access points are left, or by which they are come to.

    Whoever comes to a point along its edge has passed over the node at the end: it must not
    be closed, and if it has hours, the way depends on them. That is said here, once, for the
    last node of a way; of all others the arcs say it.

    Parameters
    ----------
    network
        The network.
    steps
        Access points.
    closed
        Nodes that cannot be passed over, shape ``(n,)``.
    last
        Whether ways arrive there; else they set out.
    """
    kernel = ready_kernel()
    count = len(steps.edge)
    row: Ints = np.repeat(np.arange(count), 2)
    end: Ints = np.tile(np.array([FROM, TO]), count)
    ms = (steps.in_ms if last else steps.out_ms).T.reshape(-1)
    mm = steps.end_mm.T.reshape(-1)
    node = np.stack([network.edge_from[steps.edge], network.edge_to[steps.edge]], axis=1)
    node = node.reshape(-1)
    usable = ms >= 0
    if last:
        usable &= ~closed[node] | steps.at_end.T.reshape(-1)
    row, end, node = row[usable], end[usable], node[usable]
    ms, mm = ms[usable], mm[usable]
    marks = (
        kernel.PRIVATE * (steps.private[row] & (mm > 0)).astype(np.int64)
        + kernel.ESTIMATED * steps.estimated[row]
    )
    if last:
        over = (mm > 0) | (steps.gap_mm[row] > 0)
        marks += kernel.BY_HOURS * (network.node_by_hours[node] & over)
    label = [
        ((ms + steps.gap_ms[row]) << kernel.MM_BITS) | (mm + steps.gap_mm[row]),
        np.where(steps.unknown[row], mm, 0),
        marks,
    ]
    return Ends(row, end, node.astype(np.int32), np.stack(label, axis=1))


def direct(start: Steps, goal: Steps) -> tuple[Ints, Ints, Ints]:
    """Walk from access points directly to others, pair by pair, each on one edge.

    Returns
    -------
    pairs, ms, mm
        Pairs of which that is possible, and what it costs from edge to edge.
    """
    ahead = goal.end_mm[FROM] >= start.end_mm[FROM]
    behind = goal.end_mm[FROM] <= start.end_mm[FROM]
    ms = np.where(ahead, goal.in_ms[FROM] - start.in_ms[FROM], goal.in_ms[TO] - start.in_ms[TO])
    ms = np.where(ahead & behind, 0, ms)
    possible = (ahead & behind) | np.where(ahead, start.onward[FROM], start.onward[TO])
    possible &= ~(start.barred | goal.barred)
    pairs = np.flatnonzero(possible)
    return pairs, ms[pairs], np.abs(goal.end_mm[FROM] - start.end_mm[FROM])[pairs]


def between(start: Steps, row: int, end: Steps) -> tuple[Ints, Ints, Ints]:
    """Walk from one access point directly to those on the same edge.

    Returns
    -------
    rows, ms, mm
        Access points of ``end`` that can be walked to, and what it costs.
    """
    rows = np.flatnonzero(end.edge == start.edge[row])
    pairs, ms, mm = direct(start.only(np.full(len(rows), row)), end.only(rows))
    return rows[pairs], ms, mm


def _either(onward: Bools, cost: list[Ints], at_end: list[Bools]) -> Ints:
    """Return the cost per end, nothing at the very end, −1 where the direction is closed."""
    either: npt.NDArray[Any] = np.where(np.stack(at_end), 0, np.where(onward, np.stack(cost), -1))
    return either
