"""Metadata of a release as DCAT-AP.de, in JSON-LD.

Fields and lists: DCAT-AP.de 2.0 and its conventions (https://www.dcat-ap.de/def/), lists of
the Publications Office of the EU for themes, frequency, language and types of files. The id
that GovData gives to those who deliver (``dcatde:contributorID``) is not ours to invent: whoever
delivers adds it, as they do the addresses under which the files lie.
"""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import Any

from layers.layer_info import Source
from layers.licences import NAMED, URI
from layers.release_metadata import KEYWORDS, ReleaseMetadata

DCAT_FILE = "dcat.jsonld"

_EU = "http://publications.europa.eu/resource/authority/"
_TYPES = {
    ".gpkg": ("GPKG", "application/geopackage+sqlite3"),
    ".geojson": ("GEOJSON", "application/geo+json"),
    ".csv": ("CSV", "text/csv"),
}
_CONTEXT = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatde": "http://dcat-ap.de/def/dcatde/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def dcat_text(metadata: ReleaseMetadata, files: tuple[str, ...]) -> str:
    """Write the metadata of a release as DCAT-AP.de.

    Parameters
    ----------
    metadata
        What the release is.
    files
        Its files with data, relative to its folder, e.g. ``"geojson/gates.geojson"``; others
        than GeoPackage, GeoJSON and CSV are left out.

    Returns
    -------
    str
        A JSON-LD document; same release, same text.
    """
    content = {"@context": _CONTEXT, **_dataset(metadata)}
    parts = [_distribution(metadata, path) for path in sorted(files) if _suffix(path) in _TYPES]
    content["dcat:distribution"] = parts
    return json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _dataset(metadata: ReleaseMetadata) -> dict[str, Any]:
    access = "PUBLIC" if metadata.public else "NON_PUBLIC"
    content: dict[str, Any] = {
        "@id": f"urn:uuid:{metadata.identifier}",
        "@type": "dcat:Dataset",
        "dct:identifier": metadata.identifier,
        "dct:title": _german(metadata.title),
        "dct:description": _german(metadata.abstract),
        "dct:provenance": {
            "@type": "dct:ProvenanceStatement", "rdfs:label": _german(metadata.lineage),
        },
        "dct:language": {"@id": f"{_EU}language/DEU"},
        "dct:accrualPeriodicity": {"@id": f"{_EU}frequency/IRREG"},
        "dct:accessRights": {"@id": f"{_EU}access-right/{access}"},
        "dcat:theme": [{"@id": f"{_EU}data-theme/{name}"} for name in ("SOCI", "REGI")],
        "dcat:keyword": [_german(word) for word in KEYWORDS],
        "adms:versionNotes": _german(f"Ergebnis Nr. {metadata.snapshot}"),
    }  # fmt: skip
    if metadata.date:
        date = {"@type": "xsd:date", "@value": metadata.date}
        content["dct:modified"] = date
        content["dct:temporal"] = {"@type": "dct:PeriodOfTime", "dcat:endDate": date}
    if metadata.bounds is not None:
        content["dct:spatial"] = {"@type": "dct:Location", "dcat:bbox": _box(metadata.bounds)}
    if metadata.publisher:
        content["dct:publisher"] = {"@type": "foaf:Organization", "foaf:name": metadata.publisher}
    contact = _contact(metadata)
    if contact:
        content["dcat:contactPoint"] = contact
    return content


def _contact(metadata: ReleaseMetadata) -> dict[str, Any]:
    """Return the contact of a role; "" where there is neither a mailbox nor a page."""
    card: dict[str, Any] = {}
    if metadata.contact_is_mail:
        card = {"vcard:hasEmail": {"@id": f"mailto:{metadata.contact}"}}
    elif metadata.contact_is_page and not set(metadata.contact) & set(' <>"{}|\\^`'):
        card = {"vcard:hasURL": {"@id": metadata.contact}}
    if not card:
        return {}
    return {"@type": "vcard:Organization", "vcard:fn": metadata.publisher or "Kontakt", **card}


def _distribution(metadata: ReleaseMetadata, path: str) -> dict[str, Any]:
    kind, media_type = _TYPES[_suffix(path)]
    layer = PurePosixPath(path).stem
    title = metadata.layers.get(layer) if path.startswith("geojson/") else None
    source = metadata.sources[layer] if title else metadata.licence
    content: dict[str, Any] = {
        "@type": "dcat:Distribution",
        "dct:title": _german(f"{title} ({kind})" if title else path),
        "dcat:downloadURL": {"@id": path},
        "dcat:accessURL": {"@id": path},
        "dct:format": {"@id": f"{_EU}file-type/{kind}"},
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{media_type}"},
        "dcatde:licenseAttributionByText": _german(source.attribution),
        "dct:rights": {
            "@type": "dct:RightsStatement",
            "rdfs:label": _german(_rights(metadata, source, whole=kind == "GPKG")),
        },
    }  # fmt: skip
    # A GeoPackage holds all layers: one that is not open makes the whole not open.
    if source.licence in NAMED and (kind != "GPKG" or metadata.is_open):
        content["dct:license"] = {"@id": URI + NAMED[source.licence].id}
    return content


def _rights(metadata: ReleaseMetadata, source: Source, *, whole: bool) -> str:
    """Say the licence; of a file with all layers, which of them are under another."""
    if not whole:
        return source.licence
    others = [
        f"{metadata.layers[name]}: {other.licence}"
        for name, other in metadata.sources.items()
        if other != source
    ]
    return "; ".join([source.licence, *others])


def _box(bounds: tuple[float, float, float, float]) -> dict[str, str]:
    west, south, east, north = bounds
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    ring = ", ".join(f"{x:.4f} {y:.4f}" for x, y in corners)
    return {"@type": "geo:wktLiteral", "@value": f"POLYGON(({ring}))"}


def _german(text: str) -> dict[str, str]:
    return {"@language": "de", "@value": text}


def _suffix(path: str) -> str:
    return PurePosixPath(path).suffix
