"""Rings around where values on a grid are not above nought; compiled.

Marching squares: a ring goes from one line of the grid to the next with the inside on its
left, so that outlines run counterclockwise and holes clockwise. Where the corners of a
square alternate, the mean of the four decides.
"""

# Compiled code takes its arrays one by one.
# ruff: noqa: PLR0917

from __future__ import annotations

from typing import Any

import numpy as np

from geo._compiled import compiled

_BOTTOM, _RIGHT, _TOP, _LEFT = 0, 1, 2, 3

_WAYS_OUT = (
    # By the corners inside (1 south-west, 2 south-east, 4 north-east, 8 north-west): the side
    # left by when coming in from the bottom, right, top, left. −1: nobody comes in there.
    (-1, -1, -1, -1),
    (_LEFT, -1, -1, -1),
    (-1, _BOTTOM, -1, -1),
    (-1, _LEFT, -1, -1),
    (-1, -1, _RIGHT, -1),
    (_LEFT, -1, _RIGHT, -1),
    (-1, -1, _BOTTOM, -1),
    (-1, -1, _LEFT, -1),
    (-1, -1, -1, _TOP),
    (_TOP, -1, -1, -1),
    (-1, _BOTTOM, -1, _TOP),
    (-1, _TOP, -1, -1),
    (-1, -1, -1, _RIGHT),
    (_RIGHT, -1, -1, -1),
    (-1, -1, -1, _BOTTOM),
    (-1, -1, -1, -1),
    # 5 and 10 again, where the mean lies inside: the two corners outside are cut off.
    (_RIGHT, -1, _LEFT, -1),
    (-1, _TOP, -1, _BOTTOM),
)
_SADDLE, _OTHER_SADDLE, _MEAN_INSIDE = 5, 10, 16
WAYS_OUT = np.array(_WAYS_OUT, dtype=np.int64)


@compiled()
def trace_rings(
    values: Any, column: int, row: int, per_cell: float, smallest: float, ways_out: Any
) -> Any:
    """Trace the rings around all parts and holes.

    Parameters
    ----------
    values
        Never nought, above it along the rim; shape ``(rows, columns)``.
    column, row
        Of the first value.
    per_cell
        Units of the result per cell.
    smallest
        Parts and holes of less square units are left out, parts with their holes.
    ways_out
        ``WAYS_OUT``.

    Returns
    -------
    xy, ring_starts, part_starts
        Points in whole units, the last of a ring is its first; where rings begin among the
        points and parts among the rings, each with one more at the end. The first ring of a
        part is its outline.
    """
    rows, columns = values.shape
    count = 0
    for r in range(rows - 1):
        for c in range(columns - 1):
            inside = values[r, c] < 0.0
            count += int(inside != (values[r, c + 1] < 0.0))
            count += int(inside != (values[r + 1, c] < 0.0))
    # A ring crosses at least four lines of the grid.
    points = np.empty((count + count // 4 + 1, 2))
    starts = np.zeros(count // 4 + 2, dtype=np.int64)
    outline = np.empty(count // 4 + 1, dtype=np.int64)
    kept = np.empty(count // 4 + 1, dtype=np.bool_)
    ring_at = np.full((rows, columns), -1, dtype=np.int32)
    used, rings = 0, 0
    for r in range(1, rows - 1):
        beside = -1
        for c in range(columns - 1):
            inside = values[r, c] < 0.0
            if inside == (values[r, c + 1] < 0.0):
                continue
            if ring_at[r, c] < 0:
                # Met for the first time in its lowest row, at its left: what is entered
                # there from outside is a part. A hole lies in the part of whichever ring was
                # crossed before it.
                begin = used
                used = _trace(
                    values, r, c, rings, points, used, column, row, per_cell, ring_at, ways_out
                )
                large = _area(points, begin, used) >= smallest
                outline[rings] = outline[beside] if inside else rings
                kept[rings] = large and (not inside or kept[outline[beside]])
                rings += 1
                starts[rings] = used
            beside = ring_at[r, c]
    return _in_parts(points, starts, outline, kept, rings)


@compiled()
def _trace(
    values: Any, r: int, c: int, ring: int, points: Any, used: int,
    column: int, row: int, per_cell: float, ring_at: Any, ways_out: Any,
) -> int:  # fmt: skip
    """Follow a ring from a line between two columns; return how many points there are then."""
    begin = used
    # Going up from a line with the inside to its west, else down into the square below.
    side = _BOTTOM if values[r, c] < 0.0 else _TOP
    if side == _TOP:
        r -= 1
    while True:
        if side in (_BOTTOM, _TOP):
            y = r if side == _BOTTOM else r + 1
            if ring_at[y, c] >= 0:
                break
            ring_at[y, c] = ring
            share = values[y, c] / (values[y, c] - values[y, c + 1])
            points[used, 0] = np.rint((column + c) * per_cell + share * per_cell)
            points[used, 1] = np.rint((row + y) * per_cell)
        else:
            x = c if side == _LEFT else c + 1
            share = values[r, x] / (values[r, x] - values[r + 1, x])
            points[used, 0] = np.rint((column + x) * per_cell)
            points[used, 1] = np.rint((row + r) * per_cell + share * per_cell)
        used += 1
        south_west, south_east = values[r, c], values[r, c + 1]
        north_west, north_east = values[r + 1, c], values[r + 1, c + 1]
        case = (
            (south_west < 0.0) + 2 * (south_east < 0.0)
            + 4 * (north_east < 0.0) + 8 * (north_west < 0.0)
        )  # fmt: skip
        if case in (_SADDLE, _OTHER_SADDLE):
            mean_inside = south_west + south_east + north_west + north_east < 0.0
            if mean_inside:
                case = _MEAN_INSIDE + (case == _OTHER_SADDLE)
        out = ways_out[case, side]
        if out == _BOTTOM:
            r, side = r - 1, _TOP
        elif out == _TOP:
            r, side = r + 1, _BOTTOM
        elif out == _LEFT:
            c, side = c - 1, _RIGHT
        else:
            c, side = c + 1, _LEFT
    points[used, 0], points[used, 1] = points[begin, 0], points[begin, 1]
    return used + 1


@compiled()
def _area(points: Any, begin: int, end: int) -> float:
    """Return the area of a ring; whole numbers, counted from its first point, stay exact."""
    x, y = points[begin, 0], points[begin, 1]
    twice = 0.0
    for at in range(begin + 1, end - 1):
        twice += (points[at, 0] - x) * (points[at + 1, 1] - y)
        twice -= (points[at + 1, 0] - x) * (points[at, 1] - y)
    return abs(twice) / 2.0


@compiled()
def _in_parts(points: Any, starts: Any, outline: Any, kept: Any, rings: int) -> Any:
    """Put the rings that are kept in the order of their parts, outlines first."""
    members = np.zeros(rings + 1, dtype=np.int64)
    parts, total = 0, 0
    for ring in range(rings):
        if kept[ring]:
            members[outline[ring] + 1] += 1
            parts += outline[ring] == ring
            total += starts[ring + 1] - starts[ring]
    for ring in range(rings):
        members[ring + 1] += members[ring]
    order = np.empty(members[rings], dtype=np.int64)
    place = members.copy()
    part_starts = np.zeros(parts + 1, dtype=np.int64)
    part = 0
    for ring in range(rings):
        if kept[ring]:
            order[place[outline[ring]]] = ring
            place[outline[ring]] += 1
            if outline[ring] == ring:
                part += 1
                part_starts[part] = members[ring + 1]
    xy = np.empty((total, 2))
    ring_starts = np.zeros(len(order) + 1, dtype=np.int64)
    used = 0
    for number in range(len(order)):
        for at in range(starts[order[number]], starts[order[number] + 1]):
            xy[used, 0], xy[used, 1] = points[at, 0], points[at, 1]
            used += 1
        ring_starts[number + 1] = used
    return xy, ring_starts, part_starts
