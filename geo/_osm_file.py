"""Recognize files of OSM data and make sure that they are whole.

Looks at a file before anything is read from it: foreign, broken off and blown-up files are
refused here with a sentence that says what they are instead. libosmium reads truncated PBF
files up to the break and only then complains; that a file is whole is therefore made sure
of first.
"""

from __future__ import annotations

import bz2
import gzip
import hashlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import BinaryIO, cast

from geo.errors import ExtractError

MAX_UNPACKED_BYTES = 16 * 2**30
"""The most that a file may unpack to (XML text, or the blocks of a PBF file)."""

MAX_PACKING_RATIO = 100
"""Real extracts unpack to 2 to 20 times their size; a bomb to 1,000 times."""

_RATIO_FREE_BYTES = 64 * 2**20  # small files may be packed as tightly as they like
_CHUNK = 2**20

# The frame of a PBF file: length of the header (4 bytes), BlobHeader with the size of the
# blob in field 3, Blob with its unpacked size in field 2 (OSM wiki, "PBF Format").
_LENGTH_BYTES = 4
_MAX_BLOB_HEADER = 64 * 1024
_DATA_SIZE = 3
_RAW_SIZE = 2
_VARINT = 0  # wire types of protocol buffers
_BYTES = 2
_OVERLAP = 4096  # longer than any start tag that is searched for across two chunks

_REMEDY = (
    "Einen OSM-Auszug als .osm.pbf, .osm, .osm.gz oder .osm.bz2 angeben, "
    "zum Beispiel von download.geofabrik.de."
)
_RELOAD = "Die Datei noch einmal herunterladen oder kopieren und ihre Größe vergleichen."

_FOREIGN = (
    (b"\x89PNG", "ein Bild (PNG)"),
    (b"\xff\xd8\xff", "ein Bild (JPEG)"),
    (b"%PDF", "ein PDF-Dokument"),
    (b"PK\x03\x04", "ein ZIP-Archiv"),
    (b"7z\xbc\xaf", "ein 7z-Archiv"),
    (b"\xfd7zXZ", "eine mit xz gepackte Datei"),
    (b"\x28\xb5\x2f\xfd", "eine mit zstd gepackte Datei"),
    (b"SQLite format 3", "eine SQLite-Datenbank oder ein GeoPackage"),
    (b"\x00\x00\x27\x0a", "ein Shapefile"),
    (b"\xff\xe0\x04o5", "eine o5m- oder o5c-Datei"),
    (b"\xff\xfe", "Text in UTF-16"),
    (b"\xfe\xff", "Text in UTF-16"),
    (b"{", "JSON oder GeoJSON"),
    (b"[", "JSON"),
)
_ROOTS = {
    "osmChange": "eine Datei mit Änderungen (osmChange), kein Auszug",
    "html": "eine Webseite (HTML); vermutlich ist das Herunterladen fehlgeschlagen",
    "gpx": "ein GPS-Track (GPX)",
    "kml": "eine KML-Datei",
}


@dataclass(frozen=True)
class OsmFile:
    """A file that holds OSM data and is whole.

    Attributes
    ----------
    path
        The file.
    format
        How libosmium is to read it: ``"osm.pbf"``, ``"osm"``, ``"osm.gz"``, ``"osm.bz2"``.
    size
        Bytes.
    digest
        SHA-256 of the bytes, hexadecimal.
    deleted
        Objects that an editor marked as deleted (``action="delete"``), which libosmium
        does not know: ``("n" | "w" | "r", id)``.
    overpass_date
        How new the data are, as an Overpass server writes it into XML, where libosmium does
        not look (``<meta osm_base="…"/>``); else None.
    """

    path: Path
    format: str
    size: int
    digest: str
    deleted: frozenset[tuple[str, int]] = field(default=frozenset())
    overpass_date: date | None = None


def open_osm_file(path: Path) -> OsmFile:
    """Recognize a file by its content and make sure that it is whole.

    Raises
    ------
    ExtractError
        If there is no such file, if it is a folder, empty, not readable, not OSM data,
        broken off, or unpacks to more than the limits of this module.
    """
    if path.is_dir():
        raise ExtractError("Das ist ein Ordner, kein OSM-Auszug.", where=path, remedy=_REMEDY)
    try:
        with path.open("rb") as stream:
            start = stream.read(512)
            stream.seek(0)
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        raise ExtractError(
            "Den OSM-Auszug gibt es nicht.",
            where=path,
            remedy="Den Dateinamen prüfen; er gilt vom Ordner der Studie aus.",
        ) from None
    except OSError as error:
        raise ExtractError(
            f"Der OSM-Auszug lässt sich nicht öffnen ({error.strerror}).",
            where=path,
            remedy="Die Zugriffsrechte der Datei prüfen.",
        ) from None
    size = path.stat().st_size
    if not size:
        raise ExtractError("Die Datei ist leer.", where=path, remedy=_RELOAD)
    if b"OSMHeader" in start[:80]:
        _check_pbf(path, size)
        return OsmFile(path, "osm.pbf", size, digest)
    packing = {b"\x1f\x8b": "gz", b"BZ": "bz2"}.get(start[:2])
    base = _check_xml_start(path, packing)
    deleted = _check_xml(path, packing, size)
    return OsmFile(path, f"osm.{packing}" if packing else "osm", size, digest, deleted, base)


def _check_pbf(path: Path, size: int) -> None:
    """Walk over the blocks of a PBF file without unpacking them."""
    unpacked = 0
    with path.open("rb") as stream:
        position = 0
        while position < size:
            head = stream.read(_LENGTH_BYTES)
            length = int.from_bytes(head, "big")
            if len(head) < _LENGTH_BYTES or not 0 < length <= _MAX_BLOB_HEADER:
                raise _broken(path, position, size)
            header = stream.read(length)
            data_size = _numbers(header).get(_DATA_SIZE, -1) if len(header) == length else -1
            position += _LENGTH_BYTES + length
            if data_size < 0 or position + data_size > size:
                raise _broken(path, position, size)
            unpacked += _numbers(stream.read(min(data_size, 64))).get(_RAW_SIZE, data_size)
            position += data_size
            stream.seek(position)
            _check_unpacked(path, unpacked, size)


def _broken(path: Path, position: int, size: int) -> ExtractError:
    return ExtractError(
        "Der OSM-Auszug ist abgeschnitten oder beschädigt.",
        where=f"{path}, ab Byte {position} von {size}",
        remedy=_RELOAD,
    )


def _numbers(data: bytes) -> dict[int, int]:
    """Return the whole-number fields of a protocol buffer message, as far as `data` goes."""
    values: dict[int, int] = {}
    position = 0

    def varint() -> int:
        nonlocal position
        value = shift = 0
        while True:
            byte = data[position]
            position += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                return value

    try:
        while position < len(data):
            key = varint()
            value = varint()
            if key & 7 == _VARINT:
                values[key >> 3] = value
            elif key & 7 == _BYTES:
                position += value
            else:
                break
    except IndexError:
        pass
    return values


def _check_unpacked(path: Path, unpacked: int, size: int) -> None:
    bomb = unpacked > _RATIO_FREE_BYTES and unpacked > MAX_PACKING_RATIO * size
    if bomb or unpacked > MAX_UNPACKED_BYTES:
        raise ExtractError(
            "Der OSM-Auszug entpackt sich auf mehr, als erlaubt ist "
            f"(über {unpacked // 2**20} MB aus {max(size // 2**20, 1)} MB).",
            where=path,
            remedy=(
                "Einen kleineren Auszug nehmen, zum Beispiel mit »osmium extract« auf die "
                "Umgebung zugeschnitten. Kommt die Datei aus fremder Hand, ist sie "
                "womöglich eine Falle."
            ),
        )


def _unpacked(path: Path, packing: str | None) -> BinaryIO:
    if packing == "gz":
        return cast("BinaryIO", gzip.open(path, "rb"))
    if packing == "bz2":
        return cast("BinaryIO", bz2.open(path, "rb"))
    return path.open("rb")


def _chunks(path: Path, packing: str | None) -> Iterator[bytes]:
    try:
        with _unpacked(path, packing) as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk
    except (EOFError, zlib.error, OSError, ValueError):
        raise ExtractError(
            "Die gepackte Datei ist abgeschnitten oder beschädigt.", where=path, remedy=_RELOAD
        ) from None


def _check_xml_start(path: Path, packing: str | None) -> date | None:
    """Refuse what is no OSM XML; return the date that stands at its beginning, if any."""
    start = next(_chunks(path, packing), b"")[:4096]
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    inside = " (gepackt)" if packing else ""
    for magic, name in _FOREIGN:
        if start.startswith(magic) or text.startswith(magic):
            raise ExtractError(
                f"Die Datei ist kein OSM-Auszug, sondern {name}{inside}.",
                where=path,
                remedy=_REMEDY,
            )
    text = re.sub(rb"<!--.*?-->|<\?.*?\?>", b"", text, flags=re.DOTALL).lstrip()
    root = re.search(rb"<\s*!?(?:DOCTYPE\s+)?([A-Za-z][\w:]*)", text)
    name = root.group(1).decode() if root and text.startswith(b"<") else ""
    if name == "osm":
        return _overpass_date(start)
    what = _ROOTS.get(name) or _ROOTS.get(name.lower())
    raise ExtractError(
        f"Die Datei ist kein OSM-Auszug, sondern {what}{inside}."
        if what
        else f"Die Datei ist kein OSM-Auszug{inside}.",
        where=path,
        remedy=_REMEDY,
    )


def _overpass_date(start: bytes) -> date | None:
    match = _BASE.search(start)
    try:
        return None if match is None else date.fromisoformat(match.group(1).decode())
    except ValueError:
        return None


_BASE = re.compile(rb"<meta\b[^<>]*\bosm_base=[\"'](\d{4}-\d\d-\d\d)T")
_DELETED = re.compile(rb"<(node|way|relation)\b([^<>]*\baction=[\"']delete[\"'][^<>]*)>")
_ID = re.compile(rb"\bid=[\"'](-?\d+)[\"']")
_REMARK = re.compile(rb"<remark>([^<]*)", re.IGNORECASE)


def _check_xml(path: Path, packing: str | None, size: int) -> frozenset[tuple[str, int]]:
    """Read the text once: it must end, must not be a bomb nor an aborted query."""
    unpacked = 0
    deleted: set[tuple[str, int]] = set()
    rest = b""
    for chunk in _chunks(path, packing):
        unpacked += len(chunk)
        _check_unpacked(path, unpacked, size)
        window = rest + chunk
        if b"action=" in window:
            for match in _DELETED.finditer(window):
                if number := _ID.search(match.group(2)):
                    deleted.add((match.group(1)[:1].decode(), int(number.group(1))))
        if b"<remark" in window and (remark := _REMARK.search(window)):
            _check_remark(path, remark.group(1))
        rest = window[-_OVERLAP:]
    if not re.search(rb"</osm\s*>\s*(?:<!--.*-->\s*)*$", rest, re.DOTALL) and not re.search(
        rb"<osm\b[^<>]*/>\s*$", rest
    ):
        raise ExtractError(
            "Der OSM-Auszug ist abgeschnitten: Das Ende »</osm>« fehlt.",
            where=path,
            remedy=_RELOAD,
        )
    return frozenset(deleted)


def _check_remark(path: Path, remark: bytes) -> None:
    """Refuse what an Overpass server sent before it gave up."""
    if b"error" in remark.lower():
        raise ExtractError(
            "Die Abfrage, aus der die Datei stammt, ist abgebrochen; es fehlen Daten "
            f"(»{remark.decode(errors='replace').strip()[:200]}«).",
            where=path,
            remedy="Die Abfrage mit mehr Zeit oder für ein kleineres Gebiet wiederholen.",
        )
