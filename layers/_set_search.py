"""The best set of sites: all tried where they are few, else one by one and then exchanged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import comb
from typing import Any

import numpy as np

from layers._set_objective import Objective

MOST_SETS = 200_000
"""So many sets are all tried; of more, a good one is looked for."""
MOST_BEGINNINGS = 50_000
"""All sets with the same sites but the last are tried at once; so many times that is done."""


def set_count(objective: Objective, fixed: Sequence[int]) -> int:
    """Return how many sets there are."""
    return comb(objective.sites - len(fixed), objective.count - len(fixed))


def beginnings(objective: Objective, fixed: Sequence[int]) -> int:
    """Return how many sets of fewer sites have to be made on the way to all sets."""
    free, open_ = objective.sites - len(fixed), objective.count - len(fixed)
    return sum(comb(free, some) for some in range(open_))


def best_of_all(objective: Objective, fixed: Sequence[int]) -> tuple[int, ...]:
    """Try all sets and return the best; of equal ones the first in the order of positions.

    Parameters
    ----------
    objective
        What sets are worth; the last site of a set is tried for all sites at once.
    fixed
        Positions of sites that are in every set, fewer than the set has.
    """
    best: tuple[float, tuple[int, ...]] = (-1.0, ())
    barred = set(fixed)

    def try_all(state: tuple[Any, ...], chosen: tuple[int, ...], begin: int, left: int) -> None:
        nonlocal best
        if left == 1:
            scores = objective.scores(state, begin)
            scores[[site - begin for site in barred if site >= begin]] = -1.0
            if len(scores) and scores.max() > best[0]:
                last = int(scores.argmax())
                best = (float(scores[last]), (*chosen, begin + last))
            return
        for site in range(begin, objective.sites):
            if site not in barred:
                try_all(objective.joined(state, site), (*chosen, site), site + 1, left - 1)

    try_all(objective.of_set(fixed), (), 0, objective.count - len(fixed))
    return tuple(sorted((*fixed, *best[1])))


def good_one(objective: Objective, fixed: Sequence[int]) -> tuple[int, ...]:
    """Add the site that helps most, again and again, then exchange while that helps.

    For what is counted once (neighbours) the first half alone reaches at least 1 − 1/e, about
    63 %, of the best set (Nemhauser, Wolsey, Fisher 1978). The exchange of single sites is
    that of Teitz and Bart (1968).

    Parameters
    ----------
    objective
        What sets are worth.
    fixed
        Positions of sites that are in every set, fewer than the set has.
    """
    chosen = list(fixed)
    while len(chosen) < objective.count:
        chosen.append(_best_addition(objective, chosen, chosen)[1])
    score = _score(objective, chosen)
    while True:
        better, exchanged = score, chosen
        for site in sorted(set(chosen) - set(fixed)):
            rest = [kept for kept in chosen if kept != site]
            found, other = _best_addition(objective, rest, chosen)
            if found > better:
                better, exchanged = found, [*rest, other]
        if better <= score:
            return tuple(sorted(chosen))
        score, chosen = better, exchanged


def _best_addition(
    objective: Objective, chosen: Sequence[int], barred: Iterable[int]
) -> tuple[float, int]:
    scores = objective.scores(objective.of_set(chosen))
    scores[list(barred)] = -1.0
    site = int(scores.argmax())
    return float(scores[site]), site


def _score(objective: Objective, chosen: Sequence[int]) -> float:
    *rest, last = chosen
    return float(np.asarray(objective.scores(objective.of_set(rest), last))[0])
