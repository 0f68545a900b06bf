"""Metadata of a release as ISO 19139, with what GDI-DE asks of a record.

Standards: ISO 19115:2003 and ISO/TS 19139:2007; the conventions of GDI-DE for metadata, version
2.x: identifier, language, role and electronic address of the contact, date stamp, title, date,
abstract, topic, box, lineage, limits of use and licence as text and as JSON, reference system.
"""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

from geo.xml_text import xml_text
from layers.licences import NAMED
from layers.release_metadata import KEYWORDS, NO_PUBLISHER, ReleaseMetadata

ISO_FILE = "metadaten.xml"
ISO_STANDARD = "http://www.isotc211.org/2005/gmd"

_GMD = ISO_STANDARD
_GCO = "http://www.isotc211.org/2005/gco"
_GML = "http://www.opengis.net/gml"
_XLINK = "http://www.w3.org/1999/xlink"
_LISTS = "http://standards.iso.org/iso/19139/resources/gmxCodelists.xml"

for _prefix, _uri in (("gmd", _GMD), ("gco", _GCO), ("gml", _GML), ("xlink", _XLINK)):
    ET.register_namespace(_prefix, _uri)


def iso_text(metadata: ReleaseMetadata) -> str:
    """Write the metadata of a release as ISO 19139.

    Parameters
    ----------
    metadata
        What the release is; texts from outside are escaped.

    Returns
    -------
    str
        An XML document; same release, same text.
    """
    root = ET.Element(f"{{{_GMD}}}MD_Metadata")
    _string(root, "fileIdentifier", metadata.identifier)
    _code(_in(root, "language"), "LanguageCode", "ger")
    _code(_in(root, "characterSet"), "MD_CharacterSetCode", "utf8")
    _code(_in(root, "hierarchyLevel"), "MD_ScopeCode", "dataset")
    _party(_in(root, "contact"), metadata, "pointOfContact")
    _date(root, "dateStamp", metadata.date)
    _string(root, "metadataStandardName", "ISO 19115:2003")
    _string(root, "metadataStandardVersion", "ISO 19139:2007")
    _reference_system(root, metadata.crs)
    _identification(root, metadata)
    _distribution(root)
    _quality(root, metadata)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + xml_text(root, indented=True)


def _identification(root: ET.Element, metadata: ReleaseMetadata) -> None:
    data = _in(_in(root, "identificationInfo"), "MD_DataIdentification")
    citation = _in(_in(data, "citation"), "CI_Citation")
    _string(citation, "title", metadata.title)
    dated = _in(_in(citation, "date"), "CI_Date")
    _date(dated, "date", metadata.date)
    _code(_in(dated, "dateType"), "CI_DateTypeCode", "revision")
    _string(citation, "edition", metadata.snapshot)
    identifier = _in(_in(citation, "identifier"), "MD_Identifier")
    _string(identifier, "code", f"urn:uuid:{metadata.identifier}")
    _string(data, "abstract", metadata.abstract)
    _party(_in(data, "pointOfContact"), metadata, "pointOfContact")
    if metadata.publisher:
        _party(_in(data, "pointOfContact"), metadata, "publisher")
    care = _in(_in(data, "resourceMaintenance"), "MD_MaintenanceInformation")
    _code(_in(care, "maintenanceAndUpdateFrequency"), "MD_MaintenanceFrequencyCode", "asNeeded")
    words = _in(_in(data, "descriptiveKeywords"), "MD_Keywords")
    for word in (*KEYWORDS, *(("opendata",) if metadata.is_open else ())):
        _string(words, "keyword", word)
    _constraints(data, metadata)
    kind = _in(data, "spatialRepresentationType")
    _code(kind, "MD_SpatialRepresentationTypeCode", "vector")
    _code(_in(data, "language"), "LanguageCode", "ger")
    _code(_in(data, "characterSet"), "MD_CharacterSetCode", "utf8")
    _in(_in(data, "topicCategory"), "MD_TopicCategoryCode").text = "society"
    _extent(data, metadata)


def _constraints(data: ET.Element, metadata: ReleaseMetadata) -> None:
    """Say for each licence which layers are under it, and the known ones as JSON."""
    limits = _in(_in(data, "resourceConstraints"), "MD_LegalConstraints")
    if not metadata.public:
        _string(limits, "useLimitation", "Nur für den internen Gebrauch.")
    _code(_in(limits, "accessConstraints"), "MD_RestrictionCode", "otherRestrictions")
    _code(_in(limits, "useConstraints"), "MD_RestrictionCode", "otherRestrictions")
    for licence in dict.fromkeys(metadata.sources.values()):
        titles = [
            metadata.layers[name] for name, source in metadata.sources.items() if source == licence
        ]
        _string(
            limits,
            "otherConstraints",
            f"{', '.join(titles)}: {licence.attribution}. Lizenz: {licence.licence}."
            + (f" {licence.licence_url}" if licence.licence_url else ""),
        )
    # A catalogue that takes one licence only takes the last: that of most layers.
    listed = {source.licence: source for source in (metadata.own, metadata.licence)}
    for source in listed.values():
        if source.licence in NAMED:
            known = NAMED[source.licence]
            content = {
                "id": known.id,
                "name": known.title,
                "url": known.url,
                "quelle": source.attribution,
            }
            _string(limits, "otherConstraints", json.dumps(content, ensure_ascii=False))


def _extent(data: ET.Element, metadata: ReleaseMetadata) -> None:
    if metadata.bounds is None and not metadata.date:
        return
    extent = _in(_in(data, "extent"), "EX_Extent")
    if metadata.bounds is not None:
        box = _in(_in(extent, "geographicElement"), "EX_GeographicBoundingBox")
        west, south, east, north = metadata.bounds
        sides = {
            "westBoundLongitude": west,
            "eastBoundLongitude": east,
            "southBoundLatitude": south,
            "northBoundLatitude": north,
        }
        for name, value in sides.items():
            ET.SubElement(_in(box, name), f"{{{_GCO}}}Decimal").text = f"{value:.4f}"
    if metadata.date:
        span = _in(_in(extent, "temporalElement"), "EX_TemporalExtent")
        instant = ET.SubElement(
            _in(span, "extent"), f"{{{_GML}}}TimeInstant", {f"{{{_GML}}}id": "stand"}
        )
        ET.SubElement(instant, f"{{{_GML}}}timePosition").text = metadata.date


def _distribution(root: ET.Element) -> None:
    holder = _in(_in(root, "distributionInfo"), "MD_Distribution")
    for name, version in (("GeoPackage", "1.2"), ("GeoJSON", "RFC 7946"), ("CSV", "RFC 4180")):
        form = _in(_in(holder, "distributionFormat"), "MD_Format")
        _string(form, "name", name)
        _string(form, "version", version)


def _quality(root: ET.Element, metadata: ReleaseMetadata) -> None:
    quality = _in(_in(root, "dataQualityInfo"), "DQ_DataQuality")
    scope = _in(_in(quality, "scope"), "DQ_Scope")
    _code(_in(scope, "level"), "MD_ScopeCode", "dataset")
    lineage = _in(_in(quality, "lineage"), "LI_Lineage")
    _string(lineage, "statement", metadata.lineage)


def _reference_system(root: ET.Element, crs: str) -> None:
    system = _in(_in(root, "referenceSystemInfo"), "MD_ReferenceSystem")
    identifier = _in(_in(system, "referenceSystemIdentifier"), "RS_Identifier")
    authority, _, number = crs.rpartition(":")
    _string(identifier, "code", f"http://www.opengis.net/def/crs/{authority}/0/{number}")


def _party(parent: ET.Element, metadata: ReleaseMetadata, role: str) -> None:
    """Write an organisation with the mailbox of a role or a page; never a person."""
    party = _in(parent, "CI_ResponsibleParty")
    _string(party, "organisationName", metadata.publisher or NO_PUBLISHER)
    if metadata.contact:
        contact = _in(_in(party, "contactInfo"), "CI_Contact")
        if metadata.contact_is_page:
            online = _in(_in(contact, "onlineResource"), "CI_OnlineResource")
            _in(_in(online, "linkage"), "URL").text = metadata.contact
        elif metadata.contact_is_mail:
            address = _in(_in(contact, "address"), "CI_Address")
            _string(address, "electronicMailAddress", metadata.contact)
        else:
            _string(contact, "contactInstructions", metadata.contact)
    _code(_in(party, "role"), "CI_RoleCode", role)


def _in(parent: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{_GMD}}}{name}")


def _string(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(_in(parent, name), f"{{{_GCO}}}CharacterString").text = text


def _date(parent: ET.Element, name: str, date: str) -> None:
    holder = _in(parent, name)
    if date:
        ET.SubElement(holder, f"{{{_GCO}}}Date").text = date
    else:
        holder.set(f"{{{_GCO}}}nilReason", "unknown")


def _code(parent: ET.Element, name: str, value: str) -> None:
    space = "http://www.loc.gov/standards/iso639-2/" if name == "LanguageCode" else _LISTS
    element = _in(parent, name)
    element.set("codeList", space if name == "LanguageCode" else f"{space}#{name}")
    element.set("codeListValue", value)
    element.text = value
