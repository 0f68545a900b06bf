"""Faults of a request, answered as problem+json (RFC 9457)."""

from __future__ import annotations

import json

from starlette.responses import Response

PROBLEM_JSON = "application/problem+json"


class Problem(Exception):  # noqa: N818 - RFC 9457 calls it so
    """A request that cannot be answered as asked.

    Parameters
    ----------
    status
        HTTP status.
    detail
        German sentence: what is wrong and what is possible.
    """

    def __init__(self, status: int, detail: str) -> None:
        self.status = status
        self.detail = detail
        super().__init__(detail)


def bad_request(detail: str) -> Problem:
    """Return the fault of a value or parameter that is not allowed."""
    return Problem(400, detail)


def not_found(detail: str) -> Problem:
    """Return the fault of something that is not there."""
    return Problem(404, detail)


_TITLES = {
    400: "Anfrage nicht verständlich",
    404: "Nicht gefunden",
    405: "Methode nicht erlaubt",
    406: "Format nicht verfügbar",
    413: "Anfrage zu groß",
    500: "Interner Fehler",
}


def problem_response(problem: Problem) -> Response:
    """Return the answer that tells of a fault."""
    content = {
        "type": "about:blank",
        "title": _TITLES.get(problem.status, "Fehler"),
        "status": problem.status,
        "detail": problem.detail,
    }
    return Response(
        json.dumps(content, ensure_ascii=False, allow_nan=False),
        problem.status,
        media_type=PROBLEM_JSON,
    )
