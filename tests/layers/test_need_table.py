"""Needs on a drawn campus: each state, each number derived by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from geo.door_times import time_table
from geo.errors import StudyError
from layers.need_table import MET, NOT_MET, NOT_RECORDED, ONLY_ON_CAMPUS, NeedTable, need_table
from layers.people import People
from tests.geo.drawings import draw
from tests.geo.marked import WHEELS, draw_marked
from tests.layers.need_towns import campus, people_of, write_study

KINDS = {"k": "cafe", "b": "bakery", "d": "supermarket"}


def table_of(people: People, *categories: str) -> NeedTable:
    (profile,) = people.ready.profiles.values()
    return need_table(people, profile, categories)


def test_the_states() -> None:
    people = people_of(campus(), KINDS, area="urban")
    found = table_of(people, "bakery", "supermarket", "cafe", "doctors")
    # 210 s to the bakery; 660 s to the supermarket, above 600; a café on the grounds alone,
    # 40 s away; no doctor anywhere.
    assert found.state.tolist() == [[MET, NOT_MET, ONLY_ON_CAMPUS, NOT_RECORDED]]
    assert found.now_ms.tolist() == [[210_000, 660_000, -1, -1]]
    assert found.on_campus_ms.tolist() == [[-1, -1, 40_000, -1]]
    assert found.count.tolist() == [[1, 0, 0, 0]]
    # standards.toml: 10, 10, 15 and 15 minutes in town.
    assert found.standard_ms.tolist() == [[600_000, 600_000, 900_000, 900_000]]
    assert found.recorded.tolist() == [[True, True, False, False]]
    assert found.urban.tolist() == [True]
    assert found.limit_ms == 1_800_000
    assert not found.confirmed.any()
    assert not found.contested.any()


def test_in_the_country_the_way_may_be_longer() -> None:
    # 15 minutes are 900 s; 660 s are within them.
    found = table_of(people_of(campus(), KINDS, area="rural"), "supermarket")
    assert found.state.tolist() == [[MET]]
    assert found.standard_ms.tolist() == [[900_000]]


@pytest.mark.parametrize(("minutes", "state"), [(3.5, MET), (3.49, NOT_MET)])
def test_a_time_equal_to_the_standard_is_within_it(minutes: float, state: int) -> None:
    # 3.5 minutes are 210 s.
    people = people_of(campus(), KINDS, area="urban", standards={"bakery": minutes})
    assert table_of(people, "bakery").state.tolist() == [[state]]


def test_only_on_campus_though_one_is_known_outside() -> None:
    # 660 s to the one outside, 40 s to the one on the grounds.
    people = people_of(campus(), {"k": "butcher", "d": "butcher"}, area="urban")
    found = table_of(people, "butcher")
    assert (found.state.item(), found.now_ms.item()) == (ONLY_ON_CAMPUS, 660_000)


def test_on_campus_beyond_the_standard_and_none_recorded_outside_is_no_gap() -> None:
    # 40 s are more than 0.6 minutes, 36 s.
    people = people_of(campus(), KINDS, area="urban", standards={"cafe": 0.6})
    assert table_of(people, "cafe").state.tolist() == [[NOT_RECORDED]]


@pytest.mark.parametrize(
    ("category", "status", "state", "contested"),
    [
        ("doctors", "exists", MET, False),  # OSM has none: nothing to contest
        ("doctors", "missing", NOT_MET, False),
        ("bakery", "exists", MET, False),
        ("bakery", "missing", NOT_MET, True),
        ("supermarket", "exists", MET, True),
        ("supermarket", "missing", NOT_MET, False),
        ("cafe", "exists", MET, False),
        ("cafe", "missing", ONLY_ON_CAMPUS, False),
    ],
)
def test_what_somebody_has_seen_counts(
    tmp_path: Path, category: str, status: str, state: int, *, contested: bool
) -> None:
    folder = write_study(tmp_path, f"h;{category};{status};Amt;2026-11-22;\n")
    found = table_of(people_of(campus(), KINDS, folder=folder, area="urban"), category)
    assert found.state.tolist() == [[state]]
    assert found.confirmed.tolist() == [[True]]
    assert found.contested.tolist() == [[contested]]
    # The times are still those of the map.
    without = table_of(people_of(campus(), KINDS, area="urban"), category)
    assert found.now_ms.tolist() == without.now_ms.tolist()


def test_a_record_about_the_grounds_counts_for_their_houses(tmp_path: Path) -> None:
    folder = write_study(tmp_path, "s;doctors;missing;Amt;2026-11-22;\n")
    found = table_of(people_of(campus(), KINDS, folder=folder, area="urban"), "doctors")
    assert found.state.tolist() == [[NOT_MET]]
    folder = write_study(tmp_path, "elsewhere;doctors;missing;Amt;2026-11-22;\n")
    found = table_of(people_of(campus(), KINDS, folder=folder, area="urban"), "doctors")
    assert found.state.tolist() == [[NOT_RECORDED]]


def test_without_a_record_what_osm_does_not_know_is_never_a_gap() -> None:
    people = people_of(campus(), KINDS, area="urban")
    ids = [one.id for one in people.ready.taxonomy.categories if one.indicator]
    unknown = [number for number, key in enumerate(ids) if key not in KINDS.values()]
    assert len(unknown) > 30
    assert set(table_of(people, *ids).state[0, unknown].tolist()) == {NOT_RECORDED}


def test_a_house_joined_to_no_way_has_no_gaps() -> None:
    # 400 m from the street: nobody knows how people walk from there.
    town = draw(
        """
        h



        A----b----B
        """,
        metres=100, ways={"AB": "highway=footway"}, houses={"h": ""}, places={"b": ""},
    )  # fmt: skip
    found = table_of(people_of(town, {"b": "bakery"}, area="urban"), "bakery")
    assert found.connected.tolist() == [False]
    assert found.state.tolist() == [[NOT_RECORDED]]


def test_a_place_joined_to_no_way_is_not_recorded() -> None:
    town = draw(
        """
        h    A----------B



                        b
        """,
        metres=100, ways={"AB": "highway=footway"}, houses={"h": ""}, places={"b": ""},
    )  # fmt: skip
    people = people_of(replace(town), {"b": "bakery"}, area="urban")
    assert table_of(people, "bakery").state.tolist() == [[NOT_RECORDED]]


@pytest.mark.parametrize(("minutes", "state"), [(11, NOT_MET), (10, NOT_RECORDED)])
def test_only_the_surroundings_say_that_there_is_none_near(minutes: int, state: int) -> None:
    # 647 m in a straight line to the supermarket; at 1 m/s 11 minutes lead 660 m at best, 10
    # minutes 600. However large the extract, what is beyond says nothing of what is near.
    people = people_of(
        campus(), KINDS, area="urban", minutes=(5,), max_minutes=minutes,
        standards={"supermarket": 5},
    )  # fmt: skip
    assert table_of(people, "supermarket").state.tolist() == [[state]]


def test_a_standard_beyond_the_limit_is_searched_for() -> None:
    # The study computes 10 minutes; 11 are needed, and 12 are allowed.
    people = people_of(
        campus(), KINDS, area="urban", minutes=(5, 10), max_minutes=10,
        standards={"supermarket": 12},
    )  # fmt: skip
    found = table_of(people, "supermarket")
    assert (found.state.item(), found.now_ms.item(), found.limit_ms) == (MET, 660_000, 720_000)


def test_on_possible_ways_it_is_met_on_sure_ones_it_is_not() -> None:
    # 100 m, of which nobody knows the surface.
    town = draw_marked(
        """
        h
        A---------B
                  b
        """,
        metres=10, ways={"AB": "highway=footway"}, houses={"h": ""}, places={"b": ""},
        profile=replace(WHEELS, rest_m=None), unknown={1: "surface"},
    )  # fmt: skip
    found = table_of(people_of(town, {"b": "bakery"}, area="urban"), "bakery")
    assert (found.state.item(), found.sure_state.item()) == (MET, NOT_MET)
    # 10 m to the path, 100 m along it, 10 m to the door.
    assert found.now_ms.tolist() == [[120_000]]


def test_only_places_that_are_asked_for_are_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    timed: list[tuple[str, ...]] = []

    def watched(network: Any, starts: Any, doors: Any, *rest: Any, **more: Any) -> Any:
        timed.append(doors.ids)
        return time_table(network, starts, doors, *rest, **more)

    monkeypatch.setattr("layers.need_table.time_table", watched)
    table_of(people_of(campus(), KINDS, area="urban"), "bakery", "doctors")
    assert timed == [("b",)]


def test_no_categories_at_all() -> None:
    found = table_of(people_of(campus(), KINDS, area="urban"))
    assert found.state.shape == found.now_ms.shape == found.standard_ms.shape == (1, 0)


def test_a_standard_for_an_unknown_category() -> None:
    people = people_of(campus(), KINDS, area="urban", standards={"bakry": 5})
    with pytest.raises(StudyError, match="Gemeint ist vielleicht: bakery"):
        table_of(people, "cafe")


def test_what_is_more_never_makes_a_need_worse() -> None:
    # Opening a second bakery, whatever the standard, leaves no need less met.
    order = {MET: 0, ONLY_ON_CAMPUS: 1, NOT_MET: 2, NOT_RECORDED: 2}
    for minutes in (0.5, 3.4, 3.5, 10.9, 11.0):
        standards = {"bakery": minutes}
        one = people_of(campus(), {"d": "bakery", "b": "cafe"}, area="urban", standards=standards)
        two = people_of(
            campus(), {"d": "bakery", "b": "bakery"}, area="urban", standards=standards
        )
        before, after = (table_of(some, "bakery").state.item() for some in (one, two))
        assert order[after] <= order[before]
