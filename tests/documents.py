"""Where the documents lie, and how a part of one is found."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def section(path: Path, heading: str) -> str:
    """Return the text under a heading up to the next one of the same or a higher level."""
    text = path.read_text(encoding="utf-8")
    found = re.search(rf"^(#+) {re.escape(heading)}\n", text, re.MULTILINE)
    assert found, f"{path.name} has no heading {heading!r}"
    rest = text[found.end() :]
    following = re.search(rf"^#{{1,{len(found[1])}}} ", rest, re.MULTILINE)
    return rest[: following.start()] if following else rest


def described(heading: str) -> list[str]:
    """Return what the first table under a heading of the data dictionary describes."""
    text = section(ROOT / "docs/datenwoerterbuch.md", heading)
    return re.findall(r"^\| `([\w.]+)` \|", text, re.MULTILINE)
