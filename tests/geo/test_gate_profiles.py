"""Gates, barriers and private grounds for everybody, against hand-drawn maps."""

from __future__ import annotations

from typing import Any

import pytest

from geo.profiles import Profile
from tests.geo.drawings import Town, draw
from tests.geo.travellers import ALL, BICYCLE, FOOT, GOOD, ROLLATOR, WHEELCHAIR, both, straight


@pytest.mark.parametrize(
    ("node", "profile", "expected"),
    [
        # Straight on 80 m, or 40 + 20 + 20 + 20 + 20 + ... round: 120 m.
        ("barrier=stile", FOOT, (80.0, 80.0)),
        ("barrier=stile", WHEELCHAIR, (120.0, 120.0)),
        ("barrier=stile", ROLLATOR, (240.0, 240.0)),
        ("barrier=bollard", WHEELCHAIR, (80.0, 80.0)),
        ("barrier=gate", WHEELCHAIR, (120.0, 80.0)),
        ("barrier=gate wheelchair=yes", WHEELCHAIR, (80.0, 80.0)),
        ("barrier=gate locked=yes", FOOT, (120.0, 120.0)),
        ("barrier=gate locked=yes", BICYCLE, (120.0, 120.0)),
        ("highway=elevator wheelchair=no", WHEELCHAIR, (120.0, 120.0)),
    ],
)
def test_barriers_off_the_grounds(
    node: str, profile: Profile, expected: tuple[float, float]
) -> None:
    town = draw(
        """
        h-A---S---B-x
          |       |
          C-------D
        """,
        metres=10,
        ways={"hA": GOOD, "ASB": GOOD, "ACDB": GOOD, "Bx": GOOD},
        nodes={"S": node},
        houses={"h": ""},
        places={"x": ""},
        profile=profile,
    )
    # 20 + 80 + 20 m straight on; 20 + 20 + 80 + 20 + 20 m round.
    assert both(town) == tuple({80: 120, 120: 160, 240: 320}[int(seconds)] for seconds in expected)


CAMPUS = """
    P-------Q
    |       |
    | h-----G-----x
    |       |
    S-------R
"""


def campus(profile: Profile, *gate: str, way: str = GOOD, node: str = "") -> Town:
    return draw(
        CAMPUS,
        metres=10,
        ways={"hGx": way},
        nodes={"G": node},
        sites={"klinik": "PQRS"},
        houses={"h": "klinik"},
        gates={"G": ("klinik", *gate)} if gate else {},
        places={"x": ""},
        profile=profile,
    )


@pytest.mark.parametrize(
    ("status", "step_free", "expected"),
    [
        ("open", "yes", (120.0, 120.0)),
        ("Mo-Fr 08:00-18:00", "yes", (120.0, 120.0)),
        ("open", "unknown", (None, 120.0)),
        ("open", "no", (None, None)),
        ("locked", "yes", (None, None)),
    ],
)
def test_what_the_study_says_of_a_gate_decides_on_wheels(
    status: str, step_free: str, expected: tuple[float | None, float | None]
) -> None:
    for node in ("", "barrier=gate", "barrier=kissing_gate"):
        town = campus(WHEELCHAIR, status, step_free, node=node)
        # Not knowing does not open what the map closes.
        barred = step_free == "unknown" and "kissing" in node
        assert both(town) == ((None, None) if barred else expected)
        on_foot = campus(FOOT, status, step_free, node=node)
        assert both(on_foot) == ((None, None) if status == "locked" else (120.0, 120.0))


def test_what_the_study_says_of_a_gate_holds_for_the_barrier_beside_it() -> None:
    # The kissing gate K is drawn 10 m inside the boundary.
    drawing: dict[str, Any] = {
        "metres": 10,
        "ways": {"hKGx": GOOD},
        "nodes": {"K": "barrier=kissing_gate"},
        "sites": {"klinik": "PQRS"},
        "houses": {"h": "klinik"},
        "places": {"x": ""},
        "profile": WHEELCHAIR,
    }
    picture = CAMPUS.replace("h-----G", "h----KG")
    assert both(draw(picture, **drawing, gates={"G": ("klinik", "open", "yes")})) == (120, 120)
    assert both(draw(picture, **drawing, gates={"G": ("klinik", "open")})) == (None, None)
    # 30 m off it is another gate.
    picture = CAMPUS.replace("h-----G", "h--K--G")
    assert both(draw(picture, **drawing, gates={"G": ("klinik", "open", "yes")})) == (None, None)


def test_a_site_starts_at_its_gate_whether_or_not_that_is_known_to_be_step_free() -> None:
    for step_free in ("yes", "unknown"):
        town = campus(WHEELCHAIR, "open", step_free)
        # From the gate on, 60 m.
        assert both(town, ("klinik", "x")) == (60.0, 60.0)  # type: ignore[arg-type]
    town = campus(WHEELCHAIR, "open", "no")
    assert town.origins.unconnected == ("klinik",)
    assert {"origin.wheels_no_gate"} == {
        found.code for found in town.origins.findings if found.where == "klinik"
    }
    assert campus(FOOT, "open", "no").origins.unconnected == ()


@pytest.mark.parametrize(
    ("status", "node", "expected"),
    [
        ("open", "", False),
        ("Mo-Fr 08:00-18:00", "", True),
        ("Mo-Fr 08:00-18:00", "barrier=gate", True),
        ("open", "barrier=gate opening_hours=08:00-18:00", False),  # the study knows better
        (None, "barrier=gate opening_hours=08:00-18:00", True),
        (None, "barrier=gate opening_hours=24/7", False),
        (None, "barrier=gate", False),
    ],
)
@pytest.mark.parametrize("profile", ALL)
def test_gates_by_hours_are_marked(
    status: str | None, node: str, profile: Profile, *, expected: bool
) -> None:
    town = campus(profile, *([status, "yes"] if status else []), node=node)
    network = town.network
    marked = [chr(osm) for osm in network.node_osm[network.node_by_hours]]
    assert marked == (["G"] if expected else [])
    matrix = town.matrix(state=profile.states[-1]).set_index("from_id")
    assert bool(matrix.loc["h", "by_hours"]) == expected


def test_a_park_gate_by_hours_is_marked_too() -> None:
    town = straight({"hBCx": GOOD}, FOOT, nodes={"B": "barrier=gate opening_hours=sunrise-sunset"})
    assert town.network.node_by_hours.sum() == 1
    assert town.matrix()["by_hours"].tolist() == [True]


@pytest.mark.parametrize("profile", ALL)
def test_private_ways_are_used_on_the_own_grounds_by_everybody(profile: Profile) -> None:
    private = f"{GOOD} access=private"
    town = campus(profile, "open", "yes", way=private)
    # The way goes on for 60 m outside: too far for the mouth of a drive.
    drawn = ~town.network.edge_estimated
    assert town.network.edge_private[drawn].tolist() == [True]
    assert town.network.edge_site[drawn].tolist() == [0]
    drawing = CAMPUS.replace("G-----x", "G--A--x")
    near = draw(
        drawing, metres=10, ways={"hGA": private, "Ax": GOOD}, sites={"klinik": "PQRS"},
        houses={"h": "klinik"}, gates={"G": ("klinik", "open", "yes")}, places={"x": ""},
        profile=profile,
    )  # fmt: skip
    # 60 + 30 m on private ways, 30 m beyond.
    assert near.seconds()["h", "x"] == 120 / profile.access_speed_m_s
    assert near.matrix().set_index("from_id").loc["h", "private"]


def test_links_to_a_gate_are_never_confirmed() -> None:
    drawing: dict[str, Any] = {
        "metres": 10,
        "ways": {"AB": GOOD, "CDx": GOOD},
        "sites": {"klinik": "PQRS"},
        "houses": {"A": "klinik"},
        "gates": {"g": ("klinik", "open", "yes")},
        "places": {"x": ""},
    }
    picture = """
        P-----------Q
        |           |
        |   A---B---g----C
        |           |    |
        S-----------R    D---x
    """
    # 40 m to B, 40 m to the gate, 50 m to C, 20 + 40 m to x.
    assert both(draw(picture, **drawing, profile=WHEELCHAIR), "Ax") == (None, 190.0)
    assert both(draw(picture, **drawing, profile=ROLLATOR), "Ax") == (None, 380.0)
    assert both(draw(picture, **drawing, profile=FOOT), "Ax") == (190.0, 190.0)
    assert both(draw(picture, **drawing, profile=BICYCLE), "Ax") == (190.0, 190.0)


def test_ways_for_bicycles_only_do_not_lead_into_grounds() -> None:
    town = draw(
        CAMPUS, metres=10, ways={"hGx": "highway=cycleway foot=no"}, sites={"klinik": "PQRS"},
        houses={"h": "klinik"}, places={"x": ""}, profile=BICYCLE,
    )  # fmt: skip
    assert len(town.network.edge_from) == 0
    assert town.sites.gates.empty


def test_ways_for_bicycles_only_lead_round_grounds() -> None:
    # The cycleway AB leads round a corner of the grounds, 10 m from them.
    picture = """
        h---A-----------C
              P-------Q
              |       |
              S-------R
                        B---x
    """
    ways = {"hA": GOOD, "ACB": "highway=cycleway foot=no", "Bx": GOOD}
    drawing: dict[str, Any] = {
        "metres": 10,
        "sites": {"klinik": "PQRS"},
        "houses": {"h": ""},
        "places": {"x": ""},
        "profile": BICYCLE,
    }
    town = draw(picture, ways=ways, **drawing)
    # 40 m pushed, 120 m and 40 m ridden at 4 m/s, 40 m pushed.
    assert town.seconds() == {("h", "x"): 120.0}
