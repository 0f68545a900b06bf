"""Travel times of people on the way: exact, bounded, from door to door, in both directions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from itertools import groupby

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo._connection import joined
from geo._reached import Reached, Reader
from geo._search import ready_kernel
from geo._steps import MM_PER_M, step_costs
from geo._trees import Tree, grow_trees
from geo.network import MS_PER_S, StreetNetwork
from geo.profiles import Profile, State
from geo.snapping import Snapped

__all__ = ["PairState", "Tree", "pair_states", "ready_kernel", "search", "travel_time_matrix"]

Ints = npt.NDArray[np.int64]


class PairState(StrEnum):
    """Why an origin and a place have a travel time, or none."""

    REACHED = "reached"
    """Within the limit."""
    BEYOND_LIMIT = "beyond_limit"
    """Not computed: connected as far as the map tells, but not reached within the limit."""
    NOT_REACHABLE = "not_reachable"
    """No way leads there that may be passable."""
    NOT_CONNECTED = "not_connected"
    """The origin or the place itself is joined to no way."""


def search(
    network: StreetNetwork,
    origins: Snapped,
    profile: Profile,
    limit_s: float,
    state: State = State.CONFIRMED,
    *,
    reverse: bool = False,
) -> tuple[Tree, ...]:
    """Search everything that each origin reaches within a limit, or all that reaches it.

    Parameters
    ----------
    network
        As ``geo.network.build_network`` makes it, with weights for the profile.
    origins
        As ``geo.snapping.snap_origins`` makes them; reversed, places are as good.
    profile
        Who is on the way.
    limit_s
        Longest time, seconds; a time equal to it is within it.
    state
        Which ways count: confirmed ones only, or possible ones as well.
    reverse
        Search the ways that lead to each origin.

    Returns
    -------
    tuple of Tree
        One per origin, in the order of ``origins.ids``; without nodes for those that are
        not connected.
    """
    return tuple(
        grow_trees(
            network,
            origins,
            profile,
            state=state,
            limit_ms=round(limit_s * MS_PER_S),
            reverse=reverse,
        )
    )


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
        As ``search`` makes them; of reversed ones the ways from the places to the origins
        are read, so that ``from_id`` is the place.
    destinations
        As ``geo.snapping.snap_places`` makes them.

    Returns
    -------
    pandas.DataFrame
        ``from_id``, ``to_id``, ``profile``, ``state`` (``confirmed`` or ``possible``),
        ``travel_time_s`` (to 0.1 s), ``distance_m`` (to 0.1 m: the length of the quickest
        way), ``estimated`` (a straight line stands for an unmapped stretch), ``private`` (the
        way uses private ways of the own grounds), ``by_hours`` (it leads through a gate that
        is open at certain hours only), ``unknown_m`` (to 0.1 m: metres of the way that are
        only possibly passable); sorted by ``from_id``, ``to_id``, ``profile``, ``state``.
        Pairs that are not reached are absent; ``pair_states`` says why.

    Notes
    -----
    Of several equally quick ways the shortest counts, then that with the least unknown
    metres, then that with the fewest private and estimated stretches and gates with hours.
    """
    names = _Names([*(tree.origin_id for tree in trees), *destinations.ids])
    origin_code, place_code = names.code[: len(trees)], names.code[len(trees) :]
    # Owners are counted in the order of their names, so that little is left to sort.
    by_name = np.argsort(place_code, kind="stable")
    rank = np.empty_like(by_name)
    rank[by_name] = np.arange(len(by_name))
    reader = Reader(network)
    found = [Reached.none()]
    ordered = sorted(range(len(trees)), key=lambda row: (_kind(trees[row]), origin_code[row]))
    for (profile_id, state, reverse, _), some in groupby(ordered, lambda row: _kind(trees[row])):
        rows = np.array(list(some))
        steps = step_costs(network, destinations, network.profiles[profile_id], state)
        owner = rank[destinations.owner]
        doors = reader.doors(steps, owner, profile_id, state, reverse=reverse)
        found += [
            replace(reached, tree=rows[reached.tree])
            for reached in reader.read_all([trees[row] for row in rows], doors)
        ]
    pairs = Reached.joined(found)
    del found
    profiles = _Names([tree.profile_id for tree in trees])
    states = _Names([tree.state.value for tree in trees])
    backward = np.array([tree.reverse for tree in trees], dtype=bool)[pairs.tree]
    origin, place = origin_code[pairs.tree], place_code[by_name][pairs.owner]
    begin, goal = np.where(backward, place, origin), np.where(backward, origin, place)
    profile, of_state = profiles.code[pairs.tree], states.code[pairs.tree]
    key = begin * len(names) + goal
    key = (key * len(profiles) + profile) * len(states) + of_state
    rows = np.argsort(key, kind="stable")
    return pd.DataFrame(
        {
            "from_id": names.text(begin[rows]),
            "to_id": names.text(goal[rows]),
            "profile": profiles.text(profile[rows]),
            "state": states.text(of_state[rows]),
            "travel_time_s": np.round(pairs.time_ms[rows] / MS_PER_S, 1),
            "distance_m": np.round(pairs.distance_mm[rows] / MM_PER_M, 1),
            "estimated": pairs.estimated[rows],
            "private": pairs.private[rows],
            "by_hours": pairs.by_hours[rows],
            "unknown_m": np.round(pairs.unknown_mm[rows] / MM_PER_M, 1),
        }
    )


def pair_states(
    network: StreetNetwork, tree: Tree, destinations: Snapped
) -> npt.NDArray[np.object_]:
    """Say of every place whether it has a travel time from an origin, and why not.

    Connection is judged on all ways that may be passable for the profile, whatever the
    state searched and the direction. So "not reachable" is never said because something is
    missing on the map: a place to which only unconfirmed ways lead is beyond the limit of
    what was searched in state confirmed, and a search in state possible tells more. At the
    top of a one-way escalator a place counts as beyond the limit even where nobody can walk
    up.

    Returns
    -------
    numpy.ndarray
        A ``PairState`` per destination, in the order of ``destinations.ids``.
    """
    state = np.full(len(destinations.ids), PairState.NOT_CONNECTED, dtype=object)
    if not len(tree.steps.edge):
        return state
    profile = network.profiles[tree.profile_id]
    costs = step_costs(network, destinations, profile, tree.state)
    state[destinations.owner] = PairState.NOT_REACHABLE
    home = joined(network, tree.profile_id, tree.steps, costs)
    state[destinations.owner[home]] = PairState.BEYOND_LIMIT
    reached = Reader(network).read(tree, costs, destinations.owner)
    state[reached.owner] = PairState.REACHED
    return state


def _kind(tree: Tree) -> tuple[str, State, bool, int]:
    """Trees of one kind are read together."""
    return tree.profile_id, tree.state, tree.reverse, tree.limit_ms


class _Names:
    """Texts, and the place of each in the alphabet."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._known = sorted(set(texts))
        place = {text: number for number, text in enumerate(self._known)}
        self.code = np.array([place[text] for text in texts], dtype=np.int64)

    def __len__(self) -> int:
        return len(self._known)

    def text(self, code: Ints) -> pd.Series[str]:
        """Return the texts of codes as a column."""
        return pd.Series(self._known, dtype="str").take(code).reset_index(drop=True)
