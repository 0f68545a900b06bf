"""Well-known binary from outside.

GEOS reads nested geometries by recursion without a limit: a file of a few megabytes that
nests a million of them ends the whole process. So the structure is walked here first.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

_POINT, _LINE, _POLYGON = 1, 2, 3
# Multi kinds and what they may hold.
_MEMBERS = {4: _POINT, 5: _LINE, 6: _POLYGON}
_COLLECTION = 7
_DEEPEST = 6
_TOO_SHORT = "die Geometrie ist abgeschnitten"


class WkbError(ValueError):
    """Why a geometry cannot be read, as a German half-sentence."""


def read_wkb(blob: bytes) -> BaseGeometry:
    """Read a point, line, polygon, or a Multi of one kind, and drop heights.

    Raises
    ------
    WkbError
        If it is broken, nested, of another kind, or has coordinates that are not finite.
    """
    if _walk(blob, 0, None) != len(blob):
        raise WkbError("die Geometrie ist nicht lesbar")
    try:
        geometry = shapely.force_2d(shapely.from_wkb(blob))
    except shapely.errors.ShapelyError as error:
        raise WkbError("die Geometrie ist nicht lesbar") from error
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        raise WkbError("eine Koordinate ist keine endliche Zahl (NaN oder unendlich)")
    return geometry


def read_many(blobs: Sequence[bytes | None]) -> npt.NDArray[Any]:
    """Read geometries, collections a few deep among them.

    Parameters
    ----------
    blobs
        Well-known binary, or None for none.

    Returns
    -------
    numpy.ndarray
        Geometries or None, shape ``(len(blobs),)``.

    Raises
    ------
    WkbError
        If one is broken or has coordinates that are not finite.
    """
    for blob in blobs:
        if blob is not None and _walk(blob, 0, None, _DEEPEST) != len(blob):
            raise WkbError("die Geometrie ist nicht lesbar")
    try:
        found = np.asarray(shapely.from_wkb(np.array(blobs, dtype=object)), dtype=object)
    except shapely.errors.ShapelyError as error:
        raise WkbError("die Geometrie ist nicht lesbar") from error
    if not np.isfinite(shapely.get_coordinates(found)).all():
        raise WkbError("eine Koordinate ist keine endliche Zahl (NaN oder unendlich)")
    return found


def _walk(  # noqa: C901 - one case after the other
    blob: bytes, start: int, wanted: int | None, deep: int = 0
) -> int:
    """Return where the geometry that begins at ``start`` ends."""
    if len(blob) < start + 5:
        raise WkbError(_TOO_SHORT)
    order = "<" if blob[start] == 1 else ">"
    kind, size = _kind(struct.unpack_from(f"{order}I", blob, start + 1)[0])
    if wanted is not None and kind != wanted:
        raise WkbError("die Geometrie ist nicht lesbar")
    position = start + 5
    if kind == _POINT:
        return position + size
    count, position = _count(blob, position, order)
    if kind == _LINE:
        return position + count * size
    if kind == _POLYGON:
        for _ in range(count):
            corners, position = _count(blob, position, order)
            position += corners * size
        return position
    if kind == _COLLECTION and deep:
        for _ in range(count):
            position = _walk(blob, position, None, deep - 1)
        return position
    if kind not in _MEMBERS:
        raise WkbError("diese Art von Geometrie wird nicht unterstützt")
    for _ in range(count):
        position = _walk(blob, position, _MEMBERS[kind])
    return position


def _kind(code: int) -> tuple[int, int]:
    """Split the type code into the kind and the bytes of one coordinate."""
    thousands, kind = divmod(code & 0x0FFFFFFF, 1000)
    if thousands > 3:  # noqa: PLR2004 - Z is 1, M is 2, both are 3
        raise WkbError("diese Art von Geometrie wird nicht unterstützt")
    flags = code >> 28
    heights = thousands in {1, 3} or bool(flags & 0b1000)
    measures = thousands in {2, 3} or bool(flags & 0b0100)
    return kind, 8 * (2 + heights + measures)


def _count(blob: bytes, position: int, order: str) -> tuple[int, int]:
    if len(blob) < position + 4:
        raise WkbError(_TOO_SHORT)
    return struct.unpack_from(f"{order}I", blob, position)[0], position + 4
