"""One block of a PBF file: its table of texts and where its groups of objects are.

Source: OSM wiki, "PBF Format", and its osmformat.proto.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from geo import _pbf_file as pbf
from geo._pbf_file import OddFileError
from geo._varints import MAX_BYTES, Bytes, Ints, encode_one

_TEXTS, _GROUP = 1, 2
_GRANULARITY, _DATE_GRANULARITY, _LAT_OFFSET, _LON_OFFSET = 17, 18, 19, 20
_NEGATIVE = 1 << 62  # what is below 0 is written as a number larger than this
_USUAL_STEP = 100
_NO_TEXT = pbf.field(_TEXTS, b"")  # the usual first entry of a table of texts


class BrokenTextError(ValueError):
    """A text holds a NUL, over which libosmium stumbles into foreign memory."""


@dataclass(frozen=True)
class Block:
    """A block of a file.

    Attributes
    ----------
    data
        The bytes of the message.
    texts
        Start and end of the table of texts.
    groups
        Start and end of each group of objects.
    numbers
        Granularity and offsets, by field.
    """

    data: bytes
    texts: tuple[int, int]
    groups: list[tuple[int, int]]
    numbers: dict[int, int]

    @cached_property
    def array(self) -> Bytes:
        """The bytes, and a few more so that a number at the end can be looked at."""
        return np.frombuffer(self.data + bytes(MAX_BYTES), dtype=np.uint8)

    @cached_property
    def table(self) -> list[str]:
        """All texts; keys, values and roles are positions in it."""
        return [
            self.data[start:end].decode("utf-8", "replace")
            for _, start, end in pbf.fields(self.data, *self.texts)
        ]

    def _check_texts(self) -> None:
        start, end = self.texts
        if self.data.startswith(_NO_TEXT, start, end):
            start += len(_NO_TEXT)
        if self.data.find(0, start, end) >= 0 and any(
            self.data.find(0, one, two) >= 0 for _, one, two in pbf.fields(self.data, start, end)
        ):
            raise BrokenTextError

    def smaller(self, group: bytes) -> bytes:
        """Return a block with the same texts and one other group.

        Raises
        ------
        BrokenTextError
            If the file is not fit to be given to libosmium.
        """
        self._check_texts()
        parts = [pbf.field(_TEXTS, self.data[slice(*self.texts)]), pbf.field(_GROUP, group)]
        for number, value in self.numbers.items():
            parts.append(encode_one(number << 3) + encode_one(value))
        return b"".join(parts)

    def billionths(self, longitude: Ints, latitude: Ints) -> tuple[Ints, Ints]:
        """Return coordinates as they stand in the block in billionths of a degree."""
        step = self.numbers.get(_GRANULARITY, _USUAL_STEP)
        east = self.numbers.get(_LON_OFFSET, 0)
        north = self.numbers.get(_LAT_OFFSET, 0)
        return longitude * step + east, latitude * step + north


def read_block(data: bytes) -> Block:
    """Look through a block.

    Raises
    ------
    OddFileError
        If it is not laid out as usual.
    """
    texts = (0, 0)
    groups = []
    numbers: dict[int, int] = {}
    for number, start, end in pbf.fields(data, 0, len(data)):
        if end < 0:
            numbers[number] = start
        elif number == _TEXTS:
            texts = (start, end)
        elif number == _GROUP:
            groups.append((start, end))
    unknown = set(numbers) - {_GRANULARITY, _DATE_GRANULARITY, _LAT_OFFSET, _LON_OFFSET}
    if unknown or max(numbers.values(), default=0) >= _NEGATIVE:
        raise OddFileError
    return Block(data, texts, groups, numbers)
