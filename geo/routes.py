"""The way itself, from door to door, as a line."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from shapely.ops import substring

from geo._reached import SAME_EDGE, Reader
from geo._search import graph_of
from geo._steps import FROM, MM_PER_M, TO, Steps, between, step_costs
from geo._trees import Tree, entries
from geo.network import StreetNetwork
from geo.snapping import Snapped


def route(
    network: StreetNetwork, tree: Tree, destinations: Snapped, to_id: str
) -> shapely.LineString | None:
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

    Returns
    -------
    shapely.LineString or None
        From the door of the origin to that of the place in the CRS of the network, straight
        lines of access and egress included; None if the place is not reached within the
        tree's limit. Its length is the ``distance_m`` of the travel time matrix.

    Raises
    ------
    KeyError
        If there is no such place.
    """
    if to_id not in destinations.ids:
        raise KeyError(to_id)
    rows = np.flatnonzero(destinations.owner == destinations.ids.index(to_id))
    profile = network.profiles[tree.profile_id]
    steps = step_costs(network, destinations, profile, tree.state).only(rows)
    reached = Reader(network).read(tree, steps, destinations.owner[rows])
    if not len(reached.owner):
        return None
    row, end = int(reached.row[0]), int(reached.end[0])
    goal = int(steps.edge[row])
    goal_m = steps.end_mm[FROM, row] / MM_PER_M
    if end == SAME_EDGE:
        start = _direct_start(tree, steps, row)
        line = network.edge_geometry[goal]
        begin_m = tree.steps.end_mm[FROM, start] / MM_PER_M
        walked = [_points(substring(line, begin_m, goal_m))]
    else:
        node = int((network.edge_from, network.edge_to)[end][goal])
        start, walked = _to_node(network, tree, node)
        line = network.edge_geometry[goal]
        whole_m = float(line.length)
        walked.append(_points(substring(line, 0 if end == FROM else whole_m, goal_m)))
    door = destinations.start_xy[rows[row]]
    points = np.concatenate([tree.link_xy[start][:1], *walked, door[None, :]])
    moved = np.concatenate([[True], (np.diff(points, axis=0) != 0).any(axis=1)])
    points = points[moved]
    return shapely.LineString(points if len(points) > 1 else np.repeat(points, 2, axis=0))


def _to_node(network: StreetNetwork, tree: Tree, node: int) -> tuple[int, list[Any]]:
    """Return the access point taken, and the stretches walked up to a node."""
    graph = graph_of(network, tree.profile_id, tree.state)
    at = int(np.searchsorted(tree.node, node))
    stretches: list[Any] = []
    while tree.parent[at] >= 0:
        above = int(tree.parent[at])
        ends = tree.node[[above]], tree.node[[at]]
        edge = int(graph.edge[graph.arcs(*ends)[0]])
        points = _points(network.edge_geometry[edge])
        forward = network.edge_from[edge] == tree.node[above]
        stretches.append(points if forward else points[::-1])
        at = above
    nodes, _, _, taken = entries(network, tree.steps)
    start = int(taken[np.searchsorted(nodes, tree.node[at])])
    edge = int(tree.steps.edge[start])
    line = network.edge_geometry[edge]
    begin_m = tree.steps.end_mm[FROM, start] / MM_PER_M
    # Where both ends of the edge are the same node, the cheaper side was taken.
    out_ms = tree.steps.out_ms[:, start]
    sides = [
        side
        for side, ends_at in ((FROM, network.edge_from), (TO, network.edge_to))
        if ends_at[edge] == tree.node[at] and out_ms[side] >= 0
    ]
    side = min(sides, key=lambda side: int(out_ms[side]))
    stretches.append(_points(substring(line, begin_m, 0 if side == FROM else line.length)))
    return start, stretches[::-1]


def _direct_start(tree: Tree, steps: Steps, row: int) -> int:
    """Return the access point of the origin from which the way stays on one edge."""
    costs = []
    for start in range(len(tree.steps.edge)):
        rows, ms, mm = between(tree.steps, start, steps)
        for found in np.flatnonzero(rows == row):
            gap_ms, gap_mm = tree.steps.gap_ms[start], tree.steps.gap_mm[start]
            costs.append((int(gap_ms + ms[found]), int(gap_mm + mm[found]), start))
    return min(costs)[2]


def _points(line: Any) -> Any:
    return shapely.get_coordinates(line)
