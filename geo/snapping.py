"""Joining houses and places to the network: where people step onto a way, and how far that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo._snap_findings import MAX_M, WHEELS_M, Owners, report_on_foot, report_on_wheels
from geo._ways_near import Feet, NearWays
from geo.crs import require_metric
from geo.findings import Finding
from geo.network import StreetNetwork
from geo.profiles import Profile, State
from geo.sites import Sites

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_DOOR_M = 0.5
"""A house's point this near to its outline is its entrance, not a point inside."""


@dataclass(frozen=True, eq=False)
class Snapped:
    """Where owners (houses, sites, places) meet the network; an owner may have several points.

    Attributes
    ----------
    ids
        Ids of all owners, in the order they were given, also of those without a point.
    owner
        Index in ``ids`` of each access point, ascending, shape ``(k,)``.
    edge
        Edge of the network, shape ``(k,)``.
    offset_m
        Metres along the edge from its first node, shape ``(k,)``.
    gap_m
        Metres in a straight line between owner and edge, shape ``(k,)``.
    estimated
        Whether that straight line stands for a way nobody has mapped, shape ``(k,)``.
    start_xy, foot_xy
        Ends of the straight line, at the owner and on the edge, shape ``(k, 2)``.
    findings
        What was noticed.
    """

    ids: tuple[str, ...]
    owner: Ints
    edge: Ints
    offset_m: Floats
    gap_m: Floats
    estimated: Bools
    start_xy: Floats
    foot_xy: Floats
    findings: tuple[Finding, ...] = field(default=(), repr=False)

    def some(self, begin: int, end: int) -> Snapped:
        """Return the owners from ``begin`` up to ``end`` with their access points."""
        ids = self.ids[begin:end]
        rows = slice(*np.searchsorted(self.owner, [begin, begin + len(ids)]))
        return self._points(rows, ids, self.owner[rows] - begin)

    def picked(self, ids: Sequence[str]) -> Snapped:
        """Return some owners in another order, each with its access points.

        Parameters
        ----------
        ids
            Some of ``self.ids``; an id that is not there is a ``ValueError``.
        """
        place = {name: number for number, name in enumerate(self.ids)}
        if missing := [name for name in ids if name not in place]:
            raise ValueError(f"no owner {missing[0]}")
        wanted = np.array([place[name] for name in ids], dtype=np.int64)
        first = np.searchsorted(self.owner, np.arange(len(self.ids) + 1))
        many = np.diff(first)[wanted]
        owner: Ints = np.repeat(np.arange(len(wanted)), many)
        within = np.arange(len(owner)) - np.repeat(np.cumsum(many) - many, many)
        rows = np.repeat(first[wanted], many) + within
        return self._points(rows, tuple(ids), owner)

    def _points(self, rows: Ints | slice, ids: tuple[str, ...], owner: Ints) -> Snapped:
        """Return some access points as those of other owners."""
        return Snapped(
            ids=ids,
            owner=owner,
            edge=self.edge[rows],
            offset_m=self.offset_m[rows],
            gap_m=self.gap_m[rows],
            estimated=self.estimated[rows],
            start_xy=self.start_xy[rows],
            foot_xy=self.foot_xy[rows],
        )

    @property
    def unconnected(self) -> tuple[str, ...]:
        """Ids of owners without any access point, for which nothing can be computed."""
        found = np.zeros(len(self.ids), dtype=bool)
        found[self.owner] = True
        return tuple(name for name, has in zip(self.ids, found, strict=True) if not has)


def snap_origins(network: StreetNetwork, sites: Sites, profile: Profile | None = None) -> Snapped:
    """Join every house and every site to the network.

    A house on the grounds steps onto the nearest way inside its own grounds or walks
    straight to a gate, whichever is nearer; never across the boundary. A house elsewhere
    takes the nearest public way outside all grounds. A site starts at all its passable
    gates, with 0 m to go. Small pieces of network that hang together with nothing (islands)
    are passed over where the main network is within 300 m.

    Parameters
    ----------
    network
        As ``geo.network.build_network`` makes it.
    sites
        With the derived gates, as ``build_network`` returns them.
    profile
        Who sets out: on wheels only ways that are passable count, at most 100 m away, and
        islands are not passed over; a site starts only at gates that are not known to be
        impassable. By default whoever goes on foot.

    Returns
    -------
    Snapped
        Houses first, then sites, each in the order of ``sites``; findings for every house
        over 100 m, over 300 m (no results), on an island or joined by a straight line. On
        wheels findings name the profile and speak only of what is worse than on foot.
    """
    houses = sites.houses
    require_metric(sites.sites, "sites")
    index = {site: number for number, site in enumerate(network.site_ids)}
    site = np.array([index.get(site, -1) for site in houses["site_id"]], dtype=np.int64)
    shapes = [
        _house_shape(point, outline)
        for point, outline in zip(houses.geometry, houses["outline"], strict=True)
    ]
    shape = np.array(shapes, dtype=object)
    near = near_ways(network, profile)
    feet = near.nearest(shape, site)
    gates = _gates_of_sites(near, offset=len(houses))
    ids = tuple(str(i) for i in [*houses["house_id"], *sites.sites["site_id"]])
    snapped = _snapped(ids, [feet, gates], ())
    owners = Owners(ids, site, on_foot=np.ones(len(ids), dtype=bool))
    if profile is None or profile.limits is None:
        return replace(snapped, findings=report_on_foot(near, owners, feet, snapped.unconnected))
    # What nobody reaches is said once, in the words for all.
    walking = near_ways(network, None)
    lost = np.flatnonzero(~np.isin(np.arange(len(ids)), snapped.owner))
    houses_lost = lost[lost < len(houses)]
    owners.on_foot[lost] = False
    found = walking.nearest(shape[houses_lost], site[houses_lost]).owner
    owners.on_foot[houses_lost[found]] = True
    owners.on_foot[_gates_of_sites(walking, offset=len(houses)).owner] = True
    return replace(
        snapped, findings=report_on_wheels(near, owners, feet, snapped.unconnected, profile.label)
    )


def snap_places(
    network: StreetNetwork, places: gpd.GeoDataFrame, profile: Profile | None = None
) -> Snapped:
    """Join every place to the network.

    Entrances first; else, where the network meets the outline of the place, every spot
    where it does (a park is reached wherever a path enters it); else the nearest way from
    the outline or point. A place on the grounds of a site (``on_campus``) is reached only
    by ways inside them or straight from a gate, any other place only by public ways outside.
    A place at an island is reached from there and, within 300 m, from the main network.

    Parameters
    ----------
    network
        As ``geo.network.build_network`` makes it.
    places
        Columns ``id``, ``geometry`` (Point), ``outline`` (geometry or None), ``on_campus``
        (site id or "") and optionally ``entrances`` (a geometry or a sequence of points, or
        None), in the CRS of the network.
    profile
        Who comes, as for ``snap_origins``. On wheels doors that are known to be impassable
        (steps, ``wheelchair=no``) are left out where a place has others.

    Returns
    -------
    Snapped
        Owners in the order of ``places``; places farther than 300 m from any way have no
        access point.
    """
    require_metric(places, "places")
    count = len(places)
    index = {site: number for number, site in enumerate(network.site_ids)}
    site = np.array([index.get(site, -1) for site in places["on_campus"]], dtype=np.int64)
    point = np.array(places.geometry, dtype=object)
    outline = np.array(
        [shape if _is_shape(shape) else None for shape in places["outline"]], dtype=object
    )
    near = near_ways(network, profile)

    done = np.zeros(count, dtype=bool)
    found: list[Feet] = []
    if "entrances" in places:
        owner, doors = _doors(list(places["entrances"]))
        if profile is not None and profile.limits is not None:
            kept = _passable_doors(network, profile.id, owner, doors)
            owner, doors = owner[kept], doors[kept]
        at_doors = near.nearest(doors, site[owner], keep_islands=True)
        at_doors = at_doors.owned_by(owner)
        found.append(at_doors)
        done[at_doors.owner] = True
    drawn = np.flatnonzero(~done & (outline != None))  # noqa: E711
    meeting = near.meeting(outline[drawn], site[drawn]).owned_by(drawn)
    found.append(meeting)
    done[meeting.owner] = True
    rest = np.flatnonzero(~done)
    shape = np.where(outline[rest] == None, point[rest], outline[rest])  # noqa: E711
    found.append(near.nearest(shape, site[rest], keep_islands=True).owned_by(rest))
    return _snapped(tuple(str(i) for i in places["id"]), found, ())


def near_ways(network: StreetNetwork, profile: Profile | None) -> NearWays:
    """Return the ways to be met, made when first asked for; all who go on foot share them."""
    wheels = None if profile is None or profile.limits is None else profile.id
    key = ("near ways", wheels)
    memory = network._memory  # noqa: SLF001
    if key not in memory:
        memory[key] = NearWays(network, MAX_M if wheels is None else WHEELS_M, wheels)
    near: NearWays = memory[key]
    return near


def _snapped(ids: tuple[str, ...], found: list[Feet], findings: tuple[Finding, ...]) -> Snapped:
    feet = Feet.joined(found)
    order = np.lexsort((feet.offset_m, feet.edge, feet.owner))
    return Snapped(
        ids=ids,
        owner=feet.owner[order],
        edge=feet.edge[order],
        offset_m=feet.offset_m[order],
        gap_m=feet.gap_m[order],
        estimated=feet.estimated[order],
        start_xy=feet.start_xy[order],
        foot_xy=feet.foot_xy[order],
        findings=findings,
    )


def _house_shape(point: Any, outline: Any) -> Any:
    """Return what a house is measured from: its entrance if known, else its outline."""
    if not _is_shape(outline):
        return point
    at_door = shapely.distance(shapely.boundary(outline), point) <= _DOOR_M
    return point if at_door or not shapely.intersects(outline, point) else outline


def _is_shape(value: Any) -> bool:
    return isinstance(value, shapely.Geometry) and not shapely.is_empty(value)


def _doors(entrances: Sequence[Any]) -> tuple[Ints, npt.NDArray[Any]]:
    """Flatten the entrances of all places: the row of each, and the points."""
    owner: list[int] = []
    doors: list[Any] = []
    for row, value in enumerate(entrances):
        several = [value] if isinstance(value, shapely.Geometry) else value
        if not isinstance(several, Sequence | np.ndarray):
            continue
        parts = shapely.get_parts([part for part in several if _is_shape(part)])
        owner += [row] * len(parts)
        doors += list(parts)
    return np.array(owner, dtype=np.int64), np.array(doors, dtype=object)


def _passable_doors(
    network: StreetNetwork, profile_id: str, owner: Ints, doors: npt.NDArray[Any]
) -> Bools:
    """Leave out the doors of a place with steps and the like, where it has others.

    What is known of a door is said by the node of the network at the same spot.
    """
    shut = np.flatnonzero(network.passages[profile_id].closed_nodes(State.POSSIBLE))
    barred = np.zeros(len(doors), dtype=bool)
    if len(shut) and len(doors):
        tree = shapely.STRtree(np.asarray(shapely.points(network.node_xy[shut])))
        barred[tree.query(doors, predicate="dwithin", distance=_DOOR_M)[0]] = True
    has_other = np.isin(owner, owner[~barred])
    return ~barred | ~has_other


def _gates_of_sites(near: NearWays, offset: int) -> Feet:
    """Start every site at its gates; ``offset`` is the owner number of the first site."""
    network = near.network
    owner: list[int] = []
    node: list[int] = []
    for gate, nodes in network.gate_nodes.items():
        owner += [offset + network.gate_site[gate]] * len(nodes)
        node += nodes
    return near.at_gates(np.array(owner, dtype=np.int64), np.array(node, dtype=np.int64))
