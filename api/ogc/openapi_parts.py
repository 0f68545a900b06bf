"""What the operations of the OpenAPI document share: answers, headers, and forms of JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.ogc.media_types import HTML
from api.ogc.queryables import GEOMETRY, Queryable
from api.service.problems import PROBLEM_JSON

Json = dict[str, Any]

_TEXT: Json = {"type": "string"}
_URI: Json = {"type": "string", "format": "uri"}
_FAULTS: Mapping[int, str] = {
    400: "Ein Parameter ist nicht bekannt, oder sein Wert ist nicht möglich.",
    403: "Von hier aus antwortet der Dienst nicht.",
    404: "Das gibt es hier nicht.",
    405: "Hier lässt sich nur lesen.",
    406: "In diesem Format gibt es die Antwort nicht.",
    408: "Die Anfrage kam nicht in der vorgesehenen Zeit an.",
    413: "Die Anfrage ist zu groß.",
    414: "Die Adresse der Anfrage ist zu lang.",
    421: "Unter diesem Namen antwortet der Dienst nicht.",
    431: "Die Kopfzeilen der Anfrage sind zu lang oder zu viele.",
    500: "Dem Dienst ist ein Fehler unterlaufen.",
    503: "Gerade ist zu viel zu tun.",
}
_HEADERS: Mapping[str, Json] = {
    "ETag": {"description": "Ändert sich mit der Antwort; für »If-None-Match«.", "schema": _TEXT},
    "Link": {"description": "Die Links der Antwort (RFC 8288).", "schema": _TEXT},
    "Content-Crs": {
        "description": "Koordinatensystem der Antwort, in spitzen Klammern.",
        "schema": _TEXT,
    },
}


def components() -> Json:
    """Return the parts that operations refer to."""
    return {
        "schemas": _schemas(),
        "headers": {name: dict(header) for name, header in _HEADERS.items()},
        "responses": {
            str(status): {
                "description": text,
                "content": {
                    PROBLEM_JSON: {"schema": refer("schemas", "problem")},
                    HTML: {"schema": _TEXT},
                },
            }
            for status, text in _FAULTS.items()
        }
        | {"304": {"description": "Unverändert seit der Antwort mit diesem ETag."}},
    }


def refer(kind: str, name: str) -> Json:
    """Return a reference to a component, e.g. of ``"schemas"``."""
    return {"$ref": f"#/components/{kind}/{name}"}


def answered(text: str, media_type: str, schema: Json, *headers: str) -> Json:
    """Return all answers of an operation: the good one, and those that tell of a fault.

    Parameters
    ----------
    text
        What the good answer is, in German.
    media_type, schema
        Of its form for programs; it may be had as a page, too.
    *headers
        That the good answer has beside ``ETag`` and ``Link``.
    """
    good = {
        "description": text,
        "headers": {name: refer("headers", name) for name in ("ETag", "Link", *headers)},
        "content": {media_type: {"schema": schema}, HTML: {"schema": _TEXT}},
    }
    others = {status: refer("responses", status) for status in ("304", *map(str, _FAULTS))}
    return {"200": good, **others}


def plainly(text: str, media_type: str, schema: Json) -> Json:
    """Return all answers of an operation that has one form only."""
    good = {"description": text, "content": {media_type: {"schema": schema}}}
    others = {status: refer("responses", status) for status in ("304", *map(str, _FAULTS))}
    return {"200": good, **others}


def feature_schema(queryables: Mapping[str, Queryable], *, alone: bool) -> Json:
    """Return the form of a feature of a collection.

    Parameters
    ----------
    queryables
        Its properties, and the geometry if it has one.
    alone
        Whether it is an answer of its own, with links.
    """
    values = {
        name: {"title": one.title, "type": one.type, "nullable": True}
        for name, one in queryables.items()
        if one.type != GEOMETRY
    }
    links: Json = {"links": {"type": "array", "items": refer("schemas", "link")}}
    return {
        "type": "object",
        "required": ["type", "id", "geometry", "properties", *(links if alone else ())],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": _TEXT,
            "geometry": refer("schemas", "geometry"),
            "properties": {"type": "object", "required": list(values), "properties": values},
            **(links if alone else {}),
        },
    }


def features_schema(feature: Json) -> Json:
    """Return the form of a page of features."""
    count: Json = {"type": "integer", "minimum": 0}
    return _object(
        {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": feature},
            "links": {"type": "array", "items": refer("schemas", "link")},
            "timeStamp": {"type": "string", "format": "date-time"},
            "numberMatched": count,
            "numberReturned": count,
        }
    )


def _object(properties: Mapping[str, Json], *optional: str) -> Json:
    needed = [name for name in properties if name not in optional]
    head: Json = {"type": "object"} | ({"required": needed} if needed else {})
    return head | {"properties": dict(properties)}


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


def _schemas() -> Json:
    links = _list(refer("schemas", "link"))
    number: Json = {"type": "number"}
    return {
        "link": _object(
            {"href": _URI, "rel": _TEXT, "type": _TEXT, "title": _TEXT}, "title", "type"
        ),
        "landing": _object(
            {"title": _TEXT, "description": _TEXT, "attribution": _TEXT, "links": links},
            "attribution",
        ),
        "conformance": _object({"conformsTo": _list(_URI), "links": links}, "links"),
        "extent": _object(
            {
                "spatial": _object(
                    {"bbox": _list({**_list(number), "minItems": 4, "maxItems": 6}), "crs": _URI}
                ),
                "temporal": _object(
                    {
                        "interval": _list(
                            _list({"type": "string", "format": "date-time", "nullable": True})
                        ),
                        "trs": _URI,
                    }
                ),
            },
            "spatial",
            "temporal",
        ),
        "collection": _object(
            {
                "id": _TEXT,
                "title": _TEXT,
                "description": _TEXT,
                "attribution": _TEXT,
                "license": _TEXT,
                "itemType": {"type": "string", "enum": ["feature"]},
                "extent": refer("schemas", "extent"),
                "crs": _list(_URI),
                "storageCrs": _URI,
                "links": links,
            },
            *("attribution", "license", "extent", "storageCrs"),
        ),
        "collections": _object(
            {"links": links, "collections": _list(refer("schemas", "collection"))}
        ),
        "queryables": _object(
            {
                "$schema": _URI,
                "$id": _URI,
                "type": {"type": "string", "enum": ["object"]},
                "title": _TEXT,
                "description": _TEXT,
                "properties": {"type": "object", "additionalProperties": {"type": "object"}},
                "additionalProperties": {"type": "boolean"},
            }
        ),
        "geometry": {
            **_object(
                {
                    "type": {
                        "type": "string",
                        "enum": [
                            "Point",
                            "MultiPoint",
                            "LineString",
                            "MultiLineString",
                            "Polygon",
                            "MultiPolygon",
                        ],
                    },
                    "coordinates": _list({}),
                }
            ),
            "nullable": True,
            "description": "Geometrie nach RFC 7946; null, wo ein Objekt keine hat.",
        },
        "health": _object(
            {
                "status": {"type": "string", "enum": ["ok", "veraltet"]},
                "snapshot": _TEXT,
                "data_date": {**_TEXT, "nullable": True},
                "release": {"type": "string", "enum": ["public", "internal"]},
                "since": _TEXT,
                "fault": {
                    **_object({"text": _TEXT, "since": _TEXT}),
                    "nullable": True,
                },
                "note": {**_TEXT, "nullable": True},
            }
        ),
        "problem": {
            **_object(
                {
                    "type": _TEXT,
                    "title": _TEXT,
                    "status": {"type": "integer", "minimum": 400, "maximum": 599},
                    "detail": _TEXT,
                }
            ),
            "description": "Was an einer Anfrage nicht stimmt (RFC 9457).",
        },
    }
