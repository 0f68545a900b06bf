"""What was read from a file of OSM data, ready for layers and networks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.findings import Finding

Tags = Mapping[str, str]
"""The tags of one OSM object."""

FeatureKeys = Collection[str] | Mapping[str, Collection[str] | None]
"""Which objects become features: keys, or keys with the values that count (None for any)."""


@dataclass(frozen=True)
class Ways:
    """The ways that people may walk on, as they stand in the file.

    Attributes
    ----------
    ids
        OSM way ids, sorted ascending, shape ``(n,)``; negative ids are allowed.
    offsets
        Way ``i`` has the nodes ``refs[offsets[i]:offsets[i + 1]]``, shape ``(n + 1,)``.
    refs
        OSM node ids in the order of the ways; may name nodes that ``Nodes`` lacks.
    tags
        The tags of each way, length ``n``.
    """

    ids: npt.NDArray[np.int64]
    offsets: npt.NDArray[np.int64]
    refs: npt.NDArray[np.int64]
    tags: list[Tags]


@dataclass(frozen=True)
class Nodes:
    """The nodes that ``Ways`` use, as far as the file holds them.

    Attributes
    ----------
    ids
        OSM node ids, sorted ascending, unique, shape ``(k,)``.
    longitude, latitude
        WGS 84, degrees, shape ``(k,)``, always finite.
    tags
        Tags of those nodes that have any, by node id (gates, kerbs, crossings, entrances).
    """

    ids: npt.NDArray[np.int64]
    longitude: npt.NDArray[np.float64]
    latitude: npt.NDArray[np.float64]
    tags: dict[int, Tags]


def _no_obstacles() -> gpd.GeoDataFrame:
    frame = pd.DataFrame({"osm_id": [], "kind": []}, dtype="str")
    return gpd.GeoDataFrame(frame, geometry=[], crs="EPSG:4326")


@dataclass(frozen=True)
class Extract:
    """Everything the product takes from one file of OSM data.

    Attributes
    ----------
    source
        File name or place name, for people to read.
    digest
        SHA-256 of the input, hexadecimal.
    data_date
        Date of the data (from the header, else the newest object), or None if not known.
    bounds
        West, south, east, north of the nodes in the file (not of its header), degrees.
    features
        One row per OSM object with at least one key that was asked for, sorted by
        ``osm_id``. Columns ``osm_id`` (``"n1"``, ``"w1"``, ``"r1"``), ``tags`` (dict),
        ``geometry`` (Point, LineString, Polygon or MultiPolygon), CRS EPSG:4326.
        A closed way is a Polygon where its tags mean an area, else a LineString.
    base
        What the base map is drawn from: ``osm_id``, ``layer`` (``"water"``, ``"green"``,
        ``"wood"``, ``"built_up"``, ``"building"``, ``"street"``, ``"path"``,
        ``"railway"``, ``"place_name"``), ``kind`` (the deciding tag value),
        ``name`` (may be ""), ``geometry``, CRS EPSG:4326.
    addresses
        ``osm_id``, ``street``, ``housenumber``, ``postcode``, ``city``, Point geometry,
        CRS EPSG:4326.
    entrances
        Nodes with ``entrance=*``: ``osm_id``, ``tags``, Point geometry, CRS EPSG:4326.
    ways, nodes
        The walkable network in the raw.
    stop_areas
        Members of each ``public_transport=stop_area`` relation, by relation id
        (``"r1"`` → ``("n2", "w3")``).
    counts
        What the file holds, e.g. ``{"nodes": 152087, "ways": 25897, "highway": 7930}``.
    findings
        Faults of the file, counted and named.
    obstacles
        What cannot be walked across: ``osm_id``, ``kind`` (``"water"`` or ``"railway"``),
        ``geometry`` (lines, and areas of water), CRS EPSG:4326.
    levels
        Storeys above the ground of the buildings in ``base`` that name them, by OSM id.
    """

    source: str
    digest: str
    data_date: date | None
    bounds: tuple[float, float, float, float]
    features: gpd.GeoDataFrame
    base: gpd.GeoDataFrame
    addresses: gpd.GeoDataFrame
    entrances: gpd.GeoDataFrame
    ways: Ways
    nodes: Nodes
    stop_areas: dict[str, tuple[str, ...]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    obstacles: gpd.GeoDataFrame = field(default_factory=_no_obstacles)
    levels: Mapping[str, float] = field(default_factory=dict)


def feature_table(rows: list[tuple[str, Tags, Any]]) -> gpd.GeoDataFrame:
    """Make the ``features`` frame from ``(osm_id, tags, geometry)`` rows, sorted by id."""
    rows = sorted(rows, key=lambda row: (row[0][0], int(row[0][1:])))
    frame = pd.DataFrame(
        {"osm_id": [row[0] for row in rows], "tags": [dict(row[1]) for row in rows]}
    )
    return gpd.GeoDataFrame(frame, geometry=[row[2] for row in rows], crs="EPSG:4326")
