"""Which relations belong to a part of a file, and what else they bring along.

A relation belongs to it if any of its members does. Areas and things that are mapped in
several parts are completed, for half an area is none; routes and the like are kept as they
are. Boundaries of municipalities and other administrative areas would bring the outline of
half a country; they are kept only where their outline is there anyway.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from geo._id_sets import Bools, IdSet, Ints
from geo._pbf_groups import Messages, checked

_NODE, _WAY, _RELATION = 0, 1, 2  # kinds of members in a PBF file
_AREAS = frozenset({"multipolygon", "boundary"})
_GROUPS = frozenset({"site"})
# Nothing but an outline on paper. What else the key holds (nature reserves, forests, …) is land.
_ON_PAPER = frozenset(
    {"administrative", "census", "civil_parish", "economic", "electoral", "health", "judicial",
     "maritime", "place", "police", "political", "postal_code", "public_transport",
     "religious_administration", "statistical", "timezone"}
)  # fmt: skip
_TAGS = ("type", "boundary", "public_transport")


@dataclass(frozen=True)
class RelationTable:
    """All relations of a file: whose member what is.

    Attributes
    ----------
    ids
        In the order of the file.
    wanted
        Relations that belong to the part for their own sake.
    areas
        Relations that mean an area.
    whole
        Relations that are to be completed: areas, sites, stops.
    paper
        Administrative boundaries and the like.
    owners, kinds, members
        For each member: the row of its relation, its kind, its id.
    """

    ids: Ints
    wanted: Bools
    areas: Bools
    whole: Bools
    paper: Bools
    owners: npt.NDArray[np.int32]
    kinds: npt.NDArray[np.int8]
    members: Ints


@dataclass(frozen=True)
class Belonging:
    """What belongs to the part because of relations: ids of each kind."""

    nodes: Ints
    ways: Ints
    relations: Ints


class RelationCollector:
    """Collects relations block by block."""

    def __init__(self) -> None:
        self._ids: list[Ints] = []
        self._flags: list[tuple[bool, bool, bool]] = []
        self._wanted: list[Bools] = []
        self._owners: list[npt.NDArray[np.int32]] = []
        self._kinds: list[npt.NDArray[np.int8]] = []
        self._members: list[Ints] = []
        self._count = 0

    def add(self, relations: Messages, wanted: Bools) -> None:
        """Take the relations of one group."""
        members, kinds = relations.members
        self._owners.append((members.owners + self._count).astype(np.int32))
        self._members.append(members.values)
        self._kinds.append(kinds.astype(np.int8))
        self._ids.append(relations.ids)
        self._wanted.append(wanted)
        self._flags += [_flags(tags) for tags in _some_tags(relations)]
        self._count += len(relations.ids)

    def table(self) -> RelationTable:
        """Return all relations that were collected, and forget them."""
        flags = np.array(self._flags, dtype=np.bool_).reshape(-1, 3)
        return RelationTable(
            ids=_joined(self._ids, np.int64),
            wanted=_joined(self._wanted, np.bool_),
            areas=flags[:, 0],
            whole=flags[:, 1],
            paper=flags[:, 2],
            owners=_joined(self._owners, np.int32),
            kinds=_joined(self._kinds, np.int8),
            members=_joined(self._members, np.int64),
        )


def _joined(parts: list[Any], dtype: type) -> Any:
    """Join arrays and empty the list, for there may be millions of members."""
    whole = np.concatenate([np.zeros(0, dtype=dtype), *parts])
    parts.clear()
    return whole


def _some_tags(relations: Messages) -> list[dict[str, str]]:
    table = relations.block.table
    keys, values = relations.tags
    looked_for = np.array([text in _TAGS for text in table], dtype=np.bool_)
    found: list[dict[str, str]] = [{} for _ in range(len(relations.starts))]
    rows = np.flatnonzero(looked_for[checked(keys.values, len(table))])
    checked(values, len(table))
    for owner, key, value in zip(
        keys.owners[rows].tolist(),
        keys.values[rows].tolist(),
        values[rows].tolist(),
        strict=True,
    ):
        found[owner][table[key]] = table[value]
    return found


def _flags(tags: Mapping[str, str]) -> tuple[bool, bool, bool]:
    area = tags.get("type") in _AREAS
    paper = area and tags.get("boundary") in _ON_PAPER
    group = tags.get("type") in _GROUPS or tags.get("public_transport") == "stop_area"
    return area, group or (area and not paper), paper


def find_belonging(
    table: RelationTable, nodes: IdSet | None, ways: IdSet, *, areas_only: bool
) -> Belonging:
    """Find the relations that belong to a part of a file.

    Parameters
    ----------
    table
        All relations of the file.
    nodes, ways
        What belongs to the part; no relation is taken for the sake of a node if there is
        None.
    areas_only
        Take nothing but areas for the sake of their members.

    Returns
    -------
    Belonging
        The relations, and the members that complete them.
    """
    taken = table.wanted | _touching(table, nodes, ways, areas_only=areas_only)
    kept, done = taken, np.zeros(len(table.ids), dtype=np.bool_)
    todo = kept & table.whole
    while todo.any():
        done |= todo
        inside = np.isin(table.ids, _members(table, _RELATION, todo))
        kept = kept | inside
        todo = inside & table.whole & ~done
    completing = _members(table, _WAY, done)
    there = IdSet([ways.ids, completing])
    rim = (table.kinds == _WAY) & ~there.contains(table.members)
    broken = np.bincount(table.owners[rim], minlength=len(table.ids)) > 0
    kept = kept & ~(table.paper & broken)
    return Belonging(_members(table, _NODE, done), completing, table.ids[kept])


def _touching(
    table: RelationTable, nodes: IdSet | None, ways: IdSet, *, areas_only: bool
) -> Bools:
    hits = (table.kinds == _WAY) & ways.contains(table.members)
    if nodes is not None:
        hits |= (table.kinds == _NODE) & nodes.contains(table.members)
    candidates = table.areas if areas_only else np.ones(len(table.ids), dtype=np.bool_)
    touching = np.zeros(len(table.ids), dtype=np.bool_)
    while True:
        owners = np.bincount(table.owners[hits], minlength=len(table.ids)) > 0
        new = owners & candidates & ~touching
        if not new.any():
            return touching
        touching |= new
        hits = (table.kinds == _RELATION) & np.isin(table.members, table.ids[new])


def _members(table: RelationTable, kind: int, owners: Bools) -> Ints:
    found: Ints = table.members[(table.kinds == kind) & owners[table.owners]]
    return found
