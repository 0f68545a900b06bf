"""Musterhausen with its neighbourhood, and with gates that few, nobody or not known many reach."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from layers.neighbourhood import Neighbourhood
from layers.snapshot import Snapshot
from maps.web_map import render_map
from tests.maps.placed import example

FEW, CLOSED, LOST = "slow", "rollator", "bicycle"
"""Profiles of which three neighbours reach the gate, for which none can be passed, and for whom
nobody knows. The others are as they were computed."""


def told(snapshot: Snapshot) -> Neighbourhood:
    """Return what a snapshot says of its neighbourhood."""
    assert snapshot.neighbourhood is not None
    return snapshot.neighbourhood


@cache
def neighbourly() -> Snapshot:
    """Return the example with other numbers at the gate, and without projects."""
    snapshot = example()
    known = told(snapshot)
    reach = known.house_reach.copy()
    reach.loc[reach["profile"] == FEW, "neighbours"] = 3.2
    reach.loc[reach["profile"] == CLOSED, "neighbours"] = 0.0
    reach.loc[reach["profile"] == CLOSED, "gate"] = "closed"
    reach.loc[reach["profile"] == LOST, "neighbours"] = np.nan
    return replace(snapshot, neighbourhood=replace(known, house_reach=reach), placement=None)


@cache
def neighbourly_page() -> str:
    """Draw the map of that."""
    return render_map(neighbourly())
