"""Travel times on a network's own edges by networkx: the judge of the compiled search.

Whole milliseconds, no code of the search: points on edges are cut in here, closed nodes are
taken apart into one node per edge, so that a way may end there but not lead on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import networkx as nx
import numpy as np

from geo.network import StreetNetwork
from geo.profiles import Profile, State
from geo.snapping import Snapped

START = "start"


class EdgeOracle:
    """A network for one profile and state, as a networkx graph."""

    def __init__(self, network: StreetNetwork, profile: Profile, state: State) -> None:
        self.network = network
        self.profile = profile
        self.weights = network.weights(profile.id, state)
        self.closed = network.passages[profile.id].closed_nodes(state)
        self.ends = network.edge_from, network.edge_to
        self.graph: nx.DiGraph[Any] = nx.DiGraph()
        for edge in range(len(network.edge_from)):
            a, b = (self._spot(int(ends[edge]), edge) for ends in self.ends)
            self._arc(a, b, int(self.weights[0][edge]))
            self._arc(b, a, int(self.weights[1][edge]))
        self.around: dict[int, list[int]] = {}
        for ends in self.ends:
            for edge, node in enumerate(ends.tolist()):
                if self.closed[node]:
                    self.around.setdefault(node, []).append(edge)

    def times(self, starts: Snapped, goals: Snapped, limit_s: float) -> dict[tuple[str, str], int]:
        """Return the milliseconds of every pair within the limit."""
        limit_ms = round(limit_s * 1000)
        found: dict[tuple[str, str], int] = {}
        for number, name in enumerate(starts.ids):
            rows = np.flatnonzero(starts.owner == number)
            self._set_out(starts, rows)
            reached: dict[Any, Any] = nx.single_source_dijkstra_path_length(
                self.graph, START, cutoff=limit_ms, weight="ms"
            )
            self.graph.remove_node(START)
            for goal_row, goal in enumerate(goals.owner.tolist()):
                for spent in (
                    *self._arrivals(reached, goals, goal_row),
                    *self._straight(starts, rows, goals, goal_row),
                ):
                    key = (name, goals.ids[goal])
                    if spent <= limit_ms and spent < found.get(key, limit_ms + 1):
                        found[key] = spent
        return found

    def _spot(self, node: int, edge: int) -> Any:
        return (node, edge) if self.closed[node] else node

    def _arc(self, a: Any, b: Any, ms: int) -> None:
        if ms >= 0 and ms < self.graph.get_edge_data(a, b, {"ms": ms + 1})["ms"]:
            self.graph.add_edge(a, b, ms=ms)

    def _set_out(self, starts: Snapped, rows: Any) -> None:
        self.graph.add_node(START)
        for row in rows:
            edge, share, gap = self._point(starts, row)
            forward, backward = (int(weight[edge]) for weight in self.weights)
            a, b = (self._spot(int(ends[edge]), edge) for ends in self.ends)
            if share == 0 or backward >= 0:
                self._arc(START, a, gap + (0 if share == 0 else round(backward * share)))
            if share == 1 or forward >= 0:
                spent = 0 if share == 1 else forward - round(forward * share)
                self._arc(START, b, gap + spent)

    def _arrivals(self, reached: dict[Any, int], goals: Snapped, row: int) -> Iterator[int]:
        """Come to the goal over an end of its edge."""
        edge, share, gap = self._point(goals, row)
        forward, backward = (int(weight[edge]) for weight in self.weights)
        for side, node in enumerate(int(ends[edge]) for ends in self.ends):
            if share == side:  # the goal is the node itself: come by any edge
                for spot in self._all_spots(node):
                    if spot in reached:
                        yield reached[spot] + gap
            elif self._spot(node, edge) in reached:
                weight = (forward, backward)[side]
                part = round(weight * share)
                if weight >= 0:
                    spent = part if side == 0 else weight - part
                    yield reached[self._spot(node, edge)] + spent + gap

    def _straight(self, starts: Snapped, rows: Any, goals: Snapped, row: int) -> Iterator[int]:
        """Stay on the edge where both the start and the goal lie."""
        edge, share, gap = self._point(goals, row)
        for start in rows:
            own, begun, begun_gap = self._point(starts, start)
            weight = int(self.weights[0 if share > begun else 1][edge])
            if own == edge and share == begun:
                yield begun_gap + gap
            elif own == edge and weight >= 0:
                yield begun_gap + abs(round(weight * share) - round(weight * begun)) + gap

    def _all_spots(self, node: int) -> list[Any]:
        if not self.closed[node]:
            return [node]
        return [(node, edge) for edge in self.around.get(node, [])]

    def _point(self, snapped: Snapped, row: int) -> tuple[int, float, int]:
        edge = int(snapped.edge[row])
        length = float(self.network.edge_length_m[edge])
        share = min(max(float(snapped.offset_m[row]) / length, 0.0), 1.0) if length else 0.0
        gap = round(float(snapped.gap_m[row]) / self.profile.access_speed_m_s * 1000)
        return edge, share, gap
