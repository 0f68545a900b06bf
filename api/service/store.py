"""The snapshots that a service shows: the newest good one of a folder.

Whatever a build does, the service goes on: a new snapshot is copied, read and checked beside
the one that is shown, and takes its place in one step. One that is broken never does; what is
wrong with it can be read at ``/health``.
"""

from __future__ import annotations

import logging
import shutil
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from api.service.catalogue import Catalogue, load_catalogue
from api.service.release_check import check_release
from api.service.release_copy import Signature, private_folder, signature, sweep, take
from geo.errors import ServiceError, SozialraumError

INTERVAL_S = 1.0
"""Seconds between two looks at the folder."""
_TRIES = 4
_PAUSE_S = 0.5

_log = logging.getLogger("sozialraum.service")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why the newest results are not shown.

    Attributes
    ----------
    text
        German, without a path of the machine.
    since
        When it was noticed, ISO 8601 in UTC.
    """

    text: str
    since: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The snapshot that is shown, and since when (ISO 8601 in UTC)."""

    catalogue: Catalogue
    since: str


class SnapshotStore:
    """Holds the release that is shown.

    Parameters
    ----------
    folder
        ``out/`` or ``out/public/`` of a study.

    Raises
    ------
    geo.errors.SozialraumError
        If there is no whole, readable release in it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pinned: ContextVar[Catalogue | None] = ContextVar("catalogue", default=None)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._loading = threading.Lock()
        self._fault: Fault | None = None
        sweep()
        self._seen: Signature = signature(folder)
        self._candidate = self._seen
        self._shown = Shown(self._first(), _now())

    def current(self) -> Catalogue:
        """Return the newest good snapshot; within ``pinned`` always the same."""
        return self._pinned.get() or self._shown.catalogue

    @contextmanager
    def pinned(self) -> Iterator[Catalogue]:
        """Let all that runs inside see one snapshot, whatever is swapped meanwhile."""
        catalogue = self._shown.catalogue
        token = self._pinned.set(catalogue)
        try:
            yield catalogue
        finally:
            self._pinned.reset(token)

    @property
    def shown(self) -> Shown:
        """What is shown, and since when."""
        return self._shown

    @property
    def fault(self) -> Fault | None:
        """Why the newest results are not shown; None if they are."""
        return self._fault

    def look(self) -> bool:
        """Look whether there are new results that have come to rest, and take them.

        A folder in which files still change from one look to the next is left alone.

        Returns
        -------
        bool
            Whether another snapshot is shown now.
        """
        found = signature(self._folder)
        if found == self._seen:
            return False
        if found != self._candidate:
            self._candidate = found
            return False
        self._seen = found
        return self.reload()

    def reload(self) -> bool:
        """Take the results that lie in the folder now, or keep those that are shown.

        Returns
        -------
        bool
            Whether another snapshot is shown now.
        """
        with self._loading:
            before = self._shown.catalogue
            try:
                made = self._load(before)
            except Exception as error:  # noqa: BLE001 - whatever is wrong, the service goes on
                self._keep(error)
                return False
            self._fault = None
            if made is None:
                return False
            self._shown = Shown(made, _now())
            return True

    def watch(self, interval: float = INTERVAL_S) -> None:
        """Look for new results from now on, in a thread, until ``close``.

        Parameters
        ----------
        interval
            Seconds between two looks.
        """
        if self._thread is not None:
            return
        self._stop.clear()
        self._thread = threading.Thread(
            target=self._watch, args=(interval,), name="snapshots", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop looking. What is shown stays until nobody needs it."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        """End: nothing can be asked afterwards, and no copy stays behind."""
        self.close()
        shutil.rmtree(self._shown.catalogue.folder, ignore_errors=True)

    def _watch(self, interval: float) -> None:
        while not self._stop.wait(interval):
            try:
                self.look()
            except Exception as error:  # noqa: BLE001 - the next look may succeed
                self._keep(error)

    def _keep(self, error: Exception) -> None:
        text = (
            error.what
            if isinstance(error, ServiceError)
            else "Die neuen Ergebnisse lassen sich nicht lesen."
        )
        _log.warning("%s Gezeigt werden weiter die bisherigen.", text)
        self._fault = Fault(text, _now())

    def _first(self) -> Catalogue:
        """Load what there is, with patience for a build that is just ending."""
        for _ in range(_TRIES - 1):
            before = signature(self._folder)
            try:
                return self._made()
            except SozialraumError:
                self._stop.wait(_PAUSE_S)
                if signature(self._folder) == before:
                    break  # nothing moves: it will not get better
        return self._made()

    def _load(self, before: Catalogue) -> Catalogue | None:
        """Return the new snapshot, or None if it is the one that is shown."""
        made = self._made()
        if made.exported.facts["release"] != before.exported.facts["release"]:
            raise ServiceError(
                "Die neuen Ergebnisse gehören zu einer anderen Fassung (öffentlich oder intern)."
            )
        return None if made.etag_base == before.etag_base else made

    def _made(self) -> Catalogue:
        """Copy, read and check the release that lies in the folder."""
        copy = private_folder()
        try:
            digest = take(self._folder, copy)
            catalogue = replace(load_catalogue(copy), etag_base=digest)
            check_release(catalogue)
        except BaseException as error:
            shutil.rmtree(copy, ignore_errors=True)
            if isinstance(error, SozialraumError) and str(copy) in str(error):
                # The user knows the folder of the study, not that of the copy.
                raise ServiceError(error.what, where=self._folder, remedy=error.remedy) from error
            raise
        weakref.finalize(catalogue, shutil.rmtree, copy, ignore_errors=True)
        return catalogue


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
