"""What counts as a seat, and that seats are read whatever the categories of a study are."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.reader import read_extract
from layers.seats import find_seats, is_seat, with_seats
from tests.osm_xml import Node, write_osm


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("amenity=bench", True),
        ("amenity=lounger", True),
        ("leisure=picnic_table", True),
        ("amenity=shelter bench=yes", True),
        ("highway=bus_stop bench=yes", True),
        ("highway=platform bench=yes", True),
        ("public_transport=platform bench=yes", True),
        ("railway=platform bench=yes", True),
        ("railway=tram_stop bench=yes", True),
        ("amenity=bench access=yes", True),
        ("amenity=bench access=private", False),
        ("amenity=bench access=no", False),
        ("amenity=shelter", False),
        ("highway=bus_stop", False),
        ("highway=bus_stop bench=no", False),
        ("highway=bus_stop bench=unknown", False),
        ("disused:amenity=bench", False),
        ("amenity=cafe bench=yes", False),
        ("", False),
    ],
)
def test_what_is_a_seat(text: str, expected: bool) -> None:  # noqa: FBT001 - a table's column
    tags = dict(pair.rsplit("=", 1) for pair in text.split())
    assert is_seat(tags) is expected


def test_seats_are_read_beside_what_else_is_asked_for() -> None:
    wanted = with_seats({"amenity": {"cafe"}, "highway": {"bus_stop"}, "shop": None})
    assert wanted["amenity"] == {"cafe", "bench", "lounger", "shelter"}
    assert wanted["highway"] == {"bus_stop", "platform"}
    assert wanted["leisure"] == {"picnic_table"}
    assert wanted["shop"] is None
    assert with_seats({"amenity": None})["amenity"] is None


def test_seats_of_a_file(tmp_path: Path) -> None:
    nodes: dict[int, Node] = {
        1: (9.0, 52.0, {"amenity": "bench"}),
        2: (9.001, 52.0, {"amenity": "cafe"}),
        3: (9.0, 52.001, {"highway": "bus_stop", "bench": "yes"}),
        4: (9.002, 52.0),
        5: (9.002, 52.001),
        6: (9.003, 52.001),
        7: (9.0, 52.002, {"shop": "bakery"}),
    }
    platform = {"public_transport": "platform", "bench": "yes", "area": "yes"}
    bench = {"amenity": "bench"}
    ways = {
        10: ([4, 5], bench),
        11: ([4, 5, 6, 4], platform),
        12: ([1, 4], {"highway": "footway"}),
    }
    write_osm(tmp_path / "town.osm", nodes, ways)
    extract = read_extract(tmp_path / "town.osm", with_seats({"shop": None}))
    # At 9° east, the middle meridian of the zone: 500 km east by definition.
    seats = find_seats(extract, "EPSG:25832")
    assert seats.shape == (4, 2)
    assert seats[0, 0] == pytest.approx(500_000)
    assert seats[1, 0] == pytest.approx(500_000)
    assert seats[1, 1] - seats[0, 1] == pytest.approx(111, abs=1)
    assert (seats[2:, 0] > 500_100).all()
    empty = read_extract(tmp_path / "town.osm", {"shop": None})
    assert find_seats(empty, "EPSG:25832").shape == (0, 2)
