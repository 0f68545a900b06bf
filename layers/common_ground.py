"""Common ground: where residents and enough of their neighbours can both be in time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.common_areas import common_areas
from geo.profiles import Profile, State
from geo.travel_time import Tree, search
from layers.people import PARTS, People
from layers.small_numbers import SMALLEST_SHOWN
from layers.two_way import Homesteads, homesteads

COLUMNS = ("site_id", "profile", "state", "minutes", "neighbours_min", "geometry")
"""Columns of the frame, in their order."""


def common_ground(
    people: People,
    variants: Iterable[tuple[Profile, State]] | None = None,
    minutes: Sequence[int] | None = None,
) -> gpd.GeoDataFrame:
    """Draw where both sides can be within a time, for each site.

    Common ground within t of a site (a house off any grounds is its own) is what residents of
    at least one of its houses reach within t, and so do at least ``neighbours_min`` neighbours:
    the study's ``common_percent`` of the people who live around the site (see
    ``layers.two_way.people_around``), and never fewer than 5. Both sides set out from their
    doors and use the ways of the same profile; how times are carried over to areas says
    ``geo.common_areas.common_areas``.

    Parameters
    ----------
    people
        Residents and neighbours.
    variants
        Who is on the way and which ways count; by default every profile of the study in each
        of its states.
    minutes
        Thresholds; by default those of the study.

    Returns
    -------
    geopandas.GeoDataFrame
        ``site_id`` (of the site, or of a house off any grounds), ``profile``, ``state``,
        ``minutes``, ``neighbours_min`` (int), MultiPolygon in the study's metric CRS,
        coordinates to 0.1 m; sorted by these columns. An area lies within that of a longer
        threshold, and within the isochrone of the site's houses. No row where there is no
        common ground, as behind a locked gate.

    Notes
    -----
    Source: field.md section 0 (goal 3: spaces for residents and neighbours alike) and section
    8, row 9; that a tenth of the neighbourhood makes a place common is our own choice, and the
    study may set another share.
    """
    ready = people.ready
    asked = ready.study.settings.minutes if minutes is None else tuple(minutes)
    if variants is None:
        variants = [(one, state) for one in ready.profiles.values() for state in one.states]
    homes = homesteads(people)
    least = least_neighbours(people, homes)
    needs = {name: least[name] * PARTS for name in homes.ids}
    limit_s = 60.0 * max(asked, default=0)
    parts = []
    for profile, state in variants:
        trees = search(ready.network, people.starts(profile), profile, limit_s, state)
        groups: defaultdict[str, list[Tree]] = defaultdict(list)
        for row, tree in zip(homes.row.tolist(), trees, strict=True):
            groups[homes.ids[row]].append(tree)
        parts.append(common_areas(people.crowd(profile, state), groups, needs, asked))
    frame = gpd.GeoDataFrame(
        pd.concat(parts) if parts else _nothing(), geometry="geometry", crs=ready.crs
    )
    frame["neighbours_min"] = np.array([least[name] for name in frame["site_id"]], dtype=np.int64)
    return frame[list(COLUMNS)].sort_values(list(COLUMNS[:4]), ignore_index=True)


def least_neighbours(people: People, homes: Homesteads | None = None) -> dict[str, int]:
    """Return how many neighbours make a spot common ground, by site.

    ``max(5, common_percent × people around the site)``, rounded up.

    Parameters
    ----------
    people
        Residents and neighbours.
    homes
        The sites, where they are known already.
    """
    homes = homesteads(people) if homes is None else homes
    share = people.ready.study.settings.common_percent / 100
    # A hair less, so that a tenth of 70 is 7 people whatever 0.1 is in binary.
    whole = np.ceil(homes.around * share - 1e-9).astype(np.int64)
    least = np.maximum(whole, SMALLEST_SHOWN)
    return dict(zip(homes.ids, least.tolist(), strict=True))


def _nothing() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "site_id": pd.Series(dtype="str"),
            "profile": pd.Series(dtype="str"),
            "state": pd.Series(dtype="str"),
            "minutes": pd.Series(dtype="int64"),
        },
        geometry=[],
    )
