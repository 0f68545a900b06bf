"""Large extracts: only what lies around a study's sites is read.

What was cut out of an extract is kept in the study's folder ``.cache`` under a name made
from the extract's digest and from where the sites are, so that the next build finds it. The
folder can be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
import math
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from geo.clipping import (
    CLIP_METHOD,
    CannotClipError,
    clip_extract,
    extract_digest,
    pick_by_text,
    pick_object,
)
from geo.crs import WGS84
from geo.errors import ExtractError
from geo.extract import Extract
from geo.findings import Finding, Severity
from geo.progress import Progress
from geo.reader import read_extract
from geo.sites import Sites, read_sites
from geo.suggestions import SUGGESTION_KEYS, SUGGESTION_TEXT
from layers._german import decimal_text
from layers.study import Study

LARGE_BYTES = 30 * 2**20
"""A larger extract is cut first. One of this size, a large city or a county, is read whole in
about a minute and 2 GB of memory; both grow with the size, and cutting takes seconds."""

MARGIN_M = 3000.0
"""How far beyond the farthest point that can be reached an extract is cut: enough for ways
that lead out of reach and back, and for the base map."""

CACHE_FOLDER = ".cache"

_SURROUNDINGS = "umgebung"
_SUGGESTIONS = "vorschlaege"
_STEP_M = 500.0
_STEPS_PER_DEGREE = 10_000  # corners of boxes, about 10 m
_DEGREE_KM = 111.32

Box = tuple[float, float, float, float]


def is_large(study: Study) -> bool:
    """Whether the study's extract is so large that only a part of it should be read."""
    try:
        return study.extract_path.stat().st_size > LARGE_BYTES
    except OSError:
        return False  # what is wrong is said where the file is read


def read_surroundings(
    study: Study, reach_m: float, feature_keys: Collection[str], progress: Progress
) -> Extract:
    """Read what lies around the study's sites.

    Parameters
    ----------
    study
        Its extract may be of any size.
    reach_m
        How far people walk at most, metres.
    feature_keys, progress
        As for ``geo.reader.read_extract``.

    Returns
    -------
    Extract
        With the name and digest of the whole extract; a finding says what was cut. If the
        extract cannot be cut, all of it.

    Raises
    ------
    geo.errors.ExtractError
        If the extract cannot be read, or holds nothing around the sites.
    geo.errors.SitesError
        If the file of sites cannot be read, for then nobody knows what to cut.
    geo.errors.OutputError
        If there is no room for the part.
    """
    path = study.extract_path
    digest = extract_digest(path)
    boxes = find_boxes(read_sites(study.sites_path), reach_m + MARGIN_M)
    try:
        with _kept(study, _SURROUNDINGS, [digest, CLIP_METHOD, boxes]) as part:
            extract = None
            if part.exists():
                extract = _read_kept(part, feature_keys)
            if extract is None:
                clip_extract(path, boxes, part, progress)
                progress("Umgebung lesen")
                extract = read_extract(part, feature_keys)
    except CannotClipError:
        progress("OSM-Auszug ganz lesen")
        extract = read_extract(path, feature_keys)
        return replace(extract, findings=(_not_cut(), *extract.findings))
    return replace(
        extract, source=path.name, digest=digest, findings=(_cut(boxes), *extract.findings)
    )


def read_suggestible(study: Study, progress: Progress) -> Extract | None:
    """Read the objects of the whole extract that can be suggested as grounds or houses.

    Returns
    -------
    Extract or None
        Read with ``SUGGESTION_KEYS``; None if there are no such objects.

    Raises
    ------
    geo.errors.ExtractError, geo.errors.OutputError
        As for `read_surroundings`.
    """
    path = study.extract_path
    key = [extract_digest(path), CLIP_METHOD, SUGGESTION_TEXT.pattern]
    try:
        with _kept(study, _SUGGESTIONS, key) as part:
            extract = _read_kept(part, SUGGESTION_KEYS) if part.exists() else None
            if extract is None:
                if not pick_by_text(path, SUGGESTION_TEXT, part, progress):
                    return None
                extract = read_extract(part, SUGGESTION_KEYS)
    except CannotClipError:
        return read_extract(path, SUGGESTION_KEYS)
    return replace(extract, source=path.name)


def read_object(study: Study, osm_id: str, progress: Progress) -> Extract | None:
    """Read one object of the whole extract, e.g. ``"w81096573"``, perhaps with others.

    Returns
    -------
    Extract or None
        Read with ``SUGGESTION_KEYS``; None if the extract does not hold the object.

    Raises
    ------
    geo.errors.ExtractError, geo.errors.OutputError
        As for `read_surroundings`.
    """
    path = study.extract_path
    key = [extract_digest(path), CLIP_METHOD, SUGGESTION_TEXT.pattern]
    with _kept(study, _SUGGESTIONS, key) as part:
        kept = _read_kept(part, SUGGESTION_KEYS) if part.exists() else None
    if kept is not None and (kept.features["osm_id"] == osm_id).any():
        return replace(kept, source=path.name)
    try:
        with tempfile.TemporaryDirectory(prefix="sozialraum-") as folder:
            part = Path(folder) / "object.osm.pbf"
            if not pick_object(path, osm_id, part, progress):
                return None
            return replace(read_extract(part, SUGGESTION_KEYS), source=path.name)
    except CannotClipError:
        return read_extract(path, SUGGESTION_KEYS)


def find_boxes(sites: Sites, distance_m: float) -> tuple[Box, ...]:
    """Return boxes that hold everything within a distance of grounds, houses and gates.

    Parameters
    ----------
    sites
        In any metric CRS.
    distance_m
        Metres.

    Returns
    -------
    tuple
        West, south, east, north in degrees, rounded outwards to 0.0001°, sorted; boxes that
        would overlap are one.
    """
    shapes = [*sites.sites.geometry, *sites.houses.geometry, *sites.gates.geometry]
    shapes += [outline for outline in sites.houses["outline"] if outline is not None]
    bounds = shapely.bounds(shapes) + distance_m * np.array([-1, -1, 1, 1])
    # A straight side in metres is bent in degrees.
    squares = shapely.segmentize(shapely.box(*bounds.T), _STEP_M)
    degrees = gpd.GeoSeries(squares, crs=sites.crs).to_crs(WGS84)
    boxes = [shapely.box(*bounds) for bounds in degrees.bounds.to_numpy().tolist()]
    while True:
        count = len(boxes)
        merged = shapely.bounds(list(gpd.GeoSeries(shapely.union_all(boxes)).explode()))
        boxes = [shapely.box(*bounds) for bounds in merged.tolist()]
        if len(boxes) == count:
            break
    found: list[Any] = []
    for box in boxes:
        west, south = (math.floor(value * _STEPS_PER_DEGREE) for value in box.bounds[:2])
        east, north = (math.ceil(value * _STEPS_PER_DEGREE) for value in box.bounds[2:])
        corners = (west, south, east, north)
        found.append(tuple(value / _STEPS_PER_DEGREE for value in corners))
    return tuple(sorted(found))


@contextmanager
def _kept(study: Study, kind: str, key: list[Any]) -> Iterator[Path]:
    """Give the path of a part that is kept for the next time, where that is possible.

    Once the part is there, older ones of its kind are removed.
    """
    text = json.dumps(key, sort_keys=True)
    name = f"{kind}-{hashlib.sha256(text.encode()).hexdigest()[:16]}.osm.pbf"
    folder = study.folder / CACHE_FOLDER
    if not (folder / name).exists() and not _is_writable(folder):
        with tempfile.TemporaryDirectory(prefix="sozialraum-") as scratch:
            yield Path(scratch) / name
        return
    yield folder / name
    if (folder / name).exists():
        for other in folder.glob(f"{kind}-*.osm.pbf"):
            if other.name != name:
                with suppress(OSError):
                    other.unlink()


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _read_kept(part: Path, feature_keys: Collection[str]) -> Extract | None:
    """Read a part that was kept, or None if it has been damaged since."""
    try:
        return read_extract(part, feature_keys)
    except ExtractError:
        return None


def _cut(boxes: tuple[Box, ...]) -> Finding:
    west, south, east, north = shapely.total_bounds(shapely.box(*np.array(boxes).T)).tolist()
    width = (east - west) * _DEGREE_KM * math.cos(math.radians((south + north) / 2))
    height = (north - south) * _DEGREE_KM
    size = f"{math.ceil(width)} × {math.ceil(height)} km"
    parts = "ein Gebiet" if len(boxes) == 1 else f"{len(boxes)} Gebiete in einem Rechteck"
    corners = (
        f"{decimal_text(west, 2)} bis {decimal_text(east, 2)} Grad Länge, "
        f"{decimal_text(south, 2)} bis {decimal_text(north, 2)} Grad Breite"
    )
    return Finding(
        "extract.cut",
        Severity.INFO,
        "Der Auszug ist groß; gelesen wurde nur die Umgebung der Standorte, so weit man geht "
        f"und {MARGIN_M / 1000:.0f} km darüber hinaus: {parts} von {size} ({corners}).",
    )


def _not_cut() -> Finding:
    return Finding(
        "extract.not_cut",
        Severity.INFO,
        "Der Auszug ist groß, ließ sich aber nicht auf die Umgebung der Standorte zuschneiden, "
        "weil er ungewöhnlich aufgebaut ist; er wurde ganz gelesen.",
        remedy="Ein Auszug als .osm.pbf von download.geofabrik.de wird schneller gelesen.",
    )
