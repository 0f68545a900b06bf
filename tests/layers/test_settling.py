"""The order in which gaps are settled, by hand and against trying everything."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from layers._settling import MOST, settling_order


def order(ways: list[set[int]], effort: list[float], first: list[int] | None = None) -> list[int]:
    way = [number for number, gaps in enumerate(ways) for _ in gaps]
    item = [gap for gaps in ways for gap in sorted(gaps)]
    known = sorted(set(item)) if first is None else first
    return settling_order(
        np.array(way, dtype=np.int64),
        np.array(item, dtype=np.int64),
        np.array(effort, dtype=np.float64),
        np.array(known, dtype=np.int64),
    )


def test_what_opens_most_for_its_effort_comes_first() -> None:
    # Gap 0 is on three ways, but opens none of them; gap 3 opens one for 10 m.
    assert order([{0, 1}, {0, 1, 2}, {0, 2}, {3}], [50, 50, 50, 10]) == [3, 0, 1, 2]
    # Two ways wait for gap 1 alone: 2 / 100 m is more than 1 / 60 m for gap 0.
    assert order([{0}, {1}, {1}], [60, 100]) == [1, 0]
    assert order([{0}, {1}, {1}], [40, 100]) == [0, 1]


def test_what_is_settled_makes_the_rest_easier() -> None:
    # 0 opens one way for 30 m; then 1 costs 50 m more for way 1, 2 costs 60 m for way 2.
    assert order([{0}, {0, 1}, {2}], [30, 50, 60]) == [0, 1, 2]
    assert order([{0}, {0, 1}, {2}], [30, 70, 60]) == [0, 2, 1]


def test_within_a_bundle_and_between_equals_the_given_order_counts() -> None:
    assert order([{0, 1, 2}], [1, 2, 3], first=[2, 0, 1]) == [2, 0, 1]
    assert order([{0}, {1}], [5, 5], first=[1, 0]) == [1, 0]


def test_nothing_and_too_much() -> None:
    assert order([], [1.0]) == []
    many = MOST + 50
    found = order([{gap} for gap in range(many)], [float(many - gap) for gap in range(many)])
    assert sorted(found) == list(range(many))
    # The cheapest are put in order, the rest follow as they were given.
    assert found[0] == many - 1
    assert found[MOST:] == list(range(50))


GAPS = 6


@given(
    st.lists(st.sets(st.integers(0, GAPS - 1), min_size=1, max_size=4), min_size=1, max_size=8),
    st.lists(st.integers(1, 100), min_size=GAPS, max_size=GAPS),
)
def test_each_bundle_is_the_best_there_is(ways: list[set[int]], effort: list[int]) -> None:
    found = order(ways, [float(one) for one in effort])
    assert sorted(found) == sorted(set().union(*ways))
    settled: set[int] = set()
    while len(settled) < len(found):
        left = [frozenset(gaps - settled) for gaps in ways if gaps - settled]
        gains = {gaps: left.count(gaps) / sum(effort[gap] for gap in gaps) for gaps in left}
        best = max(gains.values())
        begun = found[len(settled) :]
        taken = [gaps for gaps in gains if set(begun[: len(gaps)]) == gaps]
        assert any(abs(gains[gaps] - best) < 1e-8 for gaps in taken)
        settled |= max((gaps for gaps in taken if abs(gains[gaps] - best) < 1e-8), key=len)
