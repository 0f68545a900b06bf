"""Grounds, houses and gates of a study: read, checked, suggested, taken from OSM."""

from __future__ import annotations

from dataclasses import dataclass

from geo.errors import SitesError
from geo.findings import Finding
from geo.network import build_network
from geo.progress import Progress, silent
from geo.reader import read_extract
from geo.site_checks import check_sites
from geo.sites import Sites, read_sites
from geo.snapping import snap_origins
from geo.suggestions import SUGGESTION_KEYS, normal_id, suggest_sites, take
from layers.inputs import fetch_place, metric_crs, read_study_extract
from layers.study import Study
from layers.surroundings import is_large, read_object, read_suggestible
from layers.taxonomy import load_taxonomy


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A ground or a house that OSM knows.

    Attributes
    ----------
    osm_id
        E.g. ``"w81096573"``.
    name
        Name or kind in OSM.
    kind
        ``"site"`` or ``"house"``.
    reason
        Why it is suggested, in German.
    """

    osm_id: str
    name: str
    kind: str
    reason: str


def load_study_sites(study: Study) -> Sites:
    """Read the study's file of sites, in the usual metric CRS.

    Raises
    ------
    geo.errors.SitesError
        If the file is unusable.
    """
    return read_sites(study.sites_path, study.settings.crs or "EPSG:25832")


def check_study(study: Study, progress: Progress = silent) -> list[Finding]:
    """Find everything that is wrong with a study's sites, in one go.

    A fault that keeps the file from being read comes back as an error among the others,
    so that it stands beside what is wrong elsewhere.

    Raises
    ------
    geo.errors.SozialraumError
        If the extract or the taxonomy cannot be read at all.
    """
    load_taxonomy(study.taxonomy_path)
    try:
        extract = read_study_extract(study, SUGGESTION_KEYS, progress)
        progress("Gelände, Häuser und Tore prüfen")
        crs = metric_crs(study, extract)
        given = read_sites(study.sites_path, crs, bounds=extract.bounds)
    except SitesError as error:
        return sorted(error.findings)
    network, sites = build_network(extract, given, {})
    # Houses far from any way are noticed where they are joined to the ways.
    joined = snap_origins(network, sites).findings
    return sorted({*given.findings, *check_sites(sites, extract, network), *joined})


def suggest_study_sites(study: Study, progress: Progress = silent) -> list[Suggestion]:
    """List the grounds and houses that the study's OSM data know, the likeliest first.

    All of the data are searched, also of a large extract.
    """
    fetch_place(study, progress)
    progress("Gelände und Häuser suchen")
    if is_large(study):
        extract = read_suggestible(study, progress)
    else:
        extract = read_extract(study.extract_path, SUGGESTION_KEYS)
    if extract is None:
        return []
    found = suggest_sites(extract)
    return [
        Suggestion(str(row.osm_id), str(row.name), str(row.kind_guess), str(row.reason))
        for row in found.itertuples()
    ]


def take_site(study: Study, osm_id: str, kind: str, progress: Progress = silent) -> str:
    """Copy an object of OSM into the study's file of sites; return its name.

    Parameters
    ----------
    study
        Whose file is written.
    osm_id
        E.g. ``"w81096573"``.
    kind
        ``"site"`` or ``"house"``.

    Raises
    ------
    geo.errors.SitesError
        If there is no such object, or it is in the file already.
    """
    key = normal_id(osm_id)
    fetch_place(study, progress)
    progress("Objekt übernehmen")
    if is_large(study):
        extract = read_object(study, key, progress)
    else:
        extract = read_extract(study.extract_path, SUGGESTION_KEYS)
    if extract is None:
        raise SitesError(
            f"Das Objekt {key} steht nicht im OSM-Auszug.",
            where=study.extract_path,
            remedy="Die Nummer prüfen; »sozialraum sites ORDNER --suggest« zeigt, was in Frage "
            "kommt.",
        )
    return take(extract, key, kind, study.sites_path)
