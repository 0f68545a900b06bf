"""The data of the page say what the snapshot says."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest

from maps.basemap import base_map
from maps.encoding import to_world
from maps.place_data import place_table, shown_places
from maps.profile_data import variants
from maps.reach_data import reach_packs
from maps.study_data import marks, origin_ids, study_data
from maps.symbols import load_symbols
from maps.time_data import STATUSES, access_table
from tests.layers.sample import ORIGIN, sample_snapshot
from tests.maps.test_encoding import read_numbers, read_shapes
from tests.maps.wheels import wheels_snapshot

SNAPSHOT = sample_snapshot()
VARIANTS = variants(SNAPSHOT)
SHOWN = ["services", "transit", "meeting_places", "partners"]


def test_places_of_layers_that_are_not_shown_are_left_out() -> None:
    places = shown_places(SNAPSHOT, SHOWN)
    assert "n12" not in set(places["id"])
    assert len(places) == len(SNAPSHOT.places) - 1


def test_place_table_keeps_texts_and_positions() -> None:
    places = shown_places(SNAPSHOT, SHOWN)
    categories = [category.id for category in SNAPSHOT.taxonomy.categories]
    table = place_table(places, categories, ["g-waldhof"])
    assert table["name"] == list(places["name"])
    row = table["id"].index("n6")
    assert table["osmIds"][row] == "n6,n66,w67,r68"
    assert table["kinds"][table["kind"][row]] == "Bushaltestelle"
    assert categories[table["category"][row]] == "bus_stop"
    assert table["osmIds"][table["id"].index("n1")] == ""
    assert table["campus"][table["id"].index("n4")] == 0
    assert table["campus"][row] == -1
    assert table["hours"][table["hour"][table["id"].index("n1")]] == "Mo-Sa 06:00-18:00"
    lonlat = places.geometry.to_crs("EPSG:4326")[row]
    (world,) = to_world(np.array(lonlat.coords))
    assert (table["x0"] + table["x"][row], table["y0"] + table["y"][row]) == tuple(world)


def test_access_table_keeps_what_is_not_known_apart_from_nought() -> None:
    access = SNAPSHOT.access.copy()
    counts = ["n_05", "n_10", "n_15", "n_on_campus"]
    access[counts] = access[counts].astype("Int64")
    access.loc[access["house_id"] == "h-linde", counts] = pd.NA
    snapshot = dataclasses.replace(SNAPSHOT, access=access)
    places = list(shown_places(SNAPSHOT, SHOWN)["id"])
    origins = origin_ids(SNAPSHOT)
    categories = [category.id for category in SNAPSHOT.taxonomy.categories]
    numbers = read_numbers(access_table(snapshot, places, origins, categories, VARIANTS))
    cells = len(origins) * len(categories)
    columns = [numbers[at * cells : (at + 1) * cells] for at in range(7)]
    assert len(numbers) == 7 * cells
    rows = {(row["house_id"], row["category"]): row for row in access.to_dict("records")}
    for i, origin in enumerate(origins):
        for j, category in enumerate(categories):
            status, nearest, detour, *known = (
                column[i * len(categories) + j] for column in columns
            )
            row = rows.get((origin, category))
            if row is None:
                assert status == 0
                continue
            assert STATUSES[status] == row["status"]
            near = row["nearest_id"] if row["status"] == "reachable" else None
            assert (places[nearest - 1] if nearest else None) == near
            assert detour == (0 if pd.isna(row["detour"]) else round(row["detour"] * 100))
            assert known == [0 if pd.isna(row[name]) else row[name] + 1 for name in counts]


def test_origins_are_sites_then_houses() -> None:
    assert origin_ids(SNAPSHOT) == ["g-waldhof", "h-linde", "h-markt"]
    study = study_data(SNAPSHOT, load_symbols())
    assert [origin["id"] for origin in study["origins"]] == origin_ids(SNAPSHOT)
    # A site's ways start at the gates that can be passed.
    assert len(study["origins"][0]["points"]) == 1
    assert study["profiles"][0]["speed"] == pytest.approx(1.0)
    assert study["date"] == "12.03.2026"


def test_the_source_stands_on_the_map() -> None:
    def attribution(**changes: object) -> str:
        snapshot = dataclasses.replace(SNAPSHOT, **changes)  # type: ignore[arg-type]
        return str(study_data(snapshot, load_symbols())["attribution"])

    assert attribution() == "Erfundene Daten im Format von OpenStreetMap, Stand 12.03.2026"
    assert attribution(fictional=False) == "© OpenStreetMap-Mitwirkende (ODbL), Stand 12.03.2026"
    assert attribution(fictional=False, data_date=None) == "© OpenStreetMap-Mitwirkende (ODbL)"


def test_houses_get_marks_of_their_own() -> None:
    assert marks({"h1": "Haus A", "h2": "Haus 12", "h3": "Haus am Markt"}) == {
        "h1": "A", "h2": "12", "h3": "B",
    }  # fmt: skip
    assert marks({"h1": "Haus A", "h2": "Villa A"}) == {"h1": "A", "h2": "B"}
    many = marks({f"h{number:03d}": "Haus" for number in range(300)})
    assert len(set(many.values())) == 300


def test_isochrones_keep_their_rings() -> None:
    (packed,) = reach_packs(SNAPSHOT, origin_ids(SNAPSHOT))
    shapes = read_shapes(packed)
    assert [len(parts) for _, parts in shapes] == [1, 2, 1] * 3


def test_isochrones_of_each_profile_stand_in_the_order_of_the_variants() -> None:
    snapshot = wheels_snapshot()
    origins = origin_ids(snapshot)
    assert [" ".join(variant) for variant in variants(snapshot)] == [
        "resident confirmed", "wheelchair confirmed", "wheelchair possible", "bicycle confirmed",
    ]  # fmt: skip
    foot, sure, possible, bicycle = (
        [_width(parts) for _, parts in read_shapes(pack)]
        for pack in reach_packs(snapshot, origins)
    )
    # Nothing is sure from the grounds: shapes without parts keep the places of the others.
    assert sure[:3] == [0, 0, 0]
    assert np.array(sure[3:]) * 3 == pytest.approx(np.array(foot[3:]), rel=0.01)
    assert np.array(possible) * 1.5 == pytest.approx(np.array(foot), rel=0.01)
    assert np.array(bicycle) / 3 == pytest.approx(np.array(foot), rel=0.01)


def test_many_houses_get_coarser_coordinates() -> None:
    (fine,) = reach_packs(SNAPSHOT, origin_ids(SNAPSHOT))
    others = [f"h{number}" for number in range(100)]
    (coarse,) = reach_packs(SNAPSHOT, [*origin_ids(SNAPSHOT), *others])
    assert (fine["unit"], coarse["unit"]) == (1, 4)
    assert coarse["shapes"] == fine["shapes"] + 300
    for (_, parts), (_, nearly) in zip(read_shapes(fine), read_shapes(coarse), strict=False):
        # Half a step each way.
        assert np.abs(np.array(parts[0]) - np.array(nearly[0])).max() <= 2


def _width(parts: list[list[tuple[int, int]]]) -> int:
    xs = [x for part in parts for x, _ in part]
    return max(xs, default=0) - min(xs, default=0)


def test_base_map_keeps_kinds_and_names() -> None:
    packed = base_map(SNAPSHOT.base)
    assert sum(count for *_, count in packed["groups"]) == len(SNAPSHOT.base)
    named = read_numbers(packed["named"])
    names = [packed["names"][index - 1] for index in named if index]
    assert sorted(names) == sorted(name for name in SNAPSHOT.base["name"] if name)
    kinds = [(layer, kind) for layer, kind, _ in packed["groups"]]
    assert ("street", "residential") in kinds
    assert kinds.index(("wood", "wood")) < kinds.index(("street", "residential"))


def test_an_empty_base_map_is_a_base_map() -> None:
    packed = base_map(SNAPSHOT.base.iloc[:0])
    assert packed["groups"] == []
    assert packed["shapes"]["points"] == 0


def test_positions_are_off_by_less_than_a_quarter_metre() -> None:
    # A world pixel at this latitude is 0.19 m wide; rounding is off by half of it.
    metres = 40075016.686 / (256 * 2**19) * math.cos(math.radians(52))
    assert metres / 2 * math.sqrt(2) < 0.25
    assert ORIGIN[1] > 0
