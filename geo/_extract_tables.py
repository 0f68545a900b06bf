"""The tables of an extract: features, base map, addresses, entrances."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo._area_rule import describes_area
from geo._base_map import PLACES, draw_area, draw_line, has_ended, may_be_drawn
from geo._dividers import ObstacleRow, area_obstacle, line_obstacle, obstacle_table
from geo._osm_data import OsmData, find
from geo._osm_shapes import missing_counts, way_lines, way_pieces
from geo._tally import Tally
from geo.areas import Areas
from geo.crs import WGS84
from geo.extract import FeatureKeys, Tags, feature_table
from geo.findings import Finding, Severity

_BASE_COLUMNS = ("osm_id", "layer", "kind", "name")
_ADDRESS_COLUMNS = ("osm_id", "street", "housenumber", "postcode", "city")

_LEVELS = re.compile(r"(\d{1,2}(?:\.\d{1,2})?)")
_MOST_LEVELS = 70.0
"""More than any building in Germany has."""


@dataclass
class TableFaults:
    """Objects that were asked for but could not be drawn whole."""

    lost: Tally = field(default_factory=Tally)
    shortened: Tally = field(default_factory=Tally)
    without_shape: Tally = field(default_factory=Tally)

    def findings(self) -> list[Finding]:
        """Return one finding per kind of fault."""
        return [
            *self.lost.finding(
                "feature.lost",
                Severity.WARNING,
                "Ein Objekt mit gesuchten Merkmalen fehlt, weil seine Fläche nicht vollständig "
                "im Auszug ist oder sich nicht bilden lässt.",
                "{count} Objekte mit gesuchten Merkmalen fehlen, weil ihre Flächen nicht "
                "vollständig im Auszug sind oder sich nicht bilden lassen.",
                remedy="Einen größeren Auszug nehmen, wenn die Objekte in der Nähe liegen.",
            ),
            *self.shortened.finding(
                "feature.shortened",
                Severity.WARNING,
                "Eine Linie mit gesuchten Merkmalen ist abgeschnitten; ihr längstes "
                "zusammenhängendes Stück wird verwendet.",
                "{count} Linien mit gesuchten Merkmalen sind abgeschnitten; ihre längsten "
                "zusammenhängenden Stücke werden verwendet.",
            ),
            *self.without_shape.finding(
                "feature.without_shape",
                Severity.INFO,
                "Eine Relation mit gesuchten Merkmalen ist keine Fläche und wird nicht als "
                "Objekt verwendet; ihre Mitglieder zählen für sich.",
                "{count} Relationen mit gesuchten Merkmalen sind keine Flächen und werden nicht "
                "als Objekte verwendet; ihre Mitglieder zählen für sich.",
            ),
        ]


@dataclass
class Tables:
    """The tables of an extract, CRS EPSG:4326, and what was wrong."""

    features: gpd.GeoDataFrame
    base: gpd.GeoDataFrame
    addresses: gpd.GeoDataFrame
    entrances: gpd.GeoDataFrame
    obstacles: gpd.GeoDataFrame
    faults: TableFaults
    levels: dict[str, float]


def make_tables(
    data: OsmData, areas: Areas, feature_keys: FeatureKeys, today: date | None
) -> Tables:
    """Make the tables.

    Parameters
    ----------
    data, areas
        The objects of the file, and the areas made from them.
    feature_keys
        See ``geo.reader.read_extract``.
    today
        Date of the data, for what has ended.
    """
    values = feature_keys if isinstance(feature_keys, Mapping) else dict.fromkeys(feature_keys)
    return _TableMaker(data, areas, values, today).make()


class _TableMaker:
    def __init__(
        self,
        data: OsmData,
        areas: Areas,
        values: Mapping[str, Collection[str] | None],
        today: date | None,
    ) -> None:
        self._data = data
        self._areas = areas
        self._values = values
        self._today = today
        self._faults = TableFaults()
        self._missing = missing_counts(data)
        self._failed = set(areas.failed)
        self._features: list[tuple[str, Tags, Any]] = []
        self._base: list[tuple[str, str, str, str, Any]] = []
        self._addresses: list[tuple[str, Tags, Any]] = []
        self._obstacles: list[ObstacleRow] = []
        self._levels: dict[str, float] = {}

    def make(self) -> Tables:
        entrances = self._add_nodes()
        self._add_relations()
        self._add_ways()
        return Tables(
            feature_table(self._features),
            _frame(_BASE_COLUMNS, self._base),
            _address_table(self._addresses),
            feature_table(entrances),
            obstacle_table(self._obstacles),
            self._faults,
            self._levels,
        )

    def _is_wanted(self, tags: Tags) -> bool:
        for key in self._values.keys() & tags.keys():
            values = self._values[key]
            if values is None or any(part.strip() in values for part in tags[key].split(";")):
                return True
        return False

    def _add_nodes(self) -> list[tuple[str, Tags, Any]]:
        data = self._data
        ids = np.fromiter(data.node_tags, dtype=np.int64, count=len(data.node_tags))
        rows = find(data.node_ids, ids)
        points = np.asarray(shapely.points(data.longitude[rows], data.latitude[rows]))
        entrances = []
        for (key, tags), point in zip(data.node_tags.items(), points, strict=True):
            osm_id = f"n{key}"
            if self._is_wanted(tags):
                self._features.append((osm_id, tags, point))
            if _is_address(tags):
                self._addresses.append((osm_id, tags, point))
            if tags.get("entrance", "no") != "no":
                entrances.append((osm_id, tags, point))
            place = tags.get("place")
            if place in PLACES and "name" in tags and not has_ended(tags, self._today):
                self._base.append((osm_id, "place_name", place, tags["name"], point))
        return entrances

    def _add_relations(self) -> None:
        for key, relation in self._data.relations.items():
            osm_id = f"r{key}"
            area = self._areas.relations.get(key)
            if self._is_wanted(relation.tags):
                if area is not None:
                    self._features.append((osm_id, relation.tags, area.geometry))
                elif osm_id in self._failed:
                    self._faults.lost.add(osm_id)
                elif relation.tags.get("public_transport") != "stop_area":
                    self._faults.without_shape.add(osm_id)
            if area is not None:
                self._add_area(osm_id, area.tags, area.geometry)

    def _add_area(self, osm_id: str, tags: Tags, geometry: Any) -> None:
        drawn = draw_area(tags, self._today)
        if drawn is not None:
            self._base.append((osm_id, *drawn, tags.get("name", ""), geometry))
            if drawn[0] == "building" and "building:levels" in tags:
                self._add_levels(osm_id, tags["building:levels"])
        obstacle = area_obstacle(tags, self._today)
        if obstacle is not None:
            self._obstacles.append((osm_id, obstacle, geometry))
        if _is_address(tags):
            self._addresses.append((osm_id, tags, geometry))

    def _add_levels(self, osm_id: str, said: str) -> None:
        """Keep the storeys of a building where they are a number that one can believe."""
        match = _LEVELS.fullmatch(said.strip())
        if match is not None and 0 < float(match[1]) <= _MOST_LEVELS:
            self._levels[osm_id] = float(match[1])

    def _add_ways(self) -> None:
        data, areas = self._data, self._areas
        lines: list[int] = []
        for row, (key, tags) in enumerate(zip(data.way_ids.tolist(), data.way_tags, strict=True)):
            wanted = self._is_wanted(tags)
            geometry = areas.ways.get(row)
            if geometry is None:
                if wanted or may_be_drawn(tags):
                    lines.append(row)
                continue
            osm_id = f"w{key}"
            if wanted:
                self._features.append((osm_id, tags, self._whole(row, geometry)))
            if row not in areas.outlines and row not in areas.repeated:
                self._add_area(osm_id, tags, geometry)
        self._add_lines(lines)

    def _whole(self, row: int, geometry: Any) -> Any:
        """Return the polygon with its holes if an old-style relation knows of any."""
        relation = self._areas.outlines.get(row)
        if relation is not None:
            area = self._areas.relations[relation]
            if len(area.outer_rings) == 1:
                return area.geometry
        return geometry

    def _add_lines(self, rows: list[int]) -> None:
        data = self._data
        whole = np.array([row for row in rows if not self._missing[row]], dtype=np.int64)
        shapes = dict(zip(whole.tolist(), way_lines(data, whole), strict=True))
        for row in rows:
            tags = data.way_tags[row]
            osm_id = f"w{data.way_ids[row]}"
            wanted = self._is_wanted(tags)
            if osm_id in self._failed:
                if wanted:
                    self._faults.lost.add(osm_id)
                continue
            pieces = [shapes[row]] if row in shapes else way_pieces(data, row)
            if not pieces or pieces[0] is None:
                continue
            if wanted:
                if row not in shapes:
                    self._faults.shortened.add(osm_id)
                self._features.append((osm_id, tags, max(pieces, key=shapely.length)))
            if not describes_area(tags):
                self._draw_line(osm_id, tags, pieces)

    def _draw_line(self, osm_id: str, tags: Tags, pieces: list[Any]) -> None:
        drawn = draw_line(tags, self._today)
        obstacle = line_obstacle(tags, self._today)
        if drawn is None and obstacle is None:
            return
        line = pieces[0] if len(pieces) == 1 else shapely.MultiLineString(pieces)
        if drawn is not None:
            self._base.append((osm_id, *drawn, tags.get("name", ""), line))
        if obstacle is not None:
            self._obstacles.append((osm_id, obstacle, line))


def _is_address(tags: Tags) -> bool:
    return "addr:housenumber" in tags and ("addr:street" in tags or "addr:place" in tags)


def _address_table(rows: Iterable[tuple[str, Tags, Any]]) -> gpd.GeoDataFrame:
    rows = list(rows)
    shapes = np.array([row[2] for row in rows], dtype=object)
    solid = shapely.get_dimensions(shapes) == 2  # noqa: PLR2004  polygons
    shapes[solid] = shapely.point_on_surface(shapes[solid])
    table = [
        (
            osm_id,
            tags.get("addr:street") or tags.get("addr:place", ""),
            tags["addr:housenumber"],
            tags.get("addr:postcode", ""),
            tags.get("addr:city", ""),
            shape,
        )
        for (osm_id, tags, _), shape in zip(rows, shapes, strict=True)
    ]
    return _frame(_ADDRESS_COLUMNS, table)


def _frame(columns: tuple[str, ...], rows: list[Any]) -> gpd.GeoDataFrame:
    """Make a frame from rows whose last item is the geometry, sorted by OSM id."""
    rows.sort(key=lambda row: (row[0][0], int(row[0][1:])))
    values = {name: [row[place] for row in rows] for place, name in enumerate(columns)}
    frame = pd.DataFrame(values, columns=list(columns), dtype="str")
    return gpd.GeoDataFrame(frame, geometry=[row[-1] for row in rows], crs=WGS84)
