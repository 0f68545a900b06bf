"""Rows of a study's file of candidates, whatever its format, before they are checked."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

from geo.crs import WGS84
from geo.errors import StudyError
from geo.foreign_files import number, read_vector

_MAX_BYTES = 50 << 20
_MAX_ROWS = 50_000
_LONLAT = (("lon", "lat"), ("longitude", "latitude"), ("lng", "lat"))
_METRES = (("x", "y"),)
_TEXTS = ("id", "name")
_EMPTY = frozenset({"", "nan", "na", "null"})


@dataclass(frozen=True, slots=True)
class Row:
    """One candidate as it stands in the file.

    Attributes
    ----------
    where
        "Zeile 3" or "Objekt 3", for messages.
    cells
        Plain values by column; None where there is none.
    shape
        Geometry in the study's CRS, or None.
    fault
        German half-sentence on what is wrong with the geometry, or "".
    """

    where: str
    cells: Mapping[str, Any]
    shape: Any
    fault: str = ""


def read_rows(path: Path, crs: str, named_crs: str | None) -> list[Row]:
    """Read the rows of a file of candidates.

    Parameters
    ----------
    path
        GeoJSON, GeoPackage, zipped Shapefile, or CSV.
    crs
        Metric CRS wanted.
    named_crs
        CRS that the study names in ``crs``: that of ``x`` and ``y`` in a CSV file.

    Raises
    ------
    StudyError
        If a CSV file cannot be read, or a file does not say where its coordinates lie.
    geo.errors.VectorFileError
        If another file cannot be read.
    """
    if path.suffix.lower() in {".csv", ".txt", ".tsv"}:
        return _csv_rows(path, crs, named_crs)
    rows = []
    for layer in read_vector(path):
        if layer.crs is None:
            raise StudyError(
                "Die Datei der Standorte sagt nicht, in welchem Koordinatensystem sie liegt.",
                where=path,
                remedy="In QGIS mit einem Koordinatensystem (zum Beispiel EPSG:25832) neu "
                "speichern.",
            )
        drawn: list[Any] = [one.geometry for one in layer.records]
        shapes = gpd.GeoSeries(drawn, crs=layer.crs).to_crs(crs)
        for one, shape in zip(layer.records, shapes, strict=True):
            cells = {_lowered(name): value for name, value in one.properties.items()}
            if cells.get("id") is None:
                cells["id"] = one.id
            rows.append(Row(f"Objekt {one.position}", cells, shape, one.fault))
    return rows


def _csv_rows(path: Path, crs: str, named_crs: str | None) -> list[Row]:
    table = _csv_table(path)
    header = [name.strip() for name in table[0]] if table else []
    lower = [name.lower() for name in header]
    double = sorted({name for name in lower if name and lower.count(name) > 1})
    if double:
        raise StudyError(
            f"Die Datei der Standorte hat mehrere Spalten »{double[0]}«.",
            where=path,
            remedy="Die Spalten verschieden benennen.",
        )
    pair, source = _coordinates(path, lower, named_crs)
    rows: list[tuple[str, dict[str, Any]]] = []
    points: list[Any] = []
    for line, cells in enumerate(table[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            raise StudyError(
                f"Die Zeile hat {len(cells)} Felder, die Kopfzeile {len(header)}.",
                where=f"{path}, Zeile {line}",
                remedy="Die Zeile berichtigen; ein Text mit Trennzeichen steht in "
                "Anführungszeichen.",
            )
        by_name = dict(zip(lower, cells, strict=True))
        points.append(_point(*(_value(by_name[name]) for name in pair)))
        rows.append(
            (
                f"Zeile {line}",
                {
                    # Ids and names are texts, "007" too.
                    _lowered(name): (cell.strip() or None) if key in _TEXTS else _value(cell)
                    for name, key, cell in zip(header, lower, cells, strict=True)
                    if key not in pair
                },
            )
        )
    shapes = gpd.GeoSeries(points, crs=source).to_crs(crs)
    fault = f"in »{pair[0]}« und »{pair[1]}« stehen keine Zahlen"
    return [
        Row(where, cells, shape, "" if shape is not None else fault)
        for (where, cells), shape in zip(rows, shapes, strict=True)
    ]


def _point(x: Any, y: Any) -> Any:
    known = isinstance(x, float) and isinstance(y, float)
    return shapely.Point(x, y) if known else None


def _lowered(name: str) -> str:
    """Return the name of a column; those that we ask for in any case of letters."""
    return name.lower() if name.lower() in {*_TEXTS, "partner"} else name


def _coordinates(
    path: Path, columns: list[str], named_crs: str | None
) -> tuple[tuple[str, str], str]:
    """Return the columns of a table with coordinates, and their CRS."""
    for pair in _LONLAT:
        if set(pair) <= set(columns):
            return pair, WGS84
    for pair in _METRES:
        if set(pair) <= set(columns):
            if named_crs is None:
                raise StudyError(
                    "Die Datei der Standorte hat »x« und »y«, aber es ist nicht gesagt, in "
                    "welchem Koordinatensystem.",
                    where=path,
                    remedy='In study.toml zum Beispiel crs = "EPSG:25832" setzen, oder die '
                    "Spalten »lon« und »lat« mit Länge und Breite in Grad angeben.",
                )
            return pair, named_crs
    raise StudyError(
        "Die Datei der Standorte hat keine Spalten mit Koordinaten.",
        where=path,
        remedy="»lon« und »lat« (Grad) oder »x« und »y« (Meter, im Koordinatensystem unter »crs« "
        "in study.toml) angeben; vorhanden sind: " + (", ".join(columns[:20]) or "keine") + ".",
    )


def _csv_table(path: Path) -> list[list[str]]:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise StudyError(
                f"Die Datei der Standorte ist zu groß; erlaubt sind {_MAX_BYTES >> 20} MB.",
                where=path,
                remedy="Die Datei auf das Nötige kürzen.",
            )
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise StudyError(
            "Die Datei der Standorte gibt es nicht.",
            where=path,
            remedy="Den Pfad unter »candidates« in study.toml prüfen oder den Schlüssel "
            "streichen.",
        ) from error
    except OSError as error:
        raise StudyError(
            f"Die Datei der Standorte kann nicht gelesen werden: {error.strerror}.",
            where=path,
            remedy="Prüfen, ob es eine Datei ist und ob sie gelesen werden darf.",
        ) from error
    except UnicodeDecodeError as error:
        raise StudyError(
            "Die Datei der Standorte ist kein Text in UTF-8.",
            where=path,
            remedy="Aus der Tabellenkalkulation als »CSV UTF-8« speichern.",
        ) from error
    first = text.splitlines()[0] if text.strip() else ""
    mark = max((";", "\t", ","), key=first.count)
    try:
        table = list(csv.reader(io.StringIO(text), delimiter=mark, strict=True))
    except csv.Error as error:
        raise StudyError(
            f"Die Datei der Standorte ist keine lesbare Tabelle: {error}.",
            where=path,
            remedy="Prüfen, ob alle Anführungszeichen geschlossen sind.",
        ) from error
    if len(table) > _MAX_ROWS + 1:
        raise StudyError(
            f"Die Datei der Standorte hat mehr als {number(_MAX_ROWS)} Zeilen.",
            where=path,
            remedy="Die Datei auf das Nötige kürzen.",
        )
    return table


def _value(cell: str) -> Any:
    """Return a number where the text is one, with point or comma; None where it is empty."""
    text = cell.strip()
    if text.lower() in _EMPTY:
        return None
    try:
        value = float(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)
    except ValueError:
        return text
    return value if math.isfinite(value) and "_" not in text else text
