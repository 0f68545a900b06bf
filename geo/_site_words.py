"""The words of a file of sites: kinds, states, ids and names, and what was meant instead."""

from __future__ import annotations

import difflib
import math
import re
import unicodedata
from typing import Any

KINDS = ("site", "house", "gate")
PROPERTIES = ("kind", "id", "name", "site_id", "status", "step_free", "places")

MAX_ID = 100
MAX_NAME = 300
MAX_PLACES = 10_000
"""Far more than any house has; catches slips."""

# What people write for the kinds, states and answers; used only to say what was meant.
_MEANT_KINDS = {
    "site": "sites grounds campus areal gelände gelaende grundstück fläche klinikgelände park",
    "house": "houses home building haus häuser haeuser gebäude gebaeude wohnhaus wohnheim",
    "gate": "gates entrance exit tor tore pforte eingang ausgang zugang tür tuer ausfahrt",
}
_MEANT_STATUS = {
    "open": "offen auf geöffnet frei yes ja true always immer",
    "locked": "zu geschlossen closed abgeschlossen verschlossen gesperrt lock no nein false nie",
}
_MEANT_STEP_FREE = {
    "yes": "ja true wahr stufenlos barrierefrei j y",
    "no": "nein false falsch stufen nicht n",
    "unknown": "unbekannt unklar ? unk",
}
_HOURS = re.compile(r"\d|sunrise|sunset|dawn|dusk", re.IGNORECASE)


def text(value: Any) -> str:
    """Return a value of any file as text without control characters.

    Nothing else is changed: what looks like a program or like markup is a name here.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        value = int(value) if value.is_integer() else value
    # Half of a pair of code units stands for no character and cannot be written.
    whole = str(value).encode("utf-8", errors="replace").decode("utf-8")
    plain = "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in whole)
    return plain.strip()


def identifier(value: Any) -> str:
    """Return an id: as ``text``, in one spelling of accents (Unicode NFC)."""
    return unicodedata.normalize("NFC", text(value))


def meant_kind(word: str) -> str:
    """Return the kind that a wrong word probably means, or empty."""
    return _meant(word, _MEANT_KINDS)


def parse_status(word: str) -> str | None:
    """Return ``open``, ``locked`` or an opening-hours text; None if it is none of them."""
    if word.lower() in {"open", "locked"}:
        return word.lower()
    return word if _HOURS.search(word) else None


def meant_status(word: str) -> str:
    """Return the state that a wrong word probably means, or empty."""
    return _meant(word, _MEANT_STATUS)


def parse_step_free(word: str) -> str | None:
    """Return ``yes``, ``no`` or ``unknown``; None if it is none of them."""
    # Tables keep truth as 1 and 0.
    known = {"": "unknown", "1": "yes", "0": "no"}
    answer = known.get(word, word.lower())
    return answer if answer in {"yes", "no", "unknown"} else None


def parse_places(word: str) -> int | None:
    """Return a whole number of places; None if it is none."""
    if not re.fullmatch(r"[0-9]{1,9}", word):
        return None
    places = int(word)
    return places if places <= MAX_PLACES else None


def meant_step_free(word: str) -> str:
    """Return the answer that a wrong word probably means, or empty."""
    return _meant(word, _MEANT_STEP_FREE)


def closest(word: str, words: list[str] | tuple[str, ...]) -> str:
    """Return the most similar word, or empty if none is similar."""
    found = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    return found[0] if found else ""


def _meant(word: str, table: dict[str, str]) -> str:
    lowered = word.lower()[:MAX_NAME]
    by_word = {alias: key for key, aliases in table.items() for alias in [key, *aliases.split()]}
    exact = by_word.get(lowered)
    return exact or by_word.get(closest(lowered, list(by_word)), "")
