"""Areas as data for the page: the isochrones, and others that belong to profile and threshold."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from shapely import MultiPolygon

from geo.crs import WGS84
from layers.snapshot import Snapshot
from maps.encoding import pack_shapes
from maps.profile_data import variants

_DETAIL_M = 1.0
"""Corners nearer to their straight line than this are left out; at zoom 17 that is a pixel."""

_WIDE_DETAIL_M = 3.0
"""The same for wide areas, which nobody looks at from so near."""

_WIDE_FROM_M_S = 2.0
"""From this speed on areas are wide."""

_MANY = 100
"""From so many origins on the file gets large: details are halved and coordinates coarser."""

_MANY_FACTOR = 2.0
_MANY_UNIT = 4
"""World pixels that coordinates are rounded to: 0.7 m in Germany."""


def reach_packs(snapshot: Snapshot, origins: Sequence[str]) -> list[dict[str, Any]]:
    """Pack the isochrones.

    Parameters
    ----------
    snapshot
        What a build computed.
    origins
        Ids of sites and houses in the order of the page.

    Returns
    -------
    list of dict
        For each variant (see `maps.profile_data.variants`) one pack of shapes: those of the
        first origin by minutes, then those of the second, and so on. Where nothing is
        reached, or nothing was computed, the shape has no parts.
    """
    return pack_areas(snapshot.isochrones, "house_id", origins, snapshot, variants(snapshot))


def pack_areas(
    frame: gpd.GeoDataFrame,
    column: str,
    keys: Sequence[str],
    snapshot: Snapshot,
    states: Sequence[tuple[str, str]],
    *,
    coarse: bool = False,
) -> list[dict[str, Any]]:
    """Pack areas that belong to something and to a profile, state and threshold.

    Parameters
    ----------
    frame
        ``profile``, ``state``, ``minutes`` and ``column``; areas in a metric CRS.
    column
        Name of the column that tells whose an area is.
    keys
        Whose areas are packed, in their order.
    snapshot
        Whose thresholds and profiles these are.
    states
        Profile and state of each pack.
    coarse
        Whether half the detail is enough, as beneath a broad line; with many keys it always is.

    Returns
    -------
    list of dict
        For each profile and state one pack of shapes: those of the first key by minutes, then
        those of the second, and so on; a shape without parts where there is no area.
    """
    steps = {minutes: step for step, minutes in enumerate(snapshot.minutes)}
    place = {key: number * len(steps) for number, key in enumerate(keys)}
    many = coarse or len(keys) >= _MANY
    packs = []
    for profile, state in states:
        rows = frame[(frame["profile"] == profile) & (frame["state"] == state)]
        rows = rows[rows[column].isin(keys) & rows["minutes"].isin(snapshot.minutes)]
        wide = snapshot.profiles[profile].speed_m_s >= _WIDE_FROM_M_S
        detail = (_WIDE_DETAIL_M if wide else _DETAIL_M) * (_MANY_FACTOR if many else 1.0)
        simple = gpd.GeoSeries(_simplified(rows.geometry.to_numpy(), detail), crs=frame.crs)
        lonlat = simple.to_crs(WGS84) if len(simple) else simple
        shapes = np.full(len(keys) * len(steps), MultiPolygon(), dtype=object)
        position = [
            place[key] + steps[int(minutes)]
            for key, minutes in zip(rows[column], rows["minutes"], strict=True)
        ]
        shapes[position] = np.asarray(lonlat.to_numpy(), dtype=object)
        packs.append(pack_shapes(shapes, unit=_MANY_UNIT if many else 1).as_json())
    return packs


def _simplified(shapes: npt.NDArray[Any], detail: float) -> npt.NDArray[np.object_]:
    """Leave corners out that are nearer than this to their line, on all processors."""
    workers = os.cpu_count() or 1
    chunks = np.array_split(np.asarray(shapes, dtype=object), workers)
    simplify = partial(shapely.simplify, tolerance=detail, preserve_topology=False)
    with ThreadPoolExecutor(workers) as pool:
        return np.concatenate(list(pool.map(simplify, chunks)))
