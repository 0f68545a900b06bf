"""The objects of one file of OSM data, ready to be looked up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geo._tally import Tally
from geo.extract import Tags

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

KINDS = "nwr"
"""Nodes, ways, relations, in the order in which a sorted file holds them."""


class Relation(NamedTuple):
    """One relation: its tags and its members ``("n" | "w" | "r", id, role)``."""

    tags: Tags
    members: tuple[tuple[str, int, str], ...]


@dataclass
class Header:
    """What the header of a file says.

    Attributes
    ----------
    box
        West, south, east, north in degrees, or None.
    date
        Date of the data, or None.
    """

    box: tuple[float, float, float, float] | None = None
    date: date | None = None


@dataclass
class FileFaults:
    """What was noticed about the file as a whole.

    Attributes
    ----------
    unsorted
        Objects do not come in the usual order (nodes, ways, relations, each by id).
    doubled
        Objects of which the file holds more than one version.
    deleted
        Objects that are marked as deleted.
    no_position
        Nodes without coordinates, or with coordinates off the globe.
    """

    unsorted: bool = False
    doubled: Tally = field(default_factory=Tally)
    deleted: Tally = field(default_factory=Tally)
    no_position: Tally = field(default_factory=Tally)


@dataclass
class OsmData:
    """The newest version of each object; deleted ones are left out.

    Attributes
    ----------
    node_ids, longitude, latitude
        All nodes with a valid position, sorted by id, each id once; degrees.
    node_tags
        Tags of the nodes that have any, by id, ascending.
    way_ids, offsets, refs, way_tags
        All ways, sorted by id; way ``i`` has the nodes ``refs[offsets[i]:offsets[i + 1]]``.
    relations
        All relations by id, ascending.
    oldest, newest
        Edit times as ISO text, "" if the file has none.
    positions
        For each of `refs` the position in the table of nodes, −1 where it is missing.
    """

    node_ids: Ints
    longitude: Floats
    latitude: Floats
    node_tags: dict[int, Tags]
    way_ids: Ints
    offsets: Ints
    refs: Ints
    way_tags: list[Tags]
    relations: dict[int, Relation]
    header: Header
    faults: FileFaults
    oldest: str = ""
    newest: str = ""
    positions: Ints = field(init=False)

    def __post_init__(self) -> None:
        """Look up every way node once."""
        self.positions = find(self.node_ids, self.refs)

    def way_position(self, way_id: int) -> int:
        """Return the position of a way among the ways, −1 if the file does not hold it."""
        return int(find(self.way_ids, np.array([way_id], dtype=np.int64))[0])


def find(table: Ints, ids: Ints) -> Ints:
    """Return the position of each id in a sorted table, −1 where it is missing."""
    if not len(table):
        return np.full(len(ids), -1, dtype=np.int64)
    places = np.searchsorted(table, ids).astype(np.int64)
    places[places == len(table)] = 0
    places[table[places] != ids] = -1
    return places


def newest_versions(
    ids: Ints, versions: npt.NDArray[np.int32] | None, kind: str, faults: FileFaults
) -> Ints:
    """Return the rows to keep, sorted by id: the newest version of each object.

    Of two rows with the same version, or without any, the later one in the file counts.
    Rows out of order and doubled objects are noted in `faults`.
    """
    rows = np.arange(len(ids), dtype=np.int64)
    if np.all(ids[1:] > ids[:-1]):
        return rows
    # The order that osmium writes: negative ids first, each half by its distance from 0.
    key = np.abs(ids)
    in_order = np.where(ids[1:] > 0, (ids[:-1] < 0) | (key[1:] >= key[:-1]),
                        (ids[:-1] < 0) & (key[1:] >= key[:-1]))  # fmt: skip
    faults.unsorted |= not np.all(in_order)
    order = np.lexsort((rows, versions if versions is not None else rows, ids))
    ids = ids[order]
    last = np.append(ids[1:] != ids[:-1], np.True_)
    for key_id in np.unique(ids[~last]):
        faults.doubled.add(f"{kind}{key_id}")
    kept: Ints = order[last]
    return kept


def gather(offsets: Ints, rows: Ints) -> tuple[Ints, Ints]:
    """Return new offsets and the flat indices for some rows of a table of lists."""
    counts = offsets[rows + 1] - offsets[rows]
    starts = np.concatenate(([0], np.cumsum(counts)))
    flat = np.arange(starts[-1], dtype=np.int64)
    flat += np.repeat(offsets[rows] - starts[:-1], counts)
    return starts, flat
