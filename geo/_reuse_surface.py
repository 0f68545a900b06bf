"""Carrying the grids of isochrones over to a changed network, and areas that stay."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo._passable import ways_of_home
from geo._reuse_difference import Difference
from geo._surface import Surface

_FAR_CELLS = 12
"""Farther from an area than so many cells and twice its radius, nothing changes it."""


def carry_surfaces(difference: Difference) -> None:
    """Let the new network take from the old one's grids the tiles that are the same.

    A tile is the same where no way that is gone, new, or now (or no longer) on an island
    may be nearest to any of its cells. ``geo.isochrones`` then computes only the others.

    Parameters
    ----------
    difference
        As ``compare`` makes it.
    """
    old, new = difference.old, difference.new
    if not difference.ordered:
        return
    for key, made in list(old._memory.items()):  # noqa: SLF001
        # Grids with islands go by the numbers of these, which may have changed.
        if isinstance(made, Surface) and key[-1] == () and key not in new._memory:  # noqa: SLF001
            edges = ways_of_home(new)
            if len(edges):
                new._memory[key] = made.carried(new, edges, difference.edge)  # noqa: SLF001


def areas_stay(
    difference: Difference, areas: npt.NDArray[Any], *, radius_m: float, cell_m: float
) -> npt.NDArray[np.bool_]:
    """Say which isochrones stay, of origins whose searches stay.

    An area may change although the search does not: its cells take the nearest way, even
    if that is not reached.

    Parameters
    ----------
    difference
        As ``compare`` makes it.
    areas
        The area of each origin's longest threshold, shape ``(k,)``.
    radius_m, cell_m
        How far isochrones reach from the ways, and the size of their cells.

    Returns
    -------
    numpy.ndarray
        Shape ``(k,)``; False where it may change, and for areas that are empty.
    """
    lines = _moved(difference)
    stays = ~shapely.is_empty(areas)
    if len(lines):
        tree = shapely.STRtree(lines)
        far_m = 2 * radius_m + _FAR_CELLS * cell_m
        stays[tree.query(areas, predicate="dwithin", distance=far_m)[0]] = False
    return stays


def _moved(difference: Difference) -> npt.NDArray[Any]:
    """Return the ways that cells may lie nearest to in one network alone.

    These are ways on foot that are gone or new, those that are an island's in one network
    alone, and those of islands that are put together of other ways than before: they count
    for whoever stands there.
    """
    old, new, stays = difference.old, difference.new, difference.stays
    there = difference.edge[stays]
    one, other = old.parts(), new.parts()
    part, new_part = one.component[old.edge_from], other.component[new.edge_from]
    before, after = part[stays].astype(np.int64), new_part[there].astype(np.int64)
    _, pair, many = np.unique(
        before * len(other.nodes) + after, return_inverse=True, return_counts=True
    )
    whole = many[pair] == np.bincount(part)[before]
    whole &= many[pair] == np.bincount(new_part)[after]
    island = one.island()[before]
    moved = (island != other.island()[after]) | (island & ~whole)
    edges = np.concatenate([difference.gone, stays[moved]])
    return np.concatenate(
        [
            old.edge_geometry[edges[old.edge_on_foot[edges]]],
            new.edge_geometry[difference.added[new.edge_on_foot[difference.added]]],
        ]
    )
