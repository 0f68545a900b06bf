"""The application: made by ``create_app`` from settings and a store, nothing at import.

A request passes, from the outside in: ``security`` (headers, last resort of faults),
``addresses`` (proxy, names), ``limits``, ``kept_answers`` (ETag, one snapshot), the routes.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from api.ogc.routes import router as features_router
from api.service.addresses import AddressMiddleware
from api.service.faults import add_fault_handlers
from api.service.guide_routes import router as guide_router
from api.service.health import router as health_router
from api.service.kept_answers import KeptAnswersMiddleware
from api.service.limits import LimitsMiddleware
from api.service.map_routes import router as map_router
from api.service.security import SecurityMiddleware, check_routes
from api.service.settings import ServiceSettings
from api.service.static_files import router as static_router
from api.service.store import SnapshotStore
from geo.errors import ServiceError
from layers.layer_frames import INTERNAL

_ROUTERS = (features_router, guide_router, health_router, map_router, static_router)


def create_app(settings: ServiceSettings, store: SnapshotStore) -> FastAPI:
    """Make the application.

    While it runs it looks for new snapshots (``SnapshotStore.watch``).

    Parameters
    ----------
    settings
        What it is started with.
    store
        The snapshots that it shows.

    Raises
    ------
    geo.errors.ServiceError
        If the store holds the internal release and the settings do not ask for it.
    RuntimeError
        If a route has no policy.
    """
    if store.current().exported.facts["release"] == INTERNAL and not settings.internal:
        raise ServiceError(
            "Diese Ergebnisse sind die interne Fassung; gezeigt würde sie als öffentliche.",
            remedy="Die Studie mit »sozialraum build« neu bauen oder --internal angeben.",
        )
    app = FastAPI(
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        lifespan=_lifespan,
    )
    app.state.settings = settings
    app.state.store = store
    for router in _ROUTERS:
        app.include_router(router)
    check_routes(app.routes)
    add_fault_handlers(app)
    app.add_middleware(KeptAnswersMiddleware, store=store)
    app.add_middleware(LimitsMiddleware, settings=settings)
    app.add_middleware(AddressMiddleware, settings=settings)
    app.add_middleware(SecurityMiddleware, settings=settings)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.store.watch()
    try:
        yield
    finally:
        app.state.store.close()
