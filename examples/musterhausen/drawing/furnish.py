"""Put shops, practices and offices into the houses along the streets.

A table in ``tables/`` holds one place per line:
``street @ share | how | name | key=value | …``. The share says how far along the street;
``how`` is "node" (a point in the house), "house" (the building itself) or "both" (drawn
twice, as happens in OpenStreetMap).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from drawing.curves import at, distance, length, snap
from drawing.frame import Point
from drawing.sheet import Building, Sheet, Spot, Tags

_TABLES = Path(__file__).parent / "tables"
_NO_HOUSES = {"garage", "shed", "barn", "farm_auxiliary"}


class Furnisher:
    """Gives each place the nearest house that is still free."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._used: set[int] = set()

    def furnish(self, table: str) -> None:
        """Put all places of a table, named without its ending, into houses."""
        text = (_TABLES / f"{table}.txt").read_text(encoding="utf-8")
        for line in text.splitlines():
            where, how, name, *pairs = (part.strip() for part in line.split("|"))
            street, share = where.rsplit("@", 1)
            tags = {"name": name} if name else {}
            tags.update(_pair(pair) for pair in pairs)
            self._place(street.strip(), float(share), how, tags)

    def _place(self, street: str, share: float, how: str, tags: Tags) -> None:
        line = max(self._sheet.named(street), key=lambda own: length(own.points))
        anchor = at(line.points, share * length(line.points))[0]
        house = self._nearest(street, anchor)
        self._used.add(id(house))
        if how in ("house", "both"):
            house.tags.update(tags)
        if how in ("node", "both"):
            own = dict(tags)
            if how == "node" and len(self._used) % 3:
                own.update({k: v for k, v in house.tags.items() if k in _ADDRESS})
            self._sheet.spots.append(Spot(inside(house), own))

    def _nearest(self, street: str, anchor: Point) -> Building:
        free = (
            house
            for house in self._sheet.buildings
            if house.street == street
            and house.door
            and id(house) not in self._used
            and house.tags["building"] not in _NO_HOUSES
            and "name" not in house.tags
        )
        return min(free, key=lambda house: distance(house.door or anchor, anchor))


_ADDRESS = ("addr:street", "addr:housenumber")


def _pair(text: str) -> tuple[str, str]:
    key, value = text.split("=", 1)
    return key.strip(), value.strip()


def inside(house: Building) -> Point:
    """Return a position in a house, near its door."""
    middle = centre(house.ring)
    door = house.door or middle
    return snap((door[0] + (middle[0] - door[0]) * 0.4, door[1] + (middle[1] - door[1]) * 0.4))


def centre(ring: Iterable[Point]) -> Point:
    """Return the mean of the corners."""
    points = list(ring)
    return (sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points))
