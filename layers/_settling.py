"""In which order to settle gaps so that soon as many ways as possible are sure.

A way is sure only when all its gaps are settled, so that what lies on most ways need not be
what opens most: where hardly anything is known, each way has dozens of gaps. Gaps are therefore
taken in bundles, each all that is left on some way, greedily by how many ways a bundle opens
for its effort.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

MOST = 200
"""So many gaps are put in order; nobody walks farther down the list."""


def settling_order(way: Ints, item: Ints, effort: Floats, first: Ints) -> list[int]:
    """Return gaps in the order in which to settle them.

    Parameters
    ----------
    way, item
        Each gap on each way, once, sorted by way, shape ``(k,)``; both counted from nought.
    effort
        What it takes to settle each gap, positive, shape ``(n,)``.
    first
        All gaps that are on ways, in the order that counts where nothing else decides.

    Returns
    -------
    list of int
        The same gaps as ``first``. Of bundles that open equally much for their effort the
        smaller one comes first, then the one that begins earlier in ``first``.
    """
    place = np.zeros(len(effort), dtype=np.int64)
    place[first] = np.arange(len(first))
    left = np.zeros(len(effort), dtype=bool)
    left[first] = True
    begins = np.flatnonzero(np.diff(way, prepend=-1))
    mark = _marks(len(effort))
    order: list[int] = []
    while left[first].any() and len(order) < MOST:
        waits = left[item]
        # Equal sums of marks are equal sets of gaps, but for one case in 2⁶⁴.
        bundle = np.add.reduceat(np.where(waits, mark[item], np.uint64(0)), begins)
        cost = np.add.reduceat(np.where(waits, effort[item], 0.0), begins)
        ahead = np.minimum.reduceat(np.where(waits, place[item], len(first)), begins)
        some = np.flatnonzero(ahead < len(first))
        _, one, opened = np.unique(bundle[some], return_index=True, return_counts=True)
        candidate = some[one]
        gain = np.round(opened / cost[candidate], 9)
        best = candidate[np.lexsort((ahead[candidate], cost[candidate], -gain))[0]]
        end = begins[best + 1] if best + 1 < len(begins) else len(way)
        gaps = item[begins[best] : end]
        taken = gaps[left[gaps]]
        order += taken[np.argsort(place[taken])].tolist()
        left[taken] = False
    return [*order, *(int(gap) for gap in first if left[gap])]


def _marks(count: int) -> npt.NDArray[np.uint64]:
    """Return scattered numbers, always the same (SplitMix64, Steele et al. 2014)."""
    mark = (np.arange(1, count + 1, dtype=np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
    mark = (mark ^ (mark >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mark = (mark ^ (mark >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mark ^ (mark >> np.uint64(31))
