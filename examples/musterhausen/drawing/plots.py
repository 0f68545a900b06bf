"""Plots with buildings that were not lined up along a street: schools, markets, halls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from drawing.curves import at, heading, left_of, nearest, rectangle, shifted, snap
from drawing.frame import Point
from drawing.sheet import Area, Building, Sheet, Tags

Shape = Sequence[Point]


@dataclass(frozen=True)
class Block:
    """One building: where its middle is, how wide and deep, turned by how much.

    ``shape`` replaces the rectangle: corners in metres from the middle, before turning.
    """

    centre: Point
    width: float
    depth: float
    degrees: float
    tags: Tags
    shape: Shape = ()
    street: str = ""

    @property
    def ring(self) -> list[Point]:
        """The outline, anticlockwise."""
        if not self.shape:
            return rectangle(self.centre, self.width, self.depth, self.degrees)
        along = heading(self.degrees)
        across = left_of(along)
        return [snap(shifted(shifted(self.centre, along, x), across, y)) for x, y in self.shape]


@dataclass(frozen=True)
class Plot:
    """A piece of land with its own tags, buildings, service ways, footways and parking.

    Footways begin at the street or path nearest to their first point.
    """

    ring: Sequence[Point]
    tags: Tags
    blocks: Sequence[Block] = ()
    service: Sequence[Sequence[Point]] = ()
    paths: Sequence[Sequence[Point]] = ()
    parking: Sequence[Sequence[Point]] = ()
    inside: Sequence[tuple[Sequence[Point], Tags]] = field(default=())


def draw_plot(sheet: Sheet, plot: Plot) -> Area | None:
    """Draw a plot; houses keep off it. Return its area if it has tags."""
    area = None
    if plot.tags:
        area = Area([list(plot.ring)], dict(plot.tags))
        sheet.areas.append(area)
    sheet.keep_free.append(list(plot.ring))
    for block in plot.blocks:
        draw_block(sheet, block)
    for points in plot.service:
        sheet.street("", "service", points, surface="asphalt")
    for points in plot.paths:
        start = at_street(sheet, points[0])
        sheet.street("", "footway", [start, *points[1:]], surface="paving_stones")
    for ring in plot.parking:
        sheet.area(ring, amenity="parking", parking="surface", surface="asphalt")
    for ring, tags in plot.inside:
        sheet.areas.append(Area([list(ring)], dict(tags)))
    return area


def at_street(sheet: Sheet, point: Point) -> Point:
    """Return the position on the nearest street or path."""
    street = min(sheet.streets, key=lambda line: nearest(line.points, point)[1])
    return snap(at(street.points, nearest(street.points, point)[0])[0])


def draw_block(sheet: Sheet, block: Block) -> Building:
    """Draw one building."""
    building = Building(block.ring, dict(block.tags), None, block.street)
    sheet.buildings.append(building)
    return building


# Shapes of buildings, in metres from their middle, anticlockwise.
CRUCIFORM: Shape = (
    (-24, -6),
    (2, -6),
    (2, -12),
    (12, -12),
    (12, -6),
    (18, -6),
    (22, -3),
    (22, 3),
    (18, 6),
    (12, 6),
    (12, 12),
    (2, 12),
    (2, 6),
    (-24, 6),
    (-24, 4.5),
    (-33, 4.5),
    (-33, -4.5),
    (-24, -4.5),
)
"""A church with a tower in the west, transepts and a choir in the east."""

CHAPEL: Shape = ((-11, -5), (7, -5), (11, -2.5), (11, 2.5), (7, 5), (-11, 5))

ANGLE: Shape = ((-30, -20), (30, -20), (30, -7), (-17, -7), (-17, 20), (-30, 20))
"""Two wings, as schools have them."""

CLOISTER: Shape = (
    (-24, -22),
    (24, -22),
    (24, 22),
    (12, 22),
    (12, -11),
    (-12, -11),
    (-12, 22),
    (-24, 22),
)
"""Three wings around a court."""

COMB: Shape = (
    (-36, -8),
    (36, -8),
    (36, 4),
    (30, 4),
    (30, 24),
    (18, 24),
    (18, 4),
    (6, 4),
    (6, 24),
    (-6, 24),
    (-6, 4),
    (-18, 4),
    (-18, 24),
    (-30, 24),
    (-30, 4),
    (-36, 4),
)
"""A long wing with three at right angles to it."""

PAVILION: Shape = (
    (-17, -6),
    (-9, -6),
    (-9, -8),
    (9, -8),
    (9, -6),
    (17, -6),
    (17, 6),
    (5, 6),
    (5, 9),
    (-5, 9),
    (-5, 6),
    (-17, 6),
)
"""A house of the old institution: projecting middle, stair at the back."""
