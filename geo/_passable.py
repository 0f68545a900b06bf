"""The ways of a profile and state, as arrays that drawing needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from geo._trees import Tree
from geo.network import MS_PER_S, StreetNetwork
from geo.profiles import State

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Passable:
    """What a profile gets along, for ``m`` edges and ``n`` nodes.

    Attributes
    ----------
    forward_ms, backward_ms
        Milliseconds along and against each edge, −1 where closed, shape ``(m,)``.
    closed
        Nodes that are come to, but not passed over, shape ``(n,)``.
    m_per_ms
        Pace on each edge, the slower of both directions, whatever the state, shape ``(m,)``.
    node_reach_m
        How far any passable edge may lead away from each node, whatever the state,
        shape ``(n,)``.
    fastest_m_per_ms
        The greatest pace of all.
    access_m_per_ms
        The pace between a door and the way.
    """

    forward_ms: npt.NDArray[np.int32]
    backward_ms: npt.NDArray[np.int32]
    closed: npt.NDArray[np.bool_]
    m_per_ms: npt.NDArray[np.float32]
    node_reach_m: npt.NDArray[np.float32]
    fastest_m_per_ms: float
    access_m_per_ms: float


def ways_that_count(network: StreetNetwork, tree: Tree) -> tuple[Any, Ints]:
    """Return the edges that a spot may lie nearest to, and a key for them.

    They are the ways on foot of the main network, and of the islands an origin stands on:
    pieces of paths that nothing leads to say nothing about who reaches their surroundings.
    """
    parts = network.parts()
    component = parts.component[network.edge_from[tree.steps.edge]]
    home = tuple(np.unique(component[parts.island()[component]]).tolist())
    return home, ways_of_home(network, home)


def ways_of_home(network: StreetNetwork, home: tuple[int, ...] = ()) -> Ints:
    """Return the ways on foot of the main network and of some islands, by their parts."""
    parts = network.parts()
    key = ("counted", home)
    if key not in network._memory:  # noqa: SLF001
        of_edge = parts.component[network.edge_from]
        counts = ~parts.island()[of_edge] | np.isin(of_edge, home)
        network._memory[key] = np.flatnonzero(counts & network.edge_on_foot)  # noqa: SLF001
    edges: Ints = network._memory[key]  # noqa: SLF001
    return edges


def passable(network: StreetNetwork, profile_id: str, state: State) -> Passable:
    """Return the ways of a profile and state, made when first asked for."""
    key = ("passable", profile_id, state)
    if key not in network._memory:  # noqa: SLF001
        network._memory[key] = _make(network, profile_id, state)  # noqa: SLF001
    made: Passable = network._memory[key]  # noqa: SLF001
    return made


def _make(network: StreetNetwork, profile_id: str, state: State) -> Passable:
    forward, backward = network.weights(profile_id, state)
    # What both states share is taken from the laxer one, so that their areas are nested.
    slowest = np.maximum(*network.weights(profile_id, State.POSSIBLE))
    length = network.edge_length_m
    speed = network.profiles[profile_id].speed_m_s / MS_PER_S
    pace = np.divide(length, slowest, out=np.full(len(length), speed), where=slowest > 0)
    quickest = np.full(len(length), np.inf)
    for weight in network.weights(profile_id, State.POSSIBLE):
        quickest = np.where(weight >= 0, np.minimum(quickest, np.maximum(weight, 1)), quickest)
    reach = np.zeros(len(network.node_xy))
    used = np.flatnonzero(slowest >= 0)
    for end in (network.edge_from, network.edge_to):
        np.maximum.at(reach, end[used], length[used])
    return Passable(
        forward_ms=forward.astype(np.int32),
        backward_ms=backward.astype(np.int32),
        closed=network.passages[profile_id].closed_nodes(state),
        m_per_ms=pace.astype(np.float32),
        node_reach_m=reach.astype(np.float32),
        # Below a metre, rounding to milliseconds makes short edges seem quicker than they are.
        fastest_m_per_ms=max(
            speed, float((length[length > 1] / quickest[length > 1]).max(initial=0.0))
        ),
        access_m_per_ms=network.profiles[profile_id].access_speed_m_s / MS_PER_S,
    )
