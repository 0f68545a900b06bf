"""What the standard says about the form of answers, as JSON Schemas written for these tests.

After the tables and figures of OGC 17-069r4, clause 7; only what is required there is here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jsonschema_rs

JsonObject = dict[str, Any]

_ADDRESS = {"type": "string", "pattern": "^https?://[^ ]+$"}
LINK: JsonObject = {
    "type": "object",
    "required": ["href", "rel", "type"],
    "properties": {
        "href": _ADDRESS,
        "rel": {"type": "string", "minLength": 1},
        "type": {"type": "string", "pattern": "^[a-z]+/[a-z0-9.+-]+(;[a-z]+=[a-z0-9.]+)?$"},
        "title": {"type": "string", "minLength": 1},
    },
}
_LINKS: JsonObject = {"type": "array", "minItems": 1, "items": LINK}

LANDING: JsonObject = {
    "type": "object",
    "required": ["links"],
    "properties": {
        "title": {"type": "string"},
        "description": {"type": "string"},
        "attribution": {"type": "string"},
        "links": _LINKS,
    },
}
CONFORMANCE: JsonObject = {
    "type": "object",
    "required": ["conformsTo"],
    "properties": {"conformsTo": {"type": "array", "items": _ADDRESS, "uniqueItems": True}},
}
_TIME = {"type": ["string", "null"], "format": "date-time"}
EXTENT: JsonObject = {
    "type": "object",
    "minProperties": 1,
    "additionalProperties": False,
    "properties": {
        "spatial": {
            "type": "object",
            "required": ["bbox"],
            "properties": {
                "bbox": {
                    "type": "array",
                    "minItems": 1,
                    "items": {
                        "type": "array",
                        "minItems": 4,
                        "maxItems": 4,
                        "items": {"type": "number"},
                    },
                },
                "crs": {"enum": ["http://www.opengis.net/def/crs/OGC/1.3/CRS84"]},
            },
        },
        "temporal": {
            "type": "object",
            "required": ["interval"],
            "properties": {
                "interval": {
                    "type": "array",
                    "minItems": 1,
                    "items": {"type": "array", "minItems": 2, "maxItems": 2, "items": _TIME},
                },
                "trs": {"enum": ["http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"]},
            },
        },
    },
}
COLLECTION: JsonObject = {
    "type": "object",
    "required": ["id", "links"],
    "properties": {
        "id": {"type": "string", "minLength": 1},
        "title": {"type": "string"},
        "description": {"type": "string"},
        "itemType": {"enum": ["feature"]},
        "crs": {"type": "array", "items": _ADDRESS, "uniqueItems": True},
        "storageCrs": _ADDRESS,
        "extent": EXTENT,
        "links": _LINKS,
    },
}
COLLECTIONS: JsonObject = {
    "type": "object",
    "required": ["links", "collections"],
    "properties": {"links": _LINKS, "collections": {"type": "array", "items": COLLECTION}},
}
FEATURE: JsonObject = {
    "type": "object",
    "required": ["type", "geometry", "properties", "id"],
    "properties": {
        "type": {"enum": ["Feature"]},
        "id": {"type": "string", "minLength": 1},
        "geometry": {"type": ["object", "null"]},
        "properties": {"type": "object"},
        "links": _LINKS,
    },
}
FEATURES: JsonObject = {
    "type": "object",
    "required": [
        "type", "features", "links", "timeStamp", "numberMatched", "numberReturned",
    ],
    "properties": {
        "type": {"enum": ["FeatureCollection"]},
        "features": {"type": "array", "items": FEATURE},
        "links": _LINKS,
        "timeStamp": {"type": "string", "format": "date-time"},
        "numberMatched": {"type": "integer", "minimum": 0},
        "numberReturned": {"type": "integer", "minimum": 0},
    },
}  # fmt: skip
PROBLEM: JsonObject = {
    "type": "object",
    "required": ["title", "status", "detail"],
    "properties": {
        "title": {"type": "string", "minLength": 1},
        "status": {"type": "integer"},
        "detail": {"type": "string", "minLength": 10},
    },
}


def check(content: JsonObject, schema: JsonObject) -> None:
    """Compare an answer with a schema."""
    jsonschema_rs.validate(schema, content, validate_formats=True)


def relations(content: JsonObject) -> set[tuple[str, str]]:
    """Return relation and media type of each link of an answer."""
    return {(one["rel"], one["type"]) for one in content["links"]}


def assert_same(found: Sequence[Any], expected: Sequence[Any]) -> None:
    """Compare long lists, and name only the first difference: a diff of all takes minutes."""
    differing = [pair for pair in zip(found, expected, strict=False) if pair[0] != pair[1]]
    assert not differing, differing[0]
    counts = (len(found), len(expected))
    assert counts[0] == counts[1], counts
