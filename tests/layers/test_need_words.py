"""What a house needs in German: every state, gender and number, singular, plural, nought."""

from __future__ import annotations

import math
import re
from typing import Any

import pandas as pd
import pytest

from geo.profiles import load_profiles
from layers.need_words import NO_WAY, need_sentence, need_sentences
from layers.taxonomy import Category, load_taxonomy

NAN = math.nan
KINDS = load_taxonomy().by_id
RESIDENT = load_profiles()["resident"]


def need(**changed: Any) -> dict[str, Any]:
    """Return a row: 17 minutes to the nearest, 10 allowed, the neighbours need 6."""
    usual = {
        "house_id": "h", "category": "bakery", "profile": "resident",
        "area": "urban", "area_from": "study", "standard_min": 10.0, "now_s": 1020.0,
        "limit_min": 30.0, "recorded": True, "count": 0, "state": "not_met",
        "sure_state": "not_met", "connected": True, "confirmed": "", "confirmed_by": "",
        "confirmed_on": "", "contested": False, "gap_s": 420.0, "place": "Dorf", "homes": 25,
        "neighbours_median_s": 360.0, "neighbours_share_percent": 80.0, "relative": "worse",
    }  # fmt: skip
    assert set(changed) <= set(usual)
    return usual | changed


def met(**changed: Any) -> dict[str, Any]:
    return need(**{"state": "met", "sure_state": "met", "now_s": 360.0, **changed})


SEEN = {"confirmed_by": "Beirat", "confirmed_on": "2026-11-22"}


@pytest.mark.parametrize(
    ("row", "category", "said"),
    [
        (
            need(),
            "bakery",
            "Die nächste Bäckerei ist 17 Minuten entfernt, 7 mehr als der Richtwert; die "
            "Nachbarschaft braucht im Mittel 6 Minuten.",
        ),
        (
            # 601 s are 11 minutes, rounded up; a median of one second is a minute.
            need(now_s=601.0, neighbours_median_s=1.0),
            "supermarket",
            "Der nächste Supermarkt ist 11 Minuten entfernt, eine mehr als der Richtwert; die "
            "Nachbarschaft braucht im Mittel 1 Minute.",
        ),
        (
            # 600.04 s, written as 600.0: more than ten minutes, but not by a minute.
            need(now_s=600.0, homes=0),
            "cafe",
            "Das nächste Café ist 10 Minuten entfernt, knapp mehr als der Richtwert.",
        ),
        (
            need(now_s=NAN, neighbours_median_s=NAN),
            "cafe",
            "Das nächste Café ist in 30 Minuten nicht zu erreichen; der Richtwert liegt bei 10 "
            "Minuten; die Nachbarschaft braucht im Mittel länger als 30 Minuten.",
        ),
        (
            need(now_s=NAN, limit_min=1.0, standard_min=1.0, homes=0),
            "park",
            "Der nächste Park ist in 1 Minute nicht zu erreichen; der Richtwert liegt bei 1 "
            "Minute.",
        ),
        (
            need(now_s=600.0, standard_min=7.5, homes=0),
            "bakery",
            "Die nächste Bäckerei ist 10 Minuten entfernt, 2,5 mehr als der Richtwert.",
        ),
        (
            met(),
            "bakery",
            "Die nächste Bäckerei ist 6 Minuten entfernt, der Richtwert liegt bei 10 Minuten; die "
            "Nachbarschaft braucht im Mittel 6 Minuten.",
        ),
        (
            met(now_s=0.0, sure_state="not_met", homes=0),
            "bakery",
            "Die nächste Bäckerei ist 1 Minute entfernt, der Richtwert liegt bei 10 Minuten; "
            "gesichert ist der Weg nicht.",
        ),
        (
            need(state="not_recorded", recorded=False, now_s=NAN),
            "doctors",
            "Eine Arztpraxis ist in OpenStreetMap in der Umgebung nicht erfasst. Ob es eine gibt, "
            "zeigt ein Blick vor Ort.",
        ),
        (
            need(state="not_recorded", recorded=False, now_s=NAN),
            "supermarket",
            "Ein Supermarkt ist in OpenStreetMap in der Umgebung nicht erfasst. Ob es einen gibt, "
            "zeigt ein Blick vor Ort.",
        ),
        (
            need(state="not_recorded", recorded=False, now_s=NAN),
            "cafe",
            "Ein Café ist in OpenStreetMap in der Umgebung nicht erfasst. Ob es eines gibt, zeigt "
            "ein Blick vor Ort.",
        ),
        (
            need(state="only_on_campus", now_s=1140.0),
            "bakery",
            "Innerhalb von 10 Minuten ist eine Bäckerei nur auf dem Gelände zu erreichen; die "
            "nächste außerhalb ist 19 Minuten entfernt.",
        ),
        (
            need(state="only_on_campus", now_s=NAN),
            "park",
            "Innerhalb von 10 Minuten ist ein Park nur auf dem Gelände zu erreichen; der nächste "
            "außerhalb ist in 30 Minuten nicht zu erreichen.",
        ),
        (
            need(state="only_on_campus", now_s=NAN, recorded=False),
            "cafe",
            "Innerhalb von 10 Minuten ist ein Café nur auf dem Gelände zu erreichen; außerhalb "
            "ist in OpenStreetMap in der Umgebung keines erfasst.",
        ),
        (
            need(state="only_on_campus", now_s=NAN, recorded=False, standard_min=1.0),
            "park",
            "Innerhalb von 1 Minute ist ein Park nur auf dem Gelände zu erreichen; außerhalb ist "
            "in OpenStreetMap in der Umgebung keiner erfasst.",
        ),
        (
            need(state="only_on_campus", confirmed="missing", **SEEN),
            "bakery",
            "Innerhalb von 10 Minuten ist eine Bäckerei nur auf dem Gelände zu erreichen; "
            "außerhalb ist keine vorhanden, bestätigt am 22.11.2026 (Beirat).",
        ),
        (
            need(confirmed="missing", now_s=NAN, recorded=False, **SEEN),
            "supermarket",
            "Innerhalb von 10 Minuten fehlt ein Supermarkt, bestätigt am 22.11.2026 (Beirat).",
        ),
        (
            met(confirmed="exists", now_s=NAN, recorded=False, **SEEN),
            "doctors",
            "Innerhalb von 10 Minuten ist eine Arztpraxis vorhanden, bestätigt am 22.11.2026 "
            "(Beirat).",
        ),
    ],
)
def test_sentences(row: dict[str, Any], category: str, said: str) -> None:
    assert need_sentence(row, KINDS[category]) == said


def test_grammar_in_every_gender_state_and_number() -> None:
    wrong = {
        "m": r"\b([Ee]ine|[Dd]ie|[Dd]as) (nächste )?{label}\b|es eine gibt|[Kk]eine\b|eines\b",
        "f": r"\b([Ee]in|[Dd]er|[Dd]as) (nächste )?{label}\b|einen gibt|keiner\b|eines\b",
        "n": r"\b([Ee]ine|[Dd]ie|[Dd]er) (nächste )?{label}\b|einen? gibt|keiner\b|keine\b",
    }
    rows = [
        maker(state=state, now_s=now_s, recorded=recorded, confirmed=confirmed,
              standard_min=minutes, neighbours_median_s=median, **SEEN)
        for state, maker in (
            ("met", met), ("not_met", need), ("only_on_campus", need), ("not_recorded", need)
        )
        for now_s in (30.0, 1020.0, NAN)
        for median in (30.0, 360.0, NAN)
        for minutes in (1.0, 10.0)
        for confirmed in ("", "exists", "missing")
        for recorded in (True, False)
        if not (state == "met" and confirmed != "exists" and math.isnan(now_s))
    ]  # fmt: skip
    for category in KINDS.values():
        if not category.indicator:
            continue
        bad = re.compile(wrong[category.gender].format(label=re.escape(category.label)))
        for row in rows:
            text = need_sentence(row, category)
            _is_well_formed(text, category)
            assert not bad.search(text), text


def _is_well_formed(text: str, category: Category) -> None:
    assert text[0].isupper()
    assert text.endswith(".")
    assert category.label in text
    assert not re.search(r"\b1 Minuten|\b(?!1\b)\d+ Minute\b|\b0 M|nan|None|  |\.\.", text), text


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(list(rows))


def said(*rows: dict[str, Any]) -> list[str]:
    return need_sentences(frame(*rows), load_taxonomy(), RESIDENT)["h"]


def test_a_house_in_sentences() -> None:
    unknown = {"state": "not_recorded", "recorded": False, "now_s": NAN}
    far = {"now_s": NAN, "neighbours_median_s": NAN, "relative": "unknown"}
    lines = said(
        need(category="convenience", relative="same"),
        need(category="supermarket"),
        need(category="butcher", **far),
        need(category="chemist", **far),
        need(category="cafe", state="only_on_campus"),
        met(category="bank", relative="same"),
        met(category="library", now_s=540.0),
        met(category="doctors", confirmed="exists", relative="unknown", **SEEN),
        need(category="dentist", **unknown),
        need(category="cinema", **unknown),
    )
    assert lines == [
        "Zu Fuß, von 10 Arten von Orten: 3 im Richtwert erreichbar, eine nur auf dem Gelände, 4 "
        "nicht im Richtwert, 2 nicht erfasst.",
        "Es gelten die Richtwerte für die Stadt. Verglichen wird mit 25 Adressen (Dorf).",
        # Where the neighbours fare better stands first.
        "Der nächste Supermarkt ist 17 Minuten entfernt, 7 mehr als der Richtwert; die "
        "Nachbarschaft braucht im Mittel 6 Minuten.",
        "Der nächste Kleinladen ist 17 Minuten entfernt, 7 mehr als der Richtwert; die "
        "Nachbarschaft braucht im Mittel 6 Minuten.",
        "In 30 Minuten nicht zu erreichen, auch aus der Nachbarschaft im Mittel nicht: Metzgerei "
        "und Drogerie.",
        "Innerhalb von 10 Minuten ist ein Café nur auf dem Gelände zu erreichen; das nächste "
        "außerhalb ist 17 Minuten entfernt.",
        "Die nächste Bibliothek ist 9 Minuten entfernt, der Richtwert liegt bei 10 Minuten; die "
        "Nachbarschaft braucht im Mittel 6 Minuten.",
        "Innerhalb von 10 Minuten ist eine Arztpraxis vorhanden, bestätigt am 22.11.2026 "
        "(Beirat).",
        "In OpenStreetMap in der Umgebung nicht erfasst: Zahnarztpraxis und Kino. Was es davon "
        "gibt, zeigt ein Blick vor Ort.",
    ]


def test_one_of_a_kind_has_its_own_sentence() -> None:
    lines = said(
        need(category="butcher", now_s=NAN, neighbours_median_s=NAN),
        need(category="dentist", state="not_recorded", recorded=False, now_s=NAN),
    )
    assert lines[0] == (
        "Zu Fuß, von 2 Arten von Orten: keine im Richtwert erreichbar, keine nur auf dem Gelände, "
        "eine nicht im Richtwert, eine nicht erfasst."
    )
    assert lines[2].startswith("Die nächste Metzgerei ist in 30 Minuten nicht zu erreichen")
    assert lines[3].startswith("Eine Zahnarztpraxis ist in OpenStreetMap in der Umgebung")
    assert said(met())[0].startswith("Zu Fuß, von 1 Art von Orten: eine im Richtwert")


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        (
            {"area": "rural", "area_from": "estimate", "place": ""},
            "Es gelten die Richtwerte für das Land, nach der Zahl der Menschen ringsum "
            "(geschätzt). Verglichen wird mit 25 Adressen (im Umkreis von 1 km).",
        ),
        (
            {"area_from": "population", "homes": 0},
            "Es gelten die Richtwerte für die Stadt, nach der Zahl der Menschen ringsum. "
            "Zum Vergleich gibt es zu wenige Adressen in der Nähe.",
        ),
    ],
)
def test_what_it_rests_on(changed: dict[str, Any], line: str) -> None:
    assert said(need(**changed))[1] == line


def test_where_osm_often_lacks_some_that_is_said() -> None:
    seen = need(category="psychotherapist", confirmed="missing", **SEEN)
    lines = said(need(category="doctors"), need(category="day_centre"), need(), seen)
    assert lines[-1] == (
        "In OpenStreetMap oft unvollständig: Arztpraxis und Tagesstätte. Vielleicht gibt es etwas "
        "Näheres, das nicht erfasst ist."
    )


def test_without_neighbours_nothing_is_said_of_them() -> None:
    far = {"now_s": NAN, "neighbours_median_s": NAN, "homes": 0}
    lines = said(need(category="butcher", **far), need(category="chemist", **far))
    assert lines[2] == "In 30 Minuten nicht zu erreichen: Metzgerei und Drogerie."


def test_a_house_joined_to_no_way() -> None:
    lost = {"state": "not_recorded", "connected": False, "now_s": NAN, "relative": "unknown"}
    assert said(need(**lost), need(category="cafe", **lost))[2:] == [NO_WAY]


def test_other_profiles_are_left_aside() -> None:
    rows = frame(need(), need(profile="wheelchair"))
    assert len(need_sentences(rows, load_taxonomy(), RESIDENT)["h"]) == 3
    rolling = need_sentences(rows, load_taxonomy(), load_profiles()["wheelchair"])["h"]
    assert rolling[0].startswith("Mit dem Rollstuhl, von 1 Art von Orten:")
