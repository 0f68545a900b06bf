"""Which edges and nodes two networks have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo.network import StreetNetwork

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Words = npt.NDArray[np.uint64]

_NONE = -1
_MIX = tuple(
    np.uint64(one) for one in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)
)
"""Odd numbers that spread bits (after splitmix64 and xxHash)."""

_FLAGS = (
    "edge_way", "edge_private", "edge_estimated", "edge_site", "edge_on_foot", "edge_length_m",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Shapes:
    """Points of all edges of a network: edge ``i`` has ``xy[first[i]:first[i + 1]]``."""

    xy: npt.NDArray[np.float64]
    first: Ints
    word: Words
    """A number made of the way and all points of each edge; nothing but chance has another's."""
    sorted_word: Words
    """The same, ascending, without doubles."""
    order: Ints
    """Where each of these stands."""


def shapes_of(network: StreetNetwork) -> Shapes:
    """Return the points of all edges, taken apart when first asked for."""
    key = ("shapes",)
    memory = network._memory  # noqa: SLF001
    if key not in memory:
        memory[key] = _take_apart(network)
    shapes: Shapes = memory[key]
    return shapes


def _take_apart(network: StreetNetwork) -> Shapes:
    count = len(network.edge_from)
    xy, edge = shapely.get_coordinates(network.edge_geometry, return_index=True)
    first = np.searchsorted(edge, np.arange(count + 1)).astype(np.int64)
    bits = np.ascontiguousarray(xy).view(np.uint64)
    place = np.arange(len(xy)) - first[edge]
    mixed = bits[:, 0] * _MIX[0]
    mixed = (mixed ^ (mixed >> np.uint64(29))) + bits[:, 1] * _MIX[1]
    mixed = (mixed ^ (mixed >> np.uint64(32))) * (2 * place + 1).astype(np.uint64)
    word = network.edge_way.astype(np.uint64) * _MIX[2]
    if len(xy):
        word = word + np.add.reduceat(mixed, first[:-1])
    return Shapes(xy, first, *_numbered(word))


def match_edges(old: StreetNetwork, new: StreetNetwork) -> Ints:
    """Return the edge of the new network that is each old one, −1 where there is none.

    They are of one way, run along the same points and have the same length and marks.

    Returns
    -------
    numpy.ndarray
        Shape ``(m,)``; no new edge is named twice.
    """
    a, b = shapes_of(old), shapes_of(new)
    place = np.searchsorted(a.sorted_word, b.word)
    place[place == len(a.sorted_word)] = 0
    others = np.flatnonzero(a.sorted_word[place] == b.word) if len(a.sorted_word) else place
    rows = a.order[place[others]]
    length = np.diff(a.first)[rows]
    same = length == np.diff(b.first)[others]
    rows, others, length = rows[same], others[same], length[same]
    same = _same_points(a, b, rows, others, length)
    for name in _FLAGS:
        same &= getattr(old, name)[rows] == getattr(new, name)[others]
    found = np.full(len(old.edge_from), _NONE)
    found[rows[same]] = others[same]
    return found


def _same_points(a: Shapes, b: Shapes, rows: Ints, others: Ints, length: Ints) -> Bools:
    """Compare the points of pairs of edges with as many points each."""
    pair = np.repeat(np.arange(len(rows)), length)
    before = np.cumsum(length) - length
    within = np.arange(len(pair))
    one = a.xy[within + np.repeat(a.first[rows] - before, length)]
    other = b.xy[within + np.repeat(b.first[others] - before, length)]
    same = np.ones(len(rows), dtype=bool)
    same[pair[(one != other).any(axis=1)]] = False
    return same


def _numbered(word: Words) -> tuple[Words, Words, Ints]:
    """Tell apart what has one word: the first, the second and so on, in their order.

    Returns
    -------
    word, ascending, order
        The words, then the same without doubles and where each stands.
    """
    order = np.argsort(word, kind="stable")
    ascending = word[order]
    again = np.concatenate([[False], ascending[1:] == ascending[:-1]])[: len(word)]
    if again.any():
        run = np.flatnonzero(~again)
        number = np.arange(len(word)) - np.repeat(run, np.diff(np.append(run, len(word))))
        word = word.copy()
        word[order] += number.astype(np.uint64)
        ascending, order = np.unique(word, return_index=True)
    return word, ascending, order


def match_nodes(old: StreetNetwork, new: StreetNetwork, edge: Ints) -> tuple[Ints, Ints]:
    """Return which new node is each old one, and the edges that stay.

    A node that was parted or put together, as where a gate was closed, is none of the other
    network, and its edges are changed.

    Parameters
    ----------
    old, new
        The networks.
    edge
        As ``match_edges`` returns it.

    Returns
    -------
    node, edge : numpy.ndarray
        −1 where there is none.
    """
    rows = np.flatnonzero(edge >= 0)
    a = np.stack([old.edge_from[rows], old.edge_to[rows]])
    b = np.stack([new.edge_from[edge[rows]], new.edge_to[edge[rows]]])
    split = _several(a, b, len(old.node_xy))[a] | _several(b, a, len(new.node_xy))[b]
    split |= (old.node_xy[a] != new.node_xy[b]).any(axis=-1)
    good = ~split.any(axis=0)
    edge = edge.copy()
    edge[rows[~good]] = _NONE
    node = np.full(len(old.node_xy), _NONE)
    node[a[:, good]] = b[:, good]
    return node, edge


def _several(these: Any, those: Any, count: int) -> Bools:
    """Whether each of these meets more than one of those."""
    last = np.zeros(count, dtype=np.int64)
    last[these] = those
    several = np.zeros(count, dtype=bool)
    several[these[last[these] != those]] = True
    return several
