"""What the templates need, made from the content of an answer and the snapshot it is from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request

from api.service import page_plan
from api.service.catalogue import Catalogue, Collection
from api.service.page_downloads import release_files
from api.service.page_signs import OUTLINES, shape_of
from api.service.page_site import Site
from api.service.page_words import column_of, count_text, date_text, number_text, size_text

MAP_KEYS = {"gates": "tor", "houses": "haus", "ranking": "standort"}
"""What the address of the big map calls an object; of places ``ort``."""

_PLACES = frozenset({"services", "transit", "meeting_places", "partners"})
_CRS_NAMES = {
    "http://www.opengis.net/def/crs/OGC/1.3/CRS84": "WGS 84, Länge vor Breite (CRS84)",
    "http://www.opengis.net/def/crs/EPSG/0/4326": "WGS 84, Breite vor Länge (EPSG:4326)",
    "http://www.opengis.net/def/crs/EPSG/0/25832": "ETRS89 / UTM 32N (EPSG:25832)",
    "http://www.opengis.net/def/crs/EPSG/0/25833": "ETRS89 / UTM 33N (EPSG:25833)",
    "http://www.opengis.net/def/crs/EPSG/0/3857": "Web-Mercator (EPSG:3857)",
}
_CLASSES = {
    "ogcapi-features-1/1.0/conf/core": "Grundlage: Ebenen und Objekte abrufen",
    "ogcapi-features-1/1.0/conf/geojson": "Objekte als GeoJSON",
    "ogcapi-features-1/1.0/conf/html": "Seiten zum Ansehen",
    "ogcapi-features-1/1.0/conf/oas30": "Beschreibung der Schnittstelle (OpenAPI 3.0)",
    "ogcapi-features-2/1.0/conf/crs": "Andere Koordinatensysteme",
    "conf/queryables-query-parameters": "Filtern mit einfachen Parametern",
    "conf/queryables": "Auskunft, wonach sich filtern lässt",
    "conf/filter": "Filtern mit Ausdrücken",
    "conf/features-filter": "Ausdrücke beim Abruf von Objekten",
    "conf/cql2-text": "Filtersprache CQL2 als Text",
    "conf/basic-cql2": "CQL2: Vergleiche",
    "conf/advanced-comparison-operators": "CQL2: Muster, Listen, Bereiche",
    "conf/case-insensitive-comparison": "CQL2: ohne Groß- und Kleinschreibung",
    "conf/basic-spatial-functions": "CQL2: Schneiden von Flächen",
    "conf/spatial-functions": "CQL2: weitere räumliche Vergleiche",
    "conf/temporal-functions": "CQL2: zeitliche Vergleiche",
    "ogcapi-common-1/1.0/conf/core": "Gemeinsame Grundlage der OGC-Schnittstellen",
}
_TYPES = {
    "string": "Text", "integer": "ganze Zahl", "number": "Zahl", "boolean": "ja oder nein",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LayerRow:
    """A layer as tables of pages show it."""

    id: str
    title: str
    text: str
    count: str
    count_words: str
    attribution: str
    licence: str
    licence_url: str
    date: str
    spatial: bool
    outline: str
    path: str


def layer_row(collection: Collection) -> LayerRow:
    """Return what a table says about a layer."""
    count, outline = len(collection.frame), shape_of(collection.id)
    return LayerRow(
        id=collection.id,
        title=collection.info.title,
        text=collection.info.text,
        count=number_text(count),
        count_words=count_text(count, "Objekt", "Objekte"),
        attribution=collection.source.attribution,
        licence=collection.source.licence,
        licence_url=collection.source.licence_url,
        date=date_text(collection.data_date) if collection.info.derived else "aus der Studie",
        spatial=collection.crs is not None,
        outline=outline,
        path=OUTLINES[outline],
    )


def landing(
    _request: Request, catalogue: Catalogue, site: Site, _content: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the start page shows."""
    package = release_files(catalogue.folder).get("snapshot.gpkg")
    values = {
        "title": site.study,
        "here": "start",
        "drawing": page_plan.overview(catalogue),
        "package": size_text(package.size) if package else "",
    }
    return values | _layer_rows(catalogue)


def collections(
    _request: Request, catalogue: Catalogue, _site: Site, content: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the page of all layers shows: those that the answer names."""
    named = {str(one["id"]) for one in content["collections"]}
    crumbs = [("", "Ebenen")]
    return {"title": "Ebenen", "here": "ebenen", "at_top": True, "crumbs": crumbs} | _layer_rows(
        catalogue, named
    )


def _layer_rows(catalogue: Catalogue, named: set[str] | None = None) -> dict[str, Any]:
    rows = [
        layer_row(one)
        for one in catalogue.collections.values()
        if named is None or one.id in named
    ]
    return {
        "spatial": [row for row in rows if row.spatial],
        "tables": [row for row in rows if not row.spatial],
    }


def collection(
    _request: Request, catalogue: Catalogue, site: Site, content: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the page of a layer shows."""
    shown = catalogue.collections[str(content["id"])]
    row = layer_row(shown)
    items_url = f"{site.base}/collections/{quote(shown.id, safe='')}/items"
    systems = [str(uri) for uri in content.get("crs", [])]
    metric = str(content.get("storageCrs", ""))
    words = f"Lageplan: {row.count_words} der Ebene {row.title} und das Gelände."
    return {
        "title": row.title,
        "here": "ebenen",
        "crumbs": [(f"{site.root}/collections", "Ebenen"), ("", row.title)],
        "row": row,
        "columns": [column_of(shown.id, name) for name in shown.columns],
        "systems": [_CRS_NAMES.get(uri, uri) for uri in systems] if shown.crs else [],
        "items_url": items_url,
        "metric_url": f"{items_url}?{urlencode({'crs': metric})}" if shown.crs else "",
        "metric_name": _CRS_NAMES.get(metric, metric),
        "downloads": _downloads(catalogue, site, shown),
        "drawing": page_plan.plan(catalogue, shown, range(len(shown.frame)), words),
        "figure_words": "Alle Objekte dieser Ebene; schraffiert: das Gelände.",
    }


def _downloads(catalogue: Catalogue, site: Site, shown: Collection) -> list[tuple[str, str, str]]:
    """Return name, path and words of the files that hold a layer."""
    held = release_files(catalogue.folder)
    wanted = {
        f"geojson/{shown.id}.geojson": "Als GeoJSON",
        f"{shown.id}.csv": "Als Tabelle (CSV)",
        "snapshot.gpkg": "Alle Ebenen (GeoPackage)",
    }
    return [
        (path, f"{site.root}/dateien/{quote(path)}", words)
        for path, words in wanted.items()
        if path in held
    ]


def queryables(
    request: Request, catalogue: Catalogue, site: Site, content: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the page of the queryables shows.

    Parameters
    ----------
    request
        What was asked.
    catalogue
        The release.
    site
        The frame of the page.
    content
        The answer: a JSON Schema.
    """
    shown = catalogue.collections[str(request.path_params["collection_id"])]
    row = layer_row(shown)
    fields = [
        {
            "name": name,
            "title": schema.get("title", name),
            "text": schema.get("description", ""),
            "type": _TYPES.get(str(schema.get("type", "")), "Lage"),
            "values": schema.get("enum", []),
        }
        for name, schema in content["properties"].items()
    ]
    return {
        "title": f"{row.title}: Filter",
        "here": "ebenen",
        "crumbs": path_to(site, row, ("", "Filter")),
        "row": row,
        "fields": fields,
        **_example(site, shown, fields),
    }


def _example(site: Site, shown: Collection, fields: list[dict[str, Any]]) -> dict[str, str]:
    """Return an address that filters by a value that there is."""
    for field in fields:
        name = field["name"]
        if field["type"] == "Text" and name in shown.frame.columns and name != "id":
            values = sorted({str(one) for one in shown.frame[name].dropna() if one != ""})
            if values:
                query = urlencode({name: values[0]})
                url = f"{site.base}/collections/{quote(shown.id, safe='')}/items?{query}"
                return {"example_url": url, "example_words": f"{field['title']}: {values[0]}"}
    return {"example_url": "", "example_words": ""}


def path_to(site: Site, row: LayerRow, *steps: tuple[str, str]) -> list[tuple[str, str]]:
    """Return the way from all layers to a page of one, as addresses and words.

    Parameters
    ----------
    site
        The frame of the page.
    row
        The layer.
    steps
        What follows the layer; "" for the address of the page itself.
    """
    return [(f"{site.root}/collections", "Ebenen"), (site.collection(row.id), row.title), *steps]


def conformance(
    _request: Request, _catalogue: Catalogue, _site: Site, content: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the page of the conformance classes shows."""
    return {
        "title": "Normen",
        "here": "api",
        "crumbs": [("", "Normen")],
        "classes": [(_class_words(str(one)), str(one)) for one in content["conformsTo"]],
    }


def _class_words(address: str) -> str:
    for ending, words in _CLASSES.items():
        if address.endswith(ending):
            return words
    return address.rpartition("/")[2]


def api(
    _request: Request, _catalogue: Catalogue, site: Site, _content: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the page of the interface shows; swagger-ui fetches the document itself."""
    return {
        "title": "Schnittstelle",
        "here": "api",
        "at_top": True,
        "crumbs": [("", "Schnittstelle")],
        "api_path": f"{site.root}/api?f=json",
        "api_url": f"{site.base}/api",
    }


def problem(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page of a fault shows."""
    return {
        "title": str(content.get("title", "Fehler")),
        "here": "",
        "status": content.get("status", ""),
        "detail": str(content.get("detail", "")),
    }


def map_url(site: Site, shown: Collection, feature: str) -> str:
    """Return the address of an object on the big map; "" if the map does not show such."""
    key = "ort" if shown.id in _PLACES else MAP_KEYS.get(shown.id, "")
    return f"{site.root}/karte#{urlencode({key: feature})}" if key else ""
