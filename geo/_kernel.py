"""The compiled core: bounded searches from many origins, whose cost follows what is reached.

It is imported only where something is searched: loading the compiler takes a moment,
compiling some seconds, and only once, since the machine code is kept next to this file, in
``NUMBA_CACHE_DIR``, or in the user's cache. The cache knows of changes by file, so no
compiled function calls one of another file but ``geo._prefetch``. With
``NUMBA_DISABLE_JIT=1`` all runs as plain Python.

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

Of the map a search reads arcs, one row per node reached, and its *slot*: the number under
which the node is met. All else stands close together by that number, and so stays in the
fastest memory; what is far is asked for ahead of time.

Within a search a key is counted down, as what is *left* of the limit and one more: what was
never reached and what is beyond the limit are both nought, and one comparison tells whether
a way is the best so far.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from geo._compiled import compiled
from geo._prefetch import ahead

MM_BITS = 31
"""Below these bits of a key are millimetres (to 2,147 km), above them milliseconds."""

MM_MASK = (1 << MM_BITS) - 1

BY_HOURS, ESTIMATED, PRIVATE = 1, 1 << 20, 1 << 40
"""One gate with hours, one estimated edge, one private edge in ``marks``."""

ARC_UNKNOWN, ARC_PRIVATE, ARC_ESTIMATED, ARC_BY_HOURS = 1, 2, 4, 8
"""What is to be said of an arc, above its edge."""

ARC_EDGE, ARC_BITS = 30, 60
"""From here on an arc's second word has its edge, and what is said; below the node it leads to."""

NUMBERS = (1 << ARC_EDGE) - 1
"""No number of a node or an edge is higher."""

IS_PRIVATE, IS_ESTIMATED, IS_BY_HOURS = 1, 2, 4
"""What is to be said of a way, as bits of one byte."""

_ROOM = 4096  # for so many nodes at first: few searches have to copy what they hold
_DIGIT = 10
_LOW = (1 << 31) - 1  # Masked, a number cannot be negative: indexing is then a step shorter.


@compiled("int32[:, ::1](int32[:, ::1], int64)", "int64[:, ::1](int64[:, ::1], int64)")
def widened(table: Any, needed: int) -> Any:
    """Return the table, or a copy with room for more rows."""
    rows, columns = table.shape
    if needed <= rows:
        return table
    larger = np.empty((2 * needed, columns), dtype=table.dtype)
    for i in range(rows):  # loops compile in a tenth of the time of slices
        for column in range(columns):
            larger[i, column] = table[i, column]
    return larger


@compiled("int64[::1](int64[::1])")
def ascending(keys: Any) -> Any:
    """Sort by what stands above the lowest 32 bits, none negative (radix sort).

    The array given may be overwritten. There are as few digits as the largest number allows.
    """
    count = len(keys)
    largest = 0
    for i in range(count):
        largest = max(largest, keys[i] >> 32)
    bits = 0
    while largest >> bits:
        bits += 1
    digits = (bits + _DIGIT - 1) // _DIGIT
    if digits == 0:
        return keys
    digit_bits = (bits + digits - 1) // digits
    mask = (1 << digit_bits) - 1
    size = np.empty(mask + 1, dtype=np.int64)
    other = np.empty(count, dtype=np.int64)
    for digit in range(digits):
        shift = 32 + digit * digit_bits
        for i in range(mask + 1):
            size[i] = 0
        for i in range(count):
            size[(keys[i] >> shift) & mask] += 1
        begin = 0
        for i in range(mask + 1):
            held = size[i]
            size[i] = begin
            begin += held
        for i in range(count):
            key = keys[i]
            at = (key >> shift) & mask
            other[size[at] & _LOW] = key
            size[at] += 1
        keys, other = other, keys
    return keys


@compiled(
    "UniTuple(int64, 2)(int32[:, ::1], int32[::1], int32[:, ::1], int64[:, ::1], int64[::1], "
    "int64[:, ::1], int64, int64, int64, int64, int64[::1], int64)"
)
def offer(
    nodes: Any,
    slot: Any,
    place: Any,
    label: Any,
    head: Any,
    queue: Any,
    queued: int,
    count: int,
    left: int,
    node: int,
    start: Any,
    bucket_bits: int,
) -> tuple[int, int]:
    """Offer a start to a node; where it is the best so far, the node is queued.

    Returns how many entries the queue has, and how many nodes are met.
    """
    met = np.int64(slot[node])
    known = label[met]
    if left < known[0] or (
        left == known[0]
        and (start[1] > known[2] or (start[1] == known[2] and start[2] >= known[3]))
    ):
        return queued, count
    if met == 0:
        met = np.int64(count)
        slot[node] = met
        place[met, 0] = node
        place[met, 1] = nodes[node, 0]
        place[met, 2] = nodes[node + 1, 0]
        place[met, 3] = nodes[node, 1]
        count += 1
    label[met, 0] = left
    label[met, 1] = start[3]
    label[met, 2] = start[1]
    label[met, 3] = start[2]
    into = left >> bucket_bits
    queue[queued, 0] = left
    queue[queued, 1] = (met << 32) | head[into]
    head[into] = queued
    return queued + 1, count


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
    "UniTuple(int64, 3)(int32[:, ::1], int64[:, ::1], int32[::1], int32[:, ::1], int64[:, ::1], "
    "int64[::1], int64[:, ::1], int64, int64, int64, int64)"
)
def spread(
    nodes: Any,
    arcs: Any,
    slot: Any,
    place: Any,
    label: Any,
    head: Any,
    queue: Any,
    queued: int,
    count: int,
    bucket: int,
    bucket_bits: int,
) -> tuple[int, int, int]:
    """Go on from what is queued until all within the limit have their best way, or room ends.

    Returns how many entries the queue has and how many nodes are met; and the bucket to go on
    with in more room, or −1. What ``offer`` does stands here again: called for every arc, it
    takes twice as long. So does making room in here, where the arrays could be others each time.

    A node is queued anew with every better way; its older entries are passed over.
    """
    most, most_queued = len(place), len(queue)
    while bucket >= 0:
        entry = head[bucket] & _LOW
        if entry == 0:
            bucket -= 1
            continue
        left = queue[entry, 0]
        origin = (queue[entry, 1] >> 32) & _LOW
        begin, end = np.int64(place[origin, 1]) & _LOW, np.int64(place[origin, 2]) & _LOW
        if count + end - begin > most or queued + end - begin > most_queued:
            return queued, count, bucket
        head[bucket] = queue[entry, 1] & _LOW
        if label[origin, 0] != left:
            continue
        for arc in range(begin, end):
            there = left - arcs[arc, 0]
            word = arcs[arc, 1]
            target = word & NUMBERS
            met = np.int64(slot[target]) & _LOW
            if there < label[met, 0]:
                continue
            unknown, marks = label[origin, 2], label[origin, 3]
            bits = (word >> ARC_BITS) & 15
            if bits:
                unknown += (bits & ARC_UNKNOWN) * (arcs[arc, 0] & MM_MASK)
                marks += marks_of(bits)
            if there == label[met, 0] and (
                unknown > label[met, 2] or (unknown == label[met, 2] and marks >= label[met, 3])
            ):
                continue
            if met == 0:
                met = np.int64(count) & _LOW
                count += 1
                slot[target] = met
                place[met, 0] = target
                place[met, 1] = nodes[target, 0]
                place[met, 2] = nodes[target + 1, 0]
                place[met, 3] = nodes[target, 1]
                ahead(arcs, np.int64(nodes[target, 0]))
                ahead(arcs, np.int64(nodes[target + 1, 0]) - 1)
            label[met, 0] = there
            label[met, 1] = (origin << 32) | ((word >> ARC_EDGE) & NUMBERS)
            label[met, 2] = unknown
            label[met, 3] = marks
            into = (there >> bucket_bits) & _LOW
            entry = queued & _LOW
            queue[entry, 0] = there
            queue[entry, 1] = (met << 32) | head[into]
            head[into] = entry
            queued += 1
    return queued, count, bucket


@compiled("void(int32[::1], int32[:, ::1], int64[:, ::1], int64, int64, int32[:, ::1], int64)")
def harvest(
    slot: Any, place: Any, label: Any, count: int, whole: int, rows: Any, base: int
) -> None:
    """Write the best ways to the nodes met as rows by ascending node, and clear their slots."""
    keys = np.empty(count - 1, dtype=np.int64)
    for i in range(count - 1):
        slot[np.int64(place[i + 1, 0]) & _LOW] = 0
        keys[i] = (np.int64(place[i + 1, 3]) << 32) | (i + 1)
    keys = ascending(keys)
    for i in range(count - 1):
        place[keys[i] & _LOW, 1] = i
    for i in range(count - 1):
        met = keys[i] & _LOW
        key, via, marks = whole - label[met, 0], label[met, 1], label[met, 3]
        row = base + i
        rows[row, 0] = keys[i] >> 32
        rows[row, 1] = key >> MM_BITS
        rows[row, 2] = key & MM_MASK
        rows[row, 3] = label[met, 2]
        rows[row, 4] = -1 if via < 0 else place[via >> 32, 1]
        rows[row, 5] = via if via < 0 else via & _LOW
        rows[row, 6] = said(marks) if marks else 0


_GROW = (
    "Tuple((int64[::1], int32[:, ::1]))("
    "int32[:, ::1], int64[:, ::1], int32[::1], int64[::1], int32[::1], int64[:, ::1], "
    "int64, int64)"
)


@compiled(_GROW)
def grow(
    nodes: Any,
    arcs: Any,
    slot: Any,
    source_first: Any,
    start_node: Any,
    start: Any,
    limit_ms: int,
    shift: int,
) -> Any:
    """Search from several origins, one after the other.

    Parameters
    ----------
    nodes
        First arc of each node, and its number in the network; the arcs of node ``i`` are rows
        ``nodes[i, 0]:nodes[i + 1, 0]``. Nodes have numbers of their own here. Shape
        ``(n + 1, 2)``.
    arcs
        Key of each arc; and the node it leads to, its edge in the network, and ``ARC_…`` bits,
        see ``ARC_EDGE``. Shape ``(a, 2)``.
    slot
        Room for the search, shape ``(n,)``, all nought; left as it was found.
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
    rows = np.empty((0, 7), dtype=np.int32)
    whole = (limit_ms + 1) << MM_BITS
    bucket_bits = MM_BITS + shift
    last = whole >> bucket_bits
    head = np.zeros(last + 1, dtype=np.int64)  # Nought ends a list; no entry has this number.
    queue = np.empty((2 * _ROOM, 2), dtype=np.int64)  # left; slot, and next entry in its bucket
    place = np.empty((_ROOM, 4), dtype=np.int32)  # node, its arcs' begin and end, its number
    label = np.empty((_ROOM, 4), dtype=np.int64)  # left; slot before and edge; unknown; marks
    for column in range(4):
        label[0, column] = 0  # what is known of a node without a slot
    for source in range(sources):
        queued, count = np.int64(1), np.int64(1)
        begin, end = source_first[source], source_first[source + 1]
        place = widened(place, 1 + end - begin)
        label = widened(label, len(place))
        queue = widened(queue, 1 + end - begin)
        for row in range(begin, end):
            left = whole - start[row, 0]
            if left > 0:
                queued, count = offer(
                    nodes, slot, place, label, head, queue, queued, count, left,
                    start_node[row], start[row], bucket_bits,
                )  # fmt: skip
        bucket = last
        while bucket >= 0:
            queued, count, bucket = spread(
                nodes, arcs, slot, place, label, head, queue, queued, count, bucket, bucket_bits
            )
            if bucket >= 0:
                origin = queue[head[bucket], 1] >> 32
                more = place[origin, 2] - place[origin, 1]
                place = widened(place, count + more)
                label = widened(label, len(place))
                queue = widened(queue, queued + more)
        base = tree_first[source]
        tree_first[source + 1] = base + count - 1
        rows = widened(rows, tree_first[source + 1])
        harvest(slot, place, label, count, whole, rows, base)
    return tree_first, rows
