"""The note that lies beside the files: what each is, its licence and its date, in German."""

from __future__ import annotations

import fnmatch
from pathlib import Path

from geo.whole_files import write_bytes
from layers.columns import Column, column_info
from layers.csv_files import german_date
from layers.layer_frames import PUBLIC, Exported
from layers.layer_info import LAYERS, Source

README_FILE = "LIESMICH.txt"
FICTIONAL_NOTE = "Dieser Ort ist erfunden: ein Beispiel, kein wirklicher Ort."

_EXPLAINED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("services", ("on_campus", "osm_ids", "wheelchair", "opening_hours", "completeness")),
    ("access", ("house_id", "profile", "state", "nearest_id", "nearest_s", "nearest_m", "detour",
                "n_*", "n_on_campus", "status")),
    ("travel_times", ("from_id", "to_id", "travel_time_s", "distance_m", "estimated", "private",
                      "by_hours", "unknown_m")),
    ("coverage", ("reached_m", "confirmed_m", "unknown_percent", "seated_percent")),
    ("site_reach", ("neighbours", "neighbours_state")),
)  # fmt: skip
"""Columns that nobody understands by their name alone, by layer."""


def write_readme(exported: Exported, path: Path) -> None:
    """Write the note, in UTF-8 with its mark and Windows line ends; see ``readme_text``."""
    text = readme_text(exported).replace("\n", "\r\n")
    write_bytes(path, text.encode("utf-8-sig", errors="replace"))


def readme_text(exported: Exported) -> str:
    """Return the note: files, layers with source and licence, columns, limits."""
    facts = exported.facts
    date = german_date(facts["data_date"]) or "nicht bekannt"
    title = f"Sozialraumkarte: {_one_line(facts['study'])}"
    lines = [
        title,
        "=" * len(title),
        "",
        *([FICTIONAL_NOTE, ""] if facts["fictional"] == "true" else []),
        f"Kartendaten:   {_one_line(facts['extract'])}, Stand {date}",
        f"Quelle:        {facts['attribution']}, {facts['licence']}",
        *([f"               {facts['licence_url']}"] if facts["licence_url"] else []),
        f"Ergebnis Nr.:  {facts['snapshot']} (Verfahren {facts['method_version']})",
        "",
        *_release_lines(exported),
        "",
        "Dateien",
        "-------",
        *_file_lines(exported),
        "",
        "Ebenen",
        "------",
    ]
    for info in (LAYERS[name].told(facts["release"]) for name in exported.layers):
        source = exported.layer_source(info.name)
        lines += [
            f"{info.name} – {info.title}",
            f"    {info.text}",
            f"    Quelle: {source.attribution}. Lizenz: {source.licence}.{_address(source)}",
            *([f"    Stand: {date}"] if info.derived else []),
        ]
    lines += ["", "Spalten", "-------"]
    lines += _column_lines(exported)
    lines += [
        "",
        "Grenzen",
        "-------",
        "Zahlen gelten nach Datenlage. »Nicht erfasst« heißt nicht, dass es so einen Ort nicht",
        "gibt. Eine erreichbare Fläche ist nicht der Sozialraum: Der ist für jeden Menschen ein",
        "anderer. Texte in den Tabellen, die mit =, +, - oder @ anfangen, beginnen mit einem",
        "Hochkomma, damit Excel sie nicht rechnet.",
        "Wer Ebenen mit ODbL weitergibt, nennt die Quelle und gibt sie unter derselben Lizenz",
        "weiter; eigene Angaben der Studie bleiben davon getrennt.",
    ]
    return "\n".join(lines) + "\n"


def _release_lines(exported: Exported) -> list[str]:
    """Say whom the files are for, and what they do not tell."""
    facts = exported.facts
    if facts["release"] != PUBLIC:
        return ["Diese Dateien sind für den internen Gebrauch: Sie nennen einzelne Häuser."]
    step = facts["smallest_count"]
    return [
        "Öffentliche Fassung: Diese Dateien sind für alle bestimmt. Was mit einer Ebene erlaubt",
        "ist, steht bei ihr unter Lizenz. Alle Angaben gelten für ganze Gelände, gerechnet ab",
        "ihren Toren.",
        f"Zahlen von Menschen sind auf Vielfache von {step} abgerundet. Zahlen unter {step} "
        "fehlen;",
        "dass eine fehlt, heißt nicht, dass dort niemand ist. Steht 0, so ist kein Tor offen.",
    ]


def _column_lines(exported: Exported) -> list[str]:
    """Return what columns mean, in the words of the data dictionary."""
    lines = []
    for layer, names in _EXPLAINED:
        frame = exported.layers.get(layer)
        held = () if frame is None else [str(name) for name in frame.columns]
        for name in names:
            shown = fnmatch.filter(held, name)
            # Counts on the grounds have a description of their own.
            shown = [one for one in shown if one == name or one not in names]
            lines += [f"{one}: {_told(column_info(layer, one), exported)}." for one in shown]
    return lines


def _told(column: Column, exported: Exported) -> str:
    public = exported.facts["release"] == PUBLIC
    text = (public and column.public_text) or column.text
    text = f"{text} [{column.unit}]" if column.unit else text
    words = column.words
    if column.words_from == "profile":
        words = ", ".join(f"{key} {label}" for key, label in exported.profile_labels.items())
    return f"{text}: {_one_line(words)}" if words else text


def _address(source: Source) -> str:
    return f" {source.licence_url}" if source.licence_url else ""


def _file_lines(exported: Exported) -> list[str]:
    """Return the files of the release, one line each."""
    held = exported.layers
    public = exported.facts["release"] == PUBLIC
    who = "Gelände" if public else "Haus"
    lines = [
        "karte.html         Karte, öffnet in jedem Browser, auch ohne Internet",
        f"snapshot.gpkg      alle Ebenen für QGIS und ArcGIS, {exported.facts['crs']}; QGIS zeigt",
        "                   sie gleich in unseren Farben und mit deutschen Feldnamen",
        "geojson/           jede Ebene einzeln, Länge/Breite in WGS 84",
    ]
    tables = (
        ("access", f"access.csv         was jedes {who} erreicht, für Excel"),
        ("coverage", "coverage.csv       von wie vielen Metern Weg bekannt ist, ob man dort "
         "durchkommt"),
        ("needs", "needs.csv          was jedes Haus im Richtwert erreicht und was nicht, für "
         "Excel"),
        ("services", "places.csv         alle Orte, für Excel"),
        ("ranking", "ranking.csv        wo ein Projekt am meisten hilft, mit Begründung, für "
         "Excel"),
    )  # fmt: skip
    lines += [line for layer, line in tables if layer in held]
    said = "was es gibt, mit Prüfsummen" if public else "was gelesen, gezählt und bemerkt wurde"
    lines += [
        "karte/             dieselbe Karte in Teilen, für den Dienst",
        f"report.json        {said}",
        "metadaten.xml      Metadaten nach ISO 19139, für Geodatenkataloge",
        "dcat.jsonld        Metadaten nach DCAT-AP.de, für Open-Data-Portale",
    ]
    if not public:
        lines.append("freigabe.csv       jedes Feld der öffentlichen Fassung (public/)")
    more = "fgb/ (FlatGeobuf), travel_times.csv (Wegezeiten)"
    return [*lines, f"Auf Wunsch (sozialraum export): {more}"]


def _one_line(text: str) -> str:
    return " ".join(text.split())
