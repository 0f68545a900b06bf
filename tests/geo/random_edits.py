"""Random plans for ways and gates, near the middle of a study."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer

from geo.edits import (
    AddCrossing,
    AddPath,
    CloseGate,
    Edit,
    LowerKerb,
    OpenGate,
    RemovePath,
    SetTags,
    apply_edits,
)
from geo.errors import EditError
from geo.extract import Extract
from geo.sites import Sites

PATHS = [
    {"highway": "footway"},
    {"highway": "footway", "surface": "asphalt", "incline": "0%", "width": "2"},
    {"highway": "steps"},
    {"highway": "cycleway", "foot": "no"},
    {"highway": "service", "access": "private"},
    {"highway": "pedestrian", "area": "yes"},
]
WAY_TAGS: list[dict[str, str | None]] = [
    {"highway": "steps"},
    {"surface": "asphalt", "width": "2", "smoothness": "good"},
    {"surface": "mud"},
    {"access": "private", "foot": None},
    {"foot": "no"},
    {"oneway:foot": "yes"},
    {"name": "Neuer Weg"},
]
NODE_TAGS: list[dict[str, str | None]] = [
    {"barrier": "gate", "locked": "yes"},
    {"barrier": "gate", "access": "private"},
    {"barrier": "gate", "opening_hours": "Mo-Fr 08:00-18:00"},
    {"barrier": "kerb", "kerb": "raised"},
    {"barrier": None, "kerb": None, "access": None, "locked": None},
]


class Planner:
    """Draws changes that can be made, around some points in the metric CRS of the sites."""

    def __init__(self, extract: Extract, sites: Sites, rng: np.random.Generator) -> None:
        self._extract, self._sites, self._rng = extract, sites, rng
        to_metres = Transformer.from_crs("EPSG:4326", sites.crs, always_xy=True)
        self._to_degrees = Transformer.from_crs(sites.crs, "EPSG:4326", always_xy=True)
        nodes, ways = extract.nodes, extract.ways
        self._xy = np.column_stack(to_metres.transform(nodes.longitude, nodes.latitude))
        centre = shapely.get_coordinates(np.array(sites.houses.geometry, dtype=object))
        away = np.hypot(*(self._xy[:, None, :] - centre[None, :8, :]).transpose(2, 0, 1))
        self._near = np.flatnonzero(away.min(axis=1) < 400)
        way_of_ref = np.repeat(ways.ids, np.diff(ways.offsets))
        self._ways = np.unique(way_of_ref[np.isin(ways.refs, nodes.ids[self._near])])
        self._ways = self._ways[self._ways > -(1 << 59)]

    def plan(self, count: int) -> list[Edit]:
        """Return some changes; those that cannot be made are drawn again."""
        edits: list[Edit] = []
        while len(edits) < count:
            kinds: list[Callable[[], Edit]] = [
                self._path, self._path, self._crossing, self._kerb, self._remove, self._way,
                self._node, self._gate,
            ]  # fmt: skip
            one = kinds[self._rng.integers(len(kinds))]()
            try:
                apply_edits(self._extract, self._sites, [*edits, one])
            except EditError:
                continue
            edits.append(one)
        return edits

    def _row(self) -> int:
        return int(self._near[self._rng.integers(len(self._near))])

    def _point(self, row: int, spread_m: float) -> tuple[float, float]:
        x, y = self._xy[row] + self._rng.normal(0, spread_m, 2)
        lon, lat = self._to_degrees.transform(x, y)
        return float(lon), float(lat)

    def _pick(self, choices: list[Any]) -> Any:
        return choices[int(self._rng.integers(len(choices)))]

    def _path(self) -> Edit:
        first = self._row()
        away = np.hypot(*(self._xy[self._near] - self._xy[first]).T)
        others = self._near[(away > 20) & (away < 250)]
        second = int(others[self._rng.integers(len(others))]) if len(others) else self._row()
        spread = self._pick([0.0, 3.0, 12.0])
        points = [self._point(first, spread), self._point(second, spread)]
        if self._rng.random() < 0.3:
            points.insert(1, self._point(self._row(), 0.2))
        return AddPath(tuple(points), self._pick(PATHS))

    def _crossing(self) -> Edit:
        return AddCrossing(self._point(self._row(), 4.0), "zebra", self._pick([None, 0.0, 3.0]))

    def _kerb(self) -> Edit:
        if self._rng.random() < 0.5:
            return LowerKerb(int(self._extract.nodes.ids[self._row()]), self._pick([0.0, 3.0]))
        return LowerKerb(self._point(self._row(), 4.0))

    def _remove(self) -> Edit:
        return RemovePath(int(self._ways[self._rng.integers(len(self._ways))]))

    def _way(self) -> Edit:
        way = self._ways[self._rng.integers(len(self._ways))]
        return SetTags(f"w{way}", self._pick(WAY_TAGS))

    def _node(self) -> Edit:
        return SetTags(f"n{self._extract.nodes.ids[self._row()]}", self._pick(NODE_TAGS))

    def _gate(self) -> Edit:
        gates = [str(gate) for gate in self._sites.gates["gate_id"]]
        if not gates:
            return self._path()
        gate = self._pick(gates)
        choices: list[Edit] = [
            CloseGate(gate), OpenGate(gate), OpenGate(gate, "Mo-Fr 08:00-18:00"),
        ]  # fmt: skip
        return choices[int(self._rng.integers(len(choices)))]
