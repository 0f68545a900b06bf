"""Changes as files: a table for spreadsheets and features for a GIS."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from geo.vector_files import write_geojson
from layers._change_values import decimal
from layers.changes import ADDED, CHANGED, REMOVED, Changes
from layers.csv_files import write_csv
from layers.layer_info import LAYERS, OSM, OWN

CSV_FILE = "aenderungen.csv"
GEOJSON_FILE = "aenderungen.geojson"

CHANGE_LABELS = {ADDED: "neu", REMOVED: "weggefallen", CHANGED: "geändert"}
"""German word of each kind of change."""

RENAMED = "neue Kennung, derselbe Ort"


def change_words(things: pd.DataFrame) -> list[str]:
    """Return the German word for what happened to each thing.

    Parameters
    ----------
    things
        As in ``Changes.things``.
    """
    return [
        RENAMED if old_id else CHANGE_LABELS[change]
        for change, old_id in zip(things["change"], things["old_id"], strict=True)
    ]


def field_sentences(changes: Changes) -> list[str]:
    """Return for each thing what changed: ``Name: A → B; Lage: 12 m verschoben``.

    Parameters
    ----------
    changes
        What differs.
    """
    parts: list[list[str]] = [[] for _ in range(len(changes.things))]
    listed = changes.fields[["thing", "title", "old", "new"]]
    for thing, title, old, new in listed.itertuples(index=False, name=None):
        parts[thing].append(f"{title}: {old} → {new}")
    moved = changes.things["moved_m"].to_numpy()
    share = changes.things["area_percent"].to_numpy()
    for row in np.flatnonzero(~np.isnan(moved)):
        parts[row].append(f"Lage: {decimal(float(moved[row]), 0)} m verschoben")
    for row in np.flatnonzero(~np.isnan(share)):
        parts[row].append(f"Fläche: {decimal(float(share[row]), 0)} % liegen anders")
    return ["; ".join(found) for found in parts]


def write_changes(changes: Changes, folder: Path) -> list[Path]:
    """Write ``aenderungen.csv`` and ``aenderungen.geojson``.

    The table has a row for each changed value, and one for each thing that came, went or
    moved. The GeoJSON file has a feature for each thing of a layer with a geometry.

    Parameters
    ----------
    changes
        What differs.
    folder
        An existing folder.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    geo.errors.OutputError
        If one cannot be written.
    """
    table, features = folder / CSV_FILE, folder / GEOJSON_FILE
    write_csv(_table(changes), table)
    _write_features(changes, features)
    return [table, features]


def _table(changes: Changes) -> pd.DataFrame:
    things = changes.things
    words = np.array(change_words(things), dtype=object)
    titles = things["layer"].map({name: info.title for name, info in LAYERS.items()})
    single = pd.DataFrame({"thing": np.arange(len(things)), "feld": "", "vorher": "", "jetzt": ""})
    listed = changes.fields.rename(columns={"title": "feld", "old": "vorher", "new": "jetzt"})
    plain = ~single["thing"].isin(listed["thing"])
    rows = pd.concat([single[plain], listed[["thing", "feld", "vorher", "jetzt"]]])
    rows = rows.sort_values("thing", kind="stable", ignore_index=True)
    at = rows["thing"].to_numpy(dtype=np.int64)
    return pd.DataFrame(
        {
            "ebene": titles.to_numpy(dtype=object)[at],
            "aenderung": words[at],
            "id": things["id"].to_numpy(dtype=object)[at],
            "fruehere_id": things["old_id"].to_numpy(dtype=object)[at],
            "name": things["name"].to_numpy(dtype=object)[at],
            "art": things["kind"].to_numpy(dtype=object)[at],
            "feld": rows["feld"].to_numpy(dtype=object),
            "vorher": rows["vorher"].to_numpy(dtype=object),
            "jetzt": rows["jetzt"].to_numpy(dtype=object),
            "verschoben_m": np.round(things["moved_m"].to_numpy()[at], 1),
            "flaeche_anders_prozent": np.round(things["area_percent"].to_numpy()[at], 1),
        }
    )


def _write_features(changes: Changes, path: Path) -> None:
    things = changes.things
    spatial = things["layer"].map({name: info.spatial for name, info in LAYERS.items()})
    rows = np.flatnonzero(spatial.to_numpy(dtype=bool))
    sentences = np.array([*field_sentences(changes), ""], dtype=object)[:-1]
    by_thing: dict[int, dict[str, list[str]]] = {}
    listed = changes.fields[["thing", "field", "old", "new"]]
    for thing, name, old, new in listed.itertuples(index=False, name=None):
        by_thing.setdefault(thing, {})[name] = [old, new]
    frame = things.iloc[rows].assign(
        text=sentences[rows],
        fields=pd.Series([by_thing.get(int(row), {}) for row in rows], index=rows, dtype=object),
        moved_m=things["moved_m"].iloc[rows].round(1),
        area_percent=things["area_percent"].iloc[rows].round(1),
    )
    frame = frame.reset_index(drop=True)
    members = {
        "name": "aenderungen",
        "title": "Änderungen",
        "attribution": f"{OWN.attribution}; {changes.new.get('attribution', OSM.attribution)}",
        "snapshot_old": changes.old.get("snapshot", ""),
        "snapshot_new": changes.new.get("snapshot", ""),
    }
    write_geojson(frame, path, id_column=None, members=members)
