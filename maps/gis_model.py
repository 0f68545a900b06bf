"""How a layer is drawn in a GIS, before it is written as QML or SLD. Lengths are CSS pixels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MM_PER_PIXEL = 25.4 / 96
"""A CSS pixel on paper: a GIS measures symbols in millimetres."""


Value = str | float | bool
"""What a column holds."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a feature must have to be drawn by a rule.

    Attributes
    ----------
    column
        Name of the column.
    operator
        ``"="``, ``"<>"``, ``"<="``, ``">"`` or ``"in"``.
    value
        Text, number or bool; for ``"in"`` a tuple of texts.
    """

    column: str
    operator: str
    value: Value | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Marker:
    """A symbol at a point.

    Attributes
    ----------
    svg
        The symbol as an SVG document.
    size
        Side of its box, pixels.
    mark, colour, rim
        What stands for it where no SVG can be drawn: a well-known name of SLD, its colours.
    foot
        Whether its lower edge, not its middle, stands on the point.
    beyond, within
        Drawn only at scales smaller (1:more) or not smaller than these; 0: at all.
    """

    svg: str
    size: float
    mark: str
    colour: str
    rim: str = "#FFFFFF"
    foot: bool = False
    beyond: int = 0
    within: int = 0


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters on a marker: those of a column, or by the value of a column.

    Attributes
    ----------
    column
        Whose value is written.
    by_value
        What is written for each value instead; empty: the value itself.
    size, colour
        Of the letters.
    up
        How far their middle lies above the point, pixels.
    within
        Drawn only at scales not smaller than this; 0: at all.
    """

    column: str
    by_value: Mapping[str, str]
    size: float
    colour: str
    up: float = 0.0
    within: int = 0


@dataclass(frozen=True, slots=True)
class Fill:
    """A plain tint of an area."""

    colour: str
    opacity: float


@dataclass(frozen=True, slots=True)
class Hatch:
    """Lines across an area.

    Attributes
    ----------
    colour, opacity, width
        Of the lines.
    step
        Distance between them.
    falling
        Whether they fall to the right; else they rise.
    """

    colour: str
    opacity: float
    width: float
    step: float
    falling: bool


@dataclass(frozen=True, slots=True)
class Dots:
    """Dots across an area, each row shifted by half a step."""

    colour: str
    step: float
    radius: float


@dataclass(frozen=True, slots=True)
class Line:
    """The outline of an area; ``dash`` are lengths of lines and gaps, e.g. ``"9 6"``."""

    colour: str
    width: float
    dash: str = ""


Part = Marker | Letters | Fill | Hatch | Dots | Line
"""One part of a symbol; the first lies lowest."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What is drawn how; a rule without parts is a heading.

    Attributes
    ----------
    label
        German, in the legend.
    conditions
        All must hold, and those of the rules above.
    parts
        The symbol; empty: nothing of its own.
    rules
        Below this one.
    shown
        Whether it is drawn before anybody ticks it.
    otherwise
        Whether it draws what no rule beside it does, instead of ``conditions``.
    """

    label: str
    conditions: tuple[Condition, ...] = ()
    parts: tuple[Part, ...] = ()
    rules: tuple[Rule, ...] = ()
    shown: bool = True
    otherwise: bool = False


@dataclass(frozen=True, slots=True)
class Caption:
    """What is written beside a feature.

    Attributes
    ----------
    column
        Whose value is written.
    after
        Written behind it, e.g. `` Min.``.
    size
        Of the letters, pixels.
    colour, halo, font
        Of the letters.
    within
        Written only at scales not smaller than this (1:within).
    place
        ``"beside"`` a point, ``"inside"`` an area or ``"outline"``, along its outline.
    bold
        Whether the letters are bold.
    away
        Distance from a point, pixels.
    only
        What a feature must have to be written beside; none: all features.
    """

    column: str
    size: float
    colour: str
    halo: str
    font: str
    within: int
    place: str = "beside"
    after: str = ""
    bold: bool = False
    away: float = 0.0
    only: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class GisStyle:
    """How a layer is drawn.

    Attributes
    ----------
    title
        German title.
    kind
        ``"point"``, ``"area"``, or "" for a table.
    rules
        In the order of the legend.
    caption
        What is written beside features, if anything.
    order
        Column by which features are drawn, the largest first; "" as they come.
    """

    title: str
    kind: str
    rules: tuple[Rule, ...] = ()
    caption: Caption | None = None
    order: str = ""
