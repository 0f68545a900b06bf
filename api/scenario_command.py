"""The command ``scenario``: what would be if."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from api.arguments import StudyFolder
from api.german_help import GermanCommand
from api.messages import make_console, print_findings, print_lines
from api.progress import ProgressBar

if TYPE_CHECKING:
    from geo.profiles import Profile
    from layers.scenario import Outcome

_STEPS = 8
_out = make_console()


def add_scenario_command(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("scenario", cls=GermanCommand)(_scenario)


def _scenario(
    study: StudyFolder,
    variant: Annotated[
        Path, typer.Argument(metavar="VARIANTE", help="Die Datei, die sagt, was sich ändert.")
    ],
    *,
    profile: Annotated[
        str | None,
        typer.Option(metavar="PROFIL", help="Wer unterwegs ist; sonst das erste der Studie."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="ORDNER", help="Wohin; sonst out/scenarios/NAME in der Studie."),
    ] = None,
) -> None:
    """Zeigen, was wäre wenn: ein Ort mehr, ein Tor offen, ein Weg oder eine Haltestelle neu."""
    from api.staging import staged
    from layers._variant_file import read_variant
    from layers.scenario import answer, baseline_of
    from layers.scenario_changes import check_changes
    from layers.scenario_files import write_outcome
    from layers.scenario_words import head, new_sentences, order_of, stories
    from layers.study import load_study
    from layers.study_network import prepare

    settings = load_study(study)
    asked = read_variant(variant)
    chosen = profile or settings.settings.profiles[0]
    _check_profile(chosen, settings.settings.profiles)
    with ProgressBar(_STEPS) as bar:
        ready = prepare(settings, bar)
        # What is not there is told before the long work, not after it.
        check_changes(ready, asked, str(variant))
        base = baseline_of(ready, bar)
        bar("Variante rechnen")
        outcome = answer(base, asked, str(variant))
        who = ready.profiles[chosen]
        added, houses = new_sentences(outcome, who), order_of(stories(outcome, who))
        bar("Dateien schreiben")
        target = out or settings.out / "scenarios" / asked.slug
        with staged(target) as folder:
            write_outcome(outcome, [head(who), *added], houses, folder)
    print_findings(_out, outcome.findings)
    print_lines(_out, [f"{asked.name}: {head(who)[:1].lower()}{head(who)[1:]}", *added])
    for house in houses:
        print_lines(_out, [f"{house.name}: {text}" for text in house.sentences])
    if not houses and not added:
        from layers.scenario_words import NOTHING

        print_lines(_out, [NOTHING])
    else:
        _print_table(outcome, who)
    print_lines(_out, [f"Geschrieben: {target}"])


def _check_profile(chosen: str, known: tuple[str, ...]) -> None:
    from geo.errors import StudyError

    if chosen not in known:
        raise StudyError(
            f"Das Profil »{chosen[:60]}« rechnet diese Studie nicht.",
            where="--profile",
            remedy="Möglich sind: " + ", ".join(known) + ".",
        )


def _print_table(outcome: Outcome, profile: Profile) -> None:
    """Print how many categories each house reaches sooner, later, newly or no more."""
    from layers.scenario_words import tally

    rows = tally(outcome, profile)
    if not rows:
        return
    table = Table("Haus", box=None)
    for title in ("näher", "weiter", "neu", "weggefallen", "Bedarf neu gedeckt"):
        table.add_column(title, justify="right")
    for name, *counts in rows:
        table.add_row(Text(name), *(str(count) for count in counts))
    _out.print(table)
