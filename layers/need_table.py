"""Which needs of residents are met today, category by category, against a standard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.door_times import time_table
from geo.network import MS_PER_S
from geo.profiles import Profile, State
from layers.area_types import area_types
from layers.confirmations import EXISTS, Confirmation, read_confirmations, winning
from layers.people import People, known_state
from layers.standards import check_standards, standard_minutes

Ints8 = npt.NDArray[np.int8]
Ints = npt.NDArray[np.int64]
Ints32 = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]

MET, ONLY_ON_CAMPUS, NOT_MET, NOT_RECORDED = 0, 1, 2, 3
"""A category is reached off campus within the standard, or somebody has confirmed that it is;
only on the grounds; not (places are known, but too far, or somebody has looked and there is
none); OSM knows none off campus, and nobody has looked, or the house is joined to no way:
this is no gap."""

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
        Whether OSM records any place off campus that is joined to a way, shape ``(s,)``.
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
    standard = _standards(people, categories, urban)
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
    recorded = np.array([bool((off & joined)[row].any()) for row in rows], dtype=bool)
    found = {}
    for state in profile.states:
        times = time_table(ready.network, starts, doors, profile, limit_s, state=state)
        times = np.where(times < 0, _FAR, times)
        found[state] = _Measured(
            now=_nearest(times, [row[off[row]] for row in rows]),
            on_campus=_nearest(times, [row[~off[row]] for row in rows]),
            count=_count(times, [row[off[row]] for row in rows], standard),
        )
    connected = ~np.isin(np.array(starts.ids, dtype=object), list(starts.unconnected))
    exists, missing = _confirmed(people, records, categories)
    known = connected[:, np.newaxis] & recorded
    states = {
        state: _judged(one, standard, known, connected, exists, missing)
        for state, one in found.items()
    }
    best = found[known_state(profile)]
    within = best.now <= standard
    return NeedTable(
        categories=tuple(categories),
        state=states[known_state(profile)],
        now_ms=_told(best.now),
        standard_ms=standard,
        limit_ms=round(limit_s * MS_PER_S),
        on_campus_ms=_told(best.on_campus),
        count=best.count,
        sure_state=states.get(State.CONFIRMED, states[known_state(profile)]),
        confirmed=exists | missing,
        contested=known & ((exists & ~within) | (missing & within)),
        recorded=recorded,
        urban=urban,
        connected=connected,
    )


@dataclass(frozen=True, eq=False)
class _Measured:
    """Milliseconds off and on campus, ``_FAR`` for none, and how many; shape ``(h, s)`` each."""

    now: Ints32
    on_campus: Ints32
    count: Ints32


def _nearest(times: Ints32, rows: list[Ints]) -> Ints32:
    columns = [times[:, row].min(axis=1, initial=_FAR) for row in rows]
    return _stacked(columns, len(times))


def _count(times: Ints32, rows: list[Ints], standard: Ints32) -> Ints32:
    columns = [
        (times[:, row] <= standard[:, [column]]).sum(axis=1) for column, row in enumerate(rows)
    ]
    return _stacked(columns, len(times))


def _stacked(columns: list[Any], height: int) -> Ints32:
    """Set columns side by side, also where there are none."""
    table = np.stack(columns, axis=1) if columns else np.empty((height, 0))
    return np.asarray(table, dtype=np.int32)


def _judged(  # noqa: PLR0917 - tables of one shape
    found: _Measured,
    standard: Ints32,
    known: Bools,
    connected: Bools,
    exists: Bools,
    missing: Bools,
) -> Ints8:
    """Return the state of every need; what somebody saw counts before what OSM says."""
    on_campus = (found.on_campus <= standard) & connected[:, np.newaxis]
    within = (found.now <= standard) & known
    state = np.select(
        [exists, within & ~missing, on_campus, missing | known],
        [MET, MET, ONLY_ON_CAMPUS, NOT_MET],
        NOT_RECORDED,
    )
    return np.asarray(state, dtype=np.int8)


def _confirmed(
    people: People, records: Sequence[Confirmation], categories: Sequence[str]
) -> tuple[Bools, Bools]:
    """Return what somebody has confirmed to exist, and to be missing, shape ``(h, s)``."""
    residents = people.residents
    exists = np.zeros((len(residents), len(categories)), dtype=bool)
    missing = np.zeros_like(exists)
    place = {category: column for column, category in enumerate(categories)}
    ids = zip(residents["origin_id"], residents["site_id"], strict=True)
    for row, (origin, site) in enumerate(ids):
        for category, record in winning(records, origin, site).items():
            if category in place:
                table = exists if record.status == EXISTS else missing
                table[row, place[category]] = True
    return exists, missing


def _told(times: Ints32) -> Ints32:
    return np.where(times == _FAR, -1, times).astype(np.int32)


def _standards(people: People, categories: Sequence[str], urban: Bools) -> Ints32:
    """Return milliseconds, shape ``(h, s)``."""
    minutes = [
        [standard_minutes(people.ready, category, urban=bool(one)) for category in categories]
        for one in (False, True)
    ]
    table = np.rint(np.array(minutes).reshape(2, len(categories)) * 60 * MS_PER_S)
    return np.asarray(table[urban.astype(np.int64)], dtype=np.int32)
