"""Counting the owners of doors off many trees at once, compiled.

See ``geo._kernel`` for the words, and for why no function of another file is called here.
Weights are whole numbers, so that sums depend on no order and on no number of threads.
"""

# Compiled code takes its arrays one by one, and one long loop is quicker than several.
# ruff: noqa: C901, PLR0912

from __future__ import annotations

from typing import Any

import numpy as np

from geo._compiled import compiled

_BINS = 256
"""Times are put into so many bins before those of one bin are sorted."""

_TREES = "int64[::1], int32[:, ::1]"
_DOORS = "int64[::1], int32[:, ::1], int64[::1], int32[:, ::1]"
_ROOM = "int32[::1], int32[::1]"


@compiled(f"int64(int64, {_TREES}, {_DOORS}, int64, {_ROOM})")
def meet_owners(
    tree: int,
    tree_first: Any,
    rows: Any,
    door_first: Any,
    doors: Any,
    direct_first: Any,
    direct: Any,
    limit_ms: int,
    best: Any,
    met: Any,
) -> int:
    """Write the least time to each owner that a tree reaches; return how many there are.

    Parameters
    ----------
    tree, tree_first, rows
        Which tree; the trees as ``geo._kernel.grow`` returns them.
    door_first, doors
        Ends of edges by which owners are come to: those at node ``i`` are rows
        ``door_first[i]:door_first[i + 1]`` of owner and milliseconds.
    direct_first, direct
        By tree the ways that stay on the edge of the origin: owner and milliseconds.
    limit_ms
        Longest time, included.
    best
        Of all owners: −1, left as the least milliseconds where one is met.
    met
        Room for all owners; the first are those met.
    """
    count = 0
    for row in range(tree_first[tree], tree_first[tree + 1]):
        node = rows[row, 0]
        for end in range(door_first[node], door_first[node + 1]):
            ms = rows[row, 1] + doors[end, 1]
            if ms <= limit_ms:
                owner = doors[end, 0]
                if best[owner] < 0:
                    met[count] = owner
                    count += 1
                    best[owner] = ms
                elif ms < best[owner]:
                    best[owner] = ms
    for end in range(direct_first[tree], direct_first[tree + 1]):
        ms = direct[end, 1]
        if ms <= limit_ms:
            owner = direct[end, 0]
            if best[owner] < 0:
                met[count] = owner
                count += 1
                best[owner] = ms
            elif ms < best[owner]:
                best[owner] = ms
    return count


@compiled(f"void({_TREES}, {_DOORS}, int64[::1], int64[::1], {_ROOM}, int64[:, ::1])")
def count_owners(
    tree_first: Any,
    rows: Any,
    door_first: Any,
    doors: Any,
    direct_first: Any,
    direct: Any,
    weight: Any,
    limits_ms: Any,
    best: Any,
    met: Any,
    out: Any,
) -> None:
    """Add to each tree's row of ``out`` the weights of the owners met within each limit.

    Parameters
    ----------
    tree_first, rows, door_first, doors, direct_first, direct, best, met
        See ``meet_owners``; ``best`` is left as it was found.
    weight
        Of each owner.
    limits_ms
        Ascending.
    out
        Shape ``(trees, limits)``.
    """
    levels = len(limits_ms)
    for tree in range(len(tree_first) - 1):
        count = meet_owners(
            np.int64(tree), tree_first, rows, door_first, doors, direct_first, direct,
            limits_ms[levels - 1], best, met,
        )  # fmt: skip
        for i in range(count):
            owner = met[i]
            for level in range(levels):
                if best[owner] <= limits_ms[level]:
                    out[tree, level] += weight[owner]
            best[owner] = -1


@compiled(f"void({_TREES}, {_DOORS}, int64[::1], int64[::1], {_ROOM}, int64[:, ::1])")
def count_trees(
    tree_first: Any,
    rows: Any,
    door_first: Any,
    doors: Any,
    direct_first: Any,
    direct: Any,
    weight: Any,
    limits_ms: Any,
    best: Any,
    met: Any,
    out: Any,
) -> None:
    """Add each tree's weight to the rows of the owners that it meets within each limit.

    Parameters
    ----------
    tree_first, rows, door_first, doors, direct_first, direct, best, met
        See ``meet_owners``; ``best`` is left as it was found.
    weight
        Of each tree.
    limits_ms
        Ascending.
    out
        Shape ``(owners, limits)``.
    """
    levels = len(limits_ms)
    for tree in range(len(tree_first) - 1):
        count = meet_owners(
            np.int64(tree), tree_first, rows, door_first, doors, direct_first, direct,
            limits_ms[levels - 1], best, met,
        )  # fmt: skip
        for i in range(count):
            owner = met[i]
            for level in range(levels):
                if best[owner] <= limits_ms[level]:
                    out[owner, level] += weight[tree]
            best[owner] = -1


@compiled(
    f"void({_TREES}, {_DOORS}, int64[::1], int64[::1], boolean[:, ::1], int64, {_ROOM}, "
    "int64[:, ::1])"
)
def find_enough(
    tree_first: Any,
    rows: Any,
    door_first: Any,
    doors: Any,
    direct_first: Any,
    direct: Any,
    weight: Any,
    needs: Any,
    asked: Any,
    limit_ms: int,
    best: Any,
    met: Any,
    out: Any,
) -> None:
    """Write for each tree the least time within which owners of a certain weight are met.

    Parameters
    ----------
    tree_first, rows, door_first, doors, direct_first, direct, limit_ms, best, met
        See ``meet_owners``; ``best`` is left as it was found.
    weight
        Of each owner.
    needs
        Weights that are enough, above 0.
    asked
        Which of them are asked for of each tree, shape ``(trees, needs)``.
    out
        Written where asked: milliseconds, −1 where there are not enough within the limit,
        shape ``(trees, needs)``.
    """
    width = limit_ms // _BINS + 1
    held = np.zeros(_BINS + 1, dtype=np.int64)
    some = np.empty(len(best), dtype=np.int32)
    for tree in range(len(tree_first) - 1):
        count = meet_owners(
            np.int64(tree), tree_first, rows, door_first, doors, direct_first, direct,
            limit_ms, best, met,
        )  # fmt: skip
        for place in range(_BINS + 1):
            held[place] = 0
        for i in range(count):
            held[best[met[i]] // width] += weight[met[i]]
        for number in range(len(needs)):
            if not asked[tree, number]:
                continue
            total, place = np.int64(0), 0
            while place <= _BINS and total + held[place] < needs[number]:
                total += held[place]
                place += 1
            out[tree, number] = -1
            if place > _BINS:
                continue
            # Of those in this bin one moment after the other, and all who come at it.
            few = 0
            for i in range(count):
                if best[met[i]] // width == place:
                    some[few] = met[i]
                    few += 1
            while few:
                least, more = np.int64(best[some[0]]), np.int64(0)
                for i in range(few):
                    least = min(least, np.int64(best[some[i]]))
                kept = 0
                for i in range(few):
                    owner = some[i]
                    if best[owner] == least:
                        more += weight[owner]
                    else:
                        some[kept] = owner
                        kept += 1
                total, few = total + more, kept
                if total >= needs[number]:
                    out[tree, number] = least
                    few = 0
        for i in range(count):
            best[met[i]] = -1
