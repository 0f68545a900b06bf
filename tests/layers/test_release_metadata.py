"""Metadata of a release: read back by OWSLib, as JSON, and with hostile names."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from owslib.etree import etree  # type: ignore[import-untyped]
from owslib.iso import MD_Metadata  # type: ignore[import-untyped]

from layers.dcat_metadata import dcat_text
from layers.iso_metadata import iso_text
from layers.layer_frames import Exported, export_snapshot
from layers.release_metadata import NO_PUBLISHER, ReleaseMetadata, release_metadata
from tests.layers.sample import sample_snapshot

GMD = "{http://www.isotc211.org/2005/gmd}"
FILES = (
    "snapshot.gpkg",
    "places.csv",
    "geojson/sites.geojson",
    "geojson/services.geojson",
    "x.txt",
)
# What GDI-DE asks of every record, as paths below MD_Metadata.
REQUIRED = (
    "fileIdentifier", "language", "hierarchyLevel", "contact/CI_ResponsibleParty/organisationName",
    "contact/CI_ResponsibleParty/role", "dateStamp",
    "referenceSystemInfo/MD_ReferenceSystem/referenceSystemIdentifier/RS_Identifier/code",
    "identificationInfo/MD_DataIdentification/citation/CI_Citation/title",
    "identificationInfo/MD_DataIdentification/citation/CI_Citation/date/CI_Date/date",
    "identificationInfo/MD_DataIdentification/citation/CI_Citation/identifier/MD_Identifier/code",
    "identificationInfo/MD_DataIdentification/abstract",
    "identificationInfo/MD_DataIdentification/pointOfContact",
    "identificationInfo/MD_DataIdentification/resourceMaintenance",
    "identificationInfo/MD_DataIdentification/resourceConstraints/MD_LegalConstraints"
    "/otherConstraints",
    "identificationInfo/MD_DataIdentification/spatialRepresentationType",
    "identificationInfo/MD_DataIdentification/language",
    "identificationInfo/MD_DataIdentification/topicCategory",
    "identificationInfo/MD_DataIdentification/extent/EX_Extent/geographicElement",
    "distributionInfo/MD_Distribution/distributionFormat/MD_Format/name",
    "dataQualityInfo/DQ_DataQuality/lineage/LI_Lineage/statement",
)  # fmt: skip


def exported(**facts: str) -> Exported:
    made = export_snapshot(dataclasses.replace(sample_snapshot(), fictional=False))
    return dataclasses.replace(made, facts={**made.facts, **facts})


def metadata(**facts: str) -> ReleaseMetadata:
    return release_metadata(exported(**facts))


def read(text: str) -> Any:
    return MD_Metadata(etree.fromstring(text.encode()))


def test_the_box_holds_every_layer_and_is_rounded_outwards() -> None:
    west, south, east, north = metadata().bounds or (0, 0, 0, 0)
    frames: list[Any] = list(exported().layers.values())
    for frame in frames:
        if "geometry" in frame.columns and len(frame):
            bounds = frame.to_crs("EPSG:4326").total_bounds
            assert west <= bounds[0]
            assert south <= bounds[1]
            assert east >= bounds[2]
            assert north >= bounds[3]
    assert all(round(side, 4) == side for side in (west, south, east, north))


def test_owslib_reads_every_field_of_the_iso_record() -> None:
    made = metadata(publisher="Stadt Musterhausen", contact="geodaten@musterhausen.example")
    found = read(iso_text(made))
    assert found.identifier == made.identifier
    assert found.languagecode == "ger"
    assert found.hierarchy == "dataset"
    assert found.datestamp == "2026-03-12"
    (contact,) = found.contact
    assert contact.organization == "Stadt Musterhausen"
    assert contact.email == "geodaten@musterhausen.example"
    assert contact.role == "pointOfContact"
    (data,) = found.identification
    assert data.title == made.title
    assert data.abstract == made.abstract
    assert [date.date for date in data.date] == ["2026-03-12"]
    assert data.uricode == [f"urn:uuid:{made.identifier}"]
    assert data.topiccategory == ["society"]
    assert data.spatialrepresentationtype == ["vector"]
    assert [one.role for one in data.contact] == ["pointOfContact", "publisher"]
    box = data.extent.boundingBox
    assert made.bounds is not None
    sides = (box.minx, box.miny, box.maxx, box.maxy)
    assert tuple(map(float, sides)) == made.bounds
    assert found.dataquality.lineage == made.lineage
    assert found.referencesystem.code == "http://www.opengis.net/def/crs/EPSG/0/25832"
    assert any("ODbL 1.0" in text for text in data.otherconstraints)
    licence = json.loads(data.otherconstraints[-1])
    assert licence["id"] == "odbl"
    assert licence["quelle"] == "© OpenStreetMap-Mitwirkende"


@pytest.mark.parametrize("path", REQUIRED)
def test_what_gdi_de_asks_for_is_there(path: str) -> None:
    root = etree.fromstring(iso_text(metadata()).encode())
    found = root.find("/".join(GMD + part for part in path.split("/")))
    assert found is not None
    assert "".join(found.itertext()).strip()


def test_lineage_says_date_parameters_method_and_snapshot() -> None:
    made = exported()
    lineage = release_metadata(made).lineage
    for part in ("12.03.2026", "5, 10, 15 Minuten", made.facts["snapshot"], made.facts["extract"]):
        assert part in lineage
    assert f"Verfahren {made.facts['method_version']}" in lineage


def test_the_identifier_stays_from_build_to_build() -> None:
    assert metadata().identifier == metadata(snapshot="0" * 16, data_date="2027-01-01").identifier
    assert metadata().identifier != metadata(release="public").identifier
    assert metadata().identifier != metadata(study="Anderswo").identifier


def test_without_date_publisher_and_contact() -> None:
    made = metadata(data_date="", publisher="", contact="")
    root = etree.fromstring(iso_text(made).encode())
    stamp = root.find(f"{GMD}dateStamp")
    assert stamp is not None
    assert dict(stamp.attrib) == {"{http://www.isotc211.org/2005/gco}nilReason": "unknown"}
    assert read(iso_text(made)).contact[0].organization == NO_PUBLISHER
    content = json.loads(dcat_text(made, FILES))
    assert not {"dct:modified", "dct:publisher", "dcat:contactPoint"} & set(content)


@pytest.mark.parametrize(
    ("contact", "card"),
    [
        ("geo@stadt.example", {"vcard:hasEmail": {"@id": "mailto:geo@stadt.example"}}),
        ("https://stadt.example/k", {"vcard:hasURL": {"@id": "https://stadt.example/k"}}),
        ("Rathaus, Zimmer 3", None),
        ("javascript:alert(1)", None),
        ("a@b.c>, <script>", None),
    ],
)
def test_a_contact_is_a_mailbox_or_a_page(contact: str, card: dict[str, Any] | None) -> None:
    content = json.loads(dcat_text(metadata(contact=contact), FILES))
    found = content.get("dcat:contactPoint")
    if card is None:
        assert found is None
    else:
        assert found == {"@type": "vcard:Organization", "vcard:fn": "Kontakt", **card}


def test_dcat_says_what_each_file_is_and_under_which_licence() -> None:
    content = json.loads(dcat_text(metadata(release="public"), FILES))
    assert content["@type"] == "dcat:Dataset"
    assert content["dct:accessRights"]["@id"].endswith("/PUBLIC")
    parts = {part["dcat:downloadURL"]["@id"]: part for part in content["dcat:distribution"]}
    assert sorted(parts) == sorted(FILES[:4])
    odbl = {"@id": "http://dcat-ap.de/def/licenses/odbl"}
    assert parts["geojson/services.geojson"]["dct:license"] == odbl
    # The study's own data have no open licence, so none is claimed.
    assert "dct:license" not in parts["geojson/sites.geojson"]
    rights = parts["geojson/sites.geojson"]["dct:rights"]["rdfs:label"]["@value"]
    assert rights.startswith("keine offene Lizenz")
    whole = parts["snapshot.gpkg"]["dct:rights"]["rdfs:label"]["@value"]
    assert "Gelände: keine offene Lizenz" in whole
    assert json.loads(dcat_text(metadata(), FILES))["dct:accessRights"]["@id"].endswith(
        "NON_PUBLIC"
    )
    # Each prefix that is used is declared.
    text = dcat_text(metadata(), FILES)
    used = {key.split(":")[0] for key in _keys(content) if ":" in key}
    assert used <= set(json.loads(text)["@context"])


def test_hostile_names_are_text() -> None:
    evil = "</gmd:title>&<x/>\x00\ud800]]> \" '"
    made = metadata(study=evil, publisher=evil, contact=evil)
    root = etree.fromstring(iso_text(made).encode())
    title = root.find(f".//{GMD}CI_Citation/{GMD}title")
    assert title is not None
    assert "</gmd:title>&<x/>" in "".join(title.itertext())
    content = json.loads(dcat_text(made, FILES))
    assert evil in content["dct:title"]["@value"]


def _keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        inside = {key for item in value.values() for key in _keys(item)}
        return {key for key in value if not key.startswith("@")} | inside
    if isinstance(value, list):
        return {key for item in value for key in _keys(item)}
    return set()
