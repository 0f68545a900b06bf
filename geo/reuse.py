"""What a change of the network leaves as it was, so that it need not be computed again.

    difference = compare(old, new)
    joined = resnap_places(difference, places, joined_before, profile)
    origins = snap_origins(new, sites, profile)
    stays = untouched(difference, trees, origins_before, origins)
    trees = carry_trees(difference, trees, np.flatnonzero(stays), origins_before, origins)
    carry_surfaces(difference)  # before drawing isochrones

All here is exact: what is carried over is what computing anew would give. Where that cannot
be known from the difference alone, it is said to be touched, or computed anew.
"""

from __future__ import annotations

from geo._reuse_difference import Difference, compare
from geo._reuse_snapping import resnap_places
from geo._reuse_surface import areas_stay, carry_surfaces
from geo._reuse_trees import carry_trees, same_starts, untouched

__all__ = [
    "Difference", "areas_stay", "carry_surfaces", "carry_trees", "compare", "resnap_places",
    "same_starts", "untouched",
]  # fmt: skip
