"""The sheet of paper: everything that has been drawn so far, still in metres."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from drawing.curves import nearest
from drawing.frame import Point

Tags = dict[str, str]


@dataclass(frozen=True)
class Section:
    """A part of a line, between the positions nearest to two points, with tags of its own."""

    start: Point
    end: Point
    tags: Tags


@dataclass
class Line:
    """Something drawn as a line: a street, a path, a brook, a fence."""

    points: list[Point]
    tags: Tags
    sections: list[Section] = field(default_factory=list)
    fixed_end: bool = False
    """Whether its last point stays where it is instead of joining the next street."""

    @property
    def name(self) -> str:
        """The name, or ""."""
        return self.tags.get("name", "")


@dataclass
class Area:
    """Something drawn as a surface; several rings or holes make it a multipolygon."""

    outers: list[list[Point]]
    tags: Tags
    inners: list[list[Point]] = field(default_factory=list)


@dataclass
class Building:
    """A building: its ring, not closed, anticlockwise."""

    ring: list[Point]
    tags: Tags
    door: Point | None = None
    """A position on the side that faces the street."""
    street: str = ""
    """The street that its address belongs to, or ""."""
    side: int = 0
    """On which side of that street it stands: 1 left, -1 right."""


@dataclass
class Spot:
    """A single position with tags; on a street, it becomes a point of that street."""

    point: Point
    tags: Tags


@dataclass
class Relation:
    """Members (the drawn thing, role), and tags."""

    members: list[tuple[Line | Area | Building | Spot, str]]
    tags: Tags


@dataclass
class Zone:
    """Where a style of building prevails."""

    ring: list[Point]
    style: str


@dataclass
class Sheet:
    """All that has been drawn, in the order of drawing.

    Attributes
    ----------
    random
        The one source of chance; seeded once.
    streets
        Everything that people may walk or drive on. Lines that cross meet there.
    rails, waters, lines
        Tracks; rivers and brooks; all other lines (fences, hedges, tree rows).
    areas, buildings, spots, relations
        What their classes say.
    marks
        Spots that lie on a street and become points of it.
    zones
        Where houses of which style may be built, first match counts.
    keep_free
        Rings on which no house may be built.
    """

    random: Random
    streets: list[Line] = field(default_factory=list)
    rails: list[Line] = field(default_factory=list)
    waters: list[Line] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    buildings: list[Building] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)
    marks: list[Spot] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    zones: list[Zone] = field(default_factory=list)
    keep_free: list[list[Point]] = field(default_factory=list)

    def named(self, name: str) -> Iterator[Line]:
        """Yield the streets of a name."""
        return (line for line in self.streets if line.name == name)

    def street_at(self, name: str, point: Point) -> Line:
        """Return the street of a name that passes nearest to a point."""
        return min(self.named(name), key=lambda line: nearest(line.points, point)[1])

    def street(self, name: str, highway: str, points: Sequence[Point], **tags: str) -> Line:
        """Draw a street; in tag names ``__`` stands for a colon."""
        own = {"highway": highway}
        if name:
            own["name"] = name
        own.update({key.replace("__", ":"): value for key, value in tags.items()})
        line = Line(list(points), own)
        self.streets.append(line)
        return line

    def area(self, ring: Sequence[Point], **tags: str) -> Area:
        """Draw a plain surface; in tag names ``__`` stands for a colon."""
        own = {key.replace("__", ":"): value for key, value in tags.items()}
        area = Area([list(ring)], own)
        self.areas.append(area)
        return area
