"""The collections: what layers there are, where they lie, and how to get their features."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from api.ogc.answers import respond
from api.ogc.asked import catalogue_of, collection_of
from api.ogc.crs import CRS84, epsg, offered
from api.ogc.links import Link, base_url, link, own_links
from api.ogc.media_types import GEOJSON, HTML, JSON, SCHEMA
from api.ogc.parameters import PAGE_PARAMETERS, read_query
from api.service.catalogue import Collection

GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"

router = APIRouter()


@router.get("/collections")
def collections(request: Request) -> Response:
    """Answer with all collections."""
    read_query(request, PAGE_PARAMETERS)
    catalogue, base = catalogue_of(request), base_url(request)
    content = {
        "links": own_links(request),
        "collections": [
            describe(one, base, _collection_links(one, base))
            for one in catalogue.collections.values()
        ],
    }
    return respond(request, "collections", content)


@router.get("/collections/{collection_id}")
def collection(request: Request, collection_id: str) -> Response:
    """Answer with the description of one collection."""
    shown = collection_of(catalogue_of(request), collection_id)
    read_query(request, PAGE_PARAMETERS)
    return respond(request, "collection", describe(shown, base_url(request), own_links(request)))


def describe(shown: Collection, base: str, links: list[Link]) -> dict[str, Any]:
    """Return the description of a collection.

    Parameters
    ----------
    shown
        The collection.
    base
        Address of the service.
    links
        To the description itself.
    """
    described: dict[str, Any] = {
        "id": shown.id,
        "title": shown.info.title,
        "description": shown.info.text,
        "attribution": shown.source.attribution,
        "license": shown.source.licence,
        "itemType": "feature",
        "crs": [crs.uri for crs in offered(shown.storage)],
        "links": [*links, *_content_links(shown, f"{base}/collections/{quote(shown.id)}")],
    }
    if shown.crs is not None:
        described["storageCrs"] = epsg(shown.crs).uri
    extent = _extent(shown)
    return described | ({"extent": extent} if extent else {})


def _collection_links(shown: Collection, base: str) -> list[Link]:
    here = f"{base}/collections/{quote(shown.id)}"
    return [
        link(here, "self", JSON, shown.info.title),
        link(f"{here}?f=html", "alternate", HTML, shown.info.title),
    ]


def _content_links(shown: Collection, here: str) -> list[Link]:
    links = [
        link(f"{here}/items", "items", GEOJSON, f"Objekte: {shown.info.title}"),
        link(f"{here}/items?f=html", "items", HTML, f"Objekte als Seite: {shown.info.title}"),
        link(f"{here}/queryables", QUERYABLES, SCHEMA, "Wonach sich fragen lässt"),
    ]
    if shown.source.licence_url:
        links.append(link(shown.source.licence_url, "license", HTML, shown.source.licence))
    return links


def _extent(shown: Collection) -> dict[str, Any]:
    extent: dict[str, Any] = {}
    if shown.bounds is not None:
        extent["spatial"] = {"bbox": [shown.bounds.tolist()], "crs": CRS84.uri}
    if shown.data_date:
        day = date.fromisoformat(shown.data_date).isoformat()
        interval = [f"{day}T00:00:00Z", f"{day}T23:59:59Z"]
        extent["temporal"] = {"interval": [interval], "trs": GREGORIAN}
    return extent
