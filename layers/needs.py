"""What each house needs: against a standard, and against what its neighbours have themselves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.findings import Finding, Severity
from geo.nearest_times import nearest_table
from geo.network import MS_PER_S
from geo.profiles import Profile
from layers.confirmations import check_confirmations, read_confirmations, winning
from layers.need_table import (
    MET,
    NOT_MET,
    NOT_RECORDED,
    ONLY_ON_CAMPUS,
    NeedTable,
    need_table,
)
from layers.people import People, known_state
from layers.same_place import FEWEST, SamePlace, same_places

Floats = npt.NDArray[np.float64]

STATES = {
    MET: "met", ONLY_ON_CAMPUS: "only_on_campus", NOT_MET: "not_met", NOT_RECORDED: "not_recorded",
}  # fmt: skip
"""How the states of ``layers.need_table`` are written."""

BETTER, SAME, WORSE, UNKNOWN = "better", "same", "worse", "unknown"

TOLERANCE_S = 120.0
"""A way that differs from the neighbours' by two minutes or less is the same."""

_EXAMPLES = 10


def find_needs(people: People, profile: Profile) -> pd.DataFrame:
    """Compare every house with the standards and with its neighbours, category by category.

    The neighbours are the homes in the same place (``layers.same_place``), each address once,
    whoever lives there, on the way like the residents. Their times are exact, door to door.
    Homes that are joined to no way are left out.

    Parameters
    ----------
    people
        The study with its residents and neighbours.
    profile
        Who is on the way, residents and neighbours alike.

    Returns
    -------
    pandas.DataFrame
        One row per origin of residents and category that is asked for, origins by id,
        categories in the order of the taxonomy: ``house_id``, ``category``, ``profile``;
        ``area`` (``"urban"``, ``"rural"``), ``area_from`` (``"study"``, ``"population"``,
        ``"estimate"``); ``standard_min``; ``now_s`` (nearest off campus that OSM knows, NaN
        beyond the limit); ``limit_min`` (longest time searched); ``recorded`` (whether OSM
        records any off campus in the surroundings that is joined to a way, see
        ``layers.judging``); ``count`` (of them within the standard); ``state`` (``"met"``,
        ``"only_on_campus"``, ``"not_met"``, ``"not_recorded"``), ``sure_state`` (the same on
        confirmed ways only); ``connected`` (whether the house is joined to any way);
        ``confirmed`` (``"exists"``, ``"missing"`` or ""), ``confirmed_by``, ``confirmed_on``
        ("" where nobody has looked); ``contested`` (what somebody saw is not what OSM says);
        ``gap_s`` (beyond the standard: 0 where it is met, NaN where it is not known);
        ``place``, ``homes`` (with whom it is compared, "" and the homes within 1 km, or 0
        homes where they are too few); ``neighbours_median_s`` (median over these homes, NaN
        beyond the limit), ``neighbours_share_percent`` (of them within the standard of the
        house, NaN where OSM records no such place around house and homes); ``relative``
        (``"better"``, ``"same"``, ``"worse"`` than the
        median by more than ``TOLERANCE_S``; ``"unknown"``). Seconds and percent to 0.1.

    Raises
    ------
    geo.errors.StudyError
        If the study sets a standard for an unknown category, or its file of confirmations is
        broken.

    Notes
    -----
    Beyond the limit a time is at least the limit. Whether it is longer than another that is
    known follows only if that is shorter than the limit by more than the tolerance.
    """
    ready = people.ready
    categories = tuple(one.id for one in ready.taxonomy.categories if one.indicator)
    table = need_table(people, profile, categories)
    residents = people.residents
    ids = residents["origin_id"].to_numpy(dtype=object)
    around = same_places(people)
    median, share, homes = _neighbours(people, profile, table, around)
    limit_s = table.limit_ms / MS_PER_S
    standard_s = table.standard_ms / MS_PER_S
    now_s = np.where(table.now_ms < 0, np.nan, table.now_ms / MS_PER_S)
    state = table.state
    beyond = np.where(np.isin(state, (NOT_MET, ONLY_ON_CAMPUS)), now_s - standard_s, np.nan)
    gap = np.where(state == MET, 0.0, np.where(table.contested, np.nan, beyond))
    known = table.connected[:, np.newaxis] & (homes[:, np.newaxis] > 0) & ~table.contested
    known &= state != NOT_RECORDED
    estimated = "estimate" if people.neighbours.estimated else "population"
    records = _records(people, categories)
    height, width = state.shape
    return pd.DataFrame(
        {
            "house_id": _text(np.repeat(ids, width)),
            "category": _text(np.tile(np.array(categories, dtype=object), height)),
            "profile": _text([profile.id] * state.size),
            "area": _text(np.repeat(np.where(table.urban, "urban", "rural"), width)),
            "area_from": _text(
                [estimated if ready.study.settings.area is None else "study"] * state.size
            ),
            "standard_min": np.round(standard_s.ravel() / 60, 3),
            "now_s": np.round(now_s.ravel(), 1),
            "limit_min": np.full(state.size, np.round(limit_s / 60, 3)),
            "recorded": table.recorded.ravel(),
            "count": table.count.ravel().astype(np.int64),
            "state": _text([STATES[one] for one in state.ravel().tolist()]),
            "sure_state": _text([STATES[one] for one in table.sure_state.ravel().tolist()]),
            "connected": np.repeat(table.connected, width),
            "confirmed": _text([one[0] for one in records]),
            "confirmed_by": _text([one[1] for one in records]),
            "confirmed_on": _text([one[2] for one in records]),
            "contested": table.contested.ravel(),
            "gap_s": np.round(gap.ravel(), 1),
            "place": _text(np.repeat(np.array([one.name for one in around], object), width)),
            "homes": np.repeat(homes, width),
            "neighbours_median_s": np.round(median.ravel(), 1),
            "neighbours_share_percent": np.round(share.ravel(), 1),
            "relative": _text(_relative(now_s, median, limit_s, known).ravel()),
        }
    )


def need_findings(people: People, needs: pd.DataFrame) -> tuple[Finding, ...]:
    """Tell what is odd about what was confirmed.

    Parameters
    ----------
    people
        The study.
    needs
        As ``find_needs`` makes them.

    Raises
    ------
    geo.errors.StudyError
        If the file of confirmations is broken.
    """
    ready = people.ready
    found = check_confirmations(
        ready.study,
        read_confirmations(ready.study),
        [*ready.sites.houses["house_id"], *ready.sites.sites["site_id"]],
        [one.id for one in (*ready.taxonomy.categories, *ready.taxonomy.switched_off)],
    )
    odd = needs[needs["contested"]]
    if len(odd):
        pairs = odd["house_id"] + ": " + odd["category"]
        found += (
            Finding(
                code="confirmations.contested",
                severity=Severity.INFO,
                message="Vor Ort wurde etwas anderes gesehen, als OpenStreetMap sagt; es zählt, "
                "was gesehen wurde.",
                remedy="Die Orte in OpenStreetMap berichtigen oder die Bestätigung erneuern.",
                count=len(odd),
                examples=tuple(sorted(pairs)[:_EXAMPLES]),
            ),
        )
    return found


def _neighbours(
    people: People, profile: Profile, table: NeedTable, around: Sequence[SamePlace]
) -> tuple[Floats, Floats, npt.NDArray[np.int64]]:
    """Return the median time in seconds and the share within the standard, ``(h, s)``; homes."""
    ready = people.ready
    places = ready.places.frame
    number = {category: row for row, category in enumerate(table.categories)}
    off = places["on_campus"] == ""
    kinds = np.array(
        [
            number.get(category, -1) if free else -1
            for category, free in zip(places["category"], off, strict=True)
        ],
        dtype=np.int64,
    )
    homes = people.homes(profile)
    joined = np.zeros(len(homes.ids), dtype=bool)
    joined[homes.owner] = True
    wanted = np.zeros(len(homes.ids), dtype=bool)
    for place in around:
        wanted[place.homes] = True
    rows = np.flatnonzero(wanted & joined)
    times = nearest_table(
        ready.network,
        homes.picked(tuple(homes.ids[row] for row in rows)),
        ready.destinations(profile),
        kinds,
        profile,
        count=len(table.categories),
        limit_s=table.limit_ms / MS_PER_S,
        state=known_state(profile),
    )
    shape = table.state.shape
    median, share = np.full(shape, np.nan), np.full(shape, np.nan)
    count = np.zeros(len(around), dtype=np.int64)
    seen: dict[tuple[str, bytes], tuple[Floats, npt.NDArray[np.int32]]] = {}
    for row, place in enumerate(around):
        mine = np.searchsorted(rows, place.homes[joined[place.homes]])
        if len(mine) < FEWEST:
            continue
        count[row] = len(mine)
        key = (place.name, mine.tobytes())
        if key not in seen:
            some = times[mine]
            middle = np.median(np.where(some < 0, np.inf, some), axis=0)
            seen[key] = (np.where(np.isinf(middle), np.nan, middle / MS_PER_S), some)
        median[row], some = seen[key]
        within = (some >= 0) & (some <= table.standard_ms[row])
        # Where OSM records no place of a kind, nobody is known to be far from one.
        known = table.recorded[row] | within.any(axis=0)
        share[row] = np.where(known, 100.0 * within.mean(axis=0), np.nan)
    return median, share, count


def _relative(
    now_s: Floats, median_s: Floats, limit_s: float, known: npt.NDArray[np.bool_]
) -> npt.NDArray[np.object_]:
    """Say which of two times is longer, as far as that is known."""
    neither = np.isnan(now_s) & np.isnan(median_s)
    difference = np.where(np.isnan(now_s), limit_s, now_s) - np.where(
        np.isnan(median_s), limit_s, median_s
    )
    words = np.select(
        [~known | neither, difference < -TOLERANCE_S, difference > TOLERANCE_S],
        [UNKNOWN, BETTER, WORSE],
        SAME,
    )
    return words.astype(object)


def _records(people: People, categories: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return status, who and when for every row; "" where nobody has looked."""
    known = read_confirmations(people.ready.study)
    residents = people.residents
    rows = []
    for origin, site in zip(residents["origin_id"], residents["site_id"], strict=True):
        counting = winning(known, origin, site)
        for category in categories:
            one = counting.get(category)
            rows.append(("", "", "") if one is None else (one.status, one.by, one.on))
    return rows


def _text(values: Sequence[str] | npt.NDArray[np.object_]) -> pd.Series[str]:
    return pd.Series([str(value) for value in values], dtype="str")
