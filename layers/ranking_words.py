"""What a ranking says in German: why a place stands where it stands, and why before another.

A paragraph has two halves. The **facts** do not depend on the weights: who gets there, in how
many minutes, what is not known. The **deciding sentences** come from the shares of the score
and are made again by the map page when somebody moves the weights, with the same templates:

* ``Den Ausschlag gibt: »A«.`` / ``Den Ausschlag geben: »A« und »B«.`` – the labels of the one
  or two criteria with the greatest shares above 0, the greatest first, equal ones in the order
  of the criteria; ``Kein Kriterium spricht für diesen Ort.`` where all shares are 0.
* ``Wenig bringt der Ort bei: »C«.`` – criteria that are known, have a weight above 0 and a
  scaled value below 0.1, in the order of the criteria; left out where there are none.
* ``Nicht erfasst und deshalb mit 0 gezählt: »D«.`` – criteria with a weight above 0 that are
  not known; left out where there are none.

Lists are joined as ``»A«, »B« und »C«``. Counts of one to four people are never written.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from geo.network import MS_PER_S
from geo.profiles import State
from layers._german import decimal_text, joined, minutes_text, on_the_way, whole_minutes
from layers.criteria import Criterion
from layers.evidence import Evidence
from layers.ranking import Scores
from layers.small_numbers import people_text, shown

Floats = npt.NDArray[np.float64]

MOST_DECIDING = 2
"""So many criteria are named as deciding."""
WEAK_BELOW = 0.1
"""Scaled values below count as little."""
_MS_PER_MINUTE = 60 * MS_PER_S
_PAIR = 2
PEOPLE = "Menschen"
"""The unit of criteria that count people: one to four are never shown."""
_INNER = str.maketrans({"»": "›", "«": "‹"})
_SAID_ALREADY = frozenset({"neighbours", "residents"})
_TEMPLATES = {
    "bridge": (
        "Der Brückenwert ist 0: In dieser Zeit kommt eine der beiden Seiten nicht hin.",
        "Der Brückenwert ist {} (am höchsten wäre 1).",
    ),
    "needs_met": (
        "Eine Bedarfslücke schließt er nicht.",
        "Im Mittel schließt er {} Bedarfslücken je Person.",
    ),
}
"""What is said of nought, and of more."""


def paragraphs(said: Sequence[str], scores: Scores) -> tuple[str, ...]:
    """Return one paragraph per candidate: facts, what decides, how stable its rank is.

    Parameters
    ----------
    said
        As ``facts`` makes them, ``n``.
    scores
        The order.
    """
    shares = scores.shares
    return tuple(
        " ".join(
            part
            for part in (
                fact,
                deciding(scores.criteria, shares[row]),
                weak(scores, row),
                not_known(scores, row),
                stability(scores, row),
            )
            if part
        )
        for row, fact in enumerate(said)
    )


def facts(evidence: Evidence, scores: Scores, *, estimated: bool) -> tuple[str, ...]:
    """Return what is known of each candidate, whatever the weights: a few German sentences.

    Parameters
    ----------
    evidence
        Of ``n`` candidates.
    scores
        Their raw values.
    estimated
        Whether the numbers of neighbours are an estimate.
    """
    reach = evidence.reach
    minutes = reach.minutes[len(reach.minutes) // 2]
    within = (reach.resident_ms >= 0) & (reach.resident_ms <= minutes * _MS_PER_MINUTE)
    reached = within.sum(axis=0)
    near = reach.neighbours[:, reach.minutes.index(minutes)]
    on_campus = (evidence.frame["on_campus"] != "").tolist()
    houses = are_houses(evidence)
    return tuple(
        " ".join(
            [
                _residents(evidence, row, int(reached[row]), minutes, houses=houses),
                *(["Er liegt auf dem Gelände."] if on_campus[row] else []),
                _neighbours(float(near[row]), minutes, estimated=estimated),
                *(
                    said
                    for criterion, value in zip(scores.criteria, scores.raw[row], strict=True)
                    if (said := _fact(evidence, row, criterion, float(value)))
                ),
            ]
        )
        for row in range(len(reached))
    )


def deciding(criteria: Sequence[Criterion], shares: Floats) -> str:
    """Say which criteria contribute most to a score.

    Parameters
    ----------
    criteria
        ``k``.
    shares
        What each contributes, shape ``(k,)``.
    """
    order = sorted(range(len(criteria)), key=lambda column: (-shares[column], column))
    labels = [quoted(criteria[column]) for column in order if shares[column] > 0][:MOST_DECIDING]
    if not labels:
        return "Kein Kriterium spricht für diesen Ort."
    return f"Den Ausschlag {'gibt' if len(labels) == 1 else 'geben'}: {joined(labels)}."


def weak(scores: Scores, row: int) -> str:
    """Say where a candidate brings little; "" where it does so nowhere.

    Parameters
    ----------
    scores
        The order.
    row
        Position of the candidate.
    """
    known = np.isfinite(scores.raw[row])
    little = (scores.scaled[row] < WEAK_BELOW) & known & (scores.weights > 0)
    labels = _labels(scores, little)
    return f"Wenig bringt der Ort bei: {labels}." if labels else ""


def not_known(scores: Scores, row: int) -> str:
    """Say what is not known of a candidate; "" where all is.

    Parameters
    ----------
    scores
        The order.
    row
        Position of the candidate.
    """
    labels = _labels(scores, ~np.isfinite(scores.raw[row]) & (scores.weights > 0))
    return f"Nicht erfasst und deshalb mit 0 gezählt: {labels}." if labels else ""


def stability(scores: Scores, row: int) -> str:
    """Say how firm the rank of a candidate is when the weights move.

    Parameters
    ----------
    scores
        The order.
    row
        Position of the candidate.
    """
    rank, count = int(scores.rank[row]), len(scores.rank)
    if count == 1:
        return "Verglichen ist er mit keinem anderen: Es gibt nur diesen Vorschlag."
    low, high = int(scores.rank_low[row]), int(scores.rank_high[row])
    span = f"Platz {low}" if low == high else f"Platz {low} bis {high}"
    if rank == 1 or scores.first_percent[row] > 0:
        percent = percent_text(float(scores.first_percent[row]))
        return (
            f"Platz {rank} von {count}; wenn die Gewichte schwanken, Platz 1 in {percent}, "
            f"meist {span}."
        )
    return f"Platz {rank} von {count}; wenn die Gewichte schwanken, meist {span}."


def why_before(evidence: Evidence, scores: Scores, a: int, b: int) -> str:
    """Say why one candidate stands before another, and what speaks for the other.

    Parameters
    ----------
    evidence
        Of ``n`` candidates.
    scores
        Their order.
    a, b
        Positions of two candidates; the one with the better rank is named first.
    """
    if scores.rank[a] > scores.rank[b]:
        a, b = b, a
    first, second = names_apart(evidence, [a, b])
    differences = scores.pairwise(a, b)
    order = sorted(range(len(differences)), key=lambda column: (-abs(differences[column]), column))
    better = [_against(scores, column, a, b) for column in order if differences[column] > 0]
    worse = [_against(scores, column, b, a) for column in order if differences[column] < 0]
    equal = float(scores.score[a]) == float(scores.score[b])
    if equal and not better and not worse:
        return f"{first} und {second} unterscheiden sich in keinem Kriterium."
    if equal:
        return (
            f"{first} und {second} liegen gleichauf. Für {first} spricht: {joined(better)}. "
            f"Für {second} spricht: {joined(worse)}."
        )
    text = f"{first} liegt vor {second}, weil der Ort besser abschneidet bei {joined(better)}."
    if worse:
        return f"{text} Für {second} spricht: {joined(worse)}."
    return f"{text} Für {second} spricht in diesem Vergleich kein Kriterium."


def names_apart(evidence: Evidence, rows: Sequence[int]) -> list[str]:
    """Return names of candidates as they stand in a sentence: those of the same name with id.

    Parameters
    ----------
    evidence
        Of ``n`` candidates.
    rows
        Their positions.
    """
    frame = evidence.frame
    # Names of spots hold quotation marks themselves; inside others they are single ones.
    names = [str(frame["name"].iloc[row]).translate(_INNER) for row in rows]
    return [
        f"»{name}« ({frame['id'].iloc[row]})" if names.count(name) > 1 else f"»{name}«"
        for name, row in zip(names, rows, strict=True)
    ]


def value_text(criterion: Criterion, value: float) -> str:
    """Return a raw value with its unit as people read it: ``4,7 Minuten``, ``412 Menschen``.

    Parameters
    ----------
    criterion
        What was measured.
    value
        Raw value, NaN where not known.
    """
    if not math.isfinite(value):
        return "nicht erfasst"
    if criterion.unit == PEOPLE:
        return people_text(value)
    number = number_text(criterion, value)
    return f"{number} {criterion.unit}".rstrip()


def number_text(criterion: Criterion, value: float) -> str:
    """Return a raw value without its unit; ``unter 5`` for one to four people.

    Parameters
    ----------
    criterion
        What was measured.
    value
        Raw value, known.
    """
    if criterion.unit == PEOPLE:
        count = shown(value)
        return "unter 5" if count is None else f"{count:,}".replace(",", ".")
    # Adding 0.0 after rounding turns -0.0 into 0.0.
    return decimal_text(round(value, criterion.digits) + 0.0, criterion.digits)


def percent_text(percent: float) -> str:
    """Return a share: ``87 %``; 100 and 0 only where it is exactly so.

    Parameters
    ----------
    percent
        0 to 100.
    """
    if 0 < percent < 1:
        return "weniger als 1 %"
    whole = math.floor(percent + 0.5)
    return f"{min(whole, 99) if percent < 100 else 100} %"  # noqa: PLR2004


def quoted(criterion: Criterion) -> str:
    """Return the label of a criterion as it stands in a sentence."""
    return f"»{criterion.label}«"


def _labels(scores: Scores, chosen: npt.NDArray[np.bool_]) -> str:
    return joined([quoted(scores.criteria[column]) for column in np.flatnonzero(chosen)])


def _against(scores: Scores, column: int, better: int, worse: int) -> str:
    """Return a criterion with both values: ``»Kürzere Wege« (4,7 statt 2,0 Minuten)``."""
    criterion = scores.criteria[column]
    good, bad = float(scores.raw[better, column]), float(scores.raw[worse, column])
    if not math.isfinite(bad):
        return f"{quoted(criterion)} ({value_text(criterion, good)}; beim anderen nicht erfasst)"
    first, second = number_text(criterion, good), number_text(criterion, bad)
    if first == second:
        return f"{quoted(criterion)} (knapp: beide rund {value_text(criterion, good)})"
    return f"{quoted(criterion)} ({first} statt {second} {criterion.unit})".replace(" )", ")")


def _residents(evidence: Evidence, row: int, reached: int, minutes: int, *, houses: bool) -> str:
    """Say from how many houses a candidate is reached."""
    profile, reach = evidence.profile, evidence.reach
    count = len(evidence.residents)
    way = on_the_way(profile)
    sure = ", auch auf nur möglichen Wegen" if reach.state is State.POSSIBLE else ""
    if count == 1:
        time_ms = int(reach.resident_ms[0, row])
        start = "Vom Haus" if houses else "Vom Gelände"
        if time_ms < 0:
            limit = minutes_text(round(reach.limit_s / 60))
            return f"{start} ist der Ort {way} in {limit} nicht zu erreichen{sure}."
        needed = whole_minutes(time_ms / MS_PER_S)
        verb = "ist" if needed == 1 else "sind"
        return f"{start} {verb} es {way} {minutes_text(needed)}{sure}."
    if reached == count:
        both = count == _PAIR
        start = (
            ("Aus beiden Häusern" if both else f"Aus allen {count} Häusern")
            if houses
            else ("Von beiden Geländen" if both else f"Von allen {count} Geländen")
        )
    else:
        many = {0: "keinem", 1: "einem"}.get(reached, str(reached))
        start = f"Aus {many} von {count} Häusern" if houses else f"Von {many} von {count} Geländen"
    limit = minutes_text(minutes)
    return f"{start} ist der Ort {way} in höchstens {limit} erreichbar{sure}."


def are_houses(evidence: Evidence) -> bool:
    """Whether ways begin at houses; at grounds where a study has no houses.

    Parameters
    ----------
    evidence
        Of ``h`` origins.
    """
    residents = evidence.residents
    return bool((residents["origin_id"] != residents["site_id"]).any())


def _neighbours(count: float, minutes: int, *, estimated: bool) -> str:
    number = shown(count)
    limit = f"in höchstens {minutes_text(minutes)}"
    guess = " (geschätzt)" if estimated else ""
    if number == 0:
        return f"Aus der Nachbarschaft erreicht ihn in dieser Zeit niemand{guess}."
    who = people_text(count)
    return f"{who[:1].upper()}{who[1:]} aus der Nachbarschaft erreichen ihn {limit}{guess}."


def _fact(evidence: Evidence, row: int, criterion: Criterion, value: float) -> str:
    """Say what one criterion measured; "" where another sentence says it already."""
    if not math.isfinite(value) or criterion.id in _SAID_ALREADY:
        return ""
    if criterion.id == "minutes_saved":
        return _saved(evidence, value)
    if criterion.id == "transit":
        return _nearby(evidence, int(evidence.transit_ms[row]), "Die nächste Haltestelle")
    if criterion.id == "partner":
        return _nearby(evidence, int(evidence.partner_ms[row]), "Ein möglicher Partner")
    nothing, some = _TEMPLATES.get(criterion.id, ("", ""))
    if value <= 0 and nothing:
        return nothing
    return some.format(number_text(criterion, value)) if some else _plain(criterion, value)


def _plain(criterion: Criterion, value: float) -> str:
    return f"{criterion.label}: {value_text(criterion, value)}."


def _nearby(evidence: Evidence, time_ms: int, what: str) -> str:
    """Say how far it is to something near a candidate."""
    most = evidence.reach.minutes[-1]
    if time_ms < 0 or time_ms > most * _MS_PER_MINUTE:
        return f"{what} ist mehr als {minutes_text(most)} entfernt."
    if time_ms == 0:
        return f"{what} ist am Ort."
    return f"{what} ist {minutes_text(whole_minutes(time_ms / MS_PER_S))} entfernt."


def _saved(evidence: Evidence, saved: float) -> str:
    """Say by how much the way becomes shorter: whole minutes, no more than tables show."""
    value = round(saved, 1)
    nothing_yet = bool((evidence.now_ms < 0).all())
    limit = minutes_text(round(evidence.reach.limit_s / 60))
    before = f"; bisher ist keiner in {limit} erreichbar" if nothing_yet else ""
    start = "Der Weg zum nächsten Ort dieser Art wird"
    if saved <= 0:
        return f"{start} nicht kürzer{before}."
    if value < 1:
        return f"{start} im Mittel um weniger als 1 Minute kürzer{before}."
    return f"{start} im Mittel um {minutes_text(math.floor(value))} kürzer{before}."
