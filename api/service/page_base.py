"""The base map beneath the small maps: read from the data of the big one."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
import shapely

from api.service.catalogue import Catalogue
from geo.crs import WGS84, transformer
from maps.encoding import WORLD_ZOOM
from maps.served_map import SERVED_FOLDER

BASE_FILE = "basemap.json"
LAYERS = ("built_up", "green", "wood", "water", "street", "railway")
"""What is drawn, in this order; buildings and paths are too small for these maps."""

_WORLD = 256 * 2**WORLD_ZOOM
_GROUP_BITS = 0x7F
_MORE = 0x80
_POLYGON = 2

_KNOWN: WeakKeyDictionary[Catalogue, Mapping[str, npt.NDArray[np.object_]]] = WeakKeyDictionary()

Ints = npt.NDArray[np.int64]


def base_layers(catalogue: Catalogue) -> Mapping[str, npt.NDArray[np.object_]]:
    """Return the shapes of the base map by layer, in the metric CRS of the snapshot.

    Parameters
    ----------
    catalogue
        The release; what the served map of the same release shows is read, once.

    Returns
    -------
    Mapping
        Lines, and areas as closed lines, for the names in ``LAYERS``;
        empty where the release has no served map.
    """
    if catalogue not in _KNOWN:
        path = catalogue.folder / SERVED_FOLDER / BASE_FILE
        _KNOWN[catalogue] = _read(path, catalogue.exported.crs) if path.is_file() else {}
    return _KNOWN[catalogue]


def _read(path: Path, crs: str) -> Mapping[str, npt.NDArray[np.object_]]:
    packed: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    shapes = unpacked(packed["shapes"], crs)
    found: dict[str, list[Any]] = {name: [] for name in LAYERS}
    first = 0
    for layer, _kind, count in packed["groups"]:
        if layer in found:
            found[layer].append(shapes[first : first + count])
        first += count
    return {name: np.concatenate(parts) for name, parts in found.items() if parts}


def unpacked(pack: Mapping[str, Any], crs: str) -> npt.NDArray[np.object_]:
    """Return the shapes of a pack: the other way round of ``maps.encoding.pack_shapes``.

    Parameters
    ----------
    pack
        As it stands in the data of the map.
    crs
        Of the result, metric.

    Returns
    -------
    numpy.ndarray
        Lines, ``(shapes,)``: areas as their closed rings; None of what is neither.
    """
    numbers = _numbers(zlib.decompress(base64.b64decode(pack["data"])))
    shapes, parts, points = pack["shapes"], pack["parts"], pack["points"]
    ends = np.cumsum([shapes, shapes, parts, points])
    kinds, part_counts, point_counts, x, y = np.split(numbers, ends)
    steps = np.column_stack([_signed(x), _signed(y)])
    world = np.cumsum(steps, axis=0) * pack["unit"] + (pack["x"], pack["y"])
    metric = _metric(world, crs)
    rings = np.split(metric, np.cumsum(point_counts)[:-1])
    made = np.full(shapes, None, dtype=object)
    first = 0
    for number, (kind, count) in enumerate(zip(kinds, part_counts, strict=True)):
        made[number] = _shape(int(kind), rings[first : first + count])
        first += count
    return made


def _shape(kind: int, parts: list[npt.NDArray[np.float64]]) -> Any:
    """Return the parts of a shape as lines; those of an area are closed."""
    least = 3 if kind == _POLYGON else 2
    lines: list[Any] = [
        shapely.linestrings(np.vstack([one, one[:1]]) if kind == _POLYGON else one)
        for one in parts
        if len(one) >= least
    ]
    return shapely.multilinestrings(lines) if lines else None


def _numbers(raw: bytes) -> Ints:
    """Read variable-length integers: seven bits to a byte, the lowest first."""
    data = np.frombuffer(raw, dtype=np.uint8)
    last = np.flatnonzero(data < _MORE)
    starts = np.concatenate([[0], last[:-1] + 1])
    place = np.arange(len(data)) - np.repeat(starts, last - starts + 1)
    bits = (data & _GROUP_BITS).astype(np.int64) << (7 * place)
    numbers: Ints = np.add.reduceat(bits, starts)
    return numbers


def _signed(numbers: Ints) -> Ints:
    signed: Ints = (numbers >> 1) ^ -(numbers & 1)
    return signed


def _metric(world: npt.NDArray[np.float64], crs: str) -> npt.NDArray[np.float64]:
    longitude = (world[:, 0] / _WORLD - 0.5) * 360
    latitude = np.degrees(np.arctan(np.sinh((0.5 - world[:, 1] / _WORLD) * 2 * np.pi)))
    moved = transformer(WGS84, crs).transform(longitude, latitude)
    points: npt.NDArray[np.float64] = np.column_stack(moved)
    return points
