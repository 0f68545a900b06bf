"""Small files of sites for tests, drawn in metres from a corner in Westfalen."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import shapely

if TYPE_CHECKING:
    from pathlib import Path

    from geo.sites import Sites

METRIC = "EPSG:25832"
EAST, NORTH = 430_000, 5_782_000
Feature = dict[str, Any]


def lonlat(shape: Any) -> Any:
    """Move a shape drawn in metres from a corner in Westfalen to degrees."""
    moved = shapely.transform(shape, lambda xy: xy + (EAST, NORTH))  # noqa: RUF005 - arrays
    degrees = gpd.GeoSeries([moved], crs=METRIC).to_crs("EPSG:4326").iloc[0]
    return shapely.transform(degrees, lambda xy: xy.round(7))


def feature(kind: Any, key: Any, shape: Any, **values: Any) -> Feature:
    geometry = None if shape is None else shapely.geometry.mapping(lonlat(shape))
    properties = {"kind": kind, "id": key, "name": f"Name {key}", **values}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def box(x: float, y: float, size: float = 200) -> Any:
    return shapely.box(x, y, x + size, y + size)


GROUNDS = feature("site", "s", box(0, 0))
HOUSE = feature("house", "h", shapely.Point(100, 100), site_id="s")
GATE = feature("gate", "g", shapely.Point(200, 100), site_id="s", status="open")


def write(path: Path, *features: Feature) -> Path:
    document = {"type": "FeatureCollection", "features": list(features)}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def codes(sites: Sites) -> list[str]:
    return [finding.code for finding in sites.findings]


def messages(sites: Sites) -> str:
    return "\n".join(finding.message for finding in sites.findings)


HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "${alert(1)}",
    "`+alert(1)+`",
    "javascript:alert(1)",
    '"><svg/onload=alert(1)>',
    '=HYPERLINK("http://x","y")',
    "'; DROP TABLE sites; --",
    "\u202egnirts",
    "a\u2028b",
    "🏠👩‍👩‍👧 Größe ẞ",
    "{{7*7}}",
    "../../etc/passwd",
    "%00",
]
