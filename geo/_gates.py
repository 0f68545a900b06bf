"""Where people leave the grounds on foot: given gates, derived gates, closed crossings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from geo._barriers import Barriers, has_hours
from geo._grounds import GATE_REACH_M, Grounds
from geo._pieces import Pieces
from geo._polylines import Floats, Ints, osm_name
from geo.extract import Nodes, Ways
from geo.findings import Finding, Severity
from geo.sites import Sites

MERGE_M = 10.0
"""Crossings so near to each other are one derived gate (carriageway and pavement)."""

_NOT_STEP_FREE = frozenset({"stile", "kissing_gate", "turnstile", "full-height_turnstile"})


@dataclass(frozen=True)
class Crossing:
    """A spot where pieces inside the grounds of a site meet pieces outside."""

    spot: int
    site: int
    ways: tuple[int, ...]
    """Rows in ``Ways`` of the pieces that meet here, ascending."""


@dataclass(frozen=True)
class GatePlan:
    """What becomes of the crossings.

    Attributes
    ----------
    closed
        ``(spot, site)`` where a way is cut.
    spots
        Where each passable gate joins the network, by gate id.
    unjoined
        Ids of passable given gates that no way passes.
    derived
        Rows of the derived gates, as in ``Sites.gates``.
    barriers
        The barriers, those opened at which a derived gate is said to be passable.
    findings
        What was closed, derived, and what is unused.
    """

    closed: frozenset[tuple[int, int]]
    spots: dict[str, tuple[int, ...]]
    unjoined: tuple[str, ...]
    derived: gpd.GeoDataFrame
    barriers: Barriers
    findings: tuple[Finding, ...]


def plan_gates(
    pieces: Pieces,
    *,
    barriers: Barriers,
    grounds: Grounds,
    sites: Sites,
    ways: Ways,
    nodes: Nodes,
    stated: Mapping[str, str] | None = None,
) -> GatePlan:
    """Decide for every crossing of a boundary whether it is a gate.

    A site with given gates is closed everywhere else. A site without any gets a derived gate
    at every crossing; crossings near to each other are one gate. Where the state of a
    derived gate is said by its id (``stated``), that decides over the map.
    """
    stated = stated or {}
    crossings = _find_crossings(pieces, len(grounds.ids))
    closed: set[tuple[int, int]] = set()
    spots: dict[str, tuple[int, ...]] = {}
    unjoined: list[str] = []
    derived: list[dict[str, Any]] = []
    findings: list[Finding] = []
    owner = np.array(sites.gates["site_id"], dtype=object)
    if any(status != "locked" for status in stated.values()):
        opened = _opened(
            crossings,
            stated=stated,
            pieces=pieces,
            barriers=barriers,
            grounds=grounds,
            ways=ways,
            nodes=nodes,
        )
        barriers = barriers.opened(opened)
    for site, site_id in enumerate(grounds.ids):
        own = [crossing for crossing in crossings if crossing.site == site]
        given = sites.gates[owner == site_id]
        if len(given):
            plan = _use_given(own, given, pieces.spot_xy)
            closed |= {(crossing.spot, site) for crossing in plan.shut}
            spots |= plan.spots
            unjoined += plan.unjoined
            findings += _report_closed(plan.unguarded, site_id, ways)
        else:
            rows, at, shut = _derive(
                own,
                site_id=site_id,
                outline=_outline(grounds.polygons[site]),
                pieces=pieces,
                barriers=barriers,
                ways=ways,
                nodes=nodes,
                stated=stated,
            )
            derived += rows
            spots |= at
            closed |= {(crossing.spot, site) for crossing in shut}
            findings += _report_derived(rows, site_id)
    frame = gpd.GeoDataFrame(
        pd.DataFrame(derived, columns=list(sites.gates.columns)),
        geometry="geometry",
        crs=sites.sites.crs,
    )
    return GatePlan(frozenset(closed), spots, tuple(unjoined), frame, barriers, tuple(findings))


def _find_crossings(pieces: Pieces, site_count: int) -> list[Crossing]:
    """Find the spots where pieces with different labels meet, ordered by spot."""
    if not site_count or not len(pieces.begin):
        return []
    spot = np.concatenate([pieces.begin, pieces.end])
    label = np.concatenate([pieces.label, pieces.label])
    way = np.concatenate([pieces.way, pieces.way])
    order = np.argsort(spot, kind="stable")
    spot, label, way = spot[order], label[order], way[order]
    first = np.flatnonzero(np.concatenate([[True], spot[1:] != spot[:-1]]))
    last = np.append(first[1:], len(spot))
    mixed = np.minimum.reduceat(label, first) != np.maximum.reduceat(label, first)
    return [
        Crossing(int(spot[a]), int(site), tuple(np.unique(way[a:b]).tolist()))
        for a, b in zip(first[mixed], last[mixed], strict=True)
        for site in np.unique(label[a:b])
        if site >= 0
    ]


@dataclass(frozen=True)
class _Given:
    shut: list[Crossing]
    unguarded: list[Crossing]
    spots: dict[str, tuple[int, ...]]
    unjoined: list[str]


def _use_given(crossings: list[Crossing], gates: gpd.GeoDataFrame, spot_xy: Floats) -> _Given:
    """Let ways pass at the nearest given gate within reach; everything else is shut."""
    gate_ids = [str(gate) for gate in gates["gate_id"]]
    passable = np.array(gates["status"] != "locked")
    gate_xy = shapely.get_coordinates(np.array(gates.geometry, dtype=object))
    at = spot_xy[[crossing.spot for crossing in crossings]].reshape(-1, 2)
    away = np.hypot(*(at[:, None, :] - gate_xy[None, :, :]).transpose(2, 0, 1))
    nearest = away.argmin(axis=1)
    within = away <= GATE_REACH_M
    guarded = within.any(axis=1)
    passes = guarded & passable[nearest]
    spots: dict[str, tuple[int, ...]] = {}
    unjoined: list[str] = []
    for gate in np.flatnonzero(passable):
        mine = np.flatnonzero(passes & (nearest == gate))
        if not len(mine):  # another gate is nearer to the way; both let people through
            mine = np.flatnonzero(passes & within[:, gate])
        if len(mine):
            spots[gate_ids[gate]] = tuple(crossings[i].spot for i in mine)
        else:
            unjoined.append(gate_ids[gate])
    return _Given(
        shut=[crossings[i] for i in np.flatnonzero(~passes)],
        unguarded=[crossings[i] for i in np.flatnonzero(~guarded)],
        spots=spots,
        unjoined=unjoined,
    )


def _derive(
    crossings: list[Crossing],
    *,
    site_id: str,
    outline: Any,
    pieces: Pieces,
    barriers: Barriers,
    ways: Ways,
    nodes: Nodes,
    stated: Mapping[str, str],
) -> tuple[list[dict[str, Any]], dict[str, tuple[int, ...]], list[Crossing]]:
    """Make gates of the crossings of a site that has none given, and say where they join.

    Last come the crossings that are said to be locked.
    """
    if not crossings:
        return [], {}, []
    barrier_ways = _ways_at_barriers(pieces, barriers)
    found: list[tuple[float, str, dict[str, Any], tuple[int, ...]]] = []
    locked: list[Crossing] = []
    for gate in _gate_groups(
        crossings, site_id, stated=stated, pieces=pieces, ways=ways, nodes=nodes
    ):
        members = gate.members
        leader = crossings[members[0]]
        guards = [_guards(crossings[i], pieces, barriers, barrier_ways) for i in members]
        shut = [any(barriers.closed[g] for g in standing) for standing in guards]
        if gate.status is not None:
            shut = [gate.status == "locked"] * len(members)
        if gate.status == "locked":
            locked += [crossings[i] for i in members]
        hours = [
            barriers.tags[g]["opening_hours"]
            for standing in guards
            for g in standing
            if has_hours(barriers.tags[g])
        ]
        status = (
            "locked" if all(shut) else (hours[0] if all(map(len, guards)) and hours else "open")
        )
        point = shapely.Point(pieces.spot_xy[leader.spot])
        around = float(shapely.line_locate_point(outline, point))
        row = {
            "gate_id": gate.id,
            "site_id": site_id,
            "status": gate.status or status,
            "step_free": _step_free([crossings[i] for i in members], guards, barriers, ways),
            "derived": True,
            "geometry": point,
        }
        street = next(
            (ways.tags[way]["name"] for i in members for way in crossings[i].ways
             if ways.tags[way].get("name")), ""
        )  # fmt: skip
        passable = tuple(
            crossings[i].spot for i, closed in zip(members, shut, strict=True) if not closed
        )
        found.append((around, street, row, passable))
    found.sort(key=lambda item: (item[0], item[2]["gate_id"]))
    rows = []
    spots: dict[str, tuple[int, ...]] = {}
    for number, (_, street, row, passable) in enumerate(found, start=1):
        rows.append(row | {"name": f"Zugang {number}" + (f" ({street})" if street else "")})
        if passable:
            spots[str(row["gate_id"])] = passable
    return rows, spots, locked


@dataclass(frozen=True)
class _Group:
    """Crossings that are one derived gate: its id, what is said of it, its leader first."""

    id: str
    status: str | None
    members: list[int]


def _gate_groups(
    crossings: list[Crossing],
    site_id: str,
    *,
    stated: Mapping[str, str],
    pieces: Pieces,
    ways: Ways,
    nodes: Nodes,
) -> list[_Group]:
    """Group the crossings of a site; a gate that something is said of keeps its id."""
    ids = [f"{site_id}-tor-{name}" for name in _stable_names(crossings, ways, nodes)]
    groups = []
    for group in _clusters(pieces.spot_xy[[crossing.spot for crossing in crossings]]):
        members = sorted(group, key=lambda i: (ids[i] not in stated, ids[i]))
        leader = ids[members[0]]
        groups.append(_Group(leader, stated.get(leader), members))
    return groups


def _opened(
    crossings: list[Crossing],
    *,
    stated: Mapping[str, str],
    pieces: Pieces,
    barriers: Barriers,
    grounds: Grounds,
    ways: Ways,
    nodes: Nodes,
) -> list[int]:
    """Find the barriers at derived gates that are said to be passable."""
    barrier_ways = _ways_at_barriers(pieces, barriers)
    found: set[int] = set()
    for site, site_id in enumerate(grounds.ids):
        own = [crossing for crossing in crossings if crossing.site == site]
        if not own:
            continue
        for gate in _gate_groups(
            own, site_id, stated=stated, pieces=pieces, ways=ways, nodes=nodes
        ):
            if gate.status not in {None, "locked"}:
                for member in gate.members:
                    found.update(_guards(own[member], pieces, barriers, barrier_ways))
    return sorted(found)


def _outline(polygon: Any) -> Any:
    """Return the outer ring of the largest polygon, for numbering gates around it."""
    parts = shapely.get_parts(polygon)
    return shapely.get_exterior_ring(parts[np.argmax(shapely.area(parts))])


def _stable_names(crossings: list[Crossing], ways: Ways, nodes: Nodes) -> list[str]:
    """Name crossings after the OSM node, or the way that is cut, so that they stay the same."""
    names: list[str] = []
    cuts: dict[int, int] = {}
    for crossing in crossings:
        if crossing.spot < len(nodes.ids):
            names.append(f"n{nodes.ids[crossing.spot]}")
            continue
        way = int(ways.ids[crossing.ways[0]])
        cuts[way] = cuts.get(way, 0) + 1
        names.append(osm_name(way) + (f"-{cuts[way]}" if cuts[way] > 1 else ""))
    return names


def _clusters(xy: Floats) -> list[list[int]]:
    """Group points that lie within ``MERGE_M`` of each other, also in chains."""
    pairs = cKDTree(xy).query_pairs(MERGE_M, output_type="ndarray")
    near = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(xy), len(xy)))
    count, group = connected_components(near, directed=False)
    return [np.flatnonzero(group == number).tolist() for number in range(count)]


def _ways_at_barriers(pieces: Pieces, barriers: Barriers) -> list[Ints]:
    """Return the ways that each barrier stands on; barriers always end a piece."""
    spot = np.concatenate([pieces.begin, pieces.end])
    way = np.concatenate([pieces.way, pieces.way])
    order = np.argsort(spot, kind="stable")
    spot, way = spot[order], way[order]
    low = np.searchsorted(spot, barriers.node, side="left")
    high = np.searchsorted(spot, barriers.node, side="right")
    return [way[a:b] for a, b in zip(low, high, strict=True)]


def _guards(
    crossing: Crossing, pieces: Pieces, barriers: Barriers, barrier_ways: list[Ints]
) -> list[int]:
    """Find the barriers that stand on a crossing way within reach of the crossing."""
    if not len(barriers.node):
        return []
    away = np.hypot(*(barriers.xy - pieces.spot_xy[crossing.spot]).T)
    return [
        int(barrier)
        for barrier in np.flatnonzero(away <= GATE_REACH_M)
        if np.isin(barrier_ways[barrier], crossing.ways).any()
    ]


def _step_free(
    crossings: list[Crossing], guards: list[list[int]], barriers: Barriers, ways: Ways
) -> str:
    """Say whether a derived gate is step-free; what the map does not say is unknown."""
    standing = [barriers.tags[g] for group in guards for g in group]
    if any(tags.get("wheelchair") == "yes" for tags in standing):
        return "yes"
    steps = all(
        any(ways.tags[way].get("highway") == "steps" for way in crossing.ways)
        for crossing in crossings
    )
    narrow = bool(standing) and all(
        tags.get("barrier") in _NOT_STEP_FREE or tags.get("wheelchair") == "no"
        for tags in standing
    )
    return "no" if steps or narrow else "unknown"


def _report_closed(unguarded: list[Crossing], site_id: str, ways: Ways) -> list[Finding]:
    if not unguarded:
        return []
    crossing_ways = sorted({int(ways.ids[crossing.ways[0]]) for crossing in unguarded})
    return [
        Finding(
            code="gates.closed_crossing",
            severity=Severity.WARNING,
            message=f"Wege, die die Grenze des Geländes »{site_id}« abseits der eingetragenen "
            f"Tore queren: {len(unguarded)}. Sie gelten dort als geschlossen.",
            where=site_id,
            remedy="Wo Menschen in Wirklichkeit hindurchgehen, ein Tor (kind = gate) eintragen.",
            count=len(unguarded),
            examples=tuple(osm_name(way) for way in crossing_ways[:10]),
        )
    ]


def _report_derived(rows: list[dict[str, Any]], site_id: str) -> list[Finding]:
    if not rows:
        return [
            Finding(
                code="gates.none",
                severity=Severity.WARNING,
                message=f"Kein Weg quert die Grenze des Geländes »{site_id}«; es hat kein Tor.",
                where=site_id,
                remedy="Die Grenze prüfen oder die Tore (kind = gate) eintragen.",
            )
        ]
    return [
        Finding(
            code="gates.derived",
            severity=Severity.INFO,
            message=f"Für das Gelände »{site_id}« ist kein Tor eingetragen. Angenommen wurde je "
            f"ein Zugang, wo Wege die Grenze queren: {len(rows)}.",
            where=site_id,
            remedy="Sind Zugänge verschlossen, die Tore (kind = gate) eintragen.",
            count=len(rows),
            examples=tuple(str(row["gate_id"]) for row in rows[:10]),
        )
    ]
