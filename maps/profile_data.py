"""Who is on the way, as data for the page: in words, and how much of their ways is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.profiles import Limits, Mode, Profile
from layers._german import on_the_way
from layers.snapshot import Snapshot
from maps.encoding import pack_numbers

_HARD_SPACE = "\u00a0"
_PERCENT_STEPS = 10
"""Shares are written in steps of a tenth of a percent."""


def variants(snapshot: Snapshot) -> list[tuple[str, str]]:
    """Return the profiles and states that results come in, as the page numbers them."""
    return [(key, state.value) for key, one in snapshot.profiles.items() for state in one.states]


def profiles(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return the profiles, in the order of the study.

    ``confirmed`` and ``possible`` number their variants; ``possible`` is None where all that
    is reached is sure. ``way`` is how they are on the way in a sentence ("zu Fuß"), ``rules``
    says in German what can be passed.
    """
    number = {variant: place for place, variant in enumerate(variants(snapshot))}
    return [
        {
            "id": key,
            "label": profile.label,
            "way": on_the_way(profile),
            "mode": profile.mode.value,
            "speed": profile.speed_m_s,
            "rules": rules(profile),
            "rest": profile.rest_m,
            "confirmed": number[key, "confirmed"],
            "possible": number.get((key, "possible")),
        }
        for key, profile in snapshot.profiles.items()
    ]


def rules(profile: Profile) -> list[str]:
    r"""Say in German how fast somebody is and what they can pass, the weightiest first.

    >>> from geo.profiles import load_profiles
    >>> rules(load_profiles()["slow"])
    ['2,9\xa0km/h', 'auch über Treppen']
    """
    said = [f"{_decimal(profile.speed_m_s * 3.6)}{_HARD_SPACE}km/h"]
    if profile.mode is Mode.BICYCLE:
        said.append("geschoben, wo Radfahren nicht erlaubt ist")
        return said
    if profile.steps_speed_m_s is not None:
        return [*said, "auch über Treppen"]
    said.append("stufenlos")
    return said if profile.limits is None else [*said, *_limits(profile.limits)]


def coverage_table(snapshot: Snapshot, origins: Sequence[str]) -> str:
    """Pack how much is known of the ways around each origin.

    Parameters
    ----------
    snapshot
        What a build computed; a profile without rows is as if nothing were reached.
    origins
        Ids in the order of the page.

    Returns
    -------
    str
        Base64 of deflated variable-length integers (see `maps.encoding`), three arrays of
        ``profiles × origins × minutes``: metres of ways reached, 1 + unknown share and
        1 + share with seats in tenths of a percent (0: not known).
    """
    frame = snapshot.coverage
    keys = (
        ("profile", list(snapshot.profiles)),
        ("house_id", list(origins)),
        ("minutes", list(snapshot.minutes)),
    )
    cell = [pd.Index(known).get_indexer(pd.Index(frame[name])) for name, known in keys]
    inside = np.all([position >= 0 for position in cell], axis=0)
    where = tuple(position[inside] for position in cell)
    rows = frame[inside]
    shape = tuple(len(known) for _, known in keys)

    def table(values: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.int64]:
        filled = np.zeros(shape, dtype=np.int64)
        filled[where] = np.rint(values).astype(np.int64)
        return filled.ravel()

    def number(name: str, missing: float) -> npt.NDArray[np.float64]:
        return np.asarray(rows[name].astype("Float64").to_numpy(np.float64, na_value=missing))

    def share(percent: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        return table(np.where(np.isnan(percent), 0, 1 + percent * _PERCENT_STEPS))

    reached, confirmed = number("reached_m", 0.0), number("confirmed_m", 0.0)
    unknown, seated = number("unknown_percent", np.nan), number("seated_percent", np.nan)
    # What was rounded to all or nothing, but is not, must not be called so.
    least = 1 / _PERCENT_STEPS
    unknown = np.where(confirmed > 0, np.minimum(unknown, 100 - least), unknown)
    unknown = np.where(confirmed < reached, np.maximum(unknown, least), unknown)
    # Less than a metre is still something.
    metres = table(np.ceil(reached))
    return pack_numbers([metres, share(unknown), share(seated)])


def _limits(limits: Limits) -> list[str]:
    return [
        f"Bordstein bis {_decimal(limits.max_kerb_cm)}{_HARD_SPACE}cm",
        f"Steigung bis {_decimal(limits.max_incline_percent)}{_HARD_SPACE}%",
        f"Breite ab {_decimal(limits.min_width_m * 100)}{_HARD_SPACE}cm",
    ]


def _decimal(value: float) -> str:
    """Write a number with at most one decimal, as Germans do."""
    return f"{value:.1f}".removesuffix(".0").replace(".", ",")
