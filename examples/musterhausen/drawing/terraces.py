"""The closed fronts of the old town: house by house along the bends of the lanes."""

from __future__ import annotations

from drawing.curves import at, left_of, length, nearest, offset, shifted, snap, unit
from drawing.frame import Point
from drawing.ground import Ground, Lanes, half_width
from drawing.lots import Axes, Zones, facing
from drawing.old_town import MARKET
from drawing.sheet import Building, Line, Sheet, Tags

_LANES = {"residential", "living_street", "pedestrian", "tertiary"}

Wall = tuple[Point, Point]
"""Where a wall meets the street, and the direction in which it leads away."""


def build_terraces(sheet: Sheet, ground: Ground) -> None:
    """Build up the old town: the market first, then the lanes, then the yards."""
    builder = _Builder(sheet, ground)
    market = Line([*MARKET, MARKET[0]], {"highway": "pedestrian", "name": "Markt"})
    # The ring of the market runs clockwise, so that its outside is on the left.
    builder.front(market, 1, 0.4)
    for kind in ("pedestrian", "living_street", "residential", "tertiary"):
        for street in sheet.streets:
            if street.tags["highway"] == kind and street.name != "Markt":
                for side in (1, -1):
                    builder.front(street, side, half_width(street) + 0.3)
    builder.fill_yards()


class _Builder:
    """Builds house on house along the lanes, and the yards behind."""

    def __init__(self, sheet: Sheet, ground: Ground) -> None:
        self._sheet = sheet
        self._ground = ground
        self._zones = Zones(sheet)

    def front(self, street: Line, side: int, away: float) -> None:
        """Close the front along one side of a lane as far as it lies in the old town."""
        front = offset(street.points, away * side)
        whole = length(front)
        chance = self._sheet.random
        station = 1.0
        while station < whole - 5:
            width, depth = chance.uniform(5.5, 10.5), chance.uniform(9, 14)
            width = min(width, whole - station)
            start, end = _wall(front, station, side), _wall(front, station + width, side)
            if self._zones.style(shifted(*start, 6)) != "core":
                station += 4
                continue
            ring = self._house(start, end, depth, side)
            if ring is None:
                station += 1.5
                continue
            door = ((start[0][0] + end[0][0]) / 2, (start[0][1] + end[0][1]) / 2)
            tags = _tags(self._sheet, street)
            self._add(Building(ring, tags, snap(door), street.name, side))
            if chance.random() < 0.55:
                self._wing(ring, side)
            station += width
            if chance.random() < 0.05:
                # A passage into the yard.
                station += chance.uniform(1.5, 4)

    def _add(self, building: Building) -> None:
        self._ground.occupy(building.ring)
        self._sheet.buildings.append(building)

    def _house(self, start: Wall, end: Wall, depth: float, side: int) -> list[Point] | None:
        """Return a house between two walls, as deep as there is room, or None."""
        for share in (1.0, 0.75, 0.55):
            back = (snap(shifted(*end, depth * share)), snap(shifted(*start, depth * share)))
            ring = [start[0], end[0], *back]
            if side < 0:
                ring.reverse()
            if _convex(ring) and self._ground.free(ring):
                return ring
        return None

    def _wing(self, house: list[Point], side: int) -> None:
        """Add a wing or a workshop behind a house, along one of its walls."""
        chance = self._sheet.random
        start, end = (house[3], house[2]) if side > 0 else (house[0], house[1])
        first = house[0] if side > 0 else house[3]
        deep, share = chance.uniform(4, 11), chance.uniform(0.4, 0.65)
        away = unit(first, start)
        corner = snap(
            (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)
        )
        ring = [start, corner, snap(shifted(corner, away, deep)), snap(shifted(start, away, deep))]
        if side < 0:
            ring.reverse()
        if _convex(ring) and self._ground.free(ring):
            self._add(Building(ring, {"building": "yes"}))

    def fill_yards(self) -> None:
        """Fill the yards with sheds and workshops, square to the nearest lane."""
        chance = self._sheet.random
        lanes = Lanes([line for line in self._sheet.streets if line.tags["highway"] in _LANES])
        for _ in range(1100):
            spot = (chance.uniform(-320, 290), chance.uniform(-720, -220))
            width, depth = chance.uniform(3, 11), chance.uniform(3, 8)
            if self._zones.style(spot) != "core":
                continue
            lane = lanes.nearest(spot)
            along = at(lane.points, nearest(lane.points, spot)[0])[1]
            ring = Axes(spot, along, left_of(along)).box(0, 0, width, depth)
            if self._ground.free(ring, 2.5):
                value = "shed" if width * depth < 26 else "yes"
                self._add(Building(ring, {"building": value}))


def _wall(front: list[Point], station: float, side: int) -> Wall:
    """Return where a wall between two houses meets the front, and its direction."""
    point, _, away = facing(front, station, side)
    return snap(point), away


def _convex(ring: list[Point]) -> bool:
    """Whether the ring turns left at each corner, and clearly so."""
    for index, here in enumerate(ring):
        before, after = ring[index - 1], ring[(index + 1) % len(ring)]
        turn = (here[0] - before[0]) * (after[1] - here[1]) - (here[1] - before[1]) * (
            after[0] - here[0]
        )
        if turn < 4:
            return False
    return True


def _tags(sheet: Sheet, street: Line) -> Tags:
    chance = sheet.random
    shops = street.tags["highway"] == "pedestrian"
    value = chance.choice(("retail", "yes", "house") if shops else ("house", "yes", "house"))
    tags = {"building": value, "building:levels": chance.choice(("2", "2", "3"))}
    if chance.random() < 0.4:
        tags["roof:shape"] = "gabled"
    return tags
