"""Sets of OSM ids, as sorted arrays.

Bitmaps, which osmium uses, take one bit for every id up to the largest: 1.6 GB for the node ids
of 2026, though the surroundings of a house have only some hundred thousand of them.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_SLOTS_PER_ID = 16
_LEAST_BITS, _MOST_BITS = 10, 26


class IdSet:
    """A set of ids that is asked for many ids at a time; negative ones are ids, too.

    Parameters
    ----------
    parts
        Ids in any order, also repeated.
    """

    def __init__(self, parts: Iterable[Ints] = ()) -> None:
        self.ids: Ints = np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *parts]))
        bits = (len(self.ids) * _SLOTS_PER_ID).bit_length()
        self._mask = (1 << min(max(bits, _LEAST_BITS), _MOST_BITS)) - 1
        # Most ids asked for are not in the set; their last bits tell that at once.
        self._slots = np.zeros(self._mask + 1, dtype=np.bool_)
        self._slots[self.ids & self._mask] = True

    def __len__(self) -> int:
        return len(self.ids)

    def contains(self, ids: Ints) -> Bools:
        """Return which of the ids are in the set."""
        found: Bools = self._slots[ids & self._mask]
        rows = np.flatnonzero(found)
        asked = ids[rows]
        places = np.searchsorted(self.ids, asked)
        found[rows] = self.ids[np.minimum(places, len(self.ids) - 1)] == asked
        return found

    def meets(self, least: int, most: int) -> bool:
        """Whether the set has any id from `least` to `most`."""
        first, last = np.searchsorted(self.ids, [least, most + 1])
        return bool(last > first)
