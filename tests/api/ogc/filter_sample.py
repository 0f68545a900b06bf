"""A small layer with every kind of column and missing values, as a collection and in SQLite."""

from __future__ import annotations

import math
import sqlite3
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from shapely import LineString, Point, box

from api.service.catalogue import Collection
from layers.layer_info import LayerInfo, Source

CRS = "EPSG:25832"
EAST, NORTH = 500_000.0, 5_761_000.0  # 9° east, about 52° north

NAMES = [
    "Bäckerei Ähre",
    "bäckerei ähre",
    "O'Brien",
    "100 % frisch",
    "100_frisch",
    "a\\b",
    "",
    None,
    "Café",
    "Straße",
    "STRASSE",
    "x' OR '1'='1",
]
SHAPES: list[Any] = [
    Point(EAST + 10, NORTH + 10),
    Point(EAST + 510, NORTH + 10),
    Point(EAST - 490, NORTH + 260),
    LineString([(EAST - 300, NORTH), (EAST + 300, NORTH)]),
    box(EAST - 100, NORTH - 100, EAST + 100, NORTH + 100),
    box(EAST + 400, NORTH, EAST + 600, NORTH + 200),
    None,
    Point(EAST + 10, NORTH + 10),
    LineString([(EAST, NORTH - 300), (EAST, NORTH + 300)]),
    box(EAST, NORTH, EAST + 50, NORTH + 50),
    None,
    Point(EAST - 10, NORTH - 900),
]
"""Within a square of about 0.02 degrees around 9° east, 52° north."""

VALUES: dict[str, list[Any]] = {
    "name": NAMES,
    "kind": ["shop", "shop", "pub", None, "pub", "", "shop", "pub", "shop", None, "pub", "shop"],
    "visitors": [0, 5, None, 12, 5, -3, None, 2**40, 1, 5, 0, 7],
    "minutes": [5, 10, 15, 5, 10, 15, 5, 10, 15, 5, 10, 15],
    "score": [0.5, None, 1.25, -0.0, 5.0, 0.1, None, 1e300, 12.0, 5.0, 0.30000000000000004, 7.5],
    "partner": [True, False, True, False, True, False, True, False, True, False, True, False],
    "data_date": ["2026-03-12", "", "2025-12-31"] * 4,
}
TYPES = {"visitors": "Int64", "minutes": "int64", "score": "float64", "partner": "bool"}
IDS = [f"n{number:02d}" for number in range(len(NAMES))]


def sample_collection() -> Collection:
    """Return the layer as the service holds it."""
    columns = {
        name: pd.Series(values, dtype=TYPES.get(name, "str")) for name, values in VALUES.items()
    }
    frame = gpd.GeoDataFrame(
        {"id": pd.Series(IDS, dtype="str"), **columns},
        geometry=gpd.GeoSeries(SHAPES, crs=CRS),
        crs=CRS,
    )
    info = LayerInfo("sample", "Beispiel", "Ein Beispiel.")
    return Collection(info, frame, frame["id"], Source("niemand", "keine"), "", storage=CRS)


def sample_rows() -> list[dict[str, Any]]:
    """Return the same as plain values: None is missing; geometries in degrees."""
    degrees = gpd.GeoSeries(SHAPES, crs=CRS).to_crs("EPSG:4326")
    rows = []
    for number, key in enumerate(IDS):
        row: dict[str, Any] = {name: values[number] for name, values in VALUES.items()}
        shape = degrees[number]
        row |= {"id": key, "data_date": row["data_date"] or None}
        row["geometry"] = None if shape is None else shapely.to_wkt(shape, rounding_precision=-1)
        rows.append(row)
    return rows


def sample_database() -> sqlite3.Connection:
    """Return the same as a table ``sample`` of SQLite, with ``casei`` and spatial functions."""
    database = sqlite3.connect(":memory:")
    database.execute("PRAGMA case_sensitive_like = ON")
    rows = sample_rows()
    names = list(rows[0])
    kinds = {"visitors": "INTEGER", "minutes": "INTEGER", "score": "REAL", "partner": "INTEGER"}
    columns = ", ".join(f"{name} {kinds.get(name, 'TEXT')}" for name in names)
    database.execute(f"CREATE TABLE sample ({columns})")
    marks = ", ".join("?" * len(names))
    database.executemany(
        f"INSERT INTO sample VALUES ({marks})",  # noqa: S608 - marks only
        [[_plain(row[name]) for name in names] for row in rows],
    )
    database.create_function(
        "casei", 1, lambda text: None if text is None else text.casefold(), deterministic=True
    )
    for name in SPATIAL:
        database.create_function(f"s_{name}", 2, spatial_function(name), deterministic=True)
    return database


SPATIAL = (
    "intersects",
    "disjoint",
    "equals",
    "touches",
    "overlaps",
    "crosses",
    "within",
    "contains",
)


def spatial_function(name: str) -> Any:
    """Return a comparison of two geometries in WKT; None if one is missing."""
    compare = getattr(shapely, name)

    def said(left: str | None, right: str | None) -> int | None:
        if left is None or right is None:
            return None
        return int(compare(shapely.from_wkt(left), shapely.from_wkt(right)))

    return said


def _plain(value: Any) -> Any:
    if isinstance(value, float) and math.isnan(value):
        return None
    return int(value) if isinstance(value, bool) else value
