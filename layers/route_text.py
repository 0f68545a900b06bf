"""A way in one German sentence, and why there is none."""

from __future__ import annotations

import re

from geo.profiles import Profile, State
from geo.routes import Route
from geo.travel_time import PairState
from layers._german import decimal_text, joined, minutes_text, on_the_way, whole_minutes
from layers.taxonomy import Category

_WHO = {"walk": "zügig zu Fuß", "slow": "langsam zu Fuß"}
"""Beside each other, those who walk have to be told apart."""

_GENDERS = {
    "haus": "n", "wohnheim": "n", "heim": "n", "gebäude": "n", "gelände": "n", "zentrum": "n",
    "wohngruppe": "f", "klinik": "f", "villa": "f", "station": "f", "wohnung": "f",
    "wohnverbund": "m", "verbund": "m", "hof": "m", "park": "m",
}  # fmt: skip
"""Gender of words that houses and grounds are called by."""

_FROM = {"m": "vom", "f": "von der", "n": "vom"}
_TO = {"m": "zum", "f": "zur", "n": "zum"}
_SURE = "gesicherter Weg"
_WHOLE = "auf dem ganzen Weg"
_A_M = 1000
_TENS_FROM_M = 100
_LETTERS = re.compile(r"[^\W\d_]+")


def who(profile: Profile) -> str:
    """Return how somebody is on the way: ``mit dem Rollator``, ``zu Fuß``."""
    return _WHO.get(profile.id) or on_the_way(profile)


def metres_text(metres: float) -> str:
    """Return a length as people say it: ``85 m``, ``640 m``, ``1,2 km``.

    From 100 m on to the next ten metres, from 1 km to the next hundred. What is there at all
    is at least 1 m.
    """
    if metres < _TENS_FROM_M - 0.5:
        return f"{max(1, round(metres)) if metres > 0 else 0} m"
    tens = int(metres / 10 + 0.5) * 10
    return f"{tens} m" if tens < _A_M else f"{decimal_text(int(metres / 100 + 0.5) / 10)} km"


def from_text(name: str) -> str:
    """Return from where: ``vom Haus Linde``, ``von der Wohngruppe Nord``, ``von »Villa«``."""
    gender = _gender_of(name, _GENDERS)
    return f"{_FROM[gender]} {name}" if gender else f"von »{name}«"


def to_text(name: str, category: Category) -> str:
    """Return where to: ``zur Apotheke am Markt``, ``bis »Edeka«``, ``zu einem Café ohne Namen``.

    An article is set only where the name says by its first word what the place is.
    """
    if not name:
        article = "einer" if category.gender == "f" else "einem"
        return f"zu {article} {category.label} ohne Namen"
    gender = _gender_of(name, {category.label.casefold(): category.gender})
    return f"{_TO[gender]} {name}" if gender else f"bis »{name}«"


def route_sentence(
    route: Route, profile: Profile, from_name: str, to_name: str, category: Category
) -> str:
    """Return a way as one sentence.

    Parameters
    ----------
    route
        The way.
    profile
        Who is on it.
    from_name, to_name
        Names of house and place, as people call them; "" for a place without a name.
    category
        What the place is.

    Returns
    -------
    str
        For example "Vom Haus A zur Apotheke am Markt sind es 640 m, mit dem Rollator
        17 Minuten; der Weg führt über 2 Querungen, und auf 180 m ist nicht bekannt, ob er
        passierbar ist." Minutes are full ones, rounded up.
    """
    minutes = minutes_text(whole_minutes(route.time_s))
    start, goal = from_text(from_name), to_text(to_name, category)
    metres = metres_text(route.length_m)
    is_it = "ist es" if metres == "1 m" else "sind es"
    whole = f"{start} {goal} {is_it} {metres}, {who(profile)} {minutes}"
    over = _passes(route)
    clauses = [f"der Weg führt {joined(over)}"] if over else []
    clauses += _unknown(route, named=bool(over))
    clauses += _seats(route, profile)
    if route.estimated_m > 0:
        verb = "ist" if metres_text(route.estimated_m) == "1 m" else "sind"
        clauses.append(
            f"{metres_text(route.estimated_m)} davon {verb} geschätzt, weil dort kein Weg "
            "eingezeichnet ist"
        )
    if route.by_hours:
        gates = "ein Tor" if route.by_hours == 1 else f"{route.by_hours} Tore"
        verb = "ist" if route.by_hours == 1 else "sind"
        clauses.append(f"{gates} auf dem Weg {verb} nur zu bestimmten Zeiten offen")
    told = whole if not clauses else f"{whole}; {_and_so(clauses)}"
    return f"{told[:1].upper()}{told[1:]}."


def missing_sentence(
    reason: PairState,
    profile: Profile,
    state: State,
    *,
    from_name: str,
    to_name: str,
    category: Category,
    minutes: int,
) -> str:
    """Say in one sentence why there is no way.

    Parameters
    ----------
    reason
        As ``geo.travel_time.pair_states`` gives it.
    profile, state
        Who would be on the way, and which ways count.
    from_name, to_name, category
        As for ``route_sentence``.
    minutes
        Longest time that was computed.

    Raises
    ------
    ValueError
        If the place is reached.
    """
    start, goal = from_text(from_name), to_text(to_name, category)
    start = start[:1].upper() + start[1:]
    ways = _ways(profile, state)
    if reason is PairState.BEYOND_LIMIT and ways == _SURE:
        return (
            f"{start} {goal} ist {who(profile)} bis {minutes_text(minutes)} kein {ways} bekannt; "
            "weiter wurde nicht gerechnet."
        )
    if reason is PairState.BEYOND_LIMIT:
        return (
            f"{start} {goal} dauert es {who(profile)} länger als {minutes_text(minutes)}; "
            "weiter wurde nicht gerechnet."
        )
    if reason is PairState.NOT_REACHABLE:
        return f"{start} {goal} führt nach Datenlage {who(profile)} kein {ways}."
    if reason is PairState.NOT_CONNECTED:
        return (
            f"{start} {goal} lässt sich {who(profile)} kein Weg berechnen: Das Haus oder das "
            "Ziel liegt an keinem Weg, den die Karte kennt und der sich so benutzen lässt."
        )
    raise ValueError(reason)


def _ways(profile: Profile, state: State) -> str:
    if profile.limits is None:
        return "Weg"
    return _SURE if state is State.CONFIRMED else "Weg, auch kein ungesicherter"


def _passes(route: Route) -> list[str]:
    """Return what the way leads over: crossings and steps."""
    over = []
    if route.crossings:
        over.append(f"über {_number(route.crossings, 'eine Querung', 'Querungen')}")
    if route.flights:
        over.append(
            f"über {_number(route.flights, 'eine Treppe', 'Treppen')} "
            f"({metres_text(route.steps_m)})"
        )
    return over


def _unknown(route: Route, *, named: bool) -> list[str]:
    """Return what is not known: metres and spots."""
    where = []
    if route.unknown_m >= 0.5:  # noqa: PLR2004 - less is a trace of rounding at a corner
        where.append(_along(route, route.unknown_m))
    if route.unknown_nodes:
        where.append(f"an {_number(route.unknown_nodes, 'einer Stelle', 'Stellen')}")
    way = "er" if named or where[:1] == [_WHOLE] else "der Weg"
    return [f"{joined(where)} ist nicht bekannt, ob {way} passierbar ist"] if where else []


def _seats(route: Route, profile: Profile) -> list[str]:
    longest, rest_m = route.longest_without_seat_m, profile.rest_m
    if longest is None or rest_m is None or longest <= rest_m:
        return []
    where = _along(route, longest)
    where = where if where == _WHOLE else f"{where} am Stück"
    return [f"{where} ist keine Sitzgelegenheit eingetragen"]


def _along(route: Route, metres: float) -> str:
    """Return on how much of a way something is so."""
    text = metres_text(metres)
    return _WHOLE if text == metres_text(route.length_m) else f"auf {text}"


def _number(count: int, one: str, many: str) -> str:
    return one if count == 1 else f"{count} {many}"


def _and_so(clauses: list[str]) -> str:
    """Join clauses; each is a main clause, so a comma stands before the last "und" too."""
    return clauses[0] if len(clauses) == 1 else f"{', '.join(clauses[:-1])}, und {clauses[-1]}"


def _gender_of(name: str, genders: dict[str, str]) -> str:
    """Return the gender of what a name begins with, "" where it does not say."""
    words = _LETTERS.findall(name.casefold())
    # "Adler-Apotheke am Markt": the word before the first space says what it is.
    head = _LETTERS.findall(name.casefold().split(" ")[0]) if words else []
    if not head:
        return ""
    found = [word for word in genders if head[-1].endswith(word)]
    return genders[max(found, key=len)] if found else ""
