"""Sentences for people on wheels and on bicycles, read for grammar and for their numbers."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from geo.coverage import COLUMNS
from geo.profiles import Mode, Profile, load_profiles
from geo.sites import Sites
from layers._german import on_the_way
from layers._sure_words import Known, how_sure, known_ways, percent_text, sure_kinds
from layers.access import access_indicators
from layers.summary import Reach, summarize, summarize_origin
from layers.taxonomy import Category
from tests.layers import sample

PROFILES = load_profiles()
ROLLATOR, WHEELCHAIR, BICYCLE = (PROFILES[key] for key in ("rollator", "wheelchair", "bicycle"))
BY_ID = {category.id: category for category in sample.TAXONOMY.categories}
MARKET, PHARMACY = BY_ID["supermarket"], BY_ID["pharmacy"]


def reach(category: Category, status: str = "reachable", **more: Any) -> Reach:
    values: dict[str, Any] = {
        "number": 0, "on_campus": 0, "seconds": None, "detour": None, "sure": 0,
    }  # fmt: skip
    return Reach(category=category, status=status, **(values | more))


def sentences(*reached: Reach, **more: Any) -> list[str]:
    settings: dict[str, Any] = {
        "is_site": False,
        "number_of_sites": 1,
        "estimated_share": 0.0,
        "threshold": 10,
        "max_minutes": 30,
        "profile": WHEELCHAIR,
    }
    return summarize_origin(reached, **(settings | more))


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("resident", "zu Fuß"), ("walk", "zu Fuß"), ("slow", "zu Fuß"),
        ("rollator", "mit dem Rollator"), ("wheelchair", "mit dem Rollstuhl"),
        ("bicycle", "mit dem Fahrrad"),
    ],
)  # fmt: skip
def test_how_somebody_is_on_the_way(key: str, words: str) -> None:
    assert on_the_way(PROFILES[key]) == words


@pytest.mark.parametrize(
    ("label", "mode", "words"),
    [
        ("Mit Gehstock", Mode.FOOT, "mit Gehstock"),
        ("Mit E-Rollstuhl", Mode.WHEELS, "mit E-Rollstuhl"),
        ("Im Rollstuhl mit Begleitung", Mode.WHEELS, "im Rollstuhl mit Begleitung"),
        ("Auf dem Dreirad", Mode.BICYCLE, "auf dem Dreirad"),
        ("Kinder", Mode.FOOT, "zu Fuß"),
        ("Kinderwagen", Mode.WHEELS, "auf Rädern"),
        ("Lastenrad", Mode.BICYCLE, "mit dem Fahrrad"),
        ("Mit", Mode.FOOT, "zu Fuß"),
    ],
)
def test_profiles_of_a_study_by_their_label(label: str, mode: Mode, words: str) -> None:
    assert on_the_way(Profile("eigen", label, 1.0, None, "Test", mode=mode)) == words


@pytest.mark.parametrize(
    ("number", "sure", "words"),
    [
        (0, 0, ""), (1, 1, " (gesichert)"), (1, 0, " (möglich)"), (3, 3, " (gesichert)"),
        (3, 0, " (möglich)"), (3, 1, " (1 gesichert, 2 möglich)"),
    ],
)  # fmt: skip
def test_how_many_are_sure(number: int, sure: int, words: str) -> None:
    assert how_sure(number, sure) == words


@pytest.mark.parametrize(
    ("number", "sure", "words"),
    [
        (0, 0, ""),
        (1, 1, ", ganz auf Wegen, deren Zustand bekannt ist"),
        (1, 0, ", aber nicht ganz auf Wegen, deren Zustand bekannt ist"),
        (4, 4, ", alle ganz auf Wegen, deren Zustand bekannt ist"),
        (4, 0, ", aber keine davon ganz auf Wegen, deren Zustand bekannt ist"),
        (4, 1, ", davon eine ganz auf Wegen, deren Zustand bekannt ist"),
        (4, 3, ", davon 3 ganz auf Wegen, deren Zustand bekannt ist"),
    ],
)
def test_how_many_kinds_are_sure(number: int, sure: int, words: str) -> None:
    assert sure_kinds(number, sure) == words


@pytest.mark.parametrize(
    ("percent", "text"),
    [
        (0.1, "weniger als 1 %"), (0.5, "1 %"), (0.6, "1 %"), (77.6, "78 %"), (99.4, "99 %"),
        (99.5, "99 %"), (99.6, "mehr als 99 %"),
    ],
)  # fmt: skip
def test_percents(percent: float, text: str) -> None:
    assert percent_text(percent) == text


@pytest.mark.parametrize(
    ("unknown", "sentence"),
    [
        (
            78.2,
            "Von den Wegen, die in 15 Minuten erreichbar sind, ist bei 78 % nicht bekannt, ob man "
            "dort mit dem Rollstuhl durchkommt.",
        ),
        (
            0.0,
            "Von allen Wegen, die in 15 Minuten erreichbar sind, ist bekannt, dass man dort mit "
            "dem Rollstuhl durchkommt.",
        ),
        (
            100.0,
            "Von keinem der Wege, die in 15 Minuten erreichbar sind, ist bekannt, ob man dort mit "
            "dem Rollstuhl durchkommt.",
        ),
    ],
)
def test_how_much_is_known(unknown: float, sentence: str) -> None:
    assert list(known_ways(Known(15, unknown, None), WHEELCHAIR)) == [sentence]


@pytest.mark.parametrize(
    ("seated", "sentence"),
    [
        (34.2, "An 34 % dieser Wege ist mindestens alle 100 m eine Sitzgelegenheit erfasst."),
        (0.0, "An keinem dieser Wege ist mindestens alle 100 m eine Sitzgelegenheit erfasst."),
        (100.0, "An allen diesen Wegen ist mindestens alle 100 m eine Sitzgelegenheit erfasst."),
    ],
)
def test_how_much_has_seats(seated: float, sentence: str) -> None:
    assert list(known_ways(Known(1, 50.0, seated), ROLLATOR)) == [
        "Von den Wegen, die in 1 Minute erreichbar sind, ist bei 50 % nicht bekannt, ob man dort "
        "mit dem Rollator durchkommt.",
        sentence,
    ]


def test_nothing_is_said_of_ways_where_none_is_reached() -> None:
    assert list(known_ways(Known(15, None, None), ROLLATOR)) == []


def test_places_are_told_as_sure_and_possible() -> None:
    found = sentences(
        reach(MARKET, number=3, sure=1, seconds=100.0),
        reach(PHARMACY, number=1, sure=0, seconds=100.0),
        known=Known(15, 40.0, None),
    )
    assert found == [
        "In 10 Minuten mit dem Rollstuhl sind außerhalb des Geländes 2 der 2 Arten von Orten "
        "erreichbar, die in der Umgebung erfasst sind, davon eine ganz auf Wegen, deren Zustand "
        "bekannt ist.",
        "Nahversorgung in 10 Minuten mit dem Rollstuhl: 3 Supermärkte (1 gesichert, 2 möglich).",
        "Gesundheit in 10 Minuten mit dem Rollstuhl: 1 Apotheke (möglich).",
        "Von den Wegen, die in 15 Minuten erreichbar sind, ist bei 40 % nicht bekannt, ob man "
        "dort mit dem Rollstuhl durchkommt.",
        "»Sicher« heißt: Vom ganzen Weg ist bekannt, dass man mit dem Rollstuhl durchkommt. "
        "»Möglich« heißt: Von einem Teil des Weges ist es nicht bekannt.",
        "Gezählt ist, was nach Datenlage außerhalb des Geländes erreichbar ist, von der Haustür "
        "aus mit 3,2 km/h, ohne Treppen.",
    ]


def test_words_are_explained_only_where_they_stand() -> None:
    found = sentences(reach(MARKET, seconds=900.0), known=Known(15, 40.0, None))
    assert found[0] == (
        "Nahversorgung in 10 Minuten mit dem Rollstuhl: kein Supermarkt. "
        "Der nächste Supermarkt ist 15 Minuten entfernt."
    )
    assert not any("»Sicher«" in line for line in found)


def test_out_of_reach_detours_and_no_connection_on_wheels() -> None:
    found = sentences(
        reach(MARKET, "not_reachable"), reach(PHARMACY, number=1, sure=1, detour=2.0),
        profile=ROLLATOR,
    )  # fmt: skip
    assert (
        "In der Umgebung ist ein Supermarkt erfasst, aber mit dem Rollator nicht in 30 Minuten "
        "erreichbar." in found
    )
    assert any("Mögliche Gründe: Treppen, ein hoher Bord, ein Zaun" in line for line in found)
    blank = reach(PHARMACY, "not_reachable", number=None, on_campus=None)
    assert sentences(blank)[0] == (
        "Von diesem Haus aus lassen sich keine Wege berechnen: In der Nähe ist kein Weg erfasst, "
        "auf dem man mit dem Rollstuhl durchkommt."
    )
    assert sentences(blank, is_site=True)[0] == (
        "Vom Gelände aus lassen sich keine Wege berechnen: Nach Datenlage führt kein offenes Tor "
        "auf einen Weg, auf dem man mit dem Rollstuhl durchkommt."
    )


def test_by_bicycle() -> None:
    found = sentences(reach(MARKET, number=2, sure=None), profile=BICYCLE)
    assert found == [
        "Nahversorgung in 10 Minuten mit dem Fahrrad: 2 Supermärkte.",
        "Gezählt ist, was nach Datenlage außerhalb des Geländes erreichbar ist, von der Haustür "
        "aus mit 12,6 km/h; wo Radfahren nicht erlaubt ist, wird geschoben.",
    ]


# ------------------------------------------------------------------ from the tables


def on_wheels(confirmed: list[str]) -> dict[str, list[str]]:
    """Return the summaries of the sample town by wheelchair, these places being sure."""
    times = sample.travel_times().assign(profile="wheelchair", state="possible")
    sure = times[times["to_id"].isin(confirmed)].assign(state="confirmed")
    both = pd.concat([times, sure], ignore_index=True)
    sites = Sites(sample.sites(), sample.houses(), sample.gates())
    access = access_indicators(
        sample.places(),
        both,
        sites,
        sample.TAXONOMY,
        minutes=sample.MINUTES,
        max_minutes=sample.MAX_MINUTES,
        profiles={"wheelchair": WHEELCHAIR},
    )
    rows = [
        (origin, "wheelchair", minutes, 100.0, 25.0, 75.0, None)
        for origin in ("g-waldhof", "h-linde", "h-markt")
        for minutes in sample.MINUTES
    ]
    coverage = pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)
    return summarize(
        access, sites, sample.TAXONOMY, both, coverage, profile=WHEELCHAIR, max_minutes=30
    )


def test_sure_places_are_counted_from_the_confirmed_rows() -> None:
    found = on_wheels(["n1", "n6"])["h-markt"]
    assert found[0].endswith("erfasst sind, davon 2 ganz auf Wegen, deren Zustand bekannt ist.")
    assert any(line.endswith("2 Bäckereien (1 gesichert, 1 möglich), kein Supermarkt. Der nächste "
                             "Supermarkt ist 15 Minuten entfernt.") for line in found)  # fmt: skip
    assert any("2 Haltestellen (1 gesichert, 1 möglich)" in line for line in found)
    assert any("bei 75 % nicht bekannt" in line for line in found)
    nothing_sure = on_wheels([])["h-markt"]
    assert "aber keine davon ganz auf Wegen" in nothing_sure[0]
    assert any("2 Bäckereien (möglich)" in line for line in nothing_sure)


def test_lines_are_whole_sentences_and_unlike_those_on_foot() -> None:
    lines = [line for summary in on_wheels(["n1"]).values() for line in summary]
    for line in lines:
        assert line[0].isupper() or line[0] == "»"
        assert line.endswith(".")
        assert "zu Fuß" not in line
        assert not any(part in line for part in ("  ", " .", " ,", "..", "nan", "None", "{"))


def test_the_sample_on_foot_says_nothing_of_sure() -> None:
    summary = sample.sample_snapshot().summaries["resident"]
    text = " ".join(line for lines in summary.values() for line in lines)
    assert "gesichert" not in text
    assert "bekannt" not in text
