"""How people on foot, on wheels and on bicycles get along, against hand-drawn maps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from geo.network import build_network
from geo.profiles import Profile, State
from geo.step_free import CONFIRMED, NO, POSSIBLE
from tests.geo.drawings import draw, make_sites
from tests.geo.travellers import (
    ALL,
    BARE,
    BICYCLE,
    FOOT,
    GOOD,
    ROLLATOR,
    SHIPPED,
    WHEELCHAIR,
    WHEELS,
    both,
    straight,
)


@pytest.mark.parametrize(
    ("profile", "seconds"),
    # 120 m; a footway is pushed along.
    [(FOOT, 120.0), (ROLLATOR, 240.0), (WHEELCHAIR, 120.0), (BICYCLE, 120.0)],
)
def test_a_good_footway_is_for_everybody(profile: Profile, seconds: float) -> None:
    town = straight({"hBCx": GOOD}, profile)
    assert both(town) == (seconds, seconds)
    assert town.network.passages[profile.id].edge_missing.tolist() == [0]


@pytest.mark.parametrize("profile", WHEELS)
def test_what_is_not_known_is_possible_and_no_more(profile: Profile) -> None:
    town = straight({"hB": GOOD, "BCx": BARE}, profile)
    confirmed, possible = both(town)
    assert confirmed is None
    assert possible == 120 / profile.speed_m_s
    passage = town.network.passages[profile.id]
    assert passage.edge_state.tolist() == [CONFIRMED, POSSIBLE]
    assert (passage.edge_missing > 0).tolist() == [False, True]
    # On confirmed ways weights are kept or closed, never changed.
    forward, backward = town.network.weights(profile.id, State.CONFIRMED)
    ms = int(40_000 / profile.speed_m_s)
    assert (forward.tolist(), backward.tolist()) == ([ms, -1], [ms, -1])


STEPS_AND_RAMP = """
    h---A---B---x
        |   |
        C---D
"""


@pytest.mark.parametrize(
    ("profile", "seconds"),
    [
        # 40 m, 40 m of steps at half the speed, 40 m; the ramp would be 200 m.
        (FOOT, 160.0),
        # 40 m, 20 + 40 + 20 m of ramp, 40 m.
        (ROLLATOR, 320.0),
        (WHEELCHAIR, 160.0),
        # Pushed up the steps at half the speed of pushing, as long as the ramp.
        (BICYCLE, 160.0),
    ],
)
def test_steps_are_climbed_or_gone_round(profile: Profile, seconds: float) -> None:
    ways = {"hA": GOOD, "AB": "highway=steps", "ACDB": GOOD, "Bx": GOOD}
    town = draw(
        STEPS_AND_RAMP, metres=10, ways=ways, houses={"h": ""}, places={"x": ""}, profile=profile
    )
    assert both(town) == (seconds, seconds)
    del ways["ACDB"]
    town = draw(
        STEPS_AND_RAMP, metres=10, ways=ways, houses={"h": ""}, places={"x": ""}, profile=profile
    )
    wheels = profile in WHEELS
    assert both(town) == ((None, None) if wheels else (160.0, 160.0))


def test_who_cannot_climb_steps_goes_round_them_on_foot_too() -> None:
    ways = {"hA": GOOD, "AB": "highway=steps", "ACDB": GOOD, "Bx": GOOD}
    for profile in (replace(FOOT, steps_speed_m_s=None), replace(BICYCLE, steps_speed_m_s=None)):
        town = draw(
            STEPS_AND_RAMP, metres=10, ways=ways, houses={"h": ""}, places={"x": ""},
            profile=profile,
        )  # fmt: skip
        assert town.seconds() == {("h", "x"): 160.0}
        forward, backward = town.network.weights(profile.id)
        assert [forward[1], backward[1]] == [-1, -1]


@pytest.mark.parametrize(
    ("incline", "state", "seconds"),
    [
        # Level 40 + 40 m; the middle 40 m at 0 %, 4 % (half as long again), or too steep.
        ("0", CONFIRMED, 120.0),
        ("3%", CONFIRMED, 120.0),
        ("4%", CONFIRMED, 140.0),
        ("-4%", CONFIRMED, 140.0),
        ("6%", CONFIRMED, 140.0),
        ("8%", NO, None),
        # It could be rolled down from B to C, but nobody comes back.
        ("-8%", NO, None),
        ("up", POSSIBLE, 120.0),
    ],
)
def test_the_return_trip_decides_on_inclines(
    incline: str, state: int, seconds: float | None
) -> None:
    steep = GOOD.replace("incline=0", f"incline={incline}")
    town = draw(
        "h---B---C---x",
        metres=10,
        ways={"hB": GOOD, "BC": steep, "Cx": GOOD},
        houses={"h": "", "x": ""},
        places={"h": "", "x": ""},
        profile=WHEELCHAIR,
    )
    assert town.network.passages["wheelchair"].edge_state.tolist()[1] == state
    confirmed = seconds if state == CONFIRMED else None
    # There and back are the same.
    assert both(town, "hx") == both(town, "xh") == (confirmed, seconds)
    forward, backward = town.network.weights("wheelchair", State.POSSIBLE)
    assert np.array_equal(forward, backward)


# The crossing KL leads over the street ST at M.
CROSSING = """
          S
          |
    h--K--M--L--x
          |
          T
"""


@pytest.mark.parametrize(
    ("near", "far", "state"),
    [
        ("kerb=lowered", "kerb=lowered", CONFIRMED),
        ("kerb=flush", "kerb=lowered", CONFIRMED),
        ("kerb=lowered", "kerb=raised", NO),
        ("kerb=raised", "kerb=lowered", NO),
        ("kerb=lowered", "", POSSIBLE),
        ("", "", POSSIBLE),
        ("kerb=lowered", "kerb=yes", POSSIBLE),
    ],
)
@pytest.mark.parametrize("profile", WHEELS)
@pytest.mark.parametrize("whole", [True, False])
def test_a_crossing_is_as_good_as_both_its_kerbs(
    near: str, far: str, state: int, profile: Profile, *, whole: bool
) -> None:
    crossing = f"{GOOD} footway=crossing"
    # The crossing is drawn from kerb to kerb, or from pavement to pavement.
    ways = {"hKMLx": crossing} if whole else {"hK": GOOD, "KML": crossing, "Lx": GOOD}
    town = draw(
        CROSSING,
        metres=10,
        ways={**ways, "SMT": "highway=residential"},
        nodes={"K": near, "L": far, "M": "highway=crossing crossing=uncontrolled"},
        houses={"h": ""},
        places={"x": ""},
        profile=profile,
    )
    seconds = 120 / profile.speed_m_s  # the kerbs cost nothing
    assert (
        both(town)
        == {
            CONFIRMED: (seconds, seconds),
            POSSIBLE: (None, seconds),
            NO: (None, None),
        }[state]
    )


def test_a_kerb_in_the_middle_of_a_way_is_not_passed_over_but_come_to() -> None:
    town = draw(
        "h---K---x",
        metres=10,
        ways={"hKx": GOOD},
        nodes={"K": "barrier=kerb kerb=raised"},
        houses={"h": ""},
        places={"K": "", "x": ""},
        profile=WHEELCHAIR,
    )
    assert town.edges() == [("Kx", 40), ("hK", 40)]
    assert town.network.passages["wheelchair"].closed_nodes(State.POSSIBLE).sum() == 1
    assert town.seconds(state="possible") == {("h", "K"): 40.0}
    on_foot = draw(
        "h---K---x",
        metres=10,
        ways={"hKx": GOOD},
        nodes={"K": "barrier=kerb kerb=raised"},
        houses={"h": ""},
        places={"x": ""},
    )
    assert on_foot.seconds() == {("h", "x"): 80.0}
    assert not on_foot.network.passages["resident"].closed_nodes(State.CONFIRMED).any()


SQUARE = """
    h-A---B
      |   |
      C---D-x
"""


@pytest.mark.parametrize(
    ("surface", "profile", "expected"),
    [
        # 20 m, √(40² + 20²) = 44.7 m straight across, 20 m; 100 m round the rim.
        ("surface=asphalt incline=0", WHEELCHAIR, (84.7, 84.7)),
        ("surface=asphalt incline=0", ROLLATOR, (169.4, 169.4)),
        ("", WHEELCHAIR, (None, 84.7)),
        # Across the square and along its rim, sand is sand.
        ("surface=sand incline=0", WHEELCHAIR, (None, None)),
        ("surface=sand", FOOT, (84.7, 84.7)),
        # Nobody rides across a pedestrian square unasked.
        ("surface=asphalt", BICYCLE, (84.7, 84.7)),
        # 20 m pushed, 44.7 m ridden, 20 m pushed.
        ("surface=asphalt bicycle=yes", BICYCLE, (51.2, 51.2)),
    ],
)
def test_squares_are_crossed_on_their_own_surface(
    surface: str, profile: Profile, expected: tuple[float | None, float | None]
) -> None:
    town = draw(
        SQUARE,
        metres=10,
        ways={"ABDCA": f"highway=pedestrian area=yes {surface}", "hA": GOOD, "Dx": GOOD},
        houses={"h": ""},
        places={"x": ""},
        profile=profile,
    )
    assert both(town) == (
        pytest.approx(expected[0], abs=0.11) if expected[0] else None,
        pytest.approx(expected[1], abs=0.11) if expected[1] else None,
    )


def test_a_bridge_is_not_joined_to_the_way_below_for_anybody() -> None:
    for profile in ALL:
        town = draw(
            """
                  C
                  |
            h-----+-----B
                  |
                  x
            """,
            metres=10,
            ways={"hB": GOOD, "Cx": f"{GOOD} bridge=yes layer=1"},
            houses={"h": ""},
            places={"x": ""},
            profile=profile,
        )
        state = profile.states[-1]
        assert ("h", "B") not in town.seconds(state=state)
        # x steps onto the bridge that it lies on; nothing leads there.
        assert ("h", "x") not in town.seconds(state=state) or profile not in WHEELS


@pytest.mark.parametrize("profile", ALL)
def test_a_clipped_way_is_not_bridged(profile: Profile) -> None:
    # 40 m a letter: from B to x there are 480 m, and no straight line that long.
    town = draw(
        "h---B---M---C---x", metres=40, ways={"hBMCx": GOOD}, missing="M",
        houses={"h": ""}, places={"B": "", "x": ""}, profile=profile,
    )  # fmt: skip
    seconds = 160 / profile.access_speed_m_s
    assert town.seconds(state=profile.states[-1]) == {("h", "B"): seconds}


# Pavements ab and cd on both sides of the street UV, a crossing kl between them.
PAVEMENTS = """
    h---k-------b
    |   |       |
    U---m-------V
    |   |       |
    c---l-------x
"""


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        # On foot down the street's left side: 20 + 20 + 120 m, however.
        (FOOT, (160.0, 160.0)),
        # Confirmed: 40 m of pavement, 40 m of crossing, 80 m of pavement. The streets at both
        # ends have no surface: possible only, and no shorter.
        (WHEELCHAIR, (160.0, 160.0)),
        (ROLLATOR, (320.0, 320.0)),
    ],
)
def test_pavements_mapped_separately_carry_wheels_over_the_crossing(
    profile: Profile, expected: tuple[float, float]
) -> None:
    pavement = f"{GOOD} footway=sidewalk"
    drawing: dict[str, Any] = {
        "metres": 10,
        "houses": {"h": ""},
        "places": {"x": ""},
        "profile": profile,
    }
    ways = {
        "hkb": pavement,
        "clx": pavement,
        "UmV": "highway=residential sidewalk=separate",
        "kml": f"{GOOD} footway=crossing",
        "hUc": "highway=residential sidewalk=separate",
    }
    lowered = {"k": "kerb=lowered", "l": "kerb=lowered", "m": "highway=crossing"}
    assert both(draw(PAVEMENTS, ways=ways, nodes=lowered, **drawing)) == expected
    if profile is FOOT:
        return
    # A raised kerb, and the carriageway is the only way left: possible at best.
    raised = lowered | {"l": "kerb=raised"}
    confirmed, possible = both(draw(PAVEMENTS, ways=ways, nodes=raised, **drawing))
    assert (confirmed, possible) == (None, None)  # l bars the pavement cd as well
    beside = {**ways, "kml": f"{GOOD} footway=crossing kerb=raised"}
    assert both(draw(PAVEMENTS, ways=beside, **drawing)) == (None, expected[1])


def test_an_island_on_wheels_is_named_once_per_profile() -> None:
    town = draw(
        "h---B---C---x---D---E",
        metres=10,
        ways={"hB": GOOD, "BC": "highway=steps", "CxD": GOOD, "DE": GOOD},
        houses={"h": ""},
        places={"B": "", "x": ""},
        profile=WHEELCHAIR,
    )
    assert town.seconds() == {("h", "B"): 40.0}
    (found,) = town.origins.findings
    assert (found.code, found.where) == ("origin.wheels_island", "h")
    assert WHEELCHAIR.label in found.message
    assert "40 m" in found.message
    on_foot = replace(town, profile=FOOT)
    network, _ = build_network(town.extract, town.given, {FOOT.id: FOOT})
    assert replace(on_foot, network=network).origins.findings == ()


def test_a_one_way_street_is_ridden_one_way_and_pushed_back() -> None:
    street = {"hBCx": "highway=residential oneway=yes"}
    drawing: dict[str, Any] = {
        "metres": 10,
        "houses": {"h": "", "x": ""},
        "places": {"h": "", "x": ""},
    }
    town = draw("h---B---C---x", ways=street, profile=BICYCLE, **drawing)
    seconds = town.seconds()
    assert (seconds["h", "x"], seconds["x", "h"]) == (30.0, 120.0)  # 4 m/s, and 1 m/s back
    open_ = {"hBCx": "highway=residential oneway=yes oneway:bicycle=no"}
    seconds = draw("h---B---C---x", ways=open_, profile=BICYCLE, **drawing).seconds()
    assert (seconds["h", "x"], seconds["x", "h"]) == (30.0, 30.0)
    seconds = draw("h---B---C---x", ways=street, profile=FOOT, **drawing).seconds()
    assert (seconds["h", "x"], seconds["x", "h"]) == (120.0, 120.0)


CYCLEWAY = """
    h---A-------B---x
        |       |
        C-------D
"""


def test_a_cycleway_closed_to_walkers_is_for_bicycles_only() -> None:
    ways = {
        "hA": GOOD,
        "AB": "highway=cycleway foot=no",
        "ACDB": GOOD,
        "Bx": GOOD,
    }
    drawing: dict[str, Any] = {"metres": 10, "houses": {"h": ""}, "places": {"x": ""}}
    town = draw(CYCLEWAY, ways=ways, profile=FOOT, **drawing)
    assert town.network.edge_on_foot.tolist() == [True, False, True, True]
    # 40 + 20 + 80 + 20 + 40 m round; 40 m pushed, 80 m ridden at 4 m/s, 40 m pushed.
    assert town.seconds() == {("h", "x"): 200.0}
    assert both(draw(CYCLEWAY, ways=ways, profile=WHEELCHAIR, **drawing)) == (200.0, 200.0)
    assert draw(CYCLEWAY, ways=ways, profile=BICYCLE, **drawing).seconds() == {("h", "x"): 100.0}


def test_nobody_on_foot_steps_onto_a_way_for_bicycles_only() -> None:
    town = draw(
        """
        A---------B
             h
        C---------D
        """,
        metres=20,
        ways={"AB": "highway=cycleway foot=no", "CD": GOOD},
        houses={"h": ""},
        places={"D": ""},
        profile=BICYCLE,
    )
    assert town.network.edge_way[town.origins.edge].tolist() == [2]


def test_all_profiles_share_one_network() -> None:
    town = straight({"hB": GOOD, "BC": "highway=steps", "Cx": BARE}, FOOT)
    network, _ = build_network(town.extract, make_sites({}, {}, {}), SHIPPED)
    assert list(network.passages) == list(SHIPPED)
    for key in ("walk", "resident", "slow", "bicycle"):
        passage = network.passages[key]
        assert (passage.edge_state == CONFIRMED).all()
        assert (passage.node_state == CONFIRMED).all()
    states = network.passages["wheelchair"].edge_state.tolist()
    assert states == [CONFIRMED, NO, POSSIBLE]
    assert network.passages["wheelchair"].edge_missing[1] == 0
    with pytest.raises(KeyError):
        network.weights("nobody")
