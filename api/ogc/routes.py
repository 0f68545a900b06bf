"""The routes of OGC API Features, joined."""

from __future__ import annotations

import json

from fastapi import APIRouter, Response

from api.ogc import collections, item, items, landing
from api.ogc.media_types import OPENAPI

router = APIRouter()
router.include_router(landing.router)
router.include_router(collections.router)
router.include_router(items.router)
router.include_router(item.router)


@router.get("/api")
def openapi() -> Response:
    """Answer with the OpenAPI document."""
    document = {
        "openapi": "3.0.3",
        "info": {"title": "Sozialraumkarte", "version": "1"},
        "paths": {},
    }
    return Response(json.dumps(document), media_type=OPENAPI)
