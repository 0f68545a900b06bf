"""Small releases of the example town, whole and marked, for tests that replace them."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from api.staging import LAST
from layers.layer_frames import Exported
from layers.store import SNAPSHOT_FILE, read_exported, write_exported
from maps.front_end import front_end_digest

LAYERS_KEPT = ("sites", "gates", "services")


def small(exported: Exported) -> Exported:
    """Return a release with three of its layers."""
    return replace(exported, layers={name: exported.layers[name] for name in LAYERS_KEPT})


def marked(exported: Exported, mark: str) -> Exported:
    """Return a release in which the snapshot's id and the name of every feature are a mark."""
    layers = {name: frame.assign(name=mark) for name, frame in exported.layers.items()}
    layers = {name: frame.astype({"name": "str"}) for name, frame in layers.items()}
    return replace(exported, facts={**exported.facts, "snapshot": mark}, layers=layers)


def write_release(exported: Exported, folder: Path) -> Path:
    """Write what the service needs of a release: layers, both maps, report."""
    facts = exported.facts
    map_folder = folder / "karte"
    map_folder.mkdir(parents=True)
    write_exported(exported, folder / SNAPSHOT_FILE)
    (folder / "karte.html").write_text(f"<!DOCTYPE html><p>{facts['snapshot']}</p>")
    parts = {"seite.html": f"<!DOCTYPE html><p>{facts['snapshot']}</p>",
             "places.json": json.dumps({"mark": facts["snapshot"]})}  # fmt: skip
    for name, text in parts.items():
        (map_folder / name).write_text(text)
    table = {
        "snapshot": facts["snapshot"],
        "release": facts["release"],
        "front_end": front_end_digest(),
        "stand": facts["snapshot"],
        "parts": [
            {"name": name, "bytes": len(text), "sha256": hashlib.sha256(text.encode()).hexdigest()}
            for name, text in parts.items()
        ],
    }
    (map_folder / "teile.json").write_text(json.dumps(table))
    (folder / LAST).write_text(json.dumps({"snapshot": facts["snapshot"]}))
    return folder


def marked_release(source: Path, folder: Path, mark: str) -> Path:
    """Write a small release whose every answer names its mark."""
    return write_release(marked(small(read_exported(source / SNAPSHOT_FILE)), mark), folder)


def paths_of(release: Path) -> list[Path]:
    """Return the files of a release, relative to it."""
    return sorted(path.relative_to(release) for path in release.rglob("*") if path.is_file())


def put(
    release: Path,
    folder: Path,
    shuffle: np.random.Generator | None = None,
    between: Callable[[], Any] = lambda: None,
) -> None:
    """Replace the files of a folder one by one, as a build does: the report last.

    ``between`` is called before each file.
    """
    paths = paths_of(release)
    if shuffle is not None:
        paths = [paths[number] for number in shuffle.permutation(len(paths))]
    paths.sort(key=lambda path: path.name == LAST)
    for path in paths:
        between()
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(f".neu-{target.name}")
        shutil.copyfile(release / path, fresh)
        fresh.replace(target)
