"""What makes a kind of person on the way, and how sure a way is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Mode(StrEnum):
    """Which rules of access count."""

    FOOT = "foot"
    """On foot, steps included."""
    WHEELS = "wheels"
    """On foot with something that rolls: step-free ways only, see ``geo.step_free``."""
    BICYCLE = "bicycle"
    """Riding where cycling is allowed, pushing elsewhere, see ``geo.bicycle_access``."""


class State(StrEnum):
    """How sure it is that a way can be used."""

    CONFIRMED = "confirmed"
    """All that the profile needs to know of the ways is known and good."""
    POSSIBLE = "possible"
    """Confirmed ways, and those of which something is not known."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What somebody on wheels can pass.

    Attributes
    ----------
    easy_incline_percent
        Up to here an incline costs no time.
    max_incline_percent
        Steeper ways are not passable, whichever the direction.
    incline_factor
        Time on inclines between the two, as a multiple.
    max_kerb_cm
        Highest kerb.
    min_width_m
        Narrowest passage.
    worst_smoothness
        Worst passable value of OSM's ``smoothness``.
    rough_factor
        Time on uneven but passable surfaces, as a multiple.
    wheelchair_no_closes
        Whether ``wheelchair=no`` closes a way; else it is passable, but never confirmed.
    needs
        What has to be known before a way is confirmed: names in ``geo.step_free.FACTS``.
    """

    easy_incline_percent: float
    max_incline_percent: float
    incline_factor: float
    max_kerb_cm: float
    min_width_m: float
    worst_smoothness: str
    rough_factor: float
    needs: tuple[str, ...]
    wheelchair_no_closes: bool = True


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of person on the way.

    Attributes
    ----------
    id
        Stable name, e.g. ``"resident"``.
    label
        German name for people to read.
    mode
        Which rules of access count.
    speed_m_s
        Speed on level, even ground, metres per second; riding, for a bicycle.
    steps_speed_m_s
        Speed on steps along their drawn length, metres per second; None where steps are not
        passable.
    push_speed_m_s
        Speed where a bicycle is pushed, and from the door to the way; None on foot.
    limits
        What can be passed on wheels; None for other modes.
    rest_m
        Seats at least every so many metres make a way comfortable; None where that does not
        matter.
    source
        Where the speed comes from.
    sources
        Where every value comes from, by the key it has in ``profiles.toml``, in the order
        of the file.
    """

    id: str
    label: str
    speed_m_s: float
    steps_speed_m_s: float | None
    source: str
    mode: Mode = Mode.FOOT
    push_speed_m_s: float | None = None
    limits: Limits | None = None
    rest_m: float | None = None
    sources: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def states(self) -> tuple[State, ...]:
        """The states that results come in: both on wheels, else everything is confirmed."""
        if self.limits is None:
            return (State.CONFIRMED,)
        return (State.CONFIRMED, State.POSSIBLE)

    @property
    def access_speed_m_s(self) -> float:
        """Speed on the straight line between a door and the way."""
        return self.push_speed_m_s or self.speed_m_s

    @property
    def values(self) -> dict[str, Any]:
        """Every value by the key it has in ``profiles.toml``, in the order of the file."""
        return {key: _value(self, key) for key in self.sources}


def _value(profile: Profile, key: str) -> Any:
    if profile.limits is not None and key in Limits.__slots__:
        return getattr(profile.limits, key)
    return getattr(profile, key)
