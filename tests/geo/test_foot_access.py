"""Who may walk where, as a table of tags.

Rows marked "OSRM" follow the routability rows of OSRM's foot profile; rows marked "differs"
differ from it on purpose and say why.
"""

from __future__ import annotations

import pytest

from geo.foot_access import Access, foot_access, foot_direction, node_passable

YES, PRIVATE, NO = Access.YES, Access.PRIVATE, Access.NO

WAYS = [
    # kinds of way
    ("highway=footway", YES, "OSRM"),
    ("highway=pedestrian", YES, "OSRM"),
    ("highway=path", YES, "OSRM"),
    ("highway=steps", YES, "OSRM; slower by the profile"),
    ("highway=track", YES, "OSRM; field and forest tracks are open to walkers"),
    ("highway=living_street", YES, "OSRM"),
    ("highway=residential", YES, "OSRM"),
    ("highway=service", YES, "OSRM; drives and car park aisles"),
    ("highway=service service=driveway", YES, "OSRM; only a tag makes it private"),
    ("highway=unclassified", YES, "OSRM"),
    ("highway=tertiary", YES, "OSRM"),
    ("highway=secondary_link", YES, "OSRM"),
    ("highway=primary", YES, "OSRM; § 25 StVO: along the edge where there is no pavement"),
    ("highway=road", YES, "OSRM; kind unknown, so nothing forbids it"),
    ("highway=corridor", YES, "a passage inside a building"),
    ("highway=elevator", YES, "a lift drawn as a way"),
    ("highway=platform", YES, "people wait and walk there"),
    ("highway=pier", YES, "OSRM"),
    ("railway=platform", YES, "OSRM"),
    ("public_transport=platform", YES, "a platform without a highway key"),
    ("man_made=pier", YES, "OSRM"),
    ("highway=cycleway", YES, "differs: often a shared way in fact, as GraphHopper and Valhalla"),
    ("highway=cycleway foot=no", NO, "said by name"),
    ("highway=cycleway foot=designated segregated=yes", YES, "said by name"),
    ("highway=bridleway", NO, "OSRM; sign 238 is for riders alone"),
    ("highway=bridleway foot=yes", YES, "said by name"),
    ("highway=busway", NO, "for buses alone"),
    ("highway=busway foot=yes", YES, "said by name"),
    ("highway=motorway", NO, "OSRM"),
    ("highway=motorway_link", NO, "OSRM"),
    ("highway=trunk", NO, "OSRM; a Kraftfahrstraße as a rule"),
    ("highway=trunk foot=yes", YES, "OSRM"),
    ("highway=motorway foot=yes", YES, "OSRM"),
    ("highway=motorway access=yes", NO, "differs: access=yes there speaks of vehicles"),
    ("highway=motorway access=private foot=yes", YES, "OSRM"),
    ("highway=motorway motor_vehicle=yes", NO, "OSRM"),
    ("highway=primary motorroad=yes", NO, "§ 18 StVO"),
    ("highway=primary motorroad=yes foot=designated", YES, "said by name"),
    ("highway=primary motorroad=no", YES, "OSRM"),
    ("highway=surprise", NO, "OSRM; a kind nobody knows"),
    ("highway=surprise foot=yes", YES, "a kind nobody knows, allowed by name"),
    ("highway=via_ferrata", NO, "needs hands and rope"),
    ("highway=path sac_scale=mountain_hiking", YES, "steep, but walked"),
    ("highway=path sac_scale=alpine_hiking", NO, "differs: T4 needs the hands"),
    ("highway=rest_area", NO, "an area beside the motorway, no way"),
    # not there
    ("highway=construction", NO, "not there yet"),
    ("highway=construction foot=yes", NO, "still not there for our residents"),
    ("highway=proposed", NO, "a plan"),
    ("highway=abandoned", NO, "gone"),
    ("highway=residential construction=yes", NO, "closed for works"),
    ("highway=residential construction=minor", YES, "works on a way in use"),
    ("highway=footway disused=yes", NO, "lifecycle"),
    ("highway=track abandoned=yes", NO, "lifecycle"),
    ("highway=track impassable=yes", NO, "OSRM"),
    ("abandoned:highway=footway", NO, "the key itself is past"),
    ("proposed:highway=footway", NO, "the key itself is future"),
    # not ways at all
    ("", NO, "nothing said"),
    ("waterway=river boat=yes", NO, "OSRM"),
    ("railway=rail", NO, "OSRM"),
    ("route=ferry foot=yes", NO, "differs: its time is a timetable's, not a walker's"),
    ("amenity=parking", NO, "differs: the outline of a car park is no way; its aisles are"),
    ("leisure=track", NO, "differs: a running track belongs to the sports ground"),
    ("area:highway=footway", NO, "the surface of a way that is drawn by itself"),
    ("indoor=corridor", NO, "the outline of a room; walkable ones bear highway=corridor"),
    ("highway=footway indoor=yes", YES, "a way inside a building"),
    ("highway=pedestrian area=yes", YES, "a square; crossed by sight lines"),
    # access and foot
    ("highway=footway access=yes", YES, "OSRM"),
    ("highway=footway access=no", NO, "OSRM"),
    ("highway=footway access=no foot=yes", YES, "OSRM; foot before access"),
    ("highway=footway access=yes foot=no", NO, "OSRM; foot before access"),
    ("highway=footway foot=no", NO, "OSRM"),
    ("highway=residential access=permissive", YES, "OSRM"),
    ("highway=residential access=permissive foot=no", NO, "OSRM"),
    ("highway=service access=customers", YES, "people on their way to the place are customers"),
    ("highway=service access=destination", YES, "OSRM; to the door is allowed"),
    ("highway=service foot=customers access=no", YES, "foot before access"),
    ("highway=service access=private", PRIVATE, "OSRM closes it; ours on the own grounds"),
    ("highway=footway foot=private", PRIVATE, "the same, said of walkers"),
    ("highway=service access=private foot=yes", YES, "OSRM; osmnx and OTP get this wrong"),
    ("highway=service access=private foot=permissive", YES, "OSRM"),
    ("highway=primary foot=private", PRIVATE, "OSRM closes it"),
    ("highway=service access=delivery", PRIVATE, "OSRM closes it; the kitchen's drive"),
    ("highway=service access=permit", PRIVATE, "for who has been given leave"),
    ("highway=service access=residents", PRIVATE, "for who lives there"),
    ("highway=track access=agricultural", PRIVATE, "OSRM closes it"),
    ("highway=track access=forestry", PRIVATE, "OSRM closes it"),
    ("highway=track access=forestry foot=permissive", YES, "OSRM"),
    ("highway=track motor_vehicle=agricultural", YES, "says nothing of walkers"),
    ("highway=track vehicle=no", YES, "says nothing of walkers"),
    ("highway=residential foot=use_sidepath", NO, "OSRM; the pavement is drawn beside it"),
    ("highway=residential sidewalk=separate", YES, "pavements are rarely drawn completely"),
    ("highway=residential sidewalk=no", YES, "along the edge"),
    ("highway=footway foot=discouraged", YES, "OSRM; advice, no ban"),
    ("highway=footway access=some_tag", YES, "OSRM"),
    ("highway=footway foot=some_tag", YES, "OSRM"),
    ("highway=footway access=unknown", YES, "unknown is not no"),
    ("highway=bridleway foot=unknown", NO, "unknown is no permission either"),
    ("highway=footway access=military", NO, "a closed area"),
    ("highway=service access=emergency", NO, "for the fire brigade"),
    ("highway=footway bicycle=no", YES, "OSRM; another means of transport"),
    ("highway=footway access=private;customers", PRIVATE, "of several the strictest"),
    ("highway=footway access=yes;no", NO, "of several the strictest"),
    ("highway=footway access=No", NO, "written large"),
    # by hours, like gates by hours
    ("highway=footway access=no foot:conditional=yes_@_(08:00-20:00)", YES, "open by day"),
    ("highway=footway access=private access:conditional=yes_@_(Mo-Fr)", YES, "open on weekdays"),
    ("highway=footway foot:conditional=no_@_(22:00-06:00)", YES, "closed at night only"),
    ("highway=footway access=no foot:conditional=yes_@_(snow)", NO, "no hours, no promise"),
    ("highway=footway access=no foot:conditional=no_@_(Sa)", NO, "a ban by hours opens nothing"),
]

DIRECTIONS = [
    ("highway=residential oneway=yes", 0, "OSRM; for vehicles"),
    ("highway=footway oneway=-1", 0, "OSRM; for vehicles"),
    ("highway=residential junction=roundabout", 0, "OSRM"),
    ("highway=footway oneway:foot=yes", 1, "OSRM"),
    ("highway=footway oneway:foot=-1", -1, "OSRM"),
    ("highway=footway oneway=yes oneway:foot=no", 0, "OSRM"),
    ("highway=steps conveying=forward", 1, "an escalator"),
    ("highway=steps conveying=backward", -1, "an escalator"),
    ("highway=steps conveying=reversible", 0, "either way at times"),
    ("highway=steps conveying=forward oneway:foot=no", 0, "said by name"),
]

NODES = [
    ("", YES, "OSRM"),
    ("highway=crossing", YES, "OSRM"),
    ("barrier=gate", YES, "OSRM; a gate is there to be opened"),
    ("barrier=lift_gate", YES, "OSRM"),
    ("barrier=bollard", YES, "OSRM"),
    ("barrier=block", YES, "OSRM; people walk round it"),
    ("barrier=cycle_barrier", YES, "OSRM"),
    ("barrier=kissing_gate", YES, "made for walkers"),
    ("barrier=stile", YES, "climbed over; not step-free"),
    ("barrier=turnstile", YES, "OSRM"),
    ("barrier=kerb", YES, "OSRM"),
    ("barrier=cattle_grid", YES, "OSRM"),
    ("barrier=entrance", YES, "OSRM; a gap in a wall"),
    ("barrier=some_tag", YES, "OSRM"),
    ("barrier=wall", NO, "OSRM"),
    ("barrier=fence", NO, "OSRM"),
    ("barrier=wall access=yes", YES, "OSRM"),
    ("barrier=debris", NO, "the way is blocked"),
    ("barrier=gate locked=yes", NO, "differs: OSRM ignores locks"),
    ("barrier=gate locked=no", YES, "said by name"),
    ("barrier=gate locked=yes foot=yes", YES, "locked for cars"),
    ("barrier=gate locked=yes access=yes", NO, "of use to who has the key"),
    ("barrier=gate access=no", NO, "OSRM"),
    ("barrier=gate access=no foot=yes", YES, "OSRM"),
    ("barrier=gate access=private", PRIVATE, "OSRM closes it; ours at the own grounds"),
    ("barrier=gate access=private foot=designated", YES, "OSRM"),
    ("barrier=gate access=customers", YES, "OSRM"),
    ("barrier=gate opening_hours=Mo-Fr_08:00-18:00", YES, "passes by hours"),
    ("barrier=gate access=no foot:conditional=yes_@_(07:00-19:00)", YES, "passes by hours"),
    ("barrier=bollard access=agricultural", PRIVATE, "OSRM closes it"),
    ("access=no", NO, "OSRM; without a barrier too"),
    ("foot=no", NO, "OSRM"),
    ("access=yes foot=private", PRIVATE, "OSRM closes it"),
    ("access=some_tag", YES, "OSRM"),
    ("motor_vehicle=no", YES, "another means of transport"),
]


def tags(text: str) -> dict[str, str]:
    """Read ``key=value key=value``; ``_`` stands for a space within a condition."""
    pairs = (pair.split("=", 1) for pair in text.split())
    return {
        key: value.replace("_", " ") if "conditional" in key or "hours" in key else value
        for key, value in pairs
    }


def test_the_tables_are_long_enough_and_say_why() -> None:
    rows = WAYS + DIRECTIONS + NODES
    assert len(WAYS) >= 80
    assert all(reason for _, _, reason in rows)
    for table in (WAYS, DIRECTIONS, NODES):
        assert len({text for text, _, _ in table}) == len(table)


@pytest.mark.parametrize(("text", "expected", "reason"), WAYS)
def test_foot_access(text: str, expected: Access, reason: str) -> None:
    assert foot_access(tags(text)) is expected, reason


@pytest.mark.parametrize(("text", "expected", "reason"), DIRECTIONS)
def test_foot_direction(text: str, expected: int, reason: str) -> None:
    assert foot_direction(tags(text)) == expected, reason


@pytest.mark.parametrize(("text", "expected", "reason"), NODES)
def test_node_passable(text: str, expected: Access, reason: str) -> None:
    assert node_passable(tags(text)) is expected, reason


def test_foot_decides_before_access_for_every_kind_of_way() -> None:
    for text, verdict, _ in WAYS:
        if verdict is NO and foot_access({**tags(text), "foot": "yes"}) is NO:
            continue  # not there at all: no permission helps
        assert foot_access({**tags(text), "foot": "yes", "access": "no"}) is YES, text
        if "foot:conditional=yes" not in text:
            assert foot_access({**tags(text), "foot": "no", "access": "yes"}) is NO, text
