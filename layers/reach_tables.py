"""Tables of two-way reach: whose gate neighbours reach, and who reaches each place.

Counts of people are raw here, with shares of people behind the comma. Before anybody reads
them they go through ``layers.small_numbers``: 1 to 4 people are never told. Places of houses
(``residents``) are internal.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.counting import weights_within
from geo.door_times import open_gates
from geo.network import MS_PER_S
from geo.profiles import Profile, State
from layers.people import PARTS, People, reach_points
from layers.two_way import best_site

Floats = npt.NDArray[np.float64]

OPEN, CLOSED, NO_GROUNDS = "open", "closed", ""
"""Whether a site has a gate that can be passed; a house off any grounds has none to pass."""


def house_reach(people: People, profiles: Iterable[Profile] | None = None) -> pd.DataFrame:
    """Count for every house the neighbours who reach its gate.

    They come to the grounds, not to somebody's door: what counts is the time to the nearest
    gate of the site that can be passed by this profile, in this state (confirmed ways only, or
    possible ones as well; open at certain hours counts as open). So all houses of a site
    have the same numbers. At a house off any grounds it is the time to the house itself.

    Parameters
    ----------
    people
        Residents and neighbours.
    profiles
        Who is on the way; by default those of the study. All their states are counted.

    Returns
    -------
    pandas.DataFrame
        One row per house (or site, where the study has no houses), profile, state and
        threshold of the study. ``house_id``, ``site_id`` ("" off any grounds), ``profile``,
        ``state``, ``minutes`` (int), ``neighbours`` (float, raw: see the module), ``gate``
        (``"open"``; ``"closed"``: there is none that counts as passable in this state, and
        ``neighbours`` is 0; ``""`` off any grounds). ``neighbours`` is NaN for a house off any
        grounds that is joined to no way: nobody knows. Sorted by ``house_id``, profiles in the
        order given, ``minutes``.
    """
    ready = people.ready
    minutes = ready.study.settings.minutes
    limits_ms = np.array(minutes, dtype=np.int64) * 60 * MS_PER_S
    frame = people.residents
    on_grounds = (frame["site_id"] != "").to_numpy()
    goal = frame["site_id"].where(on_grounds, frame["origin_id"]).to_numpy(dtype=object)
    sites = sorted(set(goal[on_grounds]))
    houses = sorted(set(goal[~on_grounds]))
    parts = []
    profiles = ready.profiles.values() if profiles is None else profiles
    variants = [(one, state) for one in profiles for state in one.states]
    for number, (profile, state) in enumerate(variants):
        origins = ready.origins(profile)
        gates = open_gates(ready.network, origins.picked(sites), profile, state)
        doors = origins.picked(houses)
        known: dict[Any, tuple[Floats, str]] = {}
        for ids, joined, usual, without, nobody in (
            (sites, gates, OPEN, CLOSED, 0.0),
            (houses, doors, NO_GROUNDS, NO_GROUNDS, np.nan),
        ):
            count = weights_within(people.crowd(profile, state), joined, limits_ms) / PARTS
            lost = set(joined.unconnected)
            for name, row in zip(ids, count, strict=True):
                is_lost = name in lost
                known[name] = (
                    np.full_like(row, nobody) if is_lost else row,
                    without if is_lost else usual,
                )
        parts.append(
            pd.DataFrame(
                {
                    "house_id": frame["origin_id"].repeat(len(minutes)),
                    "site_id": frame["site_id"].repeat(len(minutes)),
                    "profile": profile.id,
                    "state": state.value,
                    "minutes": np.tile(np.array(minutes, dtype=np.int64), len(frame)),
                    "neighbours": np.array([known[name][0] for name in goal]).reshape(-1),
                    "gate": np.repeat([known[name][1] for name in goal], len(minutes)),
                    "order": number,
                }
            )
        )
    table = pd.concat(parts).sort_values(["house_id", "order", "minutes"], ignore_index=True)
    return table.drop(columns="order").astype({"profile": "str", "state": "str", "gate": "str"})


def place_reach(
    people: People,
    profile: Profile,
    state: State | None = None,
    points: gpd.GeoDataFrame | None = None,
) -> pd.DataFrame:
    """Count for every place of the social space, or for any points, who reaches it.

    Parameters
    ----------
    people
        Residents and neighbours.
    profile
        Who is on the way, residents and neighbours alike.
    state
        Which ways count; by default those of ``layers.people.known_state``.
    points
        As ``geo.snapping.snap_places`` asks for them; by default the places of the study, on
        and off campus.

    Returns
    -------
    pandas.DataFrame
        One row per place and threshold of the study. ``place_id``, ``profile``, ``state``,
        ``minutes`` (int), ``residents`` (places of houses, float; internal), ``neighbours``
        (float, raw: see the module), ``bridge`` (0 to 1, see
        ``layers.two_way.bridge_values``), ``site_id`` (whose site or house has that value, ""
        where it is 0); in the order of the places, then by ``minutes``.
    """
    joined = None
    if points is None:
        points, joined = people.ready.places.frame, people.ready.destinations(profile)
    reach = reach_points(people, points, profile, state, joined=joined)
    places = people.residents["places"].to_numpy(dtype=np.float64)
    count, levels = len(points), len(reach.minutes)
    residents, bridge = np.empty((count, levels)), np.empty((count, levels))
    sites = np.empty((count, levels), dtype=object)
    for level, minutes in enumerate(reach.minutes):
        residents[:, level] = reach.residents(places, minutes)
        bridge[:, level], sites[:, level] = best_site(people, reach, minutes)
    table = pd.DataFrame(
        {
            "place_id": points["id"].astype("str").repeat(levels).to_numpy(),
            "profile": profile.id,
            "state": reach.state.value,
            "minutes": np.tile(np.array(reach.minutes, dtype=np.int64), count),
            "residents": residents.reshape(-1),
            "neighbours": reach.neighbours.reshape(-1),
            "bridge": bridge.reshape(-1),
            "site_id": sites.reshape(-1),
        }
    )
    return table.astype(dict.fromkeys(("place_id", "profile", "state", "site_id"), "str"))
