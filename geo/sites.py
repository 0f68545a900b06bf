"""Grounds, houses and gates of a study."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd

from geo.findings import Finding


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
        (Polygon or None), sorted by id.
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
        return f"EPSG:{self.sites.crs.to_epsg()}"
