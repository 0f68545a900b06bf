"""The application: made by ``create_app`` from settings and a store, nothing at import."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from api.ogc.routes import router
from api.service.problems import Problem, problem_response
from api.service.settings import ServiceSettings
from api.service.store import SnapshotStore


def create_app(settings: ServiceSettings, store: SnapshotStore) -> FastAPI:
    """Make the application.

    Parameters
    ----------
    settings
        What it is started with.
    store
        The snapshots that it shows.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.settings = settings
    app.state.store = store
    app.include_router(router)
    app.add_exception_handler(Problem, _on_problem)
    app.add_api_route("/karte", _map, include_in_schema=False)
    app.add_api_route("/health", _health, include_in_schema=False)
    return app


def _on_problem(_request: Request, problem: Exception) -> Response:
    if not isinstance(problem, Problem):
        raise problem
    return problem_response(problem)


def _map(request: Request) -> Response:
    folder = request.app.state.store.current().folder
    return HTMLResponse((folder / "karte.html").read_text(encoding="utf-8"))


def _health(request: Request) -> dict[str, str]:
    return {"status": "ok", "snapshot": request.app.state.store.current().id}
