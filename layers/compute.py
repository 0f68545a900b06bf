"""From a study to a snapshot: the recipe, step by step."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

from geo.crs import WGS84
from geo.errors import SitesError
from geo.findings import Finding, Severity
from geo.progress import Progress, silent
from geo.site_checks import check_sites
from geo.sites import Sites
from layers._german import on_the_way
from layers.access import access_indicators
from layers.base_cut import cut_to
from layers.confirmations import confirmations_digest
from layers.criteria import study_criteria
from layers.neighbourhood import describe_neighbourhood
from layers.people import People
from layers.placement import place_projects
from layers.projects import study_projects
from layers.searching import search_all
from layers.snapshot import METHOD_VERSION, Snapshot
from layers.standards import load_standards
from layers.study import Study
from layers.study_network import StudyNetwork, prepare
from layers.summary import summarize

_FILES = ("population", "criteria", "candidates", "project")
"""Keys of what counts as it is used or as it stands in a file, not as it is called."""

_BASE_MARGIN_M = 500.0
"""How far the base map goes beyond the farthest point that can be reached."""


def compute_snapshot(study: Study, progress: Progress = silent) -> Snapshot:
    """Compute everything that a study asks for.

    Parameters
    ----------
    study
        The study, as ``layers.study.load_study`` reads it.
    progress
        Told of each step.

    Raises
    ------
    geo.errors.SozialraumError
        If the extract, the sites, the taxonomy or the settings cannot be used; the
        message names all that is wrong with the sites at once.
    """
    settings = study.settings
    ready = prepare(study, progress)
    profiles = ready.profiles
    limit_s = 60.0 * settings.max_minutes
    reach_m: dict[str, float] = {}
    for profile in profiles.values():
        way = on_the_way(profile)
        reach_m[way] = max(reach_m.get(way, 0.0), limit_s * profile.speed_m_s)
    checks = check_sites(ready.sites, ready.extract, ready.network, reach_m=reach_m)
    _refuse_errors(checks, study)

    progress("Orte finden")
    places = ready.places

    found = search_all(ready, progress)

    progress("Kennzahlen zählen")
    access = access_indicators(
        places.frame,
        found.travel_times,
        ready.sites,
        ready.taxonomy,
        minutes=settings.minutes,
        max_minutes=settings.max_minutes,
        profiles=profiles,
        unconnected=[
            (origin, key)
            for key, profile in profiles.items()
            for origin in ready.origins(profile).unconnected
        ],
    )
    summaries = {
        key: summarize(
            access,
            ready.sites,
            ready.taxonomy,
            found.travel_times,
            found.coverage,
            profile=profile,
            max_minutes=settings.max_minutes,
        )
        for key, profile in profiles.items()
    }
    progress("Nachbarschaft und Bedarf rechnen")
    people = People(ready)
    neighbourhood = describe_neighbourhood(people)
    placement = place_projects(people, progress) if settings.projects else None
    first = next(iter(profiles.values()))
    digests = _digests(ready)
    shown_m = max(
        limit_s * first.speed_m_s,
        *(60.0 * settings.minutes[-1] * profile.speed_m_s for profile in profiles.values()),
    )
    return Snapshot(
        id=_snapshot_id(digests),
        name=settings.name,
        fictional=settings.fictional,
        source=ready.extract.source,
        data_date=ready.extract.data_date,
        crs=ready.crs,
        minutes=settings.minutes,
        profiles=profiles,
        taxonomy=ready.taxonomy,
        sites=ready.sites.sites,
        houses=ready.sites.houses,
        gates=ready.sites.gates,
        places=places.frame,
        isochrones=found.isochrones,
        coverage=found.coverage,
        access=access,
        travel_times=found.travel_times,
        summaries=summaries,
        base=_surroundings(ready.extract.base, ready.sites, shown_m + _BASE_MARGIN_M),
        findings=_in_order(
            [
                *checks,
                *ready.noticed(),
                *neighbourhood.findings,
                *(placement.findings if placement is not None else ()),
            ]
        ),
        counts=ready.extract.counts,
        digests=digests,
        neighbourhood=neighbourhood,
        placement=placement,
        publisher=settings.release.publisher,
        contact=settings.release.contact,
    )


def _refuse_errors(findings: Iterable[Finding], study: Study) -> None:
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if errors:
        raise SitesError(
            " ".join(finding.message for finding in errors),
            where=study.sites_path,
            remedy=" ".join(dict.fromkeys(finding.remedy for finding in errors if finding.remedy)),
        )


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    gravity = list(Severity)
    return tuple(
        sorted(set(findings), key=lambda finding: (gravity.index(finding.severity), finding))
    )


def _digests(ready: StudyNetwork) -> dict[str, str]:
    """Return SHA-256 of every input, by its role; the settings count, their layout does not.

    Profiles, taxonomy, criteria, projects and standards count as they are used, whether they
    come with the product or are the study's own.
    """
    study = ready.study
    settings = study.settings.model_dump(
        mode="json",
        exclude={"extract", "sites", "taxonomy", "dem", "profile", *_FILES},
    )
    profiles = {
        key: {"label": profile.label, "mode": profile.mode, **profile.values}
        for key, profile in ready.profiles.items()
    }
    weighed = {
        "criteria": {key: asdict(one) for key, one in study_criteria(study).items()},
        "projects": {
            key: asdict(one) for key, one in study_projects(study, ready.taxonomy).items()
        },
        "standards": asdict(load_standards()),
    }
    digests = {
        "extract": ready.extract.digest,
        "profiles": _json_digest(profiles),
        "settings": _json_digest(settings),
        "sites": _file_digest(study.sites_path),
        "taxonomy": ready.taxonomy.digest,
        "weighing": _json_digest(weighed),
    }
    paths = {
        "dem": study.dem_path,
        "population": study.population_path,
        "candidates": study.candidates_path,
    }
    digests |= {role: _file_digest(path) for role, path in paths.items() if path is not None}
    confirmed = confirmations_digest(study)
    if confirmed:
        digests["confirmations"] = confirmed
    return digests


def _json_digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _file_digest(path: Path) -> str:
    # A terrain model may be larger than what fits into memory.
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def snapshot_id(ready: StudyNetwork) -> str:
    """Return the id that a snapshot of a study would have.

    Parameters
    ----------
    ready
        The study.
    """
    return _snapshot_id(_digests(ready))


def _snapshot_id(digests: dict[str, str]) -> str:
    """Name a snapshot by what it is made from and how; the same inputs give the same id."""
    inputs = json.dumps({"method": METHOD_VERSION, **digests}, sort_keys=True)
    return hashlib.sha256(inputs.encode()).hexdigest()[:16]


def _surroundings(base: gpd.GeoDataFrame, sites: Sites, radius_m: float) -> gpd.GeoDataFrame:
    """Keep what of the base map lies near the origins, cut where it runs far beyond."""
    origins = gpd.GeoSeries([*sites.sites.geometry, *sites.houses.geometry], crs=sites.crs)
    corners = shapely.box(*origins.buffer(radius_m).to_crs(WGS84).bounds.to_numpy().T)
    return cut_to(base, corners)
