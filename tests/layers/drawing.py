"""Draw an extract by hand: OSM objects in metres, given to the code as it would be read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import LineString, MultiPolygon, Point, Polygon, box
from shapely.affinity import translate

from geo.extract import Extract, Nodes, Ways, feature_table
from geo.sites import Sites

CRS = "EPSG:25832"
ORIGIN = (402000.0, 5761000.0)

Drawing = tuple[str, Mapping[str, str], Any]
"""OSM id, tags and a geometry in metres from ``ORIGIN``."""


def square(east: float, north: float, side: float) -> Polygon:
    """Return a square by its south-west corner."""
    return box(east, north, east + side, north + side)


def line(*points: tuple[float, float]) -> LineString:
    """Return a line."""
    return LineString(points)


def moved(geometry: Any) -> Any:
    """Return a geometry at its place in the metric CRS."""
    return translate(geometry, *ORIGIN)


def lonlat(geometry: Any) -> Any:
    """Return a geometry in longitude and latitude."""
    return gpd.GeoSeries([moved(geometry)], crs=CRS).to_crs("EPSG:4326").iloc[0]


def extract(
    drawings: Sequence[Drawing],
    *,
    houses: Sequence[Polygon] = (),
    addresses: Sequence[tuple[str, str, str, str, Point]] = (),
    entrances: Sequence[tuple[Mapping[str, str], Point]] = (),
    stop_areas: Mapping[str, tuple[str, ...]] | None = None,
    data_date: date | None = date(2026, 7, 1),
) -> Extract:
    """Return an extract of some drawings."""
    rows = [(osm_id, tags, lonlat(shape)) for osm_id, tags, shape in drawings]
    features = feature_table(rows) if rows else _frame({"osm_id": [], "tags": []}, [])
    nothing = np.empty(0, dtype=np.int64)
    return Extract(
        source="gezeichnet",
        digest="0" * 64,
        data_date=data_date,
        bounds=(7.0, 51.9, 7.1, 52.0),
        features=features,
        base=_frame(
            {
                "osm_id": [f"w9{number}" for number in range(len(houses))],
                "layer": ["building"] * len(houses),
                "kind": ["yes"] * len(houses),
                "name": [""] * len(houses),
            },
            houses,
        ),
        addresses=_frame(
            {
                "osm_id": [f"n9{number}" for number in range(len(addresses))],
                "street": [one[0] for one in addresses],
                "housenumber": [one[1] for one in addresses],
                "postcode": [one[2] for one in addresses],
                "city": [one[3] for one in addresses],
            },
            [one[4] for one in addresses],
        ),
        entrances=_frame(
            {
                "osm_id": [f"n8{number}" for number in range(len(entrances))],
                "tags": [dict(one[0]) for one in entrances],
            },
            [one[1] for one in entrances],
        ),
        ways=Ways(nothing, np.zeros(1, dtype=np.int64), nothing, []),
        nodes=Nodes(nothing, nothing.astype(float), nothing.astype(float), {}),
        stop_areas=dict(stop_areas or {}),
    )


def sites(grounds: Mapping[str, Polygon] | None = None) -> Sites:
    """Return the sites of a study, by id."""
    grounds = grounds or {}
    return Sites(
        sites=gpd.GeoDataFrame(
            pd.DataFrame({"site_id": list(grounds), "name": list(grounds)}, dtype="str"),
            geometry=[MultiPolygon([moved(shape)]) for shape in grounds.values()],
            crs=CRS,
        ),
        houses=gpd.GeoDataFrame(
            {"house_id": [], "name": [], "site_id": [], "outline": []}, geometry=[], crs=CRS
        ),
        gates=gpd.GeoDataFrame({"gate_id": [], "site_id": []}, geometry=[], crs=CRS),
    )


def _frame(columns: Mapping[str, Sequence[Any]], shapes: Sequence[Any]) -> gpd.GeoDataFrame:
    geometry = [lonlat(shape) for shape in shapes]
    return gpd.GeoDataFrame(pd.DataFrame(columns), geometry=geometry, crs="EPSG:4326")


def write_house(path: Path, lonlat: tuple[float, float]) -> None:
    """Write a file of sites with one house, ``h``, at longitude and latitude."""
    feature = {
        "type": "Feature",
        "properties": {"kind": "house", "id": "h", "name": "Haus"},
        "geometry": {"type": "Point", "coordinates": list(lonlat)},
    }
    collection = {"type": "FeatureCollection", "features": [feature]}
    path.write_text(json.dumps(collection), encoding="utf-8")
