"""Answers in the form that was asked for: JSON for programs, HTML for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import Request, Response

from api.ogc.links import Link, link_header
from api.ogc.media_types import HTML, JSON
from api.ogc.parameters import FORMAT
from api.service.pages import render
from api.service.problems import bad_request

FORMATS = tuple(FORMAT.schema["enum"])
"""Values of the parameter ``f``."""

_PAGE_TYPES = (HTML, "application/xhtml+xml")


def wants_html(request: Request) -> bool:
    """Whether the answer shall be a page: by ``f``, else by the header ``Accept``.

    What the header weighs most decides; what stands first among equals. A client that
    accepts neither gets JSON (RFC 9110, 12.5.1, leaves that to the server).

    Raises
    ------
    api.service.problems.Problem
        If ``f`` names another format.
    """
    asked = request.query_params.get("f")
    if asked is not None:
        if asked not in FORMATS:
            raise bad_request("»f« ist »json« oder »html«.")
        return bool(asked == "html")
    best, page = 0.0, False
    for part in request.headers.get("accept", "").split(","):
        media_type, *parameters = (piece.strip() for piece in part.split(";"))
        weight = _weight(parameters)
        known = media_type in _PAGE_TYPES or "json" in media_type or media_type == "*/*"
        if known and weight > best:
            best, page = weight, media_type in _PAGE_TYPES
    return page


def _weight(parameters: Iterable[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return min(float(value), 1.0)
            except ValueError:
                return 0.0
    return 1.0


def respond(
    request: Request,
    kind: str,
    content: Mapping[str, Any],
    media_type: str = JSON,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return an answer in the form that was asked for.

    Parameters
    ----------
    request
        What was asked.
    kind
        Which page shows it: ``"landing"``, ``"conformance"``, ``"collections"``,
        ``"collection"``, ``"queryables"``, ``"items"`` or ``"item"``.
    content
        The answer as JSON's types, the same for both forms.
    media_type
        Media type of the JSON.
    headers
        Further headers.
    """
    links = content.get("links", ())
    if wants_html(request):
        page = render(request, kind, content)
        return respond_bytes(page.encode(errors="replace"), HTML, links, headers)
    text = json.dumps(content, ensure_ascii=False, allow_nan=False)
    return respond_bytes(text.encode(errors="replace"), media_type, links, headers)


def respond_bytes(
    body: bytes,
    media_type: str,
    links: Iterable[Link] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return an answer that is written already, with its links in the header ``Link`` too.

    Parameters
    ----------
    body
        The answer.
    media_type
        Its media type.
    links
        That it holds.
    headers
        Further headers.
    """
    made = dict(headers or {})
    listed = link_header(links)
    return Response(
        body, media_type=media_type, headers=made | ({"Link": listed} if listed else {})
    )
