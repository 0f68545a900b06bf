"""What a ranking says, read sentence by sentence."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from geo.profiles import State
from layers.criteria import Criterion, load_criteria
from layers.people import PointReach
from layers.placement import Ranking
from layers.ranking_words import (
    deciding,
    names_apart,
    number_text,
    percent_text,
    stability,
    value_text,
)
from tests.layers.ranked import evidence, ranking

RENT = Criterion("miete", "Miete", "Euro", 500.0, 0.0, 0, column="miete")


def town(**changed: Any) -> Ranking:
    """Three candidates, two houses.

    Saved: now 12 and 20. To 1: 4 and 8 → 8 and 12, mean 10. To 2: 9 and 20 → 3 and 0, mean
    1.5. To 3: 12 and nowhere → 0. Three neighbours of 2 count as 2.5 of 100 who live around,
    half of the residents come: a bridge value of 2 × 0.5 × 0.025 / 0.525 = 0.0476.
    """
    known: dict[str, Any] = {
        "near": [412, 3, 0],
        "now": [12, 20],
        "bridge": [0.42, 0.1, 0.0],
        "names": ["Bürgerhaus", "Bücherei", "Kirche"],
    }
    found = evidence([[4, 9, 12], [8, 20, None]], **(known | changed))
    return ranking(found, {"minutes_saved": 0.4, "neighbours": 0.3, "bridge": 0.3})


def test_paragraphs() -> None:
    made = town()
    assert made.scores.raw[:, 0].tolist() == pytest.approx([10.0, 1.5, 0.0])
    # Shares of the first: 0.4 × 10/10, 0.3 × 412/412, 0.3 × 0.42.
    assert made.reasons[0] == (
        "Aus beiden Häusern ist der Ort zu Fuß in höchstens 10 Minuten erreichbar. 412 Menschen "
        "aus der Nachbarschaft erreichen ihn in höchstens 10 Minuten. Der Weg zum nächsten Ort "
        "dieser Art wird im Mittel um 10 Minuten kürzer. Der Brückenwert ist 0,42 (am höchsten "
        "wäre 1). Den Ausschlag geben: »Kürzere Wege« und »Nachbarinnen und Nachbarn«. Platz 1 "
        "von 3; wenn die Gewichte schwanken, Platz 1 in 100 %, meist Platz 1."
    )
    assert made.reasons[1] == (
        "Aus einem von 2 Häusern ist der Ort zu Fuß in höchstens 10 Minuten erreichbar. Weniger "
        "als 5 Menschen aus der Nachbarschaft erreichen ihn in höchstens 10 Minuten. Der Weg zum "
        "nächsten Ort dieser Art wird im Mittel um 1 Minute kürzer. Der Brückenwert ist 0,05 (am "
        "höchsten wäre 1). Den Ausschlag geben: »Kürzere Wege« und »Brückenwert«. Wenig bringt "
        "der Ort bei: »Nachbarinnen und Nachbarn« und »Brückenwert«. Platz 2 von 3; wenn die "
        "Gewichte schwanken, meist Platz 2."
    )
    assert made.reasons[2] == (
        "Aus keinem von 2 Häusern ist der Ort zu Fuß in höchstens 10 Minuten erreichbar. Aus der "
        "Nachbarschaft erreicht ihn in dieser Zeit niemand. Der Weg zum nächsten Ort dieser Art "
        "wird nicht kürzer. Der Brückenwert ist 0: In dieser Zeit kommt eine der beiden Seiten "
        "nicht hin. Kein Kriterium spricht für diesen Ort. Wenig bringt der Ort bei: »Kürzere "
        "Wege«, »Nachbarinnen und Nachbarn« und »Brückenwert«. Platz 3 von 3; wenn die Gewichte "
        "schwanken, meist Platz 3."
    )
    # The facts stand at the beginning and know nothing of weights.
    for reason, said in zip(made.reasons, made.facts, strict=True):
        assert reason.startswith(said)
        assert "Platz" not in said
        assert "»" not in said


def test_why_one_before_another() -> None:
    made = town()
    # Differences of shares: 0.4 − 0.06 = 0.34; 0.3 × (1 − 2.5/412) ≈ 0.298; 0.3 × 0.37.
    assert made.why_before(0, 1) == (
        "»Bürgerhaus« liegt vor »Bücherei«, weil der Ort besser abschneidet bei »Kürzere Wege« "
        "(10,0 statt 1,5 Minuten), »Nachbarinnen und Nachbarn« (412 statt unter 5 Menschen) und "
        "»Brückenwert« (0,42 statt 0,05). Für »Bücherei« spricht in diesem Vergleich kein "
        "Kriterium."
    )
    # The better rank comes first, however it is asked.
    assert made.why_before(1, 0) == made.why_before(0, 1)


def test_what_speaks_for_the_other() -> None:
    found = evidence([[4, 9]], near=[100, 300], now=[12], names=["Treff", "Halle"])
    made = ranking(found, {"minutes_saved": 0.6, "neighbours": 0.4})
    # 0.6 × 0.8 + 0.4 / 3 = 0.613 against 0.6 × 0.3 + 0.4 = 0.58.
    assert made.why_before(0, 1) == (
        "»Treff« liegt vor »Halle«, weil der Ort besser abschneidet bei »Kürzere Wege« (8,0 statt "
        "3,0 Minuten). Für »Halle« spricht: »Nachbarinnen und Nachbarn« (300 statt 100 Menschen)."
    )


def test_equal_scores_and_equal_values() -> None:
    found = evidence([[4, 8], [8, 4]], near=[50, 50], bridge=[0.5, 0.5])
    twins = ranking(found, {"neighbours": 0.5, "bridge": 0.5})
    assert twins.why_before(0, 1) == (
        "»Ort 1« und »Ort 2« unterscheiden sich in keinem Kriterium."
    )
    found = evidence([[4, 4]], bridge=[0.5, 0.25], own={"miete": [250.0, 125.0]})
    level = ranking(found, {"bridge": 0.5, "miete": 0.5}, RENT)
    # 0.25 + 0.5 × 0.5 = 0.5 against 0.125 + 0.5 × 0.75 = 0.5.
    assert level.why_before(1, 0) == (
        "»Ort 1« und »Ort 2« liegen gleichauf. Für »Ort 1« spricht: »Brückenwert« (0,50 statt "
        "0,25). Für »Ort 2« spricht: »Miete« (125 statt 250 Euro)."
    )


def test_what_is_not_known_is_said() -> None:
    found = evidence([[4, 4]], bridge=[0.5, 0.5], own={"miete": [100.0, math.nan]})
    made = ranking(found, {"bridge": 0.5, "miete": 0.5}, RENT)
    assert "Nicht erfasst und deshalb mit 0 gezählt: »Miete«." in made.reasons[1]
    assert "Nicht erfasst" not in made.reasons[0]
    assert "Miete: 100 Euro." in made.facts[0]
    assert "Miete" not in made.facts[1]
    assert made.why_before(0, 1) == (
        "»Ort 1« liegt vor »Ort 2«, weil der Ort besser abschneidet bei »Miete« (100 Euro; beim "
        "anderen nicht erfasst). Für »Ort 2« spricht in diesem Vergleich kein Kriterium."
    )


def test_values_that_look_equal() -> None:
    found = evidence([[4, 4]], bridge=[0.504, 0.501])
    assert "»Brückenwert« (knapp: beide rund 0,50)" in ranking(found, {"bridge": 1.0}).why_before(
        0, 1
    )


def test_places_of_the_same_name_are_told_apart() -> None:
    found = evidence([[4, 5, 6]], names=["Kirche", "Kirche", "Halle"])
    assert names_apart(found, [0, 1]) == ["»Kirche« (n1)", "»Kirche« (n2)"]
    assert names_apart(found, [1, 2]) == ["»Kirche«", "»Halle«"]
    spot = evidence([[4]], names=["Weg, 60 m südlich von »Markt«"])
    assert names_apart(spot, [0]) == ["»Weg, 60 m südlich von ›Markt‹«"]


@pytest.mark.parametrize(
    ("ways", "changed", "said"),
    [
        ([[0.5]], {}, "Vom Haus ist es zu Fuß 1 Minute."),
        # Nobody arrives later than told: 8 minutes and a second are 9.
        ([[8.02]], {}, "Vom Haus sind es zu Fuß 9 Minuten."),
        ([[None]], {}, "Vom Haus ist der Ort zu Fuß in 30 Minuten nicht zu erreichen."),
        ([[7]], {"on_grounds": True}, "Vom Gelände sind es zu Fuß 7 Minuten."),
        ([[10], [10], [10]], {}, "Aus allen 3 Häusern ist der Ort"),
        ([[10], [10.1], [10]], {}, "Aus 2 von 3 Häusern ist der Ort"),
        ([[1], [2]], {"on_grounds": True}, "Von beiden Geländen ist der Ort"),
        ([[1], [2], [3]], {"on_grounds": True}, "Von allen 3 Geländen ist der Ort"),
        ([[1], [None]], {"on_grounds": True}, "Von einem von 2 Geländen ist der Ort"),
        ([[1]], {"on_campus": ["park"]}, "Er liegt auf dem Gelände."),
        ([[1]], {"near": [4]}, "Weniger als 5 Menschen aus der Nachbarschaft erreichen ihn"),
        ([[1]], {"near": [1234]}, "1.234 Menschen aus der Nachbarschaft erreichen ihn"),
    ],
)
def test_who_gets_there(ways: Any, changed: Any, said: str) -> None:
    made = ranking(evidence(ways, **changed), {"neighbours": 1.0})
    assert said in made.facts[0]


@pytest.mark.parametrize(
    ("key", "changed", "said"),
    [
        ("minutes_saved", {"now": [4.5]}, "im Mittel um weniger als 1 Minute kürzer."),
        # 2.9 minutes are not three; 1.97 are, as the table says, 2.0.
        ("minutes_saved", {"now": [5.97]}, "im Mittel um 2 Minuten kürzer."),
        ("minutes_saved", {"now": [4.01]}, "im Mittel um weniger als 1 Minute kürzer."),
        ("minutes_saved", {"now": [4.0]}, "wird nicht kürzer."),
        ("minutes_saved", {"now": [6.9]}, "im Mittel um 2 Minuten kürzer."),
        ("minutes_saved", {"now": [None]},
         "um 26 Minuten kürzer; bisher ist keiner in 30 Minuten erreichbar."),
        ("needs_met", {}, "Im Mittel schließt er 2,00 Bedarfslücken je Person."),
        ("needs_met", {"standard": 3}, "Eine Bedarfslücke schließt er nicht."),
        ("transit", {"transit": [2.5]}, "Die nächste Haltestelle ist 3 Minuten entfernt."),
        ("transit", {}, "Die nächste Haltestelle ist mehr als 15 Minuten entfernt."),
        ("partner", {"partner": [0]}, "Ein möglicher Partner ist am Ort."),
        ("partner", {"partner": [1]}, "Ein möglicher Partner ist 1 Minute entfernt."),
        ("step_free_possible", {"step_free": {State.POSSIBLE: [[9]]}},
         "Stufenlos erreichbar (möglich): 100 Prozent."),
    ],
)  # fmt: skip
def test_what_was_measured(key: str, changed: Any, said: str) -> None:
    made = ranking(evidence([[4]], **changed), {key: 1.0})
    assert said in made.facts[0]


def test_estimates_and_possible_ways_are_called_so() -> None:
    found = evidence([[4], [5]], near=[80])
    guessed = ranking(found, {"neighbours": 1.0}, estimated=True)
    assert "erreichen ihn in höchstens 10 Minuten (geschätzt)." in guessed.facts[0]
    reach = found.reach
    on_wheels = PointReach(
        "wheelchair", State.POSSIBLE, reach.limit_s, reach.minutes, reach.resident_ms,
        reach.neighbours,
    )  # fmt: skip
    made = ranking(evidence([[4], [5]], reach=on_wheels), {"neighbours": 1.0})
    assert "in höchstens 10 Minuten erreichbar, auch auf nur möglichen Wegen." in made.facts[0]


def test_only_one_candidate() -> None:
    made = ranking(evidence([[4]], near=[9]), {"neighbours": 1.0})
    assert stability(made.scores, 0) == (
        "Verglichen ist er mit keinem anderen: Es gibt nur diesen Vorschlag."
    )
    assert "Den Ausschlag gibt: »Nachbarinnen und Nachbarn«." in made.reasons[0]


def test_deciding_criteria_by_share_then_by_order() -> None:
    known = list(load_criteria().values())[:3]
    labels = [f"»{one.label}«" for one in known]
    assert deciding(known, np.array([0.1, 0.3, 0.1])) == (
        f"Den Ausschlag geben: {labels[1]} und {labels[0]}."
    )
    assert deciding(known, np.array([0.0, 0.0, 0.2])) == f"Den Ausschlag gibt: {labels[2]}."
    assert deciding(known, np.zeros(3)) == "Kein Kriterium spricht für diesen Ort."


@pytest.mark.parametrize(
    ("percent", "text"),
    [(0, "0 %"), (0.2, "weniger als 1 %"), (49.5, "50 %"), (99.8, "99 %"), (100, "100 %")],
)
def test_percent(percent: float, text: str) -> None:
    assert percent_text(percent) == text


def test_values() -> None:
    known = load_criteria()
    assert value_text(known["minutes_saved"], 4.66) == "4,7 Minuten"
    assert value_text(known["bridge"], 0.4) == "0,40"
    assert value_text(known["neighbours"], 0.2) == "niemand"
    assert value_text(known["neighbours"], 2.0) == "weniger als 5 Menschen"
    assert value_text(known["neighbours"], math.nan) == "nicht erfasst"
    assert number_text(known["neighbours"], 12345.0) == "12.345"
    assert number_text(known["minutes_saved"], -0.01) == "0,0"


def test_no_sentence_has_holes() -> None:
    """Whatever is known, paragraphs are whole sentences without doubled or missing words."""
    for near in ([0, 0], [3, 900], [5, 5]):
        for now in ([None, None], [3, 30]):
            found = evidence([[4, None], [None, 9]], near=near, now=now, bridge=[0.2, 0.0])
            made = ranking(found, {"minutes_saved": 0.5, "bridge": 0.3, "neighbours": 0.2})
            for text in (*made.reasons, made.why_before(0, 1)):
                assert text.endswith(".")
                assert not any(wrong in text for wrong in ("  ", " .", "..", "nan", "None", "()"))
