"""Counts of people as they may be shown: never a number of one to four."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

SMALLEST_SHOWN = 5
"""The smallest count of people that is shown as a number.

One to four people can be known by name in a village; statistics offices keep such cells of
a grid secret or change them. Zero stays zero: that nobody lives somewhere tells of nobody.
"""

FEWER = "weniger als 5 Menschen"
"""What stands in place of a count of one to four."""


def shown(count: float) -> int | None:
    """Return a count of people as it may be shown.

    Parameters
    ----------
    count
        People, 0 or more; shares of people are allowed.

    Returns
    -------
    int or None
        The count rounded half up; None where that is one to four.

    Raises
    ------
    ValueError
        If the count is below 0 or not finite.
    """
    if not math.isfinite(count) or count < 0:
        raise ValueError(f"{count!r} is no count of people")
    whole = math.floor(count + 0.5)
    return None if 0 < whole < SMALLEST_SHOWN else whole


def whole_counts(counts: npt.ArrayLike) -> pd.arrays.IntegerArray:
    """Return counts of people as whole numbers, small ones as well: nobody may read them so.

    Parameters
    ----------
    counts
        People, shape ``(n,)``; NaN where the count is not known.

    Returns
    -------
    pandas.arrays.IntegerArray
        ``Int64`` of shape ``(n,)``, rounded half up; NA where the count is not known.

    Raises
    ------
    ValueError
        If a count is below 0 or infinite.
    """
    values = np.asarray(counts, dtype=np.float64)
    known = ~np.isnan(values)
    if np.any(values[known] < 0) or np.any(np.isinf(values)):
        raise ValueError("counts of people are finite and not below 0")
    whole = np.floor(np.where(known, values, 0.0) + 0.5).astype(np.int64)
    array: Any = pd.arrays.IntegerArray(whole, ~known)
    return array  # type: ignore[no-any-return]


def shown_counts(counts: npt.ArrayLike) -> pd.arrays.IntegerArray:
    """Return counts of people as they may be shown, element by element.

    Parameters
    ----------
    counts
        People, shape ``(n,)``; NaN where the count is not known.

    Returns
    -------
    pandas.arrays.IntegerArray
        ``Int64`` of shape ``(n,)``, rounded half up; NA where the count is one to four or
        not known.

    Raises
    ------
    ValueError
        If a count is below 0 or infinite.
    """
    counted: Any = whole_counts(counts)
    whole = counted.fillna(0).to_numpy(dtype=np.int64)
    hidden = counted.isna() | ((whole > 0) & (whole < SMALLEST_SHOWN))
    array: Any = pd.arrays.IntegerArray(np.where(hidden, 0, whole), hidden)
    return array  # type: ignore[no-any-return]


def people_text(count: float) -> str:
    """Write a count of people in German.

    Parameters
    ----------
    count
        People, 0 or more.

    Returns
    -------
    str
        ``"niemand"``, ``"weniger als 5 Menschen"`` or ``"1.412 Menschen"``.

    Raises
    ------
    ValueError
        If the count is below 0 or not finite.
    """
    number = shown(count)
    if number is None:
        return FEWER
    if number == 0:
        return "niemand"
    return f"{number:,} Menschen".replace(",", ".")
