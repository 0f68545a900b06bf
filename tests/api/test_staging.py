"""Results appear whole, or the earlier ones stay."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from api.staging import LAST, staged
from geo.errors import OutputError


def test_files_replace_those_of_before_and_others_stay(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "geojson").mkdir(parents=True)
    (out / "karte.html").write_text("alt")
    (out / "geojson" / "mein.geojson").write_text("von Hand")
    with staged(out) as folder:
        (folder / "geojson").mkdir()
        (folder / "geojson" / "sites.geojson").write_text("neu")
        (folder / "karte.html").write_text("neu")
        assert (out / "karte.html").read_text() == "alt"
    assert (out / "karte.html").read_text() == "neu"
    assert (out / "geojson" / "sites.geojson").read_text() == "neu"
    assert (out / "geojson" / "mein.geojson").read_text() == "von Hand"
    assert sorted(path.name for path in out.iterdir()) == ["geojson", "karte.html"]


@pytest.mark.parametrize("fault", [ValueError("kaputt"), KeyboardInterrupt()])
def test_a_fault_leaves_the_last_good_results(tmp_path: Path, fault: BaseException) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "karte.html").write_text("gut")
    with pytest.raises(type(fault)), staged(out) as folder:
        (folder / "karte.html").write_text("halb")
        raise fault
    assert [path.name for path in out.iterdir()] == ["karte.html"]
    assert (out / "karte.html").read_text() == "gut"


def test_a_fault_in_a_new_folder_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="kaputt"), staged(tmp_path / "out"):
        raise ValueError("kaputt")
    assert not (tmp_path / "out").exists()


def test_a_full_disk_is_said_in_german(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(OutputError, match=r"kein Platz mehr.*unverändert") as caught, staged(out):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert caught.value.where == str(out)
    assert caught.value.remedy


def test_a_file_where_the_folder_should_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("eine Datei")
    with pytest.raises(OutputError) as caught, staged(tmp_path / "out"):
        pass
    assert caught.value.remedy
    assert (tmp_path / "out").read_text() == "eine Datei"


def test_what_a_killed_build_left_is_swept(tmp_path: Path) -> None:
    stale = tmp_path / ".neu-abc"
    stale.mkdir()
    (stale / "halb.gpkg").write_text("x")
    with staged(tmp_path) as folder:
        (folder / "a.csv").write_text("a")
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_the_report_is_moved_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moved: list[str] = []
    real = os.replace

    def note(source: Path, target: Path) -> None:
        moved.append(Path(target).name)
        real(source, target)

    monkeypatch.setattr("api.staging.os.replace", note)
    with staged(tmp_path / "out") as folder:
        for name in (LAST, "zuletzt.csv", "a.csv"):
            (folder / name).write_text(name)
    assert moved == ["a.csv", "zuletzt.csv", LAST]


def test_killed_at_any_moment_readers_see_whole_files(tmp_path: Path) -> None:
    """Kill -9 a writer again and again: every file that is there is complete."""
    out = tmp_path / "out"
    program = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from api.staging import staged
        print("los", flush=True)
        for turn in range(10_000):
            with staged(Path(sys.argv[1])) as folder:
                for name in ("a", "b", "c"):
                    (folder / name).write_text(f"{turn:06d}" * 20_000)
        """
    )
    for delay_ms in range(0, 60, 6 if "TEST_ALL" not in os.environ else 1):
        with subprocess.Popen(
            [sys.executable, "-c", program, str(out)], stdout=subprocess.PIPE
        ) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(delay_ms / 1000)
            writer.send_signal(signal.SIGKILL)
        for path in out.glob("?"):
            text = path.read_text()
            assert len(text) == 120_000
            assert text == text[:6] * 20_000


def test_a_folder_that_is_to_be_exact_loses_what_was_not_made(tmp_path: Path) -> None:
    for name in ("public/alt.csv", "public/karte/alt.json", "eigenes.txt", "anderswo/alt.csv"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("alt", encoding="utf-8")
    with staged(tmp_path, exact=("public",)) as folder:
        (folder / "public").mkdir()
        (folder / "public/neu.csv").write_text("neu", encoding="utf-8")
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")}
    assert left == {"public", "public/neu.csv", "eigenes.txt", "anderswo", "anderswo/alt.csv"}
