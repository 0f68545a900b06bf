"""Answers in the form that was asked for: JSON for programs, HTML for people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response

from api.ogc.media_types import HTML, JSON
from api.service.pages import render
from api.service.problems import bad_request

FORMATS = ("json", "html")
"""Values of the parameter ``f``."""


def wants_html(request: Request) -> bool:
    """Whether the answer shall be a page: by ``f``, else by the header ``Accept``.

    Raises
    ------
    api.service.problems.Problem
        If ``f`` names another format.
    """
    asked = request.query_params.get("f")
    if asked is not None:
        if asked not in FORMATS:
            raise bad_request("»f« ist »json« oder »html«.")
        return asked == "html"
    accepted = request.headers.get("accept", "").split(",")
    return accepted[0].partition(";")[0].strip() == HTML


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
    made = {"Vary": "Accept", **(headers or {})}
    if wants_html(request):
        return Response(render(request, kind, content), media_type=HTML, headers=made)
    text = json.dumps(content, ensure_ascii=False, allow_nan=False)
    return Response(text, media_type=media_type, headers=made)
