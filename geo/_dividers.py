"""What nobody walks across: water and railways, except where a way leads over or under them.

Walls and fences are left out: most of those mapped stand around gardens, between a street and
the house that belongs to it, and their gates are rarely mapped.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo._base_map import draw_area, has_ended
from geo.crs import WGS84
from geo.extract import Extract, Tags

SMALLEST_WATER_M2 = 200.0
"""Smaller waters are walked around without noticing: ponds in gardens and parks."""

_RAILWAYS = frozenset({"light_rail", "narrow_gauge", "rail"})
"""Trams run in streets, and streets are crossed."""
_WATERWAYS = frozenset({"canal", "river", "stream"})
"""Ditches and drains are stepped over."""
_NO = frozenset({"no", "none", "false"})
_COLUMNS = ("osm_id", "kind")

Lines = npt.NDArray[Any]
ObstacleRow = tuple[str, str, Any]


def line_obstacle(tags: Tags, today: date | None) -> str | None:
    """Return ``"water"`` or ``"railway"`` for a line that cannot be walked across, or None.

    What runs in a tunnel or culvert or on a bridge does not stand in the way.

    Parameters
    ----------
    tags
        Tags of a way that is no area.
    today
        Date of the data: what has ended by then does not count.
    """
    railway = tags.get("railway") in _RAILWAYS
    if not railway and tags.get("waterway") not in _WATERWAYS:
        return None
    if any(tags.get(key, "no") not in _NO for key in ("tunnel", "bridge", "covered")):
        return None
    if tags.get("location") in {"underground", "overhead"} or has_ended(tags, today):
        return None
    return "railway" if railway else "water"


def area_obstacle(tags: Tags, today: date | None) -> str | None:
    """Return ``"water"`` for an area of water, or None; for parameters see `line_obstacle`."""
    drawn = draw_area(tags, today)
    if drawn is None or drawn[0] != "water" or drawn[1] == "swimming_pool":
        return None
    return "water"


def obstacle_table(rows: Iterable[ObstacleRow]) -> gpd.GeoDataFrame:
    """Make the ``obstacles`` frame from ``(osm_id, kind, geometry)`` rows, sorted by id."""
    rows = sorted(rows, key=lambda row: (row[0][0], int(row[0][1:])))
    values = {name: [row[place] for row in rows] for place, name in enumerate(_COLUMNS)}
    frame = pd.DataFrame(values, columns=list(_COLUMNS), dtype="str")
    return gpd.GeoDataFrame(frame, geometry=[row[-1] for row in rows], crs=WGS84)


def find_obstacles(extract: Extract, crs: str) -> Lines:
    """Return the lines that cannot be walked across.

    Parameters
    ----------
    extract
        As ``geo.reader.read_extract`` makes it; only ``obstacles`` is used.
    crs
        Metric CRS of the result.

    Returns
    -------
    numpy.ndarray
        LineStrings, shape ``(k,)``: railways, watercourses, and the shores of waters of at
        least ``SMALLEST_WATER_M2``.
    """
    shapes = np.asarray(extract.obstacles.geometry.to_crs(crs).to_numpy(), dtype=object)
    solid = shapely.get_dimensions(shapes) == 2  # noqa: PLR2004  polygons
    shapes = shapes[~solid | (shapely.area(shapes) >= SMALLEST_WATER_M2)]
    solid = shapely.get_dimensions(shapes) == 2  # noqa: PLR2004  polygons
    shapes[solid] = shapely.boundary(shapes[solid])
    lines: Lines = np.asarray(shapely.get_parts(shapes), dtype=object)
    return lines[np.asarray(shapely.length(lines)) > 0]
