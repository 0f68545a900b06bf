"""What objects are called on pages: by their names, else by what tells them apart, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from api.service.catalogue import Catalogue, Collection
from api.service.page_site import Site, words_of
from api.service.page_words import Cell, cell, column_of
from layers.columns import Column

REFERRING = frozenset(
    {"house_id", "site_id", "on_campus", "nearest_id", "from_id", "to_id", "ranking_id",
     "recommended_id"}
)  # fmt: skip
"""Columns whose values are ids of objects of other layers."""

_TELLING = ("house_id", "site_id", "profile", "state", "minutes")
"""What tells objects without a name apart, where their key is an id alone."""

_CODED = " (Kennwort)"

_NAMES: WeakKeyDictionary[Catalogue, Mapping[str, tuple[str, str]]] = WeakKeyDictionary()

Words = Mapping[str, Mapping[str, str]]


def heading(column: Column) -> str:
    """Return the title of a column as it stands above words, not above the codes of the files."""
    return column.title.removesuffix(_CODED) if column.codes or column.words_from else column.title


def told_cell(catalogue: Catalogue, site: Site, column: Column, value: Any, words: Words) -> Cell:
    """Return how a value is shown: the id of another object as its name, with a link.

    Parameters
    ----------
    catalogue
        The release.
    site
        The frame of the page.
    column
        What the column is.
    value
        As in the JSON.
    words
        As for ``page_words.cell``.
    """
    if column.name in REFERRING and value:
        found = _names(catalogue).get(str(value))
        if found is not None:
            layer, name = found
            return Cell(name, href=site.item(layer, str(value)), inside=True)
    return cell(value, column, words)


def own_name(properties: Mapping[str, Any]) -> str:
    """Return the name of an object, or what kind of thing it is; "" if it says neither."""
    for key in ("name", "kind", "category_label"):
        if properties.get(key):
            return str(properties[key])
    return ""


def telling_columns(shown: Collection) -> list[str]:
    """Return the columns that tell the objects of a layer without names apart."""
    if "name" in shown.columns:
        return []
    if len(shown.info.key) > 1:
        return list(shown.info.key)
    return [name for name in _TELLING if name in shown.columns]


def name_of(
    catalogue: Catalogue,
    site: Site,
    shown: Collection,
    feature: Mapping[str, Any],
    telling: Sequence[str] | None = None,
) -> str:
    """Return what an object is called.

    Parameters
    ----------
    catalogue
        The release.
    site
        The frame of the page.
    shown
        Its layer.
    feature
        The object, as GeoJSON.
    telling
        Columns that tell it apart; those of its layer by default.
    """
    properties: Mapping[str, Any] = feature["properties"]
    words = words_of(catalogue)
    columns = telling_columns(shown) if telling is None else telling
    parts = [
        told_cell(catalogue, site, column_of(shown.id, name), properties.get(name), words).text
        for name in columns
    ]
    return own_name(properties) or ", ".join(parts) or str(feature["id"])


def _names(catalogue: Catalogue) -> Mapping[str, tuple[str, str]]:
    """Return layer and name of each object that has an id of its own."""
    if catalogue not in _NAMES:
        found: dict[str, tuple[str, str]] = {}
        for layer in reversed(list(catalogue.collections.values())):
            held = [key for key in ("name", "kind", "category_label") if key in layer.columns]
            if len(layer.info.key) > 1 or not held:
                continue
            rows: list[Any] = layer.frame[held].to_dict("records")
            for key, row in zip(layer.ids, rows, strict=True):
                found[str(key)] = (layer.id, own_name(row) or str(key))
        _NAMES[catalogue] = found
    return _NAMES[catalogue]
