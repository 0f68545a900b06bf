"""What each house reaches: the access indicators per profile, state and category.

Numbers count places *off campus* unless their name says otherwise: what lies on the grounds of
any site of the study is never social space (a canteen on the neighbouring campus is no café
in town). Everything is counted from the travel times as they are exported, rounded to a tenth
of a second, so that every number can be counted again from the files.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.crs import require_metric
from geo.profiles import Profile, State
from geo.sites import Sites
from layers.taxonomy import Taxonomy

REACHABLE = "reachable"
ONLY_ON_CAMPUS = "only_on_campus"
NOT_RECORDED = "not_recorded"
NOT_REACHABLE = "not_reachable"

STATUS_LABELS: Mapping[str, str] = {
    REACHABLE: "erreichbar",
    ONLY_ON_CAMPUS: "nur auf dem Gelände",
    NOT_RECORDED: "nicht erfasst",
    NOT_REACHABLE: "nicht erreichbar",
}
"""The German word of each status, wherever people read it."""

NOT_SURELY = "nicht gesichert erreichbar"
"""The word for ``not_reachable`` on confirmed ways where possible ones lead there."""

STATE_LABELS: Mapping[str, str] = {
    State.CONFIRMED: "gesichert",
    State.POSSIBLE: "gesichert oder möglich",
}
"""The German words for which ways count, where not all are known."""

DETOUR_MIN_M = 50.0
"""Below this straight-line distance no detour factor is given: the way from the door to the
street alone would make it large, and it would say nothing."""

_DOOR_M = 1.0
"""A point so near the outline is taken for the entrance, as in ``geo.snapping``."""

SURROUNDINGS_M_S = 1.0
"""Whoever is slower than everyday walking pace has the same surroundings: a pharmacy 1.5 km
away is recorded, though nobody gets there with a rollator in half an hour."""

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def threshold_column(minutes: int) -> str:
    """Return the name of the column that counts places within some minutes, e.g. ``n_05``."""
    return f"n_{minutes:02d}"


def access_columns(minutes: Sequence[int]) -> list[str]:
    """Return the columns of the access table in their order."""
    counts = [threshold_column(value) for value in minutes]
    return [
        "house_id", "profile", "state", "category", "nearest_id", "nearest_s", "nearest_m",
        "detour", *counts, "n_on_campus", "status",
    ]  # fmt: skip


def make_origins(sites: Sites) -> gpd.GeoDataFrame:
    """List all origins of travel times: every house, and every site from its gates.

    Parameters
    ----------
    sites
        Grounds, houses and gates, derived gates included.

    Returns
    -------
    geopandas.GeoDataFrame
        Columns ``id``, ``name``, ``kind`` (``"house"`` or ``"site"``), ``site_id`` ("" for a
        house off any grounds) and ``geometry``, where ways start: a house's entrance, or its
        outline if the entrance is not known; for a site the MultiPoint of the gates that can
        be passed, or its grounds where there is none. Sorted by ``id``, same CRS as ``sites``.
    """
    grounds, houses = sites.sites, sites.houses
    passable = sites.gates[sites.gates["status"] != "locked"]
    starts = [
        _start_of_house(point, outline)
        for point, outline in zip(houses.geometry, houses["outline"], strict=True)
    ]
    for site_id, shape in zip(grounds["site_id"], grounds.geometry, strict=True):
        own = passable.geometry[passable["site_id"] == site_id]
        starts.append(shapely.MultiPoint(list(own)) if len(own) else shape)
    frame = pd.DataFrame(
        {
            "id": [*houses["house_id"], *grounds["site_id"]],
            "name": [*houses["name"], *grounds["name"]],
            "kind": ["house"] * len(houses) + ["site"] * len(grounds),
            "site_id": [*houses["site_id"], *grounds["site_id"]],
        },
        dtype="str",
    )
    origins = gpd.GeoDataFrame(frame, geometry=starts, crs=grounds.crs)
    return origins.sort_values("id", ignore_index=True)


def access_indicators(
    places: gpd.GeoDataFrame,
    matrix: pd.DataFrame,
    sites: Sites,
    taxonomy: Taxonomy,
    *,
    minutes: Sequence[int],
    max_minutes: int,
    profiles: Mapping[str, Profile],
    unconnected: Collection[tuple[str, str]] = (),
) -> pd.DataFrame:
    """Count, per origin, profile and category, what is reached and how.

    Parameters
    ----------
    places
        As ``layers.places.find_places`` makes them, metric CRS; ``outline`` and
        ``entrances`` may be missing.
    matrix
        Travel times: ``from_id``, ``to_id``, ``profile``, ``state``, ``travel_time_s``,
        ``distance_m``; the first four may be categoricals;
        pairs that cannot be reached within ``max_minutes`` are absent.
    sites
        Grounds, houses and gates, same CRS as ``places``; all of them are origins, see
        ``make_origins``.
    taxonomy
        Categories with ``indicator`` set are counted.
    minutes
        Thresholds, ascending.
    max_minutes
        Longest travel time in ``matrix``.
    profiles
        Who is on the way, by id; their speed says how far the surroundings extend.
    unconnected
        Pairs of origin id and profile id for which no network is within reach: their counts
        are missing, not nought.

    Returns
    -------
    pandas.DataFrame
        One row per origin, profile, state and category, sorted by ``house_id``, ``profile``
        and ``state``, the categories in the order of the taxonomy. Columns:

        ``house_id``
            Id of the house, or of the site counted from its gates.
        ``nearest_id``, ``nearest_s``, ``nearest_m``
            Nearest place off campus within ``max_minutes`` (among equals the first by id),
            its seconds and metres along the way; missing if there is none.
        ``detour``
            Metres along the way over metres as the crow flies to that place's entrances, or
            its outline (field.md 3.4: measured, never assumed); missing under 50 m of
            straight line. From a site it starts at the nearest gate that can be passed.
        ``n_05`` … (one per threshold)
            Places off campus whose travel time is at most so many minutes.
        ``n_on_campus``
            Places on the grounds of any site of the study within ``max_minutes``; from a
            site all those on its own grounds, since people are there already.
        ``status``
            ``reachable``: a place off campus within ``max_minutes``. ``only_on_campus``:
            none, but on the grounds there is one. ``not_recorded``: OSM has no such place,
            on or off campus, within the straight line that the profile could come in
            ``max_minutes``, at least at everyday walking pace; this does not depend on how
            widely the extract was cut.
            ``not_reachable``: there is one, but no way there within ``max_minutes``.

    Raises
    ------
    geo.errors.CrsError
        If a frame has no metric CRS.
    """
    require_metric(places, "places")
    require_metric(sites.sites, "sites")
    origins = make_origins(sites)
    variants = [(key, state.value) for key in sorted(profiles) for state in profiles[key].states]
    cube = _make_cube(origins, places, taxonomy, variants)
    pairs = _pairs(cube, matrix, max_minutes)
    off = pairs[cube.grounds[pairs["place"]] == ""]

    table = pd.concat([_key_columns(cube), _nearest(cube, off)], axis="columns")
    for value in minutes:
        within = off["cell"][off["seconds"] <= value * 60]
        table[threshold_column(value)] = np.bincount(within, minlength=cube.cells)
    table["n_on_campus"] = _count_on_campus(cube, pairs)
    table["status"] = np.select(
        [
            table["nearest_s"].notna(),
            table["n_on_campus"] > 0,
            ~_recorded(cube, profiles, max_minutes),
        ],
        [REACHABLE, ONLY_ON_CAMPUS, NOT_RECORDED],
        NOT_REACHABLE,
    )
    _blank_unconnected(table, unconnected, minutes)
    return _typed(table, minutes)


def campus_only_share(access: pd.DataFrame) -> pd.DataFrame:
    """Return the share of the categories met at all that are met only on campus.

    The "Sonderwelt-Anteil" of field.md 4.3: 0 % means that everything met can be met in town
    as well, 100 % that life takes place on the grounds alone.

    Parameters
    ----------
    access
        As ``access_indicators`` makes it.

    Returns
    -------
    pandas.DataFrame
        ``house_id``, ``profile``, ``state``, ``n_met`` (categories reachable or only on campus),
        ``n_only_on_campus``, ``share_percent`` (one decimal; missing where none is met),
        sorted by ``house_id``, ``profile`` and ``state``.
    """
    only = access["status"] == ONLY_ON_CAMPUS
    counted = pd.DataFrame(
        {
            "house_id": access["house_id"],
            "profile": access["profile"],
            "state": access["state"],
            "n_met": (only | (access["status"] == REACHABLE)).astype("int64"),
            "n_only_on_campus": only.astype("int64"),
        }
    )
    share = counted.groupby(["house_id", "profile", "state"], as_index=False, sort=True).sum()
    met = share["n_met"].where(share["n_met"] > 0)
    percent = (100.0 * share["n_only_on_campus"] / met).round(1)
    share["share_percent"] = percent.astype("Float64")
    return share


def _start_of_house(point: Any, outline: Any) -> Any:
    """Return the outline where the point is just somewhere inside it, else the point."""
    if not shapely.is_geometry(outline) or not shapely.contains_properly(outline, point):
        return point
    at_door = shapely.distance(shapely.boundary(outline), point) <= _DOOR_M
    return point if at_door else outline


@dataclass(frozen=True)
class _Cube:
    """Origins × profiles and states × categories, flattened to cells in this order.

    ``category_of`` and ``grounds`` have one entry per place: the number of its category (−1 if
    it is not counted) and its site id ("" off campus).
    """

    origins: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    variants: list[tuple[str, str]]
    categories: list[str]
    category_of: Ints
    grounds: npt.NDArray[Any]

    @property
    def shape(self) -> tuple[int, int, int]:
        return len(self.origins), len(self.variants), len(self.categories)

    @property
    def cells(self) -> int:
        return int(np.prod(self.shape))


def _make_cube(
    origins: gpd.GeoDataFrame,
    places: gpd.GeoDataFrame,
    taxonomy: Taxonomy,
    variants: list[tuple[str, str]],
) -> _Cube:
    places = places.sort_values("id", ignore_index=True)
    categories = [category.id for category in taxonomy.categories if category.indicator]
    return _Cube(
        origins=origins,
        places=places,
        variants=variants,
        categories=categories,
        category_of=_codes(categories, places["category"]),
        grounds=places["on_campus"].to_numpy(dtype=object),
    )


def _codes(known: Sequence[str], values: pd.Series) -> Ints:
    """Return the position of each value in ``known``, −1 if it is not there."""
    index = pd.Index(list(known), dtype="str")
    if isinstance(values.dtype, pd.CategoricalDtype):
        # Each value is looked up once, however many rows have it.
        of_category = np.append(index.get_indexer(values.cat.categories), -1)
        return np.asarray(of_category[values.cat.codes], dtype=np.int64)
    return np.asarray(index.get_indexer(pd.Index(values)), dtype=np.int64)


def _pairs(cube: _Cube, matrix: pd.DataFrame, max_minutes: int) -> pd.DataFrame:
    """Return the travel times by number: ``cell``, ``origin``, ``place``."""
    origin = _codes(list(cube.origins["id"]), matrix["from_id"])
    place = _codes(list(cube.places["id"]), matrix["to_id"])
    variant = _variants(cube, matrix)
    seconds = matrix["travel_time_s"].to_numpy(dtype=np.float64)
    metres = matrix["distance_m"].to_numpy(dtype=np.float64)
    keep = (origin >= 0) & (place >= 0) & (variant >= 0) & (seconds <= max_minutes * 60)
    keep[keep] &= cube.category_of[place[keep]] >= 0
    origin, place, variant = origin[keep], place[keep], variant[keep]
    cell = np.ravel_multi_index((origin, variant, cube.category_of[place]), cube.shape)
    return pd.DataFrame(
        {
            "cell": cell,
            "origin": origin,
            "place": place,
            "seconds": seconds[keep],
            "metres": metres[keep],
        }
    )


def _variants(cube: _Cube, matrix: pd.DataFrame) -> Ints:
    """Return the number of each row's profile and state, −1 if they are not asked for."""
    profiles = sorted({profile for profile, _ in cube.variants})
    states = list(State)
    # One row and column more, for what is not known: −1 is the last.
    number = np.full((len(profiles) + 1, len(states) + 1), -1, dtype=np.int64)
    for row, (profile, state) in enumerate(cube.variants):
        number[profiles.index(profile), states.index(State(state))] = row
    profile_codes = _codes(profiles, matrix["profile"])
    return number[profile_codes, _codes([state.value for state in states], matrix["state"])]


def _key_columns(cube: _Cube) -> pd.DataFrame:
    origins, variants, categories = cube.shape
    names = {
        "house_id": (cube.origins["id"], 1, variants * categories),
        "profile": ([profile for profile, _ in cube.variants], origins, categories),
        "state": ([state for _, state in cube.variants], origins, categories),
        "category": (cube.categories, origins * variants, 1),
    }
    return pd.DataFrame(
        {
            column: pd.Series(np.tile(np.repeat(np.array(values, dtype=object), each), times),
                              dtype="str")
            for column, (values, times, each) in names.items()
        }
    )  # fmt: skip


def _nearest(cube: _Cube, off: pd.DataFrame) -> pd.DataFrame:
    """Return the nearest place of each cell; ``places`` is sorted by id, which breaks ties."""
    first = off.sort_values(["cell", "seconds", "place"]).drop_duplicates("cell")
    cell, place = first["cell"].to_numpy(), first["place"].to_numpy()
    ids = np.full(cube.cells, None, dtype=object)
    seconds, metres, detour = (np.full(cube.cells, np.nan) for _ in range(3))
    ids[cell] = cube.places["id"].to_numpy(dtype=object)[place]
    seconds[cell] = first["seconds"]
    metres[cell] = first["metres"]
    starts = np.asarray(cube.origins.geometry.array, dtype=object)[first["origin"].to_numpy()]
    straight = shapely.distance(starts, place_shapes(cube.places)[place])
    factor = metres[cell] / np.maximum(straight, DETOUR_MIN_M)
    detour[cell] = np.where(straight >= DETOUR_MIN_M, factor, np.nan)
    return pd.DataFrame(
        {"nearest_id": ids, "nearest_s": seconds, "nearest_m": metres, "detour": detour}
    )


def place_shapes(places: gpd.GeoDataFrame) -> npt.NDArray[Any]:
    """Return where each place can be reached at best: its entrances, else its outline or point.

    The same as ``geo.snapping`` walks to, so that no way is shorter than the straight line.
    """
    shapes = np.asarray(places.geometry.array, dtype=object).copy()
    for column in ("outline", "entrances"):
        if column in places:
            for row, value in enumerate(places[column]):
                shape = _one_shape(value)
                shapes[row] = shapes[row] if shape is None else shape
    return shapes


def _one_shape(value: Any) -> Any:
    """Return a geometry, or the points of a sequence as one; None where there is nothing."""
    if isinstance(value, shapely.Geometry):
        return None if shapely.is_empty(value) else value
    if isinstance(value, Sequence | np.ndarray) and len(value):
        return shapely.MultiPoint(list(value))
    return None


def _count_on_campus(cube: _Cube, pairs: pd.DataFrame) -> Ints:
    """Count the places on any grounds; from a site all those on its own grounds."""
    is_site = (cube.origins["kind"] == "site").to_numpy(dtype=bool)
    own = cube.origins["site_id"].to_numpy(dtype=object)
    place, origin = pairs["place"].to_numpy(), pairs["origin"].to_numpy()
    there_already = is_site[origin] & (cube.grounds[place] == own[origin])
    counted = (cube.grounds[place] != "") & ~there_already
    table = np.bincount(pairs["cell"].to_numpy()[counted], minlength=cube.cells)
    table = table.reshape(cube.shape)
    for row in np.flatnonzero(is_site):
        of_site = cube.category_of[(cube.grounds == own[row]) & (cube.category_of >= 0)]
        table[row] += np.bincount(of_site, minlength=len(cube.categories))[np.newaxis, :]
    return np.asarray(table.reshape(cube.cells), dtype=np.int64)


def _recorded(
    cube: _Cube, profiles: Mapping[str, Profile], max_minutes: int
) -> npt.NDArray[np.bool_]:
    """Tell for each cell whether OSM has such a place within the straight-line reach."""
    found = np.zeros(cube.shape, dtype=bool)
    wanted = np.flatnonzero(cube.category_of >= 0)
    tree = shapely.STRtree(place_shapes(cube.places)[wanted])
    starts = np.asarray(cube.origins.geometry.array, dtype=object)
    for number, (profile_id, _) in enumerate(cube.variants):
        radius = max(profiles[profile_id].speed_m_s, SURROUNDINGS_M_S) * max_minutes * 60
        origin, place = tree.query(starts, predicate="dwithin", distance=radius)
        found[origin, number, cube.category_of[wanted[place]]] = True
    return found.reshape(-1)


def _blank_unconnected(
    table: pd.DataFrame, unconnected: Collection[tuple[str, str]], minutes: Sequence[int]
) -> None:
    """Take away what cannot be known about an origin without a network."""
    if not unconnected:
        return
    keys = pd.MultiIndex.from_frame(table[["house_id", "profile"]])
    blank = keys.isin(list(unconnected))
    table.loc[blank & (table["status"] != NOT_RECORDED), "status"] = NOT_REACHABLE
    counts = [*(threshold_column(value) for value in minutes), "n_on_campus"]
    table[counts] = table[counts].astype("Int64")
    table.loc[blank, counts] = pd.NA
    table.loc[blank, ["nearest_id", "nearest_s", "nearest_m", "detour"]] = None


def _typed(table: pd.DataFrame, minutes: Sequence[int]) -> pd.DataFrame:
    counts = [*(threshold_column(value) for value in minutes), "n_on_campus"]
    decimals = {"nearest_s": 1, "nearest_m": 1, "detour": 2}
    for column, digits in decimals.items():
        table[column] = table[column].astype("float64").round(digits).astype("Float64")
    for column in counts:
        table[column] = table[column].astype("Int64")
    for column in ("nearest_id", "status"):
        table[column] = table[column].astype("str")
    return table[access_columns(minutes)]
