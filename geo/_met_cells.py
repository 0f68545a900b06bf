"""When others have come to the cells of a grid; compiled."""

# Compiled code takes its arrays one by one.
# ruff: noqa: C901, PLR0917

from __future__ import annotations

from typing import Any

import numpy as np

from geo._compiled import compiled


@compiled()
def wait_for_others(
    window: Any, tile: Any, tile_edge: Any, tile_share: Any, edge_from: Any, edge_to: Any,
    forward: Any, backward: Any, closed: Any, at_node: Any, spot_first: Any, at_spot: Any, ms: Any,
) -> None:  # fmt: skip
    """Raise the times of cells to when others have come to the way nearest to them.

    Parameters
    ----------
    window, tile, tile_edge, tile_share, edge_from, edge_to, forward, backward, closed
        As for ``geo._cells.cell_times``.
    at_node
        When they have come to each node, −1: never.
    spot_first, at_spot
        Spots that cut edge ``i`` into equal pieces are ``spot_first[i]:spot_first[i + 1]``,
        from its first node on; when they have come there, −1: never.
    ms
        Milliseconds of each cell of the window; raised.
    """
    size = tile_edge.shape[1]
    rows, columns = ms.shape
    for row in range(rows):
        down = window[1] + row
        tile_row = down // size
        for column in range(columns):
            if ms[row, column] == np.inf:
                continue
            right = window[0] + column
            tile_column = right // size
            best = np.inf
            number = -1
            if 0 <= tile_row < tile.shape[0] and 0 <= tile_column < tile.shape[1]:
                number = tile[tile_row, tile_column]
            edge = -1
            if number >= 0:
                edge = tile_edge[number, down - tile_row * size, right - tile_column * size]
            if edge >= 0:
                share = np.float64(
                    tile_share[number, down - tile_row * size, right - tile_column * size]
                )
                first = spot_first[edge]
                pieces = spot_first[edge + 1] - first + 1
                piece = min(int(share * pieces), pieces - 1)
                begin, end = piece / pieces, (piece + 1) / pieces
                came = at_node[edge_from[edge]] if piece == 0 else at_spot[first + piece - 1]
                if came >= 0:
                    if share == begin:
                        best = np.float64(came)
                    elif forward[edge] >= 0 and not (piece == 0 and closed[edge_from[edge]]):
                        best = came + forward[edge] * (share - begin)
                last = piece == pieces - 1
                came = at_node[edge_to[edge]] if last else at_spot[first + piece]
                if came >= 0:
                    if share == end:
                        best = min(best, np.float64(came))
                    elif backward[edge] >= 0 and not (last and closed[edge_to[edge]]):
                        best = min(best, came + backward[edge] * (end - share))
            ms[row, column] = max(ms[row, column], best)
