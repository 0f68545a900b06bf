"""Setting up: which Python is taken, what is said when there is none, what make offers."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.documents import ROOT

pytestmark = pytest.mark.skipif(os.name == "nt", reason="make and sh are for Linux and macOS")

# Answers the three questions of .ci/find-python: its version, whether that is enough, and
# whether it has the module venv.
FAKE_PYTHON = """#!/bin/sh
case "$2" in
    *"%d.%d"*) echo {version} ;;
    *sys.exit*) exit {too_old} ;;
    *ensurepip*) exit {no_venv} ;;
esac
"""


def find_python(folder: Path, **pythons: tuple[str, int, int]) -> subprocess.CompletedProcess[str]:
    """Run the search where only the given programs (version, too old, no venv) are found."""
    for name, (version, too_old, no_venv) in pythons.items():
        program = folder / name.replace("_", ".")
        program.write_text(FAKE_PYTHON.format(version=version, too_old=too_old, no_venv=no_venv))
        program.chmod(0o755)
    for tool in ("sh", "awk"):
        (folder / tool).symlink_to(shutil.which(tool) or tool)
    return subprocess.run(
        [folder / "sh", ROOT / ".ci/find-python"],
        env={"PATH": str(folder)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_the_usual_python_is_taken_first(tmp_path: Path) -> None:
    found = find_python(tmp_path, python3=("3.12", 0, 0), python3_11=("3.11", 0, 0))
    assert (found.returncode, found.stdout) == (0, "python3\n")


def test_an_old_python_is_passed_over(tmp_path: Path) -> None:
    found = find_python(tmp_path, python3=("3.9", 1, 0), python3_13=("3.13", 0, 0))
    assert (found.returncode, found.stdout) == (0, "python3.13\n")


def test_without_a_python_the_remedy_is_named_in_both_languages(tmp_path: Path) -> None:
    found = find_python(tmp_path, python3=("3.9", 1, 0))
    assert (found.returncode, found.stdout) == (1, "")
    assert "Es fehlt Python 3.11 oder neuer. Gefunden, aber zu alt: python3 (3.9)." in found.stderr
    assert "Python 3.11 or newer is missing." in found.stderr


def test_without_venv_the_package_is_named(tmp_path: Path) -> None:
    found = find_python(tmp_path, python3=("3.11", 0, 1))
    assert (found.returncode, found.stdout) == (1, "")
    assert "sudo apt install python3.11-venv" in found.stderr


def test_the_ci_script_is_valid_shell() -> None:
    script = ROOT / ".ci/run"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0


def test_make_explains_every_command_that_people_call() -> None:
    listed = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    phony = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony
    for target in set(phony[1].split()) - {"FORCE", "pytest"}:
        assert re.search(rf"^  make {target} +\S", listed, re.MULTILINE), target
