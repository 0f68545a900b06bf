"""What is known of a study's network, taken over where a changed network leaves it as it was.

Every part is what computing it anew would give; what a change may touch is computed anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.isochrones import RADIUS_M, isochrones
from geo.reuse import (
    Difference,
    areas_stay,
    carry_surfaces,
    carry_trees,
    resnap_places,
    same_starts,
    untouched,
)
from geo.snapping import Snapped
from geo.travel_time import search
from layers.scenario_table import PlaceList, Table
from layers.scenario_times import Times, Trees, doors_of, read_times
from layers.searching import cell_of

if TYPE_CHECKING:
    from layers.scenario_net import Net

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Carried:
    """Takes over from one network to another what is the same.

    Attributes
    ----------
    old, new
        What is known, and what is to be known.
    difference
        What the two networks have in common.
    """

    old: Net
    new: Net
    difference: Difference

    def goals(self) -> dict[str, Snapped]:
        """Join the places of the extract, by ``doors_of`` the profile."""
        return self._resnapped(self.old.ready.places.frame, self.old.goals)

    def homes(self) -> dict[str, Snapped]:
        """Join the neighbours' homes, by ``doors_of`` the profile."""
        return self._resnapped(self.old.people.neighbours.frame, self.old.homes)

    def trees(self) -> tuple[Trees, ...]:
        """Search from all origins, again only from those that a change may touch."""
        return self._searched(self.old.trees, self._stays, self.new.limit_s, reverse=False)

    def back_trees(self) -> tuple[Trees, ...]:
        """As ``trees``, for those who come."""
        limit_s = 60.0 * self.new.minutes[-1]
        return self._searched(self.old.back_trees, self._back_stays, limit_s, reverse=True)

    def times(self) -> Times:
        """Return the ways to all places, read again where origin or place is touched."""
        old, new = self.old, self.new
        known = old.times
        times = Times(
            known.time_ms.copy(), known.distance_mm.copy(), known.unknown_mm.copy(),
            known.marks.copy(),
        )  # fmt: skip
        moved = {
            key: ~same_starts(self.difference, old.goals[key], new.goals[key]) for key in new.goals
        }
        for lane, (profile, _) in enumerate(new.lanes):
            goals, gone = new.goals[doors_of(profile)], moved[doors_of(profile)]
            stays = self._stays[lane]
            if gone.any() and stays.any():
                some = np.flatnonzero(gone)
                ids = [goals.ids[row] for row in some.tolist()]
                self._read(times, lane, np.flatnonzero(stays), some, goals.picked(ids))
            if not stays.all():
                self._read(times, lane, np.flatnonzero(~stays), np.arange(len(goals.ids)), goals)
        return times

    def table(self) -> Table:
        """Count again the categories for which anything changed."""
        old, new = self.old, self.new
        if not np.array_equal(old.counter.connected, new.counter.connected):
            return new.counter.count_all(new.times, new.places)
        changed = (old.places.near_m != new.places.near_m).any(axis=0)
        for name in ("time_ms", "distance_mm", "unknown_mm", "marks"):
            one, other = getattr(old.times, name), getattr(new.times, name)
            changed |= (one != other).any(axis=(0, 1))
        if not changed.any():
            return old.table
        table = old.table.copy()
        touched = set(new.places.category[changed].tolist())
        new.counter.count(table, new.times, new.places, sorted(touched))
        return table

    def places(self) -> PlaceList:
        """Measure again from origins whose ways start elsewhere."""
        old, new = self.old, self.new
        starts = np.array(new.origins.geometry, dtype=object)
        moved = ~shapely.equals_exact(np.array(old.origins.geometry, dtype=object), starts)
        if not moved.any():
            return old.places
        near = old.places.near_m.copy()
        again = PlaceList.of(old.ready.places.frame, list(starts[moved]), new.reach_m)
        near[moved] = again.near_m
        return PlaceList(old.places.id, old.places.category, old.places.grounds, near)

    def house_parts(self) -> Floats:
        """Count who comes, again where an origin or a home is touched; parts of people.

        Where the searches stay, only homes that meet the network elsewhere are taken away
        and added again: whole numbers, so that nothing is lost.
        """
        old, new = self.old, self.new
        parts = old.house_parts.copy()
        moved = {
            key: np.flatnonzero(~same_starts(self.difference, old.homes[key], new.homes[key]))
            for key in new.homes
        }
        for lane, (profile, _) in enumerate(new.lanes):
            some, stays = moved[doors_of(profile)], self._back_stays[lane]
            if len(some) and stays.any():
                rows = np.flatnonzero(stays)
                parts[lane, rows] += new.count_come(lane, new.back_trees, rows, some)
                parts[lane, rows] -= old.count_come(lane, old.back_trees, rows, some)
            if not stays.all():
                rows = np.flatnonzero(~stays)
                parts[lane, rows] = new.count_come(lane, new.back_trees, rows)
        return parts

    def areas(self) -> list[gpd.GeoDataFrame]:
        """Draw the isochrones that a change may touch, and take over the others."""
        carry_surfaces(self.difference)
        found = []
        ids = np.array(self.new.origins["id"], dtype=object)
        known = self.old.areas
        longest = known[known["minutes"] == self.new.minutes[-1]]
        for lane, (profile, state) in enumerate(self.new.lanes):
            cell_m = cell_of(profile)
            of_lane = (longest["profile"] == profile.id) & (longest["state"] == state.value)
            shape_of = dict(
                zip(longest.loc[of_lane, "house_id"], longest.geometry[of_lane], strict=True)
            )
            empty = shapely.Polygon()
            shapes = np.array([shape_of.get(key, empty) for key in ids], dtype=object)
            stays = self._stays[lane] & areas_stay(
                self.difference, shapes, radius_m=RADIUS_M, cell_m=cell_m
            )
            again = np.flatnonzero(~stays).tolist()
            trees = [self.new.trees[lane][row] for row in again]
            network, minutes = self.new.ready.network, self.new.minutes
            if trees:
                found.append(isochrones(network, trees, minutes, cell_m=cell_m))
            rows = (known["profile"] == profile.id) & (known["state"] == state.value)
            found.append(known[rows & known["house_id"].isin(ids[stays])])
        return found

    @cached_property
    def _stays(self) -> list[Bools]:
        """Whether the search of each origin stays, lane by lane."""
        return self._untouched(self.old.trees)

    @cached_property
    def _back_stays(self) -> list[Bools]:
        return self._untouched(self.old.back_trees)

    def _untouched(self, trees: tuple[Trees, ...]) -> list[Bools]:
        return [
            untouched(
                self.difference,
                some,
                self.old.starts[doors_of(profile)],
                self.new.starts[doors_of(profile)],
            )
            for (profile, _), some in zip(self.new.lanes, trees, strict=True)
        ]

    def _searched(
        self, known: tuple[Trees, ...], stays: list[Bools], limit_s: float, *, reverse: bool
    ) -> tuple[Trees, ...]:
        lanes = []
        for lane, (profile, state) in enumerate(self.new.lanes):
            before, after = (side.starts[doors_of(profile)] for side in (self.old, self.new))
            rows = np.flatnonzero(stays[lane])
            made: dict[int, Any] = dict(
                zip(
                    rows.tolist(),
                    carry_trees(self.difference, known[lane], rows, before, after),
                    strict=True,
                )
            )
            again = np.flatnonzero(~stays[lane]).tolist()
            if again:
                some = after.picked([after.ids[row] for row in again])
                grown = search(
                    self.new.ready.network, some, profile, limit_s, state, reverse=reverse
                )
                made |= dict(zip(again, grown, strict=True))
            lanes.append(tuple(made[row] for row in range(len(after.ids))))
        return tuple(lanes)

    def _resnapped(
        self, frame: gpd.GeoDataFrame, before: Mapping[str, Snapped]
    ) -> dict[str, Snapped]:
        one_of = {doors_of(one): one for one in self.new.ready.profiles.values()}
        return {
            key: resnap_places(self.difference, frame, known, one_of[key])
            for key, known in before.items()
        }

    def _read(self, times: Times, lane: int, rows: Any, places: Any, goals: Snapped) -> None:
        """Read some rows of a lane to some places."""
        trees = self.new.trees[lane]
        key = doors_of(self.new.lanes[lane][0])
        read = read_times(
            self.new.ready.network, [tuple(trees[row] for row in rows.tolist())], {key: goals}
        )
        at = np.ix_([lane], rows, places)
        for name in ("time_ms", "distance_mm", "unknown_mm", "marks"):
            getattr(times, name)[at] = getattr(read, name)
