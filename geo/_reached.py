"""Reading the times of access points off trees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from geo._search import in_threads, ready_kernel
from geo._steps import Steps, direct, ends_of
from geo._trees import Tree
from geo.network import StreetNetwork
from geo.profiles import State

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

SAME_EDGE = 2
"""``Reached.end`` where origin and place lie on one edge and the way between is direct."""

_CODES = 4
"""An access point and how it is come to as one number: ``4 · row + end``."""

_FLOCK = 64
"""So many trees are read in one go."""


@dataclass(frozen=True, eq=False)
class Reached:
    """The quickest ways to owners of access points, shape ``(r,)`` each.

    Attributes
    ----------
    tree
        Index of the tree, ascending.
    owner, row
        Owner, ascending for each tree, and the access point by which it is reached.
    end
        From which end of its edge: ``FROM``, ``TO`` or ``SAME_EDGE``.
    time_ms, distance_mm
        From door to door.
    private, estimated, by_hours
        Whether the way uses private or estimated stretches, or passes a gate with hours.
    unknown_mm
        Millimetres of the way that are only possibly passable.
    """

    tree: Ints
    owner: Ints
    row: Ints
    end: Ints
    time_ms: Ints
    distance_mm: Ints
    private: Bools
    estimated: Bools
    by_hours: Bools
    unknown_mm: Ints

    def only(self, rows: Ints | Bools) -> Reached:
        """Return some of them."""
        return Reached(*(getattr(self, part.name)[rows] for part in fields(Reached)))

    @staticmethod
    def none() -> Reached:
        """Return no ways at all."""
        none, no = np.empty(0, dtype=np.int64), np.empty(0, dtype=bool)
        return Reached(none, none, none, none, none, none, no, no, no, none)

    @staticmethod
    def joined(found: Sequence[Reached]) -> Reached:
        """Return them one after the other."""
        names = [part.name for part in fields(Reached)]
        return Reached(*(np.concatenate([getattr(one, name) for one in found]) for name in names))


@dataclass(frozen=True, eq=False)
class Doors:
    """Access points prepared for reading many trees of one profile, state and direction."""

    steps: Steps
    owner: Ints
    owners: int
    node: npt.NDArray[np.int32]
    first: Ints
    ends: Ints
    by_edge: Ints
    edge: Ints


class Reader:
    """Reads trees of a network."""

    def __init__(self, network: StreetNetwork) -> None:
        self._network = network

    def read(self, tree: Tree, steps: Steps, owner: Ints) -> Reached:
        """Find the quickest way to each owner within the limit of the tree, owners ascending.

        Parameters
        ----------
        tree
            From where; of a reversed tree the quickest ways from the owners are found.
        steps, owner
            Access points and whose they are.
        """
        doors = self.doors(steps, owner, tree.profile_id, tree.state, reverse=tree.reverse)
        return self._read([tree], doors)

    def read_all(self, trees: Sequence[Tree], doors: Doors) -> Iterator[Reached]:
        """Read trees of one kind and limit, some at a time, in their order.

        Parameters
        ----------
        trees
            Trees of the profile, state and direction for which the doors were prepared.
        doors
            As ``doors`` makes them.
        """
        pieces = range(0, len(trees), _FLOCK)

        def work(begin: int) -> Reached:
            found = self._read(trees[begin : begin + _FLOCK], doors)
            return replace(found, tree=found.tree + begin)

        yield from in_threads(work, pieces)

    def doors(
        self, steps: Steps, owner: Ints, profile_id: str, state: State, *, reverse: bool
    ) -> Doors:
        """Prepare access points for reading.

        Parameters
        ----------
        steps, owner
            Access points and whose they are.
        profile_id, state, reverse
            Kind of the trees to read.
        """
        closed = self._network.passages[profile_id].closed_nodes(state)
        ends = ends_of(self._network, steps, closed, last=not reverse)
        order = np.argsort(ends.node, kind="stable")
        node, first = np.unique(ends.node[order], return_index=True)
        code = _CODES * ends.row + ends.end
        table = np.column_stack([owner[ends.row], code, ends.label])[order]
        by_edge = np.argsort(steps.edge, kind="stable")
        return Doors(
            steps=steps,
            owner=owner,
            owners=int(owner.max(initial=-1)) + 1,
            node=node.astype(np.int32),
            first=np.append(first, len(order)).astype(np.int64),
            ends=np.ascontiguousarray(table, dtype=np.int64),
            by_edge=by_edge,
            edge=steps.edge[by_edge],
        )

    def _read(self, trees: Sequence[Tree], doors: Doors) -> Reached:
        kernel = ready_kernel()
        first = _offsets([len(tree.node) for tree in trees])
        direct_first, ways = _direct(trees, doors)
        from geo._kernel_read import read  # noqa: PLC0415 - loaded above

        pair_first, pairs = read(
            first,
            *(
                np.concatenate([getattr(tree, name) for tree in trees])
                for name in ("node", "time_ms", "distance_mm", "unknown_mm", "flags")
            ),
            doors.node, doors.first, doors.ends, direct_first, ways,
            doors.owners, trees[0].limit_ms,
        )  # fmt: skip
        tree = np.repeat(np.arange(len(trees)), np.diff(pair_first))
        order = np.argsort(tree * doors.owners + pairs[: len(tree), 0])
        owner, code, key, unknown, marks = pairs[order].T
        return Reached(
            tree=tree[order],
            owner=owner,
            row=code // _CODES,
            end=code % _CODES,
            time_ms=key >> kernel.MM_BITS,
            distance_mm=key & kernel.MM_MASK,
            private=marks >= kernel.PRIVATE,
            estimated=(marks & (kernel.PRIVATE - kernel.ESTIMATED)) != 0,
            by_hours=(marks & (kernel.ESTIMATED - kernel.BY_HOURS)) != 0,
            unknown_mm=unknown,
        )


def _direct(trees: Sequence[Tree], doors: Doors) -> tuple[Ints, Ints]:
    """List the ways that stay on the edge of the origin: rows of each tree, and the ways."""
    points = [tree.steps for tree in trees]
    starts = Steps(
        **{
            part.name: np.concatenate([getattr(one, part.name) for one in points], axis=-1)
            for part in fields(Steps)
        }
    )
    of_tree = np.repeat(np.arange(len(trees)), [len(steps.edge) for steps in points])
    return direct_ways(starts, of_tree, len(trees), doors, reverse=trees[0].reverse)


def direct_ways(
    starts: Steps, of_tree: Ints, trees: int, doors: Doors, *, reverse: bool
) -> tuple[Ints, Ints]:
    """List the ways that stay on the edge of the origin.

    Parameters
    ----------
    starts, of_tree
        Access points of origins, and which tree each belongs to, ascending.
    trees
        How many trees there are.
    doors
        As ``Reader.doors`` makes them.
    reverse
        Whether the ways lead from the doors to the origins.

    Returns
    -------
    first, ways
        Rows of tree ``i`` are ``first[i]:first[i + 1]``; of each way owner, code, key, unknown
        millimetres and marks, shape ``(k, 5)``.
    """
    kernel = ready_kernel()
    low = np.searchsorted(doors.edge, starts.edge, "left")
    many = np.searchsorted(doors.edge, starts.edge, "right") - low
    start = np.repeat(np.arange(len(many)), many)
    place = np.arange(len(start)) - np.repeat(np.cumsum(many) - many, many)
    row = doors.by_edge[np.repeat(low, many) + place]
    one, other = starts.only(start), doors.steps.only(row)
    pairs, ms, mm = direct(other, one) if reverse else direct(one, other)
    start, row, one, other = start[pairs], row[pairs], one.only(pairs), other.only(pairs)
    ms, mm_walked = ms + one.gap_ms + other.gap_ms, mm
    mm = mm + one.gap_mm + other.gap_mm
    marks = kernel.PRIVATE * (other.private & (mm_walked > 0)).astype(
        np.int64
    ) + kernel.ESTIMATED * (one.estimated | other.estimated)
    table = [
        doors.owner[row],
        _CODES * row + SAME_EDGE,
        (ms << kernel.MM_BITS) | mm,
        np.where(other.unknown, mm_walked, 0),
        marks,
    ]
    first = np.searchsorted(of_tree[start], np.arange(trees + 1)).astype(np.int64)
    return first, np.ascontiguousarray(np.stack(table, axis=1), dtype=np.int64)


def _offsets(sizes: Sequence[int]) -> Ints:
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
