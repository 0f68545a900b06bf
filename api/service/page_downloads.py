"""The files of a release that may be downloaded: found by looking, asked for by exact name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from layers.layer_info import LAYERS

MEDIA_TYPES: Mapping[str, str] = {
    ".csv": "text/csv; charset=utf-8",
    ".geojson": "application/geo+json",
    ".gpkg": "application/geopackage+sqlite3",
    ".html": "text/html; charset=utf-8",
    ".jsonld": "application/ld+json",
    ".qml": "application/xml",
    ".rdf": "application/rdf+xml",
    ".sld": "application/vnd.ogc.sld+xml",
    ".txt": "text/plain; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml",
}
"""Media type by the ending of a name; other files are not offered."""

_NOT_OFFERED = frozenset({"public", "karte"})
"""Folders within a release that are other releases or parts of the served map."""

_DEEPEST = 2

_WORDS: Mapping[str, tuple[str, str]] = {
    "snapshot.gpkg": ("Alle Ebenen in einer Datei", "GeoPackage für QGIS, ArcGIS und andere GIS"),
    "karte.html": ("Die Karte als Datei", "öffnet sich in jedem Browser, auch ohne Internet"),
    "places.csv": ("Orte", "alle Orte als Tabelle"),
    "access.csv": ("Erreichbarkeit", "der nächste Ort und Anzahlen je Kategorie"),
    "coverage.csv": ("Bekannte Wege", "wie viel über die Wege bekannt ist"),
    "needs.csv": ("Bedarf", "Richtwerte je Haus und Kategorie"),
    "ranking.csv": ("Vorschläge für Projekte", "als Tabelle"),
    "ranking.gpkg": ("Vorschläge für Projekte", "als GeoPackage"),
    "begehungsliste.html": ("Begehungsliste", "zum Ausdrucken und Mitnehmen"),
    "walklist.csv": ("Begehungsliste", "als Tabelle"),
    "walklist.gpkg": ("Begehungsliste", "als GeoPackage"),
    "geojson/walklist.geojson": ("Begehungsliste", "als GeoJSON"),
    "freigabe.csv": ("Liste der Freigabe", "alle Felder, die in der öffentlichen Fassung stehen"),
    "metadaten.xml": ("Metadaten", "für Kataloge, nach ISO 19139"),
    "dcat.jsonld": ("Metadaten", "für Datenportale, nach DCAT-AP.de"),
    "LIESMICH.txt": ("Lies mich", "was in den Dateien steht, Quellen und Lizenzen"),
}
_KINDS = {
    ".geojson": "als GeoJSON", ".csv": "als Tabelle (CSV)", ".gpkg": "als GeoPackage",
    ".qml": "Darstellung für QGIS", ".sld": "Darstellung (SLD)", ".xml": "Beschreibung (XML)",
    ".jsonld": "Beschreibung (JSON-LD)", ".rdf": "Beschreibung (RDF)",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """A file that may be downloaded.

    Attributes
    ----------
    name
        Path within the release, with ``/``.
    path
        Where it lies.
    title, text
        What it is, German.
    size
        In bytes.
    media_type
        As it is answered.
    """

    name: str
    path: Path
    title: str
    text: str
    size: int
    media_type: str


def release_files(folder: Path) -> Mapping[str, ReleaseFile]:
    """Return the files of a release by their names, most useful first.

    Parameters
    ----------
    folder
        Of the release. What begins with a dot, symbolic links, other kinds of files, the
        public release within the internal one and the parts of the served map are left out.
    """
    found = {one.name: one for one in _look(folder, "", 1)}
    order = list(_WORDS)
    names = sorted(found, key=lambda name: (_place(order, name), name.count("/"), name))
    return {name: found[name] for name in names}


def _place(order: list[str], name: str) -> int:
    return order.index(name) if name in order else len(order)


def _look(folder: Path, before: str, depth: int) -> Iterator[ReleaseFile]:
    try:
        entries = sorted(folder.iterdir())
    except OSError:  # a build is just putting another release in its place
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.is_symlink():
            continue
        if entry.is_dir():
            if depth < _DEEPEST and entry.name not in _NOT_OFFERED:
                yield from _look(entry, f"{before}{entry.name}/", depth + 1)
        elif entry.suffix in MEDIA_TYPES:
            yield _described(entry, before + entry.name)


def _described(path: Path, name: str) -> ReleaseFile:
    layer = LAYERS.get(path.stem)
    kind = _KINDS.get(path.suffix, "")
    title, text = _WORDS.get(name, (layer.title if layer else path.name, kind))
    return ReleaseFile(
        name=name,
        path=path,
        title=title,
        text=text,
        size=path.stat().st_size,
        media_type=MEDIA_TYPES[path.suffix],
    )
