"""Drawn towns with residents and neighbours, for tests of needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from layers.layer_info import OWN
from layers.neighbours import Neighbours
from layers.people import People
from layers.places import Places
from tests.geo.drawings import CORNER, CRS, Town, draw
from tests.layers.walk_studies import ready_study

Spot = tuple[float, float]


@cache
def campus() -> Town:
    """Draw a house on its grounds, and a street on which a metre takes a second.

    From ``h`` it is 10 m to the path, 40 m along it to the gate ``G``. Then, places being
    10 m beside the street: 20 + 10 to ``k`` on the grounds, so 40 s; 150 + 10 from the gate to
    ``b``, so 210 s; 600 + 10 to ``d``, so 660 s.
    """
    return draw(
        """
        P-----Q
        | h k |              b                                            d
        | A---G--------------B--------------------------------------------D
        S-----R
        """,
        metres=10,
        ways={"AG": "highway=footway", "GBD": "highway=footway"},
        sites={"s": "PQRS"},
        houses={"h": "s"},
        gates={"G": ("s", "open")},
        places={"k": "s", "b": "", "d": ""},
    )


def people_of(
    town: Town,
    kinds: Mapping[str, str] | None = None,
    *,
    homes: Sequence[Spot] = (),
    each: float = 2.0,
    nodes: Mapping[str, tuple[str, Spot]] | None = None,
    folder: Path = Path("no-such-folder"),
    bounds: tuple[float, float, float, float] | None = None,
    estimated: bool = True,
    **settings: Any,
) -> People:
    """Return the residents and neighbours of a drawn town.

    Parameters
    ----------
    town
        As drawn.
    kinds
        Categories of its places by id; else pharmacies.
    homes
        Metres east and south of the corner.
    each
        People in each home.
    nodes
        By name the ``place`` value and spot of villages and the like.
    folder
        Where the study's files lie.
    bounds
        What the extract covers.
    estimated
        Whether the numbers of neighbours are.
    settings
        More keys of ``study.toml``.
    """
    extract = town.extract
    if nodes:
        extract = replace(extract, base=_place_names(nodes))
    if bounds:
        extract = replace(extract, bounds=bounds)
    ready = ready_study(replace(town, extract=extract), **settings)
    frame = ready.places.frame
    ready = replace(ready, study=ready.study.model_copy(update={"folder": folder}))
    known = kinds or {}
    category = [known.get(key, "pharmacy") for key in frame["id"]]
    ready.__dict__["places"] = Places(frame.assign(category=category), (), pd.DataFrame())
    people = People(ready)
    people.__dict__["neighbours"] = Neighbours(
        _homes(homes, each), estimated=estimated, source=OWN, note=""
    )
    return people


def write_study(folder: Path, confirmations: str) -> Path:
    """Write a file of confirmations; return the folder."""
    head = "house_id;category;status;by;on;note\n"
    (folder / "confirmations.csv").write_text(head + confirmations, encoding="utf-8")
    return folder


def point(spot: Spot) -> shapely.Point:
    """Return a spot as metres in the CRS of the drawing."""
    return shapely.Point(CORNER[0] + spot[0], CORNER[1] - spot[1])


def _homes(spots: Sequence[Spot], each: float) -> gpd.GeoDataFrame:
    ids = [f"n{number:05}" for number in range(len(spots))]
    return gpd.GeoDataFrame(
        {"id": ids, "people": [each] * len(ids), "on_campus": "", "outline": None},
        geometry=[point(spot) for spot in spots],
        crs=CRS,
    )


def _place_names(nodes: Mapping[str, tuple[str, Spot]]) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame(
        {
            "osm_id": [f"n{number}" for number in range(len(nodes))],
            "layer": "place_name",
            "kind": [kind for kind, _ in nodes.values()],
            "name": list(nodes),
        },
        geometry=[point(spot) for _, spot in nodes.values()],
        crs=CRS,
    )
    return frame.to_crs("EPSG:4326")
