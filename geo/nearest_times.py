"""How long from many doors to the nearest place of each of several kinds, exactly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from geo._search import in_threads, ready_kernel
from geo._steps import direct, ends_of, step_costs
from geo.network import MS_PER_S, StreetNetwork
from geo.profiles import Profile, State
from geo.snapping import Snapped
from geo.sweeps import sweep

Ints = npt.NDArray[np.int64]
Ints32 = npt.NDArray[np.int32]

_FAR = np.iinfo(np.int64).max // 4


def nearest_table(
    network: StreetNetwork,
    origins: Snapped,
    places: Snapped,
    kinds: Sequence[int] | Ints,
    profile: Profile,
    *,
    count: int,
    limit_s: float,
    state: State = State.CONFIRMED,
) -> Ints32:
    """Return milliseconds from every origin to its nearest place of each kind.

    One search per kind, backwards from all of its places, whatever the number of origins:
    ten thousand homes cost hardly more than ten. The same times, door to door, as the least
    over ``geo.door_times.time_table``: what is added up are the same whole milliseconds.

    Parameters
    ----------
    network
        As ``geo.network.build_network`` makes it, with weights for the profile.
    origins, places
        As ``geo.snapping`` makes them.
    kinds
        Kind of each place, 0 to ``count`` − 1; −1 leaves it out; shape ``(places,)``.
    profile
        Who is on the way.
    count
        How many kinds there are.
    limit_s
        Longest time, seconds; a time equal to it is within it.
    state
        Which ways count.

    Returns
    -------
    numpy.ndarray
        Shape ``(origins, count)``, −1 where none is within the limit.
    """
    kind = np.asarray(kinds, dtype=np.int64)
    if kind.shape != (len(places.ids),):
        raise ValueError(f"kinds of shape {kind.shape} for {len(places.ids)} places")
    if kind.max(initial=-1) >= count:
        raise ValueError(f"kind {kind.max()} of {count}")
    limit_ms = round(limit_s * MS_PER_S)
    of = kind[places.owner]
    start = step_costs(network, origins, profile, state)
    goal = step_costs(network, places, profile, state)
    closed = network.passages[profile.id].closed_nodes(state)
    out = ends_of(network, start, closed, last=False)
    out_ms = out.label[:, 0] >> ready_kernel().MM_BITS

    def work(number: int) -> Ints:
        """Return each origin's least milliseconds to a place of one kind, over the network."""
        mine = places.picked([places.ids[row] for row in np.flatnonzero(kind == number)])
        best = np.full(len(origins.ids), _FAR, dtype=np.int64)
        if len(mine.owner):
            time_ms = sweep(network, mine, profile, limit_s, state).time_ms
            at_node = np.where(time_ms < 0, _FAR, time_ms)
            np.minimum.at(best, origins.owner[out.row], at_node[out.node] + out_ms)
        return best

    found = list(in_threads(work, range(count)))
    table = np.stack(found, axis=1) if found else np.empty((len(origins.ids), 0), dtype=np.int64)
    one, other = _on_one_edge(start.edge, goal.edge)
    wanted = of[other] >= 0
    one, other = one[wanted], other[wanted]
    pairs, ms, _ = direct(start.only(one), goal.only(other))
    one, other = one[pairs], other[pairs]
    whole = ms + start.gap_ms[one] + goal.gap_ms[other]
    np.minimum.at(table, (origins.owner[one], of[other]), whole)
    return np.where(table <= limit_ms, table, -1).astype(np.int32)


def _on_one_edge(starts: Ints, goals: Ints) -> tuple[Ints, Ints]:
    """Pair the access points of two lists that lie on the same edge."""
    by_edge = np.argsort(goals, kind="stable")
    edge = goals[by_edge]
    low = np.searchsorted(edge, starts, "left")
    many = np.searchsorted(edge, starts, "right") - low
    one: Ints = np.repeat(np.arange(len(starts)), many)
    place = np.arange(len(one)) - np.repeat(np.cumsum(many) - many, many)
    return one, by_edge[np.repeat(low, many) + place]
