"""The whitelist, and what a study takes from it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from geo.errors import StudyError
from layers.layer_frames import layer_columns
from layers.layer_info import LAYERS, PLACE_LAYERS
from layers.study import ReleaseSettings, Study, StudySettings
from layers.whitelist import NEEDED, RELEASE_FILE, Release, load_release

NEVER = (
    "houses", "needs", "house_reach", "common_ground", "ranking", "ranking_criteria",
    "ranking_projects", "risk",
)  # fmt: skip
SITES = 'sites = ["id", "name", "source", "licence"]\n'


def study(folder: Path, text: str | None = None, **release: object) -> Study:
    if text is not None:
        (folder / RELEASE_FILE).write_text(text, encoding="utf-8")
    known = {"name": "X", "extract": "x.osm", "sites": "s.geojson", "release": release}
    return Study(folder=folder, settings=StudySettings.model_validate(known))


def test_what_never_leaves_is_not_on_the_list() -> None:
    release = load_release()
    assert not set(NEVER) & set(release.layers)
    for layer in NEVER:
        assert not release.allows(layer, "id")
    assert set(release.layers) < set(LAYERS)
    assert "extract" not in release.facts


def test_every_listed_column_exists_and_every_needed_one_is_listed() -> None:
    release = load_release()
    for layer, columns in release.layers.items():
        exported = layer_columns(layer, (5, 10, 15))
        assert all(one in exported for one in columns if "*" not in one), layer
        assert set(NEEDED[layer]) <= set(columns), layer
        assert set(LAYERS[layer].key) <= set(columns), layer
    assert set(NEEDED) == set(release.layers)


def test_a_new_column_or_layer_is_out() -> None:
    release = load_release()
    assert not release.allows("services", "target_group")
    assert not release.allows("contacts", "name")
    assert release.allows("access", "n_25")
    assert release.kept("sites", ["id", "capacity", "name"]) == ["id", "name"]


def test_a_study_without_a_file_of_its_own_has_the_whole_list(tmp_path: Path) -> None:
    release = load_release(study(tmp_path, smallest_count=20))
    assert release.layers == load_release().layers
    assert release.smallest_count == 20


def test_a_study_takes_layers_and_columns_away(tmp_path: Path) -> None:
    text = (
        'summaries = false\n[layers]\n'
        'services = ["id", "name", "category", "kind", "source", "licence"]\n' + SITES
        + '[names]\ng1 = " Am Park "\n'
    )  # fmt: skip
    release = load_release(study(tmp_path, text))
    assert list(release.layers) == ["sites", "services"]  # in the order of the product's list
    assert not release.allows("services", "operator")
    assert not release.allows("sites", "area_m2")
    assert "summaries" not in release.tables
    assert release.names == {"g1": "Am Park"}


def test_sentences_leave_only_where_all_that_they_tell_of_does(tmp_path: Path) -> None:
    assert load_release().sentences
    layers = load_release().layers
    for gone in (*PLACE_LAYERS, "coverage"):
        kept = {name: columns for name, columns in layers.items() if name != gone}
        assert not Release(kept, load_release().tables).sentences
    fewer = {**layers, "access": NEEDED["access"]}
    assert not Release(fewer, load_release().tables).sentences
    text = "summaries = false\n"
    assert not load_release(study(tmp_path, text)).sentences


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("layers = 3\n", "keine Tabelle"),
        ('[layers]\nhouses = ["id"]\n' + SITES, "»houses« steht nicht auf der Liste"),
        ('[layers]\nsites = ["id", "capacity"]\n', "»capacity« der Ebene »sites«"),
        ('[layers]\naccess = ["*"]\n' + SITES, "»\\*« der Ebene »access«"),
        ('[layers]\naccess = ["house_*"]\n' + SITES, "»house_\\*« der Ebene »access«"),
        ('[layers]\nsites = ["id", "name"]\n', "Ohne die Spalte »source«"),
        ('[layers]\nsites = "id"\n', "Liste ihrer Spalten"),
        ('[layers]\ngates = ["id", "site_id", "status", "derived", "source", "licence"]\n',
         "fehlt die Ebene »sites«"),
        ("[tables]\n", "Schlüssel »tables«"),
        ("summaries = 1\n", "weder wahr noch falsch"),
        ('[names]\na = ""\n', "Namen, die keine sind"),
        ("[names]\na = 3\n", "Namen, die keine sind"),
        ('[names]\na = "b\\nc"\n', "Namen, die keine sind"),
        ("names = 3\n", "Namen, die keine sind"),
        ("[layers\n", "nicht lesbar"),
    ],
)  # fmt: skip
def test_faults_of_a_study_are_told_in_german(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(StudyError, match=said) as fault:
        load_release(study(tmp_path, text))
    assert str(fault.value.where) == str(tmp_path / RELEASE_FILE)
    assert fault.value.remedy


def test_the_examples_of_the_document_are_right(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs/freigabe.md").read_text(encoding="utf-8")
    settings, own = re.findall(r"^```toml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    release = tomllib.loads(settings)["release"]
    assert set(release) == set(ReleaseSettings.model_fields)
    found = load_release(study(tmp_path, own, **release))
    assert (found.smallest_count, found.names) == (10, {"study": "Musterhausen"})
    assert not found.sentences
