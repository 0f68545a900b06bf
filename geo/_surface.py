"""A grid that knows, for every cell, the nearest way on foot and the spot on it.

It depends on the network alone, so a tile of it is computed once and serves all houses and
all profiles there; only the times differ.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo._compiled import compiled
from geo._nearest import find_nearest, measure_to_obstacles
from geo.network import StreetNetwork

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

TILE = 64
"""Cells along one side of a tile, the unit in which cells are kept."""

BYTES_PER_CELL = 16
"""Memory that a cell of a tile takes."""

_NOTHING = -1

_IN_BOTH = 3


@dataclass(frozen=True, eq=False)
class Cells:
    """The tiles known at some moment; tile ``t`` is row ``t`` of the other arrays.

    Attributes
    ----------
    tile
        Number of the tile at each place of the grid, −1 where there is none, shape
        ``(down, across)``.
    edge
        Nearest edge, −1 where none is near, shape ``(t, TILE, TILE)``.
    share
        Where on the edge, 0 at its first node to 1.
    away_m
        Metres to that spot, infinite where no edge is near.
    beside_m
        Metres to the nearest obstacle, at most the size of a cell.
    """

    tile: npt.NDArray[np.int32]
    edge: npt.NDArray[np.int32]
    share: npt.NDArray[np.float32]
    away_m: npt.NDArray[np.float32]
    beside_m: npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class _Donor:
    """The surface of another network, its edges' numbers here, and which tiles are the same."""

    surface: Surface
    edge: npt.NDArray[np.int32]
    same: npt.NDArray[np.bool_]


class Surface:
    """Nearest edges of a network on a grid, filled tile by tile when first asked for.

    Centres of cells lie at whole multiples of the cell size, so that every computation uses
    the same cells; tile 0, 0 begins at cell ``first``.

    Parameters
    ----------
    network
        The network.
    edges
        The edges that count, ascending; at least one.
    cell_m
        Size of a cell.
    reach_m
        Edges farther away do not count.
    """

    def __init__(
        self, network: StreetNetwork, edges: Ints, *, cell_m: float, reach_m: float
    ) -> None:
        self._network = network
        self._edges = edges
        self._cell_m = cell_m
        self._reach_m = reach_m
        self._lock = threading.Lock()
        self._obstacles = _segments(network.obstacles)[0]
        ends = self._obstacles.reshape(-1, 2, 2)
        self._obstacle_box = (ends.min(axis=1), ends.max(axis=1))
        bounds = shapely.bounds(network.edge_geometry[edges])
        low = np.floor((bounds[:, :2].min(axis=0) - reach_m) / cell_m).astype(np.int64) // TILE
        high = np.ceil((bounds[:, 2:].max(axis=0) + reach_m) / cell_m).astype(np.int64) // TILE
        self._low = low
        self.first: tuple[int, int] = (int(low[0]) * TILE, int(low[1]) * TILE)
        begin, end = (tiles - low for tiles in self._tiles_of(bounds))
        across, down = (high - low + 1).tolist()
        self._starts, members = _sort_into_tiles(begin, end, across, down)
        self._members = edges[members].astype(np.int32)
        self._cells = Cells(
            np.full((down, across), _NOTHING, dtype=np.int32),
            *(np.empty((0, TILE, TILE), dtype=kind) for kind in (np.int32, *[np.float32] * 3)),
        )
        self._used = 0
        self._donor: _Donor | None = None

    def _tiles_of(self, bounds: Floats) -> tuple[Ints, Ints]:
        """Return the first and last tiles, columns and rows, in which edges may be nearest."""
        size, reach_m = TILE * self._cell_m, self._reach_m
        begin = np.floor((bounds[:, :2] - reach_m) / size).astype(np.int64)
        return begin, np.floor((bounds[:, 2:] + reach_m) / size).astype(np.int64)

    def carried(self, network: StreetNetwork, edges: Ints, edge: Ints) -> Surface:
        """Return another network's surface, which takes from here the tiles that are the same.

        Parameters
        ----------
        network, edges
            As for the constructor; with the same obstacles.
        edge
            The edge of that network that is each one of this, −1 where it is none; those
            that stay follow each other as here.
        """
        other = Surface(network, edges, cell_m=self._cell_m, reach_m=self._reach_m)
        if not np.array_equal(self._obstacles, other._obstacles):
            return other
        there = edge[self._edges]
        counts = np.zeros(len(network.edge_from) + 1, dtype=np.int8)  # last: for −1
        counts[edges] = 1
        counts[there] += 2
        counts[_NOTHING] = 0
        lines = [
            self._network.edge_geometry[self._edges[counts[there] != _IN_BOTH]],
            network.edge_geometry[edges[counts[edges] != _IN_BOTH]],
        ]
        down, across = other._cells.tile.shape
        same = np.ones((down, across), dtype=bool)
        begin, end = other._tiles_of(shapely.bounds(np.concatenate(lines)))
        for first, last in zip(begin - other._low, end - other._low, strict=True):
            same[
                max(first[1], 0) : max(last[1] + 1, 0), max(first[0], 0) : max(last[0] + 1, 0)
            ] = False
        other._donor = _Donor(self, edge.astype(np.int32), same)
        return other

    @property
    def nbytes(self) -> int:
        """Memory taken by the tiles computed so far."""
        return self._used * TILE * TILE * BYTES_PER_CELL

    def cells(self, left: int, bottom: int, right: int, top: int) -> Cells:
        """Return the tiles, those of a rectangle of cells filled.

        Parameters
        ----------
        left, bottom, right, top
            First and last columns and rows, counted from ``first``; what lies outside the
            grid has no ways.
        """
        down, across = self._cells.tile.shape
        rows = range(max(bottom // TILE, 0), min(top // TILE, down - 1) + 1)
        columns = range(max(left // TILE, 0), min(right // TILE, across - 1) + 1)
        with self._lock:
            known = self._cells.tile
            wanted = [
                (row, column)
                for row in rows
                for column in columns
                if known[row, column] == _NOTHING
                and self._starts[row * across + column] < self._starts[row * across + column + 1]
            ]
            if wanted:
                self._make_room(len(wanted))
            for row, column in wanted:
                self._fill(row, column)
            return self._cells

    def _make_room(self, more: int) -> None:
        have = len(self._cells.edge)
        if self._used + more <= have:
            return
        # Others may still read the old arrays; what they know does not change.
        room = max(self._used + more, have + have // 2)

        def longer(layer: npt.NDArray[Any]) -> npt.NDArray[Any]:
            grown = np.empty((room, TILE, TILE), dtype=layer.dtype)
            grown[: self._used] = layer[: self._used]
            return grown

        cells = self._cells
        self._cells = Cells(
            cells.tile.copy(),
            longer(cells.edge),
            longer(cells.share),
            longer(cells.away_m),
            longer(cells.beside_m),
        )

    def _fill(self, row: int, column: int) -> None:
        """Compute a tile."""
        number = self._used
        cells, cell_m = self._cells, self._cell_m
        if self._donor is not None and self._copy(self._donor, row, column):
            cells.tile[row, column] = number
            self._used += 1
            return
        corner = (self._low + np.array([column, row])) * TILE * cell_m
        place = row * cells.tile.shape[1] + column
        edges = self._members[self._starts[place] : self._starts[place + 1]]
        segments, owner, share = _segments(self._network.edge_geometry[edges])
        reach = self._reach_m
        obstacles = self.obstacles_near(corner - reach, corner + TILE * cell_m + reach)
        edge, beside = cells.edge[number], cells.beside_m[number]
        edge[:] = _NOTHING
        cells.share[number] = 0.0
        cells.away_m[number] = np.inf
        beside[:] = cell_m
        find_nearest(
            corner,
            cell_m,
            self._reach_m,
            segments,
            share,
            edges[owner],
            obstacles,
            edge,
            cells.share[number],
            cells.away_m[number],
        )
        measure_to_obstacles(corner, cell_m, obstacles, beside)
        cells.tile[row, column] = number
        self._used += 1

    def _copy(self, donor: _Donor, row: int, column: int) -> bool:
        """Take a tile of another network's surface if it is the same and known there."""
        place = self._low + np.array([column, row])
        known = donor.surface.known_tile(*place.tolist()) if donor.same[row, column] else None
        if known is None:
            return False
        edge, share, away_m, beside_m = known
        cells, number = self._cells, self._used
        cells.edge[number] = np.where(edge >= 0, donor.edge[edge], _NOTHING)
        cells.share[number] = share
        cells.away_m[number] = away_m
        cells.beside_m[number] = beside_m
        return True

    def known_tile(self, column: int, row: int) -> tuple[npt.NDArray[Any], ...] | None:
        """Return edges, shares, metres to them and to obstacles of a tile filled so far.

        Parameters
        ----------
        column, row
            Counted from the origin of the CRS.
        """
        cells = self._cells
        column, row = column - int(self._low[0]), row - int(self._low[1])
        down, across = cells.tile.shape
        if not (0 <= row < down and 0 <= column < across) or cells.tile[row, column] == _NOTHING:
            return None
        number = cells.tile[row, column]
        return tuple(
            layer[number] for layer in (cells.edge, cells.share, cells.away_m, cells.beside_m)
        )

    def obstacles_near(self, low: Floats, high: Floats) -> Floats:
        """Return the obstacles in a box, as segments ``x, y, x, y``."""
        begin, end = self._obstacle_box
        near = (end[:, 0] >= low[0]) & (begin[:, 0] <= high[0])
        near &= (end[:, 1] >= low[1]) & (begin[:, 1] <= high[1])
        obstacles: Floats = self._obstacles[near]
        return obstacles


def _segments(lines: npt.NDArray[Any]) -> tuple[Floats, Ints, Floats]:
    """Take lines apart.

    Returns
    -------
    segments, owner, share
        Straight segments ``x, y, x, y``; the position of their line in ``lines``; where on
        the line they begin and end, 0 to 1.
    """
    xy, index = shapely.get_coordinates(lines, return_index=True)
    same = index[1:] == index[:-1]
    owner = index[:-1][same].astype(np.int64)
    segments = np.ascontiguousarray(np.hstack([xy[:-1], xy[1:]])[same])
    length = np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1])
    end = np.cumsum(length)
    first = np.searchsorted(owner, owner)
    last = np.searchsorted(owner, owner, side="right") - 1
    before = end[first] - length[first]
    whole = np.maximum(end[last] - before, 1e-9)
    share = np.column_stack([(end - length - before) / whole, (end - before) / whole])
    # Exactly nothing and exactly all at the nodes.
    rows = np.arange(len(owner))
    share[rows == first, 0] = 0.0
    share[rows == last, 1] = 1.0
    return segments, owner, share


@compiled()
def _sort_into_tiles(begin: Any, end: Any, across: int, down: int) -> Any:
    """List the members of each tile, of which ``begin`` and ``end`` say columns and rows."""
    starts = np.zeros(across * down + 1, dtype=np.int64)
    for member in range(len(begin)):
        for row in range(begin[member, 1], end[member, 1] + 1):
            for column in range(begin[member, 0], end[member, 0] + 1):
                starts[row * across + column + 1] += 1
    for place in range(across * down):
        starts[place + 1] += starts[place]
    members = np.empty(starts[-1], dtype=np.int64)
    filled = starts.copy()
    for member in range(len(begin)):
        for row in range(begin[member, 1], end[member, 1] + 1):
            for column in range(begin[member, 0], end[member, 0] + 1):
                place = row * across + column
                members[filled[place]] = member
                filled[place] += 1
    return starts, members
