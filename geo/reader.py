"""Read a file of OSM data into an `Extract`.

Faulty files are normal. What is broken is left out object by object, counted and named in
the findings; what is whole is used. A file that is broken off, foreign or too big is
refused as a whole: there are never partial results from half a file.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np

from geo._extract_tables import make_tables
from geo._file_findings import file_findings, loose_nodes
from geo._object_counts import count_objects
from geo._osm_data import OsmData, find, gather
from geo._osm_file import OsmFile, open_osm_file
from geo._osm_shapes import has_extent
from geo._osm_text import read_osm
from geo._walkable import NODE_KEYS, may_be_walked
from geo.areas import Areas, find_areas
from geo.errors import ExtractError
from geo.extract import Extract, FeatureKeys, Nodes, Tags, Ways
from geo.progress import Progress, silent

_SQUARE_BASE = 1 << 60
_RINGS_PER_RELATION = 256
_LOOSE_WITHOUT_WAYS = 0.5
_OSM_BEGAN = "2004-08-01"  # older edit times are dummies


class OsmContent(NamedTuple):
    """A file, its objects and the areas made from them."""

    file: OsmFile
    data: OsmData
    areas: Areas


def read_extract(path: Path, feature_keys: FeatureKeys, progress: Progress = silent) -> Extract:
    """Read an OSM extract.

    Parameters
    ----------
    path
        ``.osm.pbf``, ``.osm``, ``.osm.gz`` or ``.osm.bz2``; the content decides, not the
        name.
    feature_keys
        An object with any of these keys becomes a row of ``features``; where a key comes
        with values, only an object that has one of them.
    progress
        Told in German what is being done.

    Returns
    -------
    Extract
        ``ways`` holds the ways that may be walked on and that have at least two different
        nodes. Squares that are multipolygons are among them: each outer ring of such a
        relation is a closed way with the relation's tags and ``area=yes``, under a negative
        id that `square_relation` turns back into the relation's.
        An area feature with an old-style multipolygon around it has that one's holes.

    Raises
    ------
    ExtractError
        If the file is missing, foreign, broken, too big, or holds nothing of use.
    """
    content = read_content(path, progress)
    return build_extract(content, feature_keys, progress)


def read_content(path: Path, progress: Progress = silent) -> OsmContent:
    """Read all objects of a file and make its areas; for parameters see `read_extract`."""
    progress("OSM-Auszug prüfen")
    file = open_osm_file(Path(path))
    progress("OSM-Auszug lesen")
    data = read_osm(file)
    if not len(data.node_ids) or not (len(data.way_ids) or data.node_tags):
        raise ExtractError(
            "Der OSM-Auszug ist leer: Er enthält keine Orte und keine Wege.",
            where=path,
            remedy="Einen Auszug nehmen, der die Umgebung der Standorte enthält.",
        )
    if not len(data.way_ids) and loose_nodes(data).mean() > _LOOSE_WITHOUT_WAYS:
        raise ExtractError(
            "Der OSM-Auszug enthält Punkte, aber keine Wege; er ist wohl abgeschnitten.",
            where=path,
            remedy="Die Datei noch einmal herunterladen oder kopieren.",
        )
    progress("Flächen zusammensetzen")
    return OsmContent(file, data, find_areas(data))


def build_extract(
    content: OsmContent, feature_keys: FeatureKeys, progress: Progress = silent
) -> Extract:
    """Make the extract from the objects of a file; for parameters see `read_extract`."""
    file, data, areas = content
    today = data_date(data)
    progress("Orte und Grundkarte aufbereiten")
    tables = make_tables(data, areas, feature_keys, today)
    progress("Wege aufbereiten")
    ways = _walkable_ways(data, areas)
    return Extract(
        source=file.path.name,
        digest=file.digest,
        data_date=today,
        bounds=data_bounds(data),
        features=tables.features,
        base=tables.base,
        addresses=tables.addresses,
        entrances=tables.entrances,
        ways=ways,
        nodes=_nodes_of(data, ways),
        stop_areas=_stop_areas(data),
        counts=count_objects(data),
        findings=(
            *file_findings(data, today, data_bounds(data)),
            *areas.findings,
            *tables.faults.findings(),
        ),
        obstacles=tables.obstacles,
        levels=tables.levels,
    )


def data_bounds(data: OsmData) -> tuple[float, float, float, float]:
    """Return west, south, east, north of all nodes, degrees."""
    return (
        float(data.longitude.min()),
        float(data.latitude.min()),
        float(data.longitude.max()),
        float(data.latitude.max()),
    )


def data_date(data: OsmData) -> date | None:
    """Return the date in the header, else of the newest edit, or None if neither is real.

    Edit times before OSM began and files in which all objects have the same one are taken
    for dummies.
    """
    header = data.header.date
    if header is not None and header.isoformat() >= _OSM_BEGAN:
        return header
    if data.newest < _OSM_BEGAN or data.newest == data.oldest:
        return None
    return date.fromisoformat(data.newest[:10])


def square_way_id(relation_id: int, ring: int) -> int:
    """Return the id under which an outer ring of a multipolygon square is a way."""
    return -(_SQUARE_BASE + relation_id * _RINGS_PER_RELATION + ring % _RINGS_PER_RELATION)


def square_relation(way_id: int) -> int | None:
    """Return the relation whose ring a way of `Ways` is, or None for a way of OSM."""
    if way_id > -(_SQUARE_BASE >> 1):
        return None
    return (-way_id - _SQUARE_BASE) // _RINGS_PER_RELATION


def _walkable_ways(data: OsmData, areas: Areas) -> Ways:
    rows = np.array(
        [row for row, tags in enumerate(data.way_tags) if may_be_walked(tags)], dtype=np.int64
    )
    rows = rows[has_extent(data)[rows]]
    offsets, flat = gather(data.offsets, rows)
    ids = data.way_ids[rows]
    refs = data.refs[flat]
    tags: list[Tags] = [data.way_tags[row] for row in rows]
    squares = [
        (square_way_id(key, number), ring, {**area.tags, "area": "yes"})
        for key, area in areas.relations.items()
        if may_be_walked(area.tags)
        for number, ring in enumerate(area.outer_rings[:_RINGS_PER_RELATION])
    ]
    if squares:
        squares.sort(key=lambda square: square[0])
        counts = np.array([len(ring) for _, ring, _ in squares], dtype=np.int64)
        ids = np.concatenate(([square[0] for square in squares], ids))
        refs = np.concatenate([*(ring for _, ring, _ in squares), refs])
        offsets = np.concatenate(([0], np.cumsum(counts), offsets[1:] + counts.sum()))
        tags = [*(square[2] for square in squares), *tags]
    return Ways(ids.astype(np.int64), offsets.astype(np.int64), refs.astype(np.int64), tags)


def _nodes_of(data: OsmData, ways: Ways) -> Nodes:
    rows = find(data.node_ids, np.unique(ways.refs))
    rows = rows[rows >= 0]
    ids = data.node_ids[rows]
    tags = {
        key: data.node_tags[key]
        for key in ids.tolist()
        if key in data.node_tags and not NODE_KEYS.isdisjoint(data.node_tags[key])
    }
    return Nodes(ids, data.longitude[rows], data.latitude[rows], tags)


def _stop_areas(data: OsmData) -> dict[str, tuple[str, ...]]:
    return {
        f"r{key}": tuple(f"{kind}{ref}" for kind, ref, _ in relation.members)
        for key, relation in data.relations.items()
        if relation.tags.get("public_transport") == "stop_area"
    }
