"""Canaries: marks in place of all that is internal, so that a leak can neither harm nor hide.

The public release is never made from the real internal results, but from a copy in which every
value that the whitelist does not let out has been overwritten by a canary: a text that occurs
nowhere else. If a fault lets a withheld value through, what gets out is the canary, and
``layers.canary_search`` finds it in the written files. Columns are overwritten where the
whitelist does not name them; the layers in ``NEVER`` and all rows of houses always, so that
a whitelist with a fault in it is found as well.

The marks follow from the id of the snapshot, which follows from all inputs: whoever writes a
name into OpenStreetMap cannot know the mark of a build that reads it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.errors import ReleaseError
from geo.findings import Finding, Severity
from layers.layer_frames import Exported
from layers.snapshot import Snapshot
from layers.whitelist import Release

NEVER = (
    "houses", "needs", "house_reach", "common_ground", "ranking", "ranking_criteria",
    "ranking_projects",
)  # fmt: skip
"""Layers that are overwritten whatever the whitelist says: a list with a fault in it must fail,
not leak."""

_NOWHERE = shapely.Point(500_000.0, 1_000_000.0)
"""Metres in any UTM zone: some 9 degrees north, where no study is."""

_DIGITS = 4
_ORIGINS = ("house_id", "from_id")


@dataclass
class Canaries:
    """The marks of one build.

    Attributes
    ----------
    mark
        How every canary begins: letters and digits, which no format writes otherwise.
    number
        Stands in place of numbers.
    fields
        Which field each canary stands in, by its number.
    """

    mark: str
    number: int
    fields: list[str] = field(default_factory=list)

    def text(self, name: str) -> str:
        """Return the canary of a field."""
        if name not in self.fields:
            self.fields.append(name)
        return f"{self.mark}{self.fields.index(name):0{_DIGITS}d}"

    def field_of(self, number: int) -> str:
        """Return which field a canary stood in."""
        return self.fields[number] if number < len(self.fields) else "unbekannt"


class Withheld:
    """Stands in place of results that nothing public may even look at."""

    def __init__(self, name: str) -> None:
        object.__setattr__(self, "_name", name)

    def __getattr__(self, name: str) -> NoReturn:
        """Stop the build."""
        raise ReleaseError(
            f"Die öffentliche Fassung greift auf Internes zu: {self._name}.{name}.",
            remedy="Es wurde nichts ersetzt. Bitte den Fehler melden.",
        )


def make_canaries(snapshot_id: str) -> Canaries:
    """Return the marks of a build.

    Parameters
    ----------
    snapshot_id
        Id of the internal snapshot.
    """
    digest = hashlib.sha256(f"canary {snapshot_id}".encode()).hexdigest()
    # A letter before the digits, so that no spreadsheet and no parser takes it for a number.
    return Canaries(mark=f"kanarie{digest[:12]}x", number=-(10**9) - int(digest[12:20], 16))


def marked_exported(exported: Exported, release: Release, canaries: Canaries) -> Exported:
    """Return a copy of what is exported in which everything internal is a canary.

    Parameters
    ----------
    exported
        The internal release.
    release
        What may leave.
    canaries
        The marks; new fields are added.
    """
    sites = set(exported.layers["sites"]["id"])
    layers = {
        name: _marked(frame, name, release, sites, canaries)
        for name, frame in exported.layers.items()
    }
    facts = {
        name: value if name in release.facts or name in {"fictional", "release"}
        else canaries.text(f"metadata.{name}")
        for name, value in exported.facts.items()
    }  # fmt: skip
    return replace(
        exported,
        facts=facts,
        layers=layers,
        categories=_marked(exported.categories, "categories", release, sites, canaries),
        summaries=_marked(exported.summaries, "summaries", release, sites, canaries),
    )


def marked_snapshot(snapshot: Snapshot, release: Release, canaries: Canaries) -> Snapshot:
    """Return a copy of a snapshot in which everything internal is a canary.

    Needs, who reaches whom and rankings are replaced by what stops the build when anything is
    asked of it.

    Parameters
    ----------
    snapshot
        The results.
    release
        What may leave.
    canaries
        The marks; new fields are added.
    """
    sites = set(snapshot.sites["site_id"])

    def marked(frame: Any, layer: str) -> Any:
        return _marked(frame, layer, release, sites, canaries)

    withheld: Any = Withheld
    return replace(
        snapshot,
        id=canaries.text("snapshot.id"),
        source=canaries.text("snapshot.source"),
        sites=marked(snapshot.sites.rename(columns={"site_id": "id"}), "sites").rename(
            columns={"id": "site_id"}
        ),
        houses=marked(snapshot.houses, "houses"),
        gates=marked(snapshot.gates.rename(columns={"gate_id": "id"}), "gates").rename(
            columns={"id": "gate_id"}
        ),
        places=_marked_places(snapshot.places, release, canaries),
        isochrones=marked(snapshot.isochrones, "isochrones"),
        access=marked(snapshot.access, "access"),
        travel_times=marked(snapshot.travel_times, "travel_times"),
        coverage=marked(snapshot.coverage, "coverage"),
        summaries={
            profile: {
                origin if origin in sites else canaries.text("summaries.house_id"): said
                if origin in sites
                else [canaries.text("summaries.text")]
                for origin, said in origins.items()
            }
            for profile, origins in snapshot.summaries.items()
        },
        findings=(
            Finding(
                canaries.text("findings.code"),
                Severity.WARNING,
                canaries.text("findings.message"),
                where=canaries.text("findings.where"),
                remedy=canaries.text("findings.remedy"),
                examples=(canaries.text("findings.examples"),),
            ),
        ),
        counts={canaries.text("counts"): canaries.number},
        digests={canaries.text("digests"): canaries.text("digests.value")},
        neighbourhood=withheld("neighbourhood"),
        placement=withheld("placement"),
    )


def _marked_places(frame: Any, release: Release, canaries: Canaries) -> Any:
    """Mark columns that no layer of places lets out, and places of layers that do not leave."""
    parts = [
        _marked(rows.assign(layer=""), str(layer), release, (), canaries).assign(layer=layer)
        for layer, rows in frame.groupby("layer", sort=True)
    ]
    if not parts:
        return frame
    whole: Any = pd.concat(parts).loc[frame.index]
    for column in frame.columns:
        if column not in {"geometry", "outline", "entrances"}:
            whole[column] = whole[column].astype(frame[column].dtype)
    whole["outline"], whole["entrances"] = frame["outline"], None
    return gpd.GeoDataFrame(whole, geometry="geometry", crs=frame.crs)


def _marked(
    frame: Any, layer: str, release: Release, sites: Collection[str], canaries: Canaries
) -> Any:
    """Overwrite withheld columns, and all columns of rows that tell of a house."""
    origin = next((name for name in _ORIGINS if name in frame.columns), None)
    whole = layer in NEVER or layer not in {**release.layers, **release.tables}
    if origin is None or whole:
        house = np.full(len(frame), whole)
    else:
        house = ~frame[origin].isin(sites).to_numpy(dtype=bool)
    made: dict[str, Any] = {}
    for column in map(str, frame.columns):
        rows = house
        if column != "geometry" and (whole or not release.allows(layer, column)):
            rows = np.ones(len(frame), dtype=bool)
        if rows.any():
            made[column] = _overwritten(frame[column], rows, f"{layer}.{column}", canaries)
    return frame.assign(**made)


def _overwritten(column: Any, rows: Any, name: str, canaries: Canaries) -> Any:
    """Return a column with canaries in some rows, of its own type."""
    if isinstance(column, gpd.GeoSeries):
        # Houses lie somewhere else altogether; what cannot be searched for must not be true.
        shapes = column.to_numpy().copy()
        shapes[rows] = _NOWHERE
        return gpd.GeoSeries(shapes, index=column.index, crs=column.crs)
    if isinstance(column.dtype, pd.CategoricalDtype):
        return _renamed(column, rows, name, canaries)
    mark: Any = canaries.text(name)
    if pd.api.types.is_bool_dtype(column.dtype):
        mark = False
    elif pd.api.types.is_numeric_dtype(column.dtype):
        mark = canaries.number
    elif column.dtype == object and not any(isinstance(one, str) for one in column):
        mark = None
    elif column.name == "id":
        # Files ask for ids that differ; a leak must get as far as into them to be found.
        mark = pd.Series(range(len(column)), column.index).map(f"{mark}r{{}}".format)
    return column.mask(rows, mark)


def _renamed(column: Any, rows: Any, name: str, canaries: Canaries) -> Any:
    """Return categoricals with a canary in some rows, without taking them apart."""
    mark = canaries.text(name)
    used = np.unique(column.cat.codes.to_numpy()[~rows])
    kept = [value for number, value in enumerate(column.cat.categories) if number in set(used)]
    codes = pd.Index([*kept, mark]).get_indexer(column.cat.categories)
    new = np.append(np.where(codes < 0, len(kept), codes), -1)[column.cat.codes.to_numpy()]
    new[rows] = len(kept)
    categories: Any = pd.Index([*kept, mark])
    return pd.Series(pd.Categorical.from_codes(new, categories), index=column.index)
