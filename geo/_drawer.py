"""Drawing what trees reach on the grid of their network."""

from __future__ import annotations

import queue
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from geo._cells import cell_times, metres_outside, reached_boxes
from geo._contour import contour
from geo._met_cells import wait_for_others
from geo._nearest import add_links
from geo._passable import Passable, passable, ways_that_count
from geo._steps import FROM, TO
from geo._surface import Surface
from geo._trees import Tree
from geo.network import StreetNetwork

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


@dataclass(frozen=True, eq=False)
class Met:
    """When others have come to a network of ``n`` nodes and ``m`` edges; −1: never.

    Attributes
    ----------
    node_ms
        Milliseconds of each node, shape ``(n,)``.
    spot_first, spot_ms
        Spots that cut edge ``i`` into equal pieces are ``spot_first[i]:spot_first[i + 1]``, from
        its first node on, shape ``(m + 1,)``; milliseconds of each spot.
    """

    node_ms: Ints
    spot_first: Ints
    spot_ms: Ints


@dataclass(frozen=True, eq=False)
class _Times:
    """When the cells of a window are reached; arrays as in ``geo._cells.cell_times``."""

    ms: Floats
    pace: npt.NDArray[np.float32]
    away: npt.NDArray[np.float32]
    beside: npt.NDArray[np.float32]


class Drawer:
    """Draws areas, for some limits in ascending order; several threads may draw at once."""

    def __init__(self, network: StreetNetwork, limits_ms: Ints, cell_m: float) -> None:
        self._network = network
        self._limits_ms = limits_ms
        self._cell_m = cell_m
        self._node_ms: queue.SimpleQueue[Ints] = queue.SimpleQueue()

    def draw_all(self, trees: list[Tree]) -> list[npt.NDArray[Any]]:
        """Return the areas of some trees, each its own."""
        return [self.draw([tree]) for tree in trees]

    def draw(self, trees: Sequence[Tree], met: Met | None = None) -> npt.NDArray[Any]:
        """Return for each limit the area that at least one of some trees reaches.

        Parameters
        ----------
        trees
            Trees of one profile and state; at least one, all connected.
        met
            When others have come to the network. What is not reached by them as well is left
            out; along an edge they go on from its ends and from the spots that cut it.
        """
        network, cell_m = self._network, self._cell_m
        ways = passable(network, trees[0].profile_id, trees[0].state)
        windows = self._windows(trees, ways)
        found = [self._times(tree, ways, windows[-1], met) for tree in trees]
        left, bottom = windows[-1, :2].tolist()
        grids = []
        for limit_ms, window in zip(self._limits_ms.tolist(), windows.tolist(), strict=True):
            part = (
                slice(window[1] - bottom, window[3] - bottom + 1),
                slice(window[0] - left, window[2] - left + 1),
            )
            least = self._outside(found[0], part, limit_ms)
            for other in found[1:]:
                np.minimum(least, self._outside(other, part, limit_ms), out=least)
            grids.append((window[0], window[1], least))
        return contour(grids, cell_m, cell_m**2)

    def _outside(self, times: _Times, part: tuple[slice, slice], limit_ms: int) -> Floats:
        outside = np.empty(times.ms[part].shape)
        metres_outside(
            times.ms[part], times.pace[part], times.away[part], times.beside[part],
            float(limit_ms), RADIUS_M, _DEEPEST * self._cell_m, _FARTHEST * self._cell_m,
            _LATE * self._cell_m, _LEAST_M, outside,
        )  # fmt: skip
        return outside

    def _times(self, tree: Tree, ways: Passable, window: Ints, met: Met | None) -> _Times:
        """Return when the cells of a window are reached, given in columns and rows of all."""
        network, cell_m = self._network, self._cell_m
        surface = surface_of(network, tree, cell_m)
        first = np.array([*surface.first, *surface.first])
        cells = surface.cells(*(window - first).tolist())
        node, node_ms = self._reached(tree)
        # Whatever the tree's own types are, one compiled variant is enough.
        start_edge, gap_ms = _whole(tree.steps.edge), _whole(tree.steps.gap_ms)
        at_node = self._borrow()
        at_node[node] = node_ms
        start_share = tree.steps.end_mm[FROM] / np.maximum(tree.steps.end_mm.sum(axis=0), 1)
        left, bottom, right, top = (window - first).tolist()
        shape = (top - bottom + 1, right - left + 1)
        ms = np.empty(shape)
        pace, away, beside = (np.empty(shape, dtype=np.float32) for _ in range(3))
        cell_times(
            window - first, cells.tile, cells.edge, cells.share, cells.away_m, cells.beside_m,
            network.edge_from, network.edge_to, ways.forward_ms, ways.backward_ms,
            ways.m_per_ms, ways.closed, at_node, start_edge, start_share, gap_ms,
            ms, pace, away, beside,
        )  # fmt: skip
        at_node[node] = -1
        self._node_ms.put(at_node)
        reach_m = RADIUS_M + cell_m
        ends = tree.link_xy.reshape(-1, 2)
        obstacles = surface.obstacles_near(ends.min(axis=0) - reach_m, ends.max(axis=0) + reach_m)
        add_links(
            window[0] * cell_m, window[1] * cell_m, cell_m, reach_m, tree.link_xy, gap_ms,
            ways.access_m_per_ms, obstacles, ms, pace, away,
        )  # fmt: skip
        if met is not None:
            wait_for_others(
                window - first, cells.tile, cells.edge, cells.share, network.edge_from,
                network.edge_to, ways.forward_ms, ways.backward_ms, ways.closed,
                met.node_ms, met.spot_first, met.spot_ms, ms,
            )  # fmt: skip
        return _Times(ms, pace, away, beside)

    def _borrow(self) -> Ints:
        """Return times of all nodes, none reached; a thread each, made once."""
        try:
            return self._node_ms.get_nowait()
        except queue.Empty:
            return np.full(len(self._network.node_xy), -1, dtype=np.int64)

    def _reached(self, tree: Tree) -> tuple[Ints, Ints]:
        within = tree.time_ms <= self._limits_ms[-1]
        return _whole(tree.node[within]), _whole(tree.time_ms[within])

    def _windows(self, trees: Sequence[Tree], ways: Passable) -> Ints:
        """Return first and last columns and rows of what may be drawn, with a rim."""
        each = np.stack([self._boxes(tree, ways) for tree in trees])
        low, high = each[:, :, :2].min(axis=0), each[:, :, 2:].max(axis=0)
        margin = RADIUS_M + 2 * self._cell_m
        spread = np.hstack([low - margin, high + margin])
        windows: Ints = np.rint(spread / self._cell_m).astype(np.int64)
        return windows

    def _boxes(self, tree: Tree, ways: Passable) -> Floats:
        boxes = np.empty((len(self._limits_ms), 4))
        reach_m = tree.steps.end_mm[[FROM, TO]].max(axis=0) / 1000
        node, node_ms = self._reached(tree)
        reached_boxes(
            node, node_ms, self._network.node_xy, ways.node_reach_m, self._limits_ms,
            ways.fastest_m_per_ms, tree.link_xy.reshape(-1, 2),
            np.ascontiguousarray(tree.link_xy[:, 1]), _whole(tree.steps.gap_ms), reach_m, boxes,
        )  # fmt: skip
        return boxes


def _whole(numbers: npt.NDArray[Any]) -> Ints:
    return np.ascontiguousarray(numbers, dtype=np.int64)
