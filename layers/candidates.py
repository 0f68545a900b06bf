"""Where a project may stand: rooms, partners' premises, parks, given points, spots on ways."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.findings import Finding
from geo.network import MS_PER_S
from geo.profiles import Profile
from layers._criterion_tables import study_criteria
from layers._exclusions import rule_out
from layers._german import minutes_text
from layers._measured import Measured, made_once
from layers._spot_names import SpotNames
from layers._way_spots import Where, spots_on_ways
from layers.candidate_file import RESERVED, CandidateFile, read_candidates
from layers.people import People, known_state
from layers.projects import Project

ROOMS = (
    "community_centre", "library", "arts_centre", "events_venue", "adult_education", "workshop",
    "place_of_worship", "religion", "townhall",
)  # fmt: skip
"""Categories of rooms where people meet without having to buy something. Not restaurants and
pubs: they serve alcohol, and they sell."""

OPEN = ("park", "garden", "recreation_ground", "community_garden", "allotments", "marketplace")
"""Categories of open spaces for everybody. Not playgrounds: they belong to the children."""

NO_PREMISES = frozenset(
    {"hospital", "psychiatry", "occupational_therapist", "employment_agency", "food_sharing",
     "employers", "zoo", "horse_riding", "kindergarten", "school", "sports_centre",
     "sports_hall", "stadium", "swimming"}
)  # fmt: skip
"""Possible partners whose premises nobody would turn into a meeting place of adults: people are
treated there or summoned there, children are looked after there, or it is a cupboard, a factory
floor, a stable, a hall for games. They count as partners near by."""

_SQUARE_M2 = 300.0
"""A pedestrian area without a name is a square from this size."""


@dataclass(frozen=True, eq=False)
class Candidates:
    """The candidates of a kind of project, those that are ruled out left aside.

    Attributes
    ----------
    frame
        One row per candidate, metric CRS, sorted by ``id``. Columns: ``id`` (the place's id,
        ``"file:…"``, ``"square:…"`` or ``"grid:…"``; unique), ``name`` (German, never ""),
        ``source`` (``"room"``, ``"partner"``, ``"open"``, ``"file"``, ``"grid"``),
        ``category`` (of the place, "" for points), ``kind`` (German), ``on_campus`` (site id
        or ""), ``partner`` (bool), ``outline``, ``entrances`` (or None), ``geometry``
        (Point); columns of the study's own file stand behind under their own names.
    own
        Names of those columns that hold numbers: each may be a criterion.
    ruled_out
        How many candidates each exclusion took away, by its German reason; each counts once.
    findings
        What was noticed.
    """

    frame: gpd.GeoDataFrame
    own: tuple[str, ...] = ()
    ruled_out: dict[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def find_candidates(people: People, project: Project) -> Candidates:
    """Find where a project may stand.

    Existing places of the kind that the project is compared with stay what they are, unless
    the project says otherwise. What nobody of the residents reaches within the study's
    longest time, by its first profile, is left out; so is what the study rules out, see
    ``layers._exclusions``.

    Parameters
    ----------
    people
        The study with its residents and neighbours.
    project
        What is to be placed.

    Raises
    ------
    StudyError
        If the study's own file of candidates cannot be used.
    geo.errors.VectorFileError
        If it cannot be read.
    """
    own: tuple[str, ...] = ()
    parts = [_of_places(people, project)]
    if "open" in project.candidates:
        parts.append(_squares(people, taken=parts[0]))
    if people.ready.study.candidates_path is not None:
        given = _given(people)
        own = given.own
        parts.append(given.frame)
    spots: tuple[Where, ...] = ("grid", "streets", "grounds")
    parts += [_spots(people, source) for source in spots if source in project.candidates]
    frame = _joined([part for part in parts if len(part)], people.ready.crs, own)
    ruled_out: dict[str, int] = {}
    if not project.own_kind:
        existing = (frame["category"] == project.serves[0]).to_numpy()
        if existing.any():
            ruled_out["schon ein Ort dieser Art (er bleibt, was er ist)"] = int(existing.sum())
        frame = frame[~existing]
    kept = rule_out(people, frame)
    frame = frame.iloc[kept.rows]
    ruled_out |= kept.ruled_out
    reached = _reached(people, frame)
    if not reached.all():
        minutes = minutes_text(people.ready.study.settings.max_minutes)
        ruled_out[f"von keinem Haus in {minutes} erreichbar"] = int((~reached).sum())
    frame = frame[reached].sort_values("id", ignore_index=True)
    return Candidates(frame, own, ruled_out, kept.findings)


def _of_places(people: People, project: Project) -> gpd.GeoDataFrame:
    """Return rooms, premises and open spaces among the places; the first of these counts."""
    places = people.ready.places.frame
    source = pd.Series("", index=places.index, dtype="str")
    of = {
        "open": places["category"].isin(OPEN),
        "partner": places["partner"].astype(bool)
        & ~places["category"].isin([*NO_PREMISES, *OPEN])
        & (places["layer"] != "risk"),
        "room": places["category"].isin(ROOMS),
    }
    for name, belongs in of.items():
        if name in project.candidates or f"{name}s" in project.candidates:
            source[belongs] = name
    wanted = (source != "").to_numpy()
    # As an array: an empty frame would take over the rows of a Series.
    frame = places[wanted].assign(source=source[wanted].to_numpy())
    # Three halls called "Sporthalle" are three without a name.
    unnamed = ((frame["name"] == "") | frame["name"].duplicated(keep=False)).to_numpy()
    if unnamed.any():
        frame["name"] = _with_names(people, frame, unnamed)
    return frame[list(RESERVED)]


def _with_names(people: People, frame: gpd.GeoDataFrame, unnamed: Any) -> list[str]:
    """Name places without a name of their own by their address, else by their street."""
    rows = frame[unnamed]
    called = rows["name"].where(rows["name"] != "", rows["kind"]).tolist()
    said = _names(people).of_places(called, np.array(rows.geometry, dtype=object))
    names = frame["name"].tolist()
    for row, name, address, text in zip(
        np.flatnonzero(unnamed), called, rows["address"], said, strict=True
    ):
        names[row] = f"{name}, {address.partition(',')[0]}" if address else text
    return names


def _names(people: People) -> SpotNames:
    return made_once(people, "placement.names", lambda: SpotNames(people))


def _squares(people: People, taken: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return pedestrian areas that are no place of their own."""

    def find() -> gpd.GeoDataFrame:
        base = people.ready.extract.base
        if not len(base):
            return _no_candidates(people.ready.crs)
        area = base.geometry.geom_type.isin(["Polygon", "MultiPolygon"])
        wanted = (base["layer"] == "path") & (base["kind"] == "pedestrian") & area
        found = base[wanted].to_crs(people.ready.crs)
        found = found[(found["name"] != "") | (found.geometry.area >= _SQUARE_M2)]
        if not len(found):
            return _no_candidates(people.ready.crs)
        shapes = np.array(found.geometry, dtype=object)
        points = shapely.point_on_surface(shapes)
        said = _names(people).of_places(["Platz"] * len(found), points)
        frame = pd.DataFrame(
            {
                "id": [f"square:{osm_id}" for osm_id in found["osm_id"]],
                "name": [name or text for name, text in zip(found["name"], said, strict=True)],
                "source": "open",
                "category": "",
                "kind": "Platz",
                "on_campus": _on_campus(people, points),
                "partner": False,
                "outline": pd.Series(list(shapes), dtype=object),
                "entrances": pd.Series([None] * len(found), dtype=object),
            }
        )
        return gpd.GeoDataFrame(frame, geometry=points, crs=people.ready.crs)

    frame = made_once(people, "placement.squares", find)
    return frame[~frame["id"].str.removeprefix("square:").isin(taken["id"])]


def _given(people: People) -> CandidateFile:
    """Return the study's own candidates."""

    def read() -> CandidateFile:
        ready = people.ready
        path = ready.study.candidates_path
        assert path is not None  # noqa: S101
        given = read_candidates(
            path,
            ready.crs,
            ready.extract.bounds,
            named_crs=ready.study.settings.crs,
            criteria=study_criteria(ready.study),
        )
        points = np.array(given.frame.geometry, dtype=object)
        return CandidateFile(given.frame.assign(on_campus=_on_campus(people, points)), given.own)

    return made_once(people, "placement.file", read)


def _spots(people: People, where: Where) -> gpd.GeoDataFrame:
    """Return spots on ways that some house reaches within the largest threshold."""

    def find() -> gpd.GeoDataFrame:
        ready = people.ready
        network, profile = ready.network, _first(people)
        minutes = ready.study.settings.minutes[-1]
        starts = people.starts(profile)
        radius_m = 60.0 * minutes * profile.speed_m_s
        grid_m = float(ready.study.settings.placement.grid_m)
        found = spots_on_ways(
            network, np.unique(starts.foot_xy, axis=0), radius_m, grid_m, where=where
        )
        sites = np.array(["", *network.site_ids], dtype=object)
        frame = found.assign(
            name=found["kind"],
            source="grid",
            category="",
            on_campus=sites[network.edge_site[found["edge"]] + 1],
            partner=False,
        )
        frame["outline"] = pd.Series([None] * len(frame), dtype=object)
        frame["entrances"] = pd.Series([None] * len(frame), dtype=object)
        frame = frame[_reached(people, frame, 60 * minutes * MS_PER_S)]
        frame["name"] = _names(people).of_spots(
            frame["kind"].tolist(),
            frame["edge"].to_numpy(),
            np.array(frame.geometry, dtype=object),
        )
        spots: gpd.GeoDataFrame = frame[list(RESERVED)]
        return spots

    return made_once(people, ("placement.spots", where), find)


def _reached(people: People, frame: gpd.GeoDataFrame, limit_ms: float = np.inf) -> Any:
    """Return which candidates some resident reaches, by the study's first profile."""
    profile = _first(people)
    times = Measured(people, frame).residents(profile, known_state(profile))
    return ((times >= 0) & (times <= limit_ms)).any(axis=0)


def _first(people: People) -> Profile:
    return next(iter(people.ready.profiles.values()))


def _on_campus(people: People, points: Any) -> list[str]:
    """Return the site whose grounds each point lies in, or ""."""
    network = people.ready.network
    found = [""] * len(points)
    for point, site in zip(
        *shapely.STRtree(network.site_polygons).query(points, predicate="intersects"),
        strict=True,
    ):
        found[point] = found[point] or network.site_ids[site]
    return found


def _joined(parts: list[gpd.GeoDataFrame], crs: str, own: tuple[str, ...]) -> gpd.GeoDataFrame:
    """Return all candidates, text as text and numbers as numbers."""
    if not parts:
        return _no_candidates(crs, own)
    rows = pd.concat(parts, ignore_index=True)
    frame = gpd.GeoDataFrame(rows[[*RESERVED, *own]], geometry="geometry", crs=crs)
    return frame.astype(_types(own))


def _no_candidates(crs: str, own: tuple[str, ...] = ()) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame({name: [] for name in RESERVED[:-1]}, geometry=[], crs=crs)
    for name in own:
        frame[name] = np.empty(0)
    return frame.astype(_types(own))


def _types(own: tuple[str, ...]) -> dict[str, Any]:
    texts = ("id", "name", "source", "category", "kind", "on_campus")
    return {
        **dict.fromkeys(texts, "str"),
        "partner": "bool",
        "outline": object,
        "entrances": object,
        **dict.fromkeys(own, "float64"),
    }
