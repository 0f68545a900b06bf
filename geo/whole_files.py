"""Files that appear whole: written beside, flushed, then moved into place."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from geo.errors import OutputError, SozialraumError

_REASONS = {
    errno.ENOSPC: (
        "Auf dem Datenträger ist kein Platz mehr.",
        "Platz schaffen oder einen anderen Ordner wählen.",
    ),
    errno.EDQUOT: (
        "Der erlaubte Speicherplatz ist aufgebraucht.",
        "Platz schaffen oder einen anderen Ordner wählen.",
    ),
    errno.EFBIG: (
        "Die Datei ist größer, als hier erlaubt ist.",
        "Einen anderen Datenträger wählen.",
    ),
    errno.EACCES: (
        "Hier darf nicht geschrieben werden.",
        "Die Rechte prüfen; ist die Datei in einem anderen Programm offen, sie dort schließen.",
    ),
    errno.EPERM: (
        "Hier darf nicht geschrieben werden.",
        "Die Rechte des Ordners prüfen oder einen anderen Ordner wählen.",
    ),
    errno.EROFS: (
        "Der Datenträger ist schreibgeschützt.",
        "Einen anderen Ordner wählen.",
    ),
    errno.ENOENT: (
        "Den Ordner für die Datei gibt es nicht.",
        "Den Ordner anlegen oder den Pfad berichtigen.",
    ),
    errno.ENOTDIR: (
        "Ein Teil des Pfades ist kein Ordner.",
        "Den Pfad berichtigen.",
    ),
    errno.EISDIR: (
        "Unter diesem Namen gibt es schon einen Ordner.",
        "Den Ordner umbenennen oder einen anderen Namen wählen.",
    ),
}

# Less than this free after a failed write means that the disk is full, whatever the
# library that wrote made of it.
_FULL_BYTES = 1 << 20


_together: ContextVar[bool] = ContextVar("_together", default=False)


@contextmanager
def flushed_together(folder: Path) -> Iterator[None]:
    """Flush all files that are written into a folder at the end, instead of one by one.

    For many files that are moved into place only when all of them are there: the disk
    takes them in one go, which is quicker.

    Parameters
    ----------
    folder
        Where the body writes, at any depth.

    Raises
    ------
    OSError
        If the system cannot flush them.
    """
    token = _together.set(True)
    try:
        yield
    finally:
        _together.reset(token)
    files = [path for path in folder.rglob("*") if path.is_file()]
    with ThreadPoolExecutor(max_workers=8) as pool:
        list(pool.map(_flush, files))


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path to write to; put the file in place when all went well.

    The temporary file has the final name, in a hidden folder of its own beside the
    target, so that a writer sees the right file ending and its side files vanish too.
    Whatever goes wrong, an earlier file at ``path`` stays as it was.

    Parameters
    ----------
    path
        Where the file is to appear. Its folder must exist.

    Yields
    ------
    Path
        Where to write.

    Raises
    ------
    OutputError
        If anything cannot be written; says in German what, where and what to do.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    except OSError as error:
        raise output_error(path, error) from error
    try:
        temporary = folder / path.name
        yield temporary
        if not _together.get():
            _flush(temporary)
        temporary.replace(path)
        if not _together.get():
            _flush(path.parent)
    except SozialraumError:
        # Some are OSErrors as well, but have said already what is wrong.
        raise
    except OSError as error:
        raise output_error(path, error) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a whole file, or leave what was there.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def write_text(path: Path, content: str) -> None:
    """Write a whole UTF-8 file with Unix line ends, or leave what was there.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    write_bytes(path, content.encode("utf-8", errors="replace"))


def output_error(path: Path, error: BaseException) -> OutputError:
    """Say in German why a file could not be written.

    Parameters
    ----------
    path
        The file that was to be written.
    error
        What the operating system or a library made of it.
    """
    number = error.errno if isinstance(error, OSError) else None
    if number not in _REASONS and _is_full(path.parent):
        number = errno.ENOSPC
    reason, remedy = _REASONS.get(
        number or 0,
        (f"Grund: {error}", "Ordner und Rechte prüfen oder einen anderen Ordner wählen."),
    )
    return OutputError(
        f"Die Datei kann nicht geschrieben werden. {reason}", where=path, remedy=remedy
    )


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _FULL_BYTES
    except OSError:
        return False


def _flush(path: Path) -> None:
    """Make the operating system write a file or a folder's entries to the disk."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except PermissionError:
        # Windows opens no folders; the file itself has been flushed before.
        return
    try:
        os.fsync(handle)
    except OSError as error:
        # Some network file systems cannot flush a folder.
        if error.errno not in {errno.EINVAL, errno.ENOTSUP, errno.EBADF}:
            raise
    finally:
        os.close(handle)
