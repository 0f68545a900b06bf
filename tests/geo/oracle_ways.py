"""Ways of the second engine, and which stretch of them lies in which grounds."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import geopandas as gpd
import shapely

from geo.extract import Tags
from geo.foot_access import Access, foot_access

Xy = tuple[float, float]


@dataclass
class Edge:
    """A piece of way between two spots."""

    begin: Any
    end: Any
    line: shapely.LineString
    tags: Tags
    site: str
    private: bool
    way: int
    spots: list[tuple[float, Any]] = field(default_factory=list)
    """Points attached so far: metres along the line, and the point's name."""
    joints: list[tuple[float, Any]] = field(default_factory=list)
    """Those of them where the straight line from a gate ends."""


@dataclass
class Run:
    """Nodes of a way that follow each other without a gap, and where they lie."""

    way: int
    nodes: list[int]
    xy: list[Xy]
    tags: Tags
    whole: bool
    positions: list[float] = field(default_factory=list)
    stretches: list[tuple[float, float, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.positions = [0.0]
        for a, b in itertools.pairwise(self.xy):
            self.positions.append(self.positions[-1] + math.dist(a, b))

    @property
    def private(self) -> bool:
        return foot_access(self.tags) is Access.PRIVATE

    def at(self, metres: float) -> Xy:
        for position, xy in zip(self.positions, self.xy, strict=True):
            if abs(position - metres) < 1e-9:
                return xy
        point = shapely.LineString(self.xy).interpolate(metres)
        return (point.x, point.y)


def rows(frame: gpd.GeoDataFrame) -> list[Any]:
    """Return the rows of a frame as plain objects."""
    return [
        SimpleNamespace(**{str(key): value for key, value in row.items()})
        for row in frame.to_dict("records")
    ]


class Boundaries:
    """The boundaries of all grounds and the gates that the study gives."""

    def __init__(self, sites: dict[str, Any], gates: list[Any]) -> None:
        self.sites = sites
        self.gates = gates

    def stretches(self, run: Run) -> list[tuple[float, float, str]]:
        """Return ``(from, to, site)`` along a run, site "" outside."""
        line = shapely.LineString(run.xy)
        inside: list[tuple[float, float, str]] = []
        for site, grounds in sorted(self.sites.items()):
            if grounds.distance(line) > 3:
                continue
            for stretch in self._inside(run, site, grounds):
                ends = []
                for end in stretch:
                    nearest = min(run.positions, key=lambda at: abs(at - end))
                    ends.append(nearest if abs(nearest - end) <= 0.5 else end)
                if ends[1] > ends[0]:
                    inside.append((ends[0], ends[1], site))
        whole = run.positions[-1]
        cuts = sorted({0.0, whole, *(end for a, b, _ in inside for end in (a, b))})
        found: list[tuple[float, float, str]] = []
        for a, b in itertools.pairwise(cuts):
            middle = (a + b) / 2
            label = next((s for low, high, s in inside if low <= middle <= high), "")
            if found and found[-1][2] == label:
                found[-1] = (found[-1][0], b, label)
            else:
                found.append((a, b, label))
        return found or [(0.0, whole, "")]

    def _crossings(self, run: Run, border: Any) -> list[float]:
        found = []
        for (a, b), at in zip(itertools.pairwise(run.xy), run.positions, strict=False):
            if a != b:
                shared = shapely.LineString([a, b]).intersection(border)
                found += [at + math.dist(a, xy) for xy in shapely.get_coordinates(shared)]
        return sorted(found)

    def _inside(self, run: Run, site: str, grounds: Any) -> list[tuple[float, float]]:
        """Apply the band rule: 3 m to both sides of the boundary a stretch follows its way."""
        core, wide = grounds.buffer(-3), grounds.buffer(3)
        line = shapely.LineString(run.xy)
        ends = {0.0, run.positions[-1]}
        ends |= {*self._crossings(run, core.boundary), *self._crossings(run, wide.boundary)}
        kinds: list[tuple[str, float, float]] = []
        for a, b in itertools.pairwise(sorted(ends)):
            middle = line.interpolate((a + b) / 2)
            kind = "in" if core.contains(middle) else "band" if wide.intersects(middle) else "out"
            if kinds and kinds[-1][0] == kind:
                kinds[-1] = (kind, kinds[-1][1], b)
            else:
                kinds.append((kind, a, b))
        found = []
        for i, (kind, a, b) in enumerate(kinds):
            before = kinds[i - 1][0] if i else ""
            after = kinds[i + 1][0] if i + 1 < len(kinds) else ""
            if kind == "in":
                found.append((a, b))
            elif kind == "band" and not before and not after:
                on_it = line.intersection(grounds.boundary).length
                if line.intersection(grounds).length - on_it > line.length / 2:
                    found.append((a, b))
            elif kind == "band" and {before, after} <= {"in", ""}:
                found.append((a, b))
            elif kind == "band" and {before, after} == {"in", "out"}:
                over = [at for at in self._crossings(run, grounds.boundary) if a <= at <= b]
                cut = self._choose(run, site, over or [(a + b) / 2], leaves=before == "in")
                found.append((a, cut) if before == "in" else (cut, b))
        return found

    def _choose(self, run: Run, site: str, over: list[float], *, leaves: bool) -> float:
        """Cut where a given gate is within 20 m, else at the outermost crossing."""
        gates = [gate.geometry for gate in self.gates if gate.site_id == site]
        ranked = [
            (min(math.dist(run.at(at), (gate.x, gate.y)) for gate in gates), at)
            for at in over
            if gates
        ]
        if ranked and min(ranked)[0] <= 20:
            return min(ranked)[1]
        return over[-1] if leaves else over[0]
