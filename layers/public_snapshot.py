"""The snapshot that the public map is drawn from, made field by field from what may leave."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import WGS84
from layers.base_cut import cut_to
from layers.layer_info import HIDDEN_LAYER, PLACE_LAYERS
from layers.licences import own_source
from layers.snapshot import Snapshot
from layers.taxonomy import Taxonomy
from layers.whitelist import STUDY, Release, load_release

_MARGIN_M = 500.0
"""How far the base map goes beyond the farthest thing that is shown."""

_OWN_NAMES: Mapping[str, Mapping[str, str]] = {
    "sites": {"site_id": "id"},
    "gates": {"gate_id": "id"},
}
"""Name in the files of columns that are called otherwise in a snapshot."""

_BLANKS: Mapping[str, object] = {
    "wheelchair": "unknown",
    "step_free": "unknown",
    "partner": False,
    "estimated": False,
    "private": False,
    "by_hours": False,
}
"""What stands in the map for a column that a study withholds; else nothing."""


def public_snapshot(
    snapshot: Snapshot, release: Release | None = None, key: str = "", source: str = ""
) -> Snapshot:
    """Return a snapshot that holds what may leave, and nothing else.

    Every field is made here by name: a new one has to be decided on before the public map can
    be drawn (``tests/layers/test_release.py`` checks that none is passed over).

    Parameters
    ----------
    snapshot
        The results.
    release
        What may leave; by default the product's list.
    key
        Id of the public release.
    source
        What stands in place of the name of the extract.
    """
    release = load_release() if release is None else release
    sites = set(snapshot.sites["site_id"])
    open_layers = [name for name in PLACE_LAYERS if name in release.layers]
    shown = snapshot.places[snapshot.places["layer"].isin(open_layers)]
    places = _places(shown, release)
    taxonomy = _taxonomy(snapshot.taxonomy, open_layers)
    isochrones = _origins(snapshot.isochrones, "isochrones", "house_id", sites, release)
    times = _origins(snapshot.travel_times, "travel_times", "from_id", sites, release)
    times = times[times["to_id"].isin(places["id"])]
    access = _origins(snapshot.access, "access", "house_id", sites, release)
    access = access[access["category"].isin(taxonomy.by_id)]
    grounds = _named(_kept(snapshot.sites, "sites", release), "site_id", release)
    return Snapshot(
        id=key,
        name=release.names.get(STUDY, snapshot.name),
        fictional=snapshot.fictional,
        source=source,
        data_date=snapshot.data_date,
        crs=snapshot.crs,
        minutes=snapshot.minutes,
        profiles=dict(snapshot.profiles),
        taxonomy=taxonomy,
        sites=grounds,
        houses=snapshot.houses.iloc[:0],
        gates=_named(
            _kept(snapshot.gates, "gates", release)
            if "gates" in release.layers
            else snapshot.gates.iloc[:0],
            "gate_id",
            release,
        ),
        places=places,
        isochrones=isochrones,
        access=access,
        travel_times=times,
        coverage=_origins(snapshot.coverage, "coverage", "house_id", sites, release),
        summaries=_said(snapshot, release, sites),
        base=cut_to(snapshot.base, _around(grounds, isochrones, times, places)),
        findings=(),
        counts={},
        digests={},
        neighbourhood=None,
        placement=None,
        publisher=snapshot.publisher,
        contact=snapshot.contact,
        own=own_source(snapshot.publisher, release.licence),
    )


def _kept(frame: Any, layer: str, release: Release) -> Any:
    """Return a frame with the columns that the product lets out; withheld ones say nothing."""
    names = _OWN_NAMES.get(layer, {})
    kept: list[str] = []
    blank: dict[str, Any] = {}
    for column in map(str, frame.columns):
        told = names.get(column, column)
        if column != "geometry" and not load_release().allows(layer, told):
            continue
        kept.append(column)
        if column != "geometry" and not release.allows(layer, told):
            blank[column] = _blank(frame[column])
    return frame[kept].assign(**blank)


def _blank(column: pd.Series[Any]) -> Any:
    if column.name in _BLANKS:
        return _BLANKS[str(column.name)]
    if pd.api.types.is_numeric_dtype(column.dtype):
        return pd.Series(pd.NA, index=column.index, dtype="Float64")
    return ""


def _places(shown: gpd.GeoDataFrame, release: Release) -> gpd.GeoDataFrame:
    """Return places with the columns that their layers let out."""
    parts: list[Any] = []
    for layer, rows in shown.groupby("layer", sort=True):
        # The layer is that of the file; where OSM has an outline, the map draws no dot.
        part = _kept(rows, str(layer), release)
        parts.append(part.assign(layer=rows["layer"], outline=rows["outline"]))
    if not parts:
        return shown
    whole: Any = pd.concat(parts).sort_values("id", ignore_index=True)
    return gpd.GeoDataFrame(whole, geometry="geometry", crs=shown.crs)


def _origins(frame: Any, layer: str, column: str, sites: Collection[str], release: Release) -> Any:
    """Return the rows of grounds of a table with one row per origin."""
    if layer not in release.layers:
        return frame.iloc[:0]
    return _kept(frame[frame[column].isin(sites)], layer, release).reset_index(drop=True)


def _named(frame: Any, column: str, release: Release) -> Any:
    """Give sites and gates their public names."""
    if not release.names:
        return frame
    names = frame[column].map(release.names).fillna(frame["name"]).astype("str")
    return frame.assign(name=names)


def _said(
    snapshot: Snapshot, release: Release, sites: Collection[str]
) -> dict[str, dict[str, list[str]]]:
    """Return the sentences about grounds, where all that they tell of may leave."""
    if not release.sentences:
        return {profile: {} for profile in snapshot.profiles}
    return {
        profile: {origin: list(said) for origin, said in origins.items() if origin in sites}
        for profile, origins in snapshot.summaries.items()
    }


def _taxonomy(taxonomy: Taxonomy, open_layers: Collection[str]) -> Taxonomy:
    """Return the categories of the layers that leave."""
    kept = tuple(
        one
        for one in taxonomy.categories
        if one.layer in open_layers and one.layer != HIDDEN_LAYER
    )
    return replace(taxonomy, categories=kept, switched_off=())


def _around(
    grounds: gpd.GeoDataFrame,
    isochrones: gpd.GeoDataFrame,
    times: pd.DataFrame,
    places: gpd.GeoDataFrame,
) -> Any:
    """Return a box for each of the grounds around all that is reached from it, degrees.

    Around the grounds alone, never around houses: the middle of a box tells what it was drawn
    around.
    """
    boxes = []
    for key, shape in zip(grounds["site_id"], grounds.geometry, strict=True):
        near = places["id"].isin(times.loc[times["from_id"] == key, "to_id"])
        areas = isochrones["house_id"] == key
        shapes = [shape, *isochrones[areas].geometry, *places[near].geometry]
        bounds = np.asarray(shapely.bounds(np.asarray(shapes, dtype=object)))
        west, south = np.nanmin(bounds[:, :2], axis=0) - _MARGIN_M
        east, north = np.nanmax(bounds[:, 2:], axis=0) + _MARGIN_M
        boxes.append(shapely.box(west, south, east, north))
    if not boxes:
        return np.array([], dtype=object)
    lonlat = gpd.GeoSeries(boxes, crs=grounds.crs).to_crs(WGS84)
    return shapely.box(*lonlat.bounds.to_numpy().T)
