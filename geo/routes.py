"""The way itself, from door to door: its line, and what somebody meets on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.ops import substring

from geo._search import whole_mm
from geo._steps import FROM, MM_PER_M, Steps
from geo._tree_edges import Arrivals, arrivals, tree_edges, tree_entries
from geo._trees import Tree
from geo.extract import Tags
from geo.network import MS_PER_S, StreetNetwork
from geo.snapping import Snapped
from geo.step_free import POSSIBLE

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SEAT_NEAR_M = 10.0
"""A seat within this distance of the way is one on the way: across a pavement or a verge."""

_SAME_M = 1e-6
"""Corners nearer than this are one: a door on a way, computed twice."""

_NOT_ROADS = frozenset(
    {"footway", "path", "pedestrian", "steps", "cycleway", "corridor", "platform", "bridleway",
     "track", "elevator"}
)  # fmt: skip
_NO_CROSSING = frozenset({"no"})


@dataclass(frozen=True, eq=False)
class Route:
    """The quickest way from an origin to a place, and what is on it.

    Attributes
    ----------
    from_id, to_id, profile_id, state
        Whose way it is, and which ways count.
    line
        From the door of the origin to that of the place in the CRS of the network, straight
        lines of access and egress included.
    time_s, length_m
        As in the travel time matrix: seconds to 0.1 s, metres to 0.1 m.
    steps_m, flights
        Metres on steps, and how many flights of steps; a flight is what lies between two
        level stretches.
    crossings
        Crossings of roads that the map draws, each once: a way ``footway=crossing`` with its
        islands, or a node ``highway=crossing`` between two ways that are no roads. Crossing
        a road where nothing is drawn is not counted.
    unknown_m, unknown_nodes
        Metres that are only possibly passable for the profile, and how many spots (kerbs,
        gates) of which that is true are passed over; the way may begin at one, but not end.
    private_m, estimated_m
        Metres on private ways of the own grounds, and on straight lines that stand for ways
        nobody has mapped.
    by_hours
        Gates on the way that are open at certain hours only.
    streets
        Names of streets in their order, none twice in a row.
    longest_without_seat_m
        Longest stretch without a seat, doors counting as seats; None if seats are not given.
    edges, metres
        Edges walked along, and how far on each; shape ``(k,)``.
    """

    from_id: str
    to_id: str
    profile_id: str
    state: str
    line: shapely.LineString
    time_s: float
    length_m: float
    steps_m: float
    flights: int
    crossings: int
    unknown_m: float
    unknown_nodes: int
    private_m: float
    estimated_m: float
    by_hours: int
    streets: tuple[str, ...]
    longest_without_seat_m: float | None
    edges: Ints
    metres: Floats


@dataclass(frozen=True, eq=False)
class _Walk:
    """Edges in their order, how far on each, and the nodes between them.

    ``nodes[i]`` lies before ``edges[i + 1]``; a node at the very door stands at the head or
    end, where the stretch beside it has no length. A way that ends at its last node does not
    pass over it.
    """

    edges: list[int]
    begin_mm: list[int]
    end_mm: list[int]
    nodes: list[int]
    entry: int
    ends_at_node: bool = False

    @property
    def mm(self) -> Ints:
        """Millimetres on each edge."""
        end, begin = (np.array(mm, dtype=np.int64) for mm in (self.end_mm, self.begin_mm))
        walked: Ints = np.abs(end - begin)
        return walked


def route(
    network: StreetNetwork,
    tree: Tree,
    destinations: Snapped,
    to_id: str,
    seats: Floats | None = None,
) -> Route | None:
    """Return the quickest way from an origin to a place.

    Parameters
    ----------
    network
        The network searched.
    tree
        From where, as ``geo.travel_time.search`` makes it.
    destinations
        As ``geo.snapping.snap_places`` makes them.
    to_id
        The place.
    seats
        Benches and other seats in the CRS of the network, metres, shape ``(s, 2)``.

    Returns
    -------
    Route or None
        None if the place is not reached within the tree's limit;
        ``geo.travel_time.pair_states`` says why.

    Raises
    ------
    KeyError
        If there is no such place.
    """
    if to_id not in destinations.ids:
        raise KeyError(to_id)
    rows = np.flatnonzero(destinations.owner == destinations.ids.index(to_id))
    one = Snapped(
        ids=destinations.ids,
        **{
            name: getattr(destinations, name)[rows]
            for name in ("owner", "edge", "offset_m", "gap_m", "estimated", "start_xy", "foot_xy")
        },
    )
    found, steps = arrivals(network, tree, one)
    if not len(found.owner):
        return None
    row = int(found.row[0])
    walk = _walk(network, tree, found, steps)
    line = _line(network, tree, walk, one.start_xy[row])
    return Route(
        from_id=tree.origin_id,
        to_id=to_id,
        profile_id=tree.profile_id,
        state=tree.state.value,
        line=line,
        time_s=float(np.round(found.time_ms[0] / MS_PER_S, 1)),
        length_m=float(np.round(found.distance_mm[0] / MM_PER_M, 1)),
        longest_without_seat_m=None if seats is None else longest_without_seat(line, seats),
        edges=np.array(walk.edges, dtype=np.int64),
        metres=walk.mm / MM_PER_M,
        **_facts(
            network,
            tree.profile_id,
            walk,
            estimated_gap_m=_estimated_gaps(tree, walk.entry, steps, row),
            straight_on=bool(steps.gap_mm[row] > 0),
        ),
    )


def longest_without_seat(
    line: shapely.LineString, seats: Floats, near_m: float = SEAT_NEAR_M
) -> float:
    """Return the longest stretch of a way without a seat, metres to 0.1 m.

    A way that passes a seat twice has it twice. At both doors one can sit.

    Parameters
    ----------
    line
        The way, metric CRS.
    seats
        Seats, shape ``(s, 2)``.
    near_m
        How far from the way a seat may stand.
    """
    points = shapely.get_coordinates(line)
    begin, along = points[:-1], np.diff(points, axis=0)
    length = np.hypot(*along.T)
    passed = np.concatenate([[0.0], np.cumsum(length)])
    at = [0.0, float(passed[-1])]
    for x, y in np.asarray(seats, dtype=np.float64).reshape(-1, 2):
        to_seat = np.array([x, y]) - begin
        share = np.divide(
            (to_seat * along).sum(axis=1), length**2, out=np.zeros(len(length)), where=length > 0
        ).clip(0, 1)
        away = np.hypot(*(to_seat - share[:, None] * along).T)
        close = away <= near_m
        at += (passed[:-1] + share * length)[close].tolist()
    return round(float(np.diff(np.sort(at)).max()), 1)


def _walk(network: StreetNetwork, tree: Tree, found: Arrivals, steps: Steps) -> _Walk:
    """Follow the tree back from the place."""
    row, end = int(found.row[0]), int(found.end[0])
    goal, goal_mm = int(steps.edge[row]), int(steps.end_mm[FROM, row])
    at = int(found.node_row[0])
    if at < 0:
        entry = int(found.entry[0])
        return _Walk([goal], [int(tree.steps.end_mm[FROM, entry])], [goal_mm], [], entry)
    by_edge = tree_edges(tree)
    entries, sides = tree_entries(tree)
    length_mm = whole_mm(network.edge_length_m)
    edges, nodes = [goal], []
    begin, last = [0 if end == FROM else int(length_mm[goal])], [goal_mm]
    while True:
        node = int(tree.node[at])
        nodes.append(node)
        if tree.parent[at] < 0:
            break
        edge, above = int(by_edge[at]), int(tree.parent[at])
        mm = int(length_mm[edge])
        forward = int(network.edge_from[edge]) == int(tree.node[above])
        edges.append(edge)
        begin.append(0 if forward else mm)
        last.append(mm if forward else 0)
        at = above
    entry, side = int(entries[at]), int(sides[at])
    first = int(tree.steps.edge[entry])
    edges.append(first)
    begin.append(int(tree.steps.end_mm[FROM, entry]))
    last.append(0 if side == FROM else int(length_mm[first]))
    return _Walk(
        edges[::-1],
        begin[::-1],
        last[::-1],
        nodes[::-1],
        entry,
        ends_at_node=bool(steps.at_end[end, row]),
    )


def _line(network: StreetNetwork, tree: Tree, walk: _Walk, door: Floats) -> shapely.LineString:
    parts: list[Any] = [tree.link_xy[walk.entry][:1]]
    for edge, begin, end in zip(walk.edges, walk.begin_mm, walk.end_mm, strict=True):
        line = network.edge_geometry[edge]
        whole = float(line.length)
        # Millimetres are rounded: what is whole in them is the whole edge.
        first_m, last_m = (
            mm / MM_PER_M if mm < whole * MM_PER_M - 1 else whole for mm in (begin, end)
        )
        parts.append(shapely.get_coordinates(substring(line, first_m, last_m)))
    points = np.concatenate([*parts, door[None, :]])
    moved = np.concatenate([[True], (np.abs(np.diff(points, axis=0)) > _SAME_M).any(axis=1)])
    points = points[moved]
    return shapely.LineString(points if len(points) > 1 else np.repeat(points, 2, axis=0))


def _estimated_gaps(tree: Tree, entry: int, steps: Steps, row: int) -> float:
    """Return the metres of straight lines at the doors that stand for unmapped ways."""
    gaps = ((tree.steps, entry), (steps, row))
    return sum(int(costs.gap_mm[at]) for costs, at in gaps if costs.estimated[at]) / MM_PER_M


def _facts(
    network: StreetNetwork,
    profile_id: str,
    walk: _Walk,
    *,
    estimated_gap_m: float,
    straight_on: bool,
) -> dict[str, Any]:
    passage = network.passages[profile_id]
    edges, mm = np.array(walk.edges), walk.mm
    tags = [network.edge_tags[edge] for edge in walk.edges]
    is_steps = np.array([said.get("highway") == "steps" for said in tags])
    passed = walk.nodes[:-1] if walk.ends_at_node else walk.nodes
    nodes = np.array(passed, dtype=np.int64)
    # Also who goes straight from a gate to a door has passed the gate.
    gates = np.array(walk.nodes if straight_on else passed, dtype=np.int64)
    # An unmapped way that is drawn as a link bears the tags of no way.
    named = [
        said.get("name") or said.get("is_sidepath:of:name") or ""
        for said, far, drawn in zip(tags, mm, ~network.edge_estimated[edges], strict=True)
        if far > 0 and drawn
    ]
    return {
        "steps_m": _metres(mm[is_steps]),
        "flights": _runs(is_steps[mm > 0]),
        "crossings": _crossings(network, walk, tags),
        "unknown_m": _metres(mm[passage.edge_state[edges] == POSSIBLE]),
        "unknown_nodes": len(np.unique(nodes[passage.node_state[nodes] == POSSIBLE])),
        "private_m": _metres(mm[network.edge_private[edges]]),
        "estimated_m": round(_metres(mm[network.edge_estimated[edges]]) + estimated_gap_m, 1),
        "by_hours": len(np.unique(gates[network.node_by_hours[gates]])),
        "streets": _without_repeats(named),
    }


def _metres(mm: Ints) -> float:
    return float(np.round(mm.sum() / MM_PER_M, 1))


def _runs(marked: npt.NDArray[np.bool_]) -> int:
    """Count the runs of marked stretches."""
    return int(np.count_nonzero(np.diff(np.concatenate([[False], marked]).astype(int)) == 1))


def _crossings(network: StreetNetwork, walk: _Walk, tags: list[Tags]) -> int:
    """Count crossings: runs of edges that cross, and single nodes beside them."""
    mm = walk.mm
    on_crossing = [is_crossing_way(said) for said in tags]
    island = [said.get("footway") == "traffic_island" for said in tags]
    count, inside = 0, False
    for number, (crosses, rests) in enumerate(zip(on_crossing, island, strict=True)):
        if mm[number] > 0:
            count += crosses and not inside
            inside = crosses or (inside and rests)
        if number < len(walk.nodes) and mm[: number + 1].any() and mm[number + 1 :].any():
            # Stretches without length lie at the doors only, where the way ends anyhow.
            beside = [number, number + 1]
            osm = int(network.node_osm[walk.nodes[number]])
            here = is_crossing_node(network.node_tags.get(osm, {}))
            roads = any(_is_road(tags[edge]) for edge in beside)
            counted = any(on_crossing[edge] and mm[edge] > 0 for edge in beside)
            count += here and not roads and not counted
    return count


def is_crossing_way(tags: Tags) -> bool:
    """Whether a way crosses a road: ``footway=crossing`` and its kin."""
    return "crossing" in {
        tags.get("footway"), tags.get("cycleway"), tags.get("path")
    } and tags.get("highway") in _NOT_ROADS  # fmt: skip


def is_crossing_node(tags: Tags) -> bool:
    """Whether a road is crossed at a node (OSM wiki, Tag:highway=crossing)."""
    if tags.get("crossing") in _NO_CROSSING:
        return False
    return tags.get("highway") == "crossing" or (
        tags.get("highway") == "traffic_signals" and "crossing" in tags
    )


def _is_road(tags: Tags) -> bool:
    return "highway" in tags and tags["highway"] not in _NOT_ROADS


def _without_repeats(names: list[str]) -> tuple[str, ...]:
    kept: list[str] = []
    for name in names:
        if name and (not kept or kept[-1] != name):
            kept.append(name)
    return tuple(kept)
