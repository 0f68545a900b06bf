"""Where houses and places step onto the network, against hand-drawn maps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pytest

from geo.errors import CrsError
from geo.findings import Finding, Severity
from geo.snapping import Snapped, snap_origins, snap_places
from tests.geo.drawings import Town, draw


def points(snapped: Snapped, owner: str) -> list[tuple[int, float, float]]:
    """Return edge, metres along it and metres to it of every access point of an owner."""
    rows = np.flatnonzero(snapped.owner == snapped.ids.index(owner))
    return [
        (
            int(snapped.edge[row]),
            round(float(snapped.offset_m[row]), 3),
            round(float(snapped.gap_m[row]), 3),
        )
        for row in rows
    ]


def finding(town: Town, code: str) -> Finding:
    (found,) = (one for one in town.origins.findings if one.code == code)
    return found


def test_a_house_steps_onto_the_nearest_edge_not_the_nearest_node() -> None:
    town = draw(
        """
        A---------B
        |    h
        C
        """,
        metres=10,
        ways={"AB": "highway=footway", "AC": "highway=footway"},
        houses={"h": ""},
    )
    assert points(town.origins, "h") == [(0, 50, 10)]
    assert town.origins.start_xy[0] == pytest.approx(town.spots["h"])
    assert town.origins.foot_xy[0] == pytest.approx((town.spots["h"][0], town.spots["A"][1]))
    assert not town.origins.estimated.any()
    assert town.origins.findings == ()


def test_a_house_far_from_any_way_is_warned_about() -> None:
    town = draw(
        """
        A---------B
             h
             i
        """,
        metres=99,
        ways={"AB": "highway=footway"},
        houses={"h": "", "i": ""},
    )
    assert points(town.origins, "h") == [(0, 495, 99)]
    warning = finding(town, "origin.far")
    assert (warning.where, warning.severity) == ("i", Severity.WARNING)
    assert "198 m" in warning.message
    assert town.origins.unconnected == ()


def test_a_house_800_m_from_any_way_has_no_results_and_a_loud_warning() -> None:
    town = draw(
        """
        A---------B




             h
        """,
        metres=160,
        ways={"AB": "highway=footway"},
        houses={"h": ""},
        places={"B": ""},
    )
    assert town.origins.unconnected == ("h",)
    assert town.seconds() == {}
    warning = finding(town, "origin.too_far")
    assert (warning.where, warning.severity) == ("h", Severity.WARNING)
    assert "keine Ergebnisse" in warning.message
    assert "Gelände" not in warning.message
    assert warning.remedy


ISLAND = """
    A---------------------------B
                 C--D
                  h
"""


def test_an_island_is_passed_over_where_the_main_network_is_near() -> None:
    town = draw(
        ISLAND,
        metres=20,
        ways={"AB": "highway=residential", "CD": "highway=footway"},
        houses={"h": ""},
        places={"B": ""},
    )
    assert points(town.origins, "h") == [(0, 280, 40)]
    warning = finding(town, "origin.island_skipped")
    assert (warning.where, warning.severity) == ("h", Severity.WARNING)
    assert "40 m" in warning.message
    assert town.seconds() == {("h", "B"): 320.0}


def test_a_house_on_an_island_far_from_the_main_network_is_without_connection() -> None:
    town = draw(
        ISLAND,
        metres=200,
        ways={"AB": "highway=residential", "CD": "highway=footway"},
        houses={"h": ""},
        places={"B": "", "D": ""},
    )
    warning = finding(town, "origin.island")
    assert (warning.where, warning.severity) == ("h", Severity.WARNING)
    assert "ohne Anschluss" in warning.message
    assert "Lücke" in warning.remedy
    assert set(town.seconds()) == {("h", "D")}  # what stands on the island is reached


def test_an_only_network_is_no_island_however_small() -> None:
    town = draw(
        "A---B", metres=10, ways={"AB": "highway=footway"}, houses={"A": ""}, places={"B": ""}
    )
    assert town.origins.findings == ()
    assert town.seconds() == {("A", "B"): 40.0}


# The street AB passes the house h at 10 m, but the fence of the grounds is between.
FENCE = """
    A---------------B
    P---------------Q
    |    h          |
    |               |
    |    C----------D----E
    S---------------R
"""


def fenced(**changes: Any) -> Town:
    drawing: dict[str, Any] = {
        "metres": 10,
        "ways": {"AB": "highway=residential", "CDE": "highway=footway", "BE": "highway=footway"},
        "sites": {"klinik": "PQRS"},
        "houses": {"h": "klinik"},
        "places": {"A": "", "h": "klinik"},
    }
    return draw(FENCE, **{**drawing, **changes})


def test_a_house_never_steps_across_the_boundary_of_its_grounds() -> None:
    town = fenced()
    assert points(town.origins, "h") == [(1, 0, 20)]
    assert town.network.edge_site[1] == 0
    # The place h on the grounds keeps to them as well, a place elsewhere does not.
    assert points(town.destinations, "h") == [(1, 0, 20)]
    assert points(town.destinations, "A") == [(0, 0, 0)]


def test_a_house_outside_never_steps_onto_the_grounds() -> None:
    town = fenced(houses={"S": ""}, places={})
    # C, 51 m away on the grounds, is nearer than the street.
    (edge, _, metres) = points(town.origins, "S")[0]
    assert town.network.edge_way[edge] == 1
    assert metres == 50


def test_a_straight_line_may_not_cross_foreign_grounds() -> None:
    # AB is 50 m away, but the grounds lie between; AE is 60 m away.
    town = draw(
        """
        A---------------------B
        |
        |           P---Q
        |           |   |
        |           S---R
        |             h
        |
        |
        |
        |
        |
        C-------------E
        """,
        metres=10,
        ways={"AB": "highway=residential", "ACE": "highway=footway"},
        sites={"klinik": "PQRS"},
        houses={"h": ""},
    )
    assert points(town.origins, "h") == [(1, 250, 60)]


def test_a_house_on_grounds_without_paths_walks_straight_to_the_nearest_gate() -> None:
    town = fenced(
        ways={"AB": "highway=residential", "DE": "highway=footway", "BE": "highway=footway"},
        gates={"D": ("klinik", "open"), "R": ("klinik", "open")},
    )
    # D lies 110 m east and 20 m south of h, farther R. The path from E ends at D.
    ((_, _, metres),) = points(town.origins, "h")
    assert metres == pytest.approx(111.803)
    assert town.origins.foot_xy[0] == pytest.approx(town.spots["D"])
    assert town.origins.estimated[0]
    notice = finding(town, "origin.estimated")
    assert (notice.where, notice.severity) == ("h", Severity.INFO)
    assert town.matrix().query("from_id == 'h'")["estimated"].all()


@pytest.mark.parametrize(("status", "metres"), [("open", 10), ("locked", 20)])
def test_the_nearer_of_path_and_passable_gate_is_taken(status: str, metres: float) -> None:
    town = draw(
        """
        A-------------------B
                    |
        P-----------g-------Q
        |           h       |
        |                   |
        |    C--------------D----E
        S-------------------R
        """,
        metres=10,
        ways={"AB": "highway=residential", "CDE": "highway=footway", "BE": "highway=footway"},
        sites={"klinik": "PQRS"},
        houses={"h": "klinik"},
        gates={"g": ("klinik", status), "D": ("klinik", "open")},
    )
    assert points(town.origins, "h")[0][2] == metres
    assert town.origins.estimated[0] == (status == "open")


def test_grounds_without_gate_or_way_out_are_left_by_a_straight_line() -> None:
    town = draw(
        """
        A---------B
        P---------Q
        |    h    |
        S---------R
        """,
        metres=10,
        ways={"AB": "highway=residential"},
        sites={"klinik": "PQRS"},
        houses={"h": "klinik"},
        places={"B": ""},
    )
    assert points(town.origins, "h") == [(0, 50, 20)]
    assert town.origins.estimated[0]
    assert {"gates.none", "origin.estimated", "origin.no_gate"} <= town.codes()
    assert town.seconds() == {("h", "B"): 70.0}


def test_grounds_with_a_locked_gate_are_not_left_by_a_straight_line() -> None:
    town = draw(
        """
        A---------B
        P----g----Q
        |    h    |
        S---------R
        """,
        metres=10,
        ways={"AB": "highway=residential"},
        sites={"klinik": "PQRS"},
        houses={"h": "klinik"},
        gates={"g": ("klinik", "locked")},
        places={"B": ""},
    )
    assert town.origins.unconnected == ("h", "klinik")
    assert town.seconds() == {}


def test_a_site_starts_at_all_its_gates() -> None:
    town = fenced(
        ways={"AB": "highway=residential", "CDE": "highway=footway", "BE": "highway=footway",
              "AP": "highway=footway", "PS": "highway=footway"},
        gates={"D": ("klinik", "open"), "P": ("klinik", "Mo-Fr 8-18"), "Q": ("klinik", "locked")},
    )  # fmt: skip
    rows = np.flatnonzero(town.origins.owner == 1)
    assert town.origins.ids == ("h", "klinik")
    starts = {tuple(xy) for xy in town.origins.foot_xy[rows].round(3).tolist()}
    assert starts == {town.spots["P"], town.spots["D"]}
    assert (town.origins.gap_m[rows] == 0).all()
    assert town.seconds()["klinik", "A"] == 10.0


def test_a_place_is_entered_by_its_entrances() -> None:
    town = draw(
        """
        A-----------------B
            K-----------L
            |     x     |
            N-----------M
        C---f-----------g-----D
        """,
        metres=10,
        ways={"AB": "highway=footway", "CD": "highway=footway", "AC": "highway=footway"},
        places={"x": ""},
        outlines={"x": "KLMN"},
        entrances={"x": "fg"},
    )
    # By the outline alone AB and CD were 10 m away; the doors f and g lie on CD.
    assert points(town.destinations, "x") == [(1, 40, 0), (1, 160, 0)]


def test_a_building_is_entered_from_the_nearest_way_to_its_outline() -> None:
    town = draw(
        """
        A-----------------B
            K-----------L
            |           |
            |     x     |
            |           |
            N-----------M

        C---------------------D
        """,
        metres=10,
        ways={"AB": "highway=footway", "CD": "highway=footway", "AC": "highway=footway"},
        places={"x": ""},
        outlines={"x": "KLMN"},
    )
    ((edge, _, metres),) = points(town.destinations, "x")
    assert (edge, metres) == (0, 10)


def test_a_park_is_reached_wherever_the_network_meets_it() -> None:
    town = draw(
        """
            K-----------L
            |           |
        A---+---B---C---+---D
            |       |   |
            |       F   |   x
            N-----------M
        """,
        metres=10,
        ways={"ABCD": "highway=footway", "CF": "highway=path"},
        places={"x": ""},
        outlines={"x": "KLMN"},
    )
    # Both crossings of the outline, and the junction C and the end F inside.
    assert points(town.destinations, "x") == [(0, 40, 0), (0, 120, 0), (1, 40, 0), (2, 20, 0)]
    ends = sorted(town.destinations.foot_xy[:, 0].round(3) - 400_000)
    assert ends == [40, 120, 120, 160]


def test_a_park_on_an_island_is_reached_from_the_main_network() -> None:
    town = draw(
        """
        A---------------B
            K-------L
            | E---F |
            |   x   |
            N-------M
        """,
        metres=10,
        ways={"AB": "highway=footway", "EF": "highway=footway"},
        places={"x": ""},
        outlines={"x": "KLMN"},
    )
    # From the main network across the lawn, and from the island itself.
    assert {(edge, metres) for edge, _, metres in points(town.destinations, "x")} == {
        (0, 10), (1, 0),
    }  # fmt: skip


def test_a_place_far_from_any_way_has_no_access_point() -> None:
    town = draw(
        """
        A---B


            x
        """,
        metres=110,
        ways={"AB": "highway=footway"},
        places={"x": ""},
    )
    assert town.destinations.unconnected == ("x",)


def test_a_house_drawn_as_a_building_is_left_by_its_nearest_side() -> None:
    picture = """
        A-----------------B
            K-----------L
            |           |
            |     h     |
            N-----e-----M
        """
    ways = {"AB": "highway=footway"}
    inside = draw(picture, metres=10, ways=ways, houses={"h": ""}, outlines={"h": "KLMN"})
    assert points(inside.origins, "h")[0][2] == 10
    # e lies on the outline: it is the door, and 40 m from the way.
    door = draw(picture, metres=10, ways=ways, houses={"e": ""}, outlines={"e": "KLMN"})
    assert points(door.origins, "e")[0][2] == 40


def test_places_keep_their_order_and_may_lack_columns() -> None:
    town = draw(
        "x---B---A", metres=10, ways={"xBA": "highway=footway"}, places={"x": "", "A": "", "B": ""}
    )
    frame = town.places.drop(columns="entrances").iloc[::-1]
    snapped = snap_places(town.network, frame)
    assert snapped.ids == ("x", "B", "A")
    assert snapped.owner.tolist() == [0, 1, 2]
    nothing = snap_places(town.network, frame.iloc[:0])
    assert nothing.ids == ()
    assert len(nothing.owner) == 0


def test_a_house_at_an_island_takes_the_gate_to_the_main_network() -> None:
    # The path AB is 10 m from h and leads nowhere; the gate g is joined to MN and the street.
    town = draw(
        """
        P------------Q
        | A-B        |
        |  h         g---C---D
        |            |       |
        |            |       E
        |            |
        |            |
        |            |
        |           M|
        |           N|
        S------------R
        """,
        metres=10,
        ways={"AB": "highway=footway", "MN": "highway=footway", "CD": "highway=footway",
              "DE": "highway=footway"},
        sites={"klinik": "PQRS"},
        houses={"h": "klinik"},
        gates={"g": ("klinik", "open")},
        places={"E": ""},
    )  # fmt: skip
    # The gate is 100 m away, M 108 m.
    assert town.origins.foot_xy[0] == pytest.approx(town.spots["g"], abs=0.001)
    assert town.origins.gap_m[0] == pytest.approx(100)
    assert town.origins.estimated[0]
    assert {"origin.island_skipped", "origin.estimated"} <= town.codes()
    # 40 m to C, 40 m to D, 20 m to E.
    assert town.seconds()["h", "E"] == 200.0


def test_frames_in_degrees_are_named_in_the_error() -> None:
    town = draw("A---B", metres=10, ways={"AB": "highway=footway"}, sites={"s": "ABA"},
                places={"A": ""})  # fmt: skip
    with pytest.raises(CrsError, match="»places«"):
        snap_places(town.network, town.places.to_crs("EPSG:4326"))
    degrees = replace(town.sites, sites=town.sites.sites.to_crs("EPSG:4326"))
    with pytest.raises(CrsError, match="»sites«"):
        snap_origins(town.network, degrees)


@pytest.mark.parametrize(
    ("metres", "code"),
    [(100, None), (100.5, "origin.far"), (300, "origin.far"), (300.5, "origin.too_far")],
)
def test_the_limits_on_foot_are_100_and_300_m(metres: float, code: str | None) -> None:
    town = draw(
        "A---B\n  h\n", metres=metres, ways={"AB": "highway=footway"}, houses={"h": ""}
    )  # fmt: skip
    assert [found.code for found in town.origins.findings] == ([code] if code else [])
    assert bool(town.origins.unconnected) == (code == "origin.too_far")


def test_degrees_are_refused() -> None:
    town = draw("A---B", metres=10, ways={"AB": "highway=footway"}, places={"A": ""})
    degrees: gpd.GeoDataFrame = town.places.to_crs("EPSG:4326")
    with pytest.raises(CrsError):
        snap_places(town.network, degrees)
