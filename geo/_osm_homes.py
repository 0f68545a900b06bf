"""Which objects of OSM may be grounds of the LWL, or houses in which people live."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geo._site_words import text

if TYPE_CHECKING:
    from geo.extract import Tags

# »LWL« as a word, or the full name in its usual spellings.
_LWL = re.compile(
    r"\bLWL\b|\bLandschaftsverband(?:e?s)?\s+Westfalen\s*[-–/]?\s*Lippe\b", re.IGNORECASE
)
_LWL_KEYS = (
    "operator",
    "owner",
    "brand",
    "name",
    "official_name",
    "alt_name",
    "short_name",
    "operator:short",
)
TELLING_TEXT = re.compile(
    rf"^(?:clinic|hospital|nursing_home|social_facility)$|{_LWL.pattern}", re.IGNORECASE
)
"""Found in a key or value of every object that fits."""
_PSYCHIATRY = re.compile(r"psychiatr|forensi|sucht", re.IGNORECASE)
_HOMES = {
    "group_home": "Wohngruppe",
    "assisted_living": "Betreutes Wohnen",
    "nursing_home": "Pflegeheim",
    "shelter": "Notunterkunft",
    "hospice": "Hospiz",
    "healthcare": "Soziale Einrichtung mit Pflege",
    "outreach": "Beratung",
    "ambulatory_care": "Ambulanter Dienst",
    "day_care": "Tagesstätte",
    "workshop": "Werkstatt",
}
# Where people live; the other social facilities are destinations rather than houses.
_LIVED_IN = {"group_home", "assisted_living", "nursing_home", "shelter"}
_FOR = {"mental_health", "disabled", "addict", "drug_addicted", "alcohol", "diseased"}
_WARDS = "Krankenhausgebäude"
_HOSPITALS = {"hospital": "Krankenhaus", "clinic": "Klinik"}
# Land that can be grounds when an operator says so. Woods and fields of the same owner,
# its museums, schools and offices are not where people live.
_LAND = {"residential", "institutional", "healthcare", "civic_admin", "commercial"}
# With one of these an object is no facility, whoever runs it: hiking routes, guideposts
# and boards, roads, cables (LWL is also short for Lichtwellenleiter).
_NOT_GROUNDS = {
    "route",
    "highway",
    "information",
    "tourism",
    "boundary",
    "power",
    "telecom",
    "utility",
    "man_made",
    "railway",
    "public_transport",
    "advertising",
    "natural",
    "leisure",
    "historic",
    "shop",
    "office",
}
_NO_BUILDINGS = {"no", "garage", "garages", "shed", "carport", "roof", "service", "ruins"}


@dataclass(frozen=True, slots=True)
class Fit:
    """How well an object fits.

    Attributes
    ----------
    rank
        1 facility of the LWL, 2 its land or buildings, 3 home for people with illness,
        disability or addiction, 4 psychiatric hospital, 5 other homes, 6 other hospital,
        7 nursing home and the like.
    label
        German kind.
    reason
        Why it is suggested, German.
    """

    rank: int
    label: str
    reason: str


def fit(tags: Tags, shape: Any) -> Fit | None:
    """Say how well an object fits, or None if it does not.

    Lines and the like never fit: a hiking route run by the LWL is not its grounds.
    """
    if shape is None or shape.geom_type not in {"Point", "Polygon", "MultiPolygon"}:
        return None
    drawn = shape.geom_type != "Point"
    label, psychiatric = _facility(tags, drawn=drawn)
    run_by = _lwl(tags)
    if run_by:
        return _lwl_fit(tags, run_by, label)
    if label and _is_social(tags):
        return _social_fit(tags, label)
    if not label or not drawn:
        return None
    if psychiatric:
        return Fit(4, label, f"{label} für Psychiatrie oder Sucht")
    # In the single buildings of a general hospital nobody lives.
    return None if label == _WARDS else Fit(6, label, label)


def _is_social(tags: Tags) -> bool:
    return tags.get("amenity") in {"social_facility", "nursing_home"} or "social_facility" in tags


def _lwl_fit(tags: Tags, run_by: str, label: str) -> Fit | None:
    if label:
        return Fit(1, label, f"{label}, {run_by}")
    if _NOT_GROUNDS & set(tags) or "amenity" in tags:
        return None
    if tags.get("landuse") in _LAND:
        return Fit(2, "Gelände", f"Gelände, {run_by}")
    if is_building(tags):
        return Fit(2, "Gebäude", f"Gebäude, {run_by}")
    return None


def _social_fit(tags: Tags, label: str) -> Fit | None:
    social = tags.get("social_facility", "")
    served = {part.strip() for part in tags.get("social_facility:for", "").split(";")}
    if served & _FOR:
        rank = 3 if social in _LIVED_IN else 5
        return Fit(rank, label, f"{label} für Menschen mit Behinderung, Krankheit oder Sucht")
    if social in _LIVED_IN or not social:
        return Fit(5 if social in {"group_home", "assisted_living"} else 7, label, label)
    return None


def _facility(tags: Tags, *, drawn: bool) -> tuple[str, bool]:
    """Return the German kind of a facility, and whether it is for psychiatry."""
    speciality = tags.get("healthcare:speciality", "")
    psychiatric = bool(_PSYCHIATRY.search(f"{speciality} {tags.get('name', '')}"))
    if _is_social(tags):
        social = tags.get("social_facility", tags.get("amenity", ""))
        return _HOMES.get(social, "Soziale Einrichtung"), psychiatric
    for value in (tags.get("amenity"), tags.get("healthcare"), tags.get("landuse")):
        if value in _HOSPITALS:
            return _HOSPITALS[value], psychiatric
    if drawn and tags.get("building") == "hospital":
        return _WARDS, psychiatric
    return "", False


def _lwl(tags: Tags) -> str:
    """Say which tag names the LWL; empty if none does."""
    for key in _LWL_KEYS:
        value = tags.get(key, "")
        if _LWL.search(value):
            word = {"operator": "Betreiber", "owner": "Eigentümer", "brand": "Marke"}
            return f"{word.get(key, 'Name')} »{text(value)}«"
    return ""


def is_building(tags: Tags) -> bool:
    """Whether the object is a building that people could live in."""
    return tags.get("building", "no") not in _NO_BUILDINGS


def display_name(tags: Tags, label: str) -> str:
    """Return the name, else the kind with the address."""
    name = text(tags.get("name"))
    if name:
        return name
    street, number = text(tags.get("addr:street")), text(tags.get("addr:housenumber"))
    return f"{label} {street} {number}".strip() if street else f"{label} ohne Namen"
