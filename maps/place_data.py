"""Places and how far they are from each origin, as data for the page.

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
from layers.access import (
    NOT_REACHABLE,
    NOT_RECORDED,
    ONLY_ON_CAMPUS,
    REACHABLE,
    threshold_column,
)
from layers.snapshot import Snapshot
from maps.encoding import pack_numbers, to_world

STATUSES = ("", REACHABLE, ONLY_ON_CAMPUS, NOT_RECORDED, NOT_REACHABLE)
"""States of an access indicator by number; ``maps/frontend/src/model.ts`` has the same."""

_WHEELCHAIR = ("unknown", "yes", "limited", "no")
_ESTIMATED, _PRIVATE = 1, 2

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


def time_table(
    travel_times: pd.DataFrame,
    places: Sequence[str],
    origins: Sequence[str],
    variants: Sequence[tuple[str, str]],
) -> str:
    """Pack how long and how far it is from each origin to each place.

    Parameters
    ----------
    travel_times
        As in ``Snapshot.travel_times``.
    places, origins, variants
        Ids, and pairs of profile and state, in the order of the page; rows of others are
        left out.

    Returns
    -------
    str
        Base64 of deflated variable-length integers (see `maps.encoding`), three arrays of
        ``variants × origins × places`` in this order of nesting: whole seconds, rounded up,
        plus one (0: no way); whole metres; marks (1 estimated, 2 over private ways).
    """
    names = [" ".join(variant) for variant in variants]
    keys = (("variant", names), ("from_id", origins), ("to_id", places))
    where, known = _cells(_with_variant(travel_times), keys)
    rows = travel_times[known]
    shape = tuple(len(values) for _, values in keys)
    seconds, metres, marks = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    # Times are exact to a tenth of a second. Rounded up, "at most ten minutes" stays true
    # or false for the very same places.
    tenths = np.rint(rows["travel_time_s"].to_numpy(dtype=np.float64) * 10).astype(np.int64)
    seconds[where] = -(-tenths // 10) + 1
    metres[where] = np.rint(rows["distance_m"].to_numpy(dtype=np.float64)).astype(np.int64)
    marks[where] = (
        _ESTIMATED * rows["estimated"].to_numpy(dtype=bool)
        + _PRIVATE * rows["private"].to_numpy(dtype=bool)
    )  # fmt: skip
    return pack_numbers([seconds.ravel(), metres.ravel(), marks.ravel()])


def access_table(
    snapshot: Snapshot,
    places: Sequence[str],
    origins: Sequence[str],
    categories: Sequence[str],
    variants: Sequence[tuple[str, str]],
) -> str:
    """Pack the access indicators of the categories that are shown.

    Parameters
    ----------
    snapshot
        What a build computed.
    places, origins, categories, variants
        Ids, and pairs of profile and state, in the order in which the page numbers them.

    Returns
    -------
    str
        Base64 of deflated variable-length integers (see `maps.encoding`), one array of
        ``variants × origins × categories`` after the other: status (position in `STATUSES`,
        0: no indicators), 1 + index of the nearest place (0: none), detour in hundredths
        (0: not known), for each threshold 1 + count (0: not known, which is not nought), and
        1 + count on campus (0: not known).
    """
    access = snapshot.access
    names = [" ".join(variant) for variant in variants]
    keys = (("variant", names), ("house_id", origins), ("category", categories))
    where, known = _cells(_with_variant(access), keys)
    rows = access[known]
    shape = tuple(len(values) for _, values in keys)

    def table(values: npt.ArrayLike) -> Ints:
        filled = np.zeros(shape, dtype=np.int64)
        filled[where] = values
        return filled.ravel()

    # Without a way no place is near, whatever stands in the column.
    nearest = rows["nearest_id"].where(rows["nearest_s"].notna(), "")
    counts = [rows[threshold_column(minutes)] for minutes in snapshot.minutes]
    return pack_numbers(
        [
            table(pd.Index(STATUSES).get_indexer(pd.Index(rows["status"]))),
            table(pd.Index(list(places)).get_indexer(pd.Index(nearest)) + 1),
            table(np.rint(_numbers(rows["detour"], 0.0) * 100)),
            *(table(_numbers(count, -1.0) + 1) for count in counts),
            table(_numbers(rows["n_on_campus"], -1.0) + 1),
        ]
    )


def _with_variant(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(variant=frame["profile"].str.cat(frame["state"], sep=" "))


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


def _cells(
    frame: pd.DataFrame, keys: Sequence[tuple[str, Sequence[str]]]
) -> tuple[tuple[Ints, ...], npt.NDArray[np.bool_]]:
    """Return the cell of each row in a table of some keys, and which rows have one."""
    cell = [pd.Index(list(known)).get_indexer(pd.Index(frame[name])) for name, known in keys]
    inside: npt.NDArray[np.bool_] = np.all([position >= 0 for position in cell], axis=0)
    return tuple(np.asarray(position[inside], dtype=np.int64) for position in cell), inside


def _numbers(values: pd.Series[Any], missing: float) -> npt.NDArray[np.float64]:
    """Return numbers, another one where a value is missing."""
    numbers = values.astype("Float64").to_numpy(dtype=np.float64, na_value=missing)
    return np.asarray(numbers, dtype=np.float64)
