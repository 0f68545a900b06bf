"""Compact, lossless-enough ways to put geometry and numbers into a page.

Coordinates are whole pixels of the web Mercator world at zoom 19 (`WORLD_ZOOM`), at most
0.3 m apart, written as differences. All numbers of a pack are variable-length integers
(seven bits to a byte, the lowest first, the eighth bit says that more follow; signed ones
in zigzag order), deflated and put into base64. The page unpacks them with the browser's own
``DecompressionStream``; ``maps/frontend/src/codec.ts`` is the other half of this file.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

WORLD_ZOOM = 19
"""Zoom level whose pixels are the unit of coordinates."""

_WORLD = 256 * 2**WORLD_ZOOM
_MAX_LATITUDE = 85.05

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Pack:
    """Shapes ready for a page.

    Attributes
    ----------
    header
        What the reader has to know beforehand: ``x``, ``y`` (subtracted from all
        coordinates), ``unit`` (world pixels per step), ``shapes``, ``parts``,
        ``points`` (how many there are).
    data
        Base64 of deflated variable-length integers, in this order: kind of each shape
        (0 points, 1 lines, 2 polygons), parts per shape, points per part, zigzag
        differences of x, zigzag differences of y.
    """

    header: dict[str, int]
    data: str

    def as_json(self) -> dict[str, Any]:
        """Return the pack as it stands in the page."""
        return {**self.header, "data": self.data}


_BLOCK = 1024
"""How many shapes are taken apart at a time."""


def to_world(lonlat: npt.NDArray[np.float64]) -> Ints:
    """Turn longitude/latitude into world pixels.

    Parameters
    ----------
    lonlat
        WGS 84, degrees, shape ``(n, 2)``.

    Returns
    -------
    numpy.ndarray
        Whole pixels at zoom 19, x to the east and y to the south, shape ``(n, 2)``.
    """
    longitude = lonlat[:, 0]
    latitude = np.radians(np.clip(lonlat[:, 1], -_MAX_LATITUDE, _MAX_LATITUDE))
    x = (longitude / 360 + 0.5) * _WORLD
    y = (0.5 - np.arcsinh(np.tan(latitude)) / (2 * np.pi)) * _WORLD
    world: Ints = np.rint(np.column_stack([x, y])).astype(np.int64)
    return world


def list_texts(lists: Sequence[Sequence[str]]) -> tuple[str, Ints, Ints]:
    """Write lists of texts that share most of theirs, each different text once.

    Parameters
    ----------
    lists
        Texts, list by list.

    Returns
    -------
    tuple
        Base64 of a deflated JSON list of the different texts, sorted; how many each list has;
        the positions of all texts among the different ones, list by list.
    """
    different = sorted({text for texts in lists for text in texts})
    number = {text: place for place, text in enumerate(different)}
    counts = np.array([len(texts) for texts in lists], dtype=np.int64)
    said = np.array([number[text] for texts in lists for text in texts], dtype=np.int64)
    return deflate(json.dumps(different).encode("ascii")), counts, said


def pack_shapes(geometries: npt.NDArray[np.object_], unit: int = 1) -> Pack:
    """Pack points, lines and polygons (also multi-part), in their order.

    The point that closes a ring is left out. Points that fall on the pixel of their
    predecessor are kept: their differences are nought and cost next to nothing.

    Parameters
    ----------
    geometries
        Shapely geometries in longitude/latitude, none missing, none a collection.
    unit
        World pixels that coordinates are rounded to: coarser ones are shorter.
    """
    # Taking shapes apart copies them, so it is done for some of them at a time.
    blocks = [
        _take_apart(geometries[first : first + _BLOCK])
        for first in range(0, len(geometries), _BLOCK)
    ]
    none = np.zeros(0, dtype=np.int64)
    world = np.concatenate([np.zeros((0, 2), dtype=np.int64), *(block[0] for block in blocks)])
    points = np.concatenate([none, *(block[1] for block in blocks)])
    parts = np.concatenate([none, *(block[2] for block in blocks)])
    world = (world + unit // 2) // unit
    start = world.min(axis=0) if len(world) else np.zeros(2, dtype=np.int64)
    steps = np.diff(world - start, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))

    dimension = np.maximum(shapely.get_dimensions(geometries), 0).astype(np.int64)
    numbers = [dimension, parts, points, zigzag(steps[:, 0]), zigzag(steps[:, 1])]
    header = {
        "x": int(start[0]) * unit,
        "y": int(start[1]) * unit,
        "unit": unit,
        "shapes": len(geometries),
        "parts": len(points),
        "points": len(world),
    }
    return Pack(header=header, data=pack_numbers(numbers))


def _take_apart(geometries: npt.NDArray[np.object_]) -> tuple[Ints, Ints, Ints]:
    """Take shapes apart into points, lines and rings, in their order.

    Returns
    -------
    world, points, parts
        World pixels of all points but those that close a ring; points per part; parts per
        shape.
    """
    simple, owner = shapely.get_parts(geometries, return_index=True)
    is_polygon = shapely.get_type_id(simple) == shapely.GeometryType.POLYGON
    rings, ring_owner = shapely.get_rings(simple[is_polygon], return_index=True)
    # Lines and points keep their place, polygons are replaced by their rings.
    pieces = np.concatenate([simple[~is_polygon], rings])
    piece_of = np.concatenate(
        [np.flatnonzero(~is_polygon), np.flatnonzero(is_polygon)[ring_owner]]
    )
    order = np.argsort(piece_of, kind="stable")
    pieces, shape_of = pieces[order], owner[piece_of[order]]

    coordinates, part_of = shapely.get_coordinates(pieces, return_index=True)
    world = to_world(coordinates)
    closing = _closing_points(part_of, shapely.get_type_id(pieces))
    return (
        world[~closing],
        np.bincount(part_of[~closing], minlength=len(pieces)),
        np.bincount(shape_of, minlength=len(geometries)),
    )


def pack_numbers(arrays: Sequence[Ints]) -> str:
    """Write non-negative whole numbers one array after the other, deflated, as base64."""
    return deflate(b"".join(varints(array) for array in arrays))


def deflate(raw: bytes) -> str:
    """Compress (zlib format) and write as base64."""
    return base64.b64encode(zlib.compress(raw, 6)).decode("ascii")


def zigzag(numbers: Ints) -> Ints:
    """Interleave negative and non-negative numbers: 0, -1, 1, -2 … become 0, 1, 2, 3 and so on."""
    return (numbers << 1) ^ (numbers >> 63)


def varints(numbers: Ints) -> bytes:
    """Write non-negative numbers with seven bits to a byte, the lowest first."""
    values = numbers.astype(np.uint64)
    # How many groups of seven bits each number needs.
    length = np.ones(len(values), dtype=np.int64)
    rest = values >> np.uint64(7)
    while rest.any():
        length += rest > 0
        rest >>= np.uint64(7)
    ends = np.cumsum(length)
    out = np.zeros(int(ends[-1]) if len(ends) else 0, dtype=np.uint8)
    starts = ends - length
    for byte in range(int(length.max(initial=0))):
        has = length > byte
        bits = (values[has] >> np.uint64(7 * byte)) & np.uint64(0x7F)
        more = (length[has] > byte + 1).astype(np.uint64) << np.uint64(7)
        out[starts[has] + byte] = (bits | more).astype(np.uint8)
    return out.tobytes()


def embed(data: object) -> str:
    """Write JSON that can stand inside a script element, whatever its texts contain.

    ``<``, ``>`` and ``&`` could end the element or open a comment; U+2028 and U+2029 end
    lines for some readers; lone surrogates cannot be written as UTF-8. All are escaped.
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "".join(
            f"\\u{ord(character):04x}" if "\ud800" <= character <= "\udfff" else character
            for character in text
        )
    return text


def _closing_points(part_of: Ints, types: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
    """Mark the last point of each ring."""
    last = np.append(part_of[1:] != part_of[:-1], True) if len(part_of) else part_of == -1
    ring: npt.NDArray[np.bool_] = types[part_of] == shapely.GeometryType.LINEARRING
    marked: npt.NDArray[np.bool_] = last & ring
    return marked
