"""What each house reaches of every category, counted from kept times.

The same numbers as ``layers.access.access_indicators`` counts from the exported times: seconds
are rounded to a tenth before they are compared, and of equally near places the first by id
counts. Only the categories that a change touches are counted again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.network import MS_PER_S
from layers.access import (
    NOT_REACHABLE,
    NOT_RECORDED,
    ONLY_ON_CAMPUS,
    REACHABLE,
    SURROUNDINGS_M_S,
    place_shapes,
)
from layers.scenario_times import Lane, Times

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Ints32 = npt.NDArray[np.int32]

UNKNOWN = -1
"""Stands for a count that cannot be known: the origin is joined to no way."""


@dataclass(frozen=True, eq=False)
class PlaceList:
    """What counting asks of ``p`` places, as plain arrays.

    Attributes
    ----------
    id, category, grounds
        As ``id``, ``category`` and ``on_campus`` of ``layers.places.Places``, shape ``(p,)``.
    near_m
        Metres as the crow flies from every origin, infinite beyond any surroundings, shape
        ``(o, p)``.
    """

    id: npt.NDArray[Any]
    category: npt.NDArray[Any]
    grounds: npt.NDArray[Any]
    near_m: Floats

    @staticmethod
    def of(frame: gpd.GeoDataFrame, starts: Sequence[Any], reach_m: float) -> PlaceList:
        """Take what is needed from a frame of places.

        Parameters
        ----------
        frame
            As ``layers.places.Places`` holds it.
        starts
            Where the ways of each origin start, metric CRS.
        reach_m
            How far the widest surroundings extend.
        """
        shapes = place_shapes(frame)
        near = np.full((len(starts), len(frame)), np.inf)
        begins = np.array(starts, dtype=object)
        if len(frame) and len(starts):
            origin, place = shapely.STRtree(shapes).query(
                begins, predicate="dwithin", distance=reach_m
            )
            near[origin, place] = shapely.distance(begins[origin], shapes[place])
        return PlaceList(
            frame["id"].to_numpy(dtype=object),
            frame["category"].to_numpy(dtype=object),
            frame["on_campus"].to_numpy(dtype=object),
            near,
        )

    def kept(self, places: Bools) -> PlaceList:
        """Return some of the places."""
        return PlaceList(*(getattr(self, part.name)[..., places] for part in fields(PlaceList)))

    def joined(self, more: PlaceList) -> PlaceList:
        """Return these places and then others."""
        return PlaceList(
            *(
                np.concatenate([getattr(self, part.name), getattr(more, part.name)], axis=-1)
                for part in fields(PlaceList)
            )
        )

    @cached_property
    def of_category(self) -> dict[str, Ints]:
        """The rows of each category, sorted by id."""
        order = np.argsort(self.id.astype(str), kind="stable")
        kind = self.category[order].astype(str)
        known, first = np.unique(kind, return_inverse=True)
        rows = order[np.argsort(first, kind="stable")]
        ends = np.cumsum(np.bincount(first, minlength=len(known)))[:-1]
        parts: list[Ints] = np.split(rows, ends)[: len(known)]
        return dict(zip(known.tolist(), parts, strict=True))


@dataclass(frozen=True, eq=False)
class Table:
    """What ``o`` origins reach on ``l`` lanes of ``c`` categories, shape ``(l, o, c)``.

    Attributes
    ----------
    nearest_id
        Nearest place off campus, "" for none.
    nearest_s
        Its seconds, to 0.1; NaN for none.
    nearest_ms, campus_ms
        Whole milliseconds to the nearest place off campus, and to the nearest on the grounds
        of any site, −1 for none within what was searched, which may be more than is counted.
    unknown_mm, marks
        Of the way to that place; see ``layers.scenario_times.Times``.
    counts
        Places off campus within each threshold, shape ``(l, o, c, t)``; ``UNKNOWN`` where the
        origin is joined to no way.
    on_campus
        Places on the grounds of any site; ``UNKNOWN`` likewise.
    recorded
        Whether OSM has such a place in the surroundings.
    """

    nearest_id: npt.NDArray[Any]
    nearest_s: Floats
    nearest_ms: Ints32
    campus_ms: Ints32
    unknown_mm: Ints32
    marks: npt.NDArray[np.uint8]
    counts: Ints32
    on_campus: Ints32
    recorded: Bools

    @staticmethod
    def empty(lanes: int, origins: int, categories: int, thresholds: int) -> Table:
        """Return a table in which nothing is reached.

        Parameters
        ----------
        lanes, origins, categories, thresholds
            How many there are.
        """
        shape = (lanes, origins, categories)
        return Table(
            nearest_id=np.full(shape, "", dtype=object),
            nearest_s=np.full(shape, np.nan),
            nearest_ms=np.full(shape, -1, dtype=np.int32),
            campus_ms=np.full(shape, -1, dtype=np.int32),
            unknown_mm=np.zeros(shape, dtype=np.int32),
            marks=np.zeros(shape, dtype=np.uint8),
            counts=np.zeros((*shape, thresholds), dtype=np.int32),
            on_campus=np.zeros(shape, dtype=np.int32),
            recorded=np.zeros(shape, dtype=bool),
        )

    def copy(self) -> Table:
        """Return the same table, to be written into."""
        return Table(*(getattr(self, part.name).copy() for part in fields(Table)))

    @property
    def status(self) -> npt.NDArray[Any]:
        """Status of each cell, as ``layers.access`` names them."""
        found = np.select(
            [self.nearest_id != "", self.on_campus > 0, ~self.recorded],
            [REACHABLE, ONLY_ON_CAMPUS, NOT_RECORDED],
            NOT_REACHABLE,
        )
        return np.asarray(found, dtype=object)


@dataclass(frozen=True, eq=False)
class Counter:
    """Counts what origins reach.

    Attributes
    ----------
    lanes, categories, minutes, max_minutes
        Who is on the way, what is counted, within which thresholds, up to how far.
    site
        Site of each origin that is a site, "" for houses, shape ``(o,)``.
    connected
        Whether each origin is joined to a way, shape ``(l, o)``.
    """

    lanes: tuple[Lane, ...]
    categories: tuple[str, ...]
    minutes: tuple[int, ...]
    max_minutes: int
    site: npt.NDArray[Any]
    connected: Bools

    def count_all(self, times: Times, places: PlaceList) -> Table:
        """Count every category."""
        table = Table.empty(
            len(self.lanes), len(self.site), len(self.categories), len(self.minutes)
        )
        self.count(table, times, places, self.categories)
        return table

    def count(
        self, table: Table, times: Times, places: PlaceList, categories: Iterable[str]
    ) -> None:
        """Count some categories again, into a table.

        Parameters
        ----------
        table
            Written into.
        times, places
            All ways, and all places.
        categories
            Ids; those that are not counted are passed over.
        """
        none = np.empty(0, dtype=np.int64)
        for category in categories:
            if category in self.categories:
                rows = places.of_category.get(category, none)
                self._count(table, self.categories.index(category), times, places, rows)

    def _count(
        self, table: Table, column: int, times: Times, places: PlaceList, rows: Ints
    ) -> None:
        off = places.grounds[rows] == ""
        self._count_off_campus(table, column, times, places.id, rows[off])
        self._count_on_campus(table, column, times, places.grounds, rows[~off])
        radius = np.array(
            [max(one.speed_m_s, SURROUNDINGS_M_S) * self.max_minutes * 60 for one, _ in self.lanes]
        )
        nearest = places.near_m[:, rows].min(axis=1, initial=np.inf)
        table.recorded[..., column] = nearest[None, :] <= radius[:, None]
        lost = ~self.connected
        table.counts[lost, column] = UNKNOWN
        table.on_campus[lost, column] = UNKNOWN

    def _count_off_campus(
        self, table: Table, column: int, times: Times, ids: npt.NDArray[Any], rows: Ints
    ) -> None:
        ms = times.time_ms[:, :, rows]
        seconds = self._seconds(ms)
        reached = np.isfinite(seconds)
        for number, limit in enumerate(self.minutes):
            table.counts[..., column, number] = (seconds <= limit * 60).sum(axis=2)
        found = reached.any(axis=2)
        best = seconds.argmin(axis=2) if len(rows) else np.zeros(found.shape, dtype=np.int64)
        table.nearest_id[..., column] = ""
        table.nearest_s[..., column] = np.nan
        table.nearest_ms[..., column] = _least(ms)
        table.unknown_mm[..., column] = 0
        table.marks[..., column] = 0
        lane, origin = np.nonzero(found)
        place = rows[best[lane, origin]]
        table.nearest_id[lane, origin, column] = ids[place]
        table.nearest_s[lane, origin, column] = seconds[lane, origin, best[lane, origin]]
        table.unknown_mm[lane, origin, column] = times.unknown_mm[lane, origin, place]
        table.marks[lane, origin, column] = times.marks[lane, origin, place]

    def _count_on_campus(
        self, table: Table, column: int, times: Times, grounds: npt.NDArray[Any], rows: Ints
    ) -> None:
        ms = times.time_ms[:, :, rows]
        table.campus_ms[..., column] = _least(ms)
        # From a site all on its own grounds count: people are there already.
        own = (self.site[:, None] != "") & (grounds[rows][None, :] == self.site[:, None])
        table.on_campus[..., column] = (np.isfinite(self._seconds(ms)) | own[None]).sum(axis=2)

    def _seconds(self, ms: Ints32) -> Floats:
        """Return seconds as they are exported, infinite beyond the study's longest time."""
        seconds = np.round(ms / MS_PER_S, 1)
        return np.where((ms >= 0) & (seconds <= self.max_minutes * 60), seconds, np.inf)


def _least(ms: Ints32) -> Ints32:
    """Return the least of times along the last axis, −1 where there is none."""
    far = np.iinfo(np.int32).max
    least = np.where(ms < 0, far, ms).min(axis=2, initial=far)
    return np.where(least == far, -1, least).astype(np.int32)
