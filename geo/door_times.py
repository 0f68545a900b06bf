"""Times between many origins and many doors as plain numbers, for counting and comparing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from geo._reached import Doors, Reached, Reader
from geo._search import ready_kernel
from geo._steps import step_costs
from geo.network import StreetNetwork
from geo.profiles import Profile, State
from geo.snapping import Snapped
from geo.travel_time import Tree, search

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

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
    private, estimated, by_hours
        Whether that way uses private or estimated stretches, or passes a gate that is open at
        certain hours only, shape ``(r,)``.
    unknown_mm
        Millimetres of it that are only possibly passable, shape ``(r,)``.
    """

    origin: Ints
    door: Ints
    time_ms: Ints
    distance_mm: Ints
    private: Bools
    estimated: Bools
    by_hours: Bools
    unknown_mm: Ints


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
        return _door_times(Reached.none())
    first = trees[0]
    profile = network.profiles[first.profile_id]
    prepared = prepare_doors(network, doors, profile, first.state, reverse=first.reverse)
    return read_prepared(network, trees, prepared)


def prepare_doors(
    network: StreetNetwork,
    doors: Snapped,
    profile: Profile,
    state: State = State.CONFIRMED,
    *,
    reverse: bool = False,
) -> Doors:
    """Make doors ready to be read off trees again and again.

    Parameters
    ----------
    network
        The network searched.
    doors
        As ``geo.snapping.snap_places`` makes them.
    profile, state, reverse
        Kind of the trees that will be read.
    """
    ready_kernel()
    steps = step_costs(network, doors, profile, state)
    return Reader(network).doors(steps, doors.owner, profile.id, state, reverse=reverse)


def read_prepared(network: StreetNetwork, trees: Sequence[Tree], doors: Doors) -> DoorTimes:
    """Read the times to owners of doors that are ready; see ``read_doors``.

    Parameters
    ----------
    network
        The network searched.
    trees
        Of the profile, state and direction that the doors were made ready for.
    doors
        As ``prepare_doors`` makes them.
    """
    return _door_times(Reached.joined([Reached.none(), *Reader(network).read_all(trees, doors)]))


def _door_times(found: Reached) -> DoorTimes:
    return DoorTimes(
        origin=found.tree,
        door=found.owner,
        time_ms=found.time_ms,
        distance_mm=found.distance_mm,
        private=found.private,
        estimated=found.estimated,
        by_hours=found.by_hours,
        unknown_mm=found.unknown_mm,
    )


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
        yield replace(found, origin=found.origin + begin)


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


def open_gates(
    network: StreetNetwork, gates: Snapped, profile: Profile, state: State = State.CONFIRMED
) -> Snapped:
    """Leave out the gates that nobody passes, or that are not sure to be passed.

    ``geo.snapping.snap_origins`` lets a site start at every gate that may be passable; whoever
    counts confirmed ways only comes to a gate of which that is not known, but not through it.

    Parameters
    ----------
    network
        As ``geo.network.build_network`` makes it.
    gates
        Sites as ``geo.snapping.snap_origins`` joins them.
    profile, state
        Who is on the way, and which ways count.
    """
    closed = network.passages[profile.id].closed_nodes(state)
    at_end = gates.offset_m > 0
    node = np.where(at_end, network.edge_to[gates.edge], network.edge_from[gates.edge])
    rows = ~closed[node]
    columns = ("owner", "edge", "offset_m", "gap_m", "estimated", "start_xy", "foot_xy")
    kept = {name: getattr(gates, name)[rows] for name in columns}
    return replace(gates, **kept, findings=())
