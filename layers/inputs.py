"""What a study brings: its OSM data, its coordinate system, its profiles, its terrain."""

from __future__ import annotations

from difflib import get_close_matches

import geopandas as gpd
import shapely

from geo.crs import WGS84, is_metric, metric_crs_for
from geo.errors import ExtractError, StudyError
from geo.extract import Extract, FeatureKeys
from geo.online import download_place
from geo.profiles import Profile, load_profiles, profile_from, with_speed
from geo.progress import Progress, silent
from geo.reader import read_extract
from geo.terrain import Terrain, read_terrain
from layers.study import STUDY_FILE, Study
from layers.surroundings import is_large, read_surroundings

_DEFAULT_PROFILE = "resident"


def read_study_extract(
    study: Study, feature_keys: FeatureKeys, progress: Progress = silent
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
    """Return who is on the way in a study, by id, in the order that the study names them.

    ``speed_m_s`` sets the speed of residents, before what ``[profile.resident]`` says. A
    study's own profiles may be based on those that stand before them in the file.

    Raises
    ------
    StudyError
        If the study names a profile that does not exist, or what it says of one is wrong.
    """
    known = load_profiles()
    settings = study.settings
    if settings.speed_m_s is not None:
        known[_DEFAULT_PROFILE] = with_speed(known[_DEFAULT_PROFILE], settings.speed_m_s)
    path = study.folder / STUDY_FILE
    for name, table in settings.profile.items():
        known[name] = profile_from(name, table, known, where=str(path))
    unknown = [key for key in settings.profiles if key not in known]
    if unknown:
        near = get_close_matches(unknown[0], known, n=1, cutoff=0.8)
        names = ", ".join(f"»{key[:50]}«" for key in unknown)
        raise StudyError(
            f"Ein Profil {names} gibt es nicht."
            if len(unknown) == 1
            else f"Diese Profile gibt es nicht: {names}.",
            where=path,
            remedy=(f"Gemeint ist wohl »{near[0]}«. " if near else "")
            + f"Bekannt sind: {', '.join(known)}. Eigene beschreibt man unter [profile.NAME].",
        )
    return {key: known[key] for key in settings.profiles}


def read_study_terrain(
    study: Study, extract: Extract, crs: str, progress: Progress = silent
) -> Terrain | None:
    """Read the study's terrain model around its OSM data, if it has one.

    Raises
    ------
    geo.errors.TerrainError
        If it cannot be used.
    """
    if study.dem_path is None:
        return None
    progress("Höhenmodell lesen")
    # A straight edge in degrees is bent in metres.
    frame = shapely.segmentize(shapely.box(*extract.bounds), 0.01)
    west, south, east, north = gpd.GeoSeries([frame], crs=WGS84).to_crs(crs).total_bounds
    return read_terrain(study.dem_path, crs, (west, south, east, north))


def farthest_m(study: Study) -> float:
    """Return how far anybody of the study gets in its longest time, metres."""
    speeds = [profile.speed_m_s for profile in study_profiles(study).values()]
    return 60.0 * study.settings.max_minutes * max(speeds)
