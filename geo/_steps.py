"""What it costs to get from an access point onto the network, and off it again."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.network import MS_PER_S, StreetNetwork
from geo.profiles import Profile, State
from geo.snapping import Snapped

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

MM_PER_M = 1000
"""Lengths are added up in whole millimetres, so that their order does not matter."""

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
    onward
        Whether the edge is passable coming from each end, shape ``(2, k)``.
    gap_ms, gap_mm
        The straight line between owner and edge, shape ``(k,)``.
    private
        Whether the edge is private, shape ``(k,)``.
    estimated
        Whether the edge or the straight line is estimated, shape ``(k,)``.
    """

    edge: Ints
    in_ms: Ints
    out_ms: Ints
    end_mm: Ints
    onward: Bools
    gap_ms: Ints
    gap_mm: Ints
    private: Bools
    estimated: Bools

    def only(self, rows: Ints) -> Steps:
        """Return some access points."""
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
    length = network.edge_length_m[edge]
    share = np.divide(snapped.offset_m, length, out=np.zeros_like(length), where=length > 0).clip(
        0, 1
    )
    part = np.rint(whole * share).astype(np.int64)
    onward = whole >= 0
    at_from, at_to = share <= 0, share >= 1
    return Steps(
        edge=edge,
        in_ms=_either(onward, [part[FROM], whole[TO] - part[TO]], [at_from, at_to]),
        out_ms=_either(onward[::-1], [part[TO], whole[FROM] - part[FROM]], [at_from, at_to]),
        end_mm=np.stack([_mm(length * share), _mm(length) - _mm(length * share)]),
        onward=onward,
        gap_ms=np.rint(snapped.gap_m / profile.access_speed_m_s * MS_PER_S).astype(np.int64),
        gap_mm=_mm(snapped.gap_m),
        private=network.edge_private[edge],
        estimated=snapped.estimated | network.edge_estimated[edge],
    )


def between(start: Steps, row: int, end: Steps) -> tuple[Ints, Ints, Ints]:
    """Walk from one access point directly to those on the same edge.

    Returns
    -------
    rows, ms, mm
        Access points of ``end`` that can be walked to, and what it costs.
    """
    rows = np.flatnonzero(end.edge == start.edge[row])
    ahead = end.end_mm[FROM, rows] >= start.end_mm[FROM, row]
    behind = end.end_mm[FROM, rows] <= start.end_mm[FROM, row]
    walked = np.abs(end.end_mm[FROM, rows] - start.end_mm[FROM, row])
    ms = np.where(
        ahead,
        end.in_ms[FROM, rows] - start.in_ms[FROM, row],
        end.in_ms[TO, rows] - start.in_ms[TO, row],
    )
    ms = np.where(ahead & behind, 0, ms)
    possible = (ahead & behind) | np.where(ahead, start.onward[FROM, row], start.onward[TO, row])
    return rows[possible], ms[possible], walked[possible]


def _either(onward: Bools, cost: list[Ints], at_end: list[Bools]) -> Ints:
    """Return the cost per end, nothing at the very end, −1 where the direction is closed."""
    return np.where(np.stack(at_end), 0, np.where(onward, np.stack(cost), -1))


def _mm(metres: npt.NDArray[Any]) -> Ints:
    whole: Ints = np.rint(metres * MM_PER_M).astype(np.int64)
    return whole
