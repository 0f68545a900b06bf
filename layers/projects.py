"""Kinds of neighbourhood projects: what each meets, where it may stand, what counts."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_DATA = files("layers").joinpath("data")


@dataclass(frozen=True, slots=True)
class Project:
    """A kind of project.

    Attributes
    ----------
    id
        As the command line calls it.
    label, gender
        German, "Nachbarschaftscafé"; ``"f"``, ``"m"`` or ``"n"``.
    serves
        Categories of the taxonomy that it meets; the first is the kind of existing places
        that it is compared with.
    candidates
        Where it may stand: ``"rooms"``, ``"partners"``, ``"open"``, ``"grid"``.
    weights
        Weight of each criterion by id, above 0; they add up to 1.
    """

    id: str
    label: str
    gender: str
    serves: tuple[str, ...]
    candidates: tuple[str, ...]
    weights: Mapping[str, float]


@cache
def load_projects() -> dict[str, Project]:
    """Return the kinds of projects that come with the product, in their order."""
    table = tomllib.loads(_DATA.joinpath("projects.toml").read_text(encoding="utf-8"))
    return {
        key: Project(
            id=key,
            label=entry["label"],
            gender=entry["gender"],
            serves=tuple(entry["serves"]),
            candidates=tuple(entry["candidates"]),
            weights=dict(entry["weights"]),
        )
        for key, entry in table.items()
    }
