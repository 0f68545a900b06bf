"""Ways and nodes with the same tags: what no rule reads, and where edges have to end."""

from __future__ import annotations

from typing import Any

import pytest

from geo._way_kinds import SAYS_NOTHING, way_kinds
from geo._wheels import is_judged
from geo.bicycle_access import ride
from geo.extract import Tags
from geo.foot_access import foot_access, foot_direction
from geo.step_free import NO, assess_node, assess_way
from tests.geo.drawings import tags
from tests.geo.travellers import BARE, FOOT, GOOD, WHEELCHAIR, WHEELS, both, straight


class Recorder(dict[str, str]):
    """Tags that remember what they were asked for."""

    asked: set[str]

    def get(self, key: str, default: Any = None) -> Any:
        self.asked.add(key)
        return super().get(key, default)

    def __getitem__(self, key: str) -> str:
        self.asked.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)


KINDS = [
    GOOD, BARE, "highway=steps", "highway=residential sidewalk=both", "highway=path sac_scale=T1",
    "highway=residential cycleway:right=track oneway=yes", "highway=service access=private",
    "highway=track tracktype=grade3", "highway=footway footway=crossing", "railway=platform",
    "highway=pedestrian area=yes", "highway=cycleway foot=no", "highway=elevator",
    "highway=primary sidewalk:left=yes sidewalk:left:surface=asphalt", "route=ferry foot=yes",
]  # fmt: skip


def test_no_rule_reads_the_keys_that_are_said_to_say_nothing() -> None:
    Recorder.asked = set()
    for text in KINDS:
        one = Recorder(tags(text))
        foot_access(one), foot_direction(one), ride(one)
        for profile in WHEELS:
            assert profile.limits is not None
            assess_way(one, [Recorder(tags("kerb=lowered"))], profile.limits)
            assess_node(one, profile.limits)
    assert {"highway", "surface", "access", "kerb"} <= Recorder.asked
    assert not Recorder.asked & SAYS_NOTHING


def test_ways_that_say_the_same_are_of_one_kind() -> None:
    texts = (
        "highway=path name=A", "highway=path name=B ref=7", "highway=path",
        "highway=path surface=sand", "highway=footway", "surface=sand highway=path",
    )  # fmt: skip
    ways: list[Tags] = [tags(text) for text in texts]
    kinds = way_kinds(ways)
    assert kinds.of_way.tolist() == [0, 0, 0, 1, 2, 1]
    assert kinds.tags[kinds.nothing] == {}
    assert kinds.on_foot.tolist() == [True, True, True, False]


@pytest.mark.parametrize(
    "node",
    ["kerb=raised", "barrier=kerb kerb=raised", "kerb:height=0.2", "kerb:left=raised",
     "entrance=yes step_count=3", "highway=elevator wheelchair=no", "door=yes wheelchair=no",
     "railway=level_crossing wheelchair=no"],
)  # fmt: skip
def test_edges_end_at_every_node_that_may_be_closed(node: str) -> None:
    limits = WHEELCHAIR.limits
    assert limits is not None
    assert assess_node(tags(node), limits).state == NO
    assert is_judged(tags(node)) or "barrier" in tags(node)
    town = straight({"hBCx": GOOD}, WHEELCHAIR, nodes={"C": node})
    assert town.edges() == [("Cx", 40), ("hC", 80)]
    assert both(town) == (None, None)


@pytest.mark.parametrize("node", ["highway=bus_stop", "highway=traffic_signals", "name=Platz"])
def test_edges_do_not_end_at_nodes_that_everybody_passes(node: str) -> None:
    assert straight({"hBCx": GOOD}, FOOT, nodes={"C": node}).edges() == [("hx", 120)]
