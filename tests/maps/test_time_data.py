"""Times, metres and marks come out of their pack as they were."""

from __future__ import annotations

import dataclasses
import math
from itertools import accumulate
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.snapshot import Snapshot
from maps.place_data import shown_places
from maps.profile_data import variants
from maps.study_data import origin_ids
from maps.time_data import reference_of, time_tables
from tests.layers.sample import sample_snapshot
from tests.maps.test_encoding import read_numbers
from tests.maps.wheels import wheels_snapshot

SHOWN = ["services", "transit", "meeting_places", "partners"]

Cell = tuple[int, int, int, int]


def read_times(tables: list[dict[str, Any]]) -> list[dict[int, Cell]]:
    """Return seconds, metres, marks, 1 + unknown metres by cell; written from the description."""
    metres_of: dict[int, dict[int, int]] = {}

    def read(number: int) -> dict[int, Cell]:
        table = tables[number]
        expected = {} if table["reference"] is None else metres(table["reference"])
        numbers = iter(read_numbers(table["data"]))
        runs = [next(numbers) for _ in range(table["runs"])]
        ends = list(accumulate(runs))
        cells = [
            cell
            for end, length, turn in zip(ends, runs, range(len(runs)), strict=True)
            if turn % 2
            for cell in range(end - length, end)
        ]
        assert len(cells) == table["cells"]
        columns = [[next(numbers) for _ in cells] for _ in range(4)]
        assert next(numbers, None) is None
        result = {}
        for cell, far, long, marks, unknown in zip(cells, *columns, strict=True):
            m = signed(far) + expected.get(cell, 0)
            result[cell] = (signed(long) + math.ceil(m / table["speed"]), m, marks, unknown)
        return result

    def metres(number: int) -> dict[int, int]:
        if number not in metres_of:
            metres_of[number] = {cell: values[1] for cell, values in read(number).items()}
        return metres_of[number]

    return [read(number) for number in range(len(tables))]


def signed(value: int) -> int:
    return (value >> 1) ^ -(value & 1)


@pytest.mark.parametrize("snapshot", [sample_snapshot(), wheels_snapshot()], ids=["foot", "all"])
def test_times_are_rounded_up_to_seconds_and_keep_their_marks(snapshot: Snapshot) -> None:
    places = list(shown_places(snapshot, SHOWN)["id"])
    origins = origin_ids(snapshot)
    read = read_times(time_tables(snapshot, places, origins))
    rows = snapshot.travel_times
    rows = rows[rows["to_id"].isin(places)]
    assert sum(map(len, read)) == len(rows) > 0
    for row in rows.to_dict("records"):
        number = variants(snapshot).index((row["profile"], row["state"]))
        cell = origins.index(row["from_id"]) * len(places) + places.index(row["to_id"])
        seconds, metres, marks, unknown = read[number][cell]
        assert seconds == math.ceil(round(row["travel_time_s"], 1))
        assert metres == round(row["distance_m"])
        assert marks == row["estimated"] + 2 * row["private"] + 4 * row.get("by_hours", False)
        assert unknown == (1 + row["unknown_m"] if "unknown_m" in row else 0)


@pytest.mark.parametrize(("exact", "written"), [(599.9, 600), (600.0, 600), (600.1, 601)])
def test_a_threshold_stays_a_threshold(exact: float, written: int) -> None:
    sample = sample_snapshot()
    times = sample.travel_times.head(1).assign(travel_time_s=exact)
    places, origins = [times["to_id"].iloc[0]], [times["from_id"].iloc[0]]
    tables = time_tables(dataclasses.replace(sample, travel_times=times), places, origins)
    assert read_times(tables)[0][0][0] == written


def test_what_is_expected_where() -> None:
    numbered = variants(wheels_snapshot())
    assert [reference_of(numbered, number) for number in range(4)] == [None, 2, 0, 0]
    # Where somebody on wheels comes first, the possible ways are the measure.
    first = [("a", "confirmed"), ("a", "possible"), ("b", "confirmed")]
    assert [reference_of(first, number) for number in range(3)] == [1, None, 0]


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["h-linde", "h-markt", "elsewhere"]),
        st.sampled_from(["p1", "p2", "p3", "other"]),
        st.sampled_from(variants(wheels_snapshot())),
        st.integers(0, 72_000),
        st.integers(0, 30_000),
        st.integers(0, 7),
    ),
    unique_by=lambda row: row[:3],
)


# How long an example takes is no matter here: other programs may be running.
@settings(deadline=None)
@given(ROWS)
def test_any_times_come_out_again(rows: list[Any]) -> None:
    places, origins = ["p1", "p2", "p3"], ["h-linde", "h-markt"]
    frame = pd.DataFrame(
        {
            "from_id": [row[0] for row in rows],
            "to_id": [row[1] for row in rows],
            "profile": [row[2][0] for row in rows],
            "state": [row[2][1] for row in rows],
            "travel_time_s": [row[3] / 10 for row in rows],
            "distance_m": [float(row[4]) for row in rows],
            "estimated": [bool(row[5] & 1) for row in rows],
            "private": [bool(row[5] & 2) for row in rows],
            "by_hours": [bool(row[5] & 4) for row in rows],
        }
    )
    snapshot = dataclasses.replace(wheels_snapshot(), travel_times=frame)
    read = read_times(time_tables(snapshot, places, origins))
    expected: list[dict[int, Cell]] = [{}, {}, {}, {}]
    for origin, place, variant, tenths, metres, marks in rows:
        if origin in origins and place in places:
            cell = origins.index(origin) * 3 + places.index(place)
            number = variants(snapshot).index(variant)
            expected[number][cell] = (-(-tenths // 10), metres, marks, 0)
    assert read == expected
