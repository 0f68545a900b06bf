"""How far it is from each origin to each place, and what it reaches, as data for the page.

Most numbers follow from others: whoever walks slower takes the same ways, and a time is
nearly the metres over the speed. So only differences to what was to be expected are written;
``maps/frontend/src/times.ts`` is the other half of this file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from layers.access import (
    NOT_REACHABLE,
    NOT_RECORDED,
    ONLY_ON_CAMPUS,
    REACHABLE,
    threshold_column,
)
from layers.snapshot import Snapshot
from maps.encoding import pack_numbers, zigzag
from maps.profile_data import variants

STATUSES = ("", REACHABLE, ONLY_ON_CAMPUS, NOT_RECORDED, NOT_REACHABLE)
"""States of an access indicator by number; ``maps/frontend/src/model.ts`` has the same."""

_ESTIMATED, _PRIVATE, _BY_HOURS = 1, 2, 4

Ints = npt.NDArray[np.int64]


def time_tables(
    snapshot: Snapshot, places: Sequence[str], origins: Sequence[str]
) -> list[dict[str, Any]]:
    """Pack how long and how far it is from each origin to each place.

    Parameters
    ----------
    snapshot
        What a build computed.
    places, origins
        Ids in the order of the page; rows of others are left out.

    Returns
    -------
    list of dict
        For each variant (see `maps.profile_data.variants`) a table. ``speed``: metres per
        second. ``reference``: number of the variant whose metres are expected here, too,
        None where none are. ``runs`` and ``cells``: how many there are. ``data``: base64 of
        deflated variable-length integers (see `maps.encoding`). First the lengths of runs
        of cells of ``origins × places``, by turns without and with a way, then for each
        cell with a way in turn: all metres, less those of the reference if it has a way
        (zigzag); all seconds, rounded up, less the metres over the speed, rounded up
        (zigzag); marks (1 estimated, 2 over private ways, 4 through a gate that is open at
        times); 1 + metres of ways whose state is not known (0: not said).
    """
    times = snapshot.travel_times
    shape = (len(origins), len(places))
    numbered = variants(snapshot)
    metres_of: list[Ints] = []
    rows_of: list[tuple[pd.DataFrame, Ints]] = []
    for profile, state in numbered:
        rows = times[(times["profile"] == profile) & (times["state"] == state)]
        where, known = _cells(rows, (("from_id", origins), ("to_id", places)))
        rows, cell = rows[known], np.ravel_multi_index(where, shape)
        order = np.argsort(cell)
        rows, cell = rows.iloc[order], cell[order]
        metres = np.full(shape[0] * shape[1], -1, dtype=np.int64)
        metres[cell] = np.rint(rows["distance_m"].to_numpy(dtype=np.float64))
        metres_of.append(metres)
        rows_of.append((rows, cell))
    tables = []
    for number, (profile, _) in enumerate(numbered):
        reference = reference_of(numbered, number)
        expected = metres_of[number] * 0 if reference is None else metres_of[reference]
        speed = snapshot.profiles[profile].speed_m_s
        table = _table(*rows_of[number], np.maximum(expected, 0), speed)
        tables.append({"reference": reference, **table})
    return tables


def reference_of(numbered: Sequence[tuple[str, str]], number: int) -> int | None:
    """Return the variant whose ways are most like those of another, None for the first.

    Confirmed ways are compared with the possible ones of the same profile, all others with
    the ways of the first profile.
    """
    profile, state = numbered[number]
    wider = (profile, "possible")
    if state == "confirmed" and wider in numbered:
        return numbered.index(wider)
    first = numbered[0][0]
    return None if profile == first else numbered.index((first, "confirmed"))


def _table(rows: pd.DataFrame, cell: Ints, expected: Ints, speed: float) -> dict[str, Any]:
    """Pack the rows of a variant, whose metres are expected to be these, cell by cell."""
    metres = np.rint(rows["distance_m"].to_numpy(dtype=np.float64)).astype(np.int64)
    # Times are exact to a tenth of a second. Rounded up, "at most ten minutes" stays true
    # or false for the very same places.
    tenths = np.rint(rows["travel_time_s"].to_numpy(dtype=np.float64) * 10).astype(np.int64)
    seconds = -(-tenths // 10)
    marks = _flag(rows, "estimated", _ESTIMATED) + _flag(rows, "private", _PRIVATE)
    marks += _flag(rows, "by_hours", _BY_HOURS)
    unknown = np.zeros_like(metres)
    if "unknown_m" in rows:
        unknown = 1 + np.rint(_numbers(rows["unknown_m"], -1.0)).astype(np.int64)
    runs = _runs(cell, len(expected))
    walked = np.ceil(metres / speed).astype(np.int64)
    arrays = [runs, zigzag(metres - expected[cell]), zigzag(seconds - walked), marks, unknown]
    return {
        "speed": speed,
        "runs": len(runs),
        "cells": len(cell),
        "data": pack_numbers(arrays),
    }


def _runs(cell: Ints, count: int) -> Ints:
    """Return the lengths of runs without and with a way, by turns; the first may be 0."""
    present = np.zeros(count + 2, dtype=np.int8)
    present[cell + 1] = 1
    edges = np.flatnonzero(np.diff(present))
    return np.diff(edges, prepend=0, append=count)


def _flag(rows: pd.DataFrame, name: str, bit: int) -> Ints:
    if name not in rows:
        return np.zeros(len(rows), dtype=np.int64)
    return bit * rows[name].to_numpy(dtype=bool).astype(np.int64)


def access_table(
    snapshot: Snapshot,
    places: Sequence[str],
    origins: Sequence[str],
    categories: Sequence[str],
    variants: Sequence[tuple[str, str]],
) -> str:
    """Pack the access indicators of the categories that are shown.

    Parameters
    ----------
    snapshot
        What a build computed.
    places, origins, categories, variants
        Ids, and pairs of profile and state, in the order in which the page numbers them.

    Returns
    -------
    str
        Base64 of deflated variable-length integers (see `maps.encoding`), one array of
        ``variants × origins × categories`` after the other: status (position in `STATUSES`,
        0: no indicators), 1 + index of the nearest place (0: none), detour in hundredths
        (0: not known), for each threshold 1 + count (0: not known, which is not nought), and
        1 + count on campus (0: not known).
    """
    access = snapshot.access
    names = [" ".join(variant) for variant in variants]
    variant = access["profile"].str.cat(access["state"], sep=" ")
    keys = (("variant", names), ("house_id", origins), ("category", categories))
    where, known = _cells(access.assign(variant=variant), keys)
    rows = access[known]
    shape = tuple(len(values) for _, values in keys)

    def table(values: npt.ArrayLike) -> Ints:
        filled = np.zeros(shape, dtype=np.int64)
        filled[where] = values
        return filled.ravel()

    # Without a way no place is near, whatever stands in the column.
    nearest = rows["nearest_id"].where(rows["nearest_s"].notna(), "")
    counts = [rows[threshold_column(minutes)] for minutes in snapshot.minutes]
    return pack_numbers(
        [
            table(pd.Index(STATUSES).get_indexer(pd.Index(rows["status"]))),
            table(pd.Index(list(places)).get_indexer(pd.Index(nearest)) + 1),
            table(np.rint(_numbers(rows["detour"], 0.0) * 100)),
            *(table(_numbers(count, -1.0) + 1) for count in counts),
            table(_numbers(rows["n_on_campus"], -1.0) + 1),
        ]
    )


def _cells(
    frame: pd.DataFrame, keys: Sequence[tuple[str, Sequence[str]]]
) -> tuple[tuple[Ints, ...], npt.NDArray[np.bool_]]:
    """Return the cell of each row in a table of some keys, and which rows have one."""
    cell = [pd.Index(list(known)).get_indexer(pd.Index(frame[name])) for name, known in keys]
    inside: npt.NDArray[np.bool_] = np.all([position >= 0 for position in cell], axis=0)
    return tuple(np.asarray(position[inside], dtype=np.int64) for position in cell), inside


def _numbers(values: pd.Series[Any], missing: float) -> npt.NDArray[np.float64]:
    """Return numbers, another one where a value is missing."""
    numbers = values.astype("Float64").to_numpy(dtype=np.float64, na_value=missing)
    return np.asarray(numbers, dtype=np.float64)
