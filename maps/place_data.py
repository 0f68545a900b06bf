"""Places as data for the page.

Texts from outside go in as JSON strings and nothing else is ever made of them here; the page
shows them by ``textContent``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.crs import WGS84
from layers.snapshot import Snapshot
from maps.encoding import to_world

_WHEELCHAIR = ("unknown", "yes", "limited", "no")

Ints = npt.NDArray[np.int64]


def shown_places(snapshot: Snapshot, layers: Sequence[str]) -> gpd.GeoDataFrame:
    """Return the places of the layers that are shown, sorted by id."""
    places = snapshot.places
    return places[places["layer"].isin(layers)].sort_values("id", ignore_index=True)


def place_table(
    places: gpd.GeoDataFrame, category_ids: Sequence[str], site_ids: Sequence[str]
) -> dict[str, Any]:
    """Write places column by column.

    Repeated texts (kinds, opening hours) are listed once and named by their position.
    ``x`` and ``y`` are world pixels (see `maps.encoding.to_world`) less ``x0`` and ``y0``.
    """
    world = world_points(places)
    start = world.min(axis=0) if len(world) else np.zeros(2, dtype=np.int64)
    kinds, kind = _listed(places["kind"])
    hours, hour = _listed(places["opening_hours"])
    operators, operator = _listed(places["operator"])
    osm_ids = [
        "" if ids == own else ids
        for own, ids in zip(texts(places["id"]), texts(places["osm_ids"]), strict=True)
    ]
    return {
        "x0": int(start[0]),
        "y0": int(start[1]),
        "x": (world[:, 0] - start[0]).tolist(),
        "y": (world[:, 1] - start[1]).tolist(),
        "id": texts(places["id"]),
        "name": texts(places["name"]),
        "category": _positions(places["category"], category_ids),
        "kinds": kinds,
        "kind": kind,
        "hours": hours,
        "hour": hour,
        "operators": operators,
        "operator": operator,
        "address": texts(places["address"]),
        "website": texts(places["website"]),
        "osmIds": osm_ids,
        "campus": _positions(places["on_campus"], site_ids),
        "wheelchair": _positions(places["wheelchair"], _WHEELCHAIR),
        "partner": places["partner"].astype(bool).astype(int).tolist(),
        "area": places["outline"].notna().astype(int).tolist(),
    }


def world_points(frame: gpd.GeoDataFrame) -> Ints:
    """Return the points of a frame as world pixels, shape ``(n, 2)``."""
    if not len(frame):
        return np.zeros((0, 2), dtype=np.int64)
    points = frame.geometry.to_crs(WGS84)
    return to_world(np.column_stack([points.x.to_numpy(), points.y.to_numpy()]))


def texts(values: pd.Series[Any]) -> list[str]:
    """Return texts, "" where one is missing."""
    return [value if isinstance(value, str) else "" for value in values]


def _listed(values: pd.Series[Any]) -> tuple[list[str], list[int]]:
    """Return the different texts, sorted, and the position of each value among them."""
    column = texts(values)
    different = sorted(set(column))
    place = {text: number for number, text in enumerate(different)}
    return different, [place[text] for text in column]


def _positions(values: pd.Series[Any], known: Sequence[str]) -> list[int]:
    """Return the position of each value, −1 if it is not among the known ones."""
    place = {text: number for number, text in enumerate(known)}
    return [place.get(value, -1) for value in texts(values)]
