"""Profiles read from tables: those that come with the product, and what a study changes."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, NoReturn

from geo._facts import FACTS, SMOOTHNESS
from geo._profile_kinds import Limits, Mode, Profile
from geo.errors import StudyError

STUDY_SOURCE = "Angabe der Studie"
"""Source of what a study says without naming one."""


@dataclass(frozen=True, slots=True)
class _Number:
    """Numbers that a value may have; ``none`` says what 0 means instead, if anything."""

    low: float
    high: float
    unit: str
    none: str = ""


# Wide on purpose: they catch slips of the unit (km/h, cm), not unusual people.
_NUMBERS = {
    "speed_m_s": _Number(0.1, 10.0, "Meter je Sekunde"),
    "steps_speed_m_s": _Number(0.05, 3.0, "Meter je Sekunde", "Treppen nicht begehbar"),
    "push_speed_m_s": _Number(0.1, 3.0, "Meter je Sekunde"),
    "rest_m": _Number(10.0, 2000.0, "Meter", "Sitzgelegenheiten ohne Belang"),
    "easy_incline_percent": _Number(0.0, 30.0, "Prozent"),
    "max_incline_percent": _Number(0.0, 30.0, "Prozent"),
    "incline_factor": _Number(1.0, 10.0, ""),
    "max_kerb_cm": _Number(0.0, 30.0, "Zentimeter"),
    "min_width_m": _Number(0.3, 3.0, "Meter"),
    "rough_factor": _Number(1.0, 10.0, ""),
}
_CHOICES = {"worst_smoothness": SMOOTHNESS[:-1]}
_LISTS = {"needs": FACTS}
_SWITCHES = ("wheelchair_no_closes",)

# Names stand in file names, links and columns.
_NAME = re.compile("[a-z][a-z0-9_]{0,39}")

_ANYBODY = ("speed_m_s",)
_ON_WHEELS = (
    "rest_m", "easy_incline_percent", "max_incline_percent", "incline_factor", "max_kerb_cm",
    "min_width_m", "worst_smoothness", "rough_factor", "wheelchair_no_closes", "needs",
)  # fmt: skip
_KEYS = {
    Mode.FOOT: (*_ANYBODY, "steps_speed_m_s"),
    Mode.WHEELS: (*_ANYBODY, *_ON_WHEELS),
    Mode.BICYCLE: (*_ANYBODY, "steps_speed_m_s", "push_speed_m_s"),
}
_OF_LIMITS = tuple(key for key in _ON_WHEELS if key != "rest_m")


def made(name: str, table: Mapping[str, Any]) -> Profile:
    """Make a profile of a table of ``profiles.toml``.

    Parameters
    ----------
    name
        Its id.
    table
        ``label``, ``mode`` if not on foot, and for every value its ``value`` and ``source``.
    """
    mode = Mode(table.get("mode", Mode.FOOT))
    said = {key: entry for key, entry in table.items() if key not in {"label", "mode"}}
    values = {key: _checked(key, entry["value"], _Spot(name, key, "profiles.toml"))
              for key, entry in said.items()}  # fmt: skip
    sources = {key: entry["source"] for key, entry in said.items()}
    return _profile(name, table["label"], mode, values, sources)


def changed(
    name: str, table: Mapping[str, Any], known: Mapping[str, Profile], where: str
) -> Profile:
    """Make a profile of what a study says about it; see ``geo.profiles.profile_from``."""
    spot = _Spot(name, "", where)
    if not isinstance(table, Mapping):
        spot.fail(
            f"Profil »{name}« ist keine Tabelle.",
            f"Mit der Zeile [profile.{name}] beginnen und die Werte darunter schreiben.",
        )
    base = _base(name, table, known, spot)
    label = table.get("label", base.label)
    if not isinstance(label, str) or not label.strip():
        _Spot(name, "label", where).fail(
            f"»label« von Profil »{name}« ist kein Text.",
            'Einen deutschen Namen angeben, zum Beispiel label = "Mit Gehstock".',
        )
    source = table.get("source", STUDY_SOURCE)
    if not isinstance(source, str) or not source.strip():
        _Spot(name, "source", where).fail(
            f"»source« von Profil »{name}« ist kein Text.",
            'Sagen, woher die Werte stammen, zum Beispiel source = "Beobachtung".',
        )
    values, sources = base.values, dict(base.sources)
    allowed = _KEYS[base.mode]
    for key, said in table.items():
        if key in {"label", "source", "based_on"}:
            continue
        at = _Spot(name, key, where)
        if key not in allowed:
            at.fail(*_unknown_key(name, key, base.mode))
        value, own = _value_and_source(said, at)
        values[key], sources[key] = _checked(key, value, at), own or source
    if base.limits is not None:
        _check_inclines(values, table, _Spot(name, "easy_incline_percent", where))
    ordered = {key: sources[key] for key in allowed if key in sources}
    return _profile(name, label.strip(), base.mode, values, ordered)


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where in a file something is said."""

    profile: str
    key: str
    file: str

    def fail(self, what: str, remedy: str) -> NoReturn:
        """Raise what is wrong here."""
        inner = f", {self.key}" if self.key else ""
        where = f"{self.file}, [profile.{self.profile}]{inner}"
        raise StudyError(what, where=where, remedy=remedy)


def _base(
    name: str, table: Mapping[str, Any], known: Mapping[str, Profile], spot: _Spot
) -> Profile:
    choice = _listed(known)
    if not _NAME.fullmatch(name):
        spot.fail(f"»{name[:50]}« taugt nicht als Name eines Profils.",
                  "Kleine Buchstaben von a bis z, Ziffern und Unterstriche nehmen, höchstens 40, "
                  "vorn ein Buchstabe.")  # fmt: skip
    based_on = table.get("based_on")
    if based_on is not None:
        at = _Spot(name, "based_on", spot.file)
        if not isinstance(based_on, str) or based_on not in known:
            at.fail(
                f"Profil »{name}« soll auf »{based_on}« beruhen, das es nicht gibt.",
                f"Eines von diesen nehmen: {choice}.",
            )
        if name in known and based_on != name:
            at.fail(
                f"Das Profil »{name}« gibt es schon; es kann nicht auf »{based_on}« beruhen.",
                "»based_on« weglassen oder dem neuen Profil einen anderen Namen geben.",
            )
        if name not in known and "label" not in table:
            spot.fail(
                f"Dem neuen Profil »{name}« fehlt der Name für die Karte.",
                'Eine Zeile ergänzen, zum Beispiel label = "Mit Gehstock".',
            )
        return known[based_on]
    if name not in known:
        meant = get_close_matches(name, known, n=1)
        guess = f" Gemeint ist wohl »{meant[0]}«." if meant else ""
        spot.fail(
            f"Ein Profil »{name}« gibt es nicht.{guess}",
            f"Einen bekannten Namen nehmen ({choice}) oder für ein neues Profil »based_on« "
            'und »label« angeben, zum Beispiel based_on = "slow".',
        )
    return known[name]


def _value_and_source(said: Any, at: _Spot) -> tuple[Any, str]:
    if not isinstance(said, Mapping):
        return said, ""
    source = said.get("source", "")
    if set(said) - {"value", "source"} or "value" not in said or not isinstance(source, str):
        at.fail(
            f"»{at.key}« von Profil »{at.profile}« ist keine Angabe mit Quelle.",
            f'In dieser Form schreiben: {at.key} = {{ value = …, source = "Beobachtung" }}.',
        )
    return said["value"], source.strip()


def _checked(key: str, value: Any, at: _Spot) -> Any:
    """Return a value as the profile keeps it, or say what is wrong with it."""
    if key in _NUMBERS:
        return _checked_number(key, value, at)
    what = f"»{key}« von Profil »{at.profile}«"
    if key in _SWITCHES:
        if not isinstance(value, bool):
            at.fail(f"{what} ist weder true noch false.", f"{key} = true oder false schreiben.")
        return value
    if key in _CHOICES:
        if value not in _CHOICES[key]:
            at.fail(f"{what} kennt den Wert »{value}« nicht.",
                    f"Einen von diesen nehmen: {_listed(_CHOICES[key])}.")  # fmt: skip
        return value
    allowed = _LISTS[key]
    if not isinstance(value, list | tuple):
        at.fail(f"{what} ist keine Liste.", f'Zum Beispiel {key} = ["surface"] schreiben.')
    for one in value:
        if one not in allowed:
            at.fail(f"{what} kennt »{one}« nicht.",
                    f"Nur diese nehmen: {_listed(allowed)}.")  # fmt: skip
    return tuple(fact for fact in allowed if fact in value)


def _checked_number(key: str, value: Any, at: _Spot) -> float | None:
    number = _NUMBERS[key]
    unit = f" {number.unit}" if number.unit else ""
    span = f"{_german(number.low)} bis {_german(number.high)}{unit}"
    none = f"; 0 heißt: {number.none}" if number.none else ""
    what = f"»{key}« von Profil »{at.profile}«"
    if isinstance(value, bool) or not isinstance(value, int | float):
        at.fail(f"{what} ist keine Zahl.", f"Eine Zahl mit Punkt angeben, {span}{none}.")
    if number.none and value == 0:
        return None
    if not math.isfinite(value) or not number.low <= value <= number.high:
        at.fail(f"{what} ist {_german(float(value))} und liegt außerhalb von {span}.",
                f"Einen Wert in diesen Grenzen angeben{none}.")  # fmt: skip
    return float(value)


def _check_inclines(values: Mapping[str, Any], table: Mapping[str, Any], at: _Spot) -> None:
    easy, steepest = values["easy_incline_percent"], values["max_incline_percent"]
    if easy > steepest:
        at.fail(
            f"Profil »{at.profile}« kommt ohne Mühe {_german(easy)} % hinauf, höchstens aber "
            f"{_german(steepest)} %.",
            "»easy_incline_percent« darf nicht größer sein als »max_incline_percent«"
            + (", das diese Studie setzt." if "max_incline_percent" in table else "."),
        )


def _profile(
    name: str, label: str, mode: Mode, values: Mapping[str, Any], sources: Mapping[str, str]
) -> Profile:
    limits = None
    if mode is Mode.WHEELS:
        limits = Limits(**{key: values[key] for key in _OF_LIMITS})
    return Profile(
        id=name,
        label=label,
        speed_m_s=values["speed_m_s"],
        steps_speed_m_s=values.get("steps_speed_m_s"),
        source=sources["speed_m_s"],
        mode=mode,
        push_speed_m_s=values.get("push_speed_m_s"),
        limits=limits,
        rest_m=values.get("rest_m"),
        sources=dict(sources),
    )


def _unknown_key(name: str, key: str, mode: Mode) -> tuple[str, str]:
    if any(key in keys for keys in _KEYS.values()):
        return (
            f"»{key}« gilt nicht für Profil »{name}«.",
            f"Für dieses Profil gelten: {_listed(('label', *_KEYS[mode]))}.",
        )
    allowed = ("label", "source", "based_on", *_KEYS[mode])
    meant = get_close_matches(key, allowed, n=1)
    guess = f" Gemeint ist wohl »{meant[0]}«." if meant else ""
    return (
        f"Profil »{name}« hat den unbekannten Schlüssel »{key}«.{guess}",
        f"Erlaubt sind: {_listed(allowed)}.",
    )


def _listed(names: Any) -> str:
    return ", ".join(str(name) for name in names)


def _german(number: float) -> str:
    return f"{number:g}".replace(".", ",")
