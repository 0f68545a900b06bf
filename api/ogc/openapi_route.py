"""The description of the interface, as an answer."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.routing import iter_route_contexts

from api.ogc.answers import respond
from api.ogc.asked import catalogue_of, settings_of
from api.ogc.links import base_url
from api.ogc.media_types import OPENAPI
from api.ogc.openapi import openapi_document
from api.ogc.parameters import PAGE_PARAMETERS, read_query

router = APIRouter()


@router.get("/api")
def openapi(request: Request) -> Response:
    """Answer with the OpenAPI document."""
    read_query(request, PAGE_PARAMETERS)
    paths = [route.path or "" for route in iter_route_contexts(request.app.routes)]
    document = openapi_document(
        catalogue_of(request), settings_of(request), base_url(request), paths
    )
    return respond(request, "api", document, OPENAPI)
