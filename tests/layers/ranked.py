"""Evidence made by hand, for tests of rankings: who reaches which candidate, and how fast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.profiles import State, load_profiles
from layers.candidates import Candidates
from layers.criteria import Criterion, load_criteria
from layers.evidence import Evidence
from layers.need_table import NOT_MET, NeedTable
from layers.people import PointReach
from layers.placement import Ranking, argue
from layers.projects import load_projects
from tests.geo.drawings import CORNER, CRS

MINUTE = 60_000
RESIDENT = load_profiles()["resident"]


def ms(minutes: Any) -> Any:
    """Return minutes as whole milliseconds, None as −1."""
    values = np.array([[np.nan if m is None else m for m in row] for row in minutes], dtype=float)
    return np.where(np.isnan(values), -1, np.rint(values * MINUTE)).astype(np.int32)


def evidence(
    ways: Sequence[Sequence[float | None]],
    *,
    near: Sequence[float] | None = None,
    now: Sequence[float | None] | None = None,
    places: Sequence[float] | None = None,
    bridge: Sequence[float] | None = None,
    transit: Sequence[float | None] | None = None,
    partner: Sequence[float | None] | None = None,
    names: Sequence[str] | None = None,
    on_campus: Sequence[str] | None = None,
    spots: Sequence[tuple[float, float]] | None = None,
    states: Any = None,
    standard: float = 10.0,
    step_free: Mapping[State, Any] | None = None,
    own: Mapping[str, Sequence[float]] | None = None,
    estimated: bool = False,
    on_grounds: bool = False,
    **changed: Any,
) -> Evidence:
    """Return evidence of ``n`` candidates and ``h`` houses.

    Parameters
    ----------
    ways
        Minutes from each house to each candidate, None where it is too far: ``h`` rows.
    near
        Neighbours within 10 minutes of each candidate.
    now
        Minutes of each house to what is there already; by default nothing is.
    places
        Of each house, by default 10.
    bridge, transit, partner
        Of each candidate.
    names, on_campus, spots
        Of each candidate; metres east and north of the corner of drawings.
    states
        Needs of each house in the café's two categories, by default not met.
    standard
        Minutes.
    step_free
        Minutes by state, as ``ways``.
    own
        Columns of the study's own file.
    estimated
        Whether places of houses are an assumption.
    on_grounds
        Whether ways begin at grounds, not at houses.
    **changed
        Further fields of the evidence.
    """
    resident_ms = ms(ways)
    h, n = resident_ms.shape
    near = [0.0] * n if near is None else near
    where = spots or [(400.0 * i, 0.0) for i in range(n)]
    frame = gpd.GeoDataFrame(
        {
            "id": [f"n{i + 1}" for i in range(n)],
            "name": list(names or [f"Ort {i + 1}" for i in range(n)]),
            "source": "room",
            "category": "community_centre",
            "kind": "Bürgerhaus",
            "on_campus": list(on_campus or [""] * n),
            "partner": False,
            "outline": None,
            "entrances": None,
            **(own or {}),
        },
        geometry=[shapely.Point(CORNER[0] + x, CORNER[1] + y) for x, y in where],
        crs=CRS,
    )
    text = dict.fromkeys(("id", "name", "source", "category", "kind", "on_campus"), "str")
    ids = [f"haus-{i + 1}" for i in range(h)]
    now_ms = ms([now if now is not None else [None] * h])[0]
    reach = PointReach(
        "resident", State.CONFIRMED, 1800.0, (5, 10, 15), resident_ms,
        np.column_stack([np.zeros(n), near, near]),
    )  # fmt: skip
    made = Evidence(
        project=load_projects()["cafe"],
        profile=RESIDENT,
        candidates=Candidates(frame.astype(text), own=tuple(own or {})),
        residents=pd.DataFrame(
            {
                "origin_id": ids,
                "site_id": ids if on_grounds else ["park"] * h,
                "places": np.array(places or [10.0] * h, dtype=float),
                "estimated": estimated,
            }
        ),
        reach=reach,
        now_ms=now_ms,
        around=np.full(h, 100.0),
        needs=NeedTable(
            ("cafe", "community_centre"),
            np.array(states if states is not None else [[NOT_MET, NOT_MET]] * h, dtype=np.int8),
            np.column_stack([now_ms, now_ms]),
            np.full((h, 2), round(standard * MINUTE), dtype=np.int32),
        ),
        bridge=np.array(bridge or [0.0] * n, dtype=float),
        transit_ms=ms([transit or [None] * n])[0],
        partner_ms=ms([partner or [None] * n])[0],
        step_free_ms={state: ms(table) for state, table in (step_free or {}).items()},
    )
    return replace(made, **changed)


def criteria(*ids: str, **changed: Any) -> list[Criterion]:
    """Return criteria of the product, some values changed in all of them."""
    known = load_criteria()
    return [replace(known[key], **changed) for key in ids]


def ranking(
    found: Evidence, weights: Mapping[str, float], *more: Criterion, estimated: bool = False
) -> Ranking:
    """Argue a ranking by criteria of the product (and more) with weights by id."""
    known = load_criteria() | {one.id: one for one in more}
    return argue(
        found, [known[key] for key in weights], np.array(list(weights.values())),
        estimated=estimated,
    )  # fmt: skip
