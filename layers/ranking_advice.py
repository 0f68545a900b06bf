"""When a ranking carries no recommendation, and what to bear in mind where it does.

Each rule is a German sentence with its reason. They are tried in the order of ``_RULES``: what
makes all others meaningless comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from layers._german import joined, minutes_text, on_the_way
from layers.evidence import Evidence
from layers.ranking import Scores, normalised, weighed
from layers.ranking_words import are_houses, names_apart, percent_text, quoted

UNKNOWN_MOST = 1 / 3
"""Weight that may rest on nothing known, at most: of the first candidate, and on average of all.

A third, so that one criterion of an ordinary weight may be missing, but not what half of the
argument rests on (field.md section 8, row 10: no recommendation where too much is not known).
"""

FIRST_LEAST = 50.0
"""Share of the varied weightings, %, in which the first must come first to be the one."""

NEARLY = 0.02
"""Scores so near to that of the first are nearly level: data of this kind are not more exact
than a fiftieth, whatever the weights."""

_EQUAL_PERCENT = 10.0
_EQUAL_MOST = 5
_NEAR_M = 250.0
_SLACK = 1e-9
_BRIDGE = frozenset({"bridge"})
_FOR_RESIDENTS = ("minutes_saved", "needs_met")
_FROM_NEIGHBOURS = frozenset({"neighbours", "bridge"})


@dataclass(frozen=True, eq=False)
class _Case:
    evidence: Evidence
    scores: Scores


def no_recommendation(evidence: Evidence, scores: Scores) -> str:
    """Say in German why no single candidate is recommended; "" where the first is.

    Parameters
    ----------
    evidence
        Of ``n`` candidates.
    scores
        Their order.
    """
    case = _Case(evidence, scores)
    return next((said for rule in _RULES if (said := rule(case))), "")


def cautions(evidence: Evidence, scores: Scores, *, estimated: bool) -> tuple[str, ...]:
    """Say in German what to bear in mind when reading a ranking.

    Parameters
    ----------
    evidence
        Of ``n`` candidates.
    scores
        Their order.
    estimated
        Whether the numbers of neighbours are an estimate.
    """
    said = []
    if estimated and _weight_of(scores, _FROM_NEIGHBOURS) > 0:
        text = "Wie viele Menschen in der Nachbarschaft wohnen, ist geschätzt."
        other = _first_without(scores, _FROM_NEIGHBOURS)
        if other is not None and len(scores.rank):
            (name,) = names_apart(evidence, [other])
            text += f" Ohne diese Schätzung läge {name} vorn."
        said.append(text)
    guessed = int(evidence.residents["estimated"].sum())
    if guessed:
        whose = "eines Hauses" if guessed == 1 else f"von {guessed} Häusern"
        said.append(f"Die Plätze {whose} sind nicht angegeben und angenommen.")
    near = _nearly_first(scores) if not no_recommendation(evidence, scores) else []
    if near:
        names = _some_names(evidence, near)
        verb = "liegt" if len(near) == 1 else "liegen"
        said.append(f"Fast gleichauf mit dem ersten Vorschlag {verb}: {names}.")
    if _first_serves_one_side(evidence, scores):
        said.append(
            f"Den ersten Vorschlag erreicht {_in_time(evidence)} nur eine der beiden Seiten."
        )
    helpful = _helps_residents_more(scores)
    if helpful is not None:
        (name,) = names_apart(evidence, [helpful])
        said.append(
            "Für die Bewohnerinnen und Bewohner verkürzt der erste Vorschlag keinen Weg und "
            f"schließt keine Lücke; am meisten brächte ihnen: {name}."
        )
    nowhere = _unknown_everywhere(scores)
    if nowhere.any():
        labels = [quoted(scores.criteria[at]) for at in np.flatnonzero(nowhere)]
        said.append(f"Für keinen der Orte bekannt: {joined(labels)}.")
    open_ = _may_be_first(scores)
    if open_:
        names = _some_names(evidence, open_)
        said.append(
            f"Wäre alles Fehlende bekannt und so gut wie möglich, könnte vorn liegen: {names}."
        )
    return tuple(said)


def _none(case: _Case) -> str:
    if len(case.scores.rank):
        return ""
    said = "Es gibt keinen Ort, der in Frage kommt."
    ruled_out = case.evidence.candidates.ruled_out or {}
    reasons = [f"{reason}: {count}" for reason, count in sorted(ruled_out.items()) if count]
    if reasons:
        return f"{said} Ausgeschlossen wurden: {'; '.join(reasons)}."
    return f"{said} In der Studie können Orte angegeben werden (»candidates«)."


def _nobody(case: _Case) -> str:
    reach = case.evidence.reach
    if (reach.resident_ms >= 0).any():
        return ""
    limit = minutes_text(round(reach.limit_s / 60))
    start = "Aus keinem Haus" if are_houses(case.evidence) else "Von keinem Gelände"
    return (
        f"{start} ist {on_the_way(case.evidence.profile)} einer der Orte in {limit} zu "
        "erreichen. Vielleicht sind Tore geschlossen, oder in den Daten fehlen Wege."
    )


def _nothing_weighed(case: _Case) -> str:
    if (case.scores.weights > 0).any():
        return ""
    return "Kein Kriterium hat ein Gewicht; ohne Gewichte gibt es keine Reihenfolge."


def _unknown(case: _Case) -> str:
    scores = case.scores
    first = int(scores.order[0])
    missing = 1.0 - scores.known_weight
    of_all, of_first = float(missing.mean()), float(missing[first])
    if max(of_all, of_first) <= UNKNOWN_MOST + _SLACK:
        return ""
    if of_first > of_all:
        gaps, whose = scores.unknown[first], "beim ersten Vorschlag"
    else:
        gaps, whose = scores.unknown.any(axis=0), "bei den Vorschlägen"
    labels = [quoted(scores.criteria[at]) for at in np.flatnonzero(gaps & (scores.weights > 0))]
    percent = percent_text(100.0 * max(of_first, of_all))
    return (
        f"Zu wenig ist bekannt: {percent} des Gewichts beruhen {whose} auf Angaben, die nicht "
        f"erfasst sind ({joined(labels)})."
    )


def _nothing_better(case: _Case) -> str:
    if case.scores.score.max() > 0:
        return ""
    return "Keiner der Orte verbessert etwas von dem, was gewichtet wird."


def _one_side_only(case: _Case) -> str:
    if not _weight_of(case.scores, _BRIDGE) or (case.evidence.bridge > 0).any():
        return ""
    return (
        f"Keinen der Orte erreichen beide Seiten {_in_time(case.evidence)}, Bewohnerinnen und "
        "Bewohner wie Nachbarschaft: Wer vorn liegt, dient nur einer. Vielleicht hilft zuerst "
        "ein kürzerer Weg, etwa ein offenes Tor oder ein neuer Übergang; mit »sozialraum "
        "scenario« lässt sich das durchrechnen."
    )


def _no_difference(case: _Case) -> str:
    scaled, weighed = case.scores.scaled, case.scores.weights > 0
    if len(scaled) == 1 or (scaled[:, weighed] != scaled[:1, weighed]).any():
        return ""
    return "Kein Kriterium unterscheidet die Orte; sie schneiden alle gleich ab."


def _unstable(case: _Case) -> str:
    scores, evidence = case.scores, case.evidence
    first = int(scores.order[0])
    tied = np.flatnonzero(scores.score == scores.score[first])
    firm = float(scores.first_percent[first])
    if len(tied) == 1 and firm >= FIRST_LEAST:
        return ""
    often = np.flatnonzero(scores.first_percent >= _EQUAL_PERCENT)
    rows = np.union1d(np.union1d(tied, often), [first])
    rows = rows[np.argsort(scores.rank[rows], kind="stable")]
    names = _some_names(evidence, rows.tolist())
    if len(rows) == 1:
        said = (
            f"Der erste Platz ist nicht sicher: {names} liegt nur in {percent_text(firm)} der "
            "Gewichtungen vorn, die anderen teilen sich viele Orte."
        )
    else:
        said = (
            f"Mehrere Orte sind etwa gleich gut: {names}. Wer vorn liegt, hängt davon ab, was "
            "wichtiger ist."
        )
    xy = shapely.get_coordinates(evidence.frame.geometry.to_numpy()[rows])
    apart = float(np.sqrt(((xy[:, np.newaxis] - xy) ** 2).sum(axis=2)).max())
    if len(rows) > 1 and apart <= _NEAR_M:
        metres = max(10, 10 * int(np.ceil(apart / 10)))
        said += (
            f" Sie liegen höchstens {metres} m auseinander: Die Gegend steht fest, nicht der "
            "genaue Ort."
        )
    return said


_RULES: tuple[Callable[[_Case], str], ...] = (
    _none, _nobody, _nothing_weighed, _unknown, _nothing_better, _one_side_only, _no_difference,
    _unstable,
)  # fmt: skip


def _in_time(evidence: Evidence) -> str:
    minutes = evidence.reach.minutes
    return f"in höchstens {minutes_text(minutes[len(minutes) // 2])}"


def _first_serves_one_side(evidence: Evidence, scores: Scores) -> bool:
    """Whether both sides meet at some candidates, but not at the first."""
    bridge = evidence.bridge
    if not _weight_of(scores, _BRIDGE) or not (bridge > 0).any():
        return False
    return bool(bridge[scores.order[0]] <= 0)


def _helps_residents_more(scores: Scores) -> int | None:
    """Return who spares residents most, if the first spares them nothing and others do."""
    mine = [at for at, one in enumerate(scores.criteria) if one.id in _FOR_RESIDENTS]
    if not len(scores.rank) or not mine:
        return None
    gain = scores.shares[:, mine].sum(axis=1)
    first = int(scores.order[0])
    if gain[first] > 0 or scores.unknown[first, mine].any() or gain.max() <= 0:
        return None
    best = np.flatnonzero(gain == gain.max())
    return int(best[scores.rank[best].argmin()])


def _some_names(evidence: Evidence, rows: Sequence[int]) -> str:
    """Return the first names, and how many there are more."""
    names = names_apart(evidence, rows[:_EQUAL_MOST])
    more = len(rows) - len(names)
    return f"{', '.join(names)} und {more} weitere" if more > 0 else joined(names)


def _weight_of(scores: Scores, ids: frozenset[str]) -> float:
    return sum(
        float(weight)
        for criterion, weight in zip(scores.criteria, scores.weights, strict=True)
        if criterion.id in ids
    )


def _first_without(scores: Scores, ids: frozenset[str]) -> int | None:
    """Return who comes first without some criteria, if that is another one than now."""
    kept = [at for at, criterion in enumerate(scores.criteria) if criterion.id not in ids]
    if not len(scores.rank) or not scores.weights[kept].any():
        return None
    weights = normalised(scores.weights[np.newaxis, kept])
    score = weighed(weights, scores.scaled[:, kept])[0]
    now, then = int(scores.order[0]), int(score.argmax())
    # Who only shares the first place then is not put there by the estimate.
    return None if score[now] == score[then] else then


def _nearly_first(scores: Scores) -> list[int]:
    """Return who is hardly behind the first."""
    if not len(scores.rank):
        return []
    first = int(scores.order[0])
    return [
        row
        for row in scores.order.tolist()
        if row != first and scores.score[first] - scores.score[row] <= NEARLY
    ]


def _unknown_everywhere(scores: Scores) -> npt.NDArray[np.bool_]:
    """Return which criteria are known of no candidate; they change no order."""
    if not len(scores.rank):
        return np.zeros(len(scores.criteria), dtype=bool)
    return np.asarray(scores.unknown.all(axis=0) & (scores.weights > 0), dtype=np.bool_)


def _may_be_first(scores: Scores) -> list[int]:
    """Return who could stand before the first if what is known of some only were perfect."""
    if not len(scores.rank):
        return []
    first = int(scores.order[0])
    open_ = scores.unknown & ~scores.unknown.all(axis=0)
    at_most = scores.score + (open_ * scores.weights).sum(axis=1)
    return [
        row
        for row in scores.order.tolist()
        if row != first and at_most[row] > scores.score[first] + _SLACK
    ]
