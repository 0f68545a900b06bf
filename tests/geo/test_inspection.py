"""Facts about a file, and its areas as JSON."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
import shapely

from geo.crs import metric_crs_for
from geo.errors import ExtractError, OutputError
from geo.extract import Nodes, Ways
from geo.inspection import describe, inspect_extract, walking_network, write_areas
from geo.reader import read_extract
from tests.osm_xml import Node, Way, write_osm

#  1 - 2 - 3   4 - 5     6 alone; 3 to 4 is a gap, 2 - 5 a motorway
NODES: dict[int, Node] = {number: (7 + number / 1000, 51.0) for number in range(1, 7)}
WAYS: dict[int, Way] = {
    1: ([1, 2, 3], {"highway": "footway"}),
    2: ([4, 5], {"highway": "path"}),
    3: ([2, 5], {"highway": "motorway"}),
    4: ([3, 4], {"highway": "path", "foot": "no"}),
    5: ([5, 77, 6], {"highway": "path"}),
}
METRES = 69.978  # 0.001 degrees of longitude at 51 degrees north, on the sphere


def test_the_walking_network_is_measured_where_it_is_open(tmp_path: Path) -> None:
    extract = read_extract(write_osm(tmp_path / "a.osm", NODES, WAYS), ())
    network = walking_network(extract.ways, extract.nodes)
    assert network.length_km == pytest.approx(3 * METRES / 1000, rel=1e-4)
    assert network.parts == 2
    assert network.largest_share_percent == pytest.approx(200 / 3)


def test_a_network_that_hangs_together(tmp_path: Path) -> None:
    ways: dict[int, Way] = {1: ([1, 2, 3], {"highway": "footway"}), 2: ([3, 4], WAYS[2][1])}
    extract = read_extract(write_osm(tmp_path / "a.osm", NODES, ways), ())
    network = walking_network(extract.ways, extract.nodes)
    assert (network.parts, network.largest_share_percent) == (1, 100.0)


def test_no_network_at_all(tmp_path: Path) -> None:
    path = write_osm(tmp_path / "a.osm", NODES, {1: ([1, 2, 3, 1], {"building": "yes"})})
    inspection = inspect_extract(path)
    assert (inspection.network.length_km, inspection.network.parts) == (0.0, 0)
    assert "Wegenetz zu Fuß: keine Wege" in describe(inspection)


def test_lengths_agree_with_a_projection(shared_data: Path) -> None:
    extract = read_extract(
        shared_data / "osm" / "dortmund-aplerbeck-2026.nometa.osm.pbf", ("highway",)
    )
    network = walking_network(extract.ways, extract.nodes)
    west, south, east, north = extract.bounds
    crs = metric_crs_for((west + east) / 2, (south + north) / 2)
    lines = extract.base[extract.base["layer"].isin(["street", "path"])].to_crs(crs)
    drawn_km = float(lines.length.sum()) / 1000
    assert network.length_km == pytest.approx(drawn_km, rel=0.05)
    assert 50 < network.largest_share_percent <= 100


def test_the_description_is_german_and_complete(tmp_path: Path) -> None:
    nodes: dict[int, Node] = NODES | {7: (7.004, 51.0, {"highway": "bus_stop"})}
    path = write_osm(
        tmp_path / "a.osm",
        nodes,
        WAYS,
        {1: ([("w", 99, "outer")], {"type": "multipolygon", "landuse": "forest"})},
        bounds=(0.0, 0.0, 180.0, 90.0),
    )
    inspection = inspect_extract(path)
    text = "\n".join(describe(inspection))
    for expected in (
        f"Datei: {path} (1 kB, XML)",
        "Stand der Daten: nicht bekannt",
        "Gebiet der Daten: Länge 7,0010 bis 7,0060, Breite 51,0000 bis 51,0000",
        "Gebiet laut Kopf der Datei: Länge 0,0000 bis 180,0000, Breite 0,0000 bis 90,0000",
        "Inhalt: 7 Punkte, 5 Linien, 1 Relation (Mitglieder: 1, davon außerhalb: 1)",
        "        5  Straßen und Wege",
        "        1  Bushaltestellen",
        "0,2 km in 2 Teilen; im größten hängen 66,7 % der Länge zusammen",
    ):
        assert expected in text
    assert [(finding.code, finding.examples) for finding in inspection.findings] == [
        ("file.header_box", ()),
        ("file.no_date", ()),
        ("way.missing_nodes", ("w5",)),
        ("relation.missing_members", ("r1",)),
        ("area.missing_members", ("r1",)),
    ]


def test_facts_of_a_real_extract(shared_data: Path) -> None:
    path = shared_data / "osm" / "liechtenstein-2015.nometa.osm.pbf"
    inspection = inspect_extract(path)
    assert inspection.data_date == date(2015, 7, 27)
    assert inspection.format == "PBF"
    assert inspection.size == path.stat().st_size
    assert inspection.header_box is None
    assert inspection.counts["highway"] == 4660
    assert inspection.counts["areas"] > 9000
    assert 90 < inspection.network.largest_share_percent <= 100
    assert "Stand der Daten: 27.07.2015" in describe(inspection)
    assert not any("nan" in line for line in describe(inspection))


def test_areas_are_written_as_json(tmp_path: Path) -> None:
    corners: dict[int, Node] = {
        1: (7.0, 51.0), 2: (7.0100001, 51.0), 3: (7.01, 51.01), 4: (7.0, 51.01),
        5: (7.002, 51.002), 6: (7.004, 51.002), 7: (7.004, 51.004),
    }  # fmt: skip
    path = write_osm(
        tmp_path / "a.osm",
        corners,
        {
            30: ([1, 2, 3, 4, 1], {"landuse": "forest", "name": "Wäldchen", "a": "b"}),
            9: ([5, 6, 7, 5], {"natural": "water"}),
            8: ([1, 2, 3, 4, 1], {"highway": "service"}),
            7: ([1, 3, 2, 4, 1], {"landuse": "grass"}),
        },
        {2: ([("w", 30, "outer"), ("w", 9, "inner")], {"type": "multipolygon", "place": "x"})},
    )
    target = tmp_path / "areas.json"
    assert write_areas(path, target) == 3
    areas = json.loads(target.read_text(encoding="utf-8"))
    assert [(area["from_type"], area["from_id"]) for area in areas] == [
        ("relation", 2), ("way", 9), ("way", 30),
    ]  # fmt: skip
    assert all(list(area) == ["from_type", "from_id", "wkt", "tags"] for area in areas)
    assert areas[0]["tags"] == {"place": "x"}
    assert areas[2]["tags"] == {"a": "b", "landuse": "forest", "name": "Wäldchen"}
    assert areas[2]["wkt"] == "MULTIPOLYGON (((7 51, 7.0100001 51, 7.01 51.01, 7 51.01, 7 51)))"
    shapes = [shapely.from_wkt(area["wkt"]) for area in areas]
    assert all(shape.geom_type == "MultiPolygon" and shape.is_valid for shape in shapes)
    assert shapes[0].equals(shapes[2].difference(shapes[1]))


def test_areas_of_a_real_extract(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "osm" / "dreieich-2022.nometa.osm.pbf"
    target = tmp_path / "areas.json"
    number = write_areas(path, target)
    areas = json.loads(target.read_text(encoding="utf-8"))
    assert len(areas) == number == inspect_extract(path).counts["areas"]
    keys = [(area["from_type"], area["from_id"]) for area in areas]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)
    assert shapely.is_valid(shapely.from_wkt([area["wkt"] for area in areas])).all()
    first = target.read_bytes()
    write_areas(path, target)
    assert target.read_bytes() == first


def test_an_earlier_file_of_areas_stays_when_reading_fails(tmp_path: Path) -> None:
    target = tmp_path / "areas.json"
    target.write_text("[]")
    with pytest.raises(ExtractError):
        write_areas(tmp_path / "nowhere.osm.pbf", target)
    assert target.read_text() == "[]"
    path = write_osm(tmp_path / "a.osm", NODES, WAYS)
    with pytest.raises(OutputError):
        write_areas(path, tmp_path / "no such folder" / "areas.json")
    assert sorted(item.name for item in tmp_path.iterdir()) == ["a.osm", "areas.json"]


def test_an_empty_network_of_arrays() -> None:
    import numpy as np  # noqa: PLC0415

    none = np.zeros(0, dtype=np.int64)
    ways = Ways(none, np.zeros(1, dtype=np.int64), none, [])
    nodes = Nodes(none, np.zeros(0), np.zeros(0), {})
    assert walking_network(ways, nodes).parts == 0
