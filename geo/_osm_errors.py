"""What libosmium says when it refuses a file, in German and with a remedy."""

from __future__ import annotations

import re
from pathlib import Path

from geo.errors import ExtractError

_RELOAD = "Die Datei noch einmal herunterladen oder neu erzeugen."

# What libosmium 2.23 writes, and what it means to the reader.
_MEANINGS = (
    (
        r"XML entities",
        "Die Datei enthält eine DTD oder XML-Entitäten; das ist in OSM-Daten nicht üblich "
        "und wird aus Sicherheitsgründen abgelehnt.",
        "Den Auszug aus einer anderen Quelle nehmen.",
    ),
    (
        r"line (\d+), column (\d+): (?:no element found|unclosed token)",
        "Der OSM-Auszug ist abgeschnitten; er bricht in Zeile {0} ab.",
        _RELOAD,
    ),
    (
        r"XML parsing error at line (\d+), column (\d+)",
        "Der OSM-Auszug ist kein gültiges XML (Zeile {0}, Spalte {1}).",
        _RELOAD,
    ),
    (
        r"version",
        "Der OSM-Auszug hat nicht das OSM-Format 0.6.",
        "Die Datei mit einem aktuellen Werkzeug neu erzeugen.",
    ),
    (
        r"illegal id: '([^']*)'",
        "Der OSM-Auszug enthält eine ungültige Objektnummer ({0}).",
        "Die Datei mit »osmium cat« oder »osmium renumber« neu erzeugen.",
    ),
    (
        r"(?:wrong format for|characters after) coordinate: '([^']*)'",
        "Der OSM-Auszug enthält eine ungültige Koordinate (»{0}«).",
        "Die Koordinate in der Datei berichtigen oder die Datei neu erzeugen.",
    ),
    (
        r"too long",
        "Der OSM-Auszug enthält einen überlangen Text (Schlüssel, Wert oder Rolle).",
        "Den Auszug aus einer anderen Quelle nehmen.",
    ),
    (
        r"[Uu]nicode|[Uu][Tt][Ff]-?8",
        "Der OSM-Auszug enthält Text, der nicht in UTF-8 geschrieben ist.",
        "Die Datei neu erzeugen oder aus einer anderen Quelle nehmen.",
    ),
    (
        r"No space left|[Ww]rite failed|File too large",
        "Beim Lesen des OSM-Auszugs ist der Platz für Zwischendateien ausgegangen.",
        "Platz im Ordner für temporäre Dateien schaffen oder mit der Umgebungsvariablen "
        "TMPDIR einen anderen wählen.",
    ),
    (
        r"\[Errno \d+\]",
        "Die Zwischendatei zum Lesen des OSM-Auszugs lässt sich nicht anlegen.",
        "Den Ordner für temporäre Dateien prüfen oder mit der Umgebungsvariablen TMPDIR "
        "einen anderen wählen.",
    ),
    (
        r"bad_alloc|[Mm]emory",
        "Für diesen OSM-Auszug reicht der Arbeitsspeicher nicht.",
        "Einen kleineren Auszug nehmen, zum Beispiel mit »osmium extract« auf die Umgebung "
        "zugeschnitten.",
    ),
)


def explain(error: Exception, path: Path) -> ExtractError:
    """Return the error to raise in place of what libosmium raised while reading `path`."""
    text = str(error) or type(error).__name__
    if isinstance(error, MemoryError):
        text = "memory"
    for pattern, what, remedy in _MEANINGS:
        if match := re.search(pattern, text):
            groups = [group[:40] for group in match.groups()]
            return ExtractError(what.format(*groups), where=path, remedy=remedy)
    return ExtractError(
        f"Der OSM-Auszug ist beschädigt oder unvollständig (Meldung: {text[:200]}).",
        where=path,
        remedy=_RELOAD,
    )
