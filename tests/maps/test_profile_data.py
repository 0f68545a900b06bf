"""Profiles in words, and what is known of their ways."""

from __future__ import annotations

import dataclasses

import pytest

from geo.profiles import load_profiles
from maps.profile_data import coverage_table, profiles, rules, variants
from maps.study_data import origin_ids
from tests.layers.sample import MINUTES
from tests.maps.test_encoding import read_numbers
from tests.maps.wheels import LABEL, wheels_snapshot

SNAPSHOT = wheels_snapshot()
KNOWN = load_profiles()


def test_profiles_stand_in_the_order_of_the_study_and_name_their_tables() -> None:
    listed = profiles(SNAPSHOT)
    assert [one["id"] for one in listed] == ["resident", "wheelchair", "bicycle"]
    assert listed[1]["label"] == LABEL
    assert [one["way"] for one in listed] == ["zu Fuß", "mit dem Rollstuhl", "mit dem Fahrrad"]
    for one in listed:
        assert variants(SNAPSHOT)[one["confirmed"]] == (one["id"], "confirmed")
    assert [one["possible"] for one in listed] == [None, 2, None]
    assert variants(SNAPSHOT)[2] == ("wheelchair", "possible")


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        ("resident", "3,6 km/h · auch über Treppen"),
        ("walk", "4,5 km/h · auch über Treppen"),
        ("bicycle", "12,6 km/h · geschoben, wo Radfahren nicht erlaubt ist"),
    ],
)
def test_rules_in_words(profile: str, said: str) -> None:
    assert " · ".join(rules(KNOWN[profile])).replace("\u00a0", " ") == said


def test_rules_on_wheels_name_the_limits() -> None:
    limits = KNOWN["wheelchair"].limits
    assert limits is not None
    chosen = dataclasses.replace(limits, max_kerb_cm=2.5, max_incline_percent=6.0, min_width_m=0.9)
    profile = dataclasses.replace(KNOWN["wheelchair"], speed_m_s=0.9, limits=chosen)
    assert [text.replace("\u00a0", " ") for text in rules(profile)] == [
        "3,2 km/h", "stufenlos", "Bordstein bis 2,5 cm", "Steigung bis 6 %", "Breite ab 90 cm",
    ]  # fmt: skip
    # A walker whose study says that steps are not passable.
    assert rules(dataclasses.replace(KNOWN["slow"], steps_speed_m_s=None))[1] == "stufenlos"


def test_coverage_keeps_unknown_apart_from_nought_and_all_from_nearly_all() -> None:
    origins = origin_ids(SNAPSHOT)
    numbers = read_numbers(coverage_table(SNAPSHOT, origins))
    cells = len(SNAPSHOT.profiles) * len(origins) * len(MINUTES)
    reached, unknown, seated = (numbers[at * cells : (at + 1) * cells] for at in range(3))
    assert len(numbers) == 3 * cells
    # Of wheelchairs only, and not from the grounds; 78 %, and nearly 100 %: one metre is known.
    start = (1 * len(origins) + origins.index("h-linde")) * len(MINUTES)
    assert reached[start : start + 6] == [5000, 10000, 15000] * 2
    assert unknown[start : start + 6] == [781] * 3 + [1000] * 3
    assert sum(reached) == sum(reached[start : start + 6])
    assert set(seated) == {0}


def test_coverage_of_nothing_is_nothing() -> None:
    nothing = dataclasses.replace(SNAPSHOT, coverage=SNAPSHOT.coverage.iloc[:0])
    assert set(read_numbers(coverage_table(nothing, origin_ids(nothing)))) == {0}
