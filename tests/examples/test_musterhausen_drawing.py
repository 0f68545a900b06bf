"""Musterhausen is drawn by its script, is plausible as a map and says that it is made up."""

from __future__ import annotations

import tomllib
from collections import Counter
from itertools import pairwise
from pathlib import Path

import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from layers.study import load_study

from .conftest import FOLDER, Town, Way


def test_script_draws_the_very_files_again(redrawn: Path) -> None:
    for name in ("region.osm.pbf", "sites.geojson"):
        assert (redrawn / name).read_bytes() == (FOLDER / name).read_bytes(), (
            f"{name} differs; run examples/musterhausen/draw.py and look at the map"
        )


def test_everything_says_that_it_is_fictional(town: Town) -> None:
    study = load_study(FOLDER)
    assert study.settings.fictional
    assert "fiktiv" in study.settings.name
    assert "gibt es nicht" in (FOLDER / "README.md").read_text(encoding="utf-8")
    places = [tags for tags in town.node_tags.values() if tags.get("place") in ("town", "village")]
    assert sorted(tags["name"] for tags in places) == ["Musterhausen", "Obermühlen"]
    assert all("erfunden" in tags["note"] for tags in places)
    assert "fiktiv" in town.sites["musterhausen"][0]["name"]
    assert "fictional = true" in (FOLDER / "study.toml").read_text(encoding="utf-8")
    assert tomllib.loads((FOLDER / "study.toml").read_text(encoding="utf-8"))["fictional"] is True


def test_ids_are_none_of_openstreetmaps(town: Town) -> None:
    assert min(town.nodes) >= 10**12
    assert min(way.number for way in town.ways) >= 10**12


def test_size_of_the_town(town: Town) -> None:
    assert (FOLDER / "region.osm.pbf").stat().st_size < 1_000_000
    assert 3000 <= len(town.buildings) <= 6000
    assert len(town.streets) > 500
    assert len(town.ways) - len(town.buildings) > 1000
    xs = [x for x, _ in town.nodes.values()]
    ys = [y for _, y in town.nodes.values()]
    assert 4500 < max(xs) - min(xs) < 4800
    assert 5100 < max(ys) - min(ys) < 5400


def test_every_ring_is_valid_and_every_multipolygon_assembles(town: Town) -> None:
    for way in town.ways:
        assert len(way.refs) >= 2, way
        assert all(a != b for a, b in pairwise(way.refs)), way
        if way.closed and not way.walkable and len(way.tags):
            ring = Polygon(way.points)
            assert ring.is_valid, way
            assert ring.area > 4, way
    wanted = sum(tags["type"] == "multipolygon" for tags, _ in town.relations)
    assert wanted >= 5
    wood = [area for tags, area in town.areas if tags.get("name") == "Musterhausener Wald"]
    assert len(wood) == 1
    assert shapely.get_num_interior_rings(shapely.get_geometry(wood[0], 0)) == 4
    assert town.multipolygons == wanted


def test_no_two_buildings_overlap(town: Town) -> None:
    ways, rings = zip(*town.buildings, strict=True)
    tree = shapely.STRtree(rings)
    first, second = tree.query(rings, predicate="intersects")
    pairs = [(i, j) for i, j in zip(first, second, strict=True) if i < j]
    assert len(pairs) > 800, "the old town has no closed fronts"
    worst = max(pairs, key=lambda pair: rings[pair[0]].intersection(rings[pair[1]]).area)
    area = rings[worst[0]].intersection(rings[worst[1]]).area
    assert area < 0.15, (ways[worst[0]], ways[worst[1]])


def test_no_building_stands_on_a_street_in_water_or_on_the_track(town: Town) -> None:
    lines = [way for way in town.ways if way.walkable or way.tags.get("railway") == "rail"]
    shapes: list[BaseGeometry] = [LineString(way.points) for way in lines]
    water = [area for tags, area in town.areas if tags.get("natural") == "water"]
    assert len(water) >= 5
    tree = shapely.STRtree(shapes + water)
    for way, ring in town.buildings:
        inner = ring.buffer(-0.3)
        hits = tree.query(inner, predicate="intersects")
        assert not hits.size, (way, [(lines + water)[hit] for hit in hits])


def test_streets_that_cross_share_a_node_unless_one_passes_above(town: Town) -> None:
    streets = town.streets
    shapes = [LineString(way.points) for way in streets]
    tree = shapely.STRtree(shapes)
    first, second = tree.query(shapes, predicate="intersects")
    for i, j in zip(first, second, strict=True):
        if i >= j or _level(streets[i]) != _level(streets[j]):
            continue
        common = {point for point in streets[i].points if point in set(streets[j].points)}
        meeting = shapes[i].intersection(shapes[j])
        nodes = shapely.MultiPoint(list(common)) if common else shapely.Point()
        assert meeting.difference(nodes.buffer(0.1)).is_empty, (streets[i], streets[j])


def test_streets_pass_over_water_on_bridges_and_meet_the_track_at_crossings(town: Town) -> None:
    rivers = [way for way in town.ways if way.tags.get("waterway")]
    rails = [way for way in town.ways if way.tags.get("railway") == "rail"]
    for street in town.streets:
        line = LineString(street.points)
        for river in rivers:
            if line.intersects(LineString(river.points)):
                assert _level(street) > _level(river), (street, river)
        for rail in rails:
            if not line.intersects(LineString(rail.points)) or _level(street) < 0:
                continue
            shared = set(street.refs) & set(rail.refs)
            assert shared, (street, rail)
            assert {town.node_tags[ref].get("railway") for ref in shared} == {"level_crossing"}
    bridges = [way for way in town.streets if "bridge" in way.tags]
    assert {"Hammer Straße", "Bahnhofstraße", "Ostring", "Aasteg"} <= {
        way.tags.get("name") for way in bridges
    }
    assert any(
        way.tags.get("name") == "Bahnunterführung" and "tunnel" in way.tags for way in town.streets
    )


def test_streets_keep_off_fields_playgrounds_and_school_yards(town: Town) -> None:
    streets = [
        way
        for way in town.streets
        if "name" in way.tags
        and _level(way) == 0
        and way.tags["highway"] not in ("footway", "service", "track", "steps")
    ]
    tree = shapely.STRtree([LineString(way.points) for way in streets])
    for tags, area in town.areas:
        quiet = (
            tags.get("leisure") == "playground"
            or tags.get("amenity") in ("school", "kindergarten", "parking")
            or tags.get("landuse")
            in ("farmland", "meadow", "cemetery", "allotments", "farmyard", "religious")
        )
        if quiet:
            hits = tree.query(area.buffer(-1), predicate="intersects")
            assert not hits.size, (tags, [streets[hit] for hit in hits])


def test_addresses_are_unique_within_a_street(town: Town) -> None:
    addresses = Counter(
        (way.tags["addr:street"], way.tags["addr:housenumber"])
        for way in town.ways
        if "building" in way.tags and "addr:housenumber" in way.tags
    )
    assert len(addresses) > 2000
    assert max(addresses.values()) == 1
    names = {way.tags.get("name") for way in town.streets}
    assert {street for street, _ in addresses} <= names
    assert {w.tags["addr:postcode"] for w in town.ways if "addr:postcode" in w.tags} == {"59999"}


def test_data_are_as_uneven_as_mapped_ones(town: Town) -> None:
    things: list[dict[str, str]] = [*town.node_tags.values(), *(way.tags for way in town.ways)]
    keys = {(key, value) for tags in things for key, value in tags.items()}
    for wanted in (
        ("shop", "supermarket"), ("amenity", "pharmacy"), ("amenity", "doctors"),
        ("amenity", "bank"), ("amenity", "post_office"), ("amenity", "townhall"),
        ("amenity", "library"), ("amenity", "kindergarten"), ("amenity", "school"),
        ("social_facility", "food_bank"), ("social_facility", "workshop"),
        ("shop", "second_hand"), ("religion", "muslim"), ("leisure", "sports_hall"),
        ("leisure", "swimming_pool"), ("amenity", "marketplace"), ("tourism", "museum"),
        ("government", "healthcare"), ("amenity", "bench"), ("amenity", "toilets"),
        ("landuse", "allotments"), ("landuse", "cemetery"), ("club", "shooting"),
        ("club", "history"), ("community_centre", "parish_hall"), ("railway", "station"),
        ("leisure", "adult_gaming_centre"), ("disused:shop", "convenience"),
        ("highway", "steps"), ("barrier", "bollard"), ("kerb", "lowered"),
    ):  # fmt: skip
        assert wanted in keys, wanted
    shops = [tags for tags in things if "shop" in tags]
    states = Counter(tags.get("wheelchair", "unknown") for tags in shops)
    assert set(states) == {"yes", "limited", "no", "unknown"}
    assert 0 < sum("opening_hours" in tags for tags in shops) < len(shops)
    # Drawn as a point and as the house around it.
    assert sum(tags.get("name") == "Stadtbäckerei" for tags in things) == 2


def test_stops_are_drawn_in_several_ways(town: Town) -> None:
    areas = [
        tags["name"] for tags, _ in town.relations if tags.get("public_transport") == "stop_area"
    ]
    assert len(areas) >= 5
    poles = Counter(
        "public_transport" in tags
        for tags in town.node_tags.values()
        if tags.get("highway") == "bus_stop"
    )
    assert poles[True] > 10
    assert poles[False] > 4
    positions = {
        ref
        for ref, tags in town.node_tags.items()
        if tags.get("public_transport") == "stop_position"
    }
    on_streets = {ref for way in town.streets for ref in way.refs}
    assert positions
    assert positions <= on_streets


def _level(way: Way) -> int:
    return int(way.tags.get("layer", "0"))
