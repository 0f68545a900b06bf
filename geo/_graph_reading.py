"""A network made of a graph of osmnx, or of one that ``geo.osmnx_graph`` wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError as PyprojCrsError

from geo._graph_streets import NO_TAGS, Street, flag, number, own_tags, read_streets
from geo._joints import Strands
from geo._way_kinds import way_kinds
from geo._weights import open_on_foot, prepare, weigh
from geo.crs import WGS84, is_metric, metric_crs_for
from geo.errors import GraphError
from geo.extract import Tags
from geo.findings import Finding, Severity
from geo.foot_access import Access, node_passable
from geo.network import StreetNetwork
from geo.profiles import Profile

if TYPE_CHECKING:
    import networkx as nx

MADE_HERE = "sozialraumkarte"
"""Attribute of graphs written here: what they say beyond OSM's tags is then believed."""


def from_multidigraph(
    graph: nx.MultiDiGraph[Any], profiles: Mapping[str, Profile]
) -> StreetNetwork:
    """Make a network of a graph of osmnx.

    Who may pass which way is decided from the tags by the rules of this product, not by which
    directions the graph has: a one-way street is walked both ways. Where several ways were
    merged into one edge, a tag on which they disagree is not known; if one of them is steps,
    the edge is steps.

    Parameters
    ----------
    graph
        With ``crs``; nodes with ``x`` and ``y``; edges with ``length``, and ``osmid``,
        ``geometry`` (else straight) and OSM tags as attributes. A graph in degrees is
        projected.
    profiles
        Who is on the way, by id.

    Returns
    -------
    StreetNetwork
        Without grounds: private ways are left out, but those a graph from here marks as the
        study's own. Times follow the geometries; where the graph's lengths say something else,
        a finding says so.

    Raises
    ------
    GraphError
        If it is no directed multigraph, lacks ``crs``, ``x``, ``y`` or ``length``, or holds
        nothing that people can walk or ride on.
    """
    _require_graph(graph)
    own = graph.graph.get(MADE_HERE) == "network"
    crs, transformer = _metric(graph)
    keys = list(graph.nodes)
    xy = _node_xy(graph, transformer)
    row_of = {key: row for row, key in enumerate(keys)}
    streets, disagreeing, off = read_streets(graph, row_of, xy, transformer, own=own)
    kinds = way_kinds(street.tags for street in streets)
    open_ = kinds.on_foot | kinds.rides.any(axis=1)
    private = np.array([street.private for street in streets], dtype=bool)
    estimated = np.array([street.estimated for street in streets], dtype=bool)
    kept = open_[kinds.of_way] | estimated
    shut_off = kept & kinds.private[kinds.of_way] & ~private
    kept &= ~shut_off
    if not kept.any():
        raise _nothing_there()
    rows = np.flatnonzero(kept)
    node_osm, node_tags, step_free, by_hours, closed = _read_nodes(graph, own=own)
    strands, source = _tie(
        [streets[row] for row in rows], kinds.of_way[rows], xy, node_osm, closed
    )
    scales = prepare(
        strands,
        kinds,
        node_tags=node_tags,
        node_step_free={
            node: step_free[row] for node, row in enumerate(source.tolist()) if row in step_free
        },
        inclines=None,
    )
    count = len(rows)
    return StreetNetwork(
        crs=crs,
        node_xy=strands.node_xy,
        node_osm=strands.node_osm,
        edge_from=strands.begin.astype(np.int32),
        edge_to=strands.end.astype(np.int32),
        edge_way=strands.way,
        edge_length_m=scales.length_m,
        edge_geometry=strands.geometry,
        edge_private=strands.private,
        edge_estimated=strands.estimated,
        edge_site=np.full(count, -1, dtype=np.int32),
        edge_tags=strands.tags,
        edge_on_foot=open_on_foot(strands, kinds),
        node_tags=node_tags,
        node_by_hours=by_hours[source],
        passages={key: weigh(scales, profile) for key, profile in profiles.items()},
        profiles=dict(profiles),
        site_ids=(),
        site_polygons=np.empty(0, dtype=object),
        site_has_gates=np.empty(0, dtype=bool),
        gate_nodes={},
        gate_site={},
        findings=tuple(_report(len(streets) - count, int(shut_off.sum()), disagreeing, off)),
    )


def _nothing_there() -> GraphError:
    return GraphError(
        "Der Graph enthält keinen Weg, auf dem man gehen oder fahren darf.",
        remedy="Ein Wegenetz mit den Merkmalen »highway« aus OpenStreetMap verwenden.",
    )


def _require_graph(graph: Any) -> None:
    directed = getattr(graph, "is_directed", None)
    multiple = getattr(graph, "is_multigraph", None)
    if directed is None or multiple is None or not (directed() and multiple()):
        raise GraphError(
            "Das ist kein gerichteter Graph mit mehrfachen Kanten (networkx.MultiDiGraph).",
            where=type(graph).__name__,
            remedy="Den Graphen so übergeben, wie osmnx ihn liefert.",
        )
    if not graph.graph.get("crs"):
        raise GraphError(
            "Dem Graphen fehlt das Koordinatensystem (»crs«).",
            remedy='graph.graph["crs"] setzen, zum Beispiel auf »EPSG:4326«.',
        )
    if not graph.number_of_edges():
        raise _nothing_there()


def _metric(graph: nx.MultiDiGraph[Any]) -> tuple[str, Transformer | None]:
    """Return the metric CRS to build in, and how to get there from the graph's own."""
    try:
        own = CRS.from_user_input(graph.graph["crs"])
    except PyprojCrsError as error:
        raise GraphError(
            "Das Koordinatensystem des Graphen ist nicht bekannt.",
            where=f"crs = {graph.graph['crs']!s:.80}",
            remedy='graph.graph["crs"] setzen, zum Beispiel auf »EPSG:4326«.',
        ) from error
    if is_metric(own):
        return own.to_string(), None
    xy = _coordinates(graph)
    to_degrees = Transformer.from_crs(own, WGS84, always_xy=True)
    crs = metric_crs_for(*to_degrees.transform(*xy.mean(axis=0)))
    return crs, Transformer.from_crs(own, crs, always_xy=True)


def _coordinates(graph: nx.MultiDiGraph[Any]) -> npt.NDArray[np.float64]:
    xy = np.empty((graph.number_of_nodes(), 2))
    for row, (node, data) in enumerate(graph.nodes(data=True)):
        xy[row] = [number(data.get(axis)) for axis in ("x", "y")]
        if not np.isfinite(xy[row]).all():
            raise GraphError(
                "Einem Knoten des Graphen fehlen die Koordinaten (»x«, »y«).",
                where=f"Knoten {node!s:.80}",
                remedy="Jedem Knoten »x« und »y« im Koordinatensystem des Graphen geben.",
            )
    return xy


def _node_xy(
    graph: nx.MultiDiGraph[Any], transformer: Transformer | None
) -> npt.NDArray[np.float64]:
    xy = _coordinates(graph)
    if transformer is not None:
        xy = np.column_stack(transformer.transform(*xy.T))
        if not np.isfinite(xy).all():
            raise GraphError(
                "Die Koordinaten des Graphen passen nicht zu seinem Koordinatensystem.",
                where=f"crs = {graph.graph['crs']!s:.80}",
                remedy='graph.graph["crs"] prüfen; in Metern zum Beispiel »EPSG:25832«.',
            )
    return xy


def _read_nodes(
    graph: nx.MultiDiGraph[Any], *, own: bool
) -> tuple[
    npt.NDArray[np.int64],
    dict[int, Tags],
    dict[int, str],
    npt.NDArray[np.bool_],
    npt.NDArray[np.bool_],
]:
    """Return OSM ids, tags by OSM id, what gates say of steps, opening hours, and what closes.

    In graphs from here closed nodes are parted already, and open private gates are open.
    """
    count = graph.number_of_nodes()
    osm_ids = np.zeros(count, dtype=np.int64)
    by_hours = np.zeros(count, dtype=bool)
    closed = np.zeros(count, dtype=bool)
    tags_of: dict[int, Tags] = {}
    step_free: dict[int, str] = {}
    for row, (node, data) in enumerate(graph.nodes(data=True)):
        osm_id = number(data.get("osm_id") if own else node)
        osm_ids[row] = int(osm_id) if 0 < osm_id < np.iinfo(np.int64).max else 0
        if own:
            tags = own_tags(data)
            by_hours[row] = flag(data.get("by_hours"))
            if data.get("step_free") in {"yes", "no", "unknown"}:
                step_free[row] = data["step_free"]
        else:
            tags = {
                key: value
                for key, value in data.items()
                if key not in NO_TAGS and isinstance(value, str)
            }
            closed[row] = node_passable(tags) is not Access.YES
        if tags and osm_ids[row]:
            tags_of[int(osm_ids[row])] = tags
    return osm_ids, tags_of, step_free, by_hours, closed


def _tie(
    streets: list[Street],
    kind: npt.NDArray[np.int64],
    xy: npt.NDArray[np.float64],
    node_osm: npt.NDArray[np.int64],
    closed: npt.NDArray[np.bool_],
) -> tuple[Strands, npt.NDArray[np.int64]]:
    """Tie edges together at their nodes; a closed node stands once for every edge there.

    Returns
    -------
    strands, source
        The network to be weighed, and the row in the graph of each of its nodes.
    """
    half = len(streets)
    spot = np.array(
        [street.begin for street in streets] + [street.end for street in streets], dtype=np.int64
    )
    copy = np.where(closed[spot], np.arange(2 * half), 0)
    keys, node = np.unique(spot * (2 * half + 1) + copy, return_inverse=True)
    source = keys // (2 * half + 1)
    geometry = np.empty(half, dtype=object)
    geometry[:] = [street.geometry for street in streets]
    strands = Strands(
        begin=node[:half],
        end=node[half:],
        way=np.array([street.osmid for street in streets], dtype=np.int64),
        kind=kind,
        site=np.full(half, -1, dtype=np.int64),
        private=np.array([street.private for street in streets], dtype=bool),
        estimated=np.array([street.estimated for street in streets], dtype=bool),
        geometry=geometry,
        tags=[street.tags for street in streets],
        node_xy=xy[source],
        node_osm=node_osm[source],
    )
    return strands, source


def _report(shut: int, private: int, disagreeing: int, off: int) -> list[Finding]:
    said = []
    if shut - private:
        said.append(("graph.not_passable", Severity.INFO, shut - private,
                     "Wege des Graphen, auf denen man weder gehen noch fahren darf"))  # fmt: skip
    if private:
        said.append(("graph.private", Severity.INFO, private,
                     "Private Wege des Graphen, ohne Gelände nicht benutzt"))  # fmt: skip
    if disagreeing:
        said.append(("graph.merged", Severity.INFO, disagreeing,
                     "Kanten aus mehreren Wegen mit verschiedenen Merkmalen; was sich "
                     "widerspricht, gilt als unbekannt"))  # fmt: skip
    if off:
        said.append(("graph.lengths", Severity.WARNING, off,
                     "Kanten, deren Länge nicht zu ihrem Verlauf passt; es gilt der Verlauf")
                    )  # fmt: skip
    return [
        Finding(code=code, severity=severity, message=f"{text}: {count}.", count=count)
        for code, severity, count, text in said
    ]
