"""The attack on pairs of public releases: that it finds what is there to be found."""

from __future__ import annotations

import pytest

from benchmarks.count_attack import recovered
from benchmarks.small_counts import Build, attack
from layers.suppression import public_count


def released(name: str, counts: dict[int, int], k: int, *, with_new: bool = False) -> Build:
    """Return a release of one gate with counts by minutes."""
    true = {
        ("g", "resident", "confirmed", limit, with_new): count for limit, count in counts.items()
    }
    return Build(name, {key: public_count(count, k) for key, count in true.items()}, true)


def test_two_releases_with_other_minutes() -> None:
    # 100 people in 10 minutes, 102 in 11: exactly two live between. In steps of five both are
    # told as 100, so anything up to four is possible.
    first, second = released("a", {10: 100}, 5), released("b", {11: 102}, 5)
    result = attack([first, second], 5)
    assert (result.pairs, result.found, result.found_without_steps) == (1, 0, 1)


def test_a_house_that_is_opened_takes_people_off_the_counts() -> None:
    # Three of the 103 people live on grounds that are new.
    before = released("a", {10: 103}, 5)
    after = released("b", {10: 100}, 5, with_new=True)
    result = attack([before, after], 5)
    assert (result.found, result.found_without_steps) == (0, 1)


def test_one_release_alone() -> None:
    # 0, 3 and 103 people in 5, 6 and 10 minutes. Left out is the 3 alone, so it is known to be
    # 1 to 4; no difference is known exactly, since each has the 3 in it but 103 - 0.
    result = attack([released("a", {5: 0, 6: 3, 10: 103}, 5), released("b", {}, 5)], 5)
    assert (result.hidden, result.found, result.found_without_steps) == (2, 0, 0)


def test_what_contradicts_itself_is_told() -> None:
    with pytest.raises(ValueError, match="no counts agree"):
        recovered([(("a",), 50), (("b",), 10)], public_count, 5, lambda a, _b: a == ("a",))
