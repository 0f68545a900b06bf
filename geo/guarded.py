"""Reading in a process of its own, which may not take much and may not reach anything.

Files from outside are read there, where a file can at worst end the reading: with limits of
memory, time and open files, without writing, without network where the system allows it, and
with no driver of GDAL that could open another file or connect. What comes back is plain data
in parts, limited in size and checked before it is used.

What holds where: on Linux all of it; on macOS all but the limit of memory and the empty
network; on Windows the limit of time and of the answer, and the drivers.
"""

from __future__ import annotations

import functools
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from geo import _guarded_child, errors
from geo._guarded_child import BYTES, END, JSON, LENGTH
from geo.errors import SozialraumError

KEPT_DRIVERS = frozenset({"ESRI Shapefile"})
"""The drivers of GDAL that a guarded process has: other formats are read without GDAL."""

_MIB = 1 << 20
_MOMENT = 0.2
"""Seconds that a process has to end after its last word."""

_CHILD = Path(_guarded_child.__file__)
_PASSED_ON = ("SYSTEMROOT", "PATH", "LANG", "LC_ALL", "TMPDIR", "TEMP")
_SHORTEN = "Die Datei auf das Nötige kürzen oder die Flächen vereinfachen."
_AGAIN = "Die Datei neu speichern, zum Beispiel in QGIS, oder noch einmal herunterladen."


class DriverError(Exception):
    """GDAL has more drivers than it should have: a fault of the program."""


@dataclass(frozen=True, slots=True)
class Guard:
    """What a guarded process may take.

    Attributes
    ----------
    seconds
        Of computing, and on the clock.
    memory_bytes
        Address space, libraries included.
    answer_bytes
        What comes back, all parts together.
    """

    seconds: int = 30
    memory_bytes: int = 1 << 30
    answer_bytes: int = 512 * _MIB


class Parts:
    """The parts of an answer, taken one after the other.

    Parameters
    ----------
    found
        Plain values and bytes in their order.
    """

    def __init__(self, found: list[Any]) -> None:
        self._left = iter(found)

    def plain(self, kind: type) -> Any:
        """Take a plain value of a kind.

        Raises
        ------
        ValueError
            If the next part is something else.
        """
        part = next(self._left, None)
        if not isinstance(part, kind):
            raise ValueError(f"expected {kind.__name__}")  # noqa: TRY004 - an answer's content
        return part

    def binary(self) -> bytes:
        """Take bytes.

        Raises
        ------
        ValueError
            If the next part is something else.
        """
        content: bytes = self.plain(bytes)
        return content


def ask(
    job: str,
    path: Path,
    arguments: Mapping[str, Any],
    fault: type[SozialraumError],
    guard: Guard | None = None,
) -> Parts:
    """Have a job done in a guarded process.

    Parameters
    ----------
    job
        A name of ``geo._guarded_child.JOBS``.
    path
        The file it reads, for messages.
    arguments
        Plain values for the job.
    fault
        Class of the error where the reading is ended or fails.
    guard
        What the process may take.

    Returns
    -------
    Parts
        What the job sent.

    Raises
    ------
    SozialraumError
        ``fault`` with a German sentence that names the limit that was passed; or what the job
        itself refused, of the class it had there.
    RuntimeError
        If the job fails by a fault of the program.
    """
    guard = guard or Guard()
    request = {
        "job": job,
        "path": [entry for entry in sys.path if entry and Path(entry).is_absolute()],
        "limits": {"seconds": guard.seconds, "memory_bytes": guard.memory_bytes},
        "arguments": dict(arguments),
    }
    ended = _Ended()
    # Only a Shapefile, which lies in an archive, is opened with GDAL.
    process = _start(path, fault, drivers=path.suffix.lower() == ".zip")
    watch = threading.Timer(guard.seconds, ended.by_clock, [process])
    watch.daemon = True
    watch.start()
    try:
        assert process.stdin is not None  # noqa: S101 - for the type checker
        assert process.stdout is not None  # noqa: S101
        try:
            process.stdin.write(json.dumps(request).encode("ascii"))
            process.stdin.close()
        except OSError:
            pass  # It is gone already; how, is told below.
        found, whole = _received(process.stdout, guard.answer_bytes, path, fault)
    finally:
        watch.cancel()
        code = waited(process)
    if not whole:
        raise _ended_early(code, path, fault, guard, late=ended.late)
    return _checked(found, path, fault, guard)


def waited(process: subprocess.Popen[bytes]) -> int:
    """Wait a moment for a guarded process, then end it.

    Parameters
    ----------
    process
        Its answer is read, or nobody wants to read on.

    Returns
    -------
    int
        How it ended, as ``subprocess`` says it; 0 where it had to be ended here.
    """
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
    try:
        return process.wait(_MOMENT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return 0


def in_guarded_process() -> bool:
    """Whether this code runs in a guarded process."""
    return _guarded_child.inside


@functools.cache
def child_environment(*, drivers: bool = True) -> Mapping[str, str]:
    """Return the environment of a guarded process: little, and GDAL's drivers cut.

    Parameters
    ----------
    drivers
        Whether the job uses GDAL: its drivers are listed, and all but `KEPT_DRIVERS` skipped.
    """
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    found = {
        **kept,
        # One thread is enough, and each would take address space.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "1",
        "GDAL_NUM_THREADS": "1",
        "PROJ_NETWORK": "OFF",
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{noext}",
        "GDAL_DISABLE_READDIR_ON_OPEN": "TRUE",
    }
    if drivers:
        import pyogrio  # type: ignore[import-untyped]  # noqa: PLC0415 - half a second

        skipped = ",".join(sorted(set(pyogrio.list_drivers()) - KEPT_DRIVERS))
        # The one of the two that is always split at commas: some names have spaces.
        found["OGR_SKIP"] = skipped
    return found


def check_drivers() -> None:
    """Make sure that this process has no driver of GDAL that could reach further.

    Raises
    ------
    DriverError
        If there are others than `KEPT_DRIVERS`: the file was to be opened outside of a guarded
        process, or the list that is cut does not fit the version of GDAL.
    """
    import pyogrio  # noqa: PLC0415 - half a second

    surplus = set(pyogrio.list_drivers()) - KEPT_DRIVERS
    if surplus:
        raise DriverError(f"GDAL has drivers it should not have: {sorted(surplus)[:5]}")


def _start(path: Path, fault: type[SozialraumError], *, drivers: bool) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603 - our own program and file
            [sys.executable, "-I", "-S", "-B", str(_CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=dict(child_environment(drivers=drivers)),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        raise fault(
            f"Das Programm, das die Datei lesen soll, lässt sich nicht starten: {error.strerror}.",
            where=path,
            remedy="Andere Programme schließen und es noch einmal versuchen.",
        ) from error


class _Ended:
    """Notes whether the clock ended a process."""

    def __init__(self) -> None:
        self.late = False

    def by_clock(self, process: subprocess.Popen[bytes]) -> None:
        self.late = True
        process.kill()


def _received(
    stream: IO[bytes], most: int, path: Path, fault: type[SozialraumError]
) -> tuple[list[Any], bool]:
    """Read the parts, and whether they are all."""
    found: list[Any] = []
    size = 0
    for letter, length in _heads(stream):
        if letter == END:
            return found, True
        size += length
        if size > most:
            raise fault(
                f"Was in der Datei steht, ist mit mehr als {most // _MIB} MB zu groß.",
                where=path,
                remedy=_SHORTEN,
            )
        content = stream.read(length)
        if len(content) < length:
            break
        found.append(content if letter == BYTES else json.loads(content))
    return found, False


def _heads(stream: IO[bytes]) -> Iterator[tuple[bytes, int]]:
    while True:
        head = stream.read(1 + LENGTH.size)
        if len(head) <= LENGTH.size or head[:1] not in {JSON, BYTES, END}:
            return
        yield head[:1], LENGTH.unpack(head[1:])[0]


def _checked(found: list[Any], path: Path, fault: type[SozialraumError], guard: Guard) -> Parts:
    """Return the parts, or raise what went wrong in the process."""
    last = found[-1] if found else None
    if not isinstance(last, dict) or "failed" not in last:
        return Parts(found)
    if last["failed"] == "memory":
        raise _too_much_memory(path, fault, guard)
    if last["failed"] == "refused":
        kind = getattr(errors, str(last["kind"]), fault)
        known = isinstance(kind, type) and issubclass(kind, SozialraumError)
        raise (kind if known else fault)(last["what"], where=last["where"], remedy=last["remedy"])
    if "emory" in f"{last['kind']}{last['what']}":
        raise _too_much_memory(path, fault, guard)
    raise RuntimeError(f"guarded reading of {path} failed: {last['kind']}: {last['what']}")


def _ended_early(
    code: int, path: Path, fault: type[SozialraumError], guard: Guard, *, late: bool
) -> SozialraumError:
    """Say in German why a process ended before it had said all."""
    if late or code == -getattr(signal, "SIGXCPU", 0):
        return fault(
            f"Das Lesen der Datei dauert länger als {guard.seconds} Sekunden und wurde "
            "abgebrochen.",
            where=path,
            remedy=_SHORTEN,
        )
    if code == -getattr(signal, "SIGKILL", 0):
        return _too_much_memory(path, fault, guard)
    return fault(
        "Die Datei ist so beschädigt, dass sich das Programm, das sie lesen sollte, beendet hat.",
        where=path,
        remedy=_AGAIN,
    )


def _too_much_memory(path: Path, fault: type[SozialraumError], guard: Guard) -> SozialraumError:
    return fault(
        f"Das Lesen der Datei braucht mehr als {guard.memory_bytes // _MIB:,} MB "
        "Arbeitsspeicher und wurde abgebrochen.".replace(",", "."),
        where=path,
        remedy=_SHORTEN,
    )
