"""Where people on wheels step onto the network, against hand-drawn maps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from geo.findings import Severity
from geo.network import build_network
from geo.profiles import Profile, State
from geo.snapping import snap_origins, snap_places
from tests.geo.drawings import Town, draw
from tests.geo.test_snapping import finding, points
from tests.geo.travellers import (
    BICYCLE,
    FOOT,
    GOOD,
    ROLLATOR,
    SHIPPED,
    WHEELCHAIR,
    WHEELS,
    both,
)  # fmt: skip

BARE = "highway=footway"


def codes(town: Town) -> list[str]:
    return [found.code for found in town.origins.findings]


def beside(metres: float, profile: Profile, way: str = GOOD) -> Town:
    """Draw a house so many metres beside a way."""
    return draw(
        """
        A---------B
             h
        """,
        metres=metres,
        ways={"AB": way},
        houses={"h": ""},
        places={"B": ""},
        profile=profile,
    )


@pytest.mark.parametrize("profile", WHEELS)
def test_on_wheels_the_way_is_at_most_100_m_off(profile: Profile) -> None:
    near = beside(100, profile)
    assert points(near.origins, "h") == [(0, 500, 100)]
    assert near.origins.findings == ()
    far = beside(100.5, profile)
    assert far.origins.unconnected == ("h",)
    (found,) = far.origins.findings
    assert (found.code, found.where) == ("origin.wheels_unconnected", "h")
    assert found.severity is Severity.WARNING
    assert f"»{profile.label}«" in found.message
    assert "100 m" in found.message
    assert found.remedy
    # On foot the same house is only far away, and that is said there.
    assert codes(beside(100.5, FOOT)) == ["origin.far"]
    assert far.seconds(state="possible") == {}


def test_findings_of_two_profiles_differ_and_a_house_that_nobody_reaches_has_one() -> None:
    several = {
        found.message for profile in WHEELS for found in beside(120, profile).origins.findings
    }
    assert len(several) == 2
    lost = {
        found for profile in (FOOT, *WHEELS) for found in beside(301, profile).origins.findings
    }
    (found,) = lost
    assert found.code == "origin.too_far"
    assert "300 m" in found.message


def test_words_for_houses_on_grounds_say_so() -> None:
    picture = """
        P---------Q
        | A--B    |
        |         |
        |       h |
        S---------R
    """
    drawing: dict[str, Any] = {
        "ways": {"AB": "highway=steps"},
        "sites": {"klinik": "PQRS"},
        "houses": {"h": "klinik"},
    }
    far = draw(picture, metres=160, **drawing)
    assert "von jedem Weg auf seinem Gelände" in finding(far, "origin.too_far").message
    town = draw(picture, metres=40, **drawing, profile=WHEELCHAIR)
    (found,) = (one for one in town.origins.findings if one.where == "h")
    assert "kein Weg auf seinem Gelände in 100 m" in found.message
    outside = beside(101, WHEELCHAIR).origins.findings[0]
    assert "Gelände" not in outside.message


@pytest.mark.parametrize(
    ("profile", "edge"), [(FOOT, 0), (BICYCLE, 0), (ROLLATOR, 1), (WHEELCHAIR, 1)]
)
@pytest.mark.parametrize("near", ["highway=steps", "highway=footway surface=sand"])
def test_who_rolls_passes_over_a_nearer_way_that_does_not_serve(
    profile: Profile, edge: int, near: str
) -> None:
    town = draw(
        """
        A---------B
             h

        C---------D
        """,
        metres=20,
        ways={"AB": near, "CD": GOOD, "BD": GOOD},
        houses={"h": ""},
        places={"C": ""},
        profile=profile,
    )
    assert points(town.origins, "h") == [(edge, 100, 20 + 20 * edge)]
    if profile in WHEELS:
        # 40 m to the way, 100 m along it.
        assert both(town, "hC") == (140 / profile.speed_m_s, 140 / profile.speed_m_s)


def test_a_way_of_which_something_is_not_known_serves_as_well() -> None:
    town = beside(10, WHEELCHAIR, BARE)
    assert points(town.origins, "h") == [(0, 50, 10)]
    # 10 + 50 m, not confirmed.
    assert both(town, "hB") == (None, 60.0)


ISLAND = """
    A---------------------------B
                 C--D
                  h
"""


def test_who_rolls_does_not_pass_over_an_island() -> None:
    drawing: dict[str, Any] = {
        "metres": 20,
        "ways": {"AB": GOOD, "CD": GOOD, "BA": BARE},
        "houses": {"h": ""},
        "places": {"B": "", "D": ""},
    }
    on_foot = draw(ISLAND, **drawing)
    assert codes(on_foot) == ["origin.island_skipped"]
    town = draw(ISLAND, **drawing, profile=WHEELCHAIR)
    # C and D are 60 m apart; h lies 20 m below, 20 m beside C.
    assert points(town.origins, "h") == [(1, 20, 20)]
    (found,) = town.origins.findings
    assert (found.code, found.where) == ("origin.wheels_island", "h")
    assert found.severity is Severity.WARNING
    assert "nur 60 m" in found.message
    assert WHEELCHAIR.label in found.message
    assert found.remedy
    assert town.seconds(state="possible") == {("h", "D"): 60.0}


def test_a_main_network_is_no_island_however_small() -> None:
    assert beside(10, WHEELCHAIR).origins.findings == ()


def test_steps_make_islands_for_wheels_only() -> None:
    town = draw(
        """
        A---B---C---D---E
            h       F
        """,
        metres=10,
        ways={"AB": GOOD, "BC": "highway=steps", "CD": GOOD, "DE": GOOD, "EF": GOOD},
        houses={"h": ""},
        profile=WHEELCHAIR,
    )  # fmt: skip
    assert codes(town) == ["origin.wheels_island"]
    assert "nur 40 m" in town.origins.findings[0].message


def test_a_shut_kerb_parts_what_hangs_together() -> None:
    # From the raised kerb K three ways lead on; h can only go to A.
    town = draw(
        """
        A---K---C---D
        h   |
            E---F
        """,
        metres=10,
        ways={"AK": GOOD, "KCD": GOOD, "KEF": GOOD, "CD": GOOD},
        nodes={"K": "barrier=kerb kerb=raised"},
        houses={"h": ""},
        places={"K": "", "D": ""},
        profile=WHEELCHAIR,
    )
    assert codes(town) == ["origin.wheels_island"]
    assert "nur 40 m" in town.origins.findings[0].message
    assert town.seconds(state="possible") == {("h", "K"): 50.0}


DOORS = """
    A---------------------B
        K-----------L
        |     x     |
        N-----------M
    C---f-----------g-----D
"""


def with_doors(profile: Profile, f: str = "", g: str = "", **changes: Any) -> Town:
    drawing: dict[str, Any] = {
        "metres": 10,
        "ways": {"AB": GOOD, "Cf": GOOD, "fg": GOOD, "gD": GOOD, "AC": GOOD, "BD": GOOD},
        "nodes": {"f": f, "g": g},
        "places": {"x": ""},
        "outlines": {"x": "KLMN"},
        "entrances": {"x": "fg"},
        "profile": profile,
    }
    return draw(DOORS, **{**drawing, **changes})


STEPS = "entrance=yes step_count=3"
NOT_FOR_WHEELCHAIRS = "entrance=main wheelchair=no"


def doors(town: Town) -> str:
    """Return the letters of the doors by which the place is entered."""
    spots = {xy: letter for letter, xy in town.spots.items()}
    used = {spots[tuple(xy)] for xy in np.round(town.destinations.start_xy, 3).tolist()}
    return "".join(sorted(used))


def test_doors_with_steps_are_not_used_on_wheels_where_there_is_another() -> None:
    for profile in (FOOT, BICYCLE):
        assert doors(with_doors(profile, STEPS)) == "fg"
    for profile in WHEELS:
        assert doors(with_doors(profile, STEPS)) == "g"
        assert doors(with_doors(profile, "", STEPS)) == "f"
        assert doors(with_doors(profile)) == "fg"
        # The only doors are used all the same: how to get in is the place's business.
        assert doors(with_doors(profile, STEPS, STEPS)) == "fg"
        assert doors(with_doors(profile, STEPS, entrances={"x": "f"})) == "f"
    assert doors(with_doors(WHEELCHAIR, NOT_FOR_WHEELCHAIRS)) == "g"


def test_doors_of_one_place_do_not_close_those_of_another() -> None:
    town = with_doors(
        WHEELCHAIR,
        STEPS,
        places={"x": "", "A": ""},
        entrances={"x": "f", "A": "g"},
    )
    assert points(town.destinations, "x") != []
    assert doors(town) == "fg"


def test_places_are_at_most_100_m_from_a_way_that_serves() -> None:
    town = draw(
        """
        A---------B

             x
        C---------D
        """,
        metres=50,
        ways={"AB": GOOD, "CD": "highway=steps", "BD": GOOD},
        places={"x": ""},
        profile=WHEELCHAIR,
    )
    assert points(town.destinations, "x") == [(0, 250, 100)]
    farther = draw(
        "A---B\n\n  x\n", metres=51, ways={"AB": GOOD}, places={"x": ""}, profile=WHEELCHAIR
    )
    assert farther.destinations.unconnected == ("x",)
    on_foot = snap_places(farther.network, farther.places)
    assert on_foot.unconnected == ()


def test_a_park_is_entered_where_passable_ways_meet_it() -> None:
    picture = """
            K-------L
            |       |
        A---+---B---+---C
            |   x   |
            N-------M
    """
    drawing: dict[str, Any] = {
        "metres": 10,
        "places": {"x": ""},
        "outlines": {"x": "KLMN"},
    }
    ways = {"AB": GOOD, "BC": "highway=steps"}
    town = draw(picture, **drawing, ways=ways, profile=WHEELCHAIR)
    # The outline at 40 m and the junction B at 80 m.
    assert points(town.destinations, "x") == [(0, 40, 0), (0, 80, 0)]
    on_foot = draw(picture, **drawing, ways=ways)
    assert points(on_foot.destinations, "x") == [(0, 40, 0), (0, 80, 0), (1, 40, 0)]


GROUNDS = """
    P-----------Q
    |           |
    |   h       g----C
    |           |    |
    S-----------R    D---x
"""


@pytest.mark.parametrize(
    ("step_free", "expected"),
    # 80 m straight to the gate, 50 + 20 + 40 m; a straight line is never confirmed.
    [("yes", (None, 190.0)), ("unknown", (None, 190.0)), ("no", (None, None))],
)
def test_who_walks_straight_to_a_gate_does_not_know_the_way(
    step_free: str, expected: tuple[float | None, float | None]
) -> None:
    drawing: dict[str, Any] = {
        "metres": 10,
        "ways": {"gCDx": GOOD},
        "sites": {"klinik": "PQRS"},
        "houses": {"h": "klinik"},
        "gates": {"g": ("klinik", "open", step_free)},
        "places": {"x": "", "g": "", "h": "klinik"},
    }
    town = draw(GROUNDS, **drawing, profile=WHEELCHAIR)
    assert both(town) == expected
    confirmed = town.seconds(state=State.CONFIRMED)
    assert not any(pair[0] == "h" and pair[1] != "h" for pair in confirmed)
    assert draw(GROUNDS, **drawing).seconds()["h", "x"] == 190.0
    shut = step_free == "no"
    assert (town.origins.unconnected == ("h", "klinik")) == shut
    if shut:
        assert codes(town) == ["origin.wheels_unconnected", "origin.wheels_no_gate"]
        named = finding(town, "origin.wheels_no_gate")
        assert (named.where, named.severity) == ("klinik", Severity.WARNING)
        assert WHEELCHAIR.label in named.message
        assert "»klinik«" in named.message
    else:
        assert codes(town) == []


@pytest.mark.parametrize("kerb", ["raised", "yes"])
def test_a_place_at_a_node_that_is_not_passed_over_is_come_to_from_all_sides(kerb: str) -> None:
    drawing: dict[str, Any] = {
        "metres": 10,
        "ways": {"AK": GOOD, "KB": GOOD},
        "nodes": {"K": f"kerb={kerb}"},
        "houses": {"A": "", "B": "", "K": ""},
        "places": {"A": "", "B": "", "K": ""},
    }
    town = draw("A-----K-----B", **drawing, profile=WHEELCHAIR)
    assert points(town.destinations, "K") == [(0, 60, 0), (1, 0, 0)]
    assert points(town.origins, "K") == [(0, 60, 0), (1, 0, 0)]
    near = {("A", "K"): 60.0, ("B", "K"): 60.0, ("K", "A"): 60.0, ("K", "B"): 60.0,
            ("A", "A"): 0.0, ("B", "B"): 0.0, ("K", "K"): 0.0}  # fmt: skip
    assert town.seconds() == near
    through = {("A", "B"): 120.0, ("B", "A"): 120.0} if kerb == "yes" else {}
    assert town.seconds(state="possible") == near | through


def test_a_house_beside_a_shut_node_keeps_to_its_side_of_the_boundary() -> None:
    # The kerb K lies on the boundary between the drive AK and the street KB.
    town = draw(
        """
        P-----Q
        |     |
        |  A--K-----B
        |     |
        S-----R
        """,
        metres=10,
        ways={"AK": GOOD, "KB": GOOD},
        nodes={"K": "kerb=yes"},
        sites={"klinik": "PQRS"},
        houses={"K": "klinik"},
        gates={"K": ("klinik", "open", "unknown")},
        places={"K": ""},
        profile=WHEELCHAIR,
    )
    # The house from inside, the place from outside.
    assert points(town.origins, "K") == [(0, 30, 0)]
    assert points(town.destinations, "K") == [(1, 0, 0)]


def test_a_site_without_any_gate_is_reported_in_the_words_for_all() -> None:
    drawing: dict[str, Any] = {
        "metres": 10,
        "ways": {"gCDx": GOOD},
        "sites": {"klinik": "PQRS"},
        "gates": {"g": ("klinik", "locked")},
    }
    found = {
        one
        for profile in (FOOT, *WHEELS)
        for one in draw(GROUNDS, **drawing, profile=profile).origins.findings
    }
    assert {one.code for one in found} == {"origin.no_gate"}
    assert len(found) == 1


def test_a_site_sets_out_along_every_way_at_its_gate() -> None:
    picture = """
        P-----------Q
        |           |    E
        |   A-------g----C
        |           |    F
        S-----------R
    """
    drawing: dict[str, Any] = {
        "metres": 10,
        "ways": {"Ag": GOOD, "gC": GOOD, "gE": GOOD, "gF": BARE, "gR": "highway=steps"},
        "sites": {"klinik": "PQRS"},
        "gates": {"g": ("klinik", "open", "unknown")},
        "places": {"C": "", "E": "", "F": ""},
    }
    town = draw(picture, **drawing, profile=WHEELCHAIR)
    rows = points(town.origins, "klinik")
    # Inside 80 m from A, outside 0 m from the gate; not the steps.
    assert rows == [(0, 80, 0), (1, 0, 0), (2, 0, 0), (3, 0, 0)]
    assert not town.origins.estimated.any()
    diagonal = pytest.approx(np.hypot(50, 10), abs=0.1)
    assert town.seconds() == {("klinik", "C"): 50.0, ("klinik", "E"): diagonal}
    assert town.seconds(state="possible") == {
        ("klinik", "C"): 50.0, ("klinik", "E"): diagonal, ("klinik", "F"): diagonal,
    }  # fmt: skip
    assert points(draw(picture, **drawing).origins, "klinik") == [(0, 80, 0)]


def test_the_inner_edge_of_a_gate_may_begin_there() -> None:
    # The way is drawn from the gate inwards: its offset is 0 m.
    town = draw(
        GROUNDS, metres=10, ways={"gh": GOOD, "gC": GOOD}, sites={"klinik": "PQRS"},
        gates={"g": ("klinik", "open", "unknown")}, profile=ROLLATOR,
    )  # fmt: skip
    assert points(town.origins, "klinik") == [(0, 0, 0), (1, 0, 0)]


def test_bicycles_share_the_doors_of_people_on_foot() -> None:
    town = with_doors(FOOT, STEPS, houses={"K": "", "A": ""})
    network, sites = build_network(town.extract, town.given, SHIPPED)
    for other in (SHIPPED["bicycle"], SHIPPED["slow"]):
        for mine, theirs in (
            (snap_origins(network, sites), snap_origins(network, sites, other)),
            (snap_places(network, town.places), snap_places(network, town.places, other)),
        ):
            assert np.array_equal(mine.edge, theirs.edge)
            assert np.array_equal(mine.offset_m, theirs.offset_m)
            assert mine.findings == theirs.findings


def test_profiles_of_one_network_do_not_share_their_ways() -> None:
    town = draw(
        """
        A---------B
             h

        C---------D
        """,
        metres=10,
        ways={"AB": "highway=footway surface=asphalt incline=8%", "CD": GOOD, "BD": GOOD},
        houses={"h": ""},
    )
    network, sites = build_network(town.extract, town.given, SHIPPED)
    # 8 % is passable with a rollator, not in a wheelchair; asked twice, in both orders.
    for _ in range(2):
        for name, edges in (("wheelchair", [1]), ("rollator", [0]), ("resident", [0])):
            assert snap_origins(network, sites, SHIPPED[name]).edge.tolist() == edges
