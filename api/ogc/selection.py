"""Which features a request asks for."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

from api.ogc.bbox import asked_rectangle
from api.ogc.crs import CRS84, crs_by_uri
from api.ogc.filters import matching, parse
from api.ogc.instants import asked_period
from api.ogc.parameters import FILTER_LANG, Query, property_parameters
from api.service.catalogue import Catalogue, Collection
from api.service.problems import bad_request

SELECTING = ("bbox", "bbox-crs", "datetime", "filter", "filter-lang", "filter-crs", "query")
"""Parameters that select features, beside those named like properties."""

Rows = npt.NDArray[np.intp]


class _Condition(Protocol):
    def rows(self, collection: Collection) -> npt.NDArray[np.bool_]: ...


def selected_rows(catalogue: Catalogue, collection: Collection, query: Query) -> Rows:
    """Return the rows of the features that a request asks for, ascending.

    Parameters
    ----------
    catalogue
        Remembers what was selected, since every page of it is asked for in a request.
    collection
        Of the features.
    query
        What was asked; paging and form do not matter.

    Raises
    ------
    api.service.problems.Problem
        If a value is not understood.
    """
    properties = {one.name for one in property_parameters(collection)}
    asked = {key: value for key, value in query.items() if key in properties.union(SELECTING)}
    key = (collection.id, tuple(sorted(asked.items())))
    kept = catalogue.selections.get(key)
    if kept is None:
        values = {name: value for name, value in asked.items() if name in properties}
        kept = np.flatnonzero(_mask(collection, asked, values))
        catalogue.selections.put(key, kept, kept.nbytes)
    return kept


def _mask(collection: Collection, asked: Query, values: Query) -> npt.NDArray[np.bool_]:
    mask = np.ones(len(collection.frame), dtype=np.bool_)
    conditions: tuple[_Condition | None, ...] = (
        asked_rectangle(asked, collection),
        asked_period(asked),
    )
    for condition in conditions:
        if condition is not None:
            mask &= condition.rows(collection)
    if values:
        mask &= matching(collection, values).mask(collection)
    if asked.get("filter-lang", "cql2-text") not in FILTER_LANG.schema["enum"]:
        raise bad_request("»filter-lang« ist »cql2-text«.")
    crs = crs_by_uri("filter-crs", asked.get("filter-crs", CRS84.uri), collection)
    crs_by_uri("filter-crs", asked.get("filter-crs", CRS84.uri), collection)
    for name in ("filter", "query"):
        if name in asked:
            mask &= parse(asked[name], collection, crs.uri).mask(collection)
    return mask
