"""The edges of a graph of osmnx as streets: each once, with the tags of its OSM way."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer

from geo.errors import GraphError
from geo.extract import Tags

if TYPE_CHECKING:
    import networkx as nx

# What osmnx and its users write on edges and nodes that is no tag of OSM.
NO_TAGS = frozenset(
    {"bearing", "bc", "elevation", "from", "geometry", "grade", "grade_abs", "key", "lat",
     "length", "lon", "merged_edges", "osm_id", "osmid", "osmid_original", "reversed",
     "speed_kph", "street_count", "tags", "to", "travel_time", "u", "v", "x", "y"}
)  # fmt: skip
# Of several values the strictest counts, as in OSM's own ``a;b``.
_JOINED = frozenset({"access", "bicycle", "foot", "vehicle"})

_LENGTH_SHARE, _LENGTH_M = 0.05, 5.0
"""A length that differs more than this from its geometry is reported."""


@dataclass(frozen=True)
class Street:
    """One street of the graph, its two directions put together."""

    begin: int
    end: int
    osmid: int
    tags: Tags
    geometry: Any
    private: bool
    estimated: bool


def read_streets(
    graph: nx.MultiDiGraph[Any],
    row_of: Mapping[Any, int],
    xy: npt.NDArray[np.float64],
    transformer: Transformer | None,
    *,
    own: bool,
) -> tuple[list[Street], int, int]:
    """Read the edges of a graph, the two directions of a street put together.

    Parameters
    ----------
    graph
        The graph.
    row_of, xy
        Number of each node, and where it lies, metres.
    transformer
        From the graph's CRS to that of ``xy``; None where they are the same.
    own
        Whether the graph was written here.

    Returns
    -------
    streets
        In the order of OSM ids and ends.
    disagreeing, off
        How many were merged of ways that disagree, and have a length unlike their geometry.

    Raises
    ------
    GraphError
        If an edge has no length, or a geometry that is no line.
    """
    found: dict[tuple[Any, ...], Street] = {}
    disagreeing = off = 0
    # What runs with its way comes first, so that of two directions it gives the tags.
    for u, v, data in sorted(graph.edges(data=True), key=lambda edge: _is_reversed(edge[2])):
        where = f"Kante {u!s:.40} → {v!s:.40}"
        begin, end = row_of[u], row_of[v]
        line = _line(data.get("geometry"), xy[[begin, end]], transformer, where)
        length = number(data.get("length"))
        if not (math.isfinite(length) and length >= 0):
            raise GraphError(
                "Einer Kante des Graphen fehlt die Länge (»length«, in Metern).",
                where=where,
                remedy="Mit osmnx zum Beispiel: ox.distance.add_edge_lengths(graph).",
            )
        tags, agree = (own_tags(data), True) if own else _foreign_tags(data)
        # The one direction of a one-way street is that of its edge.
        if _is_reversed(data) and (own or "oneway" not in tags):
            begin, end, line = end, begin, line[::-1]
        osmid = _osmid(data.get("osmid"))
        key = (osmid, min(begin, end), max(begin, end), _course(line, turned=begin > end))
        if key in found:
            continue
        disagreeing += not agree
        drawn = np.hypot(*np.diff(line, axis=0).T).sum()
        off += abs(length - drawn) > max(_LENGTH_M, _LENGTH_SHARE * length)
        found[key] = Street(
            begin, end, osmid, tags, shapely.LineString(line),
            private=own and flag(data.get("private")),
            estimated=own and flag(data.get("estimated")),
        )  # fmt: skip
    return [found[key] for key in sorted(found)], disagreeing, off


def _is_reversed(data: Mapping[str, Any]) -> bool:
    """Whether an edge runs against its way; not so if merged of both."""
    return flag(data.get("reversed"))


def _line(
    value: Any, ends: npt.NDArray[np.float64], transformer: Transformer | None, where: str
) -> npt.NDArray[np.float64]:
    """Return the points of an edge from its first end to its second; only these for None."""
    if value is None:
        return ends
    try:
        line = shapely.from_wkt(value) if isinstance(value, str) else value
    except shapely.errors.ShapelyError:
        line = None
    if not isinstance(line, shapely.LineString) or line.is_empty:
        raise GraphError(
            "Die Geometrie einer Kante des Graphen ist keine Linie.",
            where=where,
            remedy="Den Graphen mit ox.load_graphml laden oder Linien (shapely) übergeben.",
        )
    at = shapely.get_coordinates(line)
    if transformer is not None:
        at = np.column_stack(transformer.transform(*at.T))
    straight = np.hypot(*(at[0] - ends[0])) + np.hypot(*(at[-1] - ends[1]))
    crossed = np.hypot(*(at[0] - ends[1])) + np.hypot(*(at[-1] - ends[0]))
    return np.asarray(at[::-1] if crossed < straight else at)


def _course(line: npt.NDArray[np.float64], *, turned: bool) -> bytes:
    """Return where a street runs, the same to the last bit for both directions."""
    loop = np.array_equal(line[0], line[-1])
    if turned or (loop and line[1].tolist() > line[-2].tolist()):
        line = line[::-1]
    return line.tobytes()


def _foreign_tags(data: Mapping[str, Any]) -> tuple[Tags, bool]:
    """Return the OSM tags of an edge, and whether the ways it is made of agree on them."""
    tags, agree = {}, True
    for key, value in data.items():
        if key in NO_TAGS:
            continue
        if key == "oneway" and not isinstance(value, list):
            if flag(value):
                tags[key] = "yes"
        elif isinstance(value, str):
            tags[key] = value
        elif isinstance(value, list):
            values = sorted({str(one) for one in value})
            agree &= len(values) == 1
            tags |= _merged(key, values)
    return tags, agree


def _merged(key: str, values: list[str]) -> Tags:
    """Return what several ways say with one key, if they say anything together."""
    if key in _JOINED:
        return {key: ";".join(values)}
    if key == "highway" and values:
        return {key: "steps" if "steps" in values else values[0]}
    return {key: values[0]} if len(values) == 1 else {}


def own_tags(data: Mapping[str, Any]) -> Tags:
    """Return the OSM tags that a graph written here keeps for an edge or node.

    Raises
    ------
    GraphError
        If they cannot be read.
    """
    said = data.get("tags", {})
    if isinstance(said, str):  # osmnx has made a dict of it on loading GraphML
        try:
            said = json.loads(said)
        except ValueError:
            said = None
    if not isinstance(said, dict):
        raise GraphError(
            "Die Merkmale (»tags«) einer Kante oder eines Knotens sind nicht lesbar.",
            where=f"{data.get('tags')!s:.80}",
            remedy="Den Graphen neu schreiben lassen (to_multidigraph).",
        )
    return {str(key): str(value) for key, value in said.items()}


def _osmid(value: Any) -> int:
    """Return the OSM id of an edge; the lowest of several, 0 for none."""
    numbers = [number(one) for one in (value if isinstance(value, list) else [value])]
    known = [int(one) for one in numbers if math.isfinite(one)]
    return min(known, default=0)


def number(value: Any) -> float:
    """Read a number; NaN for anything else."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan


def flag(value: Any) -> bool:
    """Read a truth value, which GraphML holds as text."""
    return value is True or (isinstance(value, str) and value.lower() in {"true", "yes", "1"})
