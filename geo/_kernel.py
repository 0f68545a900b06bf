"""The compiled core: bounded searches from many origins, whose cost follows what is reached.

It is imported only where something is searched: loading the compiler takes a moment,
compiling some seconds, and only once, since the machine code is kept next to this file, in
``NUMBA_CACHE_DIR``, or in the user's cache. The cache knows of changes by file, so no
compiled function calls one of another file. With ``NUMBA_DISABLE_JIT=1`` all runs as plain
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

_DIGIT = 8
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
    for i in range(len(array)):  # loops compile in a tenth of the time of slices
        larger[i] = array[i]
    return larger


@compiled("int32[:, ::1](int32[:, ::1], int64)")
def widened(table: Any, needed: int) -> Any:
    """Return the table, or a copy with room for more rows."""
    rows, columns = table.shape
    if needed <= rows:
        return table
    larger = np.empty((2 * needed, columns), dtype=np.int32)
    for i in range(rows):
        for column in range(columns):
            larger[i, column] = table[i, column]
    return larger


@compiled("int32[::1](int32[::1], int64)")
def ascending(key: Any, count: int) -> Any:
    """Return the order that sorts the first ``count`` keys, none negative (radix sort)."""
    order = np.empty(count, dtype=np.int32)
    other = np.empty(count, dtype=np.int32)
    largest = 0
    for i in range(count):
        order[i] = i
        largest = max(largest, key[i])
    size = np.empty(_DIGITS, dtype=np.int32)
    shift = 0
    while largest >> shift:
        for digit in range(_DIGITS):
            size[digit] = 0
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
            key == best and (unknown > cell[1] or (unknown == cell[1] and marks >= cell[2]))
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
def marks_of(bits: int) -> int:
    """Return the marks of an arc by its ``ARC_…`` bits."""
    marks = 0
    if bits & ARC_PRIVATE:
        marks += PRIVATE
    if bits & ARC_ESTIMATED:
        marks += ESTIMATED
    if bits & ARC_BY_HOURS:
        marks += BY_HOURS
    return marks


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


@compiled(
    "Tuple((int64, int32[:, ::1], int32[::1]))(int32[::1], int64[:, ::1], int64[:, ::1], "
    "int32[::1], int32[:, ::1], int64, int32[::1], int64, int64, int64)"
)
def spread(  # noqa: C901 - called functions would take twice as long
    first: Any,
    arcs: Any,
    cells: Any,
    head: Any,
    queue: Any,
    queued: int,
    met: Any,
    count: int,
    limit_ms: int,
    shift: int,
) -> Any:
    """Go on from what is queued until all within the limit have their best way.

    Returns how many nodes are met; the queue and the list of nodes, larger if need be. What
    ``offer`` does stands here again: called for every arc, it takes twice as long.
    """
    bucket_bits = MM_BITS + shift
    limit = (limit_ms << MM_BITS) | MM_MASK
    for bucket in range(len(head)):
        while head[bucket] >= 0:
            entry = head[bucket]
            head[bucket] = queue[entry, 1]
            node = queue[entry, 0]
            label = cells[node, 0]
            if not label & 1:
                continue  # found quicker and dealt with in an earlier bucket
            cells[node, 0] = label - 1
            key = (label >> 1) - 1
            some, beyond = first[node], first[node + 1]
            if count + beyond - some > len(met):
                met = grown(met, count + beyond - some)
            if queued + beyond - some > len(queue):
                queue = widened(queue, queued + beyond - some)
            for arc in range(some, beyond):
                there = key + arcs[arc, 0]
                if there > limit:
                    continue
                target = arcs[arc, 1] & 0xFFFFFFFF
                known = cells[target, 0]
                best = (known >> 1) - 1
                if known and there > best:
                    continue
                unknown, marks = cells[node, 1], cells[node, 2]
                bits = arcs[arc, 1] >> 32
                if bits:
                    unknown += (bits & ARC_UNKNOWN) * (arcs[arc, 0] & MM_MASK)
                    marks += marks_of(bits)
                if not known:
                    met[count] = target
                    count += 1
                elif there == best and (
                    unknown > cells[target, 1]
                    or (unknown == cells[target, 1] and marks >= cells[target, 2])
                ):
                    continue
                into = there >> bucket_bits
                if not known & 1 or best >> bucket_bits != into:
                    queue[queued, 0] = target
                    queue[queued, 1] = head[into]
                    head[into] = queued
                    queued += 1
                cells[target, 0] = ((there + 1) << 1) | 1
                cells[target, 1] = unknown
                cells[target, 2] = marks
                cells[target, 3] = (np.int64(node) << 32) | arc
    return count, queue, met


@compiled("void(int64[:, ::1], int32[::1], int64, int32[::1], int32[::1], int32[:, ::1], int64)")
def harvest(
    cells: Any, met: Any, count: int, order: Any, arc_edge: Any, rows: Any, base: int
) -> None:
    """Write the best ways to the nodes met as rows by ascending node, and clear their cells."""
    number = np.empty(count, dtype=np.int32)
    for i in range(count):
        number[i] = order[met[i]]
    sorted_rows = ascending(number, count)
    for i in range(count):
        node = met[sorted_rows[i]]
        key = (cells[node, 0] >> 1) - 1
        rows[base + i, 0] = order[node]
        rows[base + i, 1] = key >> MM_BITS
        rows[base + i, 2] = key & MM_MASK
        rows[base + i, 3] = cells[node, 1]
        marks = cells[node, 2]
        rows[base + i, 6] = said(marks) if marks else 0
        cells[node, 0] = i
    for i in range(count):
        via = cells[met[sorted_rows[i]], 3]
        if via < 0:
            rows[base + i, 4] = -1
            rows[base + i, 5] = via
        else:
            rows[base + i, 4] = cells[via >> 32, 0]
            rows[base + i, 5] = arc_edge[via & 0xFFFFFFFF]
    for i in range(count):
        cells[met[i], 0] = 0


_GROW = (
    "Tuple((int64[::1], int32[:, ::1]))("
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
        there (at a start its negative number), ``IS_…`` bits; shape ``(r, 7)``, and room.
    """
    sources = len(source_first) - 1
    tree_first = np.zeros(sources + 1, dtype=np.int64)
    rows = np.empty((1024, 7), dtype=np.int32)
    head = np.full((limit_ms >> shift) + 1, -1, dtype=np.int32)
    queue = np.empty((1024, 2), dtype=np.int32)
    met = np.empty(1024, dtype=np.int32)
    for source in range(sources):
        queued, count = np.int64(0), np.int64(0)
        begin, end = source_first[source], source_first[source + 1]
        met = grown(met, end - begin)
        queue = widened(queue, end - begin)
        for row in range(begin, end):
            if start[row, 0] >> MM_BITS <= limit_ms:
                queued, count = offer(
                    cells, start_node[row], start[row, 0], start[row, 1], start[row, 2],
                    start[row, 3], shift, head, queue, queued, met, count,
                )  # fmt: skip
        count, queue, met = spread(
            first, arcs, cells, head, queue, queued, met, count, limit_ms, shift
        )
        base = tree_first[source]
        done = base + count
        tree_first[source + 1] = done
        rows = widened(rows, done)
        harvest(cells, met, count, order, arc_edge, rows, base)
    return tree_first, rows
