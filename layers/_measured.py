"""What has been measured about points is kept with the people of a study, and shared."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.door_times import door_times, time_table
from geo.profiles import Profile, State
from geo.snapping import Snapped, snap_places
from layers.people import People, PointReach, known_state, reach_points

Ints32 = npt.NDArray[np.int32]
Tables = tuple[npt.NDArray[Any], ...]
Made = TypeVar("Made")


class _Memory:
    """What was measured of points, one row of each table per point, and what is made once."""

    def __init__(self) -> None:
        self.made: dict[Hashable, Any] = {}
        self._rows: dict[Hashable, dict[Hashable, int]] = {}
        self._tables: dict[Hashable, Tables] = {}
        self._doors: dict[str, tuple[dict[Hashable, int], Snapped]] = {}

    def new(self, what: Hashable, keys: Sequence[Hashable]) -> list[int]:
        """Return which of the points have not been measured."""
        rows = self._rows.get(what, {})
        return [place for place, key in enumerate(keys) if key not in rows]

    def add(self, what: Hashable, keys: Sequence[Hashable], found: Tables) -> None:
        """Remember a row of each table per point."""
        rows = self._rows.setdefault(what, {})
        before = self._tables.get(what)
        if before is not None:
            found = tuple(np.concatenate(pair) for pair in zip(before, found, strict=True))
        self._tables[what] = found
        for key in keys:
            rows[key] = len(rows)

    def recall(self, what: Hashable, keys: Sequence[Hashable]) -> Tables:
        """Return the rows of points that have been measured."""
        rows = self._rows[what]
        wanted = np.array([rows[key] for key in keys], dtype=np.int64)
        return tuple(table[wanted] for table in self._tables[what])

    def doors(
        self, who: str, keys: Sequence[Hashable], join: Callable[[list[int]], Snapped]
    ) -> Snapped:
        """Return where points meet the network, joining those that never were."""
        rows, known = self._doors.get(who, ({}, None))
        new = [place for place, key in enumerate(keys) if key not in rows]
        if new or known is None:
            found = join(new)
            known = found if known is None else _one_after_another(known, found)
            for place in new:
                rows[keys[place]] = len(rows)
            # Two points may have the same id; their rows tell them apart.
            known = replace(known, ids=tuple(map(str, range(len(rows)))))
            self._doors[who] = rows, known
        return known.picked([str(rows[key]) for key in keys])


_MEMORIES: WeakKeyDictionary[People, _Memory] = WeakKeyDictionary()
"""What is remembered of a study goes when the study goes."""


def made_once(people: People, what: Hashable, make: Callable[[], Made]) -> Made:
    """Return what is made from a study once and then kept.

    Parameters
    ----------
    people
        The study.
    what
        Name of the thing, unique in the program.
    make
        Makes it.
    """
    made = _MEMORIES.setdefault(people, _Memory()).made
    if what not in made:
        made[what] = make()
    result: Made = made[what]
    return result


class Measured:
    """Measures points that nobody has measured yet, and remembers them with the people.

    Several kinds of projects share rooms and spots: each is joined to the network once, and
    measured once per profile.

    Parameters
    ----------
    people
        Residents and neighbours.
    frame
        Points as ``geo.snapping.snap_places`` asks for them, with ``entrances``; ids unique.
    """

    def __init__(self, people: People, frame: gpd.GeoDataFrame) -> None:
        self._people = people
        self._frame = frame
        self._memory = _MEMORIES.setdefault(people, _Memory())
        # All that decides where a point meets the network: another pin may have its id.
        shapes = (
            shapely.to_wkb(np.array(frame[column], dtype=object))
            for column in ("geometry", "outline", "entrances")
        )
        self._keys: list[Hashable] = list(
            zip(frame["id"], frame["on_campus"], *shapes, strict=True)
        )

    def reach(self, profile: Profile) -> PointReach:
        """Return who reaches the points, as ``layers.people.reach_points`` does."""

        def measure(frame: gpd.GeoDataFrame, joined: Snapped) -> Tables:
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
        """Return milliseconds from each origin to each point, shape ``(h, n)``."""
        people = self._people
        limit_s = 60.0 * people.ready.study.settings.max_minutes

        def measure(_: gpd.GeoDataFrame, joined: Snapped) -> Tables:
            network, starts = people.ready.network, people.starts(profile)
            return (time_table(network, starts, joined, profile, limit_s, state=state).T,)

        (times,) = self._asked(("residents", profile.id, state), profile, measure)
        return np.ascontiguousarray(times.T)

    def nearest(self, what: str, of: pd.Series[bool], profile: Profile) -> Ints32:
        """Return milliseconds from each point to the nearest of some places, shape ``(n,)``.

        −1 beyond the study's largest threshold.

        Parameters
        ----------
        what
            Name of those places, unique in the program.
        of
            Which of the study's places.
        profile
            Who is on the way.
        """
        ready = self._people.ready
        limit_s = 60.0 * ready.study.settings.minutes[-1]

        def measure(frame: gpd.GeoDataFrame, joined: Snapped) -> Tables:
            doors = ready.destinations(profile).picked(tuple(ready.places.frame.loc[of, "id"]))
            # All of them as one: a single search back from all doors finds the nearest.
            goal = replace(doors, ids=("nearest",), owner=np.zeros_like(doors.owner))
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
        measure: Callable[[gpd.GeoDataFrame, Snapped], Tables],
    ) -> Tables:
        """Measure the points that are new, and return all."""
        new = self._memory.new(what, self._keys)
        if new or not self._keys:
            keys = [self._keys[place] for place in new]
            found = measure(self._frame.iloc[new], self._doors(new, profile))
            self._memory.add(what, keys, found)
        return self._memory.recall(what, self._keys)

    def _doors(self, rows: list[int], profile: Profile) -> Snapped:
        """Return where points meet the network; all who go on foot share it."""
        who = "" if profile.limits is None else profile.id
        network = self._people.ready.network
        frame = self._frame.iloc[rows]
        keys = [self._keys[row] for row in rows]
        joined = self._memory.doors(
            who, keys, lambda new: snap_places(network, frame.iloc[new], profile)
        )
        return replace(joined, ids=tuple(str(name) for name in frame["id"]))


def _one_after_another(first: Snapped, second: Snapped) -> Snapped:
    """Return the owners of both, with their access points."""
    return Snapped(
        ids=first.ids + second.ids,
        owner=np.concatenate([first.owner, second.owner + len(first.ids)]),
        edge=np.concatenate([first.edge, second.edge]),
        offset_m=np.concatenate([first.offset_m, second.offset_m]),
        gap_m=np.concatenate([first.gap_m, second.gap_m]),
        estimated=np.concatenate([first.estimated, second.estimated]),
        start_xy=np.concatenate([first.start_xy, second.start_xy]),
        foot_xy=np.concatenate([first.foot_xy, second.foot_xy]),
    )
