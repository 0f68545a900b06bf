"""The criteria by which candidates are weighed: what each measures, in which unit, and why.

Each is a pure function of the evidence; what counts 0 and 1 says ``data/criteria.toml``, and
``docs/standortsuche.md`` says the same in German.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from geo.network import MS_PER_S
from geo.profiles import State
from layers._criterion_tables import Criterion, load_criteria, study_criteria
from layers.evidence import Evidence
from layers.need_table import NOT_MET, NOT_RECORDED, ONLY_ON_CAMPUS

__all__ = [
    "CRITERIA", "Criterion", "load_criteria", "minutes_saved_by_origin", "raw_values",
    "study_criteria",
]  # fmt: skip

Floats = npt.NDArray[np.float64]

_MS_PER_MINUTE = 60 * MS_PER_S


def minutes_saved_by_origin(evidence: Evidence) -> Floats:
    """Return for each origin of residents by how much its way becomes shorter.

    ``max(0, now − way to the candidate)``, in minutes. ``now`` is the way to the nearest
    existing place of the project's kind off campus; where there is none within the limit, it
    is the limit. Where nothing of the kind is recorded and nobody has looked, it is not known
    how much is saved: not recorded is not "none".

    Parameters
    ----------
    evidence
        Of ``n`` candidates and ``h`` origins.

    Returns
    -------
    numpy.ndarray
        Minutes, shape ``(h, n)``; rows of origins for which it is not known are NaN.
    """
    limit = evidence.reach.limit_s * MS_PER_S
    now = np.where(evidence.now_ms < 0, limit, evidence.now_ms)[:, np.newaxis]
    way = np.where(evidence.reach.resident_ms < 0, limit, evidence.reach.resident_ms)
    saved = np.maximum(now - way, 0) / _MS_PER_MINUTE
    saved[evidence.needs.state[:, 0] == NOT_RECORDED] = np.nan
    return np.asarray(saved, dtype=np.float64)


def minutes_saved(evidence: Evidence) -> Floats:
    """Return the minutes that the way to the nearest place of the kind becomes shorter.

    Mean of ``minutes_saved_by_origin`` over the places of all residents for whom it is known
    (the same ones for every candidate). After the indicator "minutes to the nearest meeting
    place off campus" of neighbourhood management (field.md 4.3).

    Parameters
    ----------
    evidence
        Of ``n`` candidates.

    Returns
    -------
    numpy.ndarray
        Minutes, shape ``(n,)``; NaN where nothing of the kind is recorded.
    """
    known = evidence.needs.state[:, 0] != NOT_RECORDED
    return _mean(minutes_saved_by_origin(evidence)[known], evidence.places[known])


def way(evidence: Evidence) -> Floats:
    """Return the minutes of the residents' way to the candidate.

    Mean over all residents' places; who does not get there within the limit counts with the
    limit, so that leaving a house out never makes a candidate better. For what stands nowhere
    yet, nearness is what can be compared (field.md 3.1, the ten minutes of the "Nahbereich").

    Parameters
    ----------
    evidence
        Of ``n`` candidates.

    Returns
    -------
    numpy.ndarray
        Minutes, shape ``(n,)``.
    """
    limit = evidence.reach.limit_s * MS_PER_S
    ways = np.where(evidence.reach.resident_ms < 0, limit, evidence.reach.resident_ms)
    return _mean(ways / _MS_PER_MINUTE, evidence.places)


def residents(evidence: Evidence) -> Floats:
    """Return the share of residents who reach the candidate within the middle threshold.

    ``100 × places with way ≤ threshold / all places`` (field.md 4.3: reachable within budget).

    Parameters
    ----------
    evidence
        Of ``n`` candidates.

    Returns
    -------
    numpy.ndarray
        Percent, shape ``(n,)``.
    """
    minutes = evidence.reach.minutes
    return _share(evidence, evidence.reach.resident_ms, minutes[len(minutes) // 2])


def needs_met_by_origin(evidence: Evidence) -> Floats:
    """Return for each origin how many gaps the candidate closes.

    A gap is a category served by the project that the origin does not reach off campus within
    its standard today: not at all, or only on the grounds. A candidate closes it if it lies
    off campus and its way is within the standard; what lies on the grounds is "only on
    campus" for the needs, however good it is for neighbours (field.md 8, row 1). A category
    that is not recorded is no gap (row 4).

    Parameters
    ----------
    evidence
        Of ``n`` candidates and ``h`` origins.

    Returns
    -------
    numpy.ndarray
        Numbers of categories, shape ``(h, n)``.
    """
    ways = evidence.reach.resident_ms[:, :, np.newaxis]
    gap = np.isin(evidence.needs.state, (NOT_MET, ONLY_ON_CAMPUS))[:, np.newaxis, :]
    within = (ways >= 0) & (ways <= evidence.needs.standard_ms[:, np.newaxis, :])
    off_campus = (evidence.frame["on_campus"] == "").to_numpy()[np.newaxis, :, np.newaxis]
    return np.asarray((gap & within & off_campus).sum(axis=2), dtype=np.float64)


def needs_met(evidence: Evidence) -> Floats:
    """Return the gaps that the candidate closes for a resident, on average.

    Mean of ``needs_met_by_origin`` over all residents' places (field.md 4.3: share of need
    categories reachable off campus within budget).

    Parameters
    ----------
    evidence
        Of ``n`` candidates.

    Returns
    -------
    numpy.ndarray
        Categories per person, shape ``(n,)``.
    """
    return _mean(needs_met_by_origin(evidence), evidence.places)


def neighbours(evidence: Evidence) -> Floats:
    """Return the neighbours who reach the candidate within the study's middle threshold.

    Sum of the people of all homes with ``way ≤ threshold`` (field.md 4.3: population within
    10 minutes of the meeting place).

    Parameters
    ----------
    evidence
        Of ``n`` candidates.

    Returns
    -------
    numpy.ndarray
        People, shape ``(n,)``.
    """
    return evidence.reach.neighbours[:, len(evidence.reach.minutes) // 2]


def bridge(evidence: Evidence) -> Floats:
    """Return the bridge value: how evenly both sides reach the candidate.

    The highest over the study's grounds of ``2·r·n / (r + n)``: ``r`` the share of their
    residents, ``n`` the neighbours as a share of those who live around them, both within the
    middle threshold; see ``layers.two_way`` (field.md 8, row 9).

    Parameters
    ----------
    evidence
        Of ``n`` candidates.

    Returns
    -------
    numpy.ndarray
        0 to 1, shape ``(n,)``.
    """
    return evidence.bridge


def step_free_confirmed(evidence: Evidence) -> Floats:
    """Return the share of residents whose way to the candidate is surely step-free.

    ``100 × places with a way of confirmed ways only ≤ largest threshold / all places``, for
    the study's wheelchair profile, else its rollator, else its first with limits (field.md
    3.2 for the limits, 4.3: barrier-free route share).

    Parameters
    ----------
    evidence
        Of ``n`` candidates.

    Returns
    -------
    numpy.ndarray
        Percent, shape ``(n,)``; NaN where the study has no such profile.
    """
    return _step_free(evidence, State.CONFIRMED)


def step_free_possible(evidence: Evidence) -> Floats:
    """Return the share of residents whose way to the candidate may be step-free.

    As ``step_free_confirmed``, with ways of which something is not known (field.md 8, row 4:
    what nobody has recorded is not a no).

    Parameters
    ----------
    evidence
        Of ``n`` candidates.

    Returns
    -------
    numpy.ndarray
        Percent, shape ``(n,)``; NaN where the study has no such profile.
    """
    return _step_free(evidence, State.POSSIBLE)


def transit(evidence: Evidence) -> Floats:
    """Return the minutes from the nearest stop or station to the candidate.

    Beyond the largest threshold it counts as the threshold: a stop so far away is none.
    Whether and when a bus comes is not in OSM (field.md 3.5: a stop is no service).

    Parameters
    ----------
    evidence
        Of ``n`` candidates.

    Returns
    -------
    numpy.ndarray
        Minutes, shape ``(n,)``; NaN where no stop is recorded at all.
    """
    return _nearest(evidence, evidence.transit_ms, known=evidence.transit_recorded)


def partner(evidence: Evidence) -> Floats:
    """Return the minutes from the nearest possible partner to the candidate.

    0 on the premises of a possible partner; beyond the largest threshold it counts as the
    threshold. A partner near by opens up, lends a hand and stays (field.md 0, "Kooperations-
    strukturen").

    Parameters
    ----------
    evidence
        Of ``n`` candidates.

    Returns
    -------
    numpy.ndarray
        Minutes, shape ``(n,)``; NaN where no possible partner is recorded at all.
    """
    return _nearest(evidence, evidence.partner_ms, known=evidence.partners_recorded)


CRITERIA: Mapping[str, Callable[[Evidence], Floats]] = {
    function.__name__: function
    for function in (
        minutes_saved,
        way,
        residents,
        needs_met,
        neighbours,
        bridge,
        step_free_confirmed,
        step_free_possible,
        transit,
        partner,
    )
}
"""The functions by the ids of their criteria."""


def raw_values(evidence: Evidence, criteria: Sequence[Criterion | str]) -> Floats:
    """Compute criteria.

    Parameters
    ----------
    evidence
        Of ``n`` candidates.
    criteria
        ``k`` criteria, or ids of those that come with the product. One of the study's own is
        read from its column of the candidates; candidates that are not in the study's file
        have no value there.

    Returns
    -------
    numpy.ndarray
        Raw values, shape ``(n, k)``; NaN where a value is not known.
    """
    count = len(evidence.frame)
    columns = []
    for one in criteria:
        key, column = (one, one) if isinstance(one, str) else (one.id, one.column)
        if key in CRITERIA:
            columns.append(CRITERIA[key](evidence))
        elif column in evidence.candidates.own:
            columns.append(evidence.frame[column].to_numpy(dtype=np.float64))
        else:
            columns.append(np.full(count, np.nan))
    return np.column_stack(columns) if columns else np.empty((count, 0))


def _mean(values: Floats, places: Floats) -> Floats:
    """Return the mean over origins by their places; NaN where there are none."""
    total = places.sum()
    if not total:
        return np.full(values.shape[1], np.nan)
    return np.asarray(places @ values / total, dtype=np.float64)


def _share(evidence: Evidence, time_ms: npt.NDArray[np.int32], minutes: float) -> Floats:
    """Return the share of residents' places with a time within some minutes, percent."""
    within = (time_ms >= 0) & (time_ms <= minutes * _MS_PER_MINUTE)
    return 100.0 * _mean(within.astype(np.float64), evidence.places)


def _step_free(evidence: Evidence, state: State) -> Floats:
    if state not in evidence.step_free_ms:
        return np.full(len(evidence.frame), np.nan)
    return _share(evidence, evidence.step_free_ms[state], evidence.reach.minutes[-1])


def _nearest(evidence: Evidence, time_ms: npt.NDArray[np.int32], *, known: bool) -> Floats:
    """Return minutes, at most the largest threshold."""
    if not known:
        return np.full(len(time_ms), np.nan)
    most = evidence.reach.minutes[-1] * _MS_PER_MINUTE
    return np.where(time_ms < 0, most, np.minimum(time_ms, most)) / _MS_PER_MINUTE
