"""Common ground: by hand on the street of ``two_way_towns``, and spot by spot on a real town."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.common_areas import common_areas
from geo.isochrones import RADIUS_M, isochrones
from geo.network import StreetNetwork, build_network
from geo.profiles import State, load_profiles
from geo.reader import read_extract
from geo.snapping import Snapped
from geo.travel_time import search
from layers.common_ground import COLUMNS, common_ground, least_neighbours
from layers.people import PARTS, People
from layers.study import Study, StudySettings
from layers.study_network import StudyNetwork
from layers.taxonomy import load_taxonomy
from tests.geo.drawings import CORNER, CRS, RESIDENT, draw
from tests.geo.edge_oracle import EdgeOracle
from tests.geo.marked import WHEELS, draw_marked
from tests.geo.real_study import place_study
from tests.layers.peopled import peopled, peopled_points
from tests.layers.two_way_towns import RESIDENTS, street, street_people


def areas(frame: gpd.GeoDataFrame) -> dict[tuple[str, int], Any]:
    """Return the areas by site and minutes, moved to the corner of the drawing."""
    moved = frame.geometry.translate(-CORNER[0], -CORNER[1])
    keys = zip(frame["site_id"], frame["minutes"].tolist(), strict=True)
    return dict(zip(keys, moved, strict=True))


def test_how_many_neighbours_make_a_spot_common() -> None:
    # 38 people live around both sites. A tenth of them, 3.8, would be fewer than 5.
    assert least_neighbours(street_people()) == {"campus": 5, "k": 5}
    # Half are 19; 51 % are 19.38, so 20.
    assert least_neighbours(street_people(common_percent=50)) == {"campus": 19, "k": 19}
    assert least_neighbours(street_people(common_percent=51)) == {"campus": 20, "k": 20}
    # A tenth of 70 is 7, whatever 0.1 is in binary.
    many = peopled(street(), {"a": 62, "b": 8}, RESIDENTS)
    assert least_neighbours(many)["campus"] == 7


def test_common_ground_is_where_both_can_be_in_time() -> None:
    # 19 neighbours are enough: the 30 of a are, the 8 of b are not. Along the street, in metres
    # from the corner: h at 150, a at 900, k at 1,500.
    frame = common_ground(street_people(common_percent=50))
    assert frame.columns.tolist() == list(COLUMNS)
    assert set(frame["neighbours_min"]) == {19}
    found = areas(frame)
    # Within 5 minutes (300 m): h to 450, a from 600: nothing. k from 1,200 and a to 1,200 meet
    # in one spot, which is no area worth drawing.
    assert ("campus", 5) not in found
    # Within 10 minutes: h to 750, a from 300; k from 900, a to 1,500, where k lives. Behind
    # k's door the time of both is up, and what is drawn of the 35 m there is up to the grid.
    assert found["campus", 10].bounds == pytest.approx((300, -135, 750, -65), abs=1)
    west, *_, east, _ = found["k", 10].bounds
    assert west == pytest.approx(900, abs=1)
    assert 1500 <= east <= 1535
    # Within 15 minutes: h to 1,050, a from 0: all that h reaches, from 35 m behind the door,
    # where the way ends. k from 600.
    assert found["campus", 15].bounds == pytest.approx((115, -135, 1050, -65), abs=1)
    assert found["k", 15].bounds == pytest.approx((600, -135, 1535, -65), abs=1)
    # A strip with straight ends where times are up.
    assert found["campus", 10].area == pytest.approx(450 * 2 * RADIUS_M, rel=0.01)


def test_a_locked_gate_leaves_nothing_in_common_and_opened_it_appears() -> None:
    shut = common_ground(street_people("locked", common_percent=50))
    assert "campus" not in set(shut["site_id"])
    assert shut["site_id"].tolist() == ["k"] * 2
    opened = common_ground(street_people("open", common_percent=50))
    assert opened["site_id"].tolist() == ["campus"] * 2 + ["k"] * 2
    hours = common_ground(street_people("Mo-Fr 08:00-18:00", common_percent=50))
    assert shapely.equals_exact(hours.geometry.to_numpy(), opened.geometry.to_numpy()).all()


def test_fewer_than_five_neighbours_make_nothing_common() -> None:
    # Four people live there, and a tenth of them would be 0.4.
    frame = common_ground(peopled(street(), {"a": 4}, RESIDENTS))
    assert len(frame) == 0
    assert frame.columns.tolist() == list(COLUMNS)
    assert frame.crs == CRS
    assert len(common_ground(peopled(street(), {"a": 5}, RESIDENTS))) == 4
    assert len(common_ground(peopled(street(), {}, RESIDENTS))) == 0


def test_one_house_of_the_site_is_enough() -> None:
    # h and i stand at both ends of the grounds, 600 m apart; the people live beyond either.
    town = draw(
        """
          p-------------q
        a G  h       i  H b
          s-------------r
        """,
        metres=50,
        ways={"aGhiHb": "highway=footway"},
        sites={"campus": "pqrs"},
        houses={"h": "campus", "i": "campus"},
        gates={"G": ("campus", "open"), "H": ("campus", "open")},
    )
    people = peopled(town, {"a": 10, "b": 10}, {"h": 5, "i": 5})
    found = areas(common_ground(people, minutes=(5,)))
    # Columns: a 0, G 2, h 5, i 13, H 16, b 18: at 0, 100, 250, 650, 800, 900 m. Within 300 m: h
    # from 0 (a's door, and 35 m behind it) to 550, i from 350 to 900; a to 300, b from 600.
    area = found["campus", 5]
    assert area.bounds == pytest.approx((-35, -85, 935, -15), abs=1)
    parts = sorted(part.bounds[0::2] for part in area.geoms)
    assert parts == [pytest.approx((-35, 300), abs=1), pytest.approx((600, 935), abs=1)]


def test_variants_and_thresholds_of_one_s_own() -> None:
    people = street_people(common_percent=50)
    frame = common_ground(people, [(RESIDENT, State.CONFIRMED)], minutes=(15, 10))
    every = common_ground(people)
    assert frame.equals(every[every["minutes"] > 5].reset_index(drop=True))
    assert len(common_ground(people, [])) == len(common_ground(people, minutes=())) == 0


def test_what_is_only_possible_is_common_in_that_state_only() -> None:
    # The stretch between x and a is only possibly passable.
    town = draw_marked(
        "h---x---a",
        metres=50,
        ways={"hx": "highway=footway", "xa": "highway=footway"},
        houses={"h": ""},
        unknown={2: "surface"},
        profile=WHEELS,
    )
    people = peopled(town, {"a": 9}, {"h": 3})
    frame = common_ground(people)
    assert set(frame["state"]) == {"possible"}
    # h and a are 400 m apart at 1 m/s: within 5 minutes from 100 to 300 m.
    assert areas(frame)["h", 5].bounds == pytest.approx((100, -35, 300, 35), abs=1)


@pytest.mark.parametrize("home", "ab")
def test_people_along_a_way_are_counted_never_too_early_and_little_late(home: str) -> None:
    # Between the junctions A and B, 50 and 450 m from h, enough are looked for every 40 m: at 50,
    # 90, …, 250 m, where a lives. b lives at 225 m, between 210 and 250.
    town = draw(
        "h-A------ba-------B",
        metres=25,
        ways={"hA": "highway=footway", "AB": "highway=footway"},
        houses={"h": ""},
    )
    people = peopled(town, {home: 9}, {"h": 3})
    found = areas(common_ground(people, minutes=(4, 8)))
    # Within 4 minutes h goes to 240 m, a comes from 10 m: exactly. b could come from −15 m; at
    # 50 m b is after 175 s, which is exact again, and goes 65 m on to h.
    begin = {"a": 10, "b": -35}[home]
    assert found["h", 4].bounds == pytest.approx((begin, -35, 240, 35), abs=1)
    # Within 8 minutes (480 m) all is reached from both sides.
    assert found["h", 8].bounds == pytest.approx((-35, -35, 485, 35), abs=1)
    # Within half a minute of b's door h would have to be there, too.
    near = areas(common_ground(peopled(town, {home: 9}, {"h": 3}), minutes=(2,)))
    # 120 m from either side: h to 120 m, a from 130, b from 105 m.
    if home == "a":
        assert near == {}
    else:
        assert near["h", 2].bounds == pytest.approx((105, -35, 120, 35), abs=1)


@pytest.mark.parametrize("way", ["hK", "Kh"])
def test_nobody_goes_on_from_a_closed_node(way: str) -> None:
    # Both sides come to K, 100 m from either, and neither passes it: they share that spot alone,
    # drawn as wide as a cell of 10 m.
    town = draw_marked(
        "h-K-a",
        metres=50,
        ways={way: "highway=footway", "Ka": "highway=footway"},
        houses={"h": ""},
        closed="K",
        profile=WHEELS,
    )
    frame = common_ground(peopled(town, {"a": 9}, {"h": 3}))
    found = areas(frame[frame["state"] == "possible"])
    assert len(found) == 3
    for area in found.values():
        assert 90 <= area.bounds[0] <= 100 <= area.bounds[2] <= 110


def test_others_come_from_the_far_end_of_a_way_that_is_not_walked_to_its_end() -> None:
    # h, u, v and a at 0, 280, 320 and 585 m. Within 5 minutes h goes to 300 m, and a, at v after
    # 265 s, 35 m on, to 285. At u a would be after 305 s.
    town = draw(
        f"h{'-' * 55}u-------v{'-' * 52}a",
        metres=5,
        ways={"hu": "highway=footway", "uv": "highway=footway", "va": "highway=footway"},
        houses={"h": ""},
    )
    found = areas(common_ground(peopled(town, {"a": 9}, {"h": 3}), minutes=(5,)))
    assert found["h", 5].bounds == pytest.approx((285, -35, 300, 35), abs=1)


def test_a_house_on_a_way_whose_ends_it_does_not_reach() -> None:
    # h and a at 500 and 600 m of a way of 1,000 m: within 5 minutes from 300 to 800 m.
    town = draw(
        "A---------h-a-------B",
        metres=50,
        ways={"AB": "highway=footway"},
        houses={"h": ""},
    )
    found = areas(common_ground(peopled(town, {"a": 9}, {"h": 3}), minutes=(5,)))
    assert found["h", 5].bounds == pytest.approx((300, -35, 800, 35), abs=1)


def test_trees_of_another_kind_are_refused() -> None:
    people = street_people()
    crowd = people.crowd(RESIDENT, State.CONFIRMED)
    origins = people.starts(RESIDENT)
    network = people.ready.network
    short = search(network, origins, RESIDENT, 600.0)
    with pytest.raises(ValueError, match="tree of h ends before 900000 ms"):
        common_areas(crowd, {"campus": short[:1]}, {"campus": 5}, (15,))
    reverse = search(network, origins, RESIDENT, 900.0, reverse=True)
    with pytest.raises(ValueError, match="tree of h is of another kind"):
        common_areas(crowd, {"campus": reverse[:1]}, {"campus": 5}, (15,))


# -- a real town ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def dreieich(shared_data: Path) -> People:
    """Return ten houses in Dreieich, and people at its addresses."""
    extract = read_extract(shared_data / "osm" / "dreieich-2022.nometa.osm.pbf", ())
    given = place_study(extract, seed=4, houses=10, places=1).sites
    profiles = {key: load_profiles()[key] for key in ("resident", "wheelchair")}
    network, sites = build_network(extract, given, profiles)
    known = {"name": "Dreieich", "extract": "x.osm", "sites": "s.geojson",
             "profiles": tuple(profiles)}  # fmt: skip
    ready = StudyNetwork(
        study=Study(folder=Path(), settings=StudySettings.model_validate(known)),
        extract=extract,
        taxonomy=load_taxonomy(None),
        crs=CRS,
        profiles=profiles,
        given=given,
        network=network,
        sites=sites,
    )
    homes = extract.addresses.to_crs(CRS).drop_duplicates("osm_id")
    outside = ~homes.geometry.intersects(sites.sites.geometry.union_all())
    homes = homes[outside].iloc[::3]
    spots: dict[str, Any] = dict(zip(homes["osm_id"].astype("str"), homes.geometry, strict=True))
    rng = np.random.default_rng(5)
    counts = dict(zip(spots, rng.uniform(1, 18, len(spots)).tolist(), strict=True))
    xy = {name: (point.x, point.y) for name, point in spots.items()}
    residents = dict.fromkeys(sites.houses["house_id"], 24.0)
    return peopled_points(ready, xy, counts, residents)


def test_areas_are_valid_nested_and_within_the_isochrones(dreieich: People) -> None:
    frame = common_ground(dreieich)
    assert frame.crs == CRS
    assert shapely.is_valid(frame.geometry.to_numpy()).all()
    assert set(frame.geom_type) == {"MultiPolygon"}
    xy = shapely.get_coordinates(frame.geometry.to_numpy())
    assert np.array_equal(xy, np.round(xy, 1))
    assert len(set(frame["site_id"])) > 3
    for _, some in frame.groupby(["site_id", "profile", "state"]):
        for shorter, longer in pairwise(some.geometry):
            assert longer.covers(shorter)
    ready = dreieich.ready
    home = dict(zip(dreieich.residents["origin_id"], dreieich.residents["site_id"], strict=True))
    for profile in ready.profiles.values():
        for state in profile.states:
            trees = search(ready.network, dreieich.starts(profile), profile, 900.0, state)
            drawn = isochrones(ready.network, trees)
            drawn["site_id"] = [home[name] or name for name in drawn["house_id"]]
            mine = frame[(frame["profile"] == profile.id) & (frame["state"] == state.value)]
            for site, minutes, area in zip(
                mine["site_id"], mine["minutes"], mine.geometry, strict=True
            ):
                of = drawn[(drawn["site_id"] == site) & (drawn["minutes"] == minutes)]
                whole = of.geometry.union_all()
                if len(of) == 1:
                    assert whole.covers(area)
                # Between two cells, each of which another house reaches, the areas of both
                # houses drawn apart leave a sliver.
                assert area.difference(whole).area <= 0.01 * area.area


def test_the_same_again_is_the_same(dreieich: People) -> None:
    first = common_ground(dreieich)
    assert first.geometry.to_wkb().tolist() == common_ground(dreieich).geometry.to_wkb().tolist()


def test_spots_are_common_when_networkx_says_so(dreieich: People) -> None:
    """Junctions and spots between them, some around each site, on foot."""
    ready = dreieich.ready
    network = ready.network
    frame = common_ground(dreieich, [(RESIDENT, State.CONFIRMED)], (10,))
    oracle = EdgeOracle(network, ready.profiles["resident"], State.CONFIRMED)
    wrong, right = 0, {True: 0, False: 0}
    for site, needed in least_neighbours(dreieich).items():
        houses = dreieich.residents
        mine = houses.loc[(houses["site_id"] == site) | (houses["origin_id"] == site), "origin_id"]
        starts = ready.origins(RESIDENT).picked(tuple(mine))
        middle = starts.foot_xy.mean(axis=0)
        near = np.flatnonzero(np.hypot(*(network.node_xy - middle).T) < 500)
        goals = on_edges(network, near[:: max(1, len(near) // 15)])
        times = oracle.times(starts, goals, 700.0)
        came = oracle.times(dreieich.homes(RESIDENT), goals, 700.0)
        of = dict(zip(dreieich.neighbours.frame["id"], dreieich.parts.tolist(), strict=True))
        drawn = frame[frame["site_id"] == site].geometry.union_all()
        for number, name in enumerate(goals.ids):
            own = min((times[key] for key in times if key[1] == name), default=10**9)
            both = sorted((ms, of[key[0]]) for key, ms in came.items() if key[1] == name)
            enough = next(moments(both, needed * PARTS), 10**9)
            # The contour runs between the centres of cells 10 m apart; within 40 s of where it
            # is exact, enough may be drawn late, never early.
            later = max(own, enough)
            if -70_000 < later - 600_000 < 20_000:
                continue
            expected = later <= 600_000
            found = bool(drawn.intersects(shapely.Point(goals.foot_xy[number])))
            right[expected] += found == expected
            wrong += found != expected
    assert min(right.values()) > 20
    assert wrong == 0


def moments(come: list[tuple[int, int]], needed: int) -> Iterator[int]:
    """Yield the moments from which on enough have come."""
    total = 0
    for ms, many in come:
        total += many
        if total >= needed:
            yield ms


def on_edges(network: StreetNetwork, nodes: Any) -> Snapped:
    """Return one edge at each node as two places: at its first end, and two fifths along."""
    rows = [np.flatnonzero((network.edge_from == n) | (network.edge_to == n))[0] for n in nodes]
    edge = np.repeat(np.array(rows), 2)
    share = np.tile([0.0, 0.4], len(rows))
    offset = share * network.edge_length_m[edge]
    spots = shapely.line_interpolate_point(network.edge_geometry[edge], offset)
    xy = shapely.get_coordinates(spots)
    nothing = np.zeros(len(edge))
    return Snapped(
        ids=tuple(f"n{number}" for number in range(len(edge))),
        owner=np.arange(len(edge)),
        edge=edge,
        offset_m=offset,
        gap_m=nothing,
        estimated=nothing.astype(bool),
        start_xy=xy,
        foot_xy=xy,
    )
