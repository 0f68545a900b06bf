"""Which needs of residents are met today, category by category, against a standard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.door_times import time_table
from geo.network import MS_PER_S
from geo.profiles import Profile
from layers.people import People, known_state

Ints8 = npt.NDArray[np.int8]
Ints32 = npt.NDArray[np.int32]

MET, ONLY_ON_CAMPUS, NOT_MET, NOT_RECORDED = 0, 1, 2, 3
"""A category is reached off campus within the standard; only on the grounds; not (places are
known, but too far, or somebody has looked and there is none); OSM knows none, and nobody has
looked: this is no gap."""

_STANDARD_MIN = 10.0


@dataclass(frozen=True, eq=False)
class NeedTable:
    """Needs of ``h`` origins of residents in ``s`` categories, for one profile.

    Attributes
    ----------
    categories
        Ids, ``s``.
    state
        ``MET``, ``ONLY_ON_CAMPUS``, ``NOT_MET`` or ``NOT_RECORDED``, shape ``(h, s)``.
    now_ms
        Milliseconds to the nearest place off campus, −1 beyond the limit, shape ``(h, s)``.
    standard_ms
        Milliseconds within which it should be reached, shape ``(h, s)``.
    """

    categories: tuple[str, ...]
    state: Ints8
    now_ms: Ints32
    standard_ms: Ints32


def need_table(people: People, profile: Profile, categories: Sequence[str]) -> NeedTable:
    """Compare what residents reach with the standards.

    Parameters
    ----------
    people
        The study with its residents, in whose order the rows stand.
    profile
        Who is on the way.
    categories
        Ids of categories of the taxonomy.
    """
    ready = people.ready
    places = ready.places.frame
    starts, doors = people.starts(profile), ready.destinations(profile)
    limit_s = 60.0 * ready.study.settings.max_minutes
    times = time_table(ready.network, starts, doors, profile, limit_s, state=known_state(profile))
    far = np.iinfo(np.int32).max
    times = np.where(times < 0, far, times)
    off = (places["on_campus"] == "").to_numpy()
    shape = (len(starts.ids), len(categories))
    now = np.full(shape, -1, dtype=np.int32)
    standard = np.full(shape, round(_STANDARD_MIN * 60 * MS_PER_S), dtype=np.int32)
    state = np.full(shape, NOT_RECORDED, dtype=np.int8)
    for column, category in enumerate(categories):
        of = (places["category"] == category).to_numpy()
        nearest = times[:, of & off].min(axis=1, initial=far)
        on_campus = times[:, of & ~off].min(axis=1, initial=far)
        now[:, column] = np.where(nearest == far, -1, nearest)
        if of.any():
            state[:, column] = np.select(
                [nearest <= standard[:, column], on_campus <= standard[:, column]],
                [MET, ONLY_ON_CAMPUS],
                NOT_MET,
            )
    return NeedTable(tuple(categories), state, now, standard)
