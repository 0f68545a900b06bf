"""The command ``serve``: the map and the layers as a service."""

from __future__ import annotations

from typing import Annotated

import typer

from api.arguments import StudyFolder
from api.german_help import GermanCommand
from api.messages import make_console, print_lines
from geo.errors import StudyError

_PORTS = 65535
_out = make_console()


def add_serve_command(app: typer.Typer) -> None:
    """Add ``serve`` to the command line."""
    app.command("serve", cls=GermanCommand)(_serve)


def _serve(
    study: StudyFolder,
    *,
    host: Annotated[
        str, typer.Option(metavar="ADRESSE", help="Adresse, auf der der Dienst antwortet.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=_PORTS, metavar="ZAHL", help="Port; 0: ein freier.")
    ] = 8000,
    internal: Annotated[
        bool,
        typer.Option("--internal", help="Die interne Fassung zeigen, nur auf diesem Rechner."),
    ] = False,
) -> None:
    """Karte und Ebenen als Dienst anbieten (OGC API Features)."""
    import uvicorn

    from api.build import PUBLIC_FOLDER
    from api.service.app import create_app
    from api.service.settings import ServiceSettings
    from api.service.store import SnapshotStore
    from layers.study import load_study

    out = load_study(study).out
    folder = out if internal else out / PUBLIC_FOLDER
    if not folder.is_dir():
        raise StudyError(
            "Es ist noch nichts gerechnet, das sich zeigen ließe.",
            where=folder,
            remedy=f"Zuerst »sozialraum build {study}« aufrufen.",
        )
    app = create_app(ServiceSettings(internal=internal), SnapshotStore(folder))
    print_lines(_out, [f"Der Dienst antwortet unter http://{host}:{port}/ (Ende: Strg+C)."])
    uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False)
