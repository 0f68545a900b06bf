"""The stretches of ways that a tree reaches within a limit, cut where the time is up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo._passable import Passable
from geo._steps import FROM
from geo._trees import Tree
from geo.network import StreetNetwork

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

LEAST_SHARE = 1e-9
"""Shorter stretches, as shares of an edge, are none."""


@dataclass(frozen=True, eq=False)
class Stretches:
    """What is reached of ways on foot.

    Attributes
    ----------
    whole
        Edges reached from end to end, ascending.
    edge, begin, end
        Edges reached in part, and the shares of them that are reached, 0 to 1; an edge may
        occur more than once.
    """

    whole: Ints
    edge: Ints
    begin: Floats
    end: Floats


def find_stretches(network: StreetNetwork, tree: Tree, ways: Passable, limit_ms: int) -> Stretches:
    """Find what a tree reaches within a limit.

    Parameters
    ----------
    network, tree
        The network, and the tree grown in it.
    ways
        The ways of the tree's profile and state.
    limit_ms
        What is reached by then counts.
    """
    left_ms = np.full(len(network.node_xy), -1, dtype=np.int64)
    left_ms[tree.node] = limit_ms - tree.time_ms
    left_ms[ways.closed] = -1
    ahead = _share(left_ms[network.edge_from], ways.forward_ms)
    back = _share(left_ms[network.edge_to], ways.backward_ms)
    on_foot = network.edge_on_foot
    full = on_foot & (ahead + back >= 1)
    from_begin = np.flatnonzero(on_foot & ~full & (ahead > 0))
    from_end = np.flatnonzero(on_foot & ~full & (back > 0))

    start = np.asarray(tree.steps.edge, dtype=np.int64)
    length = np.maximum(tree.steps.end_mm.sum(axis=0), 1)
    middle = tree.steps.end_mm[FROM] / length
    left = limit_ms - tree.steps.gap_ms
    begin = np.maximum(middle - _share(left, ways.backward_ms[start]), 0.0)
    end = np.minimum(middle + _share(left, ways.forward_ms[start]), 1.0)
    direct = (left >= 0) & on_foot[start] & (end > begin)
    # What is reached from both ends and from a start between them may still be the whole.
    full[start[direct & (begin <= ahead[start]) & (end >= 1 - back[start])]] = True
    parts = [
        (from_begin, np.zeros(len(from_begin)), ahead[from_begin]),
        (from_end, 1 - back[from_end], np.ones(len(from_end))),
        (start[direct], begin[direct], end[direct]),
    ]
    edge, low, high = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    kept = ~full[edge]
    return Stretches(np.flatnonzero(full), edge[kept], low[kept], high[kept])


def find_gaps(found: Stretches) -> tuple[Ints, Floats, Floats]:
    """Return what is not reached of edges reached in part: edges, from and to which shares."""
    gaps = []
    order = np.lexsort((found.end, found.begin, found.edge))
    last, reached = -1, 1.0
    for row in order.tolist():
        edge = int(found.edge[row])
        if edge != last:
            gaps.append((last, reached, 1.0))
            last, reached = edge, 0.0
        gaps.append((edge, reached, float(found.begin[row])))
        reached = max(reached, float(found.end[row]))
    gaps.append((last, reached, 1.0))
    kept = [gap for gap in gaps if gap[2] - gap[1] > LEAST_SHARE]
    edge_of, begin, end = zip(*kept, strict=True) if kept else ((), (), ())
    return (
        np.array(edge_of, dtype=np.int64),
        np.array(begin, dtype=np.float64),
        np.array(end, dtype=np.float64),
    )


def cut_lines(lines: npt.NDArray[Any], begin: Floats, end: Floats) -> npt.NDArray[Any]:
    """Cut lines to the part between two shares of their lengths, ``begin < end``."""
    length = shapely.length(lines)
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    step = np.zeros(len(xy))
    same = owner[1:] == owner[:-1]
    step[1:][same] = np.hypot(*np.diff(xy, axis=0)[same].T)
    along = np.cumsum(step)
    first = np.searchsorted(owner, np.arange(len(lines)))
    along -= along[first][owner]
    inside = (along > (begin * length)[owner]) & (along < (end * length)[owner])
    ends = [
        shapely.get_coordinates(shapely.line_interpolate_point(lines, share, normalized=True))
        for share in (begin, end)
    ]
    everyone = np.arange(len(lines))
    points = np.concatenate([ends[0], xy[inside], ends[1]])
    line = np.concatenate([everyone, owner[inside], everyone])
    order = np.argsort(line, kind="stable")
    return np.asarray(shapely.linestrings(points[order], indices=line[order]), dtype=object)


def _share(left_ms: Ints, weight_ms: npt.NDArray[Any]) -> Floats:
    """Return how much of an edge is walked in some time, none if it is closed or too late."""
    share = np.divide(left_ms, weight_ms, out=np.ones(len(left_ms)), where=weight_ms > 0)
    return np.where((weight_ms < 0) | (left_ms < 0), 0.0, np.minimum(share, 1.0))
