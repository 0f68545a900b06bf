"""When no candidate is recommended, and what a reader is told to bear in mind."""

from __future__ import annotations

import math

import pytest

from layers.candidates import Candidates
from layers.criteria import Criterion
from layers.need_table import NOT_RECORDED
from layers.ranking_advice import FIRST_LEAST, UNKNOWN_MOST
from tests.layers.ranked import evidence, ranking

RENT = Criterion("miete", "Miete", "Euro", 500.0, 0.0, 0, column="miete")


def test_a_clear_first_is_recommended() -> None:
    made = ranking(
        evidence([[4, 9]], now=[20], near=[90, 30]), {"minutes_saved": 0.5, "neighbours": 0.5}
    )
    assert made.no_recommendation == ""
    assert made.cautions == ()


def test_without_candidates_the_exclusions_are_named() -> None:
    found = evidence([[]])
    made = ranking(found, {"neighbours": 1.0})
    assert made.reasons == ()
    assert made.no_recommendation == (
        "Es gibt keinen Ort, der in Frage kommt. In der Studie können Orte angegeben werden "
        "(»candidates«)."
    )
    ruled_out = Candidates(found.frame, ruled_out={"im Gewerbegebiet": 3, "auf dem Gelände": 0})
    made = ranking(evidence([[]], candidates=ruled_out), {"neighbours": 1.0})
    assert made.no_recommendation == (
        "Es gibt keinen Ort, der in Frage kommt. Ausgeschlossen wurden: im Gewerbegebiet: 3."
    )


def test_nobody_gets_there() -> None:
    # Neighbours do; but it is the residents for whom the project is meant.
    made = ranking(evidence([[None, None]], near=[90, 30]), {"neighbours": 1.0})
    assert made.no_recommendation == (
        "Aus keinem Haus ist zu Fuß einer der Orte in 30 Minuten zu erreichen. Vielleicht sind "
        "Tore geschlossen, oder in den Daten fehlen Wege."
    )
    grounds = ranking(evidence([[None]], near=[9], on_grounds=True), {"neighbours": 1.0})
    assert grounds.no_recommendation.startswith("Von keinem Gelände ist zu Fuß einer der Orte")


def test_both_sides_have_to_get_there() -> None:
    """A hall on grounds far from the town: the residents' way is short, and nobody else comes."""
    weights = {"minutes_saved": 0.8, "bridge": 0.2}
    apart = ranking(evidence([[2, 25]], now=[28], near=[0, 900], bridge=[0.0, 0.0]), weights)
    assert apart.no_recommendation == (
        "Keinen der Orte erreichen beide Seiten in höchstens 10 Minuten, Bewohnerinnen und "
        "Bewohner wie Nachbarschaft: Wer vorn liegt, dient nur einer. Vielleicht hilft zuerst ein "
        "kürzerer Weg, etwa ein offenes Tor oder ein neuer Übergang; mit »sozialraum scenario« "
        "lässt sich das durchrechnen."
    )
    some = ranking(evidence([[2, 25]], now=[28], near=[0, 900], bridge=[0.0, 0.1]), weights)
    # 0.8 × 1 against 0.8 × 0.3 + 0.2 × 0.1.
    assert some.no_recommendation == ""
    assert some.cautions == (
        "Den ersten Vorschlag erreicht in höchstens 10 Minuten nur eine der beiden Seiten.",
    )
    # Who does not weigh it does not ask for it.
    alone = ranking(evidence([[2, 25]], now=[28]), {"minutes_saved": 1.0})
    assert (alone.no_recommendation, alone.cautions) == ("", ())


def test_a_first_place_that_spares_residents_nothing() -> None:
    # 0.7 × 1 for neighbours against 0.3 × 0.6 for minutes; the third spares as much, ranks lower.
    found = evidence([[20, 4, 4]], now=[10], near=[900, 9, 0])
    made = ranking(found, {"minutes_saved": 0.3, "neighbours": 0.7})
    assert made.no_recommendation == ""
    assert made.cautions == (
        "Für die Bewohnerinnen und Bewohner verkürzt der erste Vorschlag keinen Weg und schließt "
        "keine Lücke; am meisten brächte ihnen: »Ort 2«.",
    )


def test_nothing_becomes_better_and_nothing_differs() -> None:
    nothing = ranking(evidence([[9, 9]], now=[3]), {"minutes_saved": 1.0})
    assert nothing.no_recommendation == (
        "Keiner der Orte verbessert etwas von dem, was gewichtet wird."
    )
    level = ranking(evidence([[4, 4]], now=[9]), {"minutes_saved": 1.0})
    assert level.no_recommendation == (
        "Kein Kriterium unterscheidet die Orte; sie schneiden alle gleich ab."
    )
    alone = ranking(evidence([[4]], now=[9]), {"minutes_saved": 1.0})
    assert alone.no_recommendation == ""


@pytest.mark.parametrize(("weight", "carried"), [(0.33, True), (0.34, False)])
def test_too_much_that_is_not_known(weight: float, carried: bool) -> None:  # noqa: FBT001
    # Nothing of the kind is recorded: whether the way becomes shorter is not known of anybody.
    assert 0.33 < UNKNOWN_MOST < 0.34
    found = evidence([[4, 9]], near=[90, 30], states=[[NOT_RECORDED, NOT_RECORDED]])
    made = ranking(found, {"minutes_saved": weight, "neighbours": 1 - weight})
    assert (made.no_recommendation == "") is carried
    if not carried:
        assert made.no_recommendation == (
            "Zu wenig ist bekannt: 34 % des Gewichts beruhen bei den Vorschlägen auf Angaben, die "
            "nicht erfasst sind (»Kürzere Wege«)."
        )


def test_too_much_that_is_not_known_of_the_first() -> None:
    # 0.6 alone puts the first ahead; its rent, 0.4 of the weight, nobody has asked.
    found = evidence([[4, 9]], near=[90, 3], own={"miete": [math.nan, 400.0]})
    made = ranking(found, {"neighbours": 0.6, "miete": 0.4}, RENT)
    assert made.no_recommendation == (
        "Zu wenig ist bekannt: 40 % des Gewichts beruhen beim ersten Vorschlag auf Angaben, die "
        "nicht erfasst sind (»Miete«)."
    )


def test_who_might_be_first_if_more_were_known() -> None:
    # 0.8 + 0.2 × 0.2 = 0.84 against 0.7; with the rent at its best 0.9.
    found = evidence([[4, 9]], near=[80, 70], own={"miete": [400.0, math.nan]})
    made = ranking(found, {"neighbours": 0.8, "miete": 0.2}, RENT)
    assert made.scores.score.tolist() == [0.84, 0.7]
    assert made.cautions == (
        "Wäre alles Fehlende bekannt und so gut wie möglich, könnte vorn liegen: »Ort 2«.",
    )


def test_what_is_known_of_nobody_changes_no_order() -> None:
    found = evidence([[4, 9]], near=[80, 70], own={"miete": [math.nan, math.nan]})
    made = ranking(found, {"neighbours": 0.8, "miete": 0.2}, RENT)
    assert made.no_recommendation == ""
    assert made.cautions == ("Für keinen der Orte bekannt: »Miete«.",)


def test_several_about_equally_good() -> None:
    # One is best at one thing, the other at the other: about every second weighting for each.
    found = evidence([[4, 9]], now=[14], near=[50, 100])
    made = ranking(found, {"minutes_saved": 0.5, "neighbours": 0.5})
    # 0.5 × 1 + 0.5 × 0.5 = 0.75 and 0.5 × 0.5 + 0.5 × 1 = 0.75: level.
    assert made.scores.score.tolist() == [0.75, 0.75]
    assert made.no_recommendation == (
        "Mehrere Orte sind etwa gleich gut: »Ort 1« und »Ort 2«. Wer vorn liegt, hängt davon ab, "
        "was wichtiger ist."
    )


def test_several_side_by_side() -> None:
    found = evidence(
        [[4, 9, 30]], now=[14], near=[50, 100, 0], spots=[(0, 0), (90, 120), (9e3, 0)]
    )
    made = ranking(found, {"minutes_saved": 0.5, "neighbours": 0.5})
    # √(90² + 120²) = 150 m.
    assert made.no_recommendation.endswith(
        "»Ort 1« und »Ort 2«. Wer vorn liegt, hängt davon ab, was wichtiger ist. Sie liegen "
        "höchstens 150 m auseinander: Die Gegend steht fest, nicht der genaue Ort."
    )


def test_a_first_place_that_many_share() -> None:
    # Each is best at one of three things; the first a little more often than one of three.
    own = [Criterion(key, key, "", 0.0, 1.0, 1, column=key) for key in ("a", "b", "c")]
    columns = {
        "a": [1.0, 0.0, 0.0], "b": [0.0, 1.0, 0.0], "c": [0.02, 0.0, 1.0],
    }  # fmt: skip
    found = evidence([[4, 4, 4]], own=columns)
    made = ranking(found, {"a": 0.34, "b": 0.33, "c": 0.33}, *own)
    assert made.scores.first_percent[0] < FIRST_LEAST
    assert made.no_recommendation.startswith("Mehrere Orte sind etwa gleich gut: »Ort 1«, »Ort ")


def test_many_names_are_cut_short() -> None:
    found = evidence([[4] * 8], now=[9], near=[5] * 7 + [0])
    made = ranking(found, {"minutes_saved": 0.5, "neighbours": 0.5})
    assert "»Ort 4«, »Ort 5« und 2 weitere." in made.no_recommendation


def test_nearly_level_is_said() -> None:
    found = evidence([[4, 4, 4]], near=[100, 99, 90])
    made = ranking(found, {"neighbours": 1.0})
    assert made.no_recommendation == ""
    assert made.cautions == ("Fast gleichauf mit dem ersten Vorschlag liegt: »Ort 2«.",)


def test_estimates_are_said_and_whether_they_decide() -> None:
    found = evidence([[9, 4]], now=[10], near=[100, 10], estimated=True)
    made = ranking(found, {"minutes_saved": 0.4, "neighbours": 0.6}, estimated=True)
    # 0.4 × 0.1 + 0.6 = 0.64 against 0.4 × 0.6 + 0.06 = 0.3; without neighbours 0.1 against 0.6.
    assert made.cautions == (
        "Wie viele Menschen in der Nachbarschaft wohnen, ist geschätzt. Ohne "
        "diese Schätzung läge »Ort 2« vorn.",
        "Die Plätze eines Hauses sind nicht angegeben und angenommen.",
    )
    agreed = ranking(
        evidence([[4, 9]], now=[10], near=[100, 10]),
        {"minutes_saved": 0.4, "neighbours": 0.6}, estimated=True,
    )  # fmt: skip
    assert agreed.cautions == ("Wie viele Menschen in der Nachbarschaft wohnen, ist geschätzt.",)


def test_counts_of_one_to_four_do_not_change_a_score() -> None:
    scores = [
        ranking(evidence([[4, 4]], near=[100, few]), {"neighbours": 1.0}).scores.score.tolist()
        for few in (0.6, 1, 4, 4.4)
    ]
    assert scores == [[1.0, 0.025]] * 4
    five = ranking(evidence([[4, 4]], near=[100, 5]), {"neighbours": 1.0})
    assert five.scores.score.tolist() == [1.0, 0.05]


def test_no_weight_at_all() -> None:
    made = ranking(evidence([[4, 4]], near=[1, 9]), {"neighbours": 0.0})
    assert made.no_recommendation == (
        "Kein Kriterium hat ein Gewicht; ohne Gewichte gibt es keine Reihenfolge."
    )
