"""What must hold between two runs, whatever the town: more never means less.

Random towns with steps, kerbs, inclines, surfaces and one-way streets; many more of them
with ``TEST_ALL=1``. Times are compared at nodes, which keep their OSM id when ways come and
go; splitting an edge may round each part by half a millisecond.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from geo.extract import Tags
from geo.network import StreetNetwork, build_network
from geo.profiles import Profile, State, load_profiles, with_speed
from geo.reader import read_extract
from geo.snapping import Snapped
from geo.travel_time import search
from tests.geo.drawings import CORNER, CRS, make_extract, make_sites

LONG = bool(os.environ.get("TEST_ALL"))
PHASES = set(Phase) if LONG else {Phase.explicit, Phase.reuse, Phase.generate}
CASES = settings(
    max_examples=1_250 if LONG else 25,
    deadline=None,
    phases=PHASES,
    suppress_health_check=[HealthCheck.too_slow],
)
PROFILES = load_profiles()
ROUNDING_MS = 20

WAYS: list[Tags] = [
    {"highway": "footway", "surface": "asphalt", "smoothness": "good", "incline": "0%"},
    {"highway": "footway"},
    {"highway": "path", "surface": "gravel"},
    {"highway": "steps"},
    {"highway": "residential", "surface": "asphalt", "oneway": "yes", "sidewalk": "both"},
    {"highway": "residential", "surface": "sett", "incline": "8%"},
    {"highway": "footway", "footway": "crossing", "surface": "asphalt", "kerb": "lowered"},
    {"highway": "footway", "surface": "paving_stones", "incline": "-4%", "width": "1.5"},
    {"highway": "cycleway", "foot": "no", "surface": "asphalt"},
    {"highway": "footway", "surface": "asphalt", "wheelchair": "yes"},
    {"highway": "service", "surface": "asphalt", "oneway:foot": "yes"},
]
NODES: list[Tags] = [
    {"kerb": "raised"},
    {"kerb": "lowered"},
    {"barrier": "bollard"},
    {"barrier": "stile"},
    {"highway": "crossing"},
]
Town = tuple[dict[int, tuple[list[int], Tags]], dict[int, tuple[float, float]], dict[int, Tags]]


@st.composite
def towns(draw: st.DrawFn) -> Town:
    """Ways on a grid of twelve nodes."""
    coordinate = st.integers(0, 4)
    spots = draw(st.lists(st.tuples(coordinate, coordinate), min_size=12, max_size=12))
    points = {
        number: (CORNER[0] + 37.0 * x + number, CORNER[1] + 41.0 * y)
        for number, (x, y) in enumerate(spots, start=1)
    }
    node = st.integers(1, 12)
    way = st.tuples(st.lists(node, min_size=2, max_size=4, unique=True), st.sampled_from(WAYS))
    ways = draw(st.lists(way, min_size=2, max_size=14))
    tagged = draw(st.dictionaries(node, st.sampled_from(NODES), max_size=3))
    return dict(enumerate(ways, start=1)), points, tagged


def build(town: Town, profiles: dict[str, Profile] = PROFILES) -> StreetNetwork:
    """Build a town without sites."""
    network, _ = build_network(make_extract(*town), make_sites({}, {}, {}), profiles)
    return network


def at_node(network: StreetNetwork, osm: int) -> Snapped:
    """Start at an OSM node, on all edges there."""
    edges, offsets = [], []
    for edge, ends in enumerate(zip(network.edge_from, network.edge_to, strict=True)):
        for node, metres in zip(ends, (0.0, network.edge_length_m[edge]), strict=True):
            if network.node_osm[node] == osm:
                edges.append(edge)
                offsets.append(metres)
    count = len(edges)
    return Snapped(
        ids=("start",),
        owner=np.zeros(count, dtype=np.int64),
        edge=np.array(edges, dtype=np.int64),
        offset_m=np.array(offsets, dtype=np.float64),
        gap_m=np.zeros(count),
        estimated=np.zeros(count, dtype=bool),
        start_xy=np.zeros((count, 2)),
        foot_xy=np.zeros((count, 2)),
    )


def reached(
    network: StreetNetwork, osm: int, who: Profile, limit_s: float, state: State | None = None
) -> dict[int, int]:
    """Return the milliseconds to every OSM node within the limit."""
    start = at_node(network, osm)
    (tree,) = search(network, start, who, limit_s, state or who.states[-1])
    found: dict[int, int] = {}
    for node, ms in zip(network.node_osm[tree.node].tolist(), tree.time_ms.tolist(), strict=True):
        found[node] = min(ms, found.get(node, ms))
    return found


def assert_within(fewer: dict[int, int], more: dict[int, int]) -> None:
    """Assert that all of the first is reached in the second, no later."""
    assert fewer.keys() <= more.keys()
    late = {node: (ms, more[node]) for node, ms in fewer.items() if more[node] > ms + ROUNDING_MS}
    assert late == {}


starts = st.integers(1, 12)
limits = st.integers(0, 600)
whose = st.sampled_from(sorted(PROFILES))
MARGIN_S = ROUNDING_MS / 1000


@CASES
@given(towns(), starts, whose, limits, limits)
def test_a_longer_limit_reaches_no_less(
    town: Town, start: int, who: str, limit: int, more: int
) -> None:
    network = build(town)
    near = reached(network, start, PROFILES[who], limit)
    far = reached(network, start, PROFILES[who], limit + more)
    assert near == {node: ms for node, ms in far.items() if ms <= limit * 1000}


@CASES
@given(towns(), starts, whose, limits, st.floats(1.01, 3.0))
def test_the_faster_reach_no_less(
    town: Town, start: int, who: str, limit: int, factor: float
) -> None:
    slow = PROFILES[who]
    fast = replace(with_speed(slow, slow.speed_m_s * factor), id="fast")
    network = build(town, {who: slow, "fast": fast})
    for state in slow.states:
        assert_within(
            reached(network, start, slow, limit, state),
            reached(network, start, fast, limit + MARGIN_S, state),
        )


@CASES
@given(towns(), starts, st.sampled_from(["rollator", "wheelchair"]), limits, st.data())
def test_laxer_limits_reach_no_less(
    town: Town, start: int, who: str, limit: int, data: st.DataObject
) -> None:
    strict = PROFILES[who]
    assert strict.limits is not None
    changes: list[dict[str, Any]] = [
        {"max_incline_percent": 20.0},
        {"easy_incline_percent": strict.limits.max_incline_percent},
        {"max_kerb_cm": 20.0},
        {"min_width_m": 0.5},
        {"needs": ()},
        {"needs": strict.limits.needs[:1]},
        {"incline_factor": 1.0},
        {"rough_factor": 1.0},
    ]
    change = data.draw(st.sampled_from(changes))
    lax = replace(strict, id="lax", limits=replace(strict.limits, **change))
    network = build(town, {who: strict, "lax": lax})
    for state in strict.states:
        assert_within(
            reached(network, start, strict, limit, state),
            reached(network, start, lax, limit + MARGIN_S, state),
        )


@CASES
@given(towns(), starts, whose, limits, st.data())
def test_an_added_way_reaches_no_less_and_a_removed_one_no_more(
    town: Town, start: int, who: str, limit: int, data: st.DataObject
) -> None:
    ways, points, tagged = town
    removed = data.draw(st.sampled_from(sorted(ways)))
    fewer = {number: way for number, way in ways.items() if number != removed}
    small, large = build((fewer, points, tagged)), build(town)
    for state in PROFILES[who].states:
        assert_within(
            reached(small, start, PROFILES[who], limit, state),
            reached(large, start, PROFILES[who], limit + MARGIN_S, state),
        )


@CASES
@given(towns(), starts, st.sampled_from(["rollator", "wheelchair"]), limits)
def test_confirmed_lies_within_possible(town: Town, start: int, who: str, limit: int) -> None:
    network = build(town)
    sure, possible = (
        reached(network, start, PROFILES[who], limit, state)
        for state in (State.CONFIRMED, State.POSSIBLE)
    )
    assert sure.keys() <= possible.keys()
    assert all(possible[node] <= ms for node, ms in sure.items())


@CASES
@given(towns(), starts, whose, limits, st.randoms(use_true_random=False))
def test_numbers_and_order_do_not_matter(
    town: Town, start: int, who: str, limit: int, random: object
) -> None:
    ways, points, tagged = town
    shuffle = random.shuffle  # type: ignore[attr-defined]
    new_node, new_way = list(range(101, 113)), list(range(1, len(ways) + 1))
    shuffle(new_node)
    shuffle(new_way)
    node = dict(zip(points, new_node, strict=True))
    renumbered: Town = (
        {
            new_way[place]: ([node[ref] for ref in refs], dict(tags))
            for place, (refs, tags) in enumerate(ways.values())
        },
        {node[key]: xy for key, xy in points.items()},
        {node[key]: tags for key, tags in tagged.items()},
    )
    before = reached(build(town), start, PROFILES[who], limit)
    after = reached(build(renumbered), node[start], PROFILES[who], limit)
    assert {node[key]: ms for key, ms in before.items()} == after


@CASES
@given(towns(), starts, st.sampled_from(["rollator", "wheelchair"]), limits)
def test_inclines_count_the_same_both_ways(town: Town, start: int, who: str, limit: int) -> None:
    """A way drawn upwards is the same way drawn downwards: the return trip counts."""
    ways, points, tagged = town
    turned = {
        number: (
            refs,
            {**tags, "incline": _turned(tags["incline"])} if "incline" in tags else tags,
        )
        for number, (refs, tags) in ways.items()
    }
    assert reached(build(town), start, PROFILES[who], limit) == reached(
        build((turned, points, tagged)), start, PROFILES[who], limit
    )


def _turned(incline: str) -> str:
    return incline[1:] if incline.startswith("-") else f"-{incline}"


@settings(
    max_examples=1_250 if LONG else 8,
    deadline=None,
    phases=PHASES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(towns(), starts, whose, limits)
def test_pbf_and_xml_give_the_same(
    tmp_path: Path, town: Town, start: int, who: str, limit: int
) -> None:
    found = []
    for suffix in ("osm.pbf", "osm"):
        path = tmp_path / f"town.{suffix}"
        path.unlink(missing_ok=True)
        _write(town, path)
        network, _ = build_network(read_extract(path, ()), make_sites({}, {}, {}), PROFILES)
        found.append(reached(network, start, PROFILES[who], limit))
    assert found[0] == found[1]


def _write(town: Town, path: Path) -> None:
    ways, points, tagged = town
    to_degrees = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
    with osmium.SimpleWriter(str(path)) as writer:
        for node, xy in sorted(points.items()):
            place = to_degrees.transform(*xy)
            writer.add_node(
                osmium.osm.mutable.Node(
                    id=node, version=1, location=place, tags=dict(tagged.get(node, {}))
                )
            )
        for way, (refs, tags) in sorted(ways.items()):
            writer.add_way(osmium.osm.mutable.Way(id=way, version=1, nodes=refs, tags=dict(tags)))


@pytest.mark.parametrize("who", ["rollator", "wheelchair"])
def test_the_towns_are_not_all_alike(who: str) -> None:
    """The ways above are of all three states, else the properties would say little."""
    ways = {number: ([1, 2], tags) for number, tags in enumerate(WAYS, start=1)}
    town: Town = (ways, {1: CORNER, 2: (CORNER[0] + 40, CORNER[1])}, {})
    assert set(build(town).passages[who].edge_state.tolist()) == {0, 1, 2}
