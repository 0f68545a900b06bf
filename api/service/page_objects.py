"""Objects on pages: as a table with filters, and one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from fastapi import Request

from api.service import page_plan
from api.service.catalogue import Catalogue, Collection
from api.service.page_filters import PAGING, filter_fields
from api.service.page_names import heading, name_of, telling_columns, told_cell
from api.service.page_site import Site, words_of
from api.service.page_views import LayerRow, layer_row, map_url, path_to
from api.service.page_words import Cell, column_of, count_text, number_text
from layers.columns import Column

_NOT_LISTED = {"id", "name", "osm_ids", "candidate_id"}
"""Properties that stand on the page of an object, and in no list."""


def items_view(
    request: Request, catalogue: Catalogue, site: Site, content: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what a page of objects shows.

    Parameters
    ----------
    request
        What was asked.
    catalogue
        The release.
    site
        The frame of the page.
    content
        The answer: a feature collection.
    """
    shown = catalogue.collections[str(request.path_params["collection_id"])]
    row = layer_row(shown)
    features: Sequence[Mapping[str, Any]] = content["features"]
    total = int(content.get("numberMatched", len(features)))
    asked = dict(request.query_params)
    filtered = bool(set(asked) - PAGING - {"crs"})
    words = count_text(total, "Objekt", "Objekte")
    ids = [str(one["id"]) for one in features]
    rows = [number for key in ids if (number := shown.row(key)) is not None]
    label = f"Lageplan: {count_text(len(features), 'Objekt', 'Objekte')} der Ebene {row.title}."
    return {
        "title": f"{row.title}: Objekte",
        "json_type": "application/geo+json",
        "here": "ebenen",
        "crumbs": path_to(site, row, ("", "Objekte")),
        "row": row,
        "total_words": f"{_capital(words)} in dieser Auswahl." if filtered else _total(row),
        "filtered": filtered,
        "filters": filter_fields(shown, words_of(catalogue), asked),
        "drawing": page_plan.plan(catalogue, shown, rows, label),
        "figure_words": "Die Objekte dieser Seite.",
        "range_words": _range(shown, ids, total, filtered=filtered),
        "previous": _paged(site, shown, content, "prev"),
        "following": _paged(site, shown, content, "next"),
        "geojson_url": _geojson_url(site, shown, asked),
        **_table(catalogue, site, shown, features),
    }


def item_view(
    request: Request, catalogue: Catalogue, site: Site, content: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the page of an object shows.

    Parameters
    ----------
    request
        What was asked.
    catalogue
        The release.
    site
        The frame of the page.
    content
        The answer: a feature.
    """
    shown = catalogue.collections[str(request.path_params["collection_id"])]
    row = layer_row(shown)
    feature = str(content["id"])
    properties: Mapping[str, Any] = content["properties"]
    words = words_of(catalogue)
    columns = {name: column_of(shown.id, name) for name in properties}
    number = shown.row(feature)
    rows = [] if number is None else [number]
    name = name_of(catalogue, site, shown, content)
    kind = str(properties.get("kind") or properties.get("category_label") or "")
    return {
        "title": f"{name}, {row.title}",
        "json_type": "application/geo+json",
        "here": "ebenen",
        "crumbs": path_to(site, row, (site.items(row.id), "Objekte"), ("", name)),
        "row": row,
        "name": name,
        "kind": "" if kind == name else kind,
        "facts": [
            (heading(columns[key]), told_cell(catalogue, site, columns[key], value, words))
            for key, value in properties.items()
            if key not in _coded(properties)
        ],
        "drawing": page_plan.plan(
            catalogue,
            shown,
            rows,
            f"Lageplan eines Objekts der Ebene {row.title}.",
            width=560,
            height=400,
        ),
        "figure_words": "Lage; schraffiert: das Gelände.",
        "map_url": map_url(site, shown, feature),
        "self_url": f"{site.base}/collections/{quote(shown.id, safe='')}/items/"
        + quote(feature, safe=""),
    }


def _total(row: LayerRow) -> str:
    return f"{_capital(row.count_words)}. {row.text}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _table(
    catalogue: Catalogue, site: Site, shown: Collection, features: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return head and rows of the table, and apart what is the same in all rows."""
    words = words_of(catalogue)
    left_out = _NOT_LISTED | _coded(shown.columns)
    names = [name for name in shown.columns if name not in left_out]
    known = {name: column_of(shown.id, name) for name in names}
    values = {name: [one["properties"].get(name) for one in features] for name in names}
    ids = [str(one["id"]) for one in features]
    same = [
        name
        for name in names
        if len(features) > 1 and all(value == values[name][0] for value in values[name])
    ]
    telling = [name for name in telling_columns(shown) if name not in same]

    def told(name: str, value: Any) -> Cell:
        return told_cell(catalogue, site, known[name], value, words)

    cells = {name: [told(name, value) for value in values[name]] for name in names}
    own = [
        name
        for name in names
        if name not in [*same, *telling]
        and values[name] != ids
        # Whole paragraphs stand on the page of the object: here they would fill the screen.
        and all(one.kind != "long" for one in cells[name])
    ]

    titles = [heading(known[name]) for name in telling]
    first = column_of(shown.id, "name").title if "name" in shown.columns else ", ".join(titles)
    return {
        "columns": [
            {"title": first or "Kennung", "number": False},
            *({"title": heading(known[name]), "number": _is_number(known[name])} for name in own),
        ],
        "rows": [
            {
                "href": site.item(shown.id, key),
                "name": name_of(catalogue, site, shown, one, telling),
                "cells": [cells[name][row] for name in own],
            }
            for row, (key, one) in enumerate(zip(ids, features, strict=True))
        ],
        "common": [(heading(known[name]), cells[name][0]) for name in same],
    }


def _coded(names: Iterable[str]) -> set[str]:
    """Return the properties that are codes of words which stand beside them."""
    known = set(names)
    return {name for name in known if f"{name}_label" in known}


def _is_number(column: Column) -> bool:
    return column.type in {"number", "integer"}


def _range(shown: Collection, ids: Sequence[str], total: int, *, filtered: bool) -> str:
    """Say which of all objects stand on the page, as far as their numbers are known."""
    if not ids:
        return "Keine Objekte."
    first = None if filtered else shown.row(ids[0])
    if first is None:
        return f"{number_text(len(ids))} von {number_text(total)} auf dieser Seite"
    span = number_text(first + 1)
    if len(ids) > 1:
        span = f"{span} bis {number_text(first + len(ids))}"
    return f"{span} von {number_text(total)}"


def _paged(site: Site, shown: Collection, content: Mapping[str, Any], rel: str) -> str:
    """Return the path of the page before or after this one, "" if there is none."""
    for one in content.get("links", []):
        if one.get("rel") == rel:
            query = [(key, value) for key, value in parse_qsl(urlsplit(one["href"]).query)]
            kept = urlencode([(key, value) for key, value in query if key != "f"])
            return f"{site.collection(shown.id)}/items?{kept}"
    return ""


def _geojson_url(site: Site, shown: Collection, asked: Mapping[str, str]) -> str:
    kept = {key: value for key, value in asked.items() if key not in PAGING}
    url = f"{site.base}/collections/{quote(shown.id, safe='')}/items"
    return f"{url}?{urlencode(kept)}" if kept else url
