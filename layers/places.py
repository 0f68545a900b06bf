"""The places of the social space: what the extract draws, one real thing once.

From the objects of an extract those are taken that belong to a category of the taxonomy and
are in use (``layers.lifecycle``); drawings of one thing are joined (``layers.merging``); and
each place is given what is known about it, with what is not known kept apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.crs import require_metric
from geo.extract import Extract
from geo.findings import Finding, Severity
from geo.sites import Sites
from layers._access_points import doors_of, stop_extras
from layers._choosing import Chosen, choose
from layers._place_facts import Houses
from layers._place_rows import id_order, lead_first, merge_table, place_rows
from layers.lifecycle import Ended
from layers.merging import Drawings, group_drawings
from layers.taxonomy import Taxonomy

PLACE_COLUMNS: Mapping[str, str] = {
    "id": "str",
    "name": "str",
    "category": "str",
    "kind": "str",
    "layer": "str",
    "role": "str",
    "partner": "bool",
    "osm_ids": "str",
    "on_campus": "str",
    "wheelchair": "str",
    "opening_hours": "str",
    "address": "str",
    "operator": "str",
    "website": "str",
    "phone": "str",
    "completeness": "str",
}
"""Columns of the frame of places and their types; beside them ``outline``, ``entrances`` and
``geometry``."""

_EXAMPLES = 10
_ENDED_WORDS: Mapping[Ended, tuple[str, str]] = {
    Ended.GONE: ("ist laut OSM nicht mehr in Betrieb", "sind laut OSM nicht mehr in Betrieb"),
    Ended.COMING: (
        "ist laut OSM erst geplant oder im Bau",
        "sind laut OSM erst geplant oder im Bau",
    ),
    Ended.CLOSED: ("öffnet laut OSM nie", "öffnen laut OSM nie"),
    Ended.VACANT: ("steht laut OSM leer", "stehen laut OSM leer"),
}


@dataclass(frozen=True)
class Places:
    """The places of an extract.

    Attributes
    ----------
    frame
        One row per place, metric CRS, sorted by ``id`` (type, then number). Columns:

        ``id``
            Letter and number of the leading OSM object, ``n123``, ``w123``, ``r123``; unique.
            The object that tells most leads (for stops: where people wait).
        ``name``
            Composed (NFC), without control characters, else as it is written; "" for none.
        ``category``, ``layer``, ``role``, ``partner``, ``completeness``
            From the taxonomy.
        ``kind``
            German, e.g. "Hausarztpraxis".
        ``osm_ids``
            Every object that draws the place, comma-separated, the leading one first, the
            others sorted; no object stands in two places.
        ``on_campus``
            ``site_id`` of the grounds it lies on, "" off all grounds. An area lies on grounds
            if more than half of it does.
        ``wheelchair``
            ``"yes"``, ``"limited"``, ``"no"`` or ``"unknown"``.
        ``opening_hours``, ``operator``, ``website``, ``phone``
            As written, "" if not known; a website is http or https.
        ``address``
            "Straße 1, 12345 Ort": its own, else the only one of the house it stands in.
        ``outline``
            Polygon, MultiPolygon, LineString or MultiLineString that it is drawn as, or None.
        ``entrances``
            MultiPoint of the doors on its outline, of the poles and platforms of a stop or of
            the entrances of an underground station, or None.
        ``geometry``
            Point of the leading object: the node itself, or a point inside the area.
    findings
        What was left out, and why.
    merges
        ``id`` of the place, ``merged_osm_id``, ``rule``: one row per object that was joined
        to a leading one, sorted.
    """

    frame: gpd.GeoDataFrame
    findings: tuple[Finding, ...]
    merges: pd.DataFrame


def find_places(
    extract: Extract,
    taxonomy: Taxonomy,
    sites: Sites,
    crs: str,
    today: date | None = None,
) -> Places:
    """Find the places of an extract.

    Parameters
    ----------
    extract
        Read with the ``feature_keys`` of the taxonomy.
    taxonomy
        Which tags make which category.
    sites
        Grounds, in ``crs``.
    crs
        Metric CRS, e.g. ``"EPSG:25832"``.
    today
        Date that ends and beginnings are compared with; by default that of the data. Where
        neither is known, dates decide nothing.

    Returns
    -------
    Places
        See there.

    Raises
    ------
    CrsError
        If ``sites`` are not in a metric CRS.
    """
    require_metric(sites.sites, "sites")
    today = extract.data_date if today is None else today
    chosen = choose(extract, taxonomy, crs, today)
    houses = Houses(extract.base, extract.addresses)
    house_of = houses.containing(chosen.lonlat)
    drawings = Drawings(
        ids=chosen.ids,
        tags=chosen.tags,
        categories=chosen.categories,
        geometry=chosen.geometry,
        points=chosen.points,
        stop_areas=extract.stop_areas,
        houses=house_of,
    )
    groups = group_drawings(drawings)
    things = _things(chosen, groups.members)
    extras = stop_extras(extract.features, drawings, things, crs)
    frame = place_rows(chosen, things, extras, crs)
    merges = merge_table(chosen, things, extras, groups.rules)
    _fill_addresses(frame, houses, house_of[[members[0] for members in things]])
    frame["on_campus"] = _on_campus(frame, sites)
    _fill_doors(frame, doors_of(frame["outline"].tolist(), extract.entrances, crs))
    frame = frame.astype(dict(PLACE_COLUMNS))
    check_places(frame)
    return Places(frame, _findings(chosen, frame, merges), merges)


def check_places(frame: gpd.GeoDataFrame) -> None:
    """Check a frame of places against its contract.

    Raises
    ------
    ValueError
        If columns, types, ids or geometries are not as `Places` says: a fault of the program.
    CrsError
        If the frame is not metric.
    """
    require_metric(frame, "places")
    wanted = [*PLACE_COLUMNS, "outline", "entrances", "geometry"]
    if list(frame.columns) != wanted:
        raise ValueError(f"columns of places: {list(frame.columns)}")
    if not frame["id"].is_unique:
        raise ValueError("ids of places are not unique")
    ids = frame["id"].tolist()
    if ids != sorted(ids, key=id_order):
        raise ValueError("places are not sorted by id")
    if any(one.split(",", 1)[0] != lead for one, lead in zip(frame["osm_ids"], ids, strict=True)):
        raise ValueError("osm_ids do not begin with the id")
    if len(frame) and not (frame.geometry.geom_type == "Point").all():
        raise ValueError("places are not points")
    if not frame["wheelchair"].isin({"yes", "limited", "no", "unknown"}).all():
        raise ValueError("states of wheelchair")


def _things(chosen: Chosen, groups: Mapping[int, Sequence[int]]) -> list[list[int]]:
    """Return the drawings of each thing, the leading one first, sorted by its id."""
    joined = {index for members in groups.values() for index in members}
    things = [[index] for index in range(len(chosen.ids)) if index not in joined]
    things += [lead_first(chosen, members) for members in groups.values()]
    return sorted(things, key=lambda members: id_order(chosen.ids[members[0]]))


def _fill_addresses(
    frame: gpd.GeoDataFrame, houses: Houses, house_of: npt.NDArray[np.int64]
) -> None:
    """Give places without an address the only one of the house they stand in."""
    # A stop or a bench beside a wall has no address.
    without = (frame["address"] == "") & ~frame["layer"].isin(["transit"])
    found = houses.only_address(house_of[without.to_numpy()].tolist())
    frame["address"] = [
        found.get(int(house), "") if empty else address
        for address, house, empty in zip(frame["address"], house_of, without, strict=True)
    ]


def _fill_doors(frame: gpd.GeoDataFrame, doors: list[Any]) -> None:
    """Doors of an outline go before what was found otherwise only where there is nothing."""
    frame["entrances"] = pd.Series(
        [
            door if own is None else own
            for own, door in zip(frame["entrances"], doors, strict=True)
        ],
        index=frame.index,
        dtype=object,
    )


def _on_campus(frame: gpd.GeoDataFrame, sites: Sites) -> list[str]:
    """Return the site that each place lies on, by its point, an area by its larger part."""
    result = [""] * len(frame)
    if not len(frame) or not len(sites.sites):
        return result
    shapes = np.array(
        [
            outline if isinstance(outline, shapely.Polygon | shapely.MultiPolygon) else point
            for outline, point in zip(frame["outline"], frame.geometry, strict=True)
        ],
        dtype=object,
    )
    areas = shapely.area(shapes)
    for site_id, grounds in zip(sites.sites["site_id"], sites.sites.geometry, strict=True):
        shapely.prepare(grounds)
        for row in np.flatnonzero(shapely.intersects(grounds, shapes)):
            share = shapely.area(shapely.intersection(grounds, shapes[row])) if areas[row] else 1.0
            if not result[row] and (not areas[row] or share > areas[row] / 2):
                result[row] = str(site_id)
    return result


def _findings(
    chosen: Chosen, frame: gpd.GeoDataFrame, merges: pd.DataFrame
) -> tuple[Finding, ...]:
    found: list[Finding] = []
    for why in Ended:
        ids = chosen.ended.get(why, ())
        if not ids:
            continue
        one, several = _ENDED_WORDS[why]
        text = f"1 Ort {one}" if len(ids) == 1 else f"{len(ids)} Orte {several}"
        found.append(
            Finding(
                f"places.{why.value}",
                Severity.INFO,
                f"{text} und zählt nicht mit."
                if len(ids) == 1
                else f"{text} und zählen nicht mit.",
                count=len(ids),
                examples=tuple(ids[:_EXAMPLES]),
            )
        )
    if chosen.undated:
        found.append(
            Finding(
                "places.end_date_unknown",
                Severity.INFO,
                "Das Datum der Daten ist nicht bekannt; Orte mit einem Enddatum zählen mit.",
                count=len(chosen.undated),
                examples=tuple(chosen.undated[:_EXAMPLES]),
            )
        )
    if len(merges):
        found.append(
            Finding(
                "places.merged",
                Severity.INFO,
                f"{len(merges)} Objekte zeichnen einen Ort, der schon da ist; "
                "sie wurden mit ihm zusammengefasst.",
                count=len(merges),
                examples=tuple(merges["merged_osm_id"].head(_EXAMPLES)),
            )
        )
    if not (frame["layer"] != "transit").any():
        found.append(
            Finding(
                "places.none",
                Severity.WARNING,
                "Der OSM-Auszug enthält keine Orte der Versorgung und Begegnung"
                + (", nur Haltestellen." if len(frame) else "."),
                remedy="Einen Auszug nehmen, der nicht nur Straßen enthält.",
            )
        )
    return tuple(found)
