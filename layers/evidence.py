"""What the criteria are computed from: everything measured about the candidates of a project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.network import MS_PER_S
from geo.profiles import Profile
from layers._measured import Measured
from layers.candidates import Candidates
from layers.need_table import MET, NeedTable, need_table
from layers.people import People, PointReach
from layers.projects import Project
from layers.two_way import bridge_values, people_around

Floats = npt.NDArray[np.float64]
Ints32 = npt.NDArray[np.int32]

STOPS = ("bus_stop", "station")
"""Categories of places where somebody gets on a bus or a train."""

_FAR = np.iinfo(np.int32).max
_FIRST_ON_WHEELS = ("wheelchair", "rollator")


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
        project's kind, −1 beyond the limit, shape ``(h,)``. Where somebody has looked, what
        they saw counts: at most the standard if there is one, at least if there is none.
    around
        People who live around each origin's site within 15 minutes' walk of everyday pace as
        the crow flies, shape ``(h,)``: what a share of the neighbourhood is a share of.
    needs
        For each origin and category served whether it is met today, and within how many
        minutes it should be; see ``layers.need_table``.
    bridge
        Bridge value of each candidate, see ``layers.two_way``, shape ``(n,)``.
    transit_ms, partner_ms
        Milliseconds from each candidate to the nearest stop and possible partner, −1 beyond
        the largest threshold, 0 on the premises of a possible partner, shape ``(n,)``.
    transit_recorded, partners_recorded
        Whether any stop, any possible partner is recorded at all.
    step_free_ms
        As ``reach.resident_ms`` for who needs step-free ways, by state (``"confirmed"``,
        ``"possible"``); empty where the study has no such profile.
    step_free_profile
        Whose times ``step_free_ms`` are, or None.
    """

    project: Project
    profile: Profile
    candidates: Candidates
    residents: pd.DataFrame
    reach: PointReach
    now_ms: Ints32
    around: Floats
    needs: NeedTable
    bridge: Floats
    transit_ms: Ints32
    partner_ms: Ints32
    transit_recorded: bool = True
    partners_recorded: bool = True
    step_free_ms: Mapping[str, Ints32] = field(default_factory=dict)
    step_free_profile: Profile | None = None

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

    What was measured of a candidate is remembered with ``people``: several kinds of projects
    share rooms and spots, and each is measured once per profile.

    Parameters
    ----------
    people
        The study with its residents and neighbours.
    project, candidates
        What is to be placed, and where it may stand.
    profile
        Who is on the way.
    """
    measured = Measured(people, candidates.frame)
    needs = need_table(people, profile, project.serves)
    reach = measured.reach(profile)
    on_wheels = step_free_profile(people.ready.profiles)
    places = people.ready.places.frame
    stops = places["category"].isin(STOPS)
    partners = places["partner"].astype(bool)
    premises = candidates.frame["partner"].to_numpy(dtype=bool)
    to_partner = np.where(premises, 0, measured.nearest("partner", partners, profile))
    return Evidence(
        project=project,
        profile=profile,
        candidates=candidates,
        residents=people.residents,
        reach=reach,
        now_ms=_now(needs, round(reach.limit_s * MS_PER_S)),
        around=people_around(people),
        needs=needs,
        bridge=bridge_values(people, reach),
        transit_ms=measured.nearest("transit", stops, profile),
        partner_ms=to_partner.astype(np.int32),
        transit_recorded=bool(stops.any()),
        partners_recorded=bool(partners.any() or premises.any()),
        step_free_ms={}
        if on_wheels is None
        else {str(state): measured.residents(on_wheels, state) for state in on_wheels.states},
        step_free_profile=on_wheels,
    )


def _now(needs: NeedTable, limit_ms: int) -> Ints32:
    """Return the way to the nearest place of the first category today, −1 beyond the limit."""
    now = np.where(needs.now_ms[:, 0] < 0, _FAR, needs.now_ms[:, 0])
    if needs.confirmed.size:
        seen, there = needs.confirmed[:, 0], needs.state[:, 0] == MET
        standard = needs.standard_ms[:, 0]
        now = np.where(seen & there, np.minimum(now, standard), now)
        now = np.where(seen & ~there, np.maximum(now, standard), now)
    return np.where(now <= limit_ms, now, -1).astype(np.int32)


def step_free_profile(profiles: Mapping[str, Profile]) -> Profile | None:
    """Return whose ways say what is step-free: wheelchair, else rollator, else the first.

    Parameters
    ----------
    profiles
        Those of the study, by id.

    Returns
    -------
    Profile or None
        None where nobody of the study is on wheels.
    """
    on_wheels = {key: one for key, one in profiles.items() if one.limits is not None}
    for key in _FIRST_ON_WHEELS:
        if key in on_wheels:
            return on_wheels[key]
    return next(iter(on_wheels.values()), None)
