"""Drawn towns in which something is to be placed: kinds of places, a base map, people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from layers.people import People
from layers.places import Places
from layers.projects import Project, load_projects
from tests.geo.drawings import CRS, Town
from tests.layers.peopled import peopled

DEGREES = "EPSG:4326"


def placed(
    town: Town,
    kinds: Mapping[str, str] | None = None,
    *,
    names: Mapping[str, str] | None = None,
    base: Mapping[str, tuple[str, str, str, Any]] | None = None,
    tags: Mapping[str, Mapping[str, str]] | None = None,
    homes: Mapping[str, float] | None = None,
    residents: Mapping[str, float] | None = None,
    folder: Path = Path("ordner"),
    bounds: tuple[float, float, float, float] | None = None,
    **settings: Any,
) -> People:
    """Return the people of a drawn town with places of several kinds.

    Parameters
    ----------
    town
        As drawn; every house has 24 places unless told.
    kinds
        Spot of a place → its category.
    names
        Spot of a place → its name.
    base
        OSM id → layer, kind, name and shape (metres) of the base map.
    tags
        Spot of a place → tags that the extract has for it.
    homes, residents
        As for ``peopled``.
    folder
        Where the study lies.
    bounds
        West, south, east, north of the extract in degrees; by default around everything drawn.
    settings
        More keys of ``study.toml``.
    """
    houses = town.sites.houses["house_id"]
    people = peopled(
        town,
        homes or {},
        residents or dict.fromkeys(houses, 24.0),
        **settings,
    )
    ready = people.ready
    known = ready.taxonomy.by_id | {one.id: one for one in ready.taxonomy.switched_off}
    frame = ready.places.frame
    of = [known[(kinds or {}).get(name, "pharmacy")] for name in frame["id"]]
    frame = frame.assign(
        name=[(names or {}).get(name, "") for name in frame["id"]],
        category=[one.id for one in of],
        kind=[one.label for one in of],
        layer=[one.layer for one in of],
        partner=[one.partner for one in of],
    )
    texts = dict.fromkeys(("name", "category", "kind", "layer"), "str")
    drawn = shapely.MultiPoint(list(town.spots.values())).buffer(100)
    west, south, east, north = gpd.GeoSeries([drawn], crs=CRS).to_crs(DEGREES).total_bounds
    extract = replace(
        ready.extract,
        base=_base(base or {}),
        features=_features(town, tags or {}),
        bounds=bounds or (float(west), float(south), float(east), float(north)),
    )
    changed = replace(
        ready, extract=extract, study=ready.study.model_copy(update={"folder": folder})
    )
    changed.__dict__["places"] = Places(frame.astype(texts), (), pd.DataFrame())
    changed.__dict__["seats"] = ready.seats
    result = People(changed)
    result.__dict__["residents"] = people.residents
    result.__dict__["neighbours"] = people.neighbours
    return result


def project(*candidates: str, serves: str = "cafe", **changed: Any) -> Project:
    """Return a kind of project with these sources of candidates."""
    made = replace(load_projects()["cafe"], candidates=candidates, serves=(serves,))
    return replace(made, **changed)


def _base(drawn: Mapping[str, tuple[str, str, str, Any]]) -> gpd.GeoDataFrame:
    frame = pd.DataFrame(
        {
            "osm_id": list(drawn),
            "layer": [one[0] for one in drawn.values()],
            "kind": [one[1] for one in drawn.values()],
            "name": [one[2] for one in drawn.values()],
        },
        dtype="str",
    )
    shapes = gpd.GeoSeries([one[3] for one in drawn.values()], crs=CRS).to_crs(DEGREES)
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=DEGREES)


def _features(town: Town, tags: Mapping[str, Mapping[str, str]]) -> gpd.GeoDataFrame:
    shapes = dict(zip(town.places["id"], town.places.geometry, strict=True))
    shapes |= {
        name: outline
        for name, outline in zip(town.places["id"], town.places["outline"], strict=True)
        if outline is not None
    }
    drawn = gpd.GeoSeries([shapes[name] for name in tags], crs=CRS).to_crs(DEGREES)
    return gpd.GeoDataFrame(
        {"osm_id": list(tags), "tags": [dict(one) for one in tags.values()]},
        geometry=list(drawn),
        crs=DEGREES,
    )
