"""The ways and nodes of an extract while they are changed: a draft that is never the original."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from geo._memo import Memo
from geo._walkable import NODE_KEYS, may_be_walked
from geo.crs import WGS84, transformer
from geo.errors import EditError
from geo.extract import Extract, Nodes, Tags, Ways
from geo.findings import Finding

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Point = tuple[float, float]

DECIMALS = 7
"""OSM keeps coordinates to so many decimals of a degree, about a centimetre."""

_OWN_IDS = -(1 << 59)
"""Ids below this stand for squares made of relations, see ``geo.reader.square_relation``."""


@dataclass(frozen=True)
class Spot:
    """A spot on a way: the nodes before and behind it, and how far away it lies."""

    way: int
    nodes: tuple[int, int]
    xy: Point
    metres: float


class Draft:
    """Ways and nodes that can be changed; ``finish`` makes an extract of them.

    Parameters
    ----------
    extract
        What is changed; it stays as it is.
    crs
        Metric CRS to measure in.
    memo
        What is known of the extract.
    """

    def __init__(self, extract: Extract, crs: str, memo: Memo) -> None:
        self._extract = extract
        ways, nodes = extract.ways, extract.nodes
        self._to_metres = transformer(WGS84, crs)
        self._to_degrees = transformer(crs, WGS84)
        # Made once for all changes of one extract; only the last extract's is kept.
        known = memo.table("segments")
        if crs not in known or known[crs][0] is not ways or known[crs][1] is not nodes:
            known[crs] = ways, nodes, _segments(extract, crs)
        self._xy, self._segment_way, self._segment_nodes, self._segment_xy = known[crs][2]
        self._refs: dict[int, list[int]] = {}
        self._way_tags: dict[int, Tags] = {}
        self._removed: set[int] = set()
        self._node_tags: dict[int, Tags] = {}
        self._new_nodes: dict[int, Point] = {}
        self._next_way = _first_free(ways.ids)
        self._next_node = _first_free(np.concatenate([nodes.ids, ways.refs]))

    # What there is.

    def metres(self, point: Point) -> Point:
        """Project a point given as longitude and latitude."""
        x, y = self._to_metres.transform(*point)
        return float(x), float(y)

    def has_way(self, way: int) -> bool:
        """Whether there is a way of this id."""
        known = way in self._refs or _find(self._extract.ways.ids, np.array(way))[1]
        return bool(known) and way not in self._removed

    def has_node(self, node: int) -> bool:
        """Whether a way uses a node of this id whose position is known."""
        return node in self._new_nodes or bool(_find(self._extract.nodes.ids, np.array(node))[1])

    def refs(self, way: int) -> list[int]:
        """Return the nodes of a way."""
        if way in self._refs:
            return self._refs[way]
        ways = self._extract.ways
        row = int(np.searchsorted(ways.ids, way))
        found: list[int] = ways.refs[ways.offsets[row] : ways.offsets[row + 1]].tolist()
        return found

    def way_tags(self, way: int) -> Tags:
        """Return the tags of a way."""
        if way in self._way_tags:
            return self._way_tags[way]
        return self._extract.ways.tags[int(np.searchsorted(self._extract.ways.ids, way))]

    def node_tags(self, node: int) -> Tags:
        """Return the tags of a node."""
        return self._node_tags.get(node, self._extract.nodes.tags.get(node, {}))

    def node_xy(self, node: int) -> Point:
        """Return where a node lies, metres."""
        if node in self._new_nodes:
            return self.metres(self._new_nodes[node])
        x, y = self._xy[int(np.searchsorted(self._extract.nodes.ids, node))]
        return float(x), float(y)

    def tagged_nodes(self) -> Iterable[tuple[int, Tags]]:
        """Return all nodes with tags, ascending."""
        known = {**self._extract.nodes.tags, **self._node_tags}
        return ((node, known[node]) for node in sorted(known) if self.has_node(node))

    def box(self) -> tuple[float, float, float, float]:
        """Return west, south, east, north of the nodes in the extract, degrees."""
        nodes = self._extract.nodes
        if not len(nodes.ids):
            return 0.0, 0.0, 0.0, 0.0
        return (
            float(nodes.longitude.min()), float(nodes.latitude.min()),
            float(nodes.longitude.max()), float(nodes.latitude.max()),
        )  # fmt: skip

    def nearest_node(
        self, xy: Point, reach_m: float, wanted: Callable[[int], bool]
    ) -> tuple[int, float] | None:
        """Return the nearest node of wanted ways and the metres to it; None beyond reach."""
        away = np.hypot(*(self._segment_xy - np.array(xy)).transpose(2, 0, 1))
        best: tuple[float, int] | None = None
        for row, end in np.argwhere(away <= reach_m).tolist():
            found = (float(away[row, end]), int(self._segment_nodes[row, end]))
            if (best is None or found < best) and wanted(int(self._segment_way[row])):
                best = found
        return None if best is None else (best[1], best[0])

    def nearest_spot(
        self, xy: Point, reach_m: float, wanted: Callable[[int], bool]
    ) -> Spot | None:
        """Return the nearest spot on a wanted way; None beyond reach."""
        begin = self._segment_xy[:, 0]
        course = self._segment_xy[:, 1] - begin
        square = np.maximum((course**2).sum(axis=1), 1e-12)
        share = (((np.array(xy) - begin) * course).sum(axis=1) / square).clip(0.0, 1.0)
        foot = begin + share[:, None] * course
        away = np.hypot(*(foot - np.array(xy)).T)
        near = np.flatnonzero(away <= reach_m)
        order = near[np.lexsort((self._segment_way[near], away[near]))]
        for row in order.tolist():
            if wanted(int(self._segment_way[row])):
                return self._spot(row, foot[row], float(away[row]))
        return None

    def crossed(self, begin: Point, end: Point, wanted: Callable[[int], bool]) -> list[Spot]:
        """Return where a straight line meets wanted ways, from its first end onward."""
        a, b = np.array(begin), np.array(end)
        start = self._segment_xy[:, 0]
        line, course = b - a, self._segment_xy[:, 1] - start
        turn = line[0] * course[:, 1] - line[1] * course[:, 0]
        offset = start - a
        with np.errstate(divide="ignore", invalid="ignore"):
            along = (offset[:, 0] * course[:, 1] - offset[:, 1] * course[:, 0]) / turn
            share = (offset[:, 0] * line[1] - offset[:, 1] * line[0]) / turn
        inside = (along >= 0) & (along <= 1) & (share >= 0) & (share <= 1)
        rows = np.flatnonzero(inside)
        length = float(np.hypot(*line))
        order = rows[np.lexsort((self._segment_way[rows], along[rows]))]
        return [
            self._spot(row, a + along[row] * line, float(along[row]) * length)
            for row in order.tolist()
            if wanted(int(self._segment_way[row]))
        ]

    def _spot(self, row: int, xy: Floats, metres: float) -> Spot:
        first, last = self._segment_nodes[row].tolist()
        return Spot(
            int(self._segment_way[row]), (first, last), (float(xy[0]), float(xy[1])), metres
        )

    # Changes.

    def add_node(self, point: Point, tags: Tags | None = None) -> int:
        """Add a node at a longitude and latitude."""
        node = self._next_node
        self._next_node -= 1
        self._new_nodes[node] = round(point[0], DECIMALS), round(point[1], DECIMALS)
        if tags:
            self._node_tags[node] = dict(tags)
        return node

    def insert(self, spot: Spot) -> int:
        """Put a node into all ways that run along the two nodes of a spot."""
        lon, lat = self._to_degrees.transform(*spot.xy)
        node = self.add_node((float(lon), float(lat)))
        pair = set(spot.nodes)
        rows = np.flatnonzero(
            np.isin(self._segment_nodes, spot.nodes).all(axis=1)
        )  # a segment has two different ends
        for way in np.unique(self._segment_way[rows]).tolist():
            refs = self.refs(way)
            new = refs[:1]
            for before, after in pairwise(refs):
                if {before, after} == pair:
                    new.append(node)
                new.append(after)
            self._refs[way] = new
        kept = np.ones(len(self._segment_way), dtype=bool)
        kept[rows] = False
        halves = [
            (int(self._segment_way[row]), [int(self._segment_nodes[row, 0]), node,
                                           int(self._segment_nodes[row, 1])])
            for row in rows
        ]  # fmt: skip
        self._replace_segments(kept, halves)
        return node

    def add_way(self, refs: list[int], tags: Tags) -> int:
        """Add a way."""
        way = self._next_way
        self._next_way -= 1
        self._refs[way] = list(refs)
        self._way_tags[way] = dict(tags)
        self._replace_segments(np.ones(len(self._segment_way), dtype=bool), [(way, refs)])
        return way

    def remove_way(self, way: int) -> None:
        """Take a way out."""
        self._removed.add(way)
        self._replace_segments(self._segment_way != way, [])

    def tag_way(self, way: int, tags: Tags) -> None:
        """Give a way other tags."""
        self._way_tags[way] = dict(tags)

    def tag_node(self, node: int, tags: Tags) -> None:
        """Give a node other tags."""
        self._node_tags[node] = dict(tags)

    def _replace_segments(
        self, kept: npt.NDArray[np.bool_], ways: Iterable[tuple[int, list[int]]]
    ) -> None:
        pairs = [(way, a, b) for way, refs in ways for a, b in pairwise(refs) if a != b]
        more = np.array(pairs, dtype=np.int64).reshape(-1, 3)
        xy = np.array([self.node_xy(node) for pair in pairs for node in pair[1:]])
        self._segment_way = np.concatenate([self._segment_way[kept], more[:, 0]])
        self._segment_nodes = np.concatenate([self._segment_nodes[kept], more[:, 1:]])
        self._segment_xy = np.concatenate([self._segment_xy[kept], xy.reshape(-1, 2, 2)])

    # The result.

    def finish(self, findings: tuple[Finding, ...] = ()) -> Extract:
        """Return the extract with all changes, as a file that holds them would give it.

        Parameters
        ----------
        findings
            What was noticed while changing, added to the extract's.
        """
        if not (self._refs or self._way_tags or self._removed or self._node_tags):
            return self._extract
        ways = self._finished_ways()
        return replace(
            self._extract,
            ways=ways,
            nodes=self._finished_nodes(ways),
            findings=(*self._extract.findings, *findings),
        )

    def _finished_ways(self) -> Ways:
        old = self._extract.ways
        changed = {*self._refs, *self._way_tags, *self._removed}
        kept = np.flatnonzero(~np.isin(old.ids, list(changed)))
        alive = [
            (way, self.refs(way), self.way_tags(way)) for way in sorted(changed - self._removed)
        ]
        alive = [
            (way, refs, tags)
            for way, refs, tags in alive
            if may_be_walked(tags) and len(set(refs)) > 1
        ]
        ids = np.concatenate([old.ids[kept], [way for way, *_ in alive]]).astype(np.int64)
        order = np.argsort(ids, kind="stable")
        length = np.concatenate([np.diff(old.offsets)[kept], [len(refs) for _, refs, _ in alive]])
        begin = np.concatenate(
            [
                old.offsets[:-1][kept],
                len(old.refs) + np.cumsum([0, *(len(refs) for _, refs, _ in alive)])[:-1],
            ]
        )
        pool = np.concatenate([old.refs, *(np.array(refs) for _, refs, _ in alive)])
        length, begin = length[order].astype(np.int64), begin[order].astype(np.int64)
        offsets = np.concatenate([[0], np.cumsum(length)]).astype(np.int64)
        at = np.arange(offsets[-1]) - np.repeat(offsets[:-1], length) + np.repeat(begin, length)
        tags = [*(old.tags[row] for row in kept), *(tags for *_, tags in alive)]
        return Ways(ids[order], offsets, pool[at].astype(np.int64), [tags[row] for row in order])

    def _finished_nodes(self, ways: Ways) -> Nodes:
        old = self._extract.nodes
        new = np.array(sorted(self._new_nodes), dtype=np.int64)
        ids = np.concatenate([new, old.ids])
        at = [self._new_nodes[node] for node in new.tolist()]
        longitude = np.concatenate([[lon for lon, _ in at], old.longitude])
        latitude = np.concatenate([[lat for _, lat in at], old.latitude])
        order = np.argsort(ids, kind="stable")
        # Only nodes of ways that were taken out or made anew may be without any.
        maybe = {ref for way in self._removed for ref in self.refs(way)} | set(self._new_nodes)
        used = ways.refs[np.isin(ways.refs, list(maybe))]
        unused = np.array(sorted(maybe - set(used.tolist())), dtype=np.int64)
        order = order[~np.isin(ids[order], unused)]
        tags = old.tags
        if self._node_tags or len(unused):
            gone = set(unused.tolist())
            known = {**old.tags, **self._node_tags}
            tags = {
                node: known[node]
                for node in sorted(known)
                if node not in gone and not NODE_KEYS.isdisjoint(known[node])
            }
        return Nodes(ids[order], longitude[order], latitude[order], tags)


def _segments(extract: Extract, crs: str) -> tuple[Floats, Ints, Ints, Floats]:
    """Take the ways apart: places of all nodes; way, nodes and ends of every segment."""
    ways, nodes = extract.ways, extract.nodes
    east_north = transformer(WGS84, crs).transform(nodes.longitude, nodes.latitude)
    xy: Floats = np.column_stack(east_north).astype(np.float64)
    way = np.repeat(ways.ids, np.diff(ways.offsets))
    inner = np.flatnonzero(way[1:] == way[:-1])
    ends = np.column_stack([ways.refs[inner], ways.refs[inner + 1]])
    rows, there = _find(nodes.ids, ends)
    real = there.all(axis=1) & (ends[:, 0] != ends[:, 1])
    return xy, way[inner][real], ends[real], xy[rows[real]].reshape(-1, 2, 2)


def with_tags(tags: Tags, changes: Mapping[str, str | None]) -> dict[str, str]:
    """Return tags with some set, and those changed to None left out."""
    merged = {**tags, **changes}
    return {key: value for key, value in merged.items() if value is not None}


def check_points(draft: Draft, points: Iterable[Point], what: str, margin: float) -> None:
    """Refuse points that are no numbers or lie outside of the extract.

    Raises
    ------
    EditError
        Naming the first such point.
    """
    west, south, east, north = draft.box()
    for lon, lat in points:
        inside = west - margin <= lon <= east + margin and south - margin <= lat <= north + margin
        if not inside:  # also where a number is none
            raise EditError(
                "Ein Punkt liegt außerhalb des OSM-Auszugs.",
                where=f"{what}: {lon}, {lat}",
                remedy="Punkte als geografische Länge, dann Breite angeben, zum Beispiel "
                "[13.2613, 53.5574]; sie müssen im Auszug liegen.",
            )


def _first_free(ids: Ints) -> int:
    """Return a negative id that none of these and none below it in use has."""
    ordinary = ids[ids > _OWN_IDS]
    return min(-1, int(ordinary.min(initial=0)) - 1)


def _find(ids: Ints, wanted: Ints) -> tuple[Ints, npt.NDArray[np.bool_]]:
    if not len(ids):
        return np.zeros(wanted.shape, dtype=np.int64), np.zeros(wanted.shape, dtype=bool)
    row = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return row, np.asarray(ids[row] == wanted)
