"""The rows of the frame of places: one per real thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers._access_points import StopExtras
from layers._choosing import Chosen
from layers._place_facts import (
    clean_text,
    joined_tags,
    lead_order,
    own_address,
    phone,
    place_name,
    website,
    wheelchair,
)
from layers._stops import is_stop
from layers.kinds import kind_name

_AREA = 2


def lead_first(chosen: Chosen, members: Sequence[int]) -> list[int]:
    """Put the leading drawing of a thing first: the whole before its parts, then the richest."""
    order = sorted(
        members,
        key=lambda index: lead_order(
            chosen.ids[index], chosen.tags[index], chosen.categories[index]
        ),
    )
    ids = {chosen.categories[index].id for index in order}
    lead = next(
        (index for index in order if not ids.intersection(chosen.categories[index].part_of)),
        order[0],
    )
    return [lead, *(index for index in order if index != lead)]


def place_rows(
    chosen: Chosen,
    things: Sequence[Sequence[int]],
    extras: Mapping[int, StopExtras],
    crs: str,
) -> gpd.GeoDataFrame:
    """Make one row per thing, but for what needs grounds or houses to be known.

    Parameters
    ----------
    chosen
        The drawings.
    things
        Their indices, the leading one first.
    extras
        What belongs to stops, by the index of the leading drawing.
    crs
        Metric CRS of the drawings.
    """
    rows = [_row(chosen, members, extras.get(members[0])) for members in things]
    columns = list(rows[0]) if rows else _EMPTY
    table = pd.DataFrame(rows, columns=columns)
    for column in ("outline", "entrances"):
        table[column] = pd.Series([row[column] for row in rows], dtype=object)
    return gpd.GeoDataFrame(table, geometry="geometry", crs=crs)


_EMPTY = [
    "id", "name", "category", "kind", "layer", "role", "partner", "osm_ids", "on_campus",
    "wheelchair", "opening_hours", "address", "operator", "website", "phone", "completeness",
    "outline", "entrances", "geometry",
]  # fmt: skip


def _row(chosen: Chosen, members: Sequence[int], extra: StopExtras | None) -> dict[str, Any]:
    lead = members[0]
    category = chosen.categories[lead]
    own = [index for index in members if chosen.categories[index].id == category.id]
    tags = joined_tags([chosen.tags[index] for index in own], category)
    others = [chosen.ids[index] for index in members[1:]]
    others += extra.osm_ids if extra is not None else ()
    return {
        "id": chosen.ids[lead],
        "name": place_name(tags),
        "category": category.id,
        "kind": kind_name(tags, category),
        "layer": category.layer,
        "role": category.role,
        "partner": category.partner,
        "osm_ids": ",".join([chosen.ids[lead], *sorted(others, key=id_order)]),
        "on_campus": "",
        "wheelchair": wheelchair(tags, category),
        "opening_hours": clean_text(tags.get("opening_hours", "")),
        "address": own_address(tags),
        "operator": clean_text(tags.get("operator", "")),
        "website": website(tags),
        "phone": phone(tags),
        "completeness": category.completeness,
        "outline": _outline(chosen, own),
        "entrances": extra.entrances if extra is not None else None,
        "geometry": chosen.points[lead],
    }


def _outline(chosen: Chosen, members: Sequence[int]) -> Any:
    """Return what the thing is drawn as: its areas, else its lines, else None."""
    shapes = chosen.geometry[np.array(members)]
    dimension = shapely.get_dimensions(shapes)
    for wanted in (_AREA, 1):
        found = shapes[dimension == wanted]
        if len(found) == 1:
            return found[0]
        if len(found):
            return shapely.normalize(shapely.union_all(found))
    return None


def id_order(osm_id: str) -> tuple[str, int]:
    """Return what OSM ids are sorted by: type, then number."""
    return osm_id[0], int(osm_id[1:])


def merge_table(
    chosen: Chosen,
    things: Sequence[Sequence[int]],
    extras: Mapping[int, StopExtras],
    rules: Mapping[tuple[int, int], str],
) -> pd.DataFrame:
    """Say for every object that was joined to a leading one by which rule it came.

    Returns
    -------
    pandas.DataFrame
        ``id`` (of the place), ``merged_osm_id``, ``rule``; sorted.
    """
    neighbours: dict[int, list[tuple[int, str]]] = {}
    for (first, second), rule in rules.items():
        neighbours.setdefault(first, []).append((second, rule))
        neighbours.setdefault(second, []).append((first, rule))
    rows: list[tuple[str, str, str]] = []
    for members in things:
        lead = members[0]
        reached, waiting = {lead}, [lead]
        while waiting:
            here = waiting.pop(0)
            for other, rule in sorted(neighbours.get(here, [])):
                if other not in reached:
                    reached.add(other)
                    waiting.append(other)
                    rows.append((chosen.ids[lead], chosen.ids[other], rule))
        if is_stop(chosen.categories[lead]) and lead in extras:
            rows += [(chosen.ids[lead], one, "stop_parts") for one in extras[lead].osm_ids]
    rows.sort(key=lambda row: (id_order(row[0]), id_order(row[1])))
    return pd.DataFrame(rows, columns=["id", "merged_osm_id", "rule"]).astype("str")
