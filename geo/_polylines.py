"""Walkable ways as runs of points in metres: the raw material of the network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo._memo import Memo
from geo._way_kinds import WayKinds
from geo.crs import WGS84, transformer
from geo.extract import Nodes, Tags, Ways
from geo.findings import Finding, Severity
from geo.reader import square_relation

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Polylines:
    """Runs of points, one after the other: part ``i`` has the points ``[start[i], stop[i])``.

    A way makes one part, or several where nodes are missing: nothing is joined over a gap.

    Attributes
    ----------
    xy
        Points in the metric CRS, shape ``(v, 2)``.
    node
        Row in ``Nodes`` of each point; −1 for a point made at a boundary, shape ``(v,)``.
    label
        Index of the site whose grounds the stretch from this point to the next one lies
        in, −1 outside; the last point of a part repeats its predecessor, shape ``(v,)``.
    start, stop
        First point of each part and one past its last, shape ``(p,)``.
    way
        Row in ``Ways`` of each part, shape ``(p,)``.
    private
        Whether the tags say that only who belongs there may walk, shape ``(p,)``.
    on_foot
        Whether it may be walked on; the others are for bicycles only, shape ``(p,)``.
    whole
        Whether the part is its whole way (nothing missing), shape ``(p,)``.
    """

    xy: Floats
    node: Ints
    label: Ints
    start: Ints
    stop: Ints
    way: Ints
    private: Bools
    on_foot: Bools
    whole: Bools

    def only(self, kept: Bools) -> Polylines:
        """Return some parts."""
        length = self.stop - self.start
        points = np.repeat(kept, length)
        stop = np.cumsum(length[kept])
        return Polylines(
            xy=self.xy[points],
            node=self.node[points],
            label=self.label[points],
            start=stop - length[kept],
            stop=stop,
            way=self.way[kept],
            private=self.private[kept],
            on_foot=self.on_foot[kept],
            whole=self.whole[kept],
        )


def read_polylines(
    ways: Ways, nodes: Nodes, kinds: WayKinds, crs: str, memo: Memo
) -> tuple[Polylines, list[Finding]]:
    """Take the ways open on foot or by bicycle, split where nodes are missing, and project.

    Nodes named twice in a row collapse; ways that keep fewer than two nodes are left out.

    Parameters
    ----------
    ways, nodes
        As read from the file.
    kinds
        Kinds of these ways.
    crs
        Metric CRS to project to.
    memo
        What is known from other builds.
    """
    on_foot = kinds.on_foot[kinds.of_way]
    private = kinds.private[kinds.of_way]
    rides: Bools = np.asarray(kinds.rides.any(axis=1), dtype=bool)
    walkable = on_foot | rides[kinds.of_way]

    way_of_ref = np.repeat(np.arange(len(ways.ids)), np.diff(ways.offsets))
    row, present = _rows_of(nodes.ids, ways.refs)
    east, north = _project(nodes, crs, memo)
    present &= np.isfinite(east[row]) & np.isfinite(north[row]) if len(nodes.ids) else False

    wanted = walkable[way_of_ref]
    kept = np.flatnonzero(wanted & present)
    way = way_of_ref[kept]
    node = row[kept]
    new_part = _changes(way) | np.concatenate([[True], np.diff(kept) > 1])[: len(kept)]
    # A node named twice in a row is one point.
    repeated = np.concatenate([[False], node[1:] == node[:-1]])[: len(kept)] & ~new_part
    kept, way, node, new_part = (
        kept[~repeated], way[~repeated], node[~repeated], new_part[~repeated],
    )  # fmt: skip
    part = np.cumsum(new_part) - 1
    long_enough = np.bincount(part, minlength=1)[part] > 1
    way, node, new_part = way[long_enough], node[long_enough], new_part[long_enough]

    start = np.flatnonzero(new_part)
    stop = np.append(start[1:], len(node))[: len(start)]
    holed = np.unique(way_of_ref[wanted & ~present])
    part_way = way[start]
    polylines = Polylines(
        xy=np.column_stack([east[node], north[node]]),
        node=node,
        label=np.full(len(node), -1),
        start=start,
        stop=stop,
        way=part_way,
        private=private[part_way],
        on_foot=on_foot[part_way],
        whole=~np.isin(part_way, holed),
    )
    return polylines, _report_holes(ways, holed, missing=int(np.sum(wanted & ~present)))


def is_area(tags: Tags) -> bool:
    """Whether a closed walkable way means the square inside, not only its rim."""
    area = tags.get("area")
    if area is not None:
        return area == "yes"
    # A closed platform is a surface by convention (OSM wiki, Tag:public_transport=platform).
    return "platform" in (tags.get("highway"), tags.get("railway"), tags.get("public_transport"))


def osm_name(way_id: int) -> str:
    """Return a way's OSM id with its letter; squares made of a relation bear the relation's."""
    relation = square_relation(way_id)
    return f"w{way_id}" if relation is None else f"r{relation}"


def _rows_of(ids: Ints, wanted: Ints) -> tuple[Ints, Bools]:
    """Find ids in a sorted array: their rows, and whether they are there at all."""
    if not len(ids):
        return np.zeros(len(wanted), dtype=np.int64), np.zeros(len(wanted), dtype=bool)
    row = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return row, ids[row] == wanted


def _project(nodes: Nodes, crs: str, memo: Memo) -> tuple[Floats, Floats]:
    known = memo.table("project")
    if crs not in known and len(nodes.ids):
        known[crs] = nodes, _projected(nodes.longitude, nodes.latitude, crs)
    if crs not in known:
        return np.empty(0), np.empty(0)
    before, (east, north) = known[crs]
    row, same = _rows_of(before.ids, nodes.ids)
    same &= before.longitude[row] == nodes.longitude
    same &= before.latitude[row] == nodes.latitude
    east, north = east[row], north[row]
    others = np.flatnonzero(~same)
    if len(others):
        moved = nodes.longitude[others], nodes.latitude[others]
        east[others], north[others] = _projected(*moved, crs)
    return east, north


def _projected(longitude: Floats, latitude: Floats, crs: str) -> tuple[Floats, Floats]:
    east, north = transformer(WGS84, crs).transform(longitude, latitude)
    return np.asarray(east, dtype=np.float64), np.asarray(north, dtype=np.float64)


def _changes(values: Ints) -> Bools:
    """Whether each value differs from the one before it; the first always does."""
    return np.concatenate([[True], values[1:] != values[:-1]])[: len(values)]


def _report_holes(ways: Ways, holed: Ints, missing: int) -> list[Finding]:
    if not len(holed):
        return []
    return [
        Finding(
            code="network.missing_nodes",
            severity=Severity.INFO,
            message=f"Unvollständige Wege: {len(holed)} (fehlende Punkte: {missing}). An der "
            "Lücke wird geteilt, nie darüber hinweg verbunden.",
            remedy="Meist liegt das am Rand des Ausschnitts. Liegt ein Haus in der Nähe, einen "
            "größeren Ausschnitt verwenden.",
            count=len(holed),
            examples=tuple(osm_name(int(ways.ids[way])) for way in holed[:10]),
        )
    ]
