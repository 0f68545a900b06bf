"""What would be if: a café here, the gate there open, a path more; answered in a moment.

A baseline keeps all that was searched of a study. A place more is a column more: it is joined
to the network and read off the searches that are there. Only where ways or gates change, the
network is built anew. Either way the answer is that of a full build with the same changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.findings import Finding, Severity
from geo.progress import Progress, silent
from geo.snapping import Snapped, snap_places
from geo.travel_time import ready_kernel
from layers._variant_file import AnyChange, Variant
from layers.people import People
from layers.places import Places
from layers.scenario_changes import NewThing, Plan, make_plan
from layers.scenario_needs import Needs, needs_of
from layers.scenario_net import Net
from layers.scenario_table import PlaceList, Table
from layers.scenario_times import Lane, Times, doors_of, read_times
from layers.study_network import StudyNetwork

__all__ = ["Baseline", "NewReach", "Outcome", "answer", "baseline_of"]

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints8 = npt.NDArray[np.int8]
Ints32 = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class NewReach:
    """Who reaches what a variant adds.

    Attributes
    ----------
    thing
        What was added.
    xy
        Where it stands, metres.
    on_campus
        Site id of the grounds it stands on, or "".
    resident_ms
        Milliseconds from each origin, −1 beyond the limit, shape ``(l, o)``.
    neighbours
        People who reach it within each threshold, shape ``(l, t)``.
    joined
        Whether it is joined to any way, on each lane, shape ``(l,)``.
    """

    thing: NewThing
    xy: tuple[float, float]
    on_campus: str
    resident_ms: Ints32
    neighbours: Floats
    joined: Bools


@dataclass(frozen=True, eq=False)
class Baseline:
    """A study with all that was searched, as it is or with the changes of variants.

    Attributes
    ----------
    root
        The study as it is.
    net
        Its network as changed; ``root`` itself where no way and gate changes.
    plan
        The changes that hold; None for the study as it is.
    places, times, table
        All places, the ways to them, and what is counted of them.
    joined
        Whether each place is joined to a way, by who walks to its doors, shape ``(p,)``.
    """

    root: Net
    net: Net
    plan: Plan | None
    places: PlaceList
    times: Times
    table: Table
    joined: Mapping[str, Bools]
    _new: Mapping[str, Snapped] | None = None
    _start: tuple[Baseline, frozenset[str]] | None = None

    @property
    def changes(self) -> tuple[AnyChange, ...]:
        """The changes that hold, in their order."""
        return () if self.plan is None else self.plan.changes

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """Every profile with each of its states."""
        return self.net.lanes

    @property
    def origins(self) -> gpd.GeoDataFrame:
        """Houses, then sites."""
        return self.net.origins

    @property
    def minutes(self) -> tuple[int, ...]:
        """Thresholds, ascending."""
        return self.net.minutes

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories that are counted, in the order of the taxonomy."""
        return self.net.counter.categories

    @cached_property
    def ready(self) -> StudyNetwork:
        """The study with the changes, for whatever else is to be computed of it."""
        if self.plan is None:
            return self.net.ready
        frame = self.net.ready.places.frame
        frame = frame[~frame["id"].isin(self.plan.gone)]
        joined: Any = pd.concat([frame, self.plan.added]) if self.plan.rows else frame
        known = self.net.ready.places
        ready = replace(self.net.ready, _joined={})
        ready.__dict__["places"] = Places(
            joined.reset_index(drop=True), known.findings, known.merges
        )
        ready.__dict__["seats"] = self.net.ready.seats
        return ready

    @cached_property
    def people(self) -> People:
        """Residents and neighbours of the study with the changes."""
        people = People(self.ready)
        for name in ("residents", "neighbours", "parts"):
            people.__dict__[name] = getattr(self.net.people, name)
        return people

    @property
    def house_reach(self) -> Floats:
        """Neighbours who reach each origin within each threshold, shape ``(l, o, t)``."""
        return self.net.house_reach

    @property
    def areas(self) -> gpd.GeoDataFrame:
        """Isochrones of all origins."""
        return self.net.areas

    @cached_property
    def needs_asked(self) -> Needs:
        """What judging needs asks beside times."""
        return needs_of(self.root)

    @cached_property
    def needs(self) -> dict[str, Ints8]:
        """State of every need by profile id; see ``layers.need_table.NeedTable.state``."""
        known = None if self._start is None else (self._start[0].needs, self._start[1])
        return self.needs_asked.judge(self.net, self.table, self.joined, self.places, known)

    @cached_property
    def new_reach(self) -> tuple[NewReach, ...]:
        """Who reaches what was added."""
        if self.plan is None or not self.plan.new or self._new is None:
            return ()
        ids = self.places.id.tolist()
        leads = [thing.place_ids[0] for thing in self.plan.new]
        spots = {key: one.picked(leads) for key, one in self._new.items()}
        neighbours = self.net.neighbours_at(spots)
        rows = {row["id"]: row for row in self.plan.rows}
        found = []
        for number, thing in enumerate(self.plan.new):
            column = ids.index(leads[number])
            row = rows[leads[number]]
            found.append(
                NewReach(
                    thing,
                    (row["geometry"].x, row["geometry"].y),
                    row["on_campus"],
                    self.times.time_ms[:, :, column],
                    neighbours[:, number],
                    np.array([self.joined[doors_of(one)][column] for one, _ in self.lanes]),
                )
            )
        return tuple(found)

    def after(self, variant: Variant, where: str = "Variante") -> Baseline:
        """Return the study with the changes of a variant on top of those that hold.

        Parameters
        ----------
        variant
            What changes.
        where
            The file, for messages.

        Raises
        ------
        geo.errors.VariantError
            If a change cannot be made; all that cannot, at once.
        """
        plan = make_plan(
            self.root.ready, (*self.changes, *variant.changes), self.root.to_metres, where
        )
        return self._with(plan, where)

    def _with(self, plan: Plan, where: str) -> Baseline:
        net = self.root
        if plan.edits:
            known = self.net.edits == plan.edits
            net = self.net if known else self.root.after(plan, where)
        if not plan.gone and not plan.rows:
            start = _plain(self.root, net)
            return replace(start, plan=plan if plan.changes else None)
        return _with_places(_plain(self.root, net), plan)


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a variant changes.

    Attributes
    ----------
    variant
        What was asked.
    before, after
        The study without and with the changes; ``after`` may be asked on.
    """

    variant: Variant
    before: Baseline
    after: Baseline

    @cached_property
    def changed(self) -> Bools:
        """Whether anything is different, for each lane, origin and category."""
        one, other = self.before.table, self.after.table
        if one is other:
            return np.zeros(one.nearest_id.shape, dtype=bool)
        different = one.nearest_id != other.nearest_id
        different |= ~np.isclose(one.nearest_s, other.nearest_s, rtol=0, atol=0, equal_nan=True)
        different |= (one.counts != other.counts).any(axis=3)
        different |= one.on_campus != other.on_campus
        different |= one.recorded != other.recorded
        different |= (one.marks != other.marks) | (one.unknown_mm != other.unknown_mm)
        return np.asarray(different, dtype=bool)

    @cached_property
    def changed_areas(self) -> gpd.GeoDataFrame:
        """The new isochrones that are not as they were."""
        if self.before.net is self.after.net:
            return _no_areas(self.after.net.ready.crs)
        return _different_areas(self.before.areas, self.after.areas)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What was noticed about the changes."""
        plan = self.after.plan
        found = [] if plan is None else list(plan.findings)
        for reach in self.after.new_reach:
            if not reach.joined.any():
                found.append(
                    Finding(
                        "scenario.not_joined",
                        Severity.WARNING,
                        f"»{reach.thing.label}« liegt an keinem Weg; niemand erreicht es.",
                        reach.thing.change,
                        "Die Koordinaten prüfen: zuerst die Länge (lon), dann die Breite (lat).",
                    )
                )
        if self.after.net is not self.before.net:
            known = set(self.before.net.ready.extract.findings)
            found += [one for one in self.after.net.ready.extract.findings if one not in known]
        return tuple(found)


def baseline_of(
    ready: StudyNetwork, progress: Progress = silent, people: People | None = None
) -> Baseline:
    """Search and keep all that variants of a study are answered from.

    Parameters
    ----------
    ready
        The study, read and joined.
    progress
        Told of each step.
    people
        Its residents and neighbours, where they are known already.
    """
    ready_kernel(progress)
    progress("Orte finden")
    root = Net(People(ready) if people is None else people)
    _ = root.places
    progress("Wegezeiten rechnen")
    base = _plain(root, root)
    _ = base.table
    progress("Nachbarschaft zählen")
    _ = base.house_reach, base.needs
    return base


def answer(base: Baseline, variant: Variant, where: str = "Variante") -> Outcome:
    """Say what a variant changes.

    Parameters
    ----------
    base
        The study, as it is or with the changes of an earlier variant.
    variant
        What changes.
    where
        The file, for messages.

    Raises
    ------
    geo.errors.VariantError
        If a change cannot be made; all that cannot, at once.
    """
    return Outcome(variant, base, base.after(variant, where))


def _plain(root: Net, net: Net) -> Baseline:
    """Return a network with the places of the extract; the same one each time."""
    if "plain" not in net.__dict__:
        joined = {}
        for key, goals in net.goals.items():
            has = np.zeros(len(goals.ids), dtype=bool)
            has[goals.owner] = True
            joined[key] = has
        net.__dict__["plain"] = Baseline(root, net, None, net.places, net.times, net.table, joined)
        if net is not root:
            net.__dict__["plain"].__dict__["needs_asked"] = _plain(root, root).needs_asked
    found: Baseline = net.__dict__["plain"]
    return found


def _with_places(start: Baseline, plan: Plan) -> Baseline:
    """Return a network with other places, from what is known of it."""
    net = start.net
    network = net.ready.network
    spots = {
        doors_of(one): snap_places(network, plan.spots, one)
        for one in _one_of_each(net.ready.profiles.values())
    }
    keep = np.array([place not in plan.gone for place in start.places.id.tolist()], dtype=bool)
    more = PlaceList.of(plan.spots, list(net.origins.geometry), net.reach_m)
    places = start.places.kept(keep).joined(more)
    times = start.times.kept(keep).joined(read_times(network, net.trees, spots))
    joined = {}
    for key, has in start.joined.items():
        new = np.zeros(len(plan.rows), dtype=bool)
        new[spots[key].owner] = True
        joined[key] = np.concatenate([has[keep], new])
    touched = frozenset((*start.places.category[~keep].tolist(), *more.category.tolist()))
    table = start.table.copy()
    net.counter.count(table, times, places, sorted(touched))
    made = Baseline(start.root, net, plan, places, times, table, joined, spots, (start, touched))
    made.__dict__["needs_asked"] = start.needs_asked
    return made


def _one_of_each(profiles: Any) -> Sequence[Any]:
    """Return one profile of those that meet the network at the same spots."""
    return list({doors_of(one): one for one in profiles}.values())


def _no_areas(crs: str) -> gpd.GeoDataFrame:
    columns = {key: pd.Series([], dtype="str") for key in ("house_id", "profile", "state")}
    minutes = pd.Series([], dtype="int64")
    return gpd.GeoDataFrame({**columns, "minutes": minutes}, geometry=[], crs=crs)


def _different_areas(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    keys = ["house_id", "profile", "state", "minutes"]
    known = dict(
        zip(
            before[keys].itertuples(index=False, name=None),
            before.geometry.to_wkb().tolist(),
            strict=True,
        )
    )
    shapes = zip(
        after[keys].itertuples(index=False, name=None),
        after.geometry.to_wkb().tolist(),
        strict=True,
    )
    other = [known.get(key) != shape for key, shape in shapes]
    return after[np.array(other, dtype=bool)].reset_index(drop=True)
