"""Results appear whole: made beside, then moved into place file by file."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from geo.errors import OutputError

_STAGING_PREFIX = ".neu-"
LAST = "report.json"
"""Moved last: where it lies, all that it speaks of lies too."""


@contextmanager
def staged(target: Path) -> Iterator[Path]:
    """Give a folder to work in whose files replace those of ``target`` at the end.

    Nothing in ``target`` changes until the body has ended without an error. Then every
    file is flushed to disk and moved into place. Files that the body did not make stay as
    they are.

    Parameters
    ----------
    target
        The folder that people open; made where it is missing.

    Yields
    ------
    pathlib.Path
        An empty folder on the same disk.

    Raises
    ------
    OutputError
        If ``target`` cannot be written, the disk is full, or a file is held open by
        another program. The earlier results are then still there.
    """
    existed = target.is_dir()
    try:
        target.mkdir(parents=True, exist_ok=True)
        _sweep(target)
        folder = Path(tempfile.mkdtemp(prefix=_STAGING_PREFIX, dir=target))
    except OSError as error:
        raise output_error(error, target) from error
    done = False
    try:
        yield folder
        _move_into_place(folder, target)
        done = True
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        raise output_error(error, target) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if not done and not existed:
            with suppress(OSError):
                target.rmdir()


def output_error(error: OSError, target: Path) -> OutputError:
    """Say in German why something could not be written."""
    if error.errno == errno.ENOSPC:
        return OutputError(
            "Der Datenträger ist voll; die bisherigen Ergebnisse sind unverändert.",
            where=target,
            remedy="Platz schaffen oder mit --out einen anderen Ordner wählen.",
        )
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return OutputError(
            "In diesen Ordner darf nicht geschrieben werden, oder eine Datei darin ist in "
            "einem anderen Programm geöffnet.",
            where=error.filename or target,
            remedy="Das andere Programm schließen, Schreibrechte geben oder mit --out einen "
            "anderen Ordner wählen.",
        )
    return OutputError(
        f"Die Ergebnisse können nicht geschrieben werden: {error.strerror or error}.",
        where=error.filename or target,
        remedy="Den Ordner prüfen oder mit --out einen anderen wählen.",
    )


def _sweep(target: Path) -> None:
    """Remove what an earlier build that was killed has left lying."""
    for stale in target.glob(_STAGING_PREFIX + "*"):
        shutil.rmtree(stale, ignore_errors=True)


def _move_into_place(folder: Path, target: Path) -> None:
    made = sorted(
        (path.relative_to(folder) for path in folder.rglob("*") if path.is_file()),
        key=lambda path: (path.name == LAST, path.as_posix()),
    )
    for path in made:
        _flush(folder / path)
    with _uninterrupted():
        for path in made:
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            os.replace(folder / path, target / path)  # noqa: PTH105 - says what is meant


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let Ctrl-C wait for the few milliseconds in which files change places."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: asked.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if asked:
        raise KeyboardInterrupt
