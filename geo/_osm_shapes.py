"""Lines and polygons from way nodes, many at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo._osm_data import Floats, Ints, OsmData, gather

Bools = npt.NDArray[np.bool_]
Geometries = npt.NDArray[Any]

_RING_NODES = 4  # three corners, and the first again


def missing_counts(data: OsmData) -> Ints:
    """Return for each way how many of its nodes the file does not hold."""
    sums = np.concatenate(([0], np.cumsum(data.positions < 0)))
    return np.asarray(sums[data.offsets[1:]] - sums[data.offsets[:-1]], dtype=np.int64)


def has_extent(data: OsmData) -> Bools:
    """Return for each way whether it names two different nodes at all."""
    steps = np.zeros(len(data.refs) + 1, dtype=np.int64)
    steps[2:] = np.cumsum(data.refs[1:] != data.refs[:-1])
    # `steps` counts changes up to each node; those from a way's second node on are its own.
    first, last = data.offsets[:-1] + 1, data.offsets[1:]
    return np.asarray((last > first) & (steps[last] > steps[np.minimum(first, last)]))


def closed_ways(data: OsmData) -> Bools:
    """Return for each way whether it ends where it starts and has at least four nodes.

    The same place is enough, it need not be the same node (as libosmium has it).
    """
    counts = np.diff(data.offsets)
    closed = counts >= _RING_NODES
    rows = np.flatnonzero(closed)
    first, last = data.offsets[rows], data.offsets[rows + 1] - 1
    same = data.refs[first] == data.refs[last]
    one, other = data.positions[first], data.positions[last]
    same |= (
        (one >= 0)
        & (other >= 0)
        & (data.longitude[one] == data.longitude[other])
        & (data.latitude[one] == data.latitude[other])
    )
    closed[rows] = same
    return closed


def way_lines(data: OsmData, rows: Ints) -> Geometries:
    """Return a LineString for each way, None where fewer than two places are left.

    Parameters
    ----------
    data
        The objects of the file.
    rows
        Positions of ways all of whose nodes are there.
    """
    xy, owner = _coordinates(data, rows)
    return _build(shapely.linestrings, xy, owner, len(rows), least=2)


def way_polygons(data: OsmData, rows: Ints) -> Geometries:
    """Return a valid Polygon for each closed way, None where the plain ring is not valid.

    Parameters
    ----------
    data
        The objects of the file.
    rows
        Positions of closed ways all of whose nodes are there.
    """
    xy, owner = _coordinates(data, rows)
    rings = _build(shapely.linearrings, xy, owner, len(rows), least=_RING_NODES)
    polygons = np.full(len(rows), None, dtype=object)
    there = np.flatnonzero(rings != None)  # noqa: E711  element by element
    polygons[there] = shapely.polygons(rings[there])
    polygons[there[~shapely.is_valid(polygons[there])]] = None
    return polygons


def way_pieces(data: OsmData, row: int) -> list[shapely.LineString]:
    """Return the parts of a clipped way between its gaps; nothing is joined over a gap."""
    start, stop = data.offsets[row], data.offsets[row + 1]
    positions = data.positions[start:stop]
    pieces = []
    for run in np.split(np.arange(stop - start), np.flatnonzero(np.diff(positions < 0)) + 1):
        nodes = positions[run]
        if len(nodes) and nodes[0] >= 0:
            xy = np.column_stack((data.longitude[nodes], data.latitude[nodes]))
            xy = xy[np.concatenate(([True], np.any(xy[1:] != xy[:-1], axis=1)))]
            if len(xy) > 1:
                pieces.append(shapely.LineString(xy))
    return pieces


def _coordinates(data: OsmData, rows: Ints) -> tuple[Floats, Ints]:
    """Return the places of all nodes of some ways, and whose they are, doubles left out."""
    starts, flat = gather(data.offsets, rows)
    nodes = data.positions[flat]
    xy = np.column_stack((data.longitude[nodes], data.latitude[nodes]))
    owner = np.repeat(np.arange(len(rows), dtype=np.int64), np.diff(starts))
    keep = np.ones(len(xy), dtype=np.bool_)
    keep[1:] = (owner[1:] != owner[:-1]) | np.any(xy[1:] != xy[:-1], axis=1)
    return xy[keep], owner[keep]


def _build(make: Any, xy: Floats, owner: Ints, count: int, *, least: int) -> Geometries:
    shapes = np.full(count, None, dtype=object)
    enough = np.bincount(owner, minlength=count) >= least
    use = enough[owner] if len(owner) else np.zeros(0, dtype=np.bool_)
    if np.any(use):
        numbers = np.cumsum(enough) - 1
        shapes[enough] = make(xy[use], indices=numbers[owner[use]])
    return shapes
