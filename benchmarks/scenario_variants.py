"""Random variants of a study, for judging what-if: the same seed gives the same variants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import geopandas as gpd
import numpy as np

from geo.crs import WGS84
from geo.errors import VariantError
from layers._variant_file import Variant, variant_from
from layers.projects import study_projects
from layers.scenario_changes import check_changes
from layers.study_network import StudyNetwork

_PATH_TAGS = (
    {"highway": "footway"},
    {"highway": "path", "surface": "gravel"},
    {"highway": "footway", "surface": "asphalt", "incline": "2%", "kerb": "flush"},
    {"highway": "cycleway"},
    {"highway": "steps"},
)

KINDS = (
    "add_place", "add_stop", "add_project", "move_place", "remove_place", "open_gate",
    "close_gate", "add_path", "add_path", "add_crossing", "lower_kerb", "remove_path",
)  # fmt: skip
"""Changes of places and of the network, paths twice as often as others."""


class Dice:
    """Throws random changes of a study.

    Parameters
    ----------
    ready
        The study.
    seed
        Of the random numbers.
    """

    def __init__(self, ready: StudyNetwork, seed: int) -> None:
        self._ready = ready
        self._random = np.random.default_rng(seed)
        sites, nodes = ready.sites, ready.extract.nodes
        around = [*sites.houses.geometry, *sites.gates.geometry]
        self._centres = np.array([[point.x, point.y] for point in around])
        kerbs = [
            row
            for row, node in enumerate(nodes.ids.tolist())
            if nodes.tags.get(node, {}).get("highway") == "crossing"
            or "kerb" in nodes.tags.get(node, {})
            or nodes.tags.get(node, {}).get("barrier") == "kerb"
        ]
        self._kerbs = np.column_stack([nodes.longitude, nodes.latitude])[kerbs]
        xy = gpd.GeoSeries(gpd.points_from_xy(nodes.longitude, nodes.latitude, crs=WGS84)).to_crs(
            ready.crs
        )
        self._nodes = np.column_stack([xy.x, xy.y])
        self._lonlat = np.column_stack([nodes.longitude, nodes.latitude])
        self._projects = list(study_projects(ready.study, ready.taxonomy))
        self._categories = [one.id for one in ready.taxonomy.categories]
        self._places = ready.places.frame["id"].tolist()
        self._gates = ready.sites.gates["gate_id"].tolist()

    def variants(self, most: int = 4, *, kinds: Sequence[str] = KINDS) -> Iterator[Variant]:
        """Yield variants that can be made, without end.

        Parameters
        ----------
        most
            Changes of one variant at most.
        kinds
            Of which kinds; one that stands there twice comes twice as often.
        """
        number = 0
        while True:
            count = int(self._random.integers(1, most + 1))
            tables = [self.change(str(self._random.choice(kinds))) for _ in range(count)]
            tables = [table for table in tables if table]
            if not tables:
                continue
            variant = variant_from({"name": f"Zufall {number}", "change": tables})
            try:
                check_changes(self._ready, variant, "Zufall")
            except VariantError:
                continue
            number += 1
            yield variant

    def change(self, kind: str) -> dict[str, Any]:
        """Return a change of a kind; empty where the study has nothing for it.

        Parameters
        ----------
        kind
            As in the file of a variant.
        """
        return getattr(self, f"_{kind}")() or {}

    # One kind each.

    def _add_place(self) -> dict[str, Any]:
        return {"kind": "add_place", "category": self._one(self._categories), **self._at(1200)}

    def _add_stop(self) -> dict[str, Any]:
        return {"kind": "add_stop", **self._at(800)}

    def _add_project(self) -> dict[str, Any]:
        return {"kind": "add_project", "project": self._one(self._projects), **self._at(1200)}

    def _move_place(self) -> dict[str, Any] | None:
        if not self._places:
            return None
        return {"kind": "move_place", "place": self._one(self._places), **self._at(1200)}

    def _remove_place(self) -> dict[str, Any] | None:
        if not self._places:
            return None
        return {"kind": "remove_place", "place": self._one(self._places)}

    def _open_gate(self) -> dict[str, Any] | None:
        if not self._gates:
            return None
        hours = str(self._random.choice(["", "", "Mo-Fr 08:00-18:00"]))
        return {"kind": "open_gate", "gate": self._one(self._gates), "hours": hours}

    def _close_gate(self) -> dict[str, Any] | None:
        if not self._gates:
            return None
        return {"kind": "close_gate", "gate": self._one(self._gates)}

    def _add_path(self) -> dict[str, Any]:
        row = self._near_node(600)
        near = np.flatnonzero(np.hypot(*(self._nodes - self._nodes[row]).T) < 200)
        count = int(self._random.integers(1, 3))
        rows = [row, *self._random.choice(near, count).tolist()]
        shift = self._random.normal(0, 2e-5, (len(rows), 2))
        points = (self._lonlat[rows] + shift).round(7).tolist()
        return {"kind": "add_path", "points": points, "tags": dict(self._one(_PATH_TAGS))}

    def _add_crossing(self) -> dict[str, Any]:
        return {"kind": "add_crossing", **self._at_node(600)}

    def _lower_kerb(self) -> dict[str, Any]:
        if not len(self._kerbs):
            return {"kind": "lower_kerb", **self._at_node(600)}
        lon, lat = self._kerbs[self._random.integers(len(self._kerbs))].tolist()
        height = float(self._random.choice([0.0, 2.0, 5.0]))
        return {"kind": "lower_kerb", "lon": lon, "lat": lat, "height_cm": height}

    def _remove_path(self) -> dict[str, Any] | None:
        ways, node = self._ready.extract.ways, self._near_node(600)
        at = np.flatnonzero(ways.refs == self._ready.extract.nodes.ids[node])
        if not len(at):
            return None
        row = int(np.searchsorted(ways.offsets, at[0], "right")) - 1
        return {"kind": "remove_path", "way": f"w{ways.ids[row]}"}

    # Spots.

    def _one(self, several: Any) -> Any:
        return several[int(self._random.integers(len(several)))]

    def _spot(self, spread_m: float) -> Any:
        centre = self._centres[self._random.integers(len(self._centres))]
        return centre + self._random.normal(0, spread_m / 2, 2)

    def _near_node(self, spread_m: float) -> int:
        return int(np.hypot(*(self._nodes - self._spot(spread_m)).T).argmin())

    def _at_node(self, spread_m: float) -> dict[str, float]:
        lon, lat = self._lonlat[self._near_node(spread_m)].tolist()
        return {"lon": lon, "lat": lat}

    def _at(self, spread_m: float) -> dict[str, float]:
        x, y = self._spot(spread_m).tolist()
        point: Any = gpd.GeoSeries(gpd.points_from_xy([x], [y], crs=self._ready.crs)).to_crs(WGS84)
        return {"lon": round(float(point.x[0]), 7), "lat": round(float(point.y[0]), 7)}
