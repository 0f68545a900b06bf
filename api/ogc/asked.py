"""What a request is about: the snapshot and the collection."""

from __future__ import annotations

from fastapi import Request

from api.ogc.parameters import shown
from api.service.catalogue import Catalogue, Collection
from api.service.problems import not_found
from api.service.settings import ServiceSettings


def settings_of(request: Request) -> ServiceSettings:
    """Return what the service was started with."""
    settings: ServiceSettings = request.app.state.settings
    return settings


def catalogue_of(request: Request) -> Catalogue:
    """Return the snapshot that a request is answered from; take it once per request."""
    catalogue: Catalogue = request.app.state.store.current()
    return catalogue


def collection_of(catalogue: Catalogue, name: str) -> Collection:
    """Return a collection by its id.

    Raises
    ------
    api.service.problems.Problem
        404 if there is none.
    """
    found = catalogue.collections.get(name)
    if found is None:
        raise not_found(
            f"Die Ebene »{shown(name)}« gibt es nicht. Welche es gibt, steht unter /collections."
        )
    return found
