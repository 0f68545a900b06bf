"""The study as data for the page: origins, gates, layers, categories, sources."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from geo.crs import WGS84
from geo.findings import Severity
from layers.layer_frames import INTERNAL
from layers.layer_info import INVENTED, OSM
from layers.snapshot import Snapshot
from layers.taxonomy import Category
from maps.encoding import Pack, list_texts, pack_numbers, pack_shapes
from maps.place_data import texts, world_points
from maps.profile_data import coverage_table, profiles
from maps.symbols import Symbols, load_glyphs

_SHORT_MARK = re.compile(r"(?:^|\s)([A-Za-zÄÖÜ]|\d{1,2}[a-z]?)$")
"""A last word of a house's name that fits on its symbol: "Haus B", "Haus 12"."""


def origin_ids(snapshot: Snapshot) -> list[str]:
    """Return the ids of all origins: sites first, then houses, each sorted by id."""
    return [*texts(snapshot.sites["site_id"]), *texts(snapshot.houses["house_id"])]


def shown_categories(snapshot: Snapshot, symbols: Symbols) -> list[Category]:
    """Return the categories of the layers that are shown, in their order."""
    layers = {layer.id for layer in symbols.layers}
    return [category for category in snapshot.taxonomy.categories if category.layer in layers]


def study_data(snapshot: Snapshot, symbols: Symbols, release: str = INTERNAL) -> dict[str, Any]:
    """Return what the page has to know about the study as a whole."""
    categories = shown_categories(snapshot, symbols)
    glyphs = load_glyphs()
    names = {symbols.glyph_of(category) for category in categories}
    return {
        "name": snapshot.name,
        "fictional": snapshot.fictional,
        "source": snapshot.source,
        "date": f"{snapshot.data_date:%d.%m.%Y}" if snapshot.data_date else "",
        "attribution": _attribution(snapshot),
        "own": f"{snapshot.own.attribution}; {snapshot.own.licence}",
        "snapshot": snapshot.id,
        "release": release,
        "minutes": list(snapshot.minutes),
        "profiles": profiles(snapshot),
        "origins": _origins(snapshot),
        **_said(snapshot),
        "coverage": coverage_table(snapshot, origin_ids(snapshot)),
        "gates": _gates(snapshot.gates),
        "layers": [
            {
                "id": layer.id,
                "label": layer.label,
                "colour": layer.colour,
                "shape": layer.shape,
                "shown": layer.shown,
            }
            for layer in symbols.layers
        ],
        "categories": [
            {
                "id": category.id,
                "label": category.label,
                "plural": category.label_plural,
                "layer": category.layer,
                "group": category.group,
                "completeness": category.completeness,
                "indicator": category.indicator,
                "minor": category.id in symbols.minor,
                "glyph": symbols.glyph_of(category),
            }
            for category in categories
        ],
        "glyphs": {name: glyphs[name] for name in sorted(names)},
        "style": symbols.style,
        "warnings": [
            finding.message
            for finding in snapshot.findings
            if finding.severity is not Severity.INFO
        ],
    }


def site_shapes(snapshot: Snapshot) -> dict[str, Any]:
    """Pack the grounds, in the order of their ids."""
    return _pack(snapshot.sites.geometry).as_json()


def house_outlines(snapshot: Snapshot) -> dict[str, Any]:
    """Pack the outlines of the houses that have one; ``house`` tells whose each is."""
    outlines = np.asarray(snapshot.houses["outline"], dtype=object)
    known = shapely.is_geometry(outlines)
    frame = gpd.GeoSeries(outlines[known], crs=snapshot.houses.crs)
    return {
        **_pack(frame).as_json(),
        "house": [key for key, has in zip(snapshot.houses["house_id"], known, strict=True) if has],
    }


def marks(names: Mapping[str, str]) -> dict[str, str]:
    """Choose what stands on the symbol of each house.

    The last word of its name where it is short and no other house ends in the same, else
    letters in the order of the ids (A … Z, then numbers).

    Parameters
    ----------
    names
        Name by house id.
    """
    own = {key: match[1] for key, name in names.items() if (match := _SHORT_MARK.search(name))}
    taken = list(own.values())
    result = {key: mark for key, mark in own.items() if taken.count(mark) == 1}
    letters = iter([*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", *map(str, range(1, len(names) + 100))])
    used = set(result.values())
    for key in sorted(set(names) - set(result)):
        result[key] = next(letter for letter in letters if letter not in used)
    return result


def _origins(snapshot: Snapshot) -> list[dict[str, Any]]:
    houses = snapshot.houses
    points = world_points(houses)
    gates = snapshot.gates[snapshot.gates["status"] != "locked"]
    starts = world_points(gates)
    mark = marks(dict(zip(texts(houses["house_id"]), texts(houses["name"]), strict=True)))
    sites = [
        {
            "id": key,
            "kind": "site",
            "name": name,
            "site": key,
            "mark": "",
            "points": starts[(gates["site_id"] == key).to_numpy(dtype=bool)].tolist(),
        }
        for key, name in zip(
            texts(snapshot.sites["site_id"]), texts(snapshot.sites["name"]), strict=True
        )
    ]
    return sites + [
        {
            "id": key,
            "kind": "house",
            "name": name,
            "site": site,
            "mark": mark[key],
            "points": [point],
        }
        for key, name, site, point in zip(
            texts(houses["house_id"]),
            texts(houses["name"]),
            texts(houses["site_id"]),
            points.tolist(),
            strict=True,
        )
    ]


def _said(snapshot: Snapshot) -> dict[str, str]:
    """Pack the sentences about all origins: many houses share most of theirs.

    ``sentences`` is base64 of a deflated JSON list of the different ones, ``summaries`` of
    numbers: for each origin and each profile how many sentences there are, then all their
    positions in this order.
    """
    lists = [
        snapshot.summaries.get(profile, {}).get(origin, [])
        for origin in origin_ids(snapshot)
        for profile in snapshot.profiles
    ]
    sentences, counts, said = list_texts(lists)
    return {"sentences": sentences, "summaries": pack_numbers([counts, said])}


def _gates(gates: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    return [
        {
            "id": key,
            "name": name,
            "site": site,
            "status": status,
            "stepFree": step_free,
            "derived": bool(derived),
            "x": point[0],
            "y": point[1],
        }
        for key, name, site, status, step_free, derived, point in zip(
            texts(gates["gate_id"]),
            texts(gates["name"]),
            texts(gates["site_id"]),
            texts(gates["status"]),
            texts(gates["step_free"]),
            gates["derived"],
            world_points(gates).tolist(),
            strict=True,
        )
    ]


def _attribution(snapshot: Snapshot) -> str:
    """Return what stands on every picture: whose data, under which licence, how old."""
    if snapshot.fictional:
        source = INVENTED.attribution
    else:
        source = f"{OSM.attribution} ({OSM.licence.split()[0]})"
    date = snapshot.data_date
    return f"{source}, Stand {date:%d.%m.%Y}" if date else source


def _pack(geometries: gpd.GeoSeries) -> Pack:
    lonlat = geometries.to_crs(WGS84) if len(geometries) else geometries
    return pack_shapes(np.asarray(lonlat.to_numpy(), dtype=object))
