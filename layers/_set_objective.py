"""What a set of sites is worth: each criterion put together from its members.

All sums are of whole numbers (milliseconds, places, millionths of people) that stay below
2⁵³, so that they are exact whatever the order in which a computer adds them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from layers.criteria import Criterion
from layers.ranking import SCALED_DIGITS, SCORE_DIGITS, rounded
from layers.small_numbers import SMALLEST_SHOWN

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Part(Protocol):
    """How one criterion of a set comes from its members; ``State`` is what a set leaves over."""

    @property
    def criterion(self) -> Criterion:
        """What is measured."""

    def empty(self) -> Any:
        """Return the state of no site."""

    def joined(self, state: Any, site: int) -> Any:
        """Return the state with one more site."""

    def raw(self, state: Any, begin: int) -> Floats:
        """Return raw values of the set with one more site, for each from ``begin`` on."""

    def top(self, count: int) -> float:
        """Return a raw value that no set of so many sites exceeds."""


@dataclass(frozen=True, eq=False)
class Best:
    """For each of ``r`` rows (houses, or needs of houses) the best of the set counts.

    Attributes
    ----------
    criterion
        What is measured.
    values
        Whole numbers, the higher the better, shape ``(r, n)``.
    weight
        Whole numbers, shape ``(r,)``.
    nothing
        The value of a row without any site, at most every value.
    unit
        Raw value of 1 of the weighted sum; below 0 where less is better.
    """

    criterion: Criterion
    values: Floats
    weight: Floats
    nothing: float
    unit: float

    def empty(self) -> Floats:
        """Return what rows have without any site."""
        return np.full(len(self.values), self.nothing)

    def joined(self, state: Floats, site: int) -> Floats:
        """Return the best of each row."""
        return np.maximum(state, self.values[:, site])

    def raw(self, state: Floats, begin: int) -> Floats:
        """Return the weighted sum of the best of each row."""
        best = np.maximum(state[:, np.newaxis], self.values[:, begin:])
        return np.asarray(self.weight @ best * self.unit, dtype=np.float64)

    def top(self, count: int) -> float:
        """Return what all sites together have, or that many of the best, the lesser."""
        if not self.values.shape[1]:
            return 0.0
        everything = float(self.weight @ self.values.max(axis=1, initial=self.nothing))
        single = np.sort(self.weight @ self.values)
        if self.unit < 0:  # less is better: the highest raw value is the worst site's
            return self.unit * float(single[0])
        return self.unit * min(everything, float(single[::-1][:count].sum()))


@dataclass(frozen=True, eq=False)
class Union:
    """Whoever reaches any site of the set is counted once.

    Attributes
    ----------
    criterion
        What is measured.
    site, home
        Pairs of a site and a home from which it is reached, by site, shape ``(p,)``.
    begin
        Where the pairs of each site begin, and the end, shape ``(n + 1,)``.
    weight
        People of each home in whole parts, shape ``(homes,)``.
    unit
        People of one part.
    """

    criterion: Criterion
    site: Ints
    home: Ints
    begin: Ints
    weight: Floats
    unit: float

    @classmethod
    def of(
        cls,
        criterion: Criterion,
        pairs: tuple[Ints, Ints],
        *,
        count: int,
        weight: Floats,
        unit: float,
    ) -> Union:
        """Sort pairs of site and home by site, ``count`` of them."""
        site, home = pairs
        order = np.lexsort((home, site))
        begin = np.searchsorted(site[order], np.arange(count + 1))
        return cls(criterion, site[order], home[order], begin.astype(np.int64), weight, unit)

    def empty(self) -> tuple[Floats, float]:
        """Return the people whom nobody has counted yet, and those counted."""
        return self.weight, 0.0

    def joined(self, state: tuple[Floats, float], site: int) -> tuple[Floats, float]:
        """Count who reaches one more site."""
        left, counted = state
        homes = self.home[self.begin[site] : self.begin[site + 1]]
        after = left.copy()
        after[homes] = 0.0
        return after, counted + float(left[homes].sum())

    def raw(self, state: tuple[Floats, float], begin: int) -> Floats:
        """Return the people who reach the set with one more site."""
        left, counted = state
        pairs = slice(self.begin[begin], None)
        more = np.bincount(
            self.site[pairs] - begin,
            left[self.home[pairs]],
            minlength=len(self.begin) - 1 - begin,
        )
        people = (counted + more) * self.unit
        # One to four people count alike, as for a single site.
        few = (people >= 0.5) & (people < SMALLEST_SHOWN - 0.5)  # noqa: PLR2004
        return np.asarray(np.where(few, SMALLEST_SHOWN / 2, people), dtype=np.float64)

    def top(self, count: int) -> float:
        """Return those who reach any site at all, or that many of the best, the lesser."""
        single = np.sort(self.raw(self.empty(), 0))[::-1]
        anybody = self.weight[np.unique(self.home)].sum() * self.unit
        return min(float(anybody), float(single[:count].sum()))


@dataclass(frozen=True, eq=False)
class Mean:
    """The mean of what the members count alone.

    Attributes
    ----------
    criterion
        What is measured.
    millionths
        Scaled values of the sites, whole millionths, shape ``(n,)``.
    """

    criterion: Criterion
    millionths: Floats

    def empty(self) -> tuple[float, int]:
        """Return sum and number."""
        return 0.0, 0

    def joined(self, state: tuple[float, int], site: int) -> tuple[float, int]:
        """Return sum and number with one more site."""
        return state[0] + float(self.millionths[site]), state[1] + 1

    def raw(self, state: tuple[float, int], begin: int) -> Floats:
        """Return the mean with one more site, 0 to 1."""
        total, number = state
        mean = (total + self.millionths[begin:]) / (number + 1)
        return np.asarray(mean / 10.0**SCALED_DIGITS, dtype=np.float64)

    def top(self, count: int) -> float:  # noqa: ARG002 - as the other parts
        """Return 1: the mean is of scaled values."""
        return 1.0


@dataclass(frozen=True, eq=False)
class Objective:
    """What sets of ``count`` out of ``n`` sites are worth.

    Attributes
    ----------
    parts
        One per criterion, ``k``.
    weights
        They add up to 1, shape ``(k,)``.
    sites
        ``n``.
    count
        How many sites a set has in the end.
    tops
        What counts 1 where a criterion has no best value of its own, shape ``(k,)``.
    """

    parts: tuple[Part, ...]
    weights: Floats
    sites: int
    count: int
    tops: tuple[float, ...]

    @classmethod
    def of(cls, parts: Sequence[Part], weights: Floats, sites: int, count: int) -> Objective:
        """Put criteria together."""
        tops = tuple(part.top(count) for part in parts)
        return cls(tuple(parts), weights, sites, count, tops)

    def empty(self) -> tuple[Any, ...]:
        """Return the state of no site."""
        return tuple(part.empty() for part in self.parts)

    def joined(self, state: tuple[Any, ...], site: int) -> tuple[Any, ...]:
        """Return the state with one more site."""
        return tuple(part.joined(one, site) for part, one in zip(self.parts, state, strict=True))

    def of_set(self, chosen: Sequence[int]) -> tuple[Any, ...]:
        """Return the state of a set."""
        state = self.empty()
        for site in chosen:
            state = self.joined(state, site)
        return state

    def values(self, state: tuple[Any, ...], begin: int = 0) -> tuple[list[Floats], list[Floats]]:
        """Return raw and scaled values of the set with one more site, by criterion."""
        raw = [part.raw(one, begin) for part, one in zip(self.parts, state, strict=True)]
        scaled = [
            _scaled(part, values, top)
            for part, values, top in zip(self.parts, raw, self.tops, strict=True)
        ]
        return raw, scaled

    def scores(self, state: tuple[Any, ...], begin: int = 0) -> Floats:
        """Return the scores of the set with one more site, for each from ``begin`` on."""
        total = np.zeros(self.sites - begin)
        for weight, values in zip(self.weights, self.values(state, begin)[1], strict=True):
            total = total + weight * values
        return rounded(total, SCORE_DIGITS)


def _scaled(part: Part, raw: Floats, top: float) -> Floats:
    """Return raw values as 0 to 1 between the anchors of the criterion."""
    if isinstance(part, Mean):
        return rounded(raw, SCALED_DIGITS)
    worst = part.criterion.worst
    best = max(top, worst) if part.criterion.best is None else part.criterion.best
    if best == worst:
        return np.zeros_like(raw)
    return rounded(((raw - worst) / (best - worst)).clip(0.0, 1.0), SCALED_DIGITS)
