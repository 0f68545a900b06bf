"""Choosing from the objects of an extract those that are places, and are in use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo.extract import Extract
from layers._stops import settle_sides
from layers.lifecycle import VACANT_VALUES, Ended, former_tags, why_ended
from layers.taxonomy import Category, Taxonomy

Geometries = npt.NDArray[Any]
Tags = Mapping[str, str]

_MAIN_KEYS = ("shop", "amenity", "office", "craft")
_AREA = 2


@dataclass(frozen=True)
class Chosen:
    """Objects that belong to a category and are in use, in the order of the extract.

    Attributes
    ----------
    ids, tags, categories
        OSM ids, tags and categories.
    geometry, points
        Their geometry, and a point at or in each; metric.
    lonlat
        The points in longitude and latitude.
    ended
        Ids of the objects that are no longer or not yet in use, by the reason.
    undated
        Ids of objects with an ``end_date`` that could not be compared with anything.
    """

    ids: Sequence[str]
    tags: Sequence[Tags]
    categories: Sequence[Category]
    geometry: Geometries
    points: Geometries
    lonlat: Geometries
    ended: Mapping[Ended, Sequence[str]]
    undated: Sequence[str]


def choose(extract: Extract, taxonomy: Taxonomy, crs: str, today: date | None) -> Chosen:
    """Choose the objects that belong to a category; note those that are not in use.

    Parameters
    ----------
    extract
        Read with the ``feature_keys`` of the taxonomy.
    taxonomy
        Which tags make which category.
    crs
        Metric CRS of the result.
    today
        Date of the data; None if it is not known.
    """
    features = extract.features
    wanted = taxonomy.feature_values
    rows: list[int] = []
    categories: list[Category] = []
    ended: dict[Ended, list[str]] = defaultdict(list)
    undated: list[str] = []
    ids: list[str] = features["osm_id"].tolist()
    tags: list[dict[str, str]] = features["tags"].tolist()
    for row, one in enumerate(tags):
        category = taxonomy.match(one, np.inf) if _may_match(one, wanted) else None
        why = why_ended(one, today) if category is not None else _was(one, taxonomy)
        if why is not None:
            ended[why].append(ids[row])
        elif category is not None:
            rows.append(row)
            categories.append(category)
            if today is None and one.get("end_date"):
                undated.append(ids[row])
    taken = features.take(rows).geometry
    geometry = np.array(taken.to_crs(crs), dtype=object)
    keep = _large_enough([tags[row] for row in rows], categories, geometry, taxonomy)
    kept_ids = [ids[rows[index]] for index in keep]
    kept_tags = [tags[rows[index]] for index in keep]
    kept = [categories[index] for index in keep]
    return Chosen(
        ids=kept_ids,
        tags=kept_tags,
        categories=settle_sides(kept_ids, kept_tags, kept, geometry[keep], extract.stop_areas),
        geometry=geometry[keep],
        points=points_of(geometry[keep]),
        lonlat=points_of(np.array(taken, dtype=object)[keep]),
        ended=dict(ended),
        undated=undated,
    )


def points_of(geometry: Geometries) -> Geometries:
    """Return a point at each: the node, the middle of a line, a point inside an area."""
    dimension = shapely.get_dimensions(geometry)
    points = geometry.copy()
    areas, lines = dimension == _AREA, dimension == 1
    points[areas] = shapely.point_on_surface(geometry[areas])
    points[lines] = shapely.line_interpolate_point(geometry[lines], 0.5, normalized=True)
    return points


def _may_match(tags: Tags, wanted: Mapping[str, frozenset[str] | None]) -> bool:
    """Whether any value can lead a rule: quick, as most objects are ordinary streets."""
    for key, value in tags.items():
        if key in wanted:
            values = wanted[key]
            if values is None or value in values or ";" in value:
                return True
    return False


def _was(tags: Tags, taxonomy: Taxonomy) -> Ended | None:
    """Say why an object without a category is a place that was or will be, if it is one."""
    if any(tags.get(key) in VACANT_VALUES for key in _MAIN_KEYS):
        return Ended.VACANT
    former = former_tags(tags)
    if former is None:
        return None
    why, before = former
    of_use = taxonomy.match(before) is not None or any(key in before for key in _MAIN_KEYS)
    return why if of_use else None


def _large_enough(
    tags: Sequence[Tags],
    categories: list[Category],
    geometry: Geometries,
    taxonomy: Taxonomy,
) -> npt.NDArray[np.int64]:
    """Leave out what has no name and is too small, unless it is of another category, too."""
    keep: list[int] = []
    for index, category in enumerate(categories):
        if category.unnamed_from_m2 and not tags[index].get("name"):
            other = taxonomy.match(tags[index], float(shapely.area(geometry[index])))
            if other is None:
                continue
            categories[index] = other
        keep.append(index)
    return np.array(keep, dtype=np.int64)
