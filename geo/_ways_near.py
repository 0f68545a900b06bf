"""Finding where shapes meet or come nearest to the edges of a network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo._grounds import BAND_M
from geo.network import StreetNetwork
from geo.profiles import State

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Shapes = npt.NDArray[Any]

_AT_NODE_M = 0.001
"""A foot this near to the end of an edge is at its node."""


@dataclass(frozen=True, eq=False)
class Feet:
    """Where owners meet edges; attributes as in ``geo.snapping.Snapped``.

    Attributes
    ----------
    skipped_island
        Whether a nearer way was passed over because it is an island.
    """

    owner: Ints
    edge: Ints
    offset_m: Floats
    gap_m: Floats
    estimated: Bools
    skipped_island: Bools
    start_xy: Floats
    foot_xy: Floats

    @staticmethod
    def joined(several: Sequence[Feet]) -> Feet:
        """Put several into one."""
        columns = {
            column.name: np.concatenate([getattr(feet, column.name) for feet in several])
            for column in fields(Feet)
        }
        return Feet(**columns)

    def only(self, rows: Any) -> Feet:
        """Return some of them."""
        return Feet(**{column.name: getattr(self, column.name)[rows] for column in fields(Feet)})

    def owned_by(self, owners: Ints) -> Feet:
        """Replace owner ``i`` by ``owners[i]``."""
        return replace(self, owner=owners[self.owner])


@dataclass(frozen=True, eq=False)
class _Pool:
    """Edges that a shape may be joined to, and a tree to find them."""

    edges: Ints
    tree: shapely.STRtree


class NearWays:
    """Nearest edges of one network, kept apart by grounds and by islands."""

    def __init__(
        self, network: StreetNetwork, max_m: float, profile_id: str | None = None
    ) -> None:
        self.network = network
        self.max_m = max_m
        self._profile_id = profile_id
        parts = network.parts(profile_id)
        self.usable = parts.usable
        """Edges that hang together, shape ``(m,)``."""
        self.stranded = parts.island()[parts.edge_component] & parts.usable
        """Edges that hang together with nothing but their like, shape ``(m,)``."""
        # A straight line over a gap is no way on wheels: whoever starts on an island stays.
        on_foot = profile_id is None
        self.on_island = self.stranded if on_foot else np.zeros_like(self.stranded)
        """Edges that are passed over where the main network is near, shape ``(m,)``."""
        self.first_edge = _first_edges(network, self.usable)
        """The lowest of them at each node, −1 where none ends, shape ``(n,)``."""
        self.shut = self._unsure = np.zeros(len(network.node_xy), dtype=bool)
        """Nodes that are closed even if all is taken that may be passable, shape ``(n,)``."""
        if profile_id is not None:
            passage = network.passages[profile_id]
            self.shut = passage.closed_nodes(State.POSSIBLE)
            self._unsure = passage.closed_nodes(State.CONFIRMED)

    def part_m(self, edge: int) -> float:
        """Return the metres of ways that hang together with an edge."""
        parts = self.network.parts(self._profile_id)
        return float(parts.length_m[parts.edge_component[edge]])

    def nearest(self, shapes: Shapes, site: Ints, *, keep_islands: bool = False) -> Feet:
        """Join shapes to their nearest allowed edge, or gate.

        Of edges at exactly the same distance (they meet in one node) all are taken. Where
        the nearest is an island and the main network is within reach, that is taken.

        Parameters
        ----------
        shapes
            Points, lines or polygons in the CRS of the network, shape ``(n,)``.
        site
            Index of the grounds that each shape stands on, −1 outside.
        keep_islands
            Join shapes at islands to the island as well.

        Returns
        -------
        Feet
            Owners are rows of ``shapes``; shapes without an edge within reach are absent.
        """
        found = [_no_feet()]
        for number in np.unique(site):
            rows = np.flatnonzero(site == number)
            near = self._nearest_of_site(shapes[rows], int(number), keep_islands=keep_islands)
            found.append(near.owned_by(rows))
        return Feet.joined(found)

    def meeting(self, shapes: Shapes, site: Ints) -> Feet:
        """Join shapes to every spot where the main network crosses or enters their outline.

        Junctions inside an outline count too, for who comes from inside. Shapes that only
        islands meet are absent, like those that nothing meets.
        """
        found = [_no_feet()]
        for number in np.unique(site):
            rows = np.flatnonzero(site == number)
            found.append(self._meeting_of_site(shapes[rows], int(number)).owned_by(rows))
        return Feet.joined(found)

    def at_nodes(self, owner: Ints, node: Ints) -> Feet:
        """Join owners to nodes, with nothing to walk; nodes without edges are left out."""
        edge = self.first_edge[node] if len(node) else np.empty(0, dtype=np.int64)
        owner, node, edge = owner[edge >= 0], node[edge >= 0], edge[edge >= 0]
        at_end = self.network.edge_from[edge] != node
        xy = self.network.node_xy[node]
        return Feet(
            owner=owner,
            edge=edge,
            offset_m=np.where(at_end, self.network.edge_length_m[edge], 0.0),
            gap_m=np.zeros(len(edge)),
            estimated=np.zeros(len(edge), dtype=bool),
            skipped_island=np.zeros(len(edge), dtype=bool),
            start_xy=xy,
            foot_xy=xy,
        )

    def at_gates(self, owner: Ints, node: Ints) -> Feet:
        """Join owners to gates, with nothing to walk; gates that are shut are left out.

        On wheels every edge at a gate is met: passing over the gate may be uncertain, going
        on from it is not.
        """
        owner, node = owner[~self.shut[node]], node[~self.shut[node]]
        return self._with_all_at_node(self.at_nodes(owner, node), self.usable)

    def _with_all_at_node(self, feet: Feet, allowed: Bools) -> Feet:
        """Let feet at nodes that not everybody passes over meet every edge there.

        Elsewhere one edge is as good as any other at its node.
        """
        if self._profile_id is None:
            return feet
        network, edge = self.network, feet.edge
        at_end = feet.offset_m >= network.edge_length_m[edge]
        node = np.where(at_end, network.edge_to[edge], network.edge_from[edge])
        rows = np.flatnonzero((at_end | (feet.offset_m <= 0)) & self._unsure[node])
        found = [feet]
        met = set(zip(feet.owner.tolist(), edge.tolist(), strict=True))
        for row in rows.tolist():
            owner = int(feet.owner[row])
            edges = self._edges_at(int(node[row])).tolist()
            others = [one for one in edges if allowed[one] and (owner, one) not in met]
            met.update((owner, one) for one in others)
            begins = network.edge_from[others] == node[row]
            more = feet.only(np.full(len(others), row))
            offset = np.where(begins, 0.0, network.edge_length_m[others])
            found.append(replace(more, edge=np.array(others, dtype=np.int64), offset_m=offset))
        return Feet.joined(found)

    def _edges_at(self, node: int) -> Ints:
        """Return the edges that begin or end at a node."""
        key = ("edges at nodes",)
        if key not in self.network._memory:  # noqa: SLF001
            ends = np.concatenate([self.network.edge_from, self.network.edge_to])
            order = np.argsort(ends, kind="stable")
            self.network._memory[key] = order, ends[order]  # noqa: SLF001
        order, ends = self.network._memory[key]  # noqa: SLF001
        first, last = np.searchsorted(ends, [node, node + 1])
        edges: Ints = np.unique(order[first:last] % len(self.network.edge_from))
        return edges

    def _pool(self, site: int, *, main: bool) -> _Pool:
        """Return the edges of one side of the boundary; ``main`` leaves out the islands."""
        main = main and bool(self.on_island.any())
        key = ("pool", self._profile_id, site, main)
        if key not in self.network._memory:  # noqa: SLF001
            network = self.network
            eligible = (network.edge_site == site) & ~network.edge_estimated & self.usable
            if site < 0:
                eligible &= ~network.edge_private
            if main:
                eligible &= ~self.on_island
            edges = np.flatnonzero(eligible)
            tree = shapely.STRtree(network.edge_geometry[edges])
            network._memory[key] = _Pool(edges, tree)  # noqa: SLF001
        pool: _Pool = self.network._memory[key]  # noqa: SLF001
        return pool

    def _nearest_of_site(self, shapes: Shapes, site: int, *, keep_islands: bool) -> Feet:
        near = self._nearer(
            self._nearest_edges(shapes, site, main=False),
            self._nearest_gates(shapes, site, main=False),
        )
        near = near.only(self._best_of_ties(near))
        stranded = np.unique(near.owner[self.on_island[near.edge]])
        if len(stranded):
            main = self._off_islands(shapes, stranded, site)
            kept = keep_islands | ~np.isin(near.owner, main.owner)
            near = Feet.joined([near.only(kept), main])
        if site >= 0 and not self.network.site_has_gates[site]:
            near = self._over_the_boundary(near, shapes)
        allowed = np.zeros(len(self.usable), dtype=bool)
        allowed[self._pool(site, main=False).edges] = True
        return self._with_all_at_node(near, allowed)

    def _off_islands(self, shapes: Shapes, stranded: Ints, site: int) -> Feet:
        """Join shapes at islands to the main network where it is within reach."""
        main = self._nearer(
            self._nearest_edges(shapes[stranded], site, main=True),
            self._nearest_gates(shapes[stranded], site, main=True),
        ).owned_by(stranded)
        return replace(main, skipped_island=np.ones(len(main.owner), dtype=bool))

    def _over_the_boundary(self, near: Feet, shapes: Shapes) -> Feet:
        """Take the straight line out of grounds that have no gate and no way leading out."""
        stuck = np.ones(len(shapes), dtype=bool)
        stuck[near.owner[~self.on_island[near.edge]]] = False
        rows = np.flatnonzero(stuck)
        out = self._feet(shapes[rows], *self._query(shapes[rows], -1, main=True)).owned_by(rows)
        out = replace(out, estimated=np.ones(len(out.owner), dtype=bool))
        return Feet.joined([near.only(~np.isin(near.owner, out.owner)), out])

    def _query(self, shapes: Shapes, site: int, *, main: bool) -> tuple[Ints, Ints]:
        pool = self._pool(site, main=main)
        if not len(pool.edges) or not len(shapes):
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
        owner, position = pool.tree.query_nearest(shapes, max_distance=self.max_m)
        return owner, pool.edges[position]

    def _nearest_edges(self, shapes: Shapes, site: int, *, main: bool) -> Feet:
        feet = self._feet(shapes, *self._query(shapes, site, main=main))
        wrong = np.unique(feet.owner[~self._allowed(feet, site)])
        if not len(wrong):
            return feet
        right = [feet.only(~np.isin(feet.owner, wrong))]
        right += [self._nearest_allowed(shapes, int(row), site, main=main) for row in wrong]
        return Feet.joined(right)

    def _nearest_allowed(self, shapes: Shapes, row: int, site: int, *, main: bool) -> Feet:
        """Look at all edges within reach in the order of their distance."""
        pool = self._pool(site, main=main)
        shape = shapes[row]
        edges = pool.edges[pool.tree.query(shape, predicate="dwithin", distance=self.max_m)]
        edges = np.sort(edges)
        away = shapely.distance(self.network.edge_geometry[edges], shape)
        for edge in edges[np.argsort(away, kind="stable")]:
            feet = self._feet(shapes, np.array([row]), np.array([edge]))
            if self._allowed(feet, site).all():
                return feet
        return _no_feet()

    def _allowed(self, feet: Feet, site: int) -> Bools:
        """Whether the straight lines keep to their side of all boundaries."""
        links = shapely.linestrings(np.stack([feet.start_xy, feet.foot_xy], axis=1))
        allowed = np.ones(len(feet.owner), dtype=bool)
        wide, core = self._sides()
        if site >= 0:
            allowed &= shapely.covers(wide[site], links)
        elif len(wide):
            crossing, _ = core.query(links, predicate="intersects")
            allowed[crossing] = False
        return allowed

    def _sides(self) -> tuple[Shapes, shapely.STRtree]:
        """Return all grounds with the band along their boundary, and a tree of them without."""
        key = ("grounds with and without band",)
        memory = self.network._memory  # noqa: SLF001
        if key not in memory:
            polygons = self.network.site_polygons
            wide = shapely.buffer(polygons, BAND_M)
            shapely.prepare(wide)
            memory[key] = wide, shapely.STRtree(shapely.buffer(polygons, -BAND_M))
        sides: tuple[Shapes, shapely.STRtree] = memory[key]
        return sides

    def _nearest_gates(self, shapes: Shapes, site: int, *, main: bool) -> Feet:
        """Join shapes to the nearest passable gate of their grounds, by a straight line."""
        network = self.network
        node = np.array(
            [n for gate, nodes in network.gate_nodes.items() if network.gate_site[gate] == site
             for n in nodes], dtype=np.int64,
        )  # fmt: skip
        node = node[(self.first_edge[node] >= 0) & ~self.shut[node]]
        if main:
            node = node[~self.on_island[self.first_edge[node]]]
        if not len(node) or not len(shapes):
            return _no_feet()
        gates: Any = shapely.points(network.node_xy[node])
        away = shapely.distance(shapes[:, None], gates[None, :])
        best = away.argmin(axis=1)
        rows = np.flatnonzero(away.min(axis=1) <= self.max_m)
        feet = self.at_nodes(rows, node[best[rows]])
        links = shapely.shortest_line(shapes[rows], gates[best[rows]])
        return replace(
            feet,
            gap_m=away[rows, best[rows]],
            estimated=np.ones(len(rows), dtype=bool),
            start_xy=shapely.get_coordinates(links)[::2],
        )

    def _nearer(self, edges: Feet, gates: Feet) -> Feet:
        """Keep for each owner the nearer of edge and gate, the edge where they are equal."""
        count = int(max(edges.owner.max(initial=-1), gates.owner.max(initial=-1))) + 1
        to_edge = np.full(count, np.inf)
        to_edge[edges.owner] = edges.gap_m
        to_gate = np.full(count, np.inf)
        to_gate[gates.owner] = gates.gap_m
        return Feet.joined(
            [
                edges.only(to_edge[edges.owner] <= to_gate[edges.owner]),
                gates.only(to_gate[gates.owner] < to_edge[gates.owner]),
            ]
        )

    def _best_of_ties(self, feet: Feet) -> Bools:
        """Drop islands where the main network is just as near."""
        on_main = ~self.on_island[feet.edge]
        has_main = np.isin(feet.owner, feet.owner[on_main])
        return on_main | ~has_main

    def _feet(self, shapes: Shapes, owner: Ints, edge: Ints) -> Feet:
        """Make feet of pairs of shape and edge."""
        lines = self.network.edge_geometry[edge]
        links = shapely.get_coordinates(shapely.shortest_line(shapes[owner], lines))
        start, foot = links[::2], links[1::2]
        length = self.network.edge_length_m[edge]
        offset = shapely.line_locate_point(lines, shapely.points(foot))
        # Where a node is meant, rounding must not place the foot a hair beside it.
        offset = np.where(offset < _AT_NODE_M, 0.0, offset)
        offset = np.where(offset > length - _AT_NODE_M, length, offset)
        return Feet(
            owner=owner,
            edge=edge,
            offset_m=offset,
            gap_m=np.hypot(*(start - foot).T),
            estimated=np.zeros(len(owner), dtype=bool),
            skipped_island=np.zeros(len(owner), dtype=bool),
            start_xy=start,
            foot_xy=foot,
        )

    def _meeting_of_site(self, shapes: Shapes, site: int) -> Feet:
        network, pool = self.network, self._pool(site, main=True)
        if not len(pool.edges) or not len(shapes):
            return _no_feet()
        owner, position = pool.tree.query(shapes, predicate="intersects")
        edge = pool.edges[position]
        surface = shapely.get_dimensions(shapes) > 1
        rim = np.where(surface, shapely.boundary(shapes), shapes)
        shared = shapely.intersection(network.edge_geometry[edge], rim[owner])
        xy, pair = shapely.get_coordinates(shared, return_index=True)
        lines = network.edge_geometry[edge[pair]]
        offset = shapely.line_locate_point(lines, shapely.points(xy))
        crossing = Feet(
            owner=owner[pair],
            edge=edge[pair],
            offset_m=offset,
            gap_m=np.zeros(len(pair)),
            estimated=np.zeros(len(pair), dtype=bool),
            skipped_island=np.zeros(len(pair), dtype=bool),
            start_xy=xy,
            foot_xy=xy,
        )
        inside = np.unique(
            np.concatenate(
                [
                    np.column_stack([owner, network.edge_from[edge]]),
                    np.column_stack([owner, network.edge_to[edge]]),
                ]
            ),
            axis=0,
        )
        within = surface[inside[:, 0]]
        inside = inside[within]
        nodes = shapely.points(network.node_xy[inside[:, 1]])
        shapely.prepare(shapes)
        within = shapely.intersects(shapes[inside[:, 0]], nodes)
        return Feet.joined([crossing, self.at_nodes(*inside[within].T.astype(np.int64))])


def _no_feet() -> Feet:
    nothing = np.empty(0, dtype=np.int64)
    return Feet(
        nothing, nothing, nothing.astype(float), nothing.astype(float), nothing.astype(bool),
        nothing.astype(bool), np.empty((0, 2)), np.empty((0, 2)),
    )  # fmt: skip


def _first_edges(network: StreetNetwork, usable: Bools) -> Ints:
    """Return the lowest usable edge at each node, −1 where none ends."""
    none = len(network.edge_from)
    first = np.full(len(network.node_xy), none)
    for ends in (network.edge_from, network.edge_to):
        np.minimum.at(first, ends[usable], np.flatnonzero(usable))
    first[first == none] = -1
    return first
