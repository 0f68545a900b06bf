"""The times of cells: what one tree makes of a surface; compiled."""

# Compiled code takes its arrays one by one.
# ruff: noqa: C901, PLR0912, PLR0917

from __future__ import annotations

from typing import Any

import numpy as np

from geo._compiled import compiled


@compiled()
def reached_boxes(
    node: Any, node_ms: Any, node_xy: Any, node_reach_m: Any, limits_ms: Any, m_per_ms: float,
    starts: Any, start_xy: Any, start_ms: Any, start_reach_m: Any, boxes: Any,
) -> None:  # fmt: skip
    """Write the boxes ``x, y, x, y`` of what is reached within each limit.

    Parameters
    ----------
    node, node_ms
        Nodes reached and when.
    node_xy, node_reach_m
        Of all nodes: where they are, and how far any edge leads away from them.
    limits_ms
        Ascending.
    m_per_ms
        Nobody gets on faster.
    starts
        Points that are reached at once, shape ``(s, 2)``; at least one.
    start_xy, start_ms, start_reach_m
        Spots on edges where the network is entered, when, and how far those edges lead.
    boxes
        Written, shape ``(limits, 4)``.
    """
    for level in range(len(limits_ms)):
        left, low, right, high = np.inf, np.inf, -np.inf, -np.inf
        for row in range(len(starts)):
            left, right = min(left, starts[row, 0]), max(right, starts[row, 0])
            low, high = min(low, starts[row, 1]), max(high, starts[row, 1])
        limit = limits_ms[level]
        for row in range(len(start_xy)):
            left_ms = limit - start_ms[row]
            if left_ms >= 0:
                reach = min(left_ms * m_per_ms, start_reach_m[row])
                left = min(left, start_xy[row, 0] - reach)
                right = max(right, start_xy[row, 0] + reach)
                low = min(low, start_xy[row, 1] - reach)
                high = max(high, start_xy[row, 1] + reach)
        for row in range(len(node)):
            left_ms = limit - node_ms[row]
            if left_ms >= 0:
                reach = min(left_ms * m_per_ms, node_reach_m[node[row]])
                x, y = node_xy[node[row], 0], node_xy[node[row], 1]
                left, right = min(left, x - reach), max(right, x + reach)
                low, high = min(low, y - reach), max(high, y + reach)
        boxes[level, 0], boxes[level, 1] = left, low
        boxes[level, 2], boxes[level, 3] = right, high


@compiled()
def cell_times(
    window: Any, tile: Any, tile_edge: Any, tile_share: Any, tile_away: Any, tile_beside: Any,
    edge_from: Any, edge_to: Any, forward: Any, backward: Any, pace: Any, closed: Any,
    at_node: Any, start_edge: Any, start_share: Any, start_ms: Any,
    ms: Any, m_per_ms: Any, away: Any, beside: Any,
) -> None:  # fmt: skip
    """Write when the way nearest to each cell of a window is reached.

    Parameters
    ----------
    window
        First column and row on the surface.
    tile, tile_edge, tile_share, tile_away, tile_beside
        See ``geo._surface.Cells``.
    edge_from, edge_to, forward, backward, pace
        Nodes at the ends of edges, milliseconds along and against them (−1: closed),
        metres per millisecond.
    closed
        Nodes that are come to, but not passed over.
    at_node
        Milliseconds to each node, −1 where not reached.
    start_edge, start_share, start_ms
        Where on which edges the network is entered, and when.
    ms, m_per_ms, away, beside
        Written: milliseconds, infinite where not reached; the pace there; metres to the
        way; metres to an obstacle. Shape ``(rows, columns)``.
    """
    size = tile_edge.shape[1]
    rows, columns = ms.shape
    for row in range(rows):
        down = window[1] + row
        tile_row = down // size
        for column in range(columns):
            right = window[0] + column
            tile_column = right // size
            ms[row, column], away[row, column] = np.inf, np.inf
            m_per_ms[row, column], beside[row, column] = 0.0, np.inf
            if not (0 <= tile_row < tile.shape[0] and 0 <= tile_column < tile.shape[1]):
                continue
            number = tile[tile_row, tile_column]
            if number < 0:
                continue
            y, x = down - tile_row * size, right - tile_column * size
            edge = tile_edge[number, y, x]
            beside[row, column] = tile_beside[number, y, x]
            if edge < 0:
                continue
            away[row, column] = tile_away[number, y, x]
            m_per_ms[row, column] = pace[edge]
            share = np.float64(tile_share[number, y, x])
            best = np.inf
            node = edge_from[edge]
            if at_node[node] >= 0:
                if share == 0.0:
                    best = np.float64(at_node[node])
                elif forward[edge] >= 0 and not closed[node]:
                    best = at_node[node] + forward[edge] * share
            node = edge_to[edge]
            if at_node[node] >= 0:
                if share == 1.0:
                    best = min(best, np.float64(at_node[node]))
                elif backward[edge] >= 0 and not closed[node]:
                    best = min(best, at_node[node] + backward[edge] * (1.0 - share))
            for start in range(len(start_edge)):
                if start_edge[start] == edge:
                    step = share - start_share[start]
                    if step == 0.0:
                        best = min(best, np.float64(start_ms[start]))
                    elif step > 0.0 and forward[edge] >= 0:
                        best = min(best, start_ms[start] + forward[edge] * step)
                    elif step < 0.0 and backward[edge] >= 0:
                        best = min(best, start_ms[start] - backward[edge] * step)
            ms[row, column] = best


@compiled()
def metres_outside(
    ms: Any, m_per_ms: Any, away: Any, beside: Any, limit_ms: float, radius_m: float,
    deepest_m: float, farthest_m: float, late_m: float, least_m: float, outside: Any,
) -> None:  # fmt: skip
    """Write how many metres each cell lies outside an area, below nought inside.

    Next to an obstacle neither side reaches farther than to it. Whatever the limit, a larger
    one never gives a greater value.

    Parameters
    ----------
    ms, m_per_ms, away, beside
        As ``cell_times`` writes them.
    limit_ms, radius_m
        Reached in time is what is reached by then; how far from ways it counts.
    deepest_m, farthest_m, late_m, least_m
        Bounds of the values inside, outside, and beside a way that is not reached in time, and
        their least size.
    outside
        Written; its rim lies outside.
    """
    rows, columns = outside.shape
    for row in range(rows):
        for column in range(columns):
            if row in (0, rows - 1) or column in (0, columns - 1):
                outside[row, column] = farthest_m
                continue
            value = farthest_m
            if ms[row, column] < np.inf:
                value = (ms[row, column] - limit_ms) * m_per_ms[row, column]
            beyond = np.float64(away[row, column]) - radius_m
            bound: Any = np.float64(beside[row, column])
            if beyond <= 0.0 < value:
                bound = min(bound, late_m)
            value = max(value, beyond)
            if value <= 0.0:
                outside[row, column] = -max(least_m, min(-value, deepest_m, bound))
            else:
                outside[row, column] = max(least_m, min(value, farthest_m, bound))
