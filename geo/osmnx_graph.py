"""The network as a graph of osmnx, for those who want to carry on with what they know.

``to_multidigraph`` writes a ``networkx.MultiDiGraph`` the way osmnx lays its graphs out, so
that osmnx's own functions work on it; ``from_multidigraph`` (in ``geo._graph_reading``) makes
a network of such a graph, be it from here or from osmnx.

Layout (osmnx 2): nodes are OSM ids with ``x`` and ``y``, edges run ``u → v`` with ``osmid``,
``length`` in metres, ``geometry``, ``oneway`` and ``reversed``; parallel edges have keys
0, 1, …; the graph itself has ``crs``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError as PyprojCrsError

from geo._graph_reading import MADE_HERE, from_multidigraph
from geo.errors import CrsError, GraphError
from geo.network import MS_PER_S, StreetNetwork
from geo.profiles import State
from geo.step_free import CONFIRMED, FACTS, NO, POSSIBLE, assess_node

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["from_multidigraph", "to_multidigraph"]

STATE_WORDS = {NO: "no", POSSIBLE: "possible", CONFIRMED: "confirmed"}

# Tags that are attributes of their own as well, under the names that osmnx uses; ``oneway``
# is a bool there. All tags together are in ``tags``.
_EDGE_TAGS = (
    "access", "area", "bicycle", "bridge", "foot", "highway", "incline", "junction", "lanes",
    "maxspeed", "name", "ref", "service", "sidewalk", "smoothness", "surface", "tunnel",
    "wheelchair", "width",
)  # fmt: skip
_NODE_TAGS = ("barrier", "entrance", "highway", "junction", "kerb", "railway", "ref")

_STEP_FREE = {NO: "no", POSSIBLE: "unknown", CONFIRMED: "yes"}


def to_multidigraph(
    network: StreetNetwork,
    profile_id: str | None = None,
    state: State = State.CONFIRMED,
    *,
    crs: str | None = None,
) -> nx.MultiDiGraph[int]:
    """Write the network as osmnx would.

    Parameters
    ----------
    network
        As ``geo.network.build_network`` makes it.
    profile_id
        Whose ways and times: the graph holds the directions this profile can pass, with
        ``travel_time`` in seconds. None writes every edge in both directions, without times.
    state
        With a profile: confirmed ways alone, or possible ones as well.
    crs
        Coordinate reference system of coordinates and geometries, e.g. ``"EPSG:4326"``;
        None keeps the network's metric one. Lengths are metres in any case.

    Returns
    -------
    networkx.MultiDiGraph
        Nodes have ``x``, ``y``, ``street_count``, ``osm_id`` (0 for a node made at a boundary
        or gate) and ``by_hours``; a node that stands for no OSM node of its own, or for one
        of several copies of a closed gate, has a negative key. Edges have ``osmid``,
        ``length``, ``geometry``, ``oneway``, ``reversed``, ``private``, ``estimated``, and with
        a profile ``travel_time``, ``state`` and ``missing`` (what is not known, see
        ``geo.step_free.FACTS``). ``tags`` holds the OSM tags as JSON; the common ones are
        attributes as well.

    Raises
    ------
    GraphError
        If the network has no such profile.
    CrsError
        If the CRS is not known.

    Notes
    -----
    What is not on ways stays behind: grounds, obstacles, and inclines of a terrain model.
    """
    graph = _empty_graph(network, profile_id, state, crs)
    project = _projection(network.crs, crs)
    keys = _node_keys(network.node_osm)
    x, y = project(*network.node_xy.T)
    streets = np.bincount(
        np.concatenate([network.edge_from, network.edge_to]), minlength=len(keys)
    )
    step_free = _step_free(network)
    for row, key in enumerate(keys):
        osm_id = int(network.node_osm[row])
        tags = network.node_tags.get(osm_id, {}) if osm_id else {}
        graph.add_node(
            key,
            x=float(x[row]),
            y=float(y[row]),
            street_count=int(streets[row]),
            osm_id=osm_id,
            by_hours=bool(network.node_by_hours[row]),
            **_tag_attributes(tags, _NODE_TAGS),
            **({"step_free": step_free[row]} if row in step_free else {}),
        )
    geometry = _transformed(network.edge_geometry, project)
    backward_geometry = shapely.reverse(geometry)
    attributes = [_tag_attributes(tags, _EDGE_TAGS) for tags in network.edge_tags]
    for edge, against, timed in _directions(network, profile_id, state):
        ends = int(network.edge_from[edge]), int(network.edge_to[edge])
        begin, end = ends[::-1] if against else ends
        u, v = keys[begin], keys[end]
        graph.add_edge(
            u,
            v,
            key=graph.number_of_edges(u, v),
            osmid=int(network.edge_way[edge]),
            length=float(network.edge_length_m[edge]),
            geometry=(backward_geometry if against else geometry)[edge],
            reversed=against,
            private=bool(network.edge_private[edge]),
            estimated=bool(network.edge_estimated[edge]),
            **timed,
            **attributes[edge],
        )
    return graph


def _empty_graph(
    network: StreetNetwork, profile_id: str | None, state: State, crs: str | None
) -> nx.MultiDiGraph[int]:
    import networkx as nx  # noqa: PLC0415  (half a second that few need)

    if profile_id is not None and profile_id not in network.passages:
        raise GraphError(
            f"Das Wegenetz kennt kein Profil »{profile_id}«.",
            remedy=f"Bekannt sind: {', '.join(sorted(network.passages))}.",
        )
    said = {} if profile_id is None else {"profile": profile_id, "state": state.value}
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph()
    graph.graph |= {"crs": crs or network.crs, "simplified": True, MADE_HERE: "network"} | said
    return graph


def _projection(own: str, wanted: str | None) -> Callable[[Any, Any], tuple[Any, Any]]:
    if wanted is None:
        return lambda x, y: (x, y)
    try:
        target = CRS.from_user_input(wanted)
    except PyprojCrsError as error:
        raise CrsError(
            f"»{wanted}« ist kein bekanntes Koordinatensystem.",
            remedy="Zum Beispiel »EPSG:4326« (Länge und Breite in Grad) angeben.",
        ) from error
    transformer = Transformer.from_crs(own, target, always_xy=True)
    return transformer.transform


def _transformed(
    geometry: npt.NDArray[Any], project: Callable[[Any, Any], tuple[Any, Any]]
) -> npt.NDArray[Any]:
    """Return geometries in the wanted CRS."""
    return np.asarray(
        shapely.transform(geometry, lambda xy: np.column_stack(project(*xy.T))), dtype=object
    )


def _node_keys(node_osm: npt.NDArray[np.int64]) -> list[int]:
    """Return the OSM ids; negative row numbers for nodes without one of their own."""
    ids, count = np.unique(node_osm, return_counts=True)
    own = (node_osm > 0) & (count[np.searchsorted(ids, node_osm)] == 1)
    return [int(key) for key in np.where(own, node_osm, -1 - np.arange(len(node_osm)))]


def _directions(
    network: StreetNetwork, profile_id: str | None, state: State
) -> Iterator[tuple[int, bool, dict[str, Any]]]:
    """Yield every edge in every direction it can be passed, with what the profile makes of it.

    A closed node is come to, but nobody goes on from there.
    """
    if profile_id is None:
        for edge in range(len(network.edge_from)):
            for against in (False, True):
                yield edge, against, {"oneway": False}
        return
    passage = network.passages[profile_id]
    closed = passage.closed_nodes(state)
    forward, backward = (
        np.where(closed[begin], -1, weight).tolist()
        for begin, weight in zip(
            (network.edge_from, network.edge_to), passage.weights(state), strict=True
        )
    )
    for edge, both in enumerate(zip(forward, backward, strict=True)):
        missing = int(passage.edge_missing[edge])
        for against, ms in zip((False, True), both, strict=True):
            if ms < 0:
                continue
            yield (
                edge,
                against,
                {
                    "oneway": min(both) < 0,
                    "travel_time": ms / MS_PER_S,
                    "state": STATE_WORDS[int(passage.edge_state[edge])],
                    "missing": ",".join(
                        fact for bit, fact in enumerate(FACTS) if missing >> bit & 1
                    ),
                },
            )


def _tag_attributes(tags: Any, chosen: tuple[str, ...]) -> dict[str, str]:
    """Return the chosen tags as attributes, and all of them as JSON."""
    if not tags:
        return {}
    said = {key: tags[key] for key in chosen if key in tags}
    said["tags"] = json.dumps(dict(sorted(tags.items())), ensure_ascii=False)
    return said


def _step_free(network: StreetNetwork) -> dict[int, str]:
    """Say of gates what the study says of steps there, where the map says otherwise."""
    said: dict[int, str] = {}
    for key, passage in network.passages.items():
        limits = network.profiles[key].limits
        if limits is None:
            continue
        for node in sorted({node for nodes in network.gate_nodes.values() for node in nodes}):
            tags = network.node_tags.get(int(network.node_osm[node]), {})
            state = int(passage.node_state[node])
            if state != assess_node(tags, limits).state:
                said[node] = _STEP_FREE[state]
    return said
