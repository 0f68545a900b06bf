"""Spots on ways of a real town, cell by cell against plain loops."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from geo.network import StreetNetwork, build_network
from geo.profiles import load_profiles
from geo.reader import read_extract
from layers._way_spots import spots_on_ways, way_kind
from tests.geo.drawings import draw, make_sites

GRID_M = 80.0


@pytest.fixture(scope="module")
def town(shared_data: Path) -> StreetNetwork:
    extract = read_extract(shared_data / "osm" / "dreieich-2022.nometa.osm.pbf", ())
    sites = make_sites({}, {}, {})
    return build_network(extract, sites, {"resident": load_profiles()["resident"]})[0]


def usable(network: StreetNetwork) -> list[Any]:
    """Return the ways that may have spots, by the words of the docstring."""
    return [
        line
        for line, tags, on_foot, private, estimated in zip(
            network.edge_geometry, network.edge_tags, network.edge_on_foot,
            network.edge_private, network.edge_estimated, strict=True,
        )
        if on_foot and not private and not estimated
        and tags.get("highway") not in ("steps", "elevator", "corridor")
        and tags.get("bridge", "no") == "no" and tags.get("tunnel", "no") == "no"
    ]  # fmt: skip


def test_one_spot_per_cell_with_a_way(town: StreetNetwork) -> None:
    middle = np.median(town.node_xy, axis=0)
    radius = 450.0
    found = spots_on_ways(town, middle[np.newaxis], radius, GRID_M)
    by_cell = {
        tuple(map(int, key.split(":")[2:])): point
        for key, point in zip(found["id"], found.geometry, strict=True)
    }
    lines = usable(town)
    every: dict[tuple[int, int], Any] = {}
    for column in range(int((middle[0] - 700) // GRID_M), int((middle[0] + 700) // GRID_M) + 1):
        for row in range(int((middle[1] - 700) // GRID_M), int((middle[1] + 700) // GRID_M) + 1):
            low = column * GRID_M, row * GRID_M
            centre = shapely.Point(low[0] + GRID_M / 2, low[1] + GRID_M / 2)
            box = shapely.box(*low, low[0] + GRID_M, low[1] + GRID_M)
            parts = [line.intersection(box) for line in lines if line.intersects(box)]
            parts = [part for part in parts if part.length >= 1]
            if parts:
                best = min(parts, key=lambda part: round(part.distance(centre), 6))
                every[column, row] = shapely.get_point(shapely.shortest_line(best, centre), 0)
    # Half a cell lies between any two; that of the earlier cell stays.
    expected = {
        cell: spot
        for cell, spot in every.items()
        if np.hypot(*((np.array(cell) + 0.5) * GRID_M - middle)) <= radius
        and all(
            spot.distance(every[other]) >= GRID_M / 2 - 0.01 for other in every if other < cell
        )
    }
    assert len(expected) > 50
    assert set(by_cell) == set(expected)
    for cell, spot in expected.items():
        assert by_cell[cell].distance(spot) < 0.02


def test_spots_lie_on_their_ways_and_apart(town: StreetNetwork) -> None:
    middle = np.median(town.node_xy, axis=0)
    found = spots_on_ways(town, middle[np.newaxis], 400, GRID_M)
    for edge, kind, point in zip(found["edge"], found["kind"], found.geometry, strict=True):
        assert town.edge_geometry[edge].distance(point) < 0.01
        assert kind == way_kind(town.edge_tags[edge])
    for one, other in combinations(found.geometry, 2):
        assert one.distance(other) >= GRID_M / 2 - 0.02


def test_spots_do_not_depend_on_where_people_set_out(town: StreetNetwork) -> None:
    middle = np.median(town.node_xy, axis=0)
    near = spots_on_ways(town, middle[np.newaxis], 300, GRID_M)
    both = spots_on_ways(town, np.array([middle, middle + 400]), 300, GRID_M)
    here = dict(zip(near["id"], shapely.to_wkb(near.geometry), strict=True))
    there = dict(zip(both["id"], shapely.to_wkb(both.geometry), strict=True))
    assert len(here) > 20
    assert here.items() < there.items()


def test_nobody_sets_out_or_no_ways() -> None:
    network = steps_only()
    assert len(spots_on_ways(network, np.empty((0, 2)), 100, GRID_M)) == 0


def steps_only() -> StreetNetwork:
    return draw("A-B\nh", metres=10, ways={"AB": "highway=steps"}, houses={"h": ""}).network


def test_only_steps_have_no_spots() -> None:
    network = steps_only()
    assert len(spots_on_ways(network, network.node_xy, 500, GRID_M)) == 0
