"""Who walks: speed, and what counts as passable."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of person on the way.

    Attributes
    ----------
    id
        Stable name, e.g. ``"resident"``.
    label
        German name for people to read.
    speed_m_s
        Speed on level, even ground, metres per second.
    steps_speed_m_s
        Speed on steps along their drawn length, metres per second.
    source
        Where the values come from.
    """

    id: str
    label: str
    speed_m_s: float
    steps_speed_m_s: float
    source: str


def load_profiles() -> dict[str, Profile]:
    """Read the profiles that come with the product, by id."""
    text = (files("geo") / "data" / "profiles.toml").read_text(encoding="utf-8")
    return {key: Profile(id=key, **values) for key, values in tomllib.loads(text).items()}


def with_speed(profile: Profile, speed_m_s: float) -> Profile:
    """Return the profile at another speed; steps are slowed in proportion."""
    ratio = profile.steps_speed_m_s / profile.speed_m_s
    return replace(profile, speed_m_s=speed_m_s, steps_speed_m_s=speed_m_s * ratio)
