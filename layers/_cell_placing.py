"""The people of cells placed on homes, streets, or the middle of the cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.findings import Finding, Severity
from geo.population import Population
from layers.homes import Homes, Sureness

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]

_AREA = 2
# Which homes stand in for one another: homes; buildings that may be; addresses of others.
_RANK = np.array([0, 1, 1, 2])
_NONE = 9

SMALL_CELL_M2 = 250.0**2
"""In cells up to this size an address drawn a little off may lie next door."""

BESIDE_M = 50.0
"""How far outside such a cell its home may lie."""

_CROWDED = 3.0
_CROWD = 50
_STREETS = frozenset({"living_street", "residential"})
_WITHOUT_HOUSES = frozenset({"motorway", "motorway_link", "trunk", "trunk_link", "busway"})


@dataclass(frozen=True, eq=False)
class Placed:
    """People on spots.

    Attributes
    ----------
    id
        Of the spot, shape ``(n,)``; people of several cells may share one.
    xy
        Metres, shape ``(n, 2)``.
    people
        How many, above 0.
    findings
        What was noticed.
    """

    id: Texts
    xy: Floats
    people: Floats
    findings: tuple[Finding, ...]


def place_people(
    population: Population,
    homes: Homes,
    on_campus: Bools,
    grounds: Any,
    streets: gpd.GeoDataFrame,
) -> Placed:
    """Split the people of each cell among the homes in it.

    A home gets ``people of the cell × its estimate ÷ sum of the estimates in the cell``. Homes
    are addresses where people seem to live and buildings whose kind says so; in a cell with
    none of them, buildings of unknown kind and usual size; else addresses where nobody seems
    to live, alike. Homes on the grounds get nobody. A cell with homes on the grounds alone,
    or without any and with its middle on the grounds, holds residents and is left out. In
    other cells without homes people are placed on the nearest home at most 50 m outside, if
    the cell is at most 250 m wide (the Zensus and OSM draw an address some metres apart);
    else along the streets by length (residential ones before others, paths last); without
    any on a spot inside.

    Parameters
    ----------
    population
        Cells and points of people, in the metric CRS.
    homes
        As ``layers.homes.find_homes`` finds them.
    on_campus
        Which homes lie on the grounds, shape ``(len(homes),)``.
    grounds
        The grounds, prepared; may be empty.
    streets
        Lines (and squares) with ``osm_id``, ``layer`` (``"street"``, ``"path"``), ``kind``.

    Returns
    -------
    Placed
        As many people as the cells hold, those on the grounds excepted.
    """
    shapes = np.asarray(population.frame.geometry.to_numpy(), dtype=object)
    people = population.frame["people"].to_numpy(dtype=np.float64)
    is_cell = np.asarray(shapely.get_dimensions(shapes) == _AREA)
    middle = np.asarray(shapely.point_on_surface(shapes))
    middle_on = np.asarray(shapely.intersects(grounds, middle), dtype=np.bool_)
    tree = shapely.STRtree(shapes)
    home, cell = tree.query(np.asarray(shapely.points(homes.xy)), predicate="intersects")
    order = np.lexsort((cell, home))
    home, cell = home[order], cell[order]
    first = np.diff(home, prepend=-1) > 0
    home, cell = home[first & is_cell[cell]], cell[first & is_cell[cell]]

    any_home = np.bincount(cell, minlength=len(shapes)) > 0
    free = ~on_campus[home]
    home, cell = home[free], cell[free]
    rank = _RANK[homes.sureness[home]]
    best = np.full(len(shapes), _NONE)
    np.minimum.at(best, cell, rank)
    chosen = rank == best[cell]
    home, cell = home[chosen], cell[chosen]
    weight = np.where(rank[chosen] == _RANK[Sureness.ADDRESS], 1.0, homes.people[home])
    whole = np.bincount(cell, weight, minlength=len(shapes))
    on_homes = Placed(homes.id[home], homes.xy[home], people[cell] * weight / whole[cell], ())

    without = best == _NONE
    residents = (without & is_cell & (any_home | middle_on)) | (~is_cell & middle_on)
    bare = np.flatnonzero(without & is_cell & ~residents)
    beside, bare = _beside(shapes, people, bare, homes, on_campus)
    on_streets, streetless = _on_streets(shapes, people, bare, grounds, streets)
    points = np.flatnonzero(~is_cell & ~residents)
    parts = [
        on_homes,
        beside,
        on_streets,
        _on_spots("zelle", streetless, middle, people),
        _on_spots("punkt", points, middle, people),
    ]
    addressed = np.zeros(len(shapes), dtype=np.bool_)
    addressed[cell[~homes.from_building[home]]] = True
    kinds = {
        "residents": int(residents.sum()),
        "buildings": int(np.sum(~without & ~addressed)),
        "beside": len(beside.id),
        "crowded": int(np.sum((best == 0) & (people > _CROWDED * whole) & (people >= _CROWD))),
        "streets": len(bare) - len(streetless),
        "middle": len(streetless),
    }
    return Placed(
        np.concatenate([part.id for part in parts]),
        np.concatenate([part.xy for part in parts]),
        np.concatenate([part.people for part in parts]),
        _findings(kinds),
    )


def _on_spots(word: str, rows: Ints, middle: npt.NDArray[Any], people: Floats) -> Placed:
    ids = np.array([f"{word}-{row:06d}" for row in rows], dtype=object)
    return Placed(ids, shapely.get_coordinates(middle[rows]).reshape(-1, 2), people[rows], ())


def _beside(
    shapes: npt.NDArray[Any], people: Floats, bare: Ints, homes: Homes, on_campus: Bools
) -> tuple[Placed, Ints]:
    """Place the people of small cells without homes on the nearest one just outside."""
    near = np.flatnonzero(~on_campus & (homes.sureness < Sureness.ADDRESS))
    small = bare[shapely.area(shapes[bare]) <= SMALL_CELL_M2]
    tree = shapely.STRtree(np.asarray(shapely.points(homes.xy[near])))
    cell, home = tree.query_nearest(shapes[small], max_distance=BESIDE_M)
    order = np.lexsort((home, cell))
    cell, home = cell[order], near[home[order]]
    first = np.diff(cell, prepend=-1) > 0
    cell, home = small[cell[first]], home[first]
    placed = Placed(homes.id[home], homes.xy[home], people[cell], ())
    return placed, np.setdiff1d(bare, cell)


def _on_streets(
    shapes: npt.NDArray[Any],
    people: Floats,
    bare: Ints,
    grounds: Any,
    streets: gpd.GeoDataFrame,
) -> tuple[Placed, Ints]:
    """Place the people of cells without homes in the middle of the pieces of their streets."""
    usable = streets[~streets["kind"].isin(_WITHOUT_HOUSES)]
    lines = np.asarray(usable.geometry.to_numpy(), dtype=object)
    ids = usable["osm_id"].to_numpy(dtype=object)
    order_of = np.where(
        usable["kind"].isin(_STREETS), 0, np.where(usable["layer"] == "street", 1, 2)
    )
    open_parts = np.asarray(shapely.difference(shapes[bare], grounds))
    row, line = shapely.STRtree(lines).query(open_parts, predicate="intersects")
    piece = np.asarray(shapely.intersection(lines[line], open_parts[row]))
    piece, source = shapely.get_parts(piece, return_index=True)
    is_line = (shapely.get_dimensions(piece) == 1) & (shapely.length(piece) > 0)
    piece, source = piece[is_line], source[is_line]
    row, line = row[source], line[source]
    best = np.full(len(bare), _NONE)
    np.minimum.at(best, row, order_of[line])
    chosen = order_of[line] == best[row]
    piece, row, line = piece[chosen], row[chosen], line[chosen]
    order = np.lexsort((np.arange(len(line)), line, row))
    piece, row, line = piece[order], row[order], line[order]
    length = shapely.length(piece)
    whole = np.bincount(row, length, minlength=len(bare))
    spots = shapely.get_coordinates(shapely.line_interpolate_point(piece, 0.5, normalized=True))
    names = [
        f"{ids[one]}-{bare[cell]:06d}-{number}"
        for number, (one, cell) in enumerate(zip(line, row, strict=True))
    ]
    placed = Placed(
        np.array(names, dtype=object),
        spots.reshape(-1, 2),
        people[bare[row]] * length / whole[row],
        (),
    )
    return placed, bare[whole == 0]


_REMEDY = (
    "Gebäude und Adressen in OpenStreetMap eintragen oder einen vollständigeren Auszug nehmen."
)
_SAYS = {
    "residents": (
        "neighbours.on_grounds",
        "Eine Zelle der Bevölkerung liegt auf dem Gelände; wer dort lebt, zählt zu den "
        "Bewohnerinnen und Bewohnern.",
        "{count} Zellen der Bevölkerung liegen auf dem Gelände; wer dort lebt, zählt zu den "
        "Bewohnerinnen und Bewohnern.",
        "",
    ),
    "buildings": (
        "neighbours.on_buildings",
        "In einer Zelle der Bevölkerung ist keine Adresse erfasst; ihre Menschen sind auf "
        "Gebäude verteilt.",
        "In {count} Zellen der Bevölkerung ist keine Adresse erfasst; ihre Menschen sind auf "
        "Gebäude verteilt.",
        "Adressen in OpenStreetMap eintragen.",
    ),
    "beside": (
        "neighbours.beside_cell",
        "In einer Zelle der Bevölkerung ist kein Wohnhaus erfasst; ihre Menschen stehen an dem "
        "gleich daneben.",
        "In {count} Zellen der Bevölkerung ist kein Wohnhaus erfasst; ihre Menschen stehen an "
        "dem gleich daneben.",
        "",
    ),
    "crowded": (
        "neighbours.crowded",
        "In einer Zelle der Bevölkerung leben mehr als dreimal so viele Menschen, wie die "
        "erfassten Häuser fassen; sie stehen trotzdem alle dort.",
        "In {count} Zellen der Bevölkerung leben mehr als dreimal so viele Menschen, wie die "
        "erfassten Häuser fassen; sie stehen trotzdem alle dort.",
        _REMEDY,
    ),
    "streets": (
        "neighbours.on_streets",
        "In einer Zelle der Bevölkerung sind weder Adressen noch Wohngebäude erfasst; ihre "
        "Menschen sind entlang der Straßen verteilt.",
        "In {count} Zellen der Bevölkerung sind weder Adressen noch Wohngebäude erfasst; ihre "
        "Menschen sind entlang der Straßen verteilt.",
        _REMEDY,
    ),
    "middle": (
        "neighbours.in_middle",
        "In einer Zelle der Bevölkerung sind weder Gebäude noch Straßen erfasst; ihre Menschen "
        "stehen in ihrer Mitte.",
        "In {count} Zellen der Bevölkerung sind weder Gebäude noch Straßen erfasst; ihre "
        "Menschen stehen in ihrer Mitte.",
        _REMEDY,
    ),
}
_NO_FAULT = frozenset({"residents", "buildings", "beside"})


def _findings(counts: dict[str, int]) -> tuple[Finding, ...]:
    found = []
    for key, count in counts.items():
        code, one, many, remedy = _SAYS[key]
        if count:
            severity = Severity.INFO if key in _NO_FAULT else Severity.WARNING
            message = one if count == 1 else many.format(count=count)
            found.append(Finding(code, severity, message, remedy=remedy, count=count))
    return tuple(found)
