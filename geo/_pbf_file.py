"""The blocks of a PBF file: where they are, unpacked, and new ones.

A PBF file is a row of blobs: four bytes with the length of a header, the header with the
kind and the size of what follows, and the blob, plain or packed with zlib. Each blob is a
message of its own with at most 8,000 objects as a rule. Source: OSM wiki, "PBF Format".
"""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from geo._varints import PackingError, encode_one, read_one

MAX_BLOB_BYTES = 32 * 2**20
"""What the format allows a blob to unpack to."""

_LENGTH_BYTES = 4
_MAX_HEADER_BYTES = 64 * 1024
_VARINT, _SIZED = 0, 2  # wire types of protocol buffers
_KIND, _DATA_SIZE = 1, 3  # fields of a blob's header
_PLAIN, _UNPACKED_SIZE, _ZLIB = 1, 2, 3  # fields of a blob
_AHEAD = 4


class OddFileError(ValueError):
    """The file uses a part of the format that is not read here, though libosmium may."""


class Blob(NamedTuple):
    """Where the data of a blob lie in the file, and what they are."""

    position: int
    size: int
    kind: str


def fields(data: bytes, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield the fields of a message: number, and start and end of its bytes.

    A whole number comes as ``(number, value, -1)``.

    Raises
    ------
    OddFileError
        If there is another kind of field, or one that is not whole.
    """
    position = start
    try:
        while position < end:
            key, position = read_one(data, position)
            value, position = read_one(data, position)
            if key & 7 == _SIZED:
                if position + value > end:
                    raise OddFileError
                yield key >> 3, position, position + value
                position += value
            elif key & 7 == _VARINT:
                yield key >> 3, value, -1
            else:
                raise OddFileError
    except PackingError as error:
        raise OddFileError from error


def field(number: int, content: bytes) -> bytes:
    """Return a field with bytes as its content."""
    return encode_one(number << 3 | _SIZED) + encode_one(len(content)) + content


def list_blobs(path: Path) -> list[Blob]:
    """Return all blobs of a file, without unpacking them.

    Raises
    ------
    OddFileError
        If the file is not a row of whole blobs.
    """
    blobs = []
    size = path.stat().st_size
    position = 0
    with path.open("rb") as stream:
        while position < size:
            stream.seek(position)
            length = int.from_bytes(stream.read(_LENGTH_BYTES), "big")
            if not 0 < length <= _MAX_HEADER_BYTES:
                raise OddFileError
            header = stream.read(length)
            found = {number: (one, two) for number, one, two in fields(header, 0, len(header))}
            if _KIND not in found or _DATA_SIZE not in found:
                raise OddFileError
            kind = header[slice(*found[_KIND])].decode("ascii", "replace")
            position += _LENGTH_BYTES + length
            data_size = found[_DATA_SIZE][0]
            if position + data_size > size:
                raise OddFileError
            blobs.append(Blob(position, data_size, kind))
            position += data_size
    return blobs


def read_blobs(path: Path, blobs: Iterable[Blob]) -> Iterator[bytes]:
    """Yield what some blobs of a file hold, unpacked, in their order.

    Raises
    ------
    OddFileError
        If one is packed in another way than with zlib, or is broken.
    """
    waiting: deque[Future[bytes]] = deque()
    # zlib works beside Python, so that a second core can unpack the next blobs.
    with path.open("rb") as stream, ThreadPoolExecutor(max_workers=2) as pool:
        try:
            for blob in blobs:
                stream.seek(blob.position)
                waiting.append(pool.submit(_unpack, stream.read(blob.size)))
                if len(waiting) > _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for task in waiting:
                task.cancel()


def _unpack(data: bytes) -> bytes:
    found = {number: (one, two) for number, one, two in fields(data, 0, len(data))}
    if _PLAIN in found:
        return data[slice(*found[_PLAIN])]
    if _ZLIB not in found or _UNPACKED_SIZE not in found:
        raise OddFileError
    size = found[_UNPACKED_SIZE][0]
    if size > MAX_BLOB_BYTES:
        raise OddFileError
    try:
        unpacked = zlib.decompressobj().decompress(data[slice(*found[_ZLIB])], size + 1)
    except zlib.error as error:
        raise OddFileError from error
    if len(unpacked) != size:
        raise OddFileError
    return unpacked


def make_blob(kind: str, content: bytes) -> bytes:
    """Return a blob with its header, not packed."""
    blob = field(_PLAIN, content)
    header = field(_KIND, kind.encode("ascii"))
    header += encode_one(_DATA_SIZE << 3) + encode_one(len(blob))
    return len(header).to_bytes(_LENGTH_BYTES, "big") + header + blob
