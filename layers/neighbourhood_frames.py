"""The neighbourhood and the rankings as they leave the house: protected, typed, in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import geopandas as gpd
import pandas as pd

from layers.layer_info import HIDDEN_LAYER
from layers.neighbourhood import Neighbourhood
from layers.ranking_files import (
    CRITERIA_TYPES,
    PROJECT_TYPES,
    RANKING_TYPES,
    criteria_frame,
    projects_frame,
    ranking_frame,
)
from layers.reach_tables import CLOSED
from layers.small_numbers import shown_counts, whole_counts
from layers.snapshot import Snapshot
from layers.suppression import counts_state

NEED_TYPES: Mapping[str, str] = {
    "house_id": "str",
    "category": "str",
    "profile": "str",
    "area": "str",
    "area_from": "str",
    "standard_min": "float64",
    "now_s": "Float64",
    "n_within": "Int64",
    "state": "str",
    "sure_state": "str",
    "recorded": "bool",
    "confirmed": "str",
    "confirmed_by": "str",
    "confirmed_on": "str",
    "contested": "bool",
    "gap_s": "Float64",
    "place": "str",
    "neighbours_median_s": "Float64",
    "neighbours_share_percent": "Float64",
    "relative": "str",
}
"""Columns of the table ``needs`` in their order, and their types."""

REACH_TYPES: Mapping[str, str] = {
    "house_id": "str",
    "site_id": "str",
    "profile": "str",
    "state": "str",
    "minutes": "int64",
    "gate": "str",
    "neighbours": "Int64",
    "neighbours_state": "str",
    "neighbours_estimated": "bool",
}
"""Columns of the table ``house_reach``."""

SITE_REACH_TYPES: Mapping[str, str] = {
    name: kind for name, kind in REACH_TYPES.items() if name != "house_id"
}
"""Columns of the table ``site_reach``: those of ``house_reach``, once for each site."""

GROUND_TYPES: Mapping[str, str] = {
    "id": "str",
    "site_id": "str",
    "profile": "str",
    "state": "str",
    "minutes": "int64",
    "neighbours_min": "int64",
    "neighbours_estimated": "bool",
    "source": "str",
    "licence": "str",
    "data_date": "str",
}
"""Columns of the layer ``common_ground``; its geometry stands behind them."""

FRAME_TYPES: Mapping[str, Mapping[str, str]] = {
    "needs": NEED_TYPES,
    "house_reach": REACH_TYPES,
    "site_reach": SITE_REACH_TYPES,
    "common_ground": GROUND_TYPES,
    "ranking": RANKING_TYPES,
    "ranking_criteria": CRITERIA_TYPES,
    "ranking_projects": PROJECT_TYPES,
}
"""Columns and types of all layers made here."""


def neighbourhood_frames(snapshot: Snapshot) -> dict[str, gpd.GeoDataFrame | pd.DataFrame]:
    """Make the layers about people, needs and projects.

    Parameters
    ----------
    snapshot
        The results; what was not computed has no rows.

    Returns
    -------
    dict
        Frames by name, with the columns of ``FRAME_TYPES``. Counts of one to four people are
        missing.
    """
    made = {name: _empty(name, snapshot) for name in FRAME_TYPES}
    if snapshot.neighbourhood is not None:
        made["needs"] = _needs(snapshot, snapshot.neighbourhood)
        made["house_reach"] = _house_reach(snapshot.neighbourhood)
        made["site_reach"] = _site_reach(made["house_reach"])
        made["common_ground"] = _common_ground(snapshot.neighbourhood)
    if snapshot.placement is not None:
        made["ranking"] = ranking_frame(snapshot.placement)
        made["ranking_criteria"] = criteria_frame(snapshot.placement)
        made["ranking_projects"] = projects_frame(snapshot.placement)
    return made


def _empty(name: str, snapshot: Snapshot) -> gpd.GeoDataFrame | pd.DataFrame:
    frame = pd.DataFrame(columns=list(FRAME_TYPES[name])).astype(dict(FRAME_TYPES[name]))
    if name in {"ranking", "common_ground"}:
        return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries([], crs=snapshot.crs))
    return frame


def _needs(snapshot: Snapshot, neighbourhood: Neighbourhood) -> pd.DataFrame:
    hidden = [one.id for one in snapshot.taxonomy.categories if one.layer == HIDDEN_LAYER]
    frame = neighbourhood.needs.rename(columns={"count": "n_within"})
    return frame[~frame["category"].isin(hidden)]


def raw_site_reach(neighbourhood: Neighbourhood) -> pd.DataFrame:
    """Return the table ``site_reach`` with small counts as well, for the public release alone.

    The internal files do not tell 1 to 4 people. The public ones tell steps of the study's own
    smallest count; made from what the internal ones tell, a smallest count of 3 would act as 5.

    Parameters
    ----------
    neighbourhood
        Who reaches whom; counts are raw.

    Returns
    -------
    pandas.DataFrame
        Columns of ``SITE_REACH_TYPES``; nobody may read it before
        ``layers.suppression.suppress``.
    """
    return _site_reach(_house_reach(neighbourhood, whole_counts))


def _house_reach(
    neighbourhood: Neighbourhood, told: Callable[[Any], Any] = shown_counts
) -> pd.DataFrame:
    raw = neighbourhood.house_reach
    neighbours = neighbourhood.people.neighbours
    # Where no homes are recorded at all, that nobody comes is no finding.
    recorded = len(neighbours.frame) > 0
    unknown = raw["neighbours"].isna() | ((raw["gate"] != CLOSED) & (not recorded))
    counts = pd.Series(told(raw["neighbours"].to_numpy()), index=raw.index)
    return raw.assign(
        neighbours=counts.mask(unknown),
        neighbours_state=counts_state(counts, ~unknown.to_numpy(dtype=bool)),
        neighbours_estimated=neighbours.estimated,
    )


def _site_reach(house_reach: pd.DataFrame) -> pd.DataFrame:
    """Keep one row for each site: all houses of a site have the same gates."""
    on_grounds = house_reach[house_reach["site_id"] != ""]
    rows = on_grounds.drop(columns="house_id").drop_duplicates(
        ["site_id", "profile", "state", "minutes"]
    )
    return rows.sort_values("site_id", kind="stable", ignore_index=True)


def _common_ground(neighbourhood: Neighbourhood) -> gpd.GeoDataFrame:
    frame: Any = neighbourhood.common_ground
    digits = frame["minutes"].map("{:02d}".format).astype("str")
    keys = frame["site_id"] + "-" + frame["profile"] + "-" + frame["state"] + "-" + digits
    source = neighbourhood.people.source
    when = neighbourhood.people.ready.extract.data_date
    made = frame.assign(
        id=keys,
        neighbours_estimated=neighbourhood.people.neighbours.estimated,
        source=source.attribution,
        licence=source.licence,
        data_date="" if when is None else when.isoformat(),
    )
    return made.sort_values("id")  # type: ignore[no-any-return]
