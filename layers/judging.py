"""Judging needs by times, standards and what somebody has seen; nothing is searched here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.network import MS_PER_S
from geo.profiles import Profile
from layers.access import SURROUNDINGS_M_S
from layers.confirmations import EXISTS, Confirmation, winning
from layers.people import People
from layers.standards import standard_minutes

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints8 = npt.NDArray[np.int8]
Ints32 = npt.NDArray[np.int32]

MET, ONLY_ON_CAMPUS, NOT_MET, NOT_RECORDED = 0, 1, 2, 3
"""A category is reached off campus within the standard, or somebody has confirmed that it is;
only on the grounds; not (places are known, but too far, or somebody has looked and there is
none); OSM knows none off campus in the surroundings, and nobody has looked, or the house is
joined to no way: this is no gap."""


def standard_table(people: People, categories: Sequence[str], urban: Bools) -> Ints32:
    """Return the milliseconds within which each origin should reach each category.

    Parameters
    ----------
    people
        The study.
    categories
        Ids of ``s`` categories.
    urban
        Whether standards for towns count, shape ``(h,)``; see ``layers.area_types``.

    Returns
    -------
    numpy.ndarray
        Shape ``(h, s)``.

    Raises
    ------
    geo.errors.StudyError
        If the study sets a standard for an unknown category.
    """
    minutes = [
        [standard_minutes(people.ready, category, urban=bool(one)) for category in categories]
        for one in (False, True)
    ]
    table = np.rint(np.array(minutes).reshape(2, len(categories)) * 60 * MS_PER_S)
    return np.asarray(table[urban.astype(np.int64)], dtype=np.int32)


def confirmed_tables(
    people: People, records: Sequence[Confirmation], categories: Sequence[str]
) -> tuple[Bools, Bools]:
    """Return what somebody has confirmed to exist, and what to be missing.

    Parameters
    ----------
    people
        The study with its ``h`` origins of residents.
    records
        As ``layers.confirmations.read_confirmations`` returns them.
    categories
        Ids of ``s`` categories.

    Returns
    -------
    exists, missing
        Shape ``(h, s)`` each.
    """
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


def surroundings_m(people: People, profile: Profile) -> float:
    """Return how far around a house a place counts as recorded, metres in a straight line.

    As in ``layers.access``: so far as the longest time of the study leads at best, at
    everyday pace for all who are slower. So what is recorded does not depend on how large
    the extract is.

    Parameters
    ----------
    people
        The study.
    profile
        Who is on the way.
    """
    speed = max(profile.speed_m_s, SURROUNDINGS_M_S)
    return speed * people.ready.study.settings.max_minutes * 60


def recorded_table(
    near_m: Floats, kind: npt.NDArray[Any], categories: Sequence[str], radius_m: float
) -> Bools:
    """Return whether OSM records a place of each category in the surroundings.

    Parameters
    ----------
    near_m
        Metres in a straight line between where ways start and each place that counts, off
        campus and joined to a way; infinite for what is far; shape ``(h, p)``.
    kind
        Category of each of these places, shape ``(p,)``.
    categories
        Ids of ``s`` categories.
    radius_m
        As ``surroundings_m`` says.

    Returns
    -------
    numpy.ndarray
        Shape ``(h, s)``.
    """
    inside = near_m <= radius_m
    table = np.zeros((len(near_m), len(categories)), dtype=bool)
    for column, category in enumerate(categories):
        table[:, column] = inside[:, kind == category].any(axis=1)
    return table


def judge_needs(
    now_ms: Ints32,
    on_campus_ms: Ints32,
    standard_ms: Ints32,
    *,
    recorded: Bools,
    connected: Bools,
    exists: Bools,
    missing: Bools,
) -> Ints8:
    """Return the state of every need; what somebody saw counts before what OSM says.

    Parameters
    ----------
    now_ms, on_campus_ms
        Milliseconds to the nearest place off campus and on any grounds, −1 for none, shape
        ``(h, s)``.
    standard_ms
        As ``standard_table`` makes them, shape ``(h, s)``.
    recorded
        As ``recorded_table`` makes it, shape ``(h, s)``.
    connected
        Whether the origin is joined to a way, shape ``(h,)``.
    exists, missing
        As ``confirmed_tables`` makes them, shape ``(h, s)``.

    Returns
    -------
    numpy.ndarray
        ``MET``, ``ONLY_ON_CAMPUS``, ``NOT_MET`` or ``NOT_RECORDED``, shape ``(h, s)``.
    """
    # A standard may be longer than the longest time of the study; what is reached is recorded.
    known = connected[:, np.newaxis] & (recorded | (now_ms >= 0))
    state = np.select(
        [
            exists,
            known & within(now_ms, standard_ms) & ~missing,
            connected[:, np.newaxis] & within(on_campus_ms, standard_ms),
            missing | known,
        ],
        [MET, MET, ONLY_ON_CAMPUS, NOT_MET],
        NOT_RECORDED,
    )
    return np.asarray(state, dtype=np.int8)


def within(times_ms: Ints32, standard_ms: Ints32) -> Bools:
    """Return whether times are within standards; a time equal to its standard is.

    Parameters
    ----------
    times_ms
        Milliseconds, −1 for none, any shape.
    standard_ms
        Milliseconds, the same shape.
    """
    found: Bools = (times_ms >= 0) & (times_ms <= standard_ms)
    return found
