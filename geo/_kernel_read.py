"""Reading places off many trees at once, compiled; see ``geo._kernel`` for the words."""

from __future__ import annotations

from typing import Any

import numpy as np

from geo._compiled import compiled
from geo._kernel import (
    BY_HOURS,
    ESTIMATED,
    IS_BY_HOURS,
    IS_ESTIMATED,
    IS_PRIVATE,
    MM_BITS,
    PRIVATE,
)  # fmt: skip


@compiled("int64(int64[:, ::1], int64, int64, int64, int64, int64, int32[::1], int64)")
def keep(
    best: Any, owner: int, code: int, key: int, unknown: int, marks: int, met: Any, count: int
) -> int:
    """Keep a way to an owner if it is the best so far; return how many owners are met."""
    known = best[owner]
    if known[0] == 0:
        met[count] = owner
        count += 1
    else:
        least = known[0] - 1
        if key > least or (
            key == least
            and (
                unknown > known[1]
                or (
                    unknown == known[1]
                    and (marks > known[2] or (marks == known[2] and code >= known[3]))
                )
            )
        ):
            return count
    known[0] = key + 1
    known[1] = unknown
    known[2] = marks
    known[3] = code
    return count


@compiled("int64(int32[::1], int64, int64, int64)")
def first_from(values: Any, begin: int, end: int, wanted: int) -> int:
    """Return the first row in ``begin:end`` whose value is not less, values ascending."""
    while begin < end:
        middle = (begin + end) >> 1
        if values[middle] < wanted:
            begin = middle + 1
        else:
            end = middle
    return begin


@compiled("int64(uint8)")
def marks_of(flags: int) -> int:
    """Return the marks of a way by its ``IS_…`` bits: how many there were is not kept."""
    marks = 0
    if flags & IS_PRIVATE:
        marks += PRIVATE
    if flags & IS_ESTIMATED:
        marks += ESTIMATED
    if flags & IS_BY_HOURS:
        marks += BY_HOURS
    return marks


@compiled("UniTuple(int64, 2)(int32[::1], int64, int64, int32[::1], int64, int64)")
def meet(left: Any, i: int, lefts: int, right: Any, k: int, rights: int) -> tuple[int, int]:
    """Return the next rows of two ascending lists that hold the same, or the end of one.

    Of the shorter list all rows are looked at; they are looked up in the longer one.
    """
    while i < lefts and k < rights and left[i] != right[k]:
        if left[i] < right[k]:
            i = first_from(left, i + 1, lefts, right[k]) if lefts - i > rights - k else i + 1
        else:
            k = first_from(right, k + 1, rights, left[i]) if rights - k > lefts - i else k + 1
    return i, k


@compiled("int64[:, ::1](int64[:, ::1], int64, int64[:, ::1], int32[::1], int64)")
def written(pairs: Any, base: int, best: Any, met: Any, count: int) -> Any:
    """Write the best ways to the owners met from a row on, in more room if need be; clear them."""
    if base + count > len(pairs):
        more = np.empty((2 * (base + count), 5), dtype=np.int64)
        for i in range(base):
            for column in range(5):
                more[i, column] = pairs[i, column]
        pairs = more
    for i in range(count):
        known = best[met[i]]
        out = pairs[base + i]
        out[0] = met[i]
        out[1] = known[3]
        out[2] = known[0] - 1
        out[3] = known[1]
        out[4] = known[2]
        known[0] = 0
    return pairs


_READ = (
    "Tuple((int64[::1], int64[:, ::1]))("
    "int64[::1], int32[::1], int32[::1], int32[::1], int32[::1], uint8[::1], "
    "int32[::1], int64[::1], int64[:, ::1], int64[::1], int64[:, ::1], int64, int64)"
)


@compiled(_READ)
def read(
    tree_first: Any,
    node: Any,
    ms: Any,
    mm: Any,
    unknown: Any,
    flags: Any,
    ends_node: Any,
    ends_first: Any,
    ends: Any,
    direct_first: Any,
    direct: Any,
    owners: int,
    limit_ms: int,
) -> Any:
    """Find the best way to each owner of access points, for several trees.

    Parameters
    ----------
    tree_first, node, ms, mm, unknown, flags
        The trees, as ``grow`` makes them.
    ends_node, ends_first, ends
        Nodes (ascending) from which owners are come to; row ``i`` of them stands for the rows
        ``ends_first[i]:ends_first[i + 1]`` of ``ends``: owner, code, and the label of the rest
        of the way.
    direct_first, direct
        For each tree the ways that stay on the edge of the origin, rows like those of ``ends``.
    owners
        How many owners there are.
    limit_ms
        Longest time, included.

    Returns
    -------
    pair_first
        Rows of each tree in the following.
    pairs
        Owner, code, key, unknown and marks, in no order; shape ``(p, 5)``, and
        room.
    """
    trees = len(tree_first) - 1
    pair_first = np.zeros(trees + 1, dtype=np.int64)
    pairs = np.empty((1024, 5), dtype=np.int64)
    best = np.zeros((owners, 4), dtype=np.int64)
    met = np.empty(owners, dtype=np.int32)
    doors = len(ends_node)
    for tree in range(trees):
        count = np.int64(0)
        row, last = tree_first[tree], tree_first[tree + 1]
        row, door = meet(node, row, last, ends_node, np.int64(0), doors)
        while row < last and door < doors:
            key = (np.int64(ms[row]) << MM_BITS) | np.int64(mm[row])
            marks = marks_of(flags[row])
            for end in range(ends_first[door], ends_first[door + 1]):
                whole = key + ends[end, 2]
                if whole >> MM_BITS <= limit_ms:
                    count = keep(
                        best, ends[end, 0], ends[end, 1], whole, unknown[row] + ends[end, 3],
                        marks + ends[end, 4], met, count,
                    )  # fmt: skip
            row, door = meet(node, row + 1, last, ends_node, door + 1, doors)
        for end in range(direct_first[tree], direct_first[tree + 1]):
            if direct[end, 2] >> MM_BITS <= limit_ms:
                count = keep(
                    best, direct[end, 0], direct[end, 1], direct[end, 2], direct[end, 3],
                    direct[end, 4], met, count,
                )  # fmt: skip
        base = pair_first[tree]
        pair_first[tree + 1] = base + count
        pairs = written(pairs, base, best, met, count)
    return pair_first, pairs
