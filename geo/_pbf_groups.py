"""The objects in a block of a PBF file, looked at and copied without unpacking them.

Ids, coordinates, references and tags are read as arrays, as far as they are asked for. Ways
and relations that are kept are copied byte by byte; their tags go on pointing into the
block's table of texts. Of the nodes, which a block holds as columns, the rows that are kept
are packed again. Source: OSM wiki, "PBF Format", and its osmformat.proto.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from geo import _pbf_file as pbf
from geo._pbf_block import Block
from geo._pbf_file import OddFileError
from geo._varints import (
    Bytes,
    Ints,
    PackingError,
    Unsigned,
    decode,
    decode_at,
    decode_lists,
    encode,
    fold,
    read_one,
    unfold,
)

Bools = npt.NDArray[np.bool_]

# Fields of a group, of its nodes, of its ways and relations.
_DENSE, _CHANGESETS = 2, 5
_KIND_OF_FIELD = {3: "w", 4: "r"}
_ID, _INFO, _LAT, _LON, _KEYS_VALS = 1, 5, 8, 9, 10
_KEYS, _VALUES, _WAY_REFS, _MEMBER_IDS, _MEMBER_KINDS = 2, 3, 8, 9, 10
_VERSION, _TIME, _VISIBLE = 1, 2, 6
_SHORT = 0x80


@dataclass(frozen=True)
class Lists:
    """Lists of numbers: list ``i`` is ``values[offsets[i]:offsets[i + 1]]``."""

    values: Ints
    offsets: Ints

    @property
    def owners(self) -> Ints:
        """Which list each value belongs to."""
        return np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))

    def any(self, hits: Bools) -> Bools:
        """Return for each list whether any of its values is hit."""
        sums = np.concatenate(([0], np.cumsum(hits)))
        return np.asarray(sums[self.offsets[1:]] > sums[self.offsets[:-1]])


@dataclass(frozen=True)
class Dense:
    """A group of nodes, held as columns."""

    block: Block
    columns: dict[int, tuple[int, int]]
    kind: str = "n"

    def _column(self, number: int) -> Unsigned:
        return decode(self.block.array[slice(*self.columns.get(number, (0, 0)))])

    @cached_property
    def ids(self) -> Ints:
        """The ids of the nodes."""
        return np.cumsum(unfold(self._column(_ID)))

    @cached_property
    def _raw_places(self) -> tuple[Ints, Ints]:
        places = [np.cumsum(unfold(self._column(number))) for number in (_LON, _LAT)]
        if any(len(column) != len(self.ids) for column in places):
            raise OddFileError
        return places[0], places[1]

    @property
    def places(self) -> tuple[Ints, Ints]:
        """Longitude and latitude, billionths of a degree."""
        return self.block.billionths(*self._raw_places)

    @cached_property
    def tags(self) -> Lists:
        """Positions in the table of texts: key, value, key, value, …, 0 for each node."""
        values = self._column(_KEYS_VALS).astype(np.int64)
        if not len(values):
            return Lists(values, np.zeros(len(self.ids) + 1, dtype=np.int64))
        ends = np.flatnonzero(values == 0) + 1
        if len(ends) != len(self.ids) or ends[-1] != len(values):
            raise OddFileError
        return Lists(values, np.concatenate(([0], ends)))

    def with_text(self, wanted: Bools) -> Bools:
        """Return which nodes have a key or value that is wanted."""
        return self.tags.any(wanted[checked(self.tags.values, len(wanted))])

    def group(self, kept: Bools) -> bytes:
        """Return a new group of some of the nodes, without the names of the mappers."""
        columns = {
            _ID: self.ids[kept],
            _LAT: self._raw_places[1][kept],
            _LON: self._raw_places[0][kept],
        }
        parts = {
            number: encode(fold(np.diff(values, prepend=0))) for number, values in columns.items()
        }
        if _INFO in self.columns:
            parts[_INFO] = self._info(kept)
        tags = self.tags
        if len(tags.values):
            flat = np.repeat(kept, np.diff(tags.offsets))
            parts[_KEYS_VALS] = encode(tags.values[flat].astype(np.uint64))
        dense = b"".join(pbf.field(number, parts[number]) for number in sorted(parts))
        return pbf.field(_DENSE, dense)

    def _info(self, kept: Bools) -> bytes:
        data = self.block.data
        columns = _columns(data, *self.columns[_INFO])
        info = b""
        for number in (_VERSION, _TIME, _VISIBLE):
            values = decode(self.block.array[slice(*columns.get(number, (0, 0)))])
            if not len(values):
                continue
            if len(values) != len(kept):
                raise OddFileError
            if number == _TIME:
                times = np.cumsum(unfold(values))[kept]
                values = fold(np.diff(times, prepend=0))
            else:
                values = values[kept]
            info += pbf.field(number, encode(values))
        return info


@dataclass(frozen=True)
class Messages:
    """A group of ways or relations, one message each.

    Attributes
    ----------
    kind
        ``"w"`` or ``"r"``.
    heads, starts, ends
        Where each message begins with its number and size, where its content begins, and
        where it ends.
    """

    block: Block
    kind: str
    heads: Ints
    starts: Ints
    ends: Ints
    _found: dict[int, tuple[Ints, Ints]] = field(default_factory=dict)

    def _field(self, number: int) -> tuple[Ints, Ints]:
        if not self._found:
            wanted = (_ID, _KEYS, _VALUES, _WAY_REFS, _MEMBER_IDS, _MEMBER_KINDS)
            self._found.update(_find(self.block.array, self.starts, self.ends, wanted))
        return self._found[number]

    @property
    def ids(self) -> Ints:
        """The ids of the objects."""
        values, ends = self._field(_ID)
        if np.any(ends != _NUMBER):
            raise OddFileError
        return values

    def _lists(self, number: int) -> tuple[Unsigned, Ints]:
        starts, ends = self._field(number)
        if np.any(ends == _NUMBER):
            raise OddFileError
        return decode_lists(self.block.array, starts, ends)

    def _references(self, number: int) -> Lists:
        values, offsets = self._lists(number)
        sums = np.concatenate(([0], np.cumsum(unfold(values))))
        before = np.repeat(sums[offsets[:-1]], np.diff(offsets))
        return Lists(sums[1:] - before, offsets)

    @property
    def nodes(self) -> Lists:
        """Node ids of each way."""
        return self._references(_WAY_REFS)

    @property
    def members(self) -> tuple[Lists, Ints]:
        """Ids of the members of each relation, and the kind of each: 0 node, 1 way, 2 relation."""
        ids = self._references(_MEMBER_IDS)
        kinds, offsets = self._lists(_MEMBER_KINDS)
        if not np.array_equal(offsets, ids.offsets):
            raise OddFileError
        return ids, kinds.astype(np.int64)

    @property
    def tags(self) -> tuple[Lists, Ints]:
        """Keys of each object and the value of each, as positions in the table of texts."""
        keys, offsets = self._lists(_KEYS)
        values, same = self._lists(_VALUES)
        if not np.array_equal(offsets, same):
            raise OddFileError
        return Lists(keys.astype(np.int64), offsets), values.astype(np.int64)

    def with_text(self, wanted: Bools) -> Bools:
        """Return which objects have a key or value that is wanted."""
        keys, values = self.tags
        hits = wanted[checked(keys.values, len(wanted))]
        return keys.any(hits | wanted[checked(values, len(wanted))])

    def only(self, kept: Bools) -> Messages:
        """Return some of the objects."""
        return Messages(
            self.block, self.kind, self.heads[kept], self.starts[kept], self.ends[kept]
        )

    def group(self) -> bytes:
        """Return a group of these objects, as they are."""
        data = self.block.data
        places = zip(self.heads.tolist(), self.ends.tolist(), strict=True)
        return b"".join(data[head:end] for head, end in places)


_NUMBER = -1  # in place of an end: the field is a number and no list


def checked(positions: Ints, size: int) -> Ints:
    """Return positions in a table that has them all.

    Raises
    ------
    OddFileError
        If it has not.
    """
    if len(positions) and not 0 <= positions.min() <= positions.max() < size:
        raise OddFileError
    return positions


def _find(
    data: Bytes, starts: Ints, ends: Ints, wanted: Collection[int]
) -> dict[int, tuple[Ints, Ints]]:
    """Find fields in many messages at once, stepping from field to field in all of them.

    Returns
    -------
    dict
        By number of the field: start and end of the content in each message, equal where
        the message lacks it; or its value and ``_NUMBER``.
    """
    found = {number: (starts.copy(), starts.copy()) for number in wanted}
    seen = {number: np.zeros(len(starts), dtype=np.bool_) for number in wanted}
    rows = np.flatnonzero(starts < ends)
    positions = starts[rows]
    while len(rows):
        keys, positions = decode_at(data, positions)
        values, positions = decode_at(data, np.minimum(positions, ends[rows]))
        sized = (keys & 7) == 2  # noqa: PLR2004  the wire type of lists
        after = positions + np.where(sized, values, 0)
        whole = (sized | (keys & 7 == 0)) & (after >= positions) & (after <= ends[rows])
        if not whole.all():
            raise OddFileError
        for number in wanted:
            hits = np.flatnonzero(keys >> 3 == number)
            if not len(hits):
                continue
            here = rows[hits]
            if seen[number][here].any():
                raise OddFileError
            seen[number][here] = True
            found[number][0][here] = np.where(sized, positions, values)[hits]
            found[number][1][here] = np.where(sized, after, _NUMBER)[hits]
        going_on = after < ends[rows]
        rows, positions = rows[going_on], after[going_on]
    return found


def parts(block: Block) -> Iterator[Dense | Messages]:
    """Yield the groups of a block that hold anything.

    Raises
    ------
    OddFileError
        If a group is not laid out as usual (nodes one by one, two kinds in one group).
    """
    for start, end in block.groups:
        if start == end:
            continue
        try:
            number = read_one(block.data, start)[0] >> 3
        except PackingError as error:
            raise OddFileError from error
        if number == _DENSE:
            held = _columns(block.data, start, end)
            if len(held) != 1:
                raise OddFileError
            yield Dense(block, _columns(block.data, *held[_DENSE]))
        elif number in _KIND_OF_FIELD:
            yield _messages(block, number, start, end)
        elif number != _CHANGESETS:
            raise OddFileError


def _columns(data: bytes, start: int, end: int) -> dict[int, tuple[int, int]]:
    """Return start and end of each field of a message in which every field is a list."""
    columns: dict[int, tuple[int, int]] = {}
    for number, one, two in pbf.fields(data, start, end):
        if two < 0 or number in columns:
            raise OddFileError
        columns[number] = (one, two)
    return columns


def _messages(block: Block, number: int, start: int, end: int) -> Messages:
    """Find where each message of a group is; this one step goes object by object."""
    data = block.data
    expected = number << 3 | 2
    heads, starts, ends = [], [], []
    position = start
    try:
        while position < end:
            if data[position] != expected:
                raise OddFileError
            size = data[position + 1]
            content = position + 2
            if size >= _SHORT:
                size, content = read_one(data, position + 1)
            heads.append(position)
            starts.append(content)
            position = content + size
            ends.append(position)
    except (IndexError, PackingError) as error:
        raise OddFileError from error
    if position != end:
        raise OddFileError
    return Messages(
        block,
        _KIND_OF_FIELD[number],
        heads=np.array(heads, dtype=np.int64),
        starts=np.array(starts, dtype=np.int64),
        ends=np.array(ends, dtype=np.int64),
    )
