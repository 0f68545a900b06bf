"""The routes of OGC API Features: each reads its parameters, asks and answers."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request, Response

from api.ogc.answers import respond
from api.ogc.conformance import CLASSES
from api.ogc.crs import CRS84, OfferedCrs, crs_by_uri, epsg, offered
from api.ogc.links import Link, base_url, link
from api.ogc.media_types import GEOJSON, JSON, OPENAPI
from api.service.catalogue import Catalogue, Collection
from api.service.problems import bad_request, not_found
from geo.crs import WGS84
from geo.feature_json import feature_texts

router = APIRouter()


def catalogue_of(request: Request) -> Catalogue:
    """Return the snapshot that this request is answered from."""
    catalogue: Catalogue = request.app.state.store.current()
    return catalogue


def collection_of(request: Request, name: str) -> Collection:
    """Return a collection by its id, or say that there is none."""
    found = catalogue_of(request).collections.get(name)
    if found is None:
        raise not_found("Diese Ebene gibt es nicht.")
    return found


def answer(
    content: object, media_type: str = JSON, headers: dict[str, str] | None = None
) -> Response:
    """Return an answer in strict JSON."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False)
    return Response(text, media_type=media_type, headers=headers)


@router.get("/conformance")
def conformance(request: Request) -> Response:
    """Answer which conformance classes hold."""
    return respond(request, "conformance", {"conformsTo": list(CLASSES)})


@router.get("/collections")
def collections(request: Request) -> Response:
    """Answer with all collections."""
    catalogue, base = catalogue_of(request), base_url(request)
    return respond(
        request,
        "collections",
        {
            "links": [link(f"{base}/collections", "self", JSON)],
            "collections": [describe(one, base) for one in catalogue.collections.values()],
        },
    )


@router.get("/collections/{collection_id}")
def collection(request: Request, collection_id: str) -> Response:
    """Answer with the description of one collection."""
    described = describe(collection_of(request, collection_id), base_url(request))
    return respond(request, "collection", described)


@router.get("/collections/{collection_id}/items")
def items(request: Request, collection_id: str) -> Response:
    """Answer with a page of features."""
    shown = collection_of(request, collection_id)
    query = request.query_params
    unknown = set(query) - {"limit", "offset", "crs", "f"}
    if unknown:
        raise bad_request("Einen Parameter dieser Anfrage gibt es hier nicht.")
    limit, offset = int(query.get("limit", "1000")), int(query.get("offset", "0"))
    crs = asked_crs(shown, query.get("crs"))
    page = shown.frame.iloc[offset : offset + limit]
    texts = feature_texts(page, shown.ids.iloc[offset : offset + limit], crs.code, swap=crs.swap)
    here = f"{base_url(request)}/collections/{collection_id}/items"
    links: list[Link] = [link(str(request.url), "self", GEOJSON)]
    if offset + limit < len(shown.frame):
        following = {**query, "limit": str(limit), "offset": str(offset + limit)}
        links.append(link(f"{here}?{urlencode(following)}", "next", GEOJSON))
    head = {
        "type": "FeatureCollection",
        "numberMatched": len(shown.frame),
        "numberReturned": len(page),
        "timeStamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "links": links,
    }
    text = json.dumps(head, ensure_ascii=False, allow_nan=False)
    features = ",\n".join(texts)
    body = f'{text[:-1]}, "features": [\n{features}\n]}}'
    return Response(body, media_type=GEOJSON, headers={"Content-Crs": f"<{crs.uri}>"})


@router.get("/collections/{collection_id}/items/{feature_id:path}")
def item(request: Request, collection_id: str, feature_id: str) -> Response:
    """Answer with one feature."""
    shown = collection_of(request, collection_id)
    row = shown.positions.get(feature_id)
    if row is None:
        raise not_found("Dieses Objekt gibt es nicht.")
    crs = asked_crs(shown, request.query_params.get("crs"))
    rows = slice(row, row + 1)
    (text,) = feature_texts(shown.frame.iloc[rows], shown.ids.iloc[rows], crs.code, swap=crs.swap)
    base = f"{base_url(request)}/collections/{collection_id}"
    links = [
        link(f"{base}/items/{quote(feature_id, safe='')}", "self", GEOJSON),
        link(base, "collection", JSON),
    ]
    body = f'{text[:-1]},"links":{json.dumps(links)}}}'
    return Response(body, media_type=GEOJSON, headers={"Content-Crs": f"<{crs.uri}>"})


def asked_crs(shown: Collection, uri: str | None) -> OfferedCrs:
    """Return the CRS that is asked for."""
    return CRS84 if uri is None else crs_by_uri(uri, shown.crs or WGS84)


def describe(shown: Collection, base: str) -> dict[str, Any]:
    """Return the description of a collection."""
    here = f"{base}/collections/{quote(shown.id)}"
    described: dict[str, Any] = {
        "id": shown.id,
        "title": shown.info.title,
        "description": shown.info.text,
        "attribution": shown.source.attribution,
        "itemType": "feature",
        "links": [
            link(here, "self", JSON),
            link(f"{here}/items", "items", GEOJSON, shown.info.title),
        ],
    }
    if shown.crs is not None:
        described["crs"] = [crs.uri for crs in offered(shown.crs)]
        described["storageCrs"] = epsg(shown.crs).uri
    if shown.bounds is not None:
        described["extent"] = {
            "spatial": {"bbox": [shown.bounds.tolist()], "crs": CRS84.uri},
        }
    return described


@router.get("/")
def landing(request: Request) -> Response:
    """Answer with the landing page."""
    base, facts = base_url(request), catalogue_of(request).exported.facts
    return respond(
        request,
        "landing",
        {
            "title": f"Sozialraumkarte: {facts['study']}",
            "links": [
                link(f"{base}/", "self", JSON),
                link(f"{base}/api", "service-desc", OPENAPI),
                link(f"{base}/conformance", "conformance", JSON),
                link(f"{base}/collections", "data", JSON),
            ],
        },
    )


@router.get("/api")
def openapi() -> Response:
    """Answer with the OpenAPI document."""
    return answer(
        {"openapi": "3.0.3", "info": {"title": "Sozialraumkarte", "version": "1"}, "paths": {}},
        OPENAPI,
    )
