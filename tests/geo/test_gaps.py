"""Which unknown ways and spots lie before which places, on drawn maps and on a real town."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from geo.gaps import find_gaps
from geo.network import StreetNetwork, build_network
from geo.profiles import Profile, State
from geo.reader import read_extract
from geo.routes import route
from geo.snapping import Snapped, snap_origins, snap_places
from geo.step_free import CONFIRMED, POSSIBLE
from geo.travel_time import Tree, search
from tests.geo.drawings import Town
from tests.geo.marked import WHEELS, draw_marked, mark
from tests.geo.real_study import place_study

FOOTWAY = "highway=footway"


def trees(
    network: StreetNetwork, origins: Snapped, profile: Profile = WHEELS, limit_s: float = 1800
) -> list[tuple[Tree, Tree]]:
    """Search on confirmed ways, and on possible ones as well."""
    states = (State.CONFIRMED, State.POSSIBLE)
    found = [search(network, origins, profile, limit_s, state) for state in states]
    return list(zip(*found, strict=True))


def gaps(town: Town) -> dict[str, set[str]]:
    """Return for each place that waits what it waits for: OSM ways by number, nodes by letter."""
    network = town.network
    destinations = snap_places(network, town.places, town.profile)
    (both,) = trees(network, snap_origins(network, town.sites, town.profile))
    found = find_gaps(network, *both, destinations)
    edges = len(network.edge_from)
    told: dict[str, set[str]] = {destinations.ids[place]: set() for place in found.waiting}
    for place, thing in zip(found.place, found.thing, strict=True):
        if thing < edges:
            told[destinations.ids[place]].add(str(network.edge_way[thing]))
        else:
            told[destinations.ids[place]].add(chr(network.node_osm[thing - edges]))
    return told


def test_places_behind_an_unknown_way_wait_for_it() -> None:
    town = draw_marked(
        """
          x   y   z
        h-A---B---C--u
        """,
        metres=10,
        ways={"hA": FOOTWAY, "AB": FOOTWAY, "BC": FOOTWAY, "Cu": FOOTWAY},
        unknown={2: "surface", 4: "surface"},
        houses={"h": ""},
        places={"x": "", "y": "", "z": "", "u": ""},
    )
    # x lies before way 2, y and z behind it, u behind ways 2 and 4 (its own edge).
    assert gaps(town) == {"y": {"2"}, "z": {"2"}, "u": {"2", "4"}}


def test_a_place_with_a_known_detour_does_not_wait() -> None:
    town = draw_marked(
        """
        h-A---B-x
          |   |
          C---D
        """,
        metres=10,
        ways={"hA": FOOTWAY, "AB": FOOTWAY, "ACDB": FOOTWAY, "Bx": FOOTWAY},
        unknown={2: "surface"},
        houses={"h": ""},
        places={"x": ""},
    )
    # The way over 2 is quicker, but x is sure to be reached around.
    assert gaps(town) == {}


def test_a_kerb_counts_where_it_is_passed_and_not_where_the_way_ends() -> None:
    town = draw_marked(
        """
            y
            |
        h-A-K-L-x
        """,
        metres=10,
        ways={"hAK": FOOTWAY, "KL": FOOTWAY, "Ky": FOOTWAY, "Lx": FOOTWAY},
        nodes={"K": "barrier=kerb", "L": "barrier=kerb"},
        unknown_nodes={"K": "kerb", "L": "kerb"},
        houses={"h": ""},
        places={"x": "", "y": "", "K": "", "L": ""},
    )
    # K itself is come to; L lies behind K; x behind both.
    assert gaps(town) == {"y": {"K"}, "L": {"K"}, "x": {"K", "L"}}


def test_a_house_on_an_unknown_way_waits_for_it_everywhere() -> None:
    town = draw_marked(
        """
         h  y
        A---B--x
        """,
        metres=10,
        ways={"AB": FOOTWAY, "Bx": FOOTWAY},
        unknown={1: "surface"},
        houses={"h": ""},
        places={"x": "", "y": ""},
    )
    # y lies on the same edge as the house.
    assert gaps(town) == {"x": {"1"}, "y": {"1"}}


def test_what_is_not_passable_at_all_is_no_gap() -> None:
    town = draw_marked(
        "h-A---B--x",
        metres=10,
        ways={"hA": FOOTWAY, "AB": FOOTWAY, "Bx": FOOTWAY},
        unknown={2: "surface"},
        closed="B",
        houses={"h": ""},
        places={"x": "", "B": ""},
    )
    # Beyond B nobody gets, whatever is found out; B itself waits for way 2.
    assert gaps(town) == {"B": {"2"}}


def test_only_places_that_count_are_followed() -> None:
    town = draw_marked(
        "h-A---B--x",
        metres=10,
        ways={"hA": FOOTWAY, "AB": FOOTWAY, "Bx": FOOTWAY},
        unknown={2: "surface"},
        houses={"h": ""},
        places={"x": "", "B": ""},
    )
    network = town.network
    destinations = snap_places(network, town.places, town.profile)
    (both,) = trees(network, snap_origins(network, town.sites, town.profile))
    counted = np.array([place == "x" for place in destinations.ids])
    found = find_gaps(network, *both, destinations, counted)
    assert [destinations.ids[place] for place in found.waiting] == ["x"]
    nothing = find_gaps(network, *both, destinations, np.zeros(len(counted), dtype=bool))
    assert (len(nothing.waiting), len(nothing.thing)) == (0, 0)


@pytest.mark.parametrize("seed", [1, 2])
def test_confirming_what_a_place_waits_for_makes_it_sure(shared_data: Path, seed: int) -> None:
    extract = read_extract(shared_data / "osm" / "berlin-miraustr-2026.nometa.osm.pbf", ())
    study = place_study(extract, seed=seed, houses=5, places=60)
    built, sites = build_network(extract, study.sites, {"resident": WHEELS})
    rng = np.random.default_rng(seed)
    mapped = np.unique(built.edge_way[built.edge_way > 0])
    chosen = rng.choice(mapped, len(mapped) // 6, replace=False)
    network = mark(built, ways=dict.fromkeys(chosen.tolist(), "surface"))
    origins = snap_origins(network, sites, WHEELS)
    destinations = snap_places(network, study.places, WHEELS)
    edges, checked = len(network.edge_from), 0
    for confirmed, possible in trees(network, origins):
        found = find_gaps(network, confirmed, possible, destinations)
        for place in found.waiting[:3]:
            to_id = destinations.ids[place]
            before = route(network, possible, destinations, to_id)
            assert before is not None
            things = found.thing[found.place == place]
            # The gaps are the unknown ways of its route, neither more nor less.
            walked = before.edges[before.metres > 0]
            unknown = network.passages[WHEELS.id].edge_state[walked] == POSSIBLE
            assert set(things[things < edges]) == set(walked[unknown])
            assert len(things[things >= edges]) == before.unknown_nodes
            assert route(network, confirmed, destinations, to_id) is None
            # Confirm just these: the place is reached, in the time it took before.
            passage = network.passages[WHEELS.id]
            state = passage.edge_state.copy()
            state[things[things < edges]] = CONFIRMED
            asked = replace(
                network,
                passages={**network.passages, WHEELS.id: replace(passage, edge_state=state)},
                _memory={},
            )
            number = origins.ids.index(confirmed.origin_id)
            after = search(asked, origins, WHEELS, 1800, State.CONFIRMED)[number]
            now = route(asked, after, destinations, to_id)
            assert now is not None
            assert now.time_s == before.time_s
            checked += 1
    assert checked >= 5
