"""What one profile makes of the network: milliseconds along every edge, and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from geo._inclines import Inclines
from geo._joints import Strands
from geo._memo import Memo
from geo._way_kinds import WayKinds, same_tags
from geo._wheels import Ground, judge_edges, judge_nodes
from geo.extract import Tags
from geo.profiles import Limits, Mode, Profile, State
from geo.step_free import CONFIRMED, NO, POSSIBLE

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

MS_PER_S = 1000
"""All searching is done in whole milliseconds, so that ``<=`` is exact."""


@dataclass(frozen=True, eq=False)
class Passage:
    """How one profile gets along ``m`` edges and over ``n`` nodes.

    Attributes
    ----------
    forward_ms, backward_ms
        Milliseconds along and against each edge on confirmed and possible ways, −1 where it
        is not passable, int64, shape ``(m,)``.
    edge_state
        ``NO``, ``POSSIBLE`` or ``CONFIRMED`` of ``geo.step_free``, int8, shape ``(m,)``.
    edge_missing
        What is not known of each edge, as bits of ``geo.step_free.FACTS``, shape ``(m,)``.
    node_state, node_missing
        The same for passing over each node, shape ``(n,)``; ways may end at any node.
    """

    forward_ms: Ints
    backward_ms: Ints
    edge_state: npt.NDArray[np.int8]
    edge_missing: Ints
    node_state: npt.NDArray[np.int8]
    node_missing: Ints

    def weights(self, state: State) -> tuple[Ints, Ints]:
        """Return milliseconds forward and backward on the ways of a state, −1 elsewhere."""
        if state is State.POSSIBLE:
            return self.forward_ms, self.backward_ms
        sure = self.edge_state == CONFIRMED
        return np.where(sure, self.forward_ms, -1), np.where(sure, self.backward_ms, -1)

    def closed_nodes(self, state: State) -> Bools:
        """Return the nodes that cannot be passed over on the ways of a state."""
        worst = POSSIBLE if state is State.POSSIBLE else CONFIRMED
        return np.asarray(self.node_state < worst)


@dataclass(frozen=True, eq=False)
class Scales:
    """What edges are weighed with, whoever is on the way.

    Attributes
    ----------
    length_m
        Metres along each edge, shape ``(m,)``.
    walked
        Whether it is walked along and against, whatever it is like, shape ``(2, m)``.
    ground
        What edges and nodes are like.
    """

    length_m: Floats
    walked: Bools
    ground: Ground


def prepare(
    strands: Strands,
    kinds: WayKinds,
    *,
    node_tags: Mapping[int, Tags],
    node_step_free: Mapping[int, str],
    inclines: Inclines | None,
    memo: Memo | None = None,
) -> Scales:
    """Collect what all profiles are weighed with.

    Parameters
    ----------
    strands
        Edges and nodes of the network.
    kinds
        Kinds of the ways they are made of.
    node_tags
        Tags of OSM nodes by id.
    node_step_free
        By number of a node of the network, whether the gate there is step-free: ``yes``,
        ``no`` or ``unknown``.
    inclines
        Of each edge from a terrain model; None without one.
    memo
        What is known from other builds.
    """
    memo = memo or Memo()
    tagged = np.flatnonzero(np.isin(strands.node_osm, list(node_tags)))
    tagged_kind, tags_of_kind = same_tags(
        (node_tags[osm] for osm in strands.node_osm[tagged].tolist()),
        _says_nothing_at_a_node,
        memo=memo,
    )
    usable = open_on_foot(strands, kinds)
    direction = kinds.direction[strands.kind]
    return Scales(
        length_m=shapely.length(strands.geometry),
        walked=np.stack([usable & (direction >= 0), usable & (direction <= 0)]),
        ground=Ground(
            strands=strands,
            kinds=kinds,
            tagged=tagged,
            tagged_kind=tagged_kind,
            node_tags=tags_of_kind,
            node_step_free=node_step_free,
            inclines=inclines,
            memo=memo,
        ),
    )


def open_on_foot(strands: Strands, kinds: WayKinds) -> Bools:
    """Whether each edge may be walked on by anybody, in any direction."""
    return np.asarray(kinds.on_foot[strands.kind] | strands.estimated)


def weigh(scales: Scales, profile: Profile) -> Passage:
    """Weigh all edges and nodes for a profile.

    The length is divided by the speed, whole milliseconds per edge. Steps have a speed of
    their own along their drawn length; a bicycle is ridden where that is allowed and pushed
    where only walking is; on wheels the state of the way decides, and poor ways take longer.
    """
    if profile.limits is not None:
        return _on_wheels(scales, profile, profile.limits)
    kind = scales.ground.strands.kind
    steps = scales.ground.kinds.steps[kind]
    speed = np.full(len(kind), profile.access_speed_m_s)
    if profile.steps_speed_m_s is not None:
        speed[steps] = profile.steps_speed_m_s
    open_ = scales.walked & ~(steps & (profile.steps_speed_m_s is None))
    if profile.mode is not Mode.BICYCLE:
        return _all_sure(scales, _ms(scales.length_m, speed), open_)
    rides = scales.ground.kinds.rides[kind].T
    # Where no way is drawn, to a gate, a bicycle is pushed.
    pushes = scales.ground.kinds.pushes[kind].T | scales.ground.strands.estimated
    speed = np.where(rides, profile.speed_m_s, speed)
    return _all_sure(scales, _ms(scales.length_m, speed), rides | (pushes & open_))


def _on_wheels(scales: Scales, profile: Profile, limits: Limits) -> Passage:
    edges = judge_edges(scales.ground, limits)
    node_state, node_missing = judge_nodes(scales.ground, limits)
    passable = edges.state != NO
    ms = _ms(scales.length_m, profile.speed_m_s / edges.factor)
    forward, backward = np.where(scales.walked & passable, ms, -1)
    state = np.where(scales.walked.any(axis=0), edges.state, NO).astype(np.int8)
    missing = np.where(state != NO, edges.missing, 0)
    return Passage(forward, backward, state, missing, node_state, node_missing)


def _all_sure(scales: Scales, ms: Ints, open_: Bools) -> Passage:
    """Return a passage in which all that is passable is confirmed."""
    count = len(scales.ground.strands.node_xy)
    forward, backward = np.where(open_, ms, -1)
    return Passage(
        forward, backward,
        np.where(open_.any(axis=0), CONFIRMED, NO).astype(np.int8),
        np.zeros(len(forward), dtype=np.int64),
        np.full(count, CONFIRMED, dtype=np.int8), np.zeros(count, dtype=np.int64),
    )  # fmt: skip


def _ms(length_m: Floats, speed_m_s: Floats) -> Ints:
    return np.rint(length_m / speed_m_s * MS_PER_S).astype(np.int64)


def _says_nothing_at_a_node(key: str) -> bool:
    return key.startswith(("addr:", "name", "note", "source", "ref", "website"))
