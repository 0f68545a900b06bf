"""Public counts: whole steps, never a small one, and a reason where one is missing."""

from __future__ import annotations

import itertools
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import ReleaseError
from layers.suppression import (
    COUNTED,
    PROTECTED,
    UNKNOWN,
    compatible,
    counts_state,
    public_count,
    require_steps,
    step_of,
    suppress,
)

COUNTS = st.integers(0, 10_000)
STEPS = st.integers(3, 60)


def table(counts: list[int | None], states: list[str], gates: list[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "neighbours": pd.array(counts, dtype="Int64"),
            "neighbours_state": pd.Series(states, dtype="str"),
            "gate": pd.Series(gates, dtype="str"),
        }
    )


def test_what_is_told_of_small_and_large_counts() -> None:
    # Steps of five: 4 and nobody are not told, 5 to 9 are 5, 14 is 10, 2,503 is 2,500.
    assert [public_count(count, 5) for count in (None, 0, 4, 5, 9, 10, 14, 2503)] == [
        None, None, None, 5, 5, 10, 10, 2500,
    ]  # fmt: skip
    with pytest.raises(ValueError, match="-1"):
        public_count(-1, 5)


def test_the_step_is_that_of_the_study_and_at_least_three() -> None:
    assert [step_of(value) for value in (3, 4, 5, 6, 20)] == [3, 4, 5, 6, 20]
    with pytest.raises(ValueError, match="at least 3"):
        step_of(2)


@given(COUNTS, STEPS)
def test_no_count_below_the_step_is_told_and_none_above_it_hidden(count: int, step: int) -> None:
    told = public_count(count, step)
    assert (told is None) == (count < step)
    if told is not None:
        assert told % step == 0
        assert told <= count < told + step


@given(COUNTS, COUNTS, STEPS)
def test_no_difference_of_two_told_counts_is_a_small_number(a: int, b: int, step: int) -> None:
    first, second = public_count(a, step), public_count(b, step)
    if first is not None and second is not None:
        assert abs(first - second) not in range(1, step)


@given(st.lists(st.integers(0, 300), min_size=2, max_size=6), STEPS)
def test_a_larger_count_is_never_told_as_a_smaller_number(counts: list[int], step: int) -> None:
    told = [public_count(count, step) or 0 for count in sorted(counts)]
    assert told == sorted(told)


@pytest.mark.parametrize("step", [3, 4, 5, 7])
def test_all_pairs_of_nested_counts_by_brute_force(step: int) -> None:
    # For every pair a <= b below 40: how many differences b - a agree with what is told?
    pairs = [(a, b) for a in range(40) for b in range(a, 40)]
    possible: dict[Any, set[int]] = {}
    for a, b in pairs:
        told = (public_count(a, step), public_count(b, step))
        possible.setdefault(told, set()).add(b - a)
    # The last step is cut off at 40 for steps of seven; the others are whole.
    whole = {
        told: found for told, found in possible.items() if told[1] is None or told[1] + step <= 40
    }
    assert min(len(found) for found in whole.values()) >= step


@pytest.mark.parametrize("step", [3, 4, 5])
def test_how_many_separate_counts_that_add_up_to_another_give_a_number_away(step: int) -> None:
    # In the worst case all parts are one below a step; docs/freigabe.md names the limit.
    def given_away(parts: int) -> bool:
        told = public_count(parts * (step - 1), step) or 0
        most = parts * (step - 1)  # each missing part is at most one below a step
        return told == most

    assert [parts for parts in range(2, step + 1) if given_away(parts)] == [step]


def test_steps_of_which_one_divides_the_other_tell_no_more_than_the_finer_one() -> None:
    for before, now in itertools.product(range(3, 31), repeat=2):
        cells: dict[Any, set[int]] = {}
        for count in range(before * now * 2):
            told = (public_count(count, before), public_count(count, now))
            cells.setdefault(told, set()).add(count)
        smallest = min(len(cell) for cell in cells.values())
        assert compatible(before, now) == (smallest == min(before, now)), (before, now)


def test_a_table_says_why_a_number_is_missing() -> None:
    frame = table(
        [None, 0, 4, 5, 23, 0, None, 0],
        [PROTECTED, COUNTED, COUNTED, COUNTED, COUNTED, COUNTED, UNKNOWN, UNKNOWN],
        ["open", "open", "open", "open", "open", "closed", "open", "open"],
    )
    told = suppress(frame, 5)
    assert told["neighbours"].tolist() == [pd.NA, pd.NA, pd.NA, 5, 20, 0, pd.NA, pd.NA]
    assert told["neighbours_state"].tolist() == [
        PROTECTED, PROTECTED, PROTECTED, COUNTED, COUNTED, COUNTED, UNKNOWN, UNKNOWN,
    ]  # fmt: skip
    assert str(told["neighbours"].dtype) == "Int64"


def test_nobody_and_few_people_look_the_same() -> None:
    both = suppress(table([0, None], [COUNTED, PROTECTED], ["open", "open"]), 5)
    assert both.iloc[0].equals(both.iloc[1])


def test_the_internal_release_tells_nobody_from_few_and_from_not_known() -> None:
    counts = pd.Series(pd.array([None, 0, 12, None], dtype="Int64"))
    known = [True, True, True, False]
    assert counts_state(counts, known).tolist() == [PROTECTED, COUNTED, COUNTED, UNKNOWN]


@given(st.lists(st.tuples(COUNTS, st.booleans()), max_size=8), st.integers(3, 60))
def test_tables_and_single_counts_agree(rows: list[tuple[int, bool]], smallest: int) -> None:
    internal: list[int | None] = [count for count, _ in rows]
    states = [COUNTED for _ in internal]
    gates = ["open" if is_open else "closed" for _, is_open in rows]
    frame = suppress(table(internal, states, gates), smallest)
    require_steps(frame, smallest)
    told = frame["neighbours"].tolist()
    step = step_of(smallest)
    expected = [
        (public_count(count, step) if gate == "open" else 0)
        for count, gate in zip(internal, gates, strict=True)
    ]
    assert [None if value is pd.NA else value for value in told] == expected


@pytest.mark.parametrize("count", [1, 2, 4, 7, 0])
def test_a_count_that_is_in_no_step_stops_the_build(count: int) -> None:
    good = table([3, None, 12, 0], [COUNTED] * 4, ["open", "open", "open", "closed"])
    require_steps(good, 3)
    with pytest.raises(ReleaseError, match="ungeschützte Zahl"):
        require_steps(table([3, count], [COUNTED] * 2, ["open", "open"]), 3)
