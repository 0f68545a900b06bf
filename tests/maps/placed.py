"""Musterhausen with rankings: the example's own, one of many made-up candidates, and none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from layers.candidates import Candidates
from layers.compute import compute_snapshot
from layers.evidence import Evidence
from layers.placement import Placement, Ranking
from layers.projects import load_projects
from layers.snapshot import Snapshot
from layers.study import load_study
from maps.web_map import render_map
from tests.layers.ranked import evidence, ranking

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "musterhausen"
MANY = 24
WEIGHTS = {"minutes_saved": 0.3, "neighbours": 0.25, "bridge": 0.2, "transit": 0.125,
           "partner": 0.125}  # fmt: skip


@cache
def example() -> Snapshot:
    """Compute the example with one kind of project."""
    study = load_study(EXAMPLE)
    settings = study.settings.model_copy(update={"projects": ("cafe",)})
    return compute_snapshot(study.model_copy(update={"settings": settings}))


def moved_to(found: Evidence, snapshot: Snapshot, project: str) -> Evidence:
    """Return evidence whose candidates stand around the example's first house."""
    frame = found.candidates.frame
    east, north = snapshot.houses.geometry.x.iloc[0], snapshot.houses.geometry.y.iloc[0]
    number = np.arange(len(frame))
    # On a spiral, so that no two share a spot.
    x = east + 60 * np.sqrt(number + 1) * np.cos(2.4 * number)
    y = north - 300 + 60 * np.sqrt(number + 1) * np.sin(2.4 * number)
    moved = gpd.GeoDataFrame(
        frame.drop(columns="geometry"), geometry=shapely.points(x, y), crs=snapshot.crs
    )
    return replace(found, candidates=Candidates(moved), project=load_projects()[project])


def many(
    names: Sequence[str] | None = None, count: int = MANY, project: str = "workshop"
) -> Ranking:
    """Argue a ranking of made-up candidates in which hardly anything is alike.

    Some are not known to be near a stop, one has three neighbours, two are exactly alike.
    """
    numbers = np.random.default_rng(7)
    ways = np.round(numbers.uniform(1, 40, (3, count)), 2)
    near = np.round(numbers.uniform(0, 900, count))
    bridge = np.round(numbers.uniform(0, 1, count), 3)
    transit = [None if far > 15 else far for far in numbers.uniform(1, 20, count).round(1)]
    partner = numbers.uniform(0, 15, count).round(1).tolist()
    near[0] = 3.0
    ways[:, 2], near[2], bridge[2] = ways[:, 1], near[1], bridge[1]
    transit[2], partner[2] = transit[1], partner[1]
    found = evidence(
        [[None if way > 30 else way for way in row] for row in ways.tolist()],
        near=near.tolist(),
        now=[25.0, 12.0, None],
        bridge=bridge.tolist(),
        transit=transit,
        partner=partner,
        names=names or [f"Ort {number:02d}" for number in range(count)],
    )
    # In the order of their ids, as all candidates stand.
    frame = found.candidates.frame.assign(id=[f"n{number:03d}" for number in range(count)])
    found = replace(found, candidates=Candidates(frame))
    return ranking(moved_to(found, example(), project), WEIGHTS)


def placed(*rankings: Ranking) -> Snapshot:
    """Return the example with its own ranking, and others after it."""
    snapshot = example()
    placement = snapshot.placement
    assert placement is not None
    return replace(
        snapshot, placement=Placement(placement.people, (*placement.rankings, *rankings))
    )


@cache
def placed_snapshot() -> Snapshot:
    """Return the example with its café, many workshops, and a garden that is not advised."""
    unwise = replace(
        many(count=3, project="garden"), no_recommendation="Dafür ist zu wenig bekannt."
    )
    return placed(many(), unwise)


@cache
def placed_page() -> str:
    """Draw the map of that."""
    return render_map(placed_snapshot())
