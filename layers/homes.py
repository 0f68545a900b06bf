"""Where people may live: addresses, and buildings without one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.extract import Extract
from layers.dwellings import is_home_kind, load_dwellings, people_in

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

SAME_NUMBER_M = 100.0
"""Addresses of one street and number so near to each other are one home."""

_RANGE = re.compile(r"(\d{1,4})\s*[a-z]?\s*[-–]\s*(\d{1,4})\s*[a-z]?", re.IGNORECASE)
_MOST_NUMBERS = 20

_DOOR_M = 10.0
"""An address so near to a building stands at its door."""

# Land on which a building of unknown kind is no dwelling house.
_OTHER_LAND = frozenset(
    {"allotments", "clinic", "college", "commercial", "education", "garages", "golf_course",
     "hospital", "industrial", "kindergarten", "military", "monastery", "pitch", "plant_nursery",
     "prison", "railway", "religious", "retail", "school", "sports_centre", "stadium",
     "university", "cemetery"}
)  # fmt: skip
# What a building of unknown kind may be as a whole instead.
_OTHER_USE = {
    "amenity": frozenset(
        {"arts_centre", "cinema", "clinic", "college", "community_centre", "courthouse",
         "fire_station", "fuel", "hospital", "kindergarten", "library", "marketplace", "parking",
         "place_of_worship", "police", "prison", "school", "theatre", "townhall", "university"}
    ),
    "shop": frozenset({"car", "department_store", "doityourself", "furniture", "mall",
                       "supermarket"}),
    "tourism": frozenset({"hotel", "museum"}),
}  # fmt: skip


class Sureness(IntEnum):
    """How sure it is that people live there, the surest first."""

    HOME = 0
    """An address in a building to live in, or a building whose kind says so."""
    UNMAPPED = 1
    """A building of unknown kind and usual size, far from any address."""
    PERHAPS = 2
    """A building of unknown kind and usual size, near to addresses."""
    ADDRESS = 3
    """An address where nobody seems to live: a shop, a school."""


@dataclass(frozen=True, eq=False)
class Homes:
    """Spots where people may live, sorted by ``id``.

    Attributes
    ----------
    id
        OSM id of the address or building, unique, shape ``(n,)``.
    xy
        Metres, shape ``(n, 2)``.
    people
        Estimate of how many, above 0; where nobody seems to live, 1, as a mere weight.
    sureness
        ``Sureness`` of each.
    from_building
        Whether it is a building without an address.
    """

    id: npt.NDArray[np.object_]
    xy: Floats
    people: Floats
    sureness: Ints
    from_building: Bools

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.id)


@dataclass(frozen=True, eq=False)
class _Buildings:
    """All buildings, in the order of the extract."""

    id: npt.NDArray[np.object_]
    shape: npt.NDArray[Any]
    middle: npt.NDArray[Any]
    kind: npt.NDArray[np.object_]
    area_m2: Floats
    levels: Floats
    used_otherwise: Bools


def find_homes(extract: Extract, crs: str) -> Homes:
    """Find where people may live, and estimate how many.

    Several rows of one street and number within 100 m are one home: the house's outline,
    its entrance and the shop in it carry the same address. People of a building
    (``layers.dwellings.people_in``) are split evenly among the numbers in it (``"12-16"`` and
    ``"12;14;16"`` are three); an address without a building stands for one dwelling by
    number. Buildings without an address are homes where
    their kind says so; one of unknown kind (``building=yes``) is where its size is that of a
    dwelling house and nothing says that it is used otherwise.

    Parameters
    ----------
    extract
        OSM data.
    crs
        Metric CRS of the result.
    """
    buildings = _buildings(extract, crs)
    rows = _addresses(extract, crs)
    place = _building_of(rows, buildings)
    kept = one_per_number(rows, place >= 0)
    count = len(buildings.id)
    each = rows["numbers"].to_numpy(dtype=np.int64)
    housed = kept & (place >= 0)
    numbers = np.bincount(place[housed], each[housed], minlength=count).astype(np.int64)
    with_address = np.bincount(place[place >= 0], minlength=count) > 0
    vague = buildings.kind == "yes"
    kinds = np.where(vague & buildings.used_otherwise, "", buildings.kind)
    inside = people_in(kinds, buildings.area_m2, buildings.levels, numbers)
    parts = [
        _of_addresses(rows[kept], place[kept], inside, numbers),
        _of_buildings(buildings, inside, ~with_address & is_home_kind(kinds), Sureness.HOME),
        *_of_vague(buildings, ~with_address & (kinds == "yes"), rows),
    ]
    frame = pd.concat(parts, ignore_index=True).sort_values("id", kind="stable")
    return Homes(
        id=frame["id"].to_numpy(dtype=object),
        xy=frame[["x", "y"]].to_numpy(dtype=np.float64),
        people=frame["people"].to_numpy(dtype=np.float64),
        sureness=frame["sureness"].to_numpy(dtype=np.int64),
        from_building=frame["from_building"].to_numpy(dtype=np.bool_),
    )


def one_per_number(rows: pd.DataFrame, preferred: Bools) -> Bools:
    """Return which addresses to keep so that each house number counts once.

    Of the addresses of one street and number the first is kept, those in a building before
    others, and all that lie within ``SAME_NUMBER_M`` of it are dropped; of those farther off
    the first is kept again, for two villages may have the same street.

    Parameters
    ----------
    rows
        ``street``, ``housenumber``, ``x``, ``y``, as ``_addresses`` makes them.
    preferred
        Which are kept before others, shape ``(n,)``.
    """
    street = rows["street"].str.casefold().str.strip()
    number = rows["housenumber"].str.casefold().str.replace(" ", "")
    key = pd.factorize(street + "|" + number)[0]
    order = np.lexsort((np.arange(len(rows)), ~preferred, key))
    xy = rows[["x", "y"]].to_numpy(dtype=np.float64)
    kept = np.zeros(len(rows), dtype=np.bool_)
    while len(order):
        _, first, group = np.unique(key[order], return_index=True, return_inverse=True)
        leader = order[first[group]]
        kept[order[first]] = True
        order = order[np.hypot(*(xy[order] - xy[leader]).T) > SAME_NUMBER_M]
    return kept


def numbers_in(said: str) -> int:
    """Return how many house numbers an address names, at least 1 and at most 20.

    Parameters
    ----------
    said
        For example ``"12"``, ``"12a"``, ``"12;14"``, ``"12-16"`` (12, 14 and 16), ``"12-15"``
        (all four).
    """
    count = 0
    for part in re.split("[;,/]", said):
        match = _RANGE.fullmatch(part.strip())
        low, high = (int(match[1]), int(match[2])) if match else (0, 0)
        step = 2 if (high - low) % 2 == 0 else 1
        count += (high - low) // step + 1 if low < high else int(bool(part.strip()))
    return min(max(count, 1), _MOST_NUMBERS)


def _buildings(extract: Extract, crs: str) -> _Buildings:
    base = extract.base
    drawn = base[base["layer"] == "building"]
    shapes = np.asarray(drawn.geometry.to_crs(crs).to_numpy(), dtype=object)
    ids = drawn["osm_id"].to_numpy(dtype=object)
    middle = np.asarray(shapely.point_on_surface(shapes))
    land = base[base["layer"].isin(["built_up", "green"]) & base["kind"].isin(_OTHER_LAND)]
    other = np.zeros(len(ids), dtype=np.bool_)
    tree = shapely.STRtree(np.asarray(land.geometry.to_crs(crs).to_numpy(), dtype=object))
    other[tree.query(middle, predicate="within")[0]] = True
    used = _used_otherwise(extract)
    return _Buildings(
        id=ids,
        shape=shapes,
        middle=middle,
        kind=drawn["kind"].to_numpy(dtype=object),
        area_m2=np.asarray(shapely.area(shapes)),
        levels=np.array([extract.levels.get(key, np.nan) for key in ids], dtype=np.float64),
        used_otherwise=other | np.array([key in used for key in ids], dtype=np.bool_),
    )


def _used_otherwise(extract: Extract) -> set[str]:
    features = extract.features
    return {
        key
        for key, tags in zip(features["osm_id"], features["tags"], strict=True)
        if any(tags.get(name) in values for name, values in _OTHER_USE.items())
    }


def _addresses(extract: Extract, crs: str) -> pd.DataFrame:
    """Return ``id``, ``street``, ``housenumber``, ``x``, ``y``, ``numbers`` of all addresses."""
    found = extract.addresses
    if found.empty:
        table = pd.DataFrame({"id": [], "street": [], "housenumber": []}, dtype="str")
        return table.assign(x=np.empty(0), y=np.empty(0), numbers=np.empty(0, dtype=np.int64))
    points: Any = found.geometry.to_crs(crs)
    return pd.DataFrame(
        {
            "id": found["osm_id"].to_numpy(dtype=object),
            "street": found["street"].astype("str").to_numpy(),
            "housenumber": found["housenumber"].astype("str").to_numpy(),
            "x": points.x.to_numpy(),
            "y": points.y.to_numpy(),
            "numbers": [numbers_in(said) for said in found["housenumber"]],
        }
    )


def _building_of(rows: pd.DataFrame, buildings: _Buildings) -> Ints:
    """Return the building of each address, −1 without: itself, around it, or at its door."""
    place: Ints = np.full(len(rows), -1, dtype=np.int64)
    if not len(buildings.id) or rows.empty:
        return place
    itself = pd.Series(np.arange(len(buildings.id)), index=buildings.id)
    itself = itself[~itself.index.duplicated()]
    place = itself.reindex(rows["id"]).fillna(-1).to_numpy(dtype=np.int64)
    points = np.asarray(shapely.points(rows["x"], rows["y"]))
    tree = shapely.STRtree(buildings.shape)
    open_rows = np.flatnonzero(place < 0)
    address, around = tree.query(points[open_rows], predicate="intersects")
    order = np.lexsort((around, address))[::-1]
    place[open_rows[address[order]]] = around[order]
    open_rows = np.flatnonzero(place < 0)
    address, near = tree.query_nearest(points[open_rows], max_distance=_DOOR_M)
    order = np.lexsort((near, address))[::-1]
    place[open_rows[address[order]]] = near[order]
    return place


def _of_addresses(rows: pd.DataFrame, place: Ints, inside: Floats, numbers: Ints) -> pd.DataFrame:
    alone = place < 0
    each = rows["numbers"].to_numpy(dtype=np.float64)
    people = load_dwellings().per_address * each
    people[~alone] = (inside[place[~alone]] / numbers[place[~alone]]) * each[~alone]
    nobody = people <= 0
    sureness = np.where(nobody, int(Sureness.ADDRESS), int(Sureness.HOME))
    table = rows[["id", "x", "y"]].assign(people=np.where(nobody, 1.0, people))
    return table.assign(sureness=sureness, from_building=False)


def _of_buildings(
    buildings: _Buildings, people: Floats, chosen: Bools, sureness: Sureness
) -> pd.DataFrame:
    rows = np.flatnonzero(chosen & (people > 0))
    middle = buildings.middle[rows]
    return pd.DataFrame(
        {
            "id": buildings.id[rows],
            "x": shapely.get_x(middle),
            "y": shapely.get_y(middle),
            "people": people[rows],
            "sureness": int(sureness),
            "from_building": True,
        }
    )


def _of_vague(buildings: _Buildings, chosen: Bools, rows: pd.DataFrame) -> list[pd.DataFrame]:
    """Return buildings of unknown kind without an address, by whether addresses are near."""
    rules = load_dwellings()
    usual = (buildings.area_m2 >= rules.smallest_m2) & (buildings.area_m2 <= rules.flats_m2)
    chosen &= usual
    residential = np.full(len(buildings.id), "residential", dtype=object)
    nobody = np.zeros(len(buildings.id), dtype=np.int64)
    people = people_in(residential, buildings.area_m2, buildings.levels, nobody)
    near = np.zeros(len(buildings.id), dtype=np.bool_)
    candidates = np.flatnonzero(chosen)
    tree = shapely.STRtree(np.asarray(shapely.points(rows["x"], rows["y"]), dtype=object))
    found, _ = tree.query_nearest(
        buildings.middle[candidates], max_distance=rules.far_from_address_m, all_matches=False
    )
    near[candidates[found]] = True
    return [
        _of_buildings(buildings, people, chosen & ~near, Sureness.UNMAPPED),
        _of_buildings(buildings, people, chosen & near, Sureness.PERHAPS),
    ]
