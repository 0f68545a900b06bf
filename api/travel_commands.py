"""The commands about ways: ``times`` and ``walklist``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from api.arguments import StudyFolder
from api.german_help import GermanCommand
from api.messages import make_console, print_lines
from api.progress import ProgressBar

if TYPE_CHECKING:
    from layers.times import Answer
    from layers.walklist import Walklist

_TIMES_STEPS = 6
_WALKLIST_STEPS = 7
_NEAREST = 20
_TOP = 20

_out = make_console()


class Sureness(StrEnum):
    """Which ways count."""

    CONFIRMED = "confirmed"
    POSSIBLE = "possible"


def add_travel_commands(app: typer.Typer) -> None:
    """Add the commands about ways to the command line."""
    app.command("times", cls=GermanCommand)(_times)
    app.command("walklist", cls=GermanCommand)(_walklist)


def _times(
    study: StudyFolder,
    *,
    origin: Annotated[
        str, typer.Option("--from", metavar="HAUS", help="Haus oder Gelände: Kennung oder Name.")
    ],
    goal: Annotated[
        str | None, typer.Option("--to", metavar="ORT", help="Ein Ort: Kennung oder Name.")
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(metavar="PROFIL", help="Wer unterwegs ist; sonst das erste der Studie."),
    ] = None,
    state: Annotated[
        Sureness | None,
        typer.Option(help="confirmed: nur gesicherte Wege; possible: auch mögliche; sonst beide."),
    ] = None,
    minutes: Annotated[
        int | None,
        typer.Option(min=1, max=120, metavar="ZAHL", help="Längste Zeit; sonst die der Studie."),
    ] = None,
    limit: Annotated[
        int, typer.Option(min=1, metavar="ZAHL", help="So viele Orte zeigt die Tabelle.")
    ] = _NEAREST,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DATEI", help="Alles schreiben: .csv, .parquet, mit --to .geojson."),
    ] = None,
) -> None:
    """Wegezeiten von einem Haus zeigen: zu den nächsten Orten oder zu einem."""
    from geo.profiles import State
    from layers.study import load_study
    from layers.study_network import prepare
    from layers.times import Question, answer, check_question, find_origin
    from layers.times_files import write_answer

    question = Question(
        origin=origin,
        goal=goal,
        profile=profile,
        state=None if state is None else State(state.value),
        minutes=minutes,
    )
    settings = check_question(load_study(study), question, out)
    with ProgressBar(_TIMES_STEPS) as bar:
        ready = prepare(settings, bar)
        # A wrong name of a house is told before the long work, not after it.
        find_origin(ready, origin)
        found = answer(ready, question, bar)
        if out is not None:
            bar("Datei schreiben")
            write_answer(found, out)
    if goal is None:
        _print_nearest(found, limit)
    else:
        _print_ways(found)
    if out is not None:
        print_lines(_out, [f"Geschrieben: {out}"])


def _print_nearest(found: Answer, limit: int) -> None:
    from layers._german import minutes_text, sentence, whole_minutes
    from layers.route_text import from_text, metres_text, who
    from layers.times import STATE_LABELS, nearest_rows

    rows = nearest_rows(found.times, limit)
    start = sentence(from_text(found.origin.name or found.origin.id))
    head = f"{start} {who(found.profile)}, bis {minutes_text(found.minutes)}"
    if rows.empty:
        print_lines(_out, [f"{head}: kein Ort erreichbar, nach dem gefragt wird."])
        return
    print_lines(_out, [f"{head}:"])
    labels = {state.value: label for state, label in STATE_LABELS.items()}
    on_wheels = found.profile.limits is not None
    table = Table(box=None)
    table.add_column("Minuten", justify="right")
    table.add_column("Weg", justify="right")
    for title in ("Ort", "Art", "Kennung", *(["Wie sicher"] if on_wheels else [])):
        table.add_column(title)
    for row in rows.to_dict("records"):
        cells = [
            str(whole_minutes(row["travel_time_s"])),
            metres_text(row["distance_m"]),
            row["to_name"],
            row["category_label"],
            row["to_id"],
            *([labels[row["state"]]] if on_wheels else []),
        ]
        table.add_row(*(Text(str(cell)) for cell in cells))
    _out.print(table)
    more = int(found.times.loc[found.times["asked_for"], "to_id"].nunique()) - len(rows)
    if more > 0:
        print_lines(_out, [f"Weitere Orte in dieser Zeit: {more}. Mit --limit zeigt es mehr."])


def _print_ways(found: Answer) -> None:
    from layers.route_text import metres_text
    from layers.times import STATE_LABELS

    print_lines(_out, list(found.sentences))
    for state, way in found.routes.items():
        facts: list[tuple[str, Any]] = [
            ("Länge", metres_text(way.length_m)),
            ("Straßen", ", ".join(way.streets)),
            ("Querungen", way.crossings),
            ("Treppen", f"{way.flights} ({metres_text(way.steps_m)})" if way.flights else 0),
            ("Nicht bekannt", metres_text(way.unknown_m) if way.unknown_m else ""),
            ("Stellen, nicht bekannt", way.unknown_nodes or ""),
            ("Privat", metres_text(way.private_m) if way.private_m else ""),
            ("Geschätzt", metres_text(way.estimated_m) if way.estimated_m else ""),
            ("Tore mit Zeiten", way.by_hours or ""),
            ("Längstes Stück ohne Sitz", _seats_text(way.longest_without_seat_m)),
        ]
        shown = [f"  {name}: {value}" for name, value in facts if value not in ("", None)]
        title = STATE_LABELS[state] if found.profile.limits is not None else "Der Weg"
        print_lines(_out, [f"{title[:1].upper()}{title[1:]}:", *shown])


def _seats_text(metres: float | None) -> str:
    from layers.route_text import metres_text

    return "" if metres is None else metres_text(metres)


def _walklist(
    study: StudyFolder,
    profile: Annotated[
        str | None,
        typer.Option(
            metavar="PROFIL", help="rollator oder wheelchair; sonst alle der Studie auf Rädern."
        ),
    ] = None,
    top: Annotated[
        int, typer.Option(min=1, max=200, metavar="ZAHL", help="So viele Stellen zeigt die Liste.")
    ] = _TOP,
    out: Annotated[
        Path | None, typer.Option(metavar="ORDNER", help="Wohin; sonst out/ in der Studie.")
    ] = None,
) -> None:
    """Zeigen, was bei einer Begehung zu klären ist, damit die meisten Wege gesichert sind."""
    from api.staging import staged
    from layers.study import load_study
    from layers.study_network import prepare
    from layers.walklist import find_walklist, study_on_wheels
    from layers.walklist_files import write_walklist

    settings = study_on_wheels(load_study(study), profile)
    target = out or settings.out
    with ProgressBar(_WALKLIST_STEPS) as bar:
        ready = prepare(settings, bar)
        bar("Orte finden")
        minutes = settings.settings.max_minutes
        walk = find_walklist(ready, list(ready.profiles.values()), 60.0 * minutes, bar)
        bar("Liste schreiben")
        with staged(target) as staging:
            write_walklist(walk, ready, staging, top)
            made = sorted(str(path.relative_to(staging)) for path in staging.rglob("*.*"))
    _print_walklist(walk, top)
    print_lines(_out, ["Geschrieben:", *(f"  {target / path}" for path in made)])


def _print_walklist(walk: Walklist, top: int) -> None:
    from layers.route_text import metres_text
    from layers.walklist_page import walklist_intro

    print_lines(_out, [walklist_intro(walk, min(top, len(walk.frame)))])
    if walk.frame.empty:
        return
    table = Table(box=None)
    for title in ("Nr.", "Wege", "Orte", "Häuser", "Länge"):
        table.add_column(title, justify="right")
    for title in ("Name", "OSM-ID", "Nicht bekannt"):
        table.add_column(title)
    for row in walk.frame.head(top).to_dict("records"):
        cells = [
            row["rank"], row["pairs"], row["places"], row["houses"],
            metres_text(row["metres"]) if row["metres"] else "Stelle",
            row["name"], row["osm_id"], row["missing"],
        ]  # fmt: skip
        table.add_row(*(Text(str(cell)) for cell in cells))
    _out.print(table)
