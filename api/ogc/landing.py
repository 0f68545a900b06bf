"""The first things a client asks for: the landing page and what the service conforms to."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.ogc.answers import respond
from api.ogc.asked import catalogue_of
from api.ogc.conformance import CLASSES
from api.ogc.links import base_url, link, own_links
from api.ogc.media_types import HTML, JSON, OPENAPI
from api.ogc.parameters import PAGE_PARAMETERS, read_query

router = APIRouter()


@router.get("/")
def landing(request: Request) -> Response:
    """Answer with the landing page."""
    read_query(request, PAGE_PARAMETERS)
    base, exported = base_url(request), catalogue_of(request).exported
    source = exported.base_source
    content = {
        "title": f"Sozialraumkarte: {exported.facts['study']}",
        "description": "Orte, Wege und erreichbare Flächen im Umkreis, als Ebenen für "
        "Geoinformationssysteme und zum Ansehen.",
        "attribution": source.attribution,
        "links": [
            *own_links(request),
            link(f"{base}/api", "service-desc", OPENAPI, "Beschreibung der Schnittstelle"),
            link(f"{base}/api?f=html", "service-doc", HTML, "Schnittstelle zum Ausprobieren"),
            link(f"{base}/conformance", "conformance", JSON, "Was der Dienst einhält"),
            link(f"{base}/collections", "data", JSON, "Ebenen"),
        ],
    }
    return respond(request, "landing", content)


@router.get("/conformance")
def conformance(request: Request) -> Response:
    """Answer which conformance classes hold."""
    read_query(request, PAGE_PARAMETERS)
    content = {"links": own_links(request), "conformsTo": list(CLASSES)}
    return respond(request, "conformance", content)
