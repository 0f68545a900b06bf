"""The compiled core: bounded searches from many origins, and reading places off their trees.

Whatever is compiled is in this file, because the cache on disk is kept by file. It is
imported only where something is searched: loading the compiler takes a moment, compiling
some seconds, and only once, since the machine code is kept next to this file, in
``NUMBA_CACHE_DIR``, or in the user's cache. With ``NUMBA_DISABLE_JIT=1`` all runs as plain
Python.

A way is rated by a label of three whole numbers, compared one after the other:

key
    milliseconds above millimetres, see ``MM_BITS``: the quickest way counts, and of equally
    quick ways the shortest.
unknown
    millimetres whose state is not known.
marks
    how many private edges, estimated edges and gates with hours it has, see ``PRIVATE``,
    ``ESTIMATED``, ``BY_HOURS``.

All three add up along a way and no part is negative, so that the best label of a node does
not depend on the order of nodes and edges. The search is Dial's (Algorithm 360, 1969) with
buckets wider than a millisecond and corrections inside a bucket, as in delta-stepping
(Meyer and Sanders 2003). Nothing is done per node of the map, only per node reached.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np

MM_BITS = 31
"""Below these bits of a key are millimetres (to 2,147 km), above them milliseconds."""

MM_MASK = (1 << MM_BITS) - 1

BY_HOURS, ESTIMATED, PRIVATE = 1, 1 << 20, 1 << 40
"""One gate with hours, one estimated edge, one private edge in ``marks``."""

ARC_UNKNOWN, ARC_PRIVATE, ARC_ESTIMATED, ARC_BY_HOURS = 1, 2, 4, 8
"""What is to be said of an arc, above the 32 bits of the node it leads to."""

IS_PRIVATE, IS_ESTIMATED, IS_BY_HOURS = 1, 2, 4
"""What is to be said of a way, as bits of one byte."""

_DIGIT = 11
_DIGITS = 1 << _DIGIT


def compiled(signature: str) -> Callable[[Any], Any]:
    """Compile for one signature, at once, or take the machine code from the cache."""

    def decorate(function: Any) -> Any:
        try:
            return numba.njit(signature, nogil=True, cache=True)(function)
        except RuntimeError:  # no folder can be written to: compile in every process
            return numba.njit(signature, nogil=True)(function)

    return decorate


@compiled("int32[::1](int32[::1], int64)")
def grown(array: Any, needed: int) -> Any:
    """Return the array, or a copy with room for more."""
    if needed <= len(array):
        return array
    larger = np.empty(2 * needed, dtype=np.int32)
    larger[: len(array)] = array
    return larger


@compiled("int32[::1](int32[::1], int64)")
def ascending(key: Any, count: int) -> Any:
    """Return the order that sorts the first ``count`` keys, none negative (radix sort)."""
    order = np.arange(count).astype(np.int32)
    other = np.empty(count, dtype=np.int32)
    largest = 0
    for i in range(count):
        largest = max(largest, key[i])
    size = np.empty(_DIGITS, dtype=np.int32)
    shift = 0
    while largest >> shift:
        size[:] = 0
        for i in range(count):
            size[(key[i] >> shift) & (_DIGITS - 1)] += 1
        begin = 0
        for digit in range(_DIGITS):
            held = size[digit]
            size[digit] = begin
            begin += held
        for i in range(count):
            row = order[i]
            digit = (key[row] >> shift) & (_DIGITS - 1)
            other[size[digit]] = row
            size[digit] += 1
        order, other = other, order
        shift += _DIGIT
    return order


@compiled(
    "UniTuple(int64, 2)(int64[:, ::1], int64, int64, int64, int64, int64, int64, int32[::1], "
    "int32[:, ::1], int64, int32[::1], int64)"
)
def offer(
    cells: Any,
    node: int,
    key: int,
    unknown: int,
    marks: int,
    via: int,
    shift: int,
    head: Any,
    queue: Any,
    queued: int,
    met: Any,
    count: int,
) -> tuple[int, int]:
    """Offer a way to a node; where it is the best so far, the node is queued.

    A cell holds ``2 · (key + 1) + waiting`` (nought where no way is known), ``unknown``,
    ``marks`` and ``via``. Returns how many entries the queue has, and how many nodes are met.
    """
    cell = cells[node]
    known = cell[0]
    if known == 0:
        met[count] = node
        count += 1
    else:
        best = (known >> 1) - 1
        if key > best or (
            key == best
            and (unknown > cell[1] or (unknown == cell[1] and marks >= cell[2]))
        ):
            return queued, count
    bucket = key >> (MM_BITS + shift)
    if not known & 1 or ((known >> 1) - 1) >> (MM_BITS + shift) != bucket:
        queue[queued, 0] = node
        queue[queued, 1] = head[bucket]
        head[bucket] = queued
        queued += 1
    cell[0] = ((key + 1) << 1) | 1
    cell[1] = unknown
    cell[2] = marks
    cell[3] = via
    return queued, count


@compiled("int64(int64)")
def said(marks: int) -> int:
    """Return the ``IS_…`` bits of marks."""
    bits = 0
    if marks >= PRIVATE:
        bits |= IS_PRIVATE
    if marks & (PRIVATE - ESTIMATED):
        bits |= IS_ESTIMATED
    if marks & (ESTIMATED - 1):
        bits |= IS_BY_HOURS
    return bits


_GROW = (
    "Tuple((int64[::1], int32[:, ::1], uint8[::1]))("
    "int32[::1], int64[:, ::1], int32[::1], int32[::1], int64[:, ::1], "
    "int64[::1], int32[::1], int64[:, ::1], int64, int64)"
)


@compiled(_GROW)
def grow(
    first: Any,
    arcs: Any,
    arc_edge: Any,
    order: Any,
    cells: Any,
    source_first: Any,
    start_node: Any,
    start: Any,
    limit_ms: int,
    shift: int,
) -> Any:
    """Search from several origins, one after the other.

    Parameters
    ----------
    first, arcs
        Arcs of node ``i`` are rows ``first[i]:first[i + 1]``: key of the arc; node it leads to
        with the ``ARC_…`` bits above.
    arc_edge
        Edge of the network of each arc.
    order
        Number of each node in the network; ``first`` and ``arcs`` have numbers of their own.
    cells
        Room for the search, shape ``(n, 4)``, all nought; left as it was found.
    source_first, start_node, start
        Starts of origin ``i`` are rows ``source_first[i]:source_first[i + 1]``: the node; its
        key, unknown, marks, and a negative number of its own.
    limit_ms
        Longest time, included.
    shift
        Buckets are ``2 ** shift`` milliseconds wide.

    Returns
    -------
    tree_first
        Rows of each origin in the following.
    rows
        Node in the network (ascending for each origin), milliseconds, millimetres, unknown
        millimetres, row of the parent within the origin (−1 at a start), edge walked from
        there (at a start its negative number); shape ``(r, 6)``.
    flags
        ``IS_…`` bits.
    """
    sources = len(source_first) - 1
    tree_first = np.zeros(sources + 1, dtype=np.int64)
    rows = np.empty((1024, 6), dtype=np.int32)
    flags = np.empty(1024, dtype=np.uint8)
    head = np.full((limit_ms >> shift) + 1, -1, dtype=np.int32)
    queue = np.empty((1024, 2), dtype=np.int32)
    met = np.empty(1024, dtype=np.int32)
    key_of = np.empty(1024, dtype=np.int32)
    for source in range(sources):
        queued, count = 0, 0
        begin, end = source_first[source], source_first[source + 1]
        met = grown(met, end - begin)
        if end - begin > len(queue):
            queue = np.empty((2 * (end - begin), 2), dtype=np.int32)
        for row in range(begin, end):
            if start[row, 0] >> MM_BITS <= limit_ms:
                queued, count = offer(
                    cells, start_node[row], start[row, 0], start[row, 1], start[row, 2],
                    start[row, 3], shift, head, queue, queued, met, count,
                )  # fmt: skip

        for bucket in range(len(head)):
            while head[bucket] >= 0:
                entry = head[bucket]
                head[bucket] = queue[entry, 1]
                node = queue[entry, 0]
                cell = cells[node]
                if not cell[0] & 1:
                    continue  # found quicker and dealt with in an earlier bucket
                cell[0] -= 1
                key = (cell[0] >> 1) - 1
                unknown, marks = cell[1], cell[2]
                some, beyond = first[node], first[node + 1]
                met = grown(met, count + beyond - some)
                if queued + beyond - some > len(queue):
                    wider = np.empty((2 * (queued + beyond - some), 2), dtype=np.int32)
                    wider[:queued] = queue[:queued]
                    queue = wider
                for arc in range(some, beyond):
                    there = key + arcs[arc, 0]
                    if there >> MM_BITS > limit_ms:
                        continue
                    target = arcs[arc, 1]
                    more, worse = unknown, marks
                    bits = target >> 32
                    if bits:
                        if bits & ARC_UNKNOWN:
                            more += arcs[arc, 0] & MM_MASK
                        if bits & ARC_PRIVATE:
                            worse += PRIVATE
                        if bits & ARC_ESTIMATED:
                            worse += ESTIMATED
                        if bits & ARC_BY_HOURS:
                            worse += BY_HOURS
                        target &= 0xFFFFFFFF
                    queued, count = offer(
                        cells, target, there, more, worse, (np.int64(node) << 32) | arc,
                        shift, head, queue, queued, met, count,
                    )  # fmt: skip

        base = tree_first[source]
        tree_first[source + 1] = base + count
        if base + count > len(rows):
            more_rows = np.empty((2 * (base + count), 6), dtype=np.int32)
            more_rows[:base] = rows[:base]
            rows = more_rows
            more_flags = np.empty(2 * (base + count), dtype=np.uint8)
            more_flags[:base] = flags[:base]
            flags = more_flags
        key_of = grown(key_of, count)
        for i in range(count):
            key_of[i] = order[met[i]]
        sorted_rows = ascending(key_of, count)
        for i in range(count):
            row = sorted_rows[i]
            cell = cells[met[row]]
            out = rows[base + i]
            key = (cell[0] >> 1) - 1
            out[0] = key_of[row]
            out[1] = key >> MM_BITS
            out[2] = key & MM_MASK
            out[3] = cell[1]
            flags[base + i] = said(cell[2])
            cell[0] = i
        for i in range(count):
            via = cells[met[sorted_rows[i]], 3]
            out = rows[base + i]
            if via < 0:
                out[4] = -1
                out[5] = via
            else:
                out[4] = cells[via >> 32, 0]
                out[5] = arc_edge[via & 0xFFFFFFFF]
        for i in range(count):
            cells[met[i], 0] = 0
    return tree_first, rows[: tree_first[sources]].copy(), flags[: tree_first[sources]].copy()


_READ = (
    "Tuple((int64[::1], int32[:, ::1]))("
    "int64[::1], int32[::1], int32[::1], int32[::1], int32[::1], uint8[::1], "
    "int32[::1], int64[::1], int64[:, ::1], int64[::1], int64[:, ::1], int64, int64)"
)


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
        Owner (ascending for each tree), code, milliseconds, millimetres, unknown
        millimetres, ``IS_…`` bits; shape ``(p, 6)``.
    """
    trees = len(tree_first) - 1
    pair_first = np.zeros(trees + 1, dtype=np.int64)
    pairs = np.empty((1024, 6), dtype=np.int32)
    best = np.zeros((owners, 4), dtype=np.int64)
    met = np.empty(owners, dtype=np.int32)
    doors = len(ends_node)
    for tree in range(trees):
        count = 0
        row, last = tree_first[tree], tree_first[tree + 1]
        door = 0
        while row < last and door < doors:
            here, there = node[row], ends_node[door]
            # Look up the next of the shorter list in the longer one.
            if here < there:
                if last - row > doors - door:
                    row = first_from(node, row + 1, last, there)
                else:
                    row += 1
                continue
            if there < here:
                if doors - door > last - row:
                    door = first_from(ends_node, door + 1, doors, here)
                else:
                    door += 1
                continue
            key = (np.int64(ms[row]) << MM_BITS) | np.int64(mm[row])
            bits = flags[row]
            marks = np.int64(0)
            if bits & IS_PRIVATE:
                marks += PRIVATE
            if bits & IS_ESTIMATED:
                marks += ESTIMATED
            if bits & IS_BY_HOURS:
                marks += BY_HOURS
            for end in range(ends_first[door], ends_first[door + 1]):
                whole = key + ends[end, 2]
                if whole >> MM_BITS <= limit_ms:
                    count = keep(
                        best, ends[end, 0], ends[end, 1], whole, unknown[row] + ends[end, 3],
                        marks + ends[end, 4], met, count,
                    )  # fmt: skip
            row += 1
            door += 1
        for end in range(direct_first[tree], direct_first[tree + 1]):
            if direct[end, 2] >> MM_BITS <= limit_ms:
                count = keep(
                    best, direct[end, 0], direct[end, 1], direct[end, 2], direct[end, 3],
                    direct[end, 4], met, count,
                )  # fmt: skip
        base = pair_first[tree]
        pair_first[tree + 1] = base + count
        if base + count > len(pairs):
            more = np.empty((2 * (base + count), 6), dtype=np.int32)
            more[:base] = pairs[:base]
            pairs = more
        order = ascending(met, count)
        for i in range(count):
            owner = met[order[i]]
            known = best[owner]
            out = pairs[base + i]
            key = known[0] - 1
            out[0] = owner
            out[1] = known[3]
            out[2] = key >> MM_BITS
            out[3] = key & MM_MASK
            out[4] = known[1]
            out[5] = said(known[2])
            known[0] = 0
    return pair_first, pairs[: pair_first[trees]].copy()
