"""What must hold when something is added: another place, another home, a gate opened.

Random towns: a grid of ways, grounds in the west with gates on their eastern boundary, houses
inside, homes outside, places everywhere. Five thousand with ``TEST_ALL=1``.

The ways inside hang together, and so do those outside. Where they do not, people step over
unmapped ground to the nearest way that leads on, which is an estimate: a gate that connects the
ways at their door replaces it by the way there is, and that may be longer.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import numpy.typing as npt
import pytest
import shapely
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from geo.door_times import time_table
from geo.network import build_network
from geo.profiles import load_profiles
from geo.snapping import snap_origins, snap_places
from layers.layer_info import OSM
from layers.neighbours import Neighbours
from layers.people import People, reach_points
from layers.two_way import bridge_values
from tests.geo.drawings import CORNER, CRS, Town, make_extract, make_sites
from tests.layers.walk_studies import ready_study

LONG = bool(os.environ.get("TEST_ALL"))
PHASES = set(Phase) if LONG else {Phase.explicit, Phase.reuse, Phase.generate}
CASES = settings(
    max_examples=1_700 if LONG else 12,
    deadline=None,
    phases=PHASES,
    suppress_health_check=[HealthCheck.too_slow],
)
COLUMNS, ROWS, STEP_M = 5, 4, 60.0
LAST_INSIDE = 1
"""Columns 0 and 1 lie on the grounds; their eastern boundary runs halfway to column 2."""
RESIDENT = load_profiles()["resident"]
LIMIT_S = 1800.0
ROUNDING_MS = 20

Table = npt.NDArray[Any]


@dataclass(frozen=True)
class Plan:
    """A town before it is built: ways as pairs of grid nodes, gates by row, things by spot."""

    ways: tuple[tuple[int, int], ...]
    gates: tuple[str, ...]
    houses: tuple[tuple[float, float], ...]
    places: tuple[tuple[float, float], ...]
    homes: tuple[tuple[float, float], ...]


def node(column: int, row: int) -> int:
    return 1 + column * ROWS + row


EDGES = [
    *((node(x, y), node(x + 1, y)) for x in range(COLUMNS - 1) for y in range(ROWS)),
    *((node(x, y), node(x, y + 1)) for x in range(COLUMNS) for y in range(ROWS - 1)),
]


def hang_together(missing: set[tuple[int, int]]) -> bool:
    """Whether neither the ways inside nor those outside fall into pieces."""
    left = nx.Graph(edge for edge in EDGES if edge not in missing)
    inside = [spot for spot in left if spot <= node(LAST_INSIDE, ROWS - 1)]
    outside = [spot for spot in left if spot > node(LAST_INSIDE, ROWS - 1)]
    return all(nx.is_connected(left.subgraph(part)) for part in (inside, outside))


def spots(first: float, last: float) -> st.SearchStrategy[tuple[float, float]]:
    """Spots between two columns, to a tenth of a step."""
    return st.tuples(
        st.integers(round(first * 10), round(last * 10)).map(lambda tenth: tenth / 10),
        st.integers(0, (ROWS - 1) * 10).map(lambda tenth: tenth / 10),
    )


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Most edges are ways; every row has a gate where it leaves the grounds."""
    missing = draw(st.sets(st.sampled_from(EDGES), max_size=10).filter(hang_together))
    outside = spots(LAST_INSIDE + 0.7, COLUMNS - 1)
    return Plan(
        ways=tuple(edge for edge in EDGES if edge not in missing),
        gates=tuple(
            draw(st.lists(st.sampled_from(["open", "locked"]), min_size=ROWS, max_size=ROWS))
        ),
        houses=tuple(draw(st.lists(spots(0, LAST_INSIDE), min_size=1, max_size=2))),
        places=tuple(draw(st.lists(outside, min_size=1, max_size=4))),
        homes=tuple(draw(st.lists(outside, min_size=1, max_size=6))),
    )


def xy(spot: tuple[float, float]) -> tuple[float, float]:
    return CORNER[0] + spot[0] * STEP_M, CORNER[1] + spot[1] * STEP_M


def frame(ids: list[str], points: tuple[tuple[float, float], ...]) -> gpd.GeoDataFrame:
    made = gpd.GeoDataFrame(
        {"id": ids, "on_campus": "", "outline": None},
        geometry=[shapely.Point(xy(point)) for point in points],
        crs=CRS,
    )
    return made.astype({"id": "str", "on_campus": "str", "outline": object})


def build(plan: Plan) -> People:
    """Build a town with its residents and neighbours."""
    points = {node(x, y): xy((x, y)) for x in range(COLUMNS) for y in range(ROWS)}
    ways = {
        number: ([begin, end], {"highway": "footway"})
        for number, (begin, end) in enumerate(plan.ways, start=1)
    }
    border = LAST_INSIDE + 0.5
    corners = [(-0.4, -0.4), (border, -0.4), (border, ROWS - 0.6), (-0.4, ROWS - 0.6)]
    extract = make_extract(ways, points)
    given_sites = make_sites(
        {"s": shapely.Polygon([xy(corner) for corner in corners])},
        {f"h{i}": ("s", shapely.Point(xy(at)), None) for i, at in enumerate(plan.houses)},
        {
            f"g{row}": ("s", status, shapely.Point(xy((border, row))))
            for row, status in enumerate(plan.gates)
            if (node(LAST_INSIDE, row), node(LAST_INSIDE + 1, row)) in plan.ways
        },
    )
    network, sites = build_network(extract, given_sites, {RESIDENT.id: RESIDENT})
    places = frame([f"p{number}" for number in range(len(plan.places))], plan.places)
    town = Town({}, extract, given_sites, places, network, sites, RESIDENT)
    people = People(ready_study(town))
    homes = frame([f"a{number}" for number in range(len(plan.homes))], plan.homes)
    homes["people"] = np.arange(1.0, len(homes) + 1)
    people.__dict__["neighbours"] = Neighbours(homes, estimated=False, source=OSM, note="")
    return people


def place_times(people: People) -> Table:
    """Milliseconds from every house and site to every place, −1 if it is not reached."""
    ready = people.ready
    origins = snap_origins(ready.network, ready.sites, RESIDENT)
    doors = snap_places(ready.network, ready.places.frame, RESIDENT)
    return time_table(ready.network, origins, doors, RESIDENT, LIMIT_S)


def assert_no_later(before: Table, after: Table) -> None:
    reached = before >= 0
    assert (after[reached] >= 0).all()
    assert (after[reached] <= before[reached] + ROUNDING_MS).all()


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    """Compile before the first case, whatever its turn."""
    place_times(build(Plan(tuple(EDGES), ("open",) * ROWS, ((0, 0),), ((4, 0),), ((4, 0),))))


@CASES
@given(plans(), st.integers(0, ROWS - 1))
def test_an_opened_gate_takes_nothing_away(plan: Plan, row: int) -> None:
    opened = replace(plan, gates=(*plan.gates[:row], "open", *plan.gates[row + 1 :]))
    closed = replace(plan, gates=(*plan.gates[:row], "locked", *plan.gates[row + 1 :]))
    before, after = build(closed), build(opened)
    assert_no_later(place_times(before), place_times(after))

    points = frame(["here"], ((LAST_INSIDE, row),)).assign(on_campus="s")
    least, most = (reach_points(people, points, RESIDENT) for people in (before, after))
    assert_no_later(least.resident_ms, most.resident_ms)
    assert (most.neighbours >= least.neighbours).all()
    assert bridge_values(after, most)[0] >= bridge_values(before, least)[0]


@CASES
@given(plans(), spots(LAST_INSIDE + 0.7, COLUMNS - 1))
def test_another_place_takes_nothing_away(plan: Plan, spot: tuple[float, float]) -> None:
    before, after = (
        place_times(build(changed))
        for changed in (plan, replace(plan, places=(*plan.places, spot)))
    )
    assert np.array_equal(after[:, : len(plan.places)], before)
    far = np.iinfo(np.int32).max
    nearest = [np.where(times < 0, far, times).min(axis=1) for times in (before, after)]
    assert (nearest[1] <= nearest[0]).all()
    for minutes in (5, 10, 15):
        counts = [
            ((times >= 0) & (times <= minutes * 60_000)).sum(axis=1) for times in (before, after)
        ]
        assert (counts[1] >= counts[0]).all()


@CASES
@given(plans(), spots(LAST_INSIDE + 0.7, COLUMNS - 1))
def test_another_home_lowers_no_count(plan: Plan, spot: tuple[float, float]) -> None:
    points = frame(["here", "there"], plan.places[:1] * 2)
    before, after = (
        reach_points(build(changed), points, RESIDENT)
        for changed in (plan, replace(plan, homes=(*plan.homes, spot)))
    )
    assert np.array_equal(after.resident_ms, before.resident_ms)
    assert (after.neighbours >= before.neighbours).all()
    # The new home holds so many people: nobody else can have come.
    gained = after.neighbours - before.neighbours
    assert np.isin(gained.round(6), [0.0, len(plan.homes) + 1.0]).all()
    assert (np.diff(after.neighbours, axis=1) >= 0).all()
