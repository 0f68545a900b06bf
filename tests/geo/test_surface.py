"""The grid of nearest ways: against brute force, with and without obstacles."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from geo._surface import BYTES_PER_CELL, TILE, Surface
from tests.geo.drawings import CORNER

REACH_M = 50.0


class _Network:
    """What a surface asks of a network."""

    def __init__(self, lines: Any, obstacles: Any = ()) -> None:
        self.edge_geometry = np.array(lines, dtype=object)
        self.obstacles = np.array(obstacles, dtype=object)


def surface(lines: Any, obstacles: Any = (), edges: Any = None, cell_m: float = 10.0) -> Surface:
    network: Any = _Network(lines, obstacles)
    edges = np.arange(len(lines)) if edges is None else np.array(edges)
    return Surface(network, edges, cell_m=cell_m, reach_m=REACH_M)


def at(found: Surface, x: float, y: float) -> Any:
    """Return edge, share, metres to it and to an obstacle of the cell at a spot."""
    column, row = round(x / 10) - found.first[0], round(y / 10) - found.first[1]
    cells = found.cells(column, row, column, row)
    number = cells.tile[row // TILE, column // TILE]
    place = (number, row % TILE, column % TILE)
    return (int(cells.edge[place]), float(cells.share[place]), float(cells.away_m[place]),
            float(cells.beside_m[place]))  # fmt: skip


def line(*xy: float) -> Any:
    return shapely.LineString(np.array(xy).reshape(-1, 2))


def test_a_cell_knows_edge_share_and_metres() -> None:
    found = surface([line(0, 0, 30, 40, 130, 40), line(130, 40, 130, 240)])
    assert at(found, 30, 40) == (0, pytest.approx(50 / 150), 0, 10)
    assert at(found, 80, 60) == (0, pytest.approx(100 / 150), 20, 10)
    assert at(found, 140, 140) == (1, 0.5, 10, 10)
    assert at(found, 0, -50) == (0, 0.0, 50, 10)
    assert at(found, 0, -60) == (-1, 0.0, np.inf, 10)
    # Both edges end there; the first counts, and its end is exactly its end.
    assert at(found, 150, 30)[:2] == (0, 1.0)


def test_edges_that_do_not_count_are_not_there() -> None:
    found = surface([line(0, 0, 100, 0), line(0, 30, 100, 30)], edges=[1])
    assert at(found, 50, 0)[:3] == (1, 0.5, 30)


def test_nothing_is_joined_across_an_obstacle() -> None:
    ways = [line(0, 0, 100, 0), line(0, 40, 100, 40)]
    found = surface(ways, [line(-50, 5, 150, 5)])
    assert at(found, 50, 0) == (0, 0.5, 0, 5)
    # The first way is 10 m away, the second 30 m.
    assert at(found, 50, 10) == (1, 0.5, 30, 5)
    assert at(found, 50, -10)[:3] == (0, 0.5, 10)
    assert at(found, 50, -10)[3] == 10
    only = surface(ways[:1], [line(-50, 5, 150, 5)])
    assert at(only, 50, 10)[:3] == (-1, 0.0, np.inf)
    # Round the end of the obstacle the way is seen again.
    short = surface(ways[:1], [line(-50, 5, 45, 5)])
    assert at(short, 40, 10)[0] == -1
    assert at(short, 60, 10)[:3] == (0, pytest.approx(0.6), 10)


def test_a_bridge_is_cut_where_it_crosses() -> None:
    bridge = [line(0, 0, 100, 100)]
    found = surface(bridge, [line(-50, 45, 150, 45)])
    # The nearest spot lies beyond the river; the near bank's is where the bridge begins.
    edge, share, away, _ = at(found, 80, 40)
    assert edge == 0
    assert share == pytest.approx(0.45 - 0.2 / np.hypot(100, 100), abs=1e-6)
    assert away == pytest.approx(np.hypot(80 - 44.86, 40 - 44.86), abs=0.01)
    assert at(found, 50, 50)[:3] == (0, 0.5, 0)


def test_a_path_along_a_shore_serves_both_sides() -> None:
    shore = line(0, 0, 50, 0, 100, 0)
    found = surface([shore], [shore])
    assert at(found, 30, 20)[:3] == (0, pytest.approx(0.3), 20)
    assert at(found, 30, -20)[:3] == (0, pytest.approx(0.3), 20)
    assert at(found, 30, 10)[3] == 10


def test_tiles_are_filled_when_asked_for_and_stay() -> None:
    found = surface([line(5, 5, 3000, 5)])
    assert found.nbytes == 0
    first = found.cells(10, 5, 10, 5)
    assert found.nbytes == TILE * TILE * BYTES_PER_CELL
    kept = first.edge[0].copy(), first.share[0].copy(), first.away_m[0].copy()
    column = 2500 // 10 - found.first[0]
    found.cells(column, 5, column, 5)
    found.cells(-500, -500, 10_000, 10_000)
    again = found.cells(10, 5, 10, 5)
    number = again.tile[0, 0]
    for before, layer in zip(kept, (again.edge, again.share, again.away_m), strict=True):
        assert np.array_equal(before, layer[number])
    assert found.nbytes == np.count_nonzero(again.tile >= 0) * TILE * TILE * BYTES_PER_CELL


def _random_lines(rng: np.random.Generator, count: int, metres: float) -> list[Any]:
    made = []
    for _ in range(count):
        steps = rng.normal(0, metres, (rng.integers(2, 5), 2))
        made.append(shapely.LineString(rng.uniform(0, 900, 2) + np.cumsum(steps, axis=0) + CORNER))
    return made


def _every_cell(found: Surface) -> Any:
    cells = found.cells(-(10**6), -(10**6), 10**6, 10**6)
    for row, column in np.argwhere(cells.tile >= 0):
        number = cells.tile[row, column]
        y, x = np.mgrid[:TILE, :TILE]
        spots = np.stack([column * TILE + x + found.first[0], row * TILE + y + found.first[1]], -1)
        yield (spots.reshape(-1, 2) * 10.0, cells.edge[number].ravel(),
               cells.share[number].ravel(), cells.away_m[number].ravel())  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_the_nearest_edge_by_brute_force(seed: int) -> None:
    rng = np.random.default_rng(seed)
    lines = _random_lines(rng, 25, 60.0)
    found = surface(lines)
    near = 0
    for spots, edge, share, away in _every_cell(found):
        points = shapely.points(spots)
        metres = np.array([shapely.distance(one, points) for one in lines])
        nearest = metres.min(axis=0)
        reached = nearest < REACH_M - 1e-6
        assert np.array_equal(edge[reached] >= 0, np.ones(reached.sum(), dtype=bool))
        assert (edge[nearest > REACH_M + 1e-6] == -1).all()
        assert away[reached] == pytest.approx(nearest[reached], abs=1e-3)
        ways = np.array(lines, dtype=object)[edge[reached]]
        on_way = shapely.line_interpolate_point(ways, share[reached], normalized=True)
        assert shapely.distance(on_way, points[reached]) == pytest.approx(away[reached], abs=0.01)
        near += int(np.count_nonzero(reached))
    assert near > 1000
    # All of the plane that is near any way lies in some tile.
    tiles = shapely.union_all([shapely.box(*(spots.min(axis=0) - 5), *(spots.max(axis=0) + 5))
                               for spots, *_ in _every_cell(found)])  # fmt: skip
    assert tiles.buffer(0.01).covers(shapely.buffer(shapely.union_all(lines), REACH_M - 10))


@pytest.mark.parametrize("seed", range(4))
def test_what_is_joined_is_seen_and_the_nearest_that_is(seed: int) -> None:
    rng = np.random.default_rng(seed)
    lines = _random_lines(rng, 10, 60.0)
    obstacles = np.array(_random_lines(rng, 10, 60.0), dtype=object)
    wall = shapely.union_all(obstacles)
    ways = np.array(lines, dtype=object)
    on_ways = shapely.get_parts(shapely.multipoints(
        shapely.get_coordinates(shapely.segmentize(ways, 3.0))))  # fmt: skip
    on_ways = on_ways[shapely.distance(on_ways, wall) > 0.5]
    looked_at, nearer = 0, 0
    for spots, edge, share, away in _every_cell(surface(lines, obstacles)):
        chosen = rng.choice(len(spots), 150, replace=False)
        for spot, number, part, metres in zip(
            spots[chosen], edge[chosen], share[chosen], away[chosen], strict=True
        ):
            point = shapely.Point(spot)
            if number >= 0:
                target = ways[number].interpolate(float(part), normalized=True)
                seen = shapely.shortest_line(point, target)
                assert seen.length == pytest.approx(metres, abs=0.01)
                short = seen.interpolate(max(seen.length - 0.05, 0))
                assert not shapely.LineString([point, short]).intersects(wall)
            near = on_ways[shapely.dwithin(on_ways, point, min(metres, REACH_M) - 0.01)]
            sights = shapely.shortest_line(point, near)
            looked_at += number >= 0
            nearer += not shapely.intersects(sights, wall).all()
    assert looked_at > 40
    # Where the nearest spot of a stretch is hidden behind the end of an obstacle, the rest of
    # the stretch is not looked at.
    assert nearer < 0.03 * looked_at
