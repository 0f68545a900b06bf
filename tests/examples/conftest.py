"""The example town as it lies in the repository, read once."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import networkx as nx
import numpy as np
import numpy.typing as npt
import osmium
import pytest
import shapely
from pyproj import Transformer
from shapely import LineString, Point, Polygon
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "musterhausen"
_TO_METRES = Transformer.from_crs("EPSG:4326", "EPSG:25832", always_xy=True)
_WALKABLE = {
    "secondary", "tertiary", "unclassified", "residential", "living_street", "pedestrian",
    "service", "track", "footway", "path", "steps", "cycleway",
}  # fmt: skip


def _metric(geometry: BaseGeometry) -> BaseGeometry:
    def to_metres(lonlat: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack(_TO_METRES.transform(lonlat[:, 0], lonlat[:, 1]))

    moved: BaseGeometry = shapely.transform(geometry, to_metres)
    return moved


@dataclass
class Way:
    """A way with its nodes, in metres."""

    number: int
    refs: list[int]
    points: list[tuple[float, float]]
    tags: dict[str, str]

    @property
    def walkable(self) -> bool:
        return self.tags.get("highway") in _WALKABLE

    @property
    def closed(self) -> bool:
        return self.refs[0] == self.refs[-1]


@dataclass
class Town:
    """Everything in the extract, and the sites beside it."""

    nodes: dict[int, tuple[float, float]] = field(default_factory=dict)
    node_tags: dict[int, dict[str, str]] = field(default_factory=dict)
    ways: list[Way] = field(default_factory=list)
    relations: list[tuple[dict[str, str], list[tuple[str, int, str]]]] = field(
        default_factory=list
    )
    areas: list[tuple[dict[str, str], BaseGeometry]] = field(default_factory=list)
    multipolygons: int = 0

    @cached_property
    def buildings(self) -> list[tuple[Way, Polygon]]:
        return [(way, Polygon(way.points)) for way in self.ways if "building" in way.tags]

    @cached_property
    def streets(self) -> list[Way]:
        return [way for way in self.ways if way.walkable]

    @cached_property
    def sites(self) -> dict[str, tuple[dict[str, str], BaseGeometry]]:
        raw = json.loads((FOLDER / "sites.geojson").read_text(encoding="utf-8"))
        return {
            feature["properties"]["id"]: (
                feature["properties"],
                _metric(shape(feature["geometry"])),
            )
            for feature in raw["features"]
        }

    def named(self, name: str) -> Point:
        """Return where the one thing of a name lies."""
        spots = [
            Point(self.nodes[number])
            for number, tags in self.node_tags.items()
            if tags.get("name") == name
        ]
        spots += [Polygon(w.points).centroid for w in self.ways if w.tags.get("name") == name]
        assert len(spots) == 1, f"{name}: {len(spots)}"
        return spots[0]

    def walks(self, *, side_gate_open: bool) -> nx.Graph[int]:
        """Return the network on foot, lengths in metres; private ways are the grounds' own."""
        graph: nx.Graph[int] = nx.Graph()
        for way in self.streets:
            steps = zip(way.refs, way.refs[1:], way.points, way.points[1:], strict=False)
            for a, b, here, there in steps:
                graph.add_edge(a, b, metres=LineString([here, there]).length)
        if not side_gate_open:
            graph.remove_nodes_from(
                [number for number, tags in self.node_tags.items() if tags.get("locked") == "yes"]
            )
        return graph


@pytest.fixture(scope="session")
def town() -> Town:
    """Return the example town as it lies in the repository."""
    result = Town()
    objects = osmium.FileProcessor(FOLDER / "region.osm.pbf").with_locations().with_areas()
    factory = osmium.geom.WKBFactory()
    for item in objects:
        tags = dict(item.tags)
        if isinstance(item, osmium.osm.Node):
            result.nodes[item.id] = _TO_METRES.transform(item.lon, item.lat)
            if tags:
                result.node_tags[item.id] = tags
        elif isinstance(item, osmium.osm.Way):
            refs = [node.ref for node in item.nodes]
            points = [result.nodes[ref] for ref in refs]
            result.ways.append(Way(item.id, refs, points, tags))
        elif isinstance(item, osmium.osm.Relation):
            members = [(m.type, m.ref, m.role) for m in item.members]
            result.relations.append((tags, members))
        elif isinstance(item, osmium.osm.Area):
            import shapely  # noqa: PLC0415

            area = shapely.from_wkb(factory.create_multipolygon(item))
            result.multipolygons += not item.from_way()
            result.areas.append((tags, _metric(area)))
    return result


@pytest.fixture(scope="session")
def redrawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the script once more and return the folder it wrote into."""
    folder = tmp_path_factory.mktemp("musterhausen")
    subprocess.run([sys.executable, FOLDER / "draw.py", folder], check=True)
    return folder
