"""Who may walk where: every row of a table of tags, beside two well-known engines.

``foot_access_table.csv`` holds combinations of tags on ways and nodes, our answer, and that of
OSRM 6.0 (profile ``foot``) and Valhalla 3.9 (costing ``pedestrian``, without a country's own
rules): read from their published rules and confirmed by letting both route over a file that
draws every row. Where they differ from us the last column says why.

Answers for ways and nodes: ``yes``, ``no``, ``private`` (ours: who belongs there) and ``ends``
(Valhalla: marked as no thoroughfare); for directions ``both``, ``forward``, ``backward``.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

import pytest

from geo._traffic_signs import german_signs
from geo.foot_access import Access, foot_access, foot_direction, node_passable


class Row(NamedTuple):
    kind: str
    tags: str
    ours: str
    osrm: str
    valhalla: str
    reason: str

    def read(self) -> dict[str, str]:
        """Return the tags; ``+`` stands between them."""
        return dict(pair.split("=", 1) for pair in self.tags.split(" + ") if pair)

    def differs(self) -> bool:
        return not (agrees(self.ours, self.osrm) and agrees(self.ours, self.valhalla))


def agrees(ours: str, engine: str) -> bool:
    """Whether an engine answers as we do; no thoroughfare is open to walkers, and to us."""
    return ours == engine or (engine == "ends" and ours in {"yes", "private"})


def read_table() -> list[Row]:
    path = Path(__file__).with_name("foot_access_table.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = [Row(**row) for row in csv.DictReader(file)]
    assert rows
    return rows


TABLE = read_table()
DIRECTIONS = {"both": 0, "forward": 1, "backward": -1}


def of_kind(kind: str) -> list[Row]:
    return [row for row in TABLE if row.kind == kind]


def test_the_table_is_long_enough_and_names_every_combination_once() -> None:
    assert len(of_kind("way")) >= 200
    assert len(of_kind("node")) >= 80
    assert len(of_kind("direction")) >= 20
    assert len({(row.kind, row.tags) for row in TABLE}) == len(TABLE)
    assert sum(len(of_kind(kind)) for kind in ("way", "node", "direction")) == len(TABLE)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.kind}: {row.tags}")
def test_every_difference_to_an_engine_has_its_reason_and_only_differences(row: Row) -> None:
    answers = set(DIRECTIONS) if row.kind == "direction" else {"yes", "no", "private"}
    assert row.ours in answers
    assert {row.osrm, row.valhalla} <= answers | {"ends", "forward", "backward"}
    assert bool(row.reason) == row.differs(), row


def test_the_shares_of_agreement_are_those_in_the_docs() -> None:
    """A change that parts us from an engine has to be noticed."""
    rules = {
        "wie OSRM": lambda row: agrees(row.ours, row.osrm),
        "wie Valhalla": lambda row: agrees(row.ours, row.valhalla),
        "wie mindestens eines": lambda row: (
            agrees(row.ours, row.osrm) or agrees(row.ours, row.valhalla)
        ),
        "OSRM und Valhalla einig": lambda row: agrees(row.osrm, row.valhalla),
    }
    groups = [of_kind("way"), of_kind("direction"), of_kind("node"), TABLE]
    text = (Path(__file__).parents[2] / "docs" / "zugang.md").read_text(encoding="utf-8")
    assert f"{len(TABLE)} Fälle" in text
    for name, rule in rules.items():
        shares = [100 * sum(map(rule, rows)) / len(rows) for rows in groups]
        cells = " | ".join(f"{share:.1f} %".replace(".", ",") for share in shares)
        assert f"| {name} | {cells} |" in text


@pytest.mark.parametrize("row", of_kind("way"), ids=lambda row: row.tags)
def test_foot_access(row: Row) -> None:
    assert foot_access(row.read()) is Access(row.ours), row.reason


@pytest.mark.parametrize("row", of_kind("direction"), ids=lambda row: row.tags)
def test_foot_direction(row: Row) -> None:
    assert foot_direction(row.read()) == DIRECTIONS[row.ours], row.reason


@pytest.mark.parametrize("row", of_kind("node"), ids=lambda row: row.tags)
def test_node_passable(row: Row) -> None:
    assert node_passable(row.read()) is Access(row.ours), row.reason


def test_foot_decides_before_access_for_every_kind_of_way() -> None:
    for row in of_kind("way"):
        tags = row.read()
        if row.ours == "no" and foot_access({**tags, "foot": "yes"}) is Access.NO:
            continue  # not there at all: no permission helps
        assert foot_access({**tags, "foot": "yes", "access": "no"}) is Access.YES, row
        if "foot:conditional=yes" not in row.tags and "foot:conditional=des" not in row.tags:
            assert foot_access({**tags, "foot": "no", "access": "yes"}) is Access.NO, row


@pytest.mark.parametrize("key", ["abandoned", "disused", "razed", "demolished", "removed",
                                 "dismantled", "destroyed", "impassable"])  # fmt: skip
def test_what_is_gone_is_closed_by_every_word_for_it(key: str) -> None:
    assert foot_access({"highway": "footway", key: "yes"}) is Access.NO
    assert foot_access({"highway": "footway", key: "no"}) is Access.YES
    assert foot_access({"highway": key, "foot": "yes"}) is (
        Access.YES if key == "impassable" else Access.NO
    )


@pytest.mark.parametrize("value", ["yes", "designated", "permissive", "official", "public",
                                   "allowed"])  # fmt: skip
def test_every_word_of_leave_counts_at_certain_hours(value: str) -> None:
    tags = {"highway": "footway", "access": "no", "foot:conditional": f"{value} @ (Sa,Su)"}
    assert foot_access(tags) is Access.YES
    assert foot_access({"highway": "bridleway", "foot": value}) is Access.YES


@pytest.mark.parametrize("value", ["private", "delivery", "agricultural", "forestry", "permit",
                                   "residents", "resident", "members", "employees", "employee",
                                   "staff"])  # fmt: skip
def test_words_for_who_belongs_there(value: str) -> None:
    assert foot_access({"highway": "service", "access": value}) is Access.PRIVATE
    assert node_passable({"barrier": "gate", "foot": value}) is Access.PRIVATE
    # leave for some is not the leave that a road closed by law needs
    assert foot_access({"highway": "motorway", "foot": value}) is Access.NO


@pytest.mark.parametrize("value", ["no", "none", "use_sidepath", "never", "prohibited",
                                   "restricted", "military", "emergency", "psv", "bus",
                                   "taxi", "tram", "train"])  # fmt: skip
def test_words_for_closed(value: str) -> None:
    assert foot_access({"highway": "service", "access": value}) is Access.NO
    assert foot_access({"highway": "service", "access": f"yes; {value.upper()}"}) is Access.NO


@pytest.mark.parametrize(
    "condition",
    [
        "Mo-Fr 8:00-18:00",
        "08:00-20:00",
        "sunrise-sunset",
        "Apr-Oct",
        "24/7",
        "PH off",
        "dawn-dusk",
    ],
)
def test_conditions_that_are_hours(condition: str) -> None:
    tags = {"barrier": "gate", "access": "private", "access:conditional": f"yes @ ({condition})"}
    assert node_passable(tags) is Access.YES


@pytest.mark.parametrize("rule", ["yes", "yes @ (wet)", "yes @ (month)", "no @ (08:00-20:00)",
                                  "@ (08:00-20:00)", "delivery @ (06:00-10:00)"])  # fmt: skip
def test_conditions_that_promise_nothing(rule: str) -> None:
    tags = {"highway": "footway", "access": "no", "access:conditional": rule}
    assert foot_access(tags) is Access.NO


def test_of_several_conditions_one_that_opens_is_enough() -> None:
    tags = {"highway": "footway", "foot": "no",
            "foot:conditional": "no @ (snow); permissive @ (Mo-Fr 07:00-19:00)"}  # fmt: skip
    assert foot_access(tags) is Access.YES
    assert foot_access(tags | {"foot:conditional": "no @ (snow); no @ (Mo-Fr)"}) is Access.NO


def test_a_trunk_road_is_open_on_either_side_s_pavement_only() -> None:
    for key in ("sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right"):
        assert foot_access({"highway": "trunk_link", key: "yes"}) is Access.YES
        assert foot_access({"highway": "trunk", key: "no"}) is Access.NO
        assert foot_access({"highway": "motorway_link", key: "yes"}) is Access.NO
        assert foot_access({"highway": "trunk", key: "yes", "motorroad": "yes"}) is Access.NO
    for side in ("left", "right"):
        assert foot_access({"highway": "trunk", "sidewalk": side}) is Access.YES


@pytest.mark.parametrize("word", ["audible", "audio"])
def test_fences_that_only_animals_hear(word: str) -> None:
    assert node_passable({"barrier": "fence", "sensory": word}) is Access.YES
    assert node_passable({"barrier": "fence", "sensory": "visual"}) is Access.NO


@pytest.mark.parametrize(
    "kind",
    ["construction", "proposed", "planned", "abandoned", "disused", "razed", "demolished",
     "removed", "dismantled", "destroyed", "no", "raceway", "via_ferrata", "bus_stop",
     "rest_area", "services", "escape", "emergency_bay", "bus_guideway"],
)  # fmt: skip
def test_kinds_that_no_leave_opens(kind: str) -> None:
    assert foot_access({"highway": kind, "foot": "yes"}) is Access.NO


def test_sign_237_closes_cycleways_alone() -> None:
    for both in ("239", "240", "241"):
        tags = {"highway": "cycleway", "traffic_sign": f"DE:237,{both}"}
        assert foot_access(tags) is Access.YES
    sign = {"traffic_sign": "DE:237"}
    assert foot_access({"highway": "cycleway"} | sign) is Access.NO
    assert foot_access({"highway": "path"} | sign) is Access.YES
    assert foot_access({"highway": "cycleway", "access": "private"} | sign) is Access.NO
    assert foot_access({"highway": "cycleway", "access": "private"}) is Access.PRIVATE


def test_directions_that_say_nothing() -> None:
    assert foot_direction({}) == 0
    assert foot_direction({"oneway:foot": "reverse"}) == -1
    assert foot_direction({"foot:oneway": "yes"}) == 1
    assert foot_direction({"oneway:foot": "alternating", "conveying": "forward"}) == 0
    assert foot_direction({"foot:forward": "no", "foot:backward": "no"}) == 0
    assert foot_direction({"foot:forward": "private", "foot:backward": "no"}) == 1
    assert foot_direction({"conveying": "yes", "oneway": "true"}) == 1
    assert foot_direction({"conveying": "no", "oneway": "yes"}) == 0
    assert foot_direction({"conveying": "backward", "oneway": "yes"}) == -1


@pytest.mark.parametrize(
    ("value", "signs"),
    [
        ("", set()),
        ("DE:240", {"240"}),
        ("de:240", {"240"}),
        ("DE:241-30", {"241"}),
        ("DE:242.1", {"242"}),
        ("DE:239,1022-10", {"239", "1022-10"}),
        ("DE:239;DE:1022-10", {"239", "1022-10"}),
        ("DE:250,DE:1020-30", {"250", "1020-30"}),
        ("DE:1012", {"1012"}),
        ("DE:274[30]", {"274"}),
        ("DE:12345", set()),
        ("AT:52.8", set()),
        ("240", set()),
        ("hazard", set()),
    ],
)
def test_german_signs(value: str, signs: set[str]) -> None:
    assert german_signs(value) == signs
