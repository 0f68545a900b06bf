"""Counts of people of one to four are never shown."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from layers.small_numbers import FEWER, people_text, shown, shown_counts

# Rounded half up: 0.49 → 0, 0.5 → 1 (hidden), 4.49 → 4 (hidden), 4.5 → 5, 412.5 → 413.
CASES = [
    (0, 0),
    (0.49, 0),
    (0.5, None),
    (1, None),
    (4, None),
    (4.49, None),
    (4.5, 5),
    (5, 5),
    (412.5, 413),
    (2.5e6, 2_500_000),
]


@pytest.mark.parametrize(("count", "expected"), CASES)
def test_one_to_four_are_hidden(count: float, expected: int | None) -> None:
    assert shown(count) == expected


def test_arrays_say_the_same_as_single_counts() -> None:
    counts = shown_counts([count for count, _ in CASES])
    assert counts.dtype == pd.Int64Dtype()
    assert [None if value is pd.NA else value for value in counts] == [
        expected for _, expected in CASES
    ]


def test_what_is_not_known_is_not_nought() -> None:
    counts = shown_counts(np.array([np.nan, 0.0, 7.0]))
    assert counts.isna().tolist() == [True, False, False]
    assert counts[1] == 0


def test_an_empty_array_stays_empty() -> None:
    assert len(shown_counts([])) == 0


@pytest.mark.parametrize("count", [-1, -0.001, float("nan"), float("inf")])
def test_what_is_no_count_is_refused(count: float) -> None:
    with pytest.raises(ValueError, match="count"):
        shown(count)


@pytest.mark.parametrize("count", [-1.0, float("inf"), float("-inf")])
def test_arrays_refuse_what_is_no_count(count: float) -> None:
    with pytest.raises(ValueError, match="counts"):
        shown_counts([3.0, count])


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "niemand"),
        (0.2, "niemand"),
        (1, FEWER),
        (4.4, FEWER),
        (5, "5 Menschen"),
        (412, "412 Menschen"),
        (1412.4, "1.412 Menschen"),
        (1_234_567, "1.234.567 Menschen"),
    ],
)
def test_people_in_words(count: float, text: str) -> None:
    assert people_text(count) == text


def test_the_words_name_no_hidden_number() -> None:
    texts = {people_text(count / 10) for count in range(5, 45)}
    assert texts == {"weniger als 5 Menschen"}
