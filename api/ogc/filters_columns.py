"""Columns as filters compare them: numbers, or texts in their order; missing values marked."""

from __future__ import annotations

import operator
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.arrays import BooleanArray

from api.ogc.queryables import DATE, STRING, queryables
from api.service.catalogue import Collection

Rows = npt.NDArray[np.intp] | None
"""Positions of the rows that are asked about, or None for all."""

_COMPARED: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


def compared(sign: str, left: Any, right: Any) -> Any:
    """Return what one of ``= <> < > <= >=`` says of two values or arrays."""
    return _COMPARED[sign](left, right)


def mirrored(sign: str) -> str:
    """Return the comparison with its sides exchanged."""
    return _MIRRORED.get(sign, sign)


@dataclass(frozen=True, eq=False)
class NumberColumn:
    """A column of numbers or truth values.

    Attributes
    ----------
    values
        Shape (n,); anything where the value is missing.
    missing
        Which values are missing, shape (n,).
    """

    values: npt.NDArray[Any]
    missing: npt.NDArray[np.bool_]

    def at(self, rows: Rows) -> NumberColumn:
        """Return the column of some rows."""
        return self if rows is None else NumberColumn(self.values[rows], self.missing[rows])

    def against(self, sign: str, value: float) -> BooleanArray:
        """Return what a comparison with one value says; unknown where missing."""
        return BooleanArray(compared(sign, self.values, value), self.missing.copy())

    def among(self, values: Iterable[float]) -> BooleanArray:
        """Return whether each value is one of these; unknown where missing."""
        found = np.zeros(len(self.values), dtype=np.bool_)
        for value in set(values):
            found |= self.values == value
        return BooleanArray(found, self.missing.copy())

    def beside(self, sign: str, other: NumberColumn) -> BooleanArray:
        """Return what a comparison with another column says, row by row."""
        return BooleanArray(
            compared(sign, self.values, other.values), self.missing | other.missing
        )


@dataclass(frozen=True, eq=False)
class TextColumn:
    """A column of texts, each once, in the order of their code points.

    Attributes
    ----------
    words
        All values that there are, ascending.
    ranks
        Place in ``words`` of each row, shape (n,); -1 where the value is missing.
    """

    words: list[str]
    ranks: npt.NDArray[np.int64]

    @property
    def missing(self) -> npt.NDArray[np.bool_]:
        """Which values are missing, shape (n,)."""
        return self.ranks < 0

    def at(self, rows: Rows) -> TextColumn:
        """Return the column of some rows."""
        return self if rows is None else TextColumn(self.words, self.ranks[rows])

    def against(self, sign: str, value: str) -> BooleanArray:
        """Return what a comparison with one text says; unknown where missing.

        The texts are sorted, so each comparison asks only on which side of two places a row's
        text stands.
        """
        low, high = bisect_left(self.words, value), bisect_right(self.words, value)
        ranks = self.ranks
        said = {
            "=": lambda: (ranks >= low) & (ranks < high),
            "<>": lambda: (ranks < low) | (ranks >= high),
            "<": lambda: ranks < low,
            "<=": lambda: ranks < high,
            ">": lambda: ranks >= high,
            ">=": lambda: ranks >= low,
        }
        return BooleanArray(said[sign](), self.missing)

    def among(self, values: Iterable[str]) -> BooleanArray:
        """Return whether each text is one of these; unknown where missing."""
        wanted = set(values)
        return self.that(lambda word: word in wanted)

    def that(self, test: Callable[[str], bool]) -> BooleanArray:
        """Return what a function says of each text, asked once per text; unknown if missing."""
        said = np.fromiter((test(word) for word in self.words), np.bool_, len(self.words))
        padded = np.append(said, False)  # the last is for -1, the missing
        return BooleanArray(padded[self.ranks], self.missing)

    def beside(self, sign: str, other: TextColumn) -> BooleanArray:
        """Return what a comparison with another column says, row by row."""
        place = {word: rank for rank, word in enumerate(sorted({*self.words, *other.words}))}
        left, right = (
            np.array([*(place[word] for word in one.words), -1], dtype=np.int64)[one.ranks]
            for one in (self, other)
        )
        return BooleanArray(compared(sign, left, right), self.missing | other.missing)

    @cached_property
    def folded(self) -> TextColumn:
        """The same texts without regard to upper and lower case (Unicode case folding)."""
        return text_column([word.casefold() for word in self.words], self.ranks)


def text_column(values: list[str], codes: npt.NDArray[np.int64]) -> TextColumn:
    """Return the column whose rows hold ``values[code]``; -1 where the value is missing."""
    words = sorted(set(values))
    place = {word: rank for rank, word in enumerate(words)}
    ranks = np.array([*(place[value] for value in values), -1], dtype=np.int64)
    return TextColumn(words, ranks[codes])


Column = NumberColumn | TextColumn

_KEPT: WeakKeyDictionary[Collection, dict[str, Column]] = WeakKeyDictionary()


def column(collection: Collection, name: str) -> Column:
    """Return a column as filters compare it; it is kept as long as the collection is.

    Parameters
    ----------
    collection
        Whose.
    name
        A queryable that is not the geometry. Of one that holds dates, "" counts as missing.
    """
    kept = _KEPT.setdefault(collection, {})
    if name not in kept:
        # Two threads may come here at once: they make the same, and one of it stays.
        kept[name] = _made(collection, name)
    return kept[name]


def _made(collection: Collection, name: str) -> Column:
    values: Any = collection.frame[name]
    queryable = queryables(collection)[name]
    if queryable.type != STRING:
        missing = values.isna().to_numpy(dtype=np.bool_)
        filled = values.fillna(0) if missing.any() else values
        kind = "float64" if pd.api.types.is_float_dtype(values.dtype) else "int64"
        return NumberColumn(filled.to_numpy(dtype=kind), missing)
    codes, words = pd.factorize(values.astype(object), use_na_sentinel=True)
    texts = [str(word) for word in words]
    ranks = np.asarray(codes, dtype=np.int64)
    if queryable.format == DATE and "" in texts:
        ranks = np.where(ranks == texts.index(""), -1, ranks)
    return text_column(texts, ranks)
