"""A release in memory, as the service shows it; immutable."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from api.service.bounded_cache import BoundedCache
from api.service.shapes import Shapes
from geo.crs import GERMANY_METRIC, WGS84
from geo.written_shapes import DEGREE_DECIMALS
from layers.layer_frames import Exported
from layers.layer_info import LAYERS, LayerInfo, Source
from layers.store import SNAPSHOT_FILE, read_exported

KEY_MARK = "~"
"""Stands between the parts of a feature's id where a row is named by several columns."""

TIME_COLUMN = "data_date"
"""The temporal property of features, ISO 8601."""

_MEMORY_BYTES = 64 * 2**20
_SHAPE_BYTES = 256 * 2**20


@dataclass(frozen=True, eq=False)
class Collection:
    """A layer as features.

    Attributes
    ----------
    info
        What the layer is.
    frame
        Its rows, sorted by ``ids``, with a ``RangeIndex``; a GeoDataFrame in the metric CRS
        where the layer has a geometry.
    ids
        Id of each feature: the values of the layer's key, joined by ``~``.
    source
        Attribution and licence.
    data_date
        Of the OSM data, ISO 8601, or "".
    storage
        The metric CRS of the snapshot, e.g. ``"EPSG:25832"``, also where there is no geometry.
    shapes_kept
        Geometries as they are written, by collection and CRS; one for all layers of a catalogue.
    """

    info: LayerInfo
    frame: gpd.GeoDataFrame | pd.DataFrame
    ids: pd.Series[Any]
    source: Source
    data_date: str
    storage: str = GERMANY_METRIC
    shapes_kept: BoundedCache[Any, Shapes] = field(
        default_factory=lambda: BoundedCache(_SHAPE_BYTES), repr=False
    )

    @property
    def id(self) -> str:
        """The collection's id, the layer's name."""
        return self.info.name

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The properties of a feature, without the geometry."""
        return tuple(str(name) for name in self.frame.columns if name != "geometry")

    def position(self, key: str) -> int:
        """Return how many features stand before an id, whether it is there or not."""
        return bisect_left(self._sorted_ids, key)

    def row(self, key: str) -> int | None:
        """Return the row of a feature by its id, or None if there is none."""
        found = self.position(key)
        there = found < len(self._sorted_ids) and self._sorted_ids[found] == key
        return found if there else None

    @cached_property
    def _sorted_ids(self) -> npt.NDArray[np.object_]:
        return self.ids.to_numpy(dtype=object)

    @cached_property
    def crs(self) -> str | None:
        """The CRS of the geometries, e.g. ``"EPSG:25832"``; None without geometry."""
        return str(self.frame.crs) if isinstance(self.frame, gpd.GeoDataFrame) else None

    def shapes(self, code: str) -> Shapes | None:
        """Return the geometries as they are written in a CRS; None without geometry.

        Parameters
        ----------
        code
            Of the CRS, e.g. ``"EPSG:3857"``; in ``"EPSG:4326"`` longitude comes first.
        """
        if not isinstance(self.frame, gpd.GeoDataFrame):
            return None
        shapes = self.shapes_kept.get((self.id, code))
        if shapes is None:
            # Two threads may come here at once: they make the same, and one of it stays.
            shapes = Shapes(self.frame.geometry.array, str(self.frame.crs), code)
            self.shapes_kept.put((self.id, code), shapes, shapes.size)
        return shapes

    @cached_property
    def bounds(self) -> npt.NDArray[np.float64] | None:
        """West, south, east, north in degrees; None without rows or geometry.

        Rounded outwards, so that they hold every coordinate that is written.
        """
        if not isinstance(self.frame, gpd.GeoDataFrame):
            return None
        bounds = self.frame.geometry.to_crs(WGS84).total_bounds
        if not np.isfinite(bounds).all():
            return None
        grid = 10**DEGREE_DECIMALS
        outwards: npt.NDArray[np.float64] = np.concatenate(
            [np.floor(bounds[:2] * grid) / grid, np.ceil(bounds[2:] * grid) / grid]
        )
        return outwards


@dataclass(frozen=True, eq=False)
class Catalogue:
    """All that the service shows of one snapshot.

    Attributes
    ----------
    exported
        The release.
    collections
        Its layers by name.
    folder
        Where its files lie.
    etag_base
        Digest of the files that were loaded, for ETags; "" where none were.
    features
        Features that were written already: their text by collection, CRS and row.
    selections
        Rows that were asked for already, by what was asked: every page asks for them again.
    """

    exported: Exported
    collections: Mapping[str, Collection]
    folder: Path
    etag_base: str = ""
    features: BoundedCache[Any, bytes] = field(
        default_factory=lambda: BoundedCache(_MEMORY_BYTES), repr=False
    )
    selections: BoundedCache[Any, npt.NDArray[np.intp]] = field(
        default_factory=lambda: BoundedCache(_MEMORY_BYTES), repr=False
    )

    @property
    def id(self) -> str:
        """The snapshot's id."""
        return self.exported.facts["snapshot"]


def load_catalogue(folder: Path) -> Catalogue:
    """Read a release from the folder that a build has made.

    Raises
    ------
    geo.errors.OutputError
        If it cannot be read.
    """
    exported = read_exported(folder / SNAPSHOT_FILE)
    return make_catalogue(exported, folder)


def make_catalogue(exported: Exported, folder: Path) -> Catalogue:
    """Make a catalogue of what was read already.

    Parameters
    ----------
    exported
        The release.
    folder
        Where its files lie.
    """
    shapes: BoundedCache[Any, Shapes] = BoundedCache(_SHAPE_BYTES)
    collections = {name: _collection(exported, name, shapes) for name in exported.layers}
    return Catalogue(exported, collections, folder)


def _collection(exported: Exported, name: str, shapes: BoundedCache[Any, Shapes]) -> Collection:
    info = LAYERS[name].told(exported.facts["release"])
    frame: Any = exported.layers[name]
    parts = [frame[column].astype("str") for column in info.key]
    ids = parts[0].str.cat(parts[1:], sep=KEY_MARK) if len(parts) > 1 else parts[0]
    order = ids.argsort(kind="stable")
    date = exported.facts["data_date"] if info.derived else ""
    return Collection(
        info=info,
        frame=frame.iloc[order].reset_index(drop=True),
        ids=ids.iloc[order].reset_index(drop=True),
        source=exported.layer_source(name),
        data_date=date,
        storage=exported.crs,
        shapes_kept=shapes,
    )
