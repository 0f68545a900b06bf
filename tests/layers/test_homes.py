"""Who may live where: every number by hand, and the estimate against real numbers."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import box

from layers.homes import Sureness, find_homes, numbers_in
from tests.geo.drawings import CRS
from tests.layers.inhabited import FLAT, HOUSE, Inhabited, real_extract


def homes_of(town: Inhabited) -> dict[str, tuple[Sureness, float]]:
    homes = find_homes(town.extract(), CRS)
    return {
        key: (Sureness(sure), round(people, 4))
        for key, sure, people in zip(
            homes.id, homes.sureness.tolist(), homes.people.tolist(), strict=True
        )
    }


def test_a_tower_holds_more_than_a_cottage() -> None:
    town = Inhabited(
        buildings={
            "w1": ("house", box(0, 0, 10, 10)),
            "w2": ("apartments", box(50, 0, 70, 20)),
            "w3": ("apartments", box(100, 0, 120, 20)),
            "w4": ("bungalow", box(150, 0, 160, 10)),
        },
        levels={"w3": 11},
    )
    assert homes_of(town) == {
        # 100 m² × 1.5 storeys × 0.75 m² of living area per m² of floor ÷ 50 m² per person
        "w1": (Sureness.HOME, 2.25),
        # 400 m² × 4 storeys × 0.75 ÷ 40 m² per person; × 11 storeys as it says itself
        "w2": (Sureness.HOME, 30),
        "w3": (Sureness.HOME, 82.5),
        # 100 m² × 1 storey
        "w4": (Sureness.HOME, 1.5),
    }


def test_buildings_of_unknown_kind_are_told_by_size_and_numbers() -> None:
    town = Inhabited(
        buildings={
            "w1": ("yes", box(0, 0, 12, 10)),
            "w2": ("yes", box(50, 0, 80, 10)),
            "w3": ("yes", box(100, 0, 160, 12)),
            "w4": ("yes", box(200, 0, 224, 10)),
            "w5": ("yes", box(300, 0, 340, 30)),
            "w6": ("yes", box(400, 0, 440, 30)),
        },
        levels={"w6": 5},
        addresses={
            "n1": ("Weg", "1", 6, 5),
            "n2": ("Weg", "2", 65, 5),
            "n31": ("Weg", "31", 110, 5),
            "n32": ("Weg", "32", 130, 5),
            "n33": ("Weg", "33", 150, 5),
            "n41": ("Weg", "41", 205, 5),
            "n42": ("Weg", "42", 220, 5),
            "n5": ("Weg", "5", 320, 15),
            "n6": ("Weg", "6", 420, 15),
        },
    )
    found = homes_of(town)
    assert found == {
        # 120 m², one number, so a house: × 1.5
        "n1": (Sureness.HOME, round(120 * 1.5 * HOUSE, 4)),
        # 300 m², one number, so flats: × 3
        "n2": (Sureness.HOME, round(300 * 3 * FLAT, 4)),
        # 720 m² with three numbers of 240 m², so a block: × 4, a third each
        "n31": (Sureness.HOME, round(240 * 4 * FLAT, 4)),
        "n32": (Sureness.HOME, round(240 * 4 * FLAT, 4)),
        "n33": (Sureness.HOME, round(240 * 4 * FLAT, 4)),
        # 240 m² with two numbers of 120 m², so two halves of a pair of houses: × 1.5
        "n41": (Sureness.HOME, round(120 * 1.5 * HOUSE, 4)),
        "n42": (Sureness.HOME, round(120 * 1.5 * HOUSE, 4)),
        # 1,200 m² with one number is a hall, unless it is high: × 5
        "n5": (Sureness.ADDRESS, 1.0),
        "n6": (Sureness.HOME, round(1200 * 5 * FLAT, 4)),
    }


def test_one_number_is_one_home() -> None:
    town = Inhabited(
        buildings={"w1": ("house", box(0, 0, 10, 10)), "w2": ("house", box(500, 0, 510, 10))},
        addresses={
            "n1": ("Weg", "1a", 5, 10.5),  # the entrance, half a metre outside
            "n2": ("weg ", "1 A", 4, 4),  # the shop
            "n3": ("Weg", "1a", 60, 0),  # a parking space of the same number
            "w1": ("Weg", "1a", 5, 5),  # the outline
            "n4": ("Weg", "1a", 505, 5),  # the same street of the next village
            "n5": ("Weg", "1", 40, 0),  # another number, no building
        },
    )
    homes = find_homes(town.extract(), CRS)
    assert list(homes.id) == ["n1", "n4", "n5"]
    assert homes.people.tolist() == pytest.approx([150 * HOUSE, 150 * HOUSE, 2.1])


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("12", 1),
        ("12a", 1),
        ("12;14", 2),
        ("12, 14,16", 3),
        ("12-16", 3),
        ("12-15", 4),
        ("12 \u2013 16", 3),
        ("12a-14b", 2),
        ("2/4", 2),
        ("16-12", 1),
        ("", 1),
        (";", 1),
        ("1-9999", 20),
        ("Hof 3", 1),
        ("12-16;20", 4),
    ],
)
def test_an_address_may_name_several_numbers(said: str, count: int) -> None:
    assert numbers_in(said) == count


def test_a_block_with_one_address_of_many_numbers_is_no_hall() -> None:
    town = Inhabited(
        buildings={"w1": ("yes", box(0, 0, 60, 12)), "w2": ("yes", box(100, 0, 160, 12))},
        addresses={
            "n1": ("Weg", "12-16", 10, 5),
            "n2": ("Weg", "20;22", 105, 5),
            "n3": ("Weg", "24", 150, 5),
            "n4": ("Weg", "26-28", 300, 5),
        },
    )
    assert homes_of(town) == {
        # 720 m² × 4 storeys for three numbers, whether in one address or in two.
        "n1": (Sureness.HOME, 720 * 4 * FLAT),
        "n2": (Sureness.HOME, 480 * 4 * FLAT),
        "n3": (Sureness.HOME, 240 * 4 * FLAT),
        # Two dwellings without a building.
        "n4": (Sureness.HOME, 4.2),
    }


def test_what_is_used_otherwise_is_no_home() -> None:
    town = Inhabited(
        buildings={
            "w1": ("school", box(0, 0, 20, 20)),
            "w2": ("yes", box(50, 0, 60, 10)),
            "w3": ("yes", box(100, 0, 110, 10)),
            "w4": ("garage", box(150, 0, 158, 8)),
            "w5": ("retail", box(200, 0, 220, 20)),
            "w6": ("retail", box(250, 0, 270, 20)),
            "w7": ("house", box(300, 0, 310, 10)),
        },
        tags={"w2": {"building": "yes", "amenity": "kindergarten"}},
        drawn={
            "w90": ("built_up", "industrial", box(90, -10, 120, 20)),
            "w91": ("built_up", "industrial", box(290, -10, 320, 20)),
        },
        addresses={
            "n1": ("Weg", "1", 5, 5),
            "n2": ("Weg", "2", 55, 5),
            "n3": ("Weg", "3", 105, 5),
            "n4": ("Weg", "4", 155, 5),
            "n5": ("Weg", "5", 210, 5),
            "n7": ("Weg", "7", 305, 5),
        },
    )
    found = homes_of(town)
    nobody = (Sureness.ADDRESS, 1.0)
    assert [found[key] for key in ("n1", "n2", "n3", "n4")] == [nobody] * 4
    # Flats over a shop: 400 m² × 2 storeys × a quarter. Without an address (w6) nobody.
    assert found["n5"] == (Sureness.HOME, round(400 * 2 * 0.25 * FLAT, 4))
    assert "w6" not in found
    # A kind that says what it is counts wherever it stands.
    assert found["n7"] == (Sureness.HOME, round(150 * HOUSE, 4))


def test_far_from_any_address_the_addresses_are_missing_and_not_the_people() -> None:
    town = Inhabited(
        buildings={
            "w1": ("yes", box(0, 0, 10, 10)),
            "w2": ("yes", box(100, 0, 110, 10)),
            "w3": ("yes", box(400, 0, 410, 10)),
            "w4": ("yes", box(450, 0, 455, 5)),
            "w5": ("yes", box(500, 0, 530, 20)),
            "w6": ("yes", box(600, 0, 610, 10)),
        },
        addresses={"n1": ("Weg", "1", 5, 5)},
        drawn={"w90": ("green", "allotments", box(590, -10, 620, 20))},
    )
    assert homes_of(town) == {
        "n1": (Sureness.HOME, round(150 * HOUSE, 4)),
        "w2": (Sureness.PERHAPS, round(150 * HOUSE, 4)),  # 100 m off the address
        "w3": (Sureness.UNMAPPED, round(150 * HOUSE, 4)),  # w4 is a shed, w5 a hall, w6 a hut
    }


def test_every_figure_has_a_source() -> None:
    text = files("layers").joinpath("data", "dwellings.toml").read_text(encoding="utf-8")
    content = tomllib.loads(text)
    entries = [*content["people"].items(), *content["unknown"].items()]
    entries += [entry for kind in content["kind"].values() for entry in kind.items()]
    assert len(entries) > 20
    for name, entry in entries:
        assert set(entry) == {"value", "source"}, name
        assert entry["value"] > 0
        assert len(entry["source"]) > 5
    # What no source gives is called an assumption.
    assert len(re.findall("Annahme", text)) > 10


# Neubrandenburg had about 63,000 inhabitants in 2016, in these degrees; Liechtenstein 37,622 at
# the end of 2015. The figures of the estimate are those of Nordrhein-Westfalen, fitted to neither:
# a town of slabs with small flats comes out too low.
@pytest.mark.parametrize(
    ("name", "box_of", "real"),
    [
        ("neubrandenburg-2016", (13.19, 53.50, 13.33, 53.60), 63_000),
        ("liechtenstein-2015", (9.4, 47.0, 9.7, 47.3), 37_622),
    ],
)
def test_the_estimate_is_near_the_real_number(
    shared_data: Path, name: str, box_of: tuple[float, float, float, float], real: int
) -> None:
    homes = find_homes(real_extract(shared_data, name), CRS)
    lived_in = homes.sureness <= Sureness.UNMAPPED
    x, y = homes.xy[lived_in].T
    spots = gpd.GeoSeries.from_xy(x, y, crs=CRS).to_crs("EPSG:4326")
    west, south, east, north = box_of
    inside = spots.x.between(west, east) & spots.y.between(south, north)
    estimate = homes.people[lived_in][inside.to_numpy()].sum()
    assert 0.7 < estimate / real < 1.1
    assert len(set(homes.id)) == len(homes)
    assert (homes.people > 0).all()
