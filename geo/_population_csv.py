"""People in CSV files, read block by block so that a file for a whole country fits in."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pyproj import CRS

from geo._population_columns import (
    Columns,
    cell_middles,
    cell_size,
    find_columns,
    read_crs,
    settled_crs,
)
from geo._population_rows import Box, Rows
from geo.errors import PopulationError

Floats = npt.NDArray[np.float64]

_BLOCK = 4 << 20
_SAMPLE = 1 << 16
_MAX_BYTES = 8 << 30
"""Far above the largest file that is published (Zensus 2011, 100 m: 1.3 GB)."""

UNKNOWN = ["", "-", "–", "—", ".", "...", "…", "/", "x", "X", "\ufffd"]
"""Signs of the statistics offices for "nothing, secret or not known"; the last one stands for a
dash that was written in another encoding."""

_DELIMITERS = (";", "\t", ",", "|")
_COMMA_NUMBER = re.compile(r"\d,\d")
_POINT_NUMBER = re.compile(r"\d\.\d")
# 1.234 may be a thousand or one and a bit.
_THOUSANDS = r"\d{1,3}(?:\.\d{3})+"


@dataclass(frozen=True)
class Layout:
    """How a CSV file is written.

    Attributes
    ----------
    delimiter, decimal, encoding
        As they are called.
    names
        Of all columns.
    columns
        What they are.
    crs
        What the column ``crs`` says in the first row, or None.
    example
        First id of a cell, or empty.
    """

    delimiter: str
    decimal: str
    encoding: str
    names: tuple[str, ...]
    columns: Columns
    crs: CRS | None
    example: str

    @property
    def cell_m(self) -> float | None:
        """Side of the cells that names or ids tell, metres."""
        return self.columns.cell_m or cell_size(self.example)

    def index(self, name: str) -> int:
        """Return the place of a column."""
        return self.names.index(name)


@dataclass(frozen=True)
class Table:
    """A CSV file that has been read.

    Attributes
    ----------
    rows
        What lies in the wanted box.
    crs
        Of the coordinates.
    layout
        How it is written.
    """

    rows: Rows
    crs: CRS
    layout: Layout


def read_csv_people(
    path: Path, named_crs: str | None, column: str | None, box_in: Callable[[CRS], Box]
) -> Table:
    """Read the rows of people in a box from a CSV file, or from an archive that holds one.

    Parameters
    ----------
    path
        Ending in ``.csv``, ``.txt``, ``.tsv`` or ``.zip``.
    named_crs, column
        As the study names them.
    box_in
        Gives the box in the CRS of the file.

    Raises
    ------
    PopulationError
        If the file is missing, is no table, has not the columns, or too many wrong rows.
    """
    with _opened(path, column) as (stream, where):
        head = stream.read(_SAMPLE)
        layout = _layout(head, column, where)
        crs = settled_crs(layout.crs, named_crs, layout.columns.crs, where)
        rows = Rows(where, box_in(crs))
        reader = _Reader(layout, rows)
        for first, block in _blocks(head, stream, where):
            reader.read(first, block)
    return Table(rows, crs, layout)


@contextmanager
def _opened(path: Path, column: str | None) -> Iterator[tuple[IO[bytes], Path | str]]:
    try:
        if path.suffix.lower() == ".zip":
            with zipfile.ZipFile(path) as archive:
                name = _member(archive, path, column)
                with archive.open(name) as stream:
                    yield stream, f"{path}, {name}"
        else:
            with path.open("rb") as stream:
                yield stream, path
    except FileNotFoundError as error:
        raise PopulationError(
            "Die Datei der Bevölkerung gibt es nicht.",
            where=path,
            remedy="Den Namen prüfen; er gilt vom Ordner der Studie aus. Ohne die Zeile "
            "population in study.toml wird die Zahl der Menschen geschätzt.",
        ) from error
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise PopulationError(
            f"Die Datei der Bevölkerung kann nicht gelesen werden: {error}.",
            where=path,
            remedy="Die Datei noch einmal herunterladen und die Leserechte prüfen.",
        ) from error


def has_tables(path: Path) -> bool:
    """Whether an archive holds CSV files, as those of the Zensus do, and no Shapefile."""
    try:
        with zipfile.ZipFile(path) as archive:
            endings = {Path(name).suffix.lower() for name in archive.namelist()}
    except (OSError, zipfile.BadZipFile):
        return False
    return ".csv" in endings and ".shp" not in endings


def _member(archive: zipfile.ZipFile, path: Path, column: str | None) -> str:
    """Return the table with the finest cells; one without cells only if there is no other."""
    fits: list[tuple[float, str]] = []
    fault: PopulationError | None = None
    for name in sorted(archive.namelist()):
        if not name.lower().endswith(".csv"):
            continue
        with archive.open(name) as stream:
            try:
                layout = _layout(stream.read(_SAMPLE), column, f"{path}, {name}")
            except PopulationError as error:
                fault = error
                continue
        fits.append((layout.cell_m or np.inf, name))
    if not fits:
        raise fault or PopulationError("Das Archiv enthält keine CSV-Datei.", where=path)
    return min(fits)[1]


def _layout(head: bytes, column: str | None, where: Path | str) -> Layout:
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in head:
        raise PopulationError(
            "Die Datei der Bevölkerung ist keine CSV-Datei in UTF-8.",
            where=where,
            remedy="Als »CSV UTF-8« speichern.",
        )
    # The last character of the sample may be cut in two.
    whole = head[: head.rfind(b"\n") + 1] or head
    try:
        sample, encoding = whole.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        sample, encoding = whole.decode("cp1252", errors="replace"), "cp1252"
    lines = sample.splitlines()
    if not lines or not lines[0].strip():
        raise PopulationError(
            "Die Datei der Bevölkerung ist leer oder beginnt ohne Spaltennamen.",
            where=where,
            remedy="In die erste Zeile die Namen der Spalten schreiben, zum Beispiel "
            "»x;y;Einwohner«.",
        )
    delimiter = max(_DELIMITERS, key=lines[0].count)
    names = tuple(name.strip() for name in next(csv.reader([lines[0]], delimiter=delimiter)))
    columns = find_columns(names, column, where)
    decimal = "."
    rest = "\n".join(lines[1:])
    if delimiter != "," and (_COMMA_NUMBER.search(rest) or not _POINT_NUMBER.search(rest)):
        decimal = ","
    first = next(csv.reader(lines[1:2], delimiter=delimiter), [])

    def of(name: str) -> str:
        place = names.index(name) if name else len(first)
        return first[place].strip() if place < len(first) else ""

    said = of(columns.crs_column)
    return Layout(
        delimiter,
        decimal,
        encoding,
        names,
        columns,
        read_crs(said, where) if said else None,
        of(columns.cell_id),
    )


def _blocks(head: bytes, stream: IO[bytes], where: Path | str) -> Iterator[tuple[int, bytes]]:
    """Yield blocks of whole lines after the first one, each with the number of its first line."""
    line, total = 1, len(head)
    rest = head.removeprefix(b"\xef\xbb\xbf")
    is_first = True
    while True:
        more = stream.read(_BLOCK)
        total += len(more)
        if total > _MAX_BYTES:
            raise PopulationError(
                "Die Datei der Bevölkerung ist größer als 8 GB.",
                where=where,
                remedy="Die Datei auf die Umgebung kürzen.",
            )
        block = rest + more
        cut = block.rfind(b"\n") + 1 if more else len(block)
        block, rest = block[:cut], block[cut:]
        if is_first and block:
            _, _, block = block.partition(b"\n")
            line, is_first = 2, False
        if block.strip():
            yield line, block
        line += block.count(b"\n")
        if not more:
            return


def _is_plain(block: bytes, delimiter: str, fields: int) -> bool:
    """Whether each line has so many fields and nothing else to take care of.

    The quick parser would fill up short lines and cut long ones.
    """
    if b'"' in block or block.count(b"\r") != block.count(b"\r\n"):
        return False
    signs = np.frombuffer(block, dtype=np.uint8)
    ends = np.flatnonzero(signs == ord("\n"))
    between = np.flatnonzero(signs == ord(delimiter))
    each = np.diff(np.searchsorted(between, ends), prepend=0)
    return bool(np.all(each == fields - 1))


class _Reader:
    """Turns blocks of lines into rows."""

    def __init__(self, layout: Layout, rows: Rows) -> None:
        self._layout = layout
        self._rows = rows
        columns = layout.columns
        self._people = layout.index(columns.people)
        self._places = [layout.index(name) for name in (columns.x, columns.y) if name]
        self._id = layout.index(columns.cell_id) if not self._places else -1
        self._crs = layout.index(columns.crs_column) if columns.crs_column else -1
        extra = [place for place in (self._id, self._crs) if place >= 0]
        self._used = sorted({self._people, *self._places, *extra})
        # As text, a thousand with a point can be told from one and a bit.
        pointed = layout.delimiter != "," and layout.decimal == "."
        self._texts = [*extra, self._people] if pointed else extra

    def read(self, first: int, block: bytes) -> None:
        """Read whole lines; ``first`` is the number of the first of them in the file."""
        frame = self._frame(first, block)
        if frame is None or not len(frame):
            return
        lines = frame.index.to_numpy(dtype=np.int64)
        if self._crs >= 0:
            self._check_crs(frame[self._crs])
        people, unknown = self._numbers(frame[self._people])
        wrong = np.isnan(people) & ~unknown
        if self._places:
            x, y = (self._numbers(frame[place])[0] for place in self._places)
        else:
            x, y = cell_middles(frame[self._id])
        self._rows.add(lines, x, y, people, wrong=wrong)

    def _frame(self, first: int, block: bytes) -> pd.DataFrame | None:
        layout = self._layout
        if not block.endswith(b"\n"):
            block += b"\n"
        if not _is_plain(block, layout.delimiter, len(layout.names)):
            return self._slow_frame(first, block)
        # The stubs do not know columns by their numbers.
        read: Any = pd.read_csv
        frame: pd.DataFrame = read(
            BytesIO(block),
            sep=layout.delimiter,
            header=None,
            usecols=self._used,
            decimal=layout.decimal,
            keep_default_na=False,
            na_values={self._people: UNKNOWN},
            dtype=dict.fromkeys(self._texts, "str"),
            encoding=layout.encoding,
            encoding_errors="replace",
            skip_blank_lines=False,
            low_memory=False,
            quoting=csv.QUOTE_NONE,
        )
        frame.index = pd.RangeIndex(first, first + len(frame))
        return frame

    def _slow_frame(self, first: int, block: bytes) -> pd.DataFrame:
        """Read lines one by one, those that have quotes, gaps or too many fields among them."""
        layout = self._layout
        text = block.decode(layout.encoding, errors="replace").replace("\r", "").split("\n")
        wanted = len(layout.names)
        kept: list[list[str]] = []
        lines: list[int] = []
        broken: list[int] = []
        for number, line in enumerate(text, start=first):
            if not line.strip():
                continue
            fields = next(csv.reader([line], delimiter=layout.delimiter), [])
            # Some programs end each line with a delimiter.
            if len(fields) == wanted + 1 and not fields[-1].strip():
                fields.pop()
            if len(fields) != wanted:
                broken.append(number)
                continue
            kept.append([fields[place] for place in self._used])
            lines.append(number)
        self._rows.count += len(broken)
        self._rows.fault(np.array(broken, dtype=np.int64), f"hat nicht {wanted} Felder")
        return pd.DataFrame(kept, columns=self._used, index=lines, dtype="str")

    def _numbers(self, column: pd.Series[Any]) -> tuple[Floats, npt.NDArray[np.bool_]]:
        """Return numbers, NaN where there is none, and where the file says "not known"."""
        if pd.api.types.is_numeric_dtype(column.dtype) and column.dtype != np.bool_:
            values = column.to_numpy(dtype=np.float64, copy=True)
            unknown = np.isnan(values)
            values[~np.isfinite(values)] = np.nan
            return values, unknown
        words = column.astype("str").str.strip()
        unknown = (column.isna() | words.isin(UNKNOWN)).to_numpy(dtype=np.bool_)
        numbers = pd.to_numeric(words.str.replace(",", "."), errors="coerce")
        found = numbers.to_numpy(dtype=np.float64, na_value=np.nan, copy=True)
        found[~np.isfinite(found)] = np.nan
        if column.name == self._people and self._layout.delimiter != ",":
            found[words.str.fullmatch(_THOUSANDS).to_numpy(dtype=np.bool_)] = np.nan
        found[unknown] = np.nan
        return found, unknown

    def _check_crs(self, column: pd.Series[Any]) -> None:
        said = sorted({str(word).strip() for word in column.dropna().unique()} - {""})
        if any(read_crs(word, self._rows.path) != self._layout.crs for word in said):
            raise PopulationError(
                "Die Spalte »crs« der Bevölkerung nennt mehrere Koordinatensysteme.",
                where=self._rows.path,
                remedy="Alle Zeilen in ein Koordinatensystem umrechnen.",
            )
