"""Everything computed from one extract, one study and one taxonomy."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import geopandas as gpd
import pandas as pd

from geo.findings import Finding
from geo.profiles import Profile
from layers.layer_info import OWN, Source
from layers.neighbourhood import Neighbourhood
from layers.placement import Placement
from layers.taxonomy import Taxonomy

METHOD_VERSION = "3"
"""Raised whenever the same input would give other results; part of the snapshot's id."""


@dataclass(frozen=True)
class Snapshot:
    """What a build computes; immutable. All frames are in ``crs``, sorted by their ids.

    Attributes
    ----------
    id
        Digest of inputs and method, 16 hexadecimal digits.
    name
        Name of the study.
    fictional
        Whether the place is made up.
    source
        Name of the extract.
    data_date
        Date of the OSM data, if known.
    crs
        Metric CRS, e.g. ``"EPSG:25832"``.
    minutes
        Thresholds, ascending.
    profiles
        Who walks, by profile id.
    taxonomy
        The categories used.
    sites, houses, gates
        As in ``geo.sites.Sites``, derived gates included.
    places
        As ``layers.places.find_places`` makes them.
    isochrones
        ``house_id`` (a house's or a site's id), ``profile``, ``state``, ``minutes``,
        MultiPolygon.
    access
        ``house_id``, ``profile``, ``state``, ``category``, ``nearest_id``, ``nearest_s``,
        ``nearest_m``, ``detour``, ``n_05`` … one column per threshold, ``n_on_campus``,
        ``status``.
    travel_times
        ``from_id``, ``to_id``, ``profile``, ``state``, ``travel_time_s``,
        ``distance_m``, ``estimated``, ``private``, ``by_hours``, ``unknown_m``; the first
        four may be categoricals.
    coverage
        Of profiles with limits, as ``geo.coverage.measure_coverage`` makes it.
    summaries
        German sentences by profile id, then by house or site id.
    base
        What the base map is drawn from, clipped to the surroundings (see
        ``geo.extract.Extract.base``), EPSG:4326.
    findings
        What was noticed, from all steps.
    counts
        What was read and made, for the report.
    digests
        SHA-256 of each input by its role.
    neighbourhood
        Needs, who reaches whom, and the common ground.
    placement
        Where projects help most; None where the study asks for no projects.
    publisher, contact
        Organisation that answers for the files, and mailbox of a role; "" if not given.
    own
        Whose the study's own data are, and under which licence.
    """

    id: str
    name: str
    fictional: bool
    source: str
    data_date: date | None
    crs: str
    minutes: tuple[int, ...]
    profiles: dict[str, Profile]
    taxonomy: Taxonomy
    sites: gpd.GeoDataFrame
    houses: gpd.GeoDataFrame
    gates: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    isochrones: gpd.GeoDataFrame
    access: pd.DataFrame
    travel_times: pd.DataFrame
    coverage: pd.DataFrame
    summaries: dict[str, dict[str, list[str]]]
    base: gpd.GeoDataFrame
    findings: tuple[Finding, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    neighbourhood: Neighbourhood | None = None
    placement: Placement | None = None
    publisher: str = ""
    contact: str = ""
    own: Source = OWN
