"""Who is on the way: the kinds of people, and what a study changes about them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from geo._profile_kinds import Limits, Mode, Profile, State
from geo._profile_tables import changed, made

__all__ = ["Limits", "Mode", "Profile", "State", "load_profiles", "profile_from", "with_speed"]


def load_profiles() -> dict[str, Profile]:
    """Read the profiles that come with the product, by id."""
    return dict(_shipped())


def profile_from(
    name: str, table: Mapping[str, Any], known: Mapping[str, Profile], where: str = "study.toml"
) -> Profile:
    """Make a profile of what a study says about it.

    Parameters
    ----------
    name
        Its id: that of a known profile changes single values of it; any other makes a new
        profile, which needs ``based_on`` and ``label``.
    table
        The table ``[profile.NAME]``: ``label``, ``based_on``, ``source`` and any of the
        values of ``profiles.toml`` that belong to the mode, plain (``speed_m_s = 0.5``) or
        with a source of their own (``speed_m_s = {value = 0.5, source = "Beobachtung"}``).
        ``steps_speed_m_s = 0`` says that steps are not passable, ``rest_m = 0`` that seats
        do not matter.
    known
        The profiles so far, by id.
    where
        The file, for messages.

    Returns
    -------
    Profile
        Values that the study gives without a source have the source "Angabe der Studie".

    Raises
    ------
    geo.errors.StudyError
        If a key is not known, has the wrong type or a value out of range, if ``based_on``
        names no profile, or a new profile has no label.
    """
    return changed(name, table, known, where)


def with_speed(profile: Profile, speed_m_s: float) -> Profile:
    """Return the profile at another speed; steps are slowed in proportion."""
    ratio = speed_m_s / profile.speed_m_s
    steps = profile.steps_speed_m_s
    return replace(
        profile,
        speed_m_s=speed_m_s,
        steps_speed_m_s=None if steps is None else steps * ratio,
    )


@cache
def _shipped() -> dict[str, Profile]:
    text = (files("geo") / "data" / "profiles.toml").read_text(encoding="utf-8")
    return {key: made(key, table) for key, table in tomllib.loads(text).items()}
