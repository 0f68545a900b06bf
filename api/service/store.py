"""The snapshots that a service shows: the newest good one of a folder."""

from __future__ import annotations

from pathlib import Path

from api.service.catalogue import Catalogue, load_catalogue


class SnapshotStore:
    """Holds the release that is shown.

    Parameters
    ----------
    folder
        ``out/`` or ``out/public/`` of a study.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._catalogue = load_catalogue(folder)

    def current(self) -> Catalogue:
        """Return the newest good snapshot."""
        return self._catalogue
