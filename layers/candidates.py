"""Where a project may stand: rooms, partners' premises, parks, given points, spots on ways."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd

from geo.findings import Finding
from layers.people import People
from layers.projects import Project

_ROOMS = ("community_centre", "library", "place_of_worship")


@dataclass(frozen=True, eq=False)
class Candidates:
    """The candidates of a kind of project, those that are ruled out left aside.

    Attributes
    ----------
    frame
        One row per candidate, metric CRS, sorted by ``id``. Columns: ``id`` (the place's id,
        ``"file:…"`` or ``"grid:…"``; unique), ``name`` (German, never ""), ``source``
        (``"room"``, ``"partner"``, ``"open"``, ``"file"``, ``"grid"``), ``category`` (of the
        place, "" for points), ``kind`` (German), ``on_campus`` (site id or ""), ``partner``
        (bool), ``outline``, ``entrances`` (or None), ``geometry`` (Point); columns of the
        study's own file stand behind under their own names.
    own
        Names of those columns that hold numbers: each may be a criterion.
    ruled_out
        How many candidates each exclusion took away, by its German reason.
    findings
        What was noticed.
    """

    frame: gpd.GeoDataFrame
    own: tuple[str, ...] = ()
    ruled_out: dict[str, int] | None = None
    findings: tuple[Finding, ...] = ()


def find_candidates(people: People, project: Project) -> Candidates:
    """Find where a project may stand.

    Parameters
    ----------
    people
        The study with its residents and neighbours.
    project
        What is to be placed.
    """
    places = people.ready.places.frame
    kinds = _ROOMS if "rooms" in project.candidates else ()
    frame = places[places["category"].isin(kinds)]
    frame = frame.assign(source="room", name=frame["name"].where(frame["name"] != "", frame.kind))
    columns = [
        "id", "name", "source", "category", "kind", "on_campus", "partner", "outline",
        "entrances", "geometry",
    ]  # fmt: skip
    return Candidates(frame[columns].sort_values("id", ignore_index=True))
