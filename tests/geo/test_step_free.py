"""What can be passed on wheels: tags of ways and nodes, row by row."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geo.step_free import (
    CONFIRMED,
    FACT_LABELS,
    FACT_QUESTIONS,
    FACTS,
    assess_way,
    facts_of,
    reason_label,
)
from tests.geo.verdict_words import ROLLATOR, WHEELCHAIR, node, tags_of, way

PAVED = "highway=footway surface=asphalt"

WIDTHS = [
    ("width=0.8", "yes"),
    ("width=0.79", "no:width=0.79"),
    ("width=80_cm", "yes"),
    ("width=79_cm", "no:width=79 cm"),
    ("width=790_mm", "no:width=790 mm"),
    ("width=800mm", "yes"),
    ("width=2.6ft", "no:width=2.6ft"),
    ("width=2.7_ft", "yes"),
    ("width=31in", "no:width=31in"),
    ("width=32in", "yes"),
    ("width=0.8_meters", "yes"),
    ("width=ca._0.7_m", "no:width=ca. 0.7 m"),
    ("width=2;0.7", "no:width=2;0.7"),
    ("width=2;x", "yes"),
    ("width=1,2_m", "yes"),
    ("width=0,7", "no:width=0,7"),
    ("width=3'", "yes"),
    ("width=2'6\"", "no:width=2'6\""),
    ('width=31"', 'no:width=31"'),
    ('width=32"', "yes"),
    ("width=0.5-1", "no:width=0.5-1"),
    ("width=narrow", "yes"),
    ("width=-3", "yes"),
    ("maxwidth:physical=0.7", "no:width=0.7"),
    ("maxwidth:physical=0.8", "yes"),
    ("width=2 maxwidth:physical=0.7", "no:width=0.7"),
    ("maxwidth=0.7", "yes"),
    ("est_width=0.7", "?width"),
    ("est_width=0.8", "yes"),
    ("width=1 est_width=0.5", "yes"),
    ("width=x est_width=0.5", "?width"),
    ("width=2 footway:width=0.7", "no:width=0.7"),
    ("width=0.7 footway:width=2", "yes"),
]  # fmt: skip


@pytest.mark.parametrize(("tags", "expected"), WIDTHS)
def test_width(tags: str, expected: str) -> None:
    assert way(f"{PAVED} {tags}") == expected


def test_the_width_of_a_wheelchair() -> None:
    assert way(f"{PAVED} width=0.9 incline=0", WHEELCHAIR) == "yes"
    assert way(f"{PAVED} width=0.89", WHEELCHAIR) == "no:width=0.89"


def test_who_needs_the_width() -> None:
    limits = replace(ROLLATOR, needs=("surface", "width"))
    assert way(PAVED, limits) == "?width"
    assert way(f"{PAVED} width=narrow", limits) == "?width"
    assert way(f"{PAVED} width=1", limits) == "yes"
    assert way(f"{PAVED} est_width=1", limits) == "yes"
    assert node("barrier=bollard", limits) == "?width"
    assert node("barrier=bollard maxwidth:physical=1", limits) == "yes"


INCLINES: list[tuple[str, float | None, bool]] = [
    # tags, percent, asked of somebody who does not need it
    ("", None, False),
    ("incline=0", 0.0, False),
    ("incline=0%", 0.0, False),
    ("incline=6%", 6.0, False),
    ("incline=-15%", 15.0, False),
    ("incline=10_%", 10.0, False),
    ("incline=8", 8.0, False),
    ("incline=5°", 8.7489, False),
    ("incline=45°", 100.0, False),
    ("incline=80°", None, True),
    ("incline=1:12", 8.3333, False),
    ("incline=1:0", None, True),
    ("incline=15,5%", 15.5, False),
    ("incline=5-10%", 10.0, False),
    ("incline=10%-5%", 10.0, False),
    ("incline=<4%", 4.0, False),
    ("incline=~7%", 7.0, False),
    ("incline=>10%", None, True),
    ("incline=±3%", 3.0, False),
    ("incline=no", 0.0, False),
    ("incline=up", None, True),
    ("incline=down", None, True),
    ("incline=steep", None, True),
    ("incline=yes", None, True),
]


@pytest.mark.parametrize(("tags", "percent", "asked"), INCLINES)
def test_incline(tags: str, percent: float | None, asked: bool) -> None:  # noqa: FBT001
    found = assess_way(tags_of(f"{PAVED} {tags}"), [], ROLLATOR)
    assert found.state == CONFIRMED
    assert found.incline_percent == percent
    assert found.asks_incline is asked
    needy = assess_way(tags_of(f"{PAVED} {tags}"), [], WHEELCHAIR)
    assert needy.incline_percent == percent
    assert needy.asks_incline is (percent is None)


@pytest.mark.parametrize(
    "level",
    [
        "highway=footway footway=crossing surface=asphalt kerb=flush",
        "highway=corridor surface=tiles",
        "highway=footway indoor=yes surface=tiles",
        "highway=elevator",
    ],
)
def test_what_is_level_by_nature(level: str) -> None:
    assert way(level, WHEELCHAIR) == "yes"
    if "elevator" not in level:
        assert way(f"{level} incline=up", WHEELCHAIR) == "yes?incline"


TRAILS = [
    ("sac_scale=hiking", "yes"),
    ("sac_scale=strolling", "yes"),
    ("sac_scale=yes", "yes"),
    ("sac_scale=no", "yes"),
    ("sac_scale=none", "yes"),
    ("mtb:scale=no", "yes"),
    ("mtb:scale=", "yes"),
    ("sac_scale=mountain_hiking", "no:sac_scale=mountain_hiking"),
    ("sac_scale=alpine_hiking", "no:sac_scale=alpine_hiking"),
    ("mtb:scale=0", "yes"),
    ("mtb:scale=0+", "yes"),
    ("mtb:scale=1", "no:mtb:scale=1"),
    ("mtb:scale=2", "no:mtb:scale=2"),
    ("ford=yes", "?barrier"),
    ("ford=no", "yes"),
    ("ford=stepping_stones", "no:ford=stepping_stones"),
    ("barrier=gate", "?barrier"),
    ("barrier=stile", "no:barrier=stile"),
    ("barrier=kerb", "yes"),
]


@pytest.mark.parametrize(("tags", "expected"), TRAILS)
def test_trails_fords_and_barriers_along_a_way(tags: str, expected: str) -> None:
    assert way(f"highway=path surface=asphalt {tags}") == expected


def test_what_is_never_for_wheels() -> None:
    assert way("highway=via_ferrata surface=asphalt") == "no:highway=via_ferrata"
    assert way("highway=ladder") == "no:highway=ladder"


def test_ferries_and_platforms() -> None:
    assert way("route=ferry") == "?access"
    assert way("route=ferry wheelchair=yes") == "yes"
    assert way("route=ferry wheelchair=no", WHEELCHAIR) == "no:wheelchair=no"
    assert way("railway=platform") == "?surface"
    assert way("railway=platform surface=paving_stones") == "yes"


STEPS = [
    # tags, rollator, wheelchair
    ("", "no:highway=steps", "no:highway=steps"),
    ("surface=asphalt incline=5%", "no:highway=steps", "no:highway=steps"),
    ("ramp=no", "no:highway=steps", "no:highway=steps"),
    ("ramp=separate", "no:highway=steps", "no:highway=steps"),
    ("ramp:wheelchair=separate", "no:highway=steps", "no:highway=steps"),
    ("ramp:wheelchair=no ramp=yes", "no:highway=steps", "no:highway=steps"),
    ("ramp:wheelchair=yes", "yes", "yes?incline"),
    ("ramp:wheelchair=yes incline=up", "yes", "yes?incline"),
    ("ramp=wheelchair", "yes", "yes?incline"),
    ("ramp=yes", "?access", "?access"),
    ("ramp=yes ramp:bicycle=yes", "no:highway=steps", "no:highway=steps"),
    ("ramp=yes ramp:bicycle=no", "?access", "?access"),
    ("ramp=bicycle", "no:highway=steps", "no:highway=steps"),
    ("ramp:luggage=yes ramp=yes", "no:highway=steps", "no:highway=steps"),
    ("ramp=stroller", "?access", "no:highway=steps"),
    ("ramp:stroller=yes", "?access", "no:highway=steps"),
    ("ramp=yes ramp:stroller=yes", "?access", "no:highway=steps"),
    ("ramp:stroller=no", "no:highway=steps", "no:highway=steps"),
    ("conveying=yes", "no:conveying=yes", "no:conveying=yes"),
    ("conveying=forward ramp:wheelchair=yes", "no:conveying=forward", "no:conveying=forward"),
    ("conveying=no ramp:wheelchair=yes", "yes", "yes?incline"),
    ("step_count=1", "no:highway=steps", "no:highway=steps"),
    ("step_count=1 step:height=0.03", "yes", "yes"),
    ("step_count=1 step:height=0.031", "yes", "no:highway=steps"),
    ("step_count=1 step:height=6_cm", "yes", "no:highway=steps"),
    ("step_count=1 step:height=6cm", "yes", "no:highway=steps"),
    ("step_count=1 step:height=6.1cm", "no:highway=steps", "no:highway=steps"),
    ("step_count=2 step:height=0.03", "no:highway=steps", "no:highway=steps"),
    ("step:height=0.03", "no:highway=steps", "no:highway=steps"),
    ("wheelchair=yes", "?access", "?access"),
    ("wheelchair=designated", "?access", "?access"),
    ("wheelchair=limited", "no:highway=steps", "no:highway=steps"),
    ("ramp:wheelchair=yes wheelchair=yes", "yes", "yes"),
    ("ramp:wheelchair=yes wheelchair=limited", "?access", "?access?incline"),
    ("ramp:wheelchair=yes wheelchair=no", "?access", "no:wheelchair=no"),
    ("ramp=yes wheelchair=yes", "yes", "yes"),
]


@pytest.mark.parametrize(("tags", "rollator", "wheelchair"), STEPS)
def test_steps(tags: str, rollator: str, wheelchair: str) -> None:
    assert way(f"highway=steps {tags}", ROLLATOR) == rollator
    assert way(f"highway=steps {tags}", WHEELCHAIR) == wheelchair


@pytest.mark.parametrize("level", ["highway=steps ramp:wheelchair=yes", "highway=elevator",
                                   "route=ferry"])  # fmt: skip
def test_ramps_lifts_and_ferries_do_not_slow(level: str) -> None:
    found = assess_way(tags_of(level), [], ROLLATOR)
    assert (found.factor, found.incline_percent) == (1.0, None)


def test_who_needs_nothing_asks_nothing_of_a_ramp() -> None:
    assert way("highway=steps ramp:wheelchair=yes", replace(WHEELCHAIR, needs=())) == "yes"


WORDS = [
    # tags of a footway, rollator, wheelchair (incline aside)
    ("wheelchair=yes", "yes", "yes"),
    ("wheelchair=designated", "yes", "yes"),
    ("wheelchair=official", "yes", "yes"),
    ("wheelchair=unknown", "?surface", "?surface"),
    ("wheelchair=limited", "?surface+access", "?surface+access"),
    ("surface=asphalt wheelchair=limited", "?access", "?access"),
    ("surface=grass wheelchair=limited", "no:surface=grass", "no:surface=grass"),
    ("surface=asphalt wheelchair=no", "?access", "no:wheelchair=no"),
    ("surface=grass wheelchair=no", "no:surface=grass", "no:wheelchair=no"),
    ("wheelchair=no", "?surface+access", "no:wheelchair=no"),
    ("surface=grass wheelchair=yes", "?smoothness", "?smoothness"),
    ("smoothness=bad wheelchair=yes", "?smoothness", "?smoothness"),
    ("surface=sand wheelchair=yes", "?surface", "?surface"),
    ("surface=sett wheelchair=yes", "yes", "yes"),
    ("width=0.5 wheelchair=yes", "no:width=0.5", "no:width=0.5"),
    ("est_width=0.5 wheelchair=yes", "yes", "yes"),
]


@pytest.mark.parametrize(("tags", "rollator", "wheelchair"), WORDS)
def test_the_word_of_wheelchair(tags: str, rollator: str, wheelchair: str) -> None:
    assert way(f"highway=footway {tags}", ROLLATOR) == rollator
    found = way(f"highway=footway {tags}", WHEELCHAIR)
    assert found.removesuffix("?incline") == wheelchair
    # Who says that a wheelchair gets along has seen how steep it is.
    yes = any(f"wheelchair={word}" in tags for word in ("yes", "designated", "official"))
    assert found.endswith("?incline") is (not yes and not found.startswith("no"))


# Words for people.


def test_every_fact_has_a_name_and_a_question() -> None:
    assert set(FACT_LABELS) == set(FACT_QUESTIONS) == set(FACTS)
    assert all(question.endswith("?") for question in FACT_QUESTIONS.values())
    assert len(set(FACT_LABELS.values())) == len(FACTS)
    assert FACT_LABELS["kerb"] == "Bordstein"


def test_facts_of_bits() -> None:
    assert facts_of(0) == ()
    assert [facts_of(1 << place) for place in range(len(FACTS))] == [(fact,) for fact in FACTS]
    assert facts_of(0b1001) == ("surface", "kerb")


REASONS = [
    ("", ""),
    ("highway=steps", "Treppe"),
    ("surface=grass", "ungeeigneter Belag: Gras"),
    ("surface=bark", "ungeeigneter Belag"),
    ("smoothness=bad", "holprig"),
    ("tracktype=grade5", "weicher Feld- oder Waldweg"),
    ("width=0.5", "zu schmal (0.5)"),
    ("maxwidth:physical=0.7", "Durchlass zu schmal (0.7)"),
    ("kerb=raised", "hoher Bordstein"),
    ("kerb:height=12 cm", "Bordstein zu hoch (12 cm)"),
    ("barrier=stile", "Überstieg"),
    ("barrier=kissing_gate", "Drängelgitter"),
    ("barrier=xyz", "Sperre"),
    ("conveying=forward", "Rolltreppe"),
    ("wheelchair=no", "für Rollstühle als nicht nutzbar erfasst"),
    ("step_count=3", "Stufen am Eingang"),
    ("mtb:scale=2", "Pfad mit Stufen und Wurzeln"),
    ("width=" + "9" * 100, "zu schmal (" + "9" * 20 + ")"),
    ("whatever=x", "nicht passierbar"),
]


@pytest.mark.parametrize(("reason", "label"), REASONS)
def test_reasons_in_german(reason: str, label: str) -> None:
    assert reason_label(reason) == label
