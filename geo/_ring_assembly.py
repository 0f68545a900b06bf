"""Put rings together with libosmium's assembler.

libosmium is given a small file made in memory of just the relations, ways and nodes in
question, with ids of our own: so it never meets a negative id, a doubled object or an odd
order, and does not read the whole file again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
import osmium
import shapely

from geo._osm_data import OsmData, Relation

Polygonal = shapely.Polygon | shapely.MultiPolygon
Ring = tuple[int, ...]
"""OSM node ids, first and last the same place."""

_ROLES = frozenset({"outer", "inner", ""})


@dataclass(frozen=True)
class Rings:
    """The geometry of a relation, and the nodes of its rings."""

    geometry: Polygonal
    outer_rings: tuple[Ring, ...]
    inner_rings: tuple[Ring, ...]


@dataclass
class Assembled:
    """Polygons of ways by position, and rings of relations by id."""

    ways: dict[int, Polygonal] = field(default_factory=dict)
    relations: dict[int, Rings] = field(default_factory=dict)


def assemble(data: OsmData, relations: Mapping[int, Relation], odd: Collection[int]) -> Assembled:
    """Return the areas of complete relations and of closed ways that touch themselves."""
    result = Assembled()
    if not relations and not odd:
        return result
    member_rows = {
        key: [data.way_position(ref) for kind, ref, _ in relation.members if kind == "w"]
        for key, relation in relations.items()
    }
    # Ways are numbered from 1 in the order of `rows`; the odd ones come again at the
    # end as ways of their own, for they may be members of a relation too.
    rows = sorted({row for rows in member_rows.values() for row in rows})
    numbers = {row: number for number, row in enumerate(rows, start=1)}
    lines = _node_lines(data, [*rows, *odd])
    lines += [f"w{numbers[row]} N{_node_refs(data, row)}" for row in rows]
    first_odd = len(rows) + 1
    lines += [
        f"w{number} Tarea=yes N{_node_refs(data, row)}"
        for number, row in enumerate(odd, start=first_odd)
    ]
    for number, (key, relation) in enumerate(relations.items(), start=1):
        roles = [role for kind, _, role in relation.members if kind == "w"]
        members = ",".join(
            f"w{numbers[row]}@{role if role in _ROLES else ''}"
            for row, role in zip(member_rows[key], roles, strict=True)
        )
        lines.append(f"r{number} Ttype=multipolygon,area=yes M{members}")
    buffer = osmium.io.FileBuffer("\n".join([*lines, ""]).encode(), "opl")
    areas = osmium.FileProcessor(buffer).with_areas()
    areas.with_filter(osmium.filter.EntityFilter(osmium.osm.AREA))
    keys, odd_rows = list(relations), list(odd)
    factory = osmium.geom.WKBFactory()
    for item in areas:
        area = cast("osmium.osm.Area", item)
        if area.from_way() and area.orig_id() < first_odd:
            continue
        geometry = _geometry(factory, area)
        if geometry is None:
            continue
        if area.from_way():
            result.ways[odd_rows[area.orig_id() - first_odd]] = geometry
        else:
            outer = list(area.outer_rings())
            inner = [ring for shell in outer for ring in area.inner_rings(shell)]
            result.relations[keys[area.orig_id() - 1]] = Rings(
                geometry,
                tuple(_node_ids(data, ring) for ring in outer),
                tuple(_node_ids(data, ring) for ring in inner),
            )
    return result


def _node_lines(data: OsmData, rows: Collection[int]) -> list[str]:
    """Return the nodes of some ways; their number is their position in the table plus 1."""
    used = np.unique(
        np.concatenate([data.positions[data.offsets[row] : data.offsets[row + 1]] for row in rows])
    )
    return [
        f"n{node + 1} x{longitude:.7f} y{latitude:.7f}"
        for node, longitude, latitude in zip(
            used.tolist(),
            data.longitude[used].tolist(),
            data.latitude[used].tolist(),
            strict=True,
        )
    ]


def _node_refs(data: OsmData, row: int) -> str:
    nodes = data.positions[data.offsets[row] : data.offsets[row + 1]] + 1
    return ",".join(f"n{node}" for node in nodes.tolist())


def _node_ids(data: OsmData, ring: Iterable[Any]) -> Ring:
    return tuple(int(data.node_ids[node.ref - 1]) for node in ring)


def _geometry(factory: Any, area: Any) -> Polygonal | None:
    """Return the valid geometry of an area, None if libosmium made an empty or odd one."""
    try:
        geometry = shapely.from_wkb(factory.create_multipolygon(area))
    except RuntimeError:  # "invalid area": the rings could not be put together
        return None
    if not shapely.is_valid(geometry) or shapely.is_empty(geometry):
        return None
    parts = shapely.get_parts(geometry)
    return cast("Polygonal", parts[0] if len(parts) == 1 else geometry)
