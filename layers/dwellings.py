"""How many people probably live in a building: figures, and the rule that uses them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]

_DATA = files("layers").joinpath("data", "dwellings.toml")

VAGUE_KINDS = frozenset({"yes", "residential"})
"""Values of ``building`` that do not tell a cottage from a tower."""

_WITH_ADDRESS = frozenset({"yes", "retail", "commercial"})
"""Kinds that are lived in only where an address says that somebody may."""

_FLATS = frozenset({"flats", "block", "apartments", "dormitory", "retail", "commercial"})
"""Kinds with flats, in which a person has less room than in a house."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of building.

    Attributes
    ----------
    levels
        Storeys above the ground where OSM names none.
    living
        Share of them that is lived in.
    """

    levels: float
    living: float


@dataclass(frozen=True, slots=True)
class Dwellings:
    """The figures of ``data/dwellings.toml``; each has its source there.

    Attributes
    ----------
    m2_in_houses, m2_in_flats
        Living area of one person, m².
    living_share
        Living area by floor area.
    per_address
        People at an address without a building.
    house_m2, row_m2, flats_m2
        Largest footprint of a house with one number, of a row by number, of flats by number.
    flats_levels
        Storeys from which a building is one of flats whatever its footprint.
    smallest_m2
        Smallest footprint of a dwelling house without an address.
    far_from_address_m
        Where no address is so near, addresses are not mapped.
    kinds
        What is lived in, by the value of ``building``, and ``small``, ``flats``, ``block``.
    """

    m2_in_houses: float
    m2_in_flats: float
    living_share: float
    per_address: float
    house_m2: float
    row_m2: float
    flats_m2: float
    flats_levels: float
    smallest_m2: float
    far_from_address_m: float
    kinds: Mapping[str, Kind]


@cache
def load_dwellings() -> Dwellings:
    """Read the figures that come with the product."""
    content = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    kinds = {name: Kind(**_values(table)) for name, table in content["kind"].items()}
    return Dwellings(**_values(content["people"]), **_values(content["unknown"]), kinds=kinds)


def _values(table: Mapping[str, Any]) -> dict[str, float]:
    return {key: float(entry["value"]) for key, entry in table.items()}


def people_in(kinds: Texts, footprint_m2: Floats, levels: Floats, numbers: Ints) -> Floats:
    """Estimate how many people live in buildings.

    People = footprint × levels × share of it lived in × living area by floor area ÷ living
    area per person. A building of vague kind is a small house, a house of flats, a block with
    several house numbers, or none to live in, by its footprint per house number. The figures
    and their sources are in ``data/dwellings.toml``.

    Parameters
    ----------
    kinds
        Value of ``building`` of each, shape ``(n,)``.
    footprint_m2
        Area on the ground.
    levels
        Storeys, NaN where OSM names none.
    numbers
        House numbers in each.

    Returns
    -------
    numpy.ndarray
        People, 0 where nobody lives, shape ``(n,)``.
    """
    rules = load_dwellings()
    named = _told_kinds(kinds, footprint_m2, levels, numbers)
    usual = np.array([rules.kinds[kind].levels if kind else 0.0 for kind in named])
    living = np.array([rules.kinds[kind].living if kind else 0.0 for kind in named])
    storeys = np.where(np.isnan(levels), usual, levels)
    floor_m2 = footprint_m2 * storeys * living
    m2 = np.where([kind in _FLATS for kind in named], rules.m2_in_flats, rules.m2_in_houses)
    return np.asarray(floor_m2 * rules.living_share / m2)


def _told_kinds(kinds: Texts, footprint_m2: Floats, levels: Floats, numbers: Ints) -> list[str]:
    """Return which kind of the table each building is; empty where nobody lives."""
    rules = load_dwellings()
    each_m2 = footprint_m2 / np.maximum(numbers, 1)
    several = numbers > 1
    small = each_m2 <= np.where(several, rules.row_m2, rules.house_m2)
    high = np.nan_to_num(levels) >= rules.flats_levels
    told = np.where(small & ~high, "small", np.where(several, "block", "flats"))
    hall = (each_m2 > rules.flats_m2) & ~high
    named = []
    for kind, by_size, is_hall, many in zip(kinds, told, hall, numbers, strict=True):
        if (kind in _WITH_ADDRESS and not many) or (kind == "yes" and is_hall):
            named.append("")
        elif kind in VAGUE_KINDS:
            named.append(str(by_size))
        else:
            named.append(kind if kind in rules.kinds else "")
    return named


def is_home_kind(kinds: Texts) -> npt.NDArray[np.bool_]:
    """Whether the kind of each building alone says that people live there, shape ``(n,)``."""
    known = (set(load_dwellings().kinds) | {"residential"}) - _WITH_ADDRESS
    return np.array([kind in known for kind in kinds], dtype=np.bool_)
