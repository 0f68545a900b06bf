"""Where a project may stand, by hand on drawn towns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import shapely

from layers.candidates import Candidates, find_candidates
from layers.projects import load_projects
from tests.geo.drawings import CORNER, Town, draw
from tests.layers.placed import placed, project


def names(candidates: Candidates) -> dict[str, str]:
    return dict(zip(candidates.frame["id"], candidates.frame["name"], strict=True))


def sources(candidates: Candidates) -> dict[str, str]:
    return dict(zip(candidates.frame["id"], candidates.frame["source"], strict=True))


def spots(candidates: Candidates) -> dict[str, tuple[float, float]]:
    """Return metres east and south of the corner by id."""
    frame = candidates.frame
    return {
        key: (round(x - CORNER[0], 2), round(CORNER[1] - y, 2))
        for key, x, y in zip(frame["id"], frame.geometry.x, frame.geometry.y, strict=True)
    }


def street(places: str, **drawn: Any) -> Town:
    """Draw a street of 250 m with a house at its beginning and places every 20 m beside it."""
    picture = "A" + "-" * 24 + "B\nh" + "".join(f" {sign}" for sign in places)
    return draw(
        picture,
        metres=10,
        **{
            "ways": {"AB": "highway=residential name=Ahornweg"},
            "houses": {"h": ""},
            "places": dict.fromkeys(places, ""),
            **drawn,
        },
    )


KINDS = {
    "a": "library", "b": "clubs", "c": "park", "d": "cafe", "e": "pub", "f": "school",
    "g": "hospital", "i": "place_of_worship",
}  # fmt: skip


def test_rooms_partners_and_open_spaces() -> None:
    people = placed(street("abcdefgi"), KINDS)
    # A library and a church are rooms first; pubs, schools and hospitals are neither.
    assert sources(find_candidates(people, project("rooms"))) == {"a": "room", "i": "room"}
    assert sources(find_candidates(people, project("rooms", "partners"))) == {
        "a": "room", "b": "partner", "i": "room",
    }  # fmt: skip
    assert sources(find_candidates(people, project("partners"))) == {
        "a": "partner", "b": "partner", "i": "partner",
    }  # fmt: skip
    assert sources(find_candidates(people, project("open"))) == {"c": "open"}
    frame = find_candidates(people, project("rooms", "partners", "open")).frame
    assert frame["id"].tolist() == ["a", "b", "c", "i"]
    assert frame["partner"].tolist() == [True, True, False, True]
    assert frame["category"].tolist() == ["library", "clubs", "park", "place_of_worship"]
    assert frame.crs == people.ready.crs


def test_existing_places_of_the_kind_stay_what_they_are() -> None:
    people = placed(street("ab"), {"a": "workshop", "b": "library"})
    kind = project("rooms", serves="workshop")
    found = find_candidates(people, kind)
    assert list(sources(found)) == ["b"]
    assert found.ruled_out == {"schon ein Ort dieser Art (er bleibt, was er ist)": 1}
    own = find_candidates(people, project("rooms", serves="workshop", own_kind=True))
    assert list(sources(own)) == ["a", "b"]
    # A garden may be laid out in an allotment, but not where a community garden is.
    gardens = placed(street("ab"), {"a": "community_garden", "b": "allotments"})
    found = find_candidates(gardens, load_projects()["garden"])
    assert list(sources(found)) == ["b"]


def test_nobody_reaches_it() -> None:
    # z is joined to a way of its own, more than 300 m from the street.
    town = draw(
        """
        A----B                  C-----D
        h a                       z
        """,
        metres=20,
        ways={"AB": "highway=footway", "CD": "highway=footway"},
        houses={"h": ""},
        places={"a": "", "z": ""},
    )
    found = find_candidates(placed(town, {"a": "library", "z": "library"}), project("rooms"))
    assert list(sources(found)) == ["a"]
    assert found.ruled_out == {"von keinem Haus in 30 Minuten erreichbar": 1}


def test_a_way_of_exactly_the_longest_time_is_reached() -> None:
    # 10 m to the street, 20, 40, 60 … m along it, 10 m from it: v 40 s, w 60 s, x 80 s.
    town = street("vwxyz")
    kinds = dict.fromkeys("vwxyz", "library")
    found = find_candidates(placed(town, kinds, minutes=(1,), max_minutes=1), project("rooms"))
    assert list(sources(found)) == ["v", "w"]
    assert found.ruled_out == {"von keinem Haus in 1 Minute erreichbar": 3}


def test_places_without_a_name_are_named_by_where_they_are() -> None:
    town = street("ab")
    people = placed(town, {"a": "place_of_worship", "b": "library"}, names={"b": "Bücherei"})
    found = names(find_candidates(people, project("rooms")))
    assert found == {"a": "Gotteshaus, Ahornweg", "b": "Bücherei"}
    # By its address where it has one; by a landmark where no street has a name.
    frame = people.ready.places.frame
    frame.loc[frame["id"] == "a", "address"] = "Ahornweg 3, 12345 Dorf"
    assert names(find_candidates(people, project("rooms")))["a"] == "Gotteshaus, Ahornweg 3"
    nameless = placed(
        street("ab", ways={"AB": "highway=residential"}),
        {"a": "place_of_worship", "b": "library"},
        names={"b": "Bücherei"},
    )
    # a lies 20 m west of b, which is at it.
    assert names(find_candidates(nameless, project("rooms")))["a"] == "Gotteshaus, bei »Bücherei«"


def test_places_of_the_same_name_are_told_apart() -> None:
    town = street("abc")
    people = placed(
        town, dict.fromkeys("abc", "library"), names={"a": "Halle", "b": "Halle", "c": "Haus"}
    )
    frame = people.ready.places.frame
    frame.loc[frame["id"] == "a", "address"] = "Ahornweg 3, 12345 Dorf"
    assert names(find_candidates(people, project("rooms"))) == {
        "a": "Halle, Ahornweg 3", "b": "Halle, Ahornweg", "c": "Haus",
    }  # fmt: skip


def test_squares_of_the_base_map() -> None:
    x, y = CORNER
    base = {
        "w1": ("path", "pedestrian", "Markt", shapely.box(x + 50, y - 12, x + 60, y - 2)),
        "w2": ("path", "pedestrian", "", shapely.box(x + 100, y - 32, x + 110, y - 2)),
        "w3": ("path", "pedestrian", "", shapely.box(x + 140, y - 12, x + 150, y - 2)),
        "w4": ("path", "footway", "Weg", shapely.box(x + 180, y - 32, x + 200, y - 2)),
        "w5": ("path", "pedestrian", "Gasse", shapely.LineString([(x, y), (x + 9, y)])),
    }  # fmt: skip
    people = placed(street("a"), {"a": "library"}, base=base)
    found = find_candidates(people, project("open"))
    # w2 has 300 m² and no name, w3 only 100 m²; the others are no squares.
    assert names(found) == {"square:w1": "Markt", "square:w2": "Platz, Ahornweg"}
    assert set(found.frame["source"]) == {"open"}
    assert spots(found)["square:w1"] == pytest.approx((55, 7), abs=0.01)


def test_a_market_place_is_not_a_square_besides() -> None:
    x, y = CORNER
    base = {"a": ("path", "pedestrian", "Markt", shapely.box(x + 10, y - 32, x + 40, y - 2))}
    people = placed(street("a"), {"a": "marketplace"}, base=base)
    assert list(sources(find_candidates(people, project("open")))) == ["a"]


# -- spots on ways ----------------------------------------------------------------------

# Everything lies in the row of cells 57499, 0 to 100 m south of the corner.


def test_one_spot_per_cell_nearest_to_its_middle() -> None:
    town = draw(
        """
        h                                 # 10 m north of the street
        A-------------------------------B # 320 m
        """,
        metres=10,
        ways={"AB": "highway=residential name=Ahornweg"},
        houses={"h": ""},
    )
    people = placed(town)
    found = find_candidates(people, project("grid"))
    # The street lies 10 m south of the corner. Its points nearest to the middles of the cells
    # are at 50, 150, 250 m, and its end at 320 m for the middle at 350 m.
    assert spots(found) == {
        "grid:100:4000:57499": (50, 10),
        "grid:100:4001:57499": (150, 10),
        "grid:100:4002:57499": (250, 10),
        "grid:100:4003:57499": (320, 10),
    }
    assert set(found.frame["source"]) == {"grid"}
    assert set(found.frame["kind"]) == {"Straße"}


def test_spots_end_where_nobody_comes_in_the_largest_threshold() -> None:
    town = draw("h\nA-------------------------------B", metres=10,
                ways={"AB": "highway=residential"}, houses={"h": ""})  # fmt: skip
    # 10 m to the street and 150 along it are 160 s; 260 s are more than 4 minutes.
    found = find_candidates(placed(town, minutes=(1, 2, 4), max_minutes=30), project("grid"))
    assert list(sources(found)) == ["grid:100:4000:57499", "grid:100:4001:57499"]


def test_spots_keep_half_a_cell_between_them() -> None:
    # Two streets, 90 m and 110 m south: the rows of cells meet at 100 m. In the first column
    # both have a spot at 50 m, 20 m apart: that of the later row (by number: the northern one,
    # 57499) is left out.
    town = draw(
        """
          h
        .
        .
        .
        .
        .
        .
        .
        .
          A------B
        .
          C------D
        """,
        metres=10,
        ways={"AB": "highway=footway", "CD": "highway=footway", "AC": "highway=footway"},
        houses={"h": ""},
    )
    found = find_candidates(placed(town), project("grid"))
    assert spots(found) == {"grid:100:4000:57498": (50, 110)}


def test_the_grid_of_the_study_and_ids_that_stay() -> None:
    def town(house: str) -> Town:
        return draw(
            "h                       k\nA-----------------------B",
            metres=10,
            ways={"AB": "highway=footway"},
            houses={house: ""},
        )

    first, second = (
        find_candidates(placed(town(house), placement={"grid_m": 60}), project("grid"))
        for house in "hk"
    )
    # 400,000 / 60 = 6,666.67: cells begin at 399,960 and 400,020; way from 0 to 240 m.
    assert spots(first) == spots(second)
    assert list(spots(first)) == [f"grid:60:{6666 + i}:95833" for i in range(5)]


@pytest.mark.parametrize(
    ("tags", "grid", "streets"),
    [
        ("highway=residential", True, True),
        ("highway=footway", True, False),
        ("highway=tertiary", True, True),
        ("highway=service", True, False),
        ("highway=steps", False, False),
        ("highway=footway bridge=yes", False, False),
        ("highway=residential tunnel=building_passage", False, False),
        ("highway=residential bridge=no", True, True),
        ("highway=living_street", True, False),
    ],
)
def test_which_ways_have_spots(tags: str, grid: bool, streets: bool) -> None:  # noqa: FBT001
    town = draw("h\nA----------B", metres=10, ways={"AB": tags}, houses={"h": ""})
    people = placed(town)
    assert bool(len(find_candidates(people, project("grid")).frame)) is grid
    found = find_candidates(people, project("streets")).frame["id"].tolist()
    assert found == (["grid:100s:4000:57499", "grid:100s:4001:57499"][: len(found)])
    assert bool(found) is streets


def campus_streets(tags: str) -> Any:
    town = draw(
        """
        P-------Q
        | h     |
        | A-----G---------------B
        |       |
        R-------S
        """,
        metres=10,
        ways={"AG": tags, "GB": "highway=residential"},
        sites={"s": "PQSR"},
        houses={"h": "s"},
        gates={"G": ("s", "open")},
    )
    return placed(town, placement={"grid_m": 80})


def test_a_bus_may_be_let_onto_the_own_grounds_but_nothing_stands_on_private_ways() -> None:
    # 80 m cells: column 5000 begins at 400,000; the drive lies in it from 20 m to 80 m.
    private = campus_streets("highway=service access=private")
    assert find_candidates(private, project("streets")).frame["on_campus"].tolist() == [
        "s",
        "",
        "",
    ]
    assert find_candidates(private, project("grid")).frame["on_campus"].tolist() == ["", ""]
    # Land may be given along any way of the own grounds, and nowhere else.
    own = find_candidates(private, project("grounds")).frame
    assert own["on_campus"].tolist() == ["s"]
    assert own["id"].tolist() == ["grid:80g:5000:71874"]
    footway = campus_streets("highway=footway")
    assert find_candidates(footway, project("streets")).frame["on_campus"].tolist() == ["", ""]
    assert find_candidates(footway, project("grid")).frame["on_campus"].tolist() == ["s", "", ""]


def test_spots_are_named_by_street_and_landmark() -> None:
    town = draw(
        """
        h    a
        A-------------------B-------------------C
        """,
        metres=10,
        ways={"AB": "highway=residential name=Ahornweg", "BC": "highway=footway"},
        houses={"h": ""},
        places={"a": ""},
    )
    people = placed(town, {"a": "place_of_worship"}, names={"a": "St. Anna"})
    found = names(find_candidates(people, project("grid")))
    # a is at 50 m. The spots are at 50, 150 (street), 250 and 350 m (footway); the end of the
    # street at 200 m is within 150 m of both, the church within 400 m of all.
    assert found == {
        "grid:100:4000:57499": "Ahornweg, bei »St. Anna«",
        "grid:100:4001:57499": "Ahornweg, 100 m östlich von »St. Anna«",
        "grid:100:4002:57499": "Fußweg, 200 m östlich von »St. Anna«",
        "grid:100:4003:57499": "Fußweg, 300 m östlich von »St. Anna«",
    }
    # Without a landmark by the street; equal names get numbers.
    bare = names(find_candidates(placed(town, {"a": "bench"}), project("grid")))
    assert list(bare.values()) == [
        "Ahornweg (1)", "Ahornweg (2)", "Fußweg nahe Ahornweg (1)", "Fußweg nahe Ahornweg (2)",
    ]  # fmt: skip


def test_no_landmark_tells_of_illness_or_prison() -> None:
    town = draw("h a   b\nA----------B", metres=10, ways={"AB": "highway=footway"},
                houses={"h": ""}, places={"a": "", "b": ""})  # fmt: skip
    people = placed(
        town,
        {"a": "psychiatry", "b": "library"},
        names={"a": "Praxis Muster", "b": "Bücherei der JVA"},
    )
    assert list(names(find_candidates(people, project("grid"))).values()) == [
        "Fußweg (1)", "Fußweg (2)",
    ]  # fmt: skip


# -- the study's own points --------------------------------------------------------------


def test_points_of_the_study_come_besides(tmp_path: Path) -> None:
    x, y = CORNER
    (tmp_path / "orte.csv").write_text(
        f"id;name;x;y;miete\nladen;Leerer Laden;{x + 100};{y - 10};450,5\nb;;{x + 60};{y - 10};\n"
    )
    people = placed(
        street("a"), {"a": "library"}, folder=tmp_path, candidates="orte.csv", crs="EPSG:25832"
    )
    found = find_candidates(people, project("rooms"))
    assert sources(found) == {"a": "room", "file:b": "file", "file:laden": "file"}
    assert names(found)["file:laden"] == "Leerer Laden"
    assert names(found)["file:b"] == "Standort b"
    assert spots(found)["file:laden"] == (100, 10)
    assert found.own == ("miete",)
    assert found.frame["miete"].tolist() == pytest.approx(
        [float("nan"), float("nan"), 450.5], nan_ok=True
    )
    # Alone, too.
    assert list(sources(find_candidates(people, project()))) == ["file:b", "file:laden"]


def test_points_on_the_grounds_know_it(tmp_path: Path) -> None:
    town = draw(
        """
        P-------Q
        | h     |
        | A-----G---------------B
        R-------S
        """,
        metres=10,
        ways={"AG": "highway=footway", "GB": "highway=residential"},
        sites={"s": "PQSR"},
        houses={"h": "s"},
        gates={"G": ("s", "open")},
    )
    x, y = CORNER
    (tmp_path / "orte.csv").write_text(f"id,x,y\ndrin,{x + 40},{y - 20}\naus,{x + 120},{y - 20}\n")
    people = placed(town, folder=tmp_path, candidates="orte.csv", crs="EPSG:25832")
    frame = find_candidates(people, project()).frame
    assert dict(zip(frame["id"], frame["on_campus"], strict=True)) == {
        "file:aus": "", "file:drin": "s",
    }  # fmt: skip


def test_nothing_to_choose_from_is_an_empty_frame() -> None:
    found = find_candidates(placed(street("a"), {"a": "pharmacy"}), project("rooms"))
    assert len(found.frame) == 0
    assert found.frame["partner"].dtype == bool
    assert found.ruled_out == {}


def test_the_same_study_gives_the_same_candidates() -> None:
    def once() -> Any:
        people = placed(street("abcdefgi"), KINDS)
        return find_candidates(people, project("rooms", "partners", "open", "grid")).frame

    assert once().equals(once())
