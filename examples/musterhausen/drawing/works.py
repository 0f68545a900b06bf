"""Works and workshops south of the railway: big halls on big plots."""

from __future__ import annotations

from drawing.curves import at, left_of, length, shifted
from drawing.ground import Ground, half_width
from drawing.lots import Axes, Zones
from drawing.plots import Block, Plot, draw_plot
from drawing.sheet import Building, Line, Sheet

_WFBM = Plot(
    [(-300, -1500), (-200, -1512), (-196, -1446), (-296, -1432)],
    {
        "amenity": "social_facility",
        "social_facility": "workshop",
        "social_facility:for": "disabled",
        "name": "Werkstätten Musterhausen (WfbM)",
        "wheelchair": "yes",
    },
    [Block((-252, -1474), 60, 34, -6, {"building": "industrial"}, street="Industriestraße")],
    service=[[(-220, -1420), (-214, -1446), (-212, -1500), (-290, -1492)]],
)
_YARD = Plot(
    [(880, -1262), (980, -1256), (976, -1190), (884, -1196)],
    {"amenity": "recycling", "recycling_type": "centre", "name": "Wertstoffhof Musterhausen"},
    [Block((900, -1226), 24, 14, 84, {"building": "industrial"})],
    service=[[(950, -1296), (946, -1262), (940, -1204)]],
)


def draw_works_plots(sheet: Sheet) -> None:
    """Draw the plots that have a purpose of their own."""
    draw_plot(sheet, _WFBM)
    draw_plot(sheet, _YARD)


def build_works(sheet: Sheet, ground: Ground) -> None:
    """Line the streets of the works with halls."""
    zones = Zones(sheet)
    for street in sheet.streets:
        if street.name and street.tags["highway"] in ("unclassified", "residential"):
            for side in (1, -1):
                _line(sheet, ground, zones, street, side)


def _line(sheet: Sheet, ground: Ground, zones: Zones, street: Line, side: int) -> None:
    chance = sheet.random
    station = 12.0
    whole = length(street.points)
    while station < whole - 30:
        width, depth = chance.uniform(20, 58), chance.uniform(18, 44)
        point, along = at(street.points, min(station + width / 2, whole))
        normal = left_of(along)
        away = (normal[0] * side, normal[1] * side)
        setback = half_width(street) + chance.uniform(6, 16)
        corner = shifted(shifted(point, along, -width / 2), away, setback)
        axes = Axes(corner, along, away)
        if zones.style(axes.point(width / 2, depth / 2)) != "works":
            station += 15
            continue
        ring = axes.box(0, 0, width, depth)
        if not ground.free(ring, 6):
            station += 8
            continue
        ground.occupy(ring)
        value = chance.choice(("industrial", "industrial", "warehouse", "commercial"))
        sheet.buildings.append(
            Building(ring, {"building": value}, axes.point(width / 2, 0), street.name, side)
        )
        if chance.random() < 0.5:
            office = axes.box(width + 4, 0, 12, 10)
            if ground.free(office, 3):
                ground.occupy(office)
                sheet.buildings.append(Building(office, {"building": "office"}))
        station += width + chance.uniform(12, 34)
