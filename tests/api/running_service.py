"""A service in a process of its own, as users start it."""

from __future__ import annotations

import http.client
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
_TRIES = 300
_PAUSE_S = 0.1


@contextmanager
def running(study: Path, *options: str) -> Iterator[str]:
    """Start ``sozialraum serve`` on a free port of loopback; give its address, without a slash."""
    program = Path(sys.executable).with_name("sozialraum")
    started = subprocess.Popen(
        [program, "serve", study, "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield _address(started)
    finally:
        started.terminate()
        started.communicate(timeout=30)


def _address(started: subprocess.Popen[str]) -> str:
    """Read what the program prints until it names its address, and wait until it answers."""
    assert started.stdout is not None
    said = ""
    for line in started.stdout:
        said += line
        if found := _ADDRESS.search(line):
            _wait_for(found[0])
            return found[0]
    raise AssertionError(f"the service named no address:\n{said}")


def _wait_for(address: str) -> None:
    for _ in range(_TRIES):
        connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=10)
        try:
            connection.request("GET", "/health")
            connection.getresponse().read()
        except OSError:
            time.sleep(_PAUSE_S)
        else:
            return
        finally:
            connection.close()
    raise AssertionError(f"no answer from {address}")
