"""The base map: what is drawn beneath everything else, packed for the page.

The page draws it itself, on canvas, from the shapes of the extract: no tiles of other hosts,
no image formats, sharp at every zoom.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from maps.encoding import pack_numbers, pack_shapes, to_world
from maps.place_data import texts

Ints = npt.NDArray[np.int64]

LAYERS = (
    "built_up", "green", "wood", "water", "building", "path", "street", "railway", "place_name",
)  # fmt: skip
"""Layers of the base map in the order of drawing."""

_CELL_BITS = 10
"""Shapes are sorted by cells of 2**10 world pixels (about 190 m): neighbours compress well."""


def base_map(base: gpd.GeoDataFrame) -> dict[str, Any]:
    """Pack the base map.

    Parameters
    ----------
    base
        Columns ``layer``, ``kind``, ``name``, geometry in EPSG:4326, as in ``Snapshot.base``.

    Returns
    -------
    dict
        ``groups`` (``[layer, kind, number of shapes]``, in the order of drawing), ``names``
        (different names), ``named`` (base64: for each shape 0 or 1 + index of its name) and
        ``shapes`` (see `maps.encoding.Pack`).
    """
    known = base[base["layer"].isin(LAYERS) & ~base.geometry.is_empty & base.geometry.notna()]
    frame = pd.DataFrame(
        {
            "rank": known["layer"].map({layer: rank for rank, layer in enumerate(LAYERS)}),
            # As objects: Arrow's strings refuse half a surrogate pair.
            **{
                column: pd.Series(texts(known[column]), index=known.index, dtype=object)
                for column in ("kind", "name")
            },
        }
    )
    geometries = np.asarray(known.geometry.to_numpy(), dtype=object)
    # Stable sorting and ties broken by the order of the input keep the bytes the same.
    order = np.lexsort((_cells(geometries), frame["kind"], frame["rank"]))
    frame, geometries = frame.iloc[order], geometries[order]

    names = sorted(set(frame["name"]) - {""})
    index = {name: place for place, name in enumerate(names, start=1)}
    named = np.array([index.get(name, 0) for name in frame["name"]], dtype=np.int64)
    kinds = zip(frame["rank"], frame["kind"], strict=True)
    return {
        "groups": [
            [LAYERS[rank], kind, len(list(members))] for (rank, kind), members in groupby(kinds)
        ],
        "names": names,
        "named": pack_numbers([named]),
        "shapes": pack_shapes(geometries).as_json(),
    }


def _cells(geometries: npt.NDArray[np.object_]) -> Ints:
    """Return a number per shape that is near for near shapes (cells in Z order)."""
    if not len(geometries):
        return np.zeros(0, dtype=np.int64)
    bounds = shapely.bounds(geometries)
    world = to_world(bounds[:, :2])
    cell = (world - world.min(axis=0)) >> _CELL_BITS
    number: Ints = _spread(cell[:, 0]) | (_spread(cell[:, 1]) << 1)
    return number


def _spread(numbers: Ints) -> Ints:
    """Put a zero bit before each of the lower 16 bits (half of an interleaving)."""
    bits = numbers & 0xFFFF
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        bits = (bits | (bits << shift)) & mask
    return bits
