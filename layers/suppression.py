"""Counts of people as the public release tells them: in whole steps, and never a small one.

A count ``c`` is told as ``k · ⌊c / k⌋``, where ``k`` is the smallest count that a study tells;
where that is 0 it is not told at all. So whoever reads a public number, or finds one missing,
knows an interval ``[k·m, k·m + k − 1]`` and no more.

Why this and not merely leaving out small counts: published counts are nested (who is there in
five minutes is there in ten; who comes by sure ways comes by possible ones; two builds may ask
for other minutes, grounds or profiles). Of two exact nested counts the difference tells how
many people lie between them, however large both are. Leaving out one of each such pair would
hide the number, but *that* it is left out would tell that it is small, and the next build with
other minutes would have other pairs. With steps nothing depends on which other numbers are
published: bounds that follow from nested counts always begin at a multiple of ``k`` and end
one below such a multiple, so they never meet in one number, and the difference of two nested
counts is known to no less than ``2 k − 1`` numbers, or from 0 on. That holds for any number of
builds as long as all of them have the same ``k``, or ones of which one divides the other
(``compatible``). ``tests/layers/test_suppression_attack.py`` searches for counter-examples.

Source: rounding to a fixed base and the differencing attack are described in Hundepool et al.,
*Statistical Disclosure Control* (Wiley, 2012), sections 5.4 and 5.2; the smallest count of 5 in
field.md section 5. That the base is the smallest count itself is our own choice.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from geo.errors import ReleaseError
from layers.reach_tables import CLOSED

COUNTED, PROTECTED, UNKNOWN = "counted", "protected", "unknown"
"""Why a count is there or not: counted; too small to be told; nobody knows."""

STATE_LABELS = {COUNTED: "gezählt", PROTECTED: "geschützt", UNKNOWN: "nicht bekannt"}
"""German word of each."""

SMALLEST_STEP = 3
"""No study may publish counts in smaller steps."""


def step_of(smallest_count: int) -> int:
    """Return the step ``k`` of public counts: the study's smallest count.

    It may be smaller than what the internal files tell as a number (5): a step of 3 says
    "3 to 5", not "3". The public release is made from the counts themselves
    (``layers.neighbourhood_frames.raw_site_reach``).

    Parameters
    ----------
    smallest_count
        As the study sets it.

    Raises
    ------
    ValueError
        If it is below ``SMALLEST_STEP``.
    """
    if smallest_count < SMALLEST_STEP:
        raise ValueError(f"the smallest count of people is at least {SMALLEST_STEP}")
    return smallest_count


def compatible(before: int, now: int) -> bool:
    """Whether public releases with two steps may lie side by side.

    Steps of which one divides the other have nested intervals, so that the finer one says all
    that can be known. Others cut each other: 14 is the only number both in 10 to 14 (steps of
    5) and in 14 to 20 (steps of 7).

    Parameters
    ----------
    before, now
        As ``step_of`` returns them.
    """
    return max(before, now) % min(before, now) == 0


def public_count(count: int | None, step: int) -> int | None:
    """Return a count of people as the public release tells it.

    Parameters
    ----------
    count
        People; None where it is withheld already.
    step
        As ``step_of`` returns it.

    Returns
    -------
    int or None
        A multiple of ``step``; None where the count is smaller than one step, nobody included.

    Raises
    ------
    ValueError
        If the count is below 0.
    """
    if count is not None and count < 0:
        raise ValueError(f"{count!r} is no count of people")
    if count is None or count < step:
        return None
    return count // step * step


def counts_state(counts: pd.Series[Any], known: Any) -> pd.Series[Any]:
    """Say of each count why it is there or not, for the internal release.

    Parameters
    ----------
    counts
        ``Int64`` as ``layers.small_numbers.shown_counts`` makes them, shape ``(n,)``.
    known
        Whether anything is known at all, shape ``(n,)``, or one truth value for all.

    Returns
    -------
    pandas.Series
        ``COUNTED``, ``PROTECTED`` or ``UNKNOWN``, text.
    """
    missing = counts.isna().to_numpy(dtype=bool)
    states = np.where(known, np.where(missing, PROTECTED, COUNTED), UNKNOWN)
    return pd.Series(states, index=counts.index, dtype="str")


def suppress(frame: pd.DataFrame, smallest_count: int) -> pd.DataFrame:
    """Return a table of counts as the public release tells it.

    Parameters
    ----------
    frame
        ``neighbours`` (``Int64``), ``neighbours_state`` and ``gate``, as
        ``layers.neighbourhood_frames.raw_site_reach`` makes them. What is missing there
        stays missing.
    smallest_count
        As the study sets it; see ``step_of``.

    Returns
    -------
    pandas.DataFrame
        The same rows and columns. ``neighbours`` is a multiple of the step or missing. Where no
        gate can be passed it stays 0: that follows from the gates and tells of nobody.
    """
    step = step_of(smallest_count)
    counts = frame["neighbours"].astype("Int64")
    closed = (frame["gate"] == CLOSED).to_numpy(dtype=bool)
    unknown = (frame["neighbours_state"] == UNKNOWN).to_numpy(dtype=bool)
    told = counts // step * step
    small = (counts.isna() | (told < step).fillna(value=True)).to_numpy(dtype=bool)
    told = told.mask(small | unknown).mask(closed & ~unknown, 0)
    state = np.select([unknown, closed, small], [UNKNOWN, COUNTED, PROTECTED], COUNTED)
    return frame.assign(
        neighbours=told.astype("Int64"),
        neighbours_state=pd.Series(state, index=frame.index, dtype="str"),
    )


def require_steps(frame: pd.DataFrame, smallest_count: int) -> None:
    """Refuse public counts that are not in steps.

    Counts cannot be searched for like names: what a canary is for those, this is for these.

    Parameters
    ----------
    frame
        As ``suppress`` returns it.
    smallest_count
        As the study sets it.

    Raises
    ------
    geo.errors.ReleaseError
        If a count is not a multiple of the step, or 0 where a gate can be passed.
    """
    told = frame["neighbours"].dropna()
    step = step_of(smallest_count)
    open_ones = told[(frame["gate"] != CLOSED).loc[told.index].to_numpy(dtype=bool)]
    if (told % step != 0).any() or (open_ones < step).any():
        raise ReleaseError(
            "In der öffentlichen Fassung stünde eine ungeschützte Zahl von Menschen. Die "
            "bisherigen Ergebnisse sind unverändert.",
            remedy="Nichts weitergeben und den Fehler melden; er liegt im Programm, nicht in der "
            "Studie.",
        )
