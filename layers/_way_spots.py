"""Spots on ways every so many metres: where something could stand that needs no house."""

from __future__ import annotations

from typing import Any, Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.extract import Tags
from geo.network import StreetNetwork

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

Where = Literal["grid", "streets", "grounds"]
_MARKS: dict[Where, str] = {"grid": "", "streets": "s", "grounds": "g"}

_NOT_TO_STAY = frozenset({"steps", "elevator", "corridor", "via_ferrata", "ladder"})
_BUS_STREETS = frozenset(
    {"primary", "secondary", "tertiary", "unclassified", "residential", "road", "busway"}
)
_NO = frozenset({"", "no"})
_LEAST_M = 1.0
_BESIDE = 1.5
"""Cells whose spots may crowd one another have their middles within so many cells."""
_DIGITS = 2
"""Spots are rounded to centimetres: they may be written and read again."""

_KINDS = {
    "footway": "Fußweg", "path": "Weg", "pedestrian": "Fußgängerzone", "track": "Feldweg",
    "cycleway": "Radweg", "bridleway": "Reitweg", "living_street": "Spielstraße",
    "service": "Zufahrt", "platform": "Bahnsteig",
}  # fmt: skip


def spots_on_ways(
    network: StreetNetwork,
    around: Floats,
    radius_m: float,
    grid_m: float,
    *,
    where: Where = "grid",
) -> gpd.GeoDataFrame:
    """Find spots on ways open on foot, one per cell of a grid.

    The cells are squares of ``grid_m`` counted from the origin of the CRS, and a spot depends
    on its own cell and those beside it only: it stays when houses come and go. In each cell
    the spot is the point of its ways that is nearest to the cell's middle; it is left out
    where that of an earlier cell (by column, then row) is nearer to it than half a cell.

    Parameters
    ----------
    network
        The ways. Estimated ones, steps, lifts, bridges and tunnels are left out, and private
        ones as far as ``where`` does not say otherwise.
    around
        Metres, shape ``(k, 2)``: where people set out.
    radius_m
        Only cells whose middle lies so near to one of those points.
    grid_m
        Side of a cell, metres.
    where
        ``"grid"``: on all these ways. ``"streets"``: only where a bus can drive, on public
        streets and on driveways (``service``) of the study's own grounds, private ones too,
        since their owner can let a bus in. ``"grounds"``: only on the study's own grounds, on
        private ways too, since their owner can give land.

    Returns
    -------
    geopandas.GeoDataFrame
        ``id`` (``"grid:100:3840:57500"``, with ``"s"`` or ``"g"`` behind the metres
        for streets and grounds), ``edge``
        (int64), ``kind`` (German), ``geometry`` (Point), in the order of the cells.
    """
    usable = np.flatnonzero(_usable(network, where))
    lines = network.edge_geometry[usable]
    # The cells beside those wanted decide too, so that nothing depends on where people live.
    cells = _cells(around, radius_m + _BESIDE * grid_m, grid_m)
    low = cells * grid_m
    boxes = np.asarray(shapely.box(*low.T, *(low + grid_m).T), dtype=object).reshape(-1)
    cell, line = shapely.STRtree(lines).query(boxes, predicate="intersects")
    parts = _clipped(lines[line], boxes[cell])
    # A way that only touches a cell is none of its ways.
    inside = shapely.length(parts) >= _LEAST_M
    cell, line, parts = cell[inside], line[inside], parts[inside]
    middle = np.asarray(shapely.points(low + grid_m / 2), dtype=object)[cell]
    far = shapely.distance(parts, middle)
    # The nearest way of each cell, of equally near ones the first edge.
    order = np.lexsort((line, np.round(far, 6), cell))
    first = order[np.unique(cell[order], return_index=True)[1]]
    near = shapely.get_point(shapely.shortest_line(parts[first], middle[first]), 0)
    xy = np.round(shapely.get_coordinates(near), _DIGITS)
    wanted = _within(cells[cell[first]], around, radius_m, grid_m)
    kept = np.flatnonzero(wanted & ~_crowded(xy, grid_m / 2))
    cell, edge, xy = cell[first][kept], usable[line[first]][kept], xy[kept]
    mark = f"{grid_m:g}{_MARKS[where]}"
    frame = pd.DataFrame(
        {
            "id": [f"grid:{mark}:{column}:{row}" for column, row in cells[cell].tolist()],
            "edge": edge.astype(np.int64),
            "kind": [way_kind(network.edge_tags[one]) for one in edge],
        }
    )
    return gpd.GeoDataFrame(frame, geometry=shapely.points(xy), crs=network.crs)


def way_kind(tags: Tags) -> str:
    """Return what a way is called in German: "Fußweg", "Straße"."""
    return _KINDS.get(tags.get("highway", ""), "Straße" if "highway" in tags else "Weg")


def _clipped(lines: npt.NDArray[Any], boxes: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return what of each line lies in the box beside it."""
    line, box = shapely.bounds(lines), shapely.bounds(boxes)
    out = np.flatnonzero((line[:, :2] < box[:, :2]).any(1) | (line[:, 2:] > box[:, 2:]).any(1))
    parts = lines.copy()
    # Most ways are short and lie in one cell.
    parts[out] = shapely.intersection(lines[out], boxes[out])
    return parts


def _usable(network: StreetNetwork, where: Where) -> Bools:
    """Return on which edges somebody could put something."""
    tags = network.edge_tags
    stays = np.fromiter(
        (
            said.get("highway") not in _NOT_TO_STAY
            and said.get("tunnel", "no") in _NO
            and said.get("bridge", "no") in _NO
            for said in tags
        ),
        dtype=bool,
        count=len(tags),
    )
    usable = network.edge_on_foot & ~network.edge_estimated & stays
    on_grounds = network.edge_site >= 0
    if where == "grounds":
        return np.asarray(usable & on_grounds)
    if where == "grid":
        return np.asarray(usable & ~network.edge_private)
    kind = np.array([said.get("highway", "") for said in tags], dtype=object)
    public = np.isin(kind, list(_BUS_STREETS)) & ~network.edge_private
    return np.asarray(usable & (public | (on_grounds & (kind == "service"))))


def _cells(around: Floats, radius_m: float, grid_m: float) -> Ints:
    """Return column and row of the cells whose middle lies near one of some points."""
    reach = int(radius_m // grid_m) + 1
    steps = np.arange(-reach, reach + 1)
    window = np.stack(np.meshgrid(steps, steps, indexing="ij"), axis=-1).reshape(-1, 2)
    found: list[Ints] = [np.empty((0, 2), dtype=np.int64)]
    for point in around:
        cells = np.floor(point / grid_m).astype(np.int64) + window
        found.append(cells[_within(cells, point[np.newaxis], radius_m, grid_m)])
    return np.unique(np.concatenate(found), axis=0)


def _within(cells: Ints, around: Floats, radius_m: float, grid_m: float) -> Bools:
    """Return which cells have their middle near one of some points."""
    middle = (cells + 0.5) * grid_m
    near = np.zeros(len(cells), dtype=bool)
    for point in around:
        near |= np.hypot(*(middle - point).T) <= radius_m
    return near


def _crowded(xy: Floats, least_m: float) -> Bools:
    """Return which points have one of those before them nearer than that."""
    points = np.asarray(shapely.points(xy), dtype=object)
    # On the boundary of two cells both may have the same spot.
    one, other = shapely.STRtree(points).query(points, "dwithin", distance=least_m - 1e-6)
    crowded = np.zeros(len(xy), dtype=bool)
    crowded[np.maximum(one, other)[one != other]] = True
    return crowded
