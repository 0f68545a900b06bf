"""Cut a part out of a PBF file in two passes, without unpacking its objects.

The first pass finds what belongs to the part, the second copies it. Ways are copied with all
their nodes, areas with their whole outline.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np

from geo._cut_relations import RelationCollector, find_belonging
from geo._id_sets import Bools, IdSet, Ints
from geo._pbf_block import Block, read_block
from geo._pbf_file import Blob, OddFileError, list_blobs, make_blob, read_blobs
from geo._pbf_groups import Dense, Messages, parts

Box = tuple[float, float, float, float]

_DATA, _HEADER = "OSMData", "OSMHeader"
_KINDS = "nwr"
_UNITS = 10**9  # coordinates are compared in billionths of a degree


class Wanted(Protocol):
    """Says what belongs to the part for its own sake."""

    @property
    def spreads(self) -> bool:
        """Whether ways belong to the part with any of their nodes, relations with members."""

    def __call__(self, group: Dense | Messages) -> Bools:
        """Return for each object of a group whether it belongs to the part."""


@dataclass(frozen=True)
class InBoxes:
    """Nodes inside boxes (west, south, east, north in degrees, the rim included)."""

    boxes: Collection[Box]
    spreads: bool = True

    def __call__(self, group: Dense | Messages) -> Bools:
        """Return which nodes lie in a box."""
        if not isinstance(group, Dense):
            return np.zeros(len(group.starts), dtype=np.bool_)
        longitude, latitude = group.places
        inside = np.zeros(len(longitude), dtype=np.bool_)
        for box in self.boxes:
            west, south, east, north = (round(value * _UNITS) for value in box)
            inside |= (
                (longitude >= west)
                & (longitude <= east)
                & (latitude >= south)
                & (latitude <= north)
            )
        return inside


@dataclass(frozen=True)
class WithText:
    """Objects with a key or value in which a pattern is found."""

    pattern: re.Pattern[str]
    spreads: bool = False
    _last: list[tuple[Block, Bools]] = field(default_factory=list, repr=False)

    def __call__(self, group: Dense | Messages) -> Bools:
        """Return which objects have such a key or value."""
        wanted = self._texts(group.block)
        if not wanted.any():
            count = len(group.ids) if isinstance(group, Dense) else len(group.starts)
            return np.zeros(count, dtype=np.bool_)
        return group.with_text(wanted)

    def _texts(self, block: Block) -> Bools:
        if not self._last or self._last[0][0] is not block:
            found = [bool(text and self.pattern.search(text)) for text in block.table]
            self._last[:] = [(block, np.array(found, dtype=np.bool_))]
        return self._last[0][1]


@dataclass(frozen=True)
class WithId:
    """One object, e.g. ``("w", 123)``."""

    kind: str
    key: int
    spreads: bool = False

    def __call__(self, group: Dense | Messages) -> Bools:
        """Return which object it is."""
        ids = group.ids
        return np.asarray(ids == self.key) & (group.kind == self.kind)


class _Place(NamedTuple):
    """A blob, which kinds of objects it holds, and the range of ids of each."""

    blob: Blob
    ranges: dict[str, tuple[int, int]]


@dataclass
class _Part:
    """Ids of what belongs to the part; the nodes of its ways come later."""

    places: list[_Place]
    nodes: IdSet
    ways: IdSet
    relations: IdSet


class Counts(NamedTuple):
    """How many objects were copied."""

    nodes: int
    ways: int
    relations: int


def cut(path: Path, wanted: Wanted, target: Path, step: Callable[[str], None]) -> Counts:
    """Copy a part of a PBF file.

    Parameters
    ----------
    path
        The file. Nodes, ways and relations come in this order.
    wanted
        What belongs to the part.
    target
        The part, a PBF file whose blobs are not packed and hold more texts than needed.
        Beside it a second file is made for a while.
    step
        Called before each pass with ``"find"``, then ``"copy"``.

    Raises
    ------
    OddFileError, PackingError
        If the file is not laid out as usual, or not in order.
    """
    step("find")
    part = _find_part(path, wanted)
    step("copy")
    return _copy_part(path, part, target)


def _find_part(path: Path, wanted: Wanted) -> _Part:
    finder = _Finder(wanted)
    blobs = [blob for blob in list_blobs(path) if blob.kind == _DATA]
    for blob, data in zip(blobs, read_blobs(path, blobs), strict=True):
        finder.look(blob, read_block(data))
    return finder.part()


class _Finder:
    """The first pass: meets all groups in the order of the file."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._places: list[_Place] = []
        self._found: dict[str, list[Ints]] = {"n": [], "w": []}
        self._relations = RelationCollector()
        self._nodes = IdSet()
        self._stage = 0

    def look(self, blob: Blob, block: Block) -> None:
        ranges: dict[str, tuple[int, int]] = {}
        for group in parts(block):
            self._enter(_KINDS.index(group.kind))
            chosen = self._wanted(group)
            if isinstance(group, Dense):
                self._found["n"].append(group.ids[chosen])
            elif group.kind == "w":
                if self._wanted.spreads:
                    nodes = group.nodes
                    chosen = chosen | nodes.any(self._nodes.contains(nodes.values))
                self._found["w"].append(group.ids[chosen])
            else:
                self._relations.add(group, chosen)
            _widen(ranges, group)
        self._places.append(_Place(blob, ranges))

    def _enter(self, stage: int) -> None:
        """Go on to ways or relations; the nodes must then all have been there."""
        if stage < self._stage:
            raise OddFileError
        if stage and not self._stage:
            self._nodes = IdSet(self._found["n"])
        self._stage = stage

    def part(self) -> _Part:
        nodes = self._nodes if self._stage else IdSet(self._found["n"])
        ways = IdSet(self._found["w"])
        spreads = self._wanted.spreads
        more = find_belonging(
            self._relations.table(), nodes if spreads else None, ways, areas_only=not spreads
        )
        return _Part(
            self._places,
            IdSet([nodes.ids, more.nodes]),
            IdSet([ways.ids, more.ways]),
            IdSet([more.relations]),
        )


def _widen(ranges: dict[str, tuple[int, int]], group: Dense | Messages) -> None:
    ids = group.ids
    if len(ids):
        least, most = ranges.get(group.kind, (int(ids[0]), int(ids[0])))
        ranges[group.kind] = (min(least, int(ids.min())), max(most, int(ids.max())))


def _copy_part(path: Path, part: _Part, target: Path) -> Counts:
    """Make the second pass: ways first, for they tell which nodes are needed."""
    refs = [part.nodes.ids]
    counts = {"n": 0, "w": 0, "r": 0}

    def copied(kind: str, ids: IdSet) -> Iterator[bytes]:
        for group, kept in _kept(path, part.places, kind, ids):
            counts[kind] += int(kept.sum())
            if isinstance(group, Dense):
                content = group.group(kept)
            else:
                chosen = group.only(kept)
                content = chosen.group()
                if kind == "w":
                    refs.append(np.unique(chosen.nodes.values))
            yield make_blob(_DATA, group.block.smaller(content))

    later = target.with_name(target.name + ".later")
    with later.open("w+b") as others, target.open("wb") as stream:
        others.writelines(copied("w", part.ways))
        others.writelines(copied("r", part.relations))
        stream.write(_header(path))
        stream.writelines(copied("n", IdSet(refs)))
        others.seek(0)
        shutil.copyfileobj(others, stream)
    later.unlink()
    return Counts(counts["n"], counts["w"], counts["r"])


def _kept(
    path: Path, places: Collection[_Place], kind: str, ids: IdSet
) -> Iterator[tuple[Dense | Messages, Bools]]:
    """Yield the groups of one kind that hold any of the ids, and which of their objects."""
    blobs = [
        place.blob for place in places if kind in place.ranges and ids.meets(*place.ranges[kind])
    ]
    for data in read_blobs(path, blobs):
        for group in parts(read_block(data)):
            if group.kind == kind:
                kept = ids.contains(group.ids)
                if kept.any():
                    yield group, kept


def _header(path: Path) -> bytes:
    """Return the header of the file as a blob."""
    headers = [blob for blob in list_blobs(path) if blob.kind == _HEADER]
    if len(headers) != 1:
        raise OddFileError
    (data,) = read_blobs(path, headers)
    return make_blob(_HEADER, data)
