"""The street network: what people can walk on, cut at junctions, gates and boundaries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo._barriers import find_barriers
from geo._dividers import find_obstacles
from geo._gate_nodes import by_hours, step_free_gates
from geo._gates import plan_gates
from geo._grounds import Grounds, drop_unusable, label_grounds, prepare_grounds
from geo._joints import Strands, join_gates
from geo._memo import Memo
from geo._pieces import MOUTH_M, cut_pieces, keep_usable
from geo._polylines import osm_name, read_polylines
from geo._tie import tie
from geo._way_kinds import WayKinds, way_kinds
from geo._weights import MS_PER_S, Passage, open_on_foot, prepare, weigh
from geo._wheels import is_judged
from geo.extract import Extract, Nodes, Tags
from geo.findings import Finding, Severity
from geo.profiles import Profile, State
from geo.sites import Sites
from geo.terrain import Inclines, Terrain, report_silence

__all__ = ["MS_PER_S", "Parts", "Passage", "StreetNetwork", "build_network"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

ISLAND_NODES = 50
"""A component with fewer nodes is an island unless it is the largest (Valhalla's default
``minimum_reachability``)."""


@dataclass(frozen=True, eq=False)
class Parts:
    """The connected parts of a network, whatever the direction.

    Attributes
    ----------
    usable
        Edges that hang together, shape ``(m,)``.
    component
        Which part each node belongs to, shape ``(n,)``; parts are numbered by their lowest
        node.
    edge_component
        Which part each usable edge belongs to, −1 for others, shape ``(m,)``.
    length_m, nodes
        Metres of ways and number of nodes of each part. A node that cannot be passed over is
        a part of its own, and an end of every edge there.
    """

    usable: Bools
    component: npt.NDArray[np.int32]
    edge_component: npt.NDArray[np.int32]
    length_m: Floats
    nodes: Ints

    def island(self) -> Bools:
        """Return for every part whether it is an island, cut off from the main network."""
        island = self.nodes < ISLAND_NODES
        if len(island):
            island[np.argmax(self.nodes)] = False
        return island


@dataclass(frozen=True, eq=False)
class StreetNetwork:
    """A network of edges between nodes, in one metric CRS.

    An edge is a part of one OSM way between junctions: nodes used more than once, ends of
    ways, barriers, and cuts at the boundary of grounds. Ways that merely cross are not
    joined.

    Attributes
    ----------
    crs
        Metric CRS, e.g. ``"EPSG:25832"``.
    node_xy
        Metres, shape ``(n, 2)``.
    node_osm
        OSM node id; 0 for a node made at a boundary or gate, shape ``(n,)``. A node that is
        closed (a locked gate) appears once for every edge that ends there.
    edge_from, edge_to
        Nodes at the ends, shape ``(m,)``.
    edge_way
        OSM way id; 0 for a straight link to a gate that no way passes; see
        ``geo.reader.square_relation`` for squares that are relations.
    edge_length_m
        Metres along the edge.
    edge_geometry
        LineStrings from ``edge_from`` to ``edge_to``.
    edge_private
        Whether a private way or private gate belongs to it; such edges lie on the study's
        own grounds or are the mouth of a drive.
    edge_estimated
        Whether it is a straight link to a gate that no way passes.
    edge_site
        Index in ``site_ids`` of the grounds the edge lies in, −1 outside.
    edge_tags
        Tags of the way, length ``m``.
    edge_on_foot
        Whether it may be walked on; the others are for bicycles only.
    node_tags
        Tags of OSM nodes that have any, by OSM id.
    node_by_hours
        Whether a gate stands there that is open at certain hours only, shape ``(n,)``.
    passages
        How each profile gets along, by profile id.
    profiles
        The profiles with weights, by id.
    site_ids, site_polygons
        Ids and MultiPolygons of the grounds, shape ``(s,)``.
    site_has_gates
        Whether any gate of each site is known, passable or not, shape ``(s,)``.
    gate_nodes
        By gate id the nodes at which a passable gate joins the network.
    gate_site
        By gate id the index of its site; the same gates as in ``gate_nodes``.
    findings
        What was noticed while building.
    obstacles
        LineStrings that cannot be walked across: railways, watercourses and shores.
    """

    crs: str
    node_xy: Floats
    node_osm: Ints
    edge_from: npt.NDArray[np.int32]
    edge_to: npt.NDArray[np.int32]
    edge_way: Ints
    edge_length_m: Floats
    edge_geometry: npt.NDArray[Any]
    edge_private: npt.NDArray[np.bool_]
    edge_estimated: npt.NDArray[np.bool_]
    edge_site: npt.NDArray[np.int32]
    edge_tags: list[Tags]
    edge_on_foot: Bools
    node_tags: Mapping[int, Tags]
    node_by_hours: Bools
    passages: dict[str, Passage]
    profiles: dict[str, Profile]
    site_ids: tuple[str, ...]
    site_polygons: npt.NDArray[Any]
    site_has_gates: npt.NDArray[np.bool_]
    gate_nodes: dict[str, tuple[int, ...]]
    gate_site: dict[str, int]
    findings: tuple[Finding, ...] = ()
    obstacles: npt.NDArray[Any] = field(default_factory=lambda: np.empty(0, dtype=object))
    _memory: dict[Any, Any] = field(default_factory=dict, repr=False)
    """Search trees and matrices made of the arrays above when first asked for."""

    def weights(self, profile_id: str, state: State = State.CONFIRMED) -> tuple[Ints, Ints]:
        """Return milliseconds along and against every edge, int64, −1 where not passable."""
        return self.passages[profile_id].weights(state)

    def parts(self, profile_id: str | None = None) -> Parts:
        """Return what hangs together on foot, or on the ways passable on wheels.

        Parameters
        ----------
        profile_id
            For a profile on wheels its own passable ways, confirmed or not; for all others,
            and None, the ways open on foot.
        """
        profile = None if profile_id is None else self.profiles[profile_id]
        own = profile is not None and profile.limits is not None
        key = ("parts", profile_id if own else None)
        if key not in self._memory:
            usable = self.edge_on_foot
            closed = np.zeros(len(self.node_xy), dtype=bool)
            if own and profile_id is not None:
                usable = usable & (self.passages[profile_id].edge_state > 0)
                closed = self.passages[profile_id].closed_nodes(State.POSSIBLE)
            self._memory[key] = _find_parts(self, usable, closed)
        parts: Parts = self._memory[key]
        return parts


def build_network(
    extract: Extract,
    sites: Sites,
    profiles: Mapping[str, Profile],
    terrain: Terrain | None = None,
    *,
    like: StreetNetwork | None = None,
) -> tuple[StreetNetwork, Sites]:
    """Build the network that people can walk, roll or ride on.

    Parameters
    ----------
    extract
        As ``geo.reader.read_extract`` makes it; only ``ways`` and ``nodes`` are used.
    sites
        Grounds and gates in the metric CRS to build in. A row of a derived gate says what
        state it is in, whatever the map says (see ``geo.edits``); the others are derived.
    profiles
        Who is on the way, by id: each gets its weights.
    terrain
        Heights of the ground, if there are any: inclines then come from there.
    like
        A network built before, of the same extract but for some ways and nodes: what was
        found out about the others is used again. The network built does not depend on it.

    Returns
    -------
    network : StreetNetwork
        The network, edges in the order of way ids and along the ways.
    sites : Sites
        With the derived gates added; gate ids are made of the site's id and the id of the
        OSM node or way that crosses, so that they stay the same from build to build.

    Notes
    -----
    Private ways are usable within the study's own grounds, and outside them only as the
    mouth of a drive (at most 30 m). A site with given gates is closed where ways cross its
    boundary farther than 20 m from a gate; a site without given gates is open wherever a
    way crosses. Squares (``area=yes``) are walked along their rim and straight across
    between entrances that see each other.
    """
    memo = memo_of(like)
    ways, nodes = extract.ways, extract.nodes
    sites, stated = _stated_gates(sites)
    grounds = prepare_grounds(sites)
    kinds = way_kinds(ways.tags, memo)
    polylines, findings = read_polylines(ways, nodes, kinds, sites.crs, memo)
    polylines = label_grounds(drop_unusable(polylines, grounds, MOUTH_M), grounds, memo)
    barriers = find_barriers(nodes, polylines, grounds, sites, memo)
    pieces = cut_pieces(
        polylines, ways, barriers.node, _judged(nodes, memo), node_count=len(nodes.ids), memo=memo
    )
    pieces = keep_usable(pieces, grounds)
    plan = plan_gates(
        pieces, barriers=barriers, grounds=grounds, sites=sites, ways=ways, nodes=nodes,
        stated=stated,
    )  # fmt: skip
    barriers = plan.barriers
    strands, gate_nodes = tie(pieces, barriers, plan, extract, kinds)
    strands, joined, join_findings = join_gates(
        strands, plan.unjoined, sites, grounds, kinds.nothing
    )
    gate_nodes |= joined
    findings += [*plan.findings, *join_findings, *_report_private(strands, grounds)]

    gates = pd.concat([sites.gates, plan.derived]) if len(plan.derived) else sites.gates
    gates = gpd.GeoDataFrame(gates, geometry="geometry", crs=sites.sites.crs)
    gates = gates.sort_values("gate_id", ignore_index=True)
    site_of = dict(zip(gates["gate_id"], gates["site_id"], strict=True))
    inclines = None
    if terrain is not None:
        inclines, noticed = _measure(terrain, strands, kinds)
        findings += noticed
    scales = prepare(
        strands,
        kinds,
        node_tags=nodes.tags,
        node_step_free=step_free_gates(gates, gate_nodes, strands, barriers),
        inclines=inclines,
        memo=memo,
    )
    network = StreetNetwork(
        crs=sites.crs,
        node_xy=strands.node_xy,
        node_osm=strands.node_osm,
        edge_from=strands.begin.astype(np.int32),
        edge_to=strands.end.astype(np.int32),
        edge_way=strands.way,
        edge_length_m=scales.length_m,
        edge_geometry=strands.geometry,
        edge_private=strands.private,
        edge_estimated=strands.estimated,
        edge_site=strands.site.astype(np.int32),
        edge_tags=strands.tags,
        edge_on_foot=open_on_foot(strands, kinds),
        node_tags=nodes.tags,
        node_by_hours=by_hours(gates, gate_nodes, strands, barriers),
        passages={key: weigh(scales, profile) for key, profile in profiles.items()},
        profiles=dict(profiles),
        site_ids=grounds.ids,
        site_polygons=grounds.polygons,
        site_has_gates=np.isin(np.array(grounds.ids, dtype=object), list(site_of.values())),
        gate_nodes=dict(sorted(gate_nodes.items())),
        gate_site={gate: grounds.ids.index(site_of[gate]) for gate in sorted(gate_nodes)},
        findings=tuple(findings),
        obstacles=memo.of(
            f"obstacles {sites.crs}",
            (extract.obstacles,),
            partial(find_obstacles, extract, sites.crs),
        ),
    )
    network = replace(network, findings=(*findings, *_report_parts(network.parts())))
    network._memory["memo"] = memo  # noqa: SLF001
    return network, Sites(sites.sites, sites.houses, gates, sites.findings)


def memo_of(network: StreetNetwork | None) -> Memo:
    """Return what was found out while building a network, for the next build or change."""
    if network is None:
        return Memo()
    memo: Memo = network._memory.setdefault("memo", Memo())  # noqa: SLF001
    return memo


def _stated_gates(sites: Sites) -> tuple[Sites, dict[str, str]]:
    """Part the given gates from what is said of the state of derived ones."""
    derived = sites.gates["derived"].to_numpy(dtype=bool)
    if not derived.any():
        return sites, {}
    rows = sites.gates[derived]
    stated = dict(zip(rows["gate_id"].astype(str), rows["status"].astype(str), strict=True))
    given = sites.gates[~derived].reset_index(drop=True)
    return Sites(sites.sites, sites.houses, given, sites.findings), stated


def _judged(nodes: Nodes, memo: Memo) -> Ints:
    """Return the rows of nodes where edges end so that passing over them can be judged."""
    known = memo.table("judged")
    for tags in nodes.tags.values():
        if id(tags) not in known:
            known[id(tags)] = memo.keep(tags, is_judged(tags))
    ids = [node for node, tags in nodes.tags.items() if known[id(tags)]]
    return np.flatnonzero(np.isin(nodes.ids, ids))


def _measure(
    terrain: Terrain, strands: Strands, kinds: WayKinds
) -> tuple[Inclines, list[Finding]]:
    """Measure inclines where ways lie on the ground."""
    on_ground = kinds.on_ground[strands.kind] & ~strands.estimated
    inclines = terrain.edge_inclines(
        strands.geometry, strands.begin, strands.end, strands.way, on_ground
    )
    silence = report_silence(terrain, inclines, shapely.length(strands.geometry), on_ground)
    return inclines, [*terrain.findings, *silence]


def _find_parts(network: StreetNetwork, usable: Bools, closed: Bools) -> Parts:
    """Find what hangs together, whatever the direction, closed nodes not passed over."""
    nodes, edges = len(network.node_xy), np.flatnonzero(usable)
    ends = np.concatenate([network.edge_from[edges], network.edge_to[edges]]).astype(np.int64)
    apart = np.flatnonzero(closed[ends])
    ends[apart] = nodes + np.arange(len(apart))
    begin, end = ends.reshape(2, -1)
    count = nodes + len(apart)
    joined = coo_array((np.ones(len(begin)), (begin, end)), shape=(count, count))
    number, component = connected_components(joined, directed=False)
    of_edge = np.full(len(usable), -1, dtype=np.int32)
    of_edge[edges] = component[begin]
    metres = network.edge_length_m[edges]
    length = np.bincount(component[begin], weights=metres, minlength=number)
    return Parts(
        usable=usable,
        component=component[:nodes].astype(np.int32),
        edge_component=of_edge,
        length_m=length.astype(np.float64),
        nodes=np.bincount(component, minlength=number).astype(np.int64),
    )


def _report_private(strands: Strands, grounds: Grounds) -> list[Finding]:
    findings = []
    for site, site_id in enumerate(grounds.ids):
        used = np.unique(strands.way[strands.private & (strands.site == site)])
        if len(used):
            findings.append(
                Finding(
                    code="network.private_ways",
                    severity=Severity.INFO,
                    message=f"Private Wege auf dem Gelände »{site_id}«: {len(used)}. Sie gelten "
                    "für Menschen von dort als begehbar und sind gekennzeichnet.",
                    where=site_id,
                    count=len(used),
                    examples=tuple(osm_name(int(way)) for way in used[:10]),
                )
            )
    return findings


def _report_parts(parts: Parts) -> list[Finding]:
    # Nodes that only bicycles come to are no parts on foot.
    count, length = parts.nodes[parts.length_m > 0], parts.length_m[parts.length_m > 0]
    if len(count) <= 1:
        return []
    share = 100 * length[np.argmax(count)] / length.sum()
    percent = f"{share:.1f}".replace(".", ",")
    return [
        Finding(
            code="network.components",
            severity=Severity.INFO,
            message=f"Teile, in die das Wegenetz zerfällt: {len(count)}. Der größte umfasst "
            f"{percent} % der Weglänge.",
            remedy="Kleine Teile entstehen am Rand des Ausschnitts oder durch Lücken in OSM.",
            count=len(count),
        )
    ]
