"""A study's own candidates: points in a file, with columns of numbers that may be criteria."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import WGS84
from geo.errors import StudyError
from layers._candidate_rows import Row, read_rows
from layers._criterion_tables import Criterion, near_match
from layers._german import joined

Bounds = tuple[float, float, float, float]

FILE_PREFIX = "file:"
"""Stands before the ids of the file, so that none is taken for a place."""

RESERVED = (
    "id", "name", "source", "category", "kind", "on_campus", "partner", "outline", "entrances",
    "geometry",
)  # fmt: skip
"""Columns of the candidates, in their order."""

_ROW_NUMBERS = frozenset({"fid", "ogc_fid", "objectid"})
"""Columns that programs add to count rows."""

_NAMED = 5
_LONGEST = 100
_YES = ("1", "1.0", "ja", "yes", "true", "wahr")


@dataclass(frozen=True, eq=False)
class CandidateFile:
    """The candidates of a file.

    Attributes
    ----------
    frame
        Columns ``RESERVED``, sorted by ``id``, in the study's metric CRS, without
        ``on_campus`` (all ""); behind them the columns of numbers under their own names,
        float64, NaN where the file says nothing.
    own
        Names of those columns.
    """

    frame: gpd.GeoDataFrame
    own: tuple[str, ...]


def read_candidates(
    path: Path,
    crs: str,
    bounds: Bounds,
    *,
    named_crs: str | None = None,
    criteria: Mapping[str, Criterion] | None = None,
) -> CandidateFile:
    """Read the study's own candidates.

    A feature or row has ``id`` and ``name``, perhaps ``partner`` (a possible partner is at
    home there), and any number of columns with numbers. It is a point, or an area that
    stands for itself (a park).

    Parameters
    ----------
    path
        GeoJSON, GeoPackage, zipped Shapefile, or CSV with ``lon`` and ``lat`` in degrees or
        ``x`` and ``y`` in the study's CRS.
    crs
        Metric CRS wanted.
    bounds
        West, south, east, north of the study's OSM data in degrees.
    named_crs
        CRS that the study names itself, if it does.
    criteria
        Those of the study: columns that they name must be there and hold numbers.

    Returns
    -------
    CandidateFile
        See there.

    Raises
    ------
    StudyError
        If an id is missing or doubled, a geometry is missing, of another kind or outside of
        the OSM data, or a column that a criterion names is not there or holds something else
        than numbers; names the objects and what to do.
    geo.errors.VectorFileError
        If the file cannot be read.
    """
    rows = read_rows(path, crs, named_crs)
    if not rows:
        raise StudyError(
            "Die Datei der Standorte enthält keine Standorte.",
            where=path,
            remedy="Mindestens einen Punkt mit »id« und »name« eintragen oder den Schlüssel "
            "»candidates« streichen.",
        )
    ids = _ids(path, rows)
    shapes = _shapes(path, rows, ids)
    _check_inside(path, shapes, ids, crs, bounds)
    own = _number_columns(path, rows, ids, criteria or {})
    frame = pd.DataFrame(
        {
            "id": [FILE_PREFIX + one for one in ids],
            "name": [_name(row, one) for row, one in zip(rows, ids, strict=True)],
            "source": "file",
            "category": "",
            "kind": "Vorschlag der Studie",
            "on_campus": "",
            "partner": [str(row.cells.get("partner")).lower() in _YES for row in rows],
        }
    )
    areas = [shape if shape.area > 0 else None for shape in shapes]
    frame["outline"] = pd.Series(areas, dtype=object)
    frame["entrances"] = pd.Series([None] * len(rows), dtype=object)
    points = [shapely.point_on_surface(shape) for shape in shapes]
    placed = gpd.GeoDataFrame(frame, geometry=points, crs=crs)
    for column, values in own.items():
        placed[column] = values
    return CandidateFile(placed.sort_values("id", ignore_index=True), tuple(own))


def _ids(path: Path, rows: Sequence[Row]) -> list[str]:
    ids = [_id_text(row.cells.get("id")) for row in rows]
    missing = [row.where for row, one in zip(rows, ids, strict=True) if not one]
    if missing:
        raise StudyError(
            f"In der Datei der Standorte fehlt die »id«: {_some(missing)}.",
            where=path,
            remedy="Jedem Standort eine eigene, bleibende »id« geben, zum Beispiel »markt«.",
        )
    double = sorted({one for one in ids if ids.count(one) > 1} if len(set(ids)) < len(ids) else ())
    if double:
        raise StudyError(
            f"In der Datei der Standorte steht mehrmals dieselbe »id«: {_some(double)}.",
            where=path,
            remedy="Jedem Standort eine eigene »id« geben.",
        )
    return ids


def _id_text(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "".join(sign for sign in str(value).strip() if sign.isprintable())[:_LONGEST]


def _name(row: Row, one: str) -> str:
    value = row.cells.get("name")
    text = " ".join(str(value).split()) if value is not None else ""
    text = "".join(sign for sign in text if sign.isprintable())[:_LONGEST]
    return text or f"Standort {one}"


def _shapes(path: Path, rows: Sequence[Row], ids: Sequence[str]) -> list[Any]:
    faults = []
    for row, one in zip(rows, ids, strict=True):
        kind = None if row.shape is None else row.shape.geom_type
        if row.fault:
            faults.append(f"»{one}« ({row.where}: {row.fault})")
        elif kind is None or row.shape.is_empty:
            faults.append(f"»{one}« ({row.where}: ohne Koordinaten)")
        elif kind not in {"Point", "Polygon", "MultiPolygon"}:
            faults.append(f"»{one}« ({row.where}: weder Punkt noch Fläche)")
        elif kind != "Point" and not row.shape.is_valid:
            faults.append(f"»{one}« ({row.where}: die Fläche überschneidet sich)")
    if faults:
        raise StudyError(
            f"Standorte, die nirgends liegen: {_some(faults, quoted=False)}.",
            where=path,
            remedy="Jeden Standort als Punkt oder als Fläche einzeichnen.",
        )
    return [row.shape for row in rows]


def _check_inside(
    path: Path, shapes: Sequence[Any], ids: Sequence[str], crs: str, bounds: Bounds
) -> None:
    west, south, east, north = bounds
    degrees = gpd.GeoSeries([shape.centroid for shape in shapes], crs=crs).to_crs(WGS84)
    x, y = degrees.x.to_numpy(), degrees.y.to_numpy()
    inside = (west <= x) & (x <= east) & (south <= y) & (y <= north)
    outside = [one for one, is_in in zip(ids, inside, strict=True) if not is_in]
    if outside:
        which = "Ein Standort liegt" if len(outside) == 1 else "Diese Standorte liegen"
        raise StudyError(
            f"{which} außerhalb des OSM-Auszugs: {_some(outside)}.",
            where=path,
            remedy="Die Koordinaten prüfen (Länge und Breite vertauscht, falsches "
            "Koordinatensystem?) oder einen größeren Auszug nehmen.",
        )


def _number_columns(
    path: Path, rows: Sequence[Row], ids: Sequence[str], criteria: Mapping[str, Criterion]
) -> dict[str, np.ndarray[Any, np.dtype[np.float64]]]:
    """Return the columns that hold nothing but numbers, in the order of the file."""
    names = list(dict.fromkeys(name for row in rows for name in row.cells))
    columns = {}
    asked = {one.column: one for one in criteria.values() if one.column}
    for name in names:
        values = [row.cells.get(name) for row in rows]
        if name in RESERVED or not name or (name.lower() in _ROW_NUMBERS and name not in asked):
            continue
        wrong = [
            one
            for one, value in zip(ids, values, strict=True)
            if value is not None and not _is_number(value)
        ]
        if wrong and name in asked:
            raise StudyError(
                f"Die Spalte »{name}«, die das Kriterium »{asked[name].id}« braucht, enthält "
                f"nicht nur Zahlen, und zwar bei {_some(wrong)}.",
                where=f"{path}, {name}",
                remedy="Dort eine Zahl eintragen; was nicht bekannt ist, bleibt leer.",
            )
        known = [value for value in values if value is not None]
        if wrong or not (known or name in asked):
            continue
        columns[name] = np.array([math.nan if one is None else one for one in values], dtype=float)
    for name, criterion in asked.items():
        if name not in columns:
            what = (
                "heißt wie eine Spalte des Programms"
                if name in RESERVED
                else f"gibt es in der Datei der Standorte nicht.{near_match(name, columns)}"[:-1]
            )
            raise StudyError(
                f"Die Spalte »{name}«, die das Kriterium »{criterion.id}« braucht, {what}.",
                where=path,
                remedy="Die Spalte ergänzen oder »column« in der Datei der Kriterien ändern; "
                f"Zahlen stehen in: {', '.join(columns) or 'keiner Spalte'}.",
            )
    return columns


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value)


def _some(names: Sequence[str], *, quoted: bool = True) -> str:
    shown = [f"»{name}«" if quoted else name for name in names[:_NAMED]]
    rest = len(names) - len(shown)
    return joined([*shown, f"{rest} weitere"] if rest else shown)
