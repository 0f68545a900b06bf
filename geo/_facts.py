"""What may have to be known of a way before it counts as passable, in words for people."""

from __future__ import annotations

FACTS = ("surface", "smoothness", "width", "kerb", "incline", "sidewalk", "barrier", "access")
"""What may have to be known; fact ``i`` is bit ``1 << i`` of a set of missing facts."""

SMOOTHNESS = (
    "excellent", "good", "intermediate", "bad", "very_bad", "horrible", "very_horrible",
    "impassable",
)  # fmt: skip
"""Values of OSM's ``smoothness``, best first (OSM wiki *Key:smoothness*)."""

FACT_LABELS = {
    "surface": "Belag",
    "smoothness": "Ebenheit",
    "width": "Breite",
    "kerb": "Bordstein",
    "incline": "Steigung",
    "sidewalk": "Gehweg",
    "barrier": "Sperre oder Tor",
    "access": "Durchkommen auf Rädern",
}
"""German name of every fact."""

FACT_QUESTIONS = {
    "surface": "Wie ist der Belag: Asphalt, Platten, Pflaster, Schotter oder Erde?",
    "smoothness": "Wie eben ist der Weg: Rollen kleine Räder gut, holprig oder gar nicht?",
    "width": "Wie breit ist der Weg an der engsten Stelle?",
    "kerb": "Sind die Bordsteine abgesenkt, und wie hoch ist die Kante?",
    "incline": "Wie steil ist der Weg an der steilsten Stelle?",
    "sidewalk": "Auf welcher Seite gibt es einen Gehweg, und kommt man dort mit Rädern durch?",
    "barrier": "Kommt man an der Sperre oder durch das Tor mit Rollator und Rollstuhl?",
    "access": "Kommt man hier mit Rollator und Rollstuhl ohne Hilfe durch?",
}
"""The question that a neighbourhood walk answers for every fact, in German."""


def bits(*facts: str) -> int:
    """Return a set of facts as bits.

    Parameters
    ----------
    facts
        Names in ``FACTS``.
    """
    return sum(1 << FACTS.index(fact) for fact in set(facts))


def facts_of(missing: int) -> tuple[str, ...]:
    """Return the names of the facts in a set of bits, in the order of ``FACTS``."""
    return tuple(fact for place, fact in enumerate(FACTS) if missing >> place & 1)
