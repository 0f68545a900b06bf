"""The documents say what the program does: commands, keys, categories, columns, links."""

from __future__ import annotations

import ast
import re
import runpy
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from api.cli import app
from layers._variant_file import variant_from
from layers.inputs import study_profiles
from layers.projects import study_projects
from layers.study import Study, StudySettings
from layers.taxonomy import load_taxonomy
from tests.documents import ROOT, section

PACKAGES = ("geo", "layers", "maps", "api")
GUIDE = ROOT / "docs/anleitung.md"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TOLD_BY_TYPE = {"progress"}  # need no description
FEW = 3  # so many parameters may be described by the text and their names

# Addresses and paths that must not be in anything we publish, written in pieces so that
# this file does not contain them.
FORBIDDEN = [
    r"/wo" + r"rk/",
    r"/ro" + r"ot/",
    r"/ho" + r"me/\w",
    r"py" + r"pi\.(org|python\.org)",
    r"files\.python" + r"hosted",
    r"registry\.npm" + r"js",
    r"deb\.deb" + r"ian",
    r"\bTO" + r"DO\b",
    r"\bFI" + r"XME\b",
]


def commands() -> dict[str, Any]:
    """Return the commands of ``sozialraum`` by name."""
    group: Any = get_command(app)
    found: dict[str, Any] = group.commands
    assert found
    return found


def options(command: Any) -> list[str]:
    """Return the long names of a command's options, without ``--help``."""
    return [
        name
        for parameter in command.params
        for name in [*parameter.opts, *parameter.secondary_opts]
        if name.startswith("--") and name != "--help"
    ]


def fenced(path: Path, language: str) -> list[str]:
    """Return all code blocks of a language."""
    pattern = rf"^```{language}\n(.*?)^```"
    return re.findall(pattern, path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def fences(path: Path, language: str) -> Iterator[str]:
    """Yield the lines of all code blocks of a language."""
    for block in fenced(path, language):
        yield from (line for line in block.splitlines() if line.strip())


def slug(heading: str) -> str:
    """Return the anchor that GitHub and GitLab give a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def tracked() -> list[Path]:
    """Return what git would keep, or skip where there is no repository."""
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("no git, or no repository")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


@pytest.mark.parametrize("name", sorted(commands()))
def test_the_guide_describes_every_command_and_option(name: str) -> None:
    text = GUIDE.read_text(encoding="utf-8")
    assert f"sozialraum {name}" in text
    missing = [option for option in options(commands()[name]) if f"`{option}" not in text]
    assert missing == []


def test_the_guide_describes_the_options_of_the_program_itself() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    assert options(get_command(app)) != []
    assert [option for option in options(get_command(app)) if option not in text] == []


OTHER_PROGRAMS = {"ogr2ogr", "ogrinfo", "py", "python3"}
"""What else the documents call."""


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_shell_examples_call_what_there_is(path: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for line in [*fences(path, "sh"), *fences(path, "bat")]:
        words = shlex.split(line.replace("\\", "/"), comments=True)
        if words[0] == "make":
            assert set(words[1:2]) <= targets, line
        elif words[0].endswith("sozialraum"):
            assert_call_exists(words[1:], line)
        else:
            assert words[0] in {*OTHER_PROGRAMS, ".venv/bin/pip", ".venv/Scripts/pip"}, line


def assert_call_exists(words: list[str], line: str) -> None:
    known = commands()
    if words[0].startswith("--"):
        assert words[0] in options(get_command(app)), line
        return
    assert words[0] in known, line
    used = [word for word in words if word.startswith("--")]
    assert set(used) <= set(options(known[words[0]])), line


def test_inline_calls_name_commands_that_exist() -> None:
    for path in DOCUMENTS:
        for name in re.findall(r"`sozialraum ([a-z]+)", path.read_text(encoding="utf-8")):
            assert name in commands(), f"{path.name}: sozialraum {name}"


def test_the_guide_describes_every_key_of_a_study_and_no_other() -> None:
    text = section(GUIDE, "Einstellungen").partition("\n### ")[0]
    rows = re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)
    assert rows == list(StudySettings.model_fields)


def test_the_guide_describes_every_variable_of_the_environment_and_no_other() -> None:
    used = {
        name
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if "node_modules" not in path.parts
        for name in re.findall(r"SOZIALRAUM_[A-Z_]+", path.read_text(encoding="utf-8"))
    }
    rows = re.findall(r"^\| `(\w+)` \|", section(GUIDE, "Umgebungsvariablen"), re.MULTILINE)
    assert set(rows) == used


def test_the_study_and_the_categories_in_the_guide_are_valid(tmp_path: Path) -> None:
    texts = fenced(GUIDE, "toml")
    variant, study, chosen, own, categories, people, placing = map(tomllib.loads, texts)
    assert StudySettings.model_validate(study).sites == "sites.geojson"
    for more in (chosen, own):
        settings = StudySettings.model_validate(study | more)
        profiles = study_profiles(Study(folder=tmp_path, settings=settings))
        assert list(profiles) == more["profiles"]
    path = tmp_path / "kategorien.toml"
    path.write_text(texts[4], encoding="utf-8")
    ids = {entry["id"]: entry for entry in categories["category"]}
    taxonomy = load_taxonomy(path)
    used = {category.id for category in taxonomy.categories}
    assert {key for key, entry in ids.items() if not entry.get("off")} <= used
    assert {key for key, entry in ids.items() if entry.get("off")} & used == set()
    assert len(variant_from(variant).changes) == 1
    assert StudySettings.model_validate(study | people).population
    settings = StudySettings.model_validate(study | placing)
    projects = study_projects(Study(folder=tmp_path, settings=settings))
    assert set(settings.projects) <= set(projects)
    assert projects["cafe"].weights == placing["project"]["cafe"]["weights"]


def test_the_list_of_categories_is_up_to_date() -> None:
    generate = runpy.run_path(str(ROOT / "docs/generate.py"))
    text = (ROOT / "docs/kategorien.md").read_text(encoding="utf-8")
    assert text == generate["categories_text"](), "run `make docs`"
    for category in load_taxonomy(None).categories:
        assert f"| `{category.id}` |" in text


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"https?:", target):
            continue
        name, _, anchor = target.partition("#")
        linked = (path.parent / name).resolve() if name else path
        assert linked.exists(), f"{path.name} links {target}"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", linked.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {slug(heading) for heading in headings}, f"{path.name} links {target}"


def test_every_document_and_decision_is_linked() -> None:
    linked = {
        (path.parent / target.partition("#")[0]).resolve()
        for path in DOCUMENTS
        for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8"))
    }
    documents = [path for path in DOCUMENTS if path.parent != ROOT]
    assert [path.name for path in documents if path not in linked] == []


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs/adr").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_part_that_is_used_is_attributed() -> None:
    notice = (ROOT / "NOTICE.md").read_text(encoding="utf-8").lower()
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    waiting = list(pyproject["project"]["dependencies"])
    seen: set[str] = set()
    while waiting:
        requirement, _, marker = waiting.pop().partition(";")
        name = re.split(r"[<>=~!\[ (]", requirement.strip())[0].lower().replace("_", "-")
        if name in seen or "extra ==" in marker:
            continue
        try:
            waiting += requires(name) or []
        except PackageNotFoundError:
            continue  # only needed on another platform or by another version of Python
        seen.add(name)
    package = ROOT / "maps/frontend/package.json"
    seen |= set(re.findall(r'"([^"]+)": "\^', section_of_json(package, "dependencies")))
    assert len(seen) > len(pyproject["project"]["dependencies"])
    named = set(re.findall(r"^\| \[?([^]| ]+)", notice, re.MULTILINE))
    assert sorted(seen - named) == []


def section_of_json(path: Path, key: str) -> str:
    found = re.search(rf'"{key}": {{(.*?)}}', path.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[1]


def test_nothing_names_a_machine_or_a_registry() -> None:
    pattern = re.compile("|".join(FORBIDDEN))
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
            for number, line in enumerate(text.splitlines(), start=1)
            if pattern.search(line)
        ]
    assert found == []


def public_functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield the public functions and methods of the packages, commands apart."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "node_modules" in path.parts or path.name == "cli.py":
                continue
            if path.name.startswith("_") and path.name != "__init__.py":
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", node


def test_docstrings_describe_the_parameters_that_there_are() -> None:
    faults = []
    for where, node in public_functions():
        text = ast.get_docstring(node) or ""
        names = [
            argument.arg
            for argument in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            if argument.arg not in {"self", "cls"} and not argument.arg.startswith("_")
        ]
        needed = [name for name in names if name not in TOLD_BY_TYPE]
        names += [rest.arg for rest in (node.args.vararg, node.args.kwarg) if rest is not None]
        described = documented(text, "Parameters")
        if described is None:
            if len(needed) > FEW:
                faults.append(f"{where}: no section Parameters")
        elif described != [name for name in names if name in described]:
            faults.append(f"{where}: describes {described}, takes {names}")
        elif missing := [name for name in needed if name not in described]:
            faults.append(f"{where}: does not describe {missing}")
    assert faults == []


def documented(docstring: str, heading: str) -> list[str] | None:
    """Return the names that a numpydoc section lists, or None if there is no such section."""
    pattern = rf"^{heading}\n-+\n(.*?)(?=^\w[^\n]*\n-{{3,}}\n|\Z)"
    found = re.search(pattern, docstring, re.MULTILINE | re.DOTALL)
    if not found:
        return None
    lines = re.findall(r"^(\*{0,2}\w[\w, *]*?)(?: :.*)?$", found[1], re.MULTILINE)
    return [name.strip().lstrip("*") for line in lines for name in line.split(",")]
