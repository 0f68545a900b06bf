"""Who else lives there: people of the neighbourhood, placed on addresses."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from geo.findings import Finding
from layers.layer_info import OSM, Source
from layers.study_network import StudyNetwork

_PEOPLE_PER_ADDRESS = 2.0


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The people who live around, those on the grounds left out.

    Attributes
    ----------
    frame
        One row per home, metric CRS: ``id`` (of the address or building in OSM, unique),
        ``people`` (float, above 0; a share of a cell's people), ``on_campus`` (always ""),
        ``outline`` (None), ``geometry`` (Point); sorted by ``id``. What
        ``geo.snapping.snap_places`` asks for.
    estimated
        Whether the numbers are an estimate from OSM, not from statistics.
    source
        Whose numbers they are.
    note
        German: where the numbers come from and of what date, one sentence.
    findings
        What was noticed.
    """

    frame: gpd.GeoDataFrame
    estimated: bool
    source: Source
    note: str
    findings: tuple[Finding, ...] = ()


def find_neighbours(ready: StudyNetwork) -> Neighbours:
    """Place the people of the study's population on addresses, or estimate them.

    Parameters
    ----------
    ready
        The study.
    """
    homes = ready.extract.addresses.to_crs(ready.crs)
    on_campus = homes.geometry.within(ready.sites.sites.geometry.union_all())
    homes = homes[~on_campus].drop_duplicates("osm_id")
    frame = gpd.GeoDataFrame(
        {
            "id": homes["osm_id"].astype("str"),
            "people": np.full(len(homes), _PEOPLE_PER_ADDRESS),
            "on_campus": "",
            "outline": None,
        },
        geometry=homes.geometry,
    )
    frame = frame.sort_values("id", ignore_index=True)
    return Neighbours(
        frame, estimated=True, source=OSM, note="Schätzung aus Adressen in OpenStreetMap."
    )
