"""What a file of ours says about itself: German titles, columns, words of values, metadata."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from geo.gpkg_records import ColumnRecord, MetadataRecord, Records, StyleRecord
from layers.columns import Column, column_info
from layers.iso_metadata import ISO_STANDARD, iso_text
from layers.layer_frames import Exported
from layers.layer_info import LAYERS
from layers.release_metadata import release_metadata

MOST_WORDS = 500
"""Names of more houses than that are no list to choose from."""

_NAMED = {"house_id", "from_id", "site_id", "on_campus"}
"""Columns that hold ids of houses or grounds, whose names are their words."""


def value_words(exported: Exported, column: Column) -> dict[str, str]:
    """Return the German words for the values of a column; empty where there are none.

    Parameters
    ----------
    exported
        The release: its profiles, categories, and the names of houses and grounds in it.
    column
        A column of one of its layers.
    """
    if column.words_from == "profile":
        return exported.profile_labels
    if column.words_from == "category":
        table = exported.categories
        return dict(zip(table["id"], table["label"], strict=True))
    if column.name in _NAMED:
        return _origin_names(exported)
    return {} if column.others else dict(column.codes)


def file_records(
    exported: Exported,
    tables: Mapping[str, pd.DataFrame],
    styles: Mapping[str, StyleRecord],
) -> Records:
    """Return what a GeoPackage of a release says about itself.

    Parameters
    ----------
    exported
        The release.
    tables
        The further tables of the file, by name.
    styles
        How a GIS draws the layers.
    """
    told = [LAYERS[name].told(exported.facts["release"]) for name in exported.layers]
    titles = {info.name: (info.title, info.text) for info in told}
    for name in tables:
        info = column_info("geopackage", name)
        titles[name] = (info.title, info.text)
    columns = {
        name: {
            str(column): _column_record(exported, name, str(column))
            for column in frame.columns
            if column != "geometry"
        }
        for name, frame in {**exported.layers, **tables}.items()
    }
    document = MetadataRecord(ISO_STANDARD, "text/xml", iso_text(release_metadata(exported)))
    return Records(titles=titles, columns=columns, styles=styles, metadata=(document,))


def _column_record(exported: Exported, table: str, name: str) -> ColumnRecord:
    column = column_info(table, name)
    text = f"{column.text} ({column.unit})" if column.unit else column.text
    # Only values that can never be others are a rule of the file; the names of a study's
    # houses are words for its style alone.
    words = {} if column.name in _NAMED else value_words(exported, column)
    return ColumnRecord(column.title, text, words)


def _origin_names(exported: Exported) -> dict[str, str]:
    names: dict[str, str] = {}
    for layer in ("sites", "houses"):
        if layer in exported.layers:
            frame = exported.layers[layer]
            names |= {
                key: name or key for key, name in zip(frame["id"], frame["name"], strict=True)
            }
    return names if len(names) <= MOST_WORDS else {}
