"""``sozialraum serve`` as people call it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.api.conftest import Run

PROGRAM = Path(sys.executable).with_name("sozialraum")


@pytest.fixture
def built(release_a: Path, study: Path) -> Path:
    """Return a study whose public release is A."""
    shutil.copytree(release_a, study / "out/public")
    return study


@contextmanager
def started(study: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Start the service; give the process and the lines that it said before it answers."""
    process = subprocess.Popen(
        [PROGRAM, "serve", study, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    lines = []
    try:
        for line in process.stdout:
            lines.append(line.rstrip())
            if "Strg+C" in line:
                break
        yield process, lines
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


def copies() -> set[Path]:
    """Return the private copies of all services on this computer."""
    return set(Path(tempfile.gettempdir()).glob("sozialraum-dienst-*"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_is_and_ends_cleanly(built: Path, number: signal.Signals) -> None:
    with started(built, "--port", "0") as (process, lines):
        text = "\n".join(lines)
        address = re.findall(r"http://127\.0\.0\.1:(\d+)/karte", text)
        assert "öffentliche Fassung" in text
        assert "OGC API" in text
        assert int(address[0]) > 0, "the real port, not 0"
        with urllib.request.urlopen(f"http://127.0.0.1:{address[0]}/health", timeout=60) as answer:
            assert b'"status":"ok"' in answer.read()
        mine = [path for path in copies() if f"-{process.pid}-" in path.name]
        assert len(mine) == 1
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0
        assert out.strip() == "Der Dienst ist beendet."
        assert err == "", "nothing is logged of who asks for what"
        assert not mine[0].exists()


def test_a_port_that_is_taken(built: Path, sozialraum: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        outcome = sozialraum("serve", built, "--port", str(taken.getsockname()[1]))
    assert outcome.code == 2
    assert "schon belegt" in outcome.said
    assert "Abhilfe:" in outcome.said


def test_a_study_that_is_not_built(study: Path, sozialraum: Run) -> None:
    outcome = sozialraum("serve", study)
    assert outcome.code == 2
    assert "noch nichts gerechnet" in outcome.said
    assert "sozialraum build" in outcome.said


def test_results_that_are_broken(built: Path, sozialraum: Run) -> None:
    before = copies()
    gpkg = built / "out/public/snapshot.gpkg"
    gpkg.write_bytes(gpkg.read_bytes()[:5000])
    outcome = sozialraum("serve", built, "--port", "0")
    assert outcome.code == 2
    assert "Abhilfe:" in outcome.said
    assert "Traceback" not in outcome.said
    assert "sozialraum-dienst" not in outcome.said
    assert not [path for path in copies() - before if f"-{os.getpid()}-" in path.name]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--internal", "--host", "0.0.0.0"], "nicht freigegeben"),  # noqa: S104
        (["--host", "karte.example"], "keine IP-Adresse"),
        (["--proxy", "127.0.0.1"], "--url"),
        (["--url", "karte.example"], "keine Adresse"),
        (["--port", "70000"], "--port"),
    ],
)
def test_what_is_not_safe_or_not_possible(
    built: Path, sozialraum: Run, options: list[str], words: str
) -> None:
    outcome = sozialraum("serve", built, *options)
    assert outcome.code == 2
    assert words in outcome.said


def test_it_warns_where_others_can_reach_it(built: Path) -> None:
    with started(built, "--port", "0", "--host", "0.0.0.0", "--url", "http://a.example") as (  # noqa: S104
        process,
        lines,
    ):
        text = "\n".join(lines)
        assert "http://a.example/karte" in text
        assert "Von hier:    http://127.0.0.1:" in text
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert "Andere Rechner im Netz" in err
    assert "freigegeben" in err
