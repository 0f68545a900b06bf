"""Adding up who reaches what: people within a time, and the time until enough have come.

What ``geo.door_times`` says pair by pair is summed here while the trees are at hand, and no
pair is kept. Weights are whole numbers: the sums are exact, whatever the order, the direction
of the search and the number of threads.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from geo._passable import passable
from geo._reached import Reader, direct_ways
from geo._search import Starts, each_flock, graph_of, ready_kernel
from geo._steps import step_costs
from geo._trees import starts_of
from geo.network import StreetNetwork
from geo.profiles import Profile, State
from geo.snapping import Snapped

Ints = npt.NDArray[np.int64]
Ints32 = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]

_SLACK, _SLACK_M = 1.01, 10.0
"""Times of short edges are rounded: nobody gets on more than so much faster than the pace."""

_AT_ONCE = 512
"""So many spots of which it is known for how long to search are searched for as long."""

_FIRST_PART = 8
"""Enough people are looked for within this part of the limit first, then within the double."""


@dataclass(frozen=True, eq=False)
class Crowd:
    """People who set out, all of one profile and state.

    Attributes
    ----------
    network
        As ``geo.network.build_network`` makes it.
    starts
        Where they meet it, as ``geo.snapping`` makes it.
    weight
        How many they are at each start, whole numbers, not negative; their sum must stay
        below 2⁶³. Shape ``(starts,)``.
    profile, state
        Who is on the way, and which ways count.
    """

    network: StreetNetwork
    starts: Snapped
    weight: Ints
    profile: Profile
    state: State = State.CONFIRMED

    def near(self, goals: Snapped, limit_ms: int) -> Crowd:
        """Leave out those who live too far away, in a straight line, to reach any goal.

        Parameters
        ----------
        goals
            Where they go; the box around all of them counts.
        limit_ms
            Longest time.
        """
        kept = np.zeros(len(self.starts.ids), dtype=bool)
        if len(goals.owner):
            ways = passable(self.network, self.profile.id, State.POSSIBLE)
            pace = max(ways.fastest_m_per_ms, ways.access_m_per_ms)
            reach_m = limit_ms * pace * _SLACK + _SLACK_M
            low, high = goals.foot_xy.min(axis=0) - reach_m, goals.foot_xy.max(axis=0) + reach_m
            spot = self.starts.foot_xy
            inside = ((spot >= low) & (spot <= high)).all(axis=1)
            kept[self.starts.owner[inside]] = True
        ids = [name for name, keep in zip(self.starts.ids, kept, strict=True) if keep]
        return replace(self, starts=self.starts.picked(ids), weight=self.weight[kept])


def weights_within(
    crowd: Crowd, goals: Snapped, limits_ms: Ints, *, from_starts: bool | None = None
) -> Ints:
    """Add up for each goal how many of a crowd reach it in time.

    Parameters
    ----------
    crowd
        Who sets out.
    goals
        Where they go, as ``geo.snapping`` makes it.
    limits_ms
        Milliseconds, ascending; a time equal to a limit is within it. At least one.
    from_starts
        Search from the starts, or back from the goals; by default from the fewer, starts too
        far away left out. The sums are the same.

    Returns
    -------
    numpy.ndarray
        Shape ``(goals, limits)``.
    """
    limits_ms = np.ascontiguousarray(limits_ms, dtype=np.int64)
    longest = int(limits_ms[-1])
    crowd = crowd.near(goals, longest)
    out = np.zeros((len(goals.ids), len(limits_ms)), dtype=np.int64)
    if not len(crowd.starts.owner) or not len(goals.owner):
        return out
    if from_starts is None:
        from_starts = len(crowd.starts.ids) < len(goals.ids)
    weight = np.ascontiguousarray(crowd.weight, dtype=np.int64)
    ready_kernel()
    # Loading it takes a moment.
    from geo._kernel_count import count_owners, count_trees  # noqa: PLC0415

    def come(begin: int, trees: Any, room: _Room) -> None:
        rows = out[begin : begin + len(trees[0]) - 1]
        count_owners(*trees, weight, limits_ms, room.best, room.met, rows)

    if not from_starts:
        _Search(crowd, crowd.starts, reverse=True).run(goals, longest, come)
        return out
    sums: dict[int, Ints] = {}

    def go(begin: int, trees: Any, room: _Room) -> None:
        mine = sums.setdefault(id(room), np.zeros_like(out))
        of_trees = weight[begin : begin + len(trees[0]) - 1]
        count_trees(*trees, of_trees, limits_ms, room.best, room.met, mine)

    _Search(crowd, goals, reverse=False).run(crowd.starts, longest, go)
    for mine in sums.values():
        out += mine
    return out


def times_until(
    crowd: Crowd,
    spots: Ints | Snapped,
    wanted: Bools,
    needs: Ints,
    limit_ms: int,
    *,
    latest: Ints | None = None,
) -> Ints:
    """Find how long it takes until so many of a crowd have come to spots of the network.

    Parameters
    ----------
    crowd
        Who sets out.
    spots
        Nodes of the network, or access points, one of each owner; ``n`` of them.
    wanted
        Which spots are asked for by which need, shape ``(n, needs)``.
    needs
        Weights that are enough, above 0.
    limit_ms
        Longest time, included.
    latest
        Where it is known that enough have come by then, in milliseconds, else −1, shape
        ``(n, needs)``: nothing is searched for longer than it takes. Only time depends on it.

    Returns
    -------
    numpy.ndarray
        Milliseconds; −1 where enough do not come within the limit, or nobody asked. Shape
        ``(n, needs)``.

    Raises
    ------
    ValueError
        If an owner has no access point or several.
    """
    if isinstance(spots, Snapped) and not np.array_equal(spots.owner, np.arange(len(spots.ids))):
        raise ValueError("a spot is one access point")
    out = np.full(wanted.shape, -1, dtype=np.int64)
    if not len(crowd.starts.owner) or not wanted.any():
        return out
    search = _Search(crowd, crowd.starts, reverse=True)
    if latest is None:
        # Where many live, enough come soon: what a short search settles needs no long one.
        part = _FIRST_PART
        while part:
            rows = np.flatnonzero((wanted & (out < 0)).any(axis=1))
            _settle(search, spots, rows, wanted, out, needs=needs, limit_ms=limit_ms // part)
            part //= 2
        return out
    known = np.where((latest < 0) | (latest > limit_ms), limit_ms, latest)
    until = np.where(wanted, known, -1).max(axis=1)
    order = np.argsort(until, kind="stable")
    order = order[until[order] >= 0]
    for begin in range(0, len(order), _AT_ONCE):
        rows = order[begin : begin + _AT_ONCE]
        _settle(search, spots, rows, wanted, out, needs=needs, limit_ms=int(until[rows[-1]]))
    return out


def _take(spots: Ints | Snapped, rows: Ints) -> Ints | Snapped:
    if not isinstance(spots, Snapped):
        return spots[rows]
    columns = ("edge", "offset_m", "gap_m", "estimated", "start_xy", "foot_xy")
    kept = {name: getattr(spots, name)[rows] for name in columns}
    ids = tuple(spots.ids[row] for row in rows.tolist())
    return replace(spots, ids=ids, owner=np.arange(len(rows)), **kept)


def _settle(
    search: _Search,
    spots: Ints | Snapped,
    rows: Ints,
    wanted: Bools,
    out: Ints,
    *,
    needs: Ints,
    limit_ms: int,
) -> None:
    """Find what is asked for of some spots and not known, as far as the limit."""
    ready_kernel()
    from geo._kernel_count import find_enough  # noqa: PLC0415

    weight = np.ascontiguousarray(search.crowd.weight, dtype=np.int64)
    needs = np.ascontiguousarray(needs, dtype=np.int64)
    asked, found = wanted[rows] & (out[rows] < 0), out[rows]

    def enough(begin: int, trees: Any, room: _Room) -> None:
        some = slice(begin, begin + len(trees[0]) - 1)
        find_enough(*trees, weight, needs, asked[some], limit_ms, room.best, room.met, found[some])

    search.run(_take(spots, rows), limit_ms, enough)
    out[rows] = found


@dataclass(frozen=True, eq=False)
class _Room:
    """What a thread counts in: nothing is met yet."""

    best: Ints32
    met: Ints32


class _Search:
    """Searches of a crowd's profile and state, doors at hand."""

    def __init__(self, crowd: Crowd, doors: Snapped, *, reverse: bool) -> None:
        self.crowd, self._reverse = crowd, reverse
        network, profile, state = crowd.network, crowd.profile, crowd.state
        self._graph = graph_of(network, profile.id, state, reverse=reverse)
        steps = step_costs(network, doors, profile, state)
        prepared = Reader(network).doors(steps, doors.owner, profile.id, state, reverse=reverse)
        self._prepared, self._owners = prepared, len(doors.ids)
        many = np.zeros(len(network.node_xy) + 1, dtype=np.int64)
        many[prepared.node.astype(np.int64) + 1] = np.diff(prepared.first)
        self._door_first = np.cumsum(many)
        self._doors = _owner_and_ms(prepared.ends)

    def run(
        self, origins: Snapped | Ints, limit_ms: int, count: Callable[[int, Any, _Room], None]
    ) -> None:
        """Search from access points or nodes.

        ``count`` gets the number of the first origin, its trees and the doors as
        ``geo._kernel_count`` wants them, and room of its thread.
        """
        starts, direct_first, ways = self._begin(origins)
        rooms: list[_Room] = []

        def then(begin: int, first: Ints, rows: Ints32) -> None:
            # Taking from and adding to a list is atomic.
            room = rooms.pop() if rooms else self._room()
            direct = direct_first[begin : begin + len(first)]
            count(begin, (first, rows, self._door_first, self._doors, direct, ways), room)
            rooms.append(room)

        for _ in each_flock(self._graph, starts, limit_ms, then):
            pass

    def _begin(self, origins: Snapped | Ints) -> tuple[Starts, Ints, Ints32]:
        """Return where searches begin, and the ways that stay on the edge of the origin."""
        if not isinstance(origins, Snapped):
            count = len(origins)
            label = np.zeros((count, 4), dtype=np.int64)
            label[:, 3] = -1
            starts = Starts(np.arange(count + 1), origins.astype(np.int32), label)
            # Who lives on an edge at a node comes over the end of that edge.
            return starts, np.zeros(count + 1, np.int64), np.empty((0, 2), np.int32)
        crowd, reverse = self.crowd, self._reverse
        own = step_costs(crowd.network, origins, crowd.profile, crowd.state)
        starts = starts_of(
            crowd.network, own, origins, crowd.profile, state=crowd.state, reverse=reverse
        )
        first, ways = direct_ways(
            own, origins.owner, len(origins.ids), self._prepared, reverse=reverse
        )
        return starts, first, _owner_and_ms(ways)

    def _room(self) -> _Room:
        return _Room(np.full(self._owners, -1, np.int32), np.empty(self._owners, np.int32))


def _owner_and_ms(ways: Ints) -> Ints32:
    """Leave of ways (owner, code, key, …) what counts here."""
    table = np.column_stack([ways[:, 0], ways[:, 2] >> ready_kernel().MM_BITS])
    return np.ascontiguousarray(table, dtype=np.int32)
