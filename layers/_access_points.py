"""Where a place is entered: doors, the poles of a stop, the entrances of an underground."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from layers._stops import STATION, is_stop, stop_name
from layers.merging import Drawings

DOOR_M = 0.5
"""A door this near to the outline of a place is one of its doors."""
SHELTER_M = 30.0
ENTRANCE_M = 250.0
# Doors that visitors do not come in by; those of flats above a shop among them.
_NO_DOOR = frozenset(
    {"no", "garage", "emergency", "exit", "service", "fire_exit", "elevator", "home", "staircase",
     "residence", "staff", "secondary_exit"}
)  # fmt: skip

Tags = Mapping[str, str]


@dataclass(frozen=True)
class StopExtras:
    """What belongs to a stop without being a place.

    Attributes
    ----------
    osm_ids
        Shelters, underground entrances and the relation of its stop area.
    entrances
        MultiPoint of poles and platforms or of underground entrances, or None.
    """

    osm_ids: tuple[str, ...]
    entrances: Any


def stop_extras(
    features: gpd.GeoDataFrame, drawings: Drawings, things: Sequence[Sequence[int]], crs: str
) -> dict[int, StopExtras]:
    """Find what belongs to each stop, by the index of its leading drawing.

    Parameters
    ----------
    features
        As in ``geo.extract.Extract``.
    drawings
        All drawings of places.
    things
        The drawings of each place, the leading one first.
    crs
        Metric CRS of the drawings.
    """
    stops = [members for members in things if is_stop(drawings.categories[members[0]])]
    ids: dict[int, list[str]] = defaultdict(list)
    for relation, lead in _relations(drawings, stops).items():
        ids[lead].append(relation)
    for shelter, lead in _shelters(features, drawings, stops, crs):
        ids[lead].append(shelter)
    gates: dict[int, list[Any]] = defaultdict(list)
    for entrance, point, lead in _underground(features, drawings, stops, crs):
        ids[lead].append(entrance)
        gates[lead].append(point)
    return {
        members[0]: StopExtras(
            tuple(ids[members[0]]), _points(gates[members[0]] or _boarding(drawings, members))
        )
        for members in stops
    }


def doors_of(outlines: Sequence[Any], entrances: gpd.GeoDataFrame, crs: str) -> list[Any]:
    """Return a MultiPoint of the doors on each outline, None where there are none.

    Main entrances if there are any, else all that visitors may use.

    Parameters
    ----------
    outlines
        Polygons, metric, or None.
    entrances
        As in ``geo.extract.Extract``.
    crs
        Metric CRS of the outlines.
    """
    doors: list[Any] = [None] * len(outlines)
    areas = [index for index, shape in enumerate(outlines) if _is_area(shape)]
    tags = entrances["tags"].tolist()
    usable = [row for row, one in enumerate(tags) if _is_door(one)]
    if not areas or not usable:
        return doors
    points = np.array(entrances.take(usable).geometry.to_crs(crs), dtype=object)
    main = [tags[row].get("entrance") == "main" for row in usable]
    rings = shapely.boundary(np.array([outlines[index] for index in areas], dtype=object))
    rows, hits = shapely.STRtree(points).query(rings, predicate="dwithin", distance=DOOR_M)
    found: dict[int, list[int]] = defaultdict(list)
    for row, hit in zip(rows.tolist(), hits.tolist(), strict=True):
        found[areas[row]].append(hit)
    for index, several in found.items():
        best = [hit for hit in several if main[hit]] or several
        doors[index] = _points([points[hit] for hit in best])
    return doors


def _is_door(tags: Tags) -> bool:
    return tags.get("entrance") not in _NO_DOOR and tags.get("access") not in {"no", "private"}


def _boarding(drawings: Drawings, members: Sequence[int]) -> list[Any]:
    """Return the points where people wait; of a station its outline says it better."""
    if drawings.categories[members[0]].id == STATION:
        return []
    waiting = [
        index
        for index in members
        if drawings.tags[index].get("public_transport") != "stop_position"
        and shapely.area(drawings.geometry[index]) < 1000  # noqa: PLR2004 - m², no bus station
    ]
    return [drawings.points[index] for index in waiting] if len(waiting) > 1 else []


def _relations(drawings: Drawings, stops: Sequence[Sequence[int]]) -> dict[str, int]:
    """Give each stop area to the stop that most of its members belong to."""
    lead_of = {drawings.ids[index]: members[0] for members in stops for index in members}
    order = {members[0]: position for position, members in enumerate(stops)}
    found: dict[str, int] = {}
    for relation, ids in drawings.stop_areas.items():
        leads = [lead_of[member] for member in ids if member in lead_of]
        if leads:
            found[relation] = max(set(leads), key=lambda one: (leads.count(one), -order[one]))
    return found


def _shelters(
    features: gpd.GeoDataFrame, drawings: Drawings, stops: Sequence[Sequence[int]], crs: str
) -> list[tuple[str, int]]:
    found = _with_tags(
        features,
        lambda tags: (
            tags.get("amenity") == "shelter" and tags.get("shelter_type") == "public_transport"
        ),
    )
    nearest = _nearest_stops(features, found, drawings, stops, crs=crs, reach_m=SHELTER_M)
    taken = {one for members in stops for one in (drawings.ids[index] for index in members)}
    return [(osm_id, near[0]) for osm_id, _, near in nearest if near and osm_id not in taken]


def _underground(
    features: gpd.GeoDataFrame, drawings: Drawings, stops: Sequence[Sequence[int]], crs: str
) -> list[tuple[str, Any, int]]:
    """Give entrances of the underground to the station of their stop area, name or nearness."""
    stations = [members for members in stops if drawings.categories[members[0]].id == STATION]
    found = _with_tags(features, lambda tags: tags.get("railway") == "subway_entrance")
    nearest = _nearest_stops(features, found, drawings, stations, crs=crs, reach_m=ENTRANCE_M)
    areas: dict[str, set[str]] = defaultdict(set)
    for relation, ids in drawings.stop_areas.items():
        for member in ids:
            areas[member].add(relation)
    by_lead = {members[0]: members for members in stations}
    result: list[tuple[str, Any, int]] = []
    tags_of = dict(zip(features["osm_id"].iloc[found], features["tags"].iloc[found], strict=True))
    for osm_id, point, near in nearest:
        own = areas.get(osm_id, set())
        name = stop_name(tags_of[osm_id])

        def rank(lead: int, own: set[str] = own, name: Any = name) -> tuple[bool, bool]:
            members = by_lead[lead]
            shared = any(own & areas.get(drawings.ids[index], set()) for index in members)
            named = any(stop_name(drawings.tags[index]) == name for index in members)
            return (not shared, not (name and named))

        if near:
            result.append((osm_id, point, min(near, key=rank)))
    return result


def _nearest_stops(
    features: gpd.GeoDataFrame,
    found: Sequence[int],
    drawings: Drawings,
    stops: Sequence[Sequence[int]],
    *,
    crs: str,
    reach_m: float,
) -> list[tuple[str, Any, list[int]]]:
    """Return id, point and the leads of the stops within reach, the nearest first."""
    if not len(found) or not stops:
        return []
    members = np.array([index for stop in stops for index in stop], dtype=np.int64)
    leads = [stop[0] for stop in stops for _ in stop]
    shapes = np.array(features.take(list(found)).geometry.to_crs(crs), dtype=object)
    tree = shapely.STRtree(drawings.geometry[members])
    rows, hits = tree.query(shapes, predicate="dwithin", distance=reach_m)
    distances = shapely.distance(shapes[rows], drawings.geometry[members][hits])
    near: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for row, hit, distance in zip(rows, hits, distances, strict=True):
        near[int(row)].append((float(distance), leads[int(hit)]))
    ids = features["osm_id"].iloc[list(found)].tolist()
    return [
        (ids[row], shapely.point_on_surface(shapes[row]),
         list(dict.fromkeys(lead for _, lead in sorted(near.get(row, [])))))
        for row in range(len(shapes))
    ]  # fmt: skip


def _with_tags(features: gpd.GeoDataFrame, wanted: Any) -> list[int]:
    return [row for row, tags in enumerate(features["tags"].tolist()) if wanted(tags)]


def _points(points: Sequence[Any]) -> Any:
    return shapely.normalize(shapely.MultiPoint(list(points))) if len(points) else None


def _is_area(shape: Any) -> bool:
    return isinstance(shape, shapely.Polygon | shapely.MultiPolygon)
