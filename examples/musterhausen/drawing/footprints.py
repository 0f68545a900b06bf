"""The shapes of houses on their plots."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from random import Random

from drawing.frame import Point
from drawing.lots import Axes
from drawing.sheet import Tags
from drawing.styles import Style


@dataclass(frozen=True)
class Plan:
    """What is to be built: the kind, its length along the street, depth and units."""

    kind: str
    frontage: float
    depth: float
    units: int


def choose_plan(style: Style, room: float, chance: Random) -> Plan | None:
    """Draw a plan from a style that fits into so many metres, or None."""
    kind = chance.choice([kind for kind, weight in style.kinds for _ in range(weight)])
    width = chance.uniform(*style.width)
    units = {"semi": 2, "row": chance.randint(3, 6), "block": chance.randint(2, 4)}.get(kind, 1)
    if kind in ("semi", "row"):
        width = max(6.5, width * 0.8)
    frontage = width * units * (1.35 if kind == "block" else 1)
    depth = chance.uniform(*style.depth)
    if frontage > room and units > 1:
        kind, units, frontage = "detached", 1, width
    return Plan(kind, frontage, depth, units) if frontage <= room else None


def footprints(plan: Plan, axes: Axes, chance: Random) -> list[list[Point]]:
    """Return the rings of a plan's buildings, the house first."""
    kind, frontage, depth, units = plan.kind, plan.frontage, plan.depth, plan.units
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
        shape = [
            (0.0, 0.0),
            (frontage, 0.0),
            (frontage, depth + arm),
            (frontage - wing, depth + arm),
            (frontage - wing, depth),
            (0.0, depth),
        ]
        return [axes.ring(shape)]
    if kind == "farm":
        barn = chance.uniform(12, 18)
        return [axes.box(0, 0, frontage, depth + 8), axes.box(frontage + 6, 6, barn, barn * 1.5)]
    if chance.random() < 0.3:
        # A porch or bay towards the garden.
        wide = frontage * chance.uniform(0.35, 0.5)
        shape = [
            (0.0, 0.0),
            (frontage, 0.0),
            (frontage, depth),
            (frontage * 0.2 + wide, depth),
            (frontage * 0.2 + wide, depth + 2.5),
            (frontage * 0.2, depth + 2.5),
            (frontage * 0.2, depth),
            (0.0, depth),
        ]
        return [axes.ring(shape)]
    return [axes.box(0, 0, frontage, depth)]


def house_tags(kind: str, levels: int) -> Tags:
    """Return the tags of a house of a kind."""
    value = {
        "semi": "semidetached_house",
        "row": "terrace",
        "block": "apartments",
        "farm": "farm",
    }.get(kind, "house")
    if value in ("terrace", "semidetached_house"):
        levels = min(levels, 2)
    return {"building": value, "building:levels": str(max(levels, 2 if kind == "block" else 1))}
