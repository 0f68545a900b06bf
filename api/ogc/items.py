"""The features of a collection, page by page."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from api.ogc.answers import respond, respond_bytes, wants_html
from api.ogc.asked import catalogue_of, collection_of, settings_of
from api.ogc.links import Link, address, base_url, here, link, own_links
from api.ogc.media_types import GEOJSON, JSON
from api.ogc.paging import PAGING, Page, find_page
from api.ogc.parameters import ON_A_PAGE, items_parameters, read_query
from api.service.catalogue import Collection

router = APIRouter()


@router.get("/collections/{collection_id}/items")
def items(request: Request, collection_id: str) -> Response:
    """Answer with a page of features."""
    catalogue, settings = catalogue_of(request), settings_of(request)
    collection = collection_of(catalogue, collection_id)
    query = read_query(request, items_parameters(collection, settings))
    html = wants_html(request)
    if html:
        settings = replace(settings, default_limit=min(ON_A_PAGE, settings.max_limit))
    page = find_page(catalogue, collection, query, settings)
    head = _head(request, collection, page)
    headers = {"Content-Crs": f"<{page.crs.uri}>"}
    if html:
        content = head | {"features": json.loads(b"[%b]" % page.features)}
        return respond(request, "items", content, GEOJSON, headers)
    # The features are written already: what stands before them is all that is new.
    text = json.dumps(head, ensure_ascii=False, allow_nan=False)[:-1]
    body = b'%b, "features": [\n%b\n]}' % (text.encode(errors="replace"), page.features)
    return respond_bytes(body, GEOJSON, head["links"], headers)


def _head(request: Request, collection: Collection, page: Page) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "numberMatched": page.matched,
        "numberReturned": page.returned,
        "timeStamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "links": [*own_links(request, GEOJSON), *_links(request, collection, page)],
    }


def _links(request: Request, collection: Collection, page: Page) -> list[Link]:
    kept = {name: text for name, text in request.query_params.items() if name not in PAGING}
    about = f"{base_url(request)}/collections/{quote(collection.id)}"
    links = [link(about, "collection", JSON, collection.info.title)]
    for name, title, key in (
        ("next", "Nächste Seite", page.after),
        ("prev", "Vorige Seite", page.before),
    ):
        if key is not None:
            turned = kept | {"after" if name == "next" else "before": key}
            links.append(link(address(here(request), turned), name, GEOJSON, title))
    return links
