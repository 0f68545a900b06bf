"""Spots for a pin: where they lie, how long the ways to them are, and that they fit."""

from __future__ import annotations

from functools import cache
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.door_times import time_table
from geo.snapping import snap_places
from layers.layer_info import OSM
from layers.neighbours import Neighbours
from layers.people import People, known_state
from layers.spots import MOST_STARTS, Spots, find_spots, group_starts, size_in_page
from tests.geo.drawings import CORNER, CRS, Town, draw
from tests.layers.walk_studies import ready_study


def with_homes(town: Town, homes: dict[str, tuple[float, float, float]], **keys: Any) -> People:
    """Return the people of a town: metres east and south of its corner, and how many, by id."""
    people = People(ready_study(town, **keys))
    place = np.array([home[:2] for home in homes.values()]).reshape(-1, 2)
    frame = gpd.GeoDataFrame(
        {
            "id": list(homes),
            "people": [home[2] for home in homes.values()],
            "on_campus": "",
            "outline": None,
        },
        geometry=shapely.points(CORNER + place * [1, -1]),
        crs=CRS,
    )
    people.__dict__["neighbours"] = Neighbours(
        frame, estimated=True, source=OSM, note="Schätzung."
    )
    return people


@cache
def street() -> People:
    """Draw a street of 400 m to the east with a house at either end, and nothing else.

    At 1 m/s; the houses stand on the street's ends, 10 m beside it. Homes: 3 people 100 m
    from the west end, 9 people 300 m from it, in a row with the houses.
    """
    town = draw(
        """
        h                                       i
        A----B-----------------------------C----D
        """,
        metres=10,
        ways={"ABCD": "highway=footway"},
        houses={"h": "", "i": ""},
    )
    homes = {"a": (100.0, 0.0, 3.0), "b": (300.0, 0.0, 9.0)}
    return with_homes(town, homes, minutes=(1, 2, 5), max_minutes=6)


def test_one_spot_in_each_square_on_the_street_and_its_minutes_by_hand() -> None:
    spots = find_spots(street())
    assert spots.spacing_m == 50
    assert spots.by == "house"
    assert spots.starts == ("h", "i")
    x = shapely.get_x(spots.frame.geometry.to_numpy())
    assert len(np.unique(np.floor(x / 50))) == len(x)
    # 400 m touch eight or nine squares of 50 m.
    assert len(x) in {8, 9}
    assert (np.diff(x) > 0).all()
    # 10 m from the house to the street, then as far as the spot is east of its west end.
    west = x - 400_000.0
    expected = np.ceil((10 + west) / 60)
    assert spots.minutes[0, 0].tolist() == np.where(10 + west > 360, 0, expected).tolist()
    mirrored = np.ceil((10 + 400 - west) / 60)
    assert spots.minutes[0, 1].tolist() == np.where(410 - west > 360, 0, mirrored).tolist()
    assert (spots.minutes[0] == 0).any()


def test_neighbours_are_counted_within_each_threshold_and_few_are_not_told() -> None:
    spots = find_spots(street())
    west = shapely.get_x(spots.frame.geometry.to_numpy()) - 400_000.0
    assert spots.thresholds == (1, 2, 5)
    for column, minutes in enumerate(spots.thresholds):
        near_a = 10 + abs(west - 100) <= 60 * minutes
        near_b = 10 + abs(west - 300) <= 60 * minutes
        count = 3 * near_a + 9 * near_b
        assert spots.neighbours[:, column].tolist() == np.where(count == 3, -1, count).tolist()
    assert {-1, 0, 9, 12} <= set(spots.neighbours.ravel().tolist())


@cache
def crossing() -> People:
    """Draw two streets that cross, grounds with a way of their own and a gate, three houses."""
    town = draw(
        """
        P-------------Q
        |   g----k    |
        |             |
        S------T------R
               |
        A------B------C   h
               |
               D   i
        """,
        metres=30,
        ways={
            "ABC": "highway=residential",
            "TBD": "highway=footway",
            "gk": "highway=footway access=private",
            "kT": "highway=footway access=private",
        },
        sites={"s": "PQRS"},
        houses={"g": "s", "h": "", "i": ""},
        gates={"T": ("s", "open")},
    )
    return with_homes(town, {"a": (30.0, 180.0, 40.0)}, minutes=(5, 10), max_minutes=12)


def brute_force(people: People, spots: Spots) -> None:
    """Check each spot alone, as if it were a place that people walk to."""
    ready = people.ready
    for number in range(len(spots.frame)):
        alone = gpd.GeoDataFrame(spots.frame.iloc[[number]].reset_index(drop=True))
        for variant, (profile_id, _) in enumerate(spots.variants):
            profile = ready.profiles[profile_id]
            times = time_table(
                ready.network,
                people.starts(profile),
                snap_places(ready.network, alone, profile),
                profile,
                60.0 * spots.limit_min,
                state=known_state(profile),
            )[:, 0]
            minutes = [0 if ms < 0 else max(1, -(-int(ms) // 60_000)) for ms in times]
            assert spots.minutes[variant, :, number].tolist() == minutes


def test_each_spot_alone_has_the_same_minutes() -> None:
    spots = find_spots(crossing())
    assert len(spots.frame) > 10
    assert set(spots.frame["on_campus"]) == {"", "s"}
    brute_force(crossing(), spots)


def test_spots_are_on_ways_and_each_has_a_name_of_its_own() -> None:
    people = crossing()
    spots = find_spots(people)
    ways = shapely.union_all(people.ready.network.edge_geometry)
    assert shapely.distance(spots.frame.geometry.to_numpy(), ways).max() < 0.02
    assert spots.frame["id"].is_unique
    assert spots.frame["id"].is_monotonic_increasing


def test_becomes_coarser_until_it_fits() -> None:
    people = crossing()
    fine = find_spots(people)
    size = size_in_page(fine.minutes, len(fine.thresholds))
    assert find_spots(people, size).spacing_m == fine.spacing_m
    coarse = find_spots(people, size - 1)
    assert coarse.spacing_m > fine.spacing_m
    assert len(coarse.frame) < len(fine.frame)
    # However small the budget, something is told.
    assert len(find_spots(people, 1).frame) > 0


def test_of_many_houses_the_nearest_of_each_site_counts() -> None:
    people = crossing()
    each = find_spots(people)
    many = People(people.ready)
    many.__dict__["neighbours"] = people.neighbours
    some = people.residents
    # The same three houses over and over, twenty-one times as many.
    rows = [some.assign(site_id=some["site_id"].replace("", "alone"))] * 21
    many.__dict__["residents"] = pd.concat(rows, ignore_index=True)
    assert len(many.residents) > MOST_STARTS
    starts, group, by = group_starts(many)
    assert (starts, by) == (("alone", "s"), "site")
    assert group.tolist()[:3] == [1, 0, 0]
    spots = find_spots(many)
    # g lies on the grounds, h and i do not.
    far = np.where(each.minutes == 0, 255, each.minutes)
    expected = np.stack([far[:, 1:].min(axis=1), far[:, 0]], axis=1)
    assert (np.where(spots.minutes == 0, 255, spots.minutes) == expected).all()


def test_of_many_houses_apart_the_nearest_of_all_counts() -> None:
    people = crossing()
    many = People(people.ready)
    many.__dict__["neighbours"] = people.neighbours
    rows = pd.concat([people.residents] * 21, ignore_index=True)
    many.__dict__["residents"] = rows.assign(site_id=[f"s{number}" for number in range(len(rows))])
    spots = find_spots(many)
    assert (spots.starts, spots.by) == (("",), "all")
    far = find_spots(people).minutes
    nearest = np.where(far == 0, 255, far).min(axis=1, keepdims=True)
    assert (np.where(spots.minutes == 0, 255, spots.minutes) == nearest).all()


def test_without_houses_there_are_no_spots() -> None:
    town = draw("A-----B", metres=50, ways={"AB": "highway=footway"})
    spots = find_spots(with_homes(town, {}))
    assert len(spots.frame) == 0
    assert spots.minutes.shape[-1] == 0
    assert spots.neighbours.shape == (0, 3)
