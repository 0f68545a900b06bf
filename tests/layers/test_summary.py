"""Every sentence read for grammar: gender, singular, plural, nought; and for its numbers."""

from __future__ import annotations

import dataclasses
from typing import Any

import pandas as pd
import pytest

from geo.profiles import load_profiles
from geo.sites import Sites
from layers._german import (
    counted,
    decimal_text,
    joined,
    minutes_text,
    nearest,
    none_of,
    one_of,
    to_nearest,
    whole_minutes,
)
from layers.access import access_indicators
from layers.summary import Reach, summarize, summarize_origin
from layers.taxonomy import Category
from tests.layers import sample

RESIDENT = load_profiles()["resident"]
BY_ID = {category.id: category for category in sample.TAXONOMY.categories}
MASCULINE, FEMININE, NEUTER = BY_ID["supermarket"], BY_ID["pharmacy"], BY_ID["cafe"]
POOR = BY_ID["doctors"]


def reach(category: Category, status: str = "reachable", **more: Any) -> Reach:
    values: dict[str, Any] = {"number": 0, "on_campus": 0, "seconds": None, "detour": None}
    return Reach(category=category, status=status, **(values | more))


def sentences(*reached: Reach, **more: Any) -> list[str]:
    """Return the sentences after the first, which says how much is in reach."""
    found = all_sentences(*reached, **more)
    return [line for line in found if "Arten von Orten erreichbar, die" not in line]


def all_sentences(*reached: Reach, **more: Any) -> list[str]:
    settings: dict[str, Any] = {
        "is_site": False,
        "number_of_sites": 1,
        "estimated_share": 0.0,
        "threshold": 10,
        "max_minutes": 30,
        "profile": RESIDENT,
    }
    return summarize_origin(reached, **(settings | more))


def other(category: Category, key: str, label: str, plural: str) -> Category:
    return dataclasses.replace(category, id=key, label=label, label_plural=plural)


# ------------------------------------------------------------------------------ words


@pytest.mark.parametrize(
    ("category", "words"),
    [
        (
            MASCULINE,
            "kein Supermarkt|1 Supermarkt|2 Supermärkte|ein Supermarkt|der nächste Supermarkt"
            "|zum nächsten Supermarkt",
        ),
        (
            FEMININE,
            "keine Apotheke|1 Apotheke|2 Apotheken|eine Apotheke|die nächste Apotheke"
            "|zur nächsten Apotheke",
        ),
        (NEUTER, "kein Café|1 Café|2 Cafés|ein Café|das nächste Café|zum nächsten Café"),
    ],
    ids=["m", "f", "n"],
)
def test_words_in_every_gender(category: Category, words: str) -> None:
    found = [
        *(counted(number, category) for number in (0, 1, 2)),
        one_of(category),
        nearest(category),
        to_nearest(category),
    ]
    assert found == words.split("|")
    assert none_of(category) == found[0]


def test_numbers_and_lists() -> None:
    assert [minutes_text(value) for value in (1, 2, 17)] == ["1 Minute", "2 Minuten", "17 Minuten"]
    assert [whole_minutes(value) for value in (0, 0.1, 60, 60.1, 600, 600.1)] == [
        1, 1, 1, 2, 10, 11,
    ]  # fmt: skip
    assert decimal_text(1.55, 2) == "1,55"
    assert [joined(list("abc"[:number])) for number in range(4)] == [
        "", "a", "a und b", "a, b und c",
    ]  # fmt: skip


# --------------------------------------------------------------------- groups of places


def first(*reached: Reach, **more: Any) -> str:
    return sentences(*reached, **more)[0]


def test_the_example_of_the_style_guide() -> None:
    bakery = dataclasses.replace(BY_ID["bakery"], group="Nahversorgung")
    pharmacy = dataclasses.replace(FEMININE, group="Nahversorgung")
    assert first(reach(bakery, number=2), reach(pharmacy, seconds=1001.0)) == (
        "Nahversorgung in 10 Minuten zu Fuß: 2 Bäckereien, keine Apotheke. "
        "Die nächste Apotheke ist 17 Minuten entfernt."
    )


@pytest.mark.parametrize(
    ("category", "expected"),
    [
        (MASCULINE, "Nahversorgung in 10 Minuten zu Fuß: {}. Der nächste Supermarkt ist"),
        (FEMININE, "Gesundheit in 10 Minuten zu Fuß: {}. Die nächste Apotheke ist"),
        (NEUTER, "Begegnung in 10 Minuten zu Fuß: {}. Das nächste Café ist"),
    ],
)
def test_group_line_in_nought_singular_plural(category: Category, expected: str) -> None:
    nought = first(reach(category, number=0, seconds=661.0))
    assert nought == f"{expected.format(none_of(category))} 12 Minuten entfernt."
    for number in (1, 2):
        line = first(reach(category, number=number, seconds=300.0))
        assert line == f"{expected.split('{', maxsplit=1)[0]}{counted(number, category)}."


def test_one_minute_and_another_threshold() -> None:
    assert (
        first(reach(FEMININE, number=1), threshold=1)
        == "Gesundheit in 1 Minute zu Fuß: 1 Apotheke."
    )
    line = first(reach(FEMININE, seconds=60.0), threshold=5)
    assert line.endswith("Die nächste Apotheke ist 1 Minute entfernt.")


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((0, 0), "ist außerhalb des Geländes keine der 2"),
        ((3, 0), "ist außerhalb des Geländes eine der 2"),
        ((1, 2), "sind außerhalb des Geländes 2 der 2"),
    ],
)
def test_headline(numbers: tuple[int, int], expected: str) -> None:
    found = all_sentences(
        reach(MASCULINE, number=numbers[0], seconds=900.0),
        reach(FEMININE, number=numbers[1], seconds=900.0),
        reach(POOR, "not_recorded"),
    )
    assert found[0] == (
        f"In 10 Minuten zu Fuß {expected} Arten von Orten erreichbar, "
        "die in der Umgebung erfasst sind."
    )


def test_headline_counts_what_is_recorded_and_not_what_is_on_campus() -> None:
    found = all_sentences(
        reach(NEUTER, "only_on_campus", on_campus=3),
        reach(MASCULINE, "not_reachable"),
        reach(FEMININE, number=1),
        number_of_sites=0,
    )
    assert found[0].startswith("In 10 Minuten zu Fuß ist eine der 3 Arten von Orten erreichbar")
    assert not any("Arten von Orten erreichbar" in line for line in all_sentences(reach(POOR)))


def test_two_farther_places_in_order_of_time() -> None:
    cinema = other(NEUTER, "cinema", "Kino", "Kinos")
    found = first(reach(cinema, seconds=1320.0), reach(NEUTER, seconds=700.0))
    assert found == (
        "Begegnung in 10 Minuten zu Fuß: kein Kino, kein Café. "
        "Das nächste Café ist 12 Minuten entfernt, das nächste Kino 22 Minuten."
    )


def test_many_farther_places_are_named_once() -> None:
    cinema = other(NEUTER, "cinema", "Kino", "Kinos")
    pub = dataclasses.replace(other(FEMININE, "pub", "Kneipe", "Kneipen"), group="Begegnung")
    garden = dataclasses.replace(other(MASCULINE, "g", "Garten", "Gärten"), group="Begegnung")
    farther = [
        reach(pub, seconds=1500.0), reach(NEUTER, seconds=700.0), reach(cinema, seconds=60.0),
    ]  # fmt: skip
    listed = (
        "das nächste Kino in 1 Minute, das nächste Café in 12 Minuten, "
        "die nächste Kneipe in 25 Minuten."
    )
    assert first(*farther) == f"Begegnung erst in mehr als 10 Minuten: {listed}"
    assert first(*farther, reach(garden, number=2)) == (
        f"Begegnung in 10 Minuten zu Fuß: 2 Gärten. Weiter weg: {listed}"
    )


def test_what_is_there_stands_before_what_is_not() -> None:
    kiosk = other(MASCULINE, "kiosk", "Kiosk", "Kioske")
    line = first(reach(MASCULINE, seconds=1000.0), reach(kiosk, number=3))
    assert line.startswith("Nahversorgung in 10 Minuten zu Fuß: 3 Kioske, kein Supermarkt. ")


def test_a_group_that_stands_apart_in_the_taxonomy_is_one_line() -> None:
    kiosk = other(MASCULINE, "kiosk", "Kiosk", "Kioske")
    found = sentences(reach(MASCULINE, number=1), reach(NEUTER, number=1), reach(kiosk, number=1))
    assert found[:2] == [
        "Nahversorgung in 10 Minuten zu Fuß: 1 Supermarkt, 1 Kiosk.",
        "Begegnung in 10 Minuten zu Fuß: 1 Café.",
    ]


# ------------------------------------------------------------------------- on campus


@pytest.mark.parametrize(
    ("number", "text"), [(1, "Nur auf dem Gelände: 1 Café."), (2, "Nur auf dem Gelände: 2 Cafés.")]
)
def test_only_on_campus(number: int, text: str) -> None:
    alone = sentences(reach(NEUTER, "only_on_campus", on_campus=number))
    assert alone[0] == f"{text} Alles, was erreichbar ist, liegt auf dem Gelände."
    beside = sentences(
        reach(NEUTER, "only_on_campus", on_campus=number), reach(FEMININE, number=1)
    )
    assert beside[1] == f"{text} Von 2 erreichbaren Arten von Orten gibt es eine nur dort."
    # Nothing is called missing or not recorded that is met on campus.
    assert not any("kein Café" in line for line in alone + beside)


def test_share_of_several() -> None:
    kiosk = other(MASCULINE, "kiosk", "Kiosk", "Kioske")
    found = sentences(
        reach(NEUTER, "only_on_campus", on_campus=1),
        reach(kiosk, "only_on_campus", on_campus=2),
        reach(FEMININE, number=1),
    )
    assert found[1] == (
        "Nur auf dem Gelände: 1 Café, 2 Kioske. "
        "Von 3 erreichbaren Arten von Orten gibt es 2 nur dort."
    )


# ------------------------------------------------------- not reachable, not recorded


@pytest.mark.parametrize(
    ("category", "expected"),
    [
        (MASCULINE, "ein Supermarkt"), (FEMININE, "eine Apotheke"), (NEUTER, "ein Café"),
    ],
)  # fmt: skip
def test_not_reachable(category: Category, expected: str) -> None:
    found = sentences(reach(category, "not_reachable"))
    assert found[0] == (
        f"In der Umgebung ist {expected} erfasst, aber zu Fuß nicht in 30 Minuten erreichbar."
    )


def test_several_not_reachable() -> None:
    three = [reach(category, "not_reachable") for category in (MASCULINE, FEMININE, NEUTER)]
    assert sentences(*three)[0] == (
        "In der Umgebung sind Supermärkte, Apotheken und Cafés erfasst, "
        "aber zu Fuß nicht in 30 Minuten erreichbar."
    )
    four = sentences(*three, reach(POOR, "not_reachable"), max_minutes=1)
    assert four[0] == (
        "In der Umgebung erfasst, aber zu Fuß nicht in 1 Minute erreichbar: "
        "Supermarkt, Apotheke, Café und Hausarztpraxis."
    )


@pytest.mark.parametrize(
    ("category", "expected"),
    [
        (MASCULINE, "kein Supermarkt"), (FEMININE, "keine Apotheke"), (NEUTER, "kein Café"),
    ],
)  # fmt: skip
def test_not_recorded(category: Category, expected: str) -> None:
    assert sentences(reach(category, "not_recorded"))[:2] == [
        f"In der Umgebung ist in OpenStreetMap {expected} erfasst.",
        "Das heißt nicht, dass es keine gibt: bitte vor Ort prüfen.",
    ]


def test_not_recorded_is_grouped_and_careful_where_osm_is_poor() -> None:
    club = BY_ID["club"]
    found = sentences(
        reach(MASCULINE, "not_recorded"),
        reach(POOR, "not_recorded"),
        reach(FEMININE, "not_recorded"),
        reach(club, "not_recorded"),
        reach(NEUTER, "not_recorded"),
    )
    assert found[:3] == [
        "In der Umgebung sind in OpenStreetMap keine Supermärkte, Apotheken oder Cafés erfasst.",
        "In der Umgebung sind in OpenStreetMap keine Hausarztpraxen oder Vereine erfasst. "
        "Solche Orte fehlen dort oft, auch wenn es sie gibt.",
        "Das heißt nicht, dass es keine gibt: bitte vor Ort prüfen.",
    ]
    assert sentences(reach(POOR, "not_recorded"))[0] == (
        "In der Umgebung ist in OpenStreetMap keine Hausarztpraxis erfasst. "
        "Solche Orte fehlen dort oft, auch wenn es sie gibt."
    )
    assert sum("vor Ort prüfen" in line for line in found) == 1


def test_what_is_not_recorded_is_never_called_missing() -> None:
    found = sentences(reach(POOR, "not_recorded"), reach(FEMININE, number=1))
    assert found[0] == "Gesundheit in 10 Minuten zu Fuß: 1 Apotheke."


# ------------------------------------------------------------- detours and estimates


@pytest.mark.parametrize(
    ("category", "expected"),
    [
        (MASCULINE, "zum nächsten Supermarkt"),
        (FEMININE, "zur nächsten Apotheke"),
        (NEUTER, "zum nächsten Café"),
    ],
)
def test_detour(category: Category, expected: str) -> None:
    found = sentences(reach(category, number=1, detour=5.04))
    assert found[1] == (
        f"Umwege: Der Weg ist {expected} 5,0-mal so lang wie die Luftlinie. Mögliche Gründe: "
        "ein Zaun, ein verschlossenes Tor, eine Bahnlinie oder eine große Straße."
    )
    assert not any("Umwege" in line for line in sentences(reach(category, number=1, detour=1.5)))
    assert not any("Umwege" in line for line in sentences(reach(category, number=1)))


@pytest.mark.parametrize(
    ("more", "end"),
    [
        (0, "."),
        (1, ", ähnlich zu einer weiteren Art von Orten."),
        (2, ", ähnlich zu 2 weiteren Arten von Orten."),
    ],
)
def test_many_detours(more: int, end: str) -> None:
    reached = [
        reach(MASCULINE, number=1, detour=2.0),
        reach(FEMININE, number=1, detour=3.0),
        reach(NEUTER, number=1, detour=1.6),
        *(reach(BY_ID["club"], number=1, detour=1.55) for _ in range(more)),
    ]
    (line,) = [line for line in sentences(*reached) if line.startswith("Umwege")]
    assert line.startswith(
        "Umwege: Der Weg ist zur nächsten Apotheke 3,0-mal, zum nächsten Supermarkt 2,0-mal und "
        f"zum nächsten Café 1,6-mal so lang wie die Luftlinie{end} Mögliche Gründe:"
    )


def test_estimates() -> None:
    everywhere = sentences(reach(FEMININE, number=1), estimated_share=1.0)
    somewhere = sentences(reach(FEMININE, number=1), estimated_share=0.25)
    assert (
        everywhere[1]
        == "Alle Wege von hier sind auf einem Stück geschätzt, weil dort kein Weg erfasst ist."
    )
    assert somewhere[1] == (
        "Einige Wege von hier sind auf einem Stück geschätzt, weil dort kein Weg erfasst ist."
    )
    assert not any("geschätzt" in line for line in sentences(reach(FEMININE, number=1)))


# ------------------------------------------------------------------- on what it rests


@pytest.mark.parametrize(
    ("sites", "is_site", "expected"),
    [
        (0, False, "was nach Datenlage erreichbar ist, von der Haustür aus mit 3,6 km/h."),
        (1, False, "was nach Datenlage außerhalb des Geländes erreichbar ist, von der Haustür"),
        (2, False, "was nach Datenlage außerhalb der Gelände erreichbar ist, von der Haustür"),
        (1, True, "erreichbar ist, vom jeweils günstigsten Tor aus mit 3,6 km/h."),
    ],
)
def test_basis(sites: int, is_site: bool, expected: str) -> None:  # noqa: FBT001 - a table's column
    last = sentences(reach(FEMININE, number=1), number_of_sites=sites, is_site=is_site)[-1]
    assert last.startswith("Gezählt ist, was nach Datenlage")
    assert expected in last


def test_no_connection() -> None:
    blank = reach(FEMININE, "not_reachable", number=None, on_campus=None)
    house = sentences(blank, reach(POOR, "not_recorded", number=None))
    site = sentences(blank, is_site=True)
    assert len(house) == len(site) == 2
    assert house[0].startswith("Von diesem Haus aus lassen sich keine Wege berechnen: In der Nähe")
    assert site[0].startswith("Vom Gelände aus lassen sich keine Wege berechnen: Nach Datenlage")
    # Nothing is said about places: nothing is known about the ways to them.
    assert not any("Apotheke" in line or "praxis" in line for line in house + site)


# ------------------------------------------------------------------ the whole summary


def summaries(**more: Any) -> dict[str, list[str]]:
    sites = Sites(sample.sites(), sample.houses(), sample.gates())
    times = sample.travel_times()
    access = access_indicators(
        sample.places(),
        times,
        sites,
        sample.TAXONOMY,
        minutes=more.pop("minutes", sample.MINUTES),
        max_minutes=30,
        profiles={"resident": RESIDENT},
        **more,
    )
    return summarize(
        access,
        sites,
        sample.TAXONOMY,
        times,
        sample.coverage(),
        profile=RESIDENT,
        max_minutes=sample.MAX_MINUTES,
    )


def test_summary_of_a_house_in_full() -> None:
    found = summaries()
    assert list(found) == ["g-waldhof", "h-linde", "h-markt"]
    assert found["h-linde"] == [
        "In 10 Minuten zu Fuß ist außerhalb des Geländes eine der 8 Arten von Orten erreichbar, "
        "die in der Umgebung erfasst sind.",
        "Nahversorgung in 10 Minuten zu Fuß: 1 Bäckerei, kein Supermarkt. "
        "Der nächste Supermarkt ist 24 Minuten entfernt.",
        "Mobilität in 10 Minuten zu Fuß: keine Haltestelle. "
        "Die nächste Haltestelle ist 11 Minuten entfernt.",
        "Begegnung in 10 Minuten zu Fuß: kein Gemeindehaus. "
        "Das nächste Gemeindehaus ist 11 Minuten entfernt.",
        "Religion in 10 Minuten zu Fuß: kein Gotteshaus. "
        "Das nächste Gotteshaus ist 13 Minuten entfernt.",
        "Vereine und Ehrenamt in 10 Minuten zu Fuß: kein Verein. "
        "Der nächste Verein ist 13 Minuten entfernt.",
        "Nur auf dem Gelände: 1 Café. Von 7 erreichbaren Arten von Orten gibt es eine nur dort.",
        "In der Umgebung ist eine Apotheke erfasst, aber zu Fuß nicht in 30 Minuten erreichbar.",
        "In der Umgebung ist in OpenStreetMap keine Hausarztpraxis erfasst. "
        "Solche Orte fehlen dort oft, auch wenn es sie gibt.",
        "Das heißt nicht, dass es keine gibt: bitte vor Ort prüfen.",
        "Umwege: Der Weg ist zum nächsten Supermarkt 5,0-mal so lang wie die Luftlinie. "
        "Mögliche Gründe: ein Zaun, ein verschlossenes Tor, eine Bahnlinie oder eine große "
        "Straße.",
        "Alle Wege von hier sind auf einem Stück geschätzt, weil dort kein Weg erfasst ist.",
        "Gezählt ist, was nach Datenlage außerhalb des Geländes erreichbar ist, "
        "von der Haustür aus mit 3,6 km/h.",
    ]


def test_a_house_without_connection_in_the_whole() -> None:
    found = summaries(unconnected={("h-linde", "resident")})
    assert len(found["h-linde"]) == 2
    assert found["h-markt"] == summaries()["h-markt"]


def test_the_middle_threshold_where_ten_minutes_are_not_computed() -> None:
    found = summaries(minutes=(5, 12, 20))["h-linde"]
    assert found[2] == "Mobilität in 12 Minuten zu Fuß: 1 Haltestelle."


def test_every_line_is_made_of_whole_sentences() -> None:
    lines = [line for summary in summaries().values() for line in summary]
    for line in lines:
        assert line[0].isupper()
        assert line.endswith(".")
        assert not {"  ", " .", " ,", "..", "nan", "None", "<NA>", "{", "}"} & {
            line[index : index + size] for size in (1, 2, 3, 4) for index in range(len(line))
        }


def test_words_are_respectful() -> None:
    text = " ".join(line for summary in summaries().values() for line in summary)
    for word in ("Patient", "Insasse", "Problem", "Lücke", "Versorgungslücke", "Betroffene"):
        assert word not in text


def test_access_with_missing_numbers_needs_no_special_types() -> None:
    # As read from a CSV or a database: floats with NaN instead of nullable integers.
    sites = Sites(sample.sites(), sample.houses(), sample.gates())
    access = sample.sample_snapshot().access.copy()
    for column in ("n_05", "n_10", "n_15", "n_on_campus", "nearest_s", "detour"):
        access[column] = pd.to_numeric(access[column]).astype("float64")
    found = summarize(
        access,
        sites,
        sample.TAXONOMY,
        sample.travel_times(),
        sample.coverage(),
        profile=RESIDENT,
        max_minutes=30,
    )
    assert found == sample.sample_snapshot().summaries["resident"]
