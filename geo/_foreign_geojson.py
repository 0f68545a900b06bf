"""GeoJSON from outside: RFC 7946, and the ``crs`` member of its forerunner of 2008."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import shapely

from geo.crs import WGS84
from geo.errors import VectorFileError
from geo.foreign_files import Limits, Record, VectorLayer, crs_from_code, number, too_large

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

_GEOMETRY_TYPES = {
    "Point",
    "MultiPoint",
    "LineString",
    "MultiLineString",
    "Polygon",
    "MultiPolygon",
    "GeometryCollection",
}
_MAX_DEPTH = 5
_REMEDY = "Als GeoJSON neu speichern, zum Beispiel in QGIS mit »Objekte speichern als«."


class _BrokenError(ValueError):
    """Why a geometry cannot be read, as a German half-sentence."""


def read(path: Path, limits: Limits) -> tuple[VectorLayer, ...]:
    """Read a GeoJSON file as one layer; see ``geo.foreign_files.read_vector``."""
    root = _parse(path)
    features = _features(root, path)
    if len(features) > limits.records:
        raise too_large(
            path,
            f"Die Datei enthält {number(len(features))} Objekte, erlaubt sind "
            f"{number(limits.records)}.",
        )
    crs = _crs(root, path)
    records = []
    vertices = 0
    for position, feature in enumerate(features, start=1):
        record = _record(position, feature)
        records.append(record)
        vertices += int(shapely.get_num_coordinates(record.geometry))
        if vertices > limits.vertices:
            raise too_large(
                path,
                f"Die Flächen und Linien haben zusammen mehr als "
                f"{number(limits.vertices)} Eckpunkte.",
            )
    return (VectorLayer(path.stem, crs, tuple(records)),)


def _parse(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    start = content[:100].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<"):
        raise VectorFileError(
            "Die Datei ist XML und kein GeoJSON, auch wenn ihr Name es sagt.",
            where=path,
            remedy=_REMEDY,
        )
    if start.startswith((b"SQLite format 3", b"PK")):
        raise VectorFileError(
            "Die Datei ist kein GeoJSON, auch wenn ihr Name es sagt.",
            where=path,
            remedy="Ein GeoPackage muss auf .gpkg enden, ein gezipptes Shapefile auf .zip.",
        )
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        root = json.loads(content.decode(encoding))
    except UnicodeDecodeError as error:
        raise VectorFileError(
            f"Die Datei ist nicht in UTF-8 gespeichert (Zeichen {error.start + 1}).",
            where=path,
            remedy="Mit der Zeichenkodierung UTF-8 neu speichern.",
        ) from error
    except RecursionError as error:
        raise VectorFileError(
            "Die Datei ist zu tief verschachtelt.", where=path, remedy=_REMEDY
        ) from error
    except json.JSONDecodeError as error:
        raise VectorFileError(
            "Die Datei ist kein gültiges JSON, vielleicht abgeschnitten.",
            where=f"{path}, Zeile {error.lineno}, Spalte {error.colno}",
            remedy=_REMEDY,
        ) from error
    except ValueError as error:  # a number of thousands of digits
        raise VectorFileError(
            "Die Datei enthält eine Zahl, die nicht gelesen werden kann.",
            where=path,
            remedy=_REMEDY,
        ) from error
    if not isinstance(root, dict):
        raise VectorFileError("Die Datei ist JSON, aber kein GeoJSON.", where=path, remedy=_REMEDY)
    return root


def _features(root: dict[str, Any], path: Path) -> list[Any]:
    kind = root.get("type")
    if kind == "FeatureCollection" and isinstance(root.get("features"), list):
        features: list[Any] = root["features"]
        return features
    if kind == "Feature":
        return [root]
    if isinstance(kind, str) and kind in _GEOMETRY_TYPES:
        return [{"type": "Feature", "properties": {}, "geometry": root}]
    said = f" (type ist »{kind[:50]}«)" if isinstance(kind, str) else ""
    raise VectorFileError(
        f"Die Datei ist JSON, aber kein GeoJSON mit einer Liste »features«{said}.",
        where=path,
        remedy=_REMEDY,
    )


def _crs(root: dict[str, Any], path: Path) -> CRS | None:
    """Return WGS 84, or what the ``crs`` member of older writers says."""
    if root.get("crs") is None:
        return crs_from_code(WGS84)
    member = root["crs"]
    properties = member.get("properties") if isinstance(member, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    crs = crs_from_code(name) if isinstance(name, str) else None
    if crs is None:
        said = f" »{name[:80]}«" if isinstance(name, str) else ""
        raise VectorFileError(
            f"Das Koordinatensystem{said} in der Datei ist nicht bekannt.",
            where=f"{path}, Angabe »crs«",
            remedy="In WGS 84 (EPSG:4326) neu speichern, wie es der Standard verlangt.",
        )
    return crs


def _record(position: int, feature: Any) -> Record:
    if not isinstance(feature, dict):
        return Record(position, None, {}, None, "der Eintrag ist kein GeoJSON-Objekt")
    properties = feature.get("properties")
    values = properties if isinstance(properties, dict) else {}
    plain = {str(key): _plain(value) for key, value in values.items()}
    try:
        geometry = _geometry(feature.get("geometry"))
    except _BrokenError as error:
        return Record(position, feature.get("id"), plain, None, str(error))
    return Record(position, feature.get("id"), plain, geometry)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int | float):
        return value
    return json.dumps(value, ensure_ascii=False)


def _geometry(value: Any, depth: int = 0) -> BaseGeometry | None:
    if value is None:
        return None
    kind = value.get("type") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in _GEOMETRY_TYPES:
        raise _BrokenError("die Geometrie hat keinen gültigen Typ")
    if kind == "GeometryCollection":
        parts = value.get("geometries")
        if not isinstance(parts, list) or depth >= _MAX_DEPTH:
            raise _BrokenError("die Sammlung von Geometrien ist nicht lesbar")
        known = [_geometry(part, depth + 1) for part in parts]
        return shapely.geometrycollections([part for part in known if part is not None])
    coordinates = value.get("coordinates")
    if not isinstance(coordinates, list):
        raise _BrokenError("die Geometrie hat keine Koordinaten")
    if kind.startswith("Multi"):
        single = _BUILDERS[kind.removeprefix("Multi")]
        return _MULTI[kind]([single(part) for part in coordinates])
    geometry: BaseGeometry = _BUILDERS[kind](coordinates)
    return geometry


def _point(value: Any) -> shapely.Point:
    # An empty list is how an empty point is written.
    return shapely.Point() if value == [] else shapely.points(_position(value))


def _line(value: Any) -> shapely.LineString:
    positions = _positions(value)
    if len(positions) == 1:
        raise _BrokenError("eine Linie braucht mindestens zwei Punkte")
    return shapely.linestrings(positions) if positions else shapely.LineString()


def _polygon(value: Any) -> shapely.Polygon:
    if not isinstance(value, list):
        raise _BrokenError("die Koordinaten sind keine Liste")
    rings = [_ring(ring) for ring in value]
    return shapely.Polygon(rings[0], rings[1:]) if rings else shapely.Polygon()


def _ring(value: Any) -> shapely.LinearRing:
    positions = _positions(value)
    # A ring that is not closed is meant to be.
    if positions and positions[0] != positions[-1]:
        positions.append(positions[0])
    if len(set(positions)) < 3:  # noqa: PLR2004 - a triangle has three corners
        raise _BrokenError("eine Fläche braucht mindestens drei verschiedene Eckpunkte")
    return shapely.linearrings(positions)


def _positions(value: Any) -> list[tuple[float, float]]:
    if not isinstance(value, list):
        raise _BrokenError("die Koordinaten sind keine Liste")
    return [_position(item) for item in value]


def _position(value: Any) -> tuple[float, float]:
    if not isinstance(value, list) or len(value) < 2:  # noqa: PLR2004 - x and y
        raise _BrokenError("eine Koordinate besteht nicht aus zwei Zahlen")
    numbers = []
    for part in value[:2]:
        if isinstance(part, bool) or not isinstance(part, int | float):
            raise _BrokenError("eine Koordinate besteht nicht aus zwei Zahlen")
        # Whole numbers may be too large for a float.
        figure = float(part) if abs(part) < 1e300 else math.inf  # noqa: PLR2004
        if not math.isfinite(figure):
            raise _BrokenError("eine Koordinate ist keine endliche Zahl (NaN oder unendlich)")
        numbers.append(figure)
    return numbers[0], numbers[1]


_BUILDERS: dict[str, Callable[[Any], Any]] = {
    "Point": _point,
    "LineString": _line,
    "Polygon": _polygon,
}
_MULTI: dict[str, Callable[[Any], BaseGeometry]] = {
    "MultiPoint": shapely.multipoints,
    "MultiLineString": shapely.multilinestrings,
    "MultiPolygon": shapely.multipolygons,
}
