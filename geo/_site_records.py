"""Features of a file of sites, one by one: what each says, and what is wrong with it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import shapely

from geo import _site_words as words
from geo._faults import Faults, listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from shapely.geometry.base import BaseGeometry

    from geo.foreign_files import Record, VectorLayer

KIND_NAMES = {"site": "Das Gelände", "house": "Das Haus", "gate": "Das Tor"}

_ALLOWED = {
    "site": ({"Polygon", "MultiPolygon"}, "eine Fläche"),
    "house": ({"Point", "MultiPoint", "Polygon", "MultiPolygon"}, "ein Punkt oder eine Fläche"),
    "gate": ({"Point", "MultiPoint"}, "ein Punkt"),
}
_GEOMETRY_NAMES = {
    "Point": "ein Punkt",
    "MultiPoint": "eine Gruppe von Punkten",
    "LineString": "eine Linie",
    "MultiLineString": "eine Gruppe von Linien",
    "LinearRing": "eine Linie",
    "Polygon": "eine Fläche",
    "MultiPolygon": "eine Gruppe von Flächen",
    "GeometryCollection": "eine gemischte Sammlung",
}
# The reasons of GEOS in German; the place follows them in square brackets.
_INVALID = {
    "Self-intersection": "die Grenze kreuzt sich selbst",
    "Ring Self-intersection": "die Grenze berührt sich selbst",
    "Hole lies outside shell": "ein Loch liegt außerhalb der Fläche",
    "Holes are nested": "ein Loch liegt in einem anderen",
    "Interior is disconnected": "Löcher zerteilen die Fläche",
    "Nested shells": "eine Teilfläche liegt in einer anderen",
    "Duplicate Rings": "eine Grenze ist doppelt gezeichnet",
    "Too few points in geometry component": "eine Grenze hat zu wenige Eckpunkte",
}
_REASON = re.compile(r"(.*?)\s*\[(\S+) (\S+)\]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One feature that can be used so far.

    Attributes
    ----------
    kind
        ``"site"``, ``"house"`` or ``"gate"``.
    id, name
        Not empty; the name is the id where none is given.
    site_id
        As given, or empty.
    status, step_free
        Of a gate; else empty.
    geometry
        In the metric CRS, of a kind that fits; None where it was faulty.
    places
        How many people can live in a house; None where that is not said. Internal.
    """

    kind: str
    id: str
    name: str
    site_id: str
    status: str
    step_free: str
    geometry: BaseGeometry | None
    places: int | None = None

    @property
    def label(self) -> str:
        """How messages call it, e.g. ``Das Haus »Haus 1« (h1)``."""
        named = f"{KIND_NAMES[self.kind]} »{self.name}«"
        return named if self.name == self.id else f"{named} ({self.id})"


def read_entries(
    layer: VectorLayer,
    geometries: list[BaseGeometry | None],
    lonlat: Callable[[float, float], tuple[float, float]],
    several: bool,  # noqa: FBT001 - a plain fact of the file
    faults: Faults,
) -> list[Entry]:
    """Read each feature of a layer; what is wrong goes to ``faults``.

    Parameters
    ----------
    layer
        As read.
    geometries
        Of its records, in the metric CRS; None where missing or already complained of.
    lonlat
        Turns a metric coordinate into longitude and latitude, to say where a fault is.
    several
        Whether the file has more layers, so that messages must name this one.
    faults
        Filled.
    """
    _check_names(layer, several, faults)
    entries = []
    for record, geometry in zip(layer.records, geometries, strict=True):
        where = f"Objekt {record.position}"
        if several:
            where = f"Ebene »{layer.name}«, {where}"
        entry = _entry(record, where, faults)
        if entry is not None:
            entries.append(_with_geometry(entry, record, geometry, lonlat, faults))
    return entries


def _check_names(layer: VectorLayer, several: bool, faults: Faults) -> None:  # noqa: FBT001
    """Say which property names look like a slip of the pen."""
    names = Counter(name.strip().lower() for record in layer.records for name in record.properties)
    where = f"Ebene »{layer.name}«" if several else ""
    for name in sorted(set(names) - set(words.PROPERTIES)):
        meant = words.closest(name, [word for word in words.PROPERTIES if word not in names])
        if meant:
            faults.warning(
                "property.misspelt",
                f"Die Eigenschaft »{words.text(name)[:50]}« gibt es nicht; gemeint ist wohl "
                f"»{meant}«. Sie wird nicht beachtet.",
                where,
                f"In »{meant}« umbenennen oder löschen.",
            )


def _entry(record: Record, where: str, faults: Faults) -> Entry | None:
    values: dict[str, Any] = {}
    for name, value in record.properties.items():
        values.setdefault(name.strip().lower(), value)
    kind = words.text(values.get("kind")).lower()
    own_id = values.get("id")
    key = words.identifier(own_id if own_id is not None else record.id)
    if kind not in words.KINDS:
        known = [f"»{part[:50]}«" for part in (words.text(values.get("name")), key) if part]
        _wrong_kind(kind, f"{where} ({', '.join(known)})" if known else where, faults)
        return None
    if not key or len(key) > words.MAX_ID:
        reason = "hat keine »id«" if not key else f"hat eine »id« über {words.MAX_ID} Zeichen"
        faults.error(
            "feature.id",
            f"{where} ({KIND_NAMES[kind][4:]}) {reason}.",
            where,
            "Jedem Objekt eine eigene, bleibende id geben, zum Beispiel »haus-1«.",
        )
        return None
    return Entry(
        kind=kind,
        id=key,
        name=_name(values.get("name"), key, kind, faults),
        site_id=words.identifier(values.get("site_id")) if kind != "site" else "",
        status=_status(values.get("status"), key, faults) if kind == "gate" else "",
        step_free=_step_free(values.get("step_free"), key, faults) if kind == "gate" else "",
        geometry=None,
        places=_places(values.get("places"), key, faults) if kind == "house" else None,
    )


def _wrong_kind(kind: str, where: str, faults: Faults) -> None:
    remedy = "Erlaubt sind »site« (Gelände), »house« (Haus) und »gate« (Tor)."
    if not kind:
        faults.error("feature.kind", f"{where} hat keine Eigenschaft »kind«.", where, remedy)
        return
    meant = words.meant_kind(kind)
    guess = f" Gemeint ist wohl »{meant}«." if meant else ""
    faults.error(
        "feature.kind",
        f"{where}: die Art »{kind[:50]}« gibt es nicht.{guess}",
        where,
        remedy,
    )


def _name(value: Any, key: str, kind: str, faults: Faults) -> str:
    name = words.text(value)
    if not name:
        faults.warning(
            "feature.name",
            f"{KIND_NAMES[kind]} {key} hat keinen Namen; gezeigt wird die id.",
            key,
            "Die Eigenschaft »name« ausfüllen.",
        )
        return key
    if len(name) > words.MAX_NAME:
        faults.warning(
            "feature.name_long",
            f"{KIND_NAMES[kind]} {key} hat einen Namen von {len(name)} Zeichen; "
            f"gezeigt werden die ersten {words.MAX_NAME}.",
            key,
            "Einen kürzeren Namen wählen.",
        )
    return name[: words.MAX_NAME]


def _status(value: Any, key: str, faults: Faults) -> str:
    word = words.text(value)
    if not word:
        faults.info(
            "gate.status_missing",
            f"Das Tor {key} hat keinen »status«; es gilt als offen.",
            key,
            "»open«, »locked« oder Öffnungszeiten eintragen.",
        )
        return "open"
    status = words.parse_status(word)
    if status is None:
        meant = words.meant_status(word)
        guess = f" Gemeint ist wohl »{meant}«." if meant else ""
        faults.error(
            "gate.status",
            f"Das Tor {key} hat den unbekannten status »{word[:50]}«.{guess}",
            key,
            "Erlaubt sind »open« (offen), »locked« (verschlossen) oder Öffnungszeiten wie "
            "»Mo-Fr 06:00-20:00«.",
        )
    return status or "open"


def _step_free(value: Any, key: str, faults: Faults) -> str:
    word = words.text(value)
    answer = words.parse_step_free(word)
    if answer is None:
        meant = words.meant_step_free(word)
        guess = f" Gemeint ist wohl »{meant}«." if meant else ""
        faults.error(
            "gate.step_free",
            f"Das Tor {key} hat in »step_free« den unbekannten Wert »{word[:50]}«.{guess}",
            key,
            "Erlaubt sind »yes«, »no« und »unknown«.",
        )
    return answer or "unknown"


def _places(value: Any, key: str, faults: Faults) -> int | None:
    word = words.text(value)
    if not word:
        return None
    places = words.parse_places(word)
    if places is None:
        faults.error(
            "house.places",
            f"Das Haus {key} hat in »places« keine Zahl von Plätzen: »{word[:50]}«.",
            key,
            "Eine ganze Zahl von 0 bis 10.000 eintragen, zum Beispiel 24, oder das Feld leer "
            "lassen.",
        )
    return places


def _with_geometry(
    entry: Entry,
    record: Record,
    geometry: BaseGeometry | None,
    lonlat: Callable[[float, float], tuple[float, float]],
    faults: Faults,
) -> Entry:
    """Check the geometry and bring it to a plain kind."""
    if record.fault:
        faults.error(
            "geometry.unreadable",
            f"{entry.label} ist nicht lesbar: {record.fault}.",
            entry.id,
            "Das Objekt neu zeichnen.",
        )
        return entry
    if record.geometry is None or record.geometry.is_empty:
        faults.error(
            "geometry.missing",
            f"{entry.label} hat keine Geometrie.",
            entry.id,
            "Das Objekt zeichnen oder löschen.",
        )
        return entry
    if geometry is None:  # the coordinates were complained of for the whole layer
        return entry
    allowed, wanted = _ALLOWED[entry.kind]
    parts = shapely.get_num_geometries(geometry)
    if geometry.geom_type not in allowed or (geometry.geom_type == "MultiPoint" and parts != 1):
        found = _GEOMETRY_NAMES.get(geometry.geom_type, geometry.geom_type)
        faults.error(
            "geometry.kind",
            f"{entry.label} muss {wanted} sein und ist {found}.",
            entry.id,
            "Neu zeichnen oder die Eigenschaft »kind« berichtigen.",
        )
        return entry
    reason = _invalid(geometry, lonlat)
    if reason:
        faults.error(
            "geometry.invalid",
            f"{entry.label} ist keine gültige Fläche: {reason}.",
            entry.id,
            "Die Grenze an dieser Stelle berichtigen, in QGIS mit dem Knotenwerkzeug oder "
            "»Geometrien reparieren«.",
        )
        return entry
    if entry.kind != "site" and parts == 1:
        geometry = shapely.get_geometry(geometry, 0)
    if entry.kind == "house" and parts > 1:
        geometry = max(shapely.get_parts(geometry), key=lambda part: part.area)
        faults.warning(
            "house.parts",
            f"{entry.label} besteht aus {parts} Teilen; es zählt der größte.",
            entry.id,
            "Für jedes Haus eine Fläche zeichnen.",
        )
    return replace(entry, geometry=geometry)


def _invalid(geometry: BaseGeometry, lonlat: Callable[[float, float], tuple[float, float]]) -> str:
    """Say in German why a geometry is invalid and where; empty if it is valid."""
    if geometry.geom_type == "Point" or shapely.is_valid(geometry):
        return ""
    match = _REASON.fullmatch(shapely.is_valid_reason(geometry))
    if match is None:
        return "die Fläche ist ungültig"
    longitude, latitude = lonlat(float(match[2]), float(match[3]))
    reason = _INVALID.get(match[1], "die Fläche ist ungültig")
    return f"{reason} (bei {latitude:.5f}, {longitude:.5f} – Breite, Länge)"


def check_double(entries: list[Entry], faults: Faults) -> list[Entry]:
    """Report ids used twice and return what may stay; parts of one site share an id."""
    kinds: dict[str, list[str]] = {}
    for entry in entries:
        kinds.setdefault(entry.id, []).append(entry.kind)
    double = {
        key: found for key, found in kinds.items() if len(found) > 1 and set(found) != {"site"}
    }
    for key, found in sorted(double.items()):
        named = sorted({KIND_NAMES[kind][4:] for kind in found})
        faults.error(
            "feature.double_id",
            f"Die id »{key}« kommt {len(found)}-mal vor ({', '.join(named)}).",
            key,
            "Jedem Haus und jedem Tor eine eigene id geben; nur die Teilflächen eines Geländes "
            "teilen sich eine.",
        )
    kept = []
    seen: set[str] = set()
    for entry in entries:
        if entry.id in double and entry.id in seen:
            continue
        seen.add(entry.id)
        kept.append(entry)
    return kept


def unknown_site(entry: Entry, known: list[str], faults: Faults) -> None:
    """Report that an entry names grounds that the file lacks."""
    meant = words.closest(entry.site_id, known)
    guess = f" Gemeint ist wohl »{meant}«." if meant else ""
    faults.error(
        "feature.site_id",
        f"{entry.label} nennt das Gelände »{entry.site_id[:100]}«, das es in der Datei nicht "
        f"gibt.{guess}",
        entry.id,
        f"Erlaubt sind {listed(known[:10])}." if known else "Das Gelände einzeichnen.",
    )
