"""People in GeoPackages, GeoJSON files and Shapefiles: points or areas of any shape."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS

from geo._population_columns import people_column, settled_crs
from geo._population_csv import UNKNOWN
from geo._population_rows import Box, Rows
from geo.errors import PopulationError, VectorFileError
from geo.foreign_files import Limits, VectorLayer, read_vector

_MIB = 1 << 20
LIMITS = Limits(
    file_bytes=500 * _MIB,
    unpacked_bytes=1000 * _MIB,
    records=500_000,
    vertices=5_000_000,
    # All checks of the areas are made in the guarded process, whose time is limited.
    edge_pairs=20_000_000_000,
)
"""Sizes beyond which a GeoPackage, GeoJSON or Shapefile is refused; a CSV may be larger."""

_USABLE = ("Point", "Polygon", "MultiPolygon")


def read_shape_people(
    path: Path, named_crs: str | None, column: str | None, box_in: Callable[[CRS], Box]
) -> tuple[Rows, CRS]:
    """Read the points or areas of people in a box.

    Parameters
    ----------
    path
        As ``geo.foreign_files.read_vector`` takes it.
    named_crs, column
        As the study names them.
    box_in
        Gives the box in the CRS of the file.

    Returns
    -------
    tuple
        What lies there with its shapes, and the CRS of the file.

    Raises
    ------
    PopulationError
        If the file cannot be read, names nobody, or has more than one layer that does.
    """
    try:
        layers = read_vector(path, LIMITS)
    except VectorFileError as error:
        raise PopulationError(error.what, where=error.where, remedy=error.remedy) from error
    layer, name = _layer(layers, column, path)
    crs = settled_crs(layer.crs, named_crs, None, path)
    rows = Rows(path, box_in(crs), what="Objekt")
    shapes = np.array([record.geometry for record in layer.records], dtype=object)
    usable = np.array([_is_usable(shape) for shape in shapes], dtype=np.bool_)
    middles = shapes.copy()
    middles[~usable] = None
    middles = np.asarray(shapely.centroid(middles))
    values = [_plain_number(record.properties.get(name)) for record in layer.records]
    rows.add(
        np.array([record.position for record in layer.records], dtype=np.int64),
        np.asarray(shapely.get_x(middles)),
        np.asarray(shapely.get_y(middles)),
        np.array([value for value, _ in values], dtype=np.float64),
        wrong=np.array([bad for _, bad in values], dtype=np.bool_),
        shapes=shapes,
    )
    return rows, crs


def _is_usable(shape: Any) -> bool:
    return (
        shape is not None
        and not shape.is_empty
        and shape.geom_type in _USABLE
        and bool(shapely.is_valid(shape))
    )


def joined_shapes(rows: Rows) -> npt.NDArray[Any]:
    """Return the shapes of all rows, shape ``(n,)``."""
    return np.concatenate([np.empty(0, dtype=object), *rows.shapes])


def _layer(
    layers: tuple[VectorLayer, ...], named: str | None, path: Path
) -> tuple[VectorLayer, str]:
    """Return the layer with a column of people, and the column."""
    fits: list[tuple[VectorLayer, str]] = []
    fault: PopulationError | None = None
    for layer in layers:
        if not layer.records:
            continue
        names = list(dict.fromkeys(name for record in layer.records for name in record.properties))
        try:
            fits.append((layer, people_column(names, named, path)))
        except PopulationError as error:
            fault = error
    if len(fits) > 1:
        names = [f"»{layer.name[:50]}«" for layer, _ in fits]
        raise PopulationError(
            f"In der Datei der Bevölkerung nennen mehrere Ebenen Menschen: {', '.join(names)}.",
            where=path,
            remedy="Nur eine Ebene in der Datei lassen.",
        )
    if not fits:
        raise fault or PopulationError(
            "Die Datei der Bevölkerung enthält keine Objekte.",
            where=path,
            remedy="Die Datei neu speichern oder herunterladen.",
        )
    return fits[0]


def _plain_number(value: Any) -> tuple[float, bool]:
    """Return a number and whether it is none; NaN for what is not known."""
    if value is None or (isinstance(value, str) and value.strip() in UNKNOWN):
        return np.nan, False
    if isinstance(value, bool):
        return np.nan, True
    try:
        found = float(value.strip().replace(",", ".") if isinstance(value, str) else value)
    except (TypeError, ValueError):
        return np.nan, True
    return (found, False) if np.isfinite(found) else (np.nan, True)
