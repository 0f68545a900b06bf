"""What is used again after a change equals what computing anew gives; no difference allowed.

Random changes on a real town: where all owners meet the network, all travel times of all
profiles, states and directions, and all isochrones. Many more with ``TEST_ALL=1``.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Transformer

from geo.edits import AddPath, Edit, LowerKerb, SetTags, apply_edits
from geo.extract import Extract
from geo.isochrones import RADIUS_M, isochrones
from geo.network import StreetNetwork, build_network
from geo.profiles import Profile, State, load_profiles
from geo.reader import read_extract
from geo.reuse import (
    Difference,
    areas_stay,
    carry_surfaces,
    carry_trees,
    compare,
    resnap_places,
    same_starts,
    untouched,
)
from geo.sites import Sites
from geo.snapping import Snapped, snap_origins, snap_places
from geo.travel_time import Tree, search, travel_time_matrix
from tests.geo.drawings import CRS, Town, draw
from tests.geo.random_edits import Planner
from tests.geo.real_study import place_study
from tests.geo.same_network import assert_same

LONG = bool(os.environ.get("TEST_ALL"))
PROFILES = load_profiles()
LANES = [(profile, state) for profile in PROFILES.values() for state in profile.states]
MINUTES = (5, 10)
LIMIT_S = 600.0
TO_DEGREES = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)


@dataclass(frozen=True)
class Known:
    """Everything computed on one network."""

    network: StreetNetwork
    sites: Sites
    origins: dict[str, Snapped]
    places: dict[str, Snapped]
    trees: dict[tuple[str, State], list[Tree]]
    areas: gpd.GeoDataFrame


def doors(profile: Profile) -> str:
    return "" if profile.limits is None else profile.id


def know(network: StreetNetwork, sites: Sites, places: gpd.GeoDataFrame) -> Known:
    """Compute everything anew."""
    origins = {doors(who): snap_origins(network, sites, who) for who in PROFILES.values()}
    joined = {doors(who): snap_places(network, places, who) for who in PROFILES.values()}
    trees = {
        (who.id, state): list(search(network, origins[doors(who)], who, LIMIT_S, state))
        for who, state in LANES
    }
    everything = [tree for some in trees.values() for tree in some]
    return Known(network, sites, origins, joined, trees, isochrones(network, everything, MINUTES))


def assert_snapped(found: Snapped, expected: Snapped) -> None:
    for part in fields(Snapped):
        if part.name not in {"ids", "findings"}:
            a, b = getattr(found, part.name), getattr(expected, part.name)
            assert np.array_equal(a, b), part.name
    assert found.ids == expected.ids


def matrix(network: StreetNetwork, trees: list[Tree], places: Snapped) -> pd.DataFrame:
    return travel_time_matrix(network, trees, places)


def check_searches(difference: Difference, before: Known, after: Known) -> int:
    """Carry searches over and compare all that is read of them; return how many stay."""
    carried = 0
    for who, state in LANES:
        key = doors(who)
        old, new = before.trees[who.id, state], after.trees[who.id, state]
        stays = untouched(difference, old, before.origins[key], after.origins[key])
        rows = np.flatnonzero(stays)
        trees = carry_trees(difference, old, rows, before.origins[key], after.origins[key])
        carried += len(rows)
        for tree, row in zip(trees, rows, strict=True):
            for name in ("node", "time_ms", "distance_mm", "unknown_mm", "private",
                         "estimated", "by_hours", "link_xy"):  # fmt: skip
                assert np.array_equal(getattr(tree, name), getattr(new[row], name)), name
            for part in fields(tree.steps):
                a, b = getattr(tree.steps, part.name), getattr(new[row].steps, part.name)
                assert np.array_equal(a, b), part.name
        # Each parent leads on to the node, in the time that is between the two.
        for tree in trees:
            rows_on = np.flatnonzero(tree.parent >= 0)
            ends = np.stack([difference.new.edge_from, difference.new.edge_to])
            pair = np.sort(ends[:, tree.edge[rows_on]], axis=0)
            meant = np.sort(
                np.stack([tree.node[rows_on], tree.node[tree.parent[rows_on]]]), axis=0
            )
            assert np.array_equal(pair, meant)
        network = difference.new
        pd.testing.assert_frame_equal(
            matrix(network, trees, after.places[key]),
            matrix(network, [new[row] for row in rows], after.places[key]),
        )
        # Where a place meets the network as before, its times are those of before.
        same = same_starts(difference, before.places[key], after.places[key])
        ids = [name for name, kept in zip(after.places[key].ids, same, strict=True) if kept]
        pd.testing.assert_frame_equal(
            matrix(network, trees, after.places[key].picked(ids)),
            matrix(before.network, [old[row] for row in rows], before.places[key].picked(ids)),
        )
    return carried


def check_reversed(difference: Difference, before: Known, after: Known) -> None:
    """Search the ways that lead to the origins, too."""
    for who, state in (
        (PROFILES["resident"], State.CONFIRMED),
        (PROFILES["wheelchair"], State.POSSIBLE),
    ):
        one, other = before.origins[doors(who)], after.origins[doors(who)]
        old = search(before.network, one, who, LIMIT_S, state, reverse=True)
        new = search(after.network, other, who, LIMIT_S, state, reverse=True)
        rows = np.flatnonzero(untouched(difference, old, one, other))
        trees = carry_trees(difference, old, rows, one, other)
        pd.testing.assert_frame_equal(
            matrix(difference.new, trees, after.places[doors(who)]),
            matrix(difference.new, [new[row] for row in rows], after.places[doors(who)]),
        )


def check_areas(difference: Difference, before: Known, after: Known) -> int:
    """Compare the areas that are said to stay with those drawn anew; return how many."""
    widest = before.areas[before.areas["minutes"] == MINUTES[-1]]
    kept = areas_stay(
        difference, np.array(widest.geometry, dtype=object), radius_m=RADIUS_M, cell_m=10.0
    )
    still = set()
    for who, state in LANES:
        old = before.trees[who.id, state]
        key = doors(who)
        stays = untouched(difference, old, before.origins[key], after.origins[key])
        still |= {(tree.origin_id, who.id, state.value)
                  for tree, one in zip(old, stays, strict=True) if one}  # fmt: skip
    columns = ["house_id", "profile", "state"]
    named = [tuple(row) for row in widest[columns].itertuples(index=False)]
    both = {name for name, one in zip(named, kept, strict=True) if one and name in still}

    def of(frame: gpd.GeoDataFrame) -> dict[tuple[str, ...], bytes]:
        rows = frame[["house_id", "profile", "state", "minutes"]].itertuples(index=False)
        wkb = shapely.to_wkb(np.array(frame.geometry, dtype=object))
        return {tuple(row): shape for row, shape in zip(rows, wkb, strict=True)
                if tuple(row)[:3] in both}  # fmt: skip

    assert of(before.areas) == of(after.areas)
    return len(both)


def check(
    extract: Extract, places: gpd.GeoDataFrame, before: Known, edits: list[Edit]
) -> list[int]:
    edited, sites = apply_edits(extract, before.sites, edits, like=before.network)
    network, found = build_network(edited, sites, PROFILES, like=before.network)
    anew, sites = apply_edits(extract, before.sites, edits)
    fresh, _ = build_network(anew, sites, PROFILES)
    assert_same(network, fresh)
    after = know(fresh, found, places)
    difference = compare(before.network, network)
    for who in PROFILES.values():
        key = doors(who)
        joined = resnap_places(difference, places, before.places[key], who)
        assert_snapped(joined, after.places[key])
    carry_surfaces(difference)
    everything = [tree for some in after.trees.values() for tree in some]
    drawn = isochrones(network, everything, MINUTES)
    assert drawn.drop(columns="geometry").equals(after.areas.drop(columns="geometry"))
    assert (shapely.to_wkb(drawn.geometry) == shapely.to_wkb(after.areas.geometry)).all()
    check_reversed(difference, before, after)
    return [check_searches(difference, before, after), check_areas(difference, before, after)]


@pytest.mark.parametrize(
    ("name", "seed", "cases"),
    [
        ("berlin-miraustr-2026.nometa", 1, 200 if LONG else 4),
        pytest.param(
            "neubrandenburg-2016.nometa", 2, 200, marks=pytest.mark.skipif(not LONG, reason="long")
        ),
        pytest.param(
            "dreieich-2022.nometa", 3, 200, marks=pytest.mark.skipif(not LONG, reason="long")
        ),
    ],
)
def test_what_is_used_again_is_what_computing_gives(
    shared_data: Path, name: str, seed: int, cases: int
) -> None:
    extract = read_extract(shared_data / "osm" / f"{name}.osm.pbf", ())
    study = place_study(extract, seed=seed, houses=6, places=300)
    network, sites = build_network(extract, study.sites, PROFILES)
    before = know(network, sites, study.places)
    rng = np.random.default_rng(seed)
    planner = Planner(extract, sites, rng)
    counts = np.zeros(2, dtype=np.int64)
    for _ in range(cases):
        edits = planner.plan(int(rng.integers(1, 4)))
        try:
            counts += check(extract, study.places, before, edits)
        except AssertionError as error:
            raise AssertionError(f"{edits}: {error}") from error
    # Otherwise nothing was tried.
    assert (counts > cases).all()


def line(**changes: str) -> Town:
    """Draw a street with houses and shops, and a path beside it that is joined to nothing."""
    return draw(
        """
        h-A---------B---------C---------D---------E-x
                              |
                              F-y

          P-------Q
        """,
        metres=10,
        ways={
            "ABC": "highway=residential sidewalk=both surface=asphalt",
            "CDE": "highway=residential sidewalk=both surface=asphalt",
            "CF": "highway=footway surface=asphalt",
            "PQ": "highway=footway",
        },
        nodes=changes,
        houses={"h": ""},
        places={"x": "", "y": "", "Q": ""},
    )


def lonlat(town: Town, spot: str) -> tuple[float, float]:
    row = int(np.flatnonzero(town.extract.nodes.ids == ord(spot))[0])
    return float(town.extract.nodes.longitude[row]), float(town.extract.nodes.latitude[row])


def difference_of(town: Town, *edits: Edit) -> tuple[Known, Difference]:
    before = know(*build_network(town.extract, town.given, PROFILES), town.places)
    extract, sites = apply_edits(town.extract, before.sites, edits)
    network, _ = build_network(extract, sites, PROFILES)
    return before, compare(before.network, network)


def names(network: StreetNetwork, edges: Any) -> set[str]:
    """Name edges by the letters at their ends; a made node is a dot."""
    osm = network.node_osm
    ends = zip(osm[network.edge_from[edges]], osm[network.edge_to[edges]], strict=True)
    return {"".join(chr(node) if node > 0 else "." for node in pair) for pair in ends}


def test_only_what_a_new_path_joins_is_changed() -> None:
    town = line()
    # From a spot between B and C to F: BC is cut in two, all else stays.
    (west, south), (east, north) = lonlat(town, "B"), lonlat(town, "C")
    between = (west + east) / 2, (south + north) / 2
    before, difference = difference_of(town, AddPath((between, lonlat(town, "F"))))
    # A, B, C are no junctions but where ways meet: ABC is one edge up to C.
    assert names(difference.old, difference.gone) == {"AC"}
    assert names(difference.new, difference.added) == {"A.", ".C", ".F"}
    changed = difference.changed_nodes("resident")
    at = difference.old.node_osm[changed]
    assert {chr(node) for node in at} == {"A", "C", "F"}
    # h starts on AC itself: nothing of it stays.
    origins = before.origins[""]
    joined = snap_origins(difference.new, before.sites, PROFILES["resident"])
    trees = before.trees["resident", State.CONFIRMED]
    assert untouched(difference, trees, origins, joined).tolist() == [False]


def test_a_change_out_of_reach_touches_nothing() -> None:
    town = line()
    short = [
        replace(tree, limit_ms=60_000)
        for tree in search(town.network, town.origins, town.profile, 60.0)
    ]
    extract, sites = apply_edits(town.extract, town.sites, [SetTags("w2", {"highway": "steps"})])
    network, found = build_network(extract, sites, {town.profile.id: town.profile})
    difference = compare(town.network, network)
    after = snap_origins(network, found, town.profile)
    # From h to C are 10 + 220 m: a minute at 1 m/s does not lead there.
    assert untouched(difference, short, town.origins, after).tolist() == [True]
    far = search(town.network, town.origins, town.profile, 300.0)
    assert untouched(difference, far, town.origins, after).tolist() == [False]


def test_a_kerb_concerns_only_those_on_wheels() -> None:
    town = line(C="barrier=kerb kerb=raised")
    before, difference = difference_of(town, LowerKerb(ord("C")))
    assert not len(difference.gone)
    assert not len(difference.added)
    concerned = {who: bool(difference.changed_nodes(who).any()) for who in PROFILES}
    assert concerned == {who.id: who.limits is not None for who in PROFILES.values()}
    assert check(town.extract, town.places, before, [LowerKerb(ord("C"))])[0] > 0


def test_a_path_that_joins_an_island_moves_those_who_stand_there() -> None:
    town = line()
    edit = AddPath((lonlat(town, "P"), lonlat(town, "A")))
    before, difference = difference_of(town, edit)
    joined = resnap_places(difference, town.places, before.places[""], PROFILES["resident"])
    expected = snap_places(difference.new, town.places, PROFILES["resident"])
    assert_snapped(joined, expected)
    # Q stands at the island's end: joined to both before, to its path alone now.
    q = list(joined.ids).index("Q")
    assert np.count_nonzero(before.places[""].owner == q) == 2
    assert np.count_nonzero(joined.owner == q) == 1


def test_other_places_or_profiles_are_refused() -> None:
    town = line()
    before, difference = difference_of(town, LowerKerb(ord("C")))
    with pytest.raises(ValueError, match="other places"):
        resnap_places(difference, town.places.iloc[:1], before.places[""])
    with pytest.raises(ValueError, match="different studies"):
        compare(town.network, difference.new)


def test_an_area_may_change_though_its_search_does_not() -> None:
    town = draw(
        """
        h
        A----------------------------------------B----C----------------------------------D
         p
        """,
        metres=25,
        ways={"AB": "highway=residential", "BCD": "highway=residential"},
        houses={"h": ""},
        places={"p": ""},
    )
    before = know(*build_network(town.extract, town.given, PROFILES), town.places)
    trees = before.trees["resident", State.CONFIRMED]

    def after(*edits: Edit) -> tuple[Difference, bool, gpd.GeoDataFrame]:
        extract, sites = apply_edits(town.extract, before.sites, edits)
        network, found = build_network(extract, sites, PROFILES)
        joined = snap_origins(network, found, PROFILES["resident"])
        difference = compare(before.network, network)
        kept = untouched(difference, trees, before.origins[""], joined)
        anew = search(network, joined, PROFILES["resident"], LIMIT_S)
        return difference, bool(kept.all()), isochrones(network, anew, MINUTES)

    areas = isochrones(before.network, trees, MINUTES)
    widest = np.array(areas.geometry, dtype=object)[-1:]
    # In ten minutes 575 m beyond A are reached; B is 1,025 m away, C 1,150 m, D 2,000 m.
    south = TO_DEGREES.transform(town.spots["A"][0] + 25, town.spots["A"][1] - 30)
    beside, kept, changed = after(AddPath((lonlat(town, "C"), south)))
    assert kept
    assert areas_stay(beside, widest, radius_m=RADIUS_M, cell_m=10.0).tolist() == [False]
    assert not shapely.equals(changed.geometry.iloc[-1], widest[0])
    north = TO_DEGREES.transform(town.spots["D"][0], town.spots["D"][1] + 300)
    away, kept, same = after(AddPath((lonlat(town, "D"), north)))
    assert kept
    assert areas_stay(away, widest, radius_m=RADIUS_M, cell_m=10.0).tolist() == [True]
    assert shapely.equals_exact(same.geometry.iloc[-1], widest[0])
