"""What holds of verdicts whatever the tags are."""

from __future__ import annotations

import os
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from geo.profiles import Limits
from geo.step_free import CONFIRMED, FACTS, NO, POSSIBLE, Verdict, assess_node, assess_way
from tests.geo.verdict_words import ROLLATOR, WHEELCHAIR

EXAMPLES = 3000 if os.environ.get("TEST_ALL") else 300
OFTEN = settings(max_examples=EXAMPLES, deadline=None)

Tags = dict[str, str]

HIGHWAYS = [
    "footway", "path", "track", "pedestrian", "cycleway", "residential", "primary", "service",
    "living_street", "unclassified", "corridor", "platform", "elevator",
]  # fmt: skip

# Values that are good, or tell nothing: no mixture of these may close a way.
HARMLESS: dict[str, list[str]] = {
    "surface": ["asphalt", "paving_stones", "paved", "sett", "gravel", "compacted", "huh"],
    "smoothness": ["excellent", "good", "intermediate", "r"],
    "tracktype": ["grade1", "grade2", "grade3", "huh"],
    "width": ["2", "1,5 m", "90 cm", "narrow"],
    "est_width": ["2", "0.5"],
    "incline": ["0%", "up", "2 %", "huh"],
    "kerb": ["flush", "lowered", "rolled", "yes", "no"],
    "kerb:height": ["0.02", "3 cm", "low"],
    "kerb:left": ["lowered", "rolled"],
    "footway": ["crossing", "sidewalk", "link", "both", "none"],
    "sidewalk": ["both", "left", "right", "no", "separate", "huh"],
    "sidewalk:left": ["yes", "no", "separate"],
    "sidewalk:both:surface": ["asphalt", "sett", "huh"],
    "sidewalk:left:surface": ["paving_stones", "gravel"],
    "sidewalk:right:width": ["1.2", "huh"],
    "sidewalk:both:kerb": ["lowered", "raised", "huh"],
    "footway:surface": ["asphalt", "compacted"],
    "wheelchair": ["yes", "designated", "limited", "unknown"],
    "maxspeed": ["30", "50", "walk", "DE:zone30"],
    "sac_scale": ["hiking"],
    "mtb:scale": ["0"],
    "ford": ["yes", "no"],
    "indoor": ["yes"],
    "bicycle_road": ["yes"],
}  # fmt: skip
BAD: dict[str, list[str]] = {
    "highway": ["steps", "via_ferrata"],
    "surface": ["grass", "sand", "mud", "asphalt;grass"],
    "smoothness": ["bad", "horrible", "good;bad"],
    "tracktype": ["grade4", "grade5"],
    "width": ["0.5", "0.85", "70 cm"],
    "kerb": ["raised", "regular"],
    "kerb:height": ["5 cm", "0.12"],
    "sidewalk:both:surface": ["grass"],
    "wheelchair": ["no"],
    "sac_scale": ["mountain_hiking"],
    "mtb:scale": ["2"],
    "ford": ["stepping_stones"],
    "ramp": ["yes", "stroller"],
    "ramp:wheelchair": ["yes", "no"],
    "step_count": ["1"],
    "step:height": ["0.05"],
    "barrier": ["stile", "gate", "step"],
}  # fmt: skip
NODES: dict[str, list[str]] = {
    "highway": ["crossing", "bus_stop", "elevator"],
    "barrier": ["kerb", "bollard", "gate", "cycle_barrier", "kissing_gate", "step", "huh"],
    "kerb": ["flush", "lowered", "raised", "rolled"],
    "kerb:height": ["2 cm", "5 cm", "12 cm", "huh"],
    "kerb:left": ["raised", "flush"],
    "maxwidth:physical": ["0.7", "0.85", "1.5", "huh"],
    "width": ["0.7", "1"],
    "entrance": ["yes"],
    "door": ["no", "revolving", "hinged"],
    "automatic_door": ["yes", "no"],
    "step_count": ["0", "2"],
    "railway": ["level_crossing"],
    "wheelchair": ["yes", "limited", "no"],
}  # fmt: skip
GOOD = {
    "surface": "asphalt",
    "smoothness": "good",
    "width": "3",
    "kerb": "flush",
    "kerb:height": "0",
    "incline": "0%",
    "wheelchair": "yes",
    "tracktype": "grade1",
}


def mixed(values: dict[str, list[str]], highways: list[str]) -> st.SearchStrategy[Tags]:
    """Draw a few tags of each kind."""
    some = {key: st.sampled_from(of) for key, of in values.items()}
    drawn = st.fixed_dictionaries({"highway": st.sampled_from(highways)}, optional=some)
    kept = st.lists(st.sampled_from(sorted(values)), max_size=12)
    return st.tuples(drawn, kept).map(
        lambda pair: {
            key: value for key, value in pair[0].items() if key == "highway" or key in pair[1]
        }
    )


ANY = {key: [*HARMLESS.get(key, []), *BAD.get(key, [])] for key in [*HARMLESS, *BAD]}
ANY.pop("highway")
WAYS = mixed(ANY, [*HIGHWAYS, "steps", "via_ferrata"])
ENDS = st.lists(
    st.fixed_dictionaries({}, optional={key: st.sampled_from(of) for key, of in NODES.items()}),
    max_size=2,
)
SMOOTH = ["good", "intermediate", "bad", "horrible"]
LIMITS = st.builds(
    Limits,
    easy_incline_percent=st.just(3.0),
    max_incline_percent=st.just(6.0),
    incline_factor=st.just(1.5),
    max_kerb_cm=st.sampled_from([0.0, 2.0, 3.0, 6.0, 15.0]),
    min_width_m=st.sampled_from([0.6, 0.8, 0.9, 1.2]),
    worst_smoothness=st.sampled_from(SMOOTH),
    rough_factor=st.just(1.3),
    needs=st.sets(st.sampled_from(FACTS)).map(lambda found: tuple(sorted(found))),
    wheelchair_no_closes=st.booleans(),
)


STANDS = {"barrier", "kerb", "kerb:height", "kerb:left", "entrance", "door", "automatic_door"}


def is_sound(verdict: Verdict) -> None:
    assert verdict.state in {NO, POSSIBLE, CONFIRMED}
    assert (verdict.missing != 0) == (verdict.state == POSSIBLE)
    assert 0 <= verdict.missing < 1 << len(FACTS)
    assert (verdict.reason != "") == (verdict.state == NO)
    assert verdict.factor in {1.0, 1.3}
    assert verdict.incline_percent is None or verdict.incline_percent >= 0
    assert not (verdict.asks_incline and verdict.incline_percent is not None)


@OFTEN
@given(WAYS, ENDS, LIMITS)
def test_verdicts_are_sound(tags: Tags, nodes: list[Tags], limits: Limits) -> None:
    is_sound(assess_way(tags, nodes, limits))
    is_sound(assess_way(tags, nodes[::-1], limits))
    assert assess_way(tags, nodes, limits).state == assess_way(tags, nodes[::-1], limits).state
    for node in nodes:
        found = assess_node(node, limits)
        is_sound(found)
        assert found.factor == 1.0
        assert not found.asks_incline


@OFTEN
@given(mixed(HARMLESS, HIGHWAYS), LIMITS)
def test_what_is_not_known_never_closes_a_way(tags: Tags, limits: Limits) -> None:
    limits = replace(
        limits,
        worst_smoothness="intermediate",
        min_width_m=min(limits.min_width_m, 0.9),
        max_kerb_cm=max(limits.max_kerb_cm, 3.0),
    )
    assert assess_way(tags, [], limits).state != NO
    for key in tags:
        if key != "highway":
            fewer = {one: value for one, value in tags.items() if one != key}
            assert assess_way(fewer, [], limits).state != NO


@OFTEN
@given(WAYS, ENDS, st.sampled_from(sorted(GOOD)), LIMITS)
def test_a_good_tag_never_lowers_a_verdict(
    tags: Tags, nodes: list[Tags], key: str, limits: Limits
) -> None:
    before = assess_way(tags, nodes, limits)
    after = assess_way({**tags, key: GOOD[key]}, nodes, limits)
    assert after.state >= before.state
    assert after.asks_incline <= before.asks_incline or key == "incline"


@OFTEN
@given(ENDS, st.sampled_from(["wheelchair", "kerb:height", "maxwidth:physical"]), LIMITS)
def test_a_good_tag_never_lowers_a_node(nodes: list[Tags], key: str, limits: Limits) -> None:
    good = {"wheelchair": "yes", "kerb:height": "0", "maxwidth:physical": "3"}
    for tags in nodes:
        if key == "kerb:height" and not STANDS.intersection(tags):
            # It makes a kerb of what was none, and then ``wheelchair`` speaks of the kerb.
            continue
        before = assess_node(tags, limits)
        assert assess_node({**tags, key: good[key]}, limits).state >= before.state


@OFTEN
@given(WAYS, ENDS, LIMITS, LIMITS)
def test_laxer_limits_never_lower_a_verdict(
    tags: Tags, nodes: list[Tags], one: Limits, other: Limits
) -> None:
    laxer = replace(
        one,
        max_kerb_cm=max(one.max_kerb_cm, other.max_kerb_cm),
        min_width_m=min(one.min_width_m, other.min_width_m),
        worst_smoothness=max(one.worst_smoothness, other.worst_smoothness, key=SMOOTH.index),
        needs=tuple(fact for fact in one.needs if fact in other.needs),
        wheelchair_no_closes=one.wheelchair_no_closes and other.wheelchair_no_closes,
    )
    strict, lax = assess_way(tags, nodes, one), assess_way(tags, nodes, laxer)
    assert lax.state >= strict.state
    assert lax.asks_incline <= strict.asks_incline or lax.state > strict.state
    for node in nodes:
        assert assess_node(node, laxer).state >= assess_node(node, one).state


NEEDED = [
    ({"highway": "footway", "surface": "asphalt"}, "surface"),
    ({"highway": "footway", "smoothness": "good"}, "smoothness"),
    ({"highway": "track", "tracktype": "grade1"}, "tracktype"),
    ({"highway": "footway", "footway": "crossing", "surface": "asphalt", "kerb": "flush"}, "kerb"),
    ({"highway": "steps", "ramp": "yes", "wheelchair": "yes"}, "wheelchair"),
    ({"highway": "residential", "sidewalk": "no", "surface": "asphalt", "maxspeed": "30"},
     "sidewalk"),
    ({"highway": "residential", "sidewalk": "no", "surface": "asphalt", "maxspeed": "30"},
     "maxspeed"),
    ({"highway": "residential", "wheelchair": "yes"}, "wheelchair"),
]  # fmt: skip


def test_without_a_needed_tag_a_confirmed_way_is_possible() -> None:
    for tags, key in NEEDED:
        assert assess_way(tags, [], ROLLATOR).state == CONFIRMED, tags
        fewer = {one: value for one, value in tags.items() if one != key}
        assert assess_way(fewer, [], ROLLATOR).state == POSSIBLE, (tags, key)


READ = sorted({*ANY, *NODES, "highway", "maxwidth", "opening", "spacing", "height", "route",
               "sidewalk:left:incline", "conveying", "path", "cycleway"})  # fmt: skip


@OFTEN
@given(
    st.dictionaries(st.sampled_from(READ), st.text(max_size=12), max_size=8),
    st.sampled_from([ROLLATOR, WHEELCHAIR]),
)
def test_any_text_is_read_without_fail(tags: Tags, limits: Limits) -> None:
    is_sound(assess_way(tags, [tags], limits))
    is_sound(assess_node(tags, limits))


NUMBERS = st.tuples(
    st.sampled_from(["", "-", "~", "<", ">", "±", "1:"]),
    st.text(alphabet="0123456789.,", max_size=8),
    st.sampled_from(["", " m", "cm", "%", " %", "°", "'", '"', "-2", ";3", "/4", " ft", "mm"]),
).map("".join)


@OFTEN
@given(
    st.fixed_dictionaries(
        {"highway": st.just("footway")},
        optional=dict.fromkeys(("width", "incline", "kerb:height", "est_width"), NUMBERS),
    )
)
def test_any_number_is_read_without_fail(tags: Tags) -> None:
    is_sound(assess_way(tags, [{"barrier": "kerb", **tags}], WHEELCHAIR))
    is_sound(
        assess_node({**tags, "barrier": "step", "step:height": tags.get("width", "")}, WHEELCHAIR)
    )
