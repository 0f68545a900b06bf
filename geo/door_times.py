"""Times between many origins and many doors as plain numbers, for counting and comparing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo._reached import Reached, Reader
from geo._search import ready_kernel
from geo._steps import step_costs
from geo.network import MS_PER_S, StreetNetwork
from geo.profiles import Profile, State
from geo.snapping import Snapped
from geo.travel_time import Tree, search

Ints = npt.NDArray[np.int64]

_AT_ONCE = 256
"""Origins whose search trees are held at the same time."""


@dataclass(frozen=True, eq=False)
class DoorTimes:
    """The quickest ways between origins and doors, pair by pair; ``r`` pairs.

    Attributes
    ----------
    origin
        Index of the origin, ascending, shape ``(r,)``.
    door
        Index of the door's owner, ascending for each origin, shape ``(r,)``.
    time_ms, distance_mm
        Milliseconds and millimetres of that way, from door to door, shape ``(r,)``.
    """

    origin: Ints
    door: Ints
    time_ms: Ints
    distance_mm: Ints


def read_doors(network: StreetNetwork, trees: Sequence[Tree], doors: Snapped) -> DoorTimes:
    """Read the times to the owners of doors off trees of one profile, state and direction.

    The same times as ``geo.travel_time.travel_time_matrix``, before they are rounded.

    Parameters
    ----------
    network
        The network searched.
    trees
        As ``geo.travel_time.search`` makes them; of reversed ones the ways from the doors to
        the origins are read.
    doors
        As ``geo.snapping.snap_places`` makes them.
    """
    if not trees:
        none = np.empty(0, dtype=np.int64)
        return DoorTimes(none, none, none, none)
    ready_kernel()
    first = trees[0]
    profile = network.profiles[first.profile_id]
    steps = step_costs(network, doors, profile, first.state)
    reader = Reader(network)
    prepared = reader.doors(
        steps, doors.owner, first.profile_id, first.state, reverse=first.reverse
    )
    found = Reached.joined([Reached.none(), *reader.read_all(trees, prepared)])
    return DoorTimes(found.tree, found.owner, found.time_ms, found.distance_mm)


def door_times(
    network: StreetNetwork,
    origins: Snapped,
    doors: Snapped,
    profile: Profile,
    limit_s: float,
    *,
    state: State = State.CONFIRMED,
    reverse: bool = False,
) -> Iterator[DoorTimes]:
    """Search and read, some origins at a time: thousands of trees would fill gigabytes.

    Parameters
    ----------
    network
        As ``geo.network.build_network`` makes it.
    origins, doors
        As ``geo.snapping`` makes them.
    profile, limit_s, state, reverse
        As for ``geo.travel_time.search``.

    Yields
    ------
    DoorTimes
        Of the next origins; ``origin`` counts through all of them.
    """
    for begin in range(0, len(origins.ids), _AT_ONCE):
        some = origins.some(begin, begin + _AT_ONCE)
        trees = search(network, some, profile, limit_s, state, reverse=reverse)
        found = read_doors(network, trees, doors)
        yield DoorTimes(found.origin + begin, found.door, found.time_ms, found.distance_mm)


def time_table(
    network: StreetNetwork,
    origins: Snapped,
    doors: Snapped,
    profile: Profile,
    limit_s: float,
    *,
    state: State = State.CONFIRMED,
) -> npt.NDArray[np.int32]:
    """Return milliseconds from every origin to every door, −1 beyond the limit.

    Parameters
    ----------
    network, origins, doors, profile, limit_s, state
        As for ``door_times``.

    Returns
    -------
    numpy.ndarray
        Shape ``(origins, doors)``, in the order of their ids.
    """
    table = np.full((len(origins.ids), len(doors.ids)), -1, dtype=np.int32)
    for found in door_times(network, origins, doors, profile, limit_s, state=state):
        table[found.origin, found.door] = found.time_ms
    return table


def whole_ms(seconds: float) -> int:
    """Return seconds as whole milliseconds."""
    return round(seconds * MS_PER_S)
