"""Whether a release is whole: what must hold before it is shown."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from api.service.catalogue import Catalogue, Collection
from api.staging import LAST
from geo.errors import ServiceError
from layers.layer_frames import INTERNAL, PUBLIC
from maps.served_map import SERVED_FOLDER, TABLE_FILE

FACTS = (
    "attribution", "crs", "data_date", "fictional", "licence", "licence_url", "method_version",
    "minutes", "profiles", "release", "snapshot", "study",
)  # fmt: skip
"""What every release says about itself."""
_NEVER_EMPTY = frozenset({"attribution", "crs", "minutes", "profiles", "snapshot", "study"})
MAP = "karte.html"
_REMEDY = "Die Studie mit »sozialraum build« neu bauen."


def check_release(catalogue: Catalogue) -> None:
    """Refuse a release that is not whole.

    Parameters
    ----------
    catalogue
        As read from its folder.

    Raises
    ------
    geo.errors.ServiceError
        Says which of these does not hold: its facts are complete; the report names the same
        snapshot (the files of two builds lie side by side otherwise, see ADR 0007); there is
        a layer; ids are there, once each; all parts of the map are
        there, as they were written for this snapshot.
    """
    facts = catalogue.exported.facts
    missing = [key for key in FACTS if key not in facts]
    empty = [key for key in _NEVER_EMPTY if not facts.get(key)]
    if missing or empty or facts["release"] not in {INTERNAL, PUBLIC}:
        raise _fault("Die Ergebnisse sagen nicht alles, was sie über sich sagen müssen.")
    report = _content(catalogue.folder / LAST, "Der Bericht der Rechnung lässt sich nicht lesen.")
    if report.get("snapshot") != facts["snapshot"]:
        raise _fault("Bericht und Ergebnisse stammen aus verschiedenen Rechnungen.")
    if not catalogue.collections:
        raise _fault("Die Ergebnisse enthalten keine Ebene.")
    for collection in catalogue.collections.values():
        _check_ids(collection)
    _check_map(catalogue)


def _check_ids(collection: Collection) -> None:
    ids = collection.ids
    if len(ids) != len(collection.frame):
        raise _fault(f"Die Ebene »{collection.info.title}« hat Objekte ohne Kennung.")
    if bool(ids.isna().any()) or bool((ids == "").any()):
        raise _fault(f"Die Ebene »{collection.info.title}« hat Objekte ohne Kennung.")
    if not ids.is_unique:
        raise _fault(f"Die Ebene »{collection.info.title}« hat eine Kennung mehrmals.")


def _check_map(catalogue: Catalogue) -> None:
    """Refuse a map that is not there, not whole, or that of another snapshot or release."""
    facts, folder = catalogue.exported.facts, catalogue.folder / SERVED_FOLDER
    if not (catalogue.folder / MAP).is_file():
        raise _fault("Zu den Ergebnissen fehlt die Karte.")
    table = _content(folder / TABLE_FILE, "Zu den Ergebnissen fehlt die Karte des Dienstes.")
    if [table.get("snapshot"), table.get("release")] != [facts["snapshot"], facts["release"]]:
        raise _fault("Karte und Ergebnisse stammen aus verschiedenen Rechnungen.")
    for part in table.get("parts", []):
        path = folder / Path(str(part["name"])).name
        try:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError as error:
            raise _fault("Der Karte fehlt ein Teil.") from error
        if digest != part["sha256"]:
            raise _fault("Ein Teil der Karte ist nicht so, wie die Rechnung ihn geschrieben hat.")


def _content(path: Path, fault: str) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _fault(fault) from error
    return content if isinstance(content, dict) else {}


def _fault(what: str) -> ServiceError:
    return ServiceError(what, remedy=_REMEDY)
