"""What came, went and changed between two releases: by their ids, and by what is the same place.

Rows are known again by ``LayerInfo.key``. Numbers are compared with the tolerance that a reader
would have; where the data come from and of which day they are is no change. A place that OSM
draws under another id than before is not reported as gone and new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from layers._change_frames import comparable
from layers._change_matching import known_again
from layers._change_rows import KEY, Compared, compare_rows
from layers._change_values import Names, field_title, shown_value
from layers.change_words import time_sentences
from layers.layer_frames import Exported
from layers.layer_info import LAYERS, PLACE_LAYERS

ADDED, REMOVED, CHANGED = "added", "removed", "changed"

SUMMED_UP = frozenset({"travel_times"})
"""Layers of which only sums are told: a million rows tell nobody anything."""

_FEW = 20
THING_COLUMNS = ("layer", "change", "id", "old_id", "name", "kind", "moved_m", "area_percent")
FIELD_COLUMNS = ("thing", "field", "title", "old", "new")


@dataclass(frozen=True, slots=True)
class LayerCount:
    """How much of a layer came, went and changed.

    Attributes
    ----------
    name, title
        Of the layer.
    before, now
        Rows in the old and in the new file, as far as they can be compared.
    added, removed, changed
        Rows; what is the same place under a new id is in none of them.
    renamed
        Rows that are the same place under a new id; those of them that changed in more than
        the id are counted here only.
    """

    name: str
    title: str
    before: int
    now: int
    added: int
    removed: int
    changed: int
    renamed: int


@dataclass(frozen=True, eq=False)
class Changes:
    """What differs between two releases.

    Attributes
    ----------
    old, new
        The facts of both files.
    notes
        German sentences: what cannot be compared, and what to keep in mind.
    layers
        Counts of each layer that both files hold, in their order.
    things
        A row for each thing that differs, GeoDataFrame in the new file's CRS: ``layer``,
        ``change`` (``"added"``, ``"removed"``, ``"changed"``), ``id``, ``old_id`` (where the
        same place has another id than before, else ""), ``name``, ``kind``, ``moved_m`` (metres
        that a point moved; missing if not by more than one), ``area_percent`` (share of an area
        that is no longer, or newly, in it; missing if not) and ``geometry`` (None in tables;
        of what is gone, where it was).
    fields
        A row for each value that differs: ``thing`` (row of ``things``), ``field``, ``title``
        (German), ``old``, ``new`` (as people read them).
    sums
        German sentences on layers of which only sums are told.
    """

    old: Mapping[str, str]
    new: Mapping[str, str]
    notes: tuple[str, ...]
    layers: tuple[LayerCount, ...]
    things: gpd.GeoDataFrame
    fields: pd.DataFrame
    sums: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not len(self.things) and not self.sums


@dataclass
class _Gathered:
    """Things and fields while they are found."""

    crs: Any
    things: list[pd.DataFrame] = field(default_factory=list)
    fields: list[pd.DataFrame] = field(default_factory=list)
    shapes: list[Any] = field(default_factory=list)
    count: int = 0

    def add(self, things: pd.DataFrame, fields: pd.DataFrame, shapes: Sequence[Any]) -> None:
        self.fields.append(fields.assign(thing=fields["thing"] + self.count))
        self.things.append(things)
        self.shapes.extend(shapes)
        self.count += len(things)


def compare(old: Exported, new: Exported) -> Changes:
    """Compare two releases.

    Parameters
    ----------
    old, new
        What was written earlier and later; of different studies, thresholds, profiles or
        releases only what both hold is compared, and `Changes.notes` says so.

    Returns
    -------
    Changes
        Sorted by layer, then by id.

    Notes
    -----
    A time has changed when it differs by a second or more, a length by more than a metre, a
    share by one percent point, an area when one percent of it or more is elsewhere, a point when
    it moved by more than a metre. Two places are the same under a new id when one OSM object
    draws both, or when they have the same category and the same name and lie within 50 m of each
    other (15 m without a name). The same id is no longer the same place when neither name nor
    category are the same and it lies more than 200 m away.
    """
    ready = comparable(old, new)
    again = known_again(ready)
    gathered = _Gathered(ready.crs)
    names = Names(ready)
    counts = []
    sums: list[str] = []
    for name in ready.layers:
        compared = compare_rows(ready, name, again)
        if name in SUMMED_UP:
            sums += time_sentences(compared, names)
        else:
            _gather(gathered, compared, names)
        counts.append(_count(compared))
    places = [one for one in counts if one.name in PLACE_LAYERS]
    again_places = sum(one.renamed for one in places)
    if again_places > max(_FEW, sum(one.before for one in places) // 2):
        ready.notes.append(
            "Die meisten Orte haben eine neue Kennung: Die beiden OSM-Auszüge sind verschieden "
            "nummeriert. Wiedererkannt wurden sie an Name, Art und Lage; zwei Orte ohne Namen "
            "können dabei verwechselt sein."
        )
    return Changes(
        old=old.facts,
        new=new.facts,
        notes=tuple(ready.notes),
        layers=tuple(counts),
        things=_things(gathered),
        fields=_fields(gathered),
        sums=tuple(sums),
    )


def _count(compared: Compared) -> LayerCount:
    renamed = int(compared.renamed.sum())
    title = LAYERS[compared.layer].title
    if compared.layer == PLACE_LAYERS[-1]:
        title += " (weitere)"
    return LayerCount(
        name=compared.layer,
        title=title,
        before=len(compared.old),
        now=len(compared.new),
        added=len(compared.added),
        removed=len(compared.removed),
        changed=int((compared.differs & ~compared.renamed).sum()),
        renamed=renamed,
    )


def _gather(gathered: _Gathered, compared: Compared, names: Names) -> None:
    """Add the things of a layer and their fields, sorted by id."""
    told = np.flatnonzero(compared.differs | compared.renamed)
    pairs = [compared.pairs_old[told], compared.pairs_new[told]]
    parts = [
        (ADDED, compared.new, compared.added, None),
        (REMOVED, compared.old, compared.removed, None),
        (CHANGED, compared.new, pairs[1], told),
    ]
    frames: list[pd.DataFrame] = []
    shapes: list[Any] = []
    for change, source, rows, which in parts:
        part = source.iloc[rows]
        moved = np.full(len(part), np.nan)
        share = moved.copy()
        old_ids = pd.Series([""] * len(part), dtype="str")
        if which is not None:
            moved, share = compared.moved_m[told], compared.area_percent[told]
            before = compared.old[KEY].iloc[pairs[0]].reset_index(drop=True)
            old_ids = before.where(pd.Series(compared.renamed[told]), "").astype("str")
        frames.append(
            pd.DataFrame(
                {
                    "layer": compared.layer,
                    "change": change,
                    "id": part[KEY].to_numpy(),
                    "old_id": old_ids.to_numpy(),
                    "name": names.of_rows(compared.layer, part),
                    "kind": _kinds(part),
                    "moved_m": moved,
                    "area_percent": share,
                }
            )
        )
        spatial = isinstance(part, gpd.GeoDataFrame)
        shapes.extend(part.geometry if spatial else [None] * len(part))
    things = pd.concat(frames, ignore_index=True)
    first_changed = len(things) - len(told)
    fields = _changed_fields(compared, told, names)
    fields["thing"] += first_changed
    order = np.lexsort(
        (things["id"].to_numpy(dtype=object).astype(str), things["change"].map(_ORDER))
    )
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    fields["thing"] = place[fields["thing"].to_numpy()] if len(fields) else fields["thing"]
    gathered.add(
        things.iloc[order].reset_index(drop=True),
        fields.sort_values("thing", kind="stable", ignore_index=True),
        [shapes[row] for row in order],
    )


_ORDER = {ADDED: 0, REMOVED: 1, CHANGED: 2}


def _kinds(part: pd.DataFrame) -> Any:
    for column in ("kind", "project_label"):
        if column in part.columns:
            return part[column].fillna("").to_numpy()
    return np.full(len(part), "", dtype=object)


def _changed_fields(compared: Compared, told: Any, names: Names) -> pd.DataFrame:
    """Return the changed values of the pairs in ``told``, written out for people."""
    position = np.full(len(compared.pairs_old), -1, dtype=np.int64)
    position[told] = np.arange(len(told))
    parts = []
    for column, mask in compared.changed.items():
        rows = np.flatnonzero(mask)
        if not len(rows):
            continue
        before = compared.old[column].iloc[compared.pairs_old[rows]]
        after = compared.new[column].iloc[compared.pairs_new[rows]]
        parts.append(
            pd.DataFrame(
                {
                    "thing": position[rows],
                    "field": column,
                    "title": field_title(compared.layer, column),
                    "old": shown_value(compared.layer, column, before, names),
                    "new": shown_value(compared.layer, column, after, names),
                }
            )
        )
    if not parts:
        return pd.DataFrame({name: [] for name in FIELD_COLUMNS}).astype({"thing": "int64"})
    return pd.concat(parts, ignore_index=True)


def _things(gathered: _Gathered) -> gpd.GeoDataFrame:
    columns = pd.DataFrame({name: [] for name in THING_COLUMNS})
    kept = [part for part in gathered.things if len(part)] or [columns]
    frame = pd.concat(kept, ignore_index=True)
    texts = dict.fromkeys(("layer", "change", "id", "old_id", "name", "kind"), "str")
    numbers = dict.fromkeys(("moved_m", "area_percent"), "float64")
    shapes = gpd.array.from_shapely(np.array(gathered.shapes, dtype=object), crs=gathered.crs)
    return gpd.GeoDataFrame(frame.astype(texts | numbers), geometry=shapes)


def _fields(gathered: _Gathered) -> pd.DataFrame:
    empty = pd.DataFrame({name: [] for name in FIELD_COLUMNS})
    kept = [part for part in gathered.fields if len(part)] or [empty]
    frame = pd.concat(kept, ignore_index=True)[list(FIELD_COLUMNS)]
    texts = dict.fromkeys(("field", "title", "old", "new"), "str")
    return frame.astype({"thing": "int64", **texts})
