"""The public release: what a whitelist of layers and columns lets out, and nothing else.

Houses are withheld row by row as well: where a table has one row per origin, only the rows of
grounds leave. Counts of people go through ``layers.suppression``. What leaves is described in
docs/freigabe.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from layers.layer_frames import PUBLIC, Exported, typed
from layers.layer_info import OWN, PLACE_LAYERS, Source
from layers.licences import own_source
from layers.public_snapshot import public_snapshot
from layers.sources import joined
from layers.suppression import step_of, suppress
from layers.whitelist import STUDY, Release, load_release

__all__ = ["Release", "load_release", "of_origins", "public_snapshot", "released"]

ORIGIN_COLUMNS = ("house_id", "from_id")
"""Columns that name an origin: a house, which stays inside, or a site."""

OWN_LAYERS = ("sites", "gates")
"""Layers whose rows say whether they are the study's own."""

EXTRACT = "Auszug aus OpenStreetMap"
EXTRACT_INVENTED = "Erfundener Auszug"
"""What stands in place of the name of the extract's file, which may tell of a house."""


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
        The layers and columns of the whitelist; of origins only the sites; counts of people
        in steps; own data under the licence of the study. Its id is a digest of what it
        holds, so that it tells nothing of what was withheld, and the same content has the
        same id.
    """
    sites = set(exported.layers["sites"]["id"]) if "sites" in release.layers else set()
    categories, places = _open_places(exported, release)
    own = own_source(exported.facts.get("publisher", ""), release.licence)
    layers: dict[str, Any] = {}
    for name, frame in exported.layers.items():
        if name not in release.layers:
            continue
        rows = of_origins(frame, sites)
        if name == "access":
            rows = rows[rows["category"].isin(categories)]
        elif name == "travel_times":
            rows = rows[rows["to_id"].isin(places)]
        elif name == "site_reach":
            rows = suppress(rows, release.smallest_count)
        elif name in OWN_LAYERS:
            rows = _licensed(rows, exported.base_source, own)
        columns = [str(column) for column in rows.columns if column != "geometry"]
        layers[name] = typed(_named(rows, release), release.kept(name, columns))
    listed = exported.categories[exported.categories["id"].isin(categories)]
    kept = release.kept("categories", [str(column) for column in listed.columns])
    public = replace(
        exported,
        layers=layers,
        categories=listed[kept].reset_index(drop=True),
        summaries=_summaries(exported, release, sites),
    )
    return replace(public, facts=_facts(exported, release, content_id(public)))


def of_origins(frame: Any, sites: Collection[str]) -> Any:
    """Return the rows of a frame that do not tell of a house.

    Parameters
    ----------
    frame
        Any table.
    sites
        Ids of the grounds.
    """
    for column in ORIGIN_COLUMNS:
        if column in frame.columns:
            frame = frame[frame[column].isin(sites)]
    return frame


def content_id(exported: Exported) -> str:
    """Return a digest of all layers and tables, 16 hexadecimal digits.

    Parameters
    ----------
    exported
        What is to be named.
    """
    digest = hashlib.sha256()
    tables = {
        **exported.layers,
        "categories": exported.categories,
        "summaries": exported.summaries,
    }
    for name, frame in tables.items():
        plain = pd.DataFrame(frame.drop(columns="geometry", errors="ignore"))
        digest.update(f"{name}:{','.join(map(str, plain.columns))}:{len(plain)};".encode())
        if plain.shape[1]:
            digest.update(pd.util.hash_pandas_object(plain, index=False).to_numpy().tobytes())
        if isinstance(frame, gpd.GeoDataFrame):
            for shape in shapely.to_wkb(frame.geometry.to_numpy()):
                digest.update(shape)
    return digest.hexdigest()[:16]


def _open_places(exported: Exported, release: Release) -> tuple[set[str], set[str]]:
    """Return the ids of the categories and of the places whose layers leave."""
    table = exported.categories
    categories = set(table.loc[table["layer"].isin(list(release.layers)), "id"])
    places = {
        key
        for name in PLACE_LAYERS
        if name in release.layers
        for key in exported.layers[name]["id"]
    }
    return categories, places


def _licensed(frame: Any, base: Source, own: Source) -> Any:
    """Name in own rows under which licence they leave; the others keep theirs."""
    taken = joined([OWN], base)
    of_map = joined([replace(OWN, attribution=own.attribution)], base, released=True)
    attributions = {OWN.attribution: own.attribution, taken.attribution: of_map.attribution}
    licences = {OWN.licence: own.licence, taken.licence: of_map.licence}
    return frame.assign(
        source=frame["source"].replace(attributions), licence=frame["licence"].replace(licences)
    )


def _named(frame: Any, release: Release) -> Any:
    """Give sites and gates their public names."""
    if "name" not in frame.columns or not release.names or "id" not in frame.columns:
        return frame
    return frame.assign(name=frame["id"].map(release.names).fillna(frame["name"]).astype("str"))


def _summaries(exported: Exported, release: Release, sites: Collection[str]) -> pd.DataFrame:
    rows = of_origins(exported.summaries, sites)
    rows = rows if release.sentences else rows.iloc[:0]
    return pd.DataFrame(rows).reset_index(drop=True)


def _facts(exported: Exported, release: Release, key: str) -> dict[str, str]:
    """Return what the public files say about themselves."""
    facts: Mapping[str, str] = exported.facts
    invented = facts["fictional"] == "true"
    own = {
        "snapshot": key,
        "extract": EXTRACT_INVENTED if invented else EXTRACT,
        "release": PUBLIC,
        "study": release.names.get(STUDY, facts["study"]),
    }
    kept = {
        name: own.get(name, value)
        for name, value in facts.items()
        if name in release.facts or name in own
    }
    licensed = own_source(facts.get("publisher", ""), release.licence)
    return {
        **kept,
        "smallest_count": str(step_of(release.smallest_count)),
        "own_attribution": licensed.attribution,
        "own_licence": licensed.licence,
        "own_licence_url": licensed.licence_url,
    }
