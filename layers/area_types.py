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
"""Fewer people per km² than this make an area rural: the threshold for cells of 1 km² in the
EU's degree of urbanisation (Eurostat, Methodological manual on territorial typologies, 2018).
Its second condition, 5,000 people in cells that touch, is about whole towns; it is not asked
here, so that a compact village of a thousand people counts as a town would."""

_ARC = 64
_STEP_DEGREES = 0.1  # lines between corners are straight in degrees, not in metres


_known: WeakKeyDictionary[People, pd.DataFrame] = WeakKeyDictionary()
"""Who lives around does not change, and it is asked for every project and profile."""


def area_types(people: People) -> pd.DataFrame:
    """Say for every origin of residents whether standards for towns or the country count.

    The study's ``area`` where it is set. Else the people who live within 1 km as the crow
    flies, of the neighbourhood and of the houses, by the area of that circle as far as
    the extract covers it; below 300 per km² it is rural. Where nobody is known to live there
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
    count = np.zeros(len(ids))
    homes = people.neighbours.frame
    for points, number in (
        (homes.geometry.to_numpy(), homes["people"].to_numpy(dtype=np.float64)),
        (shapely.centroid(shapes), residents["places"].to_numpy(dtype=np.float64)),
    ):
        circle, point = shapely.STRtree(points).query(circles, predicate="intersects")
        count += np.bincount(circle, number[point], minlength=len(ids))
    whole = shapely.area(circles)
    inside = shapely.area(shapely.intersection(circles, _extent(people)))
    density = count / np.where(inside > 0, inside, whole) * 1e6
    rural = density < RURAL_BELOW_PER_KM2
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


def _extent(people: People) -> shapely.Geometry:
    """Return what the extract covers, in the study's metric CRS; empty if nobody knows."""
    west, south, east, north = people.ready.extract.bounds
    if west >= east or south >= north:
        return shapely.Polygon()
    box = shapely.segmentize(shapely.box(west, south, east, north), _STEP_DEGREES)
    extent: shapely.Geometry = gpd.GeoSeries([box], crs="EPSG:4326").to_crs(people.ready.crs)[0]
    return extent
