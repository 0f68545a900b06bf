"""The compiled core on graphs drawn by hand: limits, ties, marks, buckets, and its cache."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from geo import _kernel as kernel
from geo import _kernel_read as reading
from geo._compiled import compiled
from tests.documents import ROOT

Arc = tuple[int, int, int, int, int]
"""From, to, milliseconds, millimetres, ``ARC_…`` bits."""


def key(ms: int, mm: int) -> int:
    return (ms << kernel.MM_BITS) | mm


def signed(word: int) -> int:
    """Return 64 bits as a number with a sign."""
    return word - (1 << 64) if word >> 63 else word


class Drawn:
    """Nodes 0 … n−1 in any order, and arcs."""

    def __init__(self, nodes: int, arcs: list[Arc], order: list[int] | None = None) -> None:
        self.order = np.array(order or range(nodes), dtype=np.int32)
        rank = np.argsort(self.order).tolist()
        arcs = sorted(arcs, key=lambda arc: rank[arc[0]])
        self.arcs = np.array(
            [
                [key(ms, mm), signed(bits << kernel.ARC_BITS | edge << kernel.ARC_EDGE | rank[b])]
                for edge, (_, b, ms, mm, bits) in enumerate(arcs, 100)
            ] or np.empty((0, 2)), dtype=np.int64,
        )  # fmt: skip
        first = np.searchsorted([rank[arc[0]] for arc in arcs], np.arange(nodes + 1))
        self.nodes = np.column_stack([first, np.append(self.order, 0)]).astype(np.int32)
        self.names = dict(enumerate(arcs, 100))
        self.rank = rank
        self.slot = np.zeros(nodes, dtype=np.int32)

    def grow(
        self, starts: list[list[tuple[int, int, int]]], limit_ms: int, shift: int = 3
    ) -> list[Any]:
        """Search; starts are node, milliseconds, millimetres. Rows of each source as lists."""
        flat = [start for source in starts for start in source]
        node = np.array([self.rank[start[0]] for start in flat], dtype=np.int32)
        label = np.array(
            [[key(ms, mm), 0, 0, -1 - number] for number, (_, ms, mm) in enumerate(flat)]
            or np.empty((0, 4)), dtype=np.int64,
        )  # fmt: skip
        first = np.cumsum([0, *(len(source) for source in starts)])
        tree_first, rows = kernel.grow(
            self.nodes, self.arcs, self.slot, first, node, label, limit_ms, shift
        )
        assert not self.slot.any()
        return [rows[a:b].tolist() for a, b in pairwise(tree_first)]


@pytest.mark.parametrize("shift", [0, 1, 3, 20])
def test_rows_of_a_tree_by_hand(shift: int) -> None:
    # 0 → 1 → 2 is quicker than 0 → 2, whatever the buckets and the order of nodes.
    arcs = [(0, 1, 10, 10, 0), (1, 2, 10, 12, 0), (0, 2, 21, 5, 0), (2, 3, 100, 100, 0)]
    for order in ([0, 1, 2, 3], [3, 1, 0, 2], [2, 3, 1, 0]):
        drawn = Drawn(4, arcs, order)
        (rows,) = drawn.grow([[(0, 5, 7)]], 50, shift)
        assert [row[:5] for row in rows] == [
            [0, 5, 7, 0, -1],
            [1, 15, 17, 0, 0],
            [2, 25, 29, 0, 1],
        ]
        assert rows[0][5] == -1
        assert [drawn.names[row[5]][:2] for row in rows[1:]] == [(0, 1), (1, 2)]


def test_the_limit_is_within_itself() -> None:
    drawn = Drawn(3, [(0, 1, 10, 1, 0), (1, 2, 10, 1, 0)])
    for limit, reached in ((9, 1), (10, 2), (19, 2), (20, 3)):
        (rows,) = drawn.grow([[(0, 0, 0)]], limit)
        assert len(rows) == reached
    # Millimetres do not count against the limit.
    far = Drawn(2, [(0, 1, 10, 1_000_000, 0)])
    assert len(far.grow([[(0, 0, 500)]], 10)[0]) == 2
    assert far.grow([[(0, 11, 0)]], 10) == [[]]
    assert far.grow([[(0, 10, 0)]], 10)[0][0][:3] == [0, 10, 0]


def test_of_equally_quick_ways_the_shortest_counts_then_the_best_known() -> None:
    unknown, private = kernel.ARC_UNKNOWN, kernel.ARC_PRIVATE
    ways = {
        1: [(0, 1, 10, 30, 0), (1, 9, 10, 31, 0)],
        2: [(0, 2, 10, 30, private), (2, 9, 10, 30, unknown)],
        3: [(0, 3, 10, 30, private), (3, 9, 10, 30, 0)],
        4: [(0, 4, 15, 30, private), (4, 9, 5, 30, private)],
    }
    rng = np.random.default_rng(1)
    for shift in (0, 2, 5):
        for _ in range(20):
            order = rng.permutation(10).tolist()
            arcs = [arc for way in rng.permutation(list(ways)) for arc in ways[int(way)]]
            (rows,) = Drawn(10, arcs, order).grow([[(0, 0, 0)]], 99, shift)
            last = rows[-1]
            assert last[:4] == [9, 20, 60, 0]
            assert rows[last[4]][0] == 3
            assert last[6] == kernel.IS_PRIVATE


def test_a_better_way_found_late_changes_what_lies_behind() -> None:
    # In one wide bucket 2 is dealt with before the shorter way over 1 is known.
    arcs = [(0, 2, 20, 20, 0), (0, 1, 1, 1, 0), (1, 2, 1, 1, 0), (2, 3, 1, 1, 0)]
    (rows,) = Drawn(4, arcs).grow([[(0, 0, 0)]], 1000, shift=12)
    assert [row[:3] for row in rows] == [[0, 0, 0], [1, 1, 1], [2, 2, 2], [3, 3, 3]]
    # Ways without length or time.
    nothing = [(0, 1, 0, 0, kernel.ARC_PRIVATE), (0, 2, 0, 0, 0), (2, 1, 0, 0, 0),
               (1, 3, 0, 0, 0), (3, 0, 0, 0, 0)]  # fmt: skip
    (rows,) = Drawn(4, nothing).grow([[(0, 3, 3)]], 3)
    assert [row[:3] for row in rows] == [[node, 3, 3] for node in range(4)]
    assert [row[6] for row in rows] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("bits", "flags"),
    [
        (0, 0),
        (kernel.ARC_PRIVATE, kernel.IS_PRIVATE),
        (kernel.ARC_ESTIMATED, kernel.IS_ESTIMATED),
        (kernel.ARC_BY_HOURS, kernel.IS_BY_HOURS),
        (15, 7),
    ],
)
def test_marks_add_up_along_a_way(bits: int, flags: int) -> None:
    arcs = [(0, 1, 1, 40, 0), (1, 2, 1, 50, bits), (2, 3, 1, 60, 0), (3, 4, 1, 70, bits)]
    (rows,) = Drawn(5, arcs).grow([[(0, 0, 0)]], 9)
    assert [row[6] for row in rows] == [0, 0, flags, flags, flags]
    more = [0, 0, 50, 50, 120] if bits & kernel.ARC_UNKNOWN else [0] * 5
    assert [row[3] for row in rows] == more


def test_sources_do_not_disturb_each_other_and_lists_grow() -> None:
    many = 9000  # more than there is room for at first
    star = [(0, i, 10, 10, 0) for i in range(1, many)]
    line = [(i, i + 1, 1, 1, 0) for i in range(1, many - 1)]
    drawn = Drawn(many, star + line)
    sources = [[(0, 0, 0)], [], [(5, 0, 0), (7, 1, 0), (5, 3, 0)], [(0, 0, 0)]]
    rows = drawn.grow(sources, 2500, shift=0)
    assert [len(part) for part in rows] == [many, 0, 2501 - 5 + 6, many]
    assert [row[:5] for row in rows[0]] == [row[:5] for row in rows[3]]
    assert [rows[0][0][5], rows[3][0][5]] == [-1, -5]
    assert [row[1] for row in rows[0]] == [0] + [10] * (many - 1)
    by_node = {row[0]: row for row in rows[2]}
    assert by_node[5][1] == 0
    assert by_node[7][1] == 1
    assert by_node[7][4] == -1
    assert by_node[7][5] == -3
    assert by_node[2506][1] == 2500
    crowd = drawn.grow([[(node, 0, 0) for node in range(many)] * 2], 0)
    assert len(crowd[0]) == many


def test_keys_are_sorted_whatever_their_size() -> None:
    rng = np.random.default_rng(2)
    for top in (1, 2, 1023, 1024, 1025, 2**20, 2**20 + 1, 2**22, 2**31 - 1):
        numbers = rng.integers(0, top, 500, endpoint=True)
        found = kernel.ascending((numbers << 32) | np.arange(500))
        assert (found >> 32).tolist() == np.sort(numbers).tolist()
        assert (found & 0xFFFFFFFF).tolist() == np.argsort(numbers, kind="stable").tolist()
    assert kernel.ascending(np.empty(0, dtype=np.int64)).tolist() == []


def test_rows_of_two_lists_that_hold_the_same_are_met() -> None:
    rng = np.random.default_rng(3)
    for sizes in ((3, 400), (400, 3), (200, 200), (0, 5), (5, 0)):
        left, right = (np.unique(rng.integers(0, 500, size)).astype(np.int32) for size in sizes)
        met = []
        i, k = reading.meet(left, 0, len(left), right, 0, len(right))
        while i < len(left) and k < len(right):
            assert left[i] == right[k]
            met.append(int(left[i]))
            i, k = reading.meet(left, i + 1, len(left), right, k + 1, len(right))
        assert met == np.intersect1d(left, right).tolist()


def read(
    tree: list[tuple[int, int, int, int, int]],
    ends: list[tuple[int, int, int, int, int, int, int]],
    direct: list[tuple[int, int, int, int, int, int]],
    limit_ms: int,
) -> list[list[int]]:
    """Read one tree; ends are node, owner, code, ms, mm, unknown, marks; direct likewise."""
    rows = np.array(tree, dtype=np.int32).reshape(-1, 5)
    ends = sorted(ends)
    node, first = np.unique([end[0] for end in ends], return_index=True)
    table, straight = (
        np.array(
            [[owner, code, key(ms, mm), *rest] for owner, code, ms, mm, *rest in part]
            or np.empty((0, 5)), dtype=np.int64,
        )
        for part in ([end[1:] for end in ends], direct)
    )  # fmt: skip
    pair_first, pairs = reading.read(
        np.array([0, len(rows)]), *(np.ascontiguousarray(column) for column in rows.T[:4]),
        rows[:, 4].astype(np.uint8), node.astype(np.int32), np.append(first, len(ends)), table,
        np.array([0, len(straight)]), straight, 5, limit_ms,
    )  # fmt: skip
    found = pairs[: pair_first[1]].tolist()
    return sorted(
        [owner, code, whole >> kernel.MM_BITS, whole & kernel.MM_MASK, unknown, marks]
        for owner, code, whole, unknown, marks in found
    )


def test_an_owner_is_come_to_by_its_best_end() -> None:
    tree = [(3, 10, 11, 1, kernel.IS_ESTIMATED), (6, 20, 21, 0, 0), (8, 50, 51, 0, 0)]
    ends = [(3, 0, 4, 15, 9, 4, kernel.PRIVATE), (6, 0, 5, 5, 9, 0, 0), (6, 2, 9, 31, 1, 0, 0),
            (7, 3, 12, 0, 0, 0, 0), (8, 1, 8, 0, 0, 0, 0)]  # fmt: skip
    found = read(tree, ends, [], 50)
    assert found == [
        # 25 ms and 20 mm against 25 ms and 30 mm.
        [0, 4, 25, 20, 5, kernel.PRIVATE + kernel.ESTIMATED],
        [1, 8, 50, 51, 0, 0],
    ]
    assert read(tree, ends, [], 51)[2] == [2, 9, 51, 22, 0, 0]
    assert read([], ends, [], 50) == []


def test_ties_of_ends_are_broken_by_what_is_known_then_by_row() -> None:
    tree = [(1, 10, 10, 0, 0), (2, 10, 10, 0, kernel.IS_BY_HOURS)]
    same = (5, 5)
    for ends, best in (
        ([(1, 0, 8, *same, 1, 0), (2, 0, 9, *same, 0, 0)], 9),
        ([(1, 0, 9, *same, 0, 0), (2, 0, 8, *same, 0, 0)], 9),
        ([(1, 0, 9, *same, 0, 0), (1, 0, 8, *same, 0, 0)], 8),
        ([(1, 0, 8, *same, 0, 0), (1, 0, 9, *same, 0, 0)], 8),
    ):
        assert [row[1] for row in read(tree, ends, [], 99)] == [best]
    # Staying on the edge is a way like any other.
    assert read(tree, [(1, 0, 8, 5, 5, 0, 0)], [(0, 10, 14, 0, 0, 0)], 99)[0][1] == 10
    assert read(tree, [(1, 0, 8, 5, 5, 0, 0)], [(0, 10, 16, 0, 0, 0)], 99)[0][1] == 8
    assert read(tree, [], [(0, 10, 16, 0, 0, 0)], 15) == []
    assert read(tree, [], [(0, 10, 15, 99, 0, 0)], 15) == [[0, 10, 15, 99, 0, 0]]


PROGRAM = """
from geo import _kernel, _kernel_read
hits = misses = 0
for module in (_kernel, _kernel_read):
    for name in ("grow", "harvest", "ascending", "read"):
        made = getattr(module, name, None)
        if made is not None and hasattr(made, "stats"):
            hits += sum(made.stats.cache_hits.values())
            misses += sum(made.stats.cache_misses.values())
print(hits, misses)
"""


@pytest.mark.skipif(os.environ.get("NUMBA_DISABLE_JIT", "0") != "0", reason="nothing is compiled")
def test_the_second_process_does_not_compile(tmp_path: Path) -> None:
    # Its own folder, as if the program were just installed.
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    runs = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM], env=environment, cwd=tmp_path, check=True,
            capture_output=True, text=True,
        ).stdout.split()
        for _ in range(2)
    ]  # fmt: skip
    assert runs == [["0", "4"], ["4", "0"]]


def test_without_a_folder_to_write_to_it_runs_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def njit(*_args: object, **options: object) -> Any:
        if options.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        return lambda function: function

    monkeypatch.setattr("numba.njit", njit)
    double = compiled("int64(int64)")(lambda value: 2 * value)
    assert double(21) == 42
