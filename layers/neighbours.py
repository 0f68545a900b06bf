"""Who else lives there: people of the neighbourhood, placed on addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.crs import WGS84
from geo.findings import Finding, Severity
from geo.population import Population, read_population
from layers._cell_placing import Placed, place_people
from layers.homes import Homes, Sureness, find_homes
from layers.inputs import farthest_m
from layers.layer_info import INVENTED, OSM, OWN, Source
from layers.study_network import StudyNetwork

Bools = npt.NDArray[np.bool_]

ZENSUS = Source(
    "© Statistische Ämter des Bundes und der Länder; verändert: auf Adressen verteilt",
    "Datenlizenz Deutschland – Namensnennung – Version 2.0",
    "https://www.govdata.de/dl-de/by-2-0",
)

_DECIMALS = 6


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The people who live around, those on the grounds left out.

    Attributes
    ----------
    frame
        One row per home, metric CRS: ``id`` (of the address or building in OSM, unique; where
        neither is mapped, of the street and cell, or of the point in the file), ``people``
        (float, above 0; a share of a cell's people), ``on_campus`` (always ""), ``outline``
        (None), ``geometry`` (Point); sorted by ``id``. What ``geo.snapping.snap_places`` asks
        for.
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

    With a file of the population the people of each cell are split among the homes in it by
    how many people each probably holds (``layers.homes``), so that a tower gets more than a
    cottage and a wood nobody. Homes on the grounds get nobody: who lives there is a resident.
    The number of a cell is not lessened by the places of the study's houses in it: together
    with the published cell that would tell the places. How a cell without homes is treated
    says ``layers._cell_placing.place_people``. Points of a file stay where they are.

    Only cells that lie near enough to matter are read: all from which a spot can be reached
    in the longest threshold that residents can reach in the longest time.

    Without a file the estimate of ``layers.homes`` itself stands for the people.

    Parameters
    ----------
    ready
        The study.

    Raises
    ------
    geo.errors.PopulationError
        If the study names a file of the population that cannot be used.
    """
    homes = find_homes(ready.extract, ready.crs)
    grounds = _grounds(ready)
    on_campus = _within(grounds, homes.xy)
    path = ready.study.population_path
    if path is None:
        return _estimated(ready, homes, on_campus)
    settings = ready.study.settings
    population = read_population(
        path,
        settings.population_crs,
        settings.population_column,
        ready.crs,
        ready.extract.bounds,
        near=_around(ready),
    )
    placed = place_people(population, homes, on_campus, grounds, _streets(ready))
    return Neighbours(
        frame=_frame(placed, ready.crs),
        estimated=False,
        source=ZENSUS if population.zensus else OWN,
        note=_counted_note(population),
        findings=(*population.findings, *placed.findings),
    )


def _around(ready: StudyNetwork) -> tuple[float, float, float, float] | None:
    """Return the box of all who can reach a spot that residents reach, degrees.

    Long ways and relations can make the bounds of an extract many times as large.
    """
    settings = ready.study.settings
    longest = farthest_m(ready.study)
    radius_m = longest * (1 + settings.minutes[-1] / settings.max_minutes)
    shapes = [*ready.sites.sites.geometry, *ready.sites.houses.geometry]
    if not shapes:
        return None
    box = gpd.GeoSeries(shapes, crs=ready.crs).buffer(radius_m).to_crs(WGS84)
    west, south, east, north = box.total_bounds
    return float(west), float(south), float(east), float(north)


def _grounds(ready: StudyNetwork) -> Any:
    grounds = shapely.union_all(np.asarray(ready.sites.sites.geometry.to_numpy(), dtype=object))
    shapely.prepare(grounds)
    return grounds


def _within(grounds: Any, xy: npt.NDArray[np.float64]) -> Bools:
    return np.asarray(shapely.intersects_xy(grounds, xy[:, 0], xy[:, 1]), dtype=np.bool_)


def _streets(ready: StudyNetwork) -> gpd.GeoDataFrame:
    base = ready.extract.base
    return base[base["layer"].isin(["street", "path"])].to_crs(ready.crs)


def _estimated(ready: StudyNetwork, homes: Homes, on_campus: Bools) -> Neighbours:
    lived_in = ~on_campus & (homes.sureness <= Sureness.UNMAPPED)
    fictional = ready.study.settings.fictional
    placed = Placed(
        id=homes.id[lived_in], xy=homes.xy[lived_in], people=homes.people[lived_in], findings=()
    )
    of = ready.extract.data_date
    date = f" vom {of:%d.%m.%Y}" if of is not None else ""
    return Neighbours(
        frame=_frame(placed, ready.crs),
        estimated=True,
        source=INVENTED if fictional else OSM,
        note="Die Zahl der Menschen in der Nachbarschaft ist geschätzt, aus Adressen und "
        f"Wohngebäuden in den {'erfundenen Daten' if fictional else 'OpenStreetMap-Daten'}{date}; "
        "sie kann um ein Drittel und mehr abweichen.",
        findings=_estimate_findings(homes, on_campus, lived_in),
    )


def _estimate_findings(homes: Homes, on_campus: Bools, lived_in: Bools) -> tuple[Finding, ...]:
    remedy = (
        "Eine Datei der Bevölkerung in study.toml nennen (population), zum Beispiel das Gitter "
        "des Zensus."
    )
    if not lived_in.any():
        return (
            Finding(
                "neighbours.none",
                Severity.WARNING,
                "Im Auszug sind weder Adressen noch Wohngebäude erfasst; über die Nachbarschaft "
                "ist nichts bekannt.",
                remedy=remedy,
            ),
        )
    unmapped = int(np.sum(~on_campus & (homes.sureness == Sureness.UNMAPPED)))
    found = [
        Finding(
            "neighbours.estimated",
            Severity.INFO,
            "Wie viele Menschen in der Nachbarschaft leben, ist aus Adressen und Wohngebäuden "
            "geschätzt.",
            remedy=remedy,
        )
    ]
    if unmapped:
        found.append(
            Finding(
                "neighbours.unmapped_addresses",
                Severity.INFO,
                f"{unmapped} Gebäude unbekannter Art gelten als bewohnt, weil in ihrer Nähe keine "
                "Adressen erfasst sind."
                if unmapped > 1
                else "Ein Gebäude unbekannter Art gilt als bewohnt, weil in seiner Nähe keine "
                "Adressen erfasst sind.",
                remedy="Adressen in OpenStreetMap eintragen.",
                count=unmapped,
            )
        )
    return tuple(found)


def _counted_note(population: Population) -> str:
    year = f" {population.year}" if population.year else ""
    origin = f"Zensus{year}" if population.zensus else f"Angaben der Studie{year}"
    if population.cell_m is not None:
        side = population.cell_m
        size = f"{side / 1000:g} km" if side >= 1000 else f"{side:g} m"  # noqa: PLR2004
        grid = f", Gitter von {size.replace('.', ',')}"
    else:
        grid = ""
    return f"Menschen in der Nachbarschaft: {origin}{grid}, auf Adressen verteilt."


def _frame(placed: Placed, crs: str) -> gpd.GeoDataFrame:
    ids, first, row = np.unique(placed.id.astype("str"), return_index=True, return_inverse=True)
    people = np.round(np.bincount(row, placed.people, minlength=len(ids)), _DECIMALS)
    some = people > 0
    xy = placed.xy[first[some]]
    table = pd.DataFrame({"id": ids[some], "people": people[some]})
    table = table.astype({"id": "str", "people": "float64"})
    table["on_campus"] = pd.Series("", index=table.index, dtype="str")
    table["outline"] = pd.Series(None, index=table.index, dtype=object)
    return gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(xy[:, 0], xy[:, 1], crs=crs))
