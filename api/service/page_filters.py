"""The form above a list of objects: what can be chosen, and what the choice asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from api.ogc.queryables import BOOLEAN, GEOMETRY, NUMBER, STRING, Queryable, queryables
from api.service.catalogue import Collection
from api.service.page_words import column_of
from layers.columns import Column

NAME, NAME_PART = "name", "name_enthaelt"
"""The property that is searched for a part of a text, and the field of the form."""

PAGING = frozenset({"limit", "offset", "after", "before", "f"})
"""Parameters that turn pages and choose forms, and no objects."""

_MOST_OPTIONS = 60
_MOST_LETTERS = 80
_NOT_FILTERED = frozenset(
    {"id", "source", "licence", "data_date", "osm_ids", "website", "opening_hours", "address"}
)
_YES_NO = (("true", "ja"), ("false", "nein"))
_PART = re.compile(r"CASEI\(name\) LIKE CASEI\('%((?:[^']|'')*)%'\)")

_OPTIONS: WeakKeyDictionary[Collection, dict[str, tuple[str, ...]]] = WeakKeyDictionary()


def filter_parameters(shown: Collection, form: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters that ask for what a form says.

    Parameters
    ----------
    shown
        The collection.
    form
        Fields of the form; those that are empty or unknown say nothing.

    Returns
    -------
    dict
        Parameters of ``/items``; a part of a name becomes a filter in CQL2 text.
    """
    known = queryables(shown)
    chosen = {
        name: form[name]
        for name, one in known.items()
        if one.type != GEOMETRY and form.get(name, "")
    }
    part = form.get(NAME_PART, "").strip()
    if part and _searches_names(known):
        chosen |= {"filter": f"CASEI(name) LIKE CASEI('%{_escaped(part)}%')"}
    return chosen


def filter_fields(
    shown: Collection, words: Mapping[str, Mapping[str, str]], asked: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return the fields of the form: properties with a few values, to choose from.

    Parameters
    ----------
    shown
        The collection.
    words
        The study's own words, as ``page_site.words_of`` gives them.
    asked
        The parameters of the page.
    """
    fields: list[dict[str, Any]] = []
    for name, one in queryables(shown).items():
        worded = name == "category" and "category_label" in shown.columns
        if one.type == GEOMETRY or name in _NOT_FILTERED or worded:
            continue
        options, chosen = _options(shown, one), asked.get(name, "")
        if name == NAME and not options and one.type == STRING:
            fields.append(_name_field(one, asked))
        elif len(options) > 1 or chosen:
            texts = [*options, chosen] if chosen and chosen not in options else list(options)
            column = column_of(shown.id, name)
            choice = _YES_NO if one.type == BOOLEAN else _worded(texts, column, words)
            fields.append({"name": name, "title": one.title, "chosen": chosen, "options": choice})
    return fields


def _searches_names(known: Mapping[str, Queryable]) -> bool:
    return NAME in known and known[NAME].type == STRING


def _name_field(one: Queryable, asked: Mapping[str, str]) -> dict[str, Any]:
    found = _PART.fullmatch(asked.get("filter", ""))
    chosen = re.sub(r"\\(.)", r"\1", found[1].replace("''", "'")) if found else ""
    return {
        "name": NAME_PART, "title": f"{one.title} enthält", "chosen": chosen, "options": [],
    }  # fmt: skip


def _escaped(part: str) -> str:
    """Return text as part of a pattern: its own marks mean themselves."""
    return re.sub(r"([\\%_])", r"\\\1", part).replace("'", "''")


def _worded(
    texts: Sequence[str], column: Column, words: Mapping[str, Mapping[str, str]]
) -> list[tuple[str, str]]:
    codes = column.codes or words.get(column.words_from, {})
    unit = f"\u00a0{column.unit}" if column.unit else ""
    return [(text, codes.get(text, text) + unit) for text in texts]


def _options(shown: Collection, one: Queryable) -> tuple[str, ...]:
    """Return the values of a property where there are a few, sorted."""
    known = _OPTIONS.setdefault(shown, {})
    if one.name not in known:
        known[one.name] = _distinct(shown, one)
    return known[one.name]


def _distinct(shown: Collection, one: Queryable) -> tuple[str, ...]:
    if one.type == NUMBER:
        return ()
    values = shown.frame[one.name].dropna().unique()
    if one.type == BOOLEAN:
        return ("true", "false") if len(values) > 1 else ()
    if len(values) > _MOST_OPTIONS:
        return ()
    texts = [str(value) for value in sorted(values) if str(value)]
    return () if any(len(text) > _MOST_LETTERS for text in texts) else tuple(texts)
