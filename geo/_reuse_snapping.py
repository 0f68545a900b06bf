"""Joining only those places to a changed network that meet it near a change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo._reuse_difference import Difference
from geo.network import StreetNetwork
from geo.profiles import Profile
from geo.snapping import Snapped, near_ways, snap_places

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Shapes = npt.NDArray[Any]

_MARGIN_M = 1.0
"""More than rounding, and more than the distance at which a door stands at a node."""


def resnap_places(
    difference: Difference,
    places: gpd.GeoDataFrame,
    before: Snapped,
    profile: Profile | None = None,
) -> Snapped:
    """Join places to the new network, the same as ``geo.snapping.snap_places`` does.

    Only places that something changed for are joined anew: where an edge that is gone, new,
    or now (or no longer) usable or cut off lies no farther away than the spots at which they
    meet the network, where a gate of their grounds changed, or where anything within reach
    may matter, as for those that stand at an island or meet nothing.

    Parameters
    ----------
    difference
        As ``compare`` makes it.
    places
        As for ``snap_places``, the same as before.
    before
        What ``snap_places`` returned for the old network and this profile.
    profile
        Who comes.

    Returns
    -------
    Snapped
        Owners in the order of ``places``.

    Raises
    ------
    ValueError
        If ``before`` is not of these places.
    """
    if before.ids != tuple(places["id"].astype(str)):
        raise ValueError("other places than before")
    again = np.flatnonzero(_concerned(difference, places, before, profile))
    stays = np.flatnonzero(~np.isin(before.owner, again))
    if len(again) == len(places):
        return snap_places(difference.new, places, profile)
    anew = snap_places(difference.new, places.iloc[again], profile)
    return _merged(before, stays, difference.edge[before.edge[stays]], anew, again)


def _concerned(
    difference: Difference, places: gpd.GeoDataFrame, before: Snapped, profile: Profile | None
) -> Bools:
    """Mark the places that may meet the new network elsewhere."""
    count = len(places)
    if not difference.ordered:
        return np.ones(count, dtype=bool)
    concerned = np.zeros(count, dtype=bool)
    concerned[before.owner[difference.edge[before.edge] < 0]] = True
    changed_sites = _changed_sites(difference, profile)
    concerned |= np.isin(np.array(places["on_campus"], dtype=object), changed_sites)
    disturbed = difference.disturbed(profile)
    if not len(disturbed):
        return concerned
    near = near_ways(difference.old, profile)
    reach = np.full(count, -1.0)
    np.maximum.at(reach, before.owner, before.gap_m)
    # What stands at an island, or is joined by a guess, looks for something better.
    anything = reach < 0
    anything[before.owner[before.estimated | near.on_island[before.edge]]] = True
    shapes, doors = _shapes(places)
    reach[anything | (doors > 1)] = near.max_m
    reach += _MARGIN_M
    box, change = shapely.bounds(shapes), shapely.bounds(disturbed)
    low, high = change[:, :2].min(axis=0), change[:, 2:].max(axis=0)
    maybe = (box[:, :2] - reach[:, None] <= high) & (box[:, 2:] + reach[:, None] >= low)
    rows = np.flatnonzero(maybe.all(axis=1) & ~concerned)
    tree = shapely.STRtree(disturbed)
    found, _ = tree.query(shapes[rows], predicate="dwithin", distance=reach[rows])
    concerned[rows[found]] = True
    return concerned


def _shapes(places: gpd.GeoDataFrame) -> tuple[Shapes, Ints]:
    """Return all that a place may be measured from, and how many entrances it has."""
    shapes = np.array(places.geometry, dtype=object)
    outline = np.array(places["outline"], dtype=object)
    drawn = np.flatnonzero(shapely.is_geometry(outline))
    drawn = drawn[~shapely.is_empty(outline[drawn])]
    shapes[drawn] = outline[drawn]
    doors = np.zeros(len(places), dtype=np.int64)
    if "entrances" in places:
        for row, value in enumerate(places["entrances"]):
            several = [value] if isinstance(value, shapely.Geometry) else value
            if isinstance(several, Sequence | np.ndarray) and len(several):
                parts = [one for one in several if isinstance(one, shapely.Geometry)]
                doors[row] = len(shapely.get_parts(parts))
                shapes[row] = shapely.GeometryCollection([shapes[row], *parts])
    return shapes, doors


def _changed_sites(difference: Difference, profile: Profile | None) -> list[str]:
    """Return the grounds whose gates changed, so that guesses straight to a gate may."""
    old, new = difference.old, difference.new
    return [
        site
        for number, site in enumerate(old.site_ids)
        if old.site_has_gates[number] != new.site_has_gates[number]
        or _gates(old, number, profile) != _gates(new, number, profile)
    ]


def _gates(network: StreetNetwork, site: int, profile: Profile | None) -> list[Any]:
    """Describe where the gates of grounds are, and the edge at each by way and place."""
    near = near_ways(network, profile)
    found = []
    for gate, nodes in network.gate_nodes.items():
        if network.gate_site[gate] == site:
            for node in nodes:
                edge = int(near.first_edge[node])
                bare = edge < 0
                found.append(
                    (
                        network.node_xy[node].tolist(),
                        bool(near.shut[node]),
                        bare,
                        None if bare else bool(near.on_island[edge]),
                        None if bare else network.edge_geometry[edge].wkb,
                    )
                )
    return found


def _merged(before: Snapped, rows: Ints, edge: Ints, anew: Snapped, again: Ints) -> Snapped:
    owner = np.concatenate([before.owner[rows], again[anew.owner]])
    edge = np.concatenate([edge, anew.edge])
    offset = np.concatenate([before.offset_m[rows], anew.offset_m])
    order = np.lexsort((offset, edge, owner))
    return Snapped(
        ids=before.ids,
        owner=owner[order],
        edge=edge[order],
        offset_m=offset[order],
        gap_m=np.concatenate([before.gap_m[rows], anew.gap_m])[order],
        estimated=np.concatenate([before.estimated[rows], anew.estimated])[order],
        start_xy=np.concatenate([before.start_xy[rows], anew.start_xy])[order],
        foot_xy=np.concatenate([before.foot_xy[rows], anew.foot_xy])[order],
    )
