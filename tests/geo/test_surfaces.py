"""What rolls on which ground: surface, smoothness and tracktype."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geo.step_free import assess_way
from tests.geo.verdict_words import BARE, ROLLATOR, tags_of, way

GROUND = [
    # even ground is confirmed by its surface alone
    ("surface=asphalt", "yes"),
    ("surface=concrete", "yes"),
    ("surface=concrete:plates", "yes"),
    ("surface=paving_stones", "yes"),
    ("surface=wood", "yes"),
    ("surface=metal", "yes"),
    ("surface=cobblestone:flattened", "yes"),
    # ground that may be laid well or badly
    ("surface=paved", "?smoothness"),
    ("surface=unpaved", "?smoothness"),
    ("surface=sett", "?smoothness"),
    ("surface=cobblestone", "?smoothness"),
    ("surface=compacted", "?smoothness"),
    ("surface=fine_gravel", "?smoothness"),
    ("surface=gravel", "?smoothness"),
    ("surface=pebblestone", "?smoothness"),
    ("surface=grass_paver", "?smoothness"),
    # soft ground
    ("surface=earth", "no:surface=earth"),
    ("surface=dirt", "no:surface=dirt"),
    ("surface=ground", "no:surface=ground"),
    ("surface=grass", "no:surface=grass"),
    ("surface=woodchips", "no:surface=woodchips"),
    ("surface=unhewn_cobblestone", "no:surface=unhewn_cobblestone"),
    ("surface=mud", "no:surface=mud"),
    ("surface=sand", "no:surface=sand"),
    ("surface=ice", "no:surface=ice"),
    # nothing known, or a word nobody knows
    ("", "?surface"),
    ("surface=moonrock", "?surface"),
    ("surface=yes", "?surface"),
    # the worst of several counts
    ("surface=asphalt;gravel", "?smoothness"),
    ("surface=asphalt;grass", "no:surface=asphalt;grass"),
    ("surface=asphalt;concrete", "yes"),
    ("surface=asphalt;moonrock", "?surface"),
    ("surface=moonrock;grass", "no:surface=moonrock;grass"),
    ("surface=moonrock;gravel", "?surface"),
    ("surface=;", "?surface"),
    # smoothness is the word of somebody who was there
    ("smoothness=excellent", "yes"),
    ("smoothness=good", "yes"),
    ("smoothness=intermediate", "yes"),
    ("smoothness=bad", "no:smoothness=bad"),
    ("smoothness=very_bad", "no:smoothness=very_bad"),
    ("smoothness=horrible", "no:smoothness=horrible"),
    ("smoothness=very_horrible", "no:smoothness=very_horrible"),
    ("smoothness=impassable", "no:smoothness=impassable"),
    ("smoothness=r", "?surface"),
    ("smoothness=good;bad", "no:smoothness=bad"),
    ("smoothness=good;intermediate", "yes"),
    ("smoothness=good;r", "?surface"),
    ("smoothness=;", "?surface"),
    ("surface=asphalt smoothness=bad", "no:smoothness=bad"),
    ("surface=sett smoothness=intermediate", "yes"),
    ("surface=sett smoothness=bad", "no:smoothness=bad"),
    ("surface=grass smoothness=good", "yes"),
    ("surface=grass smoothness=bad", "no:smoothness=bad"),
    ("surface=sand smoothness=good", "no:surface=sand"),
    ("surface=moonrock smoothness=good", "yes"),
    # tracktype where the surface does not tell
    ("tracktype=grade1", "yes"),
    ("tracktype=grade2", "?smoothness"),
    ("tracktype=grade3", "?smoothness"),
    ("tracktype=grade4", "no:tracktype=grade4"),
    ("tracktype=grade5", "no:tracktype=grade5"),
    ("tracktype=grade9", "?surface"),
    ("tracktype=grade1;grade3", "?smoothness"),
    ("tracktype=grade3;grade5", "no:tracktype=grade3;grade5"),
    ("tracktype=grade1;x", "?surface"),
    ("surface=asphalt tracktype=grade5", "yes"),
    ("surface=compacted tracktype=grade1", "?smoothness"),
    ("surface=gravel tracktype=grade4", "no:tracktype=grade4"),
    ("surface=grass tracktype=grade1", "no:surface=grass"),
    ("tracktype=grade4 smoothness=good", "yes"),
    ("tracktype=grade5 smoothness=good", "yes"),
    # beside a cycleway the footway's own ground counts
    ("surface=gravel footway:surface=asphalt", "yes"),
    ("surface=asphalt footway:surface=grass", "no:footway:surface"),
    ("smoothness=bad footway:smoothness=good", "yes"),
]  # fmt: skip


@pytest.mark.parametrize(("tags", "expected"), GROUND)
@pytest.mark.parametrize("highway", ["footway", "pedestrian", "cycleway"])
def test_ground(highway: str, tags: str, expected: str) -> None:
    expected = expected.replace("footway:surface", "surface=grass")
    assert way(f"highway={highway} {tags}") == expected


EVEN = [
    "asphalt",
    "chipseal",
    "concrete",
    "concrete:plates",
    "concrete:lanes",
    "concrete_plates",
    "paving_stones",
    "paving_stones:20",
    "paving_stones:30",
    "paving_stones:50",
    "paving_stone",
    "paving_stones:lanes",
    "bricks",
    "brick",
    "tiles",
    "tile",
    "granite",
    "metal",
    "wood",
    "rubber",
    "tartan",
    "acrylic",
    "plastic",
    "carpet",
    "linoleum",
    "glass",
    "cobblestone:flattened",
]
UNEVEN = [
    "paved",
    "unpaved",
    "sett",
    "cobblestone",
    "compacted",
    "fine_gravel",
    "gravel",
    "pebblestone",
    "grass_paver",
    "metal_grid",
    "stone",
    "crushed_limestone",
    "shells",
    "artificial_turf",
]
SOFT = [
    "earth",
    "dirt",
    "ground",
    "soil",
    "grass",
    "woodchips",
    "clay",
    "unhewn_cobblestone",
    "bark",
    "bark_mulch",
    "mulch",
    "leaves",
    "tree_roots",
    "rocky",
]
HOPELESS = [
    "mud",
    "sand",
    "snow",
    "ice",
    "salt",
    "rock",
    "rocks",
    "stepping_stones",
    "water",
    "boulders",
]


@pytest.mark.parametrize("surface", [*EVEN, *UNEVEN, *SOFT, *HOPELESS])
def test_every_surface(surface: str) -> None:
    alone = way(f"highway=footway surface={surface}")
    smooth = way(f"highway=footway surface={surface} smoothness=good")
    if surface in EVEN:
        assert (alone, smooth) == ("yes", "yes")
    elif surface in UNEVEN:
        assert (alone, smooth) == ("?smoothness", "yes")
    elif surface in SOFT:
        assert (alone, smooth) == (f"no:surface={surface}", "yes")
    else:
        assert (alone, smooth) == (f"no:surface={surface}",) * 2


@pytest.mark.parametrize("highway", ["path", "track", "bridleway"])
def test_paths_are_a_question_for_everybody(highway: str) -> None:
    assert way(f"highway={highway}", BARE) == "?surface"
    assert way(f"highway={highway} surface=asphalt", BARE) == "yes"
    assert way(f"highway={highway} smoothness=good", BARE) == "yes"
    assert way(f"highway={highway} surface=sett", BARE) == "yes"
    assert way(f"highway={highway} surface=grass", BARE) == "no:surface=grass"
    assert way("highway=footway", BARE) == "yes"
    assert way("highway=footway surface=sett", BARE) == "yes"


def test_who_needs_the_smoothness_gets_no_even_ground_for_nothing() -> None:
    limits = replace(ROLLATOR, needs=("smoothness",))
    assert way("highway=footway surface=asphalt", limits) == "?smoothness"
    assert way("highway=footway", limits) == "?smoothness"
    assert way("highway=path", limits) == "?surface+smoothness"
    assert way("highway=footway smoothness=good", limits) == "yes"


@pytest.mark.parametrize(
    ("worst", "passed"), [("good", 2), ("intermediate", 3), ("bad", 4), ("very_horrible", 7)]
)
def test_the_worst_smoothness_is_a_setting(worst: str, passed: int) -> None:
    values = ["excellent", "good", "intermediate", "bad", "very_bad", "horrible",
              "very_horrible", "impassable"]  # fmt: skip
    limits = replace(ROLLATOR, worst_smoothness=worst)
    found = [way(f"highway=footway smoothness={value}", limits) for value in values]
    assert found == ["yes"] * passed + [f"no:smoothness={value}" for value in values[passed:]]


FACTORS = [
    ("surface=asphalt", 1.0),
    ("surface=sett", 1.3),
    ("surface=compacted", 1.3),
    ("tracktype=grade2", 1.3),
    ("tracktype=grade1", 1.0),
    ("", 1.0),
    ("surface=asphalt smoothness=intermediate", 1.3),
    ("surface=asphalt smoothness=good", 1.0),
    ("surface=sett smoothness=good", 1.0),
    ("smoothness=excellent", 1.0),
]


@pytest.mark.parametrize(("tags", "factor"), FACTORS)
def test_what_slows(tags: str, factor: float) -> None:
    assert assess_way(tags_of(f"highway=footway {tags}"), [], ROLLATOR).factor == factor
