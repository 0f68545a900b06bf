"""What one profile makes of the network: milliseconds along every edge, and how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo._joints import Strands
from geo.bicycle_access import Ride, ride
from geo.extract import Tags
from geo.foot_access import Access, foot_access, foot_direction
from geo.profiles import Limits, Mode, Profile, State
from geo.step_free import CONFIRMED, FACTS, NO, POSSIBLE, Verdict, assess_node, assess_way

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

MS_PER_S = 1000
"""All searching is done in whole milliseconds, so that ``<=`` is exact."""

_INCLINE = 1 << FACTS.index("incline")


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


def weigh(
    strands: Strands,
    profile: Profile,
    *,
    node_tags: Mapping[int, Tags],
    node_step_free: Mapping[int, str],
    incline_percent: Floats | None,
) -> Passage:
    """Weigh all edges for a profile.

    Parameters
    ----------
    strands
        Edges and nodes of the network.
    profile
        Who is on the way.
    node_tags
        Tags of OSM nodes by id.
    node_step_free
        By number of a node of the network, whether the gate there is step-free: ``yes``,
        ``no`` or ``unknown``.
    incline_percent
        Incline of each edge from a terrain model, NaN where not known; None without one.
    """
    if profile.mode is Mode.BICYCLE:
        return _bicycle(strands, profile)
    if profile.limits is not None:
        return _wheels(
            strands, profile, profile.limits, node_tags, node_step_free, incline_percent
        )
    steps = profile.steps_speed_m_s
    is_steps = by_tags(strands.tags, lambda tags: tags.get("highway") == "steps")
    speed = np.where(is_steps, profile.speed_m_s if steps is None else steps, profile.speed_m_s)
    forward, backward = _on_foot(strands)
    if steps is None:
        forward, backward = forward & ~is_steps, backward & ~is_steps
    ms = np.rint(shapely.length(strands.geometry) / speed * MS_PER_S).astype(np.int64)
    return _passage(strands, np.where(forward, ms, -1), np.where(backward, ms, -1))


def by_tags(tags: Sequence[Tags], rule: Callable[[Tags], Any]) -> npt.NDArray[Any]:
    """Apply a rule to the tags of every edge, once for edges that share them."""
    known: dict[int, Any] = {}
    values = []
    for one in tags:
        key = id(one)
        if key not in known:
            known[key] = rule(one)
        values.append(known[key])
    return np.array(values) if values else np.empty(0, dtype=bool)


def open_on_foot(strands: Strands) -> Bools:
    """Whether each edge may be walked on by anybody, in any direction."""
    allowed = by_tags(strands.tags, lambda tags: foot_access(tags) is not Access.NO)
    return np.asarray(allowed | strands.estimated, dtype=bool)


def _on_foot(strands: Strands) -> tuple[Bools, Bools]:
    """Whether each edge may be walked along, and against."""
    direction = by_tags(strands.tags, foot_direction)
    usable = open_on_foot(strands)
    return usable & (direction >= 0), usable & (direction <= 0)


def _bicycle(strands: Strands, profile: Profile) -> Passage:
    length = shapely.length(strands.geometry)
    push_m_s = profile.access_speed_m_s
    steps = profile.steps_speed_m_s
    is_steps = by_tags(strands.tags, lambda tags: tags.get("highway") == "steps").astype(bool)
    pushing = np.where(is_steps, push_m_s if steps is None else steps, push_m_s)
    ways = by_tags(strands.tags, lambda tags: [one.value for one in ride(tags)])
    ways = ways.reshape(-1, 2)
    made = []
    for side, walked in enumerate(_on_foot(strands)):
        rides = (ways[:, side] == Ride.RIDE.value) & ~strands.estimated
        pushes = walked & ~rides & ~(is_steps & (steps is None))
        ms = np.rint(length / np.where(rides, profile.speed_m_s, pushing) * MS_PER_S)
        made.append(np.where(rides | pushes, ms, -1).astype(np.int64))
    return _passage(strands, *made)


def _wheels(
    strands: Strands,
    profile: Profile,
    limits: Limits,
    node_tags: Mapping[int, Tags],
    node_step_free: Mapping[int, str],
    incline_percent: Floats | None,
) -> Passage:
    verdicts = _assess_ways(strands, limits, node_tags)
    state = np.array([one.state for one in verdicts], dtype=np.int8)
    missing = np.array([one.missing for one in verdicts], dtype=np.int64)
    factor = np.array([one.factor for one in verdicts], dtype=np.float64)
    # A straight link to a gate stands for a way that nobody has mapped.
    state[strands.estimated] = POSSIBLE

    incline = np.array([np.nan if one.incline_percent is None else one.incline_percent
                        for one in verdicts], dtype=np.float64)  # fmt: skip
    if incline_percent is not None:
        incline = np.where(np.isnan(incline_percent), incline, incline_percent)
    unknown = np.isnan(incline)
    if "incline" in limits.needs:
        state[unknown & (state == CONFIRMED)] = POSSIBLE
        missing[unknown & (state != NO)] |= _INCLINE
    # The return trip counts: what is too steep one way is too steep for going there.
    state[~unknown & (incline > limits.max_incline_percent)] = NO
    factor[~unknown & (incline > limits.easy_incline_percent)] *= limits.incline_factor

    length = shapely.length(strands.geometry)
    ms = np.rint(length / profile.speed_m_s * factor * MS_PER_S).astype(np.int64)
    forward, backward = _on_foot(strands)
    open_ = state != NO
    node_state, node_missing = _assess_nodes(strands, limits, node_tags, node_step_free)
    return Passage(
        np.where(forward & open_, ms, -1), np.where(backward & open_, ms, -1),
        np.where(forward | backward, state, NO).astype(np.int8), np.where(open_, missing, 0),
        node_state, node_missing,
    )  # fmt: skip


def _assess_ways(strands: Strands, limits: Limits, node_tags: Mapping[int, Tags]) -> list[Verdict]:
    """Judge each edge by its way's tags and the tagged nodes at its ends."""
    at: dict[int, list[Tags]] = {}
    for node, osm in enumerate(strands.node_osm.tolist()):
        if osm and osm in node_tags:
            at[node] = [node_tags[osm]]
    known: dict[tuple[int, int, int], Verdict] = {}
    verdicts = []
    for begin, end, tags in zip(
        strands.begin.tolist(), strands.end.tolist(), strands.tags, strict=True
    ):
        key = (id(tags), begin if begin in at else -1, end if end in at else -1)
        if key not in known:
            ends = [*at.get(begin, []), *at.get(end, [])]
            known[key] = assess_way(tags, ends, limits)
        verdicts.append(known[key])
    return verdicts


def _assess_nodes(
    strands: Strands,
    limits: Limits,
    node_tags: Mapping[int, Tags],
    node_step_free: Mapping[int, str],
) -> tuple[npt.NDArray[np.int8], Ints]:
    count = len(strands.node_xy)
    state = np.full(count, CONFIRMED, dtype=np.int8)
    missing = np.zeros(count, dtype=np.int64)
    for node, osm in enumerate(strands.node_osm.tolist()):
        if osm and osm in node_tags:
            verdict = assess_node(node_tags[osm], limits)
            state[node], missing[node] = verdict.state, verdict.missing
    barrier = 1 << FACTS.index("barrier")
    for node, step_free in node_step_free.items():
        # What the study says of a gate decides over the map.
        if step_free == "no":
            state[node], missing[node] = NO, 0
        elif step_free == "yes":
            state[node], missing[node] = CONFIRMED, 0
        elif state[node] == CONFIRMED:
            state[node], missing[node] = POSSIBLE, barrier
    return state, missing


def _passage(strands: Strands, forward: Ints, backward: Ints) -> Passage:
    """Return a passage in which all that is passable is confirmed."""
    count = len(strands.node_xy)
    usable = (forward >= 0) | (backward >= 0)
    return Passage(
        forward, backward,
        np.where(usable, CONFIRMED, NO).astype(np.int8), np.zeros(len(forward), dtype=np.int64),
        np.full(count, CONFIRMED, dtype=np.int8), np.zeros(count, dtype=np.int64),
    )  # fmt: skip
