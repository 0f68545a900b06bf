"""Nearest spots on ways for the cells of a grid, not looking across obstacles; compiled."""

# Compiled code takes its arrays one by one.
# ruff: noqa: PLR0917

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from geo._compiled import compiled

Floats = npt.NDArray[np.float64]

_PULLED_BACK_M = 0.2
"""A way that crosses an obstacle is cut there, so much short of it: on a bridge, what lies
before the river belongs to the near bank."""

_TOUCHING_M = 0.02
"""What lies on the obstacle itself, such as a path along a shore, lies on both its sides."""


@compiled()
def crossing(ax: float, ay: float, bx: float, by: float, obstacle: Any) -> Any:
    """Return where on the line from a to b, 0 to 1, an obstacle is met; −1 if nowhere."""
    dx, dy = bx - ax, by - ay
    ox, oy = obstacle[2] - obstacle[0], obstacle[3] - obstacle[1]
    across = dx * oy - dy * ox
    if across == 0.0:
        return -1.0
    px, py = obstacle[0] - ax, obstacle[1] - ay
    share = (px * oy - py * ox) / across
    along = (px * dy - py * dx) / across
    # A hair beyond both ends, so that nothing slips through between two lines that meet.
    if share < 0.0 or share > 1.0 or along < -1e-9 or along > 1.0 + 1e-9:  # noqa: PLR2004
        return -1.0
    return share


@compiled()
def is_cut_off(ax: float, ay: float, bx: float, by: float, obstacles: Any, count: int) -> bool:
    """Whether any of the first ``count`` obstacles lies between a cell a and a spot b."""
    length = np.hypot(bx - ax, by - ay)
    for row in range(count):
        share = crossing(ax, ay, bx, by, obstacles[row])
        if share * length > _TOUCHING_M and (1.0 - share) * length > _TOUCHING_M:
            return True
    return False


@compiled()
def gather_near(segment: Any, obstacles: Any, reach_m: float, near: Any) -> int:
    """Copy to ``near`` the obstacles within reach of a segment; return how many."""
    count = 0
    left, right = min(segment[0], segment[2]) - reach_m, max(segment[0], segment[2]) + reach_m
    low, high = min(segment[1], segment[3]) - reach_m, max(segment[1], segment[3]) + reach_m
    for row in range(len(obstacles)):
        one = obstacles[row]
        if (
            max(one[0], one[2]) >= left
            and min(one[0], one[2]) <= right
            and max(one[1], one[3]) >= low
            and min(one[1], one[3]) <= high
        ):
            for place in range(4):
                near[count, place] = one[place]
            count += 1
    return count


@compiled()
def cut_at(segment: Any, near: Any, count: int, cuts: Any) -> int:
    """Write where a segment meets obstacles to ``cuts``, ascending; return how many."""
    found = 0
    for row in range(count):
        share = crossing(segment[0], segment[1], segment[2], segment[3], near[row])
        if share >= 0.0:
            place = found
            while place > 0 and cuts[place - 1] > share:
                cuts[place] = cuts[place - 1]
                place -= 1
            cuts[place] = share
            found += 1
    return found


@compiled()
def find_nearest(
    corner: Any,
    cell_m: float,
    reach_m: float,
    segments: Any,
    shares: Any,
    of_edge: Any,
    obstacles: Any,
    edge: Any,
    share: Any,
    away: Any,
) -> None:
    """Find the nearest spot on a way for every cell of a tile.

    Of equally near edges the first counts.

    Parameters
    ----------
    corner
        Coordinates of the first cell's centre.
    cell_m, reach_m
        Size of a cell; how far away a way may be.
    segments, shares, of_edge
        Straight segments ``x, y, x, y``, the shares of their edge at their ends, and their
        edges in ascending order; shapes ``(s, 4)``, ``(s, 2)``, ``(s,)``.
    obstacles
        Segments that nothing is joined across, shape ``(o, 4)``.
    edge, share, away
        Written: edge or −1, where on it, metres to it; shape ``(rows, columns)``.
    """
    near = np.empty((len(obstacles), 4))
    cuts = np.empty(len(obstacles))
    square_m = np.full(edge.shape, np.inf)
    for row in range(len(segments)):
        segment = segments[row]
        count, found = 0, 0
        if len(obstacles):
            count = gather_near(segment, obstacles, reach_m, near)
            found = cut_at(segment, near, count, cuts)
        length = np.hypot(segment[2] - segment[0], segment[3] - segment[1])
        back = _PULLED_BACK_M / length if length > 0.0 else 1.0
        begin = 0.0
        for piece in range(found + 1):
            end = 1.0 if piece == found else cuts[piece] - back
            if begin <= end:
                _spread(
                    corner, cell_m, reach_m, segment, (begin, end), shares[row],
                    of_edge[row], near, count, edge, share, square_m,
                )  # fmt: skip
            if piece < found:
                begin = cuts[piece] + back
    for y in range(edge.shape[0]):
        for x in range(edge.shape[1]):
            away[y, x] = np.sqrt(square_m[y, x])


@compiled()
def _spread(
    corner: Any,
    cell_m: float,
    reach_m: float,
    segment: Any,
    part: Any,
    ends: Any,
    number: int,
    near: Any,
    count: int,
    edge: Any,
    share: Any,
    square_m: Any,
) -> None:
    """Offer a part of a segment to the cells within reach of it."""
    begin, end = part
    run_x, run_y = segment[2] - segment[0], segment[3] - segment[1]
    square = run_x * run_x + run_y * run_y
    # The very ends are taken as they are: two edges that meet are exactly as near there.
    ax = segment[0] if begin == 0.0 else segment[0] + begin * run_x
    ay = segment[1] if begin == 0.0 else segment[1] + begin * run_y
    bx = segment[2] if end == 1.0 else segment[0] + end * run_x
    by = segment[3] if end == 1.0 else segment[1] + end * run_y
    rows, columns = edge.shape
    left = max(0, int(np.ceil((min(ax, bx) - reach_m - corner[0]) / cell_m)))
    right = min(columns - 1, int(np.floor((max(ax, bx) + reach_m - corner[0]) / cell_m)))
    low = max(0, int(np.ceil((min(ay, by) - reach_m - corner[1]) / cell_m)))
    high = min(rows - 1, int(np.floor((max(ay, by) + reach_m - corner[1]) / cell_m)))
    for row in range(low, high + 1):
        y = corner[1] + row * cell_m
        for column in range(left, right + 1):
            x = corner[0] + column * cell_m
            at = begin
            if square > 0.0:
                at = ((x - segment[0]) * run_x + (y - segment[1]) * run_y) / square
            if at <= begin:
                at, spot_x, spot_y = begin, ax, ay
            elif at >= end:
                at, spot_x, spot_y = end, bx, by
            else:
                spot_x, spot_y = segment[0] + at * run_x, segment[1] + at * run_y
            apart = (x - spot_x) * (x - spot_x) + (y - spot_y) * (y - spot_y)
            if apart > reach_m * reach_m or apart >= square_m[row, column]:
                continue
            if count and is_cut_off(x, y, spot_x, spot_y, near, count):
                continue
            square_m[row, column] = apart
            edge[row, column] = number
            share[row, column] = ends[0] + at * (ends[1] - ends[0])


@compiled()
def add_links(
    x0: float, y0: float, cell_m: float, reach_m: float, links: Any, link_ms: Any,
    link_m_per_ms: float, obstacles: Any, ms: Any, m_per_ms: Any, away: Any,
) -> None:  # fmt: skip
    """Add the straight lines from an origin to the network where they are nearer than ways.

    The cells around the origin itself are reached whatever way is nearest to them.

    Parameters
    ----------
    x0, y0, cell_m
        Centre of the first cell, size of cells.
    reach_m
        How far from the lines cells count.
    links, link_ms, link_m_per_ms
        Lines, shape ``(k, 2, 2)``; milliseconds to their ends; how fast they are walked.
    obstacles
        Segments that nothing is joined across, shape ``(o, 4)``.
    ms, m_per_ms, away
        See ``geo._cells.cell_times``; overwritten.
    """
    rows, columns = ms.shape
    for link in range(len(links)):
        ax, ay = links[link, 0, 0], links[link, 0, 1]
        bx, by = links[link, 1, 0], links[link, 1, 1]
        run_x, run_y = bx - ax, by - ay
        square = run_x * run_x + run_y * run_y
        left = max(0, int(np.ceil((min(ax, bx) - reach_m - x0) / cell_m)))
        right = min(columns - 1, int(np.floor((max(ax, bx) + reach_m - x0) / cell_m)))
        low = max(0, int(np.ceil((min(ay, by) - reach_m - y0) / cell_m)))
        high = min(rows - 1, int(np.floor((max(ay, by) + reach_m - y0) / cell_m)))
        for row in range(low, high + 1):
            y = y0 + row * cell_m - ay
            for column in range(left, right + 1):
                x = x0 + column * cell_m - ax
                share = 0.0
                if square > 0.0:
                    share = min(1.0, max(0.0, (x * run_x + y * run_y) / square))
                metres = np.hypot(x - share * run_x, y - share * run_y)
                home = abs(x) < cell_m and abs(y) < cell_m
                if not home and (metres >= reach_m or metres >= away[row, column]):
                    continue
                spot_x, spot_y = ax + share * run_x, ay + share * run_y
                if is_cut_off(x + ax, y + ay, spot_x, spot_y, obstacles, len(obstacles)):
                    continue
                walked = 0.0 if home else share * link_ms[link]
                ms[row, column] = min(ms[row, column], walked)
                m_per_ms[row, column] = link_m_per_ms
                away[row, column] = min(away[row, column], metres)


@compiled()
def measure_to_obstacles(corner: Any, cell_m: float, obstacles: Any, beside: Any) -> None:
    """Lower ``beside`` to the metres between each cell and the nearest obstacle."""
    rows, columns = beside.shape
    for number in range(len(obstacles)):
        ax, ay, bx, by = obstacles[number]
        run_x, run_y = bx - ax, by - ay
        square = run_x * run_x + run_y * run_y
        left = max(0, int(np.ceil((min(ax, bx) - corner[0]) / cell_m)) - 1)
        right = min(columns - 1, int(np.floor((max(ax, bx) - corner[0]) / cell_m)) + 1)
        low = max(0, int(np.ceil((min(ay, by) - corner[1]) / cell_m)) - 1)
        high = min(rows - 1, int(np.floor((max(ay, by) - corner[1]) / cell_m)) + 1)
        for row in range(low, high + 1):
            y = corner[1] + row * cell_m
            for column in range(left, right + 1):
                x = corner[0] + column * cell_m
                at = 0.0
                if square > 0.0:
                    at = min(1.0, max(0.0, ((x - ax) * run_x + (y - ay) * run_y) / square))
                metres = np.hypot(x - ax - at * run_x, y - ay - at * run_y)
                beside[row, column] = min(beside[row, column], metres)
