"""Pages of features: which rows stand on a page, and how the next one is asked for.

The links ``next`` and ``prev`` name the last and the first feature of a page, not a number of
features to leave out. The features are sorted by their ids, so paging goes on rightly when a new
snapshot appears in between: what is in both comes once, and nothing of it is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from api.ogc.crs import CRS84, OfferedCrs, crs_by_uri
from api.ogc.parameters import Query, shown
from api.ogc.selection import Rows, selected_rows
from api.service.catalogue import Catalogue, Collection
from api.service.problems import bad_request
from api.service.settings import ServiceSettings
from geo.feature_json import feature_texts

_DIGITS = re.compile("[0-9]+")
_ALL_DIGITS = 9
"""Digits of a number that is surely greater than that of all features."""

_OVERHEAD = 200
"""Bytes that a remembered text needs beside its own."""

PAGING = ("offset", "after", "before")


@dataclass(frozen=True, slots=True)
class Page:
    """A page of features.

    Attributes
    ----------
    features
        Their text as JSON, with commas between them.
    matched, returned
        How many features match the request, and how many stand here.
    before, after
        Ids of the first and the last feature here if there are others before and after, else
        None.
    crs
        Of the coordinates.
    """

    features: bytes
    matched: int
    returned: int
    before: str | None
    after: str | None
    crs: OfferedCrs


def asked_limit(query: Query, settings: ServiceSettings) -> int:
    """Return how many features a page shall hold; more than the most there is means the most.

    Raises
    ------
    api.service.problems.Problem
        If it is no whole number from 1.
    """
    if "limit" not in query:
        return settings.default_limit
    limit = _whole_number("limit", query["limit"])
    if limit < 1:
        raise bad_request(f"»limit« ist mindestens 1; es gibt höchstens {settings.max_limit}.")
    return min(limit, settings.max_limit)


def asked_crs(query: Query, collection: Collection) -> OfferedCrs:
    """Return the CRS of the answer.

    Raises
    ------
    api.service.problems.Problem
        If it is not offered.
    """
    return crs_by_uri("crs", query.get("crs", CRS84.uri), collection)


def find_page(
    catalogue: Catalogue, collection: Collection, query: Query, settings: ServiceSettings
) -> Page:
    """Return the page that a request asks for.

    Parameters
    ----------
    catalogue
        The snapshot.
    collection
        Of the features.
    query
        What was asked.
    settings
        With the limits of a page.

    Raises
    ------
    api.service.problems.Problem
        If a value is not understood.
    """
    limit, crs = asked_limit(query, settings), asked_crs(query, collection)
    rows = selected_rows(catalogue, collection, query)
    first, last = _bounds(rows, collection, query, limit)
    there = rows[first:last]
    return Page(
        features=b",\n".join(written_features(catalogue, collection, there, crs)),
        matched=len(rows),
        returned=len(there),
        before=str(collection.ids.iloc[there[0]]) if len(there) and first > 0 else None,
        after=str(collection.ids.iloc[there[-1]]) if len(there) and last < len(rows) else None,
        crs=crs,
    )


def written_features(
    catalogue: Catalogue, collection: Collection, rows: Rows, crs: OfferedCrs
) -> list[bytes]:
    """Return features as JSON; each is written once in a CRS, as long as there is room.

    Parameters
    ----------
    catalogue
        Remembers them.
    collection
        Of the features.
    rows
        Which.
    crs
        Of the coordinates.
    """
    keys = [(collection.id, crs.uri, row) for row in rows.tolist()]
    texts = catalogue.features.get_many(keys)
    missing = [place for place, text in enumerate(texts) if text is None]
    if missing:
        wanted = rows[missing]
        shapes = collection.shapes(crs.code)
        made = feature_texts(
            collection.frame.iloc[wanted],
            collection.ids.iloc[wanted],
            None if shapes is None else shapes.rows(wanted),
            swap=crs.swap,
        )
        for place, text in zip(missing, made, strict=True):
            written = text.encode("utf-8", errors="replace")
            texts[place] = written
            catalogue.features.put(keys[place], written, len(written) + _OVERHEAD)
    return [text for text in texts if text is not None]


def _bounds(rows: Rows, collection: Collection, query: Query, limit: int) -> tuple[int, int]:
    """Return where in the selected rows the page begins and ends."""
    named = [name for name in PAGING if name in query]
    if len(named) > 1:
        raise bad_request(f"Von »{'«, »'.join(PAGING)}« darf nur eines dastehen.")
    if "before" in query:
        last = int(np.searchsorted(rows, collection.position(query["before"])))
        return max(0, last - limit), last
    first = min(_whole_number("offset", query.get("offset", "0")), len(rows))
    if "after" in query:
        position = collection.position(query["after"])
        there = collection.row(query["after"]) is not None
        first = int(np.searchsorted(rows, position + there))
    return first, min(first + limit, len(rows))


def _whole_number(name: str, text: str) -> int:
    if _DIGITS.fullmatch(text) is None:
        raise bad_request(f"»{name}« ist eine ganze Zahl ohne Vorzeichen, nicht »{shown(text)}«.")
    digits = text.lstrip("0")
    return int(digits or "0") if len(digits) <= _ALL_DIGITS else 10**_ALL_DIGITS
