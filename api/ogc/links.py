"""Links between the answers."""

from __future__ import annotations

from typing import Any

from fastapi import Request

Link = dict[str, str]


def base_url(request: Request) -> str:
    """Return the address of the service as the asker sees it, without a slash at the end."""
    return request.app.state.settings.url or str(request.base_url).rstrip("/")


def link(href: str, rel: str, media_type: str, title: str = "") -> Link:
    """Return a link with its relation and media type."""
    made = {"href": href, "rel": rel, "type": media_type}
    return made | ({"title": title} if title else {})


Answer = dict[str, Any]
