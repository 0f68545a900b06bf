"""Areas that some people reach and enough others do as well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo._drawer import Drawer, surface_of
from geo._passable import passable
from geo._search import in_threads
from geo.counting import Crowd, times_until
from geo.network import MS_PER_S
from geo.travel_time import Tree

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def common_areas(
    crowd: Crowd,
    trees: Mapping[str, Sequence[Tree]],
    needs: Mapping[str, int],
    minutes: Sequence[int],
    *,
    cell_m: float = 10.0,
) -> gpd.GeoDataFrame:
    """Draw for each group what at least one of it reaches, and enough of a crowd as well.

    Drawn like isochrones. A cell belongs to the spot on a way that is nearest to it. It is
    reached by the group as for ``geo.isochrones.isochrones``. Enough have come to a node of the
    network at the very moment when the last of them can be there; along an edge they
    go on from its ends, which is never too early: people who live along the edge may be there
    sooner. The later of both times decides.

    Parameters
    ----------
    crowd
        The others.
    trees
        By the group's id, as ``geo.travel_time.search`` makes them, of the profile and state
        of the crowd and at least as far as the longest threshold; not reversed.
    needs
        By the group's id how much of the crowd's weight is enough, above 0.
    minutes
        Thresholds.
    cell_m
        Size of the cells of the grid, metres.

    Returns
    -------
    geopandas.GeoDataFrame
        ``site_id`` (the group's), ``profile``, ``state``, ``minutes``, MultiPolygon in the CRS
        of the network, coordinates to 0.1 m; sorted by these columns. A shorter threshold's
        area lies within a longer one's, and each within the isochrone of the group's trees.
        Groups without any such area have no rows.

    Raises
    ------
    ValueError
        If a tree does not reach as far as the longest threshold, or is not of the crowd's
        profile and state.
    """
    network, asked = crowd.network, sorted(set(minutes))
    groups = {name: [tree for tree in trees[name] if len(tree.steps.edge)] for name in trees}
    names = sorted(name for name, some in groups.items() if some) if asked else []
    limits_ms = np.array(asked, dtype=np.int64) * 60 * MS_PER_S
    for name in names:
        for tree in groups[name]:
            _check(tree, crowd, int(limits_ms[-1]))
            # Made here, so that no two threads make the same.
            surface_of(network, tree, cell_m)
    rows: list[tuple[str, int, Any]] = []
    if names:
        passable(network, crowd.profile.id, crowd.state)
        met = _times_met(crowd, [groups[name] for name in names], [needs[name] for name in names],
                         int(limits_ms[-1]))  # fmt: skip
        drawer = Drawer(network, limits_ms, cell_m)

        def draw(number: int) -> npt.NDArray[Any]:
            return drawer.draw(groups[names[number]], met[number])

        for name, areas in zip(names, in_threads(draw, range(len(names))), strict=True):
            rows += [
                (name, minute, area)
                for minute, area in zip(asked, areas, strict=True)
                if not area.is_empty
            ]
    frame = pd.DataFrame(
        {
            "site_id": pd.Series([row[0] for row in rows], dtype="str"),
            "profile": pd.Series(crowd.profile.id, index=range(len(rows)), dtype="str"),
            "state": pd.Series(crowd.state.value, index=range(len(rows)), dtype="str"),
            "minutes": pd.Series([row[1] for row in rows], dtype="int64"),
        }
    )
    return gpd.GeoDataFrame(frame, geometry=[row[2] for row in rows], crs=network.crs)


def _times_met(
    crowd: Crowd, groups: Sequence[Sequence[Tree]], needs: Sequence[int], limit_ms: int
) -> Ints:
    """Return for each group when enough have come to each node that matters to it."""
    network = crowd.network
    wanted = np.zeros((len(network.node_xy), len(groups)), dtype=bool)
    for number, some in enumerate(groups):
        for tree in some:
            wanted[tree.node[tree.time_ms <= limit_ms], number] = True
            # The edges on which the group sets out may have no end that is reached.
            for ends in (network.edge_from, network.edge_to):
                wanted[ends[tree.steps.edge], number] = True
    wanted |= _beyond(network.edge_from, network.edge_to, wanted)
    found = times_until(crowd, wanted, np.array(needs, dtype=np.int64), limit_ms)
    return np.ascontiguousarray(found.T)


def _beyond(begin: npt.NDArray[Any], end: npt.NDArray[Any], wanted: Bools) -> Bools:
    """Return the far ends of all edges that are entered: others may come from there."""
    beyond = np.zeros_like(wanted)
    for number in range(wanted.shape[1]):
        beyond[end[wanted[begin, number]], number] = True
        beyond[begin[wanted[end, number]], number] = True
    return beyond


def _check(tree: Tree, crowd: Crowd, limit_ms: int) -> None:
    if tree.limit_ms < limit_ms:
        raise ValueError(f"tree of {tree.origin_id} ends before {limit_ms} ms")
    kind = (tree.profile_id, tree.state, tree.reverse)
    if kind != (crowd.profile.id, crowd.state, False):
        raise ValueError(f"tree of {tree.origin_id} is of another kind than the crowd")
