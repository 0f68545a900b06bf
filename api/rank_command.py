"""The command ``rank``: where a project helps most, and why there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from api.arguments import StudyFolder
from api.german_help import GermanCommand
from api.messages import make_console, print_lines
from api.progress import ProgressBar

if TYPE_CHECKING:
    from layers.placement import Placement, Ranking
    from layers.project_sets import SiteSet

_STEPS = 12
_TOP = 10
_ARGUED = 3
_BAR = 4
_EIGHTHS = " ▏▎▍▌▋▊▉"
_MOST_SITES = 20

_out = make_console()


def add_rank_command(app: typer.Typer) -> None:
    """Add ``rank`` to the command line."""
    app.command("rank", cls=GermanCommand)(_rank)


def _rank(
    study: StudyFolder,
    *,
    project: Annotated[
        str | None,
        typer.Option(metavar="ART", help="Projektart, zum Beispiel cafe; sonst alle der Studie."),
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(metavar="PROFIL", help="Wer unterwegs ist; sonst das erste der Studie."),
    ] = None,
    top: Annotated[
        int, typer.Option(min=1, max=200, metavar="ZAHL", help="So viele Orte zeigt die Tabelle.")
    ] = _TOP,
    sites: Annotated[
        int | None,
        typer.Option(
            min=2, max=_MOST_SITES, metavar="ZAHL",
            help="Auch die beste Auswahl von so vielen Orten zusammen suchen.",
        ),
    ] = None,
    why: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="ORT ORT", help="Zwei Orte vergleichen: Kennung oder Name."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="ORDNER", help="Wohin; sonst out/ in der Studie.")
    ] = None,
) -> None:  # fmt: skip
    """Zeigen, wo ein Projekt am meisten hilft, und warum dort."""
    from api.staging import staged
    from geo.errors import StudyError
    from layers.people import People
    from layers.placement import check_question, place_projects
    from layers.project_sets import best_set
    from layers.ranking_files import write_ranking
    from layers.study import load_study
    from layers.study_network import prepare

    if project is None and (why is not None or sites is not None):
        raise StudyError(
            "Verglichen und ausgewählt wird für eine Projektart; es ist keine genannt.",
            where="--why" if why is not None else "--sites",
            remedy="Mit --project sagen, wofür, zum Beispiel --project cafe.",
        )
    settings = check_question(load_study(study), project, profile)
    target = out or settings.out
    with ProgressBar(_STEPS) as bar:
        ready = prepare(settings, bar)
        more = [] if project is None else [project]
        placement = place_projects(People(ready), bar, profile, more)
        asked = [one for one in placement.rankings if project in {None, one.evidence.project.id}]
        pair = None if why is None else _pair(asked[0], *why)
        found: SiteSet | None = None
        if sites is not None:
            bar("Die beste Auswahl suchen")
            found = best_set(placement.people, asked[0], sites)
        bar("Rangliste schreiben")
        with staged(target) as staging:
            write_ranking(placement, staging)
            made = sorted(str(path.relative_to(staging)) for path in staging.rglob("*.*"))
    _print_all(placement, asked, top, brief=project is None)
    if found is not None:
        _print_set(asked[0], found)
    if pair is not None:
        print_lines(_out, ["", asked[0].why_before(*pair)])
    print_lines(_out, ["", "Geschrieben:", *(f"  {target / path}" for path in made)])


def _pair(ranking: Ranking, first: str, second: str) -> tuple[int, int]:
    """Find the two candidates that are asked about."""
    from geo.errors import StudyError
    from layers.matching import Named, find_named

    frame = ranking.evidence.frame
    known = [
        Named(str(key), str(name), str(kind))
        for key, name, kind in zip(frame["id"], frame["name"], frame["kind"], strict=True)
    ]
    a, b = (
        find_named(asked, known, what="einen Vorschlag", where="--why")
        for asked in (first, second)
    )
    if a == b:
        raise StudyError(
            f"»{known[a].name}« ist beide Male derselbe Ort.",
            where="--why",
            remedy="Zwei verschiedene Orte nennen.",
        )
    return a, b


def _print_all(placement: Placement, asked: list[Ranking], top: int, *, brief: bool) -> None:
    for at, ranking in enumerate(asked):
        if at:
            print_lines(_out, [""])
        _print_head(ranking)
        if not brief:
            _print_table(ranking, top)
            for row in ranking.scores.order[:_ARGUED].tolist():
                _print_candidate(ranking, row)
            if ranking.cautions:
                print_lines(_out, ["", "Zu beachten:"])
        print_lines(_out, [f"  • {said}" for said in ranking.cautions])
    note = placement.people.neighbours.note
    if note:
        print_lines(_out, ["", f"Nachbarschaft: {note}"])


def _print_head(ranking: Ranking) -> None:
    from layers._german import on_the_way
    from layers.ranking_words import names_apart, percent_text

    evidence, scores = ranking.evidence, ranking.scores
    count = len(scores.rank)
    many = {0: "kein Ort", 1: "1 Ort"}.get(count, f"{count} Orte")
    print_lines(_out, [f"{evidence.project.label}, {on_the_way(evidence.profile)}: {many}"])
    if ranking.no_recommendation:
        print_lines(_out, [f"Keine Empfehlung. {ranking.no_recommendation}"])
        return
    first = int(scores.order[0])
    (name,) = names_apart(evidence, [first])
    firm = percent_text(float(scores.first_percent[first]))
    print_lines(
        _out, [f"Empfehlung: {name}. Wenn die Gewichte schwanken, Platz 1 in {firm} der Fälle."]
    )


def _print_table(ranking: Ranking, top: int) -> None:
    """Print the first candidates, a bar for each criterion: all of it fits a narrow window."""
    from layers.ranking_words import percent_text

    scores, frame = ranking.scores, ranking.evidence.frame
    if not len(scores.rank):
        return
    letters = [chr(ord("A") + at) for at in range(len(scores.criteria))]
    table = Table(box=None, padding=(0, 1, 0, 0))
    table.add_column("Platz", justify="right")
    table.add_column("Ort")
    for letter in letters:
        table.add_column(letter, no_wrap=True)
    table.add_column("Ergebnis", justify="right", no_wrap=True)
    table.add_column("Platz 1 in", justify="right", no_wrap=True)
    for row in scores.order[:top].tolist():
        known = (~scores.unknown[row]).tolist()
        bars = [
            bar(value) if sure else "?"
            for value, sure in zip(scores.scaled[row].tolist(), known, strict=True)
        ]
        table.add_row(
            str(scores.rank[row]),
            Text(str(frame["name"].iloc[row])),
            *bars,
            _two_digits(float(scores.score[row])),
            percent_text(float(scores.first_percent[row])),
        )
    _out.print(table)
    lines = [
        f"  {letter} = {criterion.label}, Gewicht {percent_text(100.0 * float(weight))}"
        for letter, criterion, weight in zip(letters, scores.criteria, scores.weights, strict=True)
    ]
    if scores.unknown.any():
        lines.append("  ? = nicht erfasst, zählt 0")
    more = len(scores.rank) - top
    if more > 0:
        lines.append(f"Weitere Orte: {more}. Mit --top zeigt es mehr.")
    print_lines(_out, lines)


def _print_candidate(ranking: Ranking, row: int) -> None:
    """Print what each criterion of a candidate is and counts, and why it stands where it does."""
    from layers.ranking_words import percent_text, value_text

    scores = ranking.scores
    name = ranking.evidence.frame["name"].iloc[row]
    print_lines(_out, ["", f"{scores.rank[row]}. {name}"])
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("")
    table.add_column("Kriterium")
    for heading in ("Rohwert", "Wert", "Gewicht", "Anteil"):
        table.add_column(heading, justify="right")
    shares = scores.shares[row]
    for column, criterion in enumerate(scores.criteria):
        value = float(scores.scaled[row, column])
        table.add_row(
            bar(value),
            Text(criterion.label),
            Text(value_text(criterion, float(scores.raw[row, column]))),
            _two_digits(value),
            percent_text(100.0 * float(scores.weights[column])),
            _two_digits(float(shares[column])),
        )
    _out.print(table)
    print_lines(_out, [ranking.reasons[row]])


def _two_digits(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")


def bar(value: float) -> str:
    """Return a value from 0 to 1 as a bar of fixed width.

    Parameters
    ----------
    value
        0 to 1; anything above 0 shows at least a trace.
    """
    eighths = round(value * _BAR * 8)
    if value > 0:
        eighths = max(1, eighths)
    whole, rest = divmod(eighths, 8)
    return ("█" * whole + _EIGHTHS[rest]).ljust(_BAR)[:_BAR]


def _print_set(ranking: Ranking, found: SiteSet) -> None:
    from layers.ranking_words import value_text

    lines = ["", found.text]
    for criterion, raw, value in zip(
        ranking.scores.criteria, found.raw.tolist(), found.scaled.tolist(), strict=True
    ):
        # Of a mean there is no raw value of the set.
        said = f" {value_text(criterion, raw)}" if raw == raw else ""  # noqa: PLR0124
        lines.append(f"  {bar(value)} {criterion.label}:{said or ' im Mittel der Orte'}")
    print_lines(_out, lines)
