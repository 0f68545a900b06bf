"""What is taken: nothing is built on streets, water, railways, or on other buildings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from drawing.frame import Point
from drawing.sheet import Line, Sheet

# Half the width that stays free along a way, metres from its middle.
HALF_WIDTHS = {
    "secondary": 6.5,
    "tertiary": 5.5,
    "unclassified": 5.0,
    "residential": 4.5,
    "living_street": 3.6,
    "pedestrian": 4.0,
    "service": 3.2,
    "track": 3.5,
    "footway": 1.8,
    "path": 1.8,
    "cycleway": 2.0,
    "steps": 1.8,
}
_CELL = 40.0
_TOUCHING = 0.08
"""Neighbours whose common wall was rounded to centimetres overlap by less, square metres."""


def half_width(line: Line) -> float:
    """Return how far from its middle a street stays free of buildings, metres."""
    return HALF_WIDTHS[line.tags["highway"]]


class Lanes:
    """Streets that can be asked which of them is nearest."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._tree = shapely.STRtree([LineString(line.points) for line in lines])

    def nearest(self, point: Point) -> Line:
        """Return the street nearest to a position (the first of equally near ones)."""
        return self._lines[int(min(self._tree.query_nearest(shapely.Point(point))))]


class Ground:
    """The ground of the town, with what stands on it.

    Parameters
    ----------
    sheet
        Its streets, waters, rails, ``keep_free`` and buildings count as taken.
    """

    def __init__(self, sheet: Sheet) -> None:
        taken: list[BaseGeometry] = [
            LineString(line.points).buffer(half_width(line), quad_segs=2) for line in sheet.streets
        ]
        for water in sheet.waters:
            width = 13.0 if water.tags["waterway"] == "river" else 6.0
            taken.append(LineString(water.points).buffer(width, quad_segs=2))
        taken.extend(LineString(rail.points).buffer(9, quad_segs=2) for rail in sheet.rails)
        taken.extend(LineString(line.points).buffer(1, quad_segs=1) for line in sheet.lines)
        taken.extend(Polygon(ring) for ring in sheet.keep_free)
        taken.extend(
            Polygon(ring) for area in sheet.areas if "water" in area.tags for ring in area.outers
        )
        self._taken = shapely.STRtree(taken)
        self._buildings: defaultdict[tuple[int, int], list[Polygon]] = defaultdict(list)
        for building in sheet.buildings:
            self.occupy(building.ring)

    def free(self, ring: Sequence[Point], gap: float = 0.0) -> bool:
        """Whether a building could stand here, ``gap`` metres away from the next one."""
        shape = Polygon(ring)
        if self._taken.query(shape, predicate="intersects").size:
            return False
        return self.clear_of_buildings(ring, gap)

    def clear_of_buildings(self, ring: Sequence[Point], gap: float = 0.0) -> bool:
        """Whether no other building is nearer than ``gap`` metres (0: they may touch)."""
        shape = Polygon(ring)
        for cell in _cells(ring, gap):
            for other in self._buildings.get(cell, ()):
                if gap > 0:
                    if shape.distance(other) < gap:
                        return False
                elif shape.intersects(other) and shape.intersection(other).area > _TOUCHING:
                    return False
        return True

    def occupy(self, ring: Sequence[Point]) -> None:
        """Remember a building."""
        shape = Polygon(ring)
        for cell in _cells(ring, 0):
            self._buildings[cell].append(shape)


def _cells(ring: Sequence[Point], gap: float) -> Iterable[tuple[int, int]]:
    xs = [p[0] for p in ring]
    ys = [p[1] for p in ring]
    for i in range(int((min(xs) - gap) // _CELL), int((max(xs) + gap) // _CELL) + 1):
        for j in range(int((min(ys) - gap) // _CELL), int((max(ys) + gap) // _CELL) + 1):
            yield i, j
