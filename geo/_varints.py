"""Whole numbers as protocol buffers pack them (varints), many at a time.

A varint is one to ten bytes of seven bits each, the lowest first; the eighth bit says that
another byte follows. Signed numbers in lists are folded first (zigzag: 0, −1, 1, −2, …).
Source: "Encoding" in the documentation of Protocol Buffers.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]
Unsigned = npt.NDArray[np.uint64]

MAX_BYTES = 10
"""The longest varint: 64 bits in groups of seven."""

_MORE = 0x80
_BITS = 0x7F


class PackingError(ValueError):
    """The bytes are no whole varints."""


def decode(data: Bytes) -> Unsigned:
    """Return all numbers of a packed list.

    Raises
    ------
    PackingError
        If the last one has no end, or one is longer than ten bytes.
    """
    ends = np.flatnonzero(data < _MORE)
    if len(data) and (not len(ends) or ends[-1] != len(data) - 1):
        raise PackingError
    starts = np.empty_like(ends)
    starts[:1] = 0
    starts[1:] = ends[:-1] + 1
    lengths = ends - starts + 1
    longest = int(lengths.max(initial=0))
    if longest > MAX_BYTES:
        raise PackingError
    values = (data[starts] & _BITS).astype(np.uint64)
    for place in range(1, longest):
        rows = np.flatnonzero(lengths > place)
        part = (data[starts[rows] + place] & _BITS).astype(np.uint64)
        values[rows] |= part << np.uint64(7 * place)
    return values


def decode_lists(data: Bytes, starts: Ints, ends: Ints) -> tuple[Unsigned, Ints]:
    """Return the numbers of several packed lists, one after the other, and their offsets.

    Parameters
    ----------
    data
        The bytes that the lists are part of.
    starts, ends
        List ``i`` is ``data[starts[i]:ends[i]]``.

    Returns
    -------
    tuple
        The numbers, and offsets: list ``i`` is ``numbers[offsets[i]:offsets[i + 1]]``.

    Raises
    ------
    PackingError
        If any list is no whole varints.
    """
    sizes = ends - starts
    filled = sizes > 0
    if np.any(data[ends[filled] - 1] >= _MORE):
        raise PackingError
    bounds = np.concatenate(([0], np.cumsum(sizes)))
    flat = np.arange(bounds[-1], dtype=np.int64)
    flat += np.repeat(starts - bounds[:-1], sizes)
    gathered = data[flat]
    counts = np.concatenate(([0], np.cumsum(gathered < _MORE)))
    return decode(gathered), counts[bounds].astype(np.int64)


def decode_at(data: Bytes, positions: Ints) -> tuple[Ints, Ints]:
    """Return the number that begins at each position, and where the next byte is.

    `data` has at least ten bytes after the last position; numbers of 64 bits are taken as
    signed.

    Raises
    ------
    PackingError
        If one is longer than ten bytes.
    """
    first = data[positions]
    values = (first & _BITS).astype(np.uint64)
    after = positions + 1
    rows = np.flatnonzero(first >= _MORE)
    place = 1
    while len(rows):
        if place == MAX_BYTES:
            raise PackingError
        byte = data[after[rows]]
        values[rows] |= (byte & _BITS).astype(np.uint64) << np.uint64(7 * place)
        after[rows] += 1
        rows = rows[byte >= _MORE]
        place += 1
    return values.astype(np.int64), after


def read_one(data: bytes, position: int) -> tuple[int, int]:
    """Return the number that begins at a position, and where the next byte is.

    Raises
    ------
    PackingError
        If it does not end within the data or within ten bytes.
    """
    value = 0
    for place, byte in enumerate(data[position : position + MAX_BYTES]):
        value |= (byte & _BITS) << (7 * place)
        if byte < _MORE:
            return value, position + place + 1
    raise PackingError


def encode(values: Unsigned) -> bytes:
    """Return numbers as a packed list."""
    if not len(values):
        return b""
    lengths = np.ones(len(values), dtype=np.int64)
    for place in range(1, MAX_BYTES):
        longer = values >= np.uint64(1 << (7 * place))
        if not longer.any():
            break
        lengths += longer
    starts = np.cumsum(lengths) - lengths
    data = np.zeros(int(lengths.sum()), dtype=np.uint8)
    for place in range(int(lengths.max())):
        rows = np.flatnonzero(lengths > place)
        part = ((values[rows] >> np.uint64(7 * place)) & np.uint64(_BITS)).astype(np.uint8)
        part[lengths[rows] > place + 1] |= _MORE
        data[starts[rows] + place] = part
    return data.tobytes()


def encode_one(value: int) -> bytes:
    """Return one number that is not negative."""
    parts = bytearray()
    while value > _BITS:
        parts.append(value & _BITS | _MORE)
        value >>= 7
    parts.append(value)
    return bytes(parts)


def unfold(values: Unsigned) -> Ints:
    """Return the signed numbers that zigzag has folded."""
    sign = -(values & np.uint64(1)).astype(np.int64)
    return np.asarray((values >> np.uint64(1)).astype(np.int64) ^ sign)


def fold(values: Ints) -> Unsigned:
    """Fold signed numbers (zigzag), so that small ones stay short."""
    return np.asarray(((values << 1) ^ (values >> 63)).astype(np.uint64))
