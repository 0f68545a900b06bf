"""What is used again after a change equals what computing anew gives; no difference allowed.

Random changes on a real town: where all owners meet the network, all travel times of all
profiles, states and directions, and all isochrones. Many more with ``TEST_ALL=1``.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, fields, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.edits import Edit, apply_edits
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
from tests.geo.random_edits import Planner
from tests.geo.real_study import place_study

LONG = bool(os.environ.get("TEST_ALL"))
PROFILES = load_profiles()
LANES = [(profile, state) for profile in PROFILES.values() for state in profile.states]
MINUTES = (5, 10)
LIMIT_S = 600.0


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
    edited, sites = apply_edits(extract, before.sites, edits)
    network, found = build_network(edited, sites, PROFILES)
    after = know(replace(network, _memory={}), found, places)
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
    return [check_searches(difference, before, after), check_areas(difference, before, after)]


@pytest.mark.parametrize(
    ("name", "seed", "cases"),
    [
        ("berlin-miraustr-2026.nometa", 1, 200 if LONG else 8),
        pytest.param(
            "neubrandenburg-2016.nometa", 2, 200, marks=pytest.mark.skipif(not LONG, reason="long")
        ),
        pytest.param("heidelberg.test", 3, 200, marks=pytest.mark.skipif(not LONG, reason="long")),
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
