"""The shape of the code: who imports what, what happens at import, how long a file is."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("geo", "layers", "maps", "api")  # each may import those before it
LONGEST_FILE = 500

# One wrong import for each contract of pyproject.toml, by the start of the contract's name.
WRONG_IMPORTS = {
    "Data runs one way": ("geo", "import layers.study"),
    "Only geo reads": ("layers", "def late() -> None:\n    import scipy.sparse"),
    "Only layers writes": ("api", "def late() -> None:\n    import polars"),
    "Only maps draws": ("layers", "import folium"),
    "Pages are written": ("layers", "def late() -> None:\n    import jinja2"),
    "Only api speaks": ("maps", "import typer"),
    "Inside, data are frames": ("geo", "from pydantic import BaseModel"),
}

# Runs in a process of its own: fails on the first module that writes, connects or starts
# something while it is imported.
IMPORT_ALL = """
import importlib, os, sys

def watch(event, arguments):
    if event == "open":
        mode, flags = arguments[1], arguments[2]
        writes = isinstance(mode, str) and set(mode) & set("wax+")
        writes = writes or (flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if writes:
            raise RuntimeError(f"writes at import: {arguments[0]}")
    elif event in {"socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system"}:
        raise RuntimeError(f"reaches out at import: {event} {arguments}")

sys.addaudithook(watch)
for name in sys.argv[1:]:
    importlib.import_module(name)
"""


def modules() -> list[Path]:
    return sorted(
        path
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if "node_modules" not in path.parts
    )


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Yield every module imported anywhere in a file, also in functions, with its line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}:{node.lineno} imports relatively"
            yield node.module or "", node.lineno


def lint_imports(root: Path) -> tuple[int, str]:
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=root,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return run.returncode, run.stdout + run.stderr


def test_no_package_imports_one_to_its_right() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in modules()
        for name, line in imports(path)
        if (top := name.partition(".")[0]) in PACKAGES
        and PACKAGES.index(top) > PACKAGES.index(path.relative_to(ROOT).parts[0])
    ]
    assert not wrong


def test_each_contract_finds_a_wrong_import(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package,
            tmp_path / package,
            ignore=shutil.ignore_patterns("node_modules", "static", "__pycache__"),
        )
    for number, (package, text) in enumerate(WRONG_IMPORTS.values()):
        (tmp_path / package / f"wrong_{number}.py").write_text(text + "\n", encoding="utf-8")
    code, output = lint_imports(tmp_path)
    assert code == 1
    verdicts = re.findall(r"^(.+) (KEPT|BROKEN)$", output, flags=re.MULTILINE)
    assert len(verdicts) == len(WRONG_IMPORTS), output
    for start in WRONG_IMPORTS:
        assert [verdict for name, verdict in verdicts if name.startswith(start)] == ["BROKEN"]


def test_what_is_imported_is_declared_and_what_is_declared_is_imported() -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    declared = {
        re.split(r"[<>=~!\[; ]", line)[0].lower() for line in pyproject["project"]["dependencies"]
    }
    distributions = packages_distributions()
    used = {
        distribution.lower().replace("_", "-")
        for path in modules()
        for name, _ in imports(path)
        if (top := name.partition(".")[0]) not in PACKAGES and top not in sys.stdlib_module_names
        for distribution in distributions.get(top, [f"unknown: {top}"])
    }
    assert used - declared == set(), "imported, but not in pyproject.toml"
    assert declared - used == set(), "in pyproject.toml, but imported nowhere"


def test_nothing_happens_at_import(tmp_path: Path) -> None:
    names = [module_name(path) for path in modules()]
    run = subprocess.run(
        [sys.executable, "-B", "-W", "error", "-c", IMPORT_ALL, *names],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    ["osmnx", "networkx", "matplotlib", "requests", "scipy", "polars", "fastapi", "uvicorn"],
)
def test_help_does_not_wait_for(name: str) -> None:
    code = f"import api.cli, sys; sys.exit({name!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_folder_of_code_and_tests_is_a_package() -> None:
    # Without tests/__init__.py, tests/layers would hide the package of that name.
    folders = {path.parent for path in [*modules(), *(ROOT / "tests").rglob("*.py")]}
    assert not [str(folder) for folder in folders if not (folder / "__init__.py").is_file()]


def test_a_file_holds_one_idea() -> None:
    long = {}
    for folder in (*PACKAGES, "tests", "benchmarks", "examples", "docs"):
        for path in (ROOT / folder).rglob("*"):
            code = path.suffix in {".py", ".ts", ".css"} and "static" not in path.parts
            if code and "node_modules" not in path.parts:
                lines = len(path.read_text(encoding="utf-8").splitlines())
                if lines > LONGEST_FILE:
                    long[str(path.relative_to(ROOT))] = lines
    assert long == {}
