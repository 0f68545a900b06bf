"""Which needs of residents are met today, category by category, against a standard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.door_times import time_table
from geo.network import MS_PER_S
from geo.profiles import Profile, State
from layers.access import make_origins, place_shapes
from layers.area_types import area_types
from layers.confirmations import read_confirmations
from layers.judging import (
    MET,
    NOT_MET,
    NOT_RECORDED,
    ONLY_ON_CAMPUS,
    confirmed_tables,
    judge_needs,
    recorded_table,
    standard_table,
    surroundings_m,
    within,
)
from layers.people import People, known_state
from layers.standards import check_standards

__all__ = ["MET", "NOT_MET", "NOT_RECORDED", "ONLY_ON_CAMPUS", "NeedTable", "need_table"]

Floats = npt.NDArray[np.float64]
Ints8 = npt.NDArray[np.int8]
Ints = npt.NDArray[np.int64]
Ints32 = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]

_FAR = np.iinfo(np.int32).max


def _no_numbers() -> Any:
    return np.empty((0, 0), dtype=np.int32)


def _no_answers() -> Any:
    return np.empty((0, 0), dtype=bool)


@dataclass(frozen=True, eq=False)
class NeedTable:
    """Needs of ``h`` origins of residents in ``s`` categories, for one profile.

    Attributes
    ----------
    categories
        Ids, ``s``.
    state
        ``MET``, ``ONLY_ON_CAMPUS``, ``NOT_MET`` or ``NOT_RECORDED``, shape ``(h, s)``. Where
        not all ways are sure, possible ones count.
    now_ms
        Milliseconds to the nearest place off campus that OSM knows, −1 beyond the limit, shape
        ``(h, s)``.
    standard_ms
        Milliseconds within which it should be reached, shape ``(h, s)``.
    limit_ms
        Longest time searched: that of the study, or the longest standard where it is longer.
    on_campus_ms
        As ``now_ms`` to places on any grounds, shape ``(h, s)``.
    count
        Places off campus within the standard, shape ``(h, s)``.
    sure_state
        As ``state`` where only confirmed ways count, shape ``(h, s)``.
    confirmed
        Whether somebody has looked, shape ``(h, s)``.
    contested
        Whether what they saw is not what OSM says where it says something, shape ``(h, s)``.
    recorded
        Whether OSM records any place off campus in the surroundings that is joined to a way,
        shape ``(h, s)``.
    urban
        Whether standards for towns count, shape ``(h,)``.
    connected
        Whether the origin is joined to any way, shape ``(h,)``.
    """

    categories: tuple[str, ...]
    state: Ints8
    now_ms: Ints32
    standard_ms: Ints32
    limit_ms: int = 0
    on_campus_ms: Ints32 = field(default_factory=_no_numbers)
    count: Ints32 = field(default_factory=_no_numbers)
    sure_state: Ints8 = field(default_factory=_no_numbers)
    confirmed: Bools = field(default_factory=_no_answers)
    contested: Bools = field(default_factory=_no_answers)
    recorded: Bools = field(default_factory=_no_answers)
    urban: Bools = field(default_factory=_no_answers)
    connected: Bools = field(default_factory=_no_answers)


def need_table(people: People, profile: Profile, categories: Sequence[str]) -> NeedTable:
    """Compare what residents reach with the standards, and with what somebody has confirmed.

    Only places of the categories asked for are timed. What was confirmed counts before what
    OSM says: ``exists`` makes a need met, ``missing`` leaves only what is on the grounds.

    Parameters
    ----------
    people
        The study with its residents, in whose order the rows stand.
    profile
        Who is on the way.
    categories
        Ids of categories of the taxonomy.

    Raises
    ------
    geo.errors.StudyError
        If the study sets a standard for an unknown category, or its file of confirmations is
        broken.
    """
    ready = people.ready
    check_standards(ready.study, ready.taxonomy)
    records = read_confirmations(ready.study)
    urban = (area_types(people)["area"] == "urban").to_numpy(dtype=bool)
    standard = standard_table(people, categories, urban)
    limit_s = max(60.0 * ready.study.settings.max_minutes, standard.max(initial=0) / MS_PER_S)
    places = ready.places.frame
    places = places[places["category"].isin(list(categories))]
    doors = ready.destinations(profile).picked(tuple(places["id"]))
    starts = people.starts(profile)
    kind = places["category"].to_numpy(dtype=object)
    off = (places["on_campus"] == "").to_numpy(dtype=bool)
    joined = np.zeros(len(places), dtype=bool)
    joined[doors.owner] = True
    rows = [np.flatnonzero(kind == category) for category in categories]
    counting = off & joined
    recorded = recorded_table(
        _near(people, places[counting], surroundings_m(people, profile)),
        kind[counting],
        categories,
        surroundings_m(people, profile),
    )
    found = {}
    for state in profile.states:
        times = time_table(ready.network, starts, doors, profile, limit_s, state=state)
        times = np.where(times < 0, _FAR, times)
        found[state] = _Measured(
            now_ms=_nearest(times, [row[off[row]] for row in rows]),
            on_campus_ms=_nearest(times, [row[~off[row]] for row in rows]),
            count=_count(times, [row[off[row]] for row in rows], standard),
        )
    connected = ~np.isin(np.array(starts.ids, dtype=object), list(starts.unconnected))
    exists, missing = confirmed_tables(people, records, categories)
    states = {
        state: judge_needs(
            one.now_ms,
            one.on_campus_ms,
            standard,
            recorded=recorded,
            connected=connected,
            exists=exists,
            missing=missing,
        )
        for state, one in found.items()
    }
    best = found[known_state(profile)]
    near = within(best.now_ms, standard)
    recorded |= best.now_ms >= 0
    return NeedTable(
        categories=tuple(categories),
        state=states[known_state(profile)],
        now_ms=best.now_ms,
        standard_ms=standard,
        limit_ms=round(limit_s * MS_PER_S),
        on_campus_ms=best.on_campus_ms,
        count=best.count,
        sure_state=states.get(State.CONFIRMED, states[known_state(profile)]),
        confirmed=exists | missing,
        contested=connected[:, np.newaxis] & recorded & ((exists & ~near) | (missing & near)),
        recorded=recorded,
        urban=urban,
        connected=connected,
    )


@dataclass(frozen=True, eq=False)
class _Measured:
    """Milliseconds off and on campus, −1 for none, and how many; shape ``(h, s)`` each."""

    now_ms: Ints32
    on_campus_ms: Ints32
    count: Ints32


def _near(people: People, places: gpd.GeoDataFrame, reach_m: float) -> Floats:
    """Return the metres in a straight line from each origin to each place, infinite beyond."""
    origins = make_origins(people.ready.sites).set_index("id").geometry
    starts = np.asarray(origins.loc[people.residents["origin_id"]].array, dtype=object)
    shapes = place_shapes(places)
    near = np.full((len(starts), len(shapes)), np.inf)
    if len(shapes):
        tree = shapely.STRtree(shapes)
        origin, place = tree.query(starts, predicate="dwithin", distance=reach_m)
        near[origin, place] = shapely.distance(starts[origin], shapes[place])
    return near


def _nearest(times: Ints32, rows: list[Ints]) -> Ints32:
    columns = [times[:, row].min(axis=1, initial=_FAR) for row in rows]
    table = _stacked(columns, len(times))
    return np.where(table == _FAR, -1, table).astype(np.int32)


def _count(times: Ints32, rows: list[Ints], standard: Ints32) -> Ints32:
    columns = [
        (times[:, row] <= standard[:, [column]]).sum(axis=1) for column, row in enumerate(rows)
    ]
    return _stacked(columns, len(times))


def _stacked(columns: list[Any], height: int) -> Ints32:
    """Set columns side by side, also where there are none."""
    table = np.stack(columns, axis=1) if columns else np.empty((height, 0))
    return np.asarray(table, dtype=np.int32)
