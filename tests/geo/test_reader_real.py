"""Real extracts, read in full and compared with other ways to read them."""

from __future__ import annotations

import os
import random
from collections import Counter
from pathlib import Path
from typing import Any

import osmium
import pytest
import shapely

from geo.extract import Extract
from geo.reader import OsmContent, build_extract, read_content, read_extract
from tests.geo.test_reader import assert_same, codes

EXTRACTS = (
    "berlin-miraustr-2026.nometa.osm.pbf",
    "dortmund-aplerbeck-2026.nometa.osm.pbf",
    "dreieich-2022.nometa.osm.pbf",
    "heidelberg.test.osm.pbf",
    "liechtenstein-2013.nometa.osm.pbf",
    "liechtenstein-2015.nometa.osm.pbf",
    "muenster-gievenbeck-derived.nometa.osm.pbf",
    "neubrandenburg-2016.nometa.osm.pbf",
)
KEYS = ("amenity", "shop", "leisure", "office", "healthcare", "public_transport", "tourism")
LAYERS = {
    "building", "built_up", "green", "path", "place_name", "railway", "street", "water", "wood",
}  # fmt: skip


@pytest.fixture(params=EXTRACTS, scope="module")
def opened(request: pytest.FixtureRequest, shared_data: Path) -> tuple[Path, OsmContent]:
    path = shared_data / "osm" / request.param
    return path, read_content(path)


def test_counts_agree_with_a_plain_loop(opened: tuple[Path, OsmContent]) -> None:
    path, content = opened
    extract = build_extract(content, KEYS)
    found: Counter[str] = Counter()
    with_key: set[str] = set()
    west, south, east, north = 180.0, 90.0, -180.0, -90.0
    item: Any
    for item in osmium.FileProcessor(str(path)):
        tags = item.tags
        letter = item.type_str()
        found[{"n": "nodes", "w": "ways", "r": "relations"}[letter]] += 1
        if letter == "n":
            west, east = min(west, item.lon), max(east, item.lon)
            south, north = min(south, item.lat), max(north, item.lat)
        if not tags:
            continue
        for key in ("building", "amenity", "shop", "wheelchair"):
            found[key] += key in tags
        found["address"] += "addr:housenumber" in tags
        if letter == "w":
            found["highway"] += "highway" in tags
            found["steps"] += tags.get("highway") == "steps"
        elif letter == "n":
            found["bus_stop"] += tags.get("highway") == "bus_stop"
        if any(key in tags for key in KEYS):
            with_key.add(f"{letter}{item.id}")
    assert {key: extract.counts[key] for key in found} == dict(found)
    assert extract.bounds == (west, south, east, north)

    # Every object with a key is a feature, or named among what was lost.
    features = set(extract.features["osm_id"])
    assert features <= with_key
    assert len(features) == len(extract.features)
    missing = with_key - features
    reasons = codes(extract)
    named = sum(reasons.get(code, (0,))[0] for code in ("feature.lost", "feature.without_shape"))
    stop_areas = missing & set(extract.stop_areas)
    short = {key for key in missing if key in reasons.get("way.too_short", (0, ()))[1]}
    assert named == len(missing - stop_areas - short)


def test_geometries_are_valid_and_of_the_promised_kinds(opened: tuple[Path, OsmContent]) -> None:
    extract = build_extract(opened[1], KEYS)
    assert extract.features.is_valid.all()
    assert extract.base.is_valid.all()
    assert set(extract.features.geom_type) <= {
        "Point", "LineString", "Polygon", "MultiPolygon",
    }  # fmt: skip
    assert set(extract.base["layer"]) <= LAYERS
    assert not extract.base["kind"].isna().any()
    assert set(extract.addresses.geom_type) <= {"Point"}
    for frame in (extract.features, extract.base, extract.addresses, extract.entrances):
        assert frame["osm_id"].is_unique
        assert frame.crs == "EPSG:4326"
    ways, nodes = extract.ways, extract.nodes
    assert (ways.ids[1:] > ways.ids[:-1]).all()
    assert (nodes.ids[1:] > nodes.ids[:-1]).all()
    assert len(ways.offsets) == len(ways.ids) + 1 == len(ways.tags) + 1
    assert ways.offsets[-1] == len(ways.refs)
    assert set(nodes.ids.tolist()) <= set(ways.refs.tolist())


def test_areas_equal_those_of_libosmium_on_the_whole_file(
    opened: tuple[Path, OsmContent],
) -> None:
    path, content = opened
    data, areas = content.data, content.areas
    factory = osmium.geom.WKBFactory()
    ways: dict[int, Any] = {}
    relations: dict[int, Any] = {}
    area: Any
    for area in osmium.FileProcessor(str(path)).with_areas():
        if area.is_area():
            try:
                shape = shapely.from_wkb(factory.create_multipolygon(area))
            except RuntimeError:
                continue
            (ways if area.from_way() else relations)[area.orig_id()] = shape
    assert set(areas.relations) == set(relations)
    for key, found in areas.relations.items():
        assert found.geometry.equals(relations[key]), key
    own = {int(data.way_ids[row]): geometry for row, geometry in areas.ways.items()}
    assert set(own) <= set(ways)
    keys = sorted(own)
    same = shapely.equals([own[key] for key in keys], [ways[key] for key in keys])
    assert same.all()


def rewritten(path: Path, target: Path) -> Path:
    with (
        osmium.io.Reader(str(path)) as reader,
        osmium.SimpleWriter(str(target), header=reader.header()) as writer,
    ):
        osmium.apply(reader, writer)
    return target


@pytest.mark.parametrize("suffix", [".osm", ".osm.gz", ".osm.bz2", ".osm.pbf"])
@pytest.mark.parametrize("name", [EXTRACTS[1], EXTRACTS[2]])
def test_every_format_gives_the_same_extract(
    name: str, suffix: str, shared_data: Path, tmp_path: Path
) -> None:
    path = shared_data / "osm" / name
    original = read_extract(path, KEYS)
    again = read_extract(rewritten(path, tmp_path / f"again{suffix}"), KEYS)
    assert_same(original, again)
    assert original.findings == again.findings
    assert original.data_date == again.data_date


def test_known_facts_of_neubrandenburg(shared_data: Path) -> None:
    extract = read_extract(shared_data / "osm" / EXTRACTS[7], KEYS)
    expected = {
        "nodes": 152_087, "ways": 25_897, "relations": 295, "relation_members": 13_700,
        "highway": 7_930, "steps": 114, "building": 15_397, "address": 10_262,
        "amenity": 1_005, "shop": 284, "bus_stop": 198, "social_facility": 8,
        "wheelchair": 449,
    }  # fmt: skip
    assert {key: extract.counts[key] for key in expected} == expected
    assert extract.data_date is None
    assert len(extract.digest) == 64


def test_the_header_of_heidelberg_is_not_believed(shared_data: Path) -> None:
    extract = read_extract(shared_data / "osm" / EXTRACTS[3], ())
    assert "file.header_box" in codes(extract)
    assert extract.bounds[2] < 10
    assert extract.data_date is not None
    assert extract.data_date.isoformat() == "2024-09-08"


def clip(path: Path, target: Path, box: tuple[float, float, float, float]) -> Path:
    """Cut roughly: nodes in the box, ways with any of them (all refs), all relations."""
    west, south, east, north = box
    inside: set[int] = set()
    with osmium.SimpleWriter(str(target)) as writer:
        for item in osmium.FileProcessor(str(path)):
            thing: Any = item
            if item.type_str() == "n":
                keep = west <= thing.lon <= east and south <= thing.lat <= north
                if keep:
                    inside.add(thing.id)
            else:
                keep = item.type_str() == "r" or any(node.ref in inside for node in thing.nodes)
            if keep:
                writer.add(item)
    return target


def test_clipped_extracts_have_no_half_areas(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "osm" / EXTRACTS[2]
    whole = read_extract(path, KEYS)
    shapes = dict(zip(whole.features["osm_id"], whole.features.geometry, strict=True))
    drawn = dict(zip(whole.base["osm_id"], whole.base.geometry, strict=True))
    rng = random.Random(3)  # noqa: S311
    west, south, east, north = whole.bounds
    clipped_ways = 0
    for number in range(50 if os.environ.get("TEST_ALL") else 4):
        x = sorted(rng.uniform(west, east) for _ in range(2))
        y = sorted(rng.uniform(south, north) for _ in range(2))
        target = clip(path, tmp_path / f"{number}.osm.pbf", (x[0], y[0], x[1], y[1]))
        extract = _read_if_any(target)
        if extract is None:
            continue
        clipped_ways += codes(extract).get("way.missing_nodes", (0,))[0]
        for frame, known in ((extract.features, shapes), (extract.base, drawn)):
            for osm_id, shape in zip(frame["osm_id"], frame.geometry, strict=True):
                if shape.geom_type.endswith("Polygon"):
                    assert shape.equals(known[osm_id])
                else:
                    assert known[osm_id].buffer(1e-9).covers(shape)
    assert clipped_ways > 100


def _read_if_any(path: Path) -> Extract | None:
    from geo.errors import ExtractError  # noqa: PLC0415

    try:
        return read_extract(path, KEYS)
    except ExtractError as error:
        assert "leer" in error.what  # noqa: PT017  a box without anything in it
        return None
