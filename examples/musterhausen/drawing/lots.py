"""Where houses may stand: plots in their own metres, and zones of one style each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely import Polygon

from drawing.curves import at, left_of, shifted, snap
from drawing.frame import Point
from drawing.sheet import Sheet


@dataclass(frozen=True)
class Axes:
    """A place to build on: a corner at the street, along it, and away from it."""

    corner: Point
    along: Point
    away: Point

    def point(self, x: float, y: float) -> Point:
        """Return the position ``x`` metres along and ``y`` metres away."""
        return snap(shifted(shifted(self.corner, self.along, x), self.away, y))

    def ring(self, corners: Sequence[Point]) -> list[Point]:
        """Return a ring given in the plot's own metres, anticlockwise."""
        ring = [self.point(x, y) for x, y in corners]
        turn = self.along[0] * self.away[1] - self.along[1] * self.away[0]
        return ring if turn > 0 else ring[::-1]

    def box(self, x: float, y: float, width: float, depth: float) -> list[Point]:
        """Return a rectangle whose near corner is at ``x``, ``y``."""
        return self.ring([(x, y), (x + width, y), (x + width, y + depth), (x, y + depth)])


class Zones:
    """Which style of building prevails where."""

    def __init__(self, sheet: Sheet) -> None:
        self._styles = [zone.style for zone in sheet.zones]
        self._shapes = [Polygon(zone.ring).buffer(0) for zone in sheet.zones]
        shapely.prepare(self._shapes)

    def style(self, point: Point) -> str:
        """Return the style at a position, or "" outside all zones."""
        spot = shapely.Point(point)
        for style, shape in zip(self._styles, self._shapes, strict=True):
            if shape.intersects(spot):
                return style
        return ""


def facing(points: Sequence[Point], station: float, side: int) -> tuple[Point, Point, Point]:
    """Return a position on a street, its direction, and the one away from it.

    ``side`` is 1 on the left of the street and -1 on its right.
    """
    point, along = at(points, station)
    normal = left_of(along)
    return point, along, (normal[0] * side, normal[1] * side)
