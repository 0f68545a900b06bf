"""Which program answers: a digest of its own files, so that an update makes all answers new."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

_PACKAGES = ("api", "geo", "layers", "maps")
_KINDS = (".py", ".html", ".css", ".js", ".json", ".toml", ".txt", ".woff2")
_NOT_READ = frozenset({"__pycache__", "frontend"})


@cache
def program_digest() -> str:
    """Return the SHA-256 of the files that answers are made by.

    A browser keeps pages and asks whether they still hold. They do not, after an update of the
    program: they link to style sheets and scripts of the earlier one.
    """
    digest = hashlib.sha256()
    for package in _PACKAGES:
        _add(files(package), package, digest)
    return digest.hexdigest()


def _add(folder: Traversable, path: str, digest: hashlib._Hash) -> None:
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        name = f"{path}/{entry.name}"
        if entry.is_dir():
            if entry.name not in _NOT_READ:
                _add(entry, name, digest)
        elif entry.name.endswith(_KINDS):
            digest.update(f"{name}\0".encode() + hashlib.sha256(entry.read_bytes()).digest())
