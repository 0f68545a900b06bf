"""The closed fronts of the old town: house by house along the bends of the lanes."""

from __future__ import annotations

from drawing.curves import at, left_of, length, offset, shifted, snap
from drawing.frame import Point
from drawing.ground import Ground, half_width
from drawing.houses import Zones
from drawing.old_town import MARKET
from drawing.sheet import Building, Line, Sheet, Tags

_LANES = {"residential", "living_street", "pedestrian", "tertiary"}


def build_terraces(sheet: Sheet, ground: Ground) -> None:
    """Build up the old town: the market first, then the lanes, then the yards."""
    zones = Zones(sheet)
    market = Line([*MARKET, MARKET[0]], {"highway": "pedestrian", "name": "Markt"})
    # The ring of the market runs clockwise, so that its outside is on the left.
    _front(sheet, ground, zones, market, 1, 0.4)
    order = ("pedestrian", "living_street", "residential", "tertiary")
    for kind in order:
        for street in sheet.streets:
            if street.tags["highway"] == kind and street.name != "Markt":
                for side in (1, -1):
                    _front(sheet, ground, zones, street, side, half_width(street) + 0.3)
    _yards(sheet, ground, zones)


def _front(
    sheet: Sheet, ground: Ground, zones: Zones, street: Line, side: int, away: float
) -> None:
    """Close the front along one side of a lane as far as it lies in the old town."""
    front = offset(street.points, away * side)
    whole = length(front)
    chance = sheet.random
    station = 1.0
    wall: tuple[Point, Point] | None = None
    while station < whole - 5:
        width = chance.uniform(5.5, 10.5)
        depth = chance.uniform(9, 14)
        if station + width > whole:
            width = whole - station
        start, end = _wall(front, station, side), _wall(front, station + width, side)
        middle = shifted(start[0], start[1], 6)
        if zones.style(middle) != "core":
            station, wall = station + 4, None
            continue
        ring = _house(ground, start, end, depth, side)
        if ring is None:
            station, wall = station + 1.5, None
            continue
        wall = end
        ground.occupy(ring)
        door = ((start[0][0] + end[0][0]) / 2, (start[0][1] + end[0][1]) / 2)
        sheet.buildings.append(
            Building(ring, _tags(sheet, street), snap(door), street.name, side))
        station += width
        if chance.random() < 0.05:
            # A passage into the yard.
            station += chance.uniform(1.5, 4)


def _wall(front: list[Point], station: float, side: int) -> tuple[Point, Point]:
    point, along = at(front, station)
    normal = left_of(along)
    return snap(point), (normal[0] * side, normal[1] * side)


def _house(
    ground: Ground, start: tuple[Point, Point], end: tuple[Point, Point], depth: float, side: int
) -> list[Point] | None:
    for share in (1.0, 0.75, 0.55):
        back = (snap(shifted(*end, depth * share)), snap(shifted(*start, depth * share)))
        ring = [start[0], end[0], *back]
        if side < 0:
            ring = ring[::-1]
        if _convex(ring) and ground.free(ring):
            return ring
    return None


def _convex(ring: list[Point]) -> bool:
    """Whether the ring turns left at each corner, and clearly so."""
    for index, here in enumerate(ring):
        before, after = ring[index - 1], ring[(index + 1) % len(ring)]
        turn = (here[0] - before[0]) * (after[1] - here[1]) - (here[1] - before[1]) * (
            after[0] - here[0])
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


def _yards(sheet: Sheet, ground: Ground, zones: Zones) -> None:
    """Fill the yards with small buildings."""
    chance = sheet.random
    for _ in range(900):
        x, y = chance.uniform(-310, 300), chance.uniform(-720, -225)
        size = (chance.uniform(3, 8), chance.uniform(3, 7))
        turn = chance.choice((0, 12, 30, 75, 50))
        if zones.style((x, y)) != "core":
            continue
        along = at([(0, 0), snap((1000, turn * 10.0))], 0)[1]
        across = left_of(along)
        corners = ((0, 0), (size[0], 0), (size[0], size[1]), (0, size[1]))
        ring = [snap(shifted(shifted((x, y), along, i), across, j)) for i, j in corners]
        if ground.free(ring, 0.8):
            ground.occupy(ring)
            value = "shed" if size[0] * size[1] < 24 else "yes"
            sheet.buildings.append(Building(ring, {"building": value}))
