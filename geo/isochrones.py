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
import queue
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import groupby
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo._cells import cell_times, metres_outside, reached_boxes
from geo._contour import contour
from geo._detailed import detailed_areas
from geo._nearest import add_links
from geo._passable import Passable, passable, ways_that_count
from geo._steps import FROM, TO
from geo._surface import Surface
from geo.network import MS_PER_S, StreetNetwork
from geo.travel_time import Tree

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

RADIUS_M = 35.0
"""How far from the ways an isochrone reaches: past the houses along a street."""

_LEAST_M = 0.2
"""The contour keeps about this far from the centres of cells, so that rounding to 0.1 m
neither joins points nor swaps them: polygons stay valid and nested."""

_DEEPEST, _FARTHEST, _LATE = 2.5, 0.5, 0.35
"""What is reached counts as up to so many cells inside, what is not as at most so many
outside, beside a way that is not reached in time still fewer. So where the two meet without
a gradual change, as between a street and one behind it, the line runs nearer to the latter:
missing somebody's door is worse than drawing a few metres too much. Where the time runs out
along a way it is out by two metres at most."""


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
        draw = _Drawer(network, limits_ms, cell_m).draw_all
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


def surface_of(network: StreetNetwork, tree: Tree, cell_m: float) -> Surface:
    """Return the grid of the main network, and of the islands an origin may stand on."""
    home, edges = ways_that_count(network, tree)
    key = ("surface", cell_m, home)
    if key not in network._memory:  # noqa: SLF001
        network._memory[key] = Surface(  # noqa: SLF001
            network, edges, cell_m=cell_m, reach_m=RADIUS_M + 1.5 * cell_m
        )
    surface: Surface = network._memory[key]  # noqa: SLF001
    return surface


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


class _Drawer:
    """Draws one tree after the other; several threads may draw at once."""

    def __init__(self, network: StreetNetwork, limits_ms: Ints, cell_m: float) -> None:
        self._network = network
        self._limits_ms = limits_ms
        self._cell_m = cell_m
        self._node_ms: queue.SimpleQueue[Ints] = queue.SimpleQueue()

    def draw_all(self, trees: list[Tree]) -> list[npt.NDArray[Any]]:
        """Return the areas of some trees."""
        return [self._draw(tree) for tree in trees]

    def _draw(self, tree: Tree) -> npt.NDArray[Any]:
        """Return the area of each threshold."""
        network, cell_m = self._network, self._cell_m
        surface = surface_of(network, tree, cell_m)
        ways = passable(network, tree.profile_id, tree.state)
        within = tree.time_ms <= self._limits_ms[-1]
        # Whatever the tree's own types are, one compiled variant is enough.
        node, node_ms = (_whole(part[within]) for part in (tree.node, tree.time_ms))
        start_edge, gap_ms = _whole(tree.steps.edge), _whole(tree.steps.gap_ms)
        boxes = self._boxes(tree, ways, node, node_ms)
        windows = self._windows(boxes, surface.first)
        left, bottom, right, top = windows[-1].tolist()
        cells = surface.cells(left, bottom, right, top)

        shape = (top - bottom + 1, right - left + 1)
        ms = np.empty(shape)
        pace, away, beside = (np.empty(shape, dtype=np.float32) for _ in range(3))
        at_node = self._borrow()
        at_node[node] = node_ms
        start_share = tree.steps.end_mm[FROM] / np.maximum(tree.steps.end_mm.sum(axis=0), 1)
        cell_times(
            windows[-1], cells.tile, cells.edge, cells.share, cells.away_m, cells.beside_m,
            network.edge_from, network.edge_to, ways.forward_ms, ways.backward_ms,
            ways.m_per_ms, ways.closed, at_node, start_edge, start_share,
            gap_ms, ms, pace, away, beside,
        )  # fmt: skip
        at_node[node] = -1
        self._node_ms.put(at_node)
        column, row = left + surface.first[0], bottom + surface.first[1]
        reach_m = RADIUS_M + cell_m
        ends = tree.link_xy.reshape(-1, 2)
        obstacles = surface.obstacles_near(ends.min(axis=0) - reach_m, ends.max(axis=0) + reach_m)
        add_links(
            column * cell_m, row * cell_m, cell_m, reach_m, tree.link_xy, gap_ms,
            ways.access_m_per_ms, obstacles, ms, pace, away,
        )  # fmt: skip
        grids = []
        for limit_ms, window in zip(self._limits_ms.tolist(), windows.tolist(), strict=True):
            part = (
                slice(window[1] - bottom, window[3] - bottom + 1),
                slice(window[0] - left, window[2] - left + 1),
            )
            outside = np.empty(ms[part].shape)
            metres_outside(
                ms[part], pace[part], away[part], beside[part], float(limit_ms), RADIUS_M,
                _DEEPEST * cell_m, _FARTHEST * cell_m, _LATE * cell_m, _LEAST_M, outside,
            )  # fmt: skip
            grids.append((window[0] + surface.first[0], window[1] + surface.first[1], outside))
        return contour(grids, cell_m, cell_m**2)

    def _borrow(self) -> Ints:
        """Return times of all nodes, none reached; a thread each, made once."""
        try:
            return self._node_ms.get_nowait()
        except queue.Empty:
            return np.full(len(self._network.node_xy), -1, dtype=np.int64)

    def _boxes(self, tree: Tree, ways: Passable, node: Ints, node_ms: Ints) -> Floats:
        boxes = np.empty((len(self._limits_ms), 4))
        reach_m = tree.steps.end_mm[[FROM, TO]].max(axis=0) / 1000
        reached_boxes(
            node, node_ms, self._network.node_xy, ways.node_reach_m, self._limits_ms,
            ways.fastest_m_per_ms, tree.link_xy.reshape(-1, 2),
            np.ascontiguousarray(tree.link_xy[:, 1]), _whole(tree.steps.gap_ms), reach_m, boxes,
        )  # fmt: skip
        return boxes

    def _windows(self, boxes: Floats, first: tuple[int, int]) -> Ints:
        """Return first and last columns and rows of what may be drawn, with a rim."""
        margin = RADIUS_M + 2 * self._cell_m
        spread = boxes + np.array([-margin, -margin, margin, margin])
        cell = np.rint(spread / self._cell_m).astype(np.int64)
        windows: Ints = cell - np.array([*first, *first])
        return windows


def _whole(numbers: npt.NDArray[Any]) -> Ints:
    return np.ascontiguousarray(numbers, dtype=np.int64)
