"""Vector files from outside, read without trusting them.

GeoJSON is parsed here and a GeoPackage is asked by SQL through Python's own SQLite, so
that GDAL, which picks its driver by content and would follow a virtual file to any path or
address, never sees them. Only a Shapefile goes to GDAL: unpacked in memory under a name of
ours, after its first bytes were looked at.

All this happens in a guarded process (``geo.guarded``), except for a small GeoJSON file:
reading one takes little by its size alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError as PyprojCrsError

from geo.errors import VectorFileError
from geo.guarded import in_guarded_process

if TYPE_CHECKING:
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

SUFFIXES = (".geojson", ".json", ".gpkg", ".zip")
"""File endings that ``read_vector`` knows."""

_MIB = 1 << 20
_TEXTS = (".geojson", ".json")
_SMALL_BYTES = 2 * _MIB
"""A GeoJSON file up to here is read at once: at worst it takes 160 MB and a second."""

_MAX_WKT = 20_000
_CODE = re.compile(
    r"(?:urn:ogc:def:crs:|https?://www\.opengis\.net/def/crs/)?"
    r"(EPSG|OGC)[:/](?:[0-9.]*[:/])?(CRS84|\d{4,6})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be before it is refused.

    Attributes
    ----------
    file_bytes
        Size of the file as it lies on the disk.
    unpacked_bytes
        Size of everything in an archive when unpacked.
    members
        Number of files in an archive.
    records
        Number of features over all layers.
    vertices
        Number of coordinates over all features.
    edge_pairs
        Pairs of edges that a check of the areas may have to compare at worst: the sum of the
        squared numbers of corners. Whether a comb of 50,000 long teeth is a valid area takes
        GEOS 40 seconds.
    """

    file_bytes: int = 50 * _MIB
    unpacked_bytes: int = 200 * _MIB
    members: int = 50
    records: int = 50_000
    vertices: int = 200_000
    edge_pairs: int = 200_000_000


@dataclass(frozen=True, slots=True)
class Record:
    """One feature as it stands in the file.

    Attributes
    ----------
    position
        Its number in the layer, from 1.
    id
        The feature's own id, where the format has one (GeoJSON).
    properties
        Plain values: text, numbers, bool or None.
    geometry
        In the layer's CRS, without heights; None where there is none or it is broken.
    fault
        German half-sentence on why the geometry cannot be read, or empty.
    """

    position: int
    id: object
    properties: dict[str, Any]
    geometry: BaseGeometry | None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class VectorLayer:
    """One layer of a file.

    Attributes
    ----------
    name
        Name of the table, or of the file without its ending.
    crs
        None where the file does not say.
    records
        In the order of the file.
    """

    name: str
    crs: CRS | None
    records: tuple[Record, ...]


def read_vector(path: Path, limits: Limits | None = None) -> tuple[VectorLayer, ...]:
    """Read GeoJSON, a GeoPackage or a zipped Shapefile, and nothing else.

    Broken geometries do not stop the reading: their records say what is wrong.

    Parameters
    ----------
    path
        Ending in ``.geojson``, ``.json``, ``.gpkg`` or ``.zip``, in any case of letters.
    limits
        Sizes beyond which the file is refused.

    Returns
    -------
    tuple of VectorLayer
        One for GeoJSON; one per feature table; one per Shapefile in the archive.

    Raises
    ------
    VectorFileError
        If the file is missing, is something else than its name says, is broken or too
        large; says in German what, where and what to do.
    """
    limits = limits or Limits()
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise VectorFileError(
            f"Dateien mit der Endung »{path.suffix}« werden hier nicht gelesen.",
            where=path,
            remedy="Als GeoJSON (.geojson), GeoPackage (.gpkg) oder gezipptes Shapefile (.zip) "
            "speichern.",
        )
    size = _check_file(path, limits)
    if in_guarded_process() or (suffix in _TEXTS and size <= _SMALL_BYTES):
        return read_here(path, limits)
    from geo._guarded_vector import ask_for_layers  # noqa: PLC0415

    return ask_for_layers(path, limits)


def read_here(path: Path, limits: Limits) -> tuple[VectorLayer, ...]:
    """Read a file in this process; see ``read_vector``.

    Parameters
    ----------
    path
        With one of the `SUFFIXES`.
    limits
        Sizes beyond which the file is refused.

    Raises
    ------
    VectorFileError
        As ``read_vector`` does.
    """
    from geo import _foreign_geojson, _foreign_geopackage, _foreign_shapefile  # noqa: PLC0415

    readers = {
        ".geojson": _foreign_geojson.read,
        ".json": _foreign_geojson.read,
        ".gpkg": _foreign_geopackage.read,
        ".zip": _foreign_shapefile.read,
    }
    try:
        layers = readers[path.suffix.lower()](path, limits)
    except OSError as error:
        raise VectorFileError(
            f"Die Datei kann nicht gelesen werden: {error.strerror or error}.",
            where=path,
            remedy="Die Leserechte der Datei prüfen.",
        ) from error
    _check_areas(layers, path, limits)
    return layers


def crs_from_code(text: str) -> CRS | None:
    """Return the CRS of an EPSG or OGC code, else None.

    Only plain codes are taken from files: PROJ strings can name grids and files.

    Parameters
    ----------
    text
        For example ``"EPSG:25832"`` or ``"urn:ogc:def:crs:OGC:1.3:CRS84"``.
    """
    match = _CODE.fullmatch(text.strip())
    if match is None:
        return None
    try:
        return CRS.from_authority(match[1].upper(), match[2].upper())
    except PyprojCrsError:
        return None


def crs_from_wkt(text: str) -> CRS | None:
    """Return the CRS of a well-known text (a ``.prj`` file), else None."""
    if len(text) > _MAX_WKT:
        return None
    try:
        return CRS.from_wkt(text)
    except PyprojCrsError:
        return None


def too_large(path: Path, what: str) -> VectorFileError:
    """Say that a limit is passed; ``what`` is a German sentence naming it."""
    return VectorFileError(
        what,
        where=path,
        remedy="Die Datei auf das Nötige kürzen oder die Flächen vereinfachen.",
    )


def number(value: int) -> str:
    """Write a whole number as German readers expect it, ``200.000``."""
    return f"{value:,}".replace(",", ".")


def _check_areas(layers: tuple[VectorLayer, ...], path: Path, limits: Limits) -> None:
    """Refuse areas that nobody could check in time."""
    drawn = [record.geometry for layer in layers for record in layer.records]
    areas = np.array([one for one in drawn if one is not None and one.area > 0], dtype=object)
    corners = np.asarray(shapely.get_num_coordinates(areas), dtype=np.float64)
    if float(np.sum(corners**2)) > limits.edge_pairs:
        raise too_large(
            path,
            f"Die Flächen haben zu viele Eckpunkte, eine allein {number(int(corners.max()))}; ob "
            "sie sich überschneiden, ließe sich nicht in vernünftiger Zeit prüfen.",
        )


def _check_file(path: Path, limits: Limits) -> int:
    """Check that a file is there and not too large; return its size in bytes."""
    if not path.exists():
        raise VectorFileError(
            "Die Datei gibt es nicht.",
            where=path,
            remedy="Den Namen prüfen; er gilt vom Ordner der Studie aus.",
        )
    if not path.is_file():
        raise VectorFileError(
            "Unter diesem Namen liegt keine Datei.", where=path, remedy="Den Pfad prüfen."
        )
    size = path.stat().st_size
    if size == 0:
        raise VectorFileError(
            "Die Datei ist leer.", where=path, remedy="Die Datei neu speichern oder herunterladen."
        )
    if size > limits.file_bytes:
        raise too_large(
            path,
            f"Die Datei ist zu groß: {number(size // _MIB)} MB, erlaubt sind "
            f"{number(limits.file_bytes // _MIB)} MB.",
        )
    return size
