"""Who may ride where, as a table of tags with a source for every row.

``Wiki`` is the OSM wiki (Key:bicycle, Key:cycleway, Key:oneway:bicycle, the table of default
restrictions for Germany), ``OSRM`` the published behaviour tests of its bicycle profile,
numbers of signs those of the StVO's annexes.
"""

from __future__ import annotations

import pytest

from geo.bicycle_access import Ride, ride
from geo.foot_access import Access, foot_access

ANSWERS = {"r": Ride.RIDE, "p": Ride.PUSH, "-": Ride.NO}

# Tags, forward and backward (r: ride, p: push, -: not at all), source.
TABLE = [
    # kinds of way
    ("highway=residential", "rr", "Wiki, OSRM"),
    ("highway=living_street", "rr", "sign 325.1: at walking pace, but ridden"),
    ("highway=unclassified", "rr", "Wiki, OSRM"),
    ("highway=service", "rr", "Wiki, OSRM"),
    ("highway=service service=parking_aisle", "rr", "Wiki"),
    ("highway=road", "rr", "Wiki; the kind is not known, so nothing forbids it"),
    ("highway=track", "rr", "Wiki: field and forest tracks; § 14 BWaldG, riding on ways"),
    ("highway=track tracktype=grade4", "rr", "slower, but allowed"),
    ("highway=tertiary_link", "rr", "Wiki, OSRM"),
    ("highway=primary", "rr", "§ 2 Abs. 1 StVO: vehicles use the road"),
    ("highway=path", "rr", "Wiki: path, bicycle yes"),
    ("highway=cycleway", "rr", "sign 237"),
    ("highway=cycleway foot=no", "rr", "sign 237"),
    ("highway=footway", "pp", "sign 239; OSRM pushes"),
    ("highway=pedestrian", "pp", "sign 242.1; OSRM pushes"),
    ("highway=footway footway=sidewalk", "pp", "§ 2 Abs. 1 StVO: vehicles use the road"),
    ("highway=footway footway=crossing", "pp", "§ 26 StVO: only on foot one has the right of way"),
    ("highway=corridor", "pp", "a passage in a building"),
    ("highway=platform", "pp", "OSRM: platforms are pushed along"),
    ("railway=platform", "pp", "OSRM: platforms are pushed along"),
    ("highway=pier", "pp", "OSRM: piers are pushed along"),
    ("man_made=pier", "pp", "OSRM: piers are pushed along"),
    ("highway=steps", "pp", "OSRM: carried or pushed"),
    ("highway=steps ramp:bicycle=yes", "pp", "the ramp is for pushing"),
    ("highway=steps bicycle=yes", "pp", "nobody rides on steps, whatever is allowed"),
    ("highway=steps bicycle=no", "pp", "forbids riding; a pedestrian carries it"),
    ("highway=steps foot=no", "--", "nobody walks there"),
    ("highway=steps conveying=forward", "--", "no bicycles on escalators"),
    ("highway=footway conveying=yes", "--", "nor on moving walkways"),
    ("highway=steps conveying=no", "pp", "no escalator"),
    ("highway=elevator", "pp", "taken along in the lift"),
    ("highway=elevator bicycle=yes", "pp", "taken along in the lift"),
    ("highway=bridleway", "--", "sign 238: for riders on horseback alone"),
    ("highway=bridleway bicycle=yes", "rr", "OSRM: allowed by name"),
    ("highway=bridleway foot=yes", "pp", "walkers are allowed by name"),
    ("highway=busway", "--", "for buses alone"),
    ("highway=busway bicycle=yes", "rr", "sign 245 with 1022-10"),
    ("highway=motorway", "--", "§ 18 Abs. 1 StVO"),
    ("highway=motorway_link", "--", "§ 18 Abs. 1 StVO"),
    ("highway=motorway access=yes", "--", "speaks of motor vehicles"),
    ("highway=trunk", "--", "Wiki, Germany: trunk, bicycle no"),
    ("highway=trunk vehicle=yes", "--", "speaks of motor vehicles"),
    ("highway=trunk bicycle=yes", "rr", "allowed by name"),
    ("highway=trunk motorroad=no", "rr", "§ 18 StVO does not apply"),
    ("highway=trunk_link motorroad=no", "rr", "§ 18 StVO does not apply"),
    ("highway=trunk motorroad=yes", "--", "§ 18 Abs. 1 StVO"),
    ("highway=trunk cycleway:right=track", "rr", "a track is drawn as part of the road"),
    ("highway=trunk sidewalk=both", "pp", "people walk on the pavement"),
    ("highway=primary motorroad=yes", "--", "§ 18 Abs. 1 StVO"),
    ("highway=primary motorroad=yes foot=yes", "pp", "walkers are allowed by name"),
    ("highway=primary motorroad=yes bicycle=yes", "rr", "allowed by name"),
    ("highway=surprise", "--", "a kind nobody knows"),
    ("highway=surprise foot=yes", "pp", "a kind nobody knows, walked by leave"),
    ("route=ferry bicycle=yes", "--", "its time is a timetable's"),
    ("building=yes bicycle=yes", "--", "no way"),
    ("", "--", "nothing said"),
    # not there
    ("highway=construction bicycle=yes", "--", "not there yet; OSRM"),
    ("highway=proposed", "--", "a plan; OSRM"),
    ("highway=residential construction=yes", "--", "closed for works; OSRM"),
    ("highway=residential construction=minor", "rr", "works on a way in use; OSRM"),
    ("highway=track disused=yes bicycle=yes", "--", "not usable any more"),
    ("highway=track impassable=yes", "--", "OSRM"),
    # bicycle=*
    ("highway=footway bicycle=yes", "rr", "sign 239 with 1022-10"),
    ("highway=footway bicycle=designated", "rr", "sign 240"),
    ("highway=footway bicycle=permissive", "rr", "Wiki"),
    ("highway=footway bicycle=official", "rr", "Wiki, older word for designated"),
    ("highway=footway bicycle=private", "pp", "not for everybody, walking is"),
    ("highway=footway bicycle=unknown", "pp", "unknown is no leave"),
    ("highway=pedestrian bicycle=yes", "rr", "sign 242.1 with 1022-10"),
    ("highway=path bicycle=no", "pp", "sign 254; OSRM pushes"),
    ("highway=path bicycle=none", "pp", "the same, written otherwise"),
    ("highway=residential bicycle=no", "pp", "sign 254; § 25 Abs. 2 StVO: pushed"),
    ("highway=residential bicycle=no foot=no", "--", "nor walked"),
    ("highway=path bicycle=dismount", "pp", "additional sign 1012-32; OSRM"),
    ("highway=cycleway bicycle=dismount foot=no", "--", "not walked either"),
    ("highway=primary bicycle=use_sidepath", "pp", "§ 2 Abs. 4 StVO; OSRM closes, we push on"),
    ("highway=primary bicycle=use_sidepath cycleway:right=track", "rr", "the path is this track"),
    ("highway=primary cycleway:right=separate", "rr", "Wiki: only use_sidepath forbids the road"),
    ("highway=primary bicycle=optional_sidepath", "rr", "Wiki: the road is allowed as well"),
    ("highway=primary bicycle=discouraged", "rr", "advice, no ban"),
    ("highway=residential bicycle=destination", "rr", "people ride to the door"),
    ("highway=path foot=designated", "pp", "Wiki: a footway drawn as a path"),
    ("highway=path horse=designated", "pp", "Wiki: a bridleway drawn as a path"),
    ("highway=path foot=designated bicycle=designated", "rr", "sign 240"),
    ("highway=path foot=yes", "rr", "Wiki: no word against bicycles"),
    # vehicle=* and access=*
    ("highway=track vehicle=no", "pp", "sign 250; § 25 Abs. 2 StVO"),
    ("highway=track vehicle=no bicycle=yes", "rr", "sign 250 with 1022-10"),
    ("highway=track vehicle=agricultural", "pp", "sign 250 with 1026-36"),
    ("highway=track vehicle=forestry", "pp", "sign 250 with 1026-37"),
    ("highway=track motor_vehicle=agricultural", "rr", "sign 260 means motor vehicles alone"),
    ("highway=residential vehicle=destination", "rr", "sign 250 with 1020-30; OSRM"),
    ("highway=pedestrian vehicle=destination", "pp", "to the door by car says nothing of it"),
    ("highway=service vehicle=private", "pp", "open to walkers"),
    ("highway=service access=private", "rr", "foot access calls it private as well"),
    ("highway=service access=private foot=yes", "pp", "open to walkers alone"),
    ("highway=service access=private bicycle=yes", "rr", "said by name"),
    ("highway=service access=private vehicle=private foot=no", "--", "not for us"),
    (
        "highway=service access=private bicycle=dismount",
        "pp",
        "1012-32 on the own grounds as well",
    ),
    ("highway=service access=private bicycle=use_sidepath", "pp", "§ 2 Abs. 4 StVO there as well"),
    ("highway=cycleway foot=designated", "rr", "sign 240"),
    ("highway=path mtb:scale=0-", "rr", "S0: nothing in the way"),
    ("highway=path sac_scale=strolling", "rr", "T0"),
    ("highway=track access=forestry", "rr", "foot access calls it private as well"),
    ("highway=footway access=private", "pp", "walked on the own grounds"),
    ("highway=residential access=no", "--", "closed"),
    ("highway=residential access=no foot=yes", "pp", "open to walkers alone"),
    ("highway=residential access=no bicycle=yes", "rr", "OSRM: bicycle before access"),
    ("highway=residential access=no vehicle=yes", "rr", "OSRM: vehicle before access"),
    ("highway=residential vehicle=no access=yes", "pp", "OSRM: vehicle before access"),
    ("highway=service access=psv", "--", "for buses alone"),
    ("highway=residential access=customers", "rr", "people on their way are customers"),
    ("highway=residential foot=no", "rr", "says nothing of bicycles"),
    ("highway=footway access=yes", "pp", "says nothing of bicycles"),
    ("highway=pedestrian bicycle:conditional=yes_@_(18:00-10:00)", "pp", "by day one pushes"),
    # signs
    ("highway=footway traffic_sign=DE:239", "pp", "sign 239"),
    ("highway=footway traffic_sign=DE:239,1022-10", "rr", "Radverkehr frei"),
    ("highway=path traffic_sign=DE:239", "pp", "sign 239"),
    ("highway=path traffic_sign=DE:240", "rr", "sign 240"),
    ("highway=footway traffic_sign=DE:241-30", "rr", "sign 241"),
    ("highway=footway traffic_sign=DE:237", "rr", "sign 237"),
    ("highway=pedestrian traffic_sign=DE:242.1", "pp", "sign 242.1"),
    ("highway=pedestrian traffic_sign=DE:242.1,1022-10", "rr", "Radverkehr frei"),
    ("highway=track traffic_sign=DE:250", "pp", "sign 250"),
    ("highway=track traffic_sign=DE:250,1020-30", "rr", "Anlieger frei"),
    ("highway=track traffic_sign=DE:250,1026-36", "pp", "landwirtschaftlicher Verkehr frei"),
    ("highway=track traffic_sign=DE:260", "rr", "sign 260: motor vehicles alone"),
    ("highway=primary traffic_sign=DE:254", "pp", "sign 254"),
    ("highway=footway traffic_sign=DE:240,1012-32", "pp", "Radfahrer absteigen"),
    ("highway=footway traffic_sign=DE:239 bicycle=yes", "rr", "the tag is newer than the sign"),
    ("highway=footway traffic_sign=DE:239,1022-10 bicycle=no", "pp", "the tag decides"),
    ("highway=footway traffic_sign=AT:53.27", "pp", "a sign of another country"),
    ("highway=residential bicycle_road=yes vehicle=no", "rr", "sign 244.1"),
    ("highway=residential cyclestreet=yes vehicle=no", "rr", "sign 244.1"),
    ("highway=residential traffic_sign=DE:244.1", "rr", "sign 244.1"),
    # too rough
    ("highway=path smoothness=horrible", "pp", "Wiki, Key:smoothness: off-road vehicles"),
    ("highway=path smoothness=very_bad", "rr", "Wiki: trekking bicycles"),
    ("highway=path sac_scale=hiking", "rr", "T1"),
    ("highway=path sac_scale=mountain_hiking", "pp", "T2"),
    ("highway=path sac_scale=alpine_hiking bicycle=yes", "--", "needs the hands"),
    ("highway=path mtb:scale=1", "rr", "S1: loose, but ridden"),
    ("highway=path mtb:scale=2+", "pp", "S2: steps and roots"),
    # one-way
    ("highway=residential oneway=yes", "rp", "sign 220; pushed against it"),
    ("highway=residential oneway=1", "rp", "OSRM"),
    ("highway=residential oneway=-1", "pr", "OSRM"),
    ("highway=residential oneway=no", "rr", "OSRM"),
    ("highway=residential oneway=alternating", "rr", "by signals, both ways"),
    ("highway=residential oneway=yes foot=no", "r-", "nobody walks there"),
    ("highway=residential oneway=yes oneway:bicycle=no", "rr", "sign 220 with 1000-32; OSRM"),
    ("highway=residential oneway=-1 oneway:bicycle=no", "rr", "OSRM"),
    ("highway=residential oneway:bicycle=yes", "rp", "OSRM"),
    ("highway=residential oneway:bicycle=-1", "pr", "OSRM"),
    ("highway=residential oneway=yes oneway:bicycle=-1", "pr", "a lane against the street alone"),
    ("highway=residential oneway=yes cycleway=opposite", "rr", "Wiki, OSRM"),
    ("highway=residential oneway=yes cycleway=opposite_lane", "rr", "Wiki, OSRM"),
    ("highway=residential oneway=-1 cycleway:right=opposite_track", "rr", "OSRM"),
    ("highway=residential oneway=yes cycleway:left=opposite_lane", "rr", "Wiki, OSRM"),
    ("highway=residential oneway=yes cycleway=lane", "rp", "a lane along, none against; OSRM"),
    ("highway=residential oneway=yes cycleway:left=lane cycleway:left:oneway=-1", "rr", "Wiki"),
    ("highway=residential oneway=yes cycleway:right=track cycleway:right:oneway=no", "rr", "Wiki"),
    (
        "highway=residential oneway=yes cycleway:left=no cycleway:left:oneway=-1",
        "rp",
        "none there",
    ),
    ("highway=residential oneway=yes cycleway:left=lane cycleway:left:oneway=yes", "rp", "Wiki"),
    ("highway=residential oneway=yes bicycle:backward=yes", "rr", "Wiki"),
    ("highway=residential oneway=yes bicycle:backward=no cycleway=opposite", "rp", "said by name"),
    ("highway=residential oneway=-1 bicycle:forward=designated", "rr", "Wiki"),
    ("highway=residential bicycle:backward=no", "rp", "said by name"),
    ("highway=residential bicycle:forward=dismount", "pr", "said by name"),
    ("highway=residential bicycle:forward=use_sidepath", "pr", "the track is on the other side"),
    ("highway=residential vehicle:backward=no", "rp", "sign 267 at the other end"),
    ("highway=residential vehicle:forward=no", "pr", "sign 267 at this end"),
    ("highway=residential vehicle:backward=no bicycle=yes", "rr", "267 with 1022-10"),
    ("highway=residential vehicle:backward=destination", "rr", "no ban"),
    ("highway=footway bicycle:forward=yes", "rp", "one way of a shared path"),
    ("highway=cycleway oneway=yes", "rp", "OSRM; pushed against it"),
    ("highway=cycleway oneway=yes foot=no", "r-", "sign 237"),
    ("highway=residential junction=roundabout", "rp", "sign 215; Wiki: implies oneway"),
    ("highway=residential junction=circular", "rp", "Wiki: implies oneway; OSRM"),
    ("highway=residential junction=roundabout oneway=no", "rr", "OSRM"),
    ("highway=motorway bicycle=yes", "r-", "Wiki: a motorway implies oneway"),
    ("highway=motorway_link bicycle=yes", "rr", "Wiki: a slip road does not"),
    ("highway=footway bicycle=yes oneway=yes", "rp", "the direction binds bicycles"),
    ("highway=footway oneway:foot=yes", "p-", "pushed where one walks"),
    ("highway=footway oneway:foot=-1", "-p", "pushed where one walks"),
]


def read(text: str) -> dict[str, str]:
    """Read ``key=value key=value``; ``_`` stands for a space in conditions."""
    pairs = (pair.split("=", 1) for pair in text.split())
    return {k: v.replace("_", " ") if "conditional" in k else v for k, v in pairs}


def test_the_table_is_long_enough_and_names_its_sources() -> None:
    assert len(TABLE) >= 150
    assert len({text for text, _, _ in TABLE}) == len(TABLE)
    assert all(source for _, _, source in TABLE)


@pytest.mark.parametrize(("text", "expected", "source"), TABLE)
def test_ride(text: str, expected: str, source: str) -> None:
    forward, backward = ride(read(text))
    assert (forward, backward) == (ANSWERS[expected[0]], ANSWERS[expected[1]]), source


def test_pushing_is_walking() -> None:
    """Nobody pushes where walking is forbidden, and nobody is kept from pushing elsewhere."""
    for text, expected, _ in TABLE:
        tags = read(text)
        if "p" in expected:
            assert foot_access(tags) is not Access.NO, text
        closed = {**tags, "foot": "no"}
        assert Ride.PUSH not in ride(closed), text


def test_a_way_both_ways_open_on_foot_is_never_closed_to_bicycles() -> None:
    for text, expected, _ in TABLE:
        tags = read(text)
        one_way = {"conveying", "oneway:foot"} & set(tags)
        if foot_access(tags) is not Access.NO and not one_way:
            assert "-" not in expected, text


@pytest.mark.parametrize(
    "kind",
    ["primary", "primary_link", "secondary", "secondary_link", "tertiary", "tertiary_link",
     "unclassified", "residential", "living_street", "service", "road", "track", "path",
     "cycleway"],
)  # fmt: skip
def test_what_is_ridden_without_a_word(kind: str) -> None:
    assert ride({"highway": kind}) == (Ride.RIDE, Ride.RIDE)
    assert ride({"highway": kind, "bicycle": "no"}) == (Ride.PUSH, Ride.PUSH)
    assert ride({"highway": kind, "motorroad": "yes"}) == (Ride.NO, Ride.NO)


@pytest.mark.parametrize(
    "kind",
    ["footway", "pedestrian", "corridor", "platform", "pier", "bridleway", "busway", "trunk",
     "trunk_link", "motorway_link"],
)  # fmt: skip
def test_what_is_ridden_by_leave_alone(kind: str) -> None:
    assert Ride.RIDE not in ride({"highway": kind})
    assert Ride.RIDE not in ride({"highway": kind, "vehicle": "yes", "access": "yes"})
    assert ride({"highway": kind, "bicycle": "designated"}) == (Ride.RIDE, Ride.RIDE)


@pytest.mark.parametrize("side", ["cycleway", "cycleway:both", "cycleway:left", "cycleway:right"])
@pytest.mark.parametrize("kind", ["lane", "track", "shared_lane", "share_busway"])
def test_a_lane_on_any_side_lets_ride(side: str, kind: str) -> None:
    assert ride({"highway": "trunk", side: kind}) == (Ride.RIDE, Ride.RIDE)
    assert ride({"highway": "trunk", side: "separate"}) == (Ride.NO, Ride.NO)
    assert ride({"highway": "trunk", side: kind, "bicycle": "no"}) == (Ride.NO, Ride.NO)


@pytest.mark.parametrize("sign", ["237", "240", "241", "244"])
def test_signs_that_let_ride_on_a_footway(sign: str) -> None:
    assert ride({"highway": "footway", "traffic_sign": f"DE:{sign}"}) == (Ride.RIDE, Ride.RIDE)


@pytest.mark.parametrize("kind", ["opposite_lane", "opposite_track", "opposite_share_busway"])
def test_a_lane_against_the_street_is_a_lane(kind: str) -> None:
    assert ride({"highway": "trunk", "oneway": "yes", "cycleway": kind}) == (Ride.RIDE, Ride.RIDE)


@pytest.mark.parametrize(
    ("word", "expected"),
    [("yes", "rp"), ("1", "rp"), ("true", "rp"), ("-1", "pr"), ("reverse", "pr"), ("no", "rr"),
     ("0", "rr"), ("false", "rr")],
)  # fmt: skip
def test_every_word_for_a_direction(word: str, expected: str) -> None:
    answer = tuple(ANSWERS[one] for one in expected)
    assert ride({"highway": "residential", "oneway": word}) == answer
    against = {"oneway": "yes", "oneway:bicycle": word}
    assert ride({"highway": "residential"} | against) == answer


@pytest.mark.parametrize("word", ["horrible", "very_horrible", "impassable"])
def test_ways_too_rough_to_ride(word: str) -> None:
    assert ride({"highway": "track", "smoothness": word}) == (Ride.PUSH, Ride.PUSH)


def test_answers_are_words_for_tables() -> None:
    assert [str(one) for one in Ride] == ["ride", "push", "no"]
