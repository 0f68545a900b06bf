"""What spots without a name are called, so that people find them: by street and landmark."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo.extract import Tags
from layers._exclusions import is_closed
from layers._german import decimal_text
from layers.people import People

_LANDMARKS = frozenset(
    {"place_of_worship", "townhall", "school", "library", "community_centre", "fire_station",
     "supermarket", "bakery", "pharmacy", "kindergarten", "museum", "bus_stop", "station",
     "sports_centre", "cafe", "bank", "park"}
)  # fmt: skip
"""Categories by whose places people say where something is; none that tells of illness."""

_STREET_M = 150.0
_AT_M = 25.0
_BY_STREET_M = 400.0
_KM = 1000
_COMPASS = (
    "östlich", "nordöstlich", "nördlich", "nordwestlich",
    "westlich", "südwestlich", "südlich", "südöstlich",
)  # fmt: skip


class SpotNames:
    """Names spots of a study.

    Parameters
    ----------
    people
        The study.
    """

    def __init__(self, people: People) -> None:
        network = people.ready.network
        self._edge_street = _streets(network.edge_tags)
        named = [number for number, name in enumerate(self._edge_street) if name]
        self._streets = [self._edge_street[number] for number in named]
        self._lines = shapely.STRtree(network.edge_geometry[named])
        places = people.ready.places.frame
        closed = places["name"].map(is_closed).astype(bool)
        marks = places[(places["name"] != "") & places["category"].isin(_LANDMARKS) & ~closed]
        self._marks = marks["name"].tolist()
        self._points = np.array(marks.geometry, dtype=object)
        self._tree = shapely.STRtree(self._points)

    def streets(self, points: npt.NDArray[Any]) -> list[str]:
        """Return the nearest street with a name within 150 m of each point, or ""."""
        return [
            "" if row < 0 else self._streets[row]
            for row in _nearest(self._lines, points, _STREET_M)
        ]

    def of_places(self, kinds: Sequence[str], points: npt.NDArray[Any]) -> list[str]:
        """Name places without a name: "Kirche, Ahornstraße", "Park, 80 m nördlich von …".

        Parameters
        ----------
        kinds
            What they are, in German.
        points
            Where they are, as many.
        """
        streets = self.streets(points)
        marks = self._by_landmark(points, most_m=np.inf)
        return [
            ", ".join(part for part in (kind, street or mark) if part)
            for kind, street, mark in zip(kinds, streets, marks, strict=True)
        ]

    def of_spots(
        self, kinds: Sequence[str], edges: npt.NDArray[np.int64], points: npt.NDArray[Any]
    ) -> list[str]:
        """Name spots on ways: "Ahornstraße, 80 m westlich von »Markt«".

        Parameters
        ----------
        kinds
            What ways they lie on, in German.
        edges
            Edges of the network that they lie on.
        points
            Where they are.
        """
        own = [self._edge_street[edge] for edge in edges]
        near = self.streets(points)
        marks = self._by_landmark(points, most_m=np.inf)
        close = self._by_landmark(points, most_m=_BY_STREET_M)
        names = []
        for kind, street, by, mark, close_mark in zip(kinds, own, near, marks, close, strict=True):
            if street:
                names.append(", ".join(part for part in (street, close_mark) if part))
            elif close_mark or not by:
                names.append(", ".join(part for part in (kind, mark) if part))
            else:
                names.append(f"{kind} nahe {by}")
        return _told_apart(_told_apart(names, marks), [])

    def _by_landmark(self, points: npt.NDArray[Any], most_m: float) -> list[str]:
        """Return "120 m östlich von »Markt«" for each point, or "" where nothing is near."""
        texts = []
        for point, row in zip(points, _nearest(self._tree, points, most_m), strict=True):
            if row < 0:
                texts.append("")
                continue
            mark = self._points[row]
            east, north = point.x - mark.x, point.y - mark.y
            far = float(np.hypot(east, north))
            name = f"»{self._marks[row]}«"
            if far < _AT_M:
                texts.append(f"bei {name}")
                continue
            eighth = round(float(np.arctan2(north, east)) / (np.pi / 4)) % 8
            texts.append(f"{_distance(far)} {_COMPASS[eighth]} von {name}")
        return texts


def _told_apart(names: Sequence[str], more: Sequence[str]) -> list[str]:
    """Return names with more said where several are the same: where, else a number."""
    often = Counter(names)
    seen: Counter[str] = Counter()
    result = []
    for place, name in enumerate(names):
        seen[name] += 1
        if often[name] == 1:
            result.append(name)
        elif more:
            told = more[place] and more[place] not in name
            result.append(f"{name}, {more[place]}" if told else name)
        else:
            result.append(f"{name} ({seen[name]})")
    return result


def _streets(tags: Sequence[Tags]) -> list[str]:
    """Return the name of each way in one line of printable characters, or ""."""
    said = [one.get("name", "") if "highway" in one else "" for one in tags]
    clean = {name: " ".join(name.split()) for name in set(said)}
    clean = {
        name: "".join(sign for sign in text if sign.isprintable()) for name, text in clean.items()
    }
    return [clean[name] for name in said]


def _distance(metres: float) -> str:
    rounded = int(metres / 10 + 0.5) * 10
    return f"{rounded} m" if rounded < _KM else f"{decimal_text(metres / _KM)} km"


def _nearest(
    tree: shapely.STRtree, points: npt.NDArray[Any], most_m: float
) -> npt.NDArray[np.int64]:
    """Return the row in the tree nearest to each point, the first of equals, −1 for none."""
    found: npt.NDArray[np.int64] = np.full(len(points), -1, dtype=np.int64)
    if not len(tree.geometries) or not len(points):
        return found
    limit = None if np.isinf(most_m) else most_m
    point, row = tree.query_nearest(points, max_distance=limit, all_matches=True)
    order = np.lexsort((row, point))
    first = np.unique(point[order], return_index=True)[1]
    found[point[order][first]] = row[order][first]
    return found
