"""What stands on every page: where it lies, whose it is, from when its data are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

from fastapi import Request

from api.ogc.links import base_url, here
from api.service.catalogue import Catalogue
from api.service.page_words import date_text
from layers.layer_frames import PUBLIC


@dataclass(frozen=True, slots=True)
class Site:
    """The frame of a page.

    Attributes
    ----------
    root
        Path under which the service lies, "" or e.g. ``"/sozialraum"``; links begin with it.
    base
        The whole address of the service, for other programs.
    study
        Name of the study, "" if nothing is loaded.
    fictional
        Whether its place is made up.
    date
        Of the data, German, or »unbekannt«.
    internal
        Whether the internal release is shown.
    publisher, contact
        Who answers for it; "" if the study does not say.
    attribution, licence, licence_url
        Of the base data.
    json_url
        Path of the same content as JSON; "" if there is none.
    """

    root: str
    base: str
    study: str = ""
    fictional: bool = False
    date: str = ""
    internal: bool = False
    publisher: str = ""
    contact: str = ""
    attribution: str = ""
    licence: str = ""
    licence_url: str = ""
    json_url: str = ""

    def items(self, collection: str, **parameters: str | int) -> str:
        """Return the path of a collection's objects."""
        query = f"?{urlencode(parameters)}" if parameters else ""
        return f"{self.collection(collection)}/items{query}"

    def collection(self, collection: str) -> str:
        """Return the path of a collection."""
        return f"{self.root}/collections/{quote(collection, safe='')}"

    def item(self, collection: str, feature: str) -> str:
        """Return the path of an object."""
        return f"{self.collection(collection)}/items/{quote(feature, safe='')}"


def catalogue_of(request: Request) -> Catalogue:
    """Return the snapshot that this request is answered from."""
    catalogue: Catalogue = request.app.state.store.current()
    return catalogue


def site_of(request: Request, catalogue: Catalogue | None, *, also_json: bool = True) -> Site:
    """Return the frame of the page that answers a request.

    Parameters
    ----------
    request
        What was asked.
    catalogue
        What is shown; None where a fault is told.
    also_json
        Whether the same address has an answer in JSON.
    """
    base = base_url(request) if "app" in request.scope else ""
    root = urlsplit(base).path.rstrip("/")
    if catalogue is None:
        return Site(root=root, base=base)
    facts: Mapping[str, str] = catalogue.exported.facts
    return Site(
        root=root,
        base=base,
        study=facts["study"],
        fictional=facts["fictional"] == "true",
        date=date_text(facts["data_date"]),
        internal=facts["release"] != PUBLIC,
        publisher=facts.get("publisher", ""),
        contact=facts.get("contact", ""),
        attribution=facts["attribution"],
        licence=facts["licence"],
        licence_url=facts["licence_url"],
        json_url=_as_json(request, root) if also_json else "",
    )


def _as_json(request: Request, root: str) -> str:
    asked = {key: value for key, value in request.query_params.items() if key != "f"}
    path = here(request).removeprefix(base_url(request))
    return f"{root}{path}?{urlencode({**asked, 'f': 'json'})}"


def words_of(catalogue: Catalogue) -> dict[str, dict[str, str]]:
    """Return the study's own words: names of profiles and categories by their ids."""
    categories = catalogue.exported.categories
    labels = dict(zip(categories["id"], categories["label"], strict=True))
    return {
        "profile": catalogue.exported.profile_labels,
        "category": {str(key): str(label) for key, label in labels.items()},
    }
