"""A release's files, taken as one: copied aside, so that no later build changes them.

A build replaces its files one by one (``api.staging``); whoever reads them meanwhile could mix
two. So a release is copied into a private folder first. The copy counts only if no file has
changed while it was made; all that the service then reads and sends comes from the copy.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from api.staging import LAST
from geo.errors import ServiceError

SUFFIXES = frozenset({
    ".csv", ".fgb", ".geojson", ".gpkg", ".html", ".js", ".json", ".jsonld", ".md", ".parquet",
    ".qml", ".rdf", ".sld", ".toml", ".ttl", ".txt", ".xml", ".zip",
})  # fmt: skip
"""What a build writes; what else people keep in the folder is none of the service's business."""

Signature = tuple[tuple[str, int, int, int], ...]
"""Path, size, time of change and number of each file: equal if nothing was replaced."""

_PREFIX = "sozialraum-dienst-"
_BLOCK = 1024 * 1024
_RETRY = "Warten, bis »sozialraum build« fertig ist, oder die Studie neu bauen."


def signature(folder: Path) -> Signature:
    """Return what tells whether a release has changed, cheaply.

    Parameters
    ----------
    folder
        ``out/`` or ``out/public/`` of a study. A folder ``public`` inside it is another
        release; hidden files and links are none of its files.
    """
    found = []
    for path in _files(folder):
        with suppress(OSError):  # just being replaced: the next look sees it
            state = path.stat()
            name = path.relative_to(folder).as_posix()
            found.append((name, state.st_size, state.st_mtime_ns, state.st_ino))
    return tuple(sorted(found))


def take(folder: Path, target: Path) -> str:
    """Copy a release and return the digest of its files.

    Parameters
    ----------
    folder
        The release.
    target
        An existing empty folder.

    Returns
    -------
    str
        SHA-256 over names and contents, hexadecimal.

    Raises
    ------
    geo.errors.ServiceError
        If a file changes meanwhile or cannot be read, or the copy cannot be written.
    """
    before = signature(folder)
    if LAST not in {name for name, *_ in before}:
        raise ServiceError(
            "Die Ergebnisse sind unvollständig: Der Bericht der Rechnung fehlt.",
            where=folder / LAST,
            remedy=_RETRY,
        )
    digest = hashlib.sha256()
    try:
        for name, *_ in before:
            digest.update(name.encode() + b"\0")
            digest.update(_copy(folder / name, target / name))
    except OSError as error:
        raise ServiceError(
            "Die Ergebnisse lassen sich nicht lesen oder nicht beiseitelegen.",
            where=error.filename or folder,
            remedy="Die Rechte und den Platz im Ordner für Zwischenablagen prüfen.",
        ) from error
    if signature(folder) != before:
        raise ServiceError("Die Ergebnisse werden gerade ersetzt.", where=folder, remedy=_RETRY)
    return digest.hexdigest()


def private_folder() -> Path:
    """Make a folder that only this user can read, for one copy."""
    return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))


def sweep() -> None:
    """Remove copies that a service which was killed has left lying."""
    if os.name != "posix":
        return  # whether a process lives cannot be asked there without ending it
    for folder in Path(tempfile.gettempdir()).glob(_PREFIX + "*"):
        number = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if number.isdigit() and not _lives(int(number)):
            shutil.rmtree(folder, ignore_errors=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _files(folder: Path) -> list[Path]:
    """List the files of a release: its own, and those of its folders."""
    found = []
    for path in _entries(folder):
        if path.is_dir() and path.name != "public":
            found += [inner for inner in _entries(path) if inner.is_file()]
        elif path.is_file():
            found.append(path)
    return [path for path in found if path.suffix.lower() in SUFFIXES]


def _entries(folder: Path) -> list[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return []
    return [path for path in entries if not path.name.startswith(".") and not path.is_symlink()]


def _copy(source: Path, target: Path) -> bytes:
    """Copy a file and return its digest."""
    digest = hashlib.sha256()
    target.parent.mkdir(exist_ok=True)
    with source.open("rb") as read, target.open("wb") as written:
        while block := read.read(_BLOCK):
            digest.update(block)
            written.write(block)
    return digest.digest()
