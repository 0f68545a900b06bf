"""The judge of what-if: everything computed anew with the same changes, and compared.

Nothing here uses what ``layers.scenario`` keeps or re-uses: the extract is changed, the
network built, places found, everything joined, searched and counted by the functions that a
build uses.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.counting import weights_within
from geo.edits import apply_edits
from geo.network import MS_PER_S, build_network
from layers.access import access_indicators
from layers.need_table import need_table
from layers.people import PARTS, People, reach_points
from layers.places import Places, find_places
from layers.scenario import Baseline
from layers.scenario_changes import Plan
from layers.scenario_table import UNKNOWN
from layers.scenario_times import BY_HOURS, ESTIMATED, PRIVATE
from layers.searching import search_all
from layers.study_network import StudyNetwork


@dataclass(frozen=True, eq=False)
class Rebuilt:
    """What a full computation gives.

    Attributes
    ----------
    access
        As ``layers.access.access_indicators`` makes it.
    travel_times
        As ``layers.searching.search_all`` finds them.
    areas
        Isochrones, sorted.
    needs
        States by profile id, residents × categories.
    house_reach
        Neighbours who reach each origin, lanes × origins × thresholds.
    new_reach
        Neighbours who reach each new place, by profile id: places × thresholds.
    """

    access: pd.DataFrame
    travel_times: pd.DataFrame
    areas: gpd.GeoDataFrame
    needs: dict[str, npt.NDArray[np.int8]]
    house_reach: npt.NDArray[np.float64]
    new_reach: dict[str, npt.NDArray[np.float64]]


def edited_study(ready: StudyNetwork, plan: Plan | None) -> StudyNetwork:
    """Return a study with changes, everything read and joined anew."""
    edits = () if plan is None else plan.edits
    extract, given = apply_edits(ready.extract, ready.sites, edits)
    network, sites = build_network(extract, given, ready.profiles, ready.terrain)
    changed = replace(
        ready, extract=extract, given=given, network=network, sites=sites, _joined={}
    )
    found: Any = ready.places  # a drawn town has places of its own
    if len(extract.features):
        found = find_places(extract, ready.taxonomy, sites, ready.crs)
    frame = found.frame
    if plan is not None:
        frame = pd.concat([frame[~frame["id"].isin(plan.gone)], plan.added])
    changed.__dict__["places"] = Places(frame.reset_index(drop=True), (), found.merges)
    changed.__dict__["seats"] = ready.seats
    return changed


def rebuild(
    ready: StudyNetwork,
    plan: Plan | None,
    invented: People | None = None,
    *,
    from_homes: bool = False,
) -> Rebuilt:
    """Compute everything anew.

    Parameters
    ----------
    ready
        The study as it is.
    plan
        What changes.
    invented
        Residents and neighbours of a drawn town; by default they are found anew.
    from_homes
        Search from every home to the houses, as people walk, not back from the houses:
        slower, and another way to the same count.
    """
    study = edited_study(ready, plan)
    settings = study.study.settings
    found = search_all(study)
    access = access_indicators(
        study.places.frame,
        found.travel_times,
        study.sites,
        study.taxonomy,
        minutes=settings.minutes,
        max_minutes=settings.max_minutes,
        profiles=study.profiles,
        unconnected=[
            (origin, key)
            for key, profile in study.profiles.items()
            for origin in study.origins(profile).unconnected
        ],
    )
    people = People(study)
    if invented is not None:
        people.__dict__.update(residents=invented.residents, neighbours=invented.neighbours)
    categories = [one.id for one in study.taxonomy.categories if one.indicator]
    needs = {
        key: need_table(people, profile, categories).state
        for key, profile in study.profiles.items()
    }
    new: dict[str, npt.NDArray[np.float64]] = {}
    if plan is not None and plan.new:
        leads = [thing.place_ids[0] for thing in plan.new]
        points = plan.added.set_index("id", drop=False).loc[leads].reset_index(drop=True)
        new = {
            key: reach_points(people, points, profile).neighbours
            for key, profile in study.profiles.items()
        }
    return Rebuilt(
        access,
        found.travel_times,
        found.isochrones,
        needs,
        _house_reach(people, from_homes=from_homes),
        new,
    )


def _house_reach(people: People, *, from_homes: bool) -> npt.NDArray[np.float64]:
    """Count who reaches each origin."""
    ready = people.ready
    minutes = ready.study.settings.minutes
    limits_ms = np.array(minutes, dtype=np.int64) * 60 * MS_PER_S
    lanes = []
    for key in sorted(ready.profiles):
        profile = ready.profiles[key]
        starts = ready.origins(profile)
        lanes += [
            weights_within(people.crowd(profile, state), starts, limits_ms, from_starts=from_homes)
            for state in profile.states
        ]
    return np.array(lanes) / PARTS


def differences(base: Baseline, anew: Rebuilt, *, areas: bool = True) -> list[str]:
    """Return what is not the same, one text each; nothing where all is.

    Parameters
    ----------
    base
        What what-if says.
    anew
        What a full computation says.
    areas
        Whether isochrones are compared, byte by byte.
    """
    found = [*_in_table(base, anew.access), *_in_times(base, anew.travel_times)]
    for key, state in anew.needs.items():
        count = int((base.needs[key] != state).sum())
        if count:
            found.append(f"needs {key}: {count}")
    if not np.array_equal(base.house_reach, anew.house_reach):
        count = int((base.house_reach != anew.house_reach).sum())
        found.append(f"neighbours of houses: {count}")
    for key, counts in anew.new_reach.items():
        lane = base.needs_asked.lanes[list(anew.needs).index(key)]
        mine = np.array([reach.neighbours[lane] for reach in base.new_reach])
        if not np.array_equal(mine, counts):
            found.append(f"neighbours of what is new, {key}")
    if areas:
        mine_areas = _by_key(base.areas)
        wrong = sum(
            mine_areas.get(key) != shape for key, shape in _by_key(anew.areas).items()
        ) + len(mine_areas.keys() - _by_key(anew.areas).keys())
        if wrong:
            found.append(f"isochrones: {wrong}")
    return found


def _in_times(base: Baseline, times: pd.DataFrame) -> list[str]:
    """Compare pair by pair with the exported times, what is said of the ways included."""
    kept = base.times
    seconds = np.round(kept.time_ms / MS_PER_S, 1)
    mine = {}
    for at in np.argwhere((kept.time_ms >= 0) & (seconds <= base.net.counter.max_minutes * 60)):
        lane, origin, place = at.tolist()
        profile, state = base.lanes[lane]
        marks = int(kept.marks[lane, origin, place])
        key = (base.origins["id"].iloc[origin], base.places.id[place], profile.id, state.value)
        mine[key] = (
            seconds[lane, origin, place],
            np.round(kept.distance_mm[lane, origin, place] / 1000, 1),
            bool(marks & ESTIMATED), bool(marks & PRIVATE), bool(marks & BY_HOURS),
            np.round(kept.unknown_mm[lane, origin, place] / 1000, 1),
        )  # fmt: skip
    columns = ["travel_time_s", "distance_m", "estimated", "private", "by_hours", "unknown_m"]
    keys = times[["from_id", "to_id", "profile", "state"]].itertuples(index=False, name=None)
    other = dict(zip(keys, times[columns].itertuples(index=False, name=None), strict=True))
    wrong = sum(other.get(key) != value for key, value in mine.items())
    wrong += len(other.keys() - mine.keys())
    return [f"times: {wrong} of {len(other)}"] if wrong else []


def _by_key(frame: gpd.GeoDataFrame) -> dict[tuple[Any, ...], bytes]:
    keys = frame[["house_id", "profile", "state", "minutes"]].itertuples(index=False, name=None)
    return dict(zip(keys, frame.geometry.to_wkb().tolist(), strict=True))


def _in_table(base: Baseline, access: pd.DataFrame) -> list[str]:
    """Compare cell by cell with the table of a build."""
    shape = base.table.nearest_id.shape
    order = access.sort_values(["profile", "state"], kind="stable")
    lanes = [(profile.id, state.value) for profile, state in base.lanes]
    ids = base.origins["id"].tolist()
    table, status = base.table, base.table.status
    columns = [f"n_{value:02d}" for value in base.minutes]
    row_of = {
        key: row
        for row, key in enumerate(
            zip(
                order["house_id"], order["profile"], order["state"], order["category"], strict=True
            )
        )
    }
    rows = np.array(
        [
            row_of[origin, *lane, category]
            for lane in lanes
            for origin in ids
            for category in base.categories
        ]
    )
    there = order.iloc[rows]
    wanted: dict[str, Any] = {
        "nearest_id": there["nearest_id"].fillna("").to_numpy(dtype=object),
        "nearest_s": there["nearest_s"].to_numpy(dtype=float, na_value=np.nan),
        "status": there["status"].to_numpy(dtype=object),
        "n_on_campus": there["n_on_campus"].to_numpy(dtype=float, na_value=UNKNOWN),
        **{one: there[one].to_numpy(dtype=float, na_value=UNKNOWN) for one in columns},
    }
    mine: dict[str, Any] = {
        "nearest_id": table.nearest_id,
        "nearest_s": table.nearest_s,
        "status": status,
        "n_on_campus": table.on_campus.astype(float),
        **{one: table.counts[..., number].astype(float) for number, one in enumerate(columns)},
    }
    found = []
    for name, values in wanted.items():
        other = mine[name]
        same = other == values.reshape(shape)
        if name == "nearest_s":
            same |= np.isnan(other) & np.isnan(values.reshape(shape))
        if not same.all():
            found.append(f"{name}: {int((~same).sum())}")
    return found
