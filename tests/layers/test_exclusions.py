"""What is ruled out as a place for a project, by hand on a street."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import shapely

from layers.candidates import Candidates, find_candidates
from layers.taxonomy import Taxonomy
from tests.geo.drawings import CORNER, Town, draw
from tests.layers.placed import placed, project

ROOMS = {"a": "library", "b": "library", "c": "library"}


def street(**drawn: Any) -> Town:
    """Draw a street of 600 m with a house at its western end and three places 10 m beside it.

    ``a`` lies 100 m, ``b`` 200 m, ``c`` 400 m east of the corner, all at 10 m south of it.
    """
    picture = "A" + "-" * 59 + "D\nh         a         b                   c"
    return draw(
        picture,
        metres=10,
        **{
            "ways": {"AD": "highway=residential"},
            "houses": {"h": ""},
            "places": {"a": "", "b": "", "c": ""},
            **drawn,
        },
    )


def box(west: float, east: float, south: float = 20.0, north: float = 5.0) -> Any:
    """Return a box in metres east and south of the corner."""
    x, y = CORNER
    return shapely.box(x + west, y - south, x + east, y - north)


def line(*spots: tuple[float, float]) -> Any:
    return shapely.LineString([(CORNER[0] + east, CORNER[1] - south) for east, south in spots])


def found(town: Town, *, kinds: Any = None, **said: Any) -> Candidates:
    return find_candidates(placed(town, kinds or ROOMS, **said), project("rooms", "partners"))


def ids(candidates: Candidates) -> list[str]:
    return candidates.frame["id"].tolist()


def test_nothing_is_ruled_out_without_a_reason() -> None:
    candidates = found(street())
    assert ids(candidates) == ["a", "b", "c"]
    assert candidates.ruled_out == {}


def test_industrial_areas_unless_allowed() -> None:
    base = {"w9": ("built_up", "industrial", "Gewerbe", box(150, 250)),
            "w8": ("built_up", "residential", "", box(0, 120))}  # fmt: skip
    candidates = found(street(), base=base)
    assert ids(candidates) == ["a", "c"]
    assert candidates.ruled_out == {"in einem Industriegebiet": 1}
    assert ids(found(street(), base=base, placement={"industrial": True})) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("kind", "metres", "left"),
    [
        # The road runs 20 m south of the places (30 m south of the corner), from 90 m to 210 m:
        # a and b are 20 m away, c is 190 m from its end and 191.05 m away.
        ("primary", 19.9, ["a", "b", "c"]),
        ("primary", 20.1, ["c"]),
        ("secondary_link", 20.1, ["c"]),
        ("trunk", 191.0, ["c"]),
        ("motorway", 191.1, []),
        ("tertiary", 500.0, ["a", "b", "c"]),
    ],
)
def test_main_roads(kind: str, metres: float, left: list[str]) -> None:
    base = {"w9": ("street", kind, "", line((90, 30), (210, 30)))}
    candidates = found(street(), base=base, placement={"main_road_m": metres})
    assert ids(candidates) == left
    if len(left) < 3:
        (reason,) = candidates.ruled_out
        assert reason == f"höchstens {metres:g} m von einer Hauptstraße".replace(".", ",")
        assert candidates.ruled_out[reason] == 3 - len(left)


def test_a_building_counts_from_its_wall_a_park_from_its_point() -> None:
    # The outline of b (PQRS) reaches 30 m south of its point, to 10 m from the road.
    picture = """
    A-----------------------------D
    h         b
             P Q
             S R
    """
    drawn: dict[str, Any] = {"metres": 10, "ways": {"AD": "highway=residential"},
                             "houses": {"h": ""}, "places": {"b": ""},
                             "outlines": {"b": "PQRS"}}  # fmt: skip
    town = draw(picture, **drawn)
    base = {"w9": ("street", "primary", "", line((0, 45), (300, 45)))}
    said: dict[str, Any] = {"base": base, "placement": {"main_road_m": 20}}
    # Wall at 30 m south, road at 45 m: 15 m. The point is at 10 m: 35 m.
    assert ids(found(town, kinds={"b": "library"}, **said)) == []
    people = placed(town, {"b": "park"}, **said)
    assert ids(find_candidates(people, project("open"))) == ["b"]


def test_grounds_allowed_forbidden_or_only() -> None:
    # The grounds XYRS reach from 70 m to 130 m; the street crosses them.
    town = draw(
        """
               X     Y
        A----------------------------D
        h         a              b
               S     R
        """,
        metres=10,
        ways={"AD": "highway=residential"},
        houses={"h": ""},
        sites={"s": "XYRS"},
        places={"a": "s", "b": ""},
    )
    kinds = {"a": "library", "b": "library"}
    assert ids(found(town, kinds=kinds)) == ["a", "b"]
    forbidden = found(town, kinds=kinds, placement={"on_campus": "forbid"})
    assert ids(forbidden) == ["b"]
    assert forbidden.ruled_out == {"auf dem Gelände (die Studie schließt es aus)": 1}
    only = found(town, kinds=kinds, placement={"on_campus": "only"})
    assert ids(only) == ["a"]
    assert only.ruled_out == {"nicht auf dem Gelände (die Studie sucht nur dort)": 1}


def test_never_in_a_house_of_residents() -> None:
    # The house's outline PQRS takes in the library a; b is where the house's point is.
    town = draw(
        """
        A--------------------D
          P     Q
            h a
          S     R     b
        """,
        metres=10,
        ways={"AD": "highway=residential"},
        houses={"h": ""},
        outlines={"h": "PQRS"},
        places={"a": "", "b": ""},
    )
    candidates = found(town, kinds={"a": "library", "b": "library"})
    assert ids(candidates) == ["b"]
    assert candidates.ruled_out == {"in einem Wohnhaus der Studie": 1}


def test_never_the_building_that_a_house_is_in_but_the_park_around_it() -> None:
    town = draw(
        """
        A--------------------D
          P     Q
            h a
          S     R
        """,
        metres=10,
        ways={"AD": "highway=residential"},
        houses={"h": ""},
        outlines={"a": "PQRS"},
        places={"a": ""},
    )
    assert ids(found(town, kinds={"a": "library"})) == []
    people = placed(town, {"a": "park"})
    assert ids(find_candidates(people, project("open"))) == ["a"]


def test_never_in_a_hospital_a_prison_or_a_closed_unit() -> None:
    said = [
        {"w9": ("built_up", "hospital", "Klinikum", box(50, 150))},
        {"w9": ("built_up", "prison", "", box(50, 150))},
        {"w9": ("built_up", "military", "", box(50, 150))},
        {"w9": ("building", "yes", "Klinik für Forensische Psychiatrie", box(50, 150))},
        {"w9": ("built_up", "institutional", "Maßregelvollzugsklinik", box(50, 150))},
    ]
    for base in said:
        candidates = found(street(), base=base)
        assert ids(candidates) == ["b", "c"], base
        assert list(candidates.ruled_out.values()) == [1]
        assert "geschlossenen Einrichtung" in next(iter(candidates.ruled_out))
    named = found(street(), names={"b": "Bücherei der JVA", "c": "Javahaus"})
    assert ids(named) == ["a", "c"]


def test_areas_of_hospitals_that_the_base_map_calls_otherwise() -> None:
    # An area with landuse=institutional and amenity=hospital: the tags of the feature tell.
    town = draw(
        """
        A--------------------D
        h P     Q
            a   k         b
          S     R
        """,
        metres=10,
        ways={"AD": "highway=residential"},
        houses={"h": ""},
        outlines={"k": "PQRS"},
        places={"a": "", "b": "", "k": ""},
    )
    kinds = {"a": "library", "b": "library", "k": "hospital"}
    assert ids(found(town, kinds=kinds, tags={"k": {"amenity": "hospital"}})) == ["b"]
    assert ids(found(town, kinds=kinds, tags={"k": {"healthcare": "hospital"}})) == ["b"]
    assert ids(found(town, kinds=kinds, tags={"k": {"amenity": "prison"}})) == ["b"]
    assert ids(found(town, kinds=kinds, tags={"k": {"amenity": "clinic"}})) == ["a", "b"]


def test_a_hospitals_grounds_may_be_the_studys_own() -> None:
    town = draw(
        """
        X     Y
        A--------------------D
        h  a              b
        Z     W
        """,
        metres=10,
        ways={"AD": "highway=residential"},
        houses={"h": "s"},
        sites={"s": "XYWZ"},
        places={"a": "s", "b": ""},
    )
    base = {"w9": ("built_up", "hospital", "Klinikum", box(0, 400, south=50, north=-50))}
    assert ids(found(town, kinds={"a": "library", "b": "library"}, base=base)) == ["a"]
    closed = {"w9": ("built_up", "hospital", "Forensik", box(0, 400, south=50, north=-50))}
    assert ids(found(town, kinds={"a": "library", "b": "library"}, base=closed)) == []


@pytest.mark.parametrize("kind", ["group_home", "assisted_living", "shelter", "outreach;shelter"])
def test_never_a_home_of_others(kind: str) -> None:
    kinds = {"a": "social_facility", "b": "social_facility", "c": "library"}
    tags = {"a": {"social_facility": kind}, "b": {"social_facility": "outreach"}}
    candidates = found(street(), kinds=kinds, tags=tags)
    assert ids(candidates) == ["b", "c"]
    assert candidates.ruled_out == {"ein Wohnangebot für andere Menschen": 1}


def test_one_drawing_of_a_home_is_enough() -> None:
    # a is drawn twice, and only its second drawing (c) says what it is.
    kinds = {"a": "social_facility", "b": "library", "c": "pharmacy"}
    people = placed(street(), kinds, tags={"c": {"social_facility": "group_home"}})
    frame = people.ready.places.frame
    frame["osm_ids"] = ["a,c", "b", "c"]
    candidates = find_candidates(people, project("rooms", "partners"))
    assert ids(candidates) == ["b"]


def with_risk(people: Any, *categories: str) -> Any:
    """Switch categories of the risk layer on in the study's taxonomy."""
    known = people.ready.taxonomy
    on = tuple(one for one in known.switched_off if one.id in categories)
    taxonomy = Taxonomy((*known.categories, *on), known.switched_off)
    changed = replace(people.ready, taxonomy=taxonomy)
    changed.__dict__["places"] = people.ready.places
    result = replace(people, ready=changed)
    result.__dict__.update(residents=people.residents, neighbours=people.neighbours)
    return result


RISK = {"risk": True, "risk_m": 100}


def test_places_of_the_risk_layer_where_the_study_allows_it() -> None:
    # c is 200 m from b and 300 m from a.
    kinds = {"a": "library", "b": "library", "c": "gambling"}
    for metres, left in ((199, ["a", "b"]), (200, ["a"]), (300, [])):
        people = placed(street(), kinds, placement={"risk": True, "risk_m": metres})
        candidates = find_candidates(with_risk(people, "gambling"), project("rooms"))
        assert ids(candidates) == left
        assert candidates.findings == ()
        if len(left) < 2:
            assert candidates.ruled_out == {
                f"höchstens {metres} m von einem Ort, den die Studie meidet": 2 - len(left)
            }


def test_a_risk_layer_that_is_off_is_said() -> None:
    (finding,) = found(street(), placement=RISK).findings
    assert finding.code == "placement.risk_layer_off"
    assert "taxonomy" in finding.remedy


def test_a_supermarket_is_never_a_risk() -> None:
    people = placed(street(), {**ROOMS, "c": "supermarket"}, placement=RISK)
    frame = people.ready.places.frame
    frame.loc[frame["id"] == "c", "layer"] = "risk"
    assert ids(find_candidates(people, project("rooms"))) == ["a", "b"]


def test_everything_ruled_out_says_why_each_one_once() -> None:
    base = {
        "w9": ("built_up", "industrial", "", box(0, 600)),
        "w8": ("street", "primary", "", line((0, 0), (250, 0))),
    }
    candidates = found(street(), base=base, placement={"main_road_m": 50})
    assert ids(candidates) == []
    # All three lie in the industrial area, which is asked first: a and b count once.
    assert candidates.ruled_out == {"in einem Industriegebiet": 3}
    assert list(candidates.frame.columns) == list(found(street()).frame.columns)
