"""What an extract holds after reading: tables, ways, stop areas, findings."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from geo._osm_text import unescape
from geo.extract import Extract
from geo.reader import read_extract, square_relation, square_way_id
from tests.osm_xml import Node, Relation, Way, write_osm

KEYS = ("amenity", "shop", "leisure", "public_transport")


def grid(*rows: str) -> dict[int, Node]:
    """Return nodes 1, 2, 3 … at the places of the letters, ten per line, read downwards."""
    nodes: dict[int, Node] = {}
    for south, row in enumerate(rows):
        for east, letter in enumerate(row):
            if letter != " ":
                nodes[ord(letter) - ord("a") + 1] = (7 + east / 1000, 51 - south / 1000)
    return nodes


#  The town:   a - b - c     a…d a house with a courtyard i…l inside
#              |       |     e, f, g a street with a bus stop; h alone
SQUARE = grid("a  b", " ij ", " lk ", "d  c", "e f g", "h")
RING = [1, 2, 3, 4, 1]
COURT = [9, 10, 11, 12, 9]


def read(
    folder: Path,
    nodes: Mapping[int, Node],
    ways: Mapping[int, Way] | None = None,
    relations: Mapping[int, Relation] | None = None,
    **options: Any,
) -> Extract:
    path = write_osm(folder / "town.osm", nodes, ways, relations, **options)
    return read_extract(path, KEYS)


def rows(frame: Any) -> list[tuple[Any, ...]]:
    return list(frame.drop(columns="geometry").itertuples(index=False, name=None))


def holes(frame: Any, row: int) -> int:
    return len(frame.geometry[row].interiors)


def codes(extract: Extract) -> dict[str, tuple[int, tuple[str, ...]]]:
    return {item.code: (item.count, item.examples) for item in extract.findings}


def test_features_are_points_lines_and_polygons(tmp_path: Path) -> None:
    extract = read(
        tmp_path,
        SQUARE | {8: (7.0, 50.995, {"amenity": "bench", "name": "Ä & <b>"})},
        {
            30: (RING, {"amenity": "school", "name": "Schule"}),
            20: ([5, 6, 7], {"leisure": "track"}),
            40: (COURT, {"leisure": "track"}),
            50: (COURT, {"building": "yes"}),
        },
        {7: ([("w", 30, "outer"), ("w", 40, "inner")], {"type": "multipolygon", "shop": "mall"})},
    )
    features = extract.features
    assert features.crs == "EPSG:4326"
    assert list(features.columns) == ["osm_id", "tags", "geometry"]
    assert features["osm_id"].tolist() == ["n8", "r7", "w20", "w30", "w40"]
    assert features.geom_type.tolist() == [
        "Point", "Polygon", "LineString", "Polygon", "LineString",
    ]  # fmt: skip
    assert features["tags"][0] == {"amenity": "bench", "name": "Ä & <b>"}
    assert features["tags"][1] == {"type": "multipolygon", "shop": "mall"}
    assert features.geometry[0].coords[0] == (7.0, 50.995)
    assert holes(features, 1) == 1
    assert features.geometry[3].equals(shapely.box(7.0, 50.997, 7.003, 51.0))
    assert extract.bounds == (7.0, 50.995, 7.004, 51.0)


def test_an_old_style_multipolygon_gives_its_outer_way_the_hole(tmp_path: Path) -> None:
    extract = read(
        tmp_path,
        SQUARE,
        {30: (RING, {"amenity": "school", "building": "yes"}), 40: (COURT, {})},
        {7: ([("w", 30, "outer"), ("w", 40, "inner")], {"type": "multipolygon"})},
    )
    assert extract.features["osm_id"].tolist() == ["w30"]
    assert holes(extract.features, 0) == 1
    assert rows(extract.base) == [("r7", "building", "yes", "")]
    assert holes(extract.base, 0) == 1


def test_the_base_map_has_one_layer_per_object(tmp_path: Path) -> None:
    kinds: list[tuple[list[int], dict[str, str], tuple[str, str, str] | None]] = [
        (RING, {"building": "school", "amenity": "school"}, ("building", "school", "")),
        (RING, {"amenity": "school", "name": "Ost"}, ("built_up", "school", "Ost")),
        (RING, {"natural": "water", "landuse": "meadow"}, ("water", "water", "")),
        (RING, {"landuse": "basin"}, ("water", "basin", "")),
        (RING, {"waterway": "riverbank"}, ("water", "riverbank", "")),
        ([5, 6], {"waterway": "river", "name": "Lippe"}, ("water", "river", "Lippe")),
        ([5, 6], {"waterway": "stream", "tunnel": "culvert"}, None),
        (RING, {"landuse": "forest"}, ("wood", "forest", "")),
        (RING, {"natural": "wood"}, ("wood", "wood", "")),
        (RING, {"leisure": "park"}, ("green", "park", "")),
        (RING, {"landuse": "allotments"}, ("green", "allotments", "")),
        (RING, {"natural": "heath"}, ("green", "heath", "")),
        (RING, {"landuse": "residential"}, ("built_up", "residential", "")),
        (RING, {"landuse": "farmland"}, None),
        ([5, 6], {"highway": "primary_link"}, ("street", "primary_link", "")),
        (RING, {"highway": "residential"}, ("street", "residential", "")),
        (RING, {"highway": "pedestrian", "area": "yes"}, ("path", "pedestrian", "")),
        ([5, 6], {"highway": "steps"}, ("path", "steps", "")),
        ([5, 6], {"highway": "construction"}, None),
        ([5, 6], {"highway": "proposed"}, None),
        ([5, 6], {"railway": "light_rail"}, ("railway", "light_rail", "")),
        ([5, 6], {"railway": "abandoned"}, None),
        ([5, 6], {"railway": "rail", "tunnel": "yes"}, None),
        ([5, 6], {"highway": "footway", "tunnel": "yes"}, ("path", "footway", "")),
        (RING, {"disused:building": "yes"}, None),
        (RING, {"building": "no"}, None),
        (RING, {"building": "demolished"}, None),
        (RING, {"building": "yes", "demolished": "yes"}, None),
        (RING, {"building": "yes", "end_date": "1999"}, None),
        ([1, 2, 3], {"building": "yes"}, None),
        ([5, 6], {"barrier": "fence"}, None),
    ]
    ways = {number: (refs, tags) for number, (refs, tags, _) in enumerate(kinds, start=100)}
    extract = read(tmp_path, SQUARE, ways)
    assert extract.base.crs == "EPSG:4326"
    assert rows(extract.base) == [
        (f"w{number}", *drawn) for number, (_, _, drawn) in enumerate(kinds, start=100) if drawn
    ]
    solid = {"building", "built_up", "green", "wood"}
    for layer, geometry in zip(extract.base["layer"], extract.base.geometry, strict=True):
        assert geometry.geom_type == "Polygon" or layer not in solid


def test_end_dates_count_from_the_date_of_the_data(tmp_path: Path) -> None:
    building = {"building": "yes"}
    ways = {
        1: (RING, building | {"end_date": "2027-01-01"}),
        2: (RING, building | {"end_date": "2026"}),
        3: (RING, building | {"end_date": "2025-12"}),
        4: (RING, building | {"end_date": "irgendwann"}),
    }
    path = write_osm(tmp_path / "town.osm", SQUARE, ways, timestamp="2026-05-01T12:00:00Z")
    text = path.read_text().replace("2026-05-01", "2020-01-01", 1)  # not all the same
    path.write_text(text)
    extract = read_extract(path, KEYS)
    assert extract.data_date == date(2026, 5, 1)
    assert extract.base["osm_id"].tolist() == ["w1", "w2", "w4"]


def test_place_names_need_a_name(tmp_path: Path) -> None:
    nodes = SQUARE | {
        50: (7.0, 51.0, {"place": "village", "name": "Holz"}),
        51: (7.0, 51.0, {"place": "suburb"}),
        52: (7.0, 51.0, {"place": "locality", "name": "Am Kreuz"}),
    }
    extract = read(tmp_path, nodes, {1: (RING, {})})
    assert rows(extract.base) == [("n50", "place_name", "village", "Holz")]


def test_addresses_lie_inside_their_building(tmp_path: Path) -> None:
    street = {"addr:street": "Weg", "addr:housenumber": "1"}
    extract = read(
        tmp_path,
        SQUARE
        | {
            50: (7.0, 51.0, street | {"addr:postcode": "49525", "addr:city": "Lengerich"}),
            51: (7.0, 51.0, {"addr:place": "Hof", "addr:housenumber": "2 a"}),
            52: (7.0, 51.0, {"addr:housenumber": "3"}),
        },
        {20: (RING, street | {"building": "yes"}), 21: ([5, 6], street)},
    )
    assert rows(extract.addresses) == [
        ("n50", "Weg", "1", "49525", "Lengerich"),
        ("n51", "Hof", "2 a", "", ""),
        ("w20", "Weg", "1", "", ""),
    ]
    assert set(extract.addresses.geom_type) == {"Point"}
    assert shapely.box(7.0, 50.997, 7.003, 51.0).contains(extract.addresses.geometry[2])


def test_entrances_and_tags_of_way_nodes(tmp_path: Path) -> None:
    tags: list[dict[str, str]] = [
        {"barrier": "gate", "locked": "yes"},
        {"entrance": "main"},
        {"kerb": "lowered", "name": "x"},
        {"created_by": "an editor"},
        {"entrance": "no"},
    ]
    nodes: dict[int, Node] = {
        number: (7 + number / 1000, 51.0, item) for number, item in enumerate(tags, start=1)
    }
    nodes[6] = (7.009, 51.0, {"barrier": "gate"})
    extract = read(tmp_path, nodes, {1: ([1, 2, 3, 4, 5], {"highway": "path"})})
    assert extract.entrances["osm_id"].tolist() == ["n2"]
    assert extract.entrances["tags"][0] == {"entrance": "main"}
    assert extract.nodes.tags == {1: tags[0], 2: tags[1], 3: tags[2], 5: tags[4]}
    assert extract.nodes.ids.tolist() == [1, 2, 3, 4, 5]
    assert extract.nodes.longitude.tolist() == [7.001, 7.002, 7.003, 7.004, 7.005]


def test_ways_that_may_be_walked(tmp_path: Path) -> None:
    walked: list[dict[str, str]] = [
        {"highway": "footway"},
        {"highway": "trunk"},
        {"highway": "service", "access": "private"},
        {"highway": "footway", "foot": "no"},  # the network decides
        {"public_transport": "platform"},
        {"railway": "platform"},
        {"man_made": "pier"},
        {"route": "ferry"},
        {"highway": "motorway", "foot": "yes"},
    ]
    not_walked: list[dict[str, str]] = [
        {"highway": "motorway"},
        {"highway": "construction"},
        {"highway": "proposed"},
        {"route": "ferry", "foot": "no"},
        {"railway": "rail"},
        {"building": "yes"},
        {},
    ]
    ways: dict[int, Way] = {
        number: ([5, 6, 7], tags) for number, tags in enumerate(walked + not_walked, start=10)
    }
    ways[5] = ([5], {"highway": "path"})
    ways[6] = ([5, 5, 5], {"highway": "path"})
    ways[7] = ([], {"highway": "path"})
    ways[-3] = ([6, 99, 7], {"highway": "path"})
    extract = read(tmp_path, SQUARE, ways)
    assert extract.ways.ids.tolist() == [-3, *range(10, 10 + len(walked))]
    assert extract.ways.tags[1:] == walked
    assert extract.ways.offsets.tolist() == list(range(0, 3 * len(walked) + 4, 3))
    assert extract.ways.refs.tolist() == [6, 99, 7] + [5, 6, 7] * len(walked)
    assert extract.ways.refs.dtype == np.int64
    assert extract.nodes.ids.tolist() == [5, 6, 7]
    found = codes(extract)
    assert found["way.missing_nodes"] == (1, ("w-3",))
    assert found["way.too_short"] == (3, ("w5", "w6", "w7"))
    assert found["file.negative_ids"] == (1, ("w-3",))


def test_the_outline_of_a_multipolygon_square_is_walked(tmp_path: Path) -> None:
    extract = read(
        tmp_path,
        SQUARE,
        {1: (RING[:3], {}), 2: (RING[2:], {}), 3: (COURT, {}), 9: ([4, 5], {"highway": "path"})},
        {
            7: (
                [("w", 1, "outer"), ("w", 2, "outer"), ("w", 3, "inner")],
                {"type": "multipolygon", "highway": "pedestrian"},
            )
        },
    )
    ids = extract.ways.ids.tolist()
    assert ids == [square_way_id(7, 0), 9]
    assert [square_relation(key) for key in ids] == [7, None]
    assert extract.ways.tags[0] == {"highway": "pedestrian", "area": "yes"}
    ring = extract.ways.refs[extract.ways.offsets[0] : extract.ways.offsets[1]].tolist()
    assert ring[0] == ring[-1]
    assert sorted(ring[1:]) == [1, 2, 3, 4]
    assert extract.base["layer"].tolist() == ["path", "path"]


@pytest.mark.parametrize("relation", [1, 16_000_000, -5])
def test_ids_of_squares_lead_back_to_the_relation(relation: int) -> None:
    keys = [square_way_id(relation, ring) for ring in range(4)]
    assert len(set(keys)) == 4
    assert max(keys) < -(2**59)
    assert {square_relation(key) for key in keys} == {relation}
    assert square_relation(-12) is None


def test_stop_areas_keep_all_members_in_order(tmp_path: Path) -> None:
    members = [("w", 3, "platform"), ("n", 2, "stop"), ("n", 99, ""), ("r", 4, "")]
    tags = {"type": "public_transport", "public_transport": "stop_area"}
    extract = read(tmp_path, SQUARE, {3: ([5, 6], {})}, {8: (members, tags)})
    assert extract.stop_areas == {"r8": ("w3", "n2", "n99", "r4")}
    assert codes(extract)["relation.missing_members"] == (1, ("r8",))
    assert "feature.without_shape" not in codes(extract)


def test_clipped_ways_are_split_and_never_joined(tmp_path: Path) -> None:
    nodes = {number: (7 + number / 1000, 51.0) for number in (1, 2, 4, 5, 6, 8)}
    refs = list(range(1, 9))
    extract = read(tmp_path, nodes, {9: (refs, {"highway": "path", "leisure": "track"})})
    assert extract.features.geometry[0].equals(
        shapely.LineString([(7.004, 51), (7.005, 51), (7.006, 51)])
    )
    assert extract.base.geometry[0].equals(
        shapely.MultiLineString(
            [[(7.001, 51), (7.002, 51)], [(7.004, 51), (7.005, 51), (7.006, 51)]]
        )
    )
    assert extract.ways.refs.tolist() == refs
    assert codes(extract)["way.missing_nodes"] == (1, ("w9",))
    assert codes(extract)["feature.shortened"] == (1, ("w9",))


def test_a_clipped_place_is_lost_and_named(tmp_path: Path) -> None:
    nodes = {key: node for key, node in SQUARE.items() if key != 3}
    extract = read(
        tmp_path,
        nodes,
        {30: (RING, {"amenity": "hospital"})},
        {7: ([("w", 30, "outer"), ("w", 31, "outer")], {"type": "multipolygon", "shop": "mall"})},
    )
    assert extract.features.empty
    assert extract.base.empty
    found = codes(extract)
    assert found["feature.lost"] == (2, ("r7", "w30"))
    assert found["area.missing_nodes"] == (1, ("w30",))
    assert found["area.missing_members"] == (1, ("r7",))


def test_order_doubles_and_versions_do_not_matter(tmp_path: Path) -> None:
    nodes = dict(sorted(SQUARE.items())) | {8: (7.0, 50.995, {"amenity": "bench"})}
    ways: dict[int, Way] = {
        20: ([5, 6, 7], {"highway": "path"}),
        25: (COURT, {}),
        30: (RING, {"amenity": "school"}),
    }
    members = [("w", 30, "outer"), ("w", 25, "inner")]
    relations: dict[int, Relation] = {7: (members, {"type": "multipolygon", "shop": "mall"})}
    plain = read(tmp_path, nodes, ways, relations)
    keys = list(nodes)
    random.Random(1).shuffle(keys)  # noqa: S311
    shuffled = read(tmp_path, {key: nodes[key] for key in keys}, ways, relations, order="rwn")
    assert codes(shuffled).keys() - codes(plain).keys() == {"file.unsorted"}
    assert_same(plain, shuffled)

    path = write_osm(tmp_path / "doubled.osm", nodes, ways, relations)
    old = (
        '<node id="8" version="0" lat="1" lon="2"><tag k="amenity" v="pub"/></node>'
        '<way id="30" version="0"><nd ref="1"/></way>'
        '<relation id="7" version="0"><tag k="shop" v="kiosk"/></relation></osm>'
    )
    path.write_text(path.read_text().replace("</osm>", old))
    doubled = read_extract(path, KEYS)
    assert codes(doubled)["file.doubled"] == (3, ("n8", "w30", "r7"))
    assert_same(plain, doubled)


def test_deleted_objects_of_a_history_file_do_not_come_back(tmp_path: Path) -> None:
    path = tmp_path / "history.osm"
    path.write_text(
        '<osm version="0.6">'
        '<node id="1" version="1" lat="51" lon="7"><tag k="amenity" v="pub"/></node>'
        '<node id="1" version="2" visible="false"/>'
        '<node id="2" version="1" visible="true" lat="51" lon="7">'
        '<tag k="amenity" v="cafe"/></node>'
        '<node id="2" version="2" visible="true" lat="51.5" lon="7.5">'
        '<tag k="amenity" v="bar"/></node>'
        '<node id="3" version="3" visible="false" lat="50" lon="3"/>'
        '<way id="5" version="1"><nd ref="2"/><nd ref="1"/><tag k="highway" v="path"/></way>'
        '<way id="5" version="2" visible="false"/>'
        "</osm>"
    )
    extract = read_extract(path, KEYS)
    assert extract.features["osm_id"].tolist() == ["n2"]
    assert extract.features["tags"][0] == {"amenity": "bar"}
    assert extract.bounds == (7.5, 51.5, 7.5, 51.5)
    assert not len(extract.ways.ids)
    assert codes(extract)["file.deleted"] == (3, ("n1", "n3", "w5"))


def test_large_and_negative_ids(tmp_path: Path) -> None:
    big = 2**62 + 1
    numbers = {1: big, 2: big + 2, 3: -7, 4: -(2**40)}
    nodes = {new: SQUARE[old] for old, new in numbers.items()}
    refs = [numbers[ref] for ref in RING]
    extract = read(
        tmp_path,
        nodes,
        {big: (refs[:3], {}), -1: (refs[2:], {})},
        {-9: ([("w", -1, "outer"), ("w", big, "outer")], {"type": "multipolygon", "shop": "x"})},
    )
    assert extract.features["osm_id"].tolist() == ["r-9"]
    assert extract.features.geometry[0].equals(shapely.box(7.0, 50.997, 7.003, 51.0))
    assert codes(extract)["file.negative_ids"] == (4, ("n-1099511627776", "n-7", "w-1", "r-9"))


def test_negative_ids_in_the_order_that_osmium_writes(tmp_path: Path) -> None:
    tags = [{"highway": "path", "name": name} for name in "abc"]
    nodes: dict[int, Node] = {
        -1: (7.001, 51.0, {"amenity": "bar"}), -2: (7.002, 51.0, {"amenity": "pub"}),
        1: (7.003, 51.0), 2: (7.004, 51.0),
    }  # fmt: skip
    ways: dict[int, Way] = {-1: ([-1, -2], tags[0]), -2: ([-2, 1], tags[1]), 4: ([1, 2], tags[2])}
    extract = read(tmp_path, nodes, ways)
    assert "file.unsorted" not in codes(extract)
    assert extract.ways.ids.tolist() == [-2, -1, 4]
    assert extract.ways.refs.tolist() == [-2, 1, -1, -2, 1, 2]
    assert extract.ways.tags == [tags[1], tags[0], tags[2]]
    assert [dict(item) for item in extract.features["tags"]] == [
        {"amenity": "pub"}, {"amenity": "bar"},
    ]  # fmt: skip


def test_nodes_off_the_globe_are_left_out(tmp_path: Path) -> None:
    nodes = SQUARE | {50: (7.0, 95.0, {"amenity": "bar"}), 51: (190.0, 51.0)}
    extract = read(tmp_path, nodes, {1: ([5, 51, 6, 7], {"highway": "path"})})
    assert extract.features.empty
    assert codes(extract)["node.no_position"] == (2, ("n50", "n51"))
    assert codes(extract)["way.missing_nodes"] == (1, ("w1",))
    assert extract.bounds == (7.0, 50.995, 7.004, 51.0)


@pytest.mark.parametrize(
    ("box", "odd"),
    [
        ((0.0, 0.0, 180.0, 90.0), True),
        ((20.0, 40.0, 21.0, 41.0), True),
        ((7.0, 50.99, 7.01, 51.0), False),
        (None, False),
    ],
)
def test_a_nonsense_box_in_the_header_is_named(
    box: tuple[float, float, float, float] | None,
    odd: bool,  # noqa: FBT001
    tmp_path: Path,
) -> None:
    extract = read(tmp_path, SQUARE, {1: ([5, 6], {})}, bounds=box)
    assert ("file.header_box" in codes(extract)) is odd
    assert extract.bounds == (7.0, 50.995, 7.004, 51.0)


@pytest.mark.parametrize("moment", ["", "1970-01-01T00:00:00Z", "2020-02-02T00:00:00Z"])
def test_dummy_edit_times_are_no_date(moment: str, tmp_path: Path) -> None:
    extract = read(tmp_path, SQUARE, {1: ([5, 6], {})}, timestamp=moment)
    assert extract.data_date is None
    assert "file.no_date" in codes(extract)


def test_text_is_kept_as_text(tmp_path: Path) -> None:
    names = [
        "<script>alert(1)</script>",
        "${hit(1)} `+x+` %20% %",
        "a,b=c@d e  f",
        "Zeile\nzwei\tdrei",
        "\u202eschnörkel 😀 \u2028",
        "Mu\u0308nster",
        "x" * 255,
    ]
    nodes: dict[int, Node] = {
        number: (7.0, 51.0, {"amenity": "pub", "name": name, "a b=,": "c"})
        for number, name in enumerate(names, start=1)
    }
    found = [tags["name"] for tags in read(tmp_path, nodes).features["tags"]]
    assert found == [*names[:3], "Zeile zwei drei", names[4], "Münster", names[6]]
    assert all(tags["a b=,"] == "c" for tags in read(tmp_path, nodes).features["tags"])


@pytest.mark.parametrize(
    ("escaped", "text"),
    [
        ("100%25%", "100%"),
        ("%e4%%1f600%", "ä😀"),
        ("%0%%1%a", "a"),
        ("%a%", " "),
        ("%1fffff%", "\ufffd"),
        ("%d800%", "\ufffd"),
        ("50% Rabatt", "50% Rabatt"),
    ],
)
def test_escapes_in_the_text_of_libosmium(escaped: str, text: str) -> None:
    assert unescape(escaped) == text


def assert_same(one: Extract, other: Extract) -> None:
    """Compare everything but the source, the digest and the findings about the file."""
    for name in ("features", "base", "addresses", "entrances"):
        left, right = getattr(one, name), getattr(other, name)
        assert rows(left) == rows(right), name
        assert left.crs == right.crs
        assert shapely.equals(left.geometry.array, right.geometry.array).all(), name
    for name in ("ids", "offsets", "refs"):
        assert np.array_equal(getattr(one.ways, name), getattr(other.ways, name)), name
    assert one.ways.tags == other.ways.tags
    for name in ("ids", "longitude", "latitude"):
        assert np.array_equal(getattr(one.nodes, name), getattr(other.nodes, name)), name
    assert one.nodes.tags == other.nodes.tags
    assert one.stop_areas == other.stop_areas
    assert one.bounds == other.bounds
    assert one.counts == other.counts
