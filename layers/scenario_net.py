"""A study's network with all that is kept of it: searches, times, neighbours and areas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.crs import projector
from geo.door_times import prepare_doors, read_prepared
from geo.edits import Edit
from geo.isochrones import isochrones
from geo.network import MS_PER_S, build_network
from geo.reuse import compare
from geo.snapping import Snapped
from layers.access import SURROUNDINGS_M_S, make_origins
from layers.area_types import area_types
from layers.judging import standard_table
from layers.people import PARTS, People
from layers.scenario_changes import Plan, edited
from layers.scenario_reuse import Carried
from layers.scenario_table import Counter, PlaceList, Table
from layers.scenario_times import Lane, Times, Trees, all_lanes, doors_of, grow, read_times
from layers.searching import cell_of
from layers.study_network import StudyNetwork

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Net:
    """A study, joined and searched; whatever is asked for is computed once and kept.

    Attributes
    ----------
    people
        The study with its residents and neighbours; its places are those of the extract.
    edits
        What was changed of ways and gates, nothing for the study as it is.
    """

    people: People
    edits: tuple[Edit, ...] = ()
    _root: Net | None = None
    _doors: dict[int, Any] = field(default_factory=dict, repr=False)

    @property
    def ready(self) -> StudyNetwork:
        """The study."""
        return self.people.ready

    @cached_property
    def _carried(self) -> Carried | None:
        """Takes over what is the same in the study as it is; None for that itself."""
        if self._root is None:
            return None
        difference = compare(self._root.ready.network, self.ready.network)
        return Carried(self._root, self, difference)

    @cached_property
    def lanes(self) -> tuple[Lane, ...]:
        """Every profile with each of its states."""
        return all_lanes(self.ready.profiles)

    @cached_property
    def origins(self) -> gpd.GeoDataFrame:
        """Houses, then sites, as they are searched from: ``id``, ``name``, ``kind``, ``site_id``.

        The geometry says where ways start.
        """
        made = make_origins(self.ready.sites)
        ids = list(self.starts[doors_of(self.lanes[0][0])].ids)
        row = pd.Index(made["id"]).get_indexer(pd.Index(ids))
        found: gpd.GeoDataFrame = made.iloc[row].reset_index(drop=True)
        return found

    @cached_property
    def starts(self) -> Mapping[str, Snapped]:
        """Where origins meet the network, by ``doors_of`` the profile."""
        return {doors_of(one): self.ready.origins(one) for one in self.ready.profiles.values()}

    @cached_property
    def goals(self) -> Mapping[str, Snapped]:
        """Where places meet the network, by ``doors_of`` the profile."""
        if self._carried is not None:
            return self._carried.goals()
        return {
            doors_of(one): self.ready.destinations(one) for one in self.ready.profiles.values()
        }

    @cached_property
    def homes(self) -> Mapping[str, Snapped]:
        """Where neighbours meet the network, by ``doors_of`` the profile."""
        if self._carried is not None:
            return self._carried.homes()
        return {doors_of(one): self.people.homes(one) for one in self.ready.profiles.values()}

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """The categories that are counted."""
        return tuple(one.id for one in self.ready.taxonomy.categories if one.indicator)

    @cached_property
    def standard_ms(self) -> npt.NDArray[np.int32]:
        """Milliseconds within which residents should reach each category, shape ``(h, c)``."""
        urban = (area_types(self.people)["area"] == "urban").to_numpy(dtype=bool)
        return standard_table(self.people, self.categories, urban)

    @cached_property
    def limit_s(self) -> float:
        """Longest time searched, seconds: that of the study, or the longest standard."""
        longest = float(self.standard_ms.max(initial=0)) / MS_PER_S
        return max(60.0 * self.ready.study.settings.max_minutes, longest)

    @property
    def minutes(self) -> tuple[int, ...]:
        """Thresholds, ascending."""
        return self.ready.study.settings.minutes

    @cached_property
    def trees(self) -> tuple[Trees, ...]:
        """All searches, lane by lane."""
        if self._carried is not None:
            return self._carried.trees()
        return grow(self.ready.network, self.starts, self.lanes, self.limit_s)

    @cached_property
    def back_trees(self) -> tuple[Trees, ...]:
        """The searches of those who come to the origins, as far as neighbours are counted."""
        if self._carried is not None:
            return self._carried.back_trees()
        limit_s = 60.0 * self.minutes[-1]
        return grow(self.ready.network, self.starts, self.lanes, limit_s, reverse=True)

    @cached_property
    def times(self) -> Times:
        """The ways to all places."""
        if self._carried is not None:
            return self._carried.times()
        return read_times(self.ready.network, self.trees, self.goals)

    @cached_property
    def reach_m(self) -> float:
        """How far the widest surroundings extend, metres."""
        fastest = max(one.speed_m_s for one in self.ready.profiles.values())
        return max(fastest, SURROUNDINGS_M_S) * 60.0 * self.ready.study.settings.max_minutes

    @cached_property
    def places(self) -> PlaceList:
        """The places of the extract."""
        if self._carried is not None:
            return self._carried.places()
        return PlaceList.of(self.ready.places.frame, list(self.origins.geometry), self.reach_m)

    @cached_property
    def counter(self) -> Counter:
        """Counts what origins reach."""
        lost = {
            key: np.isin(np.array(one.ids, dtype=object), list(one.unconnected))
            for key, one in self.starts.items()
        }
        frame = self.origins
        return Counter(
            lanes=self.lanes,
            categories=self.categories,
            minutes=self.minutes,
            max_minutes=self.ready.study.settings.max_minutes,
            site=np.where(frame["kind"] == "site", frame["site_id"].to_numpy(dtype=object), ""),
            connected=np.array([~lost[doors_of(profile)] for profile, _ in self.lanes]),
        )

    @cached_property
    def table(self) -> Table:
        """What every origin reaches of every category."""
        if self._carried is not None:
            return self._carried.table()
        return self.counter.count_all(self.times, self.places)

    @cached_property
    def house_reach(self) -> Floats:
        """Neighbours who reach each origin within each threshold, shape ``(l, o, t)``.

        From a house's door, or a site's gates.
        """
        return self.house_parts / PARTS

    @cached_property
    def house_parts(self) -> Floats:
        """``house_reach`` in whole parts of people; they add up to the same in any order."""
        if self._carried is not None:
            return self._carried.house_parts()
        lanes = range(len(self.lanes))
        every = np.arange(len(self.origins))
        return np.array([self.count_come(lane, self.back_trees, every) for lane in lanes])

    def neighbours_at(self, spots: Mapping[str, Snapped]) -> Floats:
        """Count the neighbours who reach some spots.

        Parameters
        ----------
        spots
            Where ``n`` of them meet the network, by ``doors_of`` the profile.

        Returns
        -------
        numpy.ndarray
            People within each threshold, shape ``(l, n, t)``.
        """
        limit_s = 60.0 * self.minutes[-1]
        trees = grow(self.ready.network, spots, self.lanes, limit_s, reverse=True)
        every = np.arange(len(next(iter(spots.values())).ids))
        lanes = range(len(self.lanes))
        return np.array([self.count_come(lane, trees, every) for lane in lanes]) / PARTS

    def count_come(
        self, lane: int, trees: Sequence[Trees], rows: Ints, homes: Ints | None = None
    ) -> Floats:
        """Count the neighbours who reach the origins of some trees.

        Parameters
        ----------
        lane
            Which lane.
        trees
            Reversed searches of all lanes.
        rows
            Which of its trees.
        homes
            Which homes count; by default all.

        Returns
        -------
        numpy.ndarray
            Whole parts of people within each threshold, shape ``(rows, t)``.
        """
        profile, state = self.lanes[lane]
        some = [trees[lane][row] for row in rows.tolist()]
        many = self.people.parts.astype(np.float64)
        if homes is None:
            doors = self._ready_homes(lane)
        else:
            known = self.homes[doors_of(profile)]
            picked = known.picked([known.ids[home] for home in homes.tolist()])
            doors = prepare_doors(self.ready.network, picked, profile, state, reverse=True)
            many = many[homes]
        found = np.zeros((len(some), len(self.minutes)))
        read = read_prepared(self.ready.network, some, doors) if some else None
        if read is None:
            return found
        for number, limit in enumerate(self.minutes):
            within = read.time_ms <= limit * 60 * MS_PER_S
            found[:, number] = np.bincount(
                read.origin[within], many[read.door[within]], minlength=len(some)
            )
        return found

    @cached_property
    def areas(self) -> gpd.GeoDataFrame:
        """Isochrones of all origins, as ``layers.searching.search_all`` draws them."""
        if self._carried is not None:
            return sorted_areas(self._carried.areas())
        drawn = [
            isochrones(self.ready.network, trees, self.minutes, cell_m=cell_of(profile))
            for (profile, _), trees in zip(self.lanes, self.trees, strict=True)
        ]
        return sorted_areas(drawn)

    @cached_property
    def to_metres(self) -> Any:
        """Makes metres of longitude and latitude."""
        return projector(self.ready.crs)

    def _ready_homes(self, lane: int) -> Any:
        if lane not in self._doors:
            profile, state = self.lanes[lane]
            self._doors[lane] = prepare_doors(
                self.ready.network, self.homes[doors_of(profile)], profile, state, reverse=True
            )
        return self._doors[lane]

    def after(self, plan: Plan, where: str) -> Net:
        """Return what the network is with the edits of a plan.

        Parameters
        ----------
        plan
            What changes.
        where
            The file, for messages.

        Raises
        ------
        layers.scenario_changes.VariantError
            If an edit cannot be made.
        """
        ready = self.ready
        extract, given = edited(ready, plan, where)
        network, sites = build_network(
            extract, given, ready.profiles, ready.terrain, like=ready.network
        )
        changed = replace(
            ready, extract=extract, given=given, network=network, sites=sites, _joined={}
        )
        # Edits change neither places nor who lives where.
        for name in ("places", "seats"):
            changed.__dict__[name] = getattr(ready, name)
        people = People(changed)
        for name in ("residents", "neighbours", "parts"):
            people.__dict__[name] = getattr(self.people, name)
        net = Net(people, plan.edits, self)
        for name in ("standard_ms", "to_metres"):
            net.__dict__[name] = getattr(self, name)
        return net


def sorted_areas(drawn: Sequence[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Put isochrones together, sorted as a snapshot has them."""
    joined: Any = pd.concat(drawn, ignore_index=True)
    keys = ["house_id", "profile", "state", "minutes"]
    sorted_: gpd.GeoDataFrame = joined.sort_values(keys, ignore_index=True)
    return sorted_
