"""The map of a release as files: one page that opens anywhere, and parts for the service."""

from __future__ import annotations

from pathlib import Path

from geo.whole_files import write_text
from layers.snapshot import Snapshot
from maps.served_map import write_served_map
from maps.web_map import compose

MAP_FILE = "karte.html"


def write_map(snapshot: Snapshot, release: str, folder: Path) -> None:
    """Write the map as one file, and as the files that the service hands out.

    Parameters
    ----------
    snapshot
        What is shown.
    release
        ``"internal"`` or ``"public"``.
    folder
        An existing folder.

    Raises
    ------
    geo.errors.OutputError
        If a file cannot be written.
    """
    parts = compose(snapshot, release)
    write_text(folder / MAP_FILE, parts.file())
    write_served_map(parts, folder)
