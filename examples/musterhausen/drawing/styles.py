"""How people built, quarter by quarter: plots, setbacks, shapes of houses."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Style:
    """A way of building along a street; all lengths in metres.

    Attributes
    ----------
    kinds
        Kinds of houses ("detached", "semi", "row", "block", "corner", "farm") with
        weights.
    width, depth
        Least and greatest size of one house.
    setback
        Least and greatest distance of the front from the edge of the street.
    gap
        Least and greatest distance to the next house.
    garages, sheds
        Shares of houses with a garage beside them, with a shed in the garden.
    levels
        Storeys that occur.
    """

    kinds: tuple[tuple[str, int], ...]
    width: tuple[float, float]
    depth: tuple[float, float]
    setback: tuple[float, float]
    gap: tuple[float, float]
    garages: float
    sheds: float
    levels: tuple[int, ...]


STYLES = {
    "gruender": Style(
        (("detached", 3), ("semi", 4), ("row", 3)),
        (9, 13),
        (11, 14),
        (2, 5),
        (4, 10),
        0.25,
        0.2,
        (2, 2, 3),
    ),
    "siedlung": Style(
        (("detached", 5), ("semi", 6)), (8, 9.5), (8.5, 11), (5, 8), (6, 10), 0.4, 0.35, (1, 2)
    ),
    "bungalow": Style(
        (("detached", 4), ("corner", 4), ("semi", 1), ("row", 1)),
        (10, 14),
        (10, 13),
        (5, 9),
        (5, 9),
        0.75,
        0.25,
        (1, 1, 2),
    ),
    "mixed": Style(
        (("detached", 4), ("semi", 3), ("row", 3), ("corner", 2)),
        (9, 12),
        (10, 12),
        (5, 8),
        (5, 9),
        0.55,
        0.3,
        (1, 2),
    ),
    "blocks": Style(
        (("block", 5), ("row", 4), ("detached", 2)),
        (9, 12),
        (10, 12),
        (6, 10),
        (8, 14),
        0.3,
        0.1,
        (3, 3, 4),
    ),
    "young": Style(
        (("detached", 6), ("semi", 3), ("row", 1)),
        (9, 11.5),
        (9, 11.5),
        (4, 6.5),
        (4, 8),
        0.7,
        0.28,
        (1, 2),
    ),
    "village": Style(
        (("detached", 6), ("corner", 2), ("farm", 2), ("semi", 1)),
        (9, 13),
        (10, 14),
        (3, 10),
        (8, 18),
        0.4,
        0.5,
        (1, 2),
    ),
    "hamlet": Style(
        (("detached", 5), ("corner", 2), ("farm", 1)),
        (9, 13),
        (10, 14),
        (6, 16),
        (24, 60),
        0.6,
        0.6,
        (1, 2),
    ),
}
