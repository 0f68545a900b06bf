"""Ways as lines: as long as the matrix says, and where the map has them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from geo.network import build_network
from geo.reader import read_extract
from geo.routes import route
from geo.snapping import snap_origins, snap_places
from geo.travel_time import search, travel_time_matrix
from tests.geo.drawings import CORNER, RESIDENT, Town, draw
from tests.geo.real_study import place_study


def ways(town: Town) -> dict[tuple[str, str], list[tuple[float, float]]]:
    """Return the corners of every way, in metres from the corner of the drawing."""
    found = {}
    for tree in town.trees():
        for place in town.destinations.ids:
            line = route(town.network, tree, town.destinations, place)
            if line is not None:
                xy = np.round(np.array(line.coords) - CORNER, 1)
                found[tree.origin_id, place] = [(float(x), float(y)) for x, y in xy]
    return found


TOWN = """
      h
    A-----B-----C
          |     |
          D-----E
             x     y
    """


def test_a_way_leads_from_door_to_door() -> None:
    town = draw(
        TOWN,
        metres=10,
        ways={"ABC": "highway=footway", "EDB": "highway=footway", "CE": "highway=steps"},
        houses={"h": ""},
        places={"x": "", "y": "", "h": ""},
    )
    found = ways(town)
    # B is a junction, D a bend of the way drawn from E to B: it is walked against its drawing.
    assert found["h", "x"] == [(20, 0), (20, -10), (60, -10), (60, -30), (90, -30), (90, -40)]
    assert found["h", "h"] == [(20, 0), (20, -10), (20, 0)]
    matrix = town.matrix().set_index("to_id")["distance_m"]
    for (_, place), corners in found.items():
        metres = np.hypot(*np.diff(corners, axis=0).T).sum()
        assert metres == pytest.approx(matrix[place], abs=0.1)


def test_a_way_from_several_gates_begins_at_the_best() -> None:
    town = draw(
        """
        P-----Q
        G     L---x
        S-----R
        """,
        metres=10,
        ways={"Lx": "highway=footway", "GS": "highway=footway", "SR": "highway=footway"},
        sites={"klinik": "PQRS"},
        gates={"G": ("klinik", "open"), "L": ("klinik", "open")},
        places={"x": ""},
    )
    assert ways(town)["klinik", "x"] == [(60, -10), (100, -10)]


def test_what_is_not_reached_has_no_way() -> None:
    town = draw(
        "h---A                                  B---x",
        metres=20,
        ways={"hA": "highway=footway", "Bx": "highway=footway"},
        houses={"h": ""},
        places={"x": ""},
    )
    assert ways(town) == {}
    with pytest.raises(KeyError):
        route(town.network, town.trees()[0], town.destinations, "nowhere")


def test_ways_on_a_real_town_are_as_long_as_the_matrix_says(shared_data: Path) -> None:
    extract = read_extract(shared_data / "osm" / "berlin-miraustr-2026.nometa.osm.pbf", ())
    study = place_study(extract, seed=5, houses=6, places=40)
    network, sites = build_network(extract, study.sites, {"resident": RESIDENT})
    origins, destinations = snap_origins(network, sites), snap_places(network, study.places)
    trees = search(network, origins, RESIDENT, 1800)
    frame = travel_time_matrix(network, trees, destinations)
    by_origin = {tree.origin_id: tree for tree in trees}
    sample = frame.sample(min(len(frame), 120), random_state=1)
    for row in sample.to_dict("records"):
        line = route(network, by_origin[row["from_id"]], destinations, row["to_id"])
        assert line is not None
        assert line.length == pytest.approx(row["distance_m"], abs=0.2)
