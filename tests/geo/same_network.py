"""Whether two networks are the same, array by array."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import shapely

from geo.network import StreetNetwork


def assert_same(one: StreetNetwork, other: StreetNetwork) -> None:
    """Compare all that is built of ways and gates."""
    for part in fields(StreetNetwork):
        a, b = getattr(one, part.name), getattr(other, part.name)
        if part.name in {"passages", "_memory", "findings"}:
            continue
        if part.name.endswith(("geometry", "polygons", "obstacles")):
            assert shapely.equals_exact(a, b).all(), part.name
        elif isinstance(a, np.ndarray):
            assert np.array_equal(a, b), part.name
        else:
            assert a == b, part.name
    for profile in one.passages:
        for part in fields(one.passages[profile]):
            a, b = (getattr(net.passages[profile], part.name) for net in (one, other))
            assert np.array_equal(a, b), (profile, part.name)
