"""The sample town for several people: on foot, by wheelchair, by bicycle."""

from __future__ import annotations

import dataclasses
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.affinity import scale

from geo.coverage import COLUMNS
from geo.profiles import load_profiles
from geo.sites import Sites
from layers.access import access_indicators
from layers.snapshot import Snapshot
from tests.layers.sample import MAX_MINUTES, MINUTES, TAXONOMY, sample_snapshot

LABEL = "Mit <b>Rollstuhl</b>"
"""Studies name profiles as they like."""

LONGER, SAME = "n1", "n6"
"""Sure from h-linde: one over a longer way, one over the quickest; all others only possibly."""

BY_HOURS = "n7"
UNKNOWN_M = 240.0


@cache
def wheels_snapshot() -> Snapshot:
    """Return the town with the profiles resident, wheelchair and bicycle, in this order.

    By wheelchair everything is reached possibly, at 0.9 m/s; surely, only two places from
    h-linde. The areas are two thirds of those on foot, those that are sure a third.
    """
    sample = sample_snapshot()
    known = load_profiles()
    wheelchair = dataclasses.replace(known["wheelchair"], label=LABEL)
    profiles = {
        "resident": known["resident"],
        "wheelchair": wheelchair,
        "bicycle": known["bicycle"],
    }
    times = _times(sample.travel_times)
    grounds = Sites(sample.sites, sample.houses, sample.gates)
    said = sample.summaries["resident"]
    return dataclasses.replace(
        sample,
        profiles=profiles,
        travel_times=times,
        access=access_indicators(
            sample.places,
            times,
            grounds,
            TAXONOMY,
            minutes=MINUTES,
            max_minutes=MAX_MINUTES,
            profiles=profiles,
        ),
        isochrones=_areas(sample.isochrones),
        coverage=_coverage(),
        summaries={
            key: {origin: [f"{profile.label}: {origin}."] for origin in said}
            for key, profile in profiles.items()
        },
    )


def _times(foot: pd.DataFrame) -> pd.DataFrame:
    foot = foot.assign(by_hours=False, unknown_m=0.0)
    possible = foot.assign(
        profile="wheelchair",
        state="possible",
        travel_time_s=foot["distance_m"] / 0.9,
        by_hours=foot["to_id"] == BY_HOURS,
        unknown_m=UNKNOWN_M,
        estimated=False,
    )
    from_linde = possible["from_id"] == "h-linde"
    possible.loc[from_linde & (possible["to_id"] == SAME), "unknown_m"] = 0.0
    sure = possible[from_linde & possible["to_id"].isin([LONGER, SAME])].assign(
        state="confirmed", unknown_m=0.0
    )
    longer = sure["to_id"] == LONGER
    sure.loc[longer, ["travel_time_s", "distance_m"]] = [840.0, 700.0]
    bicycle = foot.assign(
        profile="bicycle", travel_time_s=foot["distance_m"] / 3.5, estimated=False
    )
    frames = [foot, possible, sure, bicycle]
    keys = ["from_id", "to_id", "profile", "state"]
    return pd.concat(frames).sort_values(keys, ignore_index=True)


def _areas(foot: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    def scaled(profile: str, state: str, factor: float) -> gpd.GeoDataFrame:
        shapes = np.array(
            [scale(one, factor, factor, origin=one.centroid) for one in foot.geometry]
        )
        return foot.assign(profile=profile, state=state).set_geometry(shapes, crs=foot.crs)

    sure = scaled("wheelchair", "confirmed", 1 / 3)
    # From the grounds nothing is sure: there are no areas.
    sure = sure[sure["house_id"] != "g-waldhof"]
    frames = [
        foot,
        scaled("wheelchair", "possible", 2 / 3),
        sure,
        scaled("bicycle", "confirmed", 3.0),
    ]
    joined = pd.concat(frames, ignore_index=True)
    return gpd.GeoDataFrame(joined, geometry="geometry", crs=foot.crs)


def _coverage() -> pd.DataFrame:
    rows = [
        (origin, "wheelchair", minutes, 1000.0 * minutes, confirmed, unknown, pd.NA)
        for origin, confirmed, unknown in (("h-linde", 220.0, 78.0), ("h-markt", 1.0, 100.0))
        for minutes in MINUTES
    ]
    columns = [
        "house_id", "profile", "minutes", "reached_m", "confirmed_m", "unknown_percent",
        "seated_percent",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)[list(COLUMNS)].astype(COLUMNS)
