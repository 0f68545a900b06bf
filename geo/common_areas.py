"""Areas that some people reach and enough others do as well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo._drawer import Drawer, Met, surface_of
from geo._passable import passable
from geo._search import in_threads
from geo.counting import Crowd, times_until
from geo.network import MS_PER_S
from geo.snapping import Snapped
from geo.travel_time import Tree

Ints = npt.NDArray[np.int64]

PIECE_S = 40.0
"""Ways are cut into pieces that take no longer than this: on foot, one plot or two."""


def common_areas(
    crowd: Crowd,
    trees: Mapping[str, Sequence[Tree]],
    needs: Mapping[str, int],
    minutes: Sequence[int],
    *,
    cell_m: float = 10.0,
) -> gpd.GeoDataFrame:
    """Draw for each group what at least one of it reaches, and enough of a crowd as well.

    Drawn like isochrones: a cell belongs to the spot on a way that is nearest to it, and is
    reached by the group as for ``geo.isochrones.isochrones``. When enough others have come is
    found exactly for every junction and for spots on the ways, at most ``PIECE_S`` apart. Between
    two spots they go on from the one that is better: never too early, and no more than
    ``PIECE_S`` late. The later of both times decides.

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
        enough = [needs[name] for name in names]
        met = _when_met(crowd, [groups[name] for name in names], enough, int(limits_ms[-1]))
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


def _when_met(
    crowd: Crowd, groups: Sequence[Sequence[Tree]], needs: Sequence[int], limit_ms: int
) -> list[Met]:
    """Return for each group when enough have come to all that matters to it."""
    network = crowd.network
    wanted = np.zeros((len(network.node_xy), len(groups)), dtype=bool)
    on_edge = np.zeros((len(network.edge_from), len(groups)), dtype=bool)
    for number, some in enumerate(groups):
        for tree in some:
            wanted[tree.node[tree.time_ms <= limit_ms], number] = True
            # Edges on which the group sets out may have no end that is reached.
            on_edge[tree.steps.edge, number] = True
    on_edge |= wanted[network.edge_from] | wanted[network.edge_to]
    for number in range(len(groups)):
        # Others may come from the far end.
        for ends in (network.edge_from, network.edge_to):
            wanted[ends[on_edge[:, number]], number] = True
    slower = np.maximum(*network.weights(crowd.profile.id, crowd.state))
    pieces = np.ceil(slower / (PIECE_S * MS_PER_S)).astype(np.int64).clip(min=1)
    pieces[~on_edge.any(axis=1)] = 1
    edge = np.repeat(np.arange(len(pieces)), pieces - 1)
    first = np.concatenate([[0], np.cumsum(pieces - 1)])
    share = (np.arange(len(edge)) - first[edge] + 1) / pieces[edge]
    goals = np.array(needs, dtype=np.int64)
    nodes = np.arange(len(network.node_xy))
    at_node = times_until(crowd, nodes, wanted, goals, limit_ms)
    at_spot = times_until(
        crowd,
        _spots(crowd, edge, share),
        on_edge[edge],
        goals,
        limit_ms,
        latest=_latest(crowd, edge, share, at_node),
    )
    return [
        Met(node_ms, first, spot_ms)
        for node_ms, spot_ms in zip(
            np.ascontiguousarray(at_node.T), np.ascontiguousarray(at_spot.T), strict=True
        )
    ]


def _latest(crowd: Crowd, edge: Ints, share: npt.NDArray[np.float64], at_node: Ints) -> Ints:
    """Return by when enough have come to spots over the ends of their edges, −1: never so."""
    network = crowd.network
    closed = network.passages[crowd.profile.id].closed_nodes(crowd.state)
    forward, backward = network.weights(crowd.profile.id, crowd.state)
    latest = np.full((len(edge), at_node.shape[1]), -1, dtype=np.int64)
    for ends, weight, part in (
        (network.edge_from, forward, share),
        (network.edge_to, backward, 1 - share),
    ):
        node = ends[edge]
        # A spot in between is come to at a whole millisecond, rounded either way.
        there = at_node[node] + (np.ceil(weight[edge] * part).astype(np.int64) + 1)[:, np.newaxis]
        passable = ((weight[edge] >= 0) & ~closed[node])[:, np.newaxis] & (at_node[node] >= 0)
        nearer = passable & ((latest < 0) | (there < latest))
        latest = np.where(nearer, there, latest)
    return latest


def _spots(crowd: Crowd, edge: Ints, share: npt.NDArray[np.float64]) -> Snapped:
    """Return spots on edges as access points."""
    network = crowd.network
    offset = network.edge_length_m[edge] * share
    xy = np.zeros((len(edge), 2))  # where they are is not asked for
    nothing = np.zeros(len(edge))
    return Snapped(
        ids=tuple(str(row) for row in range(len(edge))),
        owner=np.arange(len(edge)),
        edge=edge,
        offset_m=offset,
        gap_m=nothing,
        estimated=nothing.astype(bool),
        start_xy=xy,
        foot_xy=xy,
    )


def _check(tree: Tree, crowd: Crowd, limit_ms: int) -> None:
    if tree.limit_ms < limit_ms:
        raise ValueError(f"tree of {tree.origin_id} ends before {limit_ms} ms")
    kind = (tree.profile_id, tree.state, tree.reverse)
    if kind != (crowd.profile.id, crowd.state, False):
        raise ValueError(f"tree of {tree.origin_id} is of another kind than the crowd")
