"""The queryables of a collection, as an answer."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from api.ogc.answers import respond
from api.ogc.asked import catalogue_of, collection_of
from api.ogc.links import base_url
from api.ogc.media_types import SCHEMA
from api.ogc.parameters import PAGE_PARAMETERS, read_query
from api.ogc.queryables import queryables_document

router = APIRouter()


@router.get("/collections/{collection_id}/queryables")
def queryables(request: Request, collection_id: str) -> Response:
    """Answer with what filters of a collection may name, as JSON Schema."""
    shown = collection_of(catalogue_of(request), collection_id)
    read_query(request, PAGE_PARAMETERS)
    address = f"{base_url(request)}/collections/{quote(shown.id)}/queryables"
    return respond(request, "queryables", queryables_document(shown, address), SCHEMA)
