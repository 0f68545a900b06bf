"""House numbers: along each street, odd on its left, even on its right."""

from __future__ import annotations

from collections import defaultdict

from drawing.curves import nearest
from drawing.sheet import Building, Sheet
from drawing.village import VILLAGE

POSTCODE = "59999"
"""Not given to any place in Germany."""

TOWN = "Musterhausen"


def number_houses(sheet: Sheet) -> None:
    """Give the buildings that stand at a street their address."""
    rows: defaultdict[str, list[tuple[float, int, Building]]] = defaultdict(list)
    for building in sheet.buildings:
        if not building.street or "addr:housenumber" in building.tags:
            continue
        if not any(True for _ in sheet.named(building.street)):
            continue
        where = building.door or building.ring[0]
        street = sheet.street_at(building.street, where)
        station, _ = nearest(street.points, where)
        # Streets in several parts are numbered one part after the other.
        part = next(i for i, own in enumerate(sheet.named(building.street)) if own is street)
        rows[building.street].append((part * 10_000 + station, building.side or 1, building))
    given = {
        (building.tags.get("addr:street"), building.tags.get("addr:housenumber"))
        for building in sheet.buildings
    }
    for name, row in rows.items():
        _number(name, row, {number for street, number in given if street == name})


def _number(name: str, row: list[tuple[float, int, Building]], given: set[str | None]) -> None:
    counts = {1: 1, -1: 2}
    for _, side, building in sorted(row, key=lambda entry: entry[0]):
        while str(counts[side]) in given:
            counts[side] += 2
        building.tags["addr:street"] = name
        building.tags["addr:housenumber"] = str(counts[side])
        building.tags["addr:postcode"] = POSTCODE
        building.tags["addr:city"] = TOWN
        x, y = building.ring[0]
        if x < -530 and y > 300:
            building.tags["addr:suburb"] = VILLAGE
        counts[side] += 2
