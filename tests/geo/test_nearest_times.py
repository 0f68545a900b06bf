"""The nearest of each kind, against the table of all pairs."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.door_times import time_table
from geo.nearest_times import nearest_table
from geo.network import StreetNetwork, build_network
from geo.profiles import Profile, State, load_profiles
from geo.reader import read_extract
from geo.snapping import Snapped, snap_places
from tests.geo.drawings import draw, make_sites
from tests.geo.marked import WHEELS, draw_marked


def least(
    network: StreetNetwork,
    origins: Snapped,
    places: Snapped,
    kinds: npt.NDArray[np.int64],
    profile: Profile,
    *,
    count: int,
    limit_s: float,
    state: State,
) -> npt.NDArray[np.int32]:
    """Return the same from the table of all pairs."""
    every = time_table(network, origins, places, profile, limit_s, state=state)
    answer = np.full((len(origins.ids), count), -1, dtype=np.int32)
    for row, times in enumerate(every):
        for kind in range(count):
            mine = [
                time for time, of in zip(times, kinds, strict=True) if of == kind and time >= 0
            ]
            answer[row, kind] = min(mine, default=-1)
    return answer


def test_a_street() -> None:
    town = draw(
        """
        h         b         i
        A---------B---------C
          c                 d
        """,
        metres=10,
        ways={"ABC": "highway=footway"},
        houses={"h": "", "i": ""},
        places={"b": "", "c": "", "d": ""},
    )
    assert town.destinations.ids == ("b", "c", "d")
    found = nearest_table(
        town.network, town.origins, town.destinations, [0, 1, 1], town.profile,
        count=3, limit_s=200.0,
    )  # fmt: skip
    # b is 100 m along from h and from i, with 10 m to the way and 10 m off it. c is 20 m along
    # from h, on the same edge; d is right across the way from i. No place is of kind 2.
    assert found.tolist() == [[120_000, 40_000, -1], [120_000, 20_000, -1]]


def test_the_limit_is_within_it() -> None:
    town = draw(
        """
        h         b
        A---------B
        """,
        metres=10, ways={"AB": "highway=footway"}, houses={"h": ""}, places={"b": ""},
    )  # fmt: skip
    for limit_s, expected in ((120.0, 120_000), (119.9, -1)):
        found = nearest_table(
            town.network, town.origins, town.destinations, [0], town.profile,
            count=1, limit_s=limit_s,
        )  # fmt: skip
        assert found.tolist() == [[expected]]


def test_left_out_and_none_at_all() -> None:
    town = draw(
        """
        h         b
        A---------B
        """,
        metres=10, ways={"AB": "highway=footway"}, houses={"h": ""}, places={"b": ""},
    )  # fmt: skip
    some = (town.network, town.origins, town.destinations)
    assert nearest_table(*some, [-1], town.profile, count=1, limit_s=900).tolist() == [[-1]]
    assert nearest_table(*some, [-1], town.profile, count=0, limit_s=900).shape == (1, 0)
    nobody = town.origins.picked(())
    found = nearest_table(
        town.network, nobody, town.destinations, [0], town.profile, count=1, limit_s=900
    )
    assert found.shape == (0, 1)
    with pytest.raises(ValueError, match="kinds"):
        nearest_table(*some, [0, 0], town.profile, count=1, limit_s=900)
    with pytest.raises(ValueError, match="kind 1 of 1"):
        nearest_table(*some, [1], town.profile, count=1, limit_s=900)


@given(
    closed=st.sets(st.sampled_from("ABCDEF")),
    unknown=st.sets(st.sampled_from([1, 2, 3, 4])),
    kinds=st.lists(st.integers(-1, 2), min_size=5, max_size=5),
    limit_s=st.sampled_from([15.0, 60.0, 130.0, 900.0]),
    state=st.sampled_from(list(State)),
)
@settings(max_examples=600 if os.environ.get("TEST_ALL") else 20, deadline=None)
def test_closed_nodes_and_unknown_ways(
    closed: set[str], unknown: set[int], kinds: list[int], limit_s: float, state: State
) -> None:
    # Spots beside ways and on their ends, a gate's kind of node closed, a one-way staircase.
    profile = replace(WHEELS, rest_m=None)
    town = draw_marked(
        """
        u    v   w
        A----B---C
        |    x   |
        D--y-E---F
             z
        """,
        metres=10,
        ways={
            "ABC": "highway=footway",
            "AD": "highway=footway",
            "DEF": "highway=footway",
            "CF": "highway=footway",
        },
        houses={"u": "", "w": ""},
        places={"v": "", "x": "", "y": "", "z": "", "A": ""},
        profile=profile,
        unknown=dict.fromkeys(unknown, "surface"),
        closed="".join(sorted(closed)),
    )
    some = (town.network, town.origins, town.destinations, np.array(kinds), profile)
    same: dict[str, Any] = {"count": 3, "limit_s": limit_s, "state": state}
    assert nearest_table(*some, **same).tolist() == least(*some, **same).tolist()
    # And the other way round: places set out to houses.
    other = (town.network, town.destinations, town.origins, np.array(kinds[:2]), profile)
    assert nearest_table(*other, **same).tolist() == least(*other, **same).tolist()


@pytest.mark.parametrize(
    ("name", "crs", "step"),
    [
        ("neubrandenburg-2016", "EPSG:25833", 25),
        ("dortmund-aplerbeck-2026", "EPSG:25832", 1),
    ],
)
def test_real_homes(shared_data: Path, name: str, crs: str, step: int) -> None:
    path = shared_data / "osm" / f"{name}.nometa.osm.pbf"
    extract = read_extract(path, {"shop": None, "amenity": None})
    profiles = {key: load_profiles()[key] for key in ("resident", "wheelchair", "bicycle")}
    network, _ = build_network(extract, make_sites({}, {}, {}, crs), profiles)
    homes = extract.addresses.to_crs(crs).drop_duplicates("osm_id").iloc[::step]
    homes = homes.rename(columns={"osm_id": "id"}).assign(on_campus="", outline=None)
    things = extract.features.to_crs(crs)
    things = things.set_geometry(things.geometry.centroid)
    things = things.rename(columns={"osm_id": "id"}).assign(on_campus="", outline=None)
    kinds = np.arange(len(things)) % 12 - 1
    assert len(homes) > 50
    for profile in profiles.values():
        start, goal = (snap_places(network, some, profile) for some in (homes, things))
        for state in profile.states:
            found = nearest_table(
                network, start, goal, kinds, profile, count=11, limit_s=1200, state=state
            )
            every = time_table(network, start, goal, profile, 1200, state=state).astype(np.int64)
            every[every < 0] = 1 << 40
            for kind in range(11):
                nearest = every[:, kinds == kind].min(axis=1)
                expected = np.where(nearest == 1 << 40, -1, nearest)
                assert (found[:, kind] == expected).all()
            if state is State.POSSIBLE or profile.limits is None:
                assert (found >= 0).mean() > 0.2
