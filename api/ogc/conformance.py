"""The conformance classes that the service claims; each is tested under ``tests/api/ogc``."""

from __future__ import annotations

_PART1 = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"
_PART2 = "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/"

CLASSES = (
    _PART1 + "core",
    _PART1 + "geojson",
    _PART1 + "html",
    _PART1 + "oas30",
    _PART2 + "crs",
)
