"""What a file of OSM data holds, and how sound it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo._osm_data import OsmData, find
from geo.areas import Areas
from geo.extract import Nodes, Ways
from geo.findings import Finding
from geo.foot_access import Access, foot_access
from geo.progress import Progress, silent
from geo.reader import build_extract, read_content
from geo.whole_files import replacing

_EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG
_FORMATS = {
    "osm.pbf": "PBF",
    "osm": "XML",
    "osm.gz": "XML, mit gzip gepackt",
    "osm.bz2": "XML, mit bzip2 gepackt",
}


@dataclass(frozen=True)
class WalkingNetwork:
    """How much there is to walk on, and how much of it hangs together.

    Attributes
    ----------
    length_km
        Length of all ways open to people on foot, private ones included, kilometres.
    parts
        Number of parts without a connection between them.
    largest_share_percent
        Share of the largest part in the length, percent; 0 if there are no ways.
    """

    length_km: float
    parts: int
    largest_share_percent: float


@dataclass(frozen=True)
class Inspection:
    """Facts about a file of OSM data.

    Attributes
    ----------
    path, size, digest, format
        The file; bytes; SHA-256, hexadecimal; German words for how it is packed.
    data_date
        Date of the data, or None if not known.
    bounds
        West, south, east, north of the nodes, degrees.
    header_box
        The same as the header of the file says, or None if it does not.
    counts
        What the file holds, see `geo.extract.Extract`, and ``areas``, the number of areas.
    network
        What there is to walk on.
    findings
        Faults of the file, counted and named.
    """

    path: Path
    size: int
    digest: str
    format: str
    data_date: date | None
    bounds: tuple[float, float, float, float]
    header_box: tuple[float, float, float, float] | None
    counts: Mapping[str, int]
    network: WalkingNetwork
    findings: tuple[Finding, ...]


def inspect_extract(path: Path, progress: Progress = silent) -> Inspection:
    """Find out what a file holds.

    Raises
    ------
    ExtractError
        As `geo.reader.read_extract` does.
    """
    content = read_content(path, progress)
    extract = build_extract(content, (), progress)
    progress("Wegenetz prüfen")
    return Inspection(
        path=Path(path),
        size=content.file.size,
        digest=content.file.digest,
        format=_FORMATS[content.file.format],
        data_date=extract.data_date,
        bounds=extract.bounds,
        header_box=content.data.header.box,
        counts={
            **extract.counts,
            "areas": len(list(_own_areas(content.data, content.areas))),
            "stop_area": len(extract.stop_areas),
        },
        network=walking_network(extract.ways, extract.nodes),
        findings=extract.findings,
    )


def walking_network(ways: Ways, nodes: Nodes) -> WalkingNetwork:
    """Measure the ways that are open to people on foot.

    Ways are connected where they share a node; gates and other barriers are not looked
    at. A way with missing nodes is interrupted there. Lengths are on the sphere.
    """
    open_ways = np.array([foot_access(tags) is not Access.NO for tags in ways.tags], np.bool_)
    counts = np.diff(ways.offsets)
    owner = np.repeat(np.arange(len(counts)), counts)
    position = find(nodes.ids, ways.refs)
    position[~open_ways[owner]] = -1
    one, other = position[:-1], position[1:]
    real = (owner[:-1] == owner[1:]) & (one >= 0) & (other >= 0) & (one != other)
    one, other = one[real], other[real]
    if not len(one):
        return WalkingNetwork(0.0, 0, 0.0)
    lengths = _distances(nodes, one, other)
    shape = (len(nodes.ids), len(nodes.ids))
    graph = coo_array((np.ones(len(one), np.int8), (one, other)), shape=shape)
    _, labels = connected_components(graph, directed=False)
    by_part = np.bincount(labels[one], weights=lengths)
    total = float(lengths.sum())
    share = 100 * float(by_part.max()) / total if total else 0.0
    return WalkingNetwork(total / 1000, len(np.unique(labels[one])), share)


def _distances(
    nodes: Nodes, one: np.ndarray[tuple[int], np.dtype[np.int64]],
    other: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:  # fmt: skip
    """Return great-circle distances in metres (haversine formula)."""
    longitude, latitude = np.radians(nodes.longitude), np.radians(nodes.latitude)
    half = (
        np.sin((latitude[other] - latitude[one]) / 2) ** 2
        + np.cos(latitude[one])
        * np.cos(latitude[other])
        * np.sin((longitude[other] - longitude[one]) / 2) ** 2
    )
    distances: np.ndarray[tuple[int], np.dtype[np.float64]]
    distances = 2 * _EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(half, 1)))
    return distances


def _own_areas(
    data: OsmData, areas: Areas
) -> list[tuple[str, int, Mapping[str, str], shapely.Geometry]]:
    """Return all areas: kind and id of the object, tags, geometry; sorted."""
    rows: list[tuple[str, int, Mapping[str, str], shapely.Geometry]] = [
        ("way", int(data.way_ids[row]), data.way_tags[row], geometry)
        for row, geometry in areas.ways.items()
        if row not in areas.outlines and row not in areas.repeated
    ]
    rows += [("relation", key, area.tags, area.geometry) for key, area in areas.relations.items()]
    return sorted(rows, key=lambda row: row[:2])


def write_areas(path: Path, target: Path, progress: Progress = silent) -> int:
    """Write every area of a file of OSM data as JSON, and return their number.

    A list of ``{"from_type": "way" | "relation", "from_id": …, "wkt": …, "tags": {…}}``,
    sorted by type and id. The geometries are valid MULTIPOLYGONs, longitude and latitude
    in degrees with the seven decimals that OSM has. Areas are

    * closed ways whose tags mean an area (``area=yes``, ``building``, ``landuse``,
      ``natural=water`` …; not ``highway`` or ``barrier`` alone, not ``area=no``),
    * relations with ``type=multipolygon`` or ``type=boundary``; their tags come without
      ``type``. An old-style multipolygon, which says nothing itself, has the tags that its
      outer ways have in common, and those ways are not listed again.

    Raises
    ------
    ExtractError
        As `geo.reader.read_extract` does.
    OutputError
        If the file cannot be written; an earlier one is then still there.
    """
    content = read_content(path, progress)
    progress("Flächen schreiben")
    rows = _own_areas(content.data, content.areas)
    with replacing(Path(target)) as temporary, temporary.open("w", encoding="utf-8") as stream:
        stream.write("[")
        for number, (from_type, from_id, tags, geometry) in enumerate(rows):
            entry = {
                "from_type": from_type,
                "from_id": from_id,
                "wkt": _multipolygon_text(geometry),
                "tags": {key: tags[key] for key in sorted(tags)},
            }
            stream.write(",\n" if number else "\n")
            stream.write(json.dumps(entry, ensure_ascii=False))
        stream.write("\n]\n")
    return len(rows)


def _multipolygon_text(geometry: shapely.Geometry) -> str:
    whole = shapely.MultiPolygon(shapely.get_parts(geometry).tolist())
    return str(shapely.to_wkt(whole, rounding_precision=7))


def describe(inspection: Inspection) -> list[str]:
    """Return the facts as German lines; the findings are told apart from them."""
    counts = inspection.counts
    day = inspection.data_date
    lines = [
        f"Datei: {inspection.path} ({_size(inspection.size)}, {inspection.format})",
        f"Stand der Daten: {day.strftime('%d.%m.%Y') if day else 'nicht bekannt'}",
        f"Gebiet der Daten: {_box(inspection.bounds)}",
    ]
    if inspection.header_box is not None:
        lines.append(f"Gebiet laut Kopf der Datei: {_box(inspection.header_box)}")
    lines += [
        f"Inhalt: {_count(counts['nodes'], 'Punkt', 'Punkte')}, "
        f"{_count(counts['ways'], 'Linie', 'Linien')}, "
        f"{_count(counts['relations'], 'Relation', 'Relationen')} "
        f"(Mitglieder: {_number(counts['relation_members'])}, "
        f"davon außerhalb: {_number(counts['relation_members_missing'])})",
        "",
        *(f"  {_number(counts[key]):>9}  {label}" for key, label in _LABELS.items()),
        "",
        _network_line(inspection.network),
    ]
    return lines


_LABELS = {
    "highway": "Straßen und Wege",
    "steps": "davon Treppen",
    "sidewalk": "davon mit Angaben zum Gehweg",
    "building": "Gebäude",
    "address": "Adressen",
    "amenity": "Einrichtungen (amenity)",
    "shop": "Geschäfte",
    "healthcare": "Einrichtungen des Gesundheitswesens (healthcare)",
    "social_facility": "soziale Einrichtungen",
    "leisure": "Freizeitorte",
    "office": "Büros und Vereine (office)",
    "bus_stop": "Bushaltestellen",
    "stop_area": "Haltestellenbereiche",
    "entrance": "Eingänge",
    "kerb": "Bordsteine",
    "crossing": "Überwege",
    "wheelchair": "Angaben zur Rollstuhlgerechtigkeit",
    "areas": "Flächen",
}


def _network_line(network: WalkingNetwork) -> str:
    if not network.parts:
        return "Wegenetz zu Fuß: keine Wege"
    length = f"{_decimal(network.length_km)} km"
    if network.parts == 1:
        return f"Wegenetz zu Fuß: {length}, alles hängt zusammen"
    return (
        f"Wegenetz zu Fuß: {length} in {_number(network.parts)} Teilen; "
        f"im größten hängen {_decimal(network.largest_share_percent)} % der Länge zusammen"
    )


def _count(value: int, one: str, many: str) -> str:
    return f"{_number(value)} {one if value == 1 else many}"


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def _decimal(value: float) -> str:
    return f"{value:,.1f}".translate(str.maketrans(".,", ",."))


def _size(size: int) -> str:
    if size >= 1_000_000:  # noqa: PLR2004
        return f"{_decimal(size / 1e6)} MB"
    return f"{_number(max(size // 1000, 1))} kB"


def _box(box: tuple[float, float, float, float]) -> str:
    west, south, east, north = (f"{value:.4f}".replace(".", ",") for value in box)
    return f"Länge {west} bis {east}, Breite {south} bis {north}"
