"""Criteria read from tables: those that come with the product, and what a study adds."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NoReturn

from geo.errors import StudyError
from layers.study import Study

_DATA = files("layers").joinpath("data")
_KEYS = ("column", "label", "unit", "worst", "best", "digits")
_MOST_DIGITS = 6
_LONGEST_TEXT = 100

# Names stand in columns of files and in the page.
NAME = re.compile("[a-z][a-z0-9_]{0,39}")
"""What may be the name of a criterion or of a kind of project."""

NAME_RULE = (
    "Kleine Buchstaben von a bis z, Ziffern und Unterstriche nehmen, höchstens 40, vorn ein "
    "Buchstabe."
)


@dataclass(frozen=True, slots=True)
class Criterion:
    """What is weighed, as ``criteria.toml`` says it.

    Attributes
    ----------
    id
        Name of a function of ``layers.criteria``, or of a criterion of the study's own.
    label, unit
        German; the unit may be "" (a value without one).
    worst, best
        Raw values that count 0 and 1, growing evenly between them, whichever is the greater;
        ``best`` is None where the highest raw value among the candidates counts 1.
    digits
        After the comma, where people read.
    column
        For a criterion of the study's own the column of its file of candidates; else "".
    """

    id: str
    label: str
    unit: str
    worst: float
    best: float | None
    digits: int
    column: str = ""


@cache
def _shipped() -> dict[str, Criterion]:
    table = tomllib.loads(_DATA.joinpath("criteria.toml").read_text(encoding="utf-8"))
    return {
        key: Criterion(
            id=key,
            label=entry["label"],
            unit=entry["unit"],
            worst=float(entry["worst"]),
            best=None if entry["best"] == "spread" else float(entry["best"]),
            digits=entry["digits"],
        )
        for key, entry in table.items()
    }


def load_criteria() -> dict[str, Criterion]:
    """Return the criteria that come with the product, in their order."""
    return dict(_shipped())


def study_criteria(study: Study) -> dict[str, Criterion]:
    """Return the criteria of a study: those of the product, changed and added to by its file.

    A table of the file (study key ``criteria``) with the name of a known criterion changes
    ``label``, ``unit``, ``worst``, ``best`` or ``digits``; any other is a criterion of its own
    and names the ``column`` of the file of candidates that holds its values.

    Parameters
    ----------
    study
        The study.

    Returns
    -------
    dict
        By id, the product's first, then the study's in the order of the file.

    Raises
    ------
    StudyError
        If the file is missing or no TOML, or something in it is wrong; says in German what,
        where and what to do.
    """
    known = load_criteria()
    path = study.criteria_path
    if path is None:
        return known
    for name, table in _read(path).items():
        known[name] = _criterion(name, table, known, path)
        if known[name].column and study.candidates_path is None:
            _Fail(name, path)(
                f"Das Kriterium »{name}« liest die Spalte »{known[name].column}« einer Datei mit "
                "Standorten, aber die Studie nennt keine.",
                "In study.toml mit dem Schlüssel »candidates« die Datei angeben.",
                "column",
            )
    return known


def near_match(word: object, known: Iterable[str]) -> str:
    """Return a hint at the word that may have been meant, with a space in front, or ""."""
    close = get_close_matches(str(word), list(known), n=1)
    return f" Gemeint ist wohl »{close[0]}«." if close else ""


def is_number(value: object) -> bool:
    """Whether a value of a TOML file is a number that can be counted with."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def is_text(value: object, longest: int = _LONGEST_TEXT) -> bool:
    """Whether a value of a TOML file is a short text in one line, without hidden characters."""
    return isinstance(value, str) and 0 < len(value.strip()) <= longest and value.isprintable()


def _read(path: Path) -> dict[str, Any]:
    where = "Den Pfad unter »criteria« in study.toml prüfen oder den Schlüssel streichen."
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise StudyError(
            "Die Datei mit den Kriterien gibt es nicht.", where=path, remedy=where
        ) from error
    except OSError as error:
        raise StudyError(
            f"Die Datei mit den Kriterien kann nicht gelesen werden: {error.strerror}.",
            where=path,
            remedy="Prüfen, ob es eine Datei ist und ob sie gelesen werden darf.",
        ) from error
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise StudyError(
            f"Die Datei mit den Kriterien ist nicht lesbar: {error}.",
            where=f"{path}, Zeile {line[1]}" if line else f"{path}, am Ende",
            remedy="Diese Stelle berichtigen; Text steht in Anführungszeichen.",
        ) from error
    except UnicodeDecodeError as error:
        raise StudyError(
            "Die Datei mit den Kriterien ist kein Text in UTF-8.",
            where=path,
            remedy="Die Datei im Editor als UTF-8 speichern.",
        ) from error


@dataclass(frozen=True, slots=True)
class _Fail:
    """Says what is wrong with a criterion of a file."""

    name: str
    path: Path

    def __call__(self, what: str, remedy: str, key: str = "") -> NoReturn:
        inner = f", {key}" if key else ""
        raise StudyError(what, where=f"{self.path}, [{self.name[:50]}]{inner}", remedy=remedy)


def _criterion(name: str, table: object, known: Mapping[str, Criterion], path: Path) -> Criterion:
    fail = _Fail(name, path)
    if not isinstance(table, Mapping):
        fail(
            f"»{name[:50]}« ist kein Kriterium, sondern ein einzelner Wert.",
            "Jedes Kriterium beginnt mit einer Zeile wie [miete]; darunter stehen seine Werte.",
        )
    if not NAME.fullmatch(name):
        fail(f"»{name[:50]}« taugt nicht als Name eines Kriteriums.", NAME_RULE)
    for key in table:
        if key not in _KEYS:
            fail(
                f"Kriterium »{name}« hat den unbekannten Schlüssel »{key[:50]}«."
                + near_match(key, _KEYS),
                f"Erlaubt sind: {', '.join(_KEYS)}.",
                key,
            )
    base = _base(name, table, known, fail)
    for key in ("label", "unit"):
        if key in table and not (is_text(table[key]) or (key == "unit" and table[key] == "")):
            fail(
                f"»{key}« von Kriterium »{name}« ist kein Text in einer Zeile.",
                f'Zum Beispiel {key} = "{"Miete" if key == "label" else "Euro"}" schreiben.',
                key,
            )
    digits = table.get("digits", base.digits)
    if not (is_number(digits) and isinstance(digits, int) and 0 <= digits <= _MOST_DIGITS):
        fail(
            f"»digits« von Kriterium »{name}« ist keine ganze Zahl von 0 bis {_MOST_DIGITS}.",
            "Angeben, wie viele Stellen nach dem Komma gezeigt werden, zum Beispiel digits = 1.",
            "digits",
        )
    worst, best = _anchors(name, table, base, fail)
    return replace(
        base,
        label=str(table.get("label", base.label)).strip(),
        unit=str(table.get("unit", base.unit)).strip(),
        worst=worst,
        best=best,
        digits=digits,
    )


def _base(
    name: str, table: Mapping[str, Any], known: Mapping[str, Criterion], fail: _Fail
) -> Criterion:
    """Return what the table changes: a known criterion, or an empty one with its column."""
    if name in known:
        if "column" in table:
            fail(
                f"Das Kriterium »{name}« berechnet das Programm; es hat keine Spalte.",
                "»column« streichen oder dem eigenen Kriterium einen anderen Namen geben.",
                "column",
            )
        return known[name]
    missing = [key for key in ("column", "label", "unit", "worst", "best") if key not in table]
    if missing:
        words = ", ".join(f"»{key}«" for key in missing)
        fail(
            f"Ein Kriterium »{name}« gibt es noch nicht, und um es anzulegen, fehlt {words}."
            + near_match(name, known),
            "Für ein eigenes Kriterium die fehlenden Schlüssel ergänzen; »column« nennt die "
            "Spalte in der Datei der Standorte. Bekannt sind: " + ", ".join(known) + ".",
        )
    if not is_text(table["column"]):
        fail(
            f"»column« von Kriterium »{name}« ist kein Name einer Spalte.",
            'Die Spalte der Datei mit den Standorten nennen, zum Beispiel column = "miete".',
            "column",
        )
    return Criterion(name, "", "", 0.0, None, 0, column=table["column"])


def _anchors(
    name: str, table: Mapping[str, Any], base: Criterion, fail: _Fail
) -> tuple[float, float | None]:
    worst = table.get("worst", base.worst)
    best = table.get("best", "spread" if base.best is None else base.best)
    if not is_number(worst):
        fail(
            f"»worst« von Kriterium »{name}« ist keine Zahl.",
            "Den Wert angeben, der 0 zählt, mit Punkt statt Komma.",
            "worst",
        )
    if best == "spread":
        return float(worst), None
    if not is_number(best):
        fail(
            f"»best« von Kriterium »{name}« ist keine Zahl.",
            'Den Wert angeben, der 1 zählt, mit Punkt statt Komma; oder best = "spread", dann '
            "zählt der höchste Wert unter den Standorten 1.",
            "best",
        )
    if worst == best:
        fail(
            f"»worst« und »best« von Kriterium »{name}« sind gleich; so unterscheidet es nichts.",
            "Zwei verschiedene Werte angeben; ist weniger besser, ist »worst« der größere.",
            "best",
        )
    return float(worst), float(best)
