"""Isochrones: the area around the ways that a house reaches within so many minutes.

A grid of times is made from the network reached, partly reached edges included: every cell
within ``RADIUS_M`` of the network takes the exact time of the nearest spot on it. The grid
is contoured for all thresholds. So the areas follow the ways, have holes, and do not spill
over a river or railway without a crossing: beyond its middle the ways of the other bank are
nearer, and those are not reached.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from contourpy import FillType, contour_generator

from geo._steps import FROM, TO
from geo._surface import Surface, Window
from geo.network import MS_PER_S, StreetNetwork
from geo.travel_time import Tree

Floats = npt.NDArray[np.float64]

RADIUS_M = 35.0
"""How far from the ways an isochrone reaches: past the houses along a street."""

_DECIMALS = 1
_ROUNDING_M = 0.2
"""The contour keeps this far from the centres of cells, so that rounding to 0.1 m neither
joins points nor swaps them: polygons stay valid and nested."""


def isochrones(
    network: StreetNetwork,
    trees: Sequence[Tree],
    minutes: Sequence[int] = (5, 10, 15),
    *,
    cell_m: float = 10.0,
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
        Size of the cells of the grid, metres.

    Returns
    -------
    geopandas.GeoDataFrame
        ``house_id`` (of the house or site), ``profile``, ``state``, ``minutes``, MultiPolygon in the
        CRS of the network, coordinates to 0.1 m; sorted by these columns. A shorter
        threshold's area lies within a longer one's. Origins that are not connected have no
        rows.

    Raises
    ------
    ValueError
        If a tree does not reach as far as the longest threshold.
    """
    rows: list[tuple[str, str, str, int, Any]] = []
    for tree in sorted(trees, key=lambda tree: (tree.origin_id, tree.profile_id, tree.state)):
        if tree.limit_ms < max(minutes) * 60 * MS_PER_S:
            raise ValueError(f"tree of {tree.origin_id} ends before {max(minutes)} minutes")
        if not len(tree.steps.edge):
            continue
        areas = _areas(network, tree, sorted(minutes), cell_m)
        rows += [
            (tree.origin_id, tree.profile_id, tree.state.value, minute, area)
            for minute, area in zip(sorted(minutes), areas, strict=True)
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


def _areas(network: StreetNetwork, tree: Tree, minutes: Sequence[int], cell_m: float) -> list[Any]:
    speed = network.profiles[tree.profile_id].speed_m_s
    longest_ms = max(minutes) * 60 * MS_PER_S
    surface = _surface(network, tree, cell_m)
    window = surface.window(
        _walked(network, tree, longest_ms),
        _beside(tree, cell_m),
        walk_m=longest_ms / MS_PER_S * speed,
    )
    time_ms = _times(network, tree, window)
    away_m = window.away_m.astype(np.float64)
    _add_links(tree, window, time_ms, away_m)
    areas = []
    for minute in minutes:
        over_m = (time_ms - minute * 60 * MS_PER_S) / MS_PER_S * speed
        outside_m = np.clip(np.maximum(over_m, away_m - RADIUS_M), -cell_m, cell_m)
        areas.append(_contour(window, outside_m, cell_m))
    return areas


def _surface(network: StreetNetwork, tree: Tree, cell_m: float) -> Surface:
    """Return the grid of the main network, and of the island the origin may stand on."""
    parts = network.parts()
    edge_component = parts.component[network.edge_from]
    island = parts.island()
    begun = np.unique(edge_component[tree.steps.edge])
    home = tuple(begun[island[begun]].tolist())
    key = ("surface", cell_m, home)
    if key not in network._memory:  # noqa: SLF001
        counts = ~island[edge_component] | np.isin(edge_component, home)
        counts &= network.edge_on_foot
        network._memory[key] = Surface(  # noqa: SLF001
            network, np.flatnonzero(counts), cell_m=cell_m, reach_m=RADIUS_M + 1.5 * cell_m
        )
    surface: Surface = network._memory[key]  # noqa: SLF001
    return surface


def _walked(network: StreetNetwork, tree: Tree, longest_ms: int) -> npt.NDArray[np.int64]:
    """Return all edges that are walked on, at least in part."""
    reached = np.zeros(len(network.node_xy), dtype=bool)
    reached[tree.node[tree.time_ms <= longest_ms]] = True
    touched = reached[network.edge_from] | reached[network.edge_to]
    touched[tree.steps.edge] = True
    return np.flatnonzero(touched)


def _beside(tree: Tree, cell_m: float) -> Floats:
    """Return points along the straight lines from the origin to the network."""
    # A gate lies on the network: its line has no length, which cannot be divided further.
    lines = shapely.linestrings(tree.link_xy[tree.steps.gap_mm > 0])
    dense = shapely.get_coordinates(shapely.segmentize(lines, cell_m))
    return np.concatenate([tree.link_xy.reshape(-1, 2), dense])


def _times(network: StreetNetwork, tree: Tree, window: Window) -> Floats:
    """Return the milliseconds to the nearest spot on the network, infinite if not reached."""
    at_node = np.full(len(network.node_xy), np.inf)
    at_node[tree.node] = tree.time_ms
    forward, backward = (
        np.where(weight < 0, np.inf, weight)
        for weight in network.weights(tree.profile_id, tree.state)
    )
    near = window.edge >= 0
    edge, share = window.edge[near], window.share[near].astype(np.float64)
    ahead = at_node[network.edge_from[edge]] + _part(forward[edge], share)
    back = at_node[network.edge_to[edge]] + _part(backward[edge], 1 - share)
    found = np.minimum(ahead, back)
    for row, start in enumerate(tree.steps.edge):
        mine = edge == start
        length_mm = tree.steps.end_mm[FROM, row] + tree.steps.end_mm[TO, row]
        begin = tree.steps.end_mm[FROM, row] / max(length_mm, 1)
        step = share[mine] - begin
        direct = np.where(step >= 0, forward[start], backward[start])
        found[mine] = np.minimum(found[mine], tree.steps.gap_ms[row] + _part(direct, np.abs(step)))
    time_ms = np.full(window.edge.shape, np.inf)
    time_ms[near] = found
    return time_ms


def _part(weight: Any, share: Floats) -> Floats:
    """Return a share of a weight; none of an impassable edge is still nothing."""
    return np.where(share <= 0, 0.0, weight * np.maximum(share, 1e-12))


def _add_links(tree: Tree, window: Window, time_ms: Floats, away_m: Floats) -> None:
    """Add the straight lines from the origin to the network where they are nearer.

    The cells around the origin itself are always reached, whatever way is nearest to them.
    """
    cell_m = float(window.x[1] - window.x[0])
    reach = RADIUS_M + cell_m
    for row, (start, foot) in enumerate(tree.link_xy):
        low, high = np.minimum(start, foot) - reach, np.maximum(start, foot) + reach
        part = (
            slice(*np.searchsorted(window.y, [low[1], high[1]])),
            slice(*np.searchsorted(window.x, [low[0], high[0]])),
        )
        x, y = np.meshgrid(window.x[part[1]] - start[0], window.y[part[0]] - start[1])
        run = foot - start
        share = ((x * run[0] + y * run[1]) / max(run @ run, 1e-12)).clip(0.0, 1.0)
        beside_m = np.hypot(x - share * run[0], y - share * run[1])
        at_home = (np.abs(x) < cell_m) & (np.abs(y) < cell_m)
        nearer = at_home | (beside_m < np.minimum(away_m[part], reach))
        walked_ms = np.where(at_home, 0.0, share * tree.steps.gap_ms[row])
        time_ms[part] = np.where(nearer, np.minimum(time_ms[part], walked_ms), time_ms[part])
        away_m[part] = np.where(nearer, np.minimum(away_m[part], beside_m), away_m[part])


def _contour(window: Window, outside_m: Floats, cell_m: float) -> Any:
    """Draw the area where a value in metres is not above nought."""
    value = np.where(
        outside_m <= 0, np.minimum(outside_m, -_ROUNDING_M), np.maximum(outside_m, _ROUNDING_M)
    )
    value[[0, -1], :] = cell_m
    value[:, [0, -1]] = cell_m
    # Counted from the corner, cells have small whole numbers and the interpolation is exact.
    columns, rows = (np.arange(len(axis)) * cell_m for axis in (window.x, window.y))
    drawn: Any = contour_generator(
        columns, rows, value, name="serial", fill_type=FillType.OuterOffset
    ).filled(-2 * cell_m, 0.0)
    points, offsets = drawn
    corner = np.array([window.x[0], window.y[0]])
    smallest = cell_m**2
    parts = []
    for ring_points, ring_ends in zip(points, offsets, strict=True):
        xy = np.round(np.asarray(ring_points) + corner, _DECIMALS)
        rings = [xy[a:b] for a, b in pairwise(ring_ends)]
        shell, *holes = (shapely.linearrings(ring) for ring in rings)
        if shapely.area(shapely.polygons(shell)) < smallest:
            continue
        kept = [hole for hole in holes if shapely.area(shapely.polygons(hole)) >= smallest]
        parts.append(shapely.polygons(shell, kept or None))
    return shapely.multipolygons(parts)
