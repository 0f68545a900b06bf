"""The homes that a house is compared with: those in the same village or part of town."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from layers.area_types import AROUND_M, origin_shapes
from layers.people import People

Ints = npt.NDArray[np.int64]

KINDS = ("city", "town", "village", "hamlet", "suburb", "quarter")
"""Values of ``place`` in OSM that people say they live in. Single farms and parts of parts
are too small to compare with."""

FEWEST = 10
"""With fewer homes in the same place those within 1 km are taken; with fewer there, none."""


@dataclass(frozen=True, slots=True, eq=False)
class SamePlace:
    """The homes around an origin.

    Attributes
    ----------
    name
        Name of the place in OSM, "" for those within 1 km.
    homes
        Rows of ``People.neighbours.frame``, ascending; none where there are too few.
    """

    name: str
    homes: Ints


def same_places(people: People) -> tuple[SamePlace, ...]:
    """Find for every origin of residents the homes in the same place.

    House and home are in the place whose point in OSM is nearest to them as the crow flies.
    Towns are parted where their suburbs have points, so that a campus at the edge is compared
    with what is around it and a village campus with its village, not with the town that both
    belong to. Addresses do not tell: their ``addr:city`` is the whole municipality.

    Parameters
    ----------
    people
        The study with its residents, in whose order the answer stands.
    """
    shapes = origin_shapes(people)
    homes = people.neighbours.frame.geometry.to_numpy()
    base = people.ready.extract.base
    nodes = base[(base["layer"] == "place_name") & base["kind"].isin(KINDS)]
    nodes = nodes.sort_values("osm_id").to_crs(people.ready.crs)
    tree = shapely.STRtree(shapely.centroid(nodes.geometry.to_numpy()))
    names = nodes["name"].to_numpy(dtype=object)
    around = shapely.STRtree(homes)
    home_place = _nearest(tree, homes)
    found = []
    for shape, place in zip(shapes, _nearest(tree, shapes), strict=True):
        mine = np.flatnonzero(home_place == place) if place >= 0 else _NONE
        name = str(names[place]) if place >= 0 else ""
        if len(mine) < FEWEST:
            mine, name = np.sort(around.query(shape, predicate="dwithin", distance=AROUND_M)), ""
        found.append(SamePlace(name, mine if len(mine) >= FEWEST else _NONE))
    return tuple(found)


_NONE: Ints = np.empty(0, dtype=np.int64)


def _nearest(tree: shapely.STRtree, shapes: npt.NDArray[np.object_]) -> Ints:
    """Return the nearest point of each shape, of equally near ones the first; −1 for none."""
    found = np.full(len(shapes), -1, dtype=np.int64)
    if len(tree) and len(shapes):
        shape, point = tree.query_nearest(shapes, all_matches=True)
        order = np.lexsort((point, shape))[::-1]
        found[shape[order]] = point[order]
    return found
