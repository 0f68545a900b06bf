"""All searches of a study, variant by variant: travel times, areas, and ways reached.

A variant is a profile with a state of the ways. Origins are searched some at a time, and what
the search grew is dropped before the next: a thousand houses by bicycle would fill gigabytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.coverage import measure_coverage
from geo.isochrones import isochrones
from geo.profiles import Mode, Profile
from geo.progress import Progress, silent
from geo.snapping import Snapped
from geo.travel_time import ready_kernel, search, travel_time_matrix
from layers.study_network import StudyNetwork

_AT_ONCE = 128
"""Origins whose search trees are held at the same time."""

_CELL_M, _RIDING_CELL_M = 10.0, 20.0
"""Cells of the grids that areas are drawn from: at most ten seconds of the way, riding six."""

KEYS = ("from_id", "to_id", "profile", "state")
"""Columns of the travel times that are the same in many rows, kept as categories."""


@dataclass(frozen=True, eq=False)
class Found:
    """What all searches of a study found, sorted by their keys.

    Attributes
    ----------
    travel_times
        As ``geo.travel_time.travel_time_matrix`` makes them, the keys as categoricals in
        the order of the alphabet: text would take five times the memory.
    isochrones
        As ``geo.isochrones.isochrones`` makes them.
    coverage
        As ``geo.coverage.measure_coverage`` makes it.
    """

    travel_times: pd.DataFrame
    isochrones: gpd.GeoDataFrame
    coverage: pd.DataFrame


def search_all(ready: StudyNetwork, progress: Progress = silent) -> Found:
    """Search from every origin, for every profile and state, and measure what is reached.

    Parameters
    ----------
    ready
        The study, its network and places.
    progress
        Told of each profile.
    """
    ready_kernel(progress)
    settings = ready.study.settings
    limit_s = 60.0 * settings.max_minutes
    times: list[pd.DataFrame] = []
    areas: list[gpd.GeoDataFrame] = []
    covered: list[pd.DataFrame] = []
    types: dict[str, pd.CategoricalDtype] = {}
    for profile in ready.profiles.values():
        progress(f"Wege und Flächen rechnen: {profile.label}")
        starts, goals = ready.origins(profile), ready.destinations(profile)
        types = types or _key_types(ready, starts, goals)
        cell_m = cell_of(profile)
        for state in profile.states:
            for some in _batches(starts):
                trees = search(ready.network, some, profile, limit_s, state)
                matrix = travel_time_matrix(ready.network, trees, goals)
                times.append(matrix.astype(types))
                areas.append(isochrones(ready.network, trees, settings.minutes, cell_m=cell_m))
                covered.append(
                    measure_coverage(ready.network, trees, settings.minutes, ready.seats)
                )
    drawn: Any = pd.concat(areas, ignore_index=True)
    return Found(
        travel_times=_sorted(times, list(KEYS)),
        isochrones=drawn.sort_values(
            ["house_id", "profile", "state", "minutes"], ignore_index=True
        ),
        coverage=_sorted(covered, ["house_id", "profile", "minutes"]),
    )


def cell_of(profile: Profile) -> float:
    """Return the size of the cells that a profile's areas are drawn from, metres."""
    return _RIDING_CELL_M if profile.mode is Mode.BICYCLE else _CELL_M


def _sorted(parts: list[pd.DataFrame], keys: list[str]) -> pd.DataFrame:
    return pd.concat(parts, ignore_index=True).sort_values(keys, ignore_index=True)


def _key_types(
    ready: StudyNetwork, starts: Snapped, goals: Snapped
) -> dict[str, pd.CategoricalDtype]:
    states = {state.value for profile in ready.profiles.values() for state in profile.states}
    values = (starts.ids, goals.ids, ready.profiles, states)
    return {
        key: pd.CategoricalDtype(pd.Index(sorted(known), dtype="str"))
        for key, known in zip(KEYS, values, strict=True)
    }


def _batches(snapped: Snapped) -> Iterator[Snapped]:
    """Yield some owners at a time, with their access points."""
    for first in range(0, max(len(snapped.ids), 1), _AT_ONCE):
        yield snapped.some(first, first + _AT_ONCE)
