"""Access indicators against numbers worked out by hand, and against a naive count."""

from __future__ import annotations

import dataclasses
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import MultiPoint, box

from geo.errors import CrsError
from geo.profiles import Profile, load_profiles
from geo.sites import Sites
from layers.access import (
    STATUS_LABELS,
    access_columns,
    access_indicators,
    campus_only_share,
    make_origins,
    threshold_column,
)
from layers.taxonomy import Taxonomy
from tests.layers import sample

RESIDENT = load_profiles()["resident"]


def the_sites() -> Sites:
    return Sites(sample.sites(), sample.houses(), sample.gates())


def count(
    places: gpd.GeoDataFrame | None = None,
    matrix: pd.DataFrame | None = None,
    sites: Sites | None = None,
    **more: Any,
) -> pd.DataFrame:
    """Count with the sample town's data except for what is given."""
    settings: dict[str, Any] = {
        "minutes": sample.MINUTES,
        "max_minutes": sample.MAX_MINUTES,
        "profiles": {"resident": RESIDENT},
    }
    return access_indicators(
        sample.places() if places is None else places,
        sample.travel_times() if matrix is None else matrix,
        sites or the_sites(),
        sample.TAXONOMY,
        **(settings | more),
    )


def row(table: pd.DataFrame, house: str, category: str) -> dict[str, Any]:
    found = table[(table["house_id"] == house) & (table["category"] == category)]
    assert len(found) == 1
    values = found.iloc[0].to_dict()
    return {str(key): None if pd.isna(value) else value for key, value in values.items()}


# ------------------------------------------------------------ numbers from the drawing


@pytest.mark.parametrize(
    ("house", "category", "expected"),
    [
        # 550 m to the nearer bakery, 150 + 400 m straight south; the other is 1,050 m away.
        ("h-linde", "bakery", ("n1", 550, 1.0, 0, 1, 1, 0, "reachable")),
        # 280 m as the crow flies to the wall of the supermarket, 1,400 m around the fence.
        ("h-linde", "supermarket", ("w3", 1400, 5.0, 0, 0, 0, 0, "reachable")),
        # The canteen of the grounds is no social space.
        ("h-linde", "cafe", (None, None, None, 0, 0, 0, 1, "only_on_campus")),
        # Recorded 1,792 m away as the crow flies, 2,350 m along the ways.
        ("h-linde", "pharmacy", (None, None, None, 0, 0, 0, 0, "not_reachable")),
        ("h-linde", "doctors", (None, None, None, 0, 0, 0, 0, "not_recorded")),
        # 23 minutes away is told, though beyond the last threshold.
        ("h-markt", "pharmacy", ("n5", 1400, 1.23, 0, 0, 0, 0, "reachable")),
        ("h-markt", "bakery", ("n2", 100, 1.0, 1, 2, 2, 0, "reachable")),
        # From another house too, the café on the grounds is on campus.
        ("h-markt", "cafe", (None, None, None, 0, 0, 0, 1, "only_on_campus")),
        # From the gate: 400 m; straight 400 m. n2 is 900 m away: just within 15 minutes.
        ("g-waldhof", "bakery", ("n1", 400, 1.0, 0, 1, 2, 0, "reachable")),
    ],
)
def test_numbers_from_the_drawing(house: str, category: str, expected: tuple[Any, ...]) -> None:
    found = row(count(), house, category)
    columns = (
        "nearest_id",
        "nearest_m",
        "detour",
        "n_05",
        "n_10",
        "n_15",
        "n_on_campus",
        "status",
    )
    assert tuple(found[column] for column in columns) == expected
    assert found["nearest_s"] == found["nearest_m"]


def test_a_site_counts_what_is_on_its_own_grounds_even_out_of_reach() -> None:
    times = sample.travel_times()
    without = times[times["to_id"] != "n4"]
    assert row(count(matrix=without), "g-waldhof", "cafe")["n_on_campus"] == 1
    assert row(count(matrix=without), "h-linde", "cafe")["n_on_campus"] == 0
    assert row(count(matrix=without), "h-linde", "cafe")["status"] == "not_reachable"
    # … and not twice when there is a way, too.
    assert row(count(), "g-waldhof", "cafe")["n_on_campus"] == 1


def test_a_place_on_another_campus_is_on_campus() -> None:
    places = sample.places()
    places.loc[places["id"] == "n1", "on_campus"] = "g-anderswo"
    found = row(count(places), "h-linde", "bakery")
    assert (found["nearest_id"], found["n_on_campus"]) == ("n2", 1)
    assert row(count(places), "g-waldhof", "bakery")["n_on_campus"] == 1


def test_moving_the_boundary_flips_a_category() -> None:
    places = sample.places()
    outside = places.assign(on_campus="")
    assert row(count(places), "h-linde", "cafe")["status"] == "only_on_campus"
    assert row(count(outside), "h-linde", "cafe")["status"] == "reachable"
    share = campus_only_share(count(places)).set_index("house_id")["share_percent"]
    # Seven categories met (the pharmacy is out of reach), the café among them.
    assert share["h-linde"] == pytest.approx(14.3)
    assert campus_only_share(count(outside))["share_percent"].tolist() == [0.0, 0.0, 0.0]


def test_share_is_unknown_where_nothing_is_met() -> None:
    share = campus_only_share(count(matrix=sample.travel_times().iloc[:0]))
    house = share[share["house_id"] == "h-linde"].iloc[0]
    assert house["n_met"] == 0
    assert pd.isna(house["share_percent"])


@pytest.mark.parametrize(("seconds", "within"), [(600.0, 1), (600.1, 0), (599.9, 1)])
def test_a_threshold_includes_its_last_second(seconds: float, within: int) -> None:
    times = sample.travel_times()
    chosen = (times["from_id"] == "h-linde") & (times["to_id"] == "n1")
    times.loc[chosen, "travel_time_s"] = seconds
    assert row(count(matrix=times), "h-linde", "bakery")["n_10"] == within


def test_among_equals_the_first_id_is_nearest() -> None:
    times = sample.travel_times()
    times.loc[(times["from_id"] == "h-linde") & (times["to_id"] == "n2"), "travel_time_s"] = 550.0
    shuffled = times.sample(frac=1, random_state=1)
    assert row(count(matrix=shuffled), "h-linde", "bakery")["nearest_id"] == "n1"
    assert row(count(matrix=shuffled), "h-linde", "bakery")["nearest_m"] == 550


def test_no_detour_where_the_straight_line_is_short() -> None:
    places = sample.places()
    places.loc[places["id"] == "n2", "geometry"] = gpd.GeoSeries(
        [sample.at(649.9, -400)], index=places.index[places["id"] == "n2"], crs=sample.CRS
    )
    assert row(count(places), "h-markt", "bakery")["detour"] is None
    places.loc[places["id"] == "n2", "geometry"] = gpd.GeoSeries(
        [sample.at(650, -400)], index=places.index[places["id"] == "n2"], crs=sample.CRS
    )
    assert row(count(places), "h-markt", "bakery")["detour"] == 2.0


def test_not_recorded_does_not_depend_on_how_wide_the_extract_is() -> None:
    places = sample.places()
    far = places[places["id"] == "n1"].assign(id="n999", osm_ids="n999", category="doctors")
    # 30 minutes at 1 m/s are 1,800 m; the houses lie up to 632 m apart.
    far = far.set_geometry([sample.at(200, -400 - 1801)], crs=sample.CRS)
    wide: Any = pd.concat([places, far], ignore_index=True)
    found = count(wide)
    assert row(found, "h-linde", "doctors")["status"] == "not_recorded"
    near: Any = pd.concat(
        [places, far.set_geometry([sample.at(200, 150 - 1800)], crs=sample.CRS)],
        ignore_index=True,
    )
    assert row(count(near), "h-linde", "doctors")["status"] == "not_reachable"
    assert "outline" in near


def test_an_origin_without_a_network_has_no_counts() -> None:
    times = sample.travel_times()
    found = count(
        matrix=times[times["from_id"] != "h-linde"], unconnected={("h-linde", "resident")}
    )
    bakery = row(found, "h-linde", "bakery")
    assert bakery["status"] == "not_reachable"
    assert row(found, "h-linde", "doctors")["status"] == "not_recorded"
    assert row(found, "h-linde", "cafe")["status"] == "not_reachable"
    for column in ("n_05", "n_10", "n_15", "n_on_campus", "nearest_id", "nearest_s", "detour"):
        assert bakery[column] is None
    assert row(found, "h-markt", "bakery")["n_05"] == 1
    # Connected, but nothing near: nought is known.
    assert row(count(matrix=times.iloc[:0]), "h-linde", "bakery")["n_05"] == 0


def test_times_beyond_the_limit_do_not_count() -> None:
    found = row(count(max_minutes=20), "h-linde", "supermarket")
    assert (found["nearest_id"], found["status"]) == (None, "not_reachable")


def test_profiles_are_counted_apart() -> None:
    slow = Profile("slow", "Langsam", 0.5, 0.25, "Test")
    times = sample.travel_times()
    slower = times.assign(profile="slow", travel_time_s=times["travel_time_s"] * 2)
    slower = slower[slower["travel_time_s"] <= sample.MAX_MINUTES * 60]
    both = count(matrix=pd.concat([times, slower]), profiles={"slow": slow, "resident": RESIDENT})
    found = both[(both["house_id"] == "h-linde") & (both["category"] == "bakery")]
    assert found["profile"].tolist() == ["resident", "slow"]
    assert found["nearest_s"].tolist() == [550.0, 1100.0]
    assert found["n_15"].tolist() == [1, 0]
    # Half the speed has the same surroundings of 1,800 m: the supermarket is 280 m away, the
    # pharmacy 1,792 m. At twice the speed they end after 3,600 m.
    status = both[both["profile"] == "slow"].set_index(["house_id", "category"])["status"]
    assert status["h-linde", "supermarket"] == "not_reachable"
    assert status["h-linde", "pharmacy"] == "not_reachable"


def test_who_is_quicker_has_wider_surroundings() -> None:
    places = sample.places()
    places.loc[places["id"] == "n5", "geometry"] = gpd.GeoSeries(
        [sample.at(200, 150 - 3000)], index=places.index[places["id"] == "n5"], crs=sample.CRS
    )
    profiles = {
        key: Profile(key, key, speed, None, "Test")
        for key, speed in (("brisk", 1.7), ("slow", 0.5), ("wheels", 3.0))
    }
    found = count(places, sample.travel_times().iloc[:0], profiles=profiles)
    pharmacy = found[(found["house_id"] == "h-linde") & (found["category"] == "pharmacy")]
    assert dict(zip(pharmacy["profile"], pharmacy["status"], strict=True)) == {
        "brisk": "not_reachable", "slow": "not_recorded", "wheels": "not_reachable",
    }  # fmt: skip


# ---------------------------------------------------------------------- shape and types


def test_columns_order_and_types() -> None:
    found = count()
    assert list(found.columns) == access_columns((5, 10, 15))
    assert found["house_id"].unique().tolist() == ["g-waldhof", "h-linde", "h-markt"]
    asked = [category.id for category in sample.TAXONOMY.categories if category.indicator]
    assert "bench" not in asked
    assert found["category"].tolist() == asked * 3
    assert found["status"].isin(STATUS_LABELS).all()
    types = found.dtypes.astype(str).to_dict()
    assert {types[name] for name in ("n_05", "n_10", "n_15", "n_on_campus")} == {"Int64"}
    assert {types[name] for name in ("nearest_s", "nearest_m", "detour")} == {"Float64"}
    assert {types[name] for name in ("house_id", "nearest_id", "status")} == {"str"}


def test_other_thresholds_name_their_columns() -> None:
    found = count(minutes=(7, 20))
    assert [name for name in found.columns if name.startswith("n_")] == [
        "n_07", "n_20", "n_on_campus",
    ]  # fmt: skip
    assert threshold_column(5) == "n_05"


def test_no_places_and_no_sites() -> None:
    nothing = count(sample.places().iloc[:0], sample.travel_times().iloc[:0])
    assert set(nothing["status"]) == {"not_recorded"}
    assert (nothing["n_15"] == 0).all()
    houses_only = Sites(sample.sites().iloc[:0], sample.houses(), sample.gates().iloc[:0])
    found = count(sites=houses_only)
    assert found["house_id"].unique().tolist() == ["h-linde", "h-markt"]


def test_origins_of_a_site_are_its_open_gates() -> None:
    origins = make_origins(the_sites())
    assert origins["id"].tolist() == ["g-waldhof", "h-linde", "h-markt"]
    assert origins["kind"].tolist() == ["site", "house", "house"]
    assert origins["site_id"].tolist() == ["g-waldhof", "g-waldhof", ""]
    assert origins.geometry.iloc[0].equals(sample.at(200, 0))
    shut = dataclasses.replace(the_sites(), gates=sample.gates().assign(status="locked"))
    assert make_origins(shut).geometry.iloc[0].equals(sample.sites().geometry.iloc[0])


def test_a_house_without_an_entrance_starts_at_its_outline() -> None:
    houses = sample.houses()
    for east, expected in ((600.0, "Polygon"), (591.5, "Polygon"), (590.5, "Point")):
        house = houses.iloc[1:].set_geometry([sample.at(east, -400)], crs=sample.CRS)
        house["outline"] = pd.Series(
            [sample.moved(box(590, -420, 610, -380))], index=house.index, dtype=object
        )
        found = make_origins(dataclasses.replace(the_sites(), houses=house))
        assert found.set_index("id").geom_type.to_dict()["h-markt"] == expected
    # 90 m from wall to place, 100 m from the middle: no way is shorter than straight.
    outlined = dataclasses.replace(
        the_sites(), houses=house.set_geometry([sample.at(600, -400)], crs=sample.CRS)
    )
    times = sample.travel_times()
    chosen = (times["from_id"] == "h-markt") & (times["to_id"] == "n2")
    times.loc[chosen, "distance_m"] = 90.0
    assert row(count(matrix=times, sites=outlined), "h-markt", "bakery")["detour"] == 1.0


def test_degrees_are_refused() -> None:
    with pytest.raises(CrsError, match="Koordinatensystem in Metern"):
        count(sample.places().to_crs("EPSG:4326"))


# --------------------------------------------------------------------- a naive count


def test_equal_to_a_naive_count_on_random_towns() -> None:
    for seed in range(8):
        _compare_with_naive_count(np.random.default_rng(seed))


def _compare_with_naive_count(rng: np.random.Generator) -> None:
    categories = [category.id for category in sample.TAXONOMY.categories]
    number = 60
    places = gpd.GeoDataFrame(
        {
            "id": [f"n{index}" for index in range(number)],
            "category": rng.choice(categories, number),
            "on_campus": rng.choice(["", "", "g-waldhof", "g-anderswo"], number),
        },
        geometry=[sample.at(*rng.uniform(-1500, 1500, 2)) for _ in range(number)],
        crs=sample.CRS,
    )
    matrix = pd.DataFrame(
        [
            (origin, place, "resident", "confirmed", seconds, seconds * 1.25)
            for origin in ("g-waldhof", "h-linde", "h-markt", "h-fremd")
            for place in places["id"]
            if (seconds := round(float(rng.uniform(0, 3000)), 1)) <= 1800
        ],
        columns=["from_id", "to_id", "profile", "state", "travel_time_s", "distance_m"],
    )
    found = count(places, matrix.sample(frac=1, random_state=1))
    origins = make_origins(the_sites())
    for _, origin in origins.iterrows():
        for category in sample.TAXONOMY.categories:
            if category.indicator:
                expected = _naive(places, matrix, origin, category.id)
                actual = row(found, origin["id"], category.id)
                assert {key: actual[key] for key in expected} == expected


def _naive(
    places: gpd.GeoDataFrame, matrix: pd.DataFrame, origin: Any, category: str
) -> dict[str, Any]:
    seconds = {
        to: time
        for start, to, time in zip(
            matrix["from_id"], matrix["to_id"], matrix["travel_time_s"], strict=True
        )
        if start == origin["id"]
    }
    off: list[tuple[float, str]] = []
    on_campus, recorded, straight = 0, False, {}
    for _, place in places.iterrows():
        if place["category"] != category:
            continue
        straight[place["id"]] = origin["geometry"].distance(place["geometry"])
        recorded |= straight[place["id"]] <= 1800
        reached = place["id"] in seconds
        if place["on_campus"] == "" and reached:
            off.append((seconds[place["id"]], place["id"]))
        elif place["on_campus"] != "":
            at_home = origin["kind"] == "site" and place["on_campus"] == origin["site_id"]
            on_campus += reached or at_home
    time, nearest = min(off, default=(None, None))
    detour = None
    if nearest is not None and time is not None and straight[nearest] >= 50:
        detour = round(round(time * 1.25, 10) / straight[nearest], 2)
    if off:
        status = "reachable"
    elif on_campus:
        status = "only_on_campus"
    else:
        status = "not_reachable" if recorded else "not_recorded"
    return {
        "nearest_id": nearest,
        "nearest_s": time,
        "detour": detour,
        "n_05": sum(value <= 300 for value, _ in off),
        "n_10": sum(value <= 600 for value, _ in off),
        "n_15": sum(value <= 900 for value, _ in off),
        "n_on_campus": on_campus,
        "status": status,
    }


def test_outline_counts_for_the_straight_line_not_the_label_point() -> None:
    # A park whose label point lies 600 m inside, but whose edge is 100 m away.
    places = sample.places().iloc[:1].assign(category="cafe", id="w1", on_campus="")
    places = places.set_geometry([sample.at(1300, -400)], crs=sample.CRS)
    places["outline"] = pd.Series([sample.moved(box(700, -1000, 1900, 200))], dtype=object)
    times = (
        sample.travel_times()
        .iloc[:1]
        .assign(from_id="h-markt", to_id="w1", travel_time_s=120.0, distance_m=120.0)
    )
    assert row(count(places, times), "h-markt", "cafe")["detour"] == 1.2


@pytest.mark.parametrize("several", [False, True])
def test_entrances_count_before_the_outline(several: bool) -> None:  # noqa: FBT001
    # Two poles of one stop, 100 m and 300 m from the house; its label point is 200 m away.
    poles = [sample.at(700, -400), sample.at(900, -400)]
    places = sample.places().iloc[:1].assign(category="bus_stop", id="n1", on_campus="")
    places = places.set_geometry([sample.at(800, -400)], crs=sample.CRS)
    places["entrances"] = pd.Series([poles if several else MultiPoint(poles)], dtype=object)
    times = (
        sample.travel_times()
        .iloc[:1]
        .assign(from_id="h-markt", to_id="n1", travel_time_s=110.0, distance_m=110.0)
    )
    assert row(count(places, times), "h-markt", "bus_stop")["detour"] == 1.1
    places["entrances"] = pd.Series([None], dtype=object)
    assert row(count(places, times), "h-markt", "bus_stop")["detour"] == 0.55


def test_order_of_input_does_not_matter() -> None:
    mixed = count(
        sample.places().iloc[::-1].reset_index(drop=True), sample.travel_times().iloc[::-1]
    )
    pd.testing.assert_frame_equal(mixed, count())


def test_taxonomy_without_indicators_gives_an_empty_table() -> None:
    silent = Taxonomy(
        tuple(
            dataclasses.replace(category, indicator=False)
            for category in sample.TAXONOMY.categories
        )
    )
    found = access_indicators(
        sample.places(),
        sample.travel_times(),
        the_sites(),
        silent,
        minutes=(5,),
        max_minutes=30,
        profiles={"resident": RESIDENT},
    )
    assert found.empty
    assert list(found.columns) == access_columns((5,))


# --------------------------------------------------------------------- sure and possible


def test_states_are_counted_apart_and_possible_is_never_less() -> None:
    wheelchair = load_profiles()["wheelchair"]
    possible = sample.travel_times().assign(profile="wheelchair", state="possible")
    # Only every other place is surely reached, and that on longer ways.
    sure = possible.iloc[::2].assign(state="confirmed")
    sure["travel_time_s"] += 60
    found = count(matrix=pd.concat([sure, possible]), profiles={"wheelchair": wheelchair})
    assert found["state"].unique().tolist() == ["confirmed", "possible"]
    keys = ["house_id", "profile", "category"]
    one, other = (
        found[found["state"] == state].set_index(keys) for state in ("confirmed", "possible")
    )
    assert one.index.equals(other.index)
    for column in ("n_05", "n_10", "n_15", "n_on_campus"):
        assert (one[column] <= other[column]).all()
    assert (one["n_15"] < other["n_15"]).any()
    both = one["nearest_s"].notna()
    assert (other.loc[both, "nearest_s"] < one.loc[both, "nearest_s"]).any()
    assert (other.loc[both, "nearest_s"] <= one.loc[both, "nearest_s"]).all()
    # What is recorded does not depend on the state of the ways.
    recorded = [part["status"] != "not_recorded" for part in (one, other)]
    assert recorded[0].equals(recorded[1])
    bakery = ("h-linde", "wheelchair", "bakery")
    # Neither bakery is in every other row: no sure way leads to one.
    status = one.loc[bakery, "status"], other.loc[bakery, "status"]
    assert status == ("not_reachable", "reachable")


def test_categories_as_keys_count_the_same() -> None:
    keys = ["from_id", "to_id", "profile", "state"]
    as_categories = sample.travel_times().astype(dict.fromkeys(keys, "category"))
    pd.testing.assert_frame_equal(count(matrix=as_categories), count())


def test_rows_of_other_profiles_and_states_are_left_aside() -> None:
    times = sample.travel_times()
    more = [
        times,
        times.assign(profile="bicycle", travel_time_s=1.0),
        times.assign(state="possible", travel_time_s=1.0),
    ]
    pd.testing.assert_frame_equal(count(matrix=pd.concat(more)), count())
