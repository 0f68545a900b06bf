"""The command ``diff``: what came, went and changed between two builds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from api.german_help import GermanCommand
from api.messages import make_console, print_lines
from api.progress import ProgressBar
from geo.errors import StudyError

if TYPE_CHECKING:
    from layers.changes import Changes

_STEPS = 3
_EXAMPLES = 5
_LONGEST = 160
_out = make_console()


def add_diff_command(app: typer.Typer) -> None:
    """Add ``diff`` to the command line."""
    app.command("diff", cls=GermanCommand)(_diff)


def _diff(
    old: Annotated[
        Path,
        typer.Argument(metavar="ALT", help="Die ältere Datei snapshot.gpkg, oder ihr Ordner."),
    ],
    new: Annotated[
        Path,
        typer.Argument(metavar="NEU", help="Die neuere Datei snapshot.gpkg, oder ihr Ordner."),
    ],
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="ORDNER", help="Alle Änderungen als Tabelle und als GeoJSON dorthin schreiben."
        ),
    ] = None,
) -> None:
    """Zeigen, was sich zwischen zwei Ergebnissen geändert hat: neu, weggefallen, geändert."""
    from api.staging import staged
    from layers.changes import compare
    from layers.changes_files import write_changes
    from layers.store import read_exported

    files = [_snapshot(old), _snapshot(new)]
    with ProgressBar(_STEPS) as bar:
        bar("Die ältere Datei lesen")
        before = read_exported(files[0], lenient=True)
        bar("Die neuere Datei lesen")
        after = read_exported(files[1], lenient=True)
        bar("Vergleichen")
        changes = compare(before, after)
        made: list[str] = []
        if out is not None:
            with staged(out) as staging:
                made = [path.name for path in write_changes(changes, staging)]
    _print(changes)
    if out is not None:
        print_lines(_out, ["", "Geschrieben:", *(f"  {out / name}" for name in made)])


def _snapshot(given: Path) -> Path:
    """Return the file of results that is meant: itself, or that of a folder or study."""
    from layers.store import SNAPSHOT_FILE

    if not given.exists():
        raise StudyError(
            "Das gibt es nicht.",
            where=given,
            remedy="Den Namen einer Datei snapshot.gpkg, eines Ordners mit Ergebnissen oder einer "
            "Studie angeben.",
        )
    if given.is_file():
        return given
    if (given / SNAPSHOT_FILE).is_file():
        return given / SNAPSHOT_FILE
    if (given / "study.toml").is_file():
        from layers.study import load_study

        found = load_study(given).out / SNAPSHOT_FILE
        if found.is_file():
            return found
    raise StudyError(
        f"In diesem Ordner liegt keine Datei {SNAPSHOT_FILE}.",
        where=given,
        remedy="Die Studie mit »sozialraum build« rechnen oder den Ordner der Ergebnisse angeben.",
    )


def _print(changes: Changes) -> None:
    from layers.change_words import head_line

    print_lines(_out, [head_line(changes.old, changes.new)])
    if changes.notes:
        print_lines(_out, ["Zu beachten:", *(f"  • {note}" for note in changes.notes)])
    if changes.is_empty:
        print_lines(_out, ["Es hat sich nichts geändert."])
        return
    _print_counts(changes)
    _print_examples(changes)
    if changes.sums:
        print_lines(_out, ["", "Wegezeiten:", *(f"  • {line}" for line in changes.sums)])


def _print_counts(changes: Changes) -> None:
    table = Table("Ebene", box=None, padding=(0, 2, 0, 0))
    for heading in ("vorher", "jetzt", "neu", "weg", "geändert", "neue Kennung"):
        table.add_column(heading, justify="right")
    for one in changes.layers:
        counts = (one.before, one.now, one.added, one.removed, one.changed, one.renamed)
        if any(counts):
            table.add_row(Text(one.title), *(f"{count:,}".replace(",", ".") for count in counts))
    _out.print(table)
    if any(one.renamed for one in changes.layers):
        print_lines(
            _out, ["»neue Kennung«: derselbe Ort wie vorher, in OSM nur anders gezeichnet."]
        )


def _print_examples(changes: Changes) -> None:
    """Print some of what differs in the layers that a map shows."""
    from layers.changes_files import change_words, field_sentences
    from layers.layer_info import LAYERS

    things = changes.things.assign(
        word=change_words(changes.things), text=field_sentences(changes)
    )
    shown = things[things["layer"].map(lambda name: LAYERS[name].spatial)]
    for layer, part in shown.groupby("layer", sort=False):
        print_lines(_out, ["", LAYERS[str(layer)].title])
        for word, rows in part.groupby("word", sort=False):
            print_lines(_out, [f"  {word}: {len(rows)}"])
            # What changed in more than its number is worth more than the first by id.
            first = rows.assign(empty=rows["text"] == "").sort_values("empty", kind="stable")
            for _, row in first.head(_EXAMPLES).iterrows():
                kind = f" ({row['kind']})" if row["kind"] and row["kind"] != row["name"] else ""
                said = f": {row['text']}" if row["text"] else ""
                line = _short(f"{row['name']}{kind}{said}")
                print_lines(_out, [f"    {line}"])
            if len(rows) > _EXAMPLES:
                print_lines(_out, [f"    … und {len(rows) - _EXAMPLES} weitere"])


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"
