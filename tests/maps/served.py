"""Releases on the disk and a running service over them, for tests of the served map."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from api.map_files import write_map
from api.public_release import PUBLIC_FOLDER, write_public
from api.service.app import create_app
from api.service.settings import ServiceSettings
from api.service.store import SnapshotStore
from layers.exports import write_all
from layers.layer_frames import INTERNAL, export_snapshot
from layers.report import write_report
from layers.snapshot import Snapshot
from layers.whitelist import load_release

_TRIES = 500
_PAUSE_S = 0.02


@dataclass(frozen=True)
class Running:
    """A running service.

    Attributes
    ----------
    address
        Without a slash at the end.
    store
        What it shows.
    folder
        The release.
    """

    address: str
    store: SnapshotStore
    folder: Path


def write_release(snapshot: Snapshot, out: Path, *, internal: bool) -> None:
    """Write a release of a snapshot as a build does: into ``out``, or into ``out/public``."""
    out.mkdir(parents=True, exist_ok=True)
    if not internal:
        write_public(snapshot, export_snapshot(snapshot), load_release(), out)
        return
    exported = write_all(snapshot, out)
    write_map(snapshot, INTERNAL, out)
    write_report(snapshot, out, {}, exported)


@contextmanager
def running(out: Path, *, internal: bool) -> Iterator[Running]:
    """Serve a release on a free port of loopback, in a thread of this process."""
    folder = out if internal else out / PUBLIC_FOLDER
    store = SnapshotStore(folder)
    app = create_app(ServiceSettings(internal=internal), store)
    config = uvicorn.Config(app, port=0, log_level="error", ws="none", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    for _ in range(_TRIES):
        if server.started:
            break
        time.sleep(_PAUSE_S)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Running(f"http://127.0.0.1:{port}", store, folder)
    finally:
        server.should_exit = True
        thread.join()
        store.close()
