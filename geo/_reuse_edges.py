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
    """A number made of the way and all points of each edge."""


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
    return Shapes(xy, first, word)


def match_edges(old: StreetNetwork, new: StreetNetwork) -> Ints:
    """Return the edge of the new network that is each old one, −1 where there is none.

    They are of one way, run along the same points and have the same length and marks.

    Returns
    -------
    numpy.ndarray
        Shape ``(m,)``; no new edge is named twice.
    """
    a, b = shapes_of(old), shapes_of(new)
    # Of several with one number the first counts; what finds no partner is changed.
    words, rows = np.unique(_numbered(a.word), return_index=True)
    other_words, others = np.unique(_numbered(b.word), return_index=True)
    _, in_both, in_other = np.intersect1d(
        words, other_words, assume_unique=True, return_indices=True
    )
    rows, others = rows[in_both], others[in_other]
    length = np.diff(a.first)[rows]
    same = length == np.diff(b.first)[others]
    rows, others, length = rows[same], others[same], length[same]
    pair = np.repeat(np.arange(len(rows)), length)
    within = np.arange(len(pair)) - np.repeat(np.cumsum(length) - length, length)
    differs = (a.xy[a.first[rows][pair] + within] != b.xy[b.first[others][pair] + within]).any(
        axis=1
    )
    same = np.bincount(pair[differs], minlength=len(rows)) == 0
    for name in _FLAGS:
        same &= getattr(old, name)[rows] == getattr(new, name)[others]
    found = np.full(len(old.edge_from), _NONE)
    found[rows[same]] = others[same]
    return found


def _numbered(word: Words) -> Words:
    """Tell apart what has one word: the first, the second and so on, in their order."""
    order = np.argsort(word, kind="stable")
    ascending = word[order]
    again = np.concatenate([[False], ascending[1:] == ascending[:-1]])[: len(word)]
    if again.any():
        run = np.flatnonzero(~again)
        number = np.arange(len(word)) - np.repeat(run, np.diff(np.append(run, len(word))))
        word = word.copy()
        word[order] += number.astype(np.uint64)
    return word


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
    low = np.full(count, np.iinfo(np.int64).max)
    high = np.full(count, -1)
    np.minimum.at(low, these, those)
    np.maximum.at(high, these, those)
    return np.asarray(low < high)
