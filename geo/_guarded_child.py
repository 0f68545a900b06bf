"""What runs in the guarded process: limits first, then one reading job.

Started by ``geo.guarded`` as a file of its own. Nothing but the standard library is imported
before the limits hold, and no more than a job needs after it: a start costs a twentieth of a
second, not half of one.

The answer leaves through the standard output in parts: a letter (``J`` JSON, ``B`` bytes,
``E`` end), the length in eight bytes, the content. No pickle: who reads it may not be made to
run anything.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import struct
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, BinaryIO

JSON, BYTES, END = b"J", b"B", b"E"
LENGTH = struct.Struct("<Q")

JOBS: Mapping[str, str] = {
    "vector": "geo._guarded_vector",
    "population": "geo._guarded_population",
    "tables": "geo._guarded_tables",
}
"""What may be asked for, and the module whose ``answer`` does it."""

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000

inside = False
"""Whether this process is a guarded one: then nothing starts a further one."""


class Sender:
    """Writes the parts of an answer.

    Parameters
    ----------
    stream
        Where to.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def plain(self, value: Any) -> None:
        """Send a plain value; text keeps even halves of surrogate pairs."""
        self._send(JSON, json.dumps(value).encode("ascii"))

    def binary(self, content: bytes | bytearray | memoryview) -> None:
        """Send bytes."""
        self._send(BYTES, content)

    def end(self) -> None:
        """Say that the answer is whole."""
        self._send(END, b"")
        self._stream.flush()

    def _send(self, letter: bytes, content: bytes | bytearray | memoryview) -> None:
        self._stream.write(letter + LENGTH.pack(len(content)))
        self._stream.write(content)


def _main() -> None:
    stream = os.fdopen(os.dup(1), "wb")
    # What a library prints must not look like an answer.
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    request = json.loads(sys.stdin.buffer.read())
    sys.path[:] = request["path"]
    _cut_off_network()
    _set_limits(request["limits"])
    global inside  # noqa: PLW0603 - the state of a whole process
    inside = True
    # The same module under its real name: jobs ask it whether they are inside.
    sys.modules["geo._guarded_child"] = sys.modules["__main__"]
    sender = Sender(stream)
    try:
        answer: Callable[[Mapping[str, Any], Sender], None]
        answer = importlib.import_module(JOBS[request["job"]]).answer
        answer(request["arguments"], sender)
    except MemoryError:
        sender.plain({"failed": "memory"})
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent is told
        sender.plain(_told(error))
    sender.end()
    # Without taking apart what was made, which may be much.
    os._exit(0)


def _told(error: Exception) -> dict[str, Any]:
    """Describe an error: one of ours in its parts, another by its name."""
    if hasattr(error, "what") and hasattr(error, "remedy"):
        return {
            "failed": "refused",
            "kind": type(error).__name__,
            "what": error.what,
            "where": getattr(error, "where", None),
            "remedy": error.remedy,
        }
    return {"failed": "fault", "kind": type(error).__name__, "what": str(error)[:300]}


def _cut_off_network() -> None:
    """Move to an empty network, where Linux lets us; loopback is down there too."""
    if not sys.platform.startswith("linux"):
        return
    with suppress(OSError, AttributeError):
        unshare = ctypes.CDLL(None, use_errno=True).unshare
        # An administrator who moved to another user space could not read others' files.
        unshare(_NEW_NETWORK if os.geteuid() == 0 else _NEW_USER | _NEW_NETWORK)


def _set_limits(limits: Mapping[str, int]) -> None:
    """Limit what the process may take; Windows knows none of these limits."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    wanted = {
        "RLIMIT_AS": limits["memory_bytes"],
        "RLIMIT_CPU": limits["seconds"],
        "RLIMIT_NOFILE": 64,
        "RLIMIT_FSIZE": 0,
        "RLIMIT_CORE": 0,
    }
    for name, value in wanted.items():
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        most = resource.getrlimit(kind)[1]
        lower = value if most == resource.RLIM_INFINITY else min(value, most)
        # macOS knows the limit of memory and does not keep it, or refuses it.
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (lower, lower))


if __name__ == "__main__":
    _main()
