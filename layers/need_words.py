"""What a house needs, in German sentences, made from the numbers alone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, cast

import pandas as pd

from geo.profiles import Profile
from layers._german import (
    decimal_text,
    joined,
    minutes_text,
    nearest,
    on_the_way,
    one_of,
    sentence,
    whole_minutes,
)
from layers.confirmations import EXISTS, MISSING
from layers.csv_files import german_date
from layers.needs import STATES, WORSE
from layers.taxonomy import Category, Taxonomy

_MET, _ONLY_ON_CAMPUS, _NOT_MET, _NOT_RECORDED = STATES.values()
_ARTICLES = {"m": "der", "f": "die", "n": "das"}
_NONE = {"m": "keiner", "f": "keine", "n": "keines"}
_ONE_AS_OBJECT = {"m": "einen", "f": "eine", "n": "eines"}
_AREAS = {"urban": "die Stadt", "rural": "das Land"}
_DIGITS = 1

_Need = Mapping[str, Any]
"""A row of ``layers.needs.find_needs``."""

NO_WAY = "Von hier aus ist kein Weg erfasst; was zu erreichen ist, ist deshalb nicht bekannt."


def need_sentences(
    needs: pd.DataFrame, taxonomy: Taxonomy, profile: Profile
) -> dict[str, list[str]]:
    """Say for every house what it needs.

    Parameters
    ----------
    needs
        As ``layers.needs.find_needs`` makes them.
    taxonomy
        The categories in it.
    profile
        Who is on the way; rows of other profiles are left aside.

    Returns
    -------
    dict
        German sentences by id of the house, plain text: first how many kinds of places are
        in each state, and which standards and neighbours that rests on; then what is not met,
        one sentence each, first where the neighbours fare better; in one sentence what
        neither house nor neighbours reach, and of which of these OSM often lacks some; what
        is met only on the grounds; what is met where the neighbours fare better all the same;
        what somebody has confirmed to exist; in one sentence what is not recorded. In each of
        these the categories in the order of the taxonomy.
    """
    told = need_lines(needs, taxonomy, profile)
    return {house: [text for _, text in lines] for house, lines in told.items()}


def need_lines(
    needs: pd.DataFrame, taxonomy: Taxonomy, profile: Profile
) -> dict[str, list[tuple[str, str]]]:
    """Say for every house what it needs, and of which state each sentence tells.

    Parameters
    ----------
    needs
        As ``layers.needs.find_needs`` makes them.
    taxonomy
        The categories in it.
    profile
        Who is on the way; rows of other profiles are left aside.

    Returns
    -------
    dict
        By id of the house the sentences of ``need_sentences`` in their order, each with the
        state it tells of (a value of ``layers.needs.STATES``), "" where it tells of all.
    """
    known = taxonomy.by_id
    told: dict[str, list[tuple[str, str]]] = {}
    mine = needs[needs["profile"] == profile.id]
    for house, rows in mine.groupby("house_id", sort=True):
        entries = cast("list[_Need]", rows.to_dict("records"))
        told[str(house)] = _lines(entries, known, profile)
    return told


def _lines(
    entries: list[_Need], known: Mapping[str, Category], profile: Profile
) -> list[tuple[str, str]]:
    intro = [_heading(entries, profile), _measured_by(entries[0])]
    if not all(entry["connected"] for entry in entries):
        intro.append(NO_WAY)
    by_state = {
        state: [entry for entry in entries if entry["state"] == state] for state in STATES.values()
    }
    far = [entry for entry in by_state[_NOT_MET] if _far_for_all(entry)]
    near = [entry for entry in by_state[_NOT_MET] if not _far_for_all(entry)]
    near.sort(key=lambda entry: entry["relative"] != WORSE)
    seen = [entry for entry in by_state[_MET] if entry["confirmed"]]
    others = [entry for entry in by_state[_MET] if not entry["confirmed"]]
    behind = [entry for entry in others if entry["relative"] == WORSE]
    lost = [entry for entry in by_state[_NOT_RECORDED] if entry["connected"]]

    def each(some: list[_Need]) -> list[str]:
        return [need_sentence(entry, known[entry["category"]]) for entry in some]

    def named(some: list[_Need]) -> str:
        return joined([known[entry["category"]].label for entry in some])

    gaps = each(near)
    if len(far) > 1:
        neither = ", auch aus der Nachbarschaft im Mittel nicht" if far[0]["homes"] else ""
        limit = _minutes(far[0]["limit_min"])
        gaps.append(f"In {limit} nicht zu erreichen{neither}: {named(far)}.")
    else:
        gaps += each(far)
    doubtful = [
        entry
        for entry in by_state[_NOT_MET]
        if known[entry["category"]].completeness == "low" and not entry["confirmed"]
    ]
    if doubtful:
        gaps.append(
            f"In OpenStreetMap oft unvollständig: {named(doubtful)}. Vielleicht gibt es etwas "
            "Näheres, das nicht erfasst ist."
        )
    if len(lost) > 1:
        unseen = [
            f"In OpenStreetMap in der Umgebung nicht erfasst: {named(lost)}. Was es davon gibt, "
            "zeigt ein Blick vor Ort."
        ]
    else:
        unseen = each(lost)
    parts = {
        "": intro,
        _NOT_MET: gaps,
        _ONLY_ON_CAMPUS: each(by_state[_ONLY_ON_CAMPUS]),
        _MET: each(behind) + each(seen),
        _NOT_RECORDED: unseen,
    }
    return [(state, text) for state, texts in parts.items() for text in texts]


def need_sentence(need: _Need, category: Category) -> str:
    """Say about one house and category how the need is met, and how neighbours fare.

    Parameters
    ----------
    need
        A row of ``layers.needs.find_needs``.
    category
        Its category.

    Returns
    -------
    str
        One German sentence, or two where nothing is recorded.
    """
    state, within = need["state"], f"innerhalb von {_minutes(need['standard_min'])}"
    if state == _NOT_RECORDED:
        return (
            f"{sentence(one_of(category))} ist in OpenStreetMap in der Umgebung nicht erfasst. Ob "
            f"es {_ONE_AS_OBJECT[category.gender]} gibt, zeigt ein Blick vor Ort."
        )
    if state == _ONLY_ON_CAMPUS:
        return (
            f"{sentence(within)} ist {one_of(category)} nur auf dem Gelände zu erreichen; "
            f"{_outside(need, category)}."
        )
    if need["confirmed"] == EXISTS:
        return f"{sentence(within)} ist {one_of(category)} vorhanden{_seen(need)}."
    if need["confirmed"] == MISSING:
        return f"{sentence(within)} fehlt {one_of(category)}{_seen(need)}."
    return f"{sentence(nearest(category))} {_distance(need)}{_neighbours(need)}."


def _heading(entries: list[_Need], profile: Profile) -> str:
    number = dict.fromkeys(STATES.values(), 0)
    for entry in entries:
        number[entry["state"]] += 1
    kinds = f"{len(entries)} {'Art' if len(entries) == 1 else 'Arten'} von Orten"
    return (
        f"{sentence(on_the_way(profile))}, von {kinds}: "
        f"{_number(number[_MET])} im Richtwert erreichbar, "
        f"{_number(number[_ONLY_ON_CAMPUS])} nur auf dem Gelände, "
        f"{_number(number[_NOT_MET])} nicht im Richtwert, "
        f"{_number(number[_NOT_RECORDED])} nicht erfasst."
    )


def _measured_by(need: _Need) -> str:
    """Say which standards count and why, and who the neighbours are."""
    text = f"Es gelten die Richtwerte für {_AREAS[need['area']]}"
    if need["area_from"] != "study":
        guess = " (geschätzt)" if need["area_from"] == "estimate" else ""
        text += f", nach der Zahl der Menschen ringsum{guess}"
    if not need["homes"]:
        return f"{text}. Zum Vergleich gibt es zu wenige Adressen in der Nähe."
    place = need["place"] or "im Umkreis von 1 km"
    return f"{text}. Verglichen wird mit {need['homes']} Adressen ({place})."


def _number(number: int) -> str:
    """Return a number of kinds: ``keine``, ``eine``, ``2``."""
    return {0: "keine", 1: "eine"}.get(number, str(number))


def _far_for_all(need: _Need) -> bool:
    """Whether neither the house nor most of its neighbours reach any within the limit."""
    times = (need["now_s"], need["neighbours_median_s"])
    return not need["confirmed"] and all(math.isnan(time) for time in times)


def _distance(need: _Need) -> str:
    """Say how far the nearest is, off campus, compared with the standard."""
    standard = need["standard_min"]
    if math.isnan(need["now_s"]):
        return (
            f"ist in {_minutes(need['limit_min'])} nicht zu erreichen; "
            f"der Richtwert liegt bei {_minutes(standard)}"
        )
    minutes = whole_minutes(need["now_s"])
    away = f"ist {minutes_text(minutes)} entfernt"
    if need["state"] == _NOT_MET:
        # Seconds too late, and as many full minutes as the standard.
        more = _more(minutes - standard) if minutes > standard else "knapp"
        return f"{away}, {more} mehr als der Richtwert"
    unsure = "" if need["sure_state"] == _MET else "; gesichert ist der Weg nicht"
    return f"{away}, der Richtwert liegt bei {_minutes(standard)}{unsure}"


def _outside(need: _Need, category: Category) -> str:
    """Say what there is off campus where the standard is met on the grounds alone."""
    if need["confirmed"] == MISSING:
        return f"außerhalb ist {_NONE[category.gender]} vorhanden{_seen(need)}"
    if math.isnan(need["now_s"]) and not need["recorded"]:
        return f"außerhalb ist in OpenStreetMap in der Umgebung {_NONE[category.gender]} erfasst"
    next_one = f"{_ARTICLES[category.gender]} nächste außerhalb"
    if math.isnan(need["now_s"]):
        return f"{next_one} ist in {_minutes(need['limit_min'])} nicht zu erreichen"
    return f"{next_one} ist {minutes_text(whole_minutes(need['now_s']))} entfernt"


def _neighbours(need: _Need) -> str:
    """Say how far the neighbours have it, "" where there are none to compare with."""
    if not need["homes"]:
        return ""
    median = need["neighbours_median_s"]
    if math.isnan(median):
        return f"; die Nachbarschaft braucht im Mittel länger als {_minutes(need['limit_min'])}"
    return f"; die Nachbarschaft braucht im Mittel {minutes_text(whole_minutes(median))}"


def _seen(need: _Need) -> str:
    return f", bestätigt am {german_date(need['confirmed_on'])} ({need['confirmed_by']})"


def _minutes(minutes: float) -> str:
    """Return ``1 Minute``, ``10 Minuten``, ``7,5 Minuten``."""
    if float(minutes).is_integer():
        return minutes_text(int(minutes))
    return f"{decimal_text(minutes, _DIGITS)} Minuten"


def _more(minutes: float) -> str:
    """Return ``eine``, ``7``, ``2,5``."""
    if minutes == 1:
        return "eine"
    whole = float(minutes).is_integer()
    return str(int(minutes)) if whole else decimal_text(minutes, _DIGITS)
