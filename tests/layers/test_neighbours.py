"""People of cells on homes: every number by hand, sums on random towns, and real data."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, box

from geo.errors import PopulationError
from geo.findings import Severity
from layers._cell_placing import Placed, place_people
from layers.homes import Homes, Sureness, find_homes
from layers.layer_info import INVENTED, OSM, OWN
from layers.neighbours import ZENSUS, Neighbours, find_neighbours
from tests.geo.drawings import CORNER, CRS
from tests.layers.inhabited import FLAT, Inhabited, moved, people_in_cells, real_extract

LONG = bool(os.environ.get("TEST_ALL"))


Cell = tuple[float, float, float, float]


def placed(town: Inhabited, *cells: Cell) -> Placed:
    return placed_on(town, *cells)[0]


def placed_on(town: Inhabited, *cells: Cell) -> tuple[Placed, Homes]:
    extract = town.extract()
    homes = find_homes(extract, CRS)
    grounds = shapely.union_all([moved(shape) for shape in town.grounds.values()])
    on_campus = shapely.intersects_xy(grounds, homes.xy[:, 0], homes.xy[:, 1])
    streets = extract.base[extract.base["layer"].isin(["street", "path"])].to_crs(CRS)
    return place_people(people_in_cells(*cells), homes, on_campus, grounds, streets), homes


def people(found: Placed) -> dict[str, float]:
    assert len(set(found.id)) == len(found.id)
    return dict(zip(found.id, np.round(found.people, 3).tolist(), strict=True))


def codes(found: Placed | Neighbours) -> dict[str, int]:
    return {one.code: one.count for one in found.findings}


# --------------------------------------------------------------------------- people of cells

TWO = Inhabited(
    buildings={"w1": ("house", box(10, 10, 20, 20)), "w2": ("apartments", box(60, 10, 80, 30))},
    addresses={"n1": ("Weg", "1", 15, 15), "n2": ("Weg", "2", 70, 20)},
)


def test_a_kilometre_is_not_put_into_the_wood() -> None:
    # 100 m² × 1.5 ÷ 50 against 400 m² × 4 ÷ 40, so 3 and 40 of 43.
    found = placed(TWO, (0, 0, 1000, 43))
    assert people(found) == {"n1": 3, "n2": 40}
    assert codes(found) == {}


def test_homes_on_the_line_between_cells_count_once() -> None:
    town = Inhabited(addresses={"n1": ("Weg", "1", 100, 50), "n2": ("Weg", "2", 150, 50),
                                "n3": ("Weg", "3", 50, 50)})  # fmt: skip
    found = placed(town, (0, 0, 100, 8), (100, 0, 100, 6))
    # n1 goes with the first cell.
    assert people(found) == {"n1": 4, "n2": 6, "n3": 4}


def test_without_addresses_buildings_stand_in() -> None:
    town = Inhabited(
        buildings={"w1": ("house", box(10, 10, 20, 20)), "w2": ("yes", box(60, 10, 80, 20))},
        addresses={"n1": ("Weg", "1", 150, 50)},
    )
    assert people(placed(town, (0, 0, 100, 9), (100, 0, 100, 4))) == {"n1": 4, "w1": 9}
    # Only the building of unknown kind lies in this one.
    found = placed(town, (50, 0, 50, 7))
    assert people(found) == {"w2": 7}
    assert codes(found) == {"neighbours.on_buildings": 1}


def test_an_address_where_nobody_lives_is_better_than_the_street() -> None:
    town = Inhabited(
        buildings={"w1": ("school", box(0, 0, 20, 20))},
        addresses={"n1": ("Weg", "1", 5, 5)},
        drawn={"w9": ("street", "residential", LineString([(0, 50), (100, 50)]))},
    )
    assert people(placed(town, (0, 0, 100, 5))) == {"n1": 5}


def test_without_homes_people_stand_along_the_streets() -> None:
    lines = {
        "w1": ("street", "residential", LineString([(-500, 50), (300, 50)])),
        "w2": ("street", "living_street", LineString([(200, 400), (200, 500)])),
        "w3": ("street", "primary", LineString([(0, 900), (1000, 900)])),
        "w4": ("path", "track", LineString([(0, 800), (1000, 800)])),
    }
    found = placed(Inhabited(drawn=lines), (0, 0, 1000, 40))
    # 300 m of w1 lie inside, 100 m of w2; streets that are no homes' streets do not count.
    assert people(found) == {"w1-000000-0": 30, "w2-000000-1": 10}
    assert found.xy - CORNER == pytest.approx(np.array([[150, 50], [200, 450]]), abs=0.01)
    assert codes(found) == {"neighbours.on_streets": 1}
    del lines["w1"], lines["w2"]
    assert list(people(placed(Inhabited(drawn=lines), (0, 0, 1000, 40)))) == ["w3-000000-0"]
    del lines["w3"]
    assert list(people(placed(Inhabited(drawn=lines), (0, 0, 1000, 40)))) == ["w4-000000-0"]


def test_where_nothing_is_mapped_people_stand_in_the_middle() -> None:
    found = placed(Inhabited(), (0, 0, 1000, 40))
    assert people(found) == {"zelle-000000": 40}
    assert found.xy - CORNER == pytest.approx(np.array([[500, 500]]), abs=0.01)
    assert codes(found) == {"neighbours.in_middle": 1}
    assert found.findings[0].severity is Severity.WARNING


def test_a_small_cell_takes_the_home_just_outside() -> None:
    # n1 is 30 m east of the first cell, 70 m west of the second.
    town = Inhabited(addresses={"n1": ("Weg", "1", 130, 50)})
    assert people(placed(town, (0, 0, 100, 6))) == {"n1": 6}
    assert codes(placed(town, (0, 0, 100, 6))) == {"neighbours.beside_cell": 1}
    assert people(placed(town, (200, 0, 100, 6))) == {"zelle-000000": 6}
    # A kilometre wide cell does not.
    assert people(placed(town, (-900, -500, 1000, 6))) == {"zelle-000000": 6}


def test_points_of_a_file_stay_where_they_are() -> None:
    found = placed(TWO, (300, 300, 0, 4), (15, 15, 0, 2))
    assert people(found) == {"punkt-000000": 4, "punkt-000001": 2}
    assert found.xy - CORNER == pytest.approx(np.array([[300, 300], [15, 15]]), abs=0.01)


def test_houses_that_cannot_hold_the_people_are_told() -> None:
    # The two buildings hold 32.25 by the estimate; three times that is 96.75.
    assert codes(placed(TWO, (0, 0, 1000, 96))) == {}
    assert codes(placed(TWO, (0, 0, 1000, 97))) == {"neighbours.crowded": 1}


# ------------------------------------------------------------------------------ on the grounds

CAMPUS = Inhabited(
    buildings=TWO.buildings, addresses=TWO.addresses, grounds={"s": box(-10, -10, 40, 40)}
)


def test_homes_on_the_grounds_get_nobody() -> None:
    found = placed(CAMPUS, (0, 0, 1000, 35))
    assert people(found) == {"n2": 35}


def test_people_of_cells_on_the_grounds_are_residents() -> None:
    # The first cell has homes on the grounds alone, the second has none but lies on them.
    for cell in ((0, 0, 30, 48), (-9, 22, 10, 3)):
        found = placed(CAMPUS, cell)
        assert people(found) == {}
        assert codes(found) == {"neighbours.on_grounds": 1}
    # So are people at a point there.
    assert people(placed(CAMPUS, (10, 10, 0, 3), (300, 10, 0, 5))) == {"punkt-000001": 5}


def test_a_cell_half_on_the_grounds_uses_only_the_streets_outside() -> None:
    town = Inhabited(
        grounds={"s": box(0, 0, 400, 1000)},
        drawn={"w1": ("street", "residential", LineString([(0, 500), (1000, 500)]))},
    )
    found = placed(town, (0, 0, 1000, 10))
    # 600 m lie outside, with their middle at 700.
    assert found.xy - CORNER == pytest.approx(np.array([[700, 500]]), abs=0.01)


# --------------------------------------------------------------------------------- whole study


def table(folder: Path, *rows: tuple[float, float, float]) -> None:
    """Write people by middles of cells of a kilometre, metres from the corner."""
    lines = [f"{CORNER[0] + x:.0f};{CORNER[1] + y:.0f};{count}" for x, y, count in rows]
    (folder / "menschen.csv").write_text("\n".join(["x_mp_1km;y_mp_1km;Einwohner", *lines]))


def test_a_study_with_a_file(tmp_path: Path) -> None:
    table(tmp_path, (500, 500, 43), (1500, 500, 10))
    ready = TWO.ready(tmp_path, population="menschen.csv", population_crs=CRS)
    found = find_neighbours(ready)
    frame = found.frame
    assert list(frame.columns) == ["id", "people", "on_campus", "outline", "geometry"]
    assert dict(zip(frame["id"], frame["people"], strict=True)) == pytest.approx(
        {"n1": 3, "n2": 40, "zelle-000001": 10}
    )
    assert frame["on_campus"].eq("").all()
    assert frame["outline"].isna().all()
    assert frame.crs == CRS
    assert not found.estimated
    assert found.source == OWN
    assert found.note.startswith("Menschen in der Nachbarschaft: Angaben der Studie, Gitter von 1")
    assert codes(found) == {"neighbours.in_middle": 1}
    (tmp_path / "menschen.csv").rename(tmp_path / "zensus2022.csv")
    again = find_neighbours(TWO.ready(tmp_path, population="zensus2022.csv", population_crs=CRS))
    assert again.source == ZENSUS
    assert "Zensus 2022" in again.note


def test_only_people_near_enough_to_matter_are_read(tmp_path: Path) -> None:
    # Residents get 900 m far in 15 minutes, and from there 300 m in the longest threshold:
    # 1,200 m from the grounds, which end at 320. The third cell begins at 2,000.
    table(tmp_path, (500, 500, 43), (1500, 500, 10), (2500, 500, 90))
    town = Inhabited(TWO.buildings, TWO.addresses, grounds={"s": box(300, 300, 320, 320)})
    keys = {"population": "menschen.csv", "population_crs": CRS, "profiles": ("resident",)}
    near = find_neighbours(town.ready(tmp_path, minutes=(5,), max_minutes=15, **keys))
    assert near.frame["people"].sum() == pytest.approx(53)
    assert "population.cut_cells" not in codes(near)
    far = find_neighbours(town.ready(tmp_path, minutes=(5,), max_minutes=60, **keys))
    assert far.frame["people"].sum() == pytest.approx(143)


def test_a_study_without_a_file_estimates_and_says_so() -> None:
    found = find_neighbours(CAMPUS.ready())
    assert found.estimated
    assert found.source == OSM
    assert "geschätzt" in found.note
    assert dict(zip(found.frame["id"], found.frame["people"], strict=True)) == pytest.approx(
        {"n2": 1600 * FLAT}
    )
    assert codes(found) == {"neighbours.estimated": 1}
    invented = find_neighbours(CAMPUS.ready(fictional=True))
    assert invented.source == INVENTED
    assert "erfundenen" in invented.note


def test_where_nothing_is_known_nobody_is_invented() -> None:
    found = find_neighbours(Inhabited().ready())
    assert len(found.frame) == 0
    assert found.estimated
    assert codes(found) == {"neighbours.none": 1}
    assert found.findings[0].severity is Severity.WARNING


def test_a_file_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(PopulationError, match="gibt es nicht"):
        find_neighbours(TWO.ready(tmp_path, population="fehlt.csv", population_crs=CRS))


# ----------------------------------------------------------------------------- random, and real


@st.composite
def towns(draw: st.DrawFn) -> tuple[Inhabited, list[Cell]]:
    spot = st.integers(0, 39)
    kinds = st.sampled_from(["house", "apartments", "yes", "school", "garage", "retail"])
    sides = st.sampled_from([6, 11, 19, 30])
    buildings: dict[str, tuple[str, Any]] = {}
    addresses: dict[str, tuple[str, str, float, float]] = {}
    for number, (i, j) in enumerate(
        draw(st.lists(st.tuples(spot, spot), unique=True, max_size=9))
    ):
        x, y, side = 50 * i + 3, 50 * j + 3, draw(sides)
        buildings[f"w{number}"] = (draw(kinds), box(x, y, x + side, y + side))
        for door in range(draw(st.integers(0, 3))):
            addresses[f"n{number}{door}"] = ("Weg", f"{number}-{door}", x + 1.5 * door, y + 2)
    lines = {
        f"w9{number}": ("street", kind, LineString([(0, 40 * number + 1.0), (1990, 900)]))
        for number, kind in enumerate(draw(st.lists(st.sampled_from(["residential", "primary"]),
                                                    max_size=2)))
    }  # fmt: skip
    side = draw(st.sampled_from([100, 250, 500, 1000]))
    numbers = draw(st.dictionaries(st.tuples(st.integers(0, 2000 // side - 1),
                                             st.integers(0, 2000 // side - 1)),
                                   st.integers(1, 500), min_size=1, max_size=6))  # fmt: skip
    cells: list[Cell] = [
        (side * i, side * j, side, count) for (i, j), count in sorted(numbers.items())
    ]
    grounds = {"s": box(0, 0, 700, 700)} if draw(st.booleans()) else {}
    return Inhabited(buildings, addresses, lines, grounds=grounds), cells


@settings(max_examples=400 if LONG else 25, deadline=None)
@given(towns())
def test_nobody_is_lost_and_nobody_added(case: tuple[Inhabited, Any]) -> None:
    town, cells = case
    found, homes = placed_on(town, *cells)
    spots = homes.xy - CORNER
    campus = town.grounds.get("s", shapely.Polygon())
    total = 0.0
    for x, y, side, count in cells:
        inside = [
            row
            for row, (east, north) in enumerate(spots)
            if x <= east <= x + side and y <= north <= y + side
        ]
        free = [row for row in inside if not campus.intersects(shapely.Point(spots[row]))]
        middle_on = campus.intersects(shapely.Point(x + side / 2, y + side / 2))
        if free or not (inside or middle_on):
            total += count
        # Of two sure homes each gets people in proportion to what it holds.
        sure = [row for row in free if homes.sureness[row] == Sureness.HOME]
        for row in sure:
            share = count * homes.people[row] / homes.people[sure].sum()
            near = found.people[found.id == homes.id[row]].sum()
            assert near >= share - 1e-6
    assert found.people.sum() == pytest.approx(total)
    assert (found.people > 0).all()
    on_grounds = shapely.intersects_xy(
        shapely.buffer(moved(campus), -0.01), found.xy[:, 0], found.xy[:, 1]
    )
    assert not on_grounds.any()


def test_people_of_aplerbeck_stand_at_its_doors(shared_data: Path) -> None:
    extract = real_extract(shared_data, "dortmund-aplerbeck-2026")
    population = shared_data / "population/zensus2011_1km_einwohner_westfalen.csv"
    ready = replace(
        Inhabited().ready(population.parent, population=population.name,
                          population_crs="EPSG:3035"),
        extract=extract,
    )  # fmt: skip
    found = find_neighbours(ready)
    # 22,054 people live in the box by the shares of the cells (tests/geo/test_population.py).
    assert found.frame["people"].sum() == pytest.approx(22_054, abs=1)
    # All mapped houses lie in one cell with 2,656 people, of which they hold hardly a fourth.
    named = found.frame["id"].str.match("[nwr]")
    assert found.frame.loc[named, "people"].sum() == pytest.approx(2656, abs=0.1)
    doors = set(extract.addresses["osm_id"]) | set(extract.base["osm_id"])
    assert set(found.frame.loc[named, "id"]) <= doors
    assert codes(found)["neighbours.crowded"] == 1
