"""The list of every field that leaves: read from the written files, not from the whitelist."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd

from layers.columns import column_info
from layers.csv_files import write_csv
from layers.layer_frames import Exported
from layers.layer_info import LAYERS, OSM, Source

LIST_FILE = "freigabe.csv"
LIST_COLUMNS = ("Datei", "Ebene", "Spalte", "Titel", "Quelle", "Lizenz")

GEOMETRY = "geometry"
_GEOMETRY_TITLE = "Lage"
_MAP_FILE = "karte.html"
_GENERAL = {
    "categories": "Kategorien",
    "summaries": "Sätze zu den Geländen",
    "layer_info": "Verzeichnis der Ebenen",
    "metadata": "Angaben zur Datei",
}


def release_list(public: Exported, folder: Path) -> pd.DataFrame:
    """List every field in every file of a public release.

    Parameters
    ----------
    public
        What was released.
    folder
        Where its files lie.

    Returns
    -------
    pandas.DataFrame
        ``LIST_COLUMNS``, text, sorted by file, then in the order of the file. Columns of
        GeoPackage, GeoJSON and CSV files are read from them. The map tells the fields of its
        layers; another file is listed as a whole.
    """
    rows: list[tuple[str, ...]] = []
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        name = path.relative_to(folder).as_posix()
        for layer, column in _fields(path, public):
            source = _source(layer, public)
            rows.append(
                (
                    name,
                    layer,
                    column,
                    _title(name, layer, column),
                    source.attribution,
                    source.licence,
                )
            )
    return pd.DataFrame(rows, columns=list(LIST_COLUMNS), dtype="str")


def write_release_list(listed: pd.DataFrame, path: Path) -> None:
    """Write the list as a table for German Excel.

    Parameters
    ----------
    listed
        As ``release_list`` makes it.
    path
        Target.
    """
    write_csv(listed, path)


def _fields(path: Path, public: Exported) -> Iterator[tuple[str, str]]:
    """Yield layer and column of all fields of a file."""
    if path.suffix == ".gpkg":
        yield from _tables(path)
    elif path.suffix == ".geojson":
        yield from _properties(path)
    elif path.suffix == ".csv":
        with path.open(encoding="utf-8-sig") as file:
            yield from (("", name.strip('"')) for name in file.readline().strip().split(";"))
    elif path.name == _MAP_FILE:
        for layer, frame in public.layers.items():
            # The table of who reaches the gates stands in no map without a neighbourhood.
            if layer != "site_reach":
                yield from ((layer, str(column)) for column in frame.columns)
        yield from (("summaries", str(column)) for column in public.summaries.columns)
    else:
        yield "", ""


def _tables(path: Path) -> Iterator[tuple[str, str]]:
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
        names = database.execute(
            "SELECT table_name FROM gpkg_contents ORDER BY table_name"
        ).fetchall()
        for (table,) in names:
            columns = database.execute("SELECT name FROM pragma_table_info(?)", (table,))
            yield from ((table, GEOMETRY if one == "geom" else one) for (one,) in columns)


def _properties(path: Path) -> Iterator[tuple[str, str]]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    names: dict[str, None] = {}
    for feature in content["features"]:
        names |= dict.fromkeys(feature["properties"])
    yield from ((path.stem, name) for name in [*names, GEOMETRY])


def _title(file: str, layer: str, column: str) -> str:
    if column == GEOMETRY:
        return _GEOMETRY_TITLE
    if not column:
        return "Datei im Ganzen"
    try:
        return column_info(layer or file, column).title
    except LookupError:
        return _GENERAL.get(layer, column)


def _source(layer: str, public: Exported) -> Source:
    if layer in LAYERS:
        return public.layer_source(layer)
    facts = public.facts
    return Source(facts.get("attribution", OSM.attribution), facts.get("licence", OSM.licence))
