"""Whether a house is in a town or in the country, by how many people live around it."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.people import People

AROUND_M = 1000.0
"""How far around a house people are counted."""

RURAL_BELOW_PER_KM2 = 300.0
TOWN_FROM = 5000
"""With fewer people per km², or in a cluster of dense cells with fewer people, a house is in the
country: the two conditions for urban clusters of cells of 1 km² in the EU's degree of
urbanisation (Eurostat, Glossary "Rural grid cell"). By the second a compact village is no town."""

_CELL_M = 1000.0
_ARC = 64
_STEP_DEGREES = 0.1  # lines between corners are straight in degrees, not in metres

_Cell = tuple[int, int]


_known: WeakKeyDictionary[People, pd.DataFrame] = WeakKeyDictionary()
"""Who lives around does not change, and it is asked for every project and profile."""


def area_types(people: People) -> pd.DataFrame:
    """Say for every origin of residents whether standards for towns or the country count.

    The study's ``area`` where it is set. Else the people who live within 1 km as the crow
    flies, of the neighbourhood and of the houses, by the area of that circle as far as
    the extract covers it: from 300 per km² on it is urban, if it belongs to a town, that is,
    if cells of 1 km² with as many people, hanging together by sides or corners, hold 5,000.
    A town that the extract may cut off counts as large enough. Where nobody is known to live
    it is rural, by whose standards less is asked for.

    Parameters
    ----------
    people
        The study with its residents and neighbours.

    Returns
    -------
    pandas.DataFrame
        One row per origin in the order of ``People.residents``: ``origin_id``, ``area``
        (``"urban"`` or ``"rural"``), ``people_per_km2`` (NaN where ``area`` is set; internal,
        it holds residents' places), ``area_from`` (``"study"``, ``"population"``, or
        ``"estimate"`` where the number of neighbours is one).
    """
    if people not in _known:
        _known[people] = _find(people)
    return _known[people].copy()


def _find(people: People) -> pd.DataFrame:
    residents = people.residents
    ids = residents["origin_id"].astype("str")
    set_by_study = people.ready.study.settings.area
    if set_by_study is not None:
        return pd.DataFrame(
            {
                "origin_id": ids,
                "area": pd.Series([set_by_study] * len(ids), dtype="str"),
                "people_per_km2": np.full(len(ids), np.nan),
                "area_from": pd.Series(["study"] * len(ids), dtype="str"),
            }
        )
    shapes = origin_shapes(people)
    circles = shapely.buffer(shapes, AROUND_M, quad_segs=_ARC)
    homes = people.neighbours.frame
    points = np.concatenate([homes.geometry.to_numpy(), shapely.centroid(shapes)])
    number = np.concatenate(
        [homes["people"].to_numpy(np.float64), residents["places"].to_numpy(np.float64)]
    )
    circle, point = shapely.STRtree(points).query(circles, predicate="intersects")
    count = np.bincount(circle, number[point], minlength=len(ids))
    extent = _extent(people)
    inside = shapely.area(shapely.intersection(circles, extent))
    density = count / np.where(inside > 0, inside, shapely.area(circles)) * 1e6
    dense = _dense_cells(points, number)
    rural = [
        value < RURAL_BELOW_PER_KM2 or not _in_town(around, dense, extent)
        for value, around in zip(density.tolist(), circles, strict=True)
    ]
    told = "estimate" if people.neighbours.estimated else "population"
    return pd.DataFrame(
        {
            "origin_id": ids,
            "area": pd.Series(np.where(rural, "rural", "urban"), dtype="str"),
            "people_per_km2": np.round(density, 1),
            "area_from": pd.Series([told] * len(ids), dtype="str"),
        }
    )


def origin_shapes(people: People) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Return where each origin of residents is: the point of a house, the grounds of a site.

    Parameters
    ----------
    people
        The study with its residents, in whose order the shapes stand.
    """
    sites, houses = people.ready.sites.sites, people.ready.sites.houses
    known = dict(zip(sites["site_id"].astype(str), sites.geometry, strict=True))
    known |= dict(zip(houses["house_id"].astype(str), houses.geometry, strict=True))
    return np.array([known[origin] for origin in people.residents["origin_id"]], dtype=object)


def _dense_cells(
    points: np.ndarray[tuple[int], np.dtype[np.object_]],
    number: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> dict[_Cell, float]:
    """Return the people of cells of 1 km² that have as many as a town."""
    where = np.floor(shapely.get_coordinates(points) / _CELL_M).astype(np.int64)
    cells, of = np.unique(where, axis=0, return_inverse=True)
    count = np.bincount(of.reshape(-1), number, minlength=len(cells))
    return {
        (x, y): people
        for (x, y), people in zip(cells.tolist(), count.tolist(), strict=True)
        if people >= RURAL_BELOW_PER_KM2
    }


def _in_town(
    around: shapely.Geometry, dense: dict[_Cell, float], extent: shapely.Geometry
) -> bool:
    """Whether dense cells within a circle belong to a town, or to one that may be cut off."""
    if shapely.is_empty(extent):
        return True
    left = set(dense)
    for begin in sorted(dense):
        if begin not in left or not shapely.intersects(around, _square(begin)):
            continue
        left.discard(begin)
        cluster, rim = [begin], set()
        for x, y in cluster:
            near = {(x + right, y + up) for right in (-1, 0, 1) for up in (-1, 0, 1)}
            rim |= near
            cluster += sorted(near & left)
            left -= near
        if sum(dense[cell] for cell in cluster) >= TOWN_FROM:
            return True
        if not all(shapely.contains(extent, _square(cell)) for cell in sorted(rim)):
            return True
    return False


def _square(cell: _Cell) -> shapely.Geometry:
    x, y = (_CELL_M * number for number in cell)
    return shapely.box(x, y, x + _CELL_M, y + _CELL_M)


def _extent(people: People) -> shapely.Geometry:
    """Return what the extract covers, in the study's metric CRS; empty if nobody knows."""
    west, south, east, north = people.ready.extract.bounds
    if west >= east or south >= north:
        return shapely.Polygon()
    box = shapely.segmentize(shapely.box(west, south, east, north), _STEP_DEGREES)
    extent: shapely.Geometry = gpd.GeoSeries([box], crs="EPSG:4326").to_crs(people.ready.crs)[0]
    return extent
