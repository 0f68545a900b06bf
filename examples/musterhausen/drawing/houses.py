"""Houses along the streets: on plots, set back, with garages and sheds, never on each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

import shapely
from shapely import Polygon

from drawing.curves import at, left_of, length, shifted, snap
from drawing.frame import Point
from drawing.ground import Ground, half_width
from drawing.sheet import Building, Line, Sheet, Tags
from drawing.styles import STYLES, Style

SETTLED = {"secondary", "tertiary", "unclassified", "residential", "living_street", "pedestrian"}


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


def build_houses(sheet: Sheet, ground: Ground) -> None:
    """Line all streets that lie in a zone with houses."""
    zones = Zones(sheet)
    for street in sheet.streets:
        if street.tags["highway"] in SETTLED and street.name:
            for side in (1, -1):
                _line_side(sheet, ground, zones, street, side)


def _line_side(sheet: Sheet, ground: Ground, zones: Zones, street: Line, side: int) -> None:
    chance = sheet.random
    whole = length(street.points)
    station = chance.uniform(3, 9)
    while station < whole - 6:
        point, along = at(street.points, station)
        normal = left_of(along)
        away = (normal[0] * side, normal[1] * side)
        style = STYLES.get(zones.style(shifted(point, away, half_width(street) + 12)))
        if style is None:
            station += 6
            continue
        used = _try_plot(sheet, ground, street, (station, whole), side, style)
        station += used + chance.uniform(*style.gap) if used else 3.0


def _try_plot(
    sheet: Sheet, ground: Ground, street: Line, where: tuple[float, float], side: int, style: Style
) -> float:
    """Build at a station if there is room; return the metres of the street taken, or 0."""
    chance = sheet.random
    station, whole = where
    kinds = [kind for kind, weight in style.kinds for _ in range(weight)]
    kind = chance.choice(kinds)
    width = chance.uniform(*style.width)
    units = {"semi": 2, "row": chance.randint(3, 6), "block": chance.randint(2, 4)}.get(kind, 1)
    if kind in ("semi", "row"):
        width = max(6.5, width * 0.8)
    frontage = width * units * (1.35 if kind == "block" else 1)
    if station + frontage > whole - 2 and units > 1:
        kind, units, frontage = "detached", 1, width
    if station + frontage > whole - 2:
        return 0
    middle, along = at(street.points, station + frontage / 2)
    normal = left_of(along)
    away = (normal[0] * side, normal[1] * side)
    setback = half_width(street) + chance.uniform(*style.setback)
    corner = shifted(shifted(middle, along, -frontage / 2), away, setback)
    axes = Axes(corner, along, away)
    depth = chance.uniform(*style.depth)
    rings = _rings(kind, axes, frontage, depth, units, chance)
    if not all(ground.free(ring, 2.5) for ring in rings):
        return 0
    tags = _tags(kind, chance.choice(style.levels))
    for index, ring in enumerate(rings):
        door = axes.point(frontage * (index + 0.5) / len(rings), 0)
        main = kind != "farm" or index == 0
        own = tags if main else {"building": chance.choice(("barn", "farm_auxiliary"))}
        ground.occupy(ring)
        sheet.buildings.append(
            Building(ring, dict(own), door if main else None, street.name, side))
    _annexes(sheet, ground, axes, frontage, depth, style)
    return frontage


def _rings(
    kind: str, axes: Axes, frontage: float, depth: float, units: int, chance: Random
) -> list[list[Point]]:
    if kind in ("semi", "row"):
        # Neighbours share their wall to the centimetre.
        walls = [frontage * index / units for index in range(units + 1)]
        return [
            axes.ring([(x, 0.0), (end, 0.0), (end, depth), (x, depth)])
            for x, end in pairwise(walls)
        ]
    if kind == "block":
        return [axes.box(0, 0, frontage, depth)]
    if kind == "corner":
        wing, arm = frontage * chance.uniform(0.4, 0.55), chance.uniform(3, 6)
        shape = [(0.0, 0.0), (frontage, 0.0), (frontage, depth + arm), (frontage - wing, depth + arm),
                 (frontage - wing, depth), (0.0, depth)]
        return [axes.ring(shape)]
    if kind == "farm":
        barn = chance.uniform(12, 18)
        return [axes.box(0, 0, frontage, depth + 8),
                axes.box(frontage + 6, 6, barn, barn * 1.5)]
    if chance.random() < 0.3:
        # A porch or bay towards the garden.
        wide = frontage * chance.uniform(0.35, 0.5)
        shape = [(0.0, 0.0), (frontage, 0.0), (frontage, depth), (frontage * 0.2 + wide, depth),
                 (frontage * 0.2 + wide, depth + 2.5), (frontage * 0.2, depth + 2.5),
                 (frontage * 0.2, depth), (0.0, depth)]
        return [axes.ring(shape)]
    return [axes.box(0, 0, frontage, depth)]


def _tags(kind: str, levels: int) -> Tags:
    value = {"semi": "semidetached_house", "row": "terrace", "block": "apartments",
             "farm": "farm"}.get(kind, "house")
    if value in ("terrace", "semidetached_house"):
        levels = min(levels, 2)
    return {"building": value, "building:levels": str(max(levels, 2 if kind == "block" else 1))}


def _annexes(
    sheet: Sheet, ground: Ground, axes: Axes, frontage: float, depth: float, style: Style
) -> None:
    """Add a garage beside and a shed behind the house where there is room."""
    chance = sheet.random
    if chance.random() < style.garages:
        back = chance.uniform(1.5, 5)
        left = axes.box(-3.4 - 0.6, back, 3.4, 6.2)
        right = axes.box(frontage + 0.6, back, 3.4, 6.2)
        first, second = (left, right) if chance.random() < 0.5 else (right, left)
        for ring in (first, second):
            if ground.free(ring, 0.4):
                ground.occupy(ring)
                sheet.buildings.append(Building(ring, {"building": "garage"}))
                break
    if chance.random() < style.sheds:
        x = chance.uniform(0, frontage - 3)
        ring = axes.box(x, depth + chance.uniform(7, 14), chance.uniform(2.4, 4), 2.6)
        if ground.free(ring, 1.5):
            ground.occupy(ring)
            sheet.buildings.append(Building(ring, {"building": "shed"}))
