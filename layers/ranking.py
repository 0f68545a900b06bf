"""From raw values to an argued order: scores, shares, and how stable the order is.

The map page computes the same numbers again when somebody moves the weights. So that both
agree to the last digit on every computer, nothing here is left to how a library adds up:

1. Scaled values are rounded to 6 decimals (``SCALED_DIGITS``), the factors of the varied
   weightings to 4. Both go into the page as data; the page draws no lots of its own.
2. Rounding to ``d`` decimals is ``floor(x · 10^d + 0.5) / 10^d``, also in the page.
3. Weights are divided by their sum, which is taken from left to right in the order of the
   criteria (``normalised``).
4. A score is the plain sum from left to right of weight times scaled value, rounded to 9
   decimals (``SCORE_DIGITS``). Weights with up to three decimals then give scores without
   any rounding, and equal scores are equal.
5. The order is by score, the highest first, equal ones by position (the order of ids).
6. A varied weighting is ``normalised(weights · factors)``, one row of factors after another.
   Who shares the first place with ``m − 1`` others has ``1/m`` of it. Ranks of equal scores
   are equal there (1, 1, 3).

**What is not known counts 0.** A score is thus what the data prove, at least; at most it is
``score`` plus the weights of what is not known (``at_most``). The other way, leaving a
criterion out where it is not known and sharing its weight among the rest, favours the unknown:
whoever is good at the one thing recorded would beat whoever is known to be good at nearly
everything. What counts 0 for not being known is marked (``unknown``), and ``known_weight``
says how much of the weight rests on something known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from layers.criteria import Criterion

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

SEED = 20241217
DRAWS = 500
SCALED_DIGITS = 6
SCORE_DIGITS = 9
_FACTOR_DIGITS = 4
_SPREAD = 0.5
"""A weight is varied by up to this share of itself, up and down."""
_OUTER = 0.05
"""Share of the varied weightings left aside at either end of the range of ranks."""
_AT_ONCE = 50
"""Weightings whose scores are held at the same time."""
_RANDOM_BITS = 53


@dataclass(frozen=True, eq=False)
class Scores:
    """The order of ``n`` candidates by ``k`` criteria.

    Attributes
    ----------
    criteria
        What is weighed, ``k``.
    weights
        They add up to 1, shape ``(k,)``.
    raw
        Raw values, NaN where not known, shape ``(n, k)``.
    scaled
        0 to 1, 6 decimals, shape ``(n, k)``; what is not known counts 0.
    score
        Sum of weight times scaled value, 0 to 1, 9 decimals, shape ``(n,)``.
    rank
        From 1; of equal scores the first in the order of ids comes first, shape ``(n,)``.
    first_percent
        Share of the varied weightings in which the candidate comes first, shape ``(n,)``; a
        first place shared by several is divided among them.
    rank_low, rank_high
        Best and worst rank in the middle nine tenths of the varied weightings, shape
        ``(n,)``; equal scores share a rank.
    """

    criteria: tuple[Criterion, ...]
    weights: Floats
    raw: Floats
    scaled: Floats
    score: Floats
    rank: Ints
    first_percent: Floats
    rank_low: Ints
    rank_high: Ints

    @property
    def shares(self) -> Floats:
        """What each criterion contributes to the score, shape ``(n, k)``."""
        return self.scaled * self.weights

    @property
    def order(self) -> Ints:
        """Positions of the candidates, the first rank first, shape ``(n,)``."""
        return np.asarray(np.argsort(self.rank, kind="stable"), dtype=np.int64)

    @property
    def unknown(self) -> Bools:
        """Where a raw value is not known, shape ``(n, k)``."""
        return np.asarray(~np.isfinite(self.raw), dtype=np.bool_)

    @property
    def known_weight(self) -> Floats:
        """Weight of the criteria that are known of each candidate, 0 to 1, shape ``(n,)``."""
        known = (~self.unknown).astype(np.float64)
        return np.asarray(weighed(self.weights[np.newaxis], known)[0], dtype=np.float64)

    @property
    def at_most(self) -> Floats:
        """The score if all that is not known counted 1, shape ``(n,)``."""
        filled = np.where(self.unknown, 1.0, self.scaled)
        return np.asarray(weighed(self.weights[np.newaxis], filled)[0], dtype=np.float64)

    def pairwise(self, a: int, b: int) -> Floats:
        """Return how far each criterion puts one candidate before another, shape ``(k,)``.

        Share of ``a`` minus share of ``b``: above 0 what speaks for ``a``, below 0 what
        speaks for ``b``. Together they are the difference of the scores.

        Parameters
        ----------
        a, b
            Positions of two candidates.
        """
        shares: Floats = self.shares
        return np.asarray(shares[a] - shares[b], dtype=np.float64)


def rounded(values: Floats, digits: int) -> Floats:
    """Round, halves upwards, in the same steps as the map page.

    Parameters
    ----------
    values
        At least 0, any shape.
    digits
        After the point.
    """
    tens = 10.0**digits
    return np.asarray(np.floor(values * tens + 0.5) / tens, dtype=np.float64)


def scale(raw: Floats, criteria: Sequence[Criterion]) -> Floats:
    """Return raw values as 0 to 1, with 6 decimals.

    Evenly between the anchors ``worst`` (0) and ``best`` (1), beyond them 0 and 1; ``worst``
    above ``best`` where less is better. Without ``best`` the highest known value among the
    candidates counts 1. With fixed anchors a value therefore depends on its own candidate
    alone: others that come or go never change the order of two.

    Parameters
    ----------
    raw
        Shape ``(n, k)``; NaN (not known) counts 0, see the head of this file for why.
    criteria
        ``k``, with what counts 0 and 1.
    """
    scaled = np.zeros_like(raw, dtype=np.float64)
    for column, criterion in enumerate(criteria):
        values = raw[:, column]
        known = np.isfinite(values)
        worst, best = criterion.worst, criterion.best
        top = float(values[known].max(initial=worst)) if best is None else best
        if top != worst:
            scaled[known, column] = (values[known] - worst) / (top - worst)
    return rounded(scaled.clip(0.0, 1.0), SCALED_DIGITS)


def normalised(weights: Floats) -> Floats:
    """Divide weightings by their sums, taken from left to right.

    Parameters
    ----------
    weights
        At least 0, not all 0; shape ``(draws, k)``.
    """
    total = np.zeros(len(weights))
    for column in range(weights.shape[1]):
        total = total + weights[:, column]
    return np.asarray(weights / np.where(total > 0, total, 1.0)[:, np.newaxis], dtype=np.float64)


def weight_factors(count: int, draws: int = DRAWS, seed: int = SEED) -> Floats:
    """Return the factors of the varied weightings: evenly from 0.5 to 1.5, 4 decimals.

    Made from the bare bits of the generator PCG64, whose series never changes with the
    version of NumPy; those of its distributions may.

    Parameters
    ----------
    count
        How many criteria, ``k``.
    draws, seed
        How many, and where the series begins: the same seed gives the same series.

    Returns
    -------
    numpy.ndarray
        Shape ``(draws, k)``.
    """
    bits = np.asarray(np.random.PCG64(seed).random_raw(draws * count), dtype=np.uint64)
    even = (bits >> np.uint64(64 - _RANDOM_BITS)).astype(np.float64) * 2.0**-_RANDOM_BITS
    factors = 1.0 - _SPREAD + 2 * _SPREAD * even
    return rounded(factors, _FACTOR_DIGITS).reshape(draws, count)


def varied_weights(weights: Floats, draws: int = DRAWS, seed: int = SEED) -> Floats:
    """Return weightings around a given one: each weight times 0.5 to 1.5, made to sum to 1.

    Parameters
    ----------
    weights
        Shape ``(k,)``.
    draws, seed
        As for ``weight_factors``.

    Returns
    -------
    numpy.ndarray
        Shape ``(draws, k)``.
    """
    return normalised(weight_factors(len(weights), draws, seed) * weights)


def rank_candidates(
    raw: Floats, criteria: Sequence[Criterion], weights: Floats, seed: int = SEED
) -> Scores:
    """Weigh candidates and put them in order.

    Parameters
    ----------
    raw
        Raw values, shape ``(n, k)``, candidates in the order of their ids.
    criteria
        ``k`` of them.
    weights
        At least 0, shape ``(k,)``; divided by their sum.
    seed
        Where the series of varied weightings begins.
    """
    weights = normalised(weights[np.newaxis])[0]
    scaled = scale(raw, criteria)
    score = weighed(weights[np.newaxis], scaled)[0]
    rank = np.empty(len(score), dtype=np.int64)
    rank[np.argsort(-score, kind="stable")] = np.arange(1, len(score) + 1)
    first, low, high = _stability(scaled, varied_weights(weights, seed=seed))
    return Scores(
        criteria=tuple(criteria),
        weights=weights,
        raw=raw,
        scaled=scaled,
        score=score,
        rank=rank,
        first_percent=first,
        rank_low=low,
        rank_high=high,
    )


def weighed(weights: Floats, scaled: Floats) -> Floats:
    """Return the scores of ``n`` candidates under each weighting, 9 decimals.

    Criterion after criterion: a matrix product adds up in an order of its own choice.

    Parameters
    ----------
    weights
        Each adds up to 1, shape ``(draws, k)``.
    scaled
        Shape ``(n, k)``.

    Returns
    -------
    numpy.ndarray
        Shape ``(draws, n)``.
    """
    total = np.zeros((len(weights), len(scaled)))
    for column in range(scaled.shape[1]):
        total = total + weights[:, column, np.newaxis] * scaled[:, column]
    return rounded(total, SCORE_DIGITS)


def shared_ranks(scores: Floats) -> Ints:
    """Return ranks of rows of scores from 1, the highest first; equal ones share the better.

    Parameters
    ----------
    scores
        Shape ``(draws, n)``.
    """
    order = np.argsort(-scores, axis=1, kind="stable")
    sorted_ = np.take_along_axis(scores, order, axis=1)
    place = np.zeros(scores.shape, dtype=np.int64)
    lower = sorted_[:, 1:] < sorted_[:, :-1]
    place[:, 1:] = np.where(lower, np.arange(1, scores.shape[1]), 0)
    ranks = np.empty_like(place)
    np.put_along_axis(ranks, order, np.maximum.accumulate(place, axis=1) + 1, axis=1)
    return ranks


def _stability(scaled: Floats, weightings: Floats) -> tuple[Floats, Ints, Ints]:
    """Return the percentage of first places, and the best and worst rank, see ``Scores``."""
    draws, count = len(weightings), len(scaled)
    ranks = np.empty((draws, count), dtype=np.int32)
    for begin in range(0, draws, _AT_ONCE):
        some = weightings[begin : begin + _AT_ONCE]
        ranks[begin : begin + len(some)] = shared_ranks(weighed(some, scaled))
    sharing = np.maximum((ranks == 1).sum(axis=1, keepdims=True), 1)
    # One weighting after another, as the page adds up; a sum may take another order.
    first = np.add.accumulate((ranks == 1) / sharing, axis=0)[-1]
    ranks.sort(axis=0)
    outer = int(_OUTER * draws)
    percent = rounded(100.0 * first / draws, SCALED_DIGITS)
    return percent, ranks[outer].astype(np.int64), ranks[draws - 1 - outer].astype(np.int64)
