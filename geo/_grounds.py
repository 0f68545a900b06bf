"""Which stretch of a way lies in which grounds: ways are cut at the boundaries.

Boundaries and ways are drawn by different people, often along the same fence or street.
Within a narrow band along the boundary the side is therefore not taken at its word: a
stretch in the band belongs to where its way comes from and goes to. So a street that
wriggles along the boundary stays outside, a path along the fence stays inside, and a drive
that crosses is cut once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo._memo import Memo
from geo._polylines import Floats, Ints, Polylines
from geo.sites import Sites

BAND_M = 3.0
"""Half width of the band along a boundary in which the side is not taken at its word."""

SNAP_M = 0.5
"""A cut this near to a point of the way is made there: no crumbs of edges."""

GATE_REACH_M = 20.0
"""A way crosses at a gate if it crosses within so many metres of it."""

_OUT, _BAND, _IN = -1, 0, 1


@dataclass(frozen=True, eq=False)
class Grounds:
    """The grounds of a study, prepared for asking which side something is on.

    Attributes
    ----------
    ids
        Site ids, ascending.
    polygons
        MultiPolygons, metric, shape ``(s,)``.
    core, wide
        The polygons without and with the band along the boundary.
    given_gates
        Per site the positions of the gates that the study gives, shape ``(g, 2)``.
    """

    ids: tuple[str, ...]
    polygons: npt.NDArray[Any]
    core: npt.NDArray[Any]
    wide: npt.NDArray[Any]
    given_gates: tuple[Floats, ...]


def prepare_grounds(sites: Sites) -> Grounds:
    """Prepare the polygons of all sites."""
    polygons = np.array(sites.sites.geometry, dtype=object)
    ids = tuple(str(site) for site in sites.sites["site_id"])
    core = shapely.buffer(polygons, -BAND_M)
    wide = shapely.buffer(polygons, BAND_M)
    for prepared in (polygons, core, wide):
        shapely.prepare(prepared)
    owner = np.array(sites.gates["site_id"], dtype=object)
    at = shapely.get_coordinates(np.array(sites.gates.geometry, dtype=object))
    return Grounds(ids, polygons, core, wide, tuple(at[owner == site] for site in ids))


def drop_unusable(polylines: Polylines, grounds: Grounds, reach_m: float) -> Polylines:
    """Leave out ways that nobody here may use.

    Those are private ways that come nowhere near any grounds, and ways for bicycles only that
    touch grounds: they are no gates.
    """
    far = polylines.private & ~_boxes_meet(polylines, grounds, reach_m).any(axis=1)
    through = ~polylines.on_foot & _boxes_meet(polylines, grounds, BAND_M).any(axis=1)
    for part in np.flatnonzero(through):
        run = polylines.xy[polylines.start[part] : polylines.stop[part]]
        through[part] = shapely.intersects(grounds.wide, shapely.linestrings(run)).any()
    return polylines.only(~far & ~through)


def label_grounds(polylines: Polylines, grounds: Grounds, memo: Memo) -> Polylines:
    """Cut the ways at the boundaries and say of every stretch where it lies.

    Parameters
    ----------
    polylines
        Runs of points.
    grounds
        The grounds of the study.
    memo
        What is known from other builds.

    Returns
    -------
    Polylines
        With points added at the cuts (``node`` −1) and ``label`` filled in. Where grounds
        overlap, the first by id counts.
    """
    meets = _boxes_meet(polylines, grounds, BAND_M)
    affected = np.flatnonzero(meets.any(axis=1))
    if not len(affected):
        return polylines
    place = (
        tuple(shapely.to_wkb(grounds.polygons).tolist()),
        tuple(gates.tobytes() for gates in grounds.given_gates),
    )
    known = memo.table("label").setdefault(place, {})
    changed: dict[int, tuple[Floats, Ints, Ints]] = {}
    for part in affected:
        points = slice(polylines.start[part], polylines.stop[part])
        xy, node = polylines.xy[points], polylines.node[points]
        key = xy.tobytes()
        if key not in known:
            known[key] = _label(xy, grounds, np.flatnonzero(meets[part]))
        if known[key] is not None:
            new_xy, row, label = known[key]
            changed[int(part)] = new_xy, np.where(row >= 0, node[row], -1), label
    return _put_back(polylines, changed)


def _boxes_meet(polylines: Polylines, grounds: Grounds, margin_m: float) -> npt.NDArray[np.bool_]:
    """Whether the box of each part meets the box of each site, shape ``(p, s)``."""
    if not len(polylines.start) or not len(grounds.ids):
        return np.zeros((len(polylines.start), len(grounds.ids)), dtype=bool)
    low = np.minimum.reduceat(polylines.xy, polylines.start, axis=0)[:, None, :]
    high = np.maximum.reduceat(polylines.xy, polylines.start, axis=0)[:, None, :]
    box = shapely.bounds(grounds.polygons)
    meets = (high >= box[:, :2] - margin_m) & (low <= box[:, 2:] + margin_m)
    return np.asarray(meets.all(axis=2))


def _label(xy: Floats, grounds: Grounds, candidates: Ints) -> tuple[Floats, Ints, Ints] | None:
    """Cut one run of points at the boundaries of some sites; None if it is all outside.

    Second come the rows in ``xy`` of the points, −1 for cuts.
    """
    way = _Run(xy)
    line = shapely.linestrings(xy)
    inside: list[tuple[int, float, float]] = []
    for site in candidates:
        if shapely.contains_properly(grounds.core[site], line):
            inside.append((int(site), 0.0, way.length))
        elif shapely.intersects(grounds.polygons[site], line):
            inside += [(int(site), a, b) for a, b in _stretches_inside(way, grounds, int(site))]
    if not inside:
        return None
    cuts = np.unique([end for _, a, b in inside for end in (a, b)])
    cuts = cuts[(cuts > 0) & (cuts < way.length)]
    position = np.concatenate([way.position, cuts])
    order = np.argsort(position, kind="stable")
    new_xy = np.concatenate([xy, way.at(cuts)])[order]
    row = np.concatenate([np.arange(len(xy)), np.full(len(cuts), -1)])[order]
    # A cut at a point of the way is no new point.
    fresh = np.concatenate([np.ones(len(xy), dtype=bool), ~np.isin(cuts, way.position)])[order]
    new_xy, row, position = new_xy[fresh], row[fresh], position[order][fresh]
    middle = (position[:-1] + position[1:]) / 2
    label = np.full(len(position), -1)
    for site, a, b in reversed(inside):  # the first by id is written last
        label[:-1][(middle > a) & (middle < b)] = site
    label[-1] = label[-2]
    return new_xy, row, label


def _stretches_inside(way: _Run, grounds: Grounds, site: int) -> list[tuple[float, float]]:
    """Return the stretches ``(from, to)`` of a way, in metres along it, that lie inside."""
    core, wide = grounds.core[site], grounds.wide[site]
    ends = np.concatenate([way.meets(core), way.meets(wide), [0.0, way.length]])
    ends = np.unique(ends)
    points: Any = shapely.points(way.at((ends[:-1] + ends[1:]) / 2))
    side = np.full(len(points), _BAND)
    side[shapely.contains(core, points)] = _IN
    side[~shapely.intersects(wide, points)] = _OUT
    first = np.flatnonzero(np.concatenate([[True], side[1:] != side[:-1]]))
    side, begin = side[first], ends[:-1][first]
    end = np.append(begin[1:], way.length)
    inside: list[tuple[float, float]] = []
    for i, kind in enumerate(side):
        if kind == _IN:
            inside.append((begin[i], end[i]))
        if kind != _BAND:
            continue
        before = side[i - 1] if i else None
        after = side[i + 1] if i + 1 < len(side) else None
        if before is None and after is None:
            if way.share_in(grounds.polygons[site]) > 1 / 2:
                inside.append((0.0, way.length))
        elif {before, after} <= {_IN, None}:
            inside.append((begin[i], end[i]))
        elif {before, after} == {_IN, _OUT}:
            leaves = before == _IN
            cut = _cut_at(way, grounds, site, (begin[i], end[i]), leaves=leaves)
            inside.append((begin[i], cut) if leaves else (cut, end[i]))
    return _joined([(way.snapped(a), way.snapped(b)) for a, b in inside])


def _cut_at(
    way: _Run, grounds: Grounds, site: int, stretch: tuple[float, float], *, leaves: bool
) -> float:
    """Choose where a way that crosses the band is cut: at a given gate, else outermost."""
    begin, end = stretch
    crossings = way.meets(grounds.polygons[site])
    crossings = crossings[(crossings >= begin) & (crossings <= end)]
    if not len(crossings):
        return (begin + end) / 2
    gates = grounds.given_gates[site]
    if len(gates):
        away = np.hypot(*(way.at(crossings)[:, None, :] - gates[None, :, :]).transpose(2, 0, 1))
        nearest = away.min(axis=1)
        if nearest.min() <= GATE_REACH_M:
            return float(crossings[np.argmin(nearest)])
    return float(crossings[-1] if leaves else crossings[0])


def _joined(stretches: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Join stretches that touch, leave out those that vanished."""
    joined: list[tuple[float, float]] = []
    for begin, end in stretches:
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif end > begin:
            joined.append((begin, end))
    return joined


class _Run:
    """A run of points, measured in metres along it."""

    def __init__(self, xy: Floats) -> None:
        self.xy = xy
        step = np.hypot(*np.diff(xy, axis=0).T)
        self.position = np.concatenate([[0.0], np.cumsum(step)])
        self.length = float(self.position[-1])
        # Points named twice make segments without length, which geometry cannot intersect.
        self._real = np.flatnonzero(step > 0)
        ends = np.stack([xy[self._real], xy[self._real + 1]], axis=1)
        self._segments = shapely.linestrings(ends)

    def at(self, position: Floats) -> Floats:
        """Return the points so many metres along, shape ``(k, 2)``."""
        return np.column_stack(
            [np.interp(position, self.position, self.xy[:, axis]) for axis in (0, 1)]
        )

    def meets(self, polygon: Any) -> Floats:
        """Return where the run meets the boundary of a polygon, ascending."""
        shared = shapely.intersection(self._segments, shapely.boundary(polygon))
        points, segment = shapely.get_coordinates(shared, return_index=True)
        first = self._real[segment]
        along = self.position[first] + np.hypot(*(points - self.xy[first]).T)
        return np.unique(along)

    def share_in(self, polygon: Any) -> float:
        """Return the share of its length that lies in a polygon, its boundary left out."""
        within = shapely.length(shapely.intersection(self._segments, polygon)).sum()
        along = shapely.length(
            shapely.intersection(self._segments, shapely.boundary(polygon))
        ).sum()
        return float((within - along) / self.length) if self.length else 0.0

    def snapped(self, position: float) -> float:
        """Move a position to a point of the run that is very near."""
        nearest = float(self.position[np.argmin(np.abs(self.position - position))])
        return nearest if abs(nearest - position) <= SNAP_M else position


def _put_back(polylines: Polylines, changed: dict[int, tuple[Floats, Ints, Ints]]) -> Polylines:
    """Replace the points of some parts."""
    xy, node, label, length = [], [], [], polylines.stop - polylines.start
    length = length.copy()
    done = 0
    for part, (new_xy, new_node, new_label) in sorted(changed.items()):
        begin = polylines.start[part]
        xy += [polylines.xy[done:begin], new_xy]
        node += [polylines.node[done:begin], new_node]
        label += [polylines.label[done:begin], new_label]
        length[part] = len(new_xy)
        done = polylines.stop[part]
    stop = np.cumsum(length)
    return replace(
        polylines,
        xy=np.concatenate([*xy, polylines.xy[done:]]),
        node=np.concatenate([*node, polylines.node[done:]]),
        label=np.concatenate([*label, polylines.label[done:]]),
        start=stop - length,
        stop=stop,
    )
