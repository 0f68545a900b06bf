"""What a variant changes, in German sentences, house by house."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo.network import MS_PER_S
from geo.profiles import Profile, State
from layers._german import (
    joined,
    minutes_text,
    on_the_way,
    one_of,
    sentence,
    to_nearest,
    whole_minutes,
)
from layers.access import NOT_REACHABLE, NOT_RECORDED, ONLY_ON_CAMPUS
from layers.need_table import MET
from layers.scenario import NewReach, Outcome
from layers.scenario_times import BY_HOURS, PRIVATE
from layers.small_numbers import people_text, shown

NOTHING = "Es ändert sich nichts."

_NEEDS = {
    PRIVATE: "über private Wege des Geländes",
    BY_HOURS: "durch ein Tor mit Öffnungszeiten",
}
"""What a way may need, by its mark."""


@dataclass(frozen=True)
class HouseStory:
    """What changes for one house or grounds.

    Attributes
    ----------
    id, name
        Of the origin.
    sentences
        German.
    """

    id: str
    name: str
    sentences: tuple[str, ...]


def stories(outcome: Outcome, profile: Profile) -> list[HouseStory]:
    """Say for every house what changes; grounds speak where there are no houses.

    Parameters
    ----------
    outcome
        What changes.
    profile
        Who is on the way. Where not all ways are sure, possible ones count.

    Returns
    -------
    list of HouseStory
        Those for which anything changes that can be told in whole minutes.
    """
    lane = _lane_of(outcome, profile)
    frame = outcome.after.origins
    has_houses = (frame["kind"] == "house").any()
    found = []
    for row, (key, name, kind) in enumerate(
        zip(frame["id"], frame["name"], frame["kind"], strict=True)
    ):
        if kind == "house" or not has_houses:
            said = [*_of_places(outcome, lane, row), *_of_needs(outcome, profile, row)]
            said += _of_neighbours(outcome, lane, row, kind)
            if said:
                found.append(HouseStory(str(key), str(name) or str(key), tuple(said)))
    return found


def new_sentences(outcome: Outcome, profile: Profile) -> list[str]:
    """Say of everything that is added who reaches it.

    Parameters
    ----------
    outcome
        What changes.
    profile
        Who is on the way.
    """
    return [_who_reaches(outcome, reach, profile) for reach in outcome.after.new_reach]


def tally(outcome: Outcome, profile: Profile) -> list[tuple[str, int, int, int, int, int]]:
    """Count for every house the categories that come nearer, go farther, are new or lost.

    Parameters
    ----------
    outcome
        What changes.
    profile
        Who is on the way.

    Returns
    -------
    list of tuple
        Name; categories nearer, farther, new, lost; needs newly met. Only houses for which
        there are any, by name.
    """
    lane = _lane_of(outcome, profile)
    asked = outcome.before.needs_asked
    was, now = (side.table.nearest_s[lane] for side in (outcome.before, outcome.after))
    met = [side.needs[profile.id] == MET for side in (outcome.before, outcome.after)]
    newly = dict(zip(asked.rows.tolist(), (met[1] & ~met[0]).sum(axis=1).tolist(), strict=True))
    frame = outcome.after.origins
    rows = []
    for row, (key, name) in enumerate(zip(frame["id"], frame["name"], strict=True)):
        counts = (
            int((now[row] < was[row]).sum()),
            int((now[row] > was[row]).sum()),
            int((np.isnan(was[row]) & ~np.isnan(now[row])).sum()),
            int((~np.isnan(was[row]) & np.isnan(now[row])).sum()),
            int(newly.get(row, 0)),
        )
        if any(counts):
            rows.append((str(name) or str(key), *counts))
    return sorted(rows)


def head(profile: Profile) -> str:
    """Return who the sentences are about: ``Zu Fuß:``."""
    way = sentence(on_the_way(profile))
    return f"{way}, auf möglichen Wegen:" if State.POSSIBLE in profile.states else f"{way}:"


def _lane_of(outcome: Outcome, profile: Profile) -> int:
    asked = outcome.before.needs_asked
    return asked.lanes[[one.id for one in asked.profiles].index(profile.id)]


def _of_places(outcome: Outcome, lane: int, row: int) -> list[str]:
    """Say what is nearer, new, farther or lost; what changes most first."""
    before, after = outcome.before.table, outcome.after.table
    known = {one.id: one for one in outcome.after.net.ready.taxonomy.categories}
    limit = minutes_text(outcome.after.net.counter.max_minutes)
    status = before.status[lane, row]
    new = {
        NOT_RECORDED: "Neu (bisher nicht erfasst): ",
        ONLY_ON_CAMPUS: "Neu (bisher nur auf dem Gelände): ",
        NOT_REACHABLE: f"Neu (bisher nicht in {limit}): ",
    }
    farther, lost = "Weiter als bisher: ", f"Nicht mehr in {limit}: "
    marks: list[int] = []
    told: dict[str, list[tuple[float, str]]] = {
        start: [] for start in ("", *new.values(), farther, lost)
    }
    for column in np.flatnonzero(outcome.changed[lane, row]).tolist():
        category = known[outcome.after.categories[column]]
        was, now = (float(table.nearest_s[lane, row, column]) for table in (before, after))
        if np.isnan(was) and np.isnan(now):
            continue
        if np.isnan(now):
            told[lost].append((was, f"{one_of(category)} (bisher {_minutes(was)})"))
        elif np.isnan(was):
            text = f"{one_of(category)} in {_minutes(now)}"
            told[new[status[column]]].append((now, text))
            marks.append(int(after.marks[lane, row, column]))
        elif whole_minutes(was) != whole_minutes(now):
            text = f"{to_nearest(category)} {whole_minutes(now)} statt {_minutes(was)}"
            told["" if now < was else farther].append((-abs(now - was), text))
            marks.append(int(after.marks[lane, row, column]))
    said = [
        sentence(start + joined([text for _, text in sorted(parts)])) + "."
        for start, parts in told.items()
        if parts
    ]
    return said + _through(marks)


def _through(marks: Sequence[int]) -> list[str]:
    """Say what the ways just told of need, where they need something."""
    said = []
    for bit, words in _NEEDS.items():
        many = sum(bool(one & bit) for one in marks)
        if many:
            verb = "führt" if many == 1 else "führen"
            some = f"{many} dieser {len(marks)} Wege" if many < len(marks) else "Diese Wege"
            said.append(f"{'Dieser Weg' if len(marks) == 1 else some} {verb} {words}.")
    return said


def _of_needs(outcome: Outcome, profile: Profile, row: int) -> list[str]:
    asked = outcome.before.needs_asked
    rows = np.flatnonzero(asked.rows == row)
    if not len(rows):
        return []
    was, now = (side.needs[profile.id][rows[0]] for side in (outcome.before, outcome.after))
    known = {one.id: one for one in outcome.after.net.ready.taxonomy.categories}
    said = []
    for met, word in ((True, "neu"), (False, "nicht mehr")):
        columns = np.flatnonzero(((now == MET) == met) & ((was == MET) != met))
        names: dict[int, list[str]] = {}
        for column in columns.tolist():
            minutes = round(int(asked.standard_ms[rows[0], column]) / MS_PER_S / 60)
            names.setdefault(minutes, []).append(known[asked.categories[column]].label)
        said += [
            f"Bedarf {word} gedeckt (in {minutes_text(one)}): {joined(names[one])}."
            for one in sorted(names)
        ]
    return said


def _of_neighbours(outcome: Outcome, lane: int, row: int, kind: str) -> list[str]:
    """Say how many neighbours come in time, within the middle threshold."""
    if outcome.before.net is outcome.after.net:
        return []
    number = len(outcome.after.minutes) // 2
    was, now = (
        float(side.house_reach[lane, row, number]) for side in (outcome.before, outcome.after)
    )
    if not tellable(was, now):
        return []
    minutes = minutes_text(outcome.after.minutes[number])
    what = "Das Haus" if kind == "house" else "Die Tore"
    guess = " (geschätzt)" if outcome.after.net.people.neighbours.estimated else ""
    if shown(now) == 0:
        return [
            f"{what} erreicht in {minutes} niemand mehr aus der Nachbarschaft; bisher waren es "
            f"{people_text(was)}{guess}."
        ]
    more = f"{people_text(abs(now - was))} {'mehr' if now > was else 'weniger'} als bisher"
    return [
        f"{what} erreichen in {minutes} aus der Nachbarschaft {people_text(now)}{guess}, {more}."
    ]


def tellable(was: float, now: float) -> bool:
    """Whether two counts of people may be told side by side and are not the same.

    The difference of two numbers is a number of people as well: of one to four nothing is
    said.
    """
    return shown(abs(now - was)) not in {None, 0}


def _who_reaches(outcome: Outcome, reach: NewReach, profile: Profile) -> str:
    after = outcome.after
    lane = _lane_of(outcome, profile)
    name = f"»{reach.thing.label}«"
    if not reach.joined[lane]:
        return f"{name} liegt an keinem Weg, der so benutzbar ist; niemand erreicht es."
    number = len(after.minutes) // 2
    minutes = after.minutes[number]
    houses = (after.origins["kind"] == "house").to_numpy()
    one, several = ("Haus", "Häusern") if houses.any() else ("Gelände", "Geländen")
    houses = houses if houses.any() else np.ones(len(houses), dtype=bool)
    ms = reach.resident_ms[lane]
    within = int((houses & (ms >= 0) & (ms <= minutes * 60 * MS_PER_S)).sum())
    people = float(reach.neighbours[lane, number])
    guess = " (geschätzt)" if after.net.people.neighbours.estimated and shown(people) else ""
    word = one if houses.sum() == 1 else several
    some = within or "keinem"
    where = " auf dem Gelände" if reach.on_campus else ""
    return (
        f"{name}{where} erreichen in {minutes_text(minutes)} Menschen aus {some} von "
        f"{int(houses.sum())} {word} und aus der Nachbarschaft {people_text(people)}{guess}."
    )


def _minutes(seconds: float) -> str:
    return minutes_text(whole_minutes(seconds))


def order_of(lines: Sequence[HouseStory]) -> list[HouseStory]:
    """Return stories by the name of the house."""
    return sorted(lines, key=lambda one: (one.name, one.id))
