"""Which drawings are one stop or station.

A stop is drawn as poles, platforms, stop positions on the road and a relation around them; both
directions are one "Haltestelle", since people ask for the stop, not for its side of the road.
Rail and road are kept apart: a bus stop before a station is another thing than the station,
and what people ask for is either. Tram and bus share a stop if they share its name.

``stop_area``
    Members of one ``public_transport=stop_area`` relation. Reaches 400 m (rail 600 m).
``stop_number``
    The same ``ref:IFOPT`` up to the stop (its first three parts), or ``uic_ref``.
``stop_name``
    The same name within 200 m. Opposite poles at a large crossing are seldom nearer than
    100 m, and no town has two stops of one name so close. A name that ends or begins with the
    other ("Friedhof", "Leimen Friedhof") counts within 40 m.
``stop_parts``
    A part without a name joins the nearest within 75 m (40 m where one has only a tram and
    the other only a bus): stops of different names are farther apart.
``station_parts``
    Platforms and stop positions of trains join the nearest station within 120 m; what is
    called "Gleis 2" has no name of its own.

Different names keep two stops apart, whatever lies between them, and so do different numbers,
unless the names are the same: some networks number every pole. A part that does not say what
stops there (``railway=platform``) is taken for what is around it, and for a plain stop, not a
station, where nothing is. The shelter of a stop is part of it, and an entrance to the
underground is a way into its station; neither is a place of its own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely

from layers._clusters import Link
from layers._names import Name, is_end, normalise_name
from layers.taxonomy import Category

if TYPE_CHECKING:
    from layers.merging import Drawings

STATION = "station"
STOP = "bus_stop"
AREA_REACH_M = 400.0
RAIL_REACH_M = 600.0
NAME_M = 200.0
END_OF_NAME_M = 40.0
PARTS_M = 75.0
OTHER_MODE_M = 40.0
STATION_PARTS_M = 120.0
REACH_M = 250.0

_RAIL = ("train", "subway", "light_rail", "monorail")
_ROAD = ("bus", "trolleybus", "tram", "share_taxi", "coach")
_NO_NAME = re.compile(
    r"(?:gleis|bahnsteig|steig|platform|richtung|bussteig)?\s*[a-z]?\s*\d{0,3}\s*[a-z]?(?:\s*[;/,]\s*\d+)*",
    re.IGNORECASE,
)


def is_stop(category: Category) -> bool:
    """Whether drawings of a category are merged as stops."""
    return category.merging == "stop"


def stop_name(tags: Mapping[str, str]) -> Name:
    """Return the name of a stop; nothing for "Gleis 2" or "A"."""
    name = tags.get("name") or ""
    return () if _NO_NAME.fullmatch(name) else normalise_name(name)


def stop_modes(tags: Mapping[str, str]) -> frozenset[str]:
    """Return what stops there as far as the tags tell, e.g. ``{"bus", "tram"}``."""
    modes = {mode for mode in (*_RAIL, *_ROAD) if tags.get(mode) == "yes"}
    if tags.get("highway") == "bus_stop" or tags.get("amenity") == "bus_station":
        modes.add("bus")
    if tags.get("railway") == "tram_stop":
        modes.add("tram")
    if tags.get("railway") in {"station", "halt"} and not modes & {*_RAIL, "tram"}:
        modes.add("train")
    return frozenset(modes)


def settle_sides(
    ids: Sequence[str],
    tags: Sequence[Mapping[str, str]],
    categories: Sequence[Category],
    geometry: npt.NDArray[Any],
    stop_areas: Mapping[str, Sequence[str]],
) -> list[Category]:
    """Tell rail from road where a part of a stop does not say which it is.

    Such a part goes with the others of its stop area, else with what is nearest: within 75 m,
    a ``railway=platform`` with the nearest of train or tram within 120 m. On its own it is a
    plain stop.

    Parameters
    ----------
    ids, tags, categories, geometry
        The drawings of all places, metric.
    stop_areas
        Members of each stop area by its relation.

    Returns
    -------
    list of Category
        The categories, those of such parts settled.
    """
    settled = list(categories)
    stops = [index for index, category in enumerate(categories) if is_stop(category)]
    by_id = {categories[index].id: categories[index] for index in stops}
    modes = {index: stop_modes(tags[index]) for index in stops}
    told = [index for index in stops if modes[index]]
    untold = [index for index in stops if not modes[index]]
    if not untold:
        return settled
    by_area = _sides_by_area(ids, categories, told, untold, stop_areas)
    on_rails = [index for index in told if modes[index] - {"bus"}]
    for index in untold:
        side = by_area.get(index)
        if side is None and tags[index].get("railway") == "platform":
            side = _nearest_side(index, on_rails, STATION_PARTS_M, categories, geometry)
        elif side is None:
            side = _nearest_side(index, told, PARTS_M, categories, geometry)
        if side is None and categories[index].id == STATION and _is_platform(tags[index]):
            side = STOP
        if side is not None:
            settled[index] = by_id.get(side, categories[index])
    return settled


def _is_platform(tags: Mapping[str, str]) -> bool:
    return "platform" in {tags.get("railway"), tags.get("public_transport")}


def _sides_by_area(
    ids: Sequence[str],
    categories: Sequence[Category],
    told: Sequence[int],
    untold: Sequence[int],
    stop_areas: Mapping[str, Sequence[str]],
) -> dict[int, str]:
    sides = {ids[index]: categories[index].id for index in told}
    where = {ids[index]: index for index in untold}
    found: dict[int, str] = {}
    for relation in sorted(stop_areas):
        known = {sides[member] for member in stop_areas[relation] if member in sides}
        if len(known) == 1:
            only = next(iter(known))
            found |= {where[one]: only for one in stop_areas[relation] if one in where}
    return found


def _nearest_side(
    index: int,
    others: Sequence[int],
    reach_m: float,
    categories: Sequence[Category],
    geometry: npt.NDArray[Any],
) -> str | None:
    if not others:
        return None
    distances = shapely.distance(geometry[index], geometry[np.array(others)])
    nearest = int(np.argmin(distances))
    return categories[others[nearest]].id if distances[nearest] <= reach_m else None


def stop_links(drawings: Drawings) -> list[Link]:
    """Find the drawings that may be one stop or station."""
    sides = {
        index: category.id
        for index, category in enumerate(drawings.categories)
        if is_stop(category)
    }
    links = [*_area_links(drawings, sides)]
    for side in sorted(set(sides.values())):
        same_side = [index for index in sides if sides[index] == side]
        links += _number_links(drawings, same_side, rail=side == STATION)
        links += _near_links(drawings, same_side, rail=side == STATION)
    return links


def stops_agree(drawings: Drawings, left: Sequence[int], right: Sequence[int]) -> bool:
    """Whether two groups may be one stop: no names that differ, no numbers under two names."""
    names = [{stop_name(drawings.tags[index]) for index in side} - {()} for side in (left, right)]
    for one in names[0]:
        for other in names[1]:
            if one != other and not is_end(one, other):
                return False
    if names[0] & names[1]:
        return True
    for number in (_ifopt, _uic):
        numbers = [
            {number(drawings.tags[index]) for index in side} - {""} for side in (left, right)
        ]
        if numbers[0] and numbers[1] and not numbers[0] & numbers[1]:
            return False
    return True


def _area_links(drawings: Drawings, sides: Mapping[int, str]) -> Iterable[Link]:
    where = {drawings.ids[index]: index for index in sides}
    for relation in sorted(drawings.stop_areas):
        by_side: dict[str, list[int]] = defaultdict(list)
        for member in drawings.stop_areas[relation]:
            if member in where:
                by_side[sides[where[member]]].append(where[member])
        for side, found in by_side.items():
            reach = RAIL_REACH_M if side == STATION else AREA_REACH_M
            ordered = sorted(set(found))
            for first, second in pairwise(ordered):
                distance = _distance(drawings, first, second)
                yield Link(0, distance, first, second, "stop_area", reach, explicit=True)


def _number_links(drawings: Drawings, stops: Sequence[int], *, rail: bool) -> Iterable[Link]:
    reach = RAIL_REACH_M if rail else AREA_REACH_M
    for number in (_ifopt, _uic):
        groups: dict[str, list[int]] = defaultdict(list)
        for index in stops:
            value = number(drawings.tags[index])
            if value:
                groups[value].append(index)
        for found in groups.values():
            for first, second in pairwise(found):
                distance = _distance(drawings, first, second)
                yield Link(1, distance, first, second, "stop_number", reach)


def _near_links(drawings: Drawings, stops: Sequence[int], *, rail: bool) -> Iterable[Link]:
    subset = np.array(stops)
    tree = shapely.STRtree(drawings.geometry[subset])
    names = {index: stop_name(drawings.tags[index]) for index in stops}
    modes = {index: stop_modes(drawings.tags[index]) for index in stops}
    pairs = tree.query(drawings.geometry[subset], predicate="dwithin", distance=NAME_M)
    for left, right in pairs.T:
        if left >= right:
            continue
        first, second = sorted((int(subset[left]), int(subset[right])))
        distance = _distance(drawings, first, second)
        one, other = names[first], names[second]
        if one and other:
            if one == other:
                yield Link(2, distance, first, second, "stop_name", AREA_REACH_M)
            elif distance <= END_OF_NAME_M and is_end(one, other):
                yield Link(3, distance, first, second, "stop_name", REACH_M)
            elif _encloses(drawings, first, second):
                yield Link(3, distance, first, second, "stop_parts", REACH_M, explicit=True)
        elif rail:
            if distance <= STATION_PARTS_M:
                yield Link(4, distance, first, second, "station_parts", RAIL_REACH_M)
        else:
            apart = modes[first] and modes[second] and not modes[first] & modes[second]
            if distance <= (OTHER_MODE_M if apart else PARTS_M):
                yield Link(4, distance, first, second, "stop_parts", REACH_M)


def _encloses(drawings: Drawings, first: int, second: int) -> bool:
    """Whether one is a bus station and the other one of its bays."""
    for whole, part in ((first, second), (second, first)):
        if drawings.tags[whole].get("amenity") == "bus_station" and bool(
            shapely.covers(drawings.geometry[whole], drawings.points[part])
        ):
            return True
    return False


def _distance(drawings: Drawings, first: int, second: int) -> float:
    return float(shapely.distance(drawings.geometry[first], drawings.geometry[second]))


def _ifopt(tags: Mapping[str, str]) -> str:
    """Return the part of an IFOPT that names the stop: ``de:05913:37`` of ``de:05913:37:1:01``."""
    parts = tags.get("ref:IFOPT", "").split(":")
    return ":".join(parts[:3]) if len(parts) >= 3 else ""  # noqa: PLR2004 - country, district, stop


def _uic(tags: Mapping[str, str]) -> str:
    return tags.get("uic_ref", "")
