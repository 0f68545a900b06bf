"""From runs of points to pieces of way between junctions, squares and private ways included."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo._grounds import Grounds
from geo._memo import Memo
from geo._polylines import Bools, Floats, Ints, Polylines, is_area
from geo.extract import Ways

MOUTH_M = 30.0
"""A private way leaving the grounds stays usable if it ends within so many metres of them:
the mouth of a drive, from the boundary to the middle of the public street."""

SQUARE_ENTRANCES = 40
"""At most so many entrances of a square are joined with each other by straight lines."""

_RING_POINTS = 4
"""Points of the smallest closed ring, the first repeated at the end."""


@dataclass(frozen=True, eq=False)
class Pieces:
    """Pieces of way between two spots; a spot is a node of the file or a cut at a boundary.

    Attributes
    ----------
    begin, end
        Spots: rows in ``Nodes``, beyond those the cuts, shape ``(n,)``.
    label
        Index of the site whose grounds the piece lies in, −1 outside.
    way
        Row in ``Ways``.
    private
        Whether only who belongs there may walk.
    geometry
        LineStrings from ``begin`` to ``end``, metric.
    spot_xy
        Where every spot lies, shape ``(spots, 2)``; NaN for nodes that no way uses.
    """

    begin: Ints
    end: Ints
    label: Ints
    way: Ints
    private: Bools
    geometry: npt.NDArray[Any]
    spot_xy: Floats

    def only(self, kept: Bools) -> Pieces:
        """Return the pieces that are marked."""
        return Pieces(
            self.begin[kept], self.end[kept], self.label[kept], self.way[kept],
            self.private[kept], self.geometry[kept], self.spot_xy,
        )  # fmt: skip


def cut_pieces(
    polylines: Polylines,
    ways: Ways,
    barriers: Ints,
    judged: Ints,
    *,
    node_count: int,
    memo: Memo,
) -> Pieces:
    """Cut runs of points at junctions, way ends, barriers and boundaries; add squares.

    Ways are joined only at nodes they share; where they merely cross they stay apart.

    Parameters
    ----------
    polylines
        Runs of points, labelled with their grounds.
    ways
        For the tags.
    barriers
        Rows of nodes with a barrier, ascending.
    judged
        Rows of nodes that may not be passable for everybody, kerbs and doors, ascending.
    node_count
        How many nodes the file holds: cuts are numbered from here on.
    memo
        What is known from other builds.
    """
    node, label = polylines.node, polylines.label
    cut = node < 0
    spot = node.copy()
    spot[cut] = node_count + np.arange(np.count_nonzero(cut))
    spot_xy = np.full((node_count + np.count_nonzero(cut), 2), np.nan)
    spot_xy[spot] = polylines.xy

    used = np.bincount(node[~cut], minlength=node_count)
    split = cut.copy()
    split[~cut] |= used[node[~cut]] > 1
    ends = np.zeros(node_count + 1, dtype=bool)  # last: of cuts, which split anyway
    ends[barriers] = True
    ends[judged] = True
    split |= ends[node]
    split[polylines.start] = True
    split[polylines.stop - 1] = True
    split[1:] |= label[1:] != label[:-1]  # two parts that follow each other are split anyway

    at = np.flatnonzero(split)
    part = np.repeat(np.arange(len(polylines.start)), polylines.stop - polylines.start)
    one_part = part[at[:-1]] == part[at[1:]]
    first, last = at[:-1][one_part], at[1:][one_part]
    pieces = Pieces(
        begin=spot[first],
        end=spot[last],
        label=label[first],
        way=polylines.way[part[first]],
        private=polylines.private[part[first]],
        geometry=_lines(polylines.xy, first, last),
        spot_xy=spot_xy,
    )
    return _with_squares(pieces, polylines, ways, used, barriers, memo=memo)


def keep_usable(pieces: Pieces, grounds: Grounds) -> Pieces:
    """Leave out the private pieces that lead nowhere on the own grounds.

    Private pieces stay inside the grounds, and outside as the mouth of a drive: joined to
    the grounds, and nowhere farther from them than ``MOUTH_M``.
    """
    outside = np.flatnonzero(pieces.private & (pieces.label < 0))
    if not len(outside):
        return pieces
    near = np.zeros(len(outside), dtype=bool)
    for polygon in grounds.polygons:
        surroundings = shapely.buffer(polygon, MOUTH_M)
        shapely.prepare(surroundings)
        near |= shapely.covers(surroundings, pieces.geometry[outside])
    kept = ~(pieces.private & (pieces.label < 0))
    mouths = outside[near]
    if not len(mouths):
        return pieces.only(kept)
    spots, compact = np.unique(
        np.concatenate([pieces.begin[mouths], pieces.end[mouths]]), return_inverse=True
    )
    half = len(mouths)
    joined = coo_array(
        (np.ones(half), (compact[:half], compact[half:])), shape=(len(spots), len(spots))
    )
    _, group = connected_components(joined, directed=False)
    own = np.isin(spots, _spots_inside(pieces))
    good = np.unique(group[own])
    kept[mouths] = np.isin(group[compact[:half]], good)
    return pieces.only(kept)


def _spots_inside(pieces: Pieces) -> Ints:
    inside = pieces.label >= 0
    return np.concatenate([pieces.begin[inside], pieces.end[inside]])


def _lines(xy: Floats, first: Ints, last: Ints) -> npt.NDArray[Any]:
    """Make a LineString of every stretch of points ``first … last``."""
    count = last - first + 1
    line = np.repeat(np.arange(len(first)), count)
    offset = np.arange(len(line)) - np.repeat(np.cumsum(count) - count, count)
    return np.asarray(
        shapely.linestrings(xy[first[line] + offset], indices=line), dtype=object
    ).reshape(len(first))


def _with_squares(
    pieces: Pieces, polylines: Polylines, ways: Ways, used: Ints, barriers: Ints, *, memo: Memo
) -> Pieces:
    """Add straight lines between the entrances of every square that people can walk across."""
    known = memo.table("sight lines")
    begin, end, label, way, private = [], [], [], [], []
    closed = polylines.node[polylines.start] == polylines.node[polylines.stop - 1]
    closed &= polylines.stop - polylines.start >= _RING_POINTS
    for part in np.flatnonzero(closed & polylines.whole):
        if not is_area(ways.tags[polylines.way[part]]):
            continue
        points = slice(polylines.start[part], polylines.stop[part])
        node = polylines.node[points]
        side = polylines.label[points]
        if np.any(side != side[0]):
            continue  # a boundary runs across: only the rim, which is cut there
        own = np.ones(len(node) - 1, dtype=np.int64)
        own[0] = 2  # the ring names its first point twice
        shared = (used[node[:-1]] > own) & ~np.isin(node[:-1], barriers)
        entrances = np.flatnonzero(shared)
        key = (polylines.xy[points].tobytes(), entrances.tobytes())
        if key not in known:
            known[key] = _sight_lines(polylines.xy[points], entrances)
        for a, b in known[key]:
            begin.append(node[a])
            end.append(node[b])
            label.append(side[0])
            way.append(polylines.way[part])
            private.append(polylines.private[part])
    if not begin:
        return pieces
    ends = np.stack([pieces.spot_xy[begin], pieces.spot_xy[end]], axis=1)
    return Pieces(
        np.concatenate([pieces.begin, begin]),
        np.concatenate([pieces.end, end]),
        np.concatenate([pieces.label, label]),
        np.concatenate([pieces.way, way]),
        np.concatenate([pieces.private, private]),
        np.concatenate([pieces.geometry, shapely.linestrings(ends)]),
        pieces.spot_xy,
    )


def _sight_lines(ring: Floats, entrances: Ints) -> list[tuple[int, int]]:
    """Return the pairs of entrances that see each other across the square.

    Pairs that gain nothing over the rim are left out. Where a square has more than
    ``SQUARE_ENTRANCES`` entrances, so many are taken evenly around it; the others are
    reached along the rim.
    """
    if len(entrances) > SQUARE_ENTRANCES:
        evenly = np.arange(SQUARE_ENTRANCES) * len(entrances) // SQUARE_ENTRANCES
        entrances = entrances[evenly]
    square = shapely.polygons(ring)
    if not shapely.is_valid(square):
        return []
    a, b = (entrances[side] for side in np.triu_indices(len(entrances), k=1))
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(ring, axis=0).T))])
    rim = np.abs(along[a] - along[b])
    rim = np.minimum(rim, along[-1] - rim)
    straight = np.hypot(*(ring[a] - ring[b]).T)
    shorter = straight < rim - 0.01
    a, b = a[shorter], b[shorter]
    shapely.prepare(square)
    sees = shapely.covers(square, shapely.linestrings(np.stack([ring[a], ring[b]], axis=1)))
    return list(zip(a[sees].tolist(), b[sees].tolist(), strict=True))
