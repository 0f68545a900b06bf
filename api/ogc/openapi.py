"""The OpenAPI 3.0 document of the service.

Our own, because FastAPI writes 3.1, which GIS clients do not read. Parameters are those that
requests are read by (``parameters``). The paths of every collection are spelled out, with their
parameters in place: GDAL passes a filter on only where the collection's own path lists the
property, and QGIS reads pages as large as the ``default`` of ``limit``.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from urllib.parse import quote

from api.ogc.media_types import GEOJSON, HTML, JSON, OPENAPI, SCHEMA
from api.ogc.openapi_parts import (
    Json,
    answered,
    components,
    feature_schema,
    features_schema,
    plainly,
    refer,
)
from api.ogc.parameters import (
    PAGE_PARAMETERS,
    Parameter,
    item_parameters,
    items_parameters,
    property_parameters,
)
from api.ogc.queryables import queryables
from api.service.catalogue import Catalogue, Collection
from api.service.settings import ServiceSettings
from layers.layer_frames import INTERNAL

FEATURE_ID = "featureId"
_SERVICE, _LAYERS = "Dienst", "Ebenen"
_ABOUT = (
    "Die Ebenen einer Sozialraumkarte als OGC API Features. Alles lässt sich ohne Anmeldung "
    "lesen; verändern lässt sich hier nichts."
)
_ABOUT_INTERNAL = (
    " Das ist die interne Fassung: Sie ist nur für die Studie selbst bestimmt und darf nicht "
    "weitergegeben werden."
)


def openapi_document(
    catalogue: Catalogue, settings: ServiceSettings, base: str, paths: Iterable[str]
) -> Json:
    """Return the description of the interface.

    Parameters
    ----------
    catalogue
        The release that is shown.
    settings
        What the service was started with.
    base
        Address of the service, without a slash at the end.
    paths
        Paths that the service has routes for, among them those beside OGC API Features.

    Returns
    -------
    dict
        An OpenAPI 3.0.3 document of JSON's types, German.
    """
    exported = catalogue.exported
    internal = exported.facts["release"] == INTERNAL
    source = exported.base_source
    known = {**_service_paths(), **_further_paths(frozenset(paths))}
    for collection in catalogue.collections.values():
        known |= _collection_paths(collection, settings)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": f"Sozialraumkarte: {exported.facts['study']}",
            "description": _ABOUT + (_ABOUT_INTERNAL if internal else ""),
            "version": _version(),
            "license": {"name": source.licence}
            | ({"url": source.licence_url} if source.licence_url else {}),
        },
        "servers": [{"url": base, "description": "Dieser Dienst"}],
        "tags": [
            {"name": _SERVICE, "description": "Was es gibt, und wie es dem Dienst geht."},
            {"name": _LAYERS, "description": "Alle Ebenen."},
            *(
                {"name": one.info.title, "description": f"{one.info.text} (»{one.id}«)"}
                for one in catalogue.collections.values()
            ),
        ],
        "paths": known,
        "components": components(),
    }


def _version() -> str:
    try:
        return version("sozialraumkarte")
    except PackageNotFoundError:
        return "0"


def _service_paths() -> Json:
    return {
        "/": _get(
            "landing",
            _SERVICE,
            "Startseite",
            PAGE_PARAMETERS,
            answered("Was der Dienst bietet.", JSON, refer("schemas", "landing")),
        ),
        "/conformance": _get(
            "conformance",
            _SERVICE,
            "Was der Dienst einhält",
            PAGE_PARAMETERS,
            answered("Die Konformitätsklassen.", JSON, refer("schemas", "conformance")),
        ),
        "/api": _get(
            "api",
            _SERVICE,
            "Diese Beschreibung",
            PAGE_PARAMETERS,
            answered("Beschreibung in OpenAPI 3.0.", OPENAPI, {"type": "object"}),
        ),
        "/collections": _get(
            "collections",
            _LAYERS,
            "Alle Ebenen",
            PAGE_PARAMETERS,
            answered("Die Ebenen.", JSON, refer("schemas", "collections")),
        ),
    }


def _further_paths(paths: frozenset[str]) -> Json:
    known = {
        "/karte": _get(
            "map",
            _SERVICE,
            "Interaktive Karte",
            (),
            plainly("Die Karte als Seite.", HTML, {"type": "string"}),
        ),
        "/health": _get(
            "health",
            _SERVICE,
            "Zustand des Dienstes",
            (),
            plainly("Was gezeigt wird, und seit wann.", JSON, refer("schemas", "health")),
        ),
    }
    return {path: one for path, one in known.items() if path in paths}


def _collection_paths(collection: Collection, settings: ServiceSettings) -> Json:
    here, name, title = (
        f"/collections/{quote(collection.id)}",
        collection.id,
        collection.info.title,
    )
    asked = queryables(collection)
    within = feature_schema(asked, alone=False)
    return {
        here: _get(
            f"{name}_collection",
            title,
            f"Ebene »{title}«",
            PAGE_PARAMETERS,
            answered("Was die Ebene ist.", JSON, refer("schemas", "collection")),
        ),
        f"{here}/queryables": _get(
            f"{name}_queryables",
            title,
            f"Wonach sich in »{title}« fragen lässt",
            PAGE_PARAMETERS,
            answered("Merkmale als JSON Schema.", SCHEMA, refer("schemas", "queryables")),
        ),
        f"{here}/items": _get(
            f"{name}_items",
            title,
            f"Objekte der Ebene »{title}«",
            items_parameters(collection, settings),
            answered("Eine Seite mit Objekten.", GEOJSON, features_schema(within), "Content-Crs"),
            examples=_example(collection),
        ),
        f"{here}/items/{{{FEATURE_ID}}}": _item(collection, title),
    }


def _item(collection: Collection, title: str) -> Json:
    operation = _get(
        f"{collection.id}_item",
        title,
        f"Ein Objekt der Ebene »{title}«",
        item_parameters(collection),
        answered(
            "Das Objekt.",
            GEOJSON,
            feature_schema(queryables(collection), alone=True),
            "Content-Crs",
        ),
    )
    name: Json = {
        "name": FEATURE_ID,
        "in": "path",
        "required": True,
        "description": "Kennung des Objekts, »id« in der Antwort.",
        "schema": {"type": "string", "minLength": 1},
    }
    if len(collection.ids):
        name["example"] = str(collection.ids.iloc[0])
    operation["get"]["parameters"].insert(0, name)
    return operation


def _example(collection: Collection) -> dict[str, Any]:
    named = property_parameters(collection)
    return {"filter": f"{named[0].name} IS NOT NULL"} if named else {}


def _get(
    name: str,
    tag: str,
    summary: str,
    parameters: Iterable[Parameter],
    answers: Json,
    *,
    examples: Json | None = None,
) -> Json:
    operation: Json = {
        "operationId": name,
        "tags": [tag],
        "summary": summary,
        "parameters": [_parameter(one, examples or {}) for one in parameters],
        "responses": answers,
    }
    return {"get": operation}


def _parameter(parameter: Parameter, examples: Json) -> Json:
    written: Json = {
        "name": parameter.name,
        "in": "query",
        "required": False,
        "description": parameter.text,
        "schema": dict(parameter.schema),
    }
    if parameter.listed:
        written |= {"style": "form", "explode": False}
    if parameter.name in examples:
        written["example"] = examples[parameter.name]
    return written
