"""From a drawn town to an argued order: every number by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from geo.errors import StudyError
from layers.people import People
from layers.placement import check_question, place_projects, rank_project
from layers.study import Study
from tests.geo.drawings import Town, draw
from tests.layers.peopled import peopled
from tests.layers.ranked import evidence, ranking

WEIGHTS = {"weights": {"way": 0.5, "neighbours": 0.5}, "candidates": ["rooms"]}


def town() -> Town:
    """Two halls on a street of 900 m; at 1 m/s a minute is 60 m."""
    return draw(
        """
        h
        A-----B-----C-----D
              x     n     y
        """,
        metres=50,
        ways={"ABCD": "highway=footway"},
        houses={"h": ""},
        places={"x": "", "y": ""},
    )


def people(homes: Mapping[str, float] | None = None, **settings: Any) -> People:
    """Return the house with 10 places; 20 people at n."""
    known = {"projects": ("cafe",), "project": {"cafe": WEIGHTS}} | settings
    made = peopled(town(), homes or {"n": 20}, {"h": 10}, category="community_centre", **known)
    # What find_candidates asks of places beside what drawings have.
    frame = made.ready.places.frame
    made.ready.places.__dict__["frame"] = frame.assign(partner=False, access="", osm_ids=frame.id)
    return made


def test_by_hand() -> None:
    # To x: 50 m to A, 300 m to B, 50 m to x: 400 s = 6 min 40 s. To y: 50 + 900 + 50 = 1000 s.
    # Neighbours, 50 m from C: to x 50 + 300 + 50 = 400 s, to y the same; 10 minutes are 600 s.
    made = rank_project(people(), "cafe")
    assert made.evidence.reach.resident_ms.tolist() == [[400_000, 1_000_000]]
    assert made.evidence.reach.neighbours[:, 1].tolist() == [20.0, 20.0]
    # way counts 0 at 20 minutes and 1 at 2: (20 − 20/3) / 18 = 0.740741; (20 − 50/3) / 18.
    assert made.scores.scaled.tolist() == [[0.740741, 1.0], [0.185185, 1.0]]
    assert made.scores.score.tolist() == [0.8703705, 0.5925925]
    assert made.no_recommendation == ""
    assert "Vom Haus sind es zu Fuß 7 Minuten." in made.reasons[0]


def test_all_projects_of_a_study_and_more() -> None:
    found = people(projects=("garden", "cafe"))
    told: list[str] = []
    placement = place_projects(found, told.append, more=("cafe", "workshop"))
    kinds = [one.evidence.project.id for one in placement.rankings]
    assert kinds == ["garden", "cafe", "workshop"]
    assert told[0] == "Standorte vergleichen: Gemeinschaftsgarten"
    assert placement.rankings[0].no_recommendation.startswith("Es gibt keinen Ort")


def test_wrong_names_are_told_with_what_comes_near() -> None:
    found = people()
    with pytest.raises(StudyError, match=r"»caffe« gibt es nicht.*»cafe«") as caught:
        rank_project(found, "caffe")
    assert caught.value.remedy is not None
    assert "bus_stop" in caught.value.remedy
    with pytest.raises(StudyError, match=r"»residnt« rechnet die Studie nicht.*»resident«"):
        rank_project(found, "cafe", "residnt")


def test_a_question_is_checked_before_the_work() -> None:
    study: Study = people().ready.study
    assert check_question(study, "cafe", None) is study
    assert check_question(study, None, "resident") is study
    added = check_question(study, "cafe", "wheelchair")
    assert added.settings.profiles == ("resident", "wheelchair")
    for project, profile, said in (("x", None, "»x«"), ("cafe", "y", "»y«")):
        with pytest.raises(StudyError, match=said):
            check_question(study, project, profile)
    nothing = study.model_copy(
        update={"settings": study.settings.model_copy(update={"projects": ()})}
    )
    with pytest.raises(StudyError, match="nennt keine Projektart"):
        check_question(nothing, None, None)


def test_the_bridge_value_of_few_people_tells_no_count() -> None:
    """House 1 has 10 places on grounds of 20, house 2 the rest; 100 people live around.

    Two candidates with 1 and 4 neighbours count as if they had 2.5: a share of 0.025. The
    first is reached by both houses, 2 × 1 × 0.025 / 1.025 = 0.048780; the second by one, half
    of the places, 2 × 0.5 × 0.025 / 0.525 = 0.047619. Of five people the value stays.
    """
    found = evidence([[4, 4, 4], [9, 11, 9]], near=[1, 4, 5], bridge=[0.02, 0.07, 0.1])
    raw = ranking(found, {"bridge": 1.0}).scores.raw[:, 0]
    assert raw.tolist() == pytest.approx([0.048780, 0.047619, 0.1], abs=1e-6)


def test_the_bridge_value_of_few_people_is_that_of_two_way() -> None:
    # With 2.5 people at n the count is what stands for one to four: nothing changes.
    found = people({"n": 2.5}, project={"cafe": WEIGHTS | {"weights": {"bridge": 1.0}}})
    made = rank_project(found, "cafe")
    assert made.evidence.bridge.max() > 0
    assert made.scores.raw[:, 0].tolist() == pytest.approx(made.evidence.bridge.tolist())
