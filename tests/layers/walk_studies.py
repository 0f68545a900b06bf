"""Drawn towns as studies, with everything that answers and lists are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from layers.places import Places
from layers.study import Study, StudySettings
from layers.study_network import StudyNetwork
from layers.taxonomy import load_taxonomy
from tests.geo.drawings import CRS, Town
from tests.geo.marked import WHEELS, draw_marked


def ready_study(
    town: Town,
    names: Mapping[str, str] | None = None,
    *,
    category: str = "pharmacy",
    seats: Any = (),
    **settings: Any,
) -> StudyNetwork:
    """Return a drawn town as a study that has been read and joined.

    Parameters
    ----------
    town
        As drawn.
    names
        Names of places by id.
    category
        What all places are.
    seats
        Points in ``CRS``.
    settings
        More keys of ``study.toml``.
    """
    taxonomy = load_taxonomy(None)
    one = next(found for found in taxonomy.categories if found.id == category)
    frame = town.places.assign(
        name=[(names or {}).get(key, "") for key in town.places["id"]],
        category=category,
        kind=one.label,
        layer=one.layer,
        address="",
    )
    frame = frame.astype(dict.fromkeys(("name", "category", "kind", "layer", "address"), "str"))
    known = {"name": "Zeichnung", "extract": "x.osm", "sites": "s.geojson",
             "profiles": (town.profile.id,), **settings}  # fmt: skip
    study = Study(folder=Path(), settings=StudySettings.model_validate(known))
    ready = StudyNetwork(
        study=study,
        extract=town.extract,
        taxonomy=taxonomy,
        crs=CRS,
        profiles={town.profile.id: town.profile},
        given=town.given,
        network=town.network,
        sites=town.sites,
    )
    ready.__dict__["places"] = Places(frame, (), pd.DataFrame())
    ready.__dict__["seats"] = np.array(seats, dtype=np.float64).reshape(-1, 2)
    return ready


def several(picture: str, **drawn: Any) -> Town:
    """Draw a town for somebody on wheels at 1 m/s, see ``draw_marked``."""
    return draw_marked(picture, profile=replace(WHEELS, rest_m=None), **drawn)
