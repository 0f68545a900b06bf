"""Pages for people, made from the same content as the answers for programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from urllib.parse import quote

from fastapi import Request
from jinja2 import Environment, PackageLoader, StrictUndefined

from api.service import page_objects, page_views
from api.service.page_assets import asset_address
from api.service.page_site import Site, catalogue_of, site_of
from maps.page import page_icon
from maps.symbols import load_symbols

AREAS = (
    ("karte", "/karte", "Karte"),
    ("ebenen", "/collections", "Ebenen"),
    ("dateien", "/dateien", "Dateien"),
    ("hilfe", "/hilfe", "Hilfe"),
    ("api", "/api", "Schnittstelle"),
)
"""Key, path and name of what the head of every page links to."""

View = Callable[[Request, Any, Site, Mapping[str, Any]], dict[str, Any]]
_VIEWS: Mapping[str, View] = {
    "landing": page_views.landing,
    "conformance": page_views.conformance,
    "collections": page_views.collections,
    "collection": page_views.collection,
    "queryables": page_views.queryables,
    "items": page_objects.items_view,
    "item": page_objects.item_view,
    "api": page_views.api,
}


def render(request: Request, kind: str, content: Mapping[str, Any]) -> str:
    """Return a page as HTML.

    Parameters
    ----------
    request
        What was asked.
    kind
        As ``api.ogc.answers.respond`` names it, ``"api"`` or ``"problem"``.
    content
        The answer as JSON's types; of a problem its members.

    Returns
    -------
    str
        Text that can be encoded: lone surrogates are replaced.

    Raises
    ------
    LookupError
        If there is no such kind.
    """
    if kind == "problem":
        site = site_of(request, None)
        return show("problem.html", site, **page_views.problem(content))
    catalogue = catalogue_of(request)
    site = site_of(request, catalogue)
    return show(f"{kind}.html", site, **_VIEWS[kind](request, catalogue, site, content))


def show(template: str, site: Site, **values: Any) -> str:
    """Fill a template.

    Parameters
    ----------
    template
        Its file name.
    site
        The frame of the page.
    values
        What the template names; ``title`` is the title of the page, ``here`` the key of the
        area in ``AREAS``.
    """
    made = _templates().get_template(template)
    text = made.render(
        site=site,
        areas=AREAS,
        icon=page_icon(load_symbols()),
        contact_url=_contact_url(site.contact),
        asset=lambda name: f"{site.root}/{asset_address(name)}",
        **values,
    )
    return text.encode("utf-8", "replace").decode("utf-8")


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("api.service"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def _contact_url(contact: str) -> str:
    """Return what a click on the contact opens: an address or a letter, "" if it is neither."""
    if contact.startswith(("https://", "http://")) and not any(sign in contact for sign in ' "<>'):
        return contact
    name, at, host = contact.partition("@")
    if at and name and "." in host and not any(sign in contact for sign in ' ,;?&:/"<>'):
        return "mailto:" + quote(contact, safe="@+")
    return ""
