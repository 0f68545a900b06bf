"""Results appear whole: made beside, then moved into place file by file."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from geo.errors import OutputError
from geo.whole_files import flushed_together, output_error

_STAGING_PREFIX = ".neu-"
LAST = "report.json"
"""Moved last: where it lies, all that it speaks of lies too."""


@contextmanager
def staged(target: Path, exact: Collection[str] = ()) -> Iterator[Path]:
    """Give a folder to work in whose files replace those of ``target`` at the end.

    Nothing in ``target`` changes until the body has ended without an error. Then every
    file is flushed to the disk and moved into place. Files that the body did not make stay as
    they are.

    Parameters
    ----------
    target
        The folder that people open; made where it is missing.
    exact
        Names of subfolders that hold nothing but what the body made: what lay there is
        removed.

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
        raise _kept(error, target) from error
    done = False
    try:
        with flushed_together(folder):
            yield folder
        _move_into_place(folder, target, exact)
        done = True
    except OSError as error:
        raise _kept(error, target) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if not done and not existed:
            with suppress(OSError):
                target.rmdir()


def _kept(error: OSError, target: Path) -> OutputError:
    """Say why writing failed, where the user sees it, and that nothing was lost."""
    fault = error if isinstance(error, OutputError) else output_error(target, error)
    return OutputError(
        f"{fault.what} Die bisherigen Ergebnisse sind unverändert.",
        where=target,
        remedy=fault.remedy,
    )


def _sweep(target: Path) -> None:
    """Remove what an earlier build that was killed has left lying."""
    for stale in target.glob(_STAGING_PREFIX + "*"):
        shutil.rmtree(stale, ignore_errors=True)


def _move_into_place(folder: Path, target: Path, exact: Collection[str]) -> None:
    made = sorted(
        (path.relative_to(folder) for path in folder.rglob("*") if path.is_file()),
        key=lambda path: (path.name == LAST, path.as_posix()),
    )
    with _uninterrupted():
        for path in made:
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            os.replace(folder / path, target / path)  # noqa: PTH105 - says what is meant
        for name in exact:
            _remove_others(target / name, {target / path for path in made})


def _remove_others(folder: Path, made: Collection[Path]) -> None:
    """Remove what an earlier build made and this one did not."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            with suppress(OSError):
                path.rmdir()
        elif path not in made:
            path.unlink()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Pass over Ctrl-C for the few milliseconds in which files change places."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
