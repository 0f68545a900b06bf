"""Everything that what-if is answered from, kept in memory: trees and times of all origins.

A lane is a profile with a state of the ways. Arrays stand lane by lane, origin by origin,
place by place, so that a place more is a column more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from geo.door_times import DoorTimes, read_doors
from geo.network import StreetNetwork
from geo.profiles import Profile, State
from geo.snapping import Snapped
from geo.travel_time import Tree, search

Ints32 = npt.NDArray[np.int32]
Marks = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]

PRIVATE, ESTIMATED, BY_HOURS = 1, 2, 4
"""Bits of ``Times.marks``."""

Lane = tuple[Profile, State]
Trees = tuple[Tree, ...]


@dataclass(frozen=True, eq=False)
class Times:
    """The quickest ways of ``l`` lanes from ``o`` origins to ``p`` places, shape ``(l, o, p)``.

    Attributes
    ----------
    time_ms
        Milliseconds, −1 beyond the limit.
    distance_mm, unknown_mm
        Length of that way, and how much of it is only possibly passable; 0 where there is no
        way.
    marks
        Whether it uses private or estimated stretches or passes a gate with hours: bits
        ``PRIVATE``, ``ESTIMATED``, ``BY_HOURS``.
    """

    time_ms: Ints32
    distance_mm: Ints32
    unknown_mm: Ints32
    marks: Marks

    def kept(self, places: Bools) -> Times:
        """Return the ways to some of the places, ``places`` of shape ``(p,)``."""
        return Times(*(getattr(self, part.name)[..., places] for part in fields(Times)))

    def joined(self, more: Times) -> Times:
        """Return the ways to these places and then to others."""
        return Times(
            *(
                np.concatenate([getattr(self, part.name), getattr(more, part.name)], axis=-1)
                for part in fields(Times)
            )
        )

    @staticmethod
    def none(lanes: int, origins: int, places: int) -> Times:
        """Return no ways at all."""
        shape = (lanes, origins, places)
        return Times(
            np.full(shape, -1, dtype=np.int32),
            np.zeros(shape, dtype=np.int32),
            np.zeros(shape, dtype=np.int32),
            np.zeros(shape, dtype=np.uint8),
        )


def doors_of(profile: Profile) -> str:
    """Return what profiles that meet the network at the same spots have in common."""
    return "" if profile.limits is None else profile.id


def all_lanes(profiles: Mapping[str, Profile]) -> tuple[Lane, ...]:
    """Return every profile with each of its states, sorted as the access table is."""
    return tuple(
        (profiles[key], state) for key in sorted(profiles) for state in profiles[key].states
    )


def grow(
    network: StreetNetwork,
    origins: Mapping[str, Snapped],
    lanes: Sequence[Lane],
    limit_s: float,
    *,
    reverse: bool = False,
) -> tuple[Trees, ...]:
    """Search from all origins on every lane.

    Parameters
    ----------
    network
        The network.
    origins
        Where they meet it, by ``doors_of`` the profile.
    lanes
        Who is on the way, on which ways.
    limit_s
        Longest time, seconds.
    reverse
        Search the ways that lead to the origins.
    """
    return tuple(
        search(network, origins[doors_of(profile)], profile, limit_s, state, reverse=reverse)
        for profile, state in lanes
    )


def read_times(
    network: StreetNetwork, trees: Sequence[Trees], places: Mapping[str, Snapped]
) -> Times:
    """Read the ways to places off the trees of all lanes.

    Parameters
    ----------
    network
        The network searched.
    trees
        As ``grow`` makes them.
    places
        Where they meet the network, by ``doors_of`` the profile.
    """
    count = len(next(iter(places.values())).ids)
    times = Times.none(len(trees), len(trees[0]) if trees else 0, count)
    for lane, some in enumerate(trees):
        if some and count:
            profile = network.profiles[some[0].profile_id]
            fill(times, lane, read_doors(network, some, places[doors_of(profile)]))
    return times


def fill(times: Times, lane: int, found: DoorTimes) -> None:
    """Write what was read of one lane into its rows."""
    at = (lane, found.origin, found.door)
    times.time_ms[at] = found.time_ms
    times.distance_mm[at] = found.distance_mm
    times.unknown_mm[at] = found.unknown_mm
    times.marks[at] = (
        PRIVATE * found.private + ESTIMATED * found.estimated + BY_HOURS * found.by_hours
    )
