"""Own data leave under the licence of the study; no public text waits for a release."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from layers.dcat_metadata import dcat_text
from layers.iso_metadata import iso_text
from layers.layer_frames import Exported, export_snapshot
from layers.layer_info import OSM, OWN, Source
from layers.licences import CODES, NAMED, own_source
from layers.readme_file import readme_text
from layers.release import released
from layers.release_metadata import release_metadata
from layers.sources import AFTER_RELEASE, MARK
from layers.whitelist import load_release
from tests.layers import sample

FILES = ("snapshot.gpkg", "places.csv", "geojson/sites.geojson", "geojson/services.geojson")


def public(licence: str = "", publisher: str = "Stadt Musterhausen") -> Exported:
    snapshot = dataclasses.replace(sample.sample_snapshot(), fictional=False, publisher=publisher)
    return released(
        export_snapshot(snapshot), dataclasses.replace(load_release(), licence=licence)
    )


def distributions(exported: Exported) -> dict[str, Any]:
    content = json.loads(dcat_text(release_metadata(exported), FILES))
    return {part["dcat:downloadURL"]["@id"]: part for part in content["dcat:distribution"]}


def test_without_a_licence_own_data_may_be_shown_but_are_not_open() -> None:
    assert own_source("", "") == Source(
        OWN.attribution,
        "keine offene Lizenz; darf mit Nennung der Quelle gezeigt, aber nicht als offene Daten "
        "weitergegeben werden",
    )
    named = own_source(" Stadt\n Musterhausen ", "  ")
    assert named.attribution == "Stadt Musterhausen (eigene Angaben)"
    assert "mit dem Namen »Stadt Musterhausen« gezeigt" in named.licence


@pytest.mark.parametrize(
    ("code", "name", "url"),
    [
        ("dl-de/by-2-0", "dl-de/by-2-0", "https://www.govdata.de/dl-de/by-2-0"),
        ("DL-DE/ZERO-2-0", "dl-de/zero-2-0", "https://www.govdata.de/dl-de/zero-2-0"),
        ("cc-by-4.0", "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("ODbL-1.0", OSM.licence, OSM.licence_url),
        ("Frei für Schulen", "Frei für Schulen", ""),
    ],
)
def test_a_code_is_a_known_licence_and_other_words_are_themselves(
    code: str, name: str, url: str
) -> None:
    assert own_source("A", code) == Source("A (eigene Angaben)", name, url)


def test_every_code_names_a_licence_of_catalogues() -> None:
    named = {own_source("", code).licence for code in CODES}
    assert named == set(NAMED)
    assert len({one.id for one in NAMED.values()}) == len(CODES)


@pytest.mark.parametrize("licence", ["", "CC-BY-4.0", "Frei für Schulen"])
def test_the_rows_of_grounds_and_gates_say_what_is_allowed(licence: str) -> None:
    made = public(licence)
    own = own_source("Stadt Musterhausen", licence)
    assert set(made.layers["sites"]["licence"]) == {own.licence}
    assert set(made.layers["sites"]["source"]) == {own.attribution}
    gates = made.layers["gates"]
    assert set(gates.loc[~gates["derived"], "licence"]) == {own.licence}
    # A gate that follows from the ways is not the study's own.
    assert set(gates.loc[gates["derived"], "licence"]) <= {OSM.licence}
    assert made.layer_source("sites") == own
    assert made.layer_source("gates").licence == f"{own.licence}; Abgeleitetes: {OSM.licence}"
    reach = made.layer_source("site_reach")
    assert (reach.licence, reach.licence_url) == (OSM.licence, OSM.licence_url)
    assert reach.attribution == f"{own.attribution}; {MARK}: {OSM.attribution}"


def test_no_public_text_says_that_it_waits_for_a_release() -> None:
    made = public()
    texts = [frame.to_csv() for frame in made.layers.values()]
    texts += [readme_text(made), iso_text(release_metadata(made)), json.dumps(dict(made.facts))]
    texts += [dcat_text(release_metadata(made), FILES)]
    assert [text for text in texts if AFTER_RELEASE in text] == []
    assert AFTER_RELEASE in readme_text(export_snapshot(sample.sample_snapshot()))


def test_grounds_taken_from_the_map_stay_under_its_licence() -> None:
    full = dataclasses.replace(sample.sample_snapshot(), fictional=False, publisher="Stadt")
    taken = dataclasses.replace(full, sites=full.sites.assign(site_id="w4711"))
    row = released(export_snapshot(taken), load_release()).layers["sites"].iloc[0]
    assert row["licence"] == OSM.licence
    assert row["source"] == f"Stadt (eigene Angaben); {MARK}: {OSM.attribution}"


def test_catalogues_are_told_the_licence_of_own_data() -> None:
    uri = "http://dcat-ap.de/def/licenses/"
    open_parts = distributions(public("dl-de/by-2-0"))
    assert open_parts["geojson/sites.geojson"]["dct:license"] == {"@id": f"{uri}dl-by-de/2.0"}
    assert open_parts["snapshot.gpkg"]["dct:license"] == {"@id": f"{uri}odbl"}
    assert ">opendata<" in iso_text(release_metadata(public("dl-de/by-2-0")))
    closed = distributions(public())
    assert "dct:license" not in closed["geojson/sites.geojson"]
    # Not all of the GeoPackage is open; the table of places is.
    assert "dct:license" not in closed["snapshot.gpkg"]
    assert closed["places.csv"]["dct:license"] == {"@id": f"{uri}odbl"}
    assert "Stadt Musterhausen" in json.dumps(closed["geojson/sites.geojson"], ensure_ascii=False)
    assert ">opendata<" not in iso_text(release_metadata(public()))


def test_the_iso_record_holds_each_known_licence_as_json() -> None:
    text = iso_text(release_metadata(public("CC-BY-4.0")))
    assert text.index('"id": "cc-by/4.0"') < text.index('"id": "odbl"')
    assert '"id": "cc-by' not in iso_text(release_metadata(public()))


def test_the_note_gives_the_address_of_a_licence() -> None:
    note = readme_text(public("CC-BY-4.0"))
    assert "Lizenz: CC BY 4.0. https://creativecommons.org/licenses/by/4.0/" in note


def test_a_file_of_before_says_what_is_usual() -> None:
    made = public("CC-BY-4.0")
    facts = {key: value for key, value in made.facts.items() if not key.startswith("own_")}
    old = dataclasses.replace(made, facts=facts)
    assert old.layer_source("sites") == own_source("Stadt Musterhausen", "")
