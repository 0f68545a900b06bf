"""Joining gates that no way passes to the network, by straight links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.ops import substring

from geo._grounds import GATE_REACH_M, Grounds
from geo._polylines import Bools, Floats, Ints
from geo.extract import Tags
from geo.findings import Finding, Severity
from geo.sites import Sites

LINK_M = 300.0
"""A gate is joined to ways at most so far away."""


@dataclass(frozen=True, eq=False)
class Strands:
    """Edges and nodes of the network before they are weighed.

    Attributes are those of ``geo.network.StreetNetwork`` without the prefix ``edge_``;
    ``kind`` is that of ``geo._way_kinds.WayKinds``.
    """

    begin: Ints
    end: Ints
    way: Ints
    kind: Ints
    site: Ints
    private: Bools
    estimated: Bools
    geometry: npt.NDArray[Any]
    tags: list[Tags]
    node_xy: Floats
    node_osm: Ints


def join_gates(
    strands: Strands, gate_ids: Sequence[str], sites: Sites, grounds: Grounds, link_kind: int
) -> tuple[Strands, dict[str, tuple[int, ...]], list[Finding]]:
    """Join gates by straight links to the nearest edge inside and the nearest outside.

    The edges are split where the links meet them.

    Parameters
    ----------
    strands
        The network so far.
    gate_ids
        Given, passable gates that no way passes within reach.
    sites, grounds
        Where the gates stand and what they belong to.
    link_kind
        Kind of the links.

    Returns
    -------
    strands : Strands
        With the links, which are estimated.
    gate_nodes : dict
        The node of every gate that could be joined to at least one edge.
    findings : list of Finding
        One per gate.
    """
    gate_nodes: dict[str, tuple[int, ...]] = {}
    findings: list[Finding] = []
    rows = sites.gates.set_index("gate_id")
    for gate_id in gate_ids:
        point = rows.geometry[gate_id]
        site = grounds.ids.index(rows.loc[gate_id, "site_id"])
        node = len(strands.node_xy)
        strands = replace(
            strands,
            node_xy=np.vstack([strands.node_xy, shapely.get_coordinates(point)]),
            node_osm=np.append(strands.node_osm, 0),
        )
        metres = []
        for side in (site, -1):
            strands, link_m = _link(strands, node, point, side, link_kind)
            metres.append(link_m)
        if metres == [None, None]:
            strands = replace(
                strands, node_xy=strands.node_xy[:node], node_osm=strands.node_osm[:node]
            )
        else:
            gate_nodes[gate_id] = (node,)
        findings.append(_report(gate_id, *metres))
    return strands, gate_nodes, findings


def _link(
    strands: Strands, node: int, point: Any, site: int, kind: int
) -> tuple[Strands, float | None]:
    """Link a node to the nearest edge of one side of the boundary; None if there is none."""
    eligible = (strands.site == site) & ~strands.estimated
    if site < 0:
        eligible &= ~strands.private
    candidates = np.flatnonzero(eligible)
    if not len(candidates):
        return strands, None
    away = shapely.distance(strands.geometry[candidates], point)
    if away.min() > LINK_M:
        return strands, None
    edge = int(candidates[np.argmin(away)])
    strands, foot = _split(strands, edge, float(strands.geometry[edge].project(point)))
    line = shapely.linestrings([strands.node_xy[node], strands.node_xy[foot]])
    return (
        replace(
            strands,
            begin=np.append(strands.begin, node),
            end=np.append(strands.end, foot),
            way=np.append(strands.way, 0),
            kind=np.append(strands.kind, kind),
            site=np.append(strands.site, site),
            private=np.append(strands.private, False),
            estimated=np.append(strands.estimated, True),
            geometry=np.append(strands.geometry, line),
            tags=[*strands.tags, {}],
        ),
        float(away.min()),
    )


def _split(strands: Strands, edge: int, along_m: float) -> tuple[Strands, int]:
    """Return the node so many metres along an edge; the edge is split there if need be."""
    line = strands.geometry[edge]
    if along_m <= 0:
        return strands, int(strands.begin[edge])
    if along_m >= line.length:
        return strands, int(strands.end[edge])
    node = len(strands.node_xy)
    spot = line.interpolate(along_m)
    begin, geometry = strands.begin.copy(), strands.geometry.copy()
    begin[edge] = node
    geometry[edge] = substring(line, along_m, line.length)

    def before(values: Any, value: Any) -> Any:
        return np.insert(values, edge, value)

    return (
        replace(
            strands,
            begin=before(begin, strands.begin[edge]),
            end=before(strands.end, node),
            way=before(strands.way, strands.way[edge]),
            kind=before(strands.kind, strands.kind[edge]),
            site=before(strands.site, strands.site[edge]),
            private=before(strands.private, strands.private[edge]),
            estimated=before(strands.estimated, strands.estimated[edge]),
            geometry=before(geometry, substring(line, 0, along_m)),
            tags=[*strands.tags[:edge], strands.tags[edge], *strands.tags[edge:]],
            node_xy=np.vstack([strands.node_xy, [[spot.x, spot.y]]]),
            node_osm=np.append(strands.node_osm, 0),
        ),
        node,
    )


def _report(gate_id: str, inside_m: float | None, outside_m: float | None) -> Finding:
    def ends(metres: float | None) -> str:
        return "kein Weg gefunden" if metres is None else f"{metres:.0f} m"

    return Finding(
        code="gates.unjoined",
        severity=Severity.WARNING,
        message=f"Durch das Tor »{gate_id}« führt in OSM kein Weg ({GATE_REACH_M:.0f} m Umkreis). "
        "Es ist mit geraden Linien an die nächsten Wege angeschlossen: innen "
        f"{ends(inside_m)}, außen {ends(outside_m)}. Die Zeiten durch dieses Tor sind geschätzt.",
        where=gate_id,
        remedy="Die Lage des Tores prüfen oder den fehlenden Weg in OSM ergänzen.",
    )
