"""German grammar for the sentences of the summaries: gender, number, nought, case."""

from __future__ import annotations

import math
from collections.abc import Sequence

from geo.profiles import Mode, Profile
from layers.taxonomy import Category

_ARTICLES = {"m": "der", "f": "die", "n": "das"}
_WAYS = {
    "rollator": "mit dem Rollator",
    "wheelchair": "mit dem Rollstuhl",
}
_WAYS_OF_MODE = {
    Mode.FOOT: "zu Fuß", Mode.WHEELS: "auf Rädern", Mode.BICYCLE: "mit dem Fahrrad",
}  # fmt: skip
_TO = {"m": "zum", "f": "zur", "n": "zum"}


def counted(number: int, category: Category) -> str:
    """Return a number of things: ``keine Apotheke``, ``1 Apotheke``, ``2 Apotheken``."""
    if number == 0:
        return none_of(category)
    return f"{number} {category.label if number == 1 else category.label_plural}"


def none_of(category: Category) -> str:
    """Return ``keine Apotheke``, ``kein Supermarkt`` (nominative)."""
    return f"{'keine' if category.gender == 'f' else 'kein'} {category.label}"


def one_of(category: Category) -> str:
    """Return ``eine Apotheke``, ``ein Supermarkt`` (nominative)."""
    return f"{'eine' if category.gender == 'f' else 'ein'} {category.label}"


def nearest(category: Category) -> str:
    """Return ``die nächste Apotheke``, ``der nächste Supermarkt`` (nominative)."""
    return f"{_ARTICLES[category.gender]} nächste {category.label}"


def to_nearest(category: Category) -> str:
    """Return ``zur nächsten Apotheke``, ``zum nächsten Supermarkt`` (dative)."""
    return f"{_TO[category.gender]} nächsten {category.label}"


def on_the_way(profile: Profile) -> str:
    """Return how somebody is on the way: ``zu Fuß``, ``mit dem Rollstuhl``.

    Of profiles that a study adds the label, if it can stand there (``Mit Gehstock``).
    """
    if profile.id in _WAYS:
        return _WAYS[profile.id]
    first, _, rest = profile.label.partition(" ")
    if rest and first in {"Mit", "Im", "Auf"}:
        return f"{first.lower()} {rest}"
    return _WAYS_OF_MODE[profile.mode]


def minutes_text(minutes: int) -> str:
    """Return ``1 Minute``, ``17 Minuten``."""
    return f"{minutes} {'Minute' if minutes == 1 else 'Minuten'}"


def whole_minutes(seconds: float) -> int:
    """Return full minutes, rounded up: nobody arrives later than told; at least one.

    Rounding to the nearest would call a place 10 minutes away that is not counted among
    those within 10 minutes.
    """
    return max(1, math.ceil(seconds / 60))


def decimal_text(value: float, digits: int = 1) -> str:
    """Return a number with a decimal comma: ``1,6``."""
    return f"{value:.{digits}f}".replace(".", ",")


def joined(parts: Sequence[str], last: str = "und") -> str:
    """Return ``a``, ``a und b``, ``a, b und c``."""
    if len(parts) < 2:  # noqa: PLR2004
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def sentence(text: str) -> str:
    """Return a text with a capital letter at its start, nothing else changed."""
    return text[:1].upper() + text[1:]
