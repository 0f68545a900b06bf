"""Isochrones: the area around the ways that a house reaches within so many minutes.

A grid of times is made from the network reached, partly reached edges included: every cell
within ``RADIUS_M`` of a way takes the exact time of the nearest spot on the nearest way that
is open on foot. If the tree does not get there, because that way is not passable for its
profile or lies too far, neither is the cell reached. The grid is contoured for all
thresholds. So the areas follow the ways and have holes. Nothing spills over water or a
railway, for no cell is joined to a way across them, and where the map knows of none, the
ways of the other bank are nearer beyond the middle.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import groupby
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo._detailed import detailed_areas
from geo._drawer import RADIUS_M, Drawer, surface_of
from geo._passable import passable
from geo.network import MS_PER_S, StreetNetwork
from geo.travel_time import Tree

__all__ = ["RADIUS_M", "isochrones"]

Ints = npt.NDArray[np.int64]


def isochrones(
    network: StreetNetwork,
    trees: Sequence[Tree],
    minutes: Sequence[int] = (5, 10, 15),
    *,
    cell_m: float = 10.0,
    detailed: bool = False,
    threads: int | None = None,
) -> gpd.GeoDataFrame:
    """Draw the areas that origins reach.

    Parameters
    ----------
    network
        The network searched.
    trees
        As ``geo.travel_time.search`` makes them, at least as far as the longest threshold.
    minutes
        Thresholds.
    cell_m
        Size of the cells of the grid, metres; coarser is quicker.
    detailed
        Draw the union of ``RADIUS_M`` around every stretch reached, cut exactly where the
        time is up, less what lies nearer to a way that is not, instead of a grid: some two
        hundred times slower.
    threads
        How many houses are drawn at once; None for one per core. The areas do not depend
        on it.

    Returns
    -------
    geopandas.GeoDataFrame
        ``house_id`` (of the house or site), ``profile``, ``state``, ``minutes``,
        MultiPolygon in the CRS of the network, coordinates to 0.1 m; sorted by these
        columns. A shorter threshold's area lies within a longer one's, and what is confirmed
        within what is possible. Origins that are not connected have no rows.

    Raises
    ------
    ValueError
        If a tree does not reach as far as the longest threshold.
    """
    asked = sorted(set(minutes))
    trees = sorted(trees, key=lambda tree: (tree.origin_id, tree.profile_id, tree.state))
    for tree in trees:
        if asked and tree.limit_ms < asked[-1] * 60 * MS_PER_S:
            raise ValueError(f"tree of {tree.origin_id} ends before {asked[-1]} minutes")
    trees = [tree for tree in trees if len(tree.steps.edge)]
    limits_ms = np.array(asked, dtype=np.int64) * 60 * MS_PER_S
    groups: list[list[Tree]]
    draw: Callable[[list[Tree]], list[npt.NDArray[Any]]]
    if detailed:
        draw = _draw_detailed(network, limits_ms, cell_m)
        groups = [list(group) for _, group in groupby(trees, key=_owner)]
    else:
        draw = Drawer(network, limits_ms, cell_m).draw_all
        groups = [[tree] for tree in trees]
    for tree in trees:
        # Made here, so that no two threads make the same.
        surface_of(network, tree, cell_m)
        passable(network, tree.profile_id, tree.state)
    workers = min(threads or os.cpu_count() or 1, len(groups))
    drawn: list[npt.NDArray[Any]] = []
    if asked and workers:
        with ThreadPoolExecutor(workers) as pool:
            drawn = [areas for found in pool.map(draw, groups) for areas in found]
    rows = [
        (tree.origin_id, tree.profile_id, tree.state.value, minute, area)
        for tree, areas in zip(trees, drawn, strict=False)
        for minute, area in zip(asked, areas, strict=True)
        if not area.is_empty
    ]
    frame = pd.DataFrame(
        {
            "house_id": pd.Series([row[0] for row in rows], dtype="str"),
            "profile": pd.Series([row[1] for row in rows], dtype="str"),
            "state": pd.Series([row[2] for row in rows], dtype="str"),
            "minutes": pd.Series([row[3] for row in rows], dtype="int64"),
        }
    )
    return gpd.GeoDataFrame(frame, geometry=[row[4] for row in rows], crs=network.crs)


def _owner(tree: Tree) -> tuple[str, str]:
    return tree.origin_id, tree.profile_id


def _draw_detailed(
    network: StreetNetwork, limits_ms: Ints, cell_m: float
) -> Callable[[list[Tree]], list[npt.NDArray[Any]]]:
    return partial(
        detailed_areas,
        network,
        limits_ms=limits_ms,
        radius_m=RADIUS_M,
        smallest_m2=cell_m**2,
    )
