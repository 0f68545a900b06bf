"""Turn the finished sheet into a file of OpenStreetMap data."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import osmium
from osmium.osm.mutable import Node, Relation, Way

from drawing import sheet as drawn
from drawing.frame import EAST, NORTH, SOUTH, WEST, Point, lonlat
from drawing.noding import pieces

DATA_DATE = datetime(2026, 3, 12, tzinfo=UTC)
"""The date that the data claim to be of."""

# Far beyond all ids that OpenStreetMap gives, so that no object of the drawing is taken
# for a real one; still exact as a floating point number.
_FIRST_ID = 1_000_000_000_000

_SPLIT_RINGS_OVER = 40
"""Rings of multipolygons with more points are drawn as two ways."""


class OsmFile:
    """Nodes, ways and relations, numbered in the order in which they are met."""

    def __init__(self) -> None:
        self._nodes: dict[Point, int] = {}
        self._node_tags: dict[int, drawn.Tags] = {}
        self._ways: list[tuple[list[int], drawn.Tags]] = []
        self._relations: list[tuple[list[tuple[str, int, str]], drawn.Tags]] = []
        self._members: dict[int, list[tuple[str, int]]] = {}
        self._rings: dict[frozenset[int], int] = {}

    def add_sheet(self, sheet: drawn.Sheet) -> None:
        """Take over everything on a sheet."""
        for line in (*sheet.streets, *sheet.rails, *sheet.waters, *sheet.lines):
            self._members[id(line)] = [
                ("w", self._add_way(points, tags)) for points, tags in pieces(line)
            ]
        for building in sheet.buildings:
            way = self._add_way([*building.ring, building.ring[0]], building.tags)
            self._members[id(building)] = [("w", way)]
        simple = [area for area in sheet.areas if not area.inners and len(area.outers) == 1]
        for area in simple:
            way = self._add_ring(area.outers[0], area.tags)
            self._members[id(area)] = [("w", way)]
        for area in sheet.areas:
            if area.inners or len(area.outers) > 1:
                self._members[id(area)] = [("r", self._add_multipolygon(area))]
        for spot in (*sheet.marks, *sheet.spots):
            node = self._node(spot.point)
            self._node_tags.setdefault(node, {}).update(spot.tags)
            self._members[id(spot)] = [("n", node)]
        for relation in sheet.relations:
            members = [
                (kind, ref, role)
                for thing, role in relation.members
                for kind, ref in self._members[id(thing)]
            ]
            self._relations.append((members, relation.tags))

    def _node(self, point: Point) -> int:
        return self._nodes.setdefault(point, _FIRST_ID + len(self._nodes))

    def _add_way(self, points: list[Point], tags: drawn.Tags) -> int:
        refs: list[int] = []
        for point in points:
            node = self._node(point)
            if not refs or refs[-1] != node:
                refs.append(node)
        self._ways.append((refs, tags))
        return _FIRST_ID + len(self._ways) - 1

    def _add_ring(self, ring: list[Point], tags: drawn.Tags) -> int:
        way = self._add_way([*ring, ring[0]], tags)
        self._rings.setdefault(frozenset(self._ways[-1][0]), way)
        return way

    def _add_multipolygon(self, area: drawn.Area) -> int:
        members: list[tuple[str, int, str]] = []
        for ring in area.outers:
            half = len(ring) // 2 if len(ring) > _SPLIT_RINGS_OVER else len(ring)
            parts = [ring[: half + 1], [*ring[half:], ring[0]]]
            if half == len(ring):
                parts = [[*ring, ring[0]]]
            members.extend(("w", self._add_way(part, {}), "outer") for part in parts)
        for ring in area.inners:
            known = self._rings.get(frozenset(self._node(point) for point in ring))
            way = self._add_ring(ring, {}) if known is None else known
            members.append(("w", way, "inner"))
        self._relations.append((members, {"type": "multipolygon", **area.tags}))
        return _FIRST_ID + len(self._relations) - 1

    def write(self, path: Path) -> None:
        """Write the file; the same drawing gives the same bytes."""
        header = osmium.io.Header()
        header.set("generator", "Musterhausen (fiktiv)")
        header.set("osmosis_replication_timestamp", DATA_DATE.strftime("%Y-%m-%dT%H:%M:%SZ"))
        header.add_box(osmium.osm.Box(*lonlat((WEST, SOUTH)), *lonlat((EAST, NORTH))))
        # Not compressed: what a compressor makes of it depends on its version.
        target = osmium.io.File(
            str(path), "pbf,pbf_compression=none,add_metadata=version+timestamp"
        )
        common: dict[str, Any] = {"version": 1, "timestamp": DATA_DATE}
        with osmium.SimpleWriter(target, header=header, overwrite=True) as writer:
            for point, number in self._nodes.items():
                writer.add_node(
                    Node(
                        id=number,
                        location=lonlat(point),
                        tags=self._node_tags.get(number, {}),
                        **common,
                    )
                )
            for index, (refs, tags) in enumerate(self._ways):
                writer.add_way(Way(id=_FIRST_ID + index, nodes=refs, tags=tags, **common))
            for index, (members, tags) in enumerate(self._relations):
                writer.add_relation(
                    Relation(id=_FIRST_ID + index, members=members, tags=tags, **common)
                )
