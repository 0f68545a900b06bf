"""An attacker has all public numbers of pairs of builds, and tries to get a small one back.

Random towns: people at different distances from a gate, walkers of different speeds, ways of
which some are not sure. Of each town several builds are published: with other minutes, with
another profile, with other data of another date, with grounds split in two. The attacker knows
everything but the counts: how they were protected, which are nested in which (whoever is there
in five minutes is there in ten, who comes slowly comes quickly, by sure ways also by possible
ones), and that the counts of separate grounds add up at most to those of both.

The search is that of ``benchmarks.count_attack``; where counts add up, linear programs. Recovered
is what can be one number only, from 1 to k − 1. Leaving out small counts alone is measured beside:
there the attack works.
"""

from __future__ import annotations

import itertools
import math
import os
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from benchmarks.count_attack import (
    Key,
    Told,
    bounds_of,
    only_small_ones_left_out,
    recovered,
)
from layers.people import People
from layers.reach_tables import house_reach
from layers.study import load_study
from layers.study_network import prepare
from layers.suppression import public_count

ROOT = Path(__file__).parents[2]
MANY = bool(os.environ.get("TEST_ALL"))
TOWNS = 3000 if MANY else 300
SPLIT_TOWNS = 400 if MANY else 40


@dataclass(frozen=True)
class Person:
    """A neighbour: metres to the gate, and metres by sure ways alone (or none)."""

    metres: float
    sure: float
    since: int
    east: bool


def town(rng: random.Random) -> list[Person]:
    """Return up to 60 people; many towns have only a few near the gate."""
    people = []
    for _ in range(rng.choice([3, 8, 20, 60])):
        metres = rng.uniform(0, 1500) * rng.choice([0.3, 1.0])
        sure = metres * rng.uniform(1.0, 1.6) if rng.random() < 0.8 else math.inf
        people.append(Person(metres, sure, rng.choice([0, 0, 0, 1, 2]), rng.random() < 0.5))
    return people


def counts(
    people: Sequence[Person], minutes: Sequence[int], speeds: Mapping[str, float], date: int
) -> dict[Key, int]:
    """Return what a build counts: by date, speed, state and minutes."""
    return {
        (date, speed, state, limit): sum(
            one.since <= date
            and (one.sure if state == "confirmed" else one.metres) <= limit * 60 * speed
            for one in people
        )
        for speed in speeds.values()
        for state in ("confirmed", "possible")
        for limit in minutes
    }


def within(a: Key, b: Key) -> bool:
    """Whether everybody counted in ``a`` is counted in ``b`` for certain."""
    if a[0] != b[0]:
        return False
    sure = a[2] == b[2] or b[2] == "possible"
    return bool(sure and a[1] * a[3] <= b[1] * b[3])


def stepped(count: int, k: int) -> int | None:
    return public_count(count, k)


def builds(people: Sequence[Person], rng: random.Random) -> list[dict[Key, int]]:
    """Return what several builds of a town count: pairs of them may be published."""
    speeds = {"resident": 1.25, "slow": 0.8}
    more = speeds | {"rollator": rng.choice([0.65, 0.7, 1.0])}
    usual, other = (5, 10, 15), tuple(sorted(rng.sample(range(3, 21), 3)))
    return [
        counts(people, usual, speeds, 0),
        counts(people, other, speeds, 0),
        counts(people, usual, more, 0),
        counts(people, usual, speeds, 1),
        counts(people, tuple(range(1, 21)), {"resident": 1.25}, 0),
    ]


def searched(how: Told, k: int, towns: int) -> tuple[int, int]:
    """Return how many numbers were recovered, and in how many pairs of builds was searched."""
    rng = random.Random(7)  # noqa: S311
    found = pairs = 0
    for _ in range(towns):
        made = builds(town(rng), rng)
        told = [[(key, how(count, k)) for key, count in one.items()] for one in made]
        for first, second in itertools.combinations(told, 2):
            pairs += 1
            found += len(recovered([*first, *second], how, k, within))
    return found, pairs


@pytest.mark.parametrize("k", [3, 5, 10])
def test_no_pair_of_public_builds_gives_a_small_number_back(k: int) -> None:
    found, pairs = searched(stepped, k, TOWNS // 3 if k == 5 else TOWNS // 10)
    assert pairs >= TOWNS
    assert found == 0


def test_all_builds_of_a_town_together_give_no_small_number_back() -> None:
    rng = random.Random(11)  # noqa: S311
    for _ in range(TOWNS // 10):
        told = [
            (key, stepped(count, 5))
            for one in builds(town(rng), rng)
            for key, count in one.items()
        ]
        assert recovered(told, stepped, 5, within) == []


def test_the_search_finds_what_leaving_out_small_counts_alone_gives_away() -> None:
    found, pairs = searched(only_small_ones_left_out, 5, 10)
    assert found > pairs


def test_steps_that_do_not_divide_each_other_would_give_numbers_back() -> None:
    # 14 people are told as 10 (to 14) in steps of five, and as 14 (to 20) in steps of seven.
    both = [(stepped(count, 5), stepped(count, 7)) for count in range(40)]
    assert [count for count in range(40) if both[count] == both[14]] == [14]


def test_pairs_of_builds_of_the_example_give_no_small_number_back() -> None:
    """Musterhausen with other minutes: the counts are those of the program."""
    told: dict[tuple[int, ...], list[tuple[Key, int | None]]] = {}
    exact: dict[tuple[int, ...], list[tuple[Key, int | None]]] = {}
    study = load_study(ROOT / "examples/musterhausen")
    for minutes in ((5, 6, 7, 8, 10, 15), (5, 9, 11, 13), (4, 7, 9, 12, 14)):
        chosen = {"minutes": minutes, "profiles": ("resident", "rollator")}
        settings = study.settings.model_copy(update=chosen)
        people = People(prepare(study.model_copy(update={"settings": settings})))
        rows = house_reach(people).drop_duplicates(["site_id", "profile", "state", "minutes"])
        keys = [
            # Nothing is nested across profiles here: their ways differ.
            ((row.site_id, row.profile), 1.0, row.state, row.minutes)
            for row in rows.itertuples()
        ]
        whole = [math.floor(value + 0.5) for value in rows["neighbours"]]
        told[minutes] = [(key, stepped(n, 5)) for key, n in zip(keys, whole, strict=True)]
        exact[minutes] = [
            (key, only_small_ones_left_out(n, 5)) for key, n in zip(keys, whole, strict=True)
        ]
    given_away = 0
    for first, second in itertools.combinations(told, 2):
        assert recovered([*told[first], *told[second]], stepped, 5, within) == []
        given_away += len(
            recovered([*exact[first], *exact[second]], only_small_ones_left_out, 5, within)
        )
    assert given_away > 0  # without steps it would


@pytest.mark.parametrize("k", [3, 5, 7])
def test_grounds_split_in_two_give_no_small_number_back(k: int) -> None:
    # West and east have gates of their own; of both together a count was published before.
    # Nobody comes to both within the time, so the two counts add up to the third.
    rng = random.Random(k)  # noqa: S311
    for _ in range(SPLIT_TOWNS):
        people = town(rng)
        limits = (300, 700)
        true = [
            sum(one.metres <= limit and one.east in sides for one in people)
            for sides in ((True,), (False,), (True, False))
            for limit in limits
        ]
        told = [stepped(count, k) for count in true]
        intervals = [bounds_of(one, stepped, k) for one in told]
        low, high = (np.array(side, dtype=float) for side in zip(*intervals, strict=True))
        # east + west = both at each limit; who is near is counted farther away as well.
        rows: list[Any] = []
        for limit in range(2):
            rows.append(np.zeros(6))
            rows[-1][[limit, 2 + limit]] = 1
            rows[-1][4 + limit] = -1
        for side in range(3):
            rows.append(np.zeros(6))
            rows[-1][2 * side], rows[-1][2 * side + 1] = -1, 1
        known = LinearConstraint(np.array(rows), np.zeros(5), [0, 0, np.inf, np.inf, np.inf])
        asked = [np.eye(6)[one] for one in range(6) if told[one] is None]
        asked += [rows[2 + side] for side in range(3)]
        for goal in asked:
            ends: list[Any] = [
                milp(
                    sign * goal,
                    constraints=known,
                    integrality=np.ones(6, dtype=np.int64),
                    bounds=Bounds(low, high),
                ).fun
                for sign in (1, -1)
            ]
            smallest, largest = round(ends[0]), -round(ends[1])
            value = round(float(goal @ np.array(true)))
            assert smallest <= value <= largest
            assert smallest < largest or value not in range(1, k)
