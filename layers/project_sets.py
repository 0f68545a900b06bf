"""Several sites at once: the best set, where one alone would not do.

Three good sites side by side help less than three that share the town among them. So a set is
not weighed by the scores of its members, but by what they bring together, criterion by
criterion, with the same anchors and weights as a single site:

===========================  ======================================================
``minutes_saved``, ``way``   of each house the way to the nearest of the set
``residents``, step-free     share of residents who reach at least one of the set
``needs_met``                of each house and category: closed by any of the set
``neighbours``               who reaches at least one of the set, each counted once
``bridge``                   the best of the set
all others                   mean of what the members count alone (0 where not known)
===========================  ======================================================

Existing places stay where they are: ``minutes_saved`` and ``needs_met`` compare with them.
Where the highest raw value counts 1 (``best = "spread"``), the highest that a set of this size
could have counts 1 here: what all sites together have, or as many of the best single values
added up, whichever is less. That depends on the candidates alone, not on the set, so another
site in place of a worse one never lowers the value; for a set of one it is the same as for a
single site. Scores of sets of different sizes cannot be compared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.door_times import door_times
from geo.errors import StudyError
from geo.network import MS_PER_S
from geo.profiles import State
from geo.snapping import snap_places
from layers._german import joined
from layers._set_objective import Best, Mean, Objective, Part, Union
from layers._set_search import (
    MOST_BEGINNINGS,
    MOST_SETS,
    beginnings,
    best_of_all,
    good_one,
    set_count,
)
from layers.criteria import Criterion, minutes_saved_by_origin
from layers.evidence import Evidence
from layers.need_table import NOT_MET, NOT_RECORDED, ONLY_ON_CAMPUS
from layers.people import PARTS, People
from layers.placement import Ranking
from layers.ranking import SCALED_DIGITS, Scores
from layers.ranking_words import names_apart

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST_SITES = 1000
"""Of more candidates the best single ones are looked at."""

_MS_PER_MINUTE = 60 * MS_PER_S


@dataclass(frozen=True, eq=False)
class SiteSet:
    """The best set of sites that was found.

    Attributes
    ----------
    sites
        Positions of the candidates, ascending.
    score
        What the set is worth, 0 to 1.
    raw
        Raw value of each criterion for the set, shape ``(k,)``; NaN where it is a mean of
        what the members count.
    scaled
        What counts, 0 to 1, shape ``(k,)``.
    exact
        Whether all sets were tried.
    tried
        How many sets there are.
    looked_at
        Among how many candidates the set was looked for.
    text
        German: which sites, and how sure it is that there is no better set.
    """

    sites: tuple[int, ...]
    score: float
    raw: Floats
    scaled: Floats
    exact: bool
    tried: int
    looked_at: int
    text: str


def best_set(
    people: People,
    ranking: Ranking,
    count: int,
    fixed: Sequence[int] = (),
    most_sets: int = MOST_SETS,
) -> SiteSet:
    """Find the best set of sites for a project.

    Parameters
    ----------
    people
        The study with its residents and neighbours.
    ranking
        The candidates of the project, measured and weighed.
    count
        How many sites.
    fixed
        Positions of candidates that are in the set anyhow.
    most_sets
        So many sets are all tried, where that takes no more than ``MOST_BEGINNINGS`` steps;
        of more a good one is looked for.

    Raises
    ------
    geo.errors.StudyError
        If there are not so many candidates, or nothing is left to choose.
    """
    evidence, scores = ranking.evidence, ranking.scores
    if not len(set(fixed)) < count <= len(scores.rank):
        raise _too_many(len(scores.rank), count, len(set(fixed)))
    pool = _pool(scores, fixed)
    site, home = _homes_within(people, evidence, pool)
    objective = Objective.of(
        set_parts(evidence, scores, pool, (site, home, people.parts.astype(np.float64))),
        scores.weights,
        len(pool),
        count,
    )
    kept = sorted(int(at) for at in np.searchsorted(pool, sorted(set(fixed))))
    tried = set_count(objective, kept)
    exact = tried <= most_sets and beginnings(objective, kept) <= MOST_BEGINNINGS
    chosen = (best_of_all if exact else good_one)(objective, kept)
    *rest, last = chosen
    raw, scaled = objective.values(objective.of_set(rest), last)
    sites = tuple(int(pool[at]) for at in chosen)
    return SiteSet(
        sites=sites,
        score=float(objective.scores(objective.of_set(rest), last)[0]),
        raw=np.array(
            [
                np.nan if isinstance(part, Mean) else float(values[0])
                for part, values in zip(objective.parts, raw, strict=True)
            ]
        ),
        scaled=np.array([float(values[0]) for values in scaled]),
        exact=exact,
        tried=tried,
        looked_at=len(pool),
        text=_text(ranking, sites, tried, len(pool), exact=exact),
    )


def _too_many(candidates: int, count: int, fixed: int) -> StudyError:
    have = {0: "keinen Vorschlag", 1: "nur einen Vorschlag"}.get(
        candidates, f"{candidates} Vorschläge"
    )
    choice = f"Mit --sites eine Zahl von {fixed + 1} bis {candidates} angeben, oder i"
    return StudyError(
        f"Es gibt {have}; daraus lassen sich nicht {count} Orte wählen.",
        where="--sites",
        remedy=f"{choice if fixed < candidates else 'I'}n der Studie mehr Orte zulassen "
        "(»candidates«, [placement]).",
    )


def set_parts(
    evidence: Evidence,
    scores: Scores,
    pool: Ints,
    reached: tuple[Ints, Ints, Floats],
) -> list[Part]:
    """Say for each criterion how that of a set comes from its members.

    Parameters
    ----------
    evidence, scores
        Of all candidates.
    pool
        Positions of those that a set may have, ``n``.
    reached
        Pairs of a position in ``pool`` and a home from which it is reached within the middle
        threshold, and the people of each home in whole ``1 / PARTS``.
    """
    site, home, people = reached
    parts: list[Part] = []
    for column, criterion in enumerate(scores.criteria):
        alone = Mean(criterion, np.rint(scores.scaled[pool, column] * 10.0**SCALED_DIGITS))
        if scores.unknown[:, column].all():
            parts.append(alone)
        elif criterion.id == "neighbours":
            parts.append(
                Union.of(criterion, (site, home), count=len(pool), weight=people, unit=1.0 / PARTS)
            )
        elif criterion.id == "bridge":
            # As ranked: it tells nobody how many of one to four people come.
            values = scores.raw[np.newaxis, pool, column]
            parts.append(Best(criterion, values, np.ones(1), 0.0, 1.0))
        elif criterion.id in _BEST:
            parts.append(_BEST[criterion.id](evidence, criterion, pool))
        else:
            parts.append(alone)
    return parts


def _minutes_saved(evidence: Evidence, criterion: Criterion, pool: Ints) -> Best:
    known = evidence.needs.state[:, 0] != NOT_RECORDED
    places = evidence.places[known]
    saved = np.rint(minutes_saved_by_origin(evidence)[known][:, pool] * _MS_PER_MINUTE)
    return Best(criterion, saved, places, 0.0, 1.0 / (float(places.sum()) * _MS_PER_MINUTE))


def _way(evidence: Evidence, criterion: Criterion, pool: Ints) -> Best:
    limit = round(evidence.reach.limit_s * MS_PER_S)
    ways = evidence.reach.resident_ms[:, pool]
    nearer = -np.where(ways < 0, limit, ways).astype(np.float64)
    places = evidence.places
    unit = -1.0 / (float(places.sum()) * _MS_PER_MINUTE)
    return Best(criterion, nearer, places, -float(limit), unit)


def _residents(evidence: Evidence, criterion: Criterion, pool: Ints) -> Best:
    minutes = evidence.reach.minutes
    times = evidence.reach.resident_ms[:, pool]
    return _share(criterion, times, minutes[len(minutes) // 2], evidence.places)


def _step_free(evidence: Evidence, criterion: Criterion, pool: Ints) -> Best:
    sure = criterion.id == "step_free_confirmed"
    times = evidence.step_free_ms[State.CONFIRMED if sure else State.POSSIBLE]
    return _share(criterion, times[:, pool], evidence.reach.minutes[-1], evidence.places)


def _needs_met(evidence: Evidence, criterion: Criterion, pool: Ints) -> Best:
    closed = _gaps_closed(evidence, pool)
    rows = closed.reshape(-1, len(pool)).astype(np.float64)
    weight = np.repeat(evidence.places, closed.shape[1])
    return Best(criterion, rows, weight, 0.0, 1.0 / float(evidence.places.sum()))


_BEST: Mapping[str, Callable[[Evidence, Criterion, Ints], Best]] = {
    "minutes_saved": _minutes_saved,
    "way": _way,
    "residents": _residents,
    "needs_met": _needs_met,
    "step_free_confirmed": _step_free,
    "step_free_possible": _step_free,
}
"""Criteria of which, row by row, the best of the set counts."""


def _share(
    criterion: Criterion, time_ms: npt.NDArray[np.int32], minutes: int, places: Floats
) -> Best:
    within = (time_ms >= 0) & (time_ms <= minutes * _MS_PER_MINUTE)
    return Best(criterion, within.astype(np.float64), places, 0.0, 100.0 / float(places.sum()))


def _gaps_closed(evidence: Evidence, pool: Ints) -> npt.NDArray[np.bool_]:
    """Return which gaps each site closes, shape ``(h, s, n)``; see ``criteria.needs_met``."""
    ways = evidence.reach.resident_ms[:, np.newaxis, pool]
    gap = np.isin(evidence.needs.state, (NOT_MET, ONLY_ON_CAMPUS))[:, :, np.newaxis]
    within = (ways >= 0) & (ways <= evidence.needs.standard_ms[:, :, np.newaxis])
    off_campus = (evidence.frame["on_campus"] == "").to_numpy()[pool]
    return np.asarray(gap & within & off_campus, dtype=np.bool_)


def _pool(scores: Scores, fixed: Sequence[int]) -> Ints:
    """Return the candidates that a set may have, ascending."""
    best = scores.order[:MOST_SITES]
    return np.union1d(best, np.array(fixed, dtype=np.int64)).astype(np.int64)


def _homes_within(people: People, evidence: Evidence, pool: Ints) -> tuple[Ints, Ints]:
    """Return pairs of a site of the pool and a home within the middle threshold of it."""
    network, reach, profile = people.ready.network, evidence.reach, evidence.profile
    points = evidence.frame.iloc[pool]
    minutes = reach.minutes[len(reach.minutes) // 2]
    found = list(
        door_times(
            network,
            snap_places(network, points, profile),
            people.homes(profile),
            profile,
            60.0 * minutes,
            state=reach.state,
            reverse=True,
        )
    )
    none = np.empty(0, dtype=np.int64)
    return (
        np.concatenate([none, *(some.origin for some in found)]),
        np.concatenate([none, *(some.door for some in found)]),
    )


def _text(
    ranking: Ranking, sites: tuple[int, ...], tried: int, looked_at: int, *, exact: bool
) -> str:
    names = joined(names_apart(ranking.evidence, sites))
    many = f"{tried:,}".replace(",", ".")
    everybody = len(ranking.scores.rank)
    among = "" if looked_at == everybody else f" unter den {looked_at} besten Vorschlägen"
    if exact:
        ways = "die einzige Möglichkeit" if tried == 1 else f"alle {many} Möglichkeiten verglichen"
        return f"Zusammen am besten: {names} (genau: {ways}{among})."
    return (
        f"Zusammen gut: {names} (gute, aber nicht bewiesen beste Auswahl{among}; es gibt {many} "
        "Möglichkeiten)."
    )
