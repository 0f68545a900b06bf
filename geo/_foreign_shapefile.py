"""Zipped Shapefiles from outside.

Only the five files that make a Shapefile are taken from the archive, each packed again under
a name of ours and read from memory, so no path in the archive can lead anywhere. GDAL has no
driver but that of the Shapefile then.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import numpy as np
import pyogrio  # type: ignore[import-untyped]
import shapely
from pyogrio.errors import (  # type: ignore[import-untyped]
    DataLayerError,
    DataSourceError,
    FeatureError,
)

from geo.errors import VectorFileError
from geo.foreign_files import Limits, Record, VectorLayer, crs_from_wkt, number, too_large
from geo.guarded import check_drivers

if TYPE_CHECKING:
    from pathlib import Path

_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_NEEDED = (".shx", ".dbf")
_SHP_MAGIC = (9994).to_bytes(4, "big")
# Where the header of a .dbf says how long it and each row are.
_DBF_HEADER = slice(8, 10)
_MAX_RATIO = 200
_RATIO_FROM_BYTES = 10 << 20
_SYMLINK = 0o120000
_REMEDY = "Die Dateien .shp, .shx, .dbf und .prj zusammen in eine ZIP-Datei packen."


def read(path: Path, limits: Limits) -> tuple[VectorLayer, ...]:
    """Read each Shapefile of the archive; see ``geo.foreign_files.read_vector``."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = _checked(archive, path, limits)
            groups = _groups(members, path)
            layers = [_layer(archive, group, path, limits) for group in groups]
    except zipfile.BadZipFile as error:
        raise VectorFileError(
            "Die Datei ist keine lesbare ZIP-Datei.", where=path, remedy=_REMEDY
        ) from error
    except (zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise VectorFileError(
            "Die ZIP-Datei ist beschädigt oder verschlüsselt.", where=path, remedy=_REMEDY
        ) from error
    records = [record for layer in layers for record in layer.records]
    if sum(int(shapely.get_num_coordinates(one.geometry)) for one in records) > limits.vertices:
        raise too_large(
            path,
            f"Die Flächen und Linien haben zusammen mehr als {number(limits.vertices)} Eckpunkte.",
        )
    return tuple(layers)


def _checked(archive: zipfile.ZipFile, path: Path, limits: Limits) -> list[zipfile.ZipInfo]:
    members = [info for info in archive.infolist() if not info.is_dir()]
    if len(members) > limits.members:
        raise too_large(
            path,
            f"In der ZIP-Datei sind {number(len(members))} Dateien, erlaubt sind "
            f"{limits.members}.",
        )
    for info in members:
        name = info.filename.replace("\\", "/")
        parts = PurePosixPath(name).parts
        linked = (info.external_attr >> 16) & 0o170000 == _SYMLINK
        if ".." in parts or name.startswith("/") or ":" in parts[0] or linked:
            raise VectorFileError(
                "Die ZIP-Datei enthält einen Pfad, der aus ihr hinausführt.",
                where=f"{path}, darin »{info.filename[:200]}«",
                remedy=_REMEDY,
            )
        if info.flag_bits & 1:
            raise VectorFileError(
                "Die ZIP-Datei ist mit einem Passwort verschlüsselt.",
                where=path,
                remedy="Ohne Passwort neu packen.",
            )
    unpacked = sum(info.file_size for info in members)
    packed = max(sum(info.compress_size for info in members), 1)
    bomb = unpacked > _RATIO_FROM_BYTES and unpacked / packed > _MAX_RATIO
    if unpacked > limits.unpacked_bytes or bomb:
        raise too_large(
            path,
            f"Die ZIP-Datei ist ausgepackt zu groß: {number(unpacked >> 20)} MB, erlaubt "
            f"sind {number(limits.unpacked_bytes >> 20)} MB und höchstens das "
            f"{_MAX_RATIO}-Fache der gepackten Größe.",
        )
    return members


def _groups(members: list[zipfile.ZipInfo], path: Path) -> list[dict[str, zipfile.ZipInfo]]:
    """Return the parts of each Shapefile by their ending, sorted by name."""
    groups: dict[str, dict[str, zipfile.ZipInfo]] = {}
    for info in members:
        name = PurePosixPath(info.filename.replace("\\", "/"))
        # macOS packs a shadow of every file.
        if "__MACOSX" in name.parts or name.suffix.lower() not in _PARTS:
            continue
        stem = str(name.with_suffix("")).lower()
        groups.setdefault(stem, {})[name.suffix.lower()] = info
    complete = [parts for _, parts in sorted(groups.items()) if ".shp" in parts]
    if not complete:
        raise VectorFileError(
            "In der ZIP-Datei ist kein Shapefile (keine Datei mit der Endung .shp).",
            where=path,
            remedy=_REMEDY,
        )
    for parts in complete:
        missing = [ending for ending in _NEEDED if ending not in parts]
        if missing:
            raise VectorFileError(
                f"Zum Shapefile fehlt in der ZIP-Datei die Datei mit der Endung "
                f"{' und '.join(missing)}.",
                where=f"{path}, darin »{parts['.shp'].filename}«",
                remedy=_REMEDY,
            )
    return complete


def _layer(
    archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo], path: Path, limits: Limits
) -> VectorLayer:
    name = PurePosixPath(parts[".shp"].filename.replace("\\", "/")).stem
    content = {ending: archive.read(info) for ending, info in parts.items()}
    where = f"{path}, darin »{name}.shp«"
    if content[".shp"][:4] != _SHP_MAGIC:
        raise VectorFileError(
            "Die Datei mit der Endung .shp ist kein Shapefile.", where=where, remedy=_REMEDY
        )
    try:
        # Compared with what this process has, not with what it was started with.
        check_drivers()
        meta, _, geometries, fields = pyogrio.raw.read(
            _plain_archive(content),
            encoding=_encoding(content),
            force_2d=True,
            max_features=limits.records + 1,
            datetime_as_string=True,
        )
    except (DataSourceError, DataLayerError, FeatureError, ValueError) as error:
        raise VectorFileError(
            "Das Shapefile ist beschädigt.", where=where, remedy=_REMEDY
        ) from error
    if len(geometries) > limits.records:
        raise too_large(path, f"Das Shapefile enthält mehr als {number(limits.records)} Objekte.")
    names = [str(field) for field in meta["fields"]]
    records = tuple(
        _record(position, blob, dict(zip(names, values, strict=True)))
        for position, (blob, *values) in enumerate(zip(geometries, *fields, strict=True), start=1)
    )
    prj = content.get(".prj", b"").decode("utf-8", errors="replace").strip("\x00 \r\n\t")
    return VectorLayer(name, crs_from_wkt(prj) if prj else None, records)


def _plain_archive(content: dict[str, bytes]) -> bytes:
    """Pack the parts anew under a name of ours: GDAL reads them from memory, not from a path."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for ending in (".shp", ".shx", ".dbf"):
            archive.writestr(f"layer{ending}", content[ending])
    return packed.getvalue()


def _encoding(content: dict[str, bytes]) -> str:
    """Return the encoding of the texts: as the .cpg says, else as the bytes show.

    Nothing in the format says it without that file; German writers used Windows-1252
    before UTF-8, and text in that one is hardly ever valid UTF-8 by chance.
    """
    said = content.get(".cpg", b"").decode("ascii", errors="replace").strip("\x00 \r\n\t").upper()
    if said in {"UTF-8", "UTF8", "65001"}:
        return "UTF-8"
    if said in {"1252", "CP1252", "ANSI 1252", "WINDOWS-1252"}:
        return "CP1252"
    if said.startswith("ISO-8859-1") or said in {"88591", "ISO 88591", "LATIN1"}:
        return "ISO-8859-1"
    header = int.from_bytes(content[".dbf"][_DBF_HEADER], "little")
    try:
        content[".dbf"][header:].decode("utf-8")
    except UnicodeDecodeError:
        return "CP1252"
    return "UTF-8"


def _record(position: int, blob: Any, values: dict[str, Any]) -> Record:
    properties = {name: _plain(value) for name, value in values.items()}
    if blob is None:
        return Record(position, None, properties, None)
    geometry = shapely.from_wkb(blob)
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        fault = "eine Koordinate ist keine endliche Zahl (NaN oder unendlich)"
        return Record(position, None, properties, None, fault)
    return Record(position, None, properties, geometry)


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    # The format has no missing text: an empty one stands for it; GDAL gives NaN for a
    # missing number.
    if value == "" or (isinstance(value, float) and np.isnan(value)):
        return None
    return value
