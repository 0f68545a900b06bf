"""Make streets that touch or cross share a point, as they do in OpenStreetMap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise

from drawing.curves import at, cut, distance, length, nearest, snap
from drawing.frame import Point
from drawing.sheet import Line, Section, Sheet

_JOIN_WITHIN = 9.0
"""An end this near to another street joins it, metres."""

_SAME_WITHIN = 3.5
"""A crossing this near to a point of a street moves that point, metres."""

_EQUAL_WITHIN = 0.03

_BRIDGE = {"bridge": "yes", "layer": "1"}


def node_streets(sheet: Sheet) -> None:
    """Join the ends of streets to what they lead to, and cross what crosses."""
    streets = sheet.streets
    pinned: set[Point] = set()
    for line in streets:
        if line.points[0] != line.points[-1]:
            _attach(line, 0, streets, pinned)
            if line.fixed_end:
                pinned.add(line.points[-1])
            else:
                _attach(line, -1, streets, pinned)
    # Joining moves points by little; boxes with a margin hold for the whole time.
    boxes = [_box(line.points) for line in streets]
    for (i, a), (j, b) in combinations(enumerate(streets), 2):
        if _overlap(boxes[i], boxes[j]):
            _cross(a, b, pinned)
    for line in streets:
        line.points = [
            point
            for index, point in enumerate(line.points)
            if index == 0 or point != line.points[index - 1]
        ]


def cross_rails(sheet: Sheet) -> list[Point]:
    """Give level crossings a point on the street and on the track; return them."""
    found = []
    for rail in sheet.rails:
        for street in sheet.streets:
            for point in list(_crossing_points(rail.points, street.points)):
                if not covered(street, point) and not covered(rail, point):
                    _insert(rail, point)
                    _insert(street, point)
                    found.append(point)
    return found


def bridge_waters(sheet: Sheet) -> None:
    """Carry streets over rivers, paths over brooks, and lead brooks under streets."""
    for water in sheet.waters:
        river = water.tags["waterway"] == "river"
        for street in sheet.streets:
            minor = street.tags["highway"] in {"path", "footway", "track", "cycleway"}
            for point in list(_crossing_points(water.points, street.points)):
                if river:
                    street.sections.append(_around(street, point, 14, _BRIDGE))
                elif minor:
                    street.sections.append(_around(street, point, 4, _BRIDGE))
                else:
                    culvert = {"tunnel": "culvert", "layer": "-1"}
                    water.sections.append(_around(water, point, 6, culvert))


def _around(line: Line, point: Point, reach: float, tags: dict[str, str]) -> Section:
    station = nearest(line.points, point)[0]
    start = at(line.points, max(station - reach, 0.0))[0]
    end = at(line.points, min(station + reach, length(line.points)))[0]
    return Section(start, end, tags)


def covered(line: Line, point: Point) -> bool:
    """Whether the line is a bridge or a tunnel at this position."""
    station = nearest(line.points, point)[0]
    for section in line.sections:
        if "bridge" in section.tags or "tunnel" in section.tags:
            ends = sorted(
                (nearest(line.points, section.start)[0], nearest(line.points, section.end)[0])
            )
            if ends[0] <= station <= ends[1]:
                return True
    return "bridge" in line.tags or "tunnel" in line.tags


def pieces(line: Line) -> Iterator[tuple[list[Point], dict[str, str]]]:
    """Yield the parts of a line between which its tags change."""
    whole = length(line.points)
    spans = []
    for section in line.sections:
        ends = (nearest(line.points, section.start)[0], nearest(line.points, section.end)[0])
        spans.append((min(ends), max(ends), section.tags))
    breaks = sorted({0.0, whole, *(end for span in spans for end in span[:2])})
    # Breaks that nearly coincide would make slivers.
    kept = [0.0]
    kept.extend(mark for mark in breaks if kept[-1] + 2.0 < mark < whole - 2.0)
    kept.append(whole)
    for start, end in pairwise(kept):
        tags = dict(line.tags)
        for first, last, extra in spans:
            if first <= (start + end) / 2 <= last:
                tags.update(extra)
        yield _cut_exactly(line.points, start, end), tags


def _cut_exactly(points: list[Point], start: float, end: float) -> list[Point]:
    """Cut, but keep the very points of the line where the cut falls on them."""
    part = cut(points, start, end)
    if start == 0:
        part[0] = points[0]
    if end >= length(points):
        part[-1] = points[-1]
    return part


def _attach(line: Line, end: int, streets: Iterable[Line], pinned: set[Point]) -> None:
    here = line.points[end]
    best: tuple[float, Line | None, float] = (_JOIN_WITHIN, None, 0.0)
    for other in streets:
        if other is line or not _near(other.points, here):
            continue
        station, off = nearest(other.points, here)
        if off < best[0]:
            best = (off, other, station)
    if best[1] is None:
        return
    other = best[1]
    target = _insert(other, at(other.points, best[2])[0])
    line.points[end] = target
    pinned.add(target)
    neighbour = 1 if end == 0 else -2
    if len(line.points) > 2 and distance(line.points[neighbour], target) < 2.0:
        del line.points[neighbour]


def _near(points: list[Point], target: Point) -> bool:
    x, y = target
    reach = _JOIN_WITHIN
    return (
        min(p[0] for p in points) - reach <= x <= max(p[0] for p in points) + reach
        and min(p[1] for p in points) - reach <= y <= max(p[1] for p in points) + reach
    )


def _insert(line: Line, point: Point) -> Point:
    """Make ``point`` (or the point of the line beside it) a point of the line."""
    close = min(line.points, key=lambda own: distance(own, point))
    if distance(close, point) < _SAME_WITHIN:
        own_end = close in (line.points[0], line.points[-1])
        if own_end or distance(close, point) < _EQUAL_WITHIN:
            return close
    station = nearest(line.points, point)[0]
    done = 0.0
    for index, (a, b) in enumerate(pairwise(line.points)):
        span = distance(a, b)
        if station <= done + span or index == len(line.points) - 2:
            line.points.insert(index + 1, snap(point))
            return snap(point)
        done += span
    raise AssertionError


def insert_point(line: Line, point: Point) -> Point:
    """Make the position nearest to ``point`` a point of the line and return it."""
    return _insert(line, at(line.points, nearest(line.points, point)[0])[0])


def _box(points: list[Point]) -> tuple[float, float, float, float]:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    margin = 2 * _SAME_WITHIN
    return (min(xs) - margin, min(ys) - margin, max(xs) + margin, max(ys) + margin)


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]


def _boxes_apart(a: list[Point], b: list[Point]) -> bool:
    return (
        max(p[0] for p in a) < min(p[0] for p in b)
        or max(p[0] for p in b) < min(p[0] for p in a)
        or max(p[1] for p in a) < min(p[1] for p in b)
        or max(p[1] for p in b) < min(p[1] for p in a)
    )


def _crossing_points(a: list[Point], b: list[Point]) -> Iterator[Point]:
    if _boxes_apart(a, b):
        return
    for p, q in pairwise(a):
        for r, s in pairwise(b):
            if not _boxes_apart([p, q], [r, s]):
                point = _meet(p, q, r, s)
                if point is not None:
                    yield point


def _meet(p: Point, q: Point, r: Point, s: Point) -> Point | None:
    """Return where two segments meet, ends included, or None."""
    d1 = (q[0] - p[0], q[1] - p[1])
    d2 = (s[0] - r[0], s[1] - r[1])
    cross = d1[0] * d2[1] - d1[1] * d2[0]
    if abs(cross) < 1e-9:
        return None
    t = ((r[0] - p[0]) * d2[1] - (r[1] - p[1]) * d2[0]) / cross
    u = ((r[0] - p[0]) * d1[1] - (r[1] - p[1]) * d1[0]) / cross
    if not (0 <= t <= 1 and 0 <= u <= 1):
        return None
    return snap((p[0] + d1[0] * t, p[1] + d1[1] * t))


def _cross(a: Line, b: Line, pinned: set[Point]) -> None:
    for _ in range(40):
        shared = set(a.points) & set(b.points)
        fresh = next(
            (
                point
                for point in _crossing_points(a.points, b.points)
                if all(distance(point, own) > _EQUAL_WITHIN for own in shared)
            ),
            None,
        )
        if fresh is None:
            return
        _join(a, b, fresh, pinned)
    raise AssertionError(f"no end of crossings of {a.name!r} and {b.name!r} at {fresh}")


def _join(a: Line, b: Line, point: Point, pinned: set[Point]) -> None:
    """Let both lines pass through one point at a crossing."""
    close = [own for line in (a, b) for own in line.points if distance(own, point) < _SAME_WITHIN]
    fixed = [own for own in close if own in pinned]
    target = min(fixed or close or [point], key=lambda own: distance(own, point))
    for line in (a, b):
        _pass_through(line, target, point, pinned)
    pinned.add(target)


def _pass_through(line: Line, target: Point, crossing: Point, pinned: set[Point]) -> None:
    if target in line.points:
        return
    for index, own in enumerate(line.points):
        if distance(own, crossing) < _SAME_WITHIN and own not in pinned:
            line.points[index] = target
            return
    _place(line, target)


def _place(line: Line, target: Point) -> None:
    station = nearest(line.points, target)[0]
    done = 0.0
    for index, (a, b) in enumerate(pairwise(line.points)):
        done += distance(a, b)
        if station < done or index == len(line.points) - 2:
            line.points.insert(index + 1, target)
            return
