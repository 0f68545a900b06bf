"""Layers of a vector file from outside, sent from the guarded process and checked here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geo._guarded_child import Sender
from geo._wkb import read_many
from geo.errors import VectorFileError
from geo.foreign_files import (
    Limits,
    Record,
    VectorLayer,
    crs_from_code,
    crs_from_wkt,
    read_here,
)
from geo.guarded import Guard, Parts, ask


def ask_for_layers(path: Path, limits: Limits) -> tuple[VectorLayer, ...]:
    """Have a file read in a guarded process; see ``geo.foreign_files.read_vector``.

    Parameters
    ----------
    path
        The file.
    limits
        Sizes beyond which it is refused.

    Raises
    ------
    VectorFileError
        As ``read_vector`` does, or because a limit of the process was passed.
    """
    arguments = {"path": str(path), "limits": asdict(limits)}
    parts = ask("vector", path, arguments, VectorFileError, Guard())
    try:
        return tuple(_layer(parts) for _ in range(parts.plain(int)))
    except (ValueError, KeyError, TypeError) as error:
        raise VectorFileError(
            "Was aus der Datei gelesen wurde, ist nicht stimmig.",
            where=path,
            remedy="Die Datei neu speichern, zum Beispiel in QGIS.",
        ) from error


def answer(arguments: Mapping[str, Any], sender: Sender) -> None:
    """Read a file and send its layers; runs in the guarded process.

    Parameters
    ----------
    arguments
        ``path`` and ``limits``.
    sender
        Where to.
    """
    layers = read_here(Path(arguments["path"]), Limits(**arguments["limits"]))
    sender.plain(len(layers))
    for layer in layers:
        records = layer.records
        sender.plain(
            {
                "name": layer.name,
                # A plain code, or the well-known text as the file has it.
                "crs": None if layer.crs is None else layer.crs.srs,
                "records": [[one.position, one.id, one.properties, one.fault] for one in records],
            }
        )
        send_shapes([one.geometry for one in records], sender)


def send_shapes(shapes: Sequence[Any], sender: Sender) -> None:
    """Send geometries: their lengths, then their well-known binary.

    Parameters
    ----------
    shapes
        Geometries or None.
    sender
        Where to.
    """
    blobs = shapely.to_wkb(np.array(shapes, dtype=object), output_dimension=2)
    sender.plain([-1 if blob is None else len(blob) for blob in blobs])
    sender.binary(b"".join(blob for blob in blobs if blob is not None))


def take_shapes(parts: Parts) -> Any:
    """Take what `send_shapes` sent, an array of geometries or None.

    Raises
    ------
    ValueError
        If it is broken.
    """
    lengths = parts.plain(list)
    content = parts.binary()
    if not all(type(one) is int for one in lengths):
        raise ValueError("lengths of geometries")
    blobs: list[bytes | None] = []
    start = 0
    for length in lengths:
        blobs.append(None if length < 0 else content[start : start + length])
        start += max(length, 0)
    if start != len(content):
        raise ValueError("lengths of geometries")
    return read_many(blobs)


def _layer(parts: Parts) -> VectorLayer:
    head = parts.plain(dict)
    shapes = take_shapes(parts)
    records = tuple(
        Record(int(position), key, _plain(properties), shape, str(fault))
        for (position, key, properties, fault), shape in zip(head["records"], shapes, strict=True)
    )
    said = head["crs"]
    crs = None if said is None else crs_from_code(str(said)) or crs_from_wkt(str(said))
    return VectorLayer(str(head["name"]), crs, records)


def _plain(properties: dict[str, Any]) -> dict[str, Any]:
    if not all(
        value is None or isinstance(value, str | int | float) for value in properties.values()
    ):
        raise ValueError("properties are not plain")
    return properties
