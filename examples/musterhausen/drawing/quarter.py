"""A quarter: a plan of streets in a square, bent to the streets around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from drawing.curves import between, smooth
from drawing.frame import Point
from drawing.patch import Patch
from drawing.sheet import Sheet, Zone

Plan = Sequence[tuple[str, list[Point]]]
"""Names and courses of streets, in shares of the quarter. A name that begins with "-" is
a footpath, with "+" a service way, with "~" a traffic-calmed street."""


@dataclass(frozen=True)
class Along:
    """A side of a quarter that is part of a street: its name, and from where to where."""

    name: str
    start: Point
    end: Point


Side = Sequence[Along] | Sequence[Point]
"""A side follows streets, one after the other, or points where there is no street."""


@dataclass(frozen=True)
class Quarter:
    """Four sides, a style of building, and the plan of the inner streets."""

    style: str
    bottom: Side
    top: Side
    left: Side
    right: Side
    plan: Plan


def draw_quarter(sheet: Sheet, quarter: Quarter) -> Patch:
    """Draw the inner streets and the zone of a quarter."""
    patch = Patch(
        bottom=_side(sheet, quarter.bottom),
        top=_side(sheet, quarter.top),
        left=_side(sheet, quarter.left),
        right=_side(sheet, quarter.right),
    )
    for name, plan in quarter.plan:
        _draw(sheet, name, patch.line(plan))
    sheet.zones.append(Zone(patch.outline, quarter.style))
    return patch


def _draw(sheet: Sheet, name: str, points: list[Point]) -> None:
    if name.startswith("-"):
        sheet.street(name[1:], "footway", points, surface="paving_stones")
    elif name.startswith("+"):
        sheet.street(name[1:], "service", points)
    elif name.startswith("~"):
        sheet.street(name[1:], "living_street", points, surface="paving_stones")
    else:
        sheet.street(name, "residential", points, maxspeed="30", surface="asphalt")


def _side(sheet: Sheet, side: Side) -> list[Point]:
    drawn: list[Point] = []
    plain: list[Point] = []
    for part in side:
        if isinstance(part, Along):
            line = sheet.street_at(part.name, part.start)
            run = between(line.points, part.start, part.end)
            drawn.extend(run[1:] if drawn else run)
        else:
            plain.append(part)
    return drawn or smooth(plain)
