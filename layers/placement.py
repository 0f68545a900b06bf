"""Where a project helps most: candidates found, measured, weighed and argued."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.errors import StudyError
from geo.findings import Finding
from geo.network import MS_PER_S
from geo.profiles import Profile, load_profiles
from geo.progress import Progress, silent
from layers._criterion_tables import near_match
from layers.candidates import find_candidates
from layers.criteria import Criterion, neighbours, raw_values, study_criteria
from layers.evidence import Evidence, gather
from layers.people import People
from layers.projects import Project, study_projects
from layers.ranking import Scores, rank_candidates
from layers.ranking_advice import cautions, no_recommendation
from layers.ranking_words import PEOPLE, facts, paragraphs, why_before
from layers.small_numbers import SMALLEST_SHOWN, shown
from layers.study import Study
from layers.study_network import StudyNetwork
from layers.two_way import bridge

Floats = npt.NDArray[np.float64]

_FEW = SMALLEST_SHOWN / 2
"""Stands for all counts of one to four people."""


@dataclass(frozen=True, eq=False)
class Ranking:
    """The argued order of the candidates of one project.

    Attributes
    ----------
    evidence
        What was measured; names project, profile and candidates.
    scores
        The order.
    reasons
        German: one paragraph per candidate, in the order of the candidates.
    no_recommendation
        German: why none is recommended; "" where the first is.
    facts
        German: what is known of each candidate whatever the weights; the beginning of its
        paragraph.
    cautions
        German sentences: what to bear in mind, estimates above all.
    estimated
        Whether the numbers of neighbours are an estimate.
    """

    evidence: Evidence
    scores: Scores
    reasons: tuple[str, ...]
    no_recommendation: str
    facts: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    estimated: bool = False

    def why_before(self, a: int, b: int) -> str:
        """Say in German why one candidate stands before another.

        Parameters
        ----------
        a, b
            Positions of two candidates; the one with the better rank is named first.
        """
        return why_before(self.evidence, self.scores, a, b)


@dataclass(frozen=True, eq=False)
class Placement:
    """All that a build finds out about where projects help most.

    Attributes
    ----------
    people
        Residents and neighbours.
    rankings
        One per kind of project that the study asks for, in its order, for the first profile.
    """

    people: People
    rankings: tuple[Ranking, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was noticed while candidates were sought."""
        return tuple(
            found for ranking in self.rankings for found in ranking.evidence.candidates.findings
        )


def place_projects(
    people: People,
    progress: Progress = silent,
    profile_id: str | None = None,
    more: Sequence[str] = (),
) -> Placement:
    """Rank the candidates of all kinds of projects that the study asks for.

    Parameters
    ----------
    people
        The study with its residents and neighbours.
    progress
        Told of each kind.
    profile_id
        Who is on the way; by default the study's first profile.
    more
        Kinds of projects to rank besides, where the study does not ask for them.

    Raises
    ------
    geo.errors.StudyError
        If the study asks for a kind of project that there is not.
    """
    ready = people.ready
    rankings = []
    projects = study_projects(ready.study, ready.taxonomy)
    for key in dict.fromkeys((*ready.study.settings.projects, *more)):
        project = _found(projects, key, "projects")
        progress(f"Standorte vergleichen: {project.label}")
        rankings.append(rank_project(people, key, profile_id))
    return Placement(people, tuple(rankings))


def rank_project(people: People, project_id: str, profile_id: str | None = None) -> Ranking:
    """Find, measure, weigh and argue the candidates of a project.

    Parameters
    ----------
    people
        The study with its residents and neighbours.
    project_id
        Which kind of project.
    profile_id
        Who is on the way; by default the study's first profile.

    Raises
    ------
    geo.errors.StudyError
        If there is no such kind of project, or the study does not compute that profile.
    """
    ready = people.ready
    project = _found(study_projects(ready.study, ready.taxonomy), project_id, "--project")
    profile = _profile(ready, profile_id)
    criteria = study_criteria(ready.study)
    evidence = gather(people, project, find_candidates(people, project), profile)
    return argue(
        evidence,
        [criteria[key] for key in project.weights],
        np.array(list(project.weights.values()), dtype=np.float64),
        estimated=people.neighbours.estimated,
    )


def argue(
    evidence: Evidence, criteria: Sequence[Criterion], weights: Floats, *, estimated: bool
) -> Ranking:
    """Weigh what was measured, and put it into words.

    Parameters
    ----------
    evidence
        Of ``n`` candidates.
    criteria
        ``k`` of them.
    weights
        Shape ``(k,)``; divided by their sum.
    estimated
        Whether the numbers of neighbours are an estimate.
    """
    scores = rank_candidates(_protected(evidence, criteria), criteria, weights)
    said = facts(evidence, scores, estimated=estimated)
    return Ranking(
        evidence=evidence,
        scores=scores,
        reasons=paragraphs(said, scores),
        no_recommendation=no_recommendation(evidence, scores),
        facts=said,
        cautions=cautions(evidence, scores, estimated=estimated),
        estimated=estimated,
    )


def _protected(evidence: Evidence, criteria: Sequence[Criterion]) -> Floats:
    """Return raw values in which all counts of one to four people are the same.

    They are never shown, and must not be told by what is: whoever takes the other shares from
    a score, or sets one bridge value beside another, would have the count.
    """
    raw = raw_values(evidence, criteria).copy()
    few = np.array([shown(count) is None for count in neighbours(evidence)], dtype=bool)
    for column, criterion in enumerate(criteria):
        if criterion.unit == PEOPLE:
            hidden = [math.isfinite(count) and shown(count) is None for count in raw[:, column]]
            raw[hidden, column] = _FEW
        elif criterion.id == "bridge" and few.any():
            raw[few, column] = _bridge_of_few(evidence, few)
    return raw


def _bridge_of_few(evidence: Evidence, few: npt.NDArray[np.bool_]) -> Floats:
    """Return the bridge values of candidates with one to four neighbours, for the same count.

    As ``layers.two_way.bridge_values``, with ``_FEW`` in place of the neighbours.
    """
    reach, homes = evidence.reach, evidence.residents
    limit = reach.minutes[len(reach.minutes) // 2] * 60 * MS_PER_S
    within = (reach.resident_ms[:, few] >= 0) & (reach.resident_ms[:, few] <= limit)
    sites = homes["site_id"].where(homes["site_id"] != "", homes["origin_id"]).to_numpy()
    best = np.zeros(int(few.sum()))
    for site in dict.fromkeys(sites.tolist()):
        mine = np.flatnonzero(sites == site)
        places, around = evidence.places[mine], float(evidence.around[mine[0]])
        if places.sum() and around > 0:
            came = places @ within[mine] / places.sum()
            share = np.full(len(best), min(1.0, _FEW / around))
            best = np.maximum(best, bridge(came, share))
    return best


def check_question(study: Study, project_id: str | None, profile_id: str | None) -> Study:
    """Check what is asked before any long work, and return the study set up for it.

    Parameters
    ----------
    study
        The study.
    project_id
        Which kind of project; None: all that the study asks for.
    profile_id
        Who is on the way; one that the study does not compute is added to those it does.

    Raises
    ------
    geo.errors.StudyError
        If there is no such kind of project or no such profile, or nothing to rank.
    """
    projects = study_projects(study)
    settings = study.settings
    if project_id is not None:
        _found(projects, project_id, "--project")
    elif not settings.projects:
        raise StudyError(
            "Die Studie nennt keine Projektart, für die Orte zu vergleichen wären.",
            where="--project",
            remedy=f"Mit --project eine nennen: {', '.join(projects)}.",
        )
    if profile_id is None or profile_id in settings.profiles:
        return study
    shipped = load_profiles()
    known = list(dict.fromkeys((*shipped, *settings.profile)))
    if profile_id not in known:
        raise StudyError(
            f"Das Profil »{profile_id[:60]}« gibt es nicht.{near_match(profile_id, known)}",
            where="--profile",
            remedy=f"Möglich sind: {', '.join(known)}.",
        )
    more = settings.model_copy(update={"profiles": (*settings.profiles, profile_id)})
    return study.model_copy(update={"settings": more})


def _found(projects: Mapping[str, Project], key: str, where: str) -> Project:
    if key in projects:
        return projects[key]
    raise StudyError(
        f"Die Projektart »{key[:60]}« gibt es nicht.{near_match(key, projects)}",
        where=where,
        remedy=f"Möglich sind: {', '.join(projects)}. Eigene stehen in study.toml unter "
        "[project.NAME].",
    )


def _profile(ready: StudyNetwork, key: str | None) -> Profile:
    profiles = ready.profiles
    if key is None:
        return next(iter(profiles.values()))
    if key in profiles:
        return profiles[key]
    raise StudyError(
        f"Das Profil »{key}« rechnet die Studie nicht.{near_match(key, profiles)}",
        where="--profile",
        remedy=f"Möglich sind: {', '.join(profiles)}.",
    )
