"""Main entrances of the buildings that people look for."""

from __future__ import annotations

from drawing.curves import nearest, snap
from drawing.frame import Point
from drawing.ground import Lanes
from drawing.sheet import Building, Sheet, Spot

_SOUGHT = {"townhall", "community_centre", "place_of_worship"}


def mark_entrances(sheet: Sheet) -> None:
    """Mark the door of public buildings and big shops, on the side nearest to a street."""
    lanes = Lanes([line for line in sheet.streets if line.tags["highway"] != "track"])
    for building in sheet.buildings:
        tags = building.tags
        if building.door is None and (tags.get("amenity") in _SOUGHT or "shop" in tags):
            tags_of_door = {"entrance": "main"}
            if tags.get("wheelchair") == "yes":
                tags_of_door["wheelchair"] = "yes"
            door = add_door(building, lanes)
            sheet.marks.append(Spot(door, tags_of_door))


def add_door(building: Building, lanes: Lanes) -> Point:
    """Make the middle of the side nearest to a street a point of the ring; return it."""
    ring = building.ring
    sides = [(ring[index - 1], ring[index]) for index in range(1, len(ring))]
    middles = [snap(((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)) for a, b in sides]
    index = min(
        range(len(middles)),
        key=lambda i: nearest(lanes.nearest(middles[i]).points, middles[i])[1],
    )
    ring.insert(index + 1, middles[index])
    building.door = middles[index]
    return middles[index]
