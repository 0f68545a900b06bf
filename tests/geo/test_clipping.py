"""Cutting a part out of an extract, against a plain selection object by object."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import osmium
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo._pbf_file import list_blobs, make_blob, read_blobs
from geo.clipping import (
    CannotClipError,
    clip_extract,
    extract_digest,
    pick_by_text,
    pick_object,
)
from geo.errors import ExtractError, OutputError
from geo.reader import read_extract
from geo.suggestions import SUGGESTION_KEYS, SUGGESTION_TEXT, suggest_sites
from tests.geo.plain_osm import Box, objects, read_plainly, rewritten, select_plainly
from tests.osm_xml import write_osm

RANDOM = settings(
    max_examples=2000 if os.environ.get("TEST_ALL") else 60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

HERE: Box = (7.0, 51.0, 7.01, 51.01)

# name of the extract, a box that cuts through its middle
REAL = {
    "heidelberg.test.osm.pbf": (8.64, 49.39, 8.70, 49.42),
    "neubrandenburg-2016.nometa.osm.pbf": (13.25, 53.54, 13.28, 53.56),
    "liechtenstein-2015.nometa.osm.pbf": (9.5, 47.1, 9.55, 47.15),
    "berlin-miraustr-2026.nometa.osm.pbf": (13.31, 52.58, 13.32, 52.59),
}


TOWN_DRAWING = """
Nodes 1 to 4 lie in the box, the others east of it.

  1---2---3---|---5---6   way 10
  |       4   |   |   |
  11 (one node in)  7---8
"""
TOWN_NODES: dict[int, Any] = {
    1: (7.000, 51.000),
    2: (7.005, 51.000, {"highway": "crossing"}),
    3: (7.010, 51.000),
    4: (7.010, 51.010, {"amenity": "cafe", "name": "Café Ähre"}),
    5: (7.020, 51.000),
    6: (7.030, 51.000),
    7: (7.020, 51.010, {"amenity": "bank"}),
    8: (7.030, 51.010),
    9: (7.040, 51.010),
}
TOWN_WAYS: dict[int, Any] = {
    10: ([1, 2, 3, 5, 6], {"highway": "residential"}),
    11: ([1, 4], {"highway": "footway"}),
    12: ([5, 7], {}),
    13: ([7, 8, 6], {"highway": "path"}),
    14: ([6, 5], {}),
    15: ([8, 9], {"highway": "path"}),
}


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return write_osm(
        tmp_path / "town.osm.pbf", TOWN_NODES, TOWN_WAYS, timestamp="2026-03-12T08:00:00Z"
    )


def test_ways_that_touch_the_box_keep_all_their_nodes(town: Path, tmp_path: Path) -> None:
    part = read_plainly(clip_extract(town, [HERE], tmp_path / "part.osm.pbf"))
    assert list(part.nodes) == [1, 2, 3, 4, 5, 6]
    assert list(part.ways) == [10, 11]
    assert part.nodes[4][-1] == {"amenity": "cafe", "name": "Café Ähre"}
    assert part.ways[10][0] == [1, 2, 3, 5, 6]


def test_what_lies_in_any_of_several_boxes_is_kept(town: Path, tmp_path: Path) -> None:
    boxes = [(7.0, 51.0, 7.001, 51.001), (7.04, 51.01, 7.05, 51.02)]
    part = read_plainly(clip_extract(town, boxes, tmp_path / "part.osm.pbf"))
    assert list(part.ways) == [10, 11, 15]
    assert list(part.nodes) == [1, 2, 3, 4, 5, 6, 8, 9]


RELATIONS: dict[str, tuple[dict[str, str], list[tuple[str, int, str]], list[int] | None]] = {
    "forest at the rim": (
        {"type": "multipolygon", "landuse": "forest"},
        [("w", 10, "outer"), ("w", 13, "outer")],
        [10, 11, 13],
    ),
    "nature reserve": (
        {"type": "boundary", "boundary": "protected_area"},
        [("w", 10, ""), ("w", 15, "")],
        [10, 11, 15],
    ),
    "municipality across the rim": (
        {"type": "boundary", "boundary": "administrative"},
        [("w", 10, "outer"), ("w", 13, "outer")],
        None,
    ),
    "quarter within": (
        {"type": "boundary", "boundary": "administrative"},
        [("w", 10, "outer"), ("w", 11, "outer")],
        [10, 11],
    ),
    "bus route": ({"type": "route", "route": "bus"}, [("w", 10, ""), ("w", 13, "")], [10, 11]),
    "site": ({"type": "site"}, [("n", 4, ""), ("w", 15, "")], [10, 11, 15]),
    "stop area": (
        {"type": "public_transport", "public_transport": "stop_area"},
        [("n", 2, "stop"), ("w", 12, "platform")],
        [10, 11, 12],
    ),
    "elsewhere": ({"type": "multipolygon"}, [("w", 13, "outer"), ("n", 9, "")], None),
}


@pytest.mark.parametrize("name", RELATIONS)
def test_relations_are_completed_as_far_as_sensible(name: str, tmp_path: Path) -> None:
    tags, members, ways = RELATIONS[name]
    path = write_osm(tmp_path / "t.osm.pbf", TOWN_NODES, TOWN_WAYS, {20: (members, tags)})
    part = read_plainly(clip_extract(path, [HERE], tmp_path / "part.osm.pbf"))
    assert list(part.ways) == (ways or [10, 11])
    assert list(part.relations) == ([] if ways is None else [20])
    assert all(part.relations[key][0] == members for key in part.relations)
    assert {ref for way in part.ways.values() for ref in way[0]} <= set(part.nodes)


def test_a_forest_at_the_rim_is_still_an_area(tmp_path: Path) -> None:
    relation = ([("w", 10, "outer"), ("w", 11, "outer"), ("w", 16, "outer")], {
        "type": "multipolygon", "natural": "wood",
    })  # fmt: skip
    ways = {**TOWN_WAYS, 16: ([6, 8, 4], {})}
    path = write_osm(tmp_path / "t.osm.pbf", TOWN_NODES, ways, {20: relation})
    box = (7.0, 51.0, 7.001, 51.001)
    part = clip_extract(path, [box], tmp_path / "part.osm.pbf")
    (whole,), (clipped,) = (
        frame.loc[frame["osm_id"] == "r20"].geometry
        for frame in (read_extract(path, ["natural"]).base, read_extract(part, ["natural"]).base)
    )
    assert whole.area > 0
    assert clipped.equals(whole)


def test_relations_bring_what_they_hold_and_what_holds_them(tmp_path: Path) -> None:
    relations: dict[int, Any] = {
        19: ([("r", 20, "")], {"type": "route_master"}),
        20: ([("n", 1, "")], {"type": "route"}),
        21: ([("r", 22, ""), ("n", 4, "")], {"type": "site"}),
        22: ([("w", 13, "outer"), ("r", 23, "")], {"type": "multipolygon"}),
        23: ([("w", 15, "")], {"type": "route"}),
        24: ([("r", 22, "")], {"type": "collection"}),
    }
    path = write_osm(tmp_path / "t.osm.pbf", TOWN_NODES, TOWN_WAYS, relations)
    part = read_plainly(clip_extract(path, [HERE], tmp_path / "part.osm.pbf"))
    assert list(part.relations) == [19, 20, 21, 22, 23]
    assert list(part.ways) == [10, 11, 13]


@pytest.mark.parametrize("name", REAL)
def test_parts_of_real_extracts_are_what_a_plain_selection_finds(
    name: str, shared_data: Path, tmp_path: Path
) -> None:
    path = shared_data / "osm" / name
    plain = read_plainly(path)
    expected = select_plainly(plain, [REAL[name]])
    part = read_plainly(clip_extract(path, [REAL[name]], tmp_path / "part.osm.pbf"))
    assert part.in_order == expected.in_order
    assert 0 < len(part.nodes) < len(plain.nodes) / 2
    assert part.relations


_IDS = st.integers(-3, 12).filter(bool)
_TAGS = st.dictionaries(
    st.sampled_from(["type", "boundary", "public_transport", "name"]),
    st.sampled_from(
        ["multipolygon", "boundary", "site", "route", "administrative", "stop_area", "Ähre 🌾"]
    ),
    max_size=3,
)
_SPOT = st.integers(-2, 12).map(lambda steps: round(7 + steps / 1000, 7))
_DRAWN = st.fixed_dictionaries(
    {
        "nodes": st.dictionaries(
            _IDS, st.tuples(_SPOT, _SPOT.map(lambda value: value + 44), _TAGS), min_size=1
        ),
        "ways": st.dictionaries(_IDS, st.tuples(st.lists(_IDS, max_size=5), _TAGS)),
        "relations": st.dictionaries(
            _IDS,
            st.tuples(
                st.lists(st.tuples(st.sampled_from("nwr"), _IDS, st.sampled_from(["", "outer"]))),
                _TAGS,
            ),
        ),
    }
)


@RANDOM
@given(drawn=_DRAWN, form=st.sampled_from(["osm", "osm.pbf"]))
def test_parts_of_any_file_are_what_a_plain_selection_finds(
    drawn: dict[str, Any], form: str, tmp_path: Path
) -> None:
    # Drawn with negative ids, in any order of ids, with gaps and members that are missing.
    for old in tmp_path.glob("*"):
        old.unlink()
    path = write_osm(tmp_path / "drawn.osm", **drawn)
    if form == "osm.pbf":
        path = rewritten(path, tmp_path / "drawn.osm.pbf", "pbf")
    expected = select_plainly(read_plainly(path), [HERE])
    target = tmp_path / "part.osm.pbf"
    if not expected.nodes:
        with pytest.raises(ExtractError, match="enthält der OSM-Auszug nichts"):
            clip_extract(path, [HERE], target)
        assert not target.exists()
        return
    assert read_plainly(clip_extract(path, [HERE], target)).in_order == expected.in_order


def test_the_same_input_gives_the_same_bytes(shared_data: Path, tmp_path: Path) -> None:
    name = "heidelberg.test.osm.pbf"
    parts = [
        clip_extract(shared_data / "osm" / name, [REAL[name]], tmp_path / f"{number}.osm.pbf")
        for number in range(3)
    ]
    first, *others = [part.read_bytes() for part in parts]
    assert all(other == first for other in others)


def test_the_date_stands_in_the_header_and_no_mapper_anywhere(tmp_path: Path) -> None:
    text = (
        '<osm version="0.6" generator="test">'
        '<node id="1" version="7" timestamp="2026-01-02T03:04:05Z" uid="42" user="Eva Muster" '
        'changeset="99" lon="7.001" lat="51.001"><tag k="amenity" v="pub"/></node>'
        '<way id="2" version="3" timestamp="2025-01-02T03:04:05Z" uid="42" user="Eva Muster" '
        'changeset="99"><nd ref="1"/><nd ref="1"/></way></osm>'
    )
    (tmp_path / "t.osm").write_text(text, encoding="utf-8")
    header = osmium.io.Header()
    header.set("osmosis_replication_timestamp", "2026-05-01T20:00:00Z")
    header.set("sorting", "Type_then_ID")
    header.add_box(osmium.osm.Box(5.0, 50.0, 9.0, 53.0))
    source = tmp_path / "t.osm.pbf"
    with osmium.io.Reader(str(tmp_path / "t.osm")) as reader:
        writer = osmium.io.Writer(str(source), header)
        osmium.MergeInputReader().apply_to_reader(reader, writer)
        writer.close()
    part = clip_extract(source, [HERE], tmp_path / "part.osm.pbf")
    with osmium.io.Reader(str(part)) as reader:
        found = reader.header()
    assert found.get("osmosis_replication_timestamp") == "2026-05-01T20:00:00Z"
    assert found.get("sorting") == "Type_then_ID"
    assert not found.box().valid()  # that of the whole file would be wrong
    for item in objects(part):
        assert (item.user, item.uid, item.changeset) == ("", 0, 0)
        assert (item.id, item.version) in {(1, 7), (2, 3)}
    assert read_extract(part, ["amenity"]).data_date == read_extract(source, ["x"]).data_date


@pytest.mark.parametrize("suffix", [".osm", ".osm.gz", ".osm.bz2"])
def test_other_formats_give_the_same_part(suffix: str, town: Path, tmp_path: Path) -> None:
    other = write_osm(
        tmp_path / f"other{suffix}", TOWN_NODES, TOWN_WAYS, timestamp="2026-03-12T08:00:00Z"
    )
    expected = clip_extract(town, [HERE], tmp_path / "a.osm.pbf")
    part = clip_extract(other, [HERE], tmp_path / "b.osm.pbf")
    assert read_plainly(part).in_order == read_plainly(expected).in_order


def test_blobs_that_are_not_packed_do_not_matter(town: Path, tmp_path: Path) -> None:
    expected = read_plainly(clip_extract(town, [HERE], tmp_path / "a.osm.pbf"))
    other = rewritten(town, tmp_path / "other.osm.pbf", "pbf,pbf_compression=none")
    part = clip_extract(other, [HERE], tmp_path / "b.osm.pbf")
    assert read_plainly(part).in_order == expected.in_order


def test_nodes_one_by_one_are_left_to_the_whole_reader(town: Path, tmp_path: Path) -> None:
    other = rewritten(town, tmp_path / "other.osm.pbf", "pbf,pbf_dense_nodes=false")
    with pytest.raises(CannotClipError):
        clip_extract(other, [HERE], tmp_path / "part.osm.pbf")


@pytest.mark.parametrize("order", ["wnr", "nrw", "rwn"])
def test_files_out_of_order_are_left_to_the_whole_reader(order: str, tmp_path: Path) -> None:
    relations: dict[int, Any] = {20: ([("w", 10, "")], {"type": "route"})}
    path = write_osm(tmp_path / "t.osm", TOWN_NODES, TOWN_WAYS, relations, order=order)
    with pytest.raises(CannotClipError):
        clip_extract(path, [HERE], tmp_path / "part.osm.pbf")


def test_deletions_of_an_editor_are_left_to_the_whole_reader(tmp_path: Path) -> None:
    text = write_osm(tmp_path / "t.osm", TOWN_NODES, TOWN_WAYS).read_text(encoding="utf-8")
    edited = tmp_path / "edited.osm"
    edited.write_text(text.replace('<way id="11"', '<way id="11" action="delete"'), "utf-8")
    with pytest.raises(CannotClipError):
        clip_extract(edited, [HERE], tmp_path / "part.osm.pbf")


def test_deleted_versions_are_handed_on(tmp_path: Path) -> None:
    text = (
        '<osm version="0.6"><node id="1" version="1" visible="true" lon="7.001" lat="51.001"/>'
        '<node id="1" version="2" visible="false"/>'
        '<node id="2" version="1" visible="true" lon="7.002" lat="51.001"/></osm>'
    )
    (tmp_path / "t.osm").write_text(text, encoding="utf-8")
    source = rewritten(tmp_path / "t.osm", tmp_path / "t.osh.pbf", "osh.pbf")
    part = clip_extract(source, [HERE], tmp_path / "part.osm.pbf")
    found = [(item.id, item.version) for item in objects(part)]
    assert found == [(1, 1), (1, 2), (2, 1)]


def test_broken_and_foreign_files_say_so_and_leave_what_was_there(tmp_path: Path) -> None:
    town = write_osm(tmp_path / "t.osm.pbf", TOWN_NODES, TOWN_WAYS)
    target = tmp_path / "part.osm.pbf"
    target.write_bytes(b"before")
    broken = tmp_path / "broken.osm.pbf"
    broken.write_bytes(town.read_bytes()[:-5])
    foreign = tmp_path / "foreign.osm.pbf"
    foreign.write_bytes(b"%PDF-1.7")
    for path in (broken, foreign, tmp_path / "missing.osm.pbf"):
        with pytest.raises(ExtractError):
            clip_extract(path, [HERE], target)
        with pytest.raises(ExtractError):
            extract_digest(path)
    with pytest.raises(ExtractError, match="enthält der OSM-Auszug nichts") as caught:
        clip_extract(town, [(1.0, 1.0, 2.0, 2.0)], target)
    assert caught.value.where == str(town)
    assert caught.value.remedy
    assert target.read_bytes() == b"before"


def test_a_target_that_cannot_be_written_is_named(town: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError) as caught:
        clip_extract(town, [HERE], tmp_path / "no such folder" / "part.osm.pbf")
    assert "no such folder" in str(caught.value.where)


def test_texts_with_nul_are_refused(town: Path, tmp_path: Path) -> None:
    # libosmium would take what follows the NUL for the next key and read on past the end.
    data = b""
    blobs = list_blobs(town)
    for blob, content in zip(blobs, read_blobs(town, blobs), strict=True):
        data += make_blob(blob.kind, content.replace(b"residential", b"resi\0ential"))
    path = tmp_path / "nul.osm.pbf"
    path.write_bytes(data)
    with pytest.raises(ExtractError, match="Nullzeichen"):
        clip_extract(path, [HERE], tmp_path / "part.osm.pbf")
    assert not (tmp_path / "part.osm.pbf").exists()


@RANDOM
@given(changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_damaged_blocks_end_in_a_sentence_or_in_whole_reading(
    changes: list[tuple[float, int]], town: Path, tmp_path: Path
) -> None:
    plain = tmp_path / "plain.osm.pbf"
    if not plain.exists():
        rewritten(town, plain, "pbf,pbf_compression=none")
    data = bytearray(plain.read_bytes())
    for place, value in changes:
        data[min(int(place * len(data)), len(data) - 1)] = value
    damaged = tmp_path / "damaged.osm.pbf"
    damaged.write_bytes(data)
    for number, pick in enumerate((_clip, _pick_cafe, _pick_way)):
        try:
            pick(damaged, tmp_path / f"part-{number}.osm.pbf")
        except (ExtractError, CannotClipError):
            continue


def _clip(path: Path, target: Path) -> None:
    clip_extract(path, [HERE], target)


def _pick_cafe(path: Path, target: Path) -> None:
    pick_by_text(path, re.compile("cafe"), target)


def _pick_way(path: Path, target: Path) -> None:
    pick_object(path, "w10", target)


def test_passes_are_announced(town: Path, tmp_path: Path) -> None:
    told: list[str] = []
    clip_extract(town, [HERE], tmp_path / "part.osm.pbf", told.append)
    assert told == ["Umgebung im Auszug suchen", "Umgebung ausschneiden"]


def test_objects_are_picked_by_the_text_of_their_tags(town: Path, tmp_path: Path) -> None:
    target = tmp_path / "part.osm.pbf"
    assert pick_by_text(town, re.compile("^bank$|path"), target)
    part = read_plainly(target)
    assert list(part.nodes) == [6, 7, 8, 9]
    assert list(part.ways) == [13, 15]
    assert not pick_by_text(town, re.compile("bakery"), tmp_path / "none.osm.pbf")
    assert not (tmp_path / "none.osm.pbf").exists()


@pytest.mark.parametrize(
    ("osm_id", "nodes", "ways", "relations"),
    [
        ("n7", [7], [], []),
        ("w13", [6, 7, 8], [13], []),
        ("w15", [7, 6, 8, 9], [13, 15], [20]),  # the way is part of an area's outline
        ("r20", [6, 7, 8, 9], [13, 15], [20]),
    ],
)
def test_one_object_is_picked_with_what_it_needs(
    osm_id: str, nodes: list[int], ways: list[int], relations: list[int], tmp_path: Path
) -> None:
    area = ([("w", 15, "outer"), ("w", 13, "outer")], {"type": "multipolygon"})
    held = {20: area} if osm_id in {"w15", "r20"} else {}
    path = write_osm(tmp_path / "t.osm.pbf", TOWN_NODES, TOWN_WAYS, held)
    target = tmp_path / "part.osm.pbf"
    assert pick_object(path, osm_id, target)
    part = read_plainly(target)
    assert (sorted(part.nodes), list(part.ways)) == (sorted(nodes), ways)
    assert list(part.relations) == relations
    assert not pick_object(path, f"{osm_id}99", tmp_path / "none.osm.pbf")


def test_suggestions_from_picked_objects_are_those_from_whole_extracts(
    shared_data: Path, tmp_path: Path
) -> None:
    total = 0
    for path in sorted((shared_data / "osm").glob("*.osm.pbf")):
        whole = suggest_sites(read_extract(path, SUGGESTION_KEYS))
        target = tmp_path / path.name
        if not pick_by_text(path, SUGGESTION_TEXT, target):
            assert whole.empty
            continue
        picked = suggest_sites(read_extract(target, SUGGESTION_KEYS))
        assert picked.drop(columns="geometry").equals(whole.drop(columns="geometry"))
        assert picked.geometry.geom_equals_exact(whole.geometry, 0).all()
        total += len(whole)
    assert total > 10
