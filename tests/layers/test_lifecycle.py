"""What is no longer, or not yet, a place."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.lifecycle import Ended, first_day, former_tags, last_day, why_ended

TODAY = date(2016, 5, 24)


@pytest.mark.parametrize(
    ("tags", "why"),
    [
        ({"shop": "bakery"}, None),
        ({"disused": "yes"}, Ended.GONE),
        ({"abandoned": "yes"}, Ended.GONE),
        ({"demolished": "yes"}, Ended.GONE),
        ({"removed": "yes"}, Ended.GONE),
        ({"razed": "yes"}, Ended.GONE),
        ({"ruins": "yes"}, Ended.GONE),
        ({"building": "ruins"}, Ended.GONE),
        ({"disused": "no"}, None),
        ({"proposed": "yes"}, Ended.COMING),
        ({"planned": "yes"}, Ended.COMING),
        ({"construction": "yes"}, Ended.COMING),
        ({"construction": "school"}, Ended.COMING),
        ({"construction": "minor"}, None),
        ({"building": "construction"}, Ended.COMING),
        ({"end_date": "2016-05-23"}, Ended.GONE),
        ({"end_date": "2016-05-24"}, None),
        ({"end_date": "2016-04"}, Ended.GONE),
        ({"end_date": "2016-05"}, None),  # may end on the 31st
        ({"end_date": "2016"}, None),
        ({"end_date": "2015"}, Ended.GONE),
        ({"end_date": "~2012"}, Ended.GONE),
        ({"end_date": "1990s"}, Ended.GONE),
        ({"end_date": "C19"}, Ended.GONE),
        ({"end_date": "2010..2014"}, Ended.GONE),
        ({"end_date": "2014..2018"}, None),
        ({"end_date": "bald"}, None),
        ({"start_date": "1906..1907"}, None),
        ({"start_date": "2017"}, Ended.COMING),
        ({"start_date": "2016"}, None),
        ({"opening_date": "2016-08"}, Ended.COMING),
        ({"opening_hours": "off"}, Ended.CLOSED),
        ({"opening_hours": "closed"}, Ended.CLOSED),
        ({"opening_hours": "24/7 off"}, Ended.CLOSED),
        ({"opening_hours": "Mo-Su off"}, Ended.CLOSED),
        ({"opening_hours": 'closed "wegen Umbau"'}, Ended.CLOSED),
        ({"opening_hours": "Mo-Fr 08:00-18:00; Su off"}, None),
        ({"opening_hours": "PH off; Mo-Fr 08:00-18:00"}, None),
        ({"opening_hours": '"nach Vereinbarung"'}, None),
        ({"opening_hours": ""}, None),
        ({"operational_status": "closed"}, Ended.CLOSED),
        ({"disused:amenity": "pub", "shop": "bakery"}, None),
    ],
)
def test_tags(tags: dict[str, str], why: Ended | None) -> None:
    assert why_ended(tags, TODAY) == why


def test_without_a_date_of_the_data_dates_decide_nothing() -> None:
    assert why_ended({"end_date": "1900"}, None) is None
    assert why_ended({"start_date": "2999"}, None) is None
    assert why_ended({"disused": "yes"}, None) is Ended.GONE


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2015", date(2015, 1, 1), date(2015, 12, 31)),
        ("2015-02", date(2015, 2, 1), date(2015, 2, 28)),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29)),
        ("2015-02-14", date(2015, 2, 14), date(2015, 2, 14)),
        ("2015-02-14T12:00:00Z", date(2015, 2, 14), date(2015, 2, 14)),
        ("14.2.2015", date(2015, 2, 14), date(2015, 2, 14)),
        ("~1950", date(1950, 1, 1), date(1950, 12, 31)),
        ("1950s", date(1950, 1, 1), date(1959, 12, 31)),
        ("C18", date(1701, 1, 1), date(1800, 12, 31)),
        ("before 1900", date(1900, 1, 1), date(1900, 12, 31)),
        ("2015-02-30", None, None),
        ("2015-13", None, None),
        ("0000", None, None),
        ("", None, None),
        ("gestern", None, None),
        ("..", None, None),
    ],
)
def test_dates(text: str, first: date | None, last: date | None) -> None:
    assert (first_day(text), last_day(text)) == (first, last)


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_none(text: str) -> None:
    first, last = first_day(text), last_day(text)
    assert first is None or isinstance(first, date)
    if first is not None and last is not None and ".." not in text:
        assert first <= last


def test_former_tags() -> None:
    tags = {"disused:shop": "bakery", "disused:name": "Müller", "building": "yes"}
    assert former_tags(tags) == (Ended.GONE, {"shop": "bakery", "name": "Müller"})
    assert former_tags({"planned:amenity": "school"}) == (Ended.COMING, {"amenity": "school"})
    assert former_tags({"planned:amenity": "pub", "was:amenity": "pub"}) == (
        Ended.GONE,
        {"amenity": "pub"},
    )
    assert former_tags({"addr:street": "Weg", "disused": "yes"}) is None
