"""Which needs are met, judged from kept times: the same answer as ``layers.need_table``."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.profiles import Profile
from layers.confirmations import read_confirmations
from layers.judging import confirmed_tables, judge_needs, recorded_table, surroundings_m
from layers.people import known_state
from layers.scenario_net import Net
from layers.scenario_table import PlaceList, Table
from layers.scenario_times import doors_of

Bools = npt.NDArray[np.bool_]
Ints8 = npt.NDArray[np.int8]
Ints32 = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Needs:
    """What judging asks beside times; ``h`` origins of residents, ``c`` categories.

    Attributes
    ----------
    profiles
        Who is on the way.
    lanes
        The lane of each profile on which needs are judged: the ways that may count.
    rows
        Origin that each row stands for, shape ``(h,)``.
    categories
        Ids of all categories that are counted.
    standard_ms
        Milliseconds within which each should be reached, shape ``(h, c)``.
    exists, missing
        What somebody has seen on the spot, shape ``(h, c)``.
    """

    profiles: tuple[Profile, ...]
    lanes: tuple[int, ...]
    rows: npt.NDArray[np.int64]
    categories: tuple[str, ...]
    standard_ms: Ints32
    exists: Bools
    missing: Bools

    def judge(
        self,
        net: Net,
        table: Table,
        joined: Mapping[str, Bools],
        places: PlaceList,
        known: tuple[dict[str, Ints8], Collection[str]] | None = None,
    ) -> dict[str, Ints8]:
        """Return the state of every need by profile id, shape ``(h, c)``; see ``NeedTable``.

        Parameters
        ----------
        net
            The network.
        table
            What is reached.
        joined
            Whether each place is joined to a way, by ``doors_of`` the profile, shape ``(p,)``.
        places
            All places.
        known
            States on the same network, and the categories whose places are others.
        """
        before, asked = ({}, self.categories) if known is None else known
        columns = np.flatnonzero([one in asked for one in self.categories])
        off = places.grounds == ""
        found = {}
        for profile, lane in zip(self.profiles, self.lanes, strict=True):
            there = off & joined[doors_of(profile)]
            recorded = recorded_table(
                places.near_m[self.rows][:, there],
                places.category[there],
                [self.categories[row] for row in columns.tolist()],
                surroundings_m(net.people, profile),
            )
            at = np.ix_(self.rows, columns)
            judged = judge_needs(
                table.nearest_ms[lane][at],
                table.campus_ms[lane][at],
                self.standard_ms[:, columns],
                recorded=recorded,
                connected=net.counter.connected[lane][self.rows],
                exists=self.exists[:, columns],
                missing=self.missing[:, columns],
            )
            if known is None:
                found[profile.id] = judged
            else:
                found[profile.id] = before[profile.id].copy()
                found[profile.id][:, columns] = judged
        return found


def needs_of(net: Net) -> Needs:
    """Gather what judging needs asks of a study.

    Parameters
    ----------
    net
        The study.

    Raises
    ------
    geo.errors.StudyError
        If the study sets a standard for an unknown category, or its file of confirmations is
        broken.
    """
    people, ready = net.people, net.ready
    counted = net.counter.categories
    exists, missing = confirmed_tables(people, read_confirmations(ready.study), counted)
    ids = net.origins["id"].tolist()
    profiles = tuple(ready.profiles.values())
    lane_of = {(profile.id, state): row for row, (profile, state) in enumerate(net.lanes)}
    return Needs(
        profiles=profiles,
        lanes=tuple(lane_of[one.id, known_state(one)] for one in profiles),
        rows=np.array([ids.index(one) for one in people.residents["origin_id"]], dtype=np.int64),
        categories=counted,
        standard_ms=net.standard_ms,
        exists=exists,
        missing=missing,
    )
