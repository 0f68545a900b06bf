"""The story that the example tells holds on the ground: gates, detours, distances."""

from __future__ import annotations

from collections import Counter

import networkx as nx
import pytest
import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from .conftest import Town

HOUSES = ("haus-a", "haus-b", "haus-c")
PARISH_HALL = "Pfarrheim St. Antonius"
HILL_STOP = "Musterhausen, Am Nordhang"


@pytest.fixture(scope="module")
def doors(town: Town) -> dict[str, int]:
    """Return the entrance of each house."""
    result = {}
    for house in HOUSES:
        ring = town.sites[house][1]
        entrances = [
            number
            for number, tags in town.node_tags.items()
            if tags.get("entrance") == "main" and ring.distance(Point(town.nodes[number])) < 0.1
        ]
        assert len(entrances) == 1, house
        result[house] = entrances[0]
    return result


class _Walks:
    """The network on foot, with a quick answer to which point of it is nearest."""

    def __init__(self, town: Town, *, side_gate_open: bool) -> None:
        self.graph = town.walks(side_gate_open=side_gate_open)
        self._numbers = list(self.graph)
        self._tree = shapely.STRtree([Point(town.nodes[number]) for number in self._numbers])

    def nearest(self, place: BaseGeometry) -> tuple[int, float]:
        """Return the point of the network nearest to a place and the metres between them."""
        index = int(self._tree.nearest(place))
        return self._numbers[index], place.distance(self._tree.geometries[index])

    def metres(self, start: int, place: BaseGeometry) -> float:
        """Return the length of the way to a place, the last steps straight."""
        number, rest = self.nearest(place)
        assert rest < 40
        return float(nx.shortest_path_length(self.graph, start, number, weight="metres")) + rest


def test_all_ways_hang_together_though_the_side_gate_is_locked(town: Town) -> None:
    assert nx.is_connected(town.walks(side_gate_open=True))
    assert nx.is_connected(town.walks(side_gate_open=False))


def test_grounds_have_35_hectares_three_houses_and_two_gates(town: Town) -> None:
    site = town.sites["musterhausen"][1]
    assert site.is_valid
    assert 34e4 < site.area < 36e4
    kinds = Counter(properties["kind"] for properties, _ in town.sites.values())
    assert kinds == {"site": 1, "house": 3, "gate": 2}
    for properties, geometry in town.sites.values():
        if properties["kind"] == "house":
            assert site.contains(geometry)
            assert properties["site_id"] == "musterhausen"
    buildings = [way for way, ring in town.buildings if site.contains(ring)]
    assert 12 <= len(buildings) <= 20


def test_grounds_are_closed_but_for_the_gates(town: Town) -> None:
    edge = town.sites["musterhausen"][1].boundary
    gates = [
        (properties["status"], geometry)
        for properties, geometry in town.sites.values()
        if properties["kind"] == "gate"
    ]
    assert sorted(status for status, _ in gates) == ["locked", "open"]
    for _, gate in gates:
        assert edge.distance(gate) < 0.1
        assert min(gate.distance(LineString(way.points)) for way in town.streets) < 0.1
    for way in town.streets:
        crossing = LineString(way.points).intersection(edge)
        if not crossing.is_empty:
            assert min(crossing.distance(gate) for _, gate in gates) < 0.1, way
    fences = [LineString(way.points) for way in town.ways if way.tags.get("barrier") == "fence"]
    assert sum(fence.length for fence in fences) == pytest.approx(edge.length, rel=0.001)


def test_service_ways_on_the_grounds_are_private_and_the_paths_open(town: Town) -> None:
    site = town.sites["musterhausen"][1]
    inner = [way for way in town.streets if site.contains(LineString(way.points))]
    services = [way for way in inner if way.tags["highway"] == "service"]
    assert len(services) >= 4
    assert all(way.tags["access"] == "private" for way in services)
    assert any(way.tags["highway"] == "footway" and "access" not in way.tags for way in inner)


def test_open_side_gate_halves_the_way_to_the_village(town: Town, doors: dict[str, int]) -> None:
    hall = town.named(PARISH_HALL)
    detours = {}
    for is_open in (False, True):
        walks = _Walks(town, side_gate_open=is_open)
        factors = [
            walks.metres(door, hall) / Point(town.nodes[door]).distance(hall)
            for door in doors.values()
        ]
        detours[is_open] = sum(factors) / len(factors)
    assert detours[False] == pytest.approx(2.6, abs=0.1)
    assert detours[True] == pytest.approx(1.3, abs=0.1)


def test_nearest_bus_stop_is_1100_metres_away(town: Town, doors: dict[str, int]) -> None:
    walks = _Walks(town, side_gate_open=False)
    stops = [
        (tags["name"], Point(town.nodes[number]))
        for number, tags in town.node_tags.items()
        if tags.get("highway") == "bus_stop"
    ]
    found = []
    for door in doors.values():
        ways = sorted((walks.metres(door, spot), name) for name, spot in stops)
        assert ways[0][1] == HILL_STOP
        found.append(ways[0][0])
    assert sum(found) / len(found) == pytest.approx(1100, abs=50)
    lines = [
        tags["opening_hours"]
        for tags, members in town.relations
        if tags.get("route") == "bus"
        and any(town.node_tags.get(ref, {}).get("name") == HILL_STOP for _, ref, _ in members)
    ]
    assert lines == ["Mo-Sa 06:00-19:30"]


def test_cafe_is_on_the_grounds_and_none_within_fifteen_minutes_outside(
    town: Town, doors: dict[str, int]
) -> None:
    site = town.sites["musterhausen"][1]
    walks = _Walks(town, side_gate_open=False)
    cafes = [
        Point(town.nodes[n]) for n, tags in town.node_tags.items() if tags.get("amenity") == "cafe"
    ]
    cafes += [
        Polygon(way.points).centroid for way in town.ways if way.tags.get("amenity") == "cafe"
    ]
    inside = [cafe for cafe in cafes if site.contains(cafe)]
    outside = [cafe for cafe in cafes if not site.contains(cafe)]
    assert len(inside) == 1
    assert len(outside) >= 3
    for door in doors.values():
        assert walks.metres(door, inside[0]) < 600
        assert min(walks.metres(door, cafe) for cafe in outside) > 900


def test_every_named_street_can_be_reached_from_the_main_gate(town: Town) -> None:
    walks = _Walks(town, side_gate_open=False)
    gate, rest = walks.nearest(town.sites["tor-suedost"][1])
    assert rest < 0.1
    reached = nx.node_connected_component(walks.graph, gate)
    names = {way.tags["name"] for way in town.streets if "name" in way.tags}
    assert len(names) > 90
    assert names == {
        way.tags["name"] for way in town.streets if "name" in way.tags and set(way.refs) <= reached
    }
