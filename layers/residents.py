"""Who lives in the houses: the origins of all ways, weighed by their places."""

from __future__ import annotations

import numpy as np
import pandas as pd

from layers.study_network import StudyNetwork

USUAL_PLACES = 24
"""Places of a house for which none are given: the usual size of LWL-Wohnverbund houses."""


def find_residents(ready: StudyNetwork) -> pd.DataFrame:
    """Return the origins that stand for residents, with the places of each.

    Parameters
    ----------
    ready
        The study; houses are the origins, or its sites where it has no houses.

    Returns
    -------
    pandas.DataFrame
        ``origin_id``, ``site_id`` ("" off any grounds), ``places`` (float), ``estimated``
        (bool: the study does not say how many places there are), sorted by ``origin_id``.
        Places are internal.
    """
    houses, sites = ready.sites.houses, ready.sites.sites
    from_houses = len(houses) > 0
    origins = houses["house_id"] if from_houses else sites["site_id"]
    given = houses["places"] if from_houses and "places" in houses else None
    places = pd.Series(np.nan, index=origins.index) if given is None else given.astype("Float64")
    frame = pd.DataFrame(
        {
            "origin_id": origins.astype("str"),
            "site_id": (houses if from_houses else sites)["site_id"].astype("str"),
            "places": places.astype("float64").fillna(USUAL_PLACES),
            "estimated": places.isna(),
        }
    )
    return frame.sort_values("origin_id", ignore_index=True)
