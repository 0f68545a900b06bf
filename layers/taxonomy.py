"""The taxonomy: which OSM tags make which category of place."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from layers._tag_rules import Rule
from layers.lifecycle import PREFIXES

LAYERS = ("services", "transit", "meeting_places", "partners", "risk")
"""Layers of the social space; ``risk`` is internal and off."""

LAYER_LABELS: Mapping[str, str] = {
    "services": "Versorgung und Hilfe",
    "transit": "Mobilität",
    "meeting_places": "Begegnung und Freizeit",
    "partners": "Mögliche Partner",
    "risk": "Risiken (nur intern)",
}
"""The German heading of each layer."""

# Keys that half of all objects carry; a rule that began with one would read everything.
NEVER_LEADING = frozenset(
    {"name", "access", "operator", "brand", "opening_hours", "building", "sport", "source"}
)


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
        Alternatives; each asks for all of its tags (key → allowed values, ``"*"`` any,
        ``"~word"`` a word in the text). The first key leads: objects without it are not read.
    completeness
        How complete OSM usually is: ``"high"``, ``"medium"`` or ``"low"``.
    partner
        Whether such a place is a potential partner.
    indicator
        Whether access indicators are computed for it (a bench is a place, but no need).
    unless
        Alternatives like ``rules`` that rule the category out (``access=private``).
    unnamed_from_m2
        Nought, or the area in m² from which a thing without a name counts.
    merging
        How drawings of one thing are recognised: ``"place"``, ``"single"`` or ``"stop"``;
        see ``layers.merging``.
    part_of
        Ids of categories: inside or at the door of such a place it is part of that place.
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
    unless: tuple[Mapping[str, tuple[str, ...]], ...] = ()
    unnamed_from_m2: float = 0.0
    merging: str = "place"
    part_of: tuple[str, ...] = ()


class _Matcher:
    """Ready-made rules of one category."""

    __slots__ = ("category", "order", "rules", "unless")

    def __init__(self, order: int, category: Category) -> None:
        self.order = order
        self.category = category
        self.rules = tuple(Rule(tag_set) for tag_set in category.rules)
        self.unless = tuple(Rule(tag_set) for tag_set in category.unless)

    def met(self, tags: Mapping[str, str], area_m2: float | None) -> bool:
        if not any(rule.met(tags) for rule in self.rules):
            return False
        if any(rule.met(tags) for rule in self.unless):
            return False
        smallest = self.category.unnamed_from_m2
        return not smallest or bool(tags.get("name")) or (area_m2 or 0.0) >= smallest


class _Lead:
    """The categories whose rules begin with one key, by the value that they ask for."""

    __slots__ = ("exact", "rest")

    def __init__(self) -> None:
        self.exact: dict[str, dict[int, _Matcher]] = {}
        self.rest: dict[int, _Matcher] = {}

    def add(self, rule: Rule, matcher: _Matcher) -> None:
        condition = rule.conditions[0]
        if condition.any or condition.none or condition.words is not None:
            self.rest[matcher.order] = matcher
        for value in condition.exact:
            self.exact.setdefault(value, {})[matcher.order] = matcher

    def may_match(self, value: str) -> list[_Matcher]:
        """Return the categories that a value may lead to, in their order."""
        found = dict(self.rest)
        parts = [part.strip() for part in value.split(";")] if ";" in value else [value]
        for part in {*parts, value}:
            found |= self.exact.get(part, {})
        return [found[order] for order in sorted(found)]


@dataclass(frozen=True)
class Taxonomy:
    """All categories, in the order in which they are shown and matched.

    Attributes
    ----------
    categories
        Categories in use.
    switched_off
        Categories known but not used: the risk layer, and what a study has switched off.
    """

    categories: tuple[Category, ...]
    switched_off: tuple[Category, ...] = ()
    _by_lead: dict[str, _Lead] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Sort the rules by the keys and values they begin with."""
        for order, category in enumerate(self.categories):
            matcher = _Matcher(order, category)
            for rule in matcher.rules:
                self._by_lead.setdefault(rule.lead, _Lead()).add(rule, matcher)

    @property
    def by_id(self) -> dict[str, Category]:
        """The categories in use by their id."""
        return {category.id: category for category in self.categories}

    @property
    def feature_keys(self) -> frozenset[str]:
        """OSM keys that an object must have one of to be read from an extract.

        The keys that rules begin with, and the same with the prefixes of lifecycle
        (``disused:shop``), so that what is gone can be counted and named.
        """
        leads = frozenset(self._by_lead)
        return leads | {f"{prefix}:{key}" for prefix in PREFIXES for key in leads}

    @property
    def feature_values(self) -> dict[str, frozenset[str] | None]:
        """Per leading key the values that any rule can use, or None for all of them.

        For readers that want to leave out what cannot match: of ``highway`` only a few
        values make a place.
        """
        return {
            key: None if lead.rest else frozenset(lead.exact)
            for key, lead in sorted(self._by_lead.items())
        }

    @property
    def features(self) -> dict[str, frozenset[str] | None]:
        """What to read from an extract, for ``geo.reader.read_extract``.

        All ``feature_keys`` with any value, but of ``highway`` only the values that a rule
        can use: streets are many, and no places.
        """
        streets = {key: values for key, values in self.feature_values.items() if key == "highway"}
        return dict.fromkeys(self.feature_keys) | streets

    @property
    def digest(self) -> str:
        """SHA-256 of all that the taxonomy says, for the id of a snapshot."""
        rows = [dataclasses.asdict(category) for category in self.categories]
        text = json.dumps(rows, ensure_ascii=False, sort_keys=True, default=list)
        return hashlib.sha256(text.encode("utf-8")).hexdigest()

    def match(self, tags: Mapping[str, str], area_m2: float | None = None) -> Category | None:
        """Return the category of an object: the first whose rules its tags meet.

        Parameters
        ----------
        tags
            Tags of one OSM object.
        area_m2
            Its area in m², None for what has none or where it is not known.

        Returns
        -------
        Category or None
            None for what is no place of the social space. Lifecycle is not looked at; see
            ``layers.lifecycle``.
        """
        best: _Matcher | None = None
        for matcher in self._may_match(tags):
            if (best is None or matcher.order < best.order) and matcher.met(tags, area_m2):
                best = matcher
        return None if best is None else best.category

    def matches(self, tags: Mapping[str, str], area_m2: float | None = None) -> list[Category]:
        """Return every category whose rules the tags meet, in order; ``match`` is the first."""
        found = {
            matcher.order: matcher.category
            for matcher in self._may_match(tags)
            if matcher.met(tags, area_m2)
        }
        return [found[order] for order in sorted(found)]

    def _may_match(self, tags: Mapping[str, str]) -> Iterator[_Matcher]:
        for key, value in tags.items():
            lead = self._by_lead.get(key)
            if lead is not None:
                yield from lead.may_match(value)


def load_taxonomy(override: Path | None = None) -> Taxonomy:
    """Read the taxonomy, and a study's changes to it.

    Parameters
    ----------
    override
        TOML file of a study. Its ``[[category]]`` tables change the fields of a category
        that is known (``off = true`` switches it off), or add one. A new one is matched
        before all others, since it is more special than they are, or before the category
        that ``before`` names.

    Raises
    ------
    TaxonomyError
        If the file cannot be read or is wrong; the message names all faults at once.
    """
    # Imported here: pydantic costs a third of a second, and only reading needs it.
    from layers._taxonomy_file import read_categories  # noqa: PLC0415

    categories, switched_off = read_categories(override)
    return Taxonomy(categories=categories, switched_off=switched_off)
