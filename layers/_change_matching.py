"""The same real thing under another id: an OSM object redrawn, joined, split or numbered anew."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from layers._change_frames import Comparable
from layers.layer_info import PLACE_LAYERS

NEAR_NAMED_M = 50.0
"""Two places of one category and one name within this are the same."""

NEAR_UNNAMED_M = 15.0
"""Two places of one category without a name are."""

FAR_M = 200.0
"""An id whose name and category are others, and that lies farther off, is another place's now."""

Pairs = Mapping[str, str]
"""New id by old id; several old ones may have become one."""


class Again:
    """Which old ids are known again under which new ones.

    Attributes
    ----------
    places
        Of places: new id by old id. An id that is both in the old and the new file stands here
        only where its place is another one now.
    split
        Of places: old id by new id, where a part of an old place has become one of its own.
    others
        By layer, of gates and rankings: new id by old id.
    other_thing
        Ids that stand in both files for different places.
    """

    def __init__(self) -> None:
        self.places: dict[str, str] = {}
        self.split: dict[str, str] = {}
        self.others: dict[str, dict[str, str]] = {}
        self.other_thing: set[str] = set()

    def of(self, layer: str) -> Pairs:
        """Return the new ids of a layer by the old ones."""
        return self.places if layer in PLACE_LAYERS else self.others.get(layer, {})


def known_again(ready: Comparable) -> Again:
    """Find what has another id than before and is the same.

    Parameters
    ----------
    ready
        Frames of both files.
    """
    again = Again()
    names = [name for name in ready.layers if name in PLACE_LAYERS]
    if names:
        old, new = (
            pd.concat([frames[name] for name in names], ignore_index=True)
            for frames in (ready.old, ready.new)
        )
        again.other_thing = _other_things(old, new)
        _match_places(old, new, again)
    for layer, groups in (("gates", ["site_id"]), ("ranking", ["project", "profile", "state"])):
        if layer in ready.layers:
            again.others[layer] = _match_others(ready.old[layer], ready.new[layer], groups, layer)
    return again


def _other_things(old: Any, new: Any) -> set[str]:
    both = old.merge(new, on="id", suffixes=("", "_new"))
    if both.empty:
        return set()
    far = shapely.distance(both["geometry"].to_numpy(), both["geometry_new"].to_numpy()) > FAR_M
    renamed = _words(both["name"]) != _words(both["name_new"])
    other = both["category"] != both["category_new"]
    return set(both.loc[far & renamed.to_numpy() & other.to_numpy(), "id"])


def _match_places(old: Any, new: Any, again: Again) -> None:
    """Match by shared OSM objects first, then by name, category and position."""
    gone = old[~old["id"].isin(new["id"]) | old["id"].isin(again.other_thing)]
    came = new[~new["id"].isin(old["id"]) | new["id"].isin(again.other_thing)]
    if {"osm_ids"} <= set(old.columns) & set(new.columns):
        _by_objects(gone, new, again)
        left = came[~came["id"].isin(set(again.places.values()))]
        _split_off(left, old, again)
    gone = gone[~gone["id"].isin(set(again.places))]
    came = came[~came["id"].isin({*again.places.values(), *again.split})]
    label = ["category", *_shown_name(gone, came)]
    again.places.update(_nearest_pairs(gone, came, label))


def _shown_name(gone: Any, came: Any) -> list[str]:
    return ["name"] if "name" in gone.columns and "name" in came.columns else []


def _by_objects(gone: Any, new: Any, again: Again) -> None:
    """Match old places with the new ones that hold one of their OSM objects."""
    again.places.update(_sharing(gone, new, again.other_thing))


def _split_off(came: Any, old: Any, again: Again) -> None:
    """Match new places with the old ones that held one of their OSM objects."""
    again.split.update(_sharing(came, old, {*again.other_thing, *again.places}))


def _sharing(places: Any, others: Any, passed_over: Collection[str]) -> dict[str, str]:
    """Return for each place the first of others near by that holds one of its OSM objects."""
    found: dict[str, str] = {}
    holder = _holders(others)
    where = dict(zip(others["id"], others.geometry, strict=True))
    for key, objects, point in zip(places["id"], places["osm_ids"], places.geometry, strict=True):
        for one in str(objects).split(","):
            held = holder.get(one)
            if held is None or held in passed_over:
                continue
            # Numbers given anew can be the same by chance.
            if point.distance(where[held]) <= FAR_M:
                found[key] = held
                break
    return found


def _holders(places: Any) -> dict[str, str]:
    """Return the place that each OSM object draws."""
    found: dict[str, str] = {}
    for key, objects in zip(places["id"], places["osm_ids"], strict=True):
        for one in str(objects).split(","):
            found.setdefault(one, key)
    return found


def _match_others(old: Any, new: Any, groups: list[str], layer: str) -> dict[str, str]:
    gone = old[~old["id"].isin(new["id"])]
    came = new[~new["id"].isin(old["id"])]
    if layer == "gates":
        # Gates that were found have no name of their own: they are numbered around the site.
        gone, came = (frame[frame["derived"]].assign(name="") for frame in (gone, came))
    held = [one for one in [*groups, "name"] if one in gone.columns and one in came.columns]
    return _nearest_pairs(gone, came, held)


def _nearest_pairs(gone: Any, came: Any, label: list[str]) -> dict[str, str]:
    """Pair what has the same labels, the nearest first, each once.

    The last of the labels is the name: what has none must lie closer.
    """
    if gone.empty or came.empty or not label:
        return {}
    here, there = (np.asarray(frame.geometry, dtype=object) for frame in (gone, came))
    tree = shapely.STRtree(there)
    a, b = tree.query(here, predicate="dwithin", distance=NEAR_NAMED_M)
    same = np.ones(len(a), dtype=np.bool_)
    for column in label:
        first, second = _words(gone[column]), _words(came[column])
        same &= first.to_numpy(dtype=object)[a] == second.to_numpy(dtype=object)[b]
    named = _words(gone["name"]).to_numpy(dtype=object)[a] != "" if "name" in label else False
    apart: npt.NDArray[np.float64] = shapely.distance(here[a], there[b])
    same &= (apart <= NEAR_UNNAMED_M) | named
    a, b, apart = a[same], b[same], apart[same]
    old_ids, new_ids = gone["id"].to_numpy(dtype=object), came["id"].to_numpy(dtype=object)
    found: dict[str, str] = {}
    taken: set[str] = set()
    for at in sorted(range(len(a)), key=lambda i: (apart[i], old_ids[a[i]], new_ids[b[i]])):
        key, other = str(old_ids[a[at]]), str(new_ids[b[at]])
        if key not in found and other not in taken:
            found[key] = other
            taken.add(other)
    return found


def _words(texts: pd.Series[Any]) -> pd.Series[Any]:
    """Return texts as they are compared: without case, and nothing for what is missing."""
    return texts.fillna("").astype("str").str.strip().str.casefold()
