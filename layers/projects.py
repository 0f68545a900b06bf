"""Kinds of neighbourhood projects: what each meets, where it may stand, what counts."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from geo.errors import StudyError
from layers._criterion_tables import near_match, study_criteria
from layers._project_tables import SOURCES, Project, Spot, changed, made
from layers.study import STUDY_FILE, Study
from layers.taxonomy import Taxonomy, load_taxonomy

__all__ = ["SOURCES", "Project", "load_projects", "study_projects"]

_DATA = files("layers").joinpath("data")


@cache
def _shipped() -> dict[str, Project]:
    table = tomllib.loads(_DATA.joinpath("projects.toml").read_text(encoding="utf-8"))
    return {key: made(key, entry) for key, entry in table.items()}


def load_projects() -> dict[str, Project]:
    """Return the kinds of projects that come with the product, in their order."""
    return dict(_shipped())


def study_projects(study: Study, taxonomy: Taxonomy | None = None) -> dict[str, Project]:
    """Return the kinds of projects of a study: the product's, changed and added to.

    ``[project.NAME]`` with a known name changes single values; any other name makes a new
    kind, ``based_on`` a known one or with everything said. ``weights`` replace all weights of
    the kind, so that what counts can be read in one place; given in percent (adding up to
    100) they are divided by 100, and a weight of 0 leaves the criterion out.

    Parameters
    ----------
    study
        The study.
    taxonomy
        Its categories, where they have been read already.

    Returns
    -------
    dict
        By id, the product's first, then the study's in the order of the file.

    Raises
    ------
    StudyError
        If a table is wrong, or ``projects`` names a kind that does not exist; says in German
        what, where and what to do. Also what ``study_criteria`` raises.
    geo.errors.TaxonomyError
        If the study's categories cannot be read.
    """
    known = load_projects()
    path = study.folder / STUDY_FILE
    criteria = study_criteria(study)
    if study.settings.project:
        categories = load_taxonomy(study.taxonomy_path) if taxonomy is None else taxonomy
        served = [one.id for one in categories.categories if one.layer != "risk"]
        for name, table in study.settings.project.items():
            spot = Spot(name, str(path))
            known[name] = changed(spot, table, known, served, criteria)
            if not known[name].candidates and study.candidates_path is None:
                spot.fail(
                    "candidates",
                    f"Für das Projekt »{name}« gibt es keine Standorte zur Auswahl.",
                    "Unter »candidates« mindestens eines nennen: "
                    f"{', '.join(SOURCES)}; oder mit dem Schlüssel »candidates« der Studie eine "
                    "Datei mit eigenen Standorten angeben.",
                )
    for name in study.settings.projects:
        if name not in known:
            raise StudyError(
                f"Ein Projekt »{name[:50]}« gibt es nicht.{near_match(name, known)}",
                where=f"{path}, projects",
                remedy=f"Bekannt sind: {', '.join(known)}. Eigene beschreibt man unter "
                "[project.NAME].",
            )
    return known
