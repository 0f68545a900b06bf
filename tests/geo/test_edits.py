"""Changes to ways and gates: what an OSM file with the same changes gives."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
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
)  # fmt: skip
from geo.errors import EditError
from geo.extract import Extract
from geo.network import build_network
from geo.profiles import load_profiles
from geo.reader import read_extract
from tests.geo.drawings import CRS, Town, draw, make_sites
from tests.geo.random_edits import Planner
from tests.geo.real_study import place_study
from tests.geo.same_network import assert_same
from tests.osm_xml import Node, Way, write_osm

CORNER = (400_000.0, 5_750_000.0)
TO_DEGREES = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)


def at(east: float, south: float) -> tuple[float, float]:
    """Return longitude and latitude of a spot, metres from the corner, as OSM keeps them."""
    lon, lat = TO_DEGREES.transform(CORNER[0] + east, CORNER[1] - south)
    return round(lon, 7), round(lat, 7)


def read(folder: Path, nodes: Mapping[int, Node], ways: Mapping[int, Way]) -> Extract:
    return read_extract(write_osm(folder / "town.osm", nodes, ways), {"amenity"})


def changed(town: Town, *edits: Edit) -> dict[tuple[str, str], float]:
    """Return the times in a town after some changes."""
    extract, sites = apply_edits(town.extract, town.sites, edits)
    network, found = build_network(extract, sites, {town.profile.id: town.profile})
    return Town(town.spots, extract, sites, town.places, network, found, town.profile).seconds()


def gates_after(town: Town, *edits: Edit) -> dict[str, str]:
    """Return the status of every gate after some changes."""
    extract, sites = apply_edits(town.extract, town.sites, edits)
    _, found = build_network(extract, sites, {town.profile.id: town.profile})
    return dict(zip(found.gates["gate_id"], found.gates["status"], strict=True))


#   0   100   200
#   1----2-----3     100 m apart; a road with a footway 40 m south of it
#   4----5-----6
NODES: dict[int, Node] = {
    1: at(0, 0), 2: at(100, 0), 3: at(200, 0),
    4: at(0, 40), 5: at(100, 40), 6: at(200, 40),
}  # fmt: skip
WAYS: dict[int, Way] = {
    10: ([1, 2, 3], {"highway": "residential"}),
    11: ([4, 5, 6], {"highway": "footway"}),
}


@pytest.mark.parametrize(
    ("edits", "nodes", "ways"),
    [
        pytest.param(  # both ends at nodes 2 and 5, one meant 2 m off
            [AddPath((at(100, 0), at(102, 40)))],
            {},
            {-1: ([2, 5], {"highway": "footway"})},
            id="at nodes",
        ),
        pytest.param(  # in the middle of both ways: new nodes there
            [AddPath((at(50, 0), at(150, 40)), {"highway": "steps"})],
            {-1: at(50, 0), -2: at(150, 40)},
            {
                -1: ([-1, -2], {"highway": "steps"}),
                10: ([1, -1, 2, 3], {"highway": "residential"}),
                11: ([4, 5, -2, 6], {"highway": "footway"}),
            },
            id="between nodes",
        ),
        pytest.param(  # runs across the road without a point on it: not joined there
            [AddPath((at(50, -60), at(100, 40)))],
            {-1: at(50, -60)},
            {-1: ([-1, 5], {"highway": "footway"})},
            id="across",
        ),
        pytest.param(  # with a point on it: joined
            [AddPath((at(50, -60), at(150, 0), at(100, 40)))],
            {-1: at(50, -60), -2: at(150, 0)},
            {
                -1: ([-1, -2, 5], {"highway": "footway"}),
                10: ([1, 2, -2, 3], {"highway": "residential"}),
            },
            id="point on the road",
        ),
        pytest.param([RemovePath(11)], {4: None, 5: None, 6: None}, {11: None}, id="removed"),
        pytest.param(
            [SetTags("w11", {"surface": "mud"}), SetTags("n5", {"barrier": "stile"})],
            {5: (*at(100, 40), {"barrier": "stile"})},
            {11: ([4, 5, 6], {"highway": "footway", "surface": "mud"})},
            id="tags",
        ),
        pytest.param(
            [LowerKerb(5, 3)],
            {5: (*at(100, 40), {"barrier": "kerb", "kerb": "lowered", "kerb:height": "0.03"})},
            {},
            id="kerb",
        ),
        pytest.param(  # a second path starts on the first one
            [AddPath((at(100, 0), at(100, 40))), AddPath((at(100, 20), at(180, 20)))],
            {-1: at(100, 20), -2: at(180, 20)},
            {
                -1: ([2, -1, 5], {"highway": "footway"}),
                -2: ([-1, -2], {"highway": "footway"}),
            },
            id="one on the other",
        ),
    ],
)
def test_a_file_with_the_changes_gives_the_same(
    tmp_path: Path, edits: list[Edit], nodes: dict[int, Any], ways: dict[int, Any]
) -> None:
    sites = make_sites({}, {}, {})
    profiles = load_profiles()
    extract = read(tmp_path, NODES, WAYS)
    before, _ = build_network(extract, sites, profiles)
    edited, same_sites = apply_edits(extract, sites, edits)
    found, _ = build_network(edited, same_sites, profiles)
    # A foot on a way is kept to a centimetre, so it may lie that far beside the spot meant.
    made = {node: (lon, lat) for node, lon, lat in zip(
        edited.nodes.ids.tolist(), edited.nodes.longitude, edited.nodes.latitude, strict=True
    ) if node < 0}  # fmt: skip
    assert set(made) == {node for node in nodes if node < 0}
    for node, (lon, lat) in made.items():
        assert np.allclose((lon, lat), nodes[node], rtol=0, atol=3e-7)
    nodes = {**nodes, **made}
    in_file = {key: value for key, value in {**NODES, **nodes}.items() if value is not None}
    ways_in_file = {key: value for key, value in {**WAYS, **ways}.items() if value is not None}
    truth, _ = build_network(
        read(tmp_path, dict(sorted(in_file.items())), dict(sorted(ways_in_file.items()))),
        sites,
        profiles,
    )
    assert_same(found, truth)
    # Nothing given was changed.
    again, _ = build_network(extract, sites, profiles)
    assert_same(before, again)


def test_without_changes_everything_stays() -> None:
    town = draw("A--B", metres=10, ways={"AB": "highway=footway"})
    extract, sites = apply_edits(town.extract, town.sites, [])
    assert extract is town.extract
    assert sites.gates.equals(town.given.gates)


def test_a_crossing_joins_the_pavements_on_both_sides(tmp_path: Path) -> None:
    # The road lies between two pavements, 8 m off each; the crossing at 50 m.
    nodes: dict[int, Node] = {
        1: at(0, 0), 2: at(200, 0), 3: at(0, 8), 4: at(200, 8), 5: at(0, -8), 6: at(200, -8),
    }  # fmt: skip
    ways: dict[int, Way] = {
        10: ([1, 2], {"highway": "residential"}),
        11: ([3, 4], {"highway": "footway"}),
        12: ([5, 6], {"highway": "footway"}),
    }
    sites = make_sites({}, {}, {})
    extract, _ = apply_edits(read(tmp_path, nodes, ways), sites, [AddCrossing(at(50, 3), "zebra")])
    refs = extract.ways.refs[extract.ways.offsets[0] : extract.ways.offsets[1]].tolist()
    assert extract.ways.ids[0] == -1
    assert extract.ways.tags[0] == {
        "highway": "footway", "footway": "crossing", "crossing": "zebra", "kerb": "lowered",
        "kerb:height": "0.03",
    }  # fmt: skip
    # New nodes: first on the road, then on either side of it.
    assert refs in ([-2, -1, -3], [-3, -1, -2])
    assert extract.nodes.tags == {
        -1: {"highway": "crossing", "crossing": "zebra", "kerb": "lowered", "kerb:height": "0.03"}
    }
    network, _ = build_network(extract, sites, load_profiles())
    crossing = network.edge_length_m[network.edge_way == -1]
    assert crossing == pytest.approx([8, 8], abs=0.02)
    assert (network.passages["wheelchair"].edge_state[network.edge_way == -1] > 0).all()


def test_a_crossing_without_pavements_is_a_node_of_the_road(tmp_path: Path) -> None:
    extract, _ = apply_edits(
        read(tmp_path, NODES, WAYS), make_sites({}, {}, {}), [AddCrossing(at(50, 2))]
    )
    assert extract.ways.ids.tolist() == [10, 11]
    assert extract.nodes.tags[-1]["highway"] == "crossing"


def grounds_town(gates: Mapping[str, tuple[str, ...]] | None = None) -> Town:
    return draw(
        """
        P---a---------b---Q
            |         |
        A---x-B-h-C---y---D
            |         |
        S---d---------c---R
        """,
        metres=10,
        ways={"ABCD": "highway=footway", "APQDRSA": "highway=footway"},
        sites={"g": "abcd"},
        houses={"h": "g"},
        gates=gates or {},
        places={"D": "", "A": ""},
    )


def eastern_gate(town: Town) -> str:
    gates = town.sites.gates
    east = shapely.get_x(np.array(gates.geometry, dtype=object))
    return str(gates["gate_id"].iloc[int(np.argmax(east))])


def test_derived_gates_are_closed_and_opened() -> None:
    town = grounds_town()
    # A at 0, h at 80, D at 180: the way through crosses the boundary at x and y.
    assert town.gates() == {"g-tor-w1": "open", "g-tor-w1-2": "open"}
    times = town.seconds()
    assert (times["h", "A"], times["h", "D"]) == (80, 100)
    east = eastern_gate(town)
    # Closed in the east: back to A, around by P and Q: 80 + 20 + 180 + 20.
    times = changed(town, CloseGate(east))
    assert (times["h", "A"], times["h", "D"]) == (80, 300)
    assert gates_after(town, CloseGate(east))[east] == "locked"
    assert changed(town, CloseGate(east), OpenGate(east)) == town.seconds()
    both = [CloseGate(gate) for gate in town.gates()]
    assert ("h", "A") not in changed(town, *both)


def test_a_closed_derived_gate_is_closed_like_a_given_one() -> None:
    derived = grounds_town()
    given = grounds_town({"x": ("g", "open"), "y": ("g", "locked")})
    east = eastern_gate(derived)
    assert changed(derived, CloseGate(east)) == given.seconds()
    assert changed(derived, OpenGate(east, "Mo-Fr 08:00-18:00")) == derived.seconds()


def test_a_barrier_that_is_locked_is_opened_with_its_gate() -> None:
    town = draw(
        """
        P---a---------b
            |         |
        A---x-B-h-----y
            |         |
            d---------c
        """,
        metres=10,
        ways={"AxBh": "highway=footway"},
        nodes={"x": "barrier=gate locked=yes opening_hours=Mo-Fr~08:00-18:00"},
        sites={"g": "abcd"},
        houses={"h": "g"},
        places={"A": ""},
    )
    assert town.gates() == {f"g-tor-n{ord('x')}": "locked"}
    assert ("h", "A") not in town.seconds()
    gate = OpenGate(f"g-tor-n{ord('x')}")
    assert changed(town, gate) == {("h", "A"): 80.0, ("g", "A"): 40.0}
    extract, sites = apply_edits(town.extract, town.sites, [gate])
    network, _ = build_network(extract, sites, {"resident": town.profile})
    assert not network.node_by_hours.any()
    extract, sites = apply_edits(town.extract, town.sites, [OpenGate(gate.gate_id, "Mo 8-9")])
    network, _ = build_network(extract, sites, {"resident": town.profile})
    assert network.node_by_hours.sum() == 1


def test_given_gates_are_closed_and_opened() -> None:
    town = grounds_town({"x": ("g", "open"), "y": ("g", "locked")})
    open_town = grounds_town({"x": ("g", "open"), "y": ("g", "open")})
    assert changed(town, OpenGate("y")) == open_town.seconds()
    assert changed(open_town, CloseGate("y")) == town.seconds()


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (OpenGate("z"), ["»z« gibt es nicht", "»x«, »y«"]),
        (CloseGate("xx"), ["»xx« gibt es nicht", "vielleicht »x«"]),
        (OpenGate("x", "bald"), ["»bald« sind keine Öffnungszeiten"]),
        (OpenGate("x", "locked"), ["keine Öffnungszeiten"]),
        (RemovePath(77), ["w77", "gibt es"]),
        (LowerKerb(77), ["n77"]),
        (LowerKerb(at(5, 5)), ["weder ein Bordstein"]),
        (LowerKerb(ord("A"), 400), ["400 cm"]),
        (SetTags("x1", {}), ["»x1«"]),
        (SetTags("n1", {}), ["n1"]),
        (SetTags("w1", {"highway": None}), ["kein Weg mehr"]),
        (AddPath((at(0, 0),)), ["weniger als zwei"]),
        (AddPath((at(0, 20), at(1, 20))), ["weniger als zwei"]),
        (AddPath((at(0, 0), at(90, 0)), {"building": "yes"}), ["kein"]),
        (AddPath(((51.0, 7.0), (51.0, 7.1))), ["außerhalb"]),
        (AddPath(((float("nan"), 7.0), at(0, 0))), ["außerhalb"]),
        (AddCrossing(at(0, 0)), ["keine Straße"]),
    ],
)
def test_what_is_not_there_is_said(edit: Edit, words: list[str]) -> None:
    town = grounds_town({"x": ("g", "open"), "y": ("g", "locked")})
    with pytest.raises(EditError) as caught:
        apply_edits(town.extract, town.sites, [edit])
    for word in words:
        assert word in str(caught.value)


def test_a_path_joined_to_nothing_is_noticed() -> None:
    town = grounds_town()
    extract, _ = apply_edits(town.extract, town.sites, [AddPath((at(30, 90), at(60, 90)))])
    assert [found.code for found in extract.findings] == ["edit.loose_path"]


def test_a_path_through_a_boundary_makes_a_derived_gate() -> None:
    town = grounds_town()
    # From C to the way in the south: crosses the southern boundary once.
    after = gates_after(town, AddPath((at(100, 20), at(100, 60))))
    assert set(after) == {*town.gates(), "g-tor-w-1"}
    closed = grounds_town({"x": ("g", "open")})
    assert gates_after(closed, AddPath((at(100, 20), at(100, 60)))) == {"x": "open"}


def test_what_comes_out_is_what_a_file_of_it_holds(tmp_path: Path, shared_data: Path) -> None:
    extract = read_extract(shared_data / "osm" / "berlin-miraustr-2026.nometa.osm.pbf", ())
    study = place_study(extract, seed=3, houses=6, places=1)
    network, sites = build_network(extract, study.sites, {})
    planner = Planner(extract, sites, np.random.default_rng(3))
    edited, _ = apply_edits(extract, sites, planner.plan(12), like=network)
    assert set(edited.ways.ids.tolist()) != set(extract.ways.ids.tolist())
    nodes: dict[int, Node] = {
        node: (lon, lat, edited.nodes.tags.get(node, {}))
        for node, lon, lat in zip(
            edited.nodes.ids.tolist(),
            edited.nodes.longitude.tolist(),
            edited.nodes.latitude.tolist(),
            strict=True,
        )
    }
    ways = edited.ways
    in_file: dict[int, Way] = {
        way: (ways.refs[ways.offsets[row] : ways.offsets[row + 1]].tolist(), ways.tags[row])
        for row, way in enumerate(ways.ids.tolist())
    }
    again = read(tmp_path, nodes, in_file)
    assert np.array_equal(again.ways.ids, ways.ids)
    assert np.array_equal(again.ways.offsets, ways.offsets)
    assert np.array_equal(again.ways.refs, ways.refs)
    assert again.ways.tags == ways.tags
    assert np.array_equal(again.nodes.ids, edited.nodes.ids)
    assert np.array_equal(again.nodes.longitude, edited.nodes.longitude)
    assert np.array_equal(again.nodes.latitude, edited.nodes.latitude)
    assert again.nodes.tags == edited.nodes.tags
