"""The conformance classes that the service claims; each is tested under ``tests/api/ogc``."""

from __future__ import annotations

_PART1 = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"
_PART2 = "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/"
_PART3 = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/"
_CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf/"

CLASSES = (
    _PART1 + "core",
    _PART1 + "geojson",
    _PART1 + "html",
    _PART1 + "oas30",
    _PART2 + "crs",
    _PART3 + "queryables",
    _PART3 + "queryables-query-parameters",
    _PART3 + "filter",
    _PART3 + "features-filter",
    _CQL2 + "cql2-text",
    _CQL2 + "basic-cql2",
    _CQL2 + "advanced-comparison-operators",
    _CQL2 + "case-insensitive-comparison",
    _CQL2 + "basic-spatial-functions",
    _CQL2 + "basic-spatial-functions-plus",
    _CQL2 + "spatial-functions",
    _CQL2 + "property-property",
)
