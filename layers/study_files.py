"""Makes the folder of a new study."""

from __future__ import annotations

import shutil
from pathlib import Path

import tomlkit

from geo.errors import ExtractError, OutputError, StudyError
from geo.online import download_place
from geo.progress import Progress, silent
from layers.study import PLACE_EXTRACT, STUDY_FILE

SITES_FILE = "sites.geojson"
_NO_SITES = '{"type": "FeatureCollection", "features": []}\n'


def create_study(
    folder: Path,
    *,
    name: str | None = None,
    extract: Path | None = None,
    place: str | None = None,
    progress: Progress = silent,
) -> list[str]:
    """Make a folder with ``study.toml``, the OSM data and an empty file of sites.

    Parameters
    ----------
    folder
        The new folder; may exist, but must not hold a study.
    name
        Name of the study; by default that of the place or of the folder.
    extract
        File of OSM data, copied into the folder.
    place
        Municipality whose data are downloaded instead.
    progress
        Told of each step.

    Returns
    -------
    list of str
        What was made, one German line per file.

    Raises
    ------
    StudyError
        If there is a study already, or neither or both sources are given.
    ExtractError
        If the extract is not there.
    OutputError
        If the folder cannot be written.
    """
    if (extract is None) == (place is None):
        raise StudyError(
            "Woher die Kartendaten kommen, ist nicht eindeutig.",
            where=folder,
            remedy="Entweder --extract DATEI (ein OSM-Auszug) oder --place NAME angeben.",
        )
    if (folder / STUDY_FILE).exists():
        raise StudyError(
            "In diesem Ordner liegt schon eine Studie; sie bleibt, wie sie ist.",
            where=folder / STUDY_FILE,
            remedy="Einen anderen Ordner nennen.",
        )
    if extract is not None and not extract.is_file():
        raise ExtractError(
            "Den OSM-Auszug gibt es nicht.",
            where=extract,
            remedy="Den Pfad prüfen; Auszüge enden auf .osm.pbf, .osm, .osm.gz oder .osm.bz2.",
        )
    existed = folder.is_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"Der Ordner lässt sich nicht anlegen: {error.strerror}.",
            where=folder,
            remedy="Einen Ordner wählen, in den geschrieben werden darf.",
        ) from error
    try:
        return _fill(folder, name, extract, place, progress)
    except BaseException:
        if not existed:
            shutil.rmtree(folder, ignore_errors=True)
        raise


def _fill(
    folder: Path, name: str | None, extract: Path | None, place: str | None, progress: Progress
) -> list[str]:
    document = tomlkit.document()
    document.add("name", tomlkit.item(name or place or folder.resolve().name))
    made = []
    try:
        if place is not None:
            download_place(place, folder / PLACE_EXTRACT, progress=progress)
            document.add("place", tomlkit.item(place))
            made.append(f"{PLACE_EXTRACT}: die Kartendaten von »{place}«")
        elif extract is not None:
            progress("OSM-Auszug kopieren")
            copied = folder / extract.name
            if copied.resolve() != extract.resolve():
                shutil.copyfile(extract, copied)
            document.add("extract", tomlkit.item(extract.name))
            made.append(f"{extract.name}: der OSM-Auszug")
        document.add("sites", tomlkit.item(SITES_FILE))
        if not (folder / SITES_FILE).exists():
            (folder / SITES_FILE).write_text(_NO_SITES, encoding="utf-8")
        (folder / STUDY_FILE).write_text(tomlkit.dumps(document), encoding="utf-8")
    except OSError as error:
        if isinstance(error, OutputError | ConnectionError):
            raise
        raise OutputError(
            f"Die Studie lässt sich nicht anlegen: {error.strerror}.",
            where=folder,
            remedy="Platz und Schreibrechte prüfen.",
        ) from error
    made.append(f"{SITES_FILE}: noch leer, hier kommen Gelände, Häuser und Tore hinein")
    made.append(f"{STUDY_FILE}: die Einstellungen")
    return made
