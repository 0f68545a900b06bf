"""Reading the times of access points off a tree."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from geo._steps import FROM, TO, Steps, between
from geo._trees import Tree
from geo.network import StreetNetwork

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

SAME_EDGE = 2
"""``Reached.end`` where origin and place lie on one edge and the way between is direct."""

_MM_BITS = 34
"""Time and length are compared as one number, milliseconds above millimetres (which reach to
17,000 km); the quickest way counts, and of the quickest the shortest."""


@dataclass(frozen=True, eq=False)
class Reached:
    """The quickest ways to owners of access points, shape ``(r,)`` each.

    Attributes
    ----------
    owner, row
        Owner, and the access point by which it is reached.
    end
        From which end of its edge: ``FROM``, ``TO`` or ``SAME_EDGE``.
    time_ms, distance_mm
        From door to door.
    private, estimated
        Whether the way uses private or estimated stretches.
    """

    owner: Ints
    row: Ints
    end: Ints
    time_ms: Ints
    distance_mm: Ints
    private: Bools
    estimated: Bools

    def only(self, rows: Ints | Bools) -> Reached:
        """Return some of them."""
        return Reached(*(getattr(self, part.name)[rows] for part in fields(Reached)))


class Reader:
    """Reads one tree after the other, without clearing what is large in between."""

    def __init__(self, network: StreetNetwork) -> None:
        self._ends = (network.edge_from, network.edge_to)
        self._row_of_node = np.full(len(network.node_xy), -1)

    def read(self, tree: Tree, steps: Steps, owner: Ints) -> Reached:
        """Find the quickest way to each owner within the limit of the tree, owners ascending.

        Parameters
        ----------
        tree
            From where.
        steps, owner
            Access points and whose they are.
        """
        self._row_of_node[tree.node] = np.arange(len(tree.node))
        ways = [self._over(end, tree, steps, owner) for end in (FROM, TO)]
        self._row_of_node[tree.node] = -1
        ways += [_direct(start, tree, steps, owner) for start in range(len(tree.steps.edge))]
        return _quickest(
            Reached(
                *(
                    np.concatenate([getattr(way, part.name) for way in ways])
                    for part in fields(Reached)
                )
            ),
            tree.limit_ms,
        )

    def _over(self, end: int, tree: Tree, steps: Steps, owner: Ints) -> Reached:
        """Go through the network to one end of the edge, and along it to the point."""
        at = self._row_of_node[self._ends[end][steps.edge]]
        row = np.flatnonzero((at >= 0) & (steps.in_ms[end] >= 0))
        at = at[row]
        last_mm = steps.end_mm[end, row]
        return Reached(
            owner=owner[row],
            row=row,
            end=np.full(len(row), end),
            time_ms=tree.time_ms[at] + steps.in_ms[end, row] + steps.gap_ms[row],
            distance_mm=tree.distance_mm[at] + last_mm + steps.gap_mm[row],
            private=tree.private[at] | (steps.private[row] & (last_mm > 0)),
            estimated=tree.estimated[at] | steps.estimated[row],
        )


def _direct(start: int, tree: Tree, steps: Steps, owner: Ints) -> Reached:
    """Stay on the edge on which the origin lies."""
    row, ms, mm = between(tree.steps, start, steps)
    return Reached(
        owner=owner[row],
        row=row,
        end=np.full(len(row), SAME_EDGE),
        time_ms=tree.steps.gap_ms[start] + ms + steps.gap_ms[row],
        distance_mm=tree.steps.gap_mm[start] + mm + steps.gap_mm[row],
        private=steps.private[row] & (mm > 0),
        estimated=tree.steps.estimated[start] | steps.estimated[row],
    )


def _quickest(ways: Reached, limit_ms: int) -> Reached:
    ways = ways.only(ways.time_ms <= limit_ms)
    cost = (ways.time_ms << _MM_BITS) | ways.distance_mm
    order = np.lexsort((ways.end, ways.row, cost, ways.owner))
    _, first = np.unique(ways.owner[order], return_index=True)
    return ways.only(order[first])
