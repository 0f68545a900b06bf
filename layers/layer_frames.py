"""The layers as they leave the house: which there are, their columns, order and sources.

Made once from a snapshot and then written in every format, so that a GeoPackage, a GeoJSON
file and a table never differ. The risk layer is internal and not exported at all: neither its
places nor the travel times to them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from layers.access import access_columns
from layers.snapshot import Snapshot

OSM_SOURCE = "© OpenStreetMap-Mitwirkende"
OSM_LICENCE = "ODbL 1.0"
OSM_LICENCE_URL = "https://opendatacommons.org/licenses/odbl/1-0/"
OWN_SOURCE = "Eigene Angaben der Studie"
OWN_LICENCE = "keine offene Lizenz, Weitergabe nur nach Freigabe"

PLACE_LAYERS = ("services", "transit", "meeting_places", "partners")
"""Layers of places, in the order in which they are shown."""

HIDDEN_LAYER = "risk"
"""Never exported."""


@dataclass(frozen=True, slots=True)
class LayerInfo:
    """What a layer is, for readers of the files.

    Attributes
    ----------
    name
        Name of the table or file.
    title
        German title.
    text
        What is in it, a German sentence or two.
    source
        Attribution that must be shown with it.
    licence
        Licence of the layer.
    spatial
        Whether it has a geometry; the others are tables only.
    """

    name: str
    title: str
    text: str
    source: str
    licence: str
    spatial: bool = True


def _osm(name: str, title: str, text: str, *, spatial: bool = True) -> LayerInfo:
    return LayerInfo(name, title, text, OSM_SOURCE, OSM_LICENCE, spatial)


LAYERS: Mapping[str, LayerInfo] = {
    info.name: info
    for info in (
        LayerInfo(
            "sites", "Gelände", "Die Gelände, wie die Studie sie angibt.", OWN_SOURCE, OWN_LICENCE
        ),
        LayerInfo(
            "houses",
            "Häuser",
            "Die Häuser, wie die Studie sie angibt. Nur für den internen Gebrauch.",
            OWN_SOURCE,
            OWN_LICENCE,
        ),
        LayerInfo(
            "gates",
            "Tore",
            "Tore aus der Studie und, mit derived = wahr, aus OpenStreetMap abgeleitete; "
            "jede Zeile nennt ihre Quelle.",
            f"{OWN_SOURCE}; abgeleitete Tore: {OSM_SOURCE}",
            f"{OWN_LICENCE}; abgeleitete Tore: {OSM_LICENCE}",
        ),
        _osm(
            "isochrones",
            "Erreichbare Flächen",
            "Was von einem Haus oder von den Toren eines Geländes aus zu Fuß in so vielen Minuten "
            "erreichbar ist. Eine solche Fläche ist nicht der Sozialraum.",
        ),
        _osm("services", "Versorgung", "Läden, Gesundheit, Ämter und andere Angebote."),
        _osm("transit", "Bus und Bahn", "Haltestellen und andere Orte der Mobilität."),
        _osm("meeting_places", "Treffpunkte", "Orte, an denen Menschen einander begegnen."),
        _osm(
            "partners",
            "Mögliche Partner",
            "Orte, deren Träger als Partner in Frage kommen; manche stehen auch in einer der "
            "anderen Ebenen.",
        ),
        _osm(
            "access",
            "Erreichbarkeit",
            "Je Haus oder Gelände, Profil und Kategorie: der nächste Ort außerhalb des Geländes "
            "und wie viele es in so vielen Minuten sind.",
            spatial=False,
        ),
        _osm(
            "travel_times",
            "Wegezeiten",
            "Zeit und Länge des Weges von jedem Haus oder Gelände zu jedem Ort; was zu Fuß nicht "
            "rechtzeitig erreichbar ist, fehlt.",
            spatial=False,
        ),
    )
}
"""All exported layers by name, in their order."""

PLACE_COLUMNS = (
    "id", "name", "category", "category_label", "category_group", "kind", "osm_ids", "on_campus",
    "wheelchair", "opening_hours", "address", "operator", "website", "partner", "completeness",
    "source", "licence", "data_date",
)  # fmt: skip

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "sites": ("id", "name", "area_m2", "source", "licence"),
    "houses": ("id", "name", "site_id", "source", "licence"),
    "gates": (
        "id", "name", "site_id", "status", "step_free", "derived", "source", "licence",
    ),
    "isochrones": ("id", "house_id", "profile", "minutes", "source", "licence", "data_date"),
    **dict.fromkeys(PLACE_LAYERS, PLACE_COLUMNS),
    "travel_times": (
        "from_id", "to_id", "profile", "travel_time_s", "distance_m", "estimated", "private",
    ),
}  # fmt: skip

_TYPES: Mapping[str, str] = {
    "area_m2": "float64",
    "derived": "bool",
    "detour": "Float64",
    "distance_m": "float64",
    "estimated": "bool",
    "minutes": "int64",
    "n_on_campus": "Int64",
    "nearest_m": "Float64",
    "nearest_s": "Float64",
    "partner": "bool",
    "private": "bool",
    "travel_time_s": "float64",
}
"""Types of all columns that are not text; counts within thresholds are ``Int64``."""


def layer_columns(name: str, minutes: Sequence[int]) -> list[str]:
    """Return the columns of a layer in their order, without the geometry."""
    return access_columns(minutes) if name == "access" else list(_COLUMNS[name])


def typed(frame: Any, columns: Sequence[str]) -> Any:
    """Return a frame with exactly these columns, each of its type, and the geometry if any.

    Missing text stays missing; a frame read back from a file gets the types it was
    written with.
    """
    spatial = isinstance(frame, gpd.GeoDataFrame)
    wanted = [*columns, "geometry"] if spatial else list(columns)
    frame = frame[wanted]
    types = {
        column: _TYPES.get(column, "Int64" if column.startswith("n_") else "str")
        for column in columns
    }
    return frame.astype(types).reset_index(drop=True)


def layer_frames(snapshot: Snapshot) -> dict[str, gpd.GeoDataFrame | pd.DataFrame]:
    """Make the frame of every exported layer.

    Parameters
    ----------
    snapshot
        The results.

    Returns
    -------
    dict
        Frames by name, in the order of ``LAYERS``. Spatial ones are GeoDataFrames in the
        snapshot's metric CRS with a unique text column ``id``, sorted by it; ``access`` and
        ``travel_times`` are plain frames. A place that is a potential partner is in its own
        layer and in ``partners``; places of the risk layer are in none.
    """
    made = {
        "sites": _sites(snapshot),
        "houses": _houses(snapshot),
        "gates": _gates(snapshot),
        "isochrones": _isochrones(snapshot),
        **_place_layers(snapshot),
        "access": _access(snapshot),
        "travel_times": _travel_times(snapshot),
    }
    return {name: typed(made[name], layer_columns(name, snapshot.minutes)) for name in LAYERS}


def category_table(snapshot: Snapshot) -> pd.DataFrame:
    """Return the exported categories: what the ids in the other tables mean, in German.

    Columns ``id``, ``label``, ``layer``, ``category_group``, ``role``, ``completeness``,
    ``partner`` and ``indicator``, in the order of the taxonomy.
    """
    rows = [
        (
            category.id,
            category.label,
            category.layer,
            category.group,
            category.role,
            category.completeness,
            category.partner,
            category.indicator,
        )
        for category in snapshot.taxonomy.categories
        if category.layer != HIDDEN_LAYER
    ]
    columns = [
        "id", "label", "layer", "category_group", "role", "completeness", "partner", "indicator",
    ]  # fmt: skip
    types = dict.fromkeys(columns, "str") | {"partner": "bool", "indicator": "bool"}
    return pd.DataFrame(rows, columns=columns).astype(types)


def data_date_text(snapshot: Snapshot) -> str | None:
    """Return the date of the OSM data as ISO 8601 text, or None if it is not known."""
    return None if snapshot.data_date is None else snapshot.data_date.isoformat()


def _sites(snapshot: Snapshot) -> gpd.GeoDataFrame:
    frame = snapshot.sites.rename(columns={"site_id": "id"})
    frame["area_m2"] = frame.geometry.area.round(0)
    return _own(frame)


def _houses(snapshot: Snapshot) -> gpd.GeoDataFrame:
    return _own(snapshot.houses.rename(columns={"house_id": "id"}))


def _gates(snapshot: Snapshot) -> gpd.GeoDataFrame:
    frame = _own(snapshot.gates.rename(columns={"gate_id": "id"}))
    frame.loc[frame["derived"], "source"] = OSM_SOURCE
    frame.loc[frame["derived"], "licence"] = OSM_LICENCE
    return frame


def _own(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    marked = frame.assign(source=OWN_SOURCE, licence=OWN_LICENCE)
    return marked.sort_values("id")


def _from_osm(frame: gpd.GeoDataFrame, snapshot: Snapshot) -> gpd.GeoDataFrame:
    dates = pd.Series([data_date_text(snapshot)] * len(frame), index=frame.index, dtype="str")
    marked = frame.assign(source=OSM_SOURCE, licence=OSM_LICENCE, data_date=dates)
    return marked.sort_values("id")


def _isochrones(snapshot: Snapshot) -> gpd.GeoDataFrame:
    frame = snapshot.isochrones
    minutes = frame["minutes"].astype("int64")
    digits = minutes.map("{:02d}".format).astype("str")
    keys = frame["house_id"].astype("str") + "-" + frame["profile"].astype("str") + "-" + digits
    return _from_osm(frame.assign(id=keys), snapshot)


def _place_layers(snapshot: Snapshot) -> dict[str, gpd.GeoDataFrame]:
    labels = {category.id: category.label for category in snapshot.taxonomy.categories}
    groups = {category.id: category.group for category in snapshot.taxonomy.categories}
    places = snapshot.places.set_geometry("geometry")
    places = _from_osm(
        places.assign(
            category_label=places["category"].map(labels),
            category_group=places["category"].map(groups),
        ),
        snapshot,
    )
    shown = places["layer"] != HIDDEN_LAYER
    return {
        name: places[
            (places["layer"] == name) | (places["partner"] & shown & (name == "partners"))
        ]
        for name in PLACE_LAYERS
    }


def _access(snapshot: Snapshot) -> pd.DataFrame:
    hidden = _hidden_categories(snapshot)
    return snapshot.access[~snapshot.access["category"].isin(hidden)]


def _travel_times(snapshot: Snapshot) -> pd.DataFrame:
    places = snapshot.places
    hidden = places.loc[places["layer"] == HIDDEN_LAYER, "id"]
    times = snapshot.travel_times
    return times[~times["to_id"].isin(hidden)]


def _hidden_categories(snapshot: Snapshot) -> list[str]:
    return [
        category.id for category in snapshot.taxonomy.categories if category.layer == HIDDEN_LAYER
    ]
