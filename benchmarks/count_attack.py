"""An attacker who has all public counts of people, and tries to get a small one back.

The attacker knows everything but the counts themselves: how they were protected, and which of
them are nested in which (whoever is there in five minutes is there in ten). For each hidden
count, and for each difference of two nested counts, ``recovered`` finds all it can be, by
shortest paths over the bounds: difference constraints, exact for whole numbers (Cormen et al.,
*Introduction to Algorithms*, section on difference constraints and shortest paths).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

Key = tuple[Any, ...]
"""Names a count: whatever tells it apart from the others."""

Told = Callable[[int, int], "int | None"]
"""Makes of a count and the smallest count what is published; None: it is left out."""

Within = Callable[[Key, Key], bool]
"""Whether everybody counted in the first is counted in the second for certain."""


def only_small_ones_left_out(count: int, k: int) -> int | None:
    """Return a count as it would be published if only small ones were left out.

    Parameters
    ----------
    count
        People.
    k
        The smallest count that is told.
    """
    return None if 0 < count < k else count


def bounds_of(told: int | None, how: Told, k: int) -> tuple[int, int]:
    """Return the smallest and the largest count that is told like this, found by trying.

    Parameters
    ----------
    told
        What was published.
    how
        How counts are protected.
    k
        The smallest count that is told.
    """
    top = 10 * k if told is None else told + 2 * k
    fits = [count for count in range(0 if told is None else told, top) if how(count, k) == told]
    return fits[0], fits[-1]


def recovered(
    published: Sequence[tuple[Key, int | None]], how: Told, k: int, within: Within
) -> list[tuple[Any, int]]:
    """Return hidden counts and differences that can be one number from 1 to k − 1 only.

    Parameters
    ----------
    published
        All that the attacker has; the same key may occur more than once.
    how
        How counts are protected.
    k
        The smallest count that is told.
    within
        Which counts are nested.

    Raises
    ------
    ValueError
        If no counts at all agree with what was published and what is said to be nested.
    """
    hidden = [key for key, told in dict(published).items() if told is None]
    keys = list(dict.fromkeys(key for key, _ in published))
    nested = [(a, b) for a, b in itertools.permutations(keys, 2) if within(a, b)]
    most = tightest(published, keys, how, k, nested)
    place = {key: row + 1 for row, key in enumerate(keys)}
    found: list[tuple[Any, int]] = []
    for key in hidden:
        row = place[key]
        if most[0, row] == -most[row, 0] and 0 < most[0, row] < k:
            found.append((key, int(most[0, row])))
    for a, b in nested:
        high, low = most[place[a], place[b]], -most[place[b], place[a]]
        if high == low and 0 < high < k:
            found.append(((a, b), int(high)))
    return found


def tightest(
    published: Sequence[tuple[Key, int | None]],
    keys: Sequence[Key],
    how: Told,
    k: int,
    nested: Sequence[tuple[Key, Key]],
) -> Any:
    """Return how much larger each count can be than each other; row 0 is the number 0.

    Parameters
    ----------
    published, how, k
        As for ``recovered``.
    keys
        Of all counts, in the order of the rows from 1 on.
    nested
        Pairs of keys of which the first is nested in the second.

    Returns
    -------
    numpy.ndarray
        Shape ``(n + 1, n + 1)``; ``[i, j]``: count j less count i is at most this.

    Raises
    ------
    ValueError
        If no counts agree with all of it.
    """
    place = {key: row + 1 for row, key in enumerate(keys)}
    size = len(keys) + 1
    most = np.full((size, size), math.inf)
    np.fill_diagonal(most, 0)
    for key, told in published:
        low, high = bounds_of(told, how, k)
        row = place[key]
        most[0, row] = min(most[0, row], high)
        most[row, 0] = min(most[row, 0], -low)
    for a, b in nested:
        most[place[b], place[a]] = min(most[place[b], place[a]], 0)
    for middle in range(size):
        np.minimum(most, most[:, middle, None] + most[None, middle, :], out=most)
    if np.any(np.diag(most) != 0):
        raise ValueError("no counts agree with what was published")
    return most
