"""Packed numbers: there and back, one by one as well as in bulk, and never past the end."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo._varints import (
    PackingError,
    decode,
    decode_at,
    decode_lists,
    encode,
    encode_one,
    fold,
    read_one,
    unfold,
)

UNSIGNED = st.integers(0, 2**64 - 1) | st.integers(0, 300)
SIGNED = st.integers(-(2**63), 2**63 - 1) | st.integers(-200, 200)
EDGES = [0, 1, 127, 128, 16_383, 16_384, 2**35 - 1, 2**35, 2**63, 2**64 - 1]


def packed(values: list[int]) -> bytes:
    """Pack numbers one by one, as the documentation says."""
    return b"".join(encode_one(value) for value in values)


def array(data: bytes) -> np.ndarray:
    return np.frombuffer(data, dtype=np.uint8)


def test_numbers_look_as_in_the_documentation() -> None:
    assert encode_one(150) == b"\x96\x01"
    assert encode(np.array([1, 150], dtype=np.uint64)) == b"\x01\x96\x01"
    assert fold(np.array([0, -1, 1, -2, 2**31 - 1, -(2**31)])).tolist() == [
        0, 1, 2, 3, 2**32 - 2, 2**32 - 1,
    ]  # fmt: skip


@given(st.lists(UNSIGNED) | st.just(EDGES))
def test_lists_come_back(values: list[int]) -> None:
    data = encode(np.array(values, dtype=np.uint64))
    assert data == packed(values)
    assert decode(array(data)).tolist() == values


@given(st.lists(SIGNED))
def test_signed_numbers_come_back(values: list[int]) -> None:
    given_ = np.array(values, dtype=np.int64)
    assert unfold(decode(array(encode(fold(given_))))).tolist() == values


@given(st.lists(st.lists(UNSIGNED, max_size=5), min_size=1, max_size=6), st.binary(max_size=3))
def test_several_lists_are_told_apart(lists: list[list[int]], between: bytes) -> None:
    data, starts, ends = b"", [], []
    for values in lists:
        data += between
        starts.append(len(data))
        data += packed(values)
        ends.append(len(data))
    numbers, offsets = decode_lists(array(data + between), np.array(starts), np.array(ends))
    pairs = zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)
    assert [numbers[start:end].tolist() for start, end in pairs] == lists


@given(st.lists(UNSIGNED, min_size=1))
def test_numbers_are_read_where_they_begin(values: list[int]) -> None:
    data = packed(values)
    starts = np.cumsum([0, *(len(encode_one(value)) for value in values)])
    found, after = decode_at(array(data + bytes(10)), starts[:-1])
    assert found.astype(np.uint64).tolist() == values
    assert after.tolist() == starts[1:].tolist()
    assert [read_one(data, start)[0] for start in starts[:-1].tolist()] == values


@pytest.mark.parametrize("data", [b"\x80", b"\x01\xff", b"\xff" * 10 + b"\x01"])
def test_numbers_without_an_end_are_refused(data: bytes) -> None:
    with pytest.raises(PackingError):
        decode(array(data))
    with pytest.raises(PackingError):
        decode_lists(array(data), np.array([0]), np.array([len(data)]))


def test_a_number_may_not_run_on_for_more_than_ten_bytes() -> None:
    endless = b"\xff" * 20
    with pytest.raises(PackingError):
        decode_at(array(endless), np.array([0]))
    with pytest.raises(PackingError):
        read_one(endless, 0)
    with pytest.raises(PackingError):
        read_one(b"\xff", 0)


def test_a_list_may_not_run_on_into_the_next() -> None:
    data = array(b"\x80\x01")
    with pytest.raises(PackingError):
        decode_lists(data, np.array([0, 1]), np.array([1, 2]))
