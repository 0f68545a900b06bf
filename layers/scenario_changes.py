"""What the changes of a variant come to: places and edits of the network."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import edits as network_edits
from geo.crs import projector
from geo.edits import Edit, apply_edits
from geo.errors import EditError, StudyError, VariantError
from geo.extract import Extract
from geo.findings import Finding, Severity
from geo.sites import Sites
from layers import _variant_file as kinds
from layers._variant_file import AnyChange, refuse
from layers.matching import Named, find_named
from layers.places import PLACE_COLUMNS
from layers.projects import Project, study_projects
from layers.study_network import StudyNetwork
from layers.taxonomy import Category

NEW = "neu:"
"""Ids of places that a variant adds begin so; no object of OSM has such an id."""

STOP = "bus_stop"
_MARGIN_DEGREES = 0.01
_DECIMALS = 7
"""OSM keeps coordinates to so many decimals of a degree."""

_SHOWN = 8

ToMetres = Callable[[float, float], tuple[float, float]]


@dataclass(frozen=True, eq=False)
class NewThing:
    """What one change adds.

    Attributes
    ----------
    change
        Id of the change.
    label
        German: its name, else its kind.
    project
        Which kind of project it is, None for places.
    place_ids
        Ids of the places that stand for it, one per category that it meets.
    """

    change: str
    label: str
    project: Project | None
    place_ids: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Plan:
    """What a list of changes comes to.

    Attributes
    ----------
    changes
        Those that hold; what was taken back is left out.
    rows
        Places that are new or stand elsewhere, column by column; see ``added``.
    like
        The study's places, whose columns and types the new ones have.
    gone
        Ids of the study's places that are no longer where they were.
    new
        What was added, in the order of the changes.
    edits
        Changes of ways and gates, in their order.
    findings
        What was noticed.
    """

    changes: tuple[AnyChange, ...]
    rows: tuple[dict[str, Any], ...]
    like: gpd.GeoDataFrame
    gone: frozenset[str]
    new: tuple[NewThing, ...]
    edits: tuple[Edit, ...]
    findings: tuple[Finding, ...] = ()

    @cached_property
    def spots(self) -> gpd.GeoDataFrame:
        """What joining and counting ask of ``added``; a whole frame takes longer than both."""
        names = ("id", "category", "on_campus", "outline", "entrances")
        columns = {}
        for name in names:
            columns[name] = np.array([None] * len(self.rows), dtype=object)
            columns[name][:] = [row[name] for row in self.rows]
        points = gpd.array.from_shapely([row["geometry"] for row in self.rows], self.like.crs)
        return gpd.GeoDataFrame(pd.DataFrame(columns, copy=False), geometry=points)

    @cached_property
    def added(self) -> gpd.GeoDataFrame:
        """Places that are new or stand elsewhere, with the columns of the study's places."""
        like, rows = self.like, self.rows
        columns: dict[str, Any] = {}
        for name in like.columns:
            if name == "geometry":
                continue
            plain = name in {"outline", "entrances"}
            dtype: Any = "object" if plain else PLACE_COLUMNS.get(name, like[name].dtype)
            empty: Any = None if plain else False if dtype == "bool" else ""
            values = [row.get(name, empty) for row in rows]
            columns[name] = pd.Series(values, dtype=dtype)
        points = [row["geometry"] for row in rows]
        return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(points, crs=like.crs))


def make_plan(
    ready: StudyNetwork, changes: Sequence[AnyChange], to_metres: ToMetres, where: str
) -> Plan:
    """Check changes against a study, and say what they come to.

    Parameters
    ----------
    ready
        The study as it is.
    changes
        All of them, in their order.
    to_metres
        Makes metres in the study's CRS of longitude and latitude.
    where
        The file, for messages.

    Raises
    ------
    VariantError
        If a change names a place, gate, category, project or change that is not there, or
        lies outside the extract; all faults at once.
    StudyError
        If the study's kinds of projects cannot be read.
    """
    drafted = _Draft(ready, to_metres)
    for number, change in enumerate(changes, start=1):
        drafted.take(number, change)
    refuse(drafted.faults, where, "Die genannten Änderungen berichtigen.")
    return drafted.plan()


def check_changes(ready: StudyNetwork, variant: kinds.Variant, where: str) -> None:
    """Check all changes of a variant against a study, without computing anything.

    Parameters
    ----------
    ready
        The study.
    variant
        What changes.
    where
        The file, for messages.

    Raises
    ------
    VariantError
        If a change cannot be made; all that cannot, at once.
    """
    to_metres = projector(ready.crs)
    plan = make_plan(ready, variant.changes, to_metres, where)
    if plan.edits:
        edited(ready, plan, where)


def edited(ready: StudyNetwork, plan: Plan, where: str) -> tuple[Extract, Sites]:
    """Apply the edits of a plan to a study's extract and gates.

    Raises
    ------
    VariantError
        If one cannot be made; all that cannot, with the number of the change.
    """
    try:
        return apply_edits(ready.extract, ready.sites, plan.edits, like=ready.network)
    except EditError:
        made: list[Edit] = []
        faults = []
        changes = [change for change in plan.changes if _edit_of(change) is not None]
        for edit, change in zip(plan.edits, changes, strict=True):
            try:
                apply_edits(ready.extract, ready.sites, [*made, edit])
            except EditError as error:
                told = error.what.rstrip(".") + (f". {error.remedy}" if error.remedy else "")
                faults.append(f"Änderung »{change.id}« ({change.kind}): {told.rstrip('.')}")
            else:
                made.append(edit)
        refuse(faults, where, "Die genannten Änderungen berichtigen.")
        raise


@dataclass(eq=False)
class _Draft:
    """Takes one change after the other."""

    ready: StudyNetwork
    to_metres: ToMetres
    faults: list[str] = field(default_factory=list)
    kept: dict[str, AnyChange] = field(default_factory=dict)
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    new: dict[str, NewThing] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    status: dict[str, str] = field(default_factory=dict)

    def take(self, number: int, change: AnyChange) -> None:
        head = f"Änderung {number} ({change.kind})"
        if change.id in self.kept and not isinstance(change, kinds.Remove):
            self.faults.append(f"{head}, Schlüssel »id«: »{change.id}« heißt schon eine Änderung")
            return
        self._check_spots(head, change)
        if isinstance(change, kinds.Remove):
            self._take_back(head, change.change)
            return
        if isinstance(change, kinds.AddPlace):
            self._add_place(head, change)
        elif isinstance(change, kinds.AddStop):
            self._add(change, [self._category(STOP)], change.name, None)
        elif isinstance(change, kinds.AddProject):
            self._add_project(head, change)
        elif isinstance(change, kinds.MovePlace):
            self._move(head, change)
        elif isinstance(change, kinds.RemovePlace):
            self._remove_place(head, change)
        elif isinstance(change, kinds.OpenGate | kinds.CloseGate):
            change = self._gate(head, change)
        self.kept[change.id] = change

    def plan(self) -> Plan:
        found = [_edit_of(change) for change in self.kept.values()]
        return Plan(
            changes=tuple(self.kept.values()),
            rows=tuple(self.rows.values()),
            like=self.ready.places.frame,
            gone=frozenset(self.gone),
            new=tuple(self.new.values()),
            edits=tuple(edit for edit in found if edit is not None),
            findings=tuple(self.findings),
        )

    # One kind of change each.

    def _take_back(self, head: str, asked: str) -> None:
        if asked not in self.kept:
            near = _listed(asked, list(self.kept))
            self.faults.append(f"{head}, Schlüssel »change«: eine Änderung »{asked}« gibt es "
                               f"davor nicht{near}")  # fmt: skip
            return
        # What stays is taken anew: a later change may have stood on this one.
        rest = [change for key, change in self.kept.items() if key != asked]
        again = _Draft(self.ready, self.to_metres)
        for number, change in enumerate(rest, start=1):
            again.take(number, change)
        self.faults += [
            f"{head}: ohne »{asked}« geht nicht mehr: {fault}" for fault in again.faults
        ]
        self.kept, self.rows, self.gone = again.kept, again.rows, again.gone
        self.new, self.status, self.findings = again.new, again.status, again.findings

    def _add_place(self, head: str, change: kinds.AddPlace) -> None:
        known = {one.id: one for one in self.ready.taxonomy.categories}
        if change.category not in known:
            near = _listed(change.category, list(known))
            self.faults.append(
                f"{head}, Schlüssel »category«: die Kategorie »{change.category[:60]}« gibt es "
                f"nicht{near}"
            )
            return
        category = known[change.category]
        if not category.indicator:
            self.findings.append(
                Finding(
                    "scenario.not_counted",
                    Severity.INFO,
                    f"Orte der Kategorie »{category.label}« werden nicht gezählt; der neue Ort "
                    "steht nur auf der Karte.",
                    change.id,
                )
            )
        self._add(change, [category], change.name, None, wheelchair=change.wheelchair)

    def _add_project(self, head: str, change: kinds.AddProject) -> None:
        known = study_projects(self.ready.study, self.ready.taxonomy)
        if change.project not in known:
            self.faults.append(
                f"{head}, Schlüssel »project«: die Projektart »{change.project[:60]}« gibt es "
                f"nicht{_listed(change.project, list(known))}"
            )
            return
        project = known[change.project]
        categories = [self._category(key) for key in project.serves]
        self._add(change, categories, change.name or project.label, project)

    def _add(
        self,
        change: Any,
        categories: Iterable[Category],
        name: str | None,
        project: Project | None,
        **more: str,
    ) -> None:
        ids = []
        for number, category in enumerate(categories):
            place = f"{NEW}{change.id}" + (f":{category.id}" if number else "")
            ids.append(place)
            self.rows[place] = {
                "id": place,
                "osm_ids": place,
                "name": name or "",
                "category": category.id,
                "kind": category.label if project is None else project.label,
                "layer": category.layer,
                "role": category.role,
                "partner": category.partner,
                "completeness": category.completeness,
                "wheelchair": "unknown",
                **more,
                **self._at(change),
            }
        label = name or next(iter(categories)).label
        self.new[change.id] = NewThing(change.id, label, project, tuple(ids))

    def _move(self, head: str, change: kinds.MovePlace) -> None:
        if change.place in self.new:
            for place in self.new[change.place].place_ids:
                self.rows[place] |= self._at(change)
            return
        if change.place in self.rows:
            self.rows[change.place] |= self._at(change)
            return
        row = self._find_place(head, change.place)
        if row is None:
            return
        frame = self.ready.places.frame
        place = str(frame["id"].iloc[row])
        self.gone.add(place)
        columns = {name: frame[name].iloc[row] for name in frame.columns}
        self.rows[place] = {**columns, **self._at(change)}

    def _remove_place(self, head: str, change: kinds.RemovePlace) -> None:
        if change.place in self.new:
            for place in self.new.pop(change.place).place_ids:
                del self.rows[place]
            return
        if self.rows.pop(change.place, None) is not None:
            return
        row = self._find_place(head, change.place)
        if row is not None:
            place = str(self.ready.places.frame["id"].iloc[row])
            self.gone.add(place)

    def _gate(self, head: str, change: Any) -> Any:
        gates = self.ready.sites.gates
        ids = [str(gate) for gate in gates["gate_id"]]
        names = [str(name) for name in gates["name"]]
        found = change.gate if change.gate in ids else None
        if found is None and names.count(change.gate) == 1:
            found = ids[names.index(change.gate)]
        if found is None:
            both = [
                f"{one} ({name})" if name else one for one, name in zip(ids, names, strict=True)
            ]
            near = get_close_matches(change.gate, [*ids, *filter(None, names)], n=1, cutoff=0.5)
            meant = f"; gemeint ist vielleicht »{near[0]}«" if near else ""
            known = ", ".join(both[:_SHOWN]) or "keines"
            self.faults.append(
                f"{head}, Schlüssel »gate«: das Tor »{change.gate[:60]}« gibt es nicht{meant}; "
                f"bekannt: {known}"
            )
            return change
        now = self.status.get(found, str(gates["status"].iloc[ids.index(found)]))
        wanted = (change.hours or "open") if isinstance(change, kinds.OpenGate) else "locked"
        if now == wanted:
            word = "geschlossen" if wanted == "locked" else "offen"
            self.findings.append(
                Finding(
                    "scenario.gate_as_it_was",
                    Severity.INFO,
                    f"Das Tor »{found}« ist schon {word}; diese Änderung ändert nichts.",
                    change.id,
                )
            )
        self.status[found] = wanted
        return change.model_copy(update={"gate": found})

    # Helpers.

    def _category(self, key: str) -> Category:
        found = next((one for one in self.ready.taxonomy.categories if one.id == key), None)
        if found is None:
            raise StudyError(
                f"Die Kategorie »{key}« ist in dieser Studie abgeschaltet.",
                where=self.ready.study.taxonomy_path,
                remedy="Sie in der Datei der Kategorien wieder einschalten.",
            )
        return found

    def _at(self, change: Any) -> dict[str, Any]:
        point = shapely.Point(self.to_metres(*_rounded(change.lon, change.lat)))
        grounds = self.ready.sites.sites
        on = np.flatnonzero(shapely.intersects(grounds.geometry.to_numpy(), point))
        site = str(grounds["site_id"].iloc[on[0]]) if len(on) else ""
        return {"geometry": point, "outline": None, "entrances": None, "on_campus": site}

    def _find_place(self, head: str, asked: str) -> int | None:
        frame = self.ready.places.frame
        ids = frame["id"].tolist()
        if asked in ids and asked not in self.gone:
            return ids.index(asked)
        there = [row for row, place in enumerate(ids) if place not in self.gone]
        columns = (frame["name"].tolist(), frame["kind"].tolist(), frame["address"].tolist())
        known = [
            Named(
                ids[row],
                columns[0][row],
                ", ".join(filter(None, (columns[1][row], columns[2][row]))),
            )
            for row in there
        ]
        try:
            return there[find_named(asked, known, what="ein Ort", where="place")]
        except StudyError as error:
            told = f"{error.what} {error.remedy or ''}".strip().rstrip(".")
            self.faults.append(f"{head}, Schlüssel »place«: {told}")
            return None

    def _check_spots(self, head: str, change: AnyChange) -> None:
        spots: list[tuple[float, float]] = []
        if isinstance(change, kinds.AddPath):
            spots = list(change.points)
        elif isinstance(change, kinds.Spot):
            spots = [(change.lon, change.lat)]
        nodes = self.ready.extract.nodes
        if not spots or not len(nodes.ids):
            return
        outer = self.ready.network._memory.setdefault(  # noqa: SLF001
            ("degrees of nodes",),
            (nodes.longitude.min(), nodes.latitude.min(),
             nodes.longitude.max(), nodes.latitude.max()),
        )  # fmt: skip
        west, south, east, north = outer
        for lon, lat in spots:
            if not (
                west - _MARGIN_DEGREES <= lon <= east + _MARGIN_DEGREES
                and south - _MARGIN_DEGREES <= lat <= north + _MARGIN_DEGREES
            ):
                self.faults.append(
                    f"{head}: der Punkt {lon:g}, {lat:g} liegt außerhalb des OSM-Auszugs "
                    f"(Länge {west:.3f} bis {east:.3f}, Breite {south:.3f} bis {north:.3f})"
                )


def _edit_of(change: AnyChange) -> Edit | None:
    """Return what a change does to ways and gates, None for places."""
    made: Edit | None = None
    if isinstance(change, kinds.OpenGate):
        made = network_edits.OpenGate(change.gate, change.hours)
    elif isinstance(change, kinds.CloseGate):
        made = network_edits.CloseGate(change.gate)
    elif isinstance(change, kinds.AddPath):
        points = tuple(_rounded(*point) for point in change.points)
        made = network_edits.AddPath(points, dict(change.tags))
    elif isinstance(change, kinds.AddCrossing):
        made = network_edits.AddCrossing(_rounded(change.lon, change.lat), change.crossing)
    elif isinstance(change, kinds.LowerKerb):
        made = network_edits.LowerKerb(_rounded(change.lon, change.lat), change.height_cm)
    elif isinstance(change, kinds.RemovePath):
        made = network_edits.RemovePath(int(change.way[1:]))
    return made


def _rounded(lon: float, lat: float) -> tuple[float, float]:
    return round(lon, _DECIMALS), round(lat, _DECIMALS)


def _listed(asked: str, known: list[str]) -> str:
    near = get_close_matches(asked, known, n=1, cutoff=0.5)
    if near:
        return f"; gemeint ist vielleicht »{near[0]}«"
    return f"; bekannt: {', '.join(known[:_SHOWN])}" if 0 < len(known) <= 2 * _SHOWN else ""


__all__ = ["NEW", "NewThing", "Plan", "VariantError", "check_changes", "edited", "make_plan"]
