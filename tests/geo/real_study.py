"""Studies placed on real extracts by a seed: grounds, gates, houses and places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from geo.extract import Extract
from geo.foot_access import Access, foot_access
from geo.sites import Sites
from tests.geo.drawings import CRS, make_sites


@dataclass(frozen=True)
class RealStudy:
    """What is asked of a real extract."""

    sites: Sites
    places: gpd.GeoDataFrame


def place_study(extract: Extract, *, seed: int, houses: int, places: int) -> RealStudy:
    """Place three grounds, some of their gates, houses and places.

    One of the grounds has no given gates. The second has an open, a locked and a timed gate
    where ways cross, the third an open gate away from all ways besides one at a crossing.
    """
    rng = np.random.default_rng(seed)
    lines = _walkable_lines(extract)
    spots = shapely.get_coordinates(lines)
    middle = np.median(spots, axis=0)
    near = spots[np.hypot(*(spots - middle).T) < 1500]
    grounds = {
        name: _tilted_box(near[rng.integers(len(near))], rng, width, height)
        for name, width, height in (
            ("klinik", 420.0, 300.0),
            ("park", 350.0, 260.0),
            ("wohnen", 200.0, 160.0),
        )
    }
    gates: dict[str, tuple[str, str, Any]] = {}
    for name, states in (("park", ["open", "locked", "Mo-Fr 08:00-18:00"]), ("wohnen", ["open"])):
        crossing = shapely.get_coordinates(
            shapely.intersection(lines, shapely.boundary(grounds[name]))
        )
        chosen = rng.choice(len(crossing), min(len(states), len(crossing)), replace=False)
        for number, (row, state) in enumerate(zip(chosen, states, strict=False)):
            moved = crossing[row] + rng.uniform(-4, 4, 2)
            gates[f"{name}-{number}"] = (name, state, shapely.Point(moved))
    corner = shapely.get_coordinates(grounds["wohnen"])[0]
    gates["wohnen-9"] = ("wohnen", "open", shapely.Point(corner))

    union = shapely.union_all(list(grounds.values()))
    found: dict[str, tuple[str, Any, Any]] = {}
    for number in range(houses):
        name = ["klinik", "park", "wohnen", "", ""][number % 5]
        if name:
            point = _inside(grounds[name], rng)
        else:
            point = _near(near, rng, 40)
            while union.intersects(point):
                point = _near(near, rng, 40)
        found[f"h{number:02d}"] = (name, point, None)
    return RealStudy(make_sites(grounds, found, gates), _places(grounds, near, rng, places))


def _places(
    grounds: dict[str, Any], near: Any, rng: np.random.Generator, count: int
) -> gpd.GeoDataFrame:
    points, outlines, campus = [], [], []
    for number in range(count):
        point = _near(near, rng, 30)
        if number % 10 == 0:
            point = _inside(grounds[["klinik", "park", "wohnen"][number // 10 % 3]], rng)
        size = [0.0, 6.0, 60.0][number % 3]
        points.append(point)
        outlines.append(_tilted_box((point.x, point.y), rng, size, size / 2) if size else None)
        campus.append(next((name for name in grounds if grounds[name].intersects(point)), ""))
    frame = gpd.GeoDataFrame(
        {"id": [f"n{number}" for number in range(count)], "on_campus": campus},
        geometry=points,
        crs=CRS,
    )
    frame["outline"] = pd.Series(outlines, dtype=object)
    return frame


def _walkable_lines(extract: Extract) -> Any:
    to_metres = Transformer.from_crs("EPSG:4326", CRS, always_xy=True)
    nodes, ways = extract.nodes, extract.ways
    x, y = to_metres.transform(nodes.longitude, nodes.latitude)
    at = {int(node): (a, b) for node, a, b in zip(nodes.ids, x, y, strict=True)}
    lines = []
    for row, said in enumerate(ways.tags):
        refs = ways.refs[ways.offsets[row] : ways.offsets[row + 1]].tolist()
        points = [at[ref] for ref in refs if ref in at]
        if len(points) > 1 and foot_access(said) is Access.YES:
            lines.append(shapely.LineString(points))
    return np.array(lines, dtype=object)


def _tilted_box(middle: Any, rng: np.random.Generator, width: float, height: float) -> Any:
    box = shapely.box(-width / 2, -height / 2, width / 2, height / 2)
    angle = rng.uniform(0, np.pi)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return shapely.transform(box, lambda xy: xy @ turn.T + np.asarray(middle))


def _near(spots: Any, rng: np.random.Generator, metres: float) -> shapely.Point:
    return shapely.Point(spots[rng.integers(len(spots))] + rng.normal(0, metres / 2, 2))


def _inside(area: Any, rng: np.random.Generator) -> shapely.Point:
    low_x, low_y, high_x, high_y = area.bounds
    while True:
        point = shapely.Point(rng.uniform(low_x, high_x), rng.uniform(low_y, high_y))
        if area.contains(point):
            return point
