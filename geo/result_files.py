"""GeoPackages that we have written, read back without trusting them: they may come from others."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo._wkb import WkbError, read_many
from geo.errors import OutputError
from geo.foreign_files import crs_from_code
from geo.guarded import Guard, Parts, ask

_MIB = 1 << 20
MOST_BYTES = 2048 * _MIB
"""A file larger than this is not read back: a thousand houses take a quarter of it."""

MOST_ROWS = 20_000_000
"""Rows of all tables together."""

_QUICK_BYTES = 200 * _MIB
_BYTES_A_SECOND = 10 * _MIB

_REMEDY = "Die Studie mit »sozialraum build« neu bauen, oder die Datei noch einmal holen."
# Length of the envelope by its code in the header of a geometry (GeoPackage, 2.1.3.1.1).
_ENVELOPE_BYTES = np.array([0, 32, 48, 48, 64, -1, -1, -1])
_HEADER = 8


def read_tables(
    path: Path, names: Collection[str] | None = None
) -> dict[str, gpd.GeoDataFrame | pd.DataFrame]:
    """Read tables of a GeoPackage in a guarded process.

    Stored tables only, by SQLite without GDAL: views and virtual tables are refused.

    Parameters
    ----------
    path
        The file.
    names
        The tables wanted, those that the file lacks left out; by default all layers and
        attribute tables that it lists.

    Returns
    -------
    dict
        Frames by name in the order of the file, without the column ``fid``. Feature tables are
        GeoDataFrames. Text is ``str``, truth ``bool``, whole numbers ``int64``, others
        ``float64``; where one is missing, ``boolean`` and ``Int64``.

    Raises
    ------
    geo.errors.OutputError
        If the file is missing, is no GeoPackage, is broken, or passes a limit of size, memory
        or time.
    """
    guard = _guard(_size(path))
    wanted = None if names is None else sorted(names)
    arguments = {"path": str(path), "tables": wanted, "rows": MOST_ROWS}
    parts = ask("tables", path, arguments, OutputError, guard)
    try:
        listed = parts.plain(list)
        return {str(name): _table(parts, str(column), str(crs)) for name, column, crs in listed}
    except WkbError as error:
        raise OutputError(
            f"Eine Geometrie in der Ergebnisdatei ist beschädigt: {error}.",
            where=path,
            remedy=_REMEDY,
        ) from error
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise OutputError(
            "Was in der Ergebnisdatei steht, ist nicht stimmig.", where=path, remedy=_REMEDY
        ) from error


def _guard(size: int) -> Guard:
    """Half a minute; more for files that nobody sends by chance.

    The tables leave the process as they are read, so the answer may be larger than what it may
    hold.
    """
    more = max(0, size - _QUICK_BYTES) // _BYTES_A_SECOND
    return Guard(seconds=Guard().seconds + more, answer_bytes=MOST_BYTES)


def _size(path: Path) -> int:
    try:
        size = path.stat().st_size if path.is_file() else -1
    except OSError:
        size = -1
    if size < 0:
        raise OutputError("Die Ergebnisdatei fehlt.", where=path, remedy=_REMEDY)
    if size > MOST_BYTES:
        raise OutputError(
            f"Die Ergebnisdatei ist zu groß: {size // _MIB:,} MB, erlaubt sind "
            f"{MOST_BYTES // _MIB:,} MB.".replace(",", "."),
            where=path,
            remedy="Prüfen, ob es die richtige Datei ist.",
        )
    return size


def _table(parts: Parts, drawn: str, crs: str) -> gpd.GeoDataFrame | pd.DataFrame:
    names, count, spatial = parts.plain(list)
    columns = {str(name): _column(parts) for name in names}
    if any(len(values) != count for values in columns.values()):
        raise ValueError("length of a column")
    index = pd.RangeIndex(count)
    if not drawn:
        return pd.DataFrame(columns, index=index)
    if not spatial:
        raise ValueError("no column of geometries")
    pieces = [np.empty(0, dtype=object)]
    while sum(map(len, pieces)) < count:
        lengths = np.frombuffer(parts.binary(), dtype="<i8")
        pieces.append(_shapes(parts.binary(), lengths))
    shapes = np.concatenate(pieces)
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=crs_from_code(crs), index=index)


def _column(parts: Parts) -> Any:
    """Take a column as an array of numpy or pandas."""
    kind = parts.plain(str)
    if kind == "texts":
        known = parts.plain(list)
        codes = np.frombuffer(parts.binary(), dtype="<i4")
        if not all(isinstance(one, str) for one in known):
            raise ValueError("texts")
        if len(codes) and not -1 <= int(codes.min()) <= int(codes.max()) < len(known):
            raise ValueError("codes")
        # The last stands for -1, what is missing.
        texts = np.array([*known, None], dtype=object)
        return pd.array(texts[codes], dtype="str")
    numbers = np.frombuffer(parts.binary(), dtype="<f8" if kind == "real" else "<i8")
    missing = np.frombuffer(parts.binary(), dtype=np.uint8) != 0
    if len(missing) != len(numbers):
        raise ValueError("marks of what is missing")
    if kind == "real":
        return np.where(missing, np.nan, numbers)
    if kind == "truth":
        values: npt.NDArray[Any] = numbers != 0
        return pd.arrays.BooleanArray(values, missing) if missing.any() else values
    return pd.arrays.IntegerArray(numbers.copy(), missing) if missing.any() else numbers.copy()


def _shapes(content: bytes, lengths: npt.NDArray[np.int64]) -> npt.NDArray[Any]:
    """Read binaries of GeoPackage: each a header, then well-known binary."""
    if not len(lengths):
        raise ValueError("no geometries")
    present = lengths >= 0
    sizes = lengths[present]
    if int(sizes.sum()) != len(content) or (sizes < _HEADER).any():
        raise ValueError("lengths of geometries")
    starts = np.cumsum(sizes) - sizes
    raw = np.frombuffer(content, dtype=np.uint8)
    flags = raw[starts + 3]
    envelopes = _ENVELOPE_BYTES[(flags >> 1) & 0b111]
    skip = _HEADER + envelopes
    magic = (raw[starts] == ord("G")) & (raw[starts + 1] == ord("P"))
    if not (magic & (envelopes >= 0) & (flags & 0b100000 == 0) & (sizes >= skip)).all():
        raise WkbError("die Geometrie ist nicht lesbar")
    shapes = np.full(len(lengths), None, dtype=object)
    view = memoryview(content)
    blobs = [
        bytes(view[start + head : start + size])
        for start, size, head in zip(starts.tolist(), sizes.tolist(), skip.tolist(), strict=True)
    ]
    shapes[present] = shapely.force_2d(read_many(blobs))
    return shapes
