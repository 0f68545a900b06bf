"""What a study brings: its OSM data, its coordinate system, its profile."""

from __future__ import annotations

from collections.abc import Collection

from geo.crs import is_metric, metric_crs_for
from geo.errors import ExtractError, StudyError
from geo.extract import Extract
from geo.online import download_place
from geo.profiles import Profile, load_profiles, with_speed
from geo.progress import Progress, silent
from geo.reader import read_extract
from layers.study import STUDY_FILE, Study
from layers.surroundings import is_large, read_surroundings

_DEFAULT_PROFILE = "resident"


def read_study_extract(
    study: Study, feature_keys: Collection[str], progress: Progress = silent
) -> Extract:
    """Read the study's OSM data; a place that was never downloaded is downloaded first.

    Of a large file only the surroundings of the sites are read.

    Raises
    ------
    ExtractError
        If there is no such file, it is no OSM data, or it holds nothing.
    geo.errors.SitesError
        If the file is large and the sites cannot be read.
    geo.errors.OnlineError
        If a place has to be downloaded and cannot be.
    """
    fetch_place(study, progress)
    progress("OSM-Auszug lesen")
    if is_large(study):
        extract = read_surroundings(study, farthest_m(study), feature_keys, progress)
    else:
        extract = read_extract(study.extract_path, feature_keys)
    if len(extract.nodes.ids) == 0 and extract.features.empty:
        raise ExtractError(
            "Der OSM-Auszug enthält weder Wege noch Orte.",
            where=study.extract_path,
            remedy="Einen Auszug nehmen, der die Umgebung der Häuser enthält.",
        )
    return extract


def fetch_place(study: Study, progress: Progress = silent) -> None:
    """Download the data of the study's place if it names one and they are not there yet.

    Raises
    ------
    geo.errors.OnlineError
        If they cannot be downloaded.
    """
    place = study.settings.place
    if place is not None and not study.extract_path.exists():
        download_place(place, study.extract_path, progress=progress)


def metric_crs(study: Study, extract: Extract) -> str:
    """Return the CRS to measure in: the study's own, else the usual one of the place.

    Raises
    ------
    StudyError
        If the study names a CRS that is unknown or not in metres.
    """
    named = study.settings.crs
    if named is None:
        west, south, east, north = extract.bounds
        return metric_crs_for((west + east) / 2, (south + north) / 2)
    if not is_metric(named):
        raise StudyError(
            f"»{named}« ist kein Koordinatensystem in Metern.",
            where=study.folder / STUDY_FILE,
            remedy='Zum Beispiel crs = "EPSG:25832" setzen oder die Zeile löschen.',
        )
    return named


def study_profiles(study: Study) -> dict[str, Profile]:
    """Return who is on the way in a study, by id, in the order that the study names them."""
    known = load_profiles()
    speed = study.settings.speed_m_s
    if speed is not None:
        known[_DEFAULT_PROFILE] = with_speed(known[_DEFAULT_PROFILE], speed)
    return {key: known[key] for key in study.settings.profiles}


def farthest_m(study: Study) -> float:
    """Return how far anybody of the study gets in its longest time, metres."""
    speeds = [profile.speed_m_s for profile in study_profiles(study).values()]
    return 60.0 * study.settings.max_minutes * max(speeds)
