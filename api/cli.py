"""The command line ``sozialraum``."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from api.arguments import StudyFolder
from api.confirm_command import add_confirm_command
from api.diff_command import add_diff_command
from api.german_help import GermanCommand, GermanGroup
from api.memory import spare_memory_and_time
from api.messages import make_console, print_fault, print_findings, print_lines, usage_fault
from api.progress import ProgressBar
from api.rank_command import add_rank_command
from api.scenario_command import add_scenario_command
from api.serve_command import add_serve_command
from api.travel_commands import add_travel_commands
from geo.errors import SozialraumError, StudyError

if TYPE_CHECKING:
    from geo.sites import Sites
    from layers.study_sites import Suggestion

_BUILD_STEPS = 20
_KINDS = {"site": "Gelände", "house": "Haus"}
_INTERRUPTED = 130
_BAD_INPUT = 2

app = typer.Typer(
    name="sozialraum",
    cls=GermanGroup,
    help="Sozialraumkarte: zeigt, was Menschen von ihrem Wohnhaus aus erreichen.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

_out = make_console()
_err = make_console(stderr=True)


class ExportFormat(StrEnum):
    """The formats that can be made again on their own."""

    GEOJSON = "geojson"
    GPKG = "gpkg"
    CSV = "csv"
    FGB = "fgb"


class SiteKind(StrEnum):
    """What an object of OSM can be taken as."""

    SITE = "site"
    HOUSE = "house"


def _show_version(value: bool) -> None:
    if value:
        _out.print(f"Sozialraumkarte {version('sozialraumkarte')}", highlight=False)
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Version zeigen und enden."
        ),
    ] = False,
) -> None:
    pass


@app.command(cls=GermanCommand)
def new(
    folder: Annotated[Path, typer.Argument(metavar="ORDNER", help="Ordner der neuen Studie.")],
    extract: Annotated[
        Path | None, typer.Option(metavar="DATEI", help="OSM-Auszug (.osm.pbf, .osm, .osm.gz, …).")
    ] = None,
    place: Annotated[
        str | None,
        typer.Option(
            metavar="ORT", help='Ort, dessen Daten geladen werden: "Lengerich, Westfalen".'
        ),
    ] = None,
    name: Annotated[str | None, typer.Option(metavar="TEXT", help="Name auf der Karte.")] = None,
) -> None:
    """Eine neue Studie anlegen: aus einem OSM-Auszug oder aus dem Internet."""
    from layers.study_files import create_study

    with ProgressBar(4) as bar:
        made = create_study(folder, name=name, extract=extract, place=place, progress=bar)
    print_lines(_out, [f"Die Studie liegt in {folder}:", *(f"  {line}" for line in made)])
    print_lines(
        _out,
        [
            "Weiter geht es so:",
            f"  sozialraum sites {folder} --suggest   zeigt Gelände und Häuser, die OSM kennt",
            f"  sozialraum check {folder}             prüft die Angaben",
            f"  sozialraum build {folder}             rechnet und zeichnet die Karte",
        ],
    )


@app.command(cls=GermanCommand)
def inspect(
    extract: Annotated[Path, typer.Argument(metavar="AUSZUG", help="Der OSM-Auszug.")],
    areas: Annotated[
        Path | None,
        typer.Option(metavar="DATEI.json", help="Alle Flächen als JSON-Liste dorthin schreiben."),
    ] = None,
) -> None:
    """Zeigen, was ein OSM-Auszug enthält und was an ihm nicht stimmt."""
    from geo.inspection import describe, inspect_extract, write_areas

    with ProgressBar(3) as bar:
        inspection = inspect_extract(extract, bar)
        if areas is not None:
            bar("Flächen schreiben")
            write_areas(extract, areas)
    print_lines(_out, describe(inspection))
    print_findings(_out, inspection.findings)
    if areas is not None:
        print_lines(_out, [f"Die Flächen stehen in {areas}."])


@app.command(cls=GermanCommand)
def check(study: StudyFolder) -> None:
    """Gelände, Häuser und Tore prüfen und alles auf einmal sagen, was nicht stimmt."""
    from geo.findings import Severity, has_errors
    from layers.study import load_study
    from layers.study_sites import check_study

    with ProgressBar(4) as bar:
        findings = check_study(load_study(study), bar)
    print_findings(_out, findings)
    if has_errors(findings):
        raise typer.Exit(_BAD_INPUT)
    warned = any(finding.severity is Severity.WARNING for finding in findings)
    print_lines(_out, ["Es kann gerechnet werden." if warned else "Alles in Ordnung."])


@app.command(cls=GermanCommand)
def sites(
    study: StudyFolder,
    suggest: Annotated[
        bool, typer.Option("--suggest", help="Gelände und Häuser zeigen, die OSM schon kennt.")
    ] = False,
    take: Annotated[
        str | None,
        typer.Option(metavar="OSM-ID", help="Ein Objekt übernehmen, zum Beispiel w81096573."),
    ] = None,
    kind: Annotated[
        SiteKind | None, typer.Option(help="Als was: site (Gelände) oder house (Haus).")
    ] = None,
) -> None:
    """Gelände und Häuser der Studie zeigen, vorschlagen oder aus OSM übernehmen."""
    from layers.study import load_study

    settings = load_study(study)
    if take is not None:
        if kind is None:
            raise StudyError(
                f"Als was »{take}« übernommen werden soll, ist nicht gesagt.",
                where="--kind",
                remedy="--kind site für ein Gelände oder --kind house für ein Haus angeben.",
            )
        from layers.study_sites import take_site

        with ProgressBar(2) as bar:
            name = take_site(settings, take, kind.value, bar)
        print_lines(_out, [f"»{name}« ({take}) steht jetzt in {settings.sites_path}."])
    elif suggest:
        from layers.study_sites import suggest_study_sites

        with ProgressBar(2) as bar:
            suggestions = suggest_study_sites(settings, bar)
        _print_suggestions(suggestions, study)
    else:
        from layers.study_sites import load_study_sites

        _print_sites(load_study_sites(settings))


def _print_suggestions(suggestions: list[Suggestion], study: Path) -> None:
    if not suggestions:
        print_lines(
            _out,
            [
                "Der OSM-Auszug kennt hier weder Klinikgelände noch Wohnhäuser.",
                "Gelände und Häuser lassen sich in QGIS zeichnen und als GeoJSON speichern.",
            ],
        )
        return
    table = Table("OSM-ID", "Name", "Art", "Warum", box=None)
    for found in suggestions:
        kind = _KINDS[found.kind]
        table.add_row(found.osm_id, Text(found.name), kind, Text(found.reason))
    _out.print(table)
    first = suggestions[0]
    print_lines(
        _out,
        [f"Übernehmen: sozialraum sites {study} --take {first.osm_id} --kind {first.kind}"],
    )


def _print_sites(found: Sites) -> None:
    table = Table("ID", "Name", "Art", "Gelände", box=None)
    grounds, houses, gates = found.sites, found.houses, found.gates
    rows = [
        *(
            (key, name, "Gelände", "")
            for key, name in zip(grounds.site_id, grounds["name"], strict=True)
        ),
        *(
            (key, name, "Haus", site or "keines")
            for key, name, site in zip(
                houses.house_id, houses["name"], houses.site_id, strict=True
            )
        ),
        *(
            (key, name, "Tor", site)
            for key, name, site in zip(gates.gate_id, gates["name"], gates.site_id, strict=True)
        ),
    ]
    for row in rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    _out.print(table)


@app.command(cls=GermanCommand)
def build(
    study: StudyFolder,
    out: Annotated[
        Path | None, typer.Option(metavar="ORDNER", help="Wohin; sonst out/ in der Studie.")
    ] = None,
) -> None:
    """Alles rechnen: Ebenen, Wegezeiten, Karte und Dateien für das GIS."""
    from api.build import MAP_FILE
    from api.build import build as build_study

    with ProgressBar(_BUILD_STEPS) as bar:
        built = build_study(study, out, bar)
    print_findings(_out, [*built.snapshot.findings, *built.public.findings])
    seconds = f"{sum(built.seconds.values()):.1f}".replace(".", ",")
    houses, places = len(built.snapshot.houses), len(built.snapshot.places)
    print_lines(
        _out,
        [
            f"Fertig in {seconds} s: {houses} {'Haus' if houses == 1 else 'Häuser'}, "
            f"{places} {'Ort' if places == 1 else 'Orte'}, Stand {built.snapshot.id}.",
            f"Karte: {(built.out / MAP_FILE).resolve().as_uri()}",
            f"Dateien für das GIS: {built.out}",
            built.public.line,
        ],
    )


@app.command(cls=GermanCommand)
def export(
    study: StudyFolder,
    format_: Annotated[ExportFormat, typer.Option("--format", help="Das Format.")],
    out: Annotated[
        Path | None, typer.Option(metavar="ORDNER", help="Wohin; sonst out/ in der Studie.")
    ] = None,
    public: Annotated[
        bool, typer.Option("--public", help="Die öffentliche Fassung; dazu gehört --out.")
    ] = False,
) -> None:
    """Ein Format noch einmal schreiben, ohne neu zu rechnen."""
    from api.staging import staged
    from layers.exports import write_format
    from layers.store import SNAPSHOT_FILE
    from layers.study import load_study
    from maps.gis_styles import gis_styles

    settings = load_study(study)
    if public and out is None:
        # out/public/ holds what was searched and listed when it was built, and nothing else.
        raise StudyError(
            "Für die öffentliche Fassung ist kein Ordner angegeben.",
            remedy="Mit »--out ORDNER« sagen, wohin sie soll.",
        )
    held = settings.out / "public" if public else settings.out
    snapshot = next(
        (
            folder / SNAPSHOT_FILE
            for folder in ((held,) if public else (out, held))
            if folder is not None and (folder / SNAPSHOT_FILE).is_file()
        ),
        None,
    )
    if snapshot is None:
        raise StudyError(
            "Es ist noch nichts gerechnet, das sich schreiben ließe.",
            where=held / SNAPSHOT_FILE,
            remedy=f"Zuerst »sozialraum build {study}« aufrufen.",
        )
    target = out or settings.out
    with staged(target) as staging:
        write_format(snapshot, format_.value, staging, gis_styles)
        made = sorted(path.relative_to(staging) for path in staging.rglob("*") if path.is_file())
    print_lines(_out, ["Geschrieben:", *(f"  {target / path}" for path in made)])


add_rank_command(app)
add_travel_commands(app)
add_scenario_command(app)
add_confirm_command(app)
add_diff_command(app)
add_serve_command(app)


def run(arguments: list[str] | None = None) -> int:
    """Run a command and return the exit code: 0 done, 2 bad input, 130 interrupted.

    Parameters
    ----------
    arguments
        The words after ``sozialraum``; by default those of the process.
    """
    try:
        code = app(args=arguments, prog_name="sozialraum", standalone_mode=False)
    except SozialraumError as error:
        print_fault(_err, error)
        return _BAD_INPUT
    except typer.exceptions.TyperException as error:
        _print_usage_fault(error)
        return _BAD_INPUT
    except (KeyboardInterrupt, typer.Abort):
        code = _INTERRUPTED
    except Exception as error:
        if os.environ.get("SOZIALRAUM_DEBUG"):
            raise
        _err.print(
            Text(
                f"Das hätte nicht geschehen dürfen: {type(error).__name__}: {error}\n"
                "Die bisherigen Ergebnisse sind unverändert. Bitte melden Sie diesen Fehler; "
                "mit SOZIALRAUM_DEBUG=1 zeigt der Befehl Einzelheiten.",
                style="bold red",
            )
        )
        return 1
    if code == _INTERRUPTED:
        _err.print(Text("Abgebrochen. Die Ergebnisse, die da sind, sind vollständig."))
    return int(code or 0)


def _print_usage_fault(error: typer.exceptions.TyperException) -> None:
    if type(error).__name__ == "NoArgsIsHelpError":
        return
    _err.print(Text(usage_fault(error.format_message()), style="bold red"))
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "sozialraum"
    _err.print(Text(f"Hilfe: {command} --help"))


def main() -> None:
    """Start the command line."""
    spare_memory_and_time()
    code = run()
    # All files are whole and closed by now. Taking a million objects apart one by one before
    # the system takes back all memory anyway would only keep people waiting.
    with suppress(OSError):  # nobody may be reading any more
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)
