"""Where people can sit down: benches and what else OSM knows to have a seat.

A seat counts whether or not the study's categories hold it; it is no place for that.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.extract import Extract, Tags

_SEATS: Mapping[str, frozenset[str]] = {
    "amenity": frozenset({"bench", "lounger"}),
    "leisure": frozenset({"picnic_table"}),
}
"""What is a seat in itself (OSM wiki, "Tag:amenity=bench" and its relatives)."""

_WITH_BENCH: Mapping[str, frozenset[str]] = {
    "amenity": frozenset({"shelter"}),
    "highway": frozenset({"bus_stop", "platform"}),
    "public_transport": frozenset({"platform"}),
    "railway": frozenset({"platform", "tram_stop"}),
}
"""What has a seat where it is tagged ``bench=yes``."""

_CLOSED = frozenset({"no", "private"})


def with_seats(
    features: Mapping[str, Collection[str] | None],
) -> dict[str, Collection[str] | None]:
    """Return what to read from an extract so that the seats are among it.

    Parameters
    ----------
    features
        What else is to be read, as ``layers.taxonomy.Taxonomy.features``.
    """
    wanted = dict(features)
    for table in (_SEATS, _WITH_BENCH):
        for key, values in table.items():
            known = wanted.get(key, frozenset())
            if known is not None:
                wanted[key] = frozenset({*known, *values})
    return wanted


def is_seat(tags: Tags) -> bool:
    """Whether people can sit down there, and may."""
    if tags.get("access") in _CLOSED:
        return False
    if any(tags.get(key) in values for key, values in _SEATS.items()):
        return True
    has_bench = tags.get("bench") == "yes"
    return has_bench and any(tags.get(key) in values for key, values in _WITH_BENCH.items())


def find_seats(extract: Extract, crs: str) -> npt.NDArray[np.float64]:
    """Find the seats of an extract.

    Parameters
    ----------
    extract
        Read with what ``with_seats`` returns.
    crs
        Metric CRS of the result.

    Returns
    -------
    numpy.ndarray
        Metres, shape ``(k, 2)``, in the order of the OSM ids; of an area or a line a point
        in the middle of it.
    """
    features = extract.features
    rows = [row for row, tags in enumerate(features["tags"]) if is_seat(tags)]
    if not rows:
        return np.empty((0, 2))
    shapes: Any = features.geometry.take(rows).to_crs(crs)
    points: Any = shapes.representative_point()
    return np.column_stack([points.x, points.y])
