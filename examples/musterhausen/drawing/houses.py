"""Houses along the streets: on plots, set back, with garages and sheds, never on each other."""

from __future__ import annotations

from drawing.curves import at, left_of, length, nearest, shifted
from drawing.footprints import Plan, choose_plan, footprints, house_tags
from drawing.ground import Ground, Lanes, half_width
from drawing.lots import Axes, Zones, facing
from drawing.sheet import Building, Line, Sheet
from drawing.styles import STYLES, Style

SETTLED = {"secondary", "tertiary", "unclassified", "residential", "living_street", "pedestrian"}


def build_houses(sheet: Sheet, ground: Ground) -> None:
    """Line all streets that lie in a zone with houses."""
    builder = _Builder(sheet, ground)
    for street in sheet.streets:
        if street.tags["highway"] in SETTLED and street.name:
            for side in (1, -1):
                builder.line(street, side)


class _Builder:
    """Builds house after house along one side of a street."""

    def __init__(self, sheet: Sheet, ground: Ground) -> None:
        self._sheet = sheet
        self._ground = ground
        self._zones = Zones(sheet)
        self._chance = sheet.random

    def line(self, street: Line, side: int) -> None:
        """Line one side of a street, as far as it lies in zones of houses."""
        end = length(street.points) - 2
        station = self._chance.uniform(3, 9)
        while station < end - 4:
            point, _, away = facing(street.points, station, side)
            probe = shifted(point, away, half_width(street) + 12)
            style = STYLES.get(self._zones.style(probe))
            if style is None:
                station += 6
                continue
            plan = choose_plan(style, end - station, self._chance)
            if plan and self._build(street, side, station, plan, style):
                station += plan.frontage + self._chance.uniform(*style.gap)
            else:
                station += 3.0

    def _build(self, street: Line, side: int, station: float, plan: Plan, style: Style) -> bool:
        """Build a plan at a station if there is room for it."""
        chance = self._chance
        middle, along, away = facing(street.points, station + plan.frontage / 2, side)
        setback = half_width(street) + chance.uniform(*style.setback)
        corner = shifted(shifted(middle, along, -plan.frontage / 2), away, setback)
        axes = Axes(corner, along, away)
        rings = footprints(plan, axes, chance)
        if not all(self._ground.free(ring, 2.5) for ring in rings):
            return False
        tags = house_tags(plan.kind, chance.choice(style.levels))
        for index, ring in enumerate(rings):
            if plan.kind == "farm" and index:
                value = chance.choice(("barn", "farm_auxiliary"))
                self._add(Building(ring, {"building": value}))
                continue
            units = 1 if plan.kind == "farm" else len(rings)
            door = axes.point(plan.frontage * (index + 0.5) / units, 0)
            self._add(Building(ring, dict(tags), door, street.name, side))
        self._add_annexes(axes, plan, style)
        return True

    def _add(self, building: Building) -> None:
        self._ground.occupy(building.ring)
        self._sheet.buildings.append(building)

    def _add_annexes(self, axes: Axes, plan: Plan, style: Style) -> None:
        """Add a garage beside and a shed behind the house where there is room."""
        chance = self._chance
        if chance.random() < style.garages:
            back = chance.uniform(1.5, 5)
            left = axes.box(-3.4 - 0.6, back, 3.4, 6.2)
            right = axes.box(plan.frontage + 0.6, back, 3.4, 6.2)
            first, second = (left, right) if chance.random() < 0.5 else (right, left)
            for ring in (first, second):
                if self._ground.free(ring, 0.4):
                    self._add(Building(ring, {"building": "garage"}))
                    break
        if chance.random() < style.sheds:
            x = chance.uniform(0, plan.frontage - 3)
            ring = axes.box(x, plan.depth + chance.uniform(7, 14), chance.uniform(2.4, 4), 2.6)
            if self._ground.free(ring, 1.5):
                self._add(Building(ring, {"building": "shed"}))


def build_second_row(sheet: Sheet, ground: Ground) -> None:
    """Put a few houses and workshops into the gardens behind, as the years have done."""
    zones = Zones(sheet)
    chance = sheet.random
    streets = Lanes(
        [line for line in sheet.streets if line.tags["highway"] in SETTLED and line.name]
    )
    for _ in range(1400):
        spot = (chance.uniform(-950, 1430), chance.uniform(-1160, 420))
        size = (chance.uniform(8, 13), chance.uniform(8, 12))
        style = zones.style(spot)
        if style not in ("gruender", "siedlung", "mixed", "bungalow"):
            continue
        street = streets.nearest(spot)
        station, off = nearest(street.points, spot)
        along = at(street.points, station)[1]
        ring = Axes(spot, along, left_of(along)).box(0, 0, *size)
        if 28 < off < 58 and ground.free(ring, 9):
            ground.occupy(ring)
            value = "yes" if style == "gruender" and chance.random() < 0.5 else "house"
            sheet.buildings.append(Building(ring, {"building": value}))
