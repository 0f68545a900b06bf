"""What can be asked for of a collection: its queryables (OGC API Features Part 3)."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import pandas as pd

from api.service.catalogue import Collection
from api.service.problems import bad_request
from layers.columns import Column, column_info

STRING, INTEGER, NUMBER, BOOLEAN, GEOMETRY = "string", "integer", "number", "boolean", "geometry"
DATE = "date"
"""Format of a text that holds dates only."""

GEOMETRY_NAME = "geometry"
_SCHEMA = "https://json-schema.org/draft/2020-12/schema"
_DATE_COLUMNS = frozenset({"data_date", "confirmed_on"})
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INTEGER = re.compile(r"[+-]?[0-9]{1,300}")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_SHAPES = {
    "Point": "point",
    "MultiPoint": "multipoint",
    "LineString": "linestring",
    "MultiLineString": "multilinestring",
    "Polygon": "polygon",
    "MultiPolygon": "multipolygon",
}


@dataclass(frozen=True, slots=True)
class Queryable:
    """A property that filters may name.

    Attributes
    ----------
    name
        As in the features; of the geometry ``"geometry"``.
    title, text
        German name, and a German sentence that says what it is.
    type
        ``"string"``, ``"integer"``, ``"number"``, ``"boolean"`` or ``"geometry"``.
    format
        ``"date"`` of a text that holds dates only; of the geometry e.g. ``"geometry-point"``;
        else "".
    enum
        All values that there can be, where these are a few fixed codes.
    """

    name: str
    title: str
    text: str
    type: str
    format: str = ""
    enum: tuple[str, ...] = ()


_KNOWN: WeakKeyDictionary[Collection, Mapping[str, Queryable]] = WeakKeyDictionary()


def queryables(collection: Collection) -> Mapping[str, Queryable]:
    """Return what filters on a collection may name, by name, in the order of the columns.

    Parameters
    ----------
    collection
        Whose columns are in this release: no other name is ever looked up.
    """
    if collection not in _KNOWN:
        found = {name: _column(collection, name) for name in collection.columns}
        if collection.crs is not None:
            found[GEOMETRY_NAME] = _geometry(collection)
        _KNOWN[collection] = found
    return _KNOWN[collection]


def schema_of(queryable: Queryable) -> dict[str, Any]:
    """Return the JSON Schema of a queryable, the same as that of its query parameter."""
    schema: dict[str, Any] = {"title": queryable.title, "description": queryable.text}
    if queryable.type == GEOMETRY:
        return schema | {"format": queryable.format, "x-ogc-role": "primary-geometry"}
    schema["type"] = queryable.type
    if queryable.format:
        schema["format"] = queryable.format
    if queryable.enum:
        schema["enum"] = list(queryable.enum)
    return schema


def queryables_document(collection: Collection, address: str) -> dict[str, Any]:
    """Return the queryables of a collection as JSON Schema.

    Parameters
    ----------
    collection
        Whose.
    address
        The document's own address, without parameters.
    """
    return {
        "$schema": _SCHEMA,
        "$id": address,
        "type": "object",
        "title": collection.info.title,
        "description": collection.info.text,
        "properties": {name: schema_of(one) for name, one in queryables(collection).items()},
        "additionalProperties": False,
    }


def parameter_value(queryable: Queryable, text: str) -> str | int | float | bool:
    """Return the value of a query parameter ``name=value`` in the queryable's type.

    Parameters
    ----------
    queryable
        What is asked for; not the geometry.
    text
        As it stands in the address.

    Raises
    ------
    api.service.problems.Problem
        If the text is no value of that type, or none of its fixed codes.
    """
    name = queryable.name
    if queryable.enum and text not in queryable.enum:
        raise bad_request(f"»{name}« kennt nur diese Werte: {', '.join(queryable.enum)}.")
    if queryable.type == BOOLEAN:
        if text not in {"true", "false"}:
            raise bad_request(f"»{name}« ist »true« oder »false«.")
        return text == "true"
    if queryable.type == INTEGER:
        if _INTEGER.fullmatch(text) is None:
            raise bad_request(f"»{name}« muss eine ganze Zahl sein.")
        return int(text)
    if queryable.type == NUMBER:
        if _NUMBER.fullmatch(text) is None or not math.isfinite(float(text)):
            raise bad_request(f"»{name}« muss eine Zahl sein, mit Punkt statt Komma.")
        return float(text)
    if queryable.format == DATE and not is_date(text):
        raise bad_request(f"»{name}« muss ein Datum sein, in der Form 2026-03-31.")
    return text


def is_date(text: str) -> bool:
    """Return whether a text is a day of the calendar as ``YYYY-MM-DD``."""
    if _ISO_DATE.fullmatch(text) is None:
        return False
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _column(collection: Collection, name: str) -> Queryable:
    values = collection.frame[name]
    told = _told(collection.id, name)
    kind, date = _type(values), ""
    if kind == STRING and name in _DATE_COLUMNS:
        seen = (str(value) for value in values.dropna().unique())
        date = DATE if all(not value or is_date(value) for value in seen) else ""
    fixed: tuple[str, ...] = ()
    if kind == STRING and told.codes and not told.others:
        empty = ("",) if (values == "").any() else ()
        fixed = (*told.codes, *empty)
    return Queryable(name, told.title, told.text, kind, date, fixed)


def _told(layer: str, name: str) -> Column:
    try:
        return column_info(layer, name)
    except LookupError:
        return Column(name, name, "")


def _type(values: pd.Series[Any]) -> str:
    if pd.api.types.is_bool_dtype(values.dtype):
        return BOOLEAN
    if pd.api.types.is_integer_dtype(values.dtype):
        return INTEGER
    return NUMBER if pd.api.types.is_numeric_dtype(values.dtype) else STRING


def _geometry(collection: Collection) -> Queryable:
    frame: Any = collection.frame
    kinds = sorted(set(frame.geometry.geom_type.dropna()))
    shape = _SHAPES.get(kinds[0], "any") if len(kinds) == 1 else "any"
    return Queryable(
        GEOMETRY_NAME,
        "Geometrie",
        f"Lage oder Fläche: {collection.info.title}",
        GEOMETRY,
        f"geometry-{shape}",
    )
