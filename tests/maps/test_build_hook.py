"""The build hook: glyphs, licences, and when there is nothing to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import hatch_build

ROOT = Path(hatch_build.__file__).parent


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def glyph(folder: Path, body: str) -> dict[str, object]:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 15 15">{body}</svg>'
    write(folder / "@mapbox/maki/icons/x.svg", svg)
    return hatch_build.outline(folder, "maki-x")


def test_an_outline_is_read_with_its_entities(tmp_path: Path) -> None:
    drawn = glyph(tmp_path, '<path id="a" d="M1,2&#xA;&#x9;L3,4z"/>')
    assert drawn == {"size": 15.0, "path": "M1,2 L3,4z"}


def test_paths_are_joined_without_moving_a_relative_start(tmp_path: Path) -> None:
    drawn = glyph(tmp_path, '<path d="M1 2h3"/><path d="m4 5h6"/>')
    assert drawn["path"] == "M1 2h3 M0 0m4 5h6"


@pytest.mark.parametrize("body", ["", '<circle cx="1" cy="1" r="1"/>', '<path d="M0 0"/><rect/>'])
def test_a_glyph_that_is_not_understood_is_an_error(tmp_path: Path, body: str) -> None:
    with pytest.raises(ValueError, match="maki-x"):
        glyph(tmp_path, body)


def test_licences_are_those_of_what_is_carried_along(tmp_path: Path) -> None:
    lock = {"packages": {"": {}, "node_modules/a": {}, "node_modules/b": {"dev": True}}}
    write(tmp_path / "package-lock.json", json.dumps(lock))
    package = {"name": "a", "version": "1.2.3", "license": "MIT"}
    write(tmp_path / "node_modules/a/package.json", json.dumps(package))
    with pytest.raises(FileNotFoundError):
        hatch_build.notices(tmp_path)
    write(tmp_path / "node_modules/a/LICENSE.md", "Do as you like.\n")
    notices = hatch_build.notices(tmp_path)
    assert "a 1.2.3 – MIT" in notices
    assert "Do as you like." in notices
    assert "node_modules/b" not in notices


def test_nothing_is_done_where_all_is_made_from_the_same_sources(tmp_path: Path) -> None:
    write(tmp_path / "hatch_build.py", "")
    write(tmp_path / "maps/data/symbols.toml", "")
    write(tmp_path / "maps/frontend/package.json", "{}")
    write(tmp_path / "maps/frontend/src/main.ts", "let a = 1;\n")
    wanted = hatch_build.digest_of_sources(tmp_path)
    assert not hatch_build.is_fresh(tmp_path, wanted)
    write(tmp_path / "maps/static" / hatch_build.STAMP, wanted)
    for name in hatch_build.SCHEMA_FILES:
        write(tmp_path / "layers/static" / Path(name).name, "{}")
    assert hatch_build.is_fresh(tmp_path, wanted)
    # The ends of lines depend on the machine, not on the sources.
    (tmp_path / "maps/frontend/src/main.ts").write_bytes(b"let a = 1;\r\n")
    assert hatch_build.digest_of_sources(tmp_path) == wanted
    write(tmp_path / "maps/frontend/src/main.ts", "let a = 2;\n")
    assert hatch_build.digest_of_sources(tmp_path) != wanted


def test_the_lock_file_names_no_place_to_download_from() -> None:
    lock = json.loads((ROOT / "maps/frontend/package-lock.json").read_text(encoding="utf-8"))
    entries = [entry for path, entry in lock["packages"].items() if path]
    assert entries
    assert not any("resolved" in entry for entry in entries)
    assert all("integrity" in entry for entry in entries)
