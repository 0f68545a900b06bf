"""Two-way reach: how evenly residents and neighbours reach a spot."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from layers.people import People

Floats = npt.NDArray[np.float64]

PACE_M_S = 1.25
"""Everyday walking pace, for the neighbourhood as the crow flies."""


def bridge(resident_share: Floats, neighbour_share: Floats) -> Floats:
    """Return how evenly both sides reach a spot: the harmonic mean of their shares.

    0 where one side does not come at all, 1 where everybody of both sides does; of two spots
    with the same sum the one that both share more evenly has the higher value.

    Parameters
    ----------
    resident_share, neighbour_share
        0 to 1, any shape.
    """
    total = resident_share + neighbour_share
    product = 2.0 * resident_share * neighbour_share
    return np.divide(product, total, out=np.zeros_like(product), where=total > 0)


def people_around(people: People, minutes: float = 15.0) -> Floats:
    """Return the people who live around the grounds of each origin, as the crow flies.

    The neighbourhood that a share is a share of; gates and ways do not change it.

    Parameters
    ----------
    people
        Residents and neighbours.
    minutes
        How far at ``PACE_M_S``.

    Returns
    -------
    numpy.ndarray
        People, shape ``(origins,)``, in the order of ``People.residents``.
    """
    ready = people.ready
    homes = people.neighbours.frame
    grounds = dict(zip(ready.sites.sites["site_id"], ready.sites.sites.geometry, strict=True))
    houses = dict(zip(ready.sites.houses["house_id"], ready.sites.houses.geometry, strict=True))
    shapes = [
        grounds[site] if site in grounds else houses[origin]
        for origin, site in zip(
            people.residents["origin_id"], people.residents["site_id"], strict=True
        )
    ]
    tree = shapely.STRtree(homes.geometry.to_numpy())
    origin, home = tree.query(shapes, predicate="dwithin", distance=60 * minutes * PACE_M_S)
    count = homes["people"].to_numpy(dtype=np.float64)
    around = np.bincount(origin, count[home], minlength=len(shapes))
    return np.asarray(around, dtype=np.float64)
