"""Ways and nodes with the same tags, so that every rule is asked once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from geo._memo import Memo
from geo.bicycle_access import Ride, ride
from geo.extract import Tags
from geo.foot_access import Access, foot_access, foot_direction

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

SAYS_NOTHING = frozenset(
    {"created_by", "de:strassenschluessel", "fixme", "image", "loc_name", "name",
     "name:etymology:wikidata", "name:etymology:wikipedia", "note", "old_name", "old_ref",
     "postal_code", "ref", "source", "source:maxspeed", "source:width", "website",
     "wikidata", "wikimedia_commons", "wikipedia"}
)  # fmt: skip
"""Keys that no rule of access or passability reads: names, numbers and sources."""

_NO_TAGS: Tags = {}

_BELOW = frozenset({"underground", "underwater", "overhead", "roof", "indoor"})


@dataclass(frozen=True, eq=False)
class WayKinds:
    """The ways of an extract by kind, and what the rules of access say of each kind.

    Attributes
    ----------
    of_way
        Kind of each way, shape ``(w,)``.
    tags
        Tags of each kind, length ``k``; the last kind has none and stands for no way at all.
    on_foot, private
        Whether it may be walked on, and only by who belongs there, shape ``(k,)``.
    direction
        The only direction walked: 1, −1, or 0 for both, shape ``(k,)``.
    rides, pushes
        Whether a bicycle is ridden, or pushed, forward and backward, shape ``(k, 2)``.
    steps
        Whether it is steps, shape ``(k,)``.
    crossing
        Whether it leads across a street, shape ``(k,)``.
    on_ground
        Whether it follows the ground: no bridge, tunnel or passage, shape ``(k,)``.
    """

    of_way: Ints
    tags: list[Tags]
    on_foot: Bools
    private: Bools
    direction: npt.NDArray[np.int8]
    rides: Bools
    pushes: Bools
    steps: Bools
    crossing: Bools
    on_ground: Bools

    @property
    def nothing(self) -> int:
        """The kind that stands for no way."""
        return len(self.tags) - 1


def way_kinds(ways: Iterable[Tags], memo: Memo | None = None) -> WayKinds:
    """Sort ways into kinds and ask the rules of access about each.

    Parameters
    ----------
    ways
        Tags of each way.
    memo
        What is known from other builds.
    """
    memo = memo or Memo()
    of_way, tags = same_tags(ways, memo=memo)
    tags.append(_NO_TAGS)
    facts = [memo.of("way", (one,), partial(_facts, one)) for one in tags]
    access, riding, direction, steps, crossing, on_ground = zip(*facts, strict=True)
    return WayKinds(
        of_way=of_way,
        tags=tags,
        on_foot=_bools(value is not Access.NO for value in access),
        private=_bools(value is Access.PRIVATE for value in access),
        direction=np.array(direction, dtype=np.int8),
        rides=_bools(way is Ride.RIDE for both in riding for way in both).reshape(-1, 2),
        pushes=_bools(way is Ride.PUSH for both in riding for way in both).reshape(-1, 2),
        steps=_bools(steps),
        crossing=_bools(crossing),
        on_ground=_bools(on_ground),
    )


def _facts(tags: Tags) -> tuple[Access, tuple[Ride, Ride], int, bool, bool, bool]:
    return (
        foot_access(tags),
        ride(tags),
        foot_direction(tags),
        tags.get("highway") == "steps",
        _is_crossing(tags),
        _on_ground(tags),
    )


def same_tags(
    objects: Iterable[Tags],
    silent: Callable[[str], bool] = SAYS_NOTHING.__contains__,
    *,
    memo: Memo | None = None,
) -> tuple[Ints, list[Tags]]:
    """Give objects a number by what their tags say.

    Parameters
    ----------
    objects
        Tags of each object.
    silent
        Tells which keys do not matter.
    memo
        What is known from other builds, where the same keys did not matter.

    Returns
    -------
    kind, tags
        Number of each object, and the tags of one object with each number: the first, or the
        first in earlier builds, so that what is known of it is found again.
    """
    memo = memo or Memo()
    number_of = memo.table(("number of tags", silent))
    number_of_sense = memo.table(("number of sense", silent))
    first_of = memo.table(("first of sense", silent))
    several = list(objects)
    numbers = list(map(number_of.get, map(id, several)))
    for row in [row for row, number in enumerate(numbers) if number is None]:
        one = several[row]
        sense = frozenset(pair for pair in one.items() if not silent(pair[0]))
        numbers[row] = number_of_sense.setdefault(sense, len(number_of_sense))
        number_of[id(one)] = memo.keep(one, numbers[row])
        first_of.setdefault(numbers[row], one)
    sense_of, first, kind = np.unique(
        np.array(numbers, dtype=np.int64), return_index=True, return_inverse=True
    )
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return rank[kind], [first_of[number] for number in sense_of[order].tolist()]


def _is_crossing(tags: Tags) -> bool:
    return any(tags.get(key) == "crossing" for key in ("footway", "path", "cycleway"))


def _on_ground(tags: Tags) -> bool:
    """Whether heights of the ground are heights of the way."""
    raised = any(
        tags.get(key, "no") not in {"no", "boardwalk"} for key in ("bridge", "tunnel", "covered")
    )
    levels = (tags.get("layer", "0"), tags.get("level", "0"))
    inside = tags.get("indoor", "no") != "no" or tags.get("location") in _BELOW
    return not (raised or inside or any(level.strip() not in {"0", ""} for level in levels))


def _bools(values: Iterable[Any]) -> Bools:
    return np.fromiter(values, dtype=bool)
