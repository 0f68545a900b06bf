"""What somebody has seen on the spot: that there is a place of a kind, or that there is none."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from io import StringIO
from pathlib import Path

import pandas as pd

from geo.errors import StudyError
from geo.findings import Finding, Severity
from layers.csv_files import safe_text, write_csv
from layers.study import Study

CONFIRMATIONS_FILE = "confirmations.csv"

EXISTS, MISSING = "exists", "missing"
"""Off campus there is such a place within the standard; there is none."""

STATUS_LABELS = {EXISTS: "vorhanden", MISSING: "fehlt"}

LONGEST = {"by": 100, "note": 300}
"""Characters at most."""

_COLUMNS = ("house_id", "category", "status", "by", "on", "note")
_NEEDED = _COLUMNS[:-1]
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_GERMAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_MOST_BYTES = 5_000_000
_EXAMPLES = 10


@dataclass(frozen=True, slots=True)
class Confirmation:
    """One record.

    Attributes
    ----------
    house_id
        Id of a house, or of grounds: then for every house on them.
    category
        Id of a category of the taxonomy.
    status
        ``"exists"`` or ``"missing"``: within the standard off campus, or not.
    by
        Role or office of who looked.
    on
        When, ISO date.
    note
        Anything else, "" for nothing.
    """

    house_id: str
    category: str
    status: str
    by: str
    on: str
    note: str = ""


def confirmations_path(study: Study) -> Path:
    """Return where a study keeps its confirmations.

    Parameters
    ----------
    study
        The study.
    """
    return study.folder / CONFIRMATIONS_FILE


def read_confirmations(study: Study) -> tuple[Confirmation, ...]:
    """Read what was confirmed, in the order of the file; nothing where there is no file.

    Semicolons or commas, dates as ISO or German ones (a spreadsheet turns one into the
    other), columns in any order, further columns left aside.

    Parameters
    ----------
    study
        The study.

    Raises
    ------
    StudyError
        If the file is broken; the place names the line.
    """
    path = confirmations_path(study)
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise StudyError(
                "Die Datei der Bestätigungen ist zu groß, um eine zu sein.",
                where=path,
                remedy="Die Datei prüfen oder löschen; »sozialraum confirm« legt sie neu an.",
            )
        content = path.read_bytes()
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise StudyError(
            f"Die Datei der Bestätigungen kann nicht gelesen werden: {error.strerror}.",
            where=path,
            remedy="Die Leserechte der Datei prüfen.",
        ) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _fault(
            path, content.count(b"\n", 0, error.start) + 1, "Ein Zeichen ist nicht in UTF-8",
            "Die Datei als »CSV UTF-8« speichern.",
        ) from error  # fmt: skip
    return tuple(_rows(path, text))


def confirmations_digest(study: Study) -> str:
    """Return a digest of what was confirmed, for the id of a snapshot.

    The same however the file is laid out; "" where nothing was confirmed.

    Parameters
    ----------
    study
        The study.

    Raises
    ------
    StudyError
        If the file is broken.
    """
    rows = [astuple(one) for one in read_confirmations(study)]
    if not rows:
        return ""
    text = json.dumps(rows, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def make_confirmation(
    house_id: str, category: str, *, status: str, by: str, on: str, note: str = ""
) -> Confirmation:
    """Check what somebody typed and make a record of it.

    Parameters
    ----------
    house_id, category
        Ids, known to exist.
    status
        ``"exists"`` or ``"missing"``.
    by
        Role or office of who looked; free text, made safe for spreadsheets.
    on
        Date, ``2026-11-22`` or ``22.11.2026``.
    note
        Anything else, free text as well.

    Raises
    ------
    StudyError
        If the date is none, or a text is missing or too long; the place names the option.
    """
    if status not in STATUS_LABELS:
        raise StudyError(
            f"Den Status »{status[:60]}« gibt es nicht.",
            where="--status",
            remedy="Möglich sind: exists (vorhanden) und missing (fehlt).",
        )
    day = _iso_date(on)
    if day is None:
        raise StudyError(
            f"»{on[:60]}« ist kein Datum.",
            where="--on",
            remedy="Das Datum als JJJJ-MM-TT angeben, zum Beispiel 2026-11-22.",
        )
    texts = {"by": _tidy(by), "note": _tidy(note)}
    if not any(sign.isalnum() for sign in texts["by"]):
        raise StudyError(
            "Es fehlt, wer nachgesehen hat.",
            where="--by",
            remedy="Eine Rolle oder ein Amt angeben, zum Beispiel »Quartiersmanagement«.",
        )
    for key, longest in LONGEST.items():
        if len(texts[key]) > longest:
            raise StudyError(
                f"Der Text ist zu lang: {len(texts[key])} Zeichen.",
                where=f"--{key}",
                remedy=f"Höchstens {longest} Zeichen angeben.",
            )
    return Confirmation(house_id, category, status, texts["by"], day, texts["note"])


def add_confirmation(study: Study, record: Confirmation) -> None:
    """Write a record into the study's file; earlier ones stay.

    Parameters
    ----------
    study
        The study.
    record
        As ``make_confirmation`` makes it.

    Raises
    ------
    geo.errors.SozialraumError
        If the file is broken or cannot be written; it stays as it was.
    """
    _write(study, [*read_confirmations(study), record])


def undo_confirmation(study: Study, house_id: str, category: str) -> Confirmation:
    """Take the last record about a house and category out of the file and return it.

    Parameters
    ----------
    study
        The study.
    house_id, category
        Which ones; of a house records about its grounds stay.

    Raises
    ------
    geo.errors.SozialraumError
        If there is none, or the file is broken or cannot be written; it stays as it was.
    """
    known = list(read_confirmations(study))
    mine = [
        (one.on, number)
        for number, one in enumerate(known)
        if (one.house_id, one.category) == (house_id, category)
    ]
    if not mine:
        raise StudyError(
            "Dazu ist nichts bestätigt, das sich zurücknehmen ließe.",
            where=confirmations_path(study),
            remedy="»sozialraum confirm ORDNER --list« zeigt alle Bestätigungen.",
        )
    removed = known.pop(max(mine)[1])
    _write(study, known)
    return removed


def winning(
    records: Sequence[Confirmation], house_id: str, site_id: str
) -> dict[str, Confirmation]:
    """Return by category which record counts for a house.

    The latest one; of the same day the house's own before one about its grounds, and the
    last line of the file before those above it.

    Parameters
    ----------
    records
        As ``read_confirmations`` returns them.
    house_id, site_id
        The house (or grounds that are an origin themselves), and the grounds it stands on,
        "" for none.
    """
    best: dict[str, tuple[tuple[str, bool, int], Confirmation]] = {}
    for number, one in enumerate(records):
        if one.house_id not in {house_id, site_id} - {""}:
            continue
        rank = (one.on, one.house_id == house_id, number)
        if one.category not in best or rank > best[one.category][0]:
            best[one.category] = (rank, one)
    return {category: record for category, (_, record) in sorted(best.items())}


def check_confirmations(
    study: Study,
    records: Sequence[Confirmation],
    origins: Iterable[str],
    categories: Iterable[str],
) -> tuple[Finding, ...]:
    """Find records that count for nothing because what they name is not there.

    Parameters
    ----------
    study
        Whose file it is.
    records
        As ``read_confirmations`` returns them.
    origins
        Ids of houses and grounds.
    categories
        Ids of categories.
    """
    found = []
    for code, word, known, names in (
        ("house", "Häuser oder Gelände", set(origins), [one.house_id for one in records]),
        ("category", "Kategorien", set(categories), [one.category for one in records]),
    ):
        lost = [name for name in names if name not in known]
        if lost:
            found.append(
                Finding(
                    code=f"confirmations.unknown_{code}",
                    severity=Severity.WARNING,
                    message=f"Bestätigungen nennen {word}, die es in der Studie nicht gibt; sie "
                    "zählen nicht.",
                    where=str(confirmations_path(study)),
                    remedy="Die Kennung in der Datei berichtigen oder die Zeile löschen.",
                    count=len(lost),
                    examples=tuple(sorted(set(lost)))[:_EXAMPLES],
                )
            )
    return tuple(found)


def _write(study: Study, records: Sequence[Confirmation]) -> None:
    # Records about the same house, category and day keep their order: the last one counts.
    ordered = sorted(records, key=lambda one: (one.house_id, one.category, one.on))
    rows = [astuple(one) for one in ordered]
    write_csv(pd.DataFrame(rows, columns=_COLUMNS, dtype="str"), confirmations_path(study))


def _rows(path: Path, text: str) -> Iterable[Confirmation]:
    head = text.partition("\n")[0]
    reader = csv.reader(
        StringIO(text, newline=""), delimiter=";" if ";" in head else ",", strict=True
    )
    columns: list[str] | None = None
    begin = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise _fault(
                path, begin, "Die Zeile ist keine Tabellenzeile",
                "Anführungszeichen paarweise setzen.",
            ) from error  # fmt: skip
        if cells is None:
            return
        line, begin = begin, reader.line_num + 1
        if not any(cell.strip() for cell in cells):
            continue
        if columns is None:
            columns = [cell.strip().casefold() for cell in cells]
            if missing := [name for name in _NEEDED if name not in columns]:
                raise _fault(
                    path, line, f"In der Kopfzeile fehlt: {', '.join(missing)}",
                    "Sie muss lauten: " + ";".join(_COLUMNS) + ".",
                )  # fmt: skip
            continue
        yield _row(path, line, dict(zip(columns, cells, strict=False)))


def _row(path: Path, line: int, cells: dict[str, str]) -> Confirmation:
    texts = {name: _tidy(cells.get(name, "")) for name in _COLUMNS}
    if empty := [name for name in _NEEDED if not texts[name]]:
        raise _fault(
            path, line, f"Es fehlt: {', '.join(empty)}", "Die Zeile ergänzen oder löschen."
        )
    if texts["status"] not in STATUS_LABELS:
        raise _fault(
            path, line, f"Der Status »{texts['status'][:60]}« ist nicht bekannt",
            "Möglich sind: exists (vorhanden) und missing (fehlt).",
        )  # fmt: skip
    day = _iso_date(texts["on"])
    if day is None:
        raise _fault(
            path, line, f"»{texts['on'][:60]}« ist kein Datum",
            "Das Datum als JJJJ-MM-TT schreiben, zum Beispiel 2026-11-22.",
        )  # fmt: skip
    for key, longest in LONGEST.items():
        if len(texts[key]) > longest:
            raise _fault(
                path, line, f"Der Text unter »{key}« ist zu lang: {len(texts[key])} Zeichen",
                f"Höchstens {longest} Zeichen schreiben.",
            )  # fmt: skip
    return Confirmation(**(texts | {"on": day}))


def _tidy(text: str) -> str:
    """Return a text as a safe cell, without white space at its ends or twice in a row."""
    return " ".join(safe_text(" ".join(text.split())).split())


def _iso_date(text: str) -> str | None:
    """Return a date as ISO; None for what is none."""
    plain = text.strip()
    if german := _GERMAN.fullmatch(plain):
        day, month, year = german.groups()
        plain = f"{year}-{month:>02}-{day:>02}"
    if not plain.isascii() or not _ISO.fullmatch(plain):
        return None
    try:
        return date.fromisoformat(plain).isoformat()
    except ValueError:
        return None


def _fault(path: Path, line: int, what: str, remedy: str) -> StudyError:
    return StudyError(
        f"Die Datei der Bestätigungen ist nicht lesbar. {what}.",
        where=f"{path}, Zeile {line}",
        remedy=remedy,
    )
