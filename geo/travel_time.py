"""Travel times on foot: exact, bounded, from door to door."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo._reached import Reader
from geo._steps import MM_PER_M, Steps, step_costs
from geo._trees import Tree, grow_tree
from geo.network import MS_PER_S, StreetNetwork
from geo.profiles import Profile, State
from geo.snapping import Snapped

__all__ = ["PairState", "Tree", "pair_states", "search", "travel_time_matrix"]

_COLUMNS = {
    "from_id": "str",
    "to_id": "str",
    "profile": "str",
    "state": "str",
    "travel_time_s": "float64",
    "distance_m": "float64",
    "estimated": "bool",
    "private": "bool",
}


class PairState(StrEnum):
    """Why an origin and a place have a travel time, or none."""

    REACHED = "reached"
    """Within the limit."""
    BEYOND_LIMIT = "beyond_limit"
    """Not computed: connected, but farther than the limit."""
    NOT_REACHABLE = "not_reachable"
    """No way leads there."""
    NOT_CONNECTED = "not_connected"
    """The origin or the place itself is joined to no way."""


def search(
    network: StreetNetwork,
    origins: Snapped,
    profile: Profile,
    limit_s: float,
    state: State = State.CONFIRMED,
) -> tuple[Tree, ...]:
    """Search everything that each origin reaches within a limit.

    Parameters
    ----------
    network
        As ``geo.network.build_network`` makes it, with weights for the profile.
    origins
        As ``geo.snapping.snap_origins`` makes them.
    profile
        Who walks.
    limit_s
        Longest time, seconds; a time equal to it is within it.
    state
        Which ways count: confirmed ones only, or possible ones as well.

    Returns
    -------
    tuple of Tree
        One per origin, in the order of ``origins.ids``; without nodes for those that are
        not connected.
    """
    steps = step_costs(network, origins, profile, state)
    link_xy = np.stack([origins.start_xy, origins.foot_xy], axis=1)
    trees = []
    for number, origin_id in enumerate(origins.ids):
        rows = np.flatnonzero(origins.owner == number)
        trees.append(
            grow_tree(
                network,
                steps.only(rows),
                link_xy[rows],
                origin_id=origin_id,
                profile_id=profile.id,
                state=state,
                limit_ms=round(limit_s * MS_PER_S),
            )
        )
    return tuple(trees)


def travel_time_matrix(
    network: StreetNetwork, trees: Sequence[Tree], destinations: Snapped
) -> pd.DataFrame:
    """Return the travel times from origins to places, as far as the trees reach.

    A place's time is the least over its access points, with access and egress walked at the
    profile's speed. Where origin and place lie on one edge the way between is direct.

    Parameters
    ----------
    network
        The network searched.
    trees
        As ``search`` makes them.
    destinations
        As ``geo.snapping.snap_places`` makes them.

    Returns
    -------
    pandas.DataFrame
        ``from_id``, ``to_id``, ``profile``, ``state`` (``confirmed`` or ``possible``),
        ``travel_time_s`` (to 0.1 s), ``distance_m`` (to 0.1 m: the length of the quickest
        way), ``estimated`` (a straight line stands for an unmapped stretch), ``private`` (the
        way uses private ways of the own grounds); sorted by ``from_id``, ``to_id``,
        ``profile``, ``state``. Pairs that are not reached are absent; ``pair_states`` says why.
    """
    ids = np.array(destinations.ids, dtype=object)
    rank = np.empty(len(ids), dtype=np.int64)
    rank[np.argsort(ids, kind="stable")] = np.arange(len(ids))
    reader = Reader(network)
    costs: dict[tuple[str, State], Steps] = {}
    columns: dict[str, list[Any]] = {name: [np.empty(0)] for name in _COLUMNS}
    for tree in sorted(trees, key=lambda tree: (tree.origin_id, tree.profile_id, tree.state)):
        key = (tree.profile_id, tree.state)
        if key not in costs:
            profile = network.profiles[tree.profile_id]
            costs[key] = step_costs(network, destinations, profile, tree.state)
        reached = reader.read(tree, costs[key], destinations.owner)
        reached = reached.only(np.argsort(rank[reached.owner]))
        count = len(reached.owner)
        columns["from_id"].append(np.full(count, tree.origin_id, dtype=object))
        columns["to_id"].append(ids[reached.owner])
        columns["profile"].append(np.full(count, tree.profile_id, dtype=object))
        columns["state"].append(np.full(count, tree.state.value, dtype=object))
        columns["travel_time_s"].append(np.round(reached.time_ms / MS_PER_S, 1))
        columns["distance_m"].append(np.round(reached.distance_mm / MM_PER_M, 1))
        columns["estimated"].append(reached.estimated)
        columns["private"].append(reached.private)
    frame = pd.DataFrame(
        {
            name: pd.Series(np.concatenate(columns[name]), dtype=dtype)
            for name, dtype in _COLUMNS.items()
        }
    )
    if len(costs) > 1:
        frame = frame.sort_values(["from_id", "to_id", "profile", "state"], ignore_index=True)
    return frame


def pair_states(
    network: StreetNetwork, tree: Tree, destinations: Snapped
) -> npt.NDArray[np.object_]:
    """Say of every place whether it has a travel time from an origin, and why not.

    Connection is judged whatever the direction: at the top of a one-way escalator a place
    counts as beyond the limit even where nobody can walk up.

    Returns
    -------
    numpy.ndarray
        A ``PairState`` per destination, in the order of ``destinations.ids``.
    """
    state = np.full(len(destinations.ids), PairState.NOT_CONNECTED, dtype=object)
    if not len(tree.steps.edge):
        return state
    component = network.parts(tree.profile_id).component[network.edge_from]
    state[destinations.owner] = PairState.NOT_REACHABLE
    home = np.isin(component[destinations.edge], component[tree.steps.edge])
    state[destinations.owner[home]] = PairState.BEYOND_LIMIT
    profile = network.profiles[tree.profile_id]
    costs = step_costs(network, destinations, profile, tree.state)
    reached = Reader(network).read(tree, costs, destinations.owner)
    state[reached.owner] = PairState.REACHED
    return state
