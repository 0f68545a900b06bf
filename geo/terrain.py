"""Heights of the ground from a terrain model, and how steep ways are on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Terrain:
    """Heights on a grid.

    Attributes
    ----------
    crs
        CRS that positions are asked for in, e.g. ``"EPSG:25832"``.
    source
        File name, for people to read.
    """

    crs: str
    source: str

    def edge_inclines(self, lines: npt.NDArray[Any]) -> Floats:
        """Return the steepest incline along each LineString, percent, NaN where not known."""
        return np.full(len(lines), np.nan)
