"""Kinds of projects: those of the product, and what a study changes, adds or gets wrong."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path

import pytest

from geo.errors import StudyError
from layers.criteria import CRITERIA
from layers.projects import SOURCES, load_projects, study_projects
from layers.study import Study, StudySettings
from layers.taxonomy import load_taxonomy

TAXONOMY = load_taxonomy(None)


def study(text: str = "", folder: Path = Path("ordner")) -> Study:
    """Return a study whose ``study.toml`` holds some more lines."""
    raw = tomllib.loads('name = "S"\nextract = "x.osm"\nsites = "s.geojson"\n' + text)
    return Study(folder=folder, settings=StudySettings.model_validate(raw))


def test_the_kinds_of_the_product_hold_together() -> None:
    known = load_projects()
    assert {"cafe", "workshop", "garden", "counselling", "bus_stop"} <= set(known)
    for project in known.values():
        assert math.fsum(project.weights.values()) == pytest.approx(1.0, abs=1e-12)
        assert all(weight > 0 for weight in project.weights.values())
        assert set(project.weights) <= set(CRITERIA)
        assert project.serves
        assert set(project.serves) <= set(TAXONOMY.by_id)
        assert project.candidates
        assert set(project.candidates) <= set(SOURCES)
        assert project.gender in {"f", "m", "n"}
        assert project.remark.endswith(".")
        assert project.label


def test_the_study_asks_for_kinds_that_exist_and_nobody_changes_them_for_others() -> None:
    asked = study().settings.projects
    assert asked == ("cafe", "workshop", "garden", "counselling", "bus_stop")
    assert set(asked) <= set(study_projects(study()))
    study_projects(study()).clear()
    assert load_projects()


def test_a_known_kind_changed_in_one_value() -> None:
    cafe = study_projects(study('[project.cafe]\nlabel = "Dorfcafé"\n'))["cafe"]
    before = load_projects()["cafe"]
    assert cafe.label == "Dorfcafé"
    assert (cafe.serves, cafe.weights, cafe.remark) == (
        before.serves, before.weights, before.remark,
    )  # fmt: skip


def test_weights_replace_all_weights_and_the_reason_for_them() -> None:
    text = "[project.cafe]\nweights = { neighbours = 0.75, bridge = 0.25, transit = 0 }\n"
    cafe = study_projects(study(text))["cafe"]
    # A weight of 0 leaves the criterion out.
    assert cafe.weights == {"neighbours": 0.75, "bridge": 0.25}
    assert not cafe.remark


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("{ neighbours = 60, bridge = 40 }", {"neighbours": 0.6, "bridge": 0.4}),
        ("{ neighbours = 100 }", {"neighbours": 1.0}),
        ("{ neighbours = 1 }", {"neighbours": 1.0}),
        # Three thirds with seven digits miss 1 by 1e-7 and are divided by their sum.
        (
            "{ neighbours = 0.3333333, bridge = 0.3333333, transit = 0.3333333 }",
            {"neighbours": 1 / 3, "bridge": 1 / 3, "transit": 1 / 3},
        ),
    ],
)
def test_weights_that_add_up(said: str, expected: dict[str, float]) -> None:
    found = study_projects(study(f"[project.cafe]\nweights = {said}\n"))["cafe"].weights
    assert found == pytest.approx(expected, abs=1e-15)
    assert math.fsum(found.values()) == pytest.approx(1.0, abs=1e-15)


def test_a_new_kind_based_on_a_known_one() -> None:
    text = '[project.sewing]\nbased_on = "workshop"\nlabel = "Nähwerkstatt"\n'
    sewing = study_projects(study('projects = ["sewing"]\n' + text))["sewing"]
    assert sewing.id == "sewing"
    assert sewing.label == "Nähwerkstatt"
    assert sewing.gender == "f"
    assert sewing.weights == load_projects()["workshop"].weights


def test_a_new_kind_with_everything_said() -> None:
    text = """
    [project.library_corner]
    label = "Leseecke"
    gender = "f"
    serves = ["library", "public_bookcase"]
    candidates = ["rooms"]
    weights = { residents = 1 }
    remark = "Weil hier gern gelesen wird."
    own_kind = true
    """
    corner = study_projects(study(text))["library_corner"]
    assert corner.serves == ("library", "public_bookcase")
    assert corner.candidates == ("rooms",)
    assert corner.own_kind
    assert corner.remark == "Weil hier gern gelesen wird."
    # One of the study's own may be the base of the next.
    more = text + '[project.more]\nbased_on = "library_corner"\nlabel = "Mehr"\n'
    assert study_projects(study(more))["more"].own_kind


NEW = '[project.new]\nlabel = "Neu"\ngender = "n"\nserves = ["cafe"]\n'


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        # Weights: the sum, and what is missing or too much.
        (
            "[project.cafe]\nweights = { neighbours = 0.6, bridge = 0.3 }",
            "[project.cafe], weights",
            ["zusammen 0,9 statt 1", "0,1 fehlt"],
        ),
        (
            "[project.cafe]\nweights = { neighbours = 0.8, bridge = 0.45 }",
            "[project.cafe], weights",
            ["zusammen 1,25 statt 1", "0,25 zu viel"],
        ),
        (
            "[project.cafe]\nweights = { neighbours = 0.5, bridge = 0.499998 }",
            "[project.cafe], weights",
            ["0,999998 statt 1", "0,000002 fehlt"],
        ),
        ("[project.cafe]\nweights = { neighbours = 0 }", "weights", ["0 statt 1; 1 fehlt"]),
        ("[project.cafe]\nweights = { neighbours = 1.5, bridge = -0.5 }", "weights.bridge",
         ["negativ", "»worst« und »best« vertauschen"]),
        ("[project.cafe]\nweights = { neighbours = nan }", "weights.neighbours", ["keine Zahl"]),
        ("[project.cafe]\nweights = { neighbours = inf }", "weights.neighbours", ["keine Zahl"]),
        ("[project.cafe]\nweights = { neighbours = true }", "weights.neighbours", ["keine Zahl"]),
        ('[project.cafe]\nweights = { bridge = "viel" }', "weights.bridge", ["keine Zahl"]),
        ("[project.cafe]\nweights = {}", "weights", ["keine Gewichte"]),
        ("[project.cafe]\nweights = 1", "weights", ["keine Gewichte"]),
        (
            "[project.cafe]\nweights = { neighbour = 1 }",
            "weights.neighbour",
            ["Kriterium »neighbour« gibt es nicht", "wohl »neighbours«", "minutes_saved"],
        ),
        # Categories, sources, names.
        (
            '[project.cafe]\nserves = ["caffe"]',
            "[project.cafe], serves",
            ["Kategorie »caffe«", "wohl »cafe«", "docs/kategorien.md"],
        ),
        ('[project.cafe]\nserves = ["gambling"]', "serves", ["Kategorie »gambling«"]),
        ("[project.cafe]\nserves = []", "serves", ["erfüllt keine Kategorie"]),
        ('[project.cafe]\nserves = "cafe"', "serves", ["keine Liste"]),
        ('[project.cafe]\nserves = ["cafe", "cafe"]', "serves", ["zweimal"]),
        (
            '[project.cafe]\ncandidates = ["room"]',
            "[project.cafe], candidates",
            ["»room«", "wohl »rooms«", "partners"],
        ),
        ("[project.cafe]\ncandidates = []", "candidates", ["keine Standorte zur Auswahl"]),
        ('[project.cafe]\nlable = "x"', "lable", ["Schlüssel »lable«", "wohl »label«"]),
        ("[project.cafe]\nlabel = 3", "label", ["kein Text"]),
        ('[project.cafe]\nlabel = "a\\nb"', "label", ["kein Text"]),
        (f'[project.cafe]\nlabel = "{"x" * 61}"', "label", ["höchstens 60"]),
        ('[project.cafe]\ngender = "w"', "gender", ["weder »f« noch »m« noch »n«"]),
        ("[project.cafe]\nown_kind = 1", "own_kind", ["weder true noch false"]),
        # New kinds.
        (
            '[project.cafee]\nlabel = "Café"',
            "[project.cafee]",
            ["»gender«, »serves«, »candidates« und »weights«", "wohl »cafe«", "based_on"],
        ),
        (NEW + 'candidates = ["rooms"]', "[project.new]", ["fehlt »weights«"]),
        (NEW + 'based_on = "garten"', "based_on", ["»garten«", "das es nicht gibt", "garden"]),
        (NEW + "based_on = 3", "based_on", ["das es nicht gibt"]),
        ('[project.new]\nbased_on = "cafe"', "label", ["fehlt der Name"]),
        ('[project.cafe]\nbased_on = "garden"', "based_on", ["gibt es schon"]),
        ('[project."Mein Café"]\nbased_on = "cafe"', "Mein Café", ["taugt nicht als Name"]),
        # What the study asks for.
        ('projects = ["caffe"]', "projects", ["Projekt »caffe«", "wohl »cafe«", "workshop"]),
    ],
)  # fmt: skip
def test_faults_are_named_with_place_and_remedy(text: str, where: str, words: list[str]) -> None:
    with pytest.raises(StudyError) as caught:
        study_projects(study(text))
    assert "study.toml" in str(caught.value.where)
    assert where in str(caught.value.where)
    assert caught.value.remedy
    for word in words:
        assert word in str(caught.value), word


def test_only_the_studys_own_points_may_be_enough() -> None:
    text = 'candidates = "orte.geojson"\n[project.cafe]\ncandidates = []\n'
    assert study_projects(study(text))["cafe"].candidates == ()


def test_categories_and_criteria_of_the_study_count(tmp_path: Path) -> None:
    (tmp_path / "mehr.toml").write_text(
        '[[category]]\nid = "kiosk"\nlabel = "Kiosk"\nplural = "Kioske"\ngender = "m"\n'
        'group = "Begegnung"\nlayer = "meeting_places"\nrole = "resource"\n'
        'completeness = "high"\npartner = false\nindicator = true\nmatch = [{ shop = "kiosk" }]\n'
    )
    (tmp_path / "kriterien.toml").write_text(
        '[rent]\ncolumn = "miete"\nlabel = "Miete"\nunit = "Euro"\nworst = 20\nbest = 5\n'
    )
    text = (
        'taxonomy = "mehr.toml"\ncriteria = "kriterien.toml"\ncandidates = "orte.csv"\n'
        '[project.cafe]\nserves = ["kiosk"]\nweights = { rent = 50, bridge = 50 }\n'
    )
    cafe = study_projects(study(text, tmp_path))["cafe"]
    assert cafe.serves == ("kiosk",)
    assert cafe.weights == {"rent": 0.5, "bridge": 0.5}
