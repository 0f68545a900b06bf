"""Our own vector files: GeoJSON, GeoPackage and FlatGeobuf, the same bytes every time.

Files of others are read in ``geo.foreign_files``; what is read back goes through
``geo.result_files``, for a file of ours may have been in other hands. GDAL only writes here, with
the driver named, and never has to find out what a file is.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio  # type: ignore[import-untyped]
from pyogrio.errors import (  # type: ignore[import-untyped]
    DataLayerError,
    DataSourceError,
    FeatureError,
)

from geo.crs import WGS84
from geo.errors import CrsError, OutputError
from geo.feature_json import feature_texts
from geo.json_rows import dump, plain_value, value_columns
from geo.result_files import read_tables
from geo.whole_files import output_error, replacing
from geo.written_shapes import written_shapes

_ROWS = 256
"""Features that are made at a time, by each of some threads: GEOS lets them run side by side."""

_THREADS = 2

# A GeoPackage carries the time of its last change; ours must not depend on the clock.
_GPKG_OPTIONS = {
    "OGR_CURRENT_DATE": "2000-01-01T00:00:00.000Z",
    # ``replacing`` flushes the finished file once, instead of SQLite on every page.
    "OGR_SQLITE_SYNCHRONOUS": "OFF",
}


def write_geojson(
    frame: gpd.GeoDataFrame,
    path: Path,
    id_column: str | None = "id",
    members: Mapping[str, Any] | None = None,
) -> None:
    """Write a frame as GeoJSON (RFC 7946), one feature a line, the same bytes every time.

    Coordinates are longitude and latitude in WGS 84 with at most seven decimals, outer
    rings run anticlockwise (section 3.1.6), there is no ``crs`` member. Missing values
    and numbers that are not finite become ``null``. Further geometry columns are left out.

    Parameters
    ----------
    frame
        Any CRS; must have one.
    path
        Target; appears whole or not at all.
    id_column
        Column with unique values: becomes the features' ``id`` and their order, and stays
        a property as well. Without it the features keep the frame's order and have no id.
    members
        Foreign members of the collection (RFC 7946, 6.1), e.g. its licence.

    Raises
    ------
    CrsError
        If the frame has no CRS.
    OutputError
        If the file cannot be written.
    ValueError
        If the ids are not unique.
    """
    if id_column is not None:
        if frame[id_column].duplicated().any():
            raise ValueError(f"ids in {id_column!r} are not unique")
        frame = frame.sort_values(id_column, kind="stable")
    if frame.crs is None:
        raise CrsError("Den Daten fehlt das Koordinatensystem.", where=path)
    foreign = "".join(f",{dump(key)}:{dump(value)}" for key, value in (members or {}).items())
    with (
        replacing(path) as temporary,
        temporary.open("w", encoding="utf-8", errors="replace", newline="\n") as file,
    ):
        file.write(f'{{"type":"FeatureCollection"{foreign},"features":[\n')
        # Areas of a thousand houses are a gigabyte of text: never all of it at once.
        rows = [frame.iloc[first : first + _ROWS] for first in range(0, len(frame), _ROWS)]
        for number, features in enumerate(_in_threads(_features, rows, id_column)):
            file.write((",\n" if number else "") + features)
        file.write("\n]}\n")


def _features(frame: gpd.GeoDataFrame, id_column: str | None) -> str:
    """Return rows as GeoJSON features, one a line."""
    ids = None if id_column is None else frame[id_column]
    shapes = written_shapes(frame.geometry.array, str(frame.crs), WGS84)
    return ",\n".join(feature_texts(frame, ids, shapes))


def _in_threads(
    make: Callable[[gpd.GeoDataFrame, str | None], str],
    parts: Iterable[gpd.GeoDataFrame],
    id_column: str | None,
) -> Iterator[str]:
    """Yield what is made of each part, in their order, few of them at a time."""
    waiting: deque[Future[str]] = deque()
    with ThreadPoolExecutor(_THREADS) as pool:
        for part in parts:
            waiting.append(pool.submit(make, part, id_column))
            if len(waiting) > _THREADS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def write_gpkg(
    layers: Mapping[str, gpd.GeoDataFrame | pd.DataFrame], path: Path, crs: str
) -> None:
    """Write layers into one GeoPackage (version 1.2, which older GIS read too).

    Frames with geometry become feature tables with a spatial index, others attribute
    tables. Lines and polygons are always written as their Multi kind, so that a table
    has one type whatever is in it. Lists and mappings in cells become JSON text.

    Parameters
    ----------
    layers
        Frames by table name, written in this order.
    path
        Target; appears whole or not at all.
    crs
        The CRS that all geometries are converted to, e.g. ``"EPSG:25832"``.

    Raises
    ------
    CrsError
        If a GeoDataFrame has no CRS.
    OutputError
        If the file cannot be written.
    """
    with replacing(path) as temporary, _gdal_options(_GPKG_OPTIONS):
        for name, frame in layers.items():
            _write_layer(
                _table(frame, path, crs),
                temporary,
                path,
                layer=name,
                driver="GPKG",
                dataset_options={} if temporary.exists() else {"VERSION": "1.2"},
            )
        # GDAL may report a write that failed late only in its log: count what arrived.
        _check_rows(temporary, path, {name: len(frame) for name, frame in layers.items()})


def write_flatgeobuf(
    frame: gpd.GeoDataFrame,
    path: Path,
    title: str = "",
    description: str = "",
    members: Mapping[str, str] | None = None,
) -> None:
    """Write a frame as FlatGeobuf with its spatial index, in the frame's own CRS.

    Parameters
    ----------
    frame
        The layer.
    path
        Target.
    title, description
        What the file says about itself (fields of FlatGeobuf's header, format version 3).
    members
        More of it, by name, e.g. its licence: JSON in the header's field ``metadata``.

    Raises
    ------
    CrsError
        If the frame has no CRS.
    OutputError
        If the file cannot be written.
    """
    with replacing(path) as temporary:
        table = _table(frame, path, None)
        options = {"TITLE": title, "DESCRIPTION": description}
        _write_layer(
            table,
            temporary,
            path,
            layer=path.stem,
            driver="FlatGeobuf",
            layer_options={key: value for key, value in options.items() if value},
            layer_metadata=dict(members or {}) or None,
        )


def layer_names(path: Path) -> list[str]:
    """Return the names of the tables in a GeoPackage of ours, spatial ones first.

    Raises
    ------
    OutputError
        If the file is missing or is no GeoPackage.
    """
    tables = read_tables(path)
    return sorted(tables, key=lambda name: not isinstance(tables[name], gpd.GeoDataFrame))


def read_layer(path: Path, name: str) -> gpd.GeoDataFrame | pd.DataFrame:
    """Read one table of a GeoPackage of ours; attribute tables come as plain frames.

    Raises
    ------
    OutputError
        If the file is missing or lacks the table, or as ``geo.result_files.read_tables`` does.
    """
    found = read_tables(path, [name])
    if name not in found:
        raise _unreadable(path, name)
    return found[name]


def _unreadable(path: Path, layer: str) -> OutputError:
    return OutputError(
        f"Die Ergebnisdatei enthält die Ebene »{layer}« nicht.",
        where=path,
        remedy="Die Studie mit »sozialraum build« neu bauen.",
    )


def _table(
    frame: gpd.GeoDataFrame | pd.DataFrame, path: Path, crs: str | None
) -> gpd.GeoDataFrame | pd.DataFrame:
    """Prepare a frame for GDAL: one geometry, plain cells, the wanted CRS."""
    values = pd.DataFrame(
        {name: _gdal_column(frame[name]) for name in value_columns(frame)}
    ).reset_index(drop=True)
    if not isinstance(frame, gpd.GeoDataFrame):
        return values
    if frame.crs is None:
        raise CrsError("Den Daten fehlt das Koordinatensystem.", where=path)
    geometry = frame.geometry if crs is None else frame.geometry.to_crs(crs)
    return gpd.GeoDataFrame(values, geometry=geometry.array, crs=geometry.crs)


def _gdal_column(column: pd.Series[Any]) -> pd.Series[Any]:
    if column.dtype != object:
        return column
    plain = [plain_value(value) for value in column]
    if all(isinstance(value, bool) or value is None for value in plain):
        return pd.Series(plain, index=column.index, dtype="boolean")
    texts = [value if value is None or isinstance(value, str) else dump(value) for value in plain]
    return pd.Series(texts, index=column.index, dtype=object)


def _write_layer(
    table: gpd.GeoDataFrame | pd.DataFrame, temporary: Path, path: Path, **options: Any
) -> None:
    if isinstance(table, gpd.GeoDataFrame):
        geometry_type = _geometry_type(table)
        options["geometry_type"] = geometry_type
        options["promote_to_multi"] = geometry_type.startswith("Multi")
    try:
        pyogrio.write_dataframe(table, temporary, use_arrow=False, **options)
    except (DataSourceError, DataLayerError, FeatureError) as error:
        raise output_error(path, error) from error


def _geometry_type(table: gpd.GeoDataFrame) -> str:
    """Return the type to declare: from the dimension of what is there."""
    kinds = set(table.geom_type.dropna())
    for single in ("Point", "LineString", "Polygon"):
        if kinds and kinds <= {single, f"Multi{single}"}:
            return single if kinds == {"Point"} else f"Multi{single}"
    return "Unknown"


def _check_rows(temporary: Path, path: Path, expected: Mapping[str, int]) -> None:
    with sqlite3.connect(f"{temporary.resolve().as_uri()}?mode=ro", uri=True) as connection:
        for name, rows in expected.items():
            quoted = name.replace('"', '""')
            query = f'SELECT count(*) FROM "{quoted}"'  # noqa: S608 - a table's own name
            (found,) = connection.execute(query).fetchone()
            if found != rows:
                raise output_error(path, OSError(f"{found} statt {rows} Zeilen in »{name}«"))
    connection.close()


@contextmanager
def _gdal_options(options: Mapping[str, str]) -> Iterator[None]:
    """Set options of GDAL for a while; they are global, so the old ones are put back."""
    before = {name: pyogrio.get_gdal_config_option(name) for name in options}
    pyogrio.set_gdal_config_options(dict(options))
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)
