"""The public release: what a whitelist of layers and columns lets out, and nothing else."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from importlib.resources import files
from typing import Any

import pandas as pd

from layers.layer_frames import PUBLIC, Exported, typed
from layers.snapshot import Snapshot

ORIGIN_COLUMNS = ("house_id", "from_id")
"""Columns that name an origin: a house, which stays inside, or a site."""


@dataclass(frozen=True)
class Release:
    """What may leave the house.

    Attributes
    ----------
    layers
        Columns by layer; ``n_*`` stands for all that begin so.
    """

    layers: Mapping[str, tuple[str, ...]]

    def allows(self, layer: str, column: str) -> bool:
        """Whether a column of a layer may leave."""
        return any(fnmatchcase(column, pattern) for pattern in self.layers.get(layer, ()))


def load_release() -> Release:
    """Read the whitelist that comes with the product."""
    text = (files("layers") / "data" / "release.toml").read_text(encoding="utf-8")
    raw = tomllib.loads(text)
    return Release({name: tuple(columns) for name, columns in raw["layers"].items()})


def released(exported: Exported, release: Release) -> Exported:
    """Return the public part of all that is exported.

    Parameters
    ----------
    exported
        The internal release.
    release
        What may leave.

    Returns
    -------
    Exported
        The layers and columns of the whitelist; of origins only the sites.
    """
    sites = set(exported.layers["sites"]["id"])
    layers: dict[str, Any] = {}
    for name, frame in exported.layers.items():
        if name not in release.layers:
            continue
        columns = [
            str(column)
            for column in frame.columns
            if column != "geometry" and release.allows(name, str(column))
        ]
        layers[name] = typed(_of_sites(frame, sites), columns)
    return replace(
        exported,
        facts={**exported.facts, "release": PUBLIC},
        layers=layers,
        summaries=_of_sites(exported.summaries, sites).reset_index(drop=True),
    )


def public_snapshot(snapshot: Snapshot) -> Snapshot:
    """Return a snapshot that knows no houses, for the public map."""
    sites = set(snapshot.sites["site_id"])
    return replace(
        snapshot,
        houses=snapshot.houses.iloc[:0],
        isochrones=_of_sites(snapshot.isochrones, sites),
        access=_of_sites(snapshot.access, sites),
        travel_times=_of_sites(snapshot.travel_times, sites),
        coverage=_of_sites(snapshot.coverage, sites),
        summaries={
            profile: {origin: said for origin, said in origins.items() if origin in sites}
            for profile, origins in snapshot.summaries.items()
        },
        findings=(),
        neighbourhood=None,
        placement=None,
    )


def _of_sites(frame: Any, sites: set[str]) -> Any:
    for column in ORIGIN_COLUMNS:
        if column in frame.columns:
            kept: pd.Series[bool] = frame[column].isin(sites)
            frame = frame[kept]
    return frame
