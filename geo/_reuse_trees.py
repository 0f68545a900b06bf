"""Searches that a change of the network does not touch, renumbered for the new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from geo._reuse_difference import Difference
from geo._steps import step_costs
from geo._trees import Tree
from geo.snapping import Snapped

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def same_starts(difference: Difference, before: Snapped, after: Snapped) -> Bools:
    """Say which owners meet the new network exactly where they met the old one.

    Parameters
    ----------
    difference
        As ``compare`` makes it.
    before, after
        The same owners joined to the old and the new network, in one order.

    Returns
    -------
    numpy.ndarray
        Shape ``(owners,)``.

    Raises
    ------
    ValueError
        If they are not the same owners.
    """
    if before.ids != after.ids:
        raise ValueError("other owners than before")
    count = len(before.ids)
    many = [np.bincount(one.owner, minlength=count) for one in (before, after)]
    same: Bools = np.asarray(many[0] == many[1])
    # Compared row by row, each side in the order of the new edges.
    rows = np.flatnonzero(same[before.owner])
    edge = difference.edge[before.edge[rows]]
    rows = rows[np.lexsort((before.offset_m[rows], edge, before.owner[rows]))]
    others = np.flatnonzero(same[after.owner])
    differs = difference.edge[before.edge[rows]] != after.edge[others]
    for name in ("offset_m", "gap_m", "estimated"):
        differs |= getattr(before, name)[rows] != getattr(after, name)[others]
    for name in ("start_xy", "foot_xy"):
        differs |= (getattr(before, name)[rows] != getattr(after, name)[others]).any(axis=1)
    same[after.owner[others[differs]]] = False
    return same


def untouched(
    difference: Difference, trees: Sequence[Tree], before: Snapped, after: Snapped
) -> Bools:
    """Say which searches give the same in the new network.

    Parameters
    ----------
    difference
        As ``compare`` makes it.
    trees
        Searches of the old network, one per owner of ``before``, in that order.
    before, after
        The origins, joined to the old and the new network.

    Returns
    -------
    numpy.ndarray
        Shape ``(trees,)``.
    """
    same = same_starts(difference, before, after)
    if not len(trees):
        return same
    many = [len(tree.node) for tree in trees]
    changed = difference.changed_nodes(trees[0].profile_id)
    # Who starts on an edge that changed does so even if its ends are beyond the limit.
    edges = difference.changed_edges(trees[0].profile_id)
    same[before.owner[edges[before.edge]]] = False
    of_tree = np.repeat(np.arange(len(trees)), many)
    met = changed[np.concatenate([tree.node for tree in trees])]
    same[of_tree[met]] = False
    return same


def carry_trees(
    difference: Difference, trees: Sequence[Tree], rows: Ints, before: Snapped, after: Snapped
) -> list[Tree]:
    """Renumber untouched searches for the new network.

    Of two equally good ways another may be in ``parent`` and ``edge`` than a new search
    would take; all else is what it would give.

    Parameters
    ----------
    difference, trees, before, after
        As for ``untouched``.
    rows
        Which of them, all untouched.
    """
    if not len(rows):
        return []
    some = [trees[row] for row in rows.tolist()]
    profile = difference.new.profiles[some[0].profile_id]
    steps = step_costs(difference.new, after, profile, some[0].state)
    links = np.stack([after.start_xy, after.foot_xy], axis=1)
    bounds = np.arange(len(after.ids) + 1)
    first, old_first = np.searchsorted(after.owner, bounds), np.searchsorted(before.owner, bounds)
    carried = []
    for row, tree in zip(rows.tolist(), some, strict=True):
        points = slice(int(first[row]), int(first[row + 1]))
        old_points = slice(int(old_first[row]), int(old_first[row + 1]))
        rank = _rank(difference.edge[before.edge[old_points]], before.offset_m[old_points])
        carried.append(
            replace(
                _renumbered(difference, tree, rank),
                steps=steps.only(points),
                link_xy=links[points],
            )
        )
    return carried


def _rank(edge: Ints, offset_m: npt.NDArray[np.float64]) -> Ints:
    rank = np.empty(len(edge), dtype=np.int64)
    rank[np.lexsort((offset_m, edge))] = np.arange(len(edge))
    return rank


def _renumbered(difference: Difference, tree: Tree, rank: Ints) -> Tree:
    """Renumber nodes, edges and access points (by ``rank``) of a tree; nodes stay ascending."""
    node = difference.node[tree.node]
    order = np.argsort(node, kind="stable")
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    parent = np.where(tree.parent >= 0, place[tree.parent], -1)
    entered = tree.edge < 0
    code = -1 - tree.edge[entered].astype(np.int64)
    edge = difference.edge[np.maximum(tree.edge, 0)]
    edge[entered] = -1 - (2 * rank[code // 2] + code % 2)
    return replace(
        tree,
        node=node[order].astype(np.int32),
        time_ms=tree.time_ms[order],
        distance_mm=tree.distance_mm[order],
        private=tree.private[order],
        estimated=tree.estimated[order],
        by_hours=tree.by_hours[order],
        unknown_mm=tree.unknown_mm[order],
        parent=parent[order].astype(np.int32),
        edge=edge[order].astype(np.int32),
    )
