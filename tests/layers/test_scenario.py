"""What would be if: by hand on a drawn town, and against computing everything anew."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.scenario_rebuild import differences, rebuild
from benchmarks.scenario_variants import Dice
from geo.errors import VariantError
from layers.access import NOT_REACHABLE, NOT_RECORDED, ONLY_ON_CAMPUS, REACHABLE
from layers.need_table import MET, NOT_MET
from layers.scenario import Baseline, answer, baseline_of
from layers.scenario_files import changes_frame, neighbours_frame
from layers.scenario_words import new_sentences, stories, tally
from layers.study import load_study
from layers.study_network import prepare
from tests.geo.drawings import RESIDENT
from tests.layers.scenario_towns import at, bare_street, street, variant

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "musterhausen"
MANY = bool(os.environ.get("TEST_ALL"))
OPEN = {"kind": "open_gate", "gate": "G"}
H, K, CAMPUS = 0, 1, 2


def cell(base: Baseline, origin: int, category: str) -> tuple[float | None, list[int], str]:
    """Return seconds to the nearest, counts by threshold, and the status."""
    column = base.categories.index(category)
    seconds = float(base.table.nearest_s[0, origin, column])
    return (
        None if np.isnan(seconds) else seconds,
        base.table.counts[0, origin, column].tolist(),
        str(base.table.status[0, origin, column]),
    )


def test_a_gate_is_opened() -> None:
    base = street("locked")
    assert base.origins["id"].tolist() == ["h", "k", "campus"]
    # Behind the locked gate nobody comes anywhere; the pharmacy is there all the same.
    assert cell(base, H, "pharmacy") == (None, [0, 0, 0], NOT_REACHABLE)
    assert base.house_reach[0, H].tolist() == [0, 0, 0]
    found = answer(base, variant(OPEN))
    # 150 m to the gate, 300 m on to x: 450 s, within 10 minutes.
    assert cell(found.after, H, "pharmacy") == (450.0, [0, 1, 1], REACHABLE)
    # From the gate 300 s: equal to 5 minutes is within them.
    assert cell(found.after, CAMPUS, "pharmacy") == (300.0, [1, 1, 1], REACHABLE)
    # k walks 900 m as before: within 15 minutes.
    assert cell(found.after, K, "pharmacy") == (900.0, [0, 0, 1], REACHABLE)
    assert found.changed[0].any(axis=1).tolist() == [True, False, True]
    # To h it is 750 m from a (30 people), 1,050 from b; to the gate 600 from a, 900 from b.
    assert found.after.house_reach[0, H].tolist() == [0, 0, 30]
    assert found.after.house_reach[0, CAMPUS].tolist() == [0, 30, 38]
    # The study asks for 8 minutes, 480 s.
    column = base.needs_asked.categories.index("pharmacy")
    assert base.needs["resident"][:, column].tolist() == [NOT_MET, NOT_MET]
    assert found.after.needs["resident"][:, column].tolist() == [MET, NOT_MET]
    # New areas for h and the grounds, three thresholds each; at k the fence is 1,200 m away.
    areas = found.changed_areas
    assert sorted(set(areas["house_id"])) == ["campus", "h"]


def test_a_cafe_is_added() -> None:
    base = street("open")
    assert cell(base, K, "cafe") == (None, [0, 0, 0], NOT_RECORDED)
    spot = {"kind": "add_place", "id": "c", "category": "cafe", **at(1190)}
    found = answer(base, variant(spot))
    # At 1,190 m: 310 m from k, 1,040 m from h.
    assert cell(found.after, K, "cafe") == (310.0, [0, 1, 1], REACHABLE)
    assert cell(found.after, H, "cafe") == (1040.0, [0, 0, 0], REACHABLE)
    (reach,) = found.after.new_reach
    # 10 m from b (8), 290 m from a (30).
    assert reach.neighbours[0].tolist() == [38, 38, 38]
    assert [round(one / 1000) for one in reach.resident_ms[0].tolist()] == [1040, 310, 890]
    # Nothing else changes, and no network was built.
    assert found.after.net is base.net
    assert found.changed.sum() == 3
    assert len(found.changed_areas) == 0
    assert found.after.needs["resident"].shape == base.needs["resident"].shape


def test_what_stands_on_the_grounds_is_told_apart() -> None:
    base = street("open")
    spot = {"kind": "add_place", "category": "cafe", **at(200)}
    found = answer(base, variant(spot))
    assert cell(found.after, H, "cafe") == (None, [0, 0, 0], ONLY_ON_CAMPUS)
    assert found.after.new_reach[0].on_campus == "campus"


def test_a_place_moves_and_goes() -> None:
    base = street("open")
    moved = answer(base, variant({"kind": "move_place", "place": "x", **at(1400)}))
    # 100 m from k instead of 900, 1,250 m from h instead of 450.
    assert cell(moved.after, K, "pharmacy") == (100.0, [1, 1, 1], REACHABLE)
    assert cell(moved.after, H, "pharmacy") == (1250.0, [0, 0, 0], REACHABLE)
    gone = answer(moved.after, variant({"kind": "remove_place", "id": "weg", "place": "x"}))
    assert cell(gone.after, K, "pharmacy") == (None, [0, 0, 0], NOT_RECORDED)


def test_a_path_shortens_the_way() -> None:
    base = street("open")
    assert cell(base, H, "pharmacy")[0] == 450.0
    # From h to the gate and on it is straight already; from k straight to x, too: no change.
    straight = answer(base, variant({"kind": "add_path", "id": "w", "points": [
        list(at(1500).values()), list(at(600).values())]}))  # fmt: skip
    assert cell(straight.after, K, "pharmacy")[0] == 900.0


def same_bytes(one: Baseline, other: Baseline) -> bool:
    """Return whether all numbers are the same, byte by byte."""
    tables = all(
        getattr(one.table, name).tobytes() == getattr(other.table, name).tobytes()
        for name in ("nearest_s", "nearest_ms", "campus_ms", "marks", "counts", "recorded")
    )
    return (
        tables
        and one.table.nearest_id.tolist() == other.table.nearest_id.tolist()
        and one.times.time_ms.tobytes() == other.times.time_ms.tobytes()
        and one.house_reach.tobytes() == other.house_reach.tobytes()
        and one.areas.to_wkb().equals(other.areas.to_wkb())
        and all(one.needs[key].tobytes() == other.needs[key].tobytes() for key in one.needs)
    )


def test_added_and_removed_is_as_it_was() -> None:
    base = street("locked")
    change: list[dict[str, Any]] = [
        {**OPEN, "id": "tor"},
        {"kind": "add_project", "id": "cafe", "project": "cafe", **at(1190)},
        {"kind": "add_path", "id": "weg", "points": [list(at(600).values()),
                                                     list(at(900, 60).values())]},
    ]  # fmt: skip
    back = [{"kind": "remove", "id": f"zurück-{one['id']}", "change": one["id"]} for one in change]
    at_once = answer(base, variant(*change, *back))
    assert not at_once.changed.any()
    assert same_bytes(at_once.after, base)
    there = answer(base, variant(*change))
    assert there.changed.any()
    again = answer(there.after, variant(*back))
    assert same_bytes(again.after, base)
    assert again.after.plan is None
    # What was there before is untouched by all this.
    assert same_bytes(base, street("locked"))


def test_a_chain_is_the_same_as_one_variant() -> None:
    base = street("locked")
    cafe = {"kind": "add_place", "id": "c", "category": "cafe", **at(700)}
    step = answer(answer(base, variant({**OPEN, "id": "tor"})).after, variant(cafe))
    assert same_bytes(step.after, answer(base, variant({**OPEN, "id": "tor"}, cafe)).after)
    # The gate is open already: only the café is new.
    assert step.changed.any(axis=(0, 1)).sum() == 1


def test_all_that_is_not_there_is_told_at_once() -> None:
    with pytest.raises(VariantError) as caught:
        answer(
            street("open"),
            variant(
                {"kind": "open_gate", "gate": "Tor H"},
                {"kind": "remove_place", "place": "Post"},
                {"kind": "add_place", "category": "kaffe", **at(0)},
                {"kind": "add_project", "project": "kafe", **at(0)},
                {"kind": "add_place", "category": "cafe", "lon": 3.0, "lat": 50.0},
                {"kind": "remove", "change": "tor"},
            ),
            "v.toml",
        )
    text = str(caught.value)
    for number, word in enumerate(("Tor G", "Post", "cafe", "cafe", "außerhalb", "tor"), start=1):
        line = next(one for one in text.splitlines() if f"Änderung {number} " in one)
        assert word in line
    assert text.endswith("Abhilfe: Die genannten Änderungen berichtigen.")


def test_edits_that_cannot_be_made_are_named() -> None:
    kerb = {"kind": "lower_kerb", "id": "bord", **at(100, 0)}
    with pytest.raises(VariantError, match="Änderung »bord« \\(lower_kerb\\)"):
        answer(street("open"), variant(kerb, OPEN))


def test_words_and_tables() -> None:
    base = street("locked")
    cafe = {"kind": "add_project", "id": "cafe", "project": "cafe", **at(1190)}
    found = answer(base, variant(OPEN, cafe, name="Tor und Café"))
    (h, k) = stories(found, RESIDENT)
    assert "Neu (bisher nicht in 30 Minuten): eine Apotheke in 8 Minuten." in h.sentences
    assert "Bedarf neu gedeckt (in 8 Minuten): Apotheke." in h.sentences
    # 30 come in 15 minutes, nobody in 10: the middle threshold has nothing to tell.
    assert not any("Nachbarschaft" in text for text in h.sentences)
    assert "Neu (bisher nicht erfasst): " in k.sentences[0]
    assert new_sentences(found, RESIDENT) == [
        "»Nachbarschaftscafé« erreichen in 10 Minuten Menschen aus 1 von 2 Häusern und aus der "
        "Nachbarschaft 38 Menschen (geschätzt)."
    ]
    assert [row[0] for row in tally(found, RESIDENT)] == ["Campus", "Haus h", "Haus k"]
    table = changes_frame(found).set_index(["house_id", "category"])
    row: Any = table.loc["h", "pharmacy"]
    assert (row["minuten_nachher"], row["bedarf_vorher"]) == (7.5, "nicht gedeckt")
    assert row["bedarf_nachher"] == "gedeckt"


def test_what_ways_need_is_said_once() -> None:
    # A gate with hours: the only new way, that to the pharmacy, leads through it.
    hours = {**OPEN, "hours": "Mo-Fr 08:00-18:00"}
    (h,) = stories(answer(street("locked"), variant(hours)), RESIDENT)
    assert h.sentences[:2] == (
        "Neu (bisher nicht in 30 Minuten): eine Apotheke in 8 Minuten.",
        "Dieser Weg führt durch ein Tor mit Öffnungszeiten.",
    )


def test_few_people_and_small_differences_are_not_told() -> None:
    # At b live 8; 38 reach the gate, 30 of them at a: nothing below five may appear.
    found = answer(street("locked"), variant(OPEN))
    told = neighbours_frame(found)
    rows = told[(told["id"] == "campus")].set_index("minuten")["menschen_nachher"]
    assert rows.to_dict() == {10: 30, 15: 38}
    # At h 30 come in 15 minutes, at k nothing changes.
    assert told[told["id"] == "h"]["minuten"].tolist() == [15]
    found.after.net.__dict__["house_reach"] = found.before.house_reach + 3.0
    few = neighbours_frame(found)
    assert len(few) == 9
    assert few["menschen_nachher"].isna().all()


@pytest.mark.parametrize("what", ["no houses", "no homes", "no places", "no grounds"])
def test_where_something_is_missing(what: str) -> None:
    base = bare_street(what)
    cafe = {"kind": "add_project", "id": "cafe", "project": "cafe", **at(1190)}
    path = {"kind": "add_path", "points": [list(at(600).values()), list(at(900, 60).values())]}
    found = answer(base, variant(cafe, path, *([] if what == "no grounds" else [OPEN])))
    people = base.root.people
    anew = rebuild(base.root.ready, found.after.plan, people, from_homes=True)
    assert differences(found.after, anew) == []
    (said,) = new_sentences(found, RESIDENT)
    # Within 10 minutes, 600 m, of 1,190 m: k (310 m), a and b; not h and the gate (890 m).
    assert {
        "no houses": "aus keinem von 1 Gelände und aus der Nachbarschaft 38 Menschen",
        "no homes": "aus 1 von 2 Häusern und aus der Nachbarschaft niemand",
        "no places": "aus 1 von 2 Häusern und aus der Nachbarschaft 38 Menschen",
        "no grounds": "aus 1 von 2 Häusern und aus der Nachbarschaft 38 Menschen",
    }[what] in said
    assert len(changes_frame(found)) == found.changed.sum()


def check(base: Baseline, count: int, seed: int, *, most: int = 4) -> None:
    """Compare random variants with computing everything anew."""
    ready = base.root.ready
    for number, one in enumerate(islice(Dice(ready, seed).variants(most), count)):
        found = answer(base, one)
        anew = rebuild(ready, found.after.plan, from_homes=number % 10 == 9)
        assert differences(found.after, anew) == [], one


def test_random_variants_of_the_drawn_town() -> None:
    base = street("open", profiles=("resident",))
    ready = base.root.ready
    for one in islice(Dice(ready, 7).variants(4), 200 if MANY else 25):
        found = answer(base, one)
        anew = rebuild(ready, found.after.plan, base.root.people, from_homes=True)
        assert differences(found.after, anew) == [], one


def test_random_variants_of_the_example() -> None:
    study = load_study(EXAMPLE)
    if not MANY:
        profiles = ("resident", "wheelchair")
        settings = study.settings.model_copy(update={"profiles": profiles})
        study = study.model_copy(update={"settings": settings})
    check(baseline_of(prepare(study)), 200 if MANY else 3, 11)
