"""Isochrones as the union of the surroundings of all stretches reached, exactly cut.

What lies nearer to a way that is not reached is taken out again, as in the grid.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import shapely

from geo._catchments import nearer_to
from geo._passable import passable, ways_that_count
from geo._stretches import LEAST_SHARE, Stretches, cut_lines, find_gaps, find_stretches
from geo._trees import Tree
from geo.network import StreetNetwork

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Shapes = npt.NDArray[Any]
_Cap = Literal["round", "flat"]

_QUARTER_SEGMENTS = 4
"""Corners per quarter of a circle: the polygon stays within 2 % of the radius."""

_GRID_M = 0.1
_HOME_M = 10.0
"""So far around itself an origin always reaches, whatever way is nearest there."""


def detailed_areas(
    network: StreetNetwork,
    trees: Sequence[Tree],
    limits_ms: Ints,
    *,
    radius_m: float,
    smallest_m2: float,
) -> list[Shapes]:
    """Draw the areas of one origin and profile, all states together.

    Parameters
    ----------
    network
        The network searched.
    trees
        Trees of one origin, each reaching all that those before it reach.
    limits_ms
        Ascending.
    radius_m
        How far from the ways an area reaches; flat where the time is up, round at the ends
        of ways.
    smallest_m2
        Smaller holes are left out.

    Returns
    -------
    list of numpy.ndarray
        Per tree the MultiPolygon of each limit, coordinates to 0.1 m. Smaller limits and
        earlier trees lie within larger and later ones: all are made of the same faces.
    """
    beside = _Beside(network, radius_m)
    raw = [_grow(network, tree, limits_ms, beside) for tree in trees]
    faces = _faces([area for areas in raw for area in areas])
    inner = shapely.point_on_surface(faces)
    known = np.zeros(len(faces), dtype=bool)
    covered = np.zeros((len(trees), len(limits_ms), len(faces)), dtype=bool)
    for row, areas in enumerate(raw):
        for column, area in enumerate(areas):
            shapely.prepare(area)
            known = shapely.intersects(area, inner)
            if column:
                known |= covered[row, column - 1]
            if row:
                known |= covered[row - 1, column]
            covered[row, column] = known
    return [
        np.array([_join(faces[mine], smallest_m2) for mine in of_tree], dtype=object)
        for of_tree in covered
    ]


def _grow(network: StreetNetwork, tree: Tree, limits_ms: Ints, beside: _Beside) -> list[Any]:
    """Return the area of each limit, not rounded."""
    ways = passable(network, tree.profile_id, tree.state)
    counted = ways_that_count(network, tree)[1]
    grown: Any = shapely.Polygon()
    areas, done = [], np.zeros(0, dtype=np.int64)
    for limit_ms in limits_ms.tolist():
        found = find_stretches(network, tree, ways, limit_ms)
        links = _links(tree, limit_ms)
        new = np.setdiff1d(found.whole, done, assume_unique=True)
        done = found.whole
        shapes = [beside.whole(new), beside.parts(found), beside.around(links)]
        grown = shapely.union_all(np.concatenate([[grown], *shapes]))
        left = _not_reached(network, found, counted, grown, beside.radius_m)
        lines = np.concatenate([_reached(network, found), links])
        spots = np.unique(tree.link_xy[:, 0], axis=0)
        disc = shapely.buffer(shapely.multipoints(spots), _HOME_M, quad_segs=_QUARTER_SEGMENTS)
        home = shapely.intersection(
            beside.around(np.asarray(shapely.points(spots), dtype=object)), disc
        )
        kept = shapely.difference(grown, shapely.union_all(beside.of_others(left, lines)))
        areas.append(shapely.union_all([kept, *home]))
    return areas


def _reached(network: StreetNetwork, found: Stretches) -> Shapes:
    """Return the lines that are reached."""
    lines = network.edge_geometry
    return np.concatenate(
        [lines[found.whole], cut_lines(lines[found.edge], found.begin, found.end)]
    )


def _not_reached(
    network: StreetNetwork, found: Stretches, counted: Ints, area: Any, radius_m: float
) -> tuple[Ints, Shapes]:
    """Return what is not reached near an area: lines, and the edges they are parts of."""
    key = ("edges", len(counted), int(counted[-1]))
    if key not in network._memory:  # noqa: SLF001
        network._memory[key] = shapely.STRtree(network.edge_geometry[counted])  # noqa: SLF001
    near = counted[np.sort(network._memory[key].query(area, "dwithin", distance=radius_m))]  # noqa: SLF001
    untouched = np.setdiff1d(near, np.concatenate([found.whole, found.edge]))
    edge, begin, end = find_gaps(found)
    rest = cut_lines(network.edge_geometry[edge], begin, end)
    lines = np.concatenate([network.edge_geometry[untouched], rest])
    return np.concatenate([untouched, edge]), lines


def _links(tree: Tree, limit_ms: int) -> Shapes:
    """Return the straight lines from the origin to the network, as far as they are reached."""
    gap_ms = np.asarray(tree.steps.gap_ms, dtype=np.float64)
    share = np.where(gap_ms > limit_ms, limit_ms / np.maximum(gap_ms, 1.0), 1.0)
    start, foot = tree.link_xy[:, 0], tree.link_xy[:, 1]
    ends = np.stack([start, start + (foot - start) * share[:, None]], axis=1)
    lines = np.asarray(shapely.linestrings(ends), dtype=object)
    return lines[np.asarray(shapely.length(lines)) > 0]


class _Beside:
    """The surroundings of stretches, as far as they are not cut off by obstacles."""

    def __init__(self, network: StreetNetwork, radius_m: float) -> None:
        self._network = network
        self.radius_m = radius_m
        key = ("beside", radius_m)
        if key not in network._memory:  # noqa: SLF001
            tree = shapely.STRtree(network.obstacles)
            near = tree.query(network.edge_geometry, predicate="dwithin", distance=radius_m)[0]
            hemmed = np.zeros(len(network.edge_from), dtype=bool)
            hemmed[near] = True
            network._memory[key] = (tree, hemmed, {})  # noqa: SLF001
        self._tree, self._hemmed, self._known = network._memory[key]  # noqa: SLF001

    def whole(self, edges: Ints) -> Shapes:
        """Return the surroundings of whole edges."""
        lines = self._network.edge_geometry
        hemmed = self._hemmed[edges]
        merged = shapely.get_parts(
            shapely.line_merge(shapely.multilinestrings(lines[edges[~hemmed]]))
        )
        shapes = [self._around(merged, "round")]
        shapes += [self._own_side(edge) for edge in edges[hemmed].tolist()]
        return np.concatenate(shapes)

    def _own_side(self, edge: int) -> Shapes:
        """Return the surroundings of an edge that is near obstacles, made once."""
        if edge not in self._known:
            self._known[edge] = self._cut(self._network.edge_geometry[edge], "round")
        known: Shapes = self._known[edge]
        return known

    def parts(self, found: Stretches) -> Shapes:
        """Return the surroundings of parts of edges, flat where the time is up."""
        network = self._network
        real = found.end - found.begin > LEAST_SHARE
        edge, begin, end = found.edge[real], found.begin[real], found.end[real]
        if not len(edge):
            return np.empty(0, dtype=object)
        lines = cut_lines(network.edge_geometry[edge], begin, end)
        hemmed = self._hemmed[edge]
        nodes = np.concatenate(
            [network.edge_from[edge[begin <= 0]], network.edge_to[edge[end >= 1]]]
        )
        points = np.asarray(shapely.points(network.node_xy[np.unique(nodes)]), dtype=object)
        return np.concatenate(
            [
                self._around(lines[~hemmed], "flat"),
                self.around(points),
                *(self._cut(line, "flat") for line in lines[hemmed]),
            ]
        )

    def around(self, lines: Shapes) -> Shapes:
        """Return the surroundings of lines or points."""
        close = np.zeros(len(lines), dtype=bool)
        close[self._tree.query(lines, predicate="dwithin", distance=self.radius_m)[0]] = True
        cut = [self._cut(line, "round") for line in lines[close]]
        return np.concatenate([self._around(lines[~close], "round"), *cut])

    def of_others(self, left: tuple[Ints, Shapes], reached: Shapes) -> Shapes:
        """Return what lies nearer to lines that are not reached than to those that are."""
        edge, lines = left
        hemmed = self._hemmed[edge]
        group = np.zeros(len(edge), dtype=np.int64)
        group[hemmed] = 1 + np.arange(np.count_nonzero(hemmed))
        nearer = nearer_to(lines, group, reached, 2 * self.radius_m)
        if not len(nearer):
            return nearer
        # Beyond the river a way may be nearer, but that does not matter on this side.
        for number, one in zip(group[hemmed].tolist(), edge[hemmed].tolist(), strict=True):
            if not nearer[number].is_empty:
                own = shapely.union_all(self._own_side(one))
                nearer[number] = shapely.intersection(nearer[number], own)
        return nearer

    def _around(self, shapes: Shapes, cap: _Cap) -> Shapes:
        made: Shapes = np.atleast_1d(
            shapely.buffer(
                shapes,
                self.radius_m,
                quad_segs=_QUARTER_SEGMENTS,
                cap_style=cap,
            )
        )
        return made

    def _cut(self, shape: Any, cap: _Cap) -> Shapes:
        """Return the surroundings of a line or point on its own side of all obstacles."""
        near = self._tree.query(shape, predicate="dwithin", distance=self.radius_m)
        obstacles = shapely.union_all(self._network.obstacles[np.sort(near)])
        line = shapely.get_dimensions(shape) == 1
        pieces = shapely.get_parts(shapely.difference(shape, obstacles) if line else shape)
        if not len(pieces):  # it runs along an obstacle all the way
            pieces = np.array([shape], dtype=object)
        middle = shapely.line_interpolate_point(pieces, 0.5, normalized=True) if line else pieces
        kept = []
        for piece, spot in zip(self._around(pieces, cap), middle, strict=True):
            lines = shapely.union(shapely.boundary(piece), obstacles)
            faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
            # A spot on the obstacle itself, such as a path along a shore, lies on both sides.
            kept.append(faces[shapely.dwithin(faces, spot, 0.02)])
        return np.concatenate(kept)


def _faces(areas: Sequence[Any]) -> Shapes:
    """Return the faces between the outlines of all areas, corners on the grid."""
    lines = shapely.union_all(shapely.boundary(areas), grid_size=_GRID_M)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    return np.asarray(faces, dtype=object)


def _join(faces: Shapes, smallest_m2: float) -> Any:
    """Join faces that share their sides, and leave small holes out."""
    if not len(faces):
        return shapely.MultiPolygon()
    parts = shapely.get_parts(shapely.coverage_union_all(faces))
    rings, owner = shapely.get_rings(parts, return_index=True)
    outline = np.append(True, owner[1:] != owner[:-1])
    kept = outline | (shapely.area(shapely.polygons(rings)) >= smallest_m2)
    rings, owner, outline = rings[kept], owner[kept], outline[kept]
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    ring_ends = np.concatenate([[0], np.cumsum(np.bincount(ring, minlength=len(rings)))])
    part_ends = np.append(np.flatnonzero(outline), len(rings))
    offsets = (ring_ends, part_ends, np.array([0, len(part_ends) - 1]))
    rounded = np.round(xy, 1)
    return shapely.from_ragged_array(shapely.GeometryType.MULTIPOLYGON, rounded, offsets)[0]
