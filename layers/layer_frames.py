"""The layers as they leave the house: which there are, their columns, order and sources.

Made once from a snapshot and then written in every format, so that a GeoPackage, a GeoJSON
file and a table never differ. The risk layer is internal and not exported at all: neither its
places nor the travel times to them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import pandas as pd

from layers.access import access_columns
from layers.layer_info import HIDDEN_LAYER, INVENTED, LAYERS, OSM, OWN, PLACE_LAYERS, Source
from layers.licences import own_source
from layers.neighbourhood_frames import FRAME_TYPES, neighbourhood_frames
from layers.snapshot import METHOD_VERSION, Snapshot
from layers.sources import joined, names_objects, side_by_side

INTERNAL, PUBLIC = "internal", "public"
"""The two releases, as the fact ``release`` names them."""

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
    "isochrones": (
        "id", "house_id", "profile", "state", "minutes", "source", "licence", "data_date",
    ),
    **dict.fromkeys(PLACE_LAYERS, PLACE_COLUMNS),
    "travel_times": (
        "from_id", "to_id", "profile", "state", "travel_time_s", "distance_m", "estimated",
        "private", "by_hours", "unknown_m",
    ),
    "coverage": (
        "house_id", "profile", "minutes", "reached_m", "confirmed_m", "unknown_percent",
        "seated_percent",
    ),
    **{name: tuple(types) for name, types in FRAME_TYPES.items()},
}  # fmt: skip

_TYPES: Mapping[str, str] = {
    "area_m2": "float64",
    "by_hours": "bool",
    "confirmed_m": "float64",
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
    "reached_m": "float64",
    "seated_percent": "Float64",
    "travel_time_s": "float64",
    "unknown_m": "float64",
    "unknown_percent": "Float64",
    **{
        column: kind
        for types in FRAME_TYPES.values()
        for column, kind in types.items()
        if kind != "str"
    },
}
"""Types of all columns that are not text; counts within thresholds are ``Int64``."""


def layer_columns(name: str, minutes: Sequence[int]) -> list[str]:
    """Return the columns of a layer in their order, without the geometry."""
    return access_columns(minutes) if name == "access" else list(_COLUMNS[name])


def typed(frame: Any, columns: Sequence[str]) -> Any:
    """Return a frame with exactly these columns, each of its type, and the geometry if any.

    Missing text stays missing; a frame read back from a file gets the types it was
    written with. Text that is kept as categories stays so.
    """
    spatial = isinstance(frame, gpd.GeoDataFrame)
    wanted = [*columns, "geometry"] if spatial else list(columns)
    frame = frame[wanted]
    types = {
        column: _TYPES.get(column, "Int64" if column.startswith("n_") else "str")
        for column in columns
        if not isinstance(frame[column].dtype, pd.CategoricalDtype)
    }
    return frame.astype(types).reset_index(drop=True)


@dataclass(frozen=True)
class Exported:
    """Everything that leaves the house, from a snapshot or read back from its file.

    Attributes
    ----------
    facts
        What the files say about themselves, by key; see ``snapshot_facts``.
    minutes
        Thresholds, ascending.
    layers
        As ``layer_frames`` makes them.
    categories
        As ``category_table`` makes it.
    summaries
        German sentences: ``house_id``, ``profile``, ``position`` (from 1), ``text``.
    """

    facts: Mapping[str, str]
    minutes: tuple[int, ...]
    layers: Mapping[str, gpd.GeoDataFrame | pd.DataFrame]
    categories: pd.DataFrame
    summaries: pd.DataFrame

    @property
    def base_source(self) -> Source:
        """The source of all that is not the study's own."""
        return INVENTED if self.facts["fictional"] == "true" else OSM

    def layer_source(self, name: str) -> Source:
        """Return the source of a layer; of one that mixes two, both in words."""
        info, base = LAYERS[name], self.base_source
        if not info.own:
            return base
        if info.joined:
            return joined(self._own_sources, base, released=self.facts["release"] == PUBLIC)
        return side_by_side(self.own_source, base) if info.derived else self.own_source

    @property
    def own_source(self) -> Source:
        """The source of the study's own data: within the house, or as they are released."""
        if self.facts["release"] != PUBLIC:
            return OWN
        # A file of before a study could choose has none of these.
        usual = own_source(self.facts.get("publisher", ""), "")
        return Source(
            self.facts.get("own_attribution", usual.attribution),
            self.facts.get("own_licence", usual.licence),
            self.facts.get("own_licence_url", ""),
        )

    @property
    def _own_sources(self) -> list[Source]:
        """Return what is joined with the map in a layer: own data, and those about people."""
        told, licence = (self.facts.get(f"people_{key}", "") for key in ("attribution", "licence"))
        people = [Source(told, licence)] if told else []
        # Who releases own rows joined with the map gives them under its licence.
        return [replace(OWN, attribution=self.own_source.attribution), *people]

    @property
    def profile_labels(self) -> dict[str, str]:
        """The German name of each profile, by its id."""
        pairs = (part.partition("=") for part in self.facts["profiles"].split(";"))
        return {key: label for key, _, label in pairs}

    @property
    def crs(self) -> str:
        """The metric CRS of the layers, e.g. ``"EPSG:25832"``."""
        return self.facts["crs"]


def export_snapshot(snapshot: Snapshot) -> Exported:
    """Make from a snapshot all that is exported."""
    return Exported(
        facts=snapshot_facts(snapshot),
        minutes=tuple(snapshot.minutes),
        layers=layer_frames(snapshot),
        categories=category_table(snapshot),
        summaries=_summary_table(snapshot),
    )


def snapshot_facts(snapshot: Snapshot) -> dict[str, str]:
    """Return what every file should be able to say about itself, in a fixed order.

    Keys ``snapshot`` (id), ``study``, ``fictional`` (``true`` or ``false``), ``extract``,
    ``data_date`` (ISO 8601, "" if not known), ``crs``, ``minutes`` (``5,10,15``),
    ``profiles`` (``resident=Label;…``), ``method_version``, ``attribution``, ``licence``,
    ``licence_url``, ``publisher`` and ``contact`` ("" if not given), ``people_attribution`` and
    ``people_licence`` ("" where their numbers come from the map) and ``release``
    (``internal``, or ``public`` in a public release).
    """
    source = _base_source(snapshot)
    return {
        "snapshot": snapshot.id,
        "study": snapshot.name,
        "fictional": "true" if snapshot.fictional else "false",
        "extract": snapshot.source,
        "data_date": data_date_text(snapshot) or "",
        "crs": snapshot.crs,
        "minutes": ",".join(str(value) for value in snapshot.minutes),
        "profiles": ";".join(
            f"{key}={profile.label.replace(';', ',')}"
            for key, profile in sorted(snapshot.profiles.items())
        ),
        "method_version": METHOD_VERSION,
        "attribution": source.attribution,
        "licence": source.licence,
        "licence_url": source.licence_url,
        "publisher": snapshot.publisher,
        "contact": snapshot.contact,
        **_people_facts(snapshot),
        "release": INTERNAL,
    }


def _people_facts(snapshot: Snapshot) -> dict[str, str]:
    """Return whose data about people there are, where they are not those of the map."""
    told = snapshot.neighbourhood
    source = None if told is None else told.people.neighbours.source
    if source is None or source in {OSM, INVENTED}:
        return {"people_attribution": "", "people_licence": ""}
    return {"people_attribution": source.attribution, "people_licence": source.licence}


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
        snapshot's metric CRS with a unique text column ``id``, sorted by it; the others are
        plain frames. A place that is a potential
        partner is in its own layer and in ``partners``; places of the risk layer are in none.
    """
    made = {
        "sites": _sites(snapshot),
        "houses": _houses(snapshot),
        "gates": _gates(snapshot),
        "isochrones": _isochrones(snapshot),
        **_place_layers(snapshot),
        "access": _access(snapshot),
        "travel_times": _travel_times(snapshot),
        "coverage": snapshot.coverage,
        **neighbourhood_frames(snapshot),
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


def _base_source(snapshot: Snapshot) -> Source:
    return INVENTED if snapshot.fictional else OSM


def _summary_table(snapshot: Snapshot) -> pd.DataFrame:
    rows = [
        (origin, profile, position, text)
        for profile, origins in sorted(snapshot.summaries.items())
        for origin, sentences in sorted(origins.items())
        for position, text in enumerate(sentences, start=1)
    ]
    types = {"house_id": "str", "profile": "str", "position": "int64", "text": "str"}
    return pd.DataFrame(rows, columns=list(types)).astype(types)


def _sites(snapshot: Snapshot) -> gpd.GeoDataFrame:
    frame = snapshot.sites.rename(columns={"site_id": "id"})
    frame["area_m2"] = frame.geometry.area.round(0)
    return _own(frame, snapshot)


def _houses(snapshot: Snapshot) -> gpd.GeoDataFrame:
    return _own(snapshot.houses.rename(columns={"house_id": "id"}), snapshot)


def _gates(snapshot: Snapshot) -> gpd.GeoDataFrame:
    frame = _own(snapshot.gates.rename(columns={"gate_id": "id"}), snapshot)
    source = _base_source(snapshot)
    frame.loc[frame["derived"], "source"] = source.attribution
    frame.loc[frame["derived"], "licence"] = source.licence
    return frame


def _own(frame: gpd.GeoDataFrame, snapshot: Snapshot) -> gpd.GeoDataFrame:
    """Name the study as the source; where a row has the id of an OSM object, that as well."""
    marked = frame.assign(source=OWN.attribution, licence=OWN.licence)
    taken = names_objects(marked["id"])
    both = joined([OWN], _base_source(snapshot))
    marked.loc[taken, "source"], marked.loc[taken, "licence"] = both.attribution, both.licence
    return marked.sort_values("id")


def _from_osm(frame: gpd.GeoDataFrame, snapshot: Snapshot) -> gpd.GeoDataFrame:
    dates = pd.Series([data_date_text(snapshot)] * len(frame), index=frame.index, dtype="str")
    source = _base_source(snapshot)
    marked = frame.assign(source=source.attribution, licence=source.licence, data_date=dates)
    return marked.sort_values("id")


def _isochrones(snapshot: Snapshot) -> gpd.GeoDataFrame:
    frame = snapshot.isochrones
    minutes = frame["minutes"].astype("int64")
    digits = minutes.map("{:02d}".format).astype("str")
    keys = frame["house_id"] + "-" + frame["profile"] + "-" + frame["state"] + "-" + digits
    return _from_osm(frame.assign(id=keys), snapshot)


def _safe_website(websites: pd.Series[Any]) -> pd.Series[Any]:
    """Keep only addresses that a click may open: a GIS makes links of them."""
    return websites.where(websites.str.match(r"https?://\S+$", case=False, na=False), "")


def _place_layers(snapshot: Snapshot) -> dict[str, gpd.GeoDataFrame]:
    labels = {category.id: category.label for category in snapshot.taxonomy.categories}
    groups = {category.id: category.group for category in snapshot.taxonomy.categories}
    places = snapshot.places.set_geometry("geometry")
    places = _from_osm(
        places.assign(
            category_label=places["category"].map(labels),
            category_group=places["category"].map(groups),
            website=_safe_website(places["website"]),
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
