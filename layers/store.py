"""The snapshot on disk: one GeoPackage that opens in QGIS as it lies, and can be read back.

Beside the layers it holds four small tables without geometry: ``categories`` (what the ids
mean), ``summaries`` (the sentences per house), ``layer_info`` (title, source and licence of
each layer) and ``metadata`` (what the file is). It says about itself what a GIS shows: German
titles, names of columns, words of values, styles and metadata (``layers.file_records``).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from geo.attribute_tables import append_table
from geo.errors import OutputError
from geo.gpkg_records import StyleRecord, write_records
from geo.result_files import read_tables
from geo.vector_files import write_gpkg
from geo.whole_files import replacing
from layers.file_records import file_records
from layers.layer_frames import INTERNAL, PUBLIC, Exported, export_snapshot, layer_columns, typed
from layers.layer_info import LAYERS
from layers.snapshot import Snapshot

SNAPSHOT_FILE = "snapshot.gpkg"

_CATEGORY_TYPES = {
    "id": "str",
    "label": "str",
    "layer": "str",
    "category_group": "str",
    "role": "str",
    "completeness": "str",
    "partner": "bool",
    "indicator": "bool",
}
_SUMMARY_TYPES = {"house_id": "str", "profile": "str", "position": "int64", "text": "str"}


def write_snapshot(snapshot: Snapshot, path: Path) -> None:
    """Write all exported layers of a snapshot into one GeoPackage.

    Parameters
    ----------
    snapshot
        The results; their metric CRS is the file's.
    path
        Target; appears whole or not at all. Same snapshot, same bytes.

    Raises
    ------
    geo.errors.OutputError
        If the file cannot be written.
    """
    write_exported(export_snapshot(snapshot), path)


def write_exported(
    exported: Exported, path: Path, styles: Mapping[str, StyleRecord] | None = None
) -> None:
    """Write what ``export_snapshot`` made or ``read_exported`` read; see ``write_snapshot``.

    Parameters
    ----------
    exported
        A release.
    path
        Target; appears whole or not at all.
    styles
        How a GIS draws the layers, by name (``maps.gis_styles``); none: as it likes.

    Raises
    ------
    geo.errors.OutputError
        If the file cannot be written.
    """
    layers = exported.layers
    spatial = {name: frame for name, frame in layers.items() if LAYERS[name].spatial}
    tables = {
        **{name: frame for name, frame in layers.items() if not LAYERS[name].spatial},
        "categories": exported.categories,
        "summaries": exported.summaries,
        "layer_info": _layer_info(exported),
        "metadata": pd.DataFrame(
            {"key": list(exported.facts), "value": list(exported.facts.values())}, dtype="str"
        ),
    }
    with replacing(path) as temporary:
        write_gpkg(spatial, temporary, exported.crs)
        for name, frame in tables.items():
            append_table(temporary, name, frame)
        further = {name: frame for name, frame in tables.items() if name not in layers}
        write_records(temporary, file_records(exported, further, styles or {}))


def read_exported(path: Path, *, lenient: bool = False) -> Exported:
    """Read back what ``write_snapshot`` wrote, with the types it was written with.

    Parameters
    ----------
    path
        The file; it is not trusted (``geo.result_files``).
    lenient
        Take a file of an older version too, with the layers and columns that it has.

    Raises
    ------
    geo.errors.OutputError
        If the file is missing, is none of ours, or lacks a layer.
    """
    tables = read_tables(path, [*LAYERS, "categories", "summaries", "layer_info", "metadata"])
    try:
        metadata = tables["metadata"]
        facts = dict(zip(metadata["key"], metadata["value"].fillna(""), strict=True))
        # Before there were two releases, there was the internal one.
        facts.setdefault("release", INTERNAL)
        minutes = tuple(int(value) for value in facts["minutes"].split(","))
        # A public release holds some of the layers and columns only.
        held = list(tables["layer_info"]["layer"])
        layers: dict[str, Any] = {}
        for name in held:
            frame = tables[name]
            columns = layer_columns(name, minutes)
            if lenient or facts["release"] == PUBLIC:
                columns = [column for column in columns if column in frame.columns]
            layers[name] = typed(frame, columns)
        categories = tables["categories"].astype(_CATEGORY_TYPES)
        summaries = tables["summaries"].astype(_SUMMARY_TYPES)
    except (KeyError, TypeError, ValueError) as error:
        raise OutputError(
            "Die Ergebnisdatei passt nicht zu dieser Fassung des Programms oder wurde verändert.",
            where=path,
            remedy="Die Studie mit »sozialraum build« neu bauen.",
        ) from error
    return Exported(facts, minutes, layers, categories, summaries)


def _layer_info(exported: Exported) -> pd.DataFrame:
    rows = [
        (
            info.name,
            info.title,
            info.text,
            exported.layer_source(info.name).attribution,
            exported.layer_source(info.name).licence,
            exported.facts["data_date"],
            len(exported.layers[info.name]),
        )
        for info in (LAYERS[name].told(exported.facts["release"]) for name in exported.layers)
    ]
    columns = ["layer", "title", "text", "source", "licence", "data_date", "rows"]
    return pd.DataFrame(rows, columns=columns).astype({"rows": "int64"})
