"""Pavements: said on the street, or drawn as ways of their own beside the busy ones."""

from __future__ import annotations

from drawing.curves import between, offset, thinned
from drawing.frame import Point
from drawing.sheet import Sheet

# Streets whose pavements are drawn: name, from, to.
_SEPARATE: list[tuple[str, Point, Point]] = [
    ("Bahnhofstraße", (118, -696), (184, -1152)),
    ("Münsterstraße", (-332, -454), (-840, -394)),
]
_AWAY = 6.6
_IN_TOWN = {"tertiary", "secondary", "residential"}


def draw_pavements(sheet: Sheet) -> None:
    """Draw the pavements; before the streets are joined."""
    for line in list(sheet.streets):
        if line.tags["highway"] in _IN_TOWN and line.name:
            line.tags.setdefault("sidewalk", "both")
            line.tags.setdefault("lit", "yes")
    for name, start, end in _SEPARATE:
        street = sheet.street_at(name, start)
        street.tags["sidewalk"] = "separate"
        middle = between(street.points, start, end)
        for side in (1, -1):
            course = thinned(offset(middle, side * _AWAY), 0.4)
            sheet.street(
                "",
                "footway",
                course,
                footway="sidewalk",
                surface="paving_stones",
                width="1.8",
                kerb="raised" if side > 0 else "lowered",
            )
