"""Names of places, compared as people would: spelling aside, general words aside."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

Name = tuple[str, ...]
"""The words of a name, normalised; empty for what has no name of its own."""

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_WORD = re.compile(r"[a-z0-9]+")
_LEGAL_FORMS = frozenset(
    {"ev", "gmbh", "ggmbh", "ag", "kg", "ohg", "ug", "eg", "gbr", "mbh", "co"}
)
# What is written both short and long.
_LONG_FORMS = {"st": "sankt", "str": "strasse", "pl": "platz", "bhf": "bahnhof", "bf": "bahnhof",
               "hbf": "hauptbahnhof"}  # fmt: skip
# "Hochschule Haus 3" is a house of the "Hochschule".
_HOUSE = re.compile(
    r"\b(?:haus|gebäude|geb\.|bau|block|trakt)\s*(?:\d{1,3}|[a-z])\b", re.IGNORECASE
)
_EV = re.compile(r"\be\.\s?v\.?", re.IGNORECASE)

# Names that say what a thing is, not which: two "Spielplätze" are two playgrounds.
_GENERAL = frozenset(
    {"altbau", "apotheke", "arzt", "arzthaus", "arztpraxis", "aussichtspunkt", "aussichtsturm",
     "babybecken", "badestelle", "baeckerei", "bahnhof", "bahnsteig", "bank",
     "basketballplatz", "beachvolleyballplatz", "becken", "bibliothek", "bolzplatz",
     "briefkasten", "buecherschrank", "bushaltestelle", "bushof", "cafe", "clubhaus",
     "denkmal", "doener", "dorfteich", "ehrenmal", "eiscafe", "eisdiele", "fahrradparkplatz",
     "fahrradstaender", "feuerwehr", "fleischerei", "freibad", "freiwillige", "friedhof",
     "friseur", "frisoer", "fussballplatz", "garten", "gaststaette", "gebaeude", "gedenkstein",
     "geldautomat", "gemeinde", "gemeindehaus", "gleis", "grill", "grillbank", "grillplatz",
     "grillstelle", "grundschule", "halle", "hallenbad", "haltestelle", "hauptgebaeude", "hno",
     "hort", "huette", "imbiss", "kapelle", "kinderbecken", "kindergarten", "kinderspielplatz",
     "kiosk", "kirche", "kita", "kleingaerten", "kleingarten", "kleingartenanlage",
     "kleinspielfeld", "klettergeruest", "kriegerdenkmal", "loeschteich", "mahnmal", "markt",
     "mehrzweckhalle", "metzgerei", "museum", "nebengebaeude", "neubau",
     "nichtschwimmerbecken", "oeffentliche", "oeffentlicher", "oeffentliches", "park",
     "parkbank", "parkplatz", "physiotherapie", "pizza", "pizzeria", "planschbecken",
     "polizei", "post", "praxis", "primary", "rastplatz", "rathaus", "restaurant", "rutsche",
     "sandkasten", "schaukel", "school", "schule", "schulsporthalle", "schutzhuette",
     "schwimmbad", "schwimmerbecken", "see", "seilbahn", "sitzbank", "skatepark", "skaterpark",
     "spielplatz", "sportbecken", "sporthalle", "sportplatz", "sprungbecken", "steig",
     "strandbad", "supermarkt", "teich", "tennisplaetze", "tennisplatz", "tischtennis",
     "tischtennisplatte", "toilette", "toiletten", "turnhalle", "unterstand", "velo",
     "vereinsheim", "verwaltung", "volleyballplatz", "wald", "wasserspiel", "wc", "weiher",
     "wellenbecken", "wiese", "zahnarzt", "zob"}
)  # fmt: skip
_LITTLE = frozenset(
    {"der", "die", "das", "des", "am", "an", "im", "in", "und", "von", "zu", "zum"}
)
_NUMBER = re.compile(r"(?:haus|nr|platz|feld|gleis|bahnsteig|steig)?[a-z]?\d{0,3}[a-z]?")


@lru_cache(maxsize=50_000)
def normalise_name(text: str) -> Name:
    """Return the words of a name: no case, umlauts, points, legal forms, short forms.

    ``"St. Marien e. V."`` and ``"Sankt-Marien"`` are both ``("sankt", "marien")``.
    """
    text = _EV.sub(" ", text)
    text = unicodedata.normalize("NFC", text).casefold().translate(_UMLAUTS)
    text = unicodedata.normalize("NFKD", text)
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    words = []
    for word in _WORD.findall(text):
        if word in _LEGAL_FORMS:
            continue
        long = _LONG_FORMS.get(word, word)
        # "Hauptstr." and "Hauptstraße"
        words.append(long[:-3] + "strasse" if long.endswith("str") and len(long) > 3 else long)  # noqa: PLR2004
    # what is written in other letters is kept as it is
    return tuple(words) or ((text.strip(),) if text.strip() else ())


@lru_cache(maxsize=50_000)
def own_name(text: str) -> Name:
    """Return the words of a name, or nothing where it only says what a thing is.

    ``"Spielplatz"``, ``"Gleis 2"`` and ``"Nichtschwimmerbecken"`` are no names of their own.
    """
    words = normalise_name(_HOUSE.sub(" ", text))
    telling = [
        word for word in words
        if word not in _GENERAL and word not in _LITTLE and not _NUMBER.fullmatch(word)
    ]  # fmt: skip
    return words if telling else ()


def is_part(first: Name, second: Name) -> bool:
    """Whether all words of the shorter name stand in the longer one.

    ``("sparkasse",)`` and ``("sparkasse", "neubrandenburg")``; two names of one length are
    parts of each other only if they have the same words.
    """
    if not first or not second:
        return False
    shorter, longer = sorted((frozenset(first), frozenset(second)), key=len)
    return shorter <= longer


def is_end(first: Name, second: Name) -> bool:
    """Whether one name begins or ends with the whole other: "Friedhof", "Leimen Friedhof"."""
    if not first or not second:
        return False
    shorter, longer = sorted((first, second), key=len)
    return longer[-len(shorter) :] == shorter or longer[: len(shorter)] == shorter
