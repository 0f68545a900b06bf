"""The note that lies beside the files: what each is, its licence and its date, in German."""

from __future__ import annotations

from pathlib import Path

from geo.whole_files import write_bytes
from layers.csv_files import german_date
from layers.layer_frames import PUBLIC, Exported
from layers.layer_info import LAYERS, Source

README_FILE = "LIESMICH.txt"
FICTIONAL_NOTE = "Dieser Ort ist erfunden: ein Beispiel, kein wirklicher Ort."

_COLUMNS = {
    "house_id": "Kennung des Hauses; bei Geländen die Kennung des Geländes (ab den Toren)",
    "on_campus": "Kennung des Geländes, auf dem der Ort liegt; leer: außerhalb",
    "osm_ids": "die OSM-Objekte, aus denen der Ort besteht; n Punkt, w Linie oder Fläche, "
    "r Relation",
    "wheelchair": "yes ja, limited eingeschränkt, no nein, unknown unbekannt",
    "opening_hours": "Öffnungszeiten, wie sie in OpenStreetMap stehen",
    "completeness": "wie vollständig OpenStreetMap bei dieser Art von Orten meist ist: high "
    "hoch, medium mittel, low gering",
    "nearest_id, nearest_s, nearest_m": "der nächste Ort außerhalb des Geländes, Sekunden und "
    "Meter des Weges dorthin",
    "detour": "Umwegfaktor: Länge des Weges geteilt durch Luftlinie; leer unter 50 m",
    "n_05, n_10 …": "Orte außerhalb des Geländes in höchstens 5, 10 … Minuten",
    "n_on_campus": "Orte auf dem Gelände; sie zählen sonst nirgends mit",
    "status": "reachable erreichbar; only_on_campus nur auf dem Gelände; not_recorded in "
    "OpenStreetMap nicht erfasst; not_reachable erfasst, aber nicht erreichbar",
    "profile": "wer unterwegs ist, zum Beispiel resident zu Fuß, wheelchair mit Rollstuhl",
    "state": "auf welchen Wegen: confirmed nur auf gesicherten, possible auch auf solchen, von "
    "denen etwas nicht bekannt ist; zu Fuß und mit dem Fahrrad gibt es nur confirmed",
    "travel_time_s, distance_m": "Wegezeit in Sekunden, Länge des Weges in Metern",
    "estimated": "ein Stück des Weges ist geschätzt, weil dort kein Weg erfasst ist",
    "private": "der Weg führt über private Wege des eigenen Geländes",
    "by_hours": "der Weg führt durch ein Tor, das nur zu bestimmten Zeiten offen ist",
    "unknown_m": "Meter des Weges, von denen nicht bekannt ist, ob man dort durchkommt",
    "reached_m, confirmed_m": "Meter der Wege, die in so vielen Minuten erreichbar sind; davon "
    "gesichert",
    "unknown_percent": "Anteil der übrigen, von denen etwas nicht bekannt ist",
    "seated_percent": "Anteil der Wege mit einer Sitzgelegenheit in den Abständen des Profils",
}

_PUBLIC_COLUMNS = {
    "house_id": "Kennung des Geländes; gerechnet ist ab den Toren",
    "from_id, to_id": "Kennung des Geländes und des Ortes",
    "neighbours": "Menschen der Nachbarschaft, die in so vielen Minuten ein Tor erreichen",
    "neighbours_state": "counted gezählt; protected geschützt, weil die Zahl klein ist; unknown "
    "nicht bekannt",
}
"""What is called otherwise, or added, in the public release."""


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
        ]
    lines += ["", "Spalten", "-------"]
    columns = {**_COLUMNS, **(_PUBLIC_COLUMNS if facts["release"] == PUBLIC else {})}
    lines += [f"{name}: {text}." for name, text in columns.items()]
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
