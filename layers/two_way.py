"""Two-way reach: how evenly residents and neighbours reach a spot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from layers.people import People, PointReach

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

PACE_M_S = 1.25
"""Everyday walking pace, for the neighbourhood as the crow flies."""


@dataclass(frozen=True, eq=False)
class Homesteads:
    """Where residents live together: the sites with houses, and houses off any grounds.

    Attributes
    ----------
    ids
        Ids of sites, or of houses off any grounds, ascending, ``s`` of them.
    row
        For each origin of ``People.residents`` the position of its site, shape ``(origins,)``.
    places
        Residents of each site, shape ``(s,)``. Internal.
    around
        People who live around it, see ``people_around``, shape ``(s,)``.
    """

    ids: tuple[str, ...]
    row: Ints
    places: Floats
    around: Floats


def homesteads(people: People) -> Homesteads:
    """Gather the residents of each site; a house off any grounds is its own.

    Parameters
    ----------
    people
        Residents and neighbours.
    """
    frame = people.residents
    names = frame["site_id"].where(frame["site_id"] != "", frame["origin_id"])
    ids, first, row = np.unique(
        names.to_numpy(dtype=object), return_index=True, return_inverse=True
    )
    places: Floats = np.bincount(
        row, frame["places"].to_numpy(dtype=np.float64), minlength=len(ids)
    ).astype(np.float64)
    return Homesteads(
        ids=tuple(str(name) for name in ids),
        row=row.astype(np.int64),
        places=places,
        around=people_around(people)[first],
    )


def bridge(resident_share: Floats, neighbour_share: Floats) -> Floats:
    """Return how evenly both sides reach a spot: the harmonic mean of their shares.

    ``2 · r · n / (r + n)``, and 0 where both are 0. The harmonic mean, because nobody meets
    where one side does not come: it is then 0, however many come from the other side. It
    grows with both shares, never exceeds twice the lesser one, and of two spots with the same
    sum the one that both share more evenly has the higher value; an arithmetic mean would
    give half the value to a place behind a locked gate. It is 1 where everybody comes.

    Parameters
    ----------
    resident_share, neighbour_share
        0 to 1, any shape.

    Notes
    -----
    Source: field.md section 8, row 9 (two-way reach: behind a closed gate, with residents 5
    minutes away and no neighbours, the value must be low, and opening the gate must raise
    it). The harmonic mean of two shares is the F1 measure of van Rijsbergen, *Information
    Retrieval* (1979), chapter 7, used there for the same reason.
    """
    total = resident_share + neighbour_share
    product = 2.0 * resident_share * neighbour_share
    return np.divide(product, total, out=np.zeros_like(product), where=total > 0)


def bridge_values(people: People, reach: PointReach, minutes: float | None = None) -> Floats:
    """Return how evenly residents and neighbours reach each point, 0 to 1.

    For every site (a house off any grounds is its own) the harmonic mean, see ``bridge``, of
    the share of its residents who reach the point within ``minutes`` and of the neighbours
    who do, over the people who live around the site (``people_around``), at most 1. The
    highest of the sites counts: a place that is good for one of them need not be near the
    others. Shares are of places, so the value says nothing of a single house.

    Parameters
    ----------
    people
        Residents and neighbours.
    reach
        Who reaches the points, as ``layers.people.reach_points`` makes it.
    minutes
        One of ``reach.minutes``; by default the middle one.

    Returns
    -------
    numpy.ndarray
        Shape ``(n,)``.

    Raises
    ------
    ValueError
        If neighbours were not counted for that threshold.

    Notes
    -----
    Source: field.md section 8, row 9.
    """
    return best_site(people, reach, minutes)[0]


def best_site(
    people: People, reach: PointReach, minutes: float | None = None
) -> tuple[Floats, tuple[str, ...]]:
    """Return the bridge value of each point, and the site that has it.

    Parameters
    ----------
    people, reach, minutes
        As for ``bridge_values``.

    Returns
    -------
    values, sites
        Shape ``(n,)`` each; the id of the site, or of a house off any grounds; "" where the
        value is 0. Of equal ones the first by id.

    Raises
    ------
    ValueError
        If neighbours were not counted for that threshold.
    """
    asked = reach.minutes[len(reach.minutes) // 2] if minutes is None else minutes
    if asked not in reach.minutes:
        raise ValueError(f"no counts within {asked} minutes")
    homes = homesteads(people)
    every = np.zeros((len(homes.ids), len(people.residents)))
    every[homes.row, np.arange(len(homes.row))] = people.residents["places"]
    came = reach.residents(every, asked)
    neighbours = reach.neighbours[:, reach.minutes.index(int(asked))]
    values = bridge(_share(came, homes.places), _share(neighbours[np.newaxis], homes.around))
    if not len(homes.ids):
        return np.zeros(len(neighbours)), ("",) * len(neighbours)
    best = values.max(axis=0)
    names = np.where(best > 0, np.array(homes.ids, dtype=object)[values.argmax(axis=0)], "")
    return best, tuple(names.tolist())


def _share(some: Floats, whole: Floats) -> Floats:
    """Return the share of each row's whole, at most 1; 0 of nothing."""
    rows = np.broadcast_to(whole[:, np.newaxis], (len(whole), some.shape[1]))
    share = np.divide(some, rows, out=np.zeros(rows.shape), where=rows > 0)
    return np.minimum(share, 1.0)


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
