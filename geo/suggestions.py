"""Grounds and houses that OpenStreetMap already knows, and taking one into a study."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo._osm_homes import TELLING_TEXT, display_name, fit, is_building
from geo._site_words import text
from geo.crs import WGS84, metric_crs_for
from geo.errors import SitesError, VectorFileError
from geo.foreign_files import read_vector
from geo.whole_files import write_text
from geo.written_shapes import DEGREE_DECIMALS

if TYPE_CHECKING:
    from pathlib import Path

    from geo.extract import Extract, Tags

SUGGESTION_KEYS = (
    "amenity",
    "brand",
    "building",
    "healthcare",
    "landuse",
    "operator",
    "owner",
    "social_facility",
)
"""OSM keys that ``read_extract`` must be asked for."""

SUGGESTION_TEXT = TELLING_TEXT
"""Found in a key or value of everything that is suggested: for a quick first look."""

_SITE_M2 = 5000.0
_HECTARE_M2 = 10_000.0
_OSM_ID = re.compile(r"(n|w|r|node|way|relation)[/ ]?(-?\d{1,19})", re.IGNORECASE)


def suggest_sites(extract: Extract) -> gpd.GeoDataFrame:
    """List the grounds and houses that the OSM data know, the likeliest first.

    Looked for are facilities whose operator, owner, brand or name says LWL or
    Landschaftsverband Westfalen-Lippe; areas of hospitals and clinics; social facilities in
    which people live. Left out is what is run by the same body but is nobody's home:
    hiking routes and their guideposts and boards, museums, schools, offices, woods.

    Parameters
    ----------
    extract
        Read with ``SUGGESTION_KEYS``.

    Returns
    -------
    GeoDataFrame
        Columns ``osm_id``, ``name`` (or the German kind where there is none),
        ``kind_guess`` (``"site"`` for areas from 0.5 ha that are no building, else
        ``"house"``), ``reason`` (German), ``geometry``; EPSG:4326; best fit first, then
        the largest.
    """
    features = extract.features
    shapes = np.array(features.geometry, dtype=object)
    areas = _areas(shapes)
    rows: list[tuple[Any, ...]] = []
    for osm_id, tags, shape, area in zip(
        features["osm_id"], features["tags"], shapes, areas, strict=True
    ):
        fitting = fit(tags, shape)
        if fitting is None:
            continue
        kind = "site" if area >= _SITE_M2 and not is_building(tags) else "house"
        size = f"; {_size(area)}" if area > 0 else ""
        rows.append(
            (
                fitting.rank,
                -area,
                _numeric(osm_id),
                osm_id,
                display_name(tags, fitting.label),
                kind,
                f"{fitting.reason}{size}",
                shape,
            )
        )
    rows.sort(key=lambda row: row[:3])
    columns = ["osm_id", "name", "kind_guess", "reason"]
    frame = pd.DataFrame([row[3:7] for row in rows], columns=columns).astype("str")
    found = gpd.array.from_shapely([row[7] for row in rows], crs=WGS84)
    return gpd.GeoDataFrame(frame, geometry=found, crs=WGS84)


def take(extract: Extract, osm_id: str, kind: str, sites_path: Path) -> str:
    """Copy an object of OSM into the study's file of sites.

    Parameters
    ----------
    extract
        Read with ``SUGGESTION_KEYS``.
    osm_id
        E.g. ``"w81096573"`` or ``"way/81096573"``; becomes the feature's id.
    kind
        ``"site"`` or ``"house"``.
    sites_path
        A GeoJSON file in WGS 84; made if it does not exist. What it holds is kept.

    Returns
    -------
    str
        The name under which it stands there.

    Raises
    ------
    SitesError
        If the object is not in the data, has the wrong kind of geometry or is in the file
        already, or the file is no GeoJSON in WGS 84.
    OutputError
        If the file cannot be written.
    """
    key = normal_id(osm_id)
    _check_kind(kind)
    features = extract.features
    found = np.flatnonzero(features["osm_id"] == key)
    if not len(found):
        raise SitesError(
            f"Das Objekt {key} steht nicht im OSM-Auszug oder ist weder Einrichtung, Gebäude "
            "noch Fläche.",
            where=extract.source,
            remedy="Die Nummer prüfen; »sozialraum sites ORDNER --suggest« zeigt, was in Frage "
            "kommt.",
        )
    shape = features.geometry.iloc[int(found[0])]
    tags: Tags = features["tags"].iloc[int(found[0])]
    _check_shape(key, kind, shape)
    fitting = fit(tags, shape)
    label = fitting.label if fitting else ("Gelände" if kind == "site" else "Haus")
    name = display_name(tags, label)
    document = _document(sites_path)
    _check_new(key, sites_path)
    rounded = shapely.transform(shape, lambda xy: np.round(xy, DEGREE_DECIMALS) + 0.0)
    document["features"].append(
        {
            "type": "Feature",
            "id": key,
            "properties": {"kind": kind, "id": key, "name": name},
            "geometry": json.loads(shapely.to_geojson(shapely.orient_polygons(rounded))),
        }
    )
    write_text(sites_path, _dump(document))
    return name


def _areas(shapes: np.ndarray) -> np.ndarray:
    if not len(shapes):
        return np.zeros(0)
    west, south, east, north = shapely.total_bounds(shapes)
    crs = metric_crs_for((west + east) / 2, (south + north) / 2)
    return gpd.GeoSeries(shapes, crs=WGS84).to_crs(crs).area.to_numpy()


def _size(area: float) -> str:
    if area >= _HECTARE_M2:
        return f"{area / _HECTARE_M2:.1f} ha".replace(".", ",")
    return f"{area:,.0f} m²".replace(",", ".")


def _numeric(osm_id: str) -> tuple[str, int]:
    return osm_id[0], int(osm_id[1:])


def normal_id(osm_id: str) -> str:
    """Return ``"w81096573"`` for any usual way to write it, e.g. ``"way/81096573"``.

    Raises
    ------
    SitesError
        If it is no id of an OSM object.
    """
    match = _OSM_ID.fullmatch(osm_id.strip())
    if match is None:
        raise SitesError(
            f"»{osm_id}« ist keine Nummer eines OSM-Objekts.",
            remedy="Buchstabe und Nummer angeben: n für Punkt, w für Weg, r für Relation, zum "
            "Beispiel w81096573.",
        )
    return f"{match[1][0].lower()}{int(match[2])}"


def _check_kind(kind: str) -> None:
    if kind not in {"site", "house"}:
        raise SitesError(
            f"Als »{kind}« kann nichts aus OSM übernommen werden.",
            remedy="Erlaubt sind »site« (Gelände) und »house« (Haus).",
        )


def _check_shape(key: str, kind: str, shape: Any) -> None:
    drawn = {"Polygon", "MultiPolygon"}
    if kind == "site" and shape.geom_type not in drawn:
        raise SitesError(
            "Ein Gelände muss eine Fläche sein; in OSM ist dieses Objekt keine.",
            where=key,
            remedy="Als Haus übernehmen (--kind house) oder das Gelände in QGIS zeichnen.",
        )
    if kind == "house" and shape.geom_type not in {*drawn, "Point"}:
        raise SitesError(
            "Ein Haus muss ein Punkt oder eine Fläche sein; in OSM ist dieses Objekt eine Linie.",
            where=key,
            remedy="Das Gebäude daneben übernehmen oder das Haus in QGIS zeichnen.",
        )


def _document(path: Path) -> dict[str, Any]:
    """Read the file as it stands, to be written again with one feature more."""
    if path.suffix.lower() not in {".geojson", ".json"}:
        raise SitesError(
            "Übernommen wird nur in eine GeoJSON-Datei.",
            where=path,
            remedy="Das Objekt in QGIS einfügen, oder die Datei als GeoJSON (EPSG:4326) speichern "
            "und in study.toml als »sites« eintragen.",
        )
    if not path.exists():
        return {"type": "FeatureCollection", "features": []}
    try:
        (layer,) = read_vector(path)
    except VectorFileError as error:
        raise SitesError(error.what, where=error.where, remedy=error.remedy) from error
    if layer.crs is None or not layer.crs.is_geographic:
        raise SitesError(
            "Die Datei ist nicht in Längen- und Breitengraden gespeichert.",
            where=path,
            remedy="Als GeoJSON mit dem KBS EPSG:4326 neu speichern.",
        )
    content = path.read_bytes()
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    document: dict[str, Any] = json.loads(content.decode(encoding))
    if document.get("type") != "FeatureCollection":
        raise SitesError(
            "Die Datei enthält ein einzelnes Objekt und keine Liste.",
            where=path,
            remedy="Als GeoJSON mit einer FeatureCollection neu speichern.",
        )
    return document


def _check_new(key: str, path: Path) -> None:
    if not path.exists():
        return
    (layer,) = read_vector(path)
    known = {text(record.id) for record in layer.records}
    known |= {
        text(value)
        for record in layer.records
        for name, value in record.properties.items()
        if name.strip().lower() == "id"
    }
    if key in known:
        raise SitesError(
            f"Das Objekt {key} steht schon in der Datei.",
            where=path,
            remedy="Es dort bearbeiten oder vorher löschen.",
        )


def _dump(document: dict[str, Any]) -> str:
    """Write GeoJSON with one feature a line, so that changes can be seen."""

    def dumped(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))

    members = [
        f"{dumped(key)}: {dumped(value)}" for key, value in document.items() if key != "features"
    ]
    lines = ",\n".join(dumped(feature) for feature in document["features"])
    return "{" + ", ".join([*members, f'"features": [\n{lines}\n]']) + "}\n"
