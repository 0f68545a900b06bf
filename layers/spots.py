"""Spots all over the neighbourhood, with the ways to them: so that a map can answer for any."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.door_times import door_times
from geo.network import MS_PER_S
from geo.profiles import Profile, State
from geo.snapping import snap_places
from layers.people import People, known_state, reach_points
from layers.small_numbers import shown_counts

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]

BUDGET_BYTES = 1_500_000
"""Bytes that the spots may take up in a page unless told otherwise."""

SPACINGS_M = (50, 70, 100, 140, 200, 280, 400, 560, 800)
"""Distances between spots, tried one after the other until they fit; each halves the number."""

MOST_SPOTS = 10_000
"""More are not searched from: each spot costs a search for its neighbours."""

MOST_STARTS = 60
"""From so many houses on the shortest way from each site counts, not that of each house."""

_MS_PER_MINUTE = 60 * MS_PER_S
_FAR = np.iinfo(np.int32).max
_BASE64 = 4 / 3


@dataclass(frozen=True, eq=False)
class Spots:
    """Who reaches each of ``n`` spots on the ways around the houses.

    Attributes
    ----------
    frame
        Metric CRS: ``id``, ``on_campus`` (site id or ""), ``outline`` (None), ``geometry``
        (Point on a way), row by row from the south, each from the west. What
        ``geo.snapping.snap_places`` asks for.
    spacing_m
        Side of the squares of which each has one spot at most.
    variants
        Profile and state of each table of minutes, ``v``.
    starts
        Ids of what people set out from, ``g``: of the houses (the origins of
        ``People.residents``), or of sites where there are many houses (a house off any
        grounds stands for itself), or "" alone where there are many of these, too.
    by
        ``"house"``, ``"site"`` or ``"all"``: what ``starts`` are.
    minutes
        Whole minutes from each start to each spot, one that has begun counting whole, 0
        beyond ``limit_min``; uint8, shape ``(v, g, n)``. Of several houses the nearest
        counts.
    limit_min
        Minutes that were searched.
    thresholds
        Minutes within which neighbours are counted.
    neighbours
        Neighbours who reach each spot within each threshold, first profile, as
        ``layers.small_numbers.shown_counts`` shows them, −1 for one to four people; shape
        ``(n, len(thresholds))``.
    profile_id
        Who the neighbours are on the way as.
    """

    frame: gpd.GeoDataFrame
    spacing_m: int
    variants: tuple[tuple[str, str], ...]
    starts: tuple[str, ...]
    by: str
    minutes: Bytes
    limit_min: int
    thresholds: tuple[int, ...]
    neighbours: Ints
    profile_id: str


def find_spots(people: People, budget_bytes: int = BUDGET_BYTES) -> Spots:
    """Choose spots around the houses, and find who reaches them.

    Spots lie on ways that are open on foot, at most one in each square of a grid, nearest to
    its middle; only those that the study's first profile reaches from some house within the
    study's last threshold count. The grid starts with squares of 50 m, and becomes coarser
    until all numbers fit.

    Parameters
    ----------
    people
        Residents and neighbours.
    budget_bytes
        Bytes that all may take up in a page (see ``size_in_page``).
    """
    ready = people.ready
    profiles = list(ready.profiles.values())
    first = profiles[0]
    starts, group, by = group_starts(people)
    thresholds = ready.study.settings.minutes
    limit = ready.study.settings.max_minutes
    variants = [(profile, state) for profile in profiles for state in profile.states]
    for spacing in SPACINGS_M:
        frame = _on_ways(people, first, spacing)
        if len(frame) > 4 * MOST_SPOTS and spacing != SPACINGS_M[-1]:
            continue
        near = _minutes(people, frame, (first, known_state(first)), group, limit)
        reached = (near > 0).any(axis=0)
        frame = gpd.GeoDataFrame(frame[reached].reset_index(drop=True))
        if len(frame) > MOST_SPOTS and spacing != SPACINGS_M[-1]:
            continue
        tables = [_minutes(people, frame, one, group, limit) for one in variants]
        minutes = np.array(tables, dtype=np.uint8).reshape(len(variants), len(starts), len(frame))
        if size_in_page(minutes, len(thresholds)) <= budget_bytes or spacing == SPACINGS_M[-1]:
            break
    frame["id"] = [f"spot:{number:05d}" for number in range(len(frame))]
    reach = reach_points(people, frame, first)
    shown = [shown_counts(column) for column in reach.neighbours.T]
    counts = [pd.array(column).to_numpy(dtype=np.int64, na_value=-1) for column in shown]
    return Spots(
        frame=frame,
        spacing_m=spacing,
        variants=tuple((profile.id, state.value) for profile, state in variants),
        starts=starts,
        by=by,
        minutes=minutes,
        limit_min=limit,
        thresholds=thresholds,
        neighbours=np.column_stack(counts) if counts else np.empty((len(frame), 0), np.int64),
        profile_id=first.id,
    )


def size_in_page(minutes: Bytes, thresholds: int) -> int:
    """Return about how many bytes spots take up in a page.

    Parameters
    ----------
    minutes
        As in ``Spots``, shape ``(v, g, n)``.
    thresholds
        How many thresholds neighbours are counted for: two bytes for each, six for where
        the spot lies.

    Returns
    -------
    int
        Bytes of base64 of the deflated differences from spot to spot.
    """
    steps = np.diff(minutes.astype(np.int8), axis=-1, prepend=np.int8(0))
    packed = len(zlib.compress(steps.tobytes(), 6)) + minutes.shape[-1] * (6 + 2 * thresholds)
    return int(packed * _BASE64)


def group_starts(people: People) -> tuple[tuple[str, ...], Ints, str]:
    """Return what ways are told from: houses, or sites where there are many houses.

    Parameters
    ----------
    people
        Residents and neighbours.

    Returns
    -------
    starts, group, by
        As ``Spots.starts``; the start of each origin of ``People.residents``; as ``Spots.by``.
    """
    origins = list(people.residents["origin_id"])
    if len(origins) <= MOST_STARTS:
        return tuple(origins), np.arange(len(origins)), "house"
    sites = people.residents["site_id"]
    names = [site or origin for site, origin in zip(sites, origins, strict=True)]
    starts, group = np.unique(np.array(names, dtype=object), return_inverse=True)
    if len(starts) <= MOST_STARTS:
        return tuple(starts), group.astype(np.int64), "site"
    return ("",), np.zeros(len(origins), dtype=np.int64), "all"


def _on_ways(people: People, first: Profile, spacing: int) -> gpd.GeoDataFrame:
    """Return a spot for each square of a grid that a way open on foot comes through."""
    ready = people.ready
    network = ready.network
    private = network.edge_private & (network.edge_site < 0)
    usable = network.edge_on_foot & ~network.edge_estimated & ~private
    # As the crow flies nobody gets farther.
    reach_m = first.speed_m_s * 60 * ready.study.settings.max_minutes
    begun = people.starts(first)
    from_here = shapely.points(begun.start_xy) if len(begun.start_xy) else np.empty(0, object)
    tree = shapely.STRtree(network.edge_geometry)
    near = np.unique(tree.query(from_here, predicate="dwithin", distance=reach_m)[1])
    edges = near[usable[near]]
    edge, xy = _along(network.edge_geometry[edges], spacing / 4)
    cell = np.floor(xy / spacing).astype(np.int64)
    off = np.hypot(*(xy - (cell + 0.5) * spacing).T).round(3)
    # Of equally good spots the first along the first edge.
    order = np.lexsort((off, cell[:, 0], cell[:, 1]))
    ordered = cell[order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    chosen = order[new]
    site = network.edge_site[edges[edge[chosen]]]
    names = np.array([*network.site_ids, ""], dtype=object)
    return gpd.GeoDataFrame(
        {
            "id": [str(number) for number in range(len(chosen))],
            "on_campus": names[site].astype(str),
            "outline": None,
        },
        geometry=shapely.points(xy[chosen]),
        crs=ready.crs,
    )


def _along(lines: npt.NDArray[Any], step: float) -> tuple[Ints, Floats]:
    """Return points along lines at most so far apart: line and place of each."""
    if not len(lines):
        return np.empty(0, dtype=np.int64), np.empty((0, 2))
    xy, line = shapely.get_coordinates(shapely.segmentize(lines, step), return_index=True)
    # Whole centimetres: which square a point lies in must not hang on the last digit.
    return line.astype(np.int64), xy.round(2)


def _minutes(
    people: People,
    frame: gpd.GeoDataFrame,
    variant: tuple[Profile, State],
    group: Ints,
    limit_min: float,
) -> Bytes:
    """Return whole minutes from each start to each spot, 0 beyond the limit."""
    profile, state = variant
    network = people.ready.network
    best = np.full((int(group.max(initial=-1)) + 1, len(frame)), _FAR, dtype=np.int32)
    joined = snap_places(network, frame, profile)
    starts = people.starts(profile)
    for found in door_times(network, starts, joined, profile, 60.0 * limit_min, state=state):
        where = group[found.origin], found.door
        np.minimum.at(best, where, found.time_ms.astype(np.int32))
    minutes = np.maximum(-(-best.astype(np.int64) // _MS_PER_MINUTE), 1)
    return np.where(best == _FAR, 0, minutes).astype(np.uint8)
