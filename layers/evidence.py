"""What the criteria are computed from: everything measured about the candidates of a project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.door_times import time_table
from geo.profiles import Profile
from layers.candidates import Candidates
from layers.need_table import NeedTable, need_table
from layers.people import People, PointReach, reach_points
from layers.projects import Project
from layers.two_way import people_around

Floats = npt.NDArray[np.float64]
Ints32 = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Evidence:
    """What is known of ``n`` candidates and ``h`` origins of residents, for one profile.

    Attributes
    ----------
    project, profile
        What is to be placed, and who is on the way.
    candidates
        As ``layers.candidates.find_candidates`` makes them.
    residents
        As ``layers.residents.find_residents`` makes them, ``h`` rows.
    reach
        Who reaches each candidate.
    now_ms
        Milliseconds from each origin to the nearest existing place off campus of the
        project's kind, −1 beyond the limit, shape ``(h,)``.
    around
        People who live around each origin's site within 15 minutes' walk of everyday pace as
        the crow flies, shape ``(h,)``: what a share of the neighbourhood is a share of.
    needs
        For each origin and category served whether it is met today, and within how many
        minutes it should be; see ``layers.need_table``.
    step_free_ms
        As ``reach.resident_ms`` for who needs step-free ways, by state (``"confirmed"``,
        ``"possible"``); empty where the study has no such profile.
    transit_ms, partner_ms
        Milliseconds from each candidate to the nearest stop and possible partner, −1 beyond
        the limit, shape ``(n,)``.
    """

    project: Project
    profile: Profile
    candidates: Candidates
    residents: pd.DataFrame
    reach: PointReach
    now_ms: Ints32
    around: Floats
    needs: NeedTable
    transit_ms: Ints32
    partner_ms: Ints32
    step_free_ms: Mapping[str, Ints32] = field(default_factory=dict)

    @property
    def places(self) -> Floats:
        """Places of each origin, shape ``(h,)``."""
        return self.residents["places"].to_numpy(dtype=np.float64)

    @property
    def frame(self) -> gpd.GeoDataFrame:
        """The candidates, ``n`` rows."""
        return self.candidates.frame


def gather(people: People, project: Project, candidates: Candidates, profile: Profile) -> Evidence:
    """Measure everything about the candidates of a project.

    Parameters
    ----------
    people
        The study with its residents and neighbours.
    project, candidates
        What is to be placed, and where it may stand.
    profile
        Who is on the way.
    """
    ready = people.ready
    reach = reach_points(people, candidates.frame, profile)
    places = ready.places.frame
    kind = (places["category"] == project.serves[0]) & (places["on_campus"] == "")
    known = time_table(
        ready.network,
        people.starts(profile),
        ready.destinations(profile).picked(tuple(places.loc[kind, "id"])),
        profile,
        reach.limit_s,
        state=reach.state,
    )
    far = np.where(known < 0, np.iinfo(np.int32).max, known)
    now = far.min(axis=1, initial=np.iinfo(np.int32).max)
    count = len(candidates.frame)
    return Evidence(
        project=project,
        profile=profile,
        candidates=candidates,
        residents=people.residents,
        reach=reach,
        now_ms=np.where(now == np.iinfo(np.int32).max, -1, now).astype(np.int32),
        around=people_around(people),
        needs=need_table(people, profile, project.serves),
        transit_ms=np.full(count, -1, dtype=np.int32),
        partner_ms=np.full(count, -1, dtype=np.int32),
    )
