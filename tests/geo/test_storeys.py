"""Storeys of buildings, as far as OSM names a number that one can believe."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from geo.reader import read_extract
from tests.osm_xml import write_osm

NODES: dict[int, Any] = {1: (7.0, 51.0), 2: (7.1, 51.0), 3: (7.1, 51.1), 4: (7.0, 51.1)}
RING = [1, 2, 3, 4, 1]


@pytest.mark.parametrize(
    ("said", "levels"),
    [
        ("3", 3),
        ("2.5", 2.5),
        (" 11 ", 11),
        ("0", None),
        ("-1", None),
        ("99", None),
        ("zwei", None),
        ("3;4", None),
        ("", None),
        ("1e1", None),
    ],
)
def test_storeys_of_a_building(tmp_path: Path, said: str, levels: float | None) -> None:
    ways: dict[int, Any] = {
        100: (RING, {"building": "yes", "building:levels": said}),
        # What is no building has none.
        101: (RING, {"landuse": "forest", "building:levels": said}),
        102: (RING, {"building": "demolished", "building:levels": said}),
    }
    path = tmp_path / "region.osm"
    write_osm(path, NODES, ways)
    extract = read_extract(path, ["amenity"])
    assert extract.levels == ({} if levels is None else {"w100": levels})
