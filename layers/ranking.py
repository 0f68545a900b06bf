"""From raw values to an argued order: scores, shares, and how stable the order is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from layers.criteria import Criterion

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SEED = 20241217
DRAWS = 500


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
        0 to 1, shape ``(n, k)``; what is not known counts 0.
    score
        Sum of weight times scaled value, 0 to 1, shape ``(n,)``.
    rank
        From 1; of equal scores the first in the order of ids comes first, shape ``(n,)``.
    first_percent
        Share of the varied weightings in which the candidate comes first, shape ``(n,)``.
    rank_low, rank_high
        Best and worst rank in the middle nine tenths of the varied weightings, shape ``(n,)``.
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


def scale(raw: Floats, criteria: Sequence[Criterion]) -> Floats:
    """Return raw values as 0 to 1.

    Parameters
    ----------
    raw
        Shape ``(n, k)``; NaN counts 0.
    criteria
        ``k``, with what counts 0 and 1.
    """
    scaled = np.zeros_like(raw)
    for column, criterion in enumerate(criteria):
        values = raw[:, column]
        known = values[~np.isnan(values)]
        best = criterion.best if criterion.best is not None else known.max(initial=criterion.worst)
        if best != criterion.worst:
            scaled[:, column] = (values - criterion.worst) / (best - criterion.worst)
    return np.nan_to_num(scaled, nan=0.0).clip(0.0, 1.0)


def varied_weights(weights: Floats, draws: int = DRAWS, seed: int = SEED) -> Floats:
    """Return weightings around a given one: each weight times 0.5 to 1.5, made to sum to 1.

    Parameters
    ----------
    weights
        Shape ``(k,)``.
    draws, seed
        How many, and where the series begins: the same seed gives the same series.

    Returns
    -------
    numpy.ndarray
        Shape ``(draws, k)``.
    """
    factors = np.random.default_rng(seed).uniform(0.5, 1.5, size=(draws, len(weights)))
    varied = factors * weights
    return np.asarray(varied / varied.sum(axis=1, keepdims=True), dtype=np.float64)


def rank_candidates(raw: Floats, criteria: Sequence[Criterion], weights: Floats) -> Scores:
    """Weigh candidates and put them in order.

    Parameters
    ----------
    raw
        Raw values, shape ``(n, k)``, candidates in the order of their ids.
    criteria
        ``k`` of them.
    weights
        They add up to 1, shape ``(k,)``.
    """
    scaled = scale(raw, criteria)
    score = np.round(scaled @ weights, 9)
    rank = _ranks(score[np.newaxis])[0]
    ranks = _ranks(np.round(varied_weights(weights) @ scaled.T, 9))
    low, high = (
        np.quantile(ranks, [0.05, 0.95], axis=0, method="closest_observation")
        if len(score)
        else np.empty((2, 0))
    )
    return Scores(
        criteria=tuple(criteria),
        weights=weights,
        raw=raw,
        scaled=scaled,
        score=score,
        rank=rank,
        first_percent=100.0 * (ranks == 1).mean(axis=0),
        rank_low=low.astype(np.int64),
        rank_high=high.astype(np.int64),
    )


def _ranks(scores: Floats) -> Ints:
    """Return ranks from 1 of rows of scores, the highest first, ties by position."""
    order = np.argsort(-scores, axis=1, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(1, scores.shape[1] + 1)[np.newaxis], axis=1)
    return ranks
