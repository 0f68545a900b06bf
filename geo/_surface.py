"""A grid that knows, for every cell, the nearest edge and the spot on it.

It depends on the network alone, so a cell is computed once and serves all houses there; only
the times differ from house to house.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from scipy.ndimage import maximum_filter
from scipy.spatial import cKDTree

from geo.network import StreetNetwork

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

TILE = 32
"""Cells along one side of a tile, the unit in which cells are kept."""

_STEP_M = 5.0
"""Edges are looked for through points so far apart; the spot on the edge is then exact."""

_UNKNOWN = -2
_NOTHING = -1


@dataclass(frozen=True, eq=False)
class Window:
    """A rectangle of cells.

    Attributes
    ----------
    x, y
        Centres of the columns and rows, metres; whole multiples of the cell size.
    edge
        Nearest edge, −1 where none is near, shape ``(rows, columns)``.
    share
        Where on the edge, 0 at its first node to 1, same shape.
    away_m
        Metres to that spot, infinite where no edge is near, same shape.
    """

    x: Floats
    y: Floats
    edge: npt.NDArray[np.int32]
    share: npt.NDArray[np.float32]
    away_m: npt.NDArray[np.float32]


_Tile = tuple[npt.NDArray[np.int32], npt.NDArray[np.float32], npt.NDArray[np.float32]]


class Surface:
    """Nearest edges of a network on a grid.

    Parameters
    ----------
    network
        The network.
    edges
        The edges that count, ascending.
    cell_m
        Size of a cell; centres lie at whole multiples of it, so that every computation uses
        the same cells.
    reach_m
        Edges farther away do not count.
    """

    def __init__(
        self, network: StreetNetwork, edges: Ints, *, cell_m: float, reach_m: float
    ) -> None:
        self._network = network
        self._edges = edges
        self._tree = shapely.STRtree(network.edge_geometry[edges])
        self._cell_m = cell_m
        self._reach_m = reach_m
        self._tiles: dict[tuple[int, int], _Tile] = {}

    def window(self, around: Ints, beside: Floats, *, walk_m: float) -> Window:
        """Return the cells near some points and edges; all others are left empty.

        Parameters
        ----------
        around
            Edges whose surroundings are wanted.
        beside
            Points whose surroundings are wanted, shape ``(k, 2)``.
        walk_m
            Nothing farther than this from the box of those points is wanted.
        """
        points = _points_on(self._network, around, self._cell_m)[0]
        low, high = beside.min(axis=0) - walk_m, beside.max(axis=0) + walk_m
        points = points[((points >= low) & (points <= high)).all(axis=1)]
        points = np.concatenate([points, beside])
        spot = np.rint(points / self._cell_m).astype(np.int64)
        margin = int(np.ceil(self._reach_m / self._cell_m))
        left, bottom = (spot.min(axis=0) - margin - 1).tolist()
        right, top = (spot.max(axis=0) + margin + 2).tolist()
        marked = np.zeros((top - bottom, right - left), dtype=np.uint8)
        marked[spot[:, 1] - bottom, spot[:, 0] - left] = 1
        wanted = maximum_filter(marked, size=2 * margin + 1, mode="constant") > 0

        edge, share, away = self._take(left, bottom, right, top)
        x: Floats = np.arange(left, right, dtype=np.float64) * self._cell_m
        y: Floats = np.arange(bottom, top, dtype=np.float64) * self._cell_m
        row, column = np.nonzero(wanted & (edge == _UNKNOWN))
        if len(row):
            cells = np.column_stack([x[column], y[row]])
            found = self._nearest(cells)
            for layer, values in zip((edge, share, away), found, strict=True):
                layer[row, column] = values
            self._keep(left, bottom, (edge, share, away))
        away[~wanted] = np.inf
        edge[~wanted] = _NOTHING
        return Window(x, y, edge, share, away)

    def _take(self, left: int, bottom: int, right: int, top: int) -> _Tile:
        """Copy what is known of a rectangle of cells."""
        shape = (top - bottom, right - left)
        window = _blank(shape)
        for tile, here, there in _overlaps(left, bottom, shape):
            if tile in self._tiles:
                for target, source in zip(window, self._tiles[tile], strict=True):
                    target[here] = source[there]
        return window

    def _keep(self, left: int, bottom: int, window: _Tile) -> None:
        """Write what is known of a rectangle of cells back into the tiles."""
        for tile, here, there in _overlaps(left, bottom, window[0].shape):
            kept = self._tiles.setdefault(tile, _blank((TILE, TILE)))
            for target, source in zip(kept, window, strict=True):
                target[there] = source[here]

    def _nearest(self, cells: Floats) -> _Tile:
        """Find the nearest edge of some cells, the spot on it, and how far it is."""
        edge = np.full(len(cells), _NOTHING, dtype=np.int32)
        share = np.zeros(len(cells), dtype=np.float32)
        away = np.full(len(cells), np.inf, dtype=np.float32)
        low, high = cells.min(axis=0) - self._reach_m, cells.max(axis=0) + self._reach_m
        near_edges = self._edges[np.sort(self._tree.query(shapely.box(*low, *high)))]
        points, segment, begin, run, along, of_edge = _points_on(
            self._network, near_edges, _STEP_M
        )
        if not len(points):
            return edge, share, away
        tree = cKDTree(points, leafsize=32, balanced_tree=False, compact_nodes=False)
        found = np.asarray(tree.query(cells, distance_upper_bound=self._reach_m)[1])
        near = np.flatnonzero(found < len(points))
        at = segment[found[near]]
        offset = cells[near] - begin[at]
        square = np.maximum(np.einsum("ij,ij->i", run[at], run[at]), 1e-12)
        foot = np.clip(np.einsum("ij,ij->i", offset, run[at]) / square, 0.0, 1.0)
        edge[near] = near_edges[of_edge[at]]
        whole = np.maximum(self._network.edge_length_m[edge[near]], 1e-9)
        share[near] = np.clip((along[at] + foot * np.sqrt(square)) / whole, 0.0, 1.0)
        away[near] = np.hypot(*(offset - run[at] * foot[:, None]).T)
        return edge, share, away


def _blank(shape: tuple[int, ...]) -> _Tile:
    return (
        np.full(shape, _UNKNOWN, dtype=np.int32),
        np.zeros(shape, dtype=np.float32),
        np.full(shape, np.inf, dtype=np.float32),
    )


def _overlaps(
    left: int, bottom: int, shape: tuple[int, ...]
) -> list[tuple[tuple[int, int], Any, Any]]:
    """Return the tiles that a rectangle of cells touches, with the slices of both."""

    def along(begin: int, count: int) -> list[tuple[int, slice, slice]]:
        pieces = []
        for tile in range(begin // TILE, (begin + count - 1) // TILE + 1):
            low, high = max(tile * TILE, begin), min((tile + 1) * TILE, begin + count)
            here = slice(low - begin, high - begin)
            pieces.append((tile, here, slice(low - tile * TILE, high - tile * TILE)))
        return pieces

    return [
        ((i, j), (here_y, here_x), (there_y, there_x))
        for i, here_x, there_x in along(left, shape[1])
        for j, here_y, there_y in along(bottom, shape[0])
    ]


def _points_on(
    network: StreetNetwork, edges: Ints, step_m: float
) -> tuple[Floats, Ints, Floats, Floats, Floats, Ints]:
    """Strew points along edges, at most ``step_m`` apart.

    Returns
    -------
    points, segment
        The points, and the straight segment each lies on.
    begin, run, along, edge
        Of every segment its first point, its vector, the metres along the edge where it
        begins, and the position of its edge in ``edges``.
    """
    xy, owner = shapely.get_coordinates(network.edge_geometry[edges], return_index=True)
    same = owner[1:] == owner[:-1]
    run = np.diff(xy, axis=0)
    length = np.where(same, np.hypot(*run.T), 0.0)
    before = np.concatenate([[0.0], np.cumsum(length)])[: len(xy)]
    along = before - before[np.searchsorted(owner, np.arange(len(edges)))][owner]
    begin, run, length = xy[:-1][same], run[same], length[same]
    count = np.maximum(np.ceil(length / step_m).astype(np.int64), 1)
    segment = np.repeat(np.arange(len(begin)), count)
    number = np.arange(len(segment)) - np.repeat(np.cumsum(count) - count, count)
    points = begin[segment] + run[segment] * ((number + 0.5) / count[segment])[:, None]
    return points, segment, begin, run, along[:-1][same], owner[:-1][same]
