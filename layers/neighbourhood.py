"""What a study says about its neighbourhood: needs, who reaches whom, and the common ground."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from geo.findings import Finding
from layers.common_ground import common_ground
from layers.needs import find_needs, need_findings
from layers.people import People
from layers.reach_tables import house_reach


@dataclass(frozen=True, eq=False)
class Neighbourhood:
    """Residents, neighbours, and what they are to each other.

    Attributes
    ----------
    people
        Residents and neighbours, joined to the network.
    needs
        As ``layers.needs.find_needs`` makes them, for the study's first profile.
    house_reach
        As ``layers.reach_tables.house_reach`` makes it; counts of people are raw.
    common_ground
        As ``layers.common_ground.common_ground`` makes it, for all profiles and states.
    findings
        What was noticed.
    """

    people: People
    needs: pd.DataFrame
    house_reach: pd.DataFrame
    common_ground: gpd.GeoDataFrame
    findings: tuple[Finding, ...]


def describe_neighbourhood(people: People) -> Neighbourhood:
    """Compute what a study says about its neighbourhood.

    Parameters
    ----------
    people
        Residents and neighbours.

    Raises
    ------
    geo.errors.SozialraumError
        If the study's population, standards or confirmations cannot be used.
    """
    needs = find_needs(people, next(iter(people.ready.profiles.values())))
    return Neighbourhood(
        people=people,
        needs=needs,
        house_reach=house_reach(people),
        common_ground=common_ground(people),
        findings=(*people.neighbours.findings, *need_findings(people, needs)),
    )
