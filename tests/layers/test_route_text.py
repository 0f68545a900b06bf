"""German sentences about ways: grammar, plain words, nothing said twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely

from geo.profiles import State, load_profiles
from geo.routes import Route
from geo.travel_time import PairState
from layers.route_text import (
    from_text,
    metres_text,
    missing_sentence,
    route_sentence,
    to_text,
    who,
)
from layers.taxonomy import Category, load_taxonomy

PROFILES = load_profiles()
CATEGORIES = {one.id: one for one in load_taxonomy(None).categories}
PHARMACY: Category = CATEGORIES["pharmacy"]


def way(**facts: Any) -> Route:
    """Return a way of 640 m and 17 minutes with nothing on it but what is said."""
    plain: dict[str, Any] = {
        "from_id": "a", "to_id": "n1", "profile_id": "rollator", "state": "possible",
        "line": shapely.LineString([(0, 0), (640, 0)]), "time_s": 985.0, "length_m": 640.0,
        "steps_m": 0.0, "flights": 0, "crossings": 0, "unknown_m": 0.0, "unknown_nodes": 0,
        "private_m": 0.0, "estimated_m": 0.0, "by_hours": 0, "streets": (),
        "longest_without_seat_m": None, "edges": np.array([0]), "metres": np.array([640.0]),
    }  # fmt: skip
    return Route(**(plain | facts))


def told(profile: str = "rollator", **facts: Any) -> str:
    return route_sentence(way(**facts), PROFILES[profile], "Haus A", "Apotheke am Markt", PHARMACY)


START = "Vom Haus A zur Apotheke am Markt sind es 640 m, mit dem Rollator 17 Minuten"


@pytest.mark.parametrize(
    ("facts", "rest"),
    [
        ({}, "."),
        ({"crossings": 1}, "; der Weg führt über eine Querung."),
        (
            {"crossings": 2, "unknown_m": 180.0},
            "; der Weg führt über 2 Querungen, und auf 180 m ist nicht bekannt, ob er "
            "passierbar ist.",
        ),
        ({"unknown_m": 180.0}, "; auf 180 m ist nicht bekannt, ob der Weg passierbar ist."),
        (
            {"unknown_m": 180.0, "unknown_nodes": 1},
            "; auf 180 m und an einer Stelle ist nicht bekannt, ob der Weg passierbar ist.",
        ),
        (
            {"unknown_m": 637.0, "longest_without_seat_m": 640.0},
            "; auf dem ganzen Weg ist nicht bekannt, ob er passierbar ist, und auf dem ganzen "
            "Weg ist keine Sitzgelegenheit eingetragen.",
        ),
        ({"unknown_nodes": 3}, "; an 3 Stellen ist nicht bekannt, ob der Weg passierbar ist."),
        ({"unknown_m": 0.3}, "."),
        (
            {"flights": 1, "steps_m": 12.0},
            "; der Weg führt über eine Treppe (12 m).",
        ),
        (
            {"flights": 2, "steps_m": 30.0, "crossings": 1},
            "; der Weg führt über eine Querung und über 2 Treppen (30 m).",
        ),
        (
            {"estimated_m": 51.0, "by_hours": 1},
            "; 51 m davon sind geschätzt, weil dort kein Weg eingezeichnet ist, und ein Tor auf "
            "dem Weg ist nur zu bestimmten Zeiten offen.",
        ),
        ({"estimated_m": 0.6}, "; 1 m davon ist geschätzt, weil dort kein Weg eingezeichnet ist."),
        ({"by_hours": 2}, "; 2 Tore auf dem Weg sind nur zu bestimmten Zeiten offen."),
        ({"longest_without_seat_m": 90.0}, "."),
        (
            {"longest_without_seat_m": 320.0},
            "; auf 320 m am Stück ist keine Sitzgelegenheit eingetragen.",
        ),
        (
            {"crossings": 1, "unknown_m": 40.0, "by_hours": 1},
            "; der Weg führt über eine Querung, auf 40 m ist nicht bekannt, ob er passierbar ist, "
            "und ein Tor auf dem Weg ist nur zu bestimmten Zeiten offen.",
        ),
    ],
)
def test_a_way_is_one_sentence(facts: dict[str, Any], rest: str) -> None:
    assert told(**facts) == START + rest


def test_who_is_on_the_way_and_how_far() -> None:
    assert told("wheelchair", length_m=1260.0, time_s=60.0) == (
        "Vom Haus A zur Apotheke am Markt sind es 1,3 km, mit dem Rollstuhl 1 Minute."
    )
    assert told("walk", length_m=1.0, time_s=0.8) == (
        "Vom Haus A zur Apotheke am Markt ist es 1 m, zügig zu Fuß 1 Minute."
    )
    # Minutes are full ones, rounded up: 60.1 s are more than one minute.
    assert "2 Minuten" in told("resident", time_s=60.1)
    # Seats matter to those whose profile asks for them.
    assert "Sitzgelegenheit" not in told("wheelchair", longest_without_seat_m=500.0)


def test_profiles_of_a_study_are_called_by_what_they_are() -> None:
    assert [who(PROFILES[key]) for key in ("resident", "slow", "bicycle")] == [
        "zu Fuß", "langsam zu Fuß", "mit dem Fahrrad",
    ]  # fmt: skip
    assert who(replace(PROFILES["resident"], id="gehstock", label="Mit Gehstock")) == (
        "mit Gehstock"
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Haus Linde", "vom Haus Linde"),
        ("Lindenhaus", "vom Lindenhaus"),
        ("Wohngruppe Nord", "von der Wohngruppe Nord"),
        ("LWL-Gelände Musterhausen", "vom LWL-Gelände Musterhausen"),
        ("Wohnverbund Süd", "vom Wohnverbund Süd"),
        ("Die Brücke", "von »Die Brücke«"),
        ("12", "von »12«"),
        ("", "von »«"),
    ],
)
def test_where_a_way_begins(name: str, said: str) -> None:
    assert from_text(name) == said


@pytest.mark.parametrize(
    ("name", "category", "said"),
    [
        ("Apotheke am Markt", "pharmacy", "zur Apotheke am Markt"),
        ("Adler-Apotheke", "pharmacy", "zur Adler-Apotheke"),
        ("Zum Adler", "pharmacy", "bis »Zum Adler«"),
        ("Café am Tor", "cafe", "zum Café am Tor"),
        ("Stadtpark", "park", "zum Stadtpark"),
        ("Edeka", "supermarket", "bis »Edeka«"),
        ("", "pharmacy", "zu einer Apotheke ohne Namen"),
        ("", "park", "zu einem Park ohne Namen"),
    ],
)
def test_where_a_way_leads(name: str, category: str, said: str) -> None:
    assert to_text(name, CATEGORIES[category]) == said


@pytest.mark.parametrize(
    ("metres", "said"),
    [(0, "0 m"), (0.2, "1 m"), (1.4, "1 m"), (85.4, "85 m"), (99.6, "100 m"), (644, "640 m"),
     (645, "650 m"), (994, "990 m"), (995, "1,0 km"), (1249, "1,2 km"), (1250, "1,3 km")],
)  # fmt: skip
def test_lengths_as_people_say_them(metres: float, said: str) -> None:
    assert metres_text(metres) == said


@pytest.mark.parametrize(
    ("reason", "profile", "state", "said"),
    [
        (
            PairState.BEYOND_LIMIT, "resident", State.CONFIRMED,
            "Vom Haus A bis »Edeka« dauert es zu Fuß länger als 30 Minuten; weiter wurde nicht "
            "gerechnet.",
        ),
        (
            PairState.BEYOND_LIMIT, "wheelchair", State.CONFIRMED,
            "Vom Haus A bis »Edeka« ist mit dem Rollstuhl bis 30 Minuten kein gesicherter Weg "
            "bekannt; weiter wurde nicht gerechnet.",
        ),
        (
            PairState.BEYOND_LIMIT, "wheelchair", State.POSSIBLE,
            "Vom Haus A bis »Edeka« dauert es mit dem Rollstuhl länger als 30 Minuten; weiter "
            "wurde nicht gerechnet.",
        ),
        (
            PairState.NOT_REACHABLE, "resident", State.CONFIRMED,
            "Vom Haus A bis »Edeka« führt nach Datenlage zu Fuß kein Weg.",
        ),
        (
            PairState.NOT_REACHABLE, "rollator", State.CONFIRMED,
            "Vom Haus A bis »Edeka« führt nach Datenlage mit dem Rollator kein gesicherter Weg.",
        ),
        (
            PairState.NOT_REACHABLE, "rollator", State.POSSIBLE,
            "Vom Haus A bis »Edeka« führt nach Datenlage mit dem Rollator kein Weg, auch kein "
            "ungesicherter.",
        ),
        (
            PairState.NOT_CONNECTED, "rollator", State.POSSIBLE,
            "Vom Haus A bis »Edeka« lässt sich mit dem Rollator kein Weg berechnen: Das Haus oder "
            "das Ziel liegt an keinem Weg, den die Karte kennt und der sich so benutzen lässt.",
        ),
    ],
)  # fmt: skip
def test_why_there_is_no_way(reason: PairState, profile: str, state: State, said: str) -> None:
    assert said == missing_sentence(
        reason,
        PROFILES[profile],
        state,
        from_name="Haus A",
        to_name="Edeka",
        category=CATEGORIES["supermarket"],
        minutes=30,
    )


def test_of_what_is_reached_nobody_says_why_not() -> None:
    with pytest.raises(ValueError, match="reached"):
        missing_sentence(
            PairState.REACHED,
            PROFILES["resident"],
            State.CONFIRMED,
            from_name="a",
            to_name="b",
            category=PHARMACY,
            minutes=30,
        )
