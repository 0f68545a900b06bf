"""The people of a study on the network: residents and neighbours, and what both reach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.counting import Crowd, weights_within
from geo.door_times import time_table
from geo.network import MS_PER_S
from geo.profiles import Profile, State
from geo.snapping import Snapped, snap_places
from layers.layer_info import INVENTED, OSM, Source
from layers.neighbours import Neighbours, find_neighbours
from layers.residents import find_residents
from layers.study_network import StudyNetwork

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Ints32 = npt.NDArray[np.int32]

PARTS = 1_000_000
"""People are added up in whole millionths: exact, whatever the order. A cell's people are shared
out over its addresses, so that nobody is a whole person."""


@dataclass(frozen=True, eq=False)
class People:
    """Residents and neighbours of a study, joined to its network when first asked for.

    Attributes
    ----------
    ready
        The study.
    """

    ready: StudyNetwork
    _joined: dict[str, Snapped] = field(default_factory=dict, repr=False)

    @cached_property
    def residents(self) -> pd.DataFrame:
        """As ``layers.residents.find_residents`` makes them."""
        return find_residents(self.ready)

    @cached_property
    def neighbours(self) -> Neighbours:
        """As ``layers.neighbours.find_neighbours`` makes them."""
        return find_neighbours(self.ready)

    @cached_property
    def source(self) -> Source:
        """Whose data everything about people rests on: the map's and the neighbours'."""
        base = INVENTED if self.ready.study.settings.fictional else OSM
        own = self.neighbours.source
        found = [base] if own in {OSM, INVENTED} else [base, own]
        return Source(
            "; ".join(one.attribution for one in found),
            "; ".join(one.licence for one in found),
            base.licence_url,
        )

    @cached_property
    def parts(self) -> Ints:
        """People of each home in whole ``1 / PARTS`` of a person, shape ``(homes,)``."""
        count = self.neighbours.frame["people"].to_numpy(dtype=np.float64)
        whole: Ints = np.rint(count * PARTS).astype(np.int64)
        return whole

    def crowd(self, profile: Profile, state: State) -> Crowd:
        """Return the neighbours as those who set out.

        Parameters
        ----------
        profile, state
            Who is on the way, and which ways count.
        """
        return Crowd(self.ready.network, self.homes(profile), self.parts, profile, state)

    def starts(self, profile: Profile) -> Snapped:
        """Return where residents meet the network, in the order of ``residents``."""
        return self.ready.origins(profile).picked(tuple(self.residents["origin_id"]))

    def homes(self, profile: Profile) -> Snapped:
        """Return where neighbours meet the network; all who go on foot share it."""
        key = "" if profile.limits is None else profile.id
        if key not in self._joined:
            frame = self.neighbours.frame
            self._joined[key] = snap_places(self.ready.network, frame, profile)
        return self._joined[key]


def known_state(profile: Profile) -> State:
    """Return the ways that count where one answer is given: possible ones where not all are sure.

    On wheels hardly anything is confirmed; what the map does not know is not a no.
    """
    return State.POSSIBLE if State.POSSIBLE in profile.states else State.CONFIRMED


@dataclass(frozen=True, eq=False)
class PointReach:
    """Who reaches each of ``n`` points, one profile and state.

    Attributes
    ----------
    profile_id, state
        Who is on the way, and which ways count.
    limit_s
        Longest time searched for residents, seconds.
    minutes
        Thresholds for neighbours, ascending.
    resident_ms
        Milliseconds from each origin of residents to each point, −1 beyond the limit, shape
        ``(origins, n)``, origins in the order of ``People.residents``.
    neighbours
        People who reach each point within each threshold, shape ``(n, len(minutes))``.
    """

    profile_id: str
    state: State
    limit_s: float
    minutes: tuple[int, ...]
    resident_ms: Ints32
    neighbours: Floats

    def residents(self, places: Floats, minutes: float) -> Floats:
        """Return the residents (places) who reach each point within some minutes, shape (n,).

        Parameters
        ----------
        places
            Places of each origin, shape ``(origins,)``.
        minutes
            Threshold; a time equal to it is within it.
        """
        within = (self.resident_ms >= 0) & (self.resident_ms <= minutes * 60 * MS_PER_S)
        return np.asarray(places @ within, dtype=np.float64)


def reach_points(
    people: People,
    points: gpd.GeoDataFrame,
    profile: Profile,
    state: State | None = None,
    *,
    joined: Snapped | None = None,
) -> PointReach:
    """Find for points who reaches them: residents by house, and how many neighbours.

    Parameters
    ----------
    people
        Residents and neighbours.
    points
        As ``geo.snapping.snap_places`` asks for them.
    profile
        Who is on the way, residents and neighbours alike.
    state
        Which ways count; by default those of ``known_state``.
    joined
        Where the points meet the network, if that is known, see ``join_points``: joining
        thousands of points takes longer than counting who reaches them.
    """
    ready = people.ready
    settings = ready.study.settings
    state = known_state(profile) if state is None else state
    if joined is None:
        joined = snap_places(ready.network, points, profile)
    limit_s = 60.0 * settings.max_minutes
    resident_ms = time_table(
        ready.network, people.starts(profile), joined, profile, limit_s, state=state
    )
    minutes = settings.minutes
    limits_ms = np.array(minutes, dtype=np.int64) * 60 * MS_PER_S
    neighbours = weights_within(people.crowd(profile, state), joined, limits_ms) / PARTS
    return PointReach(profile.id, state, limit_s, minutes, resident_ms, neighbours)


def join_points(
    people: People, points: gpd.GeoDataFrame, profiles: Iterable[Profile]
) -> dict[str, Snapped]:
    """Return by profile where points meet the network; all who go on foot share it.

    Parameters
    ----------
    people
        Residents and neighbours.
    points
        As for ``reach_points``.
    profiles
        Who is on the way.
    """
    network = people.ready.network
    by_doors: dict[str, Snapped] = {}
    found: dict[str, Snapped] = {}
    for profile in profiles:
        key = "" if profile.limits is None else profile.id
        if key not in by_doors:
            by_doors[key] = snap_places(network, points, profile)
        found[profile.id] = by_doors[key]
    return found
