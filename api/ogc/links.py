"""Links between the answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, unquote, urlencode

from fastapi import Request

from api.ogc.media_types import HTML, JSON

Link = dict[str, str]
Answer = dict[str, Any]


def base_url(request: Request) -> str:
    """Return the address of the service as the asker sees it, without a slash at the end."""
    return request.app.state.settings.url or str(request.base_url).rstrip("/")


def link(href: str, rel: str, media_type: str, title: str = "") -> Link:
    """Return a link with its relation and media type.

    Parameters
    ----------
    href
        Absolute address.
    rel
        Relation, e.g. ``"next"``.
    media_type
        Of what lies there.
    title
        German; "" for none.
    """
    made = {"href": href, "rel": rel, "type": media_type}
    return made | ({"title": title} if title else {})


def here(request: Request) -> str:
    """Return the address of what was asked for, without its parameters."""
    scope = request.scope
    raw: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
    # Part by part: a slash that belongs to an id stays apart from those between the parts.
    parts = raw.partition(b"?")[0].decode("ascii", "replace").split("/")
    path = "/".join(quote(unquote(part), safe="~") for part in parts)
    return base_url(request) + path.removeprefix(scope.get("root_path", ""))


def address(base: str, parameters: Mapping[str, str]) -> str:
    """Return an address with parameters; commas and slashes in them stay readable."""
    return f"{base}?{urlencode(parameters, safe=',:/', quote_via=quote)}" if parameters else base


def own_links(request: Request, media_type: str = JSON) -> list[Link]:
    """Return the links that every answer has: to itself, and to its page for people."""
    parameters = dict(request.query_params)
    page = parameters | {"f": "html"}
    return [
        link(address(here(request), parameters), "self", media_type, "Diese Antwort"),
        link(address(here(request), page), "alternate", HTML, "Diese Antwort als Seite"),
    ]


def link_header(links: Iterable[Link]) -> str:
    """Return links as the header ``Link`` writes them (RFC 8288)."""
    return ", ".join(f'<{one["href"]}>; rel="{one["rel"]}"; type="{one["type"]}"' for one in links)
