"""Read everything that stands in a file of OSM data in one streaming pass.

libosmium writes the file out again as OPL, its line-per-object text, without a step in
Python; the lines are then taken apart in bulk. Handing every object and every tag over to
Python one by one takes two to four times as long. Order, negative ids, doubled objects and
deleted versions, over which a node location index stumbles, do not matter this way: nodes
are looked up in one sorted table after the whole file has been read.
"""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import osmium
import pandas as pd

from geo._osm_data import (
    KINDS,
    FileFaults,
    Header,
    Ints,
    OsmData,
    Relation,
    gather,
    newest_versions,
)
from geo._osm_errors import explain
from geo._osm_file import OsmFile
from geo.errors import ExtractError
from geo.extract import Tags

MAX_NODES = 30_000_000
"""About a Regierungsbezirk; takes some 8 GB of memory (measured: 0.25 kB per node)."""
MAX_WAYS = 6_000_000
MAX_RELATIONS = 500_000

_CHUNK = 2**19
_MAX_LONGITUDE, _MAX_LATITUDE = 180, 90
_NO_TAGS: Tags = {}
_CONTROL: dict[int, str | None] = dict.fromkeys((*range(32), 127))
_CONTROL |= dict.fromkeys(map(ord, "\t\n\r"), " ")
_LAST_CODE = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)
_ESCAPE = re.compile(r"%([0-9a-fA-F]{1,6})%")


def read_osm(file: OsmFile) -> OsmData:
    """Read all objects of a file.

    Raises
    ------
    ExtractError
        If libosmium refuses the file, if there are more objects than the limits of this
        module, or if there is no room for the temporary text.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="sozialraum-") as folder:
            return _read_through(file, Path(folder) / "objects.opl")
    except OSError as error:  # from the folder for temporary files
        raise explain(error, file.path) from None


def _read_through(file: OsmFile, text: Path) -> OsmData:
    try:
        header = _write_text(file, text)
    except Exception as error:  # noqa: BLE001  libosmium raises many types
        raise explain(error, file.path) from None
    lines = _Lines(file)
    with text.open("rb") as stream:
        for chunk in _whole_lines(stream):
            lines.add(chunk)
    return lines.finish(header)


def _write_text(file: OsmFile, text: Path) -> Header:
    # An absolute path, for libosmium reads standard input if a file is called "-".
    source = osmium.io.File(str(file.path.resolve()), file.format)
    with osmium.io.Reader(source) as reader:
        header = reader.header()
        target = osmium.io.File(str(text), "opl,add_metadata=version+timestamp")
        writer = osmium.io.Writer(target, header)
        # Merging nothing into the file copies it object by object in its own order.
        # (A SimpleWriter would end the whole process when libosmium refuses a text.)
        osmium.MergeInputReader().apply_to_reader(reader, writer, with_history=True)
        writer.close()
    return Header(_box(header), _date(header) or file.overpass_date)


def _box(header: osmium.io.Header) -> tuple[float, float, float, float] | None:
    box = header.box()
    if not box.valid():
        return None
    low, high = box.bottom_left, box.top_right
    return (low.lon, low.lat, high.lon, high.lat)


def _date(header: osmium.io.Header) -> date | None:
    for key in ("osmosis_replication_timestamp", "timestamp"):
        try:
            return date.fromisoformat(header.get(key)[:10])
        except ValueError:
            continue
    return None


def _whole_lines(stream: BinaryIO) -> Iterator[bytes]:
    rest = b""
    while block := stream.read(_CHUNK):
        cut = block.rfind(b"\n") + 1
        if cut:
            yield rest + block[:cut]
            rest = block[cut:]
        else:
            rest += block
    if rest:
        yield rest


def unescape(text: str) -> str:
    """Return the text of an OPL field: composed (NFC) and without control characters."""
    if "%" in text:
        text = _ESCAPE.sub(_character, text)
        text = text.translate(_CONTROL)
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _character(match: re.Match[str]) -> str:
    """Return what an escape stands for; no code point of Unicode becomes "\ufffd"."""
    code = int(match.group(1), 16)
    return chr(code) if code <= _LAST_CODE and code not in _SURROGATES else "\ufffd"


class _Lines:
    """Collects what stands in the lines, chunk by chunk.

    The lines are, without metadata:
    ``n1 v0 dV t Tkey=value,… x7.1 y51.2``, ``w1 v0 dV t T… Nn1,n2``,
    ``r1 v0 dV t T… Mw1@outer,n2@``.
    """

    def __init__(self, file: OsmFile) -> None:
        self._file = file
        self._faults = FileFaults()
        self._nodes: list[pd.DataFrame] = []
        self._node_count = 0
        self._node_tags: list[tuple[int, Tags]] = []  # by row
        self._ways: list[tuple[int, int, bool, int]] = []  # id, version, alive, nodes
        self._refs: list[Ints] = []
        self._way_tags: list[Tags] = []
        self._relations: list[tuple[int, int, bool, Relation]] = []
        self._texts: dict[str, Tags] = {}
        self._pairs: dict[str, tuple[str, str]] = {}
        self._last_kind = 0
        self._oldest = self._newest = ""

    def add(self, chunk: bytes) -> None:
        """Take whole lines."""
        text = np.frombuffer(chunk, dtype=np.uint8)
        starts = np.concatenate(([0], np.flatnonzero(text == ord("\n")) + 1))
        letters = text[starts[:-1]]
        runs = np.concatenate(([0], np.flatnonzero(letters[1:] != letters[:-1]) + 1))
        blocks: dict[str, list[bytes]] = {"n": [], "w": [], "r": [], "c": []}
        for start, stop in pairwise([*runs.tolist(), len(letters)]):
            letter = chr(letters[start])
            blocks[letter].append(chunk[starts[start] : starts[stop]])
            kind = KINDS.find(letter)
            self._faults.unsorted |= 0 <= kind < self._last_kind
            self._last_kind = max(kind, self._last_kind)
        if blocks["n"]:
            self._add_nodes(b"".join(blocks["n"]))
        self._add_ways(b"".join(blocks["w"]).decode("utf-8", "replace").split("\n")[:-1])
        for line in b"".join(blocks["r"]).decode("utf-8", "replace").split("\n")[:-1]:
            self._add_relation(line)

    def _see_time(self, moment: str) -> None:
        self._oldest = min(self._oldest, moment) if self._oldest else moment
        self._newest = max(self._newest, moment)

    def _add_nodes(self, chunk: bytes) -> None:
        columns = ["id", "x", "y"]
        bare = chunk.replace(b" v0 dV t T", b" T")  # the usual file has no edit times
        if b" dV t" in bare or b" dD t" in bare:
            columns = ["id", "version", "alive", "x", "y"]
            for moment in set(re.findall(rb" t(\S+) T", chunk)):
                self._see_time(moment.decode())
            bare = re.sub(rb" t\S* T", b" T", chunk)
            bare = bare.replace(b" dV T", b" 1 T").replace(b" dD T", b" 0 T")
        tagged = list(re.finditer(rb" T(\S+) ", bare))
        ends = np.flatnonzero(np.frombuffer(bare, dtype=np.uint8) == ord("\n"))
        rows = np.searchsorted(ends, [match.start() for match in tagged]) + self._node_count
        for row, match in zip(rows.tolist(), tagged, strict=True):
            self._node_tags.append((row, self._tags(match.group(1).decode("utf-8", "replace"))))
        bare = re.sub(rb" T\S*", b"", bare).translate(None, b"nvxy")
        types = {"id": "int64", "version": "int32", "alive": "int8", "x": "f8", "y": "f8"}
        frame = pd.read_csv(
            BytesIO(bare),
            sep=" ",
            header=None,
            names=columns,
            dtype={name: types[name] for name in columns},
        )
        self._nodes.append(frame)
        self._node_count += len(frame)
        self._check_limit(self._node_count, MAX_NODES, "Punkte")

    def _add_ways(self, lines: list[str]) -> None:
        texts = []
        for line in lines:
            key, version, visible, moment, tags, refs = line.split(" ")
            if len(moment) > 1:
                self._see_time(moment[1:])
            count = refs.count(",") + 1 if len(refs) > 1 else 0
            if count:
                texts.append(refs[1:])
            self._ways.append((int(key[1:]), int(version[1:]), visible == "dV", count))
            self._way_tags.append(self._tags(tags[1:]))
        if texts:
            numbers = ",".join(texts).replace("n", "")
            self._refs.append(np.fromstring(numbers, dtype=np.int64, sep=","))
        self._check_limit(len(self._ways), MAX_WAYS, "Linien")

    def _add_relation(self, line: str) -> None:
        key, version, visible, moment, tags, text = line.split(" ")
        if len(moment) > 1:
            self._see_time(moment[1:])
        members = []
        for member in text[1:].split(",") if len(text) > 1 else ():
            ref, _, role = member.partition("@")
            members.append((ref[0], int(ref[1:]), unescape(role)))
        relation = Relation(self._tags(tags[1:]), tuple(members))
        self._relations.append((int(key[1:]), int(version[1:]), visible == "dV", relation))
        self._check_limit(len(self._relations), MAX_RELATIONS, "Relationen")

    def _tags(self, text: str) -> Tags:
        """Return the tags of a line; lines with the same text share them."""
        if not text:
            return _NO_TAGS
        tags = self._texts.get(text)
        if tags is None:
            pairs = self._pairs
            found: dict[str, str] = {}
            for part in text.split(","):
                pair = pairs.get(part)
                if pair is None:
                    key, _, value = part.partition("=")
                    pair = pairs[part] = (unescape(key), unescape(value))
                found[pair[0]] = pair[1]
            tags = self._texts[text] = found
        return tags

    def _check_limit(self, count: int, limit: int, what: str) -> None:
        if count > limit:
            raise ExtractError(
                f"Der OSM-Auszug ist zu groß: mehr als {limit:,} {what}.".replace(",", "."),
                where=self._file.path,
                remedy=(
                    "Den Auszug mit »osmium extract« auf die Umgebung der Standorte "
                    "zuschneiden; einige Kilometer ringsum genügen."
                ),
            )

    def finish(self, header: Header) -> OsmData:
        """Sort everything, keep the newest version of each object and drop deleted ones."""
        node_ids, longitude, latitude, node_tags = self._finish_nodes()
        way_ids, offsets, refs, way_tags = self._finish_ways()
        return OsmData(
            node_ids=node_ids,
            longitude=longitude,
            latitude=latitude,
            node_tags=node_tags,
            way_ids=way_ids,
            offsets=offsets,
            refs=refs,
            way_tags=way_tags,
            relations=self._finish_relations(),
            header=header,
            faults=self._faults,
            oldest=self._oldest,
            newest=self._newest,
        )

    def _finish_nodes(
        self,
    ) -> tuple[Ints, npt.NDArray[np.float64], npt.NDArray[np.float64], dict[int, Tags]]:
        blank = pd.DataFrame({"id": np.zeros(0, np.int64), "x": np.zeros(0), "y": np.zeros(0)})
        frame = pd.concat([*self._nodes, blank], ignore_index=True)
        self._nodes.clear()
        all_ids = frame["id"].to_numpy(np.int64)
        versions = None
        alive = np.ones(len(frame), dtype=np.bool_)
        if "version" in frame:
            versions = frame["version"].fillna(0).to_numpy(np.int32)
            alive = frame["alive"].fillna(1).to_numpy(np.int8) != 0
        rows = newest_versions(all_ids, versions, "n", self._faults)
        rows = rows[self._alive("n", all_ids[rows], alive[rows])]
        ids = all_ids[rows]
        # OSM stores whole ten-millionths of a degree.
        longitude = np.rint(frame["x"].to_numpy(np.float64)[rows] * 1e7) / 1e7
        latitude = np.rint(frame["y"].to_numpy(np.float64)[rows] * 1e7) / 1e7
        # False for NaN, that is, for no position at all.
        on_globe = (np.abs(longitude) <= _MAX_LONGITUDE) & (np.abs(latitude) <= _MAX_LATITUDE)
        for key in ids[~on_globe]:
            self._faults.no_position.add(f"n{key}")
        kept = np.zeros(len(frame), dtype=np.bool_)
        kept[rows[on_globe]] = True
        by_id = sorted((int(all_ids[row]), row) for row, _ in self._node_tags if kept[row])
        of_row = dict(self._node_tags)
        tags = {key: of_row[row] for key, row in by_id}
        return ids[on_globe], longitude[on_globe], latitude[on_globe], tags

    def _finish_ways(self) -> tuple[Ints, Ints, Ints, list[Tags]]:
        heads = np.array(self._ways, dtype=np.int64).reshape(-1, 4)
        rows = newest_versions(heads[:, 0], heads[:, 1].astype(np.int32), "w", self._faults)
        rows = rows[self._alive("w", heads[rows, 0], heads[rows, 2] != 0)]
        offsets = np.concatenate(([0], np.cumsum(heads[:, 3])))
        refs = np.concatenate([*self._refs, np.zeros(0, dtype=np.int64)])
        tags = self._way_tags
        if not np.array_equal(rows, np.arange(len(heads))):
            offsets, flat = gather(offsets, rows)
            refs = refs[flat]
            tags = [tags[row] for row in rows]
        return heads[rows, 0], offsets, refs, tags

    def _finish_relations(self) -> dict[int, Relation]:
        ids = np.array([item[0] for item in self._relations], dtype=np.int64)
        versions = np.array([item[1] for item in self._relations], dtype=np.int32)
        alive = np.array([item[2] for item in self._relations], dtype=np.bool_)
        rows = newest_versions(ids, versions, "r", self._faults)
        rows = rows[self._alive("r", ids[rows], alive[rows])]
        return {int(ids[row]): self._relations[row][3] for row in rows}

    def _alive(self, kind: str, ids: Ints, alive: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Leave out deleted objects, those that only an editor marked included."""
        marked = [key for of_kind, key in self._file.deleted if of_kind == kind]
        if marked:
            alive = alive & ~np.isin(ids, marked)
        for key in ids[~alive]:
            self._faults.deleted.add(f"{kind}{key}")
        return alive
