"""What the criteria are computed from: everything measured about the candidates of a project."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from weakref import WeakKeyDictionary

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.door_times import door_times, time_table
from geo.profiles import Profile, State
from geo.snapping import Snapped, snap_places
from layers.candidates import Candidates
from layers.need_table import NeedTable, need_table
from layers.people import People, PointReach, known_state, reach_points
from layers.projects import Project
from layers.two_way import bridge_values, people_around

Floats = npt.NDArray[np.float64]
Ints32 = npt.NDArray[np.int32]

STOPS = ("bus_stop", "station")
"""Categories of places where somebody gets on a bus or a train."""

_FIRST_ON_WHEELS = ("wheelchair", "rollator")


@dataclass(frozen=True, eq=False)
class Evidence:
    """What is known of ``n`` candidates and ``h`` origins of residents, for one profile.

    Attributes
    ----------
    project, profile
        What is to be placed, and who is on the way.
    candidates
        As ``layers.candidates.find_candidates`` makes them.
    residents
        As ``layers.residents.find_residents`` makes them, ``h`` rows.
    reach
        Who reaches each candidate.
    now_ms
        Milliseconds from each origin to the nearest existing place off campus of the
        project's kind, −1 beyond the limit, shape ``(h,)``.
    around
        People who live around each origin's site within 15 minutes' walk of everyday pace as
        the crow flies, shape ``(h,)``: what a share of the neighbourhood is a share of.
    needs
        For each origin and category served whether it is met today, and within how many
        minutes it should be; see ``layers.need_table``.
    bridge
        Bridge value of each candidate, see ``layers.two_way``, shape ``(n,)``.
    transit_ms, partner_ms
        Milliseconds from each candidate to the nearest stop and possible partner, −1 beyond
        the largest threshold, 0 on the premises of a possible partner, shape ``(n,)``.
    transit_recorded, partners_recorded
        Whether any stop, any possible partner is recorded at all.
    step_free_ms
        As ``reach.resident_ms`` for who needs step-free ways, by state (``"confirmed"``,
        ``"possible"``); empty where the study has no such profile.
    step_free_profile
        Whose times ``step_free_ms`` are, or None.
    """

    project: Project
    profile: Profile
    candidates: Candidates
    residents: pd.DataFrame
    reach: PointReach
    now_ms: Ints32
    around: Floats
    needs: NeedTable
    bridge: Floats
    transit_ms: Ints32
    partner_ms: Ints32
    transit_recorded: bool = True
    partners_recorded: bool = True
    step_free_ms: Mapping[str, Ints32] = field(default_factory=dict)
    step_free_profile: Profile | None = None

    @property
    def places(self) -> Floats:
        """Places of each origin, shape ``(h,)``."""
        return self.residents["places"].to_numpy(dtype=np.float64)

    @property
    def frame(self) -> gpd.GeoDataFrame:
        """The candidates, ``n`` rows."""
        return self.candidates.frame


def gather(people: People, project: Project, candidates: Candidates, profile: Profile) -> Evidence:
    """Measure everything about the candidates of a project.

    What was measured of a candidate is remembered with ``people``: several kinds of projects
    share rooms and spots, and each is measured once per profile.

    Parameters
    ----------
    people
        The study with its residents and neighbours.
    project, candidates
        What is to be placed, and where it may stand.
    profile
        Who is on the way.
    """
    measured = _Measured(people, candidates.frame)
    needs = need_table(people, profile, project.serves)
    reach = measured.reach(profile)
    on_wheels = step_free_profile(people.ready.profiles)
    places = people.ready.places.frame
    stops = places["category"].isin(STOPS)
    partners = places["partner"].astype(bool)
    premises = candidates.frame["partner"].to_numpy(dtype=bool)
    to_partner = np.where(premises, 0, measured.nearest("partner", partners, profile))
    return Evidence(
        project=project,
        profile=profile,
        candidates=candidates,
        residents=people.residents,
        reach=reach,
        now_ms=needs.now_ms[:, 0],
        around=people_around(people),
        needs=needs,
        bridge=bridge_values(people, reach),
        transit_ms=measured.nearest("transit", stops, profile),
        partner_ms=to_partner.astype(np.int32),
        transit_recorded=bool(stops.any()),
        partners_recorded=bool(partners.any() or premises.any()),
        step_free_ms={}
        if on_wheels is None
        else {str(state): measured.residents(on_wheels, state) for state in on_wheels.states},
        step_free_profile=on_wheels,
    )


def step_free_profile(profiles: Mapping[str, Profile]) -> Profile | None:
    """Return whose ways say what is step-free: wheelchair, else rollator, else the first.

    Parameters
    ----------
    profiles
        Those of the study, by id.

    Returns
    -------
    Profile or None
        None where nobody of the study is on wheels.
    """
    on_wheels = {key: one for key, one in profiles.items() if one.limits is not None}
    for key in _FIRST_ON_WHEELS:
        if key in on_wheels:
            return on_wheels[key]
    return next(iter(on_wheels.values()), None)


class _Memory:
    """What was measured of candidates, one row of each table per candidate."""

    def __init__(self) -> None:
        self._rows: dict[Hashable, dict[Hashable, int]] = {}
        self._tables: dict[Hashable, tuple[npt.NDArray[Any], ...]] = {}

    def new(self, what: Hashable, keys: Sequence[Hashable]) -> list[int]:
        """Return which of the candidates have not been measured."""
        rows = self._rows.get(what, {})
        return [place for place, key in enumerate(keys) if key not in rows]

    def add(
        self, what: Hashable, keys: Sequence[Hashable], found: tuple[npt.NDArray[Any], ...]
    ) -> None:
        """Remember a row of each table per candidate."""
        rows = self._rows.setdefault(what, {})
        before = self._tables.get(what)
        if before is not None:
            found = tuple(np.concatenate(pair) for pair in zip(before, found, strict=True))
        self._tables[what] = found
        for key in keys:
            rows[key] = len(rows)

    def recall(self, what: Hashable, keys: Sequence[Hashable]) -> tuple[npt.NDArray[Any], ...]:
        """Return the rows of candidates that have been measured."""
        rows = self._rows[what]
        wanted = np.array([rows[key] for key in keys], dtype=np.int64)
        return tuple(table[wanted] for table in self._tables[what])


_MEMORIES: WeakKeyDictionary[People, _Memory] = WeakKeyDictionary()
"""What is remembered of a study goes when the study goes."""


class _Measured:
    """Measures candidates that nobody has measured yet, and remembers them."""

    def __init__(self, people: People, frame: gpd.GeoDataFrame) -> None:
        self._people = people
        self._frame = frame
        self._memory = _MEMORIES.setdefault(people, _Memory())
        self._joined: dict[tuple[str, tuple[str, ...]], Snapped] = {}
        # All that decides where a candidate meets the network: another pin may have its id.
        shapes = (
            shapely.to_wkb(np.array(frame[column], dtype=object))
            for column in ("geometry", "outline", "entrances")
        )
        self._keys: list[Hashable] = list(
            zip(frame["id"], frame["on_campus"], *shapes, strict=True)
        )

    def reach(self, profile: Profile) -> PointReach:
        """Return who reaches the candidates."""

        def measure(frame: gpd.GeoDataFrame, joined: Snapped) -> tuple[npt.NDArray[Any], ...]:
            found = reach_points(self._people, frame, profile, joined=joined)
            return found.resident_ms.T, found.neighbours

        resident_ms, neighbours = self._asked(("reach", profile.id), profile, measure)
        settings = self._people.ready.study.settings
        return PointReach(
            profile_id=profile.id,
            state=known_state(profile),
            limit_s=60.0 * settings.max_minutes,
            minutes=settings.minutes,
            resident_ms=np.ascontiguousarray(resident_ms.T),
            neighbours=neighbours,
        )

    def residents(self, profile: Profile, state: State) -> Ints32:
        """Return milliseconds from each origin to each candidate, shape ``(h, n)``."""
        people = self._people
        limit_s = 60.0 * people.ready.study.settings.max_minutes

        def measure(_: gpd.GeoDataFrame, joined: Snapped) -> tuple[npt.NDArray[Any], ...]:
            network, starts = people.ready.network, people.starts(profile)
            return (time_table(network, starts, joined, profile, limit_s, state=state).T,)

        (times,) = self._asked(("residents", profile.id, state), profile, measure)
        return np.ascontiguousarray(times.T)

    def nearest(self, what: str, of: pd.Series[bool], profile: Profile) -> Ints32:
        """Return milliseconds from each candidate to the nearest of some places, shape ``(n,)``.

        −1 beyond the largest threshold.
        """
        ready = self._people.ready
        limit_s = 60.0 * ready.study.settings.minutes[-1]
        doors = ready.destinations(profile).picked(tuple(ready.places.frame.loc[of, "id"]))
        # All of them as one: a single search back from all doors finds the nearest.
        goal = replace(doors, ids=("nearest",), owner=np.zeros_like(doors.owner))

        def measure(frame: gpd.GeoDataFrame, joined: Snapped) -> tuple[npt.NDArray[Any], ...]:
            near = np.full((len(frame), 1), -1, dtype=np.int32)
            if len(goal.owner):
                state = known_state(profile)
                for found in door_times(
                    ready.network, goal, joined, profile, limit_s, state=state, reverse=True
                ):
                    near[found.door, 0] = found.time_ms
            return (near,)

        (times,) = self._asked((what, profile.id), profile, measure)
        return np.asarray(times[:, 0], dtype=np.int32)

    def _asked(
        self,
        what: Hashable,
        profile: Profile,
        measure: Callable[[gpd.GeoDataFrame, Snapped], tuple[npt.NDArray[Any], ...]],
    ) -> tuple[npt.NDArray[Any], ...]:
        """Measure the candidates that are new, and return all."""
        new = self._memory.new(what, self._keys)
        if new or not self._keys:
            frame = self._frame.iloc[new]
            found = measure(frame, self._doors(frame, profile))
            self._memory.add(what, [self._keys[place] for place in new], found)
        return self._memory.recall(what, self._keys)

    def _doors(self, frame: gpd.GeoDataFrame, profile: Profile) -> Snapped:
        """Return where candidates meet the network; all who go on foot share it."""
        key = ("" if profile.limits is None else profile.id, tuple(frame["id"]))
        if key not in self._joined:
            self._joined[key] = snap_places(self._people.ready.network, frame, profile)
        return self._joined[key]
