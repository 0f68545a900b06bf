"""The geometries of a layer in one CRS, as they are written, and which of them lie where."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely import STRtree

from geo.written_shapes import written_shapes

_COORDINATE_BYTES, _SHAPE_BYTES = 24, 600


class Shapes:
    """The geometries of a layer in one CRS.

    Parameters
    ----------
    drawn
        Geometries, shape (n,).
    source, target
        Their CRS and the wanted one, e.g. ``"EPSG:25832"``.
    """

    def __init__(self, drawn: Any, source: str, target: str) -> None:
        self._drawn = np.asarray(drawn, dtype=object)
        self._source, self._target = source, target

    @cached_property
    def size(self) -> int:
        """Bytes that all of it needs at most, about: coordinates twice, objects, the tree."""
        coordinates = int(shapely.get_num_coordinates(self._drawn).sum())
        return 2 * _COORDINATE_BYTES * coordinates + _SHAPE_BYTES * len(self._drawn)

    def rows(self, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.object_]:
        """Return the geometries of some rows as they are written; None where there is none."""
        if "written" in self.__dict__:
            return self.written[rows]
        return written_shapes(self._drawn[rows], self._source, self._target)

    @cached_property
    def written(self) -> npt.NDArray[np.object_]:
        """All geometries as they are written, shape (n,)."""
        return written_shapes(self._drawn, self._source, self._target)

    @cached_property
    def absent(self) -> npt.NDArray[np.bool_]:
        """Which rows have no geometry, shape (n,)."""
        missing: npt.NDArray[np.bool_] = shapely.is_missing(self.written)
        return missing

    @cached_property
    def tree(self) -> STRtree:
        """Finds what lies where, in the coordinates that are written."""
        return STRtree(self.written)
