"""Faults of a request, answered as problem+json (RFC 9457).

Every failure has this one shape, whatever caused it::

    {"type": "about:blank", "title": "Nicht gefunden", "status": 404, "detail": "…"}

``title`` and ``detail`` are German. Nothing in it comes from the machine: no path, no stack
trace, no name of a class.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

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
    headers
        Further headers of the answer.
    """

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})
        super().__init__(detail)


def bad_request(detail: str) -> Problem:
    """Return the fault of a value or parameter that is not allowed."""
    return Problem(400, detail)


def not_found(detail: str) -> Problem:
    """Return the fault of something that is not there."""
    return Problem(404, detail)


_WORDS: Mapping[int, tuple[str, str]] = {
    400: ("Anfrage nicht verständlich", "Diese Anfrage ist nicht verständlich."),
    403: ("Nicht erlaubt", "Von hier aus antwortet der Dienst nicht."),
    404: ("Nicht gefunden", "Diese Adresse gibt es hier nicht."),
    405: ("Methode nicht erlaubt", "Hier lässt sich nur lesen (GET, HEAD, OPTIONS)."),
    406: ("Format nicht verfügbar", "In diesem Format gibt es die Antwort nicht."),
    408: ("Zu langsam", "Die Anfrage kam nicht in der vorgesehenen Zeit an."),
    409: ("Passt nicht zusammen", "Programm und Ergebnisse passen nicht zusammen."),
    410: ("Nicht mehr da", "Das gehört zu einem früheren Stand."),
    413: ("Anfrage zu groß", "Dieser Dienst nimmt keine Daten entgegen."),
    414: ("Adresse zu lang", "Die Adresse dieser Anfrage ist zu lang."),
    421: ("Falscher Name", "Unter diesem Namen antwortet der Dienst nicht."),
    431: ("Kopf zu groß", "Die Kopfzeilen dieser Anfrage sind zu lang oder zu viele."),
    500: (
        "Interner Fehler",
        "Bei dieser Antwort ist dem Dienst ein Fehler unterlaufen. Er läuft weiter.",
    ),
    503: ("Gerade zu viel zu tun", "Bitte in ein paar Sekunden noch einmal versuchen."),
}
_OTHER = "Diese Anfrage lässt sich nicht beantworten."


def plain_problem(status: int, headers: Mapping[str, str] | None = None) -> Problem:
    """Return the fault of a status in general words."""
    return Problem(status, _WORDS.get(status, ("", _OTHER))[1], headers)


def problem_content(problem: Problem) -> dict[str, str | int]:
    """Return the members of the answer that tells of a fault, the same for every kind."""
    return {
        "type": "about:blank",
        "title": _WORDS.get(problem.status, ("Fehler", ""))[0],
        "status": problem.status,
        "detail": problem.detail,
    }


def problem_response(problem: Problem) -> Response:
    """Return the answer that tells programs of a fault."""
    return Response(
        json.dumps(problem_content(problem), ensure_ascii=False, allow_nan=False),
        problem.status,
        headers=problem.headers,
        media_type=PROBLEM_JSON,
    )
