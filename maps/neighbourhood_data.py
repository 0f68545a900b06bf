"""Residents and neighbours as data for the page: needs, who reaches a gate, common ground.

``maps/frontend/src/neighbourhood.ts`` is the other half of this file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from layers._german import joined
from layers.common_ground import least_neighbours
from layers.layer_info import HIDDEN_LAYER
from layers.need_words import need_lines
from layers.needs import STATES
from layers.neighbourhood import Neighbourhood
from layers.people import known_state
from layers.reach_tables import CLOSED
from layers.snapshot import Snapshot
from layers.two_way import homesteads
from maps.encoding import list_texts, pack_numbers
from maps.place_data import texts
from maps.profile_data import variants
from maps.ranking_data import counts_written
from maps.reach_data import pack_areas

NO_ROW, NOT_KNOWN, NO_GATE, NUMBERS_FROM = range(4)
"""How it is written who reaches a gate: nothing was counted; nobody knows; there is no gate to
pass; and from here on 3 for nobody, 4 for fewer than five people, else 3 + the number."""

_MET, _ONLY_ON_CAMPUS, _NOT_MET, _NOT_RECORDED = STATES.values()

GROUPS = ("", _NOT_MET, _ONLY_ON_CAMPUS, _MET, _NOT_RECORDED)
"""What sentences tell of, in the order in which they are shown: of all, then gaps first."""

Ints = npt.NDArray[np.int64]


def neighbourhood_data(snapshot: Snapshot, origins: Sequence[str]) -> dict[str, Any]:
    """Return what the page tells of residents and neighbours.

    Parameters
    ----------
    snapshot
        What a build computed, with a neighbourhood.
    origins
        Ids of sites and houses in the order of the page.

    Returns
    -------
    dict
        ``minutes``: the threshold in the middle, for which neighbours at the gate are told;
        ``estimated``, ``note``: whether their number is estimated, and a German sentence about
        whose numbers these are; ``reach``: see ``gate_counts``; ``needs``: see
        ``packed_needs``; ``common``: see ``common_data``.

    Raises
    ------
    ValueError
        If the snapshot has no neighbourhood.
    """
    told = snapshot.neighbourhood
    if told is None:
        raise ValueError("the snapshot has no neighbourhood")
    minutes = snapshot.minutes[len(snapshot.minutes) // 2]
    counts = gate_counts(snapshot, told, origins, minutes)
    return {
        "minutes": minutes,
        "estimated": bool(told.people.neighbours.estimated),
        "note": told.people.neighbours.note,
        "reach": pack_numbers([counts.ravel()]),
        "needs": packed_needs(snapshot, told, origins),
        "common": common_data(snapshot, told, origins),
    }


def gate_counts(
    snapshot: Snapshot, told: Neighbourhood, origins: Sequence[str], minutes: int
) -> Ints:
    """Write how many neighbours reach the gate of each origin, or the house itself.

    Parameters
    ----------
    snapshot
        What a build computed.
    told
        Its neighbourhood.
    origins
        Ids of sites and houses in the order of the page. All houses of a site have the same
        gates, so the site has their numbers.
    minutes
        Within which time.

    Returns
    -------
    numpy.ndarray
        See ``NO_ROW``; shape ``(variants, origins)``, variants as
        ``maps.profile_data.variants`` has them.
    """
    rows = told.house_reach[told.house_reach["minutes"] == minutes]
    counts = rows["neighbours"].to_numpy(dtype=np.float64)
    code = np.where(np.isnan(counts), NOT_KNOWN, NUMBERS_FROM + counts_written(counts))
    code = np.where(rows["gate"] == CLOSED, NO_GATE, code)
    place = {key: number for number, key in enumerate(origins)}
    number = {variant: row for row, variant in enumerate(variants(snapshot))}
    written = np.full((len(number), len(origins)), NO_ROW, dtype=np.int64)
    for house, site, profile, state, value in zip(
        *(texts(rows[name]) for name in ("house_id", "site_id", "profile", "state")),
        code.tolist(),
        strict=True,
    ):
        for key in (house, site):
            if key in place:
                written[number[profile, state], place[key]] = value
    return written


def packed_needs(
    snapshot: Snapshot, told: Neighbourhood, origins: Sequence[str]
) -> dict[str, Any]:
    """Pack the sentences about needs: many houses share most of theirs.

    Parameters
    ----------
    snapshot
        What a build computed.
    told
        Its neighbourhood.
    origins
        Ids of sites and houses in the order of the page.

    Returns
    -------
    dict
        ``profile``: position of whom needs are told for; ``sentences``: base64 of a deflated
        JSON list of the different ones; ``numbers``: base64 of variable-length integers: for
        each origin how many categories there are of each state (``GROUPS`` without the first),
        then for each origin how many sentences each of ``GROUPS`` has, then the positions of
        all sentences in this order. An origin whose needs were not asked for has none.
    """
    # The categories of that layer are internal, wherever they are told of.
    hidden = [one.id for one in snapshot.taxonomy.categories if one.layer == HIDDEN_LAYER]
    needs = told.needs[~told.needs["category"].isin(hidden)]
    profile = snapshot.profiles[next(iter(texts(needs["profile"])), next(iter(snapshot.profiles)))]
    lines = need_lines(needs, snapshot.taxonomy, profile)
    labels = {key: one.label for key, one in snapshot.taxonomy.by_id.items()}
    said = {key: [[text for of, text in own if of == group] for group in GROUPS]
            for key, own in lines.items()}  # fmt: skip
    kinds = {key: [0] * (len(GROUPS) - 1) for key in said}
    for house, rows in needs.groupby("house_id", sort=True):
        states = texts(rows["state"])
        kinds[str(house)] = [states.count(group) for group in GROUPS[1:]]
        met = [labels[key] for key in rows.loc[rows["state"] == _MET, "category"]]
        if met:
            said[str(house)][GROUPS.index(_MET)].insert(0, f"Im Richtwert: {joined(met)}.")
    nothing: list[list[str]] = [[] for _ in GROUPS]
    groups = [group for key in origins for group in said.get(key, nothing)]
    sentences, counts, places = list_texts(groups)
    none = [0] * (len(GROUPS) - 1)
    return {
        "profile": list(snapshot.profiles).index(profile.id),
        "sentences": sentences,
        "numbers": pack_numbers(
            [
                np.array([kinds.get(key, none) for key in origins], dtype=np.int64).ravel(),
                counts,
                places,
            ]
        ),
    }


def common_data(snapshot: Snapshot, told: Neighbourhood, origins: Sequence[str]) -> dict[str, Any]:
    """Pack the common ground of each site, and of each house off any grounds.

    Parameters
    ----------
    snapshot
        What a build computed.
    told
        Its neighbourhood.
    origins
        Ids of sites and houses in the order of the page.

    Returns
    -------
    dict
        ``packs``: for each profile one pack of shapes in its widest state, site by site, and by
        minutes (see ``maps.reach_data.pack_areas``); ``owner``: for each origin the position
        of its site in the packs, −1 where there are no residents; ``least``: how many
        neighbours make a spot of each site common ground.
    """
    homes = homesteads(told.people)
    houses = texts(told.people.residents["origin_id"])
    position = {key: number for number, key in enumerate(homes.ids)}
    position |= dict(zip(houses, homes.row.tolist(), strict=True))
    least = least_neighbours(told.people, homes)
    widest = [(key, known_state(one).value) for key, one in snapshot.profiles.items()]
    return {
        "packs": pack_areas(
            told.common_ground, "site_id", homes.ids, snapshot, widest, coarse=True
        ),
        "owner": [position.get(key, -1) for key in origins],
        "least": [least[key] for key in homes.ids],
    }
