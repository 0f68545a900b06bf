"""The parts of a filter: what was asked, before any row is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

STRING, NUMBER, BOOLEAN, DATE, TIMESTAMP = "string", "number", "boolean", "date", "timestamp"


@dataclass(frozen=True, slots=True)
class Property:
    """A queryable that is not the geometry, by its name."""

    name: str
    place: int


@dataclass(frozen=True, slots=True)
class Literal:
    """A value.

    Attributes
    ----------
    value
        A text, number or truth value; a date or a point in time as text in ISO 8601, whose
        order as text is that in time.
    type
        ``"string"``, ``"number"``, ``"boolean"``, ``"date"`` or ``"timestamp"``.
    place
        Where it stands in the filter, from 1.
    """

    value: str | float | bool
    type: str
    place: int


@dataclass(frozen=True, slots=True)
class Folded:
    """Text without regard to upper and lower case: ``CASEI(…)``."""

    of: Property | Literal
    place: int


Scalar = Property | Literal | Folded


@dataclass(frozen=True, slots=True)
class Everything:
    """``TRUE`` or ``FALSE``: all features or none."""

    value: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """``left operator right``, the operator being one of ``= <> < > <= >=``."""

    operator: str
    left: Scalar
    right: Scalar
    place: int


@dataclass(frozen=True, slots=True)
class Like:
    """``of LIKE pattern``; the pattern is as written, folded if it stood in ``CASEI``."""

    of: Scalar
    pattern: str
    place: int


@dataclass(frozen=True, slots=True)
class Among:
    """``of IN (options)``."""

    of: Scalar
    options: tuple[Scalar, ...]
    place: int


@dataclass(frozen=True, slots=True)
class Missing:
    """``of IS NULL``; ``of`` None means the geometry."""

    of: Scalar | None


@dataclass(frozen=True, slots=True)
class Spatial:
    """A spatial function of two geometries; None stands for that of the feature.

    Attributes
    ----------
    function
        Name of the comparison in small letters without its ``s_``.
    left, right
        A shape of shapely in the CRS of the filter, x before y; or None.
    place
        Where the function stands in the filter, from 1.
    """

    function: str
    left: Any
    right: Any
    place: int


@dataclass(frozen=True, slots=True)
class Not:
    """True where ``of`` is false, unknown where it is unknown."""

    of: Condition


@dataclass(frozen=True, slots=True)
class All:
    """``AND``: true where all parts are."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """``OR``: true where one part is."""

    parts: tuple[Condition, ...]


Condition = Everything | Comparison | Like | Among | Missing | Spatial | Not | All | Either
