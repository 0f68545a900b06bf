"""Lines in the plane: smoothing, measuring, cutting, shifting.

All of it is plain arithmetic on lists of points, rounded to centimetres at the end, so
that every machine draws the same town.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from drawing.frame import Point


def snap(point: Point) -> Point:
    """Round to whole centimetres."""
    # Adding nought turns -0.0 into 0.0.
    return (round(point[0], 2) + 0.0, round(point[1], 2) + 0.0)


def distance(a: Point, b: Point) -> float:
    """Return the straight distance, metres."""
    return math.hypot(b[0] - a[0], b[1] - a[1])


def shifted(point: Point, direction: Point, metres: float) -> Point:
    """Return the point moved by so many metres along a unit vector."""
    return (point[0] + direction[0] * metres, point[1] + direction[1] * metres)


def left_of(direction: Point) -> Point:
    """Return the unit vector that points to the left of a direction."""
    return (-direction[1], direction[0])


def unit(a: Point, b: Point) -> Point:
    """Return the direction from one point to another, length 1."""
    span = distance(a, b)
    return ((b[0] - a[0]) / span, (b[1] - a[1]) / span)


def heading(degrees: float) -> Point:
    """Return the unit vector at an angle, counted from east towards north."""
    return (math.cos(math.radians(degrees)), math.sin(math.radians(degrees)))


def stations(points: Sequence[Point]) -> list[float]:
    """Return how far along the line each point lies, beginning with 0, metres."""
    total = 0.0
    result = [0.0]
    for a, b in pairwise(points):
        total += distance(a, b)
        result.append(total)
    return result


def length(points: Sequence[Point]) -> float:
    """Return the length of a line, metres."""
    return sum(distance(a, b) for a, b in pairwise(points))


def at(points: Sequence[Point], station: float) -> tuple[Point, Point]:
    """Return the position and the direction so many metres along a line."""
    marks = stations(points)
    index = min(max(bisect_right(marks, station) - 1, 0), len(points) - 2)
    direction = unit(points[index], points[index + 1])
    return shifted(points[index], direction, station - marks[index]), direction


def nearest(points: Sequence[Point], target: Point) -> tuple[float, float]:
    """Return the station of the nearest position on a line and its distance."""
    best, best_off = 0.0, math.inf
    done = 0.0
    x, y = target
    for (ax, ay), (bx, by) in pairwise(points):
        dx, dy = bx - ax, by - ay
        span = math.hypot(dx, dy)
        along = min(max(((x - ax) * dx + (y - ay) * dy) / span, 0.0), span)
        off = math.hypot(ax + dx / span * along - x, ay + dy / span * along - y)
        if off < best_off:
            best, best_off = done + along, off
        done += span
    return best, best_off


def cut(points: Sequence[Point], start: float, end: float) -> list[Point]:
    """Return the part of a line between two stations; backwards if start is the greater."""
    if start > end:
        return cut(points, end, start)[::-1]
    marks = stations(points)
    inner = [
        point for point, mark in zip(points, marks, strict=True) if start + 0.5 < mark < end - 0.5
    ]
    return [snap(at(points, start)[0]), *inner, snap(at(points, end)[0])]


def between(points: Sequence[Point], a: Point, b: Point) -> list[Point]:
    """Return the part of a line between the positions nearest to two points."""
    return cut(points, nearest(points, a)[0], nearest(points, b)[0])


def thinned(points: Sequence[Point], tolerance: float) -> list[Point]:
    """Leave out points that lie within ``tolerance`` of the line (Douglas and Peucker)."""
    if len(points) < 3:
        return list(points)
    first, last = points[0], points[-1]
    offs = [_off(first, last, point) for point in points[1:-1]]
    worst = max(range(len(offs)), key=offs.__getitem__)
    if offs[worst] <= tolerance:
        return [first, last]
    middle = worst + 1
    head = thinned(points[: middle + 1], tolerance)
    return head[:-1] + thinned(points[middle:], tolerance)


def _off(a: Point, b: Point, point: Point) -> float:
    span = distance(a, b)
    if span == 0:
        return distance(a, point)
    return abs((b[0] - a[0]) * (a[1] - point[1]) - (a[0] - point[0]) * (b[1] - a[1])) / span


def smooth(
    points: Sequence[Point], *, closed: bool = False, tolerance: float = 0.35
) -> list[Point]:
    """Draw a centripetal Catmull-Rom curve through the points.

    Parameters
    ----------
    points
        Where the curve passes, metres.
    closed
        Whether it returns to its first point (which is then not repeated in ``points``).
    tolerance
        How far the result may stray from the curve, metres.
    """
    knots = list(points)
    if len(knots) < 3:
        return [snap(point) for point in knots]
    if closed:
        run = [knots[-1], *knots, knots[0], knots[1]]
    else:
        run = [_mirrored(knots[0], knots[1]), *knots, _mirrored(knots[-1], knots[-2])]
    curve = [run[1]]
    for index in range(1, len(run) - 2):
        curve.extend(_span(run[index - 1], run[index], run[index + 1], run[index + 2]))
    half = len(curve) // 2
    # Thinned in two halves, because a ring's first and last point are the same.
    result = thinned(curve[: half + 1], tolerance)[:-1] + thinned(curve[half:], tolerance)
    return [snap(point) for point in result]


def _mirrored(centre: Point, point: Point) -> Point:
    return (2 * centre[0] - point[0], 2 * centre[1] - point[1])


def _span(p0: Point, p1: Point, p2: Point, p3: Point, step: float = 5.0) -> list[Point]:
    """Sample the curve from ``p1`` (left out) to ``p2``; Barry and Goldman's recursion."""
    t1 = math.sqrt(distance(p0, p1))
    t2 = t1 + math.sqrt(distance(p1, p2))
    t3 = t2 + math.sqrt(distance(p2, p3))
    count = max(2, int(distance(p1, p2) / step))
    result = []
    for index in range(1, count + 1):
        t = t1 + (t2 - t1) * index / count
        a1 = _mix(p0, p1, 0.0, t1, t)
        a2 = _mix(p1, p2, t1, t2, t)
        a3 = _mix(p2, p3, t2, t3, t)
        b1 = _mix(a1, a2, 0.0, t2, t)
        b2 = _mix(a2, a3, t1, t3, t)
        result.append(_mix(b1, b2, t1, t2, t))
    return result


def _mix(a: Point, b: Point, ta: float, tb: float, t: float) -> Point:
    part = (t - ta) / (tb - ta)
    return (a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part)


def offset(points: Sequence[Point], metres: float) -> list[Point]:
    """Shift a line to its left (to its right if negative), corner by corner."""
    result = []
    for index, point in enumerate(points):
        before = unit(points[index - 1], point) if index else None
        after = unit(point, points[index + 1]) if index + 1 < len(points) else None
        first = before or after
        second = after or before
        if first is None or second is None:
            raise ValueError("a line has at least two points")
        mean = (first[0] + second[0], first[1] + second[1])
        size = math.hypot(*mean)
        normal = left_of((mean[0] / size, mean[1] / size))
        # The corner moves farther than the sides; sharp ones are held back.
        stretch = max(size / 2, 0.5)
        result.append(snap(shifted(point, normal, metres / stretch)))
    return result


def rectangle(centre: Point, width: float, depth: float, degrees: float = 0.0) -> list[Point]:
    """Return the four corners of a turned rectangle, anticlockwise."""
    along = heading(degrees)
    across = left_of(along)
    corners = ((-1, -1), (1, -1), (1, 1), (-1, 1))
    return [
        snap(shifted(shifted(centre, along, i * width / 2), across, j * depth / 2))
        for i, j in corners
    ]
