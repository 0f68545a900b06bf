"""What happens to a request that fails: one answer for programs, one page for people."""

from __future__ import annotations

import logging
import os
import traceback

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api.ogc.answers import FORMATS
from api.ogc.media_types import HTML
from api.service.pages import render
from api.service.problems import (
    Problem,
    bad_request,
    plain_problem,
    problem_content,
    problem_response,
)

METHODS = "GET, HEAD, OPTIONS"
"""What every route understands."""

_METHOD_NOT_ALLOWED = 405
_log = logging.getLogger("sozialraum.service")


def add_fault_handlers(app: FastAPI) -> None:
    """Answer every fault that a route or the router raises in the one shape."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(RequestValidationError, _on_wrong_value)


def answer_problem(request: Request, problem: Problem) -> Response:
    """Return the answer to a fault: a page where a browser asks, else problem+json.

    Parameters
    ----------
    request
        What was asked; its ``app`` need not be set.
    problem
        What is wrong.
    """
    if not _asks_for_page(request):
        return problem_response(problem)
    try:
        page = render(request, "problem", problem_content(problem))
    except Exception as error:  # noqa: BLE001 - a broken page must not hide the fault
        log_fault(error)
        return problem_response(problem)
    headers = {"Vary": "Accept", **problem.headers}
    return Response(page, problem.status, headers=headers, media_type=HTML)


def log_fault(error: BaseException) -> None:
    """Write a fault of our own to the log: its kind and place, never values of the request.

    The message of an exception may quote what somebody asked or typed, so only its type and
    the line that raised it are written. ``SOZIALRAUM_DEBUG=1`` shows all.
    """
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else "?"  # noqa: PTH119
    details = error if os.environ.get("SOZIALRAUM_DEBUG") else None
    _log.error("Interner Fehler: %s in %s", type(error).__name__, place, exc_info=details)


def _asks_for_page(request: Request) -> bool:
    asked = request.query_params.get("f")
    if asked in FORMATS:
        return asked == "html"
    return HTML in request.headers.get("accept", "")


def _on_problem(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)  # noqa: S101 - registered for this class alone
    return answer_problem(request, problem)


def _on_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    allowed = {"Allow": METHODS} if error.status_code == _METHOD_NOT_ALLOWED else None
    return answer_problem(request, plain_problem(error.status_code, allowed))


def _on_wrong_value(request: Request, _error: Exception) -> Response:
    return answer_problem(request, bad_request("Ein Wert dieser Anfrage ist nicht möglich."))
