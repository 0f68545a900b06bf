"""The routes of OGC API Features, joined."""

from __future__ import annotations

from fastapi import APIRouter

from api.ogc import collections, item, items, landing, openapi_route, queryables_route

router = APIRouter()
router.include_router(landing.router)
router.include_router(openapi_route.router)
router.include_router(collections.router)
router.include_router(queryables_route.router)
router.include_router(items.router)
router.include_router(item.router)
