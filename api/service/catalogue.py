"""A release in memory, as the service shows it; immutable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.crs import WGS84
from layers.layer_frames import Exported
from layers.layer_info import LAYERS, LayerInfo, Source
from layers.store import SNAPSHOT_FILE, read_exported

KEY_MARK = "~"
"""Stands between the parts of a feature's id where a row is named by several columns."""


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
    """

    info: LayerInfo
    frame: gpd.GeoDataFrame | pd.DataFrame
    ids: pd.Series[Any]
    source: Source
    data_date: str

    @property
    def id(self) -> str:
        """The collection's id, the layer's name."""
        return self.info.name

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The properties of a feature, without the geometry."""
        return tuple(str(name) for name in self.frame.columns if name != "geometry")

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """Row of each feature by its id."""
        return {key: row for row, key in enumerate(self.ids)}

    @cached_property
    def crs(self) -> str | None:
        """The CRS of the geometries, e.g. ``"EPSG:25832"``; None without geometry."""
        return str(self.frame.crs) if isinstance(self.frame, gpd.GeoDataFrame) else None

    @cached_property
    def bounds(self) -> npt.NDArray[np.float64] | None:
        """West, south, east, north in degrees; None without rows or geometry."""
        if not isinstance(self.frame, gpd.GeoDataFrame) or self.frame.empty:
            return None
        bounds: npt.NDArray[np.float64] = self.frame.geometry.to_crs(WGS84).total_bounds
        return bounds


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
    """

    exported: Exported
    collections: Mapping[str, Collection]
    folder: Path

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
    collections = {name: _collection(exported, name) for name in exported.layers}
    return Catalogue(exported, collections, folder)


def _collection(exported: Exported, name: str) -> Collection:
    info = LAYERS[name]
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
    )
