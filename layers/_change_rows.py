"""Rows of a layer in two releases: which came, which went, and what of the others differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from layers._change_frames import Comparable
from layers._change_matching import Again
from layers.layer_info import LAYERS, PLACE_LAYERS

KEY = "_key"
"""Column of the ids as people see them: the values of the key, joined by ``~``."""

SECOND, METRE, POINT = 1.0, 1.0, 1.0
"""From how much on a time, a length and a percentage differ."""

AREA_PERCENT = 1.0
"""From which share on an area differs."""

_MOST_EDGE_PAIRS = 4e7
"""Areas with more corners than this allows are compared by their sizes and bounds alone."""

_NEARLY = 1e-9
_PLACE_IDS = {
    "travel_times": ("to_id",),
    "access": ("nearest_id",),
    "needs": ("place",),
}
_RANKING_IDS = {"ranking_criteria": "ranking_id"}

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Compared:
    """A layer of both files, row by row.

    Attributes
    ----------
    layer
        Its name.
    old, new
        The frames.
    added
        Rows of ``new``.
    removed
        Rows of ``old``.
    pairs_old, pairs_new
        Rows of both that are the same thing, shape ``(n,)``.
    renamed
        Which of these have another id than before.
    changed
        By column, which of these differ.
    moved_m
        By how many metres these moved; NaN for not.
    area_percent
        Which share of these areas is elsewhere; NaN for none.
    """

    layer: str
    old: Any
    new: Any
    added: Ints
    removed: Ints
    pairs_old: Ints
    pairs_new: Ints
    renamed: Flags
    changed: Mapping[str, Flags]
    moved_m: Floats
    area_percent: Floats

    @property
    def differs(self) -> Flags:
        """Which pairs differ in anything."""
        found = ~np.isnan(self.moved_m) | ~np.isnan(self.area_percent)
        for mask in self.changed.values():
            found = found | mask
        return found


def compare_rows(ready: Comparable, layer: str, again: Again) -> Compared:
    """Compare a layer of two files.

    Parameters
    ----------
    ready
        Frames of both files.
    layer
        Name of the layer.
    again
        What is known again under another id.
    """
    old, new = ready.old[layer], ready.new[layer]
    key = list(LAYERS[layer].key)
    lookup = _with_known_ids(old, layer, again)
    pairs_old, pairs_new = _pairs(lookup, new, key)
    renamed = np.zeros(len(pairs_old), dtype=np.bool_)
    if layer in PLACE_LAYERS or layer in again.others:
        ids = old["id"].to_numpy(dtype=object), new["id"].to_numpy(dtype=object)
        renamed = np.asarray(ids[0][pairs_old] != ids[1][pairs_new], dtype=np.bool_)
    if layer in PLACE_LAYERS:
        pairs_old, pairs_new, renamed = _joined_and_split(
            (old, new), (pairs_old, pairs_new, renamed), again
        )
    if layer != "travel_times":
        old, new = _keyed(old, key), _keyed(new, key)
    compared = {
        column: _differs(lookup[column], new[column], pairs_old, pairs_new, column)
        for column in ready.columns[layer]
    }
    if layer == "gates" and "name" in compared:
        # The number of a gate that was found says where it comes in the round, no more.
        compared["name"] &= ~new["derived"].to_numpy(dtype=bool)[pairs_new]
    moved, share = _shapes(old, new, pairs_old, pairs_new)
    return Compared(
        layer=layer,
        old=old,
        new=new,
        added=np.setdiff1d(np.arange(len(new)), pairs_new),
        removed=np.setdiff1d(np.arange(len(old)), pairs_old),
        pairs_old=pairs_old,
        pairs_new=pairs_new,
        renamed=renamed,
        changed=compared,
        moved_m=moved,
        area_percent=share,
    )


def _with_known_ids(old: Any, layer: str, again: Again) -> Any:
    """Return the old rows with the new ids of places, so that only other things differ."""
    renamed = again.of(layer)
    if layer in PLACE_LAYERS:
        # What has the id of another place now must not be found by it.
        elsewhere = {key: f"{key} (old)" for key in again.other_thing if key not in renamed}
        return old.assign(id=_replaced(old["id"], {**elsewhere, **renamed}))
    if renamed:
        return old.assign(id=_replaced(old["id"], renamed))
    columns = [one for one in _PLACE_IDS.get(layer, ()) if one in old.columns]
    changed = {column: _replaced(old[column], again.places) for column in columns}
    if layer in _RANKING_IDS and again.others.get("ranking"):
        column = _RANKING_IDS[layer]
        changed[column] = _replaced(old[column], again.others["ranking"])
    return old.assign(**changed) if changed else old


def _replaced(column: pd.Series[Any], known: Mapping[str, str]) -> pd.Series[Any]:
    """Replace the ids that have a new one; each once, however many rows there are."""
    if not known:
        return column
    codes, values = pd.factorize(column)
    texts = np.array([*(known.get(str(value), value) for value in values), None], dtype=object)
    return pd.Series(texts[codes], index=column.index, dtype="str")


def _pairs(old: Any, new: Any, key: Sequence[str]) -> tuple[Ints, Ints]:
    """Return the rows of both that have the same key, in the order of the new ones."""
    codes = _codes(old, new, key)
    a, b = codes[: len(old)], codes[len(old) :]
    # The first of rows with one key counts: of places that were joined, the one that stayed.
    first_a, rows_a = np.unique(a, return_index=True)
    first_b, rows_b = np.unique(b, return_index=True)
    _, at_a, at_b = np.intersect1d(first_a, first_b, assume_unique=True, return_indices=True)
    pairs_old, pairs_new = rows_a[at_a], rows_b[at_b]
    order = np.argsort(pairs_new, kind="stable")
    return pairs_old[order].astype(np.int64), pairs_new[order].astype(np.int64)


def _codes(old: Any, new: Any, key: Sequence[str]) -> Ints:
    """Give each key of both a number."""
    total = np.zeros(len(old) + len(new), dtype=np.int64)
    for column in key:
        texts = [frame[column] for frame in (old, new)]
        if any(not pd.api.types.is_integer_dtype(one.dtype) for one in texts):
            texts = [one.astype(object) for one in texts]
        codes, values = pd.factorize(pd.concat(texts, ignore_index=True))
        total = total * (len(values) + 1) + codes + 1
        # Kept small, so that no product overflows.
        total = pd.factorize(total)[0].astype(np.int64)
    return total


def _joined_and_split(
    frames: tuple[Any, Any], pairs: tuple[Ints, Ints, Flags], again: Again
) -> tuple[Ints, Ints, Flags]:
    """Add pairs of places that were joined to one, or taken out of one."""
    old_rows = {key: row for row, key in enumerate(frames[0]["id"])}
    new_rows = {key: row for row, key in enumerate(frames[1]["id"])}
    done_old, done_new = set(pairs[0].tolist()), set(pairs[1].tolist())
    more = [
        (old_rows[before], new_rows[after])
        for before, after in again.places.items()
        if before in old_rows and after in new_rows and old_rows[before] not in done_old
    ]
    more += [
        (old_rows[before], new_rows[after])
        for after, before in again.split.items()
        if before in old_rows and after in new_rows and new_rows[after] not in done_new
    ]
    if not more:
        return pairs
    extra = np.array(sorted(more), dtype=np.int64)
    return (
        np.concatenate([pairs[0], extra[:, 0]]),
        np.concatenate([pairs[1], extra[:, 1]]),
        np.concatenate([pairs[2], np.ones(len(extra), dtype=np.bool_)]),
    )


def _keyed(frame: Any, key: Sequence[str]) -> Any:
    parts = [frame[column].astype("str") for column in key]
    return frame.assign(**{KEY: parts[0].str.cat(parts[1:], sep="~") if parts[1:] else parts[0]})


def _differs(
    old: pd.Series[Any], new: pd.Series[Any], pairs_old: Ints, pairs_new: Ints, column: str
) -> Flags:
    """Tell which values differ, numbers by more than nobody would notice."""
    numeric = all(
        pd.api.types.is_numeric_dtype(one.dtype) and not pd.api.types.is_bool_dtype(one.dtype)
        for one in (old, new)
    )
    if numeric:
        a, b = (
            one.to_numpy(dtype=np.float64, na_value=np.nan)[rows]
            for one, rows in ((old, pairs_old), (new, pairs_new))
        )
        known = ~np.isnan(a) & ~np.isnan(b)
        apart = np.abs(np.where(known, a - b, 0.0))
        whole = all(pd.api.types.is_integer_dtype(one.dtype) for one in (old, new))
        least = 1.0 if whole else _tolerance(column, a, b)
        return np.asarray((apart >= least - _NEARLY) | (np.isnan(a) != np.isnan(b)))
    codes, _ = pd.factorize(
        pd.concat([_plain(old).iloc[pairs_old], _plain(new).iloc[pairs_new]], ignore_index=True)
    )
    half = len(pairs_old)
    return np.asarray(codes[:half] != codes[half:], dtype=np.bool_)


def _plain(column: pd.Series[Any]) -> pd.Series[Any]:
    """Return texts and truths as objects; nothing is nothing, missing or empty."""
    return column.astype(object).where(column.notna(), "")


def _tolerance(column: str, a: Floats, b: Floats) -> Any:
    if column.endswith("_s"):
        return SECOND
    if column.endswith("_m"):
        return METRE
    if column.endswith("_percent"):
        return POINT
    larger = np.fmax(np.abs(a), np.abs(b))
    if column.endswith("_m2"):
        return np.maximum(larger * AREA_PERCENT / 100, 1.0)
    return np.maximum(0.005 * larger, _NEARLY * 2)


def _shapes(old: Any, new: Any, pairs_old: Ints, pairs_new: Ints) -> tuple[Floats, Floats]:
    """Tell how far points moved, and how much of areas is elsewhere; NaN for not."""
    moved = np.full(len(pairs_old), np.nan)
    share = moved.copy()
    if not isinstance(new, gpd.GeoDataFrame) or not len(pairs_old):
        return moved, share
    a = np.asarray(old.geometry, dtype=object)[pairs_old]
    b = np.asarray(new.geometry, dtype=object)[pairs_new]
    points = (shapely.get_dimensions(a) == 0) & (shapely.get_dimensions(b) == 0)
    moved[points] = shapely.distance(a[points], b[points])
    moved[~(moved > METRE)] = np.nan
    for row in np.flatnonzero(~points & ~shapely.equals_exact(a, b, tolerance=0.01)):
        share[row] = _elsewhere(a[row], b[row])
    share[~(share >= AREA_PERCENT)] = np.nan
    return moved, share


def _elsewhere(a: Any, b: Any) -> float:
    """Return which percentage of two areas together only one of them covers."""
    if a is None or b is None or a.is_empty or b.is_empty:
        return 0.0 if (a is None or a.is_empty) == (b is None or b.is_empty) else 100.0
    corners = float(shapely.get_num_coordinates(a)) * float(shapely.get_num_coordinates(b))
    if corners > _MOST_EDGE_PAIRS or not (a.is_valid and b.is_valid):
        whole = max(a.area, b.area)
        same_bounds = np.allclose(a.bounds, b.bounds, atol=METRE)
        return 100.0 * abs(a.area - b.area) / whole if whole and same_bounds else 100.0
    together = a.union(b).area
    return 100.0 * a.symmetric_difference(b).area / together if together else 0.0
