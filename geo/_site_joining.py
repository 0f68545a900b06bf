"""Joins houses and gates to the grounds they belong to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo._faults import Faults, listed
from geo._site_records import Entry, unknown_site

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shapely.geometry.base import BaseGeometry

GATE_WARNING_M = 15.0
"""A gate this far from the boundary is reported."""

GATE_LIMIT_M = 100.0
"""A gate farther from any boundary belongs to none."""

HOUSE_TOLERANCE_M = 15.0
"""A house that names its grounds may be drawn this far outside of them."""

_SMALL_M2 = 500.0
_LARGE_M2 = 20e6
_HALF = 0.5

Grounds = dict[str, tuple[str, Any]]
"""Name and MultiPolygon by site id, sorted by id."""


def join_sites(entries: Iterable[Entry], faults: Faults) -> Grounds:
    """Join the polygons of each site; entries without geometry are left out."""
    parts: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.kind == "site":
            parts.setdefault(entry.id, []).append(entry)
    grounds: Grounds = {}
    for key, group in sorted(parts.items()):
        names = sorted({entry.name for entry in group if entry.name != key})
        name = next((entry.name for entry in group if entry.name != key), key)
        if len(names) > 1:
            faults.warning(
                "site.names",
                f"Die Teilflächen des Geländes {key} heißen verschieden: {listed(names)}. "
                f"Es gilt »{name}«.",
                key,
                "Allen Teilflächen denselben Namen geben, oder verschiedene ids, wenn es "
                "verschiedene Gelände sind.",
            )
        drawn = [entry.geometry for entry in group]
        if any(shape is None for shape in drawn):
            continue
        whole = shapely.union_all([shape for shape in drawn if shape is not None])
        polygons = shapely.multipolygons(
            [part for part in shapely.get_parts(whole) if part.geom_type == "Polygon"]
        )
        grounds[key] = (name, polygons)
    _check_grounds(grounds, faults)
    return grounds


def _check_grounds(grounds: Grounds, faults: Faults) -> None:
    for key, (name, shape) in grounds.items():
        area = shape.area
        if not _SMALL_M2 <= area <= _LARGE_M2:
            size, unit = (area, "m²") if area < _SMALL_M2 else (area / 1e6, "km²")
            faults.warning(
                "site.area",
                f"Das Gelände »{name}« ist mit {size:.0f} {unit} ungewöhnlich "
                f"{'klein' if area < _SMALL_M2 else 'groß'}.",
                key,
                "Prüfen, ob die Fläche stimmt.",
            )
    # An empty list would not be taken for one of geometries.
    shapes = np.array([shape for _, shape in grounds.values()], dtype=object)
    keys = list(grounds)
    tree = shapely.STRtree(shapes)
    first, second = tree.query(shapes, predicate="intersects")
    for one, other in zip(first, second, strict=True):
        shared = shapely.intersection(shapes[one], shapes[other]).area if one < other else 0
        if shared > 1:
            faults.warning(
                "site.overlap",
                f"Die Gelände {listed([keys[one], keys[other]])} überlappen sich auf "
                f"{shared:.0f} m².",
                keys[one],
                "Die Grenzen berichtigen; Teilflächen eines Geländes tragen dieselbe id.",
            )


def join_houses(
    entries: Iterable[Entry], grounds: Grounds, declared: list[str], faults: Faults
) -> list[Entry]:
    """Give each house the id of its grounds, or none.

    Parameters
    ----------
    entries
        All entries.
    grounds
        The usable sites.
    declared
        Ids of all sites in the file, faulty ones too: a house of a faulty site is not
        complained of as well.
    faults
        Filled.
    """
    houses = sorted((entry for entry in entries if entry.kind == "house"), key=lambda e: e.id)
    joined = []
    for house in houses:
        if house.site_id and house.site_id not in declared:
            unknown_site(house, declared, faults)
            continue
        if house.geometry is None or (house.site_id and house.site_id not in grounds):
            continue
        if house.site_id:
            _check_inside(house, grounds, faults)
            joined.append(house)
            continue
        key = _around(house.geometry, grounds)
        if key:
            faults.info(
                "house.joined",
                f"{house.label} nennt kein Gelände; es liegt auf »{grounds[key][0]}« und wird "
                "ihm zugeordnet.",
                house.id,
                f"Zur Klarheit site_id »{key}« eintragen.",
            )
        elif grounds and len(grounds) == len(declared):
            faults.warning(
                "house.outside",
                f"{house.label} liegt auf keinem Gelände und zählt als Haus in der Nachbarschaft.",
                house.id,
                "Wenn es zu einem Gelände gehört: Grenze oder Lage berichtigen.",
            )
        joined.append(replace(house, site_id=key))
    return joined


def _check_inside(house: Entry, grounds: Grounds, faults: Faults) -> None:
    name, shape = grounds[house.site_id]
    distance = shapely.distance(shape, house.geometry)
    if distance == 0:
        return
    message = (
        f"{house.label} gehört laut site_id zum Gelände »{name}«, liegt aber "
        f"{_metres(distance)} außerhalb."
    )
    remedy = "Grenze oder Lage berichtigen, oder site_id löschen."
    if distance <= HOUSE_TOLERANCE_M:
        faults.warning("house.edge", message, house.id, remedy)
    else:
        faults.error("house.not_on_site", message, house.id, remedy)


def _around(geometry: BaseGeometry, grounds: Grounds) -> str:
    """Return the site that a house lies on, by the larger part of its outline."""
    for key, (_, shape) in grounds.items():
        if not shapely.intersects(shape, geometry):
            continue
        if geometry.area == 0:
            return key
        if shapely.intersection(shape, geometry).area >= _HALF * geometry.area:
            return key
    return ""


def join_gates(
    entries: Iterable[Entry], grounds: Grounds, declared: list[str], faults: Faults
) -> list[Entry]:
    """Give each gate the id of the grounds whose boundary is nearest."""
    gates = sorted((entry for entry in entries if entry.kind == "gate"), key=lambda e: e.id)
    boundaries = {key: shapely.boundary(shape) for key, (_, shape) in grounds.items()}
    joined = []
    for gate in gates:
        if gate.site_id and gate.site_id not in declared:
            unknown_site(gate, declared, faults)
            continue
        if not declared:
            faults.error(
                "gate.no_site",
                f"{gate.label} gehört zu keinem Gelände: die Datei enthält keins.",
                gate.id,
                "Das Gelände einzeichnen oder das Tor löschen.",
            )
            continue
        if gate.geometry is None or not grounds:
            continue
        if gate.site_id and gate.site_id not in grounds:
            continue
        key = gate.site_id or _nearest(gate.geometry, boundaries)
        name, _ = grounds[key]
        distance = float(shapely.distance(boundaries[key], gate.geometry))
        if not gate.site_id and distance > GATE_LIMIT_M and len(grounds) < len(declared):
            continue  # it may belong to grounds that are complained of already
        if _check_distance(gate, name, distance, faults):
            joined.append(replace(gate, site_id=key))
    return joined


def _nearest(geometry: BaseGeometry, boundaries: dict[str, Any]) -> str:
    distances = shapely.distance(list(boundaries.values()), geometry)
    return list(boundaries)[int(np.argmin(distances))]


def _check_distance(gate: Entry, name: str, distance: float, faults: Faults) -> bool:
    message = f"{gate.label} liegt {_metres(distance)} von der Grenze des Geländes »{name}«."
    remedy = "Das Tor auf die Grenze setzen, wo der Weg sie kreuzt."
    if distance > GATE_LIMIT_M:
        faults.error("gate.far", message, gate.id, remedy)
        return False
    # Whole metres: degrees with seven decimals are not sharper than a centimetre.
    if round(distance) >= GATE_WARNING_M:
        faults.warning("gate.off_boundary", message, gate.id, remedy)
    return True


def house_point(house: Entry, grounds: Grounds) -> shapely.Point:
    """Return a point inside the house, on its grounds if it has any."""
    shape: Any = house.geometry
    if shape.geom_type == "Point":
        return shapely.Point(shape)
    if house.site_id:
        on_grounds = shapely.intersection(shape, grounds[house.site_id][1])
        shape = on_grounds if on_grounds.area > 0 else shape
    return shapely.Point(shapely.point_on_surface(shape))


def _metres(distance: float) -> str:
    return f"{distance:,.0f} m".replace(",", ".")
