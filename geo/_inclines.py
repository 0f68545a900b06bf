"""Heights of the ground from a terrain model, and how steep ways are on it.

A GeoTIFF of any CRS and cell size is read with GDAL, only where it is needed. Inclines are
measured along ways over stretches of about 10 m: that is the length the German rules for
public space think in (DIN 18040-3: up to 3 % without limit, up to 6 % for at most 10 m
between landings), and over shorter ones the noise of a model with 1 m cells would already
look like a ramp.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer

from geo.findings import Finding, Severity

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

STRETCH_M = 10.0
"""Inclines are measured over stretches of so many metres, or of two cells if they are wider."""

SAMPLES = 10
"""Intervals between the heights of one stretch."""

SHORTEST = 5
"""Ways shorter than so many intervals are not measured: half a stretch."""

_CHUNK = 1_000_000
"""So many heights are looked at together."""


@dataclass(frozen=True, eq=False)
class Inclines:
    """Inclines of ``m`` edges in percent, without sign.

    Attributes
    ----------
    measured
        The steepest stretch of each edge, NaN where the model is silent, shape ``(m,)``.
    around
        For edges too short to be measured the steepest of the edges they join, NaN for
        others, shape ``(m,)``.
    """

    measured: Floats
    around: Floats


@dataclass(frozen=True, eq=False)
class Terrain:
    """Heights on a grid.

    Attributes
    ----------
    crs
        CRS that positions are asked for in, metric, e.g. ``"EPSG:25832"``.
    source
        File name, for people to read.
    heights_m
        Height at the middle of each cell, NaN where there is none, shape ``(rows, cols)``.
    grid_crs
        CRS of the grid, as WKT or name.
    to_cell
        Affine transformation of positions in the CRS of the grid to columns and rows,
        ``(a, b, c, d, e, f)``: column = a·x + b·y + c, row = d·x + e·y + f; the middle of
        the first cell is 0, 0.
    cell_m
        Width of a cell in metres.
    findings
        What was noticed while reading.
    """

    crs: str
    source: str
    heights_m: npt.NDArray[np.float32]
    grid_crs: str
    to_cell: tuple[float, float, float, float, float, float]
    cell_m: float
    findings: tuple[Finding, ...] = ()

    @property
    def stretch_m(self) -> float:
        """Metres over which inclines are measured."""
        return max(STRETCH_M, 2 * self.cell_m)

    def heights_at(self, xy: Floats) -> Floats:
        """Return the height at positions in ``crs``, bilinear between the four cells around.

        Parameters
        ----------
        xy
            Metres, shape ``(k, 2)``.

        Returns
        -------
        numpy.ndarray
            Metres, NaN outside the grid and beside cells without height, shape ``(k,)``.
        """
        transformer = Transformer.from_crs(self.crs, self.grid_crs, always_xy=True)
        x, y = transformer.transform(xy[:, 0], xy[:, 1])
        a, b, c, d, e, f = self.to_cell
        with np.errstate(invalid="ignore"):
            column, row = a * x + b * y + c, d * x + e * y + f
        rows, columns = self.heights_m.shape
        inside = (column >= 0) & (column <= columns - 1) & (row >= 0) & (row <= rows - 1)
        column, row = column[inside], row[inside]
        left = np.minimum(column.astype(np.int64), max(columns - 2, 0))
        top = np.minimum(row.astype(np.int64), max(rows - 2, 0))
        right, bottom = np.minimum(left + 1, columns - 1), np.minimum(top + 1, rows - 1)
        east, south = column - left, row - top
        height = np.full(len(xy), np.nan)
        cells = self.heights_m
        height[inside] = (
            _part(cells[top, left], (1 - east) * (1 - south))
            + _part(cells[top, right], east * (1 - south))
            + _part(cells[bottom, left], (1 - east) * south)
            + _part(cells[bottom, right], east * south)
        )
        return height

    def edge_inclines(
        self, lines: npt.NDArray[Any], begin: Ints, end: Ints, way: Ints, on_ground: Bools
    ) -> Inclines:
        """Measure the steepest incline along each edge.

        Edges that follow each other on one way are measured as one line, so that cutting a
        way changes nothing. Along it heights are taken at even distances, ten to a stretch of
        10 m (or two cells). The incline of a stretch is the slope of the straight line that
        fits its heights best (least squares), Σ(x−x̄)(h−h̄) / Σ(x−x̄)²: single wrong heights
        weigh less than in the difference of two ends. Of an edge the steepest stretch counts
        whose middle lies on it, or that comes nearest to it. Ways of half a stretch up to a
        whole one are measured as a whole. Where any height is missing the edge has none.

        Parameters
        ----------
        lines
            LineStrings in ``crs``, in the order of ways and along them, shape ``(m,)``.
        begin, end
            Nodes at their ends, shape ``(m,)``.
        way
            The way each belongs to, shape ``(m,)``.
        on_ground
            False for bridges, tunnels and the like: the model knows only the ground,
            shape ``(m,)``.
        """
        measured = np.full(len(lines), np.nan)
        rows = np.flatnonzero(on_ground)
        follows = (
            (np.diff(rows) == 1)
            & (way[rows[1:]] == way[rows[:-1]])
            & (end[rows[:-1]] == begin[rows[1:]])
        )
        chain = np.cumsum(np.concatenate([[True], ~follows])[: len(rows)]) - 1
        length = shapely.length(lines[rows])
        along = np.cumsum(np.bincount(chain, weights=length)) if len(rows) else length
        step = self.stretch_m / SAMPLES
        # Whole chains are taken together, as many as make about one chunk.
        portion = (along // (_CHUNK * step)).astype(np.int64)[chain]
        for number in np.unique(portion):
            these = portion == number
            measured[rows[these]] = self._measure(lines[rows[these]], chain[these], length[these])
        total = np.bincount(chain, weights=length) if len(rows) else length
        short = np.zeros(len(lines), dtype=bool)
        short[rows] = total[chain] < SHORTEST * step
        return Inclines(measured, _around(measured, short, begin, end))

    def _measure(self, lines: npt.NDArray[Any], chain: Ints, length: Floats) -> Floats:
        """Measure edges that come chain by chain."""
        chain = np.unique(chain, return_inverse=True)[1]
        first = np.flatnonzero(np.diff(chain, prepend=-1))
        total = np.add.reduceat(length, first)
        count = np.ceil(total / (self.stretch_m / SAMPLES)).astype(np.int64)
        slopes = _Slopes(total, count, self.heights_at(_spread(lines, chain, total, count)))
        offset = np.cumsum(length) - length - np.repeat(np.cumsum(total) - total, np.diff(
            np.append(first, len(chain))))  # fmt: skip
        return slopes.steepest(chain, offset, offset + length)


class _Slopes:
    """Inclines of all stretches of several chains."""

    def __init__(self, total: Floats, count: Ints, height: Floats) -> None:
        self._count = count
        self._step = np.divide(total, count, out=np.ones_like(total), where=count > 0)
        self._begin = np.cumsum(count + 1) - (count + 1)
        """Of each chain its first height."""
        weight = np.arange(SAMPLES + 1) - SAMPLES / 2
        slope = np.full(len(height), np.nan)
        if len(height) > SAMPLES:
            fitted = np.convolve(height, weight[::-1], mode="valid") / (weight**2).sum()
            slope[: len(fitted)] = fitted
        for few in range(SHORTEST, SAMPLES):
            own = np.flatnonzero(count == few)
            weight = np.arange(few + 1) - few / 2
            heights = height[self._begin[own][:, None] + np.arange(few + 1)]
            slope[self._begin[own]] = heights @ weight / (weight**2).sum()
        self._slope = 100 * np.abs(slope)
        """Percent times the distance of heights, of the stretch that begins at each height."""

    def steepest(self, chain: Ints, offset: Floats, until: Floats) -> Floats:
        """Return the steepest incline of stretches of chains, from and to metres along them."""
        last = np.maximum(self._count[chain] - SAMPLES, 0)
        step = self._step[chain]
        low = np.rint(offset / step - SAMPLES / 2).astype(np.int64).clip(0, last)
        high = np.rint(until / step - SAMPLES / 2).astype(np.int64).clip(0, last)
        bounds = np.stack([self._begin[chain] + low, self._begin[chain] + high + 1], axis=1)
        slope = np.append(self._slope, np.nan)
        steepest = np.maximum.reduceat(slope, bounds.ravel())[::2] / step
        steepest[self._count[chain] < SHORTEST] = np.nan
        return steepest


def report_silence(
    terrain: Terrain, inclines: Inclines, length_m: Floats, on_ground: Bools
) -> list[Finding]:
    """Say how many metres of ways on the ground have no incline from the model."""
    unknown = np.isnan(inclines.measured) & np.isnan(inclines.around) & on_ground
    silent, whole = float(length_m[unknown].sum()), float(length_m[on_ground].sum())
    if not silent:
        return []
    percent = f"{100 * silent / whole:.1f}".replace(".", ",")
    return [
        Finding(
            code="terrain.silent",
            severity=Severity.INFO,
            message=f"Das Höhenmodell »{terrain.source}« sagt zu {silent:.0f} m der Wege "
            f"({percent} %) nichts: Es reicht nicht so weit, hat dort Lücken, oder der Weg ist "
            "zu kurz. Für sie gelten die Angaben in OSM.",
            where=terrain.source,
            remedy="Liegen Häuser oder Ziele dort, ein größeres Höhenmodell verwenden.",
            count=int(unknown.sum()),
        )
    ]


def _part(height: npt.NDArray[np.float32], share: Floats) -> Floats:
    """Return the share of a cell; a cell without height does no harm where it has no share."""
    return np.where(share > 0, height * share, 0.0)


def _spread(lines: npt.NDArray[Any], chain: Ints, total: Floats, count: Ints) -> Floats:
    """Spread points evenly along chains of lines, ``count + 1`` on each."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    of_chain = chain[line]
    gap = np.hypot(*np.diff(xy, axis=0, prepend=xy[:1]).T)
    gap[np.diff(of_chain, prepend=-1) > 0] = 1.0  # a metre from chain to chain
    at = np.cumsum(gap)
    begin = at[np.flatnonzero(np.diff(of_chain, prepend=-1))]
    which = np.repeat(np.arange(len(count)), count + 1)
    number = np.arange(len(which)) - np.repeat(np.cumsum(count + 1) - (count + 1), count + 1)
    wanted = begin[which] + number * (total / np.maximum(count, 1))[which]
    return np.column_stack([np.interp(wanted, at, xy[:, axis]) for axis in (0, 1)])


def _around(measured: Floats, short: Bools, begin: Ints, end: Ints) -> Floats:
    """Return for short edges the steepest incline measured at their ends."""
    around = np.full(len(measured), np.nan)
    if not short.any():
        return around
    at_node = np.full(int(max(begin.max(), end.max())) + 1, -1.0)
    known = ~np.isnan(measured)
    for ends in (begin, end):
        np.maximum.at(at_node, ends[known], measured[known])
    steepest = np.maximum(at_node[begin[short]], at_node[end[short]])
    around[short] = np.where(steepest >= 0, steepest, np.nan)
    return around
