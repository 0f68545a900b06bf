"""Pages for people, made from the same content as the answers for programs."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from fastapi import Request


def render(request: Request, kind: str, content: Mapping[str, Any]) -> str:  # noqa: ARG001
    """Return a page as HTML.

    Parameters
    ----------
    request
        What was asked.
    kind
        As ``api.ogc.answers.respond`` names it.
    content
        The answer as JSON's types.
    """
    title = escape(str(content.get("title", kind)))
    return f'<!DOCTYPE html><html lang="de"><title>{title}</title><h1>{title}</h1></html>'
