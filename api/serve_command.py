"""The command ``serve``: the map and the layers as a service."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.arguments import StudyFolder
from api.german_help import GermanCommand
from api.messages import make_console, print_lines
from geo.errors import StudyError

if TYPE_CHECKING:
    from api.service.binding import Wish
    from api.service.catalogue import Catalogue

_PORTS = 65535
_out = make_console()
_err = make_console(stderr=True)


def add_serve_command(app: typer.Typer) -> None:
    """Add ``serve`` to the command line."""
    app.command("serve", cls=GermanCommand)(_serve)


def _serve(
    study: StudyFolder,
    *,
    host: Annotated[
        str,
        typer.Option(metavar="ADRESSE", help="IP-Adresse dieses Rechners, auf der er antwortet."),
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=_PORTS, metavar="ZAHL", help="Port; 0: ein freier.")
    ] = 8000,
    internal: Annotated[
        bool,
        typer.Option(
            "--internal",
            help="Die interne Fassung zeigen: nur auf diesem Rechner oder hinter --proxy.",
        ),
    ] = False,
    url: Annotated[
        str,
        typer.Option(metavar="URL", help="Adresse, unter der andere den Dienst sehen."),
    ] = "",
    proxy: Annotated[
        str,
        typer.Option(
            metavar="ADRESSE",
            help="IP-Adresse des Proxys davor; nur seinen Angaben wird geglaubt.",
        ),
    ] = "",
) -> None:
    """Karte und Ebenen als Dienst anbieten (OGC API Features)."""
    from api.service.binding import Wish, address_of, open_socket, settings_for

    wish = Wish(host=host, port=port, internal=internal, url=url, proxy=proxy)
    settings = settings_for(wish)
    folder = _folder(study, internal=internal)

    from api.service.app import create_app
    from api.service.server import run_service
    from api.service.store import SnapshotStore

    with open_socket(host, port) as opened, SnapshotStore(folder) as store:
        app = create_app(settings, store)
        here = address_of(opened)
        with suppress(KeyboardInterrupt):  # before the server itself listens to Ctrl-C
            _greet(wish, settings.url or here, here, store.current())
            run_service(app, opened)
    print_lines(_out, ["Der Dienst ist beendet."])


def _folder(study: Path, *, internal: bool) -> Path:
    """Return where the release lies that is asked for."""
    from api.public_release import PUBLIC_FOLDER
    from layers.study import load_study

    out = load_study(study).out
    folder = out if internal else out / PUBLIC_FOLDER
    if not folder.is_dir():
        raise StudyError(
            "Es ist noch nichts gerechnet, das sich zeigen ließe.",
            where=folder,
            remedy=f"Zuerst »sozialraum build {study}« aufrufen.",
        )
    return folder


def _greet(wish: Wish, seen: str, here: str, catalogue: Catalogue) -> None:
    """Say what is shown, where, and to whom."""
    from api.service.binding import is_open
    from layers.csv_files import german_date

    if is_open(wish.host) and not wish.internal:
        print_lines(
            _err,
            [
                "Achtung: Andere Rechner im Netz können den Dienst jetzt erreichen. Sie sehen die "
                "öffentliche Fassung, also nur, was freigegeben ist (docs/freigabe.md). Für das "
                "Internet gehört ein Proxy mit Verschlüsselung davor.",
            ],
        )
    facts = catalogue.exported.facts
    release = "interne" if wish.internal else "öffentliche"
    date = german_date(facts["data_date"])
    print_lines(
        _out,
        [
            f"{facts['study']}: {release} Fassung, Stand {facts['snapshot']}"
            f"{f', Daten vom {date}' if date else ''}.",
            f"  Startseite:  {seen}/",
            f"  Karte:       {seen}/karte",
            f"  OGC API:     {seen}/  (für QGIS, ArcGIS und das Masterportal)",
            *([f"  Von hier:    {here}/"] if seen != here else []),
            "Neue Ergebnisse von »sozialraum build« erscheinen von selbst. Ende: Strg+C.",
        ],
    )
