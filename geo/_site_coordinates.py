"""Coordinates of a file of sites: which system they are in, and whether that can be true."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Transformer

from geo.crs import WGS84, metric_crs_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

    from geo._faults import Faults
    from geo.foreign_files import VectorLayer

Bounds = tuple[float, float, float, float]

# Germany and its neighbours' edges: where longitude and latitude cannot be confused.
_GERMANY: Bounds = (5.5, 46.5, 15.6, 55.2)
_MARGIN = 0.5
# Where metres in Germany lie in the systems that are met with: west, south, east, north.
_METRES: Sequence[tuple[str, Bounds]] = (
    ("EPSG:25832", (270_000, 5_150_000, 930_000, 6_110_000)),
    ("EPSG:3857", (600_000, 5_860_000, 1_740_000, 7_400_000)),
    ("EPSG:31466", (2_450_000, 5_150_000, 2_700_000, 6_110_000)),
    ("EPSG:31467", (3_270_000, 5_150_000, 3_930_000, 6_110_000)),
    ("EPSG:4647", (32_270_000, 5_150_000, 32_930_000, 6_110_000)),
    ("EPSG:3035", (4_000_000, 2_600_000, 4_700_000, 3_600_000)),
)


@dataclass(frozen=True)
class LayerCoordinates:
    """The geometries of a layer in WGS 84, None where they are missing or impossible."""

    layer: VectorLayer
    lonlat: list[BaseGeometry | None]


def to_lonlat(
    layers: Sequence[VectorLayer], bounds: Bounds | None, faults: Faults
) -> list[LayerCoordinates]:
    """Bring each layer to longitude and latitude; say what cannot be true.

    Parameters
    ----------
    layers
        As read.
    bounds
        West, south, east, north of the study's data in degrees, if known: tells swapped
        axes anywhere; without it only in and around Germany.
    faults
        Filled.
    """
    return [LayerCoordinates(layer, _layer(layer, bounds, faults)) for layer in layers]


def metric_crs_of(layers: Sequence[LayerCoordinates]) -> str:
    """Return the usual metric CRS for the middle of all that is drawn."""
    drawn = [shape for layer in layers for shape in layer.lonlat if shape is not None]
    west, south, east, north = shapely.total_bounds(drawn) if drawn else _GERMANY
    return metric_crs_for((west + east) / 2, (south + north) / 2)


def to_metric(layer: LayerCoordinates, crs: str, faults: Faults) -> list[BaseGeometry | None]:
    """Bring a layer's usable geometries to a metric CRS, straight from its own.

    What lies where the metric CRS cannot be used goes to ``faults``.
    """
    usable = [shape is not None for shape in layer.lonlat]
    result: list[BaseGeometry | None] = [None] * len(usable)
    if not any(usable) or layer.layer.crs is None:
        return result
    own = [
        record.geometry
        for record, use in zip(layer.layer.records, usable, strict=True)
        if use and record.geometry is not None
    ]
    moved = iter(gpd.GeoSeries(own, crs=layer.layer.crs).to_crs(crs))
    for place, use in enumerate(usable):
        if use:
            shape = next(moved)
            if np.isfinite(shapely.get_coordinates(shape)).all():
                result[place] = shape
                continue
            where = f"Ebene »{layer.layer.name}«, Objekt {place + 1}"
            faults.error(
                "crs.beyond",
                f"{where} liegt so weit entfernt, dass »{crs}« dort nicht gilt.",
                where,
                "Die Lage prüfen oder in study.toml ein anderes »crs« setzen.",
            )
    return result


def _layer(layer: VectorLayer, bounds: Bounds | None, faults: Faults) -> list[BaseGeometry | None]:
    shapes = [record.geometry for record in layer.records]
    drawn = [shape for shape in shapes if shape is not None and not shape.is_empty]
    nothing: list[BaseGeometry | None] = [None] * len(shapes)
    if not drawn:
        return nothing
    where = f"Ebene »{layer.name}«"
    if layer.crs is None:
        _missing_crs(drawn, where, faults)
        return nothing
    if layer.crs.is_geographic and _beyond_degrees(drawn):
        guess = _guess_metres(drawn)
        hint = f"; sie sehen aus wie Meter in {guess}" if guess else " und sind wohl Meter"
        faults.error(
            "crs.metres",
            f"Die Koordinaten sollen Längen- und Breitengrade sein, liegen aber außerhalb von "
            f"±180 und ±90{hint}.",
            where,
            "In QGIS als GeoJSON mit dem KBS EPSG:4326 speichern, oder als GeoPackage mit dem "
            "richtigen Koordinatensystem.",
        )
        return nothing
    lonlat = _transformed(drawn, layer.crs)
    if not np.isfinite(shapely.get_coordinates(lonlat)).all():
        faults.error(
            "crs.impossible",
            f"Die Koordinaten passen nicht zum Koordinatensystem »{layer.crs.name}«.",
            where,
            "Das richtige Koordinatensystem einstellen und neu speichern.",
        )
        return nothing
    swapped = _swapped(drawn, lonlat, layer.crs, bounds)
    if swapped:
        whole = swapped == len(drawn)
        number = "Bei allen Objekten" if whole else f"Bei {swapped} von {len(drawn)} Objekten"
        axes = "Länge und Breite" if layer.crs.is_geographic else "Rechts- und Hochwert"
        faults.error(
            "crs.swapped",
            f"{number} sind {axes} vertauscht.",
            where,
            "Die beiden Zahlen jeder Koordinate tauschen; in GeoJSON steht die Länge vorn.",
        )
        return nothing
    found = iter(lonlat)
    return [next(found) if shape is not None and not shape.is_empty else None for shape in shapes]


def _transformed(shapes: list[BaseGeometry], crs: CRS) -> list[BaseGeometry]:
    return list(gpd.GeoSeries(shapes, crs=crs).to_crs(WGS84))


def _missing_crs(drawn: list[BaseGeometry], where: str, faults: Faults) -> None:
    guess = _guess_metres(drawn) if _beyond_degrees(drawn) else WGS84
    hint = f" Die Zahlen sehen aus wie {guess}." if guess else ""
    faults.error(
        "crs.missing",
        f"Es ist nicht angegeben, in welchem Koordinatensystem die Daten sind.{hint}",
        where,
        "In QGIS das Koordinatensystem des Layers setzen und neu speichern; zu einem Shapefile "
        "gehört die Datei mit der Endung .prj.",
    )


def _beyond_degrees(drawn: list[BaseGeometry]) -> bool:
    west, south, east, north = shapely.total_bounds(drawn)
    return bool(west < -180 or east > 180 or south < -90 or north > 90)  # noqa: PLR2004


def _guess_metres(drawn: list[BaseGeometry]) -> str:
    west, south, east, north = shapely.total_bounds(drawn)
    for name, box in _METRES:
        if box[0] <= west and box[1] <= south and east <= box[2] and north <= box[3]:
            return name
    return ""


def _swapped(
    drawn: list[BaseGeometry],
    lonlat: list[BaseGeometry],
    crs: CRS,
    bounds: Bounds | None,
) -> int:
    """Count the shapes that lie where they should only with their axes swapped."""
    west, south, east, north = bounds or _GERMANY
    box = (west - _MARGIN, south - _MARGIN, east + _MARGIN, north + _MARGIN)
    transformer = Transformer.from_crs(crs, WGS84, always_xy=True)
    count = 0
    for shape, found in zip(drawn, lonlat, strict=True):
        if _within(shapely.get_coordinates(found), box):
            continue
        xy = shapely.get_coordinates(shape)
        longitude, latitude = transformer.transform(xy[:, 1], xy[:, 0])
        count += _within(np.column_stack([longitude, latitude]), box)
    return count


def _within(points: np.ndarray, box: Bounds) -> bool:
    west, south, east, north = box
    x, y = points[:, 0], points[:, 1]
    return bool(((x >= west) & (x <= east) & (y >= south) & (y <= north)).all())
