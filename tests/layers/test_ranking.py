"""Scores, shares, order and stability: by hand, by brute force, and what always holds."""

from __future__ import annotations

import math
import os
import random
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.criteria import Criterion
from layers.ranking import (
    DRAWS,
    Scores,
    normalised,
    rank_candidates,
    rounded,
    scale,
    shared_ranks,
    varied_weights,
    weight_factors,
)

LONG = bool(os.environ.get("TEST_ALL"))
CASES = 5000 if LONG else 60


def criterion(key: str, worst: float = 0.0, best: float | None = 10.0) -> Criterion:
    return Criterion(id=key, label=key, unit="", worst=worst, best=best, digits=1)


def ranked(raw: list[list[float]], weights: list[float], *criteria: Criterion) -> Scores:
    return rank_candidates(np.array(raw, dtype=float), criteria, np.array(weights))


MINUTES = criterion("minutes", 0.0, 10.0)
PEOPLE = criterion("people", 0.0, None)
ROAD = criterion("road", 20.0, 0.0)


def test_by_hand() -> None:
    # minutes: 4/10 = 0.4, 10/10 = 1, 12 counts as 10.   people: of 200 at most: 1, 0.5, 0.1.
    # road, less is better from 20 to 0: (5-20)/(0-20) = 0.75, 20 → 0, 30 is beyond: 0.
    # Scores with 0.5, 0.3, 0.2:  0.2+0.3+0.15 = 0.65;  0.5+0.15+0 = 0.65;  0.5+0.03+0 = 0.53.
    scores = ranked(
        [[4, 200, 5], [10, 100, 20], [12, 20, 30]], [0.5, 0.3, 0.2], MINUTES, PEOPLE, ROAD
    )
    assert scores.scaled.tolist() == [[0.4, 1.0, 0.75], [1.0, 0.5, 0.0], [1.0, 0.1, 0.0]]
    assert scores.score.tolist() == [0.65, 0.65, 0.53]
    # Equal scores: the first in the order of ids.
    assert scores.rank.tolist() == [1, 2, 3]
    assert scores.order.tolist() == [0, 1, 2]
    assert scores.shares[0].tolist() == pytest.approx([0.2, 0.3, 0.15])
    # a − b: 0.2 − 0.5, 0.3 − 0.15, 0.15 − 0: together 0, as the scores are equal.
    assert scores.pairwise(0, 1).tolist() == pytest.approx([-0.3, 0.15, 0.15])
    assert scores.pairwise(1, 0).tolist() == (-scores.pairwise(0, 1)).tolist()
    # Before the third the second is in every weighting: it has more people, all else is equal.
    assert scores.rank_high[1] <= 2
    assert scores.first_percent[2] == 0.0
    assert scores.first_percent.sum() == pytest.approx(100.0)


def test_what_is_not_known_counts_nothing_and_is_marked() -> None:
    # Known at one criterion and perfect there, against known at both and good at both.
    scores = ranked([[math.nan, 10], [8, 8]], [0.5, 0.5], MINUTES, criterion("b"))
    assert scores.score.tolist() == [0.5, 0.8]
    assert scores.rank.tolist() == [2, 1]
    assert scores.unknown.tolist() == [[True, False], [False, False]]
    assert scores.known_weight.tolist() == [0.5, 1.0]
    assert scores.at_most.tolist() == [1.0, 0.8]
    # Infinity is no value either.
    assert ranked([[math.inf], [1]], [1.0], PEOPLE).scaled.tolist() == [[0.0], [1.0]]


@pytest.mark.parametrize(
    ("raw", "worst", "best", "expected"),
    [
        ([0, 5, 10], 0, 10, [0, 0.5, 1]),
        ([0, 5, 10], 10, 0, [1, 0.5, 0]),  # less is better
        ([-3, 13], 0, 10, [0, 1]),
        ([3, 3], 0, None, [1, 1]),  # spread, all equal: all have the most
        ([0, 0], 0, None, [0, 0]),  # spread, nobody has anything
        ([2, 4], 5, None, [0, 0]),  # spread, nobody beyond the worst
        ([6, 9], 5, None, [0.25, 1]),
        ([math.nan, math.nan], 0, None, [0, 0]),
        ([math.nan, 4], 0, None, [0, 1]),
        ([7, 7], 7, 7, [0, 0]),  # anchors that coincide tell nothing
        ([1 / 3], 0, 1, [0.333333]),  # six decimals, as the page has them
    ],
)
def test_scaling(
    raw: list[float], worst: float, best: float | None, expected: list[float]
) -> None:
    got = scale(np.array(raw, dtype=float)[:, np.newaxis], [criterion("x", worst, best)])
    assert got[:, 0].tolist() == expected


def test_twins_share_the_first_place() -> None:
    scores = ranked([[5, 1], [5, 1], [1, 1]], [0.5, 0.5], MINUTES, PEOPLE)
    assert scores.rank.tolist() == [1, 2, 3]
    assert scores.first_percent.tolist() == [50.0, 50.0, 0.0]
    assert scores.rank_low.tolist() == [1, 1, 3]
    assert scores.rank_high.tolist() == [1, 1, 3]


def test_shared_ranks() -> None:
    rows = np.array([[0.3, 0.9, 0.3, 0.9, 0.1], [0.0, 0.0, 0.0, 0.0, 0.0]])
    assert shared_ranks(rows).tolist() == [[3, 1, 3, 1, 5], [1, 1, 1, 1, 1]]


def test_without_candidates_and_with_one() -> None:
    empty = rank_candidates(np.empty((0, 2)), [MINUTES, PEOPLE], np.array([0.5, 0.5]))
    assert (len(empty.score), len(empty.first_percent), len(empty.rank_low)) == (0, 0, 0)
    one = ranked([[3, 4]], [0.5, 0.5], MINUTES, PEOPLE)
    assert (one.rank.tolist(), one.first_percent.tolist()) == ([1], [100.0])


def test_the_series_of_factors_is_written_down() -> None:
    # PCG64 with this seed, bits by hand: the series must be the same on every computer.
    assert weight_factors(2, 3, seed=1).tolist() == [
        [1.0118, 1.4505], [0.6442, 1.4486], [0.8118, 0.9233],
    ]  # fmt: skip
    factors = weight_factors(4)
    assert factors.shape == (DRAWS, 4)
    assert (factors.min() >= 0.5, factors.max() <= 1.5) == (True, True)
    # Evenly: the mean of 2000 draws lies within 4 standard errors (0.2887 / √2000) of 1.
    assert abs(factors.mean() - 1.0) < 4 * 0.2887 / math.sqrt(2000)
    assert (varied_weights(np.array([0.7, 0.3])) == varied_weights(np.array([0.7, 0.3]))).all()


def page_round(value: float, digits: int) -> float:
    return math.floor(value * 10.0**digits + 0.5) / 10.0**digits


def page_scores(scaled: list[list[float]], weights: list[float]) -> list[float]:
    """Return what the page computes: plain loops over plain numbers."""
    total = 0.0
    for weight in weights:
        total += weight
    found = []
    for row in scaled:
        score = 0.0
        for weight, value in zip(weights, row, strict=True):
            score += weight / total * value
        found.append(page_round(score, 9))
    return found


@pytest.mark.parametrize("seed", range(200 if LONG else 6))
def test_the_page_gets_the_same_numbers_bit_by_bit(seed: int) -> None:
    lots = random.Random(seed)  # noqa: S311
    n, k = lots.randint(1, 12), lots.randint(1, 9)
    raw = [[lots.choice([lots.uniform(0, 12), 5.0, math.nan]) for _ in range(k)] for _ in range(n)]
    weights = [lots.choice([0.05, 0.1, 0.125, 0.3]) for _ in range(k)]
    scores = ranked(raw, weights, *(criterion(f"c{i}") for i in range(k)))
    scaled = scores.scaled.tolist()
    assert scores.score.tolist() == page_scores(scaled, weights)
    assert scores.order.tolist() == sorted(range(n), key=lambda i: (-scores.score[i], i))
    first, places = [0.0] * n, [[] for _ in range(n)]  # type: ignore[var-annotated]
    normal = scores.weights.tolist()
    for factors in weight_factors(k).tolist():
        got = page_scores(scaled, [w * f for w, f in zip(normal, factors, strict=True)])
        best = [i for i in range(n) if got[i] == max(got)]
        for i in best:
            first[i] += 1 / len(best)
        for i in range(n):
            places[i].append(1 + sum(other > got[i] for other in got))
    assert scores.first_percent.tolist() == [page_round(100 * f / DRAWS, 6) for f in first]
    assert scores.rank_low.tolist() == [sorted(p)[25] for p in places]
    assert scores.rank_high.tolist() == [sorted(p)[474] for p in places]


def exact_scale(value: float, one: Criterion, top: float | None) -> Fraction:
    """Return 0 to 1 in exact fractions."""
    if math.isnan(value):
        return Fraction(0)
    worst = Fraction(one.worst)
    best = Fraction(one.best) if one.best is not None else max(Fraction(top or 0), worst)
    if best == worst:
        return Fraction(0)
    return min(max((Fraction(value) - worst) / (best - worst), Fraction(0)), Fraction(1))


@pytest.mark.parametrize("seed", range(200 if LONG else 10))
def test_scores_equal_exact_fractions(seed: int) -> None:
    lots = random.Random(seed)  # noqa: S311
    n, k = lots.randint(1, 8), lots.randint(1, 5)
    criteria = [
        criterion(f"c{i}", lots.choice([0.0, 3.0, 20.0]), lots.choice([None, 10.0, 50.0]))
        for i in range(k)
    ]
    raw = [[lots.choice([lots.uniform(-5, 60), math.nan]) for _ in range(k)] for _ in range(n)]
    weights = [lots.randint(1, 9) / 100 for _ in range(k)]
    scores = ranked(raw, weights, *criteria)
    tops = [max((row[c] for row in raw if not math.isnan(row[c])), default=None) for c in range(k)]
    whole = sum(Fraction(w) for w in weights)
    for i, row in enumerate(raw):
        exact = sum(
            Fraction(weights[c]) / whole * exact_scale(row[c], criteria[c], tops[c])
            for c in range(k)
        )
        # Each scaled value is rounded to a millionth.
        assert abs(Fraction(float(scores.score[i])) - exact) <= Fraction(1, 1_900_000)
        assert scores.shares[i].sum() == pytest.approx(scores.score[i], abs=2e-9)


values = st.one_of(st.floats(-20, 40), st.just(math.nan), st.sampled_from([0.0, 5.0, 10.0]))


@st.composite
def questions(draw: Any) -> tuple[Any, list[Criterion], Any]:
    """Draw candidates, criteria with fixed anchors, and weights."""
    k, n = draw(st.integers(1, 5)), draw(st.integers(1, 7))
    anchors = st.sampled_from([(0.0, 10.0), (10.0, 0.0), (2.5, 30.0), (-5.0, 5.0)])
    criteria = [criterion(f"c{i}", *draw(anchors)) for i in range(k)]
    raw = [[draw(values) for _ in range(k)] for _ in range(n)]
    weights = [draw(st.integers(1, 100)) / 100 for _ in range(k)]
    return np.array(raw), criteria, np.array(weights)


@settings(max_examples=CASES, deadline=None)
@given(questions(), st.integers(0, 2**32))
def test_weights_sum_to_one(question: Any, seed: int) -> None:
    raw, criteria, weights = question
    scores = rank_candidates(raw, criteria, weights)
    assert scores.weights.sum() == pytest.approx(1.0, abs=1e-12)
    varied = varied_weights(scores.weights, 20, seed)
    assert np.allclose(varied.sum(axis=1), 1.0, atol=1e-12)
    # Each weight moved by at most a half before they are made to sum to 1.
    assert (varied <= scores.weights * 3 + 1e-12).all()
    assert ((scores.score >= 0) & (scores.score <= scores.at_most + 1e-9)).all()
    assert (scores.at_most <= 1 + 1e-9).all()
    assert sorted(scores.rank.tolist()) == list(range(1, len(raw) + 1))
    assert (scores.rank_low <= scores.rank_high).all()


@settings(max_examples=CASES, deadline=None)
@given(questions(), st.integers(0, 4), st.integers(-8, 8), st.booleans())
def test_the_unit_of_a_criterion_changes_nothing(
    question: Any, column: int, power: int, spread: Any
) -> None:
    # A power of two, so that floating point itself changes nothing.
    raw, criteria, weights = question
    column %= len(criteria)
    if spread:
        criteria[column] = replace(criteria[column], best=None)
    one, factor = criteria[column], 2.0**power
    larger = raw.copy()
    larger[:, column] *= factor
    best = None if one.best is None else one.best * factor
    others = [*criteria]
    others[column] = replace(one, worst=one.worst * factor, best=best)
    before = rank_candidates(raw, criteria, weights)
    after = rank_candidates(larger, others, weights)
    for name in ("score", "rank", "first_percent", "rank_low", "rank_high"):
        assert (getattr(before, name) == getattr(after, name)).all()


@settings(max_examples=CASES, deadline=None)
@given(questions(), st.integers(0, 4), st.sampled_from([60.0, 1 / 60, 1000.0, 0.3]))
def test_minutes_may_be_seconds(question: Any, column: int, factor: float) -> None:
    """Of any other factor floating point changes at most the last of six decimals."""
    raw, criteria, weights = question
    column %= len(criteria)
    one = criteria[column]
    others = [*criteria]
    others[column] = replace(one, worst=one.worst * factor, best=(one.best or 0.0) * factor)
    larger = raw.copy()
    larger[:, column] *= factor
    before = rank_candidates(raw, criteria, weights).score
    after = rank_candidates(larger, others, weights).score
    assert np.abs(before - after).max() <= 1.1e-6
    apart = before[:, np.newaxis] - before > 2.5e-6
    assert (after[:, np.newaxis] > after)[apart].all()


@settings(max_examples=CASES, deadline=None)
@given(questions(), st.integers(0, 2**32))
def test_the_same_seed_gives_the_same_stability(question: Any, seed: int) -> None:
    raw, criteria, weights = question
    first, again = (rank_candidates(raw, criteria, weights, seed) for _ in range(2))
    assert first.first_percent.tobytes() == again.first_percent.tobytes()
    assert first.rank_low.tobytes() == again.rank_low.tobytes()


@settings(max_examples=CASES, deadline=None)
@given(questions(), st.lists(values, min_size=5, max_size=5), st.integers(0, 7))
def test_another_candidate_never_changes_the_order_of_the_others(
    question: Any, row: list[float], place: int
) -> None:
    raw, criteria, weights = question
    place = min(place, len(raw))
    more = np.insert(raw, place, row[: len(criteria)], axis=0)
    before = rank_candidates(raw, criteria, weights)
    after = rank_candidates(more, criteria, weights)
    assert np.delete(after.score, place).tolist() == before.score.tolist()
    order = np.argsort(np.delete(after.rank, place), kind="stable")
    assert order.tolist() == before.order.tolist()


@settings(max_examples=CASES, deadline=None)
@given(questions(), st.integers(0, 6), st.integers(0, 4))
def test_a_better_value_never_lowers_the_rank(question: Any, who: int, column: int) -> None:
    raw, criteria, weights = question
    who, column = who % len(raw), column % len(criteria)
    better = raw.copy()
    better[who, column] = criteria[column].best
    before = rank_candidates(raw, criteria, weights)
    after = rank_candidates(better, criteria, weights)
    assert after.score[who] >= before.score[who]
    assert after.rank[who] <= before.rank[who]


def test_normalised_and_rounded() -> None:
    assert normalised(np.array([[1.0, 3.0], [0.0, 0.0]])).tolist() == [[0.25, 0.75], [0.0, 0.0]]
    # Halves go up, as in the page; 0.5 and 2.5 would both go to the even neighbour otherwise.
    assert rounded(np.array([0.5, 1.5, 2.5]), 0).tolist() == [1.0, 2.0, 3.0]
