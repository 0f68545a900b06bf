"""How sure it is that edges and nodes of the network are passable on wheels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from geo._inclines import Inclines
from geo._joints import Strands
from geo._memo import Memo
from geo._way_kinds import WayKinds
from geo.extract import Tags
from geo.profiles import Limits
from geo.step_free import CONFIRMED, FACTS, NO, POSSIBLE, Verdict, assess_node, assess_way

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
States = npt.NDArray[np.int8]

_PARTED = 2
"""Edges of a crossing that is cut."""

_JUDGED_KEYS = frozenset(
    {"automatic_door", "door", "entrance", "kerb", "kerb:both", "kerb:height", "kerb:left",
     "kerb:right"}
)  # fmt: skip
_RAIL_CROSSINGS = frozenset({"crossing", "level_crossing", "tram_crossing", "tram_level_crossing"})

_BIT = {fact: 1 << number for number, fact in enumerate(FACTS)}


@dataclass(frozen=True, eq=False)
class Ground:
    """What edges and nodes are like.

    Attributes
    ----------
    strands, kinds
        The edges, and the kinds of their ways.
    tagged
        Nodes of the network that have tags, ascending, shape ``(t,)``.
    tagged_kind
        Index in ``node_tags`` of each of them, shape ``(t,)``.
    node_tags
        Tags of each kind of node.
    node_step_free
        What the study says of its gates: ``yes``, ``no`` or ``unknown``, by node.
    inclines
        From a terrain model; None without one.
    memo
        What is known from other builds.
    """

    strands: Strands
    kinds: WayKinds
    tagged: Ints
    tagged_kind: Ints
    node_tags: list[Tags]
    node_step_free: Mapping[int, str]
    inclines: Inclines | None
    memo: Memo


@dataclass(frozen=True, eq=False)
class EdgeVerdicts:
    """``geo.step_free.Verdict`` of every edge, inclines applied; arrays of shape ``(m,)``."""

    state: States
    missing: Ints
    factor: Floats


def judge_edges(ground: Ground, limits: Limits) -> EdgeVerdicts:
    """Judge every edge by the tags of its way, the tagged nodes at its ends, and its incline.

    A model of the terrain is believed more than tags, and tags more than what the model says
    around an edge that is too short to be measured. Edges that no way is drawn for are
    never confirmed.
    """
    of_edge, verdicts = _assess(ground, limits)
    state = np.array([one.state for one in verdicts], dtype=np.int8)[of_edge]
    missing = np.array([one.missing for one in verdicts], dtype=np.int64)[of_edge]
    factor = np.array([one.factor for one in verdicts], dtype=np.float64)[of_edge]
    said = [one.incline_percent for one in verdicts]
    incline = np.array([np.nan if one is None else one for one in said], dtype=float)[of_edge]
    if ground.inclines is not None:
        measured, around = ground.inclines.measured, ground.inclines.around
        incline = np.where(np.isnan(measured), incline, measured)
        incline = np.where(np.isnan(incline), around, incline)
        missing[~np.isnan(incline)] &= ~_BIT["incline"]

    guessed = ground.strands.estimated
    state[guessed], factor[guessed] = POSSIBLE, 1.0
    missing[guessed] = sum(_BIT[fact] for fact in limits.needs)

    asks = np.array([one.asks_incline for one in verdicts], dtype=bool)[of_edge]
    unknown = np.isnan(incline) & asks
    state[unknown & (state == CONFIRMED)] = POSSIBLE
    missing[unknown & (state != NO)] |= _BIT["incline"]
    # The return trip counts: what is too steep one way is too steep for going there.
    state[incline > limits.max_incline_percent] = NO
    factor[incline > limits.easy_incline_percent] *= limits.incline_factor
    return EdgeVerdicts(state, missing, factor)


def is_judged(tags: Tags) -> bool:
    """Whether passing over a node may be judged, so that edges have to end there.

    Barriers are not asked for: edges always end at them.
    """
    if tags.get("highway") == "elevator" or not _JUDGED_KEYS.isdisjoint(tags):
        return True
    return "wheelchair" in tags and tags.get("railway") in _RAIL_CROSSINGS


def judge_nodes(ground: Ground, limits: Limits) -> tuple[States, Ints]:
    """Judge passing over every node of the network; what is missing comes second.

    What the study says of a gate decides over the map, except that not knowing does not
    open what the map closes.
    """
    count = len(ground.strands.node_xy)
    state = np.full(count, CONFIRMED, dtype=np.int8)
    missing = np.zeros(count, dtype=np.int64)
    verdicts = [assess_node(tags, limits) for tags in ground.node_tags]
    if verdicts:
        states = np.array([one.state for one in verdicts], dtype=np.int8)
        state[ground.tagged] = states[ground.tagged_kind]
        facts = np.array([one.missing for one in verdicts], dtype=np.int64)
        missing[ground.tagged] = facts[ground.tagged_kind]
    for node, step_free in ground.node_step_free.items():
        if step_free == "no":
            state[node], missing[node] = NO, 0
        elif step_free == "yes":
            state[node], missing[node] = CONFIRMED, 0
        elif state[node] == CONFIRMED:
            state[node], missing[node] = POSSIBLE, _BIT["barrier"]
    return state, missing


def _assess(ground: Ground, limits: Limits) -> tuple[Ints, list[Verdict]]:
    """Judge kinds of ways with the kinds of nodes on them: which verdict each edge has."""
    strands, kinds = ground.strands, ground.kinds
    at_node = np.zeros(len(strands.node_xy), dtype=np.int64)  # 0: nothing is tagged there
    at_node[ground.tagged] = ground.tagged_kind + 1
    begin, end = at_node[strands.begin], at_node[strands.end]
    base = len(ground.node_tags) + 1
    keys, of_edge = np.unique(
        (strands.kind * base + np.minimum(begin, end)) * base + np.maximum(begin, end),
        return_inverse=True,
    )
    verdicts = []
    asked = ground.memo.table("verdict")
    kind_id, node_id = ([id(one) for one in tags] for tags in (kinds.tags, ground.node_tags))
    node_id.insert(0, 0)
    for key in keys.tolist():
        pair, high = divmod(key, base)
        kind, low = divmod(pair, base)
        about = (id(limits), kind_id[kind], node_id[low], node_id[high])
        if about not in asked:
            nodes = [ground.node_tags[one - 1] for one in (low, high) if one]
            things = (limits, kinds.tags[kind], nodes)
            asked[about] = ground.memo.keep(things, assess_way(kinds.tags[kind], nodes, limits))
        verdicts.append(asked[about])

    # A crossing that is cut at its kerbs is one thing all the same, up to the road it crosses.
    crossing = np.flatnonzero(kinds.crossing[strands.kind])
    crossing = crossing[np.argsort(strands.way[crossing], kind="stable")]
    ends = np.stack([strands.begin[crossing], strands.end[crossing]])
    on_road = [False, *(tags.get("highway") == "crossing" for tags in ground.node_tags)]
    new_way = np.diff(strands.way[crossing], prepend=np.nan) != 0
    first = np.flatnonzero(new_way | np.array(on_road)[at_node[ends[0]]])
    known: dict[tuple[int, tuple[int, ...]], int] = {}
    for edges, there in zip(
        np.split(crossing, first[1:]), np.split(ends, first[1:], axis=1), strict=True
    ):
        # Each node once, but alike nodes as often as there are: two kerbs are two.
        kinds_there = np.sort(at_node[np.unique(there)])
        tagged = tuple(kinds_there[kinds_there > 0].tolist())
        if len(edges) < _PARTED or not tagged:
            continue
        key = (int(strands.kind[edges[0]]), tagged)
        if key not in known:
            known[key] = len(verdicts)
            nodes = [ground.node_tags[one - 1] for one in tagged]
            things = (limits, kinds.tags[key[0]], *nodes)
            answer = partial(assess_way, kinds.tags[key[0]], nodes, limits)
            verdicts.append(ground.memo.of("verdict of parts", things, answer))
        of_edge[edges] = known[key]
    return of_edge, verdicts
