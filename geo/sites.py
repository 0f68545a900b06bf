"""Grounds, houses and gates of a study."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
from pyproj import Transformer

from geo import _site_coordinates as coordinates
from geo import _site_joining as joining
from geo._faults import Faults
from geo._site_records import Entry, check_double, read_entries
from geo.crs import WGS84, is_metric
from geo.errors import CrsError, SitesError, VectorFileError
from geo.findings import Finding, Severity, has_errors
from geo.foreign_files import read_vector

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_SHOWN_ERRORS = 30


@dataclass(frozen=True)
class Sites:
    """What the study says about the grounds, in one metric CRS.

    Attributes
    ----------
    sites
        Grounds. Columns ``site_id``, ``name``, ``geometry`` (MultiPolygon), one row
        per ``site_id`` (several polygons of one site are joined), sorted by id.
    houses
        Columns ``house_id``, ``name``, ``site_id`` ("" off any grounds), ``geometry``
        (Point: the house's entrance or a point inside its outline), ``outline``
        (Polygon or None), ``places`` (``Int64``: how many people can live there, NA where
        that is not said; internal, never exported), sorted by id.
    gates
        Columns ``gate_id``, ``name``, ``site_id``, ``status`` (``"open"``, ``"locked"``
        or an opening-hours text), ``step_free`` (``"yes"``, ``"no"``, ``"unknown"``),
        ``derived`` (bool: found by us, not given), ``geometry`` (Point), sorted by id.
        After ``geo.sites.read_sites`` only the given ones; derived gates are added by
        ``geo.network.build_network``, which knows the ways.
    findings
        What was noticed while reading.
    """

    sites: gpd.GeoDataFrame
    houses: gpd.GeoDataFrame
    gates: gpd.GeoDataFrame
    findings: tuple[Finding, ...] = ()

    @property
    def crs(self) -> str:
        """The metric CRS of all three frames, e.g. ``"EPSG:25832"``."""
        crs: Any = self.sites.crs
        return f"EPSG:{crs.to_epsg()}"


def read_sites(
    path: Path,
    crs: str | None = None,
    *,
    bounds: tuple[float, float, float, float] | None = None,
) -> Sites:
    """Read the grounds, houses and gates of a study.

    The file is GeoJSON, a GeoPackage or a zipped Shapefile in any CRS. Its features have
    the properties ``kind`` (``site``, ``house``, ``gate``), ``id``, ``name``; houses and
    gates may name their ``site_id``, gates their ``status`` and ``step_free``, houses their
    ``places``.

    Several features of kind ``site`` with one id are parts of one site. A house without
    ``site_id`` belongs to the grounds it lies on; off any grounds it stands for itself. A
    gate without ``site_id`` belongs to the nearest boundary.

    Parameters
    ----------
    path
        The file.
    crs
        The metric CRS wanted; by default that of the middle of what is drawn.
    bounds
        West, south, east, north of the study's OSM data in degrees: helps to tell swapped
        axes outside of Germany.

    Returns
    -------
    Sites
        Its ``findings`` hold warnings and remarks, never errors.

    Raises
    ------
    SitesError
        If the file cannot be read or anything in it cannot be used; names all of it at
        once, and carries it in ``findings``.
    CrsError
        If ``crs`` is not metric.

    Notes
    -----
    Errors: a kind, status or ``site_id`` that does not exist; places that are no whole number
    from 0; a missing or doubled id; no
    geometry, one of the wrong kind, an invalid one (nothing is repaired: where the boundary
    runs is for the study to say); coordinates without CRS, impossible or swapped; a house
    more than 15 m outside the grounds it names; a gate more than 100 m from the boundary; a
    gate without any grounds; nothing to start from. Warnings: a missing name, a house
    outside every site, a gate 15 to 100 m off the boundary, overlapping grounds.
    """
    if crs is not None and not is_metric(crs):
        raise CrsError(
            f"»{crs}« ist kein Koordinatensystem in Metern.",
            remedy="Zum Beispiel EPSG:25832 angeben.",
        )
    try:
        layers = read_vector(path)
    except VectorFileError as error:
        finding = Finding(
            "sites.unreadable",
            Severity.ERROR,
            error.what,
            error.where or "",
            error.remedy or "",
        )
        raise SitesError(
            error.what, where=error.where, remedy=error.remedy, findings=[finding]
        ) from error
    faults = Faults()
    located = coordinates.to_lonlat(layers, bounds, faults)
    crs = crs or coordinates.metric_crs_of(located)
    degrees = Transformer.from_crs(crs, WGS84, always_xy=True)
    entries = [
        entry
        for layer in located
        for entry in read_entries(
            layer.layer,
            coordinates.to_metric(layer, crs, faults),
            degrees.transform,
            len(layers) > 1,
            faults,
        )
    ]
    return _assembled(entries, crs, path, faults)


def _assembled(entries: list[Entry], crs: str, path: Path, faults: Faults) -> Sites:
    if not any(entry.kind != "gate" for entry in entries) and not has_errors(faults.findings()):
        faults.error(
            "sites.empty",
            "Die Datei enthält weder Gelände noch Häuser.",
            str(path),
            "Gelände (kind »site«) oder Häuser (kind »house«) einzeichnen oder mit "
            "»sozialraum sites ORDNER --suggest« Vorschläge aus OpenStreetMap ansehen.",
        )
    entries = check_double(entries, faults)
    declared = sorted({entry.id for entry in entries if entry.kind == "site"})
    grounds = joining.join_sites(entries, faults)
    houses = joining.join_houses(entries, grounds, declared, faults)
    gates = joining.join_gates(entries, grounds, declared, faults)
    findings = faults.findings()
    if has_errors(findings):
        raise _sites_error(findings, path)
    return Sites(
        _frame(
            {"site_id": list(grounds), "name": [name for name, _ in grounds.values()]},
            [shape for _, shape in grounds.values()],
            crs,
        ),
        _house_frame(houses, grounds, crs),
        _gate_frame(gates, crs),
        findings,
    )


def _house_frame(houses: list[Entry], grounds: joining.Grounds, crs: str) -> gpd.GeoDataFrame:
    frame = _frame(
        {
            "house_id": [house.id for house in houses],
            "name": [house.name for house in houses],
            "site_id": [house.site_id for house in houses],
        },
        [joining.house_point(house, grounds) for house in houses],
        crs,
    )
    outlines = [
        house.geometry if house.geometry is not None and house.geometry.area > 0 else None
        for house in houses
    ]
    frame["outline"] = pd.Series(outlines, index=frame.index, dtype=object)
    places = [pd.NA if house.places is None else house.places for house in houses]
    frame["places"] = pd.Series(places, index=frame.index, dtype="Int64")
    return frame


def _gate_frame(gates: list[Entry], crs: str) -> gpd.GeoDataFrame:
    frame = _frame(
        {
            "gate_id": [gate.id for gate in gates],
            "name": [gate.name for gate in gates],
            "site_id": [gate.site_id for gate in gates],
            "status": [gate.status for gate in gates],
            "step_free": [gate.step_free for gate in gates],
        },
        [gate.geometry for gate in gates],
        crs,
    )
    frame["derived"] = pd.Series(False, index=frame.index, dtype=bool)  # noqa: FBT003
    return frame


def _frame(columns: dict[str, list[str]], geometries: Sequence[Any], crs: str) -> gpd.GeoDataFrame:
    shapes = gpd.array.from_shapely(list(geometries), crs=crs)
    texts = {name: pd.Series(values, dtype="str") for name, values in columns.items()}
    return gpd.GeoDataFrame(texts, geometry=shapes, crs=crs)


def _sites_error(findings: Sequence[Finding], path: Path) -> SitesError:
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if len(errors) == 1:
        only = errors[0]
        where = str(path) if only.where in {"", str(path)} else f"{path}, {only.where}"
        return SitesError(only.message, where=where, remedy=only.remedy, findings=findings)
    lines = [f"– {error.message} {error.remedy}".rstrip() for error in errors[:_SHOWN_ERRORS]]
    if len(errors) > _SHOWN_ERRORS:
        lines.append(f"– und {len(errors) - _SHOWN_ERRORS} weitere")
    return SitesError(
        f"In der Datei mit Geländen, Häusern und Toren sind {len(errors)} Fehler:\n"
        + "\n".join(lines),
        where=path,
        remedy="Die Fehler in der Datei berichtigen, zum Beispiel in QGIS.",
        findings=findings,
    )
