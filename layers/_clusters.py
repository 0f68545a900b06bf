"""Growing groups of drawings link by link, without chains that lead too far."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely


class Link(NamedTuple):
    """Two drawings that may be one thing, in the order in which links are tried.

    Attributes
    ----------
    strength
        Less is stronger: explicit relations first, nearness last.
    distance_m
        Metres between the two; nearer ones first.
    first, second
        Indices of the drawings, ``first < second``.
    rule
        Name of the rule that found them.
    reach_m
        No two drawings of the group may lie farther apart after joining.
    explicit
        Whether names may differ, since something else says that they belong together.
    """

    strength: int
    distance_m: float
    first: int
    second: int
    rule: str
    reach_m: float
    explicit: bool = False


def grow(
    links: Iterable[Link],
    geometry: npt.NDArray[Any],
    agree: Callable[[Sequence[int], Sequence[int]], bool],
) -> tuple[dict[int, list[int]], dict[tuple[int, int], str]]:
    """Join drawings into groups, the strongest links first.

    Parameters
    ----------
    links
        Candidates in any order.
    geometry
        The drawings, metric.
    agree
        Tells whether two groups may be one, by their names and numbers.

    Returns
    -------
    tuple of dict and dict
        The members of each group with more than one, by its smallest index, sorted; and the
        rule of each link that was used.
    """
    group_of: dict[int, int] = {}
    members: dict[int, list[int]] = {}
    used: dict[tuple[int, int], str] = {}
    for link in sorted(set(links)):
        one = group_of.get(link.first, link.first)
        other = group_of.get(link.second, link.second)
        if one == other:
            continue
        left, right = members.get(one, [one]), members.get(other, [other])
        if not link.explicit and not agree(left, right):
            continue
        if _gap(geometry, left, right) > link.reach_m:
            continue
        joined = sorted(left + right)
        members.pop(one, None)
        members.pop(other, None)
        members[joined[0]] = joined
        for index in joined:
            group_of[index] = joined[0]
        used[(link.first, link.second)] = link.rule
    return members, used


def _gap(geometry: npt.NDArray[Any], left: Sequence[int], right: Sequence[int]) -> float:
    """Return the largest distance between a drawing of one group and one of the other."""
    distances = shapely.distance(geometry[np.array(left)][:, None], geometry[np.array(right)])
    return float(np.max(distances))
