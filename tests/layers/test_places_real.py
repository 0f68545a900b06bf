"""The places of real extracts: sound, the same every time, and counted a second time."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import shapely

from benchmarks.independent_count import compare
from benchmarks.place_merging import extract_path, places_of
from layers.places import PLACE_COLUMNS, check_places

REAL = [
    "neubrandenburg-2016",
    "berlin-miraustr-2026",
    "dortmund-aplerbeck-2026",
    "dreieich-2022",
    "muenster-gievenbeck-derived",
    "liechtenstein-2013",
    "liechtenstein-2015",
    "heidelberg",
]


@pytest.mark.parametrize("name", REAL)
def test_real_extracts(shared_data: Path, name: str) -> None:
    places = places_of(extract_path(shared_data / "osm", name))
    check_places(places.frame)
    all_ids = [one for ids in places.frame["osm_ids"] for one in ids.split(",")]
    assert len(all_ids) == len(set(all_ids))
    assert len(all_ids) == len(places.frame) + len(places.merges)
    outlines = [shape for shape in places.frame["outline"] if shape is not None]
    assert all(shapely.is_valid(outlines))
    assert not places.frame["kind"].eq("").any()
    assert places.frame.geometry.is_valid.all()


def test_aplerbeck_counted_by_hand(shared_data: Path) -> None:
    frame = places_of(extract_path(shared_data / "osm", "dortmund-aplerbeck-2026")).frame
    counts = frame["category"].value_counts()
    assert counts["bakery"] == 2
    assert counts["pharmacy"] == 1
    assert counts["optician"] == 4
    stops = frame[frame["category"] == "bus_stop"]
    assert sorted(stops["name"]) == ["Aplerbeck", "Aplerbeck Markt", "Rodenbergstr. / Aplerbeck U"]
    both: Any = stops.set_index("name").loc["Aplerbeck"]
    assert both["kind"] == "Bus- und Straßenbahnhaltestelle"
    assert both["osm_ids"].count(",") >= 7


@pytest.mark.parametrize("name", REAL if os.environ.get("TEST_ALL") else REAL[:5])
def test_counts_agree_with_an_independent_count(shared_data: Path, name: str) -> None:
    differences, objects, _ = compare(extract_path(shared_data / "osm", name))
    unexplained = [one for one in differences if one[2] == "unexplained"]
    assert unexplained == []
    assert objects.total() >= 50


def test_the_same_extract_gives_the_same_places(shared_data: Path) -> None:
    path = extract_path(shared_data / "osm", "dreieich-2022")
    first = places_of(path)
    second = places_of.__wrapped__(path)
    pd.testing.assert_frame_equal(first.merges, second.merges)
    assert first.findings == second.findings
    columns = list(PLACE_COLUMNS)
    pd.testing.assert_frame_equal(
        pd.DataFrame(first.frame[columns]), pd.DataFrame(second.frame[columns])
    )
    assert (first.frame.geometry.to_wkb() == second.frame.geometry.to_wkb()).all()
