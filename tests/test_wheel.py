"""The built wheel works from an empty environment, outside of the repository."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("geo", "layers", "maps", "api")
EXAMPLE = ROOT / "examples/musterhausen"

pytestmark = pytest.mark.wheel

# What the program cannot do without, besides its Python files.
NEEDED = [
    "geo/data/profiles.toml",
    "layers/data/kinds.toml",
    "layers/data/taxonomy.toml",
    "layers/static/de.min.json",
    "layers/static/presets.min.json",
    "maps/data/symbols.toml",
    "maps/static/NOTICES.txt",
    "maps/static/atkinson-hyperlegible-next-latin-400-normal.woff2",
    "maps/static/glyphs.json",
    "maps/static/leaflet.css",
    "maps/static/leaflet.js",
    "maps/static/map.css",
    "maps/static/map.js",
]
UNWANTED = ("node_modules", "frontend", "tests", "__pycache__", "sources")

OWNERS = """
import json
from importlib.metadata import packages_distributions
owners = packages_distributions()
print(json.dumps({name: sorted(set(owners[name])) for name in %r}))
"""


def run(*words: str | Path, cwd: Path) -> str:
    """Run a program without the variables that could lead it back to this environment."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "VIRTUAL_ENV", "COVERAGE", "PYTEST"))
    }
    done = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env=kept,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy of the sources, without anything built before."""
    copy = tmp_path_factory.mktemp("sources") / "copy"
    made = shutil.ignore_patterns(
        ".*cache*", ".git", ".hypothesis", ".tmp", ".venv", "__pycache__", "build", "dist",
        "node_modules", "out", "static",
    )  # fmt: skip
    shutil.copytree(ROOT, copy, ignore=made)
    target = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", target, cwd=copy)
    (built,) = target.glob("sozialraumkarte-*.whl")
    return built


@pytest.fixture(scope="module")
def binaries(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into an empty environment; return the folder of its programs."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    run(programs / "python", "-m", "pip", "install", "--quiet", wheel, cwd=folder)
    return programs


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with packages of our names that must not be taken for ours."""
    folder = tmp_path_factory.mktemp("elsewhere")
    for name in PACKAGES:
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text("raise RuntimeError('the wrong package')\n")
    return folder


def test_the_wheel_holds_code_and_data_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
    assert [name for name in NEEDED if not sizes.get(name)] == []
    assert [name for name in sizes if any(f"{part}/" in name for part in UNWANTED)] == []
    tops = {name.partition("/")[0] for name in sizes}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)
    licences = [name for name in sizes if ".dist-info/licenses/" in name]
    assert {name.rpartition("/")[2] for name in licences} == {"LICENSE", "NOTICE.md"}


def test_nobody_else_owns_our_names(binaries: Path, elsewhere: Path) -> None:
    owners = run(binaries / "python", "-I", "-c", OWNERS % (PACKAGES,), cwd=elsewhere)
    assert json.loads(owners) == {name: ["sozialraumkarte"] for name in PACKAGES}


def test_the_program_runs_outside_of_the_repository(binaries: Path, elsewhere: Path) -> None:
    assert "build" in run(binaries / "sozialraum", "--help", cwd=elsewhere)
    assert "Sozialraumkarte" in run(binaries / "sozialraum", "--version", cwd=elsewhere)


def test_the_example_is_built_outside_of_the_repository(binaries: Path, elsewhere: Path) -> None:
    study = elsewhere / "musterhausen"
    shutil.copytree(EXAMPLE, study, ignore=shutil.ignore_patterns("out"))
    run(binaries / "sozialraum", "build", study, cwd=elsewhere)
    made = {path.relative_to(study / "out").as_posix() for path in (study / "out").rglob("*")}
    assert {"karte.html", "snapshot.gpkg", "access.csv", "places.csv", "report.json"} <= made
    assert "geojson/services.geojson" in made
    assert "</html>" in (study / "out/karte.html").read_text(encoding="utf-8")[-20:]
