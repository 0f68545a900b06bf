"""Who is on the way: speed, what counts as passable, and what has to be known of a way."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from enum import StrEnum
from importlib.resources import files
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
        Where the values come from.
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


def load_profiles() -> dict[str, Profile]:
    """Read the profiles that come with the product, by id."""
    text = (files("geo") / "data" / "profiles.toml").read_text(encoding="utf-8")
    return {key: _profile(key, values) for key, values in tomllib.loads(text).items()}


def with_speed(profile: Profile, speed_m_s: float) -> Profile:
    """Return the profile at another speed; steps are slowed in proportion."""
    ratio = speed_m_s / profile.speed_m_s
    steps = profile.steps_speed_m_s
    return replace(
        profile,
        speed_m_s=speed_m_s,
        steps_speed_m_s=None if steps is None else steps * ratio,
    )


def _profile(key: str, values: dict[str, Any]) -> Profile:
    limits = values.pop("limits", None)
    if limits is not None:
        limits = Limits(**limits | {"needs": tuple(limits["needs"])})
    mode = Mode(values.pop("mode", "foot"))
    steps = values.pop("steps_speed_m_s", None)
    return Profile(id=key, mode=mode, steps_speed_m_s=steps, limits=limits, **values)
