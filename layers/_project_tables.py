"""Kinds of projects read from tables: those that come with the product, and a study's own."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from geo.errors import StudyError
from layers._criterion_tables import NAME, NAME_RULE, Criterion, is_number, is_text, near_match
from layers._german import decimal_text, joined

SOURCES = ("rooms", "partners", "open", "grid", "streets", "grounds")
"""Where candidates come from; see ``layers.candidates``."""

_KEYS = (
    "based_on", "label", "gender", "serves", "candidates", "weights", "remark", "own_kind",
)  # fmt: skip
_NEEDED = ("label", "gender", "serves", "candidates", "weights")
_TEXTS = {"label": (60, "Nähwerkstatt"), "remark": (300, "Weil …")}
_CHOICES: Mapping[str, tuple[tuple[Any, ...], str, str]] = {
    "gender": (
        ("f", "m", "n"),
        "weder »f« noch »m« noch »n«",
        "Das Geschlecht des Namens angeben: »die Werkstatt« f, »der Garten« m, »das Café« n.",
    ),
    "own_kind": (
        (True, False),
        "weder true noch false",
        "true schreiben, wenn auch bestehende Orte dieser Art als Standort infrage kommen.",
    ),
}
_TOLERANCE = 1e-6
"""How far from 1 weights may add up: thirds written with seven digits are no fault."""

_PERCENT = 100.0


@dataclass(frozen=True, slots=True)
class Project:
    """A kind of project.

    Attributes
    ----------
    id
        As the command line calls it.
    label, gender
        German, "Nachbarschaftscafé"; ``"f"``, ``"m"`` or ``"n"``.
    serves
        Categories of the taxonomy that it meets; the first is the kind of existing places
        that it is compared with.
    candidates
        Where it may stand: ``"rooms"``, ``"partners"``, ``"open"``, ``"grid"``, ``"streets"``,
        ``"grounds"``; empty where only the study's own points count.
    weights
        Weight of each criterion by id, above 0; they add up to 1.
    remark
        German: why these weights, or "".
    own_kind
        Whether existing places of the kind that it is compared with are candidates too; else
        they stay what they are.
    """

    id: str
    label: str
    gender: str
    serves: tuple[str, ...]
    candidates: tuple[str, ...]
    weights: Mapping[str, float]
    remark: str = ""
    own_kind: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in a file something is said about a project."""

    project: str
    file: str

    def fail(self, key: str, what: str, remedy: str) -> NoReturn:
        """Raise what is wrong here."""
        inner = f", {key}" if key else ""
        raise StudyError(
            what, where=f"{self.file}, [project.{self.project[:50]}]{inner}", remedy=remedy
        )


def made(key: str, entry: Mapping[str, Any]) -> Project:
    return Project(
        id=key,
        label=entry["label"],
        gender=entry["gender"],
        serves=tuple(entry["serves"]),
        candidates=tuple(entry["candidates"]),
        weights=dict(entry["weights"]),
        remark=entry.get("remark", ""),
        own_kind=entry.get("own_kind", False),
    )


def changed(
    spot: Spot,
    table: object,
    known: Mapping[str, Project],
    served: list[str],
    criteria: Mapping[str, Criterion],
) -> Project:
    """Make a kind of project of what a study says about it."""
    name = spot.project
    if not NAME.fullmatch(name):
        spot.fail("", f"»{name[:50]}« taugt nicht als Name eines Projekts.", NAME_RULE)
    if not isinstance(table, Mapping):
        spot.fail(
            "",
            f"Projekt »{name}« ist keine Tabelle.",
            f"Mit der Zeile [project.{name}] beginnen und die Werte darunter schreiben.",
        )
    for key in table:
        if key not in _KEYS:
            spot.fail(
                key[:50],
                f"Projekt »{name}« hat den unbekannten Schlüssel »{key[:50]}«."
                + near_match(key, _KEYS),
                f"Erlaubt sind: {', '.join(_KEYS)}.",
            )
    said = _base(spot, table, known)
    said |= {key: _text(spot, key, table[key]) for key in _TEXTS if key in table}
    said |= {key: _choice(spot, key, table[key]) for key in _CHOICES if key in table}
    if "serves" in table:
        said["serves"] = _listed(spot, "serves", table["serves"], served, "Kategorie")
        if not said["serves"]:
            spot.fail(
                "serves",
                f"Projekt »{name}« erfüllt keine Kategorie.",
                'Mindestens eine nennen, die wichtigste zuerst, zum Beispiel serves = ["cafe"].',
            )
    if "candidates" in table:
        said["candidates"] = _listed(
            spot, "candidates", table["candidates"], SOURCES, "Herkunft von Standorten"
        )
    if "weights" in table:
        said["weights"] = _weights(spot, table["weights"], criteria)
    return made(name, said)


def _base(spot: Spot, table: Mapping[str, Any], known: Mapping[str, Project]) -> dict[str, Any]:
    """Return the values that the table starts from."""
    name, based_on = spot.project, table.get("based_on")
    if based_on is not None:
        if not isinstance(based_on, str) or based_on not in known:
            spot.fail(
                "based_on",
                f"Projekt »{name}« soll auf »{str(based_on)[:50]}« beruhen, das es nicht gibt."
                + near_match(based_on, known),
                f"Eines von diesen nehmen: {', '.join(known)}.",
            )
        if name in known and based_on != name:
            spot.fail(
                "based_on",
                f"Das Projekt »{name}« gibt es schon; es kann nicht auf »{based_on}« beruhen.",
                "»based_on« weglassen oder dem neuen Projekt einen anderen Namen geben.",
            )
        if name not in known and "label" not in table:
            spot.fail(
                "label",
                f"Dem neuen Projekt »{name}« fehlt der Name, den Menschen lesen.",
                'Eine Zeile ergänzen, zum Beispiel label = "Nähwerkstatt".',
            )
        base = known[based_on]
    elif name in known:
        base = known[name]
    else:
        missing = [key for key in _NEEDED if key not in table]
        if missing:
            words = joined([f"»{key}«" for key in missing])
            spot.fail(
                "",
                f"Ein Projekt »{name}« gibt es noch nicht, und um es anzulegen, fehlt {words}."
                + near_match(name, known),
                f"Einen bekannten Namen nehmen ({', '.join(known)}), das Fehlende ergänzen oder "
                'mit »based_on« von einem bekannten ausgehen, zum Beispiel based_on = "cafe".',
            )
        return {}
    # The remark says why the weights are as they are; other weights have other reasons.
    return {
        "label": base.label,
        "gender": base.gender,
        "serves": base.serves,
        "candidates": base.candidates,
        "weights": base.weights,
        "remark": "" if "weights" in table else base.remark,
        "own_kind": base.own_kind,
    }


def _text(spot: Spot, key: str, said: Any) -> str:
    longest, example = _TEXTS[key]
    if not is_text(said, longest):
        spot.fail(
            key,
            f"»{key}« von Projekt »{spot.project}« ist kein Text in einer Zeile.",
            f'Zum Beispiel {key} = "{example}" schreiben, höchstens {longest} Zeichen.',
        )
    return str(said).strip()


def _choice(spot: Spot, key: str, said: Any) -> Any:
    allowed, what, remedy = _CHOICES[key]
    # 1 == True in Python, but not in TOML.
    if not any(said is one or (isinstance(one, str) and said == one) for one in allowed):
        spot.fail(key, f"»{key}« von Projekt »{spot.project}« ist {what}.", remedy)
    return said


def _listed(
    spot: Spot, key: str, said: object, known: Iterable[str], what: str
) -> tuple[str, ...]:
    """Return a list of known words without repetition."""
    known = list(known)
    if not isinstance(said, list) or not all(isinstance(one, str) for one in said):
        spot.fail(
            key,
            f"»{key}« von Projekt »{spot.project}« ist keine Liste von Namen.",
            f'Zum Beispiel {key} = ["{known[0]}"] schreiben.',
        )
    for one in said:
        if one not in known:
            near = near_match(one, known)
            spot.fail(
                key,
                f"Projekt »{spot.project}« nennt die {what} »{one[:50]}«, die es nicht gibt."
                + near,
                f"Nur diese nehmen: {', '.join(known)}."
                if key == "candidates"
                else "Die Kategorien stehen in docs/kategorien.md; eigene legt die Studie mit "
                "»taxonomy« an.",
            )
        if said.count(one) > 1:
            spot.fail(
                key,
                f"»{key}« von Projekt »{spot.project}« nennt »{one}« zweimal.",
                "Jeden Namen nur einmal schreiben.",
            )
    return tuple(said)


def _weights(spot: Spot, said: object, criteria: Mapping[str, Criterion]) -> dict[str, float]:
    """Return weights that add up to 1, without those that are 0."""
    name = spot.project
    if not isinstance(said, Mapping) or not said:
        spot.fail(
            "weights",
            f"»weights« von Projekt »{name}« nennt keine Gewichte.",
            "Zum Beispiel weights = { minutes_saved = 0.6, bridge = 0.4 } schreiben.",
        )
    for key, value in said.items():
        at = f"weights.{key[:50]}"
        if key not in criteria:
            spot.fail(
                at,
                f"Ein Kriterium »{key[:50]}« gibt es nicht.{near_match(key, criteria)}",
                f"Bekannt sind: {', '.join(criteria)}. Eigene beschreibt die Datei, die der "
                "Schlüssel »criteria« der Studie nennt.",
            )
        if not is_number(value):
            spot.fail(
                at,
                f"Das Gewicht von »{key}« im Projekt »{name}« ist keine Zahl.",
                "Eine Zahl von 0 bis 1 mit Punkt schreiben, zum Beispiel 0.25.",
            )
        if value < 0:
            spot.fail(
                at,
                f"Das Gewicht von »{key}« im Projekt »{name}« ist negativ.",
                "Eine Zahl von 0 bis 1 schreiben. Soll weniger besser sein, in der Datei der "
                "Kriterien »worst« und »best« vertauschen.",
            )
    total = math.fsum(said.values())
    in_percent = abs(total - _PERCENT) <= _TOLERANCE * _PERCENT
    if not in_percent and abs(total - 1.0) > _TOLERANCE:
        gap = f"{_number(1.0 - total)} fehlt" if total < 1.0 else f"{_number(total - 1.0)} zu viel"
        spot.fail(
            "weights",
            f"Die Gewichte von Projekt »{name}« ergeben zusammen {_number(total)} statt 1; {gap}.",
            "Die Gewichte so ändern, dass sie zusammen 1 ergeben (oder 100, in Prozent).",
        )
    return {key: float(value) / total for key, value in said.items() if value > 0}


def _number(value: float) -> str:
    """Write a number as German readers expect it, without needless noughts."""
    text = decimal_text(value, 6)
    return text.rstrip("0").rstrip(",")
