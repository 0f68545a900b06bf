"""The command ``confirm``: writing down what somebody has seen on the spot."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from api.arguments import StudyFolder
from api.german_help import GermanCommand
from api.messages import make_console, print_lines
from geo.errors import StudyError

if TYPE_CHECKING:
    from geo.sites import Sites
    from layers.confirmations import Confirmation
    from layers.matching import Named
    from layers.study import Study

_out = make_console()


class Status(StrEnum):
    """What somebody has seen."""

    EXISTS = "exists"
    MISSING = "missing"


def add_confirm_command(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("confirm", cls=GermanCommand)(_confirm)


def _confirm(
    study: StudyFolder,
    *,
    house: Annotated[
        str | None,
        typer.Option(metavar="HAUS", help="Haus oder Gelände: Kennung oder Name."),
    ] = None,
    category: Annotated[
        str | None,
        typer.Option(metavar="ART", help="Was: Kennung oder Name, doctors oder Arztpraxis."),
    ] = None,
    status: Annotated[
        Status | None,
        typer.Option(help="exists: gibt es in erreichbarer Nähe; missing: gibt es dort nicht."),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(metavar="WER", help="Wer nachgesehen hat: eine Rolle oder ein Amt."),
    ] = None,
    on: Annotated[
        str | None, typer.Option(metavar="JJJJ-MM-TT", help="Wann nachgesehen wurde.")
    ] = None,
    note: Annotated[str, typer.Option(metavar="TEXT", help="Was sonst zu sagen ist.")] = "",
    undo: Annotated[
        bool, typer.Option("--undo", help="Die letzte Bestätigung dazu zurücknehmen.")
    ] = False,
    show: Annotated[bool, typer.Option("--list", help="Alle Bestätigungen zeigen.")] = False,
) -> None:
    """Festhalten, was vor Ort zu sehen war: dass es etwas gibt, oder dass es fehlt."""
    from layers.confirmations import add_confirmation, make_confirmation, undo_confirmation
    from layers.study import load_study

    settings = load_study(study)
    if show:
        _print_all(settings)
        return
    origin, kind = _found(settings, _given(house, "--house"), _given(category, "--category"))
    about = f"{kind.name}, {origin.name or origin.id}"
    if undo:
        gone = undo_confirmation(settings, origin.id, kind.id)
        print_lines(_out, [f"Zurückgenommen: {about}, {_told(gone)}."])
        return
    record = make_confirmation(
        origin.id,
        kind.id,
        status=_given(None if status is None else status.value, "--status"),
        by=_given(by, "--by"),
        on=_given(on, "--on"),
        note=note,
    )
    add_confirmation(settings, record)
    print_lines(_out, [f"Festgehalten: {about}, {_told(record)}."])


def _given(value: str | None, option: str) -> str:
    if value is None:
        raise StudyError(
            f"Es fehlt die Option »{option}«.",
            where="sozialraum confirm",
            remedy="Nötig sind --house, --category, --status, --by und --on; zum Zurücknehmen "
            "--house, --category und --undo.",
        )
    return value


def _found(study: Study, house: str, category: str) -> tuple[Named, Named]:
    """Find out which house or grounds and which category are meant."""
    from layers.matching import Named, find_named
    from layers.study_sites import load_study_sites
    from layers.taxonomy import load_taxonomy

    taxonomy = load_taxonomy(study.taxonomy_path)
    kinds = [Named(one.id, one.label, one.group) for one in taxonomy.categories if one.indicator]
    kind = kinds[find_named(category, kinds, what="eine Art von Ort", where="--category")]
    origins = _origins(load_study_sites(study))
    origin = origins[find_named(house, origins, what="ein Haus oder Gelände", where="--house")]
    return origin, kind


def _origins(sites: Sites) -> list[Named]:
    from layers.matching import Named

    tables = (
        (sites.houses["house_id"], sites.houses["name"], "Haus"),
        (sites.sites["site_id"], sites.sites["name"], "Gelände"),
    )
    return [
        Named(str(key), str(name), kind)
        for ids, names, kind in tables
        for key, name in zip(ids, names, strict=True)
    ]


def _told(record: Confirmation) -> str:
    from layers.confirmations import STATUS_LABELS
    from layers.csv_files import german_date

    return f"{STATUS_LABELS[record.status]} ({record.by}, {german_date(record.on)})"


def _print_all(study: Study) -> None:
    from layers.confirmations import STATUS_LABELS, read_confirmations
    from layers.csv_files import german_date
    from layers.taxonomy import load_taxonomy

    records = read_confirmations(study)
    if not records:
        print_lines(_out, ["Es ist noch nichts bestätigt."])
        return
    labels = {key: one.label for key, one in load_taxonomy(study.taxonomy_path).by_id.items()}
    table = Table("Haus", "Was", "Status", "Wer", "Wann", "Bemerkung", box=None)
    for one in records:
        cells = (
            one.house_id, labels.get(one.category, one.category), STATUS_LABELS[one.status],
            one.by, german_date(one.on), one.note,
        )  # fmt: skip
        table.add_row(*(Text(cell) for cell in cells))
    _out.print(table)
