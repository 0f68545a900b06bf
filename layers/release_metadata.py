"""What a release is, for catalogues: title, lineage, date, licence, contact, extent.

Collected once and written as ISO 19139 (``layers.iso_metadata``) and as DCAT-AP.de
(``layers.dcat_metadata``). Nothing here looks at a clock: the date of the metadata is the date
of the OSM data, because that is what the numbers are about; without it there is none.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from geo.crs import WGS84
from layers.csv_files import german_date
from layers.layer_frames import PUBLIC, Exported
from layers.layer_info import LAYERS, Source
from layers.licences import NAMED

NO_PUBLISHER = "Herausgeber nicht angegeben"
KEYWORDS = ("Sozialraum", "Erreichbarkeit", "Inklusion", "Quartier", "Fußwege", "OpenStreetMap")
_DEGREES = 10_000
"""Bounds are told to a ten-thousandth of a degree, some ten metres."""


@dataclass(frozen=True, slots=True)
class ReleaseMetadata:
    """What a release is.

    Attributes
    ----------
    identifier
        UUID of the data set: the same for all builds of a study's release.
    snapshot
        Id of the results.
    title, abstract, lineage
        German.
    date
        Of the OSM data, ISO 8601; "" if not known.
    bounds
        West, south, east, north, degrees; None where nothing has a place.
    crs
        E.g. ``"EPSG:25832"``.
    public
        Whether it may be published.
    publisher, contact
        Organisation, and mailbox of a role or address of a page; "" if not given.
    licence
        Of all that is computed from OSM data.
    own
        Of the study's own data.
    sources
        Source of each layer by its name.
    layers
        German titles of the layers by name.
    spatial
        Names of the layers with geometry.
    """

    identifier: str
    snapshot: str
    title: str
    abstract: str
    lineage: str
    date: str
    bounds: tuple[float, float, float, float] | None
    crs: str
    public: bool
    publisher: str
    contact: str
    licence: Source
    own: Source
    sources: Mapping[str, Source]
    layers: Mapping[str, str]
    spatial: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether all of it is open data: public, and under licences that catalogues know."""
        return self.public and self.own.licence in NAMED and self.licence.licence in NAMED

    @property
    def contact_is_page(self) -> bool:
        """Whether the contact is the address of a page, not a mailbox."""
        return self.contact.lower().startswith(("https://", "http://"))

    @property
    def contact_is_mail(self) -> bool:
        """Whether the contact looks like a mailbox."""
        name, at, host = self.contact.partition("@")
        return bool(name and at and "." in host) and not set(self.contact) & set(" <>\"'\\/,;")


def release_metadata(exported: Exported) -> ReleaseMetadata:
    """Collect what a release is.

    Parameters
    ----------
    exported
        The release; only what it holds is looked at.
    """
    facts = exported.facts
    public = facts["release"] == PUBLIC
    kind = "Öffentliche" if public else "Interne"
    key = f"sozialraumkarte:{facts['study']}:{facts['release']}"
    return ReleaseMetadata(
        identifier=str(uuid.uuid5(uuid.NAMESPACE_URL, key.encode("utf-8", "replace").decode())),
        snapshot=facts["snapshot"],
        title=f"Sozialraumkarte {facts['study']} ({kind.lower()} Fassung)",
        abstract=_abstract(exported, public=public),
        lineage=_lineage(exported),
        date=facts["data_date"],
        bounds=_bounds(exported),
        crs=exported.crs,
        public=public,
        publisher=facts.get("publisher", ""),
        contact=facts.get("contact", ""),
        licence=exported.base_source,
        own=exported.own_source,
        sources={name: exported.layer_source(name) for name in exported.layers},
        layers=_titles(exported),
        spatial=tuple(
            name for name, frame in exported.layers.items() if isinstance(frame, gpd.GeoDataFrame)
        ),
    )


def _titles(exported: Exported) -> dict[str, str]:
    return {name: LAYERS[name].told(exported.facts["release"]).title for name in exported.layers}


def _abstract(exported: Exported, *, public: bool) -> str:
    titles = ", ".join(_titles(exported).values())
    parts = [
        "Orte des täglichen Lebens rund um das Gelände und was von dort aus in so vielen Minuten "
        f"erreichbar ist. Ebenen: {titles}.",
        "Eine erreichbare Fläche ist nicht der Sozialraum; »nicht erfasst« heißt nicht, dass es "
        "so einen Ort nicht gibt.",
    ]
    if exported.facts["fictional"] == "true":
        parts.append("Der Ort ist erfunden: ein Beispiel.")
    if not public:
        parts.append("Nur für den internen Gebrauch: Die Daten nennen einzelne Häuser.")
    return " ".join(parts)


def _lineage(exported: Exported) -> str:
    facts = exported.facts
    date = german_date(facts["data_date"]) or "nicht bekannt"
    origin = (
        "erfundenen Daten im Format von OpenStreetMap"
        if facts["fictional"] == "true"
        else "Daten von OpenStreetMap"
    )
    profiles = ", ".join(exported.profile_labels.values())
    return (
        f"Gerechnet aus {origin} (Auszug: {facts['extract']}, Stand {date}) und eigenen Angaben "
        "der Studie zu Gelände und Toren. Wegezeiten auf dem Wegenetz, Schwellen "
        f"{', '.join(str(value) for value in exported.minutes)} Minuten, Profile: {profiles}. "
        f"Verfahren {facts['method_version']}, Ergebnis Nr. {facts['snapshot']}, gerechnet in "
        f"{facts['crs']}."
    )


def _bounds(exported: Exported) -> tuple[float, float, float, float] | None:
    """Return the box around all layers, rounded outwards."""
    frames: list[Any] = [
        frame for frame in exported.layers.values() if isinstance(frame, gpd.GeoDataFrame)
    ]
    sides = np.array([frame.total_bounds for frame in frames if len(frame)]).reshape(-1, 4)
    sides = sides[np.isfinite(sides).all(axis=1)]
    if not len(sides):
        return None
    low, high = sides[:, :2].min(axis=0), sides[:, 2:].max(axis=0)
    # The sides of a box are curves in degrees: corners alone could cut off what bulges.
    along = np.linspace(low, high, 21)
    grid = np.array([(x, y) for x in along[:, 0] for y in along[:, 1]])
    degrees = gpd.GeoSeries(shapely.points(grid), crs=exported.crs).to_crs(WGS84).total_bounds
    west, south, east, north = (float(value) * _DEGREES for value in degrees)
    return (
        math.floor(west) / _DEGREES,
        math.floor(south) / _DEGREES,
        math.ceil(east) / _DEGREES,
        math.ceil(north) / _DEGREES,
    )
