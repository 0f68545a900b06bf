"""A place from the internet: its boundary from Nominatim, its data from Overpass.

The servers are ``nominatim.openstreetmap.org`` and ``overpass-api.de`` unless the
environment names others in ``SOZIALRAUM_NOMINATIM_URL`` and ``SOZIALRAUM_OVERPASS_URL``.
They learn the name of the place, its outline and the address of the computer; nothing else
leaves the house. What was fetched is kept for a week in the folder for such things of the
operating system, or in ``SOZIALRAUM_CACHE_DIR``.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import os
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import shapely

from geo._nominatim import Place, look_up
from geo._overpass import Box, Overpass, TooMuchError, merge_tiles, split
from geo._site_words import text
from geo._web import BY_EXTRACT, checked_url
from geo.crs import WGS84, metric_crs_for
from geo.errors import OnlineError
from geo.progress import Progress, silent
from geo.whole_files import output_error, replacing, write_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shapely.geometry.base import BaseGeometry

NOMINATIM_URL = "https://nominatim.openstreetmap.org"
OVERPASS_URL = "https://overpass-api.de/api"
MARGIN_M = 2500.0
"""Beyond the boundary: farther than people walk in the default 30 minutes."""

_MAX_AREA_M2 = 1.5e9
_TILE_M = 10_000.0
_KEEP_S = 7 * 24 * 3600
_MAX_NAME = 200
_DEGREE_M = 111_320.0


@dataclass(frozen=True)
class Servers:
    """Who is asked, and where answers are kept.

    Attributes
    ----------
    nominatim_url, overpass_url
        Addresses without the last slash.
    cache_dir
        Folder for answers; made when needed.
    """

    nominatim_url: str
    overpass_url: str
    cache_dir: Path


def servers_from(environment: Mapping[str, str] = os.environ) -> Servers:
    """Return the servers that the environment names, else the public ones.

    Raises
    ------
    OnlineError
        If a variable holds no address of a web server.
    """
    urls = [
        checked_url(environment.get(variable) or default, variable)
        for variable, default in (
            ("SOZIALRAUM_NOMINATIM_URL", NOMINATIM_URL),
            ("SOZIALRAUM_OVERPASS_URL", OVERPASS_URL),
        )
    ]
    return Servers(urls[0], urls[1], _cache_dir(environment))


def find_place(name: str, *, servers: Servers | None = None, progress: Progress = silent) -> Place:
    """Find the boundary of a municipality.

    Parameters
    ----------
    name
        As people write it, e.g. ``"Lengerich, Westfalen"``.
    servers
        By default those of the environment.
    progress
        Told of each step.

    Returns
    -------
    Place
        Its full name, OSM id and boundary (WGS 84).

    Raises
    ------
    OnlineError
        If there is no connection, no such place, several, or one without a boundary.
    """
    servers = servers or servers_from()
    name = text(name)
    if not name or len(name) > _MAX_NAME:
        raise OnlineError(
            "Der Name des Ortes fehlt oder ist zu lang.",
            remedy="Den Namen der Gemeinde angeben, zum Beispiel »Lengerich, Westfalen«.",
        )
    key = hashlib.sha256(f"{servers.nominatim_url} {name}".encode()).hexdigest()[:40]
    kept = servers.cache_dir / f"{key}.place.json"
    place = _kept_place(kept)
    if place is None:
        progress(f"Ort »{name}« suchen")
        place = look_up(name, servers.nominatim_url, progress)
        _make_folder(servers.cache_dir)
        content = {
            "name": place.name,
            "osm_id": place.osm_id,
            "boundary": json.loads(shapely.to_geojson(place.boundary)),
        }
        write_text(kept, json.dumps(content, ensure_ascii=False))
    progress(f"Gefunden: {place.name}")
    return place


def download_place(
    name: str,
    target: Path,
    *,
    servers: Servers | None = None,
    margin_m: float = MARGIN_M,
    progress: Progress = silent,
) -> Path:
    """Download the OSM data of a municipality and its surroundings into a file.

    The file is an ordinary extract: sorted OSM XML, packed, every object once, without the
    names of the mappers, with the date of the data in ``<meta osm_base="…"/>``. Large areas
    are fetched in tiles of about 10 km; what was fetched is not asked for again within a
    week, also after a break in the middle.

    Parameters
    ----------
    name
        As for ``find_place``.
    target
        E.g. ``region.osm.gz``; appears whole or not at all.
    servers
        By default those of the environment.
    margin_m
        How far beyond the boundary, metres.
    progress
        Told of each step.

    Returns
    -------
    Path
        ``target``.

    Raises
    ------
    OnlineError
        If there is no connection, no such place, or the servers give nothing usable; names
        the way by extract.
    OutputError
        If the file cannot be written.
    """
    servers = servers or servers_from()
    place = find_place(name, servers=servers, progress=progress)
    boxes = _tiles(_surroundings(place, margin_m))
    overpass = Overpass(servers.overpass_url, servers.cache_dir, _KEEP_S)
    _make_folder(servers.cache_dir)
    tiles: list[Path] = []
    done = 0
    while boxes:
        box = boxes.pop(0)
        progress(f"Kartendaten laden, Teil {done + 1} von {done + 1 + len(boxes)}")
        try:
            tiles.append(overpass.tile(box, progress))
            done += 1
        except TooMuchError:
            boxes = split(box) + boxes
    progress("Kartendaten zusammenfügen")
    _write(tiles, target, place)
    return target


def _write(tiles: list[Path], target: Path, place: Place) -> None:
    with tempfile.TemporaryDirectory(prefix="sozialraum-") as folder:
        merged = Path(folder) / "merged.osm"
        try:
            base = merge_tiles(tiles, merged)
        except RuntimeError as error:
            raise output_error(merged, error) from error
        with merged.open("rb") as source:
            lines = [source.readline(), source.readline()]
            if b"<osm" not in lines[1] or not source.read(100).strip().startswith(b"<node"):
                raise OnlineError(
                    f"Für »{place.name}« hat der Server keine Kartendaten.", remedy=BY_EXTRACT
                )
            source.seek(len(lines[0]) + len(lines[1]))
            note = "  <note>© OpenStreetMap contributors, ODbL 1.0</note>\n"
            meta = f'  <meta osm_base="{base}"/>\n' if base else ""
            with (
                replacing(target) as temporary,
                temporary.open("wb") as raw,
                # No name and no time in the packing: the same data, the same bytes.
                gzip.GzipFile("", "wb", compresslevel=6, fileobj=raw, mtime=0) as packed,
            ):
                packed.write(b"".join(lines) + (note + meta).encode())
                shutil.copyfileobj(source, packed, 1 << 20)


def _surroundings(place: Place, margin_m: float) -> BaseGeometry:
    """Return the boundary with a margin, in degrees."""
    west, south, east, north = place.boundary.bounds
    crs = metric_crs_for((west + east) / 2, (south + north) / 2)
    metric = gpd.GeoSeries([place.boundary], crs=WGS84).to_crs(crs)
    area = float(metric.area.iloc[0])
    if not 0 < area <= _MAX_AREA_M2:
        raise OnlineError(
            f"»{place.name}« ist mit {area / 1e6:,.0f} km² zu groß zum Herunterladen auf diesem "
            "Weg.".replace(",", "."),
            remedy=f"Eine Gemeinde nennen. {BY_EXTRACT}",
        )
    wider = metric.simplify(100).buffer(margin_m + 100)
    return wider.to_crs(WGS84).iloc[0]


def _tiles(area: BaseGeometry) -> list[Box]:
    """Cover an area with boxes of at most about 10 km, west to east, south to north."""
    west, south, east, north = (round(value, 6) for value in area.bounds)
    middle = math.radians((south + north) / 2)
    columns = math.ceil((east - west) * _DEGREE_M * math.cos(middle) / _TILE_M)
    rows = math.ceil((north - south) * _DEGREE_M / _TILE_M)
    width, height = (east - west) / columns, (north - south) / rows
    boxes = [
        (
            west + column * width,
            south + row * height,
            west + (column + 1) * width,
            south + (row + 1) * height,
        )
        for row in range(rows)
        for column in range(columns)
    ]
    return [box for box in boxes if shapely.intersects(area, shapely.box(*box))]


def _kept_place(path: Path) -> Place | None:
    try:
        if time.time() - path.stat().st_mtime > _KEEP_S:
            return None
        content = json.loads(path.read_text(encoding="utf-8"))
        boundary = shapely.from_geojson(json.dumps(content["boundary"]))
        return Place(str(content["name"]), str(content["osm_id"]), boundary)
    except (OSError, ValueError, KeyError, TypeError, shapely.errors.ShapelyError):
        return None


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise output_error(path, error) from error


def _cache_dir(environment: Mapping[str, str]) -> Path:
    """Return where this operating system keeps what can be fetched again."""
    own = environment.get("SOZIALRAUM_CACHE_DIR")
    if own:
        return Path(own)
    home = Path(environment.get("HOME") or Path.home())
    if sys.platform == "win32":
        base = Path(environment.get("LOCALAPPDATA") or home)
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        base = Path(environment.get("XDG_CACHE_HOME") or home / ".cache")
    return base / "sozialraumkarte"
