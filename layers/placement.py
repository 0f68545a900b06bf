"""Where a project helps most: candidates found, measured, weighed and argued."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.progress import Progress, silent
from layers.candidates import find_candidates
from layers.criteria import load_criteria, raw_values
from layers.evidence import Evidence, gather
from layers.people import People
from layers.projects import load_projects
from layers.ranking import Scores, rank_candidates
from layers.study_network import StudyNetwork


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
    """

    evidence: Evidence
    scores: Scores
    reasons: tuple[str, ...]
    no_recommendation: str


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


def place_projects(ready: StudyNetwork, progress: Progress = silent) -> Placement:
    """Rank the candidates of all kinds of projects that the study asks for.

    Parameters
    ----------
    ready
        The study.
    progress
        Told of each kind.
    """
    people = People(ready)
    rankings = []
    for key in ready.study.settings.projects:
        if key in load_projects():
            progress(f"Standorte vergleichen: {load_projects()[key].label}")
            rankings.append(rank_project(people, key))
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
    """
    project = load_projects()[project_id]
    profiles = people.ready.profiles
    profile = next(iter(profiles.values())) if profile_id is None else profiles[profile_id]
    candidates = find_candidates(people, project)
    evidence = gather(people, project, candidates, profile)
    known = load_criteria()
    ids = tuple(project.weights)
    weights = np.array([project.weights[key] for key in ids])
    scores = rank_candidates(raw_values(evidence, ids), [known[key] for key in ids], weights)
    return Ranking(evidence, scores, ("",) * len(candidates.frame), "")
