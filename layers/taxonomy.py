"""The taxonomy: which OSM tags make which category of place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Category:
    """A class of places.

    Attributes
    ----------
    id
        Stable name; the OSM value where one value makes the category.
    label, label_plural
        German, e.g. "Bäckerei", "Bäckereien".
    gender
        Grammatical gender of the label: ``"f"``, ``"m"`` or ``"n"``, for sentences.
    layer
        ``"services"``, ``"transit"``, ``"meeting_places"``, ``"partners"`` or ``"risk"``.
    group
        German heading that the category stands under, e.g. "Nahversorgung".
    role
        ``"resource"``, ``"ambivalent"``, ``"risk"``, ``"mobility"`` or ``"partner"``.
    rules
        Alternatives; each asks for all of its tags (key → allowed values, ``"*"`` any).
    completeness
        How complete OSM usually is: ``"high"``, ``"medium"`` or ``"low"``.
    partner
        Whether such a place is a potential partner.
    indicator
        Whether access indicators are computed for it (a bench is a place, but no need).
    """

    id: str
    label: str
    label_plural: str
    gender: str
    layer: str
    group: str
    role: str
    rules: tuple[Mapping[str, tuple[str, ...]], ...]
    completeness: str
    partner: bool
    indicator: bool


@dataclass(frozen=True)
class Taxonomy:
    """All categories, in the order in which they are shown and matched."""

    categories: tuple[Category, ...]
