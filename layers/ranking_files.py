"""The files of a ranking: a layer for the GIS, tables beside it, and one table for people.

* ``ranking`` (points): one row per kind of project and candidate, the best ``MOST_ROWS`` of
  each kind.
* ``ranking_criteria`` (table): one row per row of ``ranking`` and criterion. A long table,
  because every kind of project has criteria of its own, and a study may add more: columns
  of a layer must not change with the study.
* ``ranking_projects`` (table): one row per kind of project: whether one is recommended.

Counts of one to four people stand in none of them, and cannot be computed from them either:
all of them count alike (``layers.placement.argue``).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.attribute_tables import append_table
from geo.vector_files import write_geojson, write_gpkg
from geo.whole_files import replacing
from layers.layer_info import INVENTED, OSM, OWN, Source
from layers.placement import Placement, Ranking
from layers.ranking_csv import CSV_FILE, FEWER, KNOWN, UNKNOWN, write_ranking_csv
from layers.ranking_words import PEOPLE
from layers.small_numbers import shown_counts
from layers.sources import joined

MOST_ROWS = 200
"""So many candidates of each kind of project are written, the best ones."""

GEOJSON_FILE = "geojson/ranking.geojson"
GPKG_FILE = "ranking.gpkg"

RANKING_TYPES: Mapping[str, str] = {
    "id": "str",
    "project": "str",
    "project_label": "str",
    "profile": "str",
    "state": "str",
    "rank": "int64",
    "recommended": "bool",
    "candidate_id": "str",
    "name": "str",
    "kind": "str",
    "category": "str",
    "origin": "str",
    "on_campus": "str",
    "partner": "bool",
    "score": "float64",
    "first_percent": "float64",
    "rank_low": "int64",
    "rank_high": "int64",
    "known_percent": "float64",
    "neighbours": "Int64",
    "neighbours_estimated": "bool",
    "reason": "str",
    "source": "str",
    "licence": "str",
    "data_date": "str",
}
"""Columns of ``ranking`` in their order and their types; the geometry stands behind them."""

CRITERIA_TYPES: Mapping[str, str] = {
    "ranking_id": "str",
    "criterion": "str",
    "label": "str",
    "unit": "str",
    "digits": "int64",
    "status": "str",
    "raw": "Float64",
    "value": "float64",
    "weight": "float64",
    "share": "float64",
}
"""Columns of ``ranking_criteria`` in their order, and their types."""

PROJECT_TYPES: Mapping[str, str] = {
    "project": "str",
    "label": "str",
    "profile": "str",
    "state": "str",
    "minutes": "int64",
    "candidates": "int64",
    "written": "int64",
    "recommended_id": "str",
    "no_recommendation": "str",
    "cautions": "str",
}
"""Columns of ``ranking_projects`` in their order, and their types."""

_SCORE_DIGITS, _RAW_DIGITS, _PERCENT_DIGITS = 6, 4, 1


def ranking_frame(placement: Placement) -> gpd.GeoDataFrame:
    """Return the layer ``ranking``.

    Parameters
    ----------
    placement
        The rankings of a study.

    Returns
    -------
    geopandas.GeoDataFrame
        Columns and types of ``RANKING_TYPES`` and ``geometry`` (Point), metric CRS, sorted by
        ``id``; empty where nothing is ranked.
    """
    parts = [_ranking_part(placement, ranking) for ranking in placement.rankings]
    crs = placement.people.ready.crs
    empty = gpd.GeoDataFrame(
        pd.DataFrame(columns=list(RANKING_TYPES)), geometry=gpd.GeoSeries([], crs=crs)
    )
    kept = [part for part in parts if len(part)] or [empty]
    frame: Any = gpd.GeoDataFrame(pd.concat(kept, ignore_index=True), crs=crs)
    frame = frame.astype(dict(RANKING_TYPES)).sort_values("id", ignore_index=True)
    return frame[[*RANKING_TYPES, "geometry"]]  # type: ignore[no-any-return]


def criteria_frame(placement: Placement) -> pd.DataFrame:
    """Return the table ``ranking_criteria``.

    Parameters
    ----------
    placement
        The rankings of a study.

    Returns
    -------
    pandas.DataFrame
        Columns and types of ``CRITERIA_TYPES``, sorted by ``ranking_id``, criteria in their
        order.
    """
    rows = [row for ranking in placement.rankings for row in _criteria_rows(ranking)]
    frame = pd.DataFrame(rows, columns=list(CRITERIA_TYPES)).astype(dict(CRITERIA_TYPES))
    return frame.sort_values("ranking_id", kind="stable", ignore_index=True)


def projects_frame(placement: Placement) -> pd.DataFrame:
    """Return the table ``ranking_projects``.

    Parameters
    ----------
    placement
        The rankings of a study.

    Returns
    -------
    pandas.DataFrame
        Columns and types of ``PROJECT_TYPES``, kinds of projects in the study's order.
    """
    rows = []
    for ranking in placement.rankings:
        evidence = ranking.evidence
        minutes = evidence.reach.minutes
        order = ranking.scores.order
        first = "" if ranking.no_recommendation else _row_id(ranking, int(order[0]))
        rows.append(
            (
                evidence.project.id,
                evidence.project.label,
                evidence.profile.id,
                evidence.reach.state.value,
                minutes[len(minutes) // 2],
                len(order),
                min(len(order), MOST_ROWS),
                first,
                ranking.no_recommendation,
                " ".join(ranking.cautions),
            )
        )
    return pd.DataFrame(rows, columns=list(PROJECT_TYPES)).astype(dict(PROJECT_TYPES))


def write_ranking(placement: Placement, folder: Path) -> None:
    """Write ``ranking.csv``, ``geojson/ranking.geojson`` and ``ranking.gpkg``.

    Parameters
    ----------
    placement
        The rankings of a study.
    folder
        An existing folder.

    Raises
    ------
    geo.errors.OutputError
        If a file cannot be written.
    """
    frame = ranking_frame(placement)
    (folder / GEOJSON_FILE).parent.mkdir(exist_ok=True)
    source = _source(placement)
    facts = {"attribution": source.attribution, "licence": source.licence}
    write_geojson(frame, folder / GEOJSON_FILE, members=facts)
    with replacing(folder / GPKG_FILE) as temporary:
        write_gpkg({"ranking": frame}, temporary, placement.people.ready.crs)
        append_table(temporary, "ranking_criteria", criteria_frame(placement))
        append_table(temporary, "ranking_projects", projects_frame(placement))
    ready = placement.people.ready
    write_ranking_csv(
        frame,
        criteria_frame(placement),
        [ranking.evidence.project.id for ranking in placement.rankings],
        {
            **{key: profile.label for key, profile in ready.profiles.items()},
            **dict(zip(ready.sites.sites["site_id"], ready.sites.sites["name"], strict=True)),
        },
        folder / CSV_FILE,
    )


def _ranking_part(placement: Placement, ranking: Ranking) -> gpd.GeoDataFrame:
    evidence, scores = ranking.evidence, ranking.scores
    rows = scores.order[:MOST_ROWS]
    found = evidence.frame.iloc[rows]
    minutes = evidence.reach.minutes
    near = evidence.reach.neighbours[rows, len(minutes) // 2]
    sources = {True: _source_of(placement, own=True), False: _source_of(placement, own=False)}
    own = (found["source"] == "file").tolist()
    when = placement.people.ready.extract.data_date
    return gpd.GeoDataFrame(
        {
            "id": [_row_id(ranking, int(row)) for row in rows],
            "project": evidence.project.id,
            "project_label": evidence.project.label,
            "profile": evidence.profile.id,
            "state": evidence.reach.state.value,
            "rank": scores.rank[rows],
            "recommended": (scores.rank[rows] == 1) & (ranking.no_recommendation == ""),
            "candidate_id": found["id"].to_numpy(),
            "name": found["name"].to_numpy(),
            "kind": found["kind"].to_numpy(),
            "category": found["category"].to_numpy(),
            "origin": found["source"].to_numpy(),
            "on_campus": found["on_campus"].to_numpy(),
            "partner": found["partner"].to_numpy(dtype=bool),
            "score": np.round(scores.score[rows], _SCORE_DIGITS),
            "first_percent": np.round(scores.first_percent[rows], _PERCENT_DIGITS),
            "rank_low": scores.rank_low[rows],
            "rank_high": scores.rank_high[rows],
            "known_percent": np.round(100.0 * scores.known_weight[rows], _PERCENT_DIGITS),
            "neighbours": shown_counts(near),
            "neighbours_estimated": ranking.estimated,
            "reason": [ranking.reasons[row] for row in rows],
            "source": [sources[mine].attribution for mine in own],
            "licence": [sources[mine].licence for mine in own],
            "data_date": "" if when is None else when.isoformat(),
        },
        geometry=found.geometry.to_numpy(),
        crs=found.crs,
    )


def _criteria_rows(ranking: Ranking) -> list[tuple[Any, ...]]:
    scores = ranking.scores
    rows: list[tuple[Any, ...]] = []
    shares = scores.shares
    for row in scores.order[:MOST_ROWS].tolist():
        for column, criterion in enumerate(scores.criteria):
            status, raw = _raw(ranking, row, column)
            rows.append(
                (
                    _row_id(ranking, row),
                    criterion.id,
                    criterion.label,
                    criterion.unit,
                    criterion.digits,
                    status,
                    raw,
                    float(scores.scaled[row, column]),
                    round(float(scores.weights[column]), _SCORE_DIGITS),
                    round(float(shares[row, column]), _SCORE_DIGITS),
                )
            )
    return rows


def _raw(ranking: Ranking, row: int, column: int) -> tuple[str, float | None]:
    """Return whether a raw value may be told, and what it is."""
    value = float(ranking.scores.raw[row, column])
    if not np.isfinite(value):
        return UNKNOWN, None
    if ranking.scores.criteria[column].unit != PEOPLE:
        return KNOWN, round(value, _RAW_DIGITS)
    (count,) = shown_counts([value]).tolist()
    return (FEWER, None) if count is pd.NA else (KNOWN, float(count))


def _row_id(ranking: Ranking, row: int) -> str:
    evidence = ranking.evidence
    return f"{evidence.project.id}-{evidence.profile.id}-{evidence.frame['id'].iloc[row]}"


def _source(placement: Placement) -> Source:
    """Return the sources of all rows together."""
    own = any((ranking.evidence.frame["source"] == "file").any() for ranking in placement.rankings)
    return _source_of(placement, own=own)


def _source_of(placement: Placement, *, own: bool) -> Source:
    """Return the source of a row: neighbours and own points are joined with the map."""
    people = placement.people
    base = INVENTED if people.ready.study.settings.fictional else OSM
    return joined([*([OWN] if own else []), people.neighbours.source], base)
