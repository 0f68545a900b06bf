"""Where projects help most, as data for the page: candidates, criteria, and spots for a pin.

The page weighs candidates again when somebody moves the weights. It gets what
``layers.ranking`` computes from, as whole numbers, and does the same sums in the same order;
``maps/frontend/src/scoring.ts`` and ``placement.ts`` are the other half of this file.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from layers.criteria import Criterion
from layers.people import People
from layers.placement import Placement, Ranking
from layers.ranking import DRAWS, SCALED_DIGITS, weight_factors
from layers.ranking_words import PEOPLE
from layers.small_numbers import shown_counts
from layers.snapshot import Snapshot
from layers.spots import BUDGET_BYTES, Spots, find_spots, group_starts
from maps.encoding import deflate, pack_numbers, zigzag
from maps.place_data import texts, world_points

MOST_CANDIDATES = 300
"""So many of the best go into the page, and all that are no mere spots of the grid."""

BEST_OF_EACH = 10
"""And so many of the best by each criterion alone: weights may be moved that far."""

FACTOR_STEPS = 10_000
"""Factors of the varied weightings are whole numbers of this part."""

_MS_PER_MINUTE = 60_000
_NOT_KNOWN, _FEWER = 0, 1

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def ranking_data(snapshot: Snapshot, origins: Sequence[str]) -> dict[str, Any]:
    """Return the rankings of a snapshot.

    Parameters
    ----------
    snapshot
        What a build computed, with a placement.
    origins
        Ids of sites and houses in the order of the page.

    Returns
    -------
    dict
        ``starts``: positions in ``origins`` of what minutes are told from, −1 for the
        nearest of all houses; ``by``: ``"house"``, ``"site"`` or ``"all"``; ``neighbours``:
        German sentence about whose numbers of people these are; ``estimated``; ``draws``
        and ``factors``: how many weightings there are, and base64 of the factors in steps of
        ``1 / FACTOR_STEPS`` one draw after the other, for as many criteria as any ranking
        has (one with fewer takes the first ``draws × k`` numbers of the series);
        ``rankings``: see ``one_ranking``.

    Raises
    ------
    ValueError
        If the snapshot has no placement.
    """
    placement = _placement(snapshot)
    people = placement.people
    starts, _, by = group_starts(people)
    most = max((len(ranking.scores.criteria) for ranking in placement.rankings), default=0)
    factors = np.rint(weight_factors(most) * FACTOR_STEPS).astype(np.int64).ravel()
    return {
        "starts": _positions(starts, origins),
        "by": by,
        "neighbours": people.neighbours.note,
        "estimated": people.neighbours.estimated,
        "draws": DRAWS,
        "most": most,
        "factors": pack_numbers([factors]),
        "rankings": [
            one_ranking(ranking, people, list(snapshot.profiles), texts(snapshot.sites["site_id"]))
            for ranking in placement.rankings
        ],
    }


def one_ranking(
    ranking: Ranking, people: People, profiles: Sequence[str], sites: Sequence[str]
) -> dict[str, Any]:
    """Return one ranking.

    Parameters
    ----------
    ranking
        As ``layers.placement.rank_project`` makes it.
    people
        Residents and neighbours.
    profiles, sites
        Ids in the order of the page.

    Returns
    -------
    dict
        What ``placement.ts`` reads. Candidates stand in the order of their ids. ``texts``:
        base64 of a deflated JSON list of the names and then of what is known of each (German;
        what decides, and how firm the order is, is said by the page). ``numbers``: base64 of
        deflated variable-length integers, one array after another: scaled values in steps of
        a millionth, candidate by candidate; raw values in the same order (0 not
        known, 1 fewer than five people, else 2 + the value without its decimal point,
        zigzag); minutes from each start to each candidate (0 beyond the limit); neighbours
        for each threshold (0 nobody, 1 fewer than five, else the number).
    """
    evidence, scores = ranking.evidence, ranking.scores
    chosen = _chosen(ranking)
    frame = evidence.frame.iloc[chosen]
    world = world_points(frame)
    origin = world.min(axis=0) if len(world) else np.zeros(2, dtype=np.int64)
    kinds = sorted(set(texts(frame["kind"])))
    scaled = np.rint(scores.scaled[chosen] * 10**SCALED_DIGITS).astype(np.int64)
    raw = np.column_stack(
        [
            _written(scores.raw[chosen, column], criterion)
            for column, criterion in enumerate(scores.criteria)
        ]
        or [np.empty((len(chosen), 0), dtype=np.int64)]
    )
    minutes = _minutes(people, evidence.reach.resident_ms[:, chosen])
    counts = [counts_written(column) for column in evidence.reach.neighbours[chosen].T]
    said = [*texts(frame["name"]), *(ranking.facts[row] for row in chosen)]
    return {
        "id": evidence.project.id,
        "label": evidence.project.label,
        "gender": evidence.project.gender,
        "profile": list(profiles).index(evidence.profile.id),
        "none": ranking.no_recommendation,
        "cautions": list(ranking.cautions),
        "total": len(evidence.frame),
        "criteria": [
            {"id": one.id, "label": one.label, "unit": one.unit, "digits": one.digits}
            for one in scores.criteria
        ],
        "weights": scores.weights.tolist(),
        "ids": texts(frame["id"]),
        "x0": int(origin[0]),
        "y0": int(origin[1]),
        "x": (world[:, 0] - origin[0]).tolist(),
        "y": (world[:, 1] - origin[1]).tolist(),
        "kinds": kinds,
        "kind": [kinds.index(kind) for kind in texts(frame["kind"])],
        "campus": _positions(texts(frame["on_campus"]), sites),
        "limit": round(evidence.reach.limit_s / 60),
        "texts": deflate(json.dumps(said).encode("ascii")),
        "numbers": pack_numbers([scaled.ravel(), raw.ravel(), minutes.ravel(), *counts]),
    }


def spots_data(
    snapshot: Snapshot, origins: Sequence[str], budget_bytes: int = BUDGET_BYTES
) -> dict[str, Any]:
    """Return spots for a pin of one's own, with the ways to them.

    Parameters
    ----------
    snapshot
        What a build computed, with a placement.
    origins
        Ids of sites and houses in the order of the page.
    budget_bytes
        Bytes that the packed numbers may take up.

    Returns
    -------
    dict
        See ``packed_spots``.

    Raises
    ------
    ValueError
        If the snapshot has no placement.
    """
    spots = find_spots(_placement(snapshot).people, budget_bytes)
    return packed_spots(spots, origins, list(snapshot.profiles))


def packed_spots(spots: Spots, origins: Sequence[str], profiles: Sequence[str]) -> dict[str, Any]:
    """Pack spots.

    Parameters
    ----------
    spots
        As ``layers.spots.find_spots`` makes them.
    origins, profiles
        Ids in the order of the page.

    Returns
    -------
    dict
        ``data``: base64 of deflated variable-length integers: differences of x, of y (world
        pixels, zigzag); for each threshold
        differences of neighbours (0 nobody, 1 fewer than five, else the number; zigzag); for
        each variant (in the order of ``maps.profile_data.variants``) and each start the
        differences of minutes from spot to spot (zigzag).
    """
    world = world_points(spots.frame)
    origin = world.min(axis=0) if len(world) else np.zeros(2, dtype=np.int64)
    columns = [*(world - origin).T]
    columns += [np.where(column < 0, _FEWER, column) for column in spots.neighbours.T]
    columns += list(spots.minutes.reshape(-1, len(world)).astype(np.int64))
    return {
        "starts": _positions(spots.starts, origins),
        "by": spots.by,
        "profile": list(profiles).index(spots.profile_id),
        "spacing": spots.spacing_m,
        "limit": spots.limit_min,
        "thresholds": list(spots.thresholds),
        "variants": len(spots.variants),
        "count": len(world),
        "x0": int(origin[0]),
        "y0": int(origin[1]),
        "data": pack_numbers([zigzag(np.diff(column, prepend=0)) for column in columns]),
    }


def counts_written(counts: Floats) -> Ints:
    """Write counts of people: 0 for nobody, 1 for fewer than five, else the number.

    Parameters
    ----------
    counts
        People, shares of people allowed, shape ``(n,)``.
    """
    return np.asarray(shown_counts(counts).to_numpy(dtype=np.int64, na_value=_FEWER))


def _placement(snapshot: Snapshot) -> Placement:
    if snapshot.placement is None:
        raise ValueError("the snapshot has no placement")
    return snapshot.placement


def _chosen(ranking: Ranking) -> Ints:
    """Return the positions of the candidates that go into the page, ascending."""
    scores = ranking.scores
    wanted = scores.rank <= MOST_CANDIDATES
    wanted |= ranking.evidence.frame["source"].to_numpy() != "grid"
    wanted |= scores.first_percent > 0
    for column in scores.scaled.T:
        wanted[np.argsort(-column, kind="stable")[:BEST_OF_EACH]] = True
    return np.flatnonzero(wanted)


def _written(raw: Floats, criterion: Criterion) -> Ints:
    """Write raw values with as many digits as people read."""
    known = np.isfinite(raw)
    digits = criterion.digits
    numbers = [
        round(float(f"{round(value, digits):.{digits}f}") * 10**digits)
        for value in np.where(known, raw, 0.0).tolist()
    ]
    written = 2 + zigzag(np.array(numbers, dtype=np.int64))
    if criterion.unit == PEOPLE:
        shown = shown_counts(np.where(known, raw, 0.0))
        written = 2 + zigzag(shown.to_numpy(dtype=np.int64, na_value=0))
        written[shown.isna()] = _FEWER
    return np.where(known, written, _NOT_KNOWN)


def _minutes(people: People, resident_ms: npt.NDArray[np.int32]) -> Ints:
    """Return whole minutes from each start to each candidate, 0 beyond the limit."""
    starts, group, _ = group_starts(people)
    far = np.iinfo(np.int64).max
    best = np.full((len(starts), resident_ms.shape[1]), far, dtype=np.int64)
    np.minimum.at(best, group, np.where(resident_ms < 0, far, resident_ms.astype(np.int64)))
    return np.where(best == far, 0, np.maximum(-(-best // _MS_PER_MINUTE), 1))


def _positions(ids: Sequence[str], known: Sequence[str]) -> list[int]:
    place = {key: number for number, key in enumerate(known)}
    return [place.get(key, -1) for key in ids]
