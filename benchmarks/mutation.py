"""Mutation testing of the code that decides what people are told: how many faults tests find.

Usage: ``python -m benchmarks.mutation [PART …] [--children N]`` with the parts ``access``,
``wheels``, ``snapping``, ``kernel`` and ``contour``; all of them by default. mutmut (BSD; the
extra ``mutation``) changes each function of a part in many small ways, in a copy outside the
repository, and runs the part's tests on every change. A mutant that no test notices survives;
the summary lists them to be read. Real extracts are left out: the drawn towns have to find the
faults.

Compiled functions run as plain Python here, their decorators taken off in the copy: mutmut
passes over decorated functions, and compiling every mutant would take days.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PARTS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "access": (
        ("geo/foot_access.py", "geo/bicycle_access.py", "geo/_traffic_signs.py"),
        ("tests/geo/test_foot_access.py", "tests/geo/test_bicycle_access.py"),
    ),
    "wheels": (
        ("geo/step_free.py", "geo/_facts.py", "geo/_verdicts.py", "geo/_measures.py",
         "geo/_surfaces.py", "geo/_sidewalks.py", "geo/_hindrances.py"),
        ("tests/geo/test_step_free.py", "tests/geo/test_surfaces.py",
         "tests/geo/test_sidewalks.py", "tests/geo/test_hindrances.py"),
    ),
    "snapping": (
        ("geo/snapping.py", "geo/_ways_near.py", "geo/_snap_findings.py"),
        ("tests/geo/test_snapping.py", "tests/geo/test_snapping_wheels.py",
         "tests/geo/test_gates.py", "tests/geo/test_gate_profiles.py"),
    ),
    "kernel": (
        ("geo/_kernel.py",),
        ("tests/geo/test_kernel.py", "tests/geo/test_search.py", "tests/geo/test_travel_time.py"),
    ),
    "contour": (
        ("geo/_contour.py", "geo/_rings.py"),
        ("tests/geo/test_contour.py",),
    ),
}  # fmt: skip
KILLED = {"killed", "timeout", "caught by type check", "segfault"}
COMPILERS = {"njit", "jit", "compiled"}


def main() -> None:
    """Run the parts and print what survives."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=[])
    parser.add_argument("--children", type=int, default=2)
    options = parser.parse_args()
    summary = []
    for name in options.parts or PARTS:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            _copy(name, folder)
            results = _run(folder, options.children)
        by_file = _report(name, results)
        summary += by_file
    print("\n".join(summary))


def _copy(name: str, folder: Path) -> None:
    """Copy the packages and the part's tests, and say in a pyproject.toml what is mutated."""
    patterns, tests = PARTS[name]
    for package in ("geo", "layers", "docs", "tests"):
        shutil.copytree(
            ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    mutated = sorted({path for one in patterns for path in folder.glob(one)})
    for path in mutated:
        _undecorate(path)
    # A folder that is not there when Python starts is not looked at later.
    (folder / "mutants").mkdir()
    # Imported before all tests, else other packages' paths come first.
    modules = [".".join(path.relative_to(folder).with_suffix("").parts) for path in mutated]
    with (folder / "tests" / "conftest.py").open("a", encoding="utf-8") as conftest:
        conftest.writelines(f"import {module}\n" for module in modules)
    settings = {
        "source_paths": ["geo"],
        "only_mutate": [str(path.relative_to(folder)) for path in mutated],
        "also_copy": ["layers", "docs"],
        "pytest_add_cli_args": ["-q", "-x", "-p", "no:cacheprovider", "-k", "not real"],
        "pytest_add_cli_args_test_selection": [one for one in tests if (folder / one).exists()],
    }
    lines = ["[tool.mutmut]"]
    lines += [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    lines += ["[tool.pytest.ini_options]", 'filterwarnings = ["error"]',
              'markers = ["browser: x", "wheel: x"]']  # fmt: skip
    (folder / "pyproject.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _undecorate(path: Path) -> None:
    """Take the compilers' decorators off the functions of a file."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                called = decorator.func if isinstance(decorator, ast.Call) else decorator
                if ast.unparse(called).rpartition(".")[2] in COMPILERS:
                    for row in range(decorator.lineno - 1, decorator.end_lineno or 0):
                        lines[row] = "\n"
    path.write_text("".join(lines), encoding="utf-8")


def _run(folder: Path, children: int) -> dict[str, str]:
    """Run mutmut; return what became of every mutant."""
    # Before the editable installation, which would bring the unchanged packages.
    path = str(folder / "mutants")
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": path}
    environment.pop("CI", None)
    mutmut = [str(Path(sys.executable).with_name("mutmut"))]
    done = subprocess.run(
        [*mutmut, "run", "--max-children", str(children)],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    listed = subprocess.run(
        [*mutmut, "results", "--all", "true"],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    results = {}
    for line in listed.stdout.splitlines():
        mutant, _, status = line.strip().partition(": ")
        if status:
            results[mutant] = status
    if not results or "not checked" in results.values():
        sys.exit(f"mutmut made nothing:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    survivors = [mutant for mutant, status in results.items() if status not in KILLED]
    for mutant in survivors:
        shown = subprocess.run(
            [*mutmut, "show", mutant],
            cwd=folder, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        changed = [
            line
            for line in shown.stdout.splitlines()
            if line[:1] in {"+", "-"} and line[:3] not in {"+++", "---"}
        ]
        print(f"{mutant}: {results[mutant]}\n  " + "\n  ".join(changed), flush=True)
    return results


def _report(name: str, results: Mapping[str, str]) -> list[str]:
    counts: dict[str, Counter[bool]] = {}
    for mutant, status in results.items():
        module = mutant.split(".x", 1)[0]
        counts.setdefault(module, Counter())[status in KILLED] += 1
    total: Counter[bool] = sum(counts.values(), Counter())
    return [
        f"{name:<9} {module:<26} {count[True]:5} of {count.total():5} killed, "
        f"{100 * count[True] / count.total():5.1f} %"
        for module, count in [*sorted(counts.items()), ("all", total)]
    ]


if __name__ == "__main__":
    main()
