"""New snapshots appear, broken ones never do, and no answer mixes two."""

from __future__ import annotations

import gc
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from starlette.testclient import TestClient

from api.service import release_copy
from api.service import store as store_module
from api.service.app import create_app
from api.service.release_copy import private_folder, sweep
from api.service.settings import ServiceSettings
from api.service.store import SnapshotStore
from api.staging import LAST
from geo.errors import ServiceError, SozialraumError
from layers.layer_frames import INTERNAL
from layers.store import SNAPSHOT_FILE, read_exported, write_exported
from tests.api.service.releases import put

SWAPS = 200 if os.environ.get("TEST_ALL") else 8
ITEMS = "/collections/services/items"


def shown(store: SnapshotStore) -> str:
    return store.current().id


def come_to_rest(store: SnapshotStore) -> bool:
    """Look twice: a folder counts when nothing has changed between two looks."""
    return store.look() or store.look()


def test_new_results_appear_when_they_have_come_to_rest(
    store: SnapshotStore, folder: Path, release_b: Path
) -> None:
    assert not store.look()
    put(release_b, folder)
    assert not store.look()  # changed since the last look: may still change
    assert shown(store) == "AAAA"
    assert store.look()
    assert shown(store) == "BBBB"
    assert store.fault is None
    assert not store.look()


def test_the_watching_thread_takes_them(
    store: SnapshotStore, folder: Path, release_b: Path
) -> None:
    taken = threading.Event()
    look = store.look

    def told() -> bool:
        if look():
            taken.set()
            return True
        return False

    store.look = told  # type: ignore[method-assign]
    store.watch(interval=0.01)
    put(release_b, folder)
    assert taken.wait(60)
    store.close()
    assert shown(store) == "BBBB"


def test_the_same_files_written_again_are_the_same_snapshot(
    store: SnapshotStore, folder: Path, release_a: Path
) -> None:
    before = store.current()
    put(release_a, folder)
    assert not come_to_rest(store)
    assert store.current() is before


def cut(path: Path, share: float) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])


def break_id(folder: Path) -> None:
    exported = read_exported(folder / SNAPSHOT_FILE)
    exported.layers["services"]["id"] = "immer dieselbe"
    write_exported(exported, folder / SNAPSHOT_FILE)


def break_facts(folder: Path) -> None:
    exported = read_exported(folder / SNAPSHOT_FILE)
    facts = {key: value for key, value in exported.facts.items() if key != "attribution"}
    write_exported(replace(exported, facts=facts), folder / SNAPSHOT_FILE)


def make_internal(folder: Path) -> None:
    exported = read_exported(folder / SNAPSHOT_FILE)
    facts = {**exported.facts, "release": INTERNAL}
    write_exported(replace(exported, facts=facts), folder / SNAPSHOT_FILE)


def other_map(folder: Path) -> None:
    path = folder / "karte/teile.json"
    table = json.loads(path.read_text())
    path.write_text(json.dumps({**table, "snapshot": "CCCC"}))


BROKEN: dict[str, Callable[[Path], object]] = {
    "gpkg of no bytes": lambda folder: cut(folder / SNAPSHOT_FILE, 0),
    "half a gpkg": lambda folder: cut(folder / SNAPSHOT_FILE, 0.5),
    "nearly a gpkg": lambda folder: cut(folder / SNAPSHOT_FILE, 0.97),
    "text instead of gpkg": lambda folder: (folder / SNAPSHOT_FILE).write_text("no database"),
    "no gpkg": lambda folder: (folder / SNAPSHOT_FILE).unlink(),
    "no report": lambda folder: (folder / LAST).unlink(),
    "half a report": lambda folder: cut(folder / LAST, 0.5),
    "report of another build": lambda folder: (folder / LAST).write_text('{"snapshot": "CCCC"}'),
    "report is a list": lambda folder: (folder / LAST).write_text("[]"),
    "no map": lambda folder: (folder / "karte.html").unlink(),
    "no served map": lambda folder: shutil.rmtree(folder / "karte"),
    "map of another build": other_map,
    "part of the map missing": lambda folder: (folder / "karte/places.json").unlink(),
    "part of the map cut": lambda folder: cut(folder / "karte/places.json", 0.5),
    "an id twice": break_id,
    "facts missing": break_facts,
    "nothing at all": shutil.rmtree,
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_never_replaces_what_is_good(
    store: SnapshotStore, folder: Path, release_b: Path, name: str
) -> None:
    client = TestClient(create_app(ServiceSettings(), store))
    before = client.get(ITEMS).text
    put(release_b, folder)
    BROKEN[name](folder)
    assert not come_to_rest(store)
    assert shown(store) == "AAAA"
    assert client.get(ITEMS).text == before
    health = client.get("/health").json()
    assert health["status"] == "veraltet"
    assert health["snapshot"] == "AAAA"
    assert health["fault"]["text"].endswith(".")
    assert "/" not in health["fault"]["text"]
    assert str(folder) not in client.get("/health").text
    # Once the results are whole again, they are shown.
    folder.mkdir(exist_ok=True)
    put(release_b, folder)
    assert come_to_rest(store)
    assert client.get("/health").json()["status"] == "ok"
    assert shown(store) == "BBBB"


@pytest.mark.parametrize("name", BROKEN)
def test_a_service_does_not_start_with_what_is_broken(
    folder: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "_PAUSE_S", 0.0)
    BROKEN[name](folder)
    with pytest.raises(SozialraumError) as caught:
        SnapshotStore(folder)
    assert caught.value.what.endswith(".")
    assert "sozialraum-dienst" not in str(caught.value)


def test_the_internal_release_never_takes_the_place_of_the_public_one(
    store: SnapshotStore, folder: Path, release_b: Path
) -> None:
    put(release_b, folder)
    make_internal(folder)
    table = folder / "karte/teile.json"
    table.write_text(table.read_text().replace("public", INTERNAL))
    assert not come_to_rest(store)
    assert shown(store) == "AAAA"
    assert store.fault is not None
    assert "Fassung" in store.fault.text


def test_the_internal_release_is_not_shown_as_the_public_one(folder: Path) -> None:
    make_internal(folder)
    table = folder / "karte/teile.json"
    table.write_text(table.read_text().replace("public", INTERNAL))
    store = SnapshotStore(folder)
    with pytest.raises(ServiceError, match="interne Fassung"):
        create_app(ServiceSettings(), store)
    create_app(ServiceSettings(internal=True), store)


def test_a_build_that_is_killed_in_the_middle_changes_nothing(
    store: SnapshotStore, folder: Path, release_b: Path
) -> None:
    class KilledError(Exception):
        pass

    files = len([path for path in release_b.rglob("*") if path.is_file()])
    for after in range(1, files):
        steps = iter(range(files))

        def stop(after: int = after, steps: object = steps) -> None:
            if next(steps) == after:  # type: ignore[call-overload]
                raise KilledError

        with pytest.raises(KilledError):
            put(release_b, folder, np.random.default_rng(after), stop)
        come_to_rest(store)
        assert shown(store) == "AAAA"


def test_a_swap_while_the_files_are_read_is_noticed(
    folder: Path, release_b: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SnapshotStore(folder)
    copy = release_copy._copy
    swapped: list[int] = []

    def copied(source: Path, target: Path) -> bytes:
        if not swapped and source.name == SNAPSHOT_FILE:
            swapped.append(1)
            put(release_b, folder)
        return copy(source, target)

    (folder / "LIESMICH.txt").write_text("neu")
    monkeypatch.setattr(release_copy, "_copy", copied)
    assert not store.reload()
    assert shown(store) == "AAAA"
    assert store.fault is not None
    assert store.fault.text == "Die Ergebnisse werden gerade ersetzt."
    assert store.reload()
    assert shown(store) == "BBBB"


def test_no_answer_mixes_two_snapshots(folder: Path, release_a: Path, release_b: Path) -> None:
    store = SnapshotStore(folder)
    app = create_app(ServiceSettings(), store)
    done = threading.Event()
    wrong: list[str] = []
    seen: dict[str, set[str]] = {}

    def ask(path: str) -> None:
        client = TestClient(app)
        while not done.is_set():
            answer = client.get(path)
            marks = {mark for mark in ("AAAA", "BBBB") if mark in answer.text}
            if answer.status_code != 200 or len(marks) != 1:
                wrong.append(f"{path}: {answer.status_code} {marks}")
            seen.setdefault(answer.headers.get("etag", path), set()).update(marks)

    paths = [ITEMS, ITEMS + "?limit=7&offset=3", "/karte", "/karte/daten/places.json"]
    threads = [threading.Thread(target=ask, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    shuffle = np.random.default_rng(5)
    swaps = 0
    try:
        for number in range(SWAPS):
            release = release_b if number % 2 == 0 else release_a
            # Half-way too: what lies there then is of two builds and is not taken.
            half_way = [store.reload] if shuffle.random() < 0.3 else []
            put(release, folder, shuffle, lambda h=half_way: h and h.pop()())  # type: ignore[misc]
            swaps += store.reload()
            assert shown(store) == ("BBBB" if number % 2 == 0 else "AAAA")
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert swaps == SWAPS
    assert wrong == []
    assert all(len(marks) == 1 for marks in seen.values()), "one ETag, two contents"
    assert {mark for marks in seen.values() for mark in marks} == {"AAAA", "BBBB"}


def test_a_request_keeps_its_snapshot(store: SnapshotStore, folder: Path, release_b: Path) -> None:
    with store.pinned() as catalogue:
        put(release_b, folder)
        assert come_to_rest(store)
        assert store.current() is catalogue
        assert (catalogue.folder / SNAPSHOT_FILE).is_file()
    assert store.current() is not catalogue
    assert shown(store) == "BBBB"


def test_old_snapshots_are_freed(store: SnapshotStore, folder: Path, release_b: Path) -> None:
    client = TestClient(create_app(ServiceSettings(), store))
    paths = ["/", "/collections", ITEMS, ITEMS + "?f=html", "/karte", "/collections/services",
             ITEMS + "?bbox=6,50,9,54", ITEMS + "?filter=name='AAAA'"]  # fmt: skip
    for path in paths:
        client.get(path)
    old = weakref.ref(store.current())
    copy = store.current().folder
    put(release_b, folder)
    assert come_to_rest(store)
    client.get(ITEMS)
    gc.collect()
    assert old() is None
    assert not copy.exists()
    assert store.current().folder.exists()


def test_the_digest_tells_files_apart_and_nothing_else(
    folder: Path, release_a: Path, release_b: Path, tmp_path: Path
) -> None:
    other = Path(shutil.copytree(release_a, tmp_path / "woanders"))
    same = SnapshotStore(other).current().etag_base
    assert SnapshotStore(folder).current().etag_base == same
    assert len(same) == 64
    assert SnapshotStore(release_b).current().etag_base != same
    (other / "LIESMICH.txt").write_text("ein Satz mehr")
    assert SnapshotStore(other).current().etag_base != same


def test_other_peoples_files_are_left_alone(folder: Path) -> None:
    (folder / "Notizen.docx").write_text("eigene")
    (folder / ".versteckt.csv").write_text("x")
    (folder / "public").mkdir()
    (folder / "public/places.csv").write_text("x")
    (folder / "link.csv").symlink_to("/etc/hostname")
    store = SnapshotStore(folder)
    copied = store.current().folder
    assert sorted(path.name for path in copied.iterdir()) == [
        "karte", "karte.html", LAST, SNAPSHOT_FILE,
    ]  # fmt: skip
    assert copied.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(os.name != "posix", reason="processes cannot be asked for there")
def test_copies_of_a_killed_service_are_removed(folder: Path) -> None:
    code = (
        "import sys, time, pathlib; from api.service.store import SnapshotStore\n"
        "store = SnapshotStore(pathlib.Path(sys.argv[1]))\n"
        "print(store.current().folder, flush=True); time.sleep(600)"
    )
    started = subprocess.Popen(
        [sys.executable, "-c", code, folder], stdout=subprocess.PIPE, text=True
    )
    assert started.stdout is not None
    copy = Path(started.stdout.readline().strip())
    assert copy.is_dir()
    mine = private_folder()
    sweep()
    assert copy.is_dir(), "its service still runs"
    started.send_signal(signal.SIGKILL)
    started.communicate()
    sweep()
    assert not copy.exists()
    assert mine.is_dir()
    mine.rmdir()
