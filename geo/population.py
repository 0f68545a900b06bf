"""The people who live around a study: points or cells of a file, where the study lies."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer

from geo._population_cells import are_corners, cells_around, grid_step
from geo._population_csv import has_tables, read_csv_people
from geo._population_rows import Box, Rows
from geo._population_shapes import joined_shapes, read_shape_people
from geo.crs import WGS84
from geo.errors import PopulationError
from geo.findings import Finding, Severity
from geo.foreign_files import number
from geo.guarded import in_guarded_process

Floats = npt.NDArray[np.float64]
Bounds = tuple[float, float, float, float]

_TABLES = (".csv", ".txt", ".tsv")
_SMALL_BYTES = 1 << 20
"""A table up to here is read in this process."""

_MARGIN_M = 10_000.0
_METRES_PER_DEGREE = 60_000.0
"""At most so few metres has a degree of longitude in Germany, roughly."""

_WIDE_CELL_M = 1000.0
_MANY_ROWS = 100
_LAST_CLASS = 9

_SLIVER = 1e-6
_WHOLE = 1 - 1e-6
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, eq=False)
class Population:
    """People by cell or point, as far as they live within the bounds.

    Attributes
    ----------
    frame
        Metric CRS, sorted from west to east, then south to north. Columns ``people`` (float,
        above 0: of the share of the cell that lies within the bounds), ``covered`` (that
        share of its area, above 0, at most 1; 1 for points), ``geometry`` (that part of the
        cell, Polygon or MultiPolygon, or Point).
    cell_m
        Side of the cells, metres; None for points and for areas of any other shape.
    zensus
        Whether the file is one of the Zensus, or says so by its name.
    year
        Year that the name of the file tells, or empty.
    findings
        What was noticed.
    """

    frame: gpd.GeoDataFrame
    cell_m: float | None
    zensus: bool
    year: str
    findings: tuple[Finding, ...] = ()

    @property
    def total(self) -> float:
        """All people within the bounds."""
        return float(self.frame["people"].sum())


@dataclass(frozen=True)
class _Found:
    """People with their points or areas in the CRS of the file."""

    people: Floats
    shapes: npt.NDArray[Any]
    crs: CRS
    cell_m: float | None
    findings: list[Finding]


def read_population(
    path: Path,
    crs_named: str | None,
    column_named: str | None,
    metric_crs: str,
    bounds: Bounds,
    *,
    near: Bounds | None = None,
) -> Population:
    """Read the people who live within bounds.

    Parameters
    ----------
    path
        CSV (``.csv``, ``.txt``, ``.tsv``, or a ``.zip`` of the Zensus as it is published),
        GeoPackage, GeoJSON or zipped Shapefile with points or areas.
    crs_named
        CRS of its coordinates, where the file does not say (EPSG code).
    column_named
        Its column with the people, where the name does not tell.
    metric_crs
        CRS of the result.
    bounds
        West, south, east, north, degrees: what is mapped; cells are cut there.
    near
        Box in degrees: cells and points that do not touch it are left out, those that do stay
        whole. By default all within the bounds.

    Returns
    -------
    Population
        Of a cell that the bounds cut, the people of the share of its area inside.

    Raises
    ------
    geo.errors.PopulationError
        If the file cannot be read, lacks its columns or its CRS, has wrong values in more
        than a few rows, or tells of nobody within the bounds.

    Notes
    -----
    A CSV is read in blocks, so that one of all of Germany fits into little memory. The grid
    files of the Zensus 2011 and 2022 tell their CRS (EPSG:3035) and their cell size by the
    names of their columns or by the ids of the cells (INSPIRE, data specification on
    geographical grid systems: the south-west corner, ``CRS3035RES100mN2689100E4337000`` in
    metres or ``100mN26891E43370`` in sides of the cell). Else points that form a grid are
    middles of its cells (its corners where they are whole multiples of its spacing). Values
    of -1, empty fields and the signs of the statistics offices (``–``, ``.``, ``/``, ``x``)
    mean that nothing is known.
    """
    if _reads_quickly(path):
        return read_people(path, crs_named, column_named, metric_crs, bounds, near=near)
    from geo._guarded_population import ask_for_people  # noqa: PLC0415 - it needs this module

    return ask_for_people(path, crs_named, column_named, metric_crs, bounds, near=near)


def _reads_quickly(path: Path) -> bool:
    """Whether a file takes little by its kind and size alone, or is not there at all."""
    if in_guarded_process() or not path.is_file():
        return True
    return path.suffix.lower() in _TABLES and path.stat().st_size <= _SMALL_BYTES


def read_people(
    path: Path,
    crs_named: str | None,
    column_named: str | None,
    metric_crs: str,
    bounds: Bounds,
    *,
    near: Bounds | None,
) -> Population:
    """Read a file in this process; see ``read_population``.

    Parameters
    ----------
    path, crs_named, column_named, metric_crs, bounds, near
        As there.

    Raises
    ------
    geo.errors.PopulationError
        As there.
    """

    def box_in(crs: CRS) -> Box:
        return _box(near or bounds, crs, _MARGIN_M)

    suffix = path.suffix.lower()
    if suffix in _TABLES or (suffix == ".zip" and has_tables(path)):
        table = read_csv_people(path, crs_named, column_named, box_in)
        said, has_ids = table.layout.cell_m, bool(table.layout.columns.cell_id)
        found = _found(table.rows, table.crs, said, path)
    else:
        rows, crs = read_shape_people(path, crs_named, column_named, box_in)
        found, has_ids = _found(rows, crs, None, path), False
    zensus = has_ids or "zensus" in path.name.lower()
    kept = _near(found, near, metric_crs)
    placed = _placed(kept, _area(bounds, metric_crs), metric_crs, path)
    year = _YEAR.search(path.name)
    return Population(placed, found.cell_m, zensus, year[0] if year else "", tuple(found.findings))


def _area(bounds: Bounds, crs: str) -> Any:
    # A straight edge in degrees is bent in metres.
    frame = shapely.segmentize(shapely.box(*bounds), 0.01)
    return gpd.GeoSeries([frame], crs=WGS84).to_crs(crs).iloc[0]


def _box(bounds: Bounds, crs: CRS, margin_m: float) -> Box:
    """Return the box in a CRS around bounds in degrees, with a margin."""
    corners = shapely.get_coordinates(shapely.segmentize(shapely.box(*bounds), 0.01))
    transformer = Transformer.from_crs(WGS84, crs, always_xy=True)
    x, y = transformer.transform(corners[:, 0], corners[:, 1])
    margin = margin_m
    if not crs.is_projected:
        margin = margin_m / _METRES_PER_DEGREE
    return (
        float(np.min(x)) - margin,
        float(np.min(y)) - margin,
        float(np.max(x)) + margin,
        float(np.max(y)) + margin,
    )


def _found(rows: Rows, crs: CRS, said_m: float | None, path: Path) -> _Found:
    """Turn rows into cells, or leave them points; say what was wrong with them."""
    findings = rows.check()
    _check_any(rows, crs, path)
    _check_classes(rows, said_m, path)
    x, y, people = _joined(rows)
    if rows.shapes:
        shapes = joined_shapes(rows)
        if np.any(shapely.get_dimensions(shapes) == 2):  # noqa: PLR2004 - areas
            return _Found(people, shapes, crs, None, findings)
    shapes, cell_m, noticed = _cells(x, y, crs, said_m, path)
    return _Found(people, shapes, crs, cell_m, [*findings, *noticed])


def _joined(rows: Rows) -> tuple[Floats, Floats, Floats]:
    nothing = np.empty(0)
    x, y, people = (np.concatenate([nothing, *pieces]) for pieces in (rows.x, rows.y, rows.people))
    return x, y, people


def _cells(
    x: Floats, y: Floats, crs: CRS, said_m: float | None, path: Path
) -> tuple[npt.NDArray[Any], float | None, list[Finding]]:
    """Return the cells around points, or the points where they form no grid."""
    if said_m is not None and crs.is_projected:
        return cells_around(x, y, (said_m, said_m), corners=False), said_m, []
    step = grid_step(x, y, crs)
    if step is None:
        return np.asarray(shapely.points(x, y)), None, []
    corners = are_corners(x, y, step, crs)
    cell_m = step[0] if crs.is_projected else None
    wide = f"{step[0]:,.0f} m".replace(",", ".") if cell_m else f"{step[0]:g}°".replace(".", ",")
    message = f"Die Punkte der Bevölkerung liegen in einem Gitter mit {wide} Abstand; jeder gilt "
    message += "als südwestliche Ecke einer Zelle." if corners else "als Mitte einer Zelle."
    noticed = Finding(
        "population.grid",
        Severity.WARNING if corners else Severity.INFO,
        message,
        str(path),
        "Sind es die Mitten, die Spalten »x_mp_…« nennen, zum Beispiel »x_mp_100m« und "
        "»y_mp_100m«."
        if corners
        else "",
    )
    return cells_around(x, y, step, corners=corners), cell_m, [noticed]


def _check_classes(rows: Rows, said_m: float | None, path: Path) -> None:
    """Refuse classes of numbers, as one of the files of the Zensus 2011 has them."""
    wide = said_m is not None and said_m >= _WIDE_CELL_M
    if wide and rows.count >= _MANY_ROWS and rows.most <= _LAST_CLASS:
        raise PopulationError(
            "Die Datei der Bevölkerung nennt in keiner Zelle mehr als neun Menschen; es sind wohl "
            "Klassen und keine Zahlen.",
            where=path,
            remedy="Vom Zensus 2011 die Datei mit den »spitzen Werten« nehmen, nicht die mit den "
            "»klassierten Werten«.",
        )


def _check_any(rows: Rows, crs: CRS, path: Path) -> None:
    """Say why nothing lies where it is wanted: the CRS is wrong, or the axes are swapped."""
    if any(len(piece) for piece in rows.x):
        return
    if rows.swapped:
        raise PopulationError(
            "In der Datei der Bevölkerung sind die Koordinaten vertauscht: was als x gelesen "
            "wird, ist y.",
            where=path,
            remedy="Die Namen der beiden Spalten tauschen: x ist der Ostwert oder die Länge, y "
            "der Nordwert oder die Breite.",
        )
    if not np.isfinite(rows.seen[0]):
        return
    west, south, east, north = (_coordinate(value) for value in rows.seen)
    box = [_coordinate(value) for value in rows.wanted]
    raise PopulationError(
        "Die Datei der Bevölkerung nennt niemanden im Gebiet der Studie. Ihre Koordinaten reichen "
        f"von {west} bis {east} und von {south} bis {north}; gelesen als »{crs.name}«, liegt das "
        f"Gebiet bei {box[0]} bis {box[2]} und {box[1]} bis {box[3]}.",
        where=path,
        remedy="Das Koordinatensystem (population_crs in study.toml) prüfen, oder eine Datei "
        "nehmen, die das Gebiet enthält.",
    )


def _coordinate(value: float) -> str:
    if abs(value) > 1000:  # noqa: PLR2004 - metres
        return number(round(value))
    return f"{value:.3f}".replace(".", ",")


def _near(found: _Found, near: Bounds | None, metric_crs: str) -> _Found:
    """Bring cells to the metric CRS, those that touch a box."""
    to_metric = Transformer.from_crs(found.crs, metric_crs, always_xy=True)
    shapes, people = _transformed(found.shapes, to_metric), found.people
    if near is not None:
        touching = shapely.intersects(_area(near, metric_crs), shapes)
        shapes, people = shapes[touching], people[touching]
    return replace(found, shapes=shapes, people=people)


def _placed(found: _Found, area: Any, metric_crs: str, path: Path) -> gpd.GeoDataFrame:
    """Cut cells at the edge, and say what is worth knowing about them."""
    shapely.prepare(area)
    touched = shapely.intersects(area, found.shapes)
    shapes, people = found.shapes[touched], found.people[touched]
    solid = shapely.get_dimensions(shapes) == 2  # noqa: PLR2004 - areas
    covered = np.ones(len(shapes))
    cut = solid & ~shapely.contains_properly(area, shapes)
    whole = shapely.area(shapes[cut])
    shapes[cut] = _areas_only(shapely.intersection(shapes[cut], area))
    covered[cut] = shapely.area(shapes[cut]) / np.maximum(whole, _SLIVER)
    covered = np.minimum(covered, 1.0)
    inside = covered > _SLIVER
    found.findings.extend(
        [
            *_cut_cells(int(np.sum((covered < _WHOLE) & inside & (people > 0))), path),
            *_unknown(int(np.sum(np.isnan(people) & inside)), path),
            *_double(shapes[inside & solid], path),
        ]
    )
    kept = inside & (people > 0)
    if not kept.any():
        raise PopulationError(
            "Die Datei der Bevölkerung nennt niemanden im Gebiet der Studie.",
            where=path,
            remedy="Koordinatensystem (population_crs in study.toml) und Spalte "
            "(population_column) prüfen, oder eine Datei nehmen, die das Gebiet enthält.",
        )
    frame = gpd.GeoDataFrame(
        {"people": (people * covered)[kept], "covered": covered[kept]},
        geometry=gpd.array.from_shapely(shapes[kept], crs=metric_crs),
    )
    middles = shapely.get_coordinates(shapely.centroid(shapes[kept]))
    order = np.lexsort((frame["people"], middles[:, 1], middles[:, 0]))
    return frame.iloc[order].reset_index(drop=True)


def _transformed(shapes: npt.NDArray[Any], transformer: Transformer) -> npt.NDArray[Any]:
    coordinates = shapely.get_coordinates(shapes)
    x, y = transformer.transform(coordinates[:, 0], coordinates[:, 1])
    return np.asarray(shapely.set_coordinates(shapes.copy(), np.column_stack([x, y])))


def _areas_only(shapes: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Drop the points and lines that cells and bounds may share besides an area."""
    mixed = shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION
    for place in np.flatnonzero(mixed):
        parts = [part for part in shapely.get_parts(shapes[place]) if part.area > 0]
        shapes[place] = shapely.union_all(parts)
    return shapes


def _cut_cells(count: int, path: Path) -> list[Finding]:
    return _counted(
        "population.cut_cells",
        "Eine Zelle der Bevölkerung liegt nur zum Teil im Kartenausschnitt; ihre Menschen zählen "
        "nach dem Anteil ihrer Fläche.",
        "{count} Zellen der Bevölkerung liegen nur zum Teil im Kartenausschnitt; ihre Menschen "
        "zählen nach dem Anteil ihrer Fläche.",
        count,
        path,
    )


def _unknown(count: int, path: Path) -> list[Finding]:
    return _counted(
        "population.unknown",
        "Für eine Zelle oder einen Punkt im Gebiet nennt die Datei keine Zahl (niemand, geheim "
        "gehalten oder nicht bekannt); dort fehlen vielleicht Menschen.",
        "Für {count} Zellen oder Punkte im Gebiet nennt die Datei keine Zahl (niemand, geheim "
        "gehalten oder nicht bekannt); dort fehlen vielleicht Menschen.",
        count,
        path,
    )


def _double(shapes: npt.NDArray[Any], path: Path) -> list[Finding]:
    middles = np.round(shapely.get_coordinates(shapely.centroid(shapes)), 1)
    found = _counted(
        "population.double_cells",
        "Eine Zelle der Bevölkerung kommt mehrfach vor; ihre Menschen zählen zusammen.",
        "{count} Zellen der Bevölkerung kommen mehrfach vor; ihre Menschen zählen zusammen.",
        len(middles) - len(np.unique(middles, axis=0)),
        path,
    )
    remedy = "Prüfen, ob die Datei dieselben Menschen mehrmals nennt, zum Beispiel nach Alter."
    return [replace(one, severity=Severity.WARNING, remedy=remedy) for one in found]


def _counted(code: str, one: str, many: str, count: int, path: Path) -> list[Finding]:
    if not count:
        return []
    message = one if count == 1 else many.format(count=number(count))
    return [Finding(code, Severity.INFO, message, str(path), count=count)]
