"""What is packed for the page comes out again."""

from __future__ import annotations

import base64
import json
import math
import zlib
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from maps.encoding import embed, pack_numbers, pack_shapes, to_world, varints, zigzag
from tests.maps.hostile import HOSTILE


def read_numbers(data: str) -> list[int]:
    """Read variable-length integers one by one: slow, and written from the description."""
    numbers, value, shift = [], 0, 0
    for byte in zlib.decompress(base64.b64decode(data)):
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            numbers.append(value)
            value = shift = 0
    assert shift == 0
    return numbers


def read_shapes(pack: dict[str, Any]) -> list[tuple[int, list[list[tuple[int, int]]]]]:
    numbers = iter(read_numbers(pack["data"]))

    def take(count: int) -> list[int]:
        return [next(numbers) for _ in range(count)]

    def places(count: int, start: int) -> list[int]:
        steps = [pack["unit"] * ((n >> 1) ^ -(n & 1)) for n in take(count)]
        return [start + int(value) for value in np.cumsum(steps)]

    kinds = take(pack["shapes"])
    parts = take(pack["shapes"])
    sizes = iter(take(pack["parts"]))
    xs = iter(places(pack["points"], pack["x"]))
    ys = iter(places(pack["points"], pack["y"]))
    shapes = [
        (kind, [[(next(xs), next(ys)) for _ in range(next(sizes))] for _ in range(count)])
        for kind, count in zip(kinds, parts, strict=True)
    ]
    assert next(numbers, None) is None
    return shapes


def test_varints_by_hand() -> None:
    assert varints(np.array([0, 1, 127, 128, 300, 16384])) == bytes(
        [0, 1, 127, 128, 1, 172, 2, 128, 128, 1]
    )
    assert varints(np.array([], dtype=np.int64)) == b""


def test_zigzag_by_hand() -> None:
    assert zigzag(np.array([0, -1, 1, -2, 2])).tolist() == [0, 1, 2, 3, 4]


@given(st.lists(st.integers(0, 2**53), max_size=50))
def test_numbers_come_out_again(numbers: list[int]) -> None:
    assert read_numbers(pack_numbers([np.array(numbers, dtype=np.int64)])) == numbers


def test_world_by_hand() -> None:
    half = 128 * 2**19
    assert to_world(np.array([[0.0, 0.0], [180.0, 0.0], [-180.0, 0.0]])).tolist() == [
        [half, half], [2 * half, half], [0, half],
    ]  # fmt: skip
    # Gudermann's function of π is the latitude at which the world is square.
    edge = math.degrees(math.atan(math.sinh(math.pi)))
    assert to_world(np.array([[0.0, 52.0]]))[0, 1] < half
    assert to_world(np.array([[0.0, 90.0]]))[0, 1] == to_world(np.array([[0.0, 85.05]]))[0, 1]
    assert edge > 85.05


def test_points_lines_and_polygons_come_out_again() -> None:
    hole = shapely.box(7.602, 51.902, 7.604, 51.904)
    shapes = np.array(
        [
            shapely.Point(7.6, 51.9),
            shapely.LineString([(7.6, 51.9), (7.61, 51.91), (7.6, 51.92)]),
            shapely.box(7.6, 51.9, 7.61, 51.91).difference(hole),
            shapely.MultiPolygon([hole, shapely.box(7.65, 51.9, 7.66, 51.91)]),
            shapely.MultiLineString([[(7, 51), (7.1, 51)], [(8, 52), (8.1, 52)]]),
        ],
        dtype=object,
    )
    read = read_shapes(pack_shapes(shapes).as_json())
    assert [kind for kind, _ in read] == [0, 1, 2, 2, 1]
    sizes = [[len(part) for part in parts] for _, parts in read]
    assert sizes == [[1], [3], [4, 4], [4, 4], [2, 2]]
    for geometry, (_, parts) in zip(shapes, read, strict=True):
        expected = to_world(shapely.get_coordinates(geometry)).tolist()
        assert {tuple(point) for point in expected} == {point for part in parts for point in part}


@given(
    st.lists(
        st.lists(
            st.tuples(st.floats(5.9, 15.0), st.floats(47.3, 55.0)),
            min_size=2, max_size=6, unique=True,
        ),
        max_size=6,
    )
)  # fmt: skip
def test_lines_come_out_within_half_a_pixel(lines: list[list[tuple[float, float]]]) -> None:
    shapes = np.array([shapely.LineString(line) for line in lines], dtype=object)
    read = read_shapes(pack_shapes(shapes).as_json())
    assert [parts for _, parts in read] == [
        [[tuple(point) for point in to_world(np.array(line)).tolist()]] for line in lines
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_json_says_the_same_and_cannot_end_its_element(text: str) -> None:
    written = embed({"a": [text], text: 1})
    assert json.loads(written) == {"a": [text], text: 1}
    assert not set("<>&\u2028\u2029") & set(written)
    written.encode("utf-8")


def test_json_refuses_what_is_no_number() -> None:
    with pytest.raises(ValueError, match="JSON"):
        embed([float("nan")])
