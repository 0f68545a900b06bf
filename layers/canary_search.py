"""Find canaries in files, wherever a format has put them."""

from __future__ import annotations

import base64
import binascii
import gzip
import io
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from geo.errors import ReleaseError
from layers.canaries import Canaries

_SQLITE = b"SQLite format 3\0"
_ZIP, _GZIP = b"PK\x03\x04", b"\x1f\x8b"
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{24,}={0,2}")
_DEPTH = 3
"""So often something packed may be packed again."""


@dataclass(frozen=True, slots=True, order=True)
class Leak:
    """A canary that got out.

    Attributes
    ----------
    file
        Path within the folder.
    field
        Where it stood inside, e.g. ``"houses.name"``.
    """

    file: str
    field: str


def canaries_in(folder: Path, canaries: Canaries) -> list[Leak]:
    """Return the canaries in all files of a folder, at any depth, and in their names.

    Texts are found in UTF-8 and UTF-16, in values of SQLite databases (where a long one may
    lie scattered over pages), in ZIP and gzip archives and in base64 that holds deflated data,
    as the map has it. Numbers are found in text files and in columns of databases; not in the
    packed numbers of the map, in which a value is written as a difference to others.

    Parameters
    ----------
    folder
        The public release.
    canaries
        The marks.
    """
    found: set[Leak] = set()
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        name = path.relative_to(folder).as_posix()
        content = path.read_bytes()
        fields = set(_in_bytes(content, canaries, _DEPTH))
        fields.update(_in_text(name.encode(), canaries))
        if content.startswith(_SQLITE):
            fields.update(_in_database(path, canaries))
        found.update(Leak(name, one) for one in fields)
    return sorted(found)


def require_none(folder: Path, canaries: Canaries) -> None:
    """Refuse a public release in which something internal is found.

    Parameters
    ----------
    folder
        The public release, not yet where people see it.
    canaries
        The marks.

    Raises
    ------
    geo.errors.ReleaseError
        If there is a canary; names the files and the fields.
    """
    leaks = canaries_in(folder, canaries)
    if leaks:
        told = "; ".join(f"{leak.field} in {leak.file}" for leak in leaks[:5])
        more = f" und {len(leaks) - 5} weitere" if len(leaks) > 5 else ""  # noqa: PLR2004
        raise ReleaseError(
            f"In der öffentlichen Fassung stünde Internes: {told}{more}. Die bisherigen "
            "Ergebnisse sind unverändert.",
            remedy="Nichts weitergeben und den Fehler melden; er liegt im Programm, nicht in der "
            "Studie.",
        )


def _in_bytes(content: bytes, canaries: Canaries, depth: int) -> Iterator[str]:
    """Yield the fields of canaries in bytes, unpacking what is packed."""
    yield from _in_text(content, canaries)
    if depth == 0:
        return
    for packed in _unpacked(content):
        yield from _in_bytes(packed, canaries, depth - 1)


def _in_text(content: bytes, canaries: Canaries) -> Iterator[str]:
    mark = canaries.mark.encode()
    # Nothing is searched twice for what is not there: a page has megabytes.
    if mark in content or mark.upper() in content.upper():
        for number in re.findall(mark + rb"(\d{4})", content, re.IGNORECASE):
            yield canaries.field_of(int(number))
        if not re.search(mark + rb"\d{4}", content, re.IGNORECASE):
            yield "unbekannt"
    wide = canaries.mark.encode("utf-16-le")
    for found in re.finditer(re.escape(wide) + rb"((?:\d\0){4})", content):
        yield canaries.field_of(int(found[1].decode("utf-16-le")))
    number_text = str(canaries.number).encode()
    if number_text in content and re.search(rb"(?<!\d)" + number_text + rb"(?!\d)", content):
        yield "eine Zahl"


def _unpacked(content: bytes) -> Iterator[bytes]:
    if content.startswith(_ZIP):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                yield member.filename.encode("utf-8", "replace")
                yield archive.read(member)
        return
    if content.startswith(_GZIP):
        yield gzip.decompress(content)
        return
    for run in _BASE64.finditer(content):
        try:
            raw = base64.b64decode(run[0] + b"=" * (-len(run[0]) % 4))
        except binascii.Error:
            continue
        yield raw
        inflated = _inflated(raw)
        if inflated:
            yield inflated


def _inflated(raw: bytes) -> bytes:
    """Return deflated data as it was; nothing where it is none."""
    # The first two bytes of the zlib format are a multiple of 31 (RFC 1950, section 2.2).
    if len(raw) < 8 or raw[0] & 0x0F != 8 or (raw[0] << 8 | raw[1]) % 31:  # noqa: PLR2004
        return b""
    try:
        return zlib.decompress(raw)
    except zlib.error:
        return b""


def _in_database(path: Path, canaries: Canaries) -> Iterator[str]:
    """Yield the fields of canaries in the values of an SQLite database."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
        tables = database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' "
            "AND sql NOT LIKE 'CREATE VIRTUAL%'"
        ).fetchall()
        for (table,) in tables:
            quoted = '"' + table.replace('"', '""') + '"'
            columns = database.execute(
                "SELECT name FROM pragma_table_info(?)", (table,)
            ).fetchall()
            for (name,) in columns:
                column = '"' + name.replace('"', '""') + '"'
                # Names of tables and columns are those of a file that we have just written.
                rows = database.execute(
                    f"SELECT DISTINCT {column} FROM {quoted} WHERE "  # noqa: S608
                    f"(typeof({column}) = 'text' AND instr(lower({column}), ?)) "
                    f"OR (typeof({column}) IN ('integer', 'real') AND {column} = ?)",
                    (canaries.mark, canaries.number),
                ).fetchall()
                for (value,) in rows:
                    yield from _in_text(str(value).removesuffix(".0").encode(), canaries)
