"""The files of a build: GeoPackage, GeoJSON, FlatGeobuf, tables and a note that explains them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import geopandas as gpd

from geo.errors import OutputError
from geo.gpkg_records import StyleRecord
from geo.vector_files import write_flatgeobuf, write_geojson
from geo.whole_files import write_text
from layers.dcat_metadata import DCAT_FILE, dcat_text
from layers.export_tables import TABLES, TRAVEL_TIMES_FILE, write_tables, write_travel_times_csv
from layers.iso_metadata import ISO_FILE, iso_text
from layers.layer_frames import Exported, export_snapshot
from layers.layer_info import LAYERS
from layers.readme_file import README_FILE, write_readme
from layers.release_metadata import release_metadata
from layers.snapshot import Snapshot
from layers.store import SNAPSHOT_FILE, read_exported, write_exported

GEOJSON_FOLDER = "geojson"
FLATGEOBUF_FOLDER = "fgb"

_FORMATS = ("geojson", "gpkg", "csv", "fgb")


StyleMaker = Callable[[Exported], Mapping[str, StyleRecord]]
"""Makes how a GIS draws the layers of a release: ``maps.gis_styles.gis_styles``."""


def unstyled(_exported: Exported) -> Mapping[str, StyleRecord]:
    """Make no styles: a GIS draws the layers as it likes."""
    return {}


def write_all(snapshot: Snapshot, folder: Path, styles: StyleMaker = unstyled) -> Exported:
    """Write every file of a build except the map and the report.

    ``snapshot.gpkg``, ``geojson/<layer>.geojson``, ``access.csv``, ``coverage.csv``,
    ``places.csv``, ``needs.csv``, ``ranking.csv``, ``metadaten.xml``, ``dcat.jsonld`` and
    ``LIESMICH.txt``. The same snapshot gives the same bytes.

    Parameters
    ----------
    snapshot
        The results.
    folder
        An existing folder.
    styles
        Makes the styles of the GeoPackage.

    Returns
    -------
    Exported
        What was written, for the report.

    Raises
    ------
    geo.errors.OutputError
        If a file cannot be written.
    """
    exported = export_snapshot(snapshot)
    write_files(exported, folder, styles)
    return exported


def write_files(exported: Exported, folder: Path, styles: StyleMaker = unstyled) -> None:
    """Write every file of a release except the map and the report; see ``write_all``.

    A table whose layers the release does not hold is left out.

    Parameters
    ----------
    exported
        A release.
    folder
        An existing folder.
    styles
        Makes the styles of the GeoPackage.

    Raises
    ------
    geo.errors.OutputError
        If a file cannot be written.
    """
    write_exported(exported, folder / SNAPSHOT_FILE, styles(exported))
    _write_geojson(exported, folder)
    write_tables(exported, folder)
    write_readme(exported, folder / README_FILE)
    write_metadata(exported, folder)


def write_metadata(exported: Exported, folder: Path) -> None:
    """Write ``metadaten.xml`` (ISO 19139) and ``dcat.jsonld`` (DCAT-AP.de) of a release.

    Parameters
    ----------
    exported
        The release.
    folder
        The folder of its files, already written: ``dcat.jsonld`` lists them.

    Raises
    ------
    geo.errors.OutputError
        If a file cannot be written.
    """
    metadata = release_metadata(exported)
    write_text(folder / ISO_FILE, iso_text(metadata))
    listed = [name for name in sorted((SNAPSHOT_FILE, *TABLES)) if (folder / name).is_file()]
    listed += [f"{GEOJSON_FOLDER}/{name}.geojson" for name in _spatial(exported)]
    write_text(folder / DCAT_FILE, dcat_text(metadata, tuple(listed)))


def write_format(
    snapshot_file: Path, file_format: str, folder: Path, styles: StyleMaker = unstyled
) -> None:
    """Write one format again from an existing ``snapshot.gpkg``, without computing anew.

    Parameters
    ----------
    snapshot_file
        What ``write_all`` wrote earlier.
    file_format
        ``"geojson"``, ``"gpkg"``, ``"csv"`` (with the travel times, which a build leaves
        out) or ``"fgb"`` (FlatGeobuf in the metric CRS).
    folder
        An existing folder.
    styles
        Makes the styles of the GeoPackage.

    Raises
    ------
    geo.errors.OutputError
        If the format is not known, the snapshot cannot be read or a file not be written.
    """
    if file_format not in _FORMATS:
        raise OutputError(
            f"Das Format »{file_format}« gibt es nicht.",
            remedy="Möglich sind: " + ", ".join(_FORMATS) + ".",
        )
    exported = read_exported(snapshot_file)
    if file_format == "gpkg":
        write_exported(exported, folder / SNAPSHOT_FILE, styles(exported))
    elif file_format == "geojson":
        _write_geojson(exported, folder)
    elif file_format == "csv":
        write_tables(exported, folder)
        if "travel_times" in exported.layers:
            write_travel_times_csv(exported, folder / TRAVEL_TIMES_FILE)
    else:
        _write_flatgeobuf(exported, folder)
    write_readme(exported, folder / README_FILE)
    write_text(folder / ISO_FILE, iso_text(release_metadata(exported)))


def collection_members(exported: Exported, name: str) -> dict[str, str]:
    """Return what a GeoJSON file says about itself in foreign members (RFC 7946, 6.1)."""
    source = exported.layer_source(name)
    members = {
        "name": name,
        "title": LAYERS[name].title,
        "attribution": source.attribution,
        "licence": source.licence,
        "licence_url": source.licence_url,
        "timestamp": exported.facts["data_date"] if LAYERS[name].derived else "",
        "snapshot": exported.facts["snapshot"],
    }
    return {key: value for key, value in members.items() if value}


def _write_geojson(exported: Exported, folder: Path) -> None:
    target = _subfolder(folder, GEOJSON_FOLDER)
    for name, frame in _spatial(exported).items():
        path = target / f"{name}.geojson"
        write_geojson(frame, path, members=collection_members(exported, name))


def _write_flatgeobuf(exported: Exported, folder: Path) -> None:
    target = _subfolder(folder, FLATGEOBUF_FOLDER)
    for name, frame in _spatial(exported).items():
        info = LAYERS[name].told(exported.facts["release"])
        members = collection_members(exported, name)
        told = {key: members[key] for key in sorted(members) if key not in {"name", "title"}}
        write_flatgeobuf(frame, target / f"{name}.fgb", info.title, info.text, told)


def _spatial(exported: Exported) -> dict[str, gpd.GeoDataFrame]:
    return {
        name: frame
        for name, frame in exported.layers.items()
        if isinstance(frame, gpd.GeoDataFrame)
    }


def _subfolder(folder: Path, name: str) -> Path:
    target = folder / name
    try:
        target.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"Der Ordner kann nicht angelegt werden: {error.strerror}.",
            where=target,
            remedy="Die Rechte prüfen oder einen anderen Ordner wählen.",
        ) from error
    return target
