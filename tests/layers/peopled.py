"""Drawn towns with people: residents of houses, and neighbours at spots."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.layer_info import OSM
from layers.neighbours import Neighbours
from layers.people import People
from tests.geo.drawings import CRS, Town
from tests.layers.walk_studies import ready_study


def peopled(
    town: Town, homes: Mapping[str, float], residents: Mapping[str, float], **settings: Any
) -> People:
    """Return the people of a drawn town.

    Parameters
    ----------
    town
        As drawn.
    homes
        Spot → neighbours who live there.
    residents
        House → its places; all houses of the town.
    settings
        Keys of ``study.toml``.
    """
    return peopled_points(
        ready_study(town, **settings), {name: town.spots[name] for name in homes}, homes, residents
    )


def peopled_points(
    ready: Any,
    spots: Mapping[str, tuple[float, float]],
    homes: Mapping[str, float],
    residents: Mapping[str, float],
) -> People:
    """Return the people of a study, neighbours at points in its CRS."""
    people = People(ready)
    people.__dict__["neighbours"] = Neighbours(
        gpd.GeoDataFrame(
            {
                "id": pd.Series(sorted(homes), dtype="str"),
                "people": [float(homes[name]) for name in sorted(homes)],
                "on_campus": "",
                "outline": None,
            },
            geometry=[shapely.Point(spots[name]) for name in sorted(homes)],
            crs=ready.crs,
        ),
        estimated=True,
        source=OSM,
        note="Zeichnung.",
    )
    houses = ready.sites.houses.sort_values("house_id")
    assert houses["house_id"].tolist() == sorted(residents)
    people.__dict__["residents"] = pd.DataFrame(
        {
            "origin_id": houses["house_id"].astype("str").to_numpy(),
            "site_id": houses["site_id"].astype("str").to_numpy(),
            "places": [float(residents[name]) for name in sorted(residents)],
            "estimated": np.zeros(len(houses), dtype=bool),
        }
    ).astype({"origin_id": "str", "site_id": "str"})
    return people


def points(town: Town, on_campus: Mapping[str, str]) -> gpd.GeoDataFrame:
    """Return spots as points: spot → site it stands on, or ""."""
    return gpd.GeoDataFrame(
        {
            "id": list(on_campus),
            "on_campus": list(on_campus.values()),
            "outline": None,
        },
        geometry=[shapely.Point(town.spots[name]) for name in on_campus],
        crs=CRS,
    )
