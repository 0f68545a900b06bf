"""Roads on wheels: sidewalks as tags of the road, side by side, and the carriageway."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geo.step_free import assess_way
from tests.geo.verdict_words import BARE, ROLLATOR, WHEELCHAIR, tags_of, way

LOW = "sidewalk:both:kerb=lowered"

ROADS = [
    # nothing known of sidewalks
    ("residential surface=asphalt", "?sidewalk"),
    ("residential", "?surface+sidewalk"),
    ("residential surface=sett", "?smoothness+sidewalk"),
    ("residential surface=asphalt maxspeed=30", "?sidewalk"),
    ("primary surface=asphalt", "?sidewalk"),
    ("unclassified surface=asphalt", "?sidewalk"),
    ("road surface=asphalt", "?sidewalk"),
    ("residential surface=asphalt sidewalk=whatever", "?sidewalk"),
    # however bad the carriageway is, there may be a sidewalk
    ("residential surface=sett smoothness=bad", "?sidewalk"),
    ("residential surface=ground", "?sidewalk"),
    # shared with cars by their kind
    ("living_street surface=asphalt", "yes"),
    ("service surface=asphalt", "yes"),
    ("service", "?surface"),
    ("service surface=ground", "no:surface=ground"),
    ("service surface=asphalt width=0.7", "no:width=0.7"),
    ("living_street surface=asphalt sidewalk=both", "yes"),
    ("service surface=asphalt sidewalk=separate", "yes"),
    ("service surface=ground sidewalk=right", "?surface+kerb"),
    # no sidewalk: the carriageway with its own ground, where it is calm
    ("residential sidewalk=no surface=asphalt maxspeed=30", "yes"),
    ("residential sidewalk=none surface=asphalt maxspeed=30", "yes"),
    ("residential sidewalk:both=no surface=asphalt maxspeed=30", "yes"),
    ("residential sidewalk:left=no sidewalk:right=no surface=asphalt maxspeed=30", "yes"),
    ("residential sidewalk=no surface=asphalt maxspeed=31", "?sidewalk"),
    ("residential sidewalk=no surface=asphalt maxspeed=7", "yes"),
    ("residential sidewalk=no surface=asphalt maxspeed=walk", "yes"),
    ("residential sidewalk=no surface=asphalt maxspeed=DE:zone30", "yes"),
    ("residential sidewalk=no surface=asphalt maxspeed=DE:urban", "?sidewalk"),
    ("residential sidewalk=no surface=asphalt maxspeed=30_mph", "?sidewalk"),
    ("residential sidewalk=no surface=asphalt maxspeed=³", "?sidewalk"),
    ("residential sidewalk=no surface=asphalt", "?sidewalk"),
    ("residential sidewalk=no surface=asphalt bicycle_road=yes", "yes"),
    ("residential sidewalk=no maxspeed=30", "?surface"),
    ("residential sidewalk=no maxspeed=30 surface=ground", "no:surface=ground"),
    ("tertiary sidewalk=no maxspeed=50 surface=ground", "no:surface=ground"),
    ("residential sidewalk=no surface=asphalt maxspeed=30 width=0.5", "yes"),
    # sidewalks drawn as ways of their own: the carriageway at best possible
    ("residential sidewalk=separate surface=asphalt", "?sidewalk"),
    ("residential sidewalk:both=separate surface=asphalt maxspeed=30", "?sidewalk"),
    ("residential sidewalk:both=separate", "?sidewalk"),
    ("residential sidewalk=separate surface=sett", "?sidewalk"),
    ("residential sidewalk=separate surface=ground", "no:surface=ground"),
    ("residential sidewalk=separate wheelchair=yes surface=asphalt", "?sidewalk"),
    ("residential sidewalk:left=separate sidewalk:right=no surface=asphalt", "?sidewalk"),
    # a sidewalk as tags: its own ground and kerbs count, not the carriageway's
    ("residential sidewalk=both surface=asphalt", "?surface+kerb"),
    ("residential sidewalk=yes surface=asphalt", "?surface+kerb"),
    ("residential sidewalk=left", "?surface+kerb"),
    ("residential sidewalk=right", "?surface+kerb"),
    ("residential sidewalk=left;right", "?surface+kerb"),
    ("residential footway=both", "?surface+kerb"),
    ("residential footway=none surface=asphalt maxspeed=20", "yes"),
    ("residential sidewalk:left=yes", "?surface+kerb"),
    ("residential sidewalk:right=raised", "?surface+kerb"),
    ("residential sidewalk=both sidewalk:both:surface=asphalt", "?kerb"),
    (f"residential sidewalk=both sidewalk:both:surface=asphalt {LOW}", "yes"),
    (f"residential sidewalk=both sidewalk:surface=asphalt {LOW}", "yes"),
    (f"residential sidewalk=both footway:surface=asphalt {LOW}", "yes"),
    (f"residential sidewalk=both sidewalk:both:smoothness=good {LOW}", "yes"),
    (f"residential sidewalk=both footway:smoothness=good {LOW}", "yes"),
    (f"residential sidewalk=both sidewalk:both:surface=sett {LOW}", "?smoothness"),
    (f"residential sidewalk:both:surface=asphalt {LOW}", "yes"),
    (f"residential sidewalk:left:surface=asphalt {LOW}", "yes"),
    (f"residential sidewalk:right:smoothness=good {LOW}", "yes"),
    (f"residential sidewalk=no sidewalk:left:surface=asphalt surface=asphalt {LOW}",
     "?sidewalk"),
    (f"residential sidewalk=right sidewalk:right=separate sidewalk:right:surface=asphalt {LOW}",
     "?sidewalk"),
    # only low kerbs answer for the side streets
    ("residential sidewalk=left sidewalk:left:surface=asphalt kerb:left=lowered", "yes"),
    ("residential sidewalk=left sidewalk:left:surface=asphalt kerb:left=flush", "yes"),
    ("residential sidewalk=left sidewalk:left:surface=asphalt kerb:both=flush", "yes"),
    ("residential sidewalk=left sidewalk:left:surface=asphalt kerb=flush", "yes"),
    ("residential sidewalk=left sidewalk:left:surface=asphalt kerb:right=flush", "?kerb"),
    ("residential sidewalk=left sidewalk:left:surface=asphalt kerb:left=raised", "?kerb"),
    ("residential sidewalk=right sidewalk:right:surface=asphalt kerb:right=flush", "yes"),
    # the better side counts
    (f"residential sidewalk=both sidewalk:left:surface=asphalt sidewalk:right:surface=grass {LOW}",
     "yes"),
    (f"residential sidewalk=both sidewalk:left:surface=grass sidewalk:right:surface=asphalt {LOW}",
     "yes"),
    (f"residential sidewalk=both sidewalk:left:surface=sett sidewalk:right:surface=asphalt {LOW}",
     "yes"),
    (f"residential sidewalk=left sidewalk:left:surface=sett sidewalk:right:surface=asphalt {LOW}",
     "?smoothness"),
    ("residential sidewalk=both sidewalk:left:surface=asphalt", "?kerb"),
    ("residential sidewalk=both sidewalk:right:surface=asphalt", "?kerb"),
    # the special key before the general one
    (f"residential sidewalk=left sidewalk:left:surface=asphalt sidewalk:both:surface=grass {LOW}",
     "yes"),
    (f"residential sidewalk=left sidewalk:both:surface=asphalt sidewalk:surface=grass {LOW}",
     "yes"),
    (f"residential sidewalk:both=yes sidewalk:left=no sidewalk:right:surface=asphalt {LOW}",
     "yes"),
    # a sidewalk that is closed: the carriageway beside it is possible at best
    ("residential sidewalk=both sidewalk:both:surface=grass surface=asphalt", "?sidewalk"),
    ("residential sidewalk=both sidewalk:both:surface=grass surface=ground",
     "no:surface=grass"),
    (f"residential sidewalk=left sidewalk:left:surface=asphalt sidewalk:left:width=70_cm {LOW}",
     "?sidewalk"),
    (f"residential sidewalk=left sidewalk:left:surface=asphalt sidewalk:left:width=80_cm {LOW}",
     "yes"),
    (f"residential sidewalk=left sidewalk:left:surface=asphalt sidewalk:left:est_width=0.7 {LOW}",
     "?width"),
    # a word on wheelchairs, for the side before the road
    ("residential sidewalk=left sidewalk:left:wheelchair=yes", "yes"),
    ("residential sidewalk=left wheelchair=yes", "yes"),
    ("residential sidewalk=left wheelchair=yes sidewalk:left:wheelchair=limited",
     "?surface+kerb+access"),
    ("residential surface=asphalt wheelchair=yes", "yes"),
    ("primary sidewalk=no surface=asphalt wheelchair=yes", "yes"),
]  # fmt: skip


@pytest.mark.parametrize(("tags", "expected"), ROADS)
def test_roads(tags: str, expected: str) -> None:
    assert way(f"highway={tags}") == expected


CLASSES = [
    "motorway",
    "motorway_link",
    "trunk",
    "trunk_link",
    "primary",
    "primary_link",
    "secondary",
    "secondary_link",
    "tertiary",
    "tertiary_link",
    "unclassified",
    "residential",
    "road",
    "busway",
]


@pytest.mark.parametrize("highway", CLASSES)
def test_every_class_of_road_asks_for_sidewalks(highway: str) -> None:
    assert way(f"highway={highway} surface=asphalt") == "?sidewalk"
    assert way(f"highway={highway} surface=asphalt sidewalk=both") == "?surface+kerb"


LIMITS = [("DE:zone30", "yes"), ("DE:zone:30", "yes"), ("DE:walk", "yes"), ("walk", "yes"),
          ("DE:living_street", "yes"), ("DE:rural", "?sidewalk"), ("none", "?sidewalk"),
          ("30", "yes"), ("30.5", "?sidewalk")]  # fmt: skip


@pytest.mark.parametrize(("limit", "expected"), LIMITS)
def test_where_cars_are_slow_enough(limit: str, expected: str) -> None:
    road = f"highway=residential sidewalk=no surface=asphalt maxspeed={limit}"
    assert way(road) == expected


KINDS = [("yes", "?surface+kerb"), ("raised", "?surface+kerb"), ("ground", "?surface+kerb"),
         ("lane", "?surface+kerb"), ("separate", "?sidewalk"), ("no", "yes"), ("none", "yes"),
         ("huh", "yes")]  # fmt: skip


@pytest.mark.parametrize(("kind", "expected"), KINDS)
@pytest.mark.parametrize("side", ["left", "right"])
def test_kinds_of_sides(side: str, kind: str, expected: str) -> None:
    road = "highway=residential sidewalk=no surface=asphalt maxspeed=30"
    assert way(f"{road} sidewalk:{side}={kind}") == expected


def test_an_unknown_word_for_both_sides_leaves_them_open() -> None:
    road = "highway=residential sidewalk=no surface=asphalt maxspeed=30"
    assert way(f"{road} sidewalk:both=huh") == "?sidewalk"


def test_who_does_not_need_kerbs() -> None:
    road = "highway=residential sidewalk=both sidewalk:both:surface=asphalt"
    assert way(road, replace(ROLLATOR, needs=("surface",))) == "yes"
    assert way("highway=residential sidewalk=both", BARE) == "yes"
    assert way("highway=residential", BARE) == "?sidewalk"
    assert way("highway=residential sidewalk=separate", BARE) == "?sidewalk"


def test_the_kerbs_of_a_wheelchair() -> None:
    road = "highway=residential sidewalk=both sidewalk:both:surface=asphalt incline=0"
    assert way(f"{road} sidewalk:both:kerb=lowered", WHEELCHAIR) == "yes"
    strict = replace(WHEELCHAIR, max_kerb_cm=2.9)
    assert way(f"{road} sidewalk:both:kerb=lowered", strict) == "?kerb"
    assert way(f"{road} sidewalk:both:kerb=flush", strict) == "yes"


def test_the_incline_of_a_side_before_that_of_the_road() -> None:
    road = f"highway=residential sidewalk=left sidewalk:left:surface=asphalt {LOW} incline=8%"
    assert assess_way(tags_of(road), [], WHEELCHAIR).incline_percent == 8
    flat = f"{road} sidewalk:left:incline=2%"
    assert assess_way(tags_of(flat), [], WHEELCHAIR).incline_percent == 2


def test_the_quicker_of_two_equal_sides_counts_then_the_left_one() -> None:
    road = f"highway=residential sidewalk=both surface=asphalt {LOW}"
    rough, smooth = "smoothness=intermediate", "smoothness=good"
    for left, right in ((rough, smooth), (smooth, rough)):
        tags = tags_of(f"{road} sidewalk:left:{left} sidewalk:right:{right}")
        assert assess_way(tags, [], ROLLATOR).factor == 1.0
    tags = tags_of(
        f"{road} sidewalk:both:surface=asphalt sidewalk:left:incline=1% sidewalk:right:incline=2%"
    )
    assert assess_way(tags, [], ROLLATOR).incline_percent == 1
