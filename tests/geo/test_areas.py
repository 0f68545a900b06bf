"""Areas: closed ways, multipolygons, and what must never become one.

The cases are drawn on a grid of thousandths of a degree; `SOUTH_WEST` is its (0, 0).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import shapely
from shapely.geometry import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from geo._area_rule import describes_area
from geo.areas import Areas, find_areas
from geo.reader import read_content
from tests.osm_xml import Node, Relation, Way, write_osm

SOUTH_WEST = (7.0, 51.0)
FOREST = {"type": "multipolygon", "landuse": "forest"}
Spot = tuple[float, float] | tuple[float, float, str]
"""Grid coordinates; a third item makes another node at the same place."""


@dataclass
class Drawing:
    """Ways and relations drawn on the grid; nodes at the same spot are the same node."""

    nodes: dict[int, Node] = field(default_factory=dict)
    ways: dict[int, Way] = field(default_factory=dict)
    relations: dict[int, Relation] = field(default_factory=dict)
    _spots: dict[Spot, int] = field(default_factory=dict)

    def way(self, key: int, spots: Sequence[Spot], **tags: str) -> Drawing:
        refs = []
        for spot in spots:
            number = self._spots.setdefault(spot, len(self._spots) + 1)
            place = (SOUTH_WEST[0] + spot[0] / 1000, SOUTH_WEST[1] + spot[1] / 1000)
            self.nodes[number] = (round(place[0], 7), round(place[1], 7))
            refs.append(number)
        self.ways[key] = (refs, tags)
        return self

    def relation(self, key: int, members: str, tags: dict[str, str] | None = None) -> Drawing:
        """Add a relation; members are written like ``"1 outer, 2 inner, 3"``."""
        parts = [part.split() for part in members.split(",")]
        self.relations[key] = (
            [("w", int(part[0]), part[1] if len(part) > 1 else "") for part in parts],
            FOREST if tags is None else tags,
        )
        return self

    def areas(self, folder: Path) -> tuple[dict[str, BaseGeometry], Areas]:
        """Return the areas by OSM id, in grid coordinates."""
        path = write_osm(folder / "drawing.osm", self.nodes, self.ways, self.relations)
        data = read_content(path).data
        areas = find_areas(data)
        found = {
            f"w{data.way_ids[row]}": geometry
            for row, geometry in areas.ways.items()
            if row not in areas.outlines and row not in areas.repeated
        }
        found |= {f"r{key}": area.geometry for key, area in areas.relations.items()}
        return {key: to_grid(geometry) for key, geometry in found.items()}, areas


def to_grid(geometry: BaseGeometry) -> BaseGeometry:
    return shapely.transform(geometry, lambda xy: ((xy - SOUTH_WEST) * 1000).round(3))


def square(x: float, y: float, size: float) -> list[Spot]:
    return [(x, y), (x + size, y), (x + size, y + size), (x, y + size), (x, y)]


def ring(polygon: Polygon) -> list[Spot]:
    return [(x, y) for x, y in polygon.exterior.coords]


def holed(outer: Polygon, *inner: Polygon) -> Polygon:
    return Polygon(outer.exterior.coords, [hole.exterior.coords for hole in inner])


BIG = box(0, 0, 8, 8)
HOLE = box(2, 2, 4, 4)
ISLAND = box(2.5, 2.5, 3.5, 3.5)
FAR = box(20, 0, 24, 4)
BIG_RING, HOLE_RING = square(0, 0, 8), square(2, 2, 2)
ISLAND_RING, FAR_RING = square(2.5, 2.5, 1), square(20, 0, 4)

CASES: dict[str, tuple[Drawing, dict[str, BaseGeometry]]] = {
    "one closed outer way": (
        Drawing().way(1, BIG_RING).relation(9, "1 outer"),
        {"r9": BIG},
    ),
    "outer ring of two ways, one drawn backwards": (
        Drawing()
        .way(1, [(0, 0), (8, 0), (8, 8)])
        .way(2, [(0, 0), (0, 8), (8, 8)])
        .relation(9, "1 outer, 2 outer"),
        {"r9": BIG},
    ),
    "outer ring of three ways in no order": (
        Drawing()
        .way(1, [(8, 8), (0, 8)])
        .way(2, [(0, 0), (8, 0)])
        .way(3, [(0, 8), (0, 0)])
        .way(4, [(8, 0), (8, 8)])
        .relation(9, "1 outer, 2 outer, 3 outer, 4 outer"),
        {"r9": BIG},
    ),
    "two separate outer rings": (
        Drawing().way(1, BIG_RING).way(2, FAR_RING).relation(9, "1 outer, 2 outer"),
        {"r9": MultiPolygon([BIG, FAR])},
    ),
    "outer rings that touch in a node": (
        Drawing().way(1, BIG_RING).way(2, square(8, 8, 2)).relation(9, "1 outer, 2 outer"),
        {"r9": MultiPolygon([BIG, box(8, 8, 10, 10)])},
    ),
    "one inner ring": (
        Drawing().way(1, BIG_RING).way(2, HOLE_RING).relation(9, "1 outer, 2 inner"),
        {"r9": holed(BIG, HOLE)},
    ),
    "inner ring of two ways": (
        Drawing()
        .way(1, BIG_RING)
        .way(2, HOLE_RING[:3])
        .way(3, HOLE_RING[2:])
        .relation(9, "1 outer, 2 inner, 3 inner"),
        {"r9": holed(BIG, HOLE)},
    ),
    "wrong roles: inner and outer exchanged": (
        Drawing().way(1, BIG_RING).way(2, HOLE_RING).relation(9, "1 inner, 2 outer"),
        {"r9": holed(BIG, HOLE)},
    ),
    "no roles at all": (
        Drawing().way(1, BIG_RING).way(2, HOLE_RING).relation(9, "1, 2"),
        {"r9": holed(BIG, HOLE)},
    ),
    "an unknown role": (
        Drawing().way(1, BIG_RING).way(2, HOLE_RING).relation(9, "1 boundary, 2 enclave"),
        {"r9": holed(BIG, HOLE)},
    ),
    "an island in the hole": (
        Drawing()
        .way(1, BIG_RING)
        .way(2, HOLE_RING)
        .way(3, ISLAND_RING)
        .relation(9, "1 outer, 2 inner, 3 outer"),
        {"r9": MultiPolygon([holed(BIG, HOLE), ISLAND])},
    ),
    "two inner rings that touch in a node": (
        Drawing()
        .way(1, BIG_RING)
        .way(2, HOLE_RING)
        .way(3, square(4, 4, 2))
        .relation(9, "1 outer, 2 inner, 3 inner"),
        {"r9": holed(BIG, HOLE, box(4, 4, 6, 6))},
    ),
    "two inner rings that share a side are one hole": (
        Drawing()
        .way(1, BIG_RING)
        .way(2, HOLE_RING)
        .way(3, square(4, 2, 2))
        .relation(9, "1 outer, 2 inner, 3 inner"),
        {"r9": holed(BIG, box(2, 2, 6, 4))},
    ),
    "an inner ring that touches the outer in a node": (
        Drawing()
        .way(1, [(0, 0), (8, 0), (8, 4), (8, 8), (0, 8), (0, 0)])
        .way(2, [(8, 4), (6, 5), (4, 4), (6, 3), (8, 4)])
        .relation(9, "1 outer, 2 inner"),
        {
            "r9": Polygon(
                [(0, 0), (8, 0), (8, 4), (8, 8), (0, 8)],
                [[(8, 4), (6, 5), (4, 4), (6, 3)]],
            )
        },
    ),
    "an inner ring that touches the outer in two nodes splits it": (
        Drawing()
        .way(1, [(0, 0), (4, 0), (8, 0), (8, 8), (4, 8), (0, 8), (0, 0)])
        .way(2, [(4, 0), (6, 4), (4, 8), (2, 4), (4, 0)])
        .relation(9, "1 outer, 2 inner"),
        {
            "r9": MultiPolygon(
                [
                    Polygon([(0, 0), (4, 0), (2, 4), (4, 8), (0, 8)]),
                    Polygon([(4, 0), (8, 0), (8, 8), (4, 8), (6, 4)]),
                ]
            )
        },
    ),
    "an inner ring along a side of the outer is a bay": (
        Drawing()
        .way(1, [(0, 0), (8, 0), (8, 2), (8, 4), (8, 8), (0, 8), (0, 0)])
        .way(2, [(8, 2), (8, 4), (4, 4), (4, 2), (8, 2)])
        .relation(9, "1 outer, 2 inner"),
        {"r9": BIG.difference(box(4, 2, 8, 4))},
    ),
    "a figure of eight with a node in the middle": (
        Drawing()
        .way(1, [(0, 0), (4, 0), (4, 4), (8, 4), (8, 8), (4, 8), (4, 4), (0, 4), (0, 0)])
        .relation(9, "1 outer"),
        {"r9": MultiPolygon([box(0, 0, 4, 4), box(4, 4, 8, 8)])},
    ),
    "an outer ring that goes into itself and leaves a hole": (
        Drawing()
        .way(1, [*BIG_RING, (4, 2), (6, 4), (4, 6), (2, 4), (4, 2), (0, 0)])
        .relation(9, "1 outer"),
        {"r9": holed(BIG, Polygon([(4, 2), (6, 4), (4, 6), (2, 4)]))},
    ),
    "a node named twice in a row": (
        Drawing()
        .way(1, [(0, 0), (8, 0), (8, 0), (8, 8), (0, 8), (0, 8), (0, 0)])
        .relation(9, "1 outer"),
        {"r9": BIG},
    ),
    "a spike is cut off": (
        Drawing()
        .way(1, [(0, 0), (8, 0), (8, 8), (12, 8), (8, 8), (0, 8), (0, 0)])
        .relation(9, "1 outer"),
        {"r9": BIG},
    ),
    "the same way named twice": (
        Drawing().way(1, BIG_RING).way(2, HOLE_RING).relation(9, "1 outer, 2 inner, 1 outer"),
        {"r9": holed(BIG, HOLE)},
    ),
    "rings close where places are the same, not only nodes": (
        Drawing()
        .way(1, [(0, 0), (8, 0), (8, 8)])
        .way(2, [(8, 8, "other"), (0, 8), (0, 0, "other")])
        .relation(9, "1 outer, 2 outer"),
        {"r9": BIG},
    ),
    "two relations share a side": (
        Drawing()
        .way(1, [(8, 0), (8, 8)])
        .way(2, [(8, 8), (0, 8), (0, 0), (8, 0)])
        .way(3, [(8, 8), (16, 8), (16, 0), (8, 0)])
        .relation(8, "1 outer, 2 outer")
        .relation(9, "1 outer, 3 outer"),
        {"r8": BIG, "r9": box(8, 0, 16, 8)},
    ),
    "an inner way with tags of its own is a feature of its own": (
        Drawing()
        .way(1, BIG_RING)
        .way(2, HOLE_RING, natural="water")
        .relation(9, "1 outer, 2 inner"),
        {"r9": holed(BIG, HOLE), "w2": HOLE},
    ),
    "an inner way that repeats its relation is none": (
        Drawing()
        .way(1, BIG_RING)
        .way(2, HOLE_RING, landuse="forest")
        .relation(9, "1 outer, 2 inner"),
        {"r9": holed(BIG, HOLE)},
    ),
    "a house in the courtyard of a house is a house": (
        Drawing()
        .way(1, BIG_RING)
        .way(2, HOLE_RING, building="yes")
        .relation(9, "1 outer, 2 inner", {"type": "multipolygon", "building": "yes"}),
        {"r9": holed(BIG, HOLE), "w2": HOLE},
    ),
    "old style: the tags of the outer way are the relation's": (
        Drawing()
        .way(1, BIG_RING, building="school")
        .way(2, HOLE_RING)
        .relation(9, "1 outer, 2 inner", {"type": "multipolygon"}),
        {"r9": holed(BIG, HOLE)},
    ),
    "a boundary": (
        Drawing()
        .way(1, BIG_RING)
        .relation(9, "1 outer", {"type": "boundary", "boundary": "administrative"}),
        {"r9": BIG},
    ),
    "another type of relation is no area": (
        Drawing().way(1, BIG_RING).relation(9, "1 outer", {"type": "site", "landuse": "forest"}),
        {},
    ),
    "a closed way": (Drawing().way(1, BIG_RING, landuse="forest"), {"w1": BIG}),
    "a closed way that is only a street": (Drawing().way(1, BIG_RING, highway="service"), {}),
    "a square": (
        Drawing().way(1, BIG_RING, highway="pedestrian", area="yes"),
        {"w1": BIG},
    ),
    "a closed way without tags": (Drawing().way(1, BIG_RING), {}),
    "a closed way that is said to be no area": (
        Drawing().way(1, BIG_RING, landuse="forest", area="no"),
        {},
    ),
    "a closed way that touches itself": (
        Drawing().way(
            1,
            [(0, 0), (4, 0), (4, 4), (8, 4), (8, 8), (4, 8), (4, 4), (0, 4), (0, 0)],
            landuse="grass",
        ),
        {"w1": MultiPolygon([box(0, 0, 4, 4), box(4, 4, 8, 8)])},
    ),
    "a closed way with a spike": (
        Drawing().way(
            1, [(0, 0), (8, 0), (8, 8), (12, 8), (8, 8), (0, 8), (0, 0)], building="yes"
        ),
        {"w1": BIG},
    ),
    "an open way with the tags of an area": (Drawing().way(1, BIG_RING[:4], building="yes"), {}),
}


@pytest.mark.parametrize("name", CASES)
def test_areas_have_the_expected_shape(name: str, tmp_path: Path) -> None:
    drawing, expected = CASES[name]
    found, areas = drawing.areas(tmp_path)
    assert set(found) == set(expected)
    for key, geometry in found.items():
        assert shapely.is_valid(geometry)
        assert geometry.equals(expected[key]), (key, geometry.wkt)
    assert not areas.findings
    assert not areas.failed


BROKEN: dict[str, tuple[Drawing, str, str]] = {
    "an open outer ring": (
        Drawing().way(1, BIG_RING[:4]).relation(9, "1 outer"),
        "area.open_ring",
        "r9",
    ),
    "a closed outer ring and an open one": (
        Drawing().way(1, BIG_RING).way(2, FAR_RING[:4]).relation(9, "1 outer, 2 outer"),
        "area.open_ring",
        "r9",
    ),
    "an open inner ring": (
        Drawing().way(1, BIG_RING).way(2, HOLE_RING[:3]).relation(9, "1 outer, 2 inner"),
        "area.open_ring",
        "r9",
    ),
    "an outer ring that crosses itself": (
        Drawing().way(1, [(0, 0), (8, 8), (8, 0), (0, 8), (0, 0)]).relation(9, "1 outer"),
        "area.crossing_rings",
        "r9",
    ),
    "outer rings that overlap": (
        Drawing().way(1, BIG_RING).way(2, square(4, 4, 8)).relation(9, "1 outer, 2 outer"),
        "area.crossing_rings",
        "r9",
    ),
    "a line there and back": (
        Drawing().way(1, [(0, 0), (4, 0), (8, 0), (4, 0), (0, 0)]).relation(9, "1 outer"),
        "area.crossing_rings",
        "r9",
    ),
    "a closed way that crosses itself": (
        Drawing().way(1, [(0, 0), (8, 8), (8, 0), (0, 8), (0, 0)], landuse="grass"),
        "area.crossing_rings",
        "w1",
    ),
    "a way that is not in the file": (
        Drawing().way(1, BIG_RING).relation(9, "1 outer, 77 inner"),
        "area.missing_members",
        "r9",
    ),
    "no ways at all": (
        Drawing(relations={9: ([("n", 1, "label")], FOREST)}).way(1, [(0, 0), (1, 1)]),
        "area.no_ways",
        "r9",
    ),
    "part of it is another relation": (
        Drawing(relations={9: ([("w", 1, "outer"), ("r", 7, "outer")], FOREST)}).way(1, BIG_RING),
        "area.nested_relation",
        "r9",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_areas_are_left_out_and_named(name: str, tmp_path: Path) -> None:
    drawing, code, osm_id = BROKEN[name]
    found, areas = drawing.areas(tmp_path)
    assert not found
    assert areas.failed == [osm_id]
    assert [(finding.code, finding.count, finding.examples) for finding in areas.findings] == [
        (code, 1, (osm_id,))
    ]


@pytest.mark.parametrize("lost", range(1, 9))
def test_no_half_polygon_when_a_node_is_missing(lost: int, tmp_path: Path) -> None:
    drawing = (
        Drawing()
        .way(1, BIG_RING)
        .way(2, HOLE_RING, natural="water")
        .relation(9, "1 outer, 2 inner")
    )
    del drawing.nodes[lost]
    found, areas = drawing.areas(tmp_path)
    hole_is_whole = lost <= 4
    assert set(found) == ({"w2"} if hole_is_whole else set())
    assert areas.failed == (["r9"] if hole_is_whole else ["w2", "r9"])
    assert [finding.code for finding in areas.findings] == ["area.missing_nodes"]


def test_old_style_tags_are_those_that_all_outer_ways_share(tmp_path: Path) -> None:
    drawing = (
        Drawing()
        .way(1, BIG_RING[:3], landuse="forest", name="Nord")
        .way(2, BIG_RING[2:], landuse="forest", name="Süd")
        .way(3, HOLE_RING, landuse="meadow")
        .relation(9, "1 outer, 2 outer, 3 outer", {"type": "multipolygon", "ref": "7"})
    )
    found, areas = drawing.areas(tmp_path)
    assert set(found) == {"w3", "r9"}
    assert areas.relations[9].tags == {"landuse": "forest", "ref": "7"}


def test_different_tags_on_outer_ways_say_nothing_of_the_relation(tmp_path: Path) -> None:
    drawing = (
        Drawing()
        .way(1, BIG_RING, landuse="forest")
        .way(2, FAR_RING, natural="water")
        .relation(9, "1 outer, 2 outer", {"type": "multipolygon"})
    )
    found, areas = drawing.areas(tmp_path)
    assert set(found) == {"w1", "w2", "r9"}
    assert areas.relations[9].tags == {}


def test_the_type_is_not_among_the_tags_of_an_area(tmp_path: Path) -> None:
    _, areas = Drawing().way(1, BIG_RING).relation(9, "1 outer").areas(tmp_path)
    assert areas.relations[9].tags == {"landuse": "forest"}


@pytest.mark.parametrize(
    ("tags", "area"),
    [
        ({"building": "yes"}, True),
        ({"building": "no"}, False),
        ({"amenity": "school", "barrier": "fence"}, True),
        ({"barrier": "fence"}, False),
        ({"leisure": "track"}, False),
        ({"leisure": "track", "area": "yes"}, True),
        ({"leisure": "playground"}, True),
        ({"natural": "tree_row"}, False),
        ({"natural": "scrub"}, True),
        ({"highway": "pedestrian"}, False),
        ({"highway": "pedestrian", "area": "yes"}, True),
        ({"highway": "residential", "landuse": "residential"}, False),
        ({"highway": "services"}, True),
        ({"railway": "rail"}, False),
        ({"railway": "platform"}, True),
        ({"public_transport": "platform"}, True),
        ({"waterway": "river"}, False),
        ({"waterway": "riverbank"}, True),
        ({"man_made": "pier"}, False),
        ({"power": "line"}, False),
        ({"shop": "bakery"}, True),
        ({"name": "Nur ein Name"}, False),
        ({"area": "yes"}, True),
        ({}, False),
    ],
)
def test_which_tags_mean_an_area(tags: dict[str, str], area: bool) -> None:  # noqa: FBT001
    assert describes_area(tags) is area
