"""Kerbs, crossings, gates, bollards, doors and lifts on wheels."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geo.step_free import assess_node
from tests.geo.verdict_words import BARE, ROLLATOR, WHEELCHAIR, node, tags_of, way

KERBS = [
    # tags, rollator (6 cm), wheelchair (3 cm)
    ("kerb=flush", "yes", "yes"),
    ("kerb=no", "yes", "yes"),
    ("kerb=none", "yes", "yes"),
    ("kerb=lowered", "yes", "yes"),
    ("kerb=raised", "no:kerb=raised", "no:kerb=raised"),
    ("kerb=regular", "no:kerb=regular", "no:kerb=regular"),
    ("kerb=normal", "no:kerb=normal", "no:kerb=normal"),
    ("kerb=rolled", "?kerb", "?kerb"),
    ("kerb=yes", "?kerb", "?kerb"),
    ("kerb=lowered;no", "yes", "yes"),
    ("kerb=lowered;raised", "no:kerb=raised", "no:kerb=raised"),
    ("kerb=lowered;rolled", "?kerb", "?kerb"),
    ("kerb=;", "?kerb", "?kerb"),
    ("kerb=lowered;", "?kerb", "?kerb"),
    ("barrier=kerb", "?kerb", "?kerb"),
    ("barrier=kerb kerb=lowered", "yes", "yes"),
    ("barrier=kerb height=0.05", "yes", "no:kerb:height=0.05"),
    ("height=0.05", "yes", "yes"),
    ("kerb=raised height=0.01", "no:kerb=raised", "no:kerb=raised"),
    # a height decides over the kind
    ("kerb=raised kerb:height=0.03", "yes", "yes"),
    ("kerb=lowered kerb:height=0.031", "yes", "no:kerb:height=0.031"),
    ("kerb:height=3_cm", "yes", "yes"),
    ("kerb:height=3cm", "yes", "yes"),
    ("kerb:height=3", "yes", "yes"),
    ("kerb:height=6", "yes", "no:kerb:height=6"),
    ("kerb:height=6.1", "no:kerb:height=6.1", "no:kerb:height=6.1"),
    ("kerb:height=0.06", "yes", "no:kerb:height=0.06"),
    ("kerb:height=0,07", "no:kerb:height=0,07", "no:kerb:height=0,07"),
    ("kerb:height=2-4_cm", "yes", "no:kerb:height=2-4 cm"),
    ("kerb:height=0", "yes", "yes"),
    ("kerb:height=low", "?kerb", "?kerb"),
    ("kerb:height=low kerb=flush", "yes", "yes"),
    # several kerbs at one node: each has to be passed
    ("kerb:left=lowered kerb:right=flush", "yes", "yes"),
    ("kerb:left=lowered kerb:right=raised", "no:kerb=raised", "no:kerb=raised"),
    ("kerb:both=flush", "yes", "yes"),
    ("kerb=flush kerb:left=raised", "no:kerb=raised", "no:kerb=raised"),
    # what somebody says who was there
    ("kerb=rolled wheelchair=yes", "yes", "yes"),
    ("kerb=raised wheelchair=yes", "?kerb", "?kerb"),
    ("kerb:height=0.1 wheelchair=yes", "no:kerb:height=0.1", "no:kerb:height=0.1"),
    ("kerb=flush wheelchair=no", "?access", "no:wheelchair=no"),
    ("kerb=flush wheelchair=limited", "?access", "?access"),
]


@pytest.mark.parametrize(("tags", "rollator", "wheelchair"), KERBS)
def test_kerbs(tags: str, rollator: str, wheelchair: str) -> None:
    assert node(tags, ROLLATOR) == rollator
    assert node(tags, WHEELCHAIR) == wheelchair


def test_who_can_take_how_high_a_kerb() -> None:
    def at(cm: float, tags: str) -> str:
        return node(tags, replace(ROLLATOR, max_kerb_cm=cm))

    assert at(2.9, "kerb=lowered") == "?kerb"
    assert at(3.0, "kerb=lowered") == "yes"
    assert at(0.0, "kerb=flush") == "yes"
    assert at(14.9, "kerb=raised") == "no:kerb=raised"
    assert at(15.0, "kerb=raised") == "yes"
    assert node("kerb=rolled", BARE) == "yes"
    assert node("kerb=raised", BARE) == "no:kerb=raised"


BARRIERS = [
    # cars only
    ("bollard", "yes"),
    ("entrance", "yes"),
    ("no", "yes"),
    ("height_restrictor", "yes"),
    ("bollard maxwidth:physical=0.8", "yes"),
    ("bollard maxwidth:physical=0.79", "no:maxwidth:physical=0.79"),
    ("bollard maxwidth=0.7", "no:maxwidth=0.7"),
    ("bollard opening=0.7", "no:opening=0.7"),
    ("bollard width=0.2", "yes"),
    ("bollard wheelchair=no", "?access"),
    # leaves
    ("gate", "?barrier"),
    ("gate width=1", "yes"),
    ("gate width=0.7", "no:width=0.7"),
    ("gate maxwidth:physical=1 width=0.7", "no:width=0.7"),
    ("gate width=wide", "?barrier"),
    ("gate wheelchair=yes", "yes"),
    ("gate wheelchair=limited", "?barrier+access"),
    ("lift_gate", "?barrier"),
    ("lift_gate maxwidth:physical=1.2", "yes"),
    ("swing_gate", "?barrier"),
    ("sliding_gate", "?barrier"),
    ("wicket_gate", "?barrier"),
    ("block", "?barrier"),
    ("block width=0.5", "?barrier"),
    ("block maxwidth:physical=1", "yes"),
    ("block maxwidth:physical=0.5", "no:maxwidth:physical=0.5"),
    # staggered rails
    ("cycle_barrier", "?barrier"),
    ("cycle_barrier spacing=1.5", "yes"),
    ("cycle_barrier spacing=1.49", "?barrier"),
    ("cycle_barrier opening=0.7", "no:opening=0.7"),
    ("cycle_barrier opening=2", "?barrier"),
    ("cycle_barrier wheelchair=yes", "yes"),
    ("motorcycle_barrier", "?barrier"),
    # made to keep wheels out
    ("kissing_gate", "no:barrier=kissing_gate"),
    ("kissing_gate wheelchair=yes", "yes"),
    ("kissing_gate wheelchair=limited", "no:barrier=kissing_gate"),
    ("kissing_gate wheelchair=yes opening=0.6", "no:opening=0.6"),
    ("turnstile wheelchair=yes", "yes"),
    ("full-height_turnstile wheelchair=designated", "yes"),
    ("cattle_grid wheelchair=yes", "yes"),
    ("stile wheelchair=yes", "?barrier"),
    ("step wheelchair=yes", "?barrier"),
    ("stile", "no:barrier=stile"),
    ("turnstile", "no:barrier=turnstile"),
    ("full-height_turnstile", "no:barrier=full-height_turnstile"),
    ("cattle_grid", "no:barrier=cattle_grid"),
    ("log", "no:barrier=log"),
    # a step is a kerb without a name
    ("step", "no:barrier=step"),
    ("step height=0.06", "yes"),
    ("step height=0.061", "no:barrier=step"),
    ("step step:height=3cm", "yes"),
    ("step kerb:height=0.02", "yes"),
    # what is not known here has to be seen
    ("chain", "?barrier"),
    ("debris", "?barrier"),
    ("spaceship", "?barrier"),
    ("spaceship maxwidth:physical=0.5", "no:maxwidth:physical=0.5"),
    # a kerb at the same spot
    ("bollard kerb=lowered", "yes"),
    ("bollard kerb=raised", "no:kerb=raised"),
    ("gate kerb=rolled", "?kerb+barrier"),
]


@pytest.mark.parametrize(("tags", "expected"), BARRIERS)
def test_barriers(tags: str, expected: str) -> None:
    assert node(f"barrier={tags}") == expected


FREE = ["bollard", "entrance", "no", "height_restrictor", "toll_booth", "border_control"]
LEAVES = [
    "gate",
    "wicket_gate",
    "swing_gate",
    "sliding_gate",
    "sliding_beam",
    "lift_gate",
    "door",
    "hampshire_gate",
    "bump_gate",
]
MASSIVE = ["block", "planter", "jersey_barrier"]
CLOSED = [
    "kissing_gate",
    "stile",
    "turnstile",
    "full-height_turnstile",
    "horse_stile",
    "cattle_grid",
    "log",
    "fence",
    "wall",
    "hedge",
    "guard_rail",
    "step",
    "steps",
]


@pytest.mark.parametrize("kind", [*FREE, *LEAVES, *MASSIVE, *CLOSED])
def test_every_kind_of_barrier(kind: str) -> None:
    found = (node(f"barrier={kind}"), node(f"barrier={kind} maxwidth:physical=2"),
             node(f"barrier={kind} width=0.5"))  # fmt: skip
    if kind in FREE:
        assert found == ("yes", "yes", "yes")
    elif kind in LEAVES:
        assert found == ("?barrier", "yes", "no:width=0.5")
    elif kind in MASSIVE:
        assert found == ("?barrier", "yes", "?barrier")
    else:
        assert found == (f"no:barrier={kind}",) * 3


SPOTS = [
    # doors
    ("entrance=yes", "?barrier", "?barrier"),
    ("door=hinged", "?barrier", "?barrier"),
    ("door=no", "yes", "yes"),
    ("door=open", "yes", "yes"),
    ("entrance=main automatic_door=none", "?barrier", "?barrier"),
    ("entrance=main automatic_door=", "?barrier", "?barrier"),
    ("door=no maxwidth=0.7", "no:width=0.7", "no:width=0.7"),
    ("highway=elevator maxwidth=0.85", "yes", "no:width=0.85"),
    ("entrance=yes step_count=no door=no", "yes", "yes"),
    ("railway=tram_crossing wheelchair=no", "?access", "no:wheelchair=no"),
    ("railway=tram_level_crossing wheelchair=no", "?access", "no:wheelchair=no"),
    ("entrance=main automatic_door=yes", "yes", "yes"),
    ("entrance=main automatic_door=button", "yes", "yes"),
    ("entrance=main automatic_door=no", "?barrier", "?barrier"),
    ("automatic_door=no", "?barrier", "?barrier"),
    ("door=revolving", "no:door=revolving", "no:door=revolving"),
    ("door=revolving wheelchair=yes", "?barrier", "?barrier"),
    ("door=revolving automatic_door=yes", "yes", "yes"),
    ("automatic_door=yes width=0.85", "yes", "no:width=0.85"),
    ("automatic_door=yes door:width=0.7", "no:width=0.7", "no:width=0.7"),
    ("automatic_door=yes maxwidth:physical=0.7", "no:width=0.7", "no:width=0.7"),
    ("entrance=yes wheelchair=yes", "yes", "yes"),
    ("entrance=yes wheelchair=no", "?barrier+access", "no:wheelchair=no"),
    ("entrance=yes step_count=1", "no:step_count=1", "no:step_count=1"),
    ("entrance=yes step_count=0 automatic_door=yes", "yes", "yes"),
    ("entrance=yes step_count=2 ramp:wheelchair=yes automatic_door=yes", "yes", "yes"),
    ("entrance=yes step_count=2 wheelchair=yes", "?access", "?access"),
    ("door=no kerb:height=0.05", "yes", "no:kerb:height=0.05"),
    # lifts
    ("highway=elevator", "yes", "yes"),
    ("highway=elevator wheelchair=no", "?access", "no:wheelchair=no"),
    ("highway=elevator width=0.85", "yes", "no:width=0.85"),
    ("highway=elevator door:width=0.7", "no:width=0.7", "no:width=0.7"),
    # what says nothing of the way past it
    ("highway=bus_stop wheelchair=no", "yes", "yes"),
    ("public_transport=platform wheelchair=no", "yes", "yes"),
    ("highway=traffic_signals", "yes", "yes"),
    ("amenity=bench", "yes", "yes"),
    ("", "yes", "yes"),
    # along the road nobody steps over the kerb of a crossing
    ("highway=crossing", "yes", "yes"),
    ("highway=crossing kerb=raised", "yes", "yes"),
    ("highway=crossing wheelchair=no", "yes", "yes"),
    ("highway=crossing barrier=kerb kerb=raised", "yes", "yes"),
    ("highway=crossing barrier=bollard kerb=raised", "yes", "yes"),
    ("highway=crossing barrier=stile", "no:barrier=stile", "no:barrier=stile"),
    ("railway=level_crossing", "yes", "yes"),
    ("railway=crossing wheelchair=no", "?access", "no:wheelchair=no"),
]


@pytest.mark.parametrize(("tags", "rollator", "wheelchair"), SPOTS)
def test_doors_lifts_and_crossings(tags: str, rollator: str, wheelchair: str) -> None:
    assert node(tags, ROLLATOR) == rollator
    assert node(tags, WHEELCHAIR) == wheelchair


def test_nothing_at_a_node_slows_or_has_an_incline() -> None:
    for tags in ("kerb=lowered", "highway=elevator", "barrier=gate", "kerb=raised"):
        found = assess_node(tags_of(tags), ROLLATOR)
        assert (found.factor, found.incline_percent, found.asks_incline) == (1.0, None, False)


# Ways that cross a road.

ROAD = "highway=crossing"
LOW, FLUSH, HIGH, ROLLED = "kerb=lowered", "kerb=flush", "kerb=raised", "kerb=rolled"

CROSSINGS: list[tuple[str, tuple[str, ...], str]] = [
    ("", (), "?kerb"),
    ("", (ROAD,), "?kerb"),
    ("", (LOW,), "?kerb"),
    ("", (ROAD, LOW), "yes"),
    ("", (LOW, ROAD), "yes"),
    ("", (ROAD, "barrier=kerb kerb=flush"), "yes"),
    ("", (ROAD, "barrier=kerb"), "?kerb"),
    ("", (ROAD, ROLLED), "?kerb"),
    ("", (LOW, FLUSH), "yes"),
    ("", (LOW, ROLLED), "?kerb"),
    ("", (LOW, "barrier=bollard"), "?kerb"),
    # a kerb with a node of its own is judged there; here it is known
    ("", (ROAD, HIGH), "yes"),
    ("", (HIGH, LOW), "yes"),
    # the crossing's node tells of both kerbs
    ("", ("highway=crossing kerb=lowered",), "yes"),
    ("", ("highway=crossing kerb=rolled",), "?kerb"),
    ("", ("highway=crossing kerb=raised",), "no:kerb=raised"),
    ("", ("highway=crossing kerb=raised", LOW), "no:kerb=raised"),
    ("", ("highway=crossing kerb:left=lowered kerb:right=lowered",), "yes"),
    ("", ("highway=crossing kerb:left=lowered kerb:right=raised",), "no:kerb=raised"),
    ("", ("highway=crossing kerb:height=0.05",), "yes"),
    ("", ("highway=crossing kerb:height=0.07",), "no:kerb:height=0.07"),
    # so does the way
    ("kerb=lowered", (), "yes"),
    ("kerb=raised", (), "no:kerb=raised"),
    ("kerb:both=flush", (), "yes"),
    ("kerb=rolled", (), "?kerb"),
    ("kerb=rolled", (ROAD, LOW), "yes"),
    ("barrier=kerb", (), "?kerb"),
    # a word on wheelchairs
    ("wheelchair=yes", (), "yes"),
    ("", ("highway=crossing wheelchair=yes",), "yes"),
    ("", ("highway=crossing wheelchair=limited", LOW), "?access"),
    ("", ("highway=crossing wheelchair=yes kerb=raised",), "?kerb"),
    ("wheelchair=yes", ("highway=crossing wheelchair=no",), "yes"),
    ("", ("highway=bus_stop wheelchair=yes",), "?kerb"),
]


@pytest.mark.parametrize(("tags", "nodes", "expected"), CROSSINGS)
@pytest.mark.parametrize(
    "kind",
    ["footway footway=crossing", "path path=crossing", "cycleway cycleway=crossing"],
)
def test_crossings(kind: str, tags: str, nodes: tuple[str, ...], expected: str) -> None:
    assert way(f"highway={kind} surface=asphalt {tags}", nodes=nodes) == expected


def test_a_crossing_that_says_no_to_wheelchairs() -> None:
    crossing, nodes = "highway=footway footway=crossing surface=asphalt", (
        "highway=crossing wheelchair=no", LOW)  # fmt: skip
    assert way(crossing, ROLLATOR, nodes) == "?access"
    assert way(crossing, WHEELCHAIR, nodes) == "no:wheelchair=no"


def test_who_does_not_need_kerbs_at_crossings() -> None:
    assert way("highway=footway footway=crossing surface=asphalt", BARE) == "yes"
    raised = ("highway=crossing kerb=raised",)
    assert way("highway=footway footway=crossing", BARE, raised) == "no:kerb=raised"


def test_the_ground_of_a_crossing_counts_as_well() -> None:
    assert way("highway=footway footway=crossing", nodes=(ROAD, LOW)) == "?surface"
    assert way("highway=footway footway=crossing") == "?surface+kerb"


FOOTWAYS: list[tuple[tuple[str, ...], str]] = [
    ((), "yes"),
    ((ROAD,), "yes"),
    ((LOW,), "yes"),
    ((HIGH,), "yes"),
    (("barrier=kerb",), "yes"),
    (("highway=crossing kerb=raised",), "?kerb"),
    (("highway=crossing kerb=lowered",), "yes"),
    (("highway=crossing wheelchair=no",), "yes"),
    (("highway=crossing wheelchair=yes",), "yes"),
]


@pytest.mark.parametrize(("nodes", "expected"), FOOTWAYS)
def test_a_footway_that_comes_to_a_road(nodes: tuple[str, ...], expected: str) -> None:
    assert way("highway=footway surface=asphalt", nodes=nodes) == expected


def test_a_crossing_answers_only_for_itself() -> None:
    assert way("highway=footway", nodes=("highway=crossing wheelchair=yes",)) == "?surface"
