"""Which files are refused before anything is read from them, and in what words."""

from __future__ import annotations

import bz2
import gzip
import random
import zlib
from pathlib import Path

import pytest

from geo._osm_file import open_osm_file
from geo.errors import ExtractError
from geo.reader import read_extract
from tests.osm_xml import Node, Way, osm_xml, write_osm

NODES: dict[int, Node] = {1: (7.0, 51.0), 2: (7.001, 51.0), 3: (7.0, 51.001, {"amenity": "cafe"})}
WAYS: dict[int, Way] = {10: ([1, 2, 3], {"highway": "footway"})}
SUFFIXES = (".osm", ".osm.gz", ".osm.bz2", ".osm.pbf")


def refusal(path: Path) -> ExtractError:
    with pytest.raises(ExtractError) as caught:
        read_extract(path, ["amenity"])
    error = caught.value
    assert error.where
    assert str(path) in error.where
    assert error.remedy
    return error


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_content_decides_and_not_the_name(suffix: str, tmp_path: Path) -> None:
    path = write_osm(tmp_path / f"town{suffix}", NODES, WAYS)
    odd_name = path.rename(tmp_path / "download")
    file = open_osm_file(odd_name)
    assert file.format == suffix[1:]
    assert file.size == odd_name.stat().st_size
    assert len(read_extract(odd_name, ["amenity"]).features) == 1


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "PNG"),
        (b"PK\x03\x04" + bytes(100), "ZIP"),
        (b"%PDF-1.7\n", "PDF"),
        (b"SQLite format 3\0" + bytes(100), "GeoPackage"),
        (b"\x00\x00\x27\x0a" + bytes(100), "Shapefile"),
        (b"<!DOCTYPE html>\n<html><body>404</body></html>", "Webseite"),
        (b"\n  <HTML><head/></HTML>", "Webseite"),
        (b'{"type": "FeatureCollection", "features": []}', "GeoJSON"),
        (b'<?xml version="1.0"?>\n<gpx version="1.1"></gpx>', "GPX"),
        (b'<?xml version="1.0"?>\n<osmChange version="0.6"/>', "Änderungen"),
        (b'<?xml version="1.0"?>\n<!-- <osm> -->\n<note/>', "kein OSM-Auszug"),
        (b"\xff\xfe<\x00o\x00s\x00m\x00", "UTF-16"),
        (b"nothing of the kind", "kein OSM-Auszug"),
        (bytes(1000), "kein OSM-Auszug"),
        (gzip.compress(b'{"elements": []}', mtime=0), "JSON oder GeoJSON (gepackt)"),
        (b"", "leer"),
        (b"\xff\xe0\x04o5m2" + bytes(50), "o5m"),
    ],
)
def test_foreign_files_are_named(content: bytes, word: str, tmp_path: Path) -> None:
    path = tmp_path / "region.osm.pbf"
    path.write_bytes(content)
    assert word in refusal(path).what


def test_missing_file_and_folder(tmp_path: Path) -> None:
    assert "gibt es nicht" in refusal(tmp_path / "nowhere.osm.pbf").what
    assert "Ordner" in refusal(tmp_path).what


@pytest.mark.parametrize("suffix", [".osm", ".osm.gz", ".osm.bz2"])
def test_packed_and_plain_text_cut_anywhere_is_refused(suffix: str, tmp_path: Path) -> None:
    whole = write_osm(tmp_path / f"town{suffix}", NODES, WAYS).read_bytes().rstrip()
    cut = tmp_path / f"cut{suffix}"
    for length in range(1, len(whole)):
        cut.write_bytes(whole[:length])
        refusal(cut)


def block_ends(content: bytes) -> list[int]:
    """Where the blocks of a PBF file end, found in another way than the reader does."""
    ends, position = [], 0
    while position < len(content):
        head = int.from_bytes(content[position : position + 4], "big")
        header = content[position + 4 : position + 4 + head]
        # BlobHeader: type (text), then datasize as the last field, a varint of tag 0x18.
        digits = header[header.rindex(b"\x18") + 1 :]
        size = sum((byte & 0x7F) << (7 * place) for place, byte in enumerate(digits))
        position += 4 + head + size
        ends.append(position)
    return ends


def test_real_pbf_cut_anywhere_is_refused(shared_data: Path, tmp_path: Path) -> None:
    content = (shared_data / "osm" / "dortmund-aplerbeck-2026.nometa.osm.pbf").read_bytes()
    ends = block_ends(content)
    assert ends[-1] == len(content)
    rng = random.Random(7)  # noqa: S311
    lengths = {rng.randrange(1, len(content)) for _ in range(300)}
    lengths |= {end + step for end in ends for step in (-1, 1, 3, 5)}
    cut = tmp_path / "cut.osm.pbf"
    for length in sorted(lengths - set(ends)):
        if 0 < length < len(content):
            cut.write_bytes(content[:length])
            refusal(cut)


def test_pbf_cut_between_blocks_is_refused_or_noticed(shared_data: Path, tmp_path: Path) -> None:
    content = (shared_data / "osm" / "neubrandenburg-2016.nometa.osm.pbf").read_bytes()
    ends = block_ends(content)[:-1]
    cut = tmp_path / "cut.osm.pbf"
    refused = noticed = 0
    for end in ends[::4]:
        cut.write_bytes(content[:end])
        try:
            extract = read_extract(cut, ["amenity"])
        except ExtractError:
            refused += 1
        else:
            noticed += any(item.code == "file.loose_nodes" for item in extract.findings)
    assert refused >= 1
    # Only a cut after the last ways, before the relations, leaves nothing to notice.
    assert refused + noticed >= len(ends[::4]) - 1


def test_damaged_pbf_is_refused(shared_data: Path, tmp_path: Path) -> None:
    content = bytearray(
        (shared_data / "osm" / "dortmund-aplerbeck-2026.nometa.osm.pbf").read_bytes()
    )
    middle = len(content) // 2
    content[middle : middle + 64] = bytes(64)
    path = tmp_path / "damaged.osm.pbf"
    path.write_bytes(content)
    refusal(path)


def blob(kind: bytes, raw: bytes) -> bytes:
    packed = zlib.compress(raw, 9)

    def varint(value: int) -> bytes:
        digits = bytearray()
        while value > 0x7F:
            digits.append(value & 0x7F | 0x80)
            value >>= 7
        return bytes([*digits, value])

    body = b"\x10" + varint(len(raw)) + b"\x1a" + varint(len(packed)) + packed
    header = b"\x0a" + varint(len(kind)) + kind + b"\x18" + varint(len(body))
    return len(header).to_bytes(4, "big") + header + body


def test_pbf_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.osm.pbf"
    header = blob(b"OSMHeader", b"\x22\x0eOsmSchema-V0.6")
    path.write_bytes(header + blob(b"OSMData", bytes(30_000_000)) * 4)
    assert path.stat().st_size < 200_000
    assert "entpackt sich" in refusal(path).what


def test_gzip_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.osm.gz"
    text = b'<osm version="0.6">' + b" " * 100_000_000 + b"</osm>"
    path.write_bytes(gzip.compress(text))
    assert "entpackt sich" in refusal(path).what


def test_entities_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "laughs.osm"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE osm [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
        '<osm version="0.6"><node id="1" lat="51" lon="7"><tag k="name" v="&b;"/></node></osm>'
    )
    assert "XML-Entitäten" in refusal(path).what


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ('<node id="1" lat="NaN" lon="7"/>', "Koordinate (»NaN«)"),
        ('<node id="1" lat="51" lon="500"/>', "Koordinate (»500«)"),
        ('<node id="9223372036854775808" lat="51" lon="7"/>', "Objektnummer"),
        ('<node id="1" lat="51" lon="7">', "kein gültiges XML"),
        (f'<node id="1" lat="51" lon="7"><tag k="a" v="{"x" * 70_000}"/></node>', "überlangen"),
        ("<remark>runtime error: Query timed out</remark>", "abgebrochen"),
    ],
)
def test_faulty_text_is_refused_with_the_reason(body: str, word: str, tmp_path: Path) -> None:
    path = tmp_path / "faulty.osm"
    path.write_text(f'<osm version="0.6">\n{body}\n</osm>\n')
    assert word in refusal(path).what


def test_text_that_is_not_utf8_in_a_pbf_file_is_refused(tmp_path: Path) -> None:
    import osmium  # noqa: PLC0415

    source = write_osm(tmp_path / "town.osm", {1: (7.0, 51.0, {"name": "QQQQ"})})
    target = tmp_path / "town.osm.pbf"
    options = osmium.io.File(str(target), "pbf,pbf_compression=none")
    with osmium.io.Reader(str(source)) as reader, osmium.SimpleWriter(options) as writer:
        osmium.apply(reader, writer)
    target.write_bytes(target.read_bytes().replace(b"QQQQ", b"\xff\xfe\xfd\xfc"))
    assert "UTF-8" in refusal(target).what


def test_wrong_version_of_the_format(tmp_path: Path) -> None:
    path = tmp_path / "old.osm"
    path.write_text(osm_xml(NODES, WAYS).replace('version="0.6"', 'version="0.5"'))
    assert "0.6" in refusal(path).what


def test_a_file_without_anything_of_use(tmp_path: Path) -> None:
    assert "leer" in refusal(write_osm(tmp_path / "empty.osm")).what
    assert "leer" in refusal(write_osm(tmp_path / "empty.osm.pbf")).what
    bare: dict[int, Node] = {number: (7 + number / 1e4, 51.0) for number in range(1, 10)}
    assert "leer" in refusal(write_osm(tmp_path / "nodes.osm", bare)).what
    one_tagged: dict[int, Node] = bare | {3: (7.0, 51.0, {"amenity": "cafe"})}
    assert "keine Wege" in refusal(write_osm(tmp_path / "most.osm", one_tagged)).what


def test_no_room_for_the_temporary_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_osm(tmp_path / "town.osm", NODES, WAYS)

    def full(*_: object, **__: object) -> None:
        raise RuntimeError("Write failed: No space left on device")

    monkeypatch.setattr("geo._osm_text._write_text", full)
    assert "Zwischendateien" in refusal(path).what


def test_limits_on_the_number_of_objects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_osm(tmp_path / "town.osm", NODES, WAYS)
    monkeypatch.setattr("geo._osm_text.MAX_NODES", 2)
    assert "mehr als 2 Punkte" in refusal(path).what


def test_objects_deleted_in_an_editor_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "josm.osm"
    text = osm_xml(NODES | {4: (7.002, 51.0, {"amenity": "pub"})}, WAYS)
    path.write_text(text.replace('<node id="4"', "<node id='4' action='delete'"))
    extract = read_extract(path, ["amenity"])
    assert extract.features["osm_id"].tolist() == ["n3"]
    assert [item.examples for item in extract.findings if item.code == "file.deleted"] == [("n4",)]


def test_trailing_bytes_after_bzip2_data(tmp_path: Path) -> None:
    path = tmp_path / "town.osm.bz2"
    path.write_bytes(bz2.compress(osm_xml(NODES, WAYS).encode()) + b"rubbish")
    assert len(read_extract(path, ["amenity"]).features) == 1
