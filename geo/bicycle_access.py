"""Who may ride a bicycle where: OSM tags of ways read as a cyclist would."""

from __future__ import annotations

from enum import StrEnum

from geo.extract import Tags


class Ride(StrEnum):
    """How a cyclist gets along a way."""

    RIDE = "ride"
    PUSH = "push"
    """Cycling is not allowed, walking is."""
    NO = "no"


def ride(tags: Tags) -> tuple[Ride, Ride]:
    """Say how a cyclist gets along a way and back.

    Parameters
    ----------
    tags
        Tags of an OSM way.

    Returns
    -------
    forward, backward
        In the direction of the way and against it.
    """
    if tags.get("highway") in {"residential", "cycleway", "service", "track", "path"}:
        return Ride.RIDE, Ride.RIDE
    return Ride.PUSH, Ride.PUSH
